"""Sweeps: what a cell costs that differs in a price alone, beside a user's own loop over `simulate run --set`, and on two workers."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.commands import ROOT, SCENARIO, python
from benchmarks.figures import Figure, Section
from simulate.engine import Case
from simulate.options import Engine, Options
from simulate.scenario import load
from simulate.sweeps import schedulers, vary
from simulate.sweeps.cells import Sweep
from simulate.sweeps.grid import Grid

DRAWS = {1024: (3.0, 200), 16384: (20.0, 30)}  # ms asked of a cell that is told by others, and how many are timed
PRICES, RATES = 400, 100  # cells of the commands that are held against a loop
LOOP = 3  # runs of the loop that are timed; the others take as long
TIMES = {"prices": 20.0, "rates": 5.0}  # as long as a sweep the loop takes at least
COMMAND = ("--draws", "1024", "--engine", "expected")
TWO = 1.7  # times as fast as one worker are two


def swept(given: dict[str, Any], draws: int, engine: Engine) -> Sweep:
    case = Case.of(load(SCENARIO))
    axes = vary.of(given, [case])
    return Sweep((case,), Grid(1, axes), (Options.of(case.scenario, draws=draws, engine=engine, threads=1),))


def told(engine: Engine, draws: int, cells: int) -> tuple[float, int]:
    """Milliseconds of processor time of a cell that differs from others in a price alone, once the runs that tell it are made; how many these are."""
    sweep = swept({"benefit": [11_000 + 10 * i for i in range(2 * cells)]}, draws, engine)
    list(sweep.make(range(cells)))  # with all runs that tell the others
    began = time.thread_time()
    made = list(sweep.make(range(cells, 2 * cells)))
    taken = (time.thread_time() - began) / len(made)
    return 1000 * taken, 4 if engine == "expected" else 3


def loop(name: str, values: str, number: int) -> float:
    """How many times as long as a sweep a loop over `simulate run --set` takes, on the wall's clock."""
    began = time.perf_counter()
    for i in range(LOOP):
        python(
            ("-m", "simulate", "run", str(SCENARIO), "--json", "--set", f"{name}={0.05 + i / 100}", *COMMAND),
            ROOT / "src",
        )
    each = (time.perf_counter() - began) / LOOP
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        what = ("--vary", f"{name}={values}", "--out", str(Path(folder) / "sweep.nc"))
        python(("-m", "simulate", "sweep", str(SCENARIO), *what, *COMMAND), ROOT / "src")
        return number * each / (time.perf_counter() - began)


def workers(number: int, sweep: Sweep, batches: Sequence[Sequence[int]]) -> float:
    """Cells a second, on the wall's clock, once the workers are there and ready."""
    with schedulers.connected(workers=number) as cluster:
        list(cluster.made(sweep, iter(batches[:number])))
        began = time.perf_counter()
        cells = sum(len(one) for one in cluster.made(sweep, iter(batches[number:])))
        return cells / (time.perf_counter() - began)


def section(quick: bool) -> Section:
    found = Section("Sweeps", PROSE)
    engines: tuple[Engine, ...] = ("lives", "expected")
    for engine in engines:
        for draws, (asked, cells) in DRAWS.items():
            taken, runs = told(engine, draws, cells // 5 if quick else cells)
            what = f"*{engine}*, {draws:,} draws: a cell with another price"
            found.figures.append(Figure(what, taken, asked, True, " ms", f"beside the {runs} runs that tell them"))
    for what, name, values, number in (
        ("prices", "roles.adult.states.kontanthjælp.refusion", f"0,05:0,4:{PRICES}", PRICES),
        ("rates", "relapse", f"0,05:0,4:{RATES}", RATES),
    ):
        note = f"a grid of {number} {what}, *expected*, 1,024 draws; wall's clock"
        found.figures.append(
            Figure("a loop over `simulate run --set`, to the sweep", loop(name, values, number), TIMES[what], note=note)
        )
    sweep = swept({"relapse": [0.05 + i / 1000 for i in range(240)]}, 1024, "expected")
    batches = [range(i, i + 20) for i in range(0, 240, 20)]
    one, two = (workers(n, sweep, batches) for n in (1, 2))
    found.figures.append(
        Figure("two workers to one", two / one, TWO, note=f"{one:.0f} and {two:.0f} cells a second; wall's clock")
    )
    found.figures.append(
        Figure(
            "100,000 cells on two workers, hours",
            1e5 / two / 3600,
            3.0,
            True,
            " h",
            "reckoned from these cells: *expected*, 1,024 draws",
        )
    )
    return found


PROSE = """
Silkeborg with all its uncertainty. Cells that differ in a price alone are told by a few runs. A loop is what a user would write: `simulate run --set` for
each cell, a process each.
"""
