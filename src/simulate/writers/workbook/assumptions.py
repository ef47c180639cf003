"""Every assumption with value, distribution, source and note; below them what decides the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulate.answers.arithmetic import Arithmetic, Given
from simulate.answers.check import Assumption, Distribution
from simulate.answers.report import Report
from simulate.figures import sparkline
from simulate.locale import text
from simulate.places import label_of
from simulate.reports.assumptions import kind_of
from simulate.scenario import Scenario, expressions, queries
from simulate.scenario.expressions import OF_NUMBERS, Constant, Expression, Known, Name
from simulate.scenario.values import Value
from simulate.writers.workbook import charts
from simulate.writers.workbook.book import Content, Formula, Sheet
from simulate.writers.workbook.numbers import of_usage

NUMBERS = 2  # columns before the values
AFTER = 8  # columns after them
HEADER = 3


@dataclass(frozen=True)
class Inputs:
    """Where the values of assumptions stand: (name, calendar year from 0) → the cell, and what is in it. live: those that money alone hangs on."""

    cells: Mapping[tuple[str, int], tuple[str, float]]
    live: frozenset[str]

    def of(self, given: Given, year: int) -> str | None:
        """What gives this number of a year: the cell that has it, or what is reckoned from such cells; None where it follows from none."""
        name, formula = given.assumptions[year], given.formulas[year]
        if formula is not None:
            return self.reckoned(formula, year, given.values[year])
        if name is None or name not in self.live:
            return None
        place, value = self.cells[name, year]
        return place if value == given.values[year] else None

    def reckoned(self, formula: str, year: int, value: float) -> str | None:
        """A calculation with the cells of what money alone hangs on, and with the numbers of what lives hang on, too."""
        read = expressions.parse(formula, Known({name for name, _ in self.cells}))
        there = [self.cells[name, year] for name in read.names]
        values = {str(name): number for name, (_, number) in zip(read.names, there, strict=True)}

        def number(step: Name | Constant) -> float:
            return values[step] if isinstance(step, Name) else step

        if self.live.isdisjoint(read.names) or value != read.reckoned(number, OF_NUMBERS):
            return None
        return expressions.formula(read, lambda name: self._cell(name, year))

    def _cell(self, name: str, year: int) -> str:
        place, value = self.cells[name, year]
        return place if name in self.live else expressions.digits(value)


def fill(sheet: Sheet, report: Report, scenario: Scenario) -> Inputs:
    known = report.assumptions
    wide = max((len(_years(one, scenario)) for one in known), default=1)
    live = _live(report.arithmetic, scenario) - queries.driving_lives(scenario)
    sheet.said(0, text("Assumptions"), "title")
    sheet.said(1, text(
        "Yellow values are prices, numbers and shares that kroner are worked out of: change them here. Chances, durations and families change"
        " how people live, and take a new run of the program."
    ))  # fmt: skip
    _heads(sheet, wide, scenario)
    cells: dict[tuple[str, int], tuple[str, float]] = {}
    for row, one in enumerate(known, HEADER + 1):
        cells |= _cells(sheet, row, one, scenario)
    inputs = Inputs(cells, frozenset(live))
    for row, one in enumerate(known, HEADER + 1):
        _row(sheet, row, one, scenario, wide, inputs)
    _tornado(sheet, HEADER + 3 + len(known), report, scenario, wide)
    source = NUMBERS + wide + 5
    sheet.most |= {0: 34, 1: 16, NUMBERS + wide: 16, source: 34, source + 1: 40, source + 2: 18}
    sheet.finish(NUMBERS + wide + AFTER, HEADER)
    return inputs


def _live(arithmetic: Arithmetic, scenario: Scenario) -> set[str]:
    """The assumptions that kroner are worked out of in this workbook, and those that they are made of."""
    given = [arithmetic.indexation]
    for term in arithmetic.terms:
        given += [one for one in (term.monthly, term.yearly, term.refusion, *term.shares.values()) if one is not None]
    for line in arithmetic.outright:
        given += [line.number, line.yearly]
    known = Known(scenario.assumptions)
    formulas = {formula for one in given for formula in one.formulas if formula is not None}
    named = {Name(name) for one in given for name in one.assumptions if name is not None}
    named |= {name for formula in formulas for name in expressions.parse(formula, known).names}
    return {name for one in named for name in queries.roots(one, scenario)}


def _heads(sheet: Sheet, wide: int, scenario: Scenario) -> None:
    first = scenario.time.first_year
    values = [text("Value"), *(text("from {year}", year=first + year) for year in range(1, wide))]
    rest = [
        text("Distribution"),
        text("Shape"),
        "P5",
        "P50",
        "P95",
        text("Source"),
        text("Note"),
        text("Name in the file"),
    ]
    heads = [text("Unit"), *values, *rest]
    sheet.put(HEADER, 0, text("Assumption"), "head")
    figures = {*range(NUMBERS, NUMBERS + wide), *range(NUMBERS + wide + 2, NUMBERS + wide + 5)}
    for column, head in enumerate(heads, 1):
        sheet.put(HEADER, column, head, "head", "right" if column in figures else "indent")


def _years(one: Assumption, scenario: Scenario) -> list[float]:
    """What is counted with, through the horizon."""
    value = one.value if one.held is None else one.held
    return value[: scenario.time.years] if isinstance(value, list) else [value]


def _cells(sheet: Sheet, row: int, one: Assumption, scenario: Scenario) -> dict[tuple[str, int], tuple[str, float]]:
    values = _years(one, scenario)
    places = [min(year, len(values) - 1) for year in queries.years(scenario)]
    return {(one.name, year): (sheet.far(row, NUMBERS + place), values[place]) for year, place in enumerate(places)}


def _row(sheet: Sheet, row: int, one: Assumption, scenario: Scenario, wide: int, inputs: Inputs) -> None:
    values, given = _years(one, scenario), scenario.assumptions[one.name]
    sheet.put(row, 0, one.label or one.name, "wrap")
    sheet.put(row, 1, one.unit, "unit", "wrap")
    is_input = one.name in inputs.live and given.formula is None
    style = (of_usage(one.usage, *values), "top", *(("input",) if is_input else ()))
    sheet.row(row, NUMBERS, _contents(values, given.formula, inputs), *style)
    column = NUMBERS + wide
    _distribution(sheet, row, column, one)
    sheet.put(row, column + 5, given.source or "", "wrap", "indent")
    sheet.put(row, column + 6, given.note or "", "wrap", "indent")
    sheet.put(row, column + 7, one.name, "unit", "wrap")


def _contents(values: list[float], formula: Value | None, inputs: Inputs) -> list[Content]:
    """The values; of what is made of others what reckons them."""
    found: list[Content] = []
    for year, value in enumerate(values):
        item = None if formula is None else queries.items(formula)[: year + 1][-1]
        words = inputs.reckoned(item, year, value) if isinstance(item, Expression) else None
        found.append(value if words is None else Formula(f"={words}", value))
    return found


def _distribution(sheet: Sheet, row: int, column: int, one: Assumption) -> None:
    found = one.distribution
    if found is None or one.held is not None:
        known = (
            text("calculated: {formula}", formula=one.formula) if one.formula is not None else text("taken as known")
        )
        sheet.put(row, column, known, "unit", "wrap")
        return
    kind = kind_of(found) if one.formula is None else text("calculated: {formula}", formula=one.formula)
    sheet.put(row, column, kind, "wrap", "indent")
    sheet.put(row, column + 1, _shape(found), "top")
    ends = [found.percentiles[p] for p in (5, 50, 95)]
    sheet.row(row, column + 2, list[Content](ends), '"×"0.00' if found.factor else of_usage(one.usage, *ends), "top")


def _shape(found: Distribution) -> str:
    """In letters, two bins in each."""
    shares = found.histogram.shares
    return sparkline([sum(shares[i : i + 2]) for i in range(0, len(shares), 2)])


def _tornado(sheet: Sheet, row: int, report: Report, scenario: Scenario, wide: int) -> None:
    """Expected provenu with each assumption at P5 and at P95, and what that changes, which the picture shows."""
    decisive = report.sensitivity
    if decisive is None or not decisive.tornado:
        return
    sheet.put(row, 0, text("What decides the result"), "heading")
    base = decisive.provenu.mean.value
    sheet.put(row + 1, 0, text("Expected provenu"), "top")
    sheet.put(row + 1, NUMBERS, base, "kr")
    first, column = row + 3, NUMBERS + wide
    heads = [
        text("Expected provenu at P5"),
        text("Expected provenu at P95"),
        text("Change at P5"),
        text("Change at P95"),
    ]
    sheet.put(row + 2, 0, text("One assumption at a time"), "head")
    places = [NUMBERS, column, column + 2, column + 4]
    for i in range(1, column + 5):
        sheet.put(row + 2, i, heads[places.index(i)] if i in places else "", "head", "right")
    for i, bar in enumerate(decisive.tornado):
        sheet.put(first + i, 0, label_of(bar.assumption, scenario), "wrap")
        ends = (bar.low.provenu.value, bar.high.provenu.value)
        for end, place, change in zip(ends, places[:2], places[2:], strict=True):
            sheet.put(first + i, place, end, "kr", "top")
            less = f"={sheet.at(first + i, place)}-{sheet.far(row + 1, NUMBERS).rpartition('!')[2]}"
            sheet.put(first + i, change, Formula(less, end - base), "kr", "top")
    last = first + len(decisive.tornado) - 1
    charts.tornado(sheet, (row, column + 6), (first, last), places[2:], row + 2)
