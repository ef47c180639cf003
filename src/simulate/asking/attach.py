"""A sheet of the officer's own, and how it is to be read."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from simulate.asking.common import Work
from simulate.attach import Asked, Found, cells, recognised, written
from simulate.attach.tables import Basis, Signs
from simulate.errors import InputError, ScenarioError
from simulate.locale import text
from simulate.scenario import Loaded, made
from simulate.scenario.amounts import signs_told

if TYPE_CHECKING:
    from simulate.answers.attach import Attach
    from simulate.engine import Result
    from simulate.options import Options, Progress
    from simulate.pace import Notify

ROLES = {
    "cost": ("cost", "costs", "udgift", "udgifter"),
    "saving": ("saving", "savings", "besparelse", "besparelser"),
    "financing": ("financing", "finansiering"),
    "total": ("total", "sum", "i alt"),
    "skip": ("skip", "udelad", "nej"),
}
_YEARS = re.compile(r"((?:19|20|21)[0-9]{2})(?: *[-–:] *((?:19|20|21)[0-9]{2}))?")


def asked(
    *,
    sheet: str | None = None,
    cells: str | None = None,
    unit: str | None = None,
    years: str | None = None,
    signs: str | None = None,
    ranges: str | None = None,
    rows: str | None = None,
    title: str | None = None,
) -> Asked:
    """What the options say, read. Raises InputError."""
    return Asked(sheet, cells, _unit(unit), _years(years), cast("Signs | None", signs), cast("Basis | None", ranges), _rows(rows), title)  # fmt: skip


def _unit(given: str | None) -> str | None:
    if given is None:
        return None
    plain = given.strip().lower().rstrip(".").replace(" ", "").replace(".", "")
    known = {
        "kr": "kr.",
        "1000kr": "1.000 kr.",
        "tkr": "1.000 kr.",
        "1000": "1.000 kr.",
        "mio": "mio. kr.",
        "miokr": "mio. kr.",
        "million": "mio. kr.",
    }
    if plain not in known:
        raise InputError(text('--unit {given}: write kr., "1.000 kr." or "mio. kr."', given=given))
    return known[plain]


def _years(given: str | None) -> tuple[int, int] | None:
    if given is None:
        return None
    found = _YEARS.fullmatch(given.strip())
    if found is None or (found[2] and int(found[2]) < int(found[1])):
        raise InputError(text("--years {given}: write the first year, or the first and the last, like 2027 or 2027-2031", given=given))  # fmt: skip
    return int(found[1]), int(found[2] or 0)


def _rows(given: str | None) -> dict[int, str] | None:
    """`5=total, 7-9=saving` by row."""
    if given is None:
        return None
    known = {word: role for role, words in ROLES.items() for word in words}
    found: dict[int, str] = {}
    for part in re.split(r"[,;]", given):
        which, _, role = (one.strip().lower() for one in part.partition("="))
        match = re.fullmatch(r"([1-9][0-9]{0,6})(?:-([1-9][0-9]{0,6}))?", which)
        if match is None or role not in known or int(match[2] or match[1]) < int(match[1]):
            raise InputError(text("--rows {given}: write rows and what they are, like 5=total,7-9=cost,10=saving,11=financing,12=skip", given=given))  # fmt: skip
        first, last = int(match[1]), int(match[2] or match[1])
        found |= dict.fromkeys(range(first, min(last, first + 10_000) + 1), known[role])
    return found


def read(file: str, how: Asked) -> Found:
    """The sheet, understood. Raises InputError with every cell that is not clear."""
    from simulate.grid import GridProblem
    from simulate.grid import read as read_book

    try:
        book = read_book(file)
    except GridProblem as problem:
        from simulate.files import named

        raise InputError(f"{named(file)}: {problem}") from None
    found = recognised(book, how)
    last = found.first_year + found.years - 1
    if how.years and (how.years[0] != found.first_year or how.years[1] not in (0, last)):
        given = "-".join(str(year) for year in how.years if year)
        raise InputError(text("--years {given}: the table has the years {first}-{last} of these", given=given, first=found.first_year, last=last))  # fmt: skip
    return found


def attached(found: Found, name: str) -> Loaded:
    """The scenario that is made of it, checked, as a file of this name. Raises ScenarioError, with cells of the sheet."""
    try:
        loaded = made(name, written(found), cells(found))
        twice = signs_told()  # the sheet's own warnings of amounts of the other sign say more
        return replace(loaded, warnings=tuple(replace(one, file=found.file) for one in loaded.warnings if one.message not in twice))  # fmt: skip
    except ScenarioError as error:
        raise ScenarioError(found.file, error.problems) from None


def attach(found: Found, loaded: Loaded, options: Options, out: str | None) -> Work[tuple[Attach, Result | None]]:
    """What was understood, and how likely it breaks even; and the run that tells it, where a row is uncertain."""

    def work(progress: Progress | None, notify: Notify) -> tuple[Attach, Result | None]:
        from simulate import limits, point
        from simulate.answers import attach as answers
        from simulate.engine import Case
        from simulate.ledger import Accounts
        from simulate.model import PERIODS, Model
        from simulate.pace import Pace
        from simulate.sampling import Sampler

        scenario = loaded.scenario
        at_values = point.compute(Accounts(Model(scenario), PERIODS["year"]), Sampler(scenario).point())
        if not any(line.spread for line in found.lines):
            return answers.of(found, loaded, at_values, None, out), None
        run = Case.of(loaded).result(options, progress, Pace(notify, hint=limits.hint(scenario, options.engine)))
        return answers.of(found, loaded, at_values, run, out), run

    return work
