"""Questions about families whose members hang together, answered from lives: against chances known by hand, and against the same family without a tie."""

import math

import pytest
from family import chance_of, family, saved
from trees import scenario_of

from simulate.engine import Case
from simulate.options import Options
from simulate.scenario import Loaded
from simulate.scenario.toml_writer import dump
from simulate.studies.compare import Comparison, compare
from simulate.sweeps.cells import Sweep
from simulate.sweeps.grid import Axis, Grid

DRAWS = 16384


def case_of(times: float | None, **more: object) -> Case:
    tree = family(times, **more)
    return Case.of(Loaded(scenario_of(tree), "family.toml", dump(tree), ""))


def compared(*cases: Case, **options: object) -> Comparison:
    first, *others = (case.scenario for case in cases)
    return compare(cases, Options.of(first, others, **{"draws": DRAWS, **options}))


def near(found: tuple, other: float, error: float = 0.0) -> bool:
    assert found[1] > 0
    return abs(found[0] - other) < 4.5 * math.hypot(found[1], error)


# compare --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("counterfactual", ["same-luck", "own-luck"])
def test_scenarios_are_compared_by_what_they_save_on_average(counterfactual: str) -> None:
    found = compared(case_of(0.7), case_of(2), counterfactual=counterfactual)
    for one, times in zip(found.alternatives, (0.7, 2), strict=True):
        assert near(one.mean, saved(times))
    assert near(found.difference(0, 1).mean, saved(0.7) - saved(2))


def test_chances_in_a_comparison_are_counted() -> None:
    cost = 60_000
    found = compared(case_of(0.7, cost=cost), case_of(2, cost=cost), counterfactual="own-luck")
    for one, times in zip(found.alternatives, (0.7, 2), strict=True):
        assert near(one.chance, chance_of(cost, times))


def test_a_tie_that_does_nothing_compares_as_none() -> None:
    """A scenario without a tie is lived beside one that has it, and is the same to the last course; its expectation is known by itself."""
    tied, free = case_of(1), case_of(None)
    found = compared(free, tied)
    assert [one.result.options.counterfactual for one in found.alternatives] == ["same-luck"] * 2
    assert found.difference(0, 1).mean == (0, 0)
    exact = free.result(Options(engine="expected", draws=64)).mean()
    assert exact.error == 0
    assert near(found.alternatives[1].mean, exact.value)


def test_what_it_is_worth_to_know_is_not_told_of_lives() -> None:
    found = compared(case_of(0.7), case_of(2), draws=256)
    assert found.losses_without_luck is None
    assert min(one.value for one in found.losses) >= 0


# sweep ----------------------------------------------------------------------------------------------------------------

TIES, COSTS = (0.0, 0.7, 1.0), (0.0, 30_000.0, 60_000.0, 90_000.0, 120_000.0, 150_000.0)
TIMES, COST = "roles.child.moves[0].when.times", "costs[0].yearly"


def swept(*cases: Case, axes: tuple[Axis, ...], draws: int = 4096) -> list[dict]:
    """What is kept of each cell, the scenarios as they stand last."""
    each = [one.scenario for one in cases]
    options = tuple(Options.of(one, each, draws=draws, counterfactual="own-luck") for one in each)
    sweep = Sweep(cases, Grid(len(cases), axes), options)
    made = sweep.make(range(len(sweep.grid)))
    return [one.layout.arrays(one.numbers) for one in sorted(made, key=lambda one: one.number)]


def test_cells_of_a_sweep_are_made_of_lives() -> None:
    """Costs change money alone, so that most cells are told by a few of the same lives: each has the mean and the chance that are known by hand."""
    found = swept(case_of(0.5, cost=60_000), axes=(Axis(TIMES, TIMES, "=", TIES), Axis(COST, COST, "=", COSTS)))
    cells = [(times, cost) for times in TIES for cost in COSTS] + [(0.5, 60_000)]
    for one, (times, cost) in zip(found, cells, strict=True):
        mean, chance = ([float(one[name + end]) for end in ("", "_error")] for name in ("provenu_mean", "probability"))
        assert near(tuple(mean), saved(times) - cost)
        assert near(tuple(chance), chance_of(cost, times))
        assert "variance_share" not in one


def test_a_cell_told_by_others_is_the_same_run_to_the_last_course() -> None:
    case = case_of(0.7, cost=60_000)
    found = swept(case, axes=(Axis(COST, COST, "=", COSTS),))
    for one, cost in zip(found, COSTS, strict=False):
        alone = case.with_({COST: cost}).result(Options.of(case.scenario, draws=4096, counterfactual="own-luck"))
        assert float(one["provenu_mean"]) == pytest.approx(alone.mean().value, abs=1e-3)
        assert float(one["provenu_mean_error"]) == pytest.approx(alone.mean().error, abs=1e-3)
        assert float(one["probability"]) == alone.chance().value


def test_scenarios_of_a_sweep_are_all_lived_where_one_must_be() -> None:
    """Else one would be held against its expectation, and the other against the same luck."""
    tied, free = swept(case_of(1, cost=60_000), case_of(None, cost=60_000), axes=(Axis(COST, COST, "=", COSTS[:1]),))[
        :2
    ]
    for name in ("probability", "provenu_mean", "provenu_sd"):
        assert float(tied[name]) == float(free[name])
