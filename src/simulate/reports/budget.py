"""The case as a budget has it, expected, year by year: each line, costs and savings, areas, and who pays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulate import measures
from simulate.analysis import precision
from simulate.engine import Result
from simulate.ledger import Accounts
from simulate.point import Point

Array = NDArray[np.float64]
Lines = NDArray[np.bool_]

KINDS = {"costs": ("costs",), "savings": ("states", "savings")}


@dataclass(frozen=True, slots=True)
class Amounts:
    """Expected kroner of the municipality by line, savings positive. blocks: (block, line, period); stat: (block, period) the state's.

    off: what the mean of some lines (line,) of a payer in some periods is off at least, DKK.
    """

    accounts: Accounts
    blocks: Array
    stat: Array
    off: Callable[[Lines, int, int | slice], float]

    def section(self) -> dict[str, Any]:
        """Every amount by period and in all, each with its standard error, DKK."""
        lines = self.accounts.lines
        everything = np.ones(len(lines), np.bool_)
        of_kind = {name: np.array([line.kind in kinds for line in lines], np.bool_) for name, kinds in KINDS.items()}
        areas = {
            name: np.array([line.area == name for line in lines]) for name in sorted({line.area for line in lines})
        }
        each = [(line, np.arange(len(lines)) == i) for i, line in enumerate(lines)]
        named = {one.label: self.amounts(own) | {"kind": _kind(one.kind), "area": one.area} for one, own in each}
        provenu = self.blocks.sum(axis=1)
        return {
            "lines": named,
            **{name: self.amounts(own) for name, own in of_kind.items()},
            "provenu": self.amounts(everything),
            "accumulated": self.accumulated(everything),
            "areas": {name: self.amounts(own) for name, own in areas.items()},
            "gross": self._amounts(provenu + self.stat, everything, (0, 1)),
            "stat": self._amounts(self.stat, everything, (1,)),
        }

    def amounts(self, own: Lines) -> dict[str, Any]:
        """own: (line,) whose lines they are."""
        return self._amounts(self.blocks[:, own].sum(axis=1), own, (0,))

    def _amounts(self, blocks: Array, own: Lines, payers: tuple[int, ...]) -> dict[str, Any]:
        """blocks: (block, period), of these lines and payers."""

        def off(period: int | slice) -> float:
            return sum(self.off(own, payer, period) for payer in payers)

        by_period = _by_period(blocks, [off(period) for period in range(blocks.shape[1])])
        return by_period | _in_all(blocks.sum(axis=1), off(slice(None)))

    def accumulated(self, own: Lines) -> dict[str, Any]:
        """Through each period."""
        blocks = np.cumsum(self.blocks[:, own].sum(axis=1), axis=1)
        return _by_period(blocks, [self.off(own, 0, slice(period + 1)) for period in range(blocks.shape[1])])


def of_point(one: Point) -> dict[str, Any]:
    """At one set of values, exactly."""
    return Amounts(one.accounts, one.kroner[:1], one.kroner[1:].sum(axis=1), lambda own, payer, period: 0.0).section()


def of_draws(result: Result) -> dict[str, Any]:
    """Expected: on average over the draws, without luck."""
    assert result.draws is not None
    sums = result.draws.sums
    stat = sums.block_means(measures.EXPECTED_STATE)
    return Amounts(result.accounts, sums.block_means(measures.EXPECTED_LINES), stat, result.off).section()


def _kind(kind: str) -> str:
    return next(name for name, kinds in KINDS.items() if kind in kinds)


def _by_period(blocks: Array, off: list[float]) -> dict[str, list[float]]:
    """Of (block, period)."""
    errors = [_error(own, least) for own, least in zip(blocks.T, off, strict=True)]
    return {"by_year": [float(value) for value in blocks.mean(axis=0)], "by_year_errors": errors}


def _in_all(blocks: Array, off: float) -> dict[str, float]:
    return {"total": float(blocks.mean()), "total_error": _error(blocks, off)}


def _error(blocks: Array, off: float) -> float:
    """Of the mean of (block,); one block is no sample, but exact."""
    return max(precision.error_of(blocks), off) if len(blocks) > 1 else 0.0
