"""Dates and times as a spreadsheet keeps them: days since a day of its own."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from simulate.grid.book import Flaw

FIRST = datetime(1899, 12, 31)  # day 0
FIRST_1904 = datetime(1904, 1, 1)
LEAP = 60  # the 29th of February 1900, which there never was: a fault of Lotus 1-2-3 that Excel keeps
END = 2_958_466  # the day after the last that is shown
NO_DATE = "########"


def moment(serial: float, since_1904: bool) -> date | datetime | Flaw:
    """The day, or the day and the time to the millisecond; a number below 1 is a time. Flaw for what the spreadsheet itself shows as no date."""
    if not 0 <= serial < END - (1462 if since_1904 else 0):
        return Flaw("date", NO_DATE)
    if since_1904:
        return _plain(FIRST_1904, serial)
    if serial < 1:
        return Flaw("time", duration(serial))
    if LEAP <= serial < LEAP + 1:
        return Flaw("date", "29-02-1900")
    return _plain(FIRST, serial - (serial > LEAP))


def _plain(first: datetime, days: float) -> date | datetime | Flaw:
    try:
        found = first + timedelta(milliseconds=round(days * 86_400_000))
    except OverflowError:  # the last half millisecond of the year 9999
        return Flaw("date", NO_DATE)
    return found if found.time() != datetime.min.time() else found.date()


def duration(days: float) -> str:
    """Hours, minutes and seconds: 36:00:00."""
    seconds = round(abs(days) * 86_400)
    return f"{'-' if days < 0 else ''}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
