"""A value over two things that vary, with the number in every cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulate.charts.lettering import cut, widest
from simulate.charts.picture import GREY, PIXELS, Look, Plot, Spec, scale_of, tip
from simulate.content import Figure, HeatMap
from simulate.figures import cell, number, per_cent_sign, scale_name

EMPTY = "x"
TALL = 1.9  # of a cell, in lines of letters, where all have room
SMALL, SMALLEST = 0.8, 0.62  # of the letters' size: below that decimals go, and then all of the number
ROWS = 0.25  # of the picture's width, for what stands at the rows
LIGHT, DARK = (238, 243, 249), (18, 58, 99)  # from the lowest to the highest
LOSS, MOST = (194, 99, 10), 0.8  # and how much of that at most: what is written on it must be read
BLACK, WHITE = "#000000", "#ffffff"
EQUAL = 0.179  # the luminance on which both are read as well, 4.6 to 1


def spec(chart: HeatMap, look: Look, interactive: bool) -> Spec:
    """The whole of it, as high as its rows need."""
    scale = scale_of(one.value for row in chart.cells for one in row if one is not None and one.unit == "kr")
    names = [cut(one, look.label, ROWS * look.width) for one in chart.rows]
    left = widest(names, look.label) + look.label
    high = min(TALL * look.row, 1.6 * look.width / max(len(names), 1))
    plot = Plot.of(
        chart, look, left=left, right=0, above=2.6 * look.row, below=1.5 * look.row, height=high * len(names)
    )
    wide, high = plot.width / max(len(chart.columns), 1), plot.height / max(len(names), 1)
    shown, size = _numbers(chart, scale, wide, high, look)
    fill = _Fill.of(chart)
    layers = [_cells(chart, shown, fill, wide, high, size, look, interactive)]
    layers += _names(chart, names, plot, wide, high)
    said = _unit(chart, scale)
    layers.append(plot.words(cut(f"{chart.of}{said}", look.label, look.width - 2 * look.edge), look.edge - plot.left, plot.height + look.row, color=GREY))  # fmt: skip
    return plot.spec(layers)


def _numbers(chart: HeatMap, scale: int, wide: float, high: float, look: Look) -> tuple[list[list[str]], float]:
    """What stands in the cells, whole per cents where decimals have no room; and how large, 0 where nothing has."""
    for is_short in (False, True):
        shown = [[EMPTY if one is None else _shown(one, scale, is_short) for one in row] for row in chart.cells]
        longest = widest([one for row in shown for one in row], 1.0)
        size = min(look.label, 0.86 * wide / max(longest, 0.1), 0.8 * high)
        if size >= (SMALLEST if is_short else SMALL) * look.label:
            return shown, size
    return shown, 0.0


def _shown(one: Figure, scale: int, is_short: bool) -> str:
    """The unit stands below all."""
    if one.unit != "share":
        return str(cell(one, scale))
    if not is_short:
        return str(cell(one)).removesuffix(per_cent_sign())
    if 0 < one.value < 0.005 or 0.995 < one.value < 1:
        return "<1" if one.value < 0.5 else ">99"
    return str(number(100 * one.value))


def _unit(chart: HeatMap, scale: int) -> str:
    units = {one.unit for row in chart.cells for one in row if one is not None}
    if units == {"share"}:
        return f",{per_cent_sign()}" if per_cent_sign().startswith((" ", "\u00a0")) else f", {per_cent_sign()}"
    return f", {scale_name(scale, chart.currency)}" if units == {"kr"} else ""


@dataclass(frozen=True, slots=True)
class _Fill:
    """Colours from the lowest value to the highest; of amounts losses have another one than gains."""

    low: float
    high: float
    has_sides: bool

    @classmethod
    def of(cls, chart: HeatMap) -> _Fill:
        found = [one for row in chart.cells for one in row if one is not None]
        values = [one.value for one in found]
        if found and all(one.unit == "share" for one in found):
            return cls(0.0, 1.0, False)
        low, high = min(values, default=0.0), max(values, default=1.0)
        return cls(low, high, found != [] and found[0].unit == "kr" and low < 0)

    def color(self, one: Figure | None) -> tuple[int, int, int]:
        if one is None:
            return (255, 255, 255)
        if self.has_sides:
            largest = max(abs(self.low), abs(self.high)) or 1.0
            part = abs(one.value) / largest
            return _between(LIGHT, LOSS, MOST * part) if one.value < 0 else _between(LIGHT, DARK, part)
        return _between(LIGHT, DARK, (one.value - self.low) / ((self.high - self.low) or 1.0))


def _between(a: Sequence[int], b: Sequence[int], part: float) -> tuple[int, int, int]:
    part = min(max(part, 0.0), 1.0)
    red, green, blue = (round(x + (y - x) * part) for x, y in zip(a, b, strict=True))
    return red, green, blue


def _luminance(color: Sequence[int]) -> float:
    """Relative, as WCAG has it."""
    parts = [(v / 255 / 12.92) if v <= 10 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in color]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _cells(
    chart: HeatMap, shown: Sequence[Sequence[str]], fill: _Fill, wide: float, high: float, size: float, look: Look, interactive: bool
) -> Spec:  # fmt: skip
    values = []
    for i, row in enumerate(chart.cells):
        for j, one in enumerate(row):
            color = fill.color(one)
            values.append({
                "row": chart.rows[i], "column": chart.columns[j], "value": None if one is None else one.value, "shown": shown[i][j],
                "x": j * wide, "x2": (j + 1) * wide, "y": i * high, "y2": (i + 1) * high, "xc": (j + 0.5) * wide, "yc": (i + 0.5) * high,
                "fill": "#{:02x}{:02x}{:02x}".format(*color), "ink": WHITE if _luminance(color) < EQUAL else BLACK,
            })  # fmt: skip
    told = (("row", chart.row_name), ("column", chart.column_name), ("shown", chart.of))
    tips = (
        {"tooltip": [{"field": name, "type": "nominal", "title": tip(said)} for name, said in told]}
        if interactive
        else {}
    )
    box = {"x": {"field": "x", **PIXELS}, "x2": {"field": "x2"}, "y": {"field": "y", **PIXELS}, "y2": {"field": "y2"}}
    layers: list[Spec] = [{
        "mark": {"type": "rect", "stroke": "white", "strokeWidth": look.line},
        "encoding": {**box, "fill": {"field": "fill", "type": "nominal", "scale": None}, **tips},
    }]  # fmt: skip
    if size:
        layers.append({
            "mark": {"type": "text", "fontSize": size, "align": "center", "baseline": "middle"},
            "encoding": {
                "x": {"field": "xc", **PIXELS}, "y": {"field": "yc", **PIXELS}, "text": {"field": "shown", "type": "nominal"},
                "color": {"field": "ink", "type": "nominal", "scale": None}, **tips,
            },
        })  # fmt: skip
    return {"data": {"values": values}, "layer": layers}


def _names(chart: HeatMap, names: Sequence[str], plot: Plot, wide: float, high: float) -> Iterator[Spec]:
    """At rows and columns, as many as there is room for; and what goes down and across."""
    look = plot.look
    every = max(1, -(-int(look.row) // max(int(high), 1)))
    for i in range(0, len(names), every):
        yield plot.words(names[i], -0.5 * look.label, (i + 0.5) * high, align="right")
    room = max(wide, 2.5 * look.label) - 0.4 * look.label
    columns = [str(one) for one in chart.columns]
    longest = widest(columns, look.label)
    step = max(1, -(-int(min(longest, 6 * look.label) + 0.4 * look.label) // max(int(wide), 1)))
    for j in range(0, len(columns), step):
        said = cut(columns[j], look.label, max(room, wide * step - 0.4 * look.label))
        yield plot.words(said, (j + 0.5) * wide, -0.7 * look.row, align="center")
    said = f"↓ {chart.row_name}    → {chart.column_name}"
    yield plot.words(
        cut(said, look.label, look.width - 2 * look.edge), look.edge - plot.left, -1.9 * look.row, color=GREY
    )
