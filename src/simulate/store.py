"""Results on disk: what a run's files hold, and the id that they share. How they get there whole: `folder`."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate import folder as folders
from simulate import measures
from simulate.errors import InputError, StoreError
from simulate.files import as_json, keep, named, reason
from simulate.locale import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

    from simulate.engine import Result

NETCDF = threading.RLock()  # of everything here that opens, uses and closes NetCDF: its library has one state for all threads, and guards none of it
LARGE = 256_000_000  # bytes of results that are not also held in memory as a file


@cache
def versions() -> dict[str, str]:
    """Of what the numbers depend on."""
    import platform
    from importlib.metadata import version

    from simulate import __version__

    libraries = {name: version(name) for name in ("numpy", "scipy", "numba", "xarray")}
    return {"provenu": __version__, "python": platform.python_version(), **libraries}


@cache
def source() -> str:
    """A digest of this program's own code, as its version's number may stand for several."""
    import simulate

    found = hashlib.sha256()
    root = Path(simulate.__file__).parent
    for file in sorted(root.rglob("*.py")):
        found.update(str(file.relative_to(root)).encode() + hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()[:12]


def dataset(result: Result, source: str, document: dict[str, Any]) -> xr.Dataset:
    """What is kept of each draw, the values of its assumptions, and the means of everything else, labelled, with units."""
    import numpy as np
    import xarray as xr

    assert result.draws is not None
    sums, columns = result.draws.sums, result.draws.columns
    model = result.accounts.model
    months, arrivals = np.stack(result.months()), np.stack(result.arrivals())
    currency = result.scenario.money.currency
    lines = measures.EXPECTED_LINES if result.is_corrected else measures.LINES  # as in summary.json
    data = xr.Dataset(
        {
            "line_mean": (lines.dimensions, sums.mean(lines), {"units": currency, "long_name": "mean over draws"}),
            "person_months_mean": (
                ("arm", "state", "period"),
                months,
                {"units": "person-months", "long_name": "mean over draws, in each state"},
            ),
            "arrivals_mean": (
                ("arm", "state", "period"),
                arrivals,
                {"units": "persons", "long_name": "mean over draws, who come into each state"},
            ),
            **_told(document, currency),
        },
        coords={
            "line": [line.label for line in result.accounts.lines],
            "line_area": ("line", [line.area for line in result.accounts.lines]),
            "arm": ["programme", "baseline"],
            "state": model.labels,
        },
    )
    for measure, labels in columns.layout.items():
        says = measure.says + ", without luck" * (result.leaves_out_luck and measure.units == "currency")
        about = {"units": measure.units.replace("currency", currency), "long_name": says}
        data[measure.name] = (("draw", *measure.dimensions), columns.of_draws(measure), about)
        data = data.assign_coords(dict.fromkeys(measure.dimensions, labels))
    data = data.assign_coords(period=periods(result.periods)).merge(_assumptions(result))
    data.attrs.update(
        scenario=source,
        title=result.scenario.title,
        options=json.dumps(document["run"]),
        sha256=document["scenario"]["sha256"],
        versions=json.dumps(versions()),
    )
    if document["run"]["id"]:
        data.attrs["id"] = document["run"]["id"]
    return data


def periods(labels: Sequence[str]) -> Any:
    """2017 as a number; of a quarter, 2017Q1, or a month, 2017-01, its first day."""
    import numpy as np

    if all(label.isdecimal() for label in labels):
        return np.array([int(label) for label in labels])
    months = [f"{label[:4]}-{3 * int(label[5]) - 2:02d}" if label[4] == "Q" else label for label in labels]
    return np.array(months, dtype="datetime64[M]").astype("datetime64[ns]")


def _told(document: dict[str, Any], currency: str) -> dict[str, Any]:
    """The figures that are asked for first, each with its error and its 95 % interval."""
    chance, mean = document["break_even"], document["provenu"]["mean"]
    named = {
        "break_even": (
            chance["probability"] or chance["probability_without_luck"],
            "1",
            "chance of a total of at least 0",
        ),
        "provenu_mean": (mean, currency, "expected provenu over the horizon"),
    }
    found = {}
    for name, (one, units, says) in named.items():
        about = {"units": units, "long_name": says}
        known = {"error": one["error"], "interval": one["interval"]} if one["error"] is not None else {}
        found[name] = ((), one["value"], about | known)
    at_values = "provenu with every assumption at its value, no luck"
    return found | {
        "provenu_point": ((), document["point"]["provenu"]["total"], {"units": currency, "long_name": at_values})
    }


def _assumptions(result: Result) -> xr.Dataset:
    """(draw, assumption) values drawn; those that differ by year beside them."""
    import numpy as np
    import xarray as xr

    drawn, time = result.assumptions(), result.scenario.time
    found = xr.Dataset()
    for name, dimension, by_year in (
        ("assumptions", "assumption", 1),
        ("assumptions_by_year", "assumption_by_year", 2),
    ):
        own = {key: values for key, values in drawn.items() if values.ndim == by_year}
        if not own:
            continue
        if by_year == 2:  # a list that ends before the horizon holds on
            own = {key: _to_the_end(values, time.years) for key, values in own.items()}
            found = found.assign_coords(year=np.arange(time.first_year, time.first_year + time.years))
        described = [result.scenario.assumptions[key] for key in own]
        about = {
            "units": "mixed",
            "long_name": "values drawn of the uncertain assumptions; their units in the coordinates",
        }
        found[name] = (("draw", dimension, "year")[: 1 + by_year], np.stack(list(own.values()), axis=1), about)
        found = found.assign_coords(
            {
                dimension: list(own),
                f"{dimension}_label": (dimension, [one.label or key for key, one in zip(own, described, strict=True)]),
                f"{dimension}_unit": (dimension, [one.unit or "" for one in described]),
            }
        )
    return found


def _to_the_end(values: Any, years: int) -> Any:
    """(draw, year) with as many years."""
    import numpy as np

    return values[:, np.minimum(np.arange(years), values.shape[1] - 1)]


def run_id(source: str, options: dict[str, Any]) -> str:
    """What names a run: a sha256 of the scenario as run, of the options, and of the versions of what it depends on.

    options: all that the scenario does not hold; without the list of changes, which are in the scenario. The same run made again
    has the same id.
    """
    asked = {name: value for name, value in options.items() if name not in ("set", "id")}
    whole = {"scenario": source, "options": asked, "versions": versions()}
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def write(
    folder: Path, result: Result, source: str, document: dict[str, Any], report: dict[str, Any] | None = None
) -> None:
    """Put results.nc (where there are draws), summary.json, scenario.toml and report.json (where it is asked for) in the place of an earlier run's,
    together or not at all.

    folder: a claimed one (`folder.claimed`). document: with the run's id. Raises StoreError; the earlier results are whole then.
    """
    made: dict[str, bytes | folders.Make] = {
        "summary.json": (as_json(document) + "\n").encode(),
        "scenario.toml": source.encode(),
    }
    if report is not None:
        made["report.json"] = (as_json(report) + "\n").encode()
    if result.draws is not None:
        made["results.nc"] = lambda path: write_netcdf(dataset(result, source, document), path)
    try:
        folders.replace(folder, made, document["run"]["id"], versions())
    except (OSError, InputError) as error:
        why, where = (reason(error), error.filename) if isinstance(error, OSError) else (str(error), None)
        message = text(
            "the results could not be stored in {folder}: {reason}",
            folder=named(folder),
            reason=f"{named(where)}: {why}" if isinstance(where, str) else why,
        )
        raise StoreError(message) from error


def opened(folder: str | Path) -> Stored:
    """The results in a folder. What was cut off while they were written is finished first, or cleared away.

    Raises InputError where the folder has none, or a file differs from what the run wrote.
    """
    return Stored(*folders.opened(folder))


@dataclass(frozen=True, slots=True)
class Stored:
    """The files of one run, known to be whole and of that run."""

    folder: Path
    record: folders.Record

    @property
    def id(self) -> str:
        return self.record.id

    def source(self) -> str:
        """The scenario as run."""
        return (self.folder / "scenario.toml").read_text("utf-8")

    def document(self) -> dict[str, Any]:
        """The JSON of `run`."""
        found: dict[str, Any] = json.loads((self.folder / "summary.json").read_bytes())
        return found

    def report(self) -> bytes | None:
        """The JSON of a report; None of a run without `--full`."""
        return (self.folder / "report.json").read_bytes() if "report.json" in self.record.files else None

    def dataset(self) -> xr.Dataset | None:
        """The draws; None of a run without any."""
        if "results.nc" not in self.record.files:
            return None
        return _from_memory((self.folder / "results.nc").read_bytes())


def _from_memory(data: bytes) -> xr.Dataset:
    import netCDF4
    import xarray as xr

    with NETCDF:
        file = netCDF4.Dataset("results.nc", memory=data)  # that `load_dataset` closes
        return xr.load_dataset(xr.backends.NetCDF4DataStore(file))  # type: ignore[no-untyped-call]


def read_netcdf(path: Path) -> xr.Dataset:
    """All of it, in memory. Raises OSError, ValueError and RuntimeError for what is no such file."""
    import xarray as xr

    with NETCDF:
        return xr.load_dataset(path, engine="netcdf4")


def write_netcdf(data: xr.Dataset, path: Path) -> None:
    """By way of memory: the library tells a full disk from a defect no better than by the words "HDF error", and opens no path with
    bytes that are no text. Only what is large is left to it. Raises OSError."""
    if data.nbytes <= LARGE:
        keep(path, _in_memory(data))
        return
    try:
        with NETCDF:
            data.to_netcdf(path, engine="netcdf4")
    except (RuntimeError, UnicodeError) as error:
        raise OSError(None, str(error), str(path)) from None


def _in_memory(data: xr.Dataset) -> memoryview:
    """The bytes of the file."""
    import netCDF4
    from xarray.backends import NetCDF4DataStore

    with NETCDF:
        file = netCDF4.Dataset("results.nc", "w", format="NETCDF4", memory=data.nbytes)
        try:
            data.dump_to_store(NetCDF4DataStore(file))  # type: ignore[no-untyped-call]
        finally:  # here, for a file that is left to be collected is closed without the lock
            found: memoryview = file.close()
        return found
