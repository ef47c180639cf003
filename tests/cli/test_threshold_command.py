"""`simulate threshold`: the contract of its JSON, what it says in words, and input that is wrong."""

import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import PAPER, ROOT, Done, simulate
from scipy.optimize import brentq
from scipy.stats import norm

from simulate import locale
from simulate.answers.threshold import Described
from simulate.reports.threshold import written
from simulate.scenario import load

SILKEBORG = ROOT / "scenarios" / "silkeborg.toml"
DRAWS = 256
SMALL = """
format = 1
title = "Small"
language = "en"
[time]
first_year = 2027
years = 2
[assumptions.saving]
value = 500000
label = "What is saved"
uncertainty = { kind = "normal", mean = 450000, sd = 100000 }
[assumptions.staff]
value = 400000
uncertainty = { kind = "uniform", low = 350000, high = 500000 }
[assumptions.lodgers]
value = 0
uncertainty = { kind = "normal", mean = 0, sd = 20000 }
[assumptions.known]
value = [1, 1.5]
[assumptions.idle]
value = 1
[[correlations]]
between = ["saving", "staff"]
rank = 0.3
[[costs]]
label = "Staff"
yearly = "staff"
number = "known"
[[savings]]
label = "Homes"
yearly = "saving"
[[savings]]
label = "Rent"
yearly = 100000
[[savings]]
label = "Lodgers"
yearly = "lodgers"
[[targets]]
label = "A million"
total = 1000000
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("threshold") / "small.toml"
    file.write_text(SMALL, encoding="utf-8")
    return file


@cache
def done(*arguments: str | Path) -> Done:
    return simulate("threshold", *arguments, "--draws", str(DRAWS))


def document(*arguments: str | Path) -> Any:
    found = done(*arguments, "--json")
    assert found.code == 0, found.err
    return found.json


def said(*arguments: str | Path) -> str:
    """The words, without the breaks of lines."""
    found = done(*arguments)
    assert found.code == 0, found.err
    return " ".join(found.out.split())


# The contract ---------------------------------------------------------------------------------------------------------


def test_the_json_holds_what_is_promised(small: Path) -> None:
    found = document(small, "--assumption", "saving")
    assert list(found)[:3] == ["format", "answer", "scenario"]
    assert (found["format"], found["assumption"], found["path"], found["target"]) == (2, "saving", None, None)
    assert found["run"]["draws"] == DRAWS
    assert found["assumed"] == 500000
    assert found["percentiles"]["50"] == pytest.approx(450000)
    assert [one["probability"] for one in found["thresholds"]] == [0.5, 0.8, 0.9]
    for one in found["thresholds"]:
        low, high = one["crossing"]["interval"]
        assert low < one["crossing"]["value"] < high
        assert one["reached"] == "at-least"
        assert one["best"]["probability"]["value"] == 1
    values = [one["crossing"]["value"] for one in found["thresholds"]]
    assert values == sorted(values)
    # two years of (saving + 100,000) against 2.5 years of staff at 400,000
    assert found["switching_value"] == pytest.approx(400000, abs=0.5)
    assert found["correlated"] == ["staff"]


def needed(p: float) -> float:
    """The saving at which two years of it, 100,000 and the lodgers' rent pay 2.5 years of staff in p of the courses."""
    staff = 350000 + 150000 * (np.arange(10000) + 0.5) / 10000
    return float(brentq(lambda x: norm.cdf((x + 100000 - 1.25 * staff) / 20000).mean() - p, 0, 1e6))


def test_the_value_in_closed_form(small: Path) -> None:
    for one in document(small, "--assumption", "saving")["thresholds"]:
        assert abs(one["crossing"]["value"] - needed(one["probability"])) < 4.5 * one["crossing"]["error"]
        assert one["assumed_probability"] == pytest.approx(norm.sf((one["crossing"]["value"] - 450000) / 100000))


def test_what_set_is_given_makes_it_so(small: Path) -> None:
    for one in document(small, "--assumption", "saving")["thresholds"]:
        run = simulate("run", small, "--set", one["set"], "--draws", "1024", "--json").json
        error = math.hypot(run["break_even"]["probability"]["error"], 1 / DRAWS)
        assert abs(run["break_even"]["probability"]["value"] - one["probability"]) < 4.5 * error


def test_as_it_is_is_what_run_says(small: Path) -> None:
    found = document(small, "--assumption", "saving")["as_it_is"]["probability"]
    run = simulate("run", small, "--draws", str(DRAWS), "--json").json["break_even"]["probability"]
    assert found == run


def test_no_value_reaches_it() -> None:
    found = document(SILKEBORG, "--assumption", "relapse", "--probability", "0.99")["thresholds"][0]
    assert (found["crossing"], found["set"], found["reached"]) == (None, None, "never")
    assert 0 < found["best"]["probability"]["value"] < 0.99
    assert found["best"]["value"] == 0


def test_a_target(small: Path) -> None:
    found = document(small, "--assumption", "saving", "--target", "A million", "--probability", "0.5")
    assert found["target"] == "A million"
    one = found["thresholds"][0]
    assert abs(one["crossing"]["value"] - needed(0.5) - 500000) < 4.5 * one["crossing"]["error"]


def test_a_path(small: Path) -> None:
    found = document(small, "--path", "savings.Rent.yearly", "--probability", "0.5")
    assert (found["assumption"], found["path"], found["stands_there"]) == (None, "savings.Rent.yearly", None)
    assert found["assumed"] == 100000
    assert found["thresholds"][0]["set"].startswith("savings.Rent.yearly=")
    assert "taken as known: 100,000 kr." in said(small, "--path", "savings.Rent.yearly", "--probability", "0.5")


def test_a_path_where_an_assumption_stands(small: Path) -> None:
    arguments = (small, "--path", "costs.Staff.yearly", "--probability", "0.5")
    assert document(*arguments)["stands_there"] == "staff"
    assert "In the file “staff” stands there, whose value is 400,000 kr.; here it is one certain number." in said(
        *arguments
    )


def test_a_list_is_multiplied(small: Path) -> None:
    found = document(small, "--assumption", "known", "--probability", "0.5")
    assert (found["factor"], found["assumed"], found["searched"]["high"]) == (True, [1, 1.5], 10)
    one = found["thresholds"][0]
    assert one["reached"] == "at-most"
    assert one["set"].startswith("known*")
    assert "at most ×1." in said(small, "--assumption", "known", "--probability", "0.5")


def test_the_frontier(small: Path) -> None:
    found = document(small, "--assumption", "saving,staff", "--probability", "0.5,0.8")
    assert found["assumption"] == "saving"
    assert [one["probability"] for one in found["thresholds"]] == [0.5, 0.8]
    frontier = found["frontier"]
    assert (frontier["assumption"], frontier["usage"]) == ("staff", "money")
    for share, row in zip((0.05, 0.25, 0.5, 0.75, 0.95), frontier["rows"], strict=True):
        assert row["percentile"] == 100 * share
        assert row["value"] == pytest.approx(350000 + 150000 * share)
        for one in row["thresholds"]:
            truth = 1.25 * row["value"] - 100000 + 20000 * norm.ppf(one["probability"])
            assert abs(one["crossing"]["value"] - truth) < 4.5 * one["crossing"]["error"]
    out = said(small, "--assumption", "saving,staff", "--probability", "0.5,0.8")
    assert "What “What is saved” (saving) must be, where “staff” is held at a point of its distribution:" in out
    assert "staff 50 of 100 80 of 100" in out
    assert "P5: 358,000 kr. >= 34" in out


@pytest.mark.parametrize(
    "given", ["0.8,0.5,0.8", "80%,50 %", "0.80, .5", "0,8;0,5", "0,8, 0,5", "0,8,0,5", "80 %; 0,5"]
)
def test_probabilities_as_people_write_them(small: Path, given: str) -> None:
    found = document(small, "--assumption", "saving", "--probability", given)
    assert [one["probability"] for one in found["thresholds"]] == [0.8, 0.5]


def test_set_comes_first(small: Path) -> None:
    found = document(small, "--assumption", "saving", "--probability", "0.5", "--set", "staff=400000")
    assert found["run"]["set"] == ["staff=400000"]
    one = found["thresholds"][0]
    assert abs(one["crossing"]["value"] - 400000) < 4.5 * one["crossing"]["error"]


# In words -------------------------------------------------------------------------------------------------------------


def test_the_first_words_are_the_answer(small: Path) -> None:
    out = said(small, "--assumption", "saving", "--probability", "0.8")
    one = document(small, "--assumption", "saving", "--probability", "0.8")["thresholds"][0]
    first = out.partition("2027-2028 ")[2]
    assert first.startswith(
        "For the programme to break even in 80 of 100 courses, “What is saved” (saving) must be at least "
    )
    assert f"at least {round(one['crossing']['value'], -3):,.0f} kr. (" in first
    assert "It is assumed to be 500,000 kr. In 90 of 100 courses it lies between 286,000 kr. and 614,000 kr." in out
    assert "By its own distribution, the chance that it is as needed: 3" in out
    assert "the provenu is 0 when it is 400,000 kr." in out
    assert "keeps its own distribution: “staff”." in out
    assert "values beyond that were not looked at" in out
    assert "256 courses, seed 1." in out


def test_in_danish() -> None:
    out = said(SILKEBORG, "--assumption", "additional_effect", "--probability", "0.5")
    assert "For at indsatsen tjener sig hjem i 50 af 100 forløb, skal ”Mereffekt:" in out
    assert "Tallet antages at være 15 %." in out
    assert "er provenuet 0, når tallet er 12,84 %." in out
    assert "Der er søgt fra -15 % til 85 %; andre værdier er ikke mulige." in out


def test_what_is_said_where_no_value_is_enough() -> None:
    out = said(SILKEBORG, "--assumption", "relapse", "--probability", "0.9,0.95", "--lang", "en")
    assert "(relapse) between 0% and 100% is enough: the most is" in out
    assert "For the programme to break even in 95 of 100 courses, no value of it is enough either." in out
    assert "as needed" not in out


def test_what_is_said_where_any_value_will_do(small: Path) -> None:
    out = said(small, "--assumption", "saving", "--probability", "0.9", "--set", "savings.Rent.yearly=9000000")
    assert "any value of “What is saved” (saving) between " in out
    assert "will do." in out


def test_a_target_in_words(small: Path) -> None:
    out = said(small, "--assumption", "saving", "--target", "A million", "--probability", "0.5")
    assert "For the target “A million” to be reached in 50 of 100 courses, " in out
    assert "As it is, the target is reached in " in out


def test_too_much_clipping_is_said() -> None:
    """With a baseline of up to 75 % and some 70 % more, the chance of a job is often cut back to 1."""
    change = "assumptions.job_baseline.uncertainty.high=0.75"
    found = document(SILKEBORG, "--assumption", "additional_effect", "--probability", "0.5", "--set", "costs.Casemanagers.number=15",
                     "--set", change)["thresholds"][0]  # fmt: skip
    assert found["clipped"]["roles.adult.moves[0].chance"] > 0.05
    out = said(SILKEBORG, "--assumption", "additional_effect", "--probability", "0.5", "--set", "costs.Casemanagers.number=15",
               "--set", change, "--lang", "en")  # fmt: skip
    assert "(roles.adult.moves[0].chance) had to be clipped to what is possible in" in out


@pytest.mark.parametrize(
    ("value", "error", "usage", "factor", "written_so"),
    [
        (0.31234, 0.0011, "share", False, "31.2%"),
        (0.31234, 0.02, "share", False, "31%"),
        (0.31234, None, "share", False, "31.23%"),
        (0.5, None, "share", False, "50%"),
        (-0.15, None, "share", False, "-15%"),
        (0.0, None, "share", False, "0%"),
        (465123.0, 1200.0, "money", False, "465,000 kr."),
        (465123.4, None, "money", False, "465,123 kr."),
        (23.4567, 0.11, "count", False, "23.5"),
        (23.4567, 7.0, "count", False, "20"),
        (23.4567, None, "count", False, "23.46"),
        (1.7712, 0.02, "number", True, "×1.77"),
        (2.0, None, "number", True, "×2"),
    ],
)
def test_values_have_the_digits_that_they_deserve(
    value: float, error: float | None, usage: str, factor: bool, written_so: str
) -> None:
    locale.use("en")
    number = Described("", "", usage, factor, False, 0.0, None)
    assert written(value, error, number, load(PAPER, language="en").scenario) == written_so


# Wrong input ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--assumption", "savin"], "no assumption is called \"savin\"; did you mean `saving`?"),
        (["--assumption", "idle"], "nothing in the scenario uses it"),
        (["--assumption", "saving,idle"], "nothing in the scenario uses it"),
        (["--assumption", "saving,known"], "known has no uncertainty, and the frontier goes along that of the second"),
        (["--assumption", "saving,saving"], "two different ones"),
        (["--assumption", "saving,staff,known"], "two different ones"),
        ([], "give either --assumption NAME (or two: NAME,OTHER) or --path PATH, a number of the scenario; the assumptions are: saving, "),
        (["--assumption", "saving", "--path", "costs.Staff.number"], "give either --assumption NAME"),
        (["--path", "saving"], "write --assumption NAME"),
        (["--path", "costs.Nobody.number"], "no item with the label Nobody"),
        (["--path", "costs.Staf.number"], "no item with the label Staf; did you mean `Staff`?"),
        (["--path", "time.years"], "no number stands there"),
        (["--assumption", "saving", "--probability", "1.2"], "--probability 1.2: each must lie between 0 and 1; write 0.8 for 80 of 100"),
        (["--assumption", "saving", "--probability", "0"], "each must lie between 0 and 1"),
        (["--assumption", "saving", "--probability", "1"], "each must lie between 0 and 1"),
        (["--assumption", "saving", "--probability", "50,80 %"], "as 50.80 % or as 50 %; 80 %"),
        (["--assumption", "saving", "--probability", "nan"], "no finite number"),
        (["--assumption", "saving", "--probability", "high"], "not a number"),
        (["--assumption", "saving", "--probability", "0.5,"], "no number here"),
        (["--assumption", "saving", "--probability", ",".join(f"0.{n}" for n in range(11, 40))], "29 are too many; at most 20"),
        (["--assumption", "saving", "--target", "A milion"], "no target is called \"A milion\"; did you mean `A million`?"),
        (["--assumption", "saving", "--seed", "-1"], "--seed -1 is out of range"),
        (["--assumption", "saving", "--set", "nobody=1"], "nobody"),
    ],
)  # fmt: skip
def test_wrong_input_is_said_and_ends_with_2(small: Path, arguments: list[str], words: str) -> None:
    found = simulate("threshold", small, *arguments, "--lang", "en")
    assert (found.code, found.out) == (2, "")
    assert words in found.err
    assert "Traceback" not in found.err


def test_a_target_where_there_are_none() -> None:
    found = simulate("threshold", PAPER, "--assumption", "relapse", "--target", "x", "--lang", "en")
    assert found.code == 2
    assert "the scenario has no [[targets]]" in found.err
