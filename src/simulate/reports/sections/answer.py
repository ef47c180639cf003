"""The answer, in three sentences that can be read aloud."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.report import Report
from simulate.answers.structure import Structure
from simulate.content import BREAK, Dots, Part, Sentence, joined, note
from simulate.figures import chance as shown
from simulate.figures import in_courses, of_100, range_of_100
from simulate.locale import text
from simulate.places import BADLY
from simulate.reports import run as runs
from simulate.reports import structure
from simulate.reports.report import heading
from simulate.reports.words import changes, clipped, figure, rare
from simulate.scenario import Scenario


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    yield heading(text("The answer"))
    case = report.case
    yield from changes(case.run.set)
    yield from clipped(case.clipped, case.run.draws, scenario, BADLY)
    yield from rare(case.undrawn.rare, case.run.draws, scenario, hints=False)
    if runs.has_few_events(case):
        yield note(runs.few_events())
        yield BREAK
    first, *others = runs.told(case, scenario)
    for said in (joined([first, *_otherwise(report.structure)]), *others):
        yield said
        yield BREAK
    yield dots(report, scenario)


def _otherwise(found: Structure) -> Iterator[Sentence]:
    """How much hangs on how it is counted."""
    _, (low, _), (high, _) = structure.extremes(found.structure)
    if of_100(low) != of_100(high):
        yield text("Counted in other ways over the same years, it is {range} of 100.", range=range_of_100(low, high))


def dots(report: Report, scenario: Scenario) -> Dots:
    """The chance, as so many of a few dots."""
    found, last = report.case.break_even.chance, scenario.time.first_year + scenario.time.years - 1
    in_them, share = in_courses(found.value), shown(found.value, found.error)
    title = (
        text("Without luck, the programme breaks even {in_courses}", in_courses=in_them)
        if report.case.break_even.probability is None
        else text("The programme breaks even {in_courses}", in_courses=in_them)
    )
    return Dots(
        figure(found, "share"),
        title=title,
        subtitle=text("The chance that the provenu through {year} is at least 0 is {share}", year=last, share=share),
        alt=joined([text("Dots, of which {share} are filled.", share=share), text("{title}.", title=title)]),
    )
