"""The rows of a sheet under their headings, and whatever stands in the sheet and is neither."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
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
    """values: by the columns' keys, of the cells that are filled and can be read; broken: of those that cannot. cells: of all columns.

    place: its first filled cell.
    """

    index: int
    place: str
    values: dict[Key, Any]
    cells: dict[Key, str]
    more: dict[str, Any]
    broken: frozenset[Key] = frozenset()

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
    filled: dict[int, list[int]] = field(default_factory=dict)  # columns by row
    tops: dict[int, int] = field(default_factory=dict)  # first rows under the headings, by column

    def at(self, row: int, column: int) -> str:
        return address(row, column, self.given.name)

    def wrong(self, cell: str, message: str) -> None:
        self.problems.append(Found(cell, message))


def of(sheet: Sheet, given: grid.Sheet) -> Table:
    """Its headings found, and everything said that is beside them."""
    table = Table(sheet, given, filled=_filled(given))
    if not table.filled:
        return table
    table.first = _heading_row(table)
    if table.first < 0:
        expected = ", ".join(one.title.spoken for one in _known(sheet)[:4])
        message = text("no row of this sheet has its headings; they begin with {headings}", headings=expected)
        table.wrong(table.at(0, 0), message)
        return table
    below = (i for i in sorted(table.filled, reverse=True) if i > table.first)
    table.tops = {j: i for i in below for j in table.filled[i]}
    _above(table)
    _heads(table)
    _merged(table)
    _hidden(table)
    _struck(table)
    _blank(table)
    return table


def rows(table: Table) -> Iterator[Row]:
    """Of each row that has anything, what its cells say; what is wrong goes to the table's problems."""
    for i in sorted(table.filled):
        read = [j for j in table.filled[i] if j in table.columns and table.columns[j].kind is not Kind.UNREAD]
        if i > table.first >= 0 and len(read) > 2 and all(_is_its_heading(table, i, j) for j in read):
            table.wrong(table.at(i, read[0]), text("row {n} repeats the headings; delete it", n=i + 1))
        elif i > table.first >= 0 and read and _is_of_empty_cells(table, i, read):
            table.wrong(table.at(i, read[0]), text("row {n} has nothing but 0, which formulas give that point to empty cells; delete it", n=i + 1))  # fmt: skip
        elif i > table.first >= 0 and read:
            yield _row(table, i, read)


def meant(given: grid.Sheet, absent: Sequence[Sheet]) -> Sheet | None:
    """Which of the sheets that are missing a sheet of another name is, by its headings; None where they do not tell."""
    headings = [row for row in given.rows[:SOUGHT] if any(not is_empty(cell) for cell in row)]
    filled = max((sum(not is_empty(cell) for cell in row) for row in headings), default=0)
    counts = [max((sum(column_called(sheet, cell) is not None for cell in row) for row in headings), default=0) for sheet in absent]  # fmt: skip
    most = max(counts, default=0)
    alone = counts.count(most) == 1 or {absent[i].shape for i, n in enumerate(counts) if n == most} == {Shape.LISTED}
    return absent[counts.index(most)] if most > 2 and alone and 2 * most > filled else None


# Headings ------------------------------------------------------------------------------------------------------------------


def _known(sheet: Sheet) -> Sequence[Column]:
    own = layout.FIELDS if sheet.shape is Shape.FIELDS else sheet.columns
    return (*own, MORE) if sheet.more else own


def column_called(sheet: Sheet, heading: Value) -> Column | None:
    """The column that a heading means, in either language."""
    said = contents.name_of(_heading(heading))
    if re.match(YEAR, said) and sheet.years:
        return layout.year_column(sheet, int(said))
    if sheet.percentiles and PERCENTILE.fullmatch(said):
        return layout.percentile_column(said)
    if sheet.members is not None:
        first, colon, name = said.partition(":")
        words = {folded(one.removesuffix(":")) for one in (sheet.members.first.da, sheet.members.first.en)}
        if colon and folded(first) in words and contents.name_of(name):
            return layout.member_column(sheet, contents.name_of(name))
    return _by_heading(sheet.key).get(folded(contents.name_of(said)))


@cache
def _by_heading(key: str) -> Mapping[str, Column]:
    """The columns of a sheet by all that they are called."""
    sheet = next(one for one in layout.SHEETS if one.key == key)
    return {folded(word): one for one in _known(sheet) for word in (one.title.da, one.title.en, *one.also)}


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
    above = [(i, j) for i in sorted(table.filled) if i < table.first for j in table.filled[i]]
    message = text("this stands above the headings, where nothing is read; delete it, or move it to a sheet named {name}", name=layout.NEVER_READ[0].spoken)  # fmt: skip
    for i, j in above:
        said = table.given.at(i, j)
        if not (isinstance(said, str) and folded(said) in own):
            table.wrong(table.at(i, j), message)


def _heads(table: Table) -> None:
    first = table.first
    seen: dict[Key, int] = {}
    for j in sorted({*table.tops, *table.filled[first]}):
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
    if j not in table.tops:
        return
    if is_empty(heading):
        table.wrong(
            table.at(table.tops[j], j),
            text(
                "nothing stands above this as its heading, so nobody knows what it is; give the column a heading, or delete it"
            ),
        )
        return
    said = contents.name_of(_heading(heading))
    known = [one.title.spoken for one in _known(table.sheet)]
    hint = (
        _year_meant(table, j, said)
        or _percentile_meant(table.sheet, said)
        or (not _counts_members(table.sheet, said) and contents.near(said, known))
        or _renamed(table, j)
        or _where_else(table.sheet, said)
    )
    table.wrong(table.at(table.first, j), text("no column of the sheet {sheet} is called {heading}", sheet=table.given.name, heading=shown(said)) + hint)  # fmt: skip


def _renamed(table: Table, j: int) -> str:
    """Of a heading in the place of one that is missing: that one, if it is."""
    row = {k: table.given.at(table.first, k) for k in table.filled[table.first]}
    there = {k: one for k, heading in row.items() if not is_empty(heading) and (one := column_called(table.sheet, heading))}  # fmt: skip
    keys = [one.key for one in table.sheet.columns]
    before = there.get(j - 1)
    if before is None or before.key not in keys[:-1]:
        return ""
    after = table.sheet.columns[keys.index(before.key) + 1]
    if after.key in {one.key for one in there.values()}:
        return ""
    return text("; the column {column} is missing: if it is this one, call it that", column=shown(after.title.spoken))


def _year_meant(table: Table, j: int, heading: str) -> str:
    """Of a heading with more than a year in it, or with its number: the year alone."""
    if not table.sheet.years:
        return ""
    written = re.findall(r"(?<![0-9])[12][0-9]{3}(?![0-9])", heading)
    if len(written) == 1:
        return text("; if it is the year, write {year} alone", year=written[0])
    if not re.fullmatch(r"(år|year) ?[0-9]{1,2}", heading.casefold()):
        return ""
    others = {k: int(one.key[1]) for k, one in table.columns.items() if len(one.key) == 2 and one.key[0] == table.sheet.years}  # fmt: skip
    others |= {k: int(said) for k in table.filled[table.first] if re.match(YEAR, said := _heading(table.given.at(table.first, k)))}  # fmt: skip
    near = min(others, key=lambda k: abs(k - j), default=None)
    if near is None:
        return text("; write the calendar year in its place")
    return text("; if it is the year, write {year} alone", year=others[near] + j - near)


def _percentile_meant(sheet: Sheet, heading: str) -> str:
    found = re.fullmatch(r"([0-9]{1,2}) ?(%|pct\.?|procent|\.?-?(fraktil|percentil))|(fraktil|percentil) ?([0-9]{1,2})", heading.casefold())  # fmt: skip
    if found is None or not sheet.percentiles:
        return ""
    return text("; if it is the percentile, write {name}", name=f"p{found[1] or found[5]}")


def _counts_members(sheet: Sheet, heading: str) -> bool:
    """Whether it may be of a role's number in a family, with more than the role in it."""
    return sheet.members is not None and re.match(r"(antal|number of) ", heading.casefold()) is not None


def _where_else(sheet: Sheet, heading: str) -> str:
    """What to do with a column of a person's own."""
    notes = layout.NEVER_READ[0].spoken
    hint = text("; move the column to a sheet named {name}", name=notes)
    if layout.NOTE in sheet.columns:
        hint = text("; write it in the column {note} or {source}, or move the column to a sheet named {name}", note=shown(layout.NOTE.title.spoken), source=shown(layout.SOURCE.title.spoken), name=notes)  # fmt: skip
    if sheet.members is not None:
        if _counts_members(sheet, heading):
            return hint + text("; how many there are of a role in a family stands under {example}, followed by the name of the role", example=shown(sheet.members.first.spoken))  # fmt: skip
        hint += text("; how many there are of a role in a family stands under {example}", example=shown(f"{sheet.members.first.spoken} {heading}"))  # fmt: skip
    return hint


def _missing(table: Table, seen: dict[Key, int]) -> None:
    for one in _known(table.sheet) if any(j in table.tops for j in table.columns) else ():
        is_needed = one.needed or (one.key == ("how",) and seen.get(("number",)) in table.tops)
        if is_needed and one.key not in seen:
            message = text("the column {column} is missing", column=shown(one.title.spoken))
            table.wrong(table.at(table.first, 0), message)


def _merged(table: Table) -> None:
    """Each other cell of them is empty, and nobody knows which row or column its content is of."""
    for top, left, bottom, right in table.given.merged:
        rows = range(top, bottom + 1) if bottom - top < len(table.filled) else table.filled
        is_filled = any(top <= i <= bottom and left <= j <= right for i in rows for j in table.filled.get(i, ()))
        if bottom >= table.first and (top, left) != (bottom, right) and is_filled:
            message = text("cells are merged here ({range}), of which only the first one counts; unmerge them", range=f"{address(top, left)}:{address(bottom, right)}")  # fmt: skip
            table.wrong(table.at(top, left), message)


def _hidden(table: Table) -> None:
    """What nobody sees is read, as the spreadsheet reckons with it, and told."""
    if table.given.hidden:
        table.remarks.append(Found(table.given.name, text("this sheet is hidden, and is read")))
    hidden = [
        i
        for i in sorted(table.given.hidden_rows)
        if i > table.first and any(j in table.columns for j in table.filled.get(i, ()))
    ]
    if hidden:
        listed = _listed(str(i + 1) for i in hidden)
        message = plural(
            "row {rows} is hidden, and is read", "the rows {rows} are hidden, and are read", len(hidden), rows=listed
        )
        table.remarks.append(Found(table.at(hidden[0], 0), message))
    for j in sorted(table.given.hidden_columns & table.columns.keys() & table.tops.keys()):
        heading = shown(_heading(table.given.at(table.first, j)))
        table.remarks.append(
            Found(table.at(table.first, j), text("the column {column} is hidden, and is read", column=heading))
        )


def _struck(table: Table) -> None:
    """What somebody crossed out is read, as the spreadsheet reckons with it, and told."""
    unsaid = (layout.SOURCE.key, layout.NOTE.key)
    rows = sorted({i for i, j in table.given.struck if i > table.first and j in _read(table) and table.columns[j].key not in unsaid})  # fmt: skip
    if rows:
        listed = _listed(str(i + 1) for i in rows)
        message = plural(
            "in row {rows} something is crossed out, and is read all the same; delete what is not to count",
            "in the rows {rows} something is crossed out, and is read all the same; delete what is not to count",
            len(rows), rows=listed,
        )  # fmt: skip
        first = min(j for i, j in table.given.struck if i == rows[0] and j in table.columns)
        table.remarks.append(Found(table.at(rows[0], first), message))


def _blank(table: Table) -> None:
    """Formulas that give an empty text in rows that are read: the cell counts as empty, and what is empty often stands for another number than 0."""
    cells = [
        (i, j)
        for i, j in sorted(table.given.blanks)
        if i > table.first and i in table.filled and j in _read(table) and _is_of_numbers(table, j)
    ]
    if cells:
        rest = _listed(address(i, j) for i, j in cells[1:])
        message = text("the formula gives an empty text here, so the cell counts as empty; let it give 0 or a number where that is meant")  # fmt: skip
        message += text(" (also {cells})", cells=rest) if rest else ""
        table.remarks.append(Found(table.at(*cells[0]), message))


def _is_of_numbers(table: Table, j: int) -> bool:
    column = table.columns[j]
    if table.sheet.shape is Shape.FIELDS:
        return column.key == layout.VALUE.key
    return column.kind in (Kind.NUMBER, Kind.WHOLE) and column.key[0] != "uncertainty"


def _read(table: Table) -> set[int]:
    return {j for j, column in table.columns.items() if column.kind is not Kind.UNREAD}


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    return ", ".join(every[:8]) + (", ..." if len(every) > 8 else "")


def _is_of_empty_cells(table: Table, i: int, read: Sequence[int]) -> bool:
    """Whether even the row's name is the number 0."""
    is_named = any(table.columns[j].is_name for j in read)
    return is_named and all(type(cell) in (int, float) and not cell for cell in (table.given.at(i, j) for j in read))


def _is_its_heading(table: Table, i: int, j: int) -> bool:
    column = column_called(table.sheet, table.given.at(i, j))
    return column is not None and column.key == table.columns[j].key


# Rows ----------------------------------------------------------------------------------------------------------------------


def _row(table: Table, i: int, filled: Sequence[int]) -> Row:
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
    broken = frozenset(table.columns[j].key for j in filled) - values.keys() - {MORE.key}
    return Row(i, table.at(i, filled[0]), values, cells, more, broken)


def _value(table: Table, i: int, j: int) -> Any:
    if (i, j) in table.given.faults:
        raise CellProblem(table.given.faults[i, j].words())
    if table.sheet.shape is Shape.FIELDS and table.columns[j].key == layout.VALUE.key:
        return table.given.at(i, j)  # its field says what it holds
    return contents.decoded(table.columns[j], table.given.at(i, j))


# Sheets --------------------------------------------------------------------------------------------------------------------


def _filled(given: grid.Sheet) -> dict[int, list[int]]:
    """Cells in which anything stands, readable or not: columns, by row."""
    found: dict[int, set[int]] = {}
    for i, row in enumerate(given.rows):
        columns = {j for j, cell in enumerate(row) if not is_empty(cell)}
        if columns:
            found[i] = columns
    for i, j in given.faults:
        found.setdefault(i, set()).add(j)
    return {i: sorted(columns) for i, columns in found.items()}
