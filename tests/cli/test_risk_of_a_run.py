"""What can go wrong, as `run` tells it: against numpy on the draws, and in words."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from command import DRAWS, PAPER, ROOT, simulate
from trees import rich as rich_tree
from trees import scenario_of, simple

from simulate import measures
from simulate.cli import losses
from simulate.engine import Result, run
from simulate.errors import InputError
from simulate.options import Options
from simulate.reports import risk
from simulate.reports.summary import summary
from simulate.scenario import load
from simulate.writers.terminal import paragraph

SILKEBORG = ROOT / "scenarios" / "silkeborg.toml"


@pytest.fixture(scope="module")
def result() -> Result:
    scenario = load(SILKEBORG, language="en").scenario
    return run(scenario, Options.of(scenario, draws=2048))


@pytest.fixture(scope="module")
def found(result: Result) -> dict:
    return summary(result, load(SILKEBORG, language="en"), losses=(3e5, 7e6))["risk"]


def accumulated(result: Result) -> np.ndarray:
    """(period, draw)"""
    return np.cumsum([result.draws.columns[measures.PROVENU, period] for period in result.periods], axis=0)


# Against the draws --------------------------------------------------------------------------------------------------


def test_expected_shortfall_is_the_mean_of_the_worst_twentieth(result: Result, found: dict) -> None:
    worst = np.sort(result.draws.columns[measures.TOTAL])[:103]
    exact = (worst[:102].sum() + 0.4 * worst[102]) / 102.4
    assert found["expected_shortfall"]["value"] == pytest.approx(exact, rel=1e-12)
    assert found["expected_shortfall"]["share"] == 0.05
    assert 0 < found["expected_shortfall"]["error"] < abs(exact) / 20


def test_losses_are_counted(result: Result, found: dict) -> None:
    total = result.draws.columns[measures.TOTAL]
    assert [one["loss"] for one in found["losses"]] == [3e5, 7e6]
    for one in found["losses"]:
        assert one["probability"] == np.mean(total < -one["loss"])
        low, high = one["interval"]
        assert low < one["probability"] < high
        binomial = math.sqrt(one["probability"] * (1 - one["probability"]) / 2048)
        assert binomial / 4 < one["error"] < 2 * binomial


def test_the_lowest_point_is_that_of_the_accumulated_columns(result: Result, found: dict) -> None:
    begun = np.vstack([np.zeros(2048), accumulated(result)])
    lowest = begun.min(axis=0)
    low = found["lowest_point"]
    assert low["mean"] == pytest.approx(lowest.mean(), rel=1e-9)
    for p, value in low["percentiles"].items():
        assert value == pytest.approx(np.percentile(lowest, int(p)), rel=1e-9)
    at = begun.argmin(axis=0)
    assert low["by_period"] == {year: np.mean(at == i) for i, year in enumerate(result.periods, 1)}
    assert low["never"] == np.mean(at == 0)
    assert low.keys() >= {"mean_error", "percentile_errors", "by_period_errors", "never_error"}


def test_the_expected_lowest_point_is_that_of_expected_lives(result: Result, found: dict) -> None:
    expected = np.cumsum(result.point.provenu + result.draws.sums.mean(measures.EXPECTED_OFF_BY_PERIOD))
    assert found["lowest_point"]["expected"]["value"] == pytest.approx(expected.min(), rel=1e-12)
    assert found["lowest_point"]["expected"]["period"] == result.periods[int(expected.argmin())]
    # the lowest of each course lies lower than the lowest of their mean
    assert found["lowest_point"]["mean"] < found["lowest_point"]["expected"]["value"]


def test_payback_is_the_first_year_of_break_even(result: Result, found: dict) -> None:
    document = summary(result, load(SILKEBORG, language="en"))
    assert found["payback"]["by_year"] == document["break_even"]["first_year"]
    hits = accumulated(result) >= -0.005
    stays = np.minimum.accumulate(hits[::-1], axis=0)[::-1]
    first = np.where(stays.any(axis=0), stays.argmax(axis=0), 5)
    blocks = first.reshape(16, -1)
    for i, name in enumerate(found["payback"]["by_year_errors"]):
        each = (blocks == i).mean(axis=1)
        assert found["payback"]["by_year_errors"][name] == pytest.approx(each.std(ddof=1) / 4, rel=1e-9)
        counted = np.mean(first == i)
        assert found["payback"]["by_year"][name] == pytest.approx(counted, abs=0.02)
    assert found["payback"]["percentiles"] == {"5": 2019, "50": None, "95": None}


@pytest.mark.parametrize("engine", ["lives", "expected"])
@pytest.mark.parametrize("period", ["year", "month"])
def test_the_sections_agree(engine: str, period: str) -> None:
    """Also where the year ends are not all there is."""
    one = run(scenario_of(rich_tree()), Options(draws=256, engine=engine, period=period))
    document = summary(one, load(SILKEBORG, language="en"))
    without = "_without_luck" * (engine == "expected")
    found = {key.removesuffix(without): value for key, value in document["risk"].items()}
    assert list(found["lowest_point"]["by_period"]) == one.periods
    chances = [*found["lowest_point"]["by_period"].values(), found["lowest_point"]["never"]]
    assert sum(chances) == pytest.approx(1, abs=1e-12)
    assert list(found["payback"]["by_year"]) == ["2020", "2021", "2022", "2023", "never"]
    assert found["payback"]["by_year"] == document["break_even"][f"first_year{without}"]
    assert found["lowest_point"]["mean"] <= min(0, document["provenu"]["mean"] + 1)
    assert found["expected_shortfall"]["value"] <= document["provenu"]["percentiles"]["5"]
    assert [one["loss"] for one in found["losses"]] == list(risk.LOSSES)
    json.dumps(found, allow_nan=False)


# In words -----------------------------------------------------------------------------------------------------------


def told(tree: dict, **options: object) -> list[str]:
    scenario = scenario_of(tree)
    document = summary(run(scenario, Options(draws=1024, **options)), load(PAPER, language="en"))
    return list(risk.lines(document, scenario))


def test_a_case_that_turns_and_one_that_does_not() -> None:
    paper = simulate("run", PAPER, "--lang", "en", "--draws", "1024", "--details")
    assert "At its lowest, after 2018, the accumulated provenu is expected to be -1,879,720" in paper.out
    (ever_down,) = (line for line in told(simple(costs=[{"label": "staff", "yearly": 9e6}])) if "very end" in line)
    assert "after 2022: -" in ever_down
    assert "It has not turned by then in any course." in ever_down
    assert "must be financed" in ever_down


def test_a_case_that_is_never_below_nothing() -> None:
    sentences = told(simple(costs=[], savings=[{"label": "rent", "yearly": 8e6}]))
    assert sentences[0].startswith("Even in the worst 5 of 100 courses the provenu is ")
    assert sentences[2] == "The accumulated provenu is not expected to be below 0 at any time."
    assert sentences[3] == "In all courses the costs have come back for good by the end of 2020."


def test_what_is_certain_has_no_worst_courses() -> None:
    sentences = told(simple(families={}))
    assert sentences == [
        "The accumulated provenu is expected to be at its lowest at the very end, after 2022: -1,050,000 kr."
    ]
    assert "kr.." not in " ".join(paragraph(sentences[0]))


def test_few_courses_are_said_to_be_few(rich: Path) -> None:
    said = simulate("run", rich, "--draws", str(DRAWS), "--details").out.replace("\n", " ")
    assert "That rests on 13 courses only: take more --draws." in said
    assert "By the assumptions alone" not in said


def test_without_luck_the_risk_is_that_of_the_assumptions(rich: Path) -> None:
    assert "By the assumptions alone, without luck:" in simulate("run", rich, "--engine", "expected", "--details").out


def test_losses_that_are_asked_for(rich: Path) -> None:
    document = simulate("run", rich, "--loss", "500000,1mio,2.5 mio. kr.", "--json").json
    assert [one["loss"] for one in document["risk"]["losses"]] == [500_000, 1_000_000, 2_500_000]
    assert "to lose more than 750,000 kr. is " in simulate("run", rich, "--loss", "750000").out.replace("\n", " ")


# --loss -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "amounts"),
    [
        ("500000", [5e5]),
        ("500000,1mio", [5e5, 1e6]),
        ("1.5mio, 2 mio. kr.", [1.5e6, 2e6]),
        ("500.000 kr.,1.000.000", [5e5, 1e6]),
        ("750 t.kr.,1.2mio", [7.5e5, 1.2e6]),
        ("1500,2000", [1500, 2000]),
        ("1.500,50", [1500.5]),
        ("0,5 mio.", [5e5]),
        ("1,5 mio.; 2 mio.", [1.5e6, 2e6]),
        ("0,5 mio., 1,5 mio.", [5e5, 1.5e6]),
        (None, None),
    ],
)
def test_losses_as_people_write_them(given: str | None, amounts: list[float] | None) -> None:
    assert losses.read(given, "lives") == amounts


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("1,5mio", "as 1.5mio or as 1mio; 5mio"),
        ("10,5 mio. kr.", "as 10.5 mio. kr. or as 10 mio. kr.; 5 mio. kr."),
        ("1500,5 t.kr.", "as 1500; 5 t.kr. or as 1500.5 t.kr."),
        ("1.500,5 t.kr.", "as 1500; 5 t.kr. or as 1500.5 t.kr."),
        ("20 mia. kr.", "at most 10 mia. kr."),
        ("-1mio", "at least 1000 kr."),
        ("0", "at least 1000 kr."),
        ("5 %", "is a share"),
        ("much", "not a number"),
        ("1mio,", "no number here"),
        ("", "no number here"),
    ],
)
def test_losses_that_are_none(given: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        losses.read(given, "lives")


@pytest.mark.parametrize("options", [("--loss", "1,5mio"), ("--loss", "1mio", "--engine", "point")])
def test_wrong_losses_are_wrong_input(options: tuple[str, ...], rich: Path) -> None:
    done = simulate("run", rich, *options)
    assert done.code == 2
    assert "--loss" in done.err
    assert done.out == ""
