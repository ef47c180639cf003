"""The case as a budget has it, expected, period by period: each line, costs and savings, areas, and who pays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulate import measures
from simulate.analysis import precision
from simulate.answers.base import ByPeriod, Estimate, Section, each, exact
from simulate.engine import Result
from simulate.ledger import Accounts
from simulate.point import Point

Array = NDArray[np.float64]
Kind = Literal["costs", "savings", "person_years"]

KINDS: dict[Kind, tuple[str, ...]] = {
    "costs": ("costs",),
    "savings": ("states", "savings"),
    "person_years": ("person_years",),
}


@dataclass(frozen=True, repr=False)
class Amounts(Section):
    """Expected kroner, savings positive, by period and in all."""

    by_year: ByPeriod
    total: Estimate


@dataclass(frozen=True, repr=False)
class Post(Amounts):
    """A line of the budget. kind: whether it is a cost, a saving or an amount for each person-year. after_horizon: of the last, what the horizon's
    person-years bring only after it, which is in no total; null where nothing can come later."""

    kind: Kind
    area: str
    after_horizon: Estimate | None


@dataclass(frozen=True, repr=False)
class Budget(Section):
    """Expected: on average over the draws, without luck; exact where the engine is `point`. person_years: of the lines that have an amount for each
    person-year, which are neither costs nor savings; accumulated: the provenu from the beginning through each period; gross: the municipality's and the state's together; stat: the state's saving, its refusion."""

    lines: dict[str, Post]
    costs: Amounts
    savings: Amounts
    person_years: Amounts
    provenu: Amounts
    accumulated: ByPeriod
    areas: dict[str, Amounts]
    gross: Amounts
    stat: Amounts


def of_point(one: Point) -> Budget:
    """At one set of values, exactly."""
    return Blocks(
        one.accounts, one.kroner[:1], one.kroner[1:].sum(axis=1), np.zeros_like(one.kroner), one.after_horizon[None]
    ).budget()


def of_draws(result: Result) -> Budget:
    """Expected: on average over the draws, without luck."""
    assert result.draws is not None
    means, of = result.draws.sums.block_means, measures.EXPECTED_AFTER
    after = means(of) if of in result.draws.sums.blocks else result.point.after_horizon[None]
    return Blocks(
        result.accounts, means(measures.EXPECTED_LINES), means(measures.EXPECTED_STATE), result.change, after
    ).budget()


@dataclass(frozen=True, slots=True)
class Blocks:
    """Expected kroner by line, savings positive. blocks: (block, line, period) the municipality's; stat: (block, period) the state's.

    off: (payer, line, period) what the mean is off at least, DKK. after: (block, line) the municipality's after the horizon.
    """

    accounts: Accounts
    blocks: Array
    stat: Array
    off: Array
    after: Array

    def budget(self) -> Budget:
        lines = self.accounts.lines
        kinds, areas = np.array([_kind(line.kind) for line in lines]), np.array([line.area for line in lines])
        provenu, off = self.blocks.sum(axis=1), self.off.sum(axis=1)
        return Budget(
            lines={line.label: self.line(i, _kind(line.kind), line.area) for i, line in enumerate(lines)},
            costs=self.of(kinds == "costs"),
            savings=self.of(kinds == "savings"),
            person_years=self.of(kinds == "person_years"),
            provenu=_amounts(provenu, off[0]),
            accumulated=_by_period(np.cumsum(provenu, axis=1), np.cumsum(off[0])),
            areas={name: self.of(areas == name) for name in sorted(set(areas.tolist()))},
            gross=_amounts(provenu + self.stat, off.sum(axis=0)),
            stat=_amounts(self.stat, off[1]),
        )

    def line(self, i: int, kind: Kind, area: str) -> Post:
        found = _amounts(self.blocks[:, i], self.off[0, i])
        return Post(found.by_year, found.total, kind, area, self._later(i))

    def _later(self, i: int) -> Estimate | None:
        if not any(one.line == i and one.lag for one in self.accounts.of_person_years):
            return None
        [found] = _by_period(self.after[:, i : i + 1], np.zeros(1))
        return found

    def of(self, own: NDArray[np.bool_]) -> Amounts:
        """own: (line,) whether it is counted."""
        return _amounts(self.blocks[:, own].sum(axis=1), self.off[0, own].sum(axis=0))


def _kind(kind: str) -> Kind:
    return next(name for name, kinds in KINDS.items() if kind in kinds)


def _amounts(blocks: Array, off: Array) -> Amounts:
    """Of (block, period); off: (period,)."""
    [total] = _by_period(blocks.sum(axis=1, keepdims=True), off.sum(keepdims=True))
    return Amounts(_by_period(blocks, off), total)


def _by_period(blocks: Array, off: Array) -> ByPeriod:
    """Means, and their errors; one block is no sample, but exact."""
    values = blocks.mean(axis=0).tolist()
    if len(blocks) == 1:
        return [exact(value) for value in values]
    errors = np.maximum(precision.errors_of(blocks.T), np.abs(off)).tolist()
    return each(precision.Estimate(*one) for one in zip(values, errors, strict=True))
