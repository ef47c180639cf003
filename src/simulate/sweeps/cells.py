"""A sweep's cells, made: each is a run of its case with the numbers of the cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from simulate.engine import Case, Samples
from simulate.errors import InputError, ScenarioError
from simulate.options import Options
from simulate.scenario import overrides
from simulate.sweeps.grid import Axis, Cell, Grid, Number, groups
from simulate.sweeps.kept import Array, Layout, record


class Made(NamedTuple):
    """A finished cell. reason: why the rules refuse it, in words; then there is nothing else."""

    number: int
    layout: Layout | None
    numbers: Array | None
    reason: str = ""


@dataclass(frozen=True)
class Sweep:
    """cases: of the scenarios as they stand. options: of each. A cell's bits hang on these alone: not on which cells are made together, in what
    order, or where."""

    cases: tuple[Case, ...]
    grid: Grid
    options: tuple[Options, ...]

    @cached_property
    def money(self) -> tuple[bool, ...]:
        """Of each axis whether only money hangs on it, in every scenario."""
        return tuple(
            not any(case.drives_lives(_written(case, axis, axis.values[0])[0]) for case in self.cases)
            for axis in self.grid.axes
        )

    def make(self, numbers: Sequence[int]) -> Iterator[Made]:
        """The cells with these numbers, in any order; those of the same lives one after the other."""
        for group in groups(self.grid, numbers, self.money):
            samples = Samples()
            for cell in group:
                yield self._made(cell, samples)

    def _made(self, cell: Cell, samples: Samples) -> Made:
        try:
            case = self.case(cell)
        except (ScenarioError, InputError) as error:
            return Made(cell.number, None, None, str(error))
        return Made(cell.number, *record(case.run(self.options[cell.scenario], samples=samples)))

    def case(self, cell: Cell) -> Case:
        """Raises ScenarioError and InputError where the rules refuse its numbers."""
        case = self.cases[cell.scenario]
        numbers = [_written(case, axis, value) for axis, value in self.grid.values(cell)]
        return case.with_(dict(numbers)) if numbers else case


def _written(case: Case, axis: Axis, value: Number) -> tuple[str, Any]:
    """The path where an axis writes, and what."""
    plain = list(value) if isinstance(value, tuple) else value
    return (axis.path, plain) if axis.sign == "=" else overrides.multiplied(case.tree, axis.path, plain)
