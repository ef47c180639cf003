"""`simulate run --out`: where it may write, what it leaves, and what is told where that fails."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from command import Done, environment, process, simulate

from simulate import folder, store
from simulate.errors import InputError

QUICK = ["--engine", "expected", "--draws", "16"]


def run(scenario: Path, out: Path | str, *more: str) -> Done:
    return simulate("run", scenario, *QUICK, "--lang", "en", "--out", out, *more)


def held(place: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in place.iterdir()}


@pytest.fixture
def mine(rich: Path, tmp_path: Path) -> Path:
    """A scenario of the user's, in a folder of its own, under the name of a result."""
    file = tmp_path / "mine" / "scenario.toml"
    file.parent.mkdir()
    shutil.copy(rich, file)
    return file


@pytest.mark.parametrize("spelled", [".", "", "../mine", "link", "{whole}", "below/.."])
def test_a_users_own_folder_is_not_written_to(
    spelled: str, mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(mine.parent)
    (tmp_path / "link").symlink_to(mine.parent)
    (mine.parent / "below").mkdir()
    before = mine.read_bytes()
    out = tmp_path / "link" if spelled == "link" else spelled.format(whole=mine.parent)
    done = run(mine, out, "--set", "job=0.3")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"--out {out or chr(34) * 2}: ")
    assert mine.read_bytes() == before
    assert sorted(file.name for file in mine.parent.iterdir()) == ["below", "scenario.toml"]


def test_a_stored_scenario_is_made_again_elsewhere_and_never_over_itself(mine: Path, tmp_path: Path) -> None:
    first, again = tmp_path / "first", tmp_path / "again"
    assert run(mine, first, "--set", "job=0.3").code == 0
    before = held(first)
    for out in (first, tmp_path / "mine" / ".." / "first"):
        done = run(first / "scenario.toml", out)
        assert (done.code, done.out) == (2, "")
        assert "which its results would replace" in done.err
        assert held(first) == before
    assert run(first / "scenario.toml", again).code == 0
    one, other = store.opened(first), store.opened(again)
    assert one.id == other.id
    assert one.source() == other.source()
    xr.testing.assert_equal(one.dataset(), other.dataset())


def test_the_programmes_of_a_portfolio_are_not_replaced(mine: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(mine, out).code == 0
    portfolio = tmp_path / "portfolio.toml"
    portfolio.write_text('format = 1\nlanguage = "en"\ntitle = "Two"\nmunicipality = "A"\n'
                         '[time]\nfirst_year = 2020\nyears = 3\n[[programmes]]\nfile = "out/scenario.toml"\nname = "Nord"\n')  # fmt: skip
    before = held(out)
    done = simulate("run", portfolio, *QUICK, "--out", out)
    assert done.code == 2, done.err
    assert "out/scenario.toml" in done.err
    assert held(out) == before
    assert simulate("run", portfolio, *QUICK, "--out", tmp_path / "other").code == 0


@pytest.mark.parametrize("engine", ["lives", "point"])
def test_the_files_of_a_run_carry_its_id(engine: str, mine: Path, tmp_path: Path) -> None:
    done = simulate("run", mine, "--engine", engine, "--draws", "32", "--json", "--out", tmp_path / "o")
    found = store.opened(tmp_path / "o")
    assert found.document() == done.json
    assert done.json["run"]["id"] == found.id == found.record.id
    assert found.source() == mine.read_text("utf-8").replace("draws = 256", "draws = 32")
    data = found.dataset()
    assert (data is None) == (engine == "point")
    if data is not None:
        assert data.attrs["id"] == found.id
        assert data.attrs["scenario"] == found.source()
        assert json.loads(data.attrs["options"]) == done.json["run"]
        with xr.open_dataset(tmp_path / "o" / "results.nc") as file:
            xr.testing.assert_identical(data, file.load())


def test_an_id_is_of_the_scenario_as_run_the_options_and_the_versions(
    mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def id_of(*more: str) -> str:
        out = tmp_path / "o"
        assert run(mine, out, *more).code == 0
        return store.opened(out).id

    same = {id_of(), id_of("--threads", "1"), id_of("--lang", "da")}
    assert len(same) == 1
    others = [
        ["--draws", "32"],
        ["--seed", "8"],
        ["--plain"],
        ["--period", "month"],
        ["--set", "job=0.21"],
        ["--loss", "9000"],
    ]
    others += [["--precision", "50", "--max-draws", "16"], ["--design", "lhs"]]
    different = {id_of(*more) for more in others}
    monkeypatch.setattr(store, "versions", lambda: {"provenu": "9"})
    different.add(id_of())
    assert len(different | same) == len(others) + 2


def test_a_held_folder_is_refused_before_any_work(mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from simulate import engine as runs

    def work(*given: object) -> None:
        raise AssertionError("it has begun")

    monkeypatch.setattr(runs, "run", work)
    with folder.claimed(str(tmp_path / "o")):
        done = run(mine, tmp_path / "o")
    assert (done.code, done.out) == (2, "")
    assert (
        done.err
        == f"--out {tmp_path / 'o'}: another run writes its results into this folder now; wait for it, or name another folder\n"
    )


def test_changed_results_are_not_replaced(mine: Path, tmp_path: Path) -> None:
    out = tmp_path / "o"
    assert run(mine, out).code == 0
    (out / "scenario.toml").write_text("# my own notes\n")
    before = held(out)
    done = run(mine, out)
    assert (done.code, done.out) == (2, "")
    assert "scenario.toml is not as the run left it" in done.err
    assert held(out) == before
    with pytest.raises(InputError, match=r"scenario\.toml is not as the run left it"):
        store.opened(out)


@pytest.mark.parametrize("as_json", [["--json"], []])
def test_the_answer_is_printed_where_it_cannot_be_stored(
    as_json: list[str], mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is removed while the run is at work."""
    from simulate.answers import run as answers

    out, of = tmp_path / "o", answers.of

    def removed(*given: Any) -> Any:
        shutil.rmtree(out)
        return of(*given)

    with monkeypatch.context() as patched:
        patched.setattr(answers, "of", removed)
        done = run(mine, out, *as_json)
    assert done.code == 1
    assert done.err.splitlines()[-1].startswith(f"the results could not be stored in {out}: ")
    assert done.err.splitlines()[-1].endswith("there is no such folder")
    plain = simulate("run", mine, *QUICK, "--lang", "en", *as_json)
    if as_json:
        assert done.json["run"].pop("id")
        assert done.json["provenu"] == plain.json["provenu"]
    else:
        assert done.out == plain.out


FULL = """
import resource, sys
from simulate import folder
replace = folder.replace
def full(*given):
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, resource.RLIM_INFINITY))
    replace(*given)
folder.replace = full
from simulate.cli import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_full_disk(mine: Path, tmp_path: Path) -> None:
    out = tmp_path / "o"
    assert run(mine, out, "--seed", "3").code == 0
    before = held(out)
    given = [sys.executable, "-c", FULL, "run", str(mine), *QUICK, "--lang", "en", "--out", str(out)]
    done = subprocess.run(given, env=environment(), capture_output=True, encoding="utf-8")
    assert (done.returncode, held(out)) == (1, before)
    said = done.stderr.splitlines()[-1]
    assert said.startswith(f"the results could not be stored in {out}: {out}/")
    assert said.endswith(": there is no room left")
    assert done.stdout == simulate("run", mine, *QUICK, "--lang", "en").out


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
def test_results_are_stored_where_the_reader_of_the_answer_goes_away(mine: Path, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    given = [sys.executable, "-m", "simulate", "run", str(mine), *QUICK, "--json", "--out", str(tmp_path / "o")]
    done = subprocess.run(given, env=environment(), stdout=writing, stderr=subprocess.PIPE, encoding="utf-8")
    os.close(writing)
    assert "Traceback" not in done.stderr
    assert store.opened(tmp_path / "o").document()["run"]["draws"] == 16


@pytest.mark.parametrize("name", ["a" * 300, "b/" * 3000 + "c"])
def test_a_name_that_is_too_long(name: str, mine: Path, tmp_path: Path) -> None:
    done = run(mine, tmp_path / name)
    assert (done.code, done.out) == (2, "")
    assert done.err.endswith(": the name is too long\n")


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes")
@pytest.mark.parametrize("engine", ["expected", "point"])
def test_names_that_are_no_text(engine: str, mine: Path, tmp_path: Path) -> None:
    place = tmp_path / os.fsdecode(b"k\xf8benhavn")
    place.mkdir()
    file = place / os.fsdecode(b"\xe6.toml")
    shutil.copy(mine, file)
    done = process(
        "run",
        file,
        "--engine",
        engine,
        "--draws",
        "16",
        "--lang",
        "en",
        "--out",
        place / os.fsdecode(b"\xe5"),
        "--json",
    )
    assert done.code == 0, done.err
    assert done.json["scenario"]["file"] == f"{tmp_path}/k\ufffdbenhavn/\ufffd.toml"
    assert store.opened(place / os.fsdecode(b"\xe5")).document() == done.json
    again = process("run", file, "--engine", engine, "--lang", "en", "--out", place)
    assert again.code == 2
    assert f"--out {tmp_path}/k\ufffdbenhavn: there are files" in again.err
    checked = process("check", file, "--json")
    assert checked.json["files"][0]["file"].endswith("k\ufffdbenhavn/\ufffd.toml")
    new = process("new", file, "--lang", "en")
    assert (new.code, "exists already" in new.err) == (2, True)
    changed = process("run", file, "--set", os.fsdecode(b'title="\xf8"'), "--lang", "en")
    assert (changed.code, changed.err) == (2, '--set title="\ufffd": this is no UTF-8 text\n')


def test_danish_names_and_a_home(mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert simulate("run", "~/mine/scenario.toml", *QUICK, "--out", "~/På øen/æ").code == 0
    assert store.opened(tmp_path / "På øen" / "æ").dataset() is not None
    assert simulate("new", "~/ny.toml").code == 0
    assert (tmp_path / "ny.toml").exists()
    assert simulate("check", "~/ny.toml").code == 0


def test_a_folder_for_a_file_and_a_file_for_a_folder(mine: Path, tmp_path: Path) -> None:
    done = simulate("check", mine.parent, "--lang", "en")
    assert (done.code, "this is a folder" in done.out) == (2, True)
    done = simulate("check", mine / "below.toml", "--lang", "en")
    assert (done.code, "there is a file in the place of the folder" in done.out) == (2, True)
    assert run(mine, mine).err == f"--out {mine}: there is a file in the place of the folder\n"
    (tmp_path / "o" / folder.LOCK).mkdir(parents=True)
    done = run(mine, tmp_path / "o")
    assert (done.code, done.err) == (2, f"--out {tmp_path / 'o'}: there is a folder in the place of the file\n")


@pytest.mark.parametrize("as_json", [["--json"], []])
def test_a_number_that_is_none_is_no_answer(
    as_json: list[str], mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from simulate.answers import run as answers

    of = answers.of

    def broken(*given: Any) -> Any:
        answer = of(*given)
        mean = replace(answer.provenu.mean, value=float("nan"))
        return replace(answer, provenu=replace(answer.provenu, mean=mean))

    monkeypatch.setattr(answers, "of", broken)
    done = run(mine, tmp_path / "o", *as_json)
    assert (done.code, done.out) == (1, "")
    assert "a defect in this program: no number came out for provenu.mean.value (nan)" in done.err
    assert "Traceback" not in done.err
    assert list((tmp_path / "o").iterdir()) == []


def test_large_results_are_left_to_the_library(mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(mine, tmp_path / "small").code == 0
    monkeypatch.setattr(store, "LARGE", 0)
    assert run(mine, tmp_path / "large").code == 0
    small, large = store.opened(tmp_path / "small").dataset(), store.opened(tmp_path / "large").dataset()
    assert small is not None
    assert np.isfinite(small["provenu"].values).all()
    xr.testing.assert_identical(small, large)

    def broken(self: xr.Dataset, *given: object, **more: object) -> None:
        raise RuntimeError("NetCDF: HDF error")

    monkeypatch.setattr(xr.Dataset, "to_netcdf", broken)
    done = run(mine, tmp_path / "large", "--seed", "4")
    assert (done.code, done.out != "") == (1, True)
    assert done.err.splitlines()[-1].endswith("NetCDF: HDF error")
    assert store.opened(tmp_path / "large").document()["run"]["seed"] == 7
