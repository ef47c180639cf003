"""The case as a budget has it, expected, year by year: each line, costs and savings, areas, and who pays."""

from __future__ import annotations

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

KINDS = {"costs": ("costs",), "savings": ("states", "savings")}


@dataclass(frozen=True, slots=True)
class Amounts:
    """Expected kroner by line, savings positive. blocks: (block, line, period) the municipality's; stat: (block, period) the state's.

    off: (payer, line, period) what the mean is off at least, DKK.
    """

    accounts: Accounts
    blocks: Array
    stat: Array
    off: Array

    def section(self) -> dict[str, Any]:
        """Every amount by period and in all, each with its standard error, DKK."""
        lines = self.accounts.lines
        provenu, off = self.blocks.sum(axis=1), self.off.sum(axis=1)
        areas = sorted({line.area for line in lines})
        return {
            "lines": {
                line.label: _amounts(self.blocks[:, i], self.off[0, i]) | {"kind": _kind(line.kind), "area": line.area}
                for i, line in enumerate(lines)
            },
            **{name: self.of([line.kind in kinds for line in lines]) for name, kinds in KINDS.items()},
            "provenu": _amounts(provenu, off[0]),
            "accumulated": _by_period(np.cumsum(provenu, axis=1), np.cumsum(off[0])),
            "areas": {name: self.of([line.area == name for line in lines]) for name in areas},
            "gross": _amounts(provenu + self.stat, off.sum(axis=0)),
            "stat": _amounts(self.stat, off[1]),
        }

    def of(self, own: list[bool]) -> dict[str, Any]:
        """own: of each line, whether it is counted."""
        return _amounts(self.blocks[:, own].sum(axis=1), self.off[0, own].sum(axis=0))


def of_point(one: Point) -> dict[str, Any]:
    """At one set of values, exactly."""
    return Amounts(one.accounts, one.kroner[:1], one.kroner[1:].sum(axis=1), np.zeros_like(one.kroner)).section()


def of_draws(result: Result) -> dict[str, Any]:
    """Expected: on average over the draws, without luck."""
    assert result.draws is not None
    means = result.draws.sums.block_means
    return Amounts(
        result.accounts, means(measures.EXPECTED_LINES), means(measures.EXPECTED_STATE), result.change
    ).section()


def _amounts(blocks: Array, off: Array) -> dict[str, Any]:
    """Of (block, period); off: (period,)."""
    total = _by_period(blocks.sum(axis=1, keepdims=True), off.sum(keepdims=True))
    return _by_period(blocks, off) | {"total": total["by_year"][0], "total_error": total["by_year_errors"][0]}


def _by_period(blocks: Array, off: Array) -> dict[str, list[float]]:
    """Means, and their errors; one block is no sample, but exact."""
    errors = np.maximum(precision.errors_of(blocks.T), np.abs(off)) if len(blocks) > 1 else np.zeros(len(off))
    return {"by_year": blocks.mean(axis=0).tolist(), "by_year_errors": errors.tolist()}


def _kind(kind: str) -> str:
    return next(name for name, kinds in KINDS.items() if kind in kinds)
