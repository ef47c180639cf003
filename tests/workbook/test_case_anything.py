"""Whatever stands in the cells of a case, reading says what it is or what is wrong, and gives what a text file can say."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from trees import rich
from workbooks import parsed

from simulate.grid import Flaw
from simulate.scenario import toml_writer
from simulate.workbook import layout, reading, writing

TEMPLATE = Path(__file__).parents[2] / "src/simulate/scenario/template.en.toml"
BOOKS = [writing.book(writing.sheets(tree, "en")) for tree in (rich(), parsed(TEMPLATE.read_text(encoding="utf-8")))]
WORDS = [
    "", "x", "a;b", ";", ":", "2027: 1; 2028", "{", "{}", "[1]", '{ a = "b" }', '{ when = 1, yearly = { a = 2 } }', "{ states = 5 }", '{ moves = [1], start = "a" }', "'", "\"", "((", "1;;2",
    "a.b[0].c", "costs[99].x", "costs[0]", "roles.adult.moves[0].from.x", "families", "assumptions.job", "time", "5", "1,5", "yes", "entry", "at entry", "after months", "a year",
    "plus", "pert", "line:", "line: x", "adult", "benefit", "job", "Members: x", "2030", "p10", "Value", "From", "2027-01", "i alt", "9" * 400, "1e999", "\x01", "\ud7ff",
]  # fmt: skip
CELLS = st.one_of(
    st.none(), st.booleans(), st.floats(), st.integers(-5, 2040).map(float), st.sampled_from(WORDS), st.text(max_size=6),
    st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)),
)  # fmt: skip
FLAWS = [Flaw("error", "#DIV/0!"), Flaw("uncalculated", "A1"), Flaw("time", "12:30")]


@st.composite
def books(draw):
    """A right workbook, of which some cells are others."""
    book = draw(st.sampled_from(BOOKS))
    sheets = list(book.sheets)
    for _ in range(draw(st.integers(1, 8))):
        n = draw(st.integers(0, len(sheets) - 1))
        rows, faults = [list(row) for row in sheets[n].rows], dict(sheets[n].faults)
        i = draw(st.integers(0, min(len(rows), 12)))
        rows += [[]] * (i + 1 - len(rows))
        j = draw(st.integers(0, max(map(len, rows))))
        rows[i] = [*rows[i], *[None] * (j + 1 - len(rows[i]))]
        rows[i][j] = draw(CELLS)
        if draw(st.integers(1, 8)) == 1:
            rows[i][j] = None
            faults[i, j] = draw(st.sampled_from(FLAWS))
        sheets[n] = replace(sheets[n], rows=rows, faults=faults)
    if draw(st.integers(1, 6)) == 1:
        sheets[0] = replace(
            sheets[0], name=draw(st.sampled_from([one.title.da for one in layout.SHEETS] + ["x", "Notes"]))
        )
    return replace(book, sheets=tuple(sheets))


@settings(max_examples=60)
@given(books())
def test_anything_is_read_or_refused(book):
    found = reading.read(book)
    source = toml_writer.dump(found.tree)
    assert toml_writer.dump(parsed(source)) == source
    names = {sheet.name.replace("'", "''") for sheet in book.sheets}
    for one in (*found.problems, *found.remarks):
        assert one.message
        assert one.cell == "" or one.cell.split("!")[0].strip("'") in names


@settings(max_examples=20)
@given(books())
def test_what_was_read_can_be_written_and_read_again(book):
    """Not what is right alone: a file that is wrong may be converted, too, and is as wrong afterwards."""
    tree = parsed(toml_writer.dump(reading.read(book).tree))
    again = reading.read(writing.book(writing.sheets(tree, "da")))
    assert again.tree.keys() == tree.keys()
    assert all(writing._is_same(again.tree[key], writing._lifted(tree)[key]) for key in tree)
