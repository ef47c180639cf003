"""Chances by the time since arrival: closed forms, and what they must not change."""

import math
from dataclasses import replace

import naive
import numpy as np
import pytest

from simulate import kernels, ledger, luck, model
from simulate.ledger import Accounts
from simulate.model import Model
from simulate.sampling import Sampler
from simulate.scenario import Scenario

EARLY = [{"months": 3, "yearly": 0.43}, {"yearly": 0.1}]


def tree(*moves: dict, years: int = 3, **family: object) -> dict:
    """One person who starts in a job; `moves` beside those that lead back into it."""
    return {
        "format": 1,
        "title": "Time in a state",
        "time": {"first_year": 2021, "years": years},
        "families": {"all": {"members": {"adult": 1}} | (family or {"present": 1})},
        "roles": {
            "adult": {
                "start": "job",
                "states": {"job": {"monthly": 0}, "benefit": {"monthly": 10_000}, "ill": {"monthly": 15_000}},
                "moves": [{"from": "job", "to": "benefit"} | one for one in moves],
            }
        },
    }


def built(given: dict) -> tuple[Model, model.Parameters]:
    one = Model(Scenario.model_validate(given, context={"assumptions": given.get("assumptions", {}).keys()}))
    return one, model.parameters(one, Sampler(one.scenario).point())


def expected(given: dict, period: int = 24) -> tuple[model.Quantities, model.Quantities]:
    """Programme and baseline."""
    one, parameters = built(given)
    programme, baseline = model.expected(one, parameters, 1, period, kernels.load("expected"))
    return programme, baseline


def gone(given: dict, months: int) -> float:
    """The share that has come into benefit within so many months."""
    return float(expected(given, 2)[1].arrivals[0, 1, :months].sum())


def test_a_yearly_chance_of_43_percent_for_three_months_is_one_of_13_percent() -> None:
    given = tree({"since_arrival": EARLY})
    assert gone(given, 3) == pytest.approx(1 - 0.57**0.25, abs=1e-14)
    assert gone(given, 3) == pytest.approx(0.131, abs=5e-4)
    assert gone(given, 15) == pytest.approx(1 - 0.57**0.25 * 0.9, abs=1e-14)


@pytest.mark.parametrize(
    ("rows", "months", "left"),
    [
        ([{"months": 6, "quarterly": 0.2}, {"monthly": 0.05}], 10, 0.8**2 * 0.95**4),
        (
            [{"months": 1, "monthly": 0.5}, {"months": 2, "monthly": 0.25}, {"yearly": 0.19}],
            9,
            0.5 * 0.75**2 * 0.81**0.5,
        ),
        ([{"yearly": 0.19}], 6, 0.9),
    ],
)
def test_rows_hold_one_after_the_other(rows: list, months: int, left: float) -> None:
    assert gone(tree({"since_arrival": rows}), months) == pytest.approx(1 - left, abs=1e-14)


def test_boundaries_of_several_moves_are_joined() -> None:
    """Two moves with boundaries of their own and an ordinary one: the hazards of each month add up, and share who leaves."""
    ill = {"to": "ill", "since_arrival": [{"months": 2, "monthly": 0.1}, {"months": 3, "monthly": 0.2}, {"monthly": 0}]}
    one = built(tree({"since_arrival": EARLY}, ill))[0]
    assert [begin for state, begin in one.inner if state == 0] == [0, 2, 3, 5]
    months = expected(tree({"since_arrival": EARLY}, ill, {"monthly": 0.05}), 2)[1].arrivals[0]
    job, into = 1.0, np.zeros((3, 8))
    for month in range(8):
        to_benefit = -math.log(0.57 if month < 3 else 0.9) / 12 - math.log(0.95)
        to_ill = -math.log(0.9 if month < 2 else 0.8 if month < 5 else 1.0)
        leave = job * -math.expm1(-to_benefit - to_ill) / (to_benefit + to_ill)
        into[1, month], into[2, month] = leave * to_benefit, leave * to_ill
        job *= math.exp(-to_benefit - to_ill)
    np.testing.assert_allclose(months[:, :8], into, atol=1e-14)


BACK = (
    {"from": "benefit", "to": "job", "quarterly": {"baseline": 0.2, "plus": 0.1}},
    {"from": "job", "to": "ill", "yearly": {"baseline": 0.2, "programme": 0.1}, "timing": "year-start"},
    {"from": "ill", "to": "job", "monthly": 0.15},
)


@pytest.mark.parametrize("window", [None, 7, 14.5])
@pytest.mark.parametrize("months", [1, 5, 12])
def test_rows_of_the_same_chance_are_that_chance(window: float | None, months: int) -> None:
    """Nothing is met twice or booked by the step from one row to the next, on 1 January or off it: expectations and moments of luck."""
    lasts = {} if window is None else {"effect_lasts_months": window}
    number = {"baseline": 0.3, "hazard_ratio": 0.5}
    rows = [{"months": months, "yearly": number}, {"months": 7, "yearly": number}, {"yearly": number}]
    plain, phased = (
        tree(one, *BACK, present=1, enter=3, **lasts) for one in ({"yearly": number}, {"since_arrival": rows})
    )
    for ours, theirs in zip(expected(phased), expected(plain), strict=True):
        np.testing.assert_allclose(ours.months, theirs.months, rtol=1e-12)
        np.testing.assert_allclose(ours.arrivals, theirs.arrivals, rtol=1e-12)
    moments = []
    for given in (phased, plain):
        one, parameters = built(given)
        accounts = Accounts(one, 24)
        prices = ledger.prices(accounts, Sampler(one.scenario).point())
        moments.append(luck.compute(accounts, parameters, prices, "own-luck"))
    for mine, other in zip(*moments, strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-10)


def test_luck_is_that_of_lives() -> None:
    """Mean and variance of what lives bring, with rows that differ, an effect in one of them that ends, and year-start moves."""
    number = {"baseline": 0.5, "times": 0.4}
    rows = {"since_arrival": [{"months": 6, "yearly": number}, {"yearly": 0.1}]}
    given = tree(rows, *BACK, present=4, enter=6, effect_lasts_months=20)
    one, parameters = built(given)
    accounts, draws = Accounts(one, 24), 20_000
    prices = ledger.prices(accounts, Sampler(one.scenario).point())
    exact = luck.compute(accounts, parameters, prices)
    lived = model.lived(one, parameters, 5, 0, draws, 24, ("own-luck",))
    less = lived.baselines["own-luck"].months - lived.programme.months
    total = (less * prices.state[:, 0]).sum(axis=(1, 2))
    assert abs(total.mean() - exact.mean[0]) < 4.5 * total.std() / math.sqrt(draws)
    square = (total - exact.mean[0]) ** 2
    assert abs(square.mean() - exact.own_luck[0]) < 4.5 * square.std() / math.sqrt(draws)


def test_who_starts_in_the_last_state_begins_its_first_phase() -> None:
    given = tree({"since_arrival": EARLY})
    role = given["roles"]["adult"]
    role["states"] = {"ill": {"monthly": 0}, "benefit": {"monthly": 0}, "job": {"monthly": 0}}
    role["start"] = {"ill": 0.1, "benefit": 0.2, "job": 0.7}
    one, parameters = built(given)
    some = replace(
        parameters, shares=parameters.shares * (1 - 1e-3)
    )  # as if by rounding, but so that somebody would fall out
    lived = model.lived(one, some, 3, 0, 4000, 24)
    assert lived.members.shape[1] == 3
    assert lived.members[:, 2, 0].mean() == pytest.approx(0.7, abs=0.03)
    assert model.cumulated(one, some.shares)[0, one.first_phase[2]] == 1.0


def test_a_year_start_move_is_met_once_a_year_whatever_phases_there_are() -> None:
    """Lives, person by person, where steps fall on 1 January and off it."""
    for first in (11, 12, 13):
        rows = {"since_arrival": [{"months": first, "yearly": 0.3}, {"months": 1, "yearly": 0.5}, {"yearly": 0.1}]}
        given = tree(rows, *BACK, present=5, entering=[{"month": "2021-07", "number": 6}])
        one, parameters = built(given)
        lived = model.lived(one, parameters, 9, 0, 20, 24)
        case = naive.Case(given)
        for draw in range(20):
            twin = naive.live(case, 9, draw)
            for state, name in enumerate(one.states):
                for year in range(one.years):
                    assert lived.programme.arrivals[draw, state, year] == twin.arrivals["programme", *name, year]
                    assert 2 * lived.programme.months[draw, state, year] == twin.halves["programme", *name, year]
