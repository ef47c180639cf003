"""Values of assumptions in their own unit: a share in per cent, an amount in kroner, a factor or a count as a number."""

from __future__ import annotations

import math
from collections.abc import Sequence

from simulate.content import Figure, Sentence, Several, Unit
from simulate.figures import currency_sign, number, per_cent_sign
from simulate.locale import text
from simulate.scenario.numbers import Usage

DIGITS = 3  # of the largest value that stands beside it; of a share in per cent 2, and a decimal
MOST_DECIMALS = 4
SMALL = 100  # kr.: smaller prices have their øre
MOST_LISTED = 3  # of a list by year

UNITS: dict[Usage, Unit] = {"share": "share", "money": "kr", "count": "count", "number": "number"}

Given = float | Sequence[float]
"""A number, or one for each year."""


def together(values: Sequence[Given], usage: Usage, currency: str, decimals: int | None = None) -> list[Sentence]:
    """Estimated values of one assumption with the same decimals, so that they can be held against each other."""
    lists = [_years(one) for one in values]
    if decimals is None:
        decimals = _decimals([item for one in lists for item in one], usage)
    return [_listed(one, usage, currency, decimals) for one in lists]


def around(low: Given, value: Given, high: Given, usage: Usage, currency: str) -> list[Sentence]:
    """The value as the file has it between two ends that are estimated: of a list by year these are factors on all of it, ×0.65, where they are that."""
    factors = [_factor(end, value) for end in (low, high)]
    said = together([low, high], usage, currency)
    if None not in factors:
        ends = together([factor for factor in factors if factor is not None], "number", currency)
        said = [Sentence(f"×{factor}", one.figures) for factor, one in zip(ends, said, strict=True)]
    return [said[0], exact(value, usage, currency), said[1]]


def _factor(end: Given, value: Given) -> float | None:
    """Which multiple of a list by year an end is; None where it is none, or there is no list."""
    ends, years = _years(end), _years(value)
    known = next((one / year for one, year in zip(ends, years, strict=False) if year), None)
    if known is None or len(years) == 1 or len(ends) != len(years):
        return None
    return known if all(math.isclose(one, known * year) for one, year in zip(ends, years, strict=True)) else None


def exact(value: Given, usage: Usage, currency: str) -> Sentence:
    """A value as the file has it, where four decimals are enough for that."""
    years = _years(value)
    scaled = [item * _scale(usage) for item in years]
    enough = (
        decimals
        for decimals in range(usage == "share", MOST_DECIMALS + 1)
        if all(math.isclose(round(item, decimals), item, rel_tol=1e-9, abs_tol=1e-12) for item in scaled)
    )
    decimals = next(enough, _decimals(years, usage))
    return _listed(years, usage, currency, decimals)


def typed(words: Sentence, value: Given, usage: Usage, title: str, unit: str = "") -> Several:
    """A cell of a value: what is read, and its numbers. title: of its column; unit: the file's own word for what is counted."""
    years = _years(value)
    names = [title, *(text("{title}, year {n}", title=title, n=n) for n in range(2, len(years) + 1))]
    return Several(words, tuple(Figure(one, UNITS[usage]) for one in years), tuple(names), unit)


def _years(value: Given) -> list[float]:
    return [float(value)] if isinstance(value, int | float) else [float(item) for item in value]


def _scale(usage: Usage) -> int:
    return 100 if usage == "share" else 1


def _decimals(values: Sequence[float], usage: Usage) -> int:
    top, whole = max(map(abs, values), default=0.0), all(value == round(value) for value in values)
    if usage == "money":
        return 0 if top >= SMALL or whole else 2
    if usage != "share" and whole:
        return 0
    share = usage == "share"
    scaled = top * _scale(usage)
    needed = DIGITS - share - 1 - math.floor(math.log10(scaled)) if scaled > 0 else 0
    return min(max(needed, int(share)), MOST_DECIMALS)


def _figure(value: float, usage: Usage, decimals: int) -> str:
    shown = value * _scale(usage)
    if shown and not round(shown, decimals):  # never 0 for what is not
        decimals = min(-math.floor(math.log10(abs(shown))), 2 * MOST_DECIMALS)
    return number(shown, decimals)


def _listed(years: Sequence[float], usage: Usage, currency: str, decimals: int) -> Sentence:
    """With the unit once; of a long list by year the first and the last."""
    sign = {"money": f" {currency_sign(currency)}", "share": per_cent_sign()}.get(usage, "")
    shown, between = (years, "/") if len(years) <= MOST_LISTED else ((years[0], years[-1]), " … ")
    return Sentence(between.join(_figure(item, usage, decimals) for item in shown) + sign, shown)
