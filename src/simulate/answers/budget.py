"""The case as a budget has it, expected, period by period: each line, costs and savings, areas, and who pays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulate.analysis import precision
from simulate.answers.base import ByPeriod, Estimate, Section, estimate, exact
from simulate.engine import Result
from simulate.ledger import Accounts
from simulate.point import Point

Array = NDArray[np.float64]
Lines = NDArray[np.bool_]
Kind = Literal["costs", "savings"]

KINDS: dict[Kind, tuple[str, ...]] = {"costs": ("costs",), "savings": ("states", "savings")}


@dataclass(frozen=True)
class Amounts(Section):
    """Expected kroner, savings positive, by period and in all. by_year: null where the total alone is known."""

    by_year: ByPeriod | None
    total: Estimate


@dataclass(frozen=True)
class Post(Amounts):
    """A line of the budget."""

    kind: Kind
    area: str


@dataclass(frozen=True)
class Budget(Section):
    """Expected: on average over the draws, without luck; exact where the engine is `point`."""

    lines: dict[str, Post]
    costs: Amounts
    savings: Amounts
    provenu: Amounts
    accumulated: ByPeriod
    areas: dict[str, Amounts]
    gross: Amounts
    stat: Amounts


def of_point(one: Point) -> Budget:
    """At one set of values, exactly."""
    stat = np.array([one.kroner[1].sum()])
    return Blocks(one.accounts, one.kroner[:1], stat, lambda own, payer, period: 0.0).budget()


def of_draws(result: Result) -> Budget:
    """Expected: on average over the draws, without luck."""
    assert result.draws is not None
    sums = result.draws.sums
    stat = sums.block_means("expected lines")[:, 1].sum(axis=1)
    return Blocks(result.accounts, sums.block_means("expected lines by period"), stat, result.off).budget()


@dataclass(frozen=True, slots=True)
class Blocks:
    """Expected kroner of the municipality by line, savings positive. blocks: (block, line, period); stat: (block,) the state's, in all.

    off: what the mean of some lines (line,) of a payer in some periods is off at least, DKK.
    """

    accounts: Accounts
    blocks: Array
    stat: Array
    off: Callable[[Lines, int, int | slice], float]

    def budget(self) -> Budget:
        lines = self.accounts.lines
        everything = np.ones(len(lines), np.bool_)
        kinds = np.array([_kind(line.kind) for line in lines])
        areas = np.array([line.area for line in lines])
        provenu, off = self.blocks.sum(axis=(1, 2)), [self.off(everything, payer, slice(None)) for payer in (0, 1)]
        return Budget(
            lines={one.label: self.line(i, _kind(one.kind), one.area) for i, one in enumerate(lines)},
            costs=self.amounts(kinds == "costs"),
            savings=self.amounts(kinds == "savings"),
            provenu=self.amounts(everything),
            accumulated=self.accumulated(),
            areas={name: self.amounts(areas == name) for name in sorted(set(areas.tolist()))},
            gross=Amounts(None, _mean(provenu + self.stat, sum(off))),
            stat=Amounts(None, _mean(self.stat, off[1])),
        )

    def line(self, i: int, kind: Kind, area: str) -> Post:
        found = self.amounts(np.arange(self.blocks.shape[1]) == i)
        return Post(found.by_year, found.total, kind, area)

    def amounts(self, own: Lines) -> Amounts:
        """own: (line,) whose lines they are."""
        blocks = self.blocks[:, own].sum(axis=1)
        by_year = [_mean(one, self.off(own, 0, period)) for period, one in enumerate(blocks.T)]
        return Amounts(by_year, _mean(blocks.sum(axis=1), self.off(own, 0, slice(None))))

    def accumulated(self) -> ByPeriod:
        """Through each period."""
        everything = np.ones(self.blocks.shape[1], np.bool_)
        blocks = np.cumsum(self.blocks.sum(axis=1), axis=1)
        return [_mean(one, self.off(everything, 0, slice(period + 1))) for period, one in enumerate(blocks.T)]


def _kind(kind: str) -> Kind:
    return next(name for name, kinds in KINDS.items() if kind in kinds)


def _mean(blocks: Array, off: float) -> Estimate:
    """Of (block,); one block is no sample, but exact."""
    value = float(blocks.mean())
    if len(blocks) == 1:
        return exact(value)
    return estimate(precision.Estimate(value, precision.error_of(blocks)).at_least(off))
