"""What the rows of all sheets are put together in: the tree, the cell of each place, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulate.locale import text
from simulate.scenario.paths import Path
from simulate.scenario.schema import FIRST_YEAR
from simulate.scenario.values import shown
from simulate.workbook import layout
from simulate.workbook.layout import Column, Key
from simulate.workbook.tables import Found, Row, Table

MOST_YEARS = 110  # of a horizon; more are refused
ZERO_BETWEEN = (layout.COSTS, layout.SAVINGS, layout.FINANCING, layout.PERSON_YEARS, layout.FAMILIES)
"""Sheets in which a year without a number is 0 where others before or after it have one; elsewhere it is a problem."""


HOLDING = (layout.ASSUMPTIONS, layout.FAMILIES, layout.PERSON_YEARS)
"""Sheets in which the last number holds for all years after it; of budget lines the rules say so."""


@dataclass(slots=True)
class Reader:
    tree: dict[str, Any] = field(default_factory=dict)
    cells: dict[Path, str] = field(default_factory=dict)
    problems: list[Found] = field(default_factory=list)
    remarks: list[Found] = field(default_factory=list)
    lost: set[Path] = field(default_factory=set)

    def wrong(self, cell: str, message: str) -> None:
        self.problems.append(Found(cell, message))

    def remark(self, cell: str, message: str) -> None:
        self.remarks.append(Found(cell, message))

    @property
    def first_year(self) -> int | None:
        time = self.tree.get("time")
        year = time.get("first_year") if isinstance(time, Mapping) else None
        return year if isinstance(year, int) else None

    def place(self, path: Path, cells: Mapping[Key, str], cell: str) -> None:
        """Say where a table and all its keys stand."""
        self.cells.setdefault(path, cell)
        for key, own in cells.items():
            self.cells.setdefault((*path, *key), own)
        for key, own in cells.items():  # a table within it is where its first key is
            for n in range(1, len(key)):
                self.cells.setdefault((*path, *key[:n]), own)

    def nested(self, values: Mapping[Key, Any], row: Row) -> dict[str, Any]:
        """The table of a row, from its columns' keys."""
        table: dict[str, Any] = {}
        for key, value in values.items():
            if not put(table, key, value):
                other = next(one for one in values if one != key and (one == key[: len(one)] or key == one[: len(key)]))
                said = text("this says the same thing as {cell} in another way, and both cannot stand; keep one of the two", cell=row.cell(*other))  # fmt: skip
                self.wrong(row.cell(*key), said)
        return table

    def merged(self, table: dict[str, Any], more: Mapping[str, Any], cell: str) -> None:
        """Add what the column More has; what is said twice is a problem."""
        for key, value in more.items():
            if key not in table:
                table[key] = value
            elif isinstance(table[key], dict) and isinstance(value, Mapping):
                self.merged(table[key], value, cell)
            else:
                self.wrong(cell, text("{key} is said twice, here and in a column of its own", key=f"`{key}`"))

    def more(self, path: Path, table: dict[str, Any], row: Row) -> None:
        """What the column More of a row has of the table at a place."""
        self.merged(table, row.more, row.cell("more"))
        places = below(path, row.more) if row.more else iter(())
        self.cells |= {place: row.cell("more") for place in places if place != path}


def put(table: dict[str, Any], key: Key, value: Any) -> bool:
    """Put it in; a key that counts makes a list. False where something else stands in its way."""
    node: Any = table
    for step, after in zip(key, (*key[1:], None), strict=True):
        if not isinstance(node, dict if isinstance(step, str) else list):
            return False
        if after is None:
            if isinstance(node, list):
                node.append(value)
            elif step in node:
                return False
            else:
                node[step] = value
        elif isinstance(node, dict):
            node = node.setdefault(str(step), [] if isinstance(after, int) else {})
    return True


def table_of(
    reader: Reader, path: Path, row: Row, values: Mapping[Key, Any], cells: Mapping[Key, str], *own: Key
) -> dict[str, Any]:
    """The table of a row, with the cells of its keys. own: keys that are no part of it."""
    built = reader.nested({key: value for key, value in values.items() if key not in own}, row)
    reader.place(
        path, {key: cell for key, cell in cells.items() if key not in own}, row.cell(*own[0]) if own else row.place
    )
    reader.more(path, built, row)
    return built


def by_year(reader: Reader, table: Table, row: Row, key: str) -> tuple[dict[Key, Any], dict[Key, str]]:
    """A row's values and cells, of which those in columns of years are a list, or a table where years are left out."""
    years = {int(k[1]): v for k, v in row.values.items() if k[0] == key and len(k) == 2 and isinstance(k[1], int)}
    values = {k: v for k, v in row.values.items() if not (k[0] == key and len(k) == 2)}
    cells = {k: c for k, c in row.cells.items() if not (k[0] == key and len(k) == 2)}
    if not years:
        return values, cells
    if (key,) in values:
        reader.wrong(
            row.cell(key),
            text("one number for all years and numbers by year cannot both stand here; keep one of the two"),
        )
        return values, cells
    order = sorted(years)
    _years_empty(reader, table, row, key, order)
    is_list = order == [reader.first_year + n for n in range(len(order))] if reader.first_year is not None else False
    values[key,] = [years[year] for year in order] if is_list else {str(year): years[year] for year in order}
    cells[key,] = row.cell(key, order[0])
    cells |= {(key, i if is_list else str(year)): row.cell(key, year) for i, year in enumerate(order)}
    return values, cells


def _years_empty(reader: Reader, table: Table, row: Row, key: str, filled: Sequence[int]) -> None:
    """What empty cells among the years of a row count as, where it is not as in every year."""
    time = reader.tree.get("time")
    first, count = (time.get("first_year"), time.get("years")) if isinstance(time, Mapping) else (None, None)
    if not isinstance(first, int) or first < FIRST_YEAR or not isinstance(count, int) or not 1 < count <= MOST_YEARS:
        return
    empty = [year for year in range(first, first + count) if year not in filled]
    if filled == [first] and table.sheet in HOLDING:
        said = text("{year} alone has a number, which counts in all years; write it in the column {column} where that is meant, and the years after it where it is not", year=first, column=shown(table.sheet.column(key).title.spoken))  # fmt: skip
        reader.remark(row.cell(key, first), said)
    elif table.sheet is layout.ASSUMPTIONS and empty and (begin := _first_column(table)) > first:
        said = text("the columns of years begin with {year}, and this is {first}; write {year} here, or put columns of the years from {first} on before theirs", year=begin, first=first)  # fmt: skip
        cell = reader.cells["time", "first_year"]
        if Found(cell, said) not in reader.problems:  # once for all rows
            reader.wrong(cell, said)
    elif table.sheet is layout.ASSUMPTIONS and empty and empty[0] < max(filled):
        gone = [year for year in empty if year < max(filled)]
        said = text("nothing stands under {years}, and a year after it has a number; write one here", years=", ".join(map(str, gone)))  # fmt: skip
        reader.wrong(row.cell(key, gone[0]), said)
    elif table.sheet in ZERO_BETWEEN and empty and empty != list(range(max(filled) + 1, first + count)):
        said = text("nothing stands under {years}, which counts as 0; write 0 where that is meant", years=", ".join(map(str, empty)))  # fmt: skip
        reader.remark(row.cell(key, empty[0]), said)


def _first_column(table: Table) -> int:
    """The first year that has a column; 0 where none has."""
    of_years = (one.key[1] for one in table.columns.values() if len(one.key) == 2 and one.key[0] == table.sheet.years)
    return min((int(year) for year in of_years if str(year).isdigit()), default=0)


def needed(reader: Reader, row: Row, column: Column) -> Any:
    """What a row cannot do without; None, and a problem, where it is not there."""
    found = row.values.get(column.key)
    if found is None and column.key in row.cells and column.key not in row.broken:
        reader.wrong(row.cell(*column.key), text("this row has no {column}", column=shown(column.title.spoken)))
    return found


def below(path: Path, value: Any) -> Iterator[Path]:
    """Every place in it, and those on the way to it."""
    yield path
    children: Iterable[tuple[str | int, Any]] = (
        value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    )
    for step, item in children:
        yield from below((*path, step), item)
