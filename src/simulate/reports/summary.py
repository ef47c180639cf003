"""The answers of a run as plain numbers: the JSON document, which the terminal prints from as well."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulate import __version__, measures
from simulate.analysis import breakeven, precision
from simulate.analysis.draws import Draws, Sums
from simulate.analysis.precision import Estimate
from simulate.analysis.risk import lowest_point
from simulate.analysis.undrawn import Undrawn
from simulate.engine import Outcome, Result
from simulate.measures import Measure
from simulate.names import BLOCKS, COUNTERFACTUALS
from simulate.point import Point, reported
from simulate.reports import budget, programmes, risk
from simulate.reports.estimates import by_percentile, intervals, known, without_luck
from simulate.reports.words import not_reproduced
from simulate.scenario import Loaded, queries

Array = NDArray[np.float64]

FORMAT = 1
PERCENTILES = (1, 5, 10, 25, 50, 75, 90, 95, 99)


def summary(
    result: Result,
    loaded: Loaded,
    convergence: dict[str, Any] | None = None,
    losses: Sequence[float] = risk.LOSSES,
) -> dict[str, Any]:
    """Everything that `simulate run --json` prints. Amounts in kroner, chances and shares as such, nothing rounded.

    convergence: how a precision that was asked for was reached. losses: DKK, of which the chance to lose more is given.
    """
    document = head(result, loaded) | {"point": point(result.point)}
    if result.draws is not None:
        document |= Answers(result, result.draws, losses).all()
    document["budget"] = budget.of_point(result.point) if result.draws is None else budget.of_draws(result)
    if result.scenario.parts:
        document["programmes"] = programmes.section(result)
    document["reported"] = reported(result.point)
    if result.draws is not None:
        document["clipped"] = dict(sorted(result.clipped.items()))
    if convergence is not None:
        document["convergence"] = convergence
    document["warnings"] = warnings(document["reported"], loaded)
    return document


def head(result: Result, loaded: Loaded) -> dict[str, Any]:
    """What every document begins with."""
    return {"format": FORMAT, "scenario": scenario(result, loaded), "run": run(result, loaded)}


def scenario(result: Result, loaded: Loaded) -> dict[str, Any]:
    time = result.scenario.time
    return {
        "title": result.scenario.title,
        "file": loaded.file,
        "sha256": loaded.sha256,
        "first_year": time.first_year,
        "years": time.years,
        "periods": result.periods,
    }


def run(result: Result, loaded: Loaded) -> dict[str, Any]:
    options = result.options
    return {
        "engine": options.engine,
        "draws": options.draws,
        "seed": options.seed,
        "counterfactual": options.counterfactual,
        "design": options.design,
        "period": options.period,
        "plain": options.plain,
        "set": list(loaded.changes),
        "version": __version__,
    }


def series(by_period: Any) -> list[float]:
    return [float(value) for value in by_period]


def point(one: Point) -> dict[str, Any]:
    lines = {
        line.label: {"by_year": series(one.kroner[0, i]), "total": float(one.kroner[0, i].sum())}
        for i, line in enumerate(one.accounts.lines)
    }
    return {
        "provenu": {"by_year": series(one.provenu), "total": float(one.provenu.sum())},
        "lines": lines,
        "person_years": person_years(one, one.programme.months[0] / 12, one.baseline.months[0] / 12),
    }


def person_years(one: Point, programme: Any, baseline: Any) -> dict[str, Any]:
    """Role → state → arm → by period, of (state, period) arrays."""
    found: dict[str, Any] = {role: {} for role in one.accounts.model.scenario.roles}
    for i, (role, state) in enumerate(one.accounts.model.states):
        found[role][state] = {"baseline": series(baseline[i]), "programme": series(programme[i])}
    return found


def warnings(rows: list[dict[str, Any]], loaded: Loaded) -> list[str]:
    said = [problem.at(loaded.file) for problem in loaded.warnings]
    return said + [not_reproduced(row) for row in rows if not row["reproduced"]]


class Answers:
    """The answers that the draws give, section by section."""

    def __init__(self, result: Result, draws: Draws, losses: Sequence[float] = risk.LOSSES) -> None:
        self.result, self.draws, self.losses = result, draws, losses
        self.total = draws.columns[measures.TOTAL]
        self.lives = result.options.engine == "lives"
        self.corrected = result.is_corrected
        self.accumulated: list[tuple[float, dict[int, Estimate], Estimate]] = []  # mean, percentiles, chance; by period
        self.year_ends = np.zeros((result.scenario.time.years, draws.number), bool)  # whether at break-even
        self.lowest = lowest_point(self.walk(), risk.PERCENTILES, result.undrawn.mass)

    def walk(self) -> Iterator[Array]:
        """The accumulated provenu (draw,) of each period, read once for all that is told of it."""
        years = self.result.accounts.year_of_period
        for i, amounts in enumerate(breakeven.accumulated(self.draws.columns, self.result.periods)):
            hits = breakeven.reached(amounts)
            bands = self.result.percentiles(amounts, PERCENTILES)
            self.accumulated.append((float(amounts.mean()), bands, self.result.counted(hits)))
            self.year_ends[years[i]] = hits  # the year's last period stays
            yield amounts

    def all(self) -> dict[str, Any]:
        found = {
            "provenu": self.provenu(),
            "cumulative": self.cumulative(),
            "lines": self.lines(),
            "areas": self.areas(),
            "person_years": self.person_years(),
            "break_even": self.break_even(),
            "risk": risk.section(self.result, self.draws, self.losses, self.lowest, self.year_ends),
            "bridge": self.bridge(),
            "targets": self.targets(),
            "cashable": self.cashable(),
            "payers": self.payers(),
            "variance": variance(self.result),
            "undrawn": undrawn(self.result.undrawn),
        }
        if self.result.adds_luck:
            found["with_luck"] = self.with_luck()
        if measures.PRESENT_VALUE in self.draws.columns:
            found["present_value"] = self.present_value()
        return found

    def provenu(self) -> dict[str, Any]:
        mean = self.result.mean()
        columns = (self.draws.columns[measures.PROVENU, period] for period in self.result.periods)
        means, expected = self.mean_by_period(), self.expected_by_period()
        each = [
            (means[i] or precision.mean(column), precision.sd(column), self.result.percentiles(column, PERCENTILES))
            for i, column in enumerate(columns)
        ]
        by_year = {
            "mean": [found.value for found, _, _ in each],
            "expected": [found.value for found in expected],
            "expected_error": [found.error for found in expected],
            "mean_error": [found.error for found, _, _ in each],
            "sd": [found.value for _, found, _ in each],
            **_by_year([bands for _, _, bands in each]),
        }
        found = {"mean": mean.value, "mean_error": mean.error, "by_year": self.counted(by_year)}
        if not self.result.leaves_out_luck or self.result.adds_luck:
            found |= _spread(self.result.sd(), self.result.bands(PERCENTILES))
        if self.result.leaves_out_luck:
            bands = self.result.percentiles(self.total, PERCENTILES)
            found["without_luck"] = _spread(self.result.sd_of_draws(), bands)
        return found

    def counted(self, section: dict[str, Any]) -> dict[str, Any]:
        """Figures counted on the draws, under names that say so where luck is not in them."""
        return without_luck(section) if self.result.leaves_out_luck else section

    def mean_by_period(self) -> list[Estimate | None]:
        """Mean provenu of each period from expected lives; None where the lives stand alone."""
        return [*self.expected_by_period()] if self.corrected else [None] * len(self.result.periods)

    def expected_by_period(self) -> list[Estimate]:
        blocks, means = (
            self.draws.sums.block_means(measures.EXPECTED_OFF_BY_PERIOD),
            self.result.point.provenu + self.draws.sums.mean(measures.EXPECTED_OFF_BY_PERIOD),
        )
        return [
            Estimate(float(mean), precision.error_of(own)).at_least(self.result.off(period=i))
            for i, (mean, own) in enumerate(zip(means, blocks.T, strict=True))
        ]

    def cumulative(self) -> dict[str, Any]:
        means = [mean for mean, _, _ in self.accumulated]
        if self.corrected:
            means = series(np.cumsum(self.result.point.provenu + self.draws.sums.mean(measures.EXPECTED_OFF_BY_PERIOD)))
        return self.counted({"mean": means, **_by_year([bands for _, bands, _ in self.accumulated])})

    def lines(self) -> dict[str, Any]:
        sums = self.draws.sums
        by_period = sums.mean(measures.EXPECTED_LINES if self.corrected else measures.LINES)
        spread = np.maximum(sums.mean(measures.LINE_SQUARE) - sums.mean(measures.LINE_OFF) ** 2, 0.0)
        sd = np.sqrt(spread * self.draws.number / (self.draws.number - 1))
        return {
            line.label: self.counted({"mean": float(by_period[i].sum()), "sd": float(sd[i])})
            | {"area": line.area, "cashable": line.cashable, "by_year": {"mean": series(by_period[i])}}
            for i, line in enumerate(self.result.accounts.lines)
        }

    def areas(self) -> dict[str, Any]:
        found = {}
        for name in sorted({line.area for line in self.result.accounts.lines}):
            mean = self.result.mean_of(
                (measures.AREA, name), [line.area == name for line in self.result.accounts.lines]
            )
            bands = self.result.percentiles(self.draws.columns[measures.AREA, name], PERCENTILES)
            found[name] = {"mean": mean.value, "mean_error": mean.error} | self.counted(
                {"percentiles": by_percentile(bands), "percentile_errors": by_percentile(bands, field=1)}
            )
        return found

    def person_years(self) -> dict[str, Any]:
        programme, baseline = self.result.months()
        return person_years(self.result.point, programme / 12, baseline / 12)

    def break_even(self) -> dict[str, Any]:
        without = self.result.leaves_out_luck
        chance = self.result.chance_without_luck() if without else self.result.chance()
        shares, never = breakeven.scaled(*breakeven.first_year_shares(self.year_ends), chance.value)
        first = self.result.scenario.time.first_year
        by_period = [*(found for _, _, found in self.accumulated[:-1]), chance]
        found = self.counted(
            _probability(chance)
            | {
                "by_year": [estimate.value for estimate in by_period],
                "by_year_errors": [estimate.error for estimate in by_period],
                "first_year": {str(first + i): share for i, share in enumerate(shares)} | {"never": never},
            }
        )
        if self.result.adds_luck:
            found = _probability(self.result.chance()) | found
        if self.lives:
            each = {name: self.result.chance(name) for name in COUNTERFACTUALS}
            found["counterfactuals"] = {name: estimate.value for name, estimate in each.items()}
            found["counterfactual_errors"] = {name: estimate.error for name, estimate in each.items()}
            found["counterfactuals_differ"] = self.result.is_range()
        return found

    def bridge(self) -> dict[str, float]:
        at_point, at_means = (float(one.provenu.sum()) for one in (self.result.point, self.result.at_means))
        expected = at_point + float(self.draws.sums.mean(measures.EXPECTED_OFF))
        return {
            "point": at_point,
            "at_means": at_means,
            "expected": expected,
            "error": max(precision.error_of(self.draws.sums.block_means(measures.EXPECTED_OFF)), self.result.off()),
            "of_means": at_means - at_point,
            "of_model": expected - at_means,
        }

    def targets(self) -> list[dict[str, Any]]:
        means, blocks = self.draws.sums.mean(measures.TARGETS), self.draws.sums.block_means(measures.TARGETS)
        return [
            {"label": target.label}
            | self.counted({"probability": float(means[i]), "error": precision.error_of(blocks[:, i])})
            for i, target in enumerate(self.result.scenario.targets)
        ]

    def part(self, column: Measure, found: Outcome) -> dict[str, Any]:
        bands = self.result.percentiles(self.draws.columns[column], PERCENTILES)
        return self.counted(
            _chance(*found) | {"percentiles": by_percentile(bands), "percentile_errors": by_percentile(bands, field=1)}
        )

    def cashable(self) -> dict[str, Any]:
        """The provenu without the savings that are not cashable."""
        expected = self.draws.sums.mean(measures.EXPECTED_PAYERS)[0][self.result.accounts.cashable].sum()
        return self.part(measures.CASHABLE, self.result.cashable()) | {"expected": float(expected)}

    def present_value(self) -> dict[str, Any]:
        expected = self.draws.sums.block_means(measures.EXPECTED_PRESENT_VALUE).mean()
        rate = queries.at_year(self.result.scenario.money.discount_rate, 0, self.result.scenario)
        return self.part(measures.PRESENT_VALUE, self.result.present_value()) | {
            "expected": float(expected),
            "rate": rate,
        }

    def payers(self) -> dict[str, Any]:
        lines = self.draws.sums.mean(measures.EXPECTED_PAYERS)
        everything = [True] * len(self.result.accounts.lines)
        state = self.draws.columns[measures.STATE]
        found = {
            "kommune": _chance(self.result.mean(), self.result.chance()),
            "stat": self.counted(
                _chance(
                    self.result.mean_of(measures.STATE, everything, payer=1),
                    self.result.counted(breakeven.reached(state)),
                )
            ),
        }
        if not self.result.adds_luck:
            found["kommune"] = self.counted(found["kommune"])
        return {payer: one | {"expected": float(lines[i].sum())} for i, (payer, one) in enumerate(found.items())}

    def with_luck(self) -> dict[str, Any]:
        """What luck would add to expected lives: its exact variance and skewness, and the chance that follows from them."""
        steps, found = self.result.steps, self.result.mixture.chance()
        assert steps is not None
        return {
            "variance": float(self.draws.sums.mean(measures.LUCK_SUM)),
            "skewness": found.skewness,
            "step": steps.left,
            **_probability(self.result.chance()),
            "approximation_error": found.approximation,
            "normal_probability": found.normal,
            "few_events": found.is_rough(steps.left),
        }


def undrawn(found: Undrawn) -> dict[str, Any]:
    """What the draws of the assumptions leave out. needed: null where no number of draws will do."""
    rows = [
        {
            "assumption": one.assumption,
            "value": one.value,
            "probability": one.probability,
            "expected": one.expected,
            "needed": one.needed if math.isfinite(one.needed) else None,
        }
        for one in found.rare
    ]
    return {"mass": found.mass, "rare": rows}


def variance(result: Result) -> dict[str, Any]:
    """Luck: its exact variance, or the mean of (lives - expected)²; assumptions: the variance of expected; shares by blocks."""
    assert result.draws is not None
    sums, draws = result.draws.sums, result.draws.number
    assumptions = result.expected_variance
    found: dict[str, Any] = {"assumptions": assumptions}
    if result.leaves_out_luck and not result.adds_luck:
        return found | {"shares": {"assumptions": 1.0 if assumptions > 0 else 0.0}}
    of_luck = _of_luck(result, sums)
    luck = float(sums.mean(of_luck))
    each = sums.block_means(measures.EXPECTED_SQUARE) - sums.block_means(measures.EXPECTED_OFF) ** 2
    share = _ratio(assumptions, luck)
    blocks = np.array([_ratio(a, b) for a, b in zip(each, sums.block_means(of_luck), strict=True)])
    assert len(blocks) == BLOCKS
    error = precision.error_of(blocks) if draws > BLOCKS else math.nan
    shares = {"assumptions": share, "luck": 1.0 - share if assumptions + luck > 0 else 0.0}
    return found | {"luck": luck, "shares": shares, "share_error": known(error)}


def _of_luck(result: Result, sums: Sums) -> Measure:
    """The sum that has luck's variance: the exact one, where it is known."""
    if result.adds_luck:
        return measures.LUCK_SUM
    varies = float(sums.mean(measures.LUCK_SQUARE)) > 0
    is_exact = result.is_corrected and varies and measures.LUCK_SUM in sums.blocks
    return measures.LUCK_SUM if is_exact else measures.LUCK_SQUARE


def _probability(chance: Estimate) -> dict[str, Any]:
    return {"probability": chance.value, "error": chance.error, "interval": list(chance.interval)}


def _spread(sd: Estimate, bands: dict[int, Estimate]) -> dict[str, Any]:
    return {
        "sd": sd.value,
        "sd_error": known(sd.error),
        "percentiles": by_percentile(bands),
        "percentile_errors": by_percentile(bands, field=1),
        "percentile_intervals": intervals(bands),
    }


def _chance(mean: Estimate, chance: Estimate) -> dict[str, float]:
    """Mean, and the chance of at least 0."""
    return {"mean": mean.value, "mean_error": mean.error, "probability": chance.value, "error": chance.error}


def _ratio(part: float, other: float) -> float:
    return float(part / (part + other)) if part + other > 0 else 0.0


def _by_year(each: list[dict[int, Estimate]]) -> dict[str, dict[str, list[float]]]:
    """Percentile → by period, and the same of their errors."""
    return {
        "percentiles": {str(p): [found[p].value for found in each] for p in PERCENTILES},
        "percentile_errors": {str(p): [found[p].error for found in each] for p in PERCENTILES},
    }
