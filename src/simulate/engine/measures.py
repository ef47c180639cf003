"""What is kept of each draw, and what is summed over the draws of each block."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simulate import model
from simulate.analysis import corrected, skewed
from simulate.analysis.breakeven import reached
from simulate.engine.sample import Sample
from simulate.engine.valuation import Valuation
from simulate.ledger import Accounts
from simulate.names import Counterfactual
from simulate.options import Options
from simulate.point import Point
from simulate.scenario.schema import Target

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Measures:
    """What is kept of a sample that was valued."""

    options: Options
    accounts: Accounts
    at_point: Point

    @cached_property
    def periods(self) -> list[str]:
        return model.period_labels(self.accounts.model, self.accounts.period)

    @cached_property
    def areas(self) -> list[str]:
        return sorted({line.area for line in self.accounts.lines})

    @property
    def discounted(self) -> bool:
        return bool(self.accounts.model.scenario.money.discount_rate)

    @property
    def baseline(self) -> Counterfactual:
        return self.options.counterfactual if self.options.engine == "lives" else "expected"

    @property
    def names(self) -> list[str]:
        """The columns that are kept of each draw."""
        found = [f"provenu {period}" for period in self.periods] + [f"area {area}" for area in self.areas]
        found += [f"part {part}" for part in self.accounts.of_part]
        found += ["total", "cashable", "stat"] + ["present value"] * self.discounted
        if self.options.engine == "lives":
            found += [f"under {name}" for name in self.options.counterfactuals if name != self.baseline]
        if self.options.adds_luck:
            found += ["luck sd", "luck skewness"]
        return found + ["expected"] * self.options.keep_expected

    def of(self, sample: Sample, valued: Valuation, same_luck: float) -> tuple[dict[str, Array], dict[str, Array]]:
        """Columns (draw,), and what is summed (draw, ...). same_luck: as the function of that name tells it."""
        columns, sums = self.kept(sample, valued)
        expected = self.expectation(sample, valued)
        columns["expected"] = expected["expected total"] + self.at_point.provenu.sum()
        if self.options.adds_luck:
            columns["luck sd"], columns["luck skewness"], sums["luck variance"] = self.luck_of(sample, valued)
        sums |= expected | self.spread(sample, valued, columns, expected, same_luck) | self.drawn(sample, expected)
        return columns, sums

    def kept(self, sample: Sample, valued: Valuation) -> tuple[dict[str, Array], dict[str, Array]]:
        """Of the lives as they were lived."""
        chosen = valued.kroner[self.baseline]
        provenu = chosen[:, 0].sum(axis=1)
        lines = chosen[:, 0].sum(axis=2)
        columns = {f"provenu {name}": provenu[:, p] for p, name in enumerate(self.periods)}
        for area in self.areas:
            columns[f"area {area}"] = lines[:, [line.area == area for line in self.accounts.lines]].sum(axis=1)
        for part, own in self.accounts.of_part.items():
            columns[f"part {part}"] = lines[:, own].sum(axis=1)
        columns["total"] = provenu.sum(axis=1)
        columns["cashable"] = lines[:, self.accounts.cashable].sum(axis=1)
        columns["stat"] = chosen[:, 1].sum(axis=(1, 2))
        if self.discounted:
            columns["present value"] = (provenu * valued.prices.discount).sum(axis=1)
        for name in valued.kroner.keys() - {self.baseline}:
            columns[f"under {name}"] = valued.total(name)
        off = lines - self.at_point.kroner[0].sum(axis=1)
        sums = {"lines": chosen[:, 0], "line deviation": off, "line square": off**2}
        for arm, one in (("programme", sample.programme), ("baseline", sample.baselines[self.baseline])):
            sums[f"months {arm}"], sums[f"arrivals {arm}"] = one.months, one.arrivals
        savings = chosen[:, 0, [line.kind != "costs" for line in self.accounts.lines]].sum(axis=1)
        hits = [hit(self.accounts, target, provenu, savings) for target in self.accounts.model.scenario.targets]
        sums["targets"] = np.stack(hits, axis=1) if hits else np.zeros((len(lines), 0))
        return columns, sums

    def expectation(self, sample: Sample, valued: Valuation) -> dict[str, Array]:
        """What lives bring on average, without luck, to be summed over draws.

        expected (draw, period) and its total (draw,), as deviations from the business case's own number; expected lines (draw, payer, line)
        and (draw, line, period) of the municipality as they are; expected months and arrivals (draw, state, period) of both arms.
        """
        programme, baseline = (
            sample.expected[:2] if sample.expected else (self.at_point.programme, self.at_point.baseline)
        )
        by_period = valued.expected[:, 0].sum(axis=1)
        found = {
            "expected": by_period - self.at_point.provenu,
            "expected total": (by_period - self.at_point.provenu).sum(axis=1),
            "expected lines": valued.expected.sum(axis=3),
            "expected lines by period": valued.expected[:, 0],
            "expected present value": (by_period * valued.prices.discount).sum(axis=1),
        }
        for arm, one in (("programme", programme), ("baseline", baseline)):
            found |= {f"expected months {arm}": one.months, f"expected arrivals {arm}": one.arrivals}
        return {name: np.broadcast_to(value, (sample.draws, *value.shape[1:])) for name, value in found.items()}

    def drawn(self, sample: Sample, expected: dict[str, Array]) -> dict[str, Array]:
        """Of all columns of numbers drawn (draw, column): themselves, their squares, and their products with the expected provenu."""
        if not sample.numbers:
            return {}
        numbers = np.concatenate(list(sample.numbers.values()), axis=1)
        by = numbers * expected["expected total"][:, None]
        return {"drawn": numbers, "drawn square": numbers**2, "drawn by expected": by}

    def spread(
        self,
        sample: Sample,
        valued: Valuation,
        columns: dict[str, Array],
        expected: dict[str, Array],
        same_luck: float,
    ) -> dict[str, Array]:
        """What the variance, its split into assumptions and luck, and the chance of break-even need (draw, ...)."""
        mean = expected["expected total"] + self.at_point.provenu.sum()
        provenu = np.stack([columns[f"provenu {name}"] for name in self.periods], axis=1)
        # 0 to the last bit where nothing varies
        beyond = (provenu - self.at_point.provenu - expected["expected"]).sum(axis=1)
        found = {"expected square": expected["expected total"] ** 2, "luck square": beyond**2}
        if not self.options.is_corrected:
            return found
        known = sample.luck(self.accounts, valued.prices)
        variance: dict[Counterfactual, Array] = {
            "expected": known.expected,
            "own-luck": known.own_luck,
            "same-luck": known.own_luck * same_luck,
        }
        if self.baseline != "same-luck":
            found["luck variance"] = np.broadcast_to(variance[self.baseline], mean.shape)
        for name in valued.kroner:
            of = np.broadcast_to(variance[name], mean.shape)
            found[f"break-even {name}"] = corrected.terms(valued.total(name), mean, of, exact=name != "same-luck")
        return found

    def luck_of(self, sample: Sample, valued: Valuation) -> tuple[Array, Array, Array]:
        """What luck would add to expected lives: (draw,) sd, DKK, and skewness, 0 where it has no part, and variance, DKK²."""
        known = sample.luck(self.accounts, valued.prices, "expected")
        assert known.third is not None
        variance, third = (np.broadcast_to(one, sample.draws) for one in (known.expected, known.third))
        return *skewed.shape(variance, third), variance


def same_luck(accounts: Accounts, at_point: Point, sample: Sample, valued: Valuation) -> float:
    """About what share of the variance with luck of its own is left with the same luck."""
    own = sample.luck(accounts, valued.prices).own_luck
    off = (valued.expected[:, 0].sum(axis=1) - at_point.provenu).sum(axis=1)
    found = ((valued.total("same-luck") - (off + at_point.provenu.sum())) ** 2).sum()
    known = np.broadcast_to(own, sample.draws).sum()
    return float(found / known) if known > 0 else 1.0


def hit(accounts: Accounts, target: Target, provenu: Array, savings: Array) -> Array:
    """(draw,) 1.0 where a target is reached, of provenu and savings (draw, period), DKK."""
    years = accounts.year_of_period
    of = provenu if target.of == "provenu" else savings
    by_year = np.stack([of[:, years == year].sum(axis=1) for year in range(years[-1] + 1)], axis=1)
    if target.total is not None:
        hit = reached(by_year.sum(axis=1), target.total)
    elif target.yearly is not None:
        hit = np.asarray(reached(by_year, target.yearly).all(axis=1))
    else:
        assert target.year is not None
        year = target.year - accounts.model.scenario.time.first_year
        hit = reached(by_year[:, year], target.amount)
    return np.asarray(hit, dtype=np.float64)
