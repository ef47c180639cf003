"""The workbook checks itself: sums, the program's own numbers, the paper's, and what is not meant to add up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from simulate.answers.paper import Reported
from simulate.content import Sentence
from simulate.locale import text
from simulate.places import paper_figure
from simulate.reports import paper
from simulate.scenario import Scenario
from simulate.writers.workbook import years as by_years
from simulate.writers.workbook.book import Content, Formula, Sheet
from simulate.writers.workbook.draws import Sampled
from simulate.writers.workbook.lines import Lines
from simulate.writers.workbook.years import Years

HEADER = 4
KRONE = 0.5  # to the krone


@dataclass(frozen=True, slots=True)
class Check:
    """Two numbers that are held against each other. within: how far apart they may be; None: they are not meant to be the same."""

    what: str
    one: Content
    other: Content
    within: float | None = KRONE
    why: str = ""


def fill(sheet: Sheet, years: Years, lines: Lines, sampled: Sampled, draws: Sheet, scenario: Scenario) -> Formula:
    """Gives what the checks of the workbook itself found, for the first sheet."""
    sheet.said(0, text("Checks"), "title")
    sheet.said(1, text(
        "Formulas compare what must be the same. Where a yellow number is changed, the business case differs from the program's number, as it should."
    ))  # fmt: skip
    heads = [
        text("What is compared"),
        text("One"),
        text("The other"),
        text("Difference"),
        text("May differ by"),
        text("Finding"),
        text("Why"),
    ]
    sheet.heads(HEADER, heads)
    for column in (5, 6):
        sheet.put(HEADER, column, heads[column], "head", "indent")
    row = HEADER + 1
    groups = [
        (text("The business case by formula, and the program's number"), list(_against_program(years, lines))),
        (text("Sums"), list(_sums(years, sampled, draws))),
    ]
    for name, checks in groups:
        row = _group(sheet, row, name, checks)
    verdict = _verdict(sheet, (HEADER + 1, row - 1), all(_holds(one) for _, checks in groups for one in checks))
    if years.report.case.reported:
        row = _group(sheet, row, text("The paper's figures, and ours"), list(_paper(years, scenario)))
    _group(sheet, row, text("What is not meant to be the same"), list(_not_meant(years)))
    sheet.put(2, 0, text("All of the workbook's own checks:"), "bold")
    sheet.put(2, 1, verdict, "bold")
    sheet.most |= {0: 60, 6: 60}
    sheet.finish(len(heads), HEADER)
    place = sheet.far(2, 1)
    return Formula(f"={place}", verdict.value)


def _group(sheet: Sheet, row: int, name: str, checks: list[Check]) -> int:
    sheet.row(row, 0, [name, *[""] * 6], "group")
    for i, check in enumerate(checks, row + 1):
        _row(sheet, i, check)
    return row + len(checks) + 2


def _row(sheet: Sheet, row: int, check: Check) -> None:
    style = "kr" if check.within is None or check.within >= KRONE else "#,##0.00##"
    sheet.put(row, 0, check.what, "wrap")
    sheet.row(row, 1, [check.one, check.other], style, "top")
    less = f"=ROUND({sheet.at(row, 1)}-{sheet.at(row, 2)},{_decimals(check)})"
    sheet.put(row, 3, Formula(less, _apart(check)), style, "top")
    if check.within is None:
        sheet.put(row, 5, text("not meant to be the same"), "unit")
    else:
        sheet.put(row, 4, check.within, "#,##0.0###", "top")
        words = f'=IF(ABS({sheet.at(row, 3)})<={sheet.at(row, 4)},"{_ok()}","{_differs()}")'
        sheet.put(row, 5, Formula(words, _ok() if _holds(check) else _differs()), "unit", "bold")
    sheet.put(row, 6, check.why, "unit", "wrap")


def _decimals(check: Check) -> int:
    """Of a difference: what is left of less is rounding."""
    return 4 if check.within is None or check.within >= KRONE else 6


def _apart(check: Check) -> float:
    return round(_value(check.one) - _value(check.other), _decimals(check))


def _holds(check: Check) -> bool:
    return check.within is None or abs(_apart(check)) <= check.within


def _value(content: Content) -> float:
    found = content.value if isinstance(content, Formula) else content
    assert isinstance(found, float | int)
    return float(found)


def _ok() -> Sentence:
    return text("OK")  # as the translation below, it stands within quotes in formulas: there are none in it


def _differs() -> Sentence:
    return text("differs")


def _verdict(sheet: Sheet, rows: tuple[int, int], holds: bool) -> Formula:
    """Over the findings of some rows."""
    found = sheet.cells((rows[0], 5), (rows[1], 5))
    words = f'=IF(COUNTIF({found},"{_differs()}")=0,"{_ok()}","{_differs()}")'
    sheet.sheet.conditional_format(
        HEADER, 5, 10_000, 5,
        {"type": "cell", "criteria": "==", "value": f'"{_differs()}"', "format": sheet.book.format(("differs",))},
    )  # fmt: skip
    return Formula(words, _ok() if holds else _differs())


# What is compared -------------------------------------------------------------------------------------------------------


def _against_program(years: Years, lines: Lines) -> Iterator[Check]:
    at_point, column = years.report.case.point, years.total
    for name, one in at_point.lines.items():
        live = Formula(f"={lines.sheet.far(lines.totals[name], lines.total)}", one.total)
        yield Check(name, live, one.total)
    for i, value in enumerate(at_point.provenu.by_year):
        live = Formula(f"={years.sheet.far(years.point.provenu, by_years.FIRST + i)}", value)
        yield Check(text("Provenu {period}", period=years.report.scenario.periods[i]), live, value)
    yield Check(
        text("Provenu, total"),
        Formula(f"={years.sheet.far(years.point.provenu, column)}", at_point.provenu.total),
        at_point.provenu.total,
    )


def _sums(years: Years, sampled: Sampled, draws: Sheet) -> Iterator[Check]:
    yield from _of_point(years)
    yield from _of_expected(years)
    yield _of_draws(years, sampled, draws)


def _of_point(years: Years) -> Iterator[Check]:
    sheet, block, case = years.sheet, years.point, years.report.case.point
    rows = [[block.lines[name] for name in years.of(kind)] for kind in block.totals]
    column = years.total
    lines = "+".join(f"SUM({sheet.far_cells((own[0], column), (own[-1], column))})" for own in rows)
    own, total = Formula(f"={sheet.far(block.provenu, years.total)}", case.provenu.total), case.provenu.total
    yield Check(
        text("Business case: sum of all lines, and the provenu"),
        Formula(f"={lines}", sum(one.total for one in case.lines.values())),
        own,
    )
    last = Formula(f"={sheet.far(block.accumulated, years.total - 1)}", total)
    yield Check(text("Business case: accumulated through the last period, and the provenu"), last, own)


def _of_expected(years: Years) -> Iterator[Check]:
    sheet, block, budget = years.sheet, years.expected, years.report.case.budget
    for kind, row in block.totals.items():
        whole = next(whole for one, _, whole in paper.totals(budget) if one == kind)
        own = [block.lines[name] for name in years.of(kind)]
        value = sum(budget.lines[name].total.value for name in years.of(kind))
        words = f"=SUM({sheet.far_cells((own[0], years.total), (own[-1], years.total))})"
        said = {
            "costs": text("Expected: sum of the costs, and costs in total"),
            "savings": text("Expected: sum of the savings, and savings in total"),
            "person_years": text("Expected: sum of the amounts for each person-year, and these in total"),
        }
        yield Check(said[kind], Formula(words, value), Formula(f"={sheet.far(row, years.total)}", whole.total.value))
    both = "+".join(sheet.far(row, years.total) for row in block.totals.values())
    total = Formula(f"={sheet.far(block.provenu, years.total)}", budget.provenu.total.value)
    value = sum(whole.total.value for _, _, whole in paper.totals(budget))
    said_of = (
        text("Expected: costs, savings and amounts for each person-year, and the provenu")
        if "person_years" in block.totals
        else text("Expected: costs and savings, and the provenu")
    )
    yield Check(said_of, Formula(f"={both}", value), total)
    periods = sheet.far_cells((block.provenu, by_years.FIRST), (block.provenu, years.total - 1))
    value = sum(one.value for one in budget.provenu.by_year)
    yield Check(text("Expected: sum of the periods, and the provenu"), Formula(f"=SUM({periods})", value), total)
    running = list(accumulate(one.value for one in budget.provenu.by_year))
    for i, (name, one) in enumerate(zip(years.report.scenario.periods, budget.accumulated, strict=True)):
        first, last = (block.provenu, by_years.FIRST), (block.provenu, by_years.FIRST + i)
        yield Check(
            text("Expected: running sum through {period}, and accumulated", period=name),
            Formula(f"=SUM({sheet.far_cells(first, last)})", running[i]),
            Formula(f"={sheet.far(block.accumulated, by_years.FIRST + i)}", one.value),
        )


def _of_draws(years: Years, sampled: Sampled, draws: Sheet) -> Check:
    """Over all draws that are shown."""
    sample = years.report.sample
    first, last = sampled.first, sampled.last
    periods = draws.far_cells((first, sampled.periods[0]), (last, sampled.periods[1]))
    total = draws.far_cells((first, sampled.provenu), (last, sampled.provenu))
    return Check(
        text("Draws: sum of all periods, and of the provenu"),
        Formula(f"=SUM({periods})", sum(map(sum, sample.by_year))),
        Formula(f"=SUM({total})", sum(sample.provenu)),
    )


def _paper(years: Years, scenario: Scenario) -> Iterator[Check]:
    rows = zip(years.report.case.reported, years.report.arithmetic.within, strict=True)
    for row, within in rows:
        when = str(row.year) if row.year is not None else text("total")
        yield Check(f"{paper_figure(row.what, scenario)}, {when}", _ours(years, row), row.value, within, row.source)


def _ours(years: Years, row: Reported) -> Content:
    """Our figure: live where it is a sum of the business case's, else the program's own."""
    if years.report.case.point.as_planned is not None:  # the paper's figures are of the plan, and the sheet is not
        return row.ours
    kind, _, name = row.what.partition(":")
    block, sign = years.point, ""
    if row.what == "provenu":
        place = block.provenu
    elif row.what in ("costs", "savings"):
        known = {"costs": block.totals.get("costs"), "savings": block.totals.get("savings")}[row.what]
        if known is None:
            return row.ours
        place, sign = known, "-" if row.what == "costs" else ""
    elif kind == "line" and name in block.lines:
        place, sign = block.lines[name], "-" if name in years.of("costs") else ""
    else:
        return row.ours
    columns = _columns(years, row.year)
    return Formula(f"={sign}SUM({years.sheet.far_cells((place, columns[0]), (place, columns[-1]))})", row.ours)


def _columns(years: Years, year: int | None) -> list[int]:
    """Of the periods of a year, or of all."""
    first, of = years.report.scenario.first_year, years.report.arithmetic.years
    return [by_years.FIRST + i for i, one in enumerate(of) if year is None or one == year - first]


def _not_meant(years: Years) -> Iterator[Check]:
    run, sheet = years.report.case, years.sheet
    yield Check(
        text("Provenu with every assumption at its mean, and the expected provenu"),
        run.bridge.at_means,
        Formula(f"={sheet.far(years.expected.provenu, years.total)}", run.budget.provenu.total.value),
        None,
        text(
            "The mean of a product is not the product of the means, so expected kroner cannot be worked out of expected person-years and prices."
        ),
    )
    for p, (row, _) in years.bands.items():
        if p == 50:
            continue
        bands = run.provenu.by_year.bands[p]
        total = (
            run.provenu.percentiles_without_luck if run.provenu.by_year.percentiles is None else run.provenu.percentiles
        )
        assert total is not None
        yield Check(
            text("P{p}: sum of the periods, and of the total", p=p),
            Formula(
                f"=SUM({sheet.far_cells((row, by_years.FIRST), (row, years.total - 1))})",
                sum(one.value for one in bands),
            ),
            Formula(f"={sheet.far(row, years.total)}", total[p].value),
            None,
            text("Percentiles do not add up: a bad year does not come with every other bad year."),
        )
