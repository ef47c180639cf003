"""`simulate annualise` from the command line: words, JSON, and what can be wrong with a quarter and its groups."""

from pathlib import Path

import pytest
from command import simulate

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FAMILIES, KIK = SCENARIOS / "odense-udsatte-familier.toml", SCENARIOS / "odense-kik.toml"
SMALL = ("--draws", "256", "--seed", "5")


def annualise(*options: str, file: Path = KIK):
    return simulate("annualise", file, *SMALL, *options)


def words(done) -> str:
    return " ".join(done.out.split())


def test_the_document():
    done = annualise("--quarter", "2019Q1", "--groups", "19, 55", "--json")
    assert done.code == 0
    found = done.json
    assert found["format"] == 2
    assert (found["quarter"], found["measure"], found["run"]["seed"]) == ("2019Q1", "before-after", 5)
    assert [group["persons"] for group in found["groups"]] == [19, 55]
    for group in (found, *found["groups"]):
        off = group["annualised"]["mean"]["value"] - group["following_year"]["mean"]["value"]
        assert group["deviation"]["mean"]["value"] == pytest.approx(off)
        assert 0 <= group["wrong_sign"]["value"] <= 1
    bias = found["bias"]["mean"]["value"]
    assert bias == pytest.approx(found["deviation"]["mean"]["value"])
    assert found["bias"]["share"] == pytest.approx(bias / found["following_year"]["mean"]["value"])
    assert found["smallest_group"] == {"persons": None, "near": None, "draws": 0}
    assert found["tolerance"] == {"share": 0.25, "courses": 0.9, "largest": 1_000_000}


def test_additional_leaves_the_ordinary_exits_out():
    whole, additional = (
        annualise("--quarter", "2019Q1", "--measure", measure, "--json", file=FAMILIES).json
        for measure in ("before-after", "additional")
    )
    difference = whole["annualised"]["mean"]["value"] - additional["annualised"]["mean"]["value"]
    assert difference == pytest.approx(whole["ordinary"]["value"])
    assert whole["following_year"] == additional["following_year"]
    assert whole["bias"]["mean"]["value"] > 10 * abs(additional["bias"]["mean"]["value"])


@pytest.mark.parametrize("given", ["2019q1", "2019K1", " 2019Q1 ", "2019-Q1", "Q1 2019", "1. kvartal 2019"])
def test_a_quarter_as_people_write_it(given):
    assert annualise("--quarter", given, "--json").json["quarter"] == "2019Q1"


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ("quarter 1 of 2019", "without it the figure would have been", "The sign is wrong in", "No size of the group")),
        ("da", ("1. kvartal 2019", "Uden den ville tallet have været", "Fortegnet er forkert i", "Ingen gruppe er stor nok")),
    ],
)  # fmt: skip
def test_the_words(lang, said):
    done = annualise("--quarter", "2019Q1", "--groups", "19", "--lang", lang)
    assert done.code == 0
    for one in said:
        assert one in words(done)


def test_the_words_of_an_effect_that_comes_at_once_and_lasts():
    """What the rule is right for: no bias, and a size that does."""
    certain = ("exit_high", "exit_low", "pension", "relapse")
    sets = [part for name in certain for part in ("--set", f"{name}=0")]
    sets += ["--set", "additional_effect=0.3", "--set", "share_high=0.5", "--set", "share_low=0.5"]
    done = annualise("--quarter", "2019Q1", "--measure", "additional", "--lang", "en", *sets)
    assert done.code == 0
    assert "Without luck the quarter times four is about right on average." in words(done)
    assert "The sign is not wrong in any course." in words(done)
    assert "the group must have about" in words(done)


def test_own_costs_are_said_to_be_left_out():
    done = simulate("annualise", SCENARIOS / "silkeborg.toml", *SMALL, "--quarter", "2017Q3", "--lang", "en")
    assert done.code == 0
    assert "The programme's own costs, and posts saved, are in neither figure." in words(done)
    assert "own costs" not in words(annualise("--quarter", "2019Q1", "--lang", "en"))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--quarter", "2020Q1"), "2019Q1 to 2019Q4"),
        (("--quarter", "2018Q4"), "2019Q1 to 2019Q4"),
        (("--quarter", "2019Q5"), "like 2019Q1"),
        (("--quarter", "2019Q0"), "like 2019Q1"),
        (("--quarter", "2019"), "like 2019Q1"),
        (("--quarter", "1 2019"), "like 2019Q1"),
        (("--quarter", "5. kvartal 2019"), "like 2019Q1"),
        (("--quarter", "2019Q11"), "like 2019Q1"),
        (("--quarter", "2019Q1", "--groups", "19.5"), "like 19; 29; 55"),
        (("--quarter", "2019Q1", "--groups", "19,,29"), "no number here"),
        (("--quarter", "2019Q1", "--groups", "1.000"), "as 1000 or as 1.0000"),
        (("--quarter", "2019Q1", "--groups", "0"), "from 1 to 10000"),
        (("--quarter", "2019Q1", "--groups", "-5"), "from 1 to 10000"),
        (("--quarter", "2019Q1", "--groups", ",".join(["5"] * 21)), "at most 20"),
        (("--quarter", "2019Q1", "--set", "time.years=1"), "must be at least 2"),
        (("--quarter", "2019Q1", "--set", "citizens=0"), "nobody has come"),
        (("--quarter", "2019Q1", "--measure", "before"), "before-after"),
        ((), "--quarter"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(options, said):
    done = annualise(*options, "--lang", "en")
    assert done.code == 2
    assert said in " ".join(done.err.split())
    assert "Traceback" not in done.err
