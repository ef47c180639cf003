"""A sweep's cells, made: each is a run of its case with the numbers of the cell."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple

from simulate.engine import Case, Priced, Result, Samples
from simulate.errors import InputError, ResourceError, SimulateError
from simulate.options import Options, Progress
from simulate.pace import Pace
from simulate.scenario import overrides, unit
from simulate.sweeps.grid import Axis, Cell, Grid, Number, groups
from simulate.sweeps.kept import Array, Layout, record

_KEPT = threading.local()


class Made(NamedTuple):
    """A finished cell. reason: why the rules refuse it, in words; then there is nothing else. seconds: that it took. failure: why it could not be
    made, though the rules let it pass; then it is not finished."""

    number: int
    layout: Layout | None
    numbers: Array | None
    reason: str = ""
    seconds: float = 0.0
    failure: str = ""


def forget() -> None:
    """Let go of what the cells of this thread had in common: a sweep that has ended needs it no more, and it may be a large part of the memory."""
    _KEPT.__dict__.clear()


@dataclass(frozen=True)
class Sweep:
    """cases: of the scenarios as they stand. options: of each, years for periods. keep: what of each cell beside the estimates.

    A cell's bits hang on these alone: not on which cells are made together, in what order, or where. Cells that differ in money alone are told by a
    few runs, which the grid chooses, not what is asked for.
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
            for cell in group:
                yield self._made(cell, progress, room)

    def _made(self, cell: Cell, progress: Progress | None, room: int | None) -> Made:
        began = time.perf_counter()
        try:
            kept = record(self._result(cell, progress, room), self.keep)
        except ResourceError as error:
            return Made(cell.number, None, None, failure=str(error))
        except InputError as error:
            return Made(cell.number, None, None, str(error), time.perf_counter() - began)
        except SimulateError as error:
            return Made(cell.number, None, None, failure=str(error))
        except Exception:
            return Made(cell.number, None, None, failure=traceback.format_exc())
        return Made(cell.number, *kept, seconds=time.perf_counter() - began)

    def _result(self, cell: Cell, progress: Progress | None, room: int | None) -> Result:
        """Of a run, or told by runs at other prices. Raises InputError where the rules refuse the cell's numbers."""
        family = self._family(cell, room) if cell.at and any(self.money) else None
        if family is not None:
            return family.run(self._numbers(cell, of_money=True), progress)
        return self.case(cell).work(self._asked(cell), self._samples(room)).run(progress, Pace())

    def _samples(self, room: int | None) -> Samples:
        """What this thread's cells have in common; it changes no bit."""
        own = getattr(_KEPT, "samples", None)
        if own is None or own[0] is not self or own[1].is_half_full:
            own = _KEPT.samples = (self, Samples(room))
        found: Samples = own[1]
        return found

    def _asked(self, cell: Cell) -> Options:
        """Of what is kept nothing is of tables, nor of another counterfactual."""
        return replace(self.options[cell.scenario], alone=True, brief=True)

    def _family(self, cell: Cell, room: int | None) -> Priced | None:
        """All cells that differ from this one in money alone; None where they are too few to be told, or what they have in common is refused.

        The last one of each thread is kept, for the cells that come next are of the same.
        """
        key = self._lives(cell)
        own = getattr(_KEPT, "family", None)
        if own is None or own[0] is not self or own[1] != key:
            own = _KEPT.family = (self, key, self._made_family(cell, key, room))
        found: Priced | None = own[2]
        return found

    def _made_family(self, cell: Cell, key: tuple[int, ...], room: int | None) -> Priced | None:
        case = self.cases[cell.scenario]
        others = [self._numbers(one, of_money=True) for one in self._like(cell, key)]
        if len(others) < 2:
            return None
        try:
            lives = self._numbers(cell, of_money=False)
            case = case.with_(lives) if lives else case
            found = Priced.of(case, others, self._asked(cell), self._samples(room), all_asked=True)
            return found if found.tells else None
        except InputError:
            return None

    def _lives(self, cell: Cell) -> tuple[int, ...]:
        """What lives hang on: places of the scenario, and of the values of axes that are not only money's."""
        return (cell.scenario, *(place for place, only in zip(cell.at, self.money, strict=True) if not only))

    def _like(self, cell: Cell, key: tuple[int, ...]) -> Iterator[Cell]:
        """The cells with the same lives."""
        if self._rows is None:
            choices = [
                range(len(axis.values)) if only else [place]
                for axis, place, only in zip(self.grid.axes, cell.at, self.money, strict=True)
            ]
            yield from (Cell(-1, cell.scenario, at) for at in product(*choices))
        else:
            yield from (Cell(-1, cell.scenario, row) for row in self._rows[key[1:]])

    @cached_property
    def _rows(self) -> dict[tuple[int, ...], list[tuple[int, ...]]] | None:
        """The rows by what lives hang on, each once; None where the cells are no rows."""
        if self.grid.rows is None:
            return None
        found: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
        for row in dict.fromkeys(self.grid.rows):
            found.setdefault(self._lives(Cell(-1, 0, row))[1:], []).append(row)
        return found

    def _numbers(self, cell: Cell, of_money: bool) -> dict[str, Any]:
        """Those of a cell that only money hangs on, or the others."""
        case, values = self.cases[cell.scenario], self.grid.values(cell)
        return dict(
            _written(case, axis, value)
            for (axis, value), only in zip(values, self.money, strict=True)
            if only == of_money
        )

    def case(self, cell: Cell) -> Case:
        """Raises ScenarioError and InputError where the rules refuse its numbers."""
        case = self.cases[cell.scenario]
        numbers = [_written(case, axis, value) for axis, value in self.grid.values(cell)]
        return case.with_(dict(numbers)) if numbers else case


def _written(case: Case, axis: Axis, value: Number) -> tuple[str, Any]:
    """The path where an axis writes, and what."""
    if axis.sign == "=":
        found = list(value) if isinstance(value, tuple) else value
        return axis.path, unit.in_kroner(case.scenario, found) if axis.usage == "money" else found
    assert not isinstance(value, tuple)
    return overrides.multiplied(case.tree, axis.path, value)
