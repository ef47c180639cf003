"""What the paper says, and what comes of its own assumptions here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulate.answers.paper import Reported
from simulate.answers.report import Report
from simulate.content import BREAK, Cell, Figure, Part, Row, Table, row
from simulate.locale import text
from simulate.places import paper_figure
from simulate.reports import run as runs
from simulate.reports.report import heading
from simulate.scenario import Scenario
from simulate.scenario.queries import STATE_COUNTS


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    yield heading(text("What the paper says, and what we get"))
    case = report.case
    if not case.reported:
        return
    yield from runs.of_paper(case)
    if scenario.source:
        yield text("The paper: {source}.", source=scenario.source.rstrip("."))
    if not all(one.reproduced for one in case.reported):
        yield text("Where a figure is not reproduced, what we get stands in the row below it.")
    yield BREAK
    amounts = [one for one in case.reported if not _is_count(one)]
    counts = [one for one in case.reported if _is_count(one)]
    first = case.scenario.first_year
    years = [str(first + year) for year in range(case.scenario.years)]
    for rows, title in ((amounts, text("Amounts of the paper")), (counts, text("Persons of the paper"))):
        if rows:
            yield _table(rows, years, title, scenario)


def _is_count(one: Reported) -> bool:
    return one.what.partition(":")[0] in STATE_COUNTS


def _table(found: Sequence[Reported], horizon: Sequence[str], title: str, scenario: Scenario) -> Table:
    """A row for each figure by year, as the paper has it. horizon: its years, whatever the periods of the run are."""
    named: dict[str, list[Reported]] = {}
    for one in found:
        named.setdefault(paper_figure(one.what, scenario), []).append(one)
    years: list[str | None] = [*horizon, *([None] if any(one.year is None for one in found) else [])]
    rows = [line for label, each in named.items() for line in _rows(label, each, years)]
    heads = (text("Total") if year is None else year for year in years)
    return Table(["", *heads], rows, currency=scenario.money.currency, title=title)


def _rows(label: str, found: list[Reported], years: list[str | None]) -> Iterator[Row]:
    """The paper's figures, and ours where they differ."""
    by_year = {None if one.year is None else str(one.year): one for one in found}
    each = [by_year.get(year) for year in years]
    yield row(label, *(None if one is None else _figure(one, one.value) for one in each))
    if not all(one.reproduced for one in found):
        ours: list[Cell] = [None if one is None or one.reproduced else _figure(one, one.ours) for one in each]
        yield row(text("what we get"), *ours)


def _figure(one: Reported, value: float) -> Figure:
    return Figure(value, "number" if _is_count(one) else "kr")
