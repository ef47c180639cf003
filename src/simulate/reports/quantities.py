"""Values of assumptions in their own unit: a share in per cent, an amount in kroner, a factor or a count as a number."""

from __future__ import annotations

import math
from collections.abc import Sequence

from simulate.reports.figures import kroner, number, percent
from simulate.scenario.numbers import Usage

DIGITS = 3  # of the largest value that stands beside it
MOST_DECIMALS = 4
SMALL = 100  # kr.: smaller prices have their øre
MOST_LISTED = 3  # of a list by year


def together(
    values: Sequence[float | Sequence[float]], usage: Usage, currency: str, decimals: int | None = None
) -> list[str]:
    """Values of one assumption, single or lists by year, with the same decimals, so that they can be held against each other."""
    lists = [[one] if isinstance(one, int | float) else [float(item) for item in one] for one in values]
    if decimals is None:
        decimals = _decimals([item for one in lists for item in one], usage)
    return [_listed([_written(item, usage, currency, decimals) for item in one]) for one in lists]


def _decimals(values: Sequence[float], usage: Usage) -> int:
    top, whole = max(map(abs, values), default=0.0), all(value == round(value) for value in values)
    if usage == "money":
        return 0 if top >= SMALL or whole else 2
    if usage != "share" and whole:
        return 0
    scaled = top * _scale(usage)
    needed = DIGITS - 1 - math.floor(math.log10(scaled)) if scaled > 0 else 0
    return min(max(needed, 1 if usage == "share" else 0), MOST_DECIMALS)


def _scale(usage: Usage) -> int:
    return 100 if usage == "share" else 1


def _written(value: float, usage: Usage, currency: str, decimals: int) -> str:
    shown = abs(value) * _scale(usage)
    if shown and not round(shown, decimals):  # never 0 for what is not
        decimals = min(-math.floor(math.log10(shown)), 2 * MOST_DECIMALS)
    if usage == "money":
        return kroner(value, currency, decimals=decimals)
    return percent(value, decimals) if usage == "share" else number(value, decimals)


def _listed(each: Sequence[str]) -> str:
    """Of a long list by year the first and the last."""
    return " / ".join(each) if len(each) <= MOST_LISTED else f"{each[0]} … {each[-1]}"
