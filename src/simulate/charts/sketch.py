"""A distribution as a small picture, for a cell of a table."""

from __future__ import annotations

from simulate.charts.picture import BLUE, GREY
from simulate.content import Sketch

WIDTH, HEIGHT = 96, 22  # pixels of 1/96 inch


def svg(sketch: Sketch, width: float = WIDTH, height: float = HEIGHT) -> str:
    """A bar for each bin, on a line. What it shows is told by the words beside it, or in the cell."""
    top, step = max([*sketch.shares, 0.0]) or 1.0, width / max(len(sketch.shares), 1)
    high = height - 1.5
    bars = "".join(
        f'<rect x="{i * step:.2f}" y="{high - share / top * high:.2f}" width="{0.92 * step:.2f}" height="{share / top * high:.2f}"/>'
        for i, share in enumerate(sketch.shares)
        if share > 0
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}">'
        f'<g fill="{BLUE}">{bars}</g><rect y="{high:.2f}" width="{width:g}" height="1" fill="{GREY}"/></svg>'
    )
