"""The looks of cells from one workbook in another: behind its own, which keep their numbers."""

from __future__ import annotations

from collections.abc import Sequence

from simulate.writers.write_back.xml import MAIN, Element, appended, elements, spliced, with_attributes

GROUPS = ("numFmts", "fonts", "fills", "borders", "cellXfs")
OF_GROUP = {"fonts": "fontId", "fills": "fillId", "borders": "borderId"}
FIRST_OWN = 164  # formats of numbers below it are known without being said
CHILDREN = ("numFmt", "font", "fill", "border", "xf")


def children(data: bytes, group: str) -> list[Element]:
    """Of a group of looks."""
    return [one for one in elements(data, CHILDREN) if one.path[-2] == group and len(one.path) == 3]


def merged(data: bytes, other: bytes) -> tuple[bytes, dict[int, int]]:
    """The looks of a workbook with those of another behind them; what the number of each of the other's becomes."""
    groups = {one.name: one for one in elements(data, GROUPS) if len(one.path) == 2}
    own = {name: children(data, name) if name in groups else [] for name in GROUPS}
    theirs = {name: children(other, name) for name in GROUPS}
    numbers = _renumbered(own["numFmts"], theirs["numFmts"])
    offsets = {key: len(own[group]) for group, key in OF_GROUP.items()}
    new = {group: [_as_it_is(other, one) for one in theirs[group]] for group in OF_GROUP}
    new["numFmts"] = [_format(other, one, numbers) for one in theirs["numFmts"]]
    new["cellXfs"] = [_look(other, one, numbers, offsets) for one in theirs["cellXfs"]]
    splices = []
    for name in GROUPS:
        if name in groups and new[name]:
            splices += appended(data, groups[name], new[name], count=True)
    if new["numFmts"] and "numFmts" not in groups:
        [root] = [one for one in elements(data, ("styleSheet",)) if len(one.path) == 1]
        whole = b'<numFmts xmlns="%s" count="%d">' % (MAIN.encode(), len(new["numFmts"])) + b"".join(new["numFmts"])
        splices.append((root.inner, root.inner, whole + b"</numFmts>"))
    first = len(own["cellXfs"])
    return spliced(data, splices), {i: first + i for i in range(len(theirs["cellXfs"]))}


def _renumbered(own: Sequence[Element], theirs: Sequence[Element]) -> dict[str, str]:
    """What the numbers of formats become."""
    free = max([FIRST_OWN - 1, *(int(one.attributes["numFmtId"]) for one in own)]) + 1
    return {one.attributes["numFmtId"]: str(free + i) for i, one in enumerate(theirs)}


def _as_it_is(data: bytes, one: Element) -> bytes:
    return _in_namespace(data[one.start : one.end])


def _in_namespace(element: bytes) -> bytes:
    """Whatever prefix the parts around it have."""
    end = min(i for i in (element.find(mark) for mark in (b" ", b">", b"/>")) if i >= 0)
    return element[:end] + b' xmlns="' + MAIN.encode() + b'"' + element[end:]


def _format(data: bytes, one: Element, numbers: dict[str, str]) -> bytes:
    tag = with_attributes(data[one.start : one.inner], {"numFmtId": numbers[one.attributes["numFmtId"]]})
    return _in_namespace(tag + data[one.inner : one.end])


def _look(data: bytes, one: Element, numbers: dict[str, str], offsets: dict[str, int]) -> bytes:
    changed: dict[str, str | None] = {
        key: str(int(one.attributes.get(key, "0")) + first) for key, first in offsets.items()
    }
    number = one.attributes.get("numFmtId", "0")
    changed |= {"numFmtId": numbers.get(number, number), "xfId": "0"}
    tag = with_attributes(data[one.start : one.inner], changed)
    return _in_namespace(tag + data[one.inner : one.end])
