"""What can go wrong: the worst courses, how deep it goes and when, and what must be financed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from simulate.answers.report import Report
from simulate.answers.risk import LowestPoint
from simulate.content import BREAK, Figure, Part, Row, Sentence, Table, row
from simulate.locale import text
from simulate.reports import risk
from simulate.reports.report import heading
from simulate.reports.words import figure
from simulate.scenario import Scenario

FINANCED = (50, 15, 5)  # percentiles of the lowest point: enough in 50, 85, 95 of 100 courses


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    yield heading(text("What can go wrong"))
    case, currency = report.case, scenario.money.currency
    if case.provenu.deviation.value > 0 and case.risk.worst.mean.error is not None:
        if case.risk.expected_shortfall is None:
            yield text("By the assumptions alone, without luck:")
        yield risk.worst(case.risk.worst, currency)
    if case.risk.expected_shortfall is not None and case.risk.lowest_point is None:
        yield text("By the assumptions alone, without luck:")
    yield from risk.over_time(case, scenario)
    lowest = case.risk.lowest
    if not risk.varies(case) or lowest.never.value == 1:
        return
    yield BREAK
    luckless = case.risk.lowest_point is None
    title = (
        text("What must be financed until the accumulated provenu turns, without luck")
        if luckless
        else text("What must be financed until the accumulated provenu turns")
    )
    yield Table(["", text("Amount")], list(_financing(lowest)), currency=currency, title=title)
    if case.run.period == "year":
        yield text("Counted at the end of each year; within a year it can go deeper.")
    yield BREAK
    heads = [text("At its lowest after"), *case.scenario.periods, text("Never below 0")]
    yield Table(heads, [_when(lowest)], title=_lowest_title(luckless))


def _lowest_title(luckless: bool) -> Sentence:
    if luckless:
        return text("When the accumulated provenu is at its lowest, without luck")
    return text("When the accumulated provenu is at its lowest")


def _financing(lowest: LowestPoint) -> Iterator[Row]:
    names = {
        50: text("Enough in 50 of 100 courses"),
        15: text("Enough in 85 of 100 courses"),
        5: text("Enough in 95 of 100 courses"),
    }
    for p in FINANCED:
        yield row(names[p], _positive(figure(lowest.percentiles[p])))


def _when(lowest: LowestPoint) -> Row:
    return row(text("Courses"), *(figure(one, "share") for one in (*lowest.by_year, lowest.never)))


def _positive(one: Figure) -> Figure:
    return replace(one, value=abs(one.value))
