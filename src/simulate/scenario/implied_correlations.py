"""The rank correlations of several programmes that share some of their assumptions."""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulate.locale import text
from simulate.scenario.queries import score_correlation
from simulate.scenario.schema import Scenario
from simulate.scenario.values import shown

Array = NDArray[np.float64]
One = tuple[str, Scenario, Callable[[str], str]]
"""A programme's name, its scenario, and what a name of its own becomes."""
NOTHING = 1e-12


def correlations(ones: Sequence[One], shared: Sequence[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """(rows of [[correlations]], problems) of programmes whose own assumptions are independent given the shared ones.

    Two programmes' own assumptions that both go with a shared one go with each other: leaving that out would be another distribution, mostly
    an impossible one. In Gaussian scores their correlation is R_ps R_ss⁻¹ R_sq.
    """
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    said: dict[tuple[str, str], tuple[str, float]] = {}
    problems: list[str] = []
    for name, scenario, own in ones:
        ranks = {_pair(*row.between): row.rank for row in scenario.correlations}
        for a, b in combinations([one for one in shared if one in scenario.assumptions], 2):
            rank = ranks.get(_pair(a, b), 0.0)
            before = said.setdefault(_pair(a, b), (name, rank))
            if before[1] != rank:
                problems.append(
                    text("the rank correlation of {a} and {b}, both shared, is {x:g} in {p} and {y:g} in {q}", a=a, b=b, x=before[1],
                         p=shown(before[0]), y=rank, q=shown(name))
                )  # fmt: skip
        for row in scenario.correlations:
            a, b = (one if one in shared else own(one) for one in row.between)
            rows.setdefault(_pair(a, b), {"between": [a, b], "rank": row.rank})
    if not problems:
        rows |= _between(ones, shared)
    return list(rows.values()), problems


def _pair(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a <= b else (b, a)


def _between(ones: Sequence[One], shared: Sequence[str]) -> dict[tuple[str, str], dict[str, Any]]:
    """What follows between programmes: rows of assumptions that no programme has together."""
    common = _matrix(shared, [row for _, scenario, _ in ones for row in scenario.correlations])
    loadings = []  # of each programme: its own names, the shared ones it has, and the former's regression on the latter
    for _, scenario, own in ones:
        has = [i for i, name in enumerate(shared) if name in scenario.assumptions]
        tied = [row for row in scenario.correlations if len(set(row.between) & set(shared)) == 1]
        names = [next(name for name in row.between if name not in shared) for row in tied]
        names = list(dict.fromkeys(names))  # others are independent of what is shared
        inside = _matrix([*names, *(shared[i] for i in has)], scenario.correlations)
        of = inside[: len(names), len(names) :] @ np.linalg.pinv(inside[len(names) :, len(names) :], hermitian=True)
        loadings.append(([own(name) for name in names], has, of))
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for (ours, mine, a), (theirs, others, b) in combinations(loadings, 2):
        found = a @ common[np.ix_(mine, others)] @ b.T
        pairs = [(p, q, found[i, j]) for i, p in enumerate(ours) for j, q in enumerate(theirs)]
        rows |= {_pair(p, q): _row(p, q, r) for p, q, r in pairs if abs(r) > NOTHING}
    for names, has, of in loadings:
        missing = [i for i in range(len(shared)) if i not in has]
        found = of @ common[np.ix_(has, missing)]
        pairs = [(p, shared[i], found[n, k]) for n, p in enumerate(names) for k, i in enumerate(missing)]
        rows |= {_pair(p, q): _row(p, q, r) for p, q, r in pairs if abs(r) > NOTHING}
    return rows


def _row(a: str, b: str, score: float) -> dict[str, Any]:
    """The inverse of the correlation of scores that a rank correlation stands for."""
    return {"between": [a, b], "rank": float(6 / np.pi * np.arcsin(score / 2))}


def _matrix(names: Sequence[str], rows: Any) -> Array:
    """(name, name) correlations of Gaussian scores."""
    found = np.eye(len(names))
    place = {name: i for i, name in enumerate(names)}
    for row in rows:
        if set(row.between) <= place.keys():
            a, b = (place[name] for name in row.between)
            found[a, b] = found[b, a] = score_correlation(row.rank)
    return found
