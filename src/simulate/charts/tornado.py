"""Bars from a base to both ends, a row for each, with what stands at the ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulate.charts.lettering import cut, widest, width, wrapped
from simulate.charts.picture import BLUE, INK, PALE, Axis, Look, Plot, Spec, money
from simulate.content import Bars
from simulate.figures import amount
from simulate.locale import text

FILLS: tuple[Spec, ...] = (
    {"fill": PALE, "stroke": BLUE},
    {"fill": BLUE, "stroke": BLUE},
)  # of the ends, in their order
LABELS = 0.3  # of the picture's width, at most
VALUES = 0.16


def spec(chart: Bars, look: Look, interactive: bool) -> Spec:
    """The whole of it, as high as its rows need."""
    rows = _rows(chart, look)
    amounts, unit = money([chart.base.value, *(end for one in rows for end in one.ends)], chart.currency, 5)
    high = 2.5 * look.row if any(len(one.label) > 1 for one in rows) else 2 * look.row
    plot = _plot(chart, rows, amounts, look, high)
    title = text("Expected provenu, {unit}", unit=unit)
    x = {"type": "quantitative", "scale": amounts.domain, "axis": amounts.shown(title=title, grid=True)}
    base = chart.base.value
    order = [(0, True), (1, True), (0, False), (1, False)]  # the longer one of two on one side stands behind
    layers = [
        *(_bars(rows, end, behind, base, x, high, interactive, chart, amounts) for end, behind in order),
        *_written(rows, base, amounts, plot, high),
        *_base(chart, amounts, plot),
        *_legend(chart, plot),
    ]
    return plot.spec([one for one in layers if one is not None])


def _plot(chart: Bars, rows: Sequence[_Row], amounts: Axis, look: Look, high: float) -> Plot:
    """With room at the sides for what stands at the ends there, as little as it takes: a wider plot needs no more of it."""
    named = max((widest(one.label, look.label) for one in rows), default=0.0) + look.label
    half = amounts.wide(look.label) / 2
    left = right = widest([said for one in rows for said in one.at], look.label) + look.label
    for _ in range(2):
        plot = Plot.of(
            chart, look, left=named + left, right=right, above=3.2 * look.row, below=2.6 * look.row, height=high * max(len(rows), 1)
        )  # fmt: skip
        words = [place for one in rows for place in _places(one, chart.base.value, amounts, plot)]
        wide = [
            (at - width(said, look.label) if is_left else at + width(said, look.label)) for said, at, is_left in words
        ]
        left, right = max([half, *(-end for end in wide)]), max([half, *(end - plot.width for end in wide)])
    return plot


@dataclass(frozen=True, slots=True)
class _Row:
    """label: its lines; ends: amounts; at: what stands at them."""

    label: list[str]
    ends: tuple[float, float]
    at: tuple[str, str]

    def is_behind(self, end: int, base: float) -> bool:
        """Whether this bar is the longer one of two on one side, or alone on its side."""
        own, other = (abs(self.ends[i] - base) for i in (end, 1 - end))
        return own > other or (own == other and end == 0)


def _rows(chart: Bars, look: Look) -> list[_Row]:
    labels = chart.labels or [""] * len(chart.rows)
    at = chart.at or [("", "")] * len(chart.rows)
    room = VALUES * look.width
    return [
        _Row(
            wrapped(label, look.label, LABELS * look.width, 2),
            (row[0].value, row[1].value),
            (cut(said[0], look.label, room), cut(said[1], look.label, room)),
        )
        for label, row, said in zip(labels, chart.rows, at, strict=True)
    ]


def _bars(
    rows: Sequence[_Row], end: int, behind: bool, base: float, x: Spec, high: float, interactive: bool, chart: Bars, amounts: Axis
) -> Spec | None:  # fmt: skip
    """Of one end, in the rows where it is the longer one, or in the others."""
    values = [
        {
            "row": " ".join(one.label), "base": base, "end": one.ends[end], "at": one.at[end],
            "told": str(amount(one.ends[end], chart.rows[i][end].error, int(amounts.scale))),
            "top": (i + 0.2) * high, "bottom": (i + 0.8) * high,
        }
        for i, one in enumerate(rows)
        if one.is_behind(end, base) == behind
    ]  # fmt: skip
    if not values:
        return None
    told = ("row", text("Assumption")), ("at", chart.names[end]), ("told", x["axis"]["title"])
    tips = (
        {"tooltip": [{"field": name, "type": "nominal", "title": said} for name, said in told]} if interactive else {}
    )
    places = {"y": {"field": "top", **_PIXELS}, "y2": {"field": "bottom"}}
    return {
        "data": {"values": values},
        "mark": {"type": "rect", "strokeWidth": 1, **FILLS[end]},
        "encoding": {"x": {**x, "field": "base"}, "x2": {"field": "end"}, **places, **tips},
    }


_PIXELS: Spec = {"type": "quantitative", "scale": None, "axis": None}


def _written(rows: Sequence[_Row], base: float, amounts: Axis, plot: Plot, high: float) -> Iterator[Spec]:
    """What the rows are called, left of all; and what stands at the ends: of two bars on one side, at the other side for the shorter one."""
    look = plot.look
    for i, one in enumerate(rows):
        y = (i + 0.5) * high
        yield from plot.lines(one.label, look.edge - plot.left, y - (len(one.label) - 1) * look.row / 2)
        for said, x, is_left in _places(one, base, amounts, plot):
            yield plot.words(said, x, y, align="right" if is_left else "left")


def _places(one: _Row, base: float, amounts: Axis, plot: Plot) -> Iterator[tuple[str, float, bool]]:
    """Of what stands at the ends: where, and whether it ends there."""
    zero, places = amounts.place(base, plot.width), [amounts.place(end, plot.width) for end in one.ends]
    for end, said in enumerate(one.at):
        x = places[end]
        is_left = x < zero or (x == zero and places[1 - end] > zero)
        if (places[0] - zero) * (places[1] - zero) > 0 and not one.is_behind(end, base):
            is_left, x = not is_left, zero
        yield said, x + (-0.4 if is_left else 0.4) * plot.look.label, is_left


def _base(chart: Bars, amounts: Axis, plot: Plot) -> Iterator[Spec]:
    """The base with its name above it; and where the programme breaks even, if that is in the picture."""
    look = plot.look
    low, high = amounts.ends
    if low < 0 < high:
        zero = amounts.place(0.0, plot.width)
        yield plot.rule(zero, -0.3 * look.row, zero, plot.height, color=INK, strokeDash=[2 * look.line, 3 * look.line])
    x = amounts.place(chart.base.value, plot.width)
    yield plot.rule(x, -0.5 * look.row, x, plot.height, color=INK, strokeWidth=1.6 * look.line)
    said = f"{chart.base_name} {amount(chart.base.value, chart.base.error, int(amounts.scale))}"
    wide = widest([said], look.label)
    place = min(max(x, wide / 2 - plot.left + look.edge), plot.width + plot.right - look.edge - wide / 2)
    yield plot.words(said, place, -1.1 * look.row, align="center")


def _legend(chart: Bars, plot: Plot) -> Iterator[Spec]:
    look, x, y = plot.look, plot.look.edge - plot.left, -2.7 * plot.look.row
    for name, fill in zip(chart.names, FILLS, strict=True):
        yield plot.box(x, y - look.label / 2, 1.8 * look.label, look.label, **fill)
        yield plot.words(name, x + 2.3 * look.label, y)
        x += 3.8 * look.label + widest([name], look.label)
