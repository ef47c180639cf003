"""Every command takes a portfolio like a scenario."""

from pathlib import Path

import pytest
from command import RICH, ROOT, simulate

ODENSE = ROOT / "scenarios" / "odense.toml"
HEAD = 'format = 1\ntitle = "Begge"\nlanguage = "en"\n[time]\nfirst_year = 2020\nyears = 3\n'
NORD = '[[programmes]]\nname = "Nord"\nfile = "a.toml"\n'
SYD = '[[programmes]]\nname = "Syd"\nfile = "b.toml"\n'
FEWER = ("economy=1", "wage=465000", "placed=0.1", "additional effect=0.15")  # certain: a bar takes two runs


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """A portfolio of two; the second has no uncertain relapse of its own."""
    (tmp_path / "a.toml").write_text(RICH, encoding="utf-8")
    (tmp_path / "b.toml").write_text(RICH.replace("enter = [10.5, 12]", "enter = 5"), encoding="utf-8")
    more = '[[costs]]\nlabel = "Secretariat"\nyearly = 50000\n[[targets]]\nlabel = "All"\ntotal = 0\n'
    text = HEAD.replace("[time]", 'shared = ["relapse"]\n[time]') + NORD + SYD + more
    return written(tmp_path, "p", text)


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / f"{name}.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_run_tells_of_each_programme(two: Path):
    document = simulate("run", two, "--draws", "256", "--json").json
    found = document["programmes"]
    assert list(found["each"]) == ["Nord", "Syd", ""]
    assert found["shared"] == ["relapse"]
    assert found["alike"] == ["job", "additional effect", "economy", "wage", "placed"]
    each = found["each"].values()
    assert sum(one["mean"]["value"] for one in each) == pytest.approx(document["provenu"]["mean"]["value"], rel=1e-12)
    assert sum(one["point"] for one in each) == pytest.approx(document["point"]["provenu"]["total"], rel=1e-12)
    lines = document["lines"]
    for name in ("Nord", "Syd"):
        own = sum(line["mean"]["value"] for label, line in lines.items() if label.startswith(f"{name}: "))
        assert own == pytest.approx(found["each"][name]["mean"]["value"], rel=1e-9)
    assert (
        found["each"][""]["mean"]["value"]
        == lines["Secretariat"]["mean"]["value"]
        == pytest.approx(-50000 * (1 + 1.02 + 1.02**2))
    )
    assert found["each"][""]["probability"]["value"] == 0
    assert [one["label"] for one in document["targets"]] == ["All"]
    assert document["targets"][0]["probability"]["value"] == pytest.approx(
        document["break_even"]["probability"]["value"], abs=0.1
    )


def test_run_says_it_in_words(two: Path):
    said = simulate("run", two, "--draws", "256").out
    rows = [row.split("  ")[0] for row in said.split("\n")]
    at = rows.index("Programme, kr.")
    assert [rows[at + i] for i in (2, 3, 4, 6)] == ["Nord", "Syd", "In common", "Total"]
    assert "One number for all: relapse." in said
    words = "Equal in more than one, yet drawn for each, as they are not in `shared`: job, additional effect, economy, wage, placed."
    assert words in " ".join(said.split())
    danish = simulate("run", ODENSE, "--draws", "64").out
    assert "Ét tal for dem alle: ”Førtidspension pr. måned” (pension_price)." in " ".join(danish.split())
    assert "Fælles" not in danish


def test_a_stored_portfolio_gives_the_same_numbers(two: Path, tmp_path: Path):
    first = simulate("run", two, "--draws", "64", "--set", "Nord: job=0.3", "--out", tmp_path / "out", "--json").json
    again = simulate("run", tmp_path / "out" / "scenario.toml", "--json").json
    for key in ("programmes", "provenu", "lines", "break_even", "point"):
        assert again[key] == first[key]
    assert first["run"]["set"] == ["Nord: job=0.3"]


@pytest.mark.parametrize("engine", ["expected", "point"])
def test_other_engines_tell_of_each_programme(two: Path, engine: str):
    done = simulate("run", two, "--draws", "64", "--engine", engine)
    assert done.code == 0
    assert "\nNord" in done.out
    each = simulate("run", two, "--draws", "64", "--engine", engine, "--json").json["programmes"]["each"]
    assert (each["Syd"]["mean"] is not None) == (engine == "expected")


@pytest.mark.parametrize(
    "command",
    [
        ("sensitivity", "--method", "draws", *(f"--set={who}: {what}" for who in ("Nord", "Syd") for what in FEWER)),
        ("structure",),
        ("threshold", "--assumption", "Nord: additional effect", "--probability", "0.5"),
        ("threshold", "--path", 'costs."Syd: Casemanagers".number', "--probability", "0.5"),
        ("stages", "--review", "2020", "--stop-if", "moved Nord: adult.selvforsørgelse < 3"),
        ("annualise", "--quarter", "2020Q2"),
        ("update",),
        ("check", "--show"),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_every_command_takes_it(two: Path, command: tuple[str, ...]):
    draws = () if command[0] == "check" else ("--draws", "64")
    done = simulate(command[0], two, *command[1:], *draws)
    assert done.code == 0, done.err
    assert "Traceback" not in done.err


def test_a_rule_that_stops_says_that_it_stops_all(two: Path):
    said = simulate(
        "stages", two, "--review", "2020", "--stop-if", "moved Syd: adult.selvforsørgelse < 3", "--draws", "64"
    ).out
    assert "The rule stops all 2 programmes of the portfolio at once." in said


def test_a_name_without_its_programme_is_told_with_it(two: Path):
    done = simulate("threshold", two, "--assumption", "placed")
    assert (done.code, done.out) == (2, "")
    assert 'no assumption is called "placed"; did you mean `Nord: placed`?' in done.err
    done = simulate("stages", two, "--review", "2020", "--stop-if", "selvforsørgelse < 3")
    assert 'write one of "Nord: adult.selvforsørgelse", "Syd: adult.selvforsørgelse"' in done.err


def test_check_names_the_file_that_is_wrong(two: Path):
    file = two.parent / "b.toml"
    file.write_text(RICH.replace("enter = [10.5, 12]", "enter = -1"), encoding="utf-8")
    done = simulate("check", two)
    assert done.code == 2
    assert done.out.startswith(f"{file}:44  families.finishing.enter: -1 is negative")
    (problem,) = simulate("check", two, "--json").json["files"][0]["problems"]
    assert problem["file"] == str(file)


def test_check_passes_on_the_programmes_own_warnings(two: Path):
    done = simulate("check", two)
    assert done.code == 0
    assert done.out == f"{two}: no problems\n"
    told = [row.partition("  ")[2] for row in done.err.splitlines()]
    assert told.count("assumptions.unused: nothing uses this assumption") == 2
    assert sum("by themselves, whatever the programme does" in one for one in told) == len(told) - 2


def test_portfolios_that_can_be_compared_have_their_common_programmes_first(two: Path):
    alone, turned = (written(two.parent, name, HEAD + text) for name, text in (("alone", NORD), ("turned", SYD + NORD)))
    found = simulate("compare", two, alone, "--draws", "64", "--json")
    assert found.code == 0, found.err
    for other, words in ((two.parent / "a.toml", "is also a programme of"), (turned, "must come first in both")):
        done = simulate("compare", two, other, "--draws", "64")
        assert done.code == 2
        assert words in done.err
