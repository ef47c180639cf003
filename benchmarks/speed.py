"""Speed of the kernels beside their peers."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from benchmarks import cases, equality
from benchmarks.cases import Case, Engine
from benchmarks.figures import Figure, Section, number
from benchmarks.peers import c
from benchmarks.peers.cohorts import Cohorts
from benchmarks.peers.numpy_events import Events
from benchmarks.peers.numpy_months import Months
from benchmarks.peers.simpy_peer import Simulated
from benchmarks.timing import Contestant, Times, rounds

DRAWS = {"silkeborg": 4096, "six-states": 2048}
FEWER = {"numpy events": 4, "numpy months": 8, "simpy": 64}  # a peer lives this many times fewer draws
BARS = {"c": 0.8, "numpy events": 5.0, "numpy months": 60.0, "simpy": 1000.0}
PEERS = {
    "c": "C (a), general moves",
    "numpy events": "NumPy (b), event by event",
    "numpy months": "NumPy (c), month by month",
    "simpy": "SimPy (d), a process for each person",
    "c each clock": "C (a) with one exponential for each any-month move, as the model is defined",
    "c specialised": "C written for Silkeborg only",
    "cohorts": "NumPy, binomial numbers by cohort (no lives)",
}
SLICES = 16


def peers(case: Case, fewer: bool = True) -> dict[str, Any]:
    """Every program that can live this case here, by name; slow ones have fewer draws."""
    few = {name: case.first(case.draws // times if fewer else case.draws) for name, times in FEWER.items()}
    found: dict[str, Any] = {"numpy events": Events(few["numpy events"]), "numpy months": Months(few["numpy months"])}
    if importlib.util.find_spec("simpy"):
        found["simpy"] = Simulated(few["simpy"])
    if case.name == "silkeborg":
        found["cohorts"] = Cohorts(case)
    if c.compiler():
        found |= {"c": c.Lives(case), "c each clock": c.Lives(case, each_clock=True)}
        if case.name == "silkeborg":
            found["c specialised"] = c.Lives(case, source="silkeborg.c")
    return found


def sections(number_of_rounds: int, quick: bool = False) -> list[Section]:
    """Equality first, then every figure of both scenarios."""
    found = [Section("Equality", EQUALITY)]
    for name, draws in DRAWS.items():
        case = cases.load(name, draws // 4 if quick else draws)
        alike = cases.load(name, equality.DRAWS)
        lines = equality.check({"engine": Engine(alike), **peers(alike, fewer=False)})
        found[0].lines += [f"- {name}, {line}" for line in lines]
        engine, others = Engine(case), peers(case)
        times = _timed(engine, others, number_of_rounds)
        section = Section(f"Kernels: {name}", PROSE[name])
        section.figures = [
            *_lives(times, others),
            *_threads(engine, number_of_rounds),
            *_expected(engine, others, times),
        ]
        section.lines = _speeds(times, others)
        found.append(section)
    return found


def _contestant(one: Any, work: Callable[[], object], amount: Callable[[], float]) -> Contestant:
    """One thread does the work, so its own processor time is what counts: others on the machine do not disturb it."""
    return Contestant(work, one.clear, time.thread_time, amount)


def _timed(engine: Engine, others: dict[str, Any], number_of_rounds: int) -> Times:
    """Seconds a life; of `expected`, seconds a draw; of `c draw`, seconds of C a draw."""
    case = engine.case
    contestants = {"engine": _contestant(engine, engine.live, lambda: engine.lives)}
    for name, one in others.items():
        contestants[name] = _contestant(one, one.live, lambda one=one: one.lives)
    hundred = Engine(cases.built(case.name, case.model, case.draws, 100.0))
    contestants["expected"] = _contestant(engine, engine.expect, lambda: case.draws)
    contestants["expected 100"] = _contestant(hundred, hundred.expect, lambda: case.draws)
    return rounds(contestants, number_of_rounds)


def _lives(times: Times, others: dict[str, Any]) -> list[Figure]:
    found = []
    for name, what in PEERS.items():
        if name in others:
            note = "goal 2" if name == "c" else ""
            found.append(
                Figure(f"lives, one thread, to {what}", times.ratio("engine", name), BARS.get(name), note=note)
            )
    if "c" not in others:
        found.append(Figure("lives to C: no C compiler here", float("nan")))
    return found


def _expected(engine: Engine, others: dict[str, Any], times: Times) -> list[Figure]:
    silkeborg = engine.case.name == "silkeborg"
    found = []
    if "c" in others:
        of_c = np.array(times.seconds["c"]) * others["c"].lives / engine.case.draws
        share = float(np.median(np.array(times.seconds["expected"]) / of_c))
        note = "both in both arms, time to time"
        found.append(
            Figure("*expected*, time to C (a) at equal draws", share, 1.0 if silkeborg else None, True, note=note)
        )
    more = 1 / times.ratio("expected 100", "expected")
    found.append(Figure("*expected*, time for 100 times the families", more, 1.1 if silkeborg else None, True))
    return found


def _threads(engine: Engine, number_of_rounds: int) -> list[Figure]:
    """Two threads to one, on the wall's clock, the draws cut into slices as a run cuts them into chunks."""
    draws, states = engine.case.draws, engine.case.states
    slices = [(draws * i // SLICES, draws * (i + 1) // SLICES) for i in range(SLICES)]

    def share(bounds: tuple[int, int]) -> None:
        engine.live(*bounds, visits=np.zeros(states, np.int64))

    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(2) as two:
        contestants = {
            "one": Contestant(lambda: list(one.map(share, slices)), engine.clear),
            "two": Contestant(lambda: list(two.map(share, slices)), engine.clear),
        }
        times = rounds(contestants, number_of_rounds)
    return [Figure("lives, two threads to one", times.ratio("two", "one"), 1.8, note="wall clock")]


def _speeds(times: Times, others: dict[str, Any]) -> list[str]:
    names = {"engine": "engine, *lives*", **{name: PEERS[name] for name in PEERS if name in others}}
    lines = ["| program | million lives a second |", "| --- | --- |"]
    lines += [f"| {what} | {number(1e-6 / times.median(name))} |" for name, what in names.items()]
    draws = f"{1e6 * times.median('expected'):.1f} µs a draw, both arms"
    return [*lines, "", f"*Expected*: {draws}; for 100 times the families {1e6 * times.median('expected 100'):.1f} µs."]


EQUALITY = f"""
Before anything is timed, the person-months in every state and the moves into it, by year and arm, of every program here are
held against the engine's exact expectation; none may be {equality.MOST_ERRORS} standard errors off. The largest distance of each
(some hundred numbers are compared for each program, so that 3 is usual):
"""

LIFE = """
A *life* is one member in one arm. The engine lives three for each member (programme; baseline with the same luck; baseline with luck of
its own), a peer two (programme; baseline with luck of its own); the figures compare lives a second, each program by what it
lived, so that the engine is credited with its third arm, which no peer has use for. By time for a whole scenario the engine's
lives therefore cost 1.5 times what these ratios say. One-thread figures are in processor time of that thread.
"""

PROSE = {
    "silkeborg": "193 families, an adult and a child each; moves at entry, year-start moves, stays of given length; 5 years."
    + LIFE,
    "six-states": "200 families, 1.4 adults and 1.8 children on average; four adult and two child states, any-month moves with values by"
    " year, an effect of 24 months; 5 years." + LIFE,
}
