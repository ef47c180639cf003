"""Scenario and values of its assumptions → the flat arrays that the kernels want, and what had to be clipped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulate.kernels.arrays import Rates
from simulate.model.structure import Array, Counts, Hits, Model
from simulate.sampling import Values
from simulate.scenario import effects, reading
from simulate.scenario.schema import Length, Move, StayArms
from simulate.scenario.values import Name, Value

MONTHS_OF = {"yearly": 12, "quarterly": 3, "monthly": 1}
NEAREST_TO_CERTAIN = 1 - 1e-9  # an any-month chance is clipped to this: its hazard must be finite
ROUNDING = 1e-10  # beyond a limit by so much is within it
FOREVER = 1 << 40  # half-months
LONGEST_STAY = 10**6  # months


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
    if model.ending is not None:
        late = [half >= model.ending.entry for _, half, _ in model.cohorts]
        found[:, late] = 0.0
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
