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
from simulate.engine.financed import Financed, is_financed
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
class Grant(Section):
    """What others pay. by_year, total: kroner, in a run with courses expected, payment by results as it is earned in them; null under `--engine point` of payment
    by results, which is not counted there. at_values: every assumption at its value, and the target reached; when_target: the label of the target that it hangs on,
    null where it is paid whatever comes."""

    by_year: ByPeriod | None
    total: Estimate | None
    at_values: float
    area: str
    when_target: str | None


@dataclass(frozen=True, repr=False)
class Financing(Section):
    """What others pay, beside the provenu and in no part of it. lines: by label; total: of what is counted; provenu, accumulated: the provenu with it."""

    lines: dict[str, Grant]
    total: Amounts
    provenu: Amounts
    accumulated: ByPeriod


@dataclass(frozen=True, repr=False)
class Budget(Section):
    """Expected: on average over the draws, without luck; exact where the engine is `point`. person_years: of the lines that have an amount for each
    person-year, which are neither costs nor savings; accumulated: the provenu from the beginning through each period; gross: all payers together; stat: the
    state's saving, its refusion; others: that of each payer beside municipality and state; financing: null where the file has none."""

    lines: dict[str, Post]
    costs: Amounts
    savings: Amounts
    person_years: Amounts
    provenu: Amounts
    accumulated: ByPeriod
    areas: dict[str, Amounts]
    gross: Amounts
    stat: Amounts
    others: dict[str, Amounts]
    financing: Financing | None


def of_point(one: Point) -> Budget:
    """At one set of values, exactly."""
    counted, none = ~one.accounts.of_results, np.zeros_like(one.financing)
    given = Given(one.financing[None], none, none, one.financing, counted)
    others = one.kroner[None, 1:].sum(axis=2)
    return Blocks(
        one.accounts, one.kroner[:1], others, np.zeros_like(one.kroner), one.after_horizon[None], given
    ).budget()


def of_draws(result: Result) -> Budget:
    """Expected: on average over the draws, without luck."""
    assert result.draws is not None
    means, of = result.draws.sums.block_means, measures.EXPECTED_AFTER
    after = means(of) if of in result.draws.sums.blocks else result.point.after_horizon[None]
    others = np.concatenate([means(measures.EXPECTED_STATE)[:, None], means(measures.EXPECTED_OTHERS)], axis=1)
    given = None
    if is_financed(result):
        found = Financed(result)
        every = np.ones(len(result.accounts.financing), np.bool_)
        given = Given(means(measures.EXPECTED_FINANCED), found.off, found.rough, result.point.financing, every)
    return Blocks(result.accounts, means(measures.EXPECTED_LINES), others, result.change, after, given).budget()


@dataclass(frozen=True, slots=True)
class Given:
    """What others pay. blocks: (block, financing line, period); off, rough: (financing line, period) as Financed has them; at_values: the same, where
    targets are reached; counted: (financing line,) whether it is in the total."""

    blocks: Array
    off: Array
    rough: Array
    at_values: Array
    counted: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Blocks:
    """Expected kroner by line, savings positive. blocks: (block, line, period) the municipality's; others: (block, payer, period) of the other payers, the
    state first.

    off: (payer, line, period) what the mean is off at least, DKK. after: (block, line) the municipality's after the horizon. given: what others pay,
    beside it.
    """

    accounts: Accounts
    blocks: Array
    others: Array
    off: Array
    after: Array
    given: Given | None

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
            gross=_amounts(provenu + self.others.sum(axis=1), off.sum(axis=0)),
            stat=_amounts(self.others[:, 0], off[1]),
            others={
                name: _amounts(self.others[:, i - 1], off[i]) for i, name in enumerate(self.accounts.payers[2:], 2)
            },
            financing=None
            if self.given is None or not self.accounts.financing
            else self.financing(self.given, provenu, off[0]),
        )

    def financing(self, given: Given, provenu: Array, off: Array) -> Financing:
        """provenu: (block, period), off: (period,), without it."""
        counted = given.counted
        blocks, own_off, rough = (
            given.blocks[:, counted].sum(axis=1),
            given.off[counted].sum(axis=0),
            given.rough[counted].sum(axis=0),
        )
        both, both_off = provenu + blocks, np.abs(off + own_off)
        return Financing(
            lines={line.label: self.grant(given, i) for i, line in enumerate(self.accounts.financing)},
            total=_amounts(blocks, np.abs(own_off) + rough),
            provenu=_amounts(both, both_off + rough),
            accumulated=_by_period(np.cumsum(both, axis=1), np.abs(np.cumsum(off + own_off)) + np.cumsum(rough)),
        )

    def grant(self, given: Given, i: int) -> Grant:
        line, found = self.accounts.financing[i], _amounts(given.blocks[:, i], np.abs(given.off[i]) + given.rough[i])
        return Grant(
            by_year=found.by_year if given.counted[i] else None,
            total=found.total if given.counted[i] else None,
            at_values=float(given.at_values[i].sum()),
            area=line.area,
            when_target=self.accounts.model.scenario.financing[i].when_target,
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
