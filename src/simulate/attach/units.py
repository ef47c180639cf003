"""What the amounts of a sheet are in: kroner, thousands or millions, as a caption, a heading or a note says it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from simulate.attach.cells import place, words
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


def said(words_: str) -> str | None:
    """The unit that a short text says; None for none."""
    if len(words_) > LONG or not _IN.search(words_):
        return None
    return next((unit for unit, pattern in _SAID if pattern.search(words_)), None)


def found(sheet: Sheet, rows: Sequence[Sequence[Value]], places: Iterable[tuple[int, int]]) -> dict[str, str]:
    """Unit → the first cell that says it."""
    units: dict[str, str] = {}
    for row, column in places:
        value = rows[row][column] if column < len(rows[row]) else None
        if unit := said(words(value)):
            units.setdefault(unit, place(sheet, row, column))
    return units


def chosen(
    asked: str | None, units: dict[str, str], largest: float, sheet: Sheet
) -> tuple[str, list[Remark], list[Remark]]:
    """The unit; what was guessed; what is not clear. largest: of the numbers of the table."""
    if asked is not None:
        return asked, [], []
    if len(units) > 1:
        cells = "; ".join(f"{where}: {unit}" for unit, where in units.items())
        message = text("the sheet says several units ({cells}); --unit says which one the amounts are in, or --cells which table is meant", cells=cells)  # fmt: skip
        return "kr.", [], [Remark(next(iter(units.values())), message)]
    if units:
        return next(iter(units)), [], []
    if largest >= SURELY_KRONER:
        message = text("the sheet does not say what its amounts are in; they were taken as kroner, as they go up to {amount} (--unit says otherwise)", amount=plain(largest))  # fmt: skip
        return "kr.", [Remark(place(sheet, 0, 0), message)], []
    message = text("the sheet does not say what its amounts are in: {amount} may be kroner, thousands of kroner or millions; --unit kr., --unit \"1.000 kr.\" or --unit \"mio. kr.\" decides", amount=plain(largest))  # fmt: skip
    return "kr.", [], [Remark(place(sheet, 0, 0), message)]
