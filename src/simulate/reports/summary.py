"""The answers of a run as plain numbers: the JSON document, which the terminal prints from as well."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from simulate import __version__
from simulate.analysis import breakeven, precision
from simulate.analysis.draws import Draws
from simulate.analysis.precision import Estimate
from simulate.names import BLOCKS, COUNTERFACTUALS
from simulate.point import Point, reported
from simulate.reports.words import not_reproduced
from simulate.run import Result
from simulate.scenario import Loaded

FORMAT = 1
PERCENTILES = (1, 5, 10, 25, 50, 75, 90, 95, 99)


def summary(result: Result, loaded: Loaded) -> dict[str, Any]:
    """Everything that `simulate run --json` prints. Amounts in kroner, chances and shares as such, nothing rounded."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "scenario": scenario(result, loaded),
        "run": run(result, loaded),
        "point": point(result.point),
    }
    if result.draws is not None:
        document |= Answers(result, result.draws).all()
    document["reported"] = reported(result.point)
    if result.draws is not None:
        document["clipped"] = dict(sorted(result.clipped.items()))
    document["warnings"] = warnings(document["reported"], loaded)
    return document


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


def known(error: float) -> float | None:
    """None for an error that these draws cannot tell."""
    return None if math.isnan(error) else error


def by_percentile(found: dict[int, Estimate], field: int = 0) -> dict[str, float]:
    return {str(p): float(estimate[field]) for p, estimate in found.items()}


class Answers:
    """The answers that the draws give, section by section."""

    def __init__(self, result: Result, draws: Draws) -> None:
        self.result, self.draws = result, draws
        self.total = draws.columns["total"]
        self.lives = result.options.engine == "lives"
        years = result.accounts.year_of_period
        ends = {int(np.flatnonzero(years == year)[-1]) for year in range(years[-1] + 1)}
        self.accumulated = []  # mean, percentiles and chance of break-even, by period
        at_year_ends = []
        for i, amounts in enumerate(breakeven.accumulated(draws.columns, result.periods)):
            hits = breakeven.reached(amounts)
            bands = precision.percentiles(amounts, PERCENTILES)
            self.accumulated.append((float(amounts.mean()), bands, precision.chance(hits)))
            if i in ends:
                at_year_ends.append(hits)
        self.first_year = breakeven.first_year_shares(np.stack(at_year_ends))

    def all(self) -> dict[str, Any]:
        found = {
            "provenu": self.provenu(),
            "cumulative": self.cumulative(),
            "lines": self.lines(),
            "areas": self.areas(),
            "person_years": self.person_years(),
            "break_even": self.break_even(),
            "bridge": self.bridge(),
            "targets": self.targets(),
            "cashable": self.part("cashable") | {"expected": self.expected_cashable()},
            "payers": self.payers(),
            "variance": self.variance(),
        }
        if not self.lives:
            found["with_luck"] = self.with_luck()
        if "present value" in self.draws.columns:
            expected = {"expected": float(self.draws.sums.mean("expected present value"))}
            found["present_value"] = self.part("present value") | expected
        return found

    def provenu(self) -> dict[str, Any]:
        mean, sd = precision.mean(self.total), precision.sd(self.total)
        bands = precision.percentiles(self.total, PERCENTILES)
        columns = (self.draws.columns[f"provenu {period}"] for period in self.result.periods)
        each = [
            (precision.mean(column), precision.sd(column), precision.percentiles(column, PERCENTILES))
            for column in columns
        ]
        return {
            "mean": mean.value,
            "sd": sd.value,
            "mean_error": mean.error,
            "sd_error": known(sd.error),
            "percentiles": by_percentile(bands),
            "percentile_errors": by_percentile(bands, field=1),
            "by_year": {
                "mean": [found.value for found, _, _ in each],
                "expected": series(self.result.point.provenu + self.draws.sums.mean("expected")),
                "mean_error": [found.error for found, _, _ in each],
                "sd": [found.value for _, found, _ in each],
                **_by_year([bands for _, _, bands in each]),
            },
        }

    def cumulative(self) -> dict[str, Any]:
        return {
            "mean": [mean for mean, _, _ in self.accumulated],
            **_by_year([bands for _, bands, _ in self.accumulated]),
        }

    def lines(self) -> dict[str, Any]:
        sums = self.draws.sums
        by_period = sums.mean("lines")
        spread = np.maximum(sums.mean("line square") - sums.mean("line deviation") ** 2, 0.0)
        sd = np.sqrt(spread * self.draws.number / (self.draws.number - 1))
        return {
            line.label: {
                "mean": float(by_period[i].sum()),
                "sd": float(sd[i]),
                "area": line.area,
                "cashable": line.cashable,
                "by_year": {"mean": series(by_period[i])},
            }
            for i, line in enumerate(self.result.accounts.lines)
        }

    def areas(self) -> dict[str, Any]:
        names = sorted({line.area for line in self.result.accounts.lines})
        columns = {name: self.draws.columns[f"area {name}"] for name in names}
        return {
            name: {
                "mean": (mean := precision.mean(column)).value,
                "mean_error": mean.error,
                "percentiles": by_percentile(bands := precision.percentiles(column, PERCENTILES)),
                "percentile_errors": by_percentile(bands, field=1),
            }
            for name, column in columns.items()
        }

    def person_years(self) -> dict[str, Any]:
        sums = self.draws.sums
        return person_years(self.result.point, sums.mean("months programme") / 12, sums.mean("months baseline") / 12)

    def break_even(self) -> dict[str, Any]:
        chance = precision.chance(breakeven.reached(self.total))
        shares, never = self.first_year
        first = self.result.scenario.time.first_year
        by_year = [chance for _, _, chance in self.accumulated]
        found = {
            "probability": chance.value,
            "error": chance.error,
            "interval": list(precision.chance_interval(chance, self.draws.number)),
            "by_year": [estimate.value for estimate in by_year],
            "by_year_errors": [estimate.error for estimate in by_year],
            "first_year": {str(first + i): share for i, share in enumerate(shares)} | {"never": never},
        }
        if self.lives:
            each = {name: precision.chance(breakeven.reached(self.under(name))) for name in COUNTERFACTUALS}
            found["counterfactuals"] = {name: estimate.value for name, estimate in each.items()}
            found["counterfactual_errors"] = {name: estimate.error for name, estimate in each.items()}
        return found

    def under(self, counterfactual: str) -> Any:
        """(draw,) provenu when the life without the programme is counted so."""
        if counterfactual == self.result.options.counterfactual:
            return self.total
        return self.draws.columns[f"under {counterfactual}"]

    def bridge(self) -> dict[str, float]:
        at_point = float(self.result.point.provenu.sum())
        return {
            "point": at_point,
            "at_means": float(self.result.at_means.provenu.sum()),
            "expected": at_point + float(self.draws.sums.mean("expected total")),
            "error": precision.error_of(self.draws.sums.block_means("expected total")),
        }

    def targets(self) -> list[dict[str, Any]]:
        means, blocks = self.draws.sums.mean("targets"), self.draws.sums.block_means("targets")
        return [
            {"label": target.label, "probability": float(means[i]), "error": precision.error_of(blocks[:, i])}
            for i, target in enumerate(self.result.scenario.targets)
        ]

    def part(self, column: str) -> dict[str, Any]:
        bands = precision.percentiles(self.draws.columns[column], PERCENTILES)
        return {
            **self.chance(self.draws.columns[column]),
            "percentiles": by_percentile(bands),
            "percentile_errors": by_percentile(bands, field=1),
        }

    def chance(self, values: Any) -> dict[str, float]:
        """Mean, and the chance of at least 0."""
        mean, chance = precision.mean(values), precision.chance(breakeven.reached(values))
        return {
            "mean": mean.value,
            "mean_error": mean.error,
            "probability": chance.value,
            "error": chance.error,
        }

    def expected_cashable(self) -> float:
        """The expected provenu without the savings that are not cashable."""
        lines = self.draws.sums.mean("expected lines")[0]
        counted = [line.cashable or line.kind == "costs" for line in self.result.accounts.lines]
        return float(lines[counted].sum())

    def payers(self) -> dict[str, Any]:
        lines = self.draws.sums.mean("expected lines")
        columns = {"kommune": self.total, "stat": self.draws.columns["stat"]}
        return {
            payer: self.chance(column) | {"expected": float(lines[i].sum())}
            for i, (payer, column) in enumerate(columns.items())
        }

    def with_luck(self) -> dict[str, float]:
        """What luck would add to expected lives: its exact variance, and the chance by the normal distribution."""
        sums = self.draws.sums
        chance = sums.block_means("chance with luck")
        return {
            "variance": float(sums.mean("luck variance")),
            "probability": float(sums.mean("chance with luck")),
            "error": precision.error_of(chance),
        }

    def variance(self) -> dict[str, Any]:
        """Luck: the mean of (lives - expected)²; assumptions: the variance of expected; shares by blocks."""
        sums = self.draws.sums
        n = self.draws.number / (self.draws.number - 1)
        assumptions = max(float(sums.mean("expected square") - sums.mean("expected total") ** 2), 0.0) * n
        found: dict[str, Any] = {"assumptions": assumptions}
        if not self.lives:
            return found | {"shares": {"assumptions": 1.0 if assumptions > 0 else 0.0}}
        luck = float(sums.mean("luck square"))
        each = sums.block_means("expected square") - sums.block_means("expected total") ** 2
        share = _ratio(assumptions, luck)
        blocks = np.array([_ratio(a, b) for a, b in zip(each, sums.block_means("luck square"), strict=True)])
        assert len(blocks) == BLOCKS
        error = precision.error_of(blocks) if self.draws.number > BLOCKS else math.nan
        shares = {"assumptions": share, "luck": 1.0 - share if assumptions + luck > 0 else 0.0}
        return found | {"luck": luck, "shares": shares, "share_error": known(error)}


def _ratio(part: float, other: float) -> float:
    return float(part / (part + other)) if part + other > 0 else 0.0


def _by_year(each: list[dict[int, Estimate]]) -> dict[str, dict[str, list[float]]]:
    """Percentile → by period, and the same of their errors."""
    return {
        "percentiles": {str(p): [found[p].value for found in each] for p in PERCENTILES},
        "percentile_errors": {str(p): [found[p].error for found in each] for p in PERCENTILES},
    }
