"""Which choice is best, and what the others lose: by hand, in closed form, and over many small runs."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from simulate.analysis import choice, precision
from simulate.names import BLOCKS

AMOUNTS = st.integers(-(10**9), 10**9).map(lambda øre: øre / 100)
PROVENUS = arrays(float, st.tuples(st.integers(2, 4), st.just(32)), elements=AMOUNTS)


def repeated(*columns: tuple[float, ...]) -> np.ndarray:
    """(choice, draw): the same draws in each block."""
    return np.tile(np.array(columns, float).T, BLOCKS)


def by_block(provenu: np.ndarray) -> np.ndarray:
    return np.stack([precision.in_blocks(one).mean(axis=1) for one in provenu])


# By hand --------------------------------------------------------------------------------------------------------------

THREE = repeated((5, 0, 1), (5, 2, 1), (2, 2, 1), (0, 0, 7))  # four draws of three choices


def test_best_by_hand():
    """Alone, alone, two of three, alone."""
    np.testing.assert_array_equal(choice.best(THREE)[:, :4], [[1, 1, 0.5, 0], [0, 0, 0.5, 0], [0, 0, 0, 1]])
    assert [one.value for one in choice.chances_of_best(THREE)] == [0.625, 0.125, 0.25]


def test_losses_by_hand():
    """The best are 5, 5, 2, 7, on average 4.75; the means are 3, 1, 2.5."""
    assert [one.value for one in choice.expected_losses(THREE)] == [1.75, 3.75, 2.25]
    assert [one.error for one in choice.expected_losses(THREE)] == [0, 0, 0]


def test_the_error_is_that_of_the_blocks():
    """Of 16 blocks, 4 in which the second wins by 8: the first loses 2 on average, and its blocks 0 or 8."""
    wins = np.repeat([8.0] * 4 + [0.0] * 12, 2)
    first, second = choice.expected_losses(np.stack([np.full(32, 1.0), 1 + wins]))
    assert first.value == 2
    assert first.error == pytest.approx(np.std([8] * 4 + [0] * 12, ddof=1) / 4)
    assert second == (0, 0)
    chances = choice.chances_of_best(np.stack([np.full(32, 1.0), 1 + wins]))
    assert [one.value for one in chances] == [0.375, 0.625]  # a half of the 12 blocks where they are equal


def test_sums_in_another_order_are_equal():
    a = np.full(32, 1e7)
    np.testing.assert_array_equal(choice.best(np.stack([a, a + 1e-8])), 0.5)
    np.testing.assert_array_equal(choice.best(np.stack([a, a + 0.01])), [[0] * 32, [1] * 32])
    assert choice.difference(a, a + 1e-8).negative.value == 0
    assert choice.difference(a, a + 0.01).negative.value == 1


def test_a_difference_by_hand():
    found = choice.difference(THREE[0], THREE[2])
    np.testing.assert_array_equal(found.values[:4], [4, 4, 1, -7])
    assert (found.mean.value, found.positive.value, found.negative.value) == (0.5, 0.75, 0.25)
    known = by_block(THREE) + np.arange(BLOCKS)
    shifted = choice.difference(THREE[0], THREE[2], (known[0] + 2, known[2]))
    assert shifted.mean.value == pytest.approx(2.5)
    assert shifted.mean.error == pytest.approx(0, abs=1e-12)  # what the two have in common has no part in it
    assert shifted.positive == found.positive


# Always ---------------------------------------------------------------------------------------------------------------


@given(PROVENUS)
def test_chances_sum_to_one(provenu):
    assert sum(one.value for one in choice.chances_of_best(provenu)) == pytest.approx(1)


@given(PROVENUS)
def test_nothing_lies_between_two_losses_but_their_means(provenu):
    losses = [one.value for one in choice.expected_losses(provenu)]
    means = provenu.mean(axis=1)
    np.testing.assert_allclose(np.subtract(losses, losses[0]), means[0] - means, rtol=1e-9, atol=1e-6)
    assert min(losses) >= 0


@given(PROVENUS)
def test_known_means_that_are_right_change_nothing(provenu):
    plain, corrected = (choice.expected_losses(provenu, known) for known in (None, by_block(provenu)))
    assert corrected == plain


@given(arrays(float, 32, elements=AMOUNTS), arrays(float, BLOCKS, elements=AMOUNTS))
def test_equal_choices_lose_nothing_to_the_last_bit(provenu, known):
    """Whatever is known of their means."""
    assert choice.expected_losses(np.stack([provenu] * 3), np.stack([known] * 3)) == [(0, 0)] * 3
    mean, positive, negative = choice.difference(provenu, provenu, (known, known))[1:]
    assert (mean, positive.value, negative.value) == ((0, 0), 0, 0)


# In closed form -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("correlation", [0.0, 0.8, -0.5])
def test_two_normals(correlation):
    """E max of two normals (Clark 1961)."""
    mean, sd = np.array([1e6, 1.5e6]), np.array([2e6, 1e6])
    covariance = correlation * sd[0] * sd[1]
    draws = (
        np.random.default_rng(3)
        .multivariate_normal(mean, [[sd[0] ** 2, covariance], [covariance, sd[1] ** 2]], 16384)
        .T
    )
    spread = math.sqrt(sd[0] ** 2 + sd[1] ** 2 - 2 * covariance)
    score = (mean[0] - mean[1]) / spread
    most = mean[0] * stats.norm.cdf(score) + mean[1] * stats.norm.cdf(-score) + spread * stats.norm.pdf(score)
    for found, exact in zip(choice.expected_losses(draws), most - mean, strict=True):
        assert abs(found.value - exact) < 4.5 * found.error
        assert found.error < 0.02 * spread
    first, second = choice.chances_of_best(draws)
    assert abs(first.value - stats.norm.cdf(score)) < 4.5 * first.error
    assert first.error == pytest.approx(second.error)


# With means that are known better -------------------------------------------------------------------------------------

MEANS, ASSUMED, LUCK = np.array([0.0, 0.4, -1.0]), 1.0, 1.5


def lived(seed: int, each: int = 64) -> tuple[np.ndarray, np.ndarray]:
    """(choice, draw) provenus of three choices, and the (choice, block) means of what they are without luck."""
    rng = np.random.default_rng(seed)
    expected = MEANS[:, None] + ASSUMED * rng.standard_normal((3, BLOCKS * each))
    return expected + LUCK * rng.standard_normal(expected.shape), by_block(expected)


def test_corrected_losses_have_no_bias_and_less_error():
    spread = math.hypot(ASSUMED, LUCK)
    x = np.linspace(-12, 12, 20001)
    below = stats.norm.cdf(x[:, None], MEANS, spread).prod(axis=1)
    most = x[-1] - np.trapezoid(below, x)  # E max = top - integral of its distribution function
    runs = [lived(seed) for seed in range(200)]
    plain, corrected = (
        [choice.expected_losses(a, b) for a, b in pairs] for pairs in ([(a, None) for a, _ in runs], runs)
    )
    for i in range(3):
        values = np.array([run[i].value for run in corrected])
        raw = np.array([run[i].value for run in plain])
        stated = math.sqrt(np.mean([run[i].error ** 2 for run in corrected]))
        assert abs(values.mean() - (most - MEANS[i])) < 4.5 * values.std(ddof=1) / math.sqrt(len(runs))
        assert values.std() < 0.85 * raw.std()
        assert stated == pytest.approx(values.std(), rel=0.2)


def test_corrected_losses_differ_by_the_known_means():
    provenu, known = lived(5)
    losses = choice.expected_losses(provenu, known)
    for i in (1, 2):
        assert losses[0].value - losses[i].value == pytest.approx(known[i].mean() - known[0].mean(), rel=1e-9)


def test_a_choice_that_is_always_best_loses_nothing():
    """Whatever its luck, and the other loses what the known means say."""
    provenu, known = lived(6)
    provenu[0] += 100
    known[0] += 100
    losses = choice.expected_losses(provenu, known)
    assert losses[0] == (0, 0)
    assert losses[1].value == pytest.approx(known[0].mean() - known[1].mean(), rel=1e-12)
