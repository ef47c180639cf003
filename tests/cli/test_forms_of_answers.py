"""`--csv`, `--markdown` and `--details`: the forms of an answer, and files that are whole or not there."""

import csv
import errno
import io
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from command import ROOT, command, environment, simulate
from effort import HANG

from simulate import files

SILKEBORG = ROOT / "scenarios" / "silkeborg.toml"
DRAWS = ("--draws", "128")


def tables(file: Path, delimiter: str = ";") -> list[list[list[str]]]:
    """Blocks of rows, which empty lines part; the first has the heading."""
    blocks: list[list[list[str]]] = [[]]
    for row in csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline=""), delimiter=delimiter):
        blocks.append([]) if not row else blocks[-1].append(row)
    return blocks


def read(cells: list[str]) -> list[float | None]:
    return [float(cell.replace(",", ".")) if cell else None for cell in cells]


def values(estimates: list[Any]) -> list[float]:
    return [one.value for one in estimates]


def near(values: list[Any]) -> list[Any]:
    """To a millionth of a krone, and to the digits that a spreadsheet keeps."""
    return [None if one is None else pytest.approx(one, rel=1e-14, abs=1e-6) for one in values]


@pytest.mark.parametrize(("language", "delimiter"), [("da", ";"), ("en", ",")])
def test_csv_read_back_equals_the_json(language: str, delimiter: str, tmp_path: Path) -> None:
    file = tmp_path / "tal.csv"
    done = simulate("run", SILKEBORG, *DRAWS, "--lang", language, "--csv", file, "--json")
    document, (heading, paper, budget) = done.json, tables(file, delimiter)
    assert heading[0][0].startswith("Vi Vil Mere, Silkeborg · 2017-2021")
    assert paper[0][2:-1] == document["scenario"]["periods"]
    rows = [read(row[2:]) for row in paper[1:]]
    answer = done.answer
    provenu, by_year = answer.provenu, answer.provenu.by_year
    assert rows == [
        near([*answer.point.provenu.by_year, answer.point.provenu.total]),
        near(values([*by_year.expected, answer.bridge.expected])),
        near(values([*by_year.percentiles[5], provenu.percentiles[5]])),
        near(values([*by_year.percentiles[95], provenu.percentiles[95]])),
        near([*values(answer.break_even.by_year), None]),
    ]
    named = {row[0]: read(row[2:]) for row in budget[2:]}
    for label, line in answer.budget.lines.items():
        assert named[label] == near(values([*line.by_year, line.total]))
    assert all(row[1] == "kr." for row in budget[2:])


@pytest.mark.parametrize(
    ("command", "titles", "names"),
    [
        (("stages", SILKEBORG, "--review", "2018", "--stop-if", "selvforsørgelse < 12"), 2, ["Uden reglen", "Med reglen"]),
        (("annualise", SILKEBORG, "--quarter", "2018Q1"), 1, ["Kvartalet gange fire"]),
        (("sensitivity", SILKEBORG, "--method", "draws"), 4, ["Pris for en anbringelse"]),
        (("threshold", SILKEBORG, "--assumption", "relapse,job_market"), 1, []),
        (("structure", SILKEBORG), 3, ["som sagen er skrevet", "Pris for en anbringelse"]),
        (("compare", SILKEBORG, ROOT / "scenarios" / "silkeborg-sceptical.toml"), 3, ["Forskel"]),
        (("update", ROOT / "scenarios" / "job-og-familie.toml", "--keep", "32", "--max-draws", "1024"), 4, ["Børn anbragt"]),
    ],
    ids=lambda one: one[0] if isinstance(one, tuple) else "",
)  # fmt: skip
def test_every_command_writes_its_tables(
    command: tuple[Any, ...], titles: int, names: list[str], tmp_path: Path
) -> None:
    """Rows of one table are all as wide, but for its title and notes."""
    file = tmp_path / "tal.csv"
    done = simulate(*command, *DRAWS, "--csv", file)
    assert done.code == 0
    (_, *found) = tables(file)
    assert len(found) == titles
    assert {row[0] for one in found for row in one} >= set(names)
    assert all(len({len(row) for row in one if len(row) > 1}) == 1 for one in found)


def test_an_answer_without_a_table_is_written_in_sentences(tmp_path: Path) -> None:
    file = tmp_path / "tal.csv"
    done = simulate("threshold", SILKEBORG, *DRAWS, "--assumption", "relapse", "--lang", "en", "--csv", file)
    (rows,) = tables(file, ",")
    assert rows[0] == ["Vi Vil Mere, Silkeborg · 2017-2021 · prices of 2016"]
    assert all(len(row) == 1 for row in rows)
    assert " ".join(row[0] for row in rows[1:]) in " ".join(done.out.split())


def test_no_file_that_is_compared_is_replaced(tmp_path: Path) -> None:
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for one in files:
        one.write_bytes(SILKEBORG.read_bytes())
    done = simulate("compare", *files, "--csv", files[1], "--lang", "en")
    assert (done.code, done.out) == (2, "")
    assert f"--csv {files[1]}: this run reads it" in done.err
    assert files[1].read_bytes() == SILKEBORG.read_bytes()


def test_the_answer_is_printed_beside_the_file_and_an_older_one_replaced(tmp_path: Path) -> None:
    file = tmp_path / "TAL.CSV"
    file.write_text("older")
    done = simulate("run", SILKEBORG, *DRAWS, "--csv", file)
    assert done.code == 0
    assert done.out == simulate("run", SILKEBORG, *DRAWS).out
    assert len(tables(file)) == 3
    assert os.listdir(tmp_path) == ["TAL.CSV"]
    simulate("run", SILKEBORG, *DRAWS, "--csv", file, "--details")
    assert len(tables(file)) == 4


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tal.xlsx", "the name must end in .csv, so that no other file is replaced"),
        ("", "the name must end in .csv"),
        ("-", "the name must end in .csv"),
        ("nowhere/tal.csv", "there is no such folder"),
        ("folder.csv", "that is a folder; name a file in it, such as folder.csv/tables.csv"),
        (".csv", "a name is missing before .csv, such as tables.csv"),
        ("./.CSV", "a name is missing before .csv"),
        ("plain", "that is a folder; name a file in it, such as plain/tables.csv"),
        ("scenario.csv", "this run reads it"),
    ],
)
def test_where_no_table_can_be_written_nothing_is_run(
    name: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "plain").mkdir()
    scenario = tmp_path / "scenario.csv"
    scenario.write_bytes(SILKEBORG.read_bytes())
    monkeypatch.chdir(tmp_path)
    done = simulate("run", scenario, "--lang", "en", "--csv", name)
    assert (done.code, done.out) == (2, "")
    assert f"--csv {name}: {said}" in done.err
    assert scenario.read_bytes() == SILKEBORG.read_bytes()


def test_the_folder_of_the_results_holds_no_table(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "new"):
        done = simulate("run", SILKEBORG, *DRAWS, "--lang", "en", "--out", folder, "--csv", folder / "tal.csv")
        assert (done.code, done.out) == (2, "")
        assert "the folder of --out holds its own files alone; name another place" in done.err
    assert list(tmp_path.iterdir()) == []
    done = simulate("run", SILKEBORG, *DRAWS, "--out", tmp_path / "new", "--csv", tmp_path / "tal.csv")
    assert done.code == 0
    assert sorted(os.listdir(tmp_path)) == ["new", "tal.csv"]


def test_a_disk_that_is_full_leaves_the_older_file_and_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "tal.csv"
    file.write_text("older")

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    done = simulate("run", SILKEBORG, *DRAWS, "--lang", "en", "--csv", file)
    assert done.code == 1
    assert f"{file}: there is no room left" in done.err
    assert "has broken even" in done.out
    assert file.read_text() == "older"
    assert os.listdir(tmp_path) == ["tal.csv"]


def test_a_reader_that_goes_away_leaves_the_file(tmp_path: Path) -> None:
    file = tmp_path / "tal.csv"
    with subprocess.Popen(
        command("run", SILKEBORG, *DRAWS, "--csv", file), stdout=subprocess.PIPE, env=environment()
    ) as running:
        assert running.stdout is not None
        running.stdout.close()
        running.wait(HANG)
    assert len(tables(file)) == 3


def test_markdown_says_what_the_terminal_says() -> None:
    terminal, markdown = (simulate("run", SILKEBORG, *DRAWS, *form).out for form in ((), ("--markdown",)))
    assert markdown.startswith("# Vi Vil Mere, Silkeborg · 2017-2021")
    lines = markdown.splitlines()
    for row in (line for line in terminal.splitlines() if line.startswith(("Businesscasen  ", "Udgifter i alt"))):
        assert any(line.replace("|", " ").replace("*", "").split() == row.split() for line in lines)
    refused = simulate("run", SILKEBORG, "--markdown", "--json", "--lang", "en")
    assert (refused.code, refused.out) == (2, "")
    assert "--json and --markdown: standard output takes one of them" in refused.err


def test_every_answer_has_its_markdown() -> None:
    said = simulate("structure", SILKEBORG, *DRAWS, "--lang", "en", "--markdown").out
    assert (
        "| Way of counting, kr. | Break-even | Expected provenu |\n| :-- | --: | --: |\n| as the case is written | "
        in said
    )


def test_the_first_screen_is_the_answer_and_details_are_asked_for() -> None:
    """25 lines: heading, chance, expected, band, and the table."""
    short, long = (simulate("run", SILKEBORG, *DRAWS, "--lang", "en", *more).out for more in ((), ("--details",)))
    first = short.splitlines()[:25]
    assert first[2].startswith("The programme has broken even at the end of 2021 in ")
    assert first[3].startswith("Expected provenu: ")
    assert any(line.startswith("In 90 of 100 courses the provenu lies between") for line in first)
    assert [line.split("  ")[0] for line in first if line.startswith(("1,000 kr.", "The b", "Expected  ", "Bro"))] == [
        "1,000 kr.",
        "The business case",
        "Expected",
        "Broken even at the end of the year",
        "1,000 kr.",
    ]
    assert "--details" in short
    told = (
        "In the worst 5 of 100",
        "Payback time",
        "not cashable",
        "P5         P50",
        "1,092,118 kr.",
        "* is used here",
    )
    assert all(words not in short and words in long.replace("\n", " ") for words in told)


def test_losses_that_are_asked_for_are_told() -> None:
    assert "to lose more than 750,000 kr." in simulate("run", SILKEBORG, *DRAWS, "--lang", "en", "--loss", "750000").out
