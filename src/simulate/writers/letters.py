"""Pictures drawn with letters, for writers that have nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simulate.content import Bars, Cell, Row, Sentence, Sketch, Table, joined
from simulate.figures import sparkline
from simulate.locale import text

NBSP = "\u00a0"
WIDE = 14  # letters of a bar: a table beside it still fits a page
ENDS, BASE = "░█", "│"


def drawn(table: Table) -> Table:
    """The table with its chart as a last column, and its small pictures in letters."""
    rows = [Row([_cell(one) for one in row.cells], row.mark) for row in table.rows]
    if table.chart is None:
        return replace(table, rows=rows)
    rows = [Row([*row.cells, bar], row.mark) for row, bar in zip(rows, bars(table.chart), strict=True)]
    return replace(table, columns=[*table.columns, ""], rows=rows, chart=None)


def _cell(one: Cell) -> Cell:
    """What is blank in a picture stays as wide."""
    return Sentence(sparkline(one.shares).replace(" ", NBSP)) if isinstance(one, Sketch) else one


def legend(chart: Bars) -> Sentence:
    """What its letters mean."""
    marks = [f"{mark} {name}" for mark, name in zip(ENDS, chart.names, strict=True)]
    return text("Bars: {marks}.", marks=joined([*marks, f"{BASE} {chart.base_name}"], ", "))


def bars(chart: Bars) -> list[str]:
    """A bar for each row, all on one scale: from the base to each end; where both lie on one side, the shorter one in front."""
    base = chart.base.value
    values = [[end.value for end in row] for row in chart.rows]
    least, most = (of([base, *(value for row in values for value in row)]) for of in (min, max))
    return [_bar(row, base, least, most) for row in values]


def _bar(ends: Sequence[float], base: float, least: float, most: float) -> str:
    if most <= least:
        return BASE.center(WIDE)

    def place(value: float) -> int:
        return round((value - least) / (most - least) * (WIDE - 1))

    cells, middle = [" "] * WIDE, place(base)
    for value, mark in sorted(zip(ends, ENDS, strict=True), key=lambda end: -abs(end[0] - base)):
        first, last = sorted((middle, place(value)))
        cells[first : last + 1] = mark * (last - first + 1)
    cells[middle] = BASE
    return "".join(cells)
