"""How far one number must move for the chance of break-even, or of a target, to be as high as asked; everything else as uncertain as it is.

The chance is computed on common draws and luck: the number keeps its columns of the cube, so that the others are drawn as they are in any run,
and the random numbers of every family stay the same (common random numbers: Glasserman, Yao 1992).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simulate import measures
from simulate.analysis import precision
from simulate.analysis.precision import Estimate
from simulate.engine import Result, Samples, Work, run
from simulate.options import Options, Progress
from simulate.pace import Notify, Pace
from simulate.sampling import Sampler, rounded_up
from simulate.scenario import Scenario, queries
from simulate.scenario.adjustable import Movable
from simulate.studies.curve import Curve, Known, Threshold, few_of

Array = NDArray[np.float64]

PERCENTILES = (0.05, 0.5, 0.95)
OUTWARD = (0.05, 0.2, 0.5)  # of the way from what is assumed to either end, where the scan looks too
TOGETHER = 0.01  # of the range: values that near are not both scanned
ZERO = 0.5  # kr.
# Runs, at a guess: of the scan, and for each probability with few draws and with all
LOOKS, FEW_LOOKS, ALL_LOOKS = 8, 2, 1
ACROSS = (0.05, 0.25, 0.5, 0.75, 0.95)  # of the second assumption's distribution


@dataclass(frozen=True, slots=True)
class Switching:
    """Where the business case's own number is 0; jump: where it changes its sign without being 0 anywhere."""

    value: float | None
    jump: float | None


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
class Found:
    moved: Movable
    as_it_is: Result
    chance: Known  # as it is
    switching: Switching
    thresholds: list[Threshold]
    frontier: Frontier | None


def threshold(
    scenario: Scenario,
    moved: Movable,
    probabilities: Sequence[float],
    options: Options,
    *,
    target: str | None = None,
    against: Movable | None = None,
    as_it_is: Scenario | None = None,
    progress: Progress | None = None,
    notify: Notify = lambda words: None,
) -> Found:
    """Thresholds of a number for each probability, in their order.

    target: the label of one, in place of break-even. against: a second, uncertain assumption, for the frontier. as_it_is: the scenario
    whose chance is told beside, where `scenario` was made to name a number of it.
    """
    options = replace(options, draws=rounded_up(options.draws, options.design))
    goal = Goal.of(scenario, target)
    steps = _Steps(progress, options.draws, 1 + (against is not None) * len(ACROSS), len(probabilities))
    curves, pace = steps.curves, Pace(notify)
    still = Sampler(scenario, fixed={moved.name: moved.at(moved.assumed)})
    few = replace(options, draws=few_of(options.draws))
    pace.further(curves * (LOOKS + FEW_LOOKS * len(probabilities)), lambda: Work.of(scenario, few, still).sound())
    pace.further(curves * ALL_LOOKS * len(probabilities), lambda: Work.of(scenario, options, still).sound())
    only_money = moved.name not in queries.driving_lives(scenario)
    samples = {options.draws: Samples()} if only_money else None
    own = samples[options.draws] if samples and as_it_is is None else None
    result = run(as_it_is or scenario, options, steps.next(), pace, samples=own)
    question = _Question(scenario, moved, probabilities, options, goal, steps, samples)
    found = question.answer({})
    frontier = None
    if against is not None and against.distribution is not None:
        values = [float(value) for value in against.distribution.ppf(np.array(ACROSS))]
        held = [question.answer({against.name: against.at(value)}) for value in values]
        frontier = Frontier(against, [Row(*row) for row in zip(ACROSS, values, held, strict=True)])
    return Found(moved, result, goal.known(result), switching(scenario, moved), found, frontier)


@dataclass(frozen=True, slots=True)
class Goal:
    """Break-even, or the target of that place in the scenario."""

    target: int | None

    @classmethod
    def of(cls, scenario: Scenario, label: str | None) -> Goal:
        return cls(None if label is None else [one.label for one in scenario.targets].index(label))

    def known(self, result: Result) -> Known:
        assert result.draws is not None
        if self.target is None:
            chance = result.chance()
        else:
            hits = result.draws.sums.block_means(measures.TARGETS)[:, self.target]
            chance = Estimate(float(result.draws.sums.mean(measures.TARGETS)[self.target]), precision.error_of(hits))
        low, high = precision.chance_interval(chance, result.draws.number)
        return Known(chance, low, high, result.draws.number, result.clipped)


class _Steps:
    """Progress over several runs, whose number is guessed."""

    def __init__(self, progress: Progress | None, draws: int, curves: int, probabilities: int) -> None:
        self.progress, self.curves = progress, curves
        self.total = draws + curves * (
            few_of(draws) * (LOOKS + FEW_LOOKS * probabilities) + ALL_LOOKS * draws * probabilities
        )
        self.before = self.now = 0

    def next(self) -> Progress | None:
        """The progress of the next run; None where nobody looks."""
        self.before = self.now
        return self.show if self.progress else None

    def show(self, done: int, of: int) -> None:
        assert self.progress is not None
        self.now = self.before + done
        self.progress(min(self.now, self.total), self.total)


@dataclass(frozen=True, slots=True)
class _Question:
    scenario: Scenario
    moved: Movable
    probabilities: Sequence[float]
    options: Options
    goal: Goal
    steps: _Steps
    samples: dict[int, Samples] | None = None  # by the number of draws, where lives do not hang on what is moved

    def answer(self, held: Mapping[str, Array]) -> list[Threshold]:
        """Thresholds with other assumptions held at values (1, year or 1)."""

        samples = {} if self.samples is not None and held else self.samples

        def chance(value: float, draws: int) -> Known:
            sampler = Sampler(self.scenario, fixed={**held, self.moved.name: self.moved.at(value)})
            options = replace(self.options, draws=draws)
            same = None if samples is None else samples.setdefault(draws, Samples())
            return self.goal.known(run(self.scenario, options, self.steps.next(), sampler=sampler, samples=same))

        moved = self.moved
        curve = Curve(chance, moved.low, moved.high, moved.assumed, self.options.draws)
        return curve.thresholds(self.probabilities, scanned(moved))


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


def switching(scenario: Scenario, moved: Movable) -> Switching:
    """The value at which the business case's own number is 0, every other assumption at its value and no luck: nearest to what is assumed."""
    from scipy.optimize import brentq

    def provenu(value: float) -> float:
        sampler = Sampler(scenario, fixed={moved.name: moved.at(float(value))})
        return float(run(scenario, Options(engine="point"), sampler=sampler).point.provenu.sum())

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
