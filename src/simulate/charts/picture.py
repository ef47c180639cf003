"""What all charts have in common: sizes, colours, the head, places in pixels, axes in the language in force."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from simulate.charts.lettering import FAMILY, cut, widest, width, wrapped
from simulate.content import Chart
from simulate.figures import MILLION, number, scale_name, signs

Shape = Literal["column", "slide", "phone"]
Spec = dict[str, Any]
BLUE, ORANGE, GREY = "#1f5a94", "#c2630a", "#4b5563"
PALE, MIDDLE = "#d3e0ee", "#8fb1d3"  # of the blue: light in grey print, and between
LINES, INK = "#d5d8dc", "#111827"
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)  # of a scale that people read
ALMOST = 1e-4  # of the largest amount: what differs by less is the same to see
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


@dataclass(frozen=True, slots=True)
class Look:
    """Pixels of 1/96 inch. width, height: of the whole picture; title, subtitle, label: sizes of the letters; line: of the thinnest. is_full: as high
    as that whatever it shows, like a slide; else as high as its rows need."""

    width: int
    height: int
    title: int
    subtitle: int
    label: int
    line: float
    is_full: bool = False

    @property
    def edge(self) -> float:
        """What stays free around it, and between things."""
        return self.label / 2

    @property
    def row(self) -> float:
        """Of a line of labels."""
        return 1.25 * self.label


LOOKS: dict[Shape, Look] = {
    "column": Look(604, 340, 15, 12, 11, 1.0),
    "slide": Look(1280, 720, 30, 22, 20, 2.0, is_full=True),
    "phone": Look(340, 320, 15, 12, 11, 1.0),
}
"""A column of text on A4, 16 cm; a slide of 16:9; the page on a telephone."""


@dataclass(frozen=True, slots=True)
class Plot:
    """Where the data are drawn. left, right, top, bottom: what is around it; top has the head, too."""

    look: Look
    title: Sequence[str]
    subtitle: Sequence[str]
    left: float
    right: float
    top: float
    bottom: float
    width: float
    height: float

    @classmethod
    def of(
        cls,
        chart: Chart,
        look: Look,
        *,
        left: float,
        right: float,
        above: float,
        below: float,
        height: float | None = None,
    ) -> Plot:
        """left, right, above, below: what the chart needs around the data. height: of the data, where it is not what the picture leaves."""
        room = look.width - 2 * look.edge
        title = wrapped(chart.title, look.title, room, 3, bold=True)
        subtitle = wrapped(chart.subtitle, look.subtitle, room, 4)
        head = 1.25 * (look.title * len(title) + look.subtitle * len(subtitle)) + look.edge * bool(title or subtitle)
        left, right, top, bottom = math.ceil(left + look.edge), math.ceil(right + look.edge), math.ceil(head + above + look.edge), math.ceil(below + look.edge)  # fmt: skip
        tall = look.height - top - bottom if height is None or look.is_full else math.ceil(height)
        return cls(look, title, subtitle, left, right, top, bottom, look.width - left - right, max(tall, 40))

    def spec(self, layers: Sequence[Spec], **more: Any) -> Spec:
        """The whole picture, whose size is known beforehand."""
        return {
            "$schema": SCHEMA,
            "width": self.width,
            "height": self.height,
            "autosize": {"type": "none"},
            "padding": {"left": self.left, "right": self.right, "top": self.top, "bottom": self.bottom},
            "background": "white",
            "layer": [*self._head(), *layers],
            "config": self._config(),
            **more,
        }

    def _head(self) -> Iterator[Spec]:
        """What is found, and with which figure."""
        look, x = self.look, self.look.edge - self.left
        y = look.edge - self.top
        yield from self.lines(self.title, x, y, baseline="top", bold=True, size=look.title)
        y += 1.25 * look.title * len(self.title)
        yield from self.lines(self.subtitle, x, y, baseline="top", color=GREY, size=look.subtitle)

    def _config(self) -> Spec:
        """aria: what the library says of a picture is English; who puts it in a page says it."""
        look = self.look
        group, decimal = signs()
        axis = {
            "labelFontSize": look.label, "labelColor": INK, "titleFontSize": look.label, "titleFontWeight": "normal",
            "titleColor": GREY, "gridColor": LINES, "gridWidth": look.line, "domain": False, "tickColor": LINES,
            "tickWidth": look.line, "labelPadding": 0.4 * look.label, "labelLimit": 0, "titleLimit": 0, "labelOverlap": False,
        }  # fmt: skip
        return {
            "aria": False,
            "font": f"{FAMILY}, sans-serif",
            "view": {"stroke": None},
            "axis": axis,
            "text": {"fontSize": look.label, "color": INK, "limit": 0},
            "locale": {
                "number": {"decimal": decimal, "thousands": group, "grouping": [3], "currency": ["", ""], "minus": "-"}
            },
        }

    def words(
        self,
        said: str,
        x: float,
        y: float,
        *,
        align: str = "left",
        baseline: str = "middle",
        color: str = INK,
        bold: bool = False,
        size: float | None = None,
    ) -> Spec:
        """A text at a place in pixels, from the upper left corner of the data."""
        mark = {
            "type": "text", "text": str(said), "align": align, "baseline": baseline, "color": color,
            "fontSize": size or self.look.label, "fontWeight": "bold" if bold else "normal",
        }  # fmt: skip
        return {**_ONE, "mark": mark, "encoding": {"x": {"value": x}, "y": {"value": y}}}

    def lines(self, said: Sequence[str], x: float, y: float, **how: Any) -> Iterator[Spec]:
        """Texts below each other, each by itself: so none turns the direction of another."""
        for i, line in enumerate(said):
            yield self.words(line, x, y + 1.25 * (how.get("size") or self.look.label) * i, **how)

    def beside(
        self, name: str, x: float, y: float, *, figure: str = "", is_left: bool = False, margin: float = 0.0
    ) -> Spec:
        """A name, and a figure that is kept whole, beside a place: on this side, or on the other one where only that has room for it all.

        margin: what of the left margin is free there.
        """
        gap, size, end = 0.6 * self.look.label, self.look.label, f" {figure}" if figure else ""
        room = {True: x + margin - gap, False: self.width + self.right - self.look.edge - x - gap}
        if width(name + end, size) > room[is_left]:
            is_left = room[True] > room[False]
        said = cut(name, size, room[is_left] - width(end, size)) + end
        return self.words(said, x + (-gap if is_left else gap), y, align="right" if is_left else "left")

    def rule(self, x: float, y: float, x2: float, y2: float, **how: Any) -> Spec:
        """A line between two places in pixels."""
        mark = {"type": "rule", "color": GREY, "strokeWidth": self.look.line, **how}
        ends = {"x": x, "y": y, "x2": x2, "y2": y2}
        return {**_ONE, "mark": mark, "encoding": {name: {"value": place} for name, place in ends.items()}}

    def box(self, x: float, y: float, wide: float, high: float, **how: Any) -> Spec:
        mark = {"type": "rect", **how}
        ends = {"x": x, "y": y, "x2": x + wide, "y2": y + high}
        return {**_ONE, "mark": mark, "encoding": {name: {"value": place} for name, place in ends.items()}}


_ONE: Spec = {"data": {"values": [{}]}}
PIXELS: Spec = {"type": "quantitative", "scale": None, "axis": None}
"""Of a field whose values are places already."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale from the first of its ticks to the last. scale: what is told of one; decimals: of what is told."""

    ticks: Sequence[float]
    scale: float = 1.0
    decimals: int = 0
    sign: str = ""

    @classmethod
    def of(cls, values: Iterable[float], scale: float = 1.0, count: int = 6, sign: str = "") -> Axis:
        """With about so many ticks, the first and the last beyond all values."""
        found = list(values)
        low, high = min(found), max(found)
        step, first, last = steps(low, high, count)
        ticks = [i * step for i in range(first, last + 1)]
        return cls(ticks, scale, decimals(step / scale), sign)

    @property
    def ends(self) -> list[float]:
        return [self.ticks[0], self.ticks[-1]]

    @property
    def told(self) -> list[str]:
        return [number(tick / self.scale, self.decimals) + self.sign for tick in self.ticks]

    def wide(self, size: float) -> float:
        return widest(self.told, size)

    def place(self, value: float, length: float) -> float:
        """In pixels from the first tick."""
        low, high = self.ends
        return (value - low) / (high - low) * length

    def shown(self, **more: Any) -> Spec:
        """How the axis is drawn."""
        expression = f"format(datum.value / {self.scale:g}, ',.{self.decimals}f')"
        return {
            "values": [*self.ticks],
            "labelExpr": expression + (f" + '{self.sign}'" if self.sign else ""),
            "title": None,
            **more,
        }

    @property
    def domain(self) -> Spec:
        return {"domain": self.ends, "nice": False, "zero": False}


def steps(low: float, high: float, count: int) -> tuple[float, int, int]:
    """A round step, and from which to which of its multiples: about so many."""
    if high - low <= ALMOST * max(abs(low), abs(high)):
        low, high = low - max(abs(low) / 10, 1.0), high + max(abs(high) / 10, 1.0)
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * one for one in STEPS if power * one >= 0.999 * rough)
    return step, math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)


def decimals(step: float) -> int:
    """That tell multiples of it apart."""
    return next((n for n in range(9) if math.isclose(round(step, n), step, rel_tol=1e-6)), 9)


def money(values: Iterable[float], currency: str, count: int = 6) -> tuple[Axis, str]:
    """An axis of amounts, and what they are counted in."""
    found = list(values)
    scale = scale_of(found)
    return Axis.of(found, scale, count), scale_name(scale, currency)


def scale_of(values: Iterable[float]) -> int:
    """Kroner in one of what is told."""
    largest = max(map(abs, values), default=0.0)
    return MILLION if largest >= MILLION else 1000 if largest >= 10_000 else 1


def apart(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places moved until they are so far apart, in the order given, and between two ends where there is room for all.

    Midway between all moved up and all moved down: so nobody goes far.
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    wanted = [min(max(places[i], low), high) for i in order]
    up, down = _spread(wanted, gap), [-one for one in _spread([-one for one in wanted[::-1]], gap)][::-1]
    found = [(a + b) / 2 for a, b in zip(up, down, strict=True)]
    found = [-one for one in _spread([-min(one, high) for one in found[::-1]], gap)][::-1]
    found = _spread([max(one, low) for one in found], gap)
    return [place for _, place in sorted(zip(order, found, strict=True))]


def _spread(rising: Sequence[float], gap: float) -> list[float]:
    """Each at least so far beyond the one before it."""
    found: list[float] = []
    for place in rising:
        found.append(max(place, found[-1] + gap) if found else place)
    return found


def tip(title: str) -> str:
    """What something is called under the pointer: Vega-Lite makes an expression of it, and takes care of quotation marks alone."""
    return title.replace("\\", "\\\\")
