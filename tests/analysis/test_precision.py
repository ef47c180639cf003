"""Estimates and their errors, on data made by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from simulate.analysis import precision
from simulate.analysis.precision import STUDENT, Estimate
from simulate.names import BLOCKS


def test_there_are_16_blocks_and_students_t_has_15_degrees_of_freedom():
    assert BLOCKS == 16
    assert pytest.approx(stats.t.ppf(0.975, BLOCKS - 1), rel=1e-14) == precision.STUDENT


def test_interval():
    low, high = Estimate(10.0, 2.0).interval
    assert (low, high) == pytest.approx((10 - 2 * 2.1314495455597742, 10 + 2 * 2.1314495455597742), rel=1e-12)


def test_error_of():
    """Block estimates 0..15: variance 22.667, a mean of 16 of them has a 16th of it."""
    assert precision.error_of(np.arange(16.0)) == pytest.approx(math.sqrt(68 / 3 / 16), rel=1e-14)
    assert precision.error_of(np.full(16, 3.0)) == 0


def test_blocks_are_the_draws_one_after_the_other():
    values = np.arange(48.0)
    blocks = precision.in_blocks(values)
    assert blocks.shape == (16, 3)
    assert blocks[0].tolist() == [0, 1, 2]
    assert blocks[15].tolist() == [45, 46, 47]


def test_mean():
    """Blocks of (0, 2), (1, 3), ... have the means 1, 2, ... 16."""
    values = np.array([x for block in range(16) for x in (block, block + 2)], float)
    found = precision.mean(values)
    assert found.value == 8.5
    assert found.error == pytest.approx(math.sqrt(68 / 3 / 16), rel=1e-14)


def test_mean_of_one_draw_a_block():
    found = precision.mean(np.arange(16.0))
    assert found == (7.5, pytest.approx(math.sqrt(68 / 3 / 16)))


def test_the_draws_within_a_block_do_not_count_for_the_error():
    """Blocks that are alike have no error, however wide they are: so quasi-random draws are rewarded."""
    values = np.tile([-100.0, 100.0], 16)
    assert precision.mean(values) == (0, 0)
    assert precision.sd(values).error == 0
    assert precision.sd(values).value == pytest.approx(100 * math.sqrt(32 / 31), rel=1e-14)


def test_sd():
    """Block k is (-k, k): its own mean square is k². The interval is that of the mean square, its root taken."""
    values = np.array([x for k in range(16) for x in (-k, k)], float)
    found = precision.sd(values)
    assert found.value == pytest.approx(math.sqrt(2 * 1240 / 31), rel=1e-14)
    square = precision.skewed_mean(values**2 * 32 / 31)
    assert square.value == pytest.approx(2 * 1240 / 31, rel=1e-14)
    assert found.interval == pytest.approx([math.sqrt(end) for end in square.interval], rel=1e-13)
    assert found.error * 2 * STUDENT == pytest.approx(found.interval[1] - found.interval[0])


def test_sd_of_one_draw_a_block():
    """One draw has no spread, so the blocks cannot tell the error."""
    values = np.arange(16.0)
    found = precision.sd(values)
    assert found.value == pytest.approx(values.std(ddof=1))
    assert math.isnan(found.error)


def test_chance():
    """Eight blocks of all, eight of none."""
    found = precision.chance(np.repeat([True, False], 64))
    assert found.value == 0.5
    assert found.error == pytest.approx(math.sqrt(0.25 * 16 / 15 / 16), rel=1e-14)
    assert precision.chance(np.tile([True, False], 64)) == (0.5, precision.unseen(128))


def test_chance_of_one_hit():
    hits = np.zeros(160, bool)
    hits[7] = True
    found = precision.chance(hits)
    assert found.value == 1 / 160
    assert 0.1 / 16 < found.error == precision.unseen(160)  # as much as one hit that did not come up leaves


def test_what_was_not_drawn_is_in_the_error():
    hits = np.tile([True, False], 8192)
    assert precision.chance(hits, undrawn=0.001).error == 0.001
    even = np.arange(16384.0).reshape(1024, 16).T.ravel()  # in every block as many below the median
    low, high = precision.percentiles(even, (50,), undrawn=0.01)[50].interval
    assert high - 8191.5 == pytest.approx(8191.5 - low) == pytest.approx(0.01 * STUDENT * 16384, rel=0.01)


def test_chance_interval_stays_within_0_and_1():
    """Wilson's, whose ends are as many of their own errors away; by hand: of a half, the root of t²e²/(1 + 4t²e²)."""
    half = STUDENT * 0.05 / math.sqrt(1 + 4 * STUDENT**2 * 0.0025)
    assert precision.chance_of(0.5, 0.05, 160).interval == pytest.approx((0.5 - half, 0.5 + half), rel=1e-12)
    for share, error in ((0.99, 0.0035), (0.01, 0.0035), (0.2, 0.014)):
        draws = share * (1 - share) / error**2
        for end in precision.chance_of(share, error, 1600).interval:
            assert 0 < end < 1
            assert abs(end - share) == pytest.approx(STUDENT * math.sqrt(end * (1 - end) / draws), rel=1e-9)
    tiny = precision.chance_of(1e-6, 0.01, 1600).interval  # an error of something else than counting
    assert tiny == (0, pytest.approx(1e-6 + STUDENT * 0.01))


@pytest.mark.parametrize("expected", [5, 10, 40])
@pytest.mark.parametrize("draws", [128, 16384])
def test_intervals_of_a_rare_chance_hold(draws, expected):
    """4,000 runs; Student's t about the share holds the truth in 88 of 100 where 5 hits are expected."""
    runs, truth = 4000, expected / draws
    hits = np.random.default_rng(expected).binomial(draws // 16, truth, (runs, 16)) / (draws // 16)
    found = [precision.chance_of(float(one.mean()), precision.error_of(one), draws) for one in hits]
    held = np.mean([low <= truth <= high for low, high in (one.interval for one in found)])
    assert 0.945 - 4.5 * math.sqrt(0.95 * 0.05 / runs) < held < 0.97 + 4.5 * math.sqrt(0.95 * 0.05 / runs)


def test_skewed_mean_leans_the_way_of_the_few_large_ones():
    values = np.random.default_rng(1).exponential(size=1024) ** 2
    found, plain = precision.skewed_mean(values), precision.mean(values)
    assert found.value == plain.value
    assert found.interval[1] > plain.interval[1]
    assert found.interval[0] > plain.interval[0]
    even = precision.skewed_mean(np.tile([-1.0, 1.0], 512) * np.arange(1, 1025).repeat(2)[::2][:1024])
    assert abs(sum(even.interval)) < 3 * abs(even.value)


@pytest.mark.parametrize("draws", [16, 160, 16384])
def test_chance_interval_where_every_draw_says_the_same(draws):
    """Clopper and Pearson's: with chance `low`, all of them would hit once in 40 times."""
    low, high = precision.chance(np.ones(draws, bool)).interval
    assert high == 1
    assert low**draws == pytest.approx(0.025, rel=1e-9)
    low, high = precision.chance(np.zeros(draws, bool)).interval
    assert low == 0
    assert (1 - high) ** draws == pytest.approx(0.025, rel=1e-9)
    exact = stats.binomtest(0, draws).proportion_ci(0.95, method="exact")
    assert high == pytest.approx(exact.high, rel=1e-9)


def test_chance_interval_of_an_estimate_put_back_to_0_or_1_reaches_as_far_as_its_error():
    assert precision.chance_of(0.0, 0.1, 160).interval == (0, pytest.approx(0.1 * precision.STUDENT))
    assert precision.chance_of(1.0, 0.1, 160).interval == (pytest.approx(1 - 0.1 * precision.STUDENT), 1)
    assert precision.chance_of(1.0, 1.0, 160).interval == (0, 1)


def test_chance_interval_holds_its_estimate_where_the_blocks_agree():
    """Half of each block: no error from the blocks, and the interval still holds the half."""
    hits = np.tile([True, False], 64)
    low, high = precision.chance(hits).interval
    assert low <= 0.5 <= high


def test_percentiles_are_interpolated_linearly():
    found = precision.percentiles(np.arange(101.0).repeat(16).reshape(101, 16).T.ravel(), (1, 5, 50, 95))
    assert {p: estimate.value for p, estimate in found.items()} == pytest.approx({1: 1, 5: 5, 50: 50, 95: 95})
    assert all(
        estimate.error <= 1 / STUDENT for estimate in found.values()
    )  # the blocks agree: a draw that did not come up is left
    few = precision.percentiles(np.repeat([0.0, 10.0], 8), (50, 90))
    assert few[50].value == 5
    assert few[90].value == 10


def test_percentiles_have_their_error_from_the_blocks():
    """Block k holds k and k + 1. At or below the median, 8, lie all of 8 blocks, half of one and none of 7."""
    values = np.array([x for k in range(16) for x in (k, k + 1)], float)
    found = precision.percentiles(values, (50,))[50]
    assert found.value == 8
    shares = np.array([1.0] * 8 + [0.5] + [0.0] * 7)
    reach = precision.STUDENT * shares.std(ddof=1) / 4
    low, high = np.quantile(values, [0.5 - reach, 0.5 + reach])
    assert found.error == pytest.approx((high - low) / (2 * precision.STUDENT), rel=1e-12)


def test_percentiles_are_numpys():
    values = np.random.default_rng(1).normal(size=1600)
    at = (1, 5, 10, 25, 50, 75, 90, 95, 99)
    found = precision.percentiles(values, at)
    assert [found[p].value for p in at] == np.percentile(values, at).tolist()


def test_errors_cover_the_truth():
    """In 95 of 100 runs, give or take, the interval holds the mean; the standard error of that share is 0.7 points."""
    values = np.random.default_rng(2).normal(size=(1000, 160))
    covered = [low <= 0 <= high for low, high in (precision.mean(one).interval for one in values)]
    assert abs(np.mean(covered) - 0.95) < 4.5 * math.sqrt(0.95 * 0.05 / 1000)


def test_a_control_that_is_the_estimate_itself_gives_what_is_known():
    blocks = np.random.default_rng(1).normal(size=BLOCKS)
    value, error = precision.controlled(blocks, blocks, Estimate(3.0, 0.5))
    assert value == pytest.approx(3.0, abs=1e-12)
    assert error == pytest.approx(0.5, abs=1e-12)


def test_a_control_that_does_not_vary_changes_nothing():
    blocks = np.random.default_rng(1).normal(size=BLOCKS)
    value, error = precision.controlled(blocks, np.zeros(BLOCKS), Estimate(0.0, 0.0))
    assert value == blocks.mean()
    assert error == pytest.approx(precision.error_of(blocks) * math.sqrt((BLOCKS - 1) / (BLOCKS - 2)))


@pytest.mark.parametrize("correlation", [0.0, 0.6, -0.95])
def test_the_error_of_a_controlled_mean_is_what_it_says(correlation):
    """Over many samples: no bias, 95 % of the intervals hold, and a good control takes off the error that theory says."""
    rng, found = np.random.default_rng(2), []
    for _ in range(4000):
        control = rng.normal(size=BLOCKS)
        blocks = correlation * control + math.sqrt(1 - correlation**2) * rng.normal(size=BLOCKS)
        found.append(precision.controlled(blocks, control, Estimate(0.1 * rng.normal(), 0.1)))
    values, errors = np.array(found).T
    assert abs(values.mean()) < 4.5 * values.std() / math.sqrt(len(values))
    share = np.mean(np.abs(values) < precision.STUDENT * errors)
    assert abs(share - 0.95) < 4.5 * math.sqrt(0.95 * 0.05 / len(values))
    # of 16 blocks: the residual variance, 14/13 of it for the slope (Lavenberg, Welch 1981), and the control's own error
    theory = (1 - correlation**2) / BLOCKS * (1 + 1 / 13) + (1 - correlation**2) * 0.01 / 13 + (0.1 * correlation) ** 2
    assert values.var() == pytest.approx(theory, rel=4.5 * math.sqrt(2 / len(values)))


def test_a_root_has_the_interval_of_its_square():
    """The square 9 ± 2.13 × 2: the ends' roots, and half of what is between them over 2.13 for the error."""
    low, high = math.sqrt(9 - 2 * STUDENT), math.sqrt(9 + 2 * STUDENT)
    found = precision.root(3.0, Estimate(9.0, 2.0))
    assert found.interval == pytest.approx((low, high))
    assert found.error == pytest.approx((high - low) / 2 / STUDENT)
    assert precision.root(1.0, Estimate(1.0, 2.0)).interval == (0, pytest.approx(math.sqrt(1 + 2 * STUDENT)))
    assert precision.root(3.0, Estimate(9.0, 0.0)).interval == (3.0, 3.0)
    assert math.isnan(precision.root(3.0, Estimate(9.0, math.nan)).error)


def test_what_is_possible_and_what_is_not_known():
    assert Estimate(0.9, 0.1).within(0.0, 1.0).interval == (pytest.approx(0.9 - 0.1 * STUDENT), 1.0)
    assert Estimate(0.05, 0.1).within(0.0, 1.0).interval == (0.0, pytest.approx(0.05 + 0.1 * STUDENT))
    assert Estimate(0.05, 0.1).within(0.0, 1.0).error == 0.1
    assert precision.certain(0.3).interval == (0.3, 0.3)
    for one in (Estimate(0.5, math.nan).within(0.0, 1.0), precision.chance_of(0.5, math.nan, 64)):
        assert one.value == 0.5
        assert math.isnan(one.error)


@pytest.mark.parametrize("value", [0.1, 300000.0 - 2**-34, 1 / 3])
def test_equal_blocks_have_no_error_whatever_their_mean_is_rounded_to(value):
    blocks = np.full((3, 16), value)
    assert precision.errors_of(blocks).tolist() == [0, 0, 0]
    assert precision.errors_of(np.asfortranarray(blocks)).tolist() == [0, 0, 0]
    assert precision.error_of(np.full(16, value)) == 0
    blocks[1, 3] *= 2
    found = precision.errors_of(blocks)
    assert found[1] == blocks[1].std(ddof=1) / 4
    assert found[[0, 2]].tolist() == [0, 0]
