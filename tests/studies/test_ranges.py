"""Result, minimum and maximum with one assumption at a time: by hand, and against runs of a file in which it is changed."""

import copy
from pathlib import Path
from typing import Any

import pytest

from simulate.analysis.precision import STUDENT
from simulate.answers import ranges as answers
from simulate.engine import Case
from simulate.engine.case import run
from simulate.options import Options
from simulate.reports import ranges as words
from simulate.scenario import Loaded, load
from simulate.studies import sensitivity
from simulate.studies.ranges import Range, Ranges
from simulate.studies.structure import structure

SILKEBORG = Path(__file__).parents[2] / "scenarios" / "silkeborg.toml"
BASE = """
format = 1
title = "Ranges"
language = "en"
[time]
first_year = 2020
years = 2
[assumptions.price]
value = 1000
uncertainty = {{ kind = "uniform", low = 900, high = 1900 }}
{price}
[assumptions.share]
value = 0.5
{share}
[assumptions.posts]
value = [1, 2]
{posts}
[families.one]
present = 10
members = {{ adult = 1 }}
[roles.adult]
start = "benefit"
states = {{ benefit = {{ monthly = "price" }}, job = {{}} }}
moves = [{{ from = "benefit", to = "job", at = "entry", chance = {{ baseline = 0, programme = "share" }} }}]
[[costs]]
label = "Staff"
yearly = 30000
number = "posts"
"""
RESULT = 10 * 0.5 * 12 * 1000 * 2 - 3 * 30_000


def loaded(folder: Path, price: str = "", share: str = "", posts: str = "", changes: Any = ()) -> Loaded:
    (folder / "t.toml").write_text(BASE.format(price=price, share=share, posts=posts), "utf-8")
    return load(folder / "t.toml", changes)


def found(one: Loaded, **how: Any) -> Ranges:
    return structure(Case.of(one), Options(**{"draws": 256, **how}), horizons=()).ranges


def by_name(given: Ranges) -> dict[tuple[str, str], Range]:
    return {(one.assumption, one.limits): one for one in given.rows}


def test_by_hand(tmp_path: Path) -> None:
    one = loaded(tmp_path, "minimum = 500", "minimum = 0.2\nmaximum = '60 %'", "maximum = [1, 4]")
    every = found(one)
    assert every.at_values == pytest.approx(RESULT)
    rows = by_name(every)
    of_price, of_share = (lambda price: 120 * price - 90_000), (lambda share: 240_000 * share - 90_000)
    ends = {
        ("price", "percentiles"): (of_price(950), of_price(1850)),
        ("price", "file"): (of_price(500), of_price(1850)),  # no maximum: where it is in 95 of 100 courses
        ("share", "file"): (of_share(0.2), of_share(0.6)),
        ("posts", "file"): (RESULT, RESULT - 2 * 30_000),  # no minimum, nor uncertain: the value
    }
    assert rows.keys() == ends.keys()
    for key, (low, high) in ends.items():
        assert rows[key].low.at_values == pytest.approx(low)
        assert rows[key].high.at_values == pytest.approx(high)
    assert [(one.assumption, one.limits) for one in every.rows] == sorted(
        ends, key=lambda key: -(max(*ends[key], RESULT) - min(*ends[key], RESULT))
    )


def test_expected_is_linear_in_what_is_linear(tmp_path: Path) -> None:
    """The mean of the price is 1,400, whatever its value; a row of another assumption is expected at that."""
    rows = by_name(found(loaded(tmp_path, share="minimum = 0.2\nmaximum = 0.6")))
    row = rows["share", "file"]
    for end, share in ((row.low, 0.2), (row.high, 0.6)):
        expected = 10 * share * 12 * 1400 * 2 - 90_000
        assert abs(end.expected.value - expected) <= STUDENT * end.expected.error + 1e-6
    price = rows["price", "percentiles"]
    assert price.low.expected.value == pytest.approx(price.low.at_values)  # nothing else is uncertain


def test_expected_ends_are_those_of_a_run_with_the_assumption_held() -> None:
    """As uncertain as all others are: the mean of a run of the file with `--set`."""
    every = structure(Case.of(load(SILKEBORG)), Options(draws=4096), horizons=()).ranges
    for row in every.rows[:3]:
        for end in (row.low, row.high):
            value = end.values.tolist()
            changed = load(SILKEBORG, [f"{row.assumption}={value if len(value) > 1 else repr(value[0])}"])
            theirs = run(changed.scenario, Options(draws=4096)).mean()
            off = abs(end.expected.value - theirs.value)
            assert off < 4.5 * (end.expected.error**2 + theirs.error**2) ** 0.5


def test_percentiles_are_those_of_the_tornado() -> None:
    case, options = Case.of(load(SILKEBORG)), Options(draws=256)
    rows = by_name(structure(case, options, horizons=()).ranges)
    for bar in sensitivity.study(case, options, "draws").at_values.bars:
        row = rows[bar.assumption, "percentiles"]
        assert row.low.at_values == pytest.approx(bar.at_low.provenu.value, abs=1e-3)
        assert row.high.at_values == pytest.approx(bar.at_high.provenu.value, abs=1e-3)


def test_what_is_held_is_not_moved_and_what_is_scaled_is_scaled(tmp_path: Path) -> None:
    held = found(loaded(tmp_path, "minimum = 500", changes=["price=1200"]))
    assert held.rows == []
    rows = by_name(found(loaded(tmp_path, "minimum = 500", changes=["price*2"])))
    assert rows["price", "file"].low.values.tolist() == [1000]
    assert rows["price", "percentiles"].high.values == pytest.approx([3700])


def test_draws_know_nothing_of_limits(tmp_path: Path) -> None:
    options, limits = Options(draws=64), ("minimum = 950\nmaximum = 1000", "minimum = 0.1", "maximum = 5")
    plain, limited = (
        structure(Case.of(loaded(tmp_path, *given)), options, horizons=()) for given in (("", "", ""), limits)
    )
    assert plain.result.mean() == limited.result.mean()
    assert plain.result.chance() == limited.result.chance()
    assert [way.outcome for way in plain.ways] == [way.outcome for way in limited.ways]


def test_a_limit_beyond_the_value_and_one_that_is_not_looked_at_are_told(tmp_path: Path) -> None:
    one = loaded(tmp_path, "held = 1000\nmaximum = 2000", "minimum = 0.6")
    said = {problem.path: problem.message for problem in one.warnings}
    assert "not looked at" in said["assumptions.price.maximum"] or "fastholdt" in said["assumptions.price.maximum"]
    assert "0.5" in said["assumptions.share.minimum"] or "0,5" in said["assumptions.share.minimum"]
    asked = loaded(tmp_path, "maximum = 2000", changes=["price=1000"])
    assert "assumptions.price.maximum" not in {problem.path for problem in asked.warnings}


def test_in_words(tmp_path: Path) -> None:
    one = loaded(tmp_path, "minimum = 500", "minimum = 0.2\nmaximum = 0.6")
    answer = answers.of(found(one))
    parts = list(words.lines(answer, one.scenario))
    tables = [part for part in parts if hasattr(part, "rows")]
    names = [row.cells[0] for row in tables[0].rows]
    assert [name.split(",")[0] for name in names] == ["price", "price", "share"]
    assert len(tables[1].rows) == len(names)
    nothing = copy.copy(answer)
    object.__setattr__(nothing, "rows", [])
    assert list(words.lines(nothing, one.scenario)) == []


def test_limits_alone_are_told_by_themselves(tmp_path: Path) -> None:
    """Where no assumption is uncertain nothing is said of percentiles, and the limits' sentence hangs on no other."""
    file = loaded(tmp_path, share="minimum = 0.2\nmaximum = 0.6", changes=["price=1000"])
    uncertain = loaded(tmp_path, share="minimum = 0.2\nmaximum = 0.6")
    said = [str(next(words.lines(answers.of(found(one)), one.scenario))) for one in (file, uncertain)]
    assert "One assumption at a time is at the minimum and at the maximum that the file names for it." in said[0]
    assert "P5" not in said[0]
    assert "At limits of the file, it is at the minimum" in said[1]
