"""Cells that are no grid: a CSV file, of a spreadsheet or of a program, whose header names what is varied, with a row for each cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from simulate.engine import Case
from simulate.errors import InputError
from simulate.files import expanded, named, reason
from simulate.locale import text
from simulate.scenario.numbers import NumberProblem
from simulate.sweeps.grid import Axis
from simulate.sweeps.standing import Standing
from simulate.sweeps.vary import MOST, Varied, axis, check_once, one, signed, stood

MOST_BYTES = 100_000_000
MOST_SHOWN = 50  # problems
BYTE_ORDER = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """top: the header's row. header: what is varied. rows: the number of each, and its cells.

    plain: numbers are as programs write them, with a point.
    """

    file: str
    top: int
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    plain: bool


def read(file: str, cases: Sequence[Case]) -> tuple[tuple[Axis, ...], tuple[tuple[int, ...], ...]]:
    """What is varied, and for each row the places of its values. Raises InputError with all that is wrong with the file."""
    sheet = _sheet(file)
    columns = _columns(sheet, cases)
    problems: list[str] = []
    values = [_values(sheet, row, columns, problems) for row in sheet.rows]
    if problems:
        more = [f"... +{len(problems) - MOST_SHOWN}"] if len(problems) > MOST_SHOWN else []
        raise InputError("\n".join(problems[:MOST_SHOWN] + more))
    _check_twice(sheet, values)
    found: list[Axis] = []
    for i, (what, stands) in enumerate(columns):
        distinct = list(dict.fromkeys(row[i] for row in values))
        found.append(axis(what.name, what.sign, distinct, stands, [each.name for each in found]))
    places = [{float(value): j for j, value in enumerate(each.values)} for each in found]  # type: ignore[arg-type]
    return tuple(found), tuple(tuple(place[value] for place, value in zip(places, row, strict=True)) for row in values)


def _columns(sheet: Sheet, cases: Sequence[Case]) -> list[tuple[Varied, list[Standing]]]:
    """What each column varies; a column is held against the others as an axis is."""
    problems, found = [], []
    for i, title in enumerate(sheet.header):
        place = _place(sheet, sheet.top, i)
        try:
            name, sign = signed(title, {each for case in cases for each in case.scenario.assumptions})
            if not name:
                raise InputError(text("this column has no title; write what is varied there, like relapse"))
            stands = stood(name, sign, cases)
            found.append((Varied(name, sign, (), place), stands))
        except InputError as error:
            problems.append(f"{place}: {error}")
    if problems:
        raise InputError("\n".join(problems))
    _check_overlap(found)
    return found


def _check_overlap(columns: Sequence[tuple[Varied, list[Standing]]]) -> None:
    owners: dict[tuple[str | int, ...], str] = {}
    for what, stands in columns:
        check_once(stands, what.place, owners)


def _values(
    sheet: Sheet, row: tuple[int, tuple[str, ...]], columns: Sequence[tuple[Varied, list[Standing]]], problems: list[str]
) -> tuple[float, ...]:  # fmt: skip
    number, cells = row
    found = []
    for i, (_, stands) in enumerate(columns):
        try:
            found.append(one(cells[i], stands, sheet.plain))
        except (InputError, NumberProblem) as error:
            problems.append(f"{_place(sheet, number, i)}: {error}")
    return tuple(found)


def _check_twice(sheet: Sheet, values: Sequence[tuple[float, ...]]) -> None:
    seen: dict[tuple[float, ...], int] = {}
    for (number, _), row in zip(sheet.rows, values, strict=True):
        if row in seen:
            raise InputError(text("{file}: row {row} has the numbers of row {other}", file=sheet.file, row=number, other=seen[row]))  # fmt: skip
        seen[row] = number


def _place(sheet: Sheet, row: int, column: int) -> str:
    """As a spreadsheet has it."""
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    said = text("{file}, row {row}, column {letters}", file=sheet.file, row=row, letters=letters)
    return f"{said} ({sheet.header[column]})" if sheet.header[column] else str(said)


# The file -------------------------------------------------------------------------------------------------------------


def _sheet(file: str) -> Sheet:
    name = named(file)
    lines = [(i, line) for i, line in enumerate(io.StringIO(_text(file, name), newline=None), 1)]
    mark = ""
    if lines and lines[0][1].casefold().startswith("sep="):  # what a spreadsheet is told in a file's first line
        mark, lines = lines[0][1].rstrip("\n")[4:5], lines[1:]
    first = lines[0][1] if lines else ""
    mark = mark or next((one for one in (";", "\t", ",") if one in first), ";")
    skipped = lines[0][0] - 1 if lines else 0
    reader = csv.reader((line for _, line in lines), delimiter=mark, strict=True, skipinitialspace=True)
    rows: list[tuple[int, tuple[str, ...]]] = []
    try:
        for cells in reader:
            stripped = tuple(cell.strip() for cell in cells)
            if any(stripped):
                rows.append((skipped + reader.line_num, stripped))
            if len(rows) > MOST + 1:
                raise InputError(text("{file}: there are more than {n} rows", file=name, n=MOST))
    except csv.Error:
        raise InputError(text("{file}, row {row}: a quotation mark is missing, or stands where none belongs", file=name, row=skipped + reader.line_num)) from None  # fmt: skip
    if len(rows) < 2:
        raise InputError(text("{file}: there are no rows; the first line says what is varied, and each one after it is a cell", file=name))  # fmt: skip
    wide = max(i for i, title in enumerate(rows[0][1], 1) if title)  # empty cells at an end are a spreadsheet's
    return Sheet(name, rows[0][0], rows[0][1][:wide], _as_wide(name, rows[1:], wide), mark == ",")


def _as_wide(
    name: str, rows: Sequence[tuple[int, tuple[str, ...]]], wide: int
) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The rows below the header, which must be as wide."""
    for number, cells in rows:
        if len(cells) < wide or any(cells[wide:]):
            raise InputError(text("{file}, row {row}: there are {n} cells, and {wide} titles; a number with a comma stands in quotes where commas part the cells", file=name, row=number, n=len(cells), wide=wide))  # fmt: skip
    return tuple((number, cells[:wide]) for number, cells in rows)


def _text(file: str, name: str) -> str:
    try:
        with open(expanded(file), "rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"{name}  " + text("there is no such file")) from None
    except (OSError, ValueError) as error:
        raise InputError(f"{name}  " + text("the file cannot be read: {reason}", reason=reason(error))) from None
    if len(data) > MOST_BYTES:
        raise InputError(f"{name}  " + text("the file is too large; a sweep has at most {n} rows", n=MOST))
    encodings = [encoding for mark, encoding in BYTE_ORDER.items() if data.startswith(mark)] or ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{name}  " + text("this is no UTF-8 text; save the file with the encoding UTF-8"))
