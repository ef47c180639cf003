"""A case as an .xlsx file, plainly: headings, and what stands below them. Whatever a person wrote stands there as text, and no cell is a formula."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from simulate.locale import Language
from simulate.workbook import writing
from simulate.workbook.contents import Content
from simulate.workbook.writing import Written

PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
NARROW, WIDE = 10, 45  # letters
NEWLINES = "\r\n"


def written(tree: Mapping[str, Any], language: Language) -> bytes:
    """The file of a case's tree, in these words."""
    import xlsxwriter

    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, **PLAIN}) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for one in writing.sheets(tree, language):
            _sheet(book.add_worksheet(one.name), one, head)
    return stream.getvalue()


def _sheet(sheet: Any, one: Written, head: Any) -> None:
    for j, title in enumerate(one.titles):
        sheet.write_string(0, j, title, head)
        longest = max((len(str(row[j])) for row in one.rows if row[j] is not None), default=0)
        sheet.set_column(j, j, min(max(NARROW, len(title) // 2, longest + 1), WIDE))
    for i, row in enumerate(one.rows, 1):
        for j, cell in enumerate(row):
            put(sheet, i, j, cell)
    sheet.freeze_panes(1, 0)


def put(sheet: Any, row: int, column: int, cell: Content | None, how: Any = None) -> None:
    """What stands in a cell: a text is never a formula, a link or a number."""
    if cell is None:
        sheet.write_blank(row, column, None, how)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell, how)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell, how)
    else:
        sheet.write_number(row, column, cell, how)
