"""Scenarios compared, in words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from simulate.analysis.precision import STUDENT
from simulate.answers.base import Estimate, Percentiles
from simulate.answers.compare import Alternative, Compare, Difference
from simulate.content import BREAK, Figure, Heading, Note, Part, Row, Sentence, Table, joined, row
from simulate.figures import in_courses, kroner, margin, margin_points, number
from simulate.locale import plural, text
from simulate.places import label_of
from simulate.reports.words import ALMOST, BANDS, bands, changes, figure, point_column
from simulate.scenario import Scenario


def lines(answer: Compare, scenario: Scenario) -> Iterator[Part]:
    """The answers of a comparison; scenario: the first."""
    apart = answer.run.engine == "expected"  # luck is in each scenario's own figures, and in no comparison
    yield from _heading(answer, scenario)
    yield from changes(answer.run.set)
    for caveat in answer.caveats:
        yield Note(caveat)
    if answer.caveats:
        yield BREAK
    yield from _answer(answer, scenario)
    yield BREAK
    yield from _tables(answer, apart, scenario.money.currency)
    yield BREAK
    yield from _same(answer, scenario)
    yield _own_error(answer, scenario)


def _heading(answer: Compare, scenario: Scenario) -> Iterator[Part]:
    last = scenario.time.first_year + scenario.time.years - 1
    years = f"{scenario.time.first_year}-{last}" if scenario.time.years > 1 else str(last)
    level = scenario.money.price_level
    prices = text(" · prices of {year}", year=level) if level else ""
    named = ", ".join(_quoted(one.name) for one in answer.scenarios)
    yield Heading(text("Compared: {names}", names=named) + f" · {years}{prices}")
    yield BREAK


def _answer(answer: Compare, scenario: Scenario) -> Iterator[Sentence]:
    if all(one.deviation.value == 0 and one.mean.value == 0 for one in answer.differences):
        yield text("They give the same provenu in every course: there is nothing to choose between.")
        return
    order = _ranked(answer)
    best, other = (answer.scenarios[i] for i in order[:2])
    gap = _between(answer, order[0], order[1])
    currency = scenario.money.currency
    told_apart = abs(gap.mean.value) > STUDENT * gap.mean.sure_error
    mean = kroner(best.provenu.mean.value, currency, best.provenu.mean.error)
    if told_apart:
        yield text(
            "Best by expected provenu: “{name}”, with {mean}. That is {gap} more than “{other}”.",
            name=best.name, mean=mean, gap=kroner(gap.mean.value, currency, gap.mean.error), other=other.name,
        )  # fmt: skip
    else:
        yield text(
            "By expected provenu “{name}” and “{other}” cannot be told apart: both give about {mean}, and what is between them is within the error "
            "of the simulation itself.",
            name=best.name, other=other.name, mean=mean,
        )  # fmt: skip
    if answer.run.engine == "expected":
        yield text("Luck is left out of what is said of choices and differences: --engine lives tells them with luck.")
    low, high = (kroner(gap.bands[p].value, currency, gap.bands[p].error) for p in (5, 95))
    most = text("“{name}” gives the most {in_courses}.", name=best.name, in_courses=in_courses(best.best.value))
    apart = (
        text("In 90 of 100 courses the difference to “{other}” lies between {low} and {high}.",
             other=other.name, low=low, high=high)
        if low != high
        else text("In at least 90 of 100 courses the difference to “{other}” is {value}.", other=other.name, value=low)
    )  # fmt: skip
    yield joined([most, apart])
    yield from _most_often(answer, best, told_apart)
    yield text(
        "What each choice costs on average, against the one that turns out best in each course: {losses}.",
        losses=joined((_loss(answer.scenarios[i], currency) for i in order), "; "),
    )
    yield from _knowledge(answer, scenario)
    if best.provenu.mean.value + STUDENT * best.provenu.mean.sure_error < 0:
        yield text("None of them is expected to break even: without any of them the provenu is 0.")


def _loss(one: Alternative, currency: str) -> Sentence:
    return joined([_quoted(one.name), kroner(one.loss.value, currency, one.loss.error)])


def _quoted(name: str) -> Sentence:
    """So that a comma in it parts nothing."""
    return text("“{name}”", name=name)


def _ranked(answer: Compare) -> list[int]:
    """The scenarios' places, the highest expected provenu first."""
    return sorted(range(len(answer.scenarios)), key=lambda i: -answer.scenarios[i].provenu.mean.value)


def _knowledge(answer: Compare, scenario: Scenario) -> Iterator[Sentence]:
    """The part of a wrong choice's cost that somebody could do something about: the expected value of perfect information."""
    each = [
        (known.value, known, one) for one in answer.scenarios if (known := one.expected_loss_without_luck) is not None
    ]
    if not each:
        return  # the caveats say so
    _, known, least = min(each, key=lambda one: one[0])
    worth = kroner(known.value, scenario.money.currency, known.error)
    if least.loss.value - known.value < ALMOST:
        yield text("To know the assumptions better before the choice is worth at most {worth}.", worth=worth)
    else:
        yield text(
            "To know the assumptions better before the choice is worth at most {worth}; the rest is luck, which nobody can know beforehand.",
            worth=worth,
        )


def _between(answer: Compare, a: int, b: int) -> Difference:
    """The difference a - b of two scenarios by their places, whichever way round the answer has it."""
    pairs = list(combinations(range(len(answer.scenarios)), 2))
    found = answer.differences[pairs.index((min(a, b), max(a, b)))]
    if a < b:
        return found
    return replace(
        found,
        a=found.b,
        b=found.a,
        mean=_less(found.mean),
        percentiles=_turned(found.percentiles),
        percentiles_without_luck=_turned(found.percentiles_without_luck),
        probability_positive=found.probability_negative,
        probability_negative=found.probability_positive,
        probability_positive_without_luck=found.probability_negative_without_luck,
        probability_negative_without_luck=found.probability_positive_without_luck,
    )


def _turned(found: Percentiles | None) -> Percentiles | None:
    return None if found is None else {100 - p: _less(one) for p, one in found.items()}


def _less(one: Estimate) -> Estimate:
    return Estimate(-one.value, one.error, one.interval and (-one.interval[1], -one.interval[0]))


def _most_often(answer: Compare, best: Alternative, told_apart: bool) -> Iterator[Sentence]:
    """Where the best by mean is not the one that is best most often, by more than the simulation's own error."""
    often = answer.scenarios[answer.best.by_probability]
    error = math.hypot(often.best.sure_error, best.best.sure_error)
    if often.best.value - best.best.value <= STUDENT * error:
        return
    said = {"name": often.name, "in_courses": in_courses(often.best.value)}
    if told_apart and len(answer.scenarios) == 2:
        yield text(
            "BUT most often best is “{name}”, {in_courses}: it wins more often, and loses by more when it loses.",
            **said,
        )
    else:
        yield text("BUT most often best is “{name}”, {in_courses}.", **said)


def _tables(answer: Compare, apart: bool, currency: str) -> Iterator[Part]:
    """apart: whether break-even has luck and the choice has none, so that they must not stand in one table."""
    heads = [point_column(from_paper=False), text("Expected"), *(f"P{p}" for p in BANDS)]
    reached, rest = [text("Breaks even")], [text("Best"), text("Expected loss")]
    provenus: list[Row] = []
    choices: list[Row] = []
    for one in answer.scenarios:
        provenu, own = one.provenu, [figure(one.break_even.probability, "share")]
        cells = [
            Figure(one.point, "kr", one.lived.error if one.lived else 0.0),
            figure(provenu.mean),
            *bands(provenu.percentiles),
        ]
        provenus.append(row(one.name, *cells, *(own if apart else [])))
        choices.append(row(one.name, *([] if apart else own), figure(one.best, "share"), figure(one.loss)))
    differences: list[Row] = []
    for a, b in combinations(_ranked(answer), 2):
        gap = _between(answer, a, b)
        named = text("{a} less {b}", a=answer.scenarios[a].name, b=answer.scenarios[b].name)
        differences.append(row(named, figure(gap.mean), *bands(gap.bands), figure(gap.positive, "share")))
    tables = (
        Table([text("Provenu"), *heads, *(reached if apart else [])], provenus, currency=currency),
        Table([text("Difference"), *heads[1:], "> 0"], differences, currency=currency),
        Table([text("Choice"), *([] if apart else reached), *rest], choices, currency=currency),
    )
    for i, table in enumerate(tables):
        if i:
            yield BREAK
        if i == 1 and apart:
            yield text("By the assumptions alone, without luck:")
        yield table
    yield text(
        "P5, P50, P95: in 5, 50, 95 of 100 courses the amount is lower. Best: the share of courses in which it gives the most. Expected loss: what "
        "it gives less than the best one, on average over the courses."
    )  # fmt: skip


def _same(answer: Compare, scenario: Scenario) -> Iterator[Sentence]:
    """What is one number in all scenarios, and what is not although it is called the same."""
    shared, differing = answer.shared, answer.differing
    together = [one for one in differing if {"held", "scale"}.issuperset(one.reasons)]
    if shared:
        yield plural(
            "Uncertain assumption that is one and the same number, course by course, wherever it stands: {names}.",
            "Uncertain assumptions that are one and the same number, course by course, wherever they stand ({n}): {names}.",
            len(shared), names=", ".join(_quoted(label_of(name, scenario)) for name in shared),
        )  # fmt: skip
    elif not together and any(one.provenu.sd.value for one in answer.scenarios):
        yield text("No uncertain assumption is the same in several of them: only luck is shared.")
    apart = [one for one in differing if one not in together]
    if apart:
        reasons = {one.name: ", ".join(_reason(key) for key in one.reasons) for one in apart}
        named = "; ".join(f"{_quoted(label_of(name, scenario))} ({reason})" for name, reason in reasons.items())
        yield text("The same name, but not the same number, and so not drawn together: {names}.", names=named)
    if together:
        named = ", ".join(_quoted(label_of(one.name, scenario)) for one in together)
        yield text("Drawn together, but held at a value or scaled in some of them: {names}.", names=named)
    if answer.run.engine == "expected":
        yield text("Luck is left out of differences and choices; the first table has it.")
    else:
        yield text("The differences hold for the same participants with the same luck in each.")


def _reason(key: str) -> str:
    return {
        "value": text("its value differs"),
        "uncertainty": text("its uncertainty differs"),
        "each_year": text("its course over the years differs"),
        "held": text("what it is held at differs"),
        "scale": text("its scale differs"),
        "correlation": text("its correlations differ"),
    }[key]


def _own_error(answer: Compare, scenario: Scenario) -> Sentence:
    said = {"draws": number(answer.run.draws), "seed": answer.run.seed}
    if not any(one.provenu.sd.value for one in answer.scenarios):
        return text("Every course gives the same; {draws} courses, seed {seed}.", **said)
    best = max(one.best.sure_error for one in answer.scenarios)
    mean = max(one.mean.sure_error for one in answer.differences)
    if mean == best == 0:
        return text("{draws} courses, seed {seed}.", **said)
    return text(
        "Error of the simulation itself (95 %): differences in expected provenu at most ± {mean}, the chance of being best ± {points} points; "
        "{draws} courses, seed {seed}.",
        mean=margin(mean, scenario.money.currency), points=margin_points(best), **said,
    )  # fmt: skip
