"""What was seen, and what it changes, in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from simulate.answers.base import Estimate
from simulate.answers.update import Judged, Seen, Update, View
from simulate.content import BREAK, Cell, Figure, Part, Row, Sentence, Several, Table, joined, note, row
from simulate.figures import chance, kroner, margin, number, percent
from simulate.locale import plural, text
from simulate.reports.quantities import UNITS, together
from simulate.reports.words import BANDS, bands, changes, figure, heading_without_financing
from simulate.scenario import Scenario
from simulate.scenario.kinds import usages
from simulate.scenario.numbers import Usage

TELLING = 0.1  # of the sd: an assumption that has moved less has hardly moved
SURE = 2  # standard errors
FAR = 0.5  # standard deviations: nearer than this, a course is much like what was seen
SHOWN = 12  # assumptions


def lines(answer: Update, scenario: Scenario) -> Iterator[Part]:
    """In words: how rare it was, which courses are kept, and what they say of the years, the targets and the assumptions."""
    yield from heading_without_financing(scenario)
    yield from changes(answer.run.set)
    if not answer.observed:
        yield text("The scenario has no [[observed]]: nothing was seen, so nothing changes.")
    else:
        yield from _answer(answer, scenario.money.currency)
        yield _observed(answer)
        yield BREAK
        yield from _how_rare(answer)
        yield from _which_are_kept(answer)
    yield BREAK
    currency = scenario.money.currency
    views = [(text("Seen from the start"), answer.before)]
    if answer.after is not None and answer.observed:
        views.append((text("After what was seen"), answer.after))
    both = [*views, (text("As the kept are"), answer.uncorrected)] if answer.tolerance and answer.uncorrected else views
    heads = [text("Expected"), *(f"P{p}" for p in BANDS), text("Breaks even")]
    yield Table(["", *heads], list(_provenu(both)), currency=scenario.money.currency)
    yield BREAK
    if answer.before.targets:
        yield _targets(both)
        if answer.after is not None and _has_passed(answer, scenario):
            yield text("Of a year that is over, it is how likely its target was met, given what was seen.")
        yield BREAK
    if answer.after is not None and answer.observed:
        yield from _assumptions(answer, answer.after, scenario)
        yield BREAK
    yield from _errors(views, answer, currency)


def _answer(answer: Update, currency: str) -> Iterator[Sentence]:
    before, after = answer.before, answer.after
    if after is None:
        return
    means = (view.provenu.mean for view in (before, after))
    expected = (kroner(mean.value, currency, mean.error) for mean in means)
    yield text(
        "Seen from the start, the chance of break-even is {before}; after what was seen it is {after}. The expected provenu goes from {first} to {then}.",
        before=_share(before.break_even.probability), after=_share(after.break_even.probability), first=next(expected), then=next(expected),
    )  # fmt: skip
    yield BREAK


def _observed(answer: Update) -> Table:
    near = bool(answer.tolerance)
    head = [
        text("What was seen by then"),
        text("Seen"),
        text("Expected"),
        text("90 of 100"),
        text("As far out"),
    ]
    rows: list[Row] = []
    for one in answer.observed:
        seen = text("at least {n}", n=number(one.seen)) if one.at_least else Figure(one.seen, "count")
        band = _between(one.expected.percentiles[5].value, one.expected.percentiles[95].value)
        expected = Figure(one.expected.mean.value, "count", decimals=1)
        cells: list[Cell] = [one.what, seen, expected, band, _chance(one.tail)]
        rows.append(row(*cells, *([_kept(one)] if near else [])))
    return Table([*head, text("Kept")] if near else head, rows)


def _between(low: float, high: float) -> Several:
    names = text("90 of 100: from"), text("90 of 100: to")
    said = joined(map(number, (low, high)), " … ")
    return Several(said, (Figure(low, "count"), Figure(high, "count")), names)


def _kept(one: Seen) -> Several | Sentence:
    if one.at_least or one.kept is None or one.allowed is None:
        return text("all")
    mean = one.kept.mean.value
    said = number(mean, 1) + f" (± {one.allowed})"
    return Several(
        said, (Figure(mean, "count"), Figure(one.allowed, "count")), (text("Kept"), text("Kept: off by at most"))
    )


def _chance(one: Estimate) -> Several | Sentence:
    """The same as a cell: where no course has it, the bound is in words, so that nobody reads 0."""
    said = _share(one)
    return Several(said, (Figure(one.value, "share"),), ()) if said.figures == (one.value,) else said


def _share(one: Estimate) -> Sentence:
    """A chance with the digits it deserves; none of the courses is no proof of never."""
    value, bound = one.value, one.interval
    if bound and value <= (one.error or 0.0):
        return Sentence(text("below {share}", share=percent(_up(bound[1]), 1)), (value, bound[1]))
    if 0 <= value < 0.0005:
        return Sentence(text("below {share}", share=percent(0.001, 1)), (value,))
    return chance(value, one.error)


def _up(share: float) -> float:
    """To the next tenth of a per cent."""
    return math.ceil(1000 * share) / 1000


def _how_rare(answer: Update) -> Iterator[Sentence]:
    several = sum(not one.at_least for one in answer.observed) > 1
    if several and answer.after is not None and answer.unusual is not None:
        yield text(
            "Each single outcome is rare where many are counted. Held together, {share} of the courses are at least as unusual as what was seen.",
            share=_share(answer.unusual),
        )
    if answer.verdict == "too few":
        yield note(text("Too few courses were drawn to tell anything from; --max-draws gives more."))
    elif answer.verdict == "impossible":
        yield note(text(
            "Under this scenario it is practically impossible: no course comes near it. The scenario cannot be brought in line by what was seen; "
            "its assumptions, or the way it was counted, must be looked at first."
        ))  # fmt: skip
        out = [one.what for one in answer.observed if one.tail.value == 0]
        if out:
            yield text("Outside all courses: {what}.", what="; ".join(out))
    elif answer.verdict == "hardly possible":
        yield note(text(
            "Under this scenario that is practically impossible: fewer than 1 in 1,000 courses are as far out. What follows leans on the scenario's "
            "outermost courses; its assumptions should be looked at before it is used."
        ))  # fmt: skip


def _which_are_kept(answer: Update) -> Iterator[Sentence]:
    kept, tolerance = answer.kept, answer.tolerance
    exact, draws = answer.exact.courses, number(answer.draws)
    if exact:
        yield text("In {exact} of {draws} courses all of it came just as seen.", exact=number(exact), draws=draws)
    else:
        yield text("In none of {draws} courses all of it came just as seen.", draws=draws)
    if not kept or tolerance is None:
        return
    if tolerance == 0:
        yield text("What follows is from the {kept} courses in which all of it is just as seen.", kept=number(kept))
        if kept < answer.keep:
            yield text("That is fewer than the {keep} wanted; --max-draws gives more.", keep=number(answer.keep))
        return
    yield text(
        "So few tell nothing, and what follows is an approximation: the {kept} nearest courses are kept, held most strictly to the counts that mean most "
        "for the provenu (in the last column their mean, and by how much one may be off). What they say is read off at what was seen, by linear regression.",
        kept=number(kept),
    )  # fmt: skip
    yield text(
        "Beside it stands what the kept courses say as they are: what is between the two shows how far to trust the approximation."
    )
    if tolerance > FAR:
        yield note(
            text("The kept courses are far from what was seen: read what follows as a direction and a rough size.")
        )


def _provenu(views: Sequence[tuple[str, View]]) -> Iterator[Row]:
    for name, view in views:
        one, reached = view.provenu, _chance(view.break_even.probability)
        yield row(name, figure(one.mean), *bands(one.percentiles), reached)


def _targets(views: Sequence[tuple[str, View]]) -> Table:
    by_target = zip(*(view.targets for _, view in views), strict=True)
    rows = [row(each[0].label, *(_chance(one.probability) for one in each)) for each in by_target]
    return Table([text("Chance of the target"), *(name for name, _ in views)], rows)


def _has_passed(answer: Update, scenario: Scenario) -> bool:
    last = max(int(one.until[:4]) for one in answer.observed) if answer.observed else 0
    return any(target.year is not None and target.year <= last for target in scenario.targets)


def _assumptions(answer: Update, then: View, scenario: Scenario) -> Iterator[Part]:
    before, after = answer.before.assumptions, then.assumptions
    moved = [name for name, by in answer.moved.items() if abs(by) > TELLING]
    telling = [name for name in moved if _is_sure(before[name].mean, after[name].mean)]
    if not telling:
        if before:
            yield text("No assumption has moved by as much as a tenth of its standard deviation.")
        return
    rows: list[Row] = []
    used_as, heads = usages(scenario), [text("Seen from the start"), text("After what was seen")]
    for name in telling[:SHOWN]:
        cells = (
            _band(one[name], used_as[name], scenario.money.currency, title)
            for one, title in zip((before, after), heads, strict=True)
        )
        rows.append(row(before[name].label, *cells))
    yield Table([text("Assumption: mean (P5-P95)"), *heads], rows, currency=scenario.money.currency)
    rest = len(before) - min(len(telling), SHOWN)
    if rest:
        yield plural(
            "The other one has moved less, or hardly at all.", "The other {n} have moved less, or hardly at all.", rest
        )


def _is_sure(before: Estimate, after: Estimate) -> bool:
    return abs(after.value - before.value) > SURE * math.hypot(before.error or 0.0, after.error or 0.0)


def _band(one: Judged, usage: Usage, currency: str, title: str) -> Several:
    """Three figures with the digits that their spread lets one see."""
    sd = (one.sd.value if one.sd else 0.0) * (100 if usage == "share" else 1)
    decimals = max(0, min(4, 1 - math.floor(math.log10(sd)))) if sd else 4
    found = [one.mean, one.percentiles[5], one.percentiles[95]]
    mean, low, high = together([each.value for each in found], usage, currency, 0 if usage == "money" else decimals)
    names = text("{title}: mean", title=title), f"{title}: P5", f"{title}: P95"
    said = mean + " (" + low + " … " + high + ")"
    return Several(said, tuple(Figure(each.value, UNITS[usage]) for each in found), names)


def _errors(views: Sequence[tuple[str, View]], answer: Update, currency: str) -> Iterator[Sentence]:
    errors = [view.provenu.mean.error for _, view in views]
    intervals = [view.break_even.probability.interval for _, view in views]
    said = [margin(error, currency) if error else text("not known") for error in errors]
    within = [
        text("{low} to {high}", low=percent(low), high=percent(high)) if interval else text("not known")
        for interval in intervals
        for low, high in [interval or (0.0, 0.0)]
    ]
    drawn = {"draws": number(answer.draws), "seed": answer.run.seed}
    if len(views) == 1:
        yield text(
            "Error of the simulation itself (95 %): expected provenu ± {errors}; chance of break-even {within}; {draws} courses, seed {seed}.",
            errors=said[0], within=within[0], **drawn,
        )  # fmt: skip
        return
    yield text(
        "Error of the simulation itself (95 %), from the start and after: expected provenu ± {errors}; chance of break-even {within}; {draws} courses, "
        "{kept} of them kept, seed {seed}.",
        errors=text(" and ± ").join(said), within=text(" and ").join(within),
        kept=number(answer.kept), **drawn,
    )  # fmt: skip
