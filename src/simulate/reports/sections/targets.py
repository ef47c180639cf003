"""The file's targets, and how likely they are met."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.report import Report
from simulate.content import Part, Table, row
from simulate.locale import text
from simulate.reports.report import heading
from simulate.reports.words import figure
from simulate.scenario import Scenario


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    yield heading(text("Targets"))
    found = report.case.targets
    if not found:
        return
    if any(one.probability is None for one in found):
        yield text("By the assumptions alone, without luck:")
    rows = [row(one.label, figure(one.chance, "share")) for one in found]
    yield Table([text("Target"), text("Reached in so many of the courses")], rows)
