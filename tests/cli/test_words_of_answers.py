"""Answers as they are read: of a case that has no costs, of nothing that was seen, of none and of all."""

import re
from pathlib import Path

import pytest
from command import simulate

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SPEAKS_OF_COSTS = {
    "da": r"tjen\w* (\w+ )*hjem|tilbagebetal",
    "en": r"costs have|Payback|pay back|break.even|breaks even|broken even",
}


def said(*arguments: object) -> str:
    done = simulate(*arguments)
    assert done.code == 0, done.err
    return " ".join(done.out.split())


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("command", [["run"], ["run", "--details"], ["compare"], ["structure"]], ids=" ".join)
def test_a_case_without_costs_has_none_to_come_back(command: list[str], language: str) -> None:
    files = [SCENARIOS / "odense-kik.toml", SCENARIOS / "odense-udsatte-familier.toml"]
    files = files if command == ["compare"] else files[:1]
    found = said(*command, *files, "--lang", language, "--draws", "64")
    assert not re.search(SPEAKS_OF_COSTS[language], found, re.I)


def test_a_case_with_costs_speaks_of_them() -> None:
    assert "tjener sig hjem" in said("run", SCENARIOS / "silkeborg.toml", "--draws", "64")
    assert "tjene sig hjem" in said(
        "compare", SCENARIOS / "silkeborg.toml", SCENARIOS / "silkeborg-sceptical.toml", "--draws", "64"
    )


def test_where_nothing_was_seen_one_view_is_told() -> None:
    found = said("update", SCENARIOS / "silkeborg.toml", "--draws", "64")
    assert "Efter det, der er set" not in found
    assert found.count("Set fra starten") == 1
    assert re.search(r"\(95 %\): forventet provenu ± [0-9.]+ kr\.; sandsynligheden", found)


def test_a_rule_that_never_stops() -> None:
    found = said(
        "stages", SCENARIOS / "silkeborg.toml", "--review", "2018", "--stop-if", "selvforsørgelse < 0", "--draws", "64"
    )
    assert "Reglen standser aldrig indsatsen; den ændrer intet." in found
    assert "Reglen er" not in found
    assert "i 0 af 100" not in found


def test_a_rule_that_stops_sometimes_and_its_table_say_the_same() -> None:
    found = said(
        "stages",
        SCENARIOS / "silkeborg.toml",
        "--review",
        "2018",
        "--stop-if",
        "selvforsørgelse < 12",
        "--draws",
        "256",
    )
    with_rule = re.search(r"med den: (-?[0-9.]+) kr\.", found)
    assert with_rule is not None
    assert f"Med reglen {with_rule[1]} " in found
    assert not re.search(r"\b0 af 100|100 af 100", found)


def test_comparison_tells_what_a_choice_costs_with_luck() -> None:
    """Not without it: what is left out then is luck's part."""
    files = [SCENARIOS / "odense-kik.toml", SCENARIOS / "odense-udsatte-familier.toml"]
    found = said("compare", *files, "--draws", "256")
    assert "resten er tilfældigheder" in found


def test_rare_values_are_told_with_what_decides(tmp_path: Path) -> None:
    """A value that these draws do not have: no share is told, and nothing is said to act on nothing."""
    file = tmp_path / "rare.toml"
    file.write_text(
        """
format = 1
title = "Fine"
language = "en"
[time]
first_year = 2027
years = 1
[assumptions.fine]
value = 0
uncertainty = { kind = "choices", values = [0, 50000000], weights = [0.998, 0.002] }
[roles.adult]
start = "out"
[roles.adult.states.out]
yearly = 100000
[roles.adult.states.in]
[[roles.adult.moves]]
from = "out"
to = "in"
at = "entry"
chance = { baseline = 0.1, programme = 0.4 }
[families.all]
enter = 4
members = { adult = 1 }
[[costs]]
label = "fine"
yearly = "fine"
""",
        encoding="utf-8",
    )
    found = said("sensitivity", file, "--draws", "128")
    assert "the value 50,000,000 has a probability of 0.2%" in found
    assert "is not known from these courses" in found
    assert "due to luck" not in found
