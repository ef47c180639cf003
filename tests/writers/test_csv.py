"""Tables as Excel reads them."""

import csv
import io

import pytest

from simulate import locale
from simulate.content import Bars, Figure, Heading, Note, Part, Row, Sentence, Several, Table, row, total
from simulate.writers.csv import written

TABLE = Table(
    ["", "2020", "Total"],
    [row("Staff", Figure(-1234567.25, error=1e5), Figure(1e-7)), total("Chance", None, Figure(0.125, "share", 0.1))],
    scale=1000,
    currency="DKK",
)


def read(data: bytes, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def test_danish_excel() -> None:
    """Semicolons, decimal commas, a byte order mark; amounts in kroner whatever the table is counted in."""
    locale.use("da")
    data = written([Heading("Sag"), Sentence("En sætning."), TABLE])
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == data.count(b"\n") == 5
    assert read(data, ";") == [
        ["Sag"],
        [],
        ["", "Enhed", "2020", "Total"],
        ["Staff", "kr.", "-1234567,25", "0"],
        ["Chance", "andel", "", "0,125"],
    ]


def test_english() -> None:
    rows = read(written([TABLE]), ",")
    assert rows[-2:] == [["Staff", "kr.", "-1234567.25", "0"], ["Chance", "share", "", "0.125"]]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.1 + 0.2, "0,3"),
        (1 / 3, "0,333333"),
        (-4366123.4567891, "-4366123,456789"),
        (39278.2500000001, "39278,25"),
        (92117.595999998, "92117,596"),
        (5e-324, "0"),
        (1.7976931348623157e308, "179769313486232" + "0" * 294),
        (2.0, "2"),
        (-0.0, "0"),
        (-1e-9, "0"),
        (12345678901.5, "12345678901,5"),
        (1e6, "1000000"),
    ],
)
def test_amounts_are_as_they_are_but_for_what_sums_of_binary_numbers_are_off_by(value: float, said: str) -> None:
    """To a millionth of a krone, and to the 15 digits that a spreadsheet keeps."""
    for language, delimiter, mark in (("da", ";", ","), ("en", ",", ".")):
        locale.use(language)  # type: ignore[arg-type]
        (_, _, (_, _, found)) = read(written([Table(["", "x"], [row("a", Figure(value))])]), delimiter)
        assert found == said.replace(",", mark)


@pytest.mark.parametrize("value", [1 / 3, 1e-7, 0.1 + 0.2, 0.00018310546875, 123.456, 5.25e-12])
def test_other_numbers_have_15_digits(value: float) -> None:
    for unit in ("share", "count", "number"):
        (_, _, (_, _, said)) = read(written([Table(["", "x"], [row("a", Figure(value, unit))])]), ",")  # type: ignore[arg-type]
        assert float(said) == pytest.approx(value, rel=1e-14)
        assert "e" not in said.lower()


@pytest.mark.parametrize(("title", "said"), [("2027-01", "2027M01"), ("2019-12", "2019M12"), ("2027", "2027"), ("2027Q1", "2027Q1")])  # fmt: skip
def test_a_month_is_no_date(title: str, said: str) -> None:
    """It is written as statistics have it, above a column and before a row."""
    rows = read(written([Table(["", title], [row(title, Figure(1.0))], currency="DKK")]), ",")
    assert rows[1:] == [["", "Unit", said], [said, "kr.", "1"]]


@pytest.mark.parametrize("label", ["1-2", "3/4", "1.000", "12:30", "1.1.2020", "2-3-4"])
def test_no_name_becomes_a_date_or_a_number(label: str) -> None:
    assert read(written([Table(["", "x"], [row(label, Figure(1.0))], currency="DKK")]), ",")[-1] == [
        f"'{label}",
        "kr.",
        "1",
    ]


def told(rows: list[Row], columns: list[str]) -> list[list[str]]:
    return read(written([Table(columns, rows, currency="DKK")]), ",")[1:]


def test_every_number_has_its_unit() -> None:
    """Beside the row, where each row has one; else above the column, where each column has one; else all of the row's, in their order."""
    share, amount, size = Figure(0.5, "share"), Figure(7.0), Figure(19.0, "count")
    assert told([row("a", amount, amount), row("b", share, None)], ["", "x", "y"]) == [
        ["", "Unit", "x", "y"],
        ["a", "kr.", "7", "7"],
        ["b", "share", "0.5", ""],
    ]
    assert told([row(size, share, amount), row(size, None, amount)], ["Persons", "x", "y"]) == [
        ["Persons (number)", "x (share)", "y (kr.)"],
        ["19", "0.5", "7"],
        ["19", "", "7"],
    ]
    assert told([row("a", share, amount), row("b", amount, amount)], ["", "x", "y"]) == [
        ["", "Unit", "x", "y"],
        ["a", "share / kr.", "0.5", "7"],
        ["b", "kr.", "7", "7"],
    ]


def test_several_figures_of_a_cell_have_a_column_each() -> None:
    part = Several(
        Sentence("76% (74-77)"), tuple(Figure(n, "share") for n in (0.76, 0.74, 0.77)), ("x", "x, from", "x, to")
    )
    one = Several(Sentence("24 months"), (Figure(24.0, "count"),), ("x",), "months")
    open_end = Several(Sentence("<= 3"), (None, Figure(3.0, "number")), ("x: from", "x: to"))
    assert told([row("a", part), row("b", None), row("c", one), row("d", "none")], ["", "x"]) == [
        ["", "Unit", "x", "x, from", "x, to"],
        ["a", "share", "0.76", "0.74", "0.77"],
        ["b", "", "", "", ""],
        ["c", "months", "24", "", ""],
        ["d", "", "none", "", ""],
    ]
    assert told([row("a", open_end)], ["", "x"]) == [["", "Unit", "x: from", "x: to"], ["a", "", "", "3"]]


def test_titles_and_notes_go_with_the_tables_and_pictures_do_not() -> None:
    chart = Bars(["low", "high"], [[Figure(1.0), Figure(2.0)]], Figure(1.5), "as it is")
    table = Table(["", "x"], [row("a", Figure(1.0))], currency="DKK", title="What it is:", chart=chart)
    rows = read(written([Heading("Case"), Sentence("Left out."), Note("Beware."), table]), ",")
    assert rows == [["Case"], ["NOTE: Beware."], [], ["What it is:"], ["", "Unit", "x"], ["a", "kr.", "1"]]


def test_an_answer_without_tables_has_its_sentences() -> None:
    parts: list[Part] = [Heading("Case"), Sentence(""), Sentence("It must be 3, or more.")]
    assert read(written(parts), ",") == [["Case"], ["It must be 3, or more."]]


def test_what_holds_a_comma_is_quoted_beside_semicolons() -> None:
    """Programs that take both for separators read it right, too."""
    locale.use("da")
    lines = written([Table(["", "x"], [row('a, "b"', Figure(1.5))], currency="DKK")]).decode("utf-8-sig").splitlines()
    assert lines[-1] == '"a, ""b""";kr.;"1,5"'


@pytest.mark.parametrize(
    "label", ["=1+1", "+45 12 34", "-5 % i besparelse", "@SUM(A1)", "\t=1", "  =HYPERLINK(1)", '=cmd|"/c calc"!A1']
)
def test_no_text_becomes_a_formula(label: str) -> None:
    table = Table(["", label], [row(label, Figure(-1.0)), row("b", Sentence(label))], title=label)
    rows = read(written([Heading(label), table]), ",")
    cells = [cell for one in rows for cell in one if label in cell]
    assert cells == [f"'{label}"] * 5
    assert rows[-2] == [f"'{label}", "", "-1"]  # a number stays one


def test_labels_with_the_marks_of_csv_stay_one_cell() -> None:
    locale.use("da")
    label = 'Løn; "fast",\nog tillæg'
    assert read(written([Table(["", "2020"], [row(label, Figure(1.0))])]), ";")[-1] == [label, "", "1"]
