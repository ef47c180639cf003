"""Reports, as whole commands, in the processor's time of their processes: writing one that is stored, and asking one beside a run."""

from __future__ import annotations

import resource
import tempfile
from pathlib import Path

from benchmarks.commands import ROOT, SCENARIO, python
from benchmarks.figures import Figure, Section
from benchmarks.timing import Contestant, rounds

MOST = 5.0  # seconds, of all forms of a stored report
TIMES = 20.0  # as long as one run
ENGINES = ("lives", "expected")
ROUNDS = 3  # of runs and reports of minutes


def section(number_of_rounds: int, quick: bool = False) -> Section:
    draws = ("--draws", "1024") if quick else ()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        simulate("run", SCENARIO, *draws, "--out", folder / "kept", "--full")
        every = {
            "all forms": lambda: simulate("report", folder / "kept", "--out", folder / "all"),
            "one form": lambda: simulate("report", folder / "kept", "--out", folder / "report.html"),
            "libraries": lambda: python(("-m", "benchmarks.peers.documents", str(folder)), ROOT),
        }
        written = rounds({key: Contestant(work, clock=spent) for key, work in every.items()}, number_of_rounds)
        asked: dict[str, Contestant] = {}
        for engine in ENGINES:
            how = (SCENARIO, "--engine", engine, *draws)
            asked[f"run {engine}"] = Contestant(lambda how=how: simulate("run", *how), clock=spent)
            report = (*how, "--out", folder / f"{engine}.html")
            asked[f"report {engine}"] = Contestant(lambda report=report: simulate("report", *report), clock=spent)
        times = rounds(asked, min(number_of_rounds, ROUNDS))
    found = Section("Reports", PROSE)
    found.figures = [
        Figure("all forms and pictures of a stored report", written.median("all forms"), MOST, True, " s"),
        Figure(
            "all forms to one table and one picture by the same libraries alone",
            written.ratio("libraries", "all forms"),
        ),
        *(
            Figure(
                f"`simulate report` to `simulate run`, {engine}",
                times.ratio(f"run {engine}", f"report {engine}"),
                TIMES,
                True,
            )
            for engine in ENGINES
        ),
    ]
    medians = {
        **{key: written.median(key) for key in written.seconds},
        **{key: times.median(key) for key in times.seconds},
    }
    found.lines = ["Processor seconds, median: " + ", ".join(f"{key} {one:.2f}" for key, one in medians.items()) + "."]
    return found


def simulate(*arguments: str | Path) -> None:
    python(("-m", "simulate", *map(str, arguments)), ROOT / "src")


def spent() -> float:
    """Seconds of the processor that processes which have ended were given, their system calls included."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


PROSE = """
`scenarios/silkeborg.toml` with all its uncertainty: page, Word document, PDF, workbook, Markdown, CSV and five pictures of a result that `run --full` has
stored, and a page from the scenario, with all the runs that it is made of. Processor time of the whole command.
"""
