"""What the assumptions that decide most must be for the chance to be as high as wanted."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.report import Report
from simulate.answers.threshold import Level, Threshold
from simulate.content import BREAK, Cell, Part, Row, Sentence, Table, joined, row
from simulate.figures import chance as shown
from simulate.locale import text
from simulate.places import label_of
from simulate.reports.quantities import exact, typed
from simulate.reports.report import by_drawn_lives, heading
from simulate.reports.threshold import Words, per_hundred
from simulate.scenario import Scenario


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    yield heading(text("What it takes"))
    found = report.thresholds
    if not found:
        return
    for one in found:
        words = Words(one, scenario)
        yield joined([words.threshold(one.thresholds[0]), *_likely(one.thresholds[0])])
        yield from words.clipped()
    yield from by_drawn_lives(report)
    yield BREAK
    heads = [
        text("Assumption"),
        text("Assumed"),
        *(text("{n} of 100", n=per_hundred(one.probability)) for one in found[0].thresholds),
    ]
    title = text(
        "What one assumption must be for the case to break even in so many of 100 courses, the others as they are:"
    )
    yield Table(heads, [_row(one, scenario, heads) for one in found], currency=scenario.money.currency, title=title)
    yield text(
        "The table does not say that an assumption can be chosen: it tells how far what would do is from what is assumed."
    )


def _likely(level: Level) -> Iterator[Sentence]:
    """By its own distribution."""
    chance = level.assumed_probability
    if chance is not None and level.crossing is not None:
        yield text("As it is assumed, the chance of that is {chance}.", chance=shown(chance))


def _row(found: Threshold, scenario: Scenario, heads: list[Sentence]) -> Row:
    words, currency = Words(found, scenario), scenario.money.currency
    title = str(heads[1])
    assumed = typed(exact(found.assumed, found.usage, currency), found.assumed, found.usage, title, found.unit)
    cells: list[Cell] = [words.cell(one, head) for one, head in zip(found.thresholds, heads[2:], strict=True)]
    return row(label_of(found.assumption or "", scenario), assumed, *cells)
