"""What has changed since the case was reported, and what each change does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from simulate.answers.report import Report
from simulate.answers.since import Change, Changed, Counting, Since, Standing
from simulate.content import Figure, Part, Row, Sentence, Table, row, total
from simulate.figures import number, of_100, plain, short
from simulate.locale import text
from simulate.reports.quantities import exact
from simulate.reports.report import heading
from simulate.reports.words import figure, name_of
from simulate.scenario import Scenario
from simulate.scenario.numbers import Usage

PERCENTILE = re.compile(r"p(\d+)(?:_(\d+))?")
YEARS = {"first_year", "price_level", "once", "from", "to"}  # of the calendar: written without a mark of thousands


def lines(report: Report, scenario: Scenario) -> Iterator[Part]:
    found = report.since
    if found is None:
        return
    currency = scenario.money.currency
    yield heading(text("What has changed since"))
    if found.unreadable:
        yield text(
            "What was told then cannot be read by this version of the program; it is counted again here from its file."
        )
    if not found.changes:
        yield text("No number has changed since {file}.", file=found.file)
    if found.changes or found.reported is not None:
        yield _in_all(found, currency)
    if found.counting:
        yield text(
            "The report of then was counted in another way: {differences}.", differences=_differences(found.counting)
        )
    if found.changes:
        yield _table(found, currency)
        yield text("What a change does depends on those before it: in another order, each would have another share.")
    elif found.reported is not None:
        yield Table(
            ["", text("Breaks even"), text("Expected")], list(_then_and_now(found, found.reported)), currency=currency
        )


def _in_all(found: Since, currency: str) -> Sentence:
    before, after = found.reported or found.before, found.now
    return text(
        "Since {file}, the chance of break-even has gone from {before} to {after} of 100 courses, and the expected provenu from {mean_before} to {mean_after}.",
        file=found.file, before=of_100(before.probability.value), after=of_100(after.probability.value),
        mean_before=short(before.provenu.value, currency, before.provenu.error), mean_after=short(after.provenu.value, currency, after.provenu.error),
    )  # fmt: skip


def _differences(counting: Sequence[Counting]) -> Sentence:
    return Sentence("; ").join(_counted(one) for one in counting)


def _counted(one: Counting) -> Sentence:
    if one.what == "counterfactual":
        before, after = name_of(str(one.before)), name_of(str(one.after))
        return text("life without the programme {before}, and here {after}", before=before, after=after)
    if one.what == "engine":
        return text("with the engine {before}, and here with {after}", before=one.before, after=one.after)
    before, after = (number(float(value)) for value in (one.before, one.after))
    if one.what == "draws":
        return text("with {before} courses, and here with {after}", before=before, after=after)
    return text("with the seed {before}, and here with {after}", before=one.before, after=one.after)


def _table(found: Since, currency: str) -> Table:
    return Table(
        [text("Changed, one after the other"), text("Before"), text("Now"), text("Breaks even"), text("Expected"), text("Change")],
        list(_rows(found, currency)),
        currency=currency,
        title=text("Each change with those above it, on the same draws"),
    )  # fmt: skip


def _then_and_now(found: Since, reported: Standing) -> Iterator[Row]:
    yield row(text("As it was reported"), *_standing(reported))
    yield total(text("Now"), *_standing(found.now))


def _rows(found: Since, currency: str) -> Iterator[Row]:
    if found.reported is not None:
        yield row(text("As it was reported"), None, None, *_standing(found.reported), None)
    yield row(text("The same, counted as in this report"), None, None, *_standing(found.before), None)
    for change in found.changes:
        yield from _change(change, currency)
    yield total(text("Now"), None, None, *_standing(found.now), None)


def _change(change: Change, currency: str) -> Iterator[Row]:
    """A row for each number; what they do together beside the last."""
    *others, last = change.numbers
    for one in others:
        yield row(*_number(one, currency), None, None, None)
    yield row(*_number(last, currency), *_standing(change.after), figure(change.difference))


def _number(one: Changed, currency: str) -> tuple[str, Sentence | str | None, Sentence | str | None]:
    called = key(one.key)
    name = text("{name}: {key}", name=one.name, key=called) if one.name and one.key else one.name or called
    return name, value(one.before, one, currency), value(one.after, one, currency)


def value(given: float | list[float] | str | None, of: Changed, currency: str) -> Sentence | str | None:
    """In its unit; a list item by item."""
    if isinstance(given, list):
        return Sentence("; ").join(_figure(one, of.usage or "number", currency) for one in given)
    if isinstance(given, float):
        return str(int(given)) if of.key in YEARS else _figure(given, of.usage or "number", currency)
    return {"true": text("yes"), "false": text("no")}.get(given, given) if given is not None else None


def _figure(one: float, usage: Usage, currency: str) -> Sentence:
    return exact(one, usage, currency) if usage in ("share", "money") else plain(one)


def key(name: str) -> str:
    """A key of the file in words; as it stands, where there are none for it."""
    percentile = PERCENTILE.fullmatch(name)
    if percentile is not None:
        return f"P{'.'.join(part for part in percentile.groups() if part)}"
    return _words().get(name, name)


def _words() -> dict[str, Sentence]:
    return {
        "value": text("the value"),
        "low": text("the lowest"),
        "mode": text("the most likely"),
        "high": text("the highest"),
        "mean": text("the mean"),
        "sd": text("the standard deviation"),
        "kind": text("the kind of uncertainty"),
        "held": text("held at"),
        "minimum": text("the paper's minimum"),
        "maximum": text("the paper's maximum"),
        "scale": text("multiplied by"),
        "each_year": text("a value of its own every year"),
        "persistence": text("persistence from year to year"),
        "rank": text("the rank correlation"),
        "number": text("number"),
        "yearly": text("a year"),
        "quarterly": text("a quarter"),
        "monthly": text("a month"),
        "chance": text("the chance"),
        "after_months": text("after so many months"),
        "baseline": text("without the programme"),
        "programme": text("with the programme"),
        "plus": text("what the programme adds"),
        "minus": text("what the programme takes off"),
        "times": text("what the programme multiplies it by"),
        "hazard_ratio": text("the hazard ratio"),
        "climate": text("the climate"),
        "refusion": text("the state's refund"),
        "weeks": text("lengths of the refund's steps, in weeks"),
        "share": text("the refund of each step"),
        "self_support": text("restarts the clock of weeks on benefit"),
        "weeks_on_benefit": text("weeks on benefit at the start"),
        "role": text("the role"),
        "state": text("the state it is in"),
        "lag_years": text("years later"),
        "area": text("the area"),
        "line": text("the line"),
        "cashable": text("can be cashed"),
        "per_family": text("for each family"),
        "counts": text("which families are counted"),
        "once": text("paid once, in"),
        "from": text("from"),
        "to": text("to"),
        "last_holds": text("the last number holds on"),
        "enter": text("families a year"),
        "present": text("families from the start"),
        "effect_lasts_months": text("months that the effect lasts"),
        "begins_after_months": text("months after entry at which the effect begins"),
        "ends_after_months": text("months after entry at which the effect ends"),
        "half_life_months": text("months in which the effect halves"),
        "months": text("months"),
        "weight": text("the weight of the effect in the first months"),
        "years": text("years of the horizon"),
        "first_year": text("the first year"),
        "price_level": text("the year of the prices"),
        "discount_rate": text("the discount rate"),
        "indexation": text("the indexation"),
    }


def _standing(one: Standing) -> tuple[Figure, Figure]:
    return figure(one.probability, "share"), figure(one.provenu)
