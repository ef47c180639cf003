"""The table that a sweep's cells become: one Dataset, a dimension for each thing that is varied."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from simulate.locale import text
from simulate.sweeps.about import grid_of
from simulate.sweeps.cells import Made
from simulate.sweeps.grid import Axis, Grid
from simulate.sweeps.journal import Journal
from simulate.sweeps.kept import BY_NAME, ERROR, Array, Layout

if TYPE_CHECKING:
    import xarray as xr

PROGRAM = "provenu sweep"  # what made the table
BASE = "base_"  # before the name of what the scenarios have as they stand
REASON = "reason"
TOGETHER = 4096  # cells that are put in their places at once


def dataset(journal: Journal) -> xr.Dataset:
    """What is not made, or refused, is NaN; `reason` says why."""
    import xarray as xr

    grid = grid_of(journal.header.made_of, journal.header.about)
    table = _Table(grid, journal.ordered_layouts())
    for cells in _together(journal.cells()):
        table.put(cells)
    return xr.Dataset(
        table.variables(_units(journal)), coords=_coords(journal, grid, table.labels), attrs=_attributes(journal)
    )


class _Table:
    """Arrays that cells are put into. (scenario, axis..., inner...) flat: a row for each cell, and the scenarios as they stand behind them."""

    def __init__(self, grid: Grid, layouts: Sequence[Layout]) -> None:
        self.grid = grid
        self.labels = _united(layouts)
        self.names = [name for name in BY_NAME if any(name in one.variables for one in layouts)]
        self.arrays = {name: np.full((len(grid), math.prod(self.inner(name))), np.nan) for name in self.names}
        self.reasons = np.full(len(grid), text("not made yet"), object)
        self._places: dict[int, dict[str, np.ndarray[Any, np.dtype[np.intp]]]] = {}

    def inner(self, name: str) -> tuple[int, ...]:
        return tuple(len(self.labels[one]) for one in BY_NAME[name].dimensions)

    def put(self, cells: Sequence[Made]) -> None:
        by_layout: dict[int, tuple[Layout | None, list[Made]]] = {}
        for cell in cells:
            by_layout.setdefault(id(cell.layout), (cell.layout, []))[1].append(cell)
        for layout, own in by_layout.values():
            at = np.array([cell.number for cell in own])
            self.reasons[at] = [cell.reason for cell in own]
            if layout is not None:
                numbers = np.stack([cell.numbers for cell in own if cell.numbers is not None])
                for name, place in layout.places.items():
                    self.arrays[name][at[:, None], self.places(layout)[name]] = numbers[:, place]

    def places(self, layout: Layout) -> dict[str, np.ndarray[Any, np.dtype[np.intp]]]:
        """Where a cell's numbers of each variable stand among those of all labels."""
        if id(layout) not in self._places:
            index = {name: {label: i for i, label in enumerate(own)} for name, own in self.labels.items()}
            found = {}
            for name in layout.variables:
                dimensions = BY_NAME[name].dimensions
                own = [[index[one][label] for label in layout.labels[one]] for one in dimensions]
                flat = np.ravel_multi_index(np.ix_(*own), self.inner(name)) if own else np.zeros(1, np.intp)
                found[name] = np.asarray(flat).ravel()
            self._places[id(layout)] = found
        return self._places[id(layout)]

    def variables(self, units: str) -> dict[str, Any]:
        outer, made = _outer(self.grid), math.prod(self.grid.shape)
        found: dict[str, Any] = {}
        for name in self.names:
            variable = BY_NAME[name]
            says = text("standard error of {name}", name=variable.name) if name.endswith(ERROR) else variable.says
            about = {"units": variable.units.replace("currency", units), "long_name": str(says)}
            inner = (*self.inner(name),)
            found[name] = (
                (*outer, *variable.dimensions),
                self.arrays[name][:made].reshape(*self.grid.shape, *inner),
                about,
            )
            base = self.arrays[name][made:].reshape(self.grid.scenarios, *inner)
            found[BASE + name] = (("scenario", *variable.dimensions), base, about)
        reasons = self.reasons.astype(str).astype(object)
        about = {"long_name": "why the cell is empty"}
        found[REASON] = (outer, reasons[:made].reshape(self.grid.shape), about)
        found[BASE + REASON] = (("scenario",), reasons[made:], about)
        return found


def _together(cells: Iterator[Made]) -> Iterator[list[Made]]:
    while found := list(islice(cells, TOGETHER)):
        yield found


def _united(layouts: Sequence[Layout]) -> dict[str, list[Any]]:
    """All labels of each dimension; years rising, others as they come."""
    labels: dict[str, list[Any]] = {}
    for layout in layouts:
        for name, own in layout.labels.items():
            labels[name] = list(dict.fromkeys([*labels.get(name, ()), *own]))
    return labels | {name: sorted(own) for name, own in labels.items() if name == "year"}


def _outer(grid: Grid) -> tuple[str, ...]:
    return ("scenario", *((axis.name for axis in grid.axes) if grid.rows is None else ("row",)))


def _units(journal: Journal) -> str:
    return str(journal.header.about["currency"])


def _coords(journal: Journal, grid: Grid, labels: dict[str, list[Any]]) -> dict[str, Any]:
    about = journal.header.about
    coords: dict[str, Any] = {
        "scenario": np.array(about["scenarios"], object),
        "title": ("scenario", np.array(about["titles"], object)),
    }
    for i, axis in enumerate(grid.axes):
        if grid.rows is None:
            coords[axis.name] = (axis.name, _values(axis), _of_axis(axis))
        else:
            coords[axis.name] = ("row", _values(axis)[[row[i] for row in grid.rows]], _of_axis(axis))
    if grid.rows is not None:
        coords["row"] = np.arange(1, len(grid.rows) + 1)
    units = {"year": "year", "percentile": "percent"}
    used = {
        one for layout in journal.ordered_layouts() for name in layout.variables for one in BY_NAME[name].dimensions
    }
    for name, own in labels.items():
        if name in used:
            values = np.array(own) if own and not isinstance(own[0], str) else np.array(own, object)
            coords[name] = (name, values, {"units": units[name]} if name in units else {})
    return coords


def _values(axis: Axis) -> Array | np.ndarray[Any, Any]:
    """Numbers; words where a value has one for each year."""
    if any(isinstance(value, tuple) for value in axis.values):
        told = ["; ".join(map(str, one)) if isinstance(one, tuple) else str(one) for one in axis.values]
        return np.array(told, object)
    return np.array(axis.values)


def _of_axis(axis: Axis) -> dict[str, Any]:
    return {"path": axis.path + axis.sign, **axis.attributes()}


def _attributes(journal: Journal) -> dict[str, Any]:
    """Texts and numbers; what is more than that as JSON."""
    made, about = journal.header.made_of, journal.header.about
    whole = {
        "format": 1,
        "program": PROGRAM,
        "scenarios": {name: one["text"] for name, one in zip(about["scenarios"], made["scenarios"], strict=True)},
        "versions": made["versions"],
        "options": made["options"],
        **about["attributes"],
    }
    return {
        name: one if isinstance(one, str | int | float) else json.dumps(one, ensure_ascii=False)
        for name, one in whole.items()
    }
