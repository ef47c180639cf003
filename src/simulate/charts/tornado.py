"""Bars from a base to both ends, a row for each, with what stands at the ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulate.charts.lettering import cut, widest, width, wrapped
from simulate.charts.picture import BLUE, INK, PALE, PIXELS, Axis, Look, Plot, Spec, money, tip
from simulate.content import Bars
from simulate.figures import amount
from simulate.locale import text

FILLS: tuple[Spec, ...] = (
    {"fill": PALE, "stroke": BLUE},
    {"fill": BLUE, "stroke": BLUE},
)  # of the ends, in their order
LABELS = 0.3  # of the picture's width, at most
VALUES = 0.16
MOST = 8  # rows of a slide
THICKEST = 2.2  # of a bar, in lines of letters


@dataclass(frozen=True, slots=True)
class Row:
    """label: its lines; ends: amounts; told: the same in words; at: what stands at them."""

    label: list[str]
    ends: tuple[float, float]
    told: tuple[str, str]
    at: tuple[str, str]

    def is_behind(self, end: int, base: float) -> bool:
        """Whether this bar is the longer one of two on one side, or alone on its side."""
        own, other = (abs(self.ends[i] - base) for i in (end, 1 - end))
        return own > other or (own == other and end == 0)


@dataclass(frozen=True, slots=True)
class Tornado:
    """What is drawn, and where. high: pixels of a row."""

    chart: Bars
    rows: Sequence[Row]
    amounts: Axis
    unit: str
    plot: Plot
    high: float

    @property
    def base(self) -> float:
        return self.chart.base.value


def spec(chart: Bars, look: Look, interactive: bool) -> Spec:
    """The whole of it, as high as its rows need."""
    most = MOST if look.is_full else None
    every = [chart.base.value, *(end.value for row in chart.rows[:most] for end in row)]
    amounts, unit = money(every, chart.currency, 5)
    rows = _rows(chart, look, int(amounts.scale))[:most]
    plot = _plot(chart, rows, amounts, look)
    one = Tornado(chart, rows, amounts, unit, plot, plot.height / max(len(rows), 1))
    order = [(0, True), (1, True), (0, False), (1, False)]  # the longer one of two on one side stands behind
    bars = (_bars(one, end, behind, interactive) for end, behind in order)
    return plot.spec([*(bar for bar in bars if bar), *_base(one), *_written(one), *_legend(one)])


def _rows(chart: Bars, look: Look, scale: int) -> list[Row]:
    labels = chart.labels or [""] * len(chart.rows)
    at = chart.at or [("", "")] * len(chart.rows)
    return [
        Row(
            wrapped(label, look.label, LABELS * look.width, 2),
            (low.value, high.value),
            (str(amount(low.value, low.error, scale)), str(amount(high.value, high.error, scale))),
            (cut(said[0], look.label, VALUES * look.width), cut(said[1], look.label, VALUES * look.width)),
        )
        for label, (low, high), said in zip(labels, chart.rows, at, strict=True)
    ]


def _plot(chart: Bars, rows: Sequence[Row], amounts: Axis, look: Look) -> Plot:
    """With room at the sides for what stands at the ends there, as little as it takes: a wider plot needs no more of it."""
    named = max((widest(one.label, look.label) for one in rows), default=0.0) + look.label
    high = 2.5 * look.row if any(len(one.label) > 1 for one in rows) else 2 * look.row
    half = amounts.wide(look.label) / 2
    left = right = widest([said for one in rows for said in one.at], look.label) + look.label
    for _ in range(2):
        plot = Plot.of(
            chart,
            look,
            left=named + left,
            right=right,
            above=3.2 * look.row,
            below=2.6 * look.row,
            height=high * max(len(rows), 1),
        )
        places = [place for one in rows for place in _places(one, chart.base.value, amounts, plot)]
        ends = [x - width(said, look.label) if is_left else x + width(said, look.label) for said, x, is_left in places]
        left, right = max([half, *(-end for end in ends)]), max([half, *(end - plot.width for end in ends)])
    return plot


def _bars(one: Tornado, end: int, behind: bool, interactive: bool) -> Spec | None:
    """Of one end, in the rows where it is the longer one, or in the others."""
    thick = min(0.6 * one.high, THICKEST * one.plot.look.row)
    values = [
        {
            "row": " ".join(row.label),
            "base": one.base,
            "end": row.ends[end],
            "at": row.at[end],
            "told": row.told[end],
            "top": (i + 0.5) * one.high - thick / 2,
            "bottom": (i + 0.5) * one.high + thick / 2,
        }
        for i, row in enumerate(one.rows)
        if row.is_behind(end, one.base) == behind
    ]
    if not values:
        return None
    title = text("Expected provenu, {unit}", unit=one.unit)
    told = ("row", text("Assumption")), ("at", one.chart.names[end]), ("told", title)
    tips = [{"field": name, "type": "nominal", "title": tip(said)} for name, said in told]
    axis = one.amounts.shown(title=title, grid=True)
    return {
        "data": {"values": values},
        "mark": {"type": "rect", "strokeWidth": 1, **FILLS[end]},
        "encoding": {
            "x": {"field": "base", "type": "quantitative", "scale": one.amounts.domain, "axis": axis},
            "x2": {"field": "end"},
            "y": {"field": "top", **PIXELS},
            "y2": {"field": "bottom"},
            **({"tooltip": tips} if interactive else {}),
        },
    }


def _written(one: Tornado) -> Iterator[Spec]:
    """What the rows are called, left of all, and what stands at the ends."""
    plot, look = one.plot, one.plot.look
    size = min(look.label, one.high / 1.35 / max([1, *(len(row.label) for row in one.rows)]))
    for i, row in enumerate(one.rows):
        y = (i + 0.5) * one.high
        first = y - (len(row.label) - 1) * 1.25 * size / 2
        yield from plot.lines(row.label, look.edge - plot.left, first, size=size)
        for said, x, is_left in _places(row, one.base, one.amounts, plot):
            wide = width(said, look.label)
            if said:
                yield plot.box(x - wide * is_left, y - look.label / 2, wide, look.label, fill="white", opacity=0.85)
                yield plot.words(said, x, y, align="right" if is_left else "left")


def _places(row: Row, base: float, amounts: Axis, plot: Plot) -> Iterator[tuple[str, float, bool]]:
    """Of what stands at the ends: where, and whether it ends there. Of two bars on one side the shorter one has it on the other side."""
    zero, places = amounts.place(base, plot.width), [amounts.place(end, plot.width) for end in row.ends]
    for end, said in enumerate(row.at):
        x = places[end]
        is_left = x < zero or (x == zero and places[1 - end] > zero)
        if (places[0] - zero) * (places[1] - zero) > 0 and not row.is_behind(end, base):
            is_left, x = not is_left, zero
        yield said, x + (-0.4 if is_left else 0.4) * plot.look.label, is_left


def _base(one: Tornado) -> Iterator[Spec]:
    """The base with its name above it; and where the provenu is 0, if that is in the picture."""
    plot, look, base = one.plot, one.plot.look, one.chart.base
    low, high = one.amounts.ends
    if low < 0 < high:
        zero = one.amounts.place(0.0, plot.width)
        yield plot.rule(zero, -0.3 * look.row, zero, plot.height, color=INK, strokeDash=[2 * look.line, 3 * look.line])
    x = one.amounts.place(base.value, plot.width)
    yield plot.rule(x, -0.5 * look.row, x, plot.height, color=INK, strokeWidth=1.6 * look.line)
    said = cut(
        f"{one.chart.base_name} {amount(base.value, base.error, int(one.amounts.scale))}", look.label, plot.width
    )
    half = width(said, look.label) / 2
    place = min(max(x, half - plot.left + look.edge), plot.width + plot.right - look.edge - half)
    yield plot.words(said, place, -1.1 * look.row, align="center")


def _legend(one: Tornado) -> Iterator[Spec]:
    plot, look = one.plot, one.plot.look
    x, y = look.edge - plot.left, -2.7 * look.row
    for name, fill in zip([cut(name, look.label, LABELS * look.width) for name in one.chart.names], FILLS, strict=True):
        yield plot.box(x, y - look.label / 2, 1.8 * look.label, look.label, **fill)
        yield plot.words(name, x + 2.3 * look.label, y)
        x += 3.8 * look.label + width(name, look.label)
