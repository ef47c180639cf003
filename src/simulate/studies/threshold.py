"""How far one number must move for the chance of break-even, or of a target, to be as high as asked; everything else as uncertain as it is.

The chance is computed on common draws and luck: the number keeps its columns of the cube, so that the others are drawn as they are in any run,
and the random numbers of every family stay the same (common random numbers: Glasserman, Yao 1992).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np

from simulate.engine import Case, Priced, Result
from simulate.engine.prices import between
from simulate.options import Options, Progress
from simulate.pace import Notify
from simulate.sampling import rounded_up
from simulate.scenario import Scenario, queries
from simulate.scenario.adjustable import Movable
from simulate.studies.curve import Curve, Evaluation, Threshold, few_of
from simulate.studies.runs import Runs

PERCENTILES = (0.05, 0.5, 0.95)
OUTWARD = (0.05, 0.2, 0.5)  # of the way from what is assumed to either end, where the scan looks too
TOGETHER = 0.01  # of the range: values that near are not both scanned
ZERO = 0.5  # kr.
# Runs, at a guess: of the scan, and for each probability with few draws and with all
LOOKS, FEW_LOOKS, ALL_LOOKS = 8, 2, 1
OF_PRICES = 1.5  # what all runs of a curve take whose lives are the same, in runs that live
ACROSS = (0.05, 0.25, 0.5, 0.75, 0.95)  # of the second assumption's distribution


@dataclass(frozen=True, slots=True)
class Switching:
    """Where the business case's own number is 0; jump: where it changes its sign without being 0 anywhere; is_known: not where lives alone tell it, whose
    error is larger than a root that is sought to the last digits."""

    value: float | None
    jump: float | None
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """Thresholds with the second assumption held at a point of its distribution."""

    share: float
    value: float
    thresholds: list[Threshold]


@dataclass(frozen=True, slots=True)
class Frontier:
    moved: Movable
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Thresholds:
    moved: Movable
    as_it_is: Result
    chance: Evaluation  # as it is
    switching: Switching
    thresholds: list[Threshold]
    frontier: Frontier | None


def threshold(
    case: Case,
    moved: Movable,
    probabilities: Sequence[float],
    options: Options,
    *,
    target: str | None = None,
    against: Movable | None = None,
    as_it_is: Case | None = None,
    progress: Progress | None = None,
    notify: Notify = lambda words: None,
) -> Thresholds:
    """Thresholds of a number for each probability, in their order.

    target: the label of one, in place of break-even. against: a second, uncertain assumption, for the frontier. as_it_is: the case
    whose chance is told beside, where `case` was made to name a number of it.
    """
    options = replace(options, draws=rounded_up(options.draws, options.design), alone=True)
    event, few = Event.of(case.scenario, target), few_of(options.draws)
    curves = 1 + (against is not None) * len(ACROSS)
    with_few, with_all = curves * (LOOKS + FEW_LOOKS * len(probabilities)), curves * ALL_LOOKS * len(probabilities)
    runs = Runs(options, with_few * few + (1 + with_all) * options.draws, progress, notify)
    still = case.held({moved.name: moved.at(moved.assumed)})
    taken = (with_few, with_all) if case.drives_lives(moved.name) else [curves * OF_PRICES] * 2
    for times, draws in zip(taken, (few, options.draws), strict=True):
        runs.foresee(times, still, draws=draws)
    result = runs.run(as_it_is or case)

    def answer(of: Case) -> list[Threshold]:
        found = _Found(runs, of, moved)

        def chance(value: float, draws: int) -> Evaluation:
            return event.chance(found.at(value, draws))

        curve = Curve(chance, moved.low, moved.high, moved.assumed, options.draws)
        return curve.thresholds(probabilities, scanned(moved))

    found, frontier = answer(case), None
    if against is not None and against.distribution is not None:
        values = [float(value) for value in against.distribution.ppf(np.array(ACROSS))]
        held = [answer(case.held({against.name: against.at(value)})) for value in values]
        frontier = Frontier(against, [Row(*row) for row in zip(ACROSS, values, held, strict=True)])
    return Thresholds(moved, result, event.chance(result), switching(case, moved), found, frontier)


@dataclass(frozen=True)
class _Found:
    """Runs of a case with a number held at values; where only money hangs on it, most are told by a few."""

    runs: Runs
    case: Case
    moved: Movable
    families: dict[int, Priced] = field(default_factory=dict)  # by draws

    def at(self, value: float, draws: int) -> Result:
        if self.case.drives_lives(self.moved.name):
            return self.runs.run(self.held({self.moved.name: value}), draws=draws)
        if draws not in self.families:
            cells = [{self.moved.name: one} for one in between(self.moved.low, self.moved.high)]
            self.families[draws] = self.runs.family(self.case, cells, self.held, draws=draws)
        return self.runs.priced(self.families[draws], {self.moved.name: value})

    def held(self, numbers: Mapping[str, Any]) -> Case:
        return self.case.held({name: self.moved.at(value) for name, value in numbers.items()})


@dataclass(frozen=True, slots=True)
class Event:
    """Break-even, or that the target of that place in the scenario is reached."""

    target: int | None

    @classmethod
    def of(cls, scenario: Scenario, label: str | None) -> Event:
        return cls(None if label is None else [one.label for one in scenario.targets].index(label))

    def chance(self, result: Result) -> Evaluation:
        assert result.draws is not None
        chance = result.chance() if self.target is None else result.target(self.target)
        return Evaluation(chance, *chance.interval, result.draws.number, result.clipped)


def scanned(moved: Movable) -> list[float]:
    """Where the scan looks first: the ends, what is assumed, percentiles, and further and further out."""
    low, high, assumed = moved.low, moved.high, moved.assumed
    wanted = [low, high, assumed]
    if moved.distribution is not None:
        wanted += [float(value) for value in moved.distribution.ppf(np.array(PERCENTILES))]
    wanted += [assumed + share * (end - assumed) for end in (low, high) for share in OUTWARD]
    found: list[float] = []
    for value in wanted:
        if low <= value <= high and all(abs(value - other) > TOGETHER * (high - low) for other in found):
            found.append(value)
    return sorted(found)


def switching(case: Case, moved: Movable) -> Switching:
    """The value at which the business case's own number is 0, every other assumption at its value and no luck: nearest to what is assumed."""
    if queries.is_tied(case.scenario):
        return Switching(None, None, is_known=False)
    from scipy.optimize import brentq

    def provenu(value: float) -> float:
        held = case.held({moved.name: moved.at(float(value))})
        return float(held.result(Options(engine="point")).point.provenu.sum())

    if provenu(moved.assumed) == 0:
        return Switching(moved.assumed, None)
    totals = {value: provenu(value) for value in scanned(moved)}
    roots = [
        float(brentq(provenu, a, b, xtol=1e-14 * (moved.high - moved.low), rtol=4 * np.finfo(float).eps))
        for a, b in pairwise(totals)
        if np.sign(totals[a]) != np.sign(totals[b])
    ]
    if not roots:
        return Switching(None, None)
    nearest = min(roots, key=lambda value: abs(value - moved.assumed))
    return Switching(nearest, None) if abs(provenu(nearest)) <= ZERO else Switching(None, nearest)
