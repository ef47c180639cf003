"""A quarter times four against closed forms: one state that is left with a constant hazard, and an effect that comes at once."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy import stats

from simulate.engine import Case
from simulate.errors import InputError
from simulate.options import Options
from simulate.pace import Pace
from simulate.studies.annualise import NEAR, OFTEN, Annualised, Quarter, _Chance, _Simulation, annualise
from tests.trees import rich, scenario_of

PRICE = 8_000  # a month, net of refusion
YEARLY = 12 * PRICE
FIRST = Quarter(2030, 1)
DRAWS = 4096


def case(persons: float = 40, moves: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    """So many persons present, on a benefit that is left for good: 10 % a quarter, at 1.5 times the hazard with the programme."""
    out = {"from": "benefit", "to": "work", "quarterly": {"baseline": 0.1, "hazard_ratio": 1.5}}
    return {
        "format": 1,
        "title": "One state",
        "language": "en",
        "time": {"first_year": 2030, "years": 2},
        "families": {"one": {"present": persons, "members": {"adult": 1}}},
        "roles": {
            "adult": {
                "start": "benefit",
                "states": {"benefit": {"monthly": 10_000, "refusion": 0.2}, "work": {"monthly": 0}},
                "moves": moves if moves is not None else [out],
            }
        },
    } | more


def at_once(chance: float) -> list[dict[str, Any]]:
    return [{"from": "benefit", "to": "work", "at": "entry", "chance": {"baseline": 0, "plus": chance}}]


def study(
    tree: dict[str, Any], quarter: Quarter = FIRST, measure: Any = "before-after", sizes: Any = (), **options: Any
) -> Annualised:
    return annualise(
        Case.of(scenario_of(tree)), Options(**{"draws": DRAWS, "seed": 7} | options), quarter, measure, sizes
    )


def staying(ratio: float = 1.0) -> list[float]:
    """The chance to be on benefit after 0, 1, 2, ... months."""
    return [0.9 ** (ratio * k / 3) for k in range(25)]


def months(chances: list[float]) -> float:
    """Expected on benefit in the 4th to the 15th month: who leaves, leaves in the middle of a month."""
    return sum((a + b) / 2 for a, b in pairwise(chances[3:16]))


def near(a: float, estimate: Any) -> bool:
    return abs(a - estimate.value) < 4.5 * estimate.error


def law(persons: int) -> tuple[np.ndarray, np.ndarray]:
    """Half-months on benefit in the four quarters after the first: the law for that many, of all and of those of whom none left in the quarter."""
    chances = staying(1.5)
    leave = [a - b for a, b in pairwise(chances)]
    one = np.zeros(25)
    one[24] = chances[15]
    for month, chance in enumerate(leave[3:15], start=4):
        one[2 * (month - 4) + 1] += chance
    stayed = one.copy()
    one[0] += sum(leave[:3])
    every, none = np.ones(1), np.ones(1)
    for _ in range(persons):
        every, none = np.convolve(every, one), np.convolve(none, stayed)
    return every, none


def test_before_after_by_hand():
    persons, p = 40, 1 - staying(1.5)[3]
    found = study(case(persons))
    assert found.group.persons == persons
    seen, comes, off = found.group.annualised, found.group.following, found.group.deviation
    expected = persons * PRICE * (months(staying()) - months(staying(1.5)))
    assert seen.mean.value == pytest.approx(YEARLY * persons * p, rel=1e-12)
    assert comes.mean.value == pytest.approx(expected, rel=1e-9)
    assert found.bias.value == pytest.approx(YEARLY * persons * p - expected, rel=1e-9)
    assert off.mean.value == pytest.approx(found.bias.value, rel=1e-12)
    assert found.ordinary.value == pytest.approx(YEARLY * persons * 0.1, rel=1e-12)
    assert near(YEARLY * math.sqrt(persons * p * (1 - p)), seen.sd)
    assert near(YEARLY * math.sqrt(persons * p * (1 - p)), found.group.luck)
    for q in (5, 50, 95):
        assert seen.percentiles[q].value == YEARLY * stats.binom.ppf(q / 100, persons, p)
    # a person's months on benefit afterwards, which the deviation adds to the year that was booked for who left in the quarter
    chances = staying(1.5)
    leave = np.array([a - b for a, b in pairwise(chances[:16])] + [chances[15]])
    spent = np.array([0] * 3 + [k + 0.5 for k in range(12)] + [12])
    booked = np.array([12] * 3 + [0] * 13)
    for amounts, estimate in ((spent, comes.sd), (booked + spent, off.sd)):
        variance = leave @ amounts**2 - (leave @ amounts) ** 2
        assert near(PRICE * math.sqrt(persons * variance), estimate)


def test_the_exact_variance_by_hand():
    for measure in ("before-after", "additional"):
        courses = _Simulation(Case.of(scenario_of(case(40))), Options(draws=64, seed=1), FIRST, measure).courses(
            64, None, Pace()
        )
        p = 1 - staying(1.5)[3]
        np.testing.assert_allclose(courses.variance, YEARLY**2 * 40 * p * (1 - p), rtol=1e-9)


@pytest.mark.parametrize("persons", [1, 3, 12])
def test_the_wrong_sign_by_hand(persons):
    """Somebody left in the quarter, and yet more is spent on the group than without the programme."""
    without = 2 * persons * months(staying())
    every, none = law(persons)
    more = np.arange(len(every)) > without
    found = study(case(persons))
    wrong = every[more].sum() - none[np.arange(len(none)) > without].sum()
    assert abs(found.group.wrong_sign.value - wrong) <= 4.5 * math.sqrt(wrong * (1 - wrong) / DRAWS)
    nobody = staying(1.5)[3] ** persons
    assert abs(found.group.no_change.value - nobody) < 4.5 * math.sqrt(nobody * (1 - nobody) / DRAWS)


def test_within_the_quarter_who_leaves_has_left_for_half_of_it():
    found = study(case(40))
    chances = staying(1.5)
    gone = 3 - sum((a + b) / 2 for a, b in pairwise(chances[:4]))
    assert found.within.value == pytest.approx(4 * PRICE * 40 * gone, rel=1e-9)


def test_the_measures_differ_by_the_ordinary_exits():
    whole, additional = (study(case(), measure=measure) for measure in ("before-after", "additional"))
    difference = whole.group.annualised.mean.value - additional.group.annualised.mean.value
    assert difference == pytest.approx(whole.ordinary.value, rel=1e-12)
    assert additional.ordinary == whole.ordinary
    assert additional.group.following == whole.group.following


def test_without_an_effect_additional_is_nothing():
    out = [{"from": "benefit", "to": "work", "quarterly": 0.2}]
    found = study(case(moves=out), measure="additional")
    assert abs(found.group.annualised.mean.value) < 1e-6
    assert abs(found.group.following.mean.value) < 1e-6
    assert found.group.annualised.sd.value > 0  # luck
    assert found.smallest.size is None
    assert found.smallest.at_any_size.value == 0  # of nothing, a quarter is nothing
    same = study(case(moves=out), measure="additional", counterfactual="same-luck")
    assert (same.group.no_change.value, same.group.wrong_sign.value) == (1, 0)
    whole = study(case(moves=out))
    assert whole.bias.value == pytest.approx(YEARLY * 40 * 0.2, rel=1e-9)  # all of it is ordinary


@pytest.mark.parametrize(("measure", "counterfactual"), [("before-after", "expected"), ("additional", "same-luck")])
def test_nothing_is_near_to_a_year_of_nothing(measure, counterfactual):
    """Nor is a quarter that shows nothing: 25 % of nothing is no room."""
    moves = [{"from": "benefit", "to": "work", "at": "entry", "chance": 0.2}]
    found = study(case(persons=5, moves=moves), measure=measure, counterfactual=counterfactual, draws=256)
    assert found.group.no_change.value > 0.2
    assert found.group.near.value == found.smallest.at_any_size.value == 0
    assert found.smallest.size is None


def test_who_comes_later_is_held_against_the_state_that_they_come_with():
    """Ten in February and ten in August; the third quarter. Each is seen at the ends of their own months."""
    entering = [{"month": f"2030-{month:02}", "number": 10} for month in (2, 8, 11)]
    tree = case(
        families={"one": {"entering": entering, "members": {"adult": 1}}}, time={"first_year": 2030, "years": 3}
    )
    found = study(tree, Quarter(2030, 3))
    chances = staying(1.5)
    shares = chances[4] - chances[7], 1 - chances[1]
    assert found.group.persons == 20  # who comes in November is in the year that follows alone
    assert found.group.annualised.mean.value == pytest.approx(YEARLY * 10 * sum(shares), rel=1e-9)
    assert near(YEARLY * math.sqrt(10 * sum(p * (1 - p) for p in shares)), found.group.annualised.sd)
    courses = _Simulation(Case.of(scenario_of(tree)), Options(draws=64), Quarter(2030, 3), "before-after").courses(
        64, None, Pace()
    )
    np.testing.assert_allclose(courses.variance, YEARLY**2 * 10 * sum(p * (1 - p) for p in shares), rtol=1e-9)


def test_quarters_hang_together():
    """What a group costs at the end of one is what it costs at the beginning of the next, also over a move on 1 January."""
    moves = [{"from": "benefit", "to": "work", "yearly": 0.3, "timing": "year-start"}]
    tree = case(moves=moves, time={"first_year": 2030, "years": 3})
    found = [study(tree, Quarter(2030 + i // 4, i % 4 + 1), draws=64).group.annualised.mean.value for i in range(8)]
    # who starts in the state has not arrived there: the first 1 January that counts is the next one
    np.testing.assert_allclose(found, [0, 0, 0, 0, YEARLY * 40 * 0.3, 0, 0, 0], atol=1e-6)


def test_prices_of_the_quarter():
    """A dearer year is no move: both ends of a quarter are at its own prices."""
    tree = case(moves=at_once(0.5), money={"indexation": 0.1}, time={"first_year": 2030, "years": 3})
    found = study(tree, Quarter(2031, 1))
    assert found.group.annualised.mean.value == 0
    first = study(tree, Quarter(2030, 4), draws=64)
    assert first.group.following.mean.value == pytest.approx(YEARLY * 20 * (0.25 * 0 + 1.1), rel=1e-9)


@pytest.mark.parametrize("size", [19, 55])
def test_a_group_of_another_size(size):
    found = study(case(40), sizes=[size])
    group, p = found.groups[0], 1 - staying(1.5)[3]
    assert group.persons == size
    assert group.annualised.mean.value == pytest.approx(YEARLY * size * p, rel=1e-9)
    assert near(YEARLY * math.sqrt(size * p * (1 - p)), group.annualised.sd)
    assert group.following.mean.value == pytest.approx(found.group.following.mean.value * size / 40, rel=1e-9)


def test_a_group_has_its_size_in_every_draw():
    """However many the scenario expects: who measures knows how many they are."""
    tree = case()
    tree["assumptions"] = {"n": {"value": 40, "source": "-", "uncertainty": {"kind": "uniform", "low": 10, "high": 90}}}
    tree["families"]["one"]["present"] = "n"
    found = study(tree, sizes=[30])
    p = 1 - staying(1.5)[3]
    assert near(YEARLY * math.sqrt(30 * p * (1 - p)), found.groups[0].annualised.sd)
    assert near(YEARLY * math.sqrt(found.group.persons * p * (1 - p)), found.group.luck)
    assert found.group.annualised.sd.value > 1.5 * found.groups[0].annualised.sd.value
    assert found.group.persons == pytest.approx(50, abs=0.1)


def often(chance: float, size: int, per_person: float) -> float:
    """How often so many hits, booked for a year, lie near what is expected of so many persons, DKK."""
    hits = np.arange(size + 1)
    within = np.abs(YEARLY * hits - size * per_person) <= NEAR * size * per_person * (1 + 1e-9)
    return float(stats.binom.pmf(hits, size, chance)[within].sum())


def test_the_smallest_group_by_hand():
    """An effect at once that lasts: no bias, and a binomial's luck alone."""
    found = study(case(40, at_once(0.3)), sizes=[20, 100])
    assert found.bias.value == pytest.approx(0, abs=1e-3)
    assert found.group.deviation.sd.value == pytest.approx(0, abs=1e-3)
    assert found.group.wrong_sign.value == 0
    assert found.smallest.at_any_size.value == 1
    for group, size in zip((found.group, *found.groups), (40, 20, 100), strict=True):
        exact = often(0.3, size, 0.3 * YEARLY)
        assert abs(group.near.value - exact) < 4.5 * math.sqrt(exact * (1 - exact) / group.draws)
    size = found.smallest.size
    by_normal = (stats.norm.ppf((1 + OFTEN) / 2) / NEAR) ** 2 * 0.7 / 0.3
    assert by_normal <= size <= 1.25 * by_normal
    assert often(0.3, size, 0.3 * YEARLY) > OFTEN - 4.5 * found.smallest.near.error
    assert often(0.3, round(0.75 * size), 0.3 * YEARLY) < OFTEN


def test_the_smallest_group_beside_a_bias():
    """Four of five leave in a quarter, the rest soon after: the rule is too low, but by less than a quarter."""
    moves = [{"from": "benefit", "to": "work", "quarterly": {"baseline": 0, "programme": 0.8}}]
    found = study(case(40, moves), measure="additional")
    chances = [0.2 ** (k / 3) for k in range(25)]
    expected = PRICE * (12 - months(chances))
    assert found.bias.value == pytest.approx(40 * (0.8 * YEARLY - expected), rel=1e-9)
    size = found.smallest.size
    assert often(0.8, size, expected) > OFTEN - 4.5 * found.smallest.near.error
    assert often(0.8, round(0.6 * size), expected) < OFTEN


def test_no_size_will_do_where_the_bias_is_too_large():
    found = study(case())
    assert found.bias.value > NEAR * found.group.following.mean.value
    assert found.smallest == (found.smallest.__class__)(None, None, 0, found.smallest.at_any_size)
    assert found.smallest.at_any_size.value == 0


def test_the_chance_by_the_normal_distribution():
    one = _Chance(off=np.array([0.0, 30.0]), room=np.array([10.0, 10.0]), variance=np.array([400.0, 0.0]))
    near_one = stats.norm.cdf(10 / (20 / 3)) - stats.norm.cdf(-10 / (20 / 3))
    assert one(9) == pytest.approx(near_one / 2)
    assert one.smallest() is None  # the second is never near
    assert _Chance(one.off[:1], one.room[:1], one.variance[:1]).smallest() == math.ceil((2 * stats.norm.ppf(0.95)) ** 2)


@pytest.mark.parametrize(
    ("measure", "counterfactual"),
    [("before-after", "expected"), ("additional", "expected"), ("additional", "own-luck")],
)
def test_lives_agree_with_what_is_known_exactly(measure, counterfactual):
    """Every kind of move, effect, uncertainty and price: means, and the variance that luck gives."""
    work = _Simulation(
        Case.of(scenario_of(rich())),
        Options(draws=DRAWS, seed=3, counterfactual=counterfactual),
        Quarter(2021, 2),
        measure,
    )
    courses = work.courses(DRAWS, None, Pace())
    for lived, expected in ((courses.annualised, courses.expected), (courses.following, courses.expected_following)):
        off = lived - expected
        assert abs(off.mean()) < 4.5 * off.std() / math.sqrt(DRAWS)
    square = (courses.annualised - courses.expected) ** 2
    ratio = square / courses.variance  # whose mean is 1, whatever the draw
    assert abs(ratio.mean() - 1) < 4.5 * ratio.std() / math.sqrt(DRAWS)
    assert ratio.std() < 4  # so that it is told


def test_the_chance_to_be_near_as_lived():
    """What the smallest group is looked for with, against groups as they are lived; the assumptions uncertain."""
    relapse = {"from": "work", "to": "benefit", "yearly": "relapse"}
    tree = case(60, [*at_once(0.3), relapse])
    tree["roles"]["adult"]["moves"][0]["chance"]["plus"] = "effect"
    tree["assumptions"] = {
        name: {"value": low, "source": "-", "uncertainty": {"kind": "uniform", "low": low, "high": high}}
        for name, low, high in (("effect", 0.1, 0.5), ("relapse", 0.0, 0.4))
    }
    work = _Simulation(Case.of(scenario_of(tree)), Options(draws=DRAWS, seed=3), FIRST, "additional")
    chance = _Chance.of(work.courses(DRAWS, None, Pace()), False)
    for size in (60, 300):
        share = work.courses(DRAWS, size, Pace()).near.mean()
        expected = chance(size)
        assert 0.3 < expected < 0.95
        assert abs(expected - share) < 4.5 * math.sqrt(expected * (1 - expected) / DRAWS)


def test_a_size_too_large_to_be_lived():
    """Seldom enough that it takes ten thousands of persons; no course is lived for it."""
    found = study(case(40, at_once(0.001)), draws=1024)
    size = (stats.norm.ppf((1 + OFTEN) / 2) / NEAR) ** 2 * 0.999 / 0.001
    assert found.smallest.size == pytest.approx(size, abs=2)
    assert found.smallest.draws == 0
    assert found.smallest.near.value == pytest.approx(OFTEN, abs=1e-3)


@pytest.mark.parametrize("draws", [1, 16])
def test_few_courses(draws):
    found = study(rich(), Quarter(2021, 2), sizes=[5], draws=draws)
    assert found.group.draws == 16
    assert found.groups[0].draws == 16


def test_same_whatever_the_threads():
    tree = rich()
    one, two = (study(tree, Quarter(2022, 3), "additional", [25], draws=512, threads=n) for n in (1, 2))
    for ours, theirs in zip((one.group, *one.groups), (two.group, *two.groups), strict=True):
        assert ours == theirs
    assert (one.bias, one.biases, one.smallest, one.clipped) == (two.bias, two.biases, two.smallest, two.clipped)


def test_nobody_there():
    tree = case(families={"one": {"entering": [{"month": "2030-05", "number": 3}], "members": {"adult": 1}}})
    with pytest.raises(InputError, match="2030Q1"):
        study(tree, FIRST)
    assert study(tree, Quarter(2030, 2), draws=64).group.persons == 3
