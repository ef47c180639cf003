"""What is shown on standard error while a run works."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from simulate import kernels, scenario
from simulate.files import named, reason
from simulate.locale import text

PATIENCE = 1.0  # seconds before a bar appears


def announce_compiling(engine: str) -> None:
    """Say, whenever something is compiled, why the run takes longer; have the work shared out where nothing is compiled yet."""
    kernels.alone()
    said: list[bool] = []

    def compiling() -> None:
        if not said:
            print(text("Compiling the engine (about 10 seconds, once) ..."), file=sys.stderr, flush=True)
            said.append(True)

    kernels.tell(compiling, _lost)
    needed = ("lives", "expected", "moments") if engine == "lives" else ("expected", "moments", "gammas")
    if not all(kernels.is_compiled(file) for file in needed):
        compiling()
        if engine == "lives" and not kernels.is_compiled("moments"):
            _compile_beside()


def _lost(error: OSError) -> None:
    message = text(
        "What was compiled could not be kept for the next run, which will compile again: {file}: {reason}",
        file=named(error.filename or ""), reason=reason(error),
    )  # fmt: skip
    print(message, file=sys.stderr, flush=True)


def _compile_beside() -> None:
    """Have the moments compiled by a process of its own while this one compiles lives: the compiler takes one core."""
    import atexit
    import os
    import subprocess

    if (os.cpu_count() or 1) < 2 or not kernels.is_kept():
        return
    template = Path(scenario.__file__).with_name("template.en.toml")
    command = [
        sys.executable,
        "-m",
        "simulate",
        "run",
        str(template),
        "--engine",
        "expected",
        "--draws",
        "16",
        "--json",
    ]
    quiet = subprocess.DEVNULL
    worker = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)
    atexit.register(worker.kill)  # of no use any more, should it still run then
    kernels.elsewhere("moments", worker.wait)


@contextmanager
def progress() -> Iterator[Callable[[int, int], None] | None]:
    """A function (done, of) that draws a bar with the time left; None where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    bar: list[Any] = []
    began = time.monotonic()

    def show(done: int, of: int) -> None:
        if not bar and time.monotonic() - began < PATIENCE:
            return
        if not bar:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

            shown = Progress(TextColumn(text("Courses")), BarColumn(), TimeRemainingColumn(),
                             console=Console(stderr=True), transient=True)  # fmt: skip
            shown.start()
            bar.extend([shown, shown.add_task("", total=of)])
        bar[0].update(bar[1], completed=done, total=of)  # a later step of a precision has more

    try:
        yield show
    finally:
        if bar:
            bar[0].stop()


OFTEN = 0.5  # seconds between two lines


@contextmanager
def line() -> Iterator[Callable[[str], None] | None]:
    """A function that shows words in a line, each in the place of those before; None where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    shown = [-OFTEN]

    def show(words: str) -> None:
        if time.monotonic() - shown[0] >= OFTEN:
            shown[0] = time.monotonic()
            room = shutil.get_terminal_size().columns - 1
            print("\r" + words[:room].ljust(room), end="", file=sys.stderr, flush=True)

    try:
        yield show
    finally:
        if shown[0] >= 0:
            print("\r" + " " * (shutil.get_terminal_size().columns - 1) + "\r", end="", file=sys.stderr, flush=True)
