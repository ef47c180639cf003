"""What luck adds to the same lives under other prices, from what it added under a few.

Luck's mean is linear in prices, its variance quadratic, its third moment cubic: along a line of prices they are polynomials, which three or four
points of it tell exactly (Lagrange's interpolation). Whether prices lie on one line is seen by the prices themselves, after whatever was clipped.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulate import luck
from simulate.ledger import Accounts, Prices
from simulate.luck import Luck
from simulate.model import Parameters

Array = NDArray[np.float64]
Third = Literal["expected"] | None

STRAIGHT = 1e-12  # of the largest price: what prices on a line may be off it, by rounding
APART = 0.1  # of the line between the outermost points: others are so far from them and from each other
NOTHING = 1e-12  # of the largest variance that was computed: less is a rounding error of none


@dataclass
class Along:
    """Of some draws: the prices that luck was worked out for by now, and what it was."""

    points: list[tuple[Array, Luck]] = field(default_factory=list)

    def luck(self, accounts: Accounts, given: Parameters, prices: Prices, third: Third, own_luck: bool) -> Luck:
        """As luck.compute()."""
        flat = np.concatenate([prices.state[:, 0].ravel(), prices.per_family.ravel()])
        found = self._known(flat, 3 if third is None else 4)
        if found is None:
            found = luck.compute(accounts, given, prices, third, own_luck)
            self.points.append((flat, found))
        return found

    def _known(self, flat: Array, needed: int) -> Luck | None:
        """None where there are no such prices, and not as many as needed on one line with these, around them."""
        same = next((known for prices, known in self.points if np.array_equal(prices, flat)), None)
        if same is not None or len(self.points) < needed:
            return same
        prices = [one for one, _ in self.points]
        at = int(np.abs(prices[1] - prices[0]).argmax())  # a price that changes along the line
        order = sorted(range(len(prices)), key=lambda i: float(prices[i][at]))
        low, high = prices[order[0]], prices[order[-1]]
        width = float(high[at] - low[at])
        place = float(flat[at] - low[at]) / width if width > 0 else -1.0
        if not 0 <= place <= 1:
            return None
        places = {i: float(prices[i][at] - low[at]) / width for i in order}
        wanted = np.linspace(0, 1, needed)
        chosen = [min(places, key=lambda i: abs(places[i] - one)) for one in wanted]
        nodes = [places[i] for i in chosen]
        if any(b - a < APART for a, b in pairwise(nodes)):
            return None
        room = STRAIGHT * max(float(np.abs(low).max()), float(np.abs(high).max()))
        held = [(prices[i], places[i]) for i in chosen[1:-1]]
        if any(np.abs(one - (low + where * (high - low))).max() > room for one, where in [*held, (flat, place)]):
            return None
        return _interpolated([self.points[i][1] for i in chosen], nodes, place)


def _interpolated(known: list[Luck], nodes: list[float], place: float) -> Luck:
    weights = np.array(
        [math.prod((place - other) / (node - other) for other in nodes if other != node) for node in nodes]
    )

    def at(values: list[Array]) -> Array:
        return np.asarray(np.tensordot(weights, np.stack(values), axes=1))

    def variance(values: list[Array]) -> Array:
        found = at(values)
        return np.where(found > NOTHING * np.max(values, axis=0), found, 0.0)

    thirds = [one.third for one in known if one.third is not None]
    return Luck(
        at([one.mean for one in known]),
        variance([one.expected for one in known]),
        variance([one.own_luck for one in known]),
        at(thirds) if thirds else None,
    )
