"""Lowest, most likely and highest beside a row: what they are of, and the chances that follow, against the distribution functions themselves."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from own_sheets import Cells, cell, found, workbook
from scipy import optimize, stats

from simulate import locale
from simulate.answers.attach import Attach, SheetOutcome
from simulate.asking.attach import asked, attach, attached, read
from simulate.attach import Asked, Found, tree_of, written
from simulate.attach.tables import Unclear
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


# How headings say it ----------------------------------------------------------------------------------------------------


def ranged(path: Path, heads: list[Any], cost: list[Any], saving: list[Any], asked_: Asked | None = None) -> Found:
    """A cost of 500 a year and a saving of 2.300, with what stands in further columns."""
    rows: Cells = [
        [*HEAD, *heads],
        ["Udgifter"],
        ["Løn", 500, 500, 500, *cost],
        ["Besparelser"],
        ["Pladser", 300, 900, 1100, *saving],
    ]
    return found(path, rows, asked_)


def ends(one: Found) -> list[tuple[float, float, float, str] | None]:
    """Of each row, as shares of its amount, and what they are of."""
    return [
        None
        if line.spread is None
        else (round(line.spread.low, 4), round(line.spread.mode, 4), round(line.spread.high, 4), line.spread.basis)
        for line in one.lines
    ]


@pytest.mark.parametrize(
    "heads",
    [
        ["Lavt skøn", "Højt skøn"],
        ["Lavt estimat", "Højt estimat"],
        ["Minimumsskøn", "Maksimumsskøn"],
        ["Nedre grænse", "Øvre grænse"],
        ["Undergrænse", "Overgrænse"],
        ["Fra", "Til"],
        ["Lav (i alt)", "Høj (i alt)"],
        ["Lavest i alt", "Højest i alt"],
        ["I alt, lav", "I alt, høj"],
        ["Lavt skøn 2027-29", "Højt skøn 2027-2029"],
        ["Min. (t.kr.)", "Max. (t.kr.)"],
        ["Mindst", "Højst"],
        ["Low estimate", "High estimate"],
    ],
)
def test_headings_of_the_ends(tmp_path: Path, heads: list[Any]) -> None:
    one = ranged(tmp_path, heads, [1400, 1700], [1200, 2600])
    assert ends(one) == [(0.9333, 1.0, 1.1333, "total"), (0.5217, 1.0, 1.1304, "total")]
    assert one.left_out == []


def test_what_a_heading_says_the_ends_are_of_decides(tmp_path: Path) -> None:
    """400 to 1,600 fits the amount of a year, 500, and that of all, 1,500."""
    for head, basis, share in (("pr. år", "year", 0.8), ("i alt", "total", 0.2667)):
        one = ranged(tmp_path, [f"Lav {head}", f"Høj {head}"], [400, 1600], [])
        assert one.lines[0].spread is not None
        assert (round(one.lines[0].spread.low, 4), one.lines[0].spread.basis) == (share, basis)
    with pytest.raises(Unclear, match="--ranges"):
        ranged(tmp_path, ["Lav", "Høj"], [400, 1600], [])


def test_from_and_to_that_are_years_are_no_range(tmp_path: Path) -> None:
    one = ranged(tmp_path, ["Fra", "Til"], [2027, 2029], [2028, 2029])
    assert ends(one) == [None, None]
    assert [cell(remark.place) for remark in one.left_out] == ["E1", "F1"]


@pytest.mark.parametrize(
    ("heads", "cost", "saving"),
    [
        (["Usikkerhed (%)"], [10], [40]),
        (["Usikkerhed i pct."], ["10"], ["40 %"]),
        (["± %"], [10], ["± 40 %"]),
        (["Usikkerhed"], ["± 10 %"], ["-40 % / +40 %"]),
        (["Min (-)", "Maks (+)"], ["10 %", "10 %"], ["40 %", "-40 %"]),
        (["Lav (- %)", "Høj (+ %)"], [10, 10], [-40, 40]),
        (["-%", "+%"], [10, 10], [40, 40]),
    ],
)
def test_so_many_percent_more_and_less(tmp_path: Path, heads: list[Any], cost: list[Any], saving: list[Any]) -> None:
    assert ends(ranged(tmp_path, heads, cost, saving)) == [(0.9, 1.0, 1.1, "factor"), (0.6, 1.0, 1.4, "factor")]


def test_more_than_less(tmp_path: Path) -> None:
    assert ends(ranged(tmp_path, ["Usikkerhed"], [], ["-60 % / +25 %"])) == [None, (0.4, 1.0, 1.25, "factor")]
    assert ends(ranged(tmp_path, ["Min (-)", "Maks (+)"], [], ["60 %", "25 %"])) == [None, (0.4, 1.0, 1.25, "factor")]


def test_so_many_kroner_more_and_less(tmp_path: Path) -> None:
    """Behind the sum of the years they are of that; of rows with one amount in all years they may be of a year."""
    of_all = [(0.9333, 1.0, 1.0667, "total"), (0.7391, 1.0, 1.2609, "total")]
    assert ends(ranged(tmp_path, ["I alt", "± t.kr."], [1500, 100], [2300, 600])) == of_all
    assert ends(ranged(tmp_path, ["I alt", "Min (-)", "Maks (+)"], [1500, 100, 100], [2300, 600, 600])) == of_all
    assert ends(ranged(tmp_path, ["± t.kr. i alt"], [100], [600])) == of_all
    assert ends(ranged(tmp_path, ["Usikkerhed (t.kr.)"], [100], [600], asked(ranges="total"))) == of_all
    assert ends(ranged(tmp_path, ["± pr. år"], [100], [])) == [(0.8, 1.0, 1.2, "year"), None]
    with pytest.raises(Unclear) as caught:
        ranged(tmp_path, ["± t.kr."], [100], [600])
    assert "the amount of a year (500), all years together (1,500); --ranges year or --ranges total" in str(
        caught.value
    )


@pytest.mark.parametrize(
    ("heads", "saving", "words"),
    [
        (["Usikkerhed (%)"], [0.4], "write 0.4 % if that is meant, or 40"),
        (["Usikkerhed (%)"], [140], "at most 100 % less"),
        (["Usikkerhed (%)"], ["10-20 %"], "“10-20 %” says no range"),
        (["Usikkerhed"], ["40 %"], "write it like ± 40 %"),
        (["Usikkerhed"], ["høj (+/- 30 %)"], "write it like +/- 30 %"),
        (["Usikkerhed"], ["høj"], "“høj” is a word and no range"),
        (["Min (-)", "Maks (+)"], ["40 %", 15], "both to be percentages or both amounts"),
        (["Lav", "Høj", "± %"], [1200, 2600, 10], "a range here and another in the columns"),
    ],
)
def test_one_sentence_of_what_is_no_range(tmp_path: Path, heads: list[Any], saving: list[Any], words: str) -> None:
    with pytest.raises(Unclear) as caught:
        ranged(tmp_path, heads, [], saving)
    assert len(caught.value.problems) == 1
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("heads", "cost", "saving", "words"),
    [
        (["P10", "P90"], [1400, 1700], [1200, 2600], "what some of the outcomes are below"),
        (["Lav (10 %)", "Høj (90 %)"], [1400, 1700], [1200, 2600], "what some of the outcomes are below"),
        (["Interval (i alt)"], ["1.400-1.700"], ["1.500 - 2.600"], "put the two numbers into columns headed lowest"),
        (["Skønnet spænd"], ["ca. 1.400 til 1.700"], [], "put the two numbers into columns headed lowest"),
        (["Bund", "Top"], [1400, 1700], [1200, 2600], "put the two numbers into columns headed lowest"),
        (["Bemærkning"], ["jf. notat, ± 10 %"], [], "write ± 10 % below Uncertainty"),
    ],
)
def test_a_column_like_a_range_that_is_not_read_is_told(
    tmp_path: Path, heads: list[Any], cost: list[Any], saving: list[Any], words: str
) -> None:
    one = ranged(tmp_path, heads, cost, saving)
    assert ends(one) == [None, None]
    assert [cell(remark.place) for remark in one.left_out] == ["E1", "F1"][: len(heads)]
    assert all(words in remark.message for remark in one.left_out)


def test_columns_that_are_no_range_are_told_as_before(tmp_path: Path) -> None:
    one = ranged(tmp_path, ["Varigt", "Antal borgere"], [500, 12], [1200, 30])
    assert all("none of the years, no total and no range" in remark.message for remark in one.left_out)


def test_two_numbers_in_the_place_of_an_amount(tmp_path: Path) -> None:
    with pytest.raises(Unclear, match="write the most likely one, and 500 and 600 into columns headed lowest and"):
        found(tmp_path, [HEAD, ["Udgifter"], ["Løn", 500, "500-600", 500]])


def test_a_name_whose_range_stands_in_columns_that_are_not_read(tmp_path: Path) -> None:
    with pytest.raises(Unclear, match="the columns “P10”, “P90” were not read: head them lowest and highest"):
        ranged(tmp_path, ["P10", "P90", "Forudsætning"], [1400, 1700, "Lønniveau"], [])
