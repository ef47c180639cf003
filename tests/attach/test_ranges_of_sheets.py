"""Lowest, most likely and highest beside a row: what they are of, and the chances that follow, against the distribution functions themselves."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from own_sheets import Cells, found, workbook
from scipy import optimize, stats

from simulate import locale
from simulate.answers.attach import Attach, SheetOutcome
from simulate.asking.attach import asked, attach, attached, read
from simulate.attach import Found, tree_of, written
from simulate.options import Options
from simulate.scenario import made
from simulate.studies.together import STEPS

HEAD = ["1.000 kr.", 2027, 2028, 2029]
RANGE = [*HEAD, "Lav", "Sandsynlig", "Høj"]


@pytest.fixture(autouse=True)
def _english() -> None:
    locale.use("en")


def answer(path: Path, rows: Cells, draws: int = 16384) -> Attach:
    one = read(str(workbook(path / "budget.xlsx", rows)), asked())
    loaded = attached(one, "case.toml")
    return attach(one, loaded, Options.of(loaded.scenario, draws=draws), None)(None, lambda words: None)[0]


def pert(low: float, mode: float, high: float) -> Any:
    """Vose, Risk Analysis: a beta distribution whose mean is (low + 4 mode + high) / 6."""
    width = high - low
    return stats.beta(1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width, loc=low, scale=width)


def assert_is(one: SheetOutcome | None, chance: float) -> None:
    """Within the errors that the answer itself states; a few draws of evenly spread points may be off by all of them."""
    assert one is not None
    assert one.probability.error is not None
    assert abs(one.probability.value - chance) < 4.5 * one.probability.error + 2 / 16384


ONE: Cells = [
    RANGE,
    ["Udgifter"],
    ["Løn", 1000, 1000, 1000],
    ["Besparelser"],
    ["Anbringelser", 500, 1200, 1500, 0.5, 1, 1.2],
]


def test_the_chance_of_one_uncertain_row_is_its_distribution_function(tmp_path: Path) -> None:
    told = answer(tmp_path, ONE)
    assert told.uncertain == 1
    assert_is(told.independent, float(pert(0.5, 1, 1.2).sf(3000 / 3200)))
    assert told.together is None
    assert told.provenu == 200_000


MANY: Cells = [
    RANGE,
    ["Udgifter"],
    ["Løn", 1000, 1000, 1000, 900, 1000, 1300],
    ["Kørsel", 100, 150, 150, 300, 380, 600],
    ["Besparelser"],
    ["Anbringelser", 500, 1300, 1800, "60 %", "100 %", "120 %"],
    ["Sagsbehandling", 0, 100, 100, -0.5, 0, 0.2],
]


def test_rows_that_go_together_have_the_chance_of_one_factor(tmp_path: Path) -> None:
    file = [list(row) for row in MANY]
    file[6][4:] = ["-50 %", "0 %", "20 %"]
    told = answer(tmp_path, file)
    costs = [(3000.0, pert(0.9, 1, 1.3)), (400.0, pert(0.75, 0.95, 1.5))]
    savings = [(3600.0, pert(0.6, 1, 1.2)), (200.0, pert(0.5, 1, 1.2))]

    def at(luck: float) -> float:
        """Where everything stands at the same point of its own distribution, a cost from above."""
        return sum(b * d.ppf(luck) for b, d in savings) - sum(b * d.isf(luck) for b, d in costs)

    assert told.together is not None
    assert abs(told.together.probability - (1 - float(optimize.brentq(at, 1e-9, 1 - 1e-9)))) <= 0.5 / STEPS
    for p, amount in told.together.percentiles.items():  # between two neighbouring courses
        assert 1000 * at(p / 100 - 1 / STEPS) <= amount <= 1000 * at(p / 100 + 1 / STEPS)
    rng = np.random.default_rng(1)
    n = 400_000
    drawn = sum(b * d.rvs(n, random_state=rng) for b, d in savings) - sum(
        b * d.rvs(n, random_state=rng) for b, d in costs
    )
    chance = float((drawn >= 0).mean())
    assert told.independent is not None
    error = np.hypot(told.independent.probability.error or 0, np.sqrt(chance * (1 - chance) / n))
    assert abs(told.independent.probability.value - chance) < 4.5 * error
    narrow = told.independent.percentiles[95].value - told.independent.percentiles[5].value
    assert told.together.percentiles[95] - told.together.percentiles[5] > 1.3 * narrow


def test_rows_with_the_name_of_one_assumption_are_one_factor(tmp_path: Path) -> None:
    rows = [
        [*RANGE, "Forudsætning"],
        ["Udgifter"],
        ["Løn", 1000, 1000, 1000],
        ["Besparelser"],
        ["Anbringelser", 500, 1000, 1200, 0.5, 1, 1.2, "Effekt"],
        ["Sagsbehandling", 0, 250, 250, None, None, None, "Effekt"],
    ]
    told = answer(tmp_path, rows)
    assert told.uncertain == 1
    assert_is(told.independent, float(pert(0.5, 1, 1.2).sf(3000 / 3200)))
    scenario = made("case.toml", written(found(tmp_path, rows))).scenario
    assert [one.number for one in scenario.savings] == ["Effekt", "Effekt"]


def test_without_a_range_there_is_a_number_and_no_chance(tmp_path: Path) -> None:
    told = answer(tmp_path, [row[:4] for row in MANY])
    assert (told.independent, told.together, told.draws) == (None, None, None)
    assert told.provenu == 400_000
    assert told.by_year == [-600_000, 250_000, 750_000]


RANGES = [
    ((1000, 1000, 1000), (900, 1000, 1300), (0.9, 1, 1.3), "year"),
    ((1000, 1000, 1000), (2700, 3000, 3900), (0.9, 1, 1.3), "total"),
    ((1000, 0, 1000), (900, None, 1300), (0.9, 1, 1.3), "year"),
    ((500, 1000, 1500), (2700, 2900, 3900), (0.9, 29 / 30, 1.3), "total"),
    ((500, 1000, 1500), (0.9, None, 1.3), (0.9, 1, 1.3), "factor"),
    ((1000, 1000, 1000), (600, 750, 950), (0.6, 0.75, 0.95), "year"),
    ((1000, 1000, 1000), ("-10 %", None, "30 %"), (0.9, 1, 1.3), "factor"),
    ((1000, 1000, 1000), ("90 %", "100 %", "130 %"), (0.9, 1, 1.3), "factor"),
    ((-1000, -1000, -1000), (900, 1000, 1300), (0.9, 1, 1.3), "year"),
    ((-1000, -1000, -1000), (-900, -1000, -1300), (0.9, 1, 1.3), "year"),
    ((-1000, -1000, -1000), (-1300, -1000, -900), (0.9, 1, 1.3), "year"),
]  # fmt: skip


@pytest.mark.parametrize(("years", "ends", "expected", "basis"), RANGES)
def test_what_a_range_is_of_is_seen_from_its_size(
    years: Any, ends: Any, expected: Any, basis: str, tmp_path: Path
) -> None:
    [line] = found(tmp_path, [RANGE, ["Besparelser"], ["Anbringelser", *years, *ends]]).lines
    assert line.spread is not None
    assert (line.spread.low, line.spread.mode, line.spread.high) == pytest.approx(expected, rel=1e-12)
    assert line.spread.basis == basis
    assert line.amounts == tuple(abs(value) for value in years)


def test_a_range_beside_a_total_is_told_and_not_used(tmp_path: Path) -> None:
    one = found(
        tmp_path,
        [RANGE, ["Udgifter"], ["Løn", 10, 20, 30], ["Kurser", 1, 2, 3], ["Udgifter i alt", 11, 22, 33, 50, 66, 80]],
    )
    assert [line.spread for line in one.lines] == [None, None]
    assert [each.place.rpartition("!")[2] for each in one.left_out] == ["E5:G5"]


def uncertainty(one: Found) -> list[Any]:
    return [each["uncertainty"] for each in tree_of(one)["assumptions"].values()]


def test_a_row_of_one_amount_has_its_range_in_amounts_and_others_as_a_factor(tmp_path: Path) -> None:
    one = found(tmp_path, MANY[:4])
    assert uncertainty(one) == [
        {"kind": "pert", "low": 900, "mode": 1000, "high": 1300},
        {"kind": "pert", "low": 0.75, "mode": 0.95, "high": 1.5},
    ]


def test_of_a_number_times_a_price_the_price_is_uncertain(tmp_path: Path) -> None:
    rows = [
        ["Kr.", "Antal", "Pris", 2027, 2028, "Lav", "Høj"],
        ["Udgifter"],
        ["Rådgivere", 5, 465000, 2325000, 2325000, 2000000, 2790000],
    ]
    [line] = made("case.toml", written(found(tmp_path, rows))).scenario.costs
    assert line.number == 5
    [told] = uncertainty(found(tmp_path, rows))
    assert told == {"kind": "pert", "low": 400000, "mode": 465000, "high": 558000}


def taken_into_use(text: str, marks: tuple[str, ...]) -> str:
    """The file where # is taken away in front of lines of what stands between two marks."""
    begin, end = marks
    head, _, rest = text.partition(begin)
    block, mark, tail = rest.partition(end)
    lines = [line.removeprefix("#") if not line.startswith("# ") else line for line in (begin + block).split("\n")]
    return head + "\n".join(lines) + mark + tail


def test_the_correlations_in_the_file_are_those_of_rows_that_go_together(tmp_path: Path) -> None:
    one = found(tmp_path, MANY[:6])
    told = answer(tmp_path, MANY[:6])
    together = taken_into_use(written(one), ("#correlations", "\n[time]"))
    scenario = made("case.toml", together).scenario
    assert [(one_.between, one_.rank) for one_ in scenario.correlations] == [
        (["Løn", "Kørsel"], 1),
        (["Løn", "Anbringelser"], -1),
        (["Kørsel", "Anbringelser"], -1),
    ]
    from simulate.engine import Case

    run = Case.of(made("case.toml", together)).result(Options.of(scenario))
    assert told.together is not None
    assert abs(run.chance().value - told.together.probability) < 4.5 * (run.chance().error or 0) + 1 / STEPS


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_families_in_the_file_can_be_taken_into_use(language: locale.Language, tmp_path: Path) -> None:
    locale.use(language)
    text = written(found(tmp_path, MANY[:6]))
    mark = {"da": "# FAMILIER", "en": "# FAMILIES"}[language]
    loaded = made("case.toml", taken_into_use(text, (mark, "\0")))
    assert len(loaded.scenario.families) == len(loaded.scenario.roles) == 1
    assert [one for one in loaded.warnings if "#" in one.message] == []
    assert not made("case.toml", text).scenario.families


def test_years_behind_the_range_are_years(tmp_path: Path) -> None:
    head = ["1.000 kr.", 2027, 2028, "Lav", "Sandsynlig", "Høj", 2029]
    [line] = found(tmp_path, [head, ["Udgifter"], ["Løn", 1000, 1000, 900, 1000, 1200, 1000]]).lines
    assert line.amounts == (1000, 1000, 1000)
    assert line.spread is not None
    assert (line.spread.low, line.spread.high) == pytest.approx((0.9, 1.2))


def test_a_row_outside_of_its_own_range_is_warned_of(tmp_path: Path) -> None:
    one = found(tmp_path, [RANGE, ["Udgifter"], ["Løn", 100, 100, 100, 120, 130, 140]])
    assert [(each.place.rpartition("!")[2], "lie outside of its range" in each.message) for each in one.warnings] == [
        ("E3:G3", True)
    ]
