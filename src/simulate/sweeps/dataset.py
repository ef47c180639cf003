"""The table that a sweep's cells become: one Dataset, a dimension for each thing that is varied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from simulate.sweeps.cells import Made
from simulate.sweeps.grid import Grid
from simulate.sweeps.kept import VARIABLES

if TYPE_CHECKING:
    import xarray as xr


def dataset(grid: Grid, scenarios: Sequence[str], made: Iterable[Made], about: Mapping[str, Any]) -> xr.Dataset:
    """What is not made, or refused, is NaN; `reason` says why."""
    import xarray as xr

    cells = [cell for cell in made if cell.number < len(grid) - grid.scenarios]
    outer = ("scenario", *((axis.name for axis in grid.axes) if grid.rows is None else ("row",)))
    coords: dict[str, Any] = {"scenario": list(scenarios)}
    if grid.rows is None:
        coords |= {axis.name: (axis.name, list(axis.values), axis.attributes()) for axis in grid.axes}
    else:
        coords |= {
            axis.name: ("row", [axis.values[row[i]] for row in grid.rows], axis.attributes())
            for i, axis in enumerate(grid.axes)
        }
    labels: dict[str, list[Any]] = {}
    for cell in cells:
        for name, own in (cell.layout.labels if cell.layout else {}).items():
            labels[name] = sorted({*labels.get(name, ()), *own}) if name == "year" else [
                *labels.get(name, ()), *(one for one in own if one not in labels.get(name, ()))]  # fmt: skip
    coords |= labels
    found = {}
    for one in VARIABLES:
        for name in (one.name, f"{one.name}_error") if one.has_error else (one.name,):
            shape = (*grid.shape, *(len(labels.get(each, ())) for each in one.dimensions))
            found[name] = (
                (*outer, *one.dimensions),
                np.full(shape, np.nan),
                {"units": one.units, "long_name": one.says},
            )
    reasons = np.full(grid.shape, "", object)
    for cell in cells:
        place = np.unravel_index(cell.number, grid.shape)
        reasons[place] = cell.reason
        if cell.layout is None or cell.numbers is None:
            continue
        for name, values in cell.layout.arrays(cell.numbers).items():
            variable = next(one for one in VARIABLES if name in (one.name, f"{one.name}_error"))
            inner = np.ix_(
                *([labels[each].index(label) for label in cell.layout.labels[each]] for each in variable.dimensions)
            )
            table = found[name][1]
            if inner:
                table[place][inner] = values
            else:
                table[place] = values
    found["reason"] = (outer, reasons.astype(str), {})
    return xr.Dataset(found, coords=coords, attrs=dict(about))
