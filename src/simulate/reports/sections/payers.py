"""What the municipality has of it, and what the state."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.report import Report
from simulate.content import BREAK, Part, Table
from simulate.locale import text
from simulate.reports import details, paper
from simulate.reports.report import heading
from simulate.scenario import Scenario


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    yield heading(text("Municipality and state apart"))
    case = report.case
    if not paper.has_state(case.budget):
        return
    yield text("The state pays back a part of the benefits (refusion). The provenu is the municipality's alone.")
    yield from details.state(case, scenario)
    yield BREAK
    rows = list(paper.payers(case.budget))
    yield Table(
        ["", *case.scenario.periods, text("Total")],
        rows,
        paper.scale_of(rows),
        scenario.money.currency,
        text("Expected"),
    )
