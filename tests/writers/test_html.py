"""Answers as a piece of HTML."""

from html.parser import HTMLParser
from typing import Any

import pytest

from simulate.content import BREAK, Figure, Heading, Part, Row, Sentence, Table, row, total
from simulate.writers.html import written

RIGHT = ' style="text-align:right;white-space:nowrap"'
LEFT = ' style="text-align:left"'


def test_sentences_stand_together_until_something_else_comes() -> None:
    parts = [Heading("Case"), BREAK, Sentence("One."), Sentence("Two."), BREAK, Sentence("Three."), Heading("More", 2)]
    assert written(parts).split("\n") == ["<h3>Case</h3>", "<p>One.<br>Two.</p>", "<p>Three.</p>", "<h4>More</h4>"]


def test_what_is_indented_is_a_list() -> None:
    parts = [Sentence("Ways:"), Sentence("    20%  expected"), Sentence("    15%  luck"), Sentence("Least: 0.")]
    assert written(parts).split("\n") == ["<p>Ways:</p>", "<ul><li>20%  expected</li><li>15%  luck</li></ul>", "<p>Least: 0.</p>"]  # fmt: skip


def test_a_table() -> None:
    table = Table(
        ["", "2020"],
        [row("Staff", Figure(-1_234_567.0)), total("All", Figure(2e6, error=1e5))],
        scale=1000,
        currency="DKK",
        title="Lines",
    )
    assert written([table]).split("\n") == [
        "<table>",
        f"<caption{LEFT}>Lines</caption>",
        f'<thead><tr><th scope="col"{LEFT}>1,000 kr.</th><th scope="col"{RIGHT}>2020</th></tr></thead>',
        "<tbody>",
        f'<tr><th scope="row"{LEFT}>Staff</th><td{RIGHT}>-1,235</td></tr>',
        f'<tr style="border-top:1px solid"><th scope="row"{LEFT}><b>All</b></th><td{RIGHT}><b>2,000</b></td></tr>',
        "</tbody></table>",
    ]


def test_words_of_a_list_stand_to_the_left_and_its_figures_to_the_right() -> None:
    found = written([Table((), [row("a", "words", Figure(0.25, "share"))])])
    assert "<thead>" not in found
    assert f"<td{LEFT}>words</td><td{RIGHT}>25.0%</td>" in found


def test_a_picture_keeps_its_blanks() -> None:
    assert "<td" in (found := written([Table(["", ""], [row("a", "  ██│░ ")])]))
    assert "\u00a0\u00a0██│░\u00a0" in found


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found, self.read = set[str](), ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        self.found.add(tag)
        assert {name for name, _ in attrs} <= {"style", "scope"}

    def handle_data(self, data: str) -> None:
        self.read += data


NASTY = "<script>alert('\"&amp;')</script> & <b onclick=x>"


@pytest.mark.parametrize(
    "part",
    [
        Heading(NASTY),
        Sentence(NASTY),
        Sentence(f"  {NASTY}"),
        Table([NASTY, "x"], [row("a", "b")]),
        Table(["x", NASTY], [row("a", "b")]),
        Table(["x", "y"], [row(NASTY, "b")]),
        Table(["x", "y"], [Row(["a", NASTY], "group")]),
        Table((), [total("a", NASTY)]),
        Table(["x", "y"], [row("a", "b")], title=NASTY),
        Table(["x", "y"], [row("a", Figure(1.0))], currency=NASTY),
    ],
    ids=str,
)
def test_nothing_in_the_words_is_a_mark(part: Part) -> None:
    reader = Tags()
    reader.feed(written([part]))
    reader.close()
    assert "script" not in reader.found
    assert NASTY in reader.read
    assert reader.found <= {"h3", "p", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "caption", "b"}


def test_nothing_said_is_nothing_written() -> None:
    assert written([]) == written([BREAK]) == ""
