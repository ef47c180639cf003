"""What a sweep varies: axes, whose product the cells are, or rows that name them one by one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from simulate.scenario.numbers import Usage

Number = float | int | tuple[float, ...]  # by year where it is a tuple
Sign = Literal["=", "*"]


@dataclass(frozen=True, slots=True)
class Axis:
    """One thing that is varied.

    name: of the dimension. path: as a person writes it, an assumption's name or a path. sign: as in `--set`: "=" puts the value there (and holds
    an uncertain assumption at it), "*" multiplies what stands there (every draw of an uncertain assumption, which stays uncertain).
    label, units: for people. usage: what the number is used as. now: what the scenarios have, 1 for a factor; None where that is no single
    number, or they differ.
    """

    name: str
    path: str
    sign: Sign
    values: tuple[Number, ...]
    label: str = ""
    units: str = ""
    usage: Usage = "number"
    now: float | None = None

    @property
    def written(self) -> str:
        """What is varied, as a person writes it."""
        return self.path + ("*" if self.sign == "*" else "")

    def attributes(self) -> dict[str, str | float]:
        """Of its coordinate in a table."""
        plain: dict[str, str | float] = {
            "long_name": self.label or self.written,
            "units": self.units,
            "usage": self.usage,
            "path": self.written,
        }
        return plain if self.now is None else plain | {"now": self.now}


class Cell(NamedTuple):
    """number: its place in the order of cells, the last axis fastest. scenario: place of its scenario. at: for each axis the place of its value;
    none in the cell of a scenario as it stands."""

    number: int
    scenario: int
    at: tuple[int, ...]


@dataclass(frozen=True)
class Grid:
    """scenarios: how many there are. rows: for each the places of the axes' values, where the cells are no product."""

    scenarios: int
    axes: tuple[Axis, ...]
    rows: tuple[tuple[int, ...], ...] | None = None

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """(scenario, axis...) or (scenario, row)."""
        inner = tuple(len(axis.values) for axis in self.axes) if self.rows is None else (len(self.rows),)
        return (self.scenarios, *inner)

    def __len__(self) -> int:
        """Cells, those of the scenarios as they stand included."""
        return math.prod(self.shape) + self.scenarios

    def cell(self, number: int) -> Cell:
        """By its number. The scenarios as they stand come last."""
        made = math.prod(self.shape)
        if number >= made:
            return Cell(number, number - made, ())
        places = []
        rest = number
        for length in reversed(self.shape):
            rest, place = divmod(rest, length)
            places.append(place)
        scenario, *at = reversed(places)
        return Cell(number, scenario, tuple(at) if self.rows is None else self.rows[at[0]])

    def values(self, cell: Cell) -> Iterator[tuple[Axis, Number]]:
        """Of the axes; nothing for a scenario as it stands."""
        return ((axis, axis.values[i]) for axis, i in zip(self.axes, cell.at, strict=False))


def groups(grid: Grid, numbers: Sequence[int], money: Sequence[bool]) -> Iterator[list[Cell]]:
    """The cells with these numbers, those together that differ only in axes that only money hangs on (`money`, for each axis)."""
    found: dict[tuple[int, ...], list[Cell]] = {}
    for number in numbers:
        cell = grid.cell(number)
        key = (cell.scenario, *(place for place, only in zip(cell.at, money, strict=False) if not only), len(cell.at))
        found.setdefault(key, []).append(cell)
    yield from found.values()
