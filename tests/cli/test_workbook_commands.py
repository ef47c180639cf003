"""Every command takes a workbook where it takes a text file, and answers the same to the last bit; and the two become each other."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
from command import RICH as UNPRICED
from command import environment, process, simulate

import simulate as provenu
from simulate.cli import convert
from simulate.scenario import documents, load

RICH = UNPRICED.replace("= {}", "= { monthly = 0 }")  # of a workbook it is told which states have no price

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SEEN = """
[[observed]]
label = "In work"
role = "adult"
what = "in"
to = "selvforsørgelse"
until = "2021-03"
count = 3
"""
SMALL = ("--draws", "64", "--seed", "3")


class Pair(NamedTuple):
    """The same case twice."""

    text: Path
    workbook: Path


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    folder = tmp_path_factory.mktemp("sager æøå")
    found = Pair(folder / "sag.toml", folder / "sag.xlsx")
    found.text.write_text(RICH + SEEN, "utf-8")
    assert simulate("convert", *found).code == 0
    return found


def alike(document: Any) -> Any:
    """Without what differs where the same case stands in another file: names, digests, places, decimals that say nothing, how warnings tell places."""
    if isinstance(document, dict):
        kept = {
            key: item
            for key, item in document.items()
            if key not in ("file", "sha256", "id", "line", "cell", "written")
        }
        return {
            key: len(item) if key in ("warnings", "problems") and isinstance(item, list) else alike(item)
            for key, item in kept.items()
        }
    if isinstance(document, list):
        return [alike(item) for item in document]
    return re.sub(r"sag\.(toml|xlsx)", "sag", document) if isinstance(document, str) else document


ASKED = {
    "run": ("run", *SMALL),
    "run-expected": ("run", *SMALL, "--engine", "expected", "--details"),
    "run-point": ("run", "--engine", "point", "--period", "month"),
    "run-set": ("run", *SMALL, "--set", "relapse=0.2", "--set", 'costs."Licenser mv.".yearly*2', "--set", "job=0.25"),
    "check": ("check", "--show"),
    "compare": ("compare", *SMALL),
    "threshold": ("threshold", *SMALL, "--assumption", "job"),
    "sensitivity": ("sensitivity", *SMALL),
    "structure": ("structure", *SMALL),
    "stages": ("stages", *SMALL, "--review", "2021", "--stop-if", "selvforsørgelse < 4"),
    "update": ("update", *SMALL, "--keep", "50", "--max-draws", "4096"),
    "annualise": ("annualise", *SMALL, "--quarter", "2020Q3"),
}


@pytest.mark.parametrize("asked", ASKED)
def test_every_question_has_the_same_answer(asked: str, pair: Pair, tmp_path: Path) -> None:
    name, *options = ASKED[asked]
    other = tmp_path / "other.toml"
    other.write_text(RICH.replace("yearly = 3200", "yearly = 90000"), "utf-8")
    beside = [other] if name == "compare" else []
    text, workbook = (simulate(name, file, *beside, *options, "--json") for file in pair)
    assert (text.code, workbook.code) == (0, 0), text.err + workbook.err
    assert json.dumps(alike(text.json)) == json.dumps(alike(workbook.json))


def test_a_run_is_stored_and_reported(pair: Pair, tmp_path: Path) -> None:
    folder = tmp_path / "svar"
    assert simulate("run", pair.workbook, *SMALL, "--out", folder, "--full").code == 0
    stored = tomllib.loads((folder / "scenario.toml").read_text("utf-8"))
    assert stored["costs"][0]["label"] == "Casemanagers"
    shutil.copy(folder / "scenario.toml", tmp_path / "sag.toml")
    again = simulate("run", tmp_path / "sag.toml", *SMALL, "--json")
    assert json.dumps(alike(again.json)["provenu"]) == json.dumps(
        alike(simulate("run", pair.text, *SMALL, "--json").json)["provenu"]
    )
    for what, name in (
        (folder, "a.html"),
        (pair.workbook, "b.html"),
        (pair.workbook, "c.md"),
        (pair.workbook, "d.xlsx"),
    ):
        done = simulate("report", what, "--out", tmp_path / name, *([] if what == folder else SMALL))
        assert done.code == 0, done.err
        assert (tmp_path / name).stat().st_size > 1000
    since = ("--set", "job=0.3", "--since", pair.text, "--lang", "en")
    assert simulate("report", pair.workbook, *SMALL, *since, "--out", tmp_path / "e.md").code == 0
    assert "job" in (tmp_path / "e.md").read_text("utf-8")


def test_a_report_never_takes_the_place_of_its_case(pair: Pair) -> None:
    before = pair.workbook.read_bytes()
    done = simulate("report", pair.workbook, "--out", pair.workbook, *SMALL, "--lang", "en")
    assert done.code == 2
    assert "this run reads it" in done.err
    assert pair.workbook.read_bytes() == before


def test_a_picture_is_the_same(pair: Pair, tmp_path: Path) -> None:
    for i, file in enumerate(pair):
        assert simulate("chart", file, "--kind", "fan", "--out", tmp_path / f"{i}.svg", *SMALL).code == 0
    assert (tmp_path / "0.svg").read_bytes() == (tmp_path / "1.svg").read_bytes()


def test_a_sweep_has_the_same_table(pair: Pair, tmp_path: Path) -> None:
    tables = []
    for i, file in enumerate(pair):
        out = tmp_path / f"{i}.csv"
        done = simulate("sweep", file, "--vary", "job=10%,20%", "--vary", "wage*1.2", "--out", out, *SMALL)
        assert done.code == 0, done.err
        tables.append(out.read_text("utf-8").replace("sag.xlsx", "sag.toml"))
    assert tables[0] == tables[1]


def test_a_sweeps_file_names_workbooks(pair: Pair, tmp_path: Path) -> None:
    shutil.copy(pair.workbook, tmp_path)
    (tmp_path / "sweep.toml").write_text('format = 1\nscenarios = ["sag.xlsx"]\n[vary]\njob = "10 %; 20 %"\n')
    done = simulate("sweep", tmp_path / "sweep.toml", "--out", tmp_path / "a.nc", *SMALL)
    assert done.code == 0, done.err


def test_python_reads_it(pair: Pair) -> None:
    text, workbook = map(provenu.load, pair)
    other = {"job": 0.3, "wage": 480_000}
    results = [provenu.run(case.with_(other), draws=64).provenu.mean.value for case in (text, workbook)]
    assert results[0] == results[1]


# Portfolios ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def odense(tmp_path: Path) -> Path:
    for name in ("odense", "odense-kik", "odense-udsatte-familier"):
        shutil.copy(SCENARIOS / f"{name}.toml", tmp_path)
    return tmp_path


def test_programmes_and_portfolios_are_workbooks_as_well(odense: Path) -> None:
    asked = ("--engine", "point", "--json")
    expected = alike(simulate("run", odense / "odense.toml", *asked).json)
    assert simulate("convert", odense / "odense.toml", odense / "odense.xlsx").code == 0
    assert json.dumps(alike(simulate("run", odense / "odense.xlsx", *asked).json)) == json.dumps(expected)
    assert simulate("convert", odense / "odense-kik.toml", odense / "odense-kik.xlsx").code == 0
    (odense / "odense-kik.toml").unlink()
    source = (odense / "odense.toml").read_text("utf-8").replace("odense-kik.toml", "odense-kik.xlsx")
    (odense / "odense.toml").write_text(source, "utf-8")
    assert json.dumps(alike(simulate("run", odense / "odense.toml", *asked).json)) == json.dumps(expected)


def test_what_is_wrong_with_a_programme_names_its_file_and_cell(odense: Path) -> None:
    kik = odense / "odense-kik.xlsx"
    assert simulate("convert", odense / "odense-kik.toml", kik).code == 0
    book = openpyxl.load_workbook(kik)
    book["Overgange"]["E2"] = "mange penge"
    book.save(kik)
    source = (odense / "odense.toml").read_text("utf-8").replace("odense-kik.toml", "odense-kik.xlsx")
    (odense / "odense.toml").write_text(source, "utf-8")
    done = simulate("check", odense / "odense.toml", "--lang", "en")
    assert done.code == 2
    assert f"{kik} Overgange!E2  no assumption is called" in done.out
    found = simulate("check", odense / "odense.toml", "--json").json["files"][0]["problems"]
    assert [(one["file"], one["cell"], one["line"]) for one in found] == [(str(kik), "Overgange!E2", 0)]


# One becomes the other ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["silkeborg", "job-og-familie", "odense"])
def test_a_shipped_case_goes_to_a_workbook_and_back(name: str, tmp_path: Path) -> None:
    file = SCENARIOS / f"{name}.toml"
    for one in SCENARIOS.glob("odense*.toml"):
        shutil.copy(one, tmp_path)
    shutil.copy(file, tmp_path)
    source, workbook, back = tmp_path / file.name, tmp_path / f"{file.stem}.xlsx", tmp_path / "back.toml"
    for one, other in ((source, workbook), (workbook, back)):
        done = simulate("convert", one, other, "--lang", "en")
        assert done.code == 0, done.err
        assert "it is the same case as" in " ".join(done.out.split())
    assert convert.said(load(back)) == convert.said(load(source)) == convert.said(load(workbook))


def test_what_is_lost_is_told(tmp_path: Path) -> None:
    source = tmp_path / "a.toml"
    source.write_text(
        "# one\n" + RICH.replace("[money]", "[time_note]\n[money]").replace("[time_note]\n", "") + "# two\n", "utf-8"
    )
    source.write_text(source.read_text("utf-8").replace("years = 3", 'years = 3\nnote = "until the election"'), "utf-8")
    done = simulate("convert", source, tmp_path / "a.xlsx", "--lang", "en")
    assert done.code == 0, done.err
    said = " ".join(done.out.split())
    assert "The layout of the text and 2 comments are not in the workbook." in said
    assert "In the sheet “Other”, as no other sheet has room for it: time.note" in said
    done = simulate("convert", tmp_path / "a.xlsx", tmp_path / "b.toml", "--lang", "da")
    assert "ikke med i tekstfilen" in " ".join(done.out.split())
    assert tomllib.loads((tmp_path / "b.toml").read_text("utf-8"))["time"]["note"] == "until the election"


@pytest.mark.parametrize(
    ("options", "sheet"), [((), "Costs"), (("--lang", "da"), "Udgifter"), (("--lang", "en"), "Costs")]
)
def test_the_language_of_the_sheets(options: tuple[str, ...], sheet: str, pair: Pair, tmp_path: Path) -> None:
    assert simulate("convert", pair.text, tmp_path / "a.xlsx", *options).code == 0
    assert sheet in openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames


def test_nothing_is_replaced_unless_asked(pair: Pair, tmp_path: Path) -> None:
    there = tmp_path / "mine.xlsx"
    there.write_text("my work")
    done = simulate("convert", pair.text, there, "--lang", "en")
    assert (done.code, done.out) == (2, "")
    assert "exists already" in done.err
    assert "--force" in done.err
    assert there.read_text() == "my work"
    assert simulate("convert", pair.text, there, "--force").code == 0
    assert convert.said(load(there)) == convert.said(load(pair.text))
    assert list(tmp_path.iterdir()) == [there]


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        ("sag.toml", "b.toml", "both text files"),
        ("sag.xlsx", "b.xlsx", "both workbooks"),
        ("sag.toml", "b.csv", "must end in .xlsx"),
        ("sag.toml", "b.xlsm", "must end in .xlsx"),
        ("sag.toml", "b", "must end in .xlsx"),
        ("sag.toml", ".xlsx", "must end in .xlsx"),
        ("sag.toml", "nowhere/b.xlsx", "there is no such folder"),
        ("sag.toml", "folder.xlsx", "there is a folder in the place of the file"),
        ("none.toml", "b.xlsx", "there is no such file"),
        ("none.xlsx", "b.toml", "there is no such file"),
    ],
)
def test_what_cannot_be_converted(source: str, target: str, words: str, pair: Pair, tmp_path: Path) -> None:
    for file in pair:
        shutil.copy(file, tmp_path)
    (tmp_path / "folder.xlsx").mkdir()
    before = sorted(tmp_path.iterdir())
    done = simulate("convert", tmp_path / source, tmp_path / target, "--lang", "en")
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert sorted(tmp_path.iterdir()) == before


def test_a_case_with_problems_is_not_converted(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(RICH.replace("yearly = 3200", 'yearly = "15 %"'), "utf-8")
    done = simulate("convert", tmp_path / "a.toml", tmp_path / "a.xlsx", "--lang", "en")
    assert done.code == 2
    assert "where an amount in kroner belongs" in done.err
    assert not (tmp_path / "a.xlsx").exists()


def test_a_conversion_that_would_say_something_else_is_refused(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(tree: dict[str, Any], *given: Any) -> bytes:
        return made({**tree, "time": {"first_year": 2020, "years": 2}}, *given)

    made = convert.made
    monkeypatch.setattr(convert, "made", wrong)
    for source, target in ((pair.text, "a.xlsx"), (pair.workbook, "a.toml")):
        done = simulate("convert", source, tmp_path / target, "--lang", "en")
        assert (done.code, done.out) == (2, "")
        assert "is not written: what it would say is not the same case" in done.err
    assert list(tmp_path.iterdir()) == []


# A new one ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "sheet"), [("da", "Forudsætninger"), ("en", "Assumptions")])
def test_a_new_workbook_is_right_and_runs(language: str, sheet: str, tmp_path: Path) -> None:
    file = tmp_path / "ny sag.XLSX"
    done = simulate("new", file, "--lang", language)
    assert done.code == 0, done.err
    assert str(file) in done.out
    assert sheet in openpyxl.load_workbook(file).sheetnames
    checked = simulate("check", file, "--json").json["files"][0]
    assert (checked["problems"], checked["warnings"]) == ([], [])
    assert simulate("new", tmp_path / "ny.toml", "--lang", language).code == 0
    assert convert.said(load(file)) == convert.said(load(tmp_path / "ny.toml"))
    assert simulate("new", file, "--lang", language).code == 2


@pytest.mark.parametrize("name", ["a.xlsm", "a.xls", "a.ods"])
def test_a_new_file_of_another_spreadsheet_is_refused(name: str, tmp_path: Path) -> None:
    done = simulate("new", tmp_path / name, "--lang", "en")
    assert done.code == 2
    assert "must end in .xlsx" in done.err
    assert list(tmp_path.iterdir()) == []


# Files that are none --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("none.xlsx", None, "there is no such file"),
        ("~$sag.xlsx", b"x", "open"),
        ("empty.xlsx", b"", "empty"),
        ("text.xlsx", b"format = 1\n", "no workbook"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xlsx"),
        ("cut.xlsx", b"PK\x03\x04" + b"\0" * 50, "damaged"),
    ],
)
@pytest.mark.parametrize("asked", [("check",), ("run", "--engine", "point")])
def test_files_that_cannot_be_read(
    asked: tuple[str, ...], name: str, content: bytes | None, words: str, tmp_path: Path
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    done = simulate(asked[0], file, *asked[1:], "--lang", "en")
    assert done.code == 2
    assert words in done.out + done.err
    assert str(file) in done.out + done.err


def test_a_folder_is_no_workbook(tmp_path: Path) -> None:
    (tmp_path / "sag.xlsx").mkdir()
    done = simulate("check", tmp_path / "sag.xlsx", "--lang", "en")
    assert done.code == 2
    assert "this is a folder" in done.out


def test_a_workbook_by_another_name_is_told(pair: Pair, tmp_path: Path) -> None:
    shutil.copy(pair.workbook, tmp_path / "sag.toml")
    done = simulate("check", tmp_path / "sag.toml", "--lang", "en")
    assert done.code == 2
    assert "this looks like a workbook; let its name end in .xlsx" in done.out


def test_another_package_is_told_by_what_it_is(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "sag.docx", "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", "<document/>")
    done = simulate("check", tmp_path / "sag.docx", "--lang", "en")
    assert done.code == 2
    assert "this is a Word document" in done.out


def test_an_ordinary_workbook_is_no_case(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Budget"
    book.active["A1"] = "Konto"
    book.save(tmp_path / "budget.xlsx")
    done = simulate("check", tmp_path / "budget.xlsx", "--lang", "en")
    assert done.code == 2
    assert "simulate attach" in done.out
    table = tmp_path / "budget.csv"
    table.write_text("Udgifter;2027\nLøn;800\n", "cp1252")
    for command in ("check", "run", "report"):
        said = simulate(
            command, table, "--lang", "en", *(["--out", tmp_path / "x.html"] if command == "report" else [])
        )
        assert said.code == 2
        assert "simulate attach" in said.out + said.err


# What is read ---------------------------------------------------------------------------------------------------------------


def test_a_document_says_what_it_was_read_from(pair: Pair) -> None:
    document = documents.read(pair.workbook)
    assert document.sha256 == hashlib.sha256(pair.workbook.read_bytes()).hexdigest()
    assert load(pair.workbook).sha256 == document.sha256
    assert document.cells is not None
    assert document.cells["time", "first_year"].startswith("Case!B")
    assert load(pair.workbook).source == document.source
    assert tomllib.loads(document.source)["money"] == tomllib.loads(pair.text.read_text("utf-8"))["money"]


def test_text_files_import_nothing_of_workbooks(pair: Pair) -> None:
    program = (
        "import sys\n"
        "from simulate.cli import main\n"
        "sys.argv = ['simulate', 'run', sys.argv[1], '--engine', 'point']\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        "print([name for name in sys.modules if name.startswith(('simulate.grid', 'simulate.workbook', 'openpyxl', 'xlsxwriter', 'python_calamine'))])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(pair.text)], env=environment(), capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_it_is_read_in_a_process_of_its_own(pair: Pair) -> None:
    done = process("check", pair.workbook, "--lang", "da")
    assert done.code == 0, done.err
    assert "ingen fejl" in done.out
