"""Money as papers write it: the file's unit, prices of other years, what is paid once or in some years, whom a family's amount counts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from strategies import to_toml
from trees import line, point_of, scenario_of

import simulate
from simulate import ledger, luck, model, reports
from simulate.asking import run as asking
from simulate.content import Table
from simulate.engine import Case, run
from simulate.errors import InputError, ScenarioError
from simulate.ledger import Accounts
from simulate.model import Ending, Model
from simulate.options import Options
from simulate.sampling import Sampler
from simulate.scenario import Scenario, adjustable, load, tree_of, unit
from simulate.scenario.values import Kroner
from simulate.studies import since

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(tree: dict[str, Any], name: str = "case.toml") -> Path:
        file = tmp_path / name
        file.write_text(to_toml(tree), encoding="utf-8")
        return file

    return written


def tree(**parts: Any) -> dict[str, Any]:
    """Four years from 2027, ten families a year of whom the programme gets more off a benefit."""
    return {
        "format": 1, "title": "A case", "language": "en", "time": {"first_year": 2027, "years": 4},
        "families": {"f": {"enter": 10, "members": {"a": 1}}},
        "roles": {"a": {
            "start": "benefit", "states": {"benefit": {"monthly": 10000}, "job": {}},
            "moves": [{"from": "benefit", "to": "job", "yearly": {"baseline": 0.1, "plus": 0.1}}],
        }},
    } | parts  # fmt: skip


def budget(*lines: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return tree(costs=[{"label": f"line {i + 1}"} | one for i, one in enumerate(lines)], **parts)


def paid(one: dict[str, Any], period: str = "year", **parts: Any) -> list[float]:
    """What a line costs, by period."""
    return [-amount for amount in line(point_of(budget(one, **parts), period), "line 1")]


# The unit of the file ------------------------------------------------------------------------------------------------

THOUSANDS = {"unit": "1.000 kr."}


def in_thousands(**parts: Any) -> dict[str, Any]:
    assumptions = {
        "price": {"value": 10, "uncertainty": {"kind": "pert", "low": 8, "mode": 10, "high": "13.000 kr."}},
        "factor": {"value": [100, 200], "uncertainty": {"kind": "lognormal", "relative_sd": 0.1}},
        "posts": {"value": 2},
    }
    rows = [
        {"yearly": ["2.700", 7428, "7.328", "5,5 mio. kr."]},
        {"yearly": "factor", "number": "posts", "last_holds": True},
    ]
    found = budget(*rows, money=THOUSANDS, assumptions=assumptions, **parts)
    found["roles"]["a"]["states"]["benefit"] = {"monthly": "price"}
    found["targets"] = [{"label": "t", "total": "1.500"}]
    found["reported"] = [
        {"what": "costs", "year": 2027, "value": "3.100,5"},
        {"what": "person_years:a.job", "value": 3},
    ]
    return found


def in_kroner() -> dict[str, Any]:
    found = in_thousands()
    found["money"] = {}
    found["assumptions"]["price"] = {
        "value": 10000,
        "uncertainty": {"kind": "pert", "low": 8000, "mode": 10000, "high": 13000},
    }
    found["assumptions"]["factor"]["value"] = [100_000, 200_000]
    found["costs"][0]["yearly"] = [2_700_000, 7_428_000, 7_328_000, 5_500_000]
    found["targets"] = [{"label": "t", "total": 1_500_000}]
    found["reported"][0]["value"] = 3_100_500
    return found


def test_a_table_in_thousands_is_read_in_kroner(write: Write) -> None:
    one = load(write(in_thousands())).scenario
    assert one.costs[0].yearly == (2_700_000, 7_428_000, 7_328_000, 5_500_000)
    assert one.assumptions["price"].value == 10_000
    assert one.assumptions["price"].uncertainty.parameters == {"low": 8000, "mode": 10_000, "high": 13_000}
    assert one.assumptions["factor"].value == (100_000, 200_000)
    assert one.assumptions["factor"].uncertainty.parameters == {"relative_sd": 0.1}
    assert one.assumptions["posts"].value == 2
    assert one.targets[0].total == 1_500_000
    assert [row.value for row in one.reported] == [3_100_500, 3]


@pytest.mark.parametrize("unit", ["kr.", "1.000 kr.", "t.kr.", "mio. kr.", "1 mio. kr.", "million DKK"])
def test_the_unit_is_written_in_many_ways(unit: str) -> None:
    [found] = scenario_of(budget({"yearly": "4,35"}, money={"unit": unit})).costs
    assert found.yearly == (4.35 if unit == "kr." else 4350 if "m" not in unit else 4_350_000)


def test_it_draws_and_counts_what_the_file_in_kroner_does(write: Write) -> None:
    options = Options(draws=64, design="random")
    ours, theirs = (run(load(write(one)).scenario, options) for one in (in_thousands(), in_kroner()))
    assert ours.expected() == theirs.expected()
    assert ours.chance() == theirs.chance()
    assert ours.target(0) == theirs.target(0)


def test_limits_of_an_assumption_in_money_are_in_the_unit(write: Write) -> None:
    given = in_thousands()
    given["assumptions"]["price"] |= {"minimum": "7,5", "maximum": "14.000 kr."}
    given["assumptions"]["factor"] |= {
        "minimum": [50, 60],
        "maximum": {"2027": 300, "2028": 400, "2029": 500, "2030": 600},
    }
    given["assumptions"]["posts"]["maximum"] = 4
    loaded = load(write(given))
    one = loaded.scenario.assumptions
    assert (one["price"].minimum, one["price"].maximum) == (7500, 14_000)
    assert one["factor"].minimum == (50_000, 60_000)
    assert one["factor"].maximum == (300_000, 400_000, 500_000, 600_000)
    assert one["posts"].maximum == 4
    assert not [problem for problem in loaded.warnings if problem.path.endswith(("minimum", "maximum"))]
    write(portfolio("case"), "p.toml")
    whole = load(write(portfolio("case", money={}), "p.toml")).scenario.assumptions
    assert (whole["case: price"].minimum, whole["case: factor"].minimum) == (7500, (50_000, 60_000))


def test_financing_of_the_paper_is_in_the_unit(write: Write) -> None:
    rows = [{"what": "financing", "value": "1.200,0"}, {"what": "line:pool", "year": 2027, "value": "0,3 mio. kr."}]
    given = tree(money=THOUSANDS, financing=[{"label": "pool", "yearly": 300}], reported=rows)
    loaded = load(write(given))
    assert [row.value for row in loaded.scenario.reported] == [1_200_000, 300_000]
    assert [one.reproduced for one in simulate.run(simulate.load(write(given)), engine="point").reported] == [
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("change", "numbers"),
    [
        ("price=11", {"price": 11}),
        ("price=11.000 kr.", {"price": "11.000 kr."}),
        ("price*1.5", {"price": 15}),
        ("costs.line 1.yearly=[1, 2, 3, 4]", {"costs[0].yearly": [1, 2, 3, 4]}),
    ],
)
def test_set_and_python_count_in_the_unit(write: Write, change: str, numbers: dict[str, Any]) -> None:
    file = write(in_thousands())
    one, other = (
        load(file, [change.replace("line 1", '"line 1"')]).scenario,
        Case.of(load(file)).with_(numbers).scenario,
    )
    if change.startswith("price*"):
        assert one.assumptions["price"].value == 15_000
        assert other.assumptions["price"].held == 15_000
        return
    assert one.assumptions["price"].held == other.assumptions["price"].held
    assert one.costs[0].yearly == other.costs[0].yearly
    assert one.costs[0].yearly[0] == (1000 if "costs" in change else 2_700_000)


def test_an_amount_with_its_own_unit_is_multiplied_as_it_is(write: Write) -> None:
    file = write(in_thousands())
    one = load(file, ['costs."line 1".yearly*2'])
    assert one.scenario.costs[0].yearly == (5_400_000, 14_856_000, 14_656_000, 11_000_000)
    assert load_text(write, one.source).scenario.costs == one.scenario.costs


def load_text(write: Write, source: str) -> Any:
    file = write({}, "stored.toml")
    file.write_text(source, encoding="utf-8")
    return load(file)


def test_what_is_held_at_kroner_is_written_as_kroner(write: Write) -> None:
    case = Case.of(load(write(in_thousands())))
    written = case.held({"price": 12_345.678}).written()
    assert written.scenario.assumptions["price"].held == 12_345.678
    assert written.loaded.changes == ("price=12345.6780 kr.",)
    assert load_text(write, load(case.loaded.files[0], written.loaded.changes).source).scenario == written.scenario


def test_a_number_by_its_path_keeps_its_kroner(write: Write) -> None:
    loaded = load(write(budget({"yearly": "2,5"}, money={"unit": "mio. kr."})))
    scenario, name, _ = adjustable.named(loaded, 'costs."line 1".yearly')
    moved = adjustable.movable(scenario, name)
    assert (moved.assumed, moved.usage) == (2_500_000, "money")
    changed = load(loaded.files[0], [moved.change(1_234_567.5, name)])
    assert changed.scenario.costs[0].yearly == 1_234_567.5


def test_a_sweep_has_its_values_in_kroner(write: Write) -> None:
    case = Case.of(load(write(in_thousands())))
    table = simulate.sweep(case, {"price": "9; 11", 'costs."line 1".yearly*': [1, 2]}, draws=64, engine="expected")
    assert table["price"].values.tolist() == [9000, 11_000]
    for price, factor, change in ((0, 0, ["price=9"]), (1, 1, ["price=11", 'costs."line 1".yearly*2'])):
        one = run(load(case.loaded.files[0], change).scenario, Options(engine="expected", draws=64))
        assert table["provenu_mean"].values.squeeze()[price, factor] == pytest.approx(one.expected().value)


def test_values_of_a_sweep_all_have_a_unit_or_none(write: Write) -> None:
    case = Case.of(load(write(in_thousands())))
    with pytest.raises(InputError, match="write every amount with its unit"):
        simulate.sweep(case, {"price": "9; 11.000 kr."}, draws=64)
    table = simulate.sweep(case, {"price": "9.000 kr.; 11.000 kr."}, draws=64, engine="expected")
    assert table["price"].values.tolist() == [9000, 11_000]


def test_tables_are_printed_in_it(write: Write) -> None:
    case = Case.of(load(write(in_thousands())))
    _, answer = asking.run(case, Options(draws=64, engine="point"))(None, lambda *_: None)
    tables = [one for one in reports.content(answer, case.scenario) if isinstance(one, Table) and one.currency]
    assert {one.scale for one in tables} == {1000}
    case = Case.of(load(write(budget({"yearly": "0,02"}, money={"unit": "mio. kr."}), "millions.toml")))
    _, answer = asking.run(case, Options(draws=64, engine="point"))(None, lambda *_: None)
    assert {one.scale for one in reports.content(answer, case.scenario) if isinstance(one, Table)} == {1_000_000}


def test_a_file_written_out_is_the_same_in_kroner(write: Write) -> None:
    loaded = load(write(in_thousands()))
    plain = unit.plain(tree_of(loaded), loaded.scenario)
    assert "unit" not in plain["money"]
    assert plain["costs"][0]["yearly"] == [2_700_000, 7_428_000, 7_328_000, "5,5 mio. kr."]
    assert isinstance(plain["costs"][0]["yearly"][0], Kroner)
    from simulate.scenario import toml_writer

    again = load_text(write, toml_writer.dump(plain)).scenario
    assert again.model_copy(update={"money": loaded.scenario.money}) == loaded.scenario


def test_another_unit_alone_is_no_change_since(write: Write) -> None:
    before, now = load(write(in_kroner(), "before.toml")), Case.of(load(write(in_thousands())))
    result = now.result(Options(draws=64, engine="expected"))
    assert since.since(before, now, result).steps == []
    dearer = in_thousands()
    dearer["costs"][0]["yearly"] = ["2.800", 7428, "7.328", "5,5 mio. kr."]
    other = Case.of(load(write(dearer, "dearer.toml")))
    [step] = since.since(before, other, other.result(Options(draws=64, engine="expected"))).steps
    assert step.difference.value == pytest.approx(-100_000)


# Prices of other years -----------------------------------------------------------------------------------------------

INDEX = {"price_level": 2027, "index": {"2024": 100, "2025": 96, "2027": 108}}


def test_an_amount_of_other_prices_is_moved_by_the_index() -> None:
    assert paid({"yearly": 1_000_000, "price_level": 2024}, money=INDEX) == [1_080_000] * 4
    assert paid({"yearly": 1_000_000, "price_level": 2025}, money=INDEX) == [1_125_000] * 4
    assert paid({"yearly": 1_000_000, "price_level": 2027}, money=INDEX) == [1_000_000] * 4


def test_an_indexation_of_its_own_takes_the_place_of_the_files() -> None:
    money = INDEX | {"indexation": 0.02}
    assert paid({"yearly": 100}, money=money) == pytest.approx([100, 102, 104.04, 106.1208])
    assert paid({"yearly": 100, "indexation": 0}, money=money) == [100] * 4
    assert paid({"yearly": 100, "indexation": 0.1, "price_level": 2024}, money=money) == pytest.approx(
        [108, 118.8, 130.68, 143.748]
    )


def test_the_price_of_a_state_has_both() -> None:
    plain, moved = tree(money=INDEX), tree(money=INDEX | {"indexation": 0.03})
    moved["roles"]["a"]["states"]["benefit"] |= {"price_level": 2024, "indexation": 0.1}
    ours, theirs = line(point_of(moved), "a"), line(point_of(plain), "a")
    assert ours == pytest.approx([1.08 * 1.1**k * amount for k, amount in enumerate(theirs)])


def test_what_others_pay_has_prices_of_its_own(write: Write) -> None:
    lines = [
        {"label": "fund", "yearly": 1000, "price_level": 2024, "indexation": 0.5, "once": 2028},
        {"label": "pool", "yearly": 400, "price_level": 2025},
    ]
    loaded = load(write(tree(money=INDEX, financing=lines)))
    assert not any(problem.path.startswith("money") for problem in loaded.warnings)
    assert point_of(tree(money=INDEX, financing=lines)).financing.tolist() == [
        pytest.approx([0, 1620, 0, 0]),
        pytest.approx([450] * 4),
    ]


def test_an_uncertain_indexation_of_its_own_is_drawn(write: Write) -> None:
    wages = {"value": 0.02, "uncertainty": {"kind": "uniform", "low": 0.01, "high": 0.03}}
    one = budget({"yearly": 1_000_000, "indexation": "wages"}, assumptions={"wages": wages})
    scenario = load(write(one)).scenario
    found = run(scenario, Options(draws=4096, engine="expected", design="lhs")).expected()
    mean = sum(np.mean((1 + np.linspace(0.01, 0.03, 100_001)) ** k) for k in range(4))
    without = run(load(write(tree(), "without.toml")).scenario, Options(engine="point")).point.provenu.sum()
    assert found.value == pytest.approx(without - 1_000_000 * mean, abs=20)


def test_the_year_of_all_prices_is_varied_where_some_are_of_another(write: Write) -> None:
    """1 mio. kr. of 2024 is 1,080,000 of 2027, and 1,500,000 of 2025's 96 are 1,562,500 of 2024's 100."""
    for own, year, costs in ((2024, 2027, 1_080_000), (2025, 2024, 1_562_500)):
        file = write(
            budget(
                {"yearly": 1_000_000 if own == 2024 else 1_500_000, "price_level": own},
                money=INDEX,
                roles={},
                families={},
            )
        )
        found = simulate.sweep(simulate.load(file), {"money.price_level": [year, own]}, draws=16, engine="expected")
        assert found.provenu_mean.values[0].tolist() == pytest.approx(
            [-4 * costs, -4_000_000 if own == 2024 else -6_000_000]
        )
    plain = simulate.load(write(budget({"yearly": 1}, money=INDEX)))
    with pytest.raises(InputError, match="nothing that a sweep tells hangs on it"):
        simulate.sweep(plain, {"money.price_level": [2024, 2025]}, draws=16, engine="expected")


@pytest.mark.parametrize("limit", ["minimum", "maximum"])
def test_limits_that_no_draw_knows_of_are_not_varied(write: Write, limit: str) -> None:
    given = in_thousands()
    given["assumptions"]["price"][limit] = 9 if limit == "minimum" else 12
    with pytest.raises(InputError, match="nothing that a sweep tells hangs on it"):
        simulate.sweep(simulate.load(write(given)), {f"assumptions.price.{limit}": [8, 9]}, draws=16, engine="expected")


# When it is paid -----------------------------------------------------------------------------------------------------


def test_what_is_paid_once() -> None:
    assert paid({"yearly": 1_000_000, "once": 2027}) == [1_000_000, 0, 0, 0]
    assert paid({"yearly": 1_000_000, "once": "2029-11"}, money={"indexation": 0.5}) == [0, 0, 2_250_000, 0]


def test_a_month_holds_all_of_it_whatever_the_periods() -> None:
    one = {"yearly": 120_000, "number": 2, "once": "2028-05"}
    quarters, months = paid(one, "quarter"), paid(one, "month")
    assert (quarters[5], sum(quarters)) == (240_000, 240_000)
    assert (months[16], sum(months)) == (240_000, 240_000)
    spread = paid(one | {"once": 2028}, "month")
    assert spread == pytest.approx([0] * 12 + [20_000] * 12 + [0] * 24)


@pytest.mark.parametrize(("until", "share"), [(24 + 8, 0.0), (24 + 9, 0.5), (24 + 10, 1.0)])
def test_a_programme_that_is_stopped_pays_no_later_month(until: int, share: float) -> None:
    scenario = scenario_of(budget({"yearly": 120_000, "once": "2028-05"}))
    for period in (24, 2):
        accounts = Accounts(Model(scenario, Ending(until, until)), period)
        found = ledger.prices(accounts, Sampler(scenario).point()).budget[0, 0]
        assert -found.sum() == 120_000 * share


def test_years_from_and_to() -> None:
    assert paid({"yearly": 5, "from": 2028, "to": 2029}) == [0, 5, 5, 0]
    assert paid({"yearly": [1, 2, 3], "to": 2029}) == [1, 2, 3, 0]
    assert paid({"yearly": 7, "from": 2030}, money={"indexation": 1}) == [0, 0, 0, 56]


def test_for_each_family_of_some_years() -> None:
    one = {"yearly": 10, "per_family": True, "from": 2028, "to": 2029}
    assert paid(one, families={"f": {"enter": [4, 3, 2, 1], "present": 9}}) == [0, 30, 20, 0]


def test_a_table_by_year() -> None:
    assert paid({"yearly": {"2028": 5, "2030": "1.000 kr."}}) == [0, 5, 0, 1000]
    assert paid({"yearly": 10, "number": {"2027": 2}}) == [20, 0, 0, 0]
    posts = {"posts": {"value": {"2027": 1, "2028": 2, "2029": 4, "2030": 3}}}
    assert paid({"yearly": 10, "number": "posts"}, assumptions=posts) == [10, 20, 40, 30]


def test_a_table_by_year_wherever_a_list_may_stand() -> None:
    years = {"2027": 0.1, "2028": 0.2, "2029": 0.3, "2030": 0.1}
    enter = {"2027": 4, "2028": 5, "2029": 6, "2030": 7}

    def with_(chances: Any, families: Any, months: Any) -> Scenario:
        one = tree(families={"f": {"enter": families, "members": {"a": 1}}})
        one["roles"]["a"]["moves"] = [
            {"from": "benefit", "to": "job", "yearly": {"baseline": chances, "plus": 0.1}},
            {"from": "job", "to": "benefit", "after_months": months},
        ]
        one["roles"]["a"]["states"]["benefit"] = {"monthly": 10000, "refusion": chances}
        return one

    def listed(table: dict[str, float]) -> list[float]:
        return list(table.values())

    ours = point_of(with_(years, enter, {key: 10 * one for key, one in enter.items()}))
    theirs = point_of(with_(listed(years), listed(enter), [10 * one for one in enter.values()]))
    assert np.array_equal(ours.kroner, theirs.kroner)


def test_a_longer_horizon_pays_nothing_that_a_table_does_not_say(write: Write) -> None:
    file = write(budget({"yearly": {"2029": 5, "2030": 7, "2032": 9}}))
    longer = load(file, ["time.years=7"]).scenario
    assert longer.costs[0].yearly == (0, 0, 5, 7, 0, 9, 0)


def test_a_table_is_multiplied_and_a_year_of_it_set(write: Write) -> None:
    file = write(budget({"yearly": {"2028": 5, "2030": "1.000 kr."}}))
    assert load(file, ['costs."line 1".yearly*2']).scenario.costs[0].yearly == (0, 10, 0, 2000)
    assert load(file, ['costs."line 1".yearly.2029=6']).scenario.costs[0].yearly == (0, 5, 6, 1000)


# Whom a family's amount counts ---------------------------------------------------------------------------------------


def test_those_present_are_paid_at_the_start() -> None:
    families = {"f": {"enter": [4, 3, 0, 0], "present": 9}, "g": {"present": 5}}
    one = {"yearly": 10, "per_family": True, "counts": "all"}
    assert paid(one, families=families) == [180, 30, 0, 0]
    assert paid(one | {"families": ["f"]}, families=families) == [130, 30, 0, 0]
    assert paid(one | {"counts": "entering"}, families=families) == [40, 30, 0, 0]
    months = paid(one | {"yearly": 12}, "month", families=families)
    assert (months[0], months[1], sum(months)) == (pytest.approx(12 * 14 + 4), 4, pytest.approx(12 * 21))


@pytest.mark.parametrize("engine", ["lives", "expected"])
def test_each_engine_pays_for_them(write: Write, engine: Any) -> None:
    """9.5 families, rounded at random: a luck of the number alone, whose variance is 0.25 x 1,000² for each type."""
    families = {"f": {"present": 9.5}, "g": {"present": 3.5}}
    one = budget({"yearly": 1000, "per_family": True, "counts": "all"}, families=families)
    one["roles"] = {}
    result = run(load(write(one)).scenario, Options(engine=engine, draws=4096, design="random"))
    assert result.expected().value == -13_000
    accounts = Accounts(Model(result.scenario), model.PERIODS["year"])
    values = Sampler(result.scenario).point()
    found = luck.compute(accounts, model.parameters(accounts.model, values), ledger.prices(accounts, values))
    assert found.expected[0] == pytest.approx(0.5 * 1000**2)


# Portfolios ----------------------------------------------------------------------------------------------------------


def portfolio(*names: str, **parts: Any) -> dict[str, Any]:
    return {
        "format": 1, "title": "All", "language": "en", "time": {"first_year": 2027, "years": 4},
        "programmes": [{"file": f"{name}.toml"} for name in names],
    } | parts  # fmt: skip


def test_programmes_count_in_units_and_prices_of_their_own(write: Write) -> None:
    write(budget({"yearly": "1,5"}, money={"unit": "mio. kr.", "price_level": 2027}), "a.toml")
    write(budget({"yearly": 800, "once": 2028}, money=THOUSANDS | INDEX | {"price_level": 2024}), "b.toml")
    write(budget({"yearly": 70_000}, money={"price_level": 2027}), "c.toml")
    own = {"money": THOUSANDS | {"price_level": 2027}, "costs": [{"label": "own", "yearly": 3}]}
    loaded = load(write(portfolio("a", "b", "c", **own), "p.toml"))
    point = run(loaded.scenario, Options(engine="point")).point
    assert not any("prices of different years" in problem.message for problem in loaded.warnings)
    assert line(point, "own") == [-3000] * 4
    assert line(point, "a: line 1") == [-1_500_000] * 4
    assert line(point, "b: line 1") == pytest.approx([0, -864_000, 0, 0])
    assert line(point, "c: line 1") == [-70_000] * 4
    alone = run(load(write(budget(money=THOUSANDS), "alone.toml")).scenario, Options(engine="point"))
    assert line(point, "b: a") == pytest.approx([1.08 * amount for amount in line(alone.point, "a")])
    assert load_text(write, loaded.source).scenario.costs == loaded.scenario.costs


def test_a_portfolio_says_its_unit_where_it_has_amounts(write: Write) -> None:
    write(budget({"yearly": 5}, money=THOUSANDS), "a.toml")
    assert load(write(portfolio("a"), "p.toml")).scenario.costs[0].yearly == 5000
    with pytest.raises(ScenarioError, match=r"the programmes count their amounts in 1\.000 kr\.") as raised:
        load(write(portfolio("a", costs=[{"label": "own", "yearly": 3}]), "q.toml"))
    assert [problem.path for problem in raised.value.problems] == ["money"]
    with pytest.raises(ScenarioError, match=r"the programmes count their amounts in 1\.000 kr\.") as raised:
        load(write(portfolio("a", financing=[{"label": "own", "yearly": 3}]), "r.toml"))
    assert [problem.path for problem in raised.value.problems] == ["money"]


def test_what_others_pay_and_what_a_person_year_brings_is_moved_to_the_prices_of_a_portfolio(write: Write) -> None:
    """From 100 in 2024 to 108 in 2027."""
    years = [
        {"label": "tax", "role": "a", "state": "job", "yearly": 10_000},
        {"label": "listed", "role": "a", "state": "job", "yearly": [1000, "2.000 kr."]},
        {"label": "by year", "role": "a", "state": "job", "yearly": {"2027": 1, "2028": 2, "2029": 3, "2030": 4}},
        {"label": "named", "role": "a", "state": "job", "yearly": "half/half"},
        {"label": "made", "role": "a", "state": "job", "yearly": "'half/half' * 2 + 100 kr."},
    ]
    given = tree(
        money={"price_level": 2024}, person_years=years, assumptions={"half/half": {"value": 500}},
        financing=[{"label": "pool", "yearly": 300}],
    )  # fmt: skip
    alone = run(load(write(given, "a.toml")).scenario, Options(engine="point")).point
    index = {"price_level": 2027, "index": {"2024": "100,0", "2027": 108}}
    whole = run(load(write(portfolio("a", money=index), "p.toml")).scenario, Options(engine="point")).point
    for label in ("tax", "listed", "by year", "named", "made", "a"):
        assert line(whole, f"a: {label}") == pytest.approx([1.08 * amount for amount in line(alone, label)]), label
    assert whole.financing[0].tolist() == pytest.approx([324] * 4)
    assert alone.financing[0].tolist() == pytest.approx([300] * 4)


def test_index_numbers_of_a_year_are_the_same_in_all(write: Write) -> None:
    write(budget({"yearly": 5}, money=INDEX | {"price_level": 2024}), "a.toml")
    write(budget({"yearly": 5}, money={"price_level": 2027, "index": {"2024": 101, "2027": 108}}), "b.toml")
    with pytest.raises(ScenarioError, match=r"the index number of 2024 is 101 in .*b\.toml and 100 in .*a\.toml"):
        load(write(portfolio("a", "b"), "p.toml"))


def test_what_is_paid_after_the_portfolios_horizon_is_left_out(write: Write) -> None:
    others = [{"label": "pool", "yearly": 7, "once": "2030-02"}, {"label": "fund", "yearly": 8, "from": 2029}]
    write(budget({"yearly": 5, "once": 2030}, {"yearly": 6}, financing=others), "a.toml")
    loaded = load(write(portfolio("a", time={"first_year": 2027, "years": 3}), "p.toml"))
    assert [one.label for one in loaded.scenario.costs] == ["a: line 2"]
    assert [one.label for one in loaded.scenario.financing] == ["a: fund"]
    assert any("a: line 1" in problem.message for problem in loaded.warnings)


def test_amounts_of_a_sweep_in_the_files_unit_are_in_no_doubt(write: Write) -> None:
    case = Case.of(load(write(budget({"yearly": 5}, money=THOUSANDS))))
    for values in ("9; 1500", "9:1500:2", [9, 1500]):
        table = simulate.sweep(case, {'costs."line 1".yearly': values}, draws=64, engine="expected")
        [axis] = [name for name in table.coords if str(name).startswith("costs")]
        assert table[axis].values.tolist() == [9000, 1_500_000]


@pytest.mark.parametrize(
    ("yearly", "assumptions"),
    [
        ("posts * wage", {"posts": {"value": 2}, "wage": {"value": "500 t.kr."}}),
        ("wage * 1,5 - 250.000 kr.", {"wage": {"value": "500 t.kr."}, "posts": {"value": 2}}),
        ("2 * wage", {"wage": {"value": 0.5, "uncertainty": {"kind": "normal", "mean": 0.5, "sd": 0.1}}}),
    ],
)
def test_what_is_calculated_is_in_kroner(yearly: str, assumptions: dict[str, Any]) -> None:
    """The last wage stands by itself on a second line, which says that it is money."""
    rows = [{"yearly": yearly}, {"yearly": "wage"}]
    scale = "mio. kr." if "uncertainty" in assumptions["wage"] else "1.000 kr."
    found = point_of(budget(*rows, money={"unit": scale}, assumptions=assumptions))
    assert [-amount for amount in line(found, "line 1")] == [500_000 if "-" in yearly else 1_000_000] * 4


@pytest.mark.parametrize("yearly", ["posts * wage", "2 * wage", "wage + 20", "max(wage; 5)"])
def test_a_calculation_of_which_it_is_not_known_what_is_money_is_refused(write: Write, yearly: str) -> None:
    """Without the file's unit all numbers are kroner; with it, some of them would be thousands."""
    wage = {"value": "500 t.kr."} if "+" in yearly or "max" in yearly else {"value": 500}
    one = budget({"yearly": yearly}, assumptions={"posts": {"value": 2}, "wage": wage}, money=THOUSANDS)
    with pytest.raises(ScenarioError, match=r"it is not known what in .* is counted in 1"):
        load(write(one))
    load(write(one | {"money": {}}))
