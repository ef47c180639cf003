"""Points of the unit cube, bit for bit those of scipy.stats.qmc, whose import takes longer than all of a small run.

Sobol's points: the direction numbers of Joe and Kuo (2008), a left linear matrix scramble and a digital shift (Matoušek 1998). A test
holds them against scipy's, from which the table is read: it comes with scipy as a file that can be read without importing what it is
in. Where a version of scipy has no such file, its own generator makes the same points, only later.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Words = NDArray[np.uint32]

BITS = 30  # of a Sobol point, as in scipy


def random(rng: np.random.Generator, draws: int, scores: int) -> Array:
    return rng.random((draws, scores))


def lhs(rng: np.random.Generator, draws: int, scores: int) -> Array:
    """Latin hypercube (McKay, Beckman, Conover 1979)."""
    rng = _child(rng)
    within = rng.uniform(size=(draws, scores))
    ranks = np.tile(np.arange(1, draws + 1), (scores, 1))
    for row in ranks:
        rng.shuffle(row)
    return np.asarray((ranks.T - within) / draws)


def sobol(rng: np.random.Generator, draws: int, scores: int) -> Array:
    """The first points of a scrambled Sobol sequence, moved to the middle of their grid, which begins at 0."""
    try:
        directions = _directions(scores)
    except (OSError, LookupError, ValueError):
        from scipy.stats import qmc

        return np.asarray(qmc.Sobol(scores, rng=rng).random(draws) + 2.0 ** -(BITS + 1))
    rng = _child(rng)
    powers = 2 ** np.arange(BITS, dtype=np.uint32)
    shift = rng.integers(2, size=(scores, BITS), dtype=np.uint32) @ powers
    matrix = np.tril(rng.integers(2, size=(scores, BITS, BITS), dtype=np.uint32))
    matrix[:, range(BITS), range(BITS)] = 1
    scrambled = np.zeros_like(directions)
    for bit, row in enumerate(np.moveaxis(matrix @ powers[::-1], 1, 0)):  # the product of matrices of bits
        scrambled |= (np.bitwise_count(row[:, None] & directions) & 1).astype(np.uint32) << (BITS - 1 - bit)
    order = np.arange(1, draws)
    changed = np.bitwise_count((order & -order) - 1)  # by Gray's code, one direction from point to point
    points = np.bitwise_xor.accumulate(np.concatenate([shift[None], scrambled.T[changed]]), axis=0)
    return np.asarray((points + 0.5) * 2.0**-BITS)


def _child(rng: np.random.Generator) -> np.random.Generator:
    """scipy draws from a generator of its own."""
    return rng.spawn(1)[0]


@lru_cache(maxsize=8)  # of the cubes of several horizons, and those beside them
def _directions(scores: int) -> Words:
    """(score, bit) direction numbers: each polynomial's recurrence from its first values (Bratley, Fox 1988, p. 90)."""
    scipy = find_spec("scipy")
    folder = Path(str(scipy.origin if scipy else "")).parent
    with np.load(folder / "stats" / "_sobol_direction_numbers.npz") as table:
        polynomials, first = table["poly"][:scores], table["vinit"][:scores]
    if len(polynomials) < scores:
        raise LookupError
    rows, degrees = np.arange(scores), np.frexp(polynomials.astype(np.float64))[1] - 1
    found = np.ones((scores, BITS), np.int64)
    for bit in range(BITS):
        number = found[rows, bit - degrees]
        for back in range(1, min(bit, degrees.max()) + 1):
            term = (back <= degrees) & (polynomials >> np.maximum(degrees - back, 0) & 1 == 1)
            number = np.where(term, number ^ (found[:, bit - back] << back), number)
        given = first[:, min(bit, first.shape[1] - 1)]
        found[:, bit] = np.where(degrees == 0, 1, np.where(bit < degrees, given, number))
    return np.asarray(found << np.arange(BITS)[::-1], np.uint32)


DESIGNS: dict[str, Callable[[np.random.Generator, int, int], Any]] = {"sobol": sobol, "lhs": lhs, "random": random}
