"""What one more run of a case costs: a cell of a table of cases, made one after the other with what they have in common kept.

In processor time of one warm thread, apart for the kernels, the moments of luck, and all the rest. What the kernels and the moments take is
told by a clock around their calls, of which there are some twenty in a run.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.figures import Figure, Section, number
from simulate import kernels, luck
from simulate.analysis.mixture import Mixture
from simulate.answers.risk import WORST
from simulate.answers.run import PERCENTILES, variance
from simulate.engine import Case, Result, Samples
from simulate.options import Engine, Options
from simulate.scenario import load

SCENARIO = Path(__file__).parent.parent / "scenarios" / "silkeborg.toml"
ENGINES: tuple[Engine, ...] = ("lives", "expected")
TIMES = {16: 60, 1024: 15, 16384: 3}  # cells that are timed, after some that are not
COLD = 3
CALLS = (("lives", "live_draws"), ("expected", "expect_draws"))  # of the kernels, those of the moments aside
OF_LUCK = ("compute", "steps")  # with the kernel of the moments
OF_MIXTURE = ("chance", "percentiles", "expected_shortfall", "spread")  # where luck is not drawn
WHOLE, REST, BOTH = 10.0, 8.0, 80.0  # ms that are asked for: 16 draws; 1,024 draws, beside kernels and moments; these


def kept(result: Result) -> list[object]:
    """What is told of a run without its tables, each with its error where it has one."""
    return [
        result.chance(),
        result.chances_by_period(),
        result.mean(),
        result.sd(),
        result.bands(PERCENTILES),
        result.means_by_period(),
        result.expected_shortfall(WORST),
        result.person_years(),
        variance(result).shares,
        result.clipped_shares,
    ]


class Clock:
    """Seconds of the thread within some functions, by what they are for."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def around(self, what: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            began = time.thread_time()
            found = function(*given, **named)
            self.seconds[what] = self.seconds.get(what, 0.0) + time.thread_time() - began
            return found

        return timed

    @contextmanager
    def running(self) -> Iterator[None]:
        """While the functions are replaced by those that are timed."""
        wanted: list[tuple[Any, str, str]] = [(luck, name, "moments of luck") for name in OF_LUCK]
        wanted += [(Mixture, name, "distribution of luck") for name in OF_MIXTURE]
        wanted += [(kernels.load(file), name, f"kernel *{file}*") for file, name in CALLS]
        replaced = [patch.object(of, name, self.around(what, getattr(of, name))) for of, name, what in wanted]
        for one in replaced:
            one.start()
        try:
            yield
        finally:
            for one in replaced:
                one.stop()


KERNELS = ("kernel *lives*", "kernel *expected*", "moments of luck")
PARTS = (*KERNELS, "distribution of luck", "the rest")


def cells(engine: Engine, draws: int, times: int) -> dict[str, float]:
    """Milliseconds of a cell, medians: the whole, and its parts."""
    case, samples, clock = Case.of(load(SCENARIO)), Samples(), Clock()
    options, found = Options(draws=draws, engine=engine, threads=1, alone=True, brief=True), []
    with clock.running():
        for i in range(COLD + times):
            clock.seconds = dict.fromkeys(PARTS, 0.0)
            began = time.thread_time()
            other = case.with_({"relapse": 0.05 + i / 1000, "finishing": [30 + i / 10, 36 + i / 10]})
            kept(other.result(options, samples=samples))
            whole = time.thread_time() - began
            rest = whole - sum(clock.seconds.values())
            found.append({**clock.seconds, "the rest": rest, "the whole": whole})
    return {name: 1000 * statistics.median(one[name] for one in found[COLD:]) for name in found[0]}


def section(quick: bool) -> Section:
    found = Section("A cell", PROSE)
    found.lines = [f"| engine, draws | the whole, ms | {' | '.join(PARTS)} |", "| --- " * (2 + len(PARTS)) + "|"]
    for engine in ENGINES:
        for draws, times in TIMES.items():
            one = cells(engine, draws, max(1, times // 5) if quick else times)
            found.figures += _figures(f"*{engine}*, {draws:,} draws", one, draws, engine)
            parts = " | ".join(number(one[part]) for part in PARTS)
            found.lines.append(f"| *{engine}*, {draws:,} | {number(one['the whole'])} | {parts} |")
    return found


def _figures(name: str, one: dict[str, float], draws: int, engine: Engine) -> list[Figure]:
    if draws == min(TIMES):
        return [Figure(f"{name}: the whole", one["the whole"], WHOLE, True, " ms", "the fixed cost")]
    if draws > 1024:
        return []
    both = sum(one[part] for part in KERNELS)
    asked = BOTH if engine == "expected" else None
    return [
        Figure(f"{name}: beside kernels and moments", one["the whole"] - both, REST, True, " ms"),
        Figure(f"{name}: kernels and moments", both, asked, True, " ms"),
    ]


PROSE = """
Silkeborg with all its uncertainty, one thread, a warm process: from other values of two assumptions that lives hang on to all that is kept of the
run (the chance of break-even, by year too; mean, sd and percentiles; the mean of each year; the worst twentieth; person-years; shares of the variance
and of draws that were clipped; with their errors), processor time, medians. What runs have in common (numbers drawn alike) is made once. The distribution
of luck: under *expected* chance, percentiles, worst twentieth and sd come from a gamma distribution of each draw, whose distribution function is Temme's expansion.
"""
