"""Reads a file as cells."""

from __future__ import annotations

from datetime import time, timedelta

from simulate.files import expanded, named
from simulate.grid.book import Book, Flaw, GridProblem, Sheet, Value
from simulate.locale import text


def read(path: str) -> Book:
    """Raises GridProblem."""
    import python_calamine as calamine

    try:
        book = calamine.load_workbook(expanded(path))
    except FileNotFoundError:
        raise GridProblem(text("there is no such file")) from None
    except (OSError, calamine.CalamineError) as error:
        raise GridProblem(text("this is no workbook that can be read: {reason}", reason=str(error))) from None
    with book:
        kept = [one for one in book.sheets_metadata if one.typ == calamine.SheetTypeEnum.WorkSheet]
        return Book(named(path), tuple(_sheet(book.get_sheet_by_name(one.name), one) for one in kept))


def _sheet(sheet, meta) -> Sheet:  # type: ignore[no-untyped-def]
    faults: dict[tuple[int, int], Flaw] = {}
    rows: list[list[Value]] = []
    for i, row in enumerate(sheet.to_python(skip_empty_area=False)):
        for j, value in enumerate(row):
            if isinstance(value, time | timedelta):
                faults[i, j] = Flaw("time", str(value))
        rows.append([None if value == "" or (i, j) in faults else value for j, value in enumerate(row)])
    merged = tuple((a, b, c, d) for (a, b), (c, d) in sheet.merged_cell_ranges or ())
    return Sheet(sheet.name, rows, faults, merged, hidden=str(meta.visible) != "SheetVisibleEnum.Visible")
