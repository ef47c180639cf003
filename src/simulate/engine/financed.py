"""What a run found with what others pay: estimates beside those of the provenu, on the same draws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simulate import measures
from simulate.analysis import breakeven, corrected, precision
from simulate.analysis.mixture import Mixture
from simulate.analysis.precision import Estimate
from simulate.engine.result import Result

Array = NDArray[np.float64]


def is_financed(result: Result) -> bool:
    """Whether the run kept what others pay."""
    return result.draws is not None and measures.FINANCING in result.draws.columns


@dataclass(frozen=True)
class Financed:
    """Of a run that kept what others pay. Payment by results is counted where its target is reached, on the courses as they are."""

    result: Result

    @cached_property
    def total(self) -> Array:
        """(draw,) provenu over the horizon and what others pay, DKK."""
        assert self.result.draws is not None
        columns = self.result.draws.columns
        paid = sum(columns[measures.FINANCING, period] for period in self.result.periods)
        return np.asarray(columns[measures.TOTAL] + paid)

    def accumulated(self) -> Iterator[Array]:
        """(draw,) the same from the beginning through each period."""
        assert self.result.draws is not None
        columns = self.result.draws.columns
        so_far = breakeven.accumulated(columns, self.result.periods)
        paid = np.zeros(columns.draws)
        for period, amounts in zip(self.result.periods, so_far, strict=True):
            paid = paid + columns[measures.FINANCING, period]
            yield amounts + paid

    @cached_property
    def blocks(self) -> Array:
        """(block, financing line, period) mean kroner: of expected families, unless the lives stand alone."""
        assert self.result.draws is not None
        of = measures.EXPECTED_FINANCED if self.result.is_corrected else measures.FINANCED
        return self.result.draws.sums.block_means(of)

    @cached_property
    def off(self) -> Array:
        """(financing line, period) what these means are off, DKK, with its sign, as each assumption goes from the mean of its draws to its own."""
        at_means = self.result.at_means
        drawn = at_means if self.result.at_drawn is None else self.result.at_drawn
        return np.where(self.result.accounts.of_results[:, None], 0.0, at_means.financing - drawn.financing)

    @cached_property
    def rough(self) -> Array:
        """(financing line, period) the error that payment by results has at least, DKK: that of the chance of its target."""
        promised = self.result.at_means.financing
        found = np.zeros_like(promised)
        for i, place in self._hanging:
            found[i] = self.result.target(place).error * np.abs(promised[i])
        return found

    @property
    def _hanging(self) -> list[tuple[int, int]]:
        """Lines that are paid by results, and the place of the target of each."""
        scenario = self.result.scenario
        labels = [one.label for one in scenario.targets]
        rows = enumerate(scenario.financing)
        return [(i, labels.index(one.when_target)) for i, one in rows if one.when_target is not None]

    @property
    def provenu_blocks(self) -> Array:
        """(block, period) mean provenu without what others pay: as that of the run."""
        assert self.result.draws is not None
        if self.result.is_corrected:
            return self.result.point.provenu + self.result.draws.sums.block_means(measures.EXPECTED_OFF_BY_PERIOD)
        columns = self.result.draws.columns
        by_period = [
            precision.in_blocks(columns[measures.PROVENU, period]).mean(axis=1) for period in self.result.periods
        ]
        return np.stack(by_period, axis=1)

    def means(self, accumulated: bool = False) -> list[Estimate]:
        """By period, of both together; accumulated: through each."""
        blocks = self.provenu_blocks + self.blocks.sum(axis=1)
        off, rough = self.result.change[0].sum(axis=0) + self.off.sum(axis=0), self.rough.sum(axis=0)
        if accumulated:
            blocks, off, rough = np.cumsum(blocks, axis=1), np.cumsum(off), np.cumsum(rough)
        least = np.abs(off) + rough
        values, errors = blocks.mean(axis=0).tolist(), precision.errors_of(blocks.T).tolist()
        return [Estimate(*one).at_least(float(off)) for *one, off in zip(values, errors, least, strict=True)]

    def mean(self) -> Estimate:
        """Over the horizon."""
        return self.means(accumulated=True)[-1]

    def chance(self) -> Estimate | None:
        """Of break-even over the horizon with it, luck and all; None where these draws do not tell it."""
        result = self.result
        if result.adds_luck and not result.is_certain:
            mixture = self._mixture
            return None if mixture is None else mixture.chance().estimate
        if result.leaves_out_luck and not result.adds_luck:
            return None
        assert result.draws is not None
        if measures.BREAK_EVEN_FINANCED in result.draws.sums.blocks and not result.is_certain:
            terms = result.draws.sums.block_means(measures.BREAK_EVEN_FINANCED)
            return corrected.chance(terms, result.draws.number, result.undrawn.mass)
        return self.counted()

    def counted(self) -> Estimate:
        """The share of the courses as they stand in the draws."""
        return self.result.counted(breakeven.reached(self.total))

    def bands(self, at: tuple[int, ...]) -> dict[int, Estimate] | None:
        """Percentiles over the horizon, luck and all; None where these draws do not tell them."""
        if self.result.adds_luck:
            mixture = self._mixture
            return None if mixture is None else self.result.undrawn.told(mixture.percentiles(at))
        return None if self.result.leaves_out_luck else self.result.percentiles(self.total, at)

    def sd(self) -> Estimate | None:
        """As bands()."""
        if self.result.adds_luck:
            mixture = self._mixture
            return None if mixture is None else mixture.spread().unless(bool(self.result.undrawn.rare))
        return None if self.result.leaves_out_luck else self.result.sd_of(self.total)

    @cached_property
    def _mixture(self) -> Mixture | None:
        """With the luck that is not drawn; none where what others pay has luck of its own, by the families that enter."""
        if any(line.per_family for line in self.result.scenario.financing):
            return None
        own = self.result.mixture
        return replace(own, mean=self.total)

    def chances_by_period(self, whole: Estimate) -> list[Estimate]:
        """That what is accumulated through each period is at least 0; whole: the last one, which is known better."""
        hits = map(breakeven.reached, self.accumulated())
        each = [self.result.as_told(one) for one in precision.chances(hits, self.result.undrawn.mass)]
        return [*each[:-1], whole]

    def first_years(self, whole: Estimate) -> dict[str, Estimate]:
        """Year, or "never" → the chance that it is the first from which on the accumulated amount stays at least 0."""
        ends = np.zeros((self.result.scenario.time.years, len(self.total)), bool)
        for year, amounts in zip(self.result.accounts.year_of_period, self.accumulated(), strict=True):
            ends[year] = breakeven.reached(amounts)  # the year's last period stays
        errors, never_error = breakeven.first_year_errors(ends)
        shares, never = breakeven.scaled(*breakeven.first_year_shares(ends), whole.value)
        first = self.result.scenario.time.first_year
        names = [*(str(first + i) for i in range(len(shares))), "never"]
        pairs = zip([*shares, never], [*errors, never_error], strict=True)
        return {name: self.result.chance_of(*pair) for name, pair in zip(names, pairs, strict=True)}
