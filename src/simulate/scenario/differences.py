"""What differs between two trees of scenarios, part by part, and the trees between them: one part after the other as in the new one.

A part is what has a name of its own: an assumption, a line, a state, a way of entering, a key of a table; a list of moves as a whole, since their
order counts. Words alone (labels, notes, sources) make no difference, nor does a name that is another while all that it stands for is the same,
nor a number that is written otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulate.scenario import expressions, numbers
from simulate.scenario.expressions import ExpressionProblem, Known
from simulate.scenario.numbers import NumberProblem, Usage
from simulate.scenario.paths import Path
from simulate.scenario.schema import LABELLED
from simulate.scenario.validation import copied

Tree = dict[str, Any]

WORDS = {"label", "note", "source", "unit", "title", "municipality", "language", "format"}
UNCOUNTED = {
    "reported",
    "simulation",
    "targets",
    "observed",
    "parts",
}  # of the paper, of the draws, asked of the courses, and whose a thing is
NAMING = {"reported", "targets"}
NAMED = {"assumptions", "families"}  # tables of parts
LINES = LABELLED
OWNER = "part"  # of a portfolio, written by the program
STRUCTURE = {
    "from",
    "to",
    "start",
    "line",
    "area",
    "kind",
    "shape",
    "role",
    "state",
    "at",
    "timing",
    "arrivals",
    "families",
    OWNER,
}  # no assumption stands there
USAGES: tuple[Usage, ...] = (
    "number",
    "money",
    "share",
    "count",
)  # by which a text that is a number is read: the first that can


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the file, as it is written before and after; None where there is none."""

    path: Path
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Part:
    """What differs of a part. place: of it, where lines stand by their labels."""

    place: tuple[str, ...]
    numbers: tuple[Number, ...]


def differences(old: Tree, new: Tree) -> list[Part]:
    """In the new tree's order; what is only in the old one comes after."""
    before, after = dict(_parts(old)), dict(_parts(new))
    found = []
    for place in _in_order(before, after):
        differing = tuple(_numbers(place, before.get(place), after.get(place)))
        if differing:
            found.append(Part(place, differing))
    return found


def _in_order(before: Mapping[tuple[str, ...], Any], after: Mapping[tuple[str, ...], Any]) -> list[tuple[str, ...]]:
    """The places of both: what is gone stands before what is new at its place, else behind. An assumption goes last, when nothing names it any more."""
    gone = [one for one in before if one not in after]
    found: list[tuple[str, ...]] = []
    for place in after:
        replaced = None if place in before or place[0] == "assumptions" else next(
            (one for one in gone if one[:-1] == place[:-1] and len(one) > 1), None
        )  # fmt: skip
        if replaced is not None:
            gone.remove(replaced)
            found.append(replaced)
        found.append(place)
    return [*found, *gone]


def _parts(tree: Tree) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, item in tree.items():
        if key in WORDS | UNCOUNTED:
            continue
        if key in NAMED and isinstance(item, Mapping):
            yield from (((key, str(name)), one) for name, one in item.items())
        elif key == "roles" and isinstance(item, Mapping):
            for name, role in item.items():
                yield from _of_role(str(name), role)
        elif _lines(item):
            yield from (((key, name), one) for name, one in _labelled(item))
        elif isinstance(item, Mapping):
            yield from (((key, str(name)), one) for name, one in item.items())
        else:
            yield (key,), item


def _of_role(name: str, role: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, item in role.items():
        if key == "states" and isinstance(item, Mapping):
            yield from ((("roles", name, key, str(state)), one) for state, one in item.items())
        else:
            yield ("roles", name, key), item


def _lines(item: Any) -> bool:
    """Whether each of a list of tables has an identity of its own."""
    if not isinstance(item, list) or not all(isinstance(one, Mapping) and identity(one) for one in item):
        return False
    return len({identity(one) for one in item}) == len(item)


def identity(one: Mapping[str, Any]) -> str | None:
    """By what a table of a list is known, wherever it stands: a line by its label, a correlation by the two that it is between."""
    if "label" in one:
        return str(one["label"])
    pair = one.get("between")
    return " / ".join(sorted(map(str, pair))) if isinstance(pair, list) else None


def _labelled(item: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    return ((str(identity(one)), one) for one in item)


def _numbers(place: tuple[str, ...], before: Any, after: Any, path: Path = ()) -> Iterator[Number]:
    """The leaves that differ."""
    if path and (path[-1] in WORDS or path[-1] == OWNER or (place[:1] == ("correlations",) and path[-1] == "between")):
        return
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        alone = [None if isinstance(item, Mapping) else item for item in (before, after)]
        if alone != [None, None]:  # a number became a table, or a table a number
            yield Number((*place, *path), *alone)
        old, new = ({} if not isinstance(item, Mapping) else item for item in (before, after))
        for key in [*new, *(key for key in old if key not in new)]:
            one, other = old.get(key), new.get(key)
            if key == "value" and ("uncertainty" in old or "uncertainty" in new) and _shape(one) != _shape(other):
                yield Number((*place, *path, key), one, other)  # of a list what is uncertain is a factor on it
                continue
            yield from _numbers(place, one, other, (*path, key))
    elif _is_rows(before) or _is_rows(after):
        rows, others = (item if isinstance(item, list) else [] for item in (before, after))
        for i in range(max(len(rows), len(others))):
            one, other = (item[i] if i < len(item) else None for item in (rows, others))
            yield from _numbers(place, one, other, (*path, i))
    elif not _same(before, after):
        yield Number((*place, *path), before, after)


def _shape(item: Any) -> bool | None:
    return None if item is None else isinstance(item, list)


def _is_rows(item: Any) -> bool:
    return isinstance(item, list) and any(isinstance(one, Mapping) for one in item)


def _same(before: Any, after: Any) -> bool:
    """Whether they are the same number, however it is written. Nothing written is not 0."""
    return bool(read(before) == read(after))


def read(leaf: Any) -> Any:
    """A leaf as it is understood: a number, however it is written; a list of them; else as it stands."""
    if isinstance(leaf, bool) or leaf is None:
        return None if leaf is None else str(leaf).lower()  # no number: 1 is not true
    if isinstance(leaf, int | float):
        return float(leaf)
    if isinstance(leaf, list):
        each = [read(one) for one in leaf]
        return each[0] if len(each) == 1 else each
    return _number(leaf) if isinstance(leaf, str) and numbers.looks_like_number(leaf) else leaf


def _number(given: str) -> float | str:
    for usage in USAGES:
        try:
            return numbers.parse(given, usage).value
        except NumberProblem:
            continue
    return given


# Names ----------------------------------------------------------------------------------------------------------------


def renamed(old: Tree, new: Tree) -> Tree:
    """The old tree with the new one's names for the lines and assumptions that only have another name."""
    found: Tree = copied(old)
    for key in LINES:
        if _lines(found.get(key)) and _lines(new.get(key)):
            _rename_lines(found[key], new[key])
    for name, other in _assumptions_renamed(found, new).items():
        table = found["assumptions"]
        found["assumptions"] = {other if one == name else one: item for one, item in table.items()}
        for key in [one for one in found if one not in {"assumptions"} | WORDS | UNCOUNTED]:
            found[key] = _naming(found[key], name, other, Known(table))
        for item in found["assumptions"].values():
            if isinstance(item, dict) and "value" in item:
                item["value"] = _naming(item["value"], name, other, Known(table))
    return found


def _rename_lines(lines: Sequence[dict[str, Any]], others: Sequence[Mapping[str, Any]]) -> None:
    here, there = {one["label"] for one in lines}, {one["label"] for one in others}
    new = [one for one in others if one["label"] not in here]
    for line in (one for one in lines if one["label"] not in there):
        same = next((one for one in new if alike(line, one)), None)
        if same is not None:
            new.remove(same)
            line["label"] = same["label"]


def alike(one: Any, other: Any) -> bool:
    """Whether nothing but words differs."""
    return not any(_numbers((), one, other))


def _assumptions_renamed(old: Tree, new: Tree) -> dict[str, str]:
    """Old name -> new one: of those that are equal, or in whose every place the new one stands."""
    before, after = old.get("assumptions", {}), new.get("assumptions", {})
    gone, free = [one for one in before if one not in after], [one for one in after if one not in before]
    if not gone or not free:
        return {}
    places = [(one.before, one.after) for part in differences(old, new) for one in part.numbers]
    found = {}
    for name in gone:
        follows = {str(there) for here, there in places if here == name}
        same = [one for one in free if alike(before[name], after[one])]
        other = next((one for one in free if follows == {one}), None)
        if other is None and not follows and len(same) == 1:
            other = same[0]
        if other is not None:
            free.remove(other)
            found[name] = other
    return found


def _naming(item: Any, name: str, other: str, known: Known) -> Any:
    """The same with another name, wherever an assumption may stand, and in calculations. known: the names that it was written with."""
    if isinstance(item, Mapping):
        return {key: one if key in WORDS | STRUCTURE else _naming(one, name, other, known) for key, one in item.items()}
    if isinstance(item, list):
        return [_naming(one, name, other, known) for one in item]
    if not isinstance(item, str) or item in known:
        return other if item == name and isinstance(item, str) else item
    try:
        return expressions.renamed(item, known, lambda one: other if one == name else one)
    except ExpressionProblem:  # no calculation
        return item


# Trees between --------------------------------------------------------------------------------------------------------


def between(old: Tree, new: Tree, parts: Sequence[Part]) -> Tree:
    """The old tree with these parts as in the new one; without what names lines that may be gone, and counts for nothing."""
    made: Tree = copied({key: item for key, item in old.items() if key not in NAMING})
    if "parts" in old and "parts" in new:
        there = {one.get("name") for one in new["parts"]}
        made["parts"] = copied([*new["parts"], *(one for one in old["parts"] if one.get("name") not in there)])
    for part in parts:
        _put(made, new, part.place)
    return made


def _put(made: Tree, new: Tree, place: tuple[str, ...]) -> None:
    *above, last = place
    into, source = made, new
    for key in above:
        found = source.get(key) if isinstance(source, Mapping) else None
        if isinstance(found, list) or isinstance(into.get(key), list):
            if not (_lines(found or []) and _lines(into.get(key) or [])):  # no labels: the list as a whole
                into[key] = copied(found or [])
                return
            _put_line(into, key, found or [], last)
            return
        into, source = into.setdefault(key, {}), found or {}
    if last in source:
        into[last] = copied(source[last])
    else:
        into.pop(last, None)


def _put_line(into: Tree, key: str, lines: Sequence[Mapping[str, Any]], label: str) -> None:
    """Its line in the new one, in its place or at the end; none where it has none any more."""
    own = [dict(one) for one in into.get(key, [])]
    new = next((copied(one) for one in lines if identity(one) == label), None)
    at = next((i for i, one in enumerate(own) if identity(one) == label), len(own))
    own[at : at + 1] = [] if new is None else [new]
    into[key] = own
