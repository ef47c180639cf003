"""Tables of a workbook that an answer goes beside: which rows are what, and where there is room."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from simulate.answers.base import Estimate, Percentiles
from simulate.answers.run import Run
from simulate.grid import Sheet
from simulate.workbook.answered import PARTS, Part, is_own_heading
from simulate.writers.write_back.parts import Parts
from simulate.writers.write_back.scanned import LAST_COLUMN, Area, Scanned, area_of, references, scanned
from simulate.writers.write_back.xml import elements

Of = Literal["line", "financing line", "kind", "provenu", "financing", "with_financing"]
_FORMULA = re.compile(rb"<(?:[A-Za-z0-9]+:)?f(?:ormula[12]?)?[ >]")
ENDS: tuple[Literal["5", "50", "95"], ...] = ("5", "50", "95")


@dataclass(frozen=True, slots=True)
class Row:
    """row: from 0. of, name: what of the answer it is, a line by its label, a kind as the budget has it. sign: -1 where the sheet has costs positive."""

    row: int
    of: Of
    name: str = ""
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """header: the row of its headings, from 0; last_column: the last of its own; scale: kroner in one of what it counts in."""

    sheet: str
    header: int
    last_column: int
    rows: tuple[Row, ...]
    scale: int = 1

    def of_lines(self, labels: Collection[str]) -> Table:
        """Without rows of lines that the case has not: those of a portfolio's programmes are its own."""
        return replace(self, rows=tuple(one for one in self.rows if not one.of.endswith("line") or one.name in labels))

    @property
    def last_row(self) -> int:
        return max(one.row for one in self.rows)

    @property
    def height(self) -> range:
        """From its headings to its last row."""
        return range(self.header, self.last_row + 1)


@dataclass(frozen=True, slots=True)
class Values:
    """Of a row, in kroner and shares, savings positive; None: the answer has none."""

    expected: float | None = None
    bands: Percentiles | None = None
    chance: float | None = None


def values_of(row: Row, run: Run) -> Values:
    """What the answer has for a row."""
    budget, given = run.budget, run.budget.financing
    if row.of == "line":
        return Values(budget.lines[row.name].total.value, run.lines[row.name].bands)
    if row.of == "kind":
        own = {"costs": budget.costs, "savings": budget.savings, "person_years": budget.person_years}[row.name]
        return Values(
            own.total.value, next((one.bands for kind, one in (run.kinds or {}).items() if kind == row.name), None)
        )
    if row.of == "provenu":
        varies = run.provenu.deviation.value != 0  # else a chance would be 0 or 1, which says more than the sheet knows
        return Values(run.bridge.expected.value, run.provenu.bands, run.break_even.chance.value if varies else None)
    if given is None:
        return Values()
    if row.of == "financing line":
        return Values(_value(given.lines[row.name].total))
    if row.of == "financing":
        return Values(given.total.total.value)
    whole = run.with_financing
    if whole is None:
        return Values()
    return Values(_value(whole.mean), whole.bands, whole.chance.value if whole.deviation.value != 0 else None)


def _value(one: Estimate | None) -> float | None:
    return None if one is None else one.value


def shown(values: Values, row: Row, scale: int) -> dict[Part, float]:
    """As the sheet counts: in its unit, and with its sign. What a row turns round has its percentiles the other way round."""
    found: dict[Part, float] = {}
    if values.expected is not None:
        found["expected"] = _counted(values.expected, row.sign, scale)
    for p in ENDS if values.bands is not None else ():
        assert values.bands is not None
        found[p] = _counted(values.bands[int(p) if row.sign > 0 else 100 - int(p)].value, row.sign, scale)
    if values.chance is not None:
        found["chance"] = values.chance
    return found


def _counted(value: float, sign: int, scale: int) -> float:
    return (value * sign if scale == 1 else value * sign / scale) + 0.0


def columns_of(table: Table) -> list[Part]:
    """Those that it gets: of which the answer has something, and what they are of."""
    has_bands = any(one.of not in ("financing line", "financing") for one in table.rows)
    has_chance = any(one.of in ("provenu", "with_financing") for one in table.rows)
    return [part for part in PARTS if not ((part in ENDS and not has_bands) or (part == "chance" and not has_chance))]


# Where there is room --------------------------------------------------------------------------------------------------


def own_columns(table: Table, sheet: Sheet) -> list[int]:
    """Of an answer that was written before."""
    width = len(sheet.rows[table.header]) if table.header < len(sheet.rows) else 0
    return [column for column in range(width) if is_own_heading(sheet.at(table.header, column))]


def filled_columns(table: Table, sheet: Scanned, own: Sequence[int]) -> set[int]:
    """Columns with something in a row of the table, but for those of an answer that was written before."""
    cells = (cell for row in sheet.rows.values() if row.number in table.height for cell in row.cells)
    return {cell.column for cell in cells if cell.filled} - set(own)


def room(table: Table, wide: int, sheet: Scanned, taken: Sequence[Area], own: Sequence[int]) -> int | None:
    """The first column right of the table with so many free ones side by side, an empty one before them; None where there is none.

    sheet: scanned with the table's rows; taken: cells that something else than a cell's content lies on, or that are counted with; own: columns that
    are written anew.
    """
    filled = filled_columns(table, sheet, own)
    for first in range(table.last_column + 2, LAST_COLUMN - wide):
        block = Area(table.header, first, table.last_row, first + wide - 1)
        columns = range(first, first + wide)
        if first - 1 in filled or any(i in filled or sheet.hidden(i) for i in columns):
            continue
        if not any(one.meets(block) for one in taken):
            return first
    return None


Counted = Sequence[tuple[str, Area]]
"""Cells of sheets (casefolded; "*": of several)."""


def counted_with(parts: Parts) -> Counted:
    """Cells that formulas, names and pictures of the workbook reckon with: what is written there would change them."""
    found: list[tuple[str, Area]] = []
    for one in parts.sheets():
        if _FORMULA.search(parts.data[one.part]):
            for formula, high, wide in scanned(parts.data[one.part]).formulas:
                found += references(formula, one.name, high, wide)
    for formula in _elsewhere(parts):
        found += references(formula, "")
    return list(dict.fromkeys(found))


def of_sheet(counted: Counted, sheet: str) -> list[Area]:
    return [area for name, area in counted if name in (sheet.casefold(), "*")]


def _elsewhere(parts: Parts) -> list[str]:
    """Formulas of names and of pictures."""
    names = elements(parts.data[parts.workbook], ("definedName",))
    charts = (data for name, data in parts.data.items() if name.startswith("xl/charts/chart") and name.endswith(".xml"))
    own = [one.words for one in names if not one.attributes["name"].startswith("_xlnm.")]
    return own + [one.words for data in charts for one in elements(data, ("f",))]


def lying_on(parts: Parts, part: str, sheet: Scanned) -> list[Area]:
    """Cells of a sheet that pictures lie on, that are merged, or of a table of the spreadsheet's own."""
    found = list(sheet.merged)
    for table in parts.related(part, "table"):
        found += [area_of(one.attributes["ref"]) for one in elements(parts.data[table], ("table",))]
    for drawing in parts.related(part, "drawing"):
        found += _pictures(parts.data[drawing])
    return found


def _pictures(drawing: bytes) -> list[Area]:
    names = ("twoCellAnchor", "oneCellAnchor", "from", "to", "col", "row")
    found: list[list[int]] = []
    for one in elements(drawing, names):
        if one.name.endswith("Anchor"):
            found.append([])
        elif one.name in ("col", "row") and found:
            found[-1].append(int(one.words))
    return [
        Area(each[1], each[0], each[3], each[2])
        if len(each) >= 4
        else Area(each[1], each[0], each[1] + 20, each[0] + 8)
        for each in found
        if len(each) >= 2
    ]
