"""How likely the money has come back by each year, and how long that takes."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.report import Report
from simulate.content import Part, Table, row
from simulate.locale import text
from simulate.reports import paper, risk
from simulate.reports.report import heading
from simulate.scenario import Scenario


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    yield heading(text("When the costs have come back"))
    case = report.case
    said = (
        text("Broken even at the end of the year")
        if case.run.period == "year"
        else text("Broken even at the end of the period")
    )
    yield Table(["", *case.scenario.periods], [row(said, *paper.chances(case))])
    if risk.varies(case):
        if case.run.engine == "expected":
            yield text("By the assumptions alone, without luck:")
        yield from risk.years(case)
