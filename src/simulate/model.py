"""Scenario and assumptions → flat arrays → kernel → quantities.

Array core, labelled shell: everything here is numpy but `quantities`, which puts the names on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate import kernels, names
from simulate.kernels.arrays import Families, Lived, Period, Rates, Structure, workspace
from simulate.sampling import Values
from simulate.scenario import Scenario, effects, paths, reading
from simulate.scenario.schema import Length, Move, StayArms
from simulate.scenario.values import Name, Value

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
Hits = NDArray[np.bool_]

MONTHS_OF = {"yearly": 12, "quarterly": 3, "monthly": 1}
PERIODS = {"year": 24, "quarter": 6, "month": 2}  # half-months
NEAREST_TO_CERTAIN = 1 - 1e-9  # an any-month chance is clipped to this: its hazard must be finite
ROUNDING = 1e-10  # beyond a limit by so much is within it
FOREVER = 1 << 40  # half-months
LONGEST_STAY = 10**6  # months


class Quantities(NamedTuple):
    """What one engine counted in one arm: (draw, state, period) person-months and moves into a state."""

    months: Array
    arrivals: Array


class LivedDraws(NamedTuple):
    programme: Quantities
    same_luck: Quantities
    own_luck: Quantities
    expected: Quantities  # the baseline's expectation given the draws' families
    entered: Counts  # (draw, period) families


@dataclass(frozen=True, slots=True)
class Origins:
    """The moves out of each state by kind, as (role name, index in the role's list, move), sorted by state."""

    entry: list[tuple[str, int, Move]]
    clock: list[tuple[str, int, Move]]
    january: list[tuple[str, int, Move]]
    ending: list[tuple[str, int, Move]]


@dataclass(frozen=True)
class Model:
    """A scenario's structure, the same for all draws."""

    scenario: Scenario

    @cached_property
    def states(self) -> list[tuple[str, str]]:
        """(role, state) of each state, in the file's order."""
        return [(role, state) for role, one in self.scenario.roles.items() for state in one.states]

    @cached_property
    def labels(self) -> list[str]:
        return [f"{role}.{state}" for role, state in self.states]

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
            clock=[item for item in by_state if reading.any_month(item[2])],
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

    def _leads(self, moves: list[tuple[str, int, Move]]) -> tuple[Counts, Counts]:
        """The first move out of each state, and where each leads."""
        out = [self.states.index((role, move.origin)) for role, _, move in moves]
        to = [self.states.index((role, move.to)) for role, _, move in moves]
        first = np.searchsorted(np.array(out, np.int64), np.arange(len(self.states) + 1))
        return first.astype(np.int64), np.array(to, np.int64)

    def path(self, *steps: str | int) -> str:
        return paths.written(steps, {})


@dataclass(frozen=True, slots=True)
class Parameters:
    """The scenario's numbers for some draws, as the kernels want them. Arrays have one row where nothing is uncertain."""

    rates: Rates
    numbers: Array  # (draw, cohort) mean families
    members: Array  # (draw, type, role) mean members
    shares: Array  # (draw, state) of those who start
    clipped: dict[str, Hits]  # path → (draw,) whether a number had to be clipped

    @property
    def rows(self) -> int:
        return len(self.numbers)


class Numbers:
    """Turns numbers of the file into arrays (draw, year), and keeps book of what is clipped."""

    def __init__(self, model: Model, values: Values) -> None:
        self.model = model
        self.values = values
        self.years = model.years
        self.rows = max((len(value) for value in values.values()), default=1)
        self.clipped: dict[str, Hits] = {}

    def get(self, value: Value) -> Array:
        """(draw or 1, year) of a number of the file."""
        if isinstance(value, tuple):
            columns = [self.get(item) for item in value[: self.years]]
            wide = [column[:, year] for year, column in enumerate(columns)]
            wide += [columns[-1][:, year] for year in range(len(wide), self.years)]
            return np.stack(np.broadcast_arrays(*wide), axis=1)
        if not isinstance(value, Name):
            return np.full((1, self.years), float(value))
        found = self.values[value]
        return found[:, np.minimum(np.arange(self.years), found.shape[1] - 1)]

    def within(self, array: Array, low: float, high: float, path: str) -> Array:
        """Clipped to [low, high]; draws in which that changed something are counted."""
        beyond = (array < low - ROUNDING) | (array > high + ROUNDING)
        self.count(path, np.asarray(beyond.any(axis=1)))
        return np.clip(array, low, high)

    def count(self, path: str, which: Hits) -> None:
        if which.any():
            self.clipped[path] = self.clipped.get(path, np.zeros(self.rows, bool)) | which

    def chances(self, role: str, i: int, move: Move, high: float = 1.0) -> Array:
        """(draw, arm, year) chances after effect and clipping."""
        rate = reading.rate_of(move)
        assert rate is not None
        path = self.model.path("roles", role, "moves", i, rate[0])
        both = effects.chances(rate[1], self.get)
        return self.stack([self.within(np.asarray(arm), 0.0, high, path) for arm in both])

    def climate(self, move: Move) -> Array:
        """(draw, 1, year) factor."""
        if move.climate is None:
            return np.ones((1, 1, self.years))
        path = self.model.path("assumptions", move.climate)
        return self.within(self.get(Name(move.climate)), 0.0, np.inf, path)[:, None, :]

    def stack(self, arms: list[Array]) -> Array:
        """(draw, arm, year) of arrays (draw or 1, year)."""
        return np.stack([np.broadcast_to(arm, (self.rows, self.years)) for arm in arms], axis=1)


def parameters(model: Model, values: Values) -> Parameters:
    """The numbers of the scenario under these values of its assumptions."""
    numbers = Numbers(model, values)
    origins = model.origins
    months, lengths = _stays(model, numbers)
    rates = Rates(
        entry=_alternatives(model, numbers, origins.entry),
        hazard=_moves(numbers, [_hazard(numbers, *item) for item in origins.clock]),
        january=_alternatives(model, numbers, origins.january),
        months=months,
        length=lengths,
        window=_windows(model, numbers),
    )
    return Parameters(
        rates=rates,
        numbers=_cohort_numbers(model, numbers),
        members=_members(model, numbers),
        shares=_shares(model, numbers),
        clipped=numbers.clipped,
    )


def _moves(numbers: Numbers, arrays: list[Array]) -> Array:
    """(draw, arm, move, year) of arrays (draw, arm, year)."""
    if not arrays:
        return np.zeros((numbers.rows, 2, 0, numbers.years))
    return np.ascontiguousarray(np.stack(arrays, axis=2))


def _hazard(numbers: Numbers, role: str, i: int, move: Move) -> Array:
    rate = reading.rate_of(move)
    assert rate is not None
    hazard = -np.log1p(-numbers.chances(role, i, move, NEAREST_TO_CERTAIN)) / MONTHS_OF[rate[0]]
    if rate[1].hazard_ratio is not None:
        path = numbers.model.path("roles", role, "moves", i, rate[0], "hazard_ratio")
        hazard[:, 1] *= numbers.within(numbers.get(rate[1].hazard_ratio), 0.0, np.inf, path)
    return hazard * numbers.climate(move)


def _alternatives(model: Model, numbers: Numbers, moves: list[tuple[str, int, Move]]) -> Array:
    """(draw, arm, move, year) chances cumulated over the alternatives out of a state, whose sum is at most 1."""
    chances = _moves(numbers, [_chance(numbers, *item) for item in moves])
    for role, state in model.states:
        own = [row for row, item in enumerate(moves) if item[0] == role and item[2].origin == state]
        if len(own) < 2:
            continue
        total = chances[:, :, own].sum(axis=2, keepdims=True)
        too_large = total > 1 + reading.NOTHING_SAID
        for row in own if too_large.any() else ():
            path = model.path("roles", role, "moves", moves[row][1])
            numbers.count(path, np.asarray(too_large.any(axis=(1, 2, 3))))
        chances[:, :, own] = np.cumsum(chances[:, :, own] / np.maximum(total, 1.0), axis=2)
    return np.minimum(chances, 1.0)


def _chance(numbers: Numbers, role: str, i: int, move: Move) -> Array:
    chance = numbers.chances(role, i, move)
    if move.climate is None:
        return chance
    return 1 - (1 - chance) ** numbers.climate(move)


def _stays(model: Model, numbers: Numbers) -> tuple[Counts, Array]:
    """(draw, arm, ending, year) whole months, 0 where drawn; and (draw, arm, ending, year, month) chances of at most so long."""
    moves = model.origins.ending
    months = np.zeros((numbers.rows, 2, len(moves), model.years), np.int64)
    drawn = any(length is not None for _, _, move in moves for length in _lengths(move))
    lengths = np.zeros((*months.shape, model.months if drawn else 0))
    for row, (role, i, move) in enumerate(moves):
        stay = move.after_months
        assert stay is not None
        path = model.path("roles", role, "moves", i, "after_months")
        for arm, length in enumerate(_lengths(move)):
            if length is None:
                given = np.rint(effects.months(stay, arm, numbers.get))
                months[:, arm, row] = numbers.within(given, 0.0, LONGEST_STAY, path).clip(min=1.0)
            else:
                lengths[:, arm, row] = _drawn(model, numbers, length, stay, arm, path)
    return months, lengths


def _lengths(move: Move) -> list[Length | None]:
    """The distribution of a stay in each arm, None where its length is given."""
    stay = move.after_months
    assert stay is not None
    baseline = stay.both or stay.baseline
    assert baseline is not None
    programme = stay.programme or baseline
    return [baseline.drawn, programme.drawn]


def _drawn(model: Model, numbers: Numbers, length: Length, stay: StayArms, arm: int, path: str) -> Array:
    """(draw, year, month) chance that a stay is over after 1, 2, ... whole months: lengths are rounded."""
    from simulate.distributions import drawn_length_cdf

    factor = numbers.get(stay.times) if arm == 1 and stay.times is not None else np.ones((1, 1))
    factor = numbers.within(factor, 0.0, np.inf, path)
    mean = numbers.within(numbers.get(length.mean) * factor, 0.0, np.inf, path)
    sd = numbers.within(numbers.get(length.sd) * factor, 0.0, np.inf, path)
    at = np.arange(1, model.months + 1) + 0.5
    return drawn_length_cdf(length.shape, mean[..., None], sd[..., None], at)


def _windows(model: Model, numbers: Numbers) -> Counts:
    """(draw, type) half-months of effect; a moment exactly so long after entry is beyond it."""
    windows = np.full((numbers.rows, len(model.scenario.families)), FOREVER, np.int64)
    for kind, (name, family) in enumerate(model.scenario.families.items()):
        if family.effect_lasts_months is not None:
            path = model.path("families", name, "effect_lasts_months")
            lasts = numbers.within(numbers.get(family.effect_lasts_months), 0.0, LONGEST_STAY, path)
            windows[:, kind] = np.ceil(2 * lasts[:, 0])
    return windows


def _cohort_numbers(model: Model, numbers: Numbers) -> Array:
    columns = []
    for name, family in model.scenario.families.items():
        given = [("present", family.present), ("enter", family.enter)]
        present, enter = (
            numbers.within(numbers.get(value), 0.0, np.inf, model.path("families", name, key)) for key, value in given
        )
        columns += [present[:, 0], *(enter[:, year] for year in range(model.years))]
        for i, row in enumerate(family.entering):
            path = model.path("families", name, "entering", i, "number")
            columns.append(numbers.within(numbers.get(row.number), 0.0, np.inf, path)[:, 0])
    found = np.zeros((numbers.rows, len(columns)))
    for i, column in enumerate(columns):
        found[:, i] = column
    return found


def _members(model: Model, numbers: Numbers) -> Array:
    found = np.zeros((numbers.rows, len(model.scenario.families), len(model.scenario.roles)))
    for kind, (name, family) in enumerate(model.scenario.families.items()):
        for row, role in enumerate(model.scenario.roles):
            if role in family.members:
                path = model.path("families", name, "members", role)
                mean = numbers.within(numbers.get(family.members[role]), 0.0, np.inf, path)
                found[:, kind, row] = mean[:, 0]
    return found


def _shares(model: Model, numbers: Numbers) -> Array:
    found = np.zeros((numbers.rows, len(model.states)))
    first = 0
    for role, one in model.scenario.roles.items():
        path = model.path("roles", role, "start")
        for i, state in enumerate(one.states):
            if state in one.start:
                found[:, first + i] = numbers.within(numbers.get(one.start[state]), 0.0, 1.0, path)[:, 0]
        own = slice(first, first + len(one.states))
        nobody = found[:, own].sum(axis=1) <= 0  # nothing is left to go by: everyone named is as likely
        found[np.ix_(nobody, [first + i for i, state in enumerate(one.states) if state in one.start])] = 1.0
        total = found[:, own].sum(axis=1, keepdims=True)
        numbers.count(path, np.abs(total[:, 0] - 1) > reading.NOTHING_SAID)
        found[:, own] /= total
        first += len(one.states)
    return found


# Engines -------------------------------------------------------------------------------------------------------------


def expected(model: Model, given: Parameters, draws: int, period: int, kernel: ModuleType) -> tuple[Quantities, ...]:
    """(programme, baseline) expected lives, for draws (or one row for all)."""
    entering = people(model, given)
    return tuple(_expect(model, given, entering, arm, draws, period, kernel) for arm in (1, 0))


def people(model: Model, given: Parameters) -> Array:
    """(draw, type, state, entry) expected people by start state and entry: 0 present, 1.. months of the horizon."""
    families = np.zeros((given.rows, len(model.scenario.families), model.months + 1))
    for cohort, (kind, half, months) in enumerate(model.cohorts):
        first = (half + 1) // 2
        families[:, kind, first : first + months] += given.numbers[:, cohort, None] / months
    role_of = np.repeat(np.arange(len(model.structure.role_first) - 1), np.diff(model.structure.role_first))
    each = given.members[:, :, role_of] * given.shares[:, None, :]
    return families[:, :, None, :] * each[..., None]


def entered_families(model: Model, given: Parameters, period: int) -> Array:
    """(draw, period) expected families that enter; those present at the start are not among them."""
    found = np.zeros((given.rows, 24 * model.years // period))
    for cohort, (_, half, months) in enumerate(model.cohorts):
        for month in range(months if half > 0 else 0):
            found[:, (half + 2 * month) // period] += given.numbers[:, cohort] / months
    return found


def _expect(
    model: Model, given: Parameters, entering: Array, arm: int, draws: int, period: int, kernel: ModuleType
) -> Quantities:
    shape = (draws, len(model.states), 24 * model.years // period)
    halves, arrivals = np.zeros(shape), np.zeros(shape)
    work = workspace(len(model.states), model.months)
    rows = int(given.rows > 1)
    kernel.expect_draws(arm, rows, entering, halves, arrivals, work, model.structure, given.rates, Period.of(period))
    return Quantities(halves / 2, arrivals)


def lived(
    model: Model, given: Parameters, seed: int, first: int, draws: int, period: int, compiled: bool = True
) -> LivedDraws:
    """Draws first, first + 1, ... lived family by family, in all three arms, and the baseline's expectation beside them."""
    kernel, expectation = kernels.load("lives", compiled), kernels.load("expected", compiled)
    states, periods = len(model.states), 24 * model.years // period
    counted = Lived(
        halves=np.zeros((draws, 3, states, periods + 1), np.int64),
        arrivals=np.zeros((draws, 3, states, periods), np.int64),
        entered=np.zeros((draws, periods), np.int64),
        members=np.zeros((draws, states, model.months + 1), np.int64),
    )
    cohorts = np.array(model.cohorts, np.int64).reshape(-1, 3)
    families = Families(
        number=family_numbers(model, given, seed, first, draws),
        cohort_type=np.ascontiguousarray(cohorts[:, 0]),
        cohort_half=np.ascontiguousarray(cohorts[:, 1]),
        cohort_months=np.ascontiguousarray(cohorts[:, 2]),
        members=given.members,
        start=_cumulated(model, given.shares),
    )
    visits = np.zeros(states, np.int64)
    with np.errstate(over="ignore"):  # plain Python warns of what the hash is made of
        kernel.live_draws(
            np.uint64(seed),
            first,
            int(given.rows > 1),
            families,
            model.structure,
            given.rates,
            counted,
            visits,
            Period.of(period),
        )
    arms = [
        Quantities(counted.halves[:, arm, :, :-1] / 2, counted.arrivals[:, arm].astype(np.float64)) for arm in range(3)
    ]
    baseline = _expect(model, given, counted.members[:, None].astype(np.float64), 0, draws, period, expectation)
    return LivedDraws(arms[0], arms[1], arms[2], baseline, counted.entered)


def _cumulated(model: Model, shares: Array) -> Array:
    """Start shares cumulated over the states of each role."""
    found = np.empty_like(shares)
    for first, last in zip(model.structure.role_first, model.structure.role_first[1:], strict=False):
        found[:, first:last] = np.cumsum(shares[:, first:last], axis=1)
    return found


def family_numbers(model: Model, given: Parameters, seed: int, first: int, draws: int) -> Counts:
    """(draw, cohort) whole numbers of families: rounded at random, or Poisson by its inverse distribution function."""
    kernel = kernels.load("lives", compiled=False)  # whole arrays need no compiler
    places = np.arange(first, first + draws, dtype=np.uint64)
    with np.errstate(over="ignore"):
        u = kernel.cohort_uniforms(np.uint64(seed), places, len(model.cohorts))
    mean = np.broadcast_to(given.numbers, u.shape)
    whole = np.floor(mean)
    found = whole + (u < mean - whole)
    poisson = [family.arrivals == "poisson" for family in model.scenario.families.values()]
    columns = [i for i, (kind, _, _) in enumerate(model.cohorts) if poisson[kind]]
    if columns:
        found[:, columns] = _poisson(u[:, columns], mean[:, columns])
    return np.asarray(found, dtype=np.int64)


def _poisson(u: Array, mean: Array) -> Array:
    """The smallest number whose distribution function is at least u."""
    from scipy.special import pdtr, pdtrik

    with np.errstate(invalid="ignore"):
        near = np.nan_to_num(np.ceil(pdtrik(u, np.maximum(mean, 1e-300))))
    near = np.maximum(near, 0.0)
    below = np.maximum(near - 1, 0.0)
    found = np.where(pdtr(below, mean) >= u, below, near)
    return np.where(mean > 0, found, 0.0)


# Labels --------------------------------------------------------------------------------------------------------------


def period_labels(model: Model, period: int) -> list[str]:
    """2017; 2017Q1 for a quarter; 2017-01 for a month."""
    first = model.scenario.time.first_year
    name: dict[int, Callable[[int], str]] = {
        24: lambda p: f"{first + p}",
        6: lambda p: f"{first + p // 4}Q{p % 4 + 1}",
        2: lambda p: f"{first + p // 12}-{p % 12 + 1:02d}",
    }
    return [name[period](p) for p in range(24 * model.years // period)]


def quantities(model: Model, arms: dict[str, Quantities], entered: Array, period: int) -> xr.Dataset:
    """What was counted, with names: person_months and arrivals (draw, arm, state, period), families (draw, period)."""
    import xarray as xr

    dims = names.VARIABLES["person_months"].dims
    return names.check(
        xr.Dataset(
            {
                "person_months": (dims, np.stack([one.months for one in arms.values()], axis=1)),
                "arrivals": (dims, np.stack([one.arrivals for one in arms.values()], axis=1)),
                "families": (("draw", "period"), np.asarray(entered, np.float64)),
            },
            coords={"arm": list(arms), "state": model.labels, "period": period_labels(model, period)},
        )
    )
