"""Kroner, shares and years as people read them, by CLDR (Babel), in the language in force."""

from __future__ import annotations

import math
from decimal import Decimal
from functools import cache

from simulate import locale
from simulate.analysis.precision import STUDENT

NOTHING = 1e-9  # what sums of shares are off by
CURRENCIES = {("da", "DKK"): "kr.", ("en", "DKK"): "kr."}


@cache
def _symbols(language: str) -> dict[int, str]:
    """What stands for Python's own signs of thousands and decimals."""
    from babel import Locale

    signs = Locale.parse({"da": "da_DK", "en": "en_GB"}[language]).number_symbols["latn"]
    return str.maketrans({",": signs["group"], ".": signs["decimal"]})


def number(value: float, decimals: int = 0) -> str:
    """`1.092.118`; a hyphen as minus, and never -0."""
    rounded = Decimal(repr(float(round(value, decimals) + 0.0)))  # as it reads, not as it is stored
    return f"{rounded:,.{decimals}f}".translate(_symbols(locale.language())).replace("Infinity", "∞")


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
    """A share in per cent, with a decimal only where its standard error leaves it one; never none or all where it is some."""
    decimals = 0 if unit(error) >= 0.01 else 1
    least = 0.01 / 10**decimals
    if NOTHING < share < least / 2:
        return locale.text("under {share}", share=percent(least, decimals))
    if 1 - least / 2 < share < 1 - NOTHING:
        return locale.text("over {share}", share=percent(1 - least, decimals))
    return percent(share, decimals)


def shows_nothing(share: float, error: float | None = 0.0) -> bool:
    """Whether chance() has no figure for it but 0."""
    return share < (0.005 if unit(error) >= 0.01 else 0.0005)


def of_100(share: float) -> str:
    """How many courses of a hundred: whole, and never none or all where there are some."""
    if NOTHING < share < 0.005:
        return locale.text("fewer than 1")
    if 0.995 < share < 1 - NOTHING:
        return locale.text("more than 99")
    return number(100 * share)


def range_of_100(low: float, high: float) -> str:
    """From how many courses of a hundred to how many, to stand before `of 100`: `between 5 and 12`, `at most 12`, `more than 99`."""
    fewest, most = of_100(low), of_100(high)
    few, many = (one.strip("0123456789") for one in (fewest, most))  # words, where they are no plain numbers
    if fewest == most or (most == "100" and few and low > 0.5):
        return fewest
    if fewest == "0" and many and high < 0.5:
        return most
    if ((few or fewest == "0") and many) or (few and most == "100"):
        return locale.text("anything from {low} to {high}", low=fewest, high=most)
    if few:
        return locale.text("at most {n}", n=most)
    if many:
        return locale.text("at least {n}", n=fewest)
    return locale.text("between {low} and {high}", low=fewest, high=most)


def in_courses(share: float) -> str:
    """`in 12 of 100 courses`, or in all of them, or in none."""
    if share >= 1 - NOTHING:
        return locale.text("in all courses")
    if share <= NOTHING:
        return locale.text("in no course")
    return locale.text("in {n} of 100 courses", n=of_100(share))


def kroner(value: float, currency: str = "DKK", error: float | None = 0.0) -> str:
    """`1.092.118 kr.`, or `1.090.000 kr.` with a standard error of 10.000."""
    return f"{amount(value, error)} {currency_sign(currency)}"


def currency_sign(currency: str) -> str:
    return CURRENCIES.get((locale.language(), currency), currency)


def half_width(error: float) -> float:
    """Half of a 95 % interval."""
    return two_digits(STUDENT * error)


def two_digits(error: float) -> float:
    """The error of an error is not known better."""
    return float(f"{error:.1e}")


def percent(share: float, decimals: int = 1) -> str:
    """`63,7 %`"""
    return number(100 * share, decimals) + per_cent_sign()


def per_cent_sign() -> str:
    return " %" if locale.language() == "da" else "%"


def plain_percent(share: float) -> str:
    """`0,004 %`: as many digits as it takes."""
    return plain(100 * two_digits(share)) + percent(0.0, 0)[1:]


def plain(value: float) -> str:
    """A figure of any unit: whole where it is large, else with up to four decimals."""
    if abs(value) >= 100 or value == round(value):
        return number(value)
    return number(value, 4).rstrip("0").rstrip(",.")
