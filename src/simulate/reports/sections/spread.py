"""How the provenu is spread, and the chance to lose more than so much."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.report import Report, RiskTolerance
from simulate.content import Part, Sentence
from simulate.figures import chance as shown
from simulate.figures import kroner
from simulate.locale import text
from simulate.reports import pictures, risk
from simulate.reports.quantities import exact
from simulate.reports.report import heading
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
    yield pictures.exceedance(report.exceedance, report.tolerance, case, scenario)
    yield pictures.distribution(report.histogram, report.exceedance, case, scenario)


def tolerated(found: RiskTolerance, currency: str) -> Sentence:
    said = {
        "loss": kroner(found.loss, currency),
        "share": exact(found.share, "share", currency),
        "chance": shown(found.probability.value, found.probability.error),
    }
    if found.kept is None:
        return text(
            "The limit that was set: a loss of more than {loss} in at most {share} of the courses. The chance of such a loss is {chance}: "
            "these courses cannot tell whether the limit is kept.",
            **said,
        )
    if found.kept:
        return text(
            "The limit that was set: a loss of more than {loss} in at most {share} of the courses. The chance of such a loss is {chance}: the limit is kept.",
            **said,
        )
    return text(
        "The limit that was set: a loss of more than {loss} in at most {share} of the courses. The chance of such a loss is {chance}: the limit is not kept.",
        **said,
    )
