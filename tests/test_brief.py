"""What one more run of a case costs is saved where nobody asks for it, and changes no bit of what is told."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from trees import assert_identical, everything, rich, scenario_of, simple

from simulate import ledger, luck, measures, model
from simulate.analysis.draws import Sums
from simulate.answers.run import PERCENTILES, variance
from simulate.engine import Case, Result
from simulate.names import BLOCKS, COUNTERFACTUALS
from simulate.options import Options
from simulate.sampling import Chunk
from simulate.scenario import load, queries, rules

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.toml"))
SILKEBORG = Case.of(load(SCENARIOS[0].with_name("silkeborg.toml")))
RICH = Case.of(scenario_of(rich()))


def told(result: Result) -> list[object]:
    """All that is told of the provenu, and of the people."""
    spread = [result.mean(), result.sd(), result.chance(), result.expected_shortfall(0.05), variance(result)]
    by_period = [result.means_by_period(), result.chances_by_period(), result.person_years()]
    return [*spread, *by_period, result.bands(PERCENTILES), result.clipped_shares, result.undrawn]


# A brief run ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [RICH, SILKEBORG, Case.of(scenario_of(simple()))])
@pytest.mark.parametrize("counterfactual", COUNTERFACTUALS)
@pytest.mark.parametrize(
    "given", [{}, {"engine": "expected"}, {"plain": True}, {"period": "month", "draws": 48, "design": "lhs"}]
)
def test_a_brief_run_of_one_counterfactual_tells_the_same(
    case: Case, counterfactual: str, given: dict[str, Any]
) -> None:
    options = Options(**{"draws": 64, "counterfactual": counterfactual, **given})
    whole, brief = case.result(options), case.result(replace(options, brief=True, alone=True))
    assert repr(told(brief)) == repr(told(whole))  # nan is nan


def test_a_brief_run_has_nothing_of_tables() -> None:
    options = Options(draws=32)
    whole, brief = (everything(RICH.result(one)) for one in (options, replace(options, brief=True)))
    left = whole.keys() - brief.keys()
    assert {name.split()[1] for name in left if name.startswith("column")} >= {"provenu_by_area", "provenu_of_state"}
    assert {f"sum {one}" for one in (measures.LINES, measures.EXPECTED_PAYERS, measures.ARRIVALS)} <= left
    for name, value in brief.items():
        assert value.tobytes() == whole[name].tobytes(), name


def test_what_a_run_tells_by_period_stands_in_its_columns() -> None:
    result = RICH.result(Options(draws=64, plain=True))
    assert result.draws is not None
    columns = [result.draws.columns[measures.PROVENU, period] for period in result.periods]
    assert [one.value for one in result.means_by_period()] == [column.mean() for column in columns]
    through = np.cumsum(columns, axis=0)
    assert [one.value for one in result.chances_by_period()] == [(one >= 0).mean() for one in through]
    programme, baseline = result.person_years()
    months = result.months()
    assert [[one.value for one in row] for row in programme] == (months[0] / 12).tolist()
    assert [[one.value for one in row] for row in baseline] == (months[1] / 12).tolist()


# Sums -----------------------------------------------------------------------------------------------------------------


def _one_after_the_other(before: np.ndarray, values: np.ndarray) -> np.ndarray:
    found = before.copy()
    for value in values:
        found = found + value
    return found


def _laid_out(values: np.ndarray) -> Iterator[np.ndarray]:
    """The same numbers, as they may lie in memory."""
    yield values
    yield np.asfortranarray(values)
    yield np.moveaxis(np.ascontiguousarray(np.moveaxis(values, 0, -1)), -1, 0)
    wider = np.zeros((len(values), 3, *values.shape[1:]))
    wider[:, 1] = values
    yield wider[:, 1]
    yield np.broadcast_to(values[:1], values.shape)


@pytest.mark.parametrize("shape", [(), (1,), (1, 1), (2,), (13,), (1, 11), (3, 1), (4, 5), (2, 12, 3), (0,)])
@pytest.mark.parametrize(("draws", "blocks"), [(1, 1), (9, 1), (64, 4), (100, 1)])
def test_draws_are_added_one_after_the_other(shape: tuple[int, ...], draws: int, blocks: int) -> None:
    random = np.random.default_rng([draws, blocks, *shape])
    given = random.normal(size=(draws, *shape)) * 10.0 ** random.uniform(-9, 9, (draws, *shape))
    for values in _laid_out(given):
        one, other = measures.LINES, measures.TOTAL
        sums, alone = Sums(BLOCKS * draws), values.reshape(draws, -1).sum(axis=1)
        for _ in range(2):  # the second time to what there is
            before = {measure: each[:blocks].copy() for measure, each in sums.blocks.items()}
            sums.add(0, {one: values, other: alone}, blocks)
            for measure, added in ((one, values), (other, alone)):
                parts = np.split(added, blocks)
                begin = before.get(measure, np.zeros((blocks, *added.shape[1:])))
                expected = np.array([_one_after_the_other(*each) for each in zip(begin, parts, strict=True)])
                assert sums.blocks[measure][:blocks].tobytes() == expected.tobytes()
                assert not sums.blocks[measure][blocks:].any()


# Luck by parts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [RICH, SILKEBORG])
@pytest.mark.parametrize("third", [None, "expected", "own-luck"])
def test_luck_of_some_draws_at_a_time_is_that_of_all(case: Case, third: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = ledger.Accounts(case.model, 24)
    values = case.sampler.draw("sobol", 1, Chunk(0, 32, 32))
    given, prices = model.parameters(case.model, values), ledger.prices(accounts, values)
    whole = luck.compute(accounts, given, prices, third)
    for together in (1, 5, 32):
        monkeypatch.setattr(luck, "TOGETHER", together)
        parts = luck.compute(accounts, given, prices, third)
        assert (parts.third is None) == (third is None)
        for one, other in zip(parts, whole, strict=True):
            assert np.array_equal(one, other) if one is not None else other is None


# A case with other numbers --------------------------------------------------------------------------------------------


def test_what_does_not_hang_on_assumptions_is_made_once() -> None:
    first = SILKEBORG.with_({"relapse": 0.08, "finishing": [30, 36]})
    first.result(Options(draws=16))
    other = first.with_({"relapse": 0.09})
    for name in ("structure", "pairs", "numbers", "cohorts", "origins"):
        assert getattr(other.model, name) is getattr(first.model, name)
    dearer = first.with_({"costs[0].yearly": 2_000_000})
    assert dearer.model.numbers is not first.model.numbers
    longer = first.with_({"time.years": 6})
    assert len(longer.model.cohorts) > len(first.model.cohorts)
    kept = {one.name: one.distribution for one in first.sampler.uncertain}
    assert all(one.distribution is kept[one.name] for one in other.sampler.uncertain)
    assert_identical(other.result(Options(draws=32)), Case.of(other.scenario).result(Options(draws=32)))


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
@pytest.mark.parametrize("value", [-1.0, 0.0, 0.999, 2.0, 1e7, 1e20])
def test_the_rules_of_numbers_find_all_that_is_wrong_with_them(file: Path, value: float) -> None:
    case = Case.of(load(file))
    for name, one in case.scenario.assumptions.items():
        if one.uncertainty is None:
            continue
        held = one.written.model_copy(update={"held": value})
        scenario = case.scenario.model_copy(update={"assumptions": {**case.scenario.assumptions, name: held}})
        found = queries.in_force(scenario)
        assert set(rules.problems_of({name}, found)) == set(rules.problems(found)), name


def test_families_are_those_of_the_parameters() -> None:
    for case in (RICH, SILKEBORG):
        values = case.sampler.draw("sobol", 1, Chunk(0, 16, 16))
        given, (numbers, members) = model.parameters(case.model, values), model.families(case.model, values)
        assert np.array_equal(numbers, given.numbers)
        assert np.array_equal(members, given.members)


@pytest.mark.parametrize("payers", [1, 2])
def test_kroner_of_the_first_payers_are_those_of_all(payers: int) -> None:
    accounts = ledger.Accounts(RICH.model, 24)
    values = RICH.sampler.draw("sobol", 1, Chunk(0, 8, 8))
    prices, random = ledger.prices(accounts, values), np.random.default_rng(1)
    less = random.normal(size=(8, len(RICH.model.states), RICH.model.years))
    families = random.poisson(5, (8, len(RICH.scenario.families), RICH.model.years)).astype(np.float64)
    whole = ledger.kroner(accounts, prices, less, families)
    assert np.array_equal(ledger.kroner(accounts, prices, less, families, payers), whole[:, :payers])
    lines = len(accounts.lines) - len(accounts.budget)
    entered = np.einsum("bt,dtp->dbp", accounts.of_families, families)
    np.testing.assert_allclose(whole[:, 0, lines:], prices.budget + prices.per_family * entered, rtol=1e-14)
