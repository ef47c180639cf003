"""From a workbook to the tree of a case, with the cell of each place in it, or with every cell that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulate import grid, locale
from simulate.errors import InputError
from simulate.grid import Value
from simulate.locale import Language, text
from simulate.scenario import paths
from simulate.scenario.paths import Path
from simulate.scenario.values import shown, suggestion
from simulate.workbook import contents, copied, layout, people, tables
from simulate.workbook.answered import without_answers
from simulate.workbook.contents import CellProblem, is_empty
from simulate.workbook.layout import ASSUMPTIONS, CASE, ORDER, Column, Key, Shape, Sheet
from simulate.workbook.reader import Reader, below, by_year, needed, put, table_of
from simulate.workbook.tables import Found, Row, Table

COPY = re.compile(r"(?P<of>.+?) ?(?:\([0-9]+\)|[-_ ](?:copy|kopi) ?[0-9]*)", re.IGNORECASE)  # as programs call one
NAMING = (layout.ASSUMPTIONS, layout.FAMILIES, layout.STATES)  # sheets whose rows have names that others speak of


@dataclass(frozen=True, slots=True)
class Read:
    """tree: as a case's text file gives it. cells: of every place of it, and of the empty cells beside. problems, remarks: in this language.

    lost: places of which a row or a sheet could not be read, so that not all is known which has a name there.
    """

    tree: dict[str, Any]
    cells: dict[Path, str]
    problems: list[Found]
    language: Language
    remarks: list[Found] = field(default_factory=list)
    lost: frozenset[Path] = frozenset()


def read(book: grid.Book, language: Language | None = None) -> Read:
    """All of a workbook. language: of problems and remarks, where it is not the case's own."""
    book = without_answers(book)
    spoken = language or _language(book)
    with locale.speaking(spoken):
        reader = Reader()
        read_from: list[Table] = []
        for table in _tables(book, reader):
            read_from.append(table)
            if table.problems and table.sheet in NAMING:
                reader.lost.add((table.sheet.key,))
            _READERS[table.sheet.shape](reader, table)
            _year_left_out(reader, table)
            reader.problems += table.problems
            reader.remarks += table.remarks
        _nobody_begins(reader)
        reader.remarks += copied.remarks(book, read_from, reader)
    return Read(reader.tree, {(): "", **reader.cells}, reader.problems, spoken, reader.remarks, frozenset(reader.lost))


def is_case(book: grid.Book) -> bool:
    """Whether it has a sheet of a case: anything else is a person's own."""
    return any(layout.sheet_called(sheet.name) for sheet in book.sheets)


# Sheets --------------------------------------------------------------------------------------------------------------------


def _language(book: grid.Book) -> Language:
    """The case's own where it says so, else that of the sheets' names."""
    own = next((sheet for sheet in book.sheets if layout.sheet_called(sheet.name) is CASE), None)
    column = CASE.column("language")
    for row in own.rows if own else ():
        said = [cell for cell in row if isinstance(cell, str) and not is_empty(cell)]
        if len(said) > 1 and column.is_called(said[0]):
            try:
                return "en" if contents.decoded(column, said[1]) == "en" else "da"
            except CellProblem:
                break
    return layout.language_of(sheet.name for sheet in book.sheets) or "da"


def _tables(book: grid.Book, reader: Reader) -> Iterator[Table]:
    """The sheets of the case in the order of the layout; of any other that says something, a problem."""
    given: dict[str, grid.Sheet] = {}
    absent = [sheet for sheet in layout.SHEETS if not any(layout.sheet_called(one.name) is sheet for one in book.sheets)]  # fmt: skip
    for one in book.sheets:
        sheet = layout.sheet_called(one.name)
        if sheet is None:
            _unknown(one, absent, reader)
        elif sheet.key in given:
            reader.wrong(
                grid.address(0, 0, one.name),
                text(
                    "this sheet and {sheet} are the same one; put their rows into one sheet",
                    sheet=shown(given[sheet.key].name),
                ),
            )
        else:
            given[sheet.key] = one
    if CASE.key not in given:
        reader.wrong(
            "",
            text(
                "there is no sheet {sheet}, which says what the case is called and which years it covers",
                sheet=shown(CASE.title.spoken),
            ),
        )
    _absent(given, reader)
    for sheet in layout.SHEETS:
        if sheet.key in given:
            found = tables.of(sheet, given[sheet.key])
            reader.cells[sheet.key,] = found.at(max(found.first, 0), 0)
            yield found


def _absent(given: Collection[str], reader: Reader) -> None:
    """What a case has next to always: where its sheet was deleted, the answer is another, and nothing else would say so."""
    lives = [sheet.key for sheet in (layout.FAMILIES, layout.STATES, layout.MOVES)]
    expected = [*(lives if any(key in given for key in lives) else ()), layout.COSTS.key]
    for sheet in layout.SHEETS if layout.PROGRAMMES.key not in given else ():
        if sheet.key in expected and sheet.key not in given:
            message = text("there is no sheet {sheet}, so nothing of it is in the case; one that is empty says that this is meant", sheet=shown(sheet.title.spoken))  # fmt: skip
            reader.remarks.append(Found("", message))


def _year_left_out(reader: Reader, table: Table) -> None:
    """A year of the case between others that have a column: the numbers before it would hold on in its place, or none would."""
    time = reader.tree.get("time")
    first, count = (time.get("first_year"), time.get("years")) if isinstance(time, Mapping) else (None, None)
    years = {int(one.key[1]): j for j, one in table.columns.items() if table.sheet.years and one.key[0] == table.sheet.years and len(one.key) == 2}  # fmt: skip
    if not years or not isinstance(first, int) or not isinstance(count, int):
        return
    for year in range(first, min(first + count, max(years))):
        if year not in years and min(years) < year:
            place = table.at(table.first, min(j for one, j in years.items() if one > year))
            reader.wrong(place, text("there is no column for {year} before this one; insert it, and leave empty what has no number", year=year))  # fmt: skip


def _unknown(one: grid.Sheet, absent: Sequence[Sheet], reader: Reader) -> None:
    """absent: the sheets of a case that no sheet of the workbook is called."""
    if layout.is_never_read(one.name):
        return
    filled = next(((i, j) for i, row in enumerate(one.rows) for j, cell in enumerate(row) if not is_empty(cell)), None)
    if filled is None and not one.faults:
        return
    copied = COPY.fullmatch(one.name.strip())
    if copied and layout.sheet_called(copied["of"]):
        said = text("this is a copy of the sheet {sheet}; delete it, or call it {name}, and it is not read", sheet=shown(copied["of"]), name=layout.NEVER_READ[0].spoken)  # fmt: skip
        reader.wrong(grid.address(*(filled or min(one.faults)), one.name), said)
        return
    place = grid.address(*(filled or min(one.faults)), one.name)
    meant = tables.meant(one, absent)
    if meant is not None:
        right = shown(meant.title.spoken)
        reader.wrong(place, text("no sheet of a case is called {sheet}, and the sheet {right} is missing, whose headings these are; if it is that one, call it {right}", sheet=shown(one.name), right=right))  # fmt: skip
        return
    known = [sheet.title.spoken for sheet in absent]
    said = text("no sheet of a case is called {sheet}; what is not to be read may stand in a sheet named {name}", sheet=shown(one.name), name=layout.NEVER_READ[0].spoken)  # fmt: skip
    reader.wrong(place, said + contents.near(one.name, known))


def _nobody_begins(reader: Reader) -> None:
    """Types of family whose number is nowhere: everything of them would say that it changes nothing, and nothing why."""
    families = reader.tree.get("families", {})
    for name, one in families.items() if isinstance(families, Mapping) else ():
        cell = reader.cells.get(("families", name, "enter"))
        if cell and isinstance(one, Mapping) and not {"enter", "present", "entering"} & one.keys():
            reader.remark(cell, text("nothing stands here, so no family of the type {name} begins", name=shown(name)))


# Each shape ----------------------------------------------------------------------------------------------------------------


def _fields(reader: Reader, table: Table) -> None:
    seen: dict[Key, str] = {}
    is_strange = False
    for row in tables.rows(table):
        name, value = row.values.get(layout.FIELD.key), row.values.get(layout.VALUE.key)
        cell = row.cell(*layout.VALUE.key)
        column = next((one for one in table.sheet.columns if isinstance(name, str) and one.is_called(name)), None)
        if column is None:
            is_strange |= name is None or value is not None
            _no_field(reader, table, row, name, value)
        elif column.key in seen:
            reader.wrong(
                row.place, text("{field} stands twice, here and in {cell}", field=shown(name), cell=seen[column.key])
            )
        else:
            seen[column.key] = row.place
            _field(reader, column, value, cell)
    if is_strange:  # a misspelt field is the one that is missing
        reader.lost |= {key for key in NEEDED_FIELDS if key not in seen}
    elif table.first >= 0 and not table.problems:
        _absent_fields(reader, table, seen)
    for column in table.sheet.columns:  # what has no row would stand below these headings
        reader.cells.setdefault(column.key, table.at(max(table.first, 0), 0))


NEEDED_FIELDS: tuple[Key, ...] = (("format",), ("title",), ("time", "first_year"), ("time", "years"))


def _absent_fields(reader: Reader, table: Table, seen: Collection[Key]) -> None:
    """Rows that the first sheet cannot do without, and where to write them."""
    places = {column.key: j for j, column in table.columns.items()}
    names, values = places.get(layout.FIELD.key), places.get(layout.VALUE.key)
    if names is None or values is None:
        return
    free = max(table.filled) + 1
    wanted = [column for column in table.sheet.columns if column.key in NEEDED_FIELDS and column.key not in seen]
    for i, column in enumerate(wanted, free):
        cell = table.at(i, values)
        reader.cells[column.key] = cell
        said = text("the row {field} is missing; write {field} in {name}, and beside it what it is: {note}", field=shown(column.title.spoken), name=table.at(i, names), note=column.note.spoken)  # fmt: skip
        reader.wrong(cell, said)


def _no_field(reader: Reader, table: Table, row: Row, name: Any, value: Any) -> None:
    """A text alone is a heading between the fields."""
    if value is None:
        return
    if name is None:
        reader.wrong(row.cell(*layout.VALUE.key), text("nothing stands beside this that says what it is"))
        return
    known = [one.title.spoken for one in table.sheet.columns]
    reader.wrong(
        row.place, text("{field} is nothing that this sheet has", field=shown(name)) + contents.near(str(name), known)
    )


def _field(reader: Reader, column: Column, value: Value, cell: str) -> None:
    reader.place((), {column.key: cell}, "")
    if value is None:
        return
    try:
        put(reader.tree, column.key, contents.decoded(column, value))
    except CellProblem as problem:
        reader.wrong(cell, str(problem))


def _named(reader: Reader, table: Table) -> None:
    name_of = table.sheet.column("name")
    found: dict[str, dict[str, Any]] = {}
    for row in _in_order(reader, list(tables.rows(table)), table.sheet):
        name = needed(reader, row, name_of)
        if name is None:
            reader.lost.add((table.sheet.key, ""))
            continue
        if name in found:
            reader.lost.add((table.sheet.key, ""))  # one of the two may be what others speak of by another name
            reader.wrong(
                row.cell("name"),
                text(
                    "{name} stands twice, here and in {cell}",
                    name=shown(name),
                    cell=reader.cells[table.sheet.key, name],
                ),
            )
            continue
        values, cells = by_year(reader, table, row, table.sheet.years)
        found[name] = table_of(reader, (table.sheet.key, name), row, values, cells, ("name",), ORDER.key)
    if found:
        reader.tree[table.sheet.key] = found


def _in_order(reader: Reader, rows: Sequence[Row], sheet: Sheet) -> list[Row]:
    """By their numbers, where the sheet has such a column; those without follow."""
    if sheet is not ASSUMPTIONS:
        return list(rows)
    seen: dict[int, str] = {}
    for row in rows:
        number = row.values.get(ORDER.key)
        if number in seen:
            reader.wrong(
                row.cell(*ORDER.key),
                text("the number {n} stands twice, here and in {cell}", n=number, cell=seen[number]),
            )
        elif number is not None:
            seen[number] = row.cell(*ORDER.key)
    unnumbered = [i for i, row in enumerate(rows) if not {ORDER.key} & (row.values.keys() | row.broken)]
    numbered = [i for i, row in enumerate(rows) if ORDER.key in row.values]
    for i in unnumbered:
        if numbered and i < numbered[-1]:  # in another place than it stands in
            reader.remark(rows[i].cell(*ORDER.key), text("this row has no number, so it comes after those that have one, and others have other random numbers than before; number it, or let it stand last"))  # fmt: skip
    return sorted(rows, key=lambda row: (ORDER.key not in row.values, row.values.get(ORDER.key, 0)))


def _listed(reader: Reader, table: Table) -> None:
    found = reader.tree.setdefault(table.sheet.key, [])
    for row in tables.rows(table):
        values, cells = by_year(reader, table, row, table.sheet.years) if table.sheet.years else (row.values, row.cells)
        found.append(table_of(reader, (table.sheet.key, len(found)), row, values, cells))
    if not found:
        del reader.tree[table.sheet.key]


def _entries(reader: Reader, table: Table) -> None:
    families = reader.tree.get("families", {})
    for row in tables.rows(table):
        name = needed(reader, row, table.sheet.column("family"))
        if name is None:
            continue
        if name not in families:
            if (layout.FAMILIES.key,) not in reader.lost and (layout.FAMILIES.key, "") not in reader.lost:
                said = text("no family is called {name}", name=shown(name)) + suggestion(name, families)
                reader.wrong(row.cell("family"), said)
            continue
        entering = families[name].setdefault("entering", [])
        if not isinstance(entering, list):
            reader.wrong(row.place, text("{key} is said twice, here and in a column of its own", key="`entering`"))
            continue
        path = ("families", name, "entering")
        entering.append(table_of(reader, (*path, len(entering)), row, row.values, row.cells, ("family",)))
        reader.cells.setdefault(path, row.place)


def _reported(reader: Reader, table: Table) -> None:
    found = reader.tree.setdefault("reported", [])
    for row in tables.rows(table):
        what = needed(reader, row, table.sheet.column("what"))
        figures = sorted((k for k in row.values if k[0] == "years"), key=lambda k: int(k[1]))
        figures += [("value",)] if ("value",) in row.values else []
        if not figures and what is not None and not row.broken:
            reader.wrong(row.place, text("this row has no figure, of a year or in total"))
        for key in figures if what is not None else ():
            years: dict[Key, Any] = {("year",): key[1]} if key[0] == "years" else {}
            values: dict[Key, Any] = {("what",): what, **years, ("value",): row.values[key]} | {
                k: row.values[k] for k in (("source",), ("note",)) if k in row.values
            }
            cells = {k: c for k, c in row.cells.items() if k[0] != "years"} | {
                ("value",): row.cells[key],
                ("year",): row.cells[key],
            }
            found.append(table_of(reader, ("reported", len(found)), row, values, cells))
            reader.cells["reported", len(found) - 1] = row.cells[key]
    if not found:
        del reader.tree["reported"]


def _index(reader: Reader, table: Table) -> None:
    for row in tables.rows(table):
        year = needed(reader, row, table.sheet.column("year"))
        if year is None:
            continue
        index = reader.tree.setdefault("money", {}).setdefault("index", {})
        if str(year) in index:
            reader.wrong(
                row.cell("year"),
                text(
                    "{name} stands twice, here and in {cell}", name=year, cell=reader.cells["money", "index", str(year)]
                ),
            )
        elif needed(reader, row, table.sheet.column("value")) is not None:
            index[str(year)] = row.values["value",]
            reader.place(("money", "index"), {(str(year),): row.cell("value")}, row.place)


def _other(reader: Reader, table: Table) -> None:
    for row in tables.rows(table):
        place, value = (needed(reader, row, table.sheet.column(key)) for key in ("place", "value"))
        if place is None or value is None:
            continue
        try:
            path = _path(place, reader.tree)
            _set(reader.tree, path, value)
        except (InputError, CellProblem) as problem:
            reader.wrong(row.cell("place"), str(problem))
            continue
        for found in below(path, value):
            reader.cells[found] = row.cell("value")


def _path(place: str, tree: Mapping[str, Any]) -> Path:
    """Of names and numbers in brackets; a label stands for the row of its list that has it."""
    path: list[str | int] = []
    node: Any = tree
    for step in paths.tokens(place):
        if isinstance(node, list) and isinstance(step, str):
            labels = [one.get("label") if isinstance(one, Mapping) else None for one in node]
            if labels.count(step) != 1:
                raise CellProblem(text("{path}: no item with the label {label}", path=place, label=step))
            step = labels.index(step)
        path.append(step)
        node = (
            node[step]
            if isinstance(node, list) and isinstance(step, int) and step < len(node)
            else node.get(step)
            if isinstance(node, Mapping)
            else None
        )
    if not path:
        raise CellProblem(text("{path} is no path; write it like assumptions.relapse.value", path=place))
    return tuple(path)


def _set(tree: dict[str, Any], path: Path, value: Any) -> None:
    """Make the tables on the way. Raises CellProblem where something stands there already."""
    node: Any = tree
    for step, after in zip(path, (*path[1:], None), strict=True):
        fits = isinstance(node, dict) if isinstance(step, str) else isinstance(node, list) and int(step) <= len(node)
        here = (
            None
            if not fits
            else node.get(step)
            if isinstance(node, dict)
            else node[int(step)]
            if int(step) < len(node)
            else None
        )
        if after is None and isinstance(here, dict) and isinstance(value, Mapping):
            for key, item in value.items():
                _set(tree, (*path, key), item)
            return
        if not fits or (after is None and here is not None):
            raise CellProblem(
                text("{place} stands in the case already, or cannot stand there", place=f"`{paths.written(path, {})}`")
            )
        new = value if after is None else here if here is not None else ([] if isinstance(after, int) else {})
        if isinstance(node, list) and int(step) == len(node):
            node.append(new)
        else:
            node[step] = new
        node = new


_READERS: Mapping[Shape, Callable[[Reader, Table], None]] = {
    Shape.FIELDS: _fields, Shape.NAMED: _named, Shape.LISTED: _listed, Shape.STATES: people.states, Shape.MOVES: people.moves_of, Shape.ENTRIES: _entries,
    Shape.REPORTED: _reported, Shape.INDEX: _index, Shape.OTHER: _other,
}  # fmt: skip
