"""What answers are made of: estimates, which have one shape everywhere, and what every answer begins with.

A field is always there. None, null in the JSON: there is none, since the case has no such thing, the engine does not count it, or
these draws cannot tell it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, TypeVar

from simulate import __version__
from simulate.analysis import precision
from simulate.names import Counterfactual
from simulate.options import Engine
from simulate.scenario import Loaded
from simulate.scenario.schema import Design

if TYPE_CHECKING:
    import xarray as xr

    from simulate.engine import Result

T = TypeVar("T")

FORMAT: Literal[2] = 2


@dataclass(frozen=True, repr=False)
class Section:
    """A part of an answer. Written without the decorator's repr, which would show everything."""

    __pydantic_config__: ClassVar[Any] = {  # every field is known, and always there
        "extra": "forbid",
        "json_schema_serialization_defaults_required": True,
    }

    def __repr__(self) -> str:
        """What there is to ask for."""
        return f"<{type(self).__name__}: {', '.join(one.name for one in fields(self))}>"

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON."""
        found: dict[str, Any] = plain(self)
        return found


def plain(value: Any) -> Any:
    """Sections as dicts, keys as text."""
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


@dataclass(frozen=True, repr=False)
class Estimate(Section):
    """A number that the draws tell. value: the number; error: the standard error of the simulation itself; interval: 95 %; null where these draws cannot tell."""

    value: float
    error: float | None
    interval: tuple[float, float] | None

    @property
    def sure_error(self) -> float:
        """The error of what is always known."""
        assert self.error is not None
        return self.error

    def __repr__(self) -> str:
        low, high = map(_short, self.interval) if self.interval else ("?", "?")
        return f"<{_short(self.value)} ({low} to {high})>"


def _short(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.4g}"


Percentiles = dict[int, Estimate]
ByPeriod = list[Estimate]


def estimate(found: precision.Estimate) -> Estimate:
    if math.isnan(found.error):
        return Estimate(found.value, None, None)
    low, high = found.interval
    return Estimate(found.value, found.error, (float(low), float(high)))


def known(found: precision.Estimate) -> Estimate | None:
    """None where these draws cannot even tell the value."""
    return None if math.isnan(found.value) else estimate(found)


def exact(value: float) -> Estimate:
    return estimate(precision.certain(value))


def each(found: Iterable[precision.Estimate]) -> ByPeriod:
    return [estimate(one) for one in found]


def percentiles(found: Mapping[int, precision.Estimate]) -> Percentiles:
    return {p: estimate(one) for p, one in found.items()}


# With luck and without -------------------------------------------------------------------------------------------------


def twin(name: str, found: Any, luckless: bool) -> dict[str, Any]:
    """The field of that name, or where there is no luck in what was found, the one whose name says so; the other is None."""
    return {name: None if luckless else found, f"{name}_without_luck": found if luckless else None}


def either(with_luck: T | None, without_luck: T | None) -> T:
    """With luck or, where there is none of it, without."""
    if with_luck is not None:
        return with_luck
    assert without_luck is not None
    return without_luck


# Fields stand in the order of the bases from the last to the first: what a section is called by, then means, spreads, percentiles, chances.


@dataclass(frozen=True, repr=False)
class Labelled(Section):
    """What has a label."""

    label: str


@dataclass(frozen=True, repr=False)
class Mean(Section):
    """What an amount is on average."""

    mean: Estimate


@dataclass(frozen=True, repr=False)
class Means(Mean):
    """expected: the mean without luck."""

    expected: Estimate


@dataclass(frozen=True, repr=False)
class MeanByYear(Section):
    """What an amount is on average, by period."""

    mean: ByPeriod


@dataclass(frozen=True, repr=False)
class Chance(Section):
    """Of a provenu of at least 0, or as the section says."""

    probability: Estimate | None
    probability_without_luck: Estimate | None

    @property
    def chance(self) -> Estimate:
        return either(self.probability, self.probability_without_luck)


@dataclass(frozen=True, repr=False)
class Amount(Section):
    """A quantity over the courses, luck and all."""

    mean: Estimate
    sd: Estimate
    percentiles: Percentiles


@dataclass(frozen=True, repr=False)
class Probability(Section):
    """That the provenu is at least 0, luck and all."""

    probability: Estimate


@dataclass(frozen=True, repr=False)
class Bands(Section):
    """Percentiles of an amount."""

    percentiles: Percentiles | None
    percentiles_without_luck: Percentiles | None

    @property
    def bands(self) -> Percentiles:
        return either(self.percentiles, self.percentiles_without_luck)


@dataclass(frozen=True, repr=False)
class BandsByYear(Section):
    """Percentiles of an amount by period."""

    percentiles: dict[int, ByPeriod] | None
    percentiles_without_luck: dict[int, ByPeriod] | None

    @property
    def bands(self) -> dict[int, ByPeriod]:
        return either(self.percentiles, self.percentiles_without_luck)


@dataclass(frozen=True, repr=False)
class Spread(Section):
    """An amount over the courses."""

    mean: Estimate | None
    sd: Estimate | None
    sd_without_luck: Estimate | None
    percentiles: Percentiles | None
    percentiles_without_luck: Percentiles | None

    @property
    def deviation(self) -> Estimate:
        return either(self.sd, self.sd_without_luck)

    @property
    def bands(self) -> Percentiles:
        return either(self.percentiles, self.percentiles_without_luck)


def spread(found: precision.Spread, luckless: bool = False) -> dict[str, Any]:
    """The fields of a Spread."""
    return {
        "mean": estimate(found.mean),
        **twin("sd", estimate(found.sd), luckless),
        **twin("percentiles", percentiles(found.percentiles), luckless),
    }


def amount(found: precision.Spread) -> Amount:
    return Amount(estimate(found.mean), estimate(found.sd), percentiles(found.percentiles))


# What every answer begins with ------------------------------------------------------------------------------------------


@dataclass(frozen=True, repr=False)
class Case(Section):
    """The scenario. first_year: of its horizon; years: how many; periods: their names (2027, 2027Q1 or 2027-01), in the order of every list by period."""

    title: str
    file: str
    sha256: str
    first_year: int
    years: int
    periods: list[str]


@dataclass(frozen=True, repr=False)
class Options(Section):
    """How it was run. engine, counterfactual, design, period, plain: as the options of those names; draws: simulated courses, as rounded up;
    seed: of all random numbers; set: what was changed on the command line; version: of the program; id: of a run that is stored."""

    engine: Engine
    draws: int
    seed: int
    counterfactual: Counterfactual
    design: Design
    period: Literal["year", "quarter", "month"]
    plain: bool
    set: list[str]
    version: str
    id: str | None = None


@dataclass(frozen=True, repr=False)
class Head(Section):
    """What every answer of a scenario begins with."""

    format: Literal[2] = field(default=FORMAT, kw_only=True)
    answer: str = field(kw_only=True)
    scenario: Case
    run: Options

    # What it was made of, beside what it says: not in the JSON, nor in what is equal, and lost in a copy.
    _result: ClassVar[Any] = None  # Result, of a run with draws
    _source: ClassVar[str] = ""
    _currency: ClassVar[str] = "currency"
    _html: ClassVar[Any] = None  # Answer → str

    def keeping(self, **known: Any) -> Self:
        """The answer itself, which knows what it was made of."""
        for name, value in known.items():
            object.__setattr__(self, f"_{name}", value)
        return self

    def __getstate__(self) -> dict[str, Any]:
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def dataset(self) -> xr.Dataset:
        """Its tables as labelled arrays: a row of each is a place along a dimension; NAME_error, NAME_low and NAME_high beside an estimate."""
        from simulate.answers import labelled

        return labelled.dataset(self, self._currency)

    def _repr_html_(self) -> str | None:
        """In a notebook: what the command prints."""
        found: str | None = None if self._html is None else self._html(self)
        return found


def head(result: Result, loaded: Loaded) -> tuple[Case, Options]:
    time, options = result.scenario.time, result.options
    case = Case(result.scenario.title, loaded.file, loaded.sha256, time.first_year, time.years, list(result.periods))
    return case, Options(
        options.engine,
        options.draws,
        options.seed,
        options.counterfactual,
        options.design,
        options.period,
        options.plain,
        list(loaded.changes),
        __version__,
    )
