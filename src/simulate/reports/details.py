"""What a run tells beyond its first screens, amounts in kroner: `simulate run --details`."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.analysis.precision import STUDENT
from simulate.answers.base import either
from simulate.answers.budget import Budget
from simulate.answers.check import effects
from simulate.answers.run import BreakEven, Bridge, BusinessCase, Run
from simulate.content import BREAK, Figure, Part, Row, Sentence, Table, row, total
from simulate.figures import chance as shown
from simulate.figures import in_courses, kroner, of_100, percent, range_of_100, unit
from simulate.locale import text
from simulate.places import BADLY
from simulate.reports import risk
from simulate.reports.assumptions import over_time
from simulate.reports.words import (
    ALMOST,
    BANDS,
    bands,
    clipped,
    figure,
    however_counted,
    is_certain,
    is_of_paper,
    name_of,
    point_column,
    split,
)
from simulate.scenario import Scenario


def lines(answer: Run | BusinessCase, scenario: Scenario) -> Iterator[Part]:
    """All of it."""
    if not isinstance(answer, Run):
        yield _yearly_of_point(answer.scenario.periods, answer.budget, scenario.money.currency)
        yield from over_time(effects(scenario, {}))
        return
    yield from _answer(answer, scenario)
    yield BREAK
    yield from _together(answer, scenario) if answer.with_luck is None else _apart(answer, scenario)
    yield from over_time(effects(scenario, {}))
    yield from clipped(answer.clipped, answer.run.draws, scenario, 0.0, BADLY)


def _yearly_of_point(periods: list[str], budget: Budget, currency: str) -> Table:
    """The point estimate, year by year."""
    each = zip(periods, budget.provenu.by_year, budget.accumulated, strict=True)
    rows = [row(period, figure(saved), figure(accumulated)) for period, saved, accumulated in each]
    rows.append(total(text("Total"), figure(budget.provenu.total), None))
    return Table(["", text("Provenu"), text("Accumulated")], rows, currency=currency)


def _answer(answer: Run, scenario: Scenario) -> Iterator[Sentence]:
    currency, provenu = scenario.money.currency, answer.provenu
    if answer.break_even.counterfactuals is not None and scenario.families:
        yield from _counterfactuals(answer.break_even, answer.run.counterfactual)
    has_luck, (lowest, highest) = provenu.percentiles is not None, (provenu.bands[p] for p in (5, 95))
    yield from _bridge(answer.bridge, currency, is_of_paper(answer), is_certain(scenario))
    said = {
        "low": kroner(lowest.value, currency, lowest.error),
        "high": kroner(highest.value, currency, highest.error),
    }
    if said["low"] == said["high"]:
        yield (
            text("In at least 90 of 100 courses the provenu is {low}.", low=said["low"])
            if has_luck
            else text("Without luck, the provenu is {low} in at least 90 of 100 courses.", low=said["low"])
        )
    elif has_luck:
        yield text("In 90 of 100 courses the provenu lies between {low} and {high}.", **said)
    else:
        yield text("Without luck, the provenu lies between {low} and {high} in 90 of 100 courses.", **said)


def _together(answer: Run, scenario: Scenario) -> Iterator[Part]:
    """What stands between the answer and what is told of the run itself; all of it has luck, or none of it."""
    yield from _yearly(answer, scenario.money.currency)
    yield BREAK
    yield from risk.lines(answer, scenario)
    yield BREAK
    yield from _shares(answer)
    yield from targets(answer)
    yield from cashable(answer, scenario)
    yield from state(answer, scenario)
    yield from others(answer, scenario)
    yield from present_value(answer, scenario)


def _apart(answer: Run, scenario: Scenario) -> Iterator[Part]:
    """The same, where only the total over the horizon has luck: first all that does, and what needs none."""
    rows = _years(answer)
    yield Table(_heads(answer)[:3], [Row(one.cells[:3], one.mark) for one in rows], currency=scenario.money.currency)
    yield BREAK
    yield from risk.of_total(answer, scenario)
    yield from _shares(answer)
    yield from state(answer, scenario)
    yield from others(answer, scenario)
    yield BREAK
    yield text(
        "By the assumptions alone, without luck: what follows is how the expected provenu differs, and with luck all of it differs more; "
        "--engine lives tells it with luck."
    )
    yield from _yearly(answer, scenario.money.currency)
    yield BREAK
    yield from risk.over_time(answer, scenario)
    if risk.varies(answer):
        yield from risk.years(answer)
    yield from targets(answer)
    yield from cashable(answer, scenario)
    yield from present_value(answer, scenario)


def _counterfactuals(found: BreakEven, chosen: str) -> Iterator[Sentence]:
    each = found.counterfactuals or {}
    chances = {name: one.value for name, one in each.items()}
    if set(chances.values()) in ({0.0}, {1.0}):
        yield however_counted(chances[chosen])
        return
    low, high = (of(chances.values()) for of in (min, max))
    if not found.counterfactuals_differ and of_100(low) != of_100(high):
        yield text(
            "However life without the programme is counted, about {n} of 100 courses break even, as near as these can tell (* is used here):",
            n=of_100(chances[chosen]),
        )
    elif of_100(low) == of_100(high):
        yield text(
            "However life without the programme is counted, {n} of 100 courses break even (* is used here):",
            n=of_100(chances[chosen]),
        )
    else:
        yield text(
            "Depending on how life without the programme is counted, {range} of 100 courses break even (* is used here):",
            range=range_of_100(low, high),
        )
    for name in chances:
        mark = "*" if name == chosen else " "
        found_here = shown(chances[name], each[name].error)
        yield Sentence(f"  {mark} {found_here:>7}  {name_of(name)}", found_here.figures)


def _bridge(bridge: Bridge, currency: str, from_paper: bool, is_certain: bool) -> Iterator[Sentence]:
    """From the point estimate, which is the business case's own number where the paper has figures, to the expected provenu."""
    point, expected, error = bridge.point, bridge.expected.value, bridge.expected.sure_error
    numbers = {"expected": kroner(expected, currency, error), "point": kroner(point, currency)}
    if bridge.of_means is None:
        said = text(
            "Expected provenu: {expected}. With every assumption at its value, on average over lives: {point}.",
            **numbers,
        )
    elif from_paper:
        said = text("Expected provenu: {expected}. The business case's own number: {point}.", **numbers)
    else:
        said = text("Expected provenu: {expected}. With every assumption at its value and no luck: {point}.", **numbers)
    if is_certain and abs(expected - point) < ALMOST:
        yield said + " " + text("They are the same, since no uncertain assumption acts on it.")
        return
    yield said
    if bridge.of_means is None or bridge.of_model is None:
        return
    if numbers["expected"] == numbers["point"]:
        yield text("As far as these courses can tell, they are the same.")
        return
    yield from _parts(bridge.of_means, bridge.of_model.value, error, currency, from_paper)


def _parts(means: float, rest: float, error: float, currency: str, from_paper: bool) -> Iterator[Sentence]:
    """What the bridge is made of: `means` is exact, `rest` has the error, and is told only beyond it."""
    of_means, of_rest = abs(means) >= ALMOST, abs(rest) > max(STUDENT * error, ALMOST)
    begin = (
        text("From the business case's number to the expected one:")
        if from_paper
        else text("From the latter to the expected one:")
    )
    reasons = {
        "because": (
            text("because the assumptions' means differ from the values in the paper")
            if from_paper
            else text("because the assumptions' means differ from their values")
        ),
        "bent": text("because bad turns and equally good ones do not weigh the same"),
    }
    if of_means and of_rest:
        step = max(unit(error), 1.0)  # both parts to the same digit, so that what is printed adds up
        first, all_of_it = (round(part / step) * step for part in (means, means + rest))
        said = {
            "means": Sentence(kroner(first, currency), (means,)),
            "rest": Sentence(kroner(all_of_it - first, currency), (rest,)),
        }
        yield text("{begin} {means} {because}, and {rest} {bent}.", begin=begin, **reasons, **said)
    elif of_means:
        yield text("{begin} {means} {because}.", begin=begin, **reasons, means=kroner(means, currency)) + " " + text(
            "What comes of bad turns and equally good ones not weighing the same cannot be told from 0 with these courses."
        )  # fmt: skip
    elif of_rest:
        yield text("{begin} {rest} {bent}.", begin=begin, **reasons, rest=kroner(rest, currency, error))
    else:
        yield text("What is between them cannot be told from 0 with these courses.")


def _yearly(answer: Run, currency: str) -> Iterator[Part]:
    """The table by year; without its last column, where that is 0 in all years."""
    rows = _years(answer)
    said = text("P5, P50, P95: in 5, 50, 95 of 100 courses the amount is lower.")
    if any(one.value for one in answer.break_even.chances):
        yield Table(_heads(answer), rows, currency=currency)
        yield said + " " + text("The last column is of the accumulated provenu.")
    else:
        yield Table(_heads(answer)[:-1], [Row(one.cells[:-1], one.mark) for one in rows], currency=currency)
        yield said + " " + text("The accumulated provenu is below 0 at the end of every year in all courses.")


def _heads(answer: Run) -> list[str]:
    point = point_column(is_of_paper(answer))
    return ["", point, text("Expected"), *(f"P{p}" for p in BANDS), text("Accumulated >= 0")]


def _years(answer: Run) -> list[Row]:
    """By the assumptions alone, where luck is left out of the courses."""
    point, provenu, chance = answer.point.provenu, answer.provenu, answer.break_even
    columns = [provenu.by_year.expected, *(provenu.by_year.bands[p] for p in BANDS)]
    rows: list[Row] = []
    for i, period in enumerate(answer.scenario.periods):
        amounts = (figure(column[i]) for column in columns)
        rows.append(row(period, Figure(point.by_year[i]), *amounts, figure(chance.chances[i], "share")))
    among = bands(either(provenu.percentiles_without_luck, provenu.percentiles))
    reached = figure(either(chance.probability_without_luck, chance.probability), "share")
    return [*rows, total(text("Total"), Figure(point.total), figure(answer.bridge.expected), *among, reached)]


def _shares(answer: Run) -> Iterator[Sentence]:
    if answer.variance is None:
        return
    if answer.variance.luck is None:
        yield text("Luck is left out here; the spread is that of the assumptions alone.")
    else:
        yield split(answer.variance, answer.undrawn)
    if answer.with_luck is not None:
        yield text(
            "Luck is not drawn here: its mean, sd and skewness are exact, and a gamma distribution with these stands for it."
        )


def targets(answer: Run) -> Iterator[Sentence]:
    for target in answer.targets:
        yield text(
            "Target “{label}”: reached {in_courses}.",
            label=target.label,
            in_courses=in_courses(target.chance.value),
        )


def cashable(answer: Run, scenario: Scenario) -> Iterator[Sentence]:
    found = answer.cashable
    if abs(found.expected.value - answer.bridge.expected.value) < ALMOST:
        return
    yield text(
        "Without savings that somebody must decide to take out (not cashable): expected provenu {mean}, break-even {in_courses}.",
        mean=kroner(found.expected.value, scenario.money.currency, found.mean.error),
        in_courses=in_courses(found.chance.value),
    )  # fmt: skip


def state(answer: Run, scenario: Scenario) -> Iterator[Sentence]:
    found = answer.payers.stat
    if abs(found.expected.value) >= ALMOST:
        mean = kroner(abs(found.expected.value), scenario.money.currency, found.mean.error)
        yield (
            text("Beside it the state saves (refusion): expected {mean}.", mean=mean)
            if found.expected.value > 0
            else text("Beside it the state pays more (refusion): expected {mean}.", mean=mean)
        )


def others(answer: Run, scenario: Scenario) -> Iterator[Sentence]:
    """What payers beside municipality and state gain."""
    for name, found in answer.payers.others.items():
        mean = kroner(abs(found.expected.value), scenario.money.currency, found.mean.error)
        if abs(found.expected.value) < ALMOST:
            yield text("{payer} neither saves nor pays more.", payer=name)
        elif found.expected.value > 0:
            yield text("{payer} saves: expected {mean}.", payer=name, mean=mean)
        else:
            yield text("{payer} pays more: expected {mean}.", payer=name, mean=mean)


def present_value(answer: Run, scenario: Scenario) -> Iterator[Sentence]:
    value = answer.present_value
    if value is not None:
        yield text(
            "Discounted ({rate} a year): expected present value {mean}, at least 0 {in_courses}.",
            rate=percent(value.rate),
            mean=kroner(value.expected.value, scenario.money.currency, value.mean.error),
            in_courses=in_courses(value.chance.value),
        )
