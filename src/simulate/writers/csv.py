"""Tables as a spreadsheet reads them, numbers as they stand in the JSON: for Danish Excel with semicolons and decimal commas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from simulate import locale
from simulate.content import BREAK, Cell, Figure, Heading, Note, Part, Row, Several, Sketch, Table, for_reader
from simulate.figures import unit_name
from simulate.locale import text

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a cell begins with that a spreadsheet works out
MONTH = re.compile(r"(\d{4})-(\d{2})")
DATE = re.compile(r"\d+([-/.:,]\d+)+")  # what a spreadsheet may take for a date or a number, though it is a name
DIGITS = 15  # that a spreadsheet keeps of a number
DECIMALS = 6  # of an amount: what is below is what sums of binary numbers are off by

Cells = Sequence[Cell]


def written(parts: Iterable[Part]) -> bytes:
    """The heading, notes and all tables, with an empty line before each; where there is no table, the sentences.

    UTF-8 with a byte order mark, by which Excel knows it.
    """
    every = list(for_reader(parts, "person"))
    has_tables = any(isinstance(part, Table) for part in every)
    rows: list[list[str]] = []
    for part in every:
        if isinstance(part, Table):
            rows += [[], *_table(part)]
        elif isinstance(part, Heading):
            rows.append([_words(part.words)])
        elif isinstance(part, Note):
            rows.append([_words(text("NOTE: {caveat}", caveat=part))])
        elif isinstance(part, str) and not has_tables and part != BREAK:
            rows.append([_words(part)])
    return _joined(rows).encode("utf-8-sig")


def _joined(rows: list[list[str]]) -> str:
    """What holds a comma stands in quotes also beside semicolons: a program that takes both for separators reads it right, too."""
    if locale.language() != "da":
        stream = io.StringIO(newline="")
        csv.writer(stream, lineterminator="\r\n").writerows(rows)
        return stream.getvalue()
    quoted = ([_quoted(cell) if re.search('[;,"\r\n]', cell) else cell for cell in row] for row in rows)
    return "".join(";".join(row) + "\r\n" for row in quoted)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def _table(table: Table) -> Iterator[list[str]]:
    """Every figure has a cell, and a unit: in a column of units, or above it where the rows have several. Amounts are in kroner."""
    titles, rows = _spread(table)
    if table.title:
        yield [_words(table.title)]
    of_rows = [_units(row, one, table.currency) for row, one in zip(rows, table.rows, strict=True)]
    of_columns = [set().union(*(_unit(row[i], table.currency) for row in rows)) for i in range(len(titles))]
    if all(len(units) <= 1 for units in of_rows) or any(len(units) > 1 for units in of_columns):
        titles[1:1] = [text("Unit")]
        rows = [[row[0], " / ".join(units), *row[1:]] for row, units in zip(rows, of_rows, strict=True)]
    else:
        titles = [_with(units, title) for units, title in zip(of_columns, titles, strict=True)]
    yield [_words(title) for title in titles]
    danish = locale.language() == "da"
    yield from ([_cell(cell, danish) for cell in row] for row in rows)


def _with(units: set[str], title: str) -> str:
    said = ", ".join(units)
    return f"{title} ({said})" if said else title


def _spread(table: Table) -> tuple[list[str], list[list[Cell]]]:
    """Titles and rows in which no cell has several figures: its column becomes as many as its longest cell has."""
    width = max((len(row.cells) for row in table.rows), default=len(table.columns))
    titles: list[str] = []
    columns: list[list[Cells]] = []
    for i in range(width):
        column = [_apart(row.cells[i]) for row in table.rows]
        wide = max(map(len, column), default=1)
        named = max((one.names for row in table.rows if isinstance(one := row.cells[i], Several)), key=len, default=())
        titles += [*(named or table.columns[i : i + 1])]
        columns.append([[*cells, *[None] * (wide - len(cells))] for cells in column])
    return titles, [[cell for column in columns for cell in column[row]] for row in range(len(table.rows))]


def _apart(cell: Cell) -> Cells:
    return cell.figures if isinstance(cell, Several) else [cell.words if isinstance(cell, Sketch) else cell]


def _units(spread: Cells, row: Row, currency: str) -> list[str]:
    """Of all figures of a row, in their order; the case's own word where it has one."""
    own = [one.unit for one in row.cells if isinstance(one, Several) and one.unit]
    return own[:1] or list(dict.fromkeys(unit for cell in spread for unit in _unit(cell, currency)))


def _unit(cell: Cell, currency: str) -> set[str]:
    return {unit_name(cell.unit, currency)} if isinstance(cell, Figure) else set()


def _cell(cell: Cell, danish: bool) -> str:
    if not isinstance(cell, Figure):
        return _words(cell if isinstance(cell, str) else "")
    value = round(cell.value, DECIMALS) if cell.unit == "kr" else cell.value
    said = format(Decimal(f"{value + 0.0:.{DIGITS}g}"), "f")
    return said.replace(".", ",") if danish else said


def _words(words: str) -> str:
    """Never a formula, a date or a number: months are written as statistics have them, 2027M01."""
    if month := MONTH.fullmatch(words):
        return "M".join(month.groups())
    is_formula = words.lstrip(" ").startswith(FORMULA) and words.strip() != "-"
    return f"'{words}" if is_formula or DATE.fullmatch(words) else words
