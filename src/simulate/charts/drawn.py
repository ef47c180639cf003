"""Charts drawn by vl-convert, which needs neither a browser nor a network."""

from __future__ import annotations

from simulate.charts.spec import Shape, spec
from simulate.content import Chart, Sketch


def svg(chart: Chart, shape: Shape = "column") -> str:
    """A picture that stands in a page."""
    import vl_convert

    found: str = vl_convert.vegalite_to_svg(spec(chart, shape))
    return found


def png(chart: Chart, shape: Shape = "column", ppi: int = 220) -> bytes:
    """ppi: pixels an inch."""
    import vl_convert

    found: bytes = vl_convert.vegalite_to_png(spec(chart, shape), ppi=ppi)
    return found


def sketch(one: Sketch) -> str:
    """A distribution, small, as SVG."""
    raise NotImplementedError
