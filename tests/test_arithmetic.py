"""What every krone of the business case is made of, and a sample of the draws."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulate import measures
from simulate.answers import arithmetic, sample
from simulate.answers.arithmetic import Arithmetic, Given, Outright, Term
from simulate.engine import Result, run
from simulate.options import Options
from simulate.sampling import Sampler
from simulate.scenario import load

ROOT = Path(__file__).parents[1]
FILES = [*sorted((ROOT / "scenarios").glob("*.toml")), *sorted((ROOT / "tests" / "cases").glob("*.toml"))]


def result(path: Path, changes: list[str] | None = None, **how: Any) -> Result:
    loaded = load(path, changes or [])
    return run(loaded.scenario, Options.of(loaded.scenario, **how))


def of(found: Result) -> Arithmetic:
    return arithmetic.of(found.point, Sampler(found.scenario).point())


def index_of(of: Term | Outright, one: Arithmetic, year: int) -> float:
    level = 1.0 if of.level is None else of.level.of_wanted / of.level.of_own
    return level * (1 + (of.indexation or one.indexation).values[year]) ** year


def fewer(found: Result, term: Term) -> list[float]:
    """Person-years that the programme saves, by period: of a step of weeks as the term has them, else as people see them."""
    if term.baseline is not None and term.programme is not None:
        return [before - after for before, after in zip(term.baseline, term.programme, strict=True)]
    state = found.point.accounts.model.states.index((term.role, term.state))
    return ((found.point.baseline.months[0, state] - found.point.programme.months[0, state]) / 12).tolist()


def test_the_steps_of_a_state_are_together_its_person_years() -> None:
    found = result(ROOT / "scenarios" / "sygemeldte-samlet-indsats.toml", engine="point")
    terms = of(found).terms
    assert {len([term for term in terms if term.state == state]) for state in ("sygedagpenge", "jobafklaring")} == {4}
    for i, (role, state) in enumerate(found.point.accounts.model.states):
        less = (found.point.baseline.months[0, i] - found.point.programme.months[0, i]) / 12
        own = [fewer(found, term) for term in terms if (term.role, term.state) == (role, state)]
        assert np.sum(own, axis=0) == pytest.approx(less, abs=1e-9)


def worked_out(one: Arithmetic, found: Result) -> dict[str, list[float]]:
    """Line → kroner by period, from nothing but what the answer says of it and the person-years."""
    point = found.point
    kroner: dict[str, list[float]] = {line.label: [0.0] * len(one.years) for line in point.accounts.lines}
    for p, year in enumerate(one.years):
        common = (1 + one.indexation.values[year]) ** year
        for term in one.terms:
            index = index_of(term, one, year)
            less = fewer(found, term)[p]
            price = term.monthly.values[year] if term.monthly else 0.0
            if term.yearly:
                price = term.yearly.values[year] / one.months
            others = sum(share.values[year] for share in term.shares.values())
            kroner[term.line][p] += less * one.months * price * (1 - term.refusion.values[year] - others) * index
        for line in one.for_person_years:
            if p >= line.lag:
                state = point.accounts.model.states.index((line.role, line.state))
                months = (arm.months[0, state, p - line.lag] for arm in (point.programme, point.baseline))
                more = next(months) - next(months)
                kroner[line.line][p] += more / 12 * line.yearly.values[year] * common
        for line in one.outright:
            times = (line.parts or one.parts)[p] if line.families is None else line.families[p]
            index = index_of(line, one, year)
            sign = -1 if line.kind == "costs" else 1
            kroner[line.line][p] += sign * line.number.values[year] * line.yearly.values[year] * times * index
    return kroner


@pytest.mark.parametrize("period", ["year", "month"])
@pytest.mark.parametrize("path", FILES, ids=[file.stem for file in FILES])
def test_the_kroner_of_every_line_follow_from_it(path: Path, period: str) -> None:
    found = result(path, engine="point", period=period)
    one = of(found)
    kroner = worked_out(one, found)
    for i, line in enumerate(found.point.accounts.lines):
        assert kroner[line.label] == pytest.approx(found.point.kroner[0, i].tolist(), abs=1e-6)
        terms = [term.amounts for term in one.terms if term.line == line.label]
        if terms:
            assert np.sum(terms, axis=0) == pytest.approx(found.point.kroner[0, i], abs=1e-6)


def test_what_is_changed_on_the_command_line_is_what_counts() -> None:
    found = result(ROOT / "scenarios" / "silkeborg.toml", ["benefit=12000", "money.indexation=0.02"], engine="point")
    one = of(found)
    assert one.indexation.values == [0.02] * 5
    [price] = [term.monthly for term in one.terms if term.state == "kontanthjælp"]
    assert price is not None
    assert price.values == [12000] * 5
    assert price.assumptions == ["benefit"] * 5
    assert [sum(column) for column in zip(*worked_out(one, found).values(), strict=True)] == pytest.approx(
        found.point.provenu.tolist()
    )


def test_numbers_by_year_say_which_of_them_are_assumptions(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text("""
format = 1
title = "By year"
[time]
first_year = 2020
years = 4
[assumptions.staff]
value = [2, 3]
[families.one]
[[costs]]
label = "Staff"
number = [1, "staff", 7]
yearly = 100
""")
    [line] = of(result(path, engine="point")).outright
    assert line.number == Given("costs.Staff.number", [1, 3, 7, 7], [None, "staff", None, None], [None] * 4)


def test_the_papers_figures_may_be_off_by_half_a_unit_of_what_it_writes() -> None:
    one = of(result(ROOT / "scenarios" / "silkeborg.toml", engine="point"))
    assert set(one.within) == {0.5, 0.05, 0.005}


def drawn(found: Result) -> Iterator[tuple[str, np.ndarray]]:
    yield from found.assumptions().items()


@pytest.mark.parametrize("engine", ["lives", "expected"])
def test_the_sample_is_of_the_draws(engine: str) -> None:
    found = result(ROOT / "scenarios" / "silkeborg.toml", engine=engine, draws=16 * 32)
    one = sample.of(found)
    assert found.draws is not None
    assert one.draws == [32 * block + draw for block in range(16) for draw in range(13)]
    assert one.luck == (engine == "lives")
    assert one.provenu == found.draws.columns[measures.TOTAL][one.draws].tolist()
    assert np.sum(one.by_year, axis=0) == pytest.approx(one.provenu)
    assert set(one.assumptions) == {name for name, _ in drawn(found)}
    for name, values in drawn(found):
        assert one.assumptions[name] == values[one.draws].tolist()


def test_fewer_draws_than_a_sample_are_all_in_it() -> None:
    one = sample.of(result(ROOT / "scenarios" / "silkeborg.toml", draws=32))
    assert one.draws == list(range(32))
