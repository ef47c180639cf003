"""`simulate annualise`, as a plain function."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from simulate.cli.common import CommonOptions, listed
from simulate.cli.studies import ask
from simulate.errors import InputError
from simulate.locale import text
from simulate.scenario import Scenario

if TYPE_CHECKING:
    from simulate.studies.annualise import Quarter

QUARTERS = (  # 2019Q1; Q1 2019 and 1. kvartal 2019
    re.compile(r"(?P<year>[0-9]{4})[ -]?[QK](?P<number>[1-4])", re.I),
    re.compile(r"([QK](?=[1-4][ -])|(?=[1-4][.] ?k))(?P<number>[1-4])([ -]|[.] ?kvartal )(?P<year>[0-9]{4})", re.I),
)
LARGEST_GROUP = 10_000  # persons; larger ones would take minutes
MOST_GROUPS = 20


def annualise(scenario: str, common: CommonOptions, *, quarter: str, measure: Any, groups: str | None) -> None:
    """What one quarter times four tells of the year that follows."""
    common.check()
    sizes = _sizes(groups)
    loaded = common.load(scenario)
    chosen = _quarter(quarter, loaded.scenario)
    ask("annualise", common, loaded, common.options(loaded), chosen, measure, sizes)


def _quarter(written: str, scenario: Scenario) -> Quarter:
    """`2019Q1`, with four quarters of the horizon after it."""
    from simulate.studies.annualise import Quarter

    first, years = scenario.time.first_year, scenario.time.years
    if years < 2:
        raise InputError(
            text("a horizon of one year has no four quarters after any of its quarters; time.years must be at least 2")
        )
    match = next(filter(None, (form.fullmatch(written.strip()) for form in QUARTERS)), None)
    if match is None:
        message = text("--quarter {given}: write the year, Q and the quarter's number from 1 to 4, like {example}",
                       given=written, example=f"{first}Q1")  # fmt: skip
        raise InputError(message)
    found = Quarter(int(match["year"]), int(match["number"]))
    if not 0 <= 4 * (found.year - first) + found.number - 1 < 4 * (years - 1):
        message = text("--quarter {given}: it must lie in the horizon with four quarters after it, that is {first} to {last}",
                       given=written, first=f"{first}Q1", last=f"{first + years - 2}Q4")  # fmt: skip
        raise InputError(message)
    return found


def _sizes(written: str | None) -> list[int]:
    if written is None:
        return []
    sizes = [int(size) for size in listed("groups", written, "count", _is_size)]
    if not sizes:
        message = text("--groups {given}: write whole numbers of persons from 1 to {most}, with semicolons between them, like 19; 29; 55",
                       given=written, most=LARGEST_GROUP)  # fmt: skip
        raise InputError(message)
    if len(sizes) > MOST_GROUPS:
        raise InputError(text("--groups: {n} sizes are too many; take at most {most}", n=len(sizes), most=MOST_GROUPS))
    return sizes


def _is_size(number: float) -> bool:
    return number.is_integer() and 1 <= number <= LARGEST_GROUP
