"""The answer, in three sentences that can be read aloud."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.report import Report
from simulate.content import BREAK, Part, Sentence, joined, note
from simulate.figures import of_100, range_of_100
from simulate.locale import text
from simulate.places import BADLY
from simulate.reports import pictures, structure, together
from simulate.reports import run as runs
from simulate.reports.report import heading
from simulate.reports.words import as_carried_out, changes, clipped, rare
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
    for said in (joined([first, *_otherwise(report)]), *others):
        yield said
        yield BREAK
    for said in (
        *together.sentences(case.together, scenario.money.currency),
        *as_carried_out(case, scenario.money.currency),
    ):
        yield said
        yield BREAK
    if not scenario.costs:
        yield note(
            text(
                "The case has no costs: what is told is what is saved, and the programme's own costs are not taken off."
            )
        )
        yield BREAK
    if scenario.note:
        yield text("Remark on the case: {note}", note=scenario.note)
        yield BREAK
    yield pictures.dots(case, scenario)


def _otherwise(report: Report) -> Iterator[Sentence]:
    """How much hangs on how it is counted; all ways of counting have luck."""
    _, (low, _), (high, _) = structure.extremes(report.structure.structure)
    if report.case.break_even.probability is not None and of_100(low) != of_100(high):
        yield text("Counted in other ways over the same years, it is {range} of 100.", range=range_of_100(low, high))
