"""`--help` and what is wrong with a command line, in the language of the user."""

import re
import sys
from typing import Any

import pytest
from command import PAPER, simulate
from typer.main import get_command

from simulate import locale
from simulate.cli.app import app, needed

COMMANDS = [*get_command(app).commands]
ENGLISH = "en_GB.UTF-8"


@pytest.fixture
def speaks(monkeypatch: pytest.MonkeyPatch):
    def chosen(language: str) -> None:
        monkeypatch.setenv("LANG", language)

    return chosen


def sentences(help_text: str) -> set[str]:
    """Texts of a help page, without names of options, of what is kept (provenu_mean), their values, and marks."""
    flat = re.sub(r"\s+", " ", re.sub(r"\b\w+_\w+\b,?", "", help_text))
    return {one.strip() for one in re.split(r"[.:;()\[\]]| --\S+", flat) if len(one.split()) > 2}


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_all_danish_or_all_english(command: str, speaks) -> None:
    arguments = [command, "--help"] if command else ["--help"]
    danish = simulate(*arguments)
    speaks(ENGLISH)
    english = simulate(*arguments)
    assert (danish.code, english.code, danish.err, english.err) == (0, 0, "", "")
    assert sentences(danish.out) & sentences(english.out) == set()
    assert danish.out.startswith("Brug: simulate")
    assert english.out.startswith("Usage: simulate")
    options = re.compile(r"^  (--[a-z-]+)", re.M)
    assert options.findall(danish.out) == options.findall(english.out)
    for word in ("Usage", "Options", "Arguments", "Commands", "default", "required", " the ", "Show"):
        assert word not in danish.out
    for word in ("Brug", "Tilvalg", "ellers", "skal angives", " og ", "Vis "):
        assert word not in english.out


def test_a_table_of_commands_tells_all_of_what_they_do() -> None:
    flat = re.sub(r"\s+", " ", simulate("--help").out)
    assert "..." not in flat.replace("[ARGUMENTER]...", "")
    assert "hvad et forkert valg koster" in flat


ERRORS = {
    "missing argument": (["run"], "SCENARIE mangler: Scenariefilen: TOML eller et regneark, .xlsx.", "SCENARIO is missing: The scenario file: TOML, or a workbook, .xlsx."),
    "missing option": (["stages", PAPER], "Tilvalget --review ÅR mangler", "The option --review YEAR is missing"),
    "no such option": (["run", PAPER, "--drawz", "5"], "intet tilvalg, der hedder --drawz; mente du `--draws`?",
                       "No such option: --drawz; did you mean `--draws`?"),
    "no such letter": (["run", PAPER, "-x"], "intet tilvalg, der hedder -x", "No such option: -x"),
    "no such command": (["strukture"], "ingen kommando, der hedder strukture; mente du `structure`?",
                        "No such command: strukture; did you mean `structure`?"),
    "before the command": (["--json", "run", PAPER], "Tilvalget --json skal stå efter kommandoens navn.",
                           "The option --json belongs after the command's name."),
    "no choice": (["run", PAPER, "--engine", "{x}"], "Ugyldig værdi for --engine: {x} er ikke en af mulighederne lives, expected, point",
                  "Invalid value for --engine: {x} is none of lives, expected, point"),
    "no whole number": (["run", PAPER, "--draws", "1.000"], "Ugyldig værdi for --draws: 1.000 er ikke et helt tal",
                        "Invalid value for --draws: 1.000 is no whole number"),
    "no value": (["run", PAPER, "--draws"], "Tilvalget --draws N skal have en værdi", "The option --draws N needs a value"),
    "a flag with a value": (["run", PAPER, "--json=1"], "Tilvalget --json tager ingen værdi.", "The option --json takes no value."),
    "too many": (["run", PAPER, "a", "b"], "For mange argumenter: a b", "Too many arguments: a b"),
    "out of range": (["run", PAPER, "--draws", "0"], "--draws 0", "out of range"),
}  # fmt: skip


@pytest.mark.parametrize("name", ERRORS)
def test_errors_of_the_command_line(name: str, speaks) -> None:
    arguments, danish, english = ERRORS[name]
    told = simulate(*arguments)
    assert (told.code, told.out) == (2, "")
    assert danish in told.err
    speaks(ENGLISH)
    told = simulate(*arguments)
    assert (told.code, told.out) == (2, "")
    assert english in told.err
    if name != "out of range":
        assert "Usage: simulate" in told.err
        assert re.search(r"Try 'simulate( \w+)? --help' for help\.", told.err)


@pytest.mark.parametrize("option", [["--lang", "en"], ["--lang=en"]])
def test_lang_holds_for_errors_as_well(option: list[str]) -> None:
    assert "Error: SCENARIO is missing" in simulate("run", *option).err
    assert "Arguments:" in simulate("run", *option, "--help").out


def test_lang_after_two_dashes_is_no_option() -> None:
    assert "Fejl: " in simulate("run", "a", "--", "--lang", "en").err


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "da"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "C"}, "da"),
        ({"LANG": "C.UTF-8"}, "da"),
        ({"LANG": "de_DE.UTF-8"}, "da"),
        ({"LANG": "da_DK"}, "da"),
        ({"LANG": "da_DK", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US", "LC_MESSAGES": "da_DK"}, "da"),
        ({"LANG": "da_DK", "LANGUAGE": "de:en:da"}, "en"),
        ({"LANG": "en_GB", "LC_ALL": ""}, "en"),
    ],
)
def test_the_language_of_the_environment(variables: dict[str, str], language: str, monkeypatch) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert locale.of_user() == language


def test_the_scenario_still_decides_for_answers_and_problems(speaks, tmp_path) -> None:
    speaks(ENGLISH)
    assert "ingen fejl" in simulate("check", PAPER).out
    broken = tmp_path / "broken.toml"
    broken.write_text("language = 'da'\nformat = 1\ntitel = 2\n", encoding="utf-8")
    assert "mente du" in simulate("check", broken).out
    broken.write_text("= 3", encoding="utf-8")  # nobody can say what language that is in
    assert simulate("check", broken).out != simulate("check", broken, "--lang", "da").out


def test_no_arguments_show_the_help_in_the_users_language(speaks) -> None:
    assert "Kommandoer:" in simulate().err
    speaks(ENGLISH)
    assert (simulate().code, "Commands:" in simulate("--").err) == (2, True)


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize(
    "line",
    [
        "--help",
        "--help --draws",
        "run --help",
        "init --help",
        "run --drws 4",
        "--draws 3 run",
        "chek",
        "",
        "check",
        "-- check",
    ],
)
def test_the_parser_of_one_command_says_what_that_of_all_says(
    line: str, lang: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANGUAGE", lang)
    monkeypatch.setattr(sys, "argv", ["simulate", *line.split()])

    def said(parser: Any) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            parser(prog_name="simulate")
        return (end.value.code, *capsys.readouterr())

    assert said(needed(line.split())) == said(app)


def test_an_option_of_another_command_is_told_whose_it_is() -> None:
    done = simulate("compare", "a.toml", "b.toml", "--out", "x", "--lang", "en")
    assert done.code == 2
    assert "compare has no option --out; commands that have it: run" in done.err
    done = simulate("check", "a.toml", "--review", "2020")
    assert "check har ikke tilvalget --review; det hører til: stages" in done.err
