"""The chance to lose more than each amount."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from simulate.charts.picture import BLUE, GREY, INK, PALE, Axis, Look, Plot, Spec, apart, money
from simulate.content import Curve
from simulate.figures import cell, per_cent_sign
from simulate.locale import text


def spec(chart: Curve, look: Look, interactive: bool) -> Spec:
    """The whole of it."""
    amounts, unit = money(
        [one.value for one, _ in [*chart.points, *((a, b) for a, b, _ in chart.marks)]], chart.currency
    )
    chances = chances_axis([one.value for _, one in chart.points] + [one.value for _, one, _ in chart.marks])
    plot = Plot.of(
        chart, look, left=chances.wide(look.label) + look.edge, right=amounts.wide(look.label), above=1.8 * look.row, below=2.6 * look.row,
    )  # fmt: skip
    gains = amounts.ticks[0] < 0
    title = text("Loss, {unit} (below 0: gain)", unit=unit) if gains else text("Loss of more than, {unit}", unit=unit)
    x = {"type": "quantitative", "scale": amounts.domain, "axis": amounts.shown(title=title, grid=False)}
    y = {"type": "quantitative", "scale": chances.domain, "axis": chances.shown(grid=True, ticks=False)}
    values = [{"loss": a.value, "chance": b.value} for a, b in chart.points]
    encoding = {"x": {**x, "field": "loss"}, "y": {**y, "field": "chance"}}
    layers: list[Spec] = [
        {"data": {"values": values}, "mark": {"type": "area", "color": PALE}, "encoding": encoding},
        {"data": {"values": values}, "mark": {"type": "line", "color": BLUE, "strokeWidth": 2.4 * look.line}, "encoding": encoding},
        *_marks(chart, plot, amounts, chances),
        plot.words(text("in so many of the courses"), look.edge - plot.left, -look.row, color=GREY),
    ]  # fmt: skip
    if interactive:
        told = [{**one, "loss_told": cell(a, int(amounts.scale)), "chance_told": cell(b)} for one, (a, b) in zip(values, chart.points, strict=True)]  # fmt: skip
        tips = [{"field": "loss_told", "type": "nominal", "title": title}, {"field": "chance_told", "type": "nominal", "title": text("Chance")}]  # fmt: skip
        mark = {"type": "point", "filled": True, "size": 90, "color": BLUE, "opacity": 0.25}
        layers.append({"data": {"values": told}, "mark": mark, "encoding": {**encoding, "tooltip": tips}})
    return plot.spec(layers)


def chances_axis(shares: list[float], count: int = 5) -> Axis:
    """From 0, in per cent."""
    top = max([*shares, 0.01])
    axis = Axis.of([0.0, min(top, 1.0)], 0.01, count, per_cent_sign())
    return axis


def _marks(chart: Curve, plot: Plot, amounts: Axis, chances: Axis) -> Iterator[Spec]:
    """Each with lines to both axes, a dot and its name: beside the curve, below it on the other side."""
    look, half = plot.look, 0.35 * plot.look.label
    dashes = [4 * look.line, 3 * look.line]
    xs = [amounts.place(a.value, plot.width) for a, _, _ in chart.marks]
    ys = [plot.height - chances.place(b.value, plot.height) for _, b, _ in chart.marks]
    heights = apart([y - 0.8 * look.row for y in ys], look.row, look.row / 2, plot.height - look.row / 2)
    for x, y, at, (a, b, name) in zip(xs, ys, heights, chart.marks, strict=True):
        yield plot.rule(x, plot.height, x, y, strokeDash=dashes)
        yield plot.rule(0, y, x, y, strokeDash=dashes)
        yield plot.box(x - half, y - half, 2 * half, 2 * half, fill=INK)
        yield plot.beside(name, x, at, is_left=_is_below(chart, a.value, b.value))


def _is_below(chart: Curve, amount: float, share: float) -> bool:
    """Whether a place is under the curve, and not on it."""
    there = [(a.value, b.value) for a, b in chart.points]
    for (a, high), (b, low) in pairwise(there):
        if a <= amount <= b:
            return share < high + (low - high) * (amount - a) / ((b - a) or 1.0) - 0.01
    return False
