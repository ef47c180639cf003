"""The same lives valued again at other prices are what they would be lived anew."""

from pathlib import Path

import numpy as np
import pytest
from trees import assert_identical, everything, rich, scenario_of, simple

from simulate import luck, model
from simulate.engine import Result, Samples, along, run
from simulate.options import Options
from simulate.sampling import Sampler
from simulate.scenario import Scenario, load, queries
from simulate.scenario.adjustable import movable

SILKEBORG = load(Path(__file__).parents[1] / "scenarios" / "silkeborg.toml").scenario


def priced() -> Scenario:
    """A price, its refusion, a member's share of it and a cost for each family, uncertain; and something that lives hang on."""
    sure = {"kind": "normal", "mean": 12000.0, "sd": 3000.0}
    tree = simple(
        assumptions={
            "price": {"value": 12000.0, "uncertainty": sure},
            "refunded": {"value": 0.5, "uncertainty": {"kind": "uniform", "low": 0.2, "high": 0.8}},
            "each": {"value": 5000.0},
            "relapse": {"value": 0.1, "uncertainty": {"kind": "beta", "mean": 0.1, "sd": 0.05}},
            "index": {"value": 0.02, "uncertainty": {"kind": "normal", "mean": 0.02, "sd": 0.01}},
        },
        money={"indexation": "index"},
    )
    tree["roles"]["adult"]["states"]["benefit"] = {"monthly": "price", "refusion": "refunded"}
    tree["roles"]["adult"]["moves"][2]["yearly"] = "relapse"
    tree["costs"].append({"label": "each", "yearly": "each", "per_family": True})
    return scenario_of(tree)


def held(scenario: Scenario, name: str, value: float, options: Options, samples: Samples | None = None) -> Result:
    at = movable(scenario, name).at(value)
    return run(scenario, options, sampler=Sampler(scenario, fixed={name: at}), samples=samples)


def alike(one: Result, other: Result) -> None:
    """Within 1e-9 of the larger of each figure and what it may be."""
    ours, theirs = everything(one), everything(other)
    assert ours.keys() >= theirs.keys()
    for name, value in theirs.items():
        scale = float(np.nanmax(np.abs(value))) if value.size else 0.0
        np.testing.assert_allclose(ours[name], value, rtol=1e-9, atol=1e-9 * scale, err_msg=name)
    assert one.clipped == other.clipped


@pytest.mark.parametrize("engine", ["lives", "expected"])
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("price", [0.0, 40000.0, 12000.0, 20000.0, 9000.0, 31000.0]),
        ("refunded", [0.0, 1.0, 0.5, 0.3, 0.8, 0.1]),
        ("each", [0.0, 90000.0, 40000.0, 20000.0, 60000.0, 10000.0]),
        ("index", [-0.1, 0.1, 0.0, 0.05, 0.02, -0.05]),  # no line: prices go with its powers
    ],
)
def test_valued_again_is_lived_again(name: str, values: list[float], engine: str) -> None:
    scenario, samples = priced(), Samples()
    options = Options(draws=64, engine=engine)  # type: ignore[arg-type]
    for value in values:
        alike(held(scenario, name, value, options, samples), held(scenario, name, value, options))


@pytest.mark.parametrize("name", ["benefit", "placement_price", "extra_measures"])
def test_the_prices_of_silkeborg(name: str) -> None:
    samples, options = Samples(), Options(draws=256, counterfactual="own-luck")
    moved = movable(SILKEBORG, name)
    for share in (0.0, 1.0, 0.5, 0.2, 0.7):
        value = moved.low + share * (moved.high - moved.low)
        alike(held(SILKEBORG, name, value, options, samples), held(SILKEBORG, name, value, options))


def test_lives_are_lived_once_and_luck_is_worked_out_three_times(monkeypatch: pytest.MonkeyPatch) -> None:
    lived, worked = [], []
    live, compute = model.lived, luck.compute
    monkeypatch.setattr(model, "lived", lambda *given: lived.append(1) or live(*given))
    monkeypatch.setattr(luck, "compute", lambda *given: worked.append(1) or compute(*given))
    samples, scenario = Samples(), priced()
    for value in (0.0, 40000.0, 12000.0, 20000.0, 9000.0, 31000.0):
        held(scenario, "price", value, Options(draws=16, threads=1), samples)
    assert len(lived) == 2  # with the pilot of the same luck
    assert len(worked) == 2 * 3


def test_what_does_not_fit_is_lived_again() -> None:
    scenario, samples = priced(), Samples()
    samples._room = 0
    for value in (8000.0, 12000.0):
        one = held(scenario, "price", value, Options(draws=64), samples)
        assert_identical(one, held(scenario, "price", value, Options(draws=64)))
    assert not samples._kept


def test_prices_beyond_what_is_known_are_not_guessed() -> None:
    """Nor are those that lie between, but where a number was clipped in some of the draws."""
    scenario, samples, options = priced(), Samples(), Options(draws=64)
    for value in (10000.0, 12000.0, 11000.0, 50000.0, -3000.0):
        alike(held(scenario, "price", value, options, samples), held(scenario, "price", value, options))


def test_every_kind_of_life() -> None:
    scenario = scenario_of(rich())
    driving = queries.driving_lives(scenario)
    names = [name for name in scenario.assumptions if name in queries.used(scenario) - driving]
    assert names
    for name in names:
        samples, moved = Samples(), movable(scenario, name)
        for share in (0.0, 1.0, 0.5, 0.25):
            value = moved.low + share * (moved.high - moved.low)
            options = Options(draws=32, counterfactual="same-luck")
            alike(held(scenario, name, value, options, samples), held(scenario, name, value, options))


def test_points_that_lie_close_together_tell_nothing_of_those_between() -> None:
    assert along.APART > 0
    assert along._around([0.0, 1.0, 0.05], 0.5, 3) is None
    assert along._around([0.0, 1.0, 0.05, 0.4], 0.5, 3) == [0, 3, 1]
    assert along._around([0.0, 1.0, 0.05, 0.4], 0.5, 4) is None
    assert along._around([0.0, 1.0, 0.05, 0.4], 1.5, 3) is None
