"""Ways of counting: each row is to the last bit what a run counted that way gives, on the same draws."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulate import measures
from simulate.analysis.breakeven import reached
from simulate.answers.run import of_draws
from simulate.engine import Case, Outcome, Result, Work, run
from simulate.errors import ResourceError
from simulate.names import COUNTERFACTUALS
from simulate.options import Options
from simulate.sampling import Layout, Sampler
from simulate.scenario import Scenario, load
from simulate.studies import structure as study
from simulate.studies.structure import RATE, Structure, structure
from tests.trees import rich, scenario_of, simple

SILKEBORG = Path(__file__).parents[2] / "scenarios" / "silkeborg.toml"
OPTIONS = Options(draws=256, seed=5, threads=2)


def uncertain(**more: Any) -> dict[str, Any]:
    """`simple` with uncertain numbers, none of which has a value of its own in each year, and a late group of families."""
    tree = simple(time={"first_year": 2020, "years": 5}, **more)
    tree["assumptions"] = {
        "effect": {"value": 0.25, "uncertainty": {"kind": "normal", "mean": 0.2, "sd": 0.1}},
        "relapse": {"value": [0.1, 0.2], "uncertainty": {"kind": "uniform", "low": 0.5, "high": 1.5}},
    }
    moves = tree["roles"]["adult"]["moves"]
    moves[0]["chance"]["plus"], moves[2]["yearly"] = "effect", "relapse"
    tree["families"]["all"]["enter"] = [20, 10, 30]
    tree["families"]["all"]["entering"] = [{"month": "2021-03", "number": 4}, {"month": "2024-06", "number": 6}]
    tree["correlations"] = [{"between": ["effect", "relapse"], "rank": -0.5}]
    return tree


def counted(
    tree: dict[str, Any], options: Options = OPTIONS, horizons: Sequence[int] = ()
) -> tuple[Structure, dict[str, study.Way]]:
    found = structure(Case.of(scenario_of(tree)), options, horizons=horizons)
    return found, {way.name: way for way in found.ways}


def outcome(result: Result, counterfactual: str | None = None) -> Outcome:
    return Outcome(result.mean(), result.chance(counterfactual))


def ran(tree: dict[str, Any] | Scenario, **options: Any) -> Result:
    scenario = tree if isinstance(tree, Scenario) else scenario_of(tree)
    return run(scenario, Options(**{"draws": 256, "seed": 5, "threads": 2} | options))


# What one run tells -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", COUNTERFACTUALS)
def test_counterfactuals_are_those_of_runs(chosen: str) -> None:
    _, ways = counted(rich(), Options(draws=256, seed=5, counterfactual=chosen))
    assert set(COUNTERFACTUALS) - ways.keys() == {chosen}
    for name in COUNTERFACTUALS:
        assert ways["base" if name == chosen else name].outcome == outcome(ran(rich(), counterfactual=name))


def test_the_cashable_part_and_the_present_value_are_those_of_a_run() -> None:
    _, ways = counted(rich())
    answer = of_draws(ran(rich()), load(SILKEBORG, language="en"))
    for name, told in (("cashable", answer.cashable), ("discounted", answer.present_value)):
        mean, chance = ways[name].outcome
        assert (mean.value, mean.error) == (told.mean.value, told.mean.error)
        assert (chance.value, chance.error) == (told.probability.value, told.probability.error)


def test_without_a_rate_of_its_own_a_case_is_discounted_by_the_ministrys() -> None:
    _, ways = counted(uncertain())
    with_rate = ran(uncertain(money={"discount_rate": RATE}))
    assert ways["discounted"].outcome == with_rate.present_value()
    by_hand = sum(with_rate.draws.columns[measures.PROVENU, f"{2020 + k}"] / 1.035**k for k in range(5))
    assert ways["discounted"].outcome.chance.value == np.mean(reached(by_hand))
    assert abs(by_hand.mean() - ways["discounted"].outcome.mean.value) < 4.5 * by_hand.std() / 16
    assert ways["base"].outcome == outcome(ran(uncertain()))  # which the rate leaves alone


def test_where_all_is_cashable_nothing_changes() -> None:
    _, ways = counted(uncertain(savings=[]))
    assert ways["cashable"].alike
    assert ways["cashable"].outcome.chance == ways["base"].outcome.chance
    assert ways["cashable"].outcome.mean == pytest.approx(ways["base"].outcome.mean, rel=1e-9)
    _, ways = counted(uncertain())
    assert not ways["cashable"].alike
    assert ways["cashable"].outcome.mean.value == pytest.approx(ways["base"].outcome.mean.value - 5 * 50000)


# Runs of another case -----------------------------------------------------------------------------------------------


def test_moves_of_1_january_spread_over_the_year() -> None:
    _, ways = counted(rich())
    tree = rich()
    january = [move for move in tree["roles"]["adult"]["moves"] if move.pop("timing", None)]
    assert len(january) == 2
    assert ways["any-month"].outcome == outcome(ran(tree))
    assert ways["any-month"].outcome != ways["base"].outcome


def test_without_moves_of_1_january_there_is_nothing_to_spread() -> None:
    tree = uncertain()
    tree["roles"]["adult"]["moves"][2].pop("timing")
    _, ways = counted(tree)
    assert ways["any-month"] == study.Way("any-month", None, alike=True)


def test_a_chance_of_1_cannot_be_spread() -> None:
    tree = uncertain()
    tree["roles"]["adult"]["moves"][2]["yearly"] = 1
    _, ways = counted(tree)
    assert ways["any-month"].outcome is None
    assert ways["any-month"].missing.startswith("roles.adult.moves[2].yearly: a chance of 1 ")


@pytest.mark.parametrize("years", [3, 7, 10])
def test_other_horizons_are_those_of_a_file(years: int) -> None:
    """Of which the shorter one has no families that would enter after it."""
    _, ways = counted(uncertain(), horizons=[years])
    tree = uncertain()
    tree["time"]["years"] = years
    tree["families"]["all"]["entering"] = tree["families"]["all"]["entering"][: 1 if years < 5 else 2]
    assert ways[f"years-{years}"].outcome == outcome(ran(tree))
    assert ways[f"years-{years}"].years == years


def test_the_own_horizon_is_the_base() -> None:
    _, ways = counted(simple(), horizons=study.HORIZONS)
    assert [name for name in ways if name.startswith("years-")] == ["years-7", "years-10"]


@pytest.mark.parametrize("years", [3, 10])
def test_courses_are_the_same_in_the_years_that_two_horizons_have(years: int) -> None:
    """Also where a year has a value of its own: what differs is the way of counting."""
    scenario = load(SILKEBORG, language="en").scenario
    time = scenario.time.model_copy(update={"years": years})
    other = scenario.model_copy(update={"time": time, "targets": [], "reported": []})
    options = Options(draws=256, seed=5)
    there = replace(Case.of(other), sampler=Sampler(other, Layout.over(scenario, years))).result(options)
    here = run(scenario, options)
    for year in range(2017, 2017 + min(years, 5)):
        theirs, ours = (one.draws.columns[measures.PROVENU, str(year)] for one in (there, here))
        np.testing.assert_allclose(theirs, ours, rtol=1e-9, atol=1e-3)


def test_targets_of_years_that_are_not_there_do_not_matter() -> None:
    tree = rich()
    assert tree["targets"][0]["year"] == 2022
    tree["reported"] = [{"what": "provenu", "year": 2023, "value": 1}]
    _, ways = counted(tree, Options(draws=32), horizons=[3])
    assert ways["years-3"].outcome is not None
    assert ways["years-3"].missing == ""


@pytest.mark.parametrize(
    "line",
    [{"label": "fund", "yearly": 1e6, "when_target": "met"}, {"label": "pool", "yearly": 5000, "once": "2024-03"}],
    ids=["by results", "once"],
)
def test_what_others_pay_is_in_no_way_of_counting_and_hinders_none(line: dict[str, Any]) -> None:
    own = uncertain(targets=[{"label": "met", "of": "savings", "total": 1}], financing=[line])
    _, ways = counted(own, Options(draws=32, seed=5), horizons=[3, 7])
    _, without = counted(uncertain(), Options(draws=32, seed=5), horizons=[3, 7])
    assert {name: one.outcome for name, one in ways.items()} == {name: one.outcome for name, one in without.items()}
    assert ways["years-3"].outcome is not None
    assert ways["followed-7"].outcome is not None


def test_a_horizon_that_is_too_large_for_this_machine_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    run_of = Work.run

    def small(work: Work, *rest: Any) -> Result:
        if work.accounts.model.years > 8:
            raise ResourceError("too large")
        return run_of(work, *rest)

    monkeypatch.setattr(Work, "run", small)
    _, ways = counted(uncertain(), horizons=[7, 10])
    assert (ways["years-10"].outcome, ways["years-10"].missing) == (None, "too large")
    assert ways["years-7"].outcome is not None


def test_what_is_clipped_is_told() -> None:
    tree = uncertain()
    tree["assumptions"]["effect"]["uncertainty"]["sd"] = 0.6
    _, ways = counted(tree, horizons=[7])
    (share,) = ways["base"].clipped.values()
    assert 0.2 < share < 2
    assert ways["years-7"].clipped.keys() == ways["base"].clipped.keys()


# Luck alone ---------------------------------------------------------------------------------------------------------


def test_known_rates_are_those_of_a_run_in_which_all_is_set() -> None:
    plain = load(SILKEBORG, language="en").scenario
    changes = [f"{name}={_written(one.value)}" for name, one in plain.assumptions.items()]
    every_one_set = load(SILKEBORG, changes, language="en").scenario
    found = structure(Case.of(plain), OPTIONS, horizons=())
    assert found.luck_alone.outcome == outcome(ran(every_one_set))
    assert found.luck_alone.outcome.mean.value == pytest.approx(1_092_117.596, abs=0.01)
    assert found.luck_alone.outcome.mean.error == 0
    assert found.luck_alone.families_a_year == pytest.approx((100 / 3 + 4 * 40) / 5)
    assert found.luck_alone.families == pytest.approx(100 / 3 + 4 * 40)
    assert found.is_uncertain


def _written(value: Any) -> str:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, tuple) else str(value)


def test_families_are_counted_at_the_values() -> None:
    found, _ = counted(uncertain())
    assert found.luck_alone.families == pytest.approx(5 + 20 + 10 + 3 * 30 + 4 + 6)
    assert found.luck_alone.families_a_year == pytest.approx((20 + 10 + 3 * 30 + 4 + 6) / 5)


def test_where_nothing_is_uncertain_the_base_is_known() -> None:
    found, ways = counted(simple())
    assert not found.is_uncertain
    assert found.luck_alone.outcome == ways["base"].outcome


# Together -----------------------------------------------------------------------------------------------------------


def test_progress_goes_from_nothing_to_all_of_it() -> None:
    heard: list[float] = []
    structure(Case.of(scenario_of(uncertain())), OPTIONS, lambda done, of: heard.append(done / of))
    assert heard == sorted(heard)
    assert heard[0] < 0.2  # a run of so few draws is done at once, and there are six
    assert heard[-1] == 1


def test_rows_and_their_order() -> None:
    found, _ = counted(rich(), Options(draws=16), horizons=study.HORIZONS)
    assert [way.name for way in found.ways] == [
        "base", "same-luck", "own-luck", "cashable", "discounted", "any-month", "years-3", "years-7", "years-10", "followed-10",
    ]  # fmt: skip
    assert {way.name for way in found.ways if way.clipped is not None} == {
        "base", "any-month", "years-3", "years-7", "years-10", "followed-10",
    }  # fmt: skip


def test_a_case_without_families() -> None:
    found, ways = counted(simple(families={}))
    assert all(way.outcome.chance == (0, 0) for way in ways.values() if way.outcome)
    assert found.luck_alone.families == found.luck_alone.families_a_year == 0
