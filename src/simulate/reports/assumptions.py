"""What each assumption of a scenario says of itself, and how each number of the file was read: `simulate check --show`, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulate.answers.check import Assumption, Calculation, Distribution, Effect, File, Number, Weight
from simulate.content import Part, Row, Sentence, Table, joined, row
from simulate.figures import curve, percent, sparkline
from simulate.locale import later, text
from simulate.reports.quantities import exact, together

KINDS = {
    "beta": later("beta distribution"),
    "pert": later("PERT distribution"),
    "triangular": later("triangular distribution"),
    "uniform": later("uniform distribution"),
    "normal": later("normal distribution"),
    "lognormal": later("lognormal distribution"),
    "gamma": later("gamma distribution"),
    "quantiles": later("distribution by its quantiles"),
    "choices": later("one of several values"),
    "calculated": later("calculated"),
}
"""Kinds of distributions as people call them; in the file they have their own words."""
INDENT = "    "  # of what is said of an assumption


def lines(file: File) -> Iterator[Part]:
    """In words, and a list of the numbers."""
    currency = file.currency or ""
    if file.assumptions:
        yield text("Assumptions (value; mean; P5, P50, P95):")
    for one in file.assumptions or []:
        title = f" · {one.label}" if one.label else ""
        yield Sentence(f"  {one.name}{title}")
        yield from (INDENT + said for said in _told(one, currency))
    if file.calculations:
        yield text("Calculations where they stand (at the assumptions' values; mean; P5, P50, P95 in the first year):")
    for calculation in file.calculations or []:
        yield Sentence(f"  {calculation.path} = {calculation.formula}")
        yield from (INDENT + said for said in _reckoned(calculation, currency))
    if file.effects:
        yield text("Effects that change with the time since entry (how much of the effect counts):")
    for effect in file.effects or []:
        yield Sentence(f"  {effect.path} · {effect.origin} → {effect.to}")
        yield Sentence(INDENT) + _changing(effect)
        yield text("{indent}{curve}   (from entry to the end of the horizon)", indent=INDENT, curve=curve(effect.curve))
    yield text("How each number was read:")
    yield Table((), [_reading(one) for one in file.numbers or []])


def _told(one: Assumption, currency: str) -> Iterator[Sentence]:
    found, value = one.distribution, value_of(one, one.value, currency)
    if one.formula is not None:
        yield text("calculated: {formula}", formula=one.formula)
    if found is None and one.formula is not None:
        yield value
        return
    if found is None:
        yield text("{value}, taken as known", value=value)
        return
    yield from _spread(value, found, figures_of(one, found, _about(found), currency))
    yield from notes(one, currency)
    if found.mean_differs:
        yield text("note: the mean differs from the value by more than a tenth of the sd")


def _about(found: Distribution) -> list[float]:
    p, histogram = found.percentiles, found.histogram
    return [found.mean, p[5], p[50], p[95], histogram.low, histogram.high]


def _spread(value: Sentence, found: Distribution, about: Sequence[Sentence]) -> Iterator[Sentence]:
    mean, p5, p50, p95, low, high = about
    yield text(
        "{value}; {mean}; {p5}, {p50}, {p95}   ({kind})",
        value=value, mean=mean, p5=p5, p50=p50, p95=p95, kind=kind_of(found),
    )  # fmt: skip
    yield joined([low, sparkline(found.histogram.shares), high])


def _reckoned(one: Calculation, currency: str) -> Iterator[Sentence]:
    """Of a number that is reckoned where it stands."""
    values = one.values if len(set(one.values)) > 1 else one.values[:1]
    value = joined((exact(item, one.usage, currency) for item in values), " / ")
    if one.distribution is None:
        yield value
    else:
        yield from _spread(value, one.distribution, together(_about(one.distribution), one.usage, currency))


def over_time(effects: Sequence[Effect]) -> Iterator[Sentence]:
    """Of effects that change with the time since entry, how much of them counts when."""
    for one in effects:
        yield text(
            "The effect on the move from {origin} to {to} changes with the time since entry ({weights}).",
            origin=one.origin, to=one.to, weights=_changing(one),
        )  # fmt: skip


def _changing(effect: Effect) -> Sentence:
    return joined(map(_weight, effect.weights), ", ")


def _weight(one: Weight) -> Sentence:
    weight = percent(one.weight, 0)
    if one.months > 0:
        return text("{weight} from {months:g} months on", weight=weight, months=one.months)
    return text("{weight} at entry", weight=weight)


def notes(one: Assumption, currency: str) -> Iterator[Sentence]:
    """That it is not what the file's uncertainty says."""
    if one.held is not None:
        yield text(
            "note: held at {value}, and so certain; its value and distribution above do not count",
            value=value_of(one, one.held, currency),
        )
    if one.scale is not None:
        yield text(
            "note: everything above is the file's number times {scale}", scale=exact(one.scale, "number", currency)
        )


def _reading(one: Number) -> Row:
    told = f"  ->  {one.read}" if '"' in one.written else ""  # text, which has to be read first
    return row(one.path, one.written + told)


def value_of(one: Assumption, value: float | list[float], currency: str) -> Sentence:
    """In its own unit; with that of a count in the file's words."""
    values = value if isinstance(value, list) else [value]
    said = joined((exact(item, one.usage, currency) for item in values), " / ")
    return said + f" {one.unit}" if one.usage == "count" and one.unit else said


def figures_of(one: Assumption, found: Distribution, about: Sequence[float], currency: str) -> list[Sentence]:
    """Of its distribution, which is a factor's where the value is a list."""
    if found.factor:
        return ["×" + figure for figure in together(about, "number", currency)]
    return together(about, one.usage, currency)


def kind_of(found: Distribution) -> str:
    """What a distribution is called, in the language in force."""
    kind = text(KINDS[found.kind])
    if found.each_year:
        return text("{kind}, each year its own", kind=kind)
    return text("{kind}, a factor on all years", kind=kind) if found.factor else kind
