"""A sweep, from what is left of it to its table: batches, the journal, how far it is, and how it ends before its end."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate import kernels, machine
from simulate.errors import InputError, ResourceError, SimulateError, StoreError
from simulate.figures import plain, range_of_100
from simulate.files import named
from simulate.locale import plural, spoken, text
from simulate.options import Progress
from simulate.pace import Notify
from simulate.sweeps import about as abouts
from simulate.sweeps import exports, journal, local
from simulate.sweeps.cells import Made, Sweep, forget
from simulate.sweeps.dataset import BASE, REASON
from simulate.sweeps.grid import Grid, Number, groups
from simulate.sweeps.journal import Header, Journal, JournalError
from simulate.sweeps.kept import DRAWS
from simulate.sweeps.local import Executor, Local
from simulate.sweeps.worker import digest

if TYPE_CHECKING:
    import xarray as xr

AT_RISK = 1.5  # seconds of work in a batch, which may be lost; no more than 2, with what it takes to hand it over
GROWTH = 8  # times as many cells as in the batches before, at most
MOST_FAILED = 20  # cells that could not be made, after which no more are tried
MOST_SHOWN = 3  # refused cells that are named
TERMINATED = 128 + 15  # the exit code of a process that was told to end


@dataclass
class State:
    """How far a sweep is. done, of: cells, `before` of them when it began. lowest, highest: the chance so far."""

    of: int
    before: int
    done: int
    refused: int = 0
    failed: list[Made] = field(default_factory=list)
    lowest: float = math.inf
    highest: float = -math.inf
    began: float = field(default_factory=time.monotonic)

    def add(self, cells: Sequence[Made]) -> None:
        for cell in cells:
            self.done += not cell.failure
            self.refused += bool(cell.reason)
            if cell.failure:
                self.failed.append(cell)
            if cell.layout is not None and cell.numbers is not None:
                name = next(one for one in ("probability", "probability_without_luck") if one in cell.layout.places)
                chance = float(cell.numbers[cell.layout.places[name]][0])
                self.lowest, self.highest = min(self.lowest, chance), max(self.highest, chance)

    @property
    def rate(self) -> float:
        """Cells a second."""
        return (self.done - self.before) / max(time.monotonic() - self.began, 1e-9)

    @property
    def left(self) -> float:
        """Seconds."""
        return (self.of - self.done) / self.rate if self.rate > 0 else math.inf

    def words(self) -> str:
        """In a line: how far, how fast, how long still, and the answer so far."""
        told: list[str] = [text("{done} of {of} cells", done=self.done, of=self.of)]
        if self.rate > 0 and self.done < self.of:
            told.append(text("{rate} a second", rate=plain(float(f"{self.rate:.2g}"))))
            told.append(_duration(self.left))
        if self.lowest <= self.highest:
            told.append(text("chance so far {range} of 100", range=range_of_100(self.lowest, self.highest)))
        return ", ".join(told)


Show = Callable[[State], None]


def sweep(
    one: Sweep,
    out: str | Path,
    about: dict[str, Any],
    *,
    keep: Sequence[str] = (),
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    show: Show | None = None,
    notify: Notify = lambda words: None,
    inputs: Sequence[str] = (),
) -> xr.Dataset:
    """Make what is left of a sweep, each cell in the journal beside `out` before it counts as done, and write its table.

    about: attributes of the table beside what it says by itself. keep: what of each cell beside the estimates. workers: threads; all processors where
    None is given. executor: what makes the cells in their place. progress, show: hear of cells that are done. notify: of what is worth saying.
    inputs: files that must not be replaced.

    Raises InputError before any work: for a place that cannot be written or where there is what this sweep did not make, a journal of another sweep or of a machine with other figures, or one that somebody else writes. StoreError
    where the disk takes no more, SimulateError for cells that could not be made: what was done before is kept. KeyboardInterrupt, and SystemExit where
    the process is told to end, once it is said how to go on.
    """
    one = replace(one, keep=tuple(keep) or one.keep)
    place = exports.checked(str(out), [*inputs, *(file for case in one.cases for file in case.loaded.files)])
    _check_draws(one, place)
    header = Header(abouts.made_of(one), {**abouts.of_table(one), "attributes": about})
    if not os.path.lexists(journal.beside(place)):  # which would be made
        exports.check_own(str(out), place, ())
    with journal.held(journal.beside(place), header) as kept, _ending():
        exports.check_own(str(out), place, kept.outputs())
        state = State(len(one.grid), len(kept.done), len(kept.done))
        try:
            _begin(kept, state, notify)
            _prove(one, kept)
            for cells in _made(one, kept, executor, workers):
                kept.write([cell for cell in cells if not cell.failure])
                state.add(cells)
                _tell(state, progress, show)
                if len(state.failed) > MOST_FAILED:
                    break
            _check_failed(state, one.grid, place)
            found = exports.write(kept, place, str(out))
            _check_whole(found)
        except (KeyboardInterrupt, SystemExit):
            notify(_how_to_go_on(state, kept))
            raise
        finally:
            forget()  # what an executor made in this thread
        _end(kept, one.grid, notify)
        return found


def _check_whole(found: xr.Dataset) -> None:
    """Whether every cell is in the table. Raises StoreError: the disk gave back another than it took."""
    missing = sum(int((found[name] == str(text("not made yet"))).sum()) for name in (REASON, BASE + REASON))
    if missing:
        message = plural(
            "{n} cell was damaged on the disk after it was made; the same command makes it again",
            "{n} cells were damaged on the disk after they were made; the same command makes them again",
            missing,
        )
        raise StoreError(message)


def _check_draws(one: Sweep, place: Path) -> None:
    """Whether the draws have a place in the table. Raises InputError."""
    if DRAWS not in one.keep:
        return
    if place.suffix.lower() not in exports.WHOLE:
        message = text(
            "--keep draws: only {endings} have room for the draws; name such an --out", endings=", ".join(exports.WHOLE)
        )
        raise InputError(message)
    needed, free = 2 * 8 * len(one.grid) * max(options.draws for options in one.options), machine.memory()
    if needed > free:
        message = text(
            "--keep draws: the table would need about {needed} GB of memory and {free} GB are free; take fewer --draws",
            needed=spoken(needed / 1e9, ".1f"), free=spoken(free / 1e9, ".1f"),
        )  # fmt: skip
        raise ResourceError(message)


@contextlib.contextmanager
def _ending() -> Iterator[None]:
    """A process that is told to end stops as one that is interrupted, with its own exit code."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: object) -> None:
        raise SystemExit(TERMINATED)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _made(one: Sweep, kept: Journal, executor: Executor | None, workers: int | None) -> Iterator[list[Made]]:
    left = [number for number in range(len(one.grid)) if number not in kept.done]
    if not left:
        return
    if executor is None:
        _load(one)
        executor = Local(local.workers(one, workers, len(left)))
    batches = Batches(one, left)
    work = executor.made(one, iter(batches))
    with contextlib.closing(work):  # type: ignore[type-var]
        for cells in work:
            batches.took(cells)
            yield cells


def _prove(one: Sweep, kept: Journal) -> None:
    """Where some of a sweep is done, make one of its cells again, a scenario as it stands where that is done, the first one else.

    Raises JournalError where a single bit differs: processors of different kinds may differ so, as their libraries choose other instructions, and one
    table must not hold cells of both.
    """
    if not 0 < len(kept.done) < len(one.grid):
        return
    was = kept.proof(range(len(one.grid) - one.grid.scenarios, len(one.grid)))
    if was is None:  # the rules refuse all of them
        return
    (now,) = one.make([was.number])
    forget()
    if now.failure:
        raise SimulateError(f"{cell_named(one.grid, was.number)}: {now.failure}")
    if digest(now) != digest(was):
        message = text(
            "the cells in it were made on a machine whose figures differ from those of this one in their last digits ({cell}): let the same command finish there, or begin anew here with another --out",
            cell=cell_named(one.grid, was.number),
        )
        raise JournalError(kept.path, message)


def _load(one: Sweep) -> None:
    """Import and compile before there are threads."""
    by_weeks = not all(case.model.refunds.is_plain for case in one.cases)
    for options in one.options:
        kernels.load("expected")
        if by_weeks:
            kernels.load("steps")
        if options.engine == "lives":
            kernels.load("lives")
        if not options.plain:
            kernels.load("moments")
        if options.adds_luck:
            kernels.load("gammas")


class Batches:
    """Numbers of the cells that are left, scenarios as they stand first, those of the same lives one after the other, no more in a batch than what takes
    `AT_RISK` seconds, to go by those that have come back."""

    def __init__(self, one: Sweep, left: Sequence[int]) -> None:
        found = sorted(groups(one.grid, left, one.money), key=lambda group: group[0].at != ())
        self._cells = [cell.number for group in found for cell in group]
        self._size = 1
        self._seconds = 0.0

    def __iter__(self) -> Iterator[Sequence[int]]:
        first = 0
        while first < len(self._cells):
            found = self._cells[first : first + self._size]
            first += len(found)
            yield found

    def took(self, cells: Sequence[Made]) -> None:
        """What has come back, and how long it took; refused cells tell nothing."""
        seconds = [cell.seconds for cell in cells if cell.layout is not None]
        if seconds:
            mean = sum(seconds) / len(seconds)
            self._seconds = max(mean, (mean + self._seconds) / 2)  # up at once, down slowly
            self._size = max(1, min(int(AT_RISK / max(self._seconds, 1e-9)), GROWTH * self._size))


# Words ----------------------------------------------------------------------------------------------------------------------


def _begin(kept: Journal, state: State, notify: Notify) -> None:
    if kept.was_damaged:
        notify(
            text(
                "{journal} was damaged: {n} cells in it are whole, and kept; what is missing is made again.",
                journal=named(kept.path), n=state.done,
            )
        )  # fmt: skip
    if 0 < state.done < state.of:
        notify(text("{done} of {of} cells are done already; going on with the others.", done=state.done, of=state.of))


def _tell(state: State, progress: Progress | None, show: Show | None) -> None:
    if progress is not None:
        progress(state.done, state.of)
    if show is not None:
        show(state)


def _how_to_go_on(state: State, kept: Journal) -> str:
    return text(
        "Stopped. {done} of {of} cells are done and kept in {journal}; give the same command again, and it goes on there.",
        done=len(kept.done), of=state.of, journal=named(kept.path),
    )  # fmt: skip


def _check_failed(state: State, grid: Grid, out: Path) -> None:
    """Raises SimulateError that names the cells which could not be made."""
    if not state.failed:
        return
    first = state.failed[0]
    message = plural(
        "{n} cell could not be made; the others are kept, and the same command tries it again: {cell}:",
        "{n} cells could not be made; the others are kept, and the same command tries these again. The first: {cell}:",
        len(state.failed), cell=cell_named(grid, first.number),
    )  # fmt: skip
    raise SimulateError(f"{message}\n  {first.failure}")


def _end(kept: Journal, grid: Grid, notify: Notify) -> None:
    """How many cells the rules refuse, and why the first of them."""
    refused = kept.refused()
    if not refused:
        return
    message = plural("{n} cell is empty, for the rules refuse its numbers:", "{n} cells are empty, for the rules refuse their numbers:",
                     len(refused))  # fmt: skip
    shown = [f"  {cell_named(grid, number)}: {why}" for number, why in refused[:MOST_SHOWN]]
    notify("\n".join([message, *shown, *(["  ..."] if len(refused) > MOST_SHOWN else [])]))


def cell_named(grid: Grid, number: int) -> str:
    """By the values of what is varied."""
    cell = grid.cell(number)
    told = [f"{axis.path}{axis.sign}{_written(value)}" for axis, value in grid.values(cell)]
    return ", ".join(told) or text("the scenario as it stands")


def _written(value: Number) -> str:
    """With the language's decimal mark, and all digits."""
    return spoken(value) if isinstance(value, float) else str(value)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return text("{n} seconds left", n=f"{seconds:.0f}")
    if seconds < 5400:
        return text("{n} minutes left", n=f"{seconds / 60:.0f}")
    return text("{n} hours left", n=plain(round(seconds / 3600, 1)))
