"""The slow twin against the paper's table, cases done by hand, and its own two halves against each other."""

import math
import tomllib
from collections import Counter
from copy import deepcopy
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from naive import Case, expected, ledger, length_distribution, live, mean_entered, output, provenu, rounded
from scipy import stats
from strategies import scenarios, to_toml

properties = settings(derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def people(*moves, states="abcd", start="a", years=3, **family):
    """A scenario of one role `p` and one family type of one person; `present` is 1 unless families enter."""
    if not {"enter", "entering", "present"} & family.keys():
        family["present"] = 1
    return {
        "time": {"first_year": 2021, "years": years},
        "families": {"f": {"members": {"p": 1}} | family},
        "roles": {"p": {"start": start, "states": {s: {} for s in states}, "moves": list(moves)}},
    }


def move(origin, to, **rest):
    return {"from": origin, "to": to} | rest


def months(tree, arm="baseline", **given):
    """{state: [person-months by year]} of one arm."""
    case = Case(tree, **given)
    counted, _ = expected(case)
    states = tree["roles"]["p"]["states"]
    return {s: [counted[arm, "p", s, y] for y in range(case.years)] for s in states}


def close(numbers):
    return pytest.approx(numbers, abs=1e-11)


def staying(h, first, last):
    """Person-months between two half-months of a stay, of one who leaves it with hazard h a month."""
    return sum(math.exp(-h * ((t + 1) // 2)) for t in range(first, last)) / 2


# ---- Silkeborg


SILKEBORG = """
format = 1
title = "Vi Vil Mere"
[time]
first_year = 2017
years = 5
[assumptions]
job_programme = { value = 0.30 }
job_baseline = { value = 0.15 }
relapse = { value = 0.10 }
placement_baseline = { value = [0.09, 0.075] }
placement_programme = { value = [0.06, 0.05] }
[families.finishing]
enter = [33.333333333333336, 40]
members = { adult = 1, child = 1 }
[roles.adult]
start = "kontanthjælp"
line = "Reduktion i forsørgelsesudgift"
[roles.adult.states]
"kontanthjælp" = { monthly = 14575, refusion = 0.20 }
"selvforsørgelse" = { monthly = 0 }
[[roles.adult.moves]]
from = "kontanthjælp"
to = "selvforsørgelse"
at = "entry"
chance = { baseline = "job_baseline", programme = "job_programme" }
[[roles.adult.moves]]
from = "selvforsørgelse"
to = "kontanthjælp"
yearly = "relapse"
timing = "year-start"
[roles.child]
start = "hjemme"
line = "Reduktion i udgift til anbringelser"
[roles.child.states]
hjemme = { monthly = 0 }
anbragt = { monthly = 37500 }
[[roles.child.moves]]
from = "hjemme"
to = "anbragt"
at = "entry"
chance = { baseline = "placement_baseline", programme = "placement_programme" }
[[roles.child.moves]]
from = "anbragt"
to = "hjemme"
after_months = 24
[[costs]]
label = "Udgifter"
yearly = 3257000
[[savings]]
label = "Sagsbehandling"
number = 2.75
yearly = 450000
"""


@pytest.fixture(scope="module")
def silkeborg():
    case = Case(tomllib.loads(SILKEBORG))
    return case, expected(case)[0]


@pytest.mark.parametrize(
    ("state", "sign", "years"),
    [
        (("adult", "selvforsørgelse"), 1, [2.25, 6.75, 11.205, 15.2145, 18.82305]),
        (("child", "anbragt"), -1, [0.5, 1.5, 2, 2, 2]),
    ],
)
def test_silkeborg_person_years(silkeborg, state, sign, years):
    _, counted = silkeborg
    ours = [sign * (counted["programme", *state, y] - counted["baseline", *state, y]) / 12 for y in range(5)]
    assert ours == pytest.approx(years, abs=1e-9)


def test_silkeborg_kroner(silkeborg):
    case, counted = silkeborg
    books = ledger(case, counted)
    benefit = [314_820, 944_460, 1_567_803.6, 2_128_812.84, 2_633_721.156]
    assert books["kommune"]["Reduktion i forsørgelsesudgift"] == pytest.approx(benefit, abs=0.005)
    assert books["stat"]["Reduktion i forsørgelsesudgift"] == pytest.approx([x / 4 for x in benefit], abs=0.005)
    placements = [225_000, 675_000, 900_000, 900_000, 900_000]
    assert books["kommune"]["Reduktion i udgift til anbringelser"] == pytest.approx(placements, abs=0.005)
    net = [-1_479_680, -400_040, 448_303.6, 1_009_312.84, 1_514_221.156]
    assert provenu(case, counted) == pytest.approx(net, abs=0.005)
    assert sum(provenu(case, counted)) == pytest.approx(1_092_117.596, abs=0.005)


# ---- Who is there, and when


def test_who_enters_is_there_for_half_of_the_first_year():
    tree = people(enter=[12, 24], present=2, entering=[{"month": "2022-03", "number": 1}])
    assert months(tree)["a"] == close(
        [
            2 * 12 + 12 * 6,
            2 * 12 + 12 * 12 + 24 * 6 + 9.5,
            2 * 12 + 12 * 12 + 24 * 18 + 12,
        ]
    )
    assert mean_entered(Case(tree)) == [12, 25, 24]


def test_start_shares_and_members():
    tree = people(start={"b": 0.75, "a": 0.25}, present=10, years=1)
    tree["families"]["f"]["members"]["p"] = 1.5
    assert {s: m[0] for s, m in months(tree).items()} == {"a": 45, "b": 135, "c": 0, "d": 0}


# ---- Each kind of move


def test_entry_moves_are_alternatives_and_met_once():
    first, second = move("a", "b", at="entry", chance=0.5), move("a", "c", at="entry", chance=[0.2, 0.3])
    back = move("b", "a", at="entry", chance=1)
    ours = months(people(first, second, back, enter=[0, 12], years=2))
    assert ours == {
        "a": close([0, 0.2 * 72]),
        "b": close([0, 0.5 * 72]),
        "c": close([0, 0.3 * 72]),
        "d": close([0, 0]),
    }


@pytest.mark.parametrize(("unit", "length"), [("yearly", 12), ("quarterly", 3), ("monthly", 1)])
def test_any_month_move(unit, length):
    h = -math.log(1 - 0.2) / length
    ours = months(people(move("a", "b", **{unit: 0.2}), years=2))
    assert ours["a"] == close([staying(h, 0, 24), staying(h, 24, 48)])
    assert ours["b"] == close([12 - staying(h, 0, 24), 12 - staying(h, 24, 48)])
    ours = months(people(move("a", "b", **{unit: 0.2}), entering=[{"month": "2021-12", "number": 3}], years=2))
    assert ours["a"] == close([3 / 2, 3 * staying(h, 1, 25)])


def test_a_year_is_asked_for_in_the_middle_of_a_month_of_the_stay():
    early, late = -math.log(0.9), -math.log(0.5)
    tree = people(move("a", "b", monthly=[0.1, 0.5]), entering=[{"month": "2021-11", "number": 1}], years=2)
    # the months' middles: 1 December, 1 January (which is the new year's)
    assert months(tree)["a"] == close(
        [
            (1 + 2 * math.exp(-early)) / 2,
            math.exp(-early) * (staying(late, 1, 25)),
        ]
    )


def test_competing_clocks():
    one, two = move("a", "b", yearly=0.5), move("a", "c", monthly=0.1)
    h1, h2 = -math.log(0.5) / 12, -math.log(0.9)
    case = Case(people(one, two, years=3))
    gone = 1 - math.exp(-36 * (h1 + h2))
    _, arrivals = expected(case)
    for state, h in (("b", h1), ("c", h2)):
        arrived = sum(arrivals["baseline", "p", state, y] for y in range(3))
        assert arrived == pytest.approx(gone * h / (h1 + h2), abs=1e-12)


def test_year_start_moves():
    relapse = move("b", "a", yearly=0.1, timing="year-start")
    ours = months(people(relapse, start="b"))  # nothing happens to one who starts there
    assert ours["b"] == close([12, 12 * 0.9, 12 * 0.81])
    ours = months(people(move("a", "b", at="entry", chance=1), relapse))  # one who arrives meets it at once
    assert ours["b"] == close([12 * 0.9, 12 * 0.81, 12 * 0.729])


def test_one_brought_by_a_year_start_move_is_left_alone():
    p, q = 0.3, 0.4
    chain = move("a", "b", yearly=p, timing="year-start"), move("b", "c", yearly=q, timing="year-start")
    ours = months(people(*chain))
    assert ours["b"] == close([0, 12 * p, 12 * ((1 - p) * p + p * (1 - q))])
    assert ours["c"] == close([0, 0, 12 * p * q])
    ours = months(people(*chain, move("d", "a", at="entry", chance=1), start="d", years=2))
    assert ours["b"] == close(
        [
            12 * p,
            12 * ((1 - p) * p + p * (1 - q)),
        ]
    )  # moved twice at entry, then left alone there


def test_year_start_alternatives():
    tree = people(
        move("a", "b", yearly=0.2, timing="year-start"),
        move("a", "c", yearly=[1, 0.5], timing="year-start"),
        years=2,
    )
    assert [months(tree)[s][1] for s in "abc"] == close([12 * 0.3, 12 * 0.2, 12 * 0.5])


def test_the_stays_own_end_comes_before_the_year_start_moves():
    own = move("a", "b", after_months=12)
    ours = months(
        people(
            own,
            move("a", "c", yearly=0.5, timing="year-start"),
            move("b", "d", yearly=0.25, timing="year-start"),
        )
    )
    assert ours["a"] == close([12, 0, 0])
    assert ours["c"] == close([0, 0, 0])
    assert ours["b"] == close([0, 12 * 0.75, 12 * 0.75**2])  # an arrival on 1 January meets them once


@pytest.mark.parametrize(("n", "lasts"), [(5, 5), (2.5, 2), (3.5, 4), (0.2, 1), ([7, 5], 7)])
def test_after_months(n, lasts):
    assert months(people(move("a", "b", after_months=n)))["a"] == close([lasts, 0, 0])


def test_after_months_against_a_clock():
    h = -math.log(0.8)
    tree = people(move("a", "b", after_months=14), move("a", "c", monthly=0.2))
    _, arrivals = expected(Case(tree))
    assert months(tree)["a"] == close([staying(h, 0, 24), staying(h, 24, 28), 0])
    assert arrivals["baseline", "p", "b", 1] == pytest.approx(math.exp(-14 * h))


@pytest.mark.parametrize("shape", ["gamma", "weibull", "lognormal"])
@pytest.mark.parametrize(("mean", "sd"), [(24, 12), (6, 9), (10, 1)])
def test_length_distributions_have_their_mean_and_sd(shape, mean, sd):
    length = length_distribution(mean, sd, shape)
    assert (length.mean(), length.std()) == pytest.approx((mean, sd), rel=1e-9)
    support = length.support()
    assert support[0] == 0


def test_drawn_lengths_are_rounded_and_scaled():
    drawn = {"mean": 6, "sd": 3, "shape": "gamma"}
    tree = people(move("a", "b", after_months={"baseline": drawn, "times": 2}), years=4)
    length = stats.gamma(4, scale=1.5)
    for arm, times in (("baseline", 1), ("programme", 2)):
        lasting = [1.0] + [float(length.sf((n + 0.5) / times)) for n in range(1, 48)]
        assert months(tree, arm)["a"] == close([sum(lasting[y : y + 12]) for y in range(0, 48, 12)])


# ---- Arms, effects, windows, climates


@pytest.mark.parametrize(
    ("effect", "programme"),
    [({"programme": 0.3}, 0.3), ({"plus": 0.15}, 0.35), ({"times": 2}, 0.4), ({"plus": [-0.1, 0.5]}, 0.1)],
)
def test_effects_on_a_chance(effect, programme):
    tree = people(move("a", "b", at="entry", chance={"baseline": 0.2} | effect), years=1)
    assert months(tree)["b"] == close([12 * 0.2])
    assert months(tree, "programme")["b"] == close([12 * programme])


@pytest.mark.parametrize(
    ("effect", "h"),
    [({"hazard_ratio": 3}, 3 * -math.log(0.9)), ({"plus": 0.1}, -math.log(0.8)), ({"times": 0}, 0)],
)
def test_effects_on_a_hazard(effect, h):
    tree = people(move("a", "b", monthly={"baseline": 0.1} | effect), years=1)
    assert months(tree, "programme")["a"] == close([staying(h, 0, 24)])


@pytest.mark.parametrize(("window", "whole"), [(6, 6), (5.5, 5), (5.6, 6), (0, 0), (0.5, 0), (0.75, 1), (99, 12)])
def test_window_is_asked_for_in_the_middle_of_a_month_of_the_stay(window, whole):
    tree = people(move("a", "b", monthly={"baseline": 0.1, "programme": 0.5}), years=1, effect_lasts_months=window)
    alive = [0.5 ** min(n, whole) * 0.9 ** max(n - whole, 0) for n in range(13)]
    assert months(tree, "programme")["a"] == close([sum(a + b for a, b in pairwise(alive)) / 2])


def test_after_months_keeps_the_arm_that_it_had_on_arrival():
    tree = people(
        move("a", "b", after_months={"baseline": 6, "programme": 10}),
        move("b", "a", after_months={"baseline": 2, "programme": 4}),
        effect_lasts_months=10,
        years=2,
    )
    # a 10, then exactly 10 months after entry the time after: b 2, a 6, b 2, a 6
    assert months(tree, "programme")["b"] == close([2, 2])


def test_entry_moves_without_any_window_are_the_baselines():
    entry = move("a", "b", at="entry", chance={"baseline": 0.2, "programme": 0.6})
    assert months(people(entry, effect_lasts_months=0, years=1), "programme")["b"] == close([12 * 0.2])
    assert months(people(entry, effect_lasts_months=0.1, years=1), "programme")["b"] == close([12 * 0.6])


def test_year_start_move_at_the_end_of_the_window():
    relapse = move("a", "b", yearly={"baseline": 0.5, "times": 0.2}, timing="year-start")
    assert months(people(relapse, effect_lasts_months=12), "programme")["a"] == close([12, 6, 3])
    assert months(people(relapse, effect_lasts_months=12.5), "programme")["a"] == close([12, 12 * 0.9, 12 * 0.45])


def test_climates():
    weather = {"value": [2, 0]}
    tree = people(move("a", "b", monthly=0.1, climate="c"), years=2)
    tree["assumptions"] = {"c": weather}
    h = -2 * math.log(0.9)
    assert months(tree)["a"] == close([staying(h, 0, 24), 12 * math.exp(-12 * h)])
    tree = people(move("a", "b", at="entry", chance=0.3, climate="c"), years=1)
    tree["assumptions"] = {"c": weather}
    assert months(tree)["b"] == close([12 * (1 - 0.7**2)])


def test_sums_that_a_climate_makes_too_large_are_divided_by_themselves():
    tree = people(*(move("a", s, at="entry", chance=0.5, climate="c") for s in "bc"), years=1)
    tree["assumptions"] = {"c": {"value": 3}}
    assert [months(tree)[s][0] for s in "abc"] == close([0, 6, 6])


def test_the_effect_comes_before_the_clipping():
    tree = people(move("a", "b", at="entry", chance={"baseline": "x", "plus": -0.5}), years=1)
    tree["assumptions"] = {"x": {"value": 0.6}}
    assert months(tree, "programme", values={"x": 1.2})["b"] == close([12 * 0.7])
    assert months(tree, "baseline", values={"x": 1.2})["b"] == close([12])
    assert months(tree, "programme", values={"x": 0.1})["b"] == close([0])
    tree = people(move("a", "b", monthly="x"), years=1)
    assert months(tree, values={"x": 1})["a"] == close([0.5 + 1e-9])


# ---- Money


def test_ledger_by_hand():
    tree = people(
        move("a", "b", at="entry", chance={"baseline": 0.5, "programme": 1}),
        years=2,
        enter=[10, 0],
        present=4,
    )
    tree["money"] = {"indexation": 0.1}
    tree["roles"]["p"]["states"] = {
        "a": {"yearly": 12_000, "refusion": 0.25},
        "b": {"monthly": [100, 200], "line": "x"},
    }
    tree["costs"] = [
        {"label": "start", "yearly": 7, "number": 2, "per_family": True},
        {"label": "fixed", "yearly": [5, 6]},
    ]
    tree["savings"] = [{"label": "less", "yearly": -3}]
    case = Case(tree)
    counted, _ = expected(case)
    moved = [0.5 * (10 * 6 + 4 * 12), 0.5 * 14 * 12]
    books = ledger(case, counted)
    assert books["stat"]["p"] == pytest.approx([moved[0] * 250, moved[1] * 250 * 1.1])
    lines = {
        "p": [moved[0] * 750, moved[1] * 750 * 1.1],
        "x": [-moved[0] * 100, -moved[1] * 200 * 1.1],
        "start": [-7 * 2 * 10, 0],
        "fixed": [-5, -6 * 1.1],
        "less": [-3, -3 * 1.1],
    }
    assert books["kommune"] == {line: pytest.approx(amounts) for line, amounts in lines.items()}
    assert ledger(case, counted, entered=[3, 1])["kommune"]["start"] == pytest.approx([-42, -14 * 1.1])
    assert provenu(case, counted) == pytest.approx([sum(amounts) for amounts in zip(*lines.values(), strict=True)])


# ---- Lives


def test_splitmix64():
    published = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431]
    assert [output(1234567, n) for n in range(4)] == published


def test_rounded():
    assert [rounded(2.25, u) for u in (0, 0.24, 0.25, 0.9)] == [3, 3, 2, 2]
    assert rounded(3, 0) == 3


RICH = """
[time]
first_year = 2021
years = 3
[assumptions]
help = { value = [0.1, 0.2] }
weather = { value = [1.0, 1.5, 0.5] }
[families.young]
enter = [3.3, 2]
present = 1.5
arrivals = "poisson"
members = { adult = 1.4, child = 0.8 }
effect_lasts_months = 11.5
[[families.young.entering]]
month = "2022-07"
number = 1.2
[families.old]
enter = 2.5
present = 2
members = { adult = 1 }
[roles.adult]
start = { help = 0.7, job = 0.3 }
[roles.adult.states]
help = {}
job = {}
course = {}
ill = {}
[[roles.adult.moves]]
from = "help"
to = "job"
at = "entry"
chance = { baseline = 0.2, plus = "help" }
[[roles.adult.moves]]
from = "help"
to = "course"
at = "entry"
chance = 0.3
[[roles.adult.moves]]
from = "help"
to = "job"
quarterly = { baseline = 0.1, hazard_ratio = 1.8 }
climate = "weather"
[[roles.adult.moves]]
from = "help"
to = "ill"
yearly = [0.3, 0.2]
[[roles.adult.moves]]
from = "job"
to = "help"
yearly = { baseline = 0.25, times = 0.5 }
timing = "year-start"
climate = "weather"
[[roles.adult.moves]]
from = "job"
to = "ill"
yearly = 0.1
timing = "year-start"
[[roles.adult.moves]]
from = "course"
to = "job"
after_months = { baseline = { mean = 7, sd = 4, shape = "weibull" }, times = 0.7 }
[[roles.adult.moves]]
from = "course"
to = "help"
monthly = 0.05
[[roles.adult.moves]]
from = "ill"
to = "help"
after_months = { baseline = [5, 8], plus = -2 }
[roles.child]
start = "home"
[roles.child.states]
home = {}
placed = {}
[[roles.child.moves]]
from = "home"
to = "placed"
yearly = { baseline = 0.4, programme = 0.25 }
[[roles.child.moves]]
from = "placed"
to = "home"
after_months = { mean = 9, sd = 8, shape = "lognormal" }
"""

BASELINE = {"programme": "programme", "same-luck": "baseline", "own-luck": "baseline"}


def z_scores(means, samples):
    """Of the samples' means against what they should be: {key: z}; a key without any spread must be right."""
    n = len(samples)
    for key in {key for sample in samples for key in sample}:
        values = [sample[key] for sample in samples]
        mean = sum(values) / n
        variance = sum((x - mean) ** 2 for x in values) / (n - 1)
        if variance == 0:
            assert mean == pytest.approx(means(key), abs=1e-9)
        else:
            yield key, (mean - means(key)) / math.sqrt(variance / n)


def check_lives(case, seed, draws):
    counted, arrivals = expected(case)
    lived = [live(case, seed, draw) for draw in range(draws)]
    for means, samples, unit in (
        (counted, [sample.halves for sample in lived], 2),
        (arrivals, [sample.arrivals for sample in lived], 1),
    ):
        labelled = {(arm, *key[1:]): unit * means[key] for arm in BASELINE for key in means if key[0] == BASELINE[arm]}
        assert {key for key, mean in labelled.items() if mean > 0} >= {key for sample in samples for key in sample}
        scores = dict(z_scores(labelled.__getitem__, samples))
        assert scores
        assert {key: z for key, z in scores.items() if abs(z) >= 4.5} == {}
    return lived


def test_lives_have_their_expectation_in_silkeborg(silkeborg):
    check_lives(silkeborg[0], 1, 25)


def test_lives_have_their_expectation():
    case = Case(tomllib.loads(RICH))
    lived = check_lives(case, 2, 300)
    entered = [Counter(dict(enumerate(sample.entered))) for sample in lived]
    assert all(abs(z) < 4.5 for _, z in z_scores(mean_entered(case).__getitem__, entered))


def test_expectation_given_the_families():
    """Lives scatter about the expectation of their own families, and that about the expectation of any."""
    case = Case(tomllib.loads(RICH))
    means, _ = expected(case)
    luck, given_families = [], []
    for draw in range(50):
        sample = live(case, 3, draw)
        counted, _ = expected(case, families=sample.families)
        given_families.append(counted)
        keys = [key for key in counted if key[0] == "baseline"]
        luck.append(Counter({key: sample.halves["own-luck", *key[1:]] / 2 - counted[key] for key in keys}))
    assert all(abs(z) < 4.5 for _, z in z_scores(lambda key: 0.0, luck))
    assert all(abs(z) < 4.5 for _, z in z_scores(means.__getitem__, given_families))


def test_same_luck_counts_only_the_additional_persons():
    """Whoever moves at entry without the programme moves with it, and lives the same life after."""
    chance = {"baseline": 0.3, "programme": 0.5}
    tree = people(move("a", "b", at="entry", chance=chance), move("b", "a", monthly=0.03), enter=5, years=2)
    case = Case(tree)
    for draw in range(50):
        halves = live(case, 4, draw).halves
        assert all(halves["programme", "p", "b", y] >= halves["same-luck", "p", "b", y] for y in range(2))


@pytest.mark.parametrize("arrivals", ["fixed", "poisson"])
def test_numbers_of_families(arrivals):
    case = Case(people(enter=2.3, present=1.6, years=1, arrivals=arrivals))
    numbers = [Counter(family.cohort for family in live(case, 5, draw).families) for draw in range(3000)]
    assert all(abs(z) < 4.5 for _, z in z_scores([1.6, 2.3].__getitem__, numbers))
    seen = {n[1] for n in numbers}
    assert seen == {2, 3} if arrivals == "fixed" else seen > {0, 1, 2, 3, 4, 5}


def test_a_draw_is_addressed():
    case = Case(tomllib.loads(RICH))
    assert live(case, 6, 7) == live(case, 6, 7)
    assert live(case, 6, 7) != live(case, 6, 8)
    assert live(case, 2**64 + 6, 7) == live(case, 6, 7)


# ---- Whatever the scenario


@properties
@given(scenarios())
def test_scenarios_are_right_and_survive_the_writer(tree):
    assert tomllib.loads(to_toml(tree)) == tree
    case = Case(tree)
    for arm in ("baseline", *range(0, case.horizon if case.programme(1) else 1)):
        for year in range(case.years):
            for state in range(len(case.states)):
                for kind in ("entry", "january"):
                    stated = [case.after_effect(move.number, arm, year) for move in case.out_of(state, kind)]
                    assert all(0 <= p <= 1 for p in stated)
                    assert sum(stated) <= 1
                assert len(case.out_of(state, "ending")) <= 1
            rows = [row for move in case.out_of(None, "clock") for row in move.rows or ((0, move.unit, move.number),)]
            assert all(0 <= case.after_effect(x, arm, year) < 1 for _, _, x in rows)
    assert all(0 <= cohort.first < case.horizon for cohort in case.cohorts)


@settings(properties, max_examples=50)
@given(scenarios(years=3))
def test_everybody_is_somewhere(tree):
    case = Case(tree)
    counted, _ = expected(case)
    left = [
        (
            role,
            cohort.number * case.mean_members(cohort.kind, role) * chance * (case.horizon - entry) / 2,
        )
        for cohort in case.cohorts
        for entry, chance in case.entries(cohort).items()
        for role in case.roles
    ]
    sample = live(case, 8, 0)
    for role in case.roles:
        for arm in ("baseline", "programme"):
            person_months = sum(x for key, x in counted.items() if key[:2] == (arm, role))
            assert person_months == pytest.approx(sum(x for r, x in left if r == role))
        there = sum((case.horizon - f.entry) * sum(r == role for r, _ in f.members) for f in sample.families)
        for arm in BASELINE:
            assert sum(x for key, x in sample.halves.items() if key[:2] == (arm, role)) == there


@settings(properties, max_examples=50)
@given(scenarios(years=3))
def test_without_effect_the_arms_are_one(tree):
    tree = deepcopy(tree)
    for table in tree["families"].values():
        table["effect_lasts_months"] = 0
    case = Case(tree)
    counted, arrivals = expected(case)
    for kept in (counted, arrivals):
        of = {a: {key[1:]: x for key, x in kept.items() if key[0] == a} for a in ("programme", "baseline")}
        assert of["programme"] == pytest.approx(of["baseline"], abs=1e-9)
    sample = live(case, 9, 1)
    for kept in (sample.halves, sample.arrivals):
        of = {a: {key[1:]: x for key, x in kept.items() if key[0] == a} for a in ("programme", "same-luck")}
        assert of["programme"] == of["same-luck"]


@settings(properties, max_examples=25)
@given(scenarios(years=3))
def test_periods_add_up(tree):
    case = Case(tree)
    for finer in (2, 6):
        for of_years, of_parts in zip(expected(case), expected(case, period=finer), strict=True):
            summed = Counter()
            for key, x in of_parts.items():
                summed[*key[:3], key[3] * finer // 24] += x
            assert summed == pytest.approx(of_years, abs=1e-9)
