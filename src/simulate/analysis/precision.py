"""Estimates and their standard errors from the 16 independently randomised blocks (replicated designs: Owen 1998)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate.names import BLOCKS

Array = NDArray[np.float64]

STUDENT = 2.131449545559323  # 97.5 % point of Student's t with 15 degrees of freedom


class Estimate(NamedTuple):
    """A number and its standard error."""

    value: float
    error: float

    @property
    def interval(self) -> tuple[float, float]:
        """95 %, by Student's t."""
        return self.value - STUDENT * self.error, self.value + STUDENT * self.error


class Spread(NamedTuple):
    """What is told of a quantity over the courses. percentiles: 1-99 → estimate."""

    mean: Estimate
    sd: Estimate
    percentiles: dict[int, Estimate]


def error_of(blocks: Array) -> float:
    """Standard error of a mean of block estimates (block,)."""
    return float(np.std(blocks, ddof=1) / math.sqrt(BLOCKS))


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


def in_blocks(values: Array) -> Array:
    """(block, draw) of (draw,)."""
    return values.reshape(BLOCKS, -1)


def mean(values: Array) -> Estimate:
    return Estimate(float(values.mean()), error_of(in_blocks(values).mean(axis=1)))


def sd(values: Array) -> Estimate:
    blocks = in_blocks(values)
    if blocks.shape[1] == 1:
        return Estimate(float(values.std(ddof=1)), math.nan)  # one draw has no spread
    return Estimate(float(values.std(ddof=1)), error_of(blocks.std(axis=1, ddof=1)))


def chance(hits: NDArray[np.bool_]) -> Estimate:
    each = hits.reshape(BLOCKS, -1).mean(axis=1)
    return Estimate(float(np.count_nonzero(hits)) / hits.size, error_of(each))


def chance_interval(estimate: Estimate, draws: int) -> tuple[float, float]:
    """95 % within [0, 1]; where every draw says the same, the exact bound that so many draws leave (Clopper, Pearson 1934).

    An estimate that was put back to 0 or 1 has an error nevertheless, and the interval reaches as far as that.
    """
    if 0 < estimate.value < 1:
        low, high = estimate.interval
        return max(low, 0.0), min(high, 1.0)
    beyond = min(max(1 - 0.025 ** (1 / draws), STUDENT * estimate.error), 1.0)
    return (1 - beyond, 1.0) if estimate.value > 0.5 else (0.0, beyond)


def percentiles(values: Array, at: tuple[int, ...]) -> dict[int, Estimate]:
    """Interpolated linearly. The error is that of the share below the percentile, from the blocks, read off the distribution
    (Woodruff 1952): blocks' own percentiles would agree too well where a block has few draws beyond them."""
    rising = np.sort(values)
    found = {}
    for p in at:
        value = _quantile(rising, p / 100)
        spread = STUDENT * error_of((in_blocks(values) <= value).mean(axis=1))
        low, high = (_quantile(rising, min(max(p / 100 + side * spread, 0.0), 1.0)) for side in (-1, 1))
        found[p] = Estimate(value, (high - low) / (2 * STUDENT))
    return found


def spread(mean: Estimate, values: Array, at: tuple[int, ...]) -> Spread:
    """values: (draw,); mean: theirs, which is often known better than from them."""
    return Spread(mean, sd(values), percentiles(values, at))


def _quantile(rising: Array, share: float) -> float:
    """numpy's default, of values already sorted."""
    place = share * (len(rising) - 1)
    below = min(int(place), len(rising) - 2)
    low, high = float(rising[below]), float(rising[below + 1])
    return low + (high - low) * (place - below)
