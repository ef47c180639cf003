"""What is read off a sound scenario by more than one part of the program."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, wraps
from itertools import chain
from typing import Any, NamedTuple, TypeVar, get_args

from simulate.distributions import Distribution, distribution
from simulate.names import PAYERS
from simulate.scenario.expressions import OF_NUMBERS, Constant, Expression, Name
from simulate.scenario.paths import Path, quoted, spellings
from simulate.scenario.schema import (
    LABELLED,
    Arms,
    Assumption,
    BudgetLine,
    Implementation,
    LengthOrMonths,
    Move,
    Moved,
    Role,
    Scenario,
    Table,
    Target,
)
from simulate.scenario.values import Assumed, ByYear, Numeric, Value

RATES = ("yearly", "quarterly", "monthly")


NOTHING_SAID = 1e-9  # shares and chances may miss their sum by so much: 1/3 written with ten decimals


EFFECTS = ("programme", "plus", "minus", "times", "hazard_ratio")


STATE_COUNTS = ("person_years", "arrivals")


STATED = ("costs", "savings", "financing")
"""Tables of lines with an amount of their own."""


@dataclass(frozen=True, slots=True)
class Use:
    """A number of the scenario and what it is used as."""

    path: Path
    value: Value
    rule: Numeric


Found = TypeVar("Found")


def _once(query: Callable[[Scenario], Found]) -> Callable[[Scenario], Found]:
    """Whose answer is kept with the scenario."""

    @wraps(query)
    def asked(scenario: Scenario) -> Found:
        kept = scenario.read_off
        if query not in kept:
            kept[query] = query(scenario)
        found: Found = kept[query]
        return found

    return asked


@_once
def uses(scenario: Scenario) -> Sequence[Use]:
    """Every number of the scenario that is not an assumption's own; a climate's is that of the assumption it names."""
    found: list[Use] = []

    def walk(node: Any, path: Path, rule: Numeric | Assumed | None) -> None:
        if isinstance(node, Table):
            for name, step, inner in _fields(type(node)):
                walk(getattr(node, name), (*path, *step), inner)
        elif isinstance(node, dict):
            for key, item in node.items():
                walk(item, (*path, key), rule)
        elif isinstance(node, list):
            for i, item in enumerate(node):
                walk(item, (*path, i), rule)
        elif isinstance(rule, Assumed) and node is not None:
            found.append(Use(path, node, rule.rule))
        elif isinstance(rule, Numeric) and node is not None:
            found.append(Use(path, node, rule))

    for name in Scenario.model_fields:
        if name not in ("assumptions", "correlations", "targets", "reported", "observed"):
            walk(getattr(scenario, name), (name,), None)
    return found


@cache
def _fields(table: type[Table]) -> list[tuple[str, Path, Numeric | Assumed | None]]:
    """Of each field of a table of the schema its name, its step in the file, and what its numbers are used as."""
    found = []
    for name, info in table.model_fields.items():
        within = [arg for one in get_args(info.annotation) for arg in (one, *get_args(one))]  # list[...] | None
        metadata = (*info.metadata, *chain.from_iterable(map(_metadata, within)))
        rules = [item for item in metadata if isinstance(item, Numeric | Assumed)]
        unwritten = name == "both" or (table is LengthOrMonths and name in ("months", "drawn"))
        step: Path = () if unwritten else (info.alias or name,)
        found.append((name, step, rules[0] if rules else None))
    return found


def _metadata(annotation: Any) -> tuple[Any, ...]:
    return getattr(annotation, "__metadata__", ())


def items(value: Value) -> tuple[Any, ...]:
    """A number, or those of a list by year."""
    return value if isinstance(value, tuple) else (value,)


def names_in(value: Value) -> Iterator[Name]:
    """The assumptions that a value names, in its calculations, too."""
    for item in items(value):
        if isinstance(item, Name):
            yield item
        elif isinstance(item, Expression):
            yield from item.names


def plainly_named(value: Value) -> Iterator[Name]:
    """Those that stand by themselves."""
    return (item for item in items(value) if isinstance(item, Name))


def roots(value: Value, scenario: Scenario) -> Set[str]:
    """The assumptions that a value hangs on: those that it names, and all that these are made of."""
    made, named = parts(scenario), [str(name) for name in names_in(value)]
    behind = (one for name in named if name in made for one in sorted(made[name]))
    return dict.fromkeys(chain(named, behind)).keys()


def is_of_lives(path: Path) -> bool:
    """Whether lives hang on what stands at this path of the file, and not money alone: also what they are counted by."""
    if path[0] in ("families", "roles"):
        return path[2:3] != ("states",) or path[4:5] == ("self_support",) or path[4:6] == ("refusion", "weeks")
    if path[0] in ("implementation", "implementations"):
        return path[-1] != "places"
    return path[0] not in ("money", "payers", *LABELLED, "targets", "reported")


@_once
def driving_lives(scenario: Scenario) -> Set[str]:
    """The assumptions that lives hang on."""
    return {name for use in uses(scenario) if is_of_lives(use.path) for name in roots(use.value, scenario)}


@_once
def used(scenario: Scenario) -> Set[str]:
    """The assumptions that something depends on: by name, in what is made of them, or through a correlation with one of those."""
    found = {name for use in uses(scenario) for name in roots(use.value, scenario)}
    while True:
        tied = {name for one in scenario.correlations if found & set(one.between) for name in one.between}
        if tied <= found:
            return found
        found |= tied


@_once
def used_by_financing_alone(scenario: Scenario) -> Set[str]:
    """The assumptions that only what others pay depends on: no figure but what is told with financing."""
    elsewhere, given = set[str](), set[str]()
    for use in uses(scenario):
        (given if use.path[0] == "financing" else elsewhere).update(roots(use.value, scenario))
    return given - elsewhere


def in_force(scenario: Scenario) -> Scenario:
    """The scenario with every assumption as it counts: certain where it is held, multiplied where it is scaled."""
    if all(one.in_force() is one for one in scenario.assumptions.values()):
        there = all(scenario.assumptions[name].is_worth_something for name in formulas(scenario))
        return scenario if there else reckoned(scenario)
    used(scenario)
    found = scenario.model_copy(
        update={"assumptions": {name: one.in_force() for name, one in scenario.assumptions.items()}}
    )
    found.read_off.update(scenario.read_off)  # where numbers are used, not what they are
    return reckoned(found)


# What is made of other assumptions -----------------------------------------------------------------------------------


MOST_MADE = 1000  # assumptions that are made of others: what they hang on takes room


@_once
def formulas(scenario: Scenario) -> Mapping[str, Value]:
    """The assumptions that are made of others, and how; each after those that it is made of, and last what is made of itself."""
    found = {name: one.formula for name, one in scenario.assumptions.items() if one.formula is not None}
    if not found:
        return found
    waiting = {name: {part for part in names_in(formula) if part in found} for name, formula in found.items()}
    users: dict[str, list[str]] = {name: [] for name in found}
    for name, named in waiting.items():
        for part in named:
            users[part].append(name)
    order = [name for name, named in waiting.items() if not named]
    for name in order:  # which grows as it goes
        for user in users[name]:
            waiting[user].discard(Name(name))
            if not waiting[user]:
                order.append(user)
    return {name: found[name] for name in dict.fromkeys([*order, *found])}


@_once
def parts(scenario: Scenario) -> Mapping[str, Set[str]]:
    """Of each assumption that is made of others all those, and what these are made of."""
    found: dict[str, Set[str]] = {}
    for name, formula in list(formulas(scenario).items())[:MOST_MADE]:
        named = set(map(str, names_in(formula)))
        found[name] = named.union(*(found.get(part, frozenset()) for part in named))
    return found


@_once
def implementations(scenario: Scenario) -> Mapping[str, tuple[Path, Implementation]]:
    """How each programme of a portfolio is carried out, with its place in the file; of a scenario of its own under an empty name."""
    found: dict[str, tuple[Path, Implementation]] = {
        part: (("implementations", part), one) for part, one in scenario.implementations.items()
    }
    return found if scenario.implementation is None else found | {"": (("implementation",), scenario.implementation)}


def planned_months(scenario: Scenario, part: str | None) -> int:
    """How many months of the horizon a programme is planned for: until its project ends."""
    one = implementations(scenario).get(part or "")
    horizon, ends = 12 * scenario.time.years, None if one is None else one[1].programme_years
    return horizon if ends is None else min(horizon, round(12 * ends))


def first_month(scenario: Scenario, line: BudgetLine) -> int:
    """The first month of the horizon, from 0, in which a line may be paid as planned; the horizon's end where there is none."""
    first = line.yearly.first if isinstance(line.yearly, ByYear) else 0
    paid = (12 * year for year, is_paid in enumerate(paid_years(scenario, line)) if is_paid and year >= first)
    return next(paid, 12 * scenario.time.years) + (once_month(line) or 0)


def is_paid_otherwise(one: Implementation) -> bool:
    """Whether amounts are paid at other times than year by year."""
    return one.costs_wait or one.programme_years is not None


DEVIATIONS = {"start_months_later": None, "reached": None, "drop_out": None, "filled": None, "costs_wait": False}


def as_planned(scenario: Scenario) -> Scenario:
    """The scenario were it carried out as planned: with the places and the years of the project, which are the plan's own, and nothing else. The same
    where nothing else is said. It has numbers, and so is not kept with a scenario, from which one with others takes what is."""
    tables = [one for _, one in implementations(scenario).values()]
    if all(getattr(one, key) == value for one in tables for key, value in DEVIATIONS.items()):
        return scenario
    planned = {part: _planned(one) for part, (_, one) in implementations(scenario).items()}
    kept = {part: one for part, one in planned.items() if one is not None}
    return scenario.model_copy(update={"implementation": kept.pop("", None), "implementations": kept})


def _planned(one: Implementation) -> Implementation | None:
    if one.places is None and one.programme_years is None:
        return None
    return one.model_copy(update=DEVIATIONS)


@_once
def endless(scenario: Scenario) -> Mapping[str, Sequence[str]]:
    """The assumptions that are made of themselves, or of such ones, and of which of these."""
    made, done = formulas(scenario), set[str]()
    found: dict[str, Sequence[str]] = {}
    for name, formula in made.items():
        waits = [str(part) for part in names_in(formula) if part in made and part not in done]
        if waits:
            found[name] = waits
        else:
            done.add(name)
    return found


def circles(scenario: Scenario) -> Iterator[list[str]]:
    """Ways from an assumption to itself, through what each is made of; no two have a step in common."""
    waits, known = endless(scenario), set[str]()
    for name in waits:
        way: dict[str, None] = {}
        while name not in known and name not in way:
            way[name] = None
            name = waits[name][0]
        if name in way:
            steps = list(way)
            yield steps[steps.index(name) :]
        known.update(way)


def reckoned(scenario: Scenario) -> Scenario:
    """The scenario whose assumptions that are made of others have what they come to; NaN where they come to nothing."""
    made = formulas(scenario)
    if not made:
        return scenario
    known, broken = dict(scenario.assumptions), endless(scenario)
    for name, formula in made.items():
        known[name] = known[name].worth(math.nan if name in broken else _worth(formula, known, scenario.time.years))
    found = scenario.model_copy(update={"assumptions": known})
    found.read_off.update(scenario.read_off)
    return found


def _worth(formula: Value, known: Mapping[str, Assumption], years: int) -> float | tuple[float, ...]:
    """A number, or one for each year where any part has them."""
    by_year = isinstance(formula, tuple) or any(
        isinstance(known[name].value, tuple) for name in names_in(formula) if name in known
    )
    found = tuple(_at(formula, year, known) for year in range(years if by_year else 1))
    return found if by_year else found[0]


def _at(value: Value, year: int, known: Mapping[str, Assumption]) -> float:
    item = value[min(year, len(value) - 1)] if isinstance(value, tuple) else value
    if isinstance(item, Expression):
        try:
            return _of_expression(item, year, known)
        except ZeroDivisionError:
            return math.nan
    if not isinstance(item, Name):
        return item
    return _at(known[item].value, year, known) if item in known else math.nan


def _of_expression(item: Expression, year: int, known: Mapping[str, Assumption]) -> float:
    """Raises ZeroDivisionError."""

    def get(step: Name | Constant) -> float:
        return float(_at(step, year, known) if isinstance(step, Name) else step)

    return float(item.reckoned(get, OF_NUMBERS))


def divides_by_zero(value: Value, scenario: Scenario) -> bool:
    """Whether a calculation divides by 0 at the values of the assumptions in any year."""
    found = [item for item in items(value) if isinstance(item, Expression)]
    try:
        for item in found:
            for year in years(scenario):
                _of_expression(item, year, scenario.assumptions)
    except ZeroDivisionError:
        return True
    return False


def is_certain(value: Value, scenario: Scenario) -> bool:
    """Whether no draw changes it."""
    known = scenario.assumptions
    return all(known[name].uncertainty is None for name in roots(value, scenario) if name in known)


def width(scenario: Scenario, name: str) -> int:
    """The number of columns of the cube that an uncertain assumption takes."""
    return scenario.time.years if scenario.assumptions[name].written.each_year else 1


@_once
def columns(scenario: Scenario) -> Mapping[str, int]:
    """How many columns each assumption has, in their order: as was recorded before a change, else of what is uncertain and used."""
    if scenario.simulation.columns:
        return scenario.simulation.columns
    there = used(scenario)
    return {
        name: width(scenario, name)
        for name, one in scenario.assumptions.items()
        if one.written.uncertainty is not None and name in there
    }


def with_columns(scenario: Scenario, kept: Mapping[str, int]) -> Scenario:
    """The scenario with these columns recorded."""
    return scenario.model_copy(update={"simulation": scenario.simulation.model_copy(update={"columns": dict(kept)})})


def at_year(value: Value, year: int, scenario: Scenario) -> float:
    """The point value of a number in a year of the horizon (from 0); NaN where it has none."""
    return _at(value, year, scenario.assumptions)


def years(scenario: Scenario) -> range:
    return range(scenario.time.years)


def uncertain(one: Assumption) -> Distribution:
    """The distribution of an assumption (of the factor, where its value is a list), also of one that is held. Raises DistributionProblem."""
    written = one.written
    assert written.uncertainty is not None
    factor = isinstance(written.value, tuple)
    value = 1.0 if factor else float(written.value)
    found = distribution(written.uncertainty.kind, written.uncertainty.parameters, value)
    return found if factor or one is written or one.scale is None else found.times(one.scale)


def score_correlation(rank: float) -> float:
    """The correlation of Gaussian scores whose rank correlation is `rank` (Pearson 1907)."""
    return 2 * math.sin(math.pi * rank / 6)


def rate_of(move: Move) -> tuple[str, Arms] | None:
    """The chance of a move that is not `after_months`, with its key."""
    for key in ("chance", *RATES):
        arms = getattr(move, key)
        if arms is not None:
            return key, arms
    return None


def never_left(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """(role, state) where no move leads on, of those that cost something: whoever comes there stays to the end."""
    for name, role in scenario.roles.items():
        left = {move.origin for move in role.moves}
        for state, one in role.states.items():
            prices = [price for price in (one.monthly, one.yearly) if price is not None]
            if left and state not in left and any(items(price) != (0.0,) for price in prices):
                yield name, state


class Rate(NamedTuple):
    """A chance of a move: where it stands under it, within how long it is one, and from which month of a stay on it holds."""

    path: Path
    unit: str
    arms: Arms
    begin: int = 0


def rates_of(move: Move) -> list[Rate]:
    """Every chance of a move: one, or those by the time since arrival, one after the other; none of `after_months`."""
    if move.since_arrival is None:
        rate = rate_of(move)
        return [] if rate is None else [Rate((rate[0],), *rate)]
    found: list[Rate] = []
    begin = 0
    for i, row in enumerate(move.since_arrival):
        given = [key for key in RATES if getattr(row, key) is not None]
        found += [Rate(("since_arrival", i, key), key, getattr(row, key), begin) for key in given]
        begin += row.months or 0
    return found


def rate_in(move: Move, month: int) -> Rate:
    """The chance that holds in a month of a stay, from 0."""
    return next(rate for rate in reversed(rates_of(move)) if rate.begin <= month)


def phases(role: Role, state: str) -> list[int]:
    """The months of a stay in the state, 0 first, from which on any chance by the time since arrival is another."""
    rows = [rates_of(move) for move in role.moves if move.origin == state and move.since_arrival is not None]
    return sorted({0, *(rate.begin for rates in rows for rate in rates)})


@_once
def is_tied(scenario: Scenario) -> bool:
    """Whether any move hangs on another member of the family: then families are lived, and no life has an expectation that is known."""
    return any(move.when is not None for role in scenario.roles.values() for move in role.moves)


def any_month(move: Move) -> bool:
    return move.after_months is None and move.at is None and move.timing != "year-start"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the ledger: its place in the budget, and whether its saving leaves the budget by itself."""

    label: str
    area: str
    cashable: bool
    kind: str  # "states", "person_years", "costs", "savings"; "financing" of those that stand in no total
    part: str  # the programme of a portfolio whose it is; nothing where it is the portfolio's own


def level(scenario: Scenario, of: Moved) -> float:
    """What an amount in prices of its own is multiplied by, so that it is in those of the file; 1 where the file does not say how."""
    index, own, wanted = scenario.money.index, of.price_level, scenario.money.price_level
    if own is None or own == wanted or str(own) not in index or str(wanted) not in index:
        return 1.0
    return float(index[str(wanted)]) / float(index[str(own)])


def priced(scenario: Scenario) -> Iterator[tuple[Path, Moved]]:
    """States, lines of the budget and what others pay, which may have prices of their own."""
    for role, one in scenario.roles.items():
        for name, state in one.states.items():
            yield ("roles", role, "states", name), state
    for key in STATED:
        for i, line in enumerate(getattr(scenario, key)):
            yield (key, i), line


def paid_years(scenario: Scenario, line: BudgetLine) -> list[bool]:
    """Of each year of the horizon, whether the line's amount is paid in it."""
    calendar = range(scenario.time.first_year, scenario.time.first_year + scenario.time.years)
    if line.once is not None:
        return [year == once_year(line) for year in calendar]
    first, last = line.first or calendar[0], line.last or calendar[-1]
    return [first <= year <= last for year in calendar]


def once_year(line: BudgetLine) -> int | None:
    """The year of what is paid once."""
    return int(line.once[:4]) if isinstance(line.once, str) else line.once


def once_month(line: BudgetLine) -> int | None:
    """Its month, 0 for January, where it has one."""
    return int(line.once[5:]) - 1 if isinstance(line.once, str) else None


def line_of(name: str, role: Role, state: str) -> str:
    """The ledger line of a state's savings."""
    return role.states[state].line or role.line or name


def lines(scenario: Scenario) -> list[Line]:
    """The ledger's lines: those of the states first, then those of person-years, then the budget's, in the file's order."""
    found: dict[str, Line] = {}
    for name, role in scenario.roles.items():
        for state_name, state in role.states.items():
            label = line_of(name, role, state_name)
            area = state.area or role.area or ""
            before = found.get(label)
            if before is not None:
                area = before.area or area
            found[label] = Line(label, area, state.cashable, "states", role.part or "")
    rows = [(line, kind) for kind in LABELLED if kind != "financing" for line in getattr(scenario, kind)]
    return [
        *found.values(),
        *(Line(line.label, line.area or "", line.cashable, kind, line.part or "") for line, kind in rows),
    ]


def financing(scenario: Scenario) -> list[Line]:
    """What others pay, in the file's order: lines apart from the ledger's, and in no total of it."""
    return [Line(line.label, line.area or "", True, "financing", line.part or "") for line in scenario.financing]


def payers(scenario: Scenario) -> tuple[str, ...]:
    """Whose money is counted: the municipality, the state, and whom the file names beside them."""
    return (*PAYERS, *scenario.payers)


def paid_by_results(scenario: Scenario) -> bool:
    """Whether any money of others hangs on a target."""
    return any(line.when_target is not None for line in scenario.financing)


def counted_of(target: Target) -> tuple[str, str]:
    """The kind of what a target is of, and its name: ("line", "Herberg"); no name where it is of a total."""
    kind, _, name = target.of.partition(":")
    return kind, name


def states(scenario: Scenario) -> list[tuple[str, str]]:
    """(role, state) of each state, in the file's order."""
    return [(name, state) for name, role in scenario.roles.items() for state in role.states]


@dataclass(frozen=True, slots=True)
class Weeks:
    """The clock of a role: how many weeks each step of the refund lasts, and where it stands at the start."""

    weeks: tuple[float, ...]
    start: float


@_once
def refund_clocks(scenario: Scenario) -> Mapping[str, Weeks]:
    """Of the roles with a state whose refund goes by the weeks on benefit; all such states of a role have the same weeks."""
    found = {}
    for name, role in scenario.roles.items():
        given = [state.refusion.weeks for state in role.states.values() if state.refusion.weeks is not None]
        if given:
            found[name] = Weeks(tuple(map(float, given[0])), float(role.weeks_on_benefit or 0.0))
    return found


def states_called(name: str, scenario: Scenario) -> list[tuple[str, str]]:
    """The states that `ROLE.STATE` may mean: as the names stand, whatever dots they hold, else with either of them in quotes."""
    every = states(scenario)
    return [one for one in every if name == ".".join(one)] or [one for one in every if name in _in_quotes(*one)]


def _in_quotes(role: str, state: str) -> list[str]:
    return [f"{one}.{other}" for one in spellings(role) for other in spellings(state)]


def state_labels(scenario: Scenario) -> list[str]:
    """`ROLE.STATE` of each state; in quotes where a state of another role would be called the same."""
    plain = [".".join(one) for one in states(scenario)]
    times = Counter(plain)
    return [
        name if times[name] == 1 else f"{quoted(role)}.{quoted(state)}"
        for name, (role, state) in zip(plain, states(scenario), strict=True)
    ]
