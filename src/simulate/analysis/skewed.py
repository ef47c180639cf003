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
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate.analysis.breakeven import BREAK_EVEN, reached
from simulate.analysis.corrected import normal_chance
from simulate.analysis.precision import STUDENT, Estimate, error_of

Array = NDArray[np.float64]

ROOT = math.sqrt(2 * math.pi)
FLAT = 1e-3  # skewness below which Edgeworth's first term says the same to seven places, and the gamma distribution's shape is huge
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


def terms(mean: Array, variance: Array, third: Array, size: float, step: float) -> Array:
    """(draw, term) what `chance` needs the block means of: the chance, the normal chance, what half a step nearer adds to it and half a step
    farther takes off, the bend, the skewness.

    mean, DKK, variance, DKK², and third central moment, DKK³, over luck: (draw,). In sds of luck: size of the steps in which luck comes, and
    the step that is left of them where they mix.
    """
    varies = variance > BREAK_EVEN**2  # less than that no amount shows
    sd = np.sqrt(np.where(varies, variance, 1.0))
    score, skewness = (mean - BREAK_EVEN) / sd, np.where(varies, third / sd**3, 0.0)
    value = upper(score, skewness)
    nearer, farther = upper(score + step / 2, skewness) - value, value - upper(score - step / 2, skewness)
    bend = min(size, 1.0) ** 2 / 48 * np.abs(score**3 - 3 * score) * _density(score)
    certain = reached(mean).astype(np.float64)
    found = [np.where(varies, value, certain), normal_chance(mean, np.where(varies, variance, 0.0))]
    return np.stack([*found, *(np.where(varies, one, 0.0) for one in (nearer, farther, bend)), skewness], axis=1)


def chance(means: Array) -> Chance:
    """Of (block, term) block means of `terms`."""
    value, normal, nearer, farther, bend, skewness = (float(one) for one in means.mean(axis=0))
    approximation = math.hypot(value - normal, max(nearer, farther) / STUDENT, bend)
    error = math.hypot(error_of(means[:, 0]), approximation)
    return Chance(Estimate(value, error), normal, approximation, skewness)


def upper(score: Array, skewness: Array) -> Array:
    """The chance of more than -score of Pearson's type III distribution with mean 0, sd 1 and this skewness."""
    from simulate.special import gammainc, gammaincc, ndtr

    flat = np.abs(skewness) < FLAT
    known = np.where(flat, 1.0, skewness)
    shape = 4 / known**2
    at = np.maximum(shape - np.sign(known) * np.sqrt(shape) * score, 0.0)
    found = np.empty_like(at)
    for tail, own in ((gammaincc, known > 0), (gammainc, known < 0)):
        if own.all() and not flat.any():
            return np.asarray(tail(shape, at))
        found[own] = tail(shape[own], at[own])
    if not flat.any():
        return found
    return np.asarray(np.where(flat, ndtr(score) + skewness / 6 * (score**2 - 1) * _density(score), found))


def below(score: Array, skewness: Array) -> Array:
    """The chance of at most score, of the same distribution: turned round, its skewness has the other sign."""
    return upper(score, -skewness)


def density(score: Array, skewness: Array) -> Array:
    """Of the same distribution, at score; infinite at its end where its shape is below 1."""
    flat = np.abs(skewness) < FLAT
    known = np.where(flat, 1.0, skewness)
    shape, off = 4 / known**2, known * score / 2  # from the gamma distribution's mean, as a share of it
    inside = off > -1
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        log = np.log1p(np.where(inside, off, 0.0))
        found = np.where(inside, np.exp((shape - 1) * log - shape * off - _stirling(shape)), 0.0) / ROOT
    if not flat.any():
        return found
    return np.where(flat, _density(score) * (1 + skewness / 6 * (score**3 - 3 * score)), found)


def _stirling(shape: Array) -> Array:
    """What Stirling's formula leaves of the gamma function's logarithm."""
    from simulate.special import gammaln

    found = (1 / 12 - (1 / 360 - 1 / (1260 * shape**2)) / shape**2) / shape
    small = shape < 10
    if small.any():
        own = shape[small]
        found[small] = gammaln(own) - (own - 0.5) * np.log(own) + own - math.log(ROOT)
    return found


def mean_below(score: Array, skewness: Array) -> Array:
    """The mean of what it is less than score, 0 where it is more, in sds: the integral of `below`."""
    known = np.abs(skewness) >= FLAT
    at_end = np.maximum(1 + skewness * score / 2, 0.0)
    with np.errstate(invalid="ignore"):  # the density's end
        tail = np.where(known, np.where(at_end > 0, at_end * density(score, skewness), 0.0), _density(score))
    return np.asarray(score * below(score, skewness) + tail + ~known * skewness / 6 * score**3 * _density(score))


def _density(score: Array) -> Array:
    return np.asarray(np.exp(-0.5 * score**2) / ROOT)
