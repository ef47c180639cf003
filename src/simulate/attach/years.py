"""Which year a column is of, as its heading says it: 2027, B2027, BF 2027, Budget 27, '27, 2027 1), År 1, År 1 (2027), 2027-28, 2030 og frem, or a date."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from datetime import date

from simulate.grid import Value

EARLIEST, LATEST = 1990, 2199
_BUDGET = (
    r"budget(?:år|forslag)?|overslag(?:sår)?|bo?f?|f|prognose|forventet|skøn|plan|år|kalenderår|year|estimate|forecast"
)
_ACCOUNT = r"regnskab|r|account|actual"
_YEAR = re.compile(
    rf"(?:(?P<account>{_ACCOUNT})|(?:{_BUDGET}))?[ .\-]*(?P<year>(?:19|20|21)[0-9]{{2}})(?: *[\-(]? *(?:{_BUDGET}|(?P<after>{_ACCOUNT}))[ .)]*)?",
    re.I,
)
_SHORT = re.compile(rf"(?:(?:(?P<account>{_ACCOUNT})|(?:{_BUDGET}))[ .\-'’´]*|['’´] ?)(?P<year>[0-9]{{2}})", re.I)
_NOTED = re.compile(r"(?<=[0-9])(?: *\*+| +[0-9]{1,2}\)| *\([0-9*]\)| *[¹²³⁴⁵⁶])$")  # the mark of a note behind a year
_BOTH = re.compile(
    r"(?:år|year) *[0-9]{1,2}[.:,]? *[-–(]? *(?P<a>(?:19|20|21)[0-9]{2})\)?|(?P<b>(?:19|20|21)[0-9]{2}) *[-–(,:]? *\(?(?:år|year) *[0-9]{1,2}\)?",
    re.I,
)
_NUMBERED = re.compile(r"\w*(?:år|year) *(?P<a>[0-9]{1,2})|(?P<b>[0-9]{1,2})[.]? *\w*(?:år|year)", re.I)
_ONWARD = re.compile(
    rf"(?:(?:{_BUDGET})[ .\-]*)?(?P<year>(?:19|20|21)[0-9]{{2}})(?: *(?:ff|f|→|->|>)| *[-–+]| (?:og|and) (?:de |alle |all )?(?:frem|fremefter|fremover|videre|følgende|efterfølgende|senere|onwards?|after|later|following)"
    r"(?: år| years)?| (?:frem|fremefter|fremover|onwards?))\.?",
    re.I,
)
_BEGINS = re.compile(r"(?:\D{0,12}[ .\-])?(?P<year>(?:19|20|21)[0-9]{2})(?![0-9])")
_SPAN = re.compile(r"(?:\D{0,12} )?(?P<year>(?:19|20|21)[0-9]{2}) *[-–/] *(?P<end>[0-9]{2}|[0-9]{4})")


@dataclass(frozen=True, slots=True)
class Head:
    """A column's heading. number: the year, or of a numbered one which; span: whether it says two years; onward: and those that follow it."""

    column: int
    number: int
    numbered: bool = False
    span: bool = False
    account: bool = False
    onward: bool = False


def head(value: Value, column: int) -> Head | None:
    """What year a cell says; None for none."""
    if isinstance(value, date):
        return Head(column, value.year)
    if isinstance(value, float) and not isinstance(value, bool):
        return Head(column, int(value)) if value.is_integer() and EARLIEST <= value <= LATEST else None
    if not isinstance(value, str):
        return None
    said = _NOTED.sub("", " ".join(value.split()).strip(" :.")).strip(" *:.")
    if found := _BOTH.fullmatch(said):
        return Head(column, int(found["a"] or found["b"]))
    if found := _YEAR.fullmatch(said):
        return Head(column, int(found["year"]), account=bool(found["account"] or found["after"]))
    if found := _NUMBERED.fullmatch(said):
        return Head(column, int(found["a"] or found["b"]), numbered=True)
    if found := _SHORT.fullmatch(said):
        return Head(column, 2000 + int(found["year"]), account=bool(found["account"]))
    if found := _ONWARD.fullmatch(said):
        return Head(column, int(found["year"]), onward=True)
    if found := _SPAN.fullmatch(said):
        first, end = int(found["year"]), int(found["end"])
        return Head(column, first, span=True) if end in (first + 1, (first + 1) % 100) else None
    return None


def begins(value: Value) -> int | None:
    """The year that a heading begins with; None for none."""
    found = _BEGINS.match(" ".join(value.split())) if isinstance(value, str) else None
    return None if found is None else int(found["year"])


_MONTH = r"(?:jan(?:uary?)?|feb(?:ruary?)?|mar(?:ts|ch)?|apr(?:il)?|ma[jy]|jun[ie]?|jul[iy]?|aug(?:ust)?|sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_PART = re.compile(
    rf"\b(?:halvår|kvartal|kvt|tertial|half[ -]?year|quarter)|\b[hkq][1-4]\b|\b{_MONTH} *(?:[-–] *{_MONTH} *)?(?:['’]?[0-9]{{2}}|[0-9]{{4}})?$",
    re.I,
)
_LIKE = re.compile(r"(?<![0-9.,])(?:19|20|21)[0-9]{2}(?![0-9.,]*[0-9])|\b(?:år|year) *[0-9ivx]{1,3}\b|\b[0-9ivx]{1,3}\.? *år\b", re.I)  # fmt: skip
MOST = 30  # letters of a heading of a year


def is_part(value: Value) -> bool:
    """Whether a heading is of a part of a year: `1. halvår 2027`, `Q1`, `jan. 2027`."""
    return isinstance(value, str) and len(value) <= MOST and _PART.search(" ".join(value.split())) is not None


def is_like(value: Value) -> str | None:
    """What a heading says that looks like a year and is none that can be read; the year itself in it, or ""; None for all else."""
    if not isinstance(value, str) or len(value) > MOST or head(value, 0) is not None:
        return None
    return year_in(value) if _LIKE.search(" ".join(value.split())) else None


def year_in(value: Value) -> str:
    """The year that stands in a text; "" where there is none, or several."""
    years = re.findall(r"(?<![0-9])(?:19|20|21)[0-9]{2}(?![0-9])", value) if isinstance(value, str) else []
    return years[0] if len(years) == 1 else ""


def follows(heads: list[Head]) -> bool:
    """Whether each is the year after the one before."""
    return all(b.number == a.number + 1 and a.numbered == b.numbered for a, b in itertools.pairwise(heads))
