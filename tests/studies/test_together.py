"""Everything uncertain at the same point of its distribution, counted from what is worse."""

from typing import Any

import numpy as np
import pytest
from scipy import stats
from trees import scenario_of, simple

from simulate.answers import together as answers
from simulate.engine import run
from simulate.options import Options
from simulate.studies.together import STEPS, together


def budget(**more: Any) -> dict[str, Any]:
    """A cost and two savings; the second saving is a calculation with the assumption of the first."""
    return {
        "format": 1,
        "title": "Budget",
        "time": {"first_year": 2027, "years": 2},
        "assumptions": {
            "pay": {"value": 1000, "uncertainty": {"kind": "normal", "mean": 1000, "sd": 100}},
            "saved": {"value": 900, "uncertainty": {"kind": "normal", "mean": 900, "sd": 50}},
        },
        "costs": [{"label": "Pay", "yearly": "pay"}],
        "savings": [{"label": "Saved", "yearly": "saved"}, {"label": "Half as much", "yearly": "saved * 0.5"}],
    } | more


def found(tree: dict[str, Any]) -> Any:
    return together(run(scenario_of(tree), Options(draws=64)))


def test_a_cost_and_savings_are_one_normal_distribution() -> None:
    """The sds add up: 2 years of 100 and of 1.5 times 50, about a mean of 2 times 350."""
    expected = stats.norm(700, 2 * (100 + 1.5 * 50)).ppf((np.arange(STEPS) + 0.5) / STEPS)
    assert np.allclose(found(budget()), expected, rtol=0, atol=1e-9 * 700)


def test_the_answer_is_of_the_same_courses() -> None:
    courses = stats.norm(700, 350)
    told = answers.of(run(scenario_of(budget()), Options(draws=64)))
    assert told is not None
    assert abs(told.probability - courses.sf(0)) <= 0.5 / STEPS
    assert abs(told.mean - 700) < 1e-6
    for p, amount in told.percentiles.items():
        assert courses.ppf(p / 100 - 1 / STEPS) <= amount <= courses.ppf(p / 100 + 1 / STEPS)


@pytest.mark.parametrize(
    "tree",
    [
        pytest.param(simple(), id="families"),
        pytest.param(budget(correlations=[{"between": ["pay", "saved"], "rank": 0.5}]), id="said by the file"),
        pytest.param(budget(costs=[{"label": "Pay", "yearly": 1000}]), id="one that acts"),
        pytest.param(budget() | {"assumptions": {"pay": {"value": 1}, "saved": {"value": 2}}}, id="certain"),
    ],
)
def test_where_nothing_is_told(tree: dict[str, Any]) -> None:
    assert found(tree) is None


def test_one_that_acts_on_nothing_is_not_counted() -> None:
    """Financing is in no provenu."""
    more = budget(financing=[{"label": "Grant", "yearly": "granted"}])
    more["assumptions"]["granted"] = {"value": 500, "uncertainty": {"kind": "normal", "mean": 500, "sd": 50}}
    assert np.array_equal(found(more), found(budget()))
