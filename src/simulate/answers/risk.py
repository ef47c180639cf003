"""What can go wrong, of a run: the worst courses, losses, what must be financed, and how long the costs take to come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulate import measures
from simulate.analysis import breakeven, precision, risk
from simulate.analysis.draws import Draws
from simulate.answers.base import (
    ByPeriod,
    Estimate,
    Percentiles,
    Section,
    each,
    either,
    estimate,
    exact,
    percentiles,
    twin,
)
from simulate.engine import Result

WORST = 0.05  # of the courses
LOSSES = (1e6, 2e6, 5e6)
PERCENTILES = (5, 15, 25, 50, 75, 95)  # of the lowest point: 15 and 50 are financing that is enough in 85 and 50 of 100


@dataclass(frozen=True, repr=False)
class Shortfall(Section):
    """The mean of the worst courses. share: which part of all they are."""

    share: float
    mean: Estimate


@dataclass(frozen=True, repr=False)
class Loss(Section):
    """A loss and how likely it is to lose more. loss: what is lost, positive; probability: of a provenu below minus that."""

    loss: float
    probability: Estimate


@dataclass(frozen=True, repr=False)
class LowestPoint(Section):
    """The lowest that the accumulated provenu is at the end of a period, 0 where it is never below 0.

    by_year: the chance that it comes then, the first time it is that low; never: that it is never below 0.
    """

    mean: Estimate
    percentiles: Percentiles
    by_year: ByPeriod
    never: Estimate


@dataclass(frozen=True, repr=False)
class ExpectedLowest(Section):
    """The lowest of the expected accumulated provenu. period: where it is; amount: how low. Null and 0 where it is never below 0."""

    period: str | None
    amount: Estimate


@dataclass(frozen=True, repr=False)
class Payback(Section):
    """The year by which so many of 100 courses have paid back for good; null where that is after the horizon."""

    percentiles: dict[int, int | None]


@dataclass(frozen=True, repr=False)
class Risk(Section):
    """What can go wrong."""

    expected_shortfall: Shortfall | None
    expected_shortfall_without_luck: Shortfall | None
    losses: list[Loss] | None
    losses_without_luck: list[Loss] | None
    lowest_point: LowestPoint | None
    lowest_point_without_luck: LowestPoint | None
    expected_lowest: ExpectedLowest
    payback: Payback | None
    payback_without_luck: Payback | None

    @property
    def worst(self) -> Shortfall:
        return either(self.expected_shortfall, self.expected_shortfall_without_luck)

    @property
    def all_losses(self) -> list[Loss]:
        return either(self.losses, self.losses_without_luck)

    @property
    def lowest(self) -> LowestPoint:
        return either(self.lowest_point, self.lowest_point_without_luck)

    @property
    def years(self) -> Payback:
        return either(self.payback, self.payback_without_luck)


def worst(result: Result) -> Estimate:
    """Mean of the worst twentieth, DKK."""
    return estimate(result.expected_shortfall(WORST).unless(bool(result.undrawn.rare)))


def of_draws(
    result: Result, draws: Draws, losses: Sequence[float], lowest: risk.LowestPoint, first_year: Sequence[float]
) -> Risk:
    """losses: DKK. lowest: of `PERCENTILES`. first_year: shares of the courses that stay at break-even from each year on."""
    rare, luckless = bool(result.undrawn.rare), result.leaves_out_luck
    of_total = luckless and not result.adds_luck
    shortfall = Shortfall(WORST, worst(result))
    lost = [Loss(one.loss, estimate(one.chance)) for one in result.losses(losses)]
    point = LowestPoint(
        estimate(lowest.mean.unless(rare)),
        percentiles(lowest.percentiles),
        each(map(result.as_told, lowest.chances)),
        estimate(result.as_told(lowest.never)),
    )
    found: dict[str, Any] = {
        **twin("expected_shortfall", shortfall, of_total),
        **twin("losses", lost, of_total),
        **twin("lowest_point", point, luckless),
        **twin("payback", _payback(result, first_year), luckless),
    }
    return Risk(expected_lowest=_expected_lowest(result, draws), **found)


def _expected_lowest(result: Result, draws: Draws) -> ExpectedLowest:
    blocks = np.cumsum(result.point.provenu + draws.sums.block_means(measures.EXPECTED_OFF_BY_PERIOD), axis=1)
    means = blocks.mean(axis=0)
    at = int(means.argmin())
    if means[at] >= breakeven.BREAK_EVEN:  # everything begins at 0
        return ExpectedLowest(None, exact(0.0))
    found = precision.Estimate(float(means[at]), precision.error_of(blocks[:, at]))
    return ExpectedLowest(result.periods[at], estimate(found.at_least(result.off(period=slice(at + 1)))))


def _payback(result: Result, first_year: Sequence[float]) -> Payback:
    first = result.scenario.time.first_year
    years = risk.payback(first_year)
    return Payback({p: None if year is None else first + year for p, year in years.items()})
