"""Which assumptions the outcome hangs on: rank correlations, first-order indices from draws, Sobol' indices from designs.

An outcome is a number of each draw, in any unit: the provenu, DKK, or a hit, 0 or 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate.analysis import precision
from simulate.analysis.precision import Estimate
from simulate.names import BLOCKS

Array = NDArray[np.float64]

ROUNDING = 1e-12  # a range this small a part of the numbers is none

DRAWS_A_FUNCTION = 16  # at least, where a regression is fitted
MOST_FUNCTIONS = 128  # of a group
POWERS = 3  # of a normal score
DEGREE = 16  # of Legendre polynomials
INDEPENDENT = 1e-9  # variance of a combination of functions with variance 1 that is more than rounding

RESAMPLES = 999
RESAMPLED_BYTES = 2**25  # at a time
NORMAL = 1.959963984540054  # 97.5 % point


# Rank correlation -----------------------------------------------------------------------------------------------------


def rank_correlations(values: Mapping[str, Array], outcome: Array) -> dict[str, Estimate]:
    """Spearman's correlation of each assumption with the outcome; ties have their mean rank.

    values: (draw,) or, of an assumption with a value in each year, (draw, year), of which the mean over the years is taken; outcome:
    (draw,); in the run's order.  0 where either is constant.  The standard error is that of the blocks' means of the correlation's
    influence function (Croux, Dehon 2010; here with ties), which also holds where a block has few hits or none.

    It says which way and how steadily the outcome goes, not how far.  What goes up and down again, or works only together with
    others, has 0; correlated assumptions have part of each other's.  Not to be trusted where all but some five draws are tied.
    """
    if constant(outcome):
        return {name: Estimate(0.0, 0.0) for name in values}
    of = _Ranked(outcome)
    return {name: _correlation(_Ranked(one.mean(axis=1) if one.ndim == 2 else one), of) for name, one in values.items()}


class _Ranked:
    """Places of some numbers in their own distribution."""

    def __init__(self, values: Array) -> None:
        _, self.place, times = np.unique(values, return_inverse=True, return_counts=True)
        self.middle = ((np.cumsum(times) - times / 2) / len(values))[self.place]  # share below, and half of the ties
        self.centred = self.middle - 0.5
        self.variance = float(np.mean(self.centred**2))

    def above(self, weights: Array) -> Array:
        """(draw,) mean over all draws of the weights of those above each, and half of its ties'."""
        sums = np.bincount(self.place, weights)
        return np.asarray((sums.sum() - np.cumsum(sums) + sums / 2)[self.place] / len(weights))


def _correlation(a: _Ranked, b: _Ranked) -> Estimate:
    if not a.variance or not b.variance:
        return Estimate(0.0, 0.0)
    scale = (a.variance * b.variance) ** 0.5
    value = float(np.mean(a.centred * b.centred)) / scale
    # ranks are of the draws themselves: one more draw moves those of all above it
    moved = (a.centred * b.centred + a.above(b.centred) + b.above(a.centred)) / scale
    spread = sum((one.centred**2 + 2 * one.above(one.centred)) / one.variance for one in (a, b))
    return Estimate(value, precision.error_of(precision.in_blocks(moved - value / 2 * spread).mean(axis=1)))


# First-order indices from draws ---------------------------------------------------------------------------------------


def first_orders(groups: Mapping[str, Array], outcome: Array) -> dict[str, Estimate]:
    """Share of the outcome's variance that knowing a group of assumptions would take away, on average, from draws already made.

    groups: (draw,) or (draw, column) values of each: an assumption, one with a value in each year, or several that are correlated;
    outcome: (draw,); in the run's order, of any design.  Not kept within [0, 1]: where there is no effect it scatters around 0.

    The variance of a regression of the outcome on functions of the group's columns (indices by regression: Storlie, Swiler, Helton,
    Sallaberry 2009; on a series of one column: Plischke 2010): the value, powers of its normal score, Legendre polynomials of
    its rank; between columns only the products of two scores.  What the functions explain by chance is told from how their products
    with the residuals scatter between the blocks, and taken off.  Under random draws that is, but for chance, the adjusted R²; evenly spread
    draws are not charged for scatter that they do not have.  The standard error is that of the blocks' means of the index S's
    influence function, ((1 - S)(outcome - mean)² - residual²) / variance.  Where there is no
    effect this error is by about a third too large, and the index too large by up to a third of it.

    Not to be trusted below about 1,000 draws; where the outcome jumps at a value of an assumption (up to a tenth of what the jump
    explains is lost); where more than two columns of a group have their effect only together, or two otherwise than as a product.
    The index is then too small, and the error does not say so: it is that of the functions' share.  Groups that are correlated with
    each other each count what they share.  Luck in the outcome is variance that no group explains.
    """
    if constant(outcome):
        return {name: Estimate(0.0, 0.0) for name in groups}
    centred = outcome - outcome.mean()
    return {name: _explained(_Functions(values), centred) for name, values in groups.items()}


def constant(values: Array) -> bool:
    """Whether nothing but rounding varies."""
    return float(np.ptp(values)) <= ROUNDING * float(np.abs(values).max())


class _Functions:
    """What the outcome is regressed on, for some draws at a time: of all at once it would be too much to hold."""

    def __init__(self, values: Array) -> None:
        columns = [one for one in values.reshape(len(values), -1).T if not constant(one)]
        self.scaled = [(one - one.mean()) / one.std() for one in columns]
        self.places = [_Ranked(one).middle for one in columns]
        each = min(len(values) // DRAWS_A_FUNCTION, MOST_FUNCTIONS) // max(len(columns), 1)
        paired = (len(columns) - 1) / 2  # products of two scores, for each column
        self.powers = POWERS if each > POWERS else 0
        self.products = each > POWERS + paired
        self.degree = int(max(min(each - 1 - self.powers - self.products * paired, DEGREE), 0))

    def of(self, draws: slice) -> Array:
        """(draw, function)"""
        from simulate.special import ndtri

        scores = [ndtri(place[draws]) for place in self.places]
        found = [scaled[draws, None] for scaled in self.scaled]
        found += [score[:, None] ** np.arange(1, self.powers + 1) for score in scores]
        found += [np.polynomial.legendre.legvander(2 * place[draws] - 1, self.degree)[:, 1:] for place in self.places]
        if self.products:
            found += [(a * b)[:, None] for a, b in combinations(scores, 2)]
        return np.concatenate(found, axis=1)


def _explained(functions: _Functions, centred: Array) -> Estimate:
    """The functions' share of the variance. centred: (draw,) outcome less its mean."""
    if not functions.scaled:
        return Estimate(0.0, 0.0)
    each = len(centred) // BLOCKS
    outcomes = precision.in_blocks(centred)
    sums, squares, crossed = _moments(functions, outcomes)
    mean = sums.mean(axis=0) / each
    off = sums[:, :, None] * mean
    squares += each * np.outer(mean, mean) - off - off.transpose(0, 2, 1)
    crossed -= outcomes.sum(axis=1)[:, None] * mean
    apart = _uncorrelated(squares.mean(axis=0) / each)

    coefficients = crossed.mean(axis=0) @ apart / each
    fit = apart @ coefficients
    by_chance = (crossed - squares @ fit) @ apart / each  # (block, function) mean product with the residual
    variance = float(np.mean(centred**2))
    taken = len(centred) / max(len(centred) - apart.shape[1], 1)  # what the fit takes off the residuals
    scatter = taken * float(np.sum(np.var(by_chance, axis=0, ddof=1))) / BLOCKS
    share = (float(np.sum(coefficients**2)) - scatter) / variance

    square = np.sum(outcomes**2, axis=1)
    residual = square - 2 * crossed @ fit + np.einsum("i,bij,j->b", fit, squares, fit)
    return Estimate(share, precision.error_of(((1 - share) * square - residual) / (each * variance)))


def _moments(functions: _Functions, outcomes: Array) -> tuple[Array, Array, Array]:
    """Sums over each block: (block, function), products of two functions, and products with the outcome."""
    each = outcomes.shape[1]
    sums, squares, crossed = [], [], []
    for block, outcome in enumerate(outcomes):
        found = functions.of(slice(block * each, (block + 1) * each))
        sums.append(found.sum(axis=0))
        squares.append(found.T @ found)
        crossed.append(outcome @ found)
    return np.array(sums), np.array(squares), np.array(crossed)


def _uncorrelated(covariance: Array) -> Array:
    """(function, combination) combinations of variance 1 that are uncorrelated: as many as are not each other's by rounding."""
    variances = np.diag(covariance)
    varies = variances > INDEPENDENT  # of two values alike often, the square of the score does not
    scale = np.where(varies, 1 / np.sqrt(np.where(varies, variances, 1.0)), 0.0)
    values, vectors = np.linalg.eigh(covariance * np.outer(scale, scale))
    own = values > INDEPENDENT
    return np.asarray(scale[:, None] * vectors[:, own] / np.sqrt(values[own]))


# Sobol' indices from a design -----------------------------------------------------------------------------------------


class Sobol(NamedTuple):
    """A group's indices: what it explains by itself, and with all that it has a part in. Intervals of 95 %."""

    first: float
    first_interval: tuple[float, float]
    total: float
    total_interval: tuple[float, float]


def sobol(f_a: Array, f_b: Array, f_ab: Array, seed: int = 1) -> list[Sobol]:
    """Sobol' indices of each group of assumptions, from outcomes of a design made for them.

    f_a, f_b: (n,) outcomes at n points and at n others, drawn independently of each other; f_ab: (group, n) outcomes at the first,
    but for the group's columns, which are the second's; n: a power of two, at least 2.  Each group's columns are independent of the other
    groups': correlated assumptions are one group.  Luck must be left out, the same in all three, or a group of its own; else it
    is all interaction.

    The estimator is scipy.stats.sobol_indices (Saltelli, Annoni, Azzini, Campolongo, Ratto, Tarantola 2010), the intervals are
    its bootstrap of the n rows, bias-corrected and accelerated (Efron 1987), with random numbers of the seed.  All 0 where the
    outcome is constant.

    The bootstrap takes the rows as independent: for evenly spread points the intervals are too wide rather than too narrow.
    Not to be trusted below n = 512, nor where few rows carry the variance (hits that are rare or almost sure): a row that was not
    drawn widens no interval.
    """
    if constant(np.concatenate([f_a, f_b, f_ab.ravel()])):
        return [Sobol(0.0, (0.0, 0.0), 0.0, (0.0, 0.0)) for _ in f_ab]
    from scipy.stats import sobol_indices

    twice = np.repeat(f_ab, 2, axis=0)  # of one group alone, scipy drops the dimension
    found = sobol_indices(func={"f_A": f_a[None], "f_B": f_b[None], "f_AB": twice[:, None]}, n=len(f_a))
    values = np.stack([found.first_order[::2], found.total_order[::2]])
    low, high = _bootstrap(f_a, f_b, f_ab, values, np.random.default_rng(seed))
    return [
        Sobol(float(first), (float(low[0, g]), float(high[0, g])), float(total), (float(low[1, g]), float(high[1, g])))
        for g, (first, total) in enumerate(values.T)
    ]


def _bootstrap(f_a: Array, f_b: Array, f_ab: Array, values: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Ends of the intervals, each (index, group), of the values (index, group).

    The indices are made of means over the rows, so that resampling is to count rows, and leaving one out is to take it off.
    """
    from simulate.special import ndtr, ndtri

    n, middle = len(f_a), (f_a.mean() + f_b.mean()) / 2
    a, b, ab = f_a - middle, f_b - middle, f_ab - middle
    rows = np.concatenate([b * (ab - a), 0.5 * (a - ab) ** 2, [a + b, a**2 + b**2]]).T
    size = max(1, RESAMPLED_BYTES // (8 * n))
    resampled = np.concatenate(
        [_indices(_times(rng, n, min(size, RESAMPLES - first)) @ rows / n) for first in range(0, RESAMPLES, size)]
    )
    left_out = _indices((rows.sum(axis=0) - rows) / (n - 1))

    below = (np.mean(resampled < values, axis=0) + np.mean(resampled <= values, axis=0)) / 2
    bias = ndtri(np.clip(below, 0.5 / RESAMPLES, 1 - 0.5 / RESAMPLES))
    off = left_out.mean(axis=0) - left_out
    spread = np.sum(off**2, axis=0)
    skew = np.sum(off**3, axis=0) / np.where(spread > 0, 6 * spread**1.5, 1.0)
    shifted = bias + np.array([-1, 1])[:, None, None] * NORMAL
    shares = ndtr(bias + shifted / (1 - skew * shifted))
    ends = np.empty(shares.shape)
    for place in np.ndindex(values.shape):
        ends[:, *place] = np.quantile(resampled[:, *place], shares[:, *place])
    return ends[0], ends[1]


def _times(rng: np.random.Generator, n: int, samples: int) -> Array:
    """(sample, row) how often each row is in each sample of n."""
    return np.array([np.bincount(rng.integers(n, size=n), minlength=n) for _ in range(samples)], dtype=np.float64)


def _indices(means: Array) -> Array:
    """(sample, index, group) of the means (sample, ...) of b (ab - a) and (ab - a)² / 2 of each group, a + b and a² + b²."""
    square = means[:, -1] / 2
    variance = square - (means[:, -2] / 2) ** 2
    varies = variance > ROUNDING * square
    found = np.where(varies, 1 / np.where(varies, variance, 1.0), 0.0)[:, None] * means[:, :-2]
    return np.asarray(found.reshape(len(means), 2, -1))
