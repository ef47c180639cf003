"""The arithmetic of every line: from person-years, prices, shares and numbers to kroner, in formulas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from simulate.answers.arithmetic import ForPersonYears, Given, Outright, Term
from simulate.answers.report import Report
from simulate.figures import currency_sign
from simulate.locale import text
from simulate.scenario import Scenario
from simulate.writers.workbook.assumptions import Inputs
from simulate.writers.workbook.book import DUST, Content, Formula, Sheet
from simulate.writers.workbook.numbers import of_usage, share

FIRST = 2  # column of the first period
HEADER = 3
EXACT = 12  # decimals of person-years: what is left of less is rounding


@dataclass
class Lines:
    """The sheet as it is filled. totals: line of the budget → its row."""

    sheet: Sheet
    report: Report
    inputs: Inputs
    currency: str
    next: int = HEADER + 1
    totals: dict[str, int] = field(default_factory=dict)

    @property
    def periods(self) -> int:
        return len(self.report.scenario.periods)

    @property
    def total(self) -> int:
        """The column of totals."""
        return FIRST + self.periods

    # Rows ----------------------------------------------------------------------------------------------------------------

    def begin(self, name: str, unit: str, *marks: str) -> int:
        row = self.next
        self.sheet.put(row, 0, name, *marks)
        self.sheet.put(row, 1, unit, "unit")
        self.sheet.details.add(row)
        self.next += 1
        return row

    def values(self, name: str, unit: str, values: Sequence[float], *marks: str, summed: bool = False) -> int:
        row = self.begin(name, unit, "indent", "wrap")
        self.sheet.row(row, FIRST, list[Content](values), *marks)
        if summed:
            self.sum(row, sum(values), *(mark for mark in marks if mark not in ("input", "model")))
        return row

    def formulas(
        self, name: str, unit: str, values: Sequence[float], words: Callable[[int], str], *marks: str, summed: bool
    ) -> int:
        """words: of each column."""
        row = self.begin(name, unit, "indent", "wrap")
        for column, value in enumerate(values, FIRST):
            self.sheet.put(row, column, Formula(words(column), value), *marks)
        if summed:
            self.sum(row, sum(values), *marks)
        return row

    def sum(self, row: int, value: float, *marks: str) -> None:
        own = self.sheet.cells((row, FIRST), (row, self.total - 1))
        self.sheet.put(row, self.total, Formula(f"=SUM({own})", value), *marks)

    def given(self, name: str, unit: str, one: Given, mark: str) -> int:
        """A number of the file: where an assumption stands, its cell, or what is reckoned from such cells; else a cell to change, which later periods follow as long as it is the same."""
        row, years = self.begin(name, unit, "indent", "wrap"), self.report.arithmetic.years
        for period, year in enumerate(years):
            column, value = FIRST + period, one.values[year]
            place = self.inputs.of(one, year)
            before = years[period - 1] if period else year
            stands, stood = ((one.assumptions[at], one.formulas[at]) for at in (year, before))
            follows = period > 0 and value == one.values[before] and stands == stood
            if place is not None:
                self.sheet.put(row, column, Formula(f"={place}", value), mark)
            elif follows:
                self.sheet.put(row, column, Formula(f"={self.sheet.at(row, column - 1)}", value), mark)
            else:
                self.sheet.put(row, column, value, mark, "model" if any(stands) else "input")
        return row

    def by_period(self, one: Given) -> list[float]:
        return [one.values[year] for year in self.report.arithmetic.years]

    def cell(self, row: int, column: int) -> str:
        return self.sheet.at(row, column)


def fill(sheet: Sheet, report: Report, scenario: Scenario, inputs: Inputs) -> Lines:
    found = Lines(sheet, report, inputs, currency_sign(scenario.money.currency))
    sheet.said(0, text("Lines of the budget: how the business case's kroner come about"), "title")
    sheet.said(1, text(
        "Every amount is a formula. A state's saving is fewer person-years x months x price x the municipality's share x price index; what is stated"
        " outright is number x amount a year x part of the year x price index. States without a price are left out."
    ))  # fmt: skip
    if report.arithmetic.for_person_years:
        sheet.said(2, text("An amount for each person-year is more person-years x amount x price index, of the year in which it comes."))  # fmt: skip
    heads = [text("Line"), text("Unit"), *report.scenario.periods, text("Total")]
    sheet.heads(HEADER, heads, 2)
    common = _common(found)
    for name in report.case.point.lines:
        _line(found, name, common)
    sheet.most |= {0: 52}
    sheet.finish(found.total + 1, HEADER, FIRST, found.periods + 1)
    return found


@dataclass(frozen=True, slots=True)
class Common:
    """Rows that every line uses. years: since the first; parts: of a year; months: the cell of a year's."""

    index: int
    years: int
    parts: int
    months: str


def _common(found: Lines) -> Common:
    """What all lines have in common."""
    arithmetic, first = found.report.arithmetic, found.report.scenario.first_year
    _head(found, text("In common"))
    rate = found.given(
        text("Indexation a year"), text("share"), arithmetic.indexation, share(*arithmetic.indexation.values)
    )
    year = found.values(text("Years since {year}", year=first), "", [float(one) for one in arithmetic.years], "whole")
    rates = found.by_period(arithmetic.indexation)
    index = [(1 + rate) ** year for rate, year in zip(rates, arithmetic.years, strict=True)]
    row = found.formulas(
        text("Price index"), "", index,
        lambda column: f"=(1+{found.cell(rate, column)})^{found.cell(year, column)}", "index", summed=False,
    )  # fmt: skip
    parts = found.values(text("Part of a year's amount in the period"), "", arithmetic.parts, "index", "model")
    months = found.begin(text("Months of a year"), text("months"), "indent", "wrap")
    found.sheet.put(months, FIRST, float(arithmetic.months), "whole")
    place = found.sheet.far(months, FIRST)
    found.sheet.book.name(text("Months"), place)
    return Common(row, year, parts, place.rpartition("!")[2])


def _head(found: Lines, name: str) -> None:
    """A part of the sheet begins."""
    found.sheet.row(found.next, 0, [name, *[""] * (found.periods + 2)], "group")
    found.next += 1


def _line(found: Lines, name: str, common: Common) -> None:
    arithmetic, at_point = found.report.arithmetic, found.report.case.point
    _head(found, name)
    rows = [_term(found, term, common) for term in arithmetic.terms if term.line == name and _costs(term)]
    rows += [_for_person_years(found, one, common) for one in arithmetic.for_person_years if one.line == name]
    rows += [_outright(found, line, common) for line in arithmetic.outright if line.line == name]
    row = found.next
    found.sheet.put(row, 0, text("{line}, total", line=name), "total", "wrap")
    found.sheet.put(row, 1, found.currency, "total", "unit")
    for column, value in enumerate(at_point.lines[name].by_year, FIRST):
        words = "=" + ("+".join(found.cell(one, column) for one in rows) or "0")
        found.sheet.put(row, column, Formula(words, value), "kr", "total")
    found.sum(row, at_point.lines[name].total, "kr", "total")
    found.totals[name] = row
    found.next += 2


def _costs(term: Term) -> bool:
    """Whether anybody pays for that state."""
    price = term.monthly or term.yearly
    return price is not None and any([*price.values, *price.assumptions, *price.formulas])


def _term(found: Lines, term: Term, common: Common) -> int:
    """Gives the row of what is saved."""
    years, unit = found.report.case.point.person_years[term.role][term.state], text("person-years")
    baseline, programme = term.baseline or years.baseline, term.programme or years.programme
    found.begin(f"{term.role}: {term.state}{_weeks(term)}", "", "italic")
    saved_years = [a - b for a, b in zip(baseline, programme, strict=True)]
    shown = _decimals([*baseline, *programme, *saved_years])
    without = found.values(text("Person-years without the programme"), unit, baseline, shown, "model", summed=True)
    within = found.values(text("Person-years with the programme"), unit, programme, shown, "model", summed=True)
    less = found.formulas(
        text("Fewer person-years"), unit, saved_years,
        lambda column: f"=ROUND({found.cell(without, column)}-{found.cell(within, column)},{EXACT})", shown, summed=True,
    )  # fmt: skip
    price, part, index = _price(found, term, common), _share(found, term), _index(found, term, common)

    def saved(column: int) -> str:
        factors = [common.months, *(found.cell(row, column) for row in (price, part, index))]
        return f"={found.cell(less, column)}*" + "*".join(factors)

    return found.formulas(text("Saved"), found.currency, term.amounts, saved, "kr", "bold", summed=True)


def _weeks(term: Term) -> str:
    """Of the step of the refund, behind the state's name."""
    if term.weeks is None:
        return ""
    first, last = f"{term.weeks.more_than:g}", "" if term.weeks.at_most is None else f"{term.weeks.at_most:g}"
    if not last:
        return text(", more than {first} weeks on benefit", first=first)
    return text(", more than {first} and at most {last} weeks on benefit", first=first, last=last)


def _price(found: Lines, term: Term, common: Common) -> int:
    """The row of the price a month."""
    if term.monthly is not None:
        return found.given(text("Price a month"), found.currency, term.monthly, _money(term.monthly))
    assert term.yearly is not None
    yearly = found.given(text("Price a year"), found.currency, term.yearly, _money(term.yearly))
    values = [value / found.report.arithmetic.months for value in found.by_period(term.yearly)]
    return found.formulas(
        text("Price a month"), found.currency, values,
        lambda column: f"={found.cell(yearly, column)}/{common.months}", of_usage("money", *values), summed=False,
    )  # fmt: skip


def _share(found: Lines, term: Term) -> int:
    """The row of the municipality's share."""
    refusion = found.given(text("The state's refusion"), text("share"), term.refusion, share(*term.refusion.values))
    values, parts = [1 - value for value in found.by_period(term.refusion)], [refusion]
    for payer, one in term.shares.items():
        parts.append(found.given(text("The share of {payer}", payer=payer), text("share"), one, share(*one.values)))
        values = [value - own for value, own in zip(values, found.by_period(one), strict=True)]

    def left(column: int) -> str:
        return "=1" + "".join(f"-{found.cell(row, column)}" for row in parts)

    return found.formulas(text("The municipality's share"), text("share"), values, left, share(*values), summed=False)


def _for_person_years(found: Lines, one: ForPersonYears, common: Common) -> int:
    """Gives the row of its amount."""
    years, unit = found.report.case.point.person_years[one.role][one.state], text("person-years")
    found.begin(f"{one.role}: {one.state}", "", "italic")
    more = [a - b for a, b in zip(years.programme, years.baseline, strict=True)]
    shown = _decimals([*years.baseline, *years.programme, *more])
    within = found.values(text("Person-years with the programme"), unit, years.programme, shown, "model", summed=True)
    without = found.values(
        text("Person-years without the programme"), unit, years.baseline, shown, "model", summed=True
    )
    counted = found.formulas(
        text("More person-years"), unit, more,
        lambda column: f"=ROUND({found.cell(within, column)}-{found.cell(without, column)},{EXACT})", shown, summed=True,
    )  # fmt: skip
    if one.lag:
        earlier = [0.0] * min(one.lag, len(more)) + more[: max(len(more) - one.lag, 0)]
        before, counted = counted, found.next

        def late(column: int) -> str:
            return f"={found.cell(before, column - one.lag)}" if column - one.lag >= FIRST else "=0"

        found.formulas(text("More person-years, when their amount comes"), unit, earlier, late, shown, summed=True)
    yearly = found.given(text("Amount for a person-year"), found.currency, one.yearly, _money(one.yearly))

    def amount(column: int) -> str:
        return "=" + "*".join(found.cell(row, column) for row in (counted, yearly, common.index))

    return found.formulas(text("Brought"), found.currency, one.amounts, amount, "kr", "bold", summed=True)


def _outright(found: Lines, line: Outright, common: Common) -> int:
    """Gives the row of its amount."""
    number = found.given(text("Number"), text("number"), line.number, of_usage("count", *line.number.values))
    yearly = found.given(text("Amount a year, of each"), found.currency, line.yearly, _money(line.yearly))
    times, index = common.parts, _index(found, line, common)
    if line.families is not None:
        who = text("Families that enter") if line.counts == "entering" else text("Families that are there or enter")
        times = found.values(who, text("families"), line.families, _decimals(line.families), "model", summed=True)
    elif line.parts is not None:
        times = found.values(text("Part of the amount that is paid in the period"), "", line.parts, "index", "model")
    sign, name = ("-", text("Cost")) if line.kind == "costs" else ("", text("Saved"))
    factors = [number, yearly, times]
    if line.places is not None:
        factors.append(found.given(text("Places"), text("number"), line.places, of_usage("count", *line.places.values)))
    if line.paid is not None:
        said = text("Paid as the programme is carried out, before indexation")
        factors = [found.values(said, found.currency, line.paid, "kr", "model", summed=True)]

    def amount(column: int) -> str:
        return f"={sign}" + "*".join(found.cell(row, column) for row in (*factors, index))

    values = found.report.case.point.lines[line.line].by_year
    return found.formulas(name, found.currency, values, amount, "kr", "bold", summed=True)


def _index(found: Lines, of: Term | Outright, common: Common) -> int:
    """The row of what its prices have come to: that of all, where they say nothing of their own."""
    if of.indexation is None and of.level is None:
        return common.index
    years = found.report.arithmetic.years
    rates, rate = found.by_period(of.indexation or found.report.arithmetic.indexation), None
    if of.indexation is not None:
        rate = found.given(text("Indexation a year"), text("share"), of.indexation, share(*of.indexation.values))
    moved, level = 1.0, ""
    if of.level is not None:
        moved, level = of.level.of_wanted / of.level.of_own, f"*{of.level.of_wanted!r}/{of.level.of_own!r}"
    values = [(1 + one) ** year * moved for one, year in zip(rates, years, strict=True)]

    def words(column: int) -> str:
        own = found.cell(common.index, column)
        if rate is not None:
            own = f"(1+{found.cell(rate, column)})^{found.cell(common.years, column)}"
        return f"={own}{level}"

    return found.formulas(_index_name(of), "", values, words, "index", summed=False)


def _index_name(of: Term | Outright) -> str:
    if of.level is None:
        return text("Price index of its own")
    return text("Price index, from the prices of {own} to those of {wanted}", own=of.level.own, wanted=of.level.wanted)


def _decimals(values: Sequence[float]) -> str:
    """Of numbers of people: two decimals, and more where one would show nothing."""
    is_small = any(DUST < abs(value) < 0.005 for value in values)
    return "#,##0.0000" if is_small else "#,##0.00"


def _money(one: Given) -> str:
    return of_usage("money", *one.values)
