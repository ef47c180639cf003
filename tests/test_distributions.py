"""Every kind against scipy.stats, quantiles against Keelin 2016, and words for all that cannot be."""

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import special, stats

from simulate import locale
from simulate.distributions import (
    KINDS,
    PERCENTILE,
    Distribution,
    DistributionProblem,
    distribution,
    drawn_length_cdf,
    weibull_shape,
)

U = np.array([1e-12, 1e-6, 1e-3, 0.05, 0.3, 0.5, 0.8, 0.95, 0.999, 1 - 1e-6])


@pytest.fixture(autouse=True)
def english():
    locale.use("en")


def scaled(a, b, low, high):
    return stats.beta(a, b, low, high - low)


def lognormal(mean, sd):
    spread = math.sqrt(math.log1p((sd / mean) ** 2))
    return stats.lognorm(spread, scale=mean * math.exp(-(spread**2) / 2))


def gamma(mean, sd):
    return stats.gamma((mean / sd) ** 2, scale=sd**2 / mean)


PEERS = [
    ("beta", {"successes": 3, "failures": 17}, 1, stats.beta(3.5, 17.5)),
    ("beta", {"successes": 0, "failures": 12}, 1, stats.beta(0.5, 12.5)),
    ("beta", {"mean": 0.3, "sd": 0.1}, 1, stats.beta(6, 14)),
    ("beta", {"mean": 0.02, "sd": 0.01}, 1, stats.beta(0.02 * 195, 0.98 * 195)),
    ("pert", {"low": 0.05, "mode": 0.15, "high": 0.25}, 1, scaled(3, 3, 0.05, 0.25)),
    ("pert", {"low": -2, "mode": -2, "high": 8}, 1, scaled(1, 5, -2, 8)),
    ("pert", {"low": 0.8, "mode": 1, "high": 1.3}, 1, scaled(2.6, 3.4, 0.8, 1.3)),
    ("triangular", {"low": 0, "mode": 1, "high": 4}, 1, stats.triang(0.25, 0, 4)),
    ("triangular", {"low": -1, "mode": -1, "high": 4}, 1, stats.triang(0, -1, 5)),
    ("triangular", {"low": -1, "mode": 4, "high": 4}, 1, stats.triang(1, -1, 5)),
    ("uniform", {"low": -3, "high": 5}, 1, stats.uniform(-3, 8)),
    ("normal", {"mean": 0.15, "sd": 0.07}, 1, stats.norm(0.15, 0.07)),
    ("normal", {"relative_sd": 0.1}, -465000, stats.norm(-465000, 46500)),
    ("lognormal", {"mean": 450000, "sd": 90000}, 1, lognormal(450000, 90000)),
    ("lognormal", {"relative_sd": 2}, 3, lognormal(3, 6)),
    ("gamma", {"mean": 24, "sd": 12}, 1, gamma(24, 12)),
    ("gamma", {"relative_sd": 3}, 5, gamma(5, 15)),
    ("quantiles", {"p5": 1, "p95": 3}, 1, stats.logistic(2, 1 / math.log(19))),
    ("quantiles", {"p50": 4, "p90": 7, "low": 2}, 1, stats.fisk(math.log(9) / math.log(2.5), 2, 2)),
    ("quantiles", {"p50": 2, "p90": 2.94, "low": 1}, 1, stats.fisk(math.log(9) / math.log(1.94), 1, 1)),
]


@pytest.mark.parametrize(("kind", "parameters", "value", "peer"), PEERS)
def test_equals_scipy(kind, parameters, value, peer):
    made = distribution(kind, parameters, value)
    middle, spread = peer.mean(), peer.std()
    np.testing.assert_allclose(made.ppf(U), peer.ppf(U), rtol=1e-9, atol=1e-10 * spread)
    np.testing.assert_allclose(made.cdf(peer.ppf(U)), U, rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose([made.mean, made.sd], [middle, spread], rtol=1e-9, atol=1e-12 * spread)
    assert made.kind == kind


CUT = [  # parent's mean and sd, low and high
    (0.15, 0.07, 0, math.inf),
    (0.15, 0.2, 0, 1),
    (0, 1, 6, math.inf),
    (0, 1, -math.inf, -30),
    (-20, 3, 0, 1),
    (1e6, 1e5, 9e5, 1.05e6),
    (5, 1, -100, 100),
]


@pytest.mark.parametrize(("middle", "spread", "low", "high"), CUT)
def test_a_cut_normal_has_its_mean_and_sd_after_the_cut(middle, spread, low, high):
    peer = stats.truncnorm((low - middle) / spread, (high - middle) / spread, middle, spread)
    at, weight = pieces(*peer.ppf([1e-30, 1 - 1e-16]), 400)
    weight *= peer.pdf(at) / (weight @ peer.pdf(at))
    mean = at @ weight
    sd = math.sqrt((at - mean) ** 2 @ weight)
    made = distribution("normal", {"mean": mean, "sd": sd, **bounds(low, high)}, 1)
    # Far from the cut scipy's own inverse loses digits; its density does not.
    np.testing.assert_allclose(made.ppf(U), peer.ppf(U), rtol=1e-9, atol=1e-7 * sd)
    np.testing.assert_allclose(peer.cdf(made.ppf(U)), U, rtol=1e-9, atol=1e-11)
    for u in U:
        at, weight = pieces(made.ppf(u), peer.ppf(1 - 1e-16), 400)
        assert weight @ peer.pdf(at) == pytest.approx(1 - u, rel=1e-8)
    np.testing.assert_allclose(made.cdf(made.ppf(U)), U, rtol=1e-9, atol=1e-13)
    assert (made.mean, made.sd) == (mean, sd)


def pieces(low, high, number):
    """Points and weights of Gauss-Legendre pieces."""
    nodes, weights = np.polynomial.legendre.leggauss(20)
    half = (high - low) / number / 2
    middles = np.linspace(low + half, high - half, number)
    return (middles[:, None] + half * nodes).ravel(), np.tile(half * weights, number)


def bounds(low, high):
    return {key: bound for key, bound in (("low", low), ("high", high)) if math.isfinite(bound)}


SMOOTH = [
    *((kind, parameters, value) for kind, parameters, value, _ in PEERS if "p90" not in parameters),
    ("normal", {"mean": 0.15, "sd": 0.07, "low": 0}, 1),
    ("normal", {"mean": 0.1, "sd": 0.0997, "low": 0, "high": 1}, 1),
    ("normal", {"relative_sd": 0.1, "low": -1.2, "high": 0}, -1),
    ("normal", {"mean": 1, "sd": 0.999, "low": 0}, 1),
    ("normal", {"mean": 1, "sd": 0.999, "high": 2}, 1),
    ("normal", {"mean": 0.5, "sd": 0.2885, "low": 0, "high": 1}, 1),
    ("quantiles", {"p5": 1, "p50": 2, "p95": 4}, 1),
    ("quantiles", {"p5": 1, "p50": 2, "p95": 4, "low": 0}, 1),
    ("quantiles", {"p5": -4, "p50": -2, "p95": -1, "high": 0}, 1),
    ("quantiles", {"p5": 0.01, "p50": 0.1, "p95": 0.4, "low": 0, "high": 1}, 1),
    ("quantiles", {"p40": 0.2, "p60": 0.8, "low": 0, "high": 1}, 1),
    ("quantiles", {"p10": 1, "p30": 2, "p60": 3, "p90": 5}, 1),
    ("quantiles", {"p2.5": 1, "p25": 2, "p50": 2.6, "p75": 3.3, "p97.5": 6, "low": 0}, 1),
    ("quantiles", {"p5": 900000, "p50": 1000000, "p95": 1200000}, 1),
]


@pytest.mark.parametrize(("kind", "parameters", "value"), SMOOTH)
def test_mean_and_sd_come_back_from_the_ppf(kind, parameters, value):
    made = distribution(kind, parameters, value)
    score, weight = pieces(-36, 36, 20000)  # below the upper end u is not 1 yet
    weight *= special.expit(score) * special.expit(-score)
    x = made.ppf(special.expit(score))
    assert weight.sum() == pytest.approx(1, abs=1e-12)
    assert x @ weight == pytest.approx(made.mean, rel=1e-8, abs=1e-8 * made.sd)
    assert math.sqrt((x - made.mean) ** 2 @ weight) == pytest.approx(made.sd, rel=1e-6)
    if "mean" in parameters:
        assert (made.mean, made.sd) == pytest.approx((parameters["mean"], parameters["sd"]), rel=1e-12)
    np.testing.assert_allclose(made.cdf(made.ppf(U[2:-2])), U[2:-2], rtol=1e-9)


@pytest.mark.parametrize(("kind", "parameters", "value"), SMOOTH)
def test_bounded_distributions_take_probabilities_of_0_and_1(kind, parameters, value):
    made = distribution(kind, parameters, value)
    ends = made.ppf(np.array([0.0, 1.0]))
    assert not np.isnan(ends).any()
    if "low" in parameters:
        assert parameters["low"] <= ends[0] <= parameters["low"] + 1e-9 * made.sd
        assert made.cdf(np.array([parameters["low"] - 1.0]))[0] == 0
    if "high" in parameters:
        assert parameters["high"] >= ends[1] >= parameters["high"] - 1e-9 * made.sd
        assert made.cdf(np.array([parameters["high"] + 1.0]))[0] == 1
    assert made.ppf(np.full((2, 3), 0.4)).shape == made.cdf(np.full((2, 3), made.mean)).shape == (2, 3)


def test_a_normal_that_is_cut_far_out_is_the_normal():
    cut = distribution("normal", {"mean": 5, "sd": 1, "low": -100}, 1)
    np.testing.assert_allclose(cut.ppf(U), distribution("normal", {"mean": 5, "sd": 1}, 1).ppf(U), rtol=1e-14)


QUANTILES = [parameters for kind, parameters, _ in SMOOTH if kind == "quantiles"]


@pytest.mark.parametrize("parameters", QUANTILES)
def test_quantiles_come_back_exactly(parameters):
    made = distribution("quantiles", parameters, 1)
    for key, wanted in parameters.items():
        if found := PERCENTILE.fullmatch(key):
            share = np.array([float(found[1]) / 100])
            assert made.ppf(share)[0] == pytest.approx(wanted, rel=1e-11)
            assert made.cdf(np.array([wanted]))[0] == pytest.approx(share[0], rel=1e-11)


def test_four_terms_have_the_moments_that_keelin_gives():
    a = np.array([10.0, 2.0, 0.5, 0.7])
    u = np.array([0.1, 0.3, 0.6, 0.9])
    score = np.log(u / (1 - u))
    x = a[0] + a[1] * score + a[2] * (u - 0.5) * score + a[3] * (u - 0.5)
    made = distribution("quantiles", dict(zip(("p10", "p30", "p60", "p90"), x, strict=True)), 1)
    variance = math.pi**2 / 3 * a[1] ** 2 + (1 / 12 + math.pi**2 / 36) * a[2] ** 2 + a[1] * a[3] + a[3] ** 2 / 12
    assert made.mean == pytest.approx(a[0] + a[2] / 2, rel=1e-11)
    assert made.sd == pytest.approx(math.sqrt(variance), rel=1e-11)


@settings(deadline=None)
@given(some.floats(0.01, 0.99))
def test_three_points_are_feasible_exactly_where_keelin_says(middle):
    """Keelin 2016, section 4: k < (p50-p10)/(p90-p10) < 1-k, with k = (1 - 1.66711 (1/2 - 0.1)) / 2."""
    limit = (1 - 1.66711 * 0.4) / 2
    if abs(min(middle, 1 - middle) - limit) < 1e-4:
        return
    parameters = {"p10": 0.0, "p50": middle, "p90": 1.0}
    if limit < middle < 1 - limit:
        distribution("quantiles", parameters, 1)
    else:
        with pytest.raises(DistributionProblem, match="run backwards"):
            distribution("quantiles", parameters, 1)


@settings(deadline=None)
@given(
    some.lists(some.floats(-1e6, 1e6), min_size=2, max_size=7),
    some.lists(some.sampled_from([f"p{n}" for n in range(1, 100)]), min_size=2, max_size=7, unique=True),
    some.booleans(),
    some.booleans(),
    some.floats(1e-3, 1e6),
)
def test_quantiles_rise_or_are_a_problem(numbers, keys, has_low, has_high, margin):
    keys = sorted(keys, key=lambda key: float(key[1:]))
    parameters = dict(zip(keys, sorted(numbers), strict=False))
    parameters |= {"low": min(numbers) - margin} if has_low else {}
    parameters |= {"high": max(numbers) + margin} if has_high else {}
    try:
        made = distribution("quantiles", parameters, 1)
    except DistributionProblem:
        return
    u = special.expit(np.linspace(-30, 30, 20001))
    x = made.ppf(u)
    assert (np.diff(x) >= -1e-14 * np.abs(x).max()).all()
    assert np.isfinite([made.mean, made.sd]).all()
    scale = max(np.abs(x).max(), *map(abs, parameters.values()))  # a far bound costs digits
    for key, wanted in parameters.items():
        if key.startswith("p"):
            assert made.ppf(np.array([float(key[1:]) / 100]))[0] == pytest.approx(wanted, rel=1e-9, abs=1e-9 * scale)


@pytest.mark.parametrize("weights", [[0.25, 0.75], [1, 3], [25, 75]])
def test_choices_are_steps_in_rising_order(weights):
    made = distribution("choices", {"values": [4, 2], "weights": weights}, 1)
    assert made.ppf(np.array([0, 0.1, 0.75, 0.7500001, 1])).tolist() == [2, 2, 2, 4, 4]
    assert made.cdf(np.array([1.9, 2, 3.9, 4, 5])).tolist() == [0, 0.75, 0.75, 1, 1]
    assert (made.mean, made.sd) == pytest.approx((2.5, math.sqrt(0.75)))


def test_a_choice_without_weight_is_never_made():
    made = distribution("choices", {"values": [1, 2, 3], "weights": [0, 1, 1]}, 1)
    assert made.ppf(np.array([0.0, 0.5, 0.6])).tolist() == [2, 2, 3]


POINTS = {"p5": 1.0, "p50": 2.0, "p95": 3.0}
RANGE = {"low": 0.0, "mode": 1.0, "high": 2.0}
IMPOSSIBLE = [
    ("bta", {}, "kind", "no kind is called `bta`; it is one of beta, pert"),
    ("beta", {}, "", "`successes` is missing: `beta` takes successes, failures; or mean, sd"),
    ("beta", {"successes": 3}, "", "`failures` is missing"),
    ("beta", {"successes": -1, "failures": 3}, "successes", "a count is at least 0; this is -1"),
    ("beta", {"successes": 1, "failures": -3}, "failures", "a count is at least 0"),
    ("beta", {"mean": 0.5, "sd": 0.5}, "sd", "has sd 0.5: it is below 0.5"),
    ("beta", {"mean": 0.5, "sd": 0.6}, "sd", "no `beta` with mean 0.5"),
    ("beta", {"mean": 15, "sd": 2}, "mean", "between 0 and 1; this is 15"),
    ("beta", {"mean": 0, "sd": 0.2}, "mean", "between 0 and 1"),
    ("beta", {"mean": 0.2, "sd": 0.1, "successes": 3}, "successes", "`successes` has no place here"),
    ("beta", {"mean": 0.2, "relative_sd": 0.1}, "relative_sd", "`relative_sd` has no place here"),
    ("pert", {**RANGE, "low": 1.5}, "mode", "`mode` (1) must lie between `low` (1.5) and `high` (2)"),
    ("pert", {**RANGE, "mode": 2.5}, "mode", "`mode` (2.5) must lie between `low` (0) and `high` (2)"),
    ("pert", {"low": 1, "mode": 1, "high": 1}, "high", "`high` (1) must be above `low` (1)"),
    ("pert", {**RANGE, "weight": 4}, "weight", "`weight` has no place here: `pert` takes low, mode, high"),
    ("triangular", {**RANGE, "mode": -1}, "mode", "`mode` (-1) must lie between `low` (0) and `high` (2)"),
    ("triangular", {"low": 1, "mode": 1, "high": 1}, "high", "`high` (1) must be above `low` (1)"),
    ("triangular", {"low": 1, "high": 3}, "", "`mode` is missing"),
    ("uniform", {"low": 2, "high": 1}, "high", "`high` (1) must be above `low` (2)"),
    ("uniform", {"low": 465000, "high": 465000}, "high", "`high` (465,000) must be above `low` (465,000)"),
    ("uniform", {"low": math.nan, "high": 1}, "low", "finite number, and is nan"),
    ("uniform", {"low": 0, "high": math.inf}, "high", "finite number, and is inf"),
    ("uniform", {"low": True, "high": 3}, "low", "finite number, and is True"),
    ("uniform", {"low": [0, 1], "high": 3}, "low", "finite number, and is [0, 1]"),
    ("normal", {"mean": 1, "sd": 0}, "sd", "leave `uncertainty` out"),
    ("normal", {"mean": 1, "sd": -2}, "sd", "must be above 0, and is -2"),
    ("normal", {"relative_sd": 0}, "relative_sd", "leave `uncertainty` out"),
    ("normal", {"relative_sd": -0.1}, "relative_sd", "must be above 0, and is -0.1"),
    ("normal", {"mean": 1}, "", "`sd` is missing: `normal` takes mean, sd, (low), (high); or relative_sd,"),
    ("normal", {"mean": 1, "sd": 1, "relative_sd": 1}, "relative_sd", "`relative_sd` has no place here"),
    ("normal", {"mean": 1, "relative_sd": 1}, "mean", "`mean` has no place here"),
    ("normal", {"mean": 1, "sd": 0.1, "low": 2}, "mean", "`mean` (1) must be above `low` (2)"),
    ("normal", {"mean": 1, "sd": 0.1, "low": 1}, "mean", "`mean` (1) must be above `low` (1)"),
    ("normal", {"mean": 1, "sd": 0.1, "high": 0.5}, "high", "`high` (0.5) must be above `mean` (1)"),
    ("normal", {"mean": 0.5, "sd": 0.3, "low": 0, "high": 1}, "sd", "has sd 0.3: it is below 0.2887"),
    ("normal", {"mean": 450000, "sd": 460000, "low": 0}, "sd", "has sd 460,000: it is below 450,000"),
    ("normal", {"mean": 1e6, "sd": 1e-9}, "", "too close together"),
    ("lognormal", {"mean": 0, "sd": 1}, "mean", "lies above 0, and so must its mean; it is 0"),
    ("lognormal", {"mean": 1, "sd": 0}, "sd", "leave `uncertainty` out"),
    ("lognormal", {"mean": 1, "sd": 1, "low": 0}, "low", "`low` has no place here"),
    ("lognormal", {"mean": 1e-300, "sd": 1e300}, "", "too far apart"),
    ("gamma", {"mean": -1, "sd": 1}, "mean", "lies above 0"),
    ("quantiles", {}, "", "at least two points"),
    ("quantiles", {"p50": 1, "low": 0}, "", "at least two points"),
    (
        "quantiles",
        {**POINTS, "p100": 4},
        "p100",
        "`p100` has no place here: `quantiles` takes p5, p50, p95, ...",
    ),
    ("quantiles", {**POINTS, "p0": 0}, "p0", "call it `low`"),
    ("quantiles", {**POINTS, "p05": 1.5}, "p05", "the same percentile as `p5`"),
    ("quantiles", {**POINTS, "p50": 0.5}, "p50", "`p50` (0.5) must be above `p5` (1)"),
    ("quantiles", {**POINTS, "p50": 3}, "p95", "`p95` (3) must be above `p50` (3)"),
    ("quantiles", {**POINTS, "low": 1}, "p5", "`p5` (1) must be above `low` (1)"),
    ("quantiles", {**POINTS, "high": 2.5}, "high", "`high` (2.5) must be above `p95` (3)"),
    ("quantiles", {"p5": 1, "p50": 1.01, "p95": 9}, "", "would run backwards near the percentile"),
    ("quantiles", {"p50": 1, "p51": 10, "low": 0}, "", "the sd is infinite: give `high` too"),
    ("quantiles", {"p50": -10, "p51": -1, "high": 0}, "", "the sd is infinite: give `low` too"),
    ("quantiles", {"p2": {"5": 1}, "p50": 3}, "p2", "finite number"),
    ("choices", {"values": [1, 2]}, "", "`weights` is missing"),
    ("choices", {"values": [1, 2], "weights": [1]}, "weights", "one weight for each of the values"),
    ("choices", {"values": [1, 2], "weights": [0.5, 0.4]}, "weights", "sum to 1, or are whole numbers"),
    ("choices", {"values": [1, 2], "weights": [1.5, -0.5]}, "weights", "at least 0"),
    ("choices", {"values": [1, 2], "weights": [1, 0]}, "values", "at least two values with a weight above 0"),
    ("choices", {"values": [1, 2], "weights": [0, 0]}, "values", "at least two values"),
    ("choices", {"values": [1, 1], "weights": [1, 1]}, "values", "each of them once"),
    ("choices", {"values": [1], "weights": [1]}, "values", "at least two values"),
    ("choices", {"values": [], "weights": []}, "values", "at least two values"),
    ("choices", {"values": 1, "weights": 1}, "values", "at least two values"),
    ("choices", {"values": [1, math.nan], "weights": [1, 1]}, "values", "finite number"),
    ("choices", {"values": ["a", "b"], "weights": [1, 1]}, "values", "finite number, and is a"),
]


@pytest.mark.parametrize(("kind", "parameters", "key", "words"), IMPOSSIBLE)
def test_what_cannot_be_is_told_in_words(kind, parameters, key, words):
    with pytest.raises(DistributionProblem) as caught:
        distribution(kind, parameters, 1.0)
    assert words in caught.value.message
    assert caught.value.key == key


@pytest.mark.parametrize(("kind", "value", "words"), [("normal", 0.0, "the value is 0"), ("gamma", -2.0, "it is -2")])
def test_relative_sd_needs_a_value_to_be_about(kind, value, words):
    with pytest.raises(DistributionProblem, match=words) as caught:
        distribution(kind, {"relative_sd": 0.1}, value)
    assert caught.value.key == "relative_sd"


@settings(deadline=None)
@given(some.sampled_from(sorted(KINDS)), some.data())
def test_any_parameters_make_a_distribution_or_a_problem(kind, data):
    ways = KINDS[kind].ways
    way = data.draw(some.sampled_from(ways))
    keys = [*way.required, *way.optional, *(("p5", "p50", "p95") if KINDS[kind].percentiles else ())]
    numbers = some.one_of(some.floats(), some.floats(-10, 10), some.integers(-5, 5))
    listed = some.lists(numbers, max_size=4)
    parameters = {key: data.draw(listed if key in ("values", "weights") else numbers) for key in keys}
    try:
        made = distribution(kind, parameters, data.draw(some.floats(-10, 10)))
    except DistributionProblem:
        return
    assert isinstance(made, Distribution)
    assert np.isfinite(made.ppf(np.array([0.01, 0.5, 0.99]))).all()
    assert made.sd > 0


@pytest.mark.parametrize("cv", [0.01, 0.1, 0.5, 1, 2, 5, 20])
def test_drawn_lengths_equal_scipy(cv):
    mean = 24.0
    at = mean * np.array([0.0, 0.01, 0.5, 0.97, 1, 1.02, 2, 10, 100])
    shape = weibull_shape(np.array(cv))
    weibull = stats.weibull_min(shape, scale=mean / special.gamma(1 + 1 / shape))
    assert (weibull.mean(), weibull.std()) == pytest.approx((mean, cv * mean), rel=1e-9)
    for name, peer in (
        ("gamma", gamma(mean, cv * mean)),
        ("lognormal", lognormal(mean, cv * mean)),
        ("weibull", weibull),
    ):
        found = drawn_length_cdf(name, mean, cv * mean, at)
        np.testing.assert_allclose(found, peer.cdf(at), rtol=1e-9, atol=1e-13)


def test_the_weibull_shape_is_solved_all_along():
    cv = np.geomspace(1e-3, 1e3, 2001)
    x = 1 / weibull_shape(cv)
    found = special.gammaln(1 + 2 * x) - 2 * special.gammaln(1 + x)
    np.testing.assert_allclose(found, np.log1p(cv**2), rtol=1e-9)
    assert weibull_shape(np.array(1.0)) == pytest.approx(1, rel=1e-12)
    assert np.isfinite(weibull_shape(np.array([1e-12, 1e12]))).all()


@pytest.mark.parametrize("shape", ["gamma", "weibull", "lognormal"])
def test_lengths_that_are_certain_or_nothing(shape):
    at = np.array([0.0, 1e-9, 5.0, 6.0, math.inf])
    assert drawn_length_cdf(shape, 5, 0, at).tolist() == [0, 0, 1, 1, 1]
    assert drawn_length_cdf(shape, 0, 3, at).tolist() == [0, 1, 1, 1, 1]
    assert drawn_length_cdf(shape, -2, 0, at).tolist() == [0, 1, 1, 1, 1]
    table = drawn_length_cdf(shape, np.array([[5.0], [0.0]]), np.array([[2.0], [1.0]]), at)
    assert table.shape == (2, 5)
    assert (np.diff(table) >= 0).all()
    extreme = drawn_length_cdf(shape, np.array([[1e-300], [1e-8], [1.0], [1e300]]), 12.0, at)
    assert np.isfinite(extreme).all()
    assert (np.diff(extreme) >= -1e-13).all()


def test_special_functions_wait_and_scipy_is_never_imported_whole():
    program = """
import sys
from simulate import locale
from simulate.distributions import distribution
locale.use("en")
assert not any(name.startswith("scipy") for name in sys.modules)
distribution("normal", {"mean": 1, "sd": 0.5, "low": 0, "high": 9}, 1)
distribution("quantiles", {"p5": 1, "p50": 2, "p95": 3, "low": 0}, 1)
assert "scipy.special._ufuncs" in sys.modules
assert not {"scipy.special", "scipy.stats", "scipy.optimize"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True)
