"""What changed since a case was reported, and what each change does."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from simulate.answers.base import Estimate, Options, Section, estimate
from simulate.scenario import Loaded, Scenario, kinds, paths, queries
from simulate.scenario.differences import LINES, Part, Tree, identity, read
from simulate.scenario.differences import Number as Differing
from simulate.scenario.numbers import Usage
from simulate.scenario.paths import Path
from simulate.studies import since as study

COUNTED: tuple[Literal["counterfactual", "engine", "draws", "seed"], ...] = (
    "counterfactual",
    "engine",
    "draws",
    "seed",
)
OWN_UNIT = re.compile(
    r"value|held|minimum|maximum|low|mode|high|mean|sd|values|p\d+(_\d+)?"
)  # of an assumption: in the unit of its value
FACTORED = re.compile(r"low|mode|high|mean|sd|values|p\d+(_\d+)?")  # but factors, where its value is a list


@dataclass(frozen=True, repr=False)
class Changed(Section):
    """A number of the file. name: what it is of, by its label; key: which number of that; before, after: as they are read, in kroner and shares, text where it
    is in words, null where there is none; usage: what kind of number it is, null of words."""

    path: str
    name: str
    key: str
    before: float | list[float] | str | None
    after: float | list[float] | str | None
    usage: Usage | None


@dataclass(frozen=True, repr=False)
class Standing(Section):
    """probability: of break-even; provenu: expected."""

    probability: Estimate
    provenu: Estimate


@dataclass(frozen=True, repr=False)
class Change(Section):
    """What was changed, and all before it. numbers: that differ; after: the case with it; difference: what it does to the expected provenu."""

    numbers: list[Changed]
    after: Standing
    difference: Estimate


@dataclass(frozen=True, repr=False)
class Counting(Section):
    """Where a report was counted otherwise. what: which option of the run; before, after: what it was then, and what it is now."""

    what: Literal["counterfactual", "engine", "draws", "seed"]
    before: int | str
    after: int | str


@dataclass(frozen=True, repr=False)
class Since(Section):
    """Since a case was reported. file: that it is compared with; reported: as it was told then, null where only its file is known; unreadable: whether it was
    told by a version of this program whose figures cannot be read; counting: how it was counted otherwise then; before: the same, counted as now; changes: in the
    order of the file, one after the other; now: the case."""

    file: str
    sha256: str
    reported: Standing | None
    unreadable: bool
    counting: list[Counting]
    before: Standing
    changes: list[Change]
    now: Standing


def of(
    found: study.Since,
    old: Loaded,
    new: Loaded,
    tree: Tree,
    now: Standing,
    run: Options,
    reported: tuple[Standing, Options] | None,
    unreadable: bool = False,
) -> Since:
    """tree: of the new case; now, run: as it is told."""
    naming = _Naming(found.old, tree, old.scenario, new.scenario)
    return Since(
        file=old.file,
        sha256=old.sha256,
        reported=None if reported is None else reported[0],
        unreadable=unreadable,
        counting=[] if reported is None else counting(reported[1], run),
        before=_standing(found.before),
        changes=[
            Change(naming.numbers(one.parts), _standing(one.after), estimate(one.difference)) for one in found.steps
        ],
        now=now,
    )


def counting(before: Options, after: Options) -> list[Counting]:
    """Where the one run was counted otherwise than the other."""
    each = ((what, getattr(before, what), getattr(after, what)) for what in COUNTED)
    return [Counting(what, one, other) for what, one, other in each if one != other]


def _standing(one: study.Standing) -> Standing:
    return Standing(estimate(one.chance), estimate(one.mean))


class _Naming:
    """What the numbers of two trees are called, and what they are used as."""

    def __init__(self, old: Tree, new: Tree, before: Scenario, after: Scenario) -> None:
        self.old, self.new = old, new
        self.assumed = kinds.usages(before) | kinds.usages(after)
        self.used: dict[Path, Usage] = {}
        for scenario in (before, after):
            self.used |= {_by_label(use.path, scenario): use.rule.usage for use in queries.uses(scenario)}

    def numbers(self, parts: Sequence[Part]) -> list[Changed]:
        return [self._number(one) for part in parts for one in part.numbers]

    def _number(self, one: Differing) -> Changed:
        tree = self.old if one.after is None else self.new
        usage = self._usage(one.path, tree)
        before, after = _value(one.before), _value(one.after)
        is_number = any(isinstance(value, float | list) for value in (before, after))
        name, key = _called(one.path, tree)
        return Changed(
            paths.written(_placed(one.path, tree), tree), name, key, before, after, usage if is_number else None
        )

    def _usage(self, path: Path, tree: Tree) -> Usage:
        if path[0] != "assumptions":
            return self.used.get(path, "number")
        last = str(path[-1])
        if last == "choices" or not OWN_UNIT.fullmatch(last):
            return "number"
        value = tree["assumptions"].get(path[1], {}).get("value")
        is_factor = isinstance(value, list) and FACTORED.fullmatch(last)
        return "number" if is_factor else self.assumed.get(str(path[1]), "number")


def _by_label(path: Path, scenario: Scenario) -> Path:
    if path[0] in LINES:
        return (path[0], getattr(scenario, str(path[0]))[path[1]].label, *path[2:])
    return path


def _called(path: Path, tree: Tree) -> tuple[str, str]:
    """Of what it is, and which number of that."""
    key = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    if path[0] == "assumptions" and len(path) > 1:
        return _label(tree, str(path[1])), key
    if path[0] in LINES and len(path) > 1:
        return str(path[1]), key
    if path[0] == "correlations":
        return _pair(tree, path), key
    if path[0] == "roles" and "moves" in path:
        return _move(tree, path), key
    if path[0] == "roles" and "states" in path:
        return str(path[path.index("states") + 1]), key
    return (str(path[1]) if path[0] in ("families", "roles") and len(path) > 2 else ""), key


def _label(tree: Tree, name: str) -> str:
    found = tree.get("assumptions", {}).get(name)
    label = found.get("label") if isinstance(found, Mapping) else None
    return label if isinstance(label, str) and label else name


def _placed(path: Path, tree: Tree) -> Path:
    """A correlation by its number, as a path has it."""
    if path[0] != "correlations" or len(path) == 1:
        return path
    at = next(i for i, one in enumerate(tree["correlations"]) if identity(one) == path[1])
    return ("correlations", at, *path[2:])


def _pair(tree: Tree, path: Path) -> str:
    found = _within(tree, _placed(path, tree)[:2])
    between = found.get("between") if isinstance(found, Mapping) else None
    return " / ".join(_label(tree, str(one)) for one in between) if isinstance(between, list) else ""


def _move(tree: Tree, path: Path) -> str:
    found = _within(tree, path[: path.index("moves") + 2])
    return f"{found.get('from')} → {found.get('to')}" if isinstance(found, Mapping) else str(path[1])


def _within(tree: Any, path: Path) -> Any:
    for step in path:
        try:
            tree = paths.child(tree, step)
        except KeyError:
            return None
    return tree


def _value(value: Any) -> float | list[float] | str | None:
    """As it is read."""
    found = read(value)
    if isinstance(found, list):
        is_numbers = all(isinstance(one, float) for one in found)
        return found if is_numbers else "; ".join(map(str, found))
    return found if isinstance(found, float) or found is None else str(found)
