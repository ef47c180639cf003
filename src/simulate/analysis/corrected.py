"""The chance of break-even from lives, with as much of luck's noise taken out as its exact mean and variance allow.

Of a draw is known exactly what luck gives on average and with which variance. If the provenu were normal, its chance of break-even would
be known too. The estimate is the mean of that normal chance, corrected by the lives: the mean of (break-even or not, less the
chance). Two control variates with a mean of exactly 0 for every draw, whatever the distribution, take their share out of the correction: the
standardised deviation z of the lived provenu and z² - 1, weighted as a normal distribution would have them (Hermite
polynomials). Their coefficients come from the other blocks, so that the estimate has no bias however bad the normal approximation is
(control variates: Glasserman, Monte Carlo Methods in Financial Engineering, 2003, section 4.1; crossed fitting: Avramidis, Wilson 1993).

Something large that happens in one draw of a thousand may be missing in 15 blocks and stand in the 16th; coefficients fitted without
it would make its z² a very bad correction. They are therefore kept between 0 and a normal distribution's 1, z first and z² - 1 for what z
has left, and a control's square is taken to be at least what is known of it: 1 of z, a normal's 2 of z² - 1, and no less
than the mean of z² - 1 itself betrays, which is 0 but for an error of that square over the number of draws.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulate.analysis.breakeven import BREAK_EVEN, reached
from simulate.analysis.precision import Estimate, chance_of, error_of
from simulate.names import BLOCKS

Array = NDArray[np.float64]

CONTROLS = 2


def normal_chance(mean: Array, variance: Array) -> Array:
    """(draw,) chance of at least 0 of a normal provenu with that mean, DKK, and variance, DKK²."""
    from simulate.special import ndtr

    score = _score(mean, variance)
    return np.where(variance > 0, ndtr(score), reached(mean))


def terms(total: Array, mean: Array, variance: Array, exact: bool = True) -> Array:
    """(draw, term) what `chance` needs the block sums of: normal chance and hits; then of both controls themselves, their
    products with what the hits are beyond the chance, their squares, the squares a normal distribution would have, and their product.

    total: (draw,) provenu as lived, DKK; mean, variance: its exact expectation and variance over luck; without `exact`
    the variance is a guess, and only what needs none of it is used.
    """
    chance = normal_chance(mean, variance)
    hits = reached(total).astype(np.float64)
    score = np.where(variance > 0, _score(mean, variance), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(variance > 0, (total - mean) / np.sqrt(variance), 0.0)
    density = np.exp(-0.5 * score**2) / np.sqrt(2 * np.pi)
    weights = [density, -0.5 * density * score * exact]
    controls = [weights[0] * z, weights[1] * (z**2 - 1)]
    products = [(hits - chance) * one for one in controls]
    squares = [one**2 for one in controls]
    normal = [weights[0] ** 2, 2 * weights[1] ** 2]
    # each in one piece, which is summed three times as fast
    return np.stack([chance, hits, *controls, *products, *squares, *normal, controls[0] * controls[1]]).T


def chance(means: Array, draws: int, undrawn: float = 0.0) -> Estimate:
    """The chance of break-even and its standard error, of (block, term) block means of `terms` over so many draws in all.

    undrawn: as for any chance.
    """
    blocks = block_chances(means, draws)
    return chance_of(min(max(float(blocks.mean()), 0.0), 1.0), error_of(blocks), draws, undrawn)


def block_chances(means: Array, draws: int) -> Array:
    """(block,) the chance that each block gives, of (block, term) block means of `terms`; not kept within [0, 1].

    Where all draws say the same there is nothing to correct with, and the share of hits stands.
    """
    hits = means[:, 1]
    if hits.min() == hits.max() and hits[0] in (0.0, 1.0):
        return hits
    others = np.stack([np.delete(means, block, axis=0) for block in range(BLOCKS)]).mean(axis=1)
    coefficients, controls = _coefficients(others, draws // BLOCKS * (BLOCKS - 1)), means[:, 2 : 2 + CONTROLS]
    return np.array([hit - own @ each for hit, own, each in zip(hits, controls, coefficients, strict=True)])


def _coefficients(means: Array, draws: int) -> Array:
    """(..., control) how much of each is taken off, of (..., term) means over so many draws.

    The second one's is of what the first has left: where luck is skewed the two have much in common, and each by itself would take it off.
    """
    controls, products, squares, normal = (means[..., 2 + CONTROLS * i : 2 + CONTROLS * (i + 1)] for i in range(4))
    common = products - (means[..., 1] - means[..., 0])[..., None] * controls
    betrayed = draws * controls**2 / 2 * [0, 1]  # z needs none: its square is known
    square = np.maximum(np.maximum(squares, normal), betrayed)
    first = _share(common[..., 0], square[..., 0])
    left = common[..., 1] - first * (means[..., -1] - controls[..., 0] * controls[..., 1])
    return np.stack([first, _share(left, square[..., 1])], axis=-1)


def _share(part: Array, whole: Array) -> Array:
    """Between 0 and 1; 0 of none."""
    found = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
    return np.clip(found, 0.0, 1.0)


def _score(mean: Array, variance: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((mean - BREAK_EVEN) / np.sqrt(variance))
