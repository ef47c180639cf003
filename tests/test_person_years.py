"""Lines that have an amount for each person-year in a state: by hand, in closed form, and with luck."""

import copy
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import naive
import numpy as np
import pytest
from hypothesis import given, settings
from strategies import scenarios, to_toml

from simulate import ledger, luck, measures, model, point
from simulate.answers import budget
from simulate.engine import Result
from simulate.engine.case import run
from simulate.ledger import Accounts
from simulate.model import Model
from simulate.options import Options
from simulate.sampling import Sampler
from simulate.scenario import Scenario, load

RELAPSE = 0.25


def tree(*lines: dict, years: int = 5, **money: Any) -> dict:
    """Eight adults who start on benefit; the programme has each of them in a job at once with chance 0.5, and a quarter of those relapse each 1 January."""
    return {
        "format": 1,
        "title": "person-years",
        "language": "en",
        "time": {"first_year": 2020, "years": years},
        "money": money,
        "families": {"one": {"present": 8, "members": {"adult": 1}}},
        "roles": {
            "adult": {
                "start": "benefit",
                "states": {"benefit": {"monthly": 1000, "refusion": 0.2}, "job": {}},
                "moves": [
                    {"from": "benefit", "to": "job", "at": "entry", "chance": {"baseline": 0, "programme": 0.5}},
                    {"from": "job", "to": "benefit", "yearly": RELAPSE, "timing": "year-start"},
                ],
            }
        },
        "person_years": [{"role": "adult", "state": "job", **line} for line in lines],
    }


def scenario(given: dict) -> Scenario:
    return Scenario.model_validate(copy.deepcopy(given), context={"assumptions": given.get("assumptions", {}).keys()})


def at_point(given: dict, period: int = 24) -> point.Point:
    one = scenario(given)
    return point.compute(Accounts(Model(one), period), Sampler(one).point())


def in_a_job(years: int) -> np.ndarray:
    """Person-years in a job, by year: who arrives at entry meets the year-start move on arrival, and then each 1 January."""
    return 8 * 0.5 * (1 - RELAPSE) ** np.arange(1, years + 1)


def line(found: point.Point, label: str) -> np.ndarray:
    labels = [one.label for one in found.accounts.lines]
    return np.asarray(found.kroner[0, labels.index(label)])


def lost(found: point.Point, label: str) -> float:
    return float(found.after_horizon[[one.label for one in found.accounts.lines].index(label)])


@pytest.mark.parametrize("lag", [0, 1, 2, 4, 5, 9])
@pytest.mark.parametrize("rate", [0.0, 0.02])
def test_an_amount_comes_so_many_years_later_and_what_is_left_is_lost(lag: int, rate: float) -> None:
    found = at_point(tree({"label": "Grant", "yearly": -47_000, "lag_years": lag}, indexation=rate))
    whole = -47_000 * in_a_job(5) * (1 + rate) ** (np.arange(5) + lag)
    within = max(5 - lag, 0)
    expected = np.concatenate([np.zeros(5 - within), whole[:within]])
    np.testing.assert_allclose(line(found, "Grant"), expected, rtol=1e-12)
    assert lost(found, "Grant") == pytest.approx(whole[within:].sum(), rel=1e-12)


def test_of_a_list_the_amount_is_that_of_the_year_in_which_it_comes() -> None:
    found = at_point(tree({"label": "Fee", "yearly": [1, 10, 100, 1000], "lag_years": 2}, years=4))
    years = in_a_job(4)
    np.testing.assert_allclose(line(found, "Fee"), [0, 0, 100 * years[0], 1000 * years[1]])
    assert lost(found, "Fee") == pytest.approx(1000 * (years[2] + years[3]))  # the last amount holds on


def test_the_official_figures_of_the_criterion_grant() -> None:
    """54.24 person-years at 47,000 kr. are 2.55 mio. kr., whatever of it comes within the horizon."""
    given = tree({"label": "Grant", "yearly": -47_000, "lag_years": 4})
    given["families"]["one"]["present"] = 8 * 54.24 / in_a_job(5).sum()
    found = at_point(given)
    assert line(found, "Grant").sum() + lost(found, "Grant") == pytest.approx(-2_549_280)
    answer = budget.of_point(found)
    post = answer.lines["Grant"]
    assert post.kind == "person_years"
    assert post.after_horizon is not None
    assert post.after_horizon.value == lost(found, "Grant")


@pytest.mark.parametrize("period", [2, 6, 24])
def test_periods_of_a_year_add_up(period: int) -> None:
    given = tree(
        {"label": "Grant", "yearly": -47_000, "lag_years": 1}, {"label": "Tax", "yearly": 30_000}, indexation=0.03
    )
    fine, coarse = at_point(given, period), at_point(given)
    for label in ("Grant", "Tax"):
        np.testing.assert_allclose(line(fine, label).reshape(5, -1).sum(axis=1), line(coarse, label), rtol=1e-12)
        assert lost(fine, label) == pytest.approx(lost(coarse, label))


def test_they_are_neither_costs_nor_savings_and_the_three_are_the_provenu() -> None:
    given = tree({"label": "Tax", "yearly": 30_000, "area": "finance"}, {"label": "Grant", "yearly": -47_000})
    given["costs"], given["savings"] = [{"label": "Staff", "yearly": 9}], [{"label": "Rent", "yearly": 4}]
    found = budget.of_point(at_point(given))
    parts = [one.total.value for one in (found.costs, found.savings, found.person_years)]
    assert parts[0] == -45
    assert parts[1] == pytest.approx(800 * 12 * in_a_job(5).sum() + 20)
    assert parts[2] == pytest.approx(-17_000 * in_a_job(5).sum())
    assert found.provenu.total.value == pytest.approx(sum(parts))
    assert found.areas["finance"].total.value == pytest.approx(30_000 * in_a_job(5).sum())
    without = copy.deepcopy(given) | {"person_years": []}
    assert budget.of_point(at_point(without)).savings == found.savings


def test_the_state_has_no_part_in_it_and_a_target_of_savings_is_without() -> None:
    given = tree({"label": "Tax", "yearly": 1e6})
    given["targets"] = [
        {"label": "t", "of": "savings", "total": 800 * 12 * 5 * 8}
    ]  # all of them in a job for five years
    found = at_point(given)
    assert found.kroner[1, [one.label for one in found.accounts.lines].index("Tax")].sum() == 0
    done = run(scenario(given), Options(draws=64))
    assert done.draws is not None
    assert done.draws.sums.mean(measures.TARGETS)[0] == 0


@pytest.mark.parametrize("lag", [0, 1, 3])
def test_luck_knows_what_a_person_year_brings(lag: int) -> None:
    """Eight people, each in a job for a random number of years from entry on: mean, variance and third moment of what that brings, by its chances."""
    given = tree({"label": "Grant", "yearly": -47_000, "lag_years": lag})
    one = scenario(given)
    accounts, values = Accounts(Model(one), 24), Sampler(one).point()
    found = luck.compute(
        accounts, model.parameters(accounts.model, values), ledger.prices(accounts, values), "expected"
    )
    each = 12 * 800 - 47_000 * (np.arange(5) + lag < 5)  # of a year in the job, by year
    worth = np.concatenate([[0.0], np.cumsum(each)])
    stay = 1 - RELAPSE
    chances = np.array([1 - 0.5 * stay, *(0.5 * stay**n * RELAPSE for n in range(1, 5)), 0.5 * stay**5])
    mean = float(chances @ worth)
    assert found.mean[0] == pytest.approx(8 * mean)
    assert found.expected[0] == pytest.approx(8 * float(chances @ (worth - mean) ** 2))
    assert found.third is not None
    assert found.third[0] == pytest.approx(8 * float(chances @ (worth - mean) ** 3))


def test_lives_have_the_variance_that_luck_is_said_to_have() -> None:
    given = tree({"label": "Grant", "yearly": -47_000, "lag_years": 2}, {"label": "Tax", "yearly": 30_000})
    lived, known = (run(scenario(given), Options(draws=16_384, engine=engine)) for engine in ("lives", "expected"))
    assert lived.draws is not None
    assert known.draws is not None
    total = lived.draws.columns[measures.TOTAL]
    square = (total - lived.point.provenu.sum()) ** 2
    error = square.std(ddof=1) / math.sqrt(len(square))
    variance = float(known.draws.columns[measures.LUCK_VARIANCE][0])
    assert abs(square.mean() - variance) < 4.5 * error
    off = total.mean() - lived.point.provenu.sum()
    assert abs(off) < 4.5 * math.sqrt(variance / len(total))


def uncertain(draws: int = 256, **how: Any) -> Result:
    given = tree({"label": "Grant", "yearly": "grant", "lag_years": 2}, indexation=0.01)
    given["assumptions"] = {"grant": {"value": -47_000, "uncertainty": {"kind": "normal", "mean": -40_000, "sd": 5000}}}
    return run(scenario(given), Options(draws=draws, **how))


@pytest.mark.parametrize("engine", ["lives", "expected"])
def test_what_is_lost_is_expected_over_the_draws(engine: Any) -> None:
    found = uncertain(engine=engine)
    expected = -40_000 * (in_a_job(5) * 1.01 ** (np.arange(5) + 2))[3:].sum()
    after = budget.of_draws(found).lines["Grant"].after_horizon
    assert after is not None
    assert after.error is not None
    assert abs(after.value - expected) < 4.5 * after.error + 1e-6 * abs(expected)


def test_a_scenario_without_them_has_none_of_their_sums_and_the_same_bits_as_one_whose_amounts_are_0() -> None:
    given = tree()
    plain, nothing = (run(scenario(one), Options(draws=64)) for one in (given, tree({"label": "Tax", "yearly": 0})))
    assert plain.draws is not None
    assert nothing.draws is not None
    assert measures.EXPECTED_AFTER not in plain.draws.sums.blocks
    np.testing.assert_array_equal(plain.draws.columns[measures.TOTAL], nothing.draws.columns[measures.TOTAL])
    accounts = Accounts(Model(scenario(given)), 24)
    prices = ledger.prices(accounts, Sampler(scenario(given)).point())
    assert np.shares_memory(ledger.per_person_month(accounts, prices), prices.state)


@settings(max_examples=40)
@given(tree=scenarios())
def test_what_comes_and_what_is_lost_is_that_of_all_person_years(tree: dict) -> None:
    """Over a horizon as long as the lags reach, with nobody who lives on, nothing is lost; here the two are compared with the twin's months."""
    found = at_point(tree)
    twin = naive.Case(tree)
    months, _ = naive.expected(twin)
    rate = twin.number(tree.get("money", {}).get("indexation", 0), 0)
    for row in tree.get("person_years", []):
        whole = 0.0
        for year in range(twin.years):
            more = sum(
                sign * months[arm, row["role"], row["state"], year]
                for sign, arm in ((1, "programme"), (-1, "baseline"))
            )
            comes = year + row.get("lag_years", 0)
            whole += more / 12 * twin.number(row["yearly"], comes) * (1 + rate) ** comes
        got = line(found, row["label"]).sum() + lost(found, row["label"])
        assert got == pytest.approx(whole, rel=1e-9, abs=1e-3)


def test_the_words_of_a_file(tmp_path: Any) -> None:
    """Of what does nothing, it is said."""
    given = tree({"label": "Late", "yearly": 1, "lag_years": 5}, {"label": "Tax", "yearly": 1})
    given["roles"]["adult"]["states"]["away"] = {}
    given["person_years"].append({"label": "Nobody", "role": "adult", "state": "away", "yearly": 1})
    (tmp_path / "t.toml").write_text(to_toml(given), "utf-8")
    said = {one.path: one.message for one in load(tmp_path / "t.toml", language="en").warnings}
    assert said["person_years.Late"].startswith("5 years later is after the horizon of 5 years")
    assert said["person_years.Nobody"] == "nobody is ever in away, so this line is 0"
    assert "person_years.Tax" not in said


def test_prices_are_scaled_as_a_whole() -> None:
    """Twice every price, twice every krone: none of the lines is left out."""
    one = scenario(tree({"label": "Grant", "yearly": -47_000, "lag_years": 2}))
    accounts, values = Accounts(Model(one), 24), Sampler(one).point()
    prices = ledger.prices(accounts, values)
    twice = replace(prices, state=2 * prices.state, person_years=2 * prices.person_years)
    np.testing.assert_array_equal(
        ledger.per_person_month(accounts, twice), 2 * ledger.per_person_month(accounts, prices)
    )


def test_a_portfolio_has_those_of_its_programmes(tmp_path: Any) -> None:
    """Each under its programme's name, of its own role; the whole is their sum."""
    given = tree({"label": "Grant", "yearly": -47_000, "lag_years": 2, "area": "finance"})
    (tmp_path / "a.toml").write_text(to_toml(given), "utf-8")
    (tmp_path / "p.toml").write_text(
        'format = 1\ntitle = "p"\n[time]\nfirst_year = 2020\nyears = 4\n[[programmes]]\nfile = "a.toml"\nnumber = 2\n',
        "utf-8",
    )
    one = load(tmp_path / "p.toml", language="en").scenario
    assert [(row.label, row.role, row.part) for row in one.person_years] == [
        ("a 1: Grant", "a 1: adult", "a 1"),
        ("a 2: Grant", "a 2: adult", "a 2"),
    ]
    found = point.compute(Accounts(Model(one), 24), Sampler(one).point())
    for label in ("a 1: Grant", "a 2: Grant"):
        assert line(found, label).sum() == pytest.approx(-47_000 * in_a_job(2).sum())
        assert lost(found, label) == pytest.approx(-47_000 * in_a_job(4)[2:].sum())
    assert budget.of_point(found).areas["finance"].total.value == pytest.approx(-94_000 * in_a_job(2).sum())


def test_numbers_are_set_by_their_label(tmp_path: Any) -> None:
    (tmp_path / "t.toml").write_text(to_toml(tree({"label": "Grant", "yearly": -47_000, "lag_years": 2})), "utf-8")
    changed = load(tmp_path / "t.toml", ["person_years.Grant.yearly*2", "person_years.Grant.lag_years=1"]).scenario
    found = point.compute(Accounts(Model(changed), 24), Sampler(changed).point())
    np.testing.assert_allclose(line(found, "Grant"), [0, *(-94_000 * in_a_job(4))])


SILKEBORG = Path(__file__).parents[1] / "scenarios" / "silkeborg-paper.toml"


@pytest.mark.parametrize(
    ("yearly", "lag", "provenu", "after"),
    [
        (30_000 - 23_400, 0, 0.36e6, 0.0),
        (30_000 - 39_000, 0, -0.49e6, 0.0),
        (30_000 - 49_300, 0, -1.05e6, 0.0),
        (-47_000, 4, -0.11e6, -2.44e6),
    ],
)
def test_tax_and_equalisation_in_silkeborgs_paper(
    yearly: int, lag: int, provenu: float, after: float, tmp_path: Path
) -> None:
    """The official example of 2006 (outside the capital, a weak base, the capital) and the criterion grant of 2018, on the paper's 54.24 person-years."""
    row = f'[[person_years]]\nlabel = "Udligning"\nrole = "adult"\nstate = "selvforsørgelse"\nyearly = {yearly}\nlag_years = {lag}\n'
    (tmp_path / "t.toml").write_text(SILKEBORG.read_text("utf-8") + "\n" + row, "utf-8")
    one = load(tmp_path / "t.toml").scenario
    found = point.compute(Accounts(Model(one), 24), Sampler(one).point())
    assert line(found, "Udligning").sum() == pytest.approx(provenu, abs=5_000)
    assert lost(found, "Udligning") == pytest.approx(after, abs=5_000)
