"""Names of any letters: with dots, colons, quotes, brackets, signs. What is meant is found by the names that there are."""

from pathlib import Path
from typing import Any

import pytest
from trees import point_of, scenario_of, simple

from simulate.asking.stages import _rule
from simulate.errors import InputError, ScenarioError
from simulate.scenario import load, paths, queries
from simulate.scenario.adjustable import movable, named
from simulate.scenario.toml_writer import dump

NAMES = [
    "1. barn",
    "a.b",
    "KIK: voksen",
    'sagt "børn"',
    "børn [0-3]",
    "a = b * c",
    " ",
    "👶",
    "it's",
    "a\\b",
    "in arbejde",
    "x < 3",
    ".",
]


def called(role: str, state: str, assumption: str = "rate", label: str = "staff") -> dict[str, Any]:
    """simple(), with these names: the role, the state to which people move, the chance, and a cost."""
    tree = simple(language="en")
    adult = tree["roles"].pop("adult")
    adult["states"][state] = adult["states"].pop("job")
    for move in adult["moves"]:
        for key in ("from", "to"):
            move[key] = state if move[key] == "job" else move[key]
    adult["moves"][1]["yearly"]["baseline"] = assumption
    tree["roles"][role] = adult | {"line": "income support"}  # a line is not called as a cost is
    tree["assumptions"] = {assumption: {"value": 0.1}}
    tree["families"]["all"]["members"] = {role: 1.3}
    tree["costs"][0]["label"] = label
    tree["reported"] = [
        {"what": f"person_years:{role}.{state}", "value": 1},
        {"what": f'arrivals:"{role}".{state}', "value": 1},
        {"what": f"line:{label}", "value": 1},
    ]
    return tree


PLAIN = point_of(called("adult", "job"))


@pytest.fixture(params=[name for name in NAMES if name.strip()])
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def written(tree: dict[str, Any], folder: Path) -> Path:
    file = folder / "names.toml"
    file.write_text(dump(tree), encoding="utf-8")
    return file


def test_a_reported_figure_is_that_of_the_state_it_names(name: str, tmp_path: Path) -> None:
    tree = called(name, name, f"sats {name}", name)
    one = load(written(tree, tmp_path))
    found = point_of(tree)
    rows = one.scenario.reported
    assert [found.reported(row) for row in rows] == [
        PLAIN.reported(row) for row in PLAIN.accounts.model.scenario.reported
    ]
    assert queries.states_called(f"{name}.{name}", one.scenario) == [(name, name)]


def test_a_rule_of_a_review_names_a_state_whatever_it_is_called(name: str) -> None:
    scenario = scenario_of(called(name, name))
    quoted = paths.quoted(name)
    for state in (name, f"{name}.{name}", f"{quoted}.{quoted}", f"in {name}", f"moved '{name}'.{name}"):
        rule = _rule(f"{state} < 4", scenario)
        assert (rule.role, rule.state, rule.sign, rule.bound) == (name, name, "<", 4.0), state
        assert rule.what == ("moved" if state.startswith("moved") else "in")


@pytest.mark.parametrize("form", range(3))
def test_a_change_finds_its_number_by_the_names_of_the_file(name: str, form: int, tmp_path: Path) -> None:
    file = written(called(name, name, f"sats {name}", name), tmp_path)
    there, own = (paths.spellings(one)[form] for one in (name, f"sats {name}"))
    if form != 1 and any(sign in name for sign in "=*'"):
        return  # a sign outside of quotes is the change's own, and such a quote ends the name
    changes = [
        f"roles.{there}.states.{there}.monthly=777",
        f"roles.{there}.moves[1].yearly.hazard_ratio*2",
        f"families.all.members.{there}=2",
        f"costs.{there}.yearly=5000",
        f"costs.{there}.number=3",
        f"assumptions.{own}.value=0.2",
    ]
    scenario = load(file, changes).scenario
    role = scenario.roles[name]
    assert (role.states[name].monthly, role.moves[1].yearly.hazard_ratio) == (777, 4)
    assert scenario.families["all"].members == {name: 2}
    assert (scenario.costs[0].yearly, scenario.costs[0].number) == (5000, 3)
    assert scenario.assumptions[f"sats {name}"].value == 0.2


def test_an_assumption_is_changed_and_moved_by_its_name(name: str, tmp_path: Path) -> None:
    rate = f"sats {name}"
    file = written(called(name, name, rate, name), tmp_path)
    assert load(file, [f"{rate}=0.3"]).scenario.assumptions[rate].value == 0.3
    one = load(file)
    moved = movable(one.scenario, rate)
    assert load(file, [moved.change(0.25)]).scenario.assumptions[rate].value == 0.25
    key = paths.key(name)
    scenario, own, stands = named(one, f"roles.{key}.states.{key}.monthly")
    assert scenario.roles[name].states[name].monthly == own
    assert stands is None
    with pytest.raises(InputError, match="this is an assumption"):
        named(one, rate)


def of_two_readings() -> dict[str, Any]:
    """A role `a` with a state `b.c`, and a role `a.b` with a state `c`."""
    tree = called("a", "b.c")
    other = called("a.b", "c")["roles"]["a.b"]
    tree["roles"]["a.b"] = other
    tree["families"]["all"]["members"]["a.b"] = 2
    tree["reported"] = []
    return tree


def test_what_can_mean_two_states_is_refused_with_how_to_say_it(tmp_path: Path) -> None:
    tree = of_two_readings()
    tree["reported"] = [{"what": "person_years:a.b.c", "value": 1}]
    with pytest.raises(ScenarioError) as refused:
        load(written(tree, tmp_path))
    (problem,) = refused.value.problems
    several = ['person_years:"a"."b.c"', 'person_years:"a.b"."c"']
    assert all(f"'{one}'" in problem.message for one in several)
    tree["reported"] = [{"what": what, "value": 1} for what in several]
    found = point_of(tree)
    first, second = (found.reported(row) for row in found.accounts.model.scenario.reported)
    assert second == pytest.approx(first * 2 / 1.3, rel=1e-12)
    assert found.accounts.model.labels[1:] == ['"a"."b.c"', "a.b.benefit", '"a.b"."c"']
    with pytest.raises(InputError, match="more than one role") as mistaken:
        _rule("a.b.c < 3", found.accounts.model.scenario)
    assert '"a"."b.c", "a.b"."c"' in str(mistaken.value)
    assert _rule('"a.b"."c" < 3', found.accounts.model.scenario).role == "a.b"


def test_a_path_of_two_readings_is_refused_with_both() -> None:
    tree = {"a": {"b.c": {"d": 1}}, "a.b": {"c": {"d": 2}}}
    with pytest.raises(InputError, match="several places") as refused:
        paths.parse("a.b.c.d", tree)
    assert all(one in str(refused.value) for one in ('a."b.c".d', '"a.b".c.d'))
    assert paths.parse('"a.b".c.d', tree) == ("a.b", "c", "d")
