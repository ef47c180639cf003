"""A sweep's table as a workbook of Excel: what was asked, the grid of the screen, a row for each cell, and what the columns are called elsewhere.

Whatever a person wrote stands there as text, and no cell is a formula.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, product, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate.answers.sweep import Dimension, Grid, Head, SweepShow, Swept
from simulate.answers.sweep_table import Asked, View, as_it_stands, head, labels, show
from simulate.content import Heading, Note
from simulate.errors import StoreError
from simulate.figures import chance, currency_sign, number, per_cent_sign
from simulate.locale import plural, text
from simulate.reports import sweep as report
from simulate.reports.sweep_words import currency_of, dimension_of, held_at, named, side_of, value, value_of, what
from simulate.sweeps import columns
from simulate.sweeps.columns import Column
from simulate.sweeps.dataset import REASON
from simulate.writers.csv import FORMULA

if TYPE_CHECKING:
    import xarray as xr

MOST_ROWS = 1_048_575  # of a sheet, below its titles
MOST_AT_ONCE = 500_000  # numbers of a table that are held in memory; more are written row by row, which Excel's own tables cannot be
MOST_BLOCKS = 200  # grids below each other
MOST_DECIMALS = 6
MOST_LETTERS = 240  # of the head of a column, of which a table of Excel takes 255
MOST_FROZEN = 3  # columns
A4 = 9
LINE = 15  # points that a line of text is high
NAMES, WORDS = 30, 88  # letters that the two columns of the first sheet are wide
DOWN, CELL = 32, 11  # letters that the first column of a grid, and each of the others, are wide at least
TITLE = 8  # columns of a grid that its title stands above
TITLE_HIGH = 5 * LINE
LARGEST = 0.8  # scale of a printed grid
PRINTED = 220  # letters of a row of the table that are printed, lest they be too small
PAGE = (125, 470)  # letters and points that there is room for on a page
COLOURS = ((0.0, "#F8A5A0"), (0.5, "#FFF2B3"), (1.0, "#A3D9A5"))
THIN = {"border": 1, "border_color": "#D9D9D9"}
HEAD = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DCE6F1", **THIN}
NOTE = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#FFF2CC", **THIN}
WRAPPED = {"text_wrap": True, "valign": "top", **THIN}
EMPTY = {"align": "right", "font_color": "#7F7F7F", **THIN}
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write(found: xr.Dataset, new: Path) -> None:
    """Raises StoreError for more cells than a sheet has rows, OSError where the system does not let it."""
    import xlsxwriter

    if found[REASON].size > MOST_ROWS:
        message = text("{n} cells are more than a sheet of Excel has room for; name a file that ends in .csv or .parquet",
                       n=found[REASON].size)  # fmt: skip
        raise StoreError(message)
    every = columns.for_reading(found)
    is_large = found[REASON].size * len(every) > MOST_AT_ONCE
    try:
        with xlsxwriter.Workbook(os.fspath(new), {"constant_memory": is_large, **PLAIN}) as file:
            _sheets(_Book(file), found, every, is_large)
    except xlsxwriter.exceptions.FileCreateError as error:  # what the system said is inside
        said = error.args[0] if error.args else None
        raise said if isinstance(said, OSError) else OSError(str(error)) from None


def _sheets(book: _Book, found: xr.Dataset, every: Sequence[Column], is_large: bool) -> None:
    is_made = bool((found[REASON].values == "").any())
    answer = show(found, "", Asked()) if is_made else None
    _about(book, found, answer)
    if answer is not None:
        _grids(book, found, answer)
    _cells(book, found, every, is_large)
    _names(book, found, every)


class _Book:
    """A workbook, and each format that it has once."""

    def __init__(self, file: Any) -> None:
        self.file = file
        self._formats: dict[str, Any] = {}

    def format(self, **how: Any) -> Any:
        key = json.dumps(how, sort_keys=True)
        if key not in self._formats:
            self._formats[key] = self.file.add_format(how)
        return self._formats[key]

    def sheet(self, name: str, *, is_wide: bool) -> Any:
        """On A4, as wide as a page, with its name and the page's number."""
        found = self.file.add_worksheet(name)
        found.set_paper(A4)
        if is_wide:
            found.set_landscape()
        found.fit_to_pages(1, 0)
        found.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        found.set_footer("&L&A&R&P / &N")
        return found

    def put(self, sheet: Any, row: int, column: int, given: Any, **how: Any) -> None:
        """Words stay words, also once somebody has edited the cell; what there is not leaves it empty."""
        if isinstance(given, str):
            is_formula = given.lstrip(" ").startswith(FORMULA)
            sheet.write_string(row, column, given, self.format(**how, **({"quote_prefix": True} if is_formula else {})))
        elif given is None or given != given:
            sheet.write_blank(row, column, None, self.format(**how))
        else:
            sheet.write_number(row, column, given, self.format(**how))


def _lines(words: str, width: float) -> int:
    """That words take in a cell so many letters wide."""
    return max(1, math.ceil(len(words) * 1.1 / width))


# What was asked ------------------------------------------------------------------------------------------------------------


def _about(book: _Book, found: xr.Dataset, answer: SweepShow | None) -> None:
    """What is read first: what the sweep is of, what to mind, and how it was made."""
    of = answer or Head(**head(found), answer="sweep")
    sheet = book.sheet(text("About"), is_wide=False)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, NAMES)
    sheet.set_column(1, 1, WORDS)
    (title,) = (part.words for part in report.heading(of) if isinstance(part, Heading))
    book.put(sheet, 0, 0, title, bold=True, font_size=14)
    row = 2
    for note in report.warned(answer.grid, answer) if answer else ():
        if isinstance(note, Note):
            said = text("NOTE: {caveat}", caveat=note)
            sheet.set_row(row, LINE * _lines(said, NAMES + WORDS))
            sheet.merge_range(row, 0, row, 1, "", book.format(**NOTE))
            book.put(sheet, row, 0, said, **NOTE)
            row += 1
    for name, words in _asked(found, of, answer):
        sheet.set_row(row, LINE * max(_lines(words, WORDS), _lines(name, NAMES)))
        book.put(sheet, row, 0, name, bold=True, **WRAPPED)
        book.put(sheet, row, 1, words, **WRAPPED)
        row += 1


def _asked(found: xr.Dataset, of: Head, answer: SweepShow | None) -> Iterator[tuple[str, str]]:
    reasons = found[REASON].values
    for each in of.scenarios:
        yield from _scenario(found, each, answer)
    for one in of.varied:
        now = "" if one.now is None else text("; the scenario has {value}", value=value(one, one.now))
        yield text("Varied"), named(one) + ": " + report.values(one) + now
    yield text("Cells"), number(reasons.size)
    if empty := int((reasons != "").sum()):
        yield text("Empty cells"), text("{n}; why stands in the sheet {sheet}", n=number(empty), sheet=text("Cells"))
    yield text("How it is counted"), report.kept(of)
    if answer is not None:
        yield text("Error"), " ".join(report.own_error(answer.grid, answer))
    yield text("Engine and design"), f"{of.engine}, {', '.join(dict.fromkeys(one.design for one in of.scenarios))}"
    yield text("Program"), f"Provenu {json.loads(found.attrs.get('versions', '{}')).get('provenu', '')}"
    yield text("Command"), str(found.attrs.get("command", ""))


def _scenario(found: xr.Dataset, each: Swept, answer: SweepShow | None) -> Iterator[tuple[str, str]]:
    """Which it is, what was changed of it, and what its chance is without what is varied."""
    place = ", ".join(part for part in (each.title, each.municipality) if part)
    yield text("Scenario"), f"{place} ({each.file})"
    if each.set:
        yield text("Changed"), "; ".join(each.set)
    if answer is not None and (told := as_it_stands(found, answer.grid.of, {"scenario": each.name})) is not None:
        one = replace(answer.grid, at={"scenario": each.name}, as_it_stands=told)
        yield text("Chance of break-even"), " ".join(report.stands(one, answer))


# The grid of the screen ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Side:
    """What goes down or across. labels: numbers where they are, else words; formats: of each; width: of the longest, in letters."""

    name: str
    labels: Sequence[Any]
    formats: Sequence[Mapping[str, Any]]
    width: float

    def put(self, book: _Book, sheet: Any, row: int, column: int, place: int) -> None:
        book.put(sheet, row, column, self.labels[place], **HEAD, **self.formats[place])


def _side(one: Grid, answer: Head, name: str) -> _Side:
    values = one.sides[name]
    words = [value_of(answer, name, each) for each in values]
    dimension, width = dimension_of(answer, name), max(CELL, *(len(each) + 2 for each in words))
    if dimension is None or any(isinstance(each, str) for each in values):
        return _Side(side_of(name, answer), words, [{}] * len(words), width)
    return _Side(side_of(name, answer), values, [{"num_format": _as_varied(dimension)}] * len(words), width)


def _grids(book: _Book, found: xr.Dataset, answer: SweepShow) -> None:
    """The table that sweep-show begins with, for each value of what is on neither side: one below the other."""
    one, sheet = answer.grid, book.sheet(text("Grid"), is_wide=True)
    rest = [name for name in one.at if name != "scenario" or len(answer.scenarios) > 1]
    down = _side(one, answer, one.rows)
    across = _side(one, answer, one.columns) if one.columns else _Side("", [text("Chance")], [{}], CELL)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, max(DOWN, down.width))
    sheet.set_column(1, max(len(across.labels), len(COLOURS)), across.width)
    _title(book, sheet, one, answer)
    row, blocks, begins = 3, list(product(*(labels(found, name) for name in rest))), []
    for chosen in blocks[:MOST_BLOCKS]:
        begins.append(row)
        at = {**one.at, **dict(zip(rest, chosen, strict=True))}
        shown = replace(one, at=at, chosen=[], as_it_stands=as_it_stands(found, one.of, at))
        own = report.stands(shown, answer) if len(answer.scenarios) > 1 else ()
        for said in (*held_at(shown, answer), *own):
            book.put(sheet, row, 0, said, italic=True)
            row += 1
        _heads(book, sheet, row, down, across)
        row = _block(book, sheet, row + 2, View(found, one.rows, one.columns, at), one.of, down) + 1
    if (left := len(blocks) - MOST_BLOCKS) > 0:
        said = plural("{n} more grid is not here; all cells are in the sheet {sheet}.", "{n} more grids are not here; all cells are in the sheet {sheet}.", left, n=number(left), sheet=text("Cells"))  # fmt: skip
        book.put(sheet, row, 0, said, bold=True)
    wide = max(DOWN, down.width) + max(len(across.labels), TITLE - 1) * across.width
    _pages(sheet, begins, wide, LINE * (row - begins[-1] + _lines(down.name, DOWN) + _lines(across.name, wide)))


def _pages(sheet: Any, begins: Sequence[int], wide: float, high: float) -> None:
    """As wide as a page, which ends between two grids. wide: all columns, in letters; high: a grid, in points."""
    scale = min(LARGEST, PAGE[0] / wide)
    each = max(1, int((PAGE[1] / scale - TITLE_HIGH) // high))
    sheet.set_print_scale(max(10, int(100 * scale)))
    sheet.set_h_pagebreaks(begins[each::each])


def _title(book: _Book, sheet: Any, one: Grid, answer: Head) -> None:
    """The screen's, and what the colours are; on each page, and in sight."""
    said = [what(one, answer), *([] if len(answer.scenarios) > 1 else report.stands(one, answer))]
    how = {"bold": True, "font_size": 12, "text_wrap": True, "valign": "top"}
    sheet.set_row(0, 1.2 * LINE * _lines(" ".join(said), 0.8 * (DOWN + (TITLE - 1) * CELL)))
    sheet.merge_range(0, 0, 0, TITLE - 1, "", book.format(**how))
    book.put(sheet, 0, 0, " ".join(said), **how)
    book.put(sheet, 1, 0, text("Colours"), align="right")
    for j, (share, colour) in enumerate(COLOURS, 1):
        book.put(sheet, 1, j, share, bg_color=colour, num_format=_percent(0), align="center", **THIN)
    sheet.repeat_rows(0, 1)
    sheet.freeze_panes(2, 1)


def _heads(book: _Book, sheet: Any, row: int, down: _Side, across: _Side) -> None:
    """Two rows: what goes across, above its values; what goes down, beside them."""
    last = len(across.labels)
    if last > 1:
        sheet.merge_range(row, 1, row, last, "", book.format(**HEAD, align="center"))
    said: str = text("{what} (across)", what=across.name) if across.name else ""
    sheet.set_row(row, LINE * _lines(said, last * across.width))
    book.put(sheet, row, 0, "", **HEAD)
    book.put(sheet, row, 1, said, **HEAD, align="center")
    said = text("{what} (down)", what=down.name)
    sheet.set_row(row + 1, LINE * _lines(said, max(DOWN, down.width)))
    book.put(sheet, row + 1, 0, said, **HEAD)
    for j in range(last):
        across.put(book, sheet, row + 1, j + 1, j)


def _block(book: _Book, sheet: Any, row: int, view: View, of: str, down: _Side) -> int:
    """The chances from this row on. Returns the row below them."""
    numbers, errors = view.numbers(of).tolist(), view.errors(of).tolist()
    for i, (line, own) in enumerate(zip(numbers, errors, strict=True)):
        down.put(book, sheet, row + i, 0, i)
        for j, (each, error) in enumerate(zip(line, own, strict=True), 1):
            if each == each:
                book.put(sheet, row + i, j, each, num_format=_as_chance(each, error), **THIN)
            else:
                book.put(sheet, row + i, j, text("empty"), **EMPTY)
    below = row + len(numbers)
    (low, middle, high) = COLOURS
    colours = {"type": "3_color_scale", "min_type": "num", "mid_type": "num", "max_type": "num",
               "min_value": low[0], "mid_value": middle[0], "max_value": high[0],
               "min_color": low[1], "mid_color": middle[1], "max_color": high[1]}  # fmt: skip
    sheet.conditional_format(row, 1, below - 1, len(numbers[0]), colours)
    return below


# A row for each cell -------------------------------------------------------------------------------------------------------


def _cells(book: _Book, found: xr.Dataset, every: Sequence[Column], is_large: bool) -> None:
    """A table of Excel, or where that is too large what looks like one. The first columns are printed, those with one number for each cell."""
    sheet, size = book.sheet(text("Cells"), is_wide=True), int(found[REASON].size)
    heads, formats = _unique([_head(one) for one in every]), [_of_column(one) for one in every]
    for j, (one, how) in enumerate(zip(every, formats, strict=True)):
        sheet.set_column(j, j, _width(one, found), book.format(**how))
    sheet.set_row(0, LINE * max(_lines(words, _width(one, found) - 3) for words, one in zip(heads, every, strict=True)))
    if is_large:
        for j, words in enumerate(heads):
            book.put(sheet, 0, j, words, **HEAD)
        sheet.autofilter(0, 0, size, len(every) - 1)
    else:
        shown = [{"header": words, "header_format": book.format(**HEAD)} for words in heads]
        sheet.add_table(0, 0, size, len(every) - 1, {"columns": shown, "style": "Table Style Light 1"})
    for i, row in enumerate(columns.rows(found, every), 1):
        for j, each in enumerate(row):
            book.put(sheet, i, j, each, **formats[j])
    varied = next((j for j, one in enumerate(every) if not one.is_varied), 0)
    widths = accumulate(_width(one, found) for one in every)
    printed = takewhile(lambda each: not each[0].labels and each[1] <= PRINTED, zip(every, widths, strict=True))
    sheet.freeze_panes(1, min(varied, MOST_FROZEN))
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, size, max(len(list(printed)), 1) - 1)


def _names(book: _Book, found: xr.Dataset, every: Sequence[Column]) -> None:
    """What each column is called in the other forms, in Python and with --of."""
    sheet = book.sheet(text("Columns"), is_wide=False)
    heads = (text("Column"), text("Unit"), text("Name in .nc, .zarr, .parquet and with --of"))
    rows = [heads, *((_head(one), one.said_unit, one.name) for one in every)]
    for j, column in enumerate(zip(*rows, strict=True)):
        sheet.set_column(j, j, max(map(len, column)) + 2)
    for i, each in enumerate(rows):
        for j, words in enumerate(each):
            book.put(sheet, i, j, words, **(THIN if i else HEAD))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)


def _head(one: Column) -> str:
    """Shares are shown in per cent, and so need no unit but one of their own."""
    return one.head if one.unit == "share" and not one.is_varied else one.titled


def _unique(heads: Sequence[str]) -> list[str]:
    """Of a length that a table takes, and none twice."""
    found: list[str] = []
    for words in heads:
        cut = words[:MOST_LETTERS]
        found.append(cut if cut.casefold() not in {each.casefold() for each in found} else f"{cut} [{len(found) + 1}]")
    return found


def _width(one: Column, found: xr.Dataset) -> float:
    if one.unit is not None:
        return 18
    if one.name == REASON:
        return 40 if (found[REASON].values != "").any() else 12
    return 20


def _of_column(one: Column) -> dict[str, Any]:
    if one.unit is None:
        return {}
    if one.is_varied:
        factor = 100 if one.unit == "share" else 1
        decimals = _decimals([factor * each for each in one.values])
        return {"num_format": {"share": _percent(decimals), "kr": _digits("#,##0", decimals)}.get(one.unit, _digits("0", decimals))}  # fmt: skip
    return {"num_format": {"share": _percent(1), "kr": "#,##0"}.get(one.unit, "#,##0.0")}


# Numbers -------------------------------------------------------------------------------------------------------------------


def _as_varied(one: Dimension) -> str:
    """As report.value() writes it."""
    values = [float(each) for each in one.values]
    if one.usage == "share":
        return _percent(_decimals([100 * each for each in values]))
    decimals = _decimals(values)
    if one.usage == "money":
        return _digits("#,##0", decimals) + f' "{currency_sign(currency_of(one))}"'
    return ('"×"' if one.path.endswith("*") else "") + _digits("0", decimals)


def _as_chance(share: float, error: float) -> str:
    """As figures.chance() writes it: no more digits than the error leaves, and `over 99 %` as such."""
    said = chance(share, None if math.isnan(error) else error)
    if not said[0].isdigit():
        return f'"{said}"'
    return _percent(len(said.removesuffix(per_cent_sign()).replace(",", ".").partition(".")[2]))


def _percent(decimals: int) -> str:
    return _digits("0", decimals) + per_cent_sign()


def _digits(whole: str, decimals: int) -> str:
    return whole + ("." + "0" * decimals if decimals else "")


def _decimals(values: Sequence[float]) -> int:
    """That it takes to write all of them."""
    return max((len(f"{each:.{MOST_DECIMALS}f}".rstrip("0").partition(".")[2]) for each in values), default=0)
