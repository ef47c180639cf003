"""Amounts that are right in a file and hardly meant: of another sign, in another unit, or beyond what they are used as."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeGuard

from simulate.content import Sentence
from simulate.locale import spoken, text
from simulate.scenario import numbers
from simulate.scenario.expressions import Expression, Name
from simulate.scenario.paths import Path
from simulate.scenario.queries import STATED, at_year, counted_of, is_certain, items, plainly_named, uses, years
from simulate.scenario.schema import Assumption, BudgetLine, Scenario, State, Target
from simulate.scenario.values import ByYear, Limits, Literal, Number, Text, Value

Found = Iterator[tuple[Path, str]]

SMALL = 10_000  # kroner a year: a line of a budget in thousands hardly comes to less
SLIP = 1_000  # kroner a year: less of a line is hardly meant where all others have SMALL or more
LEAST_A_MONTH = 100  # kroner: less of a state is hardly meant
MOST_A_LINE = 2e8  # kroner a year: hardly any line of one programme
MOST_A_PERSON = 2e7  # kroner a year: the dearest placement costs less
MOST_A_MONTH = 250_000  # kroner: more of a state is a year's, mostly
MANY = 10  # pieces: fewer are no slip for a share, or for the number of an account
BEYOND = 10  # times all other lines of a table: more of one line is hardly meant
_MONEY = re.compile(r"\bt?kr\b|\bdkk\b|kroner", re.I)
PRICES = (("monthly", 12), ("yearly", 1))  # of a state, and how often a year


def warnings(scenario: Scenario) -> Found:
    yield from _units(scenario)
    yield from _multiplied(scenario)
    yield from _signs(scenario)
    yield from _small_prices(scenario)
    yield from _large_prices(scenario)
    yield from _many_pieces(scenario)
    for i, target in enumerate(scenario.targets):
        yield from _small_target(("targets", i), target, scenario)
    yield from _ranges(scenario)


def written(number: float) -> str:
    """A number as its reader writes it, to the unit where it is large."""
    return spoken(number, ",.0f" if abs(number) >= 1000 else ".4g")


# Units ---------------------------------------------------------------------------------------------------------------


def _units(scenario: Scenario) -> Found:
    """Small amounts of the budget without a unit, where others of it are in thousands and the file does not say what they are in."""
    if scenario.money.unit is not None:
        return
    rows = [((key, i, "yearly"), line) for key in STATED for i, line in enumerate(getattr(scenario, key))]
    said = next((item.raw for _, line in rows for item in items(line.yearly) if _is_in_thousands(item)), None)
    if said is None:
        for key in STATED:
            yield from _slips(key, scenario)
        return
    for path, line in rows:
        small = next((found for found in _without_unit(path, line.yearly, scenario) if abs(found[1]) < SMALL), None)
        if small is not None and not line.per_family:
            yield small[0], text(
                "{amount} has no unit and is counted as {amount} kr. a year, while another line of the budget is in thousands ({other}); write "
                "kr. after it if that is meant",
                amount=written(small[1]), other=said,
            )  # fmt: skip


def _slips(key: str, scenario: Scenario) -> Found:
    """Lines of a few hundred kroner a year in a table where every other has many thousands: written in thousands, mostly."""
    rows: list[tuple[int, BudgetLine]] = [
        (i, line) for i, line in enumerate(getattr(scenario, key)) if not (line.per_family or line.per_place)
    ]
    most = {i: max(map(abs, each_year(line, scenario))) for i, line in rows}
    small = {
        i: next(_without_unit((key, i, "yearly"), line.yearly, scenario), None)
        for i, line in rows
        if 0 < most[i] < SLIP
    }
    small = {i: found for i, found in small.items() if found is not None}
    others = [amount for i, amount in most.items() if amount and i not in small]
    if not others or not all(amount >= SMALL for amount in others):
        return
    for path, amount in filter(None, small.values()):
        yield path, text(
            "{amount} has no unit and is counted as {amount} kr. a year, while every other line here comes to {least} kr. or more; write kr. after it "
            "if that is meant",
            amount=written(amount), least=written(min(others)),
        )  # fmt: skip


def each_year(line: BudgetLine, scenario: Scenario) -> list[float]:
    """DKK by year of the horizon, at the values of the assumptions, whether they are paid then or not."""
    return [at_year(line.yearly, year, scenario) * at_year(line.number, year, scenario) for year in years(scenario)]


def _small_prices(scenario: Scenario) -> Found:
    """A price of some kroner a month, which hardly any state has: what it is in was forgotten, mostly."""
    if scenario.money.unit is not None:
        return
    for path, value, times in _state_prices(scenario):
        found = next(_without_unit(path, value, scenario, whatever_unit=True), None)
        if not 0 < at_year(value, 0, scenario) * times / 12 < LEAST_A_MONTH or found is None:
            continue
        place, amount = found
        given = written(amount)
        yield place, (
            text("{amount} has no unit and is counted as {amount} kr. a month for each person, which is little; write kr. after it if that is meant", amount=given)
            if times > 1
            else text("{amount} has no unit and is counted as {amount} kr. a year for each person, which is little; write kr. after it if that is meant", amount=given)
        )  # fmt: skip


def _large_prices(scenario: Scenario) -> Found:
    """A price of a month that is that of a year, mostly. In a file that counts in thousands another warning says so."""
    for path, value, times in _state_prices(scenario):
        amounts = [at_year(value, year, scenario) for year in years(scenario)]
        high = next((amount for amount in amounts if amount > (MOST_A_MONTH if times > 1 else MOST_A_PERSON)), None)
        if high is None or any(_in_unit(path, value, scenario)):
            continue
        yield path, (
            text("{amount} kr. a month for each person is {year} kr. a year, more than any placement costs; if it is the price of a year, write it as `yearly`", amount=written(high), year=written(12 * high))
            if times > 1
            else text("{amount} kr. a year for each person is more than any placement costs; is it the price of all of them?", amount=written(high))
        )  # fmt: skip


def _many_pieces(scenario: Scenario) -> Found:
    """A number of pieces that makes one line of many times all others: a percentage without its sign, or the number of an account."""
    for key in STATED:
        every: list[tuple[int, BudgetLine]] = list(enumerate(getattr(scenario, key)))
        rows = [(i, line) for i, line in every if not (line.per_family or line.per_place)]
        most = {i: max(map(abs, each_year(line, scenario))) for i, line in rows}
        total = sum(most.values())
        for i, line in rows:
            own, others = most[i], total - most[i]
            number = max(at_year(line.number, year, scenario) for year in years(scenario))
            if number >= MANY and others and own > BEYOND * others and not isinstance(line.number, Name | Expression):
                hint = (
                    text("; if a percentage is meant, write its sign: {share}", share=f"{written(number)} %")
                    if number <= 100
                    else text("; a number of something else, such as an account, belongs under `note`")
                )
                yield (key, i, "number"), text(
                    "{number} pieces at {each} kr. are {amount} kr. a year, many times all other lines here together",
                    number=written(number), each=written(own / number), amount=written(own),
                ) + hint  # fmt: skip


def _small_target(path: Path, target: Target, scenario: Scenario) -> Found:
    """A target of some kroner, or of less than none."""
    for key in ("amount", "total", "yearly"):
        given = getattr(target, key)
        if given is None:
            continue
        if 0 < bare(given) < SMALL and scenario.money.unit is None and _is_of_thousands(scenario):
            yield (*path, key), text(
                "{amount} has no unit and is counted as {amount} kr., which is next to nothing beside the amounts here; write {thousands} or "
                "{millions} where that is meant, and {kroner} where it is not",
                amount=written(bare(given)), kroner=f'"{written(bare(given))} kr."', thousands=f'"{written(bare(given))} t.kr."',
                millions=f'"{written(bare(given))} mio. kr."',
            )  # fmt: skip
        elif given < 0 and counted_of(target)[0] in ("savings", "cashable", "line"):
            yield (
                (*path, key),
                text(
                    "the target is below 0, so that savings of nothing reach it, too; targets are written without a minus"
                ),
            )


def _is_of_thousands(scenario: Scenario) -> bool:
    """Whether any amount of the file is in many thousands a year."""
    lines = (max(map(abs, each_year(line, scenario))) for key in STATED for line in getattr(scenario, key))
    prices = (times * at_year(value, 0, scenario) for _, value, times in _state_prices(scenario))
    return any(amount >= SMALL for amount in (*lines, *prices))


def _multiplied(scenario: Scenario) -> Found:
    """Amounts in kroner of a file that counts in thousands or millions: each is far beyond what a person, or a line, costs."""
    for path, value, most in _amounts(scenario):
        place, high = next((one for one in _in_unit(path, value, scenario) if abs(one[1]) > most), (path, None))
        if high is not None:
            yield place, text(
                "{raw} has no unit, so it is in {unit}: {amount} kr.; write kr. after it if it is in kroner",
                raw=high.raw, unit=scenario.money.unit, amount=written(high),
            )  # fmt: skip


def _amounts(scenario: Scenario) -> Iterator[tuple[Path, Value, float]]:
    """(path, amounts, more than which each of them hardly is) of the lines of the budget and of what a person costs."""
    for key in STATED:
        for i, line in enumerate(getattr(scenario, key)):
            yield (key, i, "yearly"), line.yearly, MOST_A_LINE
    for path, value, times in _state_prices(scenario):
        yield path, value, MOST_A_PERSON / times


def _state_prices(scenario: Scenario) -> Iterator[tuple[Path, Value, int]]:
    """(path, price, how often a year) of each state that has one."""
    for role_name, role in scenario.roles.items():
        for name, state in role.states.items():
            for key, times in PRICES:
                value = _price(state, key)
                if value is not None:
                    yield ("roles", role_name, "states", name, key), value, times


def _price(state: State, key: str) -> Value | None:
    found: Value | None = getattr(state, key)
    return found


def _in_unit(path: Path, value: Value, scenario: Scenario) -> Iterator[tuple[Path, Literal | Text]]:
    """Amounts that were multiplied by the file's unit, and where they stand: also those of an assumption that is named."""
    for item in items(value):
        if isinstance(item, Name) and item in scenario.assumptions:
            own = items(scenario.assumptions[item].value)
            yield from ((("assumptions", str(item), "value"), one) for one in own if _is_in_unit(one))
        elif _is_in_unit(item):
            yield path, item


def _is_in_unit(item: Number) -> TypeGuard[Literal | Text]:
    """Whether the file's unit is what a number without one was multiplied by."""
    return isinstance(item, Literal | Text) and item.unit > 1


def _is_in_thousands(item: Number) -> TypeGuard[Text]:
    return isinstance(item, Text) and numbers.in_thousands(item.raw)


def _without_unit(
    path: Path, value: Value, scenario: Scenario, whatever_unit: bool = False
) -> Iterator[tuple[Path, float]]:
    """Amounts other than 0 that are written without a unit, and where: also those of an assumption that stands there and whose unit says no kroner.

    whatever_unit: also of one whose unit says kroner, which nothing is multiplied by, where the number alone tells that it is none of these.
    """
    for item in items(value):
        if isinstance(item, Name) and item in scenario.assumptions:
            one = scenario.assumptions[item]
            if one.formula is None and (whatever_unit or not _MONEY.search(one.unit or "")):
                given = (("assumptions", str(item), "value"), items(one.written.value))
                yield from ((given[0], amount) for amount in map(bare, given[1]) if amount)
        elif amount := bare(item):
            yield path, amount


def bare(item: Number) -> float:
    """An amount that is written without a unit; 0 where it is none."""
    if isinstance(item, Name | Expression) or (isinstance(item, Text) and not numbers.is_bare(item.raw)):
        return 0.0
    return item


# Signs ---------------------------------------------------------------------------------------------------------------


def _signs(scenario: Scenario) -> Found:
    """Amounts that are written with the minus that they have in a table of results."""
    costs = [(line, items(line.yearly)) for line in scenario.costs]
    all_below = bool(costs) and all(
        is_certain(line.yearly, scenario) and max(map(_at, each)) <= 0 > min(map(_at, each)) for line, each in costs
    )
    if all_below:
        yield ("costs", 0, "yearly"), text("every cost is below 0, and a cost below 0 is money saved; costs are written without a minus")  # fmt: skip
    for key in STATED if not all_below else [one for one in STATED if one != "costs"]:
        rows = [each_year(line, scenario) for line in getattr(scenario, key)]
        for i, line in enumerate(getattr(scenario, key)):
            if [-amount for amount in rows[i]] not in rows:  # moved from one line to another is meant
                yield from _below((key, i, "yearly"), line.yearly, _WITHOUT_MINUS[key], scenario)
    for path, value, _ in _state_prices(scenario):
        _, role, _, state, _ = path
        if (
            state in scenario.roles[str(role)].start
        ):  # what is earned in one that people are helped to, such as taxes, is meant
            yield from _below(path, value, _WITHOUT_MINUS["prices"], scenario)


def signs_told() -> set[str]:
    """The warnings of a single amount below 0, in the user's language."""
    return {str(said()) for said in _WITHOUT_MINUS.values()}


_WITHOUT_MINUS: Mapping[str, Callable[[], Sentence]] = {
    "costs": lambda: text("the amount is below 0, so this cost counts as income; costs are written without a minus"),
    "savings": lambda: text("the amount is below 0, so this saving counts as a cost; savings are written without a minus"),
    "financing": lambda: text("the amount is below 0, so this counts as paid to others; what others pay is written without a minus"),
    "prices": lambda: text("the price is below 0, so time in this state counts as income; prices are written without a minus"),
}  # fmt: skip


def _below(path: Path, value: Value, said: Callable[[], Sentence], scenario: Scenario) -> Found:
    """At the first amount of a list that is below 0."""
    below = next((i for i in years(scenario) if at_year(value, i, scenario) < 0), None)
    if below is None:
        return
    if isinstance(value, ByYear):
        path = (*path, str(scenario.time.first_year + below))
    elif isinstance(value, tuple):
        path = (*path, min(below, len(value) - 1))
    yield path, said()


def _at(item: Number) -> float:
    """An amount that stands there itself; of a name or calculation its sign is not asked."""
    return math.nan if isinstance(item, Name | Expression) else float(item)


# Ranges --------------------------------------------------------------------------------------------------------------


def _ranges(scenario: Scenario) -> Found:
    """A range that goes beyond what its number can be where it is used: what is drawn there is cut back to the limit."""
    told: set[Path] = set()
    for use in uses(scenario):
        for name in plainly_named(use.value):
            for key, message in _beyond(scenario.assumptions.get(name), use.rule.clips):
                path: Path = ("assumptions", str(name), "uncertainty", key)
                if path not in told:
                    told.add(path)
                    yield path, message


def _beyond(one: Assumption | None, limits: Limits) -> Iterator[tuple[str, str]]:
    """The ends of an assumption's range that lie beyond limits, and what to say of each."""
    if one is None or one.written.uncertainty is None or one.held is not None:
        return
    given = one.written.uncertainty.parameters
    factors = (
        [float(item) * (one.scale or 1) for item in one.value] if isinstance(one.value, tuple) else [one.scale or 1]
    )
    if "low" in given and one.minimum is None:
        low = min(float(given["low"]) * factor for factor in factors)
        if low < limits.low:
            yield "low", text(
                "the range goes down to {end}, and where it is used the number can be no less than {limit}: draws below that count as {limit}",
                end=written(float(given["low"])), limit=written(limits.low),
            )  # fmt: skip
    if "high" in given and one.maximum is None:
        high = max(float(given["high"]) * factor for factor in factors)
        if high > limits.high:
            yield "high", text(
                "the range goes up to {end}, and where it is used the number can be no more than {limit}: draws above that count as {limit}",
                end=written(float(given["high"])), limit=written(limits.high),
            )  # fmt: skip
