"""The answer of a run: all that is told of it comes from here."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from simulate import measures
from simulate.analysis import breakeven, precision
from simulate.analysis.draws import Draws, Sums
from simulate.analysis.risk import lowest_point
from simulate.analysis.undrawn import Undrawn as NotDrawn
from simulate.answers import budget, programmes, risk
from simulate.answers.base import (
    Bands,
    BandsByYear,
    ByPeriod,
    Chance,
    Estimate,
    Head,
    Section,
    Spread,
    chance,
    each,
    either,
    estimate,
    exact,
    head,
    percentiles,
    share_of,
    twin,
)
from simulate.answers.paper import Reported, reported, warnings
from simulate.engine import Outcome, Result
from simulate.measures import Measure
from simulate.names import COUNTERFACTUALS
from simulate.point import Point
from simulate.scenario import Loaded, queries

if TYPE_CHECKING:
    from simulate.studies import precise

Array = NDArray[np.float64]

PERCENTILES = (1, 5, 10, 25, 50, 75, 90, 95, 99)


@dataclass(frozen=True)
class Exact(Section):
    """An amount of the business case's own arithmetic."""

    by_year: list[float]
    total: float


@dataclass(frozen=True)
class ExactYears(Section):
    """Person-years by period, of the business case's own arithmetic."""

    baseline: list[float]
    programme: list[float]


@dataclass(frozen=True)
class AtPoint(Section):
    """The business case's own arithmetic: every assumption at its value, no luck."""

    provenu: Exact
    lines: dict[str, Exact]
    person_years: dict[str, dict[str, ExactYears]]


@dataclass(frozen=True)
class BusinessCase(Head):
    """The answer of a run with `--engine point`."""

    answer: Literal["point"] = field(default="point", kw_only=True)
    point: AtPoint
    budget: budget.Budget
    programmes: programmes.Programmes | None
    reported: list[Reported]
    warnings: list[str]


@dataclass(frozen=True)
class ProvenuByYear(BandsByYear):
    """The provenu of each period. expected: without luck."""

    mean: ByPeriod
    expected: ByPeriod
    sd: ByPeriod | None
    sd_without_luck: ByPeriod | None


@dataclass(frozen=True)
class Provenu(Spread):
    """Over the horizon; where only the total has luck, what has none stands beside it."""

    mean: Estimate
    by_year: ProvenuByYear


@dataclass(frozen=True)
class Cumulative(BandsByYear):
    """The provenu accumulated through each period."""

    mean: ByPeriod


@dataclass(frozen=True)
class Line(Section):
    """A line of the budget over the horizon, as the courses have it; by_year: its mean."""

    mean: Estimate
    sd: Estimate | None
    sd_without_luck: Estimate | None
    by_year: ByPeriod
    area: str
    cashable: bool


@dataclass(frozen=True)
class Area(Bands):
    """All lines of an area over the horizon."""

    mean: Estimate


@dataclass(frozen=True)
class PersonYears(Section):
    """By period, of both arms."""

    baseline: ByPeriod
    programme: ByPeriod


@dataclass(frozen=True)
class BreakEven(Chance):
    """probability: that the total is at least 0. by_year: that the accumulated provenu is. first_year: year, or "never" → that it is the first one
    from which on the accumulated provenu stays at least 0. counterfactuals: the probability by how life without the programme is counted."""

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


@dataclass(frozen=True)
class Bridge(Section):
    """From the business case's own number to the expected provenu. of_means: what the assumptions' means change; of_model: the rest."""

    point: float
    at_means: float
    expected: Estimate
    of_means: float
    of_model: Estimate


@dataclass(frozen=True)
class Target(Chance):
    """How likely it is met."""

    label: str


@dataclass(frozen=True)
class Payer(Chance):
    """What one purse gains. expected: without luck."""

    mean: Estimate
    expected: Estimate


@dataclass(frozen=True)
class Payers(Section):
    """stat: the state's saving, its refusion."""

    kommune: Payer
    stat: Payer


@dataclass(frozen=True)
class Part(Chance, Bands):
    """A provenu that is counted otherwise. expected: without luck."""

    mean: Estimate
    expected: Estimate


@dataclass(frozen=True)
class PresentValue(Part):
    """The discounted provenu. rate: the first year's."""

    rate: float


@dataclass(frozen=True)
class Shares(Section):
    """Of the variance, sum 1; both 0 where nothing varies."""

    assumptions: Estimate
    luck: Estimate | None


@dataclass(frozen=True)
class Variance(Section):
    """Of the provenu, squared currency; luck is null where it is not known."""

    assumptions: float
    luck: float | None
    shares: Shares


@dataclass(frozen=True)
class Rare(Section):
    """A value (null: a tail) of an assumption that too few draws have. expected: draws that have it; needed: that would do, null: none."""

    assumption: str
    value: float | None
    probability: float
    expected: float
    needed: float | None


@dataclass(frozen=True)
class Undrawn(Section):
    """What the draws of the assumptions leave out. mass: the largest probability that no draw stands for."""

    mass: float
    rare: list[Rare]


@dataclass(frozen=True)
class WithLuck(Section):
    """Luck where it is not drawn but added, on average over the draws."""

    variance: float
    skewness: float
    step: float
    probability: Estimate
    approximation_error: float
    normal_probability: float
    few_events: bool


@dataclass(frozen=True)
class Step(Section):
    draws: int
    value: float
    half_width: float


@dataclass(frozen=True)
class Convergence(Section):
    """How a precision that was asked for was reached. needed: draws, where too few have a rare value; 0: enough, null: none would do."""

    of: str
    asked: float
    reached: bool
    stopped_by: str
    needed: float | None
    steps: list[Step]


@dataclass(frozen=True)
class Run(Head):
    """The answer of a run with courses."""

    answer: Literal["run"] = field(default="run", kw_only=True)
    point: AtPoint
    provenu: Provenu
    cumulative: Cumulative
    lines: dict[str, Line]
    areas: dict[str, Area]
    person_years: dict[str, dict[str, PersonYears]]
    break_even: BreakEven
    risk: risk.Risk
    bridge: Bridge
    targets: list[Target]
    cashable: Part
    payers: Payers
    variance: Variance
    undrawn: Undrawn
    with_luck: WithLuck | None
    present_value: PresentValue | None
    budget: budget.Budget
    programmes: programmes.Programmes | None
    reported: list[Reported]
    clipped: dict[str, int]
    convergence: Convergence | None
    warnings: list[str]


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
    rows, one = reported(result.point), result.point
    return BusinessCase(
        *head(result, loaded),
        point=_at_point(one),
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
    rows, found = reported(result.point), Reading(result, result.draws, losses)
    return Run(
        *head(result, loaded),
        point=_at_point(result.point),
        provenu=found.provenu(),
        cumulative=found.cumulative(),
        lines=found.lines(),
        areas=found.areas(),
        person_years=found.person_years(),
        break_even=found.break_even(),
        risk=found.risk(),
        bridge=found.bridge(),
        targets=found.targets(),
        cashable=found.cashable(),
        payers=found.payers(),
        variance=variance(result),
        undrawn=undrawn(result.undrawn),
        with_luck=found.with_luck() if result.adds_luck else None,
        present_value=found.present_value() if measures.PRESENT_VALUE in result.draws.columns else None,
        budget=budget.of_draws(result),
        programmes=programmes.of(result),
        reported=rows,
        clipped=dict(sorted(result.clipped.items())),
        convergence=None if convergence is None else _convergence(convergence),
        warnings=warnings(loaded, rows),
    )


def _series(by_period: Any) -> list[float]:
    return [float(value) for value in by_period]


def _at_point(one: Point) -> AtPoint:
    kroner = one.kroner[0]
    years: dict[str, dict[str, ExactYears]] = {role: {} for role in one.accounts.model.scenario.roles}
    for i, (role, state) in enumerate(one.accounts.model.states):
        arms = (_series(arm.months[0, i] / 12) for arm in (one.baseline, one.programme))
        years[role][state] = ExactYears(*arms)
    return AtPoint(
        provenu=Exact(_series(one.provenu), float(one.provenu.sum())),
        lines={
            line.label: Exact(_series(kroner[i]), float(kroner[i].sum())) for i, line in enumerate(one.accounts.lines)
        },
        person_years=years,
    )


def _of_blocks(blocks: Array, value: float | None = None) -> Estimate:
    """The mean of (block,); value: the same, where it is known to the last bit."""
    return estimate(precision.Estimate(float(blocks.mean()) if value is None else value, precision.error_of(blocks)))


class Reading:
    """The answer read off the draws, section by section."""

    def __init__(self, result: Result, draws: Draws, losses: Sequence[float] = risk.LOSSES) -> None:
        self.result, self.draws, self.losses = result, draws, losses
        self.total = draws.columns[measures.TOTAL]
        self.corrected, self.luckless = result.is_corrected, result.leaves_out_luck
        self.accumulated: list[tuple[precision.Estimate, dict[int, precision.Estimate]]] = []
        self.year_ends = np.zeros((result.scenario.time.years, draws.number), bool)  # whether at break-even
        self.lowest = lowest_point(self.walk(), risk.PERCENTILES, result.undrawn.mass)
        self.without_luck = result.chance_without_luck() if self.luckless else None
        self.reached = self.without_luck or result.chance()  # of the courses as they were drawn
        self.first_year, self.never = breakeven.scaled(*breakeven.first_year_shares(self.year_ends), self.reached.value)

    def walk(self) -> Iterator[Array]:
        """The accumulated provenu (draw,) of each period, read once for what is told of it: mean, percentiles, and whether it is at break-even."""
        years = self.result.accounts.year_of_period
        for i, amounts in enumerate(breakeven.accumulated(self.draws.columns, self.result.periods)):
            hits = breakeven.reached(amounts)
            bands = self.result.percentiles(amounts, PERCENTILES)
            self.accumulated.append((precision.mean(amounts), bands))
            self.year_ends[years[i]] = hits  # the year's last period stays
            yield amounts

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
            spreads.append(precision.sd(column))
            bands.append(self.result.percentiles(column, PERCENTILES))
        return ProvenuByYear(
            mean=each(self.result.means_by_period()),
            expected=each(self.result.expected_by_period()),
            **self.counted("sd", each(spreads)),
            **self.bands(bands),
        )

    def cumulative(self) -> Cumulative:
        """The mean from expected lives, unless the lives stand alone."""
        means = [mean for mean, _ in self.accumulated]
        if self.corrected:
            values = np.cumsum(self.result.point.provenu + self.draws.sums.mean(measures.EXPECTED_OFF_BY_PERIOD))
            blocks = np.cumsum(self.draws.sums.block_means(measures.EXPECTED_OFF_BY_PERIOD), axis=1)
            means = [
                precision.Estimate(float(value), precision.error_of(own)).at_least(self.result.off(period=slice(i + 1)))
                for i, (value, own) in enumerate(zip(values, blocks.T, strict=True))
            ]
        return Cumulative(mean=each(means), **self.bands([bands for _, bands in self.accumulated]))

    def lines(self) -> dict[str, Line]:
        sums = self.draws.sums
        of = measures.EXPECTED_LINES if self.corrected else measures.LINES
        by_period, blocks = sums.mean(of), sums.block_means(of)  # (line, period)
        found = {}
        for i, line in enumerate(self.result.accounts.lines):
            found[line.label] = Line(
                mean=_of_blocks(blocks[:, i].sum(axis=1), float(by_period[i].sum())),
                **self.counted("sd", self.line_sd(i)),
                by_year=[
                    _of_blocks(own, float(value)) for own, value in zip(blocks[:, i].T, by_period[i], strict=True)
                ],
                area=line.area,
                cashable=line.cashable,
            )
        return found

    def line_sd(self, i: int) -> Estimate:
        """Its error is that of the variance, along the root's slope."""
        sums, draws = self.draws.sums, self.draws.number
        off = float(sums.mean(measures.LINE_OFF)[i])
        variance = max(float(sums.mean(measures.LINE_SQUARE)[i]) - off**2, 0.0) * draws / (draws - 1)
        blocks = sums.block_means(measures.LINE_SQUARE)[:, i] - 2 * off * sums.block_means(measures.LINE_OFF)[:, i]
        sd = math.sqrt(variance)
        error = precision.error_of(blocks) / (2 * sd) if sd > 0 else 0.0
        return estimate(precision.Estimate(sd, error).unless(draws == len(blocks)))

    def areas(self) -> dict[str, Area]:
        found = {}
        for name in sorted({line.area for line in self.result.accounts.lines}):
            own = [line.area == name for line in self.result.accounts.lines]
            mean = self.result.mean_of((measures.AREA, name), own)
            bands = self.result.percentiles(self.draws.columns[measures.AREA, name], PERCENTILES)
            found[name] = Area(mean=estimate(mean), **self.counted("percentiles", percentiles(bands)))
        return found

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
            counterfactuals={name: estimate(self.result.chance(name)) for name in COUNTERFACTUALS}
            if is_drawn
            else None,
            counterfactuals_differ=self.result.is_range() if is_drawn else None,
        )

    def first_years(self) -> dict[str, Estimate]:
        """Errors of the courses counted."""
        first = self.result.scenario.time.first_year
        errors, never = breakeven.first_year_errors(self.year_ends)
        shares = zip([*self.first_year, self.never], [*errors, never], strict=True)
        names = [*(str(first + i) for i in range(len(errors))), "never"]
        return {
            name: chance(precision.Estimate(*one), self.draws.number) for name, one in zip(names, shares, strict=True)
        }

    def risk(self) -> risk.Risk:
        return risk.of_draws(self.result, self.draws, self.losses, self.lowest, self.first_year)

    def bridge(self) -> Bridge:
        at_point, at_means = (float(one.provenu.sum()) for one in (self.result.point, self.result.at_means))
        expected = at_point + float(self.draws.sums.mean(measures.EXPECTED_OFF))
        error = max(precision.error_of(self.draws.sums.block_means(measures.EXPECTED_OFF)), self.result.off())
        return Bridge(
            point=at_point,
            at_means=at_means,
            expected=estimate(precision.Estimate(expected, error)),
            of_means=at_means - at_point,
            of_model=estimate(precision.Estimate(expected - at_means, error)),
        )

    def targets(self) -> list[Target]:
        means, blocks = self.draws.sums.mean(measures.TARGETS), self.draws.sums.block_means(measures.TARGETS)
        return [
            Target(
                label=target.label,
                **self.counted(
                    "probability",
                    chance(precision.Estimate(float(means[i]), precision.error_of(blocks[:, i])), self.draws.number),
                ),
            )
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
        state = self.draws.columns[measures.STATE]
        mean = self.result.mean_of(measures.STATE, everything, payer=1)
        own, theirs = self.result.chance(), self.result.counted(breakeven.reached(state))
        return Payers(
            kommune=Payer(
                mean=estimate(self.result.mean()),
                expected=self.expected_of(0, everything),
                **twin("probability", estimate(own), self.luckless and not self.result.adds_luck),
            ),
            stat=Payer(
                mean=estimate(mean),
                expected=self.expected_of(1, everything),
                **self.counted("probability", estimate(theirs)),
            ),
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
        of=found.goal.of + "_without_luck" * found.without_luck,
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
        whole = 1.0 if assumptions > 0 else 0.0
        return Variance(assumptions, None, Shares(exact(whole), None))
    of_luck = _of_luck(result, sums)
    luck = float(sums.mean(of_luck))
    blocks = sums.block_means(measures.EXPECTED_SQUARE) - sums.block_means(measures.EXPECTED_OFF) ** 2
    share = _ratio(assumptions, luck)
    ratios = np.array([_ratio(a, b) for a, b in zip(blocks, sums.block_means(of_luck), strict=True)])
    error = precision.error_of(ratios) if draws > len(ratios) else math.nan
    other = 1.0 - share if assumptions + luck > 0 else 0.0
    return Variance(
        assumptions,
        luck,
        Shares(share_of(precision.Estimate(share, error)), share_of(precision.Estimate(other, error))),
    )


def _of_luck(result: Result, sums: Sums) -> Measure:
    """The sum that has luck's variance: the exact one, where it is known."""
    if result.adds_luck:
        return measures.LUCK_SUM
    varies = float(sums.mean(measures.LUCK_SQUARE)) > 0
    is_exact = result.is_corrected and varies and measures.LUCK_SUM in sums.blocks
    return measures.LUCK_SUM if is_exact else measures.LUCK_SQUARE


def _ratio(part: float, other: float) -> float:
    return float(part / (part + other)) if part + other > 0 else 0.0
