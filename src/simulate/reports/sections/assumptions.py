"""Every assumption: its value, how uncertain it is, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.check import Assumption
from simulate.answers.report import Report
from simulate.content import Cell, Part, Row, Sentence, Sketch, Table, joined, row
from simulate.locale import text
from simulate.places import formula_of, label_of
from simulate.reports import assumptions
from simulate.reports.quantities import typed
from simulate.reports.report import heading
from simulate.scenario import Scenario


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    yield heading(text("The assumptions"))
    if not report.assumptions:
        return
    heads = [
        text("Assumption"),
        text("Value"),
        text("Mean"),
        "P5",
        "P95",
        text("Distribution"),
        text("Source and note"),
    ]
    rows = [_row(one, heads, scenario) for one in report.assumptions]
    yield Table(heads, rows, currency=scenario.money.currency)
    if any(one.distribution for one in report.assumptions):
        yield text("P5 and P95: in 5 and in 95 of 100 courses the assumption is lower.")
    if any(one.distribution and one.distribution.factor for one in report.assumptions):
        yield text(
            "Where the value is a list by year, its distribution is that of a factor on all of it, ×1 being the list as it stands."
        )


def _row(one: Assumption, heads: list[Sentence | str], scenario: Scenario) -> Row:
    currency = scenario.money.currency
    value = typed(assumptions.value_of(one, one.value, currency), one.value, one.usage, str(heads[1]), one.unit)
    return row(label_of(one.name, scenario), value, *_spread(one, currency), _says(one, scenario))


def _spread(one: Assumption, currency: str) -> list[Cell]:
    """Mean, P5, P95 and a small picture; nothing of what is taken as known."""
    found = one.distribution
    if found is None:
        return [None, None, None, text("calculated") if one.formula is not None else text("taken as known")]
    about = [found.mean, found.percentiles[5], found.percentiles[95], found.histogram.low, found.histogram.high]
    usage = "number" if found.factor else one.usage
    said = assumptions.figures_of(one, found, about, currency)
    ends = [Sentence(words, (value,)) for words, value in zip(said, about, strict=True)]
    cells = [
        typed(words, value, usage, title)
        for words, value, title in zip(ends, about, (text("Mean"), "P5", "P95"), strict=False)
    ]
    return [*cells, Sketch(tuple(found.histogram.shares), text("{low} to {high}", low=ends[3], high=ends[4]))]


def _says(one: Assumption, scenario: Scenario) -> str:
    """The file's own words, and what is to be known of it."""
    given = scenario.assumptions[one.name]
    own = [f"{said.rstrip('.')}." for said in (given.source, given.note) if said]
    if one.formula is not None:
        own.insert(0, text("Calculated: {formula}.", formula=formula_of(one.formula, scenario)))
    return joined([*own, *assumptions.notes(one, scenario.money.currency)])
