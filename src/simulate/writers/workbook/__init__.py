"""A document as a workbook: of a case, the business case in live formulas, so that every krone can be followed back to where it comes from."""

from __future__ import annotations

from simulate import locale
from simulate.answers.report import Report
from simulate.content import Document
from simulate.figures import currency_sign
from simulate.locale import text
from simulate.places import by_label
from simulate.scenario import Scenario
from simulate.writers.workbook import answer, assumptions, checks, draws, lines, percentiles, years
from simulate.writers.workbook.book import Book, Formula

__all__ = ["written"]


def written(document: Document, report: Report | None = None, scenario: Scenario | None = None) -> bytes:
    """An .xlsx file. report, scenario: of a case; None of anything else, which is one sheet of its sentences and tables."""
    costless = scenario is not None and not scenario.costs
    with locale.speaking(document.language), locale.worded("costless" if costless else ""), by_label():
        book = Book(document, currency_sign(scenario.money.currency) if scenario else "")
        if report is None or scenario is None:
            answer.of_anything(book.sheet(text("Answer")))
        else:
            _of_case(book, report, scenario)
        return book.finished()


def _of_case(book: Book, report: Report, scenario: Scenario) -> None:
    """Sheets in their order; filled from the assumptions on, to which all others lead back."""
    names = (text("Answer"), text("By year"), text("Lines"), text("Assumptions"), text("Percentiles"), text("Draws"), text("Checks"))  # fmt: skip
    first, by_year, posts, given, spread, drawn, checked = map(book.sheet, names)
    inputs = assumptions.fill(given, report, scenario)
    found = lines.fill(posts, report, scenario, inputs)
    whole = years.fill(by_year, report, scenario, found)
    percentiles.fill(spread, report, scenario)
    sampled = draws.fill(drawn, report, scenario)
    verdict = checks.fill(checked, whole, found, sampled, drawn, scenario)
    provenu = Formula(f"={by_year.far(whole.point.provenu, whole.total)}", report.case.point.provenu.total)
    answer.of_case(first, report, scenario, provenu, verdict)
