"""What can go wrong, of a run, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.analysis import breakeven
from simulate.answers.base import Estimate, either
from simulate.answers.risk import ExpectedLowest, Loss, LowestPoint, Shortfall
from simulate.answers.run import Run
from simulate.content import Sentence, joined
from simulate.figures import chance as shown
from simulate.figures import kroner, of_100, shows_nothing
from simulate.locale import plural, text
from simulate.scenario import Scenario

FEWEST = 50  # courses among the worst: with fewer, their mean is not as sure as its error says


def lines(answer: Run, scenario: Scenario) -> Iterator[Sentence]:
    """The sentences, where all of it has luck, or none."""
    if answer.run.engine == "expected":
        yield text("By the assumptions alone, without luck:")
    if varies(answer):  # else there are no worse courses
        yield from _of_total(answer, answer.run.draws, scenario.money.currency)
    yield from over_time(answer, scenario)
    if varies(answer):
        yield from years(answer)


def of_total(answer: Run, scenario: Scenario) -> Iterator[Sentence]:
    """Of them, what has luck where it is not drawn but added."""
    if answer.provenu.deviation.value > 0:
        yield from _of_total(answer, None, scenario.money.currency)


def over_time(answer: Run, scenario: Scenario) -> Iterator[Sentence]:
    """Of them, what has none."""
    found, currency, last = answer.risk, scenario.money.currency, answer.scenario.periods[-1]
    expected = _expected_low(found.expected_lowest, last, currency)
    if not varies(answer):
        yield expected
        return
    yield joined([expected, *_low(found.lowest, found.expected_lowest.period == last, currency)])


def years(answer: Run) -> Iterator[Sentence]:
    """When the costs have come back."""
    yield from _years(answer.break_even.first_years, answer.risk.years.percentiles[50])


def varies(answer: Run) -> bool:
    """Whether the courses as they were drawn differ."""
    return either(answer.provenu.sd_without_luck, answer.provenu.sd).value != 0


def _of_total(answer: Run, draws: int | None, currency: str) -> Iterator[Sentence]:
    """draws: courses that are counted; None where nothing is."""
    if answer.risk.worst.mean.error is not None:
        yield joined([worst(answer.risk.worst, currency), *_few(answer.risk.worst, draws)])
    yield losses(answer.risk.all_losses, currency)


def worst(found: Shortfall, currency: str) -> Sentence:
    said = {"n": of_100(found.share), "mean": kroner(abs(found.mean.value), currency, found.mean.error)}
    if found.mean.value < 0:
        return text("In the worst {n} of 100 courses {mean} is lost on average.", **said)
    return text("Even in the worst {n} of 100 courses the provenu is {mean} on average.", **said)


def _few(found: Shortfall, draws: int | None) -> Iterator[Sentence]:
    if draws is not None and draws * found.share < FEWEST:
        yield plural(
            "That rests on {n} course only: take more --draws.", "That rests on {n} courses only: take more --draws.",
            max(round(draws * found.share), 1),
        )  # fmt: skip


def losses(found: list[Loss], currency: str) -> Sentence:
    some = [one for one in found if one.probability.value > 0]
    none = min((one.loss for one in found if one.probability.value == 0), default=None)
    told = ((kroner(one.loss, currency), shown(one.probability.value, one.probability.error)) for one in some)
    parts = [
        text("more than {loss} {chance}", loss=loss, chance=chance)
        if i
        else text("The chance to lose more than {loss} is {chance}", loss=loss, chance=chance)
        for i, (loss, chance) in enumerate(told)
    ]
    said = [joined(parts, ", ") + "."] if parts else []
    said += [] if none is None else [text("In no course more than {loss} is lost.", loss=kroner(none, currency))]
    return joined(said)


def _expected_low(found: ExpectedLowest, last: str, currency: str) -> Sentence:
    """The lowest of what is expected, which luck has no part in."""
    if found.period is None:
        return text("The accumulated provenu is not expected to be below 0 at any time.")
    said = {"value": kroner(found.amount.value, currency, found.amount.error), "period": found.period}
    if found.period != last:
        return text("At its lowest, after {period}, the accumulated provenu is expected to be {value}.", **said)
    return text("The accumulated provenu is expected to be at its lowest at the very end, after {period}: {value}.", **said)  # fmt: skip


def _low(found: LowestPoint, at_the_end: bool, currency: str) -> Iterator[Sentence]:
    """How it may differ from what is expected. at_the_end: whether that is at its lowest there."""
    worst, share = found.percentiles[5], found.by_year[-1]
    if at_the_end and share.value == 1:
        yield text("It has not turned by then in any course.")
    elif at_the_end and share.value > 0:
        yield text(
            "In {chance} of the courses it has not turned by then.",
            chance=shown(share.value, share.error),
        )
    said = {
        "low": kroner(worst.value, currency, worst.error),
        "amount": kroner(-worst.value, currency, worst.error),
    }
    if said["low"] == said["amount"]:  # 0 as it prints
        return
    if worst.value == found.percentiles[25].value:  # so many courses are just as low that 5 of 100 need not be lower
        yield text("To have enough in 95 of 100 courses, {amount} must be financed.", **said)
    elif worst.value < breakeven.BREAK_EVEN:
        yield text(
            "In 5 of 100 courses it falls below {low}; {amount} must be financed to have enough in the other 95.",
            **said,
        )


def _years(found: dict[str, Estimate], median: int | None) -> Iterator[Sentence]:
    """The years in which the costs have come back for good, and how long it takes."""
    shares = {year: one for year, one in found.items() if year != "never"}
    years, never = list(shares), found["never"]
    parts = [
        shown(one.value, one.error) + f" ({year})"
        for year, one in shares.items()
        if not shows_nothing(one.value, one.error)
    ]
    said = {"last": years[-1], "never": shown(never.value, never.error)}
    if never.value == 0:
        yield (
            text("The year by which the costs have come back for good: {years}.", years=joined(parts, ", "))
            if len(parts) > 1
            else text("In all courses the costs have come back for good by the end of {year}.", year=_reached(shares))
        )
    elif parts:
        yield text(
            "The year by which the costs have come back for good: {years}; in {never} of the courses not by the end of {last}.",
            years=joined(parts, ", "), **said,
        )  # fmt: skip
    elif never.value < 1:
        yield text("In {never} of the courses the costs have not come back by the end of {last}.", **said)
    yield _payback_time(median, int(years[0]), len(years))


def _reached(shares: dict[str, Estimate]) -> str:
    """The last year in which some course gets there."""
    return [year for year, share in shares.items() if share.value > 0][-1]


def _payback_time(median: int | None, first: int, years: int) -> Sentence:
    """The median, in years from the beginning of the horizon."""
    if median is None:
        return plural(
            "Payback time: median more than {n} year, since fewer than half of the courses pay back within the horizon.",
            "Payback time: median more than {n} years, since fewer than half of the courses pay back within the horizon.",
            years,
        )
    return plural("Payback time: median {n} year.", "Payback time: median {n} years.", median - first + 1)
