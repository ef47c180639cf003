"""`--write-back COPY` of `run` and `attach`: what is printed, what is written, and how it ends where that cannot be."""

from __future__ import annotations

import errno
import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from command import simulate

pytest.importorskip("python_calamine", reason="python-calamine is not installed")
pytest.importorskip("xlsxwriter", reason="XlsxWriter is not installed")
openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")

ROOT = Path(__file__).parents[2]

ROWS = [
    ["Ny indsats, kr.", None, None, None],
    [None, 2027, 2028, "I alt"],
    ["Udgifter"],
    ["Vejledere", 400000, 410000, 810000],
    ["Besparelser"],
    ["Færre anbringelser", 0, 900000, 900000],
    ["Netto", -400000, 490000, 90000],
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    made = openpyxl.Workbook()
    for row in ROWS:
        made.active.append(row)
    made.active.title = "Budget"
    made.save("budget.xlsx")
    return tmp_path


def expected(file: str) -> list[Any]:
    """Of the rows of the table."""
    sheet = openpyxl.load_workbook(file)["Budget"]
    [column] = [cell.column for cell in sheet[2] if cell.value in ("Simuleret: forventet", "Simulated: expected")]
    return [sheet.cell(row, column).value for row in (4, 6, 7)]


def test_attach_writes_it_beside_the_officers_own_table(folder: Path) -> None:
    before = Path("budget.xlsx").read_bytes()
    done = simulate("attach", "budget.xlsx", "--write-back", "copy.xlsx", "--lang", "da", "--draws", "256")
    assert done.code == 0, done.err
    assert "Budget!F2" in done.err
    assert expected("copy.xlsx") == [810000, 900000, 90000]
    assert Path("budget.xlsx").read_bytes() == before


def test_it_needs_no_more_than_is_installed_with_the_command(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tests read workbooks with is not there for whoever has README's first command alone."""
    for name in ("python_calamine", "openpyxl"):
        monkeypatch.setitem(sys.modules, name, None)
    real = importlib.util.find_spec
    absent = ("python_calamine", "openpyxl")
    monkeypatch.setattr("simulate.cli.write_back.find_spec", lambda name: None if name in absent else real(name))
    done = simulate("attach", "budget.xlsx", "--write-back", "copy.xlsx", "--draws", "256", "--lang", "en")
    assert done.code == 0, done.err
    assert Path("copy.xlsx").exists()


@pytest.mark.parametrize(
    "command", [("new", "case.xlsx"), ("convert", str(ROOT / "scenarios" / "silkeborg.toml"), "case.xlsx")], ids=str
)
def test_without_what_writes_workbooks_there_are_words(
    command: tuple[str, ...], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    done = simulate(*command, "--lang", "en")
    assert done.code == 2
    assert 'pip install "provenu[spreadsheet]"' in done.err
    assert not Path("case.xlsx").exists()


def test_a_sheet_of_which_nothing_is_uncertain_gets_no_chance(folder: Path) -> None:
    assert simulate("attach", "budget.xlsx", "--write-back", "copy.xlsx", "--lang", "en", "--draws", "256").code == 0
    sheet = openpyxl.load_workbook("copy.xlsx")["Budget"]
    chances = [cell.column for cell in sheet[2] if cell.value == "Simulated: chance"]
    assert all(sheet.cell(row, column).value is None for column in chances for row in range(3, 8))


def test_run_of_what_attach_wrote_finds_the_sheet_again(folder: Path) -> None:
    assert simulate("attach", "budget.xlsx", "--out", "case.toml", "--draws", "256").code == 0
    done = simulate(
        "run", "case.toml", "--write-back", "copy.xlsx", "--draws", "256", "--json", "--set", "costs[0].yearly*2"
    )
    assert done.code == 0, done.err
    assert json.loads(done.out)["lines"]["Vejledere"]["percentiles"]["5"]["value"] == -1620000
    assert expected("copy.xlsx") == [1620000, 900000, -720000]


def test_run_of_a_copy_reads_the_case_alone(folder: Path) -> None:
    first = simulate("attach", "budget.xlsx", "--write-back", "copy.xlsx", "--draws", "256", "--json")
    second = simulate("attach", "copy.xlsx", "--draws", "256", "--json")
    assert first.code == second.code == 0
    assert json.loads(second.out)["lines"] == json.loads(first.out)["lines"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--write-back", "budget.xlsx", "--force"], "never written to"),
        (["--write-back", "copy.csv"], ".xlsx"),
        (["--write-back", "copy.xlsx", "--engine", "point"], "--engine point"),
        (["--force"], "--write-back"),
        (["--write-back", "res/copy.xlsx", "--out", "res"], "--out"),
    ],
)
def test_what_cannot_be_is_told_before_the_run(folder: Path, args: list[str], said: str) -> None:
    simulate("attach", "budget.xlsx", "--out", "case.toml", "--draws", "256")
    done = simulate("run", "case.toml", "--lang", "en", *args)
    assert done.code == 2
    assert said in done.err
    assert done.out == ""
    assert not Path("copy.xlsx").exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_what_the_disk_does_not_take_leaves_the_answer_and_nothing_else(
    folder: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    simulate("attach", "budget.xlsx", "--out", "case.toml", "--draws", "256")

    def fails(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    Path("copy.xlsx").write_bytes(b"mine")
    monkeypatch.setattr(os, "replace", fails)
    done = simulate("run", "case.toml", "--write-back", "copy.xlsx", "--force", "--draws", "256", "--lang", "en")
    assert done.code == 1
    assert "copy.xlsx" in done.err
    assert "Traceback" not in done.err
    assert done.out
    assert Path("copy.xlsx").read_bytes() == b"mine"
    assert sorted(one.name for one in folder.iterdir()) == ["budget.xlsx", "case.toml", "copy.xlsx"]


def test_a_stored_run_has_the_percentiles_and_another_id(folder: Path) -> None:
    simulate("attach", "budget.xlsx", "--out", "case.toml", "--draws", "256")
    for name, more in (("plain", []), ("with", ["--write-back", "copy.xlsx"])):
        assert simulate("run", "case.toml", "--draws", "256", "--out", name, *more).code == 0
    plain, more = (json.loads(Path(name, "summary.json").read_text("utf-8")) for name in ("plain", "with"))
    assert plain["run"]["id"] != more["run"]["id"]
    assert plain["lines"]["Vejledere"]["percentiles"] is None
    assert more["lines"]["Vejledere"]["percentiles"]["50"]["value"] == -810000
