"""How the figures are made, in half a page."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.check import effects
from simulate.answers.report import Report
from simulate.content import BREAK, Part, Sentence, joined
from simulate.figures import number, percent
from simulate.locale import plural, text
from simulate.places import BADLY
from simulate.reports import run as runs
from simulate.reports.assumptions import over_time
from simulate.reports.report import heading
from simulate.reports.words import clipped, is_of_paper, name_of
from simulate.scenario import Scenario


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    yield heading(text("How it is counted"))
    for paragraph in (
        _courses(report, scenario),
        _lives(report, scenario),
        _amounts(report, scenario),
        _numbers(report, scenario),
    ):
        yield joined(paragraph)
        yield BREAK
    changing = effects(scenario, {})
    if changing:
        yield joined(over_time(changing))
        yield BREAK
    case = report.case
    yield from clipped(case.clipped, case.run.draws, scenario, 0.0, BADLY)


def _courses(report: Report, scenario: Scenario) -> Iterator[Sentence]:
    said = {"draws": number(report.run.draws)}
    yield text("The case is not counted once but {draws} times.", **said)
    if report.uncertain and not scenario.families:
        yield plural(
            "In each course the one uncertain assumption is given a value by chance, in the way that its distribution says.",
            "In each course all {n} uncertain assumptions are given values by chance, in the way that their distributions say.",
            report.uncertain,
        )  # fmt: skip
    elif report.uncertain:
        yield plural(
            "In each course the one uncertain assumption is given a value by chance, in the way that its distribution says; the same value holds for all families of the course.",
            "In each course all {n} uncertain assumptions are given values by chance, in the way that their distributions say; the same values hold for all families of the course.",
            report.uncertain,
        )  # fmt: skip
    elif scenario.families:
        yield text("No assumption is uncertain here: what differs between courses is luck.")


def _lives(report: Report, scenario: Scenario) -> Iterator[Sentence]:
    if not scenario.families:
        yield text("The case has lines of the budget alone, and no families whose lives would differ by luck.")
        return
    if report.run.engine == "expected":
        yield (
            text(
                "Then what is expected of the families is counted month by month, once with the programme and once without it, and the luck of single families is added as a distribution."
            )
            if report.case.with_luck is not None
            else text(
                "Then what is expected of the families is counted month by month, once with the programme and once without it. The luck of single families is left out."
            )
        )
        yield text(
            "What decides, what it takes and the other ways of counting are told by courses in which the luck of each family is drawn."
        )
    else:
        yield text(
            "Then each family is followed month by month, once with the programme and once without it, and chance decides when it moves from one state to another, such as from benefits to a job."
        )
    yield text("Life without the programme is counted {how}.", how=name_of(report.run.counterfactual))


def _amounts(report: Report, scenario: Scenario) -> Iterator[Sentence]:
    years, level = scenario.time.years, scenario.money.price_level
    last = scenario.time.first_year + years - 1
    yield text(
        "The provenu is what the municipality saves less what it pays, from {first} through {last}.",
        first=scenario.time.first_year,
        last=last,
    )
    yield (
        text("All amounts are in prices of {year}.", year=level)
        if level
        else text("The case does not say of which year its prices are.")
    )
    value = report.case.present_value
    if value is None:
        yield text("They are not discounted: a krone counts as much in the last year as in the first.")
    else:
        yield text(
            "They are not discounted here, though the case states a rate of {rate} a year: the section on other ways of counting has the discounted amount.",
            rate=percent(value.rate),
        )


def _numbers(report: Report, scenario: Scenario) -> Iterator[Sentence]:
    if report.case.point.lived is not None:
        yield runs.hangs_together()
        yield text(
            "With every assumption at its value the case has one number, the mean of other courses. The expected one is the mean of all courses."
        )
    elif is_of_paper(report.case):
        yield text(
            "The business case's own number has every assumption at its value and no luck. The expected one is the mean of all courses."
        )
    else:
        yield text(
            "With every assumption at its value and no luck the case has one number. The expected one is the mean of all courses."
        )
    if report.uncertain:
        yield text(
            "They differ where the mean of an assumption is not its value, and where what goes well gains less than what goes badly loses."
        )
    yield text("{error}.", error=runs.own_error(report.case, scenario))
    yield from runs.rough(report.case)
