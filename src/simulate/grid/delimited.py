"""Tables as text: a CSV as Danish or English Excel writes it, Excel's "Unicode text", or cells pasted from Word or Excel.

Everything stays text, numbers too: 1.234 means one thing in Danish and another in English, which this module cannot know.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator

from simulate.grid.addresses import COLUMNS
from simulate.grid.book import ERRORS, Book, Flaw, GridProblem, Place, Sheet, Value, too_long
from simulate.grid.cells import MOST_CELLS, MOST_PLACES, MOST_ROWS
from simulate.locale import text

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
MOST_BYTES = 20_000_000
SIGNS = "\t;,"  # between cells; the first of those that part as many rows
LOOKED_AT = 200  # rows
DANISH = {"#NUL!", "#DIVISION/0!", "#VÆRDI!", "#REFERENCE!", "#NAVN?", "#I/T", "#OVERLØB!", "#BEREGN!"}
_NARROW = re.compile("#{2,}")  # what Excel writes for a number that its column was too narrow for


def book(file: str, data: bytes) -> Book:
    """data: the file's bytes.  Raises GridProblem."""
    if len(data) > MOST_BYTES:
        raise too_long(MOST_BYTES)
    return of_text(file, decoded(data))


def of_text(file: str, content: str) -> Book:
    """One sheet without a name; rows are counted as a spreadsheet does that opens the text.  Raises GridProblem."""
    if max(content.count(sign) for sign in SIGNS) > MOST_PLACES:
        raise _too_large()
    sign, content = _told(content)
    sign = sign or _sign(content)
    rows: list[list[Value]] = []
    faults: dict[Place, Flaw] = {}
    filled = places = 0
    for cells in _records(content, sign):
        row = [_value(each) for each in cells]
        while row and row[-1] is None:
            row.pop()
        faults |= {(len(rows), i): Flaw("error", each) for i, each in enumerate(row) if isinstance(each, str) and _is_error(each)}  # fmt: skip
        rows.append([None if (len(rows), i) in faults else each for i, each in enumerate(row)])
        filled, places = filled + len(row) - row.count(None), places + len(row) + 1
        _check(rows, filled, places)
    while rows and not rows[-1]:
        rows.pop()
    if not rows:
        raise GridProblem(text("the file is empty"))
    return Book(file, (Sheet("", rows, faults),))


def _check(rows: list[list[Value]], filled: int, places: int) -> None:
    if len(rows) > MOST_ROWS and rows[-1]:
        raise GridProblem(text("there are more than {n} rows; copy what matters into a new file", n=MOST_ROWS))
    if len(rows[-1]) > COLUMNS or filled > MOST_CELLS or places > MOST_PLACES:
        raise _too_large()


def _too_large() -> GridProblem:
    return GridProblem(text("there are more than {n} cells that are filled in, or more than {columns} in a row; copy what matters into a new file", n=MOST_CELLS, columns=COLUMNS))  # fmt: skip


def decoded(data: bytes) -> str:
    """The text in the encoding that it has: as its first bytes say, else UTF-8, else that of Windows in Western Europe.  Raises GridProblem."""
    marked = next((encoding for mark, encoding in MARKS.items() if data.startswith(mark)), "")
    if not marked and b"\0" in data:
        raise GridProblem(text("this is neither a workbook nor text"))
    for encoding in [marked] if marked else ["utf-8", "cp1252"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise GridProblem(text("this is no text that can be read; save the file with the encoding UTF-8"))


def _told(content: str) -> tuple[str, str]:
    """What parts the cells where the first line says so, which a spreadsheet does not show; and the lines after it."""
    first, _, rest = content.partition("\n")
    said = re.fullmatch(r'"?sep=(.)"?\r?', first, re.IGNORECASE)
    return (said[1], rest) if said else ("", content)


def _sign(content: str) -> str:
    """The sign that parts the most of the first rows; the decimal comma of Danish numbers parts no more of them than the semicolon does."""
    parted = {sign: sum(len(cells) > 1 for cells in _first(content, sign)) for sign in SIGNS}
    return max(SIGNS, key=parted.__getitem__)


def _first(content: str, sign: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=sign)
    try:
        for _, cells in zip(range(LOOKED_AT), reader, strict=False):
            yield cells
    except csv.Error:  # told when all is read
        return


def _records(content: str, sign: str) -> list[list[str]]:
    """Quoted cells may hold several lines. Word quotes nothing that is pasted, so there a quotation mark may be one that is meant."""
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=sign, strict=True)
    found: list[list[str]] = []
    try:
        found.extend(reader)
    except csv.Error:
        if sign == "\t":
            return list(csv.reader(io.StringIO(content, newline=""), delimiter=sign, quoting=csv.QUOTE_NONE))
        raise GridProblem(text("row {row}: a quotation mark is missing, or stands where none belongs", row=len(found) + 1)) from None  # fmt: skip
    return found


def _value(cell: str) -> str | None:
    if "\r" in cell:
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    return cell if cell.strip() else None


def _is_error(cell: str) -> bool:
    return cell[0] == "#" and (cell in ERRORS or cell in DANISH or bool(_NARROW.fullmatch(cell)))
