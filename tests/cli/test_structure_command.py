"""`simulate structure`: its JSON, its words in both languages, and wrong input."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from command import PAPER, ROOT, Done, simulate
from trees import scenario_of, simple

from simulate.answers import structure as answers
from simulate.answers.base import Estimate
from simulate.engine import Case
from simulate.options import Options
from simulate.reports import structure as report
from simulate.scenario import load
from simulate.studies.structure import structure

SILKEBORG = ROOT / "scenarios" / "silkeborg.toml"
FEW = ("--draws", "256", "--seed", "3")
OTHER_YEARS = ["years-3", "years-7", "years-10", "followed-10"]
NAMES = ["base", "same-luck", "own-luck", "cashable", "discounted", "any-month", *OTHER_YEARS]


@cache
def asked(*arguments: str | Path) -> Done:
    done = simulate("structure", *arguments)
    assert done.code == 0, done.err
    return done


@cache
def run(*arguments: str | Path) -> Any:
    return simulate("run", *arguments, "--json").json


def rows(*arguments: str | Path) -> dict[str, Any]:
    return {row["name"]: row for row in asked(*arguments, "--json").json["structure"]}


def words(*arguments: str | Path) -> str:
    return re.sub(r"\s+", " ", asked(*arguments).out)


# JSON ---------------------------------------------------------------------------------------------------------------


def test_the_document_holds_what_is_promised() -> None:
    document = asked(SILKEBORG, *FEW, "--json").json
    own = run(SILKEBORG, *FEW)
    assert all(document[key] == own[key] for key in ("format", "scenario", "run"))
    assert [row["name"] for row in document["structure"]] == NAMES
    for row in document["structure"]:
        assert row["label"]
        assert row["note"] is None
        assert 0 <= row["probability"]["value"] <= 1
        assert row["probability"]["error"] >= 0
        assert row["expected"]["error"] >= 0
    assert document["known_rates"]["at"] == "value"
    assert document["warnings"] == []


def test_rows_are_what_runs_say() -> None:
    found = rows(SILKEBORG, *FEW)
    own = run(SILKEBORG, *FEW)
    assert found["base"]["probability"] == own["break_even"]["probability"]
    assert found["base"]["expected"] == own["provenu"]["mean"]
    assert found["cashable"]["probability"] == own["cashable"]["probability"]
    assert found["cashable"]["expected"] == own["cashable"]["mean"]
    for name in ("same-luck", "own-luck"):
        other = run(SILKEBORG, *FEW, "--counterfactual", name)
        assert found[name]["probability"] == other["break_even"]["probability"]
        assert found[name]["expected"] == other["provenu"]["mean"]
    discounted = run(SILKEBORG, *FEW, "--set", "money.discount_rate=0.035")["present_value"]
    assert (found["discounted"]["probability"], found["discounted"]["expected"]) == (
        discounted["probability"],
        discounted["mean"],
    )
    spread = run(SILKEBORG, *FEW, "--set", "roles.adult.moves[1].timing=any-month")
    assert found["any-month"]["probability"] == spread["break_even"]["probability"]
    assert found["any-month"]["expected"] == spread["provenu"]["mean"]


@pytest.mark.parametrize("years", [3, 7, 10])
def test_horizons_are_those_of_files(years: int, tmp_path: Path) -> None:
    """The paper's figures speak of its own years, and fall away."""
    file = tmp_path / "other.toml"
    source = PAPER.read_text(encoding="utf-8")
    source = re.sub(r"(?s)\[\[reported\]\].*", "", source).replace("years = 5", f"years = {years}")
    file.write_text(source, encoding="utf-8")
    found, other = rows(PAPER, *FEW)[f"years-{years}"], run(file, *FEW)
    assert found["probability"] == other["break_even"]["probability"]
    assert found["expected"] == other["provenu"]["mean"]


def test_known_rates_are_those_of_a_run_with_all_set() -> None:
    scenario = load(SILKEBORG, language="en").scenario
    sets = []
    for name, one in scenario.assumptions.items():
        value = f"[{', '.join(map(str, one.value))}]" if isinstance(one.value, tuple) else str(one.value)
        sets += ["--set", f"{name}={value}"]
    known = asked(SILKEBORG, *FEW, "--json").json["known_rates"]
    set_out = run(SILKEBORG, *FEW, *sets)
    assert known["probability"] == set_out["break_even"]["probability"]
    assert known["families_a_year"] == pytest.approx((100 / 3 + 4 * 40) / 5)


def test_changes_are_counted_in_all_rows() -> None:
    base, changed = rows(SILKEBORG, *FEW), rows(SILKEBORG, *FEW, "--set", "costs[0].yearly*2")
    for name, years in (("base", 5), ("own-luck", 5), ("cashable", 5), ("any-month", 5), ("years-3", 3), ("years-10", 10), ("followed-10", 5)):  # fmt: skip
        assert base[name]["expected"]["value"] - changed[name]["expected"]["value"] == pytest.approx(
            years * 580_000, rel=1e-6
        )


# Words --------------------------------------------------------------------------------------------------------------


def test_the_answer_comes_first() -> None:
    found = rows(SILKEBORG, *FEW)
    said = words(SILKEBORG, *FEW, "--lang", "en")
    same_years = [row["probability"]["value"] for name, row in found.items() if name not in OTHER_YEARS]
    low, high = (round(100 * of(same_years)) for of in (min, max))
    n = round(100 * found["base"]["probability"]["value"])
    assert said.startswith("Vi Vil Mere, Silkeborg · 2017-2021 · prices of 2016 As the case is written, ")
    assert (
        f"the programme breaks even in {n} of 100 courses; counted otherwise over the same years it is between {low} and {high} of 100."
        in said
    )
    assert (
        "Fewest: without savings that are not cashable. Most: life without the programme with luck of its own." in said
    )
    assert "because so few take part, 39 a year. The rest is luck." in said
    assert re.search(r"the chance would be 6\d(\.\d)?% and not 100%, because", said)
    assert "256 courses, seed 3." in said


def test_danish_is_the_files_own() -> None:
    said = words(SILKEBORG, *FEW)
    assert "Som sagen er skrevet, tjener indsatsen sig hjem i " in said
    assert (
        "Færrest: uden besparelser, der ikke er realiserbare. Flest: livet uden indsatsen med egne tilfældigheder."
        in said
    )
    assert "fordi så få er med, 39 om året. Resten er tilfældigheder." in said
    assert "tilbagediskonteret med 3,5 % om året" in said


def test_the_table_has_every_row() -> None:
    lines = asked(SILKEBORG, *FEW, "--lang", "en").out.split("\n")
    begin = next(i for i, line in enumerate(lines) if line.startswith("Way of counting"))
    table = lines[begin + 2 : begin + 2 + len(NAMES)]
    labels = [row["label"] for row in rows(SILKEBORG, *FEW, "--lang", "en").values()]
    assert [re.split(r"  +", line)[0] for line in table] == labels
    assert all(re.search(r" \d+(\.\d)?% +-?[\d,]+$", line) for line in table)
    assert max(map(len, lines)) <= 100


def test_the_counterfactual_in_force_is_said() -> None:
    said = words(SILKEBORG, *FEW, "--lang", "en", "--counterfactual", "own-luck")
    assert "life without the programme is counted with luck of its own." in said
    assert "life without the programme as its expectation " in said


def told(tree: dict[str, Any], draws: int = 64) -> tuple[dict[str, Any], list[str]]:
    """The document of a tree and its sentences; the file that it names is another."""
    scenario = scenario_of(tree)
    answer = answers.of(structure(Case.of(scenario), Options(draws=draws), horizons=[7]), load(PAPER, language="en"))
    return answer.to_dict(), [line for line in report.lines(answer, scenario) if isinstance(line, str)]


def test_a_row_that_cannot_be_says_why() -> None:
    tree = simple(savings=[])
    tree["roles"]["adult"]["moves"][2]["yearly"] = 1
    document, sentences = told(tree)
    found = {row["name"]: row for row in document["structure"]}
    assert found["any-month"]["probability"] is None
    assert found["any-month"]["expected"] is None
    (said,) = (line for line in sentences if line.startswith("moves on 1 January spread over the year: "))
    assert "cannot be counted so: roles.adult.moves[2].yearly: a chance of 1 within the time" in said
    assert "without savings that are not cashable: all savings are cashable." in sentences
    del tree["roles"]["adult"]["moves"][2]
    assert "moves on 1 January spread over the year: no move takes place on 1 January." in told(tree)[1]


def test_in_a_report_no_row_is_of_what_the_case_does_not_have() -> None:
    tree = simple(savings=[])
    del tree["roles"]["adult"]["moves"][2]
    scenario = scenario_of(tree)
    answer = answers.of(structure(Case.of(scenario), Options(draws=64)), load(PAPER, language="en"))
    for reasons in (True, False):
        said = repr(list(report.counted(answer, scenario, reasons)))
        assert ("moves on 1 January" in said, "without savings that are not cashable" in said) == (reasons, reasons)


def test_rows_that_are_clipped_too_often_are_not_to_be_trusted() -> None:
    tree = simple()
    tree["assumptions"] = {"job": {"value": 0.3, "uncertainty": {"kind": "normal", "mean": 0.3, "sd": 0.4}}}
    tree["roles"]["adult"]["moves"][0]["chance"] = {"baseline": 0.25, "programme": "job"}
    document, sentences = told(tree)
    assert document["structure"][0]["note"].startswith(
        "not to be trusted: “kontanthjælp → selvforsørgelse” (roles.adult.moves[0].chance) had "
    )
    assert any(line.startswith("as the case is written: not to be trusted") for line in sentences)


def test_where_luck_decides_nothing_it_is_not_said_to() -> None:
    """A thousand times the costs: hopeless, whatever the luck."""
    _, sentences = told(simple(costs=[{"label": "staff", "yearly": 4e8}]))
    assert (
        "However the case is counted over the same years, the programme breaks even in none of the courses."
        in sentences
    )
    assert "No assumption is uncertain in this case, and luck alone does not decide it." in sentences
    tree = simple(costs=[{"label": "staff", "yearly": "staff"}])
    tree["assumptions"] = {"staff": {"value": 4e8, "uncertainty": {"kind": "uniform", "low": 1e5, "high": 4e8}}}
    assert any("luck alone does not decide it" in line and "would be under 1%" in line for line in told(tree)[1])


def test_certain_cases_and_families_that_are_there_from_the_start() -> None:
    tree = simple()
    tree["families"]["all"] |= {"enter": 0, "present": 6.5}
    document, sentences = told(tree, 256)
    assert 0.01 < document["known_rates"]["probability"]["value"] < 0.99
    assert document["known_rates"]["families_a_year"] == 0
    (said,) = (line for line in sentences if line.startswith("No assumption is uncertain in this case."))
    assert said.endswith("and not 0%, because so few take part, 6.5 in all. The rest is luck.")


def known(probability: float, expected: float, error: float, is_uncertain: bool) -> str:
    chance, mean = Estimate(probability, 0.002, None), Estimate(expected, error, None)
    return report._known(answers.KnownRates("value", chance, mean, 0.0, 163.0, is_uncertain), "DKK")


@pytest.mark.parametrize(
    ("probability", "expected", "error"), [(0.493, 0.0, 0.0), (0.41, 900.0, 2_000.0), (0.52, 41_000.0, 500.0)]
)
def test_about_nothing_is_expected_so_that_luck_decides_however_many_take_part(
    probability: float, expected: float, error: float
) -> None:
    for is_uncertain in (True, False):
        said = known(probability, expected, error, is_uncertain)
        assert "luck decides, which it would still do if many more took part" in said
        assert "so few" not in said
        assert "100%" not in said


@pytest.mark.parametrize(("probability", "expected"), [(0.62, 300_000.0), (0.03, -4e6)])
def test_where_much_is_expected_few_take_part(probability: float, expected: float) -> None:
    said = known(probability, expected, 900.0, True)
    assert f"and not {100 if expected > 0 else 0}%, because so few take part, 163 in all." in said


# Wrong input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("none.toml",), "there is no such file"),
        ((SILKEBORG, "--set", "relapsed=0.1"), "did you mean `relapse`?"),
        ((SILKEBORG, "--draws", "0"), "--draws 0 is out of range"),
        ((SILKEBORG, "--draws", "900000000000"), "of memory"),
        ((SILKEBORG, "--counterfactual", "none"), "--counterfactual"),
    ],
)
def test_wrong_input_is_told(arguments: tuple[str | Path, ...], said: str) -> None:
    done = simulate("structure", *arguments, "--lang", "en")
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err
    assert done.out == ""
