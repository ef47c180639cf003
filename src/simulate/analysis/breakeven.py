"""When the accumulated provenu is at least 0, and stays there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from simulate import measures
from simulate.analysis.draws import Columns
from simulate.analysis.precision import error_of, errors_of
from simulate.names import BLOCKS

Array = NDArray[np.float64]
Hits = NDArray[np.bool_]

BREAK_EVEN = -0.005  # kr.; for rounding


def reached(amounts: Array, target: float = 0.0) -> Hits:
    """Whether amounts, DKK, are at least the target."""
    return np.asarray(amounts - target >= BREAK_EVEN)


def accumulated(columns: Columns, periods: Sequence[str]) -> Iterator[Array]:
    """(draw,) provenu from the beginning through each period, one after the other: all at once would be too much to hold."""
    so_far = np.zeros(columns.draws)
    for period in periods:
        so_far = so_far + columns[measures.PROVENU, period]
        yield so_far


def first_year_shares(hits: Hits) -> tuple[list[float], float]:
    """Shares of draws that stay at break-even from each year on, and of those that do not reach it.

    hits: (year, draw) whether the provenu accumulated by the end of each year is at break-even.
    """
    shares, never = _first_year(hits)
    return shares.tolist(), float(never)


def _first_year(hits: Hits) -> tuple[Array, Array]:
    """(year, ...) and (...,) of hits (year, ..., draw)."""
    from_year_on = np.logical_and.accumulate(hits[::-1])[::-1].mean(axis=-1)
    shares = np.diff(from_year_on, prepend=0.0, axis=0)  # who stays from a year on stays from the next one on, too
    return shares, np.asarray(1 - hits[-1].mean(axis=-1))


def first_year_errors(hits: Hits) -> tuple[list[float], float]:
    """Standard errors of first_year_shares(), from the 16 blocks."""
    shares, never = _first_year(hits.reshape(len(hits), BLOCKS, -1))
    return errors_of(shares).tolist(), error_of(never)


def scaled(shares: list[float], never: float, chance: float) -> tuple[list[float], float]:
    """The shares made to add up to a chance of break-even that is known better than from the draws counted (ratio estimate)."""
    if never in (0.0, 1.0):
        return shares, never
    return [share * chance / (1 - never) for share in shares], 1 - chance
