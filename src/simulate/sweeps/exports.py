"""A sweep's table, written and read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xarray as xr


def read(path: str) -> xr.Dataset:
    """A table that a sweep has written."""
    import xarray as xr

    return xr.load_dataset(path)


def export(path: str, out: str) -> None:
    """What a journal or a table holds, in another form."""
    read(path).to_netcdf(out)
