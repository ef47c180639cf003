"""What is right in a file and reads otherwise to many: told so that it is meant."""

import math
import re
from collections.abc import Iterator
from itertools import pairwise

from simulate.distributions import PERCENTILE
from simulate.locale import spoken, text
from simulate.scenario import amounts, misplaced, said_units, unit
from simulate.scenario.amounts import written
from simulate.scenario.expressions import Name
from simulate.scenario.paths import Path
from simulate.scenario.queries import (
    STATED,
    at_year,
    counted_of,
    implementations,
    is_certain,
    is_paid_otherwise,
    is_tied,
    items,
    level,
    once_month,
    paid_years,
    planned_months,
    priced,
    rate_of,
    rates_of,
    uncertain,
    years,
)
from simulate.scenario.schema import Assumption, BudgetLine, Family, Implementation, Role, Scenario, Simulation, Target
from simulate.scenario.values import Value, shown

Found = Iterator[tuple[Path, str]]

STEPS = 'refusion = { weeks = [4, 22, 26], share = ["80 %", "40 %", "30 %", "20 %"] }'
A_YEAR = 53  # weeks, rounded up
LITTLE = 0.0005  # of what is planned: less is not worth a word
NOBODY = 0.05  # of a family: fewer are not worth a word
MOST_OF_THEM = 0.8  # within a year: a chance of a month or a quarter hardly comes to more
TIMES = {"monthly": 12, "quarterly": 4}  # a year
ROUNDED = 0.005  # of a share that is given in whole per cent
MOST_IN_A_FAMILY = 20  # of a role: more are a percentage without its sign
MOST_OF_A_FAMILY = 200_000  # kroner: more for each family is hardly meant
SAME = 1e-9  # of a share, relative
LEAST_DRAWS = 16  # one in each block of the design
FAR_BEYOND = 0.25  # of what lies between the outermost percentiles
LEAST_INDEX = 0.5  # no price level is less than half of that in the year counted from
MOST_IN_PERCENT = 15.0  # a year's rise of prices
MOST_RISE = 0.15  # from one year of an index to the next
EXAMPLE = re.compile(r"\b(eksempel|example)", re.I)
FEWEST = 100  # draws that should have a value, for its share to be known to a tenth
BOUNDED = ("gamma", "lognormal", "beta")  # kinds of numbers above 0 whose sd is written by hand


def warnings(scenario: Scenario) -> Found:
    usages = unit.usages(scenario)
    for name, one in scenario.assumptions.items():
        if one.uncertainty is not None:
            yield from _wide(("assumptions", name, "uncertainty"), one)
            yield from _counted(("assumptions", name, "uncertainty"), one)
            yield from _beyond_percentiles(("assumptions", name), one, usages.get(name) == {"share"})
            yield from _rare(("assumptions", name, "uncertainty", "weights"), one, scenario)
    for role_name, role in scenario.roles.items():
        for state_name, state in role.states.items():
            if state.refusion.both is not None:
                yield from _falling(
                    ("roles", role_name, "states", state_name, "refusion"), state.refusion.both, scenario
                )
        yield from _present(("roles", role_name), role_name, scenario)
        yield from _clock(("roles", role_name), role)
        yield from _twice(("roles", role_name), role)
        yield from _within_a_year(("roles", role_name), role, scenario)
        yield from _none_at_all(("roles", role_name), role, scenario)
    for name, family in scenario.families.items():
        lasts = family.effect_lasts_months
        if lasts is not None and 0 < at_year(lasts, 0, scenario) < 1:
            yield ("families", name, "effect_lasts_months"), text(
                "an effect of {months} months is over before it has begun; these are months, and half a year is 6",
                months=written(at_year(lasts, 0, scenario)),
            )  # fmt: skip
        yield from _members(("families", name, "members"), family)
    for key in STATED:
        for i, line in enumerate(getattr(scenario, key)):
            yield from _of_each_family((key, i, "yearly"), line, scenario)
            yield from _holds_on((key, i), line, scenario)
            yield from _beyond((key, i), line, scenario)
    for part, (path, carried) in implementations(scenario).items():
        if carried.start_months_later is not None:
            yield from _too_late(path, part, carried, scenario)
            yield from _do_not_wait(path, part, carried, scenario)
            yield from _paid_too_late(path, part, carried, scenario)
    if is_tied(scenario) and scenario.reported:
        yield ("reported",), text(
            "where a move hangs on another member of the family (`when`) the business case's own number is the mean of lives, which is near and "
            "not exact: the paper's figures are not held against it"
        )  # fmt: skip
    of_units = list(said_units.warnings(scenario))
    yield from of_units
    yield from (one for one in amounts.warnings(scenario) if one[0] not in dict(of_units))
    yield from misplaced.warnings(scenario)
    yield from _prices(scenario)
    yield from _rises(scenario)
    yield from _left_over(scenario)
    labels = set[str]()
    for i, target in enumerate(scenario.targets):
        yield from _met_already(("targets", i), target, scenario)
        if target.label in labels:
            yield ("targets", i, "label"), text("another target above is called {label}, too, and nobody can tell the two apart in an answer; rename one", label=shown(target.label))  # fmt: skip
        labels.add(target.label)


def _members(path: Path, family: Family) -> Found:
    """More of a role in each family than any has: those of a hundred families, mostly."""
    for role, number in family.members.items():
        many = max(map(amounts.bare, items(number)))
        if many > MOST_IN_A_FAMILY:
            hint: str = ""
            if many <= 100:
                hint = text("; where so many of a hundred have one, write {percent}", percent=f"{written(many)} %")
            yield (
                (*path, role),
                text("{n} of {role} in each family are counted", n=written(many), role=shown(role)) + hint,
            )


def _of_each_family(path: Path, line: BudgetLine, scenario: Scenario) -> Found:
    """An amount for each family that is that of all of them, mostly."""
    if not line.per_family:
        return
    each = amounts.each_year(line, scenario)
    if max(each) < MOST_OF_A_FAMILY:
        return
    totals = [amount * _coming(line, year, scenario) for year, amount in enumerate(each)]
    if max(totals) > max(each):
        yield path, text(
            "{amount} kr. for each family that comes are {total} kr. in {year}; if it is the amount for all of them together, leave out `per_family`",
            amount=written(max(each)), total=written(max(totals)), year=scenario.time.first_year + totals.index(max(totals)),
        )  # fmt: skip


def _coming(line: BudgetLine, year: int, scenario: Scenario) -> float:
    """Families that a line for each of them counts in a year, at the values and as planned."""
    coming = 0.0
    for name, family in scenario.families.items():
        if line.families is None or name in line.families:
            coming += at_year(family.enter, year, scenario)
            coming += at_year(family.present, 0, scenario) if line.counts == "all" and year == 0 else 0.0
            rows = [row for row in family.entering if int(row.month[:4]) == scenario.time.first_year + year]
            coming += sum(at_year(row.number, 0, scenario) for row in rows)
    return coming


def _wide(path: Path, one: Assumption) -> Found:
    given = one.uncertainty.parameters  # type: ignore[union-attr]
    if one.uncertainty.kind not in BOUNDED or "sd" not in given:  # type: ignore[union-attr]
        return
    mean, sd = float(given["mean"]), float(given["sd"])
    if sd > mean:
        yield (*path, "sd"), text(
            "the sd ({sd}) is larger than the mean ({mean}): most courses have next to nothing and a few have very much, and of "
            "these the simulation sees too few to know the mean",
            sd=written(sd), mean=written(mean),
        )  # fmt: skip


def _counted(path: Path, one: Assumption) -> Found:
    """Those counted, given as shares, or all of them where those without success belong."""
    given = one.uncertainty.parameters  # type: ignore[union-attr]
    if not {"successes", "failures"} <= given.keys():
        return
    hits, others = float(given["successes"]), float(given["failures"])
    if hits < 1 and others < 1:
        yield (*path, "successes"), text(
            "{hits} and {others} are read as so many who were counted, less than one of each, and not as shares; write how many there were, such as {n} "
            "and {rest} of 100",
            hits=written(hits), others=written(others), n=written(100 * hits), rest=written(100 * others),
        )  # fmt: skip
    elif isinstance(one.value, float | int) and others > hits > 0:
        value, of_all = float(one.value), hits / others
        off = abs(hits / (hits + others) - value)
        is_just_that = abs(of_all - value) <= SAME * value  # else it may be rounded
        if off > ROUNDED if is_just_that else abs(of_all - value) <= ROUNDED and off > 2 * ROUNDED:
            yield (*path, "failures"), text(
                "{hits} of {others} is just the value, {value}; if {others} are all who were counted, write the rest of them here, {rest}",
                hits=written(hits), others=written(others), value=_share(value), rest=written(others - hits),
            )  # fmt: skip


def _beyond_percentiles(path: Path, one: Assumption, is_share: bool) -> Found:
    """A value far beyond the percentiles that stand beside it: one of the two is of something else."""
    given = {float(key[1:]): float(number) for key, number in one.uncertainty.parameters.items() if PERCENTILE.fullmatch(key)}  # type: ignore[union-attr] # fmt: skip
    if len(given) < 2:
        return
    value = 1.0 if isinstance(one.value, tuple) else float(one.value)
    low, high = min(given), max(given)
    margin = FAR_BEYOND * (given[high] - given[low])
    shown_as = _share if is_share else written
    if low < 50 < high and value > given[high] + margin:
        said = {"value": shown_as(value), "p": f"p{high:g}", "number": shown_as(given[high])}
        yield (*path, "value"), text("the value {value} lies far above {p}, {number}: both can hardly be meant of the same number", **said)  # fmt: skip
    elif low < 50 < high and value < given[low] - margin:
        said = {"value": shown_as(value), "p": f"p{low:g}", "number": shown_as(given[low])}
        yield (*path, "value"), text("the value {value} lies far below {p}, {number}: both can hardly be meant of the same number", **said)  # fmt: skip


def _rare(path: Path, one: Assumption, scenario: Scenario) -> Found:
    """A value that so few draws have that its weight is not known by them, nor what it does to the answer."""
    if one.uncertainty.kind != "choices":  # type: ignore[union-attr]
        return
    weights = one.uncertainty.parameters["weights"]  # type: ignore[union-attr]
    total, draws = sum(weights), max(scenario.simulation.draws, Simulation().draws)
    chances = [(i, weight / total) for i, weight in enumerate(weights) if weight > 0]
    for i, chance in chances:
        if chance * draws < FEWEST:
            yield (*path, i), text(
                "of {draws} draws only about {n} have this value, so neither its part in the answer nor the error of that is known well; "
                "{enough} draws would do",
                draws=written(draws), n=written(float(f"{chance * draws:.2g}")), enough=written(round(FEWEST / chance)),
            )  # fmt: skip


def _rises(scenario: Scenario) -> Found:
    """Index numbers that are the rises of prices from year to year, by which they would be moved to a fraction, or many times."""
    index = dict(sorted((year, float(number)) for year, number in scenario.money.index.items()))
    numbers = list(index.values())
    most = max(numbers, default=1.0)
    jumps = any(not 1 <= later / before <= 1 + MOST_RISE for before, later in pairwise(numbers))
    if most >= (MOST_IN_PERCENT if jumps else LEAST_INDEX):
        return
    rises = [number if most < LEAST_INDEX else number / 100 for number in numbers]
    levels = [100 * math.prod(1 + rise for rise in rises[1 : n + 1]) for n in range(len(rises))]
    year = next(iter(index))
    yield ("money", "index", year), text(
        "{number} looks like the rise of prices in {year}, and an index is their level; write {levels} for {years}, if these are rises from the year "
        "before",
        number=_share(rises[0]), year=year, levels="; ".join(spoken(level, ".4g") for level in levels), years="; ".join(index),
    )  # fmt: skip


def _left_over(scenario: Scenario) -> Found:
    """What is still as in the template, where the rest is another case; and fewer draws than anything is known by."""
    is_other = scenario.municipality and not EXAMPLE.search(scenario.municipality)
    if is_other and EXAMPLE.search(scenario.title):
        yield ("title",), text("the title still says that this is an example; it stands in all that is printed")
    if scenario.simulation.draws < LEAST_DRAWS:
        yield ("simulation", "draws"), text(
            "at least {least} draws are made, and so few tell no percentile; left out, {usual} are made",
            least=LEAST_DRAWS, usual=written(Simulation().draws),
        )  # fmt: skip


def _falling(path: Path, refusion: Value, scenario: Scenario) -> Found:
    shares = [at_year(refusion, year, scenario) for year in years(scenario)]
    falls = next((i for i, (before, later) in enumerate(pairwise(shares)) if later < before), None)
    if falls is not None:
        year = scenario.time.first_year + falls
        yield path, text(
            "a list goes by calendar year: {first} of all of it in {year}, {second} in {next}, whenever somebody came. If the share falls "
            "with the weeks on the benefit, say so: {example}",
            first=_share(shares[falls]), second=_share(shares[falls + 1]), year=year, next=year + 1, example=STEPS,
        )  # fmt: skip


def _clock(path: Path, role: Role) -> Found:
    """What a clock of the weeks on benefit takes for granted."""
    counted = [name for name, state in role.states.items() if state.refusion.weeks is not None]
    if not counted:
        if role.weeks_on_benefit is not None:
            said = text(
                "no state of this role has a refund that goes by the weeks on benefit, so these weeks change nothing"
            )
            yield (*path, "weeks_on_benefit"), said
        for name, state in role.states.items():
            if state.self_support:
                yield (*path, "states", name, "self_support"), text("no state of this role has a refund that goes by the weeks on benefit, so there is no clock to restart")  # fmt: skip
        return
    yield from _steps(path, counted[0], role)
    if role.weeks_on_benefit is None:
        yield path, text(
            "the refund goes by the weeks on benefit, and nothing says how many they have had at the start: 0, so that the first step is refunded "
            "from the first day. Whoever has had more says `weeks_on_benefit = 60`"
        )  # fmt: skip
    if not any(state.self_support for state in role.states.values()):
        yield path, text(
            "no state of this role is `self_support = true`, so that the clock of the weeks on benefit never starts anew, however long "
            "somebody is in work"
        )  # fmt: skip


def _twice(path: Path, role: Role) -> Found:
    """A move in two rows: a copy that was forgotten, mostly, and each has its own chance."""
    seen: set[tuple[str, ...]] = set()
    for i, move in enumerate(role.moves):
        found = rate_of(move)
        if found is None or found[1].over_time is not None or move.when is not None or move.climate is not None:
            continue
        own = (move.origin, move.to, found[0], move.timing or "any-month")
        if own in seen:
            yield (*path, "moves", i), text(
                "the move from {origin} to {to} stands twice in this way, and both are counted; if it is one move, delete one of them",
                origin=shown(move.origin), to=shown(move.to),
            )  # fmt: skip
        seen.add(own)


def _within_a_year(path: Path, role: Role, scenario: Scenario) -> Found:
    """A chance a month or a quarter that most have had within a year: that of a year, mostly, in a row that says another time."""
    for i, move in enumerate(role.moves):
        key, arms = rate_of(move) or ("", None)
        if arms is None or key not in TIMES:
            continue
        chance = _mean(arms.both if arms.both is not None else arms.baseline, scenario)
        within = 1 - (1 - min(chance, 1)) ** TIMES[key]
        if within < MOST_OF_THEM:
            continue
        given = {"chance": _share(chance), "within": _share(float(f"{within:.3g}"))}
        yield (*path, "moves", i, key), (
            text("{chance} a month comes to {within} within a year; if it is the chance of a year, write `yearly`", **given)
            if key == "monthly"
            else text("{chance} a quarter comes to {within} within a year; if it is the chance of a year, write `yearly`", **given)
        )  # fmt: skip


def _none_at_all(path: Path, role: Role, scenario: Scenario) -> Found:
    """A factor of 0 on a chance, where no effect was meant."""
    for i, move in enumerate(role.moves):
        for rate in rates_of(move):
            for key in ("times", "hazard_ratio"):
                factor = getattr(rate.arms, key)
                if factor is None or not is_certain(factor, scenario):
                    continue
                if all(at_year(factor, year, scenario) == 0 for year in years(scenario)):
                    said = text("0 times the chance is none at all: with the programme nobody moves; no effect is 1")
                    yield (*path, "moves", i, *rate.path, key), said


def _steps(path: Path, name: str, role: Role) -> Found:
    """Lengths of steps that look like the weeks in which they end."""
    weeks = [float(one) for one in role.states[name].refusion.weeks or ()]
    if len(weeks) > 1 and sum(weeks) > A_YEAR and all(before < later for before, later in pairwise(weeks)):
        lengths = [later - before for before, later in pairwise([0.0, *weeks])]
        yield (*path, "states", name, "refusion", "weeks"), text(
            "these are lengths of steps, and they last {total} weeks together; where they are the weeks in which steps end, write {lengths}",
            total=written(sum(weeks)), lengths=", ".join(map(written, lengths)),
        )  # fmt: skip


def _present(path: Path, role: str, scenario: Scenario) -> Found:
    """People in a state from the first day, whose time since arrival begins then, however long they have been there."""
    families = scenario.families.values()
    if not any(at_year(one.present, 0, scenario) > 0 and role in one.members for one in families):
        return
    for i, move in enumerate(scenario.roles[role].moves):
        share = scenario.roles[role].start.get(move.origin)
        if move.since_arrival is not None and share is not None and at_year(share, 0, scenario) > 0:
            yield (*path, "moves", i, "since_arrival"), text(
                "those present from the first day begin with the first row, as if they had come into {state} on that day. If they have been "
                "there for long, let them start in a state of its own, with the chance of the last row",
                state=move.origin,
            )  # fmt: skip


def _share(share: float) -> str:
    return f"{written(100 * share)} %"


# Programmes that begin later -----------------------------------------------------------------------------------------


def _too_late(path: Path, part: str, one: Implementation, scenario: Scenario) -> Found:
    """Families that come after the horizon, or after the project has ended: they are lost."""
    later = _mean(one.start_months_later, scenario)
    horizon = 12 * scenario.time.years
    planned = planned_months(scenario, part)
    end = horizon if one.costs_wait else planned
    families = [family for family in scenario.families.values() if (family.part or "") == part]
    cohorts = [cohort for family in families for cohort in _planned(family, one, planned, scenario)]
    lost = sum(
        number * min(max((first + months + later - end) / months, 0.0), 1.0) for first, months, number in cohorts
    )
    total = sum(number for _, _, number in cohorts)
    if lost > NOBODY:
        said = (
            text("{lost} of {total} families come too late, since the project has ended by then, and are not counted", lost=_some(lost), total=_some(total))
            if end < horizon
            else text("{lost} of {total} families come too late, since the horizon has ended by then, and are not counted", lost=_some(lost), total=_some(total))
        )  # fmt: skip
        yield (*path, "start_months_later"), said


def _planned(family: Family, one: Implementation, end: int, scenario: Scenario) -> Iterator[tuple[int, int, float]]:
    """First month, months and number of those who come, at the values, were nothing late."""

    def share(month: int) -> float:
        given = [getattr(one, key) for key in ("reached", "filled")]
        return math.prod(at_year(value, month // 12, scenario) for value in given if value is not None)

    yield 0, 1, at_year(family.present, 0, scenario) * share(0)
    for year in years(scenario):
        months = min(max(end - 12 * year, 0), 12)
        if months:
            yield 12 * year, months, at_year(family.enter, year, scenario) * months / 12 * share(12 * year)
    for row in family.entering:
        year, month = (int(step) for step in row.month.split("-"))
        first = 12 * (year - scenario.time.first_year) + month - 1
        if first < end:
            yield first, 1, at_year(row.number, 0, scenario) * share(first)


def _mean(value: Value | None, scenario: Scenario) -> float:
    """What is to be expected of a number."""
    if isinstance(value, Name) and scenario.assumptions[value].uncertainty is not None:
        return max(float(uncertain(scenario.assumptions[value]).mean), 0.0)
    return 0.0 if value is None else at_year(value, 0, scenario)


def _some(families: float) -> str:
    return spoken(families, ".0f" if families >= 10 else ".2g")


def _do_not_wait(path: Path, part: str, one: Implementation, scenario: Scenario) -> Found:
    """Savings stated outright that are counted from the first day, though the programme begins later."""
    if one.costs_wait or not _mean(one.start_months_later, scenario):
        return
    for i, line in enumerate(scenario.savings):
        if (line.part or "") == part and not line.per_family and not line.per_place:
            yield ("savings", i), text(
                "the programme begins later, and this saving is counted from the first day all the same; with `costs_wait = true` all lines of the "
                "budget wait"
            )  # fmt: skip


def _paid_too_late(path: Path, part: str, one: Implementation, scenario: Scenario) -> Found:
    """What waits with the programme until the horizon has ended: it is neither paid nor saved."""
    if not one.costs_wait:
        return
    later, end = _mean(one.start_months_later, scenario), 12 * scenario.time.years
    for key in STATED:
        for i, line in enumerate(getattr(scenario, key)):
            if (line.part or "") != part or line.per_family:
                continue
            planned = list(_months(line, scenario))
            total = sum(amount for _, amount in planned)
            lost = sum(amount * min(max(month + 1 + later - end, 0.0), 1.0) for month, amount in planned)
            if abs(lost) > LITTLE * abs(total):
                yield (key, i), text(
                    "this waits with the programme, so {share} of what is planned within the horizon comes after its end and is not counted; a "
                    "longer horizon (`years` under [time]) holds it",
                    share=_share(float(f"{lost / total:.2g}")),
                )  # fmt: skip


def _months(line: BudgetLine, scenario: Scenario) -> Iterator[tuple[int, float]]:
    """Each month in which a line is planned, and how much of it: of one unit, as the price level and the places are the same in all."""
    only, end = once_month(line), planned_months(scenario, line.part)
    for year, is_paid in enumerate(paid_years(scenario, line)):
        for month in range(12):
            if is_paid and only in (None, month) and 12 * year + month < end:
                yield 12 * year + month, at_year(line.yearly, year, scenario) * at_year(line.number, year, scenario)


# Amounts that go on --------------------------------------------------------------------------------------------------


def _holds_on(path: Path, line: BudgetLine, scenario: Scenario) -> Found:
    """A list that ends before the horizon: its last number holds for the years that are left."""
    planned = planned_months(scenario, line.part)
    paid = [year for year, is_paid in enumerate(paid_years(scenario, line)) if is_paid and 12 * year < planned]
    last_year = max(paid, default=0)
    short = {key: n for key in ("number", "yearly") if 0 < (n := _entries(getattr(line, key), scenario)) <= last_year}
    if line.last_holds and not short:
        yield (
            (*path, "last_holds"),
            text("no list of this line ends before the horizon, so there is no number that holds on"),
        )
    if line.last_holds or line.once is not None or _ends(line, last_year, scenario):
        return
    amount = at_year(line.yearly, last_year, scenario) * at_year(line.number, last_year, scenario)
    for key, entries in short.items():
        first, last = scenario.time.first_year + entries, scenario.time.first_year + last_year
        said = text(
            "the list has {n} of {years} years, and its last number holds on: {amount} a year is counted in {when} as well. If it stops, write 0 "
            "at the end, or `to = {end}`; if it holds on, `last_holds = true`",
            n=entries, years=scenario.time.years, amount=written(amount), end=first - 1,
            when=str(first) if first == last else f"{first}-{last}",
        )  # fmt: skip
        once = text("; if it is paid once, `once = {year}`", year=scenario.time.first_year) if entries == 1 else ""
        yield (*path, key), said + once


def _prices(scenario: Scenario) -> Found:
    """Years of prices that move nothing."""
    every = list(priced(scenario))
    for path, of in every:
        if of.price_level is not None and of.price_level == scenario.money.price_level:
            yield (*path, "price_level"), text("these are the prices of the whole file, so nothing is moved")
    if scenario.money.index and all(of.price_level in (None, scenario.money.price_level) for _, of in every):
        yield ("money", "index"), text(
            "no amount has a `price_level` of its own, so the index moves nothing; write `price_level` beside the amounts of other years, or "
            "`indexation` for what prices do within the horizon"
        )  # fmt: skip


def _beyond(path: Path, line: BudgetLine, scenario: Scenario) -> Found:
    """Years outside the horizon, which set no limit."""
    first, last = scenario.time.first_year, scenario.time.first_year + scenario.time.years - 1
    if line.first is not None and line.first < first:
        yield (*path, "from"), text("the horizon begins in {year}, so this sets no limit", year=first)
    if line.last is not None and line.last > last:
        yield (*path, "to"), text("the horizon ends in {year}, so this sets no limit", year=last)


def _ends(line: BudgetLine, year: int, scenario: Scenario) -> bool:
    """Whether a line is certain to be 0 in a year."""
    values = [value for value in (line.yearly, line.number) if _certain(value, scenario)]
    return any(at_year(value, year, scenario) == 0 for value in values)


def _entries(value: Value, scenario: Scenario) -> int:
    """Of a list, or of an assumption that is one; else 0."""
    if isinstance(value, Name):
        value = scenario.assumptions[value].value
    return len(value) if isinstance(value, tuple) else 0


# Targets that nothing has to happen for ------------------------------------------------------------------------------


def _met_already(path: Path, target: Target, scenario: Scenario) -> Found:
    """A target of savings that those stated outright reach, whatever the programme does."""
    counted = [line for line in scenario.savings if _counts(line, target)]
    spent = [line for line in scenario.costs if counted_of(target) == ("area", line.area or "")]
    if not counted or not all(_is_known(line, scenario) for line in spent):
        return
    stated = [
        sum(_least(line, year, scenario) for line in counted) - sum(_least(line, year, scenario) for line in spent)
        for year in years(scenario)
    ]
    if target.total is not None:
        met, had = sum(stated) >= target.total > 0, sum(stated)
    elif target.yearly is not None:
        met, had = min(stated) >= target.yearly > 0, min(stated)
    else:
        had = stated[target.year - scenario.time.first_year]  # type: ignore[operator]
        met = had >= target.amount > 0
    if met:
        yield path, text(
            "the savings stated outright ([[savings]]) are {amount} and reach this target by themselves, whatever the programme does; is one of "
            "them a grant, then it is no saving of the programme, but financing ([[financing]])",
            amount=written(had),
        )  # fmt: skip


def _counts(line: BudgetLine, target: Target) -> bool:
    """Whether a saving stated outright counts for a target; costs do for one of an area alone."""
    kind, name = counted_of(target)
    counts = {"savings": True, "cashable": line.cashable, "line": line.label == name, "area": (line.area or "") == name}
    return counts.get(kind, False)


def _least(line: BudgetLine, year: int, scenario: Scenario) -> float:
    """What a line is certain to give in a year; 0 where that is not known before."""
    if not _is_known(line, scenario):
        return 0.0
    paid = paid_years(scenario, line)[year] * level(scenario, line)
    return at_year(line.yearly, year, scenario) * at_year(line.number, year, scenario) * paid


def _is_known(line: BudgetLine, scenario: Scenario) -> bool:
    """Whether a line is the same in every course, and paid as it stands in the file."""
    carried = implementations(scenario).get(line.part or "")
    moves = carried is not None and is_paid_otherwise(carried[1])
    counted = line.per_family or line.per_place or moves
    return not counted and _certain(line.yearly, scenario) and _certain(line.number, scenario)


def _certain(value: Value, scenario: Scenario) -> bool:
    return is_certain(value, scenario)
