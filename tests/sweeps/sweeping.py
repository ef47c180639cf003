"""A program for the tests of sweeps that are stopped: processes that sweep and are killed at moments drawn at random, and go on.

`python sweeping.py killed FOLDER KILLS SEED` prints nothing and ends with 0 where never a finished cell was lost and the result has the bits of a
sweep that nothing stopped. `python sweeping.py sweep OUT DRAWS ENGINE` sweeps, and says beside it what there is to say.
Processes are forked off this one, which has no threads, so that twenty of them cost no more than one.
"""

import os
import random
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import synthetic

from simulate import locale
from simulate.sweeps import exports, journal, run
from simulate.sweeps.cells import Made, Sweep
from simulate.sweeps.local import Executor, Local


def forked(work: Callable[[], object]) -> int:
    """Start a process that does this, and comes to its end without more ado."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


def kept(place: Path) -> dict[int, object]:
    """Bits of the cells that are done."""
    if not place.exists():
        return {}
    with journal.opened(place) as found:
        cells = {cell.number: synthetic.bits(cell) for cell in found.cells()}
        assert found.damaged == 0
    return cells


def killed(folder: Path, kills: int, seed: int, sweep: Sweep, executor: Executor | None) -> None:
    began = time.monotonic()
    whole = folder / "whole.nc"
    child = forked(lambda: run.sweep(sweep, whole, {}, workers=1, executor=executor))
    assert os.waitpid(child, 0)[1] == 0
    seconds, expected = time.monotonic() - began, kept(journal.beside(whole))
    assert len(expected) == len(sweep.grid)
    chance, out = random.Random(seed), folder / "killed.nc"
    place, before, so_far = journal.beside(out), dict[int, object](), 0
    while so_far < kills:
        child = forked(lambda: run.sweep(sweep, out, {}, workers=2, executor=executor))
        time.sleep(chance.random() * seconds / 3)
        os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
        assert status in (0, signal.SIGKILL), status
        now = kept(place)
        assert now.items() >= before.items()
        assert now.items() <= expected.items()
        before, so_far = now, so_far + (status != 0)
        if status == 0:  # it was done: begin again
            assert now == expected
            place.unlink()
            out.unlink()
            before = {}
    child = forked(lambda: run.sweep(sweep, out, {}, workers=2, executor=executor))
    assert os.waitpid(child, 0)[1] == 0
    assert kept(place) == expected
    assert exports.read(out).equals(exports.read(whole))
    out.unlink()
    whole.unlink()
    for one in folder.iterdir():
        one.unlink()


def at_random(folder: Path, kills: int, seed: int) -> None:
    synthetic.layout()  # compiled, before processes are forked
    killed(folder, kills, seed, synthetic.sweep_of(4, 3, 2), None)
    killed(folder, kills, seed, synthetic.sweep_of(5, 20, 4, kind=synthetic.MadeUp), synthetic.Synthetic(0.002))


class Telling(Local):
    """Says when its work begins."""

    def made(self, sweep: Sweep, batches: Iterator[Sequence[int]]) -> Iterator[list[Made]]:
        print("begun", flush=True)
        yield from super().made(sweep, batches)


def sweep(out: str, draws: int, engine: str) -> None:
    one = synthetic.sweep_of(2, 2, draws=draws, engine=engine)
    locale.use("en")  # and not as the scenario is written
    run.sweep(one, out, {}, executor=Telling(2), notify=lambda words: print(words, file=sys.stderr, flush=True))


if __name__ == "__main__":
    # newer Pythons warn of threads, which here are a library's and stand still
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    locale.use("en")
    signal.signal(signal.SIGINT, signal.default_int_handler)  # which a process in the background of a shell has not
    asked, *given = sys.argv[1:]
    if asked == "killed":
        at_random(Path(given[0]), int(given[1]), int(given[2]))
    else:
        sweep(given[0], int(given[1]), given[2])
