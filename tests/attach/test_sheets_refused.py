"""What of a sheet cannot be read, or can be read in several ways, is told with its cell and what decides; and nothing in a sheet breaks the case."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from own_sheets import Cells, amounts, cell, found, workbook

from simulate import locale
from simulate.asking.attach import asked
from simulate.attach import Asked, recognised, written
from simulate.attach.tables import Unclear
from simulate.errors import InputError
from simulate.grid import Book, Flaw, Sheet, read
from simulate.scenario import made

HEAD = ["1.000 kr.", 2027, 2028]


@pytest.fixture(autouse=True)
def _english() -> None:
    locale.use("en")


def table(*rows: Any, head: Any = HEAD) -> Cells:
    return [head, ["Udgifter"], *rows]


REFUSED: dict[str, tuple[Cells, list[tuple[str, str]]]] = {
    "text in a number's cell": (
        table(["Løn", "314.820 (2,25 åp)", 500], ["Kurser", "ca. 50", 60]),
        [("B3", "write 314.820 if that is meant"), ("B4", "write 50 if that is meant")],
    ),
    "two readings in millions": (
        [["Mio. kr.", "2027", "2028"], ["Udgifter"], ["Løn", "3.257", "1,5"]],
        [("B3", "can be read two ways")],
    ),
    "a date": (table(["Løn", datetime(2027, 1, 2), 500]), [("B3", "the cell has a date")]),
    "no unit": (table(["Løn", 500, 600], head=["", 2027, 2028]), [("A1", '--unit "1.000 kr."')]),
    "several units": (
        [["Udgifter i kr.", 2027, 2028], ["Løn", 500000, 500000], ["Besparelser i 1.000 kr.", 2027, 2028], ["Anbringelser", 700, 800]],
        [("A1", "different units in different places")],
    ),
    "numbered years": (table(["Løn", 500, 600], head=["1.000 kr.", "År 1", "År 2"]), [("B1:C1", "--years 2027")]),
    "years that span two": (
        table(["Løn", 500, 600], head=["1.000 kr.", "2027-28", "2028/29"]),
        [("B1:C1", "--years 2027 or --years 2028")],
    ),
    "a year is missing": (table(["Løn", 500, 600], head=["1.000 kr.", 2027, 2029]), [("B1:C1", "2027, 2029")]),
    "accounts beside a budget": (
        table(["Løn", 500, 600, 600], head=["1.000 kr.", "R2026", "B2027", "B2028"]),
        [("B1:D1", "--years 2027-2028")],
    ),
    "two tables": (
        [*table(["Løn", 500, 600]), ["Besparelser", "Budget 2028", "Budget 2029"], ["Anbringelser", 700, 800]],
        [("B4", "--cells")],
    ),
    "two columns under a year": (
        [["1.000 kr.", 2027, None, 2028, None], [None, "Antal", "Beløb", "Antal", "Beløb"], ["Udgifter"], ["Løn", 2, 500, 2, 600]],
        [("C1", "several columns")],
    ),
    "income": (table(["Løn", 500, 600], ["Indtægter"], ["Brugerbetaling", 100, 100]), [("A5", "--rows 5=cost, saving or financing counts a row")]),
    "no table": ([["Overskrift"], ["Løn", 500]], [("", "no sheet has a table")]),
    "no name": (table(["Løn", 500, 600], [None, 7, 8]), [("A4", "--rows 4=skip")]),
    "no kind": ([HEAD, ["Løn", 500, 600], ["Kørsel", 50, 60]], [("A2", "--rows 2-3=cost, saving or financing counts a row, --rows 2-3=total takes it for a sum, and --rows 2-3=skip leaves it out")]),
    "signs without a word": (
        [HEAD, ["Løn", 500, 600], ["Anbringelser", -300, -900], ["Netto", 200, -300]],
        [("A2", "--signs budget")],
    ),
    "signs mixed under a heading": (table(["Løn", 500, 600], ["Drift", -500, -400]), [("A3", "--signs headings")]),
    "a saving among the costs": (
        table(["Løn", 500, 600], ["Besparelse på kørsel", 50, 60]),
        [("A4", "--rows 4=cost or --rows 4=saving")],
    ),
    "a grant among the costs": (
        table(["Løn", 500, 600], ["Puljemidler fra staten", -50, -60]),
        [("A4", "--rows 4=cost or --rows 4=financing")],
    ),
    "a sum, or not": (
        table(["Løn", 100, 120], ["Kurser", 50, 60], ["Lokaler", 150, 180]),
        [("A5", "--rows 5=total or --rows 5=cost")],
    ),
    "only a total": (table(["Løn", 500, 600, 1100], ["Engangsudgift", None, None, 300], head=[*HEAD, "I alt"]), [("D4", "--rows 4=skip")]),
    "one end of a range": (table(["Løn", 500, 600, 400, None], head=[*HEAD, "Lav", "Høj"]), [("D3:E3", "one end")]),
    "a range of nothing": (table(["Løn", 500, 600, 4, 9], head=[*HEAD, "Lav", "Høj"]), [("D3:E3", "write lowest and highest as of all years together, below and above 1,100")]),
    "a range of several things": (
        table(["Løn", 500, 500, 400, 1200], head=[*HEAD, "Lav", "Høj"]),
        [("D3:E3", "--ranges year, --ranges total")],
    ),
    "a range upside down": (table(["Løn", 500, 500, 600, 400], head=[*HEAD, "Lav", "Høj"]), [("D3:E3", "the lowest (D3: 600) is above the highest (E3: 400); swap the two")]),
    "words": (
        table(["Løn", "n/a", 500], ["Kurser", "se note 3", 60], ["Lokaler", "-", "?"]),
        [("B3", "or leave the row out: --rows 3=skip"), ("B4", "“se note 3” is no amount; write the amount, or 0"), ("C5", "--rows 5=skip")],
    ),
    "tables side by side": (
        [["1.000 kr."], ["Post", 2027, 2028, None, "Post", 2027, 2028], ["Udgifter", None, None, None, "Udgifter"], ["Løn", 5, 6, None, "Løn", 7, 8]],
        [("B2", "2 tables stand side by side; --cells says which one is meant: --cells A2:C4, --cells E2:G4")],
    ),
    "tables side by side with the same names": (
        [["1.000 kr.", "A", None, None, "B"], ["Post", 2027, 2028, "I alt", 2027, 2028], ["Udgifter"], ["Løn", 5, 6, 11, 7, 8]],
        [("B2", "--cells A2:D4, --cells E2:F4")],
    ),
    "a likely outside": (
        table(["Løn", 500, 500, 400, 700, 600], head=[*HEAD, "Lav", "Sandsynlig", "Høj"]),
        [("D3:F3", "the most likely (E3: 700) lies outside the lowest (D3: 400) and the highest (F3: 600)")],
    ),
    "percentages of what": (
        table(["Løn", 500, 500, "10 %", "30 %"], ["Kurser", 50, 50, "80 %", "90 %"], head=[*HEAD, "Lav", "Høj"]),
        [("D3:E3", "D3: 10 % and E3: 30 % may be shares of the amount, or"), ("D4:E4", "D4: 80 % and E4: 90 %")],
    ),
    "years below each other": (
        [["1.000 kr.", "Løn", "Kurser"], [2027, 500, 60], [2028, 500, 60]],
        [("A2:A3", "the years stand below each other in column A, and are to stand across")],
    ),
    "columns under years": (
        [["1.000 kr.", 2027, None, 2028, None], [None, "Drift", "Anlæg", "Drift", "Anlæg"], ["Løn", 500, 60, 500, 0]],
        [("C1", "(B, C: “Drift”, “Anlæg”)")],
    ),
    "ranges under each year": (
        [["1.000 kr.", 2027, None, None, 2028, None, None], [None, "Middel", "Lav", "Høj", "Middel", "Lav", "Høj"], ["Udgifter"], ["Løn", 5, 4, 6, 5, 4, 6]],
        [("C1", "(B, C: “Middel”, “Lav”); keep the most likely amount of each year")],
    ),
    "words in a range": (
        table(["Løn", 500, 500, 400, "ukendt"], head=[*HEAD, "Lav", "Høj"]),
        [("E3", "“ukendt” is no amount")],
    ),
    "too many rows": (table(*[[f"Post {i}", i, i] for i in range(1, 1_000)]), [("A3", "there are 999 rows")]),
    "too large": (table(["Løn", 1e14, 600]), [("B3", "at most 10^15")]),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_clear_is_told_with_its_cell(name: str, tmp_path: Path) -> None:
    rows, expected = REFUSED[name]
    with pytest.raises(InputError) as problem:
        found(tmp_path, rows)
    if isinstance(problem.value, Unclear):
        told = [(cell(one.place), one.message) for one in problem.value.problems]
        assert [where for where, _ in told] == [where for where, _ in expected]
        assert all(words in said for (_, said), (_, words) in zip(told, expected, strict=True))
    else:
        assert expected[0][1] in str(problem.value)


@pytest.mark.parametrize(
    ("rows", "option", "expected"),
    [
        (REFUSED["no unit"][0], Asked(unit="1.000 kr."), {"cost": {"Løn": (500, 600)}}),
        (REFUSED["years that span two"][0], Asked(years=(2028, 0)), {"cost": {"Løn": (500, 600)}}),
        (REFUSED["accounts beside a budget"][0], Asked(years=(2027, 2028)), {"cost": {"Løn": (600, 600)}}),
        (REFUSED["two tables"][0], Asked(cells="A1:C3"), {"cost": {"Løn": (500, 600)}}),
        (REFUSED["two tables"][0], Asked(cells="a4:c9", unit="1.000 kr."), {"saving": {"Anbringelser": (700, 800)}}),
        (REFUSED["no name"][0], Asked(rows={4: "skip"}), {"cost": {"Løn": (500, 600)}}),
        (REFUSED["no kind"][0], asked(rows="2=cost, 3=besparelse"), {"cost": {"Løn": (500, 600)}, "saving": {"Kørsel": (50, 60)}}),
        (REFUSED["signs without a word"][0], Asked(signs="budget"), {"cost": {"Løn": (500, 600)}, "saving": {"Anbringelser": (300, 900)}}),
        (REFUSED["signs without a word"][0], Asked(signs="result"), {"cost": {"Anbringelser": (300, 900)}, "saving": {"Løn": (500, 600)}}),
        (REFUSED["signs mixed under a heading"][0], Asked(signs="headings"), {"cost": {"Løn": (500, 600), "Drift": (-500, -400)}}),
        (REFUSED["a saving among the costs"][0], Asked(rows={4: "saving"}), {"cost": {"Løn": (500, 600)}, "saving": {"Besparelse på kørsel": (50, 60)}}),
        (REFUSED["a grant among the costs"][0], Asked(rows={4: "cost"}), {"cost": {"Løn": (500, 600), "Puljemidler fra staten": (-50, -60)}}),
        (REFUSED["a sum, or not"][0], Asked(rows={5: "total"}), {"cost": {"Løn": (100, 120), "Kurser": (50, 60)}}),
        (REFUSED["a sum, or not"][0], Asked(rows={5: "cost"}), {"cost": {"Løn": (100, 120), "Kurser": (50, 60), "Lokaler": (150, 180)}}),
        (REFUSED["tables side by side"][0], Asked(cells="A2:C4"), {"cost": {"Løn": (5, 6)}}),
        (REFUSED["tables side by side"][0], Asked(cells="E2:G4"), {"cost": {"Løn": (7, 8)}}),
        (REFUSED["tables side by side with the same names"][0], Asked(cells="A2:D4"), {"cost": {"Løn": (5, 6)}}),
        (REFUSED["tables side by side with the same names"][0], Asked(cells="E2:F4"), {"cost": {"Løn": (7, 8)}}),
        (REFUSED["only a total"][0], Asked(rows={4: "skip"}), {"cost": {"Løn": (500, 600)}}),
    ],
)  # fmt: skip
def test_an_option_decides(rows: Cells, option: Asked, expected: dict[str, Any], tmp_path: Path) -> None:
    assert amounts(found(tmp_path, rows, option)) == expected


def test_an_option_says_what_a_range_is_of(tmp_path: Path) -> None:
    rows = REFUSED["a range of several things"][0]
    of_year = found(tmp_path, rows, Asked(ranges="year")).lines[0].spread
    of_all = found(tmp_path, rows, Asked(ranges="total")).lines[0].spread
    assert of_year is not None
    assert of_all is not None
    assert (of_year.low, of_year.high, of_all.low, of_all.high) == (0.8, 2.4, 0.4, 1.2)


def test_several_sheets_with_a_table_are_asked_about(tmp_path: Path) -> None:
    rows = table(["Løn", 500, 600])
    file = workbook(tmp_path / "b.xlsx", rows, others={"Notes": [["Words"]], "Old": rows})
    with pytest.raises(InputError, match="“Business case”, “Old”; --sheet"):
        recognised(read(str(file)), Asked())
    assert recognised(read(str(file)), Asked(sheet="old ")).sheet == "Old"
    with pytest.raises(InputError, match="there is no sheet “New”"):
        recognised(read(str(file)), Asked(sheet="New"))


def test_the_only_sheet_with_a_table_is_taken(tmp_path: Path) -> None:
    assert found(tmp_path, table(["Løn", 500, 600]), others={"Notes": [["2027 is near"]]}).sheet == "Business case"


@pytest.mark.parametrize(
    ("flaw", "words"),
    [(Flaw("error", "#DIV/0!"), "#DIV/0!"), (Flaw("uncalculated", "=A1"), "result is not in the file")],
)
def test_a_cell_without_a_value_is_told(flaw: Flaw, words: str) -> None:
    sheet = Sheet("Ark 1", [HEAD, ["Udgifter"], ["Løn", None, 500.0]], {(2, 1): flaw})
    with pytest.raises(Unclear) as problem:
        recognised(
            Book("b.xlsx", (Sheet(sheet.name, [["1.000 kr.", 2027.0, 2028.0], *sheet.rows[1:]], sheet.faults),)),
            Asked(),
        )
    assert [(one.place, words in one.message) for one in problem.value.problems] == [("'Ark 1'!B3", True)]


@pytest.mark.parametrize(
    "option",
    [{"unit": "euro"}, {"years": "27"}, {"years": "2030-2027"}, {"rows": "5"}, {"rows": "x=cost"}, {"rows": "5=?"}],
)
def test_options_that_say_nothing_are_refused(option: dict[str, str]) -> None:
    with pytest.raises(InputError, match=f"--{next(iter(option))}"):
        asked(**option)


def test_cells_that_are_no_range_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--cells A3"):
        found(tmp_path, table(["Løn", 500, 600]), Asked(cells="A3"))


LABELS = [
    'Løn "netto"',
    "Løn\nto linjer",
    "[[costs]]",
    "=1+1",
    "2027",
    "465.000 kr.",
    "a" * 400,
    "løn\u202e",
    "a * b",
    "'x'",
    "x = 1 # y",
    "Løn",
]


def test_whatever_a_row_is_called_the_case_is_sound(tmp_path: Path) -> None:
    head = [*HEAD, "Lav", "Høj"]
    rows: list[list[Any]] = [[label, 100 + i, 101 + 3 * i, 0.5, 1.5] for i, label in enumerate(LABELS)]
    sheet = Sheet(
        "Ark\u200b 1",
        [[float(one) if isinstance(one, int) else one for one in row] for row in [head, ["Udgifter"], *rows]],
    )
    one = recognised(Book('b"\n.xlsx', (sheet,)), Asked(title="x" * 300))
    scenario = made("case.toml", written(one)).scenario
    assert len(scenario.costs) == len(LABELS) == len(scenario.assumptions)
    assert [line.amounts for line in one.lines] == [(100.0 + i, 101.0 + 3 * i) for i in range(len(LABELS))]


def test_cells_without_a_row_of_years_are_told_so(tmp_path: Path) -> None:
    with pytest.raises(Unclear, match="the cells A2:C3 have no row of years"):
        found(tmp_path, table(["Løn", 500, 600]), Asked(cells="A2:C3"))


def test_the_unit_above_the_cells_is_that_of_their_table_alone(tmp_path: Path) -> None:
    below = table(["Løn", 500, 600], head=["", 2027, 2028])
    rows = [["Beløb i 1.000 kr."], ["Tabel 1"], *below, [], ["Tabel 2"], *below]
    one = found(tmp_path, rows, Asked(cells="A3:C5"))
    assert (one.unit, one.title) == ("1.000 kr.", "Tabel 1")
    with pytest.raises(Unclear, match="does not say what its amounts are in"):
        found(tmp_path, rows, Asked(cells="A8:C10"))
    rows[6] = ["Tabel 2, mio. kr."]
    assert found(tmp_path, rows, Asked(cells="A8:C10")).unit == "mio. kr."
