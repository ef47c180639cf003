"""What is written into the copy: the sheet of the answer, and the cells beside a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from simulate.answers.base import Estimate
from simulate.answers.run import Run
from simulate.content import BREAK, Heading, Part, Sentence
from simulate.figures import currency_sign, today
from simulate.locale import text
from simulate.reports import paper
from simulate.reports import report as reports
from simulate.reports import run as runs
from simulate.reports.words import is_of_paper, point_column
from simulate.scenario import Scenario
from simulate.workbook.answered import HEADINGS
from simulate.workbook.answered import Part as Column
from simulate.writers.workbook import charts
from simulate.writers.workbook.answer import parts
from simulate.writers.workbook.book import LINE, Book, Content, Formula, Sheet
from simulate.writers.workbook.numbers import share
from simulate.writers.write_back.tables import Table

BAND = (95, 50, 5)
WIDTHS: dict[Column, float] = {"expected": 21.0, "5": 15.0, "50": 15.0, "95": 15.0, "chance": 18.0, "about": 22.0}
WRAPPED = 60.0  # letters' width of a column with sentences that are wrapped
LINES_ALONE = 3  # what is longer is wrapped
A_LETTER = 1.05  # of wrapped words, which are never broken
MILLION = 1_000_000
TITLE = 0
MADE = 1  # the row that says how it was made, by which the sheet is known again
PICTURE = 21  # rows
FINANCED = ("financing line", "financing")  # of rows, which have no percentiles


@dataclass
class Exact(Sheet):
    """A sheet that keeps what its numbers are: they are written with fewer digits."""

    numbers: dict[tuple[int, int], float] = field(default_factory=dict)
    high: dict[int, float] = field(default_factory=dict)  # points that rows with wrapped sentences need

    def put(self, row: int, column: int, content: Content, *marks: str) -> None:
        super().put(row, column, content, *marks)
        if isinstance(content, float | int) and not isinstance(content, Formula):
            self.numbers[row, column] = float(content) + 0.0


def made(run: Run) -> Sentence:
    """Which run it is."""
    first, *_ = reports.footer(run, "", today())
    return first


def answer(book: Book, name: str, run: Run, scenario: Scenario, told: Sequence[str]) -> Exact:
    """The answer in sentences, its tables, the accumulated provenu by period, and its picture. told: of the workbook, where the rest stands."""
    sheet = Exact(book, name)
    sheet.put(TITLE, 0, scenario.title, "title")
    sheet.put(MADE, 0, made(run), "quiet")
    row = parts(sheet, MADE + 2, list(_said(run, scenario)))
    sheet.put(row, 0, text("The accumulated provenu"), "heading")
    row = _through(sheet, row + 1, run)
    sheet.put(row + PICTURE, 0, "")
    last = row + PICTURE + 1
    for sentence in [*told, *list(reports.footer(run, "", today()))[1:-1]]:
        sheet.said(last, sentence, "quiet")
        last += 1
    sheet.finish(max(2 + len(run.scenario.periods), 1 + max(sheet.wide, default=0)))
    return sheet


def _said(run: Run, scenario: Scenario) -> Sequence[Part]:
    rounded = list(paper.rounding(run.budget, 1))  # what stands in cells is not
    tables = [part for part in paper.lines(run, scenario.money.currency) if part not in rounded]
    found: list[Part] = [*runs.answer_of(run, scenario), BREAK, *tables, BREAK]
    return [*found, Heading(text("How sure the figures are"), 2), *runs.sureness(run, scenario)]


def _through(sheet: Exact, row: int, run: Run) -> int:
    """Period by period, and the picture below; gives the row where the picture begins."""
    found, periods = run.cumulative, run.scenario.periods
    sheet.heads(row, ["", *periods])
    places: dict[int, int] = {}
    luckless = run.with_luck is not None
    for p in BAND:
        places[p] = row = row + 1
        name = text("Accumulated, P{p}, without luck", p=p) if luckless else text("Accumulated, P{p}", p=p)
        _series(sheet, row, name, found.bands[p])
    expected, point = row + 1, row + 2
    names = text("Accumulated, expected"), text("Accumulated, {which}", which=point_column(is_of_paper(run)))
    _series(sheet, expected, names[0], found.mean)
    sheet.put(point, 0, names[1])
    sheet.row(point, 1, list(accumulate(run.point.provenu.by_year)), "kr")
    sheet.put(point + 1, 0, text("Broken even, without luck") if luckless else text("Broken even"))
    for i, one in enumerate(run.break_even.chances, 1):
        sheet.put(point + 1, i, one.value, share(one.value))
    lines = [
        *charts.bounds([] if luckless else [places[95], places[5]]),
        *charts.middle((expected, str(names[0])), (point, str(names[1]))),
    ]
    charts.accumulated(sheet, lines, (places[95] - 1, 1, len(periods)), point + 3)
    return point + 3


def _series(sheet: Exact, row: int, name: str, values: Sequence[Estimate]) -> None:
    sheet.put(row, 0, name)
    sheet.row(row, 1, [one.value for one in values], "kr")


# Beside a table ---------------------------------------------------------------------------------------------------------


def beside(
    book: Book,
    name: str,
    table: Table,
    columns: Sequence[Column],
    first: int,
    shown: Mapping[int, Mapping[Column, float]],
    about: Sequence[str],
) -> Exact:
    """The cells of a table where they are to stand. name: of a sheet that nothing else needs; about: sentences, in the rows below each other."""
    sheet = Exact(book, name)
    headings = HEADINGS[book.document.language]
    for i, column in enumerate(columns, first):
        sheet.put(table.header, i, headings[column], "beside", "indent" if column == "about" else "right")
        for row, values in shown.items():
            if column in values:
                sheet.put(row, i, values[column], *_marks(column, values[column], table))
        if column == "about":
            for row, words in _below(sorted(shown), about):
                is_long = (
                    len(words) > WRAPPED * LINES_ALONE
                )  # of one row: printed on one line, it would make all else tiny
                sheet.put(row, i, words, "quiet", "indent", *(("wrap",) if is_long else ()))
                if is_long:
                    sheet.high[row] = LINE * -(-len(words) // int(WRAPPED / A_LETTER))
    return sheet


def _below(rows: Sequence[int], said: Sequence[str]) -> Iterator[tuple[int, str]]:
    """A sentence in each row, what is left in the last one."""
    yield from zip(rows[:-1], said, strict=False)
    if len(said) >= len(rows):
        yield rows[-1], " ".join(said[len(rows) - 1 :])


def _marks(column: Column, value: float, table: Table) -> tuple[str, ...]:
    if column == "chance":
        return (share(value),)
    return ("#,##0.00",) if table.scale >= MILLION else ("#,##0",)


def about(run: Run, table: Table, scenario: Scenario) -> list[str]:
    """Which run the numbers are of, and how they are to be read."""
    unit = scenario.money.unit if table.scale != 1 else currency_sign(scenario.money.currency)
    turned = any(one.sign < 0 for one in table.rows)
    said: list[str] = [
        made(run),
        text("Amounts are in {unit} over all years, with the sheet's own signs.", unit=unit)
        if turned
        else text("Amounts are in {unit} over all years.", unit=unit),
    ]
    if any(one.of not in FINANCED for one in table.rows):
        said.append(text("P5: in 5 of 100 courses the amount is lower. Percentiles cannot be added up."))
    if any(one.of in FINANCED for one in table.rows):
        said.append(text("What others pay has no percentiles of its own."))
    if whole := [str(one.row + 1) for one in table.rows if one.of == "with_financing"]:
        said.append(text("Row {rows}: the provenu with what others pay.", rows=", ".join(whole)))
    if run.with_luck is not None and any(one.of in ("line", "kind") for one in table.rows):
        said.append(text("Percentiles of lines and their totals are without luck (--engine expected)."))
    return said
