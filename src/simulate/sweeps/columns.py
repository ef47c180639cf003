"""A sweep's table as rows, one for each cell: columns of what is varied, then of what is told, its dimensions spread over them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from simulate.content import Unit
from simulate.figures import unit_name
from simulate.locale import text
from simulate.reports.sweep_words import NO_UNIT, UNITS, head
from simulate.sweeps.dataset import BASE, REASON

if TYPE_CHECKING:
    import xarray as xr

TOGETHER = 1000  # rows at a time
SCENARIO = ("scenario", "title")


@dataclass(frozen=True, slots=True)
class Column:
    """name: of the variable, with the labels of its dimensions. head: in words. unit: of its numbers; None of words. said_unit: in words. of: its
    values in some rows. is_varied: whether it says which cell it is. labels: how many dimensions it is spread over. values: what it is varied over."""

    name: str
    head: str
    unit: Unit | None
    said_unit: str
    of: Callable[[slice], Sequence[Any]]
    is_varied: bool = False
    labels: int = 0
    values: tuple[float, ...] = ()

    @property
    def titled(self) -> str:
        """The head with its unit."""
        return f"{self.head} ({self.said_unit})" if self.said_unit else self.head


def columns(found: xr.Dataset) -> list[Column]:
    """In the order of the table: the dimensions, then the variables."""
    outer = [str(name) for name in found[REASON].dims]
    made = [one for i, name in enumerate(outer) for one in _coordinates(found, name, i)]
    for name in map(str, found.data_vars):
        if not name.startswith(BASE) and "draw" not in found[name].dims:
            made += _of_variable(found, name, len(outer))
    return made


def for_reading(found: xr.Dataset) -> list[Column]:
    """With a head of its own each, and what is read first in front: what is varied, what has one number, why a cell is empty, then the rest."""
    every = columns(found)
    several = found.sizes["scenario"] > 1
    scenario = [one for one in every if one.name in SCENARIO]
    varied = [one for one in every if one.is_varied and one.name not in SCENARIO]
    told = sorted((one for one in every if not one.is_varied), key=lambda one: one.labels)
    return _apart([*(scenario if several else []), *varied, *told, *([] if several else scenario)])


def _apart(every: Sequence[Column]) -> list[Column]:
    """Where two have the same head, their names are behind it."""
    often = Counter(one.titled.casefold() for one in every)
    return [
        one if often[one.titled.casefold()] == 1 else replace(one, head=f"{one.head} [{one.name}]") for one in every
    ]


def rows(found: xr.Dataset, every: Sequence[Column]) -> Iterator[tuple[Any, ...]]:
    """Row after row, some at a time."""
    number = found[REASON].size
    for first in range(0, number, TOGETHER):
        some = slice(first, min(first + TOGETHER, number))
        yield from zip(*(one.of(some) for one in every), strict=True)


# What is varied ------------------------------------------------------------------------------------------------------------


def _coordinates(found: xr.Dataset, dimension: str, place: int) -> Iterator[Column]:
    """Of a dimension of the cells: its own, and what else hangs on it."""
    shape = found[REASON].shape
    names = [dimension] if dimension in found.coords else []
    names += [str(name) for name, one in found.coords.items() if name != dimension and one.dims == (dimension,)]
    for name in names:
        one = found[name]
        said, unit, said_unit = _called(name, one.attrs)
        numbers = one.dtype.kind in "iuf"
        yield Column(
            name, said, unit if numbers else None, said_unit,
            _along(one.values, shape, place), is_varied=True, values=tuple(one.values.tolist()) if numbers else (),
        )  # fmt: skip


def _called(name: str, about: Mapping[str, Any]) -> tuple[str, Unit, str]:
    """Head, unit, and the unit in words: the case's own where it has one."""
    known = {"scenario": text("Scenario"), "title": text("Title"), "row": text("Row")}
    if name in known:
        return known[name], "number", ""
    units: dict[str, Unit] = {"share": "share", "money": "kr"}
    unit = units.get(str(about.get("usage")), "number")
    said = str(about.get("units", "")) or ("" if unit == "number" else unit_name(unit, "DKK"))
    return str(about.get("long_name", name)), unit, said


def _along(values: Any, shape: tuple[int, ...], axis: int) -> Callable[[slice], Sequence[Any]]:
    """The coordinate of cells along one of the outer dimensions."""
    inner, length = math.prod(shape[axis + 1 :]), shape[axis]

    def of(some: slice) -> Sequence[Any]:
        found: Sequence[Any] = values[np.arange(some.start, some.stop) // inner % length].tolist()
        return found

    return of


# What is told --------------------------------------------------------------------------------------------------------------


def _of_variable(found: xr.Dataset, name: str, outer: int) -> Iterator[Column]:
    one = found[name]
    inner = [str(each) for each in one.dims[outer:]]
    flat = one.values.reshape(found[REASON].size, -1)
    units = str(one.attrs.get("units", ""))
    for j, labels in enumerate(product(*(found[each].values.tolist() for each in inner))):
        title = " ".join([name, *map(str, labels)])
        if name == REASON:
            yield Column(title, text("Why the cell is empty"), None, "", _of_cells(flat, j))
            continue
        said = head(name, dict(zip(inner, labels, strict=True)))
        unit = UNITS.get(units, "kr")
        said_unit = "" if name.startswith(NO_UNIT) else unit_name(unit, units)
        yield Column(title, said, unit, said_unit, _of_cells(flat, j), labels=len(inner))


def _of_cells(flat: Any, column: int) -> Callable[[slice], Sequence[Any]]:
    def of(some: slice) -> Sequence[Any]:
        found: Sequence[Any] = flat[some, column].tolist()
        return found

    return of
