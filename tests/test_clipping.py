"""Every number of a scenario stays within what the file's rules allow, also where its draws do not: found by walking the schema."""

import copy
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from trees import rich, run_tree, scenario_of, simple

from simulate import ledger, measures, model
from simulate.answers.run import Run, of_draws
from simulate.engine import run
from simulate.ledger import Accounts
from simulate.model import Model
from simulate.options import Options
from simulate.reports import run as report
from simulate.sampling import Chunk, Sampler
from simulate.scenario import Loaded, Scenario, queries
from simulate.scenario.paths import Path as Steps
from simulate.scenario.queries import Use
from simulate.scenario.schema import Table
from simulate.scenario.values import LARGEST, Assumed, Numeric

FOLDER = Path(__file__).parents[1] / "scenarios"
FILES = [file for file in sorted(FOLDER.glob("*.toml")) if "programmes" not in tomllib.loads(file.read_text("utf-8"))]
DRAWS = 64
VALUES = [-LARGEST, -3.0, 0.5, 7.0, LARGEST]
# a factor on a list: twice the largest number that a file may hold, on both sides
WILD = {"value": [2.0], "uncertainty": {"kind": "choices", "values": VALUES, "weights": [1] * len(VALUES)}}


def everything() -> dict[str, Any]:
    """rich(), with the numbers that it leaves out: a table of arms of each kind, and prices where states have none."""
    tree = rich()
    adult, child = tree["roles"]["adult"], tree["roles"]["child"]
    adult["states"]["job"]["yearly"] = 12000
    child["states"]["home"]["monthly"] = 1
    child["moves"].append(
        {"from": "placed", "to": "home", "at": "entry", "chance": {"baseline": 0.1, "programme": 0.2}}
    )
    child["moves"].append({"from": "home", "to": "care", "after_months": 40})
    child["moves"].append(
        {
            "from": "care",
            "to": "placed",
            "after_months": {
                "baseline": {"mean": 20, "sd": 5, "shape": "gamma"},
                "programme": {"mean": 10, "sd": 3, "shape": "lognormal"},
            },
        }
    )
    adult["moves"].append({"from": "job", "to": "benefit", "after_months": {"baseline": 30, "programme": 40}})
    adult["moves"] += [
        {"from": "benefit", "to": "job", "yearly": {"baseline": 0.1, "minus": 0.05, "over_time": over_time()}},
        {"from": "job", "to": "benefit", "monthly": {"baseline": 0.02, "hazard_ratio": 0.5, "over_time": over_time()}},
    ]
    tree["payers"] = ["region"]
    adult["states"]["sick"]["shares"] = {"region": 0.1}
    tree["financing"] = [
        {"label": "pool", "yearly": 100000, "number": 2},
        {"label": "for each", "yearly": 1000, "per_family": True},
        {"label": "reward", "yearly": 100000, "when_target": tree["targets"][0]["label"]},
    ]
    tree["costs"].append({"label": "for each place", "yearly": 1000, "per_place": True})
    tree["implementation"] = {"start_months_later": 3, "reached": 0.9, "filled": 0.9, "places": 8}
    tree["implementation"]["drop_out"] = {"share": 0.2, "after_months": 12}
    return tree


def over_time() -> dict[str, Any]:
    return {"lock_in": {"months": 3, "weight": -0.5}, "half_life_months": 24}


def with_wild(tree: dict[str, Any], *places: Steps) -> dict[str, Any]:
    """The tree with an assumption of wild draws at these places."""
    found = copy.deepcopy(tree)
    found.setdefault("assumptions", {})["wild"] = WILD
    for path in places:
        node: Any = found
        for step in path[:-1]:
            if path[:1] == ("roles",) and step == "start" and isinstance(node[step], str):
                node[step] = {node[step]: 1.0}
            node = node.setdefault(step, {}) if isinstance(node, dict) else node[step]
        node[path[-1]] = "wild"
    return found


def places(tree: dict[str, Any]) -> list[Use]:
    """Where an assumption may stand."""
    return [use for use in queries.uses(scenario_of(tree)) if use.rule.named]


def names_of(use: Use, one: Model) -> set[str]:
    """Where it may be told that the number was clipped: its own path, or that of the table that an effect makes it a term of."""
    return {one.path(*use.path[:n]) for n in range(3, len(use.path))} | {one.path(*use.path), "assumptions.wild"}


def answered(scenario: Scenario, **options: Any) -> Run:
    """What a run answers, which can be written as JSON and shown."""
    found = run(scenario, Options(draws=DRAWS, threads=1, **options))
    answer = of_draws(found, Loaded(scenario, "wild.toml", "", ""))
    json.dumps(answer.to_dict(), allow_nan=False)
    told = " ".join(map(str, report.lines(answer, scenario)))
    assert not {"nan", "inf", "∞"} & set(told.replace("-", "").split())
    return answer


def test_the_numbers_tried_here_are_all_that_the_schema_has() -> None:
    def fields(table: type[Table]) -> Iterator[str]:
        for name, info in table.model_fields.items():
            parts = [info.annotation]
            marks = list(info.metadata)
            while parts:
                part = parts.pop()
                marks += getattr(part, "__metadata__", ())
                if isinstance(part, type) and issubclass(part, Table):
                    yield from (f"{part.__name__}.{inner}" for inner in fields_of(part))
                parts += [one for one in get_args(part) if one is not str]
            if any(isinstance(mark, Assumed) or (isinstance(mark, Numeric) and mark.named) for mark in marks):
                yield name

    def fields_of(table: type[Table]) -> list[str]:
        return list(fields(table))

    tried = {step for use in places(everything()) for step in use.path if isinstance(step, str)}
    known = {name.rpartition(".")[2] for name in fields_of(Scenario)} - {
        "both",
        "months",
    }  # which the file does not have
    assert {"climate", "discount_rate", "hazard_ratio", "indexation", "members", "sd", "start", "yearly"} <= known
    assert known <= tried


@pytest.mark.parametrize("use", places(everything()), ids=lambda use: ".".join(map(str, use.path)))
def test_a_number_out_of_all_bounds_leaves_nothing_that_is_no_number_and_is_told(use: Use) -> None:
    scenario = scenario_of(with_wild(everything(), use.path))
    counted = use.path[0] == "families" and "effect_lasts_months" not in use.path  # lives of so many would never end
    for engine in ("expected",) if counted else ("expected", "lives"):
        answer = answered(scenario, engine=engine)
        told = answer.clipped.keys() & names_of(use, Model(scenario))
        assert told, answer.clipped
        assert max(answer.clipped[path] for path in told) >= DRAWS // 5


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_number_of_a_shipped_scenario_can_leave_its_limits(file: Path) -> None:
    tree = tomllib.loads(file.read_text("utf-8"))
    for use in places(tree):
        one = Model(scenario_of(with_wild(tree, use.path)))
        values = Sampler(one.scenario).draw("sobol", 1, Chunk(0, DRAWS, DRAWS))
        given, prices = model.parameters(one, values), ledger.prices(Accounts(one, 24), values)
        arrays = [*given.rates, given.numbers, given.members, given.shares]
        arrays += [prices.state, prices.budget, prices.per_family, prices.discount]
        assert all(np.isfinite(array).all() for array in arrays), use.path
        assert names_of(use, one) & (given.clipped.keys() | prices.clipped.keys()), use.path


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_all_numbers_of_a_shipped_scenario_out_of_bounds_at_once(file: Path) -> None:
    tree = tomllib.loads(file.read_text("utf-8"))
    answered(scenario_of(with_wild(tree, *(use.path for use in places(tree)))), engine="expected")


def test_a_list_that_names_assumptions_is_clipped_in_the_years_that_are_beyond() -> None:
    tree = with_wild(simple())
    tree["costs"][0]["yearly"] = [100000, "wild", 200000]
    one = Model(scenario_of(tree))
    values = Sampler(one.scenario).draw("sobol", 1, Chunk(0, DRAWS, DRAWS))
    prices = ledger.prices(Accounts(one, 24), values)
    wild = np.clip(values["wild"][:, 0], -LARGEST, LARGEST)
    np.testing.assert_array_equal(prices.budget[:, 0], -np.stack([0 * wild + 1e5, wild, 0 * wild + 2e5], axis=1))
    np.testing.assert_array_equal(prices.clipped["costs.staff.yearly"], np.abs(values["wild"][:, 0]) > LARGEST)


def flows(**money: Any) -> dict[str, Any]:
    """Ten people helped to a job, 1.2 mio. kr. a year saved at a cost of 400,000: 800,000 a year, in five years."""
    return {
        "format": 1,
        "title": "flows",
        "time": {"first_year": 2027, "years": 5},
        "money": money,
        "families": {"f": {"present": 10, "members": {"adult": 1}}},
        "roles": {
            "adult": {
                "start": "benefit",
                "states": {"benefit": {"monthly": 10000}, "job": {"monthly": 0}},
                "moves": [
                    {"from": "benefit", "to": "job", "at": "entry", "chance": {"baseline": 0, "programme": 1}},
                ],
            }
        },
        "costs": [{"label": "C", "yearly": 400000}],
    }


def test_the_present_value_at_three_and_a_half_per_cent() -> None:
    answer = answered(scenario_of(flows(discount_rate=0.035)), engine="expected")
    assert answer.present_value.mean.value == pytest.approx(3738463, abs=0.5)
    assert answer.clipped == {}


@pytest.mark.parametrize(
    "uncertainty",
    [
        {"kind": "normal", "mean": 0.035, "sd": 1},
        {"kind": "choices", "values": [-1, 0.02], "weights": [1, 3]},
        {"kind": "choices", "values": [-1.2, 0.02, 30], "weights": [1, 3, 1]},
    ],
)
@pytest.mark.parametrize("key", ["discount_rate", "indexation"])
def test_a_rate_is_clipped_to_half_and_one_a_year(key: str, uncertainty: dict[str, Any]) -> None:
    tree = flows(**{key: "i"}) | {"assumptions": {"i": {"value": 0.02, "uncertainty": uncertainty}}}
    found = run_tree(tree, draws=DRAWS, engine="expected", threads=1)
    drawn = np.concatenate([draws_of_block(tree, block) for block in range(16)])
    held = np.clip(drawn, -0.5, 1)
    yearly = (1 + held[:, None]) ** (np.arange(5) * (1 if key == "indexation" else -1))
    column = found.draws.columns[measures.TOTAL if key == "indexation" else measures.PRESENT_VALUE]
    np.testing.assert_allclose(column, 800000 * yearly.sum(axis=1), rtol=1e-12)
    assert found.clipped == {f"money.{key}": int((held != drawn).sum())}
    assert 0 < found.clipped[f"money.{key}"] < DRAWS


def draws_of_block(tree: dict[str, Any], block: int) -> np.ndarray:
    each = DRAWS // 16
    return Sampler(scenario_of(tree)).draw("sobol", 1, Chunk(block * each, (block + 1) * each, each))["i"][:, 0]


def test_amounts_of_more_digits_than_decimal_counts_with_are_shown() -> None:
    tree = flows()
    tree["costs"][0] |= {"number": 1e15, "yearly": 1e15}
    answered(scenario_of(tree), engine="expected")


@pytest.mark.parametrize("years", [12, pytest.param(100, marks=pytest.mark.slow)])
def test_a_long_horizon_with_every_number_out_of_bounds(years: int) -> None:
    """Longer than every list and every given length of a stay; the longest that a file may have."""
    tree = everything() | {"time": {"first_year": 2020, "years": years}}
    answered(scenario_of(with_wild(tree, *(use.path for use in places(tree)))), engine="expected")


@pytest.mark.parametrize("engine", ["lives", "expected"])
@pytest.mark.parametrize(("below", "rank"), [(0.25, None), (0.25, -0.99), (0.5, 0.99)])
def test_a_draw_in_which_several_numbers_are_clipped_counts_once(engine: str, below: float, rank: float | None) -> None:
    """One number is below 0 in two places, and another in as many draws: both together as their correlation has it."""
    choices = {"kind": "choices", "values": [-1, 1], "weights": [below, 1 - below]}
    tree = simple(
        assumptions={name: {"value": 0, "uncertainty": choices} for name in "ab"},
        costs=[{"label": f"{i}", "number": name, "yearly": 1000} for i, name in enumerate("aab")],
        **({} if rank is None else {"correlations": [{"between": ["a", "b"], "rank": rank}]}),
    )
    found = run_tree(tree, engine=engine, draws=4096)
    shares = [found.clipped_shares[f"costs.{i}.number"] for i in range(3)]
    error = 4.5 * (below * (1 - below) / 4096) ** 0.5
    assert shares[0] == shares[1]
    assert shares == pytest.approx([below] * 3, abs=error)
    both = {None: below**2, -0.99: 0.0, 0.99: below - np.arccos(2 * np.sin(np.pi * 0.99 / 6)) / (2 * np.pi)}[rank]
    assert found.with_clipped / 4096 == pytest.approx(2 * below - both, abs=2 * error)
