"""What is kept of each cell of a sweep. A row for each variable, and nothing else names them: the journal, the table and docs/sweeps.md are made of it.

A variable is kept where the engine tells it: what is counted without luck stands under a name that says so.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from simulate.analysis.precision import Estimate, certain
from simulate.answers import risk
from simulate.answers.run import PERCENTILES, Reading, variance
from simulate.engine import Result

Array = NDArray[np.float64]
Dimension = Literal["year", "percentile", "arm", "state", "part", "draw"]
Found = Iterable[tuple[float, float | None]] | None  # estimates: value and error, which may not be known

WITHOUT_LUCK = "_without_luck"
ERROR = "_error"
DRAWS = "draws"  # what may be kept beside the estimates


@dataclass(frozen=True, slots=True, eq=False)
class Variable:
    """name, dimensions of one cell, units, what it is. of: its estimates, flat, the last dimension fastest; none where there is no such thing.
    has_error: whether `name_error` is kept beside it. only: kept where this is asked for."""

    name: str
    dimensions: tuple[Dimension, ...]
    units: str
    says: str
    of: Callable[[Reading], Found]
    has_error: bool = True
    only: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Its own and that of its error."""
        return (self.name, self.name + ERROR) if self.has_error else (self.name,)


def _has_luck(reading: Reading) -> bool:
    """Whether what is told of the total has luck in it."""
    return not reading.luckless or reading.result.adds_luck


def _total(found: Callable[[Reading], Found]) -> tuple[Callable[[Reading], Found], Callable[[Reading], Found]]:
    """Of the total over the horizon: with luck, and where there is none, without."""
    return (
        lambda reading: found(reading) if _has_luck(reading) else None,
        lambda reading: None if _has_luck(reading) else found(reading),
    )


def _by_year(reading: Reading) -> Found:
    """With luck; where it is only known of the whole horizon, that alone."""
    if not reading.luckless:
        return reading.result.chances_by_period()
    if not reading.result.adds_luck:
        return None
    unknown = Estimate(math.nan, math.nan)
    return [*[unknown] * (len(reading.result.periods) - 1), reading.result.chance()]


def _shares(reading: Reading) -> Found:
    if reading.result.options.tied:
        return None  # lives alone do not tell them
    shares = variance(reading.result).shares
    return [(math.nan, None) if one is None else (one.value, one.error) for one in (shares.assumptions, shares.luck)]


def _totals(reading: Reading) -> Found:
    return ((value, None) for value in reading.total.tolist())


def _person_years(reading: Reading) -> Found:
    return [year for arm in reading.result.person_years() for state in arm for year in state]


_chance, _chance_without = _total(lambda reading: [reading.result.chance()])
_sd, _sd_without = _total(lambda reading: [reading.result.sd()])
_bands, _bands_without = _total(lambda reading: reading.result.bands(PERCENTILES).values())
_worst, _worst_without = _total(
    lambda reading: [reading.result.expected_shortfall(risk.WORST).unless(bool(reading.result.undrawn.rare))]
)

# fmt: off
VARIABLES = (
    Variable("probability", (), "1", "that the provenu over the horizon is at least 0", _chance),
    Variable("probability_without_luck", (), "1", "the same, luck left out", _chance_without),
    Variable("probability_by_year", ("year",), "1", "that the accumulated provenu is at least 0", _by_year),
    Variable("probability_by_year_without_luck", ("year",), "1", "the same, luck left out",
             lambda reading: reading.result.chances_by_period() if reading.luckless else None),
    Variable("provenu_mean", (), "currency", "expected provenu over the horizon", lambda reading: [reading.result.mean()]),
    Variable("provenu_sd", (), "currency", "standard deviation of the provenu over the horizon", _sd),
    Variable("provenu_sd_without_luck", (), "currency", "the same, luck left out", _sd_without),
    Variable("provenu_percentile", ("percentile",), "currency", "of the provenu over the horizon", _bands),
    Variable("provenu_percentile_without_luck", ("percentile",), "currency", "the same, luck left out", _bands_without),
    Variable("provenu_by_year_mean", ("year",), "currency", "expected provenu of the year",
             lambda reading: reading.result.means_by_period()),
    Variable("expected_shortfall", (), "currency", "mean of the worst twentieth", _worst),
    Variable("expected_shortfall_without_luck", (), "currency", "the same, luck left out", _worst_without),
    Variable("person_years", ("arm", "state", "year"), "person-years", "expected", _person_years),
    Variable("variance_share", ("part",), "1", "of the variance of the provenu", _shares),
    Variable("clipped_share", (), "1", "of the draws, in how many any number had to be clipped to what is possible",
             lambda reading: [certain(reading.result.with_clipped / reading.result.options.draws)], has_error=False),
    Variable("clipped_share_worst", (), "1", "of the draws, in how many the number that was clipped most often had to be, by which a run warns",
             lambda reading: [certain(max(reading.result.clipped_shares.values(), default=0.0))], has_error=False),
    Variable("provenu", ("draw",), "currency", "over the horizon, of each draw",
             lambda reading: None if reading.luckless else _totals(reading), has_error=False, only=DRAWS),
    Variable("provenu_without_luck", ("draw",), "currency", "the same, luck left out",
             lambda reading: _totals(reading) if reading.luckless else None, has_error=False, only=DRAWS),
)
# fmt: on
BY_NAME = {name: one for one in VARIABLES for name in one.names}


@dataclass(frozen=True)
class Layout:
    """How a cell's numbers stand: the variables that it has, one after the other, and the labels of their dimensions."""

    variables: tuple[str, ...]
    labels: Mapping[str, tuple[Any, ...]]

    @cached_property
    def places(self) -> dict[str, slice]:
        """Of each variable's numbers."""
        found, at = {}, 0
        for name in self.variables:
            found[name] = slice(at, at := at + math.prod(self.shape(name)))
        return found

    @property
    def size(self) -> int:
        return sum(math.prod(self.shape(name)) for name in self.variables)

    def shape(self, name: str) -> tuple[int, ...]:
        return tuple(len(self.labels[one]) for one in BY_NAME[name].dimensions)

    @cached_property
    def written(self) -> str:
        return json.dumps([self.variables, self.labels], ensure_ascii=False)

    @classmethod
    def read(cls, written: str) -> Layout:
        variables, labels = json.loads(written)
        return cls(tuple(variables), {name: tuple(own) for name, own in labels.items()})

    def arrays(self, numbers: Array) -> dict[str, Array]:
        """Name of a variable, and of its error → its numbers; NaN where there is none."""
        return {name: numbers[place].reshape(self.shape(name)) for name, place in self.places.items()}


def record(result: Result, keep: Iterable[str] = ()) -> tuple[Layout, Array]:
    """What is kept of a run by years. keep: what beside the estimates."""
    assert result.draws is not None
    reading, asked = Reading(result, result.draws), {"", *keep}
    found = [(one, list(own)) for one in VARIABLES if one.only in asked and (own := one.of(reading)) is not None]
    layout = Layout(tuple(name for one, _ in found for name in one.names), _labels(result, asked))
    numbers = np.fromiter((number for one, own in found for number in _flat(one, own)), np.float64)
    assert len(numbers) == layout.size
    return layout, numbers


def _labels(result: Result, asked: set[str]) -> dict[str, tuple[Any, ...]]:
    time = result.scenario.time
    return {
        "year": tuple(range(time.first_year, time.first_year + time.years)),
        "percentile": PERCENTILES,
        "arm": ("programme", "baseline"),
        "state": tuple(result.accounts.model.labels),
        "part": ("assumptions", "luck"),
        **({"draw": tuple(range(result.options.draws))} if DRAWS in asked else {}),
    }


def _flat(one: Variable, found: list[tuple[float, float | None]]) -> Iterator[float]:
    """Values, then errors."""
    for value, _ in found:
        yield value
    if one.has_error:
        for _, error in found:
            yield math.nan if error is None else error
