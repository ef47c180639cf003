"""What a cell is called: C3, Costs!C3, 'My sheet'!C3."""

from __future__ import annotations

import re
from functools import lru_cache

COLUMNS = 16_384  # to XFD

_PLAIN = re.compile(r"[^\W\d][\w.]*")  # a sheet's name that Excel writes without quotes ...
_CELL = re.compile(r"[A-Z]{1,3}\d+|R\d*(C\d*)?|C\d*", re.IGNORECASE)  # ... unless it reads as the address of a cell


def letters(column: int) -> str:
    """The column as a spreadsheet has it: A is 0."""
    said, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        said = chr(65 + letter) + said
    return said


def number_of(said: str) -> int:
    """The column's number from 0 of letters, also beyond a spreadsheet's last one."""
    found = 0
    for letter in said.upper():
        found = found * 26 + ord(letter) - 64
    return found - 1


@lru_cache(COLUMNS)
def column_of(said: str) -> int | None:
    """The column's number from 0; None for what is none of a spreadsheet."""
    if not (1 <= len(said) <= 3 and said.isascii() and said.isupper() and said.isalpha()):
        return None
    found = number_of(said)
    return found if found < COLUMNS else None


def address(row: int, column: int, sheet: str | None = None) -> str:
    """Row and column count from 0; the sheet's name is quoted where Excel quotes it; a text file has none."""
    cell = f"{letters(column)}{row + 1}"
    return cell if not sheet else f"{quoted(sheet)}!{cell}"


def quoted(sheet: str) -> str:
    is_plain = _PLAIN.fullmatch(sheet) and not _CELL.fullmatch(sheet)
    return sheet if is_plain else "'" + sheet.replace("'", "''") + "'"
