"""The case as a budget: what adds up does, the errors are those of the means, and the business case's own is exact."""

from typing import Any

import numpy as np
import pytest
from trees import rich, scenario_of

from simulate import measures
from simulate.answers import budget
from simulate.answers.base import Estimate
from simulate.engine import Result, run
from simulate.options import Options

ENGINES = [{}, {"engine": "expected"}, {"plain": True}, {"period": "quarter"}]


def values(by_period: list[Estimate]) -> list[float]:
    return [one.value for one in by_period]


def periods(found: budget.Budget) -> list[list[Estimate]]:
    return [found.costs.by_year, found.savings.by_year, found.accumulated]


def ran(**options: Any) -> Result:
    return run(scenario_of(rich()), Options(draws=256, **options))


@pytest.mark.parametrize("options", ENGINES, ids=str)
def test_lines_add_up_to_costs_savings_areas_and_the_expected_provenu(options: dict[str, Any]) -> None:
    result = ran(**options)
    found = budget.of_draws(result)
    assert result.draws is not None
    expected = result.point.provenu + result.draws.sums.mean(measures.EXPECTED_OFF_BY_PERIOD)
    for parts in (found.lines.values(), found.areas.values(), (found.costs, found.savings)):
        assert np.sum([values(one.by_year) for one in parts], axis=0) == pytest.approx(expected, rel=1e-9)
        assert sum(one.total.value for one in parts) == pytest.approx(expected.sum(), rel=1e-9)
    assert values(found.accumulated) == pytest.approx(np.cumsum(expected), rel=1e-9)
    assert found.costs.total.value < 0 < found.savings.total.value
    stat = result.draws.sums.mean(measures.EXPECTED_PAYERS)[1].sum()
    assert found.stat.total.value == pytest.approx(stat, rel=1e-12)
    assert found.gross.total.value == pytest.approx(expected.sum() + stat, rel=1e-9)
    by_year = result.draws.sums.mean(measures.EXPECTED_STATE)
    assert by_year.sum() == pytest.approx(stat, rel=1e-9)
    assert values(found.stat.by_year) == pytest.approx(by_year, rel=1e-12)
    assert values(found.gross.by_year) == pytest.approx(expected + by_year, rel=1e-9)


def test_errors_are_those_of_the_means_told_elsewhere() -> None:
    result = ran()
    found, mean = budget.of_draws(result), result.mean()
    assert found.provenu.total.error == pytest.approx(mean.error, rel=1e-9)
    lines = result.accounts.lines
    for area, one in found.areas.items():
        own = result.mean_of((measures.AREA, area), [line.area == area for line in lines])
        assert (one.total.value, one.total.error) == pytest.approx((own.value, own.error), rel=1e-9)
    assert found.accumulated[-1].error == pytest.approx(mean.error, rel=1e-9)


def test_errors_cover_what_more_draws_find() -> None:
    """32 seeds: what they miss by, in their own errors, has a variance of 1 (Student's t with 15 degrees: 15/13)."""
    how: dict[str, Any] = {"engine": "expected", "plain": True}
    true = budget.of_draws(run(scenario_of(rich()), Options(draws=1 << 14, seed=99, **how)))
    off = []
    for seed in range(32):
        found = budget.of_draws(run(scenario_of(rich()), Options(draws=256, seed=seed, **how)))
        off += [
            (ours.value - exact.value) / ours.error
            for each in zip(periods(found), periods(true), strict=True)
            for ours, exact in zip(*each, strict=True)
            if ours.error > 0
        ]
    mean_square = np.mean(np.square(off))
    assert 0.5 < mean_square < 2.0, mean_square  # 15/13; its own standard error is about 0.25, as years go together


def test_the_business_case_is_exact() -> None:
    result = ran()
    found = budget.of_point(result.point)
    assert values(found.provenu.by_year) == result.point.provenu.tolist()
    assert found.stat.total.value == pytest.approx(result.point.kroner[1].sum(), rel=1e-12)
    assert values(found.stat.by_year) == result.point.kroner[1].sum(axis=0).tolist()
    for one in (*found.lines.values(), found.costs, found.savings, found.provenu, found.stat, found.gross):
        assert {one.total.error, *(year.error for year in one.by_year)} == {0.0}
