"""Scenarios on common draws and luck: what they share is one number, what they do not is not, and nothing else moves."""

import copy
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from trees import rich, run_tree, scenario_of, simple

from simulate import measures
from simulate.analysis import precision
from simulate.engine import Case
from simulate.errors import InputError
from simulate.names import BLOCKS
from simulate.options import Options
from simulate.sampling import Chunk, Sampler
from simulate.scenario import Loaded, load
from simulate.studies.common import Common, common
from simulate.studies.compare import Comparison, check, compare, undrawn

SILKEBORG = Path(__file__).parents[2] / "scenarios" / "silkeborg.toml"
EACH = 256


def loaded(tree: dict, file: str = "a.toml") -> Loaded:
    return Loaded(scenario_of(tree), file, "", "")


def compared(*trees: dict, **options: object) -> Comparison:
    given = {"draws": BLOCKS * EACH, **options}
    return compare([Case.of(loaded(tree, f"{i}.toml")) for i, tree in enumerate(trees)], Options(**given))


def normal(mean: float = 1.0, sd: float = 0.2, **more: object) -> dict:
    return {"value": mean, "uncertainty": {"kind": "normal", "mean": mean, "sd": sd}, **more}


def tree_of(assumptions: dict, correlations: tuple = (), years: int = 3, **more: object) -> dict:
    """The assumptions, a saving of each, and nobody."""
    return {
        "format": 1,
        "title": "assumptions",
        "time": {"first_year": 2020, "years": years},
        "assumptions": assumptions,
        "correlations": [{"between": [a, b], "rank": rank} for a, b, rank in correlations],
        "roles": {"adult": {"start": "here", "states": {"here": {}}}},
        "savings": [{"label": name, "yearly": name} for name in assumptions],
        **more,
    }


def together(*trees: dict) -> Common:
    return common([scenario_of(tree) for tree in trees])


def drawn(sampler: Sampler, name: str, design: str = "sobol") -> np.ndarray:
    """(draw, year)"""
    blocks = [sampler.draw(design, 1, Chunk(block * EACH, (block + 1) * EACH, EACH))[name] for block in range(BLOCKS)]
    return np.concatenate(blocks)


def rank(a: np.ndarray, b: np.ndarray) -> float:
    return float(stats.spearmanr(a[:, 0], b[:, 0]).statistic)


# What is shared -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("design", ["sobol", "lhs", "random"])
def test_the_same_assumption_is_the_same_number(design):
    one = {"a": normal(), "own": normal(3), "b": normal(2, each_year=True, persistence=0.5)}
    other = {"new": normal(5), "b": one["b"] | {"label": "in other words", "source": "p. 4"}, "a": one["a"]}
    found = together(tree_of(one), tree_of(other))
    assert found.shared == ["a", "b"]
    assert found.differing == []
    for name in ("a", "b"):
        ours, theirs = (drawn(sampler, name, design) for sampler in found.samplers)
        assert ours.tobytes() == theirs.tobytes()
    assert abs(rank(drawn(found.samplers[0], "own", design), drawn(found.samplers[1], "new", design))) < 4.5 / 64


@pytest.mark.parametrize(
    ("other", "reasons"),
    [
        (normal(2), ("value", "uncertainty")),
        (normal(1, 0.3), ("uncertainty",)),
        (normal() | {"value": 1.5}, ("value",)),
        ({"value": 1.0, "uncertainty": {"kind": "gamma", "mean": 1.0, "sd": 0.2}}, ("uncertainty",)),
        (normal(each_year=True), ("each_year",)),
        ({"value": 1.0}, ("uncertainty",)),
        ({"value": 2.0}, ("value", "uncertainty")),
    ],
)
def test_another_assumption_of_the_same_name_is_another_number(other, reasons):
    found = together(tree_of({"a": normal(), "b": normal()}), tree_of({"a": other, "b": normal()}))
    assert found.shared == ["b"]
    (differing,) = found.differing
    assert (differing.name, differing.groups, differing.reasons) == ("a", ((0,), (1,)), reasons)
    if "uncertainty" in other:
        assert abs(rank(*(drawn(sampler, "a") for sampler in found.samplers))) < 4.5 / 64


def test_persistence_counts_where_there_are_years():
    tied = normal(each_year=True, persistence=0.5)
    assert together(tree_of({"a": tied}), tree_of({"a": tied | {"persistence": 0.6}})).shared == []
    once = normal(persistence=0.5)
    assert together(tree_of({"a": once}), tree_of({"a": normal()})).shared == ["a"]


def test_certain_numbers_need_no_sharing():
    found = together(
        tree_of({"a": {"value": 2}, "b": {"value": [1, 2]}}), tree_of({"a": {"value": 2}, "b": {"value": 1}})
    )
    assert found.shared == []
    assert [(one.name, one.reasons) for one in found.differing] == [("b", ("value",))]
    assert [sampler.scores for sampler in found.samplers] == [0, 0]


def test_what_nothing_uses_is_not_spoken_of():
    unused = tree_of({"a": normal(), "b": normal()})
    unused["savings"] = unused["savings"][:1]
    found = together(unused, tree_of({"a": normal(), "b": normal(2)}))
    assert (found.shared, found.differing) == (["a"], [])


def test_of_three_scenarios_two_may_share():
    trees = [tree_of({"a": one, "b": normal()}) for one in (normal(), normal(2), normal())]
    found = together(*trees)
    assert found.shared == ["b"]
    assert [(one.name, one.groups) for one in found.differing] == [("a", ((0, 2), (1,)))]
    a, b, c = (drawn(sampler, "a") for sampler in found.samplers)
    assert a.tobytes() == c.tobytes()
    assert abs(rank(a, b)) < 4.5 / 64


def test_what_a_scenario_does_not_have_is_shared_by_the_others():
    found = together(tree_of({"a": normal()}), tree_of({"b": normal()}), tree_of({"b": normal(), "a": normal()}))
    assert found.shared == ["a", "b"]
    assert drawn(found.samplers[0], "a").tobytes() == drawn(found.samplers[2], "a").tobytes()
    assert drawn(found.samplers[1], "b").tobytes() == drawn(found.samplers[2], "b").tobytes()


# Correlations ---------------------------------------------------------------------------------------------------------


def assert_correlated(sampler: Sampler, *correlations: tuple[str, str, float]) -> None:
    for a, b, given in correlations:
        assert rank(drawn(sampler, a), drawn(sampler, b)) == pytest.approx(given, abs=0.02)


def test_the_same_correlations_keep_it_the_same():
    names = {name: normal() for name in "abc"}
    ties = (("a", "b", 0.5), ("c", "b", -0.4))
    backwards = {name: normal() for name in "cba"}
    found = together(tree_of(names, ties), tree_of(backwards, tuple(reversed(ties))))
    assert found.shared == ["a", "b", "c"]
    for sampler in found.samplers:
        assert_correlated(sampler, *ties, ("a", "c", 0.0))
    for name in names:
        np.testing.assert_array_equal(*(drawn(sampler, name) for sampler in found.samplers))


def test_of_other_correlations_what_can_be_is_shared():
    names = {name: normal() for name in "abc"}
    found = together(tree_of(names, (("a", "b", 0.5),)), tree_of(names, (("a", "b", 0.2),)))
    assert found.shared == ["a", "c"]
    assert [(one.name, one.groups, one.reasons) for one in found.differing] == [("b", ((0,), (1,)), ("correlation",))]
    assert_correlated(found.samplers[0], ("a", "b", 0.5), ("a", "c", 0), ("b", "c", 0))
    assert_correlated(found.samplers[1], ("a", "b", 0.2), ("a", "c", 0), ("b", "c", 0))


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_a_correlation_with_a_number_of_its_own_takes_nothing_apart(order):
    """a is uncertain in the first scenario only; b is the same in both, wherever it stands in the file."""
    names = {name: normal() for name in order}
    found = together(tree_of(names, (("a", "b", -0.6),)), tree_of(names | {"a": {"value": 1.0}}))
    assert found.shared == ["b"]
    np.testing.assert_allclose(*(drawn(sampler, "b") for sampler in found.samplers), rtol=1e-12)
    assert_correlated(found.samplers[0], ("a", "b", -0.6))


def test_three_scenarios_of_which_each_two_share():
    """No order of the columns fits all: what cannot be shared is told, and every scenario has its own correlations."""
    ab, bc, ca = (tree_of({name: normal() for name in pair}, ((*pair, 0.5),)) for pair in ("ab", "bc", "ca"))
    found = together(ab, bc, ca)
    for sampler, pair in zip(found.samplers, ("ab", "bc", "ca"), strict=True):
        assert_correlated(sampler, (*pair, 0.5))
    apart = {one.name for one in found.differing}
    assert apart | set(found.shared) == set("abc")
    assert apart & set(found.shared) == set()
    for name, users in (("a", (0, 2)), ("b", (0, 1)), ("c", (1, 2))):
        same = np.allclose(*(drawn(found.samplers[i], name) for i in users), rtol=1e-9)
        assert same == (name in found.shared)


def test_a_rank_of_one_is_shared_too():
    names = {name: normal() for name in "abc"}
    ties = (("a", "b", 1), ("a", "c", -1), ("b", "c", -1))
    found = together(tree_of(names, ties), tree_of(names | {"d": normal()}, ties))
    assert found.shared == ["a", "b", "c"]
    for name in names:
        np.testing.assert_allclose(*(drawn(sampler, name) for sampler in found.samplers), rtol=1e-6)


# The same numbers as a run --------------------------------------------------------------------------------------------


def test_a_scenario_against_itself():
    found = compared(rich(), rich(), draws=256)
    difference = found.difference(0, 1)
    assert not difference.values.any()
    assert difference.mean == (0, 0)
    assert difference.positive.value == difference.negative.value == 0
    assert found.chances == [precision.certain(0.5)] * 2
    assert found.losses == found.losses_without_luck == [(0, 0)] * 2


def test_a_first_scenario_that_has_all_there_is_draws_what_it_draws_alone():
    fewer = rich()
    fewer["assumptions"]["relapse"] = {"value": [0.1, 0.2]}
    fewer["costs"][0]["yearly"] = 800000
    found = compared(rich(), fewer, draws=256, seed=3, counterfactual="own-luck")
    alone = run_tree(rich(), draws=256, seed=3, counterfactual="own-luck")
    first = found.alternatives[0]
    assert first.provenu.tobytes() == alone.draws.columns[measures.TOTAL].tobytes()
    assert (first.mean, first.chance, first.clipped) == (alone.mean(), alone.chance(), alone.clipped)
    assert first.point == alone.point.provenu.sum()
    assert replace(found.first.options, chunk=None) == Options(
        draws=256, seed=3, counterfactual="own-luck", keep_expected=True, alone=True
    )


def test_a_second_scenario_that_draws_other_columns_is_what_it_is_alone_but_for_its_points():
    other = tree_of({"x": normal(2e5, 3e5)}, years=4)
    second = compared(rich(), other, draws=512).alternatives[1]
    alone = run_tree(other, draws=512)
    assert abs(second.mean.value - 8e5) < 4.5 * second.mean.error
    assert abs(second.chance.value - alone.chance().value) < 4.5 * math.hypot(second.chance.error, alone.chance().error)
    assert precision.sd(second.provenu).value == pytest.approx(12e5, rel=0.05)


def test_the_expected_provenu_is_that_of_the_run_without_luck():
    found = compared(simple(), rich() | {"time": simple()["time"]}, draws=256)
    lived, expected = (
        found.alternatives[1],
        compared(simple(), rich() | {"time": simple()["time"]}, draws=256, engine="expected"),
    )
    np.testing.assert_allclose(lived.expected, expected.alternatives[1].provenu, rtol=1e-9, atol=1e-3)
    np.testing.assert_allclose(
        expected.alternatives[1].expected, expected.alternatives[1].provenu, rtol=1e-9, atol=1e-3
    )
    np.testing.assert_allclose(expected.losses, found.losses_without_luck, rtol=1e-9)


# Differences ----------------------------------------------------------------------------------------------------------

COST, SD = 5e5, 1e5


def posts(number: float, wage: dict) -> dict:
    """So many posts in three years at an uncertain wage, and nothing else."""
    tree = tree_of({"wage": wage})
    del tree["savings"]
    return tree | {"costs": [{"label": "posts", "number": number, "yearly": "wage"}]}


def test_a_shared_assumption_moves_both():
    """The difference of 3 and 5 posts is that of 2 at the same wage; with a wage for each it would be that of sqrt(34)."""
    found = compared(posts(3, normal(COST, SD)), posts(5, normal(COST, SD)))
    assert found.common.shared == ["wage"]
    difference = found.difference(0, 1)
    assert abs(difference.mean.value - 2 * 3 * COST) < 4.5 * difference.mean.error
    assert precision.sd(difference.values).value == pytest.approx(2 * 3 * SD, rel=0.01)
    seeds = [
        run_tree(posts(n, normal(COST, SD)), draws=4096, seed=n, design="random").draws.columns[measures.TOTAL]
        for n in (3, 5)
    ]
    assert precision.sd(seeds[0] - seeds[1]).value == pytest.approx(
        math.sqrt(34) * 3 * SD, rel=4.5 / math.sqrt(2 * 4096)
    )
    assert difference.mean.error < 0.4 * precision.mean(seeds[0] - seeds[1]).error


def test_what_is_not_shared_is_independent():
    found = compared(posts(3, normal(COST, SD)), posts(5, normal(COST, SD) | {"value": COST + 1}))
    assert found.common.shared == []
    difference = found.difference(0, 1)
    assert abs(difference.mean.value - 2 * 3 * COST) < 4.5 * difference.mean.error
    assert precision.sd(difference.values).value == pytest.approx(math.sqrt(34) * 3 * SD, rel=0.02)
    a, b = (one.provenu for one in found.alternatives)
    assert abs(np.corrcoef(a, b)[0, 1]) < 4.5 / 64


@pytest.mark.parametrize("counterfactual", ["expected", "same-luck", "own-luck"])
def test_the_same_families_live_the_same_luck(counterfactual):
    """A difference in costs is the same in every draw, however much luck there is."""
    dearer = rich()
    dearer["costs"][0]["number"] = [1.5, 2.5]
    found = compared(rich(), dearer, draws=256, counterfactual=counterfactual)
    years = 0.5 * 900000 * 1.02 ** np.arange(4)
    np.testing.assert_allclose(found.difference(0, 1).values, years.sum(), rtol=1e-9)
    mass = undrawn(found.alternatives).mass
    assert mass > precision.unseen(256)
    assert found.chances == [precision.chance_of(share, 0.0, 256, mass) for share in (1.0, 0.0)]
    assert found.losses[0] == (0, 0)
    assert found.losses[1].value == pytest.approx(years.sum())
    assert found.alternatives[0].provenu.std() > 1e5


def test_means_have_no_luck_in_them():
    """Certain scenarios: their difference is that of the business cases, known without error, and only luck is lost beyond it."""
    better = simple()
    better["roles"]["adult"]["moves"][0]["chance"]["plus"] = 0.35
    better["costs"][0]["yearly"] += 350000  # so that luck decides which one is best
    found = compared(simple(), better, draws=256)
    difference = found.difference(1, 0)
    points = [one.point for one in found.alternatives]
    gap = points[1] - points[0]
    assert difference.mean == pytest.approx((gap, 0), abs=1e-6)
    assert difference.values.std() > 1e5
    ahead, behind = found.losses_without_luck if gap < 0 else reversed(found.losses_without_luck)
    assert (ahead, behind) == ((0, 0), pytest.approx((abs(gap), 0), abs=1e-6))
    assert found.losses[0].value - found.losses[1].value == pytest.approx(gap)
    assert min(one.value for one in found.losses) > 4.5 * found.losses[0].error


def test_the_best_on_average_need_not_be_the_best_most_often():
    """A sure million, or ten with a chance of a fifth."""
    lottery = {"value": 0, "uncertainty": {"kind": "choices", "values": [0, 10e6], "weights": [0.8, 0.2]}}
    sure, risky = (tree_of({"gain": one}, years=1) for one in ({"value": 1e6}, lottery))
    found = compared(sure, risky, sure)
    assert (found.by_mean, found.by_chance) == (1, 0)
    assert [one.value for one in found.chances] == pytest.approx([0.4, 0.2, 0.4], abs=1e-3)
    assert [one.value for one in found.losses] == pytest.approx([0.2 * 9e6, 0.8e6, 0.2 * 9e6], rel=5e-3)
    assert found.losses_without_luck == found.losses
    assert found.pairs == [(0, 1), (0, 2), (1, 2)]


def test_everything_at_once_adds_up():
    cheaper, other = rich(), rich()
    cheaper["costs"][0]["yearly"] = 700000
    cheaper["assumptions"]["effect"] = cheaper["assumptions"]["effect"] | {"value": 0.1}
    other["assumptions"]["price"] = {"value": 14000}
    del other["correlations"][2]
    found = compared(rich(), cheaper, other, draws=256)
    assert {one.name for one in found.common.differing} == {"effect", "price"}
    assert sum(one.value for one in found.chances) == pytest.approx(1)
    for a, b in found.pairs:
        ours, theirs = found.alternatives[a], found.alternatives[b]
        difference = found.difference(a, b)
        assert difference.mean.value == pytest.approx(ours.mean.value - theirs.mean.value, rel=1e-9)
        assert found.losses[b].value - found.losses[a].value == pytest.approx(difference.mean.value, rel=1e-9)
        assert difference.mean.error < math.hypot(ours.mean.error, theirs.mean.error)
    for with_luck, without in zip(found.losses, found.losses_without_luck, strict=True):
        assert with_luck.value > without.value - 4.5 * math.hypot(with_luck.error, without.error)


def test_threads_change_no_bit():
    one, two = (
        compared(rich(), simple(time=rich()["time"]), draws=64, threads=n, chunk=c) for n, c in ((1, None), (2, 1))
    )
    for a, b in zip(one.alternatives, two.alternatives, strict=True):
        assert a.provenu.tobytes() == b.provenu.tobytes()
        assert a.expected.tobytes() == b.expected.tobytes()
    assert (one.losses, one.chances) == (two.losses, two.chances)


def test_progress_goes_once_through_all():
    told: list[tuple[int, int]] = []
    compare(
        [Case.of(loaded(simple())), Case.of(loaded(simple()))],
        Options(draws=64, threads=1),
        lambda done, of: told.append((done, of)),
    )
    assert told == sorted(told)
    assert {of for _, of in told} == {128}
    assert told[-1] == (128, 128)


# What cannot be compared ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"time": {"first_year": 2020, "years": 5}}, "b.toml counts 5 years and a.toml 3.*--set time.years=3"),
        ({"time": {"first_year": 2021, "years": 3}}, "b.toml begins in 2021 and a.toml in 2020"),
        ({"money": {"currency": "EUR"}}, "b.toml is in EUR and a.toml in DKK"),
    ],
)
def test_what_cannot_be_compared(changes, said):
    with pytest.raises(InputError, match=said):
        compare(
            [Case.of(loaded(simple())), Case.of(loaded(simple(**copy.deepcopy(changes)), "b.toml"))], Options(draws=16)
        )


def test_one_alone_is_no_comparison():
    with pytest.raises(InputError, match="two or more"):
        check([loaded(simple())])


# Silkeborg ------------------------------------------------------------------------------------------------------------


def test_silkeborg_with_a_sure_effect():
    """The effect is taken as known in the other: what is correlated with it is still shared, and so the difference is surer."""
    a, b = load(SILKEBORG), load(SILKEBORG, ["additional_effect=0.15"])
    found = compare([Case.of(a), Case.of(b)], Options.of(a.scenario, draws=1024, engine="expected", plain=True))
    assert len(found.common.shared) == 10
    assert [(one.name, one.reasons) for one in found.common.differing] == [("additional_effect", ("held",))]
    assert_correlated(found.common.samplers[0], ("additional_effect", "placement_factor", -0.4))
    difference = found.difference(0, 1)
    spread = [precision.sd(one.provenu).value for one in found.alternatives]
    assert precision.sd(difference.values).value < 0.8 * math.hypot(*spread)
