"""Quantities times prices, each by hand; and what the ledger refuses."""

import numpy as np
import pytest
from trees import rich, scenario_of

from simulate import ledger, model
from simulate.ledger import Accounts
from simulate.model import Model
from simulate.sampling import Sampler


def accounts_of(tree, period="year"):
    return Accounts(Model(scenario_of(tree)), model.PERIODS[period])


def prices_of(accounts):
    return ledger.prices(accounts, Sampler(accounts.model.scenario).point())


def two_years(**changes):
    """Benefit and job, 2020-2021; nobody moves, for the person-months are given by hand."""
    return {
        "format": 1,
        "title": "by hand",
        "time": {"first_year": 2020, "years": 2},
        "families": {"some": {}},
        "roles": {"adult": {"start": "benefit", "states": {"benefit": {"monthly": 1000}, "job": {"monthly": 100}}}},
    } | changes


def kroner(tree, less, families=(0, 0)):
    """(payer, line, year) of person-months saved (state, year)."""
    accounts = accounts_of(tree)
    return ledger.kroner(accounts, prices_of(accounts), np.array([less], float), np.array([[families]], float))[0]


# Prices --------------------------------------------------------------------------------------------------------------


def test_months_times_price():
    """Seven months of benefit less and five of work more in 2020; two of each the other way in 2021."""
    found = kroner(two_years(), [[7, -2], [-5, 2]])
    assert found[0].tolist() == [[7 * 1000 - 5 * 100, -2 * 1000 + 2 * 100]]
    assert found[1].tolist() == [[0, 0]]


def test_a_yearly_price_is_twelve_monthly_ones():
    tree = two_years()
    tree["roles"]["adult"]["states"]["benefit"] = {"yearly": 12000}
    assert kroner(tree, [[7, -2], [-5, 2]])[0].tolist() == [[6500, -1800]]


def test_refusion_divides_between_the_payers():
    tree = two_years()
    tree["roles"]["adult"]["states"]["benefit"]["refusion"] = [0.25, 1]
    found = kroner(tree, [[8, 8], [0, 0]])
    assert found[:, 0].tolist() == [[6000, 0], [2000, 8000]]


def test_a_state_without_a_price_costs_nothing():
    tree = two_years()
    tree["roles"]["adult"]["states"]["job"] = {}
    assert kroner(tree, [[0, 0], [12, 12]])[0].tolist() == [[0, 0]]


def test_indexation_begins_after_the_first_year():
    tree = two_years(money={"indexation": 0.1}, costs=[{"label": "staff", "yearly": 100}])
    found = kroner(tree, [[1, 1], [0, 0]])
    assert found[0] == pytest.approx(np.array([[1000, 1100], [-100, -110]]))


@pytest.mark.parametrize(("period", "many"), [("year", 2), ("quarter", 8), ("month", 24)])
def test_budget_lines_are_spread_over_the_year(period, many):
    """3 posts at 1,200, and 2,400 from the second year on, evenly over a year's periods; indexed by the year."""
    tree = two_years(money={"indexation": 0.5}, costs=[{"label": "staff", "number": 3, "yearly": [1200, 2400]}])
    accounts = accounts_of(tree, period)
    found = ledger.kroner(accounts, prices_of(accounts), np.zeros((1, 2, many)), np.zeros((1, 1, many)))[0, 0, 1]
    each = many // 2
    assert found == pytest.approx([-3600 / each] * each + [-10800 / each] * each)


@pytest.mark.parametrize(("period", "many"), [("quarter", 8), ("month", 24)])
def test_per_family_amounts_fall_when_families_enter(period, many):
    """Not divided by the periods of a year: each family pays once."""
    tree = two_years(costs=[{"label": "start", "yearly": 1000, "number": 2, "per_family": True}])
    accounts = accounts_of(tree, period)
    families = np.zeros((1, 1, many))
    families[0, 0, 3] = 4
    found = ledger.kroner(accounts, prices_of(accounts), np.zeros((1, 2, many)), families)[0, 0, 1]
    assert found.tolist() == [-8000 if p == 3 else 0 for p in range(many)]


def test_per_family_amounts_are_for_the_types_that_are_named():
    start, end = ({"label": name, "yearly": 1, "per_family": True} for name in ("start", "end"))
    tree = two_years(costs=[start | {"families": ["a", "c"]}, end], families={"a": {}, "b": {}, "c": {}})
    accounts = accounts_of(tree)
    families = np.array([[[1, 2], [10, 20], [100, 200]]], float)
    found = ledger.kroner(accounts, prices_of(accounts), np.zeros((1, 2, 2)), families)[0, 0]
    assert found[1:].tolist() == [[-101, -202], [-111, -222]]


def test_signs_of_budget_lines():
    tree = two_years(
        costs=[{"label": "staff", "yearly": 10}, {"label": "grant", "yearly": -4}],
        savings=[{"label": "rent", "yearly": 3}, {"label": "lost", "yearly": -2}],
    )
    assert kroner(tree, [[0, 0], [0, 0]])[0, :, 0].tolist() == [0, -10, 4, 3, -2]


def test_only_the_municipality_pays_budget_lines():
    tree = two_years(costs=[{"label": "staff", "yearly": 10}], savings=[{"label": "rent", "yearly": 3}])
    assert not kroner(tree, [[0, 0], [0, 0]])[1].any()


def test_discount():
    tree = two_years(money={"discount_rate": 0.25}, time={"first_year": 2020, "years": 3})
    for period, each in (("year", 1), ("quarter", 4)):
        accounts = accounts_of(tree, period)
        found = ledger.prices(accounts, Sampler(accounts.model.scenario).point()).discount
        assert found[0] == pytest.approx(np.repeat([1, 0.8, 0.64], each))


# Lines ---------------------------------------------------------------------------------------------------------------


def test_lines_stand_in_the_files_order_the_states_first():
    tree = rich()
    found = accounts_of(tree).lines
    assert [(one.label, one.area, one.cashable, one.kind) for one in found] == [
        ("income support", "transfers", True, "states"),
        ("child", "service", True, "states"),
        ("care", "service", True, "states"),
        ("staff", "service", True, "costs"),
        ("start", "service", True, "costs"),
        ("rent", "", False, "savings"),
    ]
    assert accounts_of(tree).line_of_state == [0, 0, 0, 1, 1, 2]


def test_states_of_two_roles_share_a_line():
    """One month less of each, at 1,000 and 100 for the adult and 7 for the child."""
    tree = two_years()
    tree["roles"]["adult"]["line"] = "both"
    tree["roles"]["child"] = {
        "start": "home",
        "states": {"home": {"monthly": 7, "line": "both"}, "away": {"monthly": 1}},
    }
    accounts = accounts_of(tree)
    assert [one.label for one in accounts.lines] == ["both", "child"]
    found = kroner(tree, [[1, 0], [1, 0], [1, 0], [1, 0]])
    assert found[0].tolist() == [[1107, 0], [1, 0]]


def test_uncertain_prices_have_a_row_for_each_draw():
    tree = two_years()
    tree["assumptions"] = {"price": {"value": 1, "uncertainty": {"kind": "uniform", "low": 0, "high": 2}}}
    tree["roles"]["adult"]["states"]["benefit"]["monthly"] = "price"
    accounts = accounts_of(tree)
    given = ledger.prices(accounts, {"price": np.array([[10.0], [20.0]])})
    less = np.zeros((2, 2, 2))
    less[:, 0] = [[1, 2], [3, 4]]
    found = ledger.kroner(accounts, given, less, np.zeros((2, 1, 2)))
    assert found[:, 0, 0].tolist() == [[10, 20], [60, 80]]


def test_refusion_beyond_its_bounds_is_clipped_and_counted():
    tree = two_years()
    tree["assumptions"] = {"share": {"value": 0.5, "uncertainty": {"kind": "normal", "mean": 0.5, "sd": 1}}}
    tree["roles"]["adult"]["states"]["benefit"]["refusion"] = "share"
    accounts = accounts_of(tree)
    given = ledger.prices(accounts, {"share": np.array([[-0.5], [0.5], [1.5], [2.0]])})
    assert given.state[:, :, 0, 0].tolist() == [[1000, 0], [500, 500], [0, 1000], [0, 1000]]
    assert list(given.clipped) == ["roles.adult.states.benefit.refusion"]
    assert np.sum(given.clipped["roles.adult.states.benefit.refusion"]) == 3
