"""Stop or go on, in words."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.analysis.precision import STUDENT
from simulate.answers.base import Estimate
from simulate.answers.stages import Rule, Stages
from simulate.content import BREAK, Figure, Part, Row, Sentence, Several, Table, joined, row
from simulate.figures import amount, chance, currency_sign, in_courses, kroner, number, unit
from simulate.locale import plural, text
from simulate.reports.words import ALMOST, BANDS, bands, changes, figure, heading_without_financing
from simulate.scenario import Scenario

SHOWN = 7  # bounds in the table


def lines(answer: Stages, scenario: Scenario) -> Iterator[Part]:
    """In words: how often the programme stops, what the rule is worth, what it gets wrong, and the best bound."""
    yield from heading_without_financing(scenario)
    yield from changes(answer.run.set)
    yield from _answer(answer, scenario.money.currency)
    yield BREAK
    heads = [text("Expected"), *(f"P{p}" for p in BANDS), text("Breaks even")]
    yield Table(["", *heads], list(_compared(answer)), currency=scenario.money.currency)
    yield BREAK
    title = text(
        "What other bounds would do, their worth in {currency}:", currency=currency_sign(scenario.money.currency)
    )
    bounds = [text("Bound"), text("Stops"), text("Worth")]
    yield Table(bounds, list(_bounds(answer)), currency=scenario.money.currency, title=title)
    yield BREAK
    yield plural(
        "Stopped: nobody enters after the review, what is stated outright is paid for {n} month more, and those helped before keep their lives.",
        "Stopped: nobody enters after the review, what is stated outright is paid for {n} months more, and those helped before keep their lives.",
        answer.notice_months,
    )
    if len(scenario.parts) > 1:
        yield text("The rule stops all {n} programmes of the portfolio at once.", n=len(scenario.parts))


def _answer(answer: Stages, currency: str) -> Iterator[Sentence]:
    stop, seen = answer.stop, answer.seen.percentiles
    often = (
        text(
            "That happens {in_courses} ({chance}).",
            in_courses=in_courses(stop.value), chance=chance(stop.value, stop.error),
        )
        if stop.value > 0
        else text("The rule never stops the programme; it changes nothing.")
    )  # fmt: skip
    rule = text(
        "Reviewed at the end of {year}, the programme is stopped if {rule}.",
        year=answer.review, rule=_in_words(answer.rule, answer.rule.bound),
    )  # fmt: skip
    yield joined([rule, often])
    low, middle, high = (number(seen[p].value) for p in BANDS)
    if low == high:
        yield text("At the review the count is {low} in at least 90 of 100 courses.", low=low)
    else:
        yield text(
            "At the review the count lies between {low} and {high} in 90 of 100 courses, {middle} in the middle.",
            low=low, high=high, middle=middle,
        )  # fmt: skip
    if stop.value > 0:
        yield _worth(answer, currency)
    if _idle(answer):
        yield text(
            "To stop changes nothing here: nobody enters after the review, and nothing that is paid or saved outright would end."
        )
        return
    yield from _mistakes(answer)
    yield from _best(answer, currency)


def _adding_up(answer: Stages) -> tuple[float, float, float]:
    """Expected provenu without the rule, with it, and what it is worth: all to the same digit, so that they add up."""
    before, after, worth = answer.without_rule.provenu.mean, answer.with_rule.provenu.mean, answer.worth
    step = max(unit(after.error), unit(worth.error), 1.0)
    without, added = (round(one / step) * step for one in (before.value, worth.value))
    return without, without + added, added


def _worth(answer: Stages, currency: str) -> Sentence:
    without, with_rule, worth = _adding_up(answer)
    own = [one.provenu.mean.value for one in (answer.without_rule, answer.with_rule)]
    said = text(
        "Expected provenu without the rule: {without}; with it: {with_rule}.",
        without=Sentence(kroner(without, currency), own[:1]), with_rule=Sentence(kroner(with_rule, currency), own[1:]),
    ) + " "  # fmt: skip
    if _is_nothing(answer.worth):
        return said + text("What the rule is worth cannot be told from 0 with these courses.")
    exactly = (answer.worth.value,)
    if worth < 0:
        return said + text("The rule costs {cost}.", cost=Sentence(kroner(-worth, currency), exactly))
    return said + text("The rule is worth {worth}.", worth=Sentence(kroner(worth, currency), exactly))


def _is_nothing(worth: Estimate) -> bool:
    """Whether it cannot be told from 0."""
    return abs(worth.value) <= max(STUDENT * worth.sure_error, ALMOST)


def _in_words(rule: Rule, bound: float) -> Sentence:
    said = {"bound": number(bound, 0 if bound == round(bound) else 1), "state": rule.state}
    n = 1 if bound == 1 else 2
    if rule.what == "moved":
        return {
            "<": plural("fewer than {bound} person has moved to {state}", "fewer than {bound} persons have moved to {state}", n, **said),
            "<=": plural("at most {bound} person has moved to {state}", "at most {bound} persons have moved to {state}", n, **said),
            ">": plural("more than {bound} person has moved to {state}", "more than {bound} persons have moved to {state}", n, **said),
            ">=": plural("at least {bound} person has moved to {state}", "at least {bound} persons have moved to {state}", n, **said),
        }[rule.sign]  # fmt: skip
    return {
        "<": plural("fewer than {bound} person is in {state}", "fewer than {bound} persons are in {state}", n, **said),
        "<=": plural("at most {bound} person is in {state}", "at most {bound} persons are in {state}", n, **said),
        ">": plural("more than {bound} person is in {state}", "more than {bound} persons are in {state}", n, **said),
        ">=": plural("at least {bound} person is in {state}", "at least {bound} persons are in {state}", n, **said),
    }[rule.sign]  # fmt: skip


def _idle(answer: Stages) -> bool:
    """Whether a programme that is stopped goes on just the same, whatever the bound."""
    stopping = [one for one in answer.bounds if one.stop.value > 0]
    return bool(stopping) and all(one.worth.value == one.worth.error == 0 for one in stopping)


def _mistakes(answer: Stages) -> Iterator[Sentence]:
    stop, wrongly = answer.stop.value, answer.stopped_would_have_paid
    kept = in_courses(answer.kept_does_not_pay.value)
    if stop == 0:
        return
    if wrongly.value == 0:
        yield text(
            "In none of these courses it stops a programme that would have broken even; it lets one go on that does not {kept}.",
            kept=kept,
        )
        return
    yield text(
        "It stops a programme that would have broken even {in_courses} ({share} of those it stops), and lets one go on that does not {kept}.",
        in_courses=in_courses(wrongly.value), kept=kept,
        share=Sentence(chance(wrongly.value / stop, (wrongly.error or 0.0) / stop), (wrongly.value, stop)),
    )  # fmt: skip


def _best(answer: Stages, currency: str) -> Iterator[Sentence]:
    best, stop = answer.best, answer.best.stop.value
    if best.worth.value <= 0:
        yield text("No bound makes it worth while to stop: going on is better on average, whatever is seen.")
        return
    if _is_nothing(best.worth):
        yield text("Not even what the best bound is worth can be told from 0 with these courses.")
        return
    yield text(
        "The best bound: stop if {rule}. That is worth {worth} on average, and the programme is stopped {in_courses}.",
        rule=_in_words(answer.rule, best.bound),
        worth=kroner(best.worth.value, currency, best.worth.error), in_courses=in_courses(stop),
    )  # fmt: skip
    if stop == 1:
        yield text("On average it pays to stop after the review, whatever is seen.")
    elif stop > 0.95:
        yield text("That is nearly always: on average it pays to stop after the review, whatever is seen.")


def _compared(answer: Stages) -> Iterator[Row]:
    without, with_rule, _ = _adding_up(answer)
    views = (
        (text("Without the rule"), answer.without_rule, without),
        (text("With the rule"), answer.with_rule, with_rule),
    )
    for name, one, mean in views:
        exactly = one.provenu.mean.value
        expected = Several(Sentence(amount(mean), (exactly,)), (Figure(exactly),), (text("Expected"),))
        yield row(name, expected, *bands(one.provenu.percentiles), figure(one.break_even.probability, "share"))


def _bounds(answer: Stages) -> Iterator[Row]:
    """Some bounds, evenly spread, with the asked one and the best."""
    every = answer.bounds
    step = max(1, (len(every) - 1) // (SHOWN - 1))
    marked = {answer.rule.bound, answer.best.bound}
    for i, one in enumerate(every):
        if i % step == 0 or one.bound in marked:
            said = answer.rule.sign + " " + number(one.bound)
            bound = Several(said, (Figure(one.bound, "count"),), (f"{text('Bound')} {answer.rule.sign}",))
            yield row(bound, figure(one.stop, "share"), figure(one.worth))
