"""Stop or go on: a programme that ends after a review if what is seen by then is not enough.

Two runs on the same draws and luck: the programme that goes on, and the one that ends at the review. A course takes the second where
the rule says so. The rule sees what the course's own families have done by the end of the review year, and nothing else.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from simulate import kernels, model
from simulate.analysis import precision
from simulate.analysis.breakeven import reached
from simulate.analysis.precision import Estimate
from simulate.engine import Case, Result
from simulate.model import Ending, Model
from simulate.names import BLOCKS
from simulate.options import Options, Progress
from simulate.pace import Notify, Pace
from simulate.plan import Plan, in_order
from simulate.sampling import Chunk, rounded_up
from simulate.studies.runs import Runs

Array = NDArray[np.float64]
Stops = NDArray[np.bool_]
YEAR = 24  # half-months
MONTH = 2
CHUNK = 256  # draws
MOST_BOUNDS = 200
PERCENTILES = (5, 50, 95)
Sign = Literal["<", "<=", ">", ">="]
COMPARED: dict[Sign, Any] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


@dataclass(frozen=True, slots=True)
class Rule:
    """Stop if the number of persons of the programme in a state at the review, or moved to it by then, compares so to a bound."""

    what: Literal["in", "moved"]
    role: str
    state: str
    sign: Sign
    bound: float

    def stops(self, counts: Array) -> Stops:
        """(draw,) whether the programme ends."""
        return np.asarray(COMPARED[self.sign](counts, self.bound))


@dataclass(frozen=True, slots=True)
class Bound:
    """What a bound does: chance to stop, and how much the mean provenu is above that of going on whatever is seen, DKK."""

    bound: float
    stop: Estimate
    worth: Estimate


@dataclass(frozen=True, slots=True)
class Summary:
    """Of the provenu, DKK."""

    mean: Estimate
    chance: Estimate
    percentiles: dict[int, Estimate]


@dataclass(frozen=True, slots=True)
class Stages:
    rule: Rule
    review: int  # the year at whose end it is
    notice: int  # months
    seen: dict[int, Estimate]  # percentiles of the count
    chosen: Bound
    without: Summary
    with_rule: Summary
    would_have_paid: Estimate  # chance of stopping a programme that would have broken even
    would_not_have_paid: Estimate  # chance of going on with one that does not
    bounds: list[Bound]
    best: Bound  # its worth is not measured on the draws that it is chosen on
    result: Result  # of the programme that goes on


def stages(
    case: Case,
    options: Options,
    rule: Rule,
    review: int,
    notice: int,
    progress: Progress | None = None,
    notify: Notify = lambda words: None,
) -> Stages:
    """What the rule does to the provenu. review: a year before the last of the horizon. notice: months that are still paid after it."""
    over = YEAR * (review - case.scenario.time.first_year + 1)
    ends = ended(case, Ending(over, over + MONTH * notice))
    options = replace(options, draws=rounded_up(options.draws, options.design), engine="lives", alone=True)
    runs = Runs(options, 2 * options.draws, progress, notify)
    runs.pace.follow(2 * options.draws)  # until the review, and what is seen then: at most as long
    whole, cut = runs.run(case), runs.run(ends)
    counts = observed(ends, options, rule, runs.pace)
    going_on, stopping = (result.total(options.counterfactual) for result in (whole, cut))
    stops = rule.stops(counts)
    provenu = np.where(stops, stopping, going_on)
    off = abs(float((cut.change[0] - whole.change[0]).sum()))
    bounds = _bounds(counts, stopping - going_on, rule.sign, whole.counted, off)
    worth = precision.mean(provenu - going_on).at_least(off * float(stops.mean()))
    return Stages(
        rule=rule,
        review=review,
        notice=notice,
        seen=whole.percentiles(counts, PERCENTILES),
        chosen=Bound(rule.bound, whole.counted(stops), worth),
        without=Summary(whole.mean(), whole.chance(), whole.percentiles(going_on, PERCENTILES)),
        with_rule=Summary(
            _mean(whole, worth), _chance(whole, going_on, provenu), whole.percentiles(provenu, PERCENTILES)
        ),
        would_have_paid=whole.counted(stops & reached(going_on)),
        would_not_have_paid=whole.counted(~stops & ~reached(going_on)),
        bounds=bounds,
        best=_best(bounds, counts, stopping - going_on, rule.sign, off),
        result=whole,
    )


def _mean(whole: Result, worth: Estimate) -> Estimate:
    """The mean of going on, which is known without luck's noise, and what the rule adds to it, which is not."""
    mean = whole.mean()
    return Estimate(mean.value + worth.value, float(np.hypot(mean.error, worth.error)))


def _chance(whole: Result, going_on: Array, provenu: Array) -> Estimate:
    """The chance of break-even of going on, which is known better than counted, and the counted difference that the rule makes."""
    change = precision.mean(reached(provenu).astype(np.float64) - reached(going_on))
    chance = whole.chance()
    return whole.chance_of(min(max(chance.value + change.value, 0.0), 1.0), float(np.hypot(chance.error, change.error)))


def ended(case: Case, ending: Ending) -> Case:
    return replace(case, model=Model(case.scenario, ending))


def observed(case: Case, options: Options, rule: Rule, pace: Pace) -> Array:
    """(draw,) what is seen at the review, at which the case ends: persons of the programme, whole numbers. options: of a run, its draws rounded up."""
    one, ending = case.model, case.model.ending
    assert ending is not None
    state, review = one.states.index((rule.role, rule.state)), ending.entry

    def count(chunk: Chunk) -> Array:
        given = model.parameters(one, case.sampler.draw(options.design, options.seed, chunk))
        lived = model.lived(one, given, options.seed, chunk.first, chunk.draws, 1, ()).programme
        if rule.what == "moved":
            return np.asarray(lived.arrivals[:, state, :review].sum(axis=1))
        return np.asarray(2 * lived.months[:, state, review - 1])  # the last half-month before the review

    kernels.load("lives")
    pace.begin(options.draws, pace.threads)
    chunks = Plan(options.draws, CHUNK)
    return np.concatenate(list(in_order(count, chunks, pace.threads, pace)))


def _bounds(
    counts: Array,
    gained: Array,
    sign: Sign,
    chance: Callable[[Stops], Estimate] = precision.chance,
    off: float = 0.0,
) -> list[Bound]:
    """Every bound that makes a difference. gained: (draw,) provenu of stopping less that of going on, DKK; off: what its mean is off."""
    least, most = int(counts.min()), int(counts.max())
    every = range(least, most + 2) if sign in ("<", ">=") else range(least - 1, most + 1)
    step = -(-len(every) // MOST_BOUNDS)
    found = []
    for bound in every[::step]:
        stops = COMPARED[sign](counts, bound)
        worth = precision.mean(np.where(stops, gained, 0.0)).at_least(off * float(stops.mean()))
        found.append(Bound(float(bound), chance(stops), worth))
    return found


def _best(bounds: list[Bound], counts: Array, gained: Array, sign: Sign, off: float = 0.0) -> Bound:
    """The bound that is worth most; its worth is that of the bound which either half of the blocks would choose, seen in the other half.

    Measured on the draws that chose it, the best of many looks better than it is.
    """
    by_block = [
        precision.in_blocks(np.where(COMPARED[sign](counts, one.bound), gained, 0.0)).mean(axis=1) for one in bounds
    ]
    worth = np.stack(by_block)  # (bound, block)
    half = BLOCKS // 2
    choices = [worth[:, part].mean(axis=1).argmax() for part in (slice(half, None), slice(half))]
    seen = np.concatenate([worth[choices[0], :half], worth[choices[1], half:]])
    best = max(bounds, key=lambda one: one.worth.value)
    return replace(best, worth=Estimate(float(seen.mean()), precision.error_of(seen)).at_least(off * best.stop.value))
