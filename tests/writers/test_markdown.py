"""Answers in Markdown."""

from simulate.content import BREAK, Bars, Figure, Heading, Note, Sentence, Table, row, total
from simulate.writers.markdown import written

BARS = Table(
    ["", "x"],
    [row("a", Figure(1.0)), row("b", Figure(1.0))],
    currency="DKK",
    chart=Bars(["low", "high"], [[Figure(-4.0), Figure(9.0)], [Figure(1.0), Figure(1.0)]], Figure(0.0), "as it is"),
)


def test_sentences_and_tables() -> None:
    table = Table(
        ["", "2020"],
        [row("Staff | 2", Figure(-1_234_567.0)), total("All", Figure(2e6, error=1e5))],
        scale=1000,
        currency="DKK",
        title="Lines",
    )
    assert written(
        [Heading("Case *A*"), BREAK, Sentence("One."), Sentence("Two."), BREAK, table, Sentence("Note.")]
    ) == (
        "# Case \\*A\\*\n\n"
        "One.\nTwo.\n\n"
        "**Lines**\n\n"
        "| 1,000 kr. | 2020 |\n"
        "| :-- | --: |\n"
        "| Staff \\| 2 | -1,235 |\n"
        "| **All** | **2,000** |\n\n"
        "Note.\n"
    )


def test_a_list_has_no_titles() -> None:
    assert written([Table((), [row("a", "1"), row("b", "2")])]) == "|  |  |\n| :-- | --: |\n| a | 1 |\n| b | 2 |\n"


def test_a_picture_is_drawn_in_letters_that_are_all_as_wide() -> None:
    said = written([BARS]).replace("\u00a0", "_")
    assert said == (
        "| kr. | x |  |\n| :-- | --: | --: |\n| a | 1 | `░░░░│█████████` |\n| b | 1 | `____│█________` |\n\n"
        "Bars: ░ low, █ high, │ as it is.\n"
    )


def test_a_note_is_told_apart() -> None:
    assert written([Sentence("One."), Note("Do *not*."), Sentence("Two.")]) == "One.\n\n> NOTE: Do \\*not\\*.\n\nTwo.\n"


def test_lines_of_a_list_are_items() -> None:
    assert written([Sentence("Ways:"), Sentence("  * 20%  expected"), Sentence("    15%  luck")]) == (
        "Ways:\n\n- \\* 20% expected\n- 15% luck\n"
    )


def test_a_list_ends_before_the_next_sentence() -> None:
    parts = [Sentence("Ways:"), Sentence("    15%  luck"), Sentence("Expected: 1."), Sentence("Least: 0.")]
    assert written(parts) == "Ways:\n\n- 15% luck\n\nExpected: 1.\nLeast: 0.\n"


def test_a_part_has_a_heading_below_the_first() -> None:
    assert written([Heading("Case"), Heading("In detail", 2), Sentence("a")]) == "# Case\n\n## In detail\n\na\n"
