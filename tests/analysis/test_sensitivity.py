"""Indices of published test functions, peers (scipy, SALib), cases by hand, and stated errors over many small runs."""

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from SALib.analyze import rbd_fast
from SALib.analyze import sobol as salib
from SALib.sample import sobol as salib_sample
from scipy import stats
from scipy.special import ndtr, ndtri
from scipy.stats import qmc

from simulate.analysis import sensitivity
from simulate.analysis.sensitivity import Sobol
from simulate.names import BLOCKS
from simulate.sampling import cube

RUNS = 400
BETWEEN = 4.5 * math.sqrt(0.95 * 0.05 / RUNS)  # of a 95 % interval's coverage

# The functions, of points in the unit cube ----------------------------------------------------------------------------


def ishigami(points: np.ndarray) -> np.ndarray:
    """Ishigami, Homma 1990, with a = 7, b = 0.1."""
    x = np.pi * (2 * points - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


ISHIGAMI_FIRST = 0.313905, 0.442411, 0.0
ISHIGAMI_TOTAL = 0.557589, 0.442411, 0.243684
WEIGHTS = np.array([0.0, 1, 4.5, 9, 99])


def g_function(points: np.ndarray) -> np.ndarray:
    """Saltelli, Sobol' 1995."""
    return np.prod((np.abs(4 * points - 2) + WEIGHTS) / (1 + WEIGHTS), axis=1)


PARTS = 1 / (3 * (1 + WEIGHTS) ** 2)
VARIANCE = np.prod(1 + PARTS) - 1
G_FIRST = PARTS / VARIANCE
G_TOTAL = PARTS * (VARIANCE + 1) / (1 + PARTS) / VARIANCE

FUNCTIONS = [(ishigami, ISHIGAMI_FIRST, ISHIGAMI_TOTAL), (g_function, G_FIRST, G_TOTAL)]


def points(design: str, draws: int, columns: int, seed: int) -> np.ndarray:
    """(draw, column) the 16 blocks of a run."""
    return np.concatenate([cube(design, seed, block, draws // BLOCKS, columns) for block in range(BLOCKS)])


def named(columns: np.ndarray) -> dict[str, np.ndarray]:
    return {str(n): column for n, column in enumerate(columns.T)}


def held(found: list, truth: float) -> float:
    return float(np.mean([low <= truth <= high for low, high in (one.interval for one in found)]))


def said(found: list) -> float:
    """The mean error said, for the spread that there is. Of 400 runs' spread itself: 1 ± 0.035."""
    return float(np.mean([one.error for one in found]) / np.std([one.value for one in found]))


# Rank correlations ----------------------------------------------------------------------------------------------------


def test_rank_correlations_by_hand():
    rising = np.arange(64.0)
    middle = np.tile([1.0, 2, 3, 4], 16)  # each block is one of these
    found = sensitivity.rank_correlations(
        {"up": np.exp(rising / 9), "down": -(rising**3), "same": np.full(64, 3.0)}, rising
    )
    assert found == {"up": (1, 0), "down": (-1, 0), "same": (0, 0)}
    swapped = np.tile([2.0, 1, 3, 4], 16)  # 1 - 6 (1 + 1) / (4 (16 - 1)), in each block and of all
    assert sensitivity.rank_correlations({"one": swapped}, middle)["one"] == (pytest.approx(0.8), pytest.approx(0))
    half = np.concatenate([middle[:32], -middle[32:]])  # no ties between -4 ... -1 and 1 ... 4
    found = sensitivity.rank_correlations({"one": half}, middle)["one"]
    assert found.value == pytest.approx(stats.spearmanr(half, middle).statistic)
    assert found.error > 0.1


def test_rank_correlations_are_scipys():
    """Also with ties, and of a hit."""
    rng = np.random.default_rng(1)
    outcome = rng.normal(size=160)
    values = {"plain": rng.normal(size=160) + outcome, "ties": np.round(rng.normal(size=160) - outcome)}
    for other in (outcome, np.round(outcome), (outcome > 0.5).astype(float)):
        for name, one in sensitivity.rank_correlations(values, other).items():
            assert one.value == pytest.approx(stats.spearmanr(values[name], other).statistic, abs=1e-12)


def test_rank_correlation_of_years_is_that_of_their_mean():
    values = np.random.default_rng(2).normal(size=(64, 5))
    outcome = values @ [1.0, 2, 0, 0, 1]
    found = sensitivity.rank_correlations({"years": values, "mean": values.mean(axis=1)}, outcome)
    assert found["years"] == found["mean"]


def test_errors_of_rank_correlations_are_those_of_one_draw_more():
    """The influence of a draw, by hand: what the correlation becomes with a little more weight on it."""
    rng = np.random.default_rng(3)
    a, b = np.round(3 * rng.normal(size=32)), rng.normal(size=32)
    b = np.round(b + a / 3, 1)

    def weighted(weights: np.ndarray) -> float:
        def centred(x: np.ndarray) -> np.ndarray:
            return np.array([weights @ ((x < one) + (x == one) / 2) for one in x]) - 0.5

        u, v = centred(a), centred(b)
        return weights @ (u * v) / math.sqrt((weights @ u**2) * (weights @ v**2))

    even, step = np.full(32, 1 / 32), 1e-5
    influences = [
        (weighted((1 - step) * even + step * one) - weighted((1 + step) * even - step * one)) / (2 * step)
        for one in np.eye(32)
    ]
    error = np.std(np.reshape(influences, (16, 2)).mean(axis=1), ddof=1) / 4
    found = sensitivity.rank_correlations({"one": a}, b)["one"]
    assert found.value == pytest.approx(weighted(even), rel=1e-12)
    assert found.error == pytest.approx(error, rel=1e-6)


def test_rank_correlations_of_one_draw_a_block():
    rising = np.arange(16.0)
    found = sensitivity.rank_correlations({"one": rising, "other": rising % 5}, rising)
    assert found["one"] == (pytest.approx(1), pytest.approx(0))
    assert 0.1 < found["other"].error < 0.5
    assert sensitivity.rank_correlations({"one": rising}, np.zeros(16))["one"] == (0, 0)


def test_errors_of_rank_correlations_cover_the_truth():
    """Of two normals: 6 / π arcsin(r / 2) (Pearson 1907); and of a hit in 20 draws of 512, so that some blocks have none."""
    normals = np.random.default_rng(4).normal(size=(RUNS, 512, 3))
    rare = ndtri(0.04)
    plain, hits = [], []
    for one in normals:
        outcome = 0.6 * one[:, 0] + 0.8 * one[:, 2]
        plain.append(sensitivity.rank_correlations(named(one[:, :2]), outcome))
        hits.append(sensitivity.rank_correlations(named(one[:, :2]), (outcome < rare).astype(float)))
    # cov(Φ(x), hit) = P(w < x and hit) - P(hit) / 2, of another normal w; less by symmetry where w > x
    below = stats.multivariate_normal([0, 0], [[1, 0.6 / math.sqrt(2)], [0.6 / math.sqrt(2), 1]]).cdf([rare, 0])
    of_hit = (0.02 - below) * math.sqrt(12 / (0.04 * 0.96))
    for found, truths in ((plain, (6 / math.pi * math.asin(0.3), 0.0)), (hits, (of_hit, 0.0))):
        for name, truth in enumerate(truths):
            of = [one[str(name)] for one in found]
            assert abs(held(of, truth) - 0.95) < BETWEEN
            assert 0.85 < said(of) < 1.15


# First-order indices from draws ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("design", ["random", "lhs", "sobol"])
@pytest.mark.parametrize(("function", "first", "total"), FUNCTIONS)
def test_first_orders_of_published_functions(function, first, total, design):
    """And of a column that the function does not know."""
    u = points(design, 8192, len(first) + 1, 4)
    found = sensitivity.first_orders(named(u), function(u[:, : len(first)]))
    for one, truth in zip(found.values(), [*first, 0.0], strict=True):
        assert abs(one.value - truth) < 4.5 * one.error + 0.001 * truth  # what no function of the regression follows
        assert one.error < 0.012


def noisy(points: np.ndarray) -> np.ndarray:
    """Half of the variance is the first column's, a quarter the second's, nothing the third's; the last is luck."""
    scores = ndtri(points)
    return math.sqrt(2) * scores[:, 0] + (scores[:, 1] ** 2 - 1) / math.sqrt(2) + scores[:, 3]


def hit(points: np.ndarray) -> np.ndarray:
    scores = ndtri(points)
    return (0.6 * scores[:, 0] + 0.8 * scores[:, 3] > 0.5).astype(float)


CHANCE = float(ndtr(-0.5))
OF_HIT = float(
    (stats.multivariate_normal([0, 0], [[1, 0.36], [0.36, 1]]).cdf([-0.5, -0.5]) - CHANCE**2) / (CHANCE * (1 - CHANCE))
)


@pytest.mark.parametrize(
    ("function", "first", "design"),
    [(noisy, (0.5, 0.25, 0.0), "random"), (noisy, (0.5, 0.25, 0.0), "sobol"), (hit, (OF_HIT, 0.0, 0.0), "random")],
)
def test_errors_of_first_orders_cover_the_truth(function, first, design):
    """Where there is no effect the error is on the safe side, as the docstring says."""
    found = []
    for seed in range(RUNS):
        u = points(design, 512, 4, seed)
        found.append(sensitivity.first_orders(named(ndtri(u[:, :3])), function(u)))
    for name, truth in enumerate(first):
        of = [one[str(name)] for one in found]
        assert held(of, truth) > 0.95 - BETWEEN if truth == 0 else abs(held(of, truth) - 0.95) < BETWEEN
        assert 1.1 < said(of) < 1.5 if truth == 0 else 0.85 < said(of) < 1.15
        assert abs(np.mean([one.value for one in of]) - truth) < 0.5 * np.mean([one.error for one in of])


@pytest.mark.parametrize(
    "shares", [{0: 1 / 2, 1: 1 / 2}, {0: 1 / 32, 1: 31 / 32}, {1: 1 / 8, 2: 3 / 8, 5: 5 / 16, 7: 3 / 16}]
)
def test_first_orders_of_a_column_with_few_values_are_the_adjusted_share(shares):
    """Analysis of variance: 1 - (within / (N - values)) / (all / (N - 1)); the blocks tell the chance part nearly as well."""
    rng = np.random.default_rng(6)
    values = rng.permutation(
        np.repeat(list(shares), np.round(4096 * np.array(list(shares.values()))).astype(int)) * 1.0
    )
    outcome = np.select([values == 1, values == 5], [3.0, -1.0], 0.0) + rng.normal(size=4096)
    within = sum(np.sum((outcome[values == v] - outcome[values == v].mean()) ** 2) for v in shares)
    adjusted = 1 - within / (4096 - len(shares)) / np.var(outcome, ddof=1)
    found = sensitivity.first_orders({"one": values}, outcome)["one"]
    assert abs(found.value - adjusted) < 0.001 < found.error
    found = sensitivity.first_orders({"one": values}, values**2)["one"]
    assert found == (pytest.approx(1), pytest.approx(0, abs=1e-9))


def test_first_orders_of_groups():
    """Years that add up, two columns that work as a product, and correlated ones, against closed forms."""
    u = points("sobol", 8192, 9, 7)
    z = ndtri(u)
    tied = np.stack([z[:, 7], 0.5 * z[:, 7] + math.sqrt(0.75) * z[:, 8]], axis=1)
    outcome = z[:, :5].sum(axis=1) + math.sqrt(2) * z[:, 5] * z[:, 6] + tied.sum(axis=1)
    groups = {"years": np.exp(z[:, :5] / 2), "product": u[:, 5:7], "one of two": u[:, 5], "tied": tied}
    groups |= {"one tied": tied[:, 0]}  # explains also what it says about the other
    variance = 5 + 2 + 3
    truth = {"years": 5, "product": 2, "one of two": 0, "tied": 3, "one tied": 1.5**2}
    found = sensitivity.first_orders(groups, outcome)
    for name, one in found.items():
        assert abs(one.value - truth[name] / variance) < 4.5 * one.error
        assert one.error < 0.008


def test_first_orders_lose_at_a_jump_what_the_docstring_says():
    scores = ndtri(points("lhs", 8192, 1, 8))[:, 0]
    for jump in (0.0, 1.0, 1.5):
        found = sensitivity.first_orders({"one": scores}, (scores > jump).astype(float))["one"]
        assert 0.9 < found.value < 0.97


def test_first_orders_of_what_is_constant():
    """Nothing varies; only rounding does; a column that does not vary, beside others that do."""
    u = points("random", 64, 2, 9)
    for outcome in (np.zeros(64), np.full(64, 0.1 + 0.2), 1e6 + np.arange(64) % 2 * 1e-9):
        assert sensitivity.first_orders({"a": u[:, 0], "b": u}, outcome) == {"a": (0, 0), "b": (0, 0)}
    still = np.full(64, 0.3)
    found = sensitivity.first_orders({"a": still, "b": np.stack([still, u[:, 0]], axis=1), "c": u[:, 0]}, u[:, 0])
    assert found["a"] == (0, 0)
    assert found["b"] == found["c"] == (pytest.approx(1), pytest.approx(0, abs=1e-9))


@pytest.mark.parametrize("draws", [16, 32, 256])
@pytest.mark.parametrize("columns", [1, 5, 40])
def test_first_orders_of_few_draws_are_numbers(draws, columns):
    u = points("random", draws, columns, 10)
    (found,) = sensitivity.first_orders({"all": u}, np.random.default_rng(1).normal(size=draws)).values()
    assert math.isfinite(found.value)
    assert math.isfinite(found.error)


def test_first_orders_know_no_units():
    u = points("random", 1024, 2, 11)
    outcome = u @ [3.0, 1] + np.sin(9 * u[:, 0])
    plain = sensitivity.first_orders(named(u), outcome)
    other = sensitivity.first_orders(named(1e7 + 1e5 * u), 5e8 - 1e6 * outcome)
    for name, one in plain.items():
        assert other[name] == pytest.approx(one, rel=1e-6)


def test_first_orders_agree_with_salib():
    """Random balance designs, from the same draws; their standard errors are SALib's, of its bootstrap, and ours."""
    u = points("random", 4096, 3, 12)
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    peer = rbd_fast.analyze(problem, u, ishigami(u), M=10, seed=1)
    found = sensitivity.first_orders(named(u), ishigami(u))
    for n, one in enumerate(found.values()):
        assert abs(one.value - peer["S1"][n]) < 3 * math.hypot(one.error, peer["S1_conf"][n] / 1.96)


# Sobol' indices from a design -----------------------------------------------------------------------------------------


def designed(function: Callable, groups: list[list[int]], n: int, seed: int, design: str = "random") -> tuple:
    """f_a, f_b, f_ab of a function of as many columns as the groups have."""
    columns = sum(map(len, groups))
    rng = np.random.default_rng(seed)
    u = rng.random((n, 2 * columns)) if design == "random" else qmc.Sobol(2 * columns, rng=rng).random(n)
    a, b = u[:, :columns], u[:, columns:]
    mixed = [np.where(np.isin(np.arange(columns), group), b, a) for group in groups]
    return function(a), function(b), np.array([function(one) for one in mixed])


def each_alone(columns: int) -> list[list[int]]:
    return [[n] for n in range(columns)]


def error(interval: tuple[float, float]) -> float:
    return (interval[1] - interval[0]) / (2 * 1.96)


@pytest.mark.parametrize("design", ["random", "sobol"])
@pytest.mark.parametrize(("function", "first", "total"), FUNCTIONS)
def test_sobol_of_published_functions(function, first, total, design):
    found = sensitivity.sobol(*designed(function, each_alone(len(first)), 8192, 1, design))
    for one, own, whole in zip(found, first, total, strict=True):
        assert abs(one.first - own) < 4.5 * error(one.first_interval)
        assert abs(one.total - whole) < 4.5 * error(one.total_interval)
        assert error(one.first_interval) < 0.02
        assert error(one.total_interval) < 0.02


@pytest.mark.parametrize("groups", [each_alone(3), [[0, 2], [1]], [[0, 1, 2]]])
def test_sobol_is_scipys(groups):
    a, b, ab = designed(ishigami, groups, 1024, 2)
    found = sensitivity.sobol(a, b, ab)
    variance = np.var(np.stack([a, b]))
    middle = np.stack([a, b]).mean()
    assert [one.first for one in found] == pytest.approx(((b - middle) * (ab - a)).mean(axis=1) / variance, rel=1e-12)
    assert [one.total for one in found] == pytest.approx(((a - ab) ** 2).mean(axis=1) / 2 / variance, rel=1e-12)
    if len(groups) > 1:
        peer = stats.sobol_indices(func={"f_A": a[None], "f_B": b[None], "f_AB": ab[:, None]}, n=1024)
        assert [one.first for one in found] == pytest.approx(peer.first_order, rel=1e-12)
        assert [one.total for one in found] == pytest.approx(peer.total_order, rel=1e-12)


def test_sobol_intervals_are_scipys(monkeypatch):
    """So many samples that the two bootstraps' own scatter, for an end 0.035 of the standard error, tells nothing else apart."""
    monkeypatch.setattr(sensitivity, "RESAMPLES", 20000)
    a, b, ab = designed(ishigami, each_alone(3), 128, 3)

    def indices(rows: np.ndarray) -> np.ndarray:
        both = np.stack([a[rows], b[rows]])
        f_a, f_b, f_ab = a[rows] - MIDDLE, b[rows] - MIDDLE, ab[:, rows] - MIDDLE
        return np.stack([(f_b * (f_ab - f_a)).mean(axis=1), ((f_a - f_ab) ** 2).mean(axis=1) / 2]) / both.var()

    MIDDLE = np.stack([a, b]).mean()
    peer = stats.bootstrap(
        [np.arange(128)], indices, n_resamples=20000, method="BCa", vectorized=False, rng=np.random.default_rng(1)
    )
    for g, one in enumerate(sensitivity.sobol(a, b, ab)):
        for n, interval in enumerate((one.first_interval, one.total_interval)):
            assert abs(interval[0] - peer.confidence_interval.low[n, g]) < 0.16 * peer.standard_error[n, g]
            assert abs(interval[1] - peer.confidence_interval.high[n, g]) < 0.16 * peer.standard_error[n, g]


@pytest.mark.parametrize("groups", [["a", "b", "c"], ["x", "y", "x"]])
def test_sobol_agrees_with_salib(groups):
    """The same outcomes of SALib's own sample: indices within 0.001, and half widths, theirs by the normal distribution, alike."""
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3, "groups": groups}
    sample = salib_sample.sample(problem, 2048, calc_second_order=False, seed=4)
    outcome = ishigami(sample)
    peer = salib.analyze(problem, outcome, calc_second_order=False, seed=4, num_resamples=999)
    rows = outcome.reshape(2048, len(set(groups)) + 2)
    found = sensitivity.sobol(rows[:, 0], rows[:, -1], rows[:, 1:-1].T)
    for n, one in enumerate(found):
        assert one.first == pytest.approx(peer["S1"][n], abs=0.001)
        assert one.total == pytest.approx(peer["ST"][n], abs=0.001)
        assert 1.96 * error(one.first_interval) == pytest.approx(peer["S1_conf"][n], rel=0.15)
        assert 1.96 * error(one.total_interval) == pytest.approx(peer["ST_conf"][n], rel=0.15)


def test_sobol_of_one_group_alone_and_of_all():
    """Among others a group has the same; the group of everything explains everything."""
    a, b, ab = designed(ishigami, [[0], [1, 2]], 512, 5)
    (alone,) = sensitivity.sobol(a, b, ab[:1])
    first = sensitivity.sobol(a, b, ab)[0]
    assert (alone.first, alone.total) == (first.first, first.total)
    assert alone.first_interval == pytest.approx(first.first_interval, rel=1e-12)
    (everything,) = sensitivity.sobol(*designed(ishigami, [[0, 1, 2]], 4096, 5))
    assert abs(everything.first - 1) < 4.5 * error(everything.first_interval) < 0.2
    assert abs(everything.total - 1) < 4.5 * error(everything.total_interval) < 0.2


NOTHING = Sobol(0.0, (0.0, 0.0), 0.0, (0.0, 0.0))


def test_sobol_of_what_has_no_effect():
    a, b, ab = designed(ishigami, each_alone(3), 512, 6)
    found = sensitivity.sobol(a, b, np.stack([ab[0], a]))
    assert found[1] == NOTHING
    assert found[0].total > 0.3


@pytest.mark.parametrize("amount", [0.0, 1.0, 0.1 + 0.2, -1e7 / 3])
@pytest.mark.parametrize("groups", [1, 3])
def test_sobol_of_a_constant_outcome(amount, groups):
    assert sensitivity.sobol(np.full(64, amount), np.full(64, amount), np.full((groups, 64), amount)) == (
        [NOTHING] * groups
    )
    rounded = amount + (np.arange(64) % 2) * 1e-14 * amount
    assert sensitivity.sobol(rounded, rounded[::-1], np.tile(rounded, (groups, 1))) == [NOTHING] * groups


@pytest.mark.parametrize("amount", [1.0, 1 / 3, 1e6 / 3])
def test_sobol_of_amounts_that_are_rare(amount):
    """Samples without one have no variance, or one of rounding: no warning, and ends that are about as far as indices go."""
    a, b = np.zeros(64), np.zeros(64)
    a[3] = b[9] = b[5] = amount
    found = sensitivity.sobol(a, b, np.stack([b, a]))
    for low, high in itertools.chain(*((one.first_interval, one.total_interval) for one in found)):
        assert -1 < low <= high < 3


def test_a_sample_without_variance_but_for_rounding_has_no_indices():
    """Means of b (ab - a), (ab - a)² / 2, a + b, a² + b² where a and b are 0.3 in all rows but for the last bits."""
    means = np.array([[1e-17, 1e-17, 0.6, 0.18 * (1 + 1e-15)]])
    assert means[0, 3] / 2 > (means[0, 2] / 2) ** 2
    assert sensitivity._indices(means).tolist() == [[[0.0], [0.0]]]


def test_sobol_follows_its_seed_and_leaves_its_outcomes_as_they_are():
    design = designed(ishigami, each_alone(3), 256, 7)
    before = [one.copy() for one in design]
    found = sensitivity.sobol(*design, seed=1)
    assert found == sensitivity.sobol(*design, seed=1)
    other = sensitivity.sobol(*design, seed=2)
    assert [one.first for one in found] == [one.first for one in other]
    assert found[0].first_interval != other[0].first_interval
    for one, same in zip(design, before, strict=True):
        np.testing.assert_array_equal(one, same)


def test_sobol_intervals_cover_the_truth(monkeypatch):
    """Of 512 independent rows, two groups: 0.5 x + 0.5 y + x y of centred uniforms. Fewer samples than are taken, for speed."""
    monkeypatch.setattr(sensitivity, "RESAMPLES", 199)

    def function(u: np.ndarray) -> np.ndarray:
        x, y = (math.sqrt(12) * (u - 0.5)).T
        return x + 0.5 * y + x * y

    found = [sensitivity.sobol(*designed(function, each_alone(2), 512, seed)) for seed in range(RUNS)]
    for group, (first, total) in enumerate([(1, 2), (0.25, 1.25)]):
        own = [one[group].first_interval for one in found]
        whole = [one[group].total_interval for one in found]
        assert abs(np.mean([low <= first / 2.25 <= high for low, high in own]) - 0.95) < BETWEEN
        assert abs(np.mean([low <= total / 2.25 <= high for low, high in whole]) - 0.95) < BETWEEN


def test_nothing_is_correlated_with_rounding():
    """An outcome that differs by rounding only has no order worth a rank."""
    values = points("sobol", 256, 1, 1)
    found = sensitivity.rank_correlations(named(values), 1e6 + 1e-9 * np.round(values[:, 0]))
    assert found == {"0": (0.0, 0.0)}
