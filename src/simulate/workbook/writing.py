"""From the tree of a case to what stands in each cell of its workbook; no library of workbooks is asked.

Nothing is lost, by construction: what has no column stands in its row's column More, what has no row in the sheet Other, and at last all is read
back, and whatever is not the same goes to Other as a text file has it.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulate import grid
from simulate.distributions import PERCENTILE
from simulate.locale import Language
from simulate.scenario import paths
from simulate.scenario.paths import Path
from simulate.scenario.values import YEAR
from simulate.workbook import contents, layout, moves, people, reading
from simulate.workbook.contents import Content
from simulate.workbook.layout import CASE, MORE, ORDER, OTHER, Column, Key, Shape, Sheet

Tree = dict[str, Any]
Values = dict[Key, Any]
MOST_YEARS = 110  # columns of years
PERCENTILES = ("p5", "p50", "p95")  # that have columns, whether used or not


class _CannotSay(ValueError):
    """A text of a case that is longer than a cell takes; nothing of the kind is right."""


@dataclass(frozen=True, slots=True)
class Written:
    """A sheet. columns: of its headings, which say kind, note and choices of what is below; rows: without the headings.

    titles: the headings. fields: of a sheet with a row for each key, what the row's value holds; None elsewhere.
    """

    sheet: Sheet
    name: str
    columns: tuple[Column, ...]
    titles: tuple[str, ...]
    rows: tuple[tuple[Content | None, ...], ...]
    fields: tuple[Column, ...] | None = None


def sheets(tree: Mapping[str, Any], language: Language) -> list[Written]:
    """A case's sheets in their order, with those that have no row yet; of a portfolio those that a portfolio may have."""
    given = _lifted(tree)
    left: set[str] = set()
    for _ in range(len(given) + 1):
        found = _sheets(
            {key: value for key, value in given.items() if key not in left},
            {key: given[key] for key in given if key in left},
            language,
        )
        read = reading.read(book(found), language).tree
        wrong = {
            key
            for key in given.keys() | read.keys()
            if key not in given or key not in read or not _is_same(read[key], given[key])
        }
        if not wrong - left:
            break
        left |= wrong & given.keys()
    return found


def book(written: Sequence[Written]) -> grid.Book:
    """As it is read back."""
    return grid.Book("", tuple(grid.Sheet(one.name, [one.titles, *map(_as_read, one.rows)]) for one in written))


def _as_read(row: Sequence[Content | None]) -> list[grid.Value]:
    return [float(cell) if type(cell) is int else cell for cell in row]


def _is_same(one: Any, other: Any) -> bool:
    """As contents.is_same(), but tables in any order, save those whose keys are names."""
    return contents.is_same(_ordered(one), _ordered(other))


def _ordered(node: Any, depth: int = 0) -> Any:
    if isinstance(node, list):
        return [_ordered(item, 1) for item in node]
    if not isinstance(node, Mapping):
        return node
    keys = list(node) if _are_names(node, depth) else sorted(node)
    return {key: _ordered(node[key], depth + 1) for key in keys}


def _are_names(node: Mapping[str, Any], depth: int) -> bool:
    """Whether its keys are somebody's own: all of its values are tables."""
    return depth in (0, 2) and all(isinstance(value, Mapping) for value in node.values())


def _lifted(tree: Mapping[str, Any]) -> Tree:
    """each_year and persistence beside the uncertainty, where they may stand as well."""
    given: Tree = copy.deepcopy(dict(tree))
    assumptions = given.get("assumptions")
    for one in assumptions.values() if isinstance(assumptions, dict) else ():
        uncertainty = one.get("uncertainty") if isinstance(one, dict) else None
        if not isinstance(uncertainty, dict) or "kind" not in uncertainty:
            continue
        for key in ("each_year", "persistence"):
            if key in uncertainty and key not in one:
                one[key] = uncertainty.pop(key)
    return given


# Sheets --------------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Case:
    """rest: what no sheet has taken yet. entries: of families, for the sheet that has them."""

    tree: Tree
    rest: Tree
    language: Language
    entries: list[Values]

    @property
    def horizon(self) -> tuple[int, int] | None:
        """First year, and how many; None where the case does not say them as it should."""
        first, years = _get(self.tree, ("time", "first_year")), _get(self.tree, ("time", "years"))
        is_sound = type(first) is int and type(years) is int and 1900 <= first <= 2200 and 0 < years <= MOST_YEARS
        return (first, years) if is_sound else None


def _sheets(tree: Tree, left: Tree, language: Language) -> list[Written]:
    """left: what goes to Other, whatever sheet could have it."""
    case = _Case(tree, copy.deepcopy(tree), language, [])
    found = [_fields(case)]
    found += [
        one
        for sheet in layout.SHEETS[1:-1]
        if (one := _written(sheet, _rows(sheet, case), case)).rows or _is_shown(sheet, tree)
    ]
    other = [*_places(case.rest, (), language), *_places(left, (), language)]
    return [*found, *([_written(OTHER, other, case)] if other else [])]


def _is_shown(sheet: Sheet, tree: Tree) -> bool:
    """Whether it stands there without a row, to be filled in."""
    return sheet in layout.OF_PORTFOLIOS if "programmes" in tree else sheet is not layout.PROGRAMMES


def _rows(sheet: Sheet, case: _Case) -> list[Values]:
    """Its rows, which are taken from the rest; none, and nothing taken, where it cannot say them."""
    before = copy.deepcopy(case.rest)
    try:
        rows = list(_TAKEN[sheet.shape](sheet, case))
        if all(
            contents.encoded(_column(sheet, key), value, case.language) is not None
            for row in rows
            for key, value in row.items()
        ):
            return rows
    except (AttributeError, TypeError, KeyError, ValueError, StopIteration):  # a table of another form than a case has
        pass
    case.rest = before
    return []


def _column(sheet: Sheet, key: Key) -> Column:
    if key == MORE.key:
        return MORE
    if _is_year(sheet, key):
        return layout.year_column(sheet, int(key[1]))
    if sheet.members is not None and key[0] == "members":
        return layout.member_column(sheet, str(key[1]))
    if sheet.percentiles and key[0] == "uncertainty" and PERCENTILE.fullmatch(str(key[-1])):
        return layout.percentile_column(str(key[-1]))
    return sheet.column(*key)


def _is_year(sheet: Sheet, key: Key) -> bool:
    return bool(sheet.years) and key[0] == sheet.years and len(key) == 2 and isinstance(key[1], int)


def _written(sheet: Sheet, rows: Sequence[Values], case: _Case) -> Written:
    columns, language = _columns(sheet, rows, case), case.language
    cells = [
        tuple(contents.encoded(one, row[one.key], language) if one.key in row else None for one in columns)
        for row in rows
    ]
    titles = tuple(one.title.said(language) for one in columns)
    return Written(sheet, sheet.title.said(language), tuple(columns), titles, tuple(cells))


def _columns(sheet: Sheet, rows: Sequence[Values], case: _Case) -> list[Column]:
    """The sheet's own, with those of years, members and percentiles where they belong, and More where a row needs it."""
    found: list[Column] = []
    before_years = ("what",) if sheet.shape is Shape.REPORTED else (sheet.years,)
    for one in sheet.columns:
        found.append(one)
        if sheet.years and one.key == before_years:
            found += [layout.year_column(sheet, year) for year in _years(sheet, rows, case)]
        if sheet.members is not None and one.key == ("arrivals",):
            found += [layout.member_column(sheet, name) for name in _members(rows, case.tree)]
        if sheet.percentiles and one.key == ("uncertainty", "failures"):
            found += [layout.percentile_column(name) for name in _percentiles(rows)]
    return [*found, *([MORE] if any(MORE.key in row for row in rows) else [])]


def _years(sheet: Sheet, rows: Sequence[Values], case: _Case) -> list[int]:
    """Those of the horizon, and whatever other years rows have."""
    first, years = case.horizon or (0, 0)
    used = {int(key[1]) for row in rows for key in row if _is_year(sheet, key)}
    return sorted(used | set(range(first, first + years)))


def _members(rows: Sequence[Values], tree: Tree) -> list[str]:
    roles = tree.get("roles")
    names = [str(key[1]) for row in rows for key in row if key[0] == "members"]
    own = (
        [role for role in roles if contents.encoded(layout.member_column(layout.FAMILIES, role), 1, "da") is not None]
        if isinstance(roles, Mapping)
        else []
    )
    return list(dict.fromkeys([*own, *names]))


def _percentiles(rows: Sequence[Values]) -> list[str]:
    used = {str(key[1]) for row in rows for key in row if key[0] == "uncertainty" and PERCENTILE.fullmatch(str(key[1]))}
    return sorted(used | set(PERCENTILES), key=lambda name: float(name[1:].replace("_", ".")))


# Rows ----------------------------------------------------------------------------------------------------------------------


def _row(sheet: Sheet, table: Mapping[str, Any], case: _Case, own: Values) -> Values:
    """A table's values by the columns of its sheet; what they cannot say under More. own: what the row has beside the table."""
    left = copy.deepcopy(dict(table))
    row: Values = dict(own) | _years_of(sheet, left, case)
    _pairs(sheet, left, row, case.language)
    for key in [column.key for column in sheet.columns] + _dynamic(sheet, left):
        value = _get(left, key) if isinstance(key[-1], str) else None
        if (
            key not in own
            and value is not None
            and contents.encoded(_column(sheet, key), value, case.language) is not None
        ):
            row[key] = value
            _drop(left, key)
    if left:
        row[MORE.key] = left
    return row


def _years_of(sheet: Sheet, left: Tree, case: _Case) -> Values:
    """What stands in columns of years, taken from what is left."""
    if not sheet.years or sheet.years not in left or case.horizon is None:
        return {}
    years = _by_year(left[sheet.years], case.horizon[0])
    if not years or any(
        contents.encoded(layout.year_column(sheet, year), value, case.language) is None for year, value in years.items()
    ):
        return {}
    del left[sheet.years]
    return {(sheet.years, year): value for year, value in years.items()}


def _by_year(value: Any, first_year: int) -> dict[int, Any]:
    """A list from the first year on, or a table that no list could be; empty where columns of years would mean something else."""
    items = value if isinstance(value, list) else list(value.values()) if isinstance(value, Mapping) else []
    if not 0 < len(items) <= MOST_YEARS or any(isinstance(item, list | Mapping) for item in items):
        return {}
    if isinstance(value, list):
        return {first_year + i: item for i, item in enumerate(items)}
    if not all(re.match(YEAR, str(key)) for key in value):
        return {}
    years = [int(key) for key in value]
    looks_like_a_list = years == [first_year + i for i in range(len(years))]
    return {} if looks_like_a_list or years != sorted(years) else dict(zip(years, items, strict=True))


def _pairs(sheet: Sheet, left: Tree, row: Values, language: Language) -> None:
    """A list whose items have a column each."""
    for name in {str(column.key[0]) for column in sheet.columns if column.key[-1] == 0}:
        items, columns = left.get(name), [column for column in sheet.columns if column.key[0] == name]
        if isinstance(items, list) and len(items) == len(columns):
            cells = [contents.encoded(column, item, language) for column, item in zip(columns, items, strict=True)]
            if None not in cells:
                row |= {column.key: item for column, item in zip(columns, items, strict=True)}
                del left[name]


def _dynamic(sheet: Sheet, table: Mapping[str, Any]) -> list[Key]:
    """Columns that the table itself names."""
    members, uncertainty = table.get("members"), table.get("uncertainty")
    found: list[Key] = []
    if sheet.members is not None and isinstance(members, Mapping):
        found += [("members", name) for name in members if name == " ".join(name.split()) and name]
    if sheet.percentiles and isinstance(uncertainty, Mapping):
        found += [("uncertainty", name) for name in uncertainty if PERCENTILE.fullmatch(name)]
    return found


def _get(node: Any, key: Key) -> Any:
    for step in key:
        if not isinstance(node, Mapping) or step not in node:
            return None
        node = node[step]
    return node


def _drop(node: Tree, key: Key) -> None:
    """Take a value out, and the tables on the way that are empty then."""
    tables = [node]
    for step in key[:-1]:
        tables.append(tables[-1][str(step)])
    for table, step in zip(reversed(tables), reversed(key), strict=True):
        del table[str(step)]
        if table:
            return


# Each shape ----------------------------------------------------------------------------------------------------------------


def _fields(case: _Case) -> Written:
    """The first sheet has a row for each field, filled in or not."""
    rows, columns = [], []
    for column in CASE.columns:
        value = _get(case.rest, column.key)
        cell = None if value is None else contents.encoded(column, value, case.language)
        if cell is not None:
            _drop(case.rest, column.key)
        if value is not None or _is_offered(column, "programmes" in case.tree):
            rows.append((column.title.said(case.language), cell, column.note.said(case.language) or None))
            columns.append(column)
    titles = tuple(one.title.said(case.language) for one in layout.FIELDS)
    return Written(CASE, CASE.title.said(case.language), layout.FIELDS, titles, tuple(rows), tuple(columns))


def _is_offered(field: Column, is_portfolio: bool) -> bool:
    """Whether the first sheet of such a file has a row for it, to be filled in."""
    return field.key[0] not in layout.NO_FIELDS_OF_PORTFOLIOS if is_portfolio else field.key != ("shared",)


def _of_named(sheet: Sheet, case: _Case) -> Iterator[Values]:
    for i, (name, one) in enumerate(case.rest.pop(sheet.key, {}).items(), 1):
        own: Values = {("name",): name} | ({ORDER.key: i} if ORDER in sheet.columns else {})
        table = dict(one)
        if sheet is layout.FAMILIES and _are_tables(one.get("entering")):
            case.entries += [_row(layout.ENTRIES, entry, case, {("family",): name}) for entry in table.pop("entering")]
        yield _row(sheet, table, case, own)


def _are_tables(given: Any) -> bool:
    return isinstance(given, list) and bool(given) and all(isinstance(one, Mapping) for one in given)


def _of_list(sheet: Sheet, case: _Case) -> Iterator[Values]:
    for one in case.rest.pop(sheet.key, []):
        yield _row(sheet, one, case, {})


def _of_entries(sheet: Sheet, case: _Case) -> Iterator[Values]:
    yield from case.entries


def _of_states(sheet: Sheet, case: _Case) -> Iterator[Values]:
    """Leaves the moves, which have a sheet of their own."""
    for role, one in case.rest.get("roles", {}).items():
        start, states = one.get("start"), one.get("states")
        if not isinstance(states, Mapping) or not states:
            raise ValueError(role)
        own = {key: value for key, value in one.items() if key not in ("start", "states", "moves")}
        begins = {start: "x"} if isinstance(start, str) else dict(start or {})
        order = [state for state in states if state in begins]
        if (
            order != list(begins)
            or ("start" in one and not begins)
            or (isinstance(start, Mapping) and any(_is_all(value) for value in begins.values()))
        ):
            own["start"], begins = start, {}
        named: Values = {("role",): role}
        if own:
            yield _row(sheet, own, case, named)
        for state, price in states.items():
            at_start: Values = {("start",): begins[state]} if state in begins else {}
            yield _row(sheet, price, case, named | {("state",): state} | at_start)
    case.rest["roles"] = {
        role: {"moves": one["moves"]} for role, one in case.rest.get("roles", {}).items() if "moves" in one
    }
    case.rest = {key: value for key, value in case.rest.items() if key != "roles" or value}


def _is_all(value: Any) -> bool:
    return isinstance(value, str) and value.strip().casefold() in people.ALL


def _of_moves(sheet: Sheet, case: _Case) -> Iterator[Values]:
    for role, one in case.rest.pop("roles", {}).items():
        if one.keys() != {"moves"} or not _are_tables(one["moves"]):
            raise ValueError(role)
        for move in one["moves"]:
            for values, left in moves.rows_of(role, move, case.language):
                yield _row(sheet, left, case, values)


def _of_reported(sheet: Sheet, case: _Case) -> Iterator[Values]:
    """A row for as many figures of one series as can stand in it."""
    row: Values = {}
    told: Tree = {}
    for one in case.rest.pop("reported", []):
        rest = {key: value for key, value in one.items() if key not in ("year", "value")}
        key: Key = ("years", one["year"]) if "year" in one else ("value",)
        if (
            row
            and rest == told
            and ("value",) not in row
            and (key == ("value",) or one["year"] > max(int(k[1]) for k in row if k[0] == "years"))
        ):
            row[key] = one["value"]
            continue
        if row:
            yield row
        own: dict[Key, Any] = {key: one["value"]}
        told, row = rest, _row(sheet, rest, case, own)
    if row:
        yield row


def _of_index(sheet: Sheet, case: _Case) -> Iterator[Values]:
    for year, value in dict(_get(case.rest, ("money", "index")) or {}).items():
        yield {("year",): int(year), ("value",): value}
        _drop(case.rest, ("money", "index", year))


def _places(node: Any, path: Path, language: Language) -> Iterator[Values]:
    """A row of Other for each thing that one cell can say."""
    children: Sequence[tuple[str | int, Any]] = (
        list(node.items()) if isinstance(node, Mapping) else list(enumerate(node)) if isinstance(node, list) else []
    )
    is_whole = path and contents.encoded(OTHER.column("value"), node, language) is not None
    if is_whole and not (len(path) == 1 and isinstance(node, Mapping) and node):
        yield {("place",): paths.written(path, {}), ("value",): node}
        return
    if path and not children:
        raise _CannotSay(paths.written(path, {}))
    for step, item in children:
        yield from _places(item, (*path, step), language)


_TAKEN: Mapping[Shape, Callable[[Sheet, _Case], Iterator[Values]]] = {
    Shape.NAMED: _of_named, Shape.LISTED: _of_list, Shape.STATES: _of_states, Shape.MOVES: _of_moves, Shape.ENTRIES: _of_entries,
    Shape.REPORTED: _of_reported, Shape.INDEX: _of_index,
}  # fmt: skip
