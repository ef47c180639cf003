"""The same case counted in other ways, on the same draws, and what luck alone would leave were everything known.

What one run tells (the counterfactuals, the cashable part, the present value) is read off one run. The others are runs of a scenario that
differs in one thing and is checked as a file would be. Assumptions keep the columns of the design, so that what differs between two
rows is the way of counting; luck is the same as far as the same families enter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulate import model
from simulate.engine import Outcome, Result, Work, run
from simulate.errors import ResourceError
from simulate.names import COUNTERFACTUALS
from simulate.options import Options, Progress
from simulate.pace import Notify, Pace
from simulate.sampling import Layout, Sampler
from simulate.scenario import Scenario, paths, rules
from simulate.scenario.schema import Family, Role

RATE = 0.035  # a year: the Danish Ministry of Finance's for the first 35 years (2021)
HORIZONS = (3, 7, 10)


@dataclass(frozen=True, slots=True)
class Way:
    """A way of counting, and what comes of it.

    name: base, a counterfactual, any-month, cashable, discounted, years-N. outcome: None where the case cannot be counted so;
    `missing` then says why, and where `alike` it is counted no otherwise than in the base. clipped: path → share of the draws.
    """

    name: str
    outcome: Outcome | None
    missing: str = ""
    alike: bool = False
    years: int = 0
    clipped: dict[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Every assumption certain at its value: luck alone is left."""

    outcome: Outcome
    families: float  # in the horizon, those present at its start included; expected
    families_a_year: float  # that enter


@dataclass(frozen=True)
class Structure:
    result: Result  # of the case as it is written
    ways: list[Way]
    known: Known
    is_uncertain: bool  # whether any assumption is


def structure(
    scenario: Scenario,
    options: Options,
    progress: Progress | None = None,
    notify: Notify = lambda words: None,
    horizons: Sequence[int] = HORIZONS,
) -> Structure:
    """Count the case in every way. Raises ResourceError where it cannot be run as it is written."""
    horizons = [years for years in horizons if years != scenario.time.years]
    runs = Runs(options, progress, Pace(notify), 3 + len(horizons))
    others = [other_horizon(scenario, years) for years in horizons]
    runs.pace.follow(options.draws)  # with any-month moves
    runs.foresee(certain(scenario))
    for other, sampler in others:
        runs.foresee(other, sampler)
    base = runs.run(discounted(scenario))
    ways = [*read_off(base), yearly_moves(scenario, runs)]
    ways += [runs.way(f"years-{one.time.years}", one, sampler, one.time.years) for one, sampler in others]
    is_uncertain = bool(Sampler(scenario).uncertain)
    return Structure(base, ways, known(scenario, base, runs), is_uncertain)


@dataclass
class Runs:
    """Runs one after the other, under one progress."""

    options: Options
    progress: Progress | None
    pace: Pace
    number: int
    done: int = 0

    def run(self, scenario: Scenario, sampler: Sampler | None = None) -> Result:
        try:
            return run(scenario, self.options, self._progress if self.progress else None, self.pace, sampler)
        finally:
            self.done += 1

    def foresee(self, scenario: Scenario, sampler: Sampler | None = None) -> None:
        """A run that follows the first one, where it is possible."""
        if next(rules.problems(scenario), None) is None:
            self.pace.further(1, lambda: Work.of(scenario, self.options, sampler).sound())

    def _progress(self, done: int, of: int) -> None:
        assert self.progress is not None
        self.progress(self.done * of + done, self.number * of)

    def way(self, name: str, scenario: Scenario, sampler: Sampler | None = None, years: int = 0) -> Way:
        """A run of a scenario that is another way of counting; or why it is none."""
        wrong = next(rules.problems(scenario), None)
        if wrong is not None:
            path, message = wrong
            return Way(name, None, f"{paths.written(path, {})}: {message}", years=years)
        try:
            found = self.run(scenario, sampler)
        except ResourceError as error:
            return Way(name, None, str(error), years=years)
        return Way(name, Outcome(found.mean(), found.chance()), years=years, clipped=found.clipped_shares)


def discounted(scenario: Scenario) -> Scenario:
    """With a discount rate, which gives the draws a present value and changes nothing else of them."""
    if scenario.money.discount_rate:
        return scenario
    return scenario.model_copy(update={"money": scenario.money.model_copy(update={"discount_rate": RATE})})


def read_off(base: Result) -> Iterator[Way]:
    """The ways of counting that the run as it is written holds."""
    yield Way("base", Outcome(base.mean(), base.chance()), clipped=base.clipped_shares)
    for name in COUNTERFACTUALS:
        if name != base.options.counterfactual:
            yield Way(name, Outcome(base.mean(), base.chance(name)))
    yield Way("cashable", base.cashable(), alike=all(base.accounts.cashable))
    yield Way("discounted", base.present_value())


def yearly_moves(scenario: Scenario, runs: Runs) -> Way:
    """Moves on 1 January spread over the months, with the same chance within twelve of them."""
    if not any(move.timing == "year-start" for role in scenario.roles.values() for move in role.moves):
        return Way("any-month", None, alike=True)

    def spread(role: Role) -> Role:
        moves = [
            move.model_copy(update={"timing": "any-month"}) if move.timing == "year-start" else move
            for move in role.moves
        ]
        return role.model_copy(update={"moves": moves})

    roles = {name: spread(role) for name, role in scenario.roles.items()}
    return runs.way("any-month", scenario.model_copy(update={"roles": roles}))


def other_horizon(scenario: Scenario, years: int) -> tuple[Scenario, Sampler]:
    """The programme over more years or fewer; lists by year keep their last value, and who enters later does not count."""
    last = scenario.time.first_year + years - 1

    def within(family: Family) -> Family:
        return family.model_copy(update={"entering": [row for row in family.entering if int(row.month[:4]) <= last]})

    other = scenario.model_copy(
        update={
            "time": scenario.time.model_copy(update={"years": years}),
            "families": {name: within(family) for name, family in scenario.families.items()},
            "targets": [],  # of years that may not be there
            "reported": [],
        }
    )
    return other, Sampler(other, Layout.over(scenario, years))


def certain(scenario: Scenario) -> Scenario:
    """Every assumption known exactly, at its value."""
    sure = {"uncertainty": None, "each_year": False, "persistence": 0.0}
    assumptions = {name: one.model_copy(update=sure) for name, one in scenario.assumptions.items()}
    return scenario.model_copy(update={"assumptions": assumptions, "correlations": []})


def known(scenario: Scenario, base: Result, runs: Runs) -> Known:
    result = runs.run(certain(scenario))
    given = model.parameters(base.accounts.model, Sampler(scenario).point())
    present = [half == 0 for _, half, _ in base.accounts.model.cohorts]
    numbers = given.numbers[0]
    entering = float(numbers.sum() - numbers[present].sum())
    return Known(Outcome(result.mean(), result.chance()), float(numbers.sum()), entering / scenario.time.years)
