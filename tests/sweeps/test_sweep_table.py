"""The table of a sweep and its forms: every cell in its place, equal after it is read back, whole or not at all."""

import csv
import json
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import effort
import numpy as np
import pytest
import synthetic
import xarray as xr

from simulate import locale, store
from simulate.engine import Case
from simulate.errors import InputError, StoreError
from simulate.options import Options
from simulate.reports.sweep_words import head, variable
from simulate.scenario import load
from simulate.sweeps import columns, exports, journal, run
from simulate.sweeps.cells import Made, Sweep
from simulate.sweeps.dataset import BASE, dataset
from simulate.sweeps.exports import WRITERS
from simulate.sweeps.grid import Axis, Grid
from simulate.sweeps.kept import BY_NAME, VARIABLES

ROOT = Path(__file__).parents[2]
LENGTHS = (4, 3, 2)


def swept(one: Sweep, out: Path, executor: synthetic.Synthetic | None = None) -> xr.Dataset:
    return run.sweep(one, out, synthetic.about(one), executor=executor or synthetic.Synthetic())


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A finished sweep's journal."""
    swept(synthetic.sweep_of(*LENGTHS), tmp_path / "s.csv")
    return tmp_path / "s.journal"


def test_every_cell_is_in_its_place(place: Path) -> None:
    found, sweep = exports.read(place), synthetic.sweep_of(*LENGTHS)
    assert dict(found.probability.sizes) == {"scenario": 1, "job_baseline": 4, "relapse": 3, "benefit": 2}
    for number in range(24):
        cell, axes = synthetic.cell(number), sweep.grid.cell(number).at
        own = found.isel(scenario=0, job_baseline=axes[0], relapse=axes[1], benefit=axes[2])
        assert own.reason.item() == cell.reason
        for axis, place_ in zip(sweep.grid.axes, axes, strict=True):
            assert own[axis.name].item() == axis.values[place_]
        for name in synthetic.layout().variables:
            expected = (
                np.full(own[name].shape, np.nan) if cell.layout is None else cell.layout.arrays(cell.numbers)[name]
            )
            assert np.array_equal(own[name].values, expected, equal_nan=True), name
            base = synthetic.layout().arrays(synthetic.cell(24).numbers)[name]
            assert np.array_equal(found[BASE + name].values[0], base, equal_nan=True)


def test_what_belongs_to_it_is_written_beside_it(place: Path) -> None:
    found = exports.read(place)
    assert found.attrs["command"] == "simulate sweep"
    assert json.loads(found.attrs["versions"]) == store.versions() | {"source": store.source()}
    assert json.loads(found.attrs["scenarios"]) == {"silkeborg": (ROOT / "scenarios/silkeborg.toml").read_text("utf-8")}
    assert found.provenu_mean.attrs == {"units": "DKK", "long_name": "expected provenu over the horizon"}
    assert found.provenu_mean_error.attrs["long_name"] == "standard error of provenu_mean"
    assert found.benefit.attrs["path"] == "benefit*"
    told = {one.name for one in VARIABLES if not one.only and "without_luck" not in one.name}
    assert told <= set(found.data_vars)


def test_scenarios_of_other_years_and_states_share_a_table(tmp_path: Path) -> None:
    files = ("silkeborg.toml", "familien-paa-vej.toml")
    cases = tuple(Case.of(load(ROOT / "scenarios" / file)) for file in files)
    axis = Axis("years", "time.years", "=", (5, 7))
    one = Sweep(
        cases, Grid(2, (axis,)), tuple(Options.of(case.scenario, engine="expected", draws=16) for case in cases)
    )
    found = run.sweep(one, tmp_path / "s.nc", synthetic.about(one))
    assert found.scenario.values.tolist() == ["silkeborg", "familien-paa-vej"]
    years = found.year.values.tolist()
    assert years == sorted(years)
    for i, case in enumerate(cases):
        first = case.scenario.time.first_year
        for j, length in enumerate(axis.values):
            has = found.provenu_by_year_mean[i, j].notnull()
            assert found.year.values[has].tolist() == list(range(first, first + length))
            (cell,) = one.make([2 * i + j])
            assert (
                found.provenu_by_year_mean[i, j].values[has].tolist()
                == cell.layout.arrays(cell.numbers)["provenu_by_year_mean"].tolist()
            )
        own = found.person_years[i, 0].sel(state=list(Case.of(case.loaded).model.labels)).notnull()
        assert own.any()
    assert found.person_years.attrs["units"] == "person-years"


def test_rows_that_are_no_grid(tmp_path: Path) -> None:
    grid = synthetic.sweep_of(4, 3)
    one = replace(grid, grid=replace(grid.grid, rows=((0, 2), (3, 1), (0, 0))))
    found = swept(one, tmp_path / "s.nc")
    first, second = (np.array(axis.values) for axis in one.grid.axes)
    assert found.probability.dims == ("scenario", "row")
    assert found.row.values.tolist() == [1, 2, 3]
    assert found.job_baseline.dims == ("row",)
    assert found.job_baseline.values.tolist() == first[[0, 3, 0]].tolist()
    assert found.relapse.values.tolist() == second[[2, 1, 0]].tolist()
    assert found.probability.values[0, 1] == synthetic.cell(1).numbers[0]
    assert exports.read(tmp_path / "s.nc").equals(found)


# Nobody's work is lost ------------------------------------------------------------------------------------------------------


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Another finished sweep's journal, beside its table."""
    swept(synthetic.sweep_of(2, 2), tmp_path / "other.nc")
    return tmp_path / "other.journal"


def refused(work: Callable[[], object], *places: Path) -> None:
    """It replaces none of them."""
    before = [one.read_bytes() for one in places]
    with pytest.raises(InputError, match=r"--out .*that this sweep has not written, or that has been changed since"):
        work()
    assert [one.read_bytes() for one in places] == before


@pytest.mark.parametrize("ending", [".csv", ".nc", ".xlsx", ".parquet"])
def test_a_file_of_the_users_own_is_kept(ending: str, place: Path) -> None:
    mine = place.with_name(f"mine{ending}")
    mine.write_text("a week of notes", "utf-8")
    refused(
        lambda: swept(synthetic.sweep_of(3), mine),
        mine,
    )
    assert not mine.with_suffix(".journal").exists()
    refused(lambda: exports.export(place, mine), mine)
    mine.write_bytes(b"")  # nothing is lost of that
    exports.export(place, mine)


@pytest.mark.parametrize("ending", WRITERS)
def test_the_table_of_another_sweep_is_kept(ending: str, place: Path, other: Path) -> None:
    table = exports.export(other, place.with_name("o" + ending))
    out = place.with_name("t" + ending)
    place.with_name("o" + ending).rename(out)
    with pytest.raises(InputError, match="this sweep has not written"):
        swept(synthetic.sweep_of(3), out)
    with pytest.raises(InputError, match="this sweep has not written"):
        exports.export(place, out)
    assert exports.export(other, out).identical(table)  # its own journal may


@pytest.mark.parametrize("ending", WRITERS)
def test_a_table_that_was_changed_by_hand_is_kept(ending: str, tmp_path: Path) -> None:
    one, out = synthetic.sweep_of(2, 3), tmp_path / f"s{ending}"
    for _ in range(2):
        swept(one, out)
    file = next(each for each in (out, *out.rglob("zarr.json")) if each.is_file())
    file.write_bytes(file.read_bytes() + b"\r\n")
    refused(lambda: swept(one, out), file)
    refused(lambda: exports.export(tmp_path / "s.journal", out), file)


def test_a_table_is_known_as_its_journals_once_that_was_mended(tmp_path: Path) -> None:
    one, out = synthetic.sweep_of(2, 3, kind=synthetic.MadeUp), tmp_path / "s.csv"
    swept(one, out)
    with sqlite3.connect(tmp_path / "s.journal") as file:
        file.execute("update cells set value = x'00' where number = 1")
    file.close()
    again = synthetic.Synthetic()
    swept(one, out, again)
    assert again.numbers == [1]


def test_a_file_that_comes_while_the_sweep_works_is_kept(tmp_path: Path) -> None:
    out = tmp_path / "s.csv"

    class Beside(synthetic.Synthetic):
        def made(self, sweep: Sweep, batches: Iterator[Sequence[int]]) -> Iterator[list[Made]]:
            out.write_text("mine")
            yield from super().made(sweep, batches)

    with pytest.raises(InputError, match="this sweep has not written"):
        swept(synthetic.sweep_of(3), out, Beside())
    assert out.read_text() == "mine"
    out.unlink()
    again = synthetic.Synthetic()
    swept(synthetic.sweep_of(3), out, again)
    assert again.numbers == []


# What is exported is what was named -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".nc", ".zarr"])
def test_a_table_beside_the_journal_of_another_is_exported_itself(ending: str, place: Path, other: Path) -> None:
    table, wanted = place.with_name("other" + ending), exports.read(other)
    exports.export(other, table)
    table.rename(place.with_name("s" + ending))  # by name, `place` is its journal
    found = exports.export(place.with_name("s" + ending), place.with_name("o.csv"))
    xr.testing.assert_identical(found, wanted)
    exports.export(other, place.with_name("wanted.csv"))
    assert place.with_name("o.csv").read_bytes() == place.with_name("wanted.csv").read_bytes()


@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize("whole", [".nc", ".zarr"])
def test_a_table_without_a_journal_is_exported_as_the_journal_would_be(whole: str, ending: str, tmp_path: Path) -> None:
    one = synthetic.sweep_of(4, 3)
    one = replace(one, grid=replace(one.grid, rows=((0, 2), (3, 1), (0, 0)))) if whole == ".nc" else one
    table = swept(one, tmp_path / f"s{whole}")
    exports.export(tmp_path / "s.journal", tmp_path / f"wanted{ending}")
    (tmp_path / "s.journal").unlink()
    for _ in range(1 if ending in (".xlsx", ".nc") else 2):  # of the same bytes nothing is lost; these hold the time
        xr.testing.assert_identical(exports.export(tmp_path / f"s{whole}", tmp_path / f"o{ending}"), table)
    if ending in (".nc", ".zarr"):
        xr.testing.assert_identical(exports.read(tmp_path / f"o{ending}"), table)
    elif ending != ".xlsx":
        assert exports.digest(tmp_path / f"o{ending}") == exports.digest(tmp_path / f"wanted{ending}")


def test_a_csv_is_exported_by_the_journal_that_made_it_alone(place: Path, other: Path) -> None:
    csv_ = place.with_name("s.csv")
    assert exports.export(csv_, place.with_name("a.nc")).identical(exports.read(place))
    exports.export(other, place.with_name("copy.csv"))
    place.with_name("copy.csv").replace(csv_)
    shutil.copy(csv_, place.with_name("alone.csv"))
    for source in (csv_, place.with_name("alone.csv")):
        with pytest.raises(InputError, match="no journal beside it has written this file as it is"):
            exports.export(source, place.with_name("b.nc"))


# Forms ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".zarr", ".nc"])
def test_all_of_it_is_read_back_as_it_was(ending: str, place: Path) -> None:
    out = place.with_name("other" + ending)
    for _ in range(2):  # over an earlier one, too
        written = exports.export(place, out)
        found = exports.read(out)
        xr.testing.assert_identical(found, written)
        assert list(found.data_vars) == list(written.data_vars)
    assert {file.name for file in place.parent.iterdir()} == {"s.csv", "s.journal", out.name}


THREADS = """
import sys, threading
from pathlib import Path
from simulate import store
from simulate.sweeps import exports
large, journal, folder = sys.argv[1] == "large", sys.argv[2], Path(sys.argv[3])
store.LARGE = 0 if large else store.LARGE
wanted = exports.read(journal)
right = []
def work(i):
    for n in range(6):
        out = folder / f"{i}-{n}.nc"
        exports.export(journal, out)
        right.append(exports.read(out).equals(wanted))
threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
for one in threads: one.start()
for one in threads: one.join()
print(len(right), all(right))
"""


@pytest.mark.parametrize("size", ["small", "large"])
def test_threads_may_write_and_read_at_once(size: str, place: Path, tmp_path: Path) -> None:
    """The library of NetCDF ends a process in which two threads use it, whatever files they are of."""
    (tmp_path / "many").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", THREADS, size, place, tmp_path / "many"], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "24 True\n", "")


def test_zarr_has_version_3(place: Path) -> None:
    exports.export(place, place.with_name("o.zarr"))
    assert json.loads((place.with_name("o.zarr") / "zarr.json").read_text())["zarr_format"] == 3


def expected_rows() -> list[tuple[float, ...]]:
    grid = synthetic.sweep_of(*LENGTHS).grid
    return [tuple(value for _, value in grid.values(grid.cell(number))) for number in range(24)]


@pytest.mark.parametrize(
    ("language", "delimiter", "point", "heads"),
    [
        ("da", ";", ",", ["Chance for at tjene sig hjem (andel)", "Chance for at tjene sig hjem, standardfejl (andel)",
                          "Forventet provenu (kr.)", "Personår med indsatsen, child.anbragt, 2021", "Provenu, 5-percentil (kr.)"]),
        ("en", ",", ".", ["Chance of break-even (share)", "Chance of break-even, standard error (share)",
                          "Expected provenu (kr.)", "Person-years with the programme, child.anbragt, 2021", "Provenu, percentile 5 (kr.)"]),
    ],
)  # fmt: skip
def test_csv_has_a_row_for_each_cell(
    language: locale.Language, delimiter: str, point: str, heads: list[str], place: Path
) -> None:
    exports.export(place, place.with_name("o.csv"), language)
    data = place.with_name("o.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(data.decode("utf-8-sig").splitlines(), delimiter=delimiter))
    assert rows[0][3:6] == heads[:3]
    assert len(set(rows[0])) == len(rows[0])
    assert len(rows) == 25
    at = {name: i for i, name in enumerate(one.name for one in columns.for_reading(exports.read(place)))}
    for number, (row, varied) in enumerate(zip(rows[1:], expected_rows(), strict=True)):
        cell, told = synthetic.cell(number), dict(zip(rows[0], row, strict=True))
        assert [float(one.replace(point, ".")) for one in row[:3]] == list(varied)
        assert row[at["reason"]] == cell.reason
        assert row[-2:] == ["silkeborg", "Vi Vil Mere"]
        if cell.numbers is None:
            assert {row[i] for name, i in at.items() if i > 2 and name not in ("reason", "scenario", "title")} == {""}
            continue
        arrays = synthetic.layout().arrays(cell.numbers)
        wanted = [arrays["probability"][()], arrays["probability_error"][()], arrays["provenu_mean"][()], arrays["person_years"][0, -1, -1], arrays["provenu_percentile"][1]]  # fmt: skip
        assert [float(told[head].replace(point, ".")) for head in heads] == wanted


def test_columns_of_one_head_are_told_apart_and_nothing_is_left_out(place: Path) -> None:
    found = exports.read(place)
    found["relapse"].attrs["long_name"] = found["job_baseline"].attrs["long_name"] = "Rate"
    every = columns.for_reading(found)
    assert [one.head for one in every[:3]] == ["Rate [job_baseline]", "Rate [relapse]", "benefit*"]
    assert sorted(one.name for one in every) == sorted(one.name for one in columns.columns(found))
    assert [one.labels for one in every] == [*sorted(one.labels for one in every[:-2]), 0, 0]


@pytest.mark.parametrize("name", [name for one in VARIABLES for name in one.names])
def test_every_variable_has_a_head_in_words(name: str) -> None:
    labels = dict.fromkeys(BY_NAME[name].dimensions, "luck")
    for language in locale.LANGUAGES:
        with locale.speaking(language):
            assert not re.search("[_{]", head(name, labels))
            assert "_" not in variable(name.removesuffix("_error"))


def test_parquet_has_the_same_rows(place: Path) -> None:
    import pyarrow.parquet as pq

    exports.export(place, place.with_name("o.parquet"))
    table = pq.read_table(place.with_name("o.parquet"))
    assert (
        list(zip(*(table[name].to_pylist() for name in ("job_baseline", "relapse", "benefit")), strict=True))
        == expected_rows()
    )
    chances = [None if (cell := synthetic.cell(n)).numbers is None else cell.numbers[0] for n in range(24)]
    assert table["probability"].to_pylist() == chances
    assert table.schema.metadata[b"command"] == b"simulate sweep"


@pytest.mark.parametrize("ending", WRITERS)
def test_a_form_that_fails_leaves_what_was_there(ending: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = place.with_name("o" + ending)
    exports.export(place, out)
    files = [out] if out.is_file() else sorted(one for one in out.rglob("*") if one.is_file())
    before = [one.read_bytes() for one in files]
    write = WRITERS[ending]

    def full(found: xr.Dataset, new: Path) -> None:
        write(found, new)
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(WRITERS, ending, full)
    with pytest.raises(StoreError, match=r"there is no room left; all cells are kept in .*s\.journal"):
        exports.export(place, out)
    assert [one.read_bytes() for one in files] == before
    assert {file.name for file in place.parent.iterdir()} == {"s.csv", "s.journal", out.name}


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
@pytest.mark.parametrize("ending", WRITERS)
def test_a_full_disk_is_told_and_nothing_of_it_is_left(ending: str, place: Path) -> None:
    """The largest that a file may be stands for it."""
    before, there = resource.getrlimit(resource.RLIMIT_FSIZE), set(place.parent.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (1500, before[1]))
    try:
        with pytest.raises(StoreError, match="there is no room left"):
            exports.export(place, place.with_name("o" + ending))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    left = set(place.parent.iterdir()) - there  # of SQLite, empty, until it is opened the next time
    assert {one.name for one in left} <= {"s.journal-wal", "s.journal-shm"}


@pytest.mark.parametrize(("ending", "library"), [(".zarr", "zarr"), (".xlsx", "xlsxwriter"), (".parquet", "pyarrow")])
def test_what_is_not_installed_is_told(ending: str, library: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=rf"{ending} needs {library}: pip install 'provenu\[sweep\]'"):
        exports.export(place, place.with_name("o" + ending))


def test_what_is_no_table_is_told(tmp_path: Path) -> None:
    for name, words in {
        "a.txt": "ends in .zarr or .nc",
        "a.nc": "no such table",
        "a.zarr": "no such table",
        "a.journal": "no such journal",
    }.items():
        with pytest.raises(InputError, match=words):
            exports.read(tmp_path / name)
    (tmp_path / "b.nc").write_text("mine")
    (tmp_path / "b.zarr").mkdir()
    xr.Dataset({"a": ("x", [1.0])}).to_netcdf(tmp_path / "c.nc")
    for name in ("b.nc", "b.zarr", "c.nc"):
        with pytest.raises(InputError, match="no table of a sweep"):
            exports.read(tmp_path / name)


def test_a_hundred_thousand_cells_take_little_memory(tmp_path: Path) -> None:
    one, place = synthetic.sweep_of(100, 1000), tmp_path / "s.journal"
    header = journal.Header(run.abouts.made_of(one), {**run.abouts.of_table(one), "attributes": {}})
    numbers = np.arange(synthetic.layout().size, dtype=float)

    def write() -> None:
        with journal.held(place, header) as kept:
            for first in range(0, len(one.grid), 5000):
                kept.write(
                    run.Made(n, synthetic.layout(), numbers + n) for n in range(first, min(first + 5000, len(one.grid)))
                )

    def read() -> None:
        with journal.opened(place) as kept:
            found = dataset(kept)
        assert found.provenu_mean.values[0, 99, 999] == numbers[synthetic.layout().places["provenu_mean"]][0] + 99_999

    table = len(one.grid) * numbers.nbytes
    assert effort.most_bytes(write) < table / 2
    assert effort.most_bytes(read) < 2.5 * table
