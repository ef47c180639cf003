"""The mixture of luck's distributions over the draws: closed forms, counted draws, and the lives themselves."""

import math
from typing import Any

import numpy as np
import pytest
from scipy import integrate, optimize, special, stats
from trees import rich, run_tree, scenario_of, simple

from simulate import measures
from simulate.analysis import precision, risk, skewed
from simulate.analysis.mixture import Mixture
from simulate.engine import Result, run
from simulate.options import Options
from simulate.scenario import load

AT = (1, 5, 10, 25, 50, 75, 90, 95, 99)
LOSSES = (0.0, 1e6, 2e6)


def mixture(mean: Any, sd: Any, skewness: Any, draws: int = 1024) -> Mixture:
    wide = (np.broadcast_to(np.asarray(one, float), draws).copy() for one in (mean, sd, skewness))
    return Mixture(*wide, 0.0, 0.0)


@pytest.mark.parametrize("skewness", [0.0, 5e-4, -5e-4, 0.02, -0.3, 0.3, 1.4, -1.4, 2.1])
def test_one_distribution_is_pearsons(skewness: float) -> None:
    """All draws alike: nothing but luck, and no error of the simulation."""
    mean, sd = -2e5, 1.3e6
    found, own = mixture(mean, sd, skewness), stats.pearson3(skewness, mean, sd)
    assert found.spread() == (pytest.approx(sd, rel=1e-12), 0.0)
    for p, one in found.percentiles(AT).items():
        assert one.value == pytest.approx(own.ppf(p / 100), abs=2e-6 * sd)
    low = own.ppf(0.05)
    worst = integrate.quad(lambda u: own.ppf(u), 0, 0.05, epsabs=1)[0] / 0.05
    assert found.expected_shortfall().value == pytest.approx(worst, abs=1e-5 * sd)
    assert found.expected_shortfall().value < low
    for one in found.losses(LOSSES):
        assert one.chance.value == pytest.approx(own.cdf(-one.loss - 0.005), abs=1e-7)
    assert found.chance().estimate.value == pytest.approx(own.sf(-0.005), abs=1e-7)


@pytest.mark.parametrize("share", [0.02, 0.5, 1.7])
def test_normal_luck_over_a_uniform_assumption(share: float) -> None:
    """A uniform mean and a normal luck: its distribution function is an integral of the normal's."""
    draws, width, sd = 4096, 1e6, share * 1e6
    found = mixture(width * ((np.arange(draws) * 509 % draws + 0.5) / draws - 0.5), sd, 0.0, draws)

    def below(x: float) -> float:
        """Phi integrated: G(z) = z Phi(z) + phi(z)."""
        ends = [(x + side * width / 2) / sd for side in (1, -1)]
        one, other = (z * stats.norm.cdf(z) + stats.norm.pdf(z) for z in ends)
        return float((one - other) * sd / width)

    assert found.spread().value == pytest.approx(math.hypot(width / math.sqrt(12), sd), rel=2e-4)
    for p, one in found.percentiles(AT).items():
        exact = optimize.brentq(lambda x, p=p: below(x) - p / 100, -10 * (width + sd), 10 * (width + sd))
        assert one.value == pytest.approx(exact, abs=2e-4 * width)
    worst = optimize.brentq(lambda x: below(x) - 0.05, -10 * (width + sd), 10 * (width + sd))
    short = worst - integrate.quad(below, -width - 9 * sd, worst, epsabs=1e-3)[0] / 0.05
    assert found.expected_shortfall().value == pytest.approx(short, abs=2e-4 * width)


def bisected(found: Mixture, share: float) -> float:
    """A slow twin: one course's distribution after the other, and no step but the middle of the bracket."""
    flat = np.abs(found.skewness) < skewed.FLAT
    shape = 4 / np.where(flat, 1.0, found.skewness) ** 2

    def below(amount: float) -> float:
        score = (amount - found.mean) / found.sd
        gamma = np.maximum(shape + np.sign(found.skewness) * np.sqrt(shape) * score, 0.0)
        known = np.where(found.skewness > 0, special.gammainc(shape, gamma), special.gammaincc(shape, gamma))
        normal = special.ndtr(score) - found.skewness / 6 * (score**2 - 1) * stats.norm.pdf(score)
        return float(np.where(flat, normal, known).mean())

    low, high = found.mean.min() - 60 * found.sd.max(), found.mean.max() + 60 * found.sd.max()
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < share else (low, middle)
    return float((low + high) / 2)


@pytest.mark.parametrize("draws", [16, 64, 1024])
@pytest.mark.parametrize("luck", [0.1, 0.4, 3.0])
@pytest.mark.parametrize("lean", [0.0, 0.3, 1.2])
def test_percentiles_are_where_a_bisection_ends(draws: int, luck: float, lean: float) -> None:
    """To 1e-9 of the sd; the last step leaves about its cube."""
    numbers = np.random.default_rng(draws)
    mean, sd = numbers.normal(1e6, 2e6, draws), luck * 2e6 * numbers.uniform(0.5, 1.5, draws)
    skewness = numbers.uniform(-lean, lean, draws)
    skewness = np.copysign(
        np.maximum(np.abs(skewness), min(lean, 0.02)), skewness
    )  # scipy's own are wrong nearer to 0, far out
    found = mixture(mean, sd, skewness, draws)
    for p, one in found.percentiles(AT).items():
        assert one.value == pytest.approx(bisected(found, p / 100), abs=1e-9 * found.spread().value)


@pytest.mark.parametrize("draws", [16, 256, 4096])
def test_ends_of_an_interval_are_percentiles_of_its_shares(draws: int) -> None:
    """To a thousandth of luck's sd."""
    numbers = np.random.default_rng(2)
    found = mixture(numbers.normal(1e6, 2e6, draws), 8e5, numbers.uniform(-0.5, 0.2, draws), draws)
    for share, at in ((p / 100, one) for p, one in found.percentiles(AT).items()):
        [point] = found._points([at.value])
        least = precision.unseen(draws)
        shares = precision.score_interval(share, *found._errors([point]), draws, least)
        low, high = (bisected(found, min(max(own, 0.5 / draws), 1 - 0.5 / draws)) for own in shares)
        assert at.interval[0] == pytest.approx(min(low, at.value), abs=1e-3 * 8e5)
        assert at.interval[1] == pytest.approx(max(high, at.value), abs=1e-3 * 8e5)


def test_where_luck_has_no_part_the_draws_are_counted() -> None:
    """The mixture is the assumptions' own distribution, to the last bit."""
    values = np.random.default_rng(3).normal(-1e6, 2e6, 512)
    found = mixture(values, 0.0, 0.0, 512)
    assert found.percentiles(AT) == precision.percentiles(values, AT)
    assert found.spread() == precision.sd(values)
    assert found.losses(LOSSES) == risk.chance_of_loss(values, LOSSES)
    assert found.expected_shortfall() == risk.expected_shortfall(values)
    assert found.chance().estimate.value == np.mean(values >= -0.005)


def test_luck_in_some_draws_only() -> None:
    """Steps in the distribution function are found as surely as slopes."""
    mean = np.where(np.arange(256) % 4 < 3, 0.0, 1e6)
    found = mixture(mean, np.where(mean > 0, 1e5, 0.0), 0.0, 256).percentiles((25, 50, 90))
    assert found[25].value == pytest.approx(0, abs=5)
    assert found[50].value == pytest.approx(0, abs=5)
    assert found[90].value == pytest.approx(1e6 + 1e5 * stats.norm.ppf(0.6), abs=5)


@pytest.mark.parametrize("skewness", [4e-4, -0.2, 0.9, -2.2])
def test_densities_and_what_lies_below(skewness: float) -> None:
    score, own = np.linspace(-3, 3, 13), stats.pearson3(skewness)
    curves = skewed.Curves(np.full_like(score, skewness))
    np.testing.assert_allclose(curves.below(score), own.cdf(score), atol=1e-7)
    np.testing.assert_allclose(curves.at(score).density, own.pdf(score), atol=1e-7)
    exact = [integrate.quad(own.cdf, -30, z, limit=400, points=[-3, -1, 0])[0] for z in score]
    np.testing.assert_allclose(curves.mean_below(score), exact, atol=1e-6)


def test_skewness_of_both_signs_and_none_in_one_mixture() -> None:
    skewness = np.resize([0.0, 5e-4, 0.4, -0.4], 512)
    found = mixture(0.0, 1e6, skewness, 512)
    exact = np.mean([stats.pearson3(one).cdf(-0.010000005) for one in (0.0, 5e-4, 0.4, -0.4)])
    (loss,) = found.losses([1e4])
    assert loss.chance.value == pytest.approx(exact, abs=1e-6)


# Held against lives -----------------------------------------------------------------------------------------------------


def agree(lives: Result, expected: Result) -> None:
    """Within 4.5 standard errors of both; the approximation is part of those of chances and percentiles."""

    def held(one: precision.Estimate, other: precision.Estimate) -> None:
        assert abs(one.value - other.value) <= 4.5 * math.hypot(one.error, other.error)

    held(lives.chance(), expected.chance())
    held(lives.sd(), expected.sd())
    for p, one in lives.bands((5, 50, 95)).items():
        held(one, expected.bands((5, 50, 95))[p])
    for one, other in zip(lives.losses(LOSSES), expected.losses(LOSSES), strict=True):
        held(one.chance, other.chance)
    held(lives.expected_shortfall(0.05), expected.expected_shortfall(0.05))


@pytest.mark.parametrize("tree", [simple, rich])
def test_it_is_what_lives_bring(tree: Any) -> None:
    agree(*(run_tree(tree(), draws=4096, engine=engine) for engine in ("lives", "expected")))


@pytest.mark.parametrize("changes", [(), ("additional_effect=0.15",)])
def test_it_is_what_lives_bring_in_silkeborg(changes: tuple[str, ...]) -> None:
    scenario = load("scenarios/silkeborg.toml", [*changes], language="en").scenario
    agree(*(run(scenario, Options(draws=4096, engine=engine)) for engine in ("lives", "expected")))


def test_threads_and_chunks_change_no_bit() -> None:
    scenario = scenario_of(rich())
    one, other = (
        run(scenario, Options(draws=256, engine="expected", threads=threads, chunk=chunk))
        for threads, chunk in ((1, 16), (2, 5))
    )
    assert one.bands(AT) == other.bands(AT)
    assert one.chance() == other.chance()
    assert one.expected_shortfall(0.05) == other.expected_shortfall(0.05)


def test_the_variance_of_the_whole_is_that_of_its_parts() -> None:
    """The law of total variance, exactly."""
    found = run_tree(rich(), draws=256, engine="expected")
    of_luck = float(found.draws.sums.mean(measures.LUCK_SUM))
    assert found.sd().value ** 2 == pytest.approx(found.sd_of_draws().value ** 2 + of_luck, rel=1e-12)
