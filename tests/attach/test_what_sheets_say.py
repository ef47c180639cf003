"""What the captions and headings of a sheet say, in the words that officers use: units, years, kinds of tables, ranges; and what is told where they say it otherwise."""

from pathlib import Path

import pytest
from own_sheets import Cells, amounts, cell, found

from simulate import locale
from simulate.attach import Asked, recognised
from simulate.attach.tables import Unclear
from simulate.errors import InputError
from simulate.grid import read


@pytest.fixture(autouse=True)
def _english() -> None:
    locale.use("en")


def case(caption: str, head: Cells = ((None, 2027, 2028),), scale: float = 1.0) -> Cells:
    return [[caption], *head, ["Udgifter"], ["Løn", 700 * scale, 700 * scale], ["Besparelser"], ["Ydelser", 600 * scale, 1100 * scale]]  # fmt: skip


@pytest.mark.parametrize(
    ("caption", "unit", "scale"),
    [
        ("Alle beløb i kr., afrundet til nærmeste 1.000 kr.", "kr.", 1000),
        ("Budget (kr.), afrundet til hele 1.000 kr.", "kr.", 1000),
        ("Amounts in DKK, rounded to the nearest DKK 1,000", "kr.", 1000),
        ("Beløb i 1.000 kr., afrundet til hele kr.", "1.000 kr.", 1),
        ("Budget 1.000 kr.", "1.000 kr.", 1),
        ("Budget 2027 1.000 kr.", "1.000 kr.", 1),
        ("Økonomi 1000 kr.", "1.000 kr.", 1),
        ("Budget - tusinde kr.", "1.000 kr.", 1),
        ("Økonomi t.kr.", "1.000 kr.", 1),
        ("Budget 2027-2030 mio. kr.", "mio. kr.", 0.001),
        ("Budget mio. kr. 2027", "mio. kr.", 0.001),
    ],
)
def test_a_caption_says_the_unit(caption: str, unit: str, scale: float, tmp_path: Path) -> None:
    one = found(tmp_path, case(caption, scale=scale))
    assert one.unit == unit
    assert [line.amounts for line in one.lines] == [(700 * scale, 700 * scale), (600 * scale, 1100 * scale)]


@pytest.mark.parametrize(
    ("caption", "told"),
    [
        ("Beløb i kr. (1.000 kr. i 2029)", "several units ('Business case'!A1: 1.000 kr.; 'Business case'!A1: kr.)"),
        ("Afrundet til hele 1.000 kr.", "does not say what its amounts are in"),
        ("Tilskud 1.000 kr.", "does not say what its amounts are in"),
        ("Et budget på 2 mio. kr.", "does not say what its amounts are in"),
    ],
)
def test_a_caption_with_two_units_or_an_amount_says_none(caption: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(Unclear) as problem:
        found(tmp_path, case(caption))
    assert told in str(problem.value)
    assert found(tmp_path, case(caption), Asked(unit="1.000 kr.")).unit == "1.000 kr."


def with_last(name: str) -> Cells:
    return [["1.000 kr.", 2027, 2028, name], ["Udgifter"], ["Løn", 600, 600, 600], ["Besparelser"], ["Anbringelser", 200, 800, 1200]]  # fmt: skip


@pytest.mark.parametrize("name", ["2029 ff.", "2029 og frem", "2029-", "2029 og følgende år", "Budget 2029 ff", "2029 and later"])  # fmt: skip
def test_a_last_year_that_stands_for_later_ones_is_read_as_itself_and_told(name: str, tmp_path: Path) -> None:
    one = found(tmp_path, with_last(name))
    assert [line.amounts for line in one.lines] == [(600, 600, 600), (200, 800, 1200)]
    [told] = [said for said in one.guesses if cell(said.place) == "D1"]
    assert f"“{name}” was read as 2029, which is the last year" in told.message


def test_a_heading_that_begins_with_the_next_year_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(Unclear, match="the heading “2029 skønnet lavt” begins with a year and says more: write 2029"):
        found(tmp_path, with_last("2029 skønnet lavt"))
    assert len(found(tmp_path, with_last("2029 skønnet lavt"), Asked(years=(2027, 2028))).lines) == 2
    assert len(found(tmp_path, with_last("2035 skønnet lavt")).left_out) == 1


AMOUNTS: Cells = [["Udgifter"], ["Løn", 600, 600, 700, 700], ["Besparelser"], ["Ydelser", 200, 700, 1100, 900]]


@pytest.mark.parametrize(
    ("rows", "where", "told"),
    [
        ([["1.000 kr.", 2027, 2028, 2028], *AMOUNTS], "D1", "2028 stands here and in C1 as well"),
        ([["1.000 kr.", 2029, 2028, 2027], *AMOUNTS], "B1:D1", "the years fall from left to right (2029 to 2027)"),
        ([["1.000 kr.", 2027, 2029, 2028], *AMOUNTS], "B1:D1", "do not follow each other: 2027, 2029, 2028"),
        ([["1.000 kr.", 2027, 2028], ["Udgifter"], ["Løn"]], "B1:C1", "there are no amounts below these years"),
        (
            [["1.000 kr.", "Budget 2027", "Regnskab 2027", "Budget 2028", "Regnskab 2028"], *AMOUNTS],
            "B1:E1",
            "accounts and budgets of the same years stand in turn",
        ),
    ],
)
def test_years_that_make_no_table_are_told_with_their_cells(rows: Cells, where: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(Unclear) as problem:
        found(tmp_path, rows)
    [one] = problem.value.problems
    assert cell(one.place) == where
    assert told in one.message


@pytest.mark.parametrize("cells", ["A3:C6", "z1:z9"])
def test_cells_without_years_are_named(cells: str, tmp_path: Path) -> None:
    with pytest.raises(Unclear) as problem:
        found(tmp_path, case("1.000 kr."), Asked(cells=cells))
    assert problem.value.problems[0].place == f"'Business case'!{cells.upper()}"


def test_a_text_file_has_no_sheets(tmp_path: Path) -> None:
    file = tmp_path / "budget.csv"
    file.write_text("1.000 kr.;2027;2028\nUdgifter;;\nLøn;600;600\n")
    with pytest.raises(InputError, match="a text file has no sheets; leave --sheet out"):
        recognised(read(str(file)), Asked(sheet="Ark1"))


def test_the_danish_minus_is_a_minus(tmp_path: Path) -> None:
    rows = [["1.000 kr.", 2027, 2028], ["Udgifter"], ["Løn", 600, 600], ["Besparelser"], ["Ydelser", "÷ 100", "÷1.100"]]
    assert found(tmp_path, rows).lines[1].amounts == (100, 1100)


YEARS = [None, 2027, 2028, 2029]
COSTS: Cells = [["Tabel 1: Udgifter til mentorer (1.000 kr.)"], YEARS, ["Løn", 600, 600, 600], ["I alt", 600, 600, 600]]
SAVINGS: Cells = [[], ["Tabel 2: Besparelser (1.000 kr.)"], YEARS, ["Løn", 50, 50, 50], ["Anbringelser", 150, 750, 1150], ["I alt", 200, 800, 1200]]  # fmt: skip
NET: Cells = [[], ["Tabel 3: Netto (1.000 kr.)"], YEARS, ["Udgifter", 600, 600, 600], ["Besparelser", -200, -800, -1200], ["Netto", 400, -200, -600]]  # fmt: skip
BOTH = {"cost": {"Løn": (600, 600, 600)}, "saving": {"Løn (row 8)": (50, 50, 50), "Anbringelser": (150, 750, 1150)}}


def test_captions_say_the_kinds_of_tables_below_each_other(tmp_path: Path) -> None:
    one = found(tmp_path, [*COSTS, *SAVINGS, *NET])
    assert amounts(one) == BOTH
    assert [(total.label, total.what, len(total.wrong)) for total in one.totals] == [
        ("I alt", "costs", 0),
        ("I alt", "savings", 0),
        ("Udgifter", "costs", 0),
        ("Besparelser", "savings", 0),
        ("Netto", "provenu", 0),
    ]
    assert [cell(said.place) for said in one.guesses] == ["A14", "A15"]
    assert amounts(found(tmp_path, [*COSTS, *SAVINGS])) == BOTH


def test_a_table_of_the_net_may_stand_on_top_and_may_be_wrong(tmp_path: Path) -> None:
    rows = [*NET[1:], [], *COSTS, *SAVINGS]
    assert {kind: sum(map(sum, each.values())) for kind, each in amounts(found(tmp_path, rows)).items()} == {"cost": 1800, "saving": 2200}  # fmt: skip
    rows[2] = ["Udgifter", 600, 650, 600]
    assert [(wrong.stated, wrong.computed) for wrong in found(tmp_path, rows).wrong] == [(650, 600)]


def test_a_heading_above_the_years_says_the_kind(tmp_path: Path) -> None:
    rows = [["1.000 kr."], ["Besparelser"], [None, 2027, 2028], ["Anbringelser", 200, 1100], ["Udgifter"], ["Løn", 600, 600]]  # fmt: skip
    assert amounts(found(tmp_path, rows)) == {"saving": {"Anbringelser": (200, 1100)}, "cost": {"Løn": (600, 600)}}


@pytest.mark.parametrize(
    ("third", "where", "told"),
    [
        ([[], ["Tabel 3: Netto"], YEARS, ["Udgift til mentorer", 600, 650, 600]], "A14", "--rows 14=total or --rows 14=cost"),
        ([[], ["Tabel 3: Samlet"], YEARS, ["Udgifter", 600, 650, 600]], "A14", "--rows 14=total or --rows 14=cost"),
        ([[], ["Tabel 3: Udgifter, model B"], YEARS, ["Løn", 700, 700, 700]], "A14", "stands below two rows of years"),
        ([[], ["Tabel 3: Besparelser, model B"], YEARS, ["Løn", 70, 70, 70]], "A14", "stands below two rows of years"),
        ([[], ["Tabel 3: Model B"], YEARS, ["Løn", 700, 700, 700]], "A14", "stands below two rows of years"),
    ],
)  # fmt: skip
def test_what_a_further_table_says_again_is_asked_about(third: Cells, where: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(Unclear) as problem:
        found(tmp_path, [*COSTS, *SAVINGS, *third])
    assert any(cell(one.place) == where and told in one.message for one in problem.value.problems)


def test_the_title_of_the_only_table_is_no_heading(tmp_path: Path) -> None:
    rows = [["Besparelser på anbringelser, 1.000 kr."], [None, 2027, 2028], ["Løn", 600, 600], ["Anbringelser", -200, -800]]  # fmt: skip
    with pytest.raises(Unclear, match="--signs budget"):
        found(tmp_path, rows)


def ranged(head: list[str], costs: list[object], savings: list[object]) -> Cells:
    return [["1.000 kr.", 2027, 2028, *head], ["Udgifter"], ["Løn", 1000, 1000, *costs], ["Besparelser"], ["Ydelser", 1050, 1050, *savings]]  # fmt: skip


LOWS: list[tuple[list[str], list[object], list[object]]] = [
    (["Lav (%)", "Sandsynlig (%)", "Høj (%)"], [95, 100, 110], [60, 100, 120]),
    (["Lav i pct.", "Sandsynlig, pct.", "Høj i procent"], [95, "100 %", "110"], [60, None, 120]),
    (["Lav %", "Høj %"], [-5, 10], ["-40 %", "20 %"]),
    (["Pessimistisk", "Forventet", "Optimistisk"], [1100, 1000, 950], [630, 1050, 1260]),
    (["Pessimistisk (%)", "Optimistisk (%)"], [110, 95], [60, 120]),
    (["Optimistisk", "Pessimistisk"], [0.95, 1.1], [1.2, 0.6]),
]


@pytest.mark.parametrize(("head", "costs", "savings"), LOWS)
def test_a_range_in_percent_or_of_what_is_ill_and_well(
    head: list[str], costs: list[object], savings: list[object], tmp_path: Path
) -> None:
    spreads = [line.spread for line in found(tmp_path, ranged(head, costs, savings)).lines]
    assert [(one.low, one.mode, one.high) for one in spreads if one] == [
        pytest.approx((0.95, 1, 1.1)),
        pytest.approx((0.6, 1, 1.2)),
    ]


def test_more_or_less_in_the_column_of_uncertainty(tmp_path: Path) -> None:
    lines = found(tmp_path, ranged(["Usikkerhed"], ["± 5 %"], ["+/- 12,5 pct."])).lines
    assert [(one.spread.low, one.spread.high, one.spread.name) for one in lines if one.spread] == [(0.95, 1.05, ""), (0.875, 1.125, "")]  # fmt: skip
    assert [line.spread for line in found(tmp_path, ranged(["Usikkerhed"], ["± 0 %"], [])).lines] == [None, None]


@pytest.mark.parametrize(
    ("head", "costs", "told"),
    [
        (["Lav (%)", "Høj (%)"], [0.95, 1.1], "1.1 stands below a heading in percent: write 1.1 % if that is meant"),
        (["Pessimistisk", "Optimistisk"], [900, 1200], "the pessimistic end of a cost is the higher one"),
        (["Pessimistisk", "Sandsynlig"], [900, 1000], "the columns are headed “Pessimistisk”, “Sandsynlig”"),
        (["Bundniveau", "Sandsynlig", "Topniveau"], [900, 1000, 1100], "has no lowest and highest: head the columns that have them lowest and highest (there is: “Bundniveau”, “Sandsynlig”, “Topniveau”)"),
        (["Usikkerhed"], [0.05], "“0.05” says no range; write it like ± 5 %"),
        (["Usikkerhed"], ["± 50"], "“± 50” says no range"),
        (["Lav", "Sandsynlig", "Høj"], [1300, 1000, 900], "the lowest (D3: 1,300) is above the highest (F3: 900)"),
        (["Lav", "Sandsynlig", "Høj"], [3000, 900, 400], "the lowest (D3: 3,000) is above the highest (F3: 400)"),
    ],
)  # fmt: skip
def test_ranges_that_cannot_be_meant_are_told(head: list[str], costs: list[object], told: str, tmp_path: Path) -> None:
    with pytest.raises(Unclear) as problem:
        found(tmp_path, ranged(head, costs, []))
    assert told in str(problem.value)


# Years, titles and amounts as papers write them ---------------------------------------------------------------------------


def years_headed(*names: object) -> Cells:
    return [["t.kr.", *names], ["Udgifter"], ["Løn", *[700] * len(names)], ["Besparelser"], ["Ydelser", *[900] * len(names)]]  # fmt: skip


@pytest.mark.parametrize(
    "names",
    [
        ("År 1\n2027", "År 2\n2028"),
        ("År 1 (2027)", "År 2 (2028)"),
        ("2027 (år 1)", "2028 (år 2)"),
        ("År 1: 2027", "År 2: 2028"),
        ("2027 1)", "2028"),
        ("2027 1)", "2028 2)"),
        ("2027¹", "2028 (2)"),
        ("2027*", "2028 **"),
        ("'27", "'28"),
        ("’27", "B’28"),
        ("Budget\n2027 1)", "BO\n2028"),
    ],
)
def test_a_year_with_what_papers_put_beside_it(tmp_path: Path, names: tuple[str, str]) -> None:
    one = found(tmp_path, years_headed(*names))
    assert (one.first_year, one.years) == (2027, 2)


@pytest.mark.parametrize("rows", [(["t.kr.", "År 1", "År 2"], [None, 2027, 2028]), (["t.kr.", 2027, 2028], [None, "År 1", "År 2"])])  # fmt: skip
def test_numbers_of_years_beside_the_years_are_passed_over(tmp_path: Path, rows: tuple[Cells, Cells]) -> None:
    one = found(tmp_path, [*rows, ["Udgifter"], ["Løn", 700, 700], ["Besparelser"], ["Ydelser", 900, 900]])
    assert (one.first_year, one.years) == (2027, 2)
    assert [line.label for line in one.lines] == ["Løn", "Ydelser"]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("1. halvår 2027", "2. halvår 2027", "1. halvår 2028"), "B1  “1. halvår 2027” is a part of a year"),
        (("2027 H1", "2027 H2"), "B1  “2027 H1” is a part of a year"),
        (("Q1 2027", "Q2 2027", "Q3 2027", "Q4 2027"), "B1  “Q1 2027” is a part of a year"),
        (("1. kvartal", "2. kvartal", "I alt"), "B1  “1. kvartal” is a part of a year"),
        (("jan. 2027", "feb. 2027"), "B1  “jan. 2027” is a part of a year"),
        (("2027 (½ år)", "2028 (helår)"), "B1  “2027 (½ år)” looks like a year and says more: write 2027 alone"),
        (("Indsatsår 2027", "Indsatsår 2028"), "B1  “Indsatsår 2027” looks like a year and says more"),
        (("2027", "2028 (skønnet)"), "C1  “2028 (skønnet)” looks like a year and says more: write 2028 alone"),
        (("År I", "År II"), "B1  “År I” looks like a year and cannot be read as one"),
    ],
)
def test_headings_that_look_like_years_are_told_as_that(tmp_path: Path, names: tuple[str, ...], told: str) -> None:
    with pytest.raises(Unclear) as problem:
        found(tmp_path, years_headed(*names))
    assert told in str(problem.value).replace("'Business case'!", "")


def test_cells_leave_out_a_year_that_stands_twice(tmp_path: Path) -> None:
    rows = years_headed(2026, 2027, 2028, 2028)
    with pytest.raises(Unclear, match="leave the column outside of --cells"):
        found(tmp_path, rows)
    one = found(tmp_path, rows, Asked(cells="A1:D5"))
    assert (one.first_year, one.years) == (2026, 3)


def test_the_cells_that_are_proposed_are_those_of_one_table(tmp_path: Path) -> None:
    """Of three tables of one budget."""
    rows: list[list[object]] = []
    for name, saved in (("Lavt scenarie", 500), ("Middel scenarie", 800), ("Højt scenarie", 1000)):
        rows += [[f"{name}, 1.000 kr."], [None, 2027, 2028], ["Udgifter", 500, 500], ["Besparelser", 300, saved], ["Netto", -200, saved - 500], []]  # fmt: skip
    with pytest.raises(Unclear, match=r"--cells A8:C11"):
        found(tmp_path, rows)
    assert found(tmp_path, rows, Asked(cells="A8:C11")).lines[1].amounts == (300, 800)


@pytest.mark.parametrize(
    ("above", "head", "title"),
    [
        ([["Flere i job (mio. kr., 2027-priser)"]], "", "Flere i job"),
        ([["Flere i job. Beløb i 1.000 kr."]], "", "Flere i job"),
        ([["Økonomi for projektet (hele 1.000 kr.)"]], "", "Økonomi for projektet"),
        ([["Mio. kr.: Flere i job"]], "", "Flere i job"),
        ([["Beløb i 1.000 kr., 2027-priser"], ["Flere i job"]], "", "Flere i job"),
        ([["+ = udgift, - = besparelse"], ["Flere i job (+ = udgift)"]], "", "Flere i job"),
        ([["Takst pr. døgn", 2500], ["Flere i job"]], "", "Flere i job"),
        ([], "Projektbudget, 1.000 kr.", "Projektbudget"),
        ([], "Udgifter i 1.000 kr.", "budget"),
        ([["1.000 kr."]], "", "budget"),
        ([["Pulje på 2 mio. kr. til unge"]], "1.000 kr.", "Pulje på 2 mio. kr. til unge"),
    ],
)
def test_a_caption_is_the_title_also_with_a_unit(tmp_path: Path, above: Cells, head: str, title: str) -> None:
    """Not what amounts are in, how signs are meant, or the name of a number; a sheet that nobody named is called by its file."""
    rows: Cells = [*above, [head, 2027, 2028], ["Udgifter"], ["Løn", 700, 700], ["Besparelser"], ["Ydelser", 900, 900]]
    unit = "1.000 kr." if "mio" not in str(above).lower() else "mio. kr."
    assert found(tmp_path, rows, Asked(unit=unit), sheet="Ark1").title == title


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("500*", "mark of a note behind the amount; write 500,"),
        ("1.750 3)", "mark of a note behind the amount; write 1.750,"),
        ("500¹", "mark of a note behind the amount; write 500,"),
        ("314.820 (2,25 åp)", "is no amount alone; write 314.820 if that is meant"),
    ],
)
def test_what_stands_behind_an_amount_is_told_with_the_amount(tmp_path: Path, given: str, told: str) -> None:
    with pytest.raises(Unclear) as problem:
        found(tmp_path, [["Kr.", 2027, 2028], ["Udgifter"], ["Løn", given, 500]])
    assert told in str(problem.value)


def test_one_comma_tells_what_the_others_are(tmp_path: Path) -> None:
    """`0,150` is no 150, and `1,25` no thousands: the texts beside them are decimals as well, which is told once."""
    for shown in ("0,150", "1,25"):
        rows = [["Mio. kr.", "2027", "2028", "I alt"], ["Udgifter"], ["Løn", "1,125", "1,125", "2,250"], ["Besparelser"], ["Ydelser", shown, "1,203", None]]  # fmt: skip
        one = found(tmp_path, rows)
        assert one.lines[0].amounts == (1.125, 1.125)
        assert one.lines[1].amounts == (float(shown.replace(",", ".")), 1.203)
        assert [(cell(each.place), str(each.message)) for each in one.guesses] == [("B3", f"“1,125” was read as a number with decimals, as “{shown}” in B5 is one")]  # fmt: skip


def test_what_can_be_read_two_ways_in_many_cells_is_one_sentence(tmp_path: Path) -> None:
    rows = [["Mio. kr.", "2027", "2028"], ["Udgifter"], ["Løn", "1,125", "1,125"], ["Besparelser"], ["Ydelser", "2,120", "1,203"]]  # fmt: skip
    with pytest.raises(Unclear) as problem:
        found(tmp_path, rows)
    [told] = problem.value.problems
    assert cell(told.place) == "B3"
    assert "“1,125” and other cells up to C5 can be read two ways" in told.message
    assert "write 1125 or 1,1250" in told.message


def test_units_of_parts_and_of_amounts(tmp_path: Path) -> None:
    parts: Cells = [[None, 2027, 2028], ["Udgifter (1.000 kr.)"], ["Løn", 500, 500], ["Besparelser (mio. kr.)"], ["Ydelser", 0.4, 0.7]]  # fmt: skip
    with pytest.raises(Unclear, match="write them all in one, or each with its own"):
        found(tmp_path, parts)
    told = found(tmp_path, parts, Asked(unit="1.000 kr.")).guesses
    assert any("says mio. kr. here, and all amounts were taken as 1.000 kr." in one.message for one in told)
    each: Cells = [["Post", 2027, 2028], ["Udgifter"], ["Løn", "500 t.kr.", "0,5 mio. kr."], ["Besparelser"], ["Ydelser", "600.000,-", "kr. 900.000"]]  # fmt: skip
    one = found(tmp_path, each)
    assert (one.unit, one.guesses) == ("kr.", [])
    assert one.lines[1].amounts == (600_000, 900_000)


def test_kroner_that_a_format_shows_in_thousands_are_asked_about(tmp_path: Path) -> None:
    rows = case("Flere i job (vist i 1.000 kr.)", scale=1000)
    assert any("--unit kr." in one.message for one in found(tmp_path, rows).guesses)
    assert found(tmp_path, rows, Asked(unit="kr.")).scale == 1
    assert not any("--unit kr." in one.message for one in found(tmp_path, case("Flere i job (1.000 kr.)")).guesses)


def test_an_amount_across_several_years_is_told(tmp_path: Path) -> None:
    rows: Cells = [["t.kr.", 2027, 2028, 2029], ["Udgifter"], ["Løn", 500, 500, 500], ["Evaluering", 300, None, None]]
    [told] = [one for one in found(tmp_path, rows, merged=[(3, 1, 3, 3)]).guesses if ":" in cell(one.place)]
    assert cell(told.place) == "D4" or "B4" in told.place
    assert "across 2027-2029, and was counted in 2027 alone" in told.message


def test_a_year_that_stands_in_quarters_alone_is_not_passed_over(tmp_path: Path) -> None:
    """Beside years it would be left out of the case; quarters of a year that stands there as well are columns that are not read."""
    parts = [f"K{n} 2026" for n in range(1, 5)]
    with pytest.raises(Unclear, match="“K1 2026” is a part of a year"):
        found(tmp_path, years_headed(*parts, 2027, 2028))
    one = found(tmp_path, years_headed(*parts, 2026, 2027))
    assert (one.first_year, one.years, len(one.left_out)) == (2026, 2, 4)


def test_thousandths_of_a_krone_are_no_decimals(tmp_path: Path) -> None:
    rows = [["Kr.", "2027", "2028"], ["Udgifter"], ["Løn", "1,125", "2,250"], ["Besparelser"], ["Ydelser", "12,5", "700"]]  # fmt: skip
    with pytest.raises(Unclear, match="“1,125” and other cells up to C3 can be read two ways"):
        found(tmp_path, rows)
