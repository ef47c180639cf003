"""As many draws as a wanted precision takes.

Every step is a run of its own with more draws, the number of which follows from the error of the step before, so that the last step is to the
last bit what `run` gives with that number of draws; the steps before it cost little beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from simulate.analysis import precision
from simulate.engine import Case, Result
from simulate.errors import ResourceError
from simulate.names import BLOCKS
from simulate.options import Options, Progress
from simulate.pace import Notify, Pace
from simulate.sampling import rounded_up

SAFETY = 1.1  # the error of an error from 16 blocks is a fifth of it
FASTEST = 16  # times more draws from one step to the next


@dataclass(frozen=True, slots=True)
class Goal:
    """Half of a 95 % interval: a share, of the chance of break-even, or DKK, of the mean provenu."""

    of: Literal["probability", "mean"]
    half_width: float


@dataclass(frozen=True, slots=True)
class Step:
    draws: int
    value: float
    half_width: float
    floor: float = 0.0  # of the half width, that no number of draws takes away


@dataclass(frozen=True, slots=True)
class Convergence:
    goal: Goal
    steps: list[Step]
    stopped_by: Literal["precision", "max-draws", "machine", "approximation"]
    without_luck: bool = False  # the chance
    needed: float = 0.0  # draws, where too few have a rare value or tail; inf: no number of them will do

    @property
    def is_reached(self) -> bool:
        return self.stopped_by == "precision"


def precise(
    case: Case,
    options: Options,
    goal: Goal,
    most: int,
    progress: Progress | None = None,
    notify: Notify = lambda words: None,
) -> tuple[Result, Convergence]:
    """Run with more and more draws, from options.draws to `most`, until the goal is reached and every rare value is expected often enough.

    Raises ResourceError only where not even the first step is possible.
    """
    most = _rounded_down(most, options.design)
    draws = min(rounded_up(options.draws, options.design), most)
    result, steps, pace = None, list[Step](), Pace(notify)
    ended = partial(Convergence, goal, steps)
    while True:
        try:
            result = case.result(replace(options, draws=draws), progress, pace)
        except ResourceError:
            if result is None:
                raise
            return result, ended("machine")
        steps.append(_step(result, goal))
        without_luck = goal.of == "probability" and result.leaves_out_luck and not result.adds_luck
        ended = partial(Convergence, goal, steps, without_luck=without_luck)
        needed = result.undrawn.needed
        if steps[-1].half_width <= goal.half_width and draws >= needed:
            return result, ended("precision")
        if steps[-1].floor >= goal.half_width:
            return result, ended("approximation")
        if draws >= most:
            return result, ended("max-draws", needed=needed if draws < needed else 0.0)
        more = SAFETY * _times(steps[-1], goal.half_width)
        aim = min(max(draws * max(more, 2), needed), most)
        wanted = max(draws * min(max(more, 2), FASTEST), min(needed, most))
        draws = min(rounded_up(int(wanted), options.design), most)
        pace.follow(max(0.0, aim - draws))  # which may take more than one step


def _step(result: Result, goal: Goal) -> Step:
    assert result.draws is not None
    if goal.of == "mean":
        mean = result.mean()
        return Step(result.draws.number, mean.value, precision.STUDENT * mean.error)
    chance = result.chance()
    low, high = chance.interval
    floor = precision.STUDENT * result.mixture.chance().approximation if result.adds_luck else 0.0
    half_width = max(high - chance.value, chance.value - low)
    return Step(result.draws.number, chance.value, half_width, min(floor, half_width))


def _times(step: Step, half_width: float) -> float:
    """How many times the draws would do, of an error whose square is a floor's and what draws take away."""
    return (step.half_width**2 - step.floor**2) / (half_width**2 - step.floor**2)


def _rounded_down(most: int, design: str) -> int:
    """The largest number of draws that the design has room for and that is not above `most`; 16 at least."""
    each = max(most // BLOCKS, 1)
    return BLOCKS * ((1 << (each.bit_length() - 1)) if design == "sobol" else each)
