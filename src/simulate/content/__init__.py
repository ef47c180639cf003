"""What an answer is made of: language, but no form. A writer gives it one.

    answer → reports → Sentence, Note, Heading, Table → writers → terminal, Markdown, CSV

A sentence is finished in its language and knows its figures; a cell of a table is a value, which a writer rounds and writes; a picture
is its data, which a writer draws if it can.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Self

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


Cell = Figure | Several | str | None
"""A number, several, words (a Sentence where there are figures in them), or nothing."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of the rows of a table, as its data. Who can draw puts it beside them; who cannot leaves it out, and no figure is lost.

    bars: in each row a bar from `base` to each end. names: of the ends, in the order in which every row has them; base_name: of the base.
    """

    kind: Literal["bars"]
    names: Sequence[str]
    rows: Sequence[Sequence[Figure]]
    base: Figure
    base_name: str


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
    chart: Chart | None = None
    reader: Reader = "anyone"


Part = Sentence | Heading | Table


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
    if isinstance(part, Table):
        drawn = [part.chart.base, *(end for ends in part.chart.rows for end in ends)] if part.chart else []
        return figures_of([part.title, *part.columns, *(cell for one in part.rows for cell in one.cells), *drawn])
    return part.figures if isinstance(part, Sentence) else ()
