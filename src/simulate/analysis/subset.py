"""Estimates from a part of the draws, of which the 16 blocks hold more or fewer.

A mean over the part is a ratio of two sums, so its standard error is the jackknife's that leaves out one block at a time (Quenouille 1956,
Tukey 1958). Where the part is everything, it is the error of a mean of block means.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulate.analysis.precision import STUDENT, Estimate, chance_of, root
from simulate.names import BLOCKS

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Subset:
    """blocks: (draw,) the block of each draw of the part. factor: by which errors are larger than of draws as they are."""

    blocks: NDArray[np.int64]
    factor: float = 1.0

    def mean(self, values: Array) -> Estimate:
        return Estimate(float(values.mean()), self._error(values))

    def chance(self, hits: NDArray[np.bool_]) -> Estimate:
        return self.chance_of(float(np.count_nonzero(hits)) / len(hits), self._error(hits.astype(np.float64)))

    def chance_of(self, value: float, error: float) -> Estimate:
        """As precision.chance_of(), of as many draws as tell as much."""
        return chance_of(value, error, self.worth)

    @property
    def worth(self) -> int:
        """How many draws as they are would tell as much."""
        return max(int(len(self.blocks) / self.factor**2), 1)

    def sd(self, values: Array) -> Estimate:
        """The interval is that of the variance, its root taken."""
        if len(values) < 2:
            return Estimate(math.nan, math.nan)
        sd = float(values.std(ddof=1))
        return root(sd, Estimate(sd**2, self._error((values - values.mean()) ** 2)))

    def percentiles(self, values: Array, at: tuple[int, ...]) -> dict[int, Estimate]:
        """Interpolated linearly; the error of the share below, read off the distribution (Woodruff 1952)."""
        found = {}
        for p in at:
            value = float(np.percentile(values, p))
            spread = STUDENT * self._error((values <= value).astype(np.float64))
            if math.isnan(spread):
                found[p] = Estimate(value, math.nan)
                continue
            low, high = np.quantile(values, [max(p / 100 - spread, 0.0), min(p / 100 + spread, 1.0)])
            found[p] = Estimate(value, float(high - low) / (2 * STUDENT))
        return found

    def _error(self, values: Array) -> float:
        """Standard error of a mean; not known where all of the part is in one block."""
        sums = np.bincount(self.blocks, weights=values, minlength=BLOCKS)
        counts = np.bincount(self.blocks, minlength=BLOCKS)
        left = counts.sum() - counts
        if not left.all():
            return math.nan
        without = (sums.sum() - sums) / left
        return self.factor * math.sqrt((BLOCKS - 1) / BLOCKS * float(np.sum((without - without.mean()) ** 2)))
