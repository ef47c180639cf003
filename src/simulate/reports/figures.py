"""Kroner, shares and years as people read them, by CLDR (Babel), in the language in force."""

from __future__ import annotations

import math
from decimal import localcontext
from functools import cache
from typing import Any

from simulate import locale
from simulate.analysis.precision import STUDENT

DIGITS = 350  # more than any finite number has before its decimal point, and after it as it is printed
CURRENCIES = {("da", "DKK"): "kr.", ("en", "DKK"): "kr."}


@cache
def _cldr(language: str) -> Any:
    from babel import Locale

    return Locale.parse({"da": "da_DK", "en": "en_GB"}[language])


def number(value: float, decimals: int = 0) -> str:
    """`1.092.118`; a hyphen as minus, and never -0."""
    from babel.numbers import format_decimal

    rounded = round(value, decimals) + 0.0
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    with localcontext(prec=DIGITS):
        written = str(format_decimal(rounded, format=pattern, locale=_cldr(locale.language())))
    return written.replace("\u2212", "-")


def unit(error: float | None) -> float:
    """The power of ten that a figure with this standard error may be printed to: the largest that its 95 % error is not below.

    0 for a figure that is exact, or of which the error is not known.
    """
    half_width = STUDENT * (error or 0.0)
    return 10.0 ** math.floor(math.log10(half_width)) if half_width > 0 else 0.0


def amount(value: float, error: float | None = 0.0) -> str:
    """An amount without its currency, with no more digits than its standard error leaves it."""
    step = unit(error)
    return number(round(value / step) * step if step > 1 else value)


def chance(share: float, error: float | None = 0.0) -> str:
    """A share in per cent, with a decimal only where its standard error leaves it one."""
    return percent(share, 0 if unit(error) >= 0.01 else 1)


def of_100(share: float) -> str:
    """How many courses of a hundred: whole, and never none or all where there are some."""
    if 0 < share < 0.005:
        return locale.text("fewer than 1")
    if 0.995 < share < 1:
        return locale.text("more than 99")
    return number(100 * share)


def kroner(value: float, currency: str = "DKK", error: float | None = 0.0) -> str:
    """`1.092.118 kr.`, or `1.090.000 kr.` with a standard error of 10.000."""
    return f"{amount(value, error)} {CURRENCIES.get((locale.language(), currency), currency)}"


def half_width(error: float) -> float:
    """Half of a 95 % interval."""
    return two_digits(STUDENT * error)


def two_digits(error: float) -> float:
    """The error of an error is not known better."""
    return float(f"{error:.1e}")


def percent(share: float, decimals: int = 1) -> str:
    """`63,7 %`"""
    sign = " %" if locale.language() == "da" else "%"
    return number(100 * share, decimals) + sign


def plain_percent(share: float) -> str:
    """`0,004 %`: as many digits as it takes."""
    return plain(100 * two_digits(share)) + percent(0.0, 0)[1:]


def plain(value: float) -> str:
    """A figure of any unit: whole where it is large, else with up to four decimals."""
    if abs(value) >= 100 or value == round(value):
        return number(value)
    return number(value, 4).rstrip("0").rstrip(",.")
