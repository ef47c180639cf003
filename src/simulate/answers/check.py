"""What `simulate check` finds in files, and with --show what each assumption says of itself, and how each number was read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from simulate import errors
from simulate.answers.base import FORMAT, Section
from simulate.answers.paper import Reported, not_reproduced
from simulate.scenario import Scenario, paths, queries
from simulate.scenario.adjustable import usages
from simulate.scenario.numbers import Usage
from simulate.scenario.schema import Assumption as Given
from simulate.scenario.values import Literal as Written
from simulate.scenario.values import Name, Text

BINS = 24
TELLING = 0.1  # of the sd: a mean that far from the value is worth a word


@dataclass(frozen=True, repr=False)
class Problem(Section):
    """line: in the file, 0: none; message: what is wrong; file: where it is a programme of the portfolio asked for, else null."""

    line: int
    path: str
    message: str
    file: str | None


@dataclass(frozen=True, repr=False)
class Histogram(Section):
    """low, high: between which values; shares: of the distribution, in bins of equal width."""

    low: float
    high: float
    shares: list[float]


@dataclass(frozen=True, repr=False)
class Distribution(Section):
    """Of an uncertain assumption. kind: as the file has it; factor: whether it is one on a list by year; each_year: whether each year has its own;
    mean_differs: whether the mean is off the value by more than a tenth of the sd."""

    kind: str
    factor: bool
    each_year: bool
    mean: float
    sd: float
    percentiles: dict[int, float]
    histogram: Histogram
    mean_differs: bool


@dataclass(frozen=True, repr=False)
class Assumption(Section):
    """name: in the file; value: of a list by year all of it; held, scale: null where the file has none. distribution: null where it is certain."""

    name: str
    label: str
    unit: str
    usage: Usage
    value: float | list[float]
    held: float | list[float] | None
    scale: float | None
    distribution: Distribution | None


@dataclass(frozen=True, repr=False)
class Number(Section):
    """A number of the file. written: as it stands there; read: as it was understood."""

    path: str
    written: str
    read: str


@dataclass(frozen=True, repr=False)
class Carried(Section):
    """What it does to the business case's provenu over the horizon that the programme is not carried out as planned. planned: as planned; carried_out: as it is
    carried out."""

    planned: float
    carried_out: float


@dataclass(frozen=True, repr=False)
class File(Section):
    """What was found in a file. problems: what is wrong; warnings: what may be; reported: the paper's figures, beside ours as planned; carried_out: null where that is
    the case; currency: with that or --show, else null; assumptions, numbers: with --show, else null."""

    file: str
    problems: list[Problem]
    warnings: list[Problem]
    reported: list[Reported]
    carried_out: Carried | None = None
    currency: str | None = None
    assumptions: list[Assumption] | None = None
    numbers: list[Number] | None = None


@dataclass(frozen=True, repr=False)
class Check(Section):
    """Whether files are right. files: in the order given."""

    format: Literal[2] = field(default=FORMAT, kw_only=True)
    answer: Literal["check"] = field(default="check", kw_only=True)
    files: list[File]


def problems(found: Iterable[errors.Problem]) -> list[Problem]:
    return [Problem(one.line, one.path, one.message, one.file or None) for one in found]


def against_paper(rows: list[Reported], source: str) -> list[Problem]:
    """The paper's figures that are not reproduced. source: the file's text, for its lines."""
    lines = paths.lines(source)
    return [
        Problem(lines.get(("reported", i), 0), f"reported[{i}]", not_reproduced(row), None)
        for i, row in enumerate(rows)
        if not row.reproduced
    ]


def assumptions(scenario: Scenario) -> list[Assumption]:
    """Of a list by year the distribution is that of the factor that is common to the years (or each year's own)."""
    used_as = usages(scenario)
    return [_assumption(name, one, used_as[name]) for name, one in scenario.assumptions.items()]


def _assumption(name: str, counting: Given, usage: Usage) -> Assumption:
    """What is held is described as it is where it is not."""
    one = counting if counting.held is None else counting.written
    return Assumption(
        name=name,
        label=one.label or "",
        unit=one.unit or "",
        usage=usage,
        value=_listed(one.value),
        held=None if one.held is None else _listed(one.held),
        scale=None if one.scale is None else float(one.scale),
        distribution=None if one.uncertainty is None else _distribution(one, one.uncertainty.kind),
    )


def _distribution(one: Given, kind: str) -> Distribution:
    value, distribution = one.value, queries.uncertain(one)
    low, p5, p50, p95, high = (float(x) for x in distribution.ppf(np.array([0.005, 0.05, 0.5, 0.95, 0.995])))
    if distribution.values is not None:
        low, high = float(distribution.values[0]), float(distribution.values[-1])
    edges = np.linspace(low, high, BINS + 1)
    if distribution.values is not None:
        edges[0] -= (high - low) / BINS  # a step at the lowest value belongs to the first bin
    shares = np.diff(distribution.cdf(edges))
    about = 1.0 if isinstance(value, tuple) else float(value)
    return Distribution(
        kind=kind,
        factor=isinstance(value, tuple),
        each_year=one.each_year,
        mean=distribution.mean,
        sd=distribution.sd,
        percentiles={5: p5, 50: p50, 95: p95},
        histogram=Histogram(low, high, [float(share) for share in shares]),
        mean_differs=bool(abs(distribution.mean - about) > TELLING * distribution.sd),
    )


def _listed(value: Any) -> list[float] | float:
    return [float(item) for item in value] if isinstance(value, tuple) else float(value)


def numbers(scenario: Scenario, tree: dict[str, Any]) -> list[Number]:
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
            Number(
                path=paths.written(path, tree),
                written=", ".join(_written(item) for item in items),
                read=", ".join(str(item) if isinstance(item, Name) else f"{float(item):.12g}" for item in items),
            )
        )
    return found


def _written(item: Any) -> str:
    if isinstance(item, Text):
        return f'"{item.raw}"'
    return item.raw if isinstance(item, Written) else str(item) if isinstance(item, Name) else f"{item:.12g}"
