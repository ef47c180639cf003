"""The exact variance over luck: closed forms, and the variance of many lives."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from strategies import scenarios
from trees import run_tree

from simulate import ledger, luck, model
from simulate.ledger import Accounts
from simulate.model import Model
from simulate.sampling import Sampler
from simulate.scenario import Scenario

JOB = {"from": "benefit", "to": "job", "at": "entry"}


def tree(**family: object) -> dict:
    """One binary state for a year: benefit, at 1,000 kr. a month, or a job."""
    return {
        "format": 1,
        "title": "luck",
        "time": {"first_year": 2020, "years": 1},
        "families": {"f": {"members": {"adult": 1}, **family}},
        "roles": {
            "adult": {
                "start": "benefit",
                "states": {"benefit": {"monthly": 1000}, "job": {}},
                "moves": [{**JOB, "chance": {"baseline": 0.1, "programme": 0.3}}],
            }
        },
    }


def of(given: dict) -> luck.Luck:
    scenario = Scenario.model_validate(given, context={"assumptions": given.get("assumptions", {}).keys()})
    accounts, values = Accounts(Model(scenario), 24), Sampler(scenario).point()
    return luck.compute(accounts, model.parameters(accounts.model, values), ledger.prices(accounts, values))


def test_binomial() -> None:
    """Ten families present all year: jobs are binomial, a job is worth 12,000 kr."""
    found = of(tree(present=10))
    assert found.mean[0] == pytest.approx(10 * 0.2 * 12000)
    assert found.expected[0] == pytest.approx(10 * 0.3 * 0.7 * 12000**2)
    assert found.own_luck[0] == pytest.approx(10 * (0.3 * 0.7 + 0.1 * 0.9) * 12000**2)


def test_numbers_rounded_at_random_and_poisson() -> None:
    """2.4 families, each worth 2,400 kr. on average: rounding has the variance 0.24, Poisson 2.4 = lambda."""
    each = 0.3 * 0.7 * 12000**2
    assert of(tree(present=2.4)).expected[0] == pytest.approx(2.4 * each + 0.24 * 2400**2)
    assert of(tree(present=2.4, arrivals="poisson")).expected[0] == pytest.approx(2.4 * each + 2.4 * 2400**2)
    rounded = of(tree(present=10, members={"adult": 1.4})).expected[0]
    assert rounded == pytest.approx(10 * (1.4 * each + 0.24 * 2400**2))


def test_entry_months() -> None:
    """A family that enters in month m (from 0) is there for 11.5 - m months."""
    months = 11.5 - np.arange(12)
    of_lives = 0.3 * 0.7 * (months * 1000) ** 2
    of_month = np.var(0.2 * months * 1000)
    assert of(tree(enter=5)).expected[0] == pytest.approx(5 * (of_lives.mean() + of_month))


def assert_variance(given: dict, draws: int) -> None:
    """The variance of lives is the exact one, within 4.5 standard errors (from the fourth moment)."""
    exact = of(given)
    for counterfactual, variance in (("expected", exact.expected[0]), ("own-luck", exact.own_luck[0])):
        result = run_tree(given, draws=draws, counterfactual=counterfactual, design="random")
        assert result.draws is not None
        total = result.draws.columns["total"]
        off = total - total.mean()
        seen, error = off.var(), math.sqrt(max((off**4).mean() - off.var() ** 2, 0.0) / draws)
        assert abs(seen - variance) <= 4.5 * error + 1e-6 * variance + 1e-3
        fixed = result.point.provenu.sum() - exact.mean[0]
        assert abs(total.mean() - fixed - exact.mean[0]) <= 4.5 * math.sqrt(variance / draws) + 1e-3


@settings(max_examples=25)
@given(tree=scenarios())
def test_lives_have_this_variance(tree: dict) -> None:
    assert_variance(tree, 4096)


@pytest.mark.slow
@settings(max_examples=10)
@given(tree=scenarios())
def test_a_million_lives_have_this_variance(tree: dict) -> None:
    assert_variance(tree, 1 << 20)


def test_the_chance_with_luck_is_that_of_lives() -> None:
    """Two hundred families of a year: the normal distribution is off by a few thousandths."""
    given = tree(enter=200)
    given["costs"] = [{"label": "team", "yearly": 230_000}]
    lives = run_tree(given, draws=16384).draws
    expected = run_tree(given, draws=16, engine="expected").draws
    assert lives is not None
    assert expected is not None
    chance = float((lives.columns["total"] >= 0).mean())
    assert 0.2 < chance < 0.8
    error = math.sqrt(chance * (1 - chance) / 16384)
    assert abs(float(expected.sums.mean("chance with luck")) - chance) < 4.5 * error + 0.003
