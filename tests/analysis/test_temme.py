"""Gamma distributions with large shapes, against scipy's."""

import numpy as np
import pytest
from effort import ratio
from scipy.special import gammainc, gammaincc

from simulate.analysis import temme
from simulate.analysis.temme import Gammas


@pytest.mark.parametrize(("low", "high"), [(16.0, 17.0), (17.0, 40.0), (40.0, 190.0)])
def test_chances_are_right_to_thirteen_places(low: float, high: float) -> None:
    """On both sides, from the very end to far out."""
    shape = np.random.default_rng(1).uniform(low, high, 300)
    off = np.maximum(np.linspace(-9, 14, 400)[:, None] / np.sqrt(shape), -1.0)
    all_of_them = np.ones(len(shape), np.bool_)
    below, _ = Gammas(shape).at(off, all_of_them)
    above, _ = Gammas(shape).at(off, ~all_of_them)
    np.testing.assert_allclose(below, gammainc(shape, shape * (1 + off)), rtol=0, atol=1e-13)
    np.testing.assert_allclose(above, gammaincc(shape, shape * (1 + off)), rtol=0, atol=1e-13)
    np.testing.assert_allclose(below + above, 1.0, atol=1e-15)


def test_the_height_is_that_of_the_density() -> None:
    shape, off = np.array([20.0, 90.0]), np.array([[-0.3], [0.0], [0.4]])
    _, height = Gammas(shape).at(np.broadcast_to(off, (3, 2)), np.ones(2, np.bool_))
    log = (shape - 1) * np.log(1 + off) - shape * off  # of the density, less that at the mean
    np.testing.assert_allclose(height / (1 + off), np.exp(log), rtol=1e-13)


def test_coefficients_are_those_of_the_tables() -> None:
    """Temme 1979; DLMF 8.12.11 and 8.12.12."""
    first, second, third = temme._coefficients()[:3]
    np.testing.assert_allclose(first[:5], [-1 / 3, 1 / 12, -2 / 135, 1 / 864, 1 / 2835], rtol=1e-13)
    np.testing.assert_allclose(second[:3], [-1 / 540, -1 / 288, 1 / 378], rtol=1e-13)
    np.testing.assert_allclose(third[:2], [25 / 6048, -139 / 51840], rtol=1e-12)


def test_it_takes_a_part_of_scipys_time() -> None:
    rng = np.random.default_rng(2)
    shape, score = rng.uniform(20, 150, 4096), rng.normal(size=4096)
    off, below, gammas = score / np.sqrt(shape), np.ones(4096, np.bool_), Gammas(shape)
    assert ratio(lambda: gammas.at(off, below), lambda: gammainc(shape, shape * (1 + off))) < 0.7
