"""A scenario's structure, the same for all draws: states, cohorts, and which move leads where."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate.kernels.arrays import Clock, Pairs, Structure
from simulate.model.clock import Clocks, clocks
from simulate.scenario import Scenario, paths, queries
from simulate.scenario.schema import Move
from simulate.scenario.values import Limits, Name, Value

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
Hits = NDArray[np.bool_]


class Certain(NamedTuple):
    """A number that is the same in all draws."""

    array: Array  # (1, year), clipped, not to be written to
    beyond: bool  # whether it had to be clipped


class Number(NamedTuple):
    """A number of the scenario; certain: None where an assumption's draws make it."""

    value: Value
    limits: Limits
    certain: Certain | None


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
    def labels(self) -> list[str]:
        return queries.state_labels(self.scenario)

    @cached_property
    def cohorts(self) -> list[tuple[int, int, int]]:
        """(family type, half-month of entry or of its first month, months it is drawn from) of each cohort."""
        found = []
        for kind, family in enumerate(self.scenario.families.values()):
            found.append((kind, 0, 1))
            found += [(kind, 24 * year + 1, 12) for year in range(self.years)]
            for row in family.entering:
                year, month = (int(part) for part in row.month.split("-"))
                found.append((kind, 24 * (year - self.scenario.time.first_year) + 2 * month - 1, 1))
        return found

    @cached_property
    def mark(self) -> tuple[object, ...]:
        """What lives hang on beside Parameters, the horizon and the cohorts."""
        arrivals = [family.arrivals for family in self.scenario.families.values()]
        return *(one.tobytes() for one in (*self.structure, *self.pairs, *self.clock, *self.clocks.shares)), *arrivals

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
    def structure(self) -> Structure:
        origins = self.origins
        roles = [len(one.states) for one in self.scenario.roles.values()]
        ending = np.full(len(self.states), -1, np.int64)
        for row, (role, _, move) in enumerate(origins.ending):
            ending[self.states.index((role, move.origin))] = row
        return Structure(
            np.cumsum([0, *roles], dtype=np.int64),
            *self._leads(origins.entry),
            *self._leads(origins.clock),
            *self._leads(origins.january),
            ending,
            self._leads(origins.ending)[1],
        )

    @cached_property
    def clocks(self) -> Clocks:
        """Of refunds that go by the weeks on benefit."""
        return clocks(self.scenario)

    @property
    def clock(self) -> Clock:
        return self.clocks.clock

    @cached_property
    def rows(self) -> list[tuple[str, str, int]]:
        """(role, state, step) of each row of the ledger: a state, or a step of its refund."""
        steps = np.diff(self.clocks.row_first)
        return [(*one, step) for one, number in zip(self.states, steps, strict=True) for step in range(number)]

    @cached_property
    def pairs(self) -> Pairs:
        """Types of family with the roles of their members."""
        families, roles = list(self.scenario.families.values()), list(self.scenario.roles)
        found = [(k, r) for k, family in enumerate(families) for r, role in enumerate(roles) if role in family.members]
        kind, role = np.array(found, np.int64).reshape(-1, 2).T
        first = np.searchsorted(kind, np.arange(len(families) + 1)).astype(np.int64)
        return _pairs(first, np.ascontiguousarray(kind), np.ascontiguousarray(role), self.structure.role_first)

    @cached_property
    def of_one_type(self) -> Pairs:
        """The pairs of a single type with every role, for people who are not told apart by type: their rows are the states."""
        roles = np.arange(len(self.scenario.roles))
        return _pairs(np.array([0, len(roles)]), np.zeros_like(roles), roles, self.structure.role_first)

    def _leads(self, moves: list[tuple[str, int, Move]]) -> tuple[Counts, Counts]:
        """The first move out of each state, and where each leads."""
        out = [self.states.index((role, move.origin)) for role, _, move in moves]
        to = [self.states.index((role, move.to)) for role, _, move in moves]
        first = np.searchsorted(np.array(out, np.int64), np.arange(len(self.states) + 1))
        return first.astype(np.int64), np.array(to, np.int64)

    @cached_property
    def numbers(self) -> dict[paths.Path, Number]:
        """Every number of the scenario by its path, with what its draws are clipped to."""
        found = {}
        for use in queries.uses(self.scenario):
            items = use.value if isinstance(use.value, tuple) else (use.value,)
            named = any(isinstance(item, Name) for item in items)
            certain = None if named else _certain(tuple(map(float, items)), use.rule.clips, self.years)
            found[use.path] = Number(use.value, use.rule.clips, certain)
        return found

    def path(self, *steps: str | int) -> str:
        """A path for people; rows that have a label stand under it."""
        return paths.written(steps, self._rows)

    @cached_property
    def _rows(self) -> dict[str, list[dict[str, str]]]:
        return {key: [{"label": row.label} for row in getattr(self.scenario, key)] for key in ("costs", "savings")}


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
