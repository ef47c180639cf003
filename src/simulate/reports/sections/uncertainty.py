"""Where the uncertainty comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from simulate.answers.report import Report
from simulate.answers.sensitivity import Bar, Sensitivity
from simulate.content import BREAK, Bars, Part, Sentence, joined
from simulate.figures import kroner
from simulate.locale import text
from simulate.reports import sensitivity
from simulate.reports.report import heading
from simulate.reports.sensitivity import Names
from simulate.reports.words import figure, split
from simulate.scenario import Scenario

MOST = 12  # assumptions that are shown


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    yield heading(text("Where the uncertainty comes from"))
    found = report.sensitivity
    if found is None or not found.tornado:
        if report.case.variance.luck:
            yield split(report.case.variance, report.case.undrawn)
        return
    called = Names(scenario)
    yield from sensitivity.decisive(found, called)
    if found.variance.luck is not None:
        yield split(found.variance, found.undrawn)
    yield BREAK
    shown = replace(found, tornado=found.tornado[:MOST], sobol=found.sobol[:MOST])
    yield tornado(shown, scenario)
    title = text("Each assumption at P5 and at P95, the others as uncertain as they are:")
    base_name = text("as the case stands")
    yield replace(sensitivity.bars(title, shown.tornado, found.provenu.mean, base_name, called), chart=None)
    yield text("P5 and P95: in 5 and in 95 of 100 courses the assumption is lower.")
    if len(found.tornado) > MOST:
        yield text("Only those that decide most are shown.")
    yield from sensitivity.remarks(shown, scenario, called)
    yield BREAK
    yield from sensitivity.indices(shown, called)


def tornado(found: Sensitivity, scenario: Scenario) -> Bars:
    """The expected provenu with each assumption at both ends, the others as they are."""
    called, currency, mean = Names(scenario), scenario.money.currency, found.provenu.mean
    widest = found.tornado[0]
    ends = sorted((widest.low.provenu, widest.high.provenu), key=lambda one: one.value)
    low, high = (kroner(one.value, currency, one.error) for one in ends)
    name = Sentence(called.short([widest.assumption]))
    return Bars(
        [text("provenu at P5"), text("at P95")],
        [[figure(bar.low.provenu), figure(bar.high.provenu)] for bar in found.tornado],
        figure(mean),
        text("as the case stands"),
        [called.short([bar.assumption]) for bar in found.tornado],
        [_ends(called, bar) for bar in found.tornado],
        title=text("What decides most: {name}", name=name),
        subtitle=text("Alone it moves the expected provenu between {low} and {high}", low=low, high=high),
        alt=joined([
            text("Bars, one for each assumption, the widest first, from the expected provenu with it at its P5 to that with it at its P95."),
            text("As the case stands it is {expected}.", expected=kroner(mean.value, currency, mean.error)),
        ]),
    )  # fmt: skip


def _ends(called: Names, bar: Bar) -> tuple[Sentence, Sentence]:
    low, _, high = called.values(bar)
    return low, high
