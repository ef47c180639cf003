"""A chance as so many of a few dots."""

from __future__ import annotations

from simulate.charts.picture import BLUE, INK, Look, Plot, Spec
from simulate.content import Dots
from simulate.figures import NOTHING, chance
from simulate.locale import text

ACROSS = 10
SHOWN: Spec = {"fill": BLUE, "stroke": BLUE}
OTHER: Spec = {"fill": "white", "stroke": INK}


def spec(chart: Dots, look: Look, interactive: bool) -> Spec:
    """The whole of it: filled ones first, in rows of ten."""
    filled, rows = filled_of(chart), -(-chart.of // ACROSS)
    size = min(3.6 * look.label, (look.width - 4 * look.edge) / ACROSS)
    plot = Plot.of(chart, look, left=0, right=0, above=0, below=2.2 * look.row, height=rows * size)
    layers: list[Spec] = []
    for is_filled, fill in ((True, SHOWN), (False, OTHER)):
        places = range(filled) if is_filled else range(filled, chart.of)
        values = [{"x": (i % ACROSS + 0.5) * size, "y": (i // ACROSS + 0.5) * size} for i in places]
        where = {axis: {"field": axis, "type": "quantitative", "scale": None, "axis": None} for axis in "xy"}
        mark = {"type": "point", "shape": "circle", "size": 0.5 * size * size, "opacity": 1, "strokeWidth": 1.4 * look.line, **fill}  # fmt: skip
        if interactive:
            where["tooltip"] = {"value": str(chance(chart.share.value, chart.share.error))}
        layers.append({"data": {"values": values}, "mark": mark, "encoding": where})
    y = plot.height + 1.2 * look.row
    said = text("Filled: breaks even. Each dot is 1 of {n} simulated courses.", n=chart.of)
    return plot.spec([*layers, plot.words(said, 0, y, color=INK)])


def filled_of(chart: Dots) -> int:
    """How many are filled: none or all only where that is certain."""
    share = chart.share.value
    if share <= NOTHING or share >= 1 - NOTHING:
        return round(share) * chart.of
    return min(max(round(share * chart.of), 1), chart.of - 1)
