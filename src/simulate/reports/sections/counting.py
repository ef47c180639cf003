"""The same case counted in other ways."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.report import Report
from simulate.content import BREAK, Part
from simulate.locale import text
from simulate.reports import structure
from simulate.reports.report import by_drawn_lives, heading
from simulate.scenario import Scenario


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    yield heading(text("Other ways of counting"))
    yield from structure.span(report.structure.structure, scenario)
    yield from by_drawn_lives(report)
    yield BREAK
    yield from structure.counted(report.structure, scenario, reasons=False)
