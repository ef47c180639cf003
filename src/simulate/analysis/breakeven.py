"""When the accumulated provenu is at least 0, and stays there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulate.analysis.draws import Columns

Array = NDArray[np.float64]
Hits = NDArray[np.bool_]

BREAK_EVEN = -0.005  # kr.; for rounding


def reached(amounts: Array, target: float = 0.0) -> Hits:
    """Whether amounts, DKK, are at least the target."""
    return np.asarray(amounts - target >= BREAK_EVEN)


def accumulated(columns: Columns, periods: Sequence[str]) -> Array:
    """(period, draw) provenu from the beginning through each period."""
    return np.cumsum(np.stack([columns[f"provenu {period}"] for period in periods]), axis=0)


def first_year_shares(at_year_ends: Array) -> tuple[list[float], float]:
    """Shares of draws that stay at break-even from each year on, and of those that do not reach it.

    at_year_ends: (year, draw) accumulated provenu.
    """
    hits = reached(at_year_ends)
    stays = np.logical_and.accumulate(hits[::-1], axis=0)[::-1]  # at this year end and all later ones
    first = stays & ~np.concatenate([np.zeros((1, hits.shape[1]), bool), stays[:-1]])
    return [float(share) for share in first.mean(axis=1)], float(1 - hits[-1].mean())
