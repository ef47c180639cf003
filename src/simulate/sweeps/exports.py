"""A sweep's table as files: Zarr and NetCDF hold all of it; CSV, Excel and Parquet have a row for each cell. Whole or not at all.

`export` makes them of a journal at any time, also while a sweep writes it.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import importlib.util
import math
import os
import shutil
from collections.abc import Callable, Container, Iterator, Sequence
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simulate import locale, store
from simulate.errors import InputError, StoreError
from simulate.files import expanded, fingerprint, named, reason, settle
from simulate.locale import text
from simulate.sweeps import journal as journals
from simulate.sweeps.dataset import BASE, PROGRAM, REASON, dataset
from simulate.sweeps.journal import Journal
from simulate.sweeps.kept import BY_NAME

if TYPE_CHECKING:
    import xarray as xr

NEW = ".provenu-new"
OLD = ".provenu-old"
WHOLE = (".zarr", ".nc")  # forms that hold all of it
NEEDED = {".zarr": "zarr", ".xlsx": "xlsxwriter", ".parquet": "pyarrow"}
EXTRA = "provenu[sweep]"
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a cell begins with that a spreadsheet works out
MOST_ROWS = 1_048_575  # of a sheet, below its titles
TOGETHER = 1000  # rows at a time
ROWS = 10_000  # of a group in Parquet
Column = tuple[str, Callable[[slice], Sequence[Any]]]


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


def export(source: str | Path, out: str | Path) -> xr.Dataset:
    """A table in another form: that of a journal, as it is by now; what is in .zarr or .nc itself; of another form that of the journal which made it.

    Raises InputError, StoreError.
    """
    given, place = Path(expanded(str(source))), checked(str(out))
    if given.suffix.lower() in WHOLE and given.exists():
        found = read(given)
        with _maker(given) as maker:
            _keep(found, place, str(out), maker)
        return found
    if given.suffix == journals.SUFFIX or not given.exists():
        with journals.opened(given.with_suffix(journals.SUFFIX)) as journal:
            return write(journal, place, str(out))
    with _maker(given) as maker:
        if maker is None:
            message = text(
                "no journal beside it has written this file as it is; name a journal, or a table that ends in .zarr or .nc"
            )
            raise InputError(f"{named(given)}: {message}")
        return write(maker, place, str(out))


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


def _columns(found: xr.Dataset) -> list[Column]:
    """Titles, and what gives the values of some rows: first what is varied, then what is told, its dimensions spread over columns."""
    outer = found[REASON].dims
    shape = found[REASON].shape
    columns: list[Column] = []
    for i, name in enumerate(outer):
        if name in found.coords:
            columns.append((str(name), _along(found[name].values, shape, i)))
        columns += [
            (str(other), _along(one.values, shape, i))
            for other, one in found.coords.items()
            if other != name and one.dims == (name,)
        ]
    for name, one in found.data_vars.items():
        if str(name).startswith(BASE) or "draw" in one.dims:
            continue
        inner = one.dims[len(outer) :]
        flat = one.values.reshape(math.prod(shape), -1)
        for j, labels in enumerate(product(*(found[each].values.tolist() for each in inner))):
            title = " ".join([str(name), *(str(label) for label in labels)])
            columns.append((title, _of_cells(flat, j)))
    return columns


def _along(values: Any, shape: tuple[int, ...], axis: int) -> Callable[[slice], Sequence[Any]]:
    """The coordinate of cells along one of the outer dimensions."""
    inner, length = math.prod(shape[axis + 1 :]), shape[axis]

    def of(rows: slice) -> Sequence[Any]:
        found: Sequence[Any] = values[np.arange(rows.start, rows.stop) // inner % length].tolist()
        return found

    return of


def _of_cells(flat: Any, column: int) -> Callable[[slice], Sequence[Any]]:
    def of(rows: slice) -> Sequence[Any]:
        found: Sequence[Any] = flat[rows, column].tolist()
        return found

    return of


def _rows(found: xr.Dataset, columns: Sequence[Column]) -> Iterator[tuple[Any, ...]]:
    """Row after row, some at a time."""
    number = found[REASON].size
    for first in range(0, number, TOGETHER):
        rows = slice(first, min(first + TOGETHER, number))
        yield from zip(*(of(rows) for _, of in columns), strict=True)


def _csv(found: xr.Dataset, new: Path) -> None:
    """As writers.csv has tables: for Danish Excel with semicolons and decimal commas."""
    danish, columns = locale.language() == "da", _columns(found)
    with open(new, "w", encoding="utf-8-sig", errors="replace", newline="") as stream:
        rows = csv.writer(stream, delimiter=";" if danish else ",", lineterminator="\r\n")
        rows.writerow([title for title, _ in columns])
        rows.writerows([_written(value, danish) for value in row] for row in _rows(found, columns))


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

    columns, number, writer = _columns(found), found[REASON].size, None
    about = {str(name): str(value) for name, value in found.attrs.items()}
    for first in range(0, number, ROWS):
        rows = slice(first, min(first + ROWS, number))
        values = {title: pa.array(of(rows), from_pandas=True) for title, of in columns}  # NaN is none
        table = pa.table(values).replace_schema_metadata(about)
        writer = writer or pq.ParquetWriter(new, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()


def _excel(found: xr.Dataset, new: Path) -> None:
    """Two sheets: a row for each cell, and the chance as a coloured grid of two dimensions."""
    import xlsxwriter

    if found[REASON].size > MOST_ROWS:
        message = text("{n} cells are more than a sheet of Excel has room for; name a file that ends in .csv or .parquet",
                       n=found[REASON].size)  # fmt: skip
        raise StoreError(message)
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    try:
        with xlsxwriter.Workbook(os.fspath(new), {"constant_memory": True, **plain}) as book:
            _sheet_of_cells(found, book)
            _sheet_of_grid(found, book)
    except xlsxwriter.exceptions.FileCreateError as error:  # what the system said is inside
        said = error.args[0] if error.args else None
        raise said if isinstance(said, OSError) else OSError(str(error)) from None


def _sheet_of_cells(found: xr.Dataset, book: Any) -> None:
    columns, bold = _columns(found), book.add_format({"bold": True})
    sheet = book.add_worksheet(text("Cells"))
    sheet.freeze_panes(1, 0)
    for j, (title, _) in enumerate(columns):
        sheet.write_string(0, j, title, bold)
    for i, row in enumerate(_rows(found, columns), 1):
        for j, value in enumerate(row):
            _put(sheet, i, j, value)


def _put(sheet: Any, row: int, column: int, value: Any, how: Any = None) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value, how)
    elif value == value:
        sheet.write_number(row, column, value, how)


def _sheet_of_grid(found: xr.Dataset, book: Any) -> None:
    """The last two dimensions that are varied, rows and columns; a block for each value of the others."""
    name = next(one for one in ("probability", "probability_without_luck") if one in found)
    sheet, bold = book.add_worksheet(text("Grid")), book.add_format({"bold": True})
    percent = book.add_format({"num_format": "0 %"})
    chance = found[name]
    across = next((one for one in reversed(chance.dims) if chance.sizes[one] > 1), chance.dims[-1])
    others = [one for one in chance.dims if one != across]
    down = next((one for one in reversed(others) if chance.sizes[one] > 1), None)
    rest = [one for one in others if one != down]
    at = 0
    sheet.write_string(at, 0, text("The chance of break-even"), bold)
    for labels in product(*(range(chance.sizes[one]) for one in rest)):
        block = chance.isel(dict(zip(rest, labels, strict=True)))
        told = ", ".join(f"{one}: {_label(found, one, i)}" for one, i in zip(rest, labels, strict=True))
        at = _block(sheet, at + 2, found, block.transpose(*([down] if down else []), across), told, bold, percent)


def _block(sheet: Any, at: int, found: xr.Dataset, block: xr.DataArray, told: str, bold: Any, percent: Any) -> int:
    """One grid with its titles, row by row. Returns its last row."""
    values = np.atleast_2d(block.values)
    across, down = block.dims[-1], block.dims[0] if block.ndim > 1 else None
    sheet.write_string(at, 0, told)
    sheet.write_string(at + 1, 0, f"{down} \\ {across}" if down else str(across), bold)
    for j in range(values.shape[1]):
        _put(sheet, at + 1, j + 1, _label(found, across, j), bold)
    for i, row in enumerate(values.tolist()):
        if down:
            _put(sheet, at + 2 + i, 0, _label(found, down, i), bold)
        for j, value in enumerate(row):
            _put(sheet, at + 2 + i, j + 1, value, percent)
    last = at + 1 + len(values)
    colours = {"type": "3_color_scale", "min_type": "num", "mid_type": "num", "max_type": "num",
               "min_value": 0, "mid_value": 0.5, "max_value": 1,
               "min_color": "#F8A5A0", "mid_color": "#FFF2B3", "max_color": "#A3D9A5"}  # fmt: skip
    sheet.conditional_format(at + 2, 1, last, values.shape[1], colours)
    return last


def _label(found: xr.Dataset, dimension: Any, place: int) -> Any:
    return found[dimension].values[place : place + 1].tolist()[0]


WRITERS: dict[str, Callable[[Any, Path], None]] = {
    ".zarr": _zarr,
    ".nc": _netcdf,
    ".csv": _csv,
    ".xlsx": _excel,
    ".parquet": _parquet,
}
