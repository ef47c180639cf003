"""Questions about families whose members hang together, answered from lives: against chances known by hand, and against the same family without a tie."""

import math

import pytest
from family import LEAVES, MONTHS, chance_if_at_home, chance_of, family, saved
from scipy import optimize
from trees import scenario_of

from simulate.engine import Case
from simulate.options import Options
from simulate.scenario import Loaded
from simulate.scenario.adjustable import movable, named
from simulate.scenario.toml_writer import dump
from simulate.studies.compare import Comparison, compare
from simulate.studies.stages import Rule, Stages, stages
from simulate.studies.structure import Structure, structure
from simulate.studies.threshold import threshold
from simulate.studies.update import update
from simulate.sweeps.cells import Sweep
from simulate.sweeps.grid import Axis, Grid

DRAWS = 16384


def case_of(times: float | str | None, **more: object) -> Case:
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


# structure ------------------------------------------------------------------------------------------------------------

TIE = {"tie": {"value": 0.7, "uncertainty": {"kind": "uniform", "low": 0.4, "high": 1.2}}}


def counted(case: Case, draws: int = 4096) -> Structure:
    return structure(case, Options.of(case.scenario, draws=draws, counterfactual="own-luck"), horizons=(2,))


def test_ways_of_counting_are_lived() -> None:
    cost = 60_000
    found = counted(case_of(0.7, cost=cost))
    ways = {way.name: way for way in found.ways}
    assert ways["expected"].outcome is None
    assert "member of the family" in ways["expected"].missing
    for outcome in (ways["base"].outcome, found.luck_alone.outcome):
        assert outcome is not None
        assert near(outcome.mean, saved(0.7) - cost)
        assert near(outcome.chance, chance_of(cost, 0.7))


def test_every_way_of_counting_is_as_without_a_tie_that_does_nothing() -> None:
    tied, free = ({way.name: way.outcome for way in counted(case_of(times, cost=60_000)).ways} for times in (1, None))
    for name in ("base", "years-2", "followed-2", "discounted", "cashable"):
        for ours, theirs in zip(tied[name], free[name], strict=True):
            assert abs(ours.value - theirs.value) < 4.5 * math.hypot(ours.error, theirs.error)


def test_ends_of_an_assumption_are_the_mean_of_lives_with_its_error() -> None:
    """Where nothing else is uncertain both readings of an end are the same number, told by other lives."""
    found = counted(case_of("tie", assumptions=TIE)).ranges
    (row,) = found.rows
    assert near((found.at_values, found.at_values_error), saved(0.7))
    for end, times in ((row.low, 0.44), (row.high, 1.16)):
        assert end.values[0] == pytest.approx(times)
        assert near((end.at_values, end.at_values_error), saved(times))
        assert near(end.expected, saved(times))


# threshold ------------------------------------------------------------------------------------------------------------


def test_a_threshold_is_where_the_counted_chance_is_as_high_as_asked() -> None:
    """The chance a month to leave the job, with the programme: what it must be for 40,000 kroner to be saved in 50 of 100 courses."""
    case, cost = case_of(0.7, cost=40_000), 40_000
    scenario, name, _ = named(case.loaded, "roles.adult.moves[0].monthly.programme")
    options = Options.of(case.scenario, draws=DRAWS, counterfactual="own-luck")
    found = threshold(Case.of(scenario), movable(scenario, name), [0.5], options, as_it_is=case)
    assert near(found.chance.chance, chance_of(cost, 0.7))
    crossing = found.thresholds[0].crossing
    assert crossing is not None
    right = optimize.brentq(lambda leaves: chance_of(cost, 0.7, leaves) - 0.5, 0, 1)
    slope = (chance_of(cost, 0.7, right + 0.01) - chance_of(cost, 0.7, right - 0.01)) / 0.02
    assert abs(crossing.value - right) < 4.5 * 0.5 / math.sqrt(DRAWS) / abs(slope)
    assert crossing.interval[0] < right < crossing.interval[1]
    assert not found.switching.is_known
    assert (found.switching.value, found.switching.jump) == (None, None)


# stages ---------------------------------------------------------------------------------------------------------------


def at_review(times: float | None, bound: int = 1) -> Stages:
    """Ended after the first of two years where the parent is in no job any more, with families who come later."""
    kept = {"present": 1, "enter": [0, 3], "members": {"adult": 1, "child": 1}}
    case = case_of(times, cost=60_000, time={"first_year": 2027, "years": 2}, families={"f": kept})
    options = Options.of(case.scenario, draws=4096, counterfactual="own-luck")
    return stages(case, options, Rule("in", "adult", "job", "<", bound), 2027, 0)


def test_a_review_sees_what_is_lived() -> None:
    found = at_review(0.7)
    assert near(found.chosen.stop, 1 - (1 - LEAVES["programme"]) ** MONTHS)
    never = at_review(0.7, bound=0)
    assert never.with_rule == never.without


def test_a_rule_is_worth_as_much_as_without_a_tie_that_does_nothing() -> None:
    tied, free = at_review(1), at_review(None)
    assert tied.chosen == free.chosen  # counted in both
    assert tied.bounds == free.bounds
    for ours, theirs in ((tied.without, free.without), (tied.with_rule, free.with_rule)):
        for one, other in ((ours.mean, theirs.mean), (ours.chance, theirs.chance)):
            assert abs(one.value - other.value) < 4.5 * math.hypot(one.error, other.error)


# update ---------------------------------------------------------------------------------------------------------------


def test_what_was_seen_of_a_child_tells_of_its_parent() -> None:
    """Nobody has been placed: the chance to break even is that of the courses in which nobody is, known by hand."""
    row = {"role": "child", "what": "moved", "to": "placed", "until": "2027-12", "count": 0}
    cost = 60_000
    case = case_of(0.7, cost=cost, observed=[row])
    options = Options.of(case.scenario, draws=4096, counterfactual="own-luck", plain=True)
    found = update(case, options, 4000, 1 << 15)
    seen, chance = chance_if_at_home(cost, 0.7)
    assert found.tolerance == 0
    assert near(found.exact, seen)
    assert near(found.before.break_even, chance_of(cost, 0.7))
    assert near(found.after.break_even, chance)
