"""What a number must be for the chance to be as high as wanted."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from simulate.analysis import precision
from simulate.answers.base import Estimate, Head, Probability, Section, estimate, head
from simulate.answers.paper import warnings
from simulate.scenario import Loaded
from simulate.scenario.adjustable import Movable
from simulate.scenario.numbers import Usage

if TYPE_CHECKING:
    from simulate.studies import curve
    from simulate.studies import threshold as study


@dataclass(frozen=True, repr=False)
class Described(Section):
    """A number of the file. assumed: its value; factor: it is a list by year, and all values here are factors on the list.

    each_year: it has a value of its own in each year; percentiles: of its distribution, null where it is certain.
    """

    label: str
    unit: str
    usage: Usage
    factor: bool
    each_year: bool
    assumed: float | list[float]
    percentiles: dict[int, float] | None


@dataclass(frozen=True, repr=False)
class Searched(Section):
    """low, high: between which values was looked; low_is_limit, high_is_limit: whether nothing beyond is possible."""

    low: float
    high: float
    low_is_limit: bool
    high_is_limit: bool


@dataclass(frozen=True, repr=False)
class Highest(Section):
    """probability: the highest chance that was met; value: where."""

    probability: Estimate
    value: float


@dataclass(frozen=True, repr=False)
class Level(Section):
    """What it must be for one chance. probability: the chance; crossing: the value at which the chance is that high, null where no value reaches it, or all do; stretches:
    the values at which it is reached; reached: for values of at least or at most the crossing, between two, in several stretches.

    assumed_probability: the chance of those values by the number's own distribution; set: what `--set` takes to try it.
    """

    probability: float
    crossing: Estimate | None
    reached: Literal["at-least", "at-most", "between", "several", "always", "never"]
    stretches: list[tuple[float, float]]
    assumed_probability: float | None
    best: Highest
    set: str | None
    clipped: dict[str, float]


@dataclass(frozen=True, repr=False)
class Row(Section):
    """The second number held at a percentile of its distribution. percentile: which; value: what it is there."""

    percentile: float
    value: float
    thresholds: list[Level]


@dataclass(frozen=True, repr=False)
class Second(Section):
    """The number that another one is moved along."""

    assumption: str


@dataclass(frozen=True, repr=False)
class Frontier(Described, Second):
    """Along the distribution of a second number."""

    rows: list[Row]


@dataclass(frozen=True, repr=False)
class Asked(Head):
    """assumption, path: the number that was asked for; the other is null. stands_there: the assumption that the file names at the path, or its calculation there."""

    answer: Literal["threshold"] = field(default="threshold", kw_only=True)
    assumption: str | None
    path: str | None
    stands_there: str | None


@dataclass(frozen=True, repr=False)
class Threshold(Described, Asked):
    """as_it_is: the chance with nothing moved; target: the label of the one whose chance it is, null: break-even; switching_value: where the business case's own number is 0, null where nowhere;
    switching_jump: where it changes its sign without being 0; switching_known: whether both are known: not where that number is the mean of lives; correlated: assumptions that have a correlation with it, and do not follow it here."""

    target: str | None
    as_it_is: Probability
    searched: Searched
    switching_value: float | None
    switching_jump: float | None
    switching_known: bool
    thresholds: list[Level]
    correlated: list[str]
    frontier: Frontier | None
    warnings: list[str]


def of(
    found: study.Thresholds,
    loaded: Loaded,
    target: str | None = None,
    path: str | None = None,
    stands: str | None = None,
) -> Threshold:
    """path: of the number, where it is no assumption; stands: the assumption that the file names there."""
    moved = found.moved
    case, options = head(found.as_it_is, loaded)
    pairs = [pair.between for pair in loaded.scenario.correlations if moved.name in pair.between]
    return Threshold(
        scenario=case,
        run=options,
        assumption=None if path else moved.name,
        path=path,
        stands_there=stands,
        **_described(moved),
        target=target,
        as_it_is=Probability(estimate(found.chance.chance)),
        searched=Searched(moved.low, moved.high, moved.low_is_limit, moved.high_is_limit),
        switching_value=found.switching.value,
        switching_jump=found.switching.jump,
        switching_known=found.switching.is_known,
        thresholds=[_level(one, moved, path) for one in found.thresholds],
        correlated=[other for between in pairs for other in between if other != moved.name],
        frontier=None if found.frontier is None else _frontier(found.frontier, moved, path),
        warnings=warnings(loaded),
    )


def _frontier(found: study.Frontier, moved: Movable, path: str | None) -> Frontier:
    rows = [Row(100 * row.share, row.value, [_level(one, moved, path) for one in row.thresholds]) for row in found.rows]
    return Frontier(assumption=found.moved.name, **_described(found.moved), rows=rows)


def _described(moved: Movable) -> dict[str, Any]:
    one, percentiles = moved.assumption, None
    if moved.distribution is not None:
        values = moved.distribution.ppf(np.array([0.05, 0.5, 0.95]))
        percentiles = {p: float(value) for p, value in zip((5, 50, 95), values, strict=True)}
    return {
        "label": one.label or "",
        "unit": one.unit or "",
        "usage": moved.usage,
        "factor": moved.is_factor,
        "each_year": one.each_year,
        "assumed": [float(item) for item in one.value] if isinstance(one.value, tuple) else float(one.value),
        "percentiles": percentiles,
    }


def _level(one: curve.Threshold, moved: Movable, path: str | None) -> Level:
    crossing = one.crossing
    return Level(
        probability=one.probability,
        crossing=None if crossing is None else estimate(precision.bounded(crossing.value, *crossing.interval)),
        reached=one.reached,
        stretches=[(low, high) for low, high in one.stretches],
        assumed_probability=_assumed(one, moved),
        best=Highest(estimate(one.best_known.chance), one.best),
        set=None if crossing is None else moved.change(crossing.value, path),
        clipped={}
        if crossing is None
        else {key: n / crossing.known.draws for key, n in crossing.known.clipped.items()},
    )


def _assumed(one: curve.Threshold, moved: Movable) -> float | None:
    """The chance that the number is as wanted, by its own distribution; None where it has none, or one for each year."""
    if moved.distribution is None or moved.assumption.each_year:
        return None
    found = 0.0
    for low, high in one.stretches:
        below = -math.inf if low == moved.low else float(np.nextafter(low, -math.inf))
        above = math.inf if high == moved.high else high
        ends = [0.0 if math.isinf(x) else float(moved.distribution.cdf(np.array([x]))[0]) for x in (below, above)]
        found += (1.0 if math.isinf(above) else ends[1]) - ends[0]
    return min(max(found, 0.0), 1.0)
