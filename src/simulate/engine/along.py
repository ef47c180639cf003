"""What is kept of a run at one price, from what was kept at a few others: of the same lives, along a line of prices.

Kroner are linear in a price, luck's variance and squares of kroner quadratic, luck's third moment cubic, so that three or four prices on a line
tell all of them exactly between these (Lagrange's interpolation); what is no polynomial is made from them anew. Whether prices lie on a line is
seen by the prices of every draw, after whatever was clipped.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate.analysis.draws import Columns, Sums
from simulate.ledger import Prices
from simulate.measures import Measure
from simulate.model import Model
from simulate.sampling import Chunk

Array = NDArray[np.float64]

STRAIGHT = 1e-12  # of the largest price: what prices on a line may be off it, by rounding
APART = 0.1  # of the line between the outermost points: others are so far from them and from each other
MORE = 3  # points that are kept beyond those needed, where the first ones lie too near to each other
NOTHING = 1e-12  # of the largest variance that was computed: less is a rounding error of none


class KeptRun(NamedTuple):
    """Of all draws of a run."""

    columns: Columns
    sums: Sums
    clipped: Mapping[str, int]  # path → in how many draws
    seen: Mapping[str, Array]  # of the assumptions, as DrawnSoFar has it
    same_luck: tuple[float, float]  # as measuring.same_luck() has them; 0 where nothing is corrected


class Variant(NamedTuple):
    """What a case differs in from the one that it was made of: in numbers that are told, and last in one that only money hangs on, whose
    values (year or 1,) are its place."""

    of: Model
    others: tuple[tuple[str, bytes], ...]
    name: str
    place: Array


@dataclass
class Along:
    """Runs of variants that differ in the last number alone, and so of the same lives."""

    needed: int  # points that tell the highest polynomial
    has_room: Callable[[int], bool]  # whether there is room for so many bytes more, which is then taken
    points: list[tuple[Array, KeptRun]] = field(default_factory=list)
    straight: bool = True
    _prices: dict[Chunk, list[tuple[Array, Array]]] = field(default_factory=dict)  # of two points, with their places
    _lock: Lock = field(default_factory=Lock)

    def add(self, place: Array, kept: KeptRun) -> None:
        """A run that was valued."""
        first = self.points[0][1] if self.points else kept
        self.straight &= kept.clipped == first.clipped and kept.columns.layout == first.columns.layout
        if len(self.points) < self.needed + MORE and self.has_room(kept.columns.values.nbytes):
            self.points.append((place, kept))

    def see(self, place: Array, chunk: Chunk, prices: Prices) -> None:
        """The prices of a chunk's draws: whether they go along with the place."""
        flat = np.concatenate(
            [one.ravel() for one in (prices.state, prices.budget, prices.per_family, prices.discount)]
        )
        with self._lock:
            first = self._prices.setdefault(chunk, [])
            if len(first) < 2:
                self.straight &= self.has_room(flat.nbytes)
                if self.straight:
                    first.append((place, flat))
                return
        (a, low), (b, high) = first
        along = _place(place, a, b)
        room = STRAIGHT * max(float(np.abs(one).max()) for one in (low, high, flat))
        if along is None or np.abs(flat - (low + along * (high - low))).max() > room:
            self.straight = False

    def at(self, place: Array) -> KeptRun | None:
        """None where there is no such run yet, and not as many as needed on one line with it, around it."""
        same = next((kept for known, kept in self.points if np.array_equal(known, place)), None)
        if same is not None or len(self.points) < self.needed or not self.straight:
            return same
        (a, _), (b, _) = self.points[:2]
        places = [_place(one, a, b) for one in (place, *(known for known, _ in self.points))]
        wanted, *known = [one for one in places if one is not None] or [0.0]
        chosen = None if None in places else _around(known, wanted, self.needed)
        if chosen is None:
            return None
        nodes = [known[i] for i in chosen]
        weights = [math.prod((wanted - other) / (node - other) for other in nodes if other != node) for node in nodes]
        return interpolated([self.points[i][1] for i in chosen], np.array(weights))


def _place(one: Array, a: Array, b: Array) -> float | None:
    """Where on the line from a (0) to b (1); None off it."""
    step = b - a
    at = int(np.abs(step).argmax())
    if len(one) == 0 or step[at] == 0:
        return None
    found = float((one - a)[at] / step[at])
    room = STRAIGHT * max(float(np.abs(each).max()) for each in (one, a, b))
    return found if float(np.abs(one - (a + found * step)).max()) <= room else None


def _around(places: list[float], wanted: float, needed: int) -> list[int] | None:
    """So many points, as evenly spread as there are, from the lowest to the highest; None where the place is beyond these, or they are too near."""
    low, high = min(places), max(places)
    if not low <= wanted <= high:
        return None
    chosen = [min(range(len(places)), key=lambda i: abs(places[i] - one)) for one in np.linspace(low, high, needed)]
    near = any(places[b] - places[a] < APART * (high - low) for a, b in pairwise(chosen))
    return None if near else chosen


def interpolated(kept: list[KeptRun], weights: Array) -> KeptRun:
    """The sum of these, each with its weight, of all that is a polynomial."""
    columns = [one.columns for one in kept]
    values = _weighted([one.values for one in columns], weights)
    found = Columns(columns[0].layout, columns[0].draws, values)
    for measure in columns[0].layout:
        if measure.units == "currency²":
            rows = found.rows(measure)
            values[rows] = _no_less(values[rows], [one.values[rows] for one in columns])
    sums = Sums(kept[0].sums.draws, dict(_sums(kept, weights)))
    pilot = [float(weights @ np.array([one.same_luck[i] for one in kept])) for i in range(2)]
    return KeptRun(found, sums, kept[0].clipped, kept[0].seen, (pilot[0], pilot[1]))


def _sums(kept: list[KeptRun], weights: Array) -> Iterator[tuple[Measure, Array]]:
    for measure, first in kept[0].sums.blocks.items():
        if measure.degree == 0:
            yield measure, first
        elif measure.degree is not None:
            all_of_them = [one.sums.blocks[measure] for one in kept]
            value = _weighted(all_of_them, weights)
            yield measure, _no_less(value, all_of_them) if measure.units == "currency²" else value


def _weighted(values: list[Array], weights: Array) -> Array:
    found: Array = weights[0] * values[0]
    for weight, value in zip(weights[1:], values[1:], strict=True):
        found += weight * value
    return found


def _no_less(squares: Array, known: list[Array]) -> Array:
    """Squares are not negative; and of none, none is left by rounding."""
    return np.where(squares > NOTHING * np.max(known, axis=0), squares, 0.0)
