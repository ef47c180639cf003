"""What is told of a sweep's Dataset: what it is of, and a table of one of its variables with its frontier."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulate.analysis.precision import STUDENT
from simulate.answers.base import Estimate
from simulate.answers.sweep import Clipped, Crossing, Dimension, Grid, Refused, Sweep, SweepShow, Value, told
from simulate.errors import InputError
from simulate.figures import per_cent_sign, plain
from simulate.locale import text
from simulate.places import BADLY
from simulate.scenario.numbers import Usage
from simulate.scenario.values import suggestion

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]

MEDIAN = 50
LEVELS = (0.5, 0.8, 0.9)
SHADES = (0.2, 0.5, 0.8, 0.9)
CHANCE = "probability"
INNER = ("year", "percentile", "arm", "state", "part", "draw")  # dimensions of a single cell
REASON = "reason"
MEAN = "provenu_mean"
CLIPPED = "clipped_share_worst"
BASE = "base_"  # before the name of what the scenarios have as they stand
ABOUT = "sweep"  # the attribute that says what the sweep is, as JSON


def head(data: xr.Dataset) -> dict[str, Any]:
    """The fields of a Head."""
    rows = int(data.sizes["row"]) if "row" in data.dims else None
    return {**told(data.attrs[ABOUT]), "varied": [_dimension(data, name) for name in _varied(data)], "rows": rows}


def made(data: xr.Dataset, out: str, warnings: list[str]) -> Sweep:
    """What was made, with the table of the chance where there is one."""
    reasons = data[REASON].values
    shown = grid(data, Asked()) if bool((reasons == "").any()) else None
    return Sweep(
        **head(data),
        cells=int(reasons.size),
        empty=int((reasons != "").sum()),
        refused=refused(data),
        out=out,
        grid=shown,
        warnings=warnings,
    )


def show(data: xr.Dataset, file: str, asked: Asked) -> SweepShow:
    """Raises InputError for what the table has not."""
    return SweepShow(**head(data), file=file, refused=refused(data), grid=grid(data, asked), warnings=[])


def _varied(data: xr.Dataset) -> list[str]:
    """The names of what is varied, in its order: dimensions, or the columns of the rows."""
    order: list[str] = json.loads(data.attrs[ABOUT])["order"]
    return order


def _dimension(data: xr.Dataset, name: str) -> Dimension:
    one = data[name]
    told = one.attrs
    values: list[Value] = one.values.tolist()
    now = float(told["now"]) if "now" in told else None
    return Dimension(name, told.get("path", name), told.get("long_name", name), told.get("units", ""), told.get("usage", "number"), values, now)  # fmt: skip


def refused(data: xr.Dataset) -> list[Refused]:
    """By reason, the most frequent first."""
    reasons = data[REASON]
    found: dict[str, tuple[int, dict[str, Value]]] = {}
    for place in zip(*np.nonzero(reasons.values != ""), strict=True):
        reason = str(reasons.values[place])
        n, first = found.get(reason, (0, {}))
        found[reason] = (n + 1, first or _labels(data, reasons.dims, place))
    rows = [Refused(n, reason, first) for reason, (n, first) in found.items()]
    return sorted(rows, key=lambda one: -one.cells)


def _labels(data: xr.Dataset, dimensions: Sequence[Any], place: Sequence[int]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, i in zip(dimensions, place, strict=True):
        if name == "row":
            found |= {"row": int(i) + 1} | {one: data[one].values.tolist()[i] for one in _varied(data)}
        elif data.sizes[name] > 1 or name != "scenario":
            found[str(name)] = data[name].values.tolist()[i]
    return found


# A table --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person wants to see. at: name → value as written."""

    of: str | None = None
    rows: str | None = None
    columns: str | None = None
    at: Mapping[str, str] = field(default_factory=dict)


def grid(data: xr.Dataset, asked: Asked) -> Grid:
    """Raises InputError for a name or a value that is not there, with what is."""
    of = _variable(data, asked.of)
    outer = [str(name) for name in data[REASON].dims]
    names: dict[str, str] = {**{str(name): str(name) for name in data[of].dims}, **_paths(data, outer)}
    at = {_known("--at", names, name): value for name, value in asked.at.items()}
    rows, columns = _axes(data, of, asked, names, at)
    chosen, said = _chosen(data, of, rows, columns, at)
    view = View(data, rows, columns, chosen)
    table, mean = view.numbers(of), None
    crossed = view.is_along_numbers and of.startswith(CHANCE)
    if view.is_along_numbers and data[of].dims == data[MEAN].dims:
        mean = view.numbers(MEAN)
    return Grid(
        of=of,
        says=data[of].attrs.get("long_name", ""),
        units=data[of].attrs.get("units", ""),
        rows=rows,
        columns=columns,
        sides={name: labels(data, name) for name in (rows, columns) if name},
        at=chosen,
        chosen=said,
        levels=list(LEVELS),
        values=view.estimates(of),
        as_it_stands=as_it_stands(data, of, chosen),
        frontier=list(view.crossings(of, LEVELS)) if crossed else [],
        signs=[] if mean is None else list(view.crossings(MEAN, (0.0,))),
        means=[] if mean is None else [[None if math.isnan(each) else each for each in line] for line in mean.tolist()],
        shades=_shades(of, table[~np.isnan(table)]),
        clipped=_clipped(data, rows, columns, chosen),
    )


def _clipped(data: xr.Dataset, rows: str, columns: str | None, chosen: Mapping[str, Value]) -> Clipped | None:
    """Of the cells that the table shows."""
    if CLIPPED not in data:
        return None
    table = data[[CLIPPED]]
    table = table.isel({key: [_index(data, key, value)] for key, value in chosen.items() if key in table.dims})
    one = table[CLIPPED]
    badly = one.values >= BADLY
    if not badly.any():
        return None
    worst = [int(i) for i in np.unravel_index(int(np.nanargmax(one.values)), one.shape)]
    at = {name: value for name, value in _labels(table, one.dims, worst).items() if name not in chosen}
    return Clipped(int(badly.sum()), float(one.values[tuple(worst)]), at)


def _shades(of: str, values: Array) -> list[float]:
    """Where on a map the next shade begins: of a chance where it matters, else in equal steps."""
    if of.startswith(CHANCE) or not len(values):
        return list(SHADES)
    return [float(one) for one in np.linspace(values.min(), values.max(), len(SHADES) + 2)[1:-1]]


@dataclass(frozen=True, slots=True)
class View:
    """The cells that a table shows."""

    data: xr.Dataset
    rows: str
    columns: str | None
    chosen: Mapping[str, Value]

    @property
    def is_along_numbers(self) -> bool:
        """Whether something lies between two rows."""
        return self.rows != "row" and not any(isinstance(one, str) for one in labels(self.data, self.rows))

    def numbers(self, name: str) -> Array:
        """(row, column) of a variable; one column where there is none."""
        one = self.data[name]
        place = {key: _index(self.data, key, value) for key, value in self.chosen.items() if key in one.dims}
        sides = [side for side in (self.rows, self.columns) if side in one.dims]
        found: Array = np.asarray(one.isel(place).transpose(*sides).values, float)
        return found if self.columns else found[:, None]

    def errors(self, name: str) -> Array:
        """(row, column) of its standard errors; NaN where they are not known."""
        has_error = f"{name}_error" in self.data
        return self.numbers(f"{name}_error") if has_error else np.full_like(self.numbers(name), np.nan)

    def estimates(self, name: str) -> list[list[Estimate | None]]:
        """The same, with their errors where they have them."""
        pairs = zip(self.numbers(name).tolist(), self.errors(name).tolist(), strict=True)
        return [[_estimate(name, *pair) for pair in zip(*line, strict=True)] for line in pairs]

    def crossings(self, name: str, levels: Sequence[float]) -> Iterator[Crossing]:
        """Between neighbours along the rows, on a straight line. Neighbours share their draws, so that their errors go together."""
        along = np.array(labels(self.data, self.rows), float)
        order = np.argsort(along, kind="stable")
        table, errors = self.numbers(name)[order], self.errors(name)[order]
        heads: Sequence[Value | None] = labels(self.data, self.columns) if self.columns else [None]
        for level in levels:
            for head, column, own in zip(heads, (table - level).T, errors.T, strict=True):
                points = zip(along[order].tolist(), column.tolist(), own.tolist(), strict=True)
                for (a, low, low_error), (b, high, high_error) in pairwise(points):
                    if (low < 0 <= high) or (high < 0 <= low):
                        part = low / (low - high)
                        error = (low_error + (high_error - low_error) * part) * (b - a) / abs(high - low)
                        yield Crossing(
                            level, head, a + (b - a) * part, None if math.isnan(error) else error, high > low
                        )


def labels(data: xr.Dataset, name: str) -> list[Value]:
    """Of a dimension; of rows their numbers."""
    found: list[Value] = list(range(1, data.sizes[name] + 1)) if name not in data.coords else data[name].values.tolist()
    return found


def as_it_stands(data: xr.Dataset, of: str, chosen: Mapping[str, Value]) -> Estimate | None:
    """Of the scenario without any change; None where the table has several scenarios, or there is no such number."""
    name = BASE + of
    if name not in data or "scenario" not in chosen:
        return None
    inner = {str(one): chosen[str(one)] for one in data[name].dims if one in chosen}
    if set(inner) != set(data[name].dims):
        return None
    place = {one: _index(data, one, value) for one, value in inner.items()}
    error = data[f"{name}_error"].isel(place).item() if f"{name}_error" in data else None
    return _estimate(of, float(data[name].isel(place).item()), error)


def _variable(data: xr.Dataset, name: str | None) -> str:
    """As asked; else the chance, without luck where there is none with it."""
    known = [
        str(one)
        for one in data.data_vars
        if not str(one).endswith(("_error", REASON)) and not str(one).startswith(BASE)
    ]
    if name is None:
        return CHANCE if CHANCE in known else f"{CHANCE}_without_luck"
    if name not in known:
        raise InputError(text("--of {name}: the sweep keeps no variable of that name; it has {names}", name=name, names=", ".join(known)))  # fmt: skip
    return name


def _paths(data: xr.Dataset, outer: Sequence[str]) -> dict[str, str]:
    return {data[name].attrs["path"]: name for name in outer if name in data.coords and "path" in data[name].attrs}


def _known(option: str, names: Mapping[str, str], name: str) -> str:
    """A dimension by its name, or by the path that is varied there."""
    if name not in names:
        raise InputError(text("{option} {name}: nothing is varied by that name", option=option, name=name) + suggestion(name, list(names)))  # fmt: skip
    return names[name]


def _axes(
    data: xr.Dataset, of: str, asked: Asked, names: Mapping[str, str], at: Mapping[str, str]
) -> tuple[str, str | None]:
    """Rows and columns: as asked; else the two things with the most values, the longer one down, of those that have no value yet."""
    rows = None if asked.rows is None else _known("--rows", names, asked.rows)
    columns = None if asked.columns is None else _known("--columns", names, asked.columns)
    if rows is not None and rows == columns:
        raise InputError(text("--rows and --columns name the same; the table has two sides"))
    for name in at:
        if name in (rows, columns):
            raise InputError(text("--at {name}: this is a side of the table, with all its values", name=name))
    free = [str(name) for name in data[of].dims if name not in {*at, rows, columns} and (name not in INNER)]
    free = sorted((name for name in free if data.sizes[name] > 1), key=lambda name: -data.sizes[name])
    if rows is None:
        left = [str(name) for name in data[of].dims if name not in {*at, columns}]
        left = [name for name in left if name not in (*INNER, "scenario")] or left or ["scenario"]
        rows = free.pop(0) if free else left[0]
    if columns is None and free:
        columns = free.pop(0)
    return rows, columns


def _chosen(
    data: xr.Dataset, of: str, rows: str, columns: str | None, at: Mapping[str, str]
) -> tuple[dict[str, Value], list[str]]:
    """A value for each of the other dimensions, and the names of those that were not asked for."""
    found: dict[str, Value] = {}
    said = []
    for name in map(str, data[of].dims):
        if name in (rows, columns):
            continue
        values = labels(data, name)
        if name in at:
            found[name] = _value(
                name, at[name], values, data[name].attrs.get("usage", "number") if name in data.coords else "count"
            )
        else:
            now = data[name].attrs.get("now") if name in data.coords else None
            found[name] = next((value for value in values if now is not None and value == now), _first(name, values))
            if len(values) > 1:
                said.append(name)
    if "year" in said:
        found["year"] = _last_year(data, of, found)
    return found, said


def _last_year(data: xr.Dataset, of: str, chosen: Mapping[str, Value]) -> Value:
    """The last that the shown cells have: those with a shorter horizon have none after it."""
    others = {name: _index(data, name, value) for name, value in chosen.items() if name != "year"}
    one = data[of].isel(others)
    is_there = one.notnull().any([name for name in one.dims if name != "year"]).values
    years = [year for year, there in zip(labels(data, "year"), is_there.tolist(), strict=True) if there]
    return years[-1] if years else labels(data, "year")[-1]


def _first(name: str, values: Sequence[Value]) -> Value:
    """Where nobody says which: the median, or the first of what there is."""
    return MEDIAN if name == "percentile" and MEDIAN in values else values[0]


def _value(name: str, given: str, values: Sequence[Value], usage: Usage) -> Value:
    """Which of the values is meant."""
    from simulate.scenario import lists
    from simulate.scenario.numbers import NumberProblem

    if given in values:
        return given
    numbers = [value for value in values if not isinstance(value, str)]
    try:
        read = {one.value for one in lists.single(given, usage, lambda value: value in numbers)} if numbers else set()
    except NumberProblem as problem:
        raise InputError(f"--at {name}={given}: {problem.message}") from None
    found = [value for value in numbers if float(value) in read]
    if len(found) != 1:
        listed = "; ".join(_written(value, usage) for value in values[:20]) + (" ..." if len(values) > 20 else "")
        raise InputError(text("--at {name}={given}: the sweep has no such value; it has {values}", name=name, given=given, values=listed))  # fmt: skip
    return found[0]


def _written(value: Value, usage: Usage) -> str:
    """As people write it."""
    if isinstance(value, str) or usage == "count":
        return str(value)
    return plain(100 * value) + per_cent_sign() if usage == "share" else plain(value)


def _index(data: xr.Dataset, name: str, value: Value) -> int:
    return labels(data, name).index(value)


def _estimate(of: str, value: float, error: float | None = None) -> Estimate | None:
    """With a 95 % interval, of a chance within 0 and 1."""
    if math.isnan(value):
        return None
    if error is None or math.isnan(error):
        return Estimate(float(value), None, None)
    low, high = value - STUDENT * error, value + STUDENT * error
    if of.startswith(CHANCE):
        low, high = max(low, 0.0), min(high, 1.0)
    return Estimate(float(value), float(error), (float(low), float(high)))
