"""Refunds by the weeks on benefit: every engine against the slow twin, on random small scenarios."""

import naive
import numpy as np
import pytest
from hypothesis import given, settings
from strategies import scenarios
from test_twin import ARMS, built

from simulate import kernels, model
from simulate.model import Model


def rows_of(one: Model, months: dict, steps: dict, arm: str, per: float = 1.0) -> np.ndarray:
    """A twin's counters as (row, period)."""
    by_weeks = np.diff(one.refunds.row_first) > 1
    found = []
    for role, state, step in one.rows:
        counted, key = (
            (steps, (arm, role, state, step))
            if by_weeks[one.states.index((role, state))]
            else (months, (arm, role, state))
        )
        found.append([counted.get((*key, year), 0) for year in range(one.years)])
    return np.array(found, float).reshape(len(one.rows), one.years) * per


@settings(max_examples=150)
@given(tree=scenarios(weeks=1))
def test_lives_equal_the_twin_step_by_step(tree: dict) -> None:
    one, parameters = built(tree)
    lived = model.lived(one, parameters, 7, 50, 2, 24)
    for d, draw in enumerate(range(50, 52)):
        twin = naive.live(naive.Case(tree), 7, draw)
        arms = lived.programme, lived.baselines["same-luck"], lived.baselines["own-luck"]
        for arm, counted in zip(ARMS, arms, strict=True):
            np.testing.assert_allclose(
                counted.rows[d], rows_of(one, twin.halves, twin.steps, arm, 0.5), rtol=1e-12, atol=1e-12
            )


@settings(max_examples=60)
@given(tree=scenarios(weeks=1, years=3, families=1.5))
def test_expected_equals_the_twin_step_by_step(tree: dict) -> None:
    one, parameters = built(tree)
    case = naive.Case(tree)
    months, arrivals = naive.expected(case)
    steps = naive.expected_steps(case)
    found = model.expected(one, parameters, 1, 24, kernels.load("expected"))
    for arm, counted in zip(("programme", "baseline"), found, strict=True):
        np.testing.assert_allclose(counted.rows[0], rows_of(one, months, steps, arm), rtol=1e-9, atol=1e-9)
        for i, state in enumerate(one.states):
            theirs = [arrivals.get((arm, *state, year), 0) for year in range(one.years)]
            assert counted.arrivals[0, i] == pytest.approx(theirs, rel=1e-9, abs=1e-9)
