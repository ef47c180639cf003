"""[implementation]: programmes that begin later, reach others than planned, lose some on the way, end early; each against a case done by hand."""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from trees import scenario_of

from simulate import kernels, ledger, measures, model
from simulate.answers.run import of_point
from simulate.engine import Case, run
from simulate.errors import ScenarioError
from simulate.ledger import Accounts
from simulate.model import Model
from simulate.options import Options
from simulate.sampling import Sampler
from simulate.scenario import load, queries
from simulate.scenario.toml_writer import dump
from simulate.studies.annualise import Quarter, annualise
from simulate.studies.structure import structure

PAY = 100  # kroner a month that a family costs until the programme has it


def tree(years: int = 1, **families: Any) -> dict[str, Any]:
    """Families of one person who costs PAY a month, and with the programme nothing from the first moment on."""
    return {
        "format": 1,
        "title": "By hand",
        "language": "en",
        "time": {"first_year": 2020, "years": years},
        "families": {"all": {"enter": 12, "members": {"p": 1}} | families},
        "roles": {
            "p": {
                "start": "on",
                "states": {"on": {"monthly": PAY}, "off": {}},
                "moves": [{"from": "on", "to": "off", "at": "entry", "chance": {"baseline": 0, "programme": 1}}],
            }
        },
    }


def at_point(given: dict[str, Any], **how: Any) -> list[float]:
    """The provenu by year, as the programme is carried out."""
    given = given | ({"implementation": how} if how else {})
    return run(scenario_of(given), Options(engine="point")).point.provenu.tolist()


def lived(given: dict[str, Any], draws: int = 4096, **how: Any) -> np.ndarray:
    """(draw,) the provenu of lives."""
    result = run(scenario_of(given | {"implementation": how}), Options(draws=draws, seed=3, engine="lives"))
    assert result.draws is not None
    return result.draws.columns[measures.TOTAL]


def assert_mean(seen: np.ndarray, expected: float) -> None:
    assert abs(seen.mean() - expected) <= 4.5 * seen.std() / np.sqrt(len(seen)) + 1e-9


# Later ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("later", "months"),
    [
        (0, 72),  # a family in the middle of each month: 11.5 + 10.5 + ... + 0.5
        (6, 18),  # 5.5 + ... + 0.5: the others come after the year
        (6.5, (18 + 12.5) / 2),  # half a month: in each month half of the one and half of the next
        (0.25, 72 - 0.25 * 11.5),
        (12, 0),
        (500, 0),
    ],
)
def test_one_family_a_month_comes_later(later: float, months: float) -> None:
    assert at_point(tree(), start_months_later=later) == pytest.approx([PAY * months], abs=1e-9)
    if 0 < months < 72:
        assert_mean(lived(tree(), start_months_later=later), PAY * months)


@pytest.mark.parametrize(
    ("later", "months"), [(0.25, (12 + 11.5) / 2), (0.5, 11.5), (1, 11), (6, 6), (2.7, 9.3), (11.9, 0.3)]
)
def test_those_present_come_as_much_later(later: float, months: float) -> None:
    """Between the moments of entry, which are the middles of months: on average exactly so much later, but at the very end."""
    given = tree(enter=0, present=10)
    assert at_point(given, start_months_later=later) == pytest.approx([10 * PAY * months], abs=1e-9)
    assert_mean(lived(given, start_months_later=later), 10 * PAY * months)


def test_a_given_month_is_left_by_all_together_where_the_delay_is_whole() -> None:
    given = tree(enter=0, entering=[{"month": "2020-03", "number": 3}])
    assert set(lived(given, 64, start_months_later=4).tolist()) == {3 * PAY * 5.5}
    seen = lived(given, start_months_later=4.25)
    assert set((seen / PAY).round(9)) == {3 * 4.5, 2 * 4.5 + 5.5, 4.5 + 2 * 5.5, 3 * 5.5}
    assert_mean(seen, 3 * PAY * 5.25)


def test_the_same_families_come_later_and_their_number_gets_no_luck() -> None:
    """Of a year's families, whose number is fixed, none is rounded month by month."""
    one = Model(scenario_of(tree(years=2, enter=[7, 0]) | {"implementation": {"start_months_later": 5.5}}))
    given = model.parameters(one, Sampler(one.scenario).point())
    assert model.lived(one, given, 1, 0, 200, 24, ()).entered.sum(axis=2).ravel().tolist() == [7] * 200
    planned = Model(scenario_of(tree(years=2, enter=[7, 0])))
    plan = model.lived(planned, model.parameters(planned, {}), 1, 0, 200, 2, ()).entered[:, 0]
    later = model.lived(one, given, 1, 0, 200, 2, ()).entered[:, 0]
    off = [np.repeat(np.arange(24), row) for row in plan], [np.repeat(np.arange(24), row) for row in later]
    assert all(set((b - a).tolist()) <= {5, 6} for a, b in zip(*off, strict=True))


def test_a_delay_that_is_drawn() -> None:
    """Either on time or half a year late: each draw is one of the two."""
    given = tree() | {"assumptions": {"late": {"value": 0, "uncertainty": {"kind": "choices", "values": [0, 6], "weights": [1, 3]}}}}  # fmt: skip
    result = run(scenario_of(given | {"implementation": {"start_months_later": "late"}}), Options(draws=256, engine="expected"))  # fmt: skip
    assert result.draws is not None
    seen = result.draws.columns[measures.TOTAL]
    assert sorted(set(seen.round(6).tolist())) == [PAY * 18, PAY * 72]
    assert result.point.provenu.sum() == pytest.approx(PAY * 72)


def test_as_planned_to_the_last_bit() -> None:
    """A delay of 0, all of them reached, nobody who drops out: the same lives and the same kroner."""
    given = tree(years=3, enter=[3.3, 4.7], present=2.5, arrivals="poisson")
    how = {"start_months_later": 0, "reached": 1, "drop_out": {"share": 0, "after_months": 3}, "programme_years": 8}
    plain, same = (run(scenario_of(one), Options(draws=64, engine="lives")) for one in (given, given | {"implementation": how}))  # fmt: skip
    assert plain.draws is not None
    assert same.draws is not None
    assert np.array_equal(plain.draws.columns[measures.TOTAL], same.draws.columns[measures.TOTAL])


def test_a_line_for_each_family_follows_who_comes_and_when() -> None:
    given = tree(years=2, enter=[12, 0], present=5)
    given["costs"] = [{"label": "start", "yearly": [10, 1000], "per_family": True}]
    books = of_point(run(scenario_of(given | {"implementation": {"start_months_later": 3}}), Options(engine="point")), load_of(given))  # fmt: skip
    assert books.point.lines["start"].by_year == pytest.approx([-9 * 10, -3 * 1000])  # those present are not among them


def load_of(given: dict[str, Any]) -> Any:
    return Case.of(scenario_of(given)).loaded


# Who comes, and who stays -----------------------------------------------------------------------------------------------


def test_a_share_is_reached() -> None:
    """The families' part is 0.8 of what is planned; the budget's is not."""
    given = tree(years=3, enter=[10, 14], present=3)
    given["costs"] = [{"label": "staff", "yearly": 500}]
    without_costs = np.array(at_point({key: one for key, one in given.items() if key != "costs"}))
    assert at_point(given, reached=0.8) == pytest.approx((0.8 * without_costs - 500).tolist(), abs=1e-9)
    assert at_point(given, reached=1.2) == pytest.approx((1.2 * without_costs - 500).tolist(), abs=1e-9)
    result = run(scenario_of(given | {"implementation": {"reached": 0.8}}), Options(draws=16, engine="expected"))
    assert result.mean().value == pytest.approx(0.8 * without_costs.sum() - 1500, abs=1e-9)


def test_the_share_reached_is_by_the_year_planned() -> None:
    given = tree(years=2)
    by_year = at_point(given, reached=[0.5, 1], start_months_later=6)
    # of the first year's twelve half, from July on; of the second year's all from July on
    assert by_year == pytest.approx([PAY * 9, PAY * (0.5 * (6 * 12) + 0.5 * (11.5 * 6 - 15) + 18)], abs=1e-9)


@pytest.mark.parametrize(("after", "saved"), [(6, 0.7), (12, 0.7), (12.5, 1), (0, 0.7)])
def test_who_drops_out_has_the_chances_of_others(after: float, saved: float) -> None:
    """A move on 1 January of the second year, twelve months after those present entered: a moment exactly then is without effect."""
    given = tree(years=2, enter=0, present=10)
    given["roles"]["p"]["moves"] = [
        {"from": "on", "to": "off", "yearly": {"baseline": 0, "programme": 1}, "timing": "year-start"}
    ]
    how = {"drop_out": {"share": 0.3, "after_months": after}}
    assert at_point(given, **how) == pytest.approx([0, saved * 10 * 12 * PAY], abs=1e-9)
    seen = lived(given, **how)
    if saved < 1:  # one by one: binomial
        assert_mean(seen, saved * 10 * 12 * PAY)
        assert seen.std() == pytest.approx(12 * PAY * np.sqrt(10 * 0.3 * 0.7), rel=0.05)
    else:
        assert set(seen.tolist()) == {10 * 12 * PAY}


def test_luck_of_those_who_drop_out_is_exact() -> None:
    """Ten families that are worth 1200 each with chance 0.7: the moments of a binomial number."""
    given = tree(years=2, enter=0, present=10)
    given["roles"]["p"]["moves"] = [
        {"from": "on", "to": "off", "yearly": {"baseline": 0, "programme": 1}, "timing": "year-start"}
    ]
    found = luck_of(given | {"implementation": {"drop_out": {"share": 0.3, "after_months": 1}}})
    assert found.mean[0] == pytest.approx(1200 * 7)
    assert found.expected[0] == pytest.approx(1200**2 * 10 * 0.3 * 0.7)
    assert found.third[0] == pytest.approx(1200**3 * 10 * 0.7 * 0.3 * (1 - 2 * 0.7))


def test_luck_of_those_who_come_too_late_is_exact() -> None:
    """Twelve families, of whom each comes in one of the six months left with chance 1/2: moments of a sum of independent ones."""
    found = luck_of(tree() | {"implementation": {"start_months_later": 6}})
    worth = PAY * np.array([*(np.arange(6) + 0.5), *[0] * 6])
    mean, off = worth.mean(), worth - worth.mean()
    assert found.mean[0] == pytest.approx(12 * mean)
    assert found.expected[0] == pytest.approx(12 * (off**2).mean())
    assert found.third[0] == pytest.approx(12 * (off**3).mean())


def luck_of(given: dict[str, Any]) -> Any:
    from simulate import ledger, luck
    from simulate.ledger import Accounts

    accounts = Accounts(Model(scenario_of(given)), 24)
    values = Sampler(accounts.model.scenario).point()
    parameters = model.parameters(accounts.model, values)
    return luck.compute(accounts, parameters, ledger.prices(accounts, values), "expected")


# Money ------------------------------------------------------------------------------------------------------------------


def lines(given: dict[str, Any], **how: Any) -> list[float]:
    """The line "c" by year."""
    scenario = scenario_of(given | {"implementation": how})
    return of_point(run(scenario, Options(engine="point")), load_of(given)).point.lines["c"].by_year


@pytest.mark.parametrize(
    ("how", "paid"),
    [
        ({"start_months_later": 6}, [1200, 2400, 0]),
        ({"start_months_later": 6, "costs_wait": True}, [600, 600 + 1200, 1200]),
        ({"start_months_later": 18, "costs_wait": True}, [0, 600, 600 + 1200]),
        ({"start_months_later": 1.5, "costs_wait": True}, [1050, 150 + 2100, 300]),
        ({"programme_years": 1.5}, [1200, 1200, 0]),
        ({"programme_years": 1.5, "start_months_later": 6}, [1200, 1200, 0]),  # the money ends as planned
        ({"programme_years": 1.5, "start_months_later": 6, "costs_wait": True}, [600, 600 + 1200, 0]),
    ],
)
def test_budget_lines_wait_and_end(how: dict[str, Any], paid: list[float]) -> None:
    given = tree(years=3) | {"costs": [{"label": "c", "yearly": [1200, 2400, 0]}]}
    assert lines(given, **how) == pytest.approx([-one for one in paid], abs=1e-9)
    indexed = given | {"money": {"indexation": 0.1}}  # of the year in which it is paid
    assert lines(indexed, **how) == pytest.approx([-one * 1.1**k for k, one in enumerate(paid)], abs=1e-9)


@pytest.mark.parametrize("how", [{"start_months_later": 2.5, "costs_wait": True}, {"programme_years": 1.25}])
def test_half_months_of_what_is_paid_add_up_to_months(how: dict[str, Any]) -> None:
    """Quarters' moves are counted by half-months."""
    given = tree(years=2) | {
        "costs": [{"label": "staff", "yearly": [1200, 2400]}, {"label": "once", "yearly": 50, "once": "2020-05"}]
    }
    one = scenario_of(given | {"implementation": how})
    values = Sampler(one).point()
    halves, months = (ledger.prices(Accounts(Model(one), period), values).budget[0] for period in (1, 2))
    assert halves[:, ::2] + halves[:, 1::2] == pytest.approx(months)
    waits = "costs_wait" in how
    assert months[0, :3].tolist() == pytest.approx([0, 0, -50] if waits else [-100] * 3)
    assert months[1].sum() == -50


@pytest.mark.parametrize("how", [{"programme_years": 2}, {"start_months_later": 0, "costs_wait": True}])
def test_a_quarter_of_a_project_that_ends(how: dict[str, Any]) -> None:
    """What falls on the way is the same as without, where the project outlasts it and nothing waits."""
    given = tree(years=2) | {"costs": [{"label": "staff", "yearly": 1200}]}
    found = [
        annualise(Case.of(scenario_of(one)), Options(draws=64), Quarter(2020, 2))
        for one in (given, given | {"implementation": how})
    ]
    assert (found[0].group, found[0].bias, found[0].within) == (found[1].group, found[1].bias, found[1].within)


def test_places_are_paid_whether_full_or_not() -> None:
    given = tree(years=2)
    given["costs"] = [{"label": "c", "yearly": 1000, "number": 2, "per_place": True}]
    assert lines(given, places=[10, 12], filled=0.75) == [-20000, -24000]
    full, part = at_point(given, places=[10, 12]), at_point(given, places=[10, 12], filled=0.75)
    assert part == pytest.approx([0.75 * (a + b) - b for a, b in zip(full, (20000, 24000), strict=True)], abs=1e-9)


@pytest.mark.parametrize(
    ("how", "families"),
    [
        ({}, [12, 12, 0]),
        ({"start_months_later": 6}, [6, 12, 0]),  # without money nobody enters
        ({"start_months_later": 6, "costs_wait": True}, [6, 12, 6]),
    ],
)
def test_a_project_ends_and_those_helped_are_followed(how: dict[str, Any], families: list[float]) -> None:
    one = Model(scenario_of(tree(years=3) | {"implementation": {"programme_years": 2} | how}))
    given = model.parameters(one, Sampler(one.scenario).point())
    assert model.entered_families(one, given, 24)[0, 0].tolist() == pytest.approx(families, abs=1e-12)
    saved = at_point(tree(years=3), programme_years=2, **how)
    first = 12 * sum(families[:2])  # family-months of those who came before the third year, all of it
    assert saved[2] == pytest.approx(PAY * (first + (72 - 18 if families[2] else 0)), abs=1e-9)


def test_part_of_a_year_has_its_part_of_the_families() -> None:
    one = Model(scenario_of(tree(years=2) | {"implementation": {"programme_years": 1.25}}))
    given = model.parameters(one, Sampler(one.scenario).point())
    by_month = model.entered_families(one, given, 2)[0, 0]
    assert by_month.tolist() == pytest.approx([1.0] * 15 + [0.0] * 9)
    assert model.lived(one, given, 1, 0, 50, 2, ()).entered[:, 0, 15:].sum() == 0


# What is said of it -----------------------------------------------------------------------------------------------------


def written(folder: Path, given: dict[str, Any], name: str = "case") -> Path:
    file = folder / f"{name}.toml"
    file.write_text(dump(given), "utf-8")
    return file


def said(folder: Path, given: dict[str, Any]) -> list[str]:
    return [f"{one.path}: {one.message}" for one in load(written(folder, given), language="en").warnings]


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"start_months_later": 6}, "6 of 12 families come too late, since the horizon has ended by then"),
        ({"start_months_later": 6, "reached": 0.5}, "3 of 6 families come too late, since the horizon"),
        ({"start_months_later": 1, "programme_years": 0.5}, "1 of 6 families come too late, since the project"),
        ({"start_months_later": 3, "programme_years": 0.5, "costs_wait": True}, None),
    ],
)
def test_who_comes_too_late_is_told(tmp_path: Path, how: dict[str, Any], words: str | None) -> None:
    given = tree() | {"implementation": how, "costs": [{"label": "c", "yearly": 5}]}
    late = [one for one in said(tmp_path, given) if "too late" in one]
    assert late == [] if words is None else (len(late) == 1 and late[0].startswith(f"implementation.start_months_later: {words}"))  # fmt: skip


def test_the_papers_figures_are_of_the_plan(tmp_path: Path) -> None:
    """What is run is what is carried out; what is held against the paper is what was planned."""
    how = {"reached": 0.5}
    given = tree() | {"implementation": how, "reported": [{"what": "provenu", "value": 7200}]}
    loaded = load(written(tmp_path, given))
    found = of_point(run(loaded.scenario, Options(engine="point")), loaded)
    assert (found.point.provenu.total, found.point.as_planned.total) == (3600, 7200)
    assert [row.reproduced for row in found.reported] == [True]
    assert found.warnings == []
    plain = {key: one for key, one in given.items() if key != "implementation"}
    assert of_point(run(scenario_of(plain), Options(engine="point")), loaded).point.as_planned is None


def test_places_and_years_of_the_project_are_the_plans_own() -> None:
    how = {"places": 4, "programme_years": 0.5, "filled": 0.5, "start_months_later": 2, "costs_wait": True}
    given = tree() | {"costs": [{"label": "c", "yearly": 1000, "per_place": True}], "implementation": how}
    plan = queries.as_planned(scenario_of(given))
    assert plan.implementation is not None
    assert plan.implementation.model_dump(exclude_defaults=True) == {"places": 4, "programme_years": 0.5}
    assert queries.as_planned(plan) is plan


def test_rows_of_structure() -> None:
    """As planned, and the project's own families followed on."""
    given = tree(years=2) | {"implementation": {"start_months_later": 6}, "costs": [{"label": "c", "yearly": 1000}]}
    found = structure(Case.of(scenario_of(given)), Options(draws=64), horizons=(3, 4))
    ways = {way.name: way.outcome for way in found.ways}
    planned, followed = ways["planned"], ways["followed-4"]
    assert planned is not None
    assert followed is not None
    assert planned.mean.value == pytest.approx(sum(at_point(tree(years=2))) - 2000)
    base = sum(at_point(given, start_months_later=6))
    assert followed.mean.value == pytest.approx(base + PAY * 24 * 18, abs=1e-6)  # the eighteen who came, two years more
    assert "planned" not in {way.name for way in structure(Case.of(scenario_of(tree())), Options(draws=16), horizons=()).ways}  # fmt: skip


# Portfolios, and the command line ---------------------------------------------------------------------------------------


def test_each_programme_of_a_portfolio_is_carried_out_as_its_own_file_says(tmp_path: Path) -> None:
    late = tree() | {"implementation": {"start_months_later": "late", "costs_wait": True}}
    late |= {"assumptions": {"late": {"value": 6}}, "costs": [{"label": "c", "yearly": 1200}]}
    written(tmp_path, late, "late")
    written(tmp_path, tree(), "plain")
    both = {"format": 1, "title": "both", "language": "en", "time": {"first_year": 2020, "years": 1}}
    both |= {"programmes": [{"file": "late.toml"}, {"file": "plain.toml"}], "costs": [{"label": "own", "yearly": 10}]}
    file = written(tmp_path, both, "both")
    whole = load(file)
    total = run(whole.scenario, Options(engine="point")).point.provenu.sum()
    assert total == pytest.approx(PAY * 18 - 600 + PAY * 72 - 10)
    assert whole.scenario.implementations.keys() == {"late"}
    changed = load(file, ["implementations.plain.reached=0.5"])
    assert run(changed.scenario, Options(engine="point")).point.provenu.sum() == pytest.approx(total - PAY * 36)
    again = load(written(tmp_path, tomllib.loads(changed.source), "again"))  # as it is stored
    assert again.scenario.implementations == changed.scenario.implementations
    with pytest.raises(ScenarioError) as caught:
        load(file, ["implementation.reached=0.5"])
    assert "write implementations.late, implementations.plain" in caught.value.problems[0].message
    with pytest.raises(ScenarioError) as caught:
        load(written(tmp_path, both | {"implementation": {"reached": 1}}, "wrong"))
    assert "a portfolio has none of its own" in caught.value.problems[0].message


def test_set_adds_the_table(tmp_path: Path) -> None:
    file = written(tmp_path, tree())
    changes = ["implementation.reached=80 %", "implementation.drop_out.share=0.2", "implementation.drop_out.after_months=0"]  # fmt: skip
    scenario = load(file, changes).scenario
    assert run(scenario, Options(engine="point")).point.provenu.sum() == pytest.approx(0.8 * 0.8 * PAY * 72)
    by_python = Case.of(load(file)).with_({"implementation.reached": 0.8, "implementation.drop_out.share": 0.2, "implementation.drop_out.after_months": 0})  # fmt: skip
    assert by_python.scenario.implementation == scenario.implementation


def test_plain_python_lives_them_alike() -> None:
    how = {"start_months_later": 4.3, "drop_out": {"share": 0.4, "after_months": 2}, "programme_years": 1.5}
    one = Model(scenario_of(tree(years=2, present=3) | {"implementation": how}))
    given = model.parameters(one, Sampler(one.scenario).point())
    fast, slow = (model.lived(one, given, 5, 0, 8, 6, compiled=compiled) for compiled in (True, False))
    assert np.array_equal(fast.programme.months, slow.programme.months)
    assert np.array_equal(fast.entered, slow.entered)
    programme, _ = model.expected(one, given, 1, 24, kernels.load("expected"))
    many = model.lived(one, given, 5, 0, 4000, 24, ()).programme.months.sum(axis=(1, 2))
    assert_mean(many, float(programme.months.sum()))
