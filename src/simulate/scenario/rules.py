"""What the parts of a scenario say of each other: names that exist, chances that can be, lines that agree.

Each rule yields what it finds: (path, words). Rules read numbers at their point values, and see only what has a sound shape.
"""

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from typing import TypeGuard

from simulate.distributions import KINDS, DistributionProblem
from simulate.locale import spoken, text
from simulate.names import PAYERS
from simulate.scenario import cautions, effects, idle, kinds, misplaced, numbers, over_time, texts, unit
from simulate.scenario.expressions import Name
from simulate.scenario.numbers import NumberProblem
from simulate.scenario.paths import Path, quoted, written
from simulate.scenario.paths import key as written_key
from simulate.scenario.queries import (
    EFFECTS,
    MOST_MADE,
    NOTHING_SAID,
    RATES,
    STATE_COUNTS,
    STATED,
    Rate,
    Use,
    any_month,
    at_year,
    circles,
    counted_of,
    divides_by_zero,
    driving_lives,
    financing,
    formulas,
    implementations,
    is_certain,
    is_tied,
    items,
    line_of,
    lines,
    names_in,
    paid_years,
    parts,
    payers,
    plainly_named,
    priced,
    rate_of,
    rates_of,
    roots,
    score_correlation,
    state_labels,
    states_called,
    uncertain,
    uses,
    years,
)
from simulate.scenario.schema import (
    INDEX,
    LABELLED,
    OWNED,
    PERSISTENCE,
    PROGRAMME_YEARS,
    RANK,
    RATE,
    SHARE,
    STAY,
    Arms,
    Assumption,
    BudgetLine,
    Correlation,
    LengthOrMonths,
    Move,
    Observed,
    OverTime,
    PersonYearLine,
    Refusion,
    Role,
    Scenario,
    SinceArrival,
    State,
    StayArms,
    Target,
)
from simulate.scenario.values import LARGEST, ByYear, Literal, Unnamed, Value, shown, suggestion

Found = Iterator[tuple[Path, str]]
OVER_TIME = ("lock_in", "begins_after_months", "half_life_months", "ends_after_months")
LIMITS = ("minimum", "maximum")
MOST_STEPS = 12  # of a circle that a message names
WAYS = ("chance", *RATES, "since_arrival", "after_months")  # in which a move may come about
FAR_OUT = 0.002  # beyond this share of its own distribution a value is hardly meant


def problems(scenario: Scenario) -> Found:
    """Everything that is wrong in a scenario of sound shape."""
    every = uses(scenario)
    yield from _parts(scenario)
    yield from _assumptions(scenario, scenario.assumptions.keys())
    own = (
        _circles,
        kinds.problems,
        _payers,
        _correlations,
        _counted,
        _families,
        _roles,
        _lines,
        misplaced.problems,
        _financing,
    )
    for rule in (*own, _implementation, _levels, _units, _unclear, _targets, _reported, _observed):
        yield from rule(scenario)
    yield from _uses(scenario, every)


def problems_of(names: Set[str], scenario: Scenario) -> Found:
    """What is wrong with the numbers of some assumptions, or follows from them, in a scenario that was right with others: no other rule reads
    what an assumption's number is."""
    made = [name for name, of in parts(scenario).items() if not names.isdisjoint(of)]
    yield from _assumptions(scenario, [*names, *made])
    if not names.isdisjoint(driving_lives(scenario)):  # what roles start in and their moves
        yield from _roles(scenario)
    yield from _payers(scenario)  # whose shares have a sum
    yield from _uses(scenario, [use for use in uses(scenario) if not names.isdisjoint(roots(use.value, scenario))])


def warnings(scenario: Scenario) -> Found:
    """What is right but hardly meant."""
    yield from texts.warnings(scenario)
    yield from idle.warnings(scenario)
    yield from cautions.warnings(scenario)
    for path, outside in _outside(
        scenario, "reported", {i: row.year for i, row in enumerate(scenario.reported) if row.year is not None}
    ):
        yield path, text("{outside}; what is reported there is not compared", outside=outside)
    for name, one in scenario.assumptions.items():
        if one.persistence and not one.each_year:
            yield ("assumptions", name, "persistence"), text("without `each_year = true` there is no year before")
        if one.uncertainty is not None:
            yield from _far_off(name, one)
        yield from _not_in_force(("assumptions", name), one)
        yield from _off_limits(("assumptions", name), one)
    for i, pair in enumerate(scenario.correlations):
        yield from _untied(("correlations", i), pair, scenario)
    listed = [(use.path, use.value) for use in uses(scenario)]
    listed += [
        (("assumptions", name, key), getattr(one.written, key))
        for name, one in scenario.assumptions.items()
        for key in ("value", "held", *LIMITS)
    ]
    for path, value in listed:
        if isinstance(value, ByYear):
            yield from _years_outside(path, value, scenario)
        elif isinstance(value, tuple) and len(value) > scenario.time.years:
            yield path, text(
                "the list has {n} entries and the horizon {years} years; the rest is not used",
                n=len(value), years=scenario.time.years,
            )  # fmt: skip


def _years_outside(path: Path, value: ByYear, scenario: Scenario) -> Found:
    first = scenario.time.first_year
    out = [str(year) for year in value.table if not first <= year < first + scenario.time.years]
    if out:
        yield path, text("the table has numbers for years outside the horizon ({horizon}), which are not used: {years}",
                         horizon=_horizon(scenario), years=", ".join(out))  # fmt: skip


def _not_in_force(path: Path, one: Assumption) -> Found:
    """What of an assumption does nothing beside what holds or scales it."""
    if one.held is not None:
        yield (*path, "held"), text("it is held at this value: `value` and `uncertainty` change nothing until `held` is taken out")  # fmt: skip
    if one.scale == 1:
        yield (*path, "scale"), text("1 times the number changes nothing")


def _untied(path: Path, pair: Correlation, scenario: Scenario) -> Found:
    """A correlation with what is held: the draws are as if it were not."""
    held = [name for name in pair.between if scenario.assumptions[name].held is not None]
    if len(held) == 2:
        yield path, text("{a} and {b} are both held, so neither goes with the other", a=held[0], b=held[1])
    elif held:
        other = next(name for name in pair.between if name not in held)
        yield path, text(
            "{held} is held, and {other} does not follow it, but is as uncertain as it was",
            held=held[0], other=other,
        )  # fmt: skip


def _far_off(name: str, one: Assumption) -> Found:
    """A distribution that hardly holds the value it is about: percent and shares mixed up, mostly."""
    import numpy as np

    distribution = uncertain(one)
    value = 1.0 if isinstance(one.value, tuple) else float(one.value)
    below = float(distribution.cdf(np.array([value]))[0])
    ends = distribution.ppf(np.array([1e-15, 1 - 1e-15]))
    at_end = np.abs(ends - value).min() <= 1e-3 * distribution.sd  # a number that can only be higher, or lower
    if not FAR_OUT <= below <= 1 - FAR_OUT and not at_end:
        said = text("the value {value:.6g} lies outside this distribution, whose mean is {mean:.6g}", value=value,
                    mean=_rounded(distribution.mean))  # fmt: skip
        if isinstance(one.value, tuple):
            said = text(
                "beside numbers by year a distribution is of a factor on them: 1 is the numbers as they stand. The mean of this one is {mean:.6g}, "
                "and 1 lies outside it", mean=_rounded(distribution.mean),
            )  # fmt: skip
        else:
            said += _as_amounts(value, float(ends[0]), float(ends[1]))
        is_percent = 0 < value <= 1 and ends[0] <= 100 * value <= ends[1]
        yield ("assumptions", name, "uncertainty"), said + (_in_percent(100 * value) if is_percent else "")
    if float(one.uncertainty.parameters.get("relative_sd", 0.0)) > 1:  # type: ignore[union-attr]
        yield (
            ("assumptions", name, "uncertainty", "relative_sd"),
            text("an sd larger than the number itself; 0.1 stands for 10 %"),
        )


def _rounded(number: float) -> float:
    """As a sentence says it: to three digits, and thousands to the whole."""
    return float(f"{number:.0f}" if abs(number) >= 1000 else f"{number:.3g}")


def _as_amounts(value: float, low: float, high: float) -> str:
    """How the ends of an uncertainty are written where they are factors on the value, or shares that come on top."""
    if abs(value) <= MOST_TIMES * max(abs(low), abs(high), 1):
        return ""
    lowest = value * low if 0 < low <= 1 <= high else value * (1 + low) if -1 < low < 0 <= high else None
    if lowest is None:
        return ""
    return text("; beside one value lowest and highest are numbers like it, so write {lowest:.6g} in place of {low:.4g}", lowest=_rounded(lowest), low=low)  # fmt: skip


# A portfolio's parts -------------------------------------------------------------------------------------------------


def _parts(scenario: Scenario) -> Found:
    known = {part.name for part in scenario.parts}
    for key in OWNED:
        table = getattr(scenario, key)
        for step, item in table.items() if isinstance(table, dict) else enumerate(table):
            if item.part is not None and item.part not in known:
                yield (
                    (key, step, "part"),
                    text("the program writes this key, of what a portfolio is made of; leave it out"),
                )


# Assumptions ---------------------------------------------------------------------------------------------------------


def _assumptions(scenario: Scenario, names: Iterable[str]) -> Found:
    for name in names:
        one = scenario.assumptions[name]
        path: Path = ("assumptions", name)
        if numbers.looks_like_number(name):
            yield path, text("a name must not look like a number")
        if not PERSISTENCE.hold(one.persistence):
            yield (
                (*path, "persistence"),
                text("{given} is out of range: it must lie in [0, 1)", given=one.persistence),
            )
        yield from _held_or_scaled(path, one)
        yield from _in_order(path, one)
        if one.formula is not None:
            yield from _made(scenario, path, one)
            continue
        if one.uncertainty is None:
            if one.each_year:
                yield (*path, "each_year"), text("without an uncertainty every year has the same value")
            continue
        if isinstance(one.value, tuple) and one.uncertainty.kind == "beta":
            yield (
                (*path, "uncertainty", "kind"),
                text(
                    "on a list by year the uncertainty is a factor around 1, and a beta is none; use pert or relative_sd"
                ),
            )
            continue
        if (swapped := _swapped(one)) is not None:
            yield (*path, "uncertainty", "low"), swapped
            continue
        try:
            uncertain(one)
        except DistributionProblem as problem:
            key = (problem.key,) if problem.key in one.uncertainty.parameters else ()
            yield (*path, "uncertainty", *key), problem.message + _parameter(problem.key, one)


def _swapped(one: Assumption) -> str | None:
    """Where the lowest is above the highest: what to write, in place of which of the others does not fit."""
    low, high = (one.uncertainty.parameters.get(key) for key in ("low", "high"))  # type: ignore[union-attr]
    if not (isinstance(low, float) and isinstance(high, float) and low > high):
        return None
    said = text("`low` ({low:.10g}) is above `high` ({high:.10g})", low=low, high=high)
    return said + ((high <= 1 and _in_percent(low)) or text("; let them change places"))


def _circles(scenario: Scenario) -> Found:
    """What is made of itself."""
    made = formulas(scenario)
    if len(made) > MOST_MADE:
        yield ("assumptions",), text("{n} assumptions are made of others; at most {most}", n=len(made), most=MOST_MADE)
    for circle in circles(scenario):
        steps = [*circle[:MOST_STEPS], "..."] if len(circle) > MOST_STEPS else [*circle, circle[0]]
        yield ("assumptions", circle[0], "value"), text("it is made of itself: {circle}", circle=" → ".join(steps))


def _made(scenario: Scenario, path: Path, one: Assumption) -> Found:
    """Of an assumption that is made of others."""
    if one.written.uncertainty is not None:
        yield (*path, "uncertainty"), text(
            "its value is a calculation, and it is as uncertain as what it is made of; leave the uncertainty out, or write a number as `value`"
        )  # fmt: skip
    elif one.written.each_year:
        yield (*path, "each_year"), text("its value is a calculation, and has each year what it is made of has then")
    for key in LIMITS:
        if getattr(one, key) is not None:
            yield (*path, key), text("its value is a calculation; name limits of what it is made of")
    yield from _calculated(scenario, (*path, "value"), one.formula)
    beyond = next((item for item in items(one.value) if abs(item) > LARGEST), None)
    if beyond is not None:
        yield (*path, "value"), text("a number this large cannot be meant; at most 10^15")


def _calculated(scenario: Scenario, path: Path, value: Value) -> Found:
    if divides_by_zero(value, scenario):
        yield path, text("{given} divides by 0 at the values of the assumptions", given=shown(", ".join(map(str, items(value)))))  # fmt: skip


def _held_or_scaled(path: Path, one: Assumption) -> Found:
    if one.written.uncertainty is None:
        if one.held is not None:
            yield (*path, "held"), text("it has no uncertainty, so there is nothing to hold; write `value`")
        if one.scale is not None:
            yield (*path, "scale"), text("it has no uncertainty that could be scaled; write the product as `value`")
    elif one.held is not None and one.scale is not None:
        yield (*path, "scale"), text("it is held at a value, so there is nothing to scale; leave out `held` or `scale`")
    if one.scale is not None and not one.scale > 0:
        yield (
            (*path, "scale"),
            text("a scale is a factor above 0, and this is {scale:g}; a number that is to be {product:g} is held: `held = {product:g}`",
                 scale=one.scale, product=one.scale * _first(one.written.value)),
        )  # fmt: skip


def _in_order(path: Path, one: Assumption) -> Found:
    """A minimum is below its maximum, in every year."""
    if one.minimum is not None and one.maximum is not None:
        below = next((pair for pair in _in_years(one.minimum, one.maximum) if not pair[0] < pair[1]), None)
        if below is not None:
            yield (
                (*path, "maximum"),
                text(
                    "`maximum` ({maximum:.10g}) must be above `minimum` ({minimum:.10g})",
                    minimum=below[0],
                    maximum=below[1],
                ),
            )


def _in_years(*values: Value) -> Iterator[tuple[float, ...]]:
    """What several numbers are in the same years, as long as the longest list goes."""
    lists = [value if isinstance(value, tuple) else (value,) for value in values]
    for year in range(max(map(len, lists))):
        yield tuple(float(one[min(year, len(one) - 1)]) for one in lists)


def _off_limits(path: Path, one: Assumption) -> Found:
    """A value outside the limits that the file names for it, or limits that are not looked at."""
    named = [key for key in LIMITS if getattr(one, key) is not None]
    if one.held is not None:
        yield from (((*path, key), text("it is held at a value, so this limit is not looked at")) for key in named)
        return
    for key, sign in zip(LIMITS, (1, -1), strict=True):
        given = getattr(one, key)
        if given is not None and any(sign * limit > sign * value for limit, value in _in_years(given, one.value)):
            value = _first(one.value)
            is_percent = 0 < value <= 1 and not isinstance(given, tuple) and given > 1
            said = text("the value itself, {value:.10g}, lies beyond this limit", value=value)
            yield (*path, key), said + (_in_percent(float(given)) if is_percent else "")


def _first(value: Value) -> float:
    return float(value[0]) if isinstance(value, tuple) else float(value)


def _parameter(wrong: str, one: Assumption) -> str:
    """The parameter that a Danish word stands for."""
    from simulate.scenario import danish  # a long table, which a right file does not need

    kind = KINDS[one.uncertainty.kind]  # type: ignore[union-attr]
    right = danish.meant(wrong, danish.KEYS, [key for way in kind.ways for key in way.required + way.optional])
    return text("; did you mean `{key}`?", key=right) if right and right != wrong else ""


def _correlations(scenario: Scenario) -> Found:
    ranks: dict[tuple[str, ...], float] = {}
    for i, one in enumerate(scenario.correlations):
        path: Path = ("correlations", i)
        for j, name in enumerate(one.between):
            assumption, place = scenario.assumptions.get(name), (*path, "between", j)
            if assumption is None:
                yield place, Unnamed.of(text("no assumption is called {name}", name=f'"{name}"'), name, scenario.assumptions)  # fmt: skip
            elif assumption.written.uncertainty is None:
                said = text("{name} has no uncertainty, so nothing can vary with it", name=name)
                yield place, Unnamed.named(said, name)
            elif assumption.written.each_year:
                yield place, text("{name} has each_year = true and cannot be in a correlation", name=name)
        pair = tuple(sorted(one.between))
        if pair[0] == pair[1]:
            yield (*path, "between"), text("two different assumptions are wanted")
            continue
        if pair in ranks:
            yield path, text("this pair has a correlation already")
        if not RANK.hold(one.rank):
            yield (*path, "rank"), text("{given} is out of range: it must lie in [-1, 1]", given=one.rank)
        ranks[pair] = min(max(one.rank, RANK.low), RANK.high)
    if ranks and not _possible(ranks):
        yield ("correlations",), text("no joint distribution has these correlations; bring them closer to 0")


def _possible(ranks: dict[tuple[str, ...], float]) -> bool:
    import numpy as np

    names = sorted({name for pair in ranks for name in pair})
    matrix = np.eye(len(names))
    for (a, b), rank in ranks.items():
        matrix[names.index(a), names.index(b)] = matrix[names.index(b), names.index(a)] = score_correlation(rank)
    return bool(np.linalg.eigvalsh(matrix).min() > -1e-9)


# Numbers where they are used -----------------------------------------------------------------------------------------


def _uses(scenario: Scenario, every: Collection[Use]) -> Found:
    for use in every:
        for name in roots(use.value, scenario):
            assumption = scenario.assumptions.get(name)
            if assumption is None or (assumption.formula is not None and not isinstance(assumption.formula, tuple)):
                continue  # its parts say it
            if assumption.each_year and not use.rule.series:
                yield use.path, text("{name} has a value for each year, which cannot stand here", name=name)
            elif isinstance(assumption.value, tuple) and not use.rule.series:
                yield use.path, text("{name} is a list by year, which cannot stand here", name=name)
            yield from _listed_limits(use, str(name), assumption)
        yield from _calculated(scenario, use.path, use.value)
        for name in plainly_named(use.value):
            for key in ("value", *LIMITS) if name in scenario.assumptions else ():
                yield from _read(("assumptions", str(name), key), getattr(scenario.assumptions[name], key), use)
            if name in scenario.assumptions:
                yield from _limits_within(use, str(name), scenario.assumptions[name])
        if not use.rule.term:  # what an effect makes of terms is held against their limits
            given = (at_year(use.value, year, scenario) for year in years(scenario))
            beyond = next((number for number in given if not use.rule.limits.hold(number)), None)
            if beyond is not None:
                slips = use.rule.usage == "share" and use.rule.limits is not RATE and _in_percent(beyond)
                own = slips and _is_number_of_its_own(use.value, scenario)
                yield ("assumptions", str(use.value), "value") if own else use.path, _beyond(use, beyond)


def _read(path: Path, value: Value | None, use: Use) -> Found:
    """An assumption's number as what it is used for."""
    for item in value if isinstance(value, tuple) else (value,):
        if isinstance(item, Literal):
            try:
                numbers.check_literal(item.raw, use.rule.usage)
            except NumberProblem as problem:
                yield path, problem.message


def _listed_limits(use: Use, name: str, one: Assumption) -> Found:
    for key in LIMITS:
        if isinstance(getattr(one, key), tuple) and not use.rule.series:
            yield ("assumptions", name, key), text("{name} is used where no list by year can stand", name=name)


def _limits_within(use: Use, name: str, one: Assumption) -> Found:
    """Limits that the file names are what the number can be, where it stands by itself."""
    for key in LIMITS:
        given = getattr(one, key)
        for item in given if isinstance(given, tuple) else () if given is None else (given,):
            if not use.rule.term and not use.rule.limits.hold(float(item)):
                yield ("assumptions", name, key), _beyond(use, float(item))
                break


def _beyond(use: Use, given: float) -> str:
    """What is wrong with a number beyond its limits, in the words of what it is."""
    limits = use.rule.limits
    if limits is INDEX:
        return text("an index number is above 0")
    if limits is RATE:
        return _no_rate(given)
    if given > limits.high > 1 and use.rule.usage == "share":
        said = text("{given:.15g} is no share: 1 is all of them, and more than {most:.15g} cannot be meant", given=given, most=limits.high)  # fmt: skip
        return said + _in_percent(given)
    if given > limits.high > 1:
        return text("{given:.15g} cannot be meant here; at most {most:.15g}", given=given, most=limits.high)
    if use.path[-2:] == ("when", "times"):
        return text("{given:.15g} is negative; a factor on a hazard is at least 0", given=given)
    if use.path[-1] in BELOW:
        said = BELOW[str(use.path[-1])]()
        said += _less(given) if use.path[-1] in FACTORS else ""
        return said + (_in_percent(given) if use.rule.usage == "share" else "")
    if use.rule.usage == "count":
        return text("{given:.15g} is negative; a number of persons, months or posts is at least 0", given=given)
    said = text("{given:.15g} is out of range: it must lie in [{low:g}, {high:g}]", given=given, low=limits.low,
                high=limits.high)  # fmt: skip
    return said + (_in_percent(given) if limits is SHARE else "")


def _no_rate(given: float) -> str:
    said, share = spoken(given, ".10g"), spoken(given / 100, ".10g")
    percent = f"{said} %"
    if 1 < given < 2:
        return text(
            "{given} is no rate a year; write {percent} as {share}, and where it is the factor of a year, {rise}",
            given=said, percent=percent, share=share, rise=spoken(given - 1, ".10g"),
        )  # fmt: skip
    return text("{given} is no rate a year; write {percent} as {share}", given=said, percent=percent, share=share)


def _in_percent(given: float) -> str:
    """A hint at the share that a number above 1 may be meant as."""
    if not 2 <= given <= 100:  # 1.4 is a slip of another kind
        return ""
    return text(
        '; if that is in per cent, it is written "{given} %" or {share}',
        given=spoken(given, ".10g"),
        share=spoken(given / 100, ".10g"),
    )


BELOW = {
    "climate": lambda: text("a climate is a factor of at least 0"),
    "half_life_months": lambda: text("a half-life is above 0 months"),
    "hazard_ratio": lambda: text("a hazard ratio is at least 0"),
    "mean": lambda: text("a length that is drawn has a mean and an sd above 0"),
    "programme_years": lambda: text("a project lasts more than 0 years"),
    "refusion": lambda: text("the share that the state refunds must lie in [0, 1]"),
    "sd": lambda: text("a length that is drawn has a mean and an sd above 0"),
    "times": lambda: text("the factor on a stay's length is above 0"),
}


# Families and roles --------------------------------------------------------------------------------------------------


def _families(scenario: Scenario) -> Found:
    for name, family in scenario.families.items():
        for role in family.members.keys() - scenario.roles.keys():
            yield (
                ("families", name, "members", role),
                Unnamed.of(text("no role is called {name}", name=f'"{role}"'), role, scenario.roles),
            )
        for i, row in enumerate(family.entering):
            if not _within_horizon(row.month, scenario):
                yield (
                    ("families", name, "entering", i, "month"),
                    text("{month} is outside the horizon", month=row.month),
                )


def _within_horizon(month: str, scenario: Scenario) -> bool:
    return 0 <= int(month[:4]) - scenario.time.first_year < scenario.time.years


def _roles(scenario: Scenario) -> Found:
    for name, role in scenario.roles.items():
        path: Path = ("roles", name)
        for missing in role.start.keys() - role.states.keys():
            yield (*path, "start"), _no_state(missing, role)
        shares = [at_year(share, 0, scenario) for share in role.start.values()]
        if all(map(SHARE.hold, shares)) and abs(sum(shares) - 1) > NOTHING_SAID:
            yield (
                (*path, "start"),
                text("the shares sum to {total:.10g}; they must lie in [0, 1] and sum to 1", total=sum(shares)),
            )
        for state_name, state in role.states.items():
            here = (*path, "states", state_name)
            if state.monthly is not None and state.yearly is not None:
                yield here, text("a price a month or a price a year, not both")
        yield from _clock(role, path)
        for i, move in enumerate(role.moves):
            yield from _move(scenario, role, (*path, "moves", i), move)
        yield from _alternatives(scenario, role, path)


def _clock(role: Role, path: Path) -> Found:
    """Refunds by the weeks on benefit: one clock for all states of a role."""
    known: tuple[str, list[float]] | None = None
    for name, state in role.states.items():
        here, given = (*path, "states", name), state.refusion
        if given.both is not None and (given.weeks is not None or given.share is not None):
            yield (*here, "refusion"), text("one share, or `weeks` with a share for each step")
        elif given.both is None and (given.weeks is None or given.share is None):
            missing = "weeks" if given.weeks is None else "share"
            yield (
                (*here, "refusion"),
                text("the steps of a refund have `weeks` and `share`; `{key}` is missing", key=missing),
            )
        elif given.weeks is not None:
            yield from _steps(given, (*here, "refusion"))
            if state.self_support:
                yield (
                    (*here, "self_support"),
                    text("a state whose refund goes by weeks is a benefit, and no self-support"),
                )
            weeks = list(map(float, given.weeks))
            if known is not None and weeks != known[1]:
                yield (*here, "refusion", "weeks"), text(
                    "a person has one clock for all benefits, so `weeks` are the same in all states of a role; in {state} they are {weeks}",
                    state=known[0], weeks=", ".join(f"{one:g}" for one in known[1]),
                )  # fmt: skip
            known = known or (name, weeks)


def _steps(given: Refusion, path: Path) -> Found:
    weeks, share = given.weeks or [], given.share or []
    if len(share) != len(weeks) + 1:
        yield (*path, "share") if weeks else path, text(
            "{n} lengths of steps want {m} shares, the last one for the weeks after them; here are {given}",
            n=len(weeks), m=len(weeks) + 1, given=len(share),
        )  # fmt: skip
    for i, length in enumerate(weeks):
        if length == 0:
            yield (
                (*path, "weeks", i),
                text("a step lasts more than 0 weeks; give its length, and not the week in which it begins"),
            )


def _no_state(state: str, role: Role) -> str:
    several = [one.strip() for one in re.split("[;,]", state)]
    if len(several) > 1 and all(one in role.states for one in several):
        return text("{name} are several states, and a row is of one; write a row for each of them", name=f'"{state}"')
    return Unnamed.of(text("no state is called {name}", name=f'"{state}"'), state, role.states)


def _move(scenario: Scenario, role: Role, path: Path, move: Move) -> Found:
    for key, state in (("from", move.origin), ("to", move.to)):
        if state not in role.states:
            yield (*path, key), _no_state(state, role)
    if move.origin == move.to:
        yield (*path, "to"), text("a move must lead to another state than it comes from")
    given = [key for key in WAYS if getattr(move, key) is not None]
    if len(given) != 1:
        yield path, text(
            "a move has exactly one of: at = \"entry\" with chance, yearly, quarterly, monthly, since_arrival, after_months; here: {given}",
            given=", ".join(given) or text("none"),
        )  # fmt: skip
        return
    if (move.at == "entry") != (given[0] == "chance"):
        yield path, text('`at = "entry"` and `chance` go together')
    if move.since_arrival is not None and move.timing == "year-start":
        yield (
            (*path, "timing"),
            text(
                "a chance by the time since arrival is one of every month; a move at the start of the year comes on 1 January, "
                "however long the stay has lasted. Leave `timing` out"
            ),
        )
    elif move.timing is not None and given[0] not in ("yearly", "since_arrival"):
        yield (*path, "timing"), text("`timing` goes with `yearly` only")
    if move.climate is not None:
        yield from _climate(scenario, move, path)
    if move.when is not None:
        yield from _when(scenario, str(path[1]), move, (*path, "when"))
    if move.after_months is not None:
        yield from _stay(scenario, move, move.after_months, (*path, "after_months"))
        return
    wrong = list(_rows(move.since_arrival or [], (*path, "since_arrival")))
    yield from wrong
    for rate in rates_of(move) if not wrong else ():
        yield from _chances(scenario, move, rate, (*path, *rate.path))


def _rows(rows: list[SinceArrival], path: Path) -> Found:
    """Chances by the time since arrival: each has one number, and all but the last hold for so many months."""
    for i, row in enumerate(rows):
        given = [key for key in RATES if getattr(row, key) is not None]
        if len(given) != 1:
            yield (
                (*path, i),
                text(
                    "a row has exactly one of: yearly, quarterly, monthly; here: {given}",
                    given=", ".join(given) or text("none"),
                ),
            )
        if i + 1 < len(rows) and row.months is None:
            yield (*path, i), text("`months` is missing: for how many months of the stay this row holds before the next one does")  # fmt: skip
    if rows and rows[-1].months is not None:
        yield (*path, len(rows) - 1, "months"), text("the last row holds for the rest of the stay, so it has no `months`; add a row for what comes after")  # fmt: skip


def _counted(scenario: Scenario) -> Found:
    """A count of life without the programme that there cannot be."""
    own = scenario.simulation
    if is_tied(scenario) and "counterfactual" in own.model_fields_set and own.counterfactual == "expected":
        yield ("simulation", "counterfactual"), text(
            "where a move hangs on another member of the family (`when`) no life is expected; life without the programme is counted with the same "
            "people and luck (same-luck) or with others (own-luck)"
        )  # fmt: skip


def _when(scenario: Scenario, own: str, move: Move, path: Path) -> Found:
    """What a move hangs on: one other member of the family, who hangs on nobody."""
    when = move.when
    assert when is not None
    other = scenario.roles.get(when.role)
    if not any_month(move):
        yield path, text("`when` goes with any-month moves only: yearly, quarterly, monthly, since_arrival")
    if other is None:
        yield (*path, "role"), Unnamed.of(text("no role is called {name}", name=f'"{when.role}"'), when.role, scenario.roles)  # fmt: skip
        return
    if when.role == own:
        yield (*path, "role"), text("a move hangs on a member of another role; {role} is its own", role=own)
        return
    if when.state not in other.states:
        yield (*path, "state"), _no_state(when.state, other)
    if any(one.when is not None for one in other.moves):
        yield (*path, "role"), text("moves of {role} hang on somebody else in their turn; a chain of those is not known", role=when.role)  # fmt: skip
    both = [name for name, family in scenario.families.items() if {own, when.role} <= family.members.keys()]
    for name in both:
        number = scenario.families[name].members[when.role]
        if not is_certain(number, scenario) or at_year(number, 0, scenario) > 1:
            yield (*path, "role"), text(
                "a family of the type {name} may have more than one {role}, and it is not said which of them counts. Let it be at most 1, and "
                "certain", name=name, role=when.role,
            )  # fmt: skip
    if not both:
        yield (*path, "role"), text("no type of family has both {role} and {other}, so nothing hangs on it", role=own, other=when.role)  # fmt: skip


def _climate(scenario: Scenario, move: Move, path: Path) -> Found:
    name = str(move.climate)
    if isinstance(move.climate, Name) and name not in scenario.assumptions:
        yield (
            (*path, "climate"),
            Unnamed.of(text("no assumption is called {name}", name=f'"{name}"'), name, scenario.assumptions),
        )
    elif move.after_months is not None:
        yield (*path, "climate"), text("a stay that ends after so many months has no climate")


def _one_effect(arms: Arms | StayArms, path: Path, allowed: Collection[str]) -> Found:
    """Either one number, or the baseline's and exactly one of the others."""
    given = [key for key in EFFECTS if getattr(arms, key, None) is not None]
    if arms.both is None and (arms.baseline is None or len(given) != 1):
        yield path, text("give `baseline` and exactly one of: {keys}", keys=", ".join(allowed))
    for key in given:
        if key not in allowed:
            yield (
                (*path, key),
                text("`{key}` cannot be used here; use one of: {keys}", key=key, keys=", ".join(allowed)),
            )


def _chances(scenario: Scenario, move: Move, rate: Rate, here: Path) -> Found:
    wrong = list(_one_effect(rate.arms, here, EFFECTS if any_month(move) else EFFECTS[:-1]))
    wrong += list(_over_time(scenario, move, rate.arms, here))
    yield from wrong
    if wrong:
        return
    ages, weights = _weights([move], rate.arms.over_time, scenario)
    for year in years(scenario):
        for arm, chance in enumerate(effects.chances(rate.arms, _at(rate.arms, year, scenario), weights)):
            spot = here if rate.arms.both is not None else (*here, _said_by(rate.arms, arm))
            if math.isnan(chance):
                return  # an assumption that is wrong itself
            if not SHARE.low - NOTHING_SAID <= chance <= SHARE.high + NOTHING_SAID:
                said = text("{chance:.10g} is no chance; it must lie in [0, 1]", chance=chance)
                when = _with_weight(ages[arm - 1], weights[arm - 1]) if arm > 0 else ""
                given = getattr(rate.arms, "both" if spot is here else str(spot[-1]))
                if arm > 0 and (meant := _other_effect(rate.arms, year, scenario)):
                    yield spot, said + when + meant
                    return
                at_fault = None if spot[-1] in FACTORS else _named_beyond([given, rate.arms.baseline], year, scenario)
                if at_fault is not None:  # the number to mend stands there
                    written = at_year(at_fault, year, scenario)
                    yield ("assumptions", str(at_fault), "value"), said + when + _in_percent(written)
                    return
                yield (
                    spot,
                    said
                    + when
                    + _comes_from(rate.arms, arm, year, scenario)
                    + _in_percent(at_year(given, year, scenario)),
                )
                return
            if any_month(move) and chance >= 1:
                yield (
                    spot,
                    text("a chance of 1 within the time cannot be spread over its months; it must be below 1")
                    + _comes_from(rate.arms, arm, year, scenario),
                )
                return


def _weights(moves: Sequence[Move], shape: OverTime | None, scenario: Scenario) -> tuple[list[int], list[float | None]]:
    """The classes of the time since entry that the effects of some moves have, and the weight of one effect in each, at the point values."""
    horizon = over_time.YEAR * scenario.time.years
    ages = over_time.classes(moves, horizon)
    return ages, over_time.weights(shape, ages, horizon, over_time.at_values(shape, scenario))


def _with_weight(age: int, weight: float | None) -> str:
    """Which part of an effect that changes with time it is."""
    if weight is None:
        return ""
    return text(
        " (from {months:g} months after entry on, with {weight:.3g} times the effect)", months=age / 2, weight=weight
    )


def _over_time(scenario: Scenario, move: Move, arms: Arms | StayArms, path: Path) -> Found:
    """An effect that changes with the time since entry: where it cannot, and what does not go together."""
    shape, here = arms.over_time, (*path, "over_time")
    if shape is None:
        return
    if move.at == "entry":
        yield here, text(
            "a move at entry is made once and cannot change with time. Give those whom it moves a state of their own, and let an effect on the moves "
            "out of that state change with time; or let the move be `yearly`, with `over_time`"
        )  # fmt: skip
        return
    if isinstance(arms, StayArms) and _is_drawn(arms) and arms.times is None:
        yield here, text("a drawn length changes with time by a factor only; write `times`")
        return
    if not any(getattr(shape, key) is not None for key in OVER_TIME):
        yield here, text("give at least one of: {keys}", keys=", ".join(OVER_TIME))
        return
    lock_in, begin = over_time.lock_in_ends(shape), over_time.begins(shape)
    if begin < lock_in:
        yield (*here, "begins_after_months"), text("the effect begins before the lock-in is over; months are counted from entry")  # fmt: skip
    if shape.ends_after_months is not None and over_time.halves(shape.ends_after_months) <= begin:
        yield (*here, "ends_after_months"), text("the effect ends before it has begun; months are counted from entry")
    ratio = getattr(arms, "hazard_ratio", None)
    if ratio is None or shape.lock_in is None or not at_year(shape.lock_in.weight, 0, scenario) < 0:
        return
    if any(at_year(ratio, year, scenario) == 0 for year in years(scenario)):
        yield (*path, "hazard_ratio"), text("a hazard ratio of 0 has no opposite, which `lock_in` asks for")


def _is_drawn(arms: StayArms) -> bool:
    baseline = arms.both or arms.baseline
    return any(length is not None and length.drawn is not None for length in (baseline, arms.programme))


FACTORS = ("times", "hazard_ratio")
MOST_TIMES = 10  # a factor is hardly larger; a number of per cent without its sign mostly is


def _less(factor: float) -> str:
    """How so much less is said by a factor."""
    less, rest = (f"{spoken(100 * one, '.10g')} %" for one in (-factor, 1 + factor))
    return text("; {less} less is written {rest}", less=less, rest=rest) if -1 <= factor < 0 else ""


def _other_effect(arms: Arms, year: int, scenario: Scenario) -> str:
    """Which effect a number is of, where that which it stands under takes the chance out of what can be: with both numbers."""
    key = _said_by(arms, 1)
    given, baseline = (at_year(getattr(arms, one), year, scenario) for one in (key, "baseline"))
    if not SHARE.hold(baseline):
        return ""
    how = {"given": spoken(given, ".10g"), "baseline": spoken(baseline, ".10g")}
    if key in FACTORS:
        return _less(given)
    if 1 < given <= MOST_TIMES:
        said = {
            "plus": lambda: text("; it is {baseline} plus {given}; where {given} is a factor, write `times`", **how),
            "minus": lambda: text("; it is {baseline} minus {given}; where {given} is a factor, write `times`", **how),
            "programme": lambda: text("; where {given} is a factor on {baseline}, write `times`", **how),
        }
        return said[key]() + _in_percent(given)
    if key == "minus" and 0 < given <= 1:
        return text("; it is {baseline} minus {given}; where {given} is a share of {baseline}, write `times` and {rest}", rest=spoken(1 - given, ".10g"), **how)  # fmt: skip
    return ""


def _named_beyond(values: Sequence[Value | None], year: int, scenario: Scenario) -> Name | None:
    """The assumption that stands there by itself, and is a number of per cent without its sign."""
    named = (value for value in values if _is_number_of_its_own(value, scenario))
    return next((name for name in named if _in_percent(abs(at_year(name, year, scenario)))), None)


def _is_number_of_its_own(value: Value | None, scenario: Scenario) -> TypeGuard[Name]:
    """Whether it is the name of an assumption, and that is not made of others."""
    one = scenario.assumptions.get(value) if isinstance(value, Name) else None
    return one is not None and one.formula is None


def _comes_from(arms: Arms, arm: int, year: int, scenario: Scenario) -> str:
    """The assumptions that a chance is made of, each with what it is: the number to mend is among them. No effect makes the one without the programme."""
    values = [getattr(arms, key) for key in ("both", "baseline", *(EFFECTS if arm > 0 else ()))]
    named = dict.fromkeys(name for value in values if value is not None for name in names_in(value))
    each = (f"assumptions.{name} ({spoken(at_year(name, year, scenario), '.6g')})" for name in named)
    return text("; it comes from {names}", names=", ".join(each)) if named else ""


def _said_by(arms: Arms | StayArms, arm: int) -> str:
    return "baseline" if arm == 0 else next(key for key in EFFECTS if getattr(arms, key, None) is not None)


def _stay(scenario: Scenario, move: Move, arms: StayArms, path: Path) -> Found:
    baseline = arms.both or arms.baseline
    lengths = (baseline, arms.programme or baseline)
    ways = ("programme", "times") if _is_drawn(arms) else EFFECTS[:-1]
    wrong = [*_one_effect(arms, path, ways), *_over_time(scenario, move, arms, path)]
    yield from wrong
    for arm, length in enumerate(lengths if not wrong else ()):
        if length is not None and length.drawn is not None and arms.over_time is not None:
            yield from _drawn_length(scenario, move, arms, path)
            return
        if length is not None and length.drawn is None:
            yield from _given_length(scenario, move, arms, arm, path)


def _drawn_length(scenario: Scenario, move: Move, arms: StayArms, path: Path) -> Found:
    """A factor on a drawn length that changes with time."""
    ages, weights = _weights([move], arms.over_time, scenario)
    for year in years(scenario):
        times = at_year(arms.times, year, scenario)
        for age, weight in zip(ages, weights, strict=True):
            if effects.factor(times, weight) <= 0:
                yield (*path, "times"), text("a stay lasts more than 0 months") + _with_weight(age, weight)
                return


def _given_length(scenario: Scenario, move: Move, arms: StayArms, arm: int, path: Path) -> Found:
    if arm == 1 and arms.both is not None:
        return
    spot = path if arms.both is not None else (*path, _said_by(arms, arm))
    ages, weights = _weights([move], arms.over_time, scenario)
    for year in years(scenario):
        get = _months(arms, year, scenario)
        each = [effects.months(arms, get, one) for one in weights] if arm == 1 else [effects.months_without(arms, get)]
        for age, weight, months in zip(ages, weights, each, strict=False):
            when = _with_weight(age, weight) if arm == 1 else ""
            if months > STAY.high:
                wrong = text("{given:.15g} cannot be meant here; at most {most:.15g}", given=months, most=STAY.high)
                yield spot, wrong + when
                return
            if not STAY.hold(months) and (spot[-1] != "times" or weight is not None):  # a factor has a rule of its own
                yield spot, text("a stay lasts more than 0 months") + when
                return


def _at(arms: Arms | StayArms, year: int, scenario: Scenario) -> effects.Get:
    """The point value under a key of a table of arms."""
    return lambda key: at_year(getattr(arms, key), year, scenario)


def _months(arms: StayArms, year: int, scenario: Scenario) -> effects.Get:
    """The same of given lengths, which stand one step deeper in the schema."""

    def at(key: str) -> float:
        one = getattr(arms, key)
        return at_year(one.months if isinstance(one, LengthOrMonths) else one, year, scenario)

    return at


def _alternatives(scenario: Scenario, role: Role, path: Path) -> Found:
    """Alternatives out of one state whose chances sum above 1; a second length of one stay."""
    for state in role.states:
        out = [(i, move) for i, move in enumerate(role.moves) if move.origin == state]
        endings = [i for i, move in out if move.after_months is not None]
        for i in endings[1:]:
            yield (
                (*path, "moves", i),
                text("the stay in {state} has a length already; there can be one", state=state),
            )
        aged = [i for i, move in out if move.since_arrival is not None]
        for i in aged[:1] if endings else ():
            yield (*path, "moves", i, "since_arrival"), text(
                "the stay in {state} ends after so many months by another move, and a length and a chance by the time since arrival cannot "
                "both hold for one state. Say the length by chances (the last row with a high one), or make a state of its own of each part of the stay",
                state=state,
            )  # fmt: skip
        for kind in ("entry", "year-start"):
            group = [(i, move) for i, move in out if move.at == kind or move.timing == kind]
            yield from _sum(scenario, group, path, state)


def _sum(scenario: Scenario, group: list[tuple[int, Move]], path: Path, state: str) -> Found:
    rates = [rate for _, move in group if (rate := rate_of(move)) and not list(_one_effect(rate[1], path, EFFECTS))]
    if len(rates) != len(group) or len(group) < 2:
        return
    weights = [_weights([move for _, move in group], arms.over_time, scenario)[1] for _, arms in rates]
    for year in years(scenario):
        each = [
            effects.chances(arms, _at(arms, year, scenario), own) for (_, arms), own in zip(rates, weights, strict=True)
        ]
        for total in map(sum, zip(*each, strict=True)):
            if total > 1 + NOTHING_SAID:
                yield (*path, "moves", group[-1][0]), text(
                    "the chances of the moves out of {state} at this moment sum to {total:.10g}, above 1",
                    state=state, total=total,
                )  # fmt: skip
                return


# Lines, targets, and what the paper says -----------------------------------------------------------------------------


def _lines(scenario: Scenario) -> Found:
    seen: dict[str, tuple[str, bool]] = {}
    for name, role in scenario.roles.items():
        for state_name, state in role.states.items():
            label, path = line_of(name, role, state_name), ("roles", name, "states", state_name)
            area = state.area or role.area or ""
            before = seen.get(label, (area, state.cashable))
            if area and before[0] and area != before[0]:
                yield (
                    path,
                    text("the line {label} has two areas: {a} and {b}", label=label, a=before[0], b=area),
                )
            if before[1] != state.cashable:
                yield (
                    path,
                    text("the line {label} is cashable for one state and not for another", label=label),
                )
            seen[label] = (before[0] or area, before[1])
    labels: dict[str, tuple[str, str]] = {}  # where each is the name of a line
    for name, role in scenario.roles.items():
        for state_name, state in role.states.items():
            step = f".states.{written_key(state_name)}.line" if state.line else ".line" if role.line else ""
            labels.setdefault(line_of(name, role, state_name), ("roles", f"roles.{written_key(name)}{step}"))
    for key in LABELLED:
        for i, line in enumerate(getattr(scenario, key)):
            if key != "person_years":
                yield from _of_families(scenario, line, (key, i, "families"))
                yield from _of_places(scenario, line, (key, i, "per_place"))
                yield from _of_present(scenario, line, (key, i, "counts"))
                yield from _paid_when(scenario, line, (key, i))
            if line.label in labels:
                other, place = labels[line.label]
                hint: str = text("; the other one is {place}", place=place) if other != key else ""
                yield (key, i, "label"), text("two lines are called {label}", label=f'"{line.label}"') + hint
            labels.setdefault(line.label, (key, f"{key}.{written_key(line.label)}.label"))
    for i, one in enumerate(scenario.person_years):
        yield from _of_state(scenario, one, ("person_years", i))


def _of_state(scenario: Scenario, line: PersonYearLine, path: Path) -> Found:
    role = scenario.roles.get(line.role)
    if role is None:
        words = text("no role is called {name}", name=f'"{line.role}"')
        yield (*path, "role"), Unnamed.of(words, line.role, scenario.roles)
    elif line.state not in role.states:
        yield (*path, "state"), _no_state(line.state, role)


def _paid_when(scenario: Scenario, line: BudgetLine, path: Path) -> Found:
    """When the amount of a line is paid: each year of the calendar says one thing of it."""
    first, last = scenario.time.first_year, scenario.time.first_year + scenario.time.years - 1
    limits = [key for key, given in (("from", line.first), ("to", line.last)) if given is not None]
    begins = "once" if line.once is not None else "from" if line.first is not None and line.first > first else None
    if line.once is not None and limits:
        yield (*path, limits[0]), text("what is paid once has one year; leave out `once`, or `from` and `to`")
    if line.once is not None and line.per_family:
        yield (*path, "once"), text(
            "`once` does not go with `per_family`: that amount is paid once for each family, when it enters; for the families of some years "
            "alone write `from` and `to`"
        )  # fmt: skip
    if isinstance(line.yearly, ByYear) and (begins or line.last is not None):
        yield (
            (*path, "yearly"),
            text("the table says itself what is paid in which year; leave out {key}", key=f"`{begins or 'to'}`"),
        )
    elif isinstance(line.yearly, tuple) and len(line.yearly) > 1 and begins:
        yield (*path, "yearly"), text(
            "the list begins in {year}, and {key} pays nothing of its first number; give one amount, or each year's, like "
            "{example}",
            year=first, key=f"`{begins}`", example=f"`yearly.{last} = 500000`",
        )  # fmt: skip
    if line.first is not None and line.last is not None and line.first > line.last:
        yield (*path, "to"), text("`to` ({last}) is before `from` ({first})", first=line.first, last=line.last)
    elif not any(paid_years(scenario, line)):
        key = "once" if line.once is not None else "from" if line.first is not None and line.first > last else "to"
        given = line.once if key == "once" else line.first if key == "from" else line.last
        yield (*path, key), text("{year} is outside the horizon, {horizon}", year=given, horizon=_horizon(scenario))
    if line.last_holds is False:
        yield (*path, "last_holds"), text(
            "a list whose last number does not hold ends in 0, or says each year's, like {example}; leave this out",
            example=f"`yearly.{first} = 500000`",
        )  # fmt: skip


def _horizon(scenario: Scenario) -> str:
    first, last = scenario.time.first_year, scenario.time.first_year + scenario.time.years - 1
    return f"{first}-{last}" if first < last else str(first)


def _levels(scenario: Scenario) -> Found:
    """Prices of other years than the file's: the index has both."""
    money = scenario.money
    for path, of in priced(scenario):
        if of.price_level is None or of.price_level == money.price_level:
            continue
        if money.price_level is None:
            yield (
                (*path, "price_level"),
                text("`price_level` under [money] is missing: the year whose prices this is to be moved to"),
            )
            continue
        missing = [str(year) for year in (of.price_level, money.price_level) if str(year) not in money.index]
        if missing:
            yield (*path, "price_level"), text(
                "[money.index] has no number for {years}, so prices of {own} cannot be moved to those of {wanted}; write it there, like "
                "{example}",
                years=", ".join(missing), own=of.price_level, wanted=money.price_level, example=f"`{missing[0]} = 100`",
            )  # fmt: skip


def _units(scenario: Scenario) -> Found:
    for name in unit.mixed(scenario):
        yield ("assumptions", name), text(
            "its numbers have no unit; where it is used as money they would count in {unit}, and it is used as something else as well. Make two "
            "assumptions of it, or write the unit with its amounts",
            unit=scenario.money.unit,
        )  # fmt: skip


def _unclear(scenario: Scenario) -> Found:
    for path, given in unit.unclear(scenario):
        yield path, text(
            "it is not known what in {given} is counted in {unit}: write the unit with the amounts that it is made of, and with those that are added",
            given=shown(given), unit=scenario.money.unit,
        )  # fmt: skip


def _of_families(scenario: Scenario, line: BudgetLine, path: Path) -> Found:
    if line.families is not None and not line.per_family:
        yield path, text("`families` goes with `per_family = true`")
    if line.counts == "all" and not line.per_family:
        yield (*path[:-1], "counts"), text("`counts` goes with `per_family = true`")
    for i, name in enumerate(line.families or ()):
        if name not in scenario.families:
            words = text("no type under `families` is called {name}", name=f'"{name}"')
            yield (*path, i), Unnamed.of(words, name, scenario.families)


def _financing(scenario: Scenario) -> Found:
    labels = [target.label for target in scenario.targets]
    for i, line in enumerate(scenario.financing):
        path: Path = ("financing", i)
        named = line.when_target
        if named is not None and named not in labels:
            yield (
                (*path, "when_target"),
                Unnamed.of(text("no target is called {label}", label=f'"{named}"'), named, labels),
            )
        elif named is not None and labels.count(named) > 1:
            yield (*path, "when_target"), text("several targets are called {label}; rename one", label=f'"{named}"')
        if line.cashable is False:
            yield (*path, "cashable"), text("`cashable` is of savings, and financing is none; leave it out")


def _payers(scenario: Scenario) -> Found:
    for i, name in enumerate(scenario.payers):
        if name in PAYERS:
            yield ("payers", i), text("{name} is always one of the payers; name the others alone", name=f'"{name}"')
        elif name in scenario.payers[:i]:
            yield ("payers", i), text("{name} stands there twice", name=f'"{name}"')
    for role_name, role in scenario.roles.items():
        for state_name, state in role.states.items():
            yield from _shares_of_payers(scenario, state, ("roles", role_name, "states", state_name))


def _shares_of_payers(scenario: Scenario, state: State, path: Path) -> Found:
    for name in state.shares:
        if name in PAYERS:
            yield (*path, "shares", name), _share_of_own(name)
        elif name not in scenario.payers:
            said = text(
                'no payer is called {name}; the file names its payers at the top: payers = ["region"]', name=f'"{name}"'
            )
            yield (*path, "shares", name), said + suggestion(name, scenario.payers)
    for year in years(scenario) if state.shares else ():
        most = max(at_year(share, year, scenario) for share in state.refusion.by_steps if share is not None)
        shares = [most, *(at_year(share, year, scenario) for share in state.shares.values())]
        total = sum(shares)
        if all(map(SHARE.hold, shares)) and total > 1 + NOTHING_SAID:
            yield (*path, "shares"), text(
                "refusion and the shares of other payers sum to {total:.10g}, and all of the price is 1: nothing is left that the municipality could pay",
                total=total,
            )  # fmt: skip
            return


def _share_of_own(name: str) -> str:
    if name == PAYERS[0]:
        return text("the municipality bears what the others leave; leave this share out")
    return text("the state's share is `refusion`; write it there")


def _of_places(scenario: Scenario, line: BudgetLine, path: Path) -> Found:
    if not line.per_place:
        return
    known = implementations(scenario).get(line.part or "")
    if line.per_family:
        yield path, text("an amount is for each family or for each place, not both")
    elif known is None or known[1].places is None:
        yield path, text("the amount is for each place, and [implementation] does not say how many `places` there are")


def _of_present(scenario: Scenario, line: BudgetLine, path: Path) -> Found:
    """Those present are paid for when they come, and a delay says that some never do."""
    known = implementations(scenario).get(line.part or "")
    if line.counts == "all" and known is not None and known[1].start_months_later is not None:
        yield (
            path,
            text(
                "those present at the start come when the programme begins, and [implementation] delays it; leave out `counts`, and give the "
                "families as ones who enter: [[families.TYPE.entering]] in the first month"
            ),
        )


def _implementation(scenario: Scenario) -> Found:
    """How programmes are carried out, and whose that is."""
    known = {part.name for part in scenario.parts}
    if scenario.parts and scenario.implementation is not None:
        each = [written(("implementations", part.name), {}) for part in scenario.parts]
        yield (
            ("implementation",),
            text("in a portfolio each programme has its own: write {places}", places=", ".join(each)),
        )
    for name in scenario.implementations.keys() - known:
        yield (
            ("implementations", name),
            text("the program writes this table, of the programmes of a portfolio; write [implementation]")
            if not known
            else text("no programme is called {name}", name=f'"{name}"') + suggestion(name, known),
        )
    for path, one in implementations(scenario).values():
        given = one.programme_years
        if given is not None and PROGRAMME_YEARS.hold(given) and abs(12 * given - round(12 * given)) > NOTHING_SAID:
            yield (
                (*path, "programme_years"),
                text("a project ends with a month, and {given:.10g} years are {months:.10g} months", given=given,
                     months=12 * given),
            )  # fmt: skip


def _targets(scenario: Scenario) -> Found:
    for i, target in enumerate(scenario.targets):
        yield from _target(target, ("targets", i))
        yield from _target_of(scenario, target, ("targets", i, "of"))
    yield from _outside(
        scenario, "targets", {i: one.year for i, one in enumerate(scenario.targets) if one.year is not None}
    )


def _target(target: Target, path: Path) -> Found:
    given = [key for key in ("amount", "total", "yearly") if getattr(target, key) is not None]
    if len(given) != 1 or (given == ["amount"]) != (target.year is not None):
        yield path, text("a target has exactly one of: year and amount; total; yearly")


def _target_of(scenario: Scenario, target: Target, path: Path) -> Found:
    """What it is of: a total, or one line, area or payer that is there."""
    kind, name = counted_of(target)
    own = lines(scenario)
    known: dict[str, tuple[Callable[[], str], list[str]]] = {
        "line": (
            lambda: text("no line is called {label}", label=f'"{name}"'),
            [line.label for line in own if line.kind != "costs"],
        ),
        "area": (
            lambda: text("no area is called {label}", label=f'"{name}"'),
            [line.area for line in own if line.area],
        ),
        "payer": (lambda: text("no payer is called {name}", name=f'"{name}"'), list(payers(scenario))),
    }
    if kind not in known or not name:
        if target.of not in TOTALS_OF_TARGETS:
            yield path, _no_target(target.of, {one: names for one, (_, names) in known.items() if names})
    elif name in [line.label for line in scenario.costs]:
        yield path, text("{label} is a cost, and a target is reached by amounts that are large enough; a target is of savings, of an area or of the provenu", label=f'"{name}"')  # fmt: skip
    elif name in [line.label for line in scenario.financing]:
        yield path, text("{label} is financing, which is no saving: nothing that the programme does reaches it", label=f'"{name}"')  # fmt: skip
    elif name not in known[kind][1]:
        missing, names = known[kind]
        yield path, Unnamed.of(missing(), name, dict.fromkeys(names))


def _no_target(given: str, known: dict[str, list[str]]) -> str:
    """known: the names of each kind that there are."""
    from simulate.scenario import danish  # a long table, which a right file does not need

    expected = ", ".join([*TOTALS_OF_TARGETS, *(f"{kind}:{OF_WHICH[kind]}" for kind in known)])
    said = text("{given} is none of: {expected}", given=shown(given), expected=expected)
    kind, colon, name = given.partition(":")
    right = danish.meant(given, danish.VALUES, TOTALS_OF_TARGETS)
    right = right or next((f"{one}:{given}" for one, names in known.items() if given in names), None)
    if colon and right is None and (meant := danish.meant(kind, OF_WHICH_IN_DANISH, known)):
        right = f"{meant}:{name}"
    return said + (text("; did you mean `{key}`?", key=right) if right else "")


TOTALS_OF_TARGETS = ("provenu", "savings", "cashable")
OF_WHICH = {"line": "LABEL", "area": "AREA", "payer": "NAME"}
OF_WHICH_IN_DANISH = {"line": ("linje", "post"), "area": ("område", "udvalg"), "payer": ("betaler", "kasse")}


def _outside(scenario: Scenario, key: str, years: dict[int, int]) -> Found:
    """Years of rows that the horizon does not have: all of them at once, at the first, since it is mostly the horizon that is another."""
    first, last = scenario.time.first_year, scenario.time.first_year + scenario.time.years - 1
    out = {i: year for i, year in years.items() if not first <= year <= last}
    if not out:
        return
    horizon = _horizon(scenario)
    if len(out) == 1:
        said = text("{year} is outside the horizon, {horizon}", year=next(iter(out.values())), horizon=horizon)
    else:
        said = text(
            "{n} rows are of years outside the horizon ({horizon}): {years}",
            n=len(out), horizon=horizon, years=", ".join(map(str, sorted(set(out.values())))),
        )  # fmt: skip
    yield (key, next(iter(out)), "year"), said


def _reported(scenario: Scenario) -> Found:
    labels = [line.label for line in [*lines(scenario), *financing(scenario)]]
    by_results = [line.label for line in scenario.financing if line.when_target is not None]
    states = state_labels(scenario)
    for i, row in enumerate(scenario.reported):
        path: Path = ("reported", i)
        kind, colon, of = row.what.partition(":")
        money = kind not in STATE_COUNTS
        if kind == "line" and colon:
            if of not in labels:
                yield (
                    (*path, "what"),
                    Unnamed.of(text("no line is called {label}", label=f'"{of}"'), of, labels),
                )
            elif of in by_results:
                yield (*path, "what"), text(
                    "{label} is paid by results, course by course: the business case's arithmetic has no figure to put beside the paper's; leave this out",
                    label=f'"{of}"',
                )  # fmt: skip
        elif kind in STATE_COUNTS and colon:
            meant = states_called(of, scenario)
            if not meant:
                yield (
                    (*path, "what"),
                    Unnamed.of(text("no state is called {name}", name=f'"{of}"'), of, states),
                )
            elif len(meant) > 1:
                several = ", ".join(f"'{kind}:{quoted(role)}.{quoted(state)}'" for role, state in meant)
                yield (*path, "what"), text("{name} can mean several states; write one of {several}", name=shown(row.what),
                                            several=several)  # fmt: skip
        elif row.what not in ("provenu", *STATED):
            known = [
                "provenu",
                *STATED,
                "line:LABEL",
                "person_years:ROLE.STATE",
                "arrivals:ROLE.STATE",
            ]
            yield (*path, "what"), _none_of(row.what, known)
        if money and isinstance(row.value, Literal):
            try:
                numbers.check_literal(row.value.raw, "money")
            except NumberProblem as problem:
                yield (*path, "value"), problem.message


def _none_of(given: str, known: Sequence[str]) -> str:
    """A word that is none of some, and which of them a Danish one stands for."""
    from simulate.scenario import danish  # a long table, which a right file does not need

    said = text("{given} is none of: {expected}", given=f'"{given}"', expected=", ".join(known))
    right = danish.meant(given, danish.VALUES, known)
    return said + (text("; did you mean `{key}`?", key=right) if right else "")


def _observed(scenario: Scenario) -> Found:
    for i, row in enumerate(scenario.observed):
        path: Path = ("observed", i)
        if not _within_horizon(row.until, scenario):
            yield (*path, "until"), text("{month} is outside the horizon", month=row.until)
        yield from _how_many(row, path)
        role = scenario.roles.get(row.role)
        if role is None:
            yield (
                (*path, "role"),
                Unnamed.of(text("no role is called {name}", name=f'"{row.role}"'), row.role, scenario.roles),
            )
            continue
        wrong = [key for key, state in (("from", row.origin), ("to", row.to)) if state and state not in role.states]
        for key in wrong:
            yield (*path, key), _no_state(str(row.origin if key == "from" else row.to), role)
        if not wrong:
            yield from _seen_move(row, role, path)


def _how_many(row: Observed, path: Path) -> Found:
    given = [key for key in ("count", "at_least") if getattr(row, key) is not None]
    if row.than is None:
        if row.at_least is not None:
            yield path, text("`at_least` is how many more than another arm; it goes with `than`")
        elif row.count is None:
            yield path, text("`count` is missing: how many were seen")
        elif row.count < 0:
            yield (*path, "count"), text("{count} is no number of persons; it must be at least 0", count=row.count)
        return
    if row.than == row.arm:
        yield (*path, "than"), text("`than` names the arm already counted; give the other one")
    if len(given) != 1:
        yield path, text("with `than` there is exactly one of: count, at_least")


def _seen_move(row: Observed, role: Role, path: Path) -> Found:
    """Arrivals are counted by where they lead, not where they come from."""
    origins = list(dict.fromkeys(move.origin for move in role.moves if move.to == row.to))
    if row.what == "in":
        if row.origin is not None:
            yield (*path, "from"), text('`from` goes with `what = "moved"`; who is in a state is counted wherever from')
        return
    if not origins:
        yield (*path, "to"), text("no move leads to {state}", state=row.to)
    elif row.origin is not None and row.origin not in origins:
        yield (
            (*path, "from"),
            text("no move leads from {origin} to {state}", origin=row.origin, state=row.to)
            + suggestion(row.origin, origins),
        )
    elif row.origin is not None and len(origins) > 1:
        yield (*path, "from"), text(
            "moves lead to {state} from {origins}, and they are counted together; leave `from` out, or make a state for each",
            state=row.to, origins=", ".join(origins),
        )  # fmt: skip
