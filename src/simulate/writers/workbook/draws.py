"""Some of the courses: what was drawn, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulate.answers.report import Report
from simulate.answers.sample import Value
from simulate.content import Sentence
from simulate.figures import currency_sign, number
from simulate.locale import text
from simulate.places import label_of
from simulate.scenario import Scenario
from simulate.scenario.numbers import Usage
from simulate.writers.workbook.book import Content, Sheet
from simulate.writers.workbook.numbers import MOST, decimals_of, of_usage

HEADER = 3
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Sampled:
    """Where the draws stand: first and last row; columns of the provenu, and of its first and last period."""

    first: int
    last: int
    provenu: int
    periods: tuple[int, int]


def fill(sheet: Sheet, report: Report, scenario: Scenario) -> Sampled:
    sample, sign = report.sample, currency_sign(scenario.money.currency)
    sheet.said(
        0,
        text(
            "Draws: {n} of {draws} courses, {currency}",
            n=len(sample.draws),
            draws=number(report.run.draws),
            currency=sign,
        ),
        "title",
    )
    sheet.said(1, _said(report))
    columns = list(_drawn(report, scenario))
    heads = [text("Course"), text("Provenu"), *report.scenario.periods, *(name for name, _, _ in columns)]
    sheet.heads(HEADER, heads, 0)
    first = HEADER + 1
    for i, draw in enumerate(sample.draws):
        sheet.put(first + i, 0, float(draw), "whole")
        amounts: list[Content] = [sample.provenu[i], *(one[i] for one in sample.by_year)]
        sheet.row(first + i, 1, amounts, "kr")
    after = 2 + len(sample.by_year)
    for column, (_, usage, values) in enumerate(columns, after):
        style = _style(usage, values)
        for i, value in enumerate(values):
            sheet.put(first + i, column, value, style)
        sheet.most[column] = 20
    sheet.finish(len(heads), HEADER, 2, len(heads) - 2)
    return Sampled(first, first + len(sample.draws) - 1, 1, (2, after - 1))


def _said(report: Report) -> Sentence:
    said = text(
        "The first courses of each of 16 parts: to look at, not to count on. All figures of the other sheets are of all courses."
    )
    if not report.sample.luck:
        said += " " + text(
            "These amounts are without luck, which is added to the provenu over the whole horizon alone."
        )
    return said


def _drawn(report: Report, scenario: Scenario) -> Iterator[tuple[str, Usage, Sequence[float]]]:
    """A column for each uncertain assumption, or for each of its years: what it is called, what kind of number it is, its values."""
    usages = {one.name: one.usage for one in report.assumptions}
    for name, values in report.sample.assumptions.items():
        label, years = label_of(name, scenario), [_years(value) for value in values]
        for i, column in enumerate(zip(*years, strict=True)):
            by_year = len(years[0]) > 1
            yield f"{label}, {scenario.time.first_year + i}" if by_year else label, usages[name], column


def _years(value: Value) -> list[float]:
    return value if isinstance(value, list) else [value]


def _style(usage: Usage, values: Sequence[float]) -> str:
    """A number's format that shows them to four digits."""
    if usage == "money" or decimals_of(values) < MOST:
        return of_usage(usage, *values)
    top = max(map(abs, values), default=0.0)
    return of_usage(usage, round(top, max(DIGITS - len(str(int(top))), 0)))
