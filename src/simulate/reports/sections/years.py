"""Year by year, in the form that papers have; and the accumulated provenu as a fan."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.report import Report
from simulate.content import BREAK, Part
from simulate.locale import text
from simulate.reports import paper, pictures
from simulate.reports.report import heading
from simulate.scenario import Scenario


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    yield heading(text("Year by year"))
    yield from paper.lines(report.case, scenario.money.currency)
    yield BREAK
    yield pictures.fan(report.case, scenario)
