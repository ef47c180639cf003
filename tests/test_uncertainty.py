"""What is uncertain, split into assumptions and luck; the bridge; what is clipped; either-or; climates: by closed forms."""

import copy
import math

import numpy as np
import pytest
from scipy import stats
from trees import assert_identical, everything, rich, run_tree, scenario_of, simple

from simulate import measures
from simulate.analysis import precision
from simulate.answers.run import Reading
from simulate.answers.run import variance as split
from simulate.engine import Result
from simulate.names import BLOCKS
from simulate.sampling import Chunk, Sampler

PRICE = 12 * 10000  # of one person's year on benefit
N = 20


def sure(value: object, kind: str, **parameters: object) -> dict:
    return {"value": value, "uncertainty": {"kind": kind, **parameters}}


def binary(chance: object = 0.3, assumptions: dict | None = None, years: int = 1, **family: object) -> dict:
    """N people on benefit at the start; `chance` of them gets a job at once and keeps it."""
    return {
        "format": 1,
        "title": "binary",
        "time": {"first_year": 2020, "years": years},
        "assumptions": assumptions or {},
        "families": {"all": {"present": N, "members": {"adult": 1}} | family},
        "roles": {
            "adult": {
                "start": "benefit",
                "states": {"benefit": {"monthly": 10000}, "job": {}},
                "moves": [{"from": "benefit", "to": "job", "at": "entry", "chance": chance}],
            }
        },
    }


def arms(programme: object, baseline: object = 0) -> dict:
    return {"baseline": baseline, "programme": programme}


def reading(result: Result) -> Reading:
    return Reading(result, result.draws)


def error_of_mean(values: np.ndarray) -> float:
    return precision.mean(values).error


def draws_of(tree: dict, result: Result) -> dict[str, np.ndarray]:
    """(draw, year) of every assumption, of all draws of a run."""
    sampler, options = Sampler(scenario_of(tree)), result.options
    each = options.draws // BLOCKS
    blocks = [
        sampler.draw(options.design, options.seed, Chunk(block * each, (block + 1) * each, each))
        for block in range(BLOCKS)
    ]
    return {
        name: np.concatenate([block[name] for block in blocks]) if len(blocks[0][name]) > 1 else blocks[0][name]
        for name in blocks[0]
    }


# The split ------------------------------------------------------------------------------------------------------------


def close(found: float, given: float, draws: int, kurtosis: float = 4) -> bool:
    """A variance from so many independent draws."""
    return abs(found - given) < 4.5 * given * math.sqrt((kurtosis - 1) / draws)


@pytest.mark.parametrize(
    ("counterfactual", "variance"),
    [
        ("expected", 0.4 * 0.6),
        ("same-luck", 0.3 * 0.7),  # one uniform for both arms: they differ where it lies between the chances
        ("own-luck", 0.4 * 0.6 + 0.1 * 0.9),
    ],
)
def test_luck_alone_is_binomial(counterfactual, variance):
    tree = binary(arms(0.4, 0.1))
    result = run_tree(tree, draws=16384, counterfactual=counterfactual, threads=1)
    found = split(result)
    assert found.assumptions == 0
    assert close(found.luck, N * variance * PRICE**2, 16384)
    assert (found.shares.assumptions.value, found.shares.luck.value) == (0, 1)
    assert result.draws.columns[measures.TOTAL].mean() == pytest.approx(
        N * 0.3 * PRICE, abs=4.5 * PRICE * math.sqrt(N * variance / 16384)
    )


@pytest.mark.parametrize("design", ["random", "lhs", "sobol"])
def test_an_uncertain_chance_and_luck(design):
    mean, sd = 0.3, 0.08
    tree = binary(arms("job"), {"job": sure(mean, "beta", mean=mean, sd=sd)})
    result = run_tree(tree, draws=16384, design=design, threads=1)
    found = split(result)
    assumptions = N**2 * sd**2 * PRICE**2
    luck = N * (mean - mean**2 - sd**2) * PRICE**2
    assert close(found.assumptions, assumptions, 16384 if design == "random" else 16384 * 50)
    assert close(found.luck, luck, 16384)
    total = result.draws.columns[measures.TOTAL]
    assert close(total.var(ddof=1), assumptions + luck, 16384)
    crossed = 2 * math.sqrt(assumptions * luck / 16384)
    assert abs(total.var(ddof=1) - found.assumptions - found.luck) < 4.5 * crossed
    share = assumptions / (assumptions + luck)
    assert abs(found.shares.assumptions.value - share) < 4.5 * found.shares.assumptions.error
    assert found.shares.assumptions.value + found.shares.luck.value == pytest.approx(1, abs=1e-15)
    expected = split(run_tree(tree, draws=16384, design=design, engine="expected", threads=1))
    assert expected.assumptions == pytest.approx(found.assumptions, rel=1e-9)
    assert expected.luck == pytest.approx(luck, rel=0.01)


def test_an_uncertain_price_and_chance():
    """Independent: Var(n p price) = n² (Var p E price² + E p² Var price)."""
    tree = binary(
        arms("job"),
        {"job": sure(0.3, "beta", mean=0.3, sd=0.08), "price": sure(10000, "gamma", mean=10000, sd=2000)},
    )
    tree["roles"]["adult"]["states"]["benefit"]["monthly"] = "price"
    found = split(run_tree(tree, draws=16384, threads=1))
    square = 10000**2 + 2000**2
    assumptions = (12 * N) ** 2 * (0.08**2 * square + 0.3**2 * 2000**2)
    luck = 12**2 * N * (0.3 - 0.3**2 - 0.08**2) * square
    assert found.assumptions == pytest.approx(assumptions, rel=0.005)
    assert close(found.luck, luck, 16384, 6)


def test_the_number_of_families_is_luck_too():
    """Poisson: every family adds (moved - chance of the baseline)², whatever their number; uncertain means add theirs."""
    tree = binary(arms(0.4, 0.1), arrivals="poisson")
    found = split(run_tree(tree, draws=16384, threads=1))
    assert close(found.luck, N * (0.4 * 0.9**2 + 0.6 * 0.1**2) * PRICE**2, 16384)
    tree["assumptions"] = {"families": sure(N, "normal", mean=N, sd=3)}
    tree["families"]["all"]["present"] = "families"
    found = split(run_tree(tree, draws=16384, threads=1))
    assert found.assumptions == pytest.approx(0.3**2 * 9 * PRICE**2, rel=0.005)
    assert close(found.luck, N * (0.4 * 0.9**2 + 0.6 * 0.1**2) * PRICE**2, 16384)


def test_a_number_that_is_not_whole_is_luck():
    tree = binary(arms(0.4), present=2.25)
    found = split(run_tree(tree, draws=16384, threads=1))
    # 2 or 3 families: E K(K) by hand
    square = sum(chance * (n * 0.24 + (n * 0.4) ** 2) for n, chance in ((2, 0.75), (3, 0.25)))
    assert close(found.luck, (square - 0.9**2) * PRICE**2, 16384)


@pytest.mark.parametrize("draws", [16, 32, 48])
def test_the_split_of_few_draws_is_between_the_same_two(draws):
    """Even where a block, or what is left of one, is a single draw."""
    tree = binary(arms("job"), {"job": sure(0.5, "uniform", low=0.01, high=0.99)})
    one = split(run_tree(tree, draws=draws, design="random", threads=1))
    by_ones = split(run_tree(tree, draws=draws, design="random", threads=1, chunk=1))
    by_twos = split(run_tree(tree, draws=draws, design="random", threads=1, chunk=2))
    expected = split(run_tree(tree, draws=draws, design="random", threads=1, engine="expected"))
    for found in (one, by_ones, by_twos):
        assert found.assumptions == pytest.approx(expected.assumptions, rel=1e-9)
        assert found.luck < found.assumptions


def test_the_split_is_within_the_years():
    """The expected provenu of every year is that of the engine `expected`."""
    lives = run_tree(rich(), draws=256, threads=1)
    expected = run_tree(rich(), draws=256, threads=1, engine="expected")
    np.testing.assert_allclose(
        [one.value for one in lives.expected_by_period()],
        [one.value for one in expected.expected_by_period()],
        rtol=1e-9,
    )
    ours, theirs = reading(lives).bridge(), reading(expected).bridge()
    assert ours.expected.value == pytest.approx(theirs.expected.value, rel=1e-9)
    assert ours.expected.error == pytest.approx(theirs.expected.error, rel=1e-9)
    assert (ours.point, ours.at_means) == (theirs.point, theirs.at_means)


# The bridge -----------------------------------------------------------------------------------------------------------


def test_the_bridge_of_a_square():
    """x posts at x kroner: point² → mean² → mean² + sd²."""
    tree = binary(0) | {"assumptions": {"x": sure(300, "gamma", mean=400, sd=100)}}
    tree["savings"] = [{"label": "square", "number": "x", "yearly": "x"}]
    for engine in ("lives", "expected"):
        bridge = reading(run_tree(tree, draws=16384, engine=engine, threads=1)).bridge()
        assert bridge.point == pytest.approx(300**2, rel=1e-12)
        assert bridge.at_means == pytest.approx(400**2, rel=1e-12)
        assert bridge.expected.value == pytest.approx(400**2 + 100**2, rel=2e-4)


@pytest.mark.parametrize("engine", ["lives", "expected"])
def test_the_bridge_of_relapses(engine):
    """Who starts in a job keeps it (1-r)² of the time in the third year, and E (1-r)² = (1-mean)² + sd²."""
    tree = binary(0, {"relapse": sure(0.1, "beta", mean=0.25, sd=0.1)}, years=3)
    role = tree["roles"]["adult"]
    role["start"] = "job"
    role["moves"] = [{"from": "job", "to": "benefit", "yearly": arms(0, "relapse"), "timing": "year-start"}]

    def saved(first: float, square: float) -> float:
        return N * PRICE * (3 - 1 - first - square)

    result = run_tree(tree, draws=16384, engine=engine, threads=1)
    bridge = reading(result).bridge()
    assert bridge.point == pytest.approx(saved(0.9, 0.9**2), rel=1e-12)
    assert bridge.at_means == pytest.approx(saved(0.75, 0.75**2), rel=1e-12)
    assert bridge.expected.value == pytest.approx(saved(0.75, 0.75**2 + 0.1**2), rel=1e-4)
    total = result.draws.columns[measures.TOTAL]
    assert abs(total.mean() - saved(0.75, 0.75**2 + 0.1**2)) < 4.5 * error_of_mean(total) + 1e-4 * abs(bridge.point)


def test_without_uncertainty_the_bridge_is_level():
    bridge = reading(run_tree(simple(), draws=64, threads=1)).bridge()
    assert bridge.at_means == bridge.point
    assert bridge.expected.value == pytest.approx(bridge.point, rel=1e-12)


# Clipped --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["lives", "expected"])
@pytest.mark.parametrize("design", ["random", "sobol"])
def test_clipped_chances_are_counted_by_their_path(engine, design):
    tree = binary({"baseline": 0.1, "plus": "effect"}, {"effect": sure(0.1, "normal", mean=0.1, sd=0.2)})
    result = run_tree(tree, draws=1024, engine=engine, design=design, threads=1)
    effect = draws_of(tree, result)["effect"][:, 0]
    beyond = int(((effect < -0.1) | (effect > 0.9)).sum())
    assert result.clipped == {"roles.adult.moves[0].chance": beyond}
    share = stats.norm.cdf(-1) + stats.norm.sf(4)
    assert abs(beyond / 1024 - share) < 4.5 * math.sqrt(share / 1024)


def test_clipped_chances_count_as_what_they_are_clipped_to():
    tree = binary({"baseline": 0.1, "plus": "effect"}, {"effect": sure(0.1, "normal", mean=0.1, sd=0.2)})
    result = run_tree(tree, draws=1024, engine="expected", threads=1)
    effect = draws_of(tree, result)["effect"][:, 0]
    by_hand = N * PRICE * (np.clip(0.1 + effect, 0, 1) - 0.1)
    np.testing.assert_allclose(result.draws.columns[measures.TOTAL], by_hand, rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize(
    "move",
    [
        {"at": "entry", "chance": "chance"},
        {"yearly": "chance"},
        {"yearly": "chance", "timing": "year-start"},
    ],
)
def test_a_draw_is_counted_once_though_both_arms_are_clipped(move):
    tree = binary(0, {"chance": sure(0.5, "normal", mean=0.5, sd=0.4)})
    tree["roles"]["adult"]["moves"] = [{"from": "benefit", "to": "job"} | move]
    result = run_tree(tree, draws=1024, engine="expected", threads=1)
    chance = draws_of(tree, result)["chance"][:, 0]
    key = "chance" if "chance" in move else "yearly"
    assert result.clipped == {f"roles.adult.moves[0].{key}": int(((chance < 0) | (chance > 1)).sum())}


def test_a_draw_is_counted_once_though_a_climate_acts_on_several_moves():
    tree = binary(0, {"climate": sure(1, "normal", mean=1, sd=0.8)})
    tree["roles"]["adult"]["moves"] = [
        {"from": "benefit", "to": "job", "at": "entry", "chance": 0.2, "climate": "climate"},
        {"from": "benefit", "to": "job", "yearly": 0.2, "climate": "climate"},
        {"from": "job", "to": "benefit", "yearly": 0.2, "climate": "climate"},
    ]
    result = run_tree(tree, draws=1024, engine="expected", threads=1)
    climate = draws_of(tree, result)["climate"][:, 0]
    assert result.clipped == {"assumptions.climate": int((climate < 0).sum())}


def test_a_draw_is_counted_once_though_several_years_are_clipped():
    one = sure(1, "normal", mean=1, sd=0.8) | {"each_year": True}
    tree = binary(0, {"climate": one}, years=4)
    tree["roles"]["adult"]["moves"] = [{"from": "benefit", "to": "job", "yearly": 0.2, "climate": "climate"}]
    result = run_tree(tree, draws=1024, engine="expected", threads=1)
    climate = draws_of(tree, result)["climate"]
    assert result.clipped == {"assumptions.climate": int((climate < 0).any(axis=1).sum())}


def test_too_large_sums_are_divided_by_themselves_and_counted():
    tree = binary(0, {"job": sure(0.5, "uniform", low=0, high=1)})
    role = tree["roles"]["adult"]
    role["states"]["school"] = {}
    role["moves"] = [
        {"from": "benefit", "to": "job", "at": "entry", "chance": arms("job")},
        {"from": "benefit", "to": "school", "at": "entry", "chance": arms(0.4)},
    ]
    result = run_tree(tree, draws=1024, engine="expected", threads=1)
    job = draws_of(tree, result)["job"][:, 0]
    n = int((job > 0.6).sum())
    assert result.clipped == {"roles.adult.moves[0]": n, "roles.adult.moves[1]": n}
    by_hand = N * PRICE * np.minimum(job + 0.4, 1)
    np.testing.assert_allclose(result.draws.columns[measures.TOTAL], by_hand, rtol=1e-9)


def test_other_numbers_are_clipped_and_counted():
    names = {
        "families": ("families.all.present", 3.0, 0, math.inf),
        "members": ("families.all.members.adult", 1.0, 0, math.inf),
        "refusion": ("roles.adult.states.benefit.refusion", 0.2, 0, 1),
        "posts": ("costs.staff.number", 2.0, 0, math.inf),
    }
    tree = binary(
        arms(0.4), {name: sure(mean, "normal", mean=mean, sd=mean) for name, (_, mean, _, _) in names.items()}
    )
    tree["families"]["all"] = {"present": "families", "members": {"adult": "members"}}
    tree["roles"]["adult"]["states"]["benefit"]["refusion"] = "refusion"
    tree["costs"] = [{"label": "staff", "number": "posts", "yearly": 400000}]
    result = run_tree(tree, draws=1024, engine="expected", threads=1)
    drawn = draws_of(tree, result)
    assert result.clipped == {
        path: int(((drawn[name] < low) | (drawn[name] > high)).sum()) for name, (path, _, low, high) in names.items()
    }
    held = {name: np.clip(drawn[name][:, 0], low, high) for name, (_, _, low, high) in names.items()}
    by_hand = held["families"] * held["members"] * 0.4 * PRICE * (1 - held["refusion"]) - held["posts"] * 400000
    np.testing.assert_allclose(result.draws.columns[measures.TOTAL], by_hand, rtol=1e-9, atol=1e-6)


def test_the_count_is_the_same_in_chunks():
    tree = binary({"baseline": 0.1, "plus": "effect"}, {"effect": sure(0.1, "normal", mean=0.1, sd=0.2)})
    whole = run_tree(tree, draws=256, threads=1)
    assert whole.clipped == run_tree(tree, draws=256, threads=2, chunk=3).clipped
    assert sum(whole.clipped.values()) > 20


def test_nothing_is_counted_where_nothing_is_clipped():
    assert run_tree(simple(), draws=64, threads=1).clipped == {}


# Either-or, certain, nearly certain ----------------------------------------------------------------------------------


def either(low: float = 0.2, high: float = 0.6) -> dict:
    return sure(low, "choices", values=[low, high], weights=[1, 3])


def test_choices_are_the_two_scenarios_draw_by_draw():
    """With nothing else uncertain every draw is one of the two scenarios' own, luck and all."""
    mixed = simple(assumptions={"effect": either()})
    mixed["roles"]["adult"]["moves"][0]["chance"]["plus"] = "effect"
    result = run_tree(mixed, draws=512, threads=1)
    drawn = draws_of(mixed, result)["effect"][:, 0]
    alone = {}
    for value in (0.2, 0.6):
        tree = simple()
        tree["roles"]["adult"]["moves"][0]["chance"]["plus"] = value
        alone[value] = run_tree(tree, draws=512, threads=1)
    assert set(drawn) == {0.2, 0.6}
    assert (drawn == 0.6).mean() == 0.75
    for name in result.draws.columns.keys:
        mixture = np.where(drawn == 0.6, alone[0.6].draws.columns[name], alone[0.2].draws.columns[name])
        np.testing.assert_array_equal(result.draws.columns[name], mixture)


@pytest.mark.parametrize("engine", ["lives", "expected"])
def test_choices_reproduce_the_mixture(engine):
    """Beside other uncertain assumptions: mean, chance and distribution are those of the mixture."""
    price = sure(12000, "gamma", mean=12000, sd=2500)

    def tree(effect: dict) -> dict:
        one = simple(assumptions={"price": price, "effect": effect})
        one["roles"]["adult"]["states"]["benefit"]["monthly"] = "price"
        one["roles"]["adult"]["moves"][0]["chance"]["plus"] = "effect"
        one["costs"][0]["yearly"] = 1300000
        return one

    def total(effect: dict, seed: int, draws: int) -> np.ndarray:
        result = run_tree(tree(effect), draws=draws, seed=seed, engine=engine, design="random", threads=2)
        return result.draws.columns[measures.TOTAL]

    mixed = total(either(0.2, 0.5), 1, 8192)
    low, high = total({"value": 0.2}, 2, 2048), total({"value": 0.5}, 3, 6144)
    pooled = np.concatenate([low, high])
    error = math.hypot(mixed.std() / math.sqrt(8192), pooled.std() / math.sqrt(8192))
    assert abs(mixed.mean() - pooled.mean()) < 4.5 * error
    a, b = (mixed >= 0).mean(), (pooled >= 0).mean()
    assert 0.05 < b < 0.95
    assert abs(a - b) < 4.5 * math.sqrt(2 * b * (1 - b) / 8192)
    assert stats.ks_2samp(mixed, pooled).pvalue > 1e-4


def test_a_certain_assumption_changes_nothing():
    named = simple(assumptions={"price": {"value": 12000}, "chance": {"value": [0.25]}, "idle": {"value": 3}})
    named["roles"]["adult"]["states"]["benefit"]["monthly"] = "price"
    named["roles"]["adult"]["moves"][0]["chance"]["baseline"] = "chance"
    for engine in ("lives", "expected"):
        plain = run_tree(simple(), draws=128, engine=engine, threads=1)
        assert_identical(plain, run_tree(named, draws=128, engine=engine, threads=1))


@pytest.mark.parametrize("design", ["random", "lhs", "sobol"])
def test_a_certain_assumption_changes_nothing_beside_uncertain_ones(design):
    plain, named = rich(), rich()
    plain["costs"][0]["yearly"] = 900000
    named["assumptions"] = {"aside": {"value": [4, 5]}, "staff": {"value": 900000}} | named["assumptions"]
    named["costs"][0]["yearly"] = "staff"
    assert_identical(
        run_tree(plain, draws=64, design=design, threads=1), run_tree(named, draws=64, design=design, threads=1)
    )


VANISHING = {
    "normal": (1e-9, lambda value, sd: sure(value, "normal", mean=value, sd=sd)),
    "beta": (1e-6, lambda value, sd: sure(value, "beta", mean=value, sd=sd)),
    "gamma": (1e-9, lambda value, sd: sure(value, "gamma", mean=value, sd=sd)),
    "lognormal": (1e-9, lambda value, sd: sure(value, "lognormal", mean=value, sd=sd)),
    "uniform": (1e-9, lambda value, sd: sure(value, "uniform", low=value - sd, high=value + sd)),
    "pert": (1e-9, lambda value, sd: sure(value, "pert", low=value - sd, mode=value, high=value + sd)),
    "triangular": (1e-9, lambda value, sd: sure(value, "triangular", low=value - sd, mode=value, high=value + sd)),
    "cut": (1e-9, lambda value, sd: sure(value, "normal", mean=value, sd=sd, low=0)),
    "quantiles": (
        1e-9,
        lambda value, sd: sure(value, "quantiles", p5=value - 1.6 * sd, p50=value, p95=value + 1.6 * sd),
    ),
    "choices": (1e-9, lambda value, sd: sure(value, "choices", values=[value - sd, value + sd], weights=[1, 1])),
}
SLOPE = 1e7  # kr.; more than a chance of 1 makes of the provenu


@pytest.mark.parametrize("kind", VANISHING)
@pytest.mark.parametrize("engine", ["lives", "expected"])
def test_a_vanishing_sd_goes_to_the_certain_case(kind, engine):
    """Lives are the same but for a uniform between two chances, of which there is none here."""
    sd, make = VANISHING[kind]
    certain = run_tree(simple(), draws=256, engine=engine, threads=1)
    tree = simple(assumptions={"chance": make(0.25, sd), "relapse": make(0.1, sd)})
    tree["roles"]["adult"]["moves"][0]["chance"]["baseline"] = "chance"
    tree["roles"]["adult"]["moves"][2]["yearly"] = "relapse"
    nearly = run_tree(tree, draws=256, engine=engine, threads=1)
    a, b = everything(certain), everything(nearly)
    for name in a:
        if name.startswith("column") or name in ("sum lines", "sum baseline_person_months", "point"):
            near = 100 * sd if "luck" in name else 1e-9  # a relative change, of kroner squared and cubed
            np.testing.assert_allclose(b[name], a[name], rtol=near, atol=10 * sd * SLOPE, err_msg=name)
    if engine == "lives":
        for name in ("sum person_months", "sum arrivals"):
            assert a[name].tobytes() == b[name].tobytes()
    ours, theirs = reading(nearly), reading(certain)
    assert ours.provenu().mean.value == pytest.approx(theirs.provenu().mean.value, abs=sd * SLOPE)
    near = 0.0 if engine == "lives" else 1e-6  # luck's own distribution moves with the chances
    assert ours.break_even().probability.value == pytest.approx(theirs.break_even().probability.value, abs=near)
    assert 0 < split(nearly).assumptions < (sd * SLOPE) ** 2


# Climates -------------------------------------------------------------------------------------------------------------


def in_state(hazards: np.ndarray) -> np.ndarray:
    """(draw, month) months spent in a state that one any-month move leaves, in its middle; hazards (draw, month)."""
    stays = np.exp(-np.cumsum(hazards, axis=1))
    before = np.concatenate([np.ones((len(stays), 1)), stays[:, :-1]], axis=1)
    return (before + stays) / 2


@pytest.mark.parametrize("key", ["yearly", "quarterly", "monthly"])
def test_a_climate_multiplies_hazards(key):
    months = {"yearly": 12, "quarterly": 3, "monthly": 1}[key]
    tree = binary(0, {"climate": sure(1, "lognormal", mean=1, sd=0.5)}, years=2)
    tree["roles"]["adult"]["moves"] = [{"from": "benefit", "to": "job", key: arms(0.3), "climate": "climate"}]
    result = run_tree(tree, draws=64, engine="expected", threads=1)
    climate = draws_of(tree, result)["climate"]
    hazards = np.repeat(-math.log(0.7) / months * climate, 24, axis=1)
    saved = N * 10000 * (1 - in_state(hazards))
    np.testing.assert_allclose(result.draws.columns[measures.PROVENU, "2020"], saved[:, :12].sum(axis=1), rtol=1e-10)
    np.testing.assert_allclose(result.draws.columns[measures.PROVENU, "2021"], saved[:, 12:].sum(axis=1), rtol=1e-10)


def test_a_climate_of_each_year_multiplies_that_years_hazards():
    one = sure([1, 1.5, 0.5], "gamma", relative_sd=0.4) | {"each_year": True, "persistence": 0.5}
    tree = binary(0, {"climate": one}, years=3)
    tree["roles"]["adult"]["moves"] = [{"from": "benefit", "to": "job", "yearly": arms(0.3), "climate": "climate"}]
    result = run_tree(tree, draws=64, engine="expected", threads=1)
    climate = draws_of(tree, result)["climate"]
    assert climate.shape == (64, 3)
    saved = N * 10000 * (1 - in_state(-math.log(0.7) / 12 * np.repeat(climate, 12, axis=1)))
    for year in range(3):
        ours = result.draws.columns[measures.PROVENU, f"{2020 + year}"]
        np.testing.assert_allclose(ours, saved[:, 12 * year : 12 * year + 12].sum(axis=1), rtol=1e-10)


def test_a_climate_acts_after_the_effect():
    """hazard_ratio 2 and climate c: four times, were c 2."""
    tree = binary(0, {"climate": sure(1, "uniform", low=0, high=3)})
    tree["roles"]["adult"]["moves"] = [
        {"from": "benefit", "to": "job", "yearly": {"baseline": 0.3, "hazard_ratio": 2}, "climate": "climate"}
    ]
    result = run_tree(tree, draws=64, engine="expected", threads=1)
    climate = draws_of(tree, result)["climate"]
    hazards = np.repeat(-math.log(0.7) / 12 * climate, 12, axis=1)
    saved = N * 10000 * (in_state(hazards) - in_state(2 * hazards)).sum(axis=1)
    np.testing.assert_allclose(result.draws.columns[measures.TOTAL], saved, rtol=1e-9)


def test_a_climate_of_an_entry_move():
    tree = binary(0, {"climate": sure(1, "lognormal", mean=1, sd=0.5)})
    tree["roles"]["adult"]["moves"] = [
        {"from": "benefit", "to": "job", "at": "entry", "chance": arms(0.3, 0.1), "climate": "climate"}
    ]
    result = run_tree(tree, draws=64, engine="expected", threads=1)
    climate = draws_of(tree, result)["climate"][:, 0]
    moved = (1 - 0.7**climate) - (1 - 0.9**climate)
    np.testing.assert_allclose(result.draws.columns[measures.TOTAL], N * PRICE * moved, rtol=1e-10)


def test_a_climate_of_a_year_start_move():
    """Each 1 January has its own year's chance, and the first one none."""
    one = sure(1, "lognormal", mean=1, sd=0.5) | {"each_year": True, "persistence": 0.6}
    tree = binary(0, {"climate": one}, years=3)
    tree["roles"]["adult"]["moves"] = [
        {"from": "benefit", "to": "job", "yearly": arms(0.3), "timing": "year-start", "climate": "climate"}
    ]
    result = run_tree(tree, draws=64, engine="expected", threads=1)
    climate = draws_of(tree, result)["climate"]
    left = 0.7 ** np.cumsum(climate[:, 1:], axis=1)
    np.testing.assert_array_equal(result.draws.columns[measures.PROVENU, "2020"], 0)
    np.testing.assert_allclose(result.draws.columns[measures.PROVENU, "2021"], N * PRICE * (1 - left[:, 0]), rtol=1e-10)
    np.testing.assert_allclose(result.draws.columns[measures.PROVENU, "2022"], N * PRICE * (1 - left[:, 1]), rtol=1e-10)


def test_a_climate_may_make_alternatives_too_large_a_sum():
    """Then they are divided by it, and counted; the point is no error."""
    tree = binary(0, {"climate": sure(1, "uniform", low=0, high=6)})
    role = tree["roles"]["adult"]
    role["states"]["school"] = {"monthly": 4000}
    role["moves"] = [
        {"from": "benefit", "to": "job", "at": "entry", "chance": arms(0.5), "climate": "climate"},
        {"from": "benefit", "to": "school", "at": "entry", "chance": arms(0.3)},
    ]
    result = run_tree(tree, draws=256, engine="expected", threads=1)
    climate = draws_of(tree, result)["climate"][:, 0]
    job = 1 - 0.5**climate
    total = np.maximum(job + 0.3, 1)
    saved = 12 * N * (10000 * job + 6000 * 0.3) / total
    np.testing.assert_allclose(result.draws.columns[measures.TOTAL], saved, rtol=1e-9)
    n = int((job + 0.3 > 1).sum())
    assert n > 50
    assert result.clipped == {"roles.adult.moves[0]": n, "roles.adult.moves[1]": n}


def test_a_climate_of_0_stops_a_move_and_of_1_changes_nothing():
    tree = simple(assumptions={"climate": {"value": 1}})
    for move in tree["roles"]["adult"]["moves"]:
        move["climate"] = "climate"
    with_one = run_tree(tree, draws=64, engine="expected", threads=1)
    without = run_tree(simple(), draws=64, engine="expected", threads=1)
    np.testing.assert_allclose(
        with_one.draws.columns[measures.TOTAL], without.draws.columns[measures.TOTAL], rtol=1e-12
    )
    none = copy.deepcopy(tree)
    none["assumptions"]["climate"]["value"] = 0
    stopped = run_tree(none, draws=64, threads=1)
    lines = reading(stopped).lines()
    assert lines["adult"].mean.value == 0
    assert lines["adult"].sd.value == 0


def test_a_common_climate_does_not_average_out():
    """Ten times the families: luck's share falls, the climate's variance grows a hundredfold."""
    tree = binary(0, {"climate": sure(1, "lognormal", mean=1, sd=0.5)})
    tree["roles"]["adult"]["moves"] = [
        {"from": "benefit", "to": "job", "at": "entry", "chance": arms(0.3), "climate": "climate"}
    ]
    few = split(run_tree(tree, draws=1024, threads=1))
    tree["families"]["all"]["present"] = 10 * N
    many = split(run_tree(tree, draws=1024, threads=1))
    assert many.assumptions == pytest.approx(100 * few.assumptions, rel=1e-9)
    assert many.luck == pytest.approx(10 * few.luck, rel=0.25)
