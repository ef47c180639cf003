"""The business case's own arithmetic: every assumption at its value (or its mean), expected lives. No xarray, no draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simulate import kernels, ledger, model
from simulate.ledger import Accounts
from simulate.model import Model, Quantities
from simulate.names import BLOCKS
from simulate.sampling import Values
from simulate.scenario import queries
from simulate.scenario.schema import Family, Move, Reported
from simulate.scenario.values import resolution

Array = NDArray[np.float64]
LIVED = 16384  # courses, where lives alone tell the business case's number
BESIDE = 1 << 40  # the first of them: none of a run's own
PLAIN_STEPS = 300_000  # more steps than plain Python does in a second: worth the start-up of the compiler


@dataclass(frozen=True)
class Point:
    """One set of numbers, computed without luck. Arrays as (payer, line, period) and (state, period); after_horizon: (line,) DKK that come
    after the horizon and are on no line.

    financing: (financing line, period) what others pay; of payment by results what is promised, for no target is met or missed here.
    """

    accounts: Accounts
    programme: Quantities
    baseline: Quantities
    kroner: Array
    discount: Array  # (period,) present value of a krone
    after_horizon: Array
    financing: Array
    blocks: Array | None = (
        None  # (block,) the provenu over the horizon, DKK, in the blocks of the lives that alone tell it
    )

    @cached_property
    def provenu(self) -> Array:
        """(period,) in the municipality's purse."""
        return np.asarray(self.kroner[0].sum(axis=0))

    @property
    def error(self) -> float:
        """Of the provenu over the horizon, DKK: 0 where it is exact."""
        return 0.0 if self.blocks is None else float(np.std(self.blocks, ddof=1) / np.sqrt(len(self.blocks)))

    @property
    def financed(self) -> Array:
        """(period,) what others pay whatever comes: payment by results is not in it."""
        return np.asarray(self.financing[~self.accounts.of_results].sum(axis=0))

    def kind(self, *kinds: str) -> Array:
        """(period,) the municipality's lines of these kinds."""
        rows = [i for i, line in enumerate(self.accounts.lines) if line.kind in kinds]
        return np.asarray(self.kroner[0, rows].sum(axis=0))

    def reported(self, row: Reported) -> float:
        """Our figure for one of the paper's."""
        if row.what not in self._known:
            self._known[row.what] = self._reported(row.what)
        by_period, year = self._known[row.what], self.accounts.year_of_period
        if row.year is not None:
            by_period = by_period[year == row.year - self.accounts.model.scenario.time.first_year]
        return float(by_period.sum())

    @cached_property
    def _known(self) -> dict[str, Array]:
        """What the paper has figures of, by period."""
        return {}

    def _reported(self, what: str) -> Array:
        if what == "provenu":
            return self.provenu
        if what == "costs":
            return -self.kind("costs")
        if what == "savings":
            return self.kind("states", "savings")
        if what == "financing":
            return self.financed
        kind, _, of = what.partition(":")
        given = [line.label for line in self.accounts.financing]
        if kind == "line" and of in given:
            return np.asarray(self.financing[given.index(of)])
        if kind == "line":
            i = [line.label for line in self.accounts.lines].index(of)
            return np.asarray(self.kroner[0, i] * (-1 if self.accounts.lines[i].kind == "costs" else 1))
        [state] = queries.states_called(of, self.accounts.model.scenario)
        i = self.accounts.model.states.index(state)
        if kind == "arrivals":
            return np.asarray(self.programme.arrivals[0, i] - self.baseline.arrivals[0, i])
        return np.asarray(self.programme.months[0, i] - self.baseline.months[0, i]) / 12


def compute(accounts: Accounts, values: Values) -> Point:
    """Expected lives and their kroner under one set of values (one row each)."""
    return compute_each(accounts, [values])[0]


def compute_each(accounts: Accounts, values: Sequence[Values]) -> list[Point]:
    """The same of several sets at once, in half the time that each takes alone."""
    one, rows = accounts.model, _rows(values)
    given = model.parameters(one, rows)
    if one.tied is not None:
        return [_lived(accounts, each) for each in values]
    kernel = kernels.load("expected", compiled=kernels.is_loaded("expected") or steps(one) > PLAIN_STEPS)
    programme, baseline = model.expected(one, given, len(values), accounts.period, kernel)
    families = model.entered_families(one, given, accounts.period)
    costs = ledger.prices(accounts, rows)
    less, present = baseline.rows - programme.rows, model.present_families(one, given.numbers)
    outright = ledger.stated(accounts, costs, families, present)
    found = ledger.with_states(accounts, costs, less, outright)
    discount = np.broadcast_to(costs.discount, (len(values), found.shape[3]))
    after, others = ledger.after_horizon(accounts, costs, less), ledger.financing(accounts, outright)
    others = np.broadcast_to(others, (len(values), *others.shape[1:]))
    arrays = enumerate(zip(found, discount, after, others, strict=True))
    return [Point(accounts, programme.row(i), baseline.row(i), *own) for i, own in arrays]


def _lived(accounts: Accounts, values: Values) -> Point:
    """By lives, where no life has an expectation that is known: the same in every run of a scenario's seed, and luck of its own.

    Means of LIVED courses with and without the programme, of the same people with the same luck.
    """
    one, seed = accounts.model, accounts.model.scenario.simulation.seed
    given, costs = model.parameters(one, values), ledger.prices(accounts, values)
    families, present = model.entered_families(one, given, accounts.period), model.present_families(one, given.numbers)
    outright = ledger.stated(accounts, costs, families, present)
    arms, provenu = [], []
    for first in range(0, LIVED, LIVED // BLOCKS):
        lived = model.lived(one, given, seed, BESIDE + first, LIVED // BLOCKS, accounts.period, ("same-luck",))
        block = [one.mean() for one in (lived.programme, lived.baselines["same-luck"])]
        arms.append(block)
        less = block[1].rows - block[0].rows
        provenu.append(ledger.with_states(accounts, costs, less, outright)[0, 0].sum())
    programme, baseline = (Quantities(*map(_mean, zip(*arm, strict=True))) for arm in zip(*arms, strict=True))
    less = baseline.rows - programme.rows
    kroner, after = ledger.with_states(accounts, costs, less, outright)[0], ledger.after_horizon(accounts, costs, less)
    others = ledger.financing(accounts, outright)[0]
    return Point(accounts, programme, baseline, kroner, costs.discount[0], after[0], others, np.array(provenu))


def _mean(values: Sequence[Array]) -> Array:
    return np.asarray(sum(values) / len(values))


def _rows(values: Sequence[Values]) -> Values:
    """Sets of values as rows of one; what is the same in all has one row."""
    found = {}
    for name in values[0]:
        each = [one[name][0] for one in values]
        years = np.arange(max(map(len, each)))
        rows = [row[np.minimum(years, len(row) - 1)] for row in each]
        found[name] = np.stack(rows) if any((row != rows[0]).any() for row in rows[1:]) else rows[0][None]
    return found


def steps(one: Model) -> float:
    """About how many steps the recursion takes: families of one entry go alone while an effect changes, or lasts that ends before the horizon."""
    moves = sum(len(role.moves) for role in one.scenario.roles.values()) + len(one.inner)
    stays = sum(_followed(one, role, move) for role, _, move in one.origins.ending)
    phases = sum(min(length, one.months) for _, length in one.steps)
    each = 4 * (moves + stays + phases)
    alone = 0.0
    for family in one.scenario.families.values():
        changes = max([0.0, *(one.ages[role][-1] / 2 for role in family.members if role in one.ages)])
        given = family.effect_lasts_months
        lasts = one.months if given is None else queries.at_year(given, 0, one.scenario)
        for month in _entries(one, family) if changes or given is not None else ():
            alone += lasts if month + lasts < one.months else min(changes, one.months - month)
    return float(each * (one.months + alone / 2))  # alone in one arm of two


def _followed(one: Model, role: str, move: Move) -> int:
    """Steps of a stay that ends by its length: by the year where nothing else can end it and its length is given."""
    stay = move.after_months
    assert stay is not None
    drawn = any(arm is not None and arm.drawn is not None for arm in (stay.both, stay.baseline, stay.programme))
    others = [other for other in one.scenario.roles[role].moves if other.origin == move.origin and other.at is None]
    return one.months if drawn or len(others) > 1 else one.years


def _entries(one: Model, family: Family) -> list[int]:
    """The months of the horizon in which families enter; those present do in the first."""
    found = [0] if family.present != 0 else []
    for year in range(one.years):
        if queries.at_year(family.enter, year, one.scenario) != 0:
            found += range(12 * year, 12 * year + 12)
    for row in family.entering:
        year, month = (int(part) for part in row.month.split("-"))
        found.append(12 * (year - one.scenario.time.first_year) + month - 1)
    return found


def reproduced(row: Reported, ours: float) -> bool:
    """Whether our figure rounds to the paper's, as the paper has written it."""
    return bool(abs(ours - row.value) <= resolution(row.value) * (1 + 1e-9) + 1e-9)
