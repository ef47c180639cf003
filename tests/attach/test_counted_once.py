"""What a sheet says twice is counted once, and where it cannot be known what a row is, that is told."""

from pathlib import Path

import pytest
from cli.command import simulate
from own_sheets import Cells, amounts, found, workbook

from simulate import locale
from simulate.attach import Asked
from simulate.attach.tables import Unclear

DETAILS: Cells = [
    ["Udgifter"],
    ["Løn", 600, 600, 600],
    ["Drift", 50, 50, 50],
    ["Besparelser"],
    ["Anbringelser", 200, 800, 1200],
    ["Ydelser", 10, 20, 30],
]
SUMMARY: Cells = [["Udgifter", 650, 650, 650], ["Besparelser", 210, 820, 1230], ["Netto", -440, 170, 580]]
HEAD: Cells = [["1.000 kr.", 2027, 2028, 2029]]
ALL = {"cost": {"Løn": (600, 600, 600), "Drift": (50, 50, 50)}, "saving": {"Anbringelser": (200, 800, 1200), "Ydelser": (10, 20, 30)}}  # fmt: skip


@pytest.fixture(autouse=True)
def _english() -> None:
    locale.use("en")


@pytest.mark.parametrize("rows", [[*HEAD, *DETAILS, *SUMMARY], [*HEAD, *SUMMARY, *DETAILS]], ids=["below", "on top"])
def test_a_summary_beside_its_details_is_counted_once(tmp_path: Path, rows: Cells) -> None:
    one = found(tmp_path, rows)
    assert amounts(one) == ALL
    assert {total.label: total.what for total in one.totals} == {"Udgifter": "costs", "Besparelser": "savings", "Netto": "provenu"}  # fmt: skip
    assert all(total.wrong == () for total in one.totals)


def test_a_row_called_by_its_kind_alone_that_is_no_sum_of_the_others_is_counted(tmp_path: Path) -> None:
    one = found(tmp_path, [*HEAD, *DETAILS, ["Udgifter", 90, 90, 90]])
    assert "Udgifter" in amounts(one)["cost"]


def test_a_result_of_some_rows_alone_is_warned_of(tmp_path: Path) -> None:
    """A detail that the result leaves out: counted, and not in silence."""
    rows = [*HEAD, ["Udgifter"], ["Reserve", 5, 5, 5], ["Udgifter"], ["Løn", 600, 600, 600], ["Besparelser"], ["Ydelser", 700, 700, 700], ["Netto", 100, 100, 100]]  # fmt: skip
    one = found(tmp_path, rows)
    assert [warning.message for warning in one.warnings] == [
        "“Netto” is not the result of all rows that are counted, but of a part of them: see whether a row is counted twice, or is no part "
        "of the case (--rows 3=skip leaves it out)"
    ]


def test_results_of_each_measure_are_no_reason_for_a_warning(tmp_path: Path) -> None:
    rows = [*HEAD, ["Udgifter"], ["Løn", 9, 9, 9], ["Besparelser"], ["Ydelser", 7, 7, 7], ["Netto", -2, -2, -2], ["Udgifter"], ["Drift", 5, 5, 5], ["Besparelser"], ["Takster", 6, 6, 6], ["Netto", 1, 1, 1]]  # fmt: skip
    assert not found(tmp_path, rows).warnings


def test_what_stands_below_a_heading_of_no_kind_is_told(tmp_path: Path) -> None:
    rows = [*HEAD, *DETAILS, ["Implementering"], ["IT-licens", 40, 40, 40]]
    one = found(tmp_path, rows)
    assert amounts(one)["saving"]["IT-licens"] == (40, 40, 40)
    assert ["“Implementering” says no kind" in guess.message for guess in one.guesses] == [True]
    proved = found(tmp_path, [*rows, ["Besparelser i alt", 250, 860, 1270]])
    assert not any("says no kind" in guess.message for guess in proved.guesses)


def test_a_total_whose_rows_are_left_out_does_not_take_their_place(tmp_path: Path) -> None:
    rows = [*HEAD, ["Udgifter"], ["Løn", 600, 600, 600], ["Udgifter i alt", 600, 600, 600], ["Besparelser"], ["Ydelser", 700, 700, 700]]  # fmt: skip
    assert amounts(found(tmp_path, rows, Asked(rows={3: "skip"}))) == {"saving": {"Ydelser": (700, 700, 700)}}


@pytest.mark.parametrize("row", [1, 2, 99])
def test_a_decision_on_a_row_without_amounts_is_refused(tmp_path: Path, row: int) -> None:
    with pytest.raises(Unclear, match=f"--rows says what row {row} is, and there are no amounts"):
        found(tmp_path, [*HEAD, *DETAILS], Asked(rows={row: "cost"}))


def test_rows_behind_those_that_are_known_may_be_left_out(tmp_path: Path) -> None:
    rows = [*HEAD, *DETAILS, ["Netto", -440, 170, 580], ["Prisindeks", 1.0, 1.03, 1.06]]
    with pytest.raises(Unclear, match=r"“Prisindeks”.*--rows 9=skip leaves it out"):
        found(tmp_path, rows)
    assert amounts(found(tmp_path, rows, Asked(rows={9: "skip"}))) == ALL


@pytest.mark.parametrize("text", ["1.0000", "12.34567"])
def test_a_dot_that_parts_no_thousands_is_asked_about(tmp_path: Path, text: str) -> None:
    with pytest.raises(Unclear, match="a dot that parts no thousands"):
        found(tmp_path, [*HEAD, ["Udgifter"], ["Løn", text, 600, 600]])


def test_options_that_ask_for_what_is_not_there_are_refused(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", [*HEAD, *DETAILS])
    for option, given, said in (
        ("--years", "2027-2040", "the table has the years 2027-2029 of these"),
        ("--rows", "9-7=cost", "--rows 9-7=cost: write rows and what they are"),
    ):
        done = simulate("attach", file, option, given, "--lang", "en")
        assert done.code == 2
        assert said in " ".join(done.err.split())


def test_what_others_pay_is_told_beside_the_provenu(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", [*HEAD, *DETAILS, ["Finansiering"], ["Tilskud", 300, 0, 0]])
    done = simulate("attach", file, "--lang", "en")
    assert "make a provenu of 310,000 kr." in done.out
    assert "What others pay, 300,000 kr., is no saving and not in it; with it, it is 610,000 kr." in " ".join(done.out.split())  # fmt: skip


def test_a_column_of_kinds_before_that_of_names(tmp_path: Path) -> None:
    rows: Cells = [
        ["Kategori", "Post", "Konto", 2027, 2028],
        ["Udgift", "Løn", "5.28.20", 400, 400],
        ["Udgift", "Kørsel", "5.28.21", 20, 20],
        ["Besparelse", "Anbringelser", "5.28.23", -100, -500],
        ["Besparelse", "Aflastning", "5.28.20", -10, -10],
        ["I alt", None, None, 310, -90],
    ]
    one = found(tmp_path, rows, Asked(unit="1.000 kr."))
    assert amounts(one) == {"cost": {"Løn": (400, 400), "Kørsel": (20, 20)}, "saving": {"Anbringelser": (100, 500), "Aflastning": (10, 10)}}  # fmt: skip
    assert [(total.label, total.what, total.wrong) for total in one.totals] == [("I alt", "provenu", ())]


def test_two_tables_of_one_kind_are_told_to_be_counted_together(tmp_path: Path) -> None:
    head = ["Post", 2027, 2028]
    rows: Cells = [["Tabel 1: Udgifter, model A"], head, ["Løn", 500, 500], [], ["Tabel 2: Udgifter, model B"], head, ["Konsulenter", 700, 700], [], ["Tabel 3: Besparelser"], head, ["Ydelser", 600, 900]]  # fmt: skip
    one = found(tmp_path, rows, Asked(unit="1.000 kr."))
    assert [guess.message for guess in one.guesses if "together" in guess.message] == [
        "the costs of two tables are counted together, from row 3 and from row 7 on; where they are two ways to do it, --cells says which one is meant"
    ]


def test_a_narrow_terminal_still_says_which_rows_are_costs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    done = simulate("attach", workbook(tmp_path / "a.xlsx", [*HEAD, *DETAILS]), "--lang", "en")
    named = [line.split("  ")[0] for line in done.out.splitlines()]
    assert [one for one in named if one in ("Costs", "Løn", "Savings", "Anbringelser")][:4] == ["Costs", "Løn", "Savings", "Anbringelser"]  # fmt: skip
