"""Parts of a document as blocks, for forms that have paragraphs: sentences that stand together are one, and what is indented is a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from simulate.content import BREAK, Chart, Heading, Note, Part, Row, Sentence, Table, for_reader
from simulate.figures import cell, corner
from simulate.locale.visible import BREAKS, escaped
from simulate.writers.terminal import TIED, telling


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line for each sentence."""

    lines: list[Sentence]


@dataclass(frozen=True, slots=True)
class Listed:
    """The items of a list."""

    items: list[str]


Block = Paragraph | Listed | Note | Heading | Table | Chart


def blocks(parts: Iterable[Part]) -> Iterator[Block]:
    """In their order."""
    sentences: list[Sentence] = []
    for part in for_reader(parts, "spreadsheet"):
        if isinstance(part, Sentence) and part != BREAK and not isinstance(part, Note):
            if sentences and sentences[-1].startswith(" ") != part.startswith(" "):
                yield from _together(sentences)
            sentences.append(part)
            continue
        yield from _together(sentences)
        if part != BREAK:
            assert isinstance(part, Note | Heading | Table | Chart)
            yield part
    yield from _together(sentences)


def _together(sentences: list[Sentence]) -> Iterator[Block]:
    """What has been gathered, which begins anew."""
    if sentences:
        is_list = sentences[0].startswith(" ")
        yield Listed([one.strip(" ") for one in sentences]) if is_list else Paragraph(list(sentences))
    sentences.clear()


# Tables on paper -------------------------------------------------------------------------------------------------------

GAP = 2  # letters between columns
LONGEST = 24  # letters of a figure; what is longer is words
LEAST, MOST = 18, 44  # letters of the first column, and of words
LONG = 100  # letters of words that have twice the room


@dataclass(frozen=True, slots=True)
class Column:
    """Of a table on paper. letters: its width; is_words: it may be broken into lines, and stands to the left."""

    letters: int
    is_words: bool


def columns(table: Table) -> list[Column]:
    """How wide each is: figures as wide as the longest, words as little as is read well."""
    rows = [[cell(item, table.scale) for item in row.cells] for row in table.rows]
    if table.columns:
        rows.insert(0, [corner(table), *table.columns[1:]])
    return [_column(table, i, [row[i] for row in rows if i < len(row)]) for i in range(max(map(len, rows), default=0))]


def _column(table: Table, i: int, items: list[str]) -> Column:
    own = [row.cells[i] for row in table.rows if i < len(row.cells)]
    words = i == 0 or any(isinstance(item, str) and len(item) > LONGEST for item in own)
    longest = max(map(len, items))
    most = MOST if longest <= LONG else 2 * MOST
    return Column(min(max(longest, LEAST if i == 0 else 1), most) if words else longest, words)


def parted(table: Table, room: int) -> list[Table]:
    """The table, or several below each other where its columns have no room in so many letters: each has the first column."""
    _, *others = columns(table)
    parts: list[list[int]] = [[]]
    used = 0
    for i, column in enumerate(others, 1):
        wide = (min(column.letters, LONGEST) if column.is_words else column.letters) + GAP
        if parts[-1] and LEAST + used + wide > room:
            parts.append([])
            used = 0
        parts[-1].append(i)
        used += wide
    if len(parts) == 1 or not table.columns:
        return [table]
    return [_part(table, [0, *part]) for part in parts]


def _part(table: Table, kept: list[int]) -> Table:
    """Some of its columns; rows that have nothing there are left out, but for headings of others, and where all would be."""
    rows = [Row([row.cells[i] for i in kept], row.mark) for row in table.rows]
    told = telling([row.cells for row in rows], [row.cells for row in table.rows])
    return replace(table, columns=[table.columns[i] for i in kept], rows=[rows[i] for i in told])


def tied(words: str) -> str:
    """An amount stays with its unit: no line ends between them. Signs that nobody sees are shown for what they are."""
    return TIED.sub("\u00a0", escaped(words, BREAKS))
