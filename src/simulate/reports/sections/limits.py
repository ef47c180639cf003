"""What the figures do not say."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.report import Report
from simulate.content import BREAK, Part, Sentence
from simulate.locale import text
from simulate.reports.report import heading
from simulate.scenario import Scenario


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    yield heading(text("What these figures do not say"))
    for said in _said(report, scenario):
        yield said
        yield BREAK


def _said(report: Report, scenario: Scenario) -> Iterator[Sentence]:
    last = scenario.time.first_year + scenario.time.years - 1
    yield text(
        "Whether the programme works. Its effect is an assumption like the others; the simulation shows what follows from them, and tests none of them."
    )
    if report.uncertain:
        yield text(
            "Whether the distributions are right. They are somebody's judgement, and where nobody has data they can be too narrow."
        )
    yield text("What comes after {last}: savings and costs beyond that are not counted.", last=last)
    yield text("What is not in the case: how families fare, and what the money would have done elsewhere.")
    yield text(
        "How it will go. The chance is how many of the simulated courses end so, not a promise that this one does."
    )
    if any(one.cashable is False for one in report.case.lines.values()):
        yield text("Whether savings are taken out of the budget. That takes a decision.")
