"""What a run found: estimates with their errors, read off what is kept of the draws."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate import luck, measures, model
from simulate.analysis import corrected, precision, risk, skewed
from simulate.analysis.breakeven import BREAK_EVEN, accumulated, reached
from simulate.analysis.draws import Draws, Key
from simulate.analysis.mixture import Mixture
from simulate.analysis.precision import STUDENT, Estimate, Spread
from simulate.analysis.undrawn import Undrawn
from simulate.ledger import Accounts
from simulate.measures import Measure
from simulate.names import BLOCKS, COUNTERFACTUALS, Counterfactual
from simulate.options import Options
from simulate.point import Point
from simulate.sampling import Chunk, Sampler
from simulate.scenario import Scenario

Array = NDArray[np.float64]


class Outcome(NamedTuple):
    """The mean of an amount, DKK, and the chance that it is at least 0."""

    mean: Estimate
    chance: Estimate


def _by_draw(values: Array) -> Array:
    return values[:, 0] if values.shape[1] == 1 else values


@dataclass(frozen=True)
class Result:
    """What a run found: the business case's own numbers, and the draws."""

    scenario: Scenario
    options: Options
    accounts: Accounts
    point: Point
    at_means: Point
    draws: Draws | None  # None under the engine `point`
    clipped: dict[str, int] = field(default_factory=dict)
    with_clipped: int = 0  # draws in which any number was clipped
    undrawn: Undrawn = field(default_factory=Undrawn)
    at_drawn: Point | None = None  # every assumption at the mean of its draws
    off_discounted: float = 0.0  # of the present value, as `off`
    steps: luck.Steps | None = None  # in which luck would come, where it is not drawn
    sampler: Sampler | None = None  # of the assumptions

    def assumptions(self) -> dict[str, Array]:
        """What was drawn of each uncertain assumption: (draw,), or (draw, year) where it differs by year; drawn again, to the last bit."""
        if self.draws is None or self.sampler is None:
            return {}
        draws, options = self.draws.number, self.options
        values = self.sampler.draw(options.design, options.seed, Chunk(0, draws, draws // BLOCKS))
        return {one.name: _by_draw(values[one.name]) for one in self.sampler.free}

    @property
    def periods(self) -> list[str]:
        return model.period_labels(self.accounts.model, self.accounts.period)

    @property
    def clipped_shares(self) -> dict[str, float]:
        """Path → share of the draws in which a number had to be clipped to what is possible."""
        return {path: n / self.options.draws for path, n in self.clipped.items()}

    @property
    def is_corrected(self) -> bool:
        """Whether lives correct what is known exactly, and do not stand alone."""
        return self.options.is_corrected

    @property
    def adds_luck(self) -> bool:
        """Whether luck is not drawn, but added: of the total over the horizon, and of nothing else."""
        return self.options.adds_luck

    @property
    def leaves_out_luck(self) -> bool:
        """Whether what is counted on the draws has no luck in it."""
        return self.options.engine == "expected"

    @cached_property
    def mixture(self) -> Mixture:
        """The total with the luck that is not drawn."""
        assert self.draws is not None
        assert self.steps is not None
        columns = self.draws.columns
        sd, skewness = skewed.shape(columns[measures.LUCK_VARIANCE], columns[measures.LUCK_THIRD])
        return Mixture(columns[measures.TOTAL], sd, skewness, self.steps.size, self.steps.left, self.undrawn.mass)

    @property
    def is_certain(self) -> bool:
        """Whether neither assumptions nor luck can change the provenu: nothing is left to be known."""
        if self.draws is None or self.at_drawn is not None or self.options.plain:
            return False
        sums, luck = self.draws.sums, (measures.LUCK_SUM, measures.LUCK_SQUARE)
        return all(one in sums.blocks and float(sums.mean(one)) <= BREAK_EVEN**2 for one in luck)

    @property
    def is_told(self) -> bool:
        """Whether every draw has the same: no assumption is uncertain, and there is no luck in it."""
        return self.is_certain or (self.leaves_out_luck and self.at_drawn is None)

    def off(
        self, lines: NDArray[np.bool_] | list[bool] | None = None, payer: int = 0, period: int | slice = slice(None)
    ) -> float:
        """What the mean of these lines is off at least, DKK: their change as each assumption goes from the mean of its draws to its own.

        lines: all where None; period: one, or several that are added up. Known, and the error of a mean is no smaller: evenly spread points may agree between
        blocks on what none of them has.
        """
        change = self.change[payer] if lines is None else self.change[payer][np.asarray(lines, np.bool_)]
        return abs(float(change[:, period].sum()))

    @cached_property
    def change(self) -> Array:
        """(payer, line, period) DKK, as each assumption goes from the mean of its draws to its own."""
        drawn = self.at_means if self.at_drawn is None else self.at_drawn
        return self.at_means.kroner - drawn.kroner

    @cached_property
    def months_change(self) -> tuple[Array, Array]:
        """The same of person-months (state, period), of the programme and of the baseline."""
        drawn = self.at_means if self.at_drawn is None else self.at_drawn
        pairs = (self.at_means.programme, drawn.programme), (self.at_means.baseline, drawn.baseline)
        programme, baseline = (np.asarray(own.months[0] - other.months[0]) for own, other in pairs)
        return programme, baseline

    def counted(self, hits: NDArray[np.bool_]) -> Estimate:
        """The share of the draws that are hits."""
        return self.as_told(precision.chance(hits, self.undrawn.mass))

    def as_told(self, counted: Estimate) -> Estimate:
        """What was counted on these draws, known exactly where all of them have the same."""
        return precision.certain(counted.value) if self.is_told else counted

    def chance_of(self, value: float, error: float) -> Estimate:
        """A chance that comes of these draws, counted or not, with its error as it was found."""
        assert self.draws is not None
        return self.as_told(precision.chance_of(value, error, self.draws.number, self.undrawn.mass))

    def target(self, place: int) -> Estimate:
        """The chance that the scenario's target of that place is met."""
        assert self.draws is not None
        blocks = self.draws.sums.block_means(measures.TARGETS)[:, place]
        return self.chance_of(float(self.draws.sums.mean(measures.TARGETS)[place]), precision.error_of(blocks))

    def total(self, counterfactual: str) -> Array:
        """(draw,) provenu, DKK, when the life without the programme is counted so."""
        assert self.draws is not None
        own = counterfactual == self.options.counterfactual
        return self.draws.columns[measures.TOTAL if own else (measures.UNDER, counterfactual)]

    def chance(self, counterfactual: Counterfactual | None = None) -> Estimate:
        """The chance of break-even within the horizon, luck and all where that is known, as well as these draws can tell it."""
        name = counterfactual or self.options.counterfactual
        if name not in self._chances:
            self._chances[name] = self._chance(name)
        return self._chances[name]

    @cached_property
    def _chances(self) -> dict[Counterfactual, Estimate]:
        return {}

    def _chance(self, counterfactual: Counterfactual) -> Estimate:
        assert self.draws is not None
        if self.adds_luck and not self.is_certain:
            return self.mixture.chance().estimate
        name = self._first_alike(counterfactual)
        if self.is_certain:
            return precision.certain(float(reached(self.total(name))[0]))
        if self.is_corrected:
            return corrected.chance(self.break_even(name), self.draws.number, self.undrawn.mass)
        return self.counted(reached(self.total(name)))

    def break_even(self, counterfactual: Counterfactual) -> Array:
        """(block, term) means of what corrects the chance."""
        assert self.draws is not None
        place = self.options.counterfactuals.index(counterfactual)
        return self.draws.sums.block_means(measures.BREAK_EVEN)[:, place]

    def chance_without_luck(self) -> Estimate:
        """That the expected provenu of a draw is at least 0; only where the draws have no luck in them."""
        return self.counted(reached(self.total(self.options.counterfactual)))

    def _first_alike(self, counterfactual: Counterfactual) -> Counterfactual:
        """The first counterfactual whose courses are those of this one: the same courses have the same chance."""
        if self.options.engine != "lives":
            return counterfactual
        own = self.total(counterfactual)
        counted = self.options.counterfactuals
        return next(name for name in counted if np.abs(self.total(name) - own).max() <= -BREAK_EVEN)

    def is_range(self) -> bool:
        """Whether the counterfactuals' chances differ by more than the error of their differences (95 %)."""
        assert self.draws is not None
        if self.is_corrected:
            means = (self.break_even(self._first_alike(name)) for name in COUNTERFACTUALS)
            blocks = [corrected.block_chances(one, self.draws.number) for one in means]
        else:
            blocks = [
                precision.in_blocks(reached(self.total(name)).astype(np.float64)).mean(axis=1)
                for name in COUNTERFACTUALS
            ]
        least = precision.unseen(self.draws.number)
        differences = (a - b for a, b in combinations(blocks, 2))
        return any(abs(one.mean()) > STUDENT * max(precision.error_of(one), least) for one in differences)

    def mean(self) -> Estimate:
        """The mean provenu, DKK."""
        assert self.draws is not None
        if not self.is_corrected:
            return precision.mean(self.draws.columns[measures.TOTAL]).at_least(self.off())
        deviations = self.draws.sums.block_means(measures.EXPECTED_OFF)
        found = Estimate(float(self.point.provenu.sum() + deviations.mean()), precision.error_of(deviations))
        return found.at_least(self.off())

    def expected(self) -> Estimate:
        """The mean provenu without luck, DKK: over the draws, of expected lives."""
        assert self.draws is not None
        sums = self.draws.sums
        value = float(self.point.provenu.sum()) + float(sums.mean(measures.EXPECTED_OFF))
        return Estimate(value, max(precision.error_of(sums.block_means(measures.EXPECTED_OFF)), self.off()))

    def means_by_period(self) -> list[Estimate]:
        """The mean provenu of each period, DKK: from expected lives, unless the lives stand alone."""
        assert self.draws is not None
        if self.is_corrected:
            return self.expected_by_period()
        means = precision.means(self.draws.columns[measures.PROVENU, period] for period in self.periods)
        return [mean.at_least(self.off(period=i)) for i, mean in enumerate(means)]

    def expected_by_period(self) -> list[Estimate]:
        """The same without luck."""
        assert self.draws is not None
        means = self.point.provenu + self.draws.sums.mean(measures.EXPECTED_OFF_BY_PERIOD)
        errors = _errors(self.draws.sums.block_means(measures.EXPECTED_OFF_BY_PERIOD))
        each = map(Estimate, means.tolist(), errors.tolist())
        return [one.at_least(self.off(period=i)) for i, one in enumerate(each)]

    def chances_by_period(self) -> list[Estimate]:
        """That the provenu accumulated through each period is at least 0; over the horizon as well as it is known where luck is counted."""
        assert self.draws is not None
        hits = map(reached, accumulated(self.draws.columns, self.periods))
        each = list(map(self.as_told, precision.chances(hits, self.undrawn.mass)))
        return [*each[:-1], self.chance_without_luck() if self.leaves_out_luck else self.chance()]

    def mean_of(self, column: Key, lines: list[bool], payer: int = 0) -> Estimate:
        """Mean of a column that is the sum of these lines, DKK: from expected lives, unless the lives stand alone."""
        assert self.draws is not None
        off = self.off(lines, payer)
        if not self.is_corrected:
            return precision.mean(self.draws.columns[column]).at_least(off)
        blocks = self.draws.sums.block_means(measures.EXPECTED_PAYERS)[:, payer][:, lines].sum(axis=1)
        return Estimate(float(blocks.mean()), precision.error_of(blocks)).at_least(off)

    def months(self) -> tuple[Array, Array]:
        """Mean person-months (state, period) of the programme and of the baseline: of expected lives, unless the lives stand alone."""
        return self._means(self._months)

    @property
    def _months(self) -> tuple[Measure, Measure]:
        expected = (measures.EXPECTED_MONTHS, measures.EXPECTED_BASELINE_MONTHS)
        return expected if self.is_corrected else (measures.MONTHS, measures.BASELINE_MONTHS)

    def person_years(self) -> tuple[list[list[Estimate]], list[list[Estimate]]]:
        """By state and period, of the programme and of the baseline: of expected lives, unless the lives stand alone."""
        assert self.draws is not None
        programme, baseline = (
            _estimates(mean / 12, self.draws.sums.block_means(of) / 12, off / 12)
            for mean, of, off in zip(self.months(), self._months, self.months_change, strict=True)
        )
        return programme, baseline

    def arrivals(self) -> tuple[Array, Array]:
        """The same of moves into a state."""
        expected = (measures.EXPECTED_ARRIVALS, measures.EXPECTED_BASELINE_ARRIVALS)
        return self._means(expected if self.is_corrected else (measures.ARRIVALS, measures.BASELINE_ARRIVALS))

    def _means(self, of: tuple[Measure, Measure]) -> tuple[Array, Array]:
        assert self.draws is not None
        return self.draws.sums.mean(of[0]), self.draws.sums.mean(of[1])

    def sd(self) -> Estimate:
        """The standard deviation of the provenu, DKK, luck and all where that is known."""
        if not self.adds_luck:
            return self.sd_of_draws()
        found = self.mixture.spread().unless(bool(self.undrawn.rare))
        return found.at_least(abs(math.sqrt(max(found.value**2 + self.undrawn.variance, 0.0)) - found.value) / STUDENT)

    def sd_of_draws(self) -> Estimate:
        """Of the totals as they stand in the draws, DKK.

        Its error is at least what is known to be missing: the exact variance of luck, and that of each assumption by the provenu's slope.
        """
        assert self.draws is not None
        found, sums = self.sd_of(self.draws.columns[measures.TOTAL]), self.draws.sums
        known = found.value**2 + self.undrawn.variance
        if self.is_corrected and measures.LUCK_SUM in sums.blocks:
            known = self.expected_variance + float(sums.mean(measures.LUCK_SUM)) + self.undrawn.variance
        return found.at_least(abs(math.sqrt(max(known, 0.0)) - found.value) / STUDENT)

    def sd_of(self, values: Array) -> Estimate:
        """Of (draw,) values; its error is not known where rare values are hardly among the draws."""
        return precision.sd(values).unless(bool(self.undrawn.rare))

    def spread(self, mean: Estimate, values: Array, at: tuple[int, ...]) -> Spread:
        """Of (draw,) values, whose mean is known by itself."""
        return Spread(mean, self.sd_of(values), self.percentiles(values, at))

    @property
    def expected_variance(self) -> float:
        """Of the expected provenu over the draws, DKK²: what the assumptions alone bring about."""
        assert self.draws is not None
        sums, draws = self.draws.sums, self.draws.number
        return (
            max(float(sums.mean(measures.EXPECTED_SQUARE) - sums.mean(measures.EXPECTED_OFF) ** 2), 0.0)
            * draws
            / (draws - 1)
        )

    def percentiles(self, values: Array, at: tuple[int, ...]) -> dict[int, Estimate]:
        """Of (draw,) values."""
        return self.undrawn.told(precision.percentiles(values, at, self.undrawn.mass))

    def bands(self, at: tuple[int, ...]) -> dict[int, Estimate]:
        """Percentiles of the provenu, luck and all where that is known."""
        assert self.draws is not None
        if self.adds_luck:
            return self.undrawn.told(self.mixture.percentiles(at))
        return self.percentiles(self.draws.columns[measures.TOTAL], at)

    def losses(self, losses: Sequence[float]) -> list[risk.Loss]:
        """As risk.chance_of_loss(), luck and all where that is known."""
        assert self.draws is not None
        if self.adds_luck and not self.is_certain:
            return self.mixture.losses(losses)
        total, undrawn = self.draws.columns[measures.TOTAL], self.undrawn.mass
        if self.is_corrected and not self.is_certain:
            name = self._first_alike(self.options.counterfactual)
            blocks = corrected.block_chances(self.break_even(name), self.draws.number)
            found = risk.scaled_chance_of_loss(total, losses, self.chance(), blocks, undrawn)
        else:
            found = risk.chance_of_loss(total, losses, undrawn)
        return [one._replace(chance=self.as_told(one.chance)) for one in found]

    def expected_shortfall(self, share: float) -> Estimate:
        """As risk.expected_shortfall(), luck and all where that is known."""
        assert self.draws is not None
        if self.adds_luck:
            return self.mixture.expected_shortfall(share)
        return risk.expected_shortfall(self.draws.columns[measures.TOTAL], share, self.undrawn.mass)

    def cashable(self) -> Outcome:
        """The provenu without the savings that are not cashable."""
        assert self.draws is not None
        counted = self.accounts.cashable
        mean, is_all = self.mean_of(measures.CASHABLE, counted), all(counted) and not self.leaves_out_luck
        return Outcome(mean, self.chance() if is_all else self.counted(reached(self.draws.columns[measures.CASHABLE])))

    def present_value(self) -> Outcome:
        """The discounted provenu; only where the scenario has a discount rate."""
        assert self.draws is not None
        column = self.draws.columns[measures.PRESENT_VALUE]
        blocks = self.draws.sums.block_means(measures.EXPECTED_PRESENT_VALUE)
        expected = Estimate(float(blocks.mean()), precision.error_of(blocks))
        mean = (expected if self.is_corrected else precision.mean(column)).at_least(self.off_discounted)
        return Outcome(mean, self.counted(reached(column)))


def _estimates(means: Array, blocks: Array, off: Array) -> list[list[Estimate]]:
    """Of means (row, column) over blocks (block, row, column). off: what they are off at least."""
    rows = zip(means.tolist(), np.maximum(_errors(blocks), np.abs(off)).tolist(), strict=True)
    return [list(map(Estimate, *row)) for row in rows]


def _errors(blocks: Array) -> Array:
    """(...,) standard errors of means over blocks (block, ...)."""
    return precision.errors_of(np.ascontiguousarray(np.moveaxis(blocks, 0, -1)))
