"""`simulate attach`: the scenario that it writes, what it prints, and that nothing is lost."""

import hashlib
import math
import sys
from pathlib import Path

import pytest
from own_sheets import Cells, workbook

sys.path.insert(0, str(Path(__file__).parents[1] / "cli"))
from command import Done, simulate, validator

from simulate import locale
from simulate.content import figures
from simulate.reports import content
from simulate.scenario import load

ROWS: Cells = [
    ["Indsats for udsatte familier"],
    ["1.000 kr.", 2027, 2028, 2029, "I alt", "Lav", "Sandsynlig", "Høj"],
    ["Udgifter"],
    ["Løn", 1000, 1000, 1000, 3000, 900, 1000, 1200],
    ["Kørsel", 100, 150, 150, 400],
    ["Udgifter i alt", 1100, 1150, 1150, 3400],
    ["Besparelser"],
    ["Anbringelser", 500, 1500, 1800, 3800, 2000, 3800, 4500],
    ["Besparelser i alt", 500, 1500, 1810, 3810],
    ["Provenu", -600, 350, 650, 400],
]


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return workbook(tmp_path / "budget.xlsx", ROWS)


def attach(sheet: Path, *more: str | Path) -> Done:
    return simulate("attach", sheet, "--lang", "en", "--draws", "1024", *more)


def test_what_is_written_runs_and_has_the_chance_that_was_told(sheet: Path, tmp_path: Path) -> None:
    before = hashlib.sha256(sheet.read_bytes()).hexdigest()
    case = tmp_path / "case.toml"
    done = attach(sheet, "--out", case, "--json")
    assert (done.code, done.json["out"]) == (0, str(case))
    run = simulate("run", case, "--draws", "1024", "--json")
    assert run.json["break_even"]["probability"]["value"] == done.json["independent"]["probability"]["value"]
    assert run.json["point"]["provenu"]["total"] == done.json["provenu"] == 400_000
    assert hashlib.sha256(sheet.read_bytes()).hexdigest() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["budget.xlsx", "case.toml"]


def test_the_answer_is_as_its_schema_says_and_has_every_figure_that_is_shown(sheet: Path) -> None:
    document = attach(sheet, "--json").json
    validator().validate(document)

    def numbers(value: object) -> list[float]:
        if isinstance(value, dict):
            return [number for item in value.values() for number in numbers(item)]
        if isinstance(value, list):
            return [number for item in value for number in numbers(item)]
        return [float(value)] if isinstance(value, int | float) and not isinstance(value, bool) else []

    known = numbers(document)
    known += [sum(one[name]) for one in document["totals"] for name in ("stated", "computed")]
    from command import answered

    from simulate.asking.attach import asked, attached, read

    for language in ("da", "en"):
        locale.use(language)
        scenario = attached(read(str(sheet), asked()), "case.toml").scenario
        shown = [value for part in content(answered(document), scenario) for value in figures(part)]
        assert len(shown) > 20
        assert [one for one in shown if not any(math.isclose(one, other, rel_tol=1e-12) for other in known)] == []


def test_it_says_both_chances_what_does_not_add_up_and_what_was_written(sheet: Path, tmp_path: Path) -> None:
    done = attach(sheet, "--out", tmp_path / "case.toml")
    said = " ".join(done.out.split())
    assert "Where each of the 2 uncertain rows varies for itself" in said
    assert "Where they all go well together and ill together" in said
    assert "2 figures of the sheet are not what its rows make" in said or "1 figure of the sheet is not" in said
    assert "D9" in said
    assert "1,810 1,800" in said
    assert "case.toml is written" in said


def test_it_speaks_danish(sheet: Path) -> None:
    said = " ".join(simulate("attach", sheet, "--lang", "da", "--draws", "256").out.split())
    assert "Varierer de 2 usikre poster hver for sig" in said
    assert "Det, der ikke stemmer:" in said


def test_what_is_there_is_not_replaced_without_force(sheet: Path, tmp_path: Path) -> None:
    case = tmp_path / "case.toml"
    case.write_text("mine")
    done = attach(sheet, "--out", case)
    assert (done.code, case.read_text()) == (2, "mine")
    assert "--force" in done.err
    assert attach(sheet, "--out", case, "--force").code == 0
    assert load(case).scenario.title == "Indsats for udsatte familier"


@pytest.mark.parametrize("out", ["budget.xlsx", "case.txt", "no/such/case.toml"])
def test_it_writes_a_scenario_and_never_the_sheet(sheet: Path, tmp_path: Path, out: str) -> None:
    before = sheet.read_bytes()
    done = attach(sheet, "--out", tmp_path / out, "--force")
    assert done.code == 2
    assert sheet.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_without_out_nothing_is_written(sheet: Path, tmp_path: Path) -> None:
    assert attach(sheet).code == 0
    assert [one.name for one in tmp_path.iterdir()] == ["budget.xlsx"]


def test_every_cell_that_is_not_clear_is_told_at_once(tmp_path: Path) -> None:
    rows = [["1.000 kr.", 2027, 2028], ["Udgifter"], ["Løn", "ca. 50", 60], ["Kurser", 40, "fem 5"]]
    done = attach(workbook(tmp_path / "b.xlsx", rows), "--out", tmp_path / "case.toml")
    assert done.code == 2
    assert "'Business case'!B3  “ca. 50”" in done.err
    assert "'Business case'!C4  “fem 5”" in done.err
    assert not (tmp_path / "case.toml").exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [("nowhere.xlsx", "no such file"), ("empty.xlsx", "no sheet has a table"), ("broken.xlsx", "broken.xlsx")],
)
def test_files_that_are_no_sheets_are_told(tmp_path: Path, name: str, words: str) -> None:
    workbook(tmp_path / "empty.xlsx", [["Words alone"]])
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 and nothing more")
    done = attach(tmp_path / name)
    assert done.code == 2
    assert words in done.err


def test_warnings_name_the_cell_and_no_file_that_is_not_there(tmp_path: Path) -> None:
    rows = [["1.000 kr.", 2027, 2028], ["Udgifter"], ["Løn", 250_000, 1000], ["Kurser", -5, 10]]
    done = attach(workbook(tmp_path / "b.xlsx", rows))
    assert done.code == 0
    assert "b.xlsx 'Business case'!B4  “Kurser” has another sign in B4" in done.err
    assert "b.xlsx 'Business case'!B3:C3  " in done.err
    assert done.err.count("!B4") + done.err.count("!B4:C4") == 1
    assert "case.toml" not in done.out + done.err


DANISH_CSV = "1.000 kr.;2027;2028;I alt\nUdgifter;;;\nLøn;1.000,5;1.000,5;2.001\nKørsel;(100);100-;-200\nBesparelser;;;\nAnbringelser;600;1.400;2.000\n"


@pytest.mark.parametrize(
    ("name", "mark", "encoding"), [("b.csv", ";", "cp1252"), ("b.csv", ";", "utf-8-sig"), ("b.txt", "\t", "utf-8")]
)
def test_csv_and_a_pasted_table_go_the_same_way(tmp_path: Path, name: str, mark: str, encoding: str) -> None:
    (tmp_path / name).write_bytes(DANISH_CSV.replace(";", mark).replace("\n", "\r\n").encode(encoding))
    document = attach(tmp_path / name, "--json").json
    assert {one["label"]: one["by_year"] for one in document["lines"]} == {
        "Løn": [1_000_500, 1_000_500],
        "Kørsel": [-100_000, -100_000],
        "Anbringelser": [600_000, 1_400_000],
    }
    assert document["provenu"] == 199_000
    assert document["differences"] == []


def test_a_csv_has_its_own_name_for_a_sheet_and_no_answer_can_be_written_into_it(tmp_path: Path) -> None:
    (tmp_path / "budget.csv").write_text(DANISH_CSV, "utf-8")
    done = attach(tmp_path / "budget.csv", "--out", tmp_path / "case.toml")
    assert done.out.startswith("budget · 2027-2028\n")
    assert "Read from budget.csv; its amounts are in 1.000 kr." in done.out
    assert load(tmp_path / "case.toml").scenario.source == "budget.csv"
    done = attach(tmp_path / "budget.csv", "--write-back", tmp_path / "copy.csv")
    assert (done.code, (tmp_path / "copy.csv").exists()) == (2, False)
    assert (
        "budget.csv is no workbook that an answer can be written into; open it in Excel, save it as .xlsx" in done.err
    )


@pytest.mark.parametrize(("language", "mark"), [("da", "# FAMILIER"), ("en", "# FAMILIES")])
@pytest.mark.parametrize("unit", ["kr.", "1.000 kr.", "mio. kr."])
def test_the_families_at_the_end_check_and_run_once_their_signs_are_taken_away(
    language: str, mark: str, unit: str, tmp_path: Path
) -> None:
    rows = [["Post", 2027, 2028], ["Udgifter"], ["Løn", 50, 50], ["Besparelser"], ["Anbringelser", 30, 70]]
    case = tmp_path / "case.toml"
    assert simulate("attach", workbook(tmp_path / "b.xlsx", rows), "--unit", unit, "--out", case, "--lang", language).code == 0  # fmt: skip
    head, _, families = case.read_text("utf-8").partition(mark)
    lines = [line if line.startswith("# ") else line.removeprefix("#") for line in (mark + families).split("\n")]
    case.write_text(head + "\n".join(lines), "utf-8")
    assert simulate("check", case).code == 0
    document = simulate("run", case, "--draws", "64", "--json").json
    assert len(document["lines"]) == 3
