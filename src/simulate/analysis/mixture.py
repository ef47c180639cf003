"""The provenu with luck where luck is not drawn: the mixture, over the draws, of what luck makes of each.

Of a draw are known the mean, the sd and the skewness over luck, and with them a distribution (skewed.py). Every draw counts alike, so that the
distribution function of the whole is the mean of theirs, and so are the mean of what lies below an amount, and, with the law of total
variance, the variance. Nothing is drawn for it. Standard errors are those of the 16 blocks; of chances and percentiles also what each draw's
distribution may be off, from some of the draws.

Arrays are (draw,) in the run's order, which is that of the blocks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate.analysis import precision, risk, skewed
from simulate.analysis.breakeven import BREAK_EVEN
from simulate.analysis.precision import STUDENT, Estimate, error_of
from simulate.analysis.risk import Loss
from simulate.names import BLOCKS

Array = NDArray[np.float64]

AT_A_TIME = 1 << 15  # draws: what is worked out of them fits a processor's cache
ROUGHLY = 16  # draws of each block that tell what the distribution may be off
NEAR = (
    2e-4,
    1e-7,
)  # of luck's sd, or of all, that the last step to a percentile is at most: what is left is about its square
FAR = 2e-2, 1e-4  # likewise, to the end of an interval
STRAIGHT = 0.1  # of luck's sd, over which the density hardly changes
NEWTONS = 10  # steps, before the bracket is halved instead
MOST_STEPS = 200


class Point(NamedTuple):
    """An amount, DKK, the chance of at most that, of all and (block,), and the density there."""

    amount: float
    below: float
    blocks: Array
    density: float


@dataclass(frozen=True)
class Mixture:
    """mean, DKK, sd, DKK, and skewness over luck of each draw (draw,); sd is 0 where luck has no part. size, left: as luck.Steps has them.
    undrawn: as for any chance."""

    mean: Array
    sd: Array
    skewness: Array
    size: float
    left: float
    undrawn: float = 0.0

    @property
    def draws(self) -> int:
        return len(self.mean)

    @property
    def is_counted(self) -> bool:
        """Whether luck has no part in any draw."""
        return not self.sd.any()

    @property
    def _least(self) -> float:
        """Of the error of any chance: what the draws may not have shown, where they differ at all."""
        differ = np.ptp(self.mean) > 0 or np.ptp(self.sd) > 0
        return max(precision.unseen(self.draws) if differ else 0.0, self.undrawn)

    def chance(self) -> skewed.Chance:
        """That the provenu is at least 0."""
        found = skewed.chance(self._terms(BREAK_EVEN))
        return found._replace(estimate=self._chance_of(*found.estimate))

    def losses(self, losses: Sequence[float]) -> list[Loss]:
        """As risk.chance_of_loss()."""
        if self.is_counted:
            return risk.chance_of_loss(self.mean, losses, self.undrawn)
        found = []
        for loss in losses:
            at = self._point(np.nextafter(BREAK_EVEN - loss, -math.inf))
            chance = self._chance_of(at.below, self._error(at))
            found.append(Loss(float(loss), chance, chance.interval))
        return found

    def spread(self) -> Estimate:
        """The sd. Its error is that of the variance, as precision.sd() has it."""
        if self.is_counted:
            return precision.sd(self.mean)
        off = (self.mean - self.mean.mean()) ** 2 * (self.draws / (self.draws - 1)) + self.sd**2
        found = math.sqrt(float(off.mean()))
        if self.draws == BLOCKS and np.ptp(self.mean):
            return Estimate(found, math.nan)  # a block of one draw has no spread
        low, high = (math.sqrt(max(end, 0.0)) for end in precision.skewed_mean(off).interval)
        return precision.bounded(found, low, high) if high > low else Estimate(found, 0.0)

    def percentiles(self, at: tuple[int, ...]) -> dict[int, Estimate]:
        """As precision.percentiles(): the interval is that of the share below, read off the mixture."""
        if self.is_counted:
            return precision.percentiles(self.mean, at, self.undrawn)
        return {p: self._percentile(p / 100) for p in at}

    def expected_shortfall(self, share: float = 0.05) -> Estimate:
        """Mean of the worst `share`, DKK; as risk.expected_shortfall(), with the mean over luck of what a draw is below the boundary."""
        if self.is_counted:
            return risk.expected_shortfall(self.mean, share, self.undrawn)
        boundary = self._percentile(share)
        amounts = (boundary.value, *boundary.interval)
        below = [self._mean_below(amount) for amount in amounts]
        found = [precision.skewed_mean(one - off / share) for one, off in zip(amounts, below, strict=True)]
        low, high = min(one.interval[0] for one in found), max(one.interval[1] for one in found)
        estimate = precision.bounded(found[0].value, min(low, found[0].value), max(high, found[0].value))
        return estimate.at_least(self.undrawn / share * float(below[0].max()))

    def _chance_of(self, value: float, error: float) -> Estimate:
        """As precision.chance_of()."""
        bounds = precision.score_interval(value, error, self.draws, self._least)
        return precision.Bounded(value, max(error, self._least), bounds)

    # One draw after the other -----------------------------------------------------------------------------------------

    def _slices(self) -> Iterator[slice]:
        for first in range(0, self.draws, AT_A_TIME):
            yield slice(first, min(first + AT_A_TIME, self.draws))

    def _scores(self, amount: float, draws: slice) -> tuple[NDArray[np.bool_], Array, Array, Array]:
        """Whether luck has a part, how many sds the amount is above the mean, the skewness, the sd (1 where it has none)."""
        sd = self.sd[draws]
        varies = sd > 0
        sd = np.where(varies, sd, 1.0)
        return varies, (amount - self.mean[draws]) / sd, np.where(varies, self.skewness[draws], 0.0), sd

    def _point(self, amount: float) -> Point:
        below, density = np.empty(self.draws), 0.0
        for draws in self._slices():
            varies, score, skewness, sd = self._scores(amount, draws)
            below[draws] = np.where(varies, skewed.below(score, skewness), score >= 0)
            density += float((varies * skewed.density(score, skewness) / sd).sum())
        blocks = precision.in_blocks(below).mean(axis=1)
        return Point(amount, float(blocks.mean()), blocks, density / self.draws)

    def _mean_below(self, amount: float) -> Array:
        """(draw,) the mean over luck of what the provenu is below the amount, DKK."""
        found = np.empty(self.draws)
        for draws in self._slices():
            varies, score, skewness, sd = self._scores(amount, draws)
            found[draws] = np.where(varies, sd * skewed.mean_below(score, skewness), np.maximum(score, 0.0))
        return found

    def _terms(self, amount: float, each: int | None = None) -> Array:
        """(block, term) means over the first draws of each block, or all, of what skewed.chance() needs, of at least this amount."""
        mean, sd, skewness = (precision.in_blocks(one)[:, :each].ravel() for one in (self.mean, self.sd, self.skewness))
        terms = skewed.terms(mean - (amount - BREAK_EVEN), sd**2, skewness * sd**3, self.size, self.left)
        return np.asarray(terms.reshape(BLOCKS, -1, terms.shape[1]).mean(axis=1))

    def _error(self, at: Point) -> float:
        """Of the share below: the blocks', and what the distribution may be off."""
        return math.hypot(error_of(at.blocks), skewed.chance(self._terms(at.amount, ROUGHLY)).approximation)

    # From a share to the amount ---------------------------------------------------------------------------------------

    @cached_property
    def _courses(self) -> Array:
        """One for each draw with luck spread evenly over them, rising: about where percentiles are to be looked for."""
        from simulate.special import ndtri

        even = (np.arange(1, self.draws + 1) * ((math.sqrt(5) - 1) / 2)) % 1.0  # Weyl's sequence
        score = ndtri(np.clip(even, 1e-9, 1 - 1e-9))
        return np.sort(self.mean + self.sd * (score + self.skewness / 6 * (score**2 - 1)))

    @cached_property
    def _known(self) -> dict[float, Estimate]:
        """Percentiles that have been found."""
        return {}

    def _percentile(self, share: float) -> Estimate:
        if share not in self._known:
            start = float(self._courses[min(int(share * self.draws), self.draws - 1)])
            found = self._at(share, start, NEAR)
            ends = precision.score_interval(share, self._error(found), self.draws, self._least)
            low, high = (self._end(end, found) for end in ends)
            half = max(high - found.amount, found.amount - low, 0.0)
            bounds = min(low, found.amount), max(high, found.amount)
            self._known[share] = precision.Bounded(found.amount, half / STUDENT, bounds)
        return self._known[share]

    def _end(self, share: float, percentile: Point) -> float:
        """The amount with this share below it, near a percentile."""
        share = min(max(share, 0.5 / self.draws), 1 - 0.5 / self.draws)
        step = (share - percentile.below) / percentile.density if percentile.density > 0 else 0.0
        if abs(step) <= STRAIGHT * self._smooth:
            return percentile.amount + step
        return self._at(share, percentile.amount + step, FAR).amount

    @cached_property
    def _smooth(self) -> float:
        """Luck's sd in the draws that have little of it."""
        return float(np.quantile(self.sd, 0.25))

    def _at(self, share: float, start: float, near: tuple[float, float]) -> Point:
        """Where this share is below: Newton's steps, within a bracket that shrinks, and its middle where they leave it."""
        whole = float(np.std(self.mean) + self.sd.max())
        enough = max(near[0] * self._smooth, near[1] * whole)
        low, high, amount, reach = -math.inf, math.inf, start, whole
        for i in range(MOST_STEPS):
            at = self._point(amount)
            low, high = (amount, high) if at.below < share else (low, amount)
            step = (share - at.below) / at.density if at.density > 0 else math.inf
            if math.isfinite(at.density) and abs(step) <= enough:
                return at._replace(amount=amount + step)
            if high - low <= enough:
                return at._replace(amount=high)
            if i < NEWTONS and low < amount + step < high and abs(step) <= reach:
                amount += step
            elif math.isfinite(high - low):
                amount = (low + high) / 2
            else:
                amount, reach = (amount - reach, 2 * reach) if low == -math.inf else (amount + reach, 2 * reach)
        return at._replace(amount=high)
