"""What the amounts of a sheet are in: kroner, thousands or millions, as a caption, a heading or a note says it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from simulate.attach.cells import NOTHING, is_blank, place, words
from simulate.attach.tables import Remark
from simulate.figures import plain
from simulate.grid import Sheet, Value
from simulate.locale import text

SCALES = {"kr.": 1, "1.000 kr.": 1000, "mio. kr.": 1_000_000}
LONG = 90  # letters of a caption; a longer text tells of amounts, and not what they are in
SURELY_KRONER = 100_000  # as thousands it would be a hundred millions in a year
_MONEY = r"(?:kr(?:oner)?\b\.?|dkk\b)"
_THOUSANDS = rf"(?:1[. ]?000 ?{_MONEY}|t\.? ?kr\b\.?|tkr\b\.?|tdkk\b|tusinde?r? ?{_MONEY}|thousands?( of)? ?(?:{_MONEY})?|dkk ?1[,.]?000|kr\.? ?1[.]?000|'000|dkk thousand)"
_MILLIONS = (
    rf"(?:mio\b\.? ?{_MONEY}?|mill\b\.? ?{_MONEY}?|millioner ?{_MONEY}?|dkk million|millions?( of)? ?(?:{_MONEY})?)"
)
_SAID = (
    ("mio. kr.", re.compile(rf"(?<![0-9]) ?(?<![0-9] )\b{_MILLIONS}", re.I)),
    ("1.000 kr.", re.compile(rf"(?<![0-9.,])\b{_THOUSANDS}", re.I)),
    ("kr.", re.compile(rf"(?<![0-9] )(?<![0-9])\b{_MONEY}", re.I)),
)
IS_UNIT = re.compile(rf"\(?({_THOUSANDS}|{_MILLIONS}|{_MONEY})\)?", re.I)
_IN = re.compile(
    r"\b(i|in|hele|angivet i|opgjort i)\b|^\W*(1[. ]?000|t\.? ?kr|tkr|mio|mill|kr|dkk)|[(),:–-] *\(?(1[. ]?000|mio|t\.?kr|kr|dkk)",
    re.I,
)


_ROUNDED = re.compile(
    rf"\b(?:op|ned|af)?(?:rund|round)\w* (?:til|to) (?:(?:det|den|the|nærmeste|nearest|hele?|whole) )*(?:{_THOUSANDS}|{_MILLIONS}|{_MONEY})",
    re.I,
)
_YEAR = re.compile(r"\b(?:19|20|21)[0-9]{2}\b(?! ?kr)", re.I)
_AMOUNT = re.compile(
    rf"(?<![0-9.,])(?!1[. ]?000 ?{_MONEY})[0-9](?:[0-9.,]*[0-9])? ?(?:{_MILLIONS}|t\.? ?kr\b\.?|tusinde?r? ?{_MONEY}|{_MONEY})",
    re.I,
)
_AT_END = re.compile(rf"(?P<before>\w+)?[ .,:–-]*(?P<unit>{_THOUSANDS}|{_MILLIONS}|{_MONEY})\W*", re.I)
_OF_TABLES = re.compile(
    r"budget|økonomi|business ?case|udgift|omkostning|bespar|gevinst|finansiering|oversigt|tabel|beløb|netto|forslag|overslag|beregning|konsekvens|cost|saving|amount|table|overview",
    re.I,
)
_OF_AMOUNTS = re.compile(
    r"(på|over|under|højst|mindst|max|maks|min|ca|cirka|til|fra|for|af|a|á|à|er|om|pr|per|en|et|én|ét|to|tre|fire|fem|ti|hundrede?|flere|mange|få|halv|halvanden|takst|pris|gebyr|tilskud|løn"
    r"|of|at|up|about|one|two|three|five|ten|hundred|several|many|price|rate|grant|fee)",
    re.I,
)


def all_said(words_: str) -> list[str]:
    """The units that a short text says, the largest first; one that it says to be rounded to is none."""
    if len(words_) > LONG:
        return []
    left = _AMOUNT.sub(" ", _YEAR.sub(" ", _ROUNDED.sub(" ", words_)))
    if not _IN.search(left) and not _ends_in_one(left):
        return []
    found = []
    for unit, pattern in _SAID:
        if pattern.search(left):
            found.append(unit)
            left = pattern.sub(" ", left)
    return found


def _ends_in_one(words_: str) -> bool:
    """`Budget 2027 1.000 kr.`, `Økonomi mio. kr.`: what the table is and what it is in, and no amount."""
    found = next((one for one in _AT_END.finditer(words_) if one.end() == len(words_)), None)
    if found is None:
        return False
    before = found["before"] or ""
    if _OF_AMOUNTS.fullmatch(before):
        return False
    return not found["unit"][0].isdigit() or _OF_TABLES.search(words_) is not None


def said(words_: str) -> str | None:
    """The unit that a short text says; None for none."""
    return next(iter(all_said(words_)), None)


_INTO = re.compile(
    r"(?:[ ,.;:(–-]|\b(?:alle|beløb|tal|amounts?|figures|er|are|angivet|opgjort|vist|i|in|hele|all)\b)+$", re.I
)


def parted(words_: str) -> tuple[str, str]:
    """What a text says before the unit that it says, and behind it; the whole where it says none."""
    if said(words_) is None:
        return words_, ""
    hidden = words_
    for pattern in (_ROUNDED, _YEAR, _AMOUNT):
        hidden = pattern.sub(lambda one: "_" * len(one[0]), hidden)
    first = min((found for _, pattern in _SAID if (found := pattern.search(hidden))), key=lambda one: one.start())
    return _INTO.sub("", words_[: first.start()]), words_[first.end() :].strip(" ,.;:()–-")


def found(sheet: Sheet, rows: Sequence[Sequence[Value]], places: Iterable[tuple[int, int]]) -> dict[str, str]:
    """Unit → the first cell that says it."""
    units: dict[str, str] = {}
    for row, column in places:
        value = rows[row][column] if column < len(rows[row]) else None
        for unit in all_said(words(value)):
            units.setdefault(unit, place(sheet, row, column))
    return units


_HAS_UNIT = re.compile(
    rf".*[0-9].*(?:{_THOUSANDS}|{_MILLIONS}|{_MONEY}|\bmia\b|,[-−–]$)|(?:{_MONEY}) ?[-−–]?[0-9].*", re.I
)


def all_have_one(rows: Sequence[Sequence[Value]], columns: Sequence[int]) -> bool:
    """Whether every amount says itself what it is in: `500 t.kr.`, `600.000,-`."""
    amounts = [row[j] for row in rows for j in columns if j < len(row) and not is_blank(row[j])]
    written = [one for one in amounts if not (isinstance(one, str) and (words(one) in NOTHING or not any(map(str.isdigit, one))))]  # fmt: skip
    return bool(written) and all(one == 0 or _HAS_UNIT.fullmatch(words(one)) is not None for one in written)


def chosen(
    asked: str | None, units: dict[str, str], largest: float, sheet: Sheet, years: int, each_has_one: bool
) -> tuple[str, list[Remark], list[Remark]]:
    """The unit; what was guessed; what is not clear. largest: of the numbers of the table; years: the row of the years, from 0; each_has_one: whether every amount says its unit."""
    parts = {unit: where for unit, where in units.items() if _row_of(where) > years + 2}  # of some rows of the table
    if asked is not None:
        other = next(((unit, where) for unit, where in units.items() if unit != asked), None)
        if other is None or (len(units) > 1 and asked in units and not parts):
            return asked, [], []
        message = text("the sheet says {unit} here, and all amounts were taken as {asked}, as --unit says", unit=other[0], asked=asked)  # fmt: skip
        return asked, [Remark(other[1], message)], []
    if len(units) > 1:
        cells = "; ".join(f"{where}: {unit}" for unit, where in units.items())
        message = text("the sheet says several units ({cells}); --unit says which one the amounts are in, or --cells which table is meant", cells=cells)  # fmt: skip
        if parts:
            message = text("the table says different units in different places ({cells}); where its amounts are in different ones, write them all in one, or each with its own; --unit says which one all of them are in", cells=cells)  # fmt: skip
        return "kr.", [], [Remark(next(iter(units.values())), message)]
    if units:
        unit = next(iter(units))
        if unit != "kr." and largest >= SURELY_KRONER:
            message = text("the sheet says {unit}, and its amounts go up to {amount}; where these are kroner, which the format of the cells shows as {unit}: --unit kr.", unit=unit, amount=plain(largest))  # fmt: skip
            return unit, [Remark(units[unit], message)], []
        return unit, [], []
    if each_has_one:
        return "kr.", [], []
    if largest >= SURELY_KRONER:
        message = text("the sheet does not say what its amounts are in; they were taken as kroner, as they go up to {amount} (--unit says otherwise)", amount=plain(largest))  # fmt: skip
        return "kr.", [Remark(place(sheet, 0, 0), message)], []
    message = text("the sheet does not say what its amounts are in: {amount} may be kroner, thousands of kroner or millions; --unit kr., --unit \"1.000 kr.\" or --unit \"mio. kr.\" decides", amount=plain(largest))  # fmt: skip
    return "kr.", [], [Remark(place(sheet, 0, 0), message)]


def _row_of(where: str) -> int:
    """The row of a cell, from 1."""
    return int(re.sub(r".*[A-Z]", "", where))
