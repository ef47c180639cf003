"""The case that `simulate new` writes: the example of the language, over the years that are asked for."""

import re
from pathlib import Path

from simulate.errors import InputError
from simulate.locale import Language, text
from simulate.scenario.schema import FIRST_YEAR, LAST_FIRST_YEAR, MOST_YEARS

PRICES_BEFORE = 3  # years: of the example's amounts at an older price level
_FIRST = re.compile(r"^first_year = ([0-9]{4})$", re.MULTILINE)
_YEARS = re.compile(r"^years = ([0-9]+)$", re.MULTILINE)
_LISTS = re.compile(r"^(?P<key>yearly|value) = \[(?P<items>.+)\]$", re.MULTILINE)
_REPORTED = re.compile(r"^\[\[reported\]\]\n(?:.+\n)+\n?", re.MULTILINE)


def written(language: Language, first_year: int | None = None, years: int | None = None) -> str:
    """The text. Raises InputError for years that no case can have."""
    source = Path(__file__).with_name(f"template.{language}.toml").read_text("utf-8")
    own = [int(found[1]) for pattern in (_FIRST, _YEARS) for found in pattern.finditer(source)]
    first, count = own[0] if first_year is None else first_year, own[1] if years is None else years
    for option, given, low, high in (
        ("--first-year", first, FIRST_YEAR, LAST_FIRST_YEAR),
        ("--years", count, 1, MOST_YEARS),
    ):
        if not low <= given <= high:
            raise InputError(text("{option} {given}: it must be from {low} to {high}", option=option, given=str(given), low=str(low), high=str(high)))  # fmt: skip
    moved = (
        source
        if [first, count] == own
        else _moved(source, own[0], own[1], first, min(first + count, first + own[1]) - 1)
    )
    return moved if count == own[1] else _of_length(moved, own[1], count)


def _moved(source: str, own_first: int, own_years: int, first: int, last: int) -> str:
    """Every year of the example's horizon as the one so much later, and none after the last. The seed is no year."""
    horizon, before = "|".join(str(own_first + n) for n in range(own_years)), own_first - PRICES_BEFORE
    year = re.compile(rf"(?<!seed = )\b(?:{horizon})\b|(?<=index = {{ ){before}\b|(?<=price_level = ){before}\b")
    return year.sub(lambda found: str(min(int(found[0]) - own_first + first, last)), source)


def _of_length(source: str, own_years: int, years: int) -> str:
    """With lists as long as the horizon, and without the paper's figures, which are of the example's own years."""

    def cut(found: re.Match[str]) -> str:
        items = found["items"].split(", ")
        items += items[-1:] * (years - own_years) if len(items) == own_years else []
        return f"{found['key']} = [{', '.join(items[:years])}]"

    return _REPORTED.sub("", _LISTS.sub(cut, _YEARS.sub(f"years = {years}", source)))
