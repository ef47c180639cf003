"""Lines of the budget whose label says that they are something else than what they are counted as."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from simulate import labels
from simulate.locale import text
from simulate.scenario.amounts import each_year, written
from simulate.scenario.paths import Path
from simulate.scenario.queries import STATED, at_year, paid_years, years
from simulate.scenario.schema import BudgetLine, Scenario
from simulate.scenario.values import Value, shown

Found = Iterator[tuple[Path, str]]

NEAR = 1e-9  # of a sum, relative
MOST_ABOVE = 200  # lines that a sum is held against


class Amounts(NamedTuple):
    """A line's by year: as they stand, times their number, and those of them that are paid."""

    stated: list[float]
    times: list[float]
    paid: list[float]


def problems(scenario: Scenario) -> Found:
    """Totals of the lines above them, which would be counted twice."""
    for key in STATED:
        for i, line in _totals(key, scenario):
            yield (key, i), text(
                "{label} is what the lines above come to, and a total is no line of the budget; delete it",
                label=shown(line.label),
            )  # fmt: skip


def warnings(scenario: Scenario) -> Found:
    for key in STATED:
        for i, line in _sums(key, scenario):
            yield (key, i), text(
                "{label} is counted as a line of its own, beside those above; if it is their total, delete it",
                label=shown(line.label),
            )  # fmt: skip
        for i, line in enumerate(getattr(scenario, key)):
            if labels.OF_WHICH.search(line.label):
                yield (key, i), text(
                    "{label} says that it is a part of the line above, and is counted beside it; delete it, or take it out of the other",
                    label=shown(line.label),
                )  # fmt: skip
    for key in ("costs", "savings"):
        for i, line in enumerate(getattr(scenario, key)):
            yield from _paid_each_year((key, i), line, scenario)
    for i, line in enumerate(scenario.savings):
        yield from _no_saving(("savings", i), line)
    for i, line in enumerate(scenario.financing):
        if labels.OWN_PART.search(line.label):
            yield ("financing", i), text(
                "{label} is counted as paid by others, and its name says that it is the municipality's own money; if so, delete it: what the "
                "municipality pays stands among the costs",
                label=shown(line.label),
            )  # fmt: skip
    for i, line in enumerate(scenario.costs):
        begins = labels.SAVED.match(labels.plain(line.label))
        if begins and not labels.FINANCING.search(line.label) and max(_amounts(line, scenario).times) > 0:
            yield ("costs", i), text(
                "{label} is counted as a cost, and its name says that it is saved; if so, it belongs in [[savings]]",
                label=shown(line.label),
            )  # fmt: skip


def _no_saving(path: Path, line: BudgetLine) -> Found:
    if labels.FINANCING.search(line.label):
        yield path, text(
            "{label} is counted as a saving of the programme; if others pay it, it belongs in [[financing]], which is in no saving",
            label=shown(line.label),
        )  # fmt: skip
    elif labels.MORE_COST.search(line.label) and not labels.SAVING.search(line.label):
        yield path, text(
            "{label} is counted as a saving, and its name says that it costs; if so, it belongs in [[costs]]",
            label=shown(line.label),
        )  # fmt: skip


def _paid_each_year(path: Path, line: BudgetLine, scenario: Scenario) -> Found:
    """What is called a payment of once and is one of every year: one number alone, for each year."""
    each = [amount for amount in _amounts(line, scenario).paid if amount]
    lists = any(_is_list(value, scenario) for value in (line.yearly, line.number))
    if labels.ONE_OFF.search(line.label) and not line.per_family and not lists and len(each) > 1:
        yield path, text(
            "{label} is paid in each of {n} years, {amount} kr. a year; if it is paid once, `once = {year}`",
            label=shown(line.label), n=len(each), amount=written(each[0]), year=scenario.time.first_year,
        )  # fmt: skip


def _is_list(value: Value, scenario: Scenario) -> bool:
    return isinstance(value, tuple) or (
        isinstance(value, str)
        and value in scenario.assumptions
        and isinstance(scenario.assumptions[value].value, tuple)
    )


# Totals --------------------------------------------------------------------------------------------------------------


def _sums(key: str, scenario: Scenario) -> list[tuple[int, BudgetLine]]:
    """Lines after the first that are called a sum."""
    return [(i, line) for i, line in enumerate(getattr(scenario, key)) if i and labels.is_sum(line.label)]


def _totals(key: str, scenario: Scenario) -> Iterator[tuple[int, BudgetLine]]:
    """Sums that are what the lines above come to, or some right above, or what is left of them when the costs are paid."""
    sums = _sums(key, scenario)
    if not sums:
        return
    called = {i for i, _ in sums}
    rows = [_amounts(line, scenario) for line in getattr(scenario, key)]
    costs = [_amounts(line, scenario) for line in scenario.costs if not labels.is_sum(line.label)]
    for i, line in sums:
        own = [way for way in (rows[i].stated, rows[i].paid) if any(way)]
        above = range(i)
        for amounts in zip(*rows[max(i - MOST_ABOVE, 0) : i], strict=True) if own else ():  # each way of counting
            plain = [one for j, one in zip(above[-MOST_ABOVE:], amounts, strict=True) if j not in called]
            found = [*_runs(amounts), _sum(plain)] if plain else list(_runs(amounts))
            if any(_is_same(way, one) for way in own for one in found):
                yield i, line
                break
        else:
            if key == "savings" and own and costs:
                gains = [row for j, row in enumerate(rows[:i]) if j not in called]
                left = (_less(way, gains, costs) for way in range(len(Amounts._fields)))
                if any(_is_same(way, one) for one in left for way in own):
                    yield i, line


def _runs(rows: Sequence[list[float]]) -> Iterator[list[float]]:
    """The sums of two lines or more up to the last, and of all."""
    total = rows[-1]
    if len(rows) == 1:
        yield total
    for row in reversed(rows[:-1]):
        total = [one + other for one, other in zip(total, row, strict=True)]
        yield total


def _less(way: int, gains: Sequence[Amounts], costs: Sequence[Amounts]) -> list[float]:
    return _sum([*(one[way] for one in gains), *([-amount for amount in one[way]] for one in costs)])


def _sum(rows: Sequence[Sequence[float]]) -> list[float]:
    return [sum(amounts) for amounts in zip(*rows, strict=True)]


def _is_same(own: Sequence[float], total: Sequence[float]) -> bool:
    return all(abs(one - other) <= NEAR * abs(one) for one, other in zip(own, total, strict=True))


def _amounts(line: BudgetLine, scenario: Scenario) -> Amounts:
    stated = [at_year(line.yearly, year, scenario) for year in years(scenario)]
    times = each_year(line, scenario)
    paid = [amount if is_paid else 0.0 for amount, is_paid in zip(times, paid_years(scenario, line), strict=True)]
    return Amounts(stated, times, paid)
