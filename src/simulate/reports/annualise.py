"""What a quarter times four tells, in words."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.annualise import Annualise
from simulate.answers.base import Percentiles
from simulate.content import BREAK, Cell, Figure, Part, Row, Sentence, Several, Table, row
from simulate.figures import (
    cell,
    chance,
    currency_sign,
    in_courses,
    kroner,
    margin,
    margin_points,
    number,
    percent,
)
from simulate.locale import text
from simulate.places import BADLY
from simulate.reports.threshold import per_hundred
from simulate.reports.words import ALMOST, BANDS, bands, changes, clipped, figure, heading_without_financing
from simulate.scenario import Scenario

SELDOM = 0.005  # a chance below it is not worth a sentence
LITTLE = 0.1  # of what the year saves: about right


def lines(answer: Annualise, scenario: Scenario) -> Iterator[Part]:
    """In words: what the quarter seems to promise, what comes, how often they do not even agree on the sign, and whom it would do for."""
    yield from heading_without_financing(scenario)
    yield from changes(answer.run.set)
    yield from clipped(answer.clipped, answer.run.draws, scenario, BADLY)
    yield from _answer(answer, scenario.money.currency)
    yield BREAK
    heads = ["", text("Expected"), *(f"P{p}" for p in BANDS)]
    yield Table(heads, list(_compared(answer)), currency=scenario.money.currency)
    yield text("P5, P50, P95: in 5, 50, 95 of 100 courses the amount is lower.")
    yield BREAK
    yield from _mistakes(answer)
    yield text(
        "Who knows the quarter's figure knows {share} of what the four quarters after it vary by (their variance).",
        share=chance(answer.explained.value, answer.explained.error),
    )
    yield from _bias(answer, scenario.money.currency)
    yield from _smallest(answer)
    if answer.groups:
        yield BREAK
        title = text(
            "The same programme with groups of other sizes (persons of whom the quarter is told), amounts in {currency}:",
            currency=currency_sign(scenario.money.currency),
        )
        heads = [text("Persons"), text("Times four"), "P5", "P95", text("Year after"), "P5", "P95"]
        heads += [text("Opposite"), text("Near")]
        yield Table(heads, list(_groups(answer)), currency=scenario.money.currency, title=title)
        yield text(
            "Opposite: one shows a saving and the other a loss. Near: the quarter times four lies within {share} of what the four quarters after it are expected to save.",
            share=percent(answer.tolerance.share, 0),
        )
    yield BREAK
    if scenario.costs or scenario.savings:
        yield text(
            "Counted is what people's lives cost. The programme's own costs, and posts saved, are in neither figure."
        )
    if scenario.person_years:
        yield text("Amounts for each person-year ([[person_years]]) are in neither figure.")
    yield _own_error(answer, scenario.money.currency)


def _quarter(answer: Annualise) -> Sentence:
    year, n = answer.quarter.split("Q")
    return text("quarter {n} of {year}", n=n, year=year)


def _answer(answer: Annualise, currency: str) -> Iterator[Sentence]:
    seen, comes = answer.annualised.mean, answer.following_year.mean
    said = {
        "quarter": _quarter(answer),
        "persons": number(answer.persons),
        "seen": kroner(seen.value, currency, seen.error),
        "comes": kroner(comes.value, currency, comes.error),
    }
    if answer.measure == "additional":
        yield text(
            "What {persons} persons cost less a quarter at the end of {quarter} than at its beginning, beyond what they would have cost less without the programme, "
            "times four: {seen} is to be expected. The four quarters after it save {comes}.",
            **said,
        )
        return
    yield text(
        "What {persons} persons cost less a quarter at the end of {quarter} than at its beginning, times four: {seen} is to be expected. "
        "The four quarters after it save {comes}.",
        **said,
    )
    yield text(
        "All moves of the quarter are counted, also those that would have come without the programme: without it the figure would have been {ordinary}.",
        ordinary=kroner(answer.ordinary.value, currency, answer.ordinary.error),
    )


def _compared(answer: Annualise) -> Iterator[Row]:
    compared = (
        (text("The quarter times four"), answer.annualised),
        (text("Saved in the four quarters after it"), answer.following_year),
        (text("The quarter times four is off by"), answer.deviation),
    )
    for label, one in compared:
        yield row(label, figure(one.mean), *bands(one.percentiles))


def _mistakes(answer: Annualise) -> Iterator[Sentence]:
    if answer.wrong_sign.value == 0:
        yield text("The sign is not wrong in any course.")
    else:
        yield text(
            "The sign is wrong {in_courses}: the quarter shows a saving where the four quarters after it bring a loss, or a loss where they save.",
            in_courses=in_courses(answer.wrong_sign.value),
        )
    if answer.no_change.value >= SELDOM:
        yield text("The quarter shows nothing at all {in_courses}.", in_courses=in_courses(answer.no_change.value))


def _bias(answer: Annualise, currency: str) -> Iterator[Sentence]:
    bias, error, among = answer.bias.mean.value, answer.bias.mean.error, answer.bias.percentiles
    low, high = (kroner(among[p].value, currency, among[p].error) for p in (5, 95))
    said = {"bias": kroner(abs(bias), currency, error), "low": low, "high": high}
    if abs(bias) <= max(2 * (error or 0.0), LITTLE * abs(answer.following_year.mean.value), ALMOST):
        yield text("Without luck the quarter times four is about right on average.")
    elif bias > 0:
        yield text(
            "Also without any luck the quarter times four is {bias} too high on average; a larger group does not mend that.",
            **said,
        )
    else:
        yield text(
            "Also without any luck the quarter times four is {bias} too low on average; a larger group does not mend that.",
            **said,
        )
    if abs(among[95].value - among[5].value) >= 1:
        yield text(
            "Without luck it is off by what the assumptions make of it: between {low} and {high} in 90 of 100 courses.",
            **said,
        )


def _smallest(answer: Annualise) -> Iterator[Sentence]:
    near = {"share": percent(answer.tolerance.share, 0), "often": per_hundred(answer.tolerance.courses)}
    yield text(
        "The quarter times four lies within {share} of what the four quarters after it are expected to save {in_courses}.",
        in_courses=in_courses(answer.near.value),
        **near,
    )
    if answer.smallest_group.persons is not None:
        yield text(
            "For that to be so in {often} of 100, the group must have about {size} persons.",
            size=_rounded(answer.smallest_group.persons), **near,
        )  # fmt: skip
        return
    yield text(
        "No size of the group will do for that to be so in {often} of 100: without any luck it is so {in_courses}.",
        in_courses=in_courses(answer.near_without_luck.value), **near,
    )  # fmt: skip


def _rounded(size: int) -> Sentence:
    """To two digits: between neighbouring sizes nothing can be told apart."""
    step: int = 10 ** max(len(str(size)) - 2, 0)
    return Sentence(number(-(-size // step) * step), (size,))


def _groups(answer: Annualise) -> Iterator[Row]:
    for group in answer.groups:
        cells: list[Cell] = []
        for title, one in ((text("Times four"), group.annualised), (text("Year after"), group.following_year)):
            cells += [figure(one.mean), *(_percentile(one.percentiles, p, title) for p in (5, 95))]
        chances = (figure(one, "share") for one in (group.wrong_sign, group.near))
        yield row(Figure(group.persons, "count"), *cells, *chances)


def _percentile(found: Percentiles, p: int, of: str) -> Several:
    """Where its title stands alone, it says what it is of."""
    one = figure(found[p])
    return Several(Sentence(cell(one), (one.value,)), (one,), (f"{of}, P{p}",))


def _own_error(answer: Annualise, currency: str) -> Sentence:
    return text(
        "Error of the simulation itself (95 %): expected difference ± {error}, chance of the wrong sign ± {points} points; {draws} courses, seed {seed}.",
        error=margin(answer.deviation.mean.error or 0.0, currency), points=margin_points(answer.wrong_sign.error or 0.0),
        draws=number(answer.run.draws), seed=answer.run.seed,
    )  # fmt: skip
