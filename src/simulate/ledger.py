"""Quantities x prices → kroner, by payer, line and period.

Positive is money saved: savings positive, costs negative. Amounts are in the kroner of the scenario's price level unless it
has an indexation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate.model import Hits, Model, Numbers, of_draws, project_months
from simulate.sampling import Values
from simulate.scenario import Scenario, queries
from simulate.scenario.paths import Path
from simulate.scenario.queries import NOTHING_SAID, Line
from simulate.scenario.schema import BudgetLine, Implementation, Moved, PersonYearLine, State, Target

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Accounts:
    """The lines of a scenario's ledger and what belongs to each."""

    model: Model
    period: int

    @cached_property
    def lines(self) -> list[Line]:
        return queries.lines(self.model.scenario)

    @cached_property
    def line_of_state(self) -> list[int]:
        """The line of each state, in the states' order."""
        labels = [line.label for line in self.lines]
        roles = self.model.scenario.roles
        return [labels.index(queries.line_of(role, roles[role], state)) for role, state in self.model.states]

    @cached_property
    def line_of_row(self) -> list[int]:
        """The line of each row of prices: of its state."""
        return np.repeat(self.line_of_state, np.diff(self.model.refunds.row_first)).tolist()

    @cached_property
    def year_of_period(self) -> NDArray[np.int64]:
        return np.arange(24 * self.model.years // self.period) * self.period // 24

    @cached_property
    def paid(self) -> Array:
        """(period,) the share of each period in which the programme is paid for."""
        begin = np.arange(24 * self.model.years // self.period) * self.period
        until = self.model.ending.budget if self.model.ending else 24 * self.model.years
        return np.clip((until - begin) / self.period, 0.0, 1.0)

    @property
    def parts_of_year(self) -> Array:
        """(period,) what part of a yearly amount is paid in each period."""
        return (self.period / 24) * self.paid

    def parts_of(self, line: BudgetLine) -> Array:
        """(period,) what part of its yearly amount is paid in each period: in some years alone, or once."""
        month = queries.once_month(line)
        if month is None:
            is_paid = np.array(queries.paid_years(self.model.scenario, line), np.bool_)
            return self.parts_of_year * is_paid[self.year_of_period]
        found = np.zeros(len(self.year_of_period))
        year = queries.once_year(line)
        assert year is not None
        half = 24 * (year - self.model.scenario.time.first_year) + 2 * month
        until = self.model.ending.budget if self.model.ending else 24 * self.model.years
        found[half // self.period] = min(max((until - half) / 2, 0.0), 1.0)
        return found

    def planned_months(self, line: BudgetLine) -> Array:
        """(month,) what part of its yearly amount is planned for each month."""
        month, year = queries.once_month(line), queries.once_year(line)
        if month is None or year is None:
            return np.repeat(np.array(queries.paid_years(self.model.scenario, line), np.float64) / 12, 12)
        found = np.zeros(self.model.months)
        found[12 * (year - self.model.scenario.time.first_year) + month] = 1.0
        return found

    @cached_property
    def cashable(self) -> list[bool]:
        """Of each line, whether it counts where only money does that leaves the budget by itself; costs always do."""
        return [line.cashable or line.kind == "costs" for line in self.lines]

    @cached_property
    def savings(self) -> list[bool]:
        """Of each line, whether it is counted where savings alone are: what states cost less, and savings stated outright."""
        return [line.kind in ("states", "savings") for line in self.lines]

    @cached_property
    def of_part(self) -> dict[str, NDArray[np.bool_]]:
        """Programme of a portfolio → which lines are its own; an empty name: the portfolio's own, where it has any."""
        owners = [line.part for line in self.lines]
        names = [part.name for part in self.model.scenario.parts]
        names += [""] * (bool(names) and "" in owners)
        return {name: np.array([owner == name for owner in owners], np.bool_) for name in names}

    @cached_property
    def of_families(self) -> Array:
        """(line stated outright, type of family) 1 where a line's amount is for each such family that enters."""
        scenario = self.model.scenario
        rows = [row for row, _, _ in stated_outright(scenario)]
        counted = [
            [row.per_family and (row.families is None or name in row.families) for name in scenario.families]
            for row in rows
        ]
        return np.array(counted, np.float64).reshape(len(rows), len(scenario.families))

    @cached_property
    def of_present(self) -> Array:
        """(line stated outright, type of family) 1 where it is for each that is there at the start as well: paid then."""
        counts_all = [row.counts == "all" for row, _, _ in stated_outright(self.model.scenario)]
        return self.of_families * np.array(counts_all, np.float64)[:, None]

    @cached_property
    def for_families(self) -> list[int]:
        """The lines stated outright whose amount is for each family that enters."""
        return np.flatnonzero(self.of_families.any(axis=1)).tolist()

    @cached_property
    def budget(self) -> list[Line]:
        """The lines that are stated outright: the last ones."""
        return [line for line in self.lines if line.kind in ("costs", "savings")]

    @cached_property
    def of_person_years(self) -> list[PersonYears]:
        """The lines that have an amount for each person-year."""
        rows = [i for i, line in enumerate(self.lines) if line.kind == "person_years"]
        states, periods = self.model.states, 24 // self.period
        return [
            PersonYears(i, states.index((row.role, row.state)), row.lag_years * periods)
            for i, row in zip(rows, self.model.scenario.person_years, strict=True)
        ]

    @cached_property
    def financing(self) -> list[Line]:
        """What others pay: stated outright after the budget, and none of the lines."""
        return queries.financing(self.model.scenario)

    @cached_property
    def of_results(self) -> NDArray[np.bool_]:
        """(financing line,) whether it is paid only where a target is reached."""
        return np.array([one.when_target is not None for one in self.model.scenario.financing], np.bool_)

    @cached_property
    def payers(self) -> tuple[str, ...]:
        return queries.payers(self.model.scenario)

    def of_target(self, target: Target) -> tuple[int, NDArray[np.bool_]]:
        """Whose kroner a target is of, and which lines."""
        kind, name = queries.counted_of(target)
        if kind == "payer":
            return self.payers.index(name), np.ones(len(self.lines), np.bool_)
        return 0, np.array([_counts(line, kind, name) for line in self.lines], np.bool_)


class PersonYears(NamedTuple):
    """A line that has an amount for each person-year in a state: both by their places, and how many periods later it comes."""

    line: int
    state: int
    lag: int


def _counts(line: Line, kind: str, name: str) -> bool:
    """Whether a target of this kind counts a line."""
    is_saving = line.kind in ("states", "savings")
    return {
        "provenu": True,
        "savings": is_saving,
        "cashable": is_saving and line.cashable,
        "line": line.label == name,
        "area": line.area == name,
    }[kind]


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of some draws; one row where nothing is uncertain."""

    state: Array  # (draw, payer, row, period) DKK a person-month in a state, or in a step of its refund (Model.rows)
    budget: Array  # (draw, line stated outright, period) DKK, savings positive; what others pay stands last
    per_family: Array  # (draw, line stated outright, period) DKK for each family that enters
    person_years: (
        Array  # (draw, line of person-years, period in which they are spent) DKK for a person-month, whenever it comes
    )
    discount: Array  # (draw, period) present value of a krone: (1 + rate)^-k in year k from 0
    clipped: dict[str, Hits]

    def of_draws(self, draws: slice) -> Prices:
        """Of some draws, without what was clipped."""
        return Prices(
            state=of_draws(self.state, draws),
            budget=of_draws(self.budget, draws),
            per_family=of_draws(self.per_family, draws),
            person_years=of_draws(self.person_years, draws),
            discount=of_draws(self.discount, draws),
            clipped={},
        )


def prices(accounts: Accounts, values: Values) -> Prices:
    """What a person costs in each state, and the lines stated outright, under these values of the assumptions."""
    numbers = Numbers(accounts.model, values)
    scenario = accounts.model.scenario
    year = accounts.year_of_period
    years = np.arange(accounts.model.years)
    index = common_index(numbers)
    discount = ((1 + numbers.get("money", "discount_rate")) ** -years)[:, year]
    by_year = np.empty((numbers.rows, len(accounts.payers), len(accounts.model.rows), len(years)))
    for i, (role, name, step) in enumerate(accounts.model.rows):
        price, refunded = of_row(numbers, role, name, step)
        by_year[:, 1, i], left = price * refunded, 1 - refunded
        for payer, name_of_payer in enumerate(scenario.payers, 2):
            share = share_of(numbers, role, name, name_of_payer, left)
            by_year[:, payer, i], left = price * share, left - share
        by_year[:, 0, i] = price * left
    state = np.take(by_year * _indices(numbers, index), year, axis=-1)
    budget = np.zeros((numbers.rows, len(stated_outright(scenario)), len(year)))
    per_family = np.zeros_like(budget)
    for at, (line, sign, path) in enumerate(stated_outright(scenario)):
        number, yearly = (numbers.get(*path, key) for key in ("number", "yearly"))
        amount, own = sign * number * yearly, index_of(numbers, line, path, index)
        if line.per_family:
            per_family[:, at] = (amount * own)[:, year] * np.array(queries.paid_years(scenario, line))[year]
            continue
        one = implementation_of(scenario, line)
        amount = of_places(numbers, one, line, amount)
        if one is not None and queries.is_paid_otherwise(one[1]):
            budget[:, at] = in_time(accounts, numbers, one, line, amount, own)
        elif line.once is None and line.first is None and line.last is None:
            budget[:, at] = (amount * own)[:, year] * (accounts.period / 24) * accounts.paid
        else:
            budget[:, at] = (amount * own)[:, year] * accounts.parts_of(line)
    person_years = np.zeros((numbers.rows, len(scenario.person_years), len(year)))
    for row, each in enumerate(scenario.person_years):
        person_years[:, row] = of_person_years(numbers, row, each)[:, year] / 12
    return Prices(state, budget, per_family, person_years, discount, numbers.clipped)


Implemented = tuple[Path, Implementation]


def implementation_of(scenario: Scenario, line: BudgetLine) -> Implemented | None:
    """How the programme is carried out that a line is of, with its place in the file; None: as planned."""
    return queries.implementations(scenario).get(line.part or "")


def of_places(numbers: Numbers, one: Implemented | None, line: BudgetLine, amount: Array) -> Array:
    """(draw or 1, year) of all places, where the amount is for each."""
    if not line.per_place or one is None:
        return amount
    return np.asarray(amount * numbers.get(*one[0], "places"))


def in_time(
    accounts: Accounts, numbers: Numbers, one: Implemented, line: BudgetLine, planned: Array, index: Array
) -> Array:
    """(draw or 1, period) DKK of what is planned of a line (draw or 1, year): paid later where costs wait, until the project ends, in the prices of the
    year in which it is paid."""
    path, table = one
    by_month, end = np.repeat(planned, 12, axis=1) * accounts.planned_months(line), project_months(table)
    if end is not None:
        by_month[:, end:] = 0.0
    if table.costs_wait and table.start_months_later is not None:
        by_month = _later(by_month, numbers.get(*path, "start_months_later")[:, 0])
    by_month = by_month * np.repeat(index, 12, axis=1)
    if accounts.model.ending is not None:
        by_month[:, accounts.model.ending.budget // 2 :] = 0.0
    if accounts.period == 1:  # a month has two
        return np.repeat(by_month / 2, 2, axis=1)
    return np.asarray(by_month.reshape(len(by_month), -1, accounts.period // 2).sum(axis=2))


def _later(by_month: Array, months: Array) -> Array:
    """(draw, month) amounts so many months later: in part in the one month and in part in the next, where these are not whole. months: (draw or 1,)."""
    whole = np.floor(months)
    rest, draws = (months - whole)[:, None], max(len(by_month), len(months))
    padded = np.broadcast_to(
        np.concatenate([np.zeros((len(by_month), 1)), by_month], axis=1), (draws, by_month.shape[1] + 1)
    )
    at = np.broadcast_to(1 + np.arange(by_month.shape[1]) - whole[:, None].astype(np.int64), (draws, by_month.shape[1]))
    now, before = (np.take_along_axis(padded, np.maximum(each, 0), axis=1) for each in (at, at - 1))
    return np.asarray((1 - rest) * now + rest * before)


def common_index(numbers: Numbers, later: int = 0) -> Array:
    """(draw or 1, year) what prices and amounts have come to that say nothing of their own, so many years later."""
    found: Array = (1 + numbers.get("money", "indexation")) ** (np.arange(numbers.years) + later)
    return found


def index_of(numbers: Numbers, of: Moved, path: Path, common: Array | None = None) -> Array:
    """(draw or 1, year) what the price of a state, or the amount of a line, has come to; moved to the file's prices, where its own are others."""
    found = common_index(numbers) if common is None else common
    if of.indexation is not None:
        found = (1 + numbers.get(*path, "indexation")) ** np.arange(numbers.years)
    moved = queries.level(numbers.model.scenario, of)
    return found if moved == 1 else found * moved


def _indices(numbers: Numbers, common: Array) -> Array:
    """(draw or 1, 1, row or 1, year) of all states, and of all steps of a refund that has some."""
    roles = numbers.model.scenario.roles
    each = [(roles[role].states[name], ("roles", role, "states", name)) for role, name, _ in numbers.model.rows]
    if all(state.price_level is None and state.indexation is None for state, _ in each):
        return common[:, None, None]
    found = [index_of(numbers, state, path, common) for state, path in each]
    return np.stack(np.broadcast_arrays(*found), axis=1)[:, None]


def of_person_years(numbers: Numbers, row: int, one: PersonYearLine) -> Array:
    """(draw or 1, year) DKK for a person-year of each year: the amount of the year in which it comes, whose last one of the horizon holds on."""
    comes = np.minimum(np.arange(numbers.years) + one.lag_years, numbers.years - 1)
    return numbers.get("person_years", row, "yearly")[:, comes] * common_index(numbers, one.lag_years)


def of_row(numbers: Numbers, role: str, name: str, step: int) -> tuple[Array, Array]:
    """(draw or 1, year) DKK a person-month in a state, and the share of it that the state refunds, in a step of the refund."""
    path, state = ("roles", role, "states", name), numbers.model.scenario.roles[role].states[name]
    return _monthly(numbers, state, path), numbers.get(*refunded_at(role, name, state, step))


def refunded_at(role: str, name: str, state: State, step: int) -> Path:
    """Where the share stands that the state refunds."""
    path = ("roles", role, "states", name, "refusion")
    return path if state.refusion.share is None else (*path, "share", step)


def share_of(numbers: Numbers, role: str, name: str, payer: str, left: Array) -> Array:
    """(draw or 1, year) what a payer beside municipality and state bears of a state's price: no more than what is left of it, or it is clipped."""
    path = ("roles", role, "states", name, "shares", payer)
    if payer not in numbers.model.scenario.roles[role].states[name].shares:
        return np.zeros((1, numbers.years))
    share = numbers.get(*path)
    numbers.count(path, np.asarray((share > left + NOTHING_SAID).any(axis=1)))
    return np.minimum(share, left)


def stated_outright(scenario: Scenario) -> list[tuple[BudgetLine, int, Path]]:
    """The lines stated outright, with the sign of their amounts and their place in the file."""
    found: list[tuple[BudgetLine, int, Path]] = [(line, -1, ("costs", i)) for i, line in enumerate(scenario.costs)]
    found += [(line, 1, ("savings", i)) for i, line in enumerate(scenario.savings)]
    return found + [(line, 1, ("financing", i)) for i, line in enumerate(scenario.financing)]


def _monthly(numbers: Numbers, state: State, path: Path) -> Array:
    """(draw or 1, year) DKK a person-month in a state."""
    if state.monthly is not None:
        return numbers.get(*path, "monthly")
    return numbers.get(*path, "yearly") / 12 if state.yearly is not None else np.zeros((1, numbers.years))


def kroner(
    accounts: Accounts,
    given: Prices,
    less: Array,
    families: Array,
    payers: int | None = None,
    present: Array | None = None,
) -> Array:
    """(draw, payer, line, period) DKK, positive saved, of the first payers; of all where not said.

    less: (draw, row, period) person-months of the baseline less the programme's. families, present: as in stated().
    """
    return with_states(accounts, given, less, stated(accounts, given, families, present), payers)


def stated(accounts: Accounts, given: Prices, families: Array, present: Array | None = None) -> Array:
    """(draw or 1, line stated outright, period) DKK, positive saved or received by the municipality, whose lines they are.

    families: (draw, type, period) that entered. present: (draw, type) that are there at the start, where a line counts them.
    """
    rows = accounts.for_families
    if not rows:
        return given.budget
    draws = max(len(given.budget), len(families))
    found = np.array(np.broadcast_to(given.budget, (draws, *given.budget.shape[1:])))
    for row in rows:
        found[:, row] += given.per_family[:, row] * np.einsum("t,dtp->dp", accounts.of_families[row], families)
        if accounts.of_present[row].any():
            assert present is not None
            found[:, row, 0] += given.per_family[:, row, 0] * np.einsum("t,dt->d", accounts.of_present[row], present)
    return found


def with_states(accounts: Accounts, given: Prices, less: Array, outright: Array, payers: int | None = None) -> Array:
    """As kroner(), of the lines stated outright."""
    draws = max(len(less), len(given.state), len(outright))
    counted = len(accounts.payers) if payers is None else payers
    found = np.zeros((draws, counted, len(accounts.lines), less.shape[2]))
    for i, line in enumerate(accounts.line_of_row):
        for payer in range(counted):
            found[:, payer, line] += less[:, i] * given.state[:, payer, i]
    for row, one in enumerate(accounts.of_person_years):
        found[:, 0, one.line, one.lag :] = _brought(accounts, given, less, row, one)[
            :, : max(less.shape[2] - one.lag, 0)
        ]
    found[:, 0, len(accounts.lines) - len(accounts.budget) :] = outright[:, : len(accounts.budget)]
    return found


def after_horizon(accounts: Accounts, given: Prices, less: Array) -> Array:
    """(draw, line) DKK that the horizon's person-years bring after it, and that no line counts. less: as of kroner()."""
    found = np.zeros((max(len(less), len(given.state)), len(accounts.lines)))
    for row, one in enumerate(accounts.of_person_years):
        found[:, one.line] = _brought(accounts, given, less, row, one)[:, max(less.shape[2] - one.lag, 0) :].sum(axis=1)
    return found


def _brought(accounts: Accounts, given: Prices, less: Array, row: int, one: PersonYears) -> Array:
    """(draw, period in which they are spent) DKK that a line's person-years bring, whenever that comes."""
    spent = accounts.model.refunds.of_all_steps(less)[:, one.state]
    return np.asarray(0.0 - given.person_years[:, row] * spent)


def per_person_month(accounts: Accounts, given: Prices) -> Array:
    """(draw, row, period) DKK that the municipality pays for a person-month, less what it brings later within the horizon."""
    if not accounts.of_person_years:
        return given.state[:, 0]
    found = np.array(given.state[:, 0])
    for row, one in enumerate(accounts.of_person_years):
        within = max(found.shape[2] - one.lag, 0)
        first, last = accounts.model.refunds.row_first[one.state : one.state + 2]
        found[:, first:last, :within] -= given.person_years[:, row, None, :within]
    return found


def financing(accounts: Accounts, outright: Array) -> Array:
    """(draw or 1, financing line, period) DKK that others pay or, of payment by results, promise; of the lines stated outright."""
    return outright[:, len(accounts.budget) :]
