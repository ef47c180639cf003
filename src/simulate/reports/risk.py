"""What can go wrong, of a run: the section `risk` of its document, and the sentences that tell it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from simulate import measures
from simulate.analysis import breakeven, precision, risk
from simulate.analysis.draws import Draws
from simulate.analysis.risk import LowestPoint
from simulate.content import Sentence, joined
from simulate.engine import Result
from simulate.locale import plural, text
from simulate.reports.estimates import known, luckless, without_luck
from simulate.reports.figures import chance as shown
from simulate.reports.figures import kroner, of_100, shows_nothing
from simulate.scenario import Scenario

WORST = 0.05  # of the courses
LOSSES = (1e6, 2e6, 5e6)
FEWEST = 50  # courses among the worst: with fewer, their mean is not as sure as its error says
PERCENTILES = (5, 25, 50, 75, 95)


def section(
    result: Result, draws: Draws, losses: Sequence[float], lowest: LowestPoint, year_ends: breakeven.Hits
) -> dict[str, Any]:
    """losses: DKK. lowest: of `PERCENTILES`. year_ends: (year, draw) whether the accumulated provenu is at break-even."""
    rare = bool(result.undrawn.rare)
    shortfall = result.expected_shortfall(WORST).unless(rare)
    of_total = {
        "expected_shortfall": {
            "share": WORST,
            "value": shortfall.value,
            "error": known(shortfall.error),
            "interval": None if rare else list(shortfall.interval),
        },
        "losses": [
            {"loss": one.loss, "probability": one.chance.value, "error": one.chance.error, "interval": list(one.interval)}
            for one in result.losses(losses)
        ],
    }  # fmt: skip
    over_time = {"lowest_point": _lowest_point(result, draws, lowest), "payback": _payback(result, year_ends)}
    if result.adds_luck:
        return of_total | without_luck(over_time)
    return without_luck(of_total | over_time) if result.leaves_out_luck else of_total | over_time


def _lowest_point(result: Result, draws: Draws, lowest: LowestPoint) -> dict[str, Any]:
    blocks = np.cumsum(result.point.provenu + draws.sums.block_means(measures.EXPECTED_OFF_BY_PERIOD), axis=1)
    means, periods = blocks.mean(axis=0), result.periods
    at = int(means.argmin())
    error = max(precision.error_of(blocks[:, at]), result.off(period=slice(at + 1)))
    low = {"period": periods[at], "value": float(means[at]), "error": error}
    if means[at] >= breakeven.BREAK_EVEN:  # everything begins at 0
        low = {"period": None, "value": 0.0, "error": 0.0}
    return {
        "mean": lowest.mean.value,
        "mean_error": known(lowest.mean.unless(bool(result.undrawn.rare)).error),
        "percentiles": {str(p): one.value for p, one in lowest.percentiles.items()},
        "percentile_errors": {str(p): one.error for p, one in lowest.percentiles.items()},
        "by_period": dict(zip(periods, (one.value for one in lowest.chances), strict=True)),
        "by_period_errors": dict(zip(periods, (one.error for one in lowest.chances), strict=True)),
        "never": lowest.never.value,
        "never_error": lowest.never.error,
        "expected": low,
    }


def _payback(result: Result, year_ends: breakeven.Hits) -> dict[str, Any]:
    counted, never = breakeven.first_year_shares(year_ends)
    chance = result.chance_without_luck() if result.leaves_out_luck else result.chance()
    shares, never = breakeven.scaled(counted, never, chance.value)
    errors, never_error = breakeven.first_year_errors(year_ends)
    first = result.scenario.time.first_year
    years = {p: None if year is None else first + year for p, year in risk.payback(shares).items()}
    return {
        "by_year": {str(first + i): share for i, share in enumerate(shares)} | {"never": never},
        "by_year_errors": {str(first + i): error for i, error in enumerate(errors)} | {"never": never_error},
        "percentiles": {str(p): year for p, year in years.items()},
    }


def lines(document: dict[str, Any], scenario: Scenario) -> Iterator[Sentence]:
    """The sentences, where all of it has luck, or none."""
    found, currency = luckless(document["risk"]), scenario.money.currency
    expected = _expected_low(document, currency)
    if document["run"]["engine"] == "expected":
        yield text("By the assumptions alone, without luck:")
    if _sd(document) == 0:  # there are no worse courses
        yield expected
        return
    yield from _of_total(found, document["run"]["draws"], currency)
    yield joined([expected, *_low(found["lowest_point"], document["scenario"]["periods"][-1], currency)])
    yield from _years(found["payback"])


def of_total(document: dict[str, Any], scenario: Scenario) -> Iterator[Sentence]:
    """Of them, what has luck where it is not drawn but added."""
    currency = scenario.money.currency
    if document["provenu"]["sd"] > 0:
        yield from _of_total(document["risk"], None, currency)


def over_time(document: dict[str, Any], scenario: Scenario) -> Iterator[Sentence]:
    """Of them, what has none."""
    found, expected = luckless(document["risk"]), _expected_low(document, scenario.money.currency)
    if _sd(document) == 0:
        yield expected
        return
    low = _low(found["lowest_point"], document["scenario"]["periods"][-1], scenario.money.currency)
    yield joined([expected, *low])
    yield from _years(found["payback"])


def _sd(document: dict[str, Any]) -> float:
    """Of the courses as they were drawn."""
    provenu = document["provenu"]
    return float(provenu.get("without_luck", provenu)["sd"])


def _of_total(found: dict[str, Any], draws: int | None, currency: str) -> Iterator[Sentence]:
    """draws: courses that are counted; None where nothing is."""
    if found["expected_shortfall"]["error"] is not None:
        yield _worst(found["expected_shortfall"], draws, currency)
    yield _losses(found["losses"], currency)


def _worst(found: dict[str, float], draws: int | None, currency: str) -> Sentence:
    worst = {"n": of_100(found["share"]), "mean": kroner(abs(found["value"]), currency, found["error"])}
    if found["value"] < 0:
        said = text("In the worst {n} of 100 courses {mean} is lost on average.", **worst)
    else:
        said = text("Even in the worst {n} of 100 courses the provenu is {mean} on average.", **worst)
    if draws is not None and draws * found["share"] < FEWEST:
        said += " " + plural(
            "That rests on {n} course only: take more --draws.", "That rests on {n} courses only: take more --draws.",
            max(round(draws * found["share"]), 1),
        )  # fmt: skip
    return said


def _losses(found: list[dict[str, Any]], currency: str) -> Sentence:
    some = [one for one in found if one["probability"] > 0]
    none = min((one["loss"] for one in found if one["probability"] == 0), default=None)
    told = ((kroner(one["loss"], currency), shown(one["probability"], one["error"])) for one in some)
    parts = [
        text("more than {loss} {chance}", loss=loss, chance=chance)
        if i
        else text("The chance to lose more than {loss} is {chance}", loss=loss, chance=chance)
        for i, (loss, chance) in enumerate(told)
    ]
    said = [joined(parts, ", ") + "."] if parts else []
    said += [] if none is None else [text("In no course more than {loss} is lost.", loss=kroner(none, currency))]
    return joined(said)


def _expected_low(document: dict[str, Any], currency: str) -> Sentence:
    """The lowest of what is expected, which luck has no part in."""
    expected, last = luckless(document["risk"])["lowest_point"]["expected"], document["scenario"]["periods"][-1]
    if expected["period"] is None:
        return text("The accumulated provenu is not expected to be below 0 at any time.")
    said = {"value": kroner(expected["value"], currency, expected["error"]), "period": expected["period"]}
    if expected["period"] != last:
        return text("At its lowest, after {period}, the accumulated provenu is expected to be {value}.", **said)
    return text("The accumulated provenu is expected to be at its lowest at the very end, after {period}: {value}.", **said)  # fmt: skip


def _low(found: dict[str, Any], last: str, currency: str) -> Iterator[Sentence]:
    """How it may differ from what is expected."""
    expected, worst, error = found["expected"], found["percentiles"]["5"], found["percentile_errors"]["5"]
    share = found["by_period"][last]
    if expected["period"] == last and share == 1:
        yield text("It has not turned by then in any course.")
    elif expected["period"] == last and share > 0:
        yield text(
            "In {chance} of the courses it has not turned by then.",
            chance=shown(share, found["by_period_errors"][last]),
        )
    said = {"low": kroner(worst, currency, error), "amount": kroner(-worst, currency, error)}
    if said["low"] == said["amount"]:  # 0 as it prints
        return
    if worst == found["percentiles"]["25"]:  # so many courses are just as low that 5 of 100 need not be lower
        yield text("To have enough in 95 of 100 courses, {amount} must be financed.", **said)
    elif worst < breakeven.BREAK_EVEN:
        yield text(
            "In 5 of 100 courses it falls below {low}; {amount} must be financed to have enough in the other 95.",
            **said,
        )


def _years(found: dict[str, Any]) -> Iterator[Sentence]:
    """The years in which the costs have come back for good, and how long it takes."""
    shares, errors = found["by_year"], found["by_year_errors"]
    years = [year for year in shares if year != "never"]
    parts = [
        shown(shares[year], errors[year]) + f" ({year})"
        for year in years
        if not shows_nothing(shares[year], errors[year])
    ]
    said = {"last": years[-1], "never": shown(shares["never"], errors["never"])}
    if shares["never"] == 0:
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
    elif shares["never"] < 1:
        yield text("In {never} of the courses the costs have not come back by the end of {last}.", **said)
    yield _payback_time(found["percentiles"]["50"], int(years[0]), len(years))


def _reached(shares: dict[str, float]) -> str:
    """The last year in which some course gets there."""
    return [year for year, share in shares.items() if year != "never" and share > 0][-1]


def _payback_time(median: int | None, first: int, years: int) -> Sentence:
    """The median, in years from the beginning of the horizon."""
    if median is None:
        return plural(
            "Payback time: median more than {n} year, since fewer than half of the courses pay back within the horizon.",
            "Payback time: median more than {n} years, since fewer than half of the courses pay back within the horizon.",
            years,
        )
    return plural("Payback time: median {n} year.", "Payback time: median {n} years.", median - first + 1)
