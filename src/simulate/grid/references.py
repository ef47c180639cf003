"""The cells that a formula names, as far as it is read: nothing of it is calculated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from simulate.grid.addresses import COLUMNS, column_of, letters

_SAID = re.compile(r'"(?:[^"]|"")*"')
_REFERENCE = re.compile(
    r"(?<![\w.$!\]'])(?:(?P<sheet>'(?:[^']|'')+'|[^\W\d][\w.]*)!)?"
    r"(?P<c>\$?[A-Z]{1,3})(?P<r>\$?[0-9]{1,7})(?::(?P<c2>\$?[A-Z]{1,3})(?P<r2>\$?[0-9]{1,7}))?(?![\w.(!])"
)


class Reference(NamedTuple):
    """sheet: its name, or "" of the formula's own. Rows and columns from 0, ends included."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int


def references(formula: str) -> Iterator[Reference]:
    for found in _REFERENCE.finditer(_SAID.sub('""', formula)):
        one = _of(found)
        if one is not None:
            yield one


def replaced(formula: str, named: Callable[[Reference], str | None]) -> str | None:
    """The formula with something else in place of each reference; None where any has nothing."""
    lost = False

    def other(found: re.Match[str]) -> str:
        nonlocal lost
        one = _of(found)
        said = None if one is None else named(one)
        lost |= said is None
        return said or ""

    said = _REFERENCE.sub(other, formula)
    return None if lost else said


def shifted(formula: str, rows: int, columns: int) -> str:
    """A formula that cells share, as it is in the cell so far from the first of them."""

    def moved(found: re.Match[str]) -> str:
        sheet = f"{found['sheet']}!" if found["sheet"] else ""
        first = _column(found["c"], columns) + _row(found["r"], rows)
        last = f":{_column(found['c2'], columns)}{_row(found['r2'], rows)}" if found["c2"] else ""
        return sheet + first + last

    return _REFERENCE.sub(moved, formula)


def _of(found: re.Match[str]) -> Reference | None:
    sheet = (found["sheet"] or "").strip("'").replace("''", "'")
    left, right = (column_of(found[key].lstrip("$")) if found[key] else None for key in ("c", "c2"))
    if left is None:
        return None
    top = int(found["r"].lstrip("$")) - 1
    bottom = int(found["r2"].lstrip("$")) - 1 if found["r2"] else top
    return Reference(sheet, top, left, bottom, left if right is None else right)


def _column(said: str, by: int) -> str:
    column = column_of(said)
    return said if said.startswith("$") or column is None else letters(min(max(column + by, 0), COLUMNS - 1))


def _row(said: str, by: int) -> str:
    return said if said.startswith("$") else str(max(int(said) + by, 1))
