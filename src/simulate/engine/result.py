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
from simulate.analysis.breakeven import BREAK_EVEN, reached
from simulate.analysis.draws import Draws, Key
from simulate.analysis.mixture import Mixture
from simulate.analysis.precision import STUDENT, Estimate
from simulate.analysis.undrawn import Undrawn
from simulate.ledger import Accounts
from simulate.measures import Measure
from simulate.names import COUNTERFACTUALS, Counterfactual
from simulate.options import Options
from simulate.point import Point
from simulate.scenario import Scenario

Array = NDArray[np.float64]


class Outcome(NamedTuple):
    """The mean of an amount, DKK, and the chance that it is at least 0."""

    mean: Estimate
    chance: Estimate


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
    undrawn: Undrawn = field(default_factory=Undrawn)
    at_drawn: Point | None = None  # every assumption at the mean of its draws
    off_discounted: float = 0.0  # of the present value, as `off`
    steps: luck.Steps | None = None  # in which luck would come, where it is not drawn

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

    def counted(self, hits: NDArray[np.bool_]) -> Estimate:
        """The share of the draws that are hits."""
        return precision.certain(float(hits[0])) if self.is_certain else precision.chance(hits, self.undrawn.mass)

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
        reach = reached(self.total(self.options.counterfactual))
        return precision.certain(float(reach[0])) if self.at_drawn is None else self.counted(reach)

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
        expected, lived = (
            (measures.EXPECTED_MONTHS, measures.EXPECTED_BASELINE_MONTHS),
            (measures.MONTHS, measures.BASELINE_MONTHS),
        )
        return self._means(expected if self.is_corrected else lived)

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
        found, sums = precision.sd(self.draws.columns[measures.TOTAL]), self.draws.sums
        if self.undrawn.rare:
            return found.unless(True)
        known = found.value**2 + self.undrawn.variance
        if self.is_corrected and measures.LUCK_SUM in sums.blocks:
            known = self.expected_variance + float(sums.mean(measures.LUCK_SUM)) + self.undrawn.variance
        return found.at_least(abs(math.sqrt(max(known, 0.0)) - found.value) / STUDENT)

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
        return precision.percentiles(values, at, self.undrawn.mass)

    def bands(self, at: tuple[int, ...]) -> dict[int, Estimate]:
        """Percentiles of the provenu, luck and all where that is known."""
        assert self.draws is not None
        return (
            self.mixture.percentiles(at) if self.adds_luck else self.percentiles(self.draws.columns[measures.TOTAL], at)
        )

    def losses(self, losses: Sequence[float]) -> list[risk.Loss]:
        """As risk.chance_of_loss(), luck and all where that is known."""
        assert self.draws is not None
        if self.adds_luck:
            return self.mixture.losses(losses)
        return risk.chance_of_loss(self.draws.columns[measures.TOTAL], losses, self.undrawn.mass)

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
