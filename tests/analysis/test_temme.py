"""Gamma distributions with large shapes, against scipy's."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from effort import ratio
from scipy.special import erfcx, gammainc, gammaincc
from scipy.stats import gamma

from simulate import kernels
from simulate.analysis import temme
from simulate.analysis.temme import Gammas


def of(skewness: np.ndarray) -> Gammas:
    shape = 4 / skewness**2
    return Gammas(skewness, gamma.pdf(shape, shape) * np.sqrt(shape))


@pytest.mark.parametrize(("low", "high"), [(16.0, 17.0), (17.0, 40.0), (40.0, 190.0), (190.0, 4e6)])
@pytest.mark.parametrize("turned", [1.0, -1.0])
def test_chances_are_right_to_thirteen_places(low: float, high: float, turned: float) -> None:
    """On both sides, from the very end to far out; with large shapes as far as scipy's own are."""
    shape = np.geomspace(low, high, 300)
    score = np.linspace(*((-9, 14) if high < 200 else (-4.4, 4.4)), 400)[:, None] * np.ones(300)
    gammas, amount = of(turned * 2 / np.sqrt(shape)), shape * np.maximum(1 + score / np.sqrt(shape), 0.0)
    one, other = gammas.at(turned * score).chance, gammas.at(turned * score, above=True).chance
    below, above = (one, other) if turned > 0 else (other, one)
    far = 1e-13 if high < 1000 else 5e-13  # a large shape's own last digits
    np.testing.assert_allclose(below, gammainc(shape, amount), rtol=0, atol=far)
    np.testing.assert_allclose(above, gammaincc(shape, amount), rtol=0, atol=far)
    np.testing.assert_allclose(below + above, 1.0, atol=1e-15)


@pytest.mark.parametrize("skewness", [-0.4, 0.02, 0.5])
def test_densities_are_gammas(skewness: float) -> None:
    score, shape = np.linspace(-6, 6, 49)[:, None], 4 / skewness**2
    root, side = math.sqrt(shape), np.sign(skewness)
    exact = gamma.pdf(shape + side * root * score, shape) * root
    np.testing.assert_allclose(of(np.array([skewness])).at(score).density, exact, rtol=1e-10, atol=1e-300)


def test_points_are_sums_over_draws_and_their_derivatives() -> None:
    """Of amounts; each derivative by differences of the one before."""
    rng = np.random.default_rng(4)
    skewness, mean, sd = rng.uniform(-0.5, 0.5, 40), rng.normal(size=40), rng.uniform(0.5, 2, 40)
    weight, amounts, step = (rng.random(40) > 0.2).astype(float), np.linspace(-4, 4, 33), 1e-4
    gammas = of(skewness)
    below, rise = gammas.points(amounts, mean, sd, weight)
    known = gammas.at((amounts[:, None] - mean) / sd)
    np.testing.assert_allclose(below, known.chance, rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(rise[:, 0], (weight * known.density / sd).sum(axis=1), rtol=1e-12)
    (_, up), (_, down) = (gammas.points(amounts + side * step, mean, sd, weight) for side in (1, -1))
    np.testing.assert_allclose(rise[:, 1:], (up - down)[:, :-1] / (2 * step), atol=1e-5)


@pytest.mark.parametrize("skewness", [-0.5, -0.2, 1e-3, 0.3, 0.5])
def test_what_the_polynomial_leaves_is_less_than_a_hundredth_of_the_sixth_power(skewness: float) -> None:
    """Of a step in sds, as the ends of intervals and the last steps to percentiles take it."""
    score, one, gammas = np.linspace(-8, 8, 801), np.ones(1), of(np.array([skewness]))
    below, rise = gammas.points(score, np.zeros(1), one, one)
    for step in (-0.5, -0.25, 0.25, 0.5):
        told = below[:, 0] + sum(rise[:, k] * step ** (k + 1) / math.factorial(k + 1) for k in range(5))
        there = gammas.at(score[:, None] + step).chance[:, 0]
        assert np.abs(told - there).max() < 0.01 * step**6


def test_there_is_nothing_beyond_the_end() -> None:
    gammas = of(np.array([0.5, -0.5]))
    found = gammas.at(np.array([[-4.0, 4.0], [-50.0, 50.0]]))
    assert (found.density == 0).all()
    np.testing.assert_allclose(found.chance, [[0.0, 1.0], [0.0, 1.0]], atol=1e-200)
    _, rise = gammas.points(np.array([-50.0]), np.zeros(2), np.ones(2), np.array([1.0, 0.0]))
    assert not rise.any()


def test_coefficients_are_those_of_the_tables() -> None:
    """Temme 1979; DLMF 8.12.11 and 8.12.12."""
    first, second, third = temme._coefficients()[:3]
    np.testing.assert_allclose(first[:5], [-1 / 3, 1 / 12, -2 / 135, 1 / 864, 1 / 2835], rtol=1e-13)
    np.testing.assert_allclose(second[:3], [-1 / 540, -1 / 288, 1 / 378], rtol=1e-13)
    np.testing.assert_allclose(third[:2], [25 / 6048, -139 / 51840], rtol=1e-12)


def test_functions_of_its_own_are_right_to_the_last_digits() -> None:
    plain = kernels.load("gammas", compiled=False)
    far = np.concatenate([np.linspace(0, 38, 400), np.geomspace(1e-9, 1, 50)])
    np.testing.assert_allclose([plain.beyond(one) for one in far], erfcx(far / math.sqrt(2)) / 2, rtol=2e-14)
    np.testing.assert_allclose([plain.falling(one) for one in 18 * far], np.exp(-18 * far), rtol=4e-16)
    off = np.concatenate([np.linspace(-0.999, 20, 500), np.geomspace(1e-9, 0.4, 50), -np.geomspace(1e-9, 0.4, 50)])
    with localcontext(prec=50):
        exact = [float(one - (1 + one).ln()) for one in map(Decimal, off.tolist())]
    np.testing.assert_allclose([plain.excess(one) for one in off], exact, rtol=4e-15)


def test_compiled_and_plain_are_equal_to_the_last_bit() -> None:
    rng = np.random.default_rng(3)
    skewness, score = rng.choice([-1, 1], 37) * rng.uniform(2e-3, 0.5, 37), rng.normal(scale=3, size=(5, 37))
    shape, half, side = 4 / skewness**2, skewness / 2, np.sign(skewness)
    found = []
    for compiled in (True, False):
        kernel, series, tails = kernels.load("gammas", compiled), np.empty((15, 37)), np.empty((2, 5, 37))
        kernel.expand(temme._coefficients(), shape, series)
        kernel.tails(score, side, half, shape, np.ones(37), series, *tails)
        below, rise = np.empty((4, 37)), np.empty((4, 5))
        known = (side, half, shape, np.ones(37), series, np.empty(37))
        kernel.points(np.linspace(-2, 2, 4), score[0], np.ones(37), np.ones(37), *known, below, rise)
        found.append((series, tails, below, rise))
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)


def test_it_takes_a_part_of_scipys_time() -> None:
    rng = np.random.default_rng(2)
    shape, score = rng.uniform(20, 150, 4096), rng.normal(size=4096)
    gammas = of(2 / np.sqrt(shape))
    assert ratio(lambda: gammas.at(score), lambda: gammainc(shape, shape * (1 + score / np.sqrt(shape)))) < 0.3
