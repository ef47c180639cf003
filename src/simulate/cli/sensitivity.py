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
        from simulate.engine import Case
        from simulate.studies.sensitivity import study

        found = study(Case.of(loaded.scenario), options, method, shown, aside)
    from simulate.reports import sensitivity as report

    document = report.document(found, loaded)
    common.answer(document, report.lines(document, loaded.scenario), document["warnings"], [loaded.scenario])
