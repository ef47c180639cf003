"""Charts in Vega-Lite's grammar: data as data, and how they are shown."""

from __future__ import annotations

from functools import singledispatch

from simulate.charts import curve, dots, fan, heatmap, histogram, tornado
from simulate.charts.picture import LOOKS, Look, Shape, Spec
from simulate.content import Bars, Chart, Curve, Dots, Fan, HeatMap, Histogram

__all__ = ["Shape", "Spec", "spec"]


def spec(chart: Chart, shape: Shape = "column", interactive: bool = False) -> Spec:
    """The whole of it, in the language in force. interactive: what is pointed at tells its numbers; a year can be chosen."""
    return _spec(chart, LOOKS[shape], interactive)


@singledispatch
def _spec(chart: Chart, look: Look, interactive: bool) -> Spec:
    raise NotImplementedError(type(chart).__name__)


_spec.register(Bars)(tornado.spec)
_spec.register(Curve)(curve.spec)
_spec.register(Dots)(dots.spec)
_spec.register(Fan)(fan.spec)
_spec.register(HeatMap)(heatmap.spec)
_spec.register(Histogram)(histogram.spec)
