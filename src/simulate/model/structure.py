"""A scenario's structure, the same for all draws: states, cohorts, and which move leads where."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from simulate.kernels.arrays import Clock, Pairs, Structure
from simulate.model.clock import Refunds, refunds
from simulate.scenario import Scenario, over_time, paths, queries
from simulate.scenario.paths import Path
from simulate.scenario.schema import LABELLED, Implementation, Move
from simulate.scenario.values import Limits, Value

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
Hits = NDArray[np.bool_]
Values = TypeVar("Values", Array, Counts)


class Certain(NamedTuple):
    """A number that is the same in all draws."""

    array: Array  # (1, year), clipped, not to be written to
    beyond: bool  # whether it had to be clipped


class Number(NamedTuple):
    """A number of the scenario; certain: None where an assumption's draws make it."""

    value: Value
    limits: Limits
    certain: Certain | None


class Tied(NamedTuple):
    """Which moves hang on another member of the family, as kernels.arrays.Ties has it."""

    state: Counts  # (tie,) the state in which that member makes a difference
    of_clock: Counts  # (clock,) tie, -1 without
    turn: Counts  # (role,) 1: some of its moves hang on another role; 0: it is lived first


PERIODS = {"year": 24, "quarter": 6, "month": 2}  # half-months


@dataclass(frozen=True, slots=True)
class Origins:
    """The moves out of each state by kind, as (role name, index in the role's list, move), sorted by state."""

    entry: list[tuple[str, int, Move]]
    clock: list[tuple[str, int, Move]]
    january: list[tuple[str, int, Move]]
    ending: list[tuple[str, int, Move]]


@dataclass(frozen=True, slots=True)
class Ending:
    """A programme that ends early, in half-months: from `entry` on no family enters, from `budget` on nothing stated outright is paid or saved.

    Families helped before keep their lives.
    """

    entry: int
    budget: int


@dataclass(frozen=True)
class Model:
    """A scenario's structure, the same for all draws. ending: where the programme does not go on to the horizon."""

    scenario: Scenario
    ending: Ending | None = None

    def over(self, scenario: Scenario) -> Model:
        """Of another scenario; what has been made is kept where the assumptions alone are others, as none of it hangs on what they are."""
        found = Model(scenario)
        others = type(scenario).model_fields.keys() - {"assumptions"}
        if self.ending is None and all(getattr(scenario, key) is getattr(self.scenario, key) for key in others):
            found.__dict__.update(self.__dict__ | found.__dict__)
        return found

    @cached_property
    def states(self) -> list[tuple[str, str]]:
        """(role, state) of each state, in the file's order."""
        return queries.states(self.scenario)

    @cached_property
    def inner(self) -> list[tuple[int, int]]:
        """What the kernels take for states: (state, month of the stay from which on it is this one).

        A state whose chances hang on the time since arrival is several, one after the other; any other is one.
        """
        of = [queries.phases(self.scenario.roles[role], state) for role, state in self.states]
        return [(state, begin) for state, begins in enumerate(of) for begin in begins]

    @cached_property
    def fold(self) -> Counts:
        """(inner state,) the state that it is of."""
        return np.array([state for state, _ in self.inner], np.int64)

    @cached_property
    def first_phase(self) -> Counts:
        """(state,) the inner state that a stay in it begins with."""
        return np.searchsorted(self.fold, np.arange(len(self.states))).astype(np.int64)

    @property
    def has_phases(self) -> bool:
        return len(self.inner) > len(self.states)

    @cached_property
    def steps(self) -> list[tuple[int, int]]:
        """(inner state, months after which its people are in the next one) of each that is not the last of its state."""
        pairs = enumerate(zip(self.inner, self.inner[1:], strict=False))
        return [(i, after[1] - one[1]) for i, (one, after) in pairs if one[0] == after[0]]

    def folded(self, values: Values, axis: int) -> Values:
        """Sums over the inner states of each state."""
        return np.add.reduceat(values, self.first_phase, axis=axis) if self.has_phases else values

    def unfolded(self, values: Array, axis: int) -> Array:
        """What holds for a state, for each of its inner states."""
        return np.take(values, self.fold, axis=axis) if self.has_phases else values

    @cached_property
    def labels(self) -> list[str]:
        return queries.state_labels(self.scenario)

    @cached_property
    def cohorts(self) -> list[tuple[int, int, int]]:
        """(family type, half-month of entry or of its first month, months it is drawn from) of each cohort, as planned."""
        found = []
        for kind, family in enumerate(self.scenario.families.values()):
            found.append((kind, 0, 1))
            months = self.project_months[kind]
            found += [(kind, 24 * year + 1, _within(12 * year, months) or 12) for year in range(self.years)]
            for row in family.entering:
                year, month = (int(part) for part in row.month.split("-"))
                found.append((kind, 24 * (year - self.scenario.time.first_year) + 2 * month - 1, 1))
        return found

    @cached_property
    def implementations(self) -> list[tuple[Path, Implementation] | None]:
        """How the programme that each type of family is of is carried out, with its place in the file; None: as planned."""
        known = queries.implementations(self.scenario)
        return [known.get(family.part or "") for family in self.scenario.families.values()]

    @cached_property
    def project_months(self) -> list[int]:
        """Of each type of family, the months after which the project plans for no more; those of the horizon where it goes on."""
        ends = [one and project_months(one[1]) for one in self.implementations]
        return [self.months if end is None else min(end, self.months) for end in ends]

    @cached_property
    def planned(self) -> Array:
        """(cohort,) the share of each number that is planned for within the time of the project."""
        ends = (self.project_months[kind] for kind, _, _ in self.cohorts)
        found = [
            _within(half // 2, end) / 12 if half % 24 == 1 and months > 1 else float(half // 2 < end)
            for (_, half, months), end in zip(self.cohorts, ends, strict=True)
        ]
        return np.array(found)

    @cached_property
    def ends(self) -> Counts:
        """(type,) half-month from which on no family enters, whenever it was planned to: the horizon's end, or that of what is paid for."""
        found = []
        for kind, one in enumerate(self.implementations):
            waits = one is not None and one[1].costs_wait
            found.append(24 * self.years if waits else 2 * self.project_months[kind])
        last = 24 * self.years if self.ending is None else self.ending.entry
        return np.minimum(np.array(found, np.int64), last)

    @cached_property
    def is_delayed(self) -> bool:
        """Whether any family may come later than planned."""
        return any(one is not None and one[1].start_months_later not in (None, 0.0) for one in self.implementations)

    @cached_property
    def loses(self) -> bool:
        """Whether any family may drop out."""
        return any(one is not None and one[1].drop_out is not None for one in self.implementations)

    @property
    def kinds(self) -> int:
        """Types of family as expectations tell them apart: where any drop out, those of each type who do come after all who do not."""
        return (2 if self.loses else 1) * len(self.scenario.families)

    @cached_property
    def mark(self) -> tuple[object, ...]:
        """What lives hang on beside Parameters, the horizon and the cohorts."""
        arrivals = [family.arrivals for family in self.scenario.families.values()]
        lives = (*self.structure, *self.pairs, *self.clock, *self.refunds.shares, *(self.tied or ()))
        return *(one.tobytes() for one in lives), *arrivals

    @property
    def years(self) -> int:
        return self.scenario.time.years

    @property
    def months(self) -> int:
        return 12 * self.years

    @cached_property
    def origins(self) -> Origins:
        moves = [(role, i, move) for role, one in self.scenario.roles.items() for i, move in enumerate(one.moves)]
        by_state = sorted(moves, key=lambda item: self.states.index((item[0], item[2].origin)))
        return Origins(
            entry=[item for item in by_state if item[2].at == "entry"],
            clock=[item for item in by_state if queries.any_month(item[2])],
            january=[item for item in by_state if item[2].timing == "year-start"],
            ending=[item for item in by_state if item[2].after_months is not None],
        )

    @cached_property
    def clocks(self) -> list[tuple[int, int]]:
        """(inner state, place in origins.clock) of every any-month move that an inner state has."""
        return self._of_inner(self.origins.clock)

    @cached_property
    def januaries(self) -> list[tuple[int, int]]:
        """The same of the year-start moves."""
        return self._of_inner(self.origins.january)

    def _of_inner(self, moves: list[tuple[str, int, Move]]) -> list[tuple[int, int]]:
        out = [self.states.index((role, move.origin)) for role, _, move in moves]
        return [(i, j) for i, (state, _) in enumerate(self.inner) for j, of in enumerate(out) if of == state]

    @cached_property
    def ties(self) -> list[tuple[str, int]]:
        """(role, index in the role's list) of every move that hangs on another member of the family."""
        moves = [(role, i, move) for role, one in self.scenario.roles.items() for i, move in enumerate(one.moves)]
        return [(role, i) for role, i, move in moves if move.when is not None]

    @cached_property
    def tied(self) -> Tied | None:
        """Which clocks hang on which states; None where none does."""
        if not self.ties:
            return None
        whens = [self.scenario.roles[role].moves[i].when for role, i in self.ties]
        clocks = [self.origins.clock[j][:2] for _, j in self.clocks]
        return Tied(
            np.array([self.states.index((when.role, when.state)) for when in whens if when is not None], np.int64),
            np.array([self.ties.index(one) if one in self.ties else -1 for one in clocks], np.int64),
            np.array([any(role == own for own, _ in self.ties) for role in self.scenario.roles], np.int64),
        )

    @cached_property
    def structure(self) -> Structure:
        origins = self.origins
        roles = [self.states[state][0] for state in self.fold]
        counts = [roles.count(role) for role in self.scenario.roles]
        ending = np.full(len(self.inner), -1, np.int64)
        for row, (role, _, move) in enumerate(origins.ending):
            ending[self.first_phase[self.states.index((role, move.origin))]] = row
        for row, (state, _) in enumerate(self.steps):
            ending[state] = len(origins.ending) + row
        start = [(self._first_of(role, move.origin), i) for i, (role, _, move) in enumerate(origins.entry)]
        after = [self._first_of(role, move.to) for role, _, move in origins.ending]
        return Structure(
            np.cumsum([0, *counts], dtype=np.int64),
            *self._leads(start, origins.entry),
            *self._leads(self.clocks, origins.clock),
            *self._leads(self.januaries, origins.january),
            ending,
            np.array(after + [state + 1 for state, _ in self.steps], np.int64),
            np.array([0] * len(after) + [1] * len(self.steps), np.int64),
            np.cumsum([0, *map(len, self.ages.values())], dtype=np.int64),
            np.array([age for ages in self.ages.values() for age in ages], np.int64),
        )

    @cached_property
    def refunds(self) -> Refunds:
        """Of refunds that go by the weeks on benefit."""
        return refunds(self.scenario, self.fold)

    @property
    def clock(self) -> Clock:
        return self.refunds.clock

    @cached_property
    def rows(self) -> list[tuple[str, str, int]]:
        """(role, state, step) of each row of the ledger: a state, or a step of its refund."""
        steps = np.diff(self.refunds.row_first)
        return [(*one, step) for one, number in zip(self.states, steps, strict=True) for step in range(number)]

    @cached_property
    def ages(self) -> dict[str, list[int]]:
        """Of each role the half-months from entry at which a class of the programme begins: within it, its effects do not change."""
        return {name: over_time.classes(one.moves, 24 * self.years) for name, one in self.scenario.roles.items()}

    @property
    def classes(self) -> int:
        """The most of a role; 1 where no effect changes with time. A role with fewer has its last one in their place."""
        return max(map(len, self.ages.values()), default=1)

    @cached_property
    def pairs(self) -> Pairs:
        """Types of family with the roles of their members."""
        families, roles = list(self.scenario.families.values()), list(self.scenario.roles)
        families *= 2 if self.loses else 1
        found = [(k, r) for k, family in enumerate(families) for r, role in enumerate(roles) if role in family.members]
        kind, role = np.array(found, np.int64).reshape(-1, 2).T
        first = np.searchsorted(kind, np.arange(len(families) + 1)).astype(np.int64)
        return _pairs(first, np.ascontiguousarray(kind), np.ascontiguousarray(role), self.structure.role_first)

    @cached_property
    def of_one_type(self) -> Pairs:
        """The pairs of a single type with every role, for people who are not told apart by type: their rows are the inner states."""
        roles = np.arange(len(self.scenario.roles))
        return _pairs(np.array([0, len(roles)]), np.zeros_like(roles), roles, self.structure.role_first)

    def _first_of(self, role: str, state: str) -> int:
        """The inner state that a stay in a state begins with."""
        return int(self.first_phase[self.states.index((role, state))])

    def _leads(self, out: list[tuple[int, int]], moves: list[tuple[str, int, Move]]) -> tuple[Counts, Counts]:
        """The first move out of each inner state, and where each leads. out: (inner state, which of the moves)."""
        to = [self._first_of(moves[j][0], moves[j][2].to) for _, j in out]
        first = np.searchsorted(np.array([i for i, _ in out], np.int64), np.arange(len(self.inner) + 1))
        return first.astype(np.int64), np.array(to, np.int64)

    @cached_property
    def numbers(self) -> dict[paths.Path, Number]:
        """Every number of the scenario by its path, with what its draws are clipped to."""
        found = {}
        for use in queries.uses(self.scenario):
            named = any(queries.names_in(use.value))
            certain = (
                None if named else _certain(tuple(map(float, queries.items(use.value))), use.rule.clips, self.years)
            )
            found[use.path] = Number(use.value, use.rule.clips, certain)
        return found

    def path(self, *steps: str | int) -> str:
        """A path for people; rows that have a label stand under it."""
        return paths.written(steps, self._rows)

    @cached_property
    def _rows(self) -> dict[str, list[dict[str, str]]]:
        return {key: [{"label": row.label} for row in getattr(self.scenario, key)] for key in LABELLED}


def project_months(one: Implementation) -> int | None:
    """After how many months the project ends; None where nothing is said."""
    return None if one.programme_years is None else round(12 * one.programme_years)


def _within(first: int, end: int) -> int:
    """How many of the twelve months from the first on come before the end."""
    return min(max(end - first, 0), 12)


@lru_cache(maxsize=4096)  # most numbers of a case are those of the case before
def _certain(items: tuple[float, ...], limits: Limits, years: int) -> Certain:
    """A number that is the same in all draws."""
    given = np.array([[items[min(year, len(items) - 1)] for year in range(years)]])
    beyond = bool(((given < limits.low) | (given > limits.high)).any())
    array = np.clip(given, limits.low, limits.high)
    array.flags.writeable = False
    return Certain(array, beyond)


def _pairs(kind_first: Counts, kind: Counts, role: Counts, role_first: Counts) -> Pairs:
    rows = np.diff(role_first)[role]
    row_first = np.concatenate([[0], np.cumsum(rows)]).astype(np.int64)
    row_state = np.arange(row_first[-1]) + np.repeat(role_first[role] - row_first[:-1], rows)
    return Pairs(kind_first, kind, role, row_first, row_state)


def summed(values: Array, place: Counts, number: int) -> Array:
    """(draw, number, ...) sums of values (draw, item, ...), each item's to its place: one after the other, whatever the number of draws."""
    found = np.zeros((len(values), number, *values.shape[2:]))
    for item, at in enumerate(place.tolist()):
        found[:, at] += values[:, item]
    return found
