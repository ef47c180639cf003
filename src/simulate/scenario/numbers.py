"""Numbers as finance people write them, Danish and English: one reading, or a refusal that shows both."""

import math
import re
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from simulate import locale
from simulate.locale import text

Usage = Literal["money", "share", "count", "number"]
"""What a number is used as; "number" = not known."""


class NumberProblem(ValueError):
    """A number that cannot be read, or can be read in two ways; `message` says it in a sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Written:
    """A number that was read from text.

    resolution: half of one unit in the last written place, in the unit of value.
    money, share: whether the unit itself (kr., %) says so.
    """

    value: float
    resolution: float
    money: bool = False
    share: bool = False
    bare: bool = field(default=True, compare=False)  # neither a unit nor a power of ten is written with it


class _Unit(NamedTuple):
    power: int  # of ten
    money: bool = False
    share: bool = False
    english: bool = False  # so that a comma may well mark thousands


MONTHS = ("jan", "feb", "mar", "apr", "ma[jy]", "jun", "jul", "aug", "sep", "o[kc]t", "nov", "de[cz]")
"""How the names of months begin, in both languages."""
_LONGEST = 60
_POWERS = {"": 0, "t": 3, "tusind": 3, "tusinde": 3, "thousand": 3, "mio": 6, "mill": 6, "million": 6}
_POWERS |= {"millioner": 6, "mia": 9, "milliard": 9, "milliarder": 9}
_UNITS = {
    f"{scale} {money}".strip(): _Unit(power, bool(money), english=scale in ("thousand", "million"))
    for scale, power in _POWERS.items()
    for money in ("", "kr", "krone", "kroner", "dkk")
    if scale != "t" or money  # 5 t. may be hours
}
_UNITS |= dict.fromkeys(("tkr", "tdkk"), _Unit(3, money=True))
_UNITS |= dict.fromkeys(("%", "pct", "procent", "percent", "per cent"), _Unit(-2, share=True))

SIGN = "[-+−–]"
CURRENCY = r"kr\.?|dkk"
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f", " "))
_BEGINS = re.compile(rf"\(?(?:{SIGN}|[.,]?\d|(?:{CURRENCY}|[€$£]) ?{SIGN}? ?\d)", re.I)
_SHAPE = re.compile(
    rf"(?P<before>{SIGN}?) *(?P<currency>{CURRENCY})? *(?P<after>{SIGN}?) *"
    r"(?P<body>[0-9](?:[0-9 .,]*[0-9])?)(?P<ending>,[-−–])? *(?P<unit>(?:%|[^\W\d_]).*)?",
    re.I,
)
_BODY = re.compile(
    r"(?P<whole>0|[1-9][0-9]*|[1-9][0-9]{0,2}(?P<group>[ .,])[0-9]{3}(?:(?P=group)[0-9]{3})*)"
    r"(?:(?!(?P=group))(?P<point>[.,])(?P<decimals>[0-9]+))?"
)
_WHOLE = re.compile(r"[0-9]+(?:[ .][0-9]{3})*")
_EXPONENT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?e[-+]?[0-9]+")
_LITERAL = re.compile(r"[-+]?[0-9]+(?:\.(?P<decimals>[0-9]+))?(?:e(?P<exponent>[-+]?[0-9]+))?")
_THOUSANDS = r"[0-9 .,](t\.? ?(kr|dkk)|tusinde?|thousand|\(?1[. ]?000 ?(kr|dkk))"
_UNIT_SAID = r"[^\W\d_]|[%€$£]|,-"
_THREE_DECIMALS = re.compile(r"(?P<sign>[-+]?)(?P<whole>[0-9]{1,15})\.(?P<decimals>[0-9]{3})")


def looks_like_number(given: str) -> bool:
    """Tell whether a text begins as a number does, and so is no name of an assumption."""
    return _BEGINS.match(given.lstrip()[:9].translate(_SPACES)) is not None


def parse(given: str, usage: Usage = "number") -> Written:
    """Read a number as people write it.  Raises NumberProblem where it has no reading, or two."""
    given = given.strip().translate(_SPACES)
    if len(given) > _LONGEST:
        start = _printable(given[:20])
        raise NumberProblem(text("“{given}…” is too long to be a number.", given=start))
    given = _printable(given)
    plain = given.casefold().replace("−", "-").replace("–", "-")
    if _EXPONENT.fullmatch(plain):
        return _exponent(given, plain)
    shape = _SHAPE.fullmatch(given)
    unit = _unit(shape) if shape else None
    if shape is None or unit is None:
        raise NumberProblem(_slip(given, usage, shape is not None))
    _check_usage(given, unit, usage)
    whole, decimals = _digits(given, shape, unit, usage)
    sign = "" if shape["before"] + shape["after"] in ("", "+") else "-"
    return Written(
        value=float(f"{sign}{whole}.{decimals or 0}e{unit.power}") + 0.0,  # no -0
        resolution=float(f"5e{unit.power - len(decimals) - 1}"),
        money=unit.money,
        share=unit.share,
        bare=not (unit.power or unit.money or unit.share),
    )


def in_thousands(given: str) -> bool:
    """Whether a text says that its number is in thousands."""
    likely = "000" in given or "t" in given.lower()  # so that most files need no compiled pattern
    return likely and re.search(_THOUSANDS, given, re.I) is not None


def is_bare(given: str) -> bool:
    """Whether a number that was written as text has no unit."""
    return re.search(_UNIT_SAID, given) is None or _EXPONENT.fullmatch(given.strip().lower()) is not None


def has_unit(given: str) -> bool:
    """Whether a number that was written as text has a unit of money, or a power of ten: what it is in hangs on no other text."""
    try:
        found = parse(given)
    except NumberProblem:
        return not is_bare(given)
    return not (found.bare or found.share)


def _slip(given: str, usage: Usage, has_words: bool) -> str:
    from simulate.scenario import slips  # which a right file does not need

    return slips.said(given, usage, has_words)


def about(given: str) -> str:
    """The number of `ca. 150.000 kr.`; empty where there is none of that kind."""
    found = _ABOUT.fullmatch(given.strip())
    return found["number"].strip() if found else ""


def check_literal(raw: str, usage: Usage) -> None:
    """Refuse kroner written without quotes and with three decimals: TOML reads 465.000 as 465."""
    number = _THREE_DECIMALS.fullmatch(raw.replace("_", ""))
    if usage != "money" or number is None:
        return
    sign, whole, decimals = number.group("sign", "whole", "decimals")
    thousands = int(whole + decimals)
    if thousands:
        raise NumberProblem(
            text(
                "{given} without quotes is read as {small}, where {large} may be meant; "
                'write {large} or "{quoted} kr." for that, and {small} if not.',
                given=raw,
                small=f"{sign}{int(whole)}{_tail('.', decimals)}",
                large=f"{sign}{thousands}",
                quoted=f"{sign}{thousands:,}".replace(",", "."),
            )
        )


def resolution(raw: str) -> float:
    """Half of one unit in the last written place of a TOML number; of 1e6 that is written out, 1000000."""
    number = _LITERAL.fullmatch(raw.replace("_", "").lower())
    if number is None:  # hexadecimal, octal, binary
        return 0.5
    place = int((number["exponent"] or "0")[:6]) - len(number["decimals"] or "")
    return float(f"5e{min(place, 0) - 1}")


def _printable(given: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in given)


def _exponent(given: str, plain: str) -> Written:
    value = float(plain) + 0.0
    vanished = value == 0 and re.search("[1-9]", plain.partition("e")[0])
    if math.isinf(value) or vanished:
        raise NumberProblem(text("“{given}” is too large or too small to reckon with.", given=given))
    return Written(value, resolution(plain))


def _unit(shape: re.Match[str]) -> _Unit | None:
    """The unit around a number; None where it is unknown, or two."""
    words = re.findall(r"[^\s.]+", (shape["unit"] or "").casefold())
    unit = _UNITS.get(" ".join(words))
    currency = shape["currency"]
    if (shape["before"] and shape["after"]) or unit is None or (currency and (unit.money or unit.share)):
        return None
    if shape["ending"] and (unit.power or not _WHOLE.fullmatch(shape["body"])):
        return None
    return unit._replace(
        money=unit.money or bool(currency or shape["ending"]),
        english=unit.english or (currency or "").casefold() == "dkk",
    )


def _check_usage(given: str, unit: _Unit, usage: Usage) -> None:
    if usage == "money" and unit.share:
        raise NumberProblem(text("“{given}” is a share, where an amount in kroner belongs.", given=given))
    if usage == "count" and (unit.share or unit.money):
        raise NumberProblem(_no_count(given, unit))
    if usage == "share" and (unit.money or unit.power > 0):
        raise NumberProblem(text("“{given}” is no share; write it like 15 % or 0,15.", given=given))


def _no_count(given: str, unit: _Unit) -> str:
    try:
        share = parse(given, "share").value if unit.share else math.nan
    except NumberProblem:
        share = math.nan
    if math.isnan(share):
        return text("“{given}” is no count; write the number alone, without a unit.", given=given)
    return text("“{given}” is no count; write {number}.", given=given, number=locale.spoken(share, ".10g"))


def _digits(given: str, shape: re.Match[str], unit: _Unit, usage: Usage) -> tuple[str, str]:
    """The digits before and after the decimal mark.  Raises NumberProblem for bad marks and two readings."""
    body = _BODY.fullmatch(shape["body"])
    if body is None:
        raise NumberProblem(text("The marks in “{given}” make no number; write it like 1.092.118,50.", given=given))
    whole, decimals = re.sub("[ .,]", "", body["whole"]), body["decimals"] or ""
    if len(decimals) != 3 or not int(whole + decimals):
        return whole, decimals
    kroner = unit.power == 0 and (unit.money or usage == "money")
    groupable = body["group"] is None and whole != "0" and len(whole) <= 3
    if kroner and groupable and (body["point"] == "." or unit.english):
        return whole + decimals, ""
    if not kroner and _surely_decimal(body, unit):
        return whole, decimals
    raise NumberProblem(_two_ways(shape, unit, whole, decimals))


def _surely_decimal(body: re.Match[str], unit: _Unit) -> bool:
    """Whether the mark before three digits, not of plain kroner, can only be a decimal mark."""
    comma = body["point"] == ","
    if comma and (body["whole"] == "0" or (unit.power >= 6 and not unit.english)):
        return True
    if body["group"]:
        return body["group"] != " "  # 1.092,118 but not 1 092.118
    return len(body["whole"]) > 3


def _tail(mark: str, decimals: str) -> str:
    """A decimal mark and decimals, never three of them."""
    short = decimals.rstrip("0")
    return f"{mark}{short}{'0' * (len(short) == 3)}" if short else ""


def _two_ways(shape: re.Match[str], unit: _Unit, whole: str, decimals: str) -> str:
    """Both readings as people write them, each so that it has no other one."""
    given, body = shape[0], shape["body"]

    def reading(number: str) -> str:
        return given.replace(body, number, 1)

    said = {"given": given, "one": reading(str(int(whole + decimals)))}
    mark = "," if locale.language() == "da" else "."
    in_danish = unit.power >= 6 and not unit.english
    if in_danish or decimals.endswith("0"):
        other = reading(f"{whole},{decimals}" if in_danish else whole + _tail(mark, decimals))
    elif unit.power >= 3:
        other = _written_out(shape, unit, whole + decimals)
    else:
        zero = reading(whole + _tail(mark, decimals))
        return text(
            "“{given}” can be read two ways: as {one} or as {other}. Write {one}, or {zero} with a 0 at its end.",
            other=reading(f"{whole}{mark}{decimals}"), zero=zero, **said,
        )  # fmt: skip
    return text(
        "“{given}” can be read two ways: as {one} or as {other}. Write the one that is meant.", other=other, **said
    )


def _written_out(shape: re.Match[str], unit: _Unit, digits: str) -> str:
    """Thousands or more with three decimals, without their power of ten: 5.592 t.kr. as 5592 kr."""
    amount = f"{shape['before']}{shape['after']}{int(digits)}{'0' * (unit.power - 3)}"
    if shape["currency"]:
        return f"{shape['currency']} {amount}"
    return f"{amount} kr." if unit.money else amount


_ABOUT = re.compile(
    r"(?:ca\.?|cirka|circa|omkring|omtrent|about|approx\.?|around|[~≈]) *(?P<number>[-−]?[0-9][0-9., ]*(?:kr\.?)?)",
    re.IGNORECASE,
)
