"""What changed since a case was reported, and what each change does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulate.answers.base import Estimate, Section, estimate
from simulate.scenario import Loaded, tree_of
from simulate.scenario.differences import Number as Differing
from simulate.scenario.differences import Part, written
from simulate.studies import since as study


@dataclass(frozen=True, repr=False)
class Changed(Section):
    """A number of the file. before, after: as it is written, text where it is in words or a list, null where there is none."""

    path: str
    before: float | str | None
    after: float | str | None


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
class Since(Section):
    """Since a case was reported. file: that it is compared with; reported: as it was told then, null where only its file is known; before: the same,
    with the draws and the program of now; changes: in the order of the file, one after the other."""

    file: str
    sha256: str
    reported: Standing | None
    before: Standing
    changes: list[Change]


def of(found: study.Since, old: Loaded, new: Loaded, reported: Standing | None) -> Since:
    trees = tree_of(new), tree_of(old)
    return Since(
        file=old.file,
        sha256=old.sha256,
        reported=reported,
        before=_standing(found.before),
        changes=[
            Change(_numbers(one.parts, *trees), _standing(one.after), estimate(one.difference)) for one in found.steps
        ],
    )


def _standing(one: study.Standing) -> Standing:
    return Standing(estimate(one.chance), estimate(one.mean))


def _numbers(parts: Sequence[Part], new: Mapping[str, Any], old: Mapping[str, Any]) -> list[Changed]:
    return [_number(one, new, old) for part in parts for one in part.numbers]


def _number(one: Differing, new: Mapping[str, Any], old: Mapping[str, Any]) -> Changed:
    tree = old if one.after is None else new
    return Changed(written(one.path, dict(tree)), _value(one.before), _value(one.after))


def _value(value: Any) -> float | str | None:
    if value is None:
        return None
    if isinstance(value, list):
        return "; ".join(str(getattr(item, "raw", item)) for item in value)
    if isinstance(value, bool):
        return str(value).lower()
    return float(value) if isinstance(value, int | float) else str(getattr(value, "raw", value))
