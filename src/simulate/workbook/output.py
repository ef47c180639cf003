"""A case as an .xlsx file, to be filled in, read and printed. Whatever a person wrote stands there as text, and no cell is a formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from simulate.errors import InputError
from simulate.locale import Language, text
from simulate.workbook import look, numerals, writing
from simulate.workbook.contents import Content
from simulate.workbook.layout import Column, Kind
from simulate.workbook.writing import Written

PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
EXTRA = 'pip install "provenu[spreadsheet]"'
A4 = 9  # as a workbook numbers it


def written(tree: Mapping[str, Any], language: Language, file: str = "", is_example: bool = False) -> bytes:
    """The file of a case's tree, in these words. file: its name, for what it says of commands; is_example: its numbers are invented. Raises InputError where the library is not installed."""
    try:
        import xlsxwriter
    except ImportError:
        raise InputError(text("this needs libraries that are not installed: {install}", install=EXTRA)) from None
    stream = BytesIO()
    found = writing.sheets(tree, language)
    if is_example:  # whose numbers are written over, and summed
        found = [numerals.in_cells(one) for one in found]
    with xlsxwriter.Workbook(stream, {"in_memory": True, **PLAIN}) as book:
        formats = _Formats(book)
        _guide(book.add_worksheet(look.GUIDE.said(language)), found, language, file or look.FILE.said(language), is_example, formats)  # fmt: skip
        ranges = _ranges(found)
        for one in found:
            _sheet(book.add_worksheet(one.name), one, language, ranges, formats)
    return stream.getvalue()


@dataclass(slots=True)
class _Formats:
    """Each look once."""

    book: Any
    made: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def __call__(self, **look: Any) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format({"valign": "top", **look})
        return self.made[key]


def _ranges(found: Sequence[Written]) -> dict[str, str]:
    """Where the names stand that other columns take."""
    from xlsxwriter.utility import quote_sheetname, xl_col_to_name

    ranges: dict[str, str] = {}
    for key, (sheet, name) in look.FROM_SHEETS.items():
        for one in found:
            j = next((j for j, column in enumerate(one.columns) if one.sheet is sheet and column.key == (name,)), None)
            if j is not None:
                letter = xl_col_to_name(j)
                ranges[key] = f"{quote_sheetname(one.name)}!${letter}$2:${letter}${look.LAST_ROW}"
    return ranges


# A sheet of the case -------------------------------------------------------------------------------------------------------


def _sheet(sheet: Any, one: Written, language: Language, ranges: Mapping[str, str], formats: _Formats) -> None:
    free = formats(locked=False)
    sheet.set_column(0, look.LAST_COLUMN, look.NARROW, free)
    widths = [look.width(column, title, [row[j] for row in one.rows]) for j, (column, title) in enumerate(zip(one.columns, one.titles, strict=True))]  # fmt: skip
    for j, (column, title) in enumerate(zip(one.columns, one.titles, strict=True)):
        sheet.set_column(j, j, widths[j], formats(locked=False, text_wrap=True, num_format=look.number_format(column, None)))  # fmt: skip
        _head(sheet, j, column, title, language, formats)
    sheet.set_row(0, look.height([round(wide * 0.85) for wide in widths], one.titles))  # which are bold
    last = len(one.rows) + (0 if one.fields else look.SPARE)
    for i in range(last):
        row = one.rows[i] if i < len(one.rows) else (None,) * len(one.columns)
        if i < len(one.rows) and look.height(widths, row) > look.LINE_HEIGHT:
            sheet.set_row(i + 1, look.height(widths, row))
        for j, cell in enumerate(row):
            column = one.fields[i] if one.fields and one.columns[j].key == ("value",) else one.columns[j]
            put(sheet, i + 1, j, cell, _of_cell(column, one.columns[j], cell, formats))
    _choices(sheet, one, language, ranges)
    _page(sheet, one, sum(widths), language)
    sheet.protect("", look.ALLOWED)
    sheet.set_tab_color(look.BLUE if one.rows else look.LINE)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{look.LAST_ROW}"})


def _head(sheet: Any, j: int, column: Column, title: str, language: Language, formats: _Formats) -> None:
    colours = {"bg_color": look.BLUE, "font_color": "white"} if column.needed else {"bg_color": look.PALE}
    how = formats(bold=True, text_wrap=True, border=1, border_color=look.LINE, locked=look.is_locked(column), **colours)
    sheet.write_string(0, j, title, how)
    said = look.note(column, language)
    if said:
        sheet.write_comment(0, j, said, {"x_scale": 2, "y_scale": 0.5 + 0.25 * (said.count("\n") + len(said) // 40)})


def _of_cell(column: Column, under: Column, cell: Content | None, formats: _Formats) -> Any:
    """column: what it holds; under: the column of the sheet that it stands in."""
    if under.key in (("field",), ("explanation",)):
        weight = {"bold": True} if under.key == ("field",) else {"font_color": look.GREY}
        return formats(locked=False, text_wrap=True, **weight)
    is_number = column.kind in (Kind.NUMBER, Kind.WHOLE) and (under is column or not isinstance(cell, str))
    return formats(
        locked=False, text_wrap=True, bg_color=look.HERE, border=1, border_color=look.LINE, num_format=look.number_format(column, cell),
        align="left" if under is not column else "right" if is_number else "left",
    )  # fmt: skip


def _choices(sheet: Any, one: Written, language: Language, ranges: Mapping[str, str]) -> None:
    places = [(1, j, look.LAST_ROW, column) for j, column in enumerate(one.columns)]
    if one.fields:
        j = next(j for j, column in enumerate(one.columns) if column.key == ("value",))
        places = [(i, j, i, column) for i, column in enumerate(one.fields, 1)]
    for first, j, last, column in places:
        own = {key: where for key, where in ranges.items() if look.FROM_SHEETS[key][0] is not one.sheet}
        found = look.validation(column, language, own)
        if found:
            sheet.data_validation(first, j, last, j, found)


def _page(sheet: Any, one: Written, letters: int, language: Language) -> None:
    """What stays in sight, and what it is like on paper."""
    kept = look.leading(one.columns)
    sheet.freeze_panes(1, kept)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.repeat_rows(0)
    pages = -(-letters // look.ONE_PAGE)
    if pages > 1:
        sheet.repeat_columns(0, kept - 1)
    sheet.fit_to_pages(pages, 1 if one.fields else 0)
    sheet.set_footer(f"&L&F · &A&R{look.PAGE.said(language)}")


# The sheet that explains ---------------------------------------------------------------------------------------------------


def _guide(sheet: Any, found: Sequence[Written], language: Language, file: str, is_example: bool, formats: _Formats) -> None:  # fmt: skip
    looks = {
        "title": formats(bold=True, font_size=16, font_color=look.BLUE), "example": formats(bold=True, text_wrap=True, border=2, border_color=look.BLUE),
        "line": formats(text_wrap=True), "head": formats(bold=True, font_size=12, valign="bottom", font_color=look.BLUE), "command": formats(font_name="Courier New"),
        "sheet": formats(bold=True),
    }  # fmt: skip
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 76)
    names = [(one.name, one.sheet) for one in found]
    for i, (kind, cells) in enumerate(look.guide(names, language, file, is_example)):
        if kind in ("line", "example"):
            sheet.merge_range(i, 0, i, 1, cells[0], looks[kind])
            sheet.set_row(i, look.height([125], cells) + 6)
        elif kind in ("title", "head"):
            sheet.set_row(i, 26)
            sheet.write_string(i, 0, cells[0], looks[kind])
        elif kind == "sheet":
            sheet.write_url(i, 0, f"internal:'{cells[0]}'!A1", looks[kind], cells[0])
            sheet.write_string(i, 1, cells[1], looks["line"])
        else:
            for j, cell in enumerate(cells):
                sheet.write_string(i, j, cell, looks[kind] if j == 0 else looks["line"])
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 1)


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
