"""The whole command, as a user waits for it: separate processes, on the wall's clock."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import Figure, Section
from benchmarks.timing import Contestant, rounds

ROOT = Path(__file__).parent.parent
SCENARIO = ROOT / "scenarios" / "silkeborg.toml"
RUN = ("-m", "simulate", "run", str(SCENARIO))  # 16,384 draws, where nothing else is said
COMMANDS = {
    "libraries": ("-c", "import numpy, numba, xarray"),
    "run": RUN,
    "structure": ("-m", "simulate", "structure", str(SCENARIO)),
    "sensitivity": ("-m", "simulate", "sensitivity", str(SCENARIO)),
    "threshold": (
        "-m",
        "simulate",
        "threshold",
        str(SCENARIO),
        *("--assumption", "additional_effect", "--probability", "0.5,0.8,0.9"),
    ),
    "typer": ("-c", "import typer"),
    "help": ("-m", "simulate", "--help"),
    "check": ("-m", "simulate", "check", str(SCENARIO)),
}


def python(arguments: tuple[str, ...], source: Path, cold: bool = False) -> None:
    """A process with the package of this folder. Raises CalledProcessError where it fails."""
    environment = {**os.environ, "PYTHONPATH": str(source)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # or our modules alone would be compiled again each time
    if cold:
        environment.pop("NUMBA_CACHE_DIR", None)
    subprocess.run([sys.executable, *arguments], env=environment, cwd=source, check=True, stdout=subprocess.DEVNULL)


def section(number_of_rounds: int) -> Section:
    with tempfile.TemporaryDirectory() as folder:
        commands = COMMANDS | {"compare": ("-m", "simulate", "compare", str(SCENARIO), str(variant(Path(folder))))}
        contestants = {
            name: Contestant(lambda arguments=arguments: python(arguments, ROOT / "src"))
            for name, arguments in commands.items()
        }
        times = rounds(contestants, number_of_rounds)
    cold = first_run()
    found = Section("The whole command", PROSE)
    found.figures = [
        Figure(
            "`simulate run`, 16,384 draws, to importing numpy, numba and xarray",
            times.ratio("libraries", "run"),
            3.0,
            True,
        ),
        Figure("`simulate structure` to `simulate run`", times.ratio("run", "structure"), 6.0, True),
        Figure(
            "`simulate sensitivity`, 11 uncertain assumptions, to `simulate run`",
            times.ratio("run", "sensitivity"),
            6.0,
            True,
        ),
        Figure(
            "`simulate threshold`, one assumption, three probabilities, to `simulate run`",
            times.ratio("run", "threshold"),
            6.0,
            True,
        ),
        Figure("`simulate compare` of two scenarios to one `simulate run`", times.ratio("run", "compare"), 2.3, True),
        Figure("`simulate --help` to importing typer", times.ratio("typer", "help"), 3.0, True),
        Figure("`simulate check` to importing typer", times.ratio("typer", "check"), 3.0, True),
        Figure(
            "first run ever, nothing compiled, to importing numpy, numba and xarray",
            cold / times.median("libraries"),
            30.0,
            True,
        ),
    ]
    seconds = ", ".join(f"{name} {times.median(name):.2f}" for name in times.seconds)
    found.lines = [f"Seconds, median: {seconds}."]
    return found


def variant(folder: Path) -> Path:
    """A smaller Silkeborg, which shares all assumptions but one."""
    from simulate.scenario import load

    file = folder / "smaller.toml"
    smaller = load(SCENARIO, ["costs.Casemanagers.number=4", "assumptions.finishing.value=[27, 33]"])
    file.write_text(smaller.source, encoding="utf-8")
    return file


def first_run() -> float:
    """Seconds of a run from a copy of the package in which nothing has been compiled."""
    with tempfile.TemporaryDirectory() as folder:
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "src" / "simulate", Path(folder) / "simulate", ignore=ignore)
        begin = time.perf_counter()
        python(RUN, Path(folder), cold=True)
        return time.perf_counter() - begin


PROSE = """
`scenarios/silkeborg.toml` with all its uncertainty, on all cores, the compiled kernels on disk; the last figure without them.
"""
