"""The variance that luck alone gives the provenu of a draw, exactly, under the counterfactuals `expected` and `own-luck`; for whoever asks, its
third central moment, and in how large steps it comes.

Families are independent given the assumptions, and so are the lives of their members given the family's month of entry; numbers that are
rounded at random, or Poisson, add theirs. Sums of independent terms: law of total variance, term by term, and of total cumulance
(Brillinger 1969) for the third.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate import kernels
from simulate.analysis.breakeven import BREAK_EVEN
from simulate.kernels.arrays import NO_CLOCK, Costs, OfMonth, Period, Ring, ahead_room
from simulate.ledger import Accounts, Prices, per_person_month
from simulate.model import Hits, Model, Parameters, coming, entry_chances, summed
from simulate.names import Counterfactual
from simulate.scenario import queries

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

FINEST = 0.1  # of the step: smaller ones are not looked for
SIZES = 116  # that are, 2 % apart
NOTHING = 1e-6  # of the step: what is left that no chance shows
SIDE_BY_SIDE = 32  # draws, at most: more gain nothing
ROOM = 1 << 19  # numbers that they may need together, unless one alone needs more
TOGETHER = 256  # draws, at most, that are worked on: what is made of more leaves a processor's cache


class Luck(NamedTuple):
    """(draw,) expectation of what the families bring, DKK, the variance of it under two counterfactuals, DKK², and, where it is asked for, the
    third central moment under one of them, DKK³."""

    mean: Array
    expected: Array
    own_luck: Array
    third: Array | None = None


class Moments(NamedTuple):
    """The same of what one member saves, by the rows of Starts or the pairs of model.pairs (draw, row or pair, entry), or one family brings (draw, kind, entry)."""

    mean: Array
    expected: Array
    own_luck: Array
    third: Array | None = None

    def under(self, counterfactual: Counterfactual) -> Array:
        """The variance. Of `same-luck` none is known."""
        return {"expected": self.expected, "own-luck": self.own_luck}[counterfactual]


class Steps(NamedTuple):
    """How coarse luck is, in its own sds: the step in which it comes, and how much of that is left where steps of other sizes mix in."""

    size: float
    left: float


def compute(
    accounts: Accounts, given: Parameters, prices: Prices, third: Counterfactual | None = None, own_luck: bool = True
) -> Luck:
    """Mean and variance over luck of the municipality's provenu that depends on families, for each draw; the third moment under `third`.

    own_luck: whether the variance is asked for under `own-luck`; else that under `expected` stands in its place.
    """
    draws = max(given.rows, len(prices.state))
    parts = [slice(first, first + TOGETHER) for first in range(0, draws, TOGETHER)]
    found = [_of_few(accounts, given.of_draws(one), prices.of_draws(one), third, own_luck) for one in parts]
    mean, expected, own, thirds = ([one for one in each if one is not None] for each in zip(*found, strict=True))
    third_of_all = np.concatenate(thirds) if thirds else None
    return Luck(np.concatenate(mean), np.concatenate(expected), np.concatenate(own), third_of_all)


def _of_few(
    accounts: Accounts, given: Parameters, prices: Prices, third: Counterfactual | None, own_luck: bool
) -> Luck:
    """The same, of few draws."""
    member = _members(accounts, given, prices, third, own_luck)
    at_once = _per_family(accounts, prices)
    families = _families(accounts.model, given, member, at_once, third)
    return _cohorts(accounts.model, given, families, at_once, third)


def of_programme(accounts: Accounts, given: Parameters, prices: Prices, at_entry: Array) -> Luck:
    """The same of the programme's lives alone, held against an amount that is certain once a member's start and entry are.

    at_entry: (draw, state, entry) DKK, of which what the life costs is taken off. There is no other arm, and so one variance.
    """
    lives = _lives(accounts, given, prices).programme
    spread = lives[1]
    start = accounts.model.fold[_starts(accounts.model, given).state]
    member = Moments(at_entry[:, start] - lives[0], spread, spread)
    at_once = _per_family(accounts, prices)
    families = _families(accounts.model, given, member, at_once)
    return _cohorts(accounts.model, given, families, at_once)


class Parts(NamedTuple):
    """What luck's independent parts are made of: (draw, pair, entry) mean, variance and third moment of what a member brings, (draw, cohort) mean
    of a family; how many members come, how much the rounding of their number spreads, and the number of families."""

    mean: Array  # of degree 1 in prices
    variance: Array  # 2
    third: Array  # 3
    family: Array  # 1
    coming: Array  # 0, as all that follow
    rounding: Array
    families: Array

    @property
    def of_each(self) -> tuple[Array, Array]:
        """(draw, part) variance that each independent part of luck adds, DKK², and the amount that comes or not, DKK: the members of each type, role
        and entry, the rounding of their number, the number of families of each cohort."""
        square = np.maximum(self.variance, 0.0)
        found = [(self.coming * square, np.sqrt(_ratio(self.third, square) ** 2 + 4 * square))]
        found += [(self.rounding * self.mean**2, np.abs(self.mean))]
        found += [(self.families * self.family**2, np.abs(self.family))]
        variance, amount = (_side_by_side(each, len(self.family)) for each in zip(*found, strict=True))
        return variance, amount


def parts(accounts: Accounts, given: Parameters, prices: Prices) -> Parts:
    """Of luck under `expected`."""
    model, number = accounts.model, _number(accounts.model, given)
    member = _members(accounts, given, prices, "expected")
    role = _of_roles(model, given, member, "expected")
    assert role.third is not None
    at_once = _per_family(accounts, prices)
    families = _families(model, given, member, at_once)
    who = coming(model, given)[:, model.pairs.kind]
    means, spreads = np.zeros((2, len(families.mean), len(model.cohorts)))
    for cohort, one in enumerate(_each_cohort(model, given)):
        means[:, cohort] = one.mean(one.brings(families, at_once))
        spreads[:, cohort] = _spread(one.number, one.poisson)
    return Parts(role.mean, role.expected, role.third, means, who * number, who * _spread(number), spreads)


def steps(given: Parts) -> Steps:
    """In which steps luck comes under `expected`, means over the draws; each independent part of it is taken to be a chance of one amount.

    Exact where an effect is worth the same to all; where the life that it changes may cost many amounts, luck is finer than this. The step is
    the amounts' root mean square, weighted by variance. Where amounts differ, sums of them fill the gaps: the characteristic function at
    2 pi / h, whose absolute value is 1 where all is in steps of h, is at most exp(-sum of events * (1 - cos(2 pi amount / h))). The step that
    is left is the largest h, no larger than the step, times that.
    """
    variance, amount = given.of_each
    known = variance.sum(axis=1)
    sd = np.sqrt(np.where(known > BREAK_EVEN**2, known, np.inf))  # less than that no amount shows
    step = np.sqrt(_ratio((variance * amount**2).sum(axis=1), known))
    left = _largest_gap(_ratio(variance, amount**2), amount, step)
    return Steps(float((step / sd).mean()), float((step * left / sd).mean()))


def _largest_gap(events: Array, amount: Array, step: Array) -> Array:
    """(draw,) the largest h that is left, as a share of the step (draw,), 0 where that is NOTHING. events, amount: (draw, part)."""
    share, left = np.geomspace(1.0, FINEST, SIZES), np.full_like(step, NOTHING)
    order = np.argsort(-events.sum(axis=0), kind="stable")
    some = step > 0
    found = left[some]
    kernels.load("moments").largest_gaps(events[some], amount[some], order, step[some], share, found)
    left[some] = found
    return np.where(left > NOTHING, left, 0.0)


def _ratio(one: Array, other: Array) -> Array:
    """0 where the other is none."""
    return np.divide(one, other, out=np.zeros(np.broadcast_shapes(one.shape, other.shape)), where=other > 0)


def _side_by_side(parts: Sequence[Array], draws: int) -> Array:
    """(draw, part) of arrays (draw or 1, ...)."""
    flat = [np.broadcast_to(part, (draws, *part.shape[1:])).reshape(draws, -1) for part in parts]
    return np.concatenate(flat, axis=1)


def _members(
    accounts: Accounts,
    given: Parameters,
    prices: Prices,
    third: Counterfactual | None = None,
    own_luck: bool = True,
) -> Moments:
    lives = _lives(accounts, given, prices, 2 if third is None else 3)
    programme, spread = lives.programme, lives.programme[1]
    found = Moments(lives.baseline(0) - programme[0], spread, spread + lives.baseline(1) if own_luck else spread)
    if third is None:
        return found
    return found._replace(third=(lives.baseline(2) if third == "own-luck" else 0.0) - programme[2])


class Lives(NamedTuple):
    """Mean, variance and, where it is asked for, third central moment of what a life costs."""

    without: Array  # (2 or 3, draw, state that somebody starts in, entry)
    state: Counts  # (row of Starts,) which of these
    programme: Array  # (2 or 3, draw, row of Starts, entry)

    def baseline(self, moment: int) -> Array:
        """(draw, row of Starts, entry) of the life without the programme."""
        return np.asarray(self.without[moment][:, self.state])


class Starts(NamedTuple):
    """The rows of model.pairs that anybody starts in."""

    pair: Counts  # (row,)
    state: Counts  # (row,)
    first: Hits  # (row,) whether it is the first state of its role


def _starts(model: Model, given: Parameters) -> Starts:
    pairs = model.pairs
    pair = np.repeat(np.arange(len(pairs.kind)), np.diff(pairs.row_first))
    some = (given.shares[:, pairs.row_state] > 0).any(axis=0)
    first = np.arange(len(pair)) == pairs.row_first[pair]
    return Starts(pair[some], pairs.row_state[some], first[some])


def _over_starts(values: Array, starts: Starts, pairs: int) -> Array:
    """(draw, pair, entry) sums of values (draw, row, entry)."""
    found = np.zeros((len(values), pairs, values.shape[2]))
    rows = sorted(zip(starts.first.tolist(), range(len(starts.pair)), starts.pair.tolist(), strict=True))
    for _, row, pair in rows:  # the first state comes last, as it always has, so that no bit changes
        found[:, pair] += values[:, row]
    return found


def _lives(accounts: Accounts, given: Parameters, prices: Prices, moments: Literal[2, 3] = 2) -> Lives:
    model, starts = accounts.model, _starts(accounts.model, given)
    assert model.tied is None, "no life has moments that are known"
    booked = _of_half_months(accounts, prices)
    states, place = np.unique(starts.state, return_inverse=True)
    draws, changing = max(given.rows, len(booked)), _changing(model)
    alone = changing[model.pairs.role[starts.pair]]

    price = booked if model.refunds.is_plain else np.ascontiguousarray(booked[:, model.clock.row[:-1]])

    def of(roles: Hits, enters: Counts, pair: Counts, entries: Counts) -> Array:
        found = np.zeros((moments, draws, len(enters), model.months + 1))
        plain = model.clock.kind[enters] == NO_CLOCK  # the others have a kernel of their own
        some = found if plain.all() else np.zeros((moments, draws, int(plain.sum()), model.months + 1))
        costs = _costs(model, given, moments, draws, _Pass(roles, enters[plain], pair[plain], entries))
        kernel, rows = kernels.load("moments"), int(given.rows > 1)
        if plain.any():
            kernel.moments_of_draws(
                rows, price, accounts.period, some, model.pairs, costs, model.structure, given.rates
            )
            found[:, :, plain] = some
        return found

    pair = np.concatenate([np.full(len(states), -1), starts.pair[~alone]])
    found = of(~changing, np.concatenate([states, starts.state[~alone]]), pair, np.full(1, -1))
    without, programme = found[:, :, : len(states)], found[:, :, len(states) :]
    if alone.any():
        together, programme = programme, np.zeros((moments, draws, len(alone), model.months + 1))
        programme[:, :, ~alone] = together
        entries = np.flatnonzero(coming(model, given).any(axis=(0, 1)))
        programme[:, :, alone] = of(changing, starts.state[alone], starts.pair[alone], entries)
    if not model.refunds.is_plain:
        _put_by_weeks(accounts, given, booked, states, starts, without, programme)
    return Lives(without, place, programme)


def _put_by_weeks(
    accounts: Accounts,
    given: Parameters,
    booked: Array,
    states: Counts,
    starts: Starts,
    without: Array,
    programme: Array,
) -> None:
    """Put the moments of those whose refund goes by weeks on benefit in their places. booked: (draw, booking row, period) DKK of a half-month."""
    model, moments = accounts.model, len(without)
    enters, pair = np.concatenate([states, starts.state]), np.concatenate([np.full(len(states), -1), starts.pair])
    found = np.zeros((*without.shape[:2], len(enters), without.shape[3]))
    room = ahead_room(model.structure, model.clock, model.months, booked.shape[2], moments)
    kernels.load("steps").moments_of_steps(
        int(given.rows > 1), booked, found, enters, pair, _differs(model, given), model.pairs, room,
        model.structure, given.rates, Period.of(accounts.period), model.clock,
    )  # fmt: skip
    by_weeks, of = model.clock.kind[states] != NO_CLOCK, model.clock.kind[starts.state] != NO_CLOCK
    without[:, :, by_weeks] = found[:, :, : len(states)][:, :, by_weeks]
    programme[:, :, of] = found[:, :, len(states) :][:, :, of]


def _of_half_months(accounts: Accounts, prices: Prices) -> Array:
    """(draw, booking row, period) DKK of a half-month."""
    model, each = accounts.model, per_person_month(accounts, prices) / 2
    plain = model.refunds.is_plain
    return np.ascontiguousarray(model.unfolded(each, 1) if plain else model.refunds.booked(each))


def _changing(model: Model) -> Hits:
    """(role,) whether its effects change with the time since entry."""
    return np.asarray(np.diff(model.structure.age_first) > 1)


class _Pass(NamedTuple):
    """What the kernel does at once: those with some roles, all entries together or some one after the other."""

    roles: Hits  # (role,) whose lives with the programme are asked for
    enters: Counts  # (whoever enters,) state
    pair: Counts  # (whoever enters,) pair, -1 without the programme
    entries: Counts  # as in Costs

    @property
    def alone(self) -> bool:
        return bool(len(self.entries) != 1 or self.entries[0] >= 0)


def _costs(model: Model, given: Parameters, moments: Literal[2, 3], draws: int, done: _Pass) -> Costs:
    """What the kernel needs beside the rates; its `lay_out` says how many columns a type of family takes in a role."""
    horizon, states, pairs = 24 * model.years, len(model.inner), model.pairs
    roles = len(model.structure.role_first) - 1
    by_role = np.argsort(pairs.role, kind="stable")
    by_role = by_role[done.roles[pairs.role[by_role]]]
    role_first = np.searchsorted(pairs.role[by_role], np.arange(roles + 1)).astype(np.int64)
    role_of = np.repeat(np.arange(roles), np.diff(model.structure.role_first))
    january = np.diff(model.structure.january_first) > 0
    windows = [given.rates.window[:, pairs.kind[by_role[a:b]]] for a, b in pairwise(role_first)]
    columns = max(
        [1, *(_columns(window, horizon, done.alone) for window in windows if window.size)]
    )  # the baseline's at least
    of_roles = done.roles[role_of]
    draws = min(draws, _at_a_time(places(model) * moments * columns))
    lanes, of_month, rates = draws * columns, _of_a_month(model, given), given.rates
    return Costs(
        ahead=np.zeros(places(model) * moments * lanes),
        moments=moments,
        step=lanes,
        ring=Ring(states + int(january.sum()), _kept(model), moments * lanes),
        state=np.concatenate([np.arange(states), np.flatnonzero(january)]),
        arrival=np.where(january, states + np.cumsum(january) - 1, np.arange(states)),
        of_month=of_month,
        differs=np.broadcast_to(of_roles, (given.rows, states)).copy()
        if done.alone
        else _differs(model, given) & of_roles,
        side=np.stack([np.zeros(states, np.int64), role_of + 1]),
        role_first=role_first,
        pair=by_role,
        enters=done.enters,
        enters_pair=done.pair,
        entries=done.entries,
        active=of_roles if done.alone else np.ones(states, np.bool_),
        ones=np.ones(draws),
        draw=np.zeros(draws, np.int64),
        first=np.concatenate([np.arange(draws + 1)[None], np.zeros((roles, draws + 1), np.int64)]),
        columns=np.zeros((len(pairs.kind), model.months + 1, draws), np.int64),
        ends=np.zeros((len(by_role), horizon + 1, draws), np.int64),
        moving=np.zeros(roles, np.bool_),
        differing=np.zeros(states, np.bool_),
        arms=np.zeros((states, 2), np.int64),
        follows=np.full(1, -1),
        paid=np.zeros((states, horizon + 1, draws)),
        staying=np.zeros((*of_month.staying.shape[1:], draws)),
        leaving=np.zeros((*of_month.leaving.shape[1:], draws)),
        january=np.zeros((*rates.january.shape[1:], draws)),
        entry=np.zeros((*rates.entry.shape[1:], draws)),
        until=np.zeros(draws, np.int64),
        weight=np.zeros(draws),
        keep=np.zeros(draws),
        chance=np.zeros(draws),
    )


def _at_a_time(numbers: int) -> int:
    """How many draws go side by side, of which each needs room for so many numbers."""
    return max(1, min(SIDE_BY_SIDE, ROOM // numbers))


def _kept(model: Model) -> int:
    """Half-months that moments are kept of at a time: all where stays have lengths, else the next few."""
    return 1 << ((24 * model.years).bit_length() if len(model.structure.ending_to) else 2)


def places(model: Model) -> int:
    """Where moments may stand, both arms'; one is spare."""
    rows = len(model.inner) + int((np.diff(model.structure.january_first) > 0).sum())
    return 2 * rows * _kept(model) + 1


def room(model: Model, moments: Literal[2, 3] = 2) -> int:
    """About how many numbers the moments of one draw take while they are worked out, with effects that last as long as they are assumed to."""
    lasts = [
        np.inf if kind.effect_lasts_months is None else 2 * queries.at_year(kind.effect_lasts_months, 0, model.scenario)
        for kind in model.scenario.families.values()
    ]
    if model.loses:
        lasts += [min(one, _stays_in(model, kind)) for kind, one in enumerate(lasts)]
    windows = np.clip(np.nan_to_num(lasts, posinf=24 * model.years), 0, 24 * model.years).astype(np.int64)[None]
    pairs = model.pairs
    horizon, changing = 24 * model.years, _changing(model)
    columns = [
        _columns(windows[:, pairs.kind[pairs.role == role]], horizon, bool(changing[role]))
        for role in np.unique(pairs.role)
    ]
    numbers = int(moments * places(model) * max([1, *columns]))
    return numbers * _at_a_time(numbers)


def _stays_in(model: Model, kind: int) -> float:
    """Half-months after which those of a type who drop out do, at the values."""
    one = model.implementations[kind]
    drop_out = None if one is None else one[1].drop_out
    return np.inf if drop_out is None else 2 * queries.at_year(drop_out.after_months, 0, model.scenario)


def _columns(window: Counts, horizon: int, alone: bool) -> int:
    """The most columns that a draw needs for the types of a role. window: (draw, type) half-months; alone: of one entry."""
    window = np.sort(window, axis=1)
    own = np.diff(window, axis=1, prepend=-1) != 0  # types of family with one window share their columns
    needed = own * np.where((window >= horizon) | alone, 1, (window + 3) // 2)
    return int(needed.sum(axis=1).max())


def _of_a_month(model: Model, given: Parameters) -> OfMonth:
    hazard, each = given.rates.hazard, np.arange(len(model.inner))
    state_of = np.repeat(each, np.diff(model.structure.clock_first))
    total = summed(hazard.swapaxes(1, 2), state_of, len(each)).swapaxes(1, 2)
    share = np.divide(-np.expm1(-total), total, out=np.zeros_like(total), where=total > 0)
    return OfMonth(np.exp(-total), share[:, :, state_of] * hazard)


def _differs(model: Model, given: Parameters) -> Hits:
    """(draw, inner state) whether the programme changes anything after entry for people in that role; else their lives go on as without."""
    structure, rates = model.structure, given.rates
    each = np.arange(len(model.inner))
    role_of = np.repeat(np.arange(len(structure.role_first) - 1), np.diff(structure.role_first))
    ends = each[structure.ending >= 0]
    out_of_ending = ends[np.argsort(structure.ending[ends])]
    moves = (
        (rates.hazard, np.repeat(each, np.diff(structure.clock_first))),
        (rates.january, np.repeat(each, np.diff(structure.january_first))),
        (rates.months, out_of_ending),
        (rates.length, out_of_ending),
    )
    found = np.zeros((given.rows, len(structure.role_first) - 1))
    for values, out_of in moves:
        differs = (values[:, :1] != values[:, 1:]).any(axis=(1, *range(3, values.ndim)))
        found += summed(differs, role_of[out_of], found.shape[1])
    return np.asarray(found[:, role_of] > 0)


def _per_family(accounts: Accounts, prices: Prices) -> Array:
    """(draw, kind, entry) what a family that enters costs at once (negative); for those present at the start what lines say that count them."""
    model, own = accounts.model, slice(len(accounts.budget))  # what others pay is in no provenu
    each = np.einsum("bt,dbp->dtp", accounts.of_families[own], prices.per_family[:, own])
    months = (2 * np.arange(model.months) + 1) // accounts.period
    present = np.einsum("bt,db->dt", accounts.of_present[own], prices.per_family[:, own, 0])
    found = np.concatenate([present[:, :, None], each[:, :, months]], axis=2)
    return np.tile(found, (1, model.kinds // found.shape[1], 1)) if model.loses else found


def _families(
    model: Model, given: Parameters, member: Moments, per_family: Array, third: Counterfactual | None = None
) -> Moments:
    """(draw, kind, entry) of one family: its members' start states, their number, their lives."""
    role, number = _of_roles(model, given, member, third), _number(model, given)
    kind, kinds, rounding = model.pairs.kind, model.kinds, _spread(number)
    found = _under_both(lambda one: summed(number * one + rounding * role.mean**2, kind, kinds), role)
    cube = None
    if third is not None and role.third is not None:
        cube = summed(_third_of_sum(number, False, role.mean, role.under(third), role.third), kind, kinds)
    return Moments(summed(number * role.mean, kind, kinds) + per_family, *found, cube)


def _under_both(spread: Callable[[Array], Array], one: Moments) -> tuple[Array, Array]:
    """What is made of the variance under `expected` and under `own-luck`; once, where they are the same array."""
    expected = spread(one.expected)
    return expected, expected if one.own_luck is one.expected else spread(one.own_luck)


def _number(model: Model, given: Parameters) -> Array:
    """(draw, pair, 1) members of a role in a family of a type."""
    return given.members[:, model.pairs.kind, model.pairs.role, None]


def _of_roles(model: Model, given: Parameters, member: Moments, third: Counterfactual | None = None) -> Moments:
    """(draw, pair, entry) of what one member saves, whose start state is drawn."""
    starts, pairs = _starts(model, given), len(model.pairs.kind)
    shares = given.shares[:, starts.state, None]
    means, square = _over_starts(member.mean * shares, starts, pairs), member.mean**2
    found = _under_both(lambda one: _over_starts((one + square) * shares, starts, pairs) - means**2, member)
    cube = None
    if third is not None and member.third is not None:
        off = member.mean - means[:, starts.pair]
        each = member.third + off * (3 * member.under(third) + off**2)
        cube = _over_starts(each * shares, starts, pairs)
    return Moments(means, *found, cube)


def _spread(number: Array, poisson: bool = False) -> Array:
    """The variance of a number that is Poisson or rounded at random."""
    return number if poisson else _rest(number) * (1 - _rest(number))


def _rest(number: Array) -> Array:
    """number % 1, exactly, in a tenth of the time."""
    return np.asarray(number - np.floor(number))


def _third_of_sum(number: Array, poisson: bool, mean: Array, variance: Array, third: Array) -> Array:
    """The third central moment of a sum of so many independent ones, the number Poisson or rounded at random."""
    spread = _spread(number, poisson)
    skew = number if poisson else spread * (1 - 2 * _rest(number))
    return np.asarray(number * third + mean * (3 * spread * variance + skew * mean**2))


def _cohorts(
    model: Model, given: Parameters, family: Moments, at_once: Array, third: Counterfactual | None = None
) -> Luck:
    """at_once: as _per_family()."""
    draws = len(family.mean)
    total, under, thirds = np.zeros(draws), (np.zeros(draws), np.zeros(draws)), np.zeros(draws)
    for one in _each_cohort(model, given):
        spread = _spread(one.number, one.poisson)
        brings = one.brings(family, at_once)
        mean = one.mean(brings)
        total += one.number * mean
        each = _under_both(partial(_second, brings=brings, one=one), family)
        for found, second in zip(under, each, strict=True):
            found += one.number * (second - mean**2) + spread * mean**2
        if third is not None:
            moments = _of_an_entry_drawn(family, third, one, brings)
            thirds += _third_of_sum(one.number, one.poisson, mean, *moments)
    return Luck(total, *under, None if third is None else thirds)


def _second(variance: Array, brings: Array, one: Cohort) -> Array:
    """(draw,) mean square of what a family of a cohort brings."""
    return one.mean(one.of(variance) + brings**2)


class Cohort(NamedTuple):
    """One of the model's: when its families come, and whether they drop out.

    chances: (draw, way) of each entry, and then of each for those who drop out; None: of each entry the same. lost: (draw,) who comes too late, and so
    brings nothing.
    """

    kinds: tuple[int, ...]
    entries: slice
    number: Array  # (draw,)
    poisson: bool
    is_present: bool  # at the start: nothing is paid at once for those
    chances: Array | None = None
    lost: Array | float = 0.0

    def of(self, values: Array) -> Array:
        """(draw, way) of values (draw, kind, entry)."""
        if len(self.kinds) == 1:
            return np.asarray(values[:, self.kinds[0], self.entries])
        return np.concatenate([values[:, kind, self.entries] for kind in self.kinds], axis=1)

    def mean(self, values: Array) -> Array:
        """(draw,) over the ways in which a family comes, of values (draw, way); 0 of who is lost."""
        return np.asarray(values.mean(axis=1) if self.chances is None else (values * self.chances).sum(axis=1))

    def brings(self, family: Moments, at_once: Array) -> Array:
        """(draw, way) what a family is expected to bring."""
        found = self.of(family.mean)
        if not self.is_present or self.chances is None:
            return found
        entering = np.array(at_once)
        entering[:, :, 0] = 0.0  # what is paid for those present is theirs
        return found - self.of(entering)


def _each_cohort(model: Model, given: Parameters) -> Iterator[Cohort]:
    types = list(model.scenario.families.values())
    for cohort, (kind, half, months) in enumerate(model.cohorts):
        first = (half + 1) // 2
        number, poisson = given.numbers[:, cohort], types[kind].arrivals == "poisson"
        one = Cohort((kind,), slice(first, first + months), number, poisson, half == 0)
        if model.is_delayed or model.loses:
            yield _unlike(model, given, one, cohort)
        else:
            yield one


def _unlike(model: Model, given: Parameters, one: Cohort, cohort: int) -> Cohort:
    """A cohort whose families come later than planned, or drop out."""
    entries, chances = one.entries, np.full((1, one.entries.stop - one.entries.start), 1.0)
    chances = chances / chances.shape[1]
    if model.is_delayed:
        entries, chances = entry_chances(model, given, cohort)
    lost = 1 - chances.sum(axis=1)
    if not model.loses:
        return one._replace(entries=entries, chances=chances, lost=lost)
    [kind] = one.kinds
    dropping = given.dropping[:, kind, None]
    both = np.concatenate([chances * (1 - dropping), chances * dropping], axis=1)
    return one._replace(kinds=(kind, kind + model.kinds // 2), entries=entries, chances=both, lost=lost)


def _of_an_entry_drawn(family: Moments, third: Counterfactual, one: Cohort, brings: Array) -> tuple[Array, Array]:
    """(draw,) variance and third central moment of a family of a cohort."""
    assert family.third is not None
    mean, variance = one.mean(brings), one.of(family.under(third))
    off = brings - mean[:, None]
    square = off**2
    cube = one.of(family.third) + off * (3 * variance + square)
    return one.mean(variance + square) + one.lost * mean**2, one.mean(cube) - one.lost * mean**3
