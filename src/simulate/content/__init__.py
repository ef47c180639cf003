"""What an answer is made of: language, but no form. A writer gives it one.

    document (JSON) → reports → Sentence, Heading, Table → writers → terminal, Markdown, CSV

A sentence is finished in its language and knows its figures; a cell of a table is a value, which a writer rounds and writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Self

Unit = Literal["kr", "share", "count", "number"]
Mark = Literal["", "group", "total"]


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


Cell = Figure | str | None
"""A number, words (a Sentence where there are figures in them), or nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """The first cell is what the row is called. A group begins a part of the table, a total ends one."""

    cells: Sequence[Cell]
    mark: Mark = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Titles of columns, and rows that are as wide; without titles it is a list.

    scale: kroner in one of what is printed, which is said in the corner where the first column has no title.
    """

    columns: Sequence[str]
    rows: Sequence[Row]
    scale: int = 1
    currency: str = ""
    title: str = ""


Part = Sentence | Heading | Table


def row(*cells: Cell, mark: Mark = "") -> Row:
    return Row(cells, mark)


def total(*cells: Cell) -> Row:
    return Row(cells, "total")


def joined(parts: Iterable[str], between: str = " ") -> Sentence:
    """Sentences one after the other, with all their figures."""
    return Sentence(between).join(parts)


def figures_of(values: Iterable[object]) -> tuple[float, ...]:
    """Of sentences and figures among these, in their order."""
    found: list[float] = []
    for value in values:
        if isinstance(value, Figure):
            found.append(value.value)
        elif isinstance(value, Sentence):
            found += value.figures
    return tuple(found)


def figures(part: Part) -> tuple[float, ...]:
    """Every number that a part of an answer shows."""
    if isinstance(part, Table):
        return figures_of([*part.columns, *(cell for one in part.rows for cell in one.cells)])
    return part.figures if isinstance(part, Sentence) else ()
