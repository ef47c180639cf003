"""Refunds by the weeks on benefit: every engine against the slow twin, on random small scenarios."""

from copy import deepcopy

import naive
import numpy as np
import pytest
from hypothesis import given, settings
from strategies import scenarios
from test_twin import ARMS, built

from simulate import kernels, ledger, luck, model
from simulate.kernels import arrays
from simulate.ledger import Accounts
from simulate.model import Model
from simulate.sampling import Sampler


def rows_of(one: Model, months: dict, steps: dict, arm: str, per: float = 1.0) -> np.ndarray:
    """A twin's counters as (row, period)."""
    by_weeks = np.diff(one.refunds.row_first) > 1
    found = []
    for role, state, step in one.rows:
        counted, key = (
            (steps, (arm, role, state, step))
            if by_weeks[one.states.index((role, state))]
            else (months, (arm, role, state))
        )
        found.append([counted.get((*key, year), 0) for year in range(one.years)])
    return np.array(found, float).reshape(len(one.rows), one.years) * per


@settings(max_examples=150)
@given(tree=scenarios(rare=("weeks",)))
def test_lives_equal_the_twin_step_by_step(tree: dict) -> None:
    one, parameters = built(tree)
    lived = model.lived(one, parameters, 7, 50, 2, 24)
    for d, draw in enumerate(range(50, 52)):
        twin = naive.live(naive.Case(tree), 7, draw)
        arms = lived.programme, lived.baselines["same-luck"], lived.baselines["own-luck"]
        for arm, counted in zip(ARMS, arms, strict=True):
            np.testing.assert_allclose(
                counted.rows[d], rows_of(one, twin.halves, twin.steps, arm, 0.5), rtol=1e-12, atol=1e-12
            )


@settings(max_examples=60)
@given(tree=scenarios(rare=("weeks",), years=3, families=1.5))
def test_expected_equals_the_twin_step_by_step(tree: dict) -> None:
    one, parameters = built(tree)
    case = naive.Case(tree)
    months, arrivals = naive.expected(case)
    steps = naive.expected_steps(case)
    found = model.expected(one, parameters, 1, 24, kernels.load("expected"))
    for arm, counted in zip(("programme", "baseline"), found, strict=True):
        np.testing.assert_allclose(counted.rows[0], rows_of(one, months, steps, arm), rtol=1e-9, atol=1e-9)
        for i, state in enumerate(one.states):
            theirs = [arrivals.get((arm, *state, year), 0) for year in range(one.years)]
            assert counted.arrivals[0, i] == pytest.approx(theirs, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    "leaving", [{"yearly": 0.5}, {"after_months": 9}, {"after_months": {"mean": 14, "sd": 6, "shape": "gamma"}}]
)
def test_spells_that_go_side_by_side_do_not_mix(leaving: dict) -> None:
    """Who is there at the start and who comes each year are in self-support at once, from two states of it, and with clocks of their own: together they
    are the sum of each alone, whatever was counted before."""

    def rows(**families: dict) -> np.ndarray:
        one, parameters = built(
            {
                "format": 1,
                "title": "x",
                "time": {"first_year": 2021, "years": 4},
                "families": {name: {"members": {"p": 1}} | family for name, family in families.items()},
                "roles": {
                    "p": {
                        "start": {"a": 0.7, "job": 0.3},
                        "weeks_on_benefit": 10,
                        "states": {
                            "a": {"monthly": 1000, "refusion": {"weeks": [4, 22, 26], "share": [0.8, 0.4, 0.3, 0.2]}},
                            "work": {"self_support": True},
                            "job": {"self_support": True},
                        },
                        "moves": [
                            {"from": "a", "to": "work", "yearly": {"baseline": 0.6, "plus": 0.1}},
                            {"from": "a", "to": "job", "yearly": 0.2, "timing": "year-start"},
                            {"from": "work", "to": "a", **leaving},
                            {"from": "work", "to": "job", "yearly": 0.2},
                            {"from": "job", "to": "a", "yearly": 0.4},
                        ],
                    }
                },
            }
        )  # fmt: skip
        found = model.expected(one, parameters, 2, 2, kernels.load("expected"))[0].rows
        np.testing.assert_array_equal(found[0], found[1])
        return found[0]

    present, enter = {"present": 7}, {"enter": [5, 0, 3, 1]}
    np.testing.assert_allclose(rows(f=present, g=enter), rows(f=present) + rows(g=enter), rtol=1e-12)


def in_and_out(stay: dict, years: int = 4) -> dict:
    """On benefit for a while, then on another, with clocks that stand and run on, and are restarted."""
    return {
        "format": 1,
        "title": "x",
        "time": {"first_year": 2021, "years": years},
        "families": {"f": {"present": 3, "enter": 2, "effect_lasts_months": 30, "members": {"p": 1}}},
        "roles": {
            "p": {
                "start": "a",
                "weeks_on_benefit": 10,
                "states": {
                    "a": {"monthly": 1000, "refusion": {"weeks": [4, 22, 26], "share": [0.8, 0.4, 0.3, 0.2]}},
                    "b": {"monthly": 900, "refusion": {"weeks": [4, 22, 26], "share": [0.7, 0.4, 0.3, 0.1]}},
                    "work": {"self_support": True},
                },
                "moves": [
                    {"from": "a", "to": "work", "yearly": {"baseline": 0.6, "plus": 0.1}},
                    {"from": "a", "to": "b", **stay},
                    {"from": "b", "to": "work", "yearly": 0.3, "timing": "year-start"},
                    {"from": "work", "to": "a", "yearly": 0.5},
                ],
            }
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    "stay",
    [
        {"after_months": 1},
        {"after_months": 12},
        {"after_months": [3, 18, 5, 2]},
        {"after_months": {"baseline": 9, "programme": [14, 2, 20, 6]}},
        {"after_months": {"mean": 14, "sd": 6, "shape": "gamma"}},
        {"since_arrival": [{"months": 5, "yearly": 0.4}, {"yearly": 0.2}]},
    ],
)
def test_stays_end_in_order_and_out_of_it(stay: dict) -> None:
    """Pooled as long as those end first that began first, and followed by themselves from where one does not."""
    tree = in_and_out(stay)
    one, parameters = built(tree)
    case = naive.Case(tree)
    months, _ = naive.expected(case)
    steps = naive.expected_steps(case)
    found = model.expected(one, parameters, 1, 24, kernels.load("expected"))
    for arm, counted in zip(("programme", "baseline"), found, strict=True):
        np.testing.assert_allclose(counted.rows[0], rows_of(one, months, steps, arm), rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("stay", [{"after_months": 31}, {"after_months": [20, 3] * 4}, {"yearly": 0.4}])
def test_rows_that_are_moved_often_count_the_same(stay: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long horizons have rows that are shorter than they are."""
    one, parameters = built(in_and_out(stay, years=8))
    whole = model.expected(one, parameters, 1, 24, kernels.load("expected"))
    monkeypatch.setattr(arrays, "CYCLE", 1)
    for ours, theirs in zip(model.expected(one, parameters, 1, 24, kernels.load("expected")), whole, strict=True):
        np.testing.assert_allclose(ours.rows, theirs.rows, rtol=1e-13)
        np.testing.assert_allclose(ours.arrivals, theirs.arrivals, rtol=1e-13)


def luck_of(tree: dict) -> luck.Luck:
    one, parameters = built(tree)
    accounts = Accounts(one, 24)
    return luck.compute(accounts, parameters, ledger.prices(accounts, Sampler(one.scenario).point()), "own-luck")


@settings(max_examples=40)
@given(tree=scenarios(rare=("weeks",)))
def test_moments_of_steps_that_are_alike_are_those_of_one_share(tree: dict) -> None:
    """The clock runs, by another kernel, and costs nothing: so luck is that of the kernel without."""
    alike, plain = deepcopy(tree), deepcopy(tree)
    for one, other in zip(alike["roles"].values(), plain["roles"].values(), strict=True):
        for state, same in zip(one["states"].values(), other["states"].values(), strict=True):
            if isinstance(state.get("refusion"), dict):
                state["refusion"]["share"] = [0.3] * len(state["refusion"]["share"])
                same["refusion"] = 0.3
    for found, expected in zip(luck_of(alike), luck_of(plain), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-3 + 1e-7 * np.abs(expected).max())


@pytest.mark.parametrize(("weeks", "years"), [(0, 1), (10, 2), (60, 2)])
def test_moments_of_one_who_stays_or_leaves_at_once(weeks: float, years: int) -> None:
    """A chance of 0.3 against the municipality's part of the benefit, by the steps: mean, variance and third moment of a binomial."""
    tree = {
        "format": 1,
        "title": "x",
        "time": {"first_year": 2021, "years": years},
        "families": {"f": {"present": 1, "members": {"p": 1}}},
        "roles": {
            "p": {
                "start": "a",
                "weeks_on_benefit": weeks,
                "states": {"a": {"monthly": 1000, "refusion": {"weeks": [4, 22, 26], "share": [0.8, 0.4, 0.3, 0.2]}}, "b": {}},
                "moves": [{"from": "a", "to": "b", "at": "entry", "chance": {"baseline": 0, "programme": 0.3}}],
            }
        },
    }  # fmt: skip
    total, end = weeks + years * 365.25 / 7, weeks
    cost = 0.0
    for until, share in ((4, 0.8), (26, 0.4), (52, 0.3), (np.inf, 0.2)):
        cost += max(min(total, until) - end, 0.0) * (1 - share) * 1000 / (365.25 / 7 / 12)
        end = max(end, min(total, until))
    found = luck_of(tree)
    assert found.mean == pytest.approx(0.3 * cost)
    assert found.own_luck == pytest.approx(0.21 * cost**2)
    assert found.third == pytest.approx(0.3 * 0.7 * 0.4 * cost**3)
