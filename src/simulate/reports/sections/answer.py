"""The answer, in three sentences that can be read aloud."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.report import Report
from simulate.content import Part
from simulate.locale import text
from simulate.reports import run as runs
from simulate.reports.report import heading
from simulate.scenario import Scenario


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    yield heading(text("The answer"))
    yield from runs.answer_of(report.case, scenario)
