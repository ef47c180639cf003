"""One table of what is handed from stage to stage: dimensions, units and prose; and the check of a Dataset against it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import xarray as xr

ARMS = ("programme", "expected", "same-luck", "own-luck")
"""The programme, and the baseline under each counterfactual."""
COUNTERFACTUALS = ARMS[1:]
PAYERS = ("kommune", "stat")
BLOCKS = 16


class Variable(NamedTuple):
    dims: tuple[str, ...]
    units: str
    prose: str


VARIABLES: dict[str, Variable] = {
    "person_months": Variable(("draw", "arm", "state", "period"), "person-months", "time spent in a state"),
    "arrivals": Variable(("draw", "arm", "state", "period"), "persons", "moves into a state"),
    "families": Variable(("draw", "family", "period"), "families", "families that entered during the period, by type"),
    "price": Variable(("draw", "payer", "state", "period"), "DKK/person-month", "what a person costs in a state"),
    "budget_amount": Variable(("draw", "budget", "period"), "DKK", "lines stated outright, savings positive"),
    "budget_per_family": Variable(("draw", "budget", "period"), "DKK/family", "lines for each family that enters"),
    "kroner": Variable(("draw", "payer", "line", "period"), "DKK", "savings less costs"),
}


def check(data: xr.Dataset) -> xr.Dataset:
    """The same Dataset, whose every variable is one of the table, with its dimensions in their order, and its units put on.

    Raises ValueError for one that is not: a defect of ours, never a user's.
    """
    for name, array in data.data_vars.items():
        known = VARIABLES.get(str(name))
        if known is None or array.dims != known.dims:
            raise ValueError(f"{name} {array.dims} is not as the table of variables has it: {known}")
        array.attrs.update(units=known.units, long_name=known.prose)
    return data


def coordinates(**labels: Sequence[str]) -> xr.Coordinates:
    """The labels of dimensions, made once: for the few draws of a chunk, making them costs more than the arithmetic."""
    return _coordinates(tuple((dim, tuple(own)) for dim, own in labels.items()))


@cache
def _coordinates(labels: tuple[tuple[str, tuple[str, ...]], ...]) -> xr.Coordinates:
    import xarray as xr

    return xr.Dataset(coords={dim: list(own) for dim, own in labels}).coords
