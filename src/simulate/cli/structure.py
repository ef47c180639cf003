"""`simulate structure`, as a plain function."""

from __future__ import annotations

from simulate.cli.common import CommonOptions, aside, working


def structure(scenario: str, common: CommonOptions) -> None:
    """The same case counted in other ways, and what luck alone would leave."""
    common.check()
    loaded = common.load(scenario)
    options = common.options(loaded)
    with working(options.engine) as shown:
        from simulate.engine import Case
        from simulate.studies import structure as study

        found = study.structure(Case.of(loaded.scenario), options, shown, aside)
    from simulate.reports import structure as report

    document = report.document(found, loaded)
    common.answer(document, report.lines(document, loaded.scenario), document["warnings"], [loaded.scenario])
