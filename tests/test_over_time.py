"""Effects that change with the time since entry: weights by hand, closed forms, and the slow twin where effects harm at first."""

import copy
import math

import naive
import numpy as np
import pytest
from test_luck import assert_plain, assert_variance
from test_twin import array_of, built
from trees import line, point_of, run_tree, scenario_of

from simulate import kernels, model
from simulate.answers.check import effects
from simulate.figures import curve
from simulate.model import Model
from simulate.scenario import over_time
from simulate.scenario.schema import OverTime

FADING = 0.5 ** (np.array([6, 18, 30]) / 24)  # by the year, with a half-life of 24 months


def leaving(key: str, number: object, present: float = 1000, **move: object) -> dict:
    """People who are there from the start and go away once, over three years; away costs a krone a month."""
    return {
        "format": 1,
        "title": "leaving",
        "time": {"first_year": 2020, "years": 3},
        "families": {"all": {"present": present, "members": {"adult": 1}}},
        "roles": {
            "adult": {
                "start": "home",
                "states": {"home": {}, "away": {"monthly": 1}},
                "moves": [{"from": "home", "to": "away", key: number, **move}],
            }
        },
    }


def gone(tree: dict, arm: str = "programme") -> np.ndarray:
    """Moves away, by year, of whoever is still at home: the chance of each year."""
    found = getattr(point_of(tree), arm).arrivals[0, 1] / 1000
    return found / (1 - np.concatenate([[0], np.cumsum(found)[:-1]]))


def shape(**keys: object) -> OverTime:
    return OverTime.model_validate(keys, context={"assumptions": ()})


def weights(one: OverTime, *months: float) -> list[float]:
    def get(key: str) -> float:
        return one.half_life_months if key == "half_life_months" else one.lock_in.weight

    return [float(over_time.weight(one, math.floor(2 * month), 240, get)) for month in months]


def test_weights_by_hand() -> None:
    assert weights(shape(begins_after_months=6), 0, 5.5, 6, 119) == [0, 0, 1, 1]
    assert weights(shape(ends_after_months=6), 0, 5.5, 6, 119) == [1, 1, 0, 0]
    assert weights(shape(lock_in={"months": 6, "weight": "-50 %"}), 0, 5.5, 6, 119) == [-0.5, -0.5, 1, 1]
    assert weights(shape(half_life_months=12), 0, 11.5, 12, 36) == pytest.approx(
        [0.5**0.5, 0.5**0.5, 0.5**1.5, 0.5**3.5]
    )
    every = shape(lock_in={"months": 3, "weight": -1}, begins_after_months=6, half_life_months=6, ends_after_months=30)
    found = weights(every, 0, 2.5, 3, 5.5, 6, 17.5, 18, 29.5, 30)
    assert found == pytest.approx([-1, -1, 0, 0, 0.5, 0.5, 0.125, 0.125, 0])
    assert over_time.turns(every, 240) == [0, 6, 12, 36, 60]
    assert over_time.turns(every, 36) == [0, 6, 12]


def test_months_are_rounded_up_to_half_ones() -> None:
    assert weights(shape(begins_after_months=0.3), 0, 0.5) == [0, 1]
    assert over_time.turns(shape(begins_after_months=2.2), 24) == [0, 5]


def test_a_fading_effect_on_a_chance() -> None:
    """2 points without, 40 points more with: by the year 84, 59 and 42 % of them."""
    tree = leaving("yearly", {"baseline": 0.02, "plus": 0.4, "over_time": {"half_life_months": 24}})
    assert gone(tree) == pytest.approx(0.02 + 0.4 * FADING)
    assert gone(tree, "baseline") == pytest.approx([0.02] * 3)


def test_a_fading_factor_and_another_number() -> None:
    fading = {"half_life_months": 24}
    assert gone(leaving("yearly", {"baseline": 0.2, "times": 3, "over_time": fading})) == pytest.approx(
        0.2 * (1 + 2 * FADING)
    )
    assert gone(leaving("yearly", {"baseline": 0.5, "programme": 0.1, "over_time": fading})) == pytest.approx(
        0.5 - 0.4 * FADING
    )


def test_lock_in_and_a_late_start_of_a_hazard_ratio() -> None:
    """The hazard is divided by the root of 4 for half a year, as without for half a year, and 4 times as large from then on."""
    late = {"lock_in": {"months": 6, "weight": -0.5}, "begins_after_months": 12}
    tree = leaving("yearly", {"baseline": 0.2, "hazard_ratio": 4, "over_time": late})
    assert gone(tree) == pytest.approx(1 - 0.8 ** np.array([0.75, 4, 4]))


def test_an_effect_that_ends_by_itself_or_with_the_family() -> None:
    effect = {"baseline": 0.1, "plus": 0.2}
    ending = leaving("yearly", effect | {"over_time": {"ends_after_months": 12}})
    assert gone(ending) == pytest.approx([0.3, 0.1, 0.1])
    both = leaving("yearly", effect | {"over_time": {"begins_after_months": 12}})
    both["families"]["all"]["effect_lasts_months"] = 24
    assert gone(both) == pytest.approx([0.1, 0.3, 0.1])


def test_time_is_counted_from_entry_and_not_from_the_year() -> None:
    """Entered in the middle of July: the effect begins in the middle of January."""
    tree = leaving("monthly", {"baseline": 0, "plus": 0.1, "over_time": {"begins_after_months": 6}}, present=0)
    tree["families"]["all"]["entering"] = [{"month": "2020-07", "number": 1000}]
    found = point_of(tree, "month").programme.arrivals[0, 1]
    assert found[:12] == pytest.approx([0] * 12)
    assert found[13:16] == pytest.approx([100, 90, 81])  # at the end of its first month of effect


def test_a_year_start_move_has_the_weight_of_its_own_moment() -> None:
    """Met first on the second 1 January, then a year later."""
    effect = {"baseline": 0.1, "plus": 0.4, "over_time": {"half_life_months": 24}}
    assert gone(leaving("yearly", effect, timing="year-start"))[1:] == pytest.approx(0.1 + 0.4 * FADING[1:])


def test_a_stay_has_the_length_of_its_first_day() -> None:
    """Home for 9 months, or 3 once the effect has begun, then away for 5, again and again."""
    effect = {"baseline": 9, "plus": -6, "over_time": {"begins_after_months": 12}}
    tree = leaving("after_months", effect)
    tree["roles"]["adult"]["moves"].append({"from": "away", "to": "home", "after_months": 5})
    found = point_of(tree, "month").programme.arrivals[0, 1]
    assert np.flatnonzero(found).tolist() == [9, 17, 25, 33]  # 9; at home again after 14 months, then for 3


def test_a_drawn_length_with_a_factor() -> None:
    """Mean and sd are weighed alike."""
    length = {"mean": 10, "sd": 5, "shape": "gamma"}
    weighed = {"baseline": length, "times": 3, "over_time": {"lock_in": {"months": 30, "weight": 0.25}}}
    plain = {"baseline": length, "times": 1.5}
    assert gone(leaving("after_months", weighed)) == pytest.approx(gone(leaving("after_months", plain)))


def test_a_draw_without_an_opposite_is_clipped() -> None:
    """A hazard ratio of 0 in a draw, weighed by less than 0: as near to certain as a chance may be."""
    effect = {"baseline": 0.1, "hazard_ratio": "ratio", "over_time": {"lock_in": {"months": 12, "weight": -1}}}
    tree = leaving("yearly", effect) | {"assumptions": {"ratio": {"value": 0.5}}}
    one = Model(scenario_of(tree))
    found = model.parameters(one, {"ratio": np.array([[0.5], [0.0], [-1.0]])})
    most = -math.log(1e-9) / 12
    assert found.rates.hazard[:, 1, 0, 0] == pytest.approx([-math.log(0.9) / 12 * 2, most, most])
    assert found.rates.hazard[:, 2, 0, 0] == pytest.approx([-math.log(0.9) / 12 / 2, 0, 0])
    assert found.clipped["roles.adult.moves[0].yearly"].tolist() == [False, True, True]


HARMFUL = {
    "lock_in": {"months": 4.5, "weight": -0.5},
    "begins_after_months": 7,
    "half_life_months": 15,
    "ends_after_months": 27,
}


def harmful() -> dict:
    """Every kind of effect, with a lock-in that harms; families come at all times, one type's effect ends before."""
    moves = [
        {"from": "a", "to": "b", "at": "entry", "chance": {"baseline": 0.2, "plus": 0.1}},
        {"from": "a", "to": "b", "yearly": {"baseline": 0.3, "plus": 0.2, "over_time": HARMFUL}},
        {"from": "b", "to": "a", "quarterly": {"baseline": 0.1, "hazard_ratio": 0.4, "over_time": HARMFUL}},
        {
            "from": "b",
            "to": "c",
            "timing": "year-start",
            "yearly": {"baseline": 0.3, "programme": 0.1, "over_time": HARMFUL},
        },
        {"from": "b", "to": "a", "timing": "year-start", "yearly": {"baseline": 0.2, "times": 1.5}},
        {"from": "c", "to": "a", "after_months": {"baseline": 5, "plus": 3, "over_time": {"begins_after_months": 10}}},
        {"from": "c", "to": "b", "monthly": {"baseline": 0.02, "times": 2, "over_time": {"half_life_months": 6}}},
    ]
    child = [
        {"from": "d", "to": "e", "yearly": {"baseline": 0.2, "times": 0.5}},
        {"from": "e", "to": "d", "yearly": 0.5},
    ]
    return {
        "format": 1,
        "title": "harmful",
        "time": {"first_year": 2020, "years": 3},
        "families": {
            "long": {"present": 1.3, "enter": 3, "members": {"adult": 1.5, "child": 1}},
            "short": {"enter": 2, "members": {"adult": 1}, "effect_lasts_months": 9.5},
        },
        "roles": {
            "adult": {
                "start": {"a": 0.75, "c": 0.25},
                "states": {"a": {"monthly": 900}, "b": {}, "c": {"monthly": 500}},
                "moves": moves,
            },
            "child": {"start": "d", "states": {"d": {}, "e": {"monthly": 4000}}, "moves": child},
        },
    }


def test_lives_with_a_harmful_lock_in_are_those_of_the_twin() -> None:
    tree = harmful()
    one, given = built(tree)
    case = naive.Case(tree)
    lived = model.lived(one, given, 3, 0, 40, 24)
    for draw in range(40):
        twin = naive.live(case, 3, draw)
        assert np.array_equal(lived.programme.months[draw], array_of(twin.halves, one, "programme", 0.5))
        assert np.array_equal(lived.programme.arrivals[draw], array_of(twin.arrivals, one, "programme"))


def test_expectations_with_a_harmful_lock_in_are_those_of_the_twin() -> None:
    tree = harmful()
    one, given = built(tree)
    months, arrivals = naive.expected(naive.Case(tree))
    for _ in range(2):  # the second time in a room that the first has used
        programme, baseline = model.expected(one, given, 1, 24, kernels.load("expected"))
        for arm, counted in (("programme", programme), ("baseline", baseline)):
            np.testing.assert_allclose(counted.months[0], array_of(months, one, arm), rtol=1e-9, atol=1e-9)
            np.testing.assert_allclose(counted.arrivals[0], array_of(arrivals, one, arm), rtol=1e-9, atol=1e-9)


def test_luck_with_a_harmful_lock_in_is_that_of_the_plain_recursion() -> None:
    assert_plain(harmful())


def test_lives_with_a_harmful_lock_in_have_the_exact_variance() -> None:
    assert_variance(harmful(), 4096)


def test_many_draws_are_as_each_alone() -> None:
    """Nothing is left over from one draw in the next, in any of the kernels."""
    tree = harmful() | {
        "assumptions": {"half": {"value": 15, "uncertainty": {"kind": "pert", "low": 5, "mode": 15, "high": 40}}}
    }
    tree["roles"]["adult"]["moves"][1]["yearly"] = {
        "baseline": 0.3,
        "plus": 0.2,
        "over_time": HARMFUL | {"half_life_months": "half"},
    }
    one = Model(scenario_of(tree))
    drawn = np.linspace(5, 40, 50)[:, None]
    kernel = kernels.load("expected")
    together, _ = model.expected(one, model.parameters(one, {"half": drawn}), 50, 24, kernel)
    for i in (0, 1, 31, 32, 49):
        alone, _ = model.expected(one, model.parameters(one, {"half": drawn[i : i + 1]}), 1, 24, kernel)
        assert np.array_equal(together.months[i], alone.months[0])


def test_a_weight_of_1_is_no_weight() -> None:
    plain, weighed = harmful(), harmful()
    for tree in (plain, weighed):
        for move in tree["roles"]["adult"]["moves"]:
            for key in ("yearly", "quarterly", "monthly", "after_months"):
                if isinstance(move.get(key), dict) and move[key].pop("over_time", None) and tree is weighed:
                    move[key]["over_time"] = {"lock_in": {"months": 8, "weight": 1}}
    ours, theirs = (point_of(tree).kroner for tree in (plain, weighed))
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-6)


def test_the_engines_agree_on_the_answer() -> None:
    """Lives and expected, to the errors that both state."""
    tree = harmful() | {"costs": [{"label": "team", "yearly": 1000}]}
    lives, expected = (run_tree(copy.deepcopy(tree), draws=4096, engine=engine) for engine in ("lives", "expected"))
    exact, (chance, error) = expected.mixture.chance(), lives.chance("expected")
    assert expected.mean() == pytest.approx(lives.mean())
    assert 0.1 < chance < 0.9
    assert abs(chance - exact.estimate.value) < 4.5 * error + exact.approximation


def test_check_tells_weights_and_draws_them() -> None:
    [one, *_] = effects(scenario_of(harmful()), harmful())
    assert one.path == "roles.adult.moves[1].yearly.over_time"
    assert [weight.months for weight in one.weights] == [0, 4.5, 7, 19, 27]
    assert [weight.weight for weight in one.weights] == pytest.approx([-0.5, 0, 0.5**0.4, 0.5**1.2, 0])
    assert len(one.curve) == 24
    assert curve([-0.5, 0, 0.5, 1]) == "▔▁▅█"


def test_lines_of_the_budget_follow() -> None:
    """Half leave a year later, half of the others a year after that: to where they cost a krone a month."""
    tree = leaving(
        "yearly", {"baseline": 0, "plus": 0.5, "over_time": {"begins_after_months": 12}}, timing="year-start"
    )
    saved = line(point_of(tree), "adult")
    assert saved == pytest.approx([0, -500 * 12, -750 * 12])
