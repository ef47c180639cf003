"""What the draws of the assumptions have left out: values and tails that no draw has, or too few of them.

Evenly spread points agree between blocks also where none of them has a rare value, so that the blocks' scatter alone would be an error of 0.
But the distributions are known, and so is how far the draws are from them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from simulate import measures
from simulate.analysis.draws import Sums
from simulate.analysis.precision import STUDENT, Estimate
from simulate.distributions import Distribution
from simulate.distributions.base import legendre

Array = NDArray[np.float64]

ENOUGH = 10  # expected draws of a value or tail, below which its part in an answer is not known
TAIL_DRAWS = 1024  # a tail that needs no more than these is never told of
TAIL_SHARE = 0.15  # of the mean distance from the median, that the outermost draws may carry
MOST_DRAWS = 2.0**40
POINTS = 256  # of the rule that integrates a distribution


@dataclass(frozen=True, slots=True)
class Rare:
    """A value (or a tail: None) of an assumption of which fewer than ENOUGH draws are expected."""

    assumption: str
    value: float | None
    probability: float
    expected: float  # draws
    needed: float  # draws; inf: no number of them will do


@dataclass(frozen=True, slots=True)
class Undrawn:
    """mass: the largest probability of one assumption's value or tail that the draws do not stand for. variance: what its exact variance would add to that of the
    expected provenu, DKK², were the provenu linear in the assumptions."""

    mass: float = 0.0
    variance: float = 0.0
    rare: tuple[Rare, ...] = ()

    @property
    def needed(self) -> float:
        """Draws with which every value and tail is expected often enough; 0: there are as many."""
        return max((one.needed for one in self.rare), default=0.0)

    def told(self, percentiles: dict[int, Estimate]) -> dict[int, Estimate]:
        """The same, without an error where they may lie among the rare values themselves."""
        beyond = STUDENT * self.mass if self.rare else -math.inf
        return {p: one.unless(not beyond < p / 100 < 1 - beyond) for p, one in percentiles.items()}


class DrawnSoFar:
    """Which part of each distribution has been drawn: of values that have a probability each how often they came up, else the ends."""

    def __init__(self, distributions: Mapping[str, Distribution]) -> None:
        self.distributions = distributions
        self.seen: dict[str, Array] = {}

    def of(self, numbers: Mapping[str, Array]) -> dict[str, Array]:
        """name → (value,) how often it is among the numbers (draw, year), or -smallest and largest."""
        found = {}
        for name, drawn in numbers.items():
            values = self.distributions[name].values
            if values is None:
                found[name] = np.array([-drawn.min(), drawn.max()])
            else:
                places = np.searchsorted(values, drawn.ravel())
                found[name] = np.bincount(places, minlength=len(values)).astype(np.float64)
        return found

    def add(self, seen: Mapping[str, Array]) -> None:
        """In any order."""
        for name, one in seen.items():
            before = self.seen.get(name)
            together = np.maximum if self.distributions[name].values is None else np.add
            self.seen[name] = one if before is None else together(before, one)

    @property
    def mass(self) -> float:
        """The largest probability of one distribution that the draws have too little, or too much, of: of a value, or of a tail."""
        found = 0.0
        for name, seen in self.seen.items():
            one = self.distributions[name]
            if one.values is not None:
                off = np.abs(probabilities(one) - seen / seen.sum())
                found = max(found, float(off.max()))
            else:
                found = max(found, _beyond(one, -float(seen[0]), float(seen[1])))
        return found


@lru_cache(maxsize=1024)  # runs that follow each other draw most numbers alike
def _beyond(one: Distribution, low: float, high: float) -> float:
    """The larger of the probabilities of less than low and of more than high."""
    below, above = one.cdf(np.array([low, high]))
    return max(float(below), float(1 - above))


def probabilities(one: Distribution) -> Array:
    """(value,) of a distribution over single values."""
    assert one.values is not None
    return np.diff(one.cdf(one.values), prepend=0.0)


def rare(distributions: Mapping[str, Distribution], draws: int) -> tuple[Rare, ...]:
    """The values and tails of which so many draws hold too few."""
    found = []
    for name, one in distributions.items():
        if one.values is None:
            needed = tail_draws(one)
            if needed > max(draws, TAIL_DRAWS):
                found.append(Rare(name, None, ENOUGH / needed, ENOUGH * draws / needed, needed))
            continue
        for value, chance in zip(one.values, probabilities(one), strict=True):
            if chance * draws < ENOUGH:
                found.append(Rare(name, float(value), float(chance), float(chance * draws), ENOUGH / float(chance)))
    return tuple(found)


@lru_cache(maxsize=1024)
def tail_draws(one: Distribution) -> float:
    """The draws of which ENOUGH lie in each tail that carries a notable part of the distribution; inf: more than anybody has."""
    draws = float(TAIL_DRAWS)
    while draws <= MOST_DRAWS:
        if _carried(one, ENOUGH / draws) <= TAIL_SHARE:
            return draws
        draws *= 2
    return math.inf


def _carried(one: Distribution, tail: float) -> float:
    """The part of the mean distance from the median that both tails of this probability carry."""
    at, weights = legendre(POINTS)
    edge = math.log(tail / (1 - tail))
    scores = edge * at  # evenly on the logistic scale, where tails are as long as the middle
    u = 1 / (1 + np.exp(-scores))
    weights = -edge * weights * u * (1 - u)
    median = float(one.ppf(np.array([0.5]))[0])
    beyond = one.ppf(u) - median
    middle, off = float(weights @ np.abs(beyond)), float(weights @ beyond)
    outside = abs(one.mean - median - off)
    return outside / (middle + outside) if middle + outside > 0 else 0.0


def variance_left_out(sums: Sums, spreads: Array) -> float:
    """What the exact variances of the drawn numbers would add to the variance of the expected provenu, DKK², by its slope along each.

    sums: `drawn`, `drawn square`, `drawn by expected` (draw, column), `expected total` (draw,). spreads: exact sd of each column.
    """
    mean, square = sums.mean(measures.DRAWN), sums.mean(measures.DRAWN_SQUARE)
    by = sums.mean(measures.DRAWN_BY_EXPECTED) - mean * sums.mean(measures.EXPECTED_OFF)
    variance = square - mean**2
    slope = np.divide(by, variance, out=np.zeros_like(by), where=variance > 0)
    return float(np.sum(slope**2 * (spreads**2 - variance)))
