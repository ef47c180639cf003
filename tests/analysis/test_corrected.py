"""The corrected chance of break-even: no bias whatever the law of luck, errors as stated, and smaller ones than counting's.

First on arrays made by hand, whose chance is enumerated; then with the engine, on scenarios of so few families that the
normal distribution is far off, with the chance in closed form.
"""

import functools
import math
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import integrate, stats
from trees import rich, run_tree, scenario_of, simple

from simulate import kernels, ledger, luck, model
from simulate.analysis import corrected, precision
from simulate.analysis.breakeven import BREAK_EVEN, reached
from simulate.analysis.precision import Estimate
from simulate.engine import run
from simulate.engine.work import PILOT
from simulate.ledger import Accounts
from simulate.model import PERIODS, Model
from simulate.names import BLOCKS, COUNTERFACTUALS
from simulate.options import Options
from simulate.sampling import Chunk, Sampler

Array = NDArray[np.float64]

# Arrays made by hand ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Families:
    """Each family brings `gain` kr. or nothing; the chance of it is drawn; now and then there is something very large."""

    families: int
    chances: tuple[float, ...]
    gain: float
    cost: float
    rarely: float = 0.0
    large: float = 0.0

    def truth(self) -> float:
        happy = np.arange(self.families + 1)

        def beyond(cost: float) -> float:
            of_each = [
                stats.binom(self.families, p).pmf(happy) @ (self.gain * happy - cost >= BREAK_EVEN)
                for p in self.chances
            ]
            return float(np.mean(of_each))

        return (1 - self.rarely) * beyond(self.cost) + self.rarely * beyond(self.cost - self.large)

    def draw(self, rng: np.random.Generator, size: int) -> tuple[Array, Array, Array]:
        """Totals as lived, their exact mean and variance."""
        p = rng.choice(np.array(self.chances), size)
        total = self.gain * rng.binomial(self.families, p) - self.cost + self.large * (rng.random(size) < self.rarely)
        mean = self.gain * self.families * p - self.cost + self.rarely * self.large
        variance = self.gain**2 * self.families * p * (1 - p) + self.large**2 * self.rarely * (1 - self.rarely)
        return total, mean, variance


@dataclass(frozen=True)
class Skewed:
    """A sum of exponentials with a mean that is drawn."""

    families: int
    means: tuple[float, ...]
    cost: float

    def truth(self) -> float:
        return float(np.mean([stats.gamma(self.families, scale=m).sf(self.cost + BREAK_EVEN) for m in self.means]))

    def draw(self, rng: np.random.Generator, size: int) -> tuple[Array, Array, Array]:
        m = rng.choice(np.array(self.means), size)
        return rng.gamma(self.families, m) - self.cost, self.families * m - self.cost, self.families * m**2


Law = Families | Skewed
LAWS: dict[str, Law] = {
    "one family": Families(1, (0.2, 0.3, 0.5), 1000, 300),
    "three families": Families(3, (0.05, 0.15, 0.25, 0.35, 0.45), 1000, 900),
    "exactly 0": Families(5, (0.3, 0.5), 1000, 2000),
    "thirty families": Families(30, (0.2, 0.25, 0.3, 0.35, 0.4), 1000, 9500),
    "rare and dear": Families(20, (0.01, 0.02, 0.03), 50000, 10000),
    "skewed": Skewed(2, (800, 1000, 1200), 1500),
    "many families": Families(400, (0.3,), 1000, 119500),
    "many, unlikely": Families(400, (0.3,), 1000, 128500),
}
# beyond what so few draws can know: events that seldom or never come up, and make the better part of the variance
JACKPOTS: dict[str, Law] = {
    "30 times larger": Families(10, (0.4,), 1000, 2500, 0.003, 30_000),
    "one or none": Families(10, (0.4,), 1000, 2500, 0.0005, 1e6),
    "a few": Families(10, (0.4,), 1000, 4500, 0.003, 1e6),
    "a loss": Families(10, (0.4,), 1000, 1500, 0.001, -60_000),
    "some, and uncertain": Families(10, (0.3, 0.5), 1000, 4500, 0.01, 1e5),
}


def estimate(total: Array, mean: Array, variance: Array, exact: bool = True) -> Estimate:
    terms = corrected.terms(total, mean, variance, exact)
    return corrected.chance(terms.reshape(BLOCKS, -1, terms.shape[1]).mean(axis=1), len(total))


def replications(
    law: Law, draws: int, runs: int, factor: float = 1.0, exact: bool = True
) -> tuple[list[Estimate], list[Estimate]]:
    """Corrected and plain, of the same draws; the variance is known but for a factor."""
    rng = np.random.default_rng(1)
    ours, plain = [], []
    for _ in range(runs):
        total, mean, variance = law.draw(rng, draws)
        ours.append(estimate(total, mean, factor * variance, exact))
        plain.append(precision.chance(reached(total)))
    return ours, plain


def values(estimates: list[Estimate]) -> Array:
    return np.array([one.value for one in estimates])


def bias(estimates: list[Estimate], truth: float) -> float:
    """In standard errors."""
    found = values(estimates)
    return float(abs(found.mean() - truth) / (found.std(ddof=1) / math.sqrt(len(found))))


def covered(estimates: list[Estimate], truth: float, draws: int) -> float:
    intervals = [one.interval for one in estimates]
    return float(np.mean([low <= truth <= high for low, high in intervals]))


def factor_of(ours: list[Estimate], plain: list[Estimate]) -> float:
    """How many times larger plain's variance is."""
    return float(values(plain).var() / values(ours).var())


@pytest.mark.parametrize("name", LAWS)
def test_no_bias_and_errors_as_stated_whatever_the_law(name: str) -> None:
    """2,000 times 256 draws. Variance measured to be 1.8 (three families) to 12 (one family) times smaller than counting's."""
    law, draws, runs = LAWS[name], 256, 2000
    ours, plain = replications(law, draws, runs)
    truth = law.truth()
    assert 0.05 < truth < 0.95
    assert bias(ours, truth) < 4.5
    together = values(ours) - values(plain)  # of the same draws: a sharper eye
    assert abs(together.mean()) < 4.5 * together.std() / math.sqrt(runs)
    assert 0.92 < covered(ours, truth, draws) < 0.98
    stated = math.sqrt(np.mean([one.error**2 for one in ours]))
    assert stated == pytest.approx(values(ours).std(ddof=1), rel=0.1)
    assert factor_of(ours, plain) > 1.4


@pytest.mark.parametrize("name", JACKPOTS)
def test_never_notably_worse_than_counting(name: str) -> None:
    """Where the normal distribution's weights are wrong, and the controls' own moments cannot be seen in the draws."""
    law, draws, runs = JACKPOTS[name], 1024, 600
    ours, plain = replications(law, draws, runs)
    assert bias(ours, law.truth()) < 4.5
    assert 0.92 < covered(ours, law.truth(), draws) < 0.98
    assert factor_of(ours, plain) > 0.9


def test_much_better_than_counting_for_many_families() -> None:
    """Of the variance p(1 - p) of a hit, its linear part φ² and its quadratic part φ²s²/2 go: a factor 2.75 at a chance of
    a half and 2.9 at one standard deviation; measured 2.6 and 2.9."""
    for name, theory in (("many families", 2.75), ("many, unlikely", 2.9)):
        ours, plain = replications(LAWS[name], 1024, 1500)
        assert factor_of(ours, plain) == pytest.approx(theory, rel=0.2)


@pytest.mark.slow
@pytest.mark.parametrize("factor", [0.1, 0.5, 2.0, 10.0])
@pytest.mark.parametrize("name", ["three families", "thirty families", "skewed"])
def test_a_variance_that_is_a_guess_makes_no_bias(name: str, factor: float) -> None:
    law, draws = LAWS[name], 256
    ours, plain = replications(law, draws, 1500, factor, exact=False)
    assert bias(ours, law.truth()) < 4.5
    assert 0.92 < covered(ours, law.truth(), draws) < 0.98
    assert factor_of(ours, plain) > 0.95


def test_a_wrong_variance_would_be_seen() -> None:
    """What the proofs above would say of an error of a third in the variance that is said to be exact."""
    law = LAWS["many, unlikely"]
    ours, _ = replications(law, 1024, 1000, 0.67, exact=True)
    assert bias(ours, law.truth()) > 4.5


def test_all_or_nothing() -> None:
    rng = np.random.default_rng(1)
    noise = rng.standard_normal(512)
    for middle, share in ((100.0, 1.0), (-100.0, 0.0)):
        found = estimate(middle + noise, np.full(512, middle), np.ones(512))
        assert found == Estimate(share, precision.unseen(512))
        low, high = found.interval
        assert (low, high)[int(share)] == share
        assert 0.005 < high - low < 0.01


def test_without_luck_hits_are_counted() -> None:
    """No variance in any draw: the plain estimate and its error."""
    mean = np.random.default_rng(2).standard_normal(512)
    assert estimate(mean, mean, np.zeros(512)) == precision.chance(reached(mean))


def test_without_luck_in_some_draws() -> None:
    """A draw without luck adds its hit; the others keep their correction."""
    rng = np.random.default_rng(3)
    found = []
    for _ in range(1000):
        mean = rng.standard_normal(256)
        variance = np.where(rng.random(256) < 0.5, 1.0, 0.0)
        found.append(estimate(mean + np.sqrt(variance) * rng.standard_normal(256), mean, variance))
    assert bias(found, 0.5 + 0.005 / math.sqrt(2 * math.pi)) < 4.5
    assert 0.92 < covered(found, 0.5, 256) < 0.98


def test_no_uncertainty_but_luck() -> None:
    """All draws with the same mean and variance."""
    law = Families(50, (0.3,), 1000, 15500)
    ours, plain = replications(law, 256, 1500)
    assert bias(ours, law.truth()) < 4.5
    assert factor_of(ours, plain) > 2


@pytest.mark.parametrize("chances", [(0.01,), (0.99,)])
def test_a_chance_stays_a_chance(chances: tuple[float, ...]) -> None:
    """Corrections that lead beyond 0 or 1 do occur here, and are cut."""
    law = Families(3, chances, 1000, 1500)
    for draws in (16, 64, 256):
        ours, _ = replications(law, draws, 300)
        assert values(ours).min() >= 0
        assert values(ours).max() <= 1
        assert all(math.isfinite(one.error) for one in ours)


def test_kroner_of_any_size_give_the_same() -> None:
    total, mean, variance = LAWS["thirty families"].draw(np.random.default_rng(4), 512)
    once = estimate(total, mean, variance)
    for scale in (2.0**-3, 2.0**20):  # the threshold of half an øre is nothing beside it
        assert estimate(scale * total, scale * mean, scale**2 * variance) == pytest.approx(once, rel=1e-4)


def test_the_normal_chance() -> None:
    mean = np.array([0.0, 1e6, -1e6, 5.0, -5.0, 0.0])
    variance = np.array([1e12, 1e12, 1e12, 0.0, 0.0, 0.0])
    found = corrected.normal_chance(mean, variance)
    np.testing.assert_allclose(found, [0.5, stats.norm.cdf(1), stats.norm.cdf(-1), 1, 0, 1], atol=1e-8)


# The engine: three families of two states, one uncertain assumption ------------------------------------------------------

PEOPLE, JOB, SPREAD, BEFORE, PRICE = 3, 0.4, 0.1, 0.1, 10000
DESIGNS = "sobol", "random"
DRAWS = 512  # 32 in each of the 16 blocks
Found = dict[str, tuple[Estimate, Estimate]]  # counterfactual → corrected, plain


def few() -> dict:
    """One job more pays the cost: under `expected` 1.2 of benefits saved by each job, less 0.36."""
    return {
        "format": 1,
        "title": "few",
        "time": {"first_year": 2020, "years": 1},
        "assumptions": {"job": {"value": JOB, "uncertainty": {"kind": "beta", "mean": JOB, "sd": SPREAD}}},
        "families": {"all": {"present": PEOPLE, "members": {"adult": 1}}},
        "roles": {
            "adult": {
                "start": "benefit",
                "states": {"benefit": {"monthly": PRICE}, "job": {}},
                "moves": [
                    {"from": "benefit", "to": "job", "at": "entry", "chance": {"baseline": BEFORE, "programme": "job"}}
                ],
            }
        },
        "costs": [{"label": "staff", "yearly": 70000}],
    }


def truths() -> dict[str, float]:
    """At least one job more than without the programme; the same luck gives a job to those between the two chances."""
    count = JOB * (1 - JOB) / SPREAD**2 - 1
    job = stats.beta(JOB * count, (1 - JOB) * count)

    def mean(of: Callable[[float], float]) -> float:
        value, error = integrate.quad(lambda p: of(p) * job.pdf(p), 0, 1, points=[BEFORE, JOB], epsabs=1e-10)
        assert error < 1e-7
        return float(value)

    jobs = np.arange(PEOPLE + 1)
    before = stats.binom(PEOPLE, BEFORE).cdf(jobs - 1)
    return {
        "expected": mean(lambda p: 1 - (1 - p) ** PEOPLE),
        "same-luck": mean(lambda p: 1 - (1 - max(p - BEFORE, 0)) ** PEOPLE),
        "own-luck": mean(lambda p: float(stats.binom(PEOPLE, p).pmf(jobs) @ before)),
    }


@functools.cache
def parts() -> tuple[Accounts, Sampler]:
    scenario = scenario_of(few())
    return Accounts(Model(scenario), PERIODS["year"]), Sampler(scenario)


def one_run(design: str, draws: int, seed: int) -> Found:
    """What `run` finds, without its labels, which take most of so small a run."""
    accounts, sampler = parts()
    one, period, each = accounts.model, accounts.period, draws // BLOCKS
    kernel = kernels.load("expected")

    def lived(block: int, luck_of: int, number: int) -> tuple[dict[str, Array], Array, luck.Luck]:
        drawn = sampler.draw(design, seed, Chunk(block * each, block * each + number, each))
        given, prices = model.parameters(one, drawn), ledger.prices(accounts, drawn)
        arms = model.lived(one, given, seed, luck_of, number, period)
        programme, baseline = model.expected(one, given, number, period, kernel)
        entered = arms.entered.astype(np.float64)

        def total(months: Array) -> Array:
            return ledger.kroner(accounts, prices, months, entered)[:, 0].sum(axis=(1, 2))

        baselines = arms.baselines.values()
        totals = {
            name: total(without.months - arms.programme.months)
            for name, without in zip(COUNTERFACTUALS, baselines, strict=True)
        }
        return totals, total(baseline.months - programme.months), luck.compute(accounts, given, prices)

    totals, mean, known = lived(0, draws, min(PILOT, each))
    same = ((totals["same-luck"] - mean) ** 2).sum() / np.broadcast_to(known.own_luck, mean.shape).sum()
    blocks, hits = {name: list[Array]() for name in COUNTERFACTUALS}, {name: list[Array]() for name in COUNTERFACTUALS}
    for block in range(BLOCKS):
        totals, mean, known = lived(block, block * each, each)
        variances = dict(zip(COUNTERFACTUALS, (known.expected, same * known.own_luck, known.own_luck), strict=True))
        for name, total in totals.items():
            variance = np.broadcast_to(variances[name], total.shape)
            blocks[name].append(corrected.terms(total, mean, variance, exact=name != "same-luck").mean(axis=0))
            hits[name].append(reached(total))
    return {
        name: (corrected.chance(np.array(blocks[name]), draws), precision.chance(np.concatenate(hits[name])))
        for name in COUNTERFACTUALS
    }


def many(design: str, draws: int, runs: int) -> list[Found]:
    """On two processes: a thread would wait for the other's Python."""
    one = functools.partial(one_run, design, draws)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        return list(pool.map(one, range(1, runs + 1), chunksize=50))


def judge(runs: list[Found], draws: int, low: float, high: float) -> None:
    """Both have the truth as their mean, agree with each other, and hold the truth as often as they say."""
    for name, truth in truths().items():
        ours, plain = ([found[name][i] for found in runs] for i in (0, 1))
        assert bias(ours, truth) < 4.5
        assert bias(plain, truth) < 4.5
        apart = values(ours) - values(plain)
        assert abs(apart.mean()) < 4.5 * apart.std(ddof=1) / math.sqrt(len(runs))
        errors = np.array([math.hypot(a.error, b.error) for a, b in zip(ours, plain, strict=True)])
        assert np.mean(np.abs(apart) < precision.STUDENT * errors) > 0.95  # more often, being of the same draws
        shares = covered(ours, truth, draws), covered(plain, truth, draws)
        print(f"{name}: held {shares}, variance {factor_of(ours, plain):.2f} times smaller")  # with -rP
        assert low < shares[0] < high
        assert low < shares[1] < high
        stated = math.sqrt(np.mean([one.error**2 for one in ours]))
        assert stated == pytest.approx(values(ours).std(ddof=1), rel=0.3 if len(runs) < 1000 else 0.07)
        assert factor_of(ours, plain) > 1.2


def test_the_truth_in_closed_form() -> None:
    result = run(scenario_of(few()), Options(draws=1 << 16, design="random", plain=True))
    for name, truth in truths().items():
        found = result.chance(name)
        assert abs(found.value - truth) < 4.5 * found.error


@pytest.mark.parametrize("design", DESIGNS)
def test_what_is_proved_is_what_runs(design: str) -> None:
    short = one_run(design, 256, 3)
    for plain in (False, True):
        result = run(scenario_of(few()), Options(draws=256, seed=3, design=design, plain=plain))
        for name in COUNTERFACTUALS:
            assert result.chance(name) == pytest.approx(short[name][plain], rel=1e-9)


@pytest.mark.parametrize("design", DESIGNS)
def test_corrected_and_plain_agree(design: str) -> None:
    """A quick look: 120 runs."""
    by_chance = 4.5 * math.sqrt(0.95 * 0.05 / 120)
    judge([one_run(design, DRAWS, seed) for seed in range(1, 121)], DRAWS, 0.95 - by_chance, 1.001)


@pytest.mark.slow
@pytest.mark.parametrize("design", DESIGNS)
def test_corrected_and_plain_agree_and_their_errors_are_right(design: str) -> None:
    """2,000 runs; 95 % intervals hold the truth in 92 to 98 % of them."""
    judge(many(design, DRAWS, 2000), DRAWS, 0.92, 0.98)


# A run's chance and mean -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tree", [simple, rich])
def test_plain_is_counting(tree: Callable[[], dict]) -> None:
    ours, plain = (run_tree(tree(), draws=256, plain=each) for each in (False, True))
    assert ours.is_corrected
    assert not plain.is_corrected
    for name in COUNTERFACTUALS:
        total = plain.total(name)
        assert np.array_equal(total, ours.total(name))  # the lives are the same
        assert plain.chance(name) == precision.chance(total >= BREAK_EVEN, plain.undrawn.mass)
        if 0 < plain.chance(name).value < 1:
            assert ours.chance(name).error <= plain.chance(name).error
    assert plain.chance() == plain.chance("expected")
    assert plain.mean() == precision.mean(plain.total("expected")).at_least(plain.off())


@pytest.mark.parametrize("tree", [simple, rich])
def test_the_mean_is_that_of_expected_lives(tree: Callable[[], dict]) -> None:
    """Under whatever counterfactual; that of the engine `expected` at the same draws."""
    expected = run_tree(tree(), draws=256, engine="expected")
    for name in COUNTERFACTUALS:
        ours = run_tree(tree(), draws=256, counterfactual=name)
        assert ours.mean() == pytest.approx(expected.mean(), rel=1e-9, abs=1e-6)
        plain = run_tree(tree(), draws=256, counterfactual=name, plain=True).mean()
        assert abs(ours.mean().value - plain.value) < 4.5 * math.hypot(ours.mean().error, plain.error)


def test_the_choice_of_counterfactual_changes_no_chance() -> None:
    runs = [run_tree(rich(), draws=128, counterfactual=name) for name in COUNTERFACTUALS]
    for name in COUNTERFACTUALS:
        assert len({found.chance(name) for found in runs}) == 1
    for found in runs:
        assert found.chance() == found.chance(found.options.counterfactual)


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("design", ["sobol", "lhs", "random"])
def test_threads_and_chunks_change_no_bit_of_chance_and_mean(design: str, plain: bool) -> None:
    given = Options(draws=128, seed=3, design=design, plain=plain)
    scenario = scenario_of(rich())
    whole = run(scenario, replace(given, threads=1, chunk=10**6))
    for threads, chunk in ((2, None), (1, 3), (2, 1)):
        other = run(scenario, replace(given, threads=threads, chunk=chunk))
        assert other.mean() == whole.mean()
        for name in COUNTERFACTUALS:
            assert other.chance(name) == whole.chance(name)
