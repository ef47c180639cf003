"""What must hold of every run: counterfactuals agree on average, and nothing that should not matter matters."""

import copy
import gc
import json
import math
import random
import re
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import effort
import numpy as np
import pytest
from hypothesis import given, settings
from strategies import scenarios
from trees import assert_identical, everything, rich, run_tree, scenario_of, simple

from simulate import limits, measures, model
from simulate.analysis import draws as kept
from simulate.analysis import precision
from simulate.analysis.draws import Columns
from simulate.answers.run import PERCENTILES, of_draws
from simulate.engine import Work, run
from simulate.errors import ResourceError
from simulate.ledger import Accounts
from simulate.model import Model
from simulate.names import BLOCKS, COUNTERFACTUALS
from simulate.options import Options
from simulate.plan import Plan
from simulate.sampling import Sampler
from simulate.scenario import load, rules

SILKEBORG = Path(__file__).parents[1] / "scenarios" / "silkeborg-paper.toml"
TREES = {"certain": simple, "uncertain": rich}
BOTH = pytest.mark.parametrize("tree", TREES.values(), ids=TREES.keys())


def total(result, counterfactual):
    columns = result.draws.columns
    return columns[
        measures.TOTAL if counterfactual == result.options.counterfactual else (measures.UNDER, counterfactual)
    ]


def z_of(difference):
    """Of a mean of 0, from the blocks."""
    estimate = precision.mean(difference)
    return abs(estimate.value) / estimate.error


@BOTH
def test_the_trees_are_right_by_the_rules(tree):
    assert list(rules.problems(scenario_of(tree()))) == []


# The three counterfactuals -------------------------------------------------------------------------------------------


@BOTH
def test_counterfactuals_have_the_same_mean(tree):
    found = run_tree(tree(), draws=2048)
    expected = total(found, "expected")
    for other in ("same-luck", "own-luck"):
        assert z_of(total(found, other) - expected) < 4.5
    assert precision.sd(total(found, "own-luck")).value > precision.sd(expected).value


def test_counterfactuals_have_the_same_mean_in_every_line_and_year():
    runs = {name: run_tree(rich(), draws=1024, counterfactual=name) for name in COUNTERFACTUALS}
    means = {name: found.draws.sums.block_means(measures.LINES) for name, found in runs.items()}
    for other in ("same-luck", "own-luck"):
        off = means[other] - means["expected"]
        error = off.std(axis=0, ddof=1) / math.sqrt(BLOCKS)
        assert np.all(np.abs(off.mean(axis=0)) <= 6 * error + 1e-6)  # 15 degrees of freedom, 32 cells
    programme = [found.draws.sums.blocks[measures.MONTHS] for found in runs.values()]
    assert np.array_equal(programme[0], programme[1])
    assert np.array_equal(programme[0], programme[2])


def test_the_choice_of_counterfactual_only_chooses():
    """The totals under each are the same whichever is in force."""
    runs = {name: run_tree(rich(), draws=256, counterfactual=name) for name in COUNTERFACTUALS}
    for name in COUNTERFACTUALS:
        for found in runs.values():
            np.testing.assert_allclose(total(found, name), total(runs["expected"], name), rtol=1e-12, atol=1e-6)


@BOTH
def test_lives_average_to_expected(tree):
    """At the same draws, so that only luck is left."""
    lives, expected = (run_tree(tree(), draws=2048, engine=engine) for engine in ("lives", "expected"))
    assert z_of(lives.draws.columns[measures.TOTAL] - expected.draws.columns[measures.TOTAL]) < 4.5
    for period in lives.periods:
        column = (measures.PROVENU, period)
        assert z_of(lives.draws.columns[column] - expected.draws.columns[column]) < 4.5
    for name in (measures.MONTHS, measures.BASELINE_MONTHS, measures.ARRIVALS, measures.BASELINE_ARRIVALS):
        off = lives.draws.sums.block_means(name) - expected.draws.sums.block_means(name)
        error = off.std(axis=0, ddof=1) / math.sqrt(BLOCKS)
        assert np.all(np.abs(off.mean(axis=0)) <= 6 * error + 1e-9)


def test_a_certain_scenarios_expectation_is_the_business_case():
    found = run_tree(simple(), draws=64, engine="expected")
    np.testing.assert_allclose(found.draws.columns[measures.TOTAL], found.point.provenu.sum(), rtol=1e-12)


def without_effect(tree):
    """The same scenario, whose programme does nothing."""
    tree = copy.deepcopy(tree)
    for role in tree["roles"].values():
        for move in role.get("moves", []):
            for row in (move, *move.get("since_arrival", [])):
                for key in ("chance", "yearly", "quarterly", "monthly", "after_months"):
                    if isinstance(row.get(key), dict) and "baseline" in row[key]:
                        row[key] = row[key]["baseline"]
    return tree


def savings(result):
    """(block, line of states, period) sums."""
    kinds = [line.kind == "states" for line in result.accounts.lines]
    return result.draws.sums.blocks[measures.LINES][:, kinds]


def assert_nothing_saved(tree):
    tree = copy.deepcopy(tree)
    tree.pop("costs", None), tree.pop("savings", None)
    found = run_tree(tree, draws=256, counterfactual="same-luck")
    for measure, label in found.draws.columns.keys:
        if measure is not measures.UNDER:
            assert not found.draws.columns[measure, label].any(), (measure, label)
    assert not savings(found).any()
    assert np.array_equal(
        found.draws.sums.blocks[measures.ARRIVALS], found.draws.sums.blocks[measures.BASELINE_ARRIVALS]
    )


@BOTH
def test_without_effect_same_luck_saves_exactly_nothing(tree):
    assert_nothing_saved(without_effect(tree()))


def test_an_effect_that_has_no_size_is_none():
    tree = simple()
    moves = tree["roles"]["adult"]["moves"]
    moves[0]["chance"] = {"baseline": 0.25, "plus": 0}
    moves[1]["yearly"] = {"baseline": 0.1, "hazard_ratio": 1}
    moves[2]["yearly"] = {"baseline": 0.1, "times": 1}
    assert_nothing_saved(tree)


def test_an_effect_that_lasts_no_time_is_none():
    tree = rich()
    for family in tree["families"].values():
        family["effect_lasts_months"] = 0
    assert_nothing_saved(tree)


@settings(max_examples=25)
@given(tree=scenarios(years=3))
def test_without_effect_same_luck_saves_exactly_nothing_anywhere(tree):
    found = run_tree(without_effect(tree), draws=16, counterfactual="same-luck", threads=1)
    assert not savings(found).any()


def deterministic():
    """Chances of 0 and 1, whole numbers and lengths: lives without luck, but for the months of entry."""
    return {
        "format": 1,
        "title": "no luck",
        "time": {"first_year": 2020, "years": 4},
        "families": {
            "one": {"enter": [3, 2, 0, 4], "present": 2, "members": {"adult": 1, "child": 2}},
            "two": {
                "members": {"child": 1},
                "effect_lasts_months": 13,
                "entering": [{"month": "2020-05", "number": 3}, {"month": "2021-12", "number": 1}],
            },
        },
        "roles": {
            "adult": {
                "start": "benefit",
                "states": {"benefit": {"monthly": 10000, "refusion": 0.2}, "job": {}, "sick": {"monthly": 7000}},
                "moves": [
                    {"from": "benefit", "to": "job", "at": "entry", "chance": {"baseline": 0, "programme": 1}},
                    {"from": "job", "to": "benefit", "yearly": [0, 0, 1], "timing": "year-start"},
                    {"from": "benefit", "to": "sick", "after_months": {"baseline": 7, "plus": 3}},
                ],
            },
            "child": {
                "start": "placed",
                "states": {"placed": {"monthly": 40000}, "home": {"monthly": 1000}},
                "moves": [
                    {"from": "placed", "to": "home", "after_months": {"baseline": 14, "times": 0.5}},
                    {"from": "home", "to": "placed", "yearly": 1, "timing": "year-start"},
                ],
            },
        },
        "costs": [{"label": "each", "yearly": 1000, "per_family": True}],
    }


def test_without_luck_the_counterfactuals_are_equal():
    found = run_tree(deterministic(), draws=256)
    for other in ("same-luck", "own-luck"):
        np.testing.assert_allclose(total(found, other), total(found, "expected"), rtol=1e-12)
    assert np.ptp(total(found, "expected")) > 0  # the months of entry are still drawn
    tree = deterministic()
    tree["families"]["one"]["enter"] = 0
    found = run_tree(tree, draws=16)
    for name in COUNTERFACTUALS:
        np.testing.assert_allclose(total(found, name), found.point.provenu.sum(), rtol=1e-12)


# What must not matter ------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("design", ["sobol", "lhs", "random"])
@pytest.mark.parametrize("engine", ["lives", "expected"])
def test_threads_and_chunks_change_no_bit(tree, design, engine):
    given = {"draws": 128, "seed": 3, "design": design, "engine": engine}
    whole = run_tree(tree(), threads=1, chunk=10**6, **given)
    for threads, chunk in ((2, None), (1, 3), (2, 1)):
        assert_identical(run_tree(tree(), threads=threads, chunk=chunk, **given), whole)


@BOTH
@pytest.mark.parametrize("period", ["quarter", "month"])
def test_threads_and_chunks_change_no_bit_in_any_period(tree, period):
    given = {"draws": 80, "design": "lhs", "seed": 4, "period": period, "counterfactual": "same-luck"}
    whole = run_tree(tree(), threads=1, chunk=10**6, **given)
    for threads, chunk in ((2, 1), (2, 3)):
        assert_identical(run_tree(tree(), threads=threads, chunk=chunk, **given), whole)


@settings(max_examples=15)
@given(tree=scenarios(years=3))
def test_chunks_change_no_bit_anywhere(tree):
    given = {"draws": 48, "design": "random", "threads": 1}
    assert_identical(run_tree(tree, chunk=1, **given), run_tree(tree, chunk=2, **given))


def too_much():
    """A certain scenario whose climate makes the sum of two chances too large, in every draw."""
    tree = simple(assumptions={"boom": {"value": 3}})
    benefit = tree["roles"]["adult"]["moves"]
    tree["roles"]["adult"]["states"]["study"] = {}
    benefit[0] |= {"chance": 0.6, "climate": "boom"}
    benefit.insert(1, {"from": "benefit", "to": "study", "at": "entry", "chance": 0.3, "climate": "boom"})
    return tree


@pytest.mark.parametrize("chunk", [1, 3, None])
def test_clipping_is_counted_in_draws_whatever_the_chunks(chunk):
    """model.md: counted, and the count is reported; answers.md: by path. A number that is certain is clipped in every draw."""
    found = run_tree(too_much(), draws=64, chunk=chunk)
    assert set(found.clipped.values()) == {64}


def test_a_chunk_of_one_draw_is_uncertain_as_any_other():
    """16 draws are blocks of one; a block of 9 in chunks of 4 leaves one over."""
    for options in ({"draws": 16}, {"draws": 144, "design": "random", "chunk": 4}):
        sums = run_tree(rich(), **options).draws.sums
        assert np.all(sums.blocks[measures.EXPECTED_OFF] != 0)
        assert np.all(sums.blocks[measures.EXPECTED_SQUARE] != 0)


def test_the_order_of_work_changes_no_bit():
    """Chunks done last to first, or in any order, give what they give in order."""
    scenario = scenario_of(rich())
    accounts = Accounts(Model(scenario), model.PERIODS["year"])
    sampler = Sampler(scenario)
    whole = run(scenario, Options(draws=128, design="random"))
    work = Work(whole.options, accounts, sampler, whole.point)
    work.prepare()
    chunks = list(Plan(128, 4))
    assert len(chunks) == 2 * BLOCKS
    random.Random(1).shuffle(chunks)
    columns = Columns(work.measured.layout, 128)
    for chunk in chunks:
        columns.write(chunk.first, work.chunk_done(chunk).columns)
    for of in columns.keys:
        assert columns[of].tobytes() == whole.draws.columns[of].tobytes()


def test_blocks_are_numbered_through():
    """Luck is addressed by the draw's number among all: no two draws of a certain scenario have the same luck."""
    found = run_tree(simple(), draws=512)
    assert len(np.unique(found.draws.columns[measures.TOTAL])) > 500


@BOTH
@pytest.mark.parametrize("design", ["sobol", "lhs", "random"])
def test_seeds_matter(tree, design):
    given = {"draws": 64, "design": design}
    assert_identical(run_tree(tree(), seed=0, **given), run_tree(tree(), seed=0, **given))
    a, b = (run_tree(tree(), seed=seed, **given).draws.columns[measures.TOTAL] for seed in (0, 1))
    assert not np.intersect1d(a, b).size


@BOTH
@pytest.mark.parametrize("engine", ["lives", "expected"])
@pytest.mark.parametrize("counterfactual", COUNTERFACTUALS)
def test_periods_add_up_to_years(tree, engine, counterfactual):
    given = {"draws": 64, "engine": engine, "counterfactual": counterfactual}
    years = run_tree(tree(), **given)
    for period, each in (("quarter", 4), ("month", 12)):
        finer = run_tree(tree(), period=period, **given)
        for y, year in enumerate(years.periods):
            parts = [finer.draws.columns[measures.PROVENU, name] for name in finer.periods[each * y : each * (y + 1)]]
            np.testing.assert_allclose(sum(parts), years.draws.columns[measures.PROVENU, year], rtol=1e-9, atol=1e-4)
        for name in set(years.draws.columns.keys) - {(measures.PROVENU, year) for year in years.periods}:
            np.testing.assert_allclose(finer.draws.columns[name], years.draws.columns[name], rtol=1e-9, atol=1e-4)
        for name, sums in years.draws.sums.blocks.items():
            theirs = finer.draws.sums.blocks[name]
            if theirs.shape != sums.shape:
                theirs = theirs.reshape(*sums.shape, each).sum(axis=-1)
            np.testing.assert_allclose(theirs, sums, rtol=1e-8, atol=1e-3)
        np.testing.assert_allclose(finer.point.provenu.reshape(-1, each).sum(axis=1), years.point.provenu, rtol=1e-9)


def test_periods_have_names():
    assert run_tree(simple(), draws=16).periods == ["2020", "2021", "2022"]
    quarters = run_tree(simple(), draws=16, period="quarter").periods
    months = run_tree(simple(), draws=16, period="month").periods
    assert [quarters[0], quarters[-1], len(quarters)] == ["2020Q1", "2022Q4", 12]
    assert [months[0], months[-1], len(months)] == ["2020-01", "2022-12", 36]


def doubled(tree):
    """The same scenario at twice the prices."""
    tree = copy.deepcopy(tree)
    tables = [state for role in tree["roles"].values() for state in role["states"].values()]
    for table in [*tables, *tree.get("costs", []), *tree.get("savings", [])]:
        for key in ("monthly", "yearly"):
            if key in table and not isinstance(table[key], str):
                table[key] = [2 * x for x in table[key]] if isinstance(table[key], list) else 2 * table[key]
    if "price" in tree.get("assumptions", {}):
        price = tree["assumptions"]["price"]
        price["value"] *= 2
        price["uncertainty"] = {k: v if k == "kind" else 2 * v for k, v in price["uncertainty"].items()}
    return tree


@BOTH
@pytest.mark.parametrize("engine", ["lives", "expected"])
def test_twice_the_prices_are_twice_the_kroner(tree, engine):
    once, twice = (run_tree(one, draws=64, engine=engine) for one in (tree(), doubled(tree())))
    kroner = [of for of in once.draws.columns.keys if of[0].degree == 1]
    for name in kroner:
        np.testing.assert_allclose(twice.draws.columns[name], 2 * once.draws.columns[name], rtol=1e-9, atol=1e-6)
    if engine == "expected":  # a shape has no unit
        shapes = (one.mixture.skewness for one in (once, twice))
        np.testing.assert_allclose(*shapes, rtol=1e-6)
    if tree is simple:  # a factor of 2 rounds nothing
        for name in kroner:
            assert np.array_equal(twice.draws.columns[name], 2 * once.draws.columns[name])


def test_another_family_type_adds_its_expectation():
    tree = rich()
    for key in ("costs", "savings", "targets"):
        del tree[key]
    # an assumption that nothing uses has no place in the design: these lines keep every one in use
    tree["costs"] = [{"label": f"none of {name}", "number": 0, "yearly": name} for name in tree["assumptions"]]
    one, two = copy.deepcopy(tree), copy.deepcopy(tree)
    del one["families"]["two"], two["families"]["one"]
    both, first, second = (run_tree(each, draws=256, engine="expected").draws.columns for each in (tree, one, two))
    for of in both.keys:  # luck is independent, and so its moments add up, too
        near = 1e-9 if of[0].degree == 1 else 1e-6
        np.testing.assert_allclose(both[of], first[of] + second[of], rtol=near, atol=1e-3)
    lived = {each: run_tree(t, draws=512) for each, t in (("both", tree), ("one", one))}
    added = lived["both"].draws.columns[measures.TOTAL] - lived["one"].draws.columns[measures.TOTAL]
    assert z_of(added - run_tree(two, draws=512, engine="expected").draws.columns[measures.TOTAL]) < 4.5


def test_a_family_type_at_the_end_changes_no_life_of_the_others():
    """Cohorts are addressed: who was there before lives on as before."""
    tree = simple()
    more = copy.deepcopy(tree)
    more["families"]["more"] = {"enter": 3, "members": {}}
    assert_identical(run_tree(tree, draws=64), run_tree(more, draws=64))


def relabelled(tree):
    """Every free text and name another, in the same order."""
    tree = copy.deepcopy(tree)
    tree |= {"title": "æøå", "municipality": "Aarhus", "source": "s. 1", "note": "?"}
    for one in tree.get("assumptions", {}).values():
        one |= {"label": "Andel, %", "unit": "kr.", "source": "s. 2", "note": "!"}
    for role in tree["roles"].values():
        for state in role["states"].values():
            state["line"] = f"Linje {state.get('line', role.get('line', 'rolle'))}"
            state["area"] = f"Område {role.get('area', '')}"
    for i, row in enumerate([*tree.get("costs", []), *tree.get("savings", []), *tree.get("targets", [])]):
        row["label"] = f"z{9 - i}"
    tree["families"] = {f"Å-{name}": family for name, family in tree["families"].items()}
    tree["roles"] = {f"rolle {9 - i}": role for i, role in enumerate(tree["roles"].values())}
    renamed = dict(zip(["adult", "child"], tree["roles"], strict=False))
    for family in tree["families"].values():
        family["members"] = {renamed[role]: n for role, n in family["members"].items()}
    return tree


def test_labels_change_no_number():
    for tree in (simple(), rich()):
        before, after = run_tree(tree, draws=64), run_tree(relabelled(tree), draws=64)
        ours, theirs = everything(before), everything(after)
        for name in ours:
            if "area" not in name:
                assert ours[name].tobytes() == theirs[name].tobytes(), name


def test_the_names_of_assumptions_change_no_number():
    tree = rich()
    text = json.dumps(tree)
    for name in tree["assumptions"]:  # but not where the file has a key of this name
        text = re.sub(rf'"{name}"(?!: ("|\{{"one"))', f'"{name[::-1]}!"', text)
    before, after = run_tree(tree, draws=64), run_tree(json.loads(text), draws=64)
    assert {n: a.tobytes() for n, a in everything(before).items()} == {
        n: a.tobytes() for n, a in everything(after).items()
    }


def with_unused(tree, first=False, **more):
    tree = copy.deepcopy(tree)
    own, unused = tree.get("assumptions", {}), {"nobody's": {"value": 0.5} | more}
    tree["assumptions"] = unused | own if first else own | unused
    return tree


@BOTH
@pytest.mark.parametrize("first", [True, False], ids=["first", "last"])
def test_an_unused_certain_assumption_changes_nothing(tree, first):
    assert_identical(run_tree(tree(), draws=64), run_tree(with_unused(tree(), first), draws=64))


@BOTH
@pytest.mark.parametrize("design", ["sobol", "lhs", "random"])
@pytest.mark.parametrize("first", [True, False], ids=["first", "last"])
def test_an_unused_uncertain_assumption_changes_nothing(tree, design, first):
    unused = with_unused(tree(), first, uncertainty={"kind": "uniform", "low": 0, "high": 1})
    given = {"draws": 64, "design": design}
    assert_identical(run_tree(tree(), **given), run_tree(unused, **given))


@BOTH
def test_a_certain_assumption_equals_its_number(tree):
    """A price by name or as it stands."""
    named = tree()
    named.setdefault("assumptions", {})["wages"] = {"value": named["costs"][0]["yearly"]}
    named["costs"][0]["yearly"] = "wages"
    assert_identical(run_tree(tree(), draws=64), run_tree(named, draws=64))


# Draws, blocks, files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("design", "asked", "given"),
    [("sobol", 1, 16), ("sobol", 100, 128), ("sobol", 16384, 16384), ("lhs", 100, 112), ("random", 17, 32)],
)
def test_draws_are_rounded_up(design, asked, given):
    found = run_tree(simple(), draws=asked, design=design)
    assert found.options.draws == found.draws.number == len(found.draws.columns[measures.TOTAL]) == given


def test_progress_is_told_in_order():
    told = []
    run(scenario_of(simple()), Options(draws=64, chunk=2), lambda done, of: told.append((done, of)))
    assert told == [(n, 64) for n in range(2, 65, 2)]


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt(), SystemExit(143)], ids=["SIGINT", "SIGTERM"])
def test_an_interrupt_while_a_thread_starts_is_one(interrupt, monkeypatch):
    def start(thread):  # as where the interrupt comes before the event has its lock again
        try:
            raise interrupt
        finally:
            threading.Lock().release()

    monkeypatch.setattr(threading.Thread, "start", start)
    with pytest.raises(type(interrupt)):
        run(scenario_of(simple()), Options(draws=64, chunk=2, threads=2))


@BOTH
@pytest.mark.parametrize("engine", ["lives", "expected"])
def test_many_columns_go_to_a_file_and_give_the_same(tree, engine, monkeypatch):
    given = {"draws": 128, "period": "month", "engine": engine, "chunk": 3}
    in_file = run_tree(tree(), **given)
    assert 8 * len(in_file.draws.columns) > kept.MOST_BYTES_A_DRAW
    assert in_file.draws.columns._memory is None
    monkeypatch.setattr(kept, "MOST_BYTES_A_DRAW", 10**6)
    in_memory = run_tree(tree(), **given)
    assert in_memory.draws.columns._file is None
    assert_identical(in_file, in_memory)


def test_the_file_of_columns_is_closed_with_them():
    columns = Columns({measures.PROVENU: [f"n{i}" for i in range(40)]}, 10)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        del columns
        gc.collect()
    assert [str(warning.message) for warning in told] == []


@pytest.mark.parametrize("names", [["a", "b"], [f"n{i}" for i in range(40)]])
def test_columns_give_back_what_was_written(names):
    rng = np.random.default_rng(1)
    whole = {measures.PROVENU: rng.random((100, len(names))), measures.TOTAL: rng.random(100)}
    columns = Columns({measures.PROVENU: names, measures.TOTAL: None}, 100)
    for first in (60, 0, 30, 10):
        last = {60: 100, 0: 10, 30: 60, 10: 30}[first]
        columns.write(first, {measure: values[first:last] for measure, values in whole.items()})
    assert measures.TOTAL in columns
    assert measures.STATE not in columns
    for measure, values in whole.items():
        assert np.array_equal(columns.of_draws(measure), values)
        assert np.array_equal(columns.of_draws(measure, slice(30, 40)), values[30:40])
    assert np.array_equal(columns[measures.PROVENU, names[1]], whole[measures.PROVENU][:, 1])


# Answers -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def silkeborg():
    loaded = load(SILKEBORG, language="en")
    result = run(loaded.scenario, Options(draws=4096))
    return result, of_draws(result, loaded)


def values(by_period):
    return [one.value for one in by_period]


def test_percentiles_are_numpys(silkeborg):
    result, answer = silkeborg
    columns = result.draws.columns
    expected = {p: float(np.percentile(columns[measures.TOTAL], p)) for p in PERCENTILES}
    assert {p: one.value for p, one in answer.provenu.percentiles.items()} == expected
    for i, period in enumerate(result.periods):
        column = columns[measures.PROVENU, period]
        for p in PERCENTILES:
            assert answer.provenu.by_year.percentiles[p][i].value == np.percentile(column, p)
    accumulated = np.cumsum([columns[measures.PROVENU, period] for period in result.periods], axis=0)
    for p in PERCENTILES:
        np.testing.assert_allclose(
            values(answer.cumulative.percentiles[p]), np.percentile(accumulated, p, axis=1), rtol=1e-12
        )


def test_mean_and_spread_of_plain_lives_are_numpys(silkeborg):
    loaded = load(SILKEBORG, language="en")
    result = run(loaded.scenario, Options(draws=4096, plain=True))
    answer = of_draws(result, loaded)
    total = result.draws.columns[measures.TOTAL]
    assert np.array_equal(total, silkeborg[0].draws.columns[measures.TOTAL])
    assert answer.run.plain
    assert answer.provenu.mean.value == pytest.approx(total.mean(), rel=1e-12)
    assert answer.provenu.sd.value == pytest.approx(total.std(ddof=1), rel=1e-12)
    blocks = total.reshape(16, -1).mean(axis=1)
    assert answer.provenu.mean.error == pytest.approx(blocks.std(ddof=1) / 4, rel=1e-12)
    assert_adds_up(answer)
    for i, period in enumerate(result.periods):
        assert answer.provenu.by_year.mean[i].value == result.draws.columns[measures.PROVENU, period].mean()


def test_the_mean_is_that_of_expected_lives(silkeborg):
    """Of a certain scenario it is known exactly; of an uncertain one it is what the engine `expected` finds."""
    result, answer = silkeborg
    assert answer.provenu.mean.value == pytest.approx(result.point.provenu.sum(), rel=1e-12)
    assert answer.provenu.mean.error == 0
    assert values(answer.provenu.by_year.mean) == pytest.approx(result.point.provenu.tolist(), rel=1e-12)
    assert answer.provenu.sd.value == pytest.approx(result.draws.columns[measures.TOTAL].std(ddof=1), rel=1e-12)
    assert_adds_up(answer)
    for counterfactual in COUNTERFACTUALS:
        lives, expected = (
            of_draws(
                run_tree(rich(), draws=256, engine=engine, counterfactual=counterfactual),
                load(SILKEBORG, language="en"),  # for its file name only
            )
            for engine in ("lives", "expected")
        )
        assert lives.run.counterfactual == counterfactual
        assert_adds_up(lives)
        for name in ("point", "at_means", "of_means"):
            assert getattr(lives.bridge, name) == pytest.approx(getattr(expected.bridge, name), rel=1e-9)
        for one, other in (
            (lives.bridge.expected, expected.bridge.expected),
            (lives.bridge.of_model, expected.bridge.of_model),
            *zip(lives.cumulative.mean, expected.cumulative.mean, strict=True),
            *((part.mean, other.mean) for part, other in zip(parts(lives), parts(expected), strict=True)),
        ):
            assert (one.value, one.error) == pytest.approx((other.value, other.error), rel=1e-9)
        for label, line in lives.lines.items():
            theirs = expected.lines[label]
            assert line.mean.value == pytest.approx(theirs.mean.value, rel=1e-9, abs=1e-6)
            assert values(line.by_year) == pytest.approx(values(theirs.by_year), rel=1e-9, abs=1e-6)


def parts(answer):
    """All that has a mean."""
    payers = answer.payers.kommune, answer.payers.stat
    return [answer.provenu, *answer.areas.values(), answer.cashable, answer.present_value, *payers]


def assert_adds_up(answer):
    """Lines, areas and years make up the mean."""
    mean = pytest.approx(answer.provenu.mean.value, rel=1e-9)
    assert sum(line.mean.value for line in answer.lines.values()) == mean
    assert sum(sum(values(line.by_year)) for line in answer.lines.values()) == mean
    assert sum(area.mean.value for area in answer.areas.values()) == mean
    assert sum(values(answer.provenu.by_year.mean)) == mean
    assert answer.cumulative.mean[-1].value == mean
    assert answer.payers.kommune.mean.value == mean


def test_first_years_and_never_are_shares(silkeborg):
    _, answer = silkeborg
    shares = {year: one.value for year, one in answer.break_even.first_year.items()}
    assert list(shares) == ["2017", "2018", "2019", "2020", "2021", "never"]
    assert sum(shares.values()) == pytest.approx(1, abs=1e-12)
    assert min(shares.values()) >= 0
    assert 1 - shares["never"] == pytest.approx(answer.break_even.probability.value, abs=1e-12)
    assert answer.break_even.by_year[-1] == answer.break_even.probability


@pytest.mark.parametrize("engine", ["lives", "expected"])
@pytest.mark.parametrize("period", ["year", "month"])
def test_first_years_of_other_runs_are_shares(engine, period):
    loaded = load(SILKEBORG, language="en")  # for its file name only
    result = run(scenario_of(rich()), Options(draws=256, engine=engine, period=period))
    answer = of_draws(result, loaded)
    shares = {year: one.value for year, one in answer.break_even.first_years.items()}
    assert list(shares) == ["2020", "2021", "2022", "2023", "never"]
    assert sum(shares.values()) == pytest.approx(1, abs=1e-12)


def test_targets_are_reached_as_often_as_the_columns_say():
    result = run_tree(rich(), draws=256)
    columns, sums = result.draws.columns, result.draws.sums
    years = np.stack([columns[measures.PROVENU, period] for period in result.periods])
    year, all_of_them, every = sums.mean(measures.TARGETS)
    assert year == np.mean(years[2] >= -200000)
    assert every == np.mean((years >= -1000000).all(axis=0))
    staff = 900000 * (1 + 2 * 1.02 + 2 * 1.02**2 + 2 * 1.02**3)  # savings are the provenu less the costs
    assert 0 < all_of_them <= 1
    assert np.mean(years.sum(axis=0) + staff >= 1500000) <= all_of_them  # and less what each family costs


# Too large -----------------------------------------------------------------------------------------------------------


def with_families(**family):
    return simple(families={"all": {"members": {"adult": 1}} | family})


@pytest.mark.parametrize(
    ("tree", "options"),
    [
        (simple(), {"draws": 10**12}),
        (simple(), {"draws": 10**12, "engine": "expected"}),
        (simple(), {"draws": 10**11, "period": "month"}),
        (rich(), {"draws": 10**10, "design": "lhs"}),
        (with_families(enter=10**9), {}),
        (with_families(present=10**12), {"draws": 16}),
        (with_families(entering=[{"month": "2020-05", "number": 10**10}]), {"draws": 16}),
        (with_families(enter=1, members={"adult": 10**10}), {"draws": 16}),
        (with_families(enter=10**10, arrivals="poisson"), {"draws": 16}),
    ],
    ids=["draws", "expected", "month", "uncertain", "enter", "present", "entering", "members", "poisson"],
)
def test_a_run_that_is_too_large_is_refused_at_once(tree, options, monkeypatch):
    """Before anything is drawn, in little memory, and for less than what a small run costs."""

    def refused():
        with monkeypatch.context() as patched:
            patched.setattr(Work, "chunks", drawn)
            with pytest.raises(ResourceError):
                run_tree(tree, **options)

    def drawn(work):
        raise AssertionError("it began")

    refused()  # imports are done
    assert effort.most_bytes(refused) < 5_000_000
    assert effort.ratio(refused, lambda: run_tree(simple(), draws=1024), enough=1) < 1


def test_a_run_is_judged_by_what_is_drawn():
    """The number of families is small at its value, and huge at its mean."""
    tree = with_families(enter="many")
    tree["assumptions"] = {"many": {"value": 10, "uncertainty": {"kind": "uniform", "low": 0, "high": 2e12}}}
    scenario = scenario_of(tree)
    accounts = Accounts(Model(scenario), 24)
    with pytest.raises(ResourceError):
        limits.check(Options(draws=16), accounts, Sampler(scenario), 10, limits.Chunks(16, 1000), lambda words: None)


def test_the_horizon_alone_is_not_too_large():
    def months(tree):
        return len(run_tree(tree, draws=16, period="month").periods)

    def horizon(years):
        return simple(time={"first_year": 2020, "years": years})

    assert months(horizon(100)) == 1200
    effort.assert_in_proportion(months, horizon, 25)


MEASURE = """
import re, sys
from pathlib import Path
from simulate.answers.run import of as answer
from simulate.engine import run
from simulate.options import Options
from simulate.scenario import load

def most():  # kilobytes; getrusage would count what the parent had before this program began
    return re.findall(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[0]

loaded = load(sys.argv[1], ["families.finishing.enter*0.1"], language="en")  # of which the memory knows nothing
found = run(loaded.scenario, Options(draws=int(sys.argv[2]), design="random"))
ran = most()
answer(found, loaded)
print(found.options.draws, ran, most())
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells what a process had at most")
def test_memory_grows_by_150_bytes_a_draw_at_most():
    def measured(draws):
        given = [sys.executable, "-c", MEASURE, str(SILKEBORG), str(draws)]
        out = subprocess.run(given, capture_output=True, text=True, check=True).stdout
        return [int(n) for n in out.split()]

    few, ran_few, told_few = measured(1 << 17)  # enough for every part that is fixed
    many, ran_many, told_many = measured(1 << 19)
    assert (ran_many - ran_few) * 1024 / (many - few) < 150
    assert (told_many - told_few) * 1024 / (many - few) < 150
