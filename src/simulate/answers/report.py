"""All that a report shows of a case: a run, and what is asked beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from simulate import measures
from simulate.analysis import precision
from simulate.analysis.breakeven import reached
from simulate.answers import arithmetic, budget, check, sample
from simulate.answers import run as runs
from simulate.answers.base import Chance, Estimate, Head, Section, estimate, twin
from simulate.answers.risk import Loss
from simulate.answers.sensitivity import Sensitivity
from simulate.answers.since import Since
from simulate.answers.structure import Structure
from simulate.answers.threshold import Threshold
from simulate.engine import Result
from simulate.scenario import Loaded

if TYPE_CHECKING:
    import xarray as xr

BINS = 40  # about so many steps between the percentiles that a picture of the provenu shows
SHOWN = (1, 99)  # percentiles
STEPS = (1, 2, 2.5, 5, 10)  # of a scale that people read


@dataclass(frozen=True, repr=False)
class Bin(Section):
    """low, high: between which amounts; share: of the courses."""

    low: float
    high: float
    share: Estimate


@dataclass(frozen=True, repr=False)
class RiskTolerance(Section):
    """A loss that the council can bear. loss: how much, positive; share: in how many of the courses more may be lost; probability: that more is lost;
    kept: whether it is no more likely than that; null where these draws cannot tell, since the interval of the probability holds the share."""

    loss: float
    share: float
    probability: Estimate
    kept: bool | None


@dataclass(frozen=True, repr=False)
class Agreement(Section):
    """Of the paper's own figures. reproduced: how many the business case's arithmetic gives as the paper has them; of: how many there are."""

    reproduced: int
    of: int


@dataclass(frozen=True, repr=False)
class Alone(Chance):
    """An area by itself. probability: that it saves at least what it costs."""


@dataclass(frozen=True, repr=False)
class Report(Head):
    """The answer of a report. case: the run; business_case: its own arithmetic as a budget, exactly; agreement: null where the paper has no figures; areas: of
    each the chance that it pays for itself; payback_time: how many years from the beginning until so many of 100 courses have paid back for good, null where
    that is after the horizon; exceedance: the chance to lose more than each of many amounts, gains negative; histogram: how the provenu is
    spread; tolerance: null where none was asked for; assumptions: as `check --show` has them; uncertain: how many of them are; sensitivity: null where nothing
    is uncertain; thresholds: of the assumptions that decide most; since: null where no earlier report was named."""

    answer: Literal["report"] = field(default="report", kw_only=True)
    case: runs.Run
    business_case: budget.Budget
    agreement: Agreement | None
    areas: dict[str, Alone]
    payback_time: dict[int, int | None]
    exceedance: list[Loss]
    histogram: list[Bin]
    tolerance: RiskTolerance | None
    assumptions: list[check.Assumption]
    uncertain: int
    sensitivity: Sensitivity | None
    thresholds: list[Threshold]
    structure: Structure
    arithmetic: arithmetic.Arithmetic
    sample: sample.Sampled
    since: Since | None
    warnings: list[str]

    _scenario: ClassVar[Any] = None  # Scenario that it is of, where it was asked in this process
    _command: ClassVar[Sequence[str]] = ()  # options of the command that asks it again, beside those of the run

    def dataset(self) -> xr.Dataset:
        """Of its run."""
        return self.case.dataset()


@dataclass(frozen=True, slots=True)
class Tolerated:
    """A loss that can be borne, DKK, and in which share of the courses more may be lost."""

    loss: float
    share: float


def of(
    result: Result,
    loaded: Loaded,
    run: runs.Run,
    sensitivity: Sensitivity | None,
    thresholds: list[Threshold],
    structure: Structure,
    tolerated: Tolerated | None = None,
    since: Since | None = None,
) -> Report:
    """result: that the run was read from."""
    assert result.sampler is not None
    exceedance, histogram = spread(result, run)
    assumptions = check.assumptions(loaded.scenario)
    return Report(
        scenario=run.scenario,
        run=run.run,
        case=run,
        business_case=budget.of_point(result.point),
        agreement=_agreement(run),
        areas=_areas(result, run),
        payback_time=_payback_time(run),
        exceedance=exceedance,
        histogram=histogram,
        tolerance=tolerance(result, tolerated),
        assumptions=assumptions,
        uncertain=sum(one.distribution is not None and one.held is None and one.formula is None for one in assumptions),
        sensitivity=sensitivity,
        thresholds=thresholds,
        structure=structure,
        arithmetic=arithmetic.of(result.point, result.sampler.point()),
        sample=sample.of(result),
        since=since,
        warnings=run.warnings,
    )


def _agreement(run: runs.Run) -> Agreement | None:
    rows = run.reported
    return Agreement(sum(row.reproduced for row in rows), len(rows)) if rows else None


def _areas(result: Result, run: runs.Run) -> dict[str, Alone]:
    assert result.draws is not None
    columns = result.draws.columns
    found = {name: result.counted(reached(columns[measures.AREA, name])) for name in run.areas}
    return {name: Alone(**twin("probability", estimate(one), result.leaves_out_luck)) for name, one in found.items()}


def _payback_time(run: runs.Run) -> dict[int, int | None]:
    years = run.risk.years.percentiles
    return {p: None if year is None else year - run.scenario.first_year + 1 for p, year in years.items()}


def spread(result: Result, run: runs.Run) -> tuple[list[Loss], list[Bin]]:
    """The chance to lose more than each of many amounts, 0 among them, and how the provenu is spread."""
    amounts = grid(*(run.provenu.bands[p].value for p in SHOWN))
    before, after = [0.0] if amounts[0] < 0 else [], [0.0] if amounts[-1] > 0 else []
    losses = result.losses([-amount for amount in (*before, *amounts, *after)])
    exceedance = [Loss(one.loss, estimate(one.chance)) for one in losses]
    return exceedance, _bins(amounts, exceedance[len(before) : len(before) + len(amounts)])


def tolerance(result: Result, tolerated: Tolerated | None) -> RiskTolerance | None:
    """How likely it is to lose more than can be borne."""
    if tolerated is None:
        return None
    [one] = result.losses([tolerated.loss])
    return RiskTolerance(tolerated.loss, tolerated.share, estimate(one.chance), _is_below(one.chance, tolerated.share))


def grid(low: float, high: float) -> list[float]:
    """Round amounts of one step, falling, from above `high` to below `low`; with 0 among them where it lies between."""
    if high <= low:
        return [high + 1.0, low - 1.0]
    rough = (high - low) / BINS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * one for one in STEPS if power * one >= rough)
    first, last = math.floor(low / step), math.floor(high / step) + 1  # above `high`, also where that is round itself
    return [step * i for i in range(last, first - 1, -1)]


def _bins(amounts: Sequence[float], below: Sequence[Loss]) -> list[Bin]:
    """Between each two amounts, from the lowest."""
    found = []
    for (high, above), (low, under) in pairwise(zip(amounts, below, strict=True)):
        share = above.probability.value - under.probability.value
        found.append(Bin(low, high, estimate(precision.Estimate(share, math.nan))))
    return found[::-1]


def _is_below(chance: precision.Estimate, share: float) -> bool | None:
    """Whether a chance is no more than this share; None where its 95 % interval has room for either."""
    low, high = chance.interval
    if high <= share:
        return True
    return False if low > share else None
