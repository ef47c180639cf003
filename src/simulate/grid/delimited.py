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
from simulate.grid.cells import MOST_CELLS, MOST_ROWS
from simulate.locale import text

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
MOST_BYTES = 20_000_000
MOST_SIGNS = 1_000_000
MOST_LINES = 1_000_000  # a spreadsheet may write empty ones to its end
SIGNS = "\t;,"  # between cells; the first that parts half as many rows as any other
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
    _check_size(content)
    sign, content = _told(content)
    rows: list[list[Value]] = []
    faults: dict[Place, Flaw] = {}
    filled = 0
    for number, cells in enumerate(_records(content, sign or _sign(content))):
        row = _row(cells) if any(cells) else []
        if not row:
            continue
        if number >= MOST_ROWS:
            raise _too_many()
        faults |= {
            (number, i): Flaw("error", each) for i, each in enumerate(row) if each is not None and _is_error(each)
        }
        rows += [[] for _ in range(number - len(rows))]
        rows.append([None if (number, i) in faults else each for i, each in enumerate(row)])
        filled += len(row) - row.count(None)
        if len(row) > COLUMNS or filled > MOST_CELLS:
            raise _too_large()
    if not rows:
        raise GridProblem(text("the file is empty"))
    return Book(file, (Sheet("", rows, faults),))


def _check_size(content: str) -> None:
    """Before any of it is taken apart, which takes far more memory than the text."""
    if max(content.count(sign) for sign in SIGNS) > MOST_SIGNS:
        raise _too_large()
    if max(content.count("\n"), content.count("\r")) > MOST_LINES:
        raise _too_many()


def _too_many() -> GridProblem:
    return GridProblem(text("there are more than {n} rows; copy what matters into a new file", n=MOST_ROWS))


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
    """What parts the cells of the first rows. A comma may be that of a Danish number or of a sentence, and so does not count beside a semicolon."""
    parted = {sign: sum(len(cells) > 1 for cells in _first(content, sign)) for sign in SIGNS}
    return next(sign for sign in SIGNS if 2 * parted[sign] >= max(parted.values()))


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
            return [line.rstrip("\n").split(sign) for line in io.StringIO(content, newline=None)]
        raise GridProblem(text("row {row}: a quotation mark is missing, or stands where none belongs", row=len(found) + 1)) from None  # fmt: skip
    return found


def _row(cells: list[str]) -> list[str | None]:
    """To its last cell in which anything is seen."""
    row = [_seen(each) for each in cells]
    while row and row[-1] is None:
        row.pop()
    return row


def _seen(cell: str) -> str | None:
    if "\r" in cell:
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    return cell if cell.strip() else None


def _is_error(cell: str) -> bool:
    return cell[0] == "#" and (cell in ERRORS or cell in DANISH or bool(_NARROW.fullmatch(cell)))
