"""Result, minimum and maximum as papers print them: one assumption at a time, all others at their values."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.report import Report
from simulate.answers.sensitivity import Bar, Outcome
from simulate.content import Cell, Part, Row, Table, joined, row
from simulate.locale import text
from simulate.reports.quantities import typed
from simulate.reports.report import heading
from simulate.reports.sensitivity import Names
from simulate.reports.words import ALMOST, figure, is_of_paper
from simulate.scenario import Scenario


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    yield heading(text("Result, minimum and maximum"))
    found = report.sensitivity
    if found is None or not found.tornado_at_values:
        return
    said = text(
        "One assumption at a time is held at its P5 and at its P95 (in 5 and in 95 of 100 courses it is lower); all others are at their values, without luck."
    )
    yield joined([said, text("Where its own value gives less or more than both, that stands.")])
    yield (
        text(
            "The result is the business case's own number. What it does not show: several assumptions that are off at once."
        )
        if is_of_paper(report.case)
        else text("What it does not show: several assumptions that are off at once.")
    )
    called = Names(scenario)
    heads = [
        text("Assumption"),
        text("Minimum"),
        text("where it is"),
        text("Result"),
        text("Maximum"),
        text("where it is"),
    ]
    moving = [bar for bar in found.tornado_at_values if _moves(bar, found.at_values)]
    yield Table(heads, [_row(bar, found.at_values, called) for bar in moving], currency=scenario.money.currency)
    if len(moving) < len(found.tornado_at_values):
        yield text("Assumptions that move nothing by themselves are left out.")


def _moves(bar: Bar, base: Outcome) -> bool:
    return any(abs(end.provenu.value - base.provenu.value) >= ALMOST for end in (bar.low, bar.high))


def _row(bar: Bar, base: Outcome, called: Names) -> Row:
    """A minimum or maximum between the ends, where the result is beyond both, is at the value itself."""
    low, value, high = called.values(bar)
    unit, usage = called.unit(bar.assumption), called.usages[bar.assumption]
    ends: list[tuple[Outcome, Cell]] = [
        (end, typed(words, end.value, usage, title, unit))
        for end, words, title in ((bar.low, low, "P5"), (bar.high, high, "P95"))
    ]
    ends.append((base, typed(value, bar.value, usage, text("Value"), unit)))
    least, most = (of(ends, key=lambda one: one[0].provenu.value) for of in (min, max))
    return row(
        called.with_unit(bar.assumption),
        figure(least[0].provenu), least[1], figure(base.provenu), figure(most[0].provenu), most[1],
    )  # fmt: skip
