"""The draws of a scenario's assumptions have the distributions, factors, ties and correlations that the file states."""

import itertools
import math
from functools import cached_property

import numpy as np
import pytest
from scipy import special, stats
from strategies import to_toml
from trees import assert_identical, rich, run_tree, scenario_of

from simulate import sampling
from simulate.distributions import KINDS
from simulate.engine import Case
from simulate.names import BLOCKS
from simulate.sampling import Chunk, Layout, Sampler, cube, rounded_up
from simulate.scenario import load

DESIGNS = "random", "lhs", "sobol"
EACH = 1024
DRAWS = BLOCKS * EACH  # the default, 16,384
ROUGH = 4.5 / math.sqrt(DRAWS)  # of a mean of independent draws, in their sd


# Scenarios of assumptions ---------------------------------------------------------------------------------------------


def tree_of(assumptions: dict, years: int = 1, correlations: tuple = ()) -> dict:
    """The assumptions, a line that uses each of them, and the least that a scenario has."""
    return {
        "format": 1,
        "title": "assumptions",
        "time": {"first_year": 2020, "years": years},
        "assumptions": assumptions,
        "correlations": [{"between": [a, b], "rank": rank} for a, b, rank in correlations],
        "roles": {"adult": {"start": "here", "states": {"here": {}}}},
        "savings": [{"label": name, "yearly": name} for name in assumptions],
    }


def sampler_of(assumptions: dict, years: int = 1, correlations: tuple = ()) -> Sampler:
    return Sampler(scenario_of(tree_of(assumptions, years, correlations)))


def sure(value: object, kind: str, **parameters: object) -> dict:
    return {"value": value, "uncertainty": {"kind": kind, **parameters}}


def drawn(sampler: Sampler, design: str, seed: int = 1, each: int = EACH) -> dict[str, np.ndarray]:
    """(block, draw, year) of every assumption."""
    blocks = [sampler.draw(design, seed, Chunk(block * each, (block + 1) * each, each)) for block in range(BLOCKS)]
    return {name: np.stack([block[name] for block in blocks]) for name in blocks[0]}


def flat(blocks: np.ndarray) -> np.ndarray:
    """(draw,) of (block, draw, 1)."""
    assert blocks.shape[2] == 1
    return blocks.ravel()


def spearman(a: np.ndarray, b: np.ndarray) -> float:
    return float(stats.spearmanr(a, b).statistic)


# Peers ----------------------------------------------------------------------------------------------------------------


class Metalog:
    """Keelin's three terms through p5, p50, p95, written down from the paper; low: the bound of the logarithmic form."""

    def __init__(self, p5: float, p50: float, p95: float, low: float = -math.inf) -> None:
        self.low, points = low, np.array([p5, p50, p95])
        u = np.array([0.05, 0.5, 0.95])
        self.a = np.linalg.solve(self.terms(u), np.log(points - low) if math.isfinite(low) else points)

    @staticmethod
    def terms(u: np.ndarray) -> np.ndarray:
        return Metalog.of_score(special.logit(u), u)

    @staticmethod
    def of_score(score: np.ndarray, u: np.ndarray) -> np.ndarray:
        return np.stack([np.ones_like(score), score, (u - 0.5) * score], axis=-1)

    def bounded(self, z: np.ndarray) -> np.ndarray:
        return self.low + np.exp(z) if math.isfinite(self.low) else z

    def ppf(self, u: np.ndarray) -> np.ndarray:
        u = np.clip(u, 1e-300, 1 - 1e-16)
        return self.bounded(self.terms(u) @ self.a)

    @cached_property
    def moments(self) -> tuple[float, float]:
        """The trapezoid rule over the logistic score: smooth, and nothing at its ends."""
        score, step = np.linspace(-80, 80, 16001, retstep=True)
        x = self.bounded(self.of_score(score, special.expit(score)) @ self.a)
        chance = step * special.expit(score) * special.expit(-score)
        mean = float(x @ chance)
        return mean, math.sqrt((x - mean) ** 2 @ chance)

    def mean(self) -> float:
        return self.moments[0]

    def std(self) -> float:
        return self.moments[1]


def lognormal(mean: float, sd: float) -> object:
    spread = math.sqrt(math.log1p((sd / mean) ** 2))
    return stats.lognorm(spread, scale=mean * math.exp(-(spread**2) / 2))


CUT = stats.truncnorm(-1.5, 2.5, 0.3, 0.2)  # to [0, 0.8]

CASES = {
    "count": (sure(0.15, "beta", successes=3, failures=17), stats.beta(3.5, 17.5)),
    "beta": (sure(0.3, "beta", mean=0.3, sd=0.1), stats.beta(6, 14)),
    "pert": (sure(0.15, "pert", low=0.05, mode=0.15, high=0.35), stats.beta(1 + 4 / 3, 5 - 4 / 3, 0.05, 0.3)),
    "edge": (sure(14575, "pert", low=10968, mode=14575, high=14575), stats.beta(5, 1, 10968, 3607)),
    "triangular": (sure(1, "triangular", low=0, mode=1, high=4), stats.triang(0.25, 0, 4)),
    "uniform": (sure(0, "uniform", low=-3, high=5), stats.uniform(-3, 8)),
    "normal": (sure(0.15, "normal", mean=0.15, sd=0.07), stats.norm(0.15, 0.07)),
    "relative": (sure(-465000, "normal", relative_sd=0.1), stats.norm(-465000, 46500)),
    "cut": (sure(0.3, "normal", mean=float(CUT.mean()), sd=float(CUT.std()), low=0, high=0.8), CUT),
    "lognormal": (sure(450000, "lognormal", mean=450000, sd=90000), lognormal(450000, 90000)),
    "gamma": (sure(24, "gamma", mean=24, sd=12), stats.gamma(4, scale=6)),
    "quantiles": (sure(0.1, "quantiles", p5=0, p50=0.09, p95=0.19), Metalog(0, 0.09, 0.19)),
    "bounded": (sure(2, "quantiles", p5=1, p50=2, p95=5, low=0), Metalog(1, 2, 5, 0)),
}
STATED = [name for name, (one, _) in CASES.items() if "mean" in one["uncertainty"]]


@pytest.fixture(scope="module", params=DESIGNS)
def design(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def of_every_kind(design: str) -> dict[str, np.ndarray]:
    return drawn(sampler_of({name: one for name, (one, _) in CASES.items()}), design)


def test_the_cases_have_every_kind():
    kinds = {one["uncertainty"]["kind"] for one, _ in CASES.values()}
    assert kinds | {"choices"} == set(KINDS)


# Each kind ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_sample_quantiles_equal_the_inverse_distribution_function(design, of_every_kind, name):
    values, peer = flat(of_every_kind[name]), CASES[name][1]
    for p in (0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999):
        # a stratified design puts one draw of each block into every 1/1024
        off = ROUGH * math.sqrt(p * (1 - p)) if design == "random" else 1 / EACH
        low, high = peer.ppf([max(p - off, 1e-12), min(p + off, 1 - 1e-12)])
        assert low <= np.quantile(values, p) <= high


@pytest.mark.parametrize("name", CASES)
def test_every_block_is_stratified(design, of_every_kind, name):
    if design == "random":
        pytest.skip("nothing is stratified")
    edges = CASES[name][1].ppf(np.arange(1, 64) / 64)
    for block in of_every_kind[name]:
        below = np.searchsorted(np.sort(block[:, 0]), edges)
        np.testing.assert_array_equal(below, np.arange(1, 64) * EACH // 64)


@pytest.mark.parametrize("name", CASES)
def test_mean_and_sd_come_back(design, of_every_kind, name):
    one, peer = CASES[name]
    values = flat(of_every_kind[name])
    mean, sd = peer.mean(), peer.std()
    if name in STATED:
        assert (mean, sd) == pytest.approx((one["uncertainty"]["mean"], one["uncertainty"]["sd"]))
    heavy = math.sqrt(np.mean(((values - mean) / sd) ** 4) - 1) / 2  # the sd of an sd, of independent draws
    near = 1 if design == "random" else 0.1
    assert abs(values.mean() - mean) < near * ROUGH * sd
    assert abs(values.std(ddof=1) - sd) < ROUGH * heavy * sd


@pytest.mark.parametrize("name", ["quantiles", "bounded"])
def test_percentiles_given_come_back_exactly(name):
    sampler = sampler_of({name: CASES[name][0]})
    given = CASES[name][0]["uncertainty"]
    back = sampler.uncertain[0].distribution.ppf(np.array([0.05, 0.5, 0.95]))
    np.testing.assert_allclose(back, [given["p5"], given["p50"], given["p95"]], rtol=1e-12, atol=1e-15)


def test_choices_have_their_weights(design):
    weights = np.array([0.25, 0.1, 0.65])
    one = sure(2, "choices", values=[20, 2, 7], weights=weights.tolist())
    blocks = drawn(sampler_of({"either": one, "other": CASES["gamma"][0]}), design)["either"]
    assert set(np.unique(blocks)) == {2, 7, 20}
    shares = np.stack([(blocks[:, :, 0] == value).mean(axis=1) for value in (20, 2, 7)], axis=1)
    off = 1 / EACH if design != "random" else 4.5 * np.sqrt(weights * (1 - weights) / EACH)
    assert (np.abs(shares - weights) <= off).all()


def test_uncorrelated_assumptions_are_independent(of_every_kind):
    for a, b in itertools.combinations(of_every_kind, 2):
        assert abs(spearman(flat(of_every_kind[a]), flat(of_every_kind[b]))) < ROUGH


# The cube and its blocks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("assumptions", "years", "scores"),
    [
        ({}, 3, 0),
        ({"a": {"value": 1}, "b": {"value": [1, 2]}}, 3, 0),
        ({"a": CASES["pert"][0], "b": {"value": 2}, "c": sure([1, 2], "gamma", relative_sd=0.1)}, 3, 2),
        ({"a": CASES["pert"][0] | {"each_year": True}, "b": CASES["gamma"][0]}, 5, 6),
        (
            {
                "a": CASES["pert"][0] | {"each_year": True},
                "b": sure([1, 2], "gamma", relative_sd=0.1) | {"each_year": True},
            },
            4,
            8,
        ),
        ({"a": CASES["pert"][0] | {"each_year": True}}, 1, 1),
    ],
)
def test_the_cube_has_one_dimension_for_each_uncertain_score(assumptions, years, scores):
    sampler = sampler_of(assumptions, years)
    assert sampler.scores == scores
    columns = [list(range(scores))[one.columns] for one in sampler.uncertain]
    assert sorted(itertools.chain(*columns)) == list(range(scores))


def test_sixteen_blocks_are_randomised_differently(design):
    blocks = np.stack([cube(design, 5, block, EACH, 3) for block in range(BLOCKS)])
    assert blocks.shape == (16, EACH, 3)
    assert ((blocks > 0) & (blocks < 1)).all()
    # no two blocks share a point, and the points of one say nothing of the same places of another
    assert len(np.unique(blocks.reshape(-1, 3), axis=0)) == BLOCKS * EACH
    assert len(np.unique(blocks)) > blocks.size - 8  # a Sobol point has 30 bits, which leaves room for a coincidence
    scores = special.ndtri(blocks)
    if design != "sobol":  # whose order is part of it
        pairs = [
            np.corrcoef(scores[i, :, 0], scores[j, :, 0])[0, 1] for i, j in itertools.combinations(range(BLOCKS), 2)
        ]
        assert np.sqrt(np.mean(np.square(pairs))) == pytest.approx(1 / math.sqrt(EACH), rel=0.3)
    # one block errs as little as another knows: the mean of all has a sixteenth of a block's variance, on average over columns
    many = np.stack([cube(design, 6, block, 64, 200) for block in range(BLOCKS)])
    means = (many**3).mean(axis=1)  # (block, score)
    ratio = means.mean(axis=0).var() / means.var(axis=0, ddof=1).mean()
    assert ratio == pytest.approx(1 / BLOCKS, rel=0.4)


def test_a_seed_says_every_draw(design):
    sampler = sampler_of({"a": CASES["pert"][0], "b": CASES["gamma"][0]})
    one, again, other = (drawn(sampler, design, seed, each=64) for seed in (7, 7, 8))
    for name in ("a", "b"):
        assert one[name].tobytes() == again[name].tobytes()
        assert len(np.intersect1d(one[name], other[name])) == 0


def test_blocks_are_equal_in_size():
    assert [rounded_up(n, "random") for n in (1, 16, 17, 1000, 16384)] == [16, 16, 32, 1008, 16384]
    assert [rounded_up(n, "lhs") for n in (1, 16, 17, 1000, 16384)] == [16, 16, 32, 1008, 16384]
    assert [rounded_up(n, "sobol") for n in (1, 16, 17, 48, 1000, 16384, 16385)] == [16, 16, 32, 64, 1024, 16384, 32768]


@pytest.mark.parametrize("tree", [rich(), "correlated"], ids=["rich", "correlated"])
def test_chunks_of_a_block_are_the_block_bit_for_bit(design, tree):
    if tree == "correlated":
        names = list(CASES)
        ties = tuple((a, b, 0.2) for a, b in itertools.pairwise(names))
        tree = tree_of({name: one for name, (one, _) in CASES.items()}, correlations=ties)
    sampler = Sampler(scenario_of(tree))
    whole = sampler.draw(design, 3, Chunk(5 * 256, (5 + 1) * 256, 256))
    for bounds in (range(257), [0, 1, 3, 8, 15, 32, 100, 101, 255, 256], [0, 128, 256], [0, 37, 255, 256]):
        parts = [
            sampler.draw(design, 3, Chunk(5 * 256 + first, 5 * 256 + last, 256))
            for first, last in itertools.pairwise(bounds)
        ]
        for name, value in whole.items():
            if len(value) > 1:
                assert np.concatenate([part[name] for part in parts]).tobytes() == value.tobytes(), name


@pytest.mark.parametrize("engine", ["lives", "expected"])
def test_chunks_of_a_run_change_no_bit(engine):
    whole = run_tree(rich(), draws=64, engine=engine, threads=1)
    for chunk in (1, 3):
        assert_identical(whole, run_tree(rich(), draws=64, engine=engine, threads=2, chunk=chunk))


# Lists by year --------------------------------------------------------------------------------------------------------


def test_a_list_by_year_has_one_factor_for_all_years(design):
    listed = [33.5, 40, 10]
    sampler = sampler_of({"list": sure(listed, "pert", low=0.8, mode=1, high=1.3)}, years=5)
    values = drawn(sampler, design)["list"]
    assert values.shape == (BLOCKS, EACH, 3)
    factor = values / listed
    np.testing.assert_allclose(factor[..., 1:], factor[..., :1].repeat(2, axis=2), rtol=1e-14)
    peer = stats.beta(1 + 4 * 0.2 / 0.5, 5 - 4 * 0.2 / 0.5, 0.8, 0.5)
    assert stats.kstest(factor[..., 0].ravel(), peer.cdf).statistic < (0.02 if design == "random" else 1 / EACH)
    np.testing.assert_allclose(sampler.means()["list"], np.multiply([listed], peer.mean()), rtol=1e-12)
    np.testing.assert_array_equal(sampler.point()["list"], [listed])


def test_a_list_by_year_takes_a_relative_sd(design):
    values = drawn(sampler_of({"list": sure([200, 300], "normal", relative_sd=0.1)}, years=2), design)["list"]
    assert abs(values[..., 0].mean() - 200) < ROUGH * 20
    assert abs(values[..., 1].mean() - 300) < ROUGH * 30
    assert abs(values[..., 1].std() - 30) < ROUGH * 30


# Each year its own ----------------------------------------------------------------------------------------------------

YEARS = 6
TIED = {
    "normal": (sure(1, "normal", mean=1, sd=0.2), stats.norm(1, 0.2)),
    "lognormal": (sure(1, "lognormal", mean=1, sd=0.5), lognormal(1, 0.5)),
    "pert": (sure(0.15, "pert", low=0.05, mode=0.15, high=0.35), CASES["pert"][1]),
    "list": (sure([10, 30], "gamma", relative_sd=0.25), stats.gamma(16, scale=1 / 16)),
}


@pytest.mark.parametrize("persistence", [0, 0.3, 0.6, 0.95])
@pytest.mark.parametrize("name", TIED)
def test_an_ar1_has_the_autocorrelation_it_was_given(design, name, persistence):
    one, peer = TIED[name]
    sampler = sampler_of(
        {name: one | {"each_year": True, "persistence": persistence}, "other": CASES["beta"][0]}, YEARS
    )
    values = drawn(sampler, design)[name]
    assert values.shape == (BLOCKS, EACH, YEARS)
    listed = np.atleast_1d(one["value"])
    factors = values.reshape(DRAWS, YEARS) / (listed[np.minimum(np.arange(YEARS), 1)] if name == "list" else 1)
    scores = special.ndtri(peer.cdf(factors))
    found = np.corrcoef(scores.T)
    for a, b in itertools.combinations(range(YEARS), 2):
        given = persistence ** (b - a)
        bound = (1 - given**2) * ROUGH if design != "sobol" else 0.01
        assert abs(found[a, b] - given) < bound
    if design == "sobol":
        assert np.abs(scores.mean(axis=0)).max() < 0.005
        assert np.abs(scores.std(axis=0) - 1).max() < 0.01
    else:
        assert np.abs(scores.mean(axis=0)).max() < ROUGH
        assert np.abs(scores.std(axis=0) - 1).max() < ROUGH
    # stationary: every year has the distribution that was stated, the last as the first
    for year in range(YEARS):
        assert stats.kstest(factors[:, year], peer.cdf).statistic < 0.02


def test_an_ar1_is_of_first_order(design):
    """Given the year between, the years beside it say nothing of each other."""
    one = sure(1, "normal", mean=1, sd=0.2) | {"each_year": True, "persistence": 0.7}
    years = drawn(sampler_of({"c": one}, 3), design)["c"].reshape(DRAWS, 3)
    inverse = np.linalg.inv(np.corrcoef(years.T))
    assert abs(inverse[0, 2] / math.sqrt(inverse[0, 0] * inverse[2, 2])) < ROUGH


@pytest.mark.parametrize("listed", [[5], [5, 6], [5, 6, 7], [5, 6, 7, 8, 9]])
@pytest.mark.parametrize("each_year", [False, True])
def test_a_list_of_any_length_is_drawn(design, listed, each_year):
    """One longer than the horizon is cut, with a warning; the last of a shorter one holds on."""
    one = sure(listed, "gamma", relative_sd=1e-6) | {"each_year": each_year, "persistence": 0.5 * each_year}
    values = drawn(sampler_of({"list": one}, 3), design, each=16)["list"]
    for year in range(3):
        column = values[..., min(year, values.shape[2] - 1)]
        np.testing.assert_allclose(column, listed[min(year, len(listed) - 1)], rtol=1e-4)


# Rank correlations ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rank", [-0.9, -0.4, 0.0, 0.2, 0.5, 0.75, 0.99])
@pytest.mark.parametrize("pair", [("pert", "normal"), ("quantiles", "gamma"), ("lognormal", "count")])
def test_rank_correlations_come_back(pair, rank):
    a, b = pair
    assumptions = {"first": CASES["uniform"][0], b: CASES[b][0], "between": {"value": 3}, a: CASES[a][0]}
    for seed in (1, 2, 3):
        values = drawn(sampler_of(assumptions, correlations=((a, b, rank),)), "sobol", seed)
        assert spearman(flat(values[a]), flat(values[b])) == pytest.approx(rank, abs=0.01)
        assert abs(spearman(flat(values["first"]), flat(values[a]))) < 0.01


@pytest.mark.parametrize("rank", [-0.6, 0.3, 0.8])
def test_rank_correlations_come_back_under_every_design(design, rank):
    """Twelve times 16,384 draws, since of independent ones 16,384 leave an error of 0.008 in a rank correlation."""
    sampler = sampler_of({"a": CASES["pert"][0], "b": CASES["gamma"][0]}, correlations=(("a", "b", rank),))
    runs = (drawn(sampler, design, seed) for seed in range(12))
    found = [spearman(flat(values["a"]), flat(values["b"])) for values in runs]
    assert np.mean(found) == pytest.approx(rank, abs=0.01)
    assert np.abs(np.subtract(found, rank)).max() < 1.2 * ROUGH


MATRIX = (
    ("pert", "gamma", 0.5),
    ("gamma", "normal", -0.4),
    ("pert", "normal", 0.1),
    ("normal", "quantiles", 0.7),
    ("triangular", "lognormal", -0.8),
)


def test_a_matrix_of_rank_correlations_comes_back_whole():
    """Pairs that the file does not name have none."""
    sampler = sampler_of({name: one for name, (one, _) in CASES.items()}, correlations=MATRIX)
    values = drawn(sampler, "sobol")
    given = {frozenset((a, b)): rank for a, b, rank in MATRIX}
    for a, b in itertools.combinations(CASES, 2):
        rank = given.get(frozenset((a, b)), 0.0)
        assert spearman(flat(values[a]), flat(values[b])) == pytest.approx(rank, abs=0.01), (a, b)


def test_correlations_leave_every_assumption_its_own_distribution(design):
    sampler = sampler_of({name: one for name, (one, _) in CASES.items()}, correlations=MATRIX)
    values = drawn(sampler, design)
    for name, (_, peer) in CASES.items():
        for p in (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99):
            off = ROUGH * math.sqrt(p * (1 - p))
            low, high = peer.ppf([p - off, p + off])
            assert low <= np.quantile(values[name], p) <= high, name


@pytest.mark.parametrize("rank", [1, -1])
def test_of_two_with_rank_1_one_says_the_other(design, rank):
    sampler = sampler_of({"a": CASES["pert"][0], "b": CASES["gamma"][0]}, correlations=(("a", "b", rank),))
    values = drawn(sampler, design)
    a, b = flat(values["a"]), flat(values["b"])
    shares = CASES["pert"][1].cdf(a)
    other = CASES["gamma"][1].ppf(shares if rank == 1 else 1 - shares)
    np.testing.assert_allclose(b, other, rtol=1e-6)
    assert spearman(a, b) == pytest.approx(rank, abs=1e-6)


def test_two_shares_with_rank_minus_1_are_each_others_rest(design):
    """Half of the draws would otherwise be reported as start shares that had to be cut back."""
    one = sure(0.5, "pert", low=0.2, mode=0.5, high=0.8)
    values = drawn(sampler_of({"a": one, "b": one}, correlations=(("a", "b", -1),)), design)
    np.testing.assert_allclose(flat(values["a"]) + flat(values["b"]), 1.0, rtol=0, atol=1e-10)


def test_rank_1_within_a_matrix(design):
    ties = (("pert", "gamma", 1), ("normal", "gamma", 0.5), ("normal", "pert", 0.5), ("uniform", "pert", -1),
            ("uniform", "gamma", -1), ("uniform", "normal", -0.5))  # fmt: skip
    sampler = sampler_of({name: CASES[name][0] for name in ("uniform", "pert", "normal", "gamma")}, correlations=ties)
    values = drawn(sampler, design)
    for a, b, rank in ties:
        off = 1e-6 if abs(rank) == 1 else 0.01 if design == "sobol" else ROUGH
        assert spearman(flat(values[a]), flat(values[b])) == pytest.approx(rank, abs=off)
    for name in ("uniform", "pert", "normal", "gamma"):
        mean, sd = CASES[name][1].mean(), CASES[name][1].std()
        assert abs(values[name].mean() - mean) < ROUGH * sd


# Certain --------------------------------------------------------------------------------------------------------------


def test_an_assumption_made_certain_leaves_the_others_their_own_distributions(tmp_path, design):
    file = tmp_path / "scenario.toml"
    names = ("pert", "gamma", "normal", "quantiles", "cut")
    file.write_text(
        to_toml(tree_of({name: CASES[name][0] for name in names}, correlations=MATRIX[:4])), encoding="utf-8"
    )
    sampler = Sampler(load(file, ["gamma=30"]).scenario)
    assert [one.name for one in sampler.uncertain] == ["pert", "normal", "quantiles", "cut"]
    values = drawn(sampler, design)
    assert (values["gamma"] == 30).all()
    assert values["gamma"].shape == (BLOCKS, 1, 1)
    for name in ("pert", "normal", "quantiles", "cut"):
        assert stats.kstest(np.interp(flat(values[name]), CASES[name][1].ppf(GRID), GRID), "uniform").statistic < 0.02
    off = 0.01 if design == "sobol" else ROUGH
    assert spearman(flat(values["normal"]), flat(values["quantiles"])) == pytest.approx(0.7, abs=off)
    assert spearman(flat(values["pert"]), flat(values["normal"])) == pytest.approx(0.1, abs=off)


GRID = np.linspace(1e-6, 1 - 1e-6, 20001)


def test_every_assumption_certain_leaves_one_row():
    sampler = sampler_of({"a": {"value": 2}, "b": {"value": [1, 2]}}, years=3)
    values = sampler.draw("sobol", 1, Chunk(3 * 64 + 5, 3 * 64 + 9, 64))
    np.testing.assert_array_equal(values["a"], [[2]])
    np.testing.assert_array_equal(values["b"], [[1, 2]])


def test_means_are_those_of_the_distributions():
    means = sampler_of({name: one for name, (one, _) in CASES.items()}).means()
    for name, (_, peer) in CASES.items():
        np.testing.assert_allclose(means[name], [[peer.mean()]], rtol=1e-9, err_msg=name)


@pytest.mark.parametrize("tied", [False, True])
def test_assumptions_that_nothing_uses_change_no_draw(design, tied):
    """Not even two that are correlated with each other."""
    both = (("pert", "gamma", 0.5),)
    idle = (("normal", "count", 0.5),) if tied else ()
    plain = tree_of({name: CASES[name][0] for name in ("pert", "gamma")}, correlations=both)
    more = tree_of({name: CASES[name][0] for name in ("normal", "pert", "count", "gamma")}, correlations=both + idle)
    more["savings"] = plain["savings"]
    ours, theirs = (drawn(Sampler(scenario_of(tree)), design, each=64) for tree in (plain, more))
    for name in ("pert", "gamma"):
        assert ours[name].tobytes() == theirs[name].tobytes()


# Another horizon ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("years", [2, 3, 7])
def test_another_horizon_draws_the_same_numbers_in_the_years_that_both_have(design, years):
    assumptions = {
        "first": sure(1, "normal", mean=1, sd=0.1),
        "yearly": sure(1, "lognormal", mean=1, sd=0.2) | {"each_year": True, "persistence": 0.6},
        "listed": sure([1, 2], "normal", mean=1, sd=0.1) | {"each_year": True},
        "last": sure(2, "uniform", low=1, high=3),
    }
    pairs = (("first", "last", 0.5),)
    layout = Layout.over(scenario_of(tree_of(assumptions, 3, pairs)), years)
    here = drawn(sampler_of(assumptions, 3, pairs), design)
    there = drawn(Sampler(scenario_of(tree_of(assumptions, years, pairs)), layout), design)
    for name, values in here.items():
        both = min(values.shape[2], there[name].shape[2])
        assert there[name].shape[2] == (years if name in ("yearly", "listed") else 1)
        np.testing.assert_allclose(there[name][..., :both], values[..., :both], rtol=1e-12)
    if years > 3:  # further years have the same distribution, and are tied to the last one that both have
        scores = np.log(there["yearly"].reshape(-1, years))
        assert stats.kstest(scores[:, -1], stats.norm(*_log(0.2)).cdf).pvalue > 1e-4
        ties = np.corrcoef(scores, rowvar=False)
        assert abs(ties[2, 3] - 0.6) < ROUGH
        assert abs(ties[5, 6] - 0.6) < ROUGH
        assert abs(np.corrcoef(there["listed"][..., 5].ravel(), scores[:, 5])[0, 1]) < ROUGH


def _log(sd: float) -> tuple[float, float]:
    """Mean and sd of the logarithm of a lognormal number with mean 1."""
    variance = math.log1p(sd**2)
    return -variance / 2, math.sqrt(variance)


def test_another_horizon_changes_no_column_where_no_year_has_its_own():
    assumptions = {"a": sure(1, "normal", mean=1, sd=0.1), "b": sure([2, 3], "uniform", low=0.5, high=1.5)}
    layout = Layout.over(scenario_of(tree_of(assumptions, 3)), 10)
    assert layout == Layout.of(scenario_of(tree_of(assumptions, 10)))


def test_numbers_drawn_are_kept_for_another_value_of_what_is_certain() -> None:
    """The same arrays, which nobody can write to; another distribution, persistence or correlation draws anew."""
    case = Case.of(load("scenarios/silkeborg.toml"))
    chunk = Chunk(0, 4, 4)
    one, other = (Sampler(case.with_({"relapse": value}).scenario).numbers("sobol", 1, chunk) for value in (0.2, 0.3))
    assert one.keys() == other.keys()
    assert all(one[name] is other[name] for name in one)
    with pytest.raises(ValueError, match="read-only"):
        one["placement_price"][0] = 0.0
    scaled = Sampler(load("scenarios/silkeborg.toml", ["relapse=0.2", "placement_price*1.1"]).scenario)
    found = scaled.numbers("sobol", 1, chunk)
    np.testing.assert_array_equal(found["placement_price"], one["placement_price"] * 1.1)


def test_large_runs_keep_no_numbers() -> None:
    sampler = Sampler(load("scenarios/silkeborg.toml").scenario)
    chunk = Chunk(0, 2, sampling.KEPT // BLOCKS)
    before = sampling._kept_drawn.cache_info().currsize
    sampler.numbers("random", 1, chunk)
    assert sampling._kept_drawn.cache_info().currsize == before
