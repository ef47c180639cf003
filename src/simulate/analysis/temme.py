"""Gamma distributions with large shapes, many at once and at one amount after the other: a twentieth of the time of scipy's, which knows any shape.

Temme's uniform expansion (1979, The asymptotic expansion of the incomplete gamma functions; DLMF 8.12): the normal distribution at a stretched
score, and a correction that is a power series in it, whose coefficients are a series in 1/shape and are made once for each shape. From a shape
of LEAST on the chances are right to 1e-13.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate import kernels

Array = NDArray[np.float64]

LEAST = 16.0  # of a shape
IN_SHAPE, IN_SCORE = 8, 15  # terms
DERIVATIVES = 5  # the density and its first ones


class Curve(NamedTuple):
    """(..., draw) the chance below a score, or above it, to its own last digits, and the density there, by sds."""

    chance: Array
    density: Array


class Gammas:
    """With mean 0 and sd 1; turned round where the skewness is negative. skewness: (draw,), of shapes of LEAST or more; peak: (draw,) the density at the mean."""

    def __init__(self, skewness: Array, peak: Array) -> None:
        self._half, self._shape, self._peak = skewness / 2, 4 / skewness**2, peak
        self._rising = np.where(skewness > 0, 1.0, -1.0)
        self._series = np.empty((IN_SCORE, len(skewness)))
        self._kernel = kernels.load("gammas")
        self._kernel.expand(_coefficients(), self._shape, self._series)

    def at(self, score: Array, above: bool = False) -> Curve:
        """score: (..., draw)."""
        rows = np.ascontiguousarray(score.reshape(-1, len(self._half)))
        side = -self._rising if above else self._rising
        found = np.empty((2, *rows.shape))
        self._kernel.tails(rows, side, self._half, self._shape, self._peak, self._series, *found)
        return Curve(*found.reshape(2, *score.shape))

    def points(self, amounts: Array, mean: Array, sd: Array, weight: Array) -> tuple[Array, Array]:
        """(amount, draw) chances of at most an amount, and (amount, DERIVATIVES) the density and its derivatives there, summed over the draws.

        mean, sd, weight: (draw,).
        """
        below, rise = np.empty((len(amounts), len(mean))), np.empty((len(amounts), DERIVATIVES))
        known = (self._rising, self._half, self._shape, self._peak, self._series)
        self._kernel.points(amounts, mean, 1 / sd, weight, *known, np.empty(len(mean)), below, rise)
        return below, rise


@lru_cache(maxsize=1)
def _coefficients() -> Array:
    """(term in 1/shape, term in the stretched score), by the recursion that follows from d(stretched²/2) = off / (1 + off) d(off)."""
    number = IN_SCORE + 2 * IN_SHAPE + 2
    off = [0.0, 1.0]  # as a power series in the stretched score
    for m in range(2, number + 2):
        off.append((off[m - 1] - sum((m + 1 - j) * off[j] * off[m + 1 - j] for j in range(2, m))) / (m + 1))
    over = [1.0]  # the stretched score over off
    for m in range(1, number + 1):
        over.append(-sum(off[j + 1] * over[m - j] for j in range(1, m + 1)))
    first = np.array(over[1:])
    rows = [first]
    for _ in range(1, IN_SHAPE):
        before = rows[-1]
        n = np.arange(len(before) - 2)
        rows.append((n + 2) * before[2:] - before[1] * first[: len(n)])
    return np.stack([row[:IN_SCORE] for row in rows])
