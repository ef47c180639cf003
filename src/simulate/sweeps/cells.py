"""A sweep's cells, made: each is a run of its case with the numbers of the cell."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from simulate.engine import Case, Samples
from simulate.errors import InputError, ScenarioError, SimulateError
from simulate.options import Options, Progress
from simulate.pace import Pace
from simulate.scenario import overrides
from simulate.sweeps.grid import Axis, Cell, Grid, Number, groups
from simulate.sweeps.kept import Array, Layout, record


class Made(NamedTuple):
    """A finished cell. reason: why the rules refuse it, in words; then there is nothing else. seconds: that it took. failure: why it could not be
    made, though the rules let it pass; then it is not finished."""

    number: int
    layout: Layout | None
    numbers: Array | None
    reason: str = ""
    seconds: float = 0.0
    failure: str = ""


@dataclass(frozen=True)
class Sweep:
    """cases: of the scenarios as they stand. options: of each, years for periods. keep: what of each cell beside the estimates.

    A cell's bits hang on these alone: not on which cells are made together, in what order, or where.
    """

    cases: tuple[Case, ...]
    grid: Grid
    options: tuple[Options, ...]
    keep: tuple[str, ...] = ()

    @cached_property
    def money(self) -> tuple[bool, ...]:
        """Of each axis whether only money hangs on it, in every scenario."""
        return tuple(
            not any(case.drives_lives(_written(case, axis, axis.values[0])[0]) for case in self.cases)
            for axis in self.grid.axes
        )

    def make(self, numbers: Sequence[int], progress: Progress | None = None, room: int | None = None) -> Iterator[Made]:
        """The cells with these numbers, in any order; those of the same lives one after the other.

        progress: hears of the draws of each cell, and may raise what ends the work. room: bytes for lives that cells share; None: as much as may be.
        """
        for group in groups(self.grid, numbers, self.money):
            samples = Samples(room) if len(group) > 1 else None
            for cell in group:
                yield self._made(cell, samples, progress)

    def _made(self, cell: Cell, samples: Samples | None, progress: Progress | None) -> Made:
        began = time.perf_counter()
        try:
            case = self.case(cell)
        except (ScenarioError, InputError) as error:
            return Made(cell.number, None, None, str(error), time.perf_counter() - began)
        try:
            # without what runs at other prices tell of it: the cell would hang on which these were
            work = replace(case.work(self.options[cell.scenario], samples), variant=None)
            kept = record(work.run(progress, Pace()), self.keep)
        except SimulateError as error:
            return Made(cell.number, None, None, failure=str(error))
        except Exception:
            return Made(cell.number, None, None, failure=traceback.format_exc())
        return Made(cell.number, *kept, seconds=time.perf_counter() - began)

    def case(self, cell: Cell) -> Case:
        """Raises ScenarioError and InputError where the rules refuse its numbers."""
        case = self.cases[cell.scenario]
        numbers = [_written(case, axis, value) for axis, value in self.grid.values(cell)]
        return case.with_(dict(numbers)) if numbers else case


def _written(case: Case, axis: Axis, value: Number) -> tuple[str, Any]:
    """The path where an axis writes, and what."""
    if axis.sign == "=":
        return axis.path, list(value) if isinstance(value, tuple) else value
    assert not isinstance(value, tuple)
    return overrides.multiplied(case.tree, axis.path, value)
