"""Year by year, in the paper's own form: the business case in live formulas, then what is expected, and between which bounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from simulate.answers.base import Estimate
from simulate.answers.budget import Kind
from simulate.answers.report import Report
from simulate.content import Sentence
from simulate.figures import currency_sign
from simulate.locale import text
from simulate.reports import financing, paper
from simulate.reports.words import is_of_paper, point_row
from simulate.scenario import Scenario
from simulate.writers.workbook import charts
from simulate.writers.workbook import lines as others
from simulate.writers.workbook.book import ACROSS, Content, Formula, Sheet
from simulate.writers.workbook.lines import Lines

FIRST = 1  # column of the first period
HEADER = 3
BAND = (5, 50, 95)
ON_A_PAGE = 60  # rows


@dataclass
class Block:
    """Rows of a part of the sheet. lines: of each line of the budget."""

    lines: dict[str, int] = field(default_factory=dict)
    totals: dict[Kind, int] = field(default_factory=dict)
    provenu: int = 0
    accumulated: int = 0


@dataclass
class Years:
    """The sheet as it is filled. bands: percentile → the rows of the provenu and of the accumulated one."""

    sheet: Sheet
    report: Report
    next: int = HEADER + 1
    point: Block = field(default_factory=Block)
    expected: Block = field(default_factory=Block)
    bands: dict[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def periods(self) -> int:
        return len(self.report.scenario.periods)

    @property
    def total(self) -> int:
        """The column of totals."""
        return FIRST + self.periods

    @property
    def columns(self) -> range:
        return range(FIRST, self.total + 1)

    def begin(self, name: str, *marks: str) -> int:
        row = self.next
        self.sheet.put(row, 0, name, *marks, "wrap")
        self.next += 1
        return row

    def group(self, name: str) -> None:
        self.sheet.row(self.next, 0, [name, *[""] * (self.periods + 1)], "group")
        self.next += 1

    def of(self, kind: Kind) -> list[str]:
        """The lines of a kind."""
        return [name for name, one in self.report.case.budget.lines.items() if one.kind == kind]

    def along(self, row: int) -> str:
        """A row's periods."""
        return self.sheet.cells((row, FIRST), (row, self.total - 1))


def fill(sheet: Sheet, report: Report, scenario: Scenario, lines: Lines) -> Years:
    found = Years(sheet, report)
    sign = currency_sign(scenario.money.currency)
    sheet.said(0, text("Year by year, {currency}", currency=sign), "title")
    sheet.said(1, text("Savings are positive, costs negative."))
    sheet.heads(HEADER, ["", *report.scenario.periods, text("Total")])
    _at_point(found, lines)
    _expected(found)
    _financing(found)
    _bands(found)
    sheet.most |= {0: 56}
    charts.fan(found, found.next + 1)
    is_short = found.next <= ON_A_PAGE and found.periods < ACROSS  # with its picture
    sheet.finish(found.total + 1, HEADER, FIRST, found.periods + 1, int(is_short))
    return found


# The business case, live ------------------------------------------------------------------------------------------------


def _at_point(found: Years, lines: Lines) -> None:
    at_point, block = found.report.case.point, found.point
    found.group(point_row(found.report.case) + ": " + text("live formulas"))
    for kind, name in _kinds(found):
        own = found.of(kind)
        for line in own:
            block.lines[line] = _live(found, line, at_point.lines[line].by_year, _there(lines, line), "kr")
        block.totals[kind] = _sum_of(found, name, [block.lines[line] for line in own], kind)
    provenu = at_point.provenu.by_year

    def words(column: int) -> str:
        return "=" + "+".join(found.sheet.at(row, column) for row in block.totals.values())

    block.provenu = _live(found, text("Provenu"), provenu, words, "kr", "total")
    block.accumulated = _accumulated(found, block.provenu, provenu)
    found.sheet.book.name(text("Provenu"), found.sheet.far(block.provenu, found.total))
    found.next += 1


def _kinds(found: Years) -> list[tuple[Kind, Sentence]]:
    """Those that the case has."""
    return [(kind, name) for kind, name, _ in paper.totals(found.report.case.budget) if found.of(kind)]


def _there(lines: Lines, line: str) -> Callable[[int], str]:
    """The line's row where it is worked out, in each column of this sheet."""
    return lambda column: f"={lines.sheet.far(lines.totals[line], others.FIRST + column - FIRST)}"


def _live(found: Years, name: str, values: Sequence[float], words: Callable[[int], str], *marks: str) -> int:
    row = found.begin(name, *(mark for mark in marks if mark == "total"))
    for column, value in enumerate(values, FIRST):
        found.sheet.put(row, column, Formula(words(column), value), *marks)
    found.sheet.put(row, found.total, Formula(f"=SUM({found.along(row)})", sum(values)), *marks)
    return row


def _sum_of(found: Years, name: str, rows: list[int], kind: Kind) -> int:
    """Of rows that stand below each other."""
    of = [found.report.case.point.lines[line].by_year for line in found.of(kind)]
    values = [sum(column) for column in zip(*of, strict=True)]

    def words(column: int) -> str:
        return f"=SUM({found.sheet.cells((rows[0], column), (rows[-1], column))})"

    return _live(found, name, values, words, "kr", "total")


def _accumulated(found: Years, provenu: int, values: Sequence[float]) -> int:
    row = found.begin(text("Accumulated"))
    for column, value in enumerate(accumulate(values), FIRST):
        before = f"{found.sheet.at(row, column - 1)}+" if column > FIRST else ""
        found.sheet.put(row, column, Formula(f"={before}{found.sheet.at(provenu, column)}", value), "kr")
    return row


# What the courses tell --------------------------------------------------------------------------------------------------


def _expected(found: Years) -> None:
    budget, block = found.report.case.budget, found.expected
    found.group(text("Expected: the average over all courses (values)"))
    for kind, name in _kinds(found):
        for line in found.of(kind):
            block.lines[line] = _values(found, line, budget.lines[line].by_year, budget.lines[line].total)
        whole = next(whole for one, _, whole in paper.totals(budget) if one == kind)
        block.totals[kind] = _values(found, name, whole.by_year, whole.total, "total")
    block.provenu = _values(found, text("Provenu"), budget.provenu.by_year, budget.provenu.total, "total")
    block.accumulated = _values(found, text("Accumulated"), budget.accumulated, None)
    found.next += 1


def _financing(found: Years) -> None:
    """What others pay, and the provenu with it: apart from all the rest."""
    given = found.report.case.budget.financing
    if given is None:
        return
    found.group(text("External financing: no saving, and in none of the amounts above"))
    for name, one in given.lines.items():
        _values(found, financing.named(name, one), one.by_year or [], one.total)
    _values(found, text("Financing, total"), given.total.by_year, given.total.total, "total")
    _values(found, text("Provenu with external financing"), given.provenu.by_year, given.provenu.total, "total")
    _values(found, text("Accumulated with external financing"), given.accumulated, None)
    found.next += 1


def _bands(found: Years) -> None:
    run = found.report.case
    luckless = run.provenu.by_year.percentiles is None
    said = (
        text("Of 100 courses so many are below, without luck (values)")
        if luckless
        else text("Of 100 courses so many are below (values)")
    )
    found.group(said)
    totals = run.provenu.percentiles_without_luck if luckless else run.provenu.percentiles
    assert totals is not None
    rows = {p: _values(found, text("Provenu, P{p}", p=p), run.provenu.by_year.bands[p], totals[p]) for p in BAND}
    found.bands = {
        p: (rows[p], _values(found, text("Accumulated, P{p}", p=p), run.cumulative.bands[p], None)) for p in BAND
    }
    if luckless and run.provenu.percentiles is not None:
        for p in BAND:
            row = found.begin(text("Provenu, P{p}, with luck", p=p))
            found.sheet.put(row, found.total, run.provenu.percentiles[p].value, "kr")


def _values(found: Years, name: str, by_period: Sequence[Estimate], total: Estimate | None, *marks: str) -> int:
    row = found.begin(name, *marks)
    contents: list[Content] = [*(one.value for one in by_period), None if total is None else total.value]
    found.sheet.row(row, FIRST, contents, "kr", *marks)
    return row


def names_of_lines(report: Report) -> tuple[Sentence, Sentence]:
    """What the two lines of a picture are called."""
    return text("Expected"), text("Business case") if is_of_paper(report.case) else text("At the values")
