"""`simulate structure`, as a plain function."""

from __future__ import annotations

from simulate.cli.common import CommonOptions, aside, working


def structure(scenario: str, common: CommonOptions) -> None:
    """The same case counted in other ways, and what luck alone would leave."""
    common.check()
    loaded = common.load(scenario)
    options = common.options(loaded)
    with working(options.engine) as shown:
        from simulate.studies import structure as study

        found = study.structure(loaded.scenario, options, shown, aside)
    from simulate.answers import structure as answers
    from simulate.reports import structure as report

    answer = answers.of(found, loaded)
    common.answer(answer, report.lines(answer, loaded.scenario), answer.warnings, [loaded.scenario])
