"""Effects over time: how much of an effect there is, by the time since the family's entry.

The weight is one of a few, each for a class of that time, so that whoever lives families needs no more than a table of them. Times
are half-months since entry.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from simulate.scenario.paths import Path
from simulate.scenario.queries import at_year, rates_of
from simulate.scenario.schema import Arms, Move, OverTime, Scenario, StayArms

YEAR = 24
SHORTEST = 1e-6  # months, of a half-life that is drawn: whatever is shorter leaves nothing, either

Get = Callable[[str], Any]
"""The number under a key of the table: `half_life_months`, or `weight` for that of the lock-in."""


def shapes(move: Move) -> list[tuple[Path, OverTime]]:
    """The effects of a move that change with time, and where that stands under it."""
    armed: list[tuple[Path, Arms | StayArms]] = [(rate.path, rate.arms) for rate in rates_of(move)]
    if move.after_months is not None:
        armed.append((("after_months",), move.after_months))
    return [((*path, "over_time"), arms.over_time) for path, arms in armed if arms.over_time is not None]


def halves(months: float) -> int:
    """The first half-month that is not before."""
    return math.ceil(2 * months)


def lock_in_ends(shape: OverTime) -> int:
    return 0 if shape.lock_in is None else halves(shape.lock_in.months)


def begins(shape: OverTime) -> int:
    """When the effect itself begins: after the lock-in where nothing else is said."""
    return lock_in_ends(shape) if shape.begins_after_months is None else halves(shape.begins_after_months)


def ends(shape: OverTime, horizon: int) -> int:
    """At the horizon where nothing is said."""
    return horizon if shape.ends_after_months is None else min(halves(shape.ends_after_months), horizon)


def turns(shape: OverTime, horizon: int) -> list[int]:
    """Where the weight may change, before the horizon; at 0 it begins."""
    begin, end = begins(shape), ends(shape, horizon)
    steps = range(begin, end, YEAR) if shape.half_life_months is not None else ()
    return sorted(at for at in {0, lock_in_ends(shape), begin, *steps, end} if at < max(horizon, 1))


def classes(moves: Iterable[Move], horizon: int) -> list[int]:
    """Where the classes of a role begin: in each, all its effects have one weight."""
    return sorted({0}.union(*(turns(shape, horizon) for move in moves for _, shape in shapes(move))))


def weight(shape: OverTime, age: int, horizon: int, get: Get) -> Any:
    """The weight of the effect so long after entry; from an effect's end on, and before it begins, 0.

    An effect with a half-life has in the k-th year since it began the weight of that year's middle.
    """
    begin = begins(shape)
    if age >= ends(shape, horizon):
        return 0.0
    if age < lock_in_ends(shape):
        return get("weight")
    if age < begin:
        return 0.0
    if shape.half_life_months is None:
        return 1.0
    middle = 12 * ((age - begin) // YEAR) + 6
    return np.exp2(-middle / np.maximum(get("half_life_months"), SHORTEST))


def at_values(shape: OverTime | None, scenario: Scenario) -> Get:
    """The numbers of the table at the values of the assumptions."""

    def get(key: str) -> float:
        assert shape is not None
        return at_year(shape.half_life_months if key == "half_life_months" else shape.lock_in.weight, 0, scenario)  # type: ignore[union-attr]

    return get


def weights(shape: OverTime | None, ages: Sequence[int], horizon: int, get: Get) -> list[Any]:
    """Of each class; None for an effect that is the same all along."""
    return [None if shape is None else weight(shape, age, horizon, get) for age in ages]
