"""The command `simulate`: a parser in front of plain functions."""

import atexit
import gc
import os


def main() -> None:
    """The console command."""
    _start_quickly()
    from simulate.cli.app import main as command

    command()


def _start_quickly() -> None:
    """What holds for a process that does one thing and ends; together a third of a small run.

    Imports make a million objects and no garbage: looking for it among them so often, and once more at the end, finds nothing. The
    linear algebra is of a few numbers, and its threads would wait for it in a loop, on the processors that the run wants.
    """
    gc.set_threshold(100_000)
    atexit.register(gc.freeze)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


__all__ = ["main"]
