"""What an answer is made of: language, but no form. A writer gives it one.

    answer → reports → Sentence, Note, Heading, Table, Chart → writers → terminal, Markdown, CSV, page, Word, workbook, PDF

A sentence is finished in its language and knows its figures; a cell of a table is a value, which a writer rounds and writes; a picture
is its data, which a writer draws if it can.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Literal, Self

Language = Literal["da", "en"]
Unit = Literal["kr", "share", "count", "number"]
Mark = Literal["", "group", "total"]
Reader = Literal["anyone", "person", "spreadsheet"]


class Sentence(str):
    """A sentence, or a piece of one. figures: the numbers that are in it, as the document has them: not rounded, in kroner and shares."""

    figures: tuple[float, ...]

    def __new__(cls, words: str, figures: Iterable[float] = ()) -> Self:
        made = super().__new__(cls, words)
        made.figures = tuple(figures)
        return made

    def __add__(self, other: str) -> Sentence:
        return Sentence(str(self) + str(other), figures_of((self, other)))

    def __radd__(self, other: str) -> Sentence:
        return Sentence(str(other) + str(self), figures_of((other, self)))

    def join(self, parts: Iterable[str]) -> Sentence:
        each = list(parts)
        return Sentence(str(self).join(each), figures_of(each))


class Note(Sentence):
    """A sentence that must be read before the answer is relied on: a writer may not leave it out, and shows what it is."""


BREAK = Sentence("")  # a new paragraph begins


@dataclass(frozen=True, slots=True)
class Heading:
    """What the answer is of, or (level 2) a part of it."""

    words: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a cell, as the document has it. error: its standard error, which leaves it its digits; 0: exact; None: not known."""

    value: float
    unit: Unit = "kr"
    error: float | None = 0.0
    decimals: int = 0  # of a count


@dataclass(frozen=True, slots=True)
class Several:
    """Figures that are read together, `76 % (74-77)`, or one that is written in a way of its own.

    names: titles for them, in place of the column's, where each must have a column of its own; unit: what they are counted in, where the
    case has a word for it.
    """

    words: Sentence
    figures: tuple[Figure | None, ...]
    names: tuple[str, ...]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Sketch:
    """A distribution as a small picture. shares: in bins of equal width; words: what is told of it where it cannot be drawn."""

    shares: tuple[float, ...]
    words: Sentence


Cell = Figure | Several | Sketch | str | None
"""A number, several, a small picture, words (a Sentence where there are figures in them), or nothing."""


NOTHING = Sentence("")  # no words


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture, as its data. Who can draw shows it; who cannot leaves it out, and no figure is lost, since a table or a sentence beside it has them.

    title: what is found; subtitle: with which figure; alt: what is told to who does not see it.
    """

    title: Sentence = NOTHING
    subtitle: Sentence = NOTHING
    alt: Sentence = NOTHING


@dataclass(frozen=True, slots=True)
class Bars(Chart):
    """In each row a bar from `base` to each end.

    names: of the ends, in the order in which every row has them; base_name: of the base; labels: of the rows; at: what stands at the ends of each;
    currency: of the amounts.
    """

    names: Sequence[str]
    rows: Sequence[Sequence[Figure]]
    base: Figure
    base_name: str
    labels: Sequence[str] = ()
    at: Sequence[Sequence[str]] = ()
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Fan(Chart):
    """An amount through the periods: between which percentiles, and lines of their own names.

    bands: percentile → by period, in pairs about the middle one; where it is empty, only lines are known. zero: what the line at 0 is called.
    """

    periods: Sequence[str]
    bands: Mapping[int, Sequence[Figure]]
    lines: Mapping[str, Sequence[Figure]]
    currency: str
    zero: str = ""


@dataclass(frozen=True, slots=True)
class Curve(Chart):
    """The chance to lose more than each amount. points: (loss, chance), the amounts rising; marks: some that are pointed at, and their names."""

    points: Sequence[tuple[Figure, Figure]]
    marks: Sequence[tuple[Figure, Figure, str]]
    currency: str


@dataclass(frozen=True, slots=True)
class Histogram(Chart):
    """How an amount is spread. edges: of bins of equal width, 0 among them where it lies within; shares: one fewer, of the courses; lines: amounts by
    their names."""

    edges: Sequence[Figure]
    shares: Sequence[Figure]
    lines: Mapping[str, Figure]
    currency: str


@dataclass(frozen=True, slots=True)
class Dots(Chart):
    """A chance as so many of a few. of: how many there are; filled: what those have that are filled."""

    share: Figure
    of: int = 20
    filled: str = ""


@dataclass(frozen=True, slots=True)
class HeatMap(Chart):
    """A value over two things that vary: rows, columns: what stands at them; cells: None where there is none; of: what the values are."""

    row_name: str
    column_name: str
    rows: Sequence[str]
    columns: Sequence[str]
    cells: Sequence[Sequence[Figure | None]]
    of: str
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """The first cell is what the row is called. A group begins a part of the table, a total ends one."""

    cells: Sequence[Cell]
    mark: Mark = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Titles of columns, and rows that are as wide; without titles it is a list.

    scale: kroner in one of what is printed, which is said in the corner where the first column has no title. reader: for whom it is: a picture made of
    letters is for a person alone, figures that sentences have already are for a spreadsheet alone.
    """

    columns: Sequence[str]
    rows: Sequence[Row]
    scale: int = 1
    currency: str = ""
    title: str = ""
    chart: Bars | None = None
    reader: Reader = "anyone"


Part = Sentence | Heading | Table | Chart


@dataclass(frozen=True, slots=True)
class Document:
    """What is printed, mailed and pasted. footer: what every page or file ends with: how it was made."""

    title: str
    language: Language
    parts: Sequence[Part]
    footer: Sequence[Sentence] = ()


def row(*cells: Cell, mark: Mark = "") -> Row:
    return Row(cells, mark)


def note(said: Sentence) -> Note:
    return Note(said, said.figures)


def total(*cells: Cell) -> Row:
    return Row(cells, "total")


def for_reader(parts: Iterable[Part], other: Reader) -> Iterator[Part]:
    """Without the tables that are for another reader."""
    return (part for part in parts if not (isinstance(part, Table) and part.reader == other))


def joined(parts: Iterable[str], between: str = " ") -> Sentence:
    """Sentences one after the other, with all their figures."""
    return Sentence(between).join(parts)


def figures_of(values: Iterable[object]) -> tuple[float, ...]:
    """Of sentences and figures among these, in their order."""
    found: list[float] = []
    for value in values:
        if isinstance(value, Figure):
            found.append(value.value)
        elif isinstance(value, Several):
            found += figures_of(value.figures)
        elif isinstance(value, Sentence):
            found += value.figures
    return tuple(found)


def figures(part: Part) -> tuple[float, ...]:
    """Every number that a part of an answer shows."""
    return tuple(_numbers(part))


def _numbers(shown: object) -> Iterator[float]:
    if isinstance(shown, Figure):
        yield shown.value
    elif isinstance(shown, Sentence):
        yield from shown.figures
    elif isinstance(shown, Sketch):
        yield from shown.words.figures
    elif is_dataclass(shown):
        for one in fields(shown):
            yield from _numbers(getattr(shown, one.name))
    elif isinstance(shown, Mapping):
        for value in shown.values():
            yield from _numbers(value)
    elif isinstance(shown, list | tuple):
        for value in shown:
            yield from _numbers(value)
