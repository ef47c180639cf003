"""Sentences and tables as HTML: a piece of it for a notebook or another's page, which names no file, style or script outside itself.

`Form` says how each part becomes HTML, once; a page of our own (`page`) is the same with classes in place of styles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import zip_longest

from simulate.content import Cell, Chart, Figure, Heading, Note, Part, Row, Several, Sketch, Table
from simulate.figures import cell, corner
from simulate.locale import text
from simulate.writers.blocks import Listed, Paragraph, blocks

LEVELS = 6  # of headings
SHORT = 18  # letters of figures that are read together, and stay on one line


def written(parts: Iterable[Part]) -> str:
    """One paragraph for the sentences that stand together; what is indented is a list."""
    return "\n".join(Form().blocks(parts))


def is_broken(item: Cell) -> bool:
    """Whether a cell may go on in a new line: words, and figures with many words about them."""
    return isinstance(item, str) or (isinstance(item, Several) and len(item.words) > SHORT)


class Form:
    """How each part becomes HTML: here with styles of its own, below the headings of a page that it knows nothing of."""

    of_words = ' style="text-align:left"'  # attributes of a cell
    of_figures = ' style="text-align:right;white-space:nowrap"'
    of_words_there = ' style="text-align:right"'  # of words in a column of figures
    above = ' style="border-top:1px solid"'  # of a row that begins a group, or is a total

    def blocks(self, parts: Iterable[Part]) -> Iterator[str]:
        """Each part, one after the other; sentences that stand together are one."""
        for one in blocks(parts):
            if isinstance(one, Paragraph):
                yield self.paragraph(one)
            elif isinstance(one, Listed):
                yield "<ul>" + "".join(f"<li>{self.words(item)}</li>" for item in one.items) + "</ul>"
            elif isinstance(one, Note):
                yield self.note(text("NOTE: {caveat}", caveat=one))
            elif isinstance(one, Heading):
                yield self.heading(one)
            elif isinstance(one, Table):
                yield "\n".join(self.table(one))
            else:
                yield from self.chart(one)

    def paragraph(self, one: Paragraph) -> str:
        return f"<p>{'<br>'.join(map(self.words, one.lines))}</p>"

    def note(self, said: str) -> str:
        return f"<p>{self.words(said)}</p>"

    def heading(self, one: Heading) -> str:
        level = min(one.level + 2, LEVELS)  # below those of the page that it stands in
        return f"<h{level}>{self.words(one.words)}</h{level}>"

    def chart(self, one: Chart) -> Iterator[str]:
        """A piece has no pictures."""
        yield from ()

    def table(self, one: Table) -> Iterator[str]:
        """Titles are heads of columns, first cells heads of rows; figures to the right, totals bold; a line of its own above a group."""
        titles = [corner(one), *one.columns[1:]] if one.columns else []
        sides = self.sides(one)
        yield f"<table{self.named(one)}>"
        if one.title:
            yield f"<caption{self.of_words}>{self.words(one.title)}</caption>"
        if titles:
            heads = (self.head(title, side) for title, side in zip_longest(titles, sides, fillvalue=""))
            yield f"<thead><tr>{''.join(heads)}</tr></thead>"
        yield "<tbody>"
        for row in one.rows:
            yield self.row(row, one, titles, sides)
        yield "</tbody></table>"

    def named(self, one: Table) -> str:
        """Attributes of a table."""
        return ""

    def sides(self, one: Table) -> list[str]:
        """Attributes of the cells of each column: of words where it has no figure at all."""
        columns = list(zip_longest(*(row.cells for row in one.rows)))
        return [
            self.of_figures if i and any(isinstance(item, Figure | Several) for item in column) else self.of_words
            for i, column in enumerate(columns or one.columns)
        ]

    def head(self, title: str, side: str) -> str:
        """Nothing is no title."""
        return f'<th scope="col"{side}>{self.words(title)}</th>' if title else f"<td{side}></td>"

    def row(self, row: Row, one: Table, titles: Sequence[str], sides: Sequence[str]) -> str:
        bold = row.mark == "total"
        first, *others = row.cells
        cells = [f'<th scope="row"{self.of_words}>{self.cell(first, one.scale, bold)}</th>']
        for item, side, title in zip(others, sides[1:], titles[1:] or sides[1:], strict=False):
            words = self.cell(item, one.scale, bold)
            found = self.of_words_there if is_broken(item) and side == self.of_figures else side
            cells.append(f"<td{found}{self.titled(title) if titles and words else ''}>{words}</td>")
        return f"<tr{self.above if row.mark else ''}>{''.join(cells)}</tr>"

    def titled(self, title: str) -> str:
        """Attributes of a cell that has something in it, under this title."""
        return ""

    def cell(self, item: Cell, scale: int, bold: bool) -> str:
        if isinstance(item, Sketch):
            return self.sketch(item)
        words = self.words(cell(item, scale))
        return f"<b>{words}</b>" if bold and words else words

    def sketch(self, one: Sketch) -> str:
        return self.words(one.words)

    def words(self, words: str) -> str:
        """Nothing in it is a mark; a picture made of letters keeps its blanks."""
        return escape(words.replace(" ", "\u00a0") if words.startswith(" ") else words)
