"""Kroner, shares and counts as people read them, by CLDR (Babel), in the language in force. What is written knows its figures."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache

from simulate import locale
from simulate.analysis.precision import STUDENT
from simulate.content import Cell, Figure, Sentence, Several, Sketch, Table, Unit
from simulate.errors import InputError

MILLION = 1_000_000
NOTHING = 1e-9  # what sums of shares are off by
BELOW = "▔"
BARS = "▁▂▃▄▅▆▇█"
CURRENCIES = {("da", "DKK"): "kr.", ("en", "DKK"): "kr."}
UNITS = ("%", "kr.", "mio.", "år", "year")  # that stay on the line of the number before them
APART = re.compile(rf"(?<=\d) (?=(?:{'|'.join(map(re.escape, UNITS))}))|(?<=mio\.) (?=\w)|(?<=±) (?=\d)")
HELD = "\u00a0"  # no line ends at this blank

EARLIEST = 1980  # year: a Word document is a ZIP file, which knows none before

_unbroken: ContextVar[bool] = ContextVar("unbroken", default=False)


@contextmanager
def held_together() -> Iterator[None]:
    """What cell() writes meanwhile is for a document, where lines end wherever there is a blank."""
    before = _unbroken.set(True)
    try:
        yield
    finally:
        _unbroken.reset(before)


def unbroken(words: str) -> str:
    """With blanks at which no line ends between a number and its unit."""
    return APART.sub(HELD, words)


def today() -> date:
    """That a document bears. Where SOURCE_DATE_EPOCH (seconds since 1970) is set, its day: so a document can be made again as it was. Raises InputError
    for what is no such number.

    After https://reproducible-builds.org/specs/source-date-epoch/.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given.strip():
        return date.today()
    try:
        found = datetime.fromtimestamp(int(given), UTC).date()
    except (ValueError, OverflowError, OSError):
        found = date.min
    if found.year < EARLIEST:
        message = locale.text(
            "SOURCE_DATE_EPOCH={given}: this must be seconds since 1970, of a day in {year} or later",
            given=given, year=EARLIEST,
        )  # fmt: skip
        raise InputError(message)
    return found


def day(one: date) -> str:
    """`28. november 2026`"""
    from babel.dates import format_date

    return format_date(one, "long", locale={"da": "da_DK", "en": "en_GB"}[locale.language()])


@cache
def _signs(language: str) -> tuple[str, str]:
    from babel import Locale

    found = Locale.parse({"da": "da_DK", "en": "en_GB"}[language]).number_symbols["latn"]
    return found["group"], found["decimal"]


def signs() -> tuple[str, str]:
    """Between thousands, and before decimals."""
    return _signs(locale.language())


@cache
def _symbols(language: str) -> dict[int, str]:
    """What stands for Python's own signs of thousands and decimals."""
    return str.maketrans(dict(zip(",.", _signs(language), strict=True)))


def number(value: float, decimals: int = 0) -> Sentence:
    """`1.092.118`; a hyphen as minus, and never -0."""
    return Sentence(_written(value, decimals), (value,))


def _written(value: float, decimals: int) -> str:
    rounded = Decimal(repr(float(round(value, decimals) + 0.0)))  # as it reads, not as it is stored
    return f"{rounded:,.{decimals}f}".translate(_symbols(locale.language())).replace("Infinity", "∞")


def unit(error: float | None) -> float:
    """The power of ten that a figure with this standard error may be printed to: the largest that its 95 % error is not below.

    0 for a figure that is exact, or of which the error is not known.
    """
    half_width = STUDENT * (error or 0.0)
    return 10.0 ** math.floor(math.log10(half_width)) if half_width > 0 else 0.0


def amount(value: float, error: float | None = 0.0, scale: int = 1) -> Sentence:
    """An amount without its currency, with no more digits than its standard error leaves it; scale: kroner in one of what is written."""
    step = _finest(value, error, scale) / scale
    decimals = max(0, -math.floor(math.log10(step) + NOTHING)) if scale >= MILLION else 0
    return Sentence(_written(rounded(value, error, scale) / scale, decimals), (value,))


def rounded(value: float, error: float | None = 0.0, scale: int = 1) -> float:
    """What amount() shows, in kroner."""
    return _to(value, max(unit(error), _finest(value, error, scale)))


def _finest(value: float, error: float | None, scale: int) -> float:
    """Of what amount() may show: a tenth of a million, or less where that would show nothing of what there is."""
    if scale < MILLION or unit(error) >= scale:
        return float(scale)
    size = abs(value)
    if 0.5 <= size < scale / 20 and unit(error) < size:
        return max(10.0 ** math.floor(math.log10(size)), unit(error))
    return scale / 10


def _to(value: float, step: float) -> float:
    return round(value / step) * step


def cell(one: Cell, scale: int = 1) -> str:
    """What a cell of a table reads; scale: of its amounts."""
    return unbroken(_cell(one, scale)) if _unbroken.get() else _cell(one, scale)


def _cell(one: Cell, scale: int) -> str:
    if isinstance(one, Several | Sketch):
        return one.words
    if not isinstance(one, Figure):
        return one or ""
    if one.unit == "kr":
        return amount(one.value, one.error, scale)
    if one.unit == "share":
        return chance(one.value, one.error)
    return plain(one.value) if one.unit == "number" else number(one.value, one.decimals)


def corner(table: Table) -> str:
    """What stands above the names of a table's rows: their title, and what its amounts are counted in.

    Not above numbers, and not where no cell is an amount that is written without its currency.
    """
    if not table.columns:
        return ""
    cells = [cell for row in table.rows for cell in row.cells]
    are_amounts = any(isinstance(one, Figure) and one.unit == "kr" for one in cells)
    if not (table.currency and are_amounts and all(isinstance(row.cells[0], str) for row in table.rows)):
        return table.columns[0]
    sign = scale_name(table.scale, table.currency)
    return f"{table.columns[0]}, {sign}" if table.columns[0] else sign


def scale_name(scale: int, currency: str) -> str:
    """What amounts are counted in: `mio. kr.`, `1.000 kr.`, `kr.`"""
    sign = currency_sign(currency)
    if scale == MILLION:
        return locale.text("mio. {currency}", currency=sign)
    return f"{number(scale)} {sign}" if scale > 1 else sign


def unit_name(unit: Unit, currency: str) -> str:
    """What a number that is written without its unit is of."""
    if unit == "kr":
        return currency_sign(currency)
    return {"share": locale.text("share"), "count": locale.text("number")}.get(unit, "")


def chance(share: float, error: float | None = 0.0) -> Sentence:
    """A share in per cent, with a decimal only where its standard error leaves it one; none or all only where that is certain."""
    decimals = 0 if unit(error) >= 0.01 else 1
    least = 0.01 / 10**decimals
    said: str = percent(share, decimals)
    is_estimate = (error or 0.0) > 0  # that no draw has it does not make it impossible
    if -NOTHING <= share < least / 2 and (is_estimate or share > NOTHING):
        said = locale.text("under {share}", share=percent(least, decimals))
    elif 1 - least / 2 < share <= 1 + NOTHING and (is_estimate or share < 1 - NOTHING):
        said = locale.text("over {share}", share=percent(1 - least, decimals))
    return Sentence(said, (share,))


def shows_nothing(share: float, error: float | None = 0.0) -> bool:
    """Whether chance() has no figure for it but 0."""
    return share < (0.005 if unit(error) >= 0.01 else 0.0005)


def of_100(share: float) -> Sentence:
    """How many courses of a hundred: whole, and never none or all where there are some."""
    said: str = number(100 * share)
    if NOTHING < share <= 0.005:
        said = locale.text("fewer than 1")
    elif 0.995 <= share < 1 - NOTHING:
        said = locale.text("more than 99")
    return Sentence(said, (share,))


def range_of_100(low: float, high: float) -> Sentence:
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


def in_courses(share: float) -> Sentence:
    """`in 12 of 100 courses`, or in all of them, or in none."""
    if share >= 1 - NOTHING:
        return Sentence(locale.text("in all courses"), (share,))
    if share <= NOTHING:
        return Sentence(locale.text("in none of the courses"), (share,))
    return locale.text("in {n} of 100 courses", n=of_100(share))


def kroner(value: float, currency: str = "DKK", error: float | None = 0.0) -> Sentence:
    """`1.092.118 kr.`, or `1.090.000 kr.` with a standard error of 10.000."""
    return amount(value, error) + " " + currency_sign(currency)


def short(value: float, currency: str = "DKK", error: float | None = 0.0) -> Sentence:
    """`-4,4 mio. kr.` of a million and more, else to the krone; with no more digits than its standard error leaves it."""
    if abs(value) < MILLION:
        return kroner(value, currency, error)
    return locale.text("{amount} mio. {currency}", amount=millions(value, error), currency=currency_sign(currency))


def kroner_step(value: float, error: float | None = 0.0) -> float:
    """What kroner() rounds to."""
    return max(unit(error), 1.0)


def short_step(value: float, error: float | None = 0.0) -> float:
    """What short() rounds to."""
    return max(unit(error), MILLION / 10) if abs(value) >= MILLION else kroner_step(value, error)


def millions(value: float, error: float | None = 0.0) -> Sentence:
    """`-4,4`"""
    step = max(unit(error), MILLION / 10)
    return Sentence(_written(round(value / step) * step / MILLION, 0 if step >= MILLION else 1), (value,))


def currency_sign(currency: str) -> str:
    return CURRENCIES.get((locale.language(), currency), currency)


def half_width(error: float) -> float:
    """Half of a 95 % interval."""
    return two_digits(STUDENT * error)


def margin(error: float, currency: str) -> Sentence:
    """Half of the 95 % interval of an amount with this standard error."""
    return Sentence(kroner(half_width(error), currency), (error,))


def margin_points(error: float) -> Sentence:
    """The same of a chance, in percentage points."""
    return Sentence(plain(100 * half_width(error)), (error,))


def two_digits(error: float) -> float:
    """The error of an error is not known better."""
    return float(f"{error:.1e}")


def percent(share: float, decimals: int = 1) -> Sentence:
    """`63,7 %`; with more decimals where it would read as 0 and is not."""
    is_lost = abs(share) > NOTHING and round(100 * share, decimals) == 0
    said = plain(100 * two_digits(share)) if is_lost else _written(100 * share, decimals)
    return Sentence(said + per_cent_sign(), (share,))


def per_cent_sign() -> str:
    return " %" if locale.language() == "da" else "%"


def plain_percent(share: float) -> Sentence:
    """`0,004 %`: as many digits as it takes."""
    return Sentence(plain(100 * two_digits(share)) + per_cent_sign(), (share,))


def plain(value: float) -> Sentence:
    """A figure of any unit: whole where it is large, else with up to four decimals."""
    if abs(value) >= 100 or value == round(value):
        return number(value)
    return Sentence(_written(value, 4).rstrip("0").rstrip(",."), (value,))


def sparkline(shares: Sequence[float]) -> str:
    """A letter for each, as high as it is of the highest; a blank for none."""
    top = max(shares, default=0.0) or 1.0
    return "".join(" " if share <= 0 else BARS[min(int(share / top * 7.999), 7)] for share in shares)


def curve(values: Sequence[float]) -> str:
    """A letter for each value: as high as it is of the largest, the lowest for 0, and one below the line for less."""
    top = max(values, default=0.0) or 1.0
    return "".join(BELOW if value < 0 else BARS[min(round(value / top * 7), 7)] for value in values)
