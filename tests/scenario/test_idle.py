"""What `check` says does nothing changes no figure, and what changes none is told: every number of many scenarios is moved and held against it."""

import copy
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from trees import rich, scenario_of, simple

from simulate import kernels, ledger, model
from simulate.ledger import Accounts
from simulate.model import Model
from simulate.sampling import Chunk, Sampler
from simulate.scenario import Scenario, idle, queries, rules
from simulate.scenario.values import Literal, Name

ROOT = Path(__file__).parents[2]
SHIPPED = [
    file for file in sorted((ROOT / "scenarios").glob("*.toml")) if "programmes" not in tomllib.loads(file.read_text())
]
ROUNDED = (
    "effect-window-to-the-day",
    "rounded-lengths",
)  # where an effect is lost to the day or in rounding, which is no matter of structure
CASES = [file for file in sorted((ROOT / "tests" / "cases").glob("*.toml")) if file.stem not in ROUNDED]
DRAWS = 4

Place = tuple[str | int, ...]


def figures(scenario: Scenario) -> list[np.ndarray]:
    """Kroner, person-months, moves and present values at the point and in some draws, without luck."""
    sampler, accounts = Sampler(scenario), Accounts(Model(scenario), model.PERIODS["year"])
    kernel = kernels.load("expected")
    found = []
    for values in (sampler.point(), sampler.draw("random", 1, Chunk(0, DRAWS, DRAWS))):
        given = model.parameters(accounts.model, values)
        programme, baseline = model.expected(accounts.model, given, max(given.rows, 1), accounts.period, kernel)
        families = model.entered_families(accounts.model, given, accounts.period)
        prices = ledger.prices(accounts, values)
        there = model.present_families(accounts.model, given.numbers)
        kroner = ledger.kroner(accounts, prices, baseline.rows - programme.rows, families, present=there)
        present = kroner * prices.discount[:, None, None]
        given_by_others = ledger.financing(accounts, ledger.stated(accounts, prices, families, there))
        found += [
            kroner,
            present,
            given_by_others,
            programme.months,
            baseline.months,
            programme.arrivals,
            baseline.arrivals,
        ]
    return found


def differ(one: list[np.ndarray], other: list[np.ndarray]) -> bool:
    """Beyond what the order of additions does."""
    return any(
        not np.allclose(a, b, rtol=1e-9, atol=1e-7 * max(1.0, float(np.abs(a).max(initial=0.0)) * 1e-3))
        for a, b in zip(one, other, strict=True)
    )


def numbers(scenario: Scenario) -> Iterator[tuple[Place, list[float]]]:
    """Every number of the file with its place; lists by year as a whole, names of assumptions as what they stand for."""
    for use in queries.uses(scenario):
        if use.path[-1] == "climate":
            continue  # its assumption's number, moved there
        yield use.path, [queries.at_year(use.value, year, scenario) for year in range(length(use.value, scenario))]
    for name, one in scenario.assumptions.items():
        value = one.value if isinstance(one.value, tuple) else (one.value,)
        if not any(isinstance(item, Name) for item in value):
            yield ("assumptions", name, "value"), list(value)
        for key, given in (one.uncertainty.parameters if one.uncertainty else {}).items():
            yield ("assumptions", name, "uncertainty", key), list(given if isinstance(given, list | tuple) else [given])


def length(value: Any, scenario: Scenario) -> int:
    if isinstance(value, Name):
        value = scenario.assumptions[value].value
    return len(value) if isinstance(value, tuple) else 1


def moved(tree: dict, place: Place, was: list[float]) -> Iterator[Scenario]:
    """The scenario with other numbers in one place, as far as they can stand there."""
    lasting = place[-1] == "effect_lasts_months"  # for how long, not whether
    for change in (
        lambda x: 0.7 * x,
        lambda x: 1.3 * x,
        lambda x: x + 0.013,
        lambda x: x + 7,
        lambda x: 0.999 * x + 1e-6,
    ):
        new = [float(change(number)) for number in was]
        if lasting and min(new) <= 0:
            continue
        other = copy.deepcopy(tree)
        node: Any = other
        for step in place[:-1]:
            node = node[step]
        node[place[-1]] = new if isinstance(node.get(place[-1]), list) or len(new) > 1 else new[0]
        if place[2:3] == ("start",):  # shares sum to 1
            rest = sum(float(share) for state, share in node.items() if state != place[-1])
            node |= {state: float(share) * (1 - new[0]) / rest for state, share in node.items() if state != place[-1]}
        try:
            scenario = scenario_of(other)
        except ValueError:
            continue
        if next(rules.problems(scenario), None) is None:
            yield scenario


def told(place: Place, idle_places: set[Place]) -> bool:
    return any(place[:n] in idle_places for n in range(1, len(place) + 1))


def can_be_moved(place: Place, tree: dict) -> bool:
    """Shares of a single start state are always 1; words of the file that are not numbers are not moved."""
    node: Any = tree
    for step in place[:-1]:
        if isinstance(node, dict) and step not in node:
            return False
        node = node[step]
    if not isinstance(node, dict) or place[-1] not in node:
        return False
    if place[2:3] == ("start",) and any(isinstance(share, str) for share in node.values()):
        return False  # the assumptions are moved instead
    only_share = len(place) == 4 and place[2] == "start" and len(node) == 1
    return not only_share and place[-1] != "weights"  # odds, that four draws do not tell apart


def assert_told_what_does_nothing(tree: dict) -> None:
    scenario = scenario_of(tree)
    assert next(rules.problems(scenario), None) is None
    before, places = figures(scenario), {path for path, _ in idle.nothing(scenario)}
    silent_ones, changing = set(), set()
    for place, was in numbers(scenario):
        if not can_be_moved(place, tree):
            continue
        whole = (
            place[:2] if place[0] == "assumptions" else place
        )  # its value acts at the point, its uncertainty in the draws
        if not told(place, places) and (whole in changing or not any(was)):  # a 0 that changes nothing says nothing
            continue
        changed = any(differ(before, figures(one)) for one in moved(tree, place, was))
        assert not (changed and told(place, places)), f"{place} changes something"
        (changing if changed or told(place, places) else silent_ones).add(whole)
    assert silent_ones - changing == set(), "they change nothing, and nothing is said"


@pytest.mark.slow
@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_number_that_ships_changes_something(file: Path) -> None:
    assert_told_what_does_nothing(tomllib.loads(file.read_text("utf-8"), parse_float=Literal))


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_every_number_of_the_cases_changes_something_or_is_told(file: Path) -> None:
    assert_told_what_does_nothing(tomllib.loads(file.read_text("utf-8"), parse_float=Literal))


def test_every_number_of_a_scenario_with_everything_changes_something() -> None:
    assert [path for path, _ in idle.nothing(scenario_of(rich()))] == []
    assert_told_what_does_nothing(rich())


# One thing after the other is made to do nothing ---------------------------------------------------------------------


def adult(**changes: object) -> dict:
    return {"adult": simple()["roles"]["adult"] | changes}


def moves(*changed: dict) -> list[dict]:
    return [old | new for old, new in zip(simple()["roles"]["adult"]["moves"], changed, strict=False)]


SAME = [
    {"chance": 0.3},
    {"yearly": 0.1},
    {},
]  # the arms of `simple` made alike
STATES = simple()["roles"]["adult"]["states"]
FAMILY = {"enter": 20, "members": {"adult": 1}}
FEE = {"label": "fee", "yearly": 5000, "per_family": True}
UNSURE = {"kind": "uniform", "low": 1, "high": 2}
CORNER = {
    "effect at entry only": (
        {
            "families": {"all": FAMILY | {"effect_lasts_months": 24}},
            "roles": adult(moves=moves({}, {"yearly": 0.1}, {})),
        },
        {("families", "all", "effect_lasts_months")},
    ),
    "effect of another role at entry only": (
        {
            "families": {"all": FAMILY | {"effect_lasts_months": 24}, "more": {"present": 5, "members": {"adult": 1}}},
            "roles": adult(moves=moves({}, {"yearly": 0.3}, {})),
        },
        {("families", "all", "effect_lasts_months")},
    ),
    "no effect that could last": (
        {"families": {"all": FAMILY | {"effect_lasts_months": 12}}, "roles": adult(moves=moves(*SAME))},
        {("families", "all", "effect_lasts_months"), ("roles", "adult", "states")},
    ),
    "an effect of no length": (
        {"families": {"all": FAMILY | {"effect_lasts_months": 0}}},
        {
            ("roles", "adult", "moves", 0, "chance", "plus"),
            ("roles", "adult", "moves", 1, "yearly", "hazard_ratio"),
            ("roles", "adult", "states"),
        },
    ),
    "an amount for each who enters, and none does": (
        {"families": {"all": {"present": 5, "members": {"adult": 1}}}, "costs": [FEE]},
        {("costs", 0)},
    ),
    "the same of some types": (
        {
            "families": {"all": {"present": 5, "members": {"adult": 1}}, "new": FAMILY},
            "costs": [FEE | {"families": ["all"], "number": 2}],
        },
        {("costs", 0)},
    ),
    "families in which nobody is": (
        {"families": {"all": FAMILY, "empty": {"enter": 3, "present": 2, "effect_lasts_months": 9}}},
        {("families", "empty", key) for key in ("enter", "present", "effect_lasts_months")},
    ),
    "nobody in them, but an amount for each": (
        {"families": {"all": FAMILY, "empty": {"enter": 3, "present": 2}}, "costs": [FEE]},
        {("families", "empty", "present")},
    ),
    "no member on average": (
        {
            "families": {
                "all": FAMILY,
                "empty": {"members": {"adult": 0}, "entering": [{"month": "2020-03", "number": 2}]},
            }
        },
        {("families", "empty", "entering", 0)},
    ),
    "families that never come": (
        {"families": {"all": FAMILY, "none": {"members": {"adult": 2}, "effect_lasts_months": 8}}},
        {("families", "none", "members"), ("families", "none", "effect_lasts_months")},
    ),
    "a role that nobody has": (
        {"roles": adult() | {"child": simple()["roles"]["adult"]}},
        {("roles", "child")},
    ),
    "a state that nobody comes into": (
        {
            "roles": adult(
                states=STATES | {"sick": {"monthly": 9000, "refusion": 0.5}},
                moves=[*moves({}, {}, {}), {"from": "sick", "to": "job", "yearly": 0.5}],
            )
        },
        {("roles", "adult", "states", "sick"), ("roles", "adult", "moves", 3)},
    ),
    "a state whose only way in has no chance": (
        {
            "roles": adult(
                states=STATES | {"sick": {"monthly": 9000}},
                moves=[*moves({}, {}, {}), {"from": "job", "to": "sick", "yearly": 0}],
            )
        },
        {("roles", "adult", "states", "sick")},
    ),
    "a move at entry of those who do not start there": (
        {
            "roles": adult(
                moves=[*moves({}, {}, {}), {"from": "job", "to": "benefit", "at": "entry", "chance": 0.2}],
            )
        },
        {("roles", "adult", "moves", 3)},
    ),
    "a price where the programme makes no difference": (
        {
            "roles": adult(
                start={"benefit": 0.5, "school": 0.5},
                states=STATES | {"school": {"yearly": 90000, "refusion": 0.1}, "work": {"monthly": -500}},
                moves=[*moves({}, {}, {}), {"from": "school", "to": "work", "yearly": 0.5}],
            )
        },
        {("roles", "adult", "states", "school"), ("roles", "adult", "states", "work")},
    ),
    "refusion of nothing": (
        {"roles": adult(states={"benefit": {"monthly": 12000}, "job": {"monthly": 0, "refusion": 0.5}})},
        {("roles", "adult", "states", "job", "refusion")},
    ),
    "a factor on a chance of 0": (
        {"roles": adult(moves=moves({}, {"yearly": {"baseline": 0, "hazard_ratio": 3}}, {}))},
        {("roles", "adult", "moves", 1, "yearly", "hazard_ratio")},
    ),
    "no posts": (
        {"costs": [{"label": "staff", "number": [0, 0], "yearly": [5000, 6000, 7000]}]},
        {("costs", 0, "yearly")},
    ),
    "posts that cost nothing": (
        {"savings": [{"label": "rent", "number": 4, "yearly": 0}]},
        {("savings", 0, "number")},
    ),
    "rates of a single year": (
        {
            "time": {"first_year": 2020, "years": 1},
            "money": {"indexation": 0.02, "discount_rate": 0.03},
            "roles": adult(moves=moves({}, {}, {})),
        },
        {("money", "indexation"), ("money", "discount_rate")},
    ),
    "a January that does not come": (
        {
            "time": {"first_year": 2020, "years": 1},
            "roles": adult(
                moves=[
                    moves({})[0],
                    {"from": "benefit", "to": "job", "yearly": {"baseline": 0.1, "plus": 0.2}, "timing": "year-start"},
                ]
            ),
        },
        {("roles", "adult", "moves", 1)},
    ),
    "an assumption beyond the horizon": (
        {
            "assumptions": {"late": {"value": 3, "uncertainty": dict(UNSURE)}},
            "families": {"all": FAMILY | {"enter": [1, 2, 3, "late"]}},
        },
        {("assumptions", "late")},
    ),
    "an assumption that only a dead place uses, and what goes with it": (
        {
            "assumptions": {
                "dead": {"value": 1.5, "uncertainty": dict(UNSURE)},
                "live": {"value": 1.5, "uncertainty": dict(UNSURE)},
            },
            "correlations": [{"between": ["dead", "live"], "rank": 0.5}],
            "families": {"all": FAMILY | {"enter": "live"}, "none": {"members": {"adult": "dead"}}},
        },
        {("families", "none", "members"), ("assumptions", "dead"), ("correlations", 0)},
    ),
    "an assumption that is only correlated": (
        {
            "assumptions": {
                "dead": {"value": 1.5, "uncertainty": dict(UNSURE)},
                "live": {"value": 1.5, "uncertainty": dict(UNSURE)},
            },
            "correlations": [{"between": ["live", "dead"], "rank": 0.5}],
            "families": {"all": FAMILY | {"enter": "live"}},
        },
        {("assumptions", "dead"), ("correlations", 0)},
    ),
    "the climate of a move of no chance": (
        {
            "assumptions": {"weather": {"value": 1.5, "uncertainty": dict(UNSURE)}},
            "roles": adult(
                moves=[*moves({}, {}, {}), {"from": "job", "to": "benefit", "yearly": 0, "climate": "weather"}]
            ),
        },
        {("assumptions", "weather"), ("roles", "adult", "moves", 3, "climate")},
    ),
    "a tie to a year that is not": (
        {
            "time": {"first_year": 2020, "years": 1},
            "assumptions": {"n": {"value": 3, "uncertainty": dict(UNSURE), "each_year": True, "persistence": 0.5}},
            "families": {"all": FAMILY | {"enter": "n"}},
            "roles": adult(moves=moves({}, {})),
        },
        {("assumptions", "n", "persistence")},
    ),
}


@pytest.mark.parametrize("case", CORNER)
def test_what_does_nothing_is_told_and_nothing_else(case: str) -> None:
    changes, places = CORNER[case]
    tree = simple(**changes)
    assert {path for path, _ in idle.nothing(scenario_of(tree))} == places
    assert_told_what_does_nothing(tree)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"roles": adult(moves=moves({"chance": {"baseline": 0.25, "programme": 0.25}}))}, ("moves", 0, "chance")),
        ({"roles": adult(moves=moves({"chance": {"baseline": 0.25, "plus": 0}}))}, ("moves", 0, "chance")),
        ({"roles": adult(moves=moves({}, {"yearly": {"baseline": 0.1, "hazard_ratio": 1}}))}, ("moves", 1, "yearly")),
        ({"roles": adult(moves=moves({}, {"yearly": {"baseline": 0.1, "times": [1, 1]}}))}, ("moves", 1, "yearly")),
    ],
)
def test_arms_that_are_alike_are_told(changes: dict, place: Place) -> None:
    said = dict(idle.warnings(scenario_of(simple(**changes))))
    assert "no effect" in said["roles", "adult", *place]


def test_rows_that_add_nobody_and_types_that_never_enter_are_told() -> None:
    families = {"all": FAMILY | {"entering": [{"month": "2020-05", "number": 0}]}, "old": {"present": 4, "members": {"adult": 1}}}  # fmt: skip
    said = dict(idle.warnings(scenario_of(simple(families=families, costs=[FEE | {"families": ["all", "old"]}]))))
    assert set(said) == {("families", "all", "entering", 0), ("costs", 0, "families", 1)}


def test_a_zero_and_a_default_say_nothing() -> None:
    tree = simple(money={"discount_rate": 0, "indexation": 0}, families={"all": FAMILY | {"present": 0}})
    assert list(idle.warnings(scenario_of(tree))) == []
