"""Between several courses of action, valued in the same draws: which is best, how surely, and what it costs to choose wrongly.

Arrays are (choice, draw), DKK, the draws in the run's order, which is that of the 16 blocks; all errors come from these.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate.analysis import precision
from simulate.analysis.precision import Estimate, error_of, in_blocks

Array = NDArray[np.float64]

ROUNDING = 0.005  # kr.; sums of the same amounts in another order differ by less


def best(provenu: Array) -> Array:
    """(choice, draw) whether a choice is the best one of a draw: 1, or 1/n where n of them are equally good."""
    top = provenu >= provenu.max(axis=0) - ROUNDING
    return np.asarray(top / top.sum(axis=0))


def chances_of_best(provenu: Array, undrawn: float = 0.0) -> list[Estimate]:
    """The chance that each choice is the best one; they sum to 1. undrawn: as for any chance."""
    counted = (precision.mean(share) for share in best(provenu))
    return [precision.chance_of(*one, provenu.shape[1], undrawn) for one in counted]


def expected_losses(provenu: Array, known: Array | None = None) -> list[Estimate]:
    """What each choice loses on average against the one that is best in the draw, DKK: its expected opportunity loss.

    known: (choice, block) mean of each choice over the draws of each block, DKK, where it is known better than from `provenu` (lives against
    their expectation).  The mean of the best is then corrected by what the choices' means were off, each weighted by the chance that it is the
    best one (control variates with the coefficients that the derivative of a maximum has: Glasserman, Monte Carlo Methods in Financial
    Engineering, 2003, section 4.1).  Two losses then differ by exactly what the known means do.  The weights come from the same draws, whose
    bias vanishes with their number, far below the error.

    The smallest one is the expected value of perfect information about all that varies between draws (Raiffa, Schlaifer 1961).
    """
    lost = [in_blocks(provenu.max(axis=0) - one).mean(axis=1) for one in provenu]
    if known is not None:
        off = np.stack([in_blocks(one).mean(axis=1) for one in provenu]) - known
        weights = best(provenu).mean(axis=1)
        # differences first: equal choices lose nothing, to the last bit
        lost = [blocks + weights @ (own - off) for blocks, own in zip(lost, off, strict=True)]
    return [Estimate(max(float(blocks.mean()), 0.0), error_of(blocks)) for blocks in lost]


class Difference(NamedTuple):
    """One choice less another."""

    values: Array  # (draw,), DKK
    mean: Estimate
    positive: Estimate  # chance of more than nothing
    negative: Estimate


def difference(a: Array, b: Array, known: tuple[Array, Array] | None = None, undrawn: float = 0.0) -> Difference:
    """a - b, of (draw,) amounts, DKK; known: as in `expected_losses`, (block,) of each; undrawn: as for any chance."""
    values = a - b
    mean = precision.mean(values)
    if known is not None:
        blocks = known[0] - known[1]
        mean = Estimate(float(blocks.mean()), error_of(blocks))
    positive, negative = (precision.chance(hits, undrawn) for hits in (values > ROUNDING, values < -ROUNDING))
    return Difference(values, mean, positive, negative)
