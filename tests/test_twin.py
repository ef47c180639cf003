"""Kernels against the slow twin (naive.py), and lives against expectations, on random small scenarios."""

import math
from itertools import product

import naive
import numpy as np
import pytest
from hypothesis import given, settings
from scipy.stats import poisson
from strategies import scenarios
from trees import scenario_of

from simulate import kernels, model
from simulate.model import Model, Parameters
from simulate.sampling import Sampler

ARMS = ("programme", "same-luck", "own-luck")


def built(tree: dict) -> tuple[Model, Parameters]:
    scenario = scenario_of(tree)
    one = Model(scenario)
    return one, model.parameters(one, Sampler(scenario).point())


def array_of(counter: dict, one: Model, arm: str, per: float = 1.0) -> np.ndarray:
    """A twin's counter as (state, period)."""
    found = [[counter.get((arm, *state, year), 0) for year in range(one.years)] for state in one.states]
    return np.array(found, float).reshape(len(one.states), one.years) * per


@settings(max_examples=150)
@given(tree=scenarios())
def test_lives_equal_the_twin_person_by_person(tree: dict) -> None:
    one, parameters = built(tree)
    case = naive.Case(tree)
    lived = model.lived(one, parameters, 7, 50, 3, 24)
    for d, draw in enumerate(range(50, 53)):
        twin = naive.live(case, 7, draw)
        for arm, counted in zip(
            ARMS, (lived.programme, lived.baselines["same-luck"], lived.baselines["own-luck"]), strict=True
        ):
            assert np.array_equal(counted.months[d], array_of(twin.halves, one, arm, 0.5))
            assert np.array_equal(counted.arrivals[d], array_of(twin.arrivals, one, arm))
        given_families, _ = naive.expected(case, families=twin.families)
        np.testing.assert_allclose(
            lived.baselines["expected"].months[d], array_of(given_families, one, "baseline"), rtol=1e-9, atol=1e-9
        )


@settings(max_examples=100)
@given(tree=scenarios(roles=3, ties=True, kinds=("entry", "any-month", "any-month", "year-start", "since_arrival")))
def test_lives_of_families_whose_members_hang_together_equal_the_twin(tree: dict) -> None:
    one, parameters = built(tree)
    case = naive.Case(tree)
    lived = model.lived(one, parameters, 7, 50, 3, 24, ("same-luck", "own-luck"))
    for d, draw in enumerate(range(50, 53)):
        twin = naive.live(case, 7, draw)
        for arm, counted in zip(ARMS, (lived.programme, *lived.baselines.values()), strict=True):
            assert np.array_equal(counted.months[d], array_of(twin.halves, one, arm, 0.5))
            assert np.array_equal(counted.arrivals[d], array_of(twin.arrivals, one, arm))


@settings(max_examples=150)
@given(tree=scenarios())
def test_expected_equals_the_twin(tree: dict) -> None:
    one, parameters = built(tree)
    months, arrivals = naive.expected(naive.Case(tree))
    found = model.expected(one, parameters, 1, 24, kernels.load("expected"))
    for arm, counted in zip(("programme", "baseline"), found, strict=True):
        np.testing.assert_allclose(counted.months[0], array_of(months, one, arm), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(counted.arrivals[0], array_of(arrivals, one, arm), rtol=1e-9, atol=1e-9)


@settings(max_examples=60)
@given(tree=scenarios())
def test_lives_average_to_expected(tree: dict) -> None:
    """By z-scores where at least 100 events are expected (of fewer, in clusters, the scatter tells its own error badly), else by a Poisson bound."""
    one, parameters = built(tree)
    draws = 2000
    lived = model.lived(one, parameters, 11, 0, draws, 24)
    programme, baseline = model.expected(one, parameters, 1, 24, kernels.load("expected"))
    arms = (
        (lived.programme, programme),
        (lived.baselines["same-luck"], baseline),
        (lived.baselines["own-luck"], baseline),
    )
    for counted, expected in arms:
        for state, year in product(range(len(one.states)), range(one.years)):
            events = expected.arrivals[0, state, year] * draws
            seen = counted.arrivals[:, state, year]
            if events < 100:
                # events come in clusters (families, the same person again), draws do not: a draw has any with at most the
                # chance of its expected number, so the draws that have some are fewer than a Poisson number with that mean
                assert (seen > 0).sum() <= poisson.ppf(1 - 1e-7, events)
                continue
            assert_agree(seen, expected.arrivals[0, state, year])
            assert_agree(counted.months[:, state, year], expected.months[0, state, year])


def assert_agree(seen: np.ndarray, expected: float) -> None:
    error = seen.std(ddof=1) / math.sqrt(len(seen))
    if error == 0:
        assert seen[0] == pytest.approx(expected, rel=1e-9, abs=1e-9)
    else:
        assert abs(seen.mean() - expected) / error < 4.5


@settings(max_examples=40)
@given(tree=scenarios(years=2, moves=4))
def test_plain_python_equals_compiled(tree: dict) -> None:
    one, parameters = built(tree)
    compiled = model.lived(one, parameters, 3, 0, 2, 6)
    plain = model.lived(one, parameters, 3, 0, 2, 6, compiled=False)
    for a, b in zip(
        (compiled.programme, *compiled.baselines.values()), (plain.programme, *plain.baselines.values()), strict=True
    ):
        assert np.array_equal(a.months, b.months)
        assert np.array_equal(a.arrivals, b.arrivals)
    assert np.array_equal(compiled.entered, plain.entered)
