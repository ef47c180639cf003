"""A smooth distribution through given percentiles: Keelin's metalog (2016)."""

import math
import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.polynomial.polynomial import polyder, polyval

from simulate.distributions.base import (
    Array,
    Distribution,
    Function,
    Parameters,
    check_rising,
    legendre,
    must,
)
from simulate.locale import text

PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?)")  # p5, p50, p97.5


def quantiles(p: Parameters, value: float) -> Distribution:
    """A metalog with as many terms as points, so that it goes through them exactly (Keelin 2016)."""
    from simulate.special import expit

    shares = {key: float(found[1]) / 100 for key in p if (found := PERCENTILE.fullmatch(key))}
    keys = sorted(shares, key=lambda key: shares[key])
    must(len(keys) > 1, "", text("give at least two points, such as `p5` and `p95`"))
    must(shares[keys[0]] > 0, keys[0], text("this would be the lowest number of all: call it `low`"))
    check_rising(p, "low", *keys, "high")
    for lower, upper in pairwise(keys):
        must(shares[lower] < shares[upper], upper, text("this is the same percentile as `{key}`", key=lower))
    low, high = p.get("low", -math.inf), p.get("high", math.inf)
    into, back = _unbounded(low, high)
    at = np.array([(shares[key], p[key]) for key in keys]).T
    curve = _metalog(_score(at[0]), into(at[1]))
    mean, sd = curve.mean_sd(back, low, high)

    def cdf(x: Array) -> Array:
        with np.errstate(divide="ignore"):
            wanted = into(np.clip(x, low, high))
        left, right = np.full(wanted.shape, -745.0), np.full(wanted.shape, 745.0)
        for _ in range(64):
            middle = (left + right) / 2
            under = curve.at(middle) < wanted
            left, right = np.where(under, middle, left), np.where(under, right, middle)
        return np.asarray(expit(left))

    return Distribution("quantiles", lambda u: back(curve.at(_score(u))), cdf, mean, sd)


def _score(u: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.log(u) - np.log1p(-u)


def _unbounded(low: float, high: float) -> tuple[Function, Function]:
    """From a number with these bounds to one without, and back."""
    from simulate.special import expit

    if math.isinf(low) and math.isinf(high):
        return (lambda x: x), (lambda z: z)
    if math.isinf(high):
        return (lambda x: np.log(x - low)), (lambda z: low + np.exp(z))
    if math.isinf(low):
        return (lambda x: -np.log(high - x)), (lambda z: high - np.exp(-z))
    return (lambda x: np.log((x - low) / (high - x))), (lambda z: low + (high - low) * expit(z))


def _metalog(scores: Array, values: Array) -> "_Metalog":
    """Raises DistributionProblem where the curve through the points falls anywhere."""
    order = [(0, 0), (0, 1), (1, 1), (1, 0), *((n // 2, n % 2) for n in range(4, len(scores)))][: len(scores)]
    terms = np.tanh(scores / 2) / 2, scores
    matrix = np.array([terms[0] ** power * scores**factor for power, factor in order]).T
    sides = np.zeros((2, len(scores)))
    for (power, factor), found in zip(order, np.linalg.solve(matrix, values - values[0]), strict=True):
        sides[factor, power] = found
    sides[0, 0] += values[0]
    curve = _Metalog(*sides)
    slope = curve.slope(_GRID)
    wrong = text(
        "a smooth distribution through these points would run backwards near the percentile {worst:.3g}: "
        "give `low` and `high`, or others; leave a point out; or use another kind",
        worst=100 / (1 + math.exp(-_GRID[slope.argmin()])),
    )
    must(slope.min() > 1e-5 * slope.max(), "", wrong)
    return curve


_GRID = np.linspace(-40, 40, 4001)  # scores; a metalog's slope is smooth, and constant beyond to the last bit


@dataclass(frozen=True, slots=True)
class _Metalog:
    """level(t) + spread(t) score: polynomials in t = u - 1/2; score = log(u / (1-u)) for a probability u."""

    level: Array
    spread: Array

    def at(self, score: Array) -> Array:
        t = np.tanh(score / 2) / 2
        return polyval(t, self.level) + polyval(t, self.spread) * score

    def slope(self, score: Array) -> Array:
        t, density = np.tanh(score / 2) / 2, np.cosh(score / 2) ** -2 / 4
        rise = polyval(t, polyder(self.level)) + polyval(t, polyder(self.spread)) * score
        return polyval(t, self.spread) + density * rise

    def mean_sd(self, back: Function, low: float, high: float) -> tuple[float, float]:
        """Integrate over the score, whose density is logistic, by Gauss-Legendre pieces."""
        nodes, weights = legendre(20)
        steep = 0 if math.isinf(low) and math.isinf(high) else min(int(self.slope(_GRID).max()), 50)
        pieces = 640 * (1 + steep)
        half = 80 / pieces
        score = (np.linspace(-80 + half, 80 - half, pieces)[:, None] + half * nodes).ravel()
        chance = np.tile(half * weights, pieces) * np.cosh(score / 2) ** -2 / 4
        x = back(self.at(score))
        # no product of vectors: so long a one is shared between threads, and its last bits depend on how many there are
        mean = float((x * chance).sum())
        return mean, math.sqrt(((x - mean) ** 2 * chance).sum() + self.tail(low, high))

    def tail(self, low: float, high: float) -> float:
        """The variance beyond a score of 80 on the one open side, exp(2 growth score) under exp(-score)."""
        if math.isinf(low) == math.isinf(high):
            return 0.0
        side, key = (1, "high") if math.isinf(high) else (-1, "low")
        level, growth = side * float(polyval(side / 2, self.level)), float(polyval(side / 2, self.spread))
        endless = text("these points are so far apart that the sd is infinite: give `{key}` too", key=key)
        must(growth < 0.499, "", endless)
        return math.exp(2 * level + (2 * growth - 1) * 80) / (1 - 2 * growth)
