"""What is read: a book of sheets of cells, and what is wrong with single cells. Rows and columns count from 0, as they stand in the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple, TypeAlias

from simulate.content import Sentence
from simulate.errors import InputError
from simulate.locale import later, text

Value: TypeAlias = bool | float | str | date | datetime | None  # None: nothing is seen there; whole numbers are floats
Place: TypeAlias = tuple[int, int]  # row, column
Fault: TypeAlias = Literal["error", "uncalculated", "time", "date"]


class GridProblem(InputError):
    """A file that cannot be read as cells; the text is the reason alone, without the file's name."""


def too_long(most: int) -> GridProblem:
    return GridProblem(
        text("the file is larger than {n} million bytes; copy what matters into a new file", n=most // 1_000_000)
    )


class Flaw(NamedTuple):
    """Why a cell has no value, though something stands there.

    shown: what the spreadsheet shows there ("#DIV/0!", "12:30:00", "########"); of a formula without a result the formula.
    """

    kind: Fault
    shown: str

    def words(self) -> Sentence:
        if self.kind == "error":
            return text("the cell has the spreadsheet's error {shown} and no value; mend its formula, and save the file", shown=text(self.shown) if self.shown in ERRORS else self.shown)  # fmt: skip
        if self.kind == "uncalculated":
            return text("the cell has a formula whose result is not in the file; open the file in Excel, save it there, and try again")  # fmt: skip
        if self.kind == "time":
            return text("the cell has a time, {shown}, and no number; if it is to be a number, give it a number's format in Excel", shown=self.shown)  # fmt: skip
        return text("the cell is to be a date and is none: the spreadsheet shows {shown}", shown=self.shown)


ERRORS = (  # as the file has them; Danish Excel shows other words
    later("#NULL!"),
    later("#DIV/0!"),
    later("#VALUE!"),
    later("#REF!"),
    later("#NAME?"),
    later("#NUM!"),
    later("#N/A"),
    later("#SPILL!"),
    later("#CALC!"),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """rows: from A1 on, ragged. Where a flaw is, the value is None.

    merged: (first row, first column, last row, last column), ends included.  percents: cells with a number that is shown as a percentage.
    formulas: how the values of cells came about, but for long ones; blanks: cells whose formula gave an empty text; struck: cells that are crossed out.
    """

    name: str
    rows: Sequence[Sequence[Value]]
    faults: Mapping[Place, Flaw] = field(default_factory=dict)
    merged: Sequence[tuple[int, int, int, int]] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False
    percents: frozenset[Place] = frozenset()
    formulas: Mapping[Place, str] = field(default_factory=dict)
    blanks: frozenset[Place] = frozenset()
    struck: frozenset[Place] = frozenset()

    def at(self, row: int, column: int) -> Value:
        """What stands there; None outside of what is filled in."""
        inside = 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row])
        return self.rows[row][column] if inside else None


@dataclass(frozen=True, slots=True)
class Book:
    """notes: what whoever reads it should know and nothing hangs on (macros, links to other files), as messages that are not translated yet."""

    file: str
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """The notes in the language in force."""
        return tuple(str(text(note)) for note in self.notes)
