"""The officer's own sheet: what was understood of it, and how likely it breaks even as it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast

from simulate.answers import together
from simulate.answers.base import FORMAT, Estimate, Percentiles, Section, estimate, percentiles
from simulate.attach import tables
from simulate.engine import Result
from simulate.point import Point
from simulate.scenario import Loaded
from simulate.scenario.values import scaled

if TYPE_CHECKING:
    pass

BANDS = (5, 50, 95)


@dataclass(frozen=True, repr=False)
class SheetRange(Section):
    """How uncertain a line is: a PERT distribution. low, mode, high: its ends and its most likely value, as shares of the line's amounts; of: what the sheet gives them of: the
    amount of a year, all years together, or factors; assumption: its name in the scenario; place: its cells."""

    low: float
    mode: float
    high: float
    of: Literal["year", "total", "factor"]
    assumption: str
    place: str


@dataclass(frozen=True, repr=False)
class SheetLine(Section):
    """A row that became a budget line. kind: what it is; label: as the sheet has it; place: its cells; by_year: kroner by year, positive where its kind says; total: their sum; range: null where it is certain;
    number, price: by year, where the amounts are so many times a price, else null."""

    kind: Literal["cost", "saving", "financing"]
    label: str
    place: str
    by_year: list[float]
    total: float
    range: SheetRange | None
    number: list[float] | None
    price: list[float] | None


Summed = Literal[
    "costs",
    "savings",
    "financing",
    "provenu",
    "with_financing",
    "accumulated",
    "part",
    "part_net",
    "part_financed",
    "totals",
]
"""What a total of a sheet may be the sum of."""


@dataclass(frozen=True, repr=False)
class SheetTotal(Section):
    """A total of the sheet. what: costs, savings, financing, provenu, with_financing (the provenu with what others pay), accumulated; of some rows: part (of one kind), part_net and part_financed (as provenu and
    with_financing), totals (of other totals, in the sheet's signs); rows: those that it sums, from 1; label: as the sheet has it; place: its cell; stated: by year as the sheet has it; computed: from its rows; adds_up: whether it does; rounded: whether it is off by no more than rounded numbers are."""

    what: Summed
    rows: list[int]
    label: str
    place: str
    stated: list[float]
    computed: list[float]
    adds_up: bool
    rounded: bool


@dataclass(frozen=True, repr=False)
class SheetMismatch(Section):
    """A cell that is not the sum or product that it should be. place: the cell; label: its row; of, rows: what it was held against, as of a total, the years of its row, or a number
    times a price: of what fits in most years, and is nearest, where nothing fits; stated, computed, difference: kroner, the last the first less the second."""

    place: str
    label: str
    of: Literal[Summed, "years", "product"]
    rows: list[int]
    stated: float
    computed: float
    difference: float


@dataclass(frozen=True, repr=False)
class SheetRemark(Section):
    """Something that is told of a cell. place: it; message: what."""

    place: str
    message: str


@dataclass(frozen=True, repr=False)
class SheetOutcome(Section):
    """What the draws tell. probability: of a provenu of at least 0."""

    probability: Estimate
    mean: Estimate
    percentiles: Percentiles


@dataclass(frozen=True, repr=False)
class Attach(Section):
    """file: the workbook, CSV or text; sheet: its sheet; out: the scenario that was written, null where none was; title: its title; unit: what the amounts of the sheet are in; first_year,
    years: of its columns; lines: budget lines; totals: of the sheet, held against its rows; differences: cells that do not add up; guesses: what the sheet
    does not say, and how it was taken; left_out: rows and columns that are no line; provenu: of the sheet's own numbers, kroner; by_year: the same by year;
    independent: with every uncertain row for itself; together: with what is good for the provenu in all uncertain rows at once, both null where no row is uncertain;
    uncertain: how many assumptions are; draws, seed: of the two; warnings: what may be a slip, by cells."""

    format: Literal[2] = field(default=FORMAT, kw_only=True)
    answer: Literal["attach"] = field(default="attach", kw_only=True)
    file: str
    sheet: str
    out: str | None
    title: str
    unit: Literal["kr.", "1.000 kr.", "mio. kr."]
    first_year: int
    years: int
    lines: list[SheetLine]
    totals: list[SheetTotal]
    differences: list[SheetMismatch]
    guesses: list[SheetRemark]
    left_out: list[SheetRemark]
    provenu: float
    by_year: list[float]
    uncertain: int
    independent: SheetOutcome | None
    together: together.AllTogether | None
    draws: int | None
    seed: int | None
    warnings: list[str]


def of(found: tables.Found, loaded: Loaded, point: Point, run: Result | None, out: str | None) -> Attach:
    """run: with each uncertain row for itself; None where none is uncertain."""
    options = run.options if run else None
    names = {line.row: name for line, name in _named(found)}
    return Attach(
        file=found.file,
        sheet=found.sheet,
        out=out,
        title=found.title,
        unit=cast(Any, found.unit),
        first_year=found.first_year,
        years=found.years,
        lines=[_line(one, found.scale, names.get(one.row, "")) for one in found.lines],
        totals=[_total(one, found.scale) for one in found.totals],
        differences=[_mismatch(one, found.scale) for one in found.wrong],
        guesses=[SheetRemark(one.place, str(one.message)) for one in found.guesses],
        left_out=[SheetRemark(one.place, str(one.message)) for one in found.left_out],
        provenu=float(point.provenu.sum()),
        by_year=[float(value) for value in point.provenu],
        uncertain=len(set(names.values())),
        independent=_outcome(run) if run else None,
        together=together.of(run) if run else None,
        draws=options.draws if options else None,
        seed=options.seed if options else None,
        warnings=[
            *(f"{found.file} {one.place}  {one.message}" for one in found.warnings),
            *(problem.at(loaded.file) for problem in loaded.warnings),
        ],
    )


def _named(found: tables.Found) -> list[tuple[tables.Line, str]]:
    from simulate.attach.trees import names

    known = names(found.lines)
    return [(line, known[line.row]) for line in found.lines if line.spread]


def _outcome(run: Result) -> SheetOutcome:
    return SheetOutcome(estimate(run.chance()), estimate(run.mean()), percentiles(run.bands(BANDS)))


def _line(one: tables.Line, scale: int, name: str) -> SheetLine:
    spread, product = one.spread, one.product
    return SheetLine(
        one.kind,
        one.label,
        one.place,
        [scaled(value, scale) for value in one.amounts],
        scaled(sum(one.amounts), scale),
        SheetRange(spread.low, spread.mode, spread.high, spread.basis, name, spread.place) if spread else None,
        list(product.number) if product else None,
        [scaled(value, scale) for value in product.price] if product else None,
    )


def _mismatch(one: tables.Wrong, scale: int) -> SheetMismatch:
    stated, computed = scaled(one.stated, scale), scaled(one.computed, scale)
    return SheetMismatch(
        one.place, one.label, cast(Any, one.what), [row + 1 for row in one.rows], stated, computed, stated - computed
    )


def _total(one: tables.Total, scale: int) -> SheetTotal:
    stated, computed = ([scaled(value, scale) for value in values] for values in (one.values, one.computed))
    return SheetTotal(
        cast(Any, one.what),
        [row + 1 for row in one.rows],
        one.label,
        one.place,
        stated,
        computed,
        not one.wrong and not one.rounded,
        one.rounded,
    )
