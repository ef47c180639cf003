"""What each assumption of a scenario says of itself, and how each number of the file was read: `simulate check --show`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from simulate.content import Part, Row, Sentence, Table, joined, row
from simulate.locale import text
from simulate.reports.quantities import exact, together
from simulate.scenario import Scenario, paths, queries
from simulate.scenario.adjustable import usages
from simulate.scenario.schema import Assumption
from simulate.scenario.values import Literal, Name, Text

BINS = 24
INDENT = "    "  # of what is said of an assumption
BARS = "▁▂▃▄▅▆▇█"
TELLING = 0.1  # of the sd: a mean that far from the value is worth a word


def described(scenario: Scenario) -> list[dict[str, Any]]:
    """Name, label, value and, where uncertain, mean, sd, percentiles and histogram of each assumption.

    Of a list by year the distribution is that of the factor that is common to the years (or each year's own).
    """
    used_as = usages(scenario)
    return [_described(name, one) | {"usage": used_as[name]} for name, one in scenario.assumptions.items()]


def _described(name: str, counting: Assumption) -> dict[str, Any]:
    """What is held is described as it is where it is not."""
    one = counting if counting.held is None else counting.written
    value = _listed(one.value)
    found: dict[str, Any] = {"name": name, "label": one.label or "", "unit": one.unit or "", "value": value}
    if one.held is not None:
        found["held"] = _listed(one.held)
    if one.scale is not None:
        found["scale"] = float(one.scale)
    if one.uncertainty is None:
        return found
    distribution = queries.uncertain(one)
    low, p5, p50, p95, high = (float(x) for x in distribution.ppf(np.array([0.005, 0.05, 0.5, 0.95, 0.995])))
    if distribution.values is not None:
        low, high = float(distribution.values[0]), float(distribution.values[-1])
    edges = np.linspace(low, high, BINS + 1)
    if distribution.values is not None:
        edges[0] -= (high - low) / BINS  # a step at the lowest value belongs to the first bin
    shares = np.diff(distribution.cdf(edges))
    about = 1.0 if isinstance(value, list) else value
    return found | {
        "kind": one.uncertainty.kind,
        "factor": isinstance(value, list),
        "each_year": one.each_year,
        "mean": distribution.mean,
        "sd": distribution.sd,
        "percentiles": {"5": p5, "50": p50, "95": p95},
        "histogram": {"low": low, "high": high, "shares": [float(share) for share in shares]},
        "mean_differs": bool(abs(distribution.mean - about) > TELLING * distribution.sd),
    }


def _listed(value: Any) -> list[float] | float:
    return [float(item) for item in value] if isinstance(value, tuple) else float(value)


def numbers_read(scenario: Scenario, tree: dict[str, Any]) -> list[dict[str, str]]:
    """Path, as written and as read, of every number of the file but the paper's own figures."""
    found = []
    written = {name: one.written for name, one in scenario.assumptions.items()}
    listed: list[tuple[paths.Path, Any]] = [
        (("assumptions", name, key), getattr(one, key))
        for name, one in written.items()
        for key in ("value", "held", "scale")
    ]
    listed += [
        (("assumptions", name, "uncertainty", key), given)
        for name, one in written.items()
        if one.uncertainty is not None
        for key, given in one.uncertainty.parameters.items()
    ]
    listed += [(use.path, use.value) for use in queries.uses(scenario)]
    for path, value in listed:
        if paths.existing(path, tree) != path:
            continue  # a default
        items = value if isinstance(value, tuple) else (value,)
        found.append(
            {
                "path": paths.written(path, tree),
                "written": ", ".join(_written(item) for item in items),
                "read": ", ".join(str(item) if isinstance(item, Name) else f"{float(item):.12g}" for item in items),
            }
        )
    return found


def _written(item: Any) -> str:
    if isinstance(item, Text):
        return f'"{item.raw}"'
    return item.raw if isinstance(item, Literal) else str(item) if isinstance(item, Name) else f"{item:.12g}"


def lines(described: list[dict[str, Any]], read: list[dict[str, str]], currency: str) -> Iterator[Part]:
    """In words, and a list of the numbers."""
    if described:
        yield text("Assumptions (value; mean; P5, P50, P95):")
    for one in described:
        title = f" · {one['label']}" if one["label"] else ""
        yield Sentence(f"  {one['name']}{title}")
        if "kind" not in one:
            yield INDENT + text("{value}, taken as known", value=_value(one, currency))
            continue
        p, histogram = one["percentiles"], one["histogram"]
        about = [one["mean"], p["5"], p["50"], p["95"], histogram["low"], histogram["high"]]
        mean, p5, p50, p95, low, high = _figures(one, about, currency)
        yield INDENT + text(
            "{value}; {mean}; {p5}, {p50}, {p95}   ({kind})",
            value=_value(one, currency), mean=mean, p5=p5, p50=p50, p95=p95, kind=_kind(one),
        )  # fmt: skip
        yield INDENT + joined([low, bars(histogram["shares"]), high])
        if "held" in one:
            said = _value(one | {"value": one["held"]}, currency)
            yield INDENT + text(
                "note: held at {value}, and so certain; its value and distribution above do not count", value=said
            )
        if "scale" in one:
            yield INDENT + text(
                "note: everything above is the file's number times {scale}",
                scale=exact(one["scale"], "number", currency),
            )
        if one["mean_differs"]:
            yield INDENT + text("note: the mean differs from the value by more than a tenth of the sd")
    yield text("How each number was read:")
    yield Table((), [_reading(one) for one in read])


def _reading(one: dict[str, str]) -> Row:
    told = f"  ->  {one['read']}" if '"' in one["written"] else ""  # text, which has to be read first
    return row(one["path"], one["written"] + told)


def _value(one: dict[str, Any], currency: str) -> Sentence:
    """In its own unit; with that of a count in the file's words."""
    values = one["value"] if isinstance(one["value"], list) else [one["value"]]
    said = joined((exact(value, one["usage"], currency) for value in values), " / ")
    return said + f" {one['unit']}" if one["usage"] == "count" and one["unit"] else said


def _figures(one: dict[str, Any], about: list[float], currency: str) -> list[Sentence]:
    """Of its distribution, which is a factor's where the value is a list."""
    if one["factor"]:
        return ["×" + figure for figure in together(about, "number", currency)]
    return together(about, one["usage"], currency)


def _kind(one: dict[str, Any]) -> str:
    if one["each_year"]:
        return text("{kind}, each year its own", kind=one["kind"])
    return text("{kind}, a factor on all years", kind=one["kind"]) if one["factor"] else str(one["kind"])


def bars(shares: list[float]) -> str:
    top = max(shares) or 1.0
    return "".join(" " if share <= 0 else BARS[min(int(share / top * 7.999), 7)] for share in shares)
