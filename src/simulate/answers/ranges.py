"""Result, minimum and maximum with one assumption at a time, as papers print them."""

from __future__ import annotations

from dataclasses import dataclass

from simulate.analysis import precision
from simulate.answers.base import Estimate, Section, estimate
from simulate.answers.sensitivity import Value, by_year
from simulate.studies import ranges as study


@dataclass(frozen=True, repr=False)
class RangeEnd(Section):
    """value: of the assumption; provenu: with all others at their values, exactly, without luck; lived: that, where it is the mean of lives, with its error,
    else null; expected: mean provenu with the others as uncertain as they are."""

    value: Value
    provenu: float
    lived: Estimate | None
    expected: Estimate


@dataclass(frozen=True, repr=False)
class Range(Section):
    """An assumption at two ends. limits: `percentiles` where they are its P5 and P95, `file` where the file names them; value: its own."""

    assumption: str
    limits: study.Limits
    value: Value
    low: RangeEnd
    high: RangeEnd


@dataclass(frozen=True, repr=False)
class Ranges(Section):
    """result: provenu with every assumption at its value, without luck; lived: that, where it is the mean of lives, with its error, else null; expected: mean
    provenu of the case as it is; rows: the widest first, as far as all others are at their values."""

    result: float
    lived: Estimate | None
    expected: Estimate
    rows: list[Range]


def of(found: study.Ranges) -> Ranges:
    lived = _lived(found.at_values, found.at_values_error)
    return Ranges(found.at_values, lived, estimate(found.expected), [_row(row) for row in found.rows])


def _lived(value: float, error: float | None) -> Estimate | None:
    return None if error is None else estimate(precision.Estimate(value, error))


def _row(row: study.Range) -> Range:
    low, high = (
        RangeEnd(by_year(end.values), end.at_values, _lived(end.at_values, end.at_values_error), estimate(end.expected))
        for end in (row.low, row.high)
    )
    return Range(row.assumption, row.limits, by_year(row.values), low, high)
