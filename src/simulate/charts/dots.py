"""A chance as so many of a few dots."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.charts.lettering import cut, width
from simulate.charts.picture import BLUE, GREY, INK, PIXELS, Look, Plot, Spec
from simulate.content import Dots
from simulate.figures import NOTHING, chance
from simulate.locale import text

ACROSS = 10
SHOWN: Spec = {"fill": BLUE, "stroke": BLUE}
OTHER: Spec = {"fill": "white", "stroke": INK}


def spec(chart: Dots, look: Look, interactive: bool) -> Spec:
    """The whole of it: filled ones first, in rows of ten."""
    filled, rows = filled_of(chart), -(-chart.of // ACROSS)
    size = min(4.6 * look.label, (look.width - 4 * look.edge) / ACROSS)
    plot = Plot.of(
        chart, look, left=0, right=0, above=0, below=(1.2 + _lines(chart, look)) * look.row, height=rows * size
    )
    if look.is_full:
        size = min(plot.width / ACROSS, plot.height / rows)
    top = (plot.height - rows * size) / 2
    layers: list[Spec] = []
    for is_filled, fill in ((True, SHOWN), (False, OTHER)):
        places = range(filled) if is_filled else range(filled, chart.of)
        values = [{"x": (i % ACROSS + 0.5) * size, "y": top + (i // ACROSS + 0.5) * size} for i in places]
        where: Spec = {axis: {"field": axis, **PIXELS} for axis in "xy"}
        mark = {"type": "point", "shape": "circle", "size": 0.5 * size * size, "opacity": 1, "strokeWidth": 1.4 * look.line, **fill}  # fmt: skip
        if interactive:
            where["tooltip"] = {"value": str(chance(chart.share.value, chart.share.error))}
        layers.append({"data": {"values": values}, "mark": mark, "encoding": where})
    return plot.spec([*layers, *_few(chart, filled, size, top, plot), *_legend(chart, plot)])


def _few(chart: Dots, filled: int, size: float, top: float, plot: Plot) -> Iterator[Spec]:
    """Of a dot that is less than one, or more than all but one, the middle alone."""
    share, n = chart.share.value, chart.of
    if not ((0 < share * n < 0.5 and filled == 0) or (n - 0.5 <= share * n < n and filled == n - 1)):
        return
    x, y, half = (filled % ACROSS + 0.5) * size, top + (filled // ACROSS + 0.5) * size, 0.12 * size
    yield plot.box(x - half, y - half, 2 * half, 2 * half, fill=BLUE, cornerRadius=half)


def _legend(chart: Dots, plot: Plot) -> Iterator[Spec]:
    """What a filled one is, and what each; below each other where they have no room side by side."""
    look, y = plot.look, plot.height + 1.2 * plot.look.row
    name, said, x = _legend_of(chart, look)
    if name:
        yield plot.box(0, y - look.label / 2, look.label, look.label, cornerRadius=look.label / 2, **SHOWN)
        yield plot.words(name, 1.5 * look.label, y)
    yield plot.words(said, x, y if x or not name else y + look.row, color=GREY)


def _legend_of(chart: Dots, look: Look) -> tuple[str, str, float]:
    """What stands below, and where the second of it begins: 0 for a line of its own."""
    said = str(text("Each dot is 1 of {n} simulated courses.", n=chart.of))
    if not chart.filled:
        return "", said, 0.0
    name = cut(chart.filled, look.label, 0.4 * look.width)
    x = 3 * look.label + width(name, look.label)
    return name, said, x if x + width(said, look.label) <= look.width - 2 * look.edge else 0.0


def _lines(chart: Dots, look: Look) -> int:
    name, _, x = _legend_of(chart, look)
    return 2 if name and not x else 1


def filled_of(chart: Dots) -> int:
    """How many are filled: none or all only where that is certain, or none is nearer than one."""
    share, n = chart.share.value, chart.of
    if share <= NOTHING or share >= 1 - NOTHING:
        return round(share) * n
    return min(round(share * n), n - 1)
