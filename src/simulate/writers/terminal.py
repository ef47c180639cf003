"""Sentences and tables on standard output."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from simulate.content import Chart, Heading, Mark, Note, Part, Table
from simulate.figures import cell, corner
from simulate.locale import text
from simulate.writers import letters

Cells = Sequence[Sequence[str]]

WIDTH = 100  # of sentences at most, and where no terminal is
NARROW, WIDE = 40, 200  # of a terminal
GAP = 2  # between columns
NARROWEST = 24  # first column, where it has others beside it
LEAST = 12  # first column, beside a single wide one
TIED = re.compile(
    r"(?<=\d) (?=mio\.|kr\.|%|[A-Z]{3}\b)|(?<=\bmio\.) (?=\S)|(?<=±) "
)  # blanks between a number and its unit or sign
INDENT = "  "  # of what does not fit on its first line


def show(parts: Iterable[Part]) -> None:
    """Print sentences, wrapped to the terminal, and tables."""
    for part in parts:
        for line in lines(part, _width()):
            print(line)


def lines(part: Part, width: int = WIDTH) -> list[str]:
    """As they are printed; none of what is for a spreadsheet alone."""
    if isinstance(part, Table):
        return [] if part.reader == "spreadsheet" else table(part, width)
    if isinstance(part, Chart):
        return []
    if isinstance(part, Note):
        part = text("NOTE: {caveat}", caveat=part)
    return paragraph(part.words if isinstance(part, Heading) else part, min(width, WIDTH))


def table(one: Table, width: int = WIDTH) -> list[str]:
    """Right-aligned columns but the first, whose longer cells go on below; a line under the titles and above a total, an empty one above a group.

    What has no titles is a list. In a narrow terminal, columns that have no room stand below the others, beside the first column again.
    """
    if not one.columns:
        return _list([[cell(item) for item in row.cells] for row in one.rows], width)
    drawn = letters.drawn(one)
    cells = [[corner(one), *drawn.columns[1:]], *([cell(item, one.scale) for item in row.cells] for row in drawn.rows)]
    first, *rest = (_table(part, marks, width) for part, marks in _parts(cells, [row.mark for row in one.rows], width))
    title = paragraph(one.title, min(width, WIDTH)) if one.title else []
    legend = paragraph(letters.legend(one.chart), min(width, WIDTH)) if one.chart else []
    return [*title, *first, *(line for part in rest for line in ["", *part]), *legend]


def _list(cells: Cells, width: int) -> list[str]:
    """Columns of words."""
    import textwrap

    wide, found = _wide(cells), []
    for row in cells:
        line = INDENT + (GAP * " ").join(item.ljust(w) for item, w in zip(row, wide, strict=True)).rstrip()
        fits = len(line) <= width
        found += [line] if fits else textwrap.wrap(line, width, subsequent_indent=2 * INDENT, break_long_words=False)
    return found


def _wide(cells: Cells) -> list[int]:
    return [max(len(item) for item in column) for column in zip(*cells, strict=True)]


def _parts(cells: Cells, marks: Sequence[Mark], width: int) -> list[tuple[Cells, list[Mark]]]:
    """Columns that have room beside each other. Where there are several parts, a row stands in those in which it has something."""
    first, *others = _wide(cells)
    used = min(first, NARROWEST)
    parts: list[list[int]] = [[]]
    for column, wide in enumerate(others, 1):
        taken = used + sum(GAP + others[other - 1] for other in parts[-1])
        if parts[-1] and taken + GAP + wide > width:
            parts.append([])
        parts[-1].append(column)
    found: list[tuple[Cells, list[Mark]]] = []
    for part in parts:
        rows = [[row[0], *(row[i] for i in part)] for row in cells]
        shown = telling(rows[1:], cells[1:]) if len(parts) > 1 else range(len(rows) - 1)
        found.append(([rows[0], *(rows[i + 1] for i in shown)], [marks[i] for i in shown]))
    return found


def telling(rows: Sequence[Sequence[Any]], whole: Sequence[Sequence[Any]]) -> Sequence[int]:
    """Which rows of a part of a table have something beside their name, and the headings above these, which have nothing in the whole table; all rows
    where none has something."""
    told = [i for i, row in enumerate(rows) if _tells(row)]
    if not told:
        return range(len(rows))
    headings = [i for i, row in enumerate(whole) if not _tells(row)]
    above = [i for i, after in pairwise([*headings, len(whole)]) if any(i < one < after for one in told)]
    return sorted([*told, *above])


def _tells(row: Sequence[Any]) -> bool:
    return any(item not in (None, "") for item in row[1:])


def _table(cells: Cells, marks: Sequence[Mark], width: int) -> list[str]:
    import textwrap

    wide = _wide(cells)
    room = width - sum(GAP + column for column in wide[1:])
    wide[0] = max(min(wide[0], max(room, LEAST)), 1)  # also where no row has a name
    rule = (GAP * " ").join("-" * column for column in wide)
    found = []
    for i, row in enumerate(cells):
        mark = marks[i - 1] if i else ""
        if i == 1 or mark == "total":
            found.append(rule)
        elif mark == "group":
            found.append("")
        first, *below = textwrap.wrap(row[0], wide[0], subsequent_indent=INDENT) or [""]
        each = [first.ljust(wide[0]), *(item.rjust(w) for item, w in zip(row[1:], wide[1:], strict=True))]
        found += [(GAP * " ").join(each).rstrip(), *below]
    return found


def _width() -> int:
    """Of the terminal."""
    import shutil

    return min(max(shutil.get_terminal_size((WIDTH, 24)).columns, NARROW), WIDE)


def paragraph(sentence: str, width: int = WIDTH) -> list[str]:
    """A sentence in lines, never broken between an amount and its unit; further lines are indented as the first."""
    import textwrap

    if not sentence:
        return [""]
    indent = " " * (len(sentence) - len(sentence.lstrip()))
    tied = TIED.sub("\u00a0", sentence)
    wrapped = textwrap.wrap(tied, width, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)
    return [line.replace("\u00a0", " ") for line in wrapped]
