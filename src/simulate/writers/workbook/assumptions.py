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
from simulate.scenario import Scenario, queries
from simulate.writers.workbook import charts
from simulate.writers.workbook.book import Content, Formula, Sheet
from simulate.writers.workbook.numbers import of_usage

NUMBERS = 2  # columns before the values
AFTER = 8  # columns after them
HEADER = 3


@dataclass(frozen=True)
class Inputs:
    """Where the values of assumptions stand: (name, calendar year from 0) → the cell, and what is in it. live: those that money alone hangs on."""

    sheet: Sheet
    cells: Mapping[tuple[str, int], tuple[str, float]]
    live: frozenset[str]

    def of(self, given: Given, year: int) -> str | None:
        """The cell that has this number of a year; None where none does."""
        name = given.assumptions[year]
        if name is None or name not in self.live:
            return None
        place, value = self.cells[name, year]
        return place if value == given.values[year] else None


def fill(sheet: Sheet, report: Report, scenario: Scenario) -> Inputs:
    known = report.assumptions
    wide = max((len(_years(one, scenario)) for one in known), default=1)
    live = _live(report.arithmetic) - queries.driving_lives(scenario)
    sheet.said(0, text("Assumptions"), "title")
    sheet.said(1, text(
        "Yellow values are prices, numbers and shares that kroner are worked out of: change them here. Chances, durations and families change"
        " how people live, and take a new run of the program."
    ))  # fmt: skip
    _heads(sheet, wide, scenario)
    cells: dict[tuple[str, int], tuple[str, float]] = {}
    for row, one in enumerate(known, HEADER + 1):
        cells |= _row(sheet, row, one, scenario, wide, one.name in live)
    _tornado(sheet, HEADER + 3 + len(known), report, scenario, wide)
    source = NUMBERS + wide + 5
    sheet.most |= {0: 34, 1: 16, NUMBERS + wide: 16, source: 34, source + 1: 40, source + 2: 18}
    sheet.finish(NUMBERS + wide + AFTER, HEADER)
    return Inputs(sheet, cells, frozenset(live))


def _live(arithmetic: Arithmetic) -> set[str]:
    """The assumptions that kroner are worked out of in this workbook."""
    given = [arithmetic.indexation]
    for term in arithmetic.terms:
        given += [one for one in (term.monthly, term.yearly, term.refusion, term.indexation) if one is not None]
    for line in arithmetic.outright:
        given += [line.number, line.yearly, *([line.indexation] if line.indexation is not None else [])]
    return {name for one in given for name in one.assumptions if name is not None}


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


def _row(
    sheet: Sheet, row: int, one: Assumption, scenario: Scenario, wide: int, live: bool
) -> dict[tuple[str, int], tuple[str, float]]:
    values, given = _years(one, scenario), scenario.assumptions[one.name]
    sheet.put(row, 0, one.label or one.name, "wrap")
    sheet.put(row, 1, one.unit, "unit", "wrap")
    style = (of_usage(one.usage, *values), "top", *(("input",) if live else ()))
    sheet.row(row, NUMBERS, list[Content](values), *style)
    column = NUMBERS + wide
    _distribution(sheet, row, column, one)
    sheet.put(row, column + 5, given.source or "", "wrap", "indent")
    sheet.put(row, column + 6, given.note or "", "wrap", "indent")
    sheet.put(row, column + 7, one.name, "unit", "wrap")
    places = [min(year, len(values) - 1) for year in queries.years(scenario)]
    return {(one.name, year): (sheet.far(row, NUMBERS + place), values[place]) for year, place in enumerate(places)}


def _distribution(sheet: Sheet, row: int, column: int, one: Assumption) -> None:
    found = one.distribution
    if found is None or one.held is not None:
        sheet.put(row, column, text("taken as known"), "unit", "wrap")
        return
    sheet.put(row, column, kind_of(found), "wrap", "indent")
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
