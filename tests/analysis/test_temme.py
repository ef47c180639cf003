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
def test_density_and_slope_are_those_of_the_chance(skewness: float) -> None:
    score, shape = np.linspace(-6, 6, 49)[:, None], 4 / skewness**2
    found, step = of(np.array([skewness])).at(score), 1e-4
    root, side = math.sqrt(shape), np.sign(skewness)
    exact = gamma.pdf(shape + side * root * score, shape) * root
    np.testing.assert_allclose(found.density, exact, rtol=1e-10, atol=1e-300)
    either = of(np.array([skewness])).at(score + step).density - of(np.array([skewness])).at(score - step).density
    np.testing.assert_allclose(found.slope, either / (2 * step), atol=1e-7)


def test_there_is_nothing_beyond_the_end() -> None:
    found = of(np.array([0.5, -0.5])).at(np.array([[-4.0, 4.0], [-50.0, 50.0]]))
    assert (found.density == 0).all()
    assert (found.slope == 0).all()
    np.testing.assert_allclose(found.chance, [[0.0, 1.0], [0.0, 1.0]], atol=1e-200)


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
        kernel, series, tails = kernels.load("gammas", compiled), np.empty((15, 37)), np.empty((3, 5, 37))
        kernel.expand(temme._coefficients(), shape, series)
        kernel.tails(score, side, half, shape, np.ones(37), series, *tails)
        found.append((series, tails))
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)


def test_it_takes_a_part_of_scipys_time() -> None:
    rng = np.random.default_rng(2)
    shape, score = rng.uniform(20, 150, 4096), rng.normal(size=4096)
    gammas = of(2 / np.sqrt(shape))
    assert ratio(lambda: gammas.at(score), lambda: gammainc(shape, shape * (1 + score / np.sqrt(shape)))) < 0.3
