"""Sentences and tables as HTML: a piece of it for a notebook or another's page, which names no file, style or script outside itself.

`Form` says how each part becomes HTML, once; a page of our own (`page`) is the same with classes in place of styles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import zip_longest

from simulate.content import BREAK, Cell, Chart, Figure, Heading, Note, Part, Row, Sentence, Several, Sketch, Table
from simulate.figures import cell, corner

LEVELS = 6  # of headings


def written(parts: Iterable[Part]) -> str:
    """One paragraph for the sentences that stand together; what is indented is a list."""
    return "\n".join(Form().blocks(parts))


class Form:
    """How each part becomes HTML: here with styles of its own, below the headings of a page that it knows nothing of."""

    of_words = ' style="text-align:left"'  # attributes of a cell
    of_figures = ' style="text-align:right;white-space:nowrap"'
    above = ' style="border-top:1px solid"'  # of a row that begins a group, or is a total

    def blocks(self, parts: Iterable[Part]) -> Iterator[str]:
        """Each part, one after the other; sentences that stand together are one."""
        gathered: list[Sentence] = []
        for part in parts:
            if isinstance(part, str) and part != BREAK:
                if gathered and self.kind(gathered[-1]) != self.kind(part):
                    yield self.said(gathered)
                    gathered = []
                gathered.append(part)
                continue
            if gathered:
                yield self.said(gathered)
                gathered = []
            if isinstance(part, Table):
                yield "\n".join(self.table(part))
            elif isinstance(part, Heading):
                yield self.heading(part)
            elif isinstance(part, Chart):
                yield from self.chart(part)
        if gathered:
            yield self.said(gathered)

    def kind(self, one: Sentence) -> str:
        """Of one kind are sentences that stand together."""
        return "item" if one.startswith(" ") else "sentence"

    def said(self, sentences: Sequence[Sentence]) -> str:
        items = [self.words(sentence.strip(" ")) for sentence in sentences]
        if self.kind(sentences[0]) == "item":
            return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
        return f"<p>{'<br>'.join(items)}</p>"

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
        first, *others = (self.cell(item, one.scale, bold) for item in row.cells)
        cells = [f'<th scope="row"{self.of_words}>{first}</th>']
        cells += [
            f"<td{side}{self.titled(title) if words else ''}>{words}</td>"
            for words, side, title in zip_longest(others, sides[1 : len(row.cells)], titles[1 : len(row.cells)], fillvalue="")
        ]
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
