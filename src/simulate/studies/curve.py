"""A chance as a function of one number: where it is as high as asked, from as few runs as that takes.

A scan with few draws finds between which values the chance passes the one asked for. The root is found there with few draws first (Brent 1973),
then with all of them along the scan's curve, moved to where all the draws have it. The curve is followed on the scale of the normal
distribution's points, on which it is nearly straight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from simulate.analysis.precision import Estimate

Reached = Literal["at-least", "at-most", "between", "several", "always", "never"]
"""For which values the chance is as high as asked; several: in more than one stretch of values."""

FEW = 1024  # draws of the scan, at least
FEWER = 16  # times fewer than all, at most
SURE = 2.3  # times a 95 % half-width, 5 standard errors: on this side with all the draws, too
CLOSE = 2.0  # times a 95 % half-width: from there a step along the scan's curve is exact enough
TRIES = 5
FINE = 1e-9  # of the range: a jump is found to that
APART = 0.15  # standard deviations of the normal: chances nearer to each other say too little about the curve's slope
WIDE = 1.0
PEAK = 8  # runs to find a highest chance that is at neither end


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The chance at one value, with its 95 % interval, and what had to be clipped there in how many of the draws."""

    chance: Estimate
    low: float
    high: float
    draws: int
    clipped: Mapping[str, int]

    @property
    def half_width(self) -> float:
        return max(self.high - self.chance.value, self.chance.value - self.low, 0.5 / self.draws)

    def near(self, probability: float, widths: float) -> bool:
        return abs(self.chance.value - probability) <= widths * self.half_width

    def reaches(self, probability: float) -> bool:
        return self.chance.value >= probability


@dataclass(frozen=True, slots=True)
class Crossing:
    """A value at which the chance passes the one asked for, and between which values that is as far as the draws can tell."""

    value: float
    interval: tuple[float, float]
    known: Evaluation  # about there


@dataclass(frozen=True, slots=True)
class Threshold:
    """Where the chance is as high as asked. The crossing is the one nearest to what is assumed; None where there is none."""

    probability: float
    reached: Reached
    crossing: Crossing | None
    stretches: list[tuple[float, float]]  # of values at which it is
    best: float  # the value with the highest chance
    best_known: Evaluation


class Curve:
    """The chance at values from low to high, computed where it is asked for and kept.

    chance: of a value and a number of draws; with more draws it is better known, and with the same they are the same draws.
    """

    def __init__(
        self, chance: Callable[[float, int], Evaluation], low: float, high: float, assumed: float, draws: int
    ) -> None:
        self.chance, self.low, self.high, self.assumed, self.draws = chance, low, high, assumed, draws
        self.few_draws = few_of(draws)
        self.smallest = 0.5 / draws
        self._few: dict[float, Evaluation] = {}
        self._all: dict[float, Evaluation] = self._few if self.few_draws == draws else {}
        self.trusted = True  # the scan, to know on which side of a probability all draws are

    def few(self, value: float) -> Evaluation:
        """With the scan's draws."""
        if value not in self._few:
            self._few[value] = self.chance(value, self.few_draws)
        return self._few[value]

    def all(self, value: float) -> Evaluation:
        if value not in self._all:
            self._all[value] = self.chance(value, self.draws)
        return self._all[value]

    def level(self, chance: float) -> float:
        """The point of the normal distribution that a chance is."""
        from simulate.special import ndtri

        return float(ndtri(min(max(chance, self.smallest), 1 - self.smallest)))

    # The answer -------------------------------------------------------------------------------------------------------

    def thresholds(self, probabilities: Sequence[float], scanned: Iterable[float]) -> list[Threshold]:
        """For each probability, in their order. scanned: values that the scan begins with, its ends among them."""
        self.scan(scanned, max(probabilities))
        found = {p: self.threshold(p) for p in sorted(probabilities)}
        return [self.in_order(found)[p] for p in probabilities]

    def scan(self, values: Iterable[float], highest: float) -> None:
        """The chance with few draws; and its peak, where that is at neither end and not high enough."""
        for value in {self.low, self.high, *values}:
            self.few(value)
        places = sorted(self._few)
        peak = places.index(self.best)
        if 0 < peak < len(places) - 1 and not (self.few(self.best).reaches(highest) and self.sure(self.best, highest)):
            from scipy.optimize import minimize_scalar

            minimize_scalar(
                lambda value: -self.few(float(value)).chance.value,
                bounds=(places[peak - 1], places[peak + 1]),
                method="bounded",
                options={"maxiter": PEAK},
            )

    @property
    def best(self) -> float:
        """The scanned value with the highest chance; of several the nearest to what is assumed."""
        kept = self._few if self.trusted else self._all
        return max(kept, key=lambda x: (kept[x].chance.value, -abs(x - self.assumed)))

    @property
    def worst(self) -> float:
        kept = self._few if self.trusted else self._all
        return min(kept, key=lambda x: (kept[x].chance.value, abs(x - self.assumed)))

    def threshold(self, probability: float) -> Threshold:
        needed = {self.low, self.high, self.best, self.worst} if self.trusted else set(self._few)
        values = [value for value in sorted(self._few) if value in needed or self.sure(value, probability)]
        sides = [(value, self.reaches(value, probability)) for value in values]
        cells = [(a, b) for (a, before), (b, after) in pairwise(sides) if before != after]
        crossings = [one for a, b in cells if (one := self.crossing(probability, a, b)) is not None]
        extreme = None if cells else self.worst if sides[0][1] else self.best
        otherwise = extreme is not None and self.all(extreme).reaches(probability) != sides[0][1]
        if self.trusted and (otherwise or len(crossings) < len(cells)):
            self.trusted = False
            return self.threshold(probability)
        edges = [one.value for one in crossings]
        edges = [self.low] * sides[0][1] + edges + [self.high] * sides[-1][1]
        stretches = list(zip(edges[::2], edges[1::2], strict=True))
        nearest = min(crossings, key=lambda one: abs(one.value - self.assumed), default=None)
        known = self._all.get(self.best) or self.few(self.best)
        return Threshold(probability, self.kind(stretches, nearest), nearest, stretches, self.best, known)

    def kind(self, stretches: list[tuple[float, float]], nearest: Crossing | None) -> Reached:
        if nearest is None:
            return "always" if stretches else "never"
        if len(stretches) > 1:
            return "several"
        low, high = stretches[0]
        if high == self.high:
            return "at-least"
        return "at-most" if low == self.low else "between"

    def sure(self, value: float, probability: float) -> bool:
        """Whether more draws would leave the chance on its side of the probability."""
        known = self.few(value)
        chance = known.chance.value
        inside = chance - SURE * (chance - known.low) <= probability <= chance + SURE * (known.high - chance)
        return self._all is self._few or (self.trusted and not inside)

    def reaches(self, value: float, probability: float) -> bool:
        known = self.few(value) if self.sure(value, probability) else self.all(value)
        return known.reaches(probability)

    def in_order(self, found: Mapping[float, Threshold]) -> dict[float, Threshold]:
        """Probabilities that lie closer together than the error of their thresholds must not change places."""
        ordered = dict(found)
        for kind, further in (("at-least", max), ("at-most", min)):
            last: float | None = None
            for p in sorted(found):
                one, crossing = found[p], found[p].crossing
                if one.reached != kind or crossing is None:
                    continue
                last = crossing.value if last is None else further(last, crossing.value)
                stretch = (last, self.high) if kind == "at-least" else (self.low, last)
                ordered[p] = replace(one, crossing=replace(crossing, value=last), stretches=[stretch])
        return ordered

    # Roots ------------------------------------------------------------------------------------------------------------

    def crossing(self, probability: float, a: float, b: float) -> Crossing | None:
        """Between two values on either side of the probability; None where all draws have them on one side, against what few are sure of.

        With few draws first; with all of them from the beginning where few lead astray: many runs, and seldom.
        """
        root = None
        for known, kept in ((self.few, self._few), (self.all, self._all)):
            root = self.search(known, probability, a, b)
            found = None
            if root is not None and known(root).near(probability, 1.0):
                found = self.along(kept, root, probability, a, b)
            elif root is not None:
                found = self.jump(kept, root, probability)
            if found is not None:
                return found
        return None if root is None else Crossing(root, (a, b), self.all(root))

    def search(self, known: Callable[[float], Evaluation], probability: float, a: float, b: float) -> float | None:
        """The value at which the chance is the probability but for its error, or the end of a jump; None where both ends are on one side."""
        from scipy.optimize import brentq

        def off(value: float) -> float:
            here = known(float(value))
            return 0.0 if here.near(probability, 0.5) else self.level(here.chance.value) - self.level(probability)

        if off(a) * off(b) > 0:
            return None
        return float(brentq(off, a, b, xtol=FINE * (self.high - self.low)))

    def along(
        self, kept: Mapping[float, Evaluation], value: float, probability: float, a: float, b: float
    ) -> Crossing | None:
        """With all draws, from a value where the chance is about right; None where the curve does not lead to a better one."""
        curve = self.about(kept, value)
        for _ in range(TRIES):
            known = self.all(value)
            shift = self.level(known.chance.value) - float(curve(value))
            root = _nearest(curve, self.level(probability) - shift, value)
            if root is None or not a <= root <= b:
                return None
            if known.near(probability, CLOSE):
                return Crossing(root, self.interval(curve, shift, root, probability, known), known)
            value = root
        return None

    def about(self, kept: Mapping[float, Evaluation], value: float) -> Any:
        """Through chances that are known, as levels, about a value: a monotone piecewise cubic (Fritsch, Butland 1984)."""
        from scipy.interpolate import PchipInterpolator

        here = self.level(kept[value].chance.value)

        def through() -> tuple[Any, list[float], dict[float, float]]:
            levels = {x: self.level(known.chance.value) for x, known in kept.items()}
            ends = (value, min(kept), max(kept))
            places = sorted(x for x in levels if x in ends or abs(levels[x] - here) >= APART)
            return PchipInterpolator(places, [levels[x] for x in places]), places, levels

        curve, places, levels = through()
        for side in (-1, 1) if kept is self._few else ():  # a neighbour far off tells the slope badly
            at = places.index(value) + side
            if 0 <= at < len(places) and abs(levels[places[at]] - here) > WIDE:
                step = float(np.sign(levels[places[at]] - here)) * WIDE / 2
                between = _nearest(curve, here + step, value, side)
                if between is not None:
                    self.few(between)
        return through()[0]

    def interval(
        self, curve: Any, shift: float, root: float, probability: float, known: Evaluation
    ) -> tuple[float, float]:
        """The values at which the chance, with its half-width added or taken off, is the probability; the range's ends beyond it.

        Not narrower than one draw more or less: blocks of evenly spread points can agree to the last of them.
        """
        one = 1 / known.draws
        above, below = max(known.high - known.chance.value, one), max(known.chance.value - known.low, one)
        chances = [probability - above, probability + below]
        if float(curve.derivative()(root)) < 0:
            chances.reverse()
        ends = [
            _nearest(curve, self.level(chance) - shift, root, side) if 0 < chance < 1 else None
            for side, chance in zip((-1, 1), chances, strict=True)
        ]
        return self.low if ends[0] is None else ends[0], self.high if ends[1] is None else ends[1]

    def jump(self, kept: Mapping[float, Evaluation], root: float, probability: float) -> Crossing | None:
        """Where the chance leaps over the probability: the value at which it is reached. None where all draws do not leap there."""
        places = sorted(kept)
        at = places.index(root)
        others = [
            value
            for value in places[max(at - 1, 0) : at + 2]
            if kept[value].reaches(probability) != kept[root].reaches(probability)
        ]
        if not others:
            return None
        other = min(others, key=lambda value: abs(value - root))
        first, last = (root, other) if kept[root].reaches(probability) else (other, root)
        if not self.all(first).reaches(probability) or self.all(last).reaches(probability):
            return None
        return Crossing(first, (min(first, last), max(first, last)), self.all(first))


def few_of(draws: int) -> int:
    """Draws of the scan: a power of two times fewer, so that every design has room for them."""
    return min(draws, max(FEW, draws // FEWER))


def _nearest(curve: Any, level: float, value: float, side: int = 0) -> float | None:
    """Where a curve has a level: nearest to a value, on one side of it where that is said."""
    roots = curve.solve(level, extrapolate=False)
    roots = roots[np.isfinite(roots) & (side * (roots - value) >= 0)]
    return float(roots[np.abs(roots - value).argmin()]) if len(roots) else None
