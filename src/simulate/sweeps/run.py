"""A sweep, made and written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate.sweeps.cells import Sweep
from simulate.sweeps.dataset import dataset

if TYPE_CHECKING:
    import xarray as xr


def sweep(
    given: Sweep,
    out: Path,
    about: dict[str, Any],
    *,
    keep: Sequence[str] = (),
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    notify: Callable[[str], None] = print,
) -> xr.Dataset:
    made = list(given.make(range(len(given.grid))))
    import json

    names = [row["name"] for row in json.loads(about["sweep"])["scenarios"]]
    found = dataset(given.grid, names, made, about)
    found.to_netcdf(out)
    return found
