"""Result, minimum and maximum as papers print them: one assumption at a time, in a table of numbers and one of what is expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simulate.answers.base import Estimate
from simulate.answers.ranges import Range, RangeEnd, Ranges
from simulate.content import Cell, Figure, Part, Row, Sentence, Table, joined, row
from simulate.locale import text
from simulate.reports.quantities import around, exact, typed
from simulate.reports.sensitivity import Names
from simulate.reports.words import ALMOST, figure
from simulate.scenario import Scenario


def lines(found: Ranges, scenario: Scenario) -> Iterator[Part]:
    """Nothing where no assumption has two ends."""
    if not found.rows:
        return
    called, moving = Names(scenario), [one for one in found.rows if _moves(one, found)]
    yield joined(_how(found))
    heads = [text("Assumption"), text("Low"), text("Value"), text("High")]
    heads += [text("At low"), text("Result"), text("At high")]
    rows = [
        _row(one, called, _at_values(found.result, found.lived), lambda end: _at_values(end.provenu, end.lived))
        for one in moving
    ]
    if found.lived is None:
        title = text("Result, minimum and maximum: the provenu with all others at their values, without luck")
    else:
        title = text("Result, minimum and maximum: the provenu with all others at their values, on average over lives")
    yield Table(heads, rows, currency=scenario.money.currency, title=title)
    heads = [text("Assumption"), text("At low"), text("Expected"), text("At high")]
    rows = [_expected(one, called, found) for one in moving]
    title = text("The same, expected: with all others as uncertain as they are")
    yield Table(heads, rows, currency=scenario.money.currency, title=title)
    if len(moving) < len(found.rows):
        yield text("Assumptions that move nothing by themselves are left out.")
    yield text("Several assumptions that are off at once are in none of these rows.")


def _at_values(provenu: float, lived: Estimate | None) -> Figure:
    return Figure(provenu) if lived is None else figure(lived)


def _how(found: Ranges) -> Iterator[Sentence]:
    limits = {one.limits for one in found.rows}
    if "percentiles" in limits:
        yield text("One assumption at a time is at its P5 and at its P95 (in 5 and in 95 of 100 courses it is lower).")
    if limits == {"file"}:
        yield text("One assumption at a time is at the minimum and at the maximum that the file names for it.")
    elif "file" in limits:
        yield text("At limits of the file, it is at the minimum and at the maximum that the file names for it.")


def _moves(one: Range, found: Ranges) -> bool:
    ends = (one.low, one.high)
    by_value = any(abs(end.provenu - found.result) >= ALMOST for end in ends)
    return by_value or any(abs(end.expected.value - found.expected.value) >= ALMOST for end in ends)


def _called(one: Range, called: Names) -> str:
    name = called.with_unit(one.assumption)
    return text("{name}, limits of the file", name=name) if one.limits == "file" else name


def _row(one: Range, called: Names, result: Cell, provenu: Callable[[RangeEnd], Cell]) -> Row:
    usage, unit, currency = called.usages[one.assumption], called.unit(one.assumption), called.scenario.money.currency
    values = low, value, high = one.low.value, one.value, one.high.value
    words = (
        around(low, value, high, usage, currency)
        if one.limits == "percentiles"
        else [exact(each, usage, currency) for each in values]
    )
    said = zip(words, values, (text("Low"), text("Value"), text("High")), strict=True)
    cells = (typed(words, value, usage, title, unit) for words, value, title in said)
    return row(_called(one, called), *cells, provenu(one.low), result, provenu(one.high))


def _expected(one: Range, called: Names, found: Ranges) -> Row:
    ends = figure(one.low.expected), figure(found.expected), figure(one.high.expected)
    return row(_called(one, called), *ends)
