"""A case that is run again with other numbers: the same, to the last bit, as the file changed so."""

import pickle
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from strategies import to_toml
from trees import assert_identical, simple

from simulate import engine, locale, measures
from simulate.engine import Case
from simulate.errors import InputError, ScenarioError
from simulate.options import Options
from simulate.scenario import Loaded, load, overrides, paths, queries, tree_of
from simulate.scenario.values import is_by_year

ROOT = Path(__file__).parents[1]
SCENARIOS = sorted(path for path in (ROOT / "scenarios").glob("*.toml") if path.stem != "odense")
SILKEBORG = ROOT / "scenarios" / "silkeborg.toml"
FEW = Options(draws=16, engine="expected", threads=1)


def written(number: object) -> str:
    """As --set takes it."""
    if isinstance(number, dict):
        return "{ " + ", ".join(f"{year} = {x!r}" for year, x in number.items()) + " }"
    return f"[{', '.join(map(repr, number))}]" if isinstance(number, list) else repr(number)


def same_as_set(loaded: Loaded, numbers: dict[str, object]) -> None:
    case = Case.of(loaded).with_(numbers)
    other = load(loaded.files[0], [f"{name}={written(number)}" for name, number in numbers.items()])
    assert case.scenario == other.scenario
    options = Options.of(other.scenario, draws=16, engine="expected", threads=1)
    assert_identical(case.result(options), engine.run(other.scenario, options))


def numbers_of(loaded: Loaded) -> Iterator[tuple[str, object]]:
    """Every number of a file by its path, and every assumption by its name, a little larger; tables by year stay such."""
    scenario, tree = loaded.scenario, tree_of(loaded)

    def larger(value: object, years: object = None) -> object:
        if is_by_year(years):
            return {year: 1.01 * value[int(year) - scenario.time.first_year] for year in years}  # type: ignore[index, attr-defined]
        return [1.01 * x for x in value] if isinstance(value, tuple) else 1.01 * float(value)  # type: ignore[arg-type]

    for use in queries.uses(scenario):
        there = paths.existing(use.path, tree) == use.path
        if there and not any(queries.names_in(use.value)) and use.path[0] not in ("simulation", "time"):
            yield paths.written(use.path, {}), larger(use.value, overrides.old(tree, use.path))
    for name, one in scenario.assumptions.items():
        if not any(queries.names_in(one.value)):
            yield name, larger(one.value)


@pytest.mark.parametrize(
    "numbers",
    [
        {"relapse": 0.1},
        {"costs[0].yearly": 2_000_000},
        {"relapse": 0.1, "additional_effect": 0.15, 'costs."Licenser mv.".yearly': 1},
        {"families.finishing.enter": [10.0, 20.0, 30.0]},
    ],
    ids=str,
)
def test_with_is_set(numbers: dict[str, object]) -> None:
    loaded = load(SILKEBORG)
    same_as_set(loaded, numbers)


@pytest.mark.slow
@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_every_number_of_every_scenario(file: Path) -> None:
    loaded = load(file)
    tried = 0
    for name, number in numbers_of(loaded):
        try:
            Case.of(loaded).with_({name: number})
        except ScenarioError:  # a share of 1 is no larger
            continue
        same_as_set(loaded, {name: number})
        tried += 1
    assert tried > 10


def test_a_hundred_changes_one_after_the_other_are_the_file_written_so() -> None:
    loaded = load(SILKEBORG)
    choose = random.Random(7)
    known = [(name, number) for name, number in numbers_of(loaded) if isinstance(number, float)]
    case, numbers = Case.of(loaded), dict[str, object]()
    for _ in range(100):
        name, number = choose.choice(known)
        one = {name: number * choose.uniform(0.9, 0.99)}
        case, numbers = case.with_(one), numbers | one
    other = load(SILKEBORG, [f"{name}={written(number)}" for name, number in numbers.items()])
    assert case.scenario == other.scenario
    assert_identical(case.result(FEW), engine.run(other.scenario, FEW))


@pytest.mark.parametrize(
    "numbers",
    [
        {"relapse": 1.5},
        {"relaps": 0.1},
        {"costs[99].yearly": 1.0},
        {"money": 1.0},
        {"relapse": "halv"},
        {"relapse": 0.1, "placement_months": -3.0},
        {"relapse": "0,\u200b1"},
        {"families.family.enter[1]": "1\u00ad0"},
    ],
    ids=str,
)
def test_the_same_is_said_as_of_a_file(numbers: dict[str, object]) -> None:
    with pytest.raises(InputError) as told:
        Case.of(load(SILKEBORG)).with_(numbers)
    with pytest.raises(InputError) as told_of_file:
        load(SILKEBORG, [f"{name}={number}" for name, number in numbers.items()], language=locale.language())
    one, other = (
        [(problem.path, problem.message) for problem in error.value.problems]
        if isinstance(error.value, ScenarioError)
        else str(error.value)
        for error in (told, told_of_file)
    )
    assert one == other


@pytest.mark.parametrize(("share", "total"), [(0.55, "1.05"), (0.95, "1.45")])
def test_shares_of_a_price_are_at_most_all_of_it(tmp_path: Path, share: float, total: str) -> None:
    """No life hangs on them, but they have a sum."""
    tree = simple(payers=["region"], assumptions={"part": {"value": 0.3}})
    tree["roles"]["adult"]["states"]["benefit"] = {"monthly": 100, "refusion": 0.5, "shares": {"region": "part"}}
    tree["roles"]["adult"]["states"]["job"] = {}
    (tmp_path / "t.toml").write_text(to_toml(tree), encoding="utf-8")
    case = Case.of(load(tmp_path / "t.toml"))
    assert case.with_({"part": 0.5}).result(replace(FEW, engine="point")).point.provenu[0] == pytest.approx(-350_000)
    with pytest.raises(ScenarioError, match=f"sum to {total}"):
        case.with_({"part": share})


def test_what_lives_hang_on() -> None:
    case = Case.of(load(SILKEBORG))
    assert case.drives_lives("relapse")
    assert not case.drives_lives("costs[0].yearly")
    with pytest.raises(InputError):
        case.drives_lives("nothing")


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_money_alone_leaves_lives_as_they_are(file: Path) -> None:
    """And what drives lives changes them, where it is used at all."""
    loaded = load(file)
    case = Case.of(loaded)
    before = case.result(FEW)
    assert before.draws is not None
    for name, number in numbers_of(loaded):
        try:
            other = case.with_({name: number})
        except ScenarioError:
            continue
        if case.drives_lives(name):
            continue
        after = other.result(FEW)
        assert after.draws is not None
        for of in (measures.MONTHS, measures.BASELINE_MONTHS, measures.ARRIVALS):
            assert after.draws.sums.blocks[of].tobytes() == before.draws.sums.blocks[of].tobytes(), (name, of)


def test_numbers_that_are_held_once_more_and_let_go_again_are_read_as_in_a_file() -> None:
    """The way that reads nothing else again, the one that does, and both in turn."""
    loaded = load(SILKEBORG)
    case = Case.of(loaded)
    for numbers in ({"relapse": 0.1}, {"costs[0].yearly": 2e6}, {"relapse": 0.12, "benefit": 12_000.0}):
        case = case.with_(numbers)
    other = load(SILKEBORG, ["costs[0].yearly=2e6", "relapse=0.12", "benefit=12000.0"])
    assert case.scenario == other.scenario
    assert case.tree == tree_of(other)
    assert_identical(case.result(FEW), engine.run(other.scenario, FEW))
    assert Case.of(loaded).tree == tree_of(loaded)  # which stays as it was


def test_what_is_read_off_a_scenario_is_not_taken_along_by_a_copy_of_other_contents() -> None:
    scenario = load(SILKEBORG).scenario
    every = queries.uses(scenario)
    assert queries.uses(scenario) is every
    fewer = scenario.model_copy(update={"costs": []})
    assert [use for use in every if use.path[0] != "costs"] == list(queries.uses(fewer))
    assert queries.uses(scenario) is every


def test_what_is_held_can_stand_in_the_scenario() -> None:
    """The same draws, to the last bit; and whatever is changed later leaves it there."""
    case = Case.of(load(SILKEBORG))
    held = case.held({"relapse": 0.1, "placement_months": [8.0]})
    written_in = held.written()
    assert written_in.scenario == case.with_({"relapse": 0.1, "placement_months": 8.0}).scenario
    assert not written_in.sampler.held()
    assert_identical(held.result(FEW), written_in.result(FEW))
    both = held.with_({"benefit": 11_000.0})
    assert both.scenario == case.with_({"relapse": 0.1, "placement_months": 8.0, "benefit": 11_000.0}).scenario
    assert held.with_({"relapse": 0.2}).scenario.assumptions["relapse"].value == 0.2


def test_all_certain_can_stand_in_the_scenario() -> None:
    case = Case.of(load(SILKEBORG))
    certain = case.held({"relapse": 0.1}).certain()
    found = certain.written()
    assert found.scenario.assumptions["relapse"].value == 0.1
    assert all(one.uncertainty is None for one in found.scenario.assumptions.values())
    assert_identical(certain.result(FEW), found.result(FEW))


def test_what_is_held_has_a_name_that_is_known() -> None:
    with pytest.raises(InputError, match="did you mean `relapse`"):
        Case.of(load(SILKEBORG)).held({"relaps": 0.1})


def test_a_case_tells_what_was_changed() -> None:
    """In words that make the same scenario of the file."""
    case = Case.of(load(SILKEBORG, ["relapse*0.8"]))
    changed = case.with_({"costs[0].yearly": 512.125}).with_({"job_market": [1.0, 0.9], "benefit": "11.000 kr."})
    told = changed.loaded.changes
    assert told == ("relapse*0.8", "costs[0].yearly=512.1250", "job_market=[1.0, 0.9]", "benefit=11.000 kr.")
    assert load(SILKEBORG, told).scenario == changed.scenario


@pytest.mark.parametrize(
    "case",
    [
        lambda case: case,
        lambda case: case.with_({"relapse": 0.1, "money.discount_rate": 0.05}),
        lambda case: case.held({"relapse": np.array([[0.2]])}),
        lambda case: case.certain(),
    ],
    ids=["as loaded", "with", "held", "certain"],
)
def test_a_case_is_the_same_in_another_process(case: Callable[[Case], Case]) -> None:
    one = case(Case.of(load(SILKEBORG)))
    sent = pickle.loads(pickle.dumps(one))
    assert_identical(sent.result(FEW), one.result(FEW))
    more = {"finishing": 0.4}
    assert_identical(sent.with_(more).result(FEW), one.with_(more).result(FEW))
