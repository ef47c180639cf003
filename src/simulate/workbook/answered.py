"""The columns and the sheet that an answer is written back into a workbook with: by their names they are known again, in both languages.

Whoever reads a workbook leaves them out: they are of the answer, and not of the case.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from simulate.grid import Book, Sheet
from simulate.locale import Language

Part = Literal["expected", "5", "50", "95", "chance", "about"]
PARTS: tuple[Part, ...] = ("expected", "5", "50", "95", "chance", "about")
HEADINGS: dict[Language, dict[Part, str]] = {
    "da": {
        "expected": "Simuleret: forventet",
        "5": "Simuleret: P5",
        "50": "Simuleret: P50",
        "95": "Simuleret: P95",
        "chance": "Simuleret: chance",
        "about": "Simuleret: om tallene",
    },
    "en": {
        "expected": "Simulated: expected",
        "5": "Simulated: P5",
        "50": "Simulated: P50",
        "95": "Simulated: P95",
        "chance": "Simulated: chance",
        "about": "Simulated: about",
    },
}
SHEETS: dict[Language, str] = {"da": "Simuleret svar", "en": "Simulated answer"}
_KNOWN = {words.casefold() for of in HEADINGS.values() for words in of.values()}
_SHEETS = {name.casefold() for name in SHEETS.values()}


def is_own_heading(value: object) -> bool:
    """Whether a cell is the heading of a column of ours."""
    return isinstance(value, str) and " ".join(value.split()).casefold() in _KNOWN


def is_own_sheet(name: str) -> bool:
    """Whether a sheet bears the name of ours."""
    return name.strip().casefold() in _SHEETS


def without_answers(book: Book) -> Book:
    """A workbook without what was written back into it."""
    return replace(book, sheets=tuple(_without(one) for one in book.sheets if not is_own_sheet(one.name)))


def _without(sheet: Sheet) -> Sheet:
    """Without the columns from their headings down."""
    own = {(i, j) for i, row in enumerate(sheet.rows) for j, value in enumerate(row) if is_own_heading(value)}
    if not own:
        return sheet
    first = {j: min(i for i, column in own if column == j) for _, j in own}
    rows = [
        [None if j in first and i >= first[j] else value for j, value in enumerate(row)]
        for i, row in enumerate(sheet.rows)
    ]
    faults = {(i, j): flaw for (i, j), flaw in sheet.faults.items() if not (j in first and i >= first[j])}
    return replace(sheet, rows=rows, faults=faults)
