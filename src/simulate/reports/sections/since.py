"""What changed since the case was reported, and what each change does."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.report import Report
from simulate.answers.since import Change, Since, Standing
from simulate.content import Figure, Part, Row, Sentence, Table, row, total
from simulate.figures import of_100, short
from simulate.locale import text
from simulate.places import place
from simulate.reports.report import heading
from simulate.reports.words import figure
from simulate.scenario import Scenario


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    found = report.since
    if found is None:
        return
    yield heading(text("What has changed since"))
    if not found.changes:
        yield text("No number has changed since {file}.", file=found.file)
        return
    yield _in_all(found, scenario.money.currency)
    yield Table(
        [text("Changed, one after the other"), text("Before"), text("Now"), text("Breaks even"), text("Expected"), text("Change")],
        list(_rows(found, scenario)),
        currency=scenario.money.currency,
        title=text("Each change with those above it, on the same draws"),
    )  # fmt: skip
    yield text("What a change does depends on those before it: in another order, each would have another share.")


def _in_all(found: Since, currency: str) -> Sentence:
    before, after = found.reported or found.before, found.changes[-1].after
    return text(
        "Since {file}, the chance of break-even has gone from {before} to {after} of 100 courses, and the expected provenu from {mean_before} to {mean_after}.",
        file=found.file, before=of_100(before.probability.value), after=of_100(after.probability.value),
        mean_before=short(before.provenu.value, currency, before.provenu.error), mean_after=short(after.provenu.value, currency, after.provenu.error),
    )  # fmt: skip


def _rows(found: Since, scenario: Scenario) -> Iterator[Row]:
    if found.reported is not None:
        yield row(text("As it was reported"), None, None, *_standing(found.reported), None)
    yield row(text("The same, with the draws of this report"), None, None, *_standing(found.before), None)
    for change in found.changes:
        yield from _change(change, scenario)
    last = found.changes[-1].after
    yield total(text("Now"), None, None, *_standing(last), None)


def _change(change: Change, scenario: Scenario) -> Iterator[Row]:
    """A row for each number; what they do together beside the last."""
    *others, last = change.numbers
    for one in others:
        yield row(place(one.path, scenario), _value(one.before), _value(one.after), None, None, None)
    yield row(
        place(last.path, scenario),
        _value(last.before),
        _value(last.after),
        *_standing(change.after),
        figure(change.difference),
    )


def _value(one: float | str | None) -> Figure | str | None:
    return Figure(one, "number") if isinstance(one, float) else one


def _standing(one: Standing) -> tuple[Figure, Figure]:
    return figure(one.probability, "share"), figure(one.provenu)
