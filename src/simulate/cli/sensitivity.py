"""`simulate sensitivity`, as a plain function."""

from __future__ import annotations

from typing import Any

from simulate.cli.asked import Asked, aside, working


def sensitivity(scenario: str, asked: Asked, *, method: Any) -> None:
    """`simulate sensitivity`."""
    asked.check()
    loaded = asked.load(scenario)
    options = asked.options(loaded, engine="lives")
    with working(options.engine) as shown:
        from simulate.studies.sensitivity import study

        found = study(loaded.scenario, options, method, shown, aside)
    from simulate.reports import sensitivity as report

    document = report.document(found, loaded)
    asked.answer(document, report.lines(document, loaded.scenario), document["warnings"], [loaded.scenario])
