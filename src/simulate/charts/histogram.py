"""How an amount is spread, loss and gain told apart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from simulate.charts.curve import chances_axis
from simulate.charts.lettering import width
from simulate.charts.picture import BLUE, GREY, INK, ORANGE, PALE, Axis, Look, Plot, Spec, money
from simulate.content import Histogram
from simulate.figures import amount, cell
from simulate.locale import text

LOSS: Spec = {"fill": ORANGE, "stroke": "#7a3d06"}  # dark in grey print, too
GAIN: Spec = {"fill": PALE, "stroke": BLUE}
STROKES: tuple[list[float], ...] = ([7, 3], [])


def spec(chart: Histogram, look: Look, interactive: bool) -> Spec:
    """The whole of it."""
    edges = [one.value for one in chart.edges]
    amounts, unit = money([*edges, *(one.value for one in chart.lines.values())], chart.currency, 8)
    chances = chances_axis([one.value for one in chart.shares])
    plot = Plot.of(
        chart, look, left=chances.wide(look.label) + look.edge, right=amounts.wide(look.label),
        above=(2.9 + len(chart.lines)) * look.row, below=2.6 * look.row,
    )  # fmt: skip
    title = text("Provenu, {unit}", unit=unit)
    x = {"type": "quantitative", "scale": amounts.domain, "axis": amounts.shown(title=title, grid=False)}
    y = {
        "type": "quantitative",
        "scale": chances.domain,
        "axis": chances.shown(grid=True, ticks=False),
        "field": "share",
    }
    encoding = {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y, "y2": {"datum": 0}}
    layers = [
        {
            "data": {"values": [*_bins(chart, amounts, lost)]},
            "mark": {"type": "rect", "strokeWidth": 0.8 * look.line, **(LOSS if lost else GAIN)},
            "encoding": encoding | (_tips(unit) if interactive else {}),
        }
        for lost in (True, False)
    ]
    return plot.spec(
        [
            *layers,
            *_sides(chart, amounts, plot),
            *_lines(chart, amounts, plot),
            plot.words(
                text("in so many of the courses"),
                look.edge - plot.left,
                -(2.2 + len(chart.lines)) * look.row,
                color=GREY,
            ),
        ]
    )


def _bins(chart: Histogram, amounts: Axis, lost: bool) -> Iterator[Spec]:
    """On one side of 0."""
    for (low, high), share in zip(pairwise(chart.edges), chart.shares, strict=True):
        if (high.value <= 0) == lost:
            told = f"{amount(low.value, 0.0, int(amounts.scale))} / {amount(high.value, 0.0, int(amounts.scale))}"
            yield {"low": low.value, "high": high.value, "share": share.value, "between": told, "told": cell(share)}


def _tips(unit: str) -> Spec:
    between = {"field": "between", "type": "nominal", "title": text("Provenu, {unit}", unit=unit)}
    return {"tooltip": [between, {"field": "told", "type": "nominal", "title": text("Share of the courses")}]}


def _sides(chart: Histogram, amounts: Axis, plot: Plot) -> Iterator[Spec]:
    """On which side of 0 is what, with a line between them; a side that is not in the picture has no name."""
    look, y = plot.look, -(0.9 + len(chart.lines)) * plot.look.row
    zero = min(max(amounts.place(0.0, plot.width), 0.0), float(plot.width))
    if 0 < zero < plot.width:
        yield plot.rule(zero, plot.height, zero, y - look.row / 2, color=INK, strokeWidth=1.4 * look.line)
    for name, fill, side, room in ((text("Loss"), LOSS, -1, zero), (text("Gain"), GAIN, 1, plot.width - zero)):
        x = zero + side * look.label
        if room < width(name, look.label, bold=True) + 2.5 * look.label:
            continue
        yield plot.box(x - look.label * (side < 0), y - look.label / 2, look.label, look.label, **fill)
        yield plot.words(name, x + side * 1.5 * look.label, y, align="left" if side > 0 else "right", bold=True)


def _lines(chart: Histogram, amounts: Axis, plot: Plot) -> Iterator[Spec]:
    """An amount each, its name above it on the side away from 0, a row for each: the nearest to 0 highest, so that no line crosses a name."""
    look = plot.look
    rows = sorted(chart.lines, key=lambda name: abs(chart.lines[name].value))
    for i, (name, one) in enumerate(chart.lines.items()):
        x, y = amounts.place(one.value, plot.width), -(len(rows) - rows.index(name) - 0.3) * look.row
        dash = {"strokeDash": [part * look.line for part in STROKES[i % 2]]} if STROKES[i % 2] else {}
        yield plot.rule(x, plot.height, x, y, color=INK, strokeWidth=1.6 * look.line, **dash)
        told = str(amount(one.value, one.error, int(amounts.scale)))
        yield plot.beside(name, x, y, figure=told, is_left=one.value < 0, margin=plot.left - look.edge)
