"""What the municipality has of it, what the state, and what any other payer."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.report import Report
from simulate.content import BREAK, Part, Table
from simulate.locale import text
from simulate.reports import details, paper
from simulate.reports.report import heading
from simulate.scenario import Scenario


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    case = report.case
    others = case.budget.others
    yield heading(text("Payers apart") if others else text("Municipality and state apart"))
    if not paper.has_others(case.budget):
        return
    yield text("The state pays back a part of the benefits (refusion). The provenu is the municipality's alone.")
    yield from details.state(case, scenario)
    yield from details.others(case, scenario)
    yield BREAK
    rows = list(paper.payers(case.budget))
    yield Table(
        ["", *case.scenario.periods, text("Total")],
        rows,
        paper.scale_of(rows),
        scenario.money.currency,
        text("Expected"),
    )
