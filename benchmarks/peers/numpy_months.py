"""NumPy, month by month: every member is looked at in every month.

A month has two moments, its beginning and its middle; whoever is in the middle of a month of the stay at one of them may move
then, so that this is the model and not an approximation of it.
"""

from __future__ import annotations

import numpy as np

from benchmarks.cases import Case, Counted
from benchmarks.peers.people import FOREVER, People, Tables, drawn

AT_ONCE = 40_000  # lives


class Months:
    """Lives of a case, a few draws at a time."""

    def __init__(self, case: Case, seed: int = 1) -> None:
        self.case, self.counted, self.lives = case, Counted.room(case), 0
        self.rng = np.random.Generator(np.random.SFC64(seed))
        self.tables = Tables(case)
        self.gone = -np.expm1(-self.tables.hazard)  # (arm, state, year) chance to move within a month
        members = case.given.members[0].sum(axis=1)[case.families.cohort_type]
        self.chunk = max(1, int(AT_ONCE / (2 * (case.given.numbers[0] * members).sum())))

    def clear(self) -> None:
        self.counted.clear()

    def live(self) -> None:
        self.lives = 0
        for first in range(0, self.case.draws, self.chunk):
            last = min(first + self.chunk, self.case.draws)
            people, entered = drawn(self.case, first, last, self.rng)
            self.lives += len(people.state)
            self.counted.entered[first:last] = entered
            _Chunk(self, people, last - first).run(slice(first, last))


class _Chunk:
    """The members of some draws, in the order in which they enter: those who have entered stand in front."""

    def __init__(self, months: Months, people: People, draws: int) -> None:
        self.rng, self.tables, self.gone, self.counted = months.rng, months.tables, months.gone, months.counted
        order = np.argsort(people.entry, kind="stable")
        self.entry = people.entry[order]
        self.base = people.place[order] * self.tables.states
        self.until = people.until[order].astype(np.int16)
        self.state = people.state[order]
        self.odd = np.zeros(len(order), bool)  # of the arrival
        self.over = np.full(len(order), FOREVER, np.int16)  # when the stay's length is reached
        self.present = np.zeros(2 * draws * self.tables.states, np.int64)
        self.halves = np.zeros((self.tables.years, len(self.present)), np.int64)
        self.moves = np.zeros_like(self.halves)

    def run(self, own: slice) -> None:
        for t in range(0, self.tables.horizon, 2):
            here = np.searchsorted(self.entry, t)  # so many have entered before
            hit = self._hits(t, here) if self.tables.clocks.any() else None
            movers = self._ends(t, here, hit, odd=True)
            if hit is not None and len(movers):
                hit[movers] = self._hits_of(movers, t + 1)
            if t > 0 and t % 24 == 0 and self.tables.januaries.any():
                movers = np.flatnonzero(self.tables.januaries[self.state[:here]])
                movers = self._new_year(movers, t)
                if hit is not None and len(movers):
                    hit[movers] = self._hits_of(movers, t + 1)
            here = self._enter(t, here)
            if hit is not None and here > len(hit):
                hit = np.concatenate([hit, self._hits_of(np.arange(len(hit), here), t + 1)])
            self.halves[t // 24] += self.present
            self._ends(t + 1, here, hit, odd=False)
            self._enter(t + 1, here)
            self.halves[t // 24] += self.present
        shape = (self.tables.years, own.stop - own.start, 2, self.tables.states)
        self.counted.halves[own, ..., :-1] = np.moveaxis(self.halves.reshape(shape), 0, -1)
        self.counted.arrivals[own] = np.moveaxis(self.moves.reshape(shape), 0, -1)

    def _hits(self, t: int, here: int) -> np.ndarray:
        """Whether each member's month of the stay that has its middle in this calendar month is the last."""
        row = self.state[:here] + self.tables.states * (t + ~self.odd[:here] < self.until[:here])
        return self.rng.random(here) < self.gone[:, :, t // 24].ravel()[row]

    def _hits_of(self, who: np.ndarray, t: int) -> np.ndarray:
        row = self.state[who] + self.tables.states * (t < self.until[who])
        return self.rng.random(len(who)) < self.gone[:, :, t // 24].ravel()[row]

    def _ends(self, t: int, here: int, hit: np.ndarray | None, odd: bool) -> np.ndarray:
        """Move those whose stay ends at t; `odd`: whose clocks may run out at t arrived at an odd half-month."""
        found = np.zeros(0, np.int64)
        if hit is not None:
            found = np.flatnonzero(hit & self.odd[:here] if odd else hit & ~self.odd[:here])
            arm = (t < self.until[found]).astype(np.int64)
            to = self.tables.picked(
                (self.tables.clock_shares, self.tables.clock_to), arm, self.state[found], t // 24, self.rng
            )
            self._move(found, to, t)
        if self.tables.endings.any():
            over = np.flatnonzero(self.over[:here] == t)
            structure = self.tables.case.structure
            self._move(over, structure.ending_to[structure.ending[self.state[over]]], t)
            found = np.concatenate([found, over])
        if t % 24:  # on 1 January everyone meets the year-start moves
            self._new_year(found[self.tables.januaries[self.state[found]]], t)
        return found

    def _new_year(self, who: np.ndarray, t: int) -> np.ndarray:
        arm = (t < self.until[who]).astype(np.int64)
        to = self.tables.picked(self.tables.january, arm, self.state[who], t // 24, self.rng)
        who, to = who[to >= 0], to[to >= 0]
        self._move(who, to, t)
        return who

    def _enter(self, t: int, here: int) -> int:
        """Those who come at t."""
        last = np.searchsorted(self.entry, t, side="right")
        who = np.arange(here, last)
        if not len(who):
            return here
        np.add.at(self.present, self.base[who] + self.state[who], 1)
        self._settle(who, t)
        arm = (t < self.until[who]).astype(np.int64)
        to = self.tables.picked(self.tables.entry, arm, self.state[who], t // 24, self.rng)
        moved = who[to >= 0]
        self._move(moved, to[to >= 0], t)
        self._new_year(moved[self.tables.januaries[self.state[moved]]], t)
        return int(last)

    def _move(self, who: np.ndarray, to: np.ndarray, t: int) -> None:
        if not len(who):
            return
        base = self.base[who]
        there = np.bincount(base + to, minlength=len(self.present))
        self.present += there - np.bincount(base + self.state[who], minlength=len(self.present))
        self.moves[t // 24] += there
        self.state[who] = to
        self._settle(who, t)

    def _settle(self, who: np.ndarray, t: int) -> None:
        """A stay begins."""
        self.odd[who] = t % 2 == 1
        self.over[who] = FOREVER
        timed = who[self.tables.endings[self.state[who]]] if self.tables.endings.any() else ()
        if len(timed):
            arm = (t < self.until[timed]).astype(np.int64)
            year = np.full(len(timed), t // 24)
            months = self.tables.stay_months(arm, self.state[timed], year, self.rng)
            self.over[timed] = np.minimum(t + 2 * months, FOREVER)
