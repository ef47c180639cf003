"""What differs between two trees of scenarios, part by part, and the trees between them: one part after the other as in the new one.

A part is what has a name of its own: an assumption, a line, a state, a way of entering, a key of a table; a list of moves as a whole, since their
order counts. Words alone (labels, notes, sources) make no difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulate.scenario import paths
from simulate.scenario.paths import Path
from simulate.scenario.validation import copied

Tree = dict[str, Any]

WORDS = {"label", "note", "source", "unit", "title", "municipality", "language", "format"}
UNCOUNTED = {
    "reported",
    "simulation",
    "targets",
    "observed",
}  # of the paper, of the draws, and what is asked of the courses
NAMING = {"reported", "targets"}
NAMED = {"assumptions", "families"}  # tables of parts


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
    for place in [*after, *(one for one in before if one not in after)]:
        numbers = tuple(_numbers(place, before.get(place), after.get(place)))
        if numbers:
            found.append(Part(place, numbers))
    return found


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
    """Whether each of a list of tables has a label of its own."""
    if not isinstance(item, list) or not all(isinstance(one, Mapping) and "label" in one for one in item):
        return False
    return len({one["label"] for one in item}) == len(item)


def _labelled(item: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    return ((str(one["label"]), one) for one in item)


def _numbers(place: tuple[str, ...], before: Any, after: Any, path: Path = ()) -> Iterator[Number]:
    """The leaves that differ."""
    if path and path[-1] in WORDS:
        return
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        old, new = ({} if not isinstance(item, Mapping) else item for item in (before, after))
        for key in [*new, *(key for key in old if key not in new)]:
            yield from _numbers(place, old.get(key), new.get(key), (*path, key))
    elif _is_rows(before) or _is_rows(after):
        rows, others = (item if isinstance(item, list) else [] for item in (before, after))
        for i in range(max(len(rows), len(others))):
            one, other = (item[i] if i < len(item) else None for item in (rows, others))
            yield from _numbers(place, one, other, (*path, i))
    elif not _same(before, after):
        yield Number((*place, *path), before, after)


def _is_rows(item: Any) -> bool:
    return isinstance(item, list) and any(isinstance(one, Mapping) for one in item)


def _same(before: Any, after: Any) -> bool:
    """Whether they are the same number, however it is written."""
    return bool(before == after) and type(before is None) is type(after is None)


def between(old: Tree, new: Tree, parts: Sequence[Part]) -> Tree:
    """The old tree with these parts as in the new one; without what names lines that may be gone, and counts for nothing."""
    made: Tree = copied({key: item for key, item in old.items() if key not in NAMING})
    for part in parts:
        _put(made, new, part.place)
    return made


def _put(made: Tree, new: Tree, place: tuple[str, ...]) -> None:
    *above, last = place
    into, source = made, new
    for key in above:
        found = source.get(key) if isinstance(source, Mapping) else None
        if isinstance(found, list) or isinstance(into.get(key), list):
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
    new = next((copied(one) for one in lines if one["label"] == label), None)
    at = next((i for i, one in enumerate(own) if one["label"] == label), len(own))
    own[at : at + 1] = [] if new is None else [new]
    into[key] = own


def written(path: Path, tree: Tree) -> str:
    """As `--set` takes it."""
    return paths.written(path, tree)
