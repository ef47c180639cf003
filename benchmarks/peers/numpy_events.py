"""NumPy, event by event: all members of some draws go from one stay to the next together."""

from __future__ import annotations

import numpy as np

from benchmarks.cases import Case, Counted
from benchmarks.peers.people import People, Tables, drawn

AT_ONCE = 40_000  # lives: small enough for the cache, large enough for NumPy
EVERYONE = slice(None)
BEYOND = 1e3  # more than any exponential


class Events:
    """Lives of a case, a few draws at a time."""

    def __init__(self, case: Case, seed: int = 1) -> None:
        self.case, self.counted, self.lives = case, Counted.room(case), 0
        self.rng = np.random.Generator(np.random.SFC64(seed))
        self.tables = Tables(case)
        self.months = self.tables.horizon // 2
        self.used, self.starts = self._used()
        self.chunk = max(1, int(AT_ONCE / self._lives_a_draw()))

    def _lives_a_draw(self) -> float:
        members = self.case.given.members[0].sum(axis=1)[self.case.families.cohort_type]
        return 2 * float((self.case.given.numbers[0] * members).sum())

    def _used(self) -> tuple[np.ndarray, np.ndarray]:
        """Hazard used up before the 1st, 2nd, ... middle of a month, in one rising row; and (arm, state, parity) offsets."""
        tables, found = self.tables, []
        starts = np.zeros((2, tables.states, 2), np.int64)
        for arm, state, parity in np.ndindex(starts.shape):
            starts[arm, state, parity] = sum(map(len, found))
            floor = found[-1][-1] + 1.0 if found else 0.0
            by_month = tables.hazard[arm, state, (2 * np.arange(self.months) + parity) // 24]
            used = np.concatenate([[0.0], np.cumsum(by_month)])
            found.append(floor + np.append(used, used[-1] + BEYOND))
        return np.concatenate(found), starts.ravel()

    def clear(self) -> None:
        self.counted.clear()

    def live(self) -> None:
        self.lives = 0
        for first in range(0, self.case.draws, self.chunk):
            last = min(first + self.chunk, self.case.draws)
            people, entered = drawn(self.case, first, last, self.rng)
            self.lives += len(people.state)
            self.counted.entered[first:last] = entered
            self._live(people, slice(first, last))

    def _live(self, people: People, own: slice) -> None:
        tables, horizon = self.tables, self.tables.horizon
        draws = own.stop - own.start
        cells = 2 * draws * tables.states
        change = np.zeros(cells * (horizon + 1), np.int64)  # of those present, by half-month
        moves = np.zeros(cells * (horizon + 1), np.int64)
        place, state, t, until = people.place, people.state, people.entry, people.until

        def booked(which: np.ndarray | slice, at: np.ndarray) -> np.ndarray:
            index = (place[which] * tables.states + state[which]) * (horizon + 1) + at[which]
            return np.bincount(index, minlength=len(change))

        entered = tables.picked(tables.entry, (t < until).astype(np.int64), state, t // 24, self.rng)
        fresh = entered >= 0
        state = np.where(fresh, entered, state)
        moves += booked(fresh, t)
        while len(state):
            met = np.flatnonzero(fresh & tables.januaries[state])
            if len(met):
                arm = (t[met] < until[met]).astype(np.int64)
                to = tables.picked(tables.january, arm, state[met], t[met] // 24, self.rng)
                met, to = met[to >= 0], to[to >= 0]
                state[met] = to
                moves += booked(met, t)
            end, follows, fresh = self._stays(state, t, until)
            change += booked(EVERYONE, t) - booked(EVERYONE, end)
            on = np.flatnonzero(end < horizon)
            place, state, t, until, fresh = place[on], follows[on], end[on], until[on], fresh[on]
            moves += booked(EVERYONE, t)
        self._sum_up(change, moves, own)

    def _sum_up(self, change: np.ndarray, moves: np.ndarray, own: slice) -> None:
        shape = (own.stop - own.start, 2, self.tables.states)
        years = (*shape, self.tables.years, 24)
        present = np.cumsum(change.reshape(*shape, -1)[..., :-1], axis=-1)
        self.counted.halves[own, ..., :-1] = present.reshape(years).sum(axis=-1)
        self.counted.arrivals[own] = moves.reshape(*shape, -1)[..., :-1].reshape(years).sum(axis=-1)

    def _stays(self, state: np.ndarray, t: np.ndarray, until: np.ndarray) -> tuple[np.ndarray, ...]:
        """When each stay ends, the state that follows, and whether that arrival meets the year-start moves."""
        tables, rng = self.tables, self.rng
        end, follows = np.full(len(state), tables.horizon), np.full(len(state), -1)
        fresh = np.ones(len(state), bool)
        who = np.flatnonzero(tables.endings[state]) if tables.endings.any() else ()
        if len(who):
            arm = (t[who] < until[who]).astype(np.int64)
            over = t[who] + 2 * tables.stay_months(arm, state[who], t[who] // 24, rng)
            end[who] = np.minimum(over, tables.horizon)
            structure = self.case.structure
            follows[who] = structure.ending_to[structure.ending[state[who]]]
        if tables.clocks.all():
            self._clocks(EVERYONE, state, t, until, end, follows)
        elif tables.clocks.any():
            self._clocks(np.flatnonzero(tables.clocks[state]), state, t, until, end, follows)
        if tables.januaries.any():
            self._januaries(state, t, until, end, follows, fresh)
        return end, follows, fresh

    def _clocks(self, who, state, t, until, end, follows) -> None:
        """One exponential for all clocks of a state, and which of them it was by their hazards then."""
        mine, since, until = state[who], t[who], until[who]
        parity = (since + 1) % 2
        k = (since + 1) // 2
        arrears = self.rng.standard_exponential(len(mine))
        base = self.starts[mine * 2 + parity]
        k_off = np.minimum(np.maximum((until - parity + 1) // 2, k), self.months)  # the first month without effect
        with_effect = np.flatnonzero(k_off > k)
        target = self.used[base + k] + arrears
        if len(with_effect):
            programme = self.starts[(self.tables.states + mine[with_effect]) * 2 + parity[with_effect]]
            before = self.used[programme + k[with_effect]]
            after = self.used[programme + k_off[with_effect]]
            left = arrears[with_effect] - (after - before)
            inside = left < 0
            target[with_effect] = np.where(
                inside, before + arrears[with_effect], self.used[base[with_effect] + k_off[with_effect]] + left
            )
            base[with_effect] = np.where(inside, programme, base[with_effect])
        month = np.searchsorted(self.used, target, side="right") - 1 - base
        at = 2 * month + parity
        sooner = np.flatnonzero((month < self.months) & (at < end[who]))
        at, mine = at[sooner], mine[sooner]
        arm = (at < until[sooner]).astype(np.int64)
        to = self.tables.picked((self.tables.clock_shares, self.tables.clock_to), arm, mine, at // 24, self.rng)
        index = sooner if isinstance(who, slice) else who[sooner]
        end[index], follows[index] = at, to

    def _januaries(self, state, t, until, end, follows, fresh) -> None:
        who = np.flatnonzero(self.tables.januaries[state])
        for year in range(1, self.tables.years):
            at = 24 * year
            here = who[(t[who] < at) & (at < end[who])]
            arm = (at < until[here]).astype(np.int64)
            to = self.tables.picked(self.tables.january, arm, state[here], year, self.rng)
            here, to = here[to >= 0], to[to >= 0]
            end[here], follows[here], fresh[here] = at, to, False
