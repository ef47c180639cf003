"""Which quarter is multiplied by four."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulate.asking.common import Work, as_written, listed
from simulate.errors import InputError
from simulate.locale import text
from simulate.options import check_is_known
from simulate.scenario import Scenario

if TYPE_CHECKING:
    from simulate.answers.annualise import Annualise
    from simulate.engine import Case
    from simulate.options import Options, Progress
    from simulate.pace import Notify
    from simulate.studies.annualise import Measure, Quarter

QUARTERS = (  # 2019Q1; Q1 2019 and 1. kvartal 2019
    re.compile(r"(?P<year>[0-9]{4})[ -]?[QK](?P<number>[1-4])", re.I),
    re.compile(r"([QK](?=[1-4][ -])|(?=[1-4][.] ?k))(?P<number>[1-4])([ -]|[.] ?kvartal )(?P<year>[0-9]{4})", re.I),
)
LARGEST_GROUP = 10_000  # persons; larger ones would take minutes
MOST_GROUPS = 20


def annualise(
    case: Case,
    options: Options,
    *,
    quarter: str,
    measure: Measure = "before-after",
    groups: str | Sequence[float] | None = None,
) -> Work[Annualise]:
    """quarter: as `2019Q1`. groups: persons in others that are told of as well."""
    check_is_known([case.scenario], "annualise")
    sizes = _sizes(groups)
    chosen = _quarter(quarter, case.scenario)

    def work(progress: Progress | None, notify: Notify) -> Annualise:
        from simulate.answers import annualise as answers
        from simulate.studies import annualise as studies

        return answers.of(studies.annualise(case, options, chosen, measure, sizes, progress, notify), case.loaded)

    return work


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


def _sizes(written: str | Sequence[float] | None) -> list[int]:
    if written is None:
        return []
    sizes = [int(size) for size in listed("groups", written, "count", _is_size)]
    if not sizes:
        message = text("--groups {given}: write whole numbers of persons from 1 to {most}, with semicolons between them, like 19; 29; 55",
                       given=as_written(written), most=LARGEST_GROUP)  # fmt: skip
        raise InputError(message)
    if len(sizes) > MOST_GROUPS:
        raise InputError(text("--groups: {n} sizes are too many; take at most {most}", n=len(sizes), most=MOST_GROUPS))
    return sizes


def _is_size(number: float) -> bool:
    return number.is_integer() and 1 <= number <= LARGEST_GROUP
