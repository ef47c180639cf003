"""Charts in Vega-Lite's grammar: data as data, and how they are shown."""

from __future__ import annotations

from functools import singledispatch
from typing import Any, Literal

from simulate.content import Chart, Fan

Shape = Literal["column", "slide"]
SIZES: dict[Shape, tuple[int, int]] = {"column": (600, 320), "slide": (1120, 560)}
"""Of the picture, in pixels of 1/96 inch: a column of text on A4, and a slide."""
BLUE, ORANGE, GREY = "#1f5a94", "#c2630a", "#4b5563"


def spec(chart: Chart, shape: Shape = "column") -> dict[str, Any]:
    """The whole of it."""
    width, height = SIZES[shape]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width,
        "height": height,
        "title": {"text": str(chart.title), "subtitle": str(chart.subtitle), "anchor": "start"},
        **_drawn(chart),
    }


@singledispatch
def _drawn(chart: Chart) -> dict[str, Any]:
    raise NotImplementedError(type(chart).__name__)


@_drawn.register
def _(chart: Fan) -> dict[str, Any]:
    values = [
        {"period": period, "name": name, "amount": one.value / 1e6}
        for name, line in chart.lines.items()
        for period, one in zip(chart.periods, line, strict=True)
    ]
    return {
        "data": {"values": values},
        "mark": "line",
        "encoding": {
            "x": {"field": "period", "type": "ordinal"},
            "y": {"field": "amount", "type": "quantitative"},
            "color": {"field": "name"},
        },
    }
