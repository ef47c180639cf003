"""A move as rows of its sheet, and those rows as the move: how it happens, its number, and what the programme does to that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulate.locale import Language
from simulate.workbook import contents
from simulate.workbook.layout import EFFECTS, MOVES, Key

WAYS = {"entry": "chance", "yearly": "yearly", "quarterly": "quarterly", "monthly": "monthly", "after": "after_months"}
OF_SINCE = ("yearly", "quarterly", "monthly")
AMOUNT: tuple[Key, ...] = (("number",), ("effect",), ("effect_number",), ("sd",), ("shape",))
NAMES: tuple[Key, ...] = (("role",), ("from",), ("to",))
EFFECT_KEYS = tuple(one.value for one in EFFECTS)

_NUMBERS: tuple[Key, ...] = ((), ("baseline",), ("mean",), ("baseline", "mean"))  # what the column of the number may be

Values = dict[Key, Any]
Cells = dict[Key, str]


# From a row ----------------------------------------------------------------------------------------------------------------


def of_row(values: Values, cells: Cells) -> tuple[Values, Cells]:
    """The keys of the move that a row says, without its role and months, and the cell of each."""
    found = {
        key: value
        for key, value in values.items()
        if key not in (("role",), ("how",), ("months",), *AMOUNT) and key[0] != "over_time"
    }
    tables = {key[0] for key in found if len(key) > 1}  # of which another key may be what is missing
    places = {
        key: cell for key, cell in cells.items() if key in found or key in (("from",), ("to",)) or key[0] in tables
    }
    how = values.get(("how",))
    if how is None:
        return found, places
    if how == "entry":
        found["at",], places["at",] = "entry", cells["how",]
    return found | dict(_amount(WAYS[how], values)), places | dict(_places(WAYS[how], values, cells))


def _amount(way: str, values: Values) -> Iterator[tuple[Key, Any]]:
    over_time = {key: value for key, value in values.items() if key[0] == "over_time"}
    has_arms = bool(over_time) or ("effect",) in values
    base: Key = (way, "baseline") if has_arms else (way,)
    is_drawn = ("sd",) in values or ("shape",) in values
    for column, key in (
        ("number", (*base, "mean") if is_drawn else base),
        ("sd", (*base, "sd")),
        ("shape", (*base, "shape")),
    ):
        if (column,) in values:
            yield key, values[column,]
    if ("effect",) in values and ("effect_number",) in values:
        yield (way, values["effect",]), values["effect_number",]
    for column_key, value in over_time.items():
        yield (way, *column_key), value


def _places(way: str, values: Values, cells: Cells) -> Iterator[tuple[Key, str]]:
    number = cells.get(("number",), cells["how",])
    yield from (((way, *key), number) for key in _NUMBERS)
    for column in ("sd", "shape"):
        if (column,) in cells:
            yield (way, column), cells[column,]
            yield (way, "baseline", column), cells[column,]
    if ("effect_number",) in cells:
        yield from (((way, effect), cells["effect_number",]) for effect in EFFECT_KEYS)
    for column_key, cell in cells.items():
        if column_key[0] == "over_time":
            yield (way, *column_key), cell


# To rows -------------------------------------------------------------------------------------------------------------------


def rows_of(role: str, move: Mapping[str, Any], language: Language) -> list[tuple[Values, dict[str, Any]]]:
    """Each row's values by its columns, as far as columns have them, and what is left of the move."""
    steps = move.get("since_arrival")
    names: Values = {("role",): role} | {key: move[str(key[0])] for key in NAMES[1:] if str(key[0]) in move}
    rest = {key: value for key, value in move.items() if (key,) not in names}
    if steps is not None and not set(WAYS.values()) & move.keys() and "at" not in move:
        found = _of_steps(steps, language)
        if found:
            rest.pop("since_arrival")
            first, *others = found
            return [(names | first[0], rest), *((names | values, left) for values, left in others)]
    return [_of_one(names, rest, language)]


def _of_one(names: Values, rest: dict[str, Any], language: Language) -> tuple[Values, dict[str, Any]]:
    ways = [how for how, way in WAYS.items() if way in rest]
    if len(ways) != 1 or ("at" in rest) != (ways == ["entry"]) or rest.get("at", "entry") != "entry":
        return names, rest
    amount = amount_of(rest[WAYS[ways[0]]], language)
    if amount is None:
        return names, rest
    left = {key: value for key, value in rest.items() if key not in ("at", WAYS[ways[0]])}
    return names | {("how",): ways[0]} | amount, left


def _of_steps(steps: Any, language: Language) -> list[tuple[Values, dict[str, Any]]]:
    """Of each step a row; none where rows cannot say them."""
    if not isinstance(steps, list) or not steps or not all(isinstance(one, Mapping) for one in steps):
        return []
    ends = [("months" in one) for one in steps]
    if not all(ends[:-1]) or (ends[-1] and len(steps) > 1) or ends == [False]:
        return []
    found = [_of_step(one, language) for one in steps]
    if any(one is None for one in found) or (found[0] and found[0][1]):
        return []
    return [one for one in found if one is not None]


def _of_step(step: Mapping[str, Any], language: Language) -> tuple[Values, dict[str, Any]] | None:
    ways = [way for way in OF_SINCE if way in step]
    amount = amount_of(step[ways[0]], language) if len(ways) == 1 else None
    if amount is None or (
        "months" in step and contents.encoded(MOVES.column("months"), step["months"], language) is None
    ):
        return None
    months: Values = {("months",): step["months"]} if "months" in step else {}
    left = {key: value for key, value in step.items() if key not in ("months", ways[0])}
    return {("how",): ways[0], **amount, **months}, left


def amount_of(given: Any, language: Language) -> Values | None:
    """A number, a stay that is drawn, or the baseline's and what the programme does to it, in columns; None where they cannot say it."""
    found = _stay(given)
    if found is None and isinstance(given, Mapping):
        found = _arms(given)
    if found is None:
        return None
    return (
        found
        if all(contents.encoded(MOVES.column(*key), value, language) is not None for key, value in found.items())
        else None
    )


def _stay(given: Any) -> Values | None:
    """One number, or one that is drawn."""
    if not isinstance(given, Mapping) or all(str(key).isdigit() for key in given):
        return {("number",): given}
    if {"mean"} <= given.keys() <= {"mean", "sd", "shape"} and len(given) > 1:
        return {("number" if key == "mean" else key,): value for key, value in given.items()}
    return None


def _arms(given: Mapping[str, Any]) -> Values | None:
    effects = [key for key in given if key in EFFECT_KEYS]
    over_time = given.get("over_time", {})
    base = _stay(given["baseline"]) if "baseline" in given else None
    if (
        base is None
        or len(effects) > 1
        or (not effects and not over_time)
        or given.keys() - {"baseline", "over_time", *effects}
    ):
        return None
    told = dict(_leaves(over_time, ("over_time",)))
    if "over_time" in given and (not told or not {column.key for column in MOVES.columns} >= told.keys()):
        return None
    effect: Values = {("effect",): effects[0], ("effect_number",): given[effects[0]]} if effects else {}
    return base | effect | told


def _leaves(node: Any, path: Key) -> Iterator[tuple[Key, Any]]:
    if not isinstance(node, Mapping):
        yield path, node
        return
    for key, item in node.items():
        yield from _leaves(item, (*path, key))
