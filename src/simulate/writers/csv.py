"""Tables as a spreadsheet reads them, numbers as they stand in the JSON: for Danish Excel with semicolons and decimal commas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal

from simulate import locale
from simulate.content import Cell, Figure, Heading, Part, Row, Table
from simulate.figures import unit_name
from simulate.locale import text

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a cell begins with that a spreadsheet works out


def written(parts: Iterable[Part]) -> bytes:
    """The heading and all tables, with an empty line between them; UTF-8 with a byte order mark, by which Excel knows it."""
    stream = io.StringIO(newline="")
    danish = locale.language() == "da"
    rows = csv.writer(stream, delimiter=";" if danish else ",", lineterminator="\r\n")
    for part in parts:
        if isinstance(part, Heading):
            rows.writerow([_words(part.words)])
        elif isinstance(part, Table):
            rows.writerow([])
            rows.writerows([[_cell(cell, danish) for cell in row] for row in _rows(part)])
    return stream.getvalue().encode("utf-8-sig")


def _rows(table: Table) -> Iterator[list[Cell]]:
    """With a column of units, amounts in kroner whatever the table is counted in."""
    if table.title:
        yield [table.title]
    if table.columns:
        yield [table.columns[0], text("Unit"), *table.columns[1:]]
    for row in table.rows:
        yield [row.cells[0], _unit(row, table.currency), *row.cells[1:]]


def _unit(row: Row, currency: str) -> str:
    """Of all figures of a row; nothing where they have several."""
    units = {unit_name(cell.unit, currency) for cell in row.cells if isinstance(cell, Figure)}
    return units.pop() if len(units) == 1 else ""


def _cell(cell: Cell, danish: bool) -> str:
    if not isinstance(cell, Figure):
        return _words(cell or "")
    number = format(Decimal(repr(float(cell.value) + 0.0)), "f").removesuffix(".0")
    return number.replace(".", ",") if danish else number


def _words(words: str) -> str:
    """Never a formula."""
    return f"'{words}" if words.lstrip(" ").startswith(FORMULA) else words
