"""Year by year, in the form that papers have; and the accumulated provenu as a fan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulate.answers.base import Estimate
from simulate.answers.report import Report
from simulate.answers.run import Run
from simulate.content import BREAK, Part, Row, Sentence, Table, joined, row
from simulate.figures import margin
from simulate.locale import text
from simulate.reports import paper, pictures
from simulate.reports.report import heading
from simulate.reports.words import figure, is_of_paper, point_row
from simulate.scenario import Scenario

COLUMNS = (5, 50, 95)  # of the table


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    yield heading(text("Year by year"))
    case, currency = report.case, scenario.money.currency
    periods = case.scenario.periods
    heads = ["", *periods, text("Total")]
    first, planned, expected = list(_provenu(report)), [*paper.posts(report.business_case)], [*paper.posts(case.budget)]
    scale = paper.scale_of([*first, *planned, *expected])
    yield Table(heads, first, scale, currency, _caption(scenario.money.price_level))
    yield joined(
        [text("P5, P50, P95: in 5, 50, 95 of 100 courses the amount is lower."), *paper.remark(case, hints=False)]
    )
    if case.point.lived is not None:
        yield text(
            "With every assumption at its value all amounts are means of lives: their total has an error of ± {error} (95 %).",
            error=margin(case.point.lived.sure_error, currency),
        )
    yield BREAK
    yield Table(["", *periods], list(_accumulated(report)), scale, currency, _gathered(case))
    yield pictures.fan(case, scenario)
    yield Table(heads, planned, scale, currency, _title(case))
    yield from paper.rounding(report.business_case, scale)
    yield BREAK
    yield Table(heads, expected, scale, currency, text("Lines of the budget, expected"))
    yield from paper.after_horizon(case.budget, currency)
    yield from paper.rounding(case.budget, scale)


def _caption(prices: int | None) -> Sentence:
    if prices:
        return text("The provenu in prices of {year}: costs with a minus, savings without", year=prices)
    return text("The provenu: costs with a minus, savings without")


def _gathered(case: Run) -> Sentence:
    if case.run.period == "year":
        return text("The provenu accumulated through each year")
    return text("The provenu accumulated through each period")


def _title(case: Run) -> Sentence:
    if is_of_paper(case):
        return text("Lines of the budget, as the business case has them")
    return text("Lines of the budget, every assumption at its value")


def _provenu(report: Report) -> Iterator[Row]:
    """Each year's, and the total."""
    case = report.case
    yield _row(point_row(case), report.business_case.provenu.by_year, report.business_case.provenu.total)
    yield _row(text("Expected"), case.provenu.by_year.expected, case.bridge.expected)
    for p in COLUMNS:
        yield row(_percentile(p, case.provenu.percentiles is None), *paper.ends(case, p))


def _accumulated(report: Report) -> Iterator[Row]:
    """What has been gathered by the end of each."""
    case = report.case
    yield row(point_row(case), *map(figure, report.business_case.accumulated))
    yield row(text("Expected"), *map(figure, case.budget.accumulated))
    if case.with_luck is None:
        for p in COLUMNS:
            yield row(_percentile(p, case.cumulative.percentiles is None), *map(figure, case.cumulative.bands[p]))


def _percentile(p: int, luckless: bool) -> Sentence:
    return text("P{p} without luck", p=p) if luckless else Sentence(f"P{p}")


def _row(name: str, by_year: Sequence[Estimate], total: Estimate) -> Row:
    return row(name, *map(figure, by_year), figure(total))
