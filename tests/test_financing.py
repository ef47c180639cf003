"""What others pay: beside the provenu and in no part of it; payment by results, payers, and what targets are of."""

import copy
from collections import Counter
from dataclasses import replace
from pathlib import Path

import naive
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from strategies import scenarios, to_toml
from trees import rich, run_tree, scenario_of, simple

from simulate import measures
from simulate.answers import arithmetic
from simulate.answers.paper import reported
from simulate.answers.run import of
from simulate.asking.run import check_financing
from simulate.engine import Case, Priced
from simulate.engine.financed import Financed
from simulate.engine.work import Work
from simulate.errors import InputError
from simulate.options import Options
from simulate.sampling import Chunk
from simulate.scenario import load
from simulate.scenario.adjustable import movable
from simulate.studies.update import Study
from simulate.sweeps import standing

CASES = Path(__file__).parent / "cases"
MILLION = 1_000_000
LABELLED = {"label": "pool", "yearly": [MILLION, 0]}


def financed(tree, *rows, **changes):
    return copy.deepcopy(tree) | {"financing": list(rows)} | changes


def answer(result, tmp_path):
    """As a run tells it."""
    file = tmp_path / "one.toml"
    file.write_text('format = 1\ntitle = ""\n[time]\nfirst_year = 2020\nyears = 1\n')
    return of(result, load(file, language="en"))


# A grant ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["lives", "expected"])
@pytest.mark.parametrize("plain", [False, True])
def test_a_grant_moves_the_provenu_with_it_by_its_amount_and_nothing_else(engine, plain, tmp_path):
    options = {"draws": 512, "engine": engine, "plain": plain}
    without = run_tree(rich(), **options)
    with_it = run_tree(financed(rich(), LABELLED, money={"discount_rate": 0.035, "indexation": 0.02}), **options)
    before, after = (answer(one, tmp_path).to_dict() for one in (without, with_it))
    own, budget = after.pop("with_financing"), after["budget"].pop("financing")
    assert before.pop("with_financing") is None
    assert before["budget"].pop("financing") is None
    assert before == after
    paid = MILLION
    assert own["mean"]["value"] == pytest.approx(before["provenu"]["mean"]["value"] + paid, abs=1e-3)
    assert own["mean"]["error"] == pytest.approx(before["provenu"]["mean"]["error"], rel=1e-6, abs=1e-6)
    assert budget["total"]["total"] == {"value": paid, "error": 0.0, "interval": [paid, paid]}
    luck = "_without_luck" if engine == "expected" else ""
    for p, one in before["provenu"][f"percentiles{luck}"].items():
        assert own[f"percentiles{luck}"][p]["value"] == pytest.approx(one["value"] + paid, abs=1e-3)
    total = without.draws.columns[measures.TOTAL]
    assert Financed(with_it).total == pytest.approx(total + paid, abs=1e-3)


def test_a_grant_of_nothing_leaves_the_chance_as_it_is(tmp_path):
    found = answer(run_tree(financed(rich(), {"label": "pool", "yearly": 0}), draws=512), tmp_path)
    own = found.with_financing
    assert own.probability == found.break_even.probability
    assert own.by_year == found.break_even.by_year
    assert own.percentiles == found.provenu.percentiles
    assert own.first_year == found.break_even.first_year


def test_a_grant_that_pays_all_costs_is_as_if_there_were_none(tmp_path):
    tree = simple(costs=[{"label": "staff", "yearly": 400000}])
    given_all = run_tree(financed(tree, {"label": "pool", "yearly": 400000}), draws=2048)
    for_free = run_tree(simple(costs=[]), draws=2048)
    chance = Financed(given_all).chance()
    assert abs(chance.value - for_free.chance().value) <= 1e-12
    assert Financed(given_all).mean().value == pytest.approx(for_free.mean().value)


def test_an_amount_for_each_family_has_luck_where_families_have():
    """As a cost of the same amount for each family with its sign turned, on the same courses."""
    row = {"label": "for each", "yearly": 30000, "per_family": True}
    tree = simple(families={"all": {"enter": 20, "arrivals": "poisson", "members": {"adult": 1.3}}})
    given_each = run_tree(financed(tree, row), draws=1024)
    cost = run_tree(tree | {"savings": [*tree["savings"], row]}, draws=1024)
    total = cost.draws.columns[measures.TOTAL]
    assert Financed(given_each).total == pytest.approx(total)
    assert Financed(given_each).mean().value == pytest.approx(cost.mean().value)
    ours, theirs = Financed(given_each).chance(), cost.chance()
    assert abs(ours.value - theirs.value) < 4.5 * np.hypot(ours.error, theirs.error)


# Payment by results ----------------------------------------------------------------------------------------------------


def by_results(**target):
    tree = simple(targets=[{"label": "goal"} | target])
    return financed(tree, {"label": "reward", "yearly": [0, 0, 700000], "when_target": "goal"})


@pytest.mark.parametrize(
    "target",
    [
        {"total": 0},
        {"of": "savings", "total": 1_300_000},
        {"of": "line:adult", "year": 2022, "amount": 600_000},
        {"of": "payer:stat", "total": 250_000},
        {"of": "cashable", "yearly": 100_000},
    ],
)
@pytest.mark.parametrize("plain", [False, True])
def test_what_is_paid_is_the_amount_times_the_chance_of_the_target(target, plain, tmp_path):
    result = run_tree(by_results(**target), draws=1024, plain=plain)
    found = answer(result, tmp_path)
    chance = found.targets[0].chance
    assert 0 < chance.value < 1
    grant = found.budget.financing.lines["reward"]
    assert grant.total.value == pytest.approx(700000 * chance.value, rel=1e-12)
    assert grant.total.error >= 700000 * chance.error * (1 - 1e-9)
    assert [one.value for one in grant.by_year[:2]] == [0, 0]
    assert (grant.at_values, grant.when_target) == (700000, "goal")
    paid = result.draws.columns[measures.FINANCING, "2022"]
    assert set(paid.tolist()) == {0.0, 700000.0}
    assert paid.mean() == pytest.approx(700000 * chance.value)
    assert found.with_financing.mean.value == pytest.approx(found.provenu.mean.value + 700000 * chance.value)


def test_point_does_not_count_it_and_says_so(tmp_path):
    result = run_tree(by_results(total=0), engine="point")
    budget = answer(result, tmp_path).budget
    grant = budget.financing.lines["reward"]
    assert (grant.by_year, grant.total, grant.at_values) == (None, None, 700000)
    assert budget.financing.total.total.value == 0
    assert budget.financing.provenu.total.value == budget.provenu.total.value


# Payers ----------------------------------------------------------------------------------------------------------------


def test_payers_share_a_price_and_their_parts_are_the_whole():
    tree = simple(payers=["region", "fund"])
    tree["roles"]["adult"]["states"]["benefit"] = {
        "monthly": 12000,
        "refusion": 0.2,
        "shares": {"region": 0.1, "fund": 0.25},
    }
    whole = simple()
    whole["roles"]["adult"]["states"]["benefit"] = {"monthly": 12000}
    ours, theirs = run_tree(tree, draws=64), run_tree(whole, draws=64)
    line = theirs.point.kroner[0, 0]
    job = simple()
    job["roles"]["adult"]["states"] = {"benefit": {}, "job": {"monthly": -1000}}
    at_job = run_tree(job, engine="point").point.kroner[0, 0]
    benefit = line - at_job
    for payer, share in enumerate((0.45, 0.2, 0.1, 0.25)):
        own = ours.point.kroner[payer, 0] - (at_job if payer == 0 else 0)
        assert own == pytest.approx(share * benefit)
    region = ours.draws.columns[measures.PAYER, "region"]
    assert region == pytest.approx(ours.draws.columns[measures.STATE] / 2)


def test_shares_beyond_what_is_left_are_cut_back_and_told():
    tree = simple(payers=["region"])
    tree["assumptions"] = {"part": {"value": 0.7, "uncertainty": {"kind": "uniform", "low": 0.5, "high": 0.9}}}
    tree["roles"]["adult"]["states"]["benefit"] = {"monthly": 12000, "refusion": 0.2, "shares": {"region": "part"}}
    found = run_tree(tree, draws=1024)
    [(path, draws)] = found.clipped.items()
    assert path == "roles.adult.states.benefit.shares.region"
    assert abs(draws / 1024 - 0.25) < 0.01


# Against the twin ------------------------------------------------------------------------------------------------------


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(tree=scenarios(years=3, moves=4))
def test_targets_and_what_hangs_on_them_equal_the_twins_course_by_course(tree):
    """Under same-luck, whose lives the twin has whole."""
    options = Options(draws=16, seed=7, design="random", counterfactual="same-luck", plain=True)
    case = Case.of(scenario_of(tree))
    work = Work.of(case.model, options, case.sampler)
    chunk = Chunk(0, 16, 1)
    lived, valued = work.valued(chunk, 0)
    columns, sums = work.measured.of(lived, valued, 1.0)
    twin = naive.Case(tree)
    for draw in range(3):
        one = naive.live(twin, 7, draw)
        months = {
            (arm, role, state, year): one.halves.get((named, role, state, year), 0) / 2
            for arm, named in (("baseline", "same-luck"), ("programme", "programme"))
            for role, state in twin.states
            for year in range(twin.years)
        }
        entered = lived.families[draw].sum(axis=0).tolist()
        arms = {"same-luck": "baseline", "programme": "programme"}
        steps = Counter({(arms[arm], *place): n / 2 for (arm, *place), n in one.steps.items() if arm in arms})
        books = naive.ledger(twin, months, entered, steps=steps)
        reached = naive.reached(twin, books)
        labels = [target["label"] for target in tree.get("targets", [])]
        assert sums[measures.TARGETS][draw].tolist() == [float(label in reached) for label in labels]
        for i, payer in enumerate(tree.get("payers", [])):
            own = sum(sum(amounts) for amounts in books[payer].values())
            assert columns[measures.PAYER][draw, i] == pytest.approx(own, rel=1e-9, abs=1e-3)
        if "financing" in tree:
            paid = naive.financing(twin, reached, entered)
            by_year = [sum(amounts) for amounts in zip(*paid.values(), strict=True)]
            np.testing.assert_allclose(columns[measures.FINANCING][draw], by_year, rtol=1e-9, atol=1e-3)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(tree=scenarios(years=3, moves=3))
def test_financing_is_in_nothing_but_its_own(tree):
    without = {key: item for key, item in tree.items() if key != "financing"}
    a, b = (run_tree(one, draws=32, plain=True) for one in (tree, without))
    for key in b.draws.columns.keys:
        of = key if key[1] else key[0]
        assert a.draws.columns[of].tobytes() == b.draws.columns[of].tobytes(), key
    assert a.point.kroner.tobytes() == b.point.kroner.tobytes()


# What else reads targets and amounts -----------------------------------------------------------------------------------


def case_of(tree, tmp_path):
    """With the file that it stands in, so that its numbers can be changed."""
    file = tmp_path / "case.toml"
    file.write_text(to_toml(tree), encoding="utf-8")
    return Case.of(load(file, language="en"))


def of_everything():
    """A case with a target of every kind, and an amount for money alone to move."""
    tree = simple(
        payers=["region"],
        targets=[
            {"label": "line", "of": "line:adult", "total": 1_500_000},
            {"label": "area", "of": "area:benefits", "year": 2022, "amount": 600_000},
            {"label": "region", "of": "payer:region", "total": 180_000},
            {"label": "cashable", "of": "cashable", "yearly": 100_000},
            {"label": "provenu", "total": 300_000},
        ],
    )
    tree["roles"]["adult"] |= {"area": "benefits"}
    tree["roles"]["adult"]["states"]["benefit"] = {"monthly": "price", "refusion": 0.2, "shares": {"region": 0.1}}
    tree["assumptions"] = {"price": {"value": 13000, "uncertainty": {"kind": "uniform", "low": 10000, "high": 16000}}}
    return financed(
        tree, {"label": "pool", "yearly": 200000}, {"label": "reward", "yearly": 90000, "when_target": "line"}
    )


@pytest.mark.parametrize("engine", ["lives", "expected"])
def test_targets_at_other_prices_are_told_as_they_are_counted(engine, tmp_path):
    case = case_of(of_everything(), tmp_path)
    options = Options(draws=256, engine=engine)
    cells = [{"price": price} for price in (9000, 10000, 11000, 12000, 13000, 14000, 15000, 16000, 17000)]
    family = Priced.of(case, cells, options)
    assert sum(family.is_told(cell) for cell in cells) == len(cells)
    for cell in (cells[1], cells[6]):
        told, ran = family.run(cell), case.with_(cell).result(options)
        for place in range(5):
            assert told.target(place).value == ran.target(place).value
        assert told.mean().value == pytest.approx(ran.mean().value)


def test_a_threshold_of_a_target_of_a_payer():
    """A run that is asked for one chance alone counts that payer, too."""
    case = Case.of(scenario_of(of_everything()))
    alone, whole = (case.result(Options(draws=256, brief=brief)) for brief in (True, False))
    assert [alone.target(i) for i in range(5)] == [whole.target(i) for i in range(5)]
    assert measures.FINANCING not in alone.draws.columns


def test_an_update_reads_the_same_targets():
    case = Case.of(scenario_of(of_everything()))
    options = Options(draws=256, plain=True)
    study = Study(case, replace(options, engine="lives"))
    view = study.view(study.gather(np.arange(256)), np.arange(256))
    ran = case.result(options)
    assert [one.value for one in view.targets] == pytest.approx([ran.target(i).value for i in range(5)])


def test_the_papers_figures_of_financing_stand_beside_ours(tmp_path):
    file = tmp_path / "one.toml"
    tree = financed(of_everything(), {"label": "pool", "yearly": [200000, 100000]})
    rows = [("financing", None, 400000), ("line:pool", 2021, 100000), ("line:pool", None, 300000)]
    tree["reported"] = [{"what": what, "value": value} | ({"year": year} if year else {}) for what, year, value in rows]
    file.write_text(to_toml(tree))
    found = reported(run_tree(tree, engine="point").point)
    assert [(row.ours, row.reproduced) for row in found] == [(400000, True), (100000, True), (400000, False)]


@pytest.mark.parametrize("engine", ["lives", "point"])
def test_engines_that_can_tell_payment_by_results(engine):
    check_financing(scenario_of(of_everything()), engine)


def test_expected_lives_reach_no_target():
    with pytest.raises(InputError, match="“reward” is paid only in courses in which “line” is reached"):
        check_financing(scenario_of(of_everything()), "expected")
    check_financing(scenario_of(financed(simple(), LABELLED)), "expected")


def test_what_only_financing_uses_is_moved_by_no_study(tmp_path):
    tree = financed(simple(), {"label": "pool", "yearly": "given"})
    tree["assumptions"] = {"given": {"value": 5, "uncertainty": {"kind": "uniform", "low": 0, "high": 9}}}
    case = case_of(tree, tmp_path)
    with pytest.raises(InputError, match="only what others pay"):
        movable(case.scenario, "given")
    with pytest.raises(InputError, match="only what others pay"):
        standing.standing(case, "given", "=")
    with pytest.raises(InputError, match="nothing that a sweep tells hangs on it"):
        standing.standing(case, "financing.pool.yearly", "=")


def test_the_arithmetic_of_a_line_has_the_other_payers_shares():
    result = run_tree(of_everything(), engine="point")
    point = result.point
    found = arithmetic.of(point, Case.of(result.scenario).sampler.point())
    benefit = next(term for term in found.terms if term.state == "benefit")
    assert {payer: one.values for payer, one in benefit.shares.items()} == {"region": [0.1, 0.1, 0.1]}
    total = sum(np.array(term.amounts) for term in found.terms)
    assert total == pytest.approx(point.kroner[0, 0])
    assert [one.line for one in found.outright] == ["staff", "rent"]


@pytest.mark.parametrize("period", ["year", "quarter", "month"])
def test_a_case_by_hand(period):
    """cases/whose-money.toml, whose figures stand at its top."""
    loaded = load(CASES / "whose-money.toml", language="en")
    found = of(Case.of(loaded).result(Options(draws=16, period=period)), loaded)
    assert {name: one.total.value for name, one in found.budget.financing.lines.items()} == {
        "Pool": pytest.approx(50000),
        "Reward": pytest.approx(40000),
        "Never": 0,
    }
    assert found.provenu.mean.value == pytest.approx(112000)
    assert found.with_financing.mean.value == pytest.approx(202000)
    assert found.payers.others["region"].mean.value == pytest.approx(36000)
    assert found.payers.stat.mean.value == pytest.approx(72000)
    assert found.budget.gross.total.value == pytest.approx(112000 + 72000 + 36000)
    assert all(row.reproduced for row in found.reported)
