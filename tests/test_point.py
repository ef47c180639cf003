"""The business case's own arithmetic: cases that a case worker can check (tests/cases), and Silkeborg's table to the øre."""

import math
from pathlib import Path

import naive
import numpy as np
import pytest
from hypothesis import given, settings
from strategies import scenarios
from trees import line, point_of, rich, run_tree, simple

from simulate import measures, model, point
from simulate.answers import paper
from simulate.engine import run
from simulate.ledger import Accounts
from simulate.model import Model
from simulate.options import Options
from simulate.sampling import Sampler
from simulate.scenario import load

CASES = sorted(Path(__file__).with_name("cases").glob("*.toml"))
SILKEBORG = Path(__file__).parents[1] / "scenarios" / "silkeborg-paper.toml"
OERE = 0.005


def computed(file, period="year", changes=()):
    scenario = load(file, changes, language="en").scenario
    return point.compute(Accounts(Model(scenario), model.PERIODS[period]), Sampler(scenario).point())


def case(name):
    return Path(__file__).parent / "cases" / f"{name}.toml"


def ran(name, **options):
    return run(load(case(name), language="en").scenario, Options(**{"draws": 32} | options))


# Cases ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("period", ["year", "quarter", "month"])
@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_case(file, period):
    """Every figure that the file's own table has."""
    found = computed(file, period)
    rows = paper.reported(found)
    assert rows
    wrong = [(row.what, row.year, row.value, row.ours) for row in rows if abs(row.ours - row.value) > OERE]
    assert wrong == []
    assert all(row.reproduced for row in rows)


WARNED = {
    "negative-amounts": ["costs.Grant.yearly[0]", 'savings."Lost refund".yearly'],
    "per-family": ["families.many.members", "families.many.present"],
    "refusion": ["roles.adult.states.benefit.refusion"],
}


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_a_case_gives_no_warning_but_of_what_it_is_about(file):
    assert {warning.path for warning in load(file, language="en").warnings} == set(WARNED.get(file.stem, []))


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_a_case_expected_is_its_point(file):
    """What is certain is the same without luck as in the business case."""
    found = run(load(file, language="en").scenario, Options(draws=16, engine="expected"))
    np.testing.assert_allclose(found.draws.columns[measures.TOTAL], found.point.provenu.sum(), rtol=1e-9, atol=OERE)


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_a_cases_lives_agree_with_its_point(file):
    """Exactly where there is no luck, within 4.5 standard errors where there is."""
    found = run(load(file, language="en").scenario, Options(draws=2048))
    totals = found.draws.columns[measures.TOTAL]
    error = totals.std(ddof=1) / math.sqrt(len(totals))
    assert abs(totals.mean() - found.point.provenu.sum()) < 4.5 * error + OERE


def test_refusion_is_the_states():
    found = computed(case("refusion"))
    assert line(found, "Cash benefit") == pytest.approx([60000, 96000, 96000], abs=OERE)
    assert line(found, "Cash benefit", payer=1) == pytest.approx([60000, 24000, 24000], abs=OERE)
    assert ran("refusion").draws.columns[measures.STATE] == pytest.approx(108000, abs=OERE)
    assert ran("refusion").draws.columns[measures.TOTAL] == pytest.approx(252000, abs=OERE)


def test_budget_lines_are_the_municipalitys():
    found = computed(SILKEBORG)
    for label in ("Projektleder", "Casemanagers", "Sagsbehandling, Jobcenter"):
        assert line(found, label, payer=1) == [0] * 5


def test_discounting_undoes_an_indexation_of_the_same_rate():
    columns = ran("indexation").draws.columns
    assert columns[measures.TOTAL] == pytest.approx(244832, abs=OERE)
    assert columns[measures.PRESENT_VALUE] == pytest.approx(240000, abs=OERE)


@pytest.mark.parametrize("period", ["year", "quarter", "month"])
def test_present_values_are_by_year(period):
    """100 at the beginning, 100 / 1.25 and 100 / 1.5625: a year's amounts are divided by one number, whatever the month."""
    tree = {
        "format": 1,
        "title": "discount",
        "time": {"first_year": 2020, "years": 3},
        "money": {"discount_rate": 0.25},
        "savings": [{"label": "saved", "yearly": 100}],
    }
    found = run_tree(tree, draws=16, period=period)
    assert found.draws.columns[measures.PRESENT_VALUE] == pytest.approx(100 + 80 + 64)


def test_no_discount_rate_no_present_value():
    assert measures.PRESENT_VALUE not in ran("refusion").draws.columns


def test_what_is_not_cashable_is_left_out():
    columns = ran("cashable").draws.columns
    assert columns[measures.TOTAL] == pytest.approx(133000, abs=OERE)
    assert columns[measures.CASHABLE] == pytest.approx(-104000, abs=OERE)


def test_areas():
    columns = ran("shared-line").draws.columns
    areas = {name: columns[measures.AREA, name] for name in ("transfers", "service", "staff")}
    for name, amount in {"transfers": 600000, "service": -48000, "staff": -200000}.items():
        assert areas[name] == pytest.approx(amount, abs=OERE)
    assert sum(areas.values()) == pytest.approx(columns[measures.TOTAL], abs=OERE)


def test_families_pay_when_they_enter():
    """With lives the number of families is the actual one: 2.5 are two or three."""
    tree = {
        "format": 1,
        "title": "per family",
        "time": {"first_year": 2020, "years": 2},
        "families": {"some": {"enter": [2.5, 0], "present": 7}},
        "costs": [{"label": "each", "yearly": 1000, "per_family": True}],
    }
    found = run_tree(tree, draws=512).draws.columns
    assert sorted(set(found[measures.PROVENU, "2020"])) == [-3000, -2000]
    assert set(found[measures.PROVENU, "2021"]) == {0}
    assert set(run_tree(tree, draws=16, engine="expected").draws.columns[measures.PROVENU, "2020"]) == {-2500}
    assert point_of(tree).provenu.tolist() == [-2500, 0]


@pytest.mark.parametrize("engine", ["lives", "expected"])
@pytest.mark.parametrize("period", ["year", "quarter", "month"])
@pytest.mark.parametrize("case", ["targets", "whose-money"])
def test_targets_of_the_three_forms_and_of_all_that_they_can_be_of(case, engine, period):
    found = ran(case, engine=engine, period=period)
    labels = [target.label for target in found.scenario.targets]
    chances = found.draws.sums.mean(measures.TARGETS)
    assert dict(zip(labels, chances, strict=True)) == {
        label: 1.0 if label.startswith("reached") else 0.0 for label in labels
    }


# Any-month moves, by their closed form -------------------------------------------------------------------------------


@pytest.mark.parametrize(("unit", "months"), [("yearly", 12), ("quarterly", 3), ("monthly", 1)])
def test_an_any_month_move_leaves_in_the_middle_of_a_month(unit, months):
    """Who has stayed n months leaves in the next with chance 1 - 0.5^(1/months), after half of it."""
    tree = {
        "format": 1,
        "title": "any month",
        "time": {"first_year": 2020, "years": 2},
        "families": {"one": {"present": 1, "members": {"adult": 1}}},
        "roles": {
            "adult": {
                "start": "benefit",
                "states": {"benefit": {"monthly": 10000}, "job": {}},
                "moves": [{"from": "benefit", "to": "job", unit: {"baseline": 0, "programme": 0.5}}],
            }
        },
    }
    stays = [0.5 ** (n / months) for n in range(25)]
    there = [(stays[n] + stays[n + 1]) / 2 for n in range(24)]
    saved = [10000 * sum(1 - x for x in there[year : year + 12]) for year in (0, 12)]
    assert point_of(tree).provenu == pytest.approx(saved, abs=OERE)


# Silkeborg -----------------------------------------------------------------------------------------------------------

TABLE = {
    "line:Reduktion i forsørgelsesudgift": [314820, 944460, 1567803.6, 2128812.84, 2633721.156],
    "line:Reduktion i udgift til anbringelser": [225000, 675000, 900000, 900000, 900000],
    "provenu": [-1479680, -400040, 448303.6, 1009312.84, 1514221.156],
}
TOTALS = {
    "line:Reduktion i forsørgelsesudgift": 7589617.596,
    "line:Reduktion i udgift til anbringelser": 3600000,
    "provenu": 1092117.596,
}
PERSON_YEARS = {
    ("adult", "selvforsørgelse"): [2.25, 6.75, 11.205, 15.2145, 18.82305],
    ("child", "anbragt"): [-0.5, -1.5, -2, -2, -2],
}


@pytest.fixture(scope="module")
def silkeborg():
    return computed(SILKEBORG)


@pytest.mark.parametrize("label", [what for what in TABLE if what != "provenu"])
@pytest.mark.parametrize("year", range(5))
def test_silkeborgs_lines(silkeborg, label, year):
    assert line(silkeborg, label.removeprefix("line:"))[year] == pytest.approx(TABLE[label][year], abs=OERE)
    assert sum(line(silkeborg, label.removeprefix("line:"))) == pytest.approx(TOTALS[label], abs=OERE)


@pytest.mark.parametrize("year", range(5))
def test_silkeborgs_provenu(silkeborg, year):
    assert silkeborg.provenu[year] == pytest.approx(TABLE["provenu"][year], abs=OERE)


def test_silkeborgs_total(silkeborg):
    assert silkeborg.provenu.sum() == pytest.approx(TOTALS["provenu"], abs=OERE)


@pytest.mark.parametrize("state", PERSON_YEARS, ids=".".join)
def test_silkeborgs_person_years(silkeborg, state):
    i = silkeborg.accounts.model.states.index(state)
    more = (silkeborg.programme.months[0, i] - silkeborg.baseline.months[0, i]) / 12
    assert more == pytest.approx(PERSON_YEARS[state], abs=1e-9)


def test_silkeborgs_costs_and_savings(silkeborg):
    """580,000 + 2,325,000 + 100,000 + 80,000 + 40,000 + 32,000 + 100,000; and 337,500 + 900,000 of posts saved."""
    assert silkeborg.kind("costs") == pytest.approx([-3257000] * 5, abs=OERE)
    assert silkeborg.kind("savings") == pytest.approx([1237500] * 5, abs=OERE)


def test_silkeborgs_refusion(silkeborg):
    """A fifth of the benefit is the state's: a quarter of what the municipality saves."""
    saved = [amount / 4 for amount in TABLE["line:Reduktion i forsørgelsesudgift"]]
    assert line(silkeborg, "Reduktion i forsørgelsesudgift", payer=1) == pytest.approx(saved, abs=OERE)


def test_silkeborgs_paper_is_reproduced(silkeborg):
    rows = paper.reported(silkeborg)
    assert len(rows) > 50
    assert [row for row in rows if not row.reproduced] == []


def test_silkeborg_without_relapse():
    """The paper's other table: person-years 2.5, 8, 14, 20, 26."""
    found = computed(SILKEBORG, changes=["relapse=0"])
    i = found.accounts.model.states.index(("adult", "selvforsørgelse"))
    more = (found.programme.months[0, i] - found.baseline.months[0, i]) / 12
    assert more == pytest.approx([2.5, 8, 14, 20, 26], abs=1e-9)


@pytest.mark.parametrize(("period", "each"), [("quarter", 4), ("month", 12)])
def test_silkeborg_by_shorter_periods(period, each):
    found = computed(SILKEBORG, period)
    assert found.provenu.reshape(5, each).sum(axis=1) == pytest.approx(TABLE["provenu"], abs=OERE)


# What is reported ----------------------------------------------------------------------------------------------------


def test_reported_signs():
    """Costs and a cost's line are positive amounts; savings is the sum of all other lines, negative ones included."""
    scenario = load(case("negative-amounts"), language="en").scenario
    found = computed(case("negative-amounts"))
    ours = {(row.what, row.year): found.reported(row) for row in scenario.reported}
    assert ours["costs", 2020] == pytest.approx(300000)
    assert ours["savings", 2020] == pytest.approx(42000)
    assert ours["provenu", 2020] == pytest.approx(42000 - 300000)


@pytest.mark.parametrize(
    ("written", "ours", "same"),
    [
        ("1000", 1000.49, True),
        ("1000", 1000.51, False),
        ("11.21", 11.205, True),
        ("11.21", 11.2049, False),
        ("-0.5", -0.54, True),
        ("-0.5", -0.56, False),
        ('"3,257 mio. kr."', 3257499.0, True),
        ('"3,257 mio. kr."', 3257501.0, False),
    ],
)
def test_reproduced_is_to_round_as_the_paper_does(written, ours, same, tmp_path):
    file = tmp_path / "one.toml"
    file.write_text(
        f'format = 1\ntitle = ""\n[time]\nfirst_year = 2020\nyears = 1\n[[reported]]\nwhat = "provenu"\nvalue = {written}\n'
    )
    row = load(file, language="en").scenario.reported[0]
    assert point.reproduced(row, ours) is same


# Against the twin ----------------------------------------------------------------------------------------------------


def assert_equals_the_twin(tree):
    twin = naive.Case(tree)
    months, _ = naive.expected(twin)
    steps = naive.expected_steps(twin)
    books = naive.ledger(twin, months, steps=steps)
    found = point_of(tree)
    for payer, name in enumerate(("kommune", "stat", *tree.get("payers", []))):
        for label, amounts in books[name].items():
            np.testing.assert_allclose(line(found, label, payer), amounts, rtol=1e-9, atol=1e-4)
    np.testing.assert_allclose(found.provenu, naive.provenu(twin, months, steps=steps), rtol=1e-9, atol=1e-3)
    promised = naive.financing(twin, {target["label"] for target in tree.get("targets", [])})
    rows = zip(promised.items(), found.accounts.financing, found.financing, strict=True)
    for (label, amounts), grant, ours in rows:
        assert grant.label == label
        np.testing.assert_allclose(ours, amounts, rtol=1e-9, atol=1e-4)


@settings(max_examples=60)
@given(tree=scenarios())
def test_kroner_equal_the_twins(tree):
    assert_equals_the_twin(tree)


@pytest.mark.parametrize("tree", [simple, rich], ids=["simple", "rich"])
def test_kroner_equal_the_twins_in_larger_scenarios(tree):
    assert_equals_the_twin(tree())


def test_at_means_takes_the_means():
    """A beta about its mean, a factor of 1 on a list, a choice whose mean is none of its values."""
    tree = simple()
    tree["assumptions"] = {
        "job": {"value": 0.2, "uncertainty": {"kind": "beta", "mean": 0.3, "sd": 0.05}},
        "price": {"value": [100, 200], "uncertainty": {"kind": "pert", "low": 0.8, "mode": 1, "high": 1.8}},
        "staff": {"value": 1, "uncertainty": {"kind": "choices", "values": [1, 2], "weights": [0.25, 0.75]}},
    }
    tree["roles"]["adult"]["moves"][0]["chance"] = {"baseline": "job", "plus": 0.25}
    tree["costs"] = [{"label": "staff", "yearly": 400000, "number": "staff"}, {"label": "price", "yearly": "price"}]
    found = run_tree(tree, draws=16)
    certain = simple()
    certain["roles"]["adult"]["moves"][0]["chance"] = {"baseline": 0.3, "plus": 0.25}
    factor = (0.8 + 4 + 1.8) / 6
    certain["costs"] = [
        {"label": "staff", "yearly": 400000, "number": 1.75},
        {"label": "price", "yearly": [100 * factor, 200 * factor]},
    ]
    assert found.at_means.provenu == pytest.approx(point_of(certain).provenu, rel=1e-9)


@settings(max_examples=20)
@given(scenarios())
def test_a_point_is_the_same_whether_the_kernel_is_compiled_or_not(tree):
    """To the last bit: a command's number must not hang on what it computed before."""
    found = []
    for is_loaded in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(point.kernels, "is_loaded", lambda file, answer=is_loaded: answer)
            found.append(point_of(tree))
    assert found[0].kroner.tobytes() == found[1].kroner.tobytes()
    assert found[0].programme.months.tobytes() == found[1].programme.months.tobytes()


def test_a_rich_point_is_the_same_whether_the_kernel_is_compiled_or_not(monkeypatch):
    monkeypatch.setattr(point.kernels, "is_loaded", lambda file: False)
    plain = point_of(rich())
    monkeypatch.setattr(point.kernels, "is_loaded", lambda file: True)
    assert plain.kroner.tobytes() == point_of(rich()).kroner.tobytes()
