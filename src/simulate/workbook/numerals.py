"""Numbers that the example has as texts ("465.000 kr.", "15 %"), as cells of numbers that look so: a spreadsheet sums those, and no text.

A case of somebody's own keeps its texts when it is converted, as what it says of how a number is written is part of it.
"""

from __future__ import annotations

import math
from dataclasses import replace

from simulate.scenario import numbers
from simulate.scenario.numbers import NumberProblem
from simulate.workbook import contents
from simulate.workbook.contents import Content
from simulate.workbook.layout import Column, Kind
from simulate.workbook.writing import Written


class Shown(float):
    """A number that looks as it was written. number_format: of its cell; str(): what stands there then."""

    number_format: str
    written: str

    def __str__(self) -> str:
        return self.written


def in_cells(sheet: Written) -> Written:
    """A sheet whose texts in columns of numbers are numbers, where each is one number in one way only."""
    rows = (tuple(_cell(_column(sheet, i, j), cell) for j, cell in enumerate(row)) for i, row in enumerate(sheet.rows))
    return replace(sheet, rows=tuple(rows))


def _column(sheet: Written, row: int, column: int) -> Column:
    is_field = sheet.fields is not None and sheet.columns[column].key == ("value",)
    return sheet.fields[row] if sheet.fields is not None and is_field else sheet.columns[column]


def _cell(column: Column, cell: Content | None) -> Content | None:
    if column.kind is not Kind.NUMBER or not isinstance(cell, str):
        return cell
    try:
        found = numbers.parse(cell)
    except NumberProblem:
        return cell
    if column.as_written and found.resolution != numbers.resolution(str(contents.number_of(found.value))):
        return cell
    made = Shown(found.value)
    made.written, made.number_format = cell, _format(cell, found)
    return made


def _format(written: str, found: numbers.Written) -> str:
    """That shows the digits that were written, in the workbook's own signs."""
    decimals = max(0, round(-math.log10(2 * found.resolution)) - 2 * found.share)
    digits = "0" + ("." + "0" * decimals if decimals else "")
    if found.share:
        return digits + (" %" if written.rstrip("%") != written.rstrip("%").rstrip() else "%")
    return f'#,##{digits} "kr."' if found.money else "General" if found.bare else f"#,##{digits}"
