"""Thresholds against a closed form, and put back into the scenario that they were found for.

20 people with the same uncertain chance of a job (those who get one are beta-binomial), an uncertain price of a month (normal, so that the saving
given their number is normal), and the cost of the staff, which is moved.
"""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import optimize, stats
from trees import rich, scenario_of

from simulate.analysis.precision import STUDENT
from simulate.engine import Case, run
from simulate.options import Options
from simulate.scenario import Scenario, load
from simulate.scenario.adjustable import movable
from simulate.studies.curve import Threshold
from simulate.studies.threshold import Thresholds, scanned, switching, threshold

SILKEBORG = Path(__file__).parents[2] / "scenarios" / "silkeborg.toml"
PEOPLE, JOB, SPREAD, PRICE, SD, STAFF, WAGE = 20, 0.3, 0.08, 10000.0, 1500.0, 600000.0, 60000.0
TARGET = 150000.0
PROBABILITIES = [0.2, 0.5, 0.8, 0.9]
FEW = Options(draws=4096)


def sure(value: object, kind: str, **parameters: object) -> dict:
    return {"value": value, "uncertainty": {"kind": kind, **parameters}}


def tree(**assumptions: dict) -> dict:
    return {
        "format": 1,
        "title": "staff",
        "time": {"first_year": 2020, "years": 1},
        "assumptions": {
            "job": sure(JOB, "beta", mean=JOB, sd=SPREAD),
            "price": sure(PRICE, "normal", mean=PRICE, sd=SD),
            "staff": sure(STAFF, "normal", mean=STAFF, sd=50000),
            "wage": {"value": WAGE},
            **assumptions,
        },
        "families": {"all": {"present": PEOPLE, "members": {"adult": 1}}},
        "roles": {
            "adult": {
                "start": "benefit",
                "states": {"benefit": {"monthly": "price"}, "job": {}},
                "moves": [
                    {"from": "benefit", "to": "job", "at": "entry", "chance": {"baseline": 0, "programme": "job"}}
                ],
            }
        },
        "costs": [{"label": "staff", "yearly": "staff"}, {"label": "wage", "yearly": "wage"}],
        "targets": [{"label": "enough", "total": TARGET}],
    }


def above(costs: float, jobs: Any = None, spread: float = 0.0) -> float:
    """The chance that the saving is at least the costs, which are normal with an sd of their own."""
    count = JOB * (1 - JOB) / SPREAD**2 - 1
    n = np.arange(PEOPLE + 1)
    shares = (jobs or stats.betabinom(PEOPLE, JOB * count, (1 - JOB) * count)).pmf(n)
    sd = np.maximum(np.hypot(12 * n * SD, spread), 1e-9)
    return float(shares @ stats.norm.cdf((12 * n * PRICE - costs) / sd))


def root(of: Callable[[float], float], p: float, low: float, high: float) -> float:
    return float(optimize.brentq(lambda x: of(x) - p, low, high, xtol=1e-9))


def most(p: float) -> float:
    """The staff's cost at which the chance is p."""
    return root(lambda x: above(x + WAGE), p, 1.0, 5e6)


def found_in(
    given: dict | Scenario, name: str, probabilities: list[float], options: Options = FEW, **more: object
) -> Thresholds:
    scenario = given if isinstance(given, Scenario) else scenario_of(given)
    return threshold(Case.of(scenario), movable(scenario, name), probabilities, options, **more)  # type: ignore[arg-type]


def assert_near(one: Threshold, truth: float) -> None:
    """Within 4.5 of the standard errors that its interval speaks of."""
    assert one.crossing is not None
    low, high = one.crossing.interval
    assert low < one.crossing.value < high
    assert abs(one.crossing.value - truth) < 4.5 * (high - low) / (2 * STUDENT)


# The closed form ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("design", ["sobol", "lhs", "random"])
def test_what_the_staff_may_cost(design: str) -> None:
    found = found_in(tree(), "staff", PROBABILITIES, replace(FEW, design=design)).thresholds
    for p, one in zip(PROBABILITIES, found, strict=True):
        assert one.reached == "at-most"
        assert_near(one, most(p))
    values = [one.crossing.value for one in found if one.crossing]
    assert values == sorted(values, reverse=True)


def test_what_the_chance_of_a_job_must_be() -> None:
    def chance(job: float) -> float:
        return above(STAFF + WAGE, stats.binom(PEOPLE, job), 50000)

    for p, one in zip(PROBABILITIES, found_in(tree(), "job", PROBABILITIES).thresholds, strict=True):
        assert one.reached == "at-least"
        assert_near(one, root(chance, p, 0.01, 0.99))


def test_a_certain_assumption_can_be_moved_too() -> None:
    """Of the staff and the wage only the sum counts; the other one is uncertain now."""
    one = found_in(tree(), "wage", [0.35]).thresholds[0]
    assert_near(one, root(lambda x: above(STAFF + x, spread=50000), 0.35, 1, 5e6))


def test_a_target() -> None:
    """It takes as much more as it asks for."""
    found = found_in(tree(), "staff", [0.3, 0.6], target="enough")
    for p, one in zip([0.3, 0.6], found.thresholds, strict=True):
        assert_near(one, most(p) - TARGET)
    truth = above(STAFF + WAGE + TARGET, spread=50000)
    assert abs(found.chance.chance.value - truth) < 4.5 * found.chance.chance.error


def test_a_target_that_no_value_reaches() -> None:
    """Even where the staff costs nothing: then the chance is at its highest."""
    one = found_in(tree(), "staff", [0.999], target="enough").thresholds[0]
    assert (one.reached, one.crossing, one.best) == ("never", None, 0.0)
    assert abs(one.best_known.chance.value - above(WAGE + TARGET)) < 4.5 * one.best_known.chance.error


def test_the_frontier() -> None:
    """Every krone of the one is a krone less of the other."""
    wage = sure(WAGE, "uniform", low=20000, high=100000)
    scenario = scenario_of(tree(wage=wage))
    found = found_in(scenario, "staff", [0.8], Options(draws=1024), against=movable(scenario, "wage"))
    assert found.frontier is not None
    assert [row.share for row in found.frontier.rows] == [0.05, 0.25, 0.5, 0.75, 0.95]
    for row in found.frontier.rows:
        assert row.value == pytest.approx(20000 + 80000 * row.share)
        (one,) = row.thresholds
        assert_near(one, most(0.8) + WAGE - row.value)


def half_widths(options: Options) -> list[float]:
    found = found_in(tree(), "staff", [0.5, 0.8], options).thresholds
    return [(one.crossing.interval[1] - one.crossing.interval[0]) / 2 for one in found if one.crossing]


def test_intervals_are_those_of_the_chance() -> None:
    """Half-width of the chance over the slope; a quarter with 16 times the draws, but for what 16 blocks know of errors."""
    found = found_in(tree(), "staff", [0.5]).thresholds[0].crossing
    assert found is not None
    slope = (above(found.value + WAGE + 100) - above(found.value + WAGE - 100)) / 200
    low, high = found.interval
    assert (high - low) / 2 == pytest.approx(found.known.half_width / abs(slope), rel=0.15)


def holds(p: float, seed: int) -> bool:
    one = found_in(tree(), "staff", [p], Options(draws=512, seed=seed, design="random")).thresholds[0]
    assert one.crossing is not None
    return one.crossing.interval[0] <= most(p) <= one.crossing.interval[1]


@pytest.mark.slow
@pytest.mark.parametrize("p", [0.3, 0.8])
def test_95_of_100_intervals_hold_the_truth(p: float) -> None:
    runs = 300
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        share = float(np.mean(list(pool.map(partial(holds, p), range(runs), chunksize=25))))
    assert abs(share - 0.95) < 4.5 * (0.95 * 0.05 / runs) ** 0.5


# Nothing but certain numbers ------------------------------------------------------------------------------------------


def certain() -> dict:
    given = tree(job={"value": 1.0}, price={"value": PRICE}, staff={"value": STAFF})
    return given


def test_where_nothing_varies_every_threshold_is_the_switching_value() -> None:
    found = found_in(certain(), "staff", [0.1, 0.5, 0.9], Options(draws=64))
    exact = 12 * PEOPLE * PRICE - WAGE
    assert found.switching.value == pytest.approx(exact, abs=0.01)
    for one in found.thresholds:
        assert one.reached == "at-most"
        assert one.crossing is not None
        assert one.crossing.value == pytest.approx(exact, abs=0.02)
        assert one.crossing.known.chance.value == 1


def test_whole_months_leap() -> None:
    """A stay of so many whole months: the saving leaps at half a month, and the provenu is 0 at no number of months."""
    given = tree(months={"value": 6}, staff={"value": 640000}, price={"value": PRICE})
    given["roles"]["adult"]["moves"] = [
        {"from": "benefit", "to": "job", "after_months": {"baseline": 12, "programme": "months"}}
    ]
    found = found_in(given, "months", [0.5], Options(draws=64))
    # 20 people, 10,000 a month each: 700,000 kr. take 3.5 months of the 12
    assert found.switching == replace(found.switching, value=None, jump=pytest.approx(8.5, abs=1e-6))
    assert found.thresholds[0].reached == "at-most"
    assert found.thresholds[0].crossing is not None
    assert found.thresholds[0].crossing.value == pytest.approx(8.5, abs=1e-6)
    assert found.thresholds[0].crossing.known.chance.value == 1


def test_no_value_makes_the_provenu_0() -> None:
    given = certain()
    given["savings"] = [{"label": "more", "yearly": 10**8}]
    found = switching(Case.of(scenario_of(given)), movable(scenario_of(given), "job"))
    assert (found.value, found.jump) == (None, None)


def test_a_provenu_of_0_switches_where_it_is() -> None:
    given = certain()
    given["assumptions"]["staff"]["value"] = 12 * PEOPLE * PRICE - WAGE
    assert (
        switching(Case.of(scenario_of(given)), movable(scenario_of(given), "staff")).value == 12 * PEOPLE * PRICE - WAGE
    )


# Put back into the scenario -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(load(SILKEBORG).scenario.assumptions))
def test_the_switching_value_makes_the_business_case_0(name: str) -> None:
    scenario = load(SILKEBORG).scenario
    moved = movable(scenario, name)
    found = switching(Case.of(scenario), moved)
    if found.value is None:
        if found.jump is None:  # the baseline of an effect that is added to it
            assert name == "job_baseline"
            return
        assert name == "placement_months"
        here, there = (
            run(load(SILKEBORG, [moved.change(found.jump + off)]).scenario, Options(engine="point")).point.provenu.sum()
            for off in (-0.01, 0.01)
        )
        assert here * there < 0
        return
    changed = load(SILKEBORG, [moved.change(found.value)]).scenario
    assert abs(run(changed, Options(engine="point")).point.provenu.sum()) < 1


@pytest.mark.parametrize("counterfactual", ["expected", "same-luck", "own-luck"])
def test_put_back_with_set_it_has_the_chance(counterfactual: str) -> None:
    """Of an assumption that is correlated with another: --set draws the very numbers that it was found with."""
    scenario = load(SILKEBORG).scenario
    options = Options.of(scenario, draws=1024, counterfactual=counterfactual)
    moved = movable(scenario, "additional_effect")
    one = threshold(Case.of(scenario), moved, [0.7], options).thresholds[0].crossing
    assert one is not None
    chance = run(load(SILKEBORG, [moved.change(one.value)]).scenario, options).chance()
    assert chance == Case.of(scenario).held({moved.name: moved.at(one.value)}).result(options).chance()
    assert abs(chance.value - 0.7) < one.known.half_width / 2


@pytest.mark.slow
@pytest.mark.parametrize(("name", "p"), [("effect", 0.95), ("families", 0.5), ("children", 0.8), ("placed", 0.5)])
def test_put_back_on_common_draws(name: str, p: float) -> None:
    """On the very draws it was found with, the chance is right to a fraction of its error; also of lists, climates, values by year."""
    scenario = scenario_of(rich())
    moved = movable(scenario, name)
    options = Options(draws=1024)
    one = threshold(Case.of(scenario), moved, [p], options).thresholds[0].crossing
    assert one is not None
    again = Case.of(scenario).held({name: moved.at(one.value)}).result(options).chance()
    assert abs(again.value - p) < one.known.half_width / 2


def test_the_chance_as_it_is_is_that_of_run() -> None:
    scenario = scenario_of(tree())
    found = found_in(scenario, "staff", [0.5], Options(draws=256))
    assert found.chance.chance == run(scenario, Options(draws=256)).chance()


def test_threads_change_nothing() -> None:
    one, two = (found_in(tree(), "staff", [0.5, 0.8], Options(draws=512, threads=n)).thresholds for n in (1, 2))
    assert [a.crossing and a.crossing.value for a in one] == [b.crossing and b.crossing.value for b in two]


def test_what_is_scanned() -> None:
    """The ends, what is assumed and percentiles; nothing beyond, and nothing twice."""
    moved = movable(load(SILKEBORG).scenario, "additional_effect")
    values = scanned(moved)
    assert values == sorted(values)
    assert (values[0], values[-1]) == (moved.low, moved.high)
    assert {0.15, 0.09} <= set(values)
    assert min(np.diff(values)) > 0.0099
    assert len(values) <= 12


def test_progress_goes_on_to_its_end_and_not_beyond() -> None:
    told: list[tuple[int, int]] = []
    found_in(tree(), "staff", [0.5], Options(draws=256), progress=lambda done, of: told.append((done, of)))
    done = [a for a, _ in told]
    assert done == sorted(done)
    assert len({of for _, of in told}) == 1
    assert 0 < done[-1] <= told[-1][1]
