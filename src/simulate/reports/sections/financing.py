"""What others pay, and how the case stands without it and with it."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.report import Report
from simulate.content import BREAK, Part
from simulate.locale import text
from simulate.reports import financing, paper
from simulate.reports.report import heading
from simulate.scenario import Scenario


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    yield heading(text("External financing"))
    case, found = report.case, report.case.budget.financing
    if found is None or case.with_financing is None:
        return
    yield text(
        "What others pay is no saving: no figure outside this section has it. A grant ends, and what it pays for may go on."
    )
    provenu = paper.amounts("", case.budget.provenu)
    scale = paper.scale_of([*financing.rows(found, provenu)])
    yield from financing.lines(case, provenu, scale, scenario.money.currency)
    yield BREAK
    yield from financing.by_year(case, case.with_financing)
