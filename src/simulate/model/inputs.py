"""Scenario and values of its assumptions → the flat arrays that the kernels want, and what had to be clipped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np

from simulate.kernels.arrays import Rates
from simulate.model.structure import Array, Counts, Hits, Model
from simulate.sampling import Values
from simulate.scenario import effects, expressions, over_time, queries
from simulate.scenario.expressions import Expression, Name
from simulate.scenario.paths import Path
from simulate.scenario.schema import LONGEST_STAY, SHARE, STAY, Arms, Length, Move, StayArms
from simulate.scenario.values import LARGEST, Limits, Value

MONTHS_OF = {"yearly": 12, "quarterly": 3, "monthly": 1}
ANY_MONTH = Limits(SHARE.low, 1 - 1e-9)  # of a chance that is spread over months: its hazard must be finite
LENGTH = Limits(0.0, LONGEST_STAY)  # a drawn mean or sd with the factor on it
ROUNDING = 1e-10  # beyond a limit by so much is within it
FOREVER = 1 << 40  # half-months


@dataclass(frozen=True, slots=True)
class Parameters:
    """The scenario's numbers for some draws, as the kernels want them. Arrays have one row where nothing is uncertain."""

    rates: Rates
    numbers: Array  # (draw, cohort) mean families
    members: Array  # (draw, kind, role) mean members
    shares: Array  # (draw, inner state) of those who start
    later: Array  # (draw, type) months that families come later than planned
    dropping: Array  # (draw, type) chance that a family drops out
    ends: Counts  # (type,) half-month from which on nobody enters
    clipped: dict[str, Hits]  # path → (draw,) whether a number had to be clipped

    @property
    def rows(self) -> int:
        return len(self.numbers)

    def until(self, years: int, cohorts: int) -> Parameters:
        """Of the first years, and of the first cohorts."""
        rates = self.rates
        length = rates.length[..., :years, : 12 * years]
        yearly = {name: getattr(rates, name)[..., :years] for name in ("entry", "hazard", "january", "months")}
        ends = np.minimum(self.ends, 24 * years)
        return replace(
            self, rates=rates._replace(length=length, **yearly), numbers=self.numbers[:, :cohorts], ends=ends
        )

    def of_draws(self, draws: slice) -> Parameters:
        """Of some draws, without what was clipped."""
        return Parameters(
            rates=Rates(*(of_draws(one, draws) for one in self.rates)),
            numbers=of_draws(self.numbers, draws),
            members=of_draws(self.members, draws),
            shares=of_draws(self.shares, draws),
            later=of_draws(self.later, draws),
            dropping=of_draws(self.dropping, draws),
            ends=self.ends,
            clipped={},
        )

    def is_same(self, other: Parameters) -> bool:
        """Whether lives are the same under both."""
        same = _equal(self.rates, other.rates) and np.array_equal(self.dropping, other.dropping)
        return same and self._has_same_families(other)

    def is_same_baseline(self, other: Parameters) -> bool:
        """Whether those without the programme are; nothing of theirs hangs on how long the effect lasts."""
        baseline, others = ([rate[:, 0] for rate in one.rates[:-1]] for one in (self, other))
        return _equal(baseline, others) and self._has_same_families(other)

    def _has_same_families(self, other: Parameters) -> bool:
        same = _equal(*((one.numbers, one.members, one.shares, one.later) for one in (self, other)))
        return same and np.array_equal(self.ends, other.ends)


def of_draws(values: Array, draws: slice) -> Array:
    """The rows of some draws; the one row of all draws, where it is the same in each."""
    return values if len(values) == 1 else values[draws]


def _equal(some: Iterable[Array], others: Iterable[Array]) -> bool:
    return all(np.array_equal(one, other) for one, other in zip(some, others, strict=True))


class Numbers:
    """The scenario's numbers by their paths, as arrays (draw, year) within their limits; keeps book of what is clipped."""

    def __init__(self, model: Model, values: Values) -> None:
        self.model = model
        self.values = values
        self.years = model.years
        self.rows = max((len(value) for value in values.values()), default=1)
        self._hits: dict[Path, Hits] = {}
        self._of_name: dict[str, Array] = {}

    def get(self, *path: str | int) -> Array:
        """(draw or 1, year) of the number at a path of the file, clipped to what the schema allows there."""
        number = self.model.numbers[path]
        if number.certain is None:
            drawn = self._drawn(number.value, path)
            return self.within(drawn, number.limits, _shown(path, number.value))
        if number.certain.beyond:
            self.count(path, np.ones(1, np.bool_))
        return number.certain.array

    def _drawn(self, value: Value, path: Path) -> Array:
        """(draw or 1, year); draws that divide by 0 are counted under the path."""
        if isinstance(value, tuple):
            columns = [self._drawn(item, path) for item in value[: self.years]]
            wide = [column[:, year] for year, column in enumerate(columns)]
            wide += [columns[-1][:, year] for year in range(len(wide), self.years)]
            return np.stack(np.broadcast_arrays(*wide), axis=1)
        if isinstance(value, Expression):
            return reckoned(value, self.of, lambda which: self.count(path, which))
        if isinstance(value, Name):
            return self.of(value)
        return np.full((1, self.years), float(value))

    def of(self, name: str) -> Array:
        """(draw or 1, year) of an assumption."""
        if name not in self._of_name:
            self._of_name[name] = self._made(name) if name not in self.values else self._by_year(self.values[name])
        return self._of_name[name]

    def _by_year(self, found: Array) -> Array:
        return found[:, np.minimum(np.arange(self.years), found.shape[1] - 1)]

    def _made(self, name: str) -> Array:
        """Of an assumption that is made of others, once these are there."""
        made = queries.formulas(self.model.scenario)
        for one in (one for one in made if one in queries.parts(self.model.scenario)[name]):  # in their order
            if one not in self._of_name and one not in self.values:
                self._of_name[one] = self._drawn(made[one], ("assumptions", one))
        return self._drawn(made[name], ("assumptions", name))

    def within(self, array: Array, limits: Limits, path: Path) -> Array:
        """Clipped to the limits; draws in which that changed something are counted."""
        least, most = np.minimum.reduce(array, axis=None), np.maximum.reduce(array, axis=None)
        if least >= limits.low and most <= limits.high:
            return array
        beyond = (array < limits.low - ROUNDING) | (array > limits.high + ROUNDING)
        self.count(path, np.asarray(beyond.any(axis=1)))
        return np.clip(array, limits.low, limits.high)

    def count(self, path: Path, which: Hits) -> None:
        if which.any():
            self._hits[path] = self._hits.get(path, np.zeros(self.rows, bool)) | which

    @property
    def clipped(self) -> dict[str, Hits]:
        """Path for people → (draw,) whether a number there had to be clipped."""
        return {self.model.path(*path): hits for path, hits in self._hits.items()}

    def arms(self, *path: str | int) -> effects.Get:
        """The numbers of a table of arms by their keys; a single number stands where the table does."""
        return lambda key: self.get(*path) if key == "both" else self.get(*path, key)

    def chances(self, role: str, i: int, rate: queries.Rate, limits: Limits = SHARE) -> Array:
        """(draw, arm, year) chances after effect and clipping."""
        path = ("roles", role, "moves", i, *rate.path)
        found = effects.chances(rate.arms, self.arms(*path), self.weights(role, rate.arms, path))
        return self.stack([self.within(np.asarray(arm), limits, path) for arm in found])

    def weights(self, role: str, arms: Arms | StayArms, path: Path) -> list[Any]:
        """Of an effect in each class of the time since entry, None where it is the same all along. path: of its table of arms."""
        ages = self.model.ages[role]
        ages = ages + ages[-1:] * (self.model.classes - len(ages))

        def get(key: str) -> Array:
            return self.get(*path, "over_time", *(("lock_in",) if key == "weight" else ()), key)

        return over_time.weights(arms.over_time, ages, 24 * self.years, get)

    def climate(self, role: str, i: int, move: Move) -> Array:
        """(draw, 1, year) factor."""
        if move.climate is None:
            return np.ones((1, 1, self.years))
        return self.get("roles", role, "moves", i, "climate")[:, None, :]

    def stack(self, arms: list[Array]) -> Array:
        """(draw, arm, year) of arrays (draw or 1, year)."""
        found = np.empty((self.rows, len(arms), self.years))
        for arm, array in enumerate(arms):
            found[:, arm] = array
        return found


def reckoned(given: Expression, get: Callable[[str], Array], by_zero: Callable[[Hits], None]) -> Array:
    """(draw or 1, year) what a calculation comes to. get: the same of an assumption; by_zero: is told the draws in which it divides by 0.

    A number divided by 0 is the largest there is, with its sign, and 0 / 0 is 0.
    """

    def quotient(number: Array, by: Array) -> Array:
        zero = by == 0
        if not zero.any():
            return _bounded(number / by)
        by_zero(np.asarray(zero.any(axis=1)))
        return np.where(zero, np.sign(number) * expressions.HUGE, _bounded(number / np.where(zero, 1.0, by)))

    operations: dict[str, Callable[..., Array]] = {
        "+": np.add,
        "-": np.subtract,
        "*": lambda one, other: _bounded(one * other),
        "/": quotient,
        expressions.NEGATIVE: np.negative,
        "min": lambda *several: reduce(np.minimum, several),
        "max": lambda *several: reduce(np.maximum, several),
    }

    def leaf(step: Name | expressions.Constant) -> Array:
        return get(step) if isinstance(step, Name) else np.full((1, 1), float(step))

    with np.errstate(over="ignore"):
        found = np.asarray(given.reckoned(leaf, operations))
    return found


def _bounded(array: Array) -> Array:
    return np.clip(array, -expressions.HUGE, expressions.HUGE)


def draws_clipped(clipped: dict[str, Hits], draws: int) -> dict[str, int]:
    """Path → in how many of the draws a number had to be clipped; what is the same in all draws has one row."""
    return {path: int(np.broadcast_to(hits, draws).sum()) for path, hits in clipped.items()}


def draws_with_clipped(clipped: dict[str, Hits], draws: int) -> int:
    """In how many of the draws any number had to be clipped."""
    found = np.zeros(draws, bool)
    for hits in clipped.values():
        found |= hits
    return int(found.sum())


def _shown(path: Path, value: Value) -> Path:
    """Where people look for a number: a climate is its assumption, whatever moves it acts on."""
    return ("assumptions", str(value)) if path[-1] == "climate" and isinstance(value, Name) else path


def parameters(model: Model, values: Values) -> Parameters:
    """The numbers of the scenario under these values of its assumptions."""
    numbers = Numbers(model, values)
    origins = model.origins
    months, lengths = _stays(model, numbers)
    rates = Rates(
        entry=_alternatives(model, numbers, origins.entry),
        hazard=_hazards(model, numbers),
        january=_of_phases(_alternatives(model, numbers, origins.january), model),
        months=months,
        length=lengths,
        window=_windows(model, numbers),
    )
    return Parameters(
        rates=rates,
        numbers=_cohort_numbers(model, numbers),
        members=_members(model, numbers),
        shares=_shares(model, numbers),
        later=_of_types(model, numbers, "start_months_later"),
        dropping=_of_types(model, numbers, "drop_out", "share"),
        ends=model.ends,
        clipped=numbers.clipped,
    )


def families(model: Model, values: Values) -> tuple[Array, Array]:
    """(draw, cohort) mean families and (draw, kind, role) mean members, as parameters() has them."""
    numbers = Numbers(model, values)
    return _cohort_numbers(model, numbers), _members(model, numbers)


def _moves(numbers: Numbers, arrays: list[Array]) -> Array:
    """(draw, arm, move, year) of arrays (draw, arm, year)."""
    if not arrays:
        return np.zeros((numbers.rows, 1 + numbers.model.classes, 0, numbers.years))
    return np.ascontiguousarray(np.stack(arrays, axis=2))


def _hazards(model: Model, numbers: Numbers) -> Array:
    """(draw, arm, clock, year) a month; a chance that several phases of a state share is worked out once."""
    found: dict[Path, Array] = {}
    paths: list[Path] = []
    for inner, j in model.clocks:
        role, i, move = model.origins.clock[j]
        rate = queries.rate_in(move, model.inner[inner][1])
        paths.append((role, i, *rate.path))
        if paths[-1] not in found:
            found[paths[-1]] = _hazard(numbers, role, i, move, rate)
    return _moves(numbers, [found[path] for path in paths])


def _hazard(numbers: Numbers, role: str, i: int, move: Move, rate: queries.Rate) -> Array:
    hazard = -np.log1p(-numbers.chances(role, i, rate, ANY_MONTH)) / MONTHS_OF[rate.unit]
    path: Path = ("roles", role, "moves", i, *rate.path)
    if rate.arms.hazard_ratio is not None:
        ratio = numbers.get(*path, "hazard_ratio")
        for arm, weight in enumerate(numbers.weights(role, rate.arms, path), 1):
            if weight is None:
                hazard[:, arm] *= ratio
            else:
                hazard[:, arm] = _weighed(numbers, hazard[:, 0], effects.ratio(ratio, weight), path)
    return hazard * numbers.climate(role, i, move)


def _weighed(numbers: Numbers, baseline: Array, ratio: Array, path: Path) -> Array:
    """(draw, year) hazard with a ratio that is weighed: a weight below 0 makes a small one large, which is clipped as a chance is."""
    most = -np.log1p(-ANY_MONTH.high) / MONTHS_OF[str(path[-1])]
    hazard = np.where(baseline > 0, baseline * np.minimum(ratio, LARGEST), 0.0)
    return numbers.within(hazard, Limits(0.0, most), path)


def _of_phases(chances: Array, model: Model) -> Array:
    """Chances (draw, arm, year-start move, year) as every phase of a state has them."""
    return np.ascontiguousarray(chances[:, :, [j for _, j in model.januaries]]) if model.has_phases else chances


def _alternatives(model: Model, numbers: Numbers, moves: list[tuple[str, int, Move]]) -> Array:
    """(draw, arm, move, year) chances cumulated over the alternatives out of a state, whose sum is at most 1."""
    chances = _moves(numbers, [_chance(numbers, *item) for item in moves])
    for role, state in model.states:
        own = [row for row, item in enumerate(moves) if item[0] == role and item[2].origin == state]
        if len(own) < 2:
            continue
        total = chances[:, :, own].sum(axis=2, keepdims=True)
        too_large = total > 1 + queries.NOTHING_SAID
        for row in own if too_large.any() else ():
            numbers.count(("roles", role, "moves", moves[row][1]), np.asarray(too_large.any(axis=(1, 2, 3))))
        chances[:, :, own] = np.cumsum(chances[:, :, own] / np.maximum(total, 1.0), axis=2)
    return np.minimum(chances, 1.0)


def _chance(numbers: Numbers, role: str, i: int, move: Move) -> Array:
    (rate,) = queries.rates_of(move)
    chance = numbers.chances(role, i, rate)
    if move.climate is None:
        return chance
    climate = np.broadcast_to(
        numbers.climate(role, i, move), chance.shape
    )  # numpy takes a root where it sees one number, 0.5
    return 1 - (1 - chance) ** np.ascontiguousarray(climate)


def _stays(model: Model, numbers: Numbers) -> tuple[Counts, Array]:
    """(draw, arm, ending, year) whole months, 0 where drawn; and (draw, arm, ending, year, month) chances of at most so long."""
    moves = model.origins.ending
    months = np.zeros((numbers.rows, 1 + model.classes, len(moves) + len(model.steps), model.years), np.int64)
    for row, (_, length) in enumerate(model.steps, len(moves)):
        months[:, :, row] = length
    drawn = any(length is not None for _, _, move in moves for length in _lengths(move))
    lengths = np.zeros((*months.shape, model.months if drawn else 0))
    for row, (role, i, move) in enumerate(moves):
        stay = move.after_months
        assert stay is not None
        path: Path = ("roles", role, "moves", i, "after_months")
        baseline, programme = _lengths(move)
        weights = numbers.weights(role, stay, path)
        for arm, drawn_by in enumerate([baseline] + [programme] * model.classes):
            weight = weights[arm - 1] if arm > 0 else None
            if arm > 1 and weight is None:  # the same in every class
                months[:, arm, row], lengths[:, arm, row] = months[:, 1, row], lengths[:, 1, row]
            elif drawn_by is None:
                given = numbers.within(_given(stay, arm, numbers.arms(*path), weight), STAY, path)
                months[:, arm, row] = np.rint(given).clip(min=1.0)
            else:
                lengths[:, arm, row] = _drawn(numbers, move, drawn_by, arm, path, weight)
    return months, lengths


def _given(stay: StayArms, arm: int, get: effects.Get, weight: Any) -> Array:
    return np.asarray(effects.months(stay, get, weight) if arm > 0 else effects.months_without(stay, get))


def _lengths(move: Move) -> list[Length | None]:
    """The distribution of a stay in each arm, None where its length is given."""
    stay = move.after_months
    assert stay is not None
    baseline = stay.both or stay.baseline
    assert baseline is not None
    programme = stay.programme or baseline
    return [baseline.drawn, programme.drawn]


def _drawn(numbers: Numbers, move: Move, length: Length, arm: int, path: Path, weight: Any) -> Array:
    """(draw, year, month) chance that a stay is over after 1, 2, ... whole months: lengths are rounded."""
    from simulate.distributions import drawn_length_cdf

    stay = move.after_months
    assert stay is not None
    factor = (
        effects.factor(numbers.get(*path, "times"), weight) if arm > 0 and stay.times is not None else np.ones((1, 1))
    )
    key = () if stay.both is not None else ("programme",) if arm > 0 and stay.programme is not None else ("baseline",)
    mean = numbers.within(numbers.get(*path, *key, "mean") * factor, LENGTH, path)
    sd = numbers.within(numbers.get(*path, *key, "sd") * factor, LENGTH, path)
    at = np.arange(1, numbers.model.months + 1) + 0.5
    return drawn_length_cdf(length.shape, mean[..., None], sd[..., None], at)


def _windows(model: Model, numbers: Numbers) -> Counts:
    """(draw, kind) half-months of effect; a moment exactly so long after entry is beyond it."""
    windows = np.full((numbers.rows, len(model.scenario.families)), FOREVER, np.int64)
    for kind, (name, family) in enumerate(model.scenario.families.items()):
        if family.effect_lasts_months is not None:
            windows[:, kind] = np.ceil(2 * numbers.get("families", name, "effect_lasts_months")[:, 0])
    if not model.loses:
        return windows
    after = np.ceil(2 * _of_types(model, numbers, "drop_out", "after_months")).astype(np.int64)
    return np.concatenate([windows, np.minimum(windows, after)], axis=1)


def _of_types(model: Model, numbers: Numbers, *key: str) -> Array:
    """(draw, type) a number of [implementation], of the programme that a type of family is of; 0 where nothing is said."""
    found = np.zeros((numbers.rows, len(model.scenario.families)))
    for kind, one in enumerate(model.implementations):
        if one is not None and (*one[0], *key) in model.numbers:
            found[:, kind] = numbers.get(*one[0], *key)[:, 0]
    return found


def _cohort_numbers(model: Model, numbers: Numbers) -> Array:
    columns = []
    for name, family in model.scenario.families.items():
        present, enter = numbers.get("families", name, "present"), numbers.get("families", name, "enter")
        columns += [present[:, 0], *(enter[:, year] for year in range(model.years))]
        columns += [numbers.get("families", name, "entering", i, "number")[:, 0] for i in range(len(family.entering))]
    found = np.zeros((numbers.rows, len(columns)))
    for i, column in enumerate(columns):
        found[:, i] = column
    if model.ending is not None:
        late = [half >= model.ending.entry for _, half, _ in model.cohorts]
        found[:, late] = 0.0
    for kind, one in enumerate(model.implementations):
        if one is not None:
            _implement(model, numbers, kind, one[0], found)
    return found


def _implement(model: Model, numbers: Numbers, kind: int, path: Path, found: Array) -> None:
    """Of the planned families (draw, cohort) of a type those who come, in place."""
    for key in ("reached", "filled"):
        if (*path, key) in model.numbers:
            share = numbers.get(*path, key)
            for column, (of, half, _) in enumerate(model.cohorts):
                if of == kind:
                    found[:, column] *= share[:, half // 24]
    own = np.array([of == kind for of, _, _ in model.cohorts])
    found[:, own] *= model.planned[own]


def _members(model: Model, numbers: Numbers) -> Array:
    found = np.zeros((numbers.rows, len(model.scenario.families), len(model.scenario.roles)))
    for kind, (name, family) in enumerate(model.scenario.families.items()):
        for row, role in enumerate(model.scenario.roles):
            if role in family.members:
                found[:, kind, row] = numbers.get("families", name, "members", role)[:, 0]
    return np.concatenate([found, found], axis=1) if model.loses else found


def _shares(model: Model, numbers: Numbers) -> Array:
    found = np.zeros((numbers.rows, len(model.states)))
    first = 0
    for role, one in model.scenario.roles.items():
        path = ("roles", role, "start")
        for i, state in enumerate(one.states):
            if state in one.start:
                found[:, first + i] = numbers.get(*path, state)[:, 0]
        own = slice(first, first + len(one.states))
        nobody = found[:, own].sum(axis=1) <= 0  # nothing is left to go by: everyone named is as likely
        found[np.ix_(nobody, [first + i for i, state in enumerate(one.states) if state in one.start])] = 1.0
        total = found[:, own].sum(axis=1, keepdims=True)
        numbers.count(path, np.abs(total[:, 0] - 1) > queries.NOTHING_SAID)
        found[:, own] /= total
        first += len(one.states)
    return _at_first(found, model)


def _at_first(shares: Array, model: Model) -> Array:
    """(draw, inner state) of shares (draw, state): a stay begins with the first phase."""
    if not model.has_phases:
        return shares
    found = np.zeros((len(shares), len(model.inner)))
    found[:, model.first_phase] = shares
    return found
