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
from simulate.analysis import precision
from simulate.answers.risk import LOSSES, Risk
from simulate.answers.run import of_draws
from simulate.asking import losses
from simulate.engine import Result, run
from simulate.errors import InputError
from simulate.options import Options
from simulate.reports import risk
from simulate.scenario import load
from simulate.writers.terminal import paragraph

SILKEBORG = ROOT / "scenarios" / "silkeborg.toml"


@pytest.fixture(scope="module")
def result() -> Result:
    scenario = load(SILKEBORG, language="en").scenario
    return run(scenario, Options.of(scenario, draws=2048))


@pytest.fixture(scope="module")
def found(result: Result) -> Risk:
    return of_draws(result, load(SILKEBORG, language="en"), losses=(3e5, 7e6)).risk


def accumulated(result: Result) -> np.ndarray:
    """(period, draw)"""
    return np.cumsum([result.draws.columns[measures.PROVENU, period] for period in result.periods], axis=0)


# Against the draws --------------------------------------------------------------------------------------------------


def test_expected_shortfall_is_the_mean_of_the_worst_twentieth(result: Result, found: Risk) -> None:
    worst = np.sort(result.draws.columns[measures.TOTAL])[:103]
    exact = (worst[:102].sum() + 0.4 * worst[102]) / 102.4
    assert found.expected_shortfall.mean.value == pytest.approx(exact, rel=1e-12)
    assert found.expected_shortfall.share == 0.05
    assert 0 < found.expected_shortfall.mean.error < abs(exact) / 20


def test_losses_are_counted_as_a_share_of_what_the_chance_of_break_even_leaves(result: Result, found: Risk) -> None:
    total, left = result.draws.columns[measures.TOTAL], 1 - result.chance().value
    assert [one.loss for one in found.losses] == [3e5, 7e6]
    for one in found.losses:
        chance = one.probability
        assert chance.value == pytest.approx(left * np.mean(total < -one.loss) / np.mean(total < 0), rel=1e-12)
        low, high = chance.interval
        assert low < chance.value < high
        binomial = math.sqrt(chance.value * (1 - chance.value) / 2048)
        assert binomial / 4 < chance.error < 2 * binomial


def test_the_lowest_point_is_that_of_the_accumulated_columns(result: Result, found: Risk) -> None:
    begun = np.vstack([np.zeros(2048), accumulated(result)])
    lowest = begun.min(axis=0)
    low = found.lowest_point
    assert low.mean.value == pytest.approx(lowest.mean(), rel=1e-9)
    for p, one in low.percentiles.items():
        assert one.value == pytest.approx(np.percentile(lowest, p), rel=1e-9)
    at = begun.argmin(axis=0)
    assert [one.value for one in low.by_year] == [np.mean(at == i) for i in range(1, len(begun))]
    assert low.never.value == np.mean(at == 0)
    for one in (low.mean, low.never, *low.percentiles.values(), *low.by_year):
        assert one.interval[0] <= one.value <= one.interval[1]


def test_the_expected_lowest_point_is_that_of_expected_lives(result: Result, found: Risk) -> None:
    expected = np.cumsum(result.point.provenu + result.draws.sums.mean(measures.EXPECTED_OFF_BY_PERIOD))
    assert found.expected_lowest.amount.value == pytest.approx(expected.min(), rel=1e-12)
    assert found.expected_lowest.period == result.periods[int(expected.argmin())]
    # the lowest of each course lies lower than the lowest of their mean
    assert found.lowest_point.mean.value < found.expected_lowest.amount.value


def test_payback_is_the_first_year_of_break_even(result: Result, found: Risk) -> None:
    shares = of_draws(result, load(SILKEBORG, language="en")).break_even.first_year
    hits = accumulated(result) >= -0.005
    stays = np.minimum.accumulate(hits[::-1], axis=0)[::-1]
    first = np.where(stays.any(axis=0), stays.argmax(axis=0), 5)
    blocks = first.reshape(16, -1)
    for i, one in enumerate(shares.values()):
        each = (blocks == i).mean(axis=1)
        known = precision.chance_of(one.value, float(each.std(ddof=1)) / 4, len(first), result.undrawn.mass)
        assert one.error == pytest.approx(known.error, rel=1e-9)
        assert one.interval == pytest.approx(known.interval, rel=1e-9)
        assert one.value == pytest.approx(np.mean(first == i), abs=0.02)
    assert found.payback.percentiles == {5: 2019, 50: None, 95: None}


@pytest.mark.parametrize("engine", ["lives", "expected"])
@pytest.mark.parametrize("period", ["year", "month"])
def test_the_sections_agree(engine: str, period: str) -> None:
    """Also where the year ends are not all there is."""
    one = run(scenario_of(rich_tree()), Options(draws=256, engine=engine, period=period))
    answer = of_draws(one, load(SILKEBORG, language="en"))
    found = answer.risk
    assert (found.lowest_point is None) == (found.payback is None) == (engine == "expected")
    assert len(found.lowest.by_year) == len(one.periods)
    chances = [*found.lowest.by_year, found.lowest.never]
    assert sum(one.value for one in chances) == pytest.approx(1, abs=1e-12)
    assert list(answer.break_even.first_years) == ["2020", "2021", "2022", "2023", "never"]
    assert found.lowest.mean.value <= min(0, answer.provenu.mean.value + 1)
    assert found.expected_shortfall.mean.value <= answer.provenu.percentiles[5].value
    assert [one.loss for one in found.losses] == list(LOSSES)
    json.dumps(found.to_dict(), allow_nan=False)


# In words -----------------------------------------------------------------------------------------------------------


def told(tree: dict, **options: object) -> list[str]:
    scenario = scenario_of(tree)
    answer = of_draws(run(scenario, Options(draws=1024, **options)), load(PAPER, language="en"))
    return list(risk.lines(answer, scenario))


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
