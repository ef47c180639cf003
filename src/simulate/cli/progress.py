"""What is shown on standard error while a run works."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from simulate import kernels
from simulate.locale import text

PATIENCE = 1.0  # seconds before a bar appears


def announce_compiling(engine: str) -> None:
    """Say why the first run ever takes longer."""
    needed = ("lives", "expected", "moments") if engine == "lives" else ("expected", "moments")
    if not all(kernels.is_compiled(file) for file in needed):
        print(text("First run: compiling the engine (about 10 seconds, once) ..."), file=sys.stderr, flush=True)


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
