"""What is found in a sheet: lines, totals, what was left out and how each was read.

rows of cells ──heads──▶ Heads (years, columns) ──rows──▶ Rows ──kinds, signs──▶ Lines ──totals──▶ Totals, checked
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from simulate.content import Sentence
from simulate.errors import InputError

Kind = Literal["cost", "saving", "financing"]
Signs = Literal["headings", "budget", "result"]
Basis = Literal["year", "total", "factor"]
Amounts = tuple[float, ...]
"""By year, in the unit of the sheet."""

KINDS: tuple[Kind, ...] = ("cost", "saving", "financing")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the officer decides where the sheet does not say. None: as the sheet says.

    cells: the range that the table stands in, `A3:H20`; rows: row (from 1) → what it is.
    """

    sheet: str | None = None
    cells: str | None = None
    unit: str | None = None
    years: tuple[int, int] | None = None  # first and last; the last is 0 where it is not said
    signs: Signs | None = None
    ranges: Basis | None = None
    rows: dict[int, str] | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """Lowest, most likely and highest of a line as shares of what the sheet has, low < high. basis: what they were told of.

    name: of the assumption that several lines share, else "".
    """

    low: float
    mode: float
    high: float
    basis: Basis
    place: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Product:
    """An amount as so many times a price, by year."""

    number: Amounts
    price: Amounts
    place: str


@dataclass(frozen=True, slots=True)
class Line:
    """A budget line. amounts: positive where its kind says (a cost costs, a saving saves); row: from 0; place: its cells.

    stated: the sheet's own total over the years, of the line's own sign; None where it has none.
    """

    kind: Kind
    label: str
    row: int
    place: str
    amounts: Amounts
    stated: float | None = None
    stated_place: str = ""
    spread: Spread | None = None
    product: Product | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """A total of the sheet, held against what it sums. what: costs, savings, financing, provenu, with_financing, accumulated; of some rows: part (of one kind), part_net,
    part_financed (as provenu and with_financing), totals (of other totals, in the sheet's signs). rows: those that it sums, from 0.

    values, computed: by year, of the sign of what it is of (costs positive; provenu positive where it is a gain); stated: over the years;
    places: the cell of each year; rounded: off by no more than rounded numbers are; wrong: places with what is stated and what is computed.
    """

    what: str
    label: str
    place: str
    values: Amounts
    computed: Amounts
    stated: float | None
    stated_place: str
    rounded: bool
    wrong: Sequence[Wrong]
    places: Sequence[str] = ()
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell whose figure is not the sum that it should be. what: that which it was held against, as of a Total, or the years of its row, or a product; rows: as of a Total."""

    place: str
    label: str
    stated: float
    computed: float
    what: str
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """Something of the sheet that is told: cell, and what was made of it."""

    place: str
    message: Sentence


@dataclass(frozen=True, slots=True)
class Found:
    """A table that was understood. unit: as the file of a scenario has it; scale: kroner in one; price_level: the year whose prices they are in, as the sheet says; guesses: what the sheet does not say and was
    taken so; left_out: rows and columns that are no line; warnings: what may well be a slip."""

    file: str
    sheet: str
    title: str
    unit: str
    scale: int
    price_level: int | None
    first_year: int
    years: int
    lines: Sequence[Line]
    totals: Sequence[Total]
    wrong: Sequence[Wrong]
    guesses: Sequence[Remark]
    left_out: Sequence[Remark]
    warnings: Sequence[Remark] = ()


class Unclear(InputError):
    """What of a sheet cannot be read, or can be read in several ways: a line for each, with its cell."""

    def __init__(self, file: str, problems: Sequence[Remark]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{file} {one.place}  {one.message}" for one in problems))
