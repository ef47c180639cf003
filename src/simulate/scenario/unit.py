"""The unit that a file counts its money in: `[money] unit = "1.000 kr."`. What is read is in kroner, and the file stays as it is written.

An amount without a unit of its own is multiplied where it is read (values.py); here are the numbers of which only the rest of the file says that
they are money: an assumption's, and the paper's figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

from simulate.scenario import kinds, paths, queries
from simulate.scenario.expressions import Expression, Name
from simulate.scenario.numbers import Usage
from simulate.scenario.paths import Path
from simulate.scenario.schema import MONEY_REPORTED, Assumption, Reported, Scenario, unit_of
from simulate.scenario.values import Kroner, Text, Value, each_in_unit, is_by_year

OWN = ("value", "held", "minimum", "maximum")  # an assumption's own amounts, beside those of its uncertainty
FACTORS = ("relative_sd", "weights", "successes", "failures")  # parameters of an uncertainty that are no amounts


def of_tree(tree: Mapping[str, Any]) -> int:
    """How many kroner a file's amounts without a unit are counted in; 1 where it does not say."""
    money = tree.get("money")
    return unit_of(money.get("unit")) or 1 if isinstance(money, Mapping) and "unit" in money else 1


def usages(scenario: Scenario) -> dict[str, set[Usage]]:
    """What each assumption is used as: where it stands by itself, else what calculations tell."""
    found: dict[str, set[Usage]] = {}
    for use in queries.uses(scenario):
        for name in queries.plainly_named(use.value):
            found.setdefault(str(name), set()).add(use.rule.usage)
    for called, usage in kinds.usages(scenario).items():
        found.setdefault(called, {usage})
    return found


def counted(scenario: Scenario) -> Scenario:
    """With what is money by its use in kroner."""
    unit = scenario.money.in_kroner
    if unit == 1:
        return scenario
    made = queries.formulas(scenario)
    of_money = {name for name, used in usages(scenario).items() if used == {"money"} and name not in made}
    assumptions = {
        name: assumption(one, unit) if name in of_money else one for name, one in scenario.assumptions.items()
    }
    reported = [_reported(row, unit) for row in scenario.reported]
    found = scenario.model_copy(update={"assumptions": assumptions, "reported": reported})
    found.read_off.update(scenario.read_off)
    return found


def assumption(one: Assumption, unit: int) -> Assumption:
    """One that is used as money alone. Where its value is a list by year, what is uncertain is a factor on it."""
    changed: dict[str, Any] = {key: each_in_unit(value, unit) for key, value in _own(one)}
    if one.uncertainty is not None and not isinstance(one.value, tuple):
        given = one.uncertainty.parameters
        own = {key: each_in_unit(value, unit) for key, value in given.items() if key not in FACTORS}
        changed["uncertainty"] = one.uncertainty.model_copy(update=own)
    return one.model_copy(update=changed)


def _own(one: Assumption) -> Iterator[tuple[str, Value]]:
    return ((key, value) for key in OWN if (value := getattr(one, key)) is not None)


def _reported(row: Reported, unit: int) -> Reported:
    is_money = row.what.partition(":")[0] in MONEY_REPORTED
    return row.model_copy(update={"value": each_in_unit(row.value, unit)}) if is_money else row


def mixed(scenario: Scenario) -> Iterator[str]:
    """The assumptions whose numbers have no unit and stand for money in one place, and for something else in another."""
    if scenario.money.in_kroner == 1:
        return
    for name, used in usages(scenario).items():
        one = scenario.assumptions.get(name)
        if one is not None and "money" in used and len(used) > 1 and any(map(_is_bare, _numbers(one))):
            yield name


def _numbers(one: Assumption) -> Iterator[Value]:
    yield from (value for _, value in _own(one))
    if one.uncertainty is not None and not isinstance(one.value, tuple):
        yield from (value for key, value in one.uncertainty.parameters.items() if key not in FACTORS)


def _is_bare(value: Value) -> bool:
    """Whether a number has no unit; 0 is the same in all."""
    if isinstance(value, tuple):
        return any(map(_is_bare, value))
    if isinstance(value, Text):
        return value.bare and bool(value)
    return not isinstance(value, Name | Expression | Kroner) and value != 0


def unclear(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    """Calculations that are used as money and of which it is not known what in them is counted in the file's unit."""
    if scenario.money.in_kroner == 1:
        return
    every: list[tuple[Path, Value]] = [
        (use.path, use.value) for use in queries.uses(scenario) if use.rule.usage == "money"
    ]
    used = usages(scenario)
    every += [
        (("assumptions", name, "value"), formula)
        for name, formula in queries.formulas(scenario).items()
        if "money" in used.get(name, ())
    ]
    for path, value in every:
        for item in queries.items(value):
            if isinstance(item, Expression) and not kinds.is_surely_money(item, scenario):
                yield path, str(item)


# Trees ----------------------------------------------------------------------------------------------------------------


def in_kroner(scenario: Scenario, value: Any) -> Any:
    """An amount in kroner, or one for each year, as the tree of a file has it that may count in another unit."""
    if scenario.money.in_kroner == 1:
        return value
    return [Kroner(one) for one in value] if isinstance(value, list) else Kroner(value)


def is_money(scenario: Scenario, name: str) -> bool:
    """Whether an assumption is used as money alone."""
    return usages(scenario).get(name) == {"money"}


def plain(tree: dict[str, Any], scenario: Scenario) -> dict[str, Any]:
    """As written_out(), of a tree that stays as it is."""
    from simulate.scenario.validation import copied  # which reads files in their unit, and so needs this module

    return tree if scenario.money.in_kroner == 1 else written_out(copied(tree), scenario)


def written_out(tree: dict[str, Any], scenario: Scenario) -> dict[str, Any]:
    """The tree of a file, changed in place: with every amount in kroner, and without a unit of the file. scenario: what it is read as."""
    tree["money"] = {key: one for key, one in tree.get("money", {}).items() if key != "unit"}
    for path, value in _amounts(scenario):
        if paths.existing(path, tree) == path:
            node: Any = reduce(paths.child, path[:-1], tree)
            node[path[-1]] = _written_out(node[path[-1]], value)
    return tree


def _amounts(scenario: Scenario) -> Iterator[tuple[Path, Value]]:
    yield from ((use.path, use.value) for use in queries.uses(scenario) if use.rule.usage == "money")
    for i, target in enumerate(scenario.targets):
        yield from (
            (("targets", i, key), value)
            for key in ("amount", "total", "yearly")
            if (value := getattr(target, key)) is not None
        )
    for i, row in enumerate(scenario.reported):
        if row.what.partition(":")[0] in MONEY_REPORTED:
            yield ("reported", i, "value"), row.value
    for name, used in usages(scenario).items():
        if used == {"money"} and name not in queries.formulas(scenario):
            one = scenario.assumptions[name].written
            yield from ((("assumptions", name, key), value) for key, value in _own(one))
            if one.uncertainty is not None and not isinstance(one.value, tuple):
                given = one.uncertainty.parameters.items()
                yield from (
                    (("assumptions", name, "uncertainty", key), value) for key, value in given if key not in FACTORS
                )


def _written_out(given: Any, value: Value) -> Any:
    """An amount as it stands, where it has a unit of its own."""
    if isinstance(given, list):
        return [_written_out(one, item) for one, item in zip(given, value, strict=False)]  # type: ignore[arg-type]
    if is_by_year(given):
        table: Mapping[int, Value] = getattr(value, "table", {})
        return {year: _written_out(one, table[int(year)]) if int(year) in table else one for year, one in given.items()}
    has_own = isinstance(value, Text) and not value.bare
    return given if has_own or isinstance(value, Name | Expression) else Kroner(float(value))  # type: ignore[arg-type]
