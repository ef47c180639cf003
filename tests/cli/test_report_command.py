"""`simulate report`: of what it may be asked, where it goes, and what it refuses."""

import shutil
import sys
import zipfile
from pathlib import Path

import pytest
from command import RICH, Done, simulate

FEW = ("--draws", "64")
EXTRA = ("docx", "jinja2", "typst", "vl_convert", "xlsxwriter")


@pytest.fixture(scope="module")
def stored(rich: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stored") / "run"
    done = simulate("run", rich, *FEW, "--out", folder, "--full", "--tolerance", "1 mio. kr. in 10 %")
    assert done.code == 0, done.err
    return folder


def report(*arguments: str | Path) -> Done:
    return simulate("report", *arguments)


def test_a_stored_result_says_what_the_case_does(rich: Path, stored: Path) -> None:
    asked = report(rich, *FEW, "--tolerance", "1 mio. kr. in 10 %", "--lang", "en", "--json").json
    kept = report(stored, "--lang", "en", "--json").json
    assert kept["run"].pop("id") is not None
    asked["run"].pop("id")
    assert kept["case"]["run"].pop("id") is not None
    asked["case"]["run"].pop("id")
    assert kept == asked
    assert kept["tolerance"]["loss"] == 1_000_000
    assert kept["tolerance"]["share"] == 0.1


def test_it_is_danish_where_no_language_is_asked_for(stored: Path) -> None:
    assert "Svaret" in report(stored).out
    assert "The answer" in report(stored, "--lang", "en").out


def test_a_folder_has_every_form_and_the_pictures(stored: Path, tmp_path: Path) -> None:
    done = report(stored, "--out", tmp_path / "all", "--sections", "answer,years")
    assert done.code == 0, done.err
    there = {one.suffix for one in (tmp_path / "all").iterdir()}
    assert {".html", ".docx", ".pdf", ".md", ".csv", ".svg", ".png"} <= there
    assert len(done.err.splitlines()) == len(list((tmp_path / "all").iterdir()))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["--out", "report.doc"], "the name must end in one of .html"),
        (["--out", ""], "the name is empty"),
        (["--out", "missing/report.html"], "there is no such folder"),
        (["--sections", "answer,yaers"], "did you mean `years`?"),
        (["--draws", "64"], "--draws changes the figures"),
        (["--set", "job=0.1"], "--set changes the figures"),
        (["--tolerance", "1 mio. kr. in 10 %"], "--tolerance changes the figures"),
        (["--template", "missing.docx"], "there is no Word document of that name"),
    ],
)  # fmt: skip
def test_what_a_stored_result_is_not_asked(
    given: list[str], says: str, stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = report(stored, *given, "--lang", "en")
    assert done.code == 2
    assert says in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("given", ["2 mio.", "10 %", "2 mio. kr. in 110 %", "much in 10 %", "500 in 10 %"])
def test_a_tolerance_is_a_loss_and_a_share(given: str, rich: Path) -> None:
    done = report(rich, "--tolerance", given, "--lang", "en")
    assert done.code == 2
    assert "--tolerance" in done.err


def test_a_run_without_full_says_how_to_store_it(rich: Path, tmp_path: Path) -> None:
    assert simulate("run", rich, *FEW, "--out", tmp_path / "run").code == 0
    done = report(tmp_path / "run", "--lang", "en")
    assert done.code == 2
    assert "--full" in done.err


def test_the_folder_of_a_run_takes_no_report(stored: Path) -> None:
    for place in (stored, stored / "report.html"):
        done = report(stored, "--out", place, "--lang", "en")
        assert done.code == 2
        assert "holds its own files alone" in done.err


@pytest.mark.parametrize(
    "options",
    [["--full"], ["--full", "--out", "x", "--engine", "point"], ["--tolerance", "1 mio. kr. in 5 %"], ["--since", "x"]],
)
def test_what_full_needs(options: list[str], rich: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = simulate("run", rich, *FEW, *options, "--lang", "en")
    assert done.code == 2
    assert "--full" in done.err


@pytest.mark.parametrize("ending", [".docx", ".xlsx"])
def test_a_document_that_was_written_in_is_not_replaced(ending: str, stored: Path, tmp_path: Path) -> None:
    """Whoever saves it gives it other parts, by whatever program."""
    file = tmp_path / f"report{ending}"
    assert report(stored, "--out", file).code == 0
    assert report(stored, "--out", file).code == 0
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(tmp_path / "new.zip", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name) + b" " * name.endswith("styles.xml"))
    shutil.move(tmp_path / "new.zip", file)
    edited = file.read_bytes()
    done = report(stored, "--out", file, "--lang", "en")
    assert done.code == 2
    assert "has been changed since" in done.err
    assert file.read_bytes() == edited


def test_what_is_read_is_not_replaced(rich: Path, tmp_path: Path) -> None:
    copy = tmp_path / "case.md"
    copy.write_bytes(rich.read_bytes())
    done = report(copy, "--out", copy, "--lang", "en")
    assert done.code == 2
    assert "this run reads it" in done.err
    assert copy.read_bytes() == rich.read_bytes()


def test_several_scenarios_are_compared(rich: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(RICH.replace("number = 2\n", "number = 1\n"), "utf-8")
    out = tmp_path / "both.md"
    done = report(rich, other, *FEW, "--out", out)
    assert done.code == 0, done.err
    assert "sha256" in out.read_text("utf-8")
    refused = report(rich, other, *FEW, "--sections", "answer", "--lang", "en")
    assert refused.code == 2
    assert "--sections is for the report of a case" in refused.err


def test_a_sweep_becomes_a_document(rich: Path, tmp_path: Path) -> None:
    table = tmp_path / "table.nc"
    assert simulate("sweep", rich, *FEW, "--vary", "job=10%,20%", "--out", table).code == 0
    out = tmp_path / "sweep.md"
    done = report(table, "--out", out)
    assert done.code == 0, done.err
    assert "10" in out.read_text("utf-8")


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the program was installed without `[report]`."""
    for name in [one for one in sys.modules if one.split(".")[0] in EXTRA]:
        monkeypatch.delitem(sys.modules, name)
    for name in EXTRA:
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.usefixtures("without_extra")
@pytest.mark.parametrize("ending", [".html", ".docx", ".pdf", ".xlsx", ""])
def test_what_is_missing_is_told_before_any_work(ending: str, rich: Path, tmp_path: Path) -> None:
    done = report(rich, *FEW, "--out", tmp_path / f"report{ending}", "--lang", "en")
    assert done.code == 2
    assert 'pip install "provenu[report]"' in done.err
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("without_extra")
def test_plain_forms_need_no_more(stored: Path, tmp_path: Path) -> None:
    for ending in (".md", ".csv"):
        assert report(stored, "--out", tmp_path / f"report{ending}").code == 0
        assert (tmp_path / f"report{ending}").stat().st_size > 1000
    assert "Svaret" in report(stored).out
    done = simulate("chart", stored, "--kind", "fan", "--out", tmp_path / "fan.svg", "--lang", "en")
    assert done.code == 2
    assert 'pip install "provenu[report]"' in done.err


def test_one_file_of_a_stored_result_is_not_the_result(stored: Path, tmp_path: Path) -> None:
    for name in ("report.json", "summary.json", "results.nc", "record.json"):
        for command in (["report"], ["chart", "--kind", "fan"]):
            done = simulate(*command, stored / name, "--out", tmp_path / "x.pdf", "--lang", "en")
            assert done.code == 2
            assert f"name its folder: {stored}" in done.err
    assert report(stored / "scenario.toml", *FEW, "--sections", "answer", "--lang", "en").code == 0


def test_the_file_of_a_sweep_is_not_its_table(rich: Path, tmp_path: Path) -> None:
    file = tmp_path / "many.toml"
    file.write_text(f'format = 1\nscenarios = ["{rich}"]\n[vary]\njob = ["10 %", "20 %"]\n', "utf-8")
    for command in (["report"], ["chart", "--kind", "heatmap"]):
        done = simulate(*command, file, "--out", tmp_path / "x.pdf", "--lang", "en")
        assert done.code == 2
        assert f"simulate sweep {file} --out many.nc" in done.err


def test_a_file_in_the_place_of_the_folder_is_told_before_any_work(rich: Path, tmp_path: Path) -> None:
    there = tmp_path / "plain"
    there.write_text("x", "utf-8")
    for place in (there, Path("/dev/full")):
        if place.exists():
            done = report(rich, *FEW, "--out", place, "--lang", "en")
            assert done.code == 2
            assert "there is a file in the place of the folder" in done.err
    assert there.read_text("utf-8") == "x"


@pytest.mark.parametrize(
    ("given", "says"), [(["--title", " "], "the title is empty"), (["--sections", "answer,"], "there is no section “”")]
)
def test_what_is_empty_is_told(given: list[str], says: str, rich: Path) -> None:
    done = report(rich, *FEW, *given, "--lang", "en")
    assert done.code == 2
    assert says in done.err


def test_sections_may_be_written_in_capitals(stored: Path) -> None:
    assert "Svaret" in report(stored, "--sections", "Answer, YEARS").out


@pytest.mark.parametrize(
    ("seconds", "day", "date"),
    [("1480550400", "1. december 2016", "2016-12-01"), ("946684799", "31. december 1999", "1999-12-31")],
)
def test_it_bears_the_day_that_it_is_given(
    seconds: str, day: str, date: str, stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)
    assert day in report(stored, "--sections", "answer").out.replace("\u00a0", " ")
    for ending in (".docx", ".xlsx"):
        assert report(stored, "--sections", "answer", "--out", tmp_path / f"a{ending}").code == 0
        with zipfile.ZipFile(tmp_path / f"a{ending}") as parts:
            assert f">{date}T00:00:00Z<".encode() in parts.read("docProps/core.xml")


@pytest.mark.parametrize("seconds", ["today", "1e9", "-1", "86399", "9" * 30])
def test_a_day_that_is_none_is_told_before_any_work(seconds: str, rich: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)
    done = report(rich, *FEW, "--lang", "en")
    assert done.code == 2
    assert "this must be seconds since 1970" in done.err


def test_since_a_stored_result(rich: Path, stored: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(RICH.replace("number = 2\n", "number = 1\n"), "utf-8")
    found = report(other, *FEW, "--since", stored, "--lang", "en", "--json").json["since"]
    [change] = found["changes"]
    assert [one["path"] for one in change["numbers"]] == ["costs.Casemanagers.number"]
    assert found["reported"]["probability"]["value"] == found["before"]["probability"]["value"]
    unchanged = report(rich, *FEW, "--since", rich, "--lang", "en", "--sections", "since")
    assert "No number has changed" in unchanged.out
