"""The same case counted in other ways, on the same draws, and what luck alone would leave were everything known.

What one run tells (the counterfactuals, the cashable part, the present value) is read off one run. The others are runs of a scenario that
differs in one thing and is checked as a file would be. Assumptions keep the columns of the design, so that what differs between two
rows is the way of counting; luck is the same as far as the same families enter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from simulate import model
from simulate.content import Sentence
from simulate.engine import Case, Outcome, Result
from simulate.errors import ResourceError
from simulate.locale import text
from simulate.model import Ending, Model
from simulate.names import COUNTERFACTUALS
from simulate.options import Options, Progress
from simulate.pace import Notify
from simulate.sampling import Layout, Sampler, rounded_up
from simulate.scenario import Scenario, paths, queries, rules
from simulate.scenario.schema import BudgetLine, Family, Role
from simulate.scenario.values import ByYear
from simulate.studies import ranges
from simulate.studies.ranges import Ranges
from simulate.studies.runs import Runs

RATE = 0.035  # a year: the Danish Ministry of Finance's for the first 35 years (2021)
HORIZONS = (3, 7, 10)
YEAR = 24  # half-months


@dataclass(frozen=True, slots=True)
class Way:
    """A way of counting, and what comes of it.

    name: base, a counterfactual, planned, any-month, cashable, discounted, years-N, followed-N. outcome: None where the case cannot be counted so;
    `missing` then says why, and where `alike` it is counted no otherwise than in the base. clipped: path → share of the draws.
    """

    name: str
    outcome: Outcome | None
    missing: str = ""
    alike: bool = False
    years: int = 0
    clipped: dict[str, float] | None = None


@dataclass(frozen=True, slots=True)
class LuckAlone:
    """Every assumption certain at its value."""

    outcome: Outcome
    families: float  # in the horizon, those present at its start included; expected
    families_a_year: float  # that enter


@dataclass(frozen=True)
class Structure:
    result: Result  # of the case as it is written
    ways: list[Way]
    luck_alone: LuckAlone
    is_uncertain: bool  # whether any assumption is
    ranges: Ranges


def structure(
    case: Case,
    options: Options,
    progress: Progress | None = None,
    notify: Notify = lambda words: None,
    horizons: Sequence[int] = HORIZONS,
) -> Structure:
    """Count the case in every way. Raises ResourceError where it cannot be run as it is written."""
    scenario = case.scenario
    options = replace(options, draws=rounded_up(options.draws, options.design), alone=True)
    others = {years: other_horizon(case, years) for years in horizons if years != scenario.time.years}
    planned, longest = as_planned(case), max((years for years in others if years > scenario.time.years), default=None)
    if has_ended(scenario):
        longest = None  # over more years it is those who came that are followed, whatever is said
    more = [] if planned is None else [planned]
    more += [] if longest is None else [followed(case, longest)]
    runs = Runs(options, (3 + len(others) + len(more)) * options.draws + ranges.work(case, options), progress, notify)
    runs.pace.follow(options.draws)  # with any-month moves
    for other in [case.certain(), *others.values(), *more]:
        if not problem(other.scenario):
            runs.foresee(1, other)
    ranges.foresee(case, runs)
    base = runs.run(case.as_scenario(discounted(scenario)), alone=False)
    ways, alone = [*read_off(base), yearly_moves(case, runs)], luck_alone(case, runs)
    if planned is not None:
        ways.append(way("planned", planned, runs))
    # what is short is in the base already, and in the longest what is longer: as far as courses are the same, they are lived once
    in_turn = sorted(others, key=lambda years: (years > scenario.time.years, -years))
    by_years = {years: way(f"years-{years}", others[years], runs, years) for years in in_turn}
    ways += [by_years[years] for years in others]
    if longest is not None:
        ways.append(way(f"followed-{longest}", more[-1], runs, longest))
    return Structure(base, ways, alone, bool(case.sampler.uncertain), ranges.ranges(case, base, runs))


def way(name: str, case: Case, runs: Runs, years: int = 0) -> Way:
    """A run of a case that is another way of counting; or why it is none."""
    if wrong := problem(case.scenario):
        return Way(name, None, wrong, years=years)
    try:
        found = runs.run(case)
    except ResourceError as error:
        return Way(name, None, str(error), years=years)
    return Way(name, Outcome(found.mean(), found.chance()), years=years, clipped=found.clipped_shares)


def problem(scenario: Scenario) -> str:
    """What the rules say of it first, in the language in force; nothing where it can be run."""
    wrong = next(rules.problems(scenario), None)
    return "" if wrong is None else f"{paths.written(wrong[0], {})}: {wrong[1]}"


def counted(name: str, scenario: Scenario) -> Scenario:
    """The case that has to be run to count it so, of the ways that are not read off."""
    kind, _, years = name.partition("-")
    if kind in ("years", "followed"):
        return over(scenario, int(years))
    if name == "planned":
        return queries.as_planned(scenario)
    return spread(scenario) if name == "any-month" else scenario


def as_planned(case: Case) -> Case | None:
    """The case carried out as planned, each assumption drawn as it is; None where it is so."""
    plan = queries.as_planned(case.scenario)
    if plan is case.scenario:
        return None
    return case.as_scenario(queries.with_columns(plan, queries.columns(case.scenario)))


def has_ended(scenario: Scenario) -> bool:
    """Whether the project, or each of a portfolio's, ends within the horizon by itself."""
    known = queries.implementations(scenario)
    ends = [known[part][1].programme_years if part in known else None for part in _parts(scenario)]
    return all(end is not None and end <= scenario.time.years for end in ends)


def _parts(scenario: Scenario) -> list[str]:
    """Whose families and lines there are."""
    owned = [*scenario.families.values(), *scenario.costs, *scenario.savings]
    return list(dict.fromkeys(one.part or "" for one in owned))


def followed(case: Case, years: int) -> Case:
    """The families and the budget of the case's own years, and what comes of those families over more years."""
    end = YEAR * case.scenario.time.years
    other = other_horizon(case, years)
    return replace(other, model=Model(other.scenario, Ending(end, end)))


def discounted(scenario: Scenario) -> Scenario:
    """With a discount rate, which gives the draws a present value and changes nothing else of them."""
    if scenario.money.discount_rate:
        return scenario
    return scenario.model_copy(update={"money": scenario.money.model_copy(update={"discount_rate": RATE})})


def read_off(base: Result) -> Iterator[Way]:
    """The ways of counting that the run as it is written holds."""
    yield Way("base", Outcome(base.mean(), base.chance()), clipped=base.clipped_shares)
    for name in COUNTERFACTUALS:
        if name == "expected" and base.options.tied:
            yield Way(name, None, lived_alone())
        elif name != base.options.counterfactual:
            yield Way(name, Outcome(base.mean(), base.chance(name)))
    yield Way("cashable", base.cashable(), alike=all(base.accounts.cashable))
    yield Way("discounted", base.present_value())


def lived_alone() -> Sentence:
    """Why life without the programme is not counted as its expectation, in the language in force."""
    return text("what is expected of a life is not known where a move hangs on another member of the family (`when`)")


def yearly_moves(case: Case, runs: Runs) -> Way:
    """Moves on 1 January spread over the months, with the same chance within twelve of them."""
    scenario = case.scenario
    if not any(move.timing == "year-start" for role in scenario.roles.values() for move in role.moves):
        return Way("any-month", None, alike=True)
    return way("any-month", case.as_scenario(spread(scenario)), runs)


def spread(scenario: Scenario) -> Scenario:
    def within(role: Role) -> Role:
        moves = [
            move.model_copy(update={"timing": "any-month"}) if move.timing == "year-start" else move
            for move in role.moves
        ]
        return role.model_copy(update={"moves": moves})

    roles = {name: within(role) for name, role in scenario.roles.items()}
    return scenario.model_copy(update={"roles": roles})


def other_horizon(case: Case, years: int) -> Case:
    other = over(case.scenario, years)
    return replace(case, model=Model(other), sampler=Sampler(other, Layout.over(case.scenario, years)))


def over(scenario: Scenario, years: int) -> Scenario:
    """The programme over more years or fewer; lists by year keep their last value, and who enters later, or is paid later, does not count."""
    first, last = scenario.time.first_year, scenario.time.first_year + years - 1

    def by_year(value: Any) -> Any:
        return value.over(first, years) if isinstance(value, ByYear) else value

    def within(family: Family) -> Family:
        entering = [row for row in family.entering if int(row.month[:4]) <= last]
        return family.model_copy(update={"entering": entering, "enter": by_year(family.enter)})

    def paid(line: BudgetLine) -> BudgetLine:
        if (queries.once_year(line) or line.first or first) > last:
            return line.model_copy(update={"yearly": 0.0, "once": None, "first": None, "last": None})
        return line.model_copy(update={"yearly": by_year(line.yearly), "number": by_year(line.number)})

    return scenario.model_copy(
        update={
            "time": scenario.time.model_copy(update={"years": years}),
            "assumptions": {
                name: one if not isinstance(one.value, ByYear) else one.model_copy(update={"value": by_year(one.value)})
                for name, one in scenario.assumptions.items()
            },
            "families": {name: within(family) for name, family in scenario.families.items()},
            "costs": [paid(line) for line in scenario.costs],
            "savings": [paid(line) for line in scenario.savings],
            "financing": [],  # no figure here has it
            "targets": [],  # of years that may not be there
            "reported": [],
        }
    )


def luck_alone(case: Case, runs: Runs) -> LuckAlone:
    result = runs.run(case.certain())
    total, entering = _families(case)
    return LuckAlone(Outcome(result.mean(), result.chance()), total, entering / case.model.years)


def _families(case: Case) -> tuple[float, float]:
    """All, and those of them who enter, at the values."""
    given = model.parameters(case.model, case.sampler.point())
    if case.model.is_delayed:  # some come too late
        return float(model.coming(case.model, given).sum()), float(
            model.entered_families(case.model, given, YEAR).sum()
        )
    numbers = given.numbers[0]
    present = [half == 0 for _, half, _ in case.model.cohorts]
    return float(numbers.sum()), float(numbers.sum() - numbers[present].sum())
