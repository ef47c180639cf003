"""Sheets as officers have them, made by XlsxWriter, and what was found in one."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from simulate.attach import Asked, Found, recognised
from simulate.grid import read

Cells = Sequence[Sequence[Any]]


def workbook(
    path: Path,
    rows: Cells,
    *,
    sheet: str = "Business case",
    percents: Sequence[tuple[int, int]] = (),
    merged: Sequence[tuple[int, int, int, int]] = (),
    hidden: Sequence[int] = (),
    others: dict[str, Cells] | None = None,
) -> Path:
    """percents: cells with the format of a percentage; merged: first row, column, last row, column; hidden: rows; others: further sheets."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        share = book.add_format({"num_format": "0 %"})
        for name, content in {sheet: rows, **(others or {})}.items():
            page = book.add_worksheet(name)
            for i, row in enumerate(content):
                for j, value in enumerate(row):
                    if value is not None:
                        page.write(i, j, value, share if (i, j) in percents and name == sheet else None)
            for box in merged if name == sheet else ():
                page.merge_range(*box, rows[box[0]][box[1]])
            for row_ in hidden if name == sheet else ():
                page.set_row(row_, None, None, {"hidden": True})
    return path


def found(path: Path, rows: Cells, asked: Asked | None = None, **how: Any) -> Found:
    return recognised(read(str(workbook(path / "budget.xlsx", rows, **how))), asked or Asked())


def amounts(one: Found) -> dict[str, dict[str, tuple[float, ...]]]:
    """Kind → label → by year."""
    told: dict[str, dict[str, tuple[float, ...]]] = {}
    for line in one.lines:
        told.setdefault(line.kind, {})[line.label] = line.amounts
    return told


def cell(place: str) -> str:
    return place.rpartition("!")[2]
