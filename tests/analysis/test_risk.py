"""The worst draws, losses and what must be financed: by hand, in closed form, and over many small runs."""

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import integrate, stats

from simulate.analysis import breakeven, precision, risk
from simulate.engine import Case
from simulate.names import BLOCKS
from simulate.options import Options
from simulate.scenario import load

SILKEBORG = Path(__file__).parents[2] / "scenarios" / "silkeborg.toml"

AMOUNTS = st.integers(-(10**9), 10**9).map(lambda øre: øre / 100)
RUNS = 400

# Expected shortfall ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draws", "share", "value"),
    [
        (32, 1 / 32, 1.0),
        (32, 2 / 32, 1.5),
        (32, 0.05, (1 + 0.6 * 2) / 1.6),  # 1.6 draws: one, and six tenths of the next
        (32, 0.01, 1.0),  # less than one draw
        (160, 0.05, 4.5),
        (32, 1.0, 16.5),
    ],
)
def test_expected_shortfall_by_hand(draws, share, value):
    """Draws of 1, 2, 3, ..., in any order."""
    total = np.random.default_rng(1).permutation(np.arange(1.0, draws + 1))
    assert risk.expected_shortfall(total, share).value == pytest.approx(value, rel=1e-12)


@given(arrays(float, 48, elements=AMOUNTS), st.floats(0.001, 1))
def test_expected_shortfall_is_the_mean_of_the_lower_part(total, share):
    left, worst = share * len(total), 0.0
    for amount in sorted(total):
        worst += min(left, 1) * amount
        left -= min(left, 1)
    assert risk.expected_shortfall(total, share).value == pytest.approx(
        worst / (share * len(total)), rel=1e-9, abs=1e-6
    )


def test_expected_shortfall_has_its_error_from_the_blocks():
    """Of 32 draws the worst quarter: the eight below 0. Blocks of (-k, 1), and others that have none of the worst."""
    total = np.array([x for k in range(1, 9) for x in (-k, 1)] + [2.0] * 16, float)
    found = risk.expected_shortfall(total, 0.25)
    assert found.value == -4.5
    blocks = np.array(
        [1 - 4 * (k + 1) / 2 for k in range(1, 9)] + [1.0] * 8
    )  # boundary 1 + mean of min(x - 1, 0) / share
    assert blocks.mean() == -4.5
    plain = precision.mean(np.repeat(blocks, 2))
    assert plain.error == pytest.approx(blocks.std(ddof=1) / 4, rel=1e-12)
    assert found.interval[0] < plain.interval[0]  # the few worst ones pull
    assert found.error >= plain.error


def test_expected_shortfall_of_one_amount():
    assert risk.expected_shortfall(np.full(64, -7.0)) == (-7, 0)
    assert risk.expected_shortfall(np.full(16, -7.0)) == (-7, 0)


def test_expected_shortfall_leaves_its_draws_as_they_are():
    total = np.arange(64.0)[::-1].copy()
    risk.expected_shortfall(total)
    assert total.tolist() == list(range(63, -1, -1))


def tail_mean(distribution: object, share: float) -> float:
    return integrate.quad(distribution.ppf, 0, share)[0] / share


def test_expected_shortfall_of_a_normal():
    """mean - sd φ(z) / share."""
    total = np.random.default_rng(2).normal(1e6, 3e5, size=16384)
    for share in (0.01, 0.05, 0.5):
        z = stats.norm.ppf(share)
        truth = 1e6 - 3e5 * stats.norm.pdf(z) / share
        assert truth == pytest.approx(tail_mean(stats.norm(1e6, 3e5), share), rel=1e-6)
        found = risk.expected_shortfall(total, share)
        assert abs(found.value - truth) < 4 * found.error
        assert found.error < 3e5 * 2.5 / math.sqrt(16384 * share)


@pytest.mark.parametrize(("distribution", "least"), [(stats.norm, 0.955), (stats.t(4), 0.945)])
def test_errors_of_expected_shortfall_are_what_the_docstring_says(distribution, least):
    """1,024 draws, 51 of them among the worst."""
    totals = distribution.ppf(np.random.default_rng(3).random((RUNS, 1024)))
    found = [risk.expected_shortfall(total) for total in totals]
    truth = tail_mean(distribution, 0.05)
    covered = np.mean([low <= truth <= high for low, high in (one.interval for one in found)])
    assert abs(covered - least) < 3 * math.sqrt(least * (1 - least) / RUNS)
    spread = np.std([one.value for one in found])
    assert 0.95 < np.mean([one.error for one in found]) / spread < 1.6  # half of an interval that leans


# Losses ---------------------------------------------------------------------------------------------------------------


def test_chance_of_loss_by_hand():
    total = np.repeat([-300.0, -200, -100, 100], 4 * BLOCKS)
    found = risk.chance_of_loss(total, [0, 99.99, 100, 250, 300, -100, -101])
    assert [one.loss for one in found] == [0, 99.99, 100, 250, 300, -100, -101]
    assert [one.chance.value for one in found] == [0.75, 0.75, 0.5, 0.25, 0, 0.75, 1]
    assert found[4].chance.interval == (0, pytest.approx(1 - 0.025 ** (1 / 256)))
    assert found[2].chance == precision.chance(total < -150)
    assert found[2].chance.interval == precision.chance(total < -150).interval


@pytest.mark.parametrize(
    ("amount", "lost"), [(-100.0, False), (-100.005, False), (-100.006, True), (-101.0, True), (0.0, False)]
)
def test_a_loss_is_strict_and_rounded_as_break_even_is(amount, lost):
    (found,) = risk.chance_of_loss(np.full(16, amount), [100])
    assert found.chance.value == lost


@given(arrays(float, 32, elements=AMOUNTS))
def test_either_break_even_or_more_than_nothing_is_lost(total):
    (found,) = risk.chance_of_loss(total, [0])
    assert found.chance.value == pytest.approx(1 - breakeven.reached(total).mean(), abs=1e-15)


# Where the chance of break-even is known better than from the draws ------------------------------------------------------


def test_a_side_counts_with_its_known_chance_by_hand():
    """Three of four draws lose by count, of every 10 courses 6 by what is known: 1/3 of these more than 200, and 1/2 of the gains are above 50."""
    total = np.repeat([-300.0, -200, -100, 0, 100, -300, -200, -100], 2 * BLOCKS)
    found = risk.scaled_chance_of_loss(
        total, [0, 200, 300, -50, -100, -101], precision.chance_of(0.4, 0.01, 256), np.full(BLOCKS, 0.4)
    )
    assert [one.chance.value for one in found] == pytest.approx([0.6, 0.2, 0.0, 0.8, 0.8, 1.0], abs=1e-15)


def test_at_nothing_lost_the_error_is_that_of_the_known_chance():
    random = np.random.default_rng(3)
    total, blocks = random.normal(-1, 2, 512), 0.3 + 0.01 * random.normal(size=BLOCKS)
    known = precision.chance_of(float(blocks.mean()), precision.error_of(blocks), 512)
    for found in risk.scaled_chance_of_loss(total, [0, -1e-9], known, blocks):
        assert found.chance.value == pytest.approx(1 - known.value, abs=1e-12)
        assert found.chance.error == pytest.approx(known.error, rel=1e-9)


@given(arrays(float, 64, elements=AMOUNTS), st.floats(0.01, 0.99))
def test_it_falls_with_the_loss(total, known):
    losses = np.linspace(-1e7, 1e7, 41)
    found = risk.scaled_chance_of_loss(total, losses, precision.chance_of(known, 0.01, 64), np.full(BLOCKS, known))
    chances = [one.chance.value for one in found]
    assert all(0 <= one <= 1 for one in chances)
    assert all(before >= after - 1e-12 for before, after in pairwise(chances))


@pytest.mark.parametrize("amount", [-100.0, 100.0])
def test_as_counted_where_all_draws_are_on_one_side(amount):
    total = np.full(32, amount)
    counted = risk.chance_of_loss(total, [50, -50])
    assert (
        risk.scaled_chance_of_loss(total, [50, -50], precision.chance_of(0.4, 0.1, 32), np.full(BLOCKS, 0.4)) == counted
    )


def test_a_run_loses_more_than_nothing_where_it_does_not_break_even():
    found = Case.of(load(SILKEBORG)).result(Options(draws=512))
    reaches, counted = found.chance(), breakeven.reached(found.total("expected")).mean()
    (lost,) = found.losses([0])
    assert lost.chance.value == pytest.approx(1 - reaches.value, abs=1e-15)
    assert lost.chance.error == pytest.approx(reaches.error, rel=1e-6)
    assert lost.chance.value != 1 - counted  # which is another number


# The lowest point -----------------------------------------------------------------------------------------------------


def walked(amounts: np.ndarray) -> risk.LowestPoint:
    """amounts: (period, draw). One array is used over and over: nothing may be kept of it."""

    def one_after_the_other():
        held = np.empty(amounts.shape[1])
        for one in amounts:
            held[:] = one
            yield held

    return risk.lowest_point(one_after_the_other())


def test_lowest_point_by_hand():
    """Four courses, four times each: down and up; ever down; ever up; down, up, and down to the same again."""
    courses = np.array([[-100.0, -50, 20], [-10, -20, -30], [5, 5, 5], [-40, 10, -40]])
    found = walked(np.repeat(courses, 4, axis=0).T)
    assert found.mean.value == -(100 + 30 + 0 + 40) / 4
    assert [one.value for one in found.chances] == [0.5, 0, 0.25]
    assert found.never.value == 0.25
    values = np.repeat([-100.0, -30, 0, -40], 4)
    assert {p: one.value for p, one in found.percentiles.items()} == {p: np.percentile(values, p) for p in (5, 50, 95)}
    assert found.mean == precision.skewed_mean(values)
    assert found.never == precision.chance(values == 0)


def test_a_hair_below_is_not_lower():
    found = walked(np.array([[-0.005, -0.006, -100.0], [1, 1, -100.004], [1, 1, -99]]).repeat(16, axis=1))
    assert found.mean.value == pytest.approx(-(0 + 0.006 + 100) / 3)
    assert [one.value for one in found.chances] == pytest.approx([2 / 3, 0, 0])
    assert found.never.value == pytest.approx(1 / 3)


@given(arrays(float, st.tuples(st.integers(1, 6), st.just(32)), elements=AMOUNTS))
def test_lowest_point_is_the_minimum(amounts):
    found = walked(amounts)
    begun = np.vstack([np.zeros(32), amounts])
    lowest = np.where(begun.min(axis=0) < breakeven.BREAK_EVEN, begun.min(axis=0), 0.0)
    assert found.mean.value == pytest.approx(lowest.mean(), abs=1e-6)
    assert found.percentiles[5].value == pytest.approx(np.percentile(lowest, 5), abs=1e-6)
    assert sum(one.value for one in found.chances) + found.never.value == pytest.approx(1, abs=1e-12)
    assert [one.value for one in found.chances] == [np.mean(begun.argmin(axis=0) == p + 1) for p in range(len(amounts))]


def test_lowest_point_of_a_random_walk():
    """The arc sine law says where it is, Spitzer's identity (1956) how low, whatever the symmetric continuous steps (here normal)."""
    periods, sd = 5, 1e6
    steps = np.random.default_rng(5).normal(0, sd, size=(periods, 16384))
    found = risk.lowest_point(np.cumsum(steps, axis=0))
    u = [math.comb(2 * k, k) / 4**k for k in range(periods + 1)]
    for one, truth in zip([found.never, *found.chances], [u[k] * u[periods - k] for k in range(6)], strict=True):
        assert abs(one.value - truth) < 4.5 * one.error
        assert one.error < 0.005
    truth = -sd * sum(1 / math.sqrt(2 * math.pi * k) for k in range(1, periods + 1))
    assert abs(found.mean.value - truth) < 4.5 * found.mean.error
    assert found.percentiles[95] == (0, 0)  # a quarter is never below 0


# Payback --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shares", "years"),
    [
        ([0.2, 0.2, 0.2], {5: 0, 50: 2, 95: None}),
        ([1, 0, 0], {5: 0, 50: 0, 95: 0}),
        ([0, 0, 0], {5: None, 50: None, 95: None}),
        ([0.04, 0.01, 0.45, 0.45, 0.05], {5: 1, 50: 2, 95: 3}),
        ([0.1] * 10, {5: 0, 50: 4, 95: 9}),
        ([0.0499, 0.45, 0.4501], {5: 1, 50: 2, 95: 2}),
    ],
)
def test_payback_by_hand(shares, years):
    assert risk.payback(shares) == years


def test_payback_knows_sums_of_shares_for_what_they_are():
    assert np.cumsum([0.1] * 8)[-1] < 0.8
    assert risk.payback([0.1] * 10, (80,)) == {80: 7}


@given(arrays(float, st.tuples(st.integers(1, 6), st.just(20)), elements=AMOUNTS), st.integers(1, 99))
def test_payback_is_the_year_of_the_sorted_draws(at_year_ends, p):
    hits = breakeven.reached(at_year_ends)
    years = [next((y for y in range(len(hits)) if draw[y:].all()), math.inf) for draw in hits.T]
    wanted = sorted(years)[math.ceil(p * 20 / 100) - 1]
    shares, _ = breakeven.first_year_shares(hits)
    assert risk.payback(shares, (p,)) == {p: None if wanted == math.inf else wanted}
