"""Tables as Excel reads them."""

import csv
import io

import pytest

from simulate import locale
from simulate.content import Figure, Heading, Sentence, Table, row, total
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
    """Semicolons, decimal commas, a byte order mark; amounts in kroner whatever the table is counted in, and nothing rounded."""
    locale.use("da")
    data = written([Heading("Sag"), Sentence("En sætning."), TABLE])
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == data.count(b"\n") == 5
    assert read(data, ";") == [
        ["Sag"],
        [],
        ["", "Enhed", "2020", "Total"],
        ["Staff", "kr.", "-1234567,25", "0,0000001"],
        ["Chance", "andel", "", "0,125"],
    ]


def test_english() -> None:
    rows = read(written([TABLE]), ",")
    assert rows[-2:] == [["Staff", "kr.", "-1234567.25", "0.0000001"], ["Chance", "share", "", "0.125"]]


@pytest.mark.parametrize(
    "value", [0.1 + 0.2, 1 / 3, -4366123.4567891, 5e-324, 1.7976931348623157e308, 2.0, -0.0, 12345678901.5]
)
def test_numbers_are_read_back_to_the_last_bit(value: float) -> None:
    for language, delimiter in (("da", ";"), ("en", ",")):
        locale.use(language)  # type: ignore[arg-type]
        (_, _, (_, _, said)) = read(written([Table(["", "x"], [row("a", Figure(value))])]), delimiter)
        assert float(said.replace(",", ".")) == value
        assert "e" not in said.lower()
        assert said != "-0"


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
