"""A fan: an amount through the periods, its bands and lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from simulate.charts.lettering import cut, widest
from simulate.charts.picture import BLUE, GREY, INK, MIDDLE, PALE, Axis, Look, Plot, Spec, apart, money, tip
from simulate.content import Fan, Figure
from simulate.figures import amount, number
from simulate.locale import text

START = 0.0  # what everything begins with
NAMES = 0.2  # of the picture's width, at most
FILLS = (PALE, MIDDLE)  # of the bands, the widest first
STROKES: tuple[Spec, ...] = (  # of the lines, in their order: told apart without colours
    {"color": GREY, "strokeDash": [7, 3]},
    {"color": BLUE},
    {"color": INK, "strokeDash": [1.5, 2.5]},
    {"color": GREY, "strokeDash": [7, 2, 1.5, 2]},
)
THICK = (1.8, 2.6, 1.8, 1.8)
MEDIAN = 50


@dataclass(frozen=True, slots=True)
class Line:
    """An amount by period, from the beginning on. mark: how it is drawn, None: an edge of a band."""

    name: str
    amounts: Sequence[float]
    last: Figure
    mark: Spec | None


def spec(chart: Fan, look: Look, interactive: bool) -> Spec:
    """The whole of it."""
    lines, bands = list(_lines(chart, look)), list(_bands(chart))
    every = [START, *(v for one in lines for v in one.amounts), *(v for low, high, _ in bands for v in [*low, *high])]
    axis, unit = money(every, chart.currency)
    labels = _labels(chart, axis, lines, bands, look)
    room = widest([said for said, _ in labels], look.label) + 1.6 * look.label
    plot = Plot.of(
        chart, look, left=axis.wide(look.label) + look.edge, right=room, above=2.6 * look.row, below=2.4 * look.row,
    )  # fmt: skip
    periods = [str(text("Start")), *chart.periods]
    x = {"field": "period", "type": "ordinal", "sort": None, "scale": {"type": "point", "padding": 0, "domain": periods}, "axis": _periods(periods, plot)}  # fmt: skip
    y = {"type": "quantitative", "scale": axis.domain, "axis": axis.shown(grid=True, ticks=False)}
    layers = [
        *_areas(bands, periods, x, y),
        *_break_even(axis, plot),
        *(_drawn(one, periods, x, y, look) for one in lines if one.mark is not None),
        *_written(labels, axis, plot),
        *_legend(chart, plot),
        plot.words(unit, look.edge - plot.left, -1.1 * look.row, color=GREY),
    ]
    if not interactive:
        return plot.spec(layers)
    layers.append(_pointed(chart, lines, bands, periods, x, axis))
    return plot.spec(layers, params=[_choice(periods)])


def _lines(chart: Fan, look: Look) -> Iterator[Line]:
    """Those that have names, and the median of the bands."""
    named = dict(chart.lines)
    if MEDIAN in chart.bands:
        named[str(text("Median (P50)"))] = chart.bands[MEDIAN]
    for i, (name, amounts) in enumerate(named.items()):
        style = STROKES[i % len(STROKES)]
        dash = {"strokeDash": [look.line * one for one in style["strokeDash"]]} if "strokeDash" in style else {}
        mark = {"type": "line", **style, **dash, "strokeWidth": look.line * THICK[i % len(THICK)]}
        yield Line(name, [START, *(one.value for one in amounts)], amounts[-1], mark)


def _bands(chart: Fan) -> Iterator[tuple[list[float], list[float], tuple[int, int]]]:
    """The widest first."""
    found = sorted(p for p in chart.bands if p != MEDIAN)
    for low, high in zip(found, found[::-1], strict=True):
        if low < high:
            ends = ([START, *(one.value for one in chart.bands[p])] for p in (low, high))
            yield *ends, (low, high)  # type: ignore[misc]


def _areas(bands: Sequence[Any], periods: Sequence[str], x: Spec, y: Spec) -> Iterator[Spec]:
    for (low, high, _), fill in zip(bands, _fills(len(bands)), strict=True):
        values = [{"period": p, "low": a, "high": b} for p, a, b in zip(periods, low, high, strict=True)]
        yield {
            "data": {"values": values},
            "mark": {"type": "area", "color": fill},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        }


def _fills(n: int) -> list[str]:
    return [FILLS[min(i, 1)] for i in range(n)]


def _drawn(line: Line, periods: Sequence[str], x: Spec, y: Spec, look: Look) -> Spec:
    values = [{"period": p, "name": line.name, "amount": a} for p, a in zip(periods, line.amounts, strict=True)]
    return {"data": {"values": values}, "mark": line.mark, "encoding": {"x": x, "y": {**y, "field": "amount"}}}


def _break_even(axis: Axis, plot: Plot) -> Iterator[Spec]:
    y = plot.height - axis.place(0.0, plot.height)
    yield plot.rule(0, y, plot.width, y, color=INK, strokeWidth=1.2 * plot.look.line)


def _labels(chart: Fan, axis: Axis, lines: Sequence[Line], bands: Sequence[Any], look: Look) -> list[tuple[str, float]]:
    """What stands at the right ends, and at which amount."""
    found = []
    for one in lines:
        name = cut(one.name, look.label, NAMES * look.width)
        found.append((f"{name} {_end(one.last, axis)}", one.last.value))
    for _, _, ends in bands[:1]:
        for p in ends:
            last = chart.bands[p][-1]
            found.append((f"P{p} {_end(last, axis)}", last.value))
    if chart.zero:
        found.append((cut(chart.zero, look.label, NAMES * look.width), 0.0))
    return found


def _end(one: Figure, axis: Axis) -> str:
    return str(amount(one.value, one.error, int(axis.scale)))


def _written(labels: Sequence[tuple[str, float]], axis: Axis, plot: Plot) -> Iterator[Spec]:
    """Labels beside their ends, and lines to them where they had to move."""
    look = plot.look
    wanted = [plot.height - axis.place(value, plot.height) for _, value in labels]
    found = apart(wanted, look.row, 0.0, float(plot.height))
    for (said, _), at, place in zip(labels, wanted, found, strict=True):
        yield plot.rule(plot.width + 0.2 * look.label, at, plot.width + 1.1 * look.label, place, color=GREY)
        yield plot.words(said, plot.width + 1.3 * look.label, place)


def _periods(periods: Sequence[str], plot: Plot) -> Spec:
    """As many labels as there is room for, the last among them."""
    wide = widest(periods, plot.look.label) + plot.look.label
    every = max(1, -(-len(periods) // max(2, int(plot.width / wide))))
    shown = [one for i, one in enumerate(periods) if (len(periods) - 1 - i) % every == 0]
    return {"values": shown, "labelAngle": 0, "title": text("at the end of"), "titleAnchor": "start", "grid": False}


def _legend(chart: Fan, plot: Plot) -> Iterator[Spec]:
    """What the bands are, in courses of 100."""
    look, x = plot.look, -plot.left + 2 * plot.look.edge - plot.look.edge
    y = -2.35 * look.row
    for (_, _, (low, high)), fill in zip(_bands(chart), _fills(len(list(_bands(chart)))), strict=True):
        said = str(text("{n} of 100 courses", n=number(high - low)))
        yield plot.box(x, y - look.label / 2, 1.8 * look.label, look.label, fill=fill)
        yield plot.words(said, x + 2.3 * look.label, y)
        x += 3.8 * look.label + widest([said], look.label)


def _choice(periods: Sequence[str]) -> Spec:
    """A list to choose a period from."""
    bind = {"input": "select", "options": [*periods[1:]], "name": f"{text('At the end of')} "}
    return {"name": "chosen", "value": periods[-1], "bind": bind}


def _pointed(
    chart: Fan, lines: Sequence[Line], bands: Sequence[Any], periods: Sequence[str], x: Spec, axis: Axis
) -> Spec:
    """The period that is chosen, with its amounts to be read."""
    series = {one.name: [Figure(START), *chart.lines.get(one.name, chart.bands.get(MEDIAN, []))] for one in lines}
    for _, _, ends in bands:
        series |= {f"P{p}": [Figure(START), *chart.bands[p]] for p in ends}
    rows = [
        {"period": period, **{f"f{j}": _end(each[i], axis) for j, each in enumerate(series.values())}}
        for i, period in enumerate(periods)
    ]
    told = [{"field": f"f{j}", "type": "nominal", "title": tip(name)} for j, name in enumerate(series)]
    return {
        "data": {"values": rows},
        "mark": {"type": "rule", "color": INK, "strokeWidth": 8},
        "encoding": {
            "x": {**x},
            "opacity": {"condition": {"test": "datum.period == chosen", "value": 0.35}, "value": 0.001},
            "tooltip": [{"field": "period", "type": "nominal", "title": text("At the end of")}, *told],
        },
    }
