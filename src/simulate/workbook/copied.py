"""Formulas that copy an assumption's number from its cell: right today, and without its uncertainty, which follows its name alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from simulate import grid, locale
from simulate.grid import address
from simulate.grid.book import Place
from simulate.grid.references import Reference, references, replaced
from simulate.locale import text
from simulate.scenario.danish import folded
from simulate.workbook import layout
from simulate.workbook.layout import Kind, Shape
from simulate.workbook.reader import Reader
from simulate.workbook.tables import Found, Table

_CALCULATION = re.compile(r"(?:'[^']*'|[^\W\d]\w*|[0-9]+(?:\.[0-9]+)?|[-+*/() ])+")
_CALL = re.compile(r"\w *\(")
_SIGNS = re.compile(r"\s*([-+*/])\s*(?=[^-+*/ ])")
_PLAIN = re.compile(r"[^\W\d]\w*")
MOST_STEPS = 20  # from a cell to that of an assumption
MOST_CELLS = 200  # of a range
WITH_NAMES = (layout.CASE, layout.FAMILIES, layout.ENTRIES, layout.STATES, layout.MOVES, layout.COSTS, layout.SAVINGS, layout.FINANCING, layout.PERSON_YEARS)  # fmt: skip
"""Sheets in whose cells of numbers the name of an assumption may stand."""


def remarks(book: grid.Book, tables: Iterable[Table], reader: Reader) -> Iterator[Found]:
    """At each cell that would be another in every course, were the name there."""
    cells = {(folded(sheet.name), place): formula for sheet in book.sheets for place, formula in sheet.formulas.items()}
    if not cells:
        return
    uncertain = _uncertain(reader)
    if not uncertain:
        return
    for table in tables:
        told: dict[tuple[int, str], list[Place]] = {}  # the columns of years of a row say it once
        for (i, j), formula in sorted(table.given.formulas.items()):
            if i > table.first >= 0 and _takes_names(table, j):
                names = list(dict.fromkeys(_names((folded(table.given.name), (i, j)), cells, uncertain)))
                if names:
                    told.setdefault((i, _said(formula, names, table.given.name, uncertain)), []).append((i, j))
        for (_, said), places in told.items():
            rest = ", ".join(address(*place) for place in places[1:])
            yield Found(table.at(*places[0]), said + (text(" (also {cells})", cells=rest) if rest else ""))


Cell = tuple[str, Place]  # of a sheet, as its name is folded


def _uncertain(reader: Reader) -> Mapping[Cell, str]:
    """The assumptions whose value is uncertain, by the cells of their numbers."""
    assumptions = reader.tree.get(layout.ASSUMPTIONS.key)
    table = assumptions if isinstance(assumptions, Mapping) else {}
    named = {name for name, one in table.items() if isinstance(one, Mapping) and one.get("uncertainty")}
    return {
        _cell(cell): str(path[1])
        for path, cell in reader.cells.items()
        if path[:1] == (layout.ASSUMPTIONS.key,) and path[2:3] == ("value",) and path[1] in named
    }


def _cell(said: str) -> Cell:
    """Of an address as messages have it."""
    (one,) = references(said)
    return folded(one.sheet), (one.top, one.left)


def _takes_names(table: Table, j: int) -> bool:
    column = table.columns.get(j)
    if column is None:
        return False
    if table.sheet is layout.ASSUMPTIONS:
        return column.key[0] == "value"
    is_value = table.sheet.shape is Shape.FIELDS and column.key == layout.VALUE.key
    return table.sheet in WITH_NAMES and (column.kind is Kind.NUMBER or is_value)


def _names(cell: Cell, formulas: Mapping[Cell, str], uncertain: Mapping[Cell, str]) -> Iterator[str]:
    """The assumptions that a cell's formula comes to, through whatever cells."""
    seen, steps = {cell}, [cell]
    for _ in range(MOST_STEPS):
        steps, last = [], steps
        for sheet, place in last:
            for one in references(formulas.get((sheet, place), "")):
                for there in _cells(one, sheet):
                    if there in seen:
                        continue
                    seen.add(there)
                    name = uncertain.get(there)
                    if name is not None:
                        yield name
                    else:
                        steps.append(there)
        if not steps:
            return


def _cells(one: Reference, sheet: str) -> list[Cell]:
    own = folded(one.sheet) if one.sheet else sheet
    found = [(own, (i, j)) for i in range(one.top, min(one.bottom, one.top + MOST_CELLS) + 1) for j in range(one.left, min(one.right, one.left + 20) + 1)]  # fmt: skip
    return found[:MOST_CELLS]


def _said(formula: str, names: list[str], sheet: str, uncertain: Mapping[Cell, str]) -> str:
    own = folded(sheet)

    def named(one: Reference) -> str | None:
        name = uncertain.get(_cells(one, own)[0]) if (one.top, one.left) == (one.bottom, one.right) else None
        return name if name is None or _PLAIN.fullmatch(name) else f"'{name}'"

    calculation = replaced(formula.removeprefix("="), named)
    listed = ", ".join(names)
    if calculation is None or not _CALCULATION.fullmatch(calculation) or _CALL.search(calculation):
        return text("the formula copies the number of {name}, and how uncertain that is is lost; write the calculation with the name in its place", name=listed)  # fmt: skip
    written = _SIGNS.sub(r" \1 ", calculation).strip()
    if locale.language() == "da":
        written = re.sub(r"(?<=[0-9])\.(?=[0-9])", ",", written)
    return text("the formula copies the number of {name}, and how uncertain that is is lost; write {calculation} in its place, without =", name=listed, calculation=written)  # fmt: skip
