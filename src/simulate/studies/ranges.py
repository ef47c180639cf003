"""Result, minimum and maximum, as papers print them: one assumption at a time at its P5 and its P95, and at limits that the file names.

Two readings of the same ends: every other assumption at its value, which is the business case's own arithmetic; and the others as uncertain as they
are, on average over the draws. The second is known by its difference from the case as it is on the same draws, which is added to what the case's own
draws, of which there are more, say of it (a control variate).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from simulate import measures, point
from simulate.analysis import precision
from simulate.analysis.precision import Estimate
from simulate.engine import Case, Result
from simulate.ledger import Accounts
from simulate.options import Options
from simulate.point import Point
from simulate.sampling import rounded_up
from simulate.scenario import queries
from simulate.studies.runs import Runs

Array = NDArray[np.float64]
Limits = Literal["percentiles", "file"]

ENDS = (0.05, 0.95)
PART, LEAST = 16, 1024  # of the draws, for each end
WEIGHT = 0.25  # of a draw without lives, in the progress
TOGETHER = 64  # sets of values that are worked out at once


@dataclass(frozen=True, slots=True)
class End:
    """values: (year or 1,) of the assumption; at_values: provenu with the others at their values, DKK, without luck; expected: with the others as
    uncertain as they are. at_values_error: of at_values, where it is the mean of lives; None where it is exact."""

    values: Array
    at_values: float
    expected: Estimate
    at_values_error: float | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """One assumption at two ends. limits: whether they are its P5 and P95, or are named by the file; values: (year or 1,) its own."""

    assumption: str
    limits: Limits
    values: Array
    low: End
    high: End


@dataclass(frozen=True, slots=True)
class Ranges:
    """at_values: provenu, every assumption at its value, DKK, and its error as an End has it; expected: of the case as it is; rows: the widest first."""

    at_values: float
    expected: Estimate
    rows: list[Range]
    at_values_error: float | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """Values (1, year or 1) that an assumption is to be held at."""

    assumption: str
    limits: Limits
    low: Array
    high: Array

    @property
    def ends(self) -> tuple[Array, Array]:
        return self.low, self.high


def work(case: Case, options: Options) -> float:
    """What ranges() takes, in draws of a run."""
    runs = 2 * len(list(_asked(case)))
    return _weight(options) * (runs + 1) * draws(options) if runs else 0.0


def _weight(options: Options) -> float:
    return 1.0 if options.tied else WEIGHT


def foresee(case: Case, runs: Runs) -> None:
    """Tell what follows the first run."""
    asked = next(_asked(case), None)
    if asked is not None:
        held = case.held({asked.assumption: asked.low})
        runs.foresee(2 * len(list(_asked(case))) + 1, held, **_how(runs.options))


def draws(options: Options) -> int:
    return rounded_up(max(options.draws // PART, min(LEAST, options.draws)), options.design)


def ranges(case: Case, base: Result, runs: Runs) -> Ranges:
    """base: a run of the case as it is."""
    asked = list(_asked(case))
    found = list(_rows(case, base, runs, asked)) if asked else []
    result = float(base.point.provenu.sum())
    found.sort(key=lambda row: -_width(row, result))
    return Ranges(result, base.mean(), found, _error(base.point))


def _width(row: Range, result: float) -> float:
    provenus = (row.low.at_values, result, row.high.at_values)
    return max(provenus) - min(provenus)


def _asked(case: Case) -> Iterator[_Asked]:
    """In the file's order: of an assumption that is uncertain its percentiles, and then limits that the file names, where it changes anything."""
    sampler, used = case.sampler, queries.used(case.scenario)
    free = {one.name for one in sampler.free}
    low, high = sampler.at(ENDS[0]), sampler.at(ENDS[1])
    for name, one in case.scenario.assumptions.items():
        if name not in used or name in sampler.fixed or one.held is not None:
            continue
        if name in free:
            yield _Asked(name, "percentiles", low[name], high[name])
        if one.minimum is not None or one.maximum is not None:
            ends = (
                (low[name], high[name])
                if name in free
                else [np.atleast_2d(np.asarray(one.value, dtype=np.float64))] * 2
            )
            given = [_given(limit, end) for limit, end in zip((one.minimum, one.maximum), ends, strict=True)]
            yield _Asked(name, "file", *given)


def _given(limit: Any, end: Array) -> Array:
    """What the file names, or else the end that there is without."""
    return end if limit is None else np.atleast_2d(np.asarray(limit, dtype=np.float64))


def _at_values(case: Case, asked: Sequence[_Asked]) -> list[float]:
    """Of the low end of each, and of its high one, in turn."""
    accounts, own = Accounts(case.model, 24), case.sampler.point()
    sets: list[Mapping[str, Array]] = [{**own, one.assumption: end} for one in asked for end in one.ends]
    alike = [
        list(group) for _, group in groupby(sets, key=lambda one: one.keys())
    ]  # what is made of others is in its own alone
    parts = [group[first : first + TOGETHER] for group in alike for first in range(0, len(group), TOGETHER)]
    return [float(one.provenu.sum()) for part in parts for one in point.compute_each(accounts, part)]


def _rows(case: Case, base: Result, runs: Runs, asked: Sequence[_Asked]) -> Iterator[Range]:
    known, how, weight = base.mean(), _how(runs.options), _weight(runs.options)
    exact = None if runs.options.tied else iter(_at_values(case, asked))
    control = runs.run(case, weight, **how)

    def end(name: str, values: Array) -> End:
        found = runs.run(case.held({name: values}), weight, **how)
        at_values = float(found.point.provenu.sum()) if exact is None else next(exact)
        return End(values[0], at_values, _expected(found, control, known), _error(found.point))

    for one in asked:
        low, high = (end(one.assumption, values) for values in one.ends)
        yield Range(one.assumption, one.limits, case.sampler.point()[one.assumption][0], low, high)


def _error(one: Point) -> float | None:
    return None if one.blocks is None else one.error


def _how(options: Options) -> dict[str, Any]:
    """Options of a run without luck; of lives where they are all that there is, which live the same luck at every end."""
    engine = options.engine if options.tied else "expected"
    return {"engine": engine, "plain": True, "alone": True, "draws": draws(options)}


def _expected(held: Result, control: Result, known: Estimate) -> Estimate:
    found = precision.controlled(_provenu(held), _provenu(control), known)
    return found.at_least(abs(float((held.change[0] - control.change[0]).sum())))


def _provenu(result: Result) -> Array:
    """(block,) expected, DKK."""
    assert result.draws is not None
    return np.asarray(result.point.provenu.sum() + result.draws.sums.block_means(measures.EXPECTED_OFF))
