"""Refunds that go by the weeks on a benefit: where a clock can stand, what half-months are booked as, and which steps they belong to."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate.kernels.arrays import BENEFIT, NEITHER, NO_CLOCK, SUPPORT, Clock, Rows, Structure
from simulate.scenario import Scenario, queries

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

WEEKS = 365.25 / 7 / 24  # of a half-month
NEVER = 1 << 40  # half-months
ROUNDING = 1e-9  # weeks


class Refunds(NamedTuple):
    """What the kernels book, and how that is folded."""

    clock: Clock
    shares: list[Array]  # of each inner state (step, booking row): which part of a half-month booked there is of a step
    row_first: Counts  # (state+1,) ledger rows
    fold: Counts  # (inner state,) the state that it is of

    @property
    def is_plain(self) -> bool:
        """Whether no refund goes by weeks, so that rows are states."""
        return len(self.clock.role) == 0

    def of_states(self, booked: Array) -> Array:
        """(..., state, period) of what is booked (..., row, period)."""
        first = np.unique(self.fold, return_index=True)[1]
        return np.asarray(np.add.reduceat(booked, self.clock.row[first], axis=-2))

    def of_rows(self, booked: Array) -> Array:
        """(..., ledger row, period) of what is booked (..., row, period): summed one after the other, whatever the number of draws."""
        found = np.zeros((*booked.shape[:-2], self.row_first[-1], booked.shape[-1]))
        for row, column, part in self._parts():
            found[..., row, :] += part * booked[..., column, :]
        return found

    def booked(self, prices: Array) -> Array:
        """(draw, booking row, period) prices of those of ledger rows (draw, ledger row, period): the mean over the steps of a half-month."""
        found = np.zeros((len(prices), self.clock.row[-1], prices.shape[2]))
        for row, column, part in self._parts():
            found[:, column] += part * prices[:, row]
        return found

    def _parts(self) -> Iterator[tuple[int, int, float]]:
        """(ledger row, booking row, share of what is booked there) of each pair that has any."""
        for inner, share in enumerate(self.shares):
            for step, column in np.argwhere(share > 0).tolist():
                yield self._rows(inner)[step], int(self.clock.row[inner]) + column, float(share[step, column])

    def _rows(self, inner: int) -> range:
        """The ledger rows of an inner state."""
        state = self.fold[inner]
        return range(*self.row_first[state : state + 2].tolist())

    def of_all_steps(self, rows: Array) -> Array:
        """(..., state, period) sums over the steps of each state, of ledger rows (..., row, period)."""
        return rows if self.is_plain else np.asarray(np.add.reduceat(rows, self.row_first[:-1], axis=-2))

    @property
    def at_start(self) -> Array:
        """(state, ledger row) which part of a person's first half-month in a state belongs to each row, at the start of a life."""
        found = np.zeros((len(self.row_first) - 1, self.row_first[-1]))
        for inner, share in enumerate(self.shares):
            counted = self.clock.kind[inner] == BENEFIT
            column = self.clock.column[self.clock.start[inner]] if counted else 0
            found[self.fold[inner], list(self._rows(inner))] = share[:, column]
        return found

    def room(self, structure: Structure, halves: int) -> int:
        """About how many numbers the kernel takes of people by where their clocks stand: the largest of its arrays, of moments and of spells."""
        if self.is_plain:
            return 0
        states, positions = (
            np.diff(structure.role_first)[self.clock.role].max(),
            np.diff(self.clock.position_first).max(),
        )
        moments = 12 * int(states) * int(positions) * halves
        return moments + Rows.of(structure, self.clock, halves, halves // 2).size


def mixes(weeks: list[float], start: float) -> Array:
    """(position, step) the share of each half-month on benefit that lies in each step, from `start` weeks on and as long as the steps last."""
    ends = np.cumsum([0.0, *weeks])
    number = max(0, math.ceil((ends[-1] - start - ROUNDING) / WEEKS))
    begin = start + WEEKS * np.arange(number)[:, None]
    low, high = np.append(ends[:-1], ends[-1]), np.append(ends[1:], np.inf)
    parts = np.clip(np.minimum(begin + WEEKS, high) - np.maximum(begin, low), 0.0, None)
    parts[parts < ROUNDING] = 0.0
    return np.asarray(parts / parts.sum(axis=1, keepdims=True))


class Positions(NamedTuple):
    """Of one role: the mix of steps at each position, the position at the start of a life and after a restart."""

    mix: Array  # (booking row, step), each once
    column: Counts  # (position,) booking row
    chains: list[int]  # positions of each stretch that follow each other; the last one goes on for ever
    start: int
    again: int

    @classmethod
    def of(cls, weeks: list[float], start: float) -> Positions:
        anew = mixes(weeks, 0.0)
        before = mixes(weeks, start) if start > 0 else anew[:0]
        beyond = np.zeros((1, anew.shape[1]))
        beyond[0, -1] = 1.0
        every = np.concatenate([before, anew, beyond])
        known: dict[bytes, int] = {}
        column = [known.setdefault(np.round(one, 12).tobytes(), len(known)) for one in every]
        first = [column.index(i) for i in range(len(known))]
        last, again = len(every) - 1, len(before)
        at_start = again if start <= 0 else 0 if len(before) else last
        return cls(every[first], np.array(column), [len(before), len(anew), 1], at_start, again)

    def runs(self, base: int) -> tuple[Counts, Counts]:
        """(position,) half-months from each that are booked alike, and the position after them; positions counted from `base`."""
        ends, last = np.cumsum(self.chains), len(self.column) - 1
        alike, after = np.full(last + 1, NEVER), np.full(last + 1, base + last)
        for end, number in zip(ends[:-1], self.chains[:-1], strict=True):
            for at in range(end - 1, end - number - 1, -1):
                goes_on = at + 1 < end
                same = goes_on and self.column[at + 1] == self.column[at]
                alike[at] = alike[at + 1] + 1 if same else 1
                after[at] = after[at + 1] if same else base + (at + 1 if goes_on else last)
        return alike, after


def refunds(scenario: Scenario, fold: Counts) -> Refunds:
    """Of a scenario that is right. fold: (inner state,) the state that it is of."""
    roles = queries.refund_clocks(scenario)
    positions = {name: Positions.of(list(one.weeks), one.start) for name, one in roles.items()}
    base = dict(zip(roles, np.cumsum([0, *(len(one.column) for one in positions.values())]).tolist(), strict=False))
    shares, kind, start, again = [], [], [], []
    states = queries.states(scenario)
    for role, name in (states[i] for i in fold):
        state = scenario.roles[role].states[name]
        counted = state.refusion.weeks is not None
        shares.append(np.ascontiguousarray(positions[role].mix.T) if counted else np.ones((1, 1)))
        of_role = BENEFIT if counted else SUPPORT if state.self_support else NEITHER
        kind.append(of_role if role in roles else NO_CLOCK)
        start.append(base[role] + positions[role].start if role in roles else 0)
        again.append(base[role] + positions[role].again if role in roles else 0)
    runs = [one.runs(base[name]) for name, one in positions.items()]
    empty = np.zeros(0, np.int64)
    ends = [0, *np.cumsum([len(one.column) for one in positions.values()]).tolist()]
    clock = Clock(
        row=_first([share.shape[1] for share in shares]),
        kind=np.array(kind, np.int64),
        start=np.array(start, np.int64),
        again=np.array(again, np.int64),
        column=np.concatenate([empty, *(one.column for one in positions.values())]),
        alike=np.concatenate([empty, *(one for one, _ in runs)]),
        after=np.concatenate([empty, *(one for _, one in runs)]),
        role=np.array([list(scenario.roles).index(name) for name in roles], np.int64),
        position_first=np.array(ends, np.int64),
    )
    first = np.unique(fold, return_index=True)[1]
    return Refunds(clock, shares, _first([len(shares[i]) for i in first]), fold)


def _first(numbers: list[int]) -> Counts:
    return np.concatenate([[0], np.cumsum(numbers)]).astype(np.int64)
