"""How long a sweep takes and what it needs on the disk, from cells that are made for that."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from simulate.answers.sweep import Needs
from simulate.errors import InputError
from simulate.sweeps.cells import Sweep, forget

MEASURED = 8  # cells of the same lives, whose first ones may cost more than those that follow
MOST_TRIED = 100  # cells, to find one that the rules let pass
MOST_ROWS = 10_000  # that are looked through for cells of the same lives
WARM = 16  # draws of a cell that is made only so that everything is loaded
OVERHEAD = 600  # bytes of a cell in the journal beside its numbers
FRAME = 100_000  # of a table: the scenario's text, names, labels


def estimate(sweep: Sweep, workers: int = 1, clock: Callable[[], float] = time.perf_counter) -> Needs:
    """Makes the scenario as it stands and some cells of the same lives."""
    try:
        return _estimate(sweep, workers, clock)
    finally:
        forget()


def _estimate(sweep: Sweep, workers: int, clock: Callable[[], float]) -> Needs:
    cells, lives, scenarios = len(sweep.grid), _lives(sweep), sweep.grid.scenarios
    sweep = replace(sweep, options=tuple(replace(one, threads=1) for one in sweep.options))
    warm = replace(sweep, options=tuple(replace(one, draws=WARM) for one in sweep.options))
    base = [cells - scenarios]
    for _ in warm.make(base):
        pass
    (alone,), numbers = _timed(sweep, base, clock)
    group = (cells - scenarios) / (lives - scenarios)
    times, more = [alone], None
    if group > 1:
        times, others = _timed(sweep, _same_lives(sweep), clock)
        numbers, more = max(numbers, others), min(times[1:], default=None)
    each = sum(times[: math.ceil(group)]) + max(group - len(times), 0.0) * (alone if more is None else more)
    seconds = ((lives - scenarios) * each + scenarios * alone) / workers
    return Needs(
        cells, lives, workers, seconds, alone, more, cells * (8 * numbers + OVERHEAD), FRAME + cells * 8 * numbers
    )


def _timed(sweep: Sweep, numbers: Sequence[int], clock: Callable[[], float]) -> tuple[list[float], int]:
    """Seconds of each of these cells, and the most numbers that one of them keeps."""
    times, most, began = [], 1, clock()
    for made in sweep.make(numbers):
        times.append(clock() - began)
        most = max(most, 0 if made.numbers is None else len(made.numbers))
        began = clock()
    return times, most


def _same_lives(sweep: Sweep) -> list[int]:
    """A cell that the rules let pass, and some that differ from it in money alone; else the scenario as it stands."""
    grid = sweep.grid
    made = len(grid) - grid.scenarios
    first = next((number for number in range(min(made, MOST_TRIED)) if _passes(sweep, number)), None)
    if first is None:
        return [made]
    at = grid.cell(first).at
    if grid.rows is not None:
        same = [i for i, row in enumerate(grid.rows[:MOST_ROWS]) if _key(row, sweep.money) == _key(at, sweep.money)]
        return [first, *(i for i in same if i != first)][:MEASURED]
    found = [first]
    for i, (axis, only) in enumerate(zip(grid.axes, sweep.money, strict=True)):
        stride = math.prod(grid.shape[i + 2 :])
        if only:
            found += [one + stride * (j - at[i]) for one in found for j in range(len(axis.values)) if j != at[i]]
    return found[:MEASURED]


def _passes(sweep: Sweep, number: int) -> bool:
    try:
        sweep.case(sweep.grid.cell(number))
    except InputError:
        return False
    return True


def _key(at: tuple[int, ...], money: tuple[bool, ...]) -> tuple[int, ...]:
    return tuple(place for place, only in zip(at, money, strict=True) if not only)


def _lives(sweep: Sweep) -> int:
    """Groups of cells that differ in money alone, the scenarios as they stand each one of its own."""
    grid = sweep.grid
    if grid.rows is None:
        groups = math.prod(len(axis.values) for axis, only in zip(grid.axes, sweep.money, strict=True) if not only)
    else:
        groups = len({_key(row, sweep.money) for row in grid.rows})
    return grid.scenarios * (groups + 1)
