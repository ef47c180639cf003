"""What stands at a path of a scenario: what it is used as, what it can be, and what people call it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from simulate.engine import Case
from simulate.errors import InputError, ScenarioError
from simulate.locale import text
from simulate.scenario import Scenario, adjustable, overrides, paths, queries, varied
from simulate.scenario.numbers import Usage
from simulate.scenario.paths import Path
from simulate.scenario.queries import Use
from simulate.scenario.values import LARGEST, Limits, Name
from simulate.sweeps.grid import Sign

NOTHING = ("format", "targets", "reported", "observed", "parts")  # of what a sweep keeps, nothing hangs on these
WHOLE = (("time", "years"), ("time", "first_year"))
TERMS = ("plus", "times", "hazard_ratio")


@dataclass(frozen=True, slots=True)
class Standing:
    """place: where a number is written. owner: what must not be varied twice. whole: no decimals are possible. now: the number, where it is one."""

    place: Path
    owner: Path
    usage: Usage
    whole: bool
    limits: tuple[Limits, ...]
    label: str
    units: str
    now: float | None

    def fits(self, value: float) -> bool:
        """Whether the number can be meant: what can stand there by its own limits; a share is at most 1, whatever it is added to."""
        sound = abs(value) <= LARGEST and all(one.hold(value) for one in self.limits)
        return sound and not (self.whole and value != int(value)) and not (self.usage == "share" and abs(value) > 1)


def standing(case: Case, name: str, sign: Sign) -> Standing:
    """Raises InputError for a path that leads nowhere, or to what is no number, or to a number that nothing hangs on."""
    path = paths.resolved(name, case.tree)
    place = overrides.written_to(path, case.tree, sign)
    _check_counts(case.scenario, name, place)
    found = _assumption(case, place, sign) if place[0] == "assumptions" else _number(case, name, place)
    if sign == "=":
        return found
    certain = place[0] != "assumptions" or place[2:] != ("scale",)
    _check_multiplied(case, name)
    above = Limits(0.0, LARGEST, open_low=True)
    return Standing(place, found.owner, "number", False, () if certain else (above,), found.label, text("factor"), 1.0)


def _check_multiplied(case: Case, name: str) -> None:
    overrides.multiplied(case.tree, name, 1.0)


def _check_counts(scenario: Scenario, name: str, place: Path) -> None:
    if place[0] == "simulation":
        raise InputError(text("{path} says how the scenario is run, and is the same in all cells; give --{option}", path=name, option=place[-1]))  # fmt: skip
    if place[0] in NOTHING or place == ("money", "price_level"):
        raise InputError(text("{path}: nothing that a sweep tells hangs on it", path=name))
    if place[0] == "assumptions" and place[1] not in queries.used(scenario):
        raise InputError(text("{path}: nothing in the scenario uses this assumption, so no value of it changes anything", path=name))  # fmt: skip


def _assumption(case: Case, place: Path, sign: Sign) -> Standing:
    name = str(place[1])
    one = case.scenario.assumptions[name]
    uses = _uses_of(case.scenario, name)
    plain = len(place) == 3 and place[2] in ("value", "held", "scale")
    usage: Usage = adjustable.usages(case.scenario)[name] if plain and place[2] != "scale" else "number"
    limits = tuple(use.rule.limits for use in uses) if plain and place[2] != "scale" else ()
    now = None if isinstance(one.value, tuple) or not plain else float(one.value)
    label = one.label or "" if plain else ""
    return Standing(place, place[:2] if plain else place, usage, False, limits, label, one.unit or "" if plain else "", now)


def _uses_of(scenario: Scenario, name: str) -> Sequence[Use]:
    return [use for use in queries.uses(scenario) if name in {str(one) for one in queries.names_in(use.value)}]


def _number(case: Case, name: str, place: Path) -> Standing:
    old = overrides.old(case.tree, place)
    if isinstance(old, dict):
        raise InputError(text("{path} is a table; name a number in it", path=name))
    if place in WHOLE:
        return Standing(place, place, "count", True, (), "", "", float(old))
    use = _use(case, name, place)
    if use is None:
        if isinstance(old, str | bool) or old is None:
            raise InputError(text("{path}: no number stands there, so it cannot be varied", path=name))
        return Standing(place, place, "number", False, (), "", "", _now(old))
    return Standing(place, place, use.rule.usage, False, (use.rule.limits,), "", _units(case, use), _now(use.value))


def _units(case: Case, use: Use) -> str:
    return case.scenario.money.currency if use.rule.usage == "money" else ""


def _now(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool | Name) else None


def _use(case: Case, name: str, place: Path) -> Use | None:
    """What a number there is used as; where the file does not say one yet, as if it did."""
    found = next((use for use in queries.uses(case.scenario) if use.path == place), None)
    if found is None:
        with suppress(ScenarioError, InputError):
            probed, _ = varied(case.loaded, case.scenario, case.tree, {name: 1})
            found = next((use for use in queries.uses(probed) if use.path == place), None)
    return found
