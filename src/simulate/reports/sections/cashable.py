"""Savings that come only if somebody takes them out of the budget."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.report import Report
from simulate.content import BREAK, Part, Table, joined
from simulate.locale import text
from simulate.reports import details, paper
from simulate.reports import run as runs
from simulate.reports.report import heading
from simulate.scenario import Scenario


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    yield heading(text("What can be cashed"))
    case, currency = report.case, scenario.money.currency
    posts = case.budget.lines
    rows = [
        paper.amounts(name, posts[name])
        for name, one in case.lines.items()
        if not one.cashable and posts[name].kind != "costs"
    ]
    said = list(details.cashable(case, scenario))
    if not rows or not said:
        return
    yield text(
        "Some of the savings become money only once somebody decides to take them out of a budget, such as positions that are cut."
    )
    ends = runs.ends(case.cashable.bands, currency)
    band = (
        text("Without luck, it is then between {low} and {high} in 90 of 100 courses.", **ends)
        if case.cashable.percentiles is None
        else text("In 90 of 100 courses it is then between {low} and {high}.", **ends)
    )
    yield joined([*said, band] if ends["low"] != ends["high"] else said)
    yield BREAK
    title = text("Savings that are not cashable, expected")
    yield Table(["", *case.scenario.periods, text("Total")], rows, paper.scale_of(rows), currency, title)
