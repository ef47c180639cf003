"""The provenu with luck where luck is not drawn: the mixture, over the draws, of what luck makes of each.

Of a draw are known the mean, the sd and the skewness over luck, and with them a distribution (skewed.py). Every draw counts alike, so that the
distribution function of the whole is the mean of theirs, and so are the mean of what lies below an amount, and, with the law of total
variance, the variance. Nothing is drawn for it. Standard errors are those of the 16 blocks; of chances and percentiles also what each draw's
distribution may be off, from some of the draws.

Arrays are (draw,) in the run's order, which is that of the blocks.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate.analysis import precision, risk, skewed
from simulate.analysis.breakeven import BREAK_EVEN
from simulate.analysis.precision import STUDENT, Estimate, errors_of
from simulate.analysis.risk import Loss
from simulate.analysis.skewed import Curves
from simulate.analysis.temme import DERIVATIVES
from simulate.names import BLOCKS

Array = NDArray[np.float64]

AT_A_TIME = 1 << 15  # draws, times amounts: what is worked out of them fits a processor's cache
ROUGHLY = 16  # draws of each block that tell what the distribution may be off
# Of luck's sd, or of all, that the last step to a percentile is at most: what is left is about its cube; and of luck's least sd, where the
# distributions are smooth: what is left is less than a hundredth of its sixth power
NEAR = 2e-4, 1e-7, 0.003
FAR = 2e-2, 1e-4, 0.5  # likewise, to the end of an interval
NEWTON, SETTLED = 4, 1e-9  # steps along the polynomial, which is nearly straight, and of them a change that is none
STRAIGHT = 0.1  # of luck's sd, over which the density hardly changes
NEARBY = 1.0  # of luck's sd, over which a step says better where an end is than the draws
STEPS = 10  # before the bracket is halved instead
MOST_STEPS = 200
COURSES = 1024  # at least, that tell about where a percentile is


class Quantile(NamedTuple):
    """An amount, DKK, the chance of at most that, of all and (block,), the density there and its derivatives; what was found to be a step from there."""

    amount: float
    below: float
    blocks: Array
    rise: tuple[float, ...]
    found: float = math.nan

    def step_to(self, share: float, reach: float) -> float:
        """About how far it is to where this share is below, DKK; inf where there is no density.

        Halley's step, Newton's where the density changes too much for it. Within reach what the derivatives make of it: Taylor's polynomial.
        """
        density, slope = self.rise[:2]
        if not 0 < density < math.inf:
            return math.inf
        straight = (share - self.below) / density
        bent = 1 + straight * slope / (2 * density)
        step = straight / bent if 0.5 < bent < 2 else straight
        return self._along(share, step) if abs(step) <= reach else step

    def _along(self, share: float, step: float) -> float:
        """Where Taylor's polynomial has this share, from a step that is near; that step, where the polynomial does not rise."""
        found = step
        for _ in range(NEWTON):
            rest, density = 0.0, 0.0
            for k in range(len(self.rise) - 1, -1, -1):
                rest = rest * found / (k + 2) + self.rise[k]
                density = density * found / (k + 1) + self.rise[k]
            if not density > 0:
                return step
            change = (share - self.below - rest * found) / density
            found += change
            if abs(change) <= SETTLED * abs(found):
                break
        return found if abs(found) <= 2 * abs(step) else step


Search = Generator[float, Quantile, Quantile]
"""Asks for points by their amounts, until it has found one."""


class Component(NamedTuple):
    """Luck of some draws: the draws, whether it has a part in each, mean, sd (1 where it has none), DKK, and shape."""

    draws: slice
    varies: NDArray[np.bool_]
    mean: Array
    sd: Array
    curves: Curves


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

    @cached_property
    def _least(self) -> float:
        """Of the error of any chance: what the draws may not have shown, where they differ at all."""
        differ = np.ptp(self.mean) > 0 or np.ptp(self.sd) > 0
        return max(precision.unseen(self.draws) if differ else 0.0, self.undrawn)

    def chance(self) -> skewed.Chance:
        """That the provenu is at least 0."""
        return self._break_even

    @cached_property
    def _break_even(self) -> skewed.Chance:
        found = skewed.chance(self._terms([BREAK_EVEN])[0])
        return found._replace(estimate=self._chance_of(*found.estimate))

    def losses(self, losses: Sequence[float]) -> list[Loss]:
        """As risk.chance_of_loss()."""
        if self.is_counted:
            return risk.chance_of_loss(self.mean, losses, self.undrawn)
        points = self._points([float(np.nextafter(BREAK_EVEN - loss, -math.inf)) for loss in losses])
        return [
            Loss(float(loss), self._chance_of(at.below, error))
            for loss, at, error in zip(losses, points, self._errors(points), strict=True)
        ]

    def spread(self) -> Estimate:
        """The sd. Its error is that of the variance, as precision.sd() has it."""
        if self.is_counted:
            return precision.sd(self.mean)
        off = (self.mean - self.mean.mean()) ** 2 * (self.draws / (self.draws - 1)) + self.sd**2
        found = math.sqrt(float(off.mean()))
        if self.draws == BLOCKS and np.ptp(self.mean):
            return Estimate(found, math.nan)  # a block of one draw has no spread
        return precision.root(found, precision.skewed_mean(off))

    def percentiles(self, at: tuple[int, ...]) -> dict[int, Estimate]:
        """As precision.percentiles(): the interval is that of the share below, read off the mixture."""
        if self.is_counted:
            return precision.percentiles(self.mean, at, self.undrawn)
        found = self._percentiles([p / 100 for p in at])
        return {p: found[p / 100] for p in at}

    def expected_shortfall(self, share: float = 0.05) -> Estimate:
        """Mean of the worst `share`, DKK; as risk.expected_shortfall(), with the mean over luck of what a draw is below the boundary."""
        if self.is_counted:
            return risk.expected_shortfall(self.mean, share, self.undrawn)
        boundary = self._percentiles([share])[share]
        amounts = (boundary.value, *boundary.interval)
        below = self._mean_below(amounts)
        found = [precision.skewed_mean(one - off / share) for one, off in zip(amounts, below, strict=True)]
        low, high = min(one.interval[0] for one in found), max(one.interval[1] for one in found)
        estimate = precision.bounded(found[0].value, min(low, found[0].value), max(high, found[0].value))
        return estimate.at_least(self.undrawn / share * float(below[0].max()))

    def _chance_of(self, value: float, error: float) -> Estimate:
        """As precision.chance_of()."""
        bounds = precision.score_interval(value, error, self.draws, self._least)
        return precision.Bounded(value, max(error, self._least), bounds)

    # From an amount to the share below it ------------------------------------------------------------------------------

    def _component(self, draws: slice) -> Component:
        varies = self.sd[draws] > 0
        curves = Curves(np.where(varies, self.skewness[draws], 0.0))
        return Component(draws, varies, self.mean[draws], np.where(varies, self.sd[draws], 1.0), curves)

    @cached_property
    def _whole(self) -> Component:
        return self._component(slice(None))

    def _components(self) -> Iterator[Component]:
        if self.draws <= AT_A_TIME:
            yield self._whole
            return
        for first in range(0, self.draws, AT_A_TIME):
            yield self._component(slice(first, first + AT_A_TIME))

    def _points(self, amounts: Sequence[float]) -> list[Quantile]:
        together = max(1, AT_A_TIME // self.draws)
        parts = range(0, len(amounts), together)
        return [one for first in parts for one in self._few_points(amounts[first : first + together])]

    def _few_points(self, amounts: Sequence[float]) -> Iterator[Quantile]:
        wanted, below, rise = (
            np.array(amounts),
            np.empty((len(amounts), self.draws)),
            np.zeros((len(amounts), DERIVATIVES)),
        )
        for one in self._components():
            chance, each = one.curves.points(wanted, one.mean, one.sd, one.varies)
            below[:, one.draws] = (
                chance if one.varies.all() else np.where(one.varies, chance, wanted[:, None] >= one.mean)
            )
            rise += each
        blocks = below.reshape(len(amounts), BLOCKS, -1).mean(axis=2)
        return map(Quantile, amounts, blocks.mean(axis=1).tolist(), blocks, map(tuple, (rise / self.draws).tolist()))

    def _mean_below(self, amounts: Sequence[float]) -> Array:
        """(amount, draw) the mean over luck of what the provenu is below an amount, DKK."""
        found = np.empty((len(amounts), self.draws))
        for one in self._components():
            score = (np.array(amounts)[:, None] - one.mean) / one.sd
            found[:, one.draws] = np.where(one.varies, one.sd * one.curves.mean_below(score), np.maximum(score, 0.0))
        return found

    def _terms(self, amounts: Sequence[float], each: int | None = None) -> Array:
        """(amount, block, term) means over the first draws of each block, or all, of what skewed.chance() needs, of at least this amount."""
        mean, sd, skewness = (precision.in_blocks(one)[:, :each].ravel() for one in (self.mean, self.sd, self.skewness))
        off = mean - (np.array(amounts)[:, None] - BREAK_EVEN)
        curves = self._whole.curves if each is None and self.draws <= AT_A_TIME else None
        terms = skewed.terms(off, sd**2, skewness * sd**3, self.size, self.left, curves)
        return np.asarray(terms.reshape(len(amounts), BLOCKS, -1, terms.shape[-1]).mean(axis=2))

    def _errors(self, points: Sequence[Quantile]) -> list[float]:
        """Of the share below each: the blocks', and what the distribution may be off."""
        if not points:
            return []
        off = skewed.approximations(self._terms([at.amount for at in points], ROUGHLY))
        return list(map(math.hypot, errors_of(np.stack([at.blocks for at in points])).tolist(), off.tolist()))

    # From a share to the amount ---------------------------------------------------------------------------------------

    @cached_property
    def _courses(self) -> Array:
        """Draws with luck spread evenly over them, rising: about where percentiles are to be looked for."""
        from simulate.special import ndtri

        times = max(1, COURSES // self.draws)
        even = (np.arange(1, times * self.draws + 1) * ((math.sqrt(5) - 1) / 2)) % 1.0  # Weyl's sequence
        score = ndtri(np.clip(even, 1e-9, 1 - 1e-9)).reshape(times, self.draws)
        return np.sort(self.mean + self.sd * (score + self.skewness / 6 * (score**2 - 1)), axis=None)

    @cached_property
    def _known(self) -> dict[float, Estimate]:
        """Percentiles that have been found."""
        return {}

    def _percentiles(self, shares: Sequence[float]) -> dict[float, Estimate]:
        """Also those that were found before."""
        wanted = [share for share in shares if share not in self._known]
        found = self._together([self._search(share, self._about(share), NEAR) for share in wanted])
        searches = [
            self._end(end, at)
            for share, at, error in zip(wanted, found, self._errors(found), strict=True)
            for end in precision.score_interval(share, error, self.draws, self._least)
        ]
        ends = [at.found for at in self._together(searches)]
        for share, at, low, high in zip(wanted, found, ends[::2], ends[1::2], strict=True):
            half = max(high - at.found, at.found - low, 0.0)
            bounds = min(low, at.found), max(high, at.found)
            self._known[share] = precision.Bounded(at.found, half / STUDENT, bounds)
        return self._known

    def _together(self, searches: Sequence[Search]) -> list[Quantile]:
        """What each finds; the points that they ask for are worked out at once."""
        found: dict[int, Quantile] = {}
        told: dict[int, Quantile | None] = dict.fromkeys(range(len(searches)))
        while told:
            asked: dict[int, float] = {}
            for i, point in told.items():
                try:
                    asked[i] = next(searches[i]) if point is None else searches[i].send(point)
                except StopIteration as end:
                    found[i] = end.value
            told = dict(zip(asked, self._points([*asked.values()]), strict=True))
        return [found[i] for i in range(len(searches))]

    def _about(self, share: float) -> float:
        return float(self._courses[min(int(share * len(self._courses)), len(self._courses) - 1)])

    def _end(self, share: float, percentile: Quantile) -> Search:
        """The amount with this share below it, near a percentile."""
        share = min(max(share, 0.5 / self.draws), 1 - 0.5 / self.draws)
        step = percentile.step_to(share, FAR[2] * self._finest)
        if abs(step) <= max(STRAIGHT * self._smooth, FAR[2] * self._finest):
            return percentile._replace(found=percentile.amount + step)
        start = percentile.amount + step if abs(step) <= NEARBY * self._smooth else self._about(share)
        return (yield from self._search(share, start, FAR))

    @cached_property
    def _smooth(self) -> float:
        """Luck's sd in the draws that have little of it."""
        return float(np.quantile(self.sd, 0.25))

    @cached_property
    def _finest(self) -> float:
        """Luck's least sd, over which all is smooth; 0 where there is no such thing."""
        one = self._whole
        return float(self.sd.min()) if one.curves.is_smooth else 0.0

    @cached_property
    def _wide(self) -> float:
        return float(np.std(self.mean) + self.sd.max())

    def _search(self, share: float, start: float, near: tuple[float, float, float]) -> Search:
        """Where this share is below: Halley's steps, within a bracket that shrinks, and its middle where they leave it."""
        reach = near[2] * self._finest
        enough = max(near[0] * self._smooth, near[1] * self._wide, reach)
        low, high, amount, reach = -math.inf, math.inf, start, self._wide
        for i in range(MOST_STEPS):
            at = yield amount
            low, high = (amount, high) if at.below < share else (low, amount)
            step = at.step_to(share, reach)
            if abs(step) <= enough:
                return at._replace(found=amount + step)
            if high - low <= enough:
                return at._replace(found=high)
            if i < STEPS and low < amount + step < high and abs(step) <= reach:
                amount += step
            elif math.isfinite(high - low):
                amount = (low + high) / 2
            else:
                amount, reach = (amount - reach, 2 * reach) if low == -math.inf else (amount + reach, 2 * reach)
        return at._replace(found=high)
