"""Which values a number could have: what the file's rules allow, and no more; else a generous reach, which is no limit."""

from pathlib import Path

import numpy as np
import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from trees import rich, scenario_of, simple

from simulate import measures
from simulate.engine import Case, run
from simulate.errors import InputError, ScenarioError
from simulate.options import Options
from simulate.scenario import Loaded, load
from simulate.scenario.adjustable import FAR, movable, named, written
from simulate.scenario.numbers import parse

SILKEBORG = Path(__file__).parents[2] / "scenarios" / "silkeborg.toml"


def loaded(folder: Path, tree: dict, *changes: str) -> Loaded:
    file = folder / "scenario.toml"
    file.write_text(tomlkit.dumps(tree | {"language": "en"}), encoding="utf-8")
    return load(file, changes)


def uncertain(value: object, **uncertainty: object) -> dict:
    return {"value": value, "uncertainty": uncertainty}


def one_assumption(place: str, assumption: dict) -> dict:
    """The simple scenario with an assumption called `x` in one place."""
    tree = simple(assumptions={"x": assumption})
    adult = tree["roles"]["adult"]
    if place == "plus":
        adult["moves"][0]["chance"]["plus"] = "x"
    elif place == "chance":
        adult["moves"][0]["chance"] = {"baseline": 0.25, "programme": "x"}
    elif place == "yearly":
        adult["moves"][1]["yearly"]["baseline"] = "x"
    elif place == "ratio":
        adult["moves"][1]["yearly"]["hazard_ratio"] = "x"
    elif place == "climate":
        adult["moves"][1]["climate"] = "x"
    elif place == "price":
        adult["states"]["benefit"]["monthly"] = "x"
    elif place == "refusion":
        adult["states"]["benefit"]["refusion"] = "x"
    elif place == "posts":
        tree["costs"][0]["number"] = "x"
    elif place == "families":
        tree["families"]["all"]["enter"] = "x"
    return tree


@pytest.mark.parametrize(
    ("place", "assumption", "low", "high"),
    [
        ("plus", {"value": 0.1}, -0.25, 0.75),  # the baseline is 0.25
        ("chance", {"value": 0.1}, 0, 1),
        ("refusion", {"value": 0.1}, 0, 1),
        ("yearly", {"value": 0.1}, 0, 1),
    ],
)
def test_shares_end_where_the_rules_do(place: str, assumption: dict, low: float, high: float) -> None:
    found = movable(scenario_of(one_assumption(place, assumption)), "x")
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-8)
    assert found.low_is_limit
    assert found.high_is_limit
    assert found.usage == "share"


def test_a_limit_at_0_is_0_and_not_what_rounding_allows_below_it() -> None:
    """Else every course at the limit would be said to have been clipped."""
    tree = one_assumption("plus", {"value": 0.1})
    tree["roles"]["adult"]["moves"][0]["chance"]["baseline"] = 0
    assert movable(scenario_of(tree), "x").low == 0
    assert movable(scenario_of(one_assumption("plus", {"value": 0.1})), "x").low == -0.25


@pytest.mark.parametrize(
    ("place", "usage"),
    [("ratio", "number"), ("climate", "number"), ("posts", "count"), ("families", "count"), ("price", "money")],
)
def test_other_numbers_are_looked_at_from_0_to_far_beyond_their_distribution(place: str, usage: str) -> None:
    certain = movable(scenario_of(one_assumption(place, {"value": 2})), "x")
    assert (certain.low, certain.high, certain.usage) == (0, 2 * FAR, usage)
    assert certain.low_is_limit
    assert not certain.high_is_limit
    spread = uncertain(2, kind="triangular", low=1, mode=2, high=7)
    assert 6.5 * FAR < movable(scenario_of(one_assumption(place, spread)), "x").high < 7 * FAR


def test_money_that_can_be_either() -> None:
    found = movable(scenario_of(one_assumption("price", uncertain(100, kind="normal", mean=100, sd=500))), "x")
    furthest = 100 + 500 * norm.ppf(0.999)
    assert (found.low, found.high) == pytest.approx((-FAR * furthest, FAR * furthest))
    assert not found.low_is_limit
    assert not found.high_is_limit
    below = movable(scenario_of(one_assumption("price", {"value": -300})), "x")
    assert (below.low, below.high) == (-300 * FAR, 0)


def test_a_number_that_is_0_is_looked_at_as_far_as_others_of_its_kind() -> None:
    assert movable(scenario_of(one_assumption("price", {"value": 0})), "x").high == FAR * 400000
    assert movable(scenario_of(one_assumption("posts", {"value": 0})), "x").high == FAR * 20


def test_prices_can_fall(tmp_path: Path) -> None:
    scenario, name, _ = named(loaded(tmp_path, simple(money={"indexation": 0.02})), "money.indexation")
    found = movable(scenario, name)
    assert (found.low, found.high) == pytest.approx((-0.5, 1), abs=1e-6)


def test_of_a_list_a_factor_is_moved() -> None:
    found = movable(
        scenario_of(one_assumption("families", uncertain([10, 20, 30], kind="normal", mean=1, sd=0.1))), "x"
    )
    assert (found.assumed, found.low, found.high, found.is_factor) == (1, 0, FAR, True)
    assert found.at(1.5).tolist() == [[15, 30, 45]]
    assert found.change(1.5) == "x=[15.0, 30.0, 45.0]"  # a factor alone would leave it uncertain
    chance = movable(scenario_of(one_assumption("chance", {"value": [0.25, 0.5]})), "x")
    assert chance.high == pytest.approx(2)
    assert chance.high_is_limit


@pytest.mark.parametrize("name", list(rich()["assumptions"]))
def test_the_file_takes_every_value_between_the_ends(tmp_path: Path, name: str) -> None:
    """And, where an end is said to be a limit of shares, none beyond it."""
    found = movable(loaded(tmp_path, rich()).scenario, name)
    for share in (0, 0.2, 0.7, 1):
        change = found.change(found.low + share * (found.high - found.low))
        assert loaded(tmp_path, rich(), change).changes == (change,)
    if found.usage == "share" and found.high < 1:
        with pytest.raises(ScenarioError):
            loaded(tmp_path, rich(), found.change(found.high + 1e-4))


def test_silkeborgs_effect_ends_with_its_baseline() -> None:
    found = movable(load(SILKEBORG).scenario, "additional_effect")
    assert (found.low, found.high) == (-0.15, 0.85)


@given(st.floats(-1e9, 1e9) | st.integers(-(10**6), 10**6).map(lambda n: n / 1000))
def test_what_is_written_is_read_again(value: float) -> None:
    for usage in ("money", "share", "count", "number"):
        assert float(written(value)) == value
        if "e" not in written(value):
            assert parse(written(value), usage).value == value


# Numbers by path ------------------------------------------------------------------------------------------------------

PATHS = {
    "costs.staff.number": ("costs.staff.number=1.25", 1.25),
    "costs.staff.yearly": ("costs.staff.yearly=350000.5", 350000.5),
    "families.all.enter": ("families.all.enter=25", 25),
    "families.all.members.adult": ("families.all.members.adult=1.1", 1.1),
    "roles.adult.states.benefit.monthly": ("roles.adult.states.benefit.monthly=13000", 13000),
    "roles.adult.states.benefit.refusion": ("roles.adult.states.benefit.refusion=0.3", 0.3),
    "roles.adult.moves[0].chance.plus": ("roles.adult.moves[0].chance.plus=0.2", 0.2),
    "roles.adult.moves[1].yearly.hazard_ratio": ("roles.adult.moves[1].yearly.hazard_ratio=1.5", 1.5),
    "roles.adult.moves[2].yearly": ("roles.adult.moves[2].yearly=0.15", 0.15),
    "money.indexation": ("money.indexation=0.01", 0.01),
}


@pytest.mark.parametrize("path", PATHS)
def test_a_number_by_its_path_is_the_number_that_set_changes(tmp_path: Path, path: str) -> None:
    """To the last bit."""
    change, value = PATHS[path]
    tree = simple(money={"price_level": 2020})
    scenario, name, stands = named(loaded(tmp_path, tree), path)
    assert stands is None
    found = movable(scenario, name)
    options = Options(draws=32, engine="expected", plain=True)
    ours = Case.of(scenario).held({name: found.at(value)}).result(options)
    theirs = run(loaded(tmp_path, tree, change).scenario, options)
    assert ours.point.provenu.tolist() == theirs.point.provenu.tolist()
    assert found.change(value, path).partition("=")[0] == path


def test_in_place_of_an_assumption_the_others_draw_what_they_draw_with_set(tmp_path: Path) -> None:
    scenario, name, stands = named(loaded(tmp_path, rich()), "roles.adult.moves[2].yearly.hazard_ratio")
    assert stands == "ratio"
    assert movable(scenario, name).assumed == 1.5
    options = Options(draws=32, engine="lives")
    ours = Case.of(scenario).held({name: np.array([[1.25]])}).result(options)
    theirs = run(loaded(tmp_path, rich(), "roles.adult.moves[2].yearly.hazard_ratio=1.25").scenario, options)
    assert ours.draws is not None
    assert theirs.draws is not None
    assert ours.draws.columns[measures.TOTAL].tolist() == theirs.draws.columns[measures.TOTAL].tolist()


def test_a_list_by_its_path_is_multiplied(tmp_path: Path) -> None:
    scenario, name, _ = named(loaded(tmp_path, rich()), "costs.staff.number")
    found = movable(scenario, name)
    assert found.at(1.5).tolist() == [[1.5, 3, 3, 3]]
    assert found.change(1.5, "costs.staff.number") == "costs.staff.number*1.5"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("ratio", "write --assumption"),
        ("assumptions.ratio.value", "write --assumption"),
        ("assumptions.ratio.uncertainty.mean", "write --assumption"),
        ("title", "no number"),
        ("time.years", "no number"),
        ("costs.staff.label", "no number"),
        ("costs.staff", "no number"),
        ("targets.year.amount", "no number"),
        ("roles.adult.moves[0].chance", "no number"),
        ("roles.child.start.home", "no number"),
        ("costs.nobody.number", "nobody"),
        ("roles.adult.moves[99].yearly", "99"),
        ("..", "no path"),
        ("", "no number"),
    ],
)
def test_no_such_number(tmp_path: Path, path: str, words: str) -> None:
    with pytest.raises(InputError, match=words.replace("[", r"\[")):
        named(loaded(tmp_path, rich()), path)


def test_a_list_that_names_assumptions_has_no_one_number(tmp_path: Path) -> None:
    tree = rich()
    tree["families"]["one"]["enter"] = [10, "children"]
    del tree["assumptions"]["families"]
    with pytest.raises(InputError, match="names assumptions"):
        named(loaded(tmp_path, tree), "families.one.enter")


def test_one_of_several_start_shares_cannot_be_moved_alone(tmp_path: Path) -> None:
    scenario, name, _ = named(loaded(tmp_path, rich()), "roles.adult.start.sick")
    with pytest.raises(InputError, match="no other value is possible; the shares sum to"):
        movable(scenario, name)


# Assumptions that cannot be asked about -------------------------------------------------------------------------------


def test_an_unknown_assumption_gets_a_suggestion() -> None:
    with pytest.raises(InputError, match="did you mean `relapse`"):
        movable(scenario_of(rich()), "relaps")


def test_an_assumption_that_nothing_uses() -> None:
    """Also one that only a correlation ties to what is used: moved by hand, it moves nothing."""
    tree = rich()
    tree["assumptions"]["idle"] = uncertain(1, kind="normal", mean=1, sd=0.1)
    with pytest.raises(InputError, match="nothing in the scenario uses it"):
        movable(scenario_of(tree), "idle")
    tree["correlations"].append({"between": ["idle", "job"], "rank": 0.1})
    with pytest.raises(InputError, match="nothing in the scenario uses it"):
        movable(scenario_of(tree), "idle")
