"""Where the uncertainty comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from simulate.answers.report import Report
from simulate.content import BREAK, Part
from simulate.locale import text
from simulate.reports import pictures, sensitivity
from simulate.reports.report import by_drawn_lives, heading
from simulate.reports.sensitivity import Names
from simulate.reports.words import split
from simulate.scenario import Scenario

MOST = 12  # assumptions that are shown


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    yield heading(text("Where the uncertainty comes from"))
    found = report.sensitivity
    if report.case.variance is None:
        yield text(
            "How the spread divides into assumptions and luck, and which assumption decides most of it, is not told: some moves hang on another member of the "
            "family (`when`), and what is expected of a life is not known. What one assumption moves by itself stands under “{section}”.",
            section=text("Result, minimum and maximum"),
        )  # fmt: skip
        return
    if found is None or not found.tornado:
        if report.case.variance and report.case.variance.luck:
            yield split(report.case.variance, report.case.undrawn)
        return
    called = Names(scenario)
    yield from sensitivity.decisive(found, called)
    if found.variance.luck is not None:
        yield split(found.variance, found.undrawn)
    yield from by_drawn_lives(report)
    yield BREAK
    shown = replace(found, tornado=found.tornado[:MOST], sobol=found.sobol[:MOST])
    yield pictures.tornado(found, scenario)
    title = text("Each assumption at P5 and at P95, the others as uncertain as they are:")
    base_name = text("as the case stands")
    yield replace(sensitivity.bars(title, shown.tornado, found.provenu.mean, base_name, called), chart=None)
    yield text("P5 and P95: in 5 and in 95 of 100 courses the assumption is lower.")
    if len(found.tornado) > MOST:
        yield text("Only those that decide most are shown.")
    yield from sensitivity.remarks(shown, scenario, called)
    yield BREAK
    yield from sensitivity.indices(shown, called)
