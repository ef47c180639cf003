"""What the unit of an assumption says in words (`kr. pr. måned`, `t.kr.`), held against what its number is used as: nothing is reckoned by it."""

import re
from collections.abc import Iterator
from functools import cache

from simulate.locale import text
from simulate.scenario import numbers
from simulate.scenario.amounts import SMALL, bare, written
from simulate.scenario.paths import Path
from simulate.scenario.queries import RATES, STATED, Use, items, plainly_named, uses
from simulate.scenario.schema import Assumption, Scenario
from simulate.scenario.values import shown

Found = Iterator[tuple[Path, str]]

_WORDS = {
    "hour": (r"time|hour", r"timeløn"),
    "day": (r"døgn|dag|day", r"dagligt?|daily"),
    "week": (r"uge|week", r"ugentligt?|weekly"),
    "month": (r"måned|mdr?|month", r"månedligt?|monthly"),
    "quarter": (r"kvartal|quarter", r"kvartalsvis|quarterly"),
    "year": (r"år|year", r"årligt?|yearly|annual|annually|p\.? ?a\.?"),
}
TIMES = {
    time: re.compile(rf"(\b(pr|per|om|hver|hvert|each|a)\b\.? *|/ *)({noun})\b|\b({adverb})(?!\w)", re.I)
    for time, (noun, adverb) in _WORDS.items()
}
USED_BY = {"monthly": "month", "quarterly": "quarter", "yearly": "year", "enter": "year"}
"""Keys whose numbers are for a time."""
IN_A_YEAR = {"year": "", "quarter": " * 4", "month": " * 12", "week": " * 52", "day": " * 365"}
IN_A_MONTH = {"year": " / 12", "quarter": " / 3", "week": " * 52 / 12", "day": " * 365 / 12"}
_POINTS = re.compile(r"(procent|pct\.?|%)[- ]?point|\bpercentage points?\b", re.I)
_FACTOR = re.compile(r"\bfa[kc]tor(er|en|s)?\b", re.I)
_MILLIONS = re.compile(r"\b(mio|mill?|millions?)\b", re.I)


def warnings(scenario: Scenario) -> Found:
    told: set[tuple[Path, str]] = set()
    for use in uses(scenario):
        for name in plainly_named(use.value):
            one = scenario.assumptions.get(name)
            if one is not None and one.unit:
                found = [
                    *_of_another_time(str(name), one.unit, use, scenario),
                    *_in_thousands(str(name), one, use, scenario),
                    *_of_another_effect(str(name), one.unit, use),
                ]
                yield from (each for each in found if each not in told)
                told.update(found)


@cache
def times_of(unit: str) -> tuple[str, ...]:
    """The times that `kr. pr. måned` or `andel pr. år` says that a number is for."""
    return tuple(time for time, said in TIMES.items() if said.search(unit))


def _of_another_time(name: str, unit: str, use: Use, scenario: Scenario) -> Found:
    """A number for each month where one for each year belongs, or the other way round."""
    key = use.path[-2] if use.path[-1] in ("baseline", "programme") else use.path[-1]  # an effect may be a factor
    said = times_of(unit)
    if key not in USED_BY or len(said) != 1 or said[0] == USED_BY[str(key)]:
        return
    if use.path[0] in STATED and getattr(scenario, str(use.path[0]))[use.path[1]].number != 1.0:
        return  # so many months or hours of a year are meant
    keys = RATES if "moves" in use.path else ("monthly", "yearly") if "states" in use.path else ()
    right = next((one for one in keys if USED_BY[one] == said[0]), None)
    factor = (IN_A_MONTH if key == "monthly" else IN_A_YEAR if key != "quarterly" else {}).get(said[0])
    hint: str = ""
    if right is not None:
        hint = text("; write it as `{key}`", key=right)
    elif factor is not None and "moves" not in use.path:  # a chance is not multiplied
        hint = text("; write {example}", example=f'"{name}{factor}"')
    yield use.path, _for_a(str(key), name, unit) + hint


def _for_a(key: str, name: str, unit: str) -> str:
    given = {"name": name, "unit": shown(unit)}
    if key == "monthly":
        return text("{name} has the unit {unit}, and what stands here is counted as a number for each month", **given)
    if key == "quarterly":
        return text("{name} has the unit {unit}, and what stands here is counted as a number for each quarter", **given)
    return text("{name} has the unit {unit}, and what stands here is counted as a number for each year", **given)


def _of_another_effect(name: str, unit: str, use: Use) -> Found:
    """Percentage points that are multiplied by, or a factor that is added or taken off."""
    key, given = use.path[-1], {"name": name, "unit": shown(unit)}
    if "moves" not in use.path or "when" in use.path:
        return
    if key == "times" and _POINTS.search(unit):
        yield use.path, text("{name} has the unit {unit}, and the number without the programme is multiplied by it here; write it as `plus` or `minus`", **given)  # fmt: skip
    elif key == "plus" and _FACTOR.search(unit):
        yield use.path, text("{name} has the unit {unit}, and it is added here; write it as `times`", **given)
    elif key == "minus" and _FACTOR.search(unit):
        yield use.path, text("{name} has the unit {unit}, and it is taken off here; write it as `times`", **given)


def _in_thousands(name: str, one: Assumption, use: Use, scenario: Scenario) -> Found:
    """An amount whose unit says thousands or millions, and that is counted in kroner."""
    unit = str(one.unit)
    are_millions = _MILLIONS.search(unit) is not None
    if use.rule.usage != "money" or scenario.money.in_kroner != 1 or one.formula is not None:
        return
    if not are_millions and not numbers.in_thousands(f"1 {unit}"):
        return
    amount = next((found for found in map(bare, items(one.written.value)) if found), 0.0)
    if not amount:
        return
    in_words = "mio. kr." if are_millions else "t.kr."
    yield ("assumptions", name, "value"), text(
        "the unit says {unit}, and {amount} is counted as {amount} kr.: nothing is multiplied by the unit; write {example}",
        unit=shown(unit), amount=written(amount), example=f'"{written(amount)} {in_words if amount < SMALL else "kr."}"',
    )  # fmt: skip
