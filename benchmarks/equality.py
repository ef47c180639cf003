"""Every program must agree in expectation with the engine's exact one before anything is timed."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from benchmarks.cases import Case, Counted
from simulate import kernels, model
from simulate.model import Quantities

MOST_ERRORS = 4.5  # standard errors
DRAWS = 512  # with fewer, the standard errors of rare moves are themselves too uncertain to be held against


class Peer(Protocol):
    case: Case
    counted: Counted

    @property
    def lives(self) -> int: ...

    def clear(self) -> None: ...

    def live(self) -> None: ...


def truth(case: Case) -> list[Quantities]:
    """Expected person-months and moves (1, state, year), programme and baseline."""
    return list(model.expected(case.model, case.given, 1, model.PERIODS["year"], kernels.load("expected")))


def farthest(peer: Peer) -> tuple[float, str]:
    """Run a program; the largest distance from expectation in standard errors, and where. Its arms: programme, baselines."""
    peer.clear()
    peer.live()
    programme, baseline = truth(peer.case)
    found = []
    for arm in range(peer.counted.halves.shape[1]):
        right = programme if arm == 0 else baseline
        months = peer.counted.halves[:, arm, :, :-1] / 2
        found.append(_distance(peer.case, f"person-months, arm {arm}", months, right.months[0]))
        found.append(_distance(peer.case, f"moves, arm {arm}", peer.counted.arrivals[:, arm], right.arrivals[0]))
    return max(found)


def check(peers: dict[str, Peer]) -> list[str]:
    """A line for each program. Raises AssertionError for one that does not agree."""
    lines = []
    for name, peer in peers.items():
        errors, where = farthest(peer)
        lines.append(f"{name}: at most {errors:.1f} standard errors off, {peer.case.draws} draws ({where})")
        assert errors < MOST_ERRORS, lines[-1]
    return lines


def _distance(case: Case, what: str, counted: np.ndarray, right: np.ndarray) -> tuple[float, str]:
    """counted: (draw, state, year); right: (state, year)."""
    error = counted.std(axis=0, ddof=1) / np.sqrt(len(counted))
    off = np.abs(counted.mean(axis=0) - right)
    certain = error == 0
    apart = np.where(
        certain, np.where(off > 1e-9 * np.maximum(1, right), np.inf, 0.0), off / np.where(certain, 1, error)
    )
    state, year = np.unravel_index(np.argmax(apart), apart.shape)
    return float(apart[state, year]), f"{what}, {case.model.labels[state]}, year {year}"
