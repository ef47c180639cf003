"""The chance of break-even from lives, with as much of luck's noise taken out as its exact mean and variance allow.

Of a draw is known exactly what luck gives on average and with which variance. If the provenu were normal, its chance of break-even would
be known too. The estimate is the mean of that normal chance, corrected by the lives: the mean of (break-even or not, less the
chance). Two control variates with a mean of exactly 0 for every draw, whatever the distribution, take their share out of the correction: the
standardised deviation z of the lived provenu and z² - 1, weighted as a normal distribution would have them (Hermite
polynomials). Their coefficients come from the other blocks, so that the estimate has no bias however bad the normal approximation is
(control variates: Glasserman, Monte Carlo Methods in Financial Engineering, 2003, section 4.1; crossed fitting: Avramidis, Wilson 1993).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulate.analysis.breakeven import BREAK_EVEN, reached
from simulate.analysis.precision import Estimate, error_of
from simulate.names import BLOCKS

Array = NDArray[np.float64]

CONTROLS = 2
_PRODUCTS = [(i, j) for i in range(CONTROLS) for j in range(i, CONTROLS)]


def normal_chance(mean: Array, variance: Array) -> Array:
    """(draw,) chance of at least 0 of a normal provenu with that mean, DKK, and variance, DKK²."""
    from simulate.special import ndtr

    score = _score(mean, variance)
    return np.where(variance > 0, ndtr(score), reached(mean))


def terms(total: Array, mean: Array, variance: Array, exact: bool = True) -> Array:
    """(draw, term) what `chance` needs the block sums of: normal chance, hits, deviation, controls and their products.

    total: (draw,) provenu as lived, DKK; mean, variance: its exact expectation and variance over luck; without `exact`
    the variance is a guess, and only what needs none of it is used.
    """
    chance = normal_chance(mean, variance)
    hits = reached(total).astype(np.float64)
    score = np.where(variance > 0, _score(mean, variance), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(variance > 0, (total - mean) / np.sqrt(variance), 0.0)
    density = np.exp(-0.5 * score**2) / np.sqrt(2 * np.pi)
    controls = [density * z, -0.5 * density * score * (z**2 - 1) * exact]
    beyond = hits - chance
    return np.stack(
        [chance, hits, *controls, *(beyond * one for one in controls), *(controls[i] * controls[j] for i, j in _PRODUCTS)],
        axis=1,
    )  # fmt: skip


def chance(means: Array) -> Estimate:
    """The chance of break-even and its standard error, of (block, term) block means of `terms`."""
    blocks = block_chances(means)
    return Estimate(min(max(float(blocks.mean()), 0.0), 1.0), error_of(blocks))


def block_chances(means: Array) -> Array:
    """(block,) the chance that each block gives, of (block, term) block means of `terms`; not kept within [0, 1].

    Where all draws say the same there is nothing to correct with, and the share of hits stands.
    """
    hits = means[:, 1]
    if hits.min() == hits.max() and hits[0] in (0.0, 1.0):
        return hits
    controls = means[:, 2 : 2 + CONTROLS]
    with_hits = means[:, 2 + CONTROLS : 2 + 2 * CONTROLS]
    squares = np.empty((BLOCKS, CONTROLS, CONTROLS))
    for column, (i, j) in enumerate(_PRODUCTS, start=2 + 2 * CONTROLS):
        squares[:, i, j] = squares[:, j, i] = means[:, column]
    blocks = np.empty(BLOCKS)
    for block in range(BLOCKS):
        others = np.arange(BLOCKS) != block
        coefficients = np.linalg.lstsq(squares[others].sum(axis=0), with_hits[others].sum(axis=0), rcond=1e-9)[0]
        blocks[block] = hits[block] - controls[block] @ coefficients
    return blocks


def _score(mean: Array, variance: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((mean - BREAK_EVEN) / np.sqrt(variance))
