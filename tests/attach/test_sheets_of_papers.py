"""Sheets in the shapes that Danish papers have: each is understood to the figures it was made of, and the scenario reproduces its totals."""

from pathlib import Path
from typing import Any

import pytest
from own_sheets import Cells, amounts, cell, found

from simulate import locale, point
from simulate.answers.paper import reported
from simulate.attach import Asked, Found, words, written
from simulate.attach.tables import Unclear
from simulate.ledger import Accounts
from simulate.model import PERIODS, Model
from simulate.sampling import Sampler
from simulate.scenario import made

YEARS = (2017, 2018, 2019, 2020, 2021)


@pytest.fixture(autouse=True)
def _english() -> None:
    locale.use("en")


def reproduced(one: Found) -> list[bool]:
    """Of every total that the written case has, whether it comes out."""
    scenario = made("case.toml", written(one)).scenario
    at_values = point.compute(Accounts(Model(scenario), PERIODS["year"]), Sampler(scenario).point())
    return [row.reproduced for row in reported(at_values)]


SILKEBORG: Cells = [
    ["Businesscase: Forankring"],
    [],
    ["Mereffekt, antal personer", *YEARS],
    ["Personer afsluttet", 10, 12, 12, 12, 12],
    ["Årspersoner", 2.25, 6.75, 11.21, 15.21, 18.82],
    [],
    ["Udgifter i kr.", *YEARS, "I alt"],
    ["Projektleder", *[580000] * 5, 2900000],
    ["5 casemanagers a 465.000 kr.", *[2325000] * 5, 11625000],
    ["Kompetenceudvikling m.m.", *[352000] * 5, 1760000],
    ["Udgifter i alt", *[3257000] * 5, 16285000],
    [],
    ["Besparelse i kr.", *YEARS, "I alt"],
    ["Reduktion i forsørgelse*", 314820, 944460, 1567804, 2128813, 2633721, 7589618],
    ["Reduktion i anbringelser", 225000, 675000, 900000, 900000, 900000, 3600000],
    ["Reduktion i sagsbehandling", *[1237500] * 5, 6187500],
    ["Besparelse i alt", 1777320, 2856960, 3705304, 4266313, 4771221, 17377118],
    ["* Regnet med en høj takst på 14.575 kr. om måneden fratrukket statens refusion."],
    ["Provenu i kr.", *YEARS, "I alt"],
    ["Udgift i alt", *[3257000] * 5, 16285000],
    ["Besparelse i alt", 1777320, 2856960, 3705304, 4266313, 4771221, 17377118],
    ["Provenu", -1479680, -400040, 448304, 1009313, 1514221, 1092118],
]

KOEBENHAVN: Cells = [
    ["Tabel 1. Serviceudgifter"],
    ["1.000 kr. – 2012 p/l", 2012, 2013, 2014, 2015],
    ["Serviceudgifter:"],
    ["Jobsamtaler", 200, 200, 200, 200],
    ["Overførsel", "- 200", "-200", -200, -200],
    ["Forankring", 200, "-", "–", 0],
    ["Kompetenceudvikling", "500", 200, 50, 50],
    ["Serviceudgifter i alt", "700", 200, 50, 50],
]

BUDGET_SIGNS: Cells = [
    ["Forslag 12, netto i 1.000 kr."],
    ["", "B2027", "BO2028", "BO2029", "BO 2030"],
    ["Løn til to rådgivere", 1040, 1040, 1040, 1040],
    ["Kørsel", 60, 60, 60, 60],
    ["Mindreudgift til anbringelser", -300, -900, -1500, -1800],
    ["Netto", 800, 200, -400, -700],
]

BRACKETS: Cells = [
    ["Mio. kr.", "2027", "2028", "2029"],
    ["Udgifter"],
    ["Løn", "(1,2)", "(1,2)", "(1,2)"],
    ["Drift", "0,3-", "0,35-", "−0,3"],
    ["Besparelser"],
    ["Færre anbringelser", "0,9", "2,0", "2,5"],
    ["Provenu", "(0,6)", "0,45", "1,0"],
]

ON_TOP: Cells = [
    ["Beløb i 1.000 kr.", "Budget 2027", "Overslag 2028", "Overslag 2029", "I alt"],
    ["Udgifter i alt", 500, 600, 600, 1700],
    ["Projektleder", 300, 350, 350, 1000],
    ["Kurser", 200, 250, 250, 700],
    ["Besparelser i alt", 100, 700, 1200, 2000],
    ["Sagsbehandling", 100, 300, 400, 800],
    ["Anbringelser", 0, 400, 800, 1200],
    ["Resultat", -400, 100, 600, 300],
]

HERAF: Cells = [
    ["Businesscase (hele 1.000 kr.)"],
    [],
    [None, "Budgetforslag", "Overslag", "Overslag"],
    ["", "BF 2027", "BF 2028", "BF 2029", "I alt", "Bemærkninger"],
    ["UDGIFTER"],
    ["Personale", 1000, 1000, 1000, 3000, "To stillinger"],
    ["- heraf projektleder", 400, 400, 400, 1200],
    [],
    ["Lokaler", 100, 100, 100, 300, "Leje"],
    ["I alt", 1100, 1100, 1100, 3300],
    [],
    ["GEVINSTER"],
    ["Færre anbragte børn", 400, 1200, 1600, 3200],
    ["Andel, der er realiseret", 0.25, 0.75, 1],
    ["Mindre forbrug", 50, 50, 50, 150],
    ["I alt", 450, 1250, 1650, 3350],
    ["Netto", -650, 150, 550, 50],
    ["Akkumuleret", -650, -500, 50],
    ["Note: Alle tal er i 2027-p/l."],
]

NUMBERED: Cells = [
    ["Kr.", "År 1", "År 2", "År 3"],
    ["Udgifter"],
    ["Personale"],
    ["Løn", 500000, 500000, 500000],
    ["Pension", 75000, 75000, 75000],
    ["Personale i alt", 575000, 575000, 575000],
    ["Andet"],
    ["Kurser", 25000, 0, 0],
    ["Besparelser"],
    ["Forsørgelse", 300000, 700000, 800000],
    ["Netto i alt", -300000, 125000, 225000],
]

TWO_COLUMNS: Cells = [
    ["1.000 kr.", "Post", "2027", "2028", "2029"],
    ["Udgifter", "Løn", 1000, 1000, 1000],
    [None, "Kørsel", 100, 100, 100],
    ["Besparelser", "Anbringelser", 500, 900, 1000],
    [None, "I alt", 500, 900, 1000],
]

PRICES: Cells = [
    ["Udgifter i kr.", "Antal", "Pris", 2027, 2028, 2029],
    ["Casemanagers", 5, 465000, 2325000, 2325000, 2325000],
    ["Projektleder", 1, 580000, 580000, 580000, 0],
    ["Kurser", None, None, 100000, 50000, 50000],
    ["Besparelser", None, None, 2027, 2028, 2029],
    ["Sagsbehandlere", 2, 450000, 900000, 900000, 900000],
]

FINANCED: Cells = [
    ["t.kr.", 2027, 2028, 2029],
    ["Udgifter"],
    ["Løn", 1000, 1000, 1000],
    ["Finansiering"],
    ["Puljemidler", -500, -500, 0],
    ["Besparelser"],
    ["Anbringelser", -300, -700, -900],
    ["Netto efter finansiering", 200, -200, 100],
]

ONLY_TOTALS: Cells = [
    ["Mio. kr.", 2027, 2028, 2029],
    ["Udgifter i alt", 1.2, 1.25, 1.3],
    ["Besparelser i alt", 0.5, 1.5, 2.125],
    ["Provenu", -0.7, 0.25, 0.825],
]

SHEETS: dict[str, tuple[Cells, dict[str, Any], tuple[str, int], dict[str, dict[str, tuple[float, ...]]]]] = {
    "silkeborg": (
        SILKEBORG,
        {},
        ("kr.", 2017),
        {
            "cost": {
                "Projektleder": (580000,) * 5,
                "5 casemanagers a 465.000 kr.": (2325000,) * 5,
                "Kompetenceudvikling m.m.": (352000,) * 5,
            },
            "saving": {
                "Reduktion i forsørgelse": (314820, 944460, 1567804, 2128813, 2633721),
                "Reduktion i anbringelser": (225000, 675000, 900000, 900000, 900000),
                "Reduktion i sagsbehandling": (1237500,) * 5,
            },
        },
    ),
    "koebenhavn": (
        KOEBENHAVN,
        {},
        ("1.000 kr.", 2012),
        {
            "cost": {
                "Jobsamtaler": (200,) * 4,
                "Overførsel": (-200,) * 4,
                "Forankring": (200, 0, 0, 0),
                "Kompetenceudvikling": (500, 200, 50, 50),
            }
        },
    ),
    "signs of a budget": (
        BUDGET_SIGNS,
        {},
        ("1.000 kr.", 2027),
        {
            "cost": {"Løn til to rådgivere": (1040,) * 4, "Kørsel": (60,) * 4},
            "saving": {"Mindreudgift til anbringelser": (300, 900, 1500, 1800)},
        },
    ),
    "brackets and a minus behind": (
        BRACKETS,
        {},
        ("mio. kr.", 2027),
        {"cost": {"Løn": (1.2,) * 3, "Drift": (0.3, 0.35, 0.3)}, "saving": {"Færre anbringelser": (0.9, 2.0, 2.5)}},
    ),
    "totals on top": (
        ON_TOP,
        {},
        ("1.000 kr.", 2027),
        {
            "cost": {"Projektleder": (300, 350, 350), "Kurser": (200, 250, 250)},
            "saving": {"Sagsbehandling": (100, 300, 400), "Anbringelser": (0, 400, 800)},
        },
    ),
    "heraf, shares and notes": (
        HERAF,
        {"percents": [(13, 1), (13, 2), (13, 3)]},
        ("1.000 kr.", 2027),
        {
            "cost": {"Personale": (1000,) * 3, "Lokaler": (100,) * 3},
            "saving": {"Færre anbragte børn": (400, 1200, 1600), "Mindre forbrug": (50,) * 3},
        },
    ),
    "numbered years and a total of a part": (
        NUMBERED,
        {"asked": Asked(years=(2027, 0))},
        ("kr.", 2027),
        {
            "cost": {"Løn": (500000,) * 3, "Pension": (75000,) * 3, "Kurser": (25000, 0, 0)},
            "saving": {"Forsørgelse": (300000, 700000, 800000)},
        },
    ),
    "headings in a column of their own": (
        TWO_COLUMNS,
        {"merged": [(1, 0, 2, 0), (3, 0, 4, 0)]},
        ("1.000 kr.", 2027),
        {"cost": {"Løn": (1000,) * 3, "Kørsel": (100,) * 3}, "saving": {"Anbringelser": (500, 900, 1000)}},
    ),
    "numbers and prices": (
        PRICES,
        {},
        ("kr.", 2027),
        {
            "cost": {
                "Casemanagers": (2325000,) * 3,
                "Projektleder": (580000, 580000, 0),
                "Kurser": (100000, 50000, 50000),
            },
            "saving": {"Sagsbehandlere": (900000,) * 3},
        },
    ),
    "financing": (
        FINANCED,
        {},
        ("1.000 kr.", 2027),
        {
            "cost": {"Løn": (1000,) * 3},
            "financing": {"Puljemidler": (500, 500, 0)},
            "saving": {"Anbringelser": (300, 700, 900)},
        },
    ),
    "only totals": (
        ONLY_TOTALS,
        {},
        ("mio. kr.", 2027),
        {"cost": {"Udgifter i alt": (1.2, 1.25, 1.3)}, "saving": {"Besparelser i alt": (0.5, 1.5, 2.125)}},
    ),
}


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_is_understood_to_its_figures(name: str, tmp_path: Path) -> None:
    rows, how, said, expected = SHEETS[name]
    one = found(tmp_path, rows, **how)
    assert (one.unit, one.first_year) == said
    assert amounts(one) == expected
    assert one.wrong == []
    assert not any(total.wrong or total.rounded for total in one.totals)
    assert all(reproduced(one))


def test_numbers_times_prices_stay_so(tmp_path: Path) -> None:
    text = written(found(tmp_path, PRICES))
    scenario = made("case.toml", text).scenario
    assert [(one.label, one.number, one.yearly) for one in scenario.costs][:2] == [
        ("Casemanagers", 5, 465000),
        ("Projektleder", (1, 1, 0), 580000),
    ]
    casemanagers = made("case.toml", written(found(tmp_path, SILKEBORG))).scenario.costs[1]
    assert (casemanagers.number, casemanagers.yearly) == (5, 465000)


def test_three_rows_of_number_price_and_amount_are_one_line(tmp_path: Path) -> None:
    one = found(
        tmp_path,
        [
            ["1.000 kr.", 2027, 2028],
            ["Udgifter"],
            ["Antal rådgivere", 3, 4],
            ["Pris pr. rådgiver", 500, 510],
            ["Rådgivere", 1500, 2040],
            ["Kurser", 20, 30],
            ["Udgifter i alt", 1520, 2070],
        ],
    )
    assert amounts(one) == {"cost": {"Rådgivere": (1500, 2040), "Kurser": (20, 30)}}
    assert one.lines[0].product is not None
    assert one.lines[0].product.price == (500, 510)
    assert one.wrong == []
    assert all(reproduced(one))


def test_every_line_names_its_cells(tmp_path: Path) -> None:
    scenario = made("case.toml", written(found(tmp_path, ON_TOP))).scenario
    assert [one.source for one in (*scenario.costs, *scenario.savings)] == [
        f"budget.xlsx, 'Business case'!B{row}:D{row}" for row in (3, 4, 6, 7)
    ]
    assert {one.source for one in scenario.reported if one.what == "provenu"} == {
        f"budget.xlsx, 'Business case'!{column}8" for column in "BCDE"
    }


def test_a_total_that_does_not_add_up_is_told_with_cell_and_both_figures(tmp_path: Path) -> None:
    rows = [
        ["1.000 kr.", 2027, 2028, "I alt"],
        ["Udgifter"],
        ["Løn", 500, 500, 1000],
        ["Kurser", 50, 60, 100],
        ["Udgifter i alt", 550, 570, 1120],
        ["Besparelser"],
        ["Anbringelser", 300, 700, 1000],
        ["Provenu", -250, 140, -110],
    ]
    told = [(cell(one.place), one.stated, one.computed) for one in found(tmp_path, rows).wrong]
    assert told == [("D4", 100, 110), ("C5", 570, 560)]
    assert not all(reproduced(found(tmp_path, rows)))


def test_rounded_totals_add_up_but_for_rounding(tmp_path: Path) -> None:
    rows = [
        ["1.000 kr.", 2027, 2028],
        ["Udgifter"],
        ["Løn", 501, 500],
        ["Kurser", 50, 60],
        ["Udgifter i alt", 550, 560],
    ]
    one = found(tmp_path, rows)
    assert one.wrong == []
    assert [total.rounded for total in one.totals] == [True]


def test_a_provenu_of_the_wrong_sign_is_told(tmp_path: Path) -> None:
    rows = [
        ["1.000 kr.", 2027, 2028],
        ["Udgifter"],
        ["Løn", 500, 500],
        ["Besparelser"],
        ["Anbringelser", 300, 400],
        ["Provenu", 200, 100],
    ]
    assert [(cell(one.place), one.stated, one.computed) for one in found(tmp_path, rows).wrong] == [
        ("B6", 200, -200),
        ("C6", 100, -100),
    ]


def test_a_row_that_is_the_sum_of_those_below_is_not_counted_twice(tmp_path: Path) -> None:
    rows = [
        ["Kr.", 2027, 2028],
        ["Udgifter", 400000, 450000],
        ["Løn", 300000, 350000],
        ["Kørsel", 100000, 100000],
        ["Besparelser", 500000, 500000],
        ["Anbringelser", 500000, 500000],
    ]
    assert amounts(found(tmp_path, rows)) == {
        "cost": {"Løn": (300000, 350000), "Kørsel": (100000, 100000)},
        "saving": {"Anbringelser": (500000, 500000)},
    }


def test_two_tables_below_each_other_are_not_added_together(tmp_path: Path) -> None:
    def model(name: str, times: int) -> Cells:
        return [[name, 2028, 2029], ["Udgifter"], ["Løn", 800 * times, 800 * times], ["Besparelser"], ["Færre anbringelser", 300 * times, 900 * times]]  # fmt: skip

    rows: Cells = [["Økonomi, kr."], *model("Model A", 1), [], *model("Model B", 2)]
    with pytest.raises(
        Unclear, match=r"stands below two rows of years, here and in 'Business case'!A4.*--cells A8:C12"
    ):
        found(tmp_path, rows, Asked(unit="kr."))
    one = found(tmp_path, rows, Asked(unit="kr.", cells="A8:C12"))
    assert amounts(one) == {"cost": {"Løn": (1600, 1600)}, "saving": {"Færre anbringelser": (600, 1800)}}


NET = [300 - 880, 900 - 880, 1500 - 880]


@pytest.mark.parametrize("heading", [None, "Finansiering"])
@pytest.mark.parametrize(
    ("label", "sign"),
    [
        ("Kommunens nettoudgift", -1),
        ("Udgift netto", -1),
        ("Nettobesparelse efter statens andel", 1),
        ("Kommunens samlede andel", 1),
    ],
)
def test_a_row_that_is_savings_less_costs_is_no_line_whatever_it_is_called(
    label: str, sign: int, heading: str | None, tmp_path: Path
) -> None:
    rows: Cells = [
        ["Forslag, kr.", 2027, 2028, 2029],
        ["Udgifter"],
        ["Team", 800, 800, 800],
        ["Kørsel", 80, 80, 80],
        ["Besparelser"],
        ["Færre anbringelser", 300, 900, 1500],
        *([[heading]] if heading else []),
        [label, *(sign * value for value in NET)],
    ]
    one = found(tmp_path, rows, Asked(unit="kr."))
    assert sorted(amounts(one)) == ["cost", "saving"]
    assert sorted(amounts(one)["saving"]) == ["Færre anbringelser"]
    assert any(label in str(guess) for guess in one.guesses) or any(label == total.label for total in one.totals)


def test_whether_a_row_of_savings_less_costs_is_a_line_is_asked_where_its_name_says_a_kind(tmp_path: Path) -> None:
    rows: Cells = [
        ["Forslag, kr.", 2027, 2028],
        ["Udgifter"],
        ["Team", 800, 900],
        ["Besparelser"],
        ["Færre anbringelser", 1000, 1500],
        ["Færre sygedage", 200, 600],
    ]
    with pytest.raises(Unclear, match="is savings less costs in every year: --rows 6=total"):
        found(tmp_path, rows, Asked(unit="kr."))
    assert amounts(found(tmp_path, rows, Asked(unit="kr.", rows={6: "saving"})))["saving"]["Færre sygedage"] == (
        200,
        600,
    )


def test_whether_a_row_is_the_sum_of_others_is_decided_by_the_total_below(tmp_path: Path) -> None:
    rows = [["1.000 kr.", 2027, 2028], ["Udgifter"], ["Løn", 100, 100], ["Kurser", 50, 60], ["Lokaler", 150, 160]]
    twice = found(tmp_path, [*rows, ["Udgifter i alt", 300, 320]])
    assert [one.label for one in twice.lines] == ["Løn", "Kurser", "Lokaler"]
    once = found(tmp_path, [*rows, ["Udgifter i alt", 150, 160]])
    assert [one.label for one in once.lines] == ["Løn", "Kurser"]


@pytest.mark.parametrize(
    ("caption", "sign"),
    [("(+ = udgift, - = besparelse)", 1), ("Besparelser er angivet med minus", 1), ("Plus er en besparelse", -1)],
)
def test_a_caption_says_what_the_signs_are(caption: str, sign: int, tmp_path: Path) -> None:
    rows = [
        [caption],
        ["1.000 kr.", 2027, 2028],
        ["Konsulent", 650 * sign, 660 * sign],
        ["Botilbud", -200 * sign, -900 * sign],
    ]
    assert amounts(found(tmp_path, rows)) == {"cost": {"Konsulent": (650, 660)}, "saving": {"Botilbud": (200, 900)}}


@pytest.mark.parametrize(
    ("label", "counts"),
    [("Løn (80 %)", True), ("Løn, andel i %", False), ("Dækning (pct.)", False)],
)
def test_a_percentage_in_a_name_makes_no_row_of_percentages(label: str, counts: bool, tmp_path: Path) -> None:
    one = found(tmp_path, [["1.000 kr.", 2027, 2028], ["Udgifter"], ["Kurser", 50, 70], [label, 10, 30]])
    assert amounts(one)["cost"].get(label) == ((10, 30) if counts else None)


def test_headings_may_be_numbered(tmp_path: Path) -> None:
    rows = [
        ["t.kr.", "2027", "2028"],
        ["1. Udgifter"],
        ["1.1 Løn", "500", "600"],
        ["1. Udgifter i alt", "500", "600"],
        ["2. Besparelser"],
        ["2.1 Anbringelser", "300", "900"],
        ["3. Provenu", "-200", "300"],
    ]
    one = found(tmp_path, rows)
    assert amounts(one) == {"cost": {"1.1 Løn": (500, 600)}, "saving": {"2.1 Anbringelser": (300, 900)}}
    assert all(reproduced(one))


def test_hidden_rows_count_and_are_told(tmp_path: Path) -> None:
    one = found(tmp_path, ON_TOP, hidden=[3])
    assert "Kurser" in amounts(one)["cost"]
    assert [cell(each.place) for each in one.guesses if "hidden row" in each.message] == ["B4:D4"]


MIXED: Cells = [
    ["Forslag", "2027", "2028", "1.000 kr."],
    ["Service"],
    ["Løn", 1000, 1000],
    ["Mindreudgift til botilbud", -300, -500],
    ["Service i alt", 700, 500],
    ["Overførsel"],
    ["Mindreudgift til kontanthjælp", -100, -200],
    ["Overførsel i alt", -100, -200],
    ["I alt", 600, 300],
]


def held(one: Found) -> list[tuple[str, str, list[int]]]:
    """Of every total what it is of, and which rows (from 1)."""
    return [(each.label, each.what, [row + 1 for row in each.rows]) for each in one.totals]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_subtotal_of_costs_and_savings_adds_up_whichever_way_the_savings_stand(sign: int, tmp_path: Path) -> None:
    rows = [list(row) for row in MIXED]
    for i, row in ((3, -300), (6, -100)):
        rows[i][1:] = [sign * row, sign * (row - 100 * (2 if i == 3 else 1))]
    one = found(tmp_path, rows, Asked(signs="budget" if sign == 1 else "headings", rows={3: "cost"}))
    assert one.wrong == []
    assert held(one)[0] == ("Service i alt", "part_net", [3, 4])
    assert held(one)[2][:2] == ("I alt", "provenu")
    assert one.totals[0].values == (700, 500)


def test_a_subtotal_that_adds_up_in_no_way_names_the_nearest_and_a_total_of_totals_is_right(tmp_path: Path) -> None:
    rows = [list(row) for row in MIXED]
    rows[4][2], rows[8][2] = 510, 310
    one = found(tmp_path, rows)
    assert [(cell(each.place), each.what, each.stated, each.computed) for each in one.wrong] == [
        ("C5", "part_net", 510, 500)
    ]
    assert held(one)[2] == ("I alt", "totals", [5, 8])


def test_a_net_row_of_a_block_is_held_against_its_block(tmp_path: Path) -> None:
    block = [["Udgifter"], ["Løn", 100, 110], ["Besparelser"], ["Færre anbringelser", 300, 500], ["Netto", 200, 390]]
    second = [["Udgifter"], ["Kurser", 10, 11], ["Besparelser"], ["Færre sygedage", 30, 50], ["Netto", 20, 39]]
    one = found(tmp_path, [["1.000 kr.", 2027, 2028], *block, *second, ["Provenu i alt", 220, 429]])
    assert one.wrong == []
    assert [what for _, what, _ in held(one)] == ["part_net", "part_net", "provenu"]


def test_a_total_that_rows_says_is_held_as_one_that_is_called_so(tmp_path: Path) -> None:
    rows: Cells = [
        ["1.000 kr.", 2027, 2028],
        ["Udgifter"],
        ["Løn", 100, 110],
        ["Kurser", 20, 21],
        ["Kørsel", 3, 4],
        ["Drift", 23, 25],
        ["Lokaler", 50, 50],
        ["Det hele", 173, 185],
        ["Besparelser"],
        ["Anbringelser", 300, 500],
        ["Virkning", 127, 315],
    ]
    one = found(tmp_path, rows, Asked(rows={6: "total", 8: "total", 11: "total"}))
    assert one.wrong == []
    assert held(one) == [
        ("Drift", "part", [4, 5]),
        ("Det hele", "costs", [3, 4, 5, 7]),
        ("Virkning", "provenu", [3, 4, 5, 7, 10]),
    ]


def test_an_amount_of_the_other_sign_is_warned_of_with_its_cell(tmp_path: Path) -> None:
    rows: Cells = [
        ["1.000 kr.", 2027, 2028],
        ["Udgifter"],
        ["Løn", 1000, 1000],
        ["Kurser", -50, -60],
        ["Lokaler", 40, -40],
    ]
    told = [(cell(one.place), one.message) for one in found(tmp_path, rows).warnings]
    assert [where for where, _ in told] == ["B4", "C5"]
    assert "“Kurser” (B4, C4) has another sign than the other costs" in told[0][1]
    assert "“Lokaler” has another sign in C5 than in its other years" in told[1][1]


def test_savings_that_all_stand_with_a_minus_are_no_slip(tmp_path: Path) -> None:
    assert found(tmp_path, BUDGET_SIGNS).warnings == []


@pytest.mark.parametrize(
    ("caption", "level"),
    [
        ("Alle tal i 1.000 kr., 2028-priser", 2028),
        ("1.000 kr., PL 2028", 2028),
        ("1.000 kr. – 2028 p/l", 2028),
        ("1.000 kr., faste 2028-priser", 2028),
        ("1.000 kr. (pris- og lønniveau 2028)", 2028),
        ("1.000 kr., 2028 prices", 2028),
        ("1.000 kr., løbende priser", None),
        ("1.000 kr., i 2027-priser og 2028-priser", None),
        ("1.000 kr., plan 2028", None),
    ],
)
def test_a_price_level_in_a_caption_is_that_of_the_case(caption: str, level: int | None, tmp_path: Path) -> None:
    one = found(tmp_path, [[caption], ["Post", 2029, 2030], ["Udgifter"], ["Løn", 500, 500]])
    assert one.price_level == level
    assert made("case.toml", written(one)).scenario.money.price_level == level
    assert [cell(each.place) for each in one.guesses if "prices of" in each.message] == (["A1"] if level or "og" in caption else [])  # fmt: skip


@pytest.mark.parametrize("label", ["Akkumuleret netto", "Total akk.", "Provenu, kumuleret", "Netto (akk.)"])
def test_a_running_total_is_held_as_one(label: str, tmp_path: Path) -> None:
    rows = [["1.000 kr.", 2027, 2028], ["Udgifter"], ["Løn", 50, 50], ["Besparelser"], ["Anbringelser", 30, 80]]
    one = found(tmp_path, [*rows, [label, -20, 10]])
    assert [(each.what, each.wrong) for each in one.totals] == [("accumulated", ())]


@pytest.mark.parametrize(
    "head",
    ["Pris", "Pris pr. stk.", "Enhedspris", "Takst (kr.)", "Løn pr. årsværk", "Udgift pr. plads", "Price per unit"],
)
def test_a_price_has_many_headings(head: str) -> None:
    assert words.column(head) == "price"


@pytest.mark.parametrize("head", ["Prisniveau", "Pris- og lønregulering", "Løntrin", "Pris pr. gang om ugen"])
def test_what_is_no_price(head: str) -> None:
    assert words.column(head) is None
