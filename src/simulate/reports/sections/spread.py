"""How the provenu is spread, and the chance to lose more than so much."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.report import Report, Tolerance
from simulate.answers.risk import Loss
from simulate.content import Curve, Figure, Histogram, Part, Sentence, joined
from simulate.figures import chance as shown
from simulate.figures import kroner, percent
from simulate.locale import text
from simulate.reports import risk
from simulate.reports import run as runs
from simulate.reports.report import heading
from simulate.reports.words import figure, is_of_paper, point_column
from simulate.scenario import Scenario


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    yield heading(text("How much can be lost"))
    case, currency = report.case, scenario.money.currency
    if report.tolerance is not None:
        yield tolerated(report.tolerance, currency)
    if case.provenu.deviation.value == 0:
        return
    if case.provenu.percentiles is None:
        yield text("By the assumptions alone, without luck:")
    yield risk.losses(case.risk.all_losses, currency)
    losses = _losses(report)
    if len(losses) > 1:
        yield curve(report, losses, scenario)
    yield histogram(report, scenario)


def tolerated(found: Tolerance, currency: str) -> Sentence:
    said = {
        "loss": kroner(found.loss, currency),
        "share": percent(found.share),
        "chance": shown(found.probability.value, found.probability.error),
    }
    if found.kept:
        return text(
            "The limit that was set: a loss of more than {loss} in at most {share} of the courses. The chance of such a loss is {chance}: the limit is kept.",
            **said,
        )
    return text(
        "The limit that was set: a loss of more than {loss} in at most {share} of the courses. The chance of such a loss is {chance}: the limit is not kept.",
        **said,
    )


def _losses(report: Report) -> list[Loss]:
    """From none on, rising."""
    return [one for one in report.exceedance if one.loss >= 0]


def curve(report: Report, losses: list[Loss], scenario: Scenario) -> Curve:
    """The chance to lose more than each amount."""
    currency, worst = scenario.money.currency, report.case.risk.worst
    found = report.tolerance
    first = losses[0]
    said = {"loss": kroner(first.loss, currency), "chance": shown(first.probability.value, first.probability.error)}
    marks = (
        []
        if found is None
        else [(Figure(found.loss), figure(found.probability, "share"), str(text("the limit that was set")))]
    )
    title = (
        text("The chance to lose more than {loss} is {chance}", **said)
        if first.loss
        else text("The chance of a loss is {chance}", chance=said["chance"])
    )
    return Curve(
        [(Figure(one.loss), figure(one.probability, "share")) for one in losses],
        marks,
        currency,
        title=title,
        subtitle=risk.worst(worst, currency),
        alt=joined(
            [text("A falling curve of the chance to lose more than each amount."), text("{title}.", title=title)]
        ),
    )


def histogram(report: Report, scenario: Scenario) -> Histogram:
    """How often the provenu is so much."""
    case, currency = report.case, scenario.money.currency
    chance, band = case.break_even.chance, runs.band(case.provenu, currency)
    share = shown(chance.value, chance.error)
    lines = {
        str(point_column(is_of_paper(case))): Figure(case.bridge.point),
        str(text("Expected")): figure(case.bridge.expected),
    }
    return Histogram(
        [*(Figure(one.low) for one in report.histogram), Figure(report.histogram[-1].high)],
        [figure(one.share, "share") for one in report.histogram],
        lines,
        currency,
        title=text("The provenu is at least 0 in {share} of the courses", share=share),
        subtitle=band,
        alt=joined([text("Columns that show how many courses have which provenu."), band]),
    )
