"""`simulate structure`, as a plain function."""

from __future__ import annotations

from simulate.cli.asked import Asked, aside, working


def structure(scenario: str, asked: Asked) -> None:
    """The same case counted in other ways, and what luck alone would leave."""
    asked.check()
    loaded = asked.load(scenario)
    options = asked.options(loaded)
    with working(options.engine) as shown:
        from simulate.studies import structure as study

        found = study.structure(loaded.scenario, options, shown, aside)
    from simulate.reports import structure as report

    document = report.document(found, loaded)
    asked.answer(document, report.lines(document, loaded.scenario), document["warnings"], [loaded.scenario])
