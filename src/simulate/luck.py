"""The variance that luck alone gives the provenu of a draw, exactly: under the counterfactuals `expected` and `own-luck`.

Families are independent given the assumptions, and so are the lives of their members given the family's month of entry; numbers that are
rounded at random, or Poisson, add theirs. Sums of independent terms: law of total variance, term by term.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate import kernels
from simulate.kernels.arrays import Costs
from simulate.ledger import Accounts, Prices
from simulate.model import Hits, Model, Parameters

Array = NDArray[np.float64]


class Luck(NamedTuple):
    """(draw,) expectation of what the families bring, DKK, and the variance of it under two counterfactuals, DKK²."""

    mean: Array
    expected: Array
    own_luck: Array


class Moments(NamedTuple):
    """(draw, type, state, entry) of what one member saves: the mean, and the variance under two counterfactuals."""

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
    lives = _lives(accounts, given, prices)
    spread = lives[:, 1:, ..., 1]
    member = Moments(at_entry[:, None] - lives[:, 1:, ..., 0], spread, spread)
    families = _families(accounts.model, given, member, _per_family(accounts, prices))
    return _cohorts(accounts.model, given, families)


def _members(accounts: Accounts, given: Parameters, prices: Prices) -> Moments:
    lives = _lives(accounts, given, prices)
    mean, variance = lives[..., 0], lives[..., 1]
    return Moments(mean[:, :1] - mean[:, 1:], variance[:, 1:], variance[:, 1:] + variance[:, :1])


def _lives(accounts: Accounts, given: Parameters, prices: Prices) -> Array:
    """(draw, 1 + type, state, entry, 2) mean and variance of what a life costs: the baseline's, then the programme's for each type."""
    model = accounts.model
    price = np.ascontiguousarray(prices.state[:, 0] / 2)
    draws, states = max(given.rows, len(price)), len(model.states)
    found = np.zeros((draws, 1 + len(model.scenario.families), states, model.months + 1, 2))
    kernel = kernels.load("moments")
    costs = _costs(model, given)
    kernel.moments_of_draws(int(given.rows > 1), price, accounts.period, found, costs, model.structure, given.rates)
    return found


def _costs(model: Model, given: Parameters) -> Costs:
    """What the kernel needs beside the rates; its `lay_out` says how many columns a type of family takes."""
    horizon, states, kinds = 24 * model.years, len(model.states), len(model.scenario.families)
    january = np.diff(model.structure.january_first) > 0
    rows = states + int(january.sum())
    kept = 1 << (horizon.bit_length() if len(model.structure.ending_to) else 2)
    window = given.rates.window
    window = np.sort(window, axis=1)
    own = np.diff(window, axis=1, prepend=-1) != 0  # types of family with one window share their columns
    needed = own * np.where(window >= horizon, 1, (window + 3) // 2)
    columns = max(1, needed.sum(axis=1).max())  # the baseline's at least
    staying, leaving = _of_a_month(model, given)
    return Costs(
        paid=np.zeros((states, horizon + 1)),
        ahead=np.zeros((2 * rows * kept + 1, 2, columns)),
        kept=kept,
        state=np.concatenate([np.arange(states), np.flatnonzero(january)]),
        arrival=np.where(january, states + np.cumsum(january) - 1, np.arange(states)),
        staying=staying,
        leaving=leaving,
        differs=_differs(model, given),
        columns=np.zeros((1 + kinds, model.months + 1), np.int64),
        ends=np.zeros((kinds, horizon + 1), np.int64),
        moving=np.zeros(1, np.bool_),
    )


def _of_a_month(model: Model, given: Parameters) -> tuple[Array, Array]:
    """(draw, arm, state, year) chance that no any-month move is made in a month, (draw, arm, clock, year) that this one is."""
    hazard, each = given.rates.hazard, np.arange(len(model.states))
    state_of = np.repeat(each, np.diff(model.structure.clock_first))
    total = np.einsum("dajy,js->dasy", hazard, np.eye(len(each))[state_of])
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
    found = np.zeros((given.rows, len(each)), np.bool_)
    for values, out_of in moves:
        for move, state in enumerate(out_of):
            differs = (values[:, 0, move] != values[:, 1, move]).reshape(given.rows, -1).any(axis=1)
            found[:, role_of == role_of[state]] |= differs[:, None]
    return found


def _per_family(accounts: Accounts, prices: Prices) -> Array:
    """(draw, type, entry) what a family that enters costs at once (negative); nothing for those present at the start."""
    model = accounts.model
    each = np.einsum("bt,dbp->dtp", accounts.of_families, prices.per_family)
    months = (2 * np.arange(model.months) + 1) // accounts.period
    return np.concatenate([np.zeros((*each.shape[:2], 1)), each[:, :, months]], axis=2)


def _families(model: Model, given: Parameters, member: Moments, per_family: Array) -> Moments:
    """(draw, type, entry) of one family: its members' start states, their number, their lives."""
    first = model.structure.role_first[:-1]  # of each role's states; a matrix product would take roles times as long
    shares = given.shares[:, None, :, None]
    means = np.add.reduceat(member.mean * shares, first, axis=2)
    number = given.members[..., None]
    rounding = (number % 1) * (1 - number % 1)
    found = []
    for variance in (member.expected, member.own_luck):
        square = np.add.reduceat((variance + member.mean**2) * shares, first, axis=2)
        found.append((number * (square - means**2) + rounding * means**2).sum(axis=2))
    return Moments((number * means).sum(axis=2) + per_family, found[0], found[1])


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
