"""Sentences and tables as a piece of HTML, for a notebook or a page: it names no file, style or script outside itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from simulate.content import BREAK, Cell, Figure, Heading, Part, Row, Table, for_reader
from simulate.figures import cell, corner

RIGHT = ' style="text-align:right;white-space:nowrap"'
LEFT = ' style="text-align:left"'
LEVELS = 6  # of headings


def written(parts: Iterable[Part]) -> str:
    """One paragraph for the sentences that stand together; what is indented is a list."""
    return "\n".join(_blocks(parts))


def _blocks(parts: Iterable[Part]) -> Iterator[str]:
    sentences: list[str] = []
    for part in for_reader(parts, "spreadsheet"):
        if isinstance(part, str) and part != BREAK:
            if sentences and sentences[-1].startswith(" ") != part.startswith(" "):
                yield from _said(sentences)
            sentences.append(part)
            continue
        yield from _said(sentences)
        if isinstance(part, Table):
            yield "\n".join(table(part))
        elif isinstance(part, Heading):
            level = min(part.level + 2, LEVELS)  # below those of the page that it stands in
            yield f"<h{level}>{_words(part.words)}</h{level}>"
    yield from _said(sentences)


def _said(sentences: list[str]) -> Iterator[str]:
    """What has been gathered, which begins anew."""
    if sentences:
        items = [_words(sentence.strip(" ")) for sentence in sentences]
        is_list = sentences[0].startswith(" ")
        yield (
            "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
            if is_list
            else f"<p>{'<br>'.join(items)}</p>"
        )
    sentences.clear()


def table(one: Table) -> Iterator[str]:
    """Titles are heads of columns, first cells heads of rows; figures to the right, totals bold; a line of its own above a group."""
    yield "<table>"
    if one.title:
        yield f"<caption{LEFT}>{_words(one.title)}</caption>"
    if one.columns:
        titles = [corner(one), *one.columns[1:]]
        cells = (f'<th scope="col"{RIGHT if i else LEFT}>{_words(title)}</th>' for i, title in enumerate(titles))
        yield f"<thead><tr>{''.join(cells)}</tr></thead>"
    yield "<tbody>"
    for row in one.rows:
        yield _row(row, one)
    yield "</tbody></table>"


def _row(row: Row, one: Table) -> str:
    first, *others = row.cells
    bold = row.mark == "total"
    above = ' style="border-top:1px solid"' if row.mark else ""
    cells = [f'<th scope="row"{LEFT}>{_cell(first, one.scale, bold)}</th>']
    cells += [
        f"<td{RIGHT if one.columns or isinstance(item, Figure) else LEFT}>{_cell(item, one.scale, bold)}</td>"
        for item in others
    ]
    return f"<tr{above}>{''.join(cells)}</tr>"


def _cell(item: Cell, scale: int, bold: bool) -> str:
    words = _words(cell(item, scale))
    return f"<b>{words}</b>" if bold and words else words


def _words(words: str) -> str:
    """Nothing in it is a mark; a picture made of letters keeps its blanks."""
    return escape(words.replace(" ", "\u00a0") if words.startswith(" ") else words)
