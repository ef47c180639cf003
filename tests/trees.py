"""Scenario trees that several tests run, and what turns a tree into a scenario or a run."""

import copy

import numpy as np

from simulate import model, point
from simulate.engine import Result, run
from simulate.ledger import Accounts
from simulate.measures import BREAK_EVEN
from simulate.model import Model
from simulate.options import Options
from simulate.sampling import Sampler
from simulate.scenario import Scenario, validation


def scenario_of(tree: dict) -> Scenario:
    scenario, found, _ = validation.check(tree)
    assert found == []
    return scenario


def run_tree(tree: dict, **options: object) -> Result:
    return run(scenario_of(tree), Options(**options))


def point_of(tree: dict, period: str = "year") -> point.Point:
    scenario = scenario_of(tree)
    return point.compute(Accounts(Model(scenario), model.PERIODS[period]), Sampler(scenario).point())


def line(found: point.Point, label: str, payer: int = 0) -> list[float]:
    """Kroner by period of a line of the ledger."""
    return found.kroner[payer, [one.label for one in found.accounts.lines].index(label)].tolist()


def everything(found: Result) -> dict[str, np.ndarray]:
    """Every number of a run, by name, and what becomes of the sums."""
    numbers = {
        " ".join(["column", str(of), label]).strip(): found.draws.columns[of, label]
        for of, label in found.draws.columns.keys
    }
    sums = dict(found.draws.sums.blocks)
    each = np.moveaxis(sums.pop(BREAK_EVEN), 1, 0) if BREAK_EVEN in sums else []
    numbers |= {f"sum {measure}": value for measure, value in sums.items()}
    numbers |= {f"sum break_even {name}": one for name, one in zip(found.options.counterfactuals, each, strict=False)}
    numbers |= {f"chance {name}": np.array(found.chance(name)) for name in found.options.counterfactuals}
    numbers |= {"mean": np.array(found.mean())}
    return numbers | {"point": found.point.kroner, "at means": found.at_means.kroner}


def assert_identical(a: Result, b: Result) -> None:
    """To the last bit."""
    ours, theirs = everything(a), everything(b)
    assert ours.keys() == theirs.keys()
    for name in ours:
        assert ours[name].tobytes() == theirs[name].tobytes(), name
    assert a.clipped == b.clipped


def simple(**changes: object) -> dict:
    """One role, two states, certain numbers: 20 families a year, a job with chance 0.5 instead of 0.25, a relapse."""
    tree = {
        "format": 1,
        "title": "simple",
        "time": {"first_year": 2020, "years": 3},
        "families": {"all": {"enter": 20, "present": 5, "members": {"adult": 1.3}}},
        "roles": {
            "adult": {
                "start": "benefit",
                "states": {"benefit": {"monthly": 12000, "refusion": 0.2}, "job": {"monthly": -1000}},
                "moves": [
                    {"from": "benefit", "to": "job", "at": "entry", "chance": {"baseline": 0.25, "plus": 0.25}},
                    {"from": "benefit", "to": "job", "yearly": {"baseline": 0.1, "hazard_ratio": 2}},
                    {"from": "job", "to": "benefit", "yearly": 0.1, "timing": "year-start"},
                ],
            }
        },
        "costs": [{"label": "staff", "yearly": 400000}],
        "savings": [{"label": "rent", "yearly": 50000, "cashable": False}],
    }
    return copy.deepcopy(tree | changes)


def rich() -> dict:
    """Every kind of move, effect, uncertainty and price at once."""

    def sure(value: object, kind: str, **parameters: object) -> dict:
        return {"value": value, "uncertainty": {"kind": kind, **parameters}}

    assumptions = {
        "job": sure(0.2, "beta", mean=0.2, sd=0.05),
        "effect": sure(0.15, "normal", mean=0.15, sd=0.1),
        "relapse": sure([0.1, 0.2], "lognormal", relative_sd=0.3),
        "ratio": sure(1.5, "gamma", mean=1.5, sd=0.4),
        "climate": sure(1, "lognormal", mean=1, sd=0.3) | {"each_year": True, "persistence": 0.6},
        "recession": sure(1, "pert", low=0.5, mode=1, high=2),
        "length": sure(14, "triangular", low=8, mode=14, high=20),
        "placed": sure(0.3, "uniform", low=0.2, high=0.4),
        "families": sure([15, 20], "normal", relative_sd=0.1),
        "window": sure(20, "choices", values=[12, 20, 40], weights=[0.25, 0.5, 0.25]),
        "price": sure(14000, "quantiles", p5=12000, p50=14000, p95=17000),
        "children": sure(1.4, "gamma", mean=1.4, sd=0.2),
    }
    return {
        "format": 1,
        "title": "rich",
        "time": {"first_year": 2020, "years": 4},
        "money": {"indexation": 0.02, "discount_rate": 0.035},
        "assumptions": assumptions,
        "correlations": [
            {"between": ["job", "effect"], "rank": 0.4},
            {"between": ["effect", "ratio"], "rank": 0.5},
            {"between": ["placed", "price"], "rank": -0.3},
        ],
        "families": {
            "one": {
                "enter": "families",
                "members": {"adult": 1.2, "child": "children"},
                "effect_lasts_months": "window",
                "arrivals": "poisson",
            },
            "two": {
                "present": 7.5,
                "members": {"adult": 1},
                "entering": [{"month": "2021-03", "number": 4.25}],
            },
        },
        "roles": {
            "adult": {
                "start": {"benefit": 0.75, "sick": 0.25},
                "area": "transfers",
                "line": "income support",
                "states": {
                    "benefit": {"monthly": "price", "refusion": [0.2, 0.3]},
                    "sick": {"yearly": 200000, "refusion": 0.4},
                    "job": {},
                },
                "moves": [
                    {"from": "benefit", "to": "job", "at": "entry", "chance": {"baseline": "job", "plus": "effect"}},
                    {"from": "benefit", "to": "sick", "at": "entry", "chance": 0.1, "climate": "recession"},
                    {"from": "benefit", "to": "job", "yearly": {"baseline": 0.2, "hazard_ratio": "ratio"}},
                    {"from": "benefit", "to": "sick", "quarterly": 0.03, "climate": "climate"},
                    {"from": "job", "to": "benefit", "yearly": "relapse", "timing": "year-start", "climate": "climate"},
                    {"from": "job", "to": "sick", "yearly": 0.05, "timing": "year-start"},
                    {
                        "from": "sick",
                        "to": "benefit",
                        "after_months": {"baseline": {"mean": "length", "sd": 5, "shape": "gamma"}, "times": 0.75},
                    },
                    {"from": "sick", "to": "job", "monthly": 0.02, "climate": "climate"},
                ],
            },
            "child": {
                "start": "home",
                "area": "service",
                "states": {"home": {}, "placed": {"monthly": 40000}, "care": {"monthly": 5000, "line": "care"}},
                "moves": [
                    {"from": "home", "to": "placed", "at": "entry", "chance": {"baseline": "placed", "times": 0.6}},
                    {"from": "placed", "to": "care", "after_months": {"baseline": "length", "plus": -4}},
                    {"from": "care", "to": "home", "yearly": {"baseline": 0.5, "programme": 0.7}},
                    {"from": "home", "to": "placed", "yearly": 0.03, "climate": "recession"},
                ],
            },
        },
        "costs": [
            {"label": "staff", "yearly": 900000, "number": [1, 2, 2, 2], "area": "service"},
            {"label": "start", "yearly": 8000, "per_family": True, "area": "service"},
        ],
        "savings": [{"label": "rent", "yearly": 150000, "cashable": False}],
        "targets": [
            {"label": "year", "year": 2022, "amount": -200000},
            {"label": "total", "of": "savings", "total": 1500000},
            {"label": "yearly", "yearly": -1000000},
        ],
    }
