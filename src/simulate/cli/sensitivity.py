"""`simulate sensitivity`, as a plain function."""

from __future__ import annotations

from typing import Any

from simulate.cli.common import CommonOptions, aside, working


def sensitivity(scenario: str, common: CommonOptions, *, method: Any) -> None:
    """`simulate sensitivity`."""
    common.check()
    loaded = common.load(scenario)
    options = common.options(loaded, engine="lives")
    with working(options.engine) as shown:
        from simulate.studies.sensitivity import study

        found = study(loaded.scenario, options, method, shown, aside)
    from simulate.answers import sensitivity as answers
    from simulate.reports import sensitivity as report

    answer = answers.of(found, loaded)
    common.answer(answer, report.lines(answer, loaded.scenario), answer.warnings, [loaded.scenario])
