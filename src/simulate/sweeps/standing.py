"""What stands at a path of a scenario: what it is used as, what it can be, and what people call it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from simulate.distributions import DistributionProblem
from simulate.engine import Case
from simulate.errors import InputError, ScenarioError
from simulate.locale import text
from simulate.scenario import Scenario, overrides, paths, queries, varied
from simulate.scenario.expressions import Name
from simulate.scenario.kinds import usages
from simulate.scenario.numbers import Usage
from simulate.scenario.paths import Path
from simulate.scenario.queries import Use
from simulate.scenario.values import LARGEST, Limits
from simulate.sweeps.grid import Sign

NOTHING = (
    "format",
    "financing",
    "payers",
    "targets",
    "reported",
    "observed",
    "parts",
)  # of what a sweep keeps, nothing hangs on these
PRICES = ("money", "price_level")
WHOLE = (("time", "years"), ("time", "first_year"), PRICES)
LIMITS = (("minimum",), ("maximum",))  # of an assumption, which no draw knows of
ITSELF = ("value", "held", "scale")  # an assumption's own number
ABOVE_0 = Limits(0.0, LARGEST, open_low=True)


@dataclass(frozen=True, slots=True)
class Standing:
    """A number of a scenario.

    name: as the file has it. place: where a value of it is written. owner: what can be varied once alone. whole: it has no decimals.
    in_kroner: what an amount without a unit of its own is multiplied by.
    now: the number; None where it is a list or an assumption's name. kinds: what it does where it stands: adds, multiplies, ...
    """

    name: str
    place: Path
    owner: Path
    usage: Usage
    whole: bool = False
    limits: tuple[Limits, ...] = ()
    label: str = ""
    units: str = ""
    now: float | None = None
    kinds: frozenset[str] = frozenset()
    in_kroner: int = 1

    def fits(self, value: float) -> bool:
        """Whether the number can be meant: what can stand there by its own limits; a share is at most 1, whatever it is added to, unless they say
        otherwise."""
        sound = abs(value) <= LARGEST and all(one.hold(value) for one in self.limits)
        above = any(1 < one.high < LARGEST for one in self.limits)  # a share that may be
        too_much = self.usage == "share" and not above and abs(value) > 1
        return sound and not (self.whole and value != int(value)) and not too_much


def standing(case: Case, name: str, sign: Sign) -> Standing:
    """Raises InputError for a path that leads nowhere, or to what is no number, or to a number that nothing hangs on."""
    _check_names_a_number(case, name)
    path = paths.resolved(name, case.tree)
    place = overrides.written_to(path, case.tree, sign)
    _check_counts(case.scenario, name, place)
    shown = str(path[0]) if len(path) == 1 else paths.written(path, case.tree)
    found = _assumption(case, shown, place) if place[0] == "assumptions" else _number(case, shown, place)
    if sign == "=":
        return replace(found, in_kroner=case.scenario.money.in_kroner) if found.usage == "money" else found
    overrides.multiplied(case.tree, name, 1.0)  # it may be no number that can be
    limits = (ABOVE_0,) if place[0] == "assumptions" and place[2:] == ("scale",) else ()
    return replace(found, usage="number", whole=False, limits=limits, units=text("factor"), now=1.0)


def _check_names_a_number(case: Case, name: str) -> None:
    """A table or a text of the file by its bare name would else be taken for an assumption that is not there."""
    there = case.tree.get(name)
    if there is None or name in case.scenario.assumptions:
        return
    if isinstance(there, dict | list):
        raise InputError(text("{path} is a table; name a number in it", path=name))
    raise InputError(text("{path}: no number stands there, so it cannot be varied", path=name))


def _check_counts(scenario: Scenario, name: str, place: Path) -> None:
    """That something which a sweep tells hangs on it."""
    if place[0] == "simulation":
        raise InputError(text("{path} says how the scenario is run, which is the same in all cells; give --{option}", path=name, option=place[-1]))  # fmt: skip
    if place[0] in NOTHING or _moves_nothing(scenario, place) or (place[0] == "assumptions" and place[2:3] in LIMITS):
        raise InputError(text("{path}: nothing that a sweep tells hangs on it", path=name))
    if place[0] == "assumptions" and place[1] not in queries.used(scenario):
        raise InputError(text("{path}: nothing in the scenario uses this assumption, so no value of it changes anything", path=name))  # fmt: skip
    _check_financing(scenario, name, place)


def _moves_nothing(scenario: Scenario, place: Path) -> bool:
    """Whether it is the year of all prices, and none are of another."""
    own = (one.price_level for path, one in queries.priced(scenario) if path[0] != "financing")
    return place == PRICES and not any(level is not None for level in own)


def _check_financing(scenario: Scenario, name: str, place: Path) -> None:
    if place[0] == "assumptions" and place[1] in queries.used_by_financing_alone(scenario):
        raise InputError(text("{path}: only what others pay hangs on it, and a sweep is told without", path=name))


def _assumption(case: Case, name: str, place: Path) -> Standing:
    """Its own number, held or not; or a parameter of its uncertainty, of which nothing is known but that it is a number."""
    called = str(place[1])
    one = case.scenario.assumptions[called]
    if len(place) < 3 or place[2] not in ITSELF:
        _check_number(case, name, place)
        return Standing(name, place, place, "number", now=_now(overrides.old(case.tree, place)))
    if place[2] == "value" and one.written.uncertainty is not None and not _hangs_on_value(case, called):
        raise InputError(text("{path}: no draw hangs on the value of an uncertain assumption like this; to hold it at values, write {name}=...", path=name, name=paths.key(called)))  # fmt: skip
    uses = [use for use in queries.uses(case.scenario) if called in set(queries.plainly_named(use.value))]
    limits = tuple(use.rule.limits for use in uses) if place[2] != "scale" else (ABOVE_0,)
    usage: Usage = usages(case.scenario)[called] if place[2] != "scale" else "number"
    kinds = frozenset(str(use.path[-1]) for use in uses if use.path[-1] in queries.EFFECTS)
    return Standing(name, place, place[:2], usage, False, limits, one.label or "", one.unit or "", _now(one.value), kinds)  # fmt: skip


def _hangs_on_value(case: Case, name: str) -> bool:
    """Whether an uncertain assumption is drawn otherwise where its value is another."""
    one = case.scenario.assumptions[name].written
    if isinstance(one.value, tuple):
        return True
    other = one.model_copy(update={"value": float(one.value) * 1.01 + 0.001})
    points = np.array([0.1, 0.5, 0.9])
    with suppress(DistributionProblem):
        return not np.array_equal(queries.uncertain(one).ppf(points), queries.uncertain(other).ppf(points))
    return True


def _number(case: Case, name: str, place: Path) -> Standing:
    if place in WHOLE:
        return Standing(name, place, place, "count", whole=True, now=_now(overrides.old(case.tree, place)))
    use = _use(case, place)
    if use is None:
        _check_number(case, name, place)
        return Standing(name, place, place, "number", now=_now(overrides.old(case.tree, place)))
    units = case.scenario.money.currency if use.rule.usage == "money" else ""
    owner = _sole(case.scenario, use) or place
    return Standing(name, place, owner, use.rule.usage, False, (use.rule.limits,), "", units, _now(use.value))


def _sole(scenario: Scenario, use: Use) -> Path | None:
    """The assumption that stands there and nowhere else: where another number does, it is of no account."""
    if not isinstance(use.value, Name):
        return None
    places = [other for other in queries.uses(scenario) if use.value in queries.roots(other.value, scenario)]
    return ("assumptions", str(use.value)) if len(places) == 1 else None


def _check_number(case: Case, name: str, place: Path) -> None:
    there = overrides.old(case.tree, place)
    if isinstance(there, dict):
        raise InputError(text("{path} is a table; name a number in it", path=name))
    if there is None or isinstance(there, str | bool):
        raise InputError(text("{path}: no number stands there, so it cannot be varied", path=name))


def _now(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _use(case: Case, place: Path) -> Use | None:
    """What a number there is used as; where the file does not say one yet, as if it did."""
    found = _used_at(case.scenario, place)
    if found is None and overrides.old(case.tree, place) is None:
        with suppress(ScenarioError, InputError):
            probed, _ = varied(case.loaded, case.scenario, case.tree, {paths.written(place, {}): 1})
            found = _used_at(probed, place)
    return found


def _used_at(scenario: Scenario, place: Path) -> Use | None:
    """A place in a list by year is the list's."""
    every: Sequence[Use] = queries.uses(scenario)
    return next((use for use in every if use.path in (place, place[:-1])), None)
