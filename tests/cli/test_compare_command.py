"""`simulate compare`: the contract of its JSON, its words in both languages, and what it refuses."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from command import PAPER, RICH, simulate

NUMBER = (int, float)
PERCENTILES = ("1", "5", "10", "25", "50", "75", "90", "95", "99")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Variants of one scenario that differ in one thing each."""
    found = tmp_path_factory.mktemp("compare")
    variants: dict[str, Sequence[tuple[str, str]]] = {
        "large": [],
        "small": [("number = 2\nyearly", "number = 1\nyearly"), ("enter = [10.5, 12]", "enter = [8, 9]")],
        "surer": [("sd = 0.07", "sd = 0.04")],
        "other-draws": [("seed = 7", 'seed = 8\ncounterfactual = "own-luck"')],
        "old-prices": [("price_level = 2020", "price_level = 2017"), ("indexation = 0.02", "indexation = 0.01")],
        "longer": [("years = 3", "years = 5")],
        "later": [("first_year = 2020", "first_year = 2021"), ("year = 2020", "year = 2021")],
        "euro": [("price_level = 2020", 'price_level = 2020\ncurrency = "EUR"')],
        "danish": [('language = "en"', 'language = "da"')],
        "titled": [('title = "Alt på én gang"', 'title = "Et andet navn"')],
        "no-wage": [("assumptions.wage", "assumptions.pay"), ('yearly = "wage"', 'yearly = "pay"'), ('"wage"]', '"pay"]')],
        "clipped": [('mean = 0.15, sd = 0.07', 'mean = 0.15, sd = 0.9')],
    }  # fmt: skip
    for name, changes in variants.items():
        text = RICH
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        (found / f"{name}.toml").write_text(text, encoding="utf-8")
    (found / "wrong.toml").write_text(RICH.replace("years = 3", "years = -3"), encoding="utf-8")
    certain = re.sub(r"^(uncertainty|each_year|persistence) = .*\n", "", RICH, flags=re.M)
    certain = re.sub(r"\[\[correlations\]\]\n.*\n.*\n", "", certain)
    (found / "certain.toml").write_text(certain, encoding="utf-8")
    return found


def compared(folder: Path, *names: str, options: Sequence[str] = ()) -> Any:
    done = simulate("compare", *(folder / f"{name}.toml" for name in names), "--json", "--lang", "en", *options)
    assert done.code == 0, done.err
    return done.json


def words(folder: Path, *names: str, options: Sequence[str] = ("--lang", "en")) -> tuple[str, str]:
    """Standard output, its lines joined, and standard error."""
    done = simulate("compare", *(folder / f"{name}.toml" for name in names), *options)
    assert done.code == 0, done.err
    return " ".join(done.out.split()), done.err


# JSON -----------------------------------------------------------------------------------------------------------------


def test_the_contract(folder: Path) -> None:
    document = compared(folder, "large", "small", "surer")
    assert list(document)[:3] == ["format", "answer", "scenario"]
    assert document["scenario"]["file"] == str(folder / "large.toml")
    assert (document["run"]["draws"], document["run"]["seed"], document["run"]["engine"]) == (256, 7, "lives")
    files = [str(folder / f"{name}.toml") for name in ("large", "small", "surer")]
    assert [one["file"] for one in document["scenarios"]] == files
    for one in document["scenarios"]:
        assert (one["title"], one["name"]) == ("Alt på én gang", Path(one["file"]).stem)
        assert_spread(one["provenu"])
        chance = one["break_even"]["probability"]
        low, high = chance["interval"]
        assert 0 <= low <= chance["value"] <= high <= 1
        assert chance["error"] >= 0
        for key in ("probability_best", "expected_loss", "expected_loss_without_luck"):
            assert one[key]["value"] >= 0
            assert one[key]["error"] >= 0
        assert isinstance(one["point"], NUMBER)
        assert isinstance(one["clipped"], dict)
    assert sum(one["probability_best"]["value"] for one in document["scenarios"]) == pytest.approx(1)
    pairs = [(one["a"], one["b"]) for one in document["differences"]]
    assert pairs == [(files[0], files[1]), (files[0], files[2]), (files[1], files[2])]
    means = {one["file"]: one["provenu"]["mean"]["value"] for one in document["scenarios"]}
    for one in document["differences"]:
        assert_spread(one)
        assert one["mean"]["value"] == pytest.approx(means[one["a"]] - means[one["b"]])
        # the same luck may give two programmes the very same lives
        assert 0.5 < one["probability_positive"]["value"] + one["probability_negative"]["value"] <= 1
    assert document["best"]["by_mean"] == max(range(3), key=lambda i: means[files[i]])
    assert document["shared"] == ["job", "relapse", "economy", "wage", "placed"]
    assert document["differing"] == [
        {"name": "additional effect", "groups": [files[:2], files[2:]], "reasons": ["uncertainty"]}
    ]
    assert document["caveats"] == []


def assert_spread(found: dict[str, Any]) -> None:
    assert tuple(found["percentiles"]) == PERCENTILES
    values = [one["value"] for one in found["percentiles"].values()]
    assert values == sorted(values)
    assert min(one["error"] for one in (found["mean"], found["sd"], *found["percentiles"].values())) >= 0


def test_a_first_scenario_is_what_its_run_says(folder: Path) -> None:
    document = compared(folder, "large", "small")
    run = simulate("run", folder / "large.toml", "--json").json
    first = document["scenarios"][0]
    assert first["provenu"] == {key: run["provenu"][key] for key in first["provenu"]}
    assert first["break_even"]["probability"] == run["break_even"]["probability"]
    assert (first["point"], first["clipped"]) == (run["point"]["provenu"]["total"], run["clipped"])
    assert all(document[key] == run[key] for key in ("format", "scenario", "run"))


def test_options_hold_for_all(folder: Path) -> None:
    options = ("--draws", "64", "--seed", "3", "--design", "lhs", "--counterfactual", "same-luck", "--set", "job=0.3")
    document = compared(folder, "small", "large", options=options)
    run = simulate("run", folder / "small.toml", "--json", *options).json
    assert document["run"] == run["run"]
    assert document["scenarios"][0]["provenu"]["percentiles"] == run["provenu"]["percentiles"]
    assert "job" not in document["shared"]
    again = compared(folder, "small", "large", options=(*options, "--threads", "1"))
    assert again == document


def test_expected_has_luck_in_each_scenario_and_in_no_comparison(folder: Path) -> None:
    document = compared(folder, "large", "small", options=("--engine", "expected"))
    run = simulate("run", folder / "large.toml", "--engine", "expected", "--json").json
    assert document["run"] == run["run"]
    one = document["scenarios"][0]
    ours, theirs = one["provenu"], run["provenu"]
    assert ours["sd"]["value"] == pytest.approx(theirs["sd"]["value"], rel=1e-9)
    for p in PERCENTILES:
        assert ours["percentiles"][p]["value"] == pytest.approx(theirs["percentiles"][p]["value"], rel=1e-9)
    chance, same = (each["break_even"]["probability"]["value"] for each in (one, run))
    assert chance == pytest.approx(same, rel=1e-9)
    (difference,) = document["differences"]
    for section, keys in (
        (one, ("probability_best", "expected_loss")),
        (difference, ("sd", "percentiles", "probability_positive", "probability_negative")),
    ):
        for key in keys:
            assert section[key] is None
            assert section[f"{key}_without_luck"] is not None
    assert "Luck is left out" in words(folder, "large", "small", options=("--engine", "expected"))[0]


# In words -------------------------------------------------------------------------------------------------------------


def test_words_say_what_the_document_says(folder: Path) -> None:
    document = compared(folder, "large", "small")
    best, other = (document["scenarios"][i] for i in (document["best"]["by_mean"], 1 - document["best"]["by_mean"]))
    said, beside = words(folder, "large", "small")
    assert beside.count("nothing uses this assumption") == 2
    assert f"Best by expected provenu: “{best['name']}”, with " in said
    assert f"“{best['name']}” gives the most in {100 * best['probability_best']['value']:.0f} of 100 courses" in said
    assert said.index(f"{best['name']} less {other['name']}")
    assert "wherever they stand (6): “job”, “additional effect”, “relapse”, “economy”, “wage”, “placed”." in said
    assert "256 courses, seed 7" in said
    assert "not drawn together" not in said


def test_the_difference_in_words_is_the_better_one_less_the_other(folder: Path) -> None:
    """Whichever file comes first."""
    one, other = (words(folder, *names)[0] for names in (("large", "small"), ("small", "large")))
    ahead = r"difference to “\w+” lies between (.*?) and (.*?)\."
    assert re.search(ahead, one).groups() == re.search(ahead, other).groups()
    row = r"small less large [-0-9,. %]+%"
    assert re.findall(row, one) == re.findall(row, other) != []


def test_assumptions_are_called_by_their_labels(tmp_path: Path) -> None:
    """As everywhere; by their names in the file where two share a label."""
    files = []
    for name, high in (("a", "0.3"), ("b", "0.35")):
        source = RICH.replace("high = 0.3 }", f"high = {high} }}", 1)
        for assumption, label in (("job", "I job"), ("relapse", "Tilbagefald"), ("wage", "Tilbagefald")):
            source = source.replace(f"[assumptions.{assumption}]\n", f'[assumptions.{assumption}]\nlabel = "{label}"\n')
        files.append(tmp_path / f"{name}.toml")
        files[-1].write_text(source, encoding="utf-8")
    said = " ".join(simulate("compare", *files, "--draws", "64").out.split())
    assert "not drawn together: “I job” (its uncertainty differs)" in said
    assert "“relapse”, “economy”, “wage”" in said


def test_danish(folder: Path) -> None:
    said, _ = words(folder, "large", "surer", options=("--lang", "da"))
    assert "Bedst målt på forventet provenu" in said or "kan ”large” og ”surer” ikke skelnes" in said
    assert "”additional effect” (usikkerheden er en anden)" in said
    assert "256 forløb, seed 7" in said


def test_the_language_is_the_first_files(folder: Path) -> None:
    assert words(folder, "large", "danish", options=())[0].startswith("Compared: “large”, “danish”")
    assert words(folder, "danish", "large", options=())[0].startswith("Sammenlignet: ”danish”, ”large”")


def test_names(folder: Path, tmp_path: Path) -> None:
    """Titles where they tell the scenarios apart, else files, and a number for the same file twice."""
    assert words(folder, "large", "titled")[0].startswith("Compared: “Alt på én gang”, “Et andet navn”")
    same, _ = words(folder, "large", "large")
    assert same.startswith("Compared: “large (1)”, “large (2)”")
    assert "nothing to choose between" in same
    assert "50.0% 0" in same


def test_a_better_one_that_is_best_less_often(tmp_path: Path) -> None:
    """A sure million, or ten with a chance of a fifth."""
    base = """format = 1
title = "{name}"
language = "en"
time = {{ first_year = 2020, years = 1 }}
roles.adult = {{ start = "here", states = {{ here = {{}} }} }}
savings = [{{ label = "gain", yearly = "gain" }}]
[assumptions.gain]
value = 1000000
"""
    lottery = 'uncertainty = { kind = "choices", values = [0, 10000000], weights = [0.8, 0.2] }\n'
    (tmp_path / "sure.toml").write_text(base.format(name="Sure"), encoding="utf-8")
    (tmp_path / "risky.toml").write_text(base.format(name="Risky") + lottery, encoding="utf-8")
    said, _ = words(tmp_path, "sure", "risky")
    assert "Best by expected provenu: “Risky”, with 1,998,000 kr. That is 998,000 kr. more than “Sure”." in said
    assert "BUT most often best is “Sure”, in 80 of 100 courses: it wins more often, and loses by more" in said
    assert "NOTE: “Sure” has no uncertain assumptions" in said
    assert "“Risky” 800,000 kr.; “Sure” 1,798,000 kr." in said
    assert "worth at most 800,000 kr. Provenu" in said  # there is no luck here
    assert "only luck is shared" in said
    assert "None of them is expected" not in said


# What to be told of ---------------------------------------------------------------------------------------------------


def test_what_spoils_the_comparison_is_part_of_the_answer(folder: Path) -> None:
    document = compared(folder, "large", "old-prices")
    assert len(document["caveats"]) == 2
    assert "in prices of 2017" in document["caveats"][0]
    assert "in prices of 2020" in document["caveats"][0]
    assert "money.indexation" in document["caveats"][1]
    assert words(folder, "large", "old-prices")[0].count("NOTE: ") == 2
    (certain,) = compared(folder, "certain", "large")["caveats"]
    assert certain.startswith("“certain” has no uncertain assumptions")
    (clipped,) = compared(folder, "large", "clipped")["caveats"]
    assert clipped.startswith(
        "“clipped”: “kontanthjælp → selvforsørgelse” (roles.adult.moves[0].chance) had to be clipped"
    )


def test_other_draws_of_a_later_file_are_not_used(folder: Path) -> None:
    document = compared(folder, "large", "other-draws")
    said = [warning for warning in document["warnings"] if "[simulation]" in warning]
    assert len(said) == 2
    assert "other-draws.toml has seed = 8 under [simulation]; that of the first file, 7, is used for all." in said[0]
    assert "counterfactual = own-luck" in said[1]
    assert {(one["mean"]["value"], one["sd"]["value"]) for one in document["differences"]} == {(0, 0)}
    given = compared(folder, "large", "other-draws", options=("--seed", "8", "--counterfactual", "own-luck"))
    assert [warning for warning in given["warnings"] if "[simulation]" in warning] == []


# What is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "options", "said"),
    [
        (("large",), (), "two or more"),
        (("large", "longer"), (), "longer.toml counts 5 years and .*large.toml 3"),
        (("large", "later"), (), "later.toml begins in 2021"),
        (("large", "euro"), (), "euro.toml is in EUR"),
        (("large", "none"), (), "none.toml  there is no such file"),
        (("large", "wrong"), (), "wrong.toml:9  time.years"),
        (("large", "no-wage"), ("--set", "wage=1"), "no-wage.toml  wage: no assumption is called so"),
        (("large", "small"), ("--set", "nobody=1"), "large.toml  nobody: no assumption is called so"),
        (("large", "small"), ("--engine", "point"), "point"),
        (("large", "small"), ("--draws", "0"), "--draws 0 is out of range"),
    ],
)
def test_what_is_refused(folder: Path, names: Sequence[str], options: Sequence[str], said: str) -> None:
    done = simulate("compare", *(folder / f"{name}.toml" for name in names), "--lang", "en", *options)
    assert done.code == 2
    assert done.out == ""
    assert re.search(said, done.err), done.err
    assert "Traceback" not in done.err


def test_a_longer_horizon_can_be_set(folder: Path) -> None:
    document = compared(folder, "large", "longer", options=("--set", "time.years=3"))
    assert {(one["mean"]["value"], one["sd"]["value"]) for one in document["differences"]} == {(0, 0)}


def test_no_files() -> None:
    assert simulate("compare").code == 2


def test_the_papers_case_beside_itself() -> None:
    """Nothing is uncertain, and luck is the same."""
    document = simulate("compare", PAPER, PAPER, "--draws", "64", "--json").json
    assert (document["shared"], document["caveats"]) == ([], [])
    found = document["differences"][0]["percentiles"]
    assert json.dumps({p: one["value"] for p, one in found.items()}) == json.dumps(dict.fromkeys(PERCENTILES, 0.0))
