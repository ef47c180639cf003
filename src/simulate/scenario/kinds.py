"""What calculations come to: kroner, or a number without; and what assumptions that stand in calculations alone are used as.

Counted are kroner: 1 of an amount, 0 of a share or a count, 2 of kroner times kroner. What is not known is None and goes with everything.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from simulate.locale import text
from simulate.scenario import numbers, queries
from simulate.scenario.expressions import Constant, Expression, Name
from simulate.scenario.numbers import NumberProblem, Usage
from simulate.scenario.paths import Path
from simulate.scenario.queries import Use
from simulate.scenario.schema import Assumption, Scenario
from simulate.scenario.values import Text, Value, shown

Found = Iterator[tuple[Path, str]]
Kroner = int | None
ORDER: tuple[Usage, ...] = ("share", "money", "count")


class Mixed(Exception):
    """Kroner and something else are added, or held against each other."""


class Kind(NamedTuple):
    """kroner: how many times; like: the assumptions that are what the whole is; of_money: those that are, if it is money; bare: a number without a unit."""

    kroner: Kroner
    like: frozenset[str] = frozenset()
    of_money: frozenset[str] = frozenset()
    bare: bool = False


def _alike(*kinds: Kind) -> Kind:
    known = {one.kroner for one in kinds if one.kroner is not None}
    if len(known) > 1:
        raise Mixed
    like, of_money = (frozenset[str]().union(*sets) for sets in zip(*(kind[1:3] for kind in kinds), strict=True))
    return Kind(known.pop() if known else None, like, of_money, all(one.bare for one in kinds))


def _product(one: Kind, other: Kind) -> Kind:
    return Kind(_both(one, other, 1), frozenset(), _left(one, other) | _left(other, one), one.bare and other.bare)


def _both(one: Kind, other: Kind, sign: int) -> Kroner:
    """A number without a unit that kroner are multiplied or divided by is none of kroner; what a share is multiplied by may be."""
    if one.kroner and other.bare:
        return one.kroner
    if other.kroner and one.bare:
        return sign * other.kroner
    return None if one.kroner is None or other.kroner is None else one.kroner + sign * other.kroner


def _left(one: Kind, other: Kind) -> frozenset[str]:
    """What is money if the product is: one factor, where the other is none."""
    plain = other.kroner == 0 or other.bare
    return one.of_money if plain else frozenset()


def _quotient(one: Kind, other: Kind) -> Kind:
    return Kind(_both(one, other, -1), frozenset(), _left(one, other), one.bare and other.bare)


OPERATIONS: dict[str, Callable[..., Kind]] = {
    "+": _alike, "-": _alike, "min": _alike, "max": _alike, "negative": _alike, "*": _product, "/": _quotient,
}  # fmt: skip


def _kind(item: Expression | Name, known: Mapping[str, Kroner]) -> Kind:
    """Raises Mixed."""

    def leaf(step: Name | Constant) -> Kind:
        if isinstance(step, Name):
            return Kind(known.get(step), frozenset([str(step)]), frozenset([str(step)]))
        return Kind(None if step.kroner is None else int(step.kroner), bare=step.kroner is None)

    found: Kind = leaf(item) if isinstance(item, Name) else item.reckoned(leaf, OPERATIONS)
    return found


def _kroner(scenario: Scenario) -> dict[str, Kroner]:
    """Of each assumption, as far as its own unit, what it is made of, or the places where it stands by itself tell."""
    stands: dict[str, set[int]] = {}
    for use in queries.uses(scenario):
        for there in queries.plainly_named(use.value):
            stands.setdefault(there, set()).add(int(use.rule.usage == "money"))
    found: dict[str, Kroner] = {}
    made = queries.formulas(scenario)
    order = {name: place for place, name in enumerate(made, 1)}
    for name in sorted(scenario.assumptions, key=lambda name: order.get(name, 0)):  # after what each is made of
        own = _of_formula(made[name], found) if name in made else _of_unit(scenario.assumptions[name])
        used = stands.get(name, set())
        found[name] = own if own is not None or len(used) != 1 else next(iter(used))
    return found


def _of_unit(one: Assumption) -> Kroner:
    for item in queries.items(one.written.value):
        if isinstance(item, Text):
            try:
                written = numbers.parse(item.raw)
            except NumberProblem:
                continue
            if written.money or written.share:
                return int(written.money)
    return None


def _of_formula(formula: Value, known: Mapping[str, Kroner]) -> Kroner:
    try:
        found = {_kind(item, known).kroner for item in queries.items(formula) if isinstance(item, Expression)}
    except Mixed:
        return None
    return found.pop() if len(found) == 1 else None


def problems(scenario: Scenario) -> Found:
    """Calculations that add kroner to something else, or come to what does not belong where they stand."""
    made = queries.formulas(scenario)
    calculated = [
        use for use in queries.uses(scenario) if any(_is_made(item, made) for item in queries.items(use.value))
    ]
    if not made and not calculated:
        return
    known = _kroner(scenario)
    for name, formula in made.items():
        for item in queries.items(formula):
            yield from _mixed(("assumptions", name, "value"), item, known)
    for use in calculated:
        for item in queries.items(use.value):
            if isinstance(item, Expression):
                yield from _mixed(use.path, item, known)
            if _is_made(item, made):
                yield from _misplaced(use, item, known)


def _is_made(item: object, made: Mapping[str, Value]) -> bool:
    return isinstance(item, Expression) or (isinstance(item, Name) and item in made)


def _mixed(path: Path, item: Value, known: Mapping[str, Kroner]) -> Found:
    if isinstance(item, Expression):
        try:
            _kind(item, known)
        except Mixed:
            yield path, text("{given} adds kroner and a number that is no kroner, or holds one against the other", given=shown(str(item)))  # fmt: skip


def _misplaced(use: Use, item: Expression | Name, known: Mapping[str, Kroner]) -> Found:
    try:
        kroner = _kind(item, known).kroner
    except Mixed:
        return
    is_money, given = use.rule.usage == "money", shown(str(item))
    if kroner is None or kroner == int(is_money):
        return
    if is_money and kroner == 0:
        yield use.path, text("{given} comes to a number without kroner, where an amount in kroner belongs", given=given)
    elif kroner == 1:
        yield use.path, text("{given} comes to kroner, where a number without kroner belongs", given=given)
    else:
        yield use.path, text("{given} multiplies kroner by kroner, or divides by them, and comes to nothing that can stand here", given=given)  # fmt: skip


def usages(scenario: Scenario) -> dict[str, Usage]:
    """What each assumption is used as: where it stands by itself, else in calculations, as far as that tells."""
    found: dict[str, set[Usage]] = {name: set() for name in scenario.assumptions}
    for use in queries.uses(scenario):
        for name in queries.plainly_named(use.value):
            if name in found:
                found[name].add(use.rule.usage)
    made = queries.formulas(scenario)
    places: list[tuple[Value, Usage]] = [(use.value, use.rule.usage) for use in queries.uses(scenario)]
    if made or any(isinstance(item, Expression) for value, _ in places for item in queries.items(value)):
        _add_calculated(found, places, scenario)
    return {name: next((one for one in ORDER if one in several), "number") for name, several in found.items()}


def _add_calculated(found: dict[str, set[Usage]], places: list[tuple[Value, Usage]], scenario: Scenario) -> None:
    """Of those that stand nowhere by themselves."""
    alone = {name for name, several in found.items() if not several}
    known, made = _kroner(scenario), queries.formulas(scenario)
    for name in alone:
        if known[name] is not None and name not in made:
            found[name].add("money" if known[name] else "share")
    for value, usage in places:
        _add(found, value, usage, known, alone)
    for name in reversed(list(made)):  # each before those that it is made of
        usage = next((one for one in ORDER if one in found[name]), "number")
        if usage == "number" and known[name] == 1:
            usage = "money"
            found[name].add(usage)
        _add(found, made[name], usage, known, alone)


def _add(
    found: dict[str, set[Usage]], value: Value, usage: Usage, known: Mapping[str, Kroner], alone: set[str]
) -> None:
    for item in queries.items(value):
        if isinstance(item, Expression):
            try:
                kind = _kind(item, known)
            except Mixed:
                continue
            for name in (kind.of_money if usage == "money" else kind.like) & alone:
                if not (known[name] is not None and found[name]):
                    found[name].add(usage)
