"""Results on disk: a NetCDF file that holds all that is needed to make it again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate import names

if TYPE_CHECKING:
    import xarray as xr

    from simulate.run import Result


def versions() -> dict[str, str]:
    """Of what the numbers depend on."""
    import platform
    from importlib.metadata import version

    from simulate import __version__

    libraries = {name: version(name) for name in ("numpy", "scipy", "numba", "xarray")}
    return {"provenu": __version__, "python": platform.python_version(), **libraries}


def dataset(result: Result, source: str, document: dict[str, Any]) -> xr.Dataset:
    """The draws' provenu and the means of everything else, labelled, with units."""
    import numpy as np
    import xarray as xr

    assert result.draws is not None
    sums, columns = result.draws.sums, result.draws.columns
    model = result.accounts.model
    months, arrivals = (np.stack(result.counts(kind)) for kind in ("months", "arrivals"))
    provenu = np.stack([columns[f"provenu {period}"] for period in result.periods], axis=1)
    amounts = {"units": result.scenario.money.currency}
    lines = "expected lines by period" if result.is_corrected else "lines"  # as in summary.json
    data = xr.Dataset(
        {
            "provenu": (
                ("draw", "period"),
                provenu,
                {**amounts, "long_name": "savings less costs of each draw"},
            ),
            "line_mean": (
                ("line", "period"),
                sums.mean(lines),
                {**amounts, "long_name": "mean over draws"},
            ),
            "person_months_mean": (("arm", "state", "period"), months, {"units": "person-months"}),
            "arrivals_mean": (("arm", "state", "period"), arrivals, {"units": "persons"}),
        },
        coords={
            "period": result.periods,
            "line": [line.label for line in result.accounts.lines],
            "area": ("line", [line.area for line in result.accounts.lines]),
            "arm": ["programme", "baseline"],
            "state": model.labels,
        },
    )
    for name in names.COUNTERFACTUALS:
        if f"under {name}" in columns:
            attributes = {**amounts, "long_name": f"provenu over the horizon under {name}"}
            data[f"provenu_{name.replace('-', '_')}"] = ("draw", columns[f"under {name}"], attributes)
    data.attrs.update(
        scenario=source,
        options=json.dumps(document["run"]),
        sha256=document["scenario"]["sha256"],
        versions=json.dumps(versions()),
    )
    return data


def write(folder: Path, result: Result, source: str, document: dict[str, Any]) -> None:
    """results.nc (where there are draws), summary.json and scenario.toml, each whole or not at all."""
    if result.draws is not None:
        _whole(folder / "results.nc", lambda path: dataset(result, source, document).to_netcdf(path))
    else:
        (folder / "results.nc").unlink(missing_ok=True)  # another run's draws must not stand beside this summary
    summary = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    _whole(folder / "summary.json", lambda path: path.write_text(summary, encoding="utf-8"))
    _whole(folder / "scenario.toml", lambda path: path.write_text(source, encoding="utf-8"))


def _whole(path: Path, make: Any) -> None:
    """Made beside, then put in place: a stopped run leaves no half file."""
    beside = path.with_name(path.name + ".part")
    try:
        make(beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
