"""SimPy: a process for each person."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from itertools import pairwise

from benchmarks.cases import Case, Counted

YEAR = 24


class Simulated:
    """Lives of a case, an environment for each draw."""

    def __init__(self, case: Case, seed: int = 1) -> None:
        import simpy

        self.simpy = simpy
        self.case, self.counted, self.lives = case, Counted.room(case), 0
        self.random = random.Random(seed)
        self.horizon = YEAR * case.model.years
        structure, rates = case.structure, case.rates
        self.to = {name: getattr(structure, f"{name}_to").tolist() for name in ("entry", "clock", "january", "ending")}
        self.own = {
            name: [range(*pair) for pair in pairwise(first)]
            for name in ("entry", "clock", "january")
            for first in [getattr(structure, f"{name}_first").tolist()]
        }
        self.ending = structure.ending.tolist()
        self.chances = {"entry": rates.entry[0].tolist(), "january": rates.january[0].tolist()}
        self.hazard, self.months, self.length = (
            array[0].tolist() for array in (rates.hazard, rates.months, rates.length)
        )

    def clear(self) -> None:
        self.counted.clear()

    def live(self) -> None:
        self.lives = 0
        for draw in range(self.case.draws):
            self._live(draw)

    def _live(self, draw: int) -> None:
        env = self.simpy.Environment()
        halves = [[[0] * self.case.periods for _ in range(self.case.states)] for _ in range(2)]
        moves = [[[0] * self.case.periods for _ in range(self.case.states)] for _ in range(2)]
        families = self.case.families
        rows = zip(
            families.number[draw], families.cohort_type, families.cohort_half, families.cohort_months, strict=True
        )
        for number, kind, half, months in rows:
            for _ in range(number):
                entry = int(half) + 2 * self.random.randrange(months)
                if entry > 0:
                    self.counted.entered[draw, entry // YEAR] += 1
                until = entry + int(self.case.rates.window[0, kind])
                for state in self._members(int(kind)):
                    env.process(self._person(env, state, entry, 1, until, halves[0], moves[0]))
                    env.process(self._person(env, state, entry, 0, 0, halves[1], moves[1]))
                    self.lives += 2
        env.run(until=self.horizon)
        env.run()  # those who wait for the end only
        self.counted.halves[draw, ..., :-1] = halves
        self.counted.arrivals[draw] = moves

    def _members(self, kind: int) -> Iterator[int]:
        first = self.case.structure.role_first.tolist()
        for role, mean in enumerate(self.case.given.members[0, kind].tolist()):
            for _ in range(math.floor(mean + self.random.random())):
                u, state = self.random.random(), first[role]
                while state + 1 < first[role + 1] and u >= self.case.families.start[0, state]:
                    state += 1
                yield state

    def _pick(self, kind: str, state: int, arm: int, year: int) -> int:
        """The state that follows by one of the alternatives, -1 for none."""
        own = self.own[kind][state]
        if own:
            u, chances = self.random.random(), self.chances[kind][arm]
            for j in own:
                if u < chances[j][year]:
                    return self.to[kind][j]
        return -1

    def _person(self, env, state, entry, arm, until, halves, moves):
        """A process: one life."""
        yield env.timeout(entry)
        to = self._pick("entry", state, arm if entry < until else 0, entry // YEAR)
        fresh = to >= 0
        if fresh:
            state = to
            moves[state][entry // YEAR] += 1
        while env.now < self.horizon:
            t = env.now
            to = self._pick("january", state, arm if t < until else 0, t // YEAR) if fresh else -1
            fresh = False
            if to < 0:
                end, to = self._stay(state, t, arm, until)
                fresh = True
                january = YEAR * (t // YEAR + 1)
                while self.own["january"][state] and january < end:
                    yield env.timeout(january - env.now)
                    moved = self._pick("january", state, arm if january < until else 0, january // YEAR)
                    if moved >= 0:
                        end, to, fresh = january, moved, False
                    january += YEAR
                if end > env.now:
                    yield env.timeout(end - env.now)
                self._book(halves[state], t, end)
            if env.now < self.horizon:
                state = to
                moves[state][env.now // YEAR] += 1

    def _stay(self, state: int, t: int, arm: int, until: int) -> tuple[int, int]:
        """When a stay ends by itself, and the state that follows."""
        end, to = self.horizon, -1
        ending = self.ending[state]
        if ending >= 0:
            over = t + 2 * self._months(ending, arm if t < until else 0, t // YEAR)
            if over < end:
                end, to = over, self.to["ending"][ending]
        soonest = (end, 0.0)
        for clock in self.own["clock"][state]:
            ran_out = self._runs_out(clock, t, arm, until, end)
            if ran_out < soonest:
                soonest, end, to = ran_out, ran_out[0], self.to["clock"][clock]
        return end, to

    def _months(self, ending: int, arm: int, year: int) -> int:
        if self.months[arm][ending][year] > 0:
            return self.months[arm][ending][year]
        u = self.random.random()
        return 1 + sum(u >= chance for chance in self.length[arm][ending][year])

    def _runs_out(self, clock: int, t: int, arm: int, until: int, end: int) -> tuple[float, float]:
        """The middle of the month in which a clock runs out, and how far into the month."""
        left, middle = self.random.expovariate(1.0), t + 1
        while middle <= end:
            year = middle // YEAR
            bound = YEAR * (year + 1) - middle
            if middle < until:
                bound = min(bound, until - middle)
            months = (bound + 1) // 2
            hazard = self.hazard[arm if middle < until else 0][clock][min(year, self.case.model.years - 1)]
            if left < hazard * months:
                whole = min(int(left / hazard), months - 1)
                return middle + 2 * whole, left / hazard - whole
            left -= hazard * months
            middle += 2 * months
        return math.inf, 0.0

    def _book(self, halves: list[int], begin: int, end: int) -> None:
        while begin < end:
            year = begin // YEAR
            stop = min(end, YEAR * (year + 1))
            halves[year] += stop - begin
            begin = stop
