"""A workbook, and sheets that know how wide their columns must be. What a user wrote is text, and nothing else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from io import BytesIO
from textwrap import wrap
from typing import Any

from simulate.charts.drawn import EXTRA
from simulate.content import Document
from simulate.errors import InputError
from simulate.figures import number, today
from simulate.locale import text
from simulate.writers.csv import FORMULA

BLUE, ORANGE, GREY = "#1f5a94", "#c2630a", "#4b5563"
PALE, INPUT = "#dbe6f1", "#fff2cc"
AMOUNT = "#,##0"  # the viewer's own signs stand for comma and point
SMALL = "#,##0.00"  # of what would be -0
DUST = 1e-6  # what sums are off by
MARKS: dict[str, dict[str, Any]] = {
    "quoted": {"quote_prefix": True},
    "title": {"bold": True, "font_size": 16, "font_color": BLUE},
    "heading": {"bold": True, "font_size": 12, "font_color": BLUE},
    "head": {"bold": True, "bg_color": PALE, "bottom": 1, "text_wrap": True, "valign": "top"},
    "beside": {"bold": True, "bg_color": PALE, "bottom": 1},  # on one line, in a row that is as high as it is
    "group": {"bold": True, "bg_color": "#f3f4f6"},
    "bold": {"bold": True},
    "quiet": {"font_color": GREY},
    "italic": {"italic": True},
    "total": {"bold": True, "top": 1},
    "input": {"bg_color": INPUT, "font_color": BLUE, "border": 1, "border_color": "#d6b656"},
    "model": {"bg_color": "#eef2f6", "border": 1, "border_color": "#c5ced8"},
    "differs": {"bold": True, "bg_color": "#fde8d4"},
    "wrap": {"text_wrap": True, "valign": "top"},
    "top": {"valign": "top"},
    "right": {"align": "right"},
    "indent": {"align": "left", "indent": 1},
    "unit": {"font_color": GREY, "align": "left", "indent": 1, "valign": "top"},
    "kr": {"num_format": AMOUNT},
    "index": {"num_format": "0.0000"},
    "whole": {"num_format": "0"},
}
LEAST, MOST = 9, 60  # characters of a column
LONGEST = 32_000  # characters of a cell, a little below what a spreadsheet holds
LINE = 15  # points
A4 = 9
ACROSS = 14  # columns of figures on a page
LONGEST_FOOTER = 180  # characters; with its codes a spreadsheet takes 255


@dataclass(frozen=True, slots=True)
class Formula:
    """Live. words: with its equals sign, in our own words alone; value: what it comes to."""

    words: str
    value: float | str


Content = str | float | Formula | None


class Book:
    """Its formats, and its sheets in their order."""

    def __init__(self, document: Document, currency: str = "") -> None:
        """currency: as pictures name it. Raises InputError where the library is not installed."""
        try:
            from xlsxwriter import Workbook
        except ModuleNotFoundError:
            raise InputError(text("this needs libraries that are not installed: {install}", install=EXTRA)) from None

        self.document, self.currency = document, currency
        self._bytes = BytesIO()
        plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.workbook = Workbook(self._bytes, {"in_memory": True, **plain})
        made = datetime.combine(today(), time())
        self.workbook.set_properties(
            {"title": document.title[:250], "author": "provenu", "company": "", "created": made}
        )
        language = {"da": "da-DK", "en": "en-GB"}[document.language]
        self.workbook.set_custom_property("Language", language)
        self.workbook.set_calc_mode("auto")
        self._formats: dict[tuple[str, ...], Any] = {}

    def sheet(self, name: str) -> Sheet:
        return Sheet(self, name)

    def format(self, marks: tuple[str, ...]) -> Any:
        """marks: of MARKS, or a number's format."""
        if marks not in self._formats:
            found: dict[str, Any] = {}
            for mark in marks:
                found |= MARKS.get(mark, {"num_format": mark})
            self._formats[marks] = self.workbook.add_format(found)
        return self._formats[marks]

    def name(self, name: str, place: str) -> None:
        """A name for a cell. name: one of our own."""
        self.workbook.define_name("_".join(name.split()), f"={place}")

    def finished(self) -> bytes:
        self.workbook.close()
        return self._bytes.getvalue()


@dataclass
class Sheet:
    """A sheet. Rows and columns count from 0; marks: of MARKS, or a number's format."""

    book: Book
    name: str
    wide: dict[int, float] = field(default_factory=dict)
    most: dict[int, int] = field(default_factory=dict)
    spans: list[tuple[int, str, tuple[str, ...]]] = field(default_factory=list)
    wrapped: list[tuple[int, int, str]] = field(default_factory=list)
    details: set[int] = field(default_factory=set)
    last_row: int = 0

    def __post_init__(self) -> None:
        self.sheet = self.book.workbook.add_worksheet(self.name)
        self.sheet.hide_gridlines(2)
        everywhere = "A1:XFD1048576"  # a year is a name here; a total is no neighbour's formula
        self.sheet.ignore_errors(
            dict.fromkeys(("number_stored_as_text", "formula_differs", "formula_range"), everywhere)
        )

    # What stands in cells ----------------------------------------------------------------------------------------------

    def put(self, row: int, column: int, content: Content, *marks: str) -> None:
        self.last_row = max(self.last_row, row)
        value = content.value if isinstance(content, Formula) else content
        if isinstance(value, float | int):
            value = 0.0 if "kr" in marks and abs(value) < DUST else value + 0.0
            marks = tuple(SMALL if mark == "kr" and -0.5 <= value < 0 else mark for mark in marks)
        style = self.book.format(marks)
        if value is None:
            self.sheet.write_blank(row, column, None, style)
            return
        self._measure(row, column, value, marks)
        if isinstance(content, Formula):
            self.sheet.write_formula(row, column, content.words, style, value)
        elif isinstance(value, str):
            is_formula = value.lstrip(" ").startswith(FORMULA)  # to whoever edits the cell
            quoted = self.book.format((*marks, "quoted")) if is_formula else style
            self.sheet.write_string(row, column, value[:LONGEST], quoted)
        else:
            self.sheet.write_number(row, column, value, style)

    def heads(self, row: int, contents: Sequence[str], words: int = 1) -> None:
        """Titles of columns. words: how many of the first are of words; figures stand to the right."""
        for column, content in enumerate(contents):
            self.put(row, column, content, "head", *(("right",) if column >= words else ()))

    def row(self, row: int, first: int, contents: Sequence[Content], *marks: str) -> None:
        for column, content in enumerate(contents, first):
            self.put(row, column, content, *marks)

    def said(self, row: int, words: str, *marks: str) -> None:
        """Words across the whole sheet, as many lines as they need."""
        self.last_row = max(self.last_row, row)
        self.spans.append((row, words[:LONGEST], (*marks, "wrap")))

    def _measure(self, row: int, column: int, value: float | str, marks: tuple[str, ...]) -> None:
        if isinstance(value, str):
            self._words(column, value, marks)
            if "wrap" in marks or "head" in marks:
                self.wrapped.append((row, column, value))
            return
        decimals = next((mark.split(".")[-1].count("0") for mark in self._patterns(marks) if "." in mark), 0)
        self._widen(column, len(number(value, decimals)) + 4 + ("total" in marks))

    def _patterns(self, marks: tuple[str, ...]) -> list[str]:
        found = [MARKS.get(mark, {"num_format": mark}).get("num_format", "") for mark in marks]
        return [one for one in found if one != AMOUNT]

    def _words(self, column: int, words: str, marks: tuple[str, ...]) -> None:
        is_head = "head" in marks
        longest = max((len(one) for one in words.split()), default=0) if is_head else len(words)
        self._widen(column, 1.1 * longest + 2 + ("indent" in marks) * 2)

    def _widen(self, column: int, characters: float) -> None:
        self.wide[column] = max(self.wide.get(column, LEAST), characters)

    # Where ---------------------------------------------------------------------------------------------------------------

    def at(self, row: int, column: int) -> str:
        """A cell, for formulas of this sheet."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        return str(xl_rowcol_to_cell(row, column))

    def far(self, row: int, column: int) -> str:
        """A cell, for formulas of any sheet."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        return f"{self.quoted}!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}"

    def cells(self, first: tuple[int, int], last: tuple[int, int]) -> str:
        """Several cells, for formulas of this sheet."""
        return f"{self.at(*first)}:{self.at(*last)}"

    def far_cells(self, first: tuple[int, int], last: tuple[int, int]) -> str:
        return f"{self.far(*first)}:{self.far(*last).rpartition('!')[2]}"

    def list_of(self, first: tuple[int, int], last: tuple[int, int]) -> list[str | int]:
        """Cells, as charts want them."""
        return [self.name, *first, *last]

    @property
    def quoted(self) -> str:
        return "'" + self.name.replace("'", "''") + "'"

    # How it is shown and printed --------------------------------------------------------------------------------------

    def finish(self, columns: int, header: int | None = None, frozen: int = 1, figures: int = 0, high: int = 0) -> None:
        """columns: how many there are; header: the row that stays, and is printed on every page; frozen: columns that stay; figures: columns of them; high: pages,
        0: as many as it takes."""
        widths = [min(self.wide.get(i, LEAST), self.most.get(i, MOST)) for i in range(columns)]
        for i, width in enumerate(widths):
            self.sheet.set_column(i, i, width)
        self._heights(widths)
        for row, words, marks in self.spans:
            self._across(row, words, marks, sum(widths), columns)
        if header is not None:
            self.sheet.freeze_panes(header + 1, frozen)
            self.sheet.repeat_rows(header)
        if figures > ACROSS:
            self.sheet.repeat_columns(0, frozen - 1)
        self._printed(max(math.ceil(figures / ACROSS), 1), high)

    def _heights(self, widths: Sequence[float]) -> None:
        """Of rows whose words take several lines, and which of them are details of others."""
        lines: dict[int, int] = {}
        for row, column, words in self.wrapped:
            lines[row] = max(lines.get(row, 1), _lines(words, widths[column]))
        for row in sorted(self.details | {row for row, own in lines.items() if own > 1}):
            height = LINE * lines[row] if lines.get(row, 1) > 1 else None
            self.sheet.set_row(row, height, None, {"level": 1} if row in self.details else {})

    def _across(self, row: int, words: str, marks: tuple[str, ...], width: float, columns: int) -> None:
        style = self.book.format(marks)
        wide = width / 1.6 if "title" in marks else width / 1.15 if "heading" in marks else width
        lines = _lines(words, wide)
        if columns > 1:
            self.sheet.merge_range(row, 0, row, columns - 1, "", style)
        self.sheet.write_string(row, 0, words, style)
        self.sheet.set_row(row, LINE * lines * (1.5 if "title" in marks else 1.2 if "heading" in marks else 1))

    def _printed(self, wide: int, high: int) -> None:
        self.sheet.set_landscape()
        self.sheet.set_paper(A4)
        self.sheet.fit_to_pages(wide, high)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.8)
        document = self.book.document
        self.sheet.set_header(f"&L{_coded(document.title)}&R{_coded(self.name)}")
        made = document.footer[0] if document.footer else ""
        page = text("Page {n} of {pages}", n="&P", pages="&N")
        self.sheet.set_footer(f"&L{_coded(made)}&R{page}")


def _lines(words: str, width: float) -> int:
    """That they take, where a letter is about as wide as a figure."""
    return sum(max(len(wrap(one, max(int(width), 1))), 1) for one in words.split("\n"))


def _coded(words: str) -> str:
    """As a header or footer takes it, in which & begins a code."""
    shown = " ".join(words.split()).replace("&", "&&")
    return shown if len(shown) <= LONGEST_FOOTER else shown[: LONGEST_FOOTER - 3].rstrip("&") + "..."
