"""The chance of break-even where luck is not drawn: from its mean, variance and third moment, with what such a distribution may be off.

Luck is taken to be a gamma distribution, moved and, if need be, turned round, with the same three moments (Pearson's type III; of sums of many
small risks: Bohman, Esscher 1963; Daykin, Pentikäinen, Pesonen, Practical Risk Theory for Actuaries, 1994, chapter 4). It is the normal
distribution where there is no skewness, ends where few rare events end, and its chances are always chances, unlike those of Edgeworth's
series. Between the steps of a binomial number of effects it is out by a tenth of what a normal distribution is.

Three things are told as its error:
- the change from the normal chance: what a third moment did; the next ones do less;
- the step: where luck comes in steps, all amounts between two of them have one chance, which the distribution has half a step away at most;
- the bend: sums of chances of one amount have a fourth cumulant that is less than this distribution's by half the square of the step, in sds:
  by Edgeworth's series a change of the chance by that square / 48 times the third Hermite polynomial and the density. (With steps above one
  sd the series says nothing, and the step is all.)
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate.analysis import temme
from simulate.analysis.breakeven import BREAK_EVEN, reached
from simulate.analysis.corrected import normal_chance
from simulate.analysis.precision import STUDENT, Estimate, error_of

Array = NDArray[np.float64]

ROOT = math.sqrt(2 * math.pi)
FLAT = 1e-10  # skewness below which it changes no chance by more than a rounding error; a gamma distribution needs some
COARSE = (
    10**-0.5
)  # sds of a step: fewer than ten equal effects are expected (the textbooks' rule for the normal distribution)
SKEWED = 0.5  # skewness: fewer than four effects, where they are rare


class Chance(NamedTuple):
    """The chance of break-even with luck, and how it came about."""

    estimate: Estimate  # the error includes the approximation's
    normal: float  # the chance by the normal distribution
    approximation: float  # error of the distribution itself, as a standard error
    skewness: float  # of luck, mean over the draws

    def is_rough(self, step: float) -> bool:
        """Whether so few effects are expected that no smooth distribution fits. step: sds."""
        return step > COARSE or abs(self.skewness) > SKEWED


def shape(variance: Array, third: Array) -> tuple[Array, Array]:
    """(draw,) sd, DKK, and skewness of luck, 0 where no amount shows it. variance, DKK², and third central moment, DKK³: (draw,)."""
    varies = variance > BREAK_EVEN**2
    sd = np.sqrt(np.where(varies, variance, 0.0))
    return sd, np.divide(third, sd**3, out=np.zeros_like(sd), where=varies)


def terms(mean: Array, variance: Array, third: Array, size: float, step: float, curves: Curves | None = None) -> Array:
    """(..., draw, term) what `chance` needs the block means of: the chance, the normal chance, what half a step nearer adds to it and half a
    step farther takes off, the bend, the skewness.

    mean, DKK (..., draw), variance, DKK², and third central moment, DKK³, over luck: (draw,). In sds of luck: size of the steps in which luck
    comes, and the step that is left of them where they mix. curves: of these skewnesses, where they are known.
    """
    varies = variance > BREAK_EVEN**2  # less than that no amount shows
    sd = np.sqrt(np.where(varies, variance, 1.0))
    score, skewness = (mean - BREAK_EVEN) / sd, np.where(varies, third / sd**3, 0.0)
    curves = curves or Curves(skewness)
    value = curves.upper(score)
    nearer = farther = np.zeros_like(value)
    if step:
        nearer, farther = curves.upper(score + step / 2) - value, value - curves.upper(score - step / 2)
    bend = min(size, 1.0) ** 2 / 48 * np.abs(score * score * score - 3 * score) * _density(score)
    certain = reached(mean).astype(np.float64)
    found = [np.where(varies, value, certain), normal_chance(mean, np.where(varies, variance, 0.0))]
    found += [np.where(varies, one, 0.0) for one in (nearer, farther, bend)]
    return np.moveaxis(np.stack([*found, np.broadcast_to(skewness, score.shape)]), 0, -1)


def chance(means: Array) -> Chance:
    """Of (block, term) block means of `terms`."""
    value, normal, *_, skewness = (float(one) for one in means.mean(axis=0))
    approximation = float(approximations(means))
    error = math.hypot(error_of(means[:, 0]), approximation)
    return Chance(Estimate(value, error), normal, approximation, skewness)


def approximations(means: Array) -> Array:
    """(...,) errors of the distribution itself, of (..., block, term) block means of `terms`."""
    value, normal, nearer, farther, bend, _ = np.moveaxis(means.mean(axis=-2), -1, 0)
    return np.asarray(np.hypot(np.hypot(value - normal, np.maximum(nearer, farther) / STUDENT), bend))


class Curves:
    """Pearson's type III distributions with mean 0 and sd 1, one for each skewness (draw,). Scores are (..., draw)."""

    def __init__(self, skewness: Array) -> None:
        self._skewness = np.where(np.abs(skewness) < FLAT, FLAT, skewness)
        self._shape = 4 / self._skewness**2
        small = self._shape < temme.LEAST
        self._small = np.flatnonzero(small)
        self._large = np.where(
            small, 2 / math.sqrt(temme.LEAST), self._skewness
        )  # of the other draws any that is known

    @cached_property
    def _gammas(self) -> temme.Gammas:
        return temme.Gammas(self._large, np.exp(-_stirling(4 / self._large**2)) / ROOT)

    @property
    def is_smooth(self) -> bool:
        """Whether every derivative is known, and none is much larger than a normal distribution's."""
        return not len(self._small)

    def upper(self, score: Array) -> Array:
        """The chance of more than -score."""
        return self._tail(-score, above=True).chance

    def below(self, score: Array) -> Array:
        """The chance of at most score."""
        return self._tail(score).chance

    def at(self, score: Array) -> temme.Curve:
        """The chance of at most score, and the density there; infinite at the distribution's end where its shape is below 1."""
        return self._tail(score)

    def _tail(self, score: Array, above: bool = False) -> temme.Curve:
        """The chance of at most score, or of more, and the density."""
        found = self._gammas.at(score, above)
        if len(self._small):
            small = self._of_small(score[..., self._small], above)
            found.chance[..., self._small], found.density[..., self._small] = small
        return found

    def _of_small(self, score: Array, above: bool) -> temme.Curve:
        """Of the draws with small shapes."""
        from simulate.special import gammainc, gammaincc

        skewness, shape = self._skewness[self._small], self._shape[self._small]
        off = skewness * score / 2  # from the gamma distribution's mean, as a share of it
        amount = shape * np.maximum(1 + off, 0.0)
        chance = np.where((skewness > 0) ^ above, gammainc(shape, amount), gammaincc(shape, amount))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            log = np.log1p(np.where(off > -1, off, 0.0))
            density = np.exp((shape - 1) * log - shape * off - _stirling(shape))
        return temme.Curve(chance, np.where(off > -1, density, 0.0) / ROOT)

    def points(self, amounts: Array, mean: Array, sd: Array, varies: NDArray[np.bool_]) -> tuple[Array, Array]:
        """(amount, draw) chances of at most an amount, and (amount, DERIVATIVES) the density and its derivatives there, summed over the draws; those
        of small shapes are 0 beyond the first derivative, which is no number at their end. mean, sd, varies: (draw,)."""
        weight, own = varies.astype(np.float64), self._small
        weight[own] = 0.0
        below, rise = self._gammas.points(amounts, mean, sd, weight)
        if len(own):
            score, skewness, shape = (amounts[:, None] - mean[own]) / sd[own], self._skewness[own], self._shape[own]
            below[:, own], density = self._of_small(score, False)
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                slope = density * (skewness / 2 * ((shape - 1) / (1 + skewness * score / 2) - shape))
            for k, each in enumerate((density, slope)):
                rise[:, k] += (varies[own] * each / sd[own] ** (k + 1)).sum(axis=1)
        return below, rise

    def mean_below(self, score: Array) -> Array:
        """The mean of what it is less than score, 0 where it is more, in sds: the integral of `below`."""
        below, density = self.at(score)
        at_end = np.maximum(1 + self._skewness * score / 2, 0.0)
        with np.errstate(invalid="ignore"):  # the density's end
            return np.asarray(score * below + np.where(at_end > 0, at_end * density, 0.0))


def _stirling(shape: Array) -> Array:
    """What Stirling's formula leaves of the gamma function's logarithm."""
    from simulate.special import gammaln

    found = (1 / 12 - (1 / 360 - 1 / (1260 * shape**2)) / shape**2) / shape
    small = shape < 10
    if small.any():
        own = shape[small]
        found[small] = gammaln(own) - (own - 0.5) * np.log(own) + own - math.log(ROOT)
    return found


def _density(score: Array) -> Array:
    return np.asarray(np.exp(-0.5 * score**2) / ROOT)
