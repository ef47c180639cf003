"""From a workbook to the tree of a case, with the cell of each place in it, or with every cell that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulate import grid, locale
from simulate.errors import InputError
from simulate.grid import Value
from simulate.locale import Language, text
from simulate.scenario import paths
from simulate.scenario.paths import Path
from simulate.scenario.values import shown, suggestion
from simulate.workbook import contents, layout, moves, tables
from simulate.workbook.answered import without_answers
from simulate.workbook.contents import CellProblem, is_empty
from simulate.workbook.layout import ASSUMPTIONS, CASE, ORDER, Column, Key, Shape, Sheet
from simulate.workbook.tables import Found, Row, Table

NAMING = (layout.ASSUMPTIONS, layout.FAMILIES, layout.STATES)  # sheets whose rows have names that others speak of
MOST_YEARS = 110  # of a horizon; more are refused
ALL = ("x", "alle", "all", *contents.YES)  # of the column that says in which state people begin


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
        reader = _Reader()
        for table in _tables(book, reader):
            if table.problems and table.sheet in NAMING:
                reader.lost.add((table.sheet.key,))
            _READERS[table.sheet.shape](reader, table)
            _year_left_out(reader, table)
            reader.problems += table.problems
            reader.remarks += table.remarks
        _nobody_begins(reader)
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


def _tables(book: grid.Book, reader: _Reader) -> Iterator[Table]:
    """The sheets of the case in the order of the layout; of any other that says something, a problem."""
    given: dict[str, grid.Sheet] = {}
    for one in book.sheets:
        sheet = layout.sheet_called(one.name)
        if sheet is None:
            _unknown(one, reader)
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


def _absent(given: Collection[str], reader: _Reader) -> None:
    """What a case has next to always: where its sheet was deleted, the answer is another, and nothing else would say so."""
    lives = [sheet.key for sheet in (layout.FAMILIES, layout.STATES, layout.MOVES)]
    expected = [*(lives if any(key in given for key in lives) else ()), layout.COSTS.key]
    for sheet in layout.SHEETS if layout.PROGRAMMES.key not in given else ():
        if sheet.key in expected and sheet.key not in given:
            message = text("there is no sheet {sheet}, so nothing of it is in the case; one that is empty says that this is meant", sheet=shown(sheet.title.spoken))  # fmt: skip
            reader.remarks.append(Found("", message))


def _year_left_out(reader: _Reader, table: Table) -> None:
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


def _unknown(one: grid.Sheet, reader: _Reader) -> None:
    if layout.is_never_read(one.name):
        return
    filled = next(((i, j) for i, row in enumerate(one.rows) for j, cell in enumerate(row) if not is_empty(cell)), None)
    if filled is None and not one.faults:
        return
    known = [sheet.title.spoken for sheet in layout.SHEETS]
    said = text("no sheet of a case is called {sheet}; what is not to be read may stand in a sheet named {name}", sheet=shown(one.name), name=layout.NEVER_READ[0].spoken)  # fmt: skip
    reader.wrong(grid.address(*(filled or min(one.faults)), one.name), said + contents.near(one.name, known))


# What is put together ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Reader:
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
            if not _put(table, key, value):
                self.wrong(
                    row.cell(*key),
                    text("this cannot stand beside what this row says of the same thing; keep one of the two"),
                )
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
        places = _below(path, row.more) if row.more else iter(())
        self.cells |= {place: row.cell("more") for place in places if place != path}


def _put(table: dict[str, Any], key: Key, value: Any) -> bool:
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


def _by_year(reader: _Reader, table: Table, row: Row, key: str) -> tuple[dict[Key, Any], dict[Key, str]]:
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


ZERO_BETWEEN = (layout.COSTS, layout.SAVINGS, layout.FINANCING, layout.PERSON_YEARS, layout.FAMILIES)
"""Sheets in which a year without a number is 0 where others before or after it have one; elsewhere it is a problem."""


def _years_empty(reader: _Reader, table: Table, row: Row, key: str, filled: Sequence[int]) -> None:
    """What empty cells among the years of a row count as, where it is not as in every year."""
    time = reader.tree.get("time")
    first, count = (time.get("first_year"), time.get("years")) if isinstance(time, Mapping) else (None, None)
    if not isinstance(first, int) or not isinstance(count, int) or not 1 < count <= MOST_YEARS:
        return
    empty = [year for year in range(first, first + count) if year not in filled]
    if filled == [first] and table.sheet in HOLDING:
        said = text("{year} alone has a number, which counts in all years; write it in the column {column} where that is meant, and the years after it where it is not", year=first, column=shown(table.sheet.column(key).title.spoken))  # fmt: skip
        reader.remark(row.cell(key, first), said)
    elif table.sheet in ZERO_BETWEEN and empty and empty != list(range(max(filled) + 1, first + count)):
        said = text("nothing stands under {years}, which counts as 0; write 0 where that is meant", years=", ".join(map(str, empty)))  # fmt: skip
        reader.remark(row.cell(key, empty[0]), said)


HOLDING = (layout.ASSUMPTIONS, layout.FAMILIES, layout.PERSON_YEARS)
"""Sheets in which the last number holds for all years after it; of budget lines the rules say so."""


def _nobody_begins(reader: _Reader) -> None:
    """Types of family whose number is nowhere: everything of them would say that it changes nothing, and nothing why."""
    families = reader.tree.get("families", {})
    for name, one in families.items() if isinstance(families, Mapping) else ():
        cell = reader.cells.get(("families", name, "enter"))
        if cell and isinstance(one, Mapping) and not {"enter", "present", "entering"} & one.keys():
            reader.remark(cell, text("nothing stands here, so no family of the type {name} begins", name=shown(name)))


def _needed(reader: _Reader, row: Row, column: Column) -> Any:
    """What a row cannot do without; None, and a problem, where it is not there."""
    found = row.values.get(column.key)
    if found is None and column.key in row.cells and column.key not in row.broken:
        reader.wrong(row.cell(*column.key), text("this row has no {column}", column=shown(column.title.spoken)))
    return found


# Each shape ----------------------------------------------------------------------------------------------------------------


def _fields(reader: _Reader, table: Table) -> None:
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


def _absent_fields(reader: _Reader, table: Table, seen: Collection[Key]) -> None:
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


def _no_field(reader: _Reader, table: Table, row: Row, name: Any, value: Any) -> None:
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


def _field(reader: _Reader, column: Column, value: Value, cell: str) -> None:
    reader.place((), {column.key: cell}, "")
    if value is None:
        return
    try:
        _put(reader.tree, column.key, contents.decoded(column, value))
    except CellProblem as problem:
        reader.wrong(cell, str(problem))


def _named(reader: _Reader, table: Table) -> None:
    name_of = table.sheet.column("name")
    found: dict[str, dict[str, Any]] = {}
    for row in _in_order(reader, list(tables.rows(table)), table.sheet):
        name = _needed(reader, row, name_of)
        if name is None:
            reader.lost.add((table.sheet.key, ""))
            continue
        if name in found:
            reader.wrong(
                row.cell("name"),
                text(
                    "{name} stands twice, here and in {cell}",
                    name=shown(name),
                    cell=reader.cells[table.sheet.key, name],
                ),
            )
            continue
        values, cells = _by_year(reader, table, row, table.sheet.years)
        found[name] = _table(reader, (table.sheet.key, name), row, values, cells, ("name",), ORDER.key)
    if found:
        reader.tree[table.sheet.key] = found


def _table(
    reader: _Reader, path: Path, row: Row, values: Mapping[Key, Any], cells: Mapping[Key, str], *own: Key
) -> dict[str, Any]:
    """The table of a row, with the cells of its keys. own: keys that are no part of it."""
    built = reader.nested({key: value for key, value in values.items() if key not in own}, row)
    reader.place(
        path, {key: cell for key, cell in cells.items() if key not in own}, row.cell(*own[0]) if own else row.place
    )
    reader.more(path, built, row)
    return built


def _in_order(reader: _Reader, rows: Sequence[Row], sheet: Sheet) -> list[Row]:
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


def _listed(reader: _Reader, table: Table) -> None:
    found = reader.tree.setdefault(table.sheet.key, [])
    rows = list(tables.rows(table))
    _totals(reader, table, rows)
    for row in rows:
        values, cells = (
            _by_year(reader, table, row, table.sheet.years) if table.sheet.years else (row.values, row.cells)
        )
        found.append(_table(reader, (table.sheet.key, len(found)), row, values, cells))
    if not found:
        del reader.tree[table.sheet.key]


SUMS = re.compile(r"\b(i ?alt|total|totalt|sum|samlet|subtotal|in all)\b", re.IGNORECASE)
NEAR = 1e-9  # of a sum, relative


def _totals(reader: _Reader, table: Table, rows: Sequence[Row]) -> None:
    """A row that is called a sum, and is that of the rows above, would be counted twice."""
    if not table.sheet.years:
        return
    for i, row in enumerate(rows):
        label = row.values.get(("label",))
        amounts = {key: value for key, value in row.values.items() if key[0] == table.sheet.years}
        if not (i and isinstance(label, str) and SUMS.search(label) and amounts):
            continue
        if all(_is_sum(key, value, rows[:i]) for key, value in amounts.items()):
            reader.wrong(
                row.place,
                text("this looks like a total of the rows above, and a total is no line of the budget; delete the row"),
            )
        else:
            said = text(
                "{label} is counted as a line of its own, beside the rows above; if it is their total, delete the row",
                label=shown(label),
            )
            reader.remarks.append(Found(row.place, said))


def _is_sum(key: Key, value: Any, above: Sequence[Row]) -> bool:
    """With their numbers of pieces, or without."""
    amounts = [(row.values.get(key, 0), row.values.get(("number",), 1)) for row in above]
    if not all(isinstance(each, int | float) for pair in [*amounts, (value, 1)] for each in pair):
        return False
    sums = (sum(amount for amount, _ in amounts), sum(amount * number for amount, number in amounts))
    return bool(value) and any(abs(value - one) <= NEAR * abs(value) for one in sums)


def _entries(reader: _Reader, table: Table) -> None:
    families = reader.tree.get("families", {})
    for row in tables.rows(table):
        name = _needed(reader, row, table.sheet.column("family"))
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
        entering.append(_table(reader, (*path, len(entering)), row, row.values, row.cells, ("family",)))
        reader.cells.setdefault(path, row.place)


def _states(reader: _Reader, table: Table) -> None:
    starts: dict[str, list[tuple[str, Any, str]]] = {}
    own_rows: dict[str, str] = {}
    priceless: list[tuple[str, str, str]] = []
    roles = reader.tree.setdefault("roles", {})
    for row in tables.rows(table):
        role, state = _needed(reader, row, table.sheet.column("role")), row.values.get(("state",))
        if role is None or ("state",) in row.broken:
            reader.lost.add(("roles",))
            continue
        one = roles.setdefault(role, {})
        reader.place(("roles", role), {}, row.cell("role"))
        if state is not None:
            reader.place(("roles", role), {("start",): row.cell("start"), ("states",): row.cell("state")}, "")
        if state is None:
            _role(reader, role, one, row, own_rows)
        elif state in one.get("states", {}):
            cell = reader.cells["roles", role, "states", state]
            reader.wrong(
                row.cell("state"), text("{name} stands twice, here and in {cell}", name=shown(state), cell=cell)
            )
        else:
            one.setdefault("states", {})[state] = _state(reader, role, state, row)
            if ("start",) in row.values:
                starts.setdefault(role, []).append((state, row.values["start",], row.cell("start")))
            if not _has_price(row) and not _price_left_out(reader, row):
                priceless.append((role, state, row.cell("monthly")))
    for role, found in starts.items():
        _start(reader, role, roles[role], found)
    _stateless(reader, roles, own_rows)
    if priceless and any(
        {"monthly", "yearly"} & state.keys() for one in roles.values() for state in one["states"].values()
    ):
        _costing_nothing(reader, priceless, len(roles) > 1)
    if not roles:
        del reader.tree["roles"]


def _stateless(reader: _Reader, roles: dict[str, Any], own_rows: Mapping[str, str]) -> None:
    """Roles of which only their own row is there: misspelt, or what is left of them."""
    for role in [name for name, one in roles.items() if not one.get("states")]:
        said = text("no row of the role {name} has a state", name=shown(role))
        others = [name for name, one in roles.items() if one.get("states")]
        reader.wrong(own_rows.get(role, reader.cells["roles", role]), said + contents.near(role, others))
        reader.lost.add(("roles", role))
        del roles[role]


PRICE: tuple[Key, ...] = (("monthly",), ("yearly",))
OF_PRICE = (
    "refusion",
    "shares",
    "line",
    "area",
    "cashable",
    "price_level",
    "indexation",
)  # what says nothing without one


def _has_price(row: Row) -> bool:
    return any(key in row.values or key in row.broken for key in PRICE) or bool(row.more.keys() & {"monthly", "yearly"})


def _price_left_out(reader: _Reader, row: Row) -> bool:
    """A state of which all is said but the price."""
    of_price = [one.title.spoken for one in layout.STATES.columns if one.key in row.values and one.key[0] in OF_PRICE]
    if of_price:
        said = text("no price stands here, so the state costs nothing, and {columns} is without a meaning; write its price, or 0 where it costs nothing", columns=", ".join(map(shown, of_price)))  # fmt: skip
        reader.remark(row.cell("monthly"), said)
    return bool(of_price)


def _costing_nothing(reader: _Reader, states: Sequence[tuple[str, str, str]], are_several: bool) -> None:
    """Where others have prices, those without: a price that was deleted is seen so. One that says 0 is meant."""
    listed = ", ".join(f"{role}: {state}" if are_several else state for role, state, _ in states)
    reader.remark(states[0][2], text("without a price, and so cost nothing: {states}; write 0 where that is meant", states=listed))  # fmt: skip


OWN_OF_STATE: tuple[Key, ...] = (("state",), ("role",), ("start",))
OF_ROLES = ("line", "area", "weeks_on_benefit")  # what a role may have, too


def _role(reader: _Reader, role: str, one: dict[str, Any], row: Row, own_rows: dict[str, str]) -> None:
    """A row without a state."""
    if role in own_rows:
        reader.lost.add(("roles",))
        reader.wrong(row.cell("role"), text("the role {name} has two rows of its own, here and in {cell}; or a state is missing", name=shown(role), cell=own_rows[role]))  # fmt: skip
        return
    if ("start",) in row.values:
        reader.wrong(row.cell("start"), text("this belongs to a state, and this row has none"))
    own_rows[role] = row.cell("role")
    cells = {key: cell for key, cell in row.cells.items() if key in row.values or key[-1] in OF_ROLES}
    reader.merged(one, _table(reader, ("roles", role), row, row.values, cells, *OWN_OF_STATE), row.place)


def _state(reader: _Reader, role: str, state: str, row: Row) -> dict[str, Any]:
    cells = {key: cell for key, cell in row.cells.items() if key != ("weeks_on_benefit",) or key in row.values}
    return _table(reader, ("roles", role, "states", state), row, row.values, cells, *OWN_OF_STATE)


def _start(reader: _Reader, role: str, one: dict[str, Any], starts: Sequence[tuple[str, Any, str]]) -> None:
    """Where people begin: all of them in one state, or a share in each of several."""
    whole = [cell for _, value, cell in starts if isinstance(value, str) and value.strip().casefold() in ALL]
    if whole and len(starts) > 1:
        reader.wrong(whole[0], text("all of a role begin in one state, or a share in each of several: x in one row, or shares that make 1 together"))  # fmt: skip
    start = starts[0][0] if whole else {state: value for state, value, _ in starts}
    reader.merged(one, {"start": start}, starts[0][2])
    reader.cells["roles", role, "start"] = starts[0][2]
    reader.cells |= {("roles", role, "start", state): cell for state, _, cell in starts}


def _moves(reader: _Reader, table: Table) -> None:
    before: Row | None = None
    unknown: dict[str, list[str]] = {}
    for row in tables.rows(table):
        goes_on = before is not None and _goes_on(before, row)
        role = row.values.get(("role",)) if goes_on else _needed(reader, row, table.sheet.column("role"))
        if role is not None and role not in reader.tree.get("roles", {}):
            unknown.setdefault(role, []).append(row.cell("role"))
        elif goes_on and role is not None:
            _since(reader, row)
        elif role is not None:
            _move(reader, row)
        before = row
    for role, cells in unknown.items():
        _unknown_role(reader, role, cells)


def _unknown_role(reader: _Reader, role: str, cells: Sequence[str]) -> None:
    """Told once, at the first of the rows that have it, and not where its own rows are what is wrong."""
    if ("roles",) in reader.lost or ("roles", role) in reader.lost:
        return
    others = ", ".join(cell.rpartition("!")[2] for cell in cells[1:])
    said = text("no role is called {name} (here and in {cells})", name=shown(role), cells=others) if others else text("no role is called {name}", name=shown(role))  # fmt: skip
    nobody = text("; the sheet {sheet} has none", sheet=shown(layout.STATES.title.spoken))
    said += suggestion(role, reader.tree.get("roles", {})) or nobody
    reader.wrong(cells[0], said)


def _goes_on(before: Row, row: Row) -> bool:
    """Whether a row holds after the one above it."""
    names = [row.values.get(key) for key in moves.NAMES]
    is_same = names == [before.values.get(key) for key in moves.NAMES]
    if is_same is False and names == [None] * 3:
        for key in moves.NAMES:
            if key in before.values:
                row.values[key] = before.values[key]
        is_same = True
    return is_same and ("months",) in before.values


def _move(reader: _Reader, row: Row) -> None:
    role = row.values["role",]
    own = reader.tree.setdefault("roles", {}).setdefault(role, {}).setdefault("moves", [])
    path: Path = ("roles", role, "moves", len(own))
    reader.place(path[:2], {("moves",): row.place}, row.place)
    if ("months",) in row.values:
        direct = {key: value for key, value in row.values.items() if key not in _OF_STEP and key[0] != "over_time"}
        values, cells = moves.of_row(direct, row.cells)
        own.append(_table(reader, path, row, values, cells))
        own[-1]["since_arrival"] = [_step(reader, path, row, 0)]
        reader.cells[(*path, "since_arrival")] = row.cell("months")
    else:
        own.append(_table(reader, path, row, *moves.of_row(row.values, row.cells)))
        _check_amount(reader, row, own[-1])


_OF_STEP: tuple[Key, ...] = (("how",), ("months",), *moves.AMOUNT)


def _step(reader: _Reader, path: Path, row: Row, number: int) -> dict[str, Any]:
    """A chance that holds for a part of each stay. number: 0 for the first row, whose other columns are the move's."""
    chosen = {
        key: value
        for key, value in row.values.items()
        if key in _OF_STEP or key[0] == "over_time" or (number and key not in moves.NAMES)
    }
    values, cells = moves.of_row(chosen, row.cells)
    if ("months",) in chosen:
        values["months",] = chosen["months",]
    step = reader.nested(values, row)
    here = (*path, "since_arrival", number)
    reader.place(here, {**cells, ("months",): row.cell("months")}, row.place)
    if number:
        reader.more(here, step, row)
    _check_amount(reader, row, step)
    return step


def _since(reader: _Reader, row: Row) -> None:
    """A row that holds after the one above it."""
    role = row.values["role",]
    own = reader.tree["roles"][role]["moves"]
    steps = own[-1]["since_arrival"]
    steps.append(_step(reader, ("roles", role, "moves", len(own) - 1), row, len(steps)))


def _check_amount(reader: _Reader, row: Row, built: Mapping[str, Any]) -> None:
    """A row says how, and its number, and with an effect what that is and how much."""
    told = {str(key[0]) for key in (*row.values, *row.broken)}
    if "how" not in told:
        if told & {str(key[0]) for key in moves.AMOUNT}:
            _needed(reader, row, layout.MOVES.column("how"))
        return
    if "number" not in told and not built.keys() & set(moves.WAYS.values()):
        _needed(reader, row, layout.MOVES.column("number"))
    for one, other in (("effect", "effect_number"), ("effect_number", "effect")):
        if one in told and other not in told:
            titles = [shown(layout.MOVES.column(key).title.spoken) for key in (one, other)]
            reader.wrong(row.cell(other), text("{one} is filled in here, and {other} is not; fill in both or neither", one=titles[0], other=titles[1]))  # fmt: skip


def _reported(reader: _Reader, table: Table) -> None:
    found = reader.tree.setdefault("reported", [])
    for row in tables.rows(table):
        what = _needed(reader, row, table.sheet.column("what"))
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
            found.append(_table(reader, ("reported", len(found)), row, values, cells))
            reader.cells["reported", len(found) - 1] = row.cells[key]
    if not found:
        del reader.tree["reported"]


def _index(reader: _Reader, table: Table) -> None:
    for row in tables.rows(table):
        year = _needed(reader, row, table.sheet.column("year"))
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
        elif _needed(reader, row, table.sheet.column("value")) is not None:
            index[str(year)] = row.values["value",]
            reader.place(("money", "index"), {(str(year),): row.cell("value")}, row.place)


def _other(reader: _Reader, table: Table) -> None:
    for row in tables.rows(table):
        place, value = (_needed(reader, row, table.sheet.column(key)) for key in ("place", "value"))
        if place is None or value is None:
            continue
        try:
            path = _path(place, reader.tree)
            _set(reader.tree, path, value)
        except (InputError, CellProblem) as problem:
            reader.wrong(row.cell("place"), str(problem))
            continue
        for found in _below(path, value):
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


def _below(path: Path, value: Any) -> Iterator[Path]:
    """Every place in it, and those on the way to it."""
    yield path
    children: Iterable[tuple[str | int, Any]] = (
        value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    )
    for step, item in children:
        yield from _below((*path, step), item)


_READERS: Mapping[Shape, Callable[[_Reader, Table], None]] = {
    Shape.FIELDS: _fields, Shape.NAMED: _named, Shape.LISTED: _listed, Shape.STATES: _states, Shape.MOVES: _moves, Shape.ENTRIES: _entries,
    Shape.REPORTED: _reported, Shape.INDEX: _index, Shape.OTHER: _other,
}  # fmt: skip
