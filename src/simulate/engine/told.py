"""What a run at other prices would find, from runs of the same lives: all that is a polynomial in prices with weights of its own degree, the rest
made anew from that.

Kroner are linear in prices, luck's variance and squares of kroner quadratic, luck's third moment cubic: `simulate.measures` says which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate import luck, measures
from simulate.analysis.draws import Columns, Draws, Key, Sums
from simulate.analysis.undrawn import Rare, variance_left_out
from simulate.engine.case import Case
from simulate.engine.kept import KeptRun
from simulate.engine.measuring import Measuring
from simulate.engine.result import Result
from simulate.engine.work import factors, left, spreads
from simulate.ledger import Accounts
from simulate.measures import Measure
from simulate.plan import Plan
from simulate.point import Point

Array = NDArray[np.float64]

OF_DRAWN = {measures.DRAWN: 1, measures.DRAWN_SQUARE: 2}  # which power of the drawn numbers is summed
NOTHING = 1e-12  # of the variances that were added up, without their signs: less is a rounding error of none
SMALL = 1 << 14  # draws of which hits are counted together, where nothing else is done with them


class Told(NamedTuple):
    """A node's run: its answer, what was kept of it, and what luck comes in, where it is not drawn."""

    result: Result
    kept: KeptRun
    parts: luck.Parts | None


class Share(NamedTuple):
    """Nodes, and the weight of each."""

    nodes: Sequence[int]
    weights: Sequence[float]

    def of(self, values: Sequence[Array]) -> Array:
        """The weighted sum of arrays, one of each run."""
        first, *others = (weight * values[node] for node, weight in zip(self.nodes, self.weights, strict=True))
        for one in others:
            first += one
        return np.asarray(first)

    def of_squares(self, values: Sequence[Array]) -> Array:
        """Squares are not negative; and of none, none is left by rounding."""
        sizes = Share(self.nodes, [abs(weight) for weight in self.weights]).of(values)
        found = self.of(values)
        return np.where(found > NOTHING * sizes, found, 0.0)


Shares = Mapping[int, Share]
"""Of each degree."""


class Interpolated(Columns):
    """Columns of a run that was not made: each is made where it is asked for."""

    def __init__(self, runs: Sequence[Columns], shares: Shares) -> None:
        first = runs[0]
        self.layout, self.draws, self._row = first.layout, first.draws, first._row
        self._memory, self._file = None, None
        self._runs, self._shares, self._found = runs, shares, dict[Key, Array]()

    def __getitem__(self, of: Key) -> Array:
        """(draw,) values."""
        if of not in self._found:
            measure = of[0] if isinstance(of, tuple) else of
            self._found[of] = _of(measure, [run[of] for run in self._runs], self._shares)
        return self._found[of]


@dataclass(frozen=True)
class Telling:
    """What runs tell of a case with other prices, by their shares in it."""

    runs: Sequence[Told]
    shares: Shares
    case: Case

    def result(self) -> Result:
        """The answer, as of a run."""
        first, kept = self.runs[0].result, [run.kept for run in self.runs]
        accounts = Accounts(self.case.model, first.accounts.period)
        at_point = self._point(accounts, [run.result.point for run in self.runs])
        at_means = at_point
        if first.at_means is not first.point:
            at_means = self._point(accounts, [run.result.at_means for run in self.runs])
        columns = Interpolated([one.columns for one in kept], self.shares)
        sums = Sums(first.options.draws, dict(self._sums(kept)))
        self._add_hits(columns, sums, Measuring(first.options, accounts, at_point, again=True))
        found = replace(
            first,
            scenario=self.case.scenario,
            accounts=accounts,
            point=at_point,
            at_means=at_means,
            draws=Draws(columns, sums),
            steps=self._steps(),
            sampler=self.case.sampler,
        )
        return self._undrawn(found, accounts) if first.at_drawn else found

    def _point(self, accounts: Accounts, points: Sequence[Point]) -> Point:
        kroner, discount, after, financing = (
            self.shares[1].of([getattr(one, name) for one in points])
            for name in ("kroner", "discount", "after_horizon", "financing")
        )
        found = replace(points[0], accounts=accounts, kroner=kroner, discount=discount)
        blocks = [one.blocks for one in points if one.blocks is not None]
        lived = self.shares[1].of(blocks) if blocks else None
        return replace(found, after_horizon=after, financing=financing, blocks=lived)

    def _sums(self, kept: Sequence[KeptRun]) -> Iterator[tuple[Measure, Array]]:
        for measure in kept[0].sums.blocks:
            values = [one.sums.blocks[measure] for one in kept]
            if measure in OF_DRAWN:
                yield measure, values[0] * (self._factors[-1] / self._factors[0]) ** OF_DRAWN[measure]
            elif measure is measures.DRAWN_BY_EXPECTED:
                units = [one / factor for one, factor in zip(values, self._factors, strict=False)]
                yield measure, _of(measure, units, self.shares) * self._factors[-1]
            elif measure.degree is not None:
                yield measure, _of(measure, values, self.shares)

    @cached_property
    def _factors(self) -> list[Array]:
        """(column,) of each run, and of the case: what multiplies the numbers that are drawn."""
        samplers = [*(run.result.sampler for run in self.runs), self.case.sampler]
        return [factors(one) for one in samplers if one is not None]

    def _add_hits(self, columns: Columns, sums: Sums, measured: Measuring) -> None:
        """What is no polynomial."""
        same, own = (float(one) for one in self.shares[2].of([np.array(run.kept.same_luck) for run in self.runs]))
        for chunk in Plan(columns.draws, SMALL, together=SMALL):
            values = {measure: columns.of_draws(measure, slice(*chunk[:2])) for measure in measured.for_hits}
            sums.add_at_once(chunk.block, measured.by_hits(values, left(same, own)), chunk.blocks)

    def _steps(self) -> luck.Steps | None:
        parts = [run.parts for run in self.runs if run.parts is not None]
        if not parts:
            return None
        mean, variance, third, family = zip(*(one[:4] for one in parts), strict=True)
        linear, square = self.shares[1], self.shares[2].of_squares(variance)
        own = luck.Parts(linear.of(mean), square, self.shares[3].of(third), linear.of(family), *parts[0][4:])
        return luck.steps(own)

    def _undrawn(self, found: Result, accounts: Accounts) -> Result:
        """With what the draws of the assumptions leave open, as Work.left_out() has it."""
        assert found.draws is not None
        at_drawn = self._point(accounts, [run.result.at_drawn for run in self.runs if run.result.at_drawn])
        worth = [float((one.provenu * one.discount).sum()) for one in (at_drawn, found.at_means)]
        variance = variance_left_out(found.draws.sums, spreads(self.case.sampler))
        undrawn = replace(found.undrawn, variance=variance, rare=tuple(map(self._rare, found.undrawn.rare)))
        return replace(found, at_drawn=at_drawn, off_discounted=abs(worth[0] - worth[1]), undrawn=undrawn)

    def _rare(self, one: Rare) -> Rare:
        """As it is called in the first run."""
        if one.value is None:
            return one
        before, now = (
            {each.name: each.distribution.factor for each in sampler.free}[one.assumption]
            for sampler in (self.runs[0].result.sampler, self.case.sampler)
            if sampler is not None
        )
        return replace(one, value=one.value * (now / before))


def _of(measure: Measure, values: Sequence[Array], shares: Shares) -> Array:
    """One for each run."""
    if not measure.degree:
        return values[0]
    share = shares[measure.degree]
    return share.of_squares(values) if measure.units == "currency²" else share.of(values)
