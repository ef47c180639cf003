"""The same case counted in other ways, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simulate.analysis.breakeven import BREAK_EVEN
from simulate.analysis.precision import STUDENT
from simulate.answers.base import Estimate
from simulate.answers.structure import KnownRates, Structure, Way, label, note
from simulate.content import BREAK, Part, Row, Sentence, Table, joined, row
from simulate.figures import chance as shown
from simulate.figures import (
    half_width,
    in_courses,
    kroner,
    margin,
    margin_points,
    number,
    of_100,
    percent,
    plain,
    range_of_100,
)
from simulate.locale import text
from simulate.names import COUNTERFACTUALS
from simulate.reports import ranges
from simulate.reports.words import ALMOST, changes, figure, heading_without_financing
from simulate.scenario import Scenario, queries

SURE = 0.0005  # chances that print as 0 or 100 %
EVEN = 0.05  # from a half: what is expected is an eighth of luck's sd at most, so that it takes hundreds of times as many to decide


def lines(answer: Structure, scenario: Scenario) -> Iterator[Part]:
    """The table in words first."""
    yield from heading_without_financing(scenario)
    yield from changes(answer.run.set)
    yield from span(answer.structure, scenario)
    yield BREAK
    yield from counted(answer, scenario)
    if answer.ranges.rows:
        yield BREAK
        yield from ranges.lines(answer.ranges, scenario)
        yield BREAK
    yield _own_error(answer, scenario)


def counted(answer: Structure, scenario: Scenario, reasons: bool = True) -> Iterator[Part]:
    """The ways one by one, and what luck alone would leave. reasons: why one cannot be counted or trusted, to go by in the file; without them, nothing of
    ways that are as the case is written."""
    ways = [way for way in answer.structure if reasons or not way.alike]
    heads = [text("Way of counting"), text("Break-even"), text("Expected provenu")]
    yield Table(heads, list(_rows(ways, scenario)), currency=scenario.money.currency)
    for way in ways:
        if said := note(way, scenario):
            yield text(
                "{label}: {note}.", label=label(way.name, scenario), note=said if reasons else _shortly(way, said)
            )
    yield from _reading(answer, scenario)
    yield BREAK
    yield _known(answer.known_rates, scenario.money.currency)


def _shortly(way: Way, said: Sentence) -> Sentence:
    """Without what is to be gone by in the file."""
    if way.probability is None:
        return text("the case cannot be counted so")
    return text("not to be trusted, since too much had to be clipped to what is possible")


def span(ways: list[Way], scenario: Scenario) -> Iterator[Sentence]:
    """Over the same years: a longer horizon is another question, not another way to count."""
    (first, _), low, high = extremes(ways)
    said = in_courses(first)
    if of_100(low[0]) == of_100(high[0]):
        yield text(
            "However the case is counted over the same years, the programme breaks even {in_courses}.", in_courses=said
        )
        return
    yield text(
        "As the case is written, the programme breaks even {in_courses}; counted otherwise over the same years it is {range} of 100.",
        in_courses=said, range=range_of_100(low[0], high[0]),
    )  # fmt: skip
    yield text("Fewest: {low}. Most: {high}.", low=label(low[1], scenario), high=label(high[1], scenario))


def extremes(ways: list[Way]) -> list[tuple[float, str]]:
    """Chance and name: of the case as it is written, of the way with the lowest chance and of that with the highest, over the same years."""
    found = [(one.probability.value, one.name) for one in ways if one.probability and not _is_other_years(one)]
    return [found[0], *(of(found, key=lambda one: one[0]) for of in (min, max))]


def _is_other_years(way: Way) -> bool:
    return way.name.startswith(("years-", "followed-"))


def _rows(ways: list[Way], scenario: Scenario) -> Iterator[Row]:
    for way in ways:
        if way.probability is None or way.expected is None:
            yield row(label(way.name, scenario), "-", "-")
        else:
            yield row(label(way.name, scenario), figure(way.probability, "share"), figure(way.expected))


def _other_years(scenario: Scenario) -> Sentence:
    if any(one.programme_years is not None for _, one in queries.implementations(scenario).values()):
        return text(
            "Another number of years: the project ends when the case says, every number keeps its last year's value until then, and those who came are "
            "followed so long. What would be saved after that is not counted in any row."
        )
    return text(
        "Another number of years: the programme itself goes on so long, and every number keeps its last year's value. "
        "What would be saved after that is not counted in any row."
    )


def _reading(answer: Structure, scenario: Scenario) -> Iterator[Sentence]:
    counted = {
        "expected": text("Each row changes that one thing; life without the programme is counted as its expectation."),
        "same-luck": text("Each row changes that one thing; life without the programme is counted with the same luck."),
        "own-luck": text(
            "Each row changes that one thing; life without the programme is counted with luck of its own."
        ),
    }
    assert counted.keys() == set(COUNTERFACTUALS)
    yield counted[answer.run.counterfactual]
    if any(_is_other_years(way) and way.probability is not None for way in answer.structure):
        yield _other_years(scenario)
    if any(way.name.startswith("followed-") and way.probability is not None for way in answer.structure):
        yield text(
            "Followed: no family enters after the case's own years and no line of the budget is paid, and what becomes of those who came is counted on."
        )


def _known(known: KnownRates, currency: str) -> Sentence:
    """What luck alone decides: with very many families the chance would be 0 or 100 %, unless nothing is expected of them."""
    if _is_about_even(known):
        return _even(known, currency)
    chance, families = shown(known.probability.value, known.probability.error), _families(known)
    without_luck = percent(float(known.expected.value >= BREAK_EVEN), 0)
    if SURE <= known.probability.value <= 1 - SURE:
        if known.uncertain:
            return text(
                "Even if every assumption were known exactly, each at its value, the chance would be {chance} and not "
                "{without_luck}, because {families}. The rest is luck.",
                chance=chance, without_luck=without_luck, families=families,
            )  # fmt: skip
        return text(
            "No assumption is uncertain in this case. The chance is {chance} and not {without_luck}, because {families}. The rest is luck.",
            chance=chance, without_luck=without_luck, families=families,
        )  # fmt: skip
    if known.uncertain:
        return text(
            "Were every assumption known exactly, each at its value, the chance would be {chance}: luck alone does not "
            "decide it.",
            chance=chance,
        )
    return text("No assumption is uncertain in this case, and luck alone does not decide it.")


def _is_about_even(known: KnownRates) -> bool:
    """Whether luck falls to either side however many take part: the provenu is 0, or far smaller than what luck makes of it."""
    chance, expected = known.probability.value, known.expected
    is_nothing = abs(expected.value) <= max(STUDENT * expected.sure_error, ALMOST)
    return SURE <= chance <= 1 - SURE and (is_nothing or abs(chance - 0.5) <= EVEN)


def _even(known: KnownRates, currency: str) -> Sentence:
    said = {
        "chance": shown(known.probability.value, known.probability.error),
        "expected": kroner(known.expected.value, currency, known.expected.error),
    }
    first = (
        text("Even if every assumption were known exactly, each at its value, the chance would be {chance}.", **said)
        if known.uncertain
        else text("No assumption is uncertain in this case, and the chance is {chance}.", **said)
    )
    return joined([first, text("The provenu is then expected to be {expected}: so near to 0 that luck decides, which it would still do if many more took part.", **said)])  # fmt: skip


def _families(known: KnownRates) -> Sentence:
    yearly = known.families_a_year
    if yearly > 0:
        return text("so few take part, {n} a year", n=_few(yearly))
    return text("so few take part, {n} in all", n=_few(known.families))


def _few(families: float) -> Sentence:
    return number(families) if families >= 10 else plain(round(families, 1))


def _own_error(answer: Structure, scenario: Scenario) -> Sentence:
    known = answer.known_rates
    chance = _largest([known.probability, *(way.probability for way in answer.structure)])
    ends = [end.expected for one in answer.ranges.rows for end in (one.low, one.high)]
    mean = _largest([known.expected, *(way.expected for way in answer.structure), *ends])
    said = {"points": margin_points(chance), "draws": number(answer.run.draws), "seed": answer.run.seed}
    if half_width(mean) < ALMOST:
        return text(
            "Error of the simulation itself (95 %): at most ± {points} points of a chance; expected provenus have none; {draws} courses, seed {seed}.",
            **said,
        )
    return text(
        "Error of the simulation itself (95 %): at most ± {points} points of a chance, and ± {amount} of an expected provenu; {draws} courses, "
        "seed {seed}.",
        amount=margin(mean, scenario.money.currency), **said,
    )  # fmt: skip


def _largest(found: Iterable[Estimate | None]) -> float:
    """Of the errors that are known."""
    return max(one.error for one in found if one is not None and one.error is not None)
