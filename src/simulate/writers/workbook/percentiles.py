"""Percentiles of the provenu and its parts, and the chance to lose more than each of many amounts."""

from __future__ import annotations

from collections.abc import Sequence

from simulate.answers.base import Estimate, Percentiles
from simulate.answers.report import Report
from simulate.answers.run import PERCENTILES, Run
from simulate.content import Sentence
from simulate.figures import currency_sign
from simulate.locale import text
from simulate.scenario import Scenario
from simulate.writers.workbook import charts
from simulate.writers.workbook.book import Content, Sheet
from simulate.writers.workbook.numbers import share

HEADER = 3


def fill(sheet: Sheet, report: Report, scenario: Scenario) -> None:
    run, sign = report.case, currency_sign(scenario.money.currency)
    sheet.said(0, text("Percentiles, {currency}", currency=sign), "title")
    sheet.said(1, _said(run))
    heads = ["", text("Mean"), text("Standard deviation"), *(f"P{p}" for p in PERCENTILES)]
    sheet.heads(HEADER, heads)
    row = _totals(sheet, HEADER + 1, run)
    row = _by_period(sheet, row + 1, run)
    row = _lines(sheet, row + 1, run)
    _losses(sheet, row + 1, report)
    sheet.most |= {0: 56}
    sheet.finish(len(heads), HEADER)


def _said(run: Run) -> Sentence:
    said = text(
        "P5 is what 5 of 100 courses are below. Percentiles cannot be added up: not all years are bad in the same course."
    )
    if run.with_luck is not None:
        said += " " + text(
            "Luck is known of the provenu over the whole horizon alone; everything else is without luck."
        )
    return said


def _row(
    sheet: Sheet, row: int, name: str, mean: Estimate | None, sd: Estimate | None, bands: Percentiles | None
) -> int:
    sheet.put(row, 0, name, "wrap")
    values: list[Content] = [None if one is None else one.value for one in (mean, sd)]
    values += [None if bands is None else bands[p].value for p in PERCENTILES]
    sheet.row(row, 1, values, "kr")
    return row + 1


def _group(sheet: Sheet, row: int, name: str) -> int:
    sheet.row(row, 0, [name, *[""] * (len(PERCENTILES) + 2)], "group")
    return row + 1


def _totals(sheet: Sheet, row: int, run: Run) -> int:
    row, provenu = _group(sheet, row, text("Over the whole horizon")), run.provenu
    if provenu.percentiles is not None:
        row = _row(sheet, row, text("Provenu"), provenu.mean, provenu.sd, provenu.percentiles)
    if provenu.percentiles_without_luck is not None:
        name = text("Provenu, without luck")
        row = _row(sheet, row, name, provenu.mean, provenu.sd_without_luck, provenu.percentiles_without_luck)
    for label, area in run.areas.items():
        if len(run.areas) > 1:
            shown: str = label[:1].upper() + label[1:] if label else text("Without an area")
            row = _row(sheet, row, shown, area.mean, None, area.bands)
    row = _row(sheet, row, text("Cashable provenu"), run.cashable.mean, None, run.cashable.bands)
    if run.present_value is not None:
        row = _row(sheet, row, text("Present value"), run.present_value.mean, None, run.present_value.bands)
    return row


def _by_period(sheet: Sheet, row: int, run: Run) -> int:
    by_year = run.provenu.by_year
    sds: Sequence[Estimate] = by_year.sd or by_year.sd_without_luck or ()
    row = _group(sheet, row, text("Provenu of each period"))
    for i, period in enumerate(run.scenario.periods):
        row = _row(sheet, row, period, by_year.mean[i], sds[i], {p: by_year.bands[p][i] for p in PERCENTILES})
    row = _group(sheet, row + 1, text("Accumulated through each period"))
    for i, period in enumerate(run.scenario.periods):
        bands = {p: run.cumulative.bands[p][i] for p in PERCENTILES}
        row = _row(sheet, row, period, run.cumulative.mean[i], None, bands)
    return row


def _lines(sheet: Sheet, row: int, run: Run) -> int:
    row = _group(sheet, row, text("Lines over the whole horizon"))
    for name, line in run.lines.items():
        row = _row(sheet, row, name, line.mean, line.sd or line.sd_without_luck, None)
    return row


def _losses(sheet: Sheet, row: int, report: Report) -> None:
    row = _group(sheet, row, text("Chance to lose more than an amount; gains are negative"))
    sheet.heads(row, [text("Loss"), text("Chance")], 0)
    first = row + 1
    for i, one in enumerate(report.exceedance, first):
        sheet.put(i, 0, one.loss, "kr")
        sheet.put(i, 1, one.probability.value, share(one.probability.value))
    last = first + len(report.exceedance) - 1
    charts.exceedance(sheet, row, (first, last))
