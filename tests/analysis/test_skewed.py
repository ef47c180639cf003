"""The chance from luck's first three moments: against Pearson's distribution, and against binomial numbers of effects in closed form."""

import math

import numpy as np
import pytest
from scipy import stats

from simulate.analysis import skewed
from simulate.names import BLOCKS

NUMBERS = (3, 5, 8, 10, 15, 20, 30, 50, 70, 100)
CHANCES = (0.001, 0.002, 0.004, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 0.95, 0.99)
WORTH = 12000.0  # DKK, of one effect


def found(number: int, chance: float, needed: float) -> skewed.Chance:
    """Of so many effects of 12,000 kr. at least `needed`, a number between two steps."""
    variance = number * chance * (1 - chance)
    step = 1 / math.sqrt(variance)
    moments = ((number * chance - needed) * WORTH, variance * WORTH**2, variance * (1 - 2 * chance) * WORTH**3)
    terms = skewed.terms(*(np.full(BLOCKS, one) for one in moments), step, step)
    return skewed.chance(terms)


def cases(within: float) -> list[tuple[float, skewed.Chance]]:
    """Exact chance, and what is said of it; the threshold lies so far within a step of the number of effects."""
    every = [(n, p, j) for n in NUMBERS for p in CHANCES for j in range(n + 1)]
    exact = stats.binom.sf([j - 1 for _, _, j in every], [n for n, _, _ in every], [p for _, p, _ in every])
    shown = [(one, case) for one, case in zip(exact, every, strict=True) if 1e-4 < one < 1 - 1e-4]
    return [(float(one), found(n, p, j - 1 + within)) for one, (n, p, j) in shown]


@pytest.mark.parametrize("skewness", [5e-4, 0.01, -0.3, 1.0, -2.5, 9.0])
def test_it_is_pearsons_third_type(skewness: float) -> None:
    score = np.linspace(-5, 5, 41)
    exact = stats.pearson3.sf(-score, skewness)
    near = 5e-7 if abs(skewness) < 1e-3 else 1e-12  # scipy's own is no nearer there
    np.testing.assert_allclose(skewed.Curves(np.full(41, skewness)).upper(score), exact, atol=near)


@pytest.mark.parametrize("skewness", [0.0, 1e-12, -3e-9, 1e-6, -1e-4, 3e-4])
def test_next_to_no_skewness_is_edgeworths_series(skewness: float) -> None:
    """Up to the skewness' square: the normal distribution, where there is none."""
    score = np.linspace(-5, 5, 41)
    bend = skewness / 6 * (score**2 - 1)
    bend += skewness**2 * (score**3 - 3 * score) / 16 + skewness**2 * (score**5 - 10 * score**3 + 15 * score) / 72
    exact = stats.norm.cdf(score) - bend * stats.norm.pdf(score)
    np.testing.assert_allclose(skewed.Curves(np.full(41, skewness)).below(score), exact, rtol=0, atol=2e-11)


@pytest.mark.parametrize("skewness", [0.0, 9.99e-4, -9.99e-4, 1.001e-3, 30.0, -1e6, 1e8])
def test_it_is_always_a_chance(skewness: float) -> None:
    """And rises with the mean, on both sides of where the gamma distribution's shape grows too large; the seam is not seen."""
    score = np.linspace(-9, 9, 181)
    chances = skewed.Curves(np.full(181, skewness)).upper(score)
    assert ((chances >= 0) & (chances <= 1)).all()
    assert (np.diff(chances) >= -1e-12).all()
    np.testing.assert_allclose(chances, 1 - skewed.Curves(np.full(181, -skewness)).upper(-score), atol=1e-12)


def test_the_seam_is_not_seen() -> None:
    score = np.linspace(-5, 5, 41)
    below, above = (skewed.Curves(np.full(41, skewed.FLAT * by)).upper(score) for by in (1 - 1e-9, 1 + 1e-9))
    np.testing.assert_allclose(below, above, atol=2e-7)


def test_between_steps_it_is_a_tenth_as_far_off_as_the_normal_distribution() -> None:
    """Half a step from the nearest numbers of effects, where no step is in the way."""
    of = cases(0.5)
    ours = np.mean([abs(said.estimate.value - exact) for exact, said in of])
    normal = np.mean([abs(said.normal - exact) for exact, said in of])
    assert ours < 0.2 * normal
    assert ours < 0.0015
    assert max(abs(said.estimate.value - exact) for exact, said in of) < 0.02


@pytest.mark.parametrize("within", [0.05, 0.25, 0.5, 0.75, 0.95])
def test_the_error_holds_the_exact_chance_wherever_the_threshold_lies(within: float) -> None:
    of = cases(within)
    held = np.mean([said.estimate.interval[0] <= exact <= said.estimate.interval[1] for exact, said in of])
    assert held > 0.995
    off = [abs(said.estimate.value - exact) for exact, said in cases(0.05)]  # where a step matters most
    assert np.mean([said.approximation for _, said in of]) < np.mean(off)


@pytest.mark.parametrize(
    ("number", "chance", "rough"),
    [(3, 0.004, True), (8, 0.02, True), (60, 0.05, True), (100, 0.3, False), (5000, 0.01, False)],
)
def test_few_effects_are_told(number: int, chance: float, rough: bool) -> None:
    variance = number * chance * (1 - chance)
    assert found(number, chance, number * chance).is_rough(1 / math.sqrt(variance)) is rough
    assert (variance < 10) is rough


@pytest.mark.parametrize("third", [1e12, -1e12])
def test_skewness_alone_is_told(third: float) -> None:
    """Steps that mix until none is left, of so few effects that their sum is skew."""
    terms = skewed.terms(*(np.full(BLOCKS, one) for one in (0.0, 1e8, third)), 0.9, 0.0)
    assert skewed.chance(terms).skewness == pytest.approx(math.copysign(1.0, third))
    assert skewed.chance(terms).is_rough(0.0)


def test_without_luck_it_is_certain() -> None:
    """Also where rounding has left a third moment of a variance that no amount shows."""
    mean = np.repeat([-1.0, 0.0, 1.0, 5.0], 4)
    for variance in (0.0, 1e-9):
        terms = skewed.terms(mean, np.full(16, variance), np.full(16, 1e-3), 3.0, 3.0)
        said = skewed.chance(terms)
        assert terms[:, 0].tolist() == terms[:, 1].tolist() == (mean >= 0).astype(float).tolist()
        assert said.approximation == 0
        assert said.skewness == 0
        assert said.estimate.value == said.normal == 0.75
