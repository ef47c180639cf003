"""What every krone of the business case is made of: person-years, prices, shares and numbers, as the file has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from simulate import ledger, model
from simulate.answers.base import Section
from simulate.answers.budget import KINDS, Kind
from simulate.ledger import Accounts
from simulate.model import Numbers
from simulate.point import Point
from simulate.sampling import Values
from simulate.scenario import Scenario, queries
from simulate.scenario.expressions import Expression, Name
from simulate.scenario.paths import Path
from simulate.scenario.schema import BudgetLine, Moved
from simulate.scenario.values import resolution

Array = NDArray[np.float64]


@dataclass(frozen=True, repr=False)
class Given(Section):
    """A number of the file that kroner are made of. values: what is counted with, by calendar year; assumptions: by calendar year the assumption that stands
    there, null where the number itself does; formulas: by calendar year the calculation that does, else null."""

    path: str
    values: list[float]
    assumptions: list[str | None]
    formulas: list[str | None]


@dataclass(frozen=True, repr=False)
class PriceLevel(Section):
    """That an amount is in the prices of another year. own, wanted: the year whose prices it is in, and that of the file; of_own, of_wanted: their index numbers,
    by whose ratio it is multiplied."""

    own: int
    wanted: int
    of_own: float
    of_wanted: float


@dataclass(frozen=True, repr=False)
class Weeks(Section):
    """A step of a refund by the weeks that somebody has been on benefit. more_than: of them; at_most: null in the last one."""

    more_than: float
    at_most: float | None


@dataclass(frozen=True, repr=False)
class Term(Section):
    """What is saved by fewer person-years in a state: (baseline - programme) x 12 months x price x (1 - refusion - shares) x index. line: of the budget, that it is part of;
    role, state: whose person-years they are, in `point.person_years`; weeks: of a state whose refund goes by the weeks on benefit, which of them the term is of, null
    elsewhere; baseline, programme: then the person-years in these weeks, by period; monthly, yearly: price for one person, null where it is given for the other, or not
    at all; refusion: the share of it that the state refunds; shares: of each other payer that bears a part of it, what it bears; amounts: kroner saved by period;
    indexation: in place of that of all, null where that counts; level: null where the price is in those of the file."""

    line: str
    role: str
    state: str
    weeks: Weeks | None
    baseline: list[float] | None
    programme: list[float] | None
    monthly: Given | None
    yearly: Given | None
    refusion: Given
    shares: dict[str, Given]
    amounts: list[float]
    indexation: Given | None
    level: PriceLevel | None


@dataclass(frozen=True, repr=False)
class Outright(Section):
    """A line of the budget that is stated outright: number x yearly x index, and x part of the year, or x families where it is for each that enters.
    line: its name; kind: costs count negative; number: how many; yearly: the amount a year of each; families: by period, that are paid for, null where the
    amount is not for each family; counts: whether those present at the start are among them; places: that the amount is for each of, null where it is not; paid: by
    period, kroner before indexation, where the line is paid later or not so long as number and yearly say, else null; parts: by period, the part of its yearly
    amount that is paid in it, null where that is `parts` of all; indexation, level: as of a term."""

    line: str
    kind: Kind
    number: Given
    yearly: Given
    families: list[float] | None
    places: Given | None
    paid: list[float] | None
    counts: Literal["entering", "all"]
    parts: list[float] | None
    indexation: Given | None
    level: PriceLevel | None


@dataclass(frozen=True, repr=False)
class ForPersonYears(Section):
    """A line that has an amount for each person-year in a state: (programme - baseline) person-years of some periods before x yearly x index.
    line: its name; role, state: whose person-years they are, in `point.person_years`; lag: how many periods later the amount comes; yearly: the amount for each, in the
    year in which it comes; amounts: kroner by period, savings positive."""

    line: str
    role: str
    state: str
    lag: int
    yearly: Given
    amounts: list[float]


@dataclass(frozen=True, repr=False)
class Arithmetic(Section):
    """How the business case's kroner come about. months: of a year; years: by period, which calendar year of the horizon it lies in, from 0; parts: by period,
    the part of a yearly amount that is paid in it; indexation: a year: prices and amounts in year k from 0 are multiplied by (1 + indexation)^k; terms: of the lines of
    states; for_person_years: lines that have an amount for each person-year; outright: the other lines; within: how far off each figure of the paper may be and still be the same, in the order of `reported`."""

    months: int
    years: list[int]
    parts: list[float]
    indexation: Given
    terms: list[Term]
    for_person_years: list[ForPersonYears]
    outright: list[Outright]
    within: list[float]


def of(point: Point, values: Values) -> Arithmetic:
    """values: of the assumptions, that the point was computed at."""
    accounts, numbers = point.accounts, Numbers(point.accounts.model, values)
    return Arithmetic(
        months=12,
        years=accounts.year_of_period.tolist(),
        parts=accounts.parts_of_year.tolist(),
        indexation=_given(numbers, "money", "indexation"),
        terms=[_term(point, numbers, i) for i in range(len(accounts.model.rows))],
        for_person_years=[_for_person_years(point, numbers, row) for row in range(len(accounts.of_person_years))],
        outright=_outright(accounts, numbers, values),
        within=_within(point),
    )


def _term(point: Point, numbers: Numbers, i: int) -> Term:
    accounts = point.accounts
    role, name, step = accounts.model.rows[i]
    state, path = accounts.model.scenario.roles[role].states[name], ("roles", role, "states", name)
    price, refunded = ledger.of_row(numbers, role, name, step)
    months = [one.rows[0, i] for one in (point.baseline, point.programme)]
    by_weeks = state.refusion.weeks is not None
    left = 1 - refunded
    for payer in accounts.payers[2:]:
        left = left - ledger.share_of(numbers, role, name, payer, left)
    each = (price * left * ledger.index_of(numbers, state, path))[0][accounts.year_of_period]
    return Term(
        line=accounts.lines[accounts.line_of_row[i]].label,
        role=role,
        state=name,
        weeks=_weeks(state.refusion.weeks or (), step) if by_weeks else None,
        baseline=(months[0] / 12).tolist() if by_weeks else None,
        programme=(months[1] / 12).tolist() if by_weeks else None,
        monthly=None if state.monthly is None else _given(numbers, *path, "monthly"),
        yearly=None if state.yearly is None or state.monthly is not None else _given(numbers, *path, "yearly"),
        refusion=_given(numbers, *ledger.refunded_at(role, name, state, step)),
        shares={payer: _given(numbers, *path, "shares", payer) for payer in state.shares},
        amounts=((months[0] - months[1]) * each + 0.0).tolist(),
        indexation=_own_indexation(numbers, state, path),
        level=_level(accounts.model.scenario, state),
    )


def _own_indexation(numbers: Numbers, of: Moved, path: Path) -> Given | None:
    return None if of.indexation is None else _given(numbers, *path, "indexation")


def _level(scenario: Scenario, of: Moved) -> PriceLevel | None:
    money = scenario.money
    if of.price_level is None or money.price_level is None or of.price_level == money.price_level:
        return None
    own, wanted = (float(money.index[str(year)]) for year in (of.price_level, money.price_level))
    return PriceLevel(of.price_level, money.price_level, own, wanted)


def _weeks(lengths: Sequence[float], step: int) -> Weeks:
    ends = [0.0, *accumulate(map(float, lengths))]
    return Weeks(ends[step], ends[step + 1] if step < len(lengths) else None)


def _for_person_years(point: Point, numbers: Numbers, row: int) -> ForPersonYears:
    accounts, one = point.accounts, point.accounts.of_person_years[row]
    role, state = accounts.model.states[one.state]
    return ForPersonYears(
        line=accounts.lines[one.line].label,
        role=role,
        state=state,
        lag=one.lag,
        yearly=_given(numbers, "person_years", row, "yearly"),
        amounts=point.kroner[0, one.line].tolist(),
    )


def _outright(accounts: Accounts, numbers: Numbers, values: Values) -> list[Outright]:
    scenario = accounts.model.scenario
    given = model.parameters(accounts.model, values)
    [entered] = model.entered_families(accounts.model, given, accounts.period)  # (type, period)
    [present] = model.present_families(accounts.model, given.numbers)
    counted = accounts.of_families @ entered
    counted[:, 0] += accounts.of_present @ present
    own = len(accounts.budget)  # what others pay stands after it, and is in no line
    rows = zip(ledger.stated_outright(scenario)[:own], accounts.budget, counted[:own], strict=True)
    return [_line(accounts, numbers, *one, line.kind, families) for one, line, families in rows]


def _line(
    accounts: Accounts, numbers: Numbers, line: BudgetLine, sign: int, path: Path, kind: str, families: Array
) -> Outright:
    one = ledger.implementation_of(accounts.model.scenario, line)
    each, later = numbers.get(*path, "number") * numbers.get(*path, "yearly"), None
    if one is not None and queries.is_paid_otherwise(one[1]) and not line.per_family:
        amount = ledger.of_places(numbers, one, line, each)
        [later] = ledger.in_time(accounts, numbers, one, line, amount, np.ones((1, numbers.years)))
    paid = np.array(queries.paid_years(accounts.model.scenario, line))[accounts.year_of_period]
    is_plain = paid.all() and line.once is None
    return Outright(
        line=line.label,
        kind="costs" if kind in KINDS["costs"] else "savings",
        number=_given(numbers, *path, "number"),
        yearly=_given(numbers, *path, "yearly"),
        families=(families * paid).tolist() if line.per_family else None,
        counts=line.counts,
        places=_given(numbers, *one[0], "places") if line.per_place and one is not None else None,
        paid=None if later is None else later.tolist(),
        parts=None if line.per_family or is_plain else accounts.parts_of(line).tolist(),
        indexation=_own_indexation(numbers, line, path),
        level=_level(accounts.model.scenario, line),
    )


def _given(numbers: Numbers, *path: str | int) -> Given:
    [values] = numbers.get(*path)
    value = numbers.model.numbers[path].value
    years = range(numbers.years)
    items: list[Any] = [value[min(year, len(value) - 1)] if isinstance(value, tuple) else value for year in years]
    names, formulas = ([str(one) if isinstance(one, kind) else None for one in items] for kind in (Name, Expression))
    return Given(numbers.model.path(*path), values.tolist(), names, formulas)


def _within(point: Point) -> list[float]:
    scenario = point.accounts.model.scenario
    years = {None, *(scenario.time.first_year + year for year in queries.years(scenario))}
    return [float(resolution(row.value)) for row in scenario.reported if row.year in years]
