"""Result, minimum and maximum as papers print them: one assumption at a time."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.report import Report
from simulate.content import Part
from simulate.locale import text
from simulate.reports import ranges
from simulate.reports.report import heading
from simulate.reports.words import is_of_paper
from simulate.scenario import Scenario


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    yield heading(text("Result, minimum and maximum"))
    found = list(ranges.lines(report.structure.ranges, scenario))
    if found and is_of_paper(report.case):
        yield text("The result is the business case's own number.")
    yield from found
