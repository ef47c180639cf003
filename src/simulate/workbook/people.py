"""The sheets of roles, states and moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulate.locale import text
from simulate.scenario.paths import Path
from simulate.scenario.values import shown, suggestion
from simulate.workbook import contents, layout, moves, tables
from simulate.workbook.layout import Key
from simulate.workbook.reader import Reader, needed, table_of
from simulate.workbook.tables import Row, Table

ALL = ("x", "alle", "all", *contents.YES)  # of the column that says in which state people begin


# Roles and states ----------------------------------------------------------------------------------------------------------


def states(reader: Reader, table: Table) -> None:
    starts: dict[str, list[tuple[str, Any, str]]] = {}
    own_rows: dict[str, str] = {}
    priceless: list[tuple[str, str, str]] = []
    roles = reader.tree.setdefault("roles", {})
    for row in tables.rows(table):
        role, state = needed(reader, row, table.sheet.column("role")), row.values.get(("state",))
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
    _startless(reader, roles)
    if priceless and any(
        {"monthly", "yearly"} & state.keys() for one in roles.values() for state in one["states"].values()
    ):
        _costing_nothing(reader, priceless, len(roles) > 1)
    if not roles:
        del reader.tree["roles"]


def _stateless(reader: Reader, roles: dict[str, Any], own_rows: Mapping[str, str]) -> None:
    """Roles of which only their own row is there: misspelt, or what is left of them."""
    for role in [name for name, one in roles.items() if not one.get("states")]:
        said = text("no row of the role {name} has a state", name=shown(role))
        others = [name for name, one in roles.items() if one.get("states")]
        reader.wrong(own_rows.get(role, reader.cells["roles", role]), said + contents.near(role, others))
        reader.lost.add(("roles", role))
        del roles[role]


def _startless(reader: Reader, roles: dict[str, Any]) -> None:
    """Roles in whose states nobody begins and whose name is all but another's: rows of that one, misspelt."""
    begun = [name for name, one in roles.items() if "start" in one]
    for role in [name for name, one in roles.items() if "start" not in one]:
        near = contents.near(role, begun) if len(roles[role]["states"]) == 1 else ""
        if near and ("roles", role) not in reader.lost:
            reader.wrong(reader.cells["roles", role], text("no state of the role {name} is one in which people begin", name=shown(role)) + near)  # fmt: skip
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


def _price_left_out(reader: Reader, row: Row) -> bool:
    """A state of which all is said but the price."""
    of_price = [one.title.spoken for one in layout.STATES.columns if one.key in row.values and one.key[0] in OF_PRICE]
    if of_price:
        said = text("no price stands here, so the state costs nothing, and {columns} is without a meaning; write its price, or 0 where it costs nothing", columns=", ".join(map(shown, of_price)))  # fmt: skip
        reader.remark(row.cell("monthly"), said)
    return bool(of_price)


def _costing_nothing(reader: Reader, states: Sequence[tuple[str, str, str]], are_several: bool) -> None:
    """Where others have prices, those without: a price that was deleted is seen so. One that says 0 is meant."""
    listed = ", ".join(f"{role}: {state}" if are_several else state for role, state, _ in states)
    reader.remark(states[0][2], text("without a price, and so cost nothing: {states}; write 0 where that is meant", states=listed))  # fmt: skip


OWN_OF_STATE: tuple[Key, ...] = (("state",), ("role",), ("start",))
OF_ROLES = ("line", "area", "weeks_on_benefit")  # what a role may have, too


def _role(reader: Reader, role: str, one: dict[str, Any], row: Row, own_rows: dict[str, str]) -> None:
    """A row without a state."""
    if role in own_rows:
        reader.lost.add(("roles",))
        reader.wrong(row.cell("role"), text("the role {name} has two rows of its own, here and in {cell}; or a state is missing", name=shown(role), cell=own_rows[role]))  # fmt: skip
        return
    if ("start",) in row.values:
        reader.wrong(row.cell("start"), text("this belongs to a state, and this row has none"))
    own_rows[role] = row.cell("role")
    cells = {key: cell for key, cell in row.cells.items() if key in row.values or key[-1] in OF_ROLES}
    reader.merged(one, table_of(reader, ("roles", role), row, row.values, cells, *OWN_OF_STATE), row.place)


def _state(reader: Reader, role: str, state: str, row: Row) -> dict[str, Any]:
    cells = {key: cell for key, cell in row.cells.items() if key != ("weeks_on_benefit",) or key in row.values}
    return table_of(reader, ("roles", role, "states", state), row, row.values, cells, *OWN_OF_STATE)


def _start(reader: Reader, role: str, one: dict[str, Any], starts: Sequence[tuple[str, Any, str]]) -> None:
    """Where people begin: all of them in one state, or a share in each of several."""
    whole = [cell for _, value, cell in starts if isinstance(value, str) and value.strip().casefold() in ALL]
    if whole and len(starts) > 1:
        reader.wrong(whole[0], text("all of a role begin in one state, or a share in each of several: x in one row, or shares that make 1 together"))  # fmt: skip
    start = starts[0][0] if whole else {state: value for state, value, _ in starts}
    reader.merged(one, {"start": start}, starts[0][2])
    reader.cells["roles", role, "start"] = starts[0][2]
    reader.cells |= {("roles", role, "start", state): cell for state, _, cell in starts}


# Moves ---------------------------------------------------------------------------------------------------------------------


def moves_of(reader: Reader, table: Table) -> None:
    before: Row | None = None
    unknown: dict[str, list[str]] = {}
    for row in tables.rows(table):
        goes_on = before is not None and _goes_on(before, row)
        role = row.values.get(("role",)) if goes_on else needed(reader, row, table.sheet.column("role"))
        if role is not None and role not in reader.tree.get("roles", {}):
            unknown.setdefault(role, []).append(row.cell("role"))
        elif goes_on and role is not None:
            _since(reader, row)
        elif role is not None:
            _move(reader, row)
        before = row
    for role, cells in unknown.items():
        _unknown_role(reader, role, cells)


def _unknown_role(reader: Reader, role: str, cells: Sequence[str]) -> None:
    """Told once, at the first of the rows that have it, and not where its own rows are what is wrong."""
    if ("roles",) in reader.lost or ("roles", role) in reader.lost:
        return
    others = ", ".join(cell.rpartition("!")[2] for cell in cells[1:])
    said = text("no role is called {name} (here and in {cells})", name=shown(role), cells=others) if others else text("no role is called {name}", name=shown(role))  # fmt: skip
    sheet = shown(layout.STATES.title.spoken)
    is_there = (layout.STATES.key,) in reader.cells
    nobody = text("; the sheet {sheet} has none", sheet=sheet) if is_there else text("; the sheet {sheet} is missing", sheet=sheet)  # fmt: skip
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


def _move(reader: Reader, row: Row) -> None:
    role = row.values["role",]
    own = reader.tree.setdefault("roles", {}).setdefault(role, {}).setdefault("moves", [])
    path: Path = ("roles", role, "moves", len(own))
    reader.place(path[:2], {("moves",): row.place}, row.place)
    if ("months",) in row.values:
        direct = {key: value for key, value in row.values.items() if key not in _OF_STEP and key[0] != "over_time"}
        values, cells = moves.of_row(direct, row.cells)
        own.append(table_of(reader, path, row, values, cells))
        own[-1]["since_arrival"] = [_step(reader, path, row, 0)]
        reader.cells[(*path, "since_arrival")] = row.cell("months")
    else:
        own.append(table_of(reader, path, row, *moves.of_row(row.values, row.cells)))
        _check_amount(reader, row, own[-1])


_OF_STEP: tuple[Key, ...] = (("how",), ("months",), *moves.AMOUNT)


def _step(reader: Reader, path: Path, row: Row, number: int) -> dict[str, Any]:
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


def _since(reader: Reader, row: Row) -> None:
    """A row that holds after the one above it."""
    role = row.values["role",]
    own = reader.tree["roles"][role]["moves"]
    steps = own[-1]["since_arrival"]
    steps.append(_step(reader, ("roles", role, "moves", len(own) - 1), row, len(steps)))


def _check_amount(reader: Reader, row: Row, built: Mapping[str, Any]) -> None:
    """A row says how, and its number, and with an effect what that is and how much."""
    told = {str(key[0]) for key in (*row.values, *row.broken)}
    if "how" not in told:
        if told & {str(key[0]) for key in moves.AMOUNT}:
            needed(reader, row, layout.MOVES.column("how"))
        return
    if "number" not in told and not built.keys() & set(moves.WAYS.values()):
        needed(reader, row, layout.MOVES.column("number"))
    for one, other in (("effect", "effect_number"), ("effect_number", "effect")):
        if one in told and other not in told:
            titles = [shown(layout.MOVES.column(key).title.spoken) for key in (one, other)]
            reader.wrong(row.cell(other), text("{one} is filled in here, and {other} is not; fill in both or neither", one=titles[0], other=titles[1]))  # fmt: skip
