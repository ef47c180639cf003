"""Kroner, shares and years as people read them, by CLDR (Babel), in the language in force."""

from __future__ import annotations

from functools import cache
from typing import Any

from simulate import locale

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
    return str(format_decimal(rounded, format=pattern, locale=_cldr(locale.language()))).replace("\u2212", "-")


def kroner(value: float, currency: str = "DKK") -> str:
    """`1.092.118 kr.`"""
    return f"{number(value)} {CURRENCIES.get((locale.language(), currency), currency)}"


def percent(share: float, decimals: int = 1) -> str:
    """`63,7 %`"""
    sign = " %" if locale.language() == "da" else "%"
    return number(100 * share, decimals) + sign


def plain(value: float) -> str:
    """A figure of any unit: whole where it is large, else with up to four decimals."""
    if abs(value) >= 100 or value == round(value):
        return number(value)
    return number(value, 4).rstrip("0").rstrip(",.")
