"""What `simulate check` finds in files, and with --show what each assumption says of itself, and how each number was read."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from simulate import errors
from simulate.answers.base import FORMAT, Section
from simulate.answers.paper import Reported, not_reproduced
from simulate.model import Model, Numbers
from simulate.names import BLOCKS
from simulate.sampling import Chunk, Sampler
from simulate.scenario import Loaded, Scenario, over_time, paths, queries
from simulate.scenario.expressions import Expression, Name
from simulate.scenario.kinds import usages
from simulate.scenario.numbers import Usage
from simulate.scenario.schema import Assumption as Given
from simulate.scenario.schema import Move, OverTime
from simulate.scenario.values import Literal as Written
from simulate.scenario.values import Text

BINS = 24
EACH = 512  # draws of each block that tell the distribution of what is made of others
CALCULATED = "calculated"
TELLING = 0.1  # of the sd: a mean that far from the value is worth a word


@dataclass(frozen=True, repr=False)
class Problem(Section):
    """line: in the file, 0: none; message: what is wrong; file: where it is a programme of the portfolio asked for, else null;
    cell: in a workbook, like `Costs!C3`, else null."""

    line: int
    path: str
    message: str
    file: str | None
    cell: str | None


@dataclass(frozen=True, repr=False)
class Histogram(Section):
    """low, high: between which values; shares: of the distribution, in bins of equal width."""

    low: float
    high: float
    shares: list[float]


@dataclass(frozen=True, repr=False)
class Distribution(Section):
    """Of an uncertain assumption. kind: as the file has it, or "calculated" where draws of others make it; factor: whether it is one on a list by year; each_year: whether each year has its own;
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
    """name: in the file; value: of a list by year all of it; held, scale: null where the file has none. distribution: null where it is certain; formula: the
    calculation that it is, null where it is a number of its own: its distribution is of draws, of the first year where the years differ."""

    name: str
    label: str
    unit: str
    usage: Usage
    value: float | list[float]
    held: float | list[float] | None
    scale: float | None
    distribution: Distribution | None
    formula: str | None = None


@dataclass(frozen=True, repr=False)
class Calculation(Section):
    """A number of the file that is reckoned where it stands. formula: as it is written there; values: by calendar year, at the values of the assumptions; distribution: of draws, in the first
    year, within the limits of what stands there; null where it is certain."""

    path: str
    formula: str
    usage: Usage
    values: list[float]
    distribution: Distribution | None


@dataclass(frozen=True, repr=False)
class Weight(Section):
    """months: since entry; weight: of the effect from then on, with assumptions at their values."""

    months: float
    weight: float


@dataclass(frozen=True, repr=False)
class Effect(Section):
    """An effect that changes with the time since entry. path: of its table; role: whose move it is; origin, to: from where to where; weights: each
    in force until the months of the next one, the last one on; curve: weights in the middle of equal parts of the horizon."""

    path: str
    role: str
    origin: str
    to: str
    weights: list[Weight]
    curve: list[float]


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
class NeverLeft(Section):
    """A state that costs something and that no move leads out of: whoever comes there stays to the end. role, state: their names in the file."""

    role: str
    state: str


@dataclass(frozen=True, repr=False)
class File(Section):
    """What was found in a file. problems: what is wrong; warnings: what may be; reported: the paper's figures, beside ours as planned; carried_out: null where that is
    the case; never_left: states that cost something and that no move leads out of; currency: with that or --show, else null; assumptions, effects, numbers, calculations: with --show, else null."""

    file: str
    problems: list[Problem]
    warnings: list[Problem]
    reported: list[Reported]
    carried_out: Carried | None = None
    never_left: list[NeverLeft] = field(default_factory=list)
    currency: str | None = None
    assumptions: list[Assumption] | None = None
    effects: list[Effect] | None = None
    numbers: list[Number] | None = None
    calculations: list[Calculation] | None = None


@dataclass(frozen=True, repr=False)
class Check(Section):
    """Whether files are right. files: in the order given."""

    format: Literal[2] = field(default=FORMAT, kw_only=True)
    answer: Literal["check"] = field(default="check", kw_only=True)
    files: list[File]


def problems(found: Iterable[errors.Problem]) -> list[Problem]:
    return [Problem(one.line, one.path, one.message, one.file or None, one.cell or None) for one in found]


def against_paper(rows: list[Reported], loaded: Loaded) -> list[Problem]:
    """The paper's figures that are not reproduced."""
    found = [(("reported", i), not_reproduced(row)) for i, row in enumerate(rows) if not row.reproduced]
    return problems(loaded.within(loaded.source).problems(found, {}, 0))


def assumptions(scenario: Scenario) -> list[Assumption]:
    """Of a list by year the distribution is that of the factor that is common to the years (or each year's own)."""
    used_as, drawn = usages(scenario), _Drawn(scenario)
    return [
        _assumption(name, one, used_as[name], drawn if one.formula is not None else None)
        for name, one in scenario.assumptions.items()
    ]


def calculations(scenario: Scenario, tree: dict[str, Any]) -> list[Calculation]:
    """Of every number that is reckoned where it stands."""
    drawn = _Drawn(scenario)
    calculated = (use for use in queries.uses(scenario) if any(_is_made(item) for item in queries.items(use.value)))
    return [
        Calculation(
            path=paths.written(use.path, tree),
            formula=_formula(use.value),
            usage=use.rule.usage,
            values=[float(queries.at_year(use.value, year, scenario)) for year in queries.years(scenario)],
            distribution=_of_draws(drawn.numbers.get(*use.path)),
        )
        for use in calculated
    ]


def _is_made(item: object) -> bool:
    return isinstance(item, Expression)


class _Drawn:
    """The scenario's own draws, as many as tell a distribution: made where something is reckoned from them."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    @cached_property
    def numbers(self) -> Numbers:
        simulation = self.scenario.simulation
        chunk = Chunk(0, BLOCKS * EACH, EACH)
        values = Sampler(self.scenario).draw(simulation.design, simulation.seed, chunk)
        return Numbers(Model(self.scenario), values)


def _formula(value: Any) -> str:
    """As it was written; a list by year with its numbers."""
    said = [str(item) if isinstance(item, Expression) else f"{float(item):.12g}" for item in queries.items(value)]
    return said[0] if len(said) == 1 else f"[{', '.join(said)}]"


def _of_draws(values: NDArray[np.float64]) -> Distribution | None:
    """Of (draw, year) in the first year; None where all draws are the same."""
    first = values[:, 0]
    low, p5, p50, p95, high = (float(x) for x in np.quantile(first, [0.005, 0.05, 0.5, 0.95, 0.995]))
    if first.min() == first.max():
        return None
    if low == high:
        low, high = float(first.min()), float(first.max())
    counts, _ = np.histogram(first, BINS, (low, high))
    return Distribution(
        kind=CALCULATED,
        factor=False,
        each_year=False,
        mean=float(first.mean()),
        sd=float(first.std()),
        percentiles={5: p5, 50: p50, 95: p95},
        histogram=Histogram(low, high, (counts / len(first)).tolist()),
        mean_differs=False,
    )


def _assumption(name: str, counting: Given, usage: Usage, drawn: _Drawn | None) -> Assumption:
    """What is held is described as it is where it is not. drawn: where it is made of others."""
    one = counting if counting.held is None else counting.written
    return Assumption(
        name=name,
        label=one.label or "",
        unit=one.unit or "",
        usage=usage,
        value=_listed(one.value),
        held=None if one.held is None else _listed(one.held),
        scale=None if one.scale is None else float(one.scale),
        distribution=_of_draws(drawn.numbers.of(name)) if drawn else _distribution(one),
        formula=None if one.formula is None else _formula(one.formula),
    )


def _distribution(one: Given) -> Distribution | None:
    if one.uncertainty is None:
        return None
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
        kind=one.uncertainty.kind,
        factor=isinstance(value, tuple),
        each_year=one.each_year,
        mean=distribution.mean,
        sd=distribution.sd,
        percentiles={5: p5, 50: p50, 95: p95},
        histogram=Histogram(low, high, [float(share) for share in shares]),
        mean_differs=bool(abs(distribution.mean - about) > TELLING * distribution.sd),
    )


def effects(scenario: Scenario, tree: dict[str, Any]) -> list[Effect]:
    """Those that change with the time since entry. tree: of the file, for the paths."""
    return [
        _effect(role, move, shape, scenario, paths.written(("roles", role, "moves", i, *path), tree))
        for role, one in scenario.roles.items()
        for i, move in enumerate(one.moves)
        for path, shape in over_time.shapes(move)
    ]


def _effect(role: str, move: Move, shape: OverTime, scenario: Scenario, path: str) -> Effect:
    horizon = over_time.YEAR * scenario.time.years
    turns = over_time.turns(shape, horizon)
    weights = over_time.weights(shape, turns, horizon, over_time.at_values(shape, scenario))
    middles = [(2 * part + 1) * horizon / (2 * BINS) for part in range(BINS)]
    return Effect(
        path=path,
        role=role,
        origin=move.origin,
        to=move.to,
        weights=[Weight(turn / 2, float(one)) for turn, one in zip(turns, weights, strict=True)],
        curve=[float(weights[bisect_right(turns, middle) - 1]) for middle in middles],
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
        for key in ("value", "held", "scale", "minimum", "maximum")
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
                read=", ".join(
                    str(item) if isinstance(item, Name | Expression) else f"{float(item):.12g}" for item in items
                ),
            )
        )
    return found


def _written(item: Any) -> str:
    if isinstance(item, Text):
        return f'"{item.raw}"'
    if isinstance(item, Expression):
        return str(item)
    return item.raw if isinstance(item, Written) else str(item) if isinstance(item, Name) else f"{item:.12g}"
