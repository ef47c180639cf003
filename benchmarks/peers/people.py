"""Who lives, for the NumPy peers: the members of the families of some draws, as one row of arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from benchmarks.cases import Case

FOREVER = 1 << 14  # half-months, fits into small integers


class People(NamedTuple):
    """Every member twice: first all in the programme, then all in the baseline."""

    place: np.ndarray  # row of (draw, arm)
    state: np.ndarray
    entry: np.ndarray  # half-month
    until: np.ndarray  # the programme's values hold before this half-month


def drawn(case: Case, first: int, last: int, rng: np.random.Generator) -> tuple[People, np.ndarray]:
    """The members of draws first..last-1, and (draw, period) how many families entered."""
    assert case.given.rows == 1, "the NumPy peers take one row of rates for all draws"
    families, number = case.families, case.families.number[first:last]
    cohort = np.repeat(np.tile(np.arange(number.shape[1]), len(number)), number.ravel())
    draw = np.repeat(np.arange(len(number)), number.sum(axis=1))
    entry = families.cohort_half[cohort] + 2 * rng.integers(0, families.cohort_months[cohort])
    kind = families.cohort_type[cohort]
    entered = np.zeros((len(number), case.periods), np.int64)
    late = entry > 0
    np.add.at(entered, (draw[late], entry[late] // 24), 1)
    until = np.minimum(entry + case.rates.window[0, kind], FOREVER)
    parts = [_of_role(case, role, kind, rng) for role in range(len(case.structure.role_first) - 1)]
    who = np.concatenate([part[0] for part in parts])
    state = np.concatenate([part[1] for part in parts])
    place = np.concatenate([2 * draw[who], 2 * draw[who] + 1])
    until = np.concatenate([until[who], np.zeros(len(who), np.int64)])
    return People(place, np.tile(state, 2), np.tile(entry[who], 2), until), entered


def _of_role(case: Case, role: int, kind: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(family, start state) of each member."""
    mean = case.given.members[0, kind, role]
    members = np.floor(mean + rng.random(len(mean))).astype(np.int64)
    who = np.repeat(np.arange(len(kind)), members)
    first, last = case.structure.role_first[role : role + 2]
    cumulated = case.families.start[0, first : last - 1]
    return who, first + np.searchsorted(cumulated, rng.random(len(who)), side="right")


class Tables:
    """The moves of a case as arrays to look up in, indexed by arm and state."""

    def __init__(self, case: Case) -> None:
        structure, rates = case.structure, case.rates
        self.case, self.states, self.years = case, case.states, case.model.years
        self.horizon = 24 * self.years
        self.clocks = np.diff(structure.clock_first) > 0
        self.januaries = np.diff(structure.january_first) > 0
        self.endings = structure.ending >= 0
        self.hazard = np.zeros((2, self.states, self.years))
        for state in range(self.states):
            own = slice(structure.clock_first[state], structure.clock_first[state + 1])
            self.hazard[:, state] = rates.hazard[0, :, own].sum(axis=1)
        shares = np.cumsum(rates.hazard[0], axis=1)
        self.clock_shares, self.clock_to = self._alternatives(structure.clock_first, structure.clock_to, shares, True)
        self.january = self._alternatives(structure.january_first, structure.january_to, rates.january[0], False)
        self.entry = self._alternatives(structure.entry_first, structure.entry_to, rates.entry[0], False)

    def _alternatives(
        self, first: np.ndarray, to: np.ndarray, cumulated: np.ndarray, share: bool
    ) -> tuple[np.ndarray, np.ndarray]:
        """(place, arm, state, year) cumulated chances, infinite where there is no move, and (state, place + 1) targets, -1."""
        most = max(int(np.diff(first).max()), 1)
        chances = np.full((most, 2, self.states, self.years), np.inf)
        targets = np.full((self.states, most + 1), -1)
        for state in range(self.states):
            begin, end = first[state], first[state + 1]
            if begin == end:
                chances[:, :, state] = 0.0
                continue
            own = cumulated[:, begin:end]
            if share:  # hazards cumulated over all moves → shares of the state's sum
                before = cumulated[:, begin - 1 : begin] if begin > 0 else 0.0
                own = (own - before) / np.maximum(self.hazard[:, None, state], 1e-300)
            else:
                targets[state, end - begin] = -1
            chances[: end - begin, :, state] = np.swapaxes(own, 0, 1)
            chances[end - begin :, :, state] = own[:, -1]
            targets[state, : end - begin] = to[begin:end]
            targets[state, end - begin :] = to[end - 1] if share else -1
        return chances, targets

    def picked(
        self,
        alternatives: tuple[np.ndarray, np.ndarray],
        arm: np.ndarray,
        state: np.ndarray,
        year: np.ndarray | int,
        rng: np.random.Generator,
    ) -> np.ndarray:
        """The state that follows, -1 for none."""
        chances, targets = alternatives
        u = rng.random(len(state))
        row = (arm * self.states + state) * self.years + year
        which = np.zeros(len(state), np.int64)
        for one in chances:
            which += u >= one.ravel()[row]
        return targets[state, which]

    def stay_months(self, arm: np.ndarray, state: np.ndarray, year: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Length of stays in states that have one."""
        ending = self.case.structure.ending[state]
        months = self.case.rates.months[0, arm, ending, year]
        by_luck = np.flatnonzero(months == 0)
        if len(by_luck):
            chance = self.case.rates.length[0, arm[by_luck], ending[by_luck], year[by_luck]]
            months[by_luck] = (rng.random((len(by_luck), 1)) >= chance).sum(axis=1) + 1
        return np.minimum(months, FOREVER // 4)
