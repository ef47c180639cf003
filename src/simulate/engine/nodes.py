"""Which few of many places tell a polynomial at all the others, and with which weights.

The few are about Fekete points of the many: rows of the matrix of all polynomials at all places, of which the next one is always the farthest from
the space of those before (Sommariva, Vianello 2009, Computing approximate Fekete points by QR factorizations of Vandermonde matrices), and
which are then exchanged for others as long as these have a weight above 1 (Goreinov et al. 2010, How to find a good submatrix). So no place is
told with weights that are much above 1, however many numbers a place has; and where places lie on lines, few values or a curve, as few are
chosen as that takes.

No sum here is left to a library that might take it in another order on another day, and what is alike but for rounding is chosen by its order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

NOTHING = 1e-12  # of the largest row: what is left of a row that others tell
ALIKE = 1e-6  # of the farthest: rows that are as far but for that
MUCH = 1.05  # a weight above which a node is exchanged
EXCHANGES = 200  # at most; each makes the determinant larger, by MUCH at least


def terms(numbers: int, degree: int) -> list[tuple[int, ...]]:
    """Of polynomials in so many numbers: which of them each term multiplies, 1 first, lower degrees first."""
    return [each for d in range(degree + 1) for each in combinations_with_replacement(range(numbers), d)]


def polynomials(places: Array, degree: int) -> Array:
    """(place, term) products of Chebyshev polynomials of the numbers of each place (place, number), up to a degree in all."""
    chebyshev = [np.ones_like(places), places]
    for _ in range(degree - 1):
        chebyshev.append(2 * places * chebyshev[-1] - chebyshev[-2])
    found = np.ones((len(places), len(terms(places.shape[1], degree))))
    for column, term in enumerate(terms(places.shape[1], degree)):
        for number in set(term):
            found[:, column] *= chebyshev[term.count(number)][:, number]
    return found


@dataclass(frozen=True)
class Nodes:
    """Rows (node, term) of the nodes, which are independent."""

    rows: Array

    @cached_property
    def directions(self) -> Array:
        """(node, term) orthonormal: what each row has beyond those before."""
        found = np.zeros((0, self.rows.shape[1]))
        for row in self.rows:
            left = row.copy()
            for _ in range(2):  # the second time takes out what rounding left
                left -= _times(_times(left[None], found.T), found)[0]
            found = np.concatenate([found, left[None] / np.sqrt(_square(left))])
        return found

    def weights(self, rows: Array) -> Array:
        """(place, node) of rows (place, term): with them the nodes' rows make up these, as far as they can."""
        found, own = _times(rows, self.directions.T), _times(self.rows, self.directions.T)
        for node in reversed(range(len(own))):
            found[:, node] -= _times(found[:, node + 1 :], own[node + 1 :, node : node + 1])[:, 0]
            found[:, node] /= own[node, node]
        return found

    def off(self, rows: Array) -> Array:
        """(place,) what the nodes cannot make up of rows (place, term), at most of any term."""
        left = rows - _times(_times(rows, self.directions.T), self.directions)
        return np.asarray(np.abs(left).max(axis=1, initial=0.0))


def choose(rows: Array, first: int | None = None, among: Sequence[int] | None = None) -> list[int]:
    """Rows that tell all others (row, term); first: one that is to be among them; among: such as may be chosen, which tell all others."""
    allowed = list(range(len(rows))) if among is None else list(among)
    found = farthest(rows[allowed], nothing(rows), None if first is None else allowed.index(first))
    chosen = [allowed[one] for one in found]
    for _ in range(EXCHANGES):
        weights = np.abs(Nodes(rows[chosen]).weights(rows[allowed]))
        weights[:, [node for node, one in enumerate(chosen) if one == first]] = 0.0
        most = float(weights.max(initial=0.0))
        if most <= MUCH:
            break
        place, node = (int(one[0]) for one in np.nonzero(weights >= most * (1 - ALIKE)))
        chosen[node] = allowed[place]
    return chosen


def nothing(rows: Array) -> float:
    """The length of what is left of a row (row, term) that others tell."""
    return NOTHING * float(np.sqrt(_squares(rows).max(initial=0.0)))


def farthest(rows: Array, off: float, first: int | None = None) -> list[int]:
    """Rows (row, term) that are independent, each the farthest from the space of those before, until the others lie in it but for `off`."""
    left, chosen = rows.copy(), list[int]()
    for _ in range(min(left.shape)):
        squares = _squares(left)
        place = int(np.nonzero(squares >= squares.max() * (1 - ALIKE))[0][0])
        if not chosen and first is not None:
            place = first
        if np.sqrt(squares[place]) <= off:
            break
        chosen.append(place)
        direction = left[place] / np.sqrt(squares[place])
        for _ in range(2):
            left -= _times(left, direction[:, None]) * direction
        left[place] = 0.0
    return chosen


def _times(one: Array, other: Array) -> Array:
    """The product of matrices, summed in one order."""
    return np.asarray(np.einsum("ij,jk->ik", one, other))


def _square(row: Array) -> float:
    return float(_squares(row[None])[0])


def _squares(rows: Array) -> Array:
    return np.asarray(np.einsum("ij,ij->i", rows, rows))
