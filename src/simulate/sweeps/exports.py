"""A sweep's table as files: Zarr and NetCDF hold all of it; CSV, Excel and Parquet have a row for each cell. Whole or not at all.

`export` makes them of a journal at any time, also while a sweep writes it.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import importlib.util
import json
import os
import shutil
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate import locale, store
from simulate.errors import InputError, StoreError
from simulate.files import expanded, fingerprint, named, reason, settle
from simulate.locale import text
from simulate.sweeps import columns
from simulate.sweeps import journal as journals
from simulate.sweeps.dataset import BASE, PROGRAM, REASON, dataset
from simulate.sweeps.journal import Journal
from simulate.sweeps.kept import BY_NAME
from simulate.writers.csv import FORMULA

if TYPE_CHECKING:
    import xarray as xr

NEW = ".provenu-new"
OLD = ".provenu-old"
WHOLE = (".zarr", ".nc")  # forms that hold all of it
NEEDED = {".zarr": "zarr", ".xlsx": "xlsxwriter", ".parquet": "pyarrow"}
EXTRA = "provenu[sweep]"
ROWS = 10_000  # of a group in Parquet


# Where to ------------------------------------------------------------------------------------------------------------------


def checked(name: str, inputs: Sequence[str] = ()) -> Path:
    """The place of an output, which may be there already. inputs: files that must not be replaced.

    Raises InputError, before any work, for one that cannot be written.
    """
    place = Path(os.path.realpath(expanded(name)))
    why = _why_not(name, place, inputs) or _missing(place.suffix.lower())
    if why:
        raise InputError(f"--out {named(name)}: {why}")
    return place


def _why_not(name: str, place: Path, inputs: Sequence[str]) -> str:
    suffix = place.suffix.lower()
    if suffix not in WRITERS or not place.stem:
        return text("the name must end in one of {endings}", endings=", ".join(WRITERS))
    if not place.parent.is_dir():
        return text("there is no such folder")
    if not os.access(place.parent, os.W_OK):
        return text("this account may not write there")
    if place.is_dir() and suffix != ".zarr":
        return text("there is a folder in the place of the file")
    if any(os.path.exists(one) and place.exists() and os.path.samefile(place, one) for one in inputs):
        return text("this sweep reads it")
    return ""


def check_own(name: str, place: Path, own: Container[str]) -> None:
    """own: digests of what the sweep has made. Raises InputError for anything else that is in the place of its table, so that no other work is lost."""
    if not os.path.lexists(place) or _is_empty(place) or digest(place) in own:
        return
    message = text(
        "there is something of that name that this sweep has not written, or that has been changed since; name another place, or move it"
    )
    raise InputError(f"--out {named(name)}: {message}")


def _is_empty(place: Path) -> bool:
    return not os.listdir(place) if place.is_dir() else not place.stat().st_size


def digest(place: Path) -> str:
    """Of a file, or of a folder with all that is in it."""
    if not place.is_dir():
        return str(fingerprint(place)["sha256"])
    found = hashlib.sha256()
    for one in sorted(place.rglob("*")):
        said = fingerprint(one)["sha256"] if one.is_file() else "folder"
        found.update(f"{one.relative_to(place).as_posix()} {said}\n".encode("utf-8", "surrogateescape"))
    return found.hexdigest()


def _missing(suffix: str) -> str:
    """What to install first."""
    needed = NEEDED.get(suffix)
    if needed is None or importlib.util.find_spec(needed) is not None:
        return ""
    return text("{ending} needs {library}: pip install '{extra}', or name one that ends in .nc or .csv",
                ending=suffix, library=needed, extra=EXTRA)  # fmt: skip


# A journal's table ----------------------------------------------------------------------------------------------------------


def export(source: str | Path, out: str | Path, language: locale.Language | None = None) -> xr.Dataset:
    """A table in another form: that of a journal, as it is by now; what is in .zarr or .nc itself; of another form that of the journal which made it.
    language: of its words; None: the sweep's own.

    Raises InputError, StoreError.
    """
    given, place = Path(expanded(str(source))), checked(str(out))
    if given.suffix.lower() in WHOLE and given.exists():
        found = read(given)
        with _maker(given) as maker, _speaking(found.attrs, language):
            _keep(found, place, str(out), maker)
        return found
    if given.suffix == journals.SUFFIX or not given.exists():
        with journals.opened(given.with_suffix(journals.SUFFIX)) as journal:
            return _exported(journal, place, str(out), language)
    with _maker(given) as maker:
        if maker is None:
            message = text(
                "no journal beside it has written this file as it is; name a journal, or a table that ends in .zarr or .nc"
            )
            raise InputError(f"{named(given)}: {message}")
        return _exported(maker, place, str(out), language)


def _exported(journal: Journal, place: Path, name: str, language: locale.Language | None) -> xr.Dataset:
    with _speaking(journal.header.about["attributes"], language):
        return write(journal, place, name)


def _speaking(told: Mapping[str, Any], language: locale.Language | None) -> contextlib.AbstractContextManager[None]:
    """told: what the sweep says of itself."""
    own = json.loads(told["sweep"])["language"] if "sweep" in told else locale.language()
    return locale.speaking(language or own)


@contextlib.contextmanager
def _maker(table: Path) -> Iterator[Journal | None]:
    """The journal beside a table, where it has made it."""
    path = journals.beside(Path(os.path.realpath(table)))
    with contextlib.ExitStack() as stack:
        found = None
        if path.exists():
            with contextlib.suppress(InputError):  # of what is none, or damaged
                found = stack.enter_context(journals.opened(path))
        yield found if found is not None and digest(table) in found.outputs() else None


def read(place: str | Path) -> xr.Dataset:
    """The table of a journal, or in .zarr or .nc, in memory. Raises InputError for anything else."""
    path = Path(expanded(str(place)))
    if path.suffix == journals.SUFFIX:
        with journals.opened(path) as found:
            return dataset(found)
    why = "" if path.suffix.lower() in WHOLE else text("name a table that ends in .zarr or .nc, or a journal")
    why = why or _missing(path.suffix.lower()) or ("" if path.exists() else text("there is no such table"))
    if why:
        raise InputError(f"{named(path)}: {why}")
    none = text("this is no table of a sweep")
    try:
        table = _loaded(path)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise InputError(f"{named(path)}: {none} ({error})") from None
    if table.attrs.get("program") != PROGRAM:
        raise InputError(f"{named(path)}: {none}")
    return _texts(table)


def _loaded(path: Path) -> xr.Dataset:
    if path.suffix.lower() == ".zarr":
        import xarray as xr

        found: xr.Dataset = xr.open_zarr(path, consolidated=False, chunks=None).load()
        return found
    return store.read_netcdf(path)


def _texts(found: xr.Dataset) -> xr.Dataset:
    """Words as Python has them, whatever the file made of them; and its variables in the order of a journal's."""
    order = [name for one in (*BY_NAME, REASON) for name in (one, BASE + one)]
    found = found[[name for name in order if name in found.data_vars]]
    words = {name: one.astype(object) for name, one in found.variables.items() if one.dtype.kind in "TU"}
    return found.assign_coords({name: one for name, one in words.items() if name in found.coords}).assign(
        {name: one for name, one in words.items() if name not in found.coords}
    )


def write(journal: Journal, place: Path, name: str = "") -> xr.Dataset:
    """The table, put in its place. name: as it was asked for.

    Raises StoreError, and InputError for a file that is not the journal's; what was there is whole then, and so is the journal.
    """
    found = dataset(journal)
    _keep(found, place, name or str(place), journal)
    return found


def _keep(found: xr.Dataset, place: Path, name: str, journal: Journal | None) -> None:
    """In its place, unless there is what neither the journal has made nor is the same; noted first in the journal, lest it be taken for another's."""
    try:
        with _placed(place) as new:
            WRITERS[place.suffix.lower()](found, new)
            own = digest(new)
            check_own(name, place, {own, *(journal.outputs() if journal else ())})
            if journal:
                journal.note(own)
    except OSError as error:
        if journal is None:
            raise StoreError(f"{named(place)}: {reason(error)}") from error
        message = text(
            "{file}: {reason}; all cells are kept in {journal}: mend that and give the same command again, or another --out",
            file=named(place), reason=reason(error), journal=named(journal.path),
        )  # fmt: skip
        raise StoreError(message) from error


@contextlib.contextmanager
def _placed(place: Path) -> Iterator[Path]:
    """A name to write under, this process's own, which then takes the place of what is there.

    A folder cannot be replaced at once: the old one goes aside, and comes back where the new one does not take its place, or the program ended between.
    """
    new = place.with_name(f"{place.stem}{NEW}-{os.getpid()}{place.suffix}")
    old = place.with_name(f"{place.stem}{OLD}{place.suffix}")
    if old.exists() and not place.exists():
        os.rename(old, place)
    try:
        yield new
        for one in [*new.rglob("*"), new] if new.is_dir() else [new]:
            settle(one)
        if place.is_dir():
            _remove(old)
            os.rename(place, old)
        try:
            os.replace(new, place)
        except BaseException:
            if old.exists() and not place.exists():
                os.rename(old, place)
            raise
        settle(place.parent)
        _remove(old)
    finally:
        with contextlib.suppress(OSError):
            _remove(new)


def _remove(one: Path) -> None:
    if one.is_dir() and not one.is_symlink():
        shutil.rmtree(one)
    else:
        one.unlink(missing_ok=True)


# All of it ------------------------------------------------------------------------------------------------------------------


def _zarr(found: xr.Dataset, new: Path) -> None:
    found.to_zarr(new, mode="w", zarr_format=3, consolidated=False)


def _netcdf(found: xr.Dataset, new: Path) -> None:
    store.write_netcdf(found, new)


# A row for each cell --------------------------------------------------------------------------------------------------------


def _csv(found: xr.Dataset, new: Path) -> None:
    """As writers.csv has tables: for Danish Excel with semicolons and decimal commas."""
    danish, every = locale.language() == "da", columns.for_reading(found)
    with open(new, "w", encoding="utf-8-sig", errors="replace", newline="") as stream:
        rows = csv.writer(stream, delimiter=";" if danish else ",", lineterminator="\r\n")
        rows.writerow([_written(one.titled, danish) for one in every])
        rows.writerows([_written(value, danish) for value in row] for row in columns.rows(found, every))


def _written(value: Any, danish: bool) -> str:
    """A number as it stands in the JSON; nothing where there is none; never a formula."""
    if isinstance(value, str):
        return f"'{value}" if value.lstrip(" ").startswith(FORMULA) else value
    if value != value:
        return ""
    number = repr(float(value) + 0.0)
    if "e" in number:
        number = format(Decimal(number), "f")
    number = number.removesuffix(".0")
    return number.replace(".", ",") if danish else number


def _parquet(found: xr.Dataset, new: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    every, number, writer = columns.columns(found), found[REASON].size, None
    about = {str(name): str(value) for name, value in found.attrs.items()}
    for first in range(0, number, ROWS):
        rows = slice(first, min(first + ROWS, number))
        values = {one.name: pa.array(one.of(rows), from_pandas=True) for one in every}  # NaN is none
        table = pa.table(values).replace_schema_metadata(about)
        writer = writer or pq.ParquetWriter(new, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()


def _excel(found: xr.Dataset, new: Path) -> None:
    from simulate.sweeps import workbook

    workbook.write(found, new)


WRITERS: dict[str, Callable[[Any, Path], None]] = {
    ".zarr": _zarr,
    ".nc": _netcdf,
    ".csv": _csv,
    ".xlsx": _excel,
    ".parquet": _parquet,
}
