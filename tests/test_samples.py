"""What runs have in common is done once, and is what it would be done anew."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from trees import assert_identical, everything, rich, scenario_of, simple

from simulate import model
from simulate.engine import Case, Result, Samples, run
from simulate.model import Model
from simulate.names import COUNTERFACTUALS
from simulate.options import Options
from simulate.sampling import Chunk, Layout, Sampler
from simulate.scenario import load, queries
from simulate.scenario.adjustable import movable
from simulate.studies.sensitivity import Exchanged

SILKEBORG = Case.of(load(Path(__file__).parents[1] / "scenarios" / "silkeborg.toml"))


def priced_tree() -> dict:
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
    return tree


def priced() -> Case:
    return Case.of(scenario_of(priced_tree()))


def held(case: Case, name: str, value: float, options: Options, samples: Samples | None = None) -> Result:
    at = movable(case.scenario, name).at(value)
    return case.held({name: at}).run(options, samples=samples)


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
        ("index", [-0.1, 0.1, 0.0, 0.05, 0.02, -0.05]),
    ],
)
def test_valued_again_is_lived_again(name: str, values: list[float], engine: str) -> None:
    case, samples = priced(), Samples()
    options = Options(draws=64, engine=engine)  # type: ignore[arg-type]
    for value in values:
        assert_identical(held(case, name, value, options, samples), held(case, name, value, options))


def test_what_does_not_fit_is_lived_again() -> None:
    case, samples = priced(), Samples()
    samples._room = 0
    for value in (8000.0, 12000.0):
        one = held(case, "price", value, Options(draws=64), samples)
        assert_identical(one, held(case, "price", value, Options(draws=64)))
    assert not samples._kept


def test_every_kind_of_life() -> None:
    case = Case.of(scenario_of(rich()))
    scenario = case.scenario
    driving = queries.driving_lives(scenario)
    names = [name for name in scenario.assumptions if name in queries.used(scenario) - driving]
    assert names
    for name in names:
        samples, moved = Samples(), movable(scenario, name)
        for share in (0.0, 1.0, 0.5, 0.25):
            value = moved.low + share * (moved.high - moved.low)
            options = Options(draws=32, counterfactual="same-luck")
            assert_identical(held(case, name, value, options, samples), held(case, name, value, options))


# Lives that are not the same -----------------------------------------------------------------------------------------


@pytest.fixture
def lived(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, tuple[str, ...]]]:
    """Years and counterfactuals of all that is lived."""
    found = list[tuple[int, tuple[str, ...]]]()
    live = model.lived

    def told(one: Model, *given: Any) -> model.LivedDraws:
        found.append((one.years, tuple(given[5])))
        return live(one, *given)

    monkeypatch.setattr(model, "lived", told)
    return found


@pytest.mark.parametrize("counterfactual", COUNTERFACTUALS)
@pytest.mark.parametrize("tree", [rich(), priced_tree()], ids=["rich", "priced"])
def test_the_chosen_counterfactual_alone_is_what_it_is_beside_the_others(tree: dict, counterfactual: Any) -> None:
    scenario = scenario_of(tree)
    whole = run(scenario, Options(draws=64, counterfactual=counterfactual))
    alone = run(scenario, Options(draws=64, counterfactual=counterfactual, alone=True))
    ours, theirs = everything(alone), everything(whole)
    assert ours.keys() <= theirs.keys()
    assert f"chance {counterfactual}" in ours
    for name, value in ours.items():
        assert value.tobytes() == theirs[name].tobytes(), name


@pytest.mark.parametrize("engine", ["lives", "expected"])
@pytest.mark.parametrize("name", ["additional_effect", "placement_factor", "job_baseline", "finishing"])
def test_an_assumption_held_after_another_is_what_it_is_alone(name: str, engine: Any) -> None:
    """What moves the programme alone, and what moves both arms."""
    samples, options = Samples(), Options(draws=64, engine=engine, alone=True)
    moved = movable(SILKEBORG.scenario, name)
    for share in (0.2, 0.4, 0.6):
        value = moved.low + share * (moved.high - moved.low)
        assert_identical(held(SILKEBORG, name, value, options, samples), held(SILKEBORG, name, value, options))


def test_of_an_effect_the_programme_alone_is_lived_again(lived: list[tuple[int, tuple[str, ...]]]) -> None:
    samples, options = Samples(), Options(draws=16, threads=1)
    for value in (0.1, 0.2, 0.3):
        held(SILKEBORG, "additional_effect", value, options, samples)
    assert [each for _, each in lived] == [COUNTERFACTUALS] * 2 + [()] * 4  # each with its pilot
    held(SILKEBORG, "job_baseline", 0.2, options, samples)
    assert [each for _, each in lived[6:]] == [COUNTERFACTUALS] * 2


def of_years(tree: dict, years: int) -> Case:
    """As another horizon is counted: assumptions keep their columns."""
    scenario = scenario_of(tree)
    other = scenario_of(tree | {"time": {**tree["time"], "years": years}, "targets": []})
    return replace(Case.of(other), sampler=Sampler(other, Layout.over(scenario, years)))


def effect_that_ends() -> dict:
    tree = priced_tree()
    tree["families"]["all"]["effect_lasts_months"] = 9
    return tree


def nobody() -> dict:
    return priced_tree() | {"families": {}}


def two_kinds() -> dict:
    """The second kind's families are others where the first has more cohorts."""
    tree = priced_tree()
    tree["families"]["more"] = {"enter": 7, "members": {"adult": 1}}
    return tree


@pytest.mark.parametrize(
    ("tree", "once"),
    [(priced_tree(), True), (nobody(), True), (effect_that_ends(), False), (two_kinds(), False), (rich(), False)],
)
@pytest.mark.parametrize("engine", ["lives", "expected"])
def test_a_shorter_horizon_is_the_longer_ones_first_years(
    tree: dict, once: bool, engine: Any, lived: list[tuple[int, tuple[str, ...]]]
) -> None:
    """To the last bit, whether it is lived again or not."""
    samples, options = Samples(), Options(draws=64, threads=1, engine=engine, alone=True)
    of_years(tree, 4).run(replace(options, alone=False), samples=samples)
    before = len(lived)
    ours = of_years(tree, 2).run(options, samples=samples)
    assert (len(lived) == before) == (once or engine == "expected")
    assert_identical(ours, of_years(tree, 2).run(options))


def test_numbers_that_are_drawn_alike_are_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a case in which one is held, and one that takes all but one from another sample."""
    drawn = list[set[str]]()
    numbers = Sampler.numbers

    def told(self: Sampler, design: str, seed: int, chunk: Chunk, known: Mapping[str, Any] = {}) -> dict[str, Any]:
        drawn.append({one.name for one in self.free} - known.keys())
        return numbers(self, design, seed, chunk, known)

    monkeypatch.setattr(Sampler, "numbers", told)
    samples, case, names = Samples(), priced(), {"price", "refunded", "relapse", "index"}
    options = Options(draws=16, threads=1, engine="expected", plain=True)
    case.run(options, samples=samples)
    case.held({"price": np.array([[1.0]])}).run(options, samples=samples)
    assert drawn == [names, set()]
    for exchanged in (set[str](), names, {"price"}, {"index", "relapse"}):
        other = replace(case, sampler=Exchanged(case.scenario, exchanged))
        drawn.clear()
        ours = other.run(options, samples=samples)
        assert any(drawn) == (exchanged in (set(), names))  # the two samples; all others are made of theirs
        alike(ours, other.run(options))
