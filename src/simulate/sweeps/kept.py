"""What is kept of each cell of a sweep. A row for each variable, and nothing else names them: the journal, the table and docs/sweeps.md are made of it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from simulate.answers import risk
from simulate.answers.base import Estimate
from simulate.answers.run import PERCENTILES, Reading, variance
from simulate.engine import Result

Array = NDArray[np.float64]
Dimension = Literal["year", "percentile", "arm", "state", "part"]


@dataclass(frozen=True, slots=True, eq=False)
class Variable:
    """name, dimensions of one cell, units, what it is. of: its estimates, flat, the last dimension fastest; none where there is no such thing.
    has_error: whether `name_error` is kept beside it."""

    name: str
    dimensions: tuple[Dimension, ...]
    units: str
    says: str
    of: Callable[[Reading], Iterable[Estimate | None]]
    has_error: bool = True


def _person_years(reading: Reading) -> list[Estimate]:
    states = [state for role in reading.person_years().values() for state in role.values()]
    return [year for arm in ("programme", "baseline") for state in states for year in getattr(state, arm)]


def _clipped(reading: Reading) -> list[Estimate]:
    share = max(reading.result.clipped_shares.values(), default=0.0)
    return [Estimate(share, None, None)]


# fmt: off
VARIABLES = (
    Variable("probability", (), "1", "that the provenu over the horizon is at least 0, luck and all",
             lambda reading: [reading.break_even().probability]),
    Variable("probability_by_year", ("year",), "1", "that the accumulated provenu is at least 0",
             lambda reading: reading.break_even().by_year or ()),
    Variable("provenu_mean", (), "currency", "expected provenu over the horizon",
             lambda reading: [reading.provenu().mean]),
    Variable("provenu_sd", (), "currency", "standard deviation of the provenu over the horizon",
             lambda reading: [reading.provenu().sd]),
    Variable("provenu_percentile", ("percentile",), "currency", "of the provenu over the horizon",
             lambda reading: (reading.provenu().percentiles or {}).values()),
    Variable("provenu_by_year_mean", ("year",), "currency", "expected provenu of the year",
             lambda reading: reading.provenu().by_year.mean),
    Variable("expected_shortfall", (), "currency", "mean of the worst twentieth",
             lambda reading: [risk.worst(reading.result)]),
    Variable("person_years", ("arm", "state", "year"), "person-years", "expected", _person_years),
    Variable("variance_share", ("part",), "1", "of the variance of the provenu",
             lambda reading: [variance(reading.result).shares.assumptions, variance(reading.result).shares.luck]),
    Variable("clipped_share", (), "1", "of the draws in which a number had to be clipped", _clipped, has_error=False),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Layout:
    """The labels of a cell's dimensions. The numbers of a cell stand in the order of VARIABLES: values, then errors where they have them."""

    labels: Mapping[str, tuple[Any, ...]]

    def shape(self, variable: Variable) -> tuple[int, ...]:
        return tuple(len(self.labels[one]) for one in variable.dimensions)

    def written(self) -> str:
        return json.dumps(self.labels, ensure_ascii=False)

    @classmethod
    def read(cls, written: str) -> Layout:
        return cls({name: tuple(labels) for name, labels in json.loads(written).items()})

    def arrays(self, numbers: Array) -> dict[str, Array]:
        """Name of a variable, and of its error → its numbers; NaN where there is none."""
        found, at = {}, 0
        for one in VARIABLES:
            shape = self.shape(one)
            for name in (one.name, f"{one.name}_error") if one.has_error else (one.name,):
                size = math.prod(shape)
                found[name] = numbers[at : at + size].reshape(shape)
                at += size
        return found


def record(result: Result) -> tuple[Layout, Array]:
    """What is kept of a run."""
    assert result.draws is not None
    reading, model = Reading(result, result.draws), result.accounts.model
    first = result.scenario.time.first_year
    labels: dict[str, tuple[Any, ...]] = {
        "year": tuple(range(first, first + result.scenario.time.years)),
        "percentile": PERCENTILES,
        "arm": ("programme", "baseline"),
        "state": tuple(model.labels),
        "part": ("assumptions", "luck"),
    }
    layout, numbers = Layout(labels), []
    for one in VARIABLES:
        size = math.prod(layout.shape(one))
        found = [*one.of(reading)] or [None] * size
        assert len(found) == size, one.name
        numbers += [math.nan if each is None else each.value for each in found]
        if one.has_error:
            numbers += [math.nan if each is None or each.error is None else each.error for each in found]
    return layout, np.array(numbers)
