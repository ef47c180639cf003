"""Where and with what was measured."""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path

from benchmarks import speed
from benchmarks.peers import c

LIBRARIES = ("numpy", "scipy", "numba", "llvmlite", "xarray", "typer", "simpy")


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")


def compiler() -> str:
    if not c.compiler():
        return "no C compiler: the C peers were left out"
    first = subprocess.run([c.compiler(), "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[
        0
    ]
    return f"{first}, {' '.join(c.FLAGS[:2])}"


def version(library: str) -> str:
    try:
        return f"{library} {importlib.metadata.version(library)}"
    except importlib.metadata.PackageNotFoundError:
        return f"no {library}"


def load() -> str:
    return ", ".join(f"{number:.1f}" for number in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"


def heading(seconds: float, rounds: int) -> str:
    draws = ", ".join(f"{number:,} ({name})" for name, number in speed.DRAWS.items())
    fewer = ", ".join(f"{name} 1/{times}" for name, times in speed.FEWER.items())
    return f"""# Benchmarks

Written by `python -m benchmarks` (options: `--only`, `--quick`); nothing here is tested or timed by the test run.

| | |
| --- | --- |
| date | {datetime.date.today()} |
| processor | {processor()}, {os.cpu_count()} cores, {platform.system()} |
| load average over 1, 5, 15 minutes, at the end | {load()} |
| versions | Python {platform.python_version()}; {"; ".join(version(name) for name in LIBRARIES)} |
| compiler | {compiler()} |
| threads | 1 unless a row says otherwise |
| draws | {draws}; slower peers fewer of them: {fewer} |
| rounds | {rounds}, programs in turn; a figure is the median over the rounds of the ratio within a round |
| took | {seconds:.0f} s |

What not to conclude: seconds are this machine's, and so are ratios to some degree (a processor with a slower
multiplication would be harder on random numbers made by hashing); ratios to NumPy and SimPy say nothing of other programs
written with them; a load average above 1 means that the machine was shared, which the wall-clock figures (two threads, the whole command, growth)
feel and the one-thread figures, in processor time, hardly. C is allowed what the engine is not: one stream of random numbers in place of
addressed ones (which make a result independent of threads, chunks and processes), one exponential for all clocks of a state, no life with the same luck.

"""
