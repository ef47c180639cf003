"""Year by year, in the form that papers have; and the accumulated provenu as a fan."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.report import Report
from simulate.answers.run import Run
from simulate.content import BREAK, Fan, Figure, Part
from simulate.locale import text
from simulate.reports import paper
from simulate.reports.report import heading
from simulate.reports.words import figure, is_of_paper, point_column
from simulate.scenario import Scenario

BANDS = (5, 25, 50, 75, 95)


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    yield heading(text("Year by year"))
    yield from paper.lines(report.case, scenario.money.currency)
    yield BREAK
    yield fan(report.case, scenario)


def fan(run: Run, scenario: Scenario) -> Fan:
    """The accumulated provenu through the periods."""
    found, total = run.cumulative, 0.0
    point = []
    for amount in run.point.provenu.by_year:
        total += amount
        point.append(Figure(total))
    return Fan(
        run.scenario.periods,
        {p: [figure(one) for one in found.bands[p]] for p in BANDS} if run.with_luck is None else {},
        {str(point_column(is_of_paper(run))): point, str(text("Expected")): [figure(one) for one in found.mean]},
        scenario.money.currency,
        title=text("The accumulated provenu"),
        alt=text("The accumulated provenu by year, with bands."),
    )
