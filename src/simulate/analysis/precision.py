"""Estimates and their standard errors from the 16 independently randomised blocks (replicated designs: Owen 1998)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from simulate.names import BLOCKS

Array = NDArray[np.float64]
Kind = TypeVar("Kind", np.float64, np.bool_)

STUDENT = 2.131449545559323  # 97.5 % point of Student's t with 15 degrees of freedom
FAR_BEYOND = 1.5  # times the error of counting, which blocks find more of in 3 of 1,000 cases
NO_LEAN = 1e-9  # skewness of a mean that is none


class Estimate(NamedTuple):
    """A number and its standard error (nan: not known from these draws)."""

    value: float
    error: float

    @property
    def interval(self) -> tuple[float, float]:
        """95 %, by Student's t where nothing better is known."""
        return self.value - STUDENT * self.error, self.value + STUDENT * self.error

    def at_least(self, error: float) -> Estimate:
        """The same number with an error no smaller than this; the interval reaches as far."""
        if not error > self.error:
            return self
        half, (low, high) = STUDENT * error, self.interval
        return Bounded(self.value, error, (min(low, self.value - half), max(high, self.value + half)))

    def unless(self, unknown: bool) -> Estimate:
        """The same number, whose error is not known where that is so."""
        return Estimate(self.value, math.nan) if unknown else self

    def within(self, low: float, high: float) -> Estimate:
        """The same number, whose interval keeps to what is possible."""
        if math.isnan(self.error):
            return self
        return Bounded(self.value, self.error, (max(self.interval[0], low), min(self.interval[1], high)))


class Bounded(Estimate):
    """A number whose 95 % interval need not be symmetric."""

    bounds: tuple[float, float]

    def __new__(cls, value: float, error: float, bounds: tuple[float, float]) -> Bounded:
        made = super().__new__(cls, value, error)
        made.bounds = bounds
        return made

    def __getnewargs__(self) -> tuple[float, float, tuple[float, float]]:
        return self.value, self.error, self.bounds

    @property
    def interval(self) -> tuple[float, float]:
        return self.bounds


class Spread(NamedTuple):
    """What is told of a quantity over the courses. percentiles: 1-99 → estimate."""

    mean: Estimate
    sd: Estimate
    percentiles: dict[int, Estimate]


def error_of(blocks: Array) -> float:
    """Standard error of a mean of block estimates (block,)."""
    return float(errors_of(blocks))


def errors_of(blocks: Array) -> Array:
    """(...,) of (..., block): as numpy's `std` to the last bit, in a third of its time; 0 where blocks are equal, whose mean may be rounded."""
    off = blocks - np.add.reduce(blocks, axis=-1, keepdims=True) / blocks.shape[-1]
    off *= ~(blocks == blocks[..., :1]).all(axis=-1, keepdims=True)
    return np.asarray(np.sqrt(np.add.reduce(off * off, axis=-1) / (blocks.shape[-1] - 1)) / math.sqrt(BLOCKS))


def controlled(blocks: Array, control: Array, known: Estimate) -> Estimate:
    """Mean of block estimates (block,), with the error taken out that they have in common with a control of the same draws.

    control: (block,) the control's block estimates; known: its value, from other or more draws. The regression of one on the other over the
    16 blocks, read off at what is known (control variates: Lavenberg, Welch 1981), with that regression's standard error.
    """
    off, around = control - control.mean(), blocks - blocks.mean()
    square = float(off @ off)
    slope = float(off @ around) / square if square > 0 else 0.0
    beyond = float(control.mean()) - known.value
    scatter = float(np.sum((around - slope * off) ** 2)) / (BLOCKS - 2)
    variance = scatter * (1 / BLOCKS + (beyond**2 / square if square > 0 else 0.0)) + (slope * known.error) ** 2
    return Estimate(float(blocks.mean()) - slope * beyond, math.sqrt(variance))


def in_blocks(values: NDArray[Kind]) -> NDArray[Kind]:
    """(block, draw) of (draw,)."""
    return values.reshape(BLOCKS, -1)


def mean(values: Array) -> Estimate:
    return means([values])[0]


def means(several: Iterable[Array]) -> list[Estimate]:
    """Of several columns (draw,)."""
    values, blocks = zip(*((float(one.mean()), in_blocks(one).mean(axis=1)) for one in several), strict=True)
    return list(map(Estimate, values, errors_of(np.stack(blocks)).tolist()))


def skewed_mean(values: Array) -> Estimate:
    """The mean of values that a few large ones dominate: the interval leans the way that they do.

    Hall's transformation of Student's t (1992, On the removal of skewness by transformation), with the skewness of the values.
    """
    found = mean(values)
    spread = float(values.std())
    scores = (values - found.value) / spread if spread > 0 else np.zeros(1)
    skewness = float(np.mean(scores * scores * scores))  # a power would take 70 times as long
    lean = skewness / math.sqrt(len(values))
    if abs(lean) < NO_LEAN:
        return found
    low, high = (found.value - found.error * _leaning(side * STUDENT, lean) for side in (1, -1))
    return bounded(found.value, low, high)


def _leaning(score: float, lean: float) -> float:
    return 3 / lean * (float(np.cbrt(1 + lean * (score - lean / 6))) - 1)


def sd(values: Array) -> Estimate:
    """The error is that of the variance, along the root's slope; the interval that of the variance, its root taken."""
    found = float(values.std(ddof=1))
    if len(values) == BLOCKS:
        return Estimate(found, math.nan)  # a block of one draw has no spread
    return root(found, skewed_mean((values - values.mean()) ** 2 * (len(values) / (len(values) - 1))))


def root(value: float, square: Estimate) -> Estimate:
    """The root of what is known of a square, a variance say: the ends of its interval are the roots of the other's."""
    if not square.error > 0:
        return certain(value).unless(math.isnan(square.error))
    low, high = (math.sqrt(max(end, 0.0)) for end in square.interval)
    return bounded(value, low, high)


def chance(hits: NDArray[np.bool_], undrawn: float = 0.0) -> Estimate:
    """The share of hits. undrawn: probability that no draw stands for, which may all be hits or none."""
    return chances([hits], undrawn)[0]


def chances(hits: Iterable[NDArray[np.bool_]], undrawn: float = 0.0) -> list[Estimate]:
    """The same of several, of as many draws each."""
    counted, draws = zip(*((np.count_nonzero(in_blocks(one), axis=1), one.size) for one in hits), strict=True)
    blocks, number = np.array(counted), draws[0]
    values, errors = blocks.sum(axis=1) / number, errors_of(blocks / (number // BLOCKS))
    return [
        chance_of(value, error, number, undrawn) for value, error in zip(values.tolist(), errors.tolist(), strict=True)
    ]


def chance_of(value: float, error: float, draws: int, undrawn: float = 0.0) -> Estimate:
    """A chance with its interval, no narrower than one hit that did not come up leaves it.

    error: however it was found; where these draws cannot tell it (nan), the chance has none.
    """
    if math.isnan(error):
        return Estimate(value, error)
    least = max(unseen(draws), undrawn)
    return Bounded(value, max(error, least), score_interval(value, error, draws, least))


def certain(value: float) -> Estimate:
    """What is known exactly."""
    return Bounded(value, 0.0, (value, value))


def unseen(draws: int) -> float:
    """The standard error that is left where no draw shows a thing: Student's t times it is the most that its chance may be
    (95 %; Clopper, Pearson 1934)."""
    return float(1 - 0.025 ** (1 / draws)) / STUDENT


def score_interval(share: float, error: float, draws: int, least: float) -> tuple[float, float]:
    """Wilson's interval (1927) with Student's t, for as many independent draws as have this error (Korn, Graubard 1998).

    An error far beyond that of so many draws counted is not one of counting, and symmetric; neither is the least that it must reach.
    """
    counted = math.sqrt(max(share * (1 - share), 0.0) / draws)
    if error <= FAR_BEYOND * counted:
        counted = error
    low = high = share
    if 0 < share < 1:
        square = STUDENT**2 * counted**2 / (share * (1 - share))  # t² over the number of draws
        middle, half = share + square / 2, STUDENT * counted * math.sqrt(1 + square / (4 * share * (1 - share)))
        low, high = (middle - half) / (1 + square), (middle + half) / (1 + square)
    beyond = STUDENT * max(least, error if error > counted else 0.0)
    return max(min(low, share - beyond), 0.0), min(max(high, share + beyond), 1.0)


def share_bounds(
    values: Array, percentiles: Sequence[float], shares: Sequence[float], undrawn: float = 0.0
) -> list[tuple[float, float]]:
    """Between which shares percentiles of these values, about those of `shares`, may be some of the distribution (95 %)."""
    hits = in_blocks(values) <= np.array(percentiles)[:, None, None]
    errors = errors_of(np.count_nonzero(hits, axis=2) / hits.shape[2])
    least = max(unseen(len(values)), undrawn)
    each = zip(shares, errors.tolist(), strict=True)
    return [score_interval(share, error, len(values), least) for share, error in each]


def bounded(value: float, low: float, high: float) -> Estimate:
    """With half of its 95 % interval, over Student's t, for its error."""
    return Bounded(value, (high - low) / (2 * STUDENT), (low, high))


def percentiles(values: Array, at: tuple[int, ...], undrawn: float = 0.0) -> dict[int, Estimate]:
    """Interpolated linearly. The interval is that of the share below the percentile, from the blocks, read off the distribution (Woodruff
    1952), outwards to the next draw; blocks' own percentiles would agree too well where a block has few draws beyond them. The error
    is half of it, of the longer side, over Student's t. undrawn: as for a chance.
    """
    rising, draws = np.sort(values), len(values)
    shares = [p / 100 for p in at]
    quantiles = [_quantile(rising, share) for share in shares]
    ends = share_bounds(values, quantiles, shares, undrawn)
    found: dict[int, Estimate] = {}
    for p, value, (low, high) in zip(at, quantiles, ends, strict=True):
        first, last = math.floor(low * draws - 0.5), math.ceil(high * draws - 0.5)
        bounds = float(rising[max(first, 0)]), float(rising[min(last, draws - 1)])
        found[p] = Bounded(value, max(bounds[1] - value, value - bounds[0]) / STUDENT, bounds)
    return found


def spread(mean: Estimate, values: Array, at: tuple[int, ...], undrawn: float = 0.0) -> Spread:
    """values: (draw,); mean: theirs, which is often known better than from them."""
    return Spread(mean, sd(values), percentiles(values, at, undrawn))


def _quantile(rising: Array, share: float) -> float:
    """numpy's default, of values already sorted."""
    place = share * (len(rising) - 1)
    below = min(int(place), len(rising) - 2)
    low, high = float(rising[below]), float(rising[below + 1])
    return low + (high - low) * (place - below)
