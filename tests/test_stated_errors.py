"""Stated errors are right: 95 % intervals hold the truth in 95 % of runs with other seeds, for every design.

The truth is in closed form: 20 people, each with the same uncertain chance of a job (beta, so that those who get one are
beta-binomial), times an uncertain price, less an uncertain cost (normal, so that the total given their number is normal).
"""

import functools
import math
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest
from scipy import optimize, stats
from trees import scenario_of

from simulate import ledger, measures, model
from simulate.analysis import breakeven, precision
from simulate.analysis.precision import Estimate
from simulate.answers.run import Reading
from simulate.engine import run
from simulate.ledger import Accounts
from simulate.model import PERIODS, Model
from simulate.names import BLOCKS
from simulate.options import Options
from simulate.sampling import Chunk, Sampler

DESIGNS = "random", "lhs", "sobol"
DRAWS = 1024  # 64 in each of the 16 blocks
PEOPLE, JOB, SPREAD, PRICE, STAFF = 20, 0.3, 0.08, 10000.0, 700000.0
PERCENTILES = 5, 50, 95


def sure(value: object, kind: str, **parameters: object) -> dict:
    return {"value": value, "uncertainty": {"kind": kind, **parameters}}


def tree() -> dict:
    return {
        "format": 1,
        "title": "stated errors",
        "time": {"first_year": 2020, "years": 1},
        "assumptions": {
            "job": sure(JOB, "beta", mean=JOB, sd=SPREAD),
            "price": sure(PRICE, "normal", mean=PRICE, sd=1500),
            "staff": sure(STAFF, "normal", mean=STAFF, sd=60000),
        },
        "families": {"all": {"present": PEOPLE, "members": {"adult": 1}}},
        "roles": {
            "adult": {
                "start": "benefit",
                "states": {"benefit": {"monthly": "price"}, "job": {}},
                "moves": [
                    {"from": "benefit", "to": "job", "at": "entry", "chance": {"baseline": 0, "programme": "job"}}
                ],
            }
        },
        "costs": [{"label": "staff", "yearly": "staff"}],
    }


def truth() -> dict[str, float]:
    jobs = np.arange(PEOPLE + 1)
    count = JOB * (1 - JOB) / SPREAD**2 - 1
    chance = stats.betabinom(PEOPLE, JOB * count, (1 - JOB) * count).pmf(jobs)
    middle, spread = 12 * jobs * PRICE - STAFF, np.hypot(12 * jobs * 1500, 60000)

    def below(x: float) -> float:
        return float(chance @ stats.norm.cdf((x - middle) / spread))

    found = {
        f"P{p}": optimize.brentq(lambda x, p=p: below(x) - p / 100, -5e6, 5e6, xtol=1e-6) for p in (1, *PERCENTILES, 99)
    }
    mean = float(chance @ middle)
    sd = math.sqrt(chance @ (spread**2 + (middle - mean) ** 2))
    return found | {"mean": mean, "sd": sd, "chance": 1 - below(breakeven.BREAK_EVEN)}


def estimates(total: np.ndarray) -> dict[str, Estimate]:
    found = {"mean": precision.mean(total), "chance": precision.chance(breakeven.reached(total))}
    return found | {f"P{p}": one for p, one in precision.percentiles(total, PERCENTILES).items()}


@functools.cache
def parts(make: Callable[[], dict]) -> tuple[Accounts, Sampler]:
    scenario = scenario_of(make())
    return Accounts(Model(scenario), PERIODS["year"]), Sampler(scenario)


def totals(make: Callable[[], dict], design: str, draws: int, seed: int) -> np.ndarray:
    """(draw,) what `run` has as its total, without its labels, which take nine tenths of so small a run."""
    accounts, sampler = parts(make)
    each, found = draws // BLOCKS, []
    for block in range(BLOCKS):
        values = sampler.draw(design, seed, Chunk(block * each, (block + 1) * each, each))
        lived = model.lived(
            accounts.model, model.parameters(accounts.model, values), seed, block * each, each, accounts.period
        )
        less = lived.baselines["expected"].months - lived.programme.months
        kroner = ledger.kroner(accounts, ledger.prices(accounts, values), less, lived.entered.astype(np.float64))
        found.append(kroner[:, 0].sum(axis=1).sum(axis=1))
    return np.concatenate(found)


def one_run(make: Callable[[], dict], design: str, draws: int, seed: int) -> dict[str, Estimate]:
    return estimates(totals(make, design, draws, seed))


def held(runs: list[dict[str, Estimate]], of: dict[str, float]) -> dict[str, float]:
    """The share of runs whose 95 % interval holds the truth."""
    return {
        name: float(np.mean([one[name].interval[0] <= of[name] <= one[name].interval[1] for one in runs]))
        for name in runs[0]
    }


def many(make: Callable[[], dict], design: str, draws: int, runs: int) -> list[dict[str, Estimate]]:
    """On two processes: a thread would wait for the other's Python."""
    one = functools.partial(one_run, make, design, draws)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        return list(pool.map(one, range(1, runs + 1), chunksize=50))


def test_the_truth_in_closed_form():
    """The variance by the law of total variance; a large random run agrees."""
    of = truth()
    assert of["mean"] == pytest.approx(12 * PEOPLE * JOB * PRICE - STAFF)
    square = PEOPLE * (JOB - JOB**2 - SPREAD**2) + PEOPLE**2 * (JOB**2 + SPREAD**2)
    variance = 144 * (square * (PRICE**2 + 1500**2) - (PEOPLE * JOB * PRICE) ** 2) + 60000**2
    assert of["sd"] == pytest.approx(math.sqrt(variance))
    result = run(scenario_of(tree()), Options(draws=102400, seed=1, design="random"))
    found = estimates(result.draws.columns[measures.TOTAL])
    for name, one in found.items():
        assert abs(one.value - of[name]) < 4.5 * one.error, name


@pytest.mark.parametrize("design", DESIGNS)
def test_what_is_proved_is_what_runs(design):
    """The short way has the totals of `run`, of both scenarios."""
    for make in (tree, ordinary):
        result = run(scenario_of(make()), Options(draws=64, seed=5, design=design, threads=1))
        np.testing.assert_allclose(
            totals(make, design, 64, 5), result.draws.columns[measures.TOTAL], rtol=1e-12, atol=1e-6
        )


def test_what_is_printed_is_what_is_proved():
    result = run(scenario_of(tree()), Options(draws=DRAWS, seed=3, threads=1, plain=True))
    answers = Reading(result, result.draws)
    provenu, chance = answers.provenu(), answers.break_even().probability
    found = estimates(result.draws.columns[measures.TOTAL])
    assert (provenu.mean.value, provenu.mean.error) == found["mean"]
    assert (chance.value, chance.error) == found["chance"]
    assert chance.interval == pytest.approx(tuple(found["chance"].interval))
    for p in PERCENTILES:
        assert (provenu.percentiles[p].value, provenu.percentiles[p].error) == found[f"P{p}"]


def test_what_is_printed_of_corrected_lives():
    """Chance and mean are the corrected ones (proved in analysis/test_corrected.py); percentiles those of the lives."""
    result = run(scenario_of(tree()), Options(draws=DRAWS, seed=3, threads=1))
    answers = Reading(result, result.draws)
    provenu, chance = answers.provenu(), answers.break_even().probability
    found = estimates(result.draws.columns[measures.TOTAL])
    assert (provenu.mean.value, provenu.mean.error) == result.mean()
    assert (chance.value, chance.error) == result.chance()
    assert chance.interval == pytest.approx(tuple(result.chance().interval))
    assert chance.error < found["chance"].error
    assert provenu.mean.error < found["mean"].error
    of = truth()
    assert abs(chance.value - of["chance"]) < 4.5 * chance.error
    assert abs(provenu.mean.value - of["mean"]) < 4.5 * provenu.mean.error
    for p in PERCENTILES:
        assert (provenu.percentiles[p].value, provenu.percentiles[p].error) == found[f"P{p}"]


def test_stated_errors_hold_the_truth_about_as_often_as_they_say():
    """A quick look: 150 runs of each design."""
    of = truth()
    runs = {design: [one_run(tree, design, DRAWS, seed) for seed in range(1, 151)] for design in DESIGNS}
    together = held([one for each in runs.values() for one in each], of)
    for share in together.values():
        assert abs(share - 0.95) < 4.5 * math.sqrt(0.95 * 0.05 / 450)
    for each in runs.values():
        for share in held(each, of).values():
            assert abs(share - 0.95) < 4.5 * math.sqrt(0.95 * 0.05 / 150)
    for name in together:  # and the errors are as large as the estimates' own spread
        for each in runs.values():
            spread = np.std([one[name].value for one in each], ddof=1)
            stated = math.sqrt(np.mean([one[name].error ** 2 for one in each]))
            assert stated == pytest.approx(spread, rel=0.3)


@pytest.mark.slow
@pytest.mark.parametrize("design", DESIGNS)
def test_stated_errors_are_right(design):
    """2,000 runs of each design."""
    shares = held(many(tree, design, DRAWS, 2000), truth())
    print(f"{design}: {shares}")  # with -rP
    for name, share in shares.items():
        low, high = (0.92, 0.98) if name.startswith("P") else (0.935, 0.965)
        assert low <= share <= high, shares


# A scenario without a closed form: its truth from independent draws, a hundred times as many -------------------------


def ordinary() -> dict:
    """Relapses, a climate of each year, rank correlation, Poisson families and two years."""
    one = tree()
    one["time"]["years"] = 2
    one["assumptions"]["climate"] = sure(1, "lognormal", mean=1, sd=0.3) | {"each_year": True, "persistence": 0.6}
    one["correlations"] = [{"between": ["job", "price"], "rank": 0.5}]
    one["families"]["all"] = {"present": 8, "enter": 12, "members": {"adult": 1.2}, "arrivals": "poisson"}
    one["roles"]["adult"]["moves"] = [
        {"from": "benefit", "to": "job", "at": "entry", "chance": {"baseline": 0.1, "programme": "job"}},
        {"from": "benefit", "to": "job", "yearly": {"baseline": 0.15, "hazard_ratio": 2}, "climate": "climate"},
        {"from": "job", "to": "benefit", "yearly": 0.1, "timing": "year-start"},
    ]
    one["costs"][0]["yearly"] = 250000
    one["savings"] = [{"label": "rent", "yearly": "staff", "number": 0.02}]
    return one


@pytest.mark.slow
def test_stated_errors_hold_where_there_is_no_closed_form():
    """2,000 runs of the default design."""
    result = run(scenario_of(ordinary()), Options(draws=100 * DRAWS, seed=10**6, design="random", threads=2))
    exact = {name: one.value for name, one in estimates(result.draws.columns[measures.TOTAL]).items()}
    assert 0.1 < exact["chance"] < 0.9
    shares = held(many(ordinary, "sobol", DRAWS, 2000), exact)
    print(shares)
    for name, share in shares.items():
        low, high = (0.92, 0.98) if name.startswith("P") else (0.935, 0.965)
        assert low <= share <= high, shares
