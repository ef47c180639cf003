"""The first sheet: the answer in sentences and its key figures; or of anything else than a case, all that the document says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from simulate.answers.base import Estimate
from simulate.answers.report import Report
from simulate.content import BREAK, Figure, Heading, Note, Part, Sketch, Table
from simulate.content import Row as TableRow
from simulate.figures import cell, corner, currency_sign
from simulate.locale import text
from simulate.reports import report as sections
from simulate.reports.words import is_of_paper, point_row
from simulate.scenario import Scenario
from simulate.writers.workbook.book import Content, Formula, Sheet
from simulate.writers.workbook.numbers import pattern, share

BAND = (5, 50, 95)
WIDTH = 6  # columns that sentences run across
ON_A_PAGE = 55  # rows
_YEAR_ALONE = re.compile(r"[0-9]{4}(?:[-–][0-9]{2,4})?")


def of_case(sheet: Sheet, report: Report, scenario: Scenario, provenu: Formula, checked: Formula) -> None:
    """provenu: the business case's, live; checked: what the checks found."""
    row = _top(sheet) - 1
    where = next(iter(sheet.book.document.parts), "")
    sheet.said(row, where if isinstance(where, str) else "", "quiet")
    row = parts(sheet, row + 2, _of(report, scenario, "answer", "since"))
    row = _figures(sheet, row, report, scenario, provenu)
    row = parts(sheet, row + 1, _of(report, scenario, "programmes"))
    row = _guide(sheet, row, checked)
    row = parts(sheet, row + 1, _of(report, scenario, "limits"))
    _bottom(sheet, row)


def _of(report: Report, scenario: Scenario, *names: str) -> list[Part]:
    """Sections of the report."""
    return [sections.held_together(part) for part in sections.lines(report, scenario, names)]


def of_anything(sheet: Sheet) -> None:
    """Everything but the pictures."""
    row = parts(sheet, _top(sheet), sheet.book.document.parts)
    _bottom(sheet, row)


def _top(sheet: Sheet) -> int:
    sheet.said(0, sheet.book.document.title, "title")
    return 2


def _bottom(sheet: Sheet, row: int) -> None:
    """How it was made."""
    for i, sentence in enumerate(sheet.book.document.footer):
        sheet.said(row + i, sentence, "quiet")
    sheet.finish(max(WIDTH, 1 + max(sheet.wide, default=0)), high=int(sheet.last_row < ON_A_PAGE))


# Sentences and tables of any answer -----------------------------------------------------------------------------------


def parts(sheet: Sheet, row: int, given: Sequence[Part]) -> int:
    """Below each other from a row on; gives the next one."""
    for i, part in enumerate(given):
        if isinstance(part, Table):
            row += bool(part.title and i and isinstance(given[i - 1], str) and given[i - 1] != BREAK)
            row = _table(sheet, row, replace(part, scale=1))
        elif isinstance(part, Heading):
            row += bool(i)
            sheet.said(row, part.words, "heading")
            row += 1
        elif isinstance(part, str) and part != BREAK:  # each has a row of its own, whatever stands together
            sheet.said(row, part.strip(), *(("bold",) if isinstance(part, Note) else ()))
            row += 1
    return row + 1


def _table(sheet: Sheet, row: int, table: Table) -> int:
    if table.title:
        sheet.put(row, 0, table.title, "bold")
        row += 1
    if table.columns:
        sheet.heads(row, [corner(table), *table.columns[1:]])
        row += 1
    for one in table.rows:
        _row(sheet, row, one)
        row += 1
    return row + 1


def _row(sheet: Sheet, row: int, one: TableRow) -> None:
    marks = ("total",) if one.mark == "total" else ()
    for column, item in enumerate(one.cells):
        if isinstance(item, Figure):
            sheet.put(row, column, item.value, pattern(item), *marks)
        elif isinstance(item, str) or item is None:
            is_figure = column > 0 and _YEAR_ALONE.fullmatch(item or "") is not None
            how = ("wrap",) if len(item or "") > 40 else ("right",) if is_figure else ()
            sheet.put(row, column, item or "", *marks, *how)
        else:
            words = cell(item) if not isinstance(item, Sketch) else str(item.words)
            sheet.put(row, column, words, *marks, *(("right",) if column else ()))


# Key figures ------------------------------------------------------------------------------------------------------------


def _figures(sheet: Sheet, row: int, report: Report, scenario: Scenario, provenu: Formula) -> int:
    run, sign = report.case, currency_sign(scenario.money.currency)
    sheet.said(row, text("Key figures"), "heading")
    heads = ["", text("Value"), text("Unit"), text("95 % interval, from"), text("95 % interval, to")]
    sheet.heads(row + 1, heads)
    sheet.put(row + 1, 2, heads[2], "head", "indent")
    row += 2
    luckless = run.break_even.probability is None
    chance = text("Chance to break even, without luck") if luckless else text("Chance to break even")
    row = _estimate(sheet, row, chance, run.break_even.chance, text("share"), share(run.break_even.chance.value))
    sheet.book.name(text("Chance"), sheet.far(row - 1, 1))
    row = _estimate(sheet, row, text("Expected provenu"), run.bridge.expected, sign, "kr")
    sheet.book.name(text("Expected"), sheet.far(row - 1, 1))
    point = point_row(run) if is_of_paper(run) else text("Provenu with every assumption at its value")
    _line(sheet, row, point + ": " + text("live formula"), provenu, sign, "kr")
    assert not isinstance(provenu.value, str)
    difference = Formula(
        f"={sheet.at(row - 1, 1)}-{sheet.at(row, 1)}", run.bridge.expected.value - float(provenu.value)
    )
    _line(sheet, row + 1, text("Difference"), difference, sign, "kr")
    row += 2
    for p in BAND:
        said = text("In {n} of 100 courses the provenu is lower than", n=p)
        if run.provenu.percentiles is None:
            said = text("Without luck, in {n} of 100 courses the provenu is lower than", n=p)
        row = _estimate(sheet, row, said, run.provenu.bands[p], sign, "kr")
    return row


def _estimate(sheet: Sheet, row: int, name: str, one: Estimate, unit: str, mark: str) -> int:
    _line(sheet, row, name, one.value, unit, mark)
    sheet.row(row, 3, list[Content](one.interval or ("", "")), mark)
    return row + 1


def _line(sheet: Sheet, row: int, name: str, content: Content, unit: str, mark: str) -> None:
    sheet.put(row, 0, name)
    sheet.put(row, 1, content, mark, "bold")
    sheet.put(row, 2, unit, "unit")


def _guide(sheet: Sheet, row: int, checked: Formula) -> int:
    """What is in this workbook, and how to change it."""
    sheet.said(row, text("In this workbook"), "heading")
    sheet.put(row + 1, 0, text("Change a number here: the business case is worked out anew"), "input")
    sheet.put(
        row + 2, 0, text("From the program's model: it can be changed, but does not follow the assumptions"), "model"
    )
    sheet.said(row + 3, text(
        "The business case's own column is formulas, from person-years to the accumulated provenu. Expected amounts and percentiles are values:"
        " they come of all courses, and no formula of this workbook can work them out anew."
    ))  # fmt: skip
    sheet.said(row + 4, text(
        "In the report alone (page, Word, PDF): what decides, what it takes, the risk, and the other ways of counting."
    ))  # fmt: skip
    sheet.put(row + 5, 0, text("The workbook's own checks:"))
    sheet.put(row + 5, 1, checked, "bold")
    return row + 6
