"""Numbers reckoned from assumptions, through everything that reads a number: draws, points, variants, thresholds, portfolios, workbooks."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_prices import alike, grid
from trees import assert_identical

from simulate import locale, point
from simulate.answers import check
from simulate.engine import Case, Priced, Samples
from simulate.errors import InputError, ScenarioError
from simulate.ledger import Accounts
from simulate.model import PERIODS, Model, Numbers
from simulate.options import Options
from simulate.sampling import Chunk, Sampler
from simulate.scenario import Loaded, kinds, load, queries
from simulate.scenario.adjustable import movable, named
from simulate.scenario.differences import differences, renamed
from simulate.scenario.expressions import Name

DRAWS = 256

FILE = """format = 1
title = "Family care in place of institutions"
language = "en"
[time]
first_year = 2027
years = 4
[assumptions.placed]
value = "8 %"
uncertainty = {{ kind = "uniform", low = 0.04, high = 0.12 }}
[assumptions."in an institution"]
value = "50 %"
uncertainty = {{ kind = "pert", low = 0.4, mode = 0.5, high = 0.7 }}
[assumptions.price]
value = "1.000.000 kr."
uncertainty = {{ kind = "lognormal", relative_sd = 0.2 }}
[assumptions.relative]
value = 0.5
[assumptions.posts]
value = [1, 2, 4]
[assumptions.wage]
value = "500.000 kr."
uncertainty = {{ kind = "uniform", low = 400000, high = 600000 }}
each_year = true
{more}
[families.f]
present = 20
enter = {enter}
members = {{ child = 2 }}
[roles.child]
start = "home"
[roles.child.states]
home = {{ yearly = 0 }}
foster = {{ yearly = {foster} }}
institution = {{ yearly = "price", refusion = {refusion} }}
[[roles.child.moves]]
from = "home"
to = "foster"
yearly = {{ baseline = {to_foster}, times = 0.7 }}
[[roles.child.moves]]
from = "home"
to = "institution"
yearly = {{ baseline = {to_institution}, {effect} }}
[[roles.child.moves]]
from = "institution"
to = "home"
after_months = {stay}
[[costs]]
label = "Team"
number = {number}
yearly = {yearly}
"""
USUAL = {
    "more": "",
    "enter": "10",
    "foster": '"price * relative"',
    "refusion": "0.2",
    "to_foster": "\"placed * (1 - 'in an institution')\"",
    "to_institution": "\"placed * 'in an institution'\"",
    "effect": "times = 0.5",
    "stay": "18",
    "number": '"posts"',
    "yearly": '"wage * 1,1 + 20.000 kr."',
}


def loaded(folder: Path, *changes: str, **parts: str) -> Loaded:
    file = folder / "case.toml"
    file.write_text(FILE.format(**(USUAL | parts)), "utf-8")
    return load(file, changes)


def case_of(folder: Path, *changes: str, **parts: str) -> Case:
    return Case.of(loaded(folder, *changes, **parts))


def options(case: Case, **how: Any) -> Options:
    return Options.of(case.scenario, **{"draws": DRAWS, **how})


def drawn(case: Case) -> Numbers:
    values = case.sampler.draw("sobol", 1, Chunk(0, DRAWS, DRAWS // 16))
    return Numbers(case.model, values)


def provenu(case: Case) -> float:
    accounts = Accounts(case.model, PERIODS["year"])
    return float(point.compute(accounts, case.sampler.point()).provenu.sum())


# Draws and points -----------------------------------------------------------------------------------------------------


def test_a_place_has_in_every_draw_what_its_parts_make(tmp_path: Path) -> None:
    numbers = drawn(case_of(tmp_path))
    placed, within, price, wage = (numbers.values[name] for name in ("placed", "in an institution", "price", "wage"))
    moves = ("roles", "child", "moves")
    np.testing.assert_array_equal(numbers.get(*moves, 1, "yearly", "baseline")[:, [0]], placed * within)
    np.testing.assert_array_equal(numbers.get(*moves, 0, "yearly", "baseline")[:, [3]], placed * (1 - within))
    np.testing.assert_array_equal(numbers.get("roles", "child", "states", "foster", "yearly")[:, [1]], price * 0.5)
    np.testing.assert_array_equal(numbers.get("costs", 0, "yearly"), wage * 1.1 + 20000)
    assert np.std(wage[:, 0] - wage[:, 1]) > 0


def test_twice_a_number_is_a_number_twice_as_large_to_the_last_bit(tmp_path: Path) -> None:
    """A uniform number between twice the limits, drawn in the same column."""
    plain = case_of(tmp_path, to_institution='"placed"', to_foster="0.05")
    half = '[assumptions.half]\nvalue = "4 %"\nuncertainty = { kind = "uniform", low = 0.02, high = 0.06 }'
    wide = FILE.format(**(USUAL | {"to_institution": '"2 * half"', "to_foster": "0.05"}))
    wide = wide.replace(
        '[assumptions.placed]\nvalue = "8 %"\nuncertainty = { kind = "uniform", low = 0.04, high = 0.12 }', half
    )
    (tmp_path / "wide.toml").write_text(wide, "utf-8")
    other = Case.of(load(tmp_path / "wide.toml"))
    for engine in ("lives", "expected"):
        one, two = (each.result(options(each, engine=engine)) for each in (plain, other))
        assert one.mean().value == two.mean().value
        assert one.chance().value == two.chance().value


def test_what_is_made_of_others_is_the_same_as_what_stands_in_its_place(tmp_path: Path) -> None:
    made = '[assumptions.foster]\nvalue = "price * relative"\n[assumptions.team]\nvalue = "wage * 1,1 + extra"\n[assumptions.extra]\nvalue = "20.000 kr."'
    one = case_of(tmp_path)
    other = case_of(tmp_path, more=made, foster='"foster"', yearly='"team"')
    assert provenu(one) == provenu(other)
    assert_identical(one.result(options(one)), other.result(options(other)))


def test_the_point_is_that_of_the_numbers_written_out(tmp_path: Path) -> None:
    out = {
        "foster": "500000",
        "to_foster": "0.04",
        "to_institution": "0.04",
        "yearly": "570000",
        "effect": "minus = 0.02",
    }
    assert provenu(case_of(tmp_path, effect='minus = "placed / 4"')) == pytest.approx(
        provenu(case_of(tmp_path, **out)), rel=1e-12
    )


def test_by_year_where_the_parts_are(tmp_path: Path) -> None:
    case = case_of(
        tmp_path, more='[assumptions.team]\nvalue = ["posts * 2", "posts + 1", 7]', number='"max(posts; team - 1)"'
    )
    assert case.scenario.assumptions["team"].value == (2.0, 3.0, 7.0, 7.0)
    assert drawn(case).get("costs", 0, "number").tolist() == [[1.0, 2.0, 6.0, 6.0]]


# What is held, scaled, changed ------------------------------------------------------------------------------------------


def test_a_part_that_is_held_or_scaled_counts_as_it_is(tmp_path: Path) -> None:
    more = '[assumptions.foster]\nvalue = "price * relative"'
    held = case_of(tmp_path, "price=800000", more=more, foster='"foster"')
    assert held.scenario.assumptions["foster"].value == 400000
    scaled = case_of(tmp_path, "price*1.5", more=more, foster='"foster"')
    assert scaled.scenario.assumptions["foster"].value == 750000
    plain = case_of(tmp_path, more=more, foster='"foster"')
    path = ("roles", "child", "states", "foster", "yearly")
    np.testing.assert_array_equal(drawn(scaled).get(*path), drawn(plain).get(*path) * 1.5)
    np.testing.assert_array_equal(drawn(held).get(*path), np.full((1, 4), 400000.0))
    for each, changed in ((held, {"price": 800000.0}), (scaled, {"assumptions.price.scale": 1.5})):
        assert_identical(each.result(options(each)), plain.with_(changed).result(options(each)))
    by_value = plain.held({"price": 800000.0})
    np.testing.assert_array_equal(drawn(by_value).get(*path), np.full((1, 4), 400000.0))


def test_what_is_made_of_others_can_be_held_and_changed_itself(tmp_path: Path) -> None:
    more = '[assumptions.foster]\nvalue = "price * relative"'
    plain = case_of(tmp_path, more=more, foster='"foster"')
    path = ("roles", "child", "states", "foster", "yearly")
    assert drawn(plain.held({"foster": 300000.0})).get(*path).tolist() == [[300000.0] * 4]
    assert drawn(plain.with_({"foster": 300000.0})).get(*path).tolist() == [[300000.0] * 4]
    assert_identical(
        case_of(tmp_path, "foster=300000", more=more, foster='"foster"').result(options(plain)),
        plain.with_({"foster": 300000.0}).result(options(plain)),
    )
    times = loaded(tmp_path, "foster*1.125", more=more, foster='"foster"')
    assert 'value = "(price * relative) * 1.1250"' in times.source
    np.testing.assert_array_equal(drawn(Case.of(times)).get(*path), drawn(plain).get(*path) * 1.125)
    again = loaded(tmp_path, "foster*1.1", "foster*2", more=more, foster='"foster"')
    assert again.scenario.assumptions["foster"].value == 500000 * 1.1 * 2


def test_a_calculation_can_be_set(tmp_path: Path) -> None:
    found = loaded(tmp_path, "relative=placed * 5", 'costs.Team.yearly="min(wage; 450.000 kr.)"')
    assert found.scenario.assumptions["relative"].value == pytest.approx(0.4)
    assert queries.at_year(found.scenario.costs[0].yearly, 0, found.scenario) == 450000
    with locale.speaking("en"), pytest.raises(ScenarioError, match="no assumption is called"):
        loaded(tmp_path, "costs.Team.yearly=wgae * 2")
    with locale.speaking("en"), pytest.raises(InputError, match="cannot be multiplied"):
        loaded(tmp_path, "costs.Team.yearly*2")


# Clipping ---------------------------------------------------------------------------------------------------------------


def test_draws_beyond_the_limits_are_clipped_and_told_by_the_path(tmp_path: Path) -> None:
    case = case_of(tmp_path, refusion="\"1,9 - 3,2 * 'in an institution'\"")
    numbers = drawn(case)
    found = numbers.get("roles", "child", "states", "institution", "refusion")
    right = 1.9 - 3.2 * numbers.values["in an institution"]
    np.testing.assert_array_equal(found[:, [0]], np.clip(right, 0, 1))
    beyond = int(((right < 0) | (right > 1)).sum())
    assert 0 < beyond < DRAWS
    assert numbers.clipped["roles.child.states.institution.refusion"].sum() == beyond
    told = case.result(options(case)).clipped
    assert told["roles.child.states.institution.refusion"] > 0


def test_a_division_by_zero_in_draws_is_told(tmp_path: Path) -> None:
    more = (
        '[assumptions.count]\nvalue = 2\nuncertainty = { kind = "choices", values = [0, 2], weights = [1, 3] }\n'
        '[assumptions.each]\nvalue = "posts / count"'
    )
    case = case_of(tmp_path, more=more, number='"min(each; 3)"')
    numbers = drawn(case)
    zero = numbers.values["count"][:, 0] == 0
    found = numbers.get("costs", 0, "number")
    assert (found[zero] == 3).all()
    assert (found[~zero] == [0.5, 1, 2, 2]).all()
    np.testing.assert_array_equal(numbers.clipped["assumptions.each"], zero)
    result = case.result(options(case))
    assert result.clipped["assumptions.each"] == zero.sum() == DRAWS / 4
    there = drawn(case_of(tmp_path, more=more, number='"min(posts / count; 3)"'))
    there.get("costs", 0, "number")
    np.testing.assert_array_equal(there.clipped["costs.Team.number"], zero)


# What hangs on what -----------------------------------------------------------------------------------------------------


def test_lives_hang_on_what_is_behind_a_calculation(tmp_path: Path) -> None:
    more = '[assumptions.share]\nvalue = "placed * rest"\n[assumptions.rest]\nvalue = "1 - \'in an institution\'"'
    case = case_of(tmp_path, more=more, to_foster='"share"')
    driving = queries.driving_lives(case.scenario)
    assert {"placed", "in an institution", "share", "rest"} <= driving
    assert not {"price", "relative", "wage"} & driving
    assert case.drives_lives("rest")
    assert not case.drives_lives("relative")
    assert case.certain_number("relative") == 0.5
    assert case.certain_number("share") is None
    assert case.held({"placed": 0.1, "in an institution": 0.5}).certain_number("share") is None


def test_circles_and_depth(tmp_path: Path) -> None:
    chain = '[assumptions.c0]\nvalue = "relative * 1"\n' + "".join(
        f'[assumptions.c{i}]\nvalue = "c{i - 1} + 0"\n' for i in range(1, 900)
    )
    case = case_of(tmp_path, more=chain, foster='"price * c899"')
    assert case.scenario.assumptions["c899"].value == 0.5
    assert drawn(case).get("roles", "child", "states", "foster", "yearly").shape == (DRAWS, 4)


def test_thresholds_of_a_part_of_what_is_made_and_of_a_place(tmp_path: Path) -> None:
    more = '[assumptions.foster]\nvalue = "price * relative"'
    found = loaded(tmp_path, more=more, foster='"foster"', refusion='"1 - relative"')
    one = movable(found.scenario, "relative")
    assert (one.assumed, one.low, one.high) == (0.5, 0.0, 1.0)
    made = movable(found.scenario, "foster")
    assert made.assumed == 500000
    assert made.usage == "money"
    assert made.distribution is None
    scenario, name, stands = named(found, "costs.Team.yearly")
    assert scenario.assumptions[name].value == 570000.0
    assert stands == "wage * 1,1 + 20.000 kr."
    placed = movable(found.scenario, "in an institution")
    assert placed.high == pytest.approx(1.0)
    assert placed.low == pytest.approx(0.0)


def test_what_figures_are_written_as(tmp_path: Path) -> None:
    more = (
        '[assumptions.foster]\nvalue = "rate * relative"\n[assumptions.rate]\nvalue = 900000\n[assumptions.rest]\nvalue = 0.02\n'
        "[assumptions.months]\nvalue = 12\n"
    )
    found = loaded(tmp_path, more=more, foster='"foster"', to_foster='"placed - rest"', stay='"months + 6"')
    usages = kinds.usages(found.scenario)
    wanted = {
        "foster": "money",
        "price": "money",
        "wage": "money",
        "placed": "share",
        "rest": "share",
        "posts": "count",
        "months": "count",
    }
    assert {name: usages[name] for name in wanted} == wanted
    assert usages["in an institution"] == "share"


# Variants ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["lives", "expected"])
@pytest.mark.parametrize(
    ("parts", "is_told"),
    [
        ({}, True),
        (
            {"yearly": '"(wage + extra) * (1 + extra / 1.000.000 kr.)"', "more": "[assumptions.extra]\nvalue = 20000"},
            True,
        ),
        ({"yearly": '"max(wage; 480.000 kr. * relative * 2)"'}, False),
        ({"refusion": "\"relative * 3 * 'in an institution' - 0,2\""}, False),
        ({"yearly": '"wage / relative"'}, False),
        ({"foster": '"foster"', "more": '[assumptions.foster]\nvalue = "price * relative * relative"'}, True),
    ],
    ids=["product", "quadratic", "max", "clipped", "quotient", "made"],
)
def test_variants_are_what_runs_of_their_own_are(
    tmp_path: Path, engine: str, parts: dict[str, str], is_told: bool
) -> None:
    case = case_of(tmp_path, **parts)
    other = "extra" if "extra" in parts.get("more", "") else "price"
    values = [0.0, 20000.0, 60000.0] if other == "extra" else [800000.0, 1000000.0, 1300000.0]
    cells = [dict(cell) for cell in grid(relative=[0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7], **{other: values})]
    how = options(case, engine=engine, draws=128)
    told = Priced.of(case, cells, how, Samples(10**8))
    assert all(map(told.is_told, cells)) == is_told
    for cell in cells[::4]:
        alike(told.run(cell), case.with_(cell).result(how))


# Portfolios, comparisons, answers ---------------------------------------------------------------------------------------


def test_in_a_portfolio_the_names_in_calculations_have_the_programmes_name(tmp_path: Path) -> None:
    own = loaded(tmp_path, more='[assumptions.foster]\nvalue = "price * relative"', foster='"foster"')
    (tmp_path / "both.toml").write_text(
        'format = 1\ntitle = "Both"\nlanguage = "en"\nshared = ["price"]\n[time]\nfirst_year = 2027\nyears = 4\n'
        '[[programmes]]\nfile = "case.toml"\nname = "O\'Hara: x"\nnumber = 2\n'.replace(": x", "")
        + '[[costs]]\nlabel = "Office"\nyearly = "price / 4"\n',
        "utf-8",
    )
    both = load(tmp_path / "both.toml")
    assumption = both.scenario.assumptions["O'Hara 2: foster"]
    assert assumption.formula.names == {Name("price"): None, Name("O'Hara 2: relative"): None}
    accounts = Accounts(Model(both.scenario), PERIODS["year"])
    whole = point.compute(accounts, Sampler(both.scenario).point())
    assert whole.provenu.sum() == pytest.approx(2 * provenu(Case.of(own)) - 4 * 250000, rel=1e-12)


def test_a_shared_assumption_is_made_of_shared_ones(tmp_path: Path) -> None:
    loaded(tmp_path, more='[assumptions.foster]\nvalue = "price * relative"', foster='"foster"')
    (tmp_path / "both.toml").write_text(
        'format = 1\ntitle = "Both"\nlanguage = "en"\nshared = ["foster", "price"]\n[time]\nfirst_year = 2027\nyears = 4\n'
        '[[programmes]]\nfile = "case.toml"\nnumber = 2\n',
        "utf-8",
    )
    with pytest.raises(ScenarioError, match='"foster" is made of "relative"'):
        load(tmp_path / "both.toml")


def test_another_name_is_no_difference_in_a_calculation_either() -> None:
    old = {
        "assumptions": {"a": {"value": 1}, "b": {"value": "a * 2"}},
        "costs": [{"label": "x", "yearly": "a * 3 + b"}],
    }
    new = {
        "assumptions": {"c d": {"value": 1}, "b": {"value": "'c d' * 2"}},
        "costs": [{"label": "x", "yearly": "'c d' * 3 + b"}],
    }
    assert differences(renamed(old, new), new) == []


def test_what_check_shows_of_a_calculation(tmp_path: Path) -> None:
    found = loaded(
        tmp_path, more='[assumptions.foster]\nvalue = "price * relative"\nlabel = "Foster"', foster='"foster"'
    )
    one = next(one for one in check.assumptions(found.scenario) if one.name == "foster")
    assert one.formula == "price * relative"
    assert one.usage == "money"
    assert one.value == 500000
    assert one.distribution is not None
    sd = 0.2 * 500000
    assert abs(one.distribution.mean - 500000) < 4.5 * sd / math.sqrt(8192)
    assert one.distribution.percentiles[50] == pytest.approx(500000 / math.sqrt(1.04), rel=0.01)
    assert sum(one.distribution.histogram.shares) == pytest.approx(0.99, abs=0.001)
    shown = {each.formula: each for each in check.calculations(found.scenario, {})}
    team = shown["wage * 1,1 + 20.000 kr."]
    assert team.values == [570000.0] * 4
    assert team.distribution is not None
    assert team.distribution.percentiles[5] == pytest.approx(1.1 * 410000 + 20000, rel=0.005)
    placed = shown["placed * 'in an institution'"].distribution
    assert placed is not None
    assert placed.mean == pytest.approx(0.08 * (0.4 + 4 * 0.5 + 0.7) / 6, rel=0.01)


# A case of a paper --------------------------------------------------------------------------------------------------------

PAPER = """format = 1
title = "Plejefamilier"
[time]
first_year = 2021
years = 3
[assumptions.risiko]
value = "5 %"
uncertainty = { kind = "beta", successes = 20, failures = 380 }
[assumptions.andel]
value = "40 %"
uncertainty = { kind = "pert", low = "30 %", mode = "40 %", high = "50 %" }
[assumptions."døgnpris pr. år"]
value = "900 t.kr."
[families.f]
present = 100
members = { barn = 1 }
[roles.barn]
start = "hjemme"
[roles.barn.states]
hjemme = { yearly = 0 }
pleje = { yearly = "'døgnpris pr. år' * 45 %" }
institution = { yearly = "døgnpris pr. år" }
[[roles.barn.moves]]
from = "hjemme"
to = "institution"
yearly = { baseline = "risiko*andel", programme = "risiko × andel · 0,5" }
[[roles.barn.moves]]
from = "hjemme"
to = "pleje"
yearly = "risiko*(1 - andel)"
"""


def test_a_share_of_a_risk_by_hand(tmp_path: Path) -> None:
    """Competing exits with monthly hazards -log(1 - p)/12: 2 and 1 % to an institution, 3 % to foster care."""
    (tmp_path / "paper.toml").write_text(PAPER, "utf-8")
    found = load(tmp_path / "paper.toml")
    rates = [[-math.log1p(-share) / 12 for share in (one, 0.03)] for one in (0.02, 0.01)]
    saved = 0.0
    for (institution, foster), sign in zip(rates, (1, -1), strict=True):
        for month in range(36):  # who leaves in the middle of a month costs for what is left of the horizon
            home = math.exp(-(institution + foster) * month)
            gone = home * -math.expm1(-(institution + foster))
            cost = (900000 * institution + 405000 * foster) / (institution + foster)
            saved += sign * 100 * gone * cost * (36 - month - 0.5) / 12
    assert provenu(Case.of(found)) == pytest.approx(saved, rel=1e-9)
