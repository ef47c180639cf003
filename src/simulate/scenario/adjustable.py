"""Which values a number of the scenario could have instead of its own: what the file's rules allow, or how far it is worth looking."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulate.distributions import Distribution
from simulate.errors import InputError
from simulate.locale import text
from simulate.scenario import paths, queries, rules, unit, validation
from simulate.scenario.expressions import Expression, Name
from simulate.scenario.kinds import usages
from simulate.scenario.loaded import Loaded
from simulate.scenario.numbers import Usage
from simulate.scenario.queries import Use
from simulate.scenario.schema import Assumption, Scenario
from simulate.scenario.values import Kroner, Literal, Unnamed

Array = NDArray[np.float64]

FAR = 10.0  # times the largest that a number without a limit is thought to be
TAIL = 0.001  # of its distribution on either side, which is left out of that
SMALL = 1e-12  # of the reach: a limit is found to that


@dataclass(frozen=True, slots=True)
class Movable:
    """A number that can be given another value. A list by year keeps its shape: what is moved is a factor on it.

    assumed, low, high: in the number's own unit, or of the factor.
    """

    name: str
    assumption: Assumption
    usage: Usage
    assumed: float
    low: float
    high: float
    low_is_limit: bool  # nothing lower is possible; else nothing lower was looked at
    high_is_limit: bool
    in_kroner: bool = False  # while its file counts in another unit

    @property
    def is_factor(self) -> bool:
        return isinstance(self.assumption.value, tuple)

    @property
    def distribution(self) -> Distribution | None:
        """Of the number, or of the factor; of any one year, where each has its own."""
        return None if self.assumption.uncertainty is None else queries.uncertain(self.assumption)

    def at(self, value: float) -> Array:
        """(1, year or 1) what the assumption is in every draw, moved to this value."""
        return np.atleast_2d(value * np.array(self.assumption.value)) if self.is_factor else np.array([[value]])

    def change(self, value: float, place: str | None = None) -> str:
        """What `--set` takes to move it so; place: the path where it is no assumption."""
        name = place or paths.key(self.name)
        if self.in_kroner and not (self.is_factor and self.assumption.uncertainty is None):
            moved = [Kroner(one) for one in self.at(value)[0]]
            return change(name, moved if self.is_factor else moved[0])
        if self.is_factor and self.assumption.uncertainty is not None:  # a factor would leave it uncertain
            return f"{name}=[{', '.join(map(written, self.at(value)[0]))}]"
        return f"{name}{'*' if self.is_factor else '='}{written(value)}"


def written(value: float) -> str:
    """All digits, but never exactly three decimals, which could be thousands."""
    raw = repr(float(value))
    return raw + "0" if re.search(r"\.\d{3}$", raw) else raw


def change(name: str, value: Any) -> str:
    """What `--set` takes to give a number this value: a number, one for each year, or as people write it."""
    if isinstance(value, list | tuple):
        return change(name, value[0]) if len(value) == 1 else f"{name}=[{', '.join(map(_in_list, value))}]"
    if isinstance(value, Kroner):
        return f"{name}={value.text}"
    return f"{name}={written(value) if isinstance(value, float) else value}"


def _in_list(value: Any) -> str:
    return f'"{value.text}"' if isinstance(value, Kroner) else written(value)


def by_name(given: object, example: str) -> dict[str, Any]:
    """What Python gives for numbers, by their names. Raises InputError for anything but a dict of texts."""
    if isinstance(given, Mapping) and all(isinstance(name, str) for name in given):
        return dict(given)
    raise InputError(text("write the numbers by their names, in a dict like {example}", example=example))


def as_written(value: Any) -> Any:
    """Of a number or an array of a library the number, or the list, that a file would have."""
    return value if isinstance(value, str | int | float | list | tuple) else np.asarray(value).tolist()


def in_use(scenario: Scenario) -> list[str]:
    """The assumptions that a figure of the programme hangs on."""
    used = {str(name) for use in queries.uses(scenario) for name in queries.roots(use.value, scenario)}
    return [name for name in scenario.assumptions if name in used - queries.used_by_financing_alone(scenario)]


def movable(scenario: Scenario, name: str) -> Movable:
    """An assumption, by name. Raises InputError for one that is unknown, that nothing uses, or that can have no other value."""
    if name not in scenario.assumptions:
        wrong = Unnamed.of(text("no assumption is called {name}", name=f'"{name}"'), name, scenario.assumptions)
        labels = {one.label: known for known, one in scenario.assumptions.items() if one.label}
        raise InputError(f"--assumption: {validation.by_label(wrong, labels)}")
    assumption = scenario.assumptions[name]
    uses = [use for use in queries.uses(scenario) if name in queries.roots(use.value, scenario)]
    if not uses:
        raise InputError(text("--assumption {name}: nothing in the scenario uses it, so no value of it changes anything", name=name))  # fmt: skip
    if name in queries.used_by_financing_alone(scenario):
        raise InputError(text("--assumption {name}: only what others pay hangs on it, and this is told without", name=name))  # fmt: skip
    is_factor = isinstance(assumption.value, tuple)
    assumed = 1.0 if is_factor else float(assumption.value)
    if is_factor:
        usage: Usage = "number"
        reach = (0.0, FAR)
    else:
        usage = usages(scenario)[name]
        reach = _reach(scenario, assumption, usage, uses)
    low, low_is_limit = _limit(scenario, name, assumed, reach[0])
    high, high_is_limit = _limit(scenario, name, assumed, reach[1])
    if low == high:
        why = next((message for far in reach for message in _problems(scenario, name, far)), "")
        raise InputError(text("{name}: no other value is possible; {reason}", name=name, reason=why))
    nothing_below = is_factor or (usage == "share" and reach[0] > -1) or reach[0] == 0.0
    return Movable(
        name,
        assumption,
        usage,
        assumed,
        low,
        high,
        low_is_limit or nothing_below or usage == "share",
        high_is_limit or usage == "share",
        scenario.money.in_kroner != 1 and unit.is_money(scenario, name),
    )


def _reach(scenario: Scenario, one: Assumption, usage: Usage, uses: Sequence[Use]) -> tuple[float, float]:
    """How far to look either way, whatever the rules of the file say."""
    value = float(one.value)
    added = [
        use for use in uses if use.path[-1] in ("plus", "minus", "weight") or use.path[0] == "money"
    ]  # it can take away, too
    if usage == "share":
        return (-1.0 if len(added) == len(uses) else 0.0), 1.0
    ends = [value]
    if one.uncertainty is not None:
        ends += [float(end) for end in queries.uncertain(one).ppf(np.array([TAIL, 1 - TAIL]))]
    size = max(map(abs, ends)) or _size(scenario, usage)
    negative = min(ends) < 0 or bool(added)
    return (-FAR * size if negative else 0.0), (FAR * size if max(ends) > 0 or not negative or added else 0.0)


def _size(scenario: Scenario, usage: Usage) -> float:
    """Of a number that is 0: the largest of the scenario that is used as it is."""
    values = (abs(queries.at_year(use.value, 0, scenario)) for use in queries.uses(scenario) if use.rule.usage == usage)
    return max(values, default=0.0) or 1.0


def _limit(scenario: Scenario, name: str, sound: float, far: float) -> tuple[float, bool]:
    """The last value on the way from a sound one to a far one that the file's rules allow, and whether they end there."""
    if not _problems(scenario, name, far):
        return far, False
    from scipy.optimize import bisect

    def side(value: float) -> float:
        return -1.0 if _problems(scenario, name, value) else 1.0

    length = max(abs(far - sound), 1e-3)
    last = float(bisect(side, sound, far, xtol=SMALL * length))
    near = round(last, 6 - math.ceil(math.log10(length))) + 0.0  # 0, where rounding alone allows a little below it
    for candidate in (near, float(f"{last:.6g}"), float(f"{last:.9g}"), last, last + (sound - last) * 1e-9):
        if not _problems(scenario, name, candidate):
            return candidate, True
    return sound, True


def _problems(scenario: Scenario, name: str, value: float) -> list[str]:
    """What would be wrong with the file if the assumption were certain at this value; the first thing is enough."""
    problem = next(rules.problems(_certain(scenario, name, value)), None)
    return [] if problem is None else [problem[1]]


def _certain(scenario: Scenario, name: str, value: float) -> Scenario:
    one = scenario.assumptions[name]
    moved: Any = tuple(value * item for item in one.value) if isinstance(one.value, tuple) else value
    found = scenario.model_copy(
        update={
            "assumptions": {**scenario.assumptions, name: one.certain_at(moved)},
            "correlations": [pair for pair in scenario.correlations if name not in pair.between],
        }
    )
    return queries.reckoned(found)


def named(loaded: Loaded, path: str) -> tuple[Scenario, str, str | None]:
    """The scenario with the number at a path as an assumption of that name, certain at its value; and the assumption, or the calculation, that stands there.

    It draws what the scenario draws with `--set PATH=VALUE`. Raises InputError where no number stands there that could be moved.
    """
    tree = tomllib.loads(loaded.source, parse_float=Literal)
    steps = (path,) if path in loaded.scenario.assumptions else paths.parse(path, tree)
    if steps[:1] == ("assumptions",) or (len(steps) == 1 and steps[0] in loaded.scenario.assumptions):
        raise InputError(text("--path {path}: this is an assumption; write --assumption NAME", path=path))
    use = next((use for use in queries.uses(loaded.scenario) if use.path == steps), None)
    node: Any = tree
    for step in steps[:-1]:
        node = node[step]
    if use is None or not isinstance(node, dict | list) or not use.rule.named:
        raise InputError(text("--path {path}: no number stands there that could be moved", path=path))
    value: Any = _own_value(loaded.scenario, use, path)
    value = unit.in_kroner(loaded.scenario, value) if use.rule.usage == "money" else value
    name = paths.written(steps, tree)
    while name in tree.get("assumptions", {}):
        name += "'"
    node[steps[-1]] = name  # type: ignore[index]
    tree.setdefault("assumptions", {})[name] = {"value": value}
    scenario, found, _ = validation.check(tree)
    found += list(rules.problems(scenario))
    scenario = queries.with_columns(queries.in_force(scenario), queries.columns(loaded.scenario))
    if found:
        raise InputError(f"--path {path}: {found[0][1]}")
    return scenario, name, str(use.value) if isinstance(use.value, Name | Expression) else None


def _own_value(scenario: Scenario, use: Use, path: str) -> float | list[float]:
    """The number that stands there; of an assumption's name its value, of a calculation what it comes to."""
    value = use.value
    if isinstance(value, Name):
        value = scenario.assumptions[value].value
    elif isinstance(value, Expression):
        by_year = [queries.at_year(value, year, scenario) for year in queries.years(scenario)]
        value = tuple(by_year) if len(set(by_year)) > 1 else by_year[0]
    if not isinstance(value, tuple):
        return float(value)
    if any(isinstance(item, Name | Expression) for item in value):
        raise InputError(text("--path {path}: the list there names assumptions; write --assumption NAME", path=path))
    return [float(item) for item in value]
