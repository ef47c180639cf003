"""Tables on the terminal."""

import pytest

from simulate.content import Bars, Figure, Note, Row, Table
from simulate.writers.letters import bars
from simulate.writers.terminal import WIDTH, lines, paragraph, table


def printed(rows: list[list[str]], width: int = WIDTH, last: str = "") -> list[str]:
    """last: the mark of the last row."""
    return table(Table(rows[0], [*map(Row, rows[1:-1]), Row(rows[-1], last)]), width)


def test_a_table_is_as_wide_as_its_cells() -> None:
    assert printed([["Year", "Provenu"], ["2017", "-1"], ["Total", "-1"]], last="total") == [
        "Year   Provenu",
        "-----  -------",
        "2017        -1",
        "-----  -------",
        "Total       -1",
    ]


def test_first_cells_that_would_make_it_too_wide_go_on_below() -> None:
    label = "What " + 20 * "is counted " + "here"
    lines = printed([["", 30 * "a", 30 * "b"], [label, "1", "2"], ["Short", "3", "4"]])
    assert all(len(line) <= WIDTH for line in lines)
    assert [line for line in lines if line.endswith("2")] == [lines[2]]
    below = [line for line in lines if line.startswith("  is") or line.startswith("  counted")]
    assert len(below) == len(lines) - 4
    assert " ".join(" ".join([lines[2].removesuffix("2").rstrip(" 1"), *lines[3:-1]]).split()) == label


def test_columns_of_numbers_are_never_cut() -> None:
    lines = printed([["", *(5 * ["x" * 30])], ["a label of forty letters, or some more", *(5 * ["1"])]])
    assert " ".join(lines).split().count("x" * 30) == 5
    assert lines[2].startswith("a label of forty")
    assert all(len(line) <= WIDTH for line in lines)


def test_a_table_in_a_narrow_terminal_goes_on_below() -> None:
    rows = [
        ["Year", "Expected", "P5", "P95"],
        ["2020", "1,000,000", "-14,200,000", "5,000,000"],
        ["Total", "1", "2", "3"],
    ]
    assert printed(rows, 39, "total") == [
        "Year    Expected           P5",
        "-----  ---------  -----------",
        "2020   1,000,000  -14,200,000",
        "-----  ---------  -----------",
        "Total          1            2",
        "",
        "Year         P95",
        "-----  ---------",
        "2020   5,000,000",
        "-----  ---------",
        "Total          3",
    ]
    assert len(printed(rows, last="total")) == 5


@pytest.mark.parametrize("width", [40, 60, 80, 99])
def test_no_line_of_a_table_is_wider_than_the_terminal(width: int) -> None:
    cells = [["What is counted in this row, in many words", *(f"{10**n:,}" for n in range(3, 10))]] * 3
    lines = printed(cells, width)
    assert max(map(len, lines)) <= width
    assert all(sum(cell in line for line in lines) == 3 for cell in cells[0][-1:])


def test_totals_groups_and_titles() -> None:
    rows = [Row(["a", "1"]), Row(["All", "2"], "total"), Row(["Part", "3"], "group")]
    assert table(Table(["", "x"], rows, title="Lines")) == [
        "Lines",
        "      x",
        "----  -",
        "a     1",
        "----  -",
        "All   2",
        "",
        "Part  3",
    ]


def test_a_list_has_no_rule_and_keeps_long_words() -> None:
    rows = [Row(["assumptions.a.value", "0.1"]), Row(["b", '"1,5"  ->  1.5'])]
    assert table(Table((), rows)) == ["  assumptions.a.value  0.1", '  b                    "1,5"  ->  1.5']
    lines = table(Table((), [Row(["families.finishing.entering.month", "x" * 50])]), 60)
    assert [line.strip() for line in lines] == ["families.finishing.entering.month", "x" * 50]
    assert table(Table((), [])) == []


def test_amounts_are_written_in_the_unit_of_the_table() -> None:
    one = Table(["", "2020"], [Row(["a", Figure(-1_234_567.0, error=1e4)])], scale=1000, currency="DKK")
    assert table(one) == ["1,000 kr.    2020", "---------  ------", "a          -1,230"]


@pytest.mark.parametrize(
    "tied", ["5,7 mio. kr.", "-4.4 mio. kr.", "± 6,500 kr.", "± 0,9 %", "1.092 EUR", "12 mio. SEK"]
)
def test_a_number_stays_with_its_unit_at_every_width(tied: str) -> None:
    for width in range(len(tied) + 2, 60):
        lines = paragraph(f"Forventet provenu er {tied} og intet andet er det.", width)
        assert any(tied in line for line in lines), width


def test_where_a_table_breaks_a_row_stands_only_where_it_has_something() -> None:
    rows = [
        Row(["Provenu", "1,000", "2,000", "3,000"]),
        Row(["Accumulated", "1,000", "3,000", None]),
        Row(["Part", "1", "2", "3"], "group"),
        Row(["from", None, None, "-9"]),
        Row(["nothing at all", None, None, None]),
    ]
    assert table(Table(["", "2020", "2021", "Total"], rows), 28) == [
        "              2020   2021",
        "-----------  -----  -----",
        "Provenu      1,000  2,000",
        "Accumulated  1,000  3,000",
        "",
        "Part             1      2",
        "",
        "         Total",
        "-------  -----",
        "Provenu  3,000",
        "",
        "Part         3",
        "from        -9",
    ]
    assert (
        len(table(Table(["", "2020", "2021", "Total"], rows), 60)) == 8
    )  # all of them, an empty line before the group


def test_a_part_in_which_nothing_stands_keeps_its_rows() -> None:
    rows = [Row(["Persons", "1,000", "", None]), Row(["Families", "2,000", "", None], "total")]
    assert table(Table(["", "2020", "2021", "2022"], rows), 16) == [
        "           2020",
        "--------  -----",
        "Persons   1,000",
        "--------  -----",
        "Families  2,000",
        "",
        "          2021",
        "--------  ----",
        "Persons",
        "--------  ----",
        "Families",
        "",
        "          2022",
        "--------  ----",
        "Persons",
        "--------  ----",
        "Families",
    ]


def test_a_table_whose_rows_have_no_names_has_a_first_column_still() -> None:
    assert table(Table(["", "2020"], [Row(["", "1,000"])]), 40) == ["    2020", "-  -----", "   1,000"]
    assert table(Table(["", "2020", "2021"], [Row(["", "1,000", None])]), 10) == [
        "    2020", "-  -----", "   1,000", "", "   2021", "-  ----", "",
    ]  # fmt: skip


def test_forty_years_by_quarter_of_figures_that_are_not_there() -> None:
    """Only totals stand: parts without a figure have the names of the rows."""
    heads = ["", *(f"{2020 + i // 4}Q{i % 4 + 1}" for i in range(160)), "Total"]
    found = table(Table(heads, [Row(["Families", *([None] * 160), "12"])]), 100)
    assert sum(line.startswith("Families") for line in found) == found.count("") + 1
    assert max(map(len, found)) <= 100
    assert all(any(head in line for line in found) for head in heads)


def test_a_note_says_that_it_is_one() -> None:
    assert lines(Note("Beware."), 40) == ["NOTE: Beware."]


def chart(rows: list[tuple[float, float]], base: float) -> Bars:
    return Bars(["low", "high"], [[Figure(low), Figure(high)] for low, high in rows], Figure(base), "as it is")


def test_bars_are_on_one_scale_from_the_base_to_both_ends() -> None:
    assert bars(chart([(-6, 7), (2, -3), (0, 0)], 0.0)) == ["░░░░░░│███████", "   ███│░░     ", "      │       "]


def test_of_two_ends_on_one_side_the_shorter_stands_in_front() -> None:
    assert bars(chart([(13, 4), (2, 13)], 0.0)) == ["│████░░░░░░░░░", "│░░███████████"]


def test_where_nothing_differs_only_the_base_is_drawn() -> None:
    assert bars(chart([(3.0, 3.0)], 3.0)) == ["      │       "]


def test_a_chart_stands_beside_the_rows_and_its_legend_below() -> None:
    one = Table(["Name", "x"], [Row(["a", "1"]), Row(["b", "2"])], chart=chart([(-6, 7), (2, -3)], 0.0))
    assert table(one) == [
        "Name  x",
        "----  -  --------------",
        "a     1  ░░░░░░│███████",
        "b     2     ███│░░",
        "Bars: ░ low, █ high, │ as it is.",
    ]
