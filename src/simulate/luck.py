"""The variance that luck alone gives the provenu of a draw, exactly: under the counterfactuals `expected` and `own-luck`.

Families are independent given the assumptions, and so are the lives of their members given the family's month of entry; numbers that are
rounded at random, or Poisson, add theirs. Sums of independent terms: law of total variance, term by term.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate import kernels
from simulate.kernels.arrays import Costs
from simulate.ledger import Accounts, Prices
from simulate.model import Hits, Model, Parameters, summed
from simulate.scenario import reading

Array = NDArray[np.float64]
Counts = NDArray[np.int64]


class Luck(NamedTuple):
    """(draw,) expectation of what the families bring, DKK, and the variance of it under two counterfactuals, DKK²."""

    mean: Array
    expected: Array
    own_luck: Array


class Moments(NamedTuple):
    """(draw, row, entry) of what one member saves, by the rows of model.pairs: the mean, and the variance under two counterfactuals."""

    mean: Array
    expected: Array
    own_luck: Array


def compute(accounts: Accounts, given: Parameters, prices: Prices) -> Luck:
    """Mean and variance over luck of the municipality's provenu that depends on families, for each draw."""
    model = accounts.model
    member = _members(accounts, given, prices)
    families = _families(model, given, member, _per_family(accounts, prices))
    return _cohorts(model, given, families)


def of_programme(accounts: Accounts, given: Parameters, prices: Prices, at_entry: Array) -> Luck:
    """The same of the programme's lives alone, held against an amount that is certain once a member's start and entry are.

    at_entry: (draw, state, entry) DKK, of which what the life costs is taken off. There is no other arm, and so one variance.
    """
    lives = _lives(accounts, given, prices).programme
    spread = lives[..., 1]
    member = Moments(at_entry[:, accounts.model.pairs.row_state] - lives[..., 0], spread, spread)
    families = _families(accounts.model, given, member, _per_family(accounts, prices))
    return _cohorts(accounts.model, given, families)


def _members(accounts: Accounts, given: Parameters, prices: Prices) -> Moments:
    baseline, programme = _lives(accounts, given, prices)
    baseline = baseline[:, accounts.model.pairs.row_state]
    own_luck = programme[..., 1] + baseline[..., 1]
    return Moments(baseline[..., 0] - programme[..., 0], programme[..., 1], own_luck)


class Lives(NamedTuple):
    """Mean and variance of what a life costs."""

    baseline: Array  # (draw, state, entry, 2)
    programme: Array  # (draw, row, entry, 2)


def _lives(accounts: Accounts, given: Parameters, prices: Prices) -> Lives:
    model = accounts.model
    price = np.ascontiguousarray(prices.state[:, 0] / 2)
    draws, states = max(given.rows, len(price)), len(model.states)
    found = np.zeros((draws, states + len(model.pairs.row_state), model.months + 1, 2))
    kernel = kernels.load("moments")
    costs, rows = _costs(model, given), int(given.rows > 1)
    kernel.moments_of_draws(rows, price, accounts.period, found, model.pairs, costs, model.structure, given.rates)
    return Lives(found[:, :states], found[:, states:])


def _costs(model: Model, given: Parameters) -> Costs:
    """What the kernel needs beside the rates; its `lay_out` says how many columns a type of family takes in a role."""
    horizon, states, pairs = 24 * model.years, len(model.states), model.pairs
    roles = len(model.structure.role_first) - 1
    by_role = np.argsort(pairs.role, kind="stable")
    role_first = np.searchsorted(pairs.role[by_role], np.arange(roles + 1)).astype(np.int64)
    january = np.diff(model.structure.january_first) > 0
    windows = [given.rates.window[:, pairs.kind[by_role[a:b]]] for a, b in pairwise(role_first)]
    columns = max([1, *(_columns(window, horizon) for window in windows if window.size)])  # the baseline's at least
    staying, leaving = _of_a_month(model, given)
    return Costs(
        paid=np.zeros((states, horizon + 1)),
        ahead=np.zeros((places(model), 2, columns)),
        kept=_kept(model),
        state=np.concatenate([np.arange(states), np.flatnonzero(january)]),
        arrival=np.where(january, states + np.cumsum(january) - 1, np.arange(states)),
        staying=staying,
        leaving=leaving,
        differs=_differs(model, given),
        role=np.repeat(np.arange(roles), np.diff(model.structure.role_first)),
        role_first=role_first,
        pair=by_role,
        row_pair=np.repeat(np.arange(len(by_role)), np.diff(pairs.row_first)),
        columns=np.zeros((len(by_role), model.months + 1), np.int64),
        width=np.zeros(roles, np.int64),
        ends=np.zeros((len(by_role), horizon + 1), np.int64),
        moving=np.zeros(roles, np.bool_),
    )


def _kept(model: Model) -> int:
    """Half-months that moments are kept of at a time: all where stays have lengths, else the next few."""
    return 1 << ((24 * model.years).bit_length() if len(model.structure.ending_to) else 2)


def places(model: Model) -> int:
    """Where moments may stand, both arms'; one is spare."""
    rows = len(model.states) + int((np.diff(model.structure.january_first) > 0).sum())
    return 2 * rows * _kept(model) + 1


def room(model: Model) -> int:
    """About how many numbers the moments of one draw take while they are worked out, with effects that last as long as they are assumed to."""
    lasts = [
        np.inf if kind.effect_lasts_months is None else 2 * reading.at_year(kind.effect_lasts_months, 0, model.scenario)
        for kind in model.scenario.families.values()
    ]
    windows = np.clip(np.nan_to_num(lasts, posinf=24 * model.years), 0, 24 * model.years).astype(np.int64)[None]
    pairs = model.pairs
    columns = [_columns(windows[:, pairs.kind[pairs.role == role]], 24 * model.years) for role in np.unique(pairs.role)]
    return int(2 * places(model) * max([1, *columns]))


def _columns(window: Counts, horizon: int) -> int:
    """The most columns that a draw needs for the types of a role. window: (draw, type) half-months."""
    window = np.sort(window, axis=1)
    own = np.diff(window, axis=1, prepend=-1) != 0  # types of family with one window share their columns
    needed = own * np.where(window >= horizon, 1, (window + 3) // 2)
    return int(needed.sum(axis=1).max())


def _of_a_month(model: Model, given: Parameters) -> tuple[Array, Array]:
    """(draw, arm, state, year) chance that no any-month move is made in a month, (draw, arm, clock, year) that this one is."""
    hazard, each = given.rates.hazard, np.arange(len(model.states))
    state_of = np.repeat(each, np.diff(model.structure.clock_first))
    total = summed(hazard.swapaxes(1, 2), state_of, len(each)).swapaxes(1, 2)
    share = np.divide(-np.expm1(-total), total, out=np.zeros_like(total), where=total > 0)
    return np.exp(-total), share[:, :, state_of] * hazard


def _differs(model: Model, given: Parameters) -> Hits:
    """(draw, state) whether the programme changes anything after entry for people in that role; else their lives go on as without."""
    structure, rates = model.structure, given.rates
    each = np.arange(len(model.states))
    role_of = np.repeat(np.arange(len(structure.role_first) - 1), np.diff(structure.role_first))
    out_of_ending = each[structure.ending >= 0]
    moves = (
        (rates.hazard, np.repeat(each, np.diff(structure.clock_first))),
        (rates.january, np.repeat(each, np.diff(structure.january_first))),
        (rates.months, out_of_ending),
        (rates.length, out_of_ending),
    )
    found = np.zeros((given.rows, len(structure.role_first) - 1))
    for values, out_of in moves:
        differs = (values[:, 0] != values[:, 1]).any(axis=tuple(range(2, values.ndim - 1)))
        found += summed(differs, role_of[out_of], found.shape[1])
    return np.asarray(found[:, role_of] > 0)


def _per_family(accounts: Accounts, prices: Prices) -> Array:
    """(draw, type, entry) what a family that enters costs at once (negative); nothing for those present at the start."""
    model = accounts.model
    each = np.einsum("bt,dbp->dtp", accounts.of_families, prices.per_family)
    months = (2 * np.arange(model.months) + 1) // accounts.period
    return np.concatenate([np.zeros((*each.shape[:2], 1)), each[:, :, months]], axis=2)


def _families(model: Model, given: Parameters, member: Moments, per_family: Array) -> Moments:
    """(draw, type, entry) of one family: its members' start states, their number, their lives."""
    pairs, kinds = model.pairs, len(model.scenario.families)
    first = pairs.row_first[:-1]
    shares = given.shares[:, pairs.row_state, None]
    means = np.add.reduceat(member.mean * shares, first, axis=1)
    number = given.members[:, pairs.kind, pairs.role, None]
    rounding = (number % 1) * (1 - number % 1)
    found = []
    for variance in (member.expected, member.own_luck):
        square = np.add.reduceat((variance + member.mean**2) * shares, first, axis=1)
        found.append(summed(number * (square - means**2) + rounding * means**2, pairs.kind, kinds))
    return Moments(summed(number * means, pairs.kind, kinds) + per_family, found[0], found[1])


def _cohorts(model: Model, given: Parameters, family: Moments) -> Luck:
    kinds = list(model.scenario.families.values())
    draws = len(family.mean)
    total, under = np.zeros(draws), [np.zeros(draws), np.zeros(draws)]
    for cohort, (kind, half, months) in enumerate(model.cohorts):
        first = (half + 1) // 2
        entries = slice(first, first + months)
        number = given.numbers[:, cohort]
        spread = number if kinds[kind].arrivals == "poisson" else (number % 1) * (1 - number % 1)
        of_month = family.mean[:, kind, entries]
        mean = of_month.mean(axis=1)
        total += number * mean
        for found, variance in zip(under, (family.expected, family.own_luck), strict=True):
            one = (variance[:, kind, entries] + of_month**2).mean(axis=1) - mean**2
            found += number * one + spread * mean**2
    return Luck(total, under[0], under[1])
