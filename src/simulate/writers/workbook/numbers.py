"""Formats of numbers, as a spreadsheet has them: the viewer's own signs stand for comma and point."""

from __future__ import annotations

import math
from collections.abc import Iterable

from simulate import locale
from simulate.content import Figure
from simulate.scenario.numbers import Usage

MOST = 4  # decimals
DIGITS = 3  # of what has more of them


def share(*values: float) -> str:
    """Of shares in per cent."""
    scaled = [100 * value for value in values]
    decimals = max(decimals_of(scaled), 1) if _few(scaled) else 1
    return f"0.{'0' * decimals}{_per_cent()}"


def _few(scaled: Iterable[float]) -> bool:
    """Whether one of them would be 0.0 and is not."""
    return any(value and abs(value) < 0.05 for value in scaled)


def _per_cent() -> str:
    return "\\ %" if locale.language() == "da" else "%"


def plain(*values: float) -> str:
    """Of numbers of any unit: with the decimals that they need, at most four."""
    decimals = decimals_of(values)
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def decimals_of(values: Iterable[float]) -> int:
    known = list(values)
    for decimals in range(MOST + 1):
        if all(math.isclose(round(value, decimals), value, rel_tol=1e-9, abs_tol=1e-12) for value in known):
            return decimals
    top = max(map(abs, known))
    return min(max(DIGITS - 1 - math.floor(math.log10(top)), 0), MOST) if top else 0


def of_usage(usage: Usage, *values: float) -> str:
    """Of an assumption's values."""
    if usage == "share":
        return share(*values)
    if usage == "money":
        return "kr" if max(map(abs, values), default=0.0) >= 100 or not decimals_of(values) else "#,##0.00"
    return plain(*values)


def pattern(one: Figure) -> str:
    """Of a cell of a table."""
    if one.unit == "kr":
        return "kr"
    if one.unit == "share":
        return share(one.value)
    if one.unit == "count":
        return "#,##0" + ("." + "0" * one.decimals if one.decimals else "")
    return plain(one.value)
