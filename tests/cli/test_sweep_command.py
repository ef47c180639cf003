"""`simulate sweep`, `sweep-show`: from the command line to the table."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from command import ROOT, simulate

SILKEBORG = ROOT / "scenarios" / "silkeborg.toml"
FEW = ("--draws", "32", "--lang", "en")


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """Two things varied, one of them in money alone, and a value that some cells refuse."""
    out = tmp_path_factory.mktemp("swept") / "swept.nc"
    done = simulate(
        "sweep", SILKEBORG, "--vary", "job_baseline=10%;50%;95%", "--vary", "placement_price=37.500;75.000",
        "--vary", "additional_effect=0;0,2", *FEW, "--out", out, "--json",
    )  # fmt: skip
    assert done.code == 0, done.err
    return out, done


def test_the_table(swept):
    out, done = swept
    with xr.open_dataset(out) as data:
        assert dict(data["probability"].sizes) == {
            "scenario": 1,
            "job_baseline": 3,
            "placement_price": 2,
            "additional_effect": 2,
        }
        assert data["placement_price"].values.tolist() == [37500, 75000]
        assert data["job_baseline"].attrs["long_name"] == "Andel i selvforsørgelse uden indsatsen"
        empty = np.isnan(data["probability"].values[0])
        assert empty.tolist() == [[[False, False]] * 2, [[False, False]] * 2, [[False, True]] * 2]
        assert (data["reason"].values[0] != "").tolist() == empty.tolist()
    answer = done.answer
    assert (answer.cells, answer.empty, [one.cells for one in answer.refused]) == (12, 2, [2])
    assert answer.refused[0].first == {"job_baseline": 0.95, "placement_price": 37500, "additional_effect": 0.2}


def test_a_cell_is_a_run_with_set(swept):
    out, _ = swept
    run = simulate("run", SILKEBORG, "--set", "job_baseline=50%", "--set", "placement_price=75000", "--set", "additional_effect=0,2", *FEW, "--json")  # fmt: skip
    with xr.open_dataset(out) as data:
        cell = data.isel(scenario=0).sel(job_baseline=0.5, placement_price=75000, additional_effect=0.2)
        assert float(cell["probability"]) == run.answer.break_even.chance.value
        assert float(cell["provenu_mean"]) == run.answer.provenu.mean.value


def test_show(swept):
    out, _ = swept
    done = simulate(
        "sweep-show", out, "--rows", "job_baseline", "--at", "placement_price=75.000", "--lang", "en", "--json"
    )
    answer = done.answer
    assert (answer.grid.rows, answer.grid.columns, answer.grid.at["placement_price"]) == (
        "job_baseline",
        "additional_effect",
        75000,
    )
    with xr.open_dataset(out) as data:
        wanted = data["probability"].isel(scenario=0).sel(placement_price=75000).values
        found = np.array([[np.nan if one is None else one.value for one in line] for line in answer.grid.values])
        np.testing.assert_array_equal(found, wanted)
    words = simulate("sweep-show", out, "--at", "placement_price=75.000", "--lang", "en").out
    assert "“Pris for en anbringelse” (placement_price) is 75,000 kr." in words
    assert "x empty" in words
    danish = simulate("sweep-show", out, "--at", "placement_price=75.000").out  # the sweep's own language
    assert danish == simulate("sweep-show", out, "--at", "placement_price=75.000", "--lang", "en").out
    assert "er 75.000 kr." in simulate("sweep-show", out, "--at", "placement_price=75.000", "--lang", "da").out
    assert "|" in simulate("sweep-show", out, "--markdown").out


@pytest.mark.parametrize("at", ["37.500", "75.000"])
@pytest.mark.parametrize("language", ["da", "en"])
def test_the_tables_of_show_as_a_spreadsheet_reads_them(swept, tmp_path, language, at):
    """Held values, the scenario itself, draws and crossings are numbers with their units; pictures are left out."""
    file = tmp_path / "show.csv"
    arguments = ("sweep-show", swept[0], "--at", f"placement_price={at}", "--lang", language)
    printed = simulate(*arguments, "--csv", file)
    answer = simulate(*arguments, "--json").answer
    assert printed.out == simulate(*arguments).out
    rows = list(csv.reader(file.read_text("utf-8-sig").splitlines(), delimiter=";" if language == "da" else ","))

    def number(row: list[str], place: int) -> float:
        return float(row[place].replace(",", "."))

    def row(*words: str) -> list[str]:
        (found,) = (one for one in rows if one and any(one[0].startswith(each) for each in words))
        return found

    price = row("”Pris for en anbringelse”", "“Pris for en anbringelse”")
    assert (price[1], number(price, 2)) == ("kr. pr. måned", answer.grid.at["placement_price"])
    assert number(row("Scenariet, som det står", "The scenario as it stands"), 2) == pytest.approx(answer.grid.as_it_stands.value, rel=1e-14)  # fmt: skip
    assert [number(row(*words), 2) for words in (("Forløb", "Courses"), ("Seed",))] == [
        answer.scenarios[0].draws,
        answer.scenarios[0].seed,
    ]
    assert any(one and one[0].startswith(("Chancen for at tjene sig hjem efter", "The chance of break-even by")) for one in rows)  # fmt: skip
    shown = [one for one in rows if one and one[1:2] in (["andel"], ["share"])]
    values = [[number(one, i) for i in range(2, len(one)) if one[i]] for one in shown]
    for line in answer.grid.values:
        assert pytest.approx([one.value for one in line if one is not None], rel=1e-14) in values
    crossed = [one.at for one in (*answer.grid.frontier, *answer.grid.signs)]
    cells = {float(f"{number(one, i):.12g}") for one in rows for i in range(1, len(one)) if re.fullmatch(r"-?[\d.,]+", one[i])}  # fmt: skip
    assert {float(f"{one:.12g}") for one in crossed} <= cells
    assert not any(re.search("[░▒▓█]", cell) for one in rows for cell in one)


def test_show_writes_no_table_in_place_of_what_it_reads(swept, tmp_path):
    done = simulate("sweep-show", swept[0], "--csv", tmp_path / "show.txt", "--lang", "en")
    assert (done.code, done.out) == (2, "")
    assert "the name must end in .csv" in done.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--at", "placement_price=80.000"], "the sweep has no such value; it has 37,500; 75,000"),
        (["--at", "placement_price"], "write NAME=VALUE"),
        (["--at", "job_baseline=10%", "--at", "job_baseline=50%"], "has a value already"),
        (["--at", "job_base=10%"], "nothing is varied by that name; did you mean `job_baseline`?"),
        (["--rows", "job_baseline", "--columns", "job_baseline"], "name the same"),
        (["--rows", "job_baseline", "--at", "job_baseline=10%"], "this is a side of the table"),
        (["--of", "provenu_men"], "it has probability, probability_by_year, provenu_mean,"),
    ],
)
def test_what_show_cannot(swept, arguments, words):
    done = simulate("sweep-show", swept[0], "--lang", "en", *arguments)
    assert (done.code, done.out) == (2, "")
    assert words in done.err


def test_other_variables(swept):
    out, _ = swept
    mean = simulate("sweep-show", out, "--of", "provenu_mean", "--lang", "en", "--json").answer
    assert mean.grid.units == "DKK" or mean.grid.units == "currency"
    year = simulate(
        "sweep-show",
        out,
        "--of",
        "probability_by_year",
        "--rows",
        "year",
        "--columns",
        "job_baseline",
        "--lang",
        "en",
        "--json",
    ).answer
    assert year.grid.sides["year"] == [2017, 2018, 2019, 2020, 2021]
    assert len(year.grid.values) == 5


def test_rows_of_a_file(tmp_path):
    rows, out = tmp_path / "rows.csv", tmp_path / "rows.nc"
    rows.write_text("relapse;finishing*\n5 %;0,8\n10 %;1\n15 %;1,2\n", "utf-8")
    done = simulate("sweep", SILKEBORG, "--cases", rows, *FEW, "--out", out, "--json")
    assert (done.code, done.answer.rows, done.answer.cells) == (0, 3, 3)
    assert done.answer.grid.rows == "row"
    assert "2: 10%; ×1" in simulate("sweep-show", out, "--lang", "en").out
    run = simulate("run", SILKEBORG, "--set", "relapse=15%", "--set", "finishing*1,2", *FEW, "--json").answer
    assert done.answer.grid.values[2][0].value == run.break_even.chance.value


def test_several_scenarios_are_a_dimension(tmp_path):
    out = tmp_path / "several.nc"
    sceptical = ROOT / "scenarios" / "silkeborg-sceptical.toml"
    done = simulate("sweep", SILKEBORG, sceptical, "--vary", "relapse=5%;15%", *FEW, "--out", out, "--json")
    with xr.open_dataset(out) as data:
        assert data["scenario"].values.tolist() == ["silkeborg", "silkeborg-sceptical"]
    run = simulate("run", sceptical, "--set", "relapse=5%", *FEW, "--json").answer
    shown = simulate("sweep-show", out, "--rows", "scenario", "--columns", "relapse", "--json").answer
    assert shown.grid.values[1][0].value == run.break_even.chance.value
    assert done.answer.scenarios[1].title == "Vi Vil Mere, set udefra"


def test_a_dry_run_makes_nothing(tmp_path):
    out = tmp_path / "none.nc"
    arguments = (
        "sweep",
        SILKEBORG,
        "--vary",
        "relapse=0:20%:21",
        "--vary",
        "placement_price=37.500:75.000:4",
        *FEW,
        "--out",
        out,
        "--dry-run",
    )
    answer = simulate(*arguments, "--json").answer
    assert (answer.cells, answer.lives, out.exists()) == (85, 22, False)
    assert answer.seconds > 0
    assert min(answer.journal_bytes, answer.table_bytes) > 85 * 8 * 50
    words = simulate(*arguments).out
    assert "84 cells (21 × 4), and the scenario as it stands." in words
    assert "Lives are lived 22 times" in words
    assert not list(tmp_path.iterdir())


SWEEP = """format = 1
title = "Prøve"
scenarios = ["{scenario}"]
[vary]
relapse = "5 %; 15 %"
[simulation]
draws = 64
seed = 3
"""


def test_a_file_and_what_the_command_line_says_before_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "forsøg.toml"
    file.write_text(SWEEP.format(scenario=SILKEBORG), "utf-8")
    found = simulate("sweep", file, "--lang", "en", "--json").answer
    assert (found.out, found.scenarios[0].draws, found.scenarios[0].seed, found.title) == ("forsøg.nc", 64, 3, "Prøve")
    assert (tmp_path / "forsøg.nc").exists()
    other = simulate("sweep", file, "--draws", "32", "--vary", "relapse=10%", "--vary", "time.years=6", "--set", "benefit=14000", "--engine", "expected", "--out", "other.nc", "--json").answer  # fmt: skip
    assert (other.scenarios[0].draws, other.scenarios[0].set, other.engine) == (32, ["benefit=14000"], "expected")
    assert [(one.path, one.values) for one in other.varied] == [("relapse", [0.1]), ("time.years", [6])]


def test_set_is_applied_before(tmp_path):
    out = tmp_path / "set.nc"
    found = simulate(
        "sweep", SILKEBORG, "--set", "benefit=14000", "--vary", "benefit*1;2", *FEW, "--out", out, "--json"
    ).answer
    run = simulate("run", SILKEBORG, "--set", "benefit=14000", "--set", "benefit*2", *FEW, "--json").answer
    assert found.grid.values[1][0].value == run.break_even.chance.value


ROWS = "relapse\n5 %\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([SILKEBORG, "--out", "x.nc"], "--vary is missing"),
        ([SILKEBORG, "--vary", "relapse=5%"], "--out is missing"),
        ([SILKEBORG, "--vary", "relapse=5%", "--cases", "rows.csv", "--out", "x.nc"], "a sweep is a grid or has rows"),
        ([SILKEBORG, SILKEBORG, "--vary", "relapse=5%", "--out", "x.nc"], "is given twice"),
        (["none.toml", "--vary", "relapse=5%", "--out", "x.nc"], "there is no such file"),
        ([SILKEBORG, "--vary", "relaps=5%", "--out", "x.nc"], "did you mean `relapse`?"),
        ([SILKEBORG, "--vary", "relapse=150%", "--out", "x.nc"], "no reading of this fits"),
        ([SILKEBORG, "--vary", "relapse=0:1:1000000000", "--out", "x.nc"], "1,000,000,000 values are too many"),
        ([SILKEBORG, "--vary", "relapse=5%", "--out", "x.nc", "--workers", "0"], "--workers 0 is out of range"),
        ([SILKEBORG, "--vary", "relapse=5%", "--out", "x.nc", "--draws", "0"], "--draws 0 is out of range"),
        ([SILKEBORG, "--vary", "relaps=5%", "--out", "x.nc"], "--vary relaps=5%: no assumption is called so; did you mean `relapse`?\n"),
        ([SILKEBORG, "--vary", "costs[99].yearly=5", "--out", "x.nc"], "--vary costs[99].yearly=5: the file has no costs[99]; "),
        ([SILKEBORG, "--vary", "relapse=5%", "--out", "x.nc", "--set", "nobody=3"], "silkeborg.toml  nobody: no assumption is called so"),
        (["sweep.toml", SILKEBORG, "--out", "x.nc"], "names its scenarios itself: give it alone"),
    ],
)  # fmt: skip
def test_wrong_command_lines_end_before_any_work(tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rows.csv").write_text(ROWS, "utf-8")
    (tmp_path / "sweep.toml").write_text(SWEEP.format(scenario=SILKEBORG), "utf-8")
    done = simulate("sweep", *arguments, "--lang", "en")
    assert (done.code, done.out) == (2, ""), done.err
    assert words in done.err
    assert not (tmp_path / "x.nc").exists()


@pytest.mark.parametrize(("name", "others"), [("x.csv", ["--out", "x.csv"]), ("x.csv", ["--out", "../{}/./x.csv"]), ("rows.csv", ["--out", "x.nc"])])  # fmt: skip
def test_the_tables_of_the_screen_replace_neither_the_sweeps_nor_its_rows(tmp_path, monkeypatch, name, others):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rows.csv").write_text(ROWS, "utf-8")
    others = [one.format(tmp_path.name) for one in others]
    done = simulate("sweep", SILKEBORG, "--cases", "rows.csv", "--csv", name, *others, *FEW)
    assert (done.code, done.out) == (2, "")
    assert f"--csv {name}: {'this run reads it' if name == 'rows.csv' else '--out is written there'}" in done.err
    assert [one.name for one in tmp_path.iterdir()] == ["rows.csv"]
    assert (tmp_path / "rows.csv").read_text("utf-8") == ROWS


def test_notes_of_ones_own_are_kept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "note.csv").write_text("notes", "utf-8")
    done = simulate("sweep", SILKEBORG, "--vary", "relapse=5%;10%", "--out", "note.csv", *FEW)
    assert (done.code, done.out) == (2, "")
    assert "--out note.csv: there is something of that name that this sweep has not written" in done.err
    assert simulate("sweep", SILKEBORG, "--vary", "relapse=5%;10%", "--out", "a.nc", *FEW).code == 0
    done = simulate("sweep-export", "a.nc", "--out", "note.csv", "--lang", "da")
    assert (done.code, done.out) == (2, "")
    assert "--out note.csv: der ligger noget med det navn, som denne variation ikke har skrevet" in done.err
    assert (tmp_path / "note.csv").read_text("utf-8") == "notes"


@pytest.mark.parametrize("command", ["sweep", "sweep-show", "sweep-export"])
def test_help(command):
    for language in ("da", "en"):
        done = simulate(command, "--help", "--lang", language)
        assert done.code == 0
        assert "--out" in done.out or command == "sweep-show"


def test_what_is_written_about_it(swept):
    with xr.open_dataset(swept[0]) as data:
        about = json.loads(data.attrs["sweep"])
    assert about["scenarios"][0]["file"] == str(SILKEBORG)
    assert Path(about["scenarios"][0]["file"]).name == "silkeborg.toml"


@pytest.mark.parametrize("change", ["benefit=12000", "costs.Casemanagers.number=6"])
def test_what_was_changed_is_told_as_run_tells_it(tmp_path, change):
    """The base line is that of the changed scenario, and says so."""
    how = ("--vary", "relapse=5%,10%", "--set", change, "--engine", "expected", "--counterfactual", "own-luck", *FEW)
    done = simulate("sweep", SILKEBORG, *how, "--out", tmp_path / "a.nc")
    shown = simulate("sweep-show", tmp_path / "a.nc", "--lang", "en")
    run = simulate("run", SILKEBORG, "--set", change, "--engine", "expected", "--counterfactual", "own-luck", *FEW)
    for words in (done.out, shown.out):
        told = " ".join(words.split())
        assert f"Changed: {change}" in words
        assert f"Changed: {change}" in run.out
        assert "The scenario with the changes: " in told
        assert "as it stands" not in told
        assert "with luck of its own (another, similar group)" in told
        assert "(--engine expected)" in told


@pytest.mark.parametrize(
    ("change", "vary"),
    [
        ("relapse=20%", "relapse=5%,10%"),
        ("costs.Casemanagers.number=6", "costs.Casemanagers.number=3,4,5"),
        ("assumptions.additional_effect.uncertainty.p95=0.25", "additional_effect=10%,15%"),
        ("relapse*2", "relapse=5%,10%"),
    ],
)
def test_what_is_varied_cannot_be_changed_before(tmp_path, change, vary):
    done = simulate("sweep", SILKEBORG, "--vary", vary, "--set", change, *FEW, "--out", tmp_path / "a.nc")
    assert done.code == 2
    assert f"--set {change}: {vary.partition('=')[0]} is varied" in done.err


def test_a_factor_goes_on_what_was_changed(tmp_path):
    how = ("--vary", "relapse*0,5;1", "--set", "relapse=20%", "--engine", "expected", *FEW)
    done = simulate("sweep", SILKEBORG, *how, "--out", tmp_path / "a.nc", "--json")
    assert done.code == 0, done.err
    grid = done.answer.grid
    assert grid.values[1][0].value == grid.as_it_stands.value


@pytest.mark.parametrize(
    ("vary", "told"),
    [
        (["additional_effect=10%,15%"], "additional_effect is held, and placement_factor does not follow it, but is as uncertain as it was."),
        (["placement_factor=40%;50%"], "placement_factor is held, and additional_effect does not follow it, but is as uncertain as it was."),
        (["additional_effect=10%,15%", "placement_factor=40%;50%"], ""),
        (["additional_effect*1;1,1"], ""),
        (["relapse=5%,10%"], ""),
    ],
)  # fmt: skip
def test_what_goes_with_what_is_held_does_not_follow_it_and_that_is_said(tmp_path, vary, told):
    options = [part for one in vary for part in ("--vary", one)]
    how = (*options, "--engine", "expected", *FEW)
    words = " ".join(simulate("sweep", SILKEBORG, *how, "--out", tmp_path / "a.nc").out.split())
    assert (told in words) if told else ("does not follow" not in words)


def test_what_each_scenario_has_is_told_where_they_differ(tmp_path):
    kik = ROOT / "scenarios" / "odense-kik.toml"
    how = ("--vary", "relapse=5%,10%", "--vary", "additional_effect=5%,10%", "--engine", "expected", *FEW)
    done = simulate("sweep", SILKEBORG, kik, *how, "--out", tmp_path / "a.nc")
    words = " ".join(done.out.split())
    assert "As the scenarios stand, relapse is 10% in silkeborg, 0% in odense-kik." in words
    assert "its value in the scenario" not in words
