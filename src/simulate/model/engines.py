"""Flat arrays → kernel → quantities. Array core, labelled shell: all is numpy but `quantities`, which puts the names on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import NamedTuple

import numpy as np

from simulate import kernels
from simulate.kernels.arrays import NO_CLOCK, Families, Lived, Pairs, Period, Ties, steps_room, workspace
from simulate.model.inputs import Parameters
from simulate.model.structure import Array, Counts, Hits, Model
from simulate.names import COUNTERFACTUALS, Counterfactual


class Quantities(NamedTuple):
    """What one engine counted in one arm: (draw, state, period) person-months and moves into a state, and (draw, row, period) the months by the
    rows of the ledger, which are the same where no refund goes by weeks."""

    months: Array
    arrivals: Array
    rows: Array

    def mean(self) -> Quantities:
        """Over the draws, as one of them."""
        return Quantities(*(one.mean(axis=0, keepdims=True) for one in self))

    def row(self, i: int) -> Quantities:
        """Of one draw."""
        return Quantities(*(one[i : i + 1] for one in self))

    def until(self, periods: int) -> Quantities:
        """The first so many periods."""
        months, arrivals = (np.ascontiguousarray(one[..., :periods]) for one in self[:2])
        rows = months if self.rows is self.months else np.ascontiguousarray(self.rows[..., :periods])
        return Quantities(months, arrivals, rows)

    @classmethod
    def of(cls, model: Model, halves: Array, arrivals: Array) -> Quantities:
        """halves: (draw, booking row, period) person-half-months; arrivals: (draw, inner state, period)."""
        arrived = model.folded(arrivals, 1).astype(np.float64)
        if model.refunds.is_plain:
            months = model.folded(halves, 1) / 2
            return cls(months, arrived, months)
        return cls(model.refunds.of_states(halves) / 2, arrived, model.refunds.of_rows(halves / 2))


class LivedDraws(NamedTuple):
    programme: Quantities
    baselines: dict[Counterfactual, Quantities]  # under those asked for; `expected`: given the draws' families
    entered: Counts  # (draw, type, period) families
    members: Counts  # (draw, state, entry) members by start state and entry: 0 present, 1.. months of the horizon
    present: Counts  # (draw, type) families that are there at the start


def expected(
    model: Model, given: Parameters, draws: int, period: int, kernel: ModuleType, arms: Sequence[int] = (1, 0)
) -> tuple[Quantities, ...]:
    """Expected lives in each arm (0 baseline, 1 programme), for draws (or one row for all)."""
    entering = people(model, given)
    return tuple(_expect(model, given, entering, model.pairs, arm, draws, period, kernel) for arm in arms)


def start_states(model: Model) -> Counts:
    """(row,) of the states in which the people of model.pairs start."""
    return np.asarray(model.fold[model.pairs.row_state])


def coming(model: Model, given: Parameters) -> Array:
    """(draw, kind, entry) expected families by entry: 0 present, 1.. months of the horizon."""
    families = np.zeros((given.rows, len(model.scenario.families), model.months + 1))
    for cohort, (kind, half, months) in enumerate(model.cohorts):
        first = (half + 1) // 2
        if model.is_delayed:
            entries, chances = entry_chances(model, given, cohort)
            families[:, kind, entries] += given.numbers[:, cohort, None] * chances
        else:
            families[:, kind, first : first + months] += given.numbers[:, cohort, None] / months
    if not model.loses:
        return families
    dropping = given.dropping[..., None]
    return np.concatenate([families * (1 - dropping), families * dropping], axis=1)


def entry_chances(model: Model, given: Parameters, cohort: int) -> tuple[slice, Array]:
    """Entries, and (draw, entry) the chance that a family of a cohort comes then where it may come later than planned; what is missing from 1
    comes too late.

    A family is planned for a moment that is drawn evenly from the cohort's months, comes so much later, and enters in the month in which that is.
    """
    kind, half, months = model.cohorts[cohort]
    first, later = (half + 1) // 2, given.later[:, kind]
    if half == 0:  # the middle of the first month is half a month off, and those of the others a month
        later = later + np.minimum(later, 0.5)
    begin = first + int(later.min())
    stop = min(first + months + int(later.max()) + 1, int(given.ends[kind]) // 2 + 1)
    edges = np.arange(begin, max(begin, stop) + 1)
    through = np.clip((edges - first - later[:, None]) / months, 0.0, 1.0)
    return slice(begin, max(begin, stop)), np.diff(through, axis=1)


def people(model: Model, given: Parameters) -> Array:
    """(draw, row, entry) expected people by type and start state, a row of model.pairs, and by entry."""
    pairs = model.pairs
    pair_of = np.repeat(np.arange(len(pairs.kind)), np.diff(pairs.row_first))
    each = given.members[:, pairs.kind, pairs.role][:, pair_of] * given.shares[:, pairs.row_state]
    found = coming(model, given)[:, pairs.kind[pair_of]]
    found *= each[..., None]
    return found


def entered_families(model: Model, given: Parameters, period: int) -> Array:
    """(draw, type, period) expected families that enter; those present at the start are not among them."""
    found = np.zeros((given.rows, len(model.scenario.families), 24 * model.years // period))
    for cohort, (kind, half, months) in enumerate(model.cohorts):
        if model.is_delayed:
            entries, chances = entry_chances(model, given, cohort)
            for i, entry in enumerate(range(entries.start, entries.stop) if half > 0 else ()):
                found[:, kind, (2 * entry - 1) // period] += given.numbers[:, cohort] * chances[:, i]
            continue
        each = given.numbers[:, cohort] / months
        for month in range(months if half > 0 else 0):
            found[:, kind, (half + 2 * month) // period] += each
    return found


def present_families(model: Model, numbers: Array) -> Array:
    """(draw, type) families that are there at the start. numbers: (draw, cohort)."""
    found = np.zeros((len(numbers), len(model.scenario.families)), numbers.dtype)
    for cohort, (kind, half, _) in enumerate(model.cohorts):
        if half == 0:
            found[:, kind] += numbers[:, cohort]
    return found


def _expect(
    model: Model,
    given: Parameters,
    entering: Array,
    pairs: Pairs,
    arm: int,
    draws: int,
    period: int,
    kernel: ModuleType,
) -> Quantities:
    """entering: (draw, row, entry) people by the rows of the pairs."""
    assert model.tied is None, "no life has an expectation that is known"
    periods = 24 * model.years // period
    halves, arrivals = np.zeros((2, draws, len(model.inner), periods))
    work = workspace(model.structure, model.months)
    rows, length = int(given.rows > 1), Period.of(period)
    plain = model.refunds.is_plain
    others = entering if plain else np.where(_has_clock(model, pairs)[:, None], 0.0, entering)
    kernel.expect_draws(arm, rows, others, pairs, halves, arrivals, work, model.structure, given.rates, length)
    if plain:
        return Quantities.of(model, halves, arrivals)
    booked = np.zeros((draws, model.clock.row[-1], periods))
    booked[:, model.clock.row[:-1]] = halves
    room = steps_room(model.structure, model.clock, model.months, periods)
    kernels.load("steps", compiled=kernel is not kernels.load("expected", compiled=False)).expect_steps(
        arm, rows, entering, pairs, booked, arrivals, room, model.structure, given.rates, length, model.clock, booked[0]
    )  # fmt: skip
    return Quantities.of(model, booked, arrivals)


def _has_clock(model: Model, pairs: Pairs) -> Hits:
    """(row,) whether the refund of somebody there goes by weeks on benefit."""
    return np.asarray(model.clock.kind[pairs.row_state] != NO_CLOCK)


def lived(
    model: Model,
    given: Parameters,
    seed: int,
    first: int,
    draws: int,
    period: int,
    counterfactuals: Sequence[Counterfactual] = COUNTERFACTUALS,
    compiled: bool = True,
) -> LivedDraws:
    """Draws first, first + 1, ... lived family by family, with the programme and under these counterfactuals."""
    kernel = kernels.load("lives", compiled)
    states, periods = len(model.inner), 24 * model.years // period
    arms = 1 + max(
        (COUNTERFACTUALS.index(name) for name in counterfactuals), default=0
    )  # what is expected is not lived
    counted = Lived(
        halves=np.zeros((draws, arms, model.clock.row[-1], periods + 1), np.int64),
        arrivals=np.zeros((draws, arms, states, periods), np.int64),
        entered=np.zeros((draws, len(model.scenario.families), periods), np.int64),
        members=np.zeros((draws, states, model.months + 1), np.int64),
        clock=model.clock,
    )
    cohorts = np.array(model.cohorts, np.int64).reshape(-1, 3)
    families = Families(
        number=family_numbers(model, given, seed, first, draws),
        cohort_type=np.ascontiguousarray(cohorts[:, 0]),
        cohort_half=np.ascontiguousarray(cohorts[:, 1]),
        cohort_months=np.ascontiguousarray(cohorts[:, 2]),
        members=given.members,
        pairs=model.pairs,
        start=cumulated(model, given.shares),
        later=given.later,
        dropping=given.dropping,
        ends=given.ends,
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
            _ties(model, arms),
        )

    def of(arm: int) -> Quantities:
        return Quantities.of(model, counted.halves[:, arm, :, :-1], counted.arrivals[:, arm])

    def under(name: Counterfactual) -> Quantities:
        if name != "expected":
            return of(COUNTERFACTUALS.index(name))
        kernel, members = kernels.load("expected", compiled), counted.members.astype(np.float64)
        return _expect(model, given, members, model.of_one_type, 0, draws, period, kernel)

    members: Counts = counted.members
    baselines = {name: under(name) for name in counterfactuals}
    present = present_families(model, families.number).astype(np.int64)
    return LivedDraws(of(0), baselines, counted.entered, model.folded(members, 1), present)


def _ties(model: Model, arms: int) -> Ties | None:
    """What the kernel needs where moves hang on another member."""
    if model.tied is None:
        return None
    state, of_clock, turn = model.tied
    return Ties(state, of_clock, model.fold, turn, np.zeros((arms, len(state), 24 * model.years), np.bool_))


def cumulated(model: Model, shares: Array) -> Array:
    """Start shares cumulated over the inner states of each role."""
    found = np.empty_like(shares)
    for first, last in zip(model.structure.role_first, model.structure.role_first[1:], strict=False):
        found[:, first:last] = np.cumsum(shares[:, first:last], axis=1)
        begins = model.first_phase[model.fold[last - 1]]
        if begins < last - 1:  # rounding must not leave anybody over for a phase in which nobody starts
            found[:, begins:last] = 1.0
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
    from simulate.special import pdtr, pdtrik

    with np.errstate(invalid="ignore"):
        near = np.nan_to_num(np.ceil(pdtrik(u, np.maximum(mean, 1e-300))))
    near = np.maximum(near, 0.0)
    below = np.maximum(near - 1, 0.0)
    found = np.where(pdtr(below, mean) >= u, below, near)
    return np.where(mean > 0, found, 0.0)


def period_labels(model: Model, period: int) -> list[str]:
    """2017; 2017Q1 for a quarter; 2017-01 for a month."""
    first = model.scenario.time.first_year
    name: dict[int, Callable[[int], str]] = {
        24: lambda p: f"{first + p}",
        6: lambda p: f"{first + p // 4}Q{p % 4 + 1}",
        2: lambda p: f"{first + p // 12}-{p % 12 + 1:02d}",
    }
    return [name[period](p) for p in range(24 * model.years // period)]
