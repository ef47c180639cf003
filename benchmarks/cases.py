"""The scenarios that are timed, as the flat arrays that go into the kernels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from simulate import kernels, model, scenario
from simulate.kernels.arrays import Families, Lived, Period, Rates, Structure, workspace
from simulate.model import Model, Parameters
from simulate.sampling import Sampler

HERE = Path(__file__).parent
FILES = {
    "silkeborg": HERE.parent / "scenarios" / "silkeborg-paper.toml",
    "six-states": HERE / "scenarios" / "six-states.toml",
}
PERIOD = model.PERIODS["year"]
SEED = 2026
ARMS = ("programme", "baseline")


@dataclass(frozen=True)
class Case:
    """A scenario at its point values, for a number of draws."""

    name: str
    model: Model
    given: Parameters
    families: Families
    draws: int

    @property
    def structure(self) -> Structure:
        return self.model.structure

    @property
    def rates(self) -> Rates:
        return self.given.rates

    @property
    def states(self) -> int:
        return len(self.model.states)

    @property
    def periods(self) -> int:
        return 24 * self.model.years // PERIOD

    def first(self, draws: int) -> Case:
        """The same, its first draws only."""
        return replace(self, draws=draws, families=self.families._replace(number=self.families.number[:draws]))


def load(name: str, draws: int, times: float = 1.0) -> Case:
    """A case by its name. times: so many times the families."""
    one = Model(scenario.load(FILES[name]).scenario)
    return built(name, one, draws, times)


def built(name: str, one: Model, draws: int, times: float = 1.0) -> Case:
    given = model.parameters(one, Sampler(one.scenario).point())
    given = replace(given, numbers=given.numbers * times)
    cohorts = np.array(one.cohorts, np.int64).reshape(-1, 3)
    families = Families(
        number=model.family_numbers(one, given, SEED, 0, draws),
        cohort_type=np.ascontiguousarray(cohorts[:, 0]),
        cohort_half=np.ascontiguousarray(cohorts[:, 1]),
        cohort_months=np.ascontiguousarray(cohorts[:, 2]),
        members=given.members,
        pairs=one.pairs,
        start=model.cumulated(one, given.shares),
    )
    return Case(name, one, given, families, draws)


@dataclass(frozen=True)
class Counted:
    """What a peer counts; the last period of halves stays 0. Arms as in ARMS."""

    halves: np.ndarray  # (draw, arm, state, period + 1)
    arrivals: np.ndarray  # (draw, arm, state, period)
    entered: np.ndarray  # (draw, period)

    @classmethod
    def room(cls, case: Case, arms: int = 2) -> Counted:
        """Zeros."""
        return cls(
            np.zeros((case.draws, arms, case.states, case.periods + 1), np.int64),
            np.zeros((case.draws, arms, case.states, case.periods), np.int64),
            np.zeros((case.draws, case.periods), np.int64),
        )

    def clear(self) -> None:
        for array in (self.halves, self.arrivals, self.entered):
            array.fill(0)


class Engine:
    """Our kernels on a case, with all room made beforehand."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.lives_kernel, self.expected_kernel = kernels.load("lives"), kernels.load("expected")
        self.counted = Counted.room(case, arms=3)
        self.entered = np.zeros((case.draws, len(case.model.scenario.families), case.periods), np.int64)
        self.members = np.zeros((case.draws, case.states, case.model.months + 1), np.int64)
        self.visits = np.zeros(case.states, np.int64)
        self.entering = model.people(case.model, case.given)
        self.work = workspace(case.structure, case.model.months)
        shape = (2, case.draws, case.states, case.periods)
        self.expected_halves, self.expected_arrivals = np.zeros(shape), np.zeros(shape)

    def clear(self) -> None:
        self.counted.clear()
        for array in (self.entered, self.members, self.expected_halves, self.expected_arrivals):
            array.fill(0)

    def live(self, first: int = 0, last: int | None = None, visits: np.ndarray | None = None) -> None:
        """Draws first..last-1, in three arms."""
        case, own = self.case, slice(first, last)
        counted = self.counted
        self.lives_kernel.live_draws(
            np.uint64(SEED),
            first,
            int(case.given.rows > 1),
            case.families._replace(number=case.families.number[own]),
            case.structure,
            case.rates,
            Lived(counted.halves[own], counted.arrivals[own], self.entered[own], self.members[own], case.model.clock),
            self.visits if visits is None else visits,
            Period.of(PERIOD),
        )
        counted.entered[own] = self.entered[own].sum(axis=1)

    @property
    def lives(self) -> int:
        """Lives lived, each arm counted; to be asked after `live`."""
        return 3 * int(self.members.sum())

    def expect(self) -> None:
        """Both arms of every draw."""
        rows = int(self.case.given.rows > 1)
        for arm in (1, 0):
            self.expected_kernel.expect_draws(
                arm,
                rows,
                self.entering,
                self.case.model.pairs,
                self.expected_halves[1 - arm],
                self.expected_arrivals[1 - arm],
                self.work,
                self.case.structure,
                self.case.rates,
                Period.of(PERIOD),
            )
