"""The answer of a run: all that is told of it comes from here."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from simulate import measures
from simulate.analysis import breakeven, precision
from simulate.analysis.draws import Draws, Key, Sums
from simulate.analysis.risk import LowestPoint, lowest_point
from simulate.analysis.undrawn import Undrawn as NotDrawn
from simulate.answers import budget, programmes, risk, together
from simulate.answers.base import (
    Bands,
    BandsByYear,
    ByPeriod,
    Chance,
    Estimate,
    Head,
    Labelled,
    Mean,
    MeanByYear,
    Means,
    Percentiles,
    Section,
    Spread,
    each,
    either,
    estimate,
    head,
    percentiles,
    twin,
)
from simulate.answers.paper import Reported, as_planned, reported, warnings
from simulate.engine import Outcome, Result
from simulate.engine.financed import Financed, is_financed
from simulate.errors import InputError
from simulate.locale import text
from simulate.measures import Measure
from simulate.point import Point
from simulate.scenario import Loaded, queries

if TYPE_CHECKING:
    import xarray as xr

    from simulate.studies import precise

Array = NDArray[np.float64]

PERCENTILES = (1, 5, 10, 25, 50, 75, 90, 95, 99)


@dataclass(frozen=True, repr=False)
class Exact(Section):
    """An amount of the business case's own arithmetic."""

    by_year: list[float]
    total: float


@dataclass(frozen=True, repr=False)
class ExactYears(Section):
    """Person-years of the business case's own arithmetic. baseline, programme: by period, without the programme and with it."""

    baseline: list[float]
    programme: list[float]


@dataclass(frozen=True, repr=False)
class AtPoint(Section):
    """The business case's own arithmetic: every assumption at its value, no luck. lived: the provenu with its error, where a move
    hangs on another member of the family and it is the mean of lives; else null. as_planned: the provenu were the programme carried out as planned; null where it is."""

    provenu: Exact
    lived: Estimate | None
    as_planned: Exact | None
    lines: dict[str, Exact]
    person_years: dict[str, dict[str, ExactYears]]


@dataclass(frozen=True, repr=False)
class BusinessCase(Head):
    """The answer of a run with `--engine point`."""

    answer: Literal["point"] = field(default="point", kw_only=True)
    point: AtPoint
    budget: budget.Budget
    programmes: programmes.Programmes | None
    reported: list[Reported]
    warnings: list[str]


@dataclass(frozen=True, repr=False)
class SpreadByYear(MeanByYear):
    """expected: the mean without luck."""

    expected: ByPeriod
    sd: ByPeriod | None
    sd_without_luck: ByPeriod | None


@dataclass(frozen=True, repr=False)
class ProvenuByYear(BandsByYear, SpreadByYear):
    """The provenu of each period."""


@dataclass(frozen=True, repr=False)
class Provenu(Spread):
    """Over the horizon; where only the total has luck, what has none stands beside it."""

    mean: Estimate
    by_year: ProvenuByYear


@dataclass(frozen=True, repr=False)
class Cumulative(BandsByYear, MeanByYear):
    """The provenu accumulated through each period."""


@dataclass(frozen=True, repr=False)
class Line(Section):
    """A line of the budget over the horizon, as the courses have it. percentiles: null where they were not asked for; by_year: its mean by period;
    cashable: whether its savings can be."""

    mean: Estimate
    sd: Estimate | None
    sd_without_luck: Estimate | None
    percentiles: Percentiles | None
    percentiles_without_luck: Percentiles | None
    by_year: ByPeriod
    area: str
    cashable: bool

    @property
    def bands(self) -> Percentiles | None:
        return self.percentiles or self.percentiles_without_luck


@dataclass(frozen=True, repr=False)
class Area(Bands, Mean):
    """All lines of an area over the horizon."""


@dataclass(frozen=True, repr=False)
class PersonYears(Section):
    """Mean person-years in a state. baseline, programme: by period, without the programme and with it."""

    baseline: ByPeriod
    programme: ByPeriod


@dataclass(frozen=True, repr=False)
class BreakEven(Chance):
    """probability: that the total is at least 0. by_year: that the accumulated provenu is. first_year: year, or "never" → that it is the first one
    from which on the accumulated provenu stays at least 0. counterfactuals: the probability by how life without the programme is counted; counterfactuals_differ:
    whether any two do by more than the error of their difference."""

    by_year: ByPeriod | None
    by_year_without_luck: ByPeriod | None
    first_year: dict[str, Estimate] | None
    first_year_without_luck: dict[str, Estimate] | None
    counterfactuals: dict[str, Estimate] | None
    counterfactuals_differ: bool | None

    @property
    def chances(self) -> ByPeriod:
        return either(self.by_year, self.by_year_without_luck)

    @property
    def first_years(self) -> dict[str, Estimate]:
        return either(self.first_year, self.first_year_without_luck)


@dataclass(frozen=True, repr=False)
class Bridge(Section):
    """From the business case's own number to the expected provenu. point: every assumption at its value; at_means: every assumption at its mean;
    expected: the mean over the draws, without luck; of_means: what the assumptions' means change; of_model: the rest. Null of the parts: lives alone tell
    the expected provenu, and no part of the way."""

    point: float
    at_means: float | None
    expected: Estimate
    of_means: float | None
    of_model: Estimate | None


@dataclass(frozen=True, repr=False)
class Target(Chance, Labelled):
    """A target. probability: the chance that it is met."""


@dataclass(frozen=True, repr=False)
class Payer(Chance, Means):
    """What one purse gains."""


@dataclass(frozen=True, repr=False)
class Payers(Section):
    """stat: the state's saving, its refusion; others: of the payers that the file names beside the two."""

    kommune: Payer
    stat: Payer
    others: dict[str, Payer]


@dataclass(frozen=True, repr=False)
class WithFinancing(Chance, Spread):
    """The provenu with what others pay, which is in nothing else that is told: over the horizon, and accumulated through each period. by_year, first_year: as of
    `break_even`."""

    cumulative: Cumulative
    by_year: ByPeriod | None
    by_year_without_luck: ByPeriod | None
    first_year: dict[str, Estimate] | None
    first_year_without_luck: dict[str, Estimate] | None

    @property
    def chances(self) -> ByPeriod:
        return either(self.by_year, self.by_year_without_luck)

    @property
    def first_years(self) -> dict[str, Estimate]:
        return either(self.first_year, self.first_year_without_luck)


@dataclass(frozen=True, repr=False)
class Part(Bands, Chance, Means):
    """A provenu that is counted otherwise."""


@dataclass(frozen=True, repr=False)
class PresentValue(Part):
    """The discounted provenu. rate: the first year's."""

    rate: float


@dataclass(frozen=True, repr=False)
class Shares(Section):
    """Of the variance, sum 1; both 0 where nothing varies. assumptions: due to them; luck: due to it, null where it is not known."""

    assumptions: Estimate
    luck: Estimate | None


@dataclass(frozen=True, repr=False)
class Variance(Section):
    """Of the provenu, squared currency. assumptions: due to them; luck: due to it, null where it is not known."""

    assumptions: float
    luck: float | None
    shares: Shares


@dataclass(frozen=True, repr=False)
class Rare(Section):
    """A value or tail of an assumption that too few draws have. value: null of a tail; probability: of it; expected: draws that have it; needed: that would do, null: none."""

    assumption: str
    value: float | None
    probability: float
    expected: float
    needed: float | None


@dataclass(frozen=True, repr=False)
class Undrawn(Section):
    """What the draws of the assumptions leave out. mass: the largest probability that no draw stands for."""

    mass: float
    rare: list[Rare]


@dataclass(frozen=True, repr=False)
class WithLuck(Section):
    """Luck where it is not drawn but added, on average over the draws. variance, skewness: of luck, exactly; step: the step in which it comes, in its own
    sds, 0 where it is smooth; probability: of a provenu of at least 0; approximation_error: what luck's distribution may be off;
    normal_probability: the same chance by the normal distribution; few_events: whether so few effects are expected that chances are rough."""

    variance: float
    skewness: float
    step: float
    probability: Estimate
    approximation_error: float
    normal_probability: float
    few_events: bool


@dataclass(frozen=True, repr=False)
class Step(Section):
    """A run on the way to a precision. value: of what the precision is asked; half_width: of its 95 % interval."""

    draws: int
    value: float
    half_width: float


@dataclass(frozen=True, repr=False)
class Convergence(Section):
    """How a precision that was asked for was reached. of: what it is asked of; asked: half of a 95 % interval; reached: whether it was;
    stopped_by: what ended it; needed: draws, where too few have a rare value; 0: enough, null: none would do."""

    of: Literal["probability", "probability_without_luck", "mean"]
    asked: float
    reached: bool
    stopped_by: Literal["precision", "max-draws", "machine", "approximation"]
    needed: float | None
    steps: list[Step]


@dataclass(frozen=True, repr=False)
class Run(Head):
    """The answer of a run with courses. together: null where lives differ as well, where the file says how its assumptions go together, and where fewer than two act."""

    answer: Literal["run"] = field(default="run", kw_only=True)
    point: AtPoint
    provenu: Provenu
    together: together.AllTogether | None
    cumulative: Cumulative
    lines: dict[str, Line]
    areas: dict[str, Area]
    kinds: dict[budget.Kind, Area] | None
    person_years: dict[str, dict[str, PersonYears]]
    break_even: BreakEven
    risk: risk.Risk
    bridge: Bridge
    targets: list[Target]
    cashable: Part
    payers: Payers
    with_financing: WithFinancing | None
    variance: Variance | None
    undrawn: Undrawn
    with_luck: WithLuck | None
    present_value: PresentValue | None
    budget: budget.Budget
    programmes: programmes.Programmes | None
    reported: list[Reported]
    clipped: dict[str, int]
    convergence: Convergence | None
    warnings: list[str]

    def dataset(self) -> xr.Dataset:
        """What is kept of each draw, and the values of its assumptions: what `--out` stores as results.nc."""
        if self._result is None:
            raise InputError(
                text("this answer has no draws any more: it was read from a document, or copied. Run the case again")
            )
        from simulate import store

        return store.dataset(self._result, self._source, self.to_dict())


# From a result ----------------------------------------------------------------------------------------------------------


def of(
    result: Result,
    loaded: Loaded,
    convergence: precise.Convergence | None = None,
    losses: Sequence[float] = risk.LOSSES,
) -> Run | BusinessCase:
    """Amounts in kroner, chances and shares as such, nothing rounded.

    convergence: how a precision that was asked for was reached. losses: DKK, of which the chance to lose more is given.
    """
    return of_point(result, loaded) if result.draws is None else of_draws(result, loaded, convergence, losses)


def of_point(result: Result, loaded: Loaded) -> BusinessCase:
    one, plan = result.point, as_planned(result.point, result.sampler)
    rows = reported(plan)
    return BusinessCase(
        *head(result, loaded),
        point=_at_point(one, plan),
        budget=budget.of_point(one),
        programmes=programmes.of(result),
        reported=rows,
        warnings=warnings(loaded, rows),
    )


def of_draws(
    result: Result,
    loaded: Loaded,
    convergence: precise.Convergence | None = None,
    losses: Sequence[float] = risk.LOSSES,
) -> Run:
    assert result.draws is not None
    plan, found = as_planned(result.point, result.sampler), Reading(result, result.draws, losses)
    rows = reported(plan)
    return Run(
        *head(result, loaded),
        point=_at_point(result.point, plan),
        provenu=found.provenu(),
        together=together.of(result),
        cumulative=found.cumulative(),
        lines=found.lines(),
        areas=found.areas(),
        kinds=found.kinds() if measures.LINE in result.draws.columns else None,
        person_years=found.person_years(),
        break_even=found.break_even(),
        risk=found.risk(),
        bridge=found.bridge(),
        targets=found.targets(),
        cashable=found.cashable(),
        payers=found.payers(),
        with_financing=found.with_financing(Financed(result)) if is_financed(result) else None,
        variance=None if result.options.tied else variance(result),
        undrawn=undrawn(result.undrawn),
        with_luck=found.with_luck() if result.adds_luck else None,
        present_value=found.present_value() if measures.PRESENT_VALUE in result.draws.columns else None,
        budget=budget.of_draws(result),
        programmes=programmes.of(result),
        reported=rows,
        clipped=dict(sorted(result.clipped.items())),
        convergence=None if convergence is None else _convergence(convergence),
        warnings=warnings(loaded, rows),
    ).keeping(result=result, source=loaded.source)


def _series(by_period: Any) -> list[float]:
    return [float(value) for value in by_period]


def _at_point(one: Point, plan: Point) -> AtPoint:
    kroner = one.kroner[0]
    years: dict[str, dict[str, ExactYears]] = {role: {} for role in one.accounts.model.scenario.roles}
    for i, (role, state) in enumerate(one.accounts.model.states):
        arms = (_series(arm.months[0, i] / 12) for arm in (one.baseline, one.programme))
        years[role][state] = ExactYears(*arms)
    return AtPoint(
        lived=lived(one),
        provenu=Exact(_series(one.provenu), float(one.provenu.sum())),
        as_planned=None if plan is one else Exact(_series(plan.provenu), float(plan.provenu.sum())),
        lines={
            line.label: Exact(_series(kroner[i]), float(kroner[i].sum())) for i, line in enumerate(one.accounts.lines)
        },
        person_years=years,
    )


def lived(one: Point) -> Estimate | None:
    """The business case's own number with its error, where lives alone tell it."""
    return None if one.blocks is None else estimate(precision.Estimate(float(one.provenu.sum()), one.error))


def _of_blocks(blocks: Array, value: float, off: float) -> Estimate:
    """The mean of (block,); value: the same, known to the last bit; off: what it is off at least."""
    return estimate(precision.Estimate(value, precision.error_of(blocks)).at_least(abs(float(off))))


class Reading:
    """The answer read off the draws, section by section."""

    def __init__(self, result: Result, draws: Draws, losses: Sequence[float] = risk.LOSSES) -> None:
        self.result, self.draws, self.losses = result, draws, losses
        self.total = draws.columns[measures.TOTAL]
        self.corrected, self.luckless = result.is_corrected, result.leaves_out_luck

    @cached_property
    def without_luck(self) -> precision.Estimate | None:
        return self.result.chance_without_luck() if self.luckless else None

    @cached_property
    def reached(self) -> precision.Estimate:
        """The chance of the courses as they were drawn."""
        return self.without_luck or self.result.chance()

    @cached_property
    def walked(self) -> tuple[list[precision.Estimate], list[dict[int, precision.Estimate]], LowestPoint]:
        """Of the accumulated provenu: mean and percentiles of each period, and its lowest point."""
        means, bands = [], []

        def walk() -> Iterator[Array]:
            """(draw,) of each period, read once for all three."""
            for amounts in breakeven.accumulated(self.draws.columns, self.result.periods):
                means.append(precision.mean(amounts))
                bands.append(self.result.percentiles(amounts, PERCENTILES))
                yield amounts

        lowest = lowest_point(walk(), risk.PERCENTILES, self.result.undrawn.mass)
        return means, bands, lowest

    @cached_property
    def year_ends(self) -> NDArray[np.bool_]:
        """Whether the accumulated provenu is at break-even by the end of each year (year, draw)."""
        found = np.zeros((self.result.scenario.time.years, self.draws.number), bool)
        through = breakeven.accumulated(self.draws.columns, self.result.periods)
        for year, amounts in zip(self.result.accounts.year_of_period, through, strict=True):
            found[year] = breakeven.reached(amounts)  # the year's last period stays
        return found

    @cached_property
    def first_year(self) -> tuple[list[float], float]:
        """Shares that stay at break-even from each year on, and that never do."""
        return breakeven.scaled(*breakeven.first_year_shares(self.year_ends), self.reached.value)

    def counted(self, name: str, found: Any) -> dict[str, Any]:
        """What is counted on the draws, under a name that says so where luck is not in them."""
        return twin(name, found, self.luckless)

    def bands(self, found: Sequence[dict[int, precision.Estimate]]) -> dict[str, Any]:
        """Percentile → by period."""
        return self.counted("percentiles", {p: each(one[p] for one in found) for p in PERCENTILES})

    def provenu(self) -> Provenu:
        with_luck = not self.luckless or self.result.adds_luck
        bands = self.result.percentiles(self.total, PERCENTILES) if self.luckless else None
        return Provenu(
            mean=estimate(self.result.mean()),
            sd=estimate(self.result.sd()) if with_luck else None,
            sd_without_luck=estimate(self.result.sd_of_draws()) if self.luckless else None,
            percentiles=percentiles(self.result.bands(PERCENTILES)) if with_luck else None,
            percentiles_without_luck=percentiles(bands) if bands else None,
            by_year=self.by_year(),
        )

    def by_year(self) -> ProvenuByYear:
        spreads, bands = [], []
        for period in self.result.periods:
            column = self.draws.columns[measures.PROVENU, period]
            spreads.append(self.result.sd_of(column))
            bands.append(self.result.percentiles(column, PERCENTILES))
        return ProvenuByYear(
            mean=each(self.result.means_by_period()),
            expected=each(self.result.expected_by_period()),
            **self.counted("sd", each(spreads)),
            **self.bands(bands),
        )

    def cumulative(self) -> Cumulative:
        """The mean from expected lives, unless the lives stand alone."""
        of_courses, bands, _ = self.walked
        means = [mean.at_least(self.result.off(period=slice(i + 1))) for i, mean in enumerate(of_courses)]
        if self.corrected:
            values = np.cumsum(self.result.point.provenu + self.draws.sums.mean(measures.EXPECTED_OFF_BY_PERIOD))
            blocks = np.cumsum(self.draws.sums.block_means(measures.EXPECTED_OFF_BY_PERIOD), axis=1)
            means = [
                precision.Estimate(float(value), precision.error_of(own)).at_least(self.result.off(period=slice(i + 1)))
                for i, (value, own) in enumerate(zip(values, blocks.T, strict=True))
            ]
        return Cumulative(mean=each(means), **self.bands(bands))

    def lines(self) -> dict[str, Line]:
        sums = self.draws.sums
        of = measures.EXPECTED_LINES if self.corrected else measures.LINES
        by_period, blocks, off = sums.mean(of), sums.block_means(of), self.result.change[0]  # (line, period)
        found = {}
        for i, line in enumerate(self.result.accounts.lines):
            found[line.label] = Line(
                mean=_of_blocks(blocks[:, i].sum(axis=1), float(by_period[i].sum()), off[i].sum()),
                **self.counted("sd", self.line_sd(i)),
                **self.counted("percentiles", self.line_bands(line.label)),
                by_year=[_of_blocks(*one) for one in zip(blocks[:, i].T, by_period[i].tolist(), off[i], strict=True)],
                area=line.area,
                cashable=line.cashable,
            )
        return found

    def line_bands(self, label: str) -> Percentiles | None:
        """Where each line was kept of each draw."""
        if measures.LINE not in self.draws.columns:
            return None
        return percentiles(self.result.percentiles(self.draws.columns[measures.LINE, label], PERCENTILES))

    def line_sd(self, i: int) -> Estimate:
        """Its interval is that of the variance, its root taken."""
        sums, draws = self.draws.sums, self.draws.number
        off = float(sums.mean(measures.LINE_OFF)[i])
        variance = max(float(sums.mean(measures.LINE_SQUARE)[i]) - off**2, 0.0) * draws / (draws - 1)
        blocks = sums.block_means(measures.LINE_SQUARE)[:, i] - 2 * off * sums.block_means(measures.LINE_OFF)[:, i]
        found = precision.root(math.sqrt(variance), precision.Estimate(variance, precision.error_of(blocks)))
        return estimate(found.unless(draws == len(blocks) or bool(self.result.undrawn.rare)))

    def areas(self) -> dict[str, Area]:
        found = {}
        for name in sorted({line.area for line in self.result.accounts.lines}):
            own = [line.area == name for line in self.result.accounts.lines]
            mean = self.result.mean_of((measures.AREA, name), own)
            bands = self.result.percentiles(self.draws.columns[measures.AREA, name], PERCENTILES)
            found[name] = Area(mean=estimate(mean), **self.counted("percentiles", percentiles(bands)))
        return found

    def kinds(self) -> dict[budget.Kind, Area]:
        """Of each kind that has lines; where each line was kept of each draw."""
        lines, found = self.result.accounts.lines, dict[budget.Kind, Area]()
        for kind, members in budget.KINDS.items():
            own = [line.kind in members for line in lines]
            if any(own):
                columns = [self.draws.columns[measures.LINE, line.label] for line in lines if line.kind in members]
                total = np.sum(columns, axis=0)
                bands = percentiles(self.result.percentiles(total, PERCENTILES))
                found[kind] = Area(mean=self.mean_of_kind(own), **self.counted("percentiles", bands))
        return found

    def mean_of_kind(self, own: list[bool]) -> Estimate:
        """From expected lives, unless the lives stand alone."""
        of = measures.EXPECTED_LINES if self.corrected else measures.LINES
        blocks = self.draws.sums.block_means(of)[:, own].sum(axis=(1, 2))
        return _of_blocks(blocks, float(self.draws.sums.mean(of)[own].sum()), self.result.change[0][own].sum())

    def person_years(self) -> dict[str, dict[str, PersonYears]]:
        """Of expected lives, unless the lives stand alone."""
        found: dict[str, dict[str, PersonYears]] = {role: {} for role in self.result.scenario.roles}
        rows = zip(self.result.accounts.model.states, *self.result.person_years(), strict=True)
        for (role, state), programme, baseline in rows:
            found[role][state] = PersonYears(each(baseline), each(programme))
        return found

    def break_even(self) -> BreakEven:
        is_drawn = self.result.options.engine == "lives"
        return BreakEven(
            probability=estimate(self.result.chance()) if not self.luckless or self.result.adds_luck else None,
            probability_without_luck=estimate(self.without_luck) if self.without_luck else None,
            **self.counted("by_year", each(self.result.chances_by_period())),
            **self.counted("first_year", self.first_years()),
            counterfactuals={name: estimate(self.result.chance(name)) for name in self.result.options.counterfactuals}
            if is_drawn
            else None,
            counterfactuals_differ=self.result.is_range() if is_drawn else None,
        )

    def first_years(self) -> dict[str, Estimate]:
        """Errors of the courses counted."""
        first = self.result.scenario.time.first_year
        errors, never = breakeven.first_year_errors(self.year_ends)
        staying, staying_never = self.first_year
        shares = zip([*staying, staying_never], [*errors, never], strict=True)
        names = [*(str(first + i) for i in range(len(errors))), "never"]
        return {name: estimate(self.result.chance_of(*one)) for name, one in zip(names, shares, strict=True)}

    def risk(self) -> risk.Risk:
        return risk.of_draws(self.result, self.draws, self.losses, self.walked[2], self.first_year[0])

    def bridge(self) -> Bridge:
        at_point, at_means = (float(one.provenu.sum()) for one in (self.result.point, self.result.at_means))
        expected, error = self.result.expected()
        if self.result.options.tied:
            return Bridge(at_point, None, estimate(precision.Estimate(expected, error)), None, None)
        return Bridge(
            point=at_point,
            at_means=at_means,
            expected=estimate(precision.Estimate(expected, error)),
            of_means=at_means - at_point,
            of_model=estimate(precision.Estimate(expected - at_means, error)),
        )

    def targets(self) -> list[Target]:
        return [
            Target(label=target.label, **self.counted("probability", estimate(self.result.target(i))))
            for i, target in enumerate(self.result.scenario.targets)
        ]

    def part(self, column: Measure, found: Outcome) -> dict[str, Any]:
        bands = self.result.percentiles(self.draws.columns[column], PERCENTILES)
        return {
            "mean": estimate(found.mean),
            **self.counted("probability", estimate(found.chance)),
            **self.counted("percentiles", percentiles(bands)),
        }

    def cashable(self) -> Part:
        """The provenu without the savings that are not cashable."""
        expected = self.expected_of(0, self.result.accounts.cashable)
        return Part(expected=expected, **self.part(measures.CASHABLE, self.result.cashable()))

    def expected_of(self, payer: int, lines: list[bool]) -> Estimate:
        """Of the sum of these lines."""
        sums = self.draws.sums
        blocks = sums.block_means(measures.EXPECTED_PAYERS)[:, payer][:, lines].sum(axis=1)
        value = float(sums.mean(measures.EXPECTED_PAYERS)[payer][lines].sum())
        found = precision.Estimate(value, precision.error_of(blocks))
        return estimate(found.at_least(self.result.off(lines, payer)))

    def present_value(self) -> PresentValue:
        blocks = self.draws.sums.block_means(measures.EXPECTED_PRESENT_VALUE)
        expected = precision.Estimate(float(blocks.mean()), precision.error_of(blocks))
        rate = queries.at_year(self.result.scenario.money.discount_rate, 0, self.result.scenario)
        return PresentValue(
            expected=estimate(expected.at_least(self.result.off_discounted)),
            rate=rate,
            **self.part(measures.PRESENT_VALUE, self.result.present_value()),
        )

    def payers(self) -> Payers:
        everything = [True] * len(self.result.accounts.lines)
        own = self.result.chance()
        return Payers(
            kommune=Payer(
                mean=estimate(self.result.mean()),
                expected=self.expected_of(0, everything),
                **twin("probability", estimate(own), self.luckless and not self.result.adds_luck),
            ),
            stat=self.payer(measures.STATE, 1),
            others={
                name: self.payer((measures.PAYER, name), i) for i, name in enumerate(self.result.accounts.payers[2:], 2)
            },
        )

    def payer(self, column: Key, i: int) -> Payer:
        """Of another than the municipality."""
        everything = [True] * len(self.result.accounts.lines)
        theirs = self.result.counted(breakeven.reached(self.draws.columns[column]))
        return Payer(
            mean=estimate(self.result.mean_of(column, everything, payer=i)),
            expected=self.expected_of(i, everything),
            **self.counted("probability", estimate(theirs)),
        )

    def with_financing(self, found: Financed) -> WithFinancing:
        """As it is known, and without luck where the draws have none."""
        chance, bands, sd, counted = found.chance(), found.bands(PERCENTILES), found.sd(), found.counted()
        whole = counted if self.luckless or chance is None else chance
        own_bands = percentiles(self.result.percentiles(found.total, PERCENTILES)) if self.luckless else None
        gathered = [self.result.percentiles(amounts, PERCENTILES) for amounts in found.accumulated()]
        first_years = {name: estimate(one) for name, one in found.first_years(whole).items()}
        return WithFinancing(
            mean=estimate(found.mean()),
            sd=None if sd is None else estimate(sd),
            sd_without_luck=estimate(self.result.sd_of(found.total)) if self.luckless else None,
            percentiles=None if bands is None else percentiles(bands),
            percentiles_without_luck=own_bands,
            probability=None if chance is None else estimate(chance),
            probability_without_luck=estimate(counted) if self.luckless else None,
            cumulative=Cumulative(mean=each(found.means(accumulated=True)), **self.bands(gathered)),
            **self.counted("by_year", each(found.chances_by_period(whole))),
            **self.counted("first_year", first_years),
        )

    def with_luck(self) -> WithLuck:
        """Its exact variance and skewness, and the chance that follows from them."""
        steps, found = self.result.steps, self.result.mixture.chance()
        assert steps is not None
        return WithLuck(
            variance=float(self.draws.sums.mean(measures.LUCK_SUM)),
            skewness=found.skewness,
            step=steps.left,
            probability=estimate(self.result.chance()),
            approximation_error=found.approximation,
            normal_probability=found.normal,
            few_events=found.is_rough(steps.left),
        )


def _convergence(found: precise.Convergence) -> Convergence:
    return Convergence(
        of="probability_without_luck" if found.without_luck else found.goal.of,
        asked=found.goal.half_width,
        reached=found.is_reached,
        stopped_by=found.stopped_by,
        needed=found.needed if math.isfinite(found.needed) else None,
        steps=[Step(step.draws, step.value, step.half_width) for step in found.steps],
    )


def undrawn(found: NotDrawn) -> Undrawn:
    rows = [
        Rare(
            one.assumption,
            one.value,
            one.probability,
            one.expected,
            one.needed if math.isfinite(one.needed) else None,
        )
        for one in found.rare
    ]
    return Undrawn(found.mass, rows)


def variance(result: Result) -> Variance:
    """Luck: its exact variance, or the mean of (lives - expected)²; assumptions: the variance of expected; shares by blocks."""
    assert result.draws is not None
    sums, draws = result.draws.sums, result.draws.number
    assumptions = result.expected_variance
    if result.leaves_out_luck and not result.adds_luck:
        whole = precision.certain(1.0 if assumptions > 0 else 0.0)
        return Variance(assumptions, None, Shares(estimate(whole.unless(bool(result.undrawn.rare))), None))
    of_luck = _of_luck(result, sums)
    luck = float(sums.mean(of_luck))
    blocks = sums.block_means(measures.EXPECTED_SQUARE) - sums.block_means(measures.EXPECTED_OFF) ** 2
    share = _ratio(assumptions, luck)
    ratios = np.array([_ratio(a, b) for a, b in zip(blocks, sums.block_means(of_luck), strict=True)])
    other = 1.0 - share if assumptions + luck > 0 else 0.0
    error, unknown = precision.error_of(ratios), draws == len(ratios) or bool(result.undrawn.rare)
    shares = (precision.Estimate(value, error).unless(unknown).within(0.0, 1.0) for value in (share, other))
    return Variance(assumptions, luck, Shares(*(estimate(one) for one in shares)))


def _of_luck(result: Result, sums: Sums) -> Measure:
    """The sum that has luck's variance: the exact one, where it is known."""
    if result.adds_luck:
        return measures.LUCK_SUM
    varies = float(sums.mean(measures.LUCK_SQUARE)) > 0
    is_exact = result.is_corrected and varies and measures.LUCK_SUM in sums.blocks
    return measures.LUCK_SUM if is_exact else measures.LUCK_SQUARE


def _ratio(part: float, other: float) -> float:
    return float(part / (part + other)) if part + other > 0 else 0.0
