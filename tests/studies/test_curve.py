"""Where a chance is as high as asked, on curves whose truth is known: straight, leaping, humped, and seen wrongly by few draws."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from simulate.analysis import precision
from simulate.studies.curve import Curve, Evaluation, few_of

DRAWS = 16384
SCAN = [0.0, 0.1, 0.25, 0.5, 0.75, 1.0]
Chance = Callable[[float], float]


def few_off(chance: float) -> float:
    """Few draws see every chance a little too high: one and a half of their standard errors."""
    return float(norm.cdf(norm.ppf(min(max(chance, 1e-12), 1 - 1e-12)) + 0.02)) if 0 < chance < 1 else chance


def curve_of(
    truth: Chance, few: Chance | None = None, low: float = 0.0, high: float = 1.0, assumed: float = 0.3
) -> tuple[Curve, list[float]]:
    """A curve with these chances, and the values for which all draws were asked."""
    asked: list[float] = []

    def chance(value: float, draws: int) -> Evaluation:
        if draws == DRAWS:
            asked.append(value)
        one = truth(value) if draws == DRAWS else (few or (lambda x: few_off(truth(x))))(value)
        known = precision.chance_of(one, math.sqrt(one * (1 - one) / draws) / 3, draws)
        return Evaluation(known, *known.interval, draws, {})

    return Curve(chance, low, high, assumed, DRAWS), asked


def normal(middle: float, slope: float) -> Chance:
    return lambda x: float(norm.cdf(slope * (x - middle)))


@given(
    st.floats(0.05, 0.95),
    st.floats(2, 30),
    st.sampled_from([-1, 1]),
    st.lists(st.floats(0.05, 0.95), min_size=1, max_size=6, unique=True),
)
def test_the_root_of_a_normal_curve(middle: float, slope: float, sign: int, probabilities: list[float]) -> None:
    curve, asked = curve_of(normal(middle, sign * slope))
    found = curve.thresholds(probabilities, SCAN)
    for p, one in zip(probabilities, found, strict=True):
        truth = middle + norm.ppf(p) / (sign * slope)
        if not 0 < truth < 1:
            continue
        assert one.probability == p
        assert one.reached == ("at-least" if sign > 0 else "at-most")
        assert one.crossing is not None
        half = precision.STUDENT * math.sqrt(p * (1 - p) / DRAWS) / 3 / (slope * norm.pdf(norm.ppf(p)))
        assert abs(one.crossing.value - truth) < half / 2  # far less than the error it is stated with
        low, high = one.crossing.interval
        assert low <= truth <= high
        assert (high - low) / 2 == pytest.approx(half, rel=0.35)
    assert len(asked) <= 3 * len(probabilities) + 2  # two of them at ends that few draws cannot place


@given(st.floats(0.2, 0.8), st.floats(2, 20), st.lists(st.floats(0.02, 0.98), min_size=2, max_size=8, unique=True))
def test_monotone_in_the_probability(middle: float, slope: float, probabilities: list[float]) -> None:
    """Also with probabilities closer together than anything can tell."""
    wanted = sorted({q for p in probabilities for q in (p, min(p * 1.0001, 0.99))})
    found = curve_of(normal(middle, slope))[0].thresholds(wanted, SCAN)
    values = [one.crossing.value for one in found if one.crossing is not None]
    assert values == sorted(values)
    kinds = [one.reached for one in found]
    assert kinds == sorted(kinds, key=["always", "at-least", "never"].index)


def test_answers_stand_in_the_order_asked() -> None:
    found = curve_of(normal(0.5, 5))[0].thresholds([0.9, 0.5, 0.8], SCAN)
    assert [one.probability for one in found] == [0.9, 0.5, 0.8]


@given(st.floats(0.01, 0.99), st.sampled_from([0.3, 0.5, 0.69]))
def test_a_leap_is_found_where_it_is_and_on_the_side_that_reaches(place: float, p: float) -> None:
    for rising in (True, False):
        curve, asked = curve_of(lambda x, rising=rising: 0.7 if (x >= place) == rising else 0.25)
        one = curve.thresholds([p], SCAN)[0]
        assert one.reached == ("at-least" if rising else "at-most")
        assert one.crossing is not None
        assert abs(one.crossing.value - place) < 1e-8
        assert (one.crossing.value >= place) == rising
        assert one.crossing.interval[1] - one.crossing.interval[0] < 1e-8
        assert one.crossing.known.chance.value == 0.7
        assert len(asked) <= 6 or p == 0.69  # few draws cannot tell that from 0.7


def test_all_or_nothing() -> None:
    """Where nothing is uncertain, every probability has the same threshold."""
    found = curve_of(lambda x: float(x >= 0.123456789))[0].thresholds([0.01, 0.5, 0.99], SCAN)
    for one in found:
        assert one.crossing is not None
        assert one.crossing.value == pytest.approx(0.123456789, abs=1e-8)


def hump(top: float, middle: float, width: float) -> Chance:
    return lambda x: top * math.exp(-(((x - middle) / width) ** 2))


def test_between_two_values() -> None:
    one = curve_of(hump(0.95, 0.4, 0.3))[0].thresholds([0.5], SCAN)[0]
    off = 0.3 * math.sqrt(math.log(0.95 / 0.5))
    assert one.reached == "between"
    assert one.stretches[0] == pytest.approx((0.4 - off, 0.4 + off), abs=0.002)
    assert one.crossing is not None
    assert one.crossing.value == one.stretches[0][0]  # the nearer to what is assumed, 0.3


def test_a_peak_between_what_is_scanned_is_climbed() -> None:
    """At the scanned values the chance is at most 0.84; at its peak 0.95."""
    truth = hump(0.95, 0.375, 0.35)
    assert max(map(truth, SCAN)) < 0.84
    one = curve_of(truth)[0].thresholds([0.93], SCAN)[0]
    off = 0.35 * math.sqrt(math.log(0.95 / 0.93))
    assert one.reached == "between"
    assert one.stretches[0] == pytest.approx((0.375 - off, 0.375 + off), abs=0.01)


def test_several_stretches() -> None:
    one = curve_of(lambda x: 0.5 + 0.4 * math.cos(2 * math.pi * x), assumed=0.9)[0].thresholds([0.7], SCAN)[0]
    off = math.acos(0.5) / (2 * math.pi)
    assert one.reached == "several"
    assert np.ravel(one.stretches) == pytest.approx([0, off, 1 - off, 1], abs=0.002)
    assert one.crossing is not None
    assert one.crossing.value == pytest.approx(1 - off, abs=0.002)


def test_never_says_the_best_there_is() -> None:
    curve, _ = curve_of(hump(0.6, 0.375, 0.35))
    one = curve.thresholds([0.8], SCAN)[0]
    assert (one.reached, one.crossing, one.stretches) == ("never", None, [])
    assert one.best == pytest.approx(0.375, abs=0.01)
    assert one.best_known.draws == DRAWS
    assert one.best_known.chance.value == pytest.approx(0.6, abs=1e-3)


def test_always() -> None:
    one = curve_of(lambda x: 0.4 + 0.2 * x)[0].thresholds([0.3], SCAN)[0]
    assert (one.reached, one.crossing, one.stretches) == ("always", None, [(0.0, 1.0)])


@pytest.mark.parametrize("p", [0.4, 0.6])
def test_nothing_changes_it(p: float) -> None:
    one = curve_of(lambda x: 0.5)[0].thresholds([p], SCAN)[0]
    assert one.reached == ("always" if p < 0.5 else "never")


def test_an_almost_flat_curve_is_known_badly_and_says_so() -> None:
    """From 0.49 to 0.51 over the whole range: a half-width of 0.0027 is an eighth of it either way."""
    one = curve_of(lambda x: 0.49 + 0.02 * x)[0].thresholds([0.5], SCAN)[0]
    assert one.crossing is not None
    low, high = one.crossing.interval
    half = precision.STUDENT * 0.5 / math.sqrt(DRAWS) / 3 / 0.02
    assert one.crossing.value == pytest.approx(0.5, abs=half)
    assert (high - low) / 2 == pytest.approx(half, rel=0.2)


def test_an_interval_ends_with_the_range() -> None:
    one = curve_of(lambda x: 0.499 + 0.02 * x)[0].thresholds([0.5], SCAN)[0]
    assert one.crossing is not None
    assert one.crossing.interval[0] == 0.0
    assert one.crossing.interval[1] < 1.0


@pytest.mark.parametrize("few", [lambda x: 0.9 if x > 0.2 else 0.05, lambda x: 0.4 * x, lambda x: 1.0 - x])
def test_few_draws_that_lead_astray(few: Chance) -> None:
    """Few draws are sure of a leap that is not there, that it never gets so high, or that it falls; all draws decide."""
    curve, _ = curve_of(normal(0.5, 5), few=few)
    one = curve.thresholds([0.6], SCAN)[0]
    truth = 0.5 + norm.ppf(0.6) / 5
    half = precision.STUDENT * math.sqrt(0.24 / DRAWS) / 3 / (5 * norm.pdf(norm.ppf(0.6)))
    assert one.reached == "at-least"
    assert one.crossing is not None
    assert abs(one.crossing.value - truth) < half
    assert one.crossing.interval[0] <= truth <= one.crossing.interval[1]


def test_with_few_draws_the_scan_is_all() -> None:
    assert few_of(256) == 256
    assert few_of(1024) == 1024
    assert few_of(16384) == 1024
    assert few_of(1 << 20) == 65536
