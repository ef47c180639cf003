"""Variants that differ in money alone: told by a few runs, equal to runs of their own, whoever asks for which of them first."""

import itertools
import random
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from strategies import scenarios, to_toml
from test_samples import SILKEBORG, priced_tree
from trees import assert_identical, everything, rich, scenario_of, simple

from simulate import engine as engines
from simulate import luck, measures, model, sampling
from simulate.engine import Case, Priced, Result, Samples, nodes
from simulate.errors import InputError, ScenarioError
from simulate.names import COUNTERFACTUALS
from simulate.options import Options
from simulate.scenario import load, paths, queries
from simulate.scenario.adjustable import movable
from simulate.scenario.toml_writer import dump

ROOT = Path(__file__).parents[1]
Cell = Mapping[str, Any]
ENGINES = ["lives", "expected"]


def of_file(tree: dict[str, Any], folder: Path) -> Case:
    (folder / "case.toml").write_text(dump(tree), "utf-8")
    return Case.of(load(folder / "case.toml"))


def grid(**axes: Sequence[float]) -> list[Cell]:
    """Every combination; a path's dots are written as __."""
    names = [name.replace("__", ".") for name in axes]
    return [dict(zip(names, values, strict=True)) for values in itertools.product(*axes.values())]


POWER = {"currency": 1, "currency²": 2, "currency³": 3}
UNITS = {one.name: one.units for one in vars(measures).values() if isinstance(one, measures.Measure)}


def alike(one: Result, other: Result, beside: Sequence[Result] = (), but: Collection[str] = ()) -> None:
    """Within 1e-9 of the larger of a figure and what it is anywhere in the run, and in those beside it, but for rounding of the amounts that it is
    the difference of; estimates of amounts, of the larger of the value and the sd. but: words of what is not compared."""
    ours, theirs, others = everything(one), everything(other), list(map(everything, beside))
    assert ours.keys() >= theirs.keys()
    gross = 1e3 + max(float(np.abs(each["point"]).max(initial=0.0)) for each in (theirs, *others))
    sd = max(other.sd().value, 1e-3 * gross)
    for name, value in theirs.items():
        largest = max(float(np.abs(each[name]).max(initial=0.0)) for each in (theirs, *others))
        room = 1e-9 * largest + 1e-13 * gross ** POWER.get(UNITS.get([*name.split(), ""][1], "currency"), 0)
        if not set(name.split()) & set(but):
            np.testing.assert_allclose(ours[name], value, rtol=1e-9, atol=room, err_msg=name)
    assert one.clipped == other.clipped
    assert one.scenario == other.scenario
    close(one.mean(), other.mean(), sd)
    close(one.sd(), other.sd(), sd)
    if "luck" not in but:  # where it is small beside the amounts, chances and percentiles are as steep
        close(one.chance(), other.chance(), 1.0)
        close(one.expected_shortfall(0.05), other.expected_shortfall(0.05), sd)
        for percent, found in other.bands((5, 50, 95)).items():
            close(one.bands((5, 50, 95))[percent], found, sd)
    if other.steps is not None and "luck" not in but:
        assert one.steps == pytest.approx(other.steps, rel=1e-9)
    assert one.undrawn.mass == pytest.approx(other.undrawn.mass, rel=1e-12)
    assert [each.assumption for each in one.undrawn.rare] == [each.assumption for each in other.undrawn.rare]
    assert [each.value for each in one.undrawn.rare] == pytest.approx([each.value for each in other.undrawn.rare])
    for name, drawn in other.assumptions().items():
        assert np.array_equal(one.assumptions()[name], drawn)
    assert one.undrawn.variance == pytest.approx(other.undrawn.variance, rel=1e-9, abs=1e-9 * sd**2)
    assert one.off_discounted == pytest.approx(other.off_discounted, rel=1e-9, abs=1e-9 * sd)


def close(one: Any, other: Any, scale: float) -> None:
    """An error is found by fewer steps than its value."""
    room = 1e-9 * max(abs(other.value), scale)
    assert abs(one.value - other.value) <= room
    np.testing.assert_allclose([one.error, *one.interval], [other.error, *other.interval], rtol=0, atol=1e4 * room)


def itself(case: Case, cell: Cell, options: Options) -> Result:
    return case.with_(cell).result(options)


# One, two and three prices -------------------------------------------------------------------------------------------

FAMILIES = {
    "a price": (grid(price=np.linspace(8000, 16000, 9)), 1),
    "a refusion": (grid(roles__adult__states__job__refusion=np.linspace(0, 1, 9)), 1),
    "a cost": (grid(**{"costs[0]__yearly": np.linspace(0, 900000, 9)}), 1),
    "a price and a cost": (grid(**{"price": np.linspace(0, 30000, 5), "costs[0]__yearly": np.linspace(0, 9e5, 5)}), 2),
    "three": (
        grid(price=np.linspace(0, 30000, 4), each=np.linspace(0, 9000, 4), savings__rent__number=np.linspace(0, 3, 4)),
        3,
    ),
    "a product": (
        grid(**{"savings.rent.number": np.linspace(0, 3, 5), "savings.rent.yearly": np.linspace(0, 90000, 5)}),
        1,
    ),
    "a price and its refusion": (grid(price=np.linspace(0, 30000, 6), refunded=np.linspace(0, 1, 6)), 2),
    "an index": (grid(money__indexation=np.linspace(-0.02, 0.06, 15)), 2),
    "a discount rate": (grid(money__discount_rate=np.linspace(0.01, 0.06, 15)), 2),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", FAMILIES)
def test_what_is_told_is_what_a_run_finds(name: str, engine: Any, tmp_path: Path) -> None:
    """Under every counterfactual, and of targets."""
    cells, directions = FAMILIES[name]
    tree = priced_tree()
    tree["targets"] = [{"label": "enough", "of": "savings", "total": 400000}, {"label": "1", "year": 2021, "amount": 1}]
    case, options = of_file(tree, tmp_path), Options(draws=32, engine=engine, threads=1)
    family = Priced.of(case, cells, options)
    assert len(family._span.directions.rows) == directions  # type: ignore[union-attr]
    for cell in random.Random(3).sample(cells, 5):
        assert family.is_told(cell)
        alike(family.run(cell), itself(case, cell, options))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("counterfactual", COUNTERFACTUALS)
def test_silkeborg(counterfactual: Any, engine: Any) -> None:
    cells = grid(benefit=np.linspace(9000, 15000, 6), placement_price=np.linspace(2e5, 9e5, 6))
    options = Options(draws=64, engine=engine, counterfactual=counterfactual, alone=True)
    family = Priced.of(SILKEBORG, cells, options)
    for cell in random.Random(4).sample(cells, 3):
        alike(family.run(cell), itself(SILKEBORG, cell, options))


@pytest.mark.parametrize("engine", ENGINES)
def test_every_kind_of_life(engine: Any) -> None:
    case = Case.of(scenario_of(rich()))
    driving, options = queries.driving_lives(case.scenario), Options(draws=32, engine=engine)
    names = [name for name in case.scenario.assumptions if name in queries.used(case.scenario) - driving]
    assert names
    ranges = {one: movable(case.scenario, one) for one in names}

    def held(numbers: Cell) -> Case:
        return case.held({name: ranges[name].at(value) for name, value in numbers.items()})

    axes = {name: np.linspace(one.low, one.high, 9) for name, one in ranges.items()}
    cells = [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]
    family = Priced.of(case, cells, options, vary=held)
    for cell in random.Random(5).sample(cells, 6):
        alike(family.run(cell), held(cell).result(options))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_run_without_luck_and_one_by_month(engine: Any) -> None:
    cells = grid(benefit=np.linspace(9000, 15000, 6))
    for options in (Options(draws=32, engine=engine, plain=True), Options(draws=32, engine=engine, period="month")):
        family = Priced.of(SILKEBORG, cells, options)
        alike(family.run(cells[2]), itself(SILKEBORG, cells[2], options))


def most_of(use: queries.Use) -> float:
    """The end of its axis, within the limits that it has."""
    return 1.0 if "refusion" in use.path else 0.05 if use.path[-1] == "indexation" else 2 * use.value + 1  # type: ignore[operator]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_scenario(data: st.DataObject) -> None:
    """Numbers of money of any scenario, in any box of theirs. What others pay is in no figure that is told, and not told itself."""
    tree = data.draw(scenarios(years=2, moves=4, families=1.5, rare=("", "weeks", "drop_out")))
    tree.pop("financing", None)
    for state in (state for role in tree["roles"].values() for state in role["states"].values()):
        state.pop("shares", None)  # so that all of a price may be refunded
    with TemporaryDirectory() as folder:
        (Path(folder) / "case.toml").write_text(to_toml(tree), "utf-8")
        try:
            case = Case.of(load(Path(folder) / "case.toml"))
        except ScenarioError:  # a line that is cashable in one state alone
            reject()
    money = [use for use in queries.uses(case.scenario) if isinstance(use.value, float) and priced(use.path)]
    if not money:
        return
    chosen = data.draw(st.lists(st.sampled_from(money), min_size=1, max_size=3, unique_by=lambda use: use.path))
    most = {paths.written(use.path, {}): most_of(use) for use in chosen}
    axes = {name: [one * share for share in (0.0, 0.3, 0.45, 1.0)] for name, one in most.items()}
    cells = [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]
    options = Options(draws=16, engine=data.draw(st.sampled_from(ENGINES)), threads=1)  # type: ignore[arg-type]
    family = Priced.of(case, cells, options)
    for cell in data.draw(st.lists(st.sampled_from(cells), min_size=2, max_size=2)):
        assert family.is_told(cell)
        beside = [family.run(one) for one in (*family.nodes, *cells[:3])]
        ours, theirs = family.run(cell), itself(case, cell, options)
        alike(ours, theirs, beside, ("chance", "break_even", "luck"))
        assert ours.chance() == pytest.approx(theirs.chance(), abs=1e-6)


def priced(path: paths.Path) -> bool:
    return path[0] in ("person_years", "costs", "savings") or (path[0] == "roles" and not queries.is_of_lives(path))


# Scaled prices --------------------------------------------------------------------------------------------------------

SCALED = {
    "a scaled price": (grid(assumptions__price__scale=np.linspace(0.2, 3.0, 9)), 1),
    "and one that is held": (
        grid(assumptions__price__scale=np.linspace(0.5, 1.5, 5), refunded=np.linspace(0.1, 0.9, 5)),
        2,
    ),
    "two": (
        grid(assumptions__price__scale=np.linspace(0.5, 1.5, 5), assumptions__refunded__scale=np.linspace(0.3, 1.2, 5)),
        2,
    ),
    "and a budget line": (
        grid(**{"assumptions.price.scale": np.linspace(0.5, 1.5, 5), "costs[0].yearly": np.linspace(0, 9e5, 5)}),
        2,
    ),
    "three": (
        grid(
            **{
                "assumptions.price.scale": np.linspace(0.5, 1.5, 4),
                "each": np.linspace(0.0, 9000.0, 4),
                "costs[0].yearly": np.linspace(0, 9e5, 4),
            }
        ),
        3,
    ),
    "an index": (grid(assumptions__index__scale=np.linspace(0.1, 2.5, 15)), 2),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", SCALED)
def test_what_scales_a_price_tells_of_it(name: str, engine: Any, tmp_path: Path) -> None:
    cells, directions = SCALED[name]
    case, options = of_file(priced_tree(), tmp_path), Options(draws=32, engine=engine, threads=1)
    family = Priced.of(case, cells, options)
    assert len(family._span.directions.rows) == directions  # type: ignore[union-attr]
    for cell in random.Random(11).sample(cells, 5):
        assert family.is_told(cell)
        alike(family.run(cell), itself(case, cell, options))
    assert family._is_straight


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("counterfactual", COUNTERFACTUALS)
def test_scaled_prices_of_silkeborg(counterfactual: Any, engine: Any) -> None:
    """Of a case that scales another of its own."""
    case = SILKEBORG.with_({"assumptions.placement_price.scale": 1.1})
    names = {"assumptions.benefit.scale": np.linspace(0.7, 1.3, 6), "placement_price": np.linspace(30e3, 90e3, 4)}
    both = {"assumptions.benefit.scale": names["assumptions.benefit.scale"], "assumptions.placement_price.scale": [0.9, 1.1, 1.2, 2.0]}  # fmt: skip
    options = Options(draws=64, engine=engine, counterfactual=counterfactual, alone=True)
    for axes in (names, both):
        cells = [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]
        family = Priced.of(case, cells, options)
        for cell in random.Random(12).sample(cells, 3):
            assert family.is_told(cell)
            alike(family.run(cell), itself(case, cell, options))


def test_a_factor_of_one_is_the_case_as_it_is() -> None:
    """To the last bit, and one of the nodes."""
    options, cells = Options(draws=32, threads=1), grid(assumptions__benefit__scale=[0.5, 0.8, 1.0, 1.1, 1.3, 1.7, 2.0])
    family = Priced.of(SILKEBORG, cells, options)
    assert cells[2] in family.nodes
    ours, theirs = everything(family.run(cells[2])), everything(SILKEBORG.result(options))
    assert all(ours[name].tobytes() == value.tobytes() for name, value in theirs.items())


@pytest.mark.parametrize("factor", [0.7, 1.0, 3.0, 1e-7])
def test_units_times_their_factor_are_what_is_drawn(factor: float) -> None:
    scaled, chunk = SILKEBORG.with_({"assumptions.benefit.scale": factor}).sampler, sampling.Chunk(0, 64, 64)
    own = scaled.numbers("sobol", 5, chunk)
    found = scaled.scaled(scaled.units.numbers("sobol", 5, chunk))
    assert own.keys() == found.keys()
    assert all(own[name].tobytes() == one.tobytes() for name, one in found.items())
    assert np.array_equal(found["benefit"], SILKEBORG.sampler.numbers("sobol", 5, chunk)["benefit"] * factor)
    assert scaled.units.marks == SILKEBORG.sampler.marks
    held = scaled.holding({"benefit": np.array([[1.0]])})
    assert held.units.fixed.keys() == {"benefit"}


@pytest.mark.parametrize(("path", "value"), [("assumptions.benefit.scale", 1.1), ("assumptions.benefit.scale", 0.25)])
def test_a_scaled_case_is_the_file_with_the_change(path: str, value: float) -> None:
    file = str(ROOT / "scenarios" / "silkeborg.toml")
    assert SILKEBORG.with_({path: value}).scenario == load(file, [f"benefit*{value}"]).scenario
    twice = SILKEBORG.with_({path: 3.0}).with_({path: value})
    assert twice.scenario == load(file, [f"benefit*{value}"]).scenario
    with pytest.raises(ScenarioError, match="scale"):
        SILKEBORG.with_({path: -value})
    with pytest.raises(ScenarioError, match="scale"):
        SILKEBORG.with_({"benefit": 9000.0}).with_({path: value})


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("refunded", [
    {"value": 0.6, "uncertainty": {"kind": "normal", "mean": 0.6, "sd": 0.12}},
    {"value": [0.6, 0.55], "uncertainty": {"kind": "normal", "mean": 1.0, "sd": 0.2}},
    {"value": 0.5, "uncertainty": {"kind": "normal", "mean": 0.5, "sd": 0.15}, "each_year": True},
    {"value": 0.4, "uncertainty": {"kind": "choices", "values": [0.3, 0.4, 0.9], "weights": [0.3, 0.69, 0.01]}},
])  # fmt: skip
def test_what_a_factor_clips_in_any_draw_is_not_told(refunded: dict, engine: Any, tmp_path: Path) -> None:
    """And all that it clips in none is."""
    tree = priced_tree()
    tree["assumptions"]["refunded"] = refunded
    case, options = of_file(tree, tmp_path), Options(draws=256, engine=engine, threads=1)
    cells = grid(assumptions__refunded__scale=np.linspace(0.5, 1.6, 23))
    family = Priced.of(case, cells, options)
    runs = [itself(case, cell, options) for cell in cells]
    clipped = [bool(run.clipped) for run in runs]
    assert 5 < sum(clipped) < 20
    assert [family.is_told(cell) for cell in cells] == [not one for one in clipped]
    for cell, run in zip(cells, runs, strict=True):
        alike(family.run(cell), run)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("low", "high"), [(0.5, 1e6), (1e-7, 2.0), (1e-300, 5.0)])
def test_factors_that_are_far_from_each_other(low: float, high: float, engine: Any) -> None:
    """What is told is as exact as elsewhere; weights of a node so far away have rounding errors that its amounts would show."""
    factors = [low, *np.linspace(0.8, 1.2, 9).tolist(), high]
    options = Options(draws=64, engine=engine, threads=1, alone=True, brief=True)
    cells = grid(assumptions__benefit__scale=factors)
    family = Priced.of(SILKEBORG, cells, options)
    for cell in cells[::2]:
        alike(family.run(cell), itself(SILKEBORG, cell, options))


def test_rare_values_are_those_of_the_scaled_assumption(tmp_path: Path) -> None:
    tree = priced_tree()
    tree["assumptions"]["price"]["uncertainty"] = {"kind": "choices", "values": [9000, 12000, 30000], "weights": [0.5, 0.49, 0.01]}  # fmt: skip
    case, options = of_file(tree, tmp_path), Options(draws=64, threads=1)
    cells = grid(assumptions__price__scale=np.linspace(0.5, 1.5, 9))
    family = Priced.of(case, cells, options)
    for cell in cells:
        found = family.run(cell)
        alike(found, itself(case, cell, options))
        assert [one.value for one in found.undrawn.rare] == pytest.approx([30000 * cell["assumptions.price.scale"]])


# As many as are worth it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("prices", "values", "telling"),
    [(1, 3, []), (1, 4, ["lives"]), (1, 6, ENGINES), (2, 3, ["lives"]), (2, 4, ENGINES), (3, 3, ["lives"]), (3, 4, ENGINES)],
)  # fmt: skip
def test_nothing_is_told_of_a_family_that_is_small_beside_its_nodes(
    prices: int, values: int, telling: list[str], engine: Any
) -> None:
    names = ["assumptions.benefit.scale", "costs[0].yearly", "costs[1].yearly"][:prices]
    axes = [np.linspace(0.5, 1.5, values), *[np.linspace(0, 4e6, values)] * 2][:prices]
    cells = [dict(zip(names, one, strict=True)) for one in itertools.product(*axes)]
    options = Options(draws=16, engine=engine, threads=1)
    asked = Priced.of(SILKEBORG, cells, options, all_asked=True)
    assert asked.tells == (engine in telling)
    assert Priced.of(SILKEBORG, cells, options).tells
    if asked.tells:
        assert asked.nodes == Priced.of(SILKEBORG, cells, options).nodes


def test_many_prices_are_valued_as_long_as_their_cells_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a single price of them is made; a family as large along one line of them is told."""
    names = ["assumptions.benefit.scale", "placement_price", "extra_measures"]
    names += [f"costs[{i}].yearly" for i in range(len(SILKEBORG.scenario.costs))]
    chance, options = np.random.default_rng(1), Options(draws=16, threads=1)
    spread = [dict(zip(names, row, strict=True)) for row in chance.uniform(0.9, 1.1, (40, len(names))).tolist()]
    line = [dict.fromkeys(names, share) for share in chance.uniform(0.9, 1.1, 40).tolist()]
    made: list[Cell] = []

    def vary(cell: Cell) -> Case:
        made.append(cell)
        return SILKEBORG.with_({name: value if "scale" in name else 1e5 * value for name, value in cell.items()})

    assert not Priced.of(SILKEBORG, spread, options, vary=vary, all_asked=True).tells
    assert not made
    assert Priced.of(SILKEBORG, line, options, vary=vary, all_asked=True).tells


# The same bits, whatever is asked for --------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_no_bit_hangs_on_what_was_asked_for_before(engine: Any) -> None:
    """Nor on the order of the family, nor on who else needs its lives; alone or after all others."""
    cells = grid(benefit=np.linspace(9000, 15000, 5), money__indexation=np.linspace(0, 0.04, 5))
    options = Options(draws=32, engine=engine, threads=1)
    one, shuffled = Priced.of(SILKEBORG, cells, options), [*cells, *cells[3:7]]
    random.Random(6).shuffle(shuffled)
    other = Priced.of(SILKEBORG, shuffled, options, Samples(room=0))
    assert one.nodes == other.nodes
    found = {str(cell): one.run(cell) for cell in cells}
    for cell in shuffled[:8]:
        assert_identical(found[str(cell)], other.run(cell))
    alone = Priced.of(SILKEBORG, cells, Options(draws=32, engine=engine, threads=2, chunk=4))
    assert_identical(found[str(cells[7])], alone.run(cells[7]))


def test_the_case_as_it_is_is_a_run() -> None:
    """To the last bit, of all that a run keeps."""
    options = Options(draws=32, threads=1)
    yearly = SILKEBORG.certain_number("costs[0].yearly")
    assert isinstance(yearly, float)
    cells = grid(**{"costs[0]__yearly": [0.3 * yearly, 0.7 * yearly, yearly, 1.1 * yearly, 2 * yearly]})
    ours, theirs = everything(Priced.of(SILKEBORG, cells, options).run(cells[2])), everything(SILKEBORG.result(options))
    assert all(ours[name].tobytes() == value.tobytes() for name, value in theirs.items())


def test_lives_are_lived_once_and_luck_is_worked_out_three_times(monkeypatch: pytest.MonkeyPatch) -> None:
    lived, worked = [], []
    live, compute = model.lived, luck.compute
    monkeypatch.setattr(model, "lived", lambda *given: lived.append(1) or live(*given))
    monkeypatch.setattr(luck, "compute", lambda *given: worked.append(1) or compute(*given))
    cells = grid(benefit=np.linspace(9000, 15000, 50))
    family = Priced.of(SILKEBORG, cells, Options(draws=16, threads=1))
    for cell in cells:
        family.run(cell)
    assert len(lived) == 2  # with the pilot of the same luck
    assert len(worked) == 2 * 3


@pytest.mark.parametrize(("prices", "runs"), [(1, 4), (2, 10), (3, 20)])
def test_a_family_takes_as_many_runs_as_a_cubic_has_terms(prices: int, runs: int) -> None:
    names = ["benefit", "costs[0].yearly", "costs[1].yearly"][:prices]
    axes = [np.linspace(9000, 15000, 7), *[np.linspace(0, 4e6, 7)] * 2][:prices]
    cells = [dict(zip(names, values, strict=True)) for values in itertools.product(*axes)]
    family = Priced.of(SILKEBORG, cells, Options(draws=16, engine="expected"))
    assert len(family.nodes) == runs
    assert all(node in cells for node in family.nodes)
    assert {degree: len(own) for degree, (own, _) in family._span.of.items()}[1] == prices + 1  # type: ignore[union-attr]


# What is not told ----------------------------------------------------------------------------------------------------


def clipping(tree: dict[str, Any]) -> tuple[Case, Any]:
    """A refusion that is held beyond what is possible, which is clipped to it."""
    case = Case.of(scenario_of(tree))
    return case, lambda numbers: case.held({name: np.array([[value]]) for name, value in numbers.items()})


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("name", "low", "high"), [("refunded", 0.5, 1.4), ("refunded", -0.3, 0.6)])
def test_what_is_clipped_in_a_part_of_the_box(name: str, low: float, high: float, engine: Any) -> None:
    case, held = clipping(priced_tree())
    options = Options(draws=32, engine=engine, threads=1)
    cells = grid(**{name: np.linspace(low, high, 9), "price": np.linspace(8000, 16000, 4)})
    family = Priced.of(case, cells, options, vary=held)
    told = [family.is_told(cell) for cell in cells]
    assert any(told)
    assert told == [0 <= cell[name] <= 1 for cell in cells]
    for cell in random.Random(8).sample(cells, 8):
        alike(family.run(cell), held(cell).result(options))
    for cell in [cell for cell, one in zip(cells, told, strict=True) if not one][:2]:  # valued on the same lives
        theirs = everything(held(cell).result(options))
        ours = everything(family.run(cell))
        assert all(ours[key].tobytes() == value.tobytes() for key, value in theirs.items())


def test_a_price_that_goes_in_steps_is_told_as_it_is() -> None:
    """Prices in steps: of a number that is rounded somewhere."""
    case = Case.of(scenario_of(priced_tree()))

    def stepped(numbers: Cell) -> Case:
        return case.held({"price": np.array([[np.floor(numbers["price"] / 1700) * 1700]])})

    cells, options = grid(price=np.linspace(8000, 16000, 30)), Options(draws=16, threads=1)
    family = Priced.of(case, cells, options, vary=stepped)
    for cell in cells[::4]:
        alike(family.run(cell), stepped(cell).result(options))


def test_prices_that_only_some_draws_bend_are_not_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the points that are looked at do not show it, every draw of a witness does."""
    case = of_file(priced_tree(), tmp_path)
    real = engines.prices.ledger.prices

    def bent(accounts: Any, values: Any) -> Any:
        found = real(accounts, values)
        if len(found.state) == 32:
            found.state[3:5] = found.state[3:5] ** 2
        return found

    monkeypatch.setattr(engines.prices.ledger, "prices", bent)
    cells, options = grid(price=np.linspace(8000, 16000, 30)), Options(draws=32, threads=1)
    family = Priced.of(case, cells, options)
    for cell in cells[::7]:
        alike(family.run(cell), itself(case, cell, options))
    assert not family._is_straight


def test_a_variant_that_is_drawn_otherwise_is_not_told(tmp_path: Path) -> None:
    case, options = of_file(priced_tree(), tmp_path), Options(draws=32, threads=1)
    cells = grid(assumptions__price__uncertainty__sd=[1000.0, 2000.0, 3000.0, 4000.0, 5000.0, 6000.0])
    family = Priced.of(case, cells, options)
    for cell in cells:
        alike(family.run(cell), itself(case, cell, options))


def test_a_number_that_the_rules_refuse_is_no_node(tmp_path: Path) -> None:
    case, options = of_file(priced_tree(), tmp_path), Options(draws=16, threads=1)
    cells = grid(roles__adult__states__job__refusion=np.linspace(-1.0, 2.0, 31))
    family = Priced.of(case, cells, options)
    name = "roles.adult.states.job.refusion"
    assert all(0 <= node[name] <= 1 for node in family.nodes)
    with pytest.raises(ScenarioError):
        family.run({name: -1.0})
    alike(family.run({name: 0.45}), itself(case, {name: 0.45}, options))
    nothing = Priced.of(case, grid(**{name: [-1.0, 2.0]}), options)
    assert not nothing.nodes
    with pytest.raises(ScenarioError):
        nothing.run({name: 2.0})


def test_what_is_no_price() -> None:
    with pytest.raises(ValueError, match="relapse"):
        Priced.of(SILKEBORG, grid(relapse=[0.1, 0.2]), Options(draws=16))
    with pytest.raises(InputError):
        Priced.of(SILKEBORG, grid(relaps=[0.1, 0.2]), Options(draws=16))


def test_lists_by_year_are_prices_of_each_year(tmp_path: Path) -> None:
    case, options = of_file(priced_tree(), tmp_path), Options(draws=16, threads=1)
    choose = random.Random(9)
    cells = [{"costs[0].yearly": [choose.uniform(0, 9e5) for _ in range(3)]} for _ in range(40)]
    family = Priced.of(case, cells, options)
    assert len(family._span.directions.rows) == 3  # type: ignore[union-attr]
    for cell in cells[:4]:
        alike(family.run(cell), itself(case, cell, options))
    shorter = [*cells, {"costs[0].yearly": [5e5]}, {"costs[0].yearly": 4e5}]
    for cell in shorter[-3:]:
        alike(Priced.of(case, shorter, options).run(cell), itself(case, cell, options))


# Nodes ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("numbers", "steps"), [(1, 500), (2, 25), (3, 9), (4, 5), (5, 4)])
def test_no_weight_is_large(numbers: int, steps: int) -> None:
    """All through the box, its corners included; one node is given."""
    axis = np.linspace(-1, 1, steps)
    places = np.stack(np.meshgrid(*[axis] * numbers, indexing="ij"), axis=-1).reshape(-1, numbers)
    rows = nodes.polynomials(places, 3)
    chosen = nodes.choose(rows, first=len(places) // 3)
    assert chosen[0] == len(places) // 3
    weights = np.abs(nodes.Nodes(rows[chosen]).weights(rows))
    assert len(chosen) == len(nodes.terms(numbers, 3))
    assert weights[:, 1:].max() < 1.1
    assert weights.sum(axis=1).max() < 6 * numbers
    assert nodes.Nodes(rows[chosen]).off(rows).max() < 1e-13


def test_where_places_are_few_as_few_nodes_do() -> None:
    """Two values of one number and five of another: a cubic has seven terms there; on a line, four."""
    places = np.array([(a, b) for a in (-1.0, 1.0) for b in np.linspace(-1, 1, 5)])
    assert len(nodes.choose(nodes.polynomials(places, 3))) == 7
    line = np.linspace(-1, 1, 9)[:, None] * [[1.0, 0.5, -0.2]]
    assert len(nodes.choose(nodes.polynomials(line, 3))) == 4


def test_weights_make_up_the_rows() -> None:
    rng = np.random.default_rng(10)
    rows = nodes.polynomials(rng.uniform(-1, 1, (60, 3)), 3)
    found = nodes.Nodes(rows[nodes.choose(rows)])
    np.testing.assert_allclose(found.weights(rows) @ found.rows, rows, atol=1e-13)


# What luck does not move ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("variance", "certain"), [(0.0, True), (1e-11, True), (1e-6, True), (1.0, False)])
@pytest.mark.parametrize("measure", [measures.LUCK_SUM, measures.LUCK_SQUARE])
def test_luck_that_no_amount_shows_is_none(measure: measures.Measure, variance: float, certain: bool) -> None:
    """As rounding leaves it of none."""
    tree = priced_tree() | {"families": {}, "assumptions": {}, "money": {}}
    tree["roles"]["adult"]["states"]["benefit"] = {"monthly": 100}
    tree["roles"]["adult"]["moves"] = []
    tree["costs"] = tree["costs"][:1]
    found = engines.run(scenario_of(tree), Options(draws=32))
    assert found.draws is not None
    found.draws.sums.blocks[measure] += variance * 2  # of two draws each
    assert found.is_certain == certain
    assert (found.chance().error == 0) == certain


# What cannot be told ----------------------------------------------------------------------------------------------------


def small_and_large(folder: Path) -> Case:
    """A price that may be of any size, and a cost that goes with it: about as likely as not to break even, whatever the price."""
    tree = simple(
        assumptions={"price": {"value": 10_000}, "cost": {"value": 10_000}},
        families={"f": {"enter": 20, "members": {"adult": 1}}},
        roles={
            "adult": {
                "start": "out",
                "states": {"out": {"monthly": "price"}, "job": {"monthly": 0}},
                "moves": [{"from": "out", "to": "job", "yearly": {"baseline": 0.1, "plus": 0.2}}],
            }
        },
        costs=[{"label": "c", "number": "cost", "yearly": 1}],
    )
    return of_file(tree, folder)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_small_price_is_not_lost_beside_large_ones(engine: Any, tmp_path: Path) -> None:
    """What luck leaves of it is that of a run, however large the prices of the nodes are."""
    case, options = small_and_large(tmp_path), Options(draws=64, engine=engine, threads=1)
    each = case.with_({"price": 1.0, "cost": 0.0}).result(Options(engine="point")).point.provenu.sum()
    years = case.scenario.time.years
    cells = [{"price": price, "cost": price * each / years} for price in np.geomspace(1e-3, 1e4, 9).tolist()]
    family = Priced.of(case, cells, options)
    for cell in cells:
        ours, theirs = family.run(cell), case.with_(cell).result(options)
        assert ours.chance().value == pytest.approx(theirs.chance().value, abs=1e-9)
        assert ours.chance().error == pytest.approx(theirs.chance().error, abs=1e-9)
        assert ours.sd().value == pytest.approx(theirs.sd().value, rel=1e-9)


def test_present_values_are_of_prices_and_discounts() -> None:
    names = {"benefit": np.linspace(9000.0, 15000.0, 4), "money.discount_rate": np.linspace(0.01, 0.09, 4)}
    case, options = SILKEBORG.with_({"money.discount_rate": 0.03}), Options(draws=32, engine="expected", threads=1)
    cells = [dict(zip(names, values, strict=True)) for values in itertools.product(*names.values())]
    family = Priced.of(case, cells, options)
    assert any(family.is_told(cell) and cell not in family.nodes for cell in cells)
    for cell in cells:
        ours, theirs = (one.present_value().mean.value for one in (family.run(cell), case.with_(cell).result(options)))
        assert ours == pytest.approx(theirs, rel=1e-9)


def test_two_factors_that_are_never_there_at_one_quantile(tmp_path: Path) -> None:
    """Prices are looked at where assumptions differ from each other as well: one is 0 wherever the other is not, if both stand at one quantile."""
    tree = simple(
        assumptions={
            "cases": {"value": 0, "uncertainty": {"kind": "choices", "values": [-30, 20], "weights": [0.6, 0.4]}},
            "grant": {"value": [-30000], "uncertainty": {"kind": "choices", "values": [-1, 0], "weights": [0.5, 0.5]}},
        },
        costs=[{"label": "c", "yearly": 900000}, {"label": "extra", "number": "cases", "yearly": "grant"}],
    )
    case = of_file(tree, tmp_path)
    names = {"assumptions.grant.value[0]": np.linspace(-40e3, -10e3, 5), "costs[0].yearly": np.linspace(4e5, 2e6, 7)}
    cells = [dict(zip(names, values, strict=True)) for values in itertools.product(*names.values())]
    options = Options(draws=64, engine="lives", threads=1)
    family = Priced.of(case, cells, options)
    for cell in random.Random(3).sample(cells, 8):
        ours, theirs = family.run(cell), case.with_(cell).result(options)
        assert ours.mean().value == pytest.approx(theirs.mean().value, rel=1e-9)
