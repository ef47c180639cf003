"""The variance that luck alone gives the provenu of a draw, exactly: under the counterfactuals `expected` and `own-luck`.

Families are independent given the assumptions, and so are the lives of their members given the family's month of entry; numbers that are
rounded at random, or Poisson, add theirs. Sums of independent terms: law of total variance, term by term.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate import kernels
from simulate.ledger import Accounts, Prices
from simulate.model import Model, Parameters

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


def _members(accounts: Accounts, given: Parameters, prices: Prices) -> Moments:
    model = accounts.model
    halves = np.arange(24 * model.years) // accounts.period
    price = np.ascontiguousarray(prices.state[:, 0][:, :, halves] / 2)
    draws, states = max(given.rows, len(price)), len(model.states)
    out = np.zeros((draws, 1 + len(model.scenario.families), states, model.months + 1, 2))
    room = np.zeros((3, 2, states, 24 * model.years, 2))
    kernel = kernels.load("moments")
    kernel.moments_of_draws(int(given.rows > 1), price, out, room, model.structure, given.rates)
    variance = np.maximum(out[..., 1] - out[..., 0] ** 2, 0.0)
    baseline = out[:, :1, ..., 0]
    return Moments(baseline - out[:, 1:, ..., 0], variance[:, 1:], variance[:, 1:] + variance[:, :1])


def _per_family(accounts: Accounts, prices: Prices) -> Array:
    """(draw, entry) what a family that enters costs at once (negative); nothing for those present at the start."""
    model = accounts.model
    each = prices.per_family.sum(axis=1)
    months = (2 * np.arange(model.months) + 1) // accounts.period
    return np.concatenate([np.zeros((len(each), 1)), each[:, months]], axis=1)


def _families(model: Model, given: Parameters, member: Moments, per_family: Array) -> Moments:
    """(draw, type, entry) of one family: its members' start states, their number, their lives."""
    role_of = np.repeat(np.arange(len(model.structure.role_first) - 1), np.diff(model.structure.role_first))
    roles = np.eye(len(model.structure.role_first) - 1)[role_of]  # (state, role)
    shares = given.shares[:, None, :, None]
    means = np.einsum("dtse,sr->dtre", member.mean * shares, roles)
    number = given.members[..., None]
    rounding = (number % 1) * (1 - number % 1)
    found = []
    for variance in (member.expected, member.own_luck):
        square = np.einsum("dtse,sr->dtre", (variance + member.mean**2) * shares, roles)
        found.append((number * (square - means**2) + rounding * means**2).sum(axis=2))
    return Moments((number * means).sum(axis=2) + per_family[:, None], found[0], found[1])


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
