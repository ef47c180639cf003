"""Every program must agree in expectation with the engine's exact one before anything is timed."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from benchmarks.cases import ARMS, Case, Counted
from simulate import kernels, model
from simulate.model import Quantities

MOST_ERRORS = 4.5  # standard errors
AT_LEAST = 16  # draws, for a standard error to mean something


class Peer(Protocol):
    case: Case
    counted: Counted
    lives: int

    def clear(self) -> None: ...

    def live(self) -> None: ...


def truth(case: Case) -> list[Quantities]:
    """Expected person-months and moves (1, state, year), programme and baseline."""
    return list(model.expected(case.model, case.given, 1, model.PERIODS["year"], kernels.load("expected")))


def farthest(peer: Peer, arms: dict[str, int] | None = None) -> tuple[float, str]:
    """Run a peer; the largest distance from expectation in standard errors, and where. arms: index in the peer → in ARMS."""
    assert peer.case.draws >= AT_LEAST
    peer.clear()
    peer.live()
    found = [(0.0, "")]
    for index, right in enumerate(truth(peer.case)):
        mine = [i for i, arm in enumerate(arms or ARMS) if (arms or dict(zip(ARMS, (0, 1), strict=True)))[arm] == index]
        for i in mine:
            pairs = {
                "person-months": (peer.counted.halves[:, i, :, :-1] / 2, right.months[0]),
                "moves": (peer.counted.arrivals[:, i], right.arrivals[0]),
            }
            found += [_distance(peer.case, f"{what}, arm {i}", *pair) for what, pair in pairs.items()]
    return max(found)


def _distance(case: Case, what: str, counted: np.ndarray, right: np.ndarray) -> tuple[float, str]:
    """counted: (draw, state, year); right: (state, year)."""
    error = counted.std(axis=0, ddof=1) / np.sqrt(len(counted))
    off = np.abs(counted.mean(axis=0) - right)
    certain = error == 0
    apart = np.where(certain, np.where(off > 1e-9 * np.maximum(1, right), np.inf, 0.0), off / np.where(certain, 1, error))
    state, year = np.unravel_index(np.argmax(apart), apart.shape)
    return float(apart[state, year]), f"{what}, {case.model.labels[state]}, year {year}"
