"""Told times, by a clock that the test sets: within a factor of 2 of what the work then takes."""

import math
import os
import re
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from trees import scenario_of, simple

from simulate import pace as paces
from simulate.engine import Case, run
from simulate.errors import ResourceError
from simulate.names import BLOCKS
from simulate.options import Options
from simulate.pace import Pace, Sounding, Timed
from simulate.scenario import Loaded, Scenario
from simulate.scenario.adjustable import movable
from simulate.studies import annualise, compare, precise, sensitivity, stages, structure, threshold, update


class Clocked:
    """Work on a clock of its own: `threads` chunks at a time, each of so many seconds."""

    def __init__(self, threads: int = 1) -> None:
        self.now, self.threads, self.heard = 0.0, threads, list[str]()
        self.pace = Pace(self.heard.append, clock=lambda: self.now, thread=lambda: self.now)

    def run(self, chunks: int, seconds: Callable[[int], float], draws: int = 64, shared: float = 0.0) -> None:
        self.pace.begin(chunks * draws, self.threads)
        for i in range(chunks):
            new_block = shared if i % max(chunks // BLOCKS, 1) == 0 else 0.0
            self.now += seconds(i) / self.threads + new_block
            self.pace.done(Timed(draws, seconds(i), seconds(i), new_block))

    @property
    def minutes(self) -> list[int]:
        return [int(re.findall(r"about (\d+) minutes", words)[0]) for words in self.heard]


@pytest.mark.parametrize("threads", [1, 2, 7])
@pytest.mark.parametrize(("chunks", "seconds"), [(400, 1.0), (6400, 0.25), (32, 60.0), (16, 300.0)])
def test_a_run_is_told_once_and_about_right(threads: int, chunks: int, seconds: float) -> None:
    work = Clocked(threads)
    work.run(chunks, lambda i: seconds)
    if work.now < paces.PATIENCE:
        assert work.heard == []
    else:
        (told,) = work.minutes
        assert work.now / 2 <= 60 * told <= 2 * work.now


def test_a_short_run_says_nothing() -> None:
    work = Clocked()
    work.run(100, lambda i: 1.0)
    assert work.heard == []


def test_the_first_chunk_warms_up() -> None:
    """It takes fifty times as long as those that follow."""
    work = Clocked()
    work.run(3200, lambda i: 0.9 if i == 0 else 0.018)
    assert work.heard == []
    work = Clocked(2)
    work.run(32000, lambda i: 0.9 if i < 2 else 0.018)
    assert len(work.minutes) == 1
    assert work.now / 2 <= 60 * work.minutes[0] <= 2 * work.now


def test_what_a_block_has_in_common_counts_once_for_a_block() -> None:
    work = Clocked()
    work.run(16 * 20, lambda i: 0.1, shared=30.0)
    assert work.now / 2 <= 60 * work.minutes[0] <= 2 * work.now


def test_what_turns_out_twice_as_long_is_told_again() -> None:
    work = Clocked()
    work.run(2000, lambda i: 0.2 if i < 500 else 2.0)
    assert len(work.minutes) >= 2
    assert work.now / 2 <= 60 * work.minutes[-1] <= 2 * work.now


@pytest.mark.parametrize("kinds", [[(30, 2.0, 16)], [(600, 0.1, 16), (10, 1.0, 64)]])
def test_runs_that_follow_are_counted_by_a_chunk_of_each_kind(kinds: list[tuple[int, float, int]]) -> None:
    work, asked = Clocked(2), []

    def sound(seconds: float, chunks: int) -> Callable[[], Sounding]:
        return lambda: asked.append(seconds) or Sounding(0.5, 0.0, seconds, chunks)

    for times, seconds, chunks in kinds:
        work.pace.further(times, sound(seconds, chunks))
    work.run(64, lambda i: 1.0)
    assert asked == [seconds for _, seconds, _ in kinds]
    (told,) = work.minutes
    for times, seconds, chunks in kinds:
        for _ in range(times):
            work.now += 0.5
            work.run(chunks, lambda i, own=seconds: own)
    assert len(work.heard) == 1  # as foreseen: nothing to add
    assert work.now / 2 <= 60 * told <= 2 * work.now


def test_draws_that_follow() -> None:
    work = Clocked()
    work.pace.follow(9 * 640)
    work.run(10, lambda i: 5.0)
    for _ in range(9):
        work.run(10, lambda i: 5.0)
    assert work.minutes == [8]


def test_hours_are_refused_while_little_is_lost() -> None:
    work = Clocked(2)
    with pytest.raises(ResourceError, match="about 5 hours; take fewer --draws"):
        work.run(36000, lambda i: 1.0)
    assert work.now < 10
    assert work.heard == []
    late = Clocked()
    late.run(4000, lambda i: 1.0 if i < 1000 else 5.0)  # too late to refuse
    assert len(late.heard) >= 2


def test_a_study_that_takes_hours_is_refused_in_its_first_run() -> None:
    work = Clocked()
    work.pace.further(2000, lambda: Sounding(1.0, 0.0, 1.0, 16))
    with pytest.raises(ResourceError, match="hours"):
        work.run(64, lambda i: 1.0)
    assert work.now < 5


def lucky() -> dict:
    """Two assumptions, and luck."""
    tree = simple()
    tree["assumptions"] = {
        name: {"value": 100.0, "uncertainty": {"kind": "uniform", "low": 50, "high": 150}} for name in ("a", "b")
    }
    tree["families"] = {"all": {"present": "a", "members": {"adult": 1}}}
    tree["costs"] = [{"label": "c", "yearly": "b"}]
    return tree


def seen() -> Scenario:
    """With what was counted in a year, which most courses do not fit."""
    return scenario_of(
        lucky() | {"observed": [{"what": "moved", "role": "adult", "to": "job", "until": "2020-12", "count": 40}]}
    )


def other() -> Scenario:
    """Twice the horizon's work: the same with a third assumption."""
    tree = lucky()
    tree["assumptions"]["c"] = tree["assumptions"]["a"]
    tree["costs"].append({"label": "d", "yearly": "c"})
    return scenario_of(tree)


def loaded(one: Scenario) -> Loaded:
    return Loaded(one, "a.toml", "", "")


def mean_within(draws: int) -> precise.Goal:
    """What takes about so many draws of lucky(), whose mean's error is two million kroner over the root of the draws."""
    return precise.Goal("mean", 2.13 * 2e6 / math.sqrt(draws))


RULE = stages.Rule("in", "adult", "job", "<", 20)
TRIES = 3  # of what a busy machine can spoil
quiet = pytest.mark.skipif(
    "CI" in os.environ, reason="clocks tell of a machine that does nothing else; two workers share this one"
)

STUDIES: dict[str, Callable] = {
    "run": lambda one, options, told: run(one, options, pace=Pace(told)),
    "sensitivity": lambda one, options, told: sensitivity.study(Case.of(one), options, notify=told),
    "structure": lambda one, options, told: structure.structure(Case.of(one), options, notify=told),
    "threshold": lambda one, options, told: threshold.threshold(
        Case.of(one), movable(one, "b"), [0.5, 0.8], options, notify=told
    ),
    "compare": lambda one, options, told: compare.compare(
        [Case.of(loaded(one)), Case.of(loaded(other()))], options, notify=told
    ),
    "stages": lambda one, options, told: stages.stages(Case.of(one), options, RULE, 2020, 3, notify=told),
    "annualise": lambda one, options, told: annualise.annualise(
        Case.of(one), options, annualise.Quarter(2020, 2), sizes=[20, 200], notify=told
    ),
    "update": lambda one, options, told: update.update(
        Case.of(seen()), options, options.draws // 32, 4 * options.draws, notify=told
    ),
    "precision": lambda one, options, told: precise.precise(
        Case.of(one),
        replace(options, draws=options.draws // 8, design="random"),
        mean_within(options.draws),
        1 << 22,
        notify=told,
    ),
}


@pytest.mark.parametrize("name", STUDIES)
def test_every_study_tells_before_its_end(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paces, "PATIENCE", 0)
    monkeypatch.setattr(paces, "WORTH_IT", 0)
    heard: list[str] = []
    STUDIES[name](scenario_of(lucky()), Options(draws=1024, threads=1), heard.append)  # four chunks
    assert heard


@pytest.mark.slow
@quiet
@pytest.mark.parametrize("name", STUDIES)
def test_what_is_foreseen_is_what_it_takes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the same process, on the same machine; in one of three tries, since others may take the machine in the midst of one."""
    monkeypatch.setattr(paces, "WORTH_IT", 0)
    made = list[tuple[int, float]]()
    judge = Pace._judge

    def judged(self: Pace) -> None:
        self.expected = 0.0  # where nothing is known yet, nothing is left of the run before
        judge(self)
        made.append((self.draws, self.expected))

    monkeypatch.setattr(Pace, "_judge", judged)
    STUDIES[name](scenario_of(lucky()), Options(draws=64, threads=1), lambda words: None)  # all is compiled

    def off() -> float:
        made.clear()
        began = time.perf_counter()
        STUDIES[name](scenario_of(lucky()), Options(draws=16384, threads=1), lambda words: None)
        took = time.perf_counter() - began
        last = made[-1][0]  # with the draws that a precision takes it is known how many there are
        known = (foreseen for draws, foreseen in made if foreseen and (name != "precision" or draws == last))
        return abs(math.log2(next(known) / took))

    assert any(off() <= 1 for _ in range(TRIES))


def large(assumptions: int = 1, years: int = 5, states: int = 0, **kind: object) -> dict:
    """A line of costs for each assumption; a ring of states."""
    one = {"value": 1000.0, "uncertainty": {"kind": "uniform", "low": 500, "high": 1500}, **kind}
    tree = simple(time={"first_year": 2020, "years": years}, assumptions={f"a{i}": one for i in range(assumptions)})
    tree["costs"] = [{"label": f"c{i}", "yearly": f"a{i}"} for i in range(assumptions)]
    if states:
        chance = {"baseline": 0.2, "hazard_ratio": 1.3}
        moves = [{"from": f"s{i}", "to": f"s{(i + 1) % states}", "yearly": chance} for i in range(states)]
        named = {f"s{i}": {"monthly": 100 * i} for i in range(states)}
        tree["roles"] = {"adult": {"start": "s0", "states": named, "moves": moves}}
    return tree


LARGE = {
    "300 assumptions": large(300),
    "300 assumptions of 20 years": large(300, years=20, each_year=True),
    "60 states": large(states=60),
    "100 years": large(years=100),
}


@pytest.mark.slow
@quiet
@pytest.mark.parametrize("tree", LARGE.values(), ids=LARGE)
def test_large_cases_take_what_is_foreseen(tree: dict) -> None:
    """The first time that is told, against the same process's clock at the end."""
    scenario = scenario_of(tree)
    run(scenario, Options(draws=16, threads=1))  # all is compiled

    def off() -> float:
        foreseen = list[float]()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(paces, "PATIENCE", 0)
            pace = Pace(lambda words: foreseen.append(pace.expected))
            began = time.perf_counter()
            run(scenario, Options(draws=4096, threads=1), pace=pace)
            took = time.perf_counter() - began
        return abs(math.log2(foreseen[0] / took))

    assert any(off() <= 1 for _ in range(TRIES))
