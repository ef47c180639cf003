"""The rows of a sheet under their headings, and whatever stands in the sheet and is neither."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from simulate import grid
from simulate.distributions import PERCENTILE
from simulate.grid import Value, address
from simulate.locale import plural, text
from simulate.scenario.danish import folded
from simulate.scenario.values import YEAR, shown
from simulate.workbook import contents, layout
from simulate.workbook.contents import CellProblem, is_empty
from simulate.workbook.layout import MORE, Column, Key, Kind, Shape, Sheet

SOUGHT = 30  # rows in which headings are looked for


class Found(NamedTuple):
    """What is wrong with a cell, or what is to be known of it. cell: "Costs!C3", or a sheet's own name."""

    cell: str
    message: str


@dataclass(frozen=True, slots=True)
class Row:
    """values: by the columns' keys, of the cells that are filled. cells: of all columns. place: its first filled cell."""

    index: int
    place: str
    values: dict[Key, Any]
    cells: dict[Key, str]
    more: dict[str, Any]

    def cell(self, *key: str | int) -> str:
        return self.cells.get(key, self.place)


@dataclass(slots=True)
class Table:
    """A sheet of the case. first: the row of its headings; columns: by their place; missing: those that have no heading."""

    sheet: Sheet
    given: grid.Sheet
    first: int = -1
    columns: dict[int, Column] = field(default_factory=dict)
    problems: list[Found] = field(default_factory=list)
    remarks: list[Found] = field(default_factory=list)

    def at(self, row: int, column: int) -> str:
        return address(row, column, self.given.name)

    def is_filled(self, row: int, column: int) -> bool:
        return (row, column) in self.given.faults or not is_empty(self.given.at(row, column))

    def wrong(self, cell: str, message: str) -> None:
        self.problems.append(Found(cell, message))


def of(sheet: Sheet, given: grid.Sheet) -> Table:
    """Its headings found, and everything said that is beside them."""
    table = Table(sheet, given)
    if not any(True for _ in _filled(table)):
        return table
    table.first = _heading_row(table)
    if table.first < 0:
        expected = ", ".join(one.title.spoken for one in _known(sheet)[:4])
        table.wrong(
            table.at(0, 0), text("no row of this sheet has its headings; they begin with {headings}", headings=expected)
        )
        return table
    _above(table)
    _heads(table)
    _merged(table)
    _hidden(table)
    return table


def rows(table: Table) -> Iterator[Row]:
    """Of each row that has anything, what its cells say; what is wrong goes to the table's problems."""
    for i in range(table.first + 1, _height(table.given)) if table.first >= 0 else ():
        found = _row(table, i)
        if found is not None:
            yield found


# Headings ------------------------------------------------------------------------------------------------------------------


def _known(sheet: Sheet) -> Sequence[Column]:
    own = layout.FIELDS if sheet.shape is Shape.FIELDS else sheet.columns
    return (*own, MORE) if sheet.more else own


def column_called(sheet: Sheet, heading: Value) -> Column | None:
    """The column that a heading means, in either language."""
    said = _heading(heading)
    if re.match(YEAR, said) and sheet.years:
        return layout.year_column(sheet, int(said))
    if sheet.percentiles and PERCENTILE.fullmatch(said):
        return layout.percentile_column(said)
    if sheet.members is not None:
        for first in (sheet.members.first.da, sheet.members.first.en):
            if said.casefold().startswith(first.casefold()) and said[len(first) :].strip():
                return layout.member_column(sheet, said[len(first) :].removeprefix(" "))
    return next((one for one in _known(sheet) if one.is_called(said)), None)


def _heading(given: Value) -> str:
    """A year that stands there as a number is one."""
    if isinstance(given, float) and given.is_integer():
        return str(int(given))
    return given if isinstance(given, str) else "" if given is None else str(given)


def _heading_row(table: Table) -> int:
    """The row that has most headings which are known; -1 where none has any."""
    counts = [sum(column_called(table.sheet, each) is not None for each in row) for row in table.given.rows[:SOUGHT]]
    return counts.index(max(counts)) if any(counts) else -1


def _above(table: Table) -> None:
    """Nothing but what the sheet is and is for."""
    own = {folded(words) for one in (table.sheet.title, table.sheet.about) for words in (one.da, one.en)}
    for i, j in _filled(table):
        said = table.given.at(i, j)
        if i < table.first and not (isinstance(said, str) and folded(said) in own):
            table.wrong(table.at(i, j), text("this stands above the headings, where nothing is read; delete it, or move it to a sheet named {name}",
                                             name=layout.NEVER_READ[0].spoken))  # fmt: skip


def _heads(table: Table) -> None:
    first = table.first
    seen: dict[Key, int] = {}
    for j in range(_width(table.given)):
        heading = table.given.at(first, j)
        column = None if is_empty(heading) else column_called(table.sheet, heading)
        if (first, j) in table.given.faults:
            table.wrong(table.at(first, j), table.given.faults[first, j].words())
        elif column is None:
            _without_heading(table, j, heading)
        elif column.key in seen:
            message = text(
                "the heading {heading} stands twice, here and in {cell}",
                heading=shown(_heading(heading)),
                cell=table.at(first, seen[column.key]),
            )
            table.wrong(table.at(first, j), message)
        else:
            seen[column.key] = j
            table.columns[j] = column
    _missing(table, seen)


def _without_heading(table: Table, j: int, heading: Value) -> None:
    """Of a column that means nothing: a problem where anything stands under it."""
    filled = next((i for i in range(table.first + 1, _height(table.given)) if table.is_filled(i, j)), None)
    if filled is None:
        return
    if is_empty(heading):
        table.wrong(
            table.at(filled, j),
            text(
                "nothing stands above this as its heading, so nobody knows what it is; give the column a heading, or delete it"
            ),
        )
        return
    said = _heading(heading)
    known = [one.title.spoken for one in _known(table.sheet)]
    table.wrong(table.at(table.first, j), text("no column of the sheet {sheet} is called {heading}", sheet=table.given.name, heading=shown(said)) + contents.near(said, known))  # fmt: skip


def _missing(table: Table, seen: dict[Key, int]) -> None:
    has_rows = any(table.is_filled(i, j) for i in range(table.first + 1, _height(table.given)) for j in table.columns)
    for one in _known(table.sheet):
        if one.needed and one.key not in seen and has_rows:
            table.wrong(
                table.at(table.first, 0), text("the column {column} is missing", column=shown(one.title.spoken))
            )


def _merged(table: Table) -> None:
    for top, left, bottom, right in table.given.merged:
        if (
            bottom >= table.first
            and (top, left) != (bottom, right)
            and any(table.is_filled(i, j) for i in range(top, bottom + 1) for j in range(left, right + 1))
        ):
            table.wrong(table.at(top, left), text("cells are merged here ({range}), of which only the first one counts; unmerge them", range=f"{address(top, left)}:{address(bottom, right)}"))  # fmt: skip


def _hidden(table: Table) -> None:
    """What nobody sees is read, as the spreadsheet reckons with it, and told."""
    name = table.given.name
    if table.given.hidden:
        table.remarks.append(Found(name, text("this sheet is hidden, and is read")))
    hidden = [
        i
        for i in sorted(table.given.hidden_rows)
        if i > table.first and any(table.is_filled(i, j) for j in table.columns)
    ]
    if hidden:
        listed = ", ".join(str(i + 1) for i in hidden[:8]) + (", ..." if len(hidden) > 8 else "")
        table.remarks.append(Found(table.at(hidden[0], 0), plural("row {rows} is hidden, and is read", "the rows {rows} are hidden, and are read", len(hidden), rows=listed)))  # fmt: skip
    for j in sorted(table.given.hidden_columns):
        if j in table.columns and any(table.is_filled(i, j) for i in range(table.first + 1, _height(table.given))):
            table.remarks.append(Found(table.at(table.first, j), text("the column {column} is hidden, and is read", column=shown(_heading(table.given.at(table.first, j))))))  # fmt: skip


# Rows ----------------------------------------------------------------------------------------------------------------------


def _row(table: Table, i: int) -> Row | None:
    filled = [j for j, column in table.columns.items() if table.is_filled(i, j) and column.kind is not Kind.UNREAD]
    if not filled:
        return None
    values: dict[Key, Any] = {}
    for j in filled:
        try:
            values[table.columns[j].key] = _value(table, i, j)
        except CellProblem as problem:
            table.wrong(table.at(i, j), str(problem))
    more = values.pop(MORE.key, {})
    cells = {column.key: table.at(i, j) for j, column in table.columns.items()}
    if not isinstance(more, dict):
        table.wrong(
            cells[MORE.key],
            text("{given} is no table; write it like {example}", given=shown(more), example='{ note = "..." }'),
        )
        more = {}
    return Row(i, table.at(i, filled[0]), values, cells, more)


def _value(table: Table, i: int, j: int) -> Any:
    if (i, j) in table.given.faults:
        raise CellProblem(table.given.faults[i, j].words())
    if table.sheet.shape is Shape.FIELDS and table.columns[j].key == layout.VALUE.key:
        return table.given.at(i, j)  # its field says what it holds
    return contents.decoded(table.columns[j], table.given.at(i, j))


# Sheets --------------------------------------------------------------------------------------------------------------------


def _filled(table: Table) -> Iterator[tuple[int, int]]:
    for i in range(_height(table.given)):
        for j in range(_width(table.given)):
            if table.is_filled(i, j):
                yield i, j


def _height(given: grid.Sheet) -> int:
    return max(len(given.rows), *(row + 1 for row, _ in given.faults), 0)


def _width(given: grid.Sheet) -> int:
    return max(max(map(len, given.rows), default=0), *(column + 1 for _, column in given.faults), 0)
