"""A case that is run again with other numbers, in a warm process of one thread; beside it, where there is one, a checkout of older code.

Each source folder has a process of its own, and they take turns: a task each, in processor time. Older code, which has no case that can be run again, reads the
file with `--set` and runs it, as its users had to.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.figures import Figure, Section

ROOT = Path(__file__).parent.parent
SCENARIO = ROOT / "scenarios" / "silkeborg.toml"

WORKER = '''
import json, sys, time
from simulate.scenario import load
from simulate.sampling import Sampler
from simulate.studies import compare, sensitivity, structure, threshold
try:
    from simulate.answers.run import of as summary
except ImportError:
    from simulate.reports.summary import summary
try:
    from simulate.engine import Case, Samples, run
    from simulate.options import Options
    from simulate.scenario.adjustable import movable
except ImportError:
    Case = None
    from simulate.run import Options, run
    from simulate.scenario.movable import movable

file = sys.argv[1]
loaded, one = load(file), Options(threads=1)
scenario, case = loaded.scenario, Case and Case.of(loaded)
of = Case.of if Case else lambda given: given
lives, values = Case and Samples(), iter(range(40_000, 400_000, 1_000))
sceptical = load(file.replace("silkeborg", "silkeborg-sceptical"))

def changed(draws):
    value, options = next(values) / 1e6, Options(threads=1, engine="expected", draws=draws)
    if case:
        summary(case.with_({"relapse": value}).result(options, samples=lives), loaded)
    else:
        other = load(file, [f"relapse={value!r}0"])
        summary(run(other.scenario, options), other)

def price():
    moved, value = movable(scenario, "placement_price"), next(values) / 10
    if case:
        summary(case.with_({moved.name: value}).result(one, samples=lives), loaded)
    else:
        summary(run(scenario, one, sampler=Sampler(scenario, fixed={moved.name: moved.at(value)})), loaded)

def known():
    """Three prices on a line, before any is interpolated."""
    if case:
        moved = movable(scenario, "placement_price")
        for value in (moved.low, moved.high, (moved.low + moved.high) / 2):
            case.with_({moved.name: value}).result(one, samples=lives)

TASKS = {
    "16 draws": lambda: changed(16), "1,024 draws": lambda: changed(1024), "a price": price,
    "threshold of an effect": lambda: threshold.threshold(of(scenario), movable(scenario, "additional_effect"), [0.5, 0.8, 0.9], one),
    "threshold of a price": lambda: threshold.threshold(of(scenario), movable(scenario, "placement_price"), [0.5, 0.8, 0.9], one),
    "sensitivity": lambda: sensitivity.study(of(scenario), one), "structure": lambda: structure.structure(of(scenario), one),
    "compare": lambda: compare.compare([of(loaded), of(sceptical)], one),
}
known()
for name in ("16 draws", "1,024 draws", "a price"):
    TASKS[name]()
for line in sys.stdin:
    began = time.process_time()
    TASKS[json.loads(line)]()
    print(time.process_time() - began, flush=True)
'''
ASKED = {"16 draws": 0.1, "1,024 draws": 0.35, "a price": None}
OFTEN, SELDOM = 9, 3  # rounds
TASKS = {"16 draws": OFTEN, "1,024 draws": OFTEN, "a price": OFTEN} | dict.fromkeys(
    ["threshold of an effect", "threshold of a price", "sensitivity", "structure", "compare"], SELDOM
)


class Worker:
    """A process with the package of a source folder."""

    def __init__(self, source: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(source)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(SCENARIO)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=environment, cwd=source,
        )  # fmt: skip

    def seconds(self, task: str) -> float:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def section(before: Path | None, quick: bool) -> Section:
    """before: the source folder of older code."""
    workers = [Worker(ROOT / "src"), *([] if before is None else [Worker(before)])]
    found = Section("Again, with other numbers", PROSE)
    for task, times in TASKS.items():
        seconds = [[worker.seconds(task) for worker in workers] for _ in range(min(times, 2) if quick else times)]
        ours = 1000 * statistics.median(each[0] for each in seconds)
        if before is None:
            found.figures.append(Figure(task, ours, unit=" ms"))
            continue
        ratio = statistics.median(each[0] / each[1] for each in seconds)
        found.figures.append(Figure(task, ratio, ASKED.get(task, 0.6), True, note=f"{ours:,.1f} ms"))
    for worker in workers:
        worker.end()
    return found


PROSE = """
Silkeborg, one thread, a warm process. The first two rows: from a changed assumption to the whole answer, engine *expected*. The third: to all figures of
`run` after a price has changed, 16,384 lives, three other prices known. The others: whole studies, 16,384 draws.
"""
