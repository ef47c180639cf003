"""A portfolio's programmes, each and together."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.report import Report
from simulate.content import Part
from simulate.locale import text
from simulate.reports import programmes
from simulate.reports.report import heading
from simulate.scenario import Scenario


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    yield heading(text("Each programme, and together"))
    yield from programmes.lines(report.case, scenario)
