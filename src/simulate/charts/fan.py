"""A fan: an amount through the periods, its bands and lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
    """An amount by period, from the beginning on. mark: how it is drawn."""

    name: str
    amounts: Sequence[float]
    last: Figure
    mark: Spec


@dataclass(frozen=True, slots=True)
class Band:
    """Between two percentiles, by period from the beginning on."""

    ends: tuple[int, int]
    low: Sequence[float]
    high: Sequence[float]


def spec(chart: Fan, look: Look, interactive: bool) -> Spec:
    """The whole of it."""
    lines, bands = list(_lines(chart, look)), list(_bands(chart))
    every = [START, *(v for one in lines for v in one.amounts), *(v for one in bands for v in [*one.low, *one.high])]
    axis, unit = money(every, chart.currency)
    labels = _labels(chart, axis, lines, bands, look)
    room = widest([said for said, _ in labels], look.label) + 1.6 * look.label
    plot = Plot.of(
        chart, look, left=axis.wide(look.label) + look.edge, right=room, above=(2.6 if bands else 1.4) * look.row, below=2.4 * look.row,
    )  # fmt: skip
    periods = [str(text("Start")), *chart.periods]
    x = {"field": "period", "type": "ordinal", "sort": None, "scale": {"type": "point", "padding": 0, "domain": periods}, "axis": _periods(periods, plot)}  # fmt: skip
    y = {"type": "quantitative", "scale": axis.domain, "axis": axis.shown(grid=True, ticks=False)}
    layers = [
        *_areas(bands, periods, x, y),
        *_break_even(axis, plot),
        *(_drawn(one, periods, x, y) for one in lines),
        *_written(labels, axis, plot),
        *_legend(bands, plot),
        plot.words(unit, look.edge - plot.left, -1.1 * look.row, color=GREY),
    ]
    if not interactive:
        return plot.spec(layers)
    layers += _pointed(_read(chart, lines, bands), periods, x, axis, plot)
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


def _bands(chart: Fan) -> Iterator[Band]:
    """The widest first."""
    found = sorted(p for p in chart.bands if p != MEDIAN)
    for p, q in zip(found, found[::-1], strict=True):
        if p < q:
            low, high = ([START, *(one.value for one in chart.bands[end])] for end in (p, q))
            yield Band((p, q), low, high)


def _areas(bands: Sequence[Band], periods: Sequence[str], x: Spec, y: Spec) -> Iterator[Spec]:
    for one, fill in zip(bands, _fills(len(bands)), strict=True):
        values = [{"period": p, "low": a, "high": b} for p, a, b in zip(periods, one.low, one.high, strict=True)]
        yield {
            "data": {"values": values},
            "mark": {"type": "area", "color": fill},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        }


def _fills(n: int) -> list[str]:
    return [FILLS[min(i, 1)] for i in range(n)]


def _drawn(line: Line, periods: Sequence[str], x: Spec, y: Spec) -> Spec:
    values = [{"period": p, "name": line.name, "amount": a} for p, a in zip(periods, line.amounts, strict=True)]
    return {"data": {"values": values}, "mark": line.mark, "encoding": {"x": x, "y": {**y, "field": "amount"}}}


def _break_even(axis: Axis, plot: Plot) -> Iterator[Spec]:
    y = plot.height - axis.place(0.0, plot.height)
    yield plot.rule(0, y, plot.width, y, color=INK, strokeWidth=1.2 * plot.look.line)


def _labels(
    chart: Fan, axis: Axis, lines: Sequence[Line], bands: Sequence[Band], look: Look
) -> list[tuple[str, float]]:
    """What stands at the right ends, and at which amount."""
    found = []
    for one in lines:
        name = cut(one.name, look.label, NAMES * look.width)
        found.append((f"{name} {_end(one.last, axis)}", one.last.value))
    for one_band in bands[:1]:
        for p in one_band.ends:
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


def _legend(bands: Sequence[Band], plot: Plot) -> Iterator[Spec]:
    """What the bands are, in courses of 100."""
    look, x, y = plot.look, plot.look.edge - plot.left, -2.35 * plot.look.row
    for one, fill in zip(bands, _fills(len(bands)), strict=True):
        said = str(text("{n} of 100 courses", n=number(one.ends[1] - one.ends[0])))
        yield plot.box(x, y - look.label / 2, 1.8 * look.label, look.label, fill=fill)
        yield plot.words(said, x + 2.3 * look.label, y)
        x += 3.8 * look.label + widest([said], look.label)


def _choice(periods: Sequence[str]) -> Spec:
    """A list to choose a period from."""
    bind = {"input": "select", "options": [*periods[1:]], "name": text("At the end of") + " "}
    return {"name": "chosen", "value": periods[-1], "bind": bind}


def _read(chart: Fan, lines: Sequence[Line], bands: Sequence[Band]) -> dict[str, Sequence[Figure]]:
    """By its name each amount that can be read off, from the beginning on."""
    named = {one.name: chart.lines.get(one.name, chart.bands.get(MEDIAN, ())) for one in lines}
    named |= {f"P{p}": chart.bands[p] for one in bands for p in one.ends}
    return {name: [Figure(START), *amounts] for name, amounts in named.items()}


def _pointed(
    read: dict[str, Sequence[Figure]], periods: Sequence[str], x: Spec, axis: Axis, plot: Plot
) -> Iterator[Spec]:
    """A line at the period that is chosen; and about each one a field that tells its amounts."""
    rows = [
        {"period": period, **{f"f{j}": _end(each[i], axis) for j, each in enumerate(read.values())}}
        for i, period in enumerate(periods)
    ]
    told = [{"field": f"f{j}", "type": "nominal", "title": tip(name)} for j, name in enumerate(read)]
    title = {"field": "period", "type": "nominal", "title": text("At the end of")}
    chosen = {"condition": {"test": "datum.period == chosen", "value": 1}, "value": 0}
    data: Spec = {"data": {"values": rows}}
    yield {
        **data,
        "mark": {"type": "rule", "color": INK, "strokeWidth": 1.2 * plot.look.line},
        "encoding": {"x": x, "opacity": chosen},
    }
    yield {
        **data,
        "mark": {"type": "rule", "strokeWidth": plot.width / len(periods), "opacity": 0.001},
        "encoding": {"x": x, "tooltip": [title, *told]},
    }
