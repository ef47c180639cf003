"""What a run tells beyond its first screens, amounts in kroner: `simulate run --details`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulate.analysis.precision import STUDENT
from simulate.content import BREAK, Figure, Part, Row, Sentence, Table, row, total
from simulate.locale import text
from simulate.names import COUNTERFACTUALS
from simulate.reports import estimates, risk
from simulate.reports.figures import chance as shown
from simulate.reports.figures import in_courses, kroner, of_100, percent, range_of_100, unit
from simulate.reports.words import (
    ALMOST,
    BADLY,
    BANDS,
    bands,
    clipped,
    however_counted,
    is_certain,
    is_of_paper,
    name_of,
    point_column,
    split,
)
from simulate.scenario import Scenario


def lines(document: dict[str, Any], scenario: Scenario) -> Iterator[Part]:
    """All of it."""
    yield from _answer(document, scenario)
    yield BREAK
    yield from _apart(document, scenario) if "with_luck" in document else _together(document, scenario)
    yield from clipped(document, scenario, 0.0, BADLY)


def of_point(document: dict[str, Any], currency: str) -> Iterator[Part]:
    """The point estimate, year by year."""
    budget = document["budget"]
    each = zip(
        document["scenario"]["periods"], budget["provenu"]["by_year"], budget["accumulated"]["by_year"], strict=True
    )
    rows = [row(period, Figure(saved), Figure(accumulated)) for period, saved, accumulated in each]
    rows.append(total(text("Total"), Figure(budget["provenu"]["total"]), None))
    yield Table(["", text("Provenu"), text("Accumulated")], rows, currency=currency)


def _answer(document: dict[str, Any], scenario: Scenario) -> Iterator[Sentence]:
    chance = document["break_even"]
    currency = scenario.money.currency
    if "counterfactuals" in chance:
        yield from _counterfactuals(chance, document["run"]["counterfactual"])
    provenu = document["provenu"]
    has_luck = "percentiles" in provenu
    among, errors = (
        (provenu if has_luck else provenu["without_luck"])[key] for key in ("percentiles", "percentile_errors")
    )
    yield from _bridge(document["bridge"], currency, is_of_paper(document), is_certain(scenario))
    said = {"low": kroner(among["5"], currency, errors["5"]), "high": kroner(among["95"], currency, errors["95"])}
    if said["low"] == said["high"]:
        yield (
            text("In at least 90 of 100 courses the provenu is {low}.", low=said["low"])
            if has_luck
            else text("Without luck, the provenu is {low} in at least 90 of 100 courses.", low=said["low"])
        )
    elif has_luck:
        yield text("In 90 of 100 courses the provenu lies between {low} and {high}.", **said)
    else:
        yield text("Without luck, the provenu lies between {low} and {high} in 90 of 100 courses.", **said)


def _together(document: dict[str, Any], scenario: Scenario) -> Iterator[Part]:
    """What stands between the answer and what is told of the run itself; all of it has luck, or none of it."""
    yield from _yearly(document, scenario.money.currency)
    yield BREAK
    yield from risk.lines(document, scenario)
    yield BREAK
    yield from _shares(document)
    yield from _targets(document)
    yield from _cashable(document, scenario)
    yield from _state(document, scenario)
    yield from _present_value(document, scenario)


def _apart(document: dict[str, Any], scenario: Scenario) -> Iterator[Part]:
    """The same, where only the total over the horizon has luck: first all that does, and what needs none."""
    rows = _years(document)
    yield Table(_heads(document)[:3], [Row(one.cells[:3], one.mark) for one in rows], currency=scenario.money.currency)
    yield BREAK
    yield from risk.of_total(document, scenario)
    yield from _shares(document)
    yield from _state(document, scenario)
    yield BREAK
    yield text(
        "By the assumptions alone, without luck: what follows is how the expected provenu differs, and with luck all of it differs more; "
        "--engine lives tells it with luck."
    )
    yield from _yearly(document, scenario.money.currency)
    yield BREAK
    yield from risk.over_time(document, scenario)
    yield from _targets(document)
    yield from _cashable(document, scenario)
    yield from _present_value(document, scenario)


def _counterfactuals(found: dict[str, Any], chosen: str) -> Iterator[Sentence]:
    chances, errors = found["counterfactuals"], found["counterfactual_errors"]
    if set(chances.values()) in ({0.0}, {1.0}):
        yield however_counted(chances[chosen])
        return
    low, high = (of(chances.values()) for of in (min, max))
    if not found["counterfactuals_differ"] and of_100(low) != of_100(high):
        yield text(
            "However life without the programme is counted, about {n} of 100 courses break even, as near as these can tell (* is used here):",
            n=of_100(chances[chosen]),
        )
    elif of_100(low) == of_100(high):
        yield text(
            "However life without the programme is counted, {n} of 100 courses break even (* is used here):",
            n=of_100(chances[chosen]),
        )
    else:
        yield text(
            "Depending on how life without the programme is counted, {range} of 100 courses break even (* is used here):",
            range=range_of_100(low, high),
        )
    for name in COUNTERFACTUALS:
        mark = "*" if name == chosen else " "
        found_here = shown(chances[name], errors[name])
        yield Sentence(f"  {mark} {found_here:>7}  {name_of(name)}", found_here.figures)


def _bridge(bridge: dict[str, float], currency: str, from_paper: bool, is_certain: bool) -> Iterator[Sentence]:
    """From the point estimate, which is the business case's own number where the paper has figures, to the expected provenu."""
    point, at_means, expected, error = (bridge[key] for key in ("point", "at_means", "expected", "error"))
    numbers = {"expected": kroner(expected, currency, error), "point": kroner(point, currency)}
    if from_paper:
        said = text("Expected provenu: {expected}. The business case's own number: {point}.", **numbers)
    else:
        said = text("Expected provenu: {expected}. With every assumption at its value and no luck: {point}.", **numbers)
    if is_certain and abs(expected - point) < ALMOST:
        yield said + " " + text("They are the same, since no uncertain assumption acts on it.")
        return
    yield said
    if numbers["expected"] == numbers["point"]:
        yield text("As far as these courses can tell, they are the same.")
        return
    yield from _parts(at_means - point, expected - at_means, error, currency, from_paper)


def _parts(means: float, rest: float, error: float, currency: str, from_paper: bool) -> Iterator[Sentence]:
    """What the bridge is made of: `means` is exact, `rest` has the error, and is told only beyond it."""
    of_means, of_rest = abs(means) >= ALMOST, abs(rest) > max(STUDENT * error, ALMOST)
    begin = (
        text("From the business case's number to the expected one:")
        if from_paper
        else text("From the latter to the expected one:")
    )
    reasons = {
        "because": (
            text("because the assumptions' means differ from the values in the paper")
            if from_paper
            else text("because the assumptions' means differ from their values")
        ),
        "bent": text("because the model is not linear"),
    }
    if of_means and of_rest:
        step = max(unit(error), 1.0)  # both parts to the same digit, so that what is printed adds up
        first, all_of_it = (round(part / step) * step for part in (means, means + rest))
        said = {
            "means": Sentence(kroner(first, currency), (means,)),
            "rest": Sentence(kroner(all_of_it - first, currency), (rest,)),
        }
        yield text("{begin} {means} {because}, and {rest} {bent}.", begin=begin, **reasons, **said)
    elif of_means:
        yield text("{begin} {means} {because}.", begin=begin, **reasons, means=kroner(means, currency)) + " " + text(
            "What comes of the model not being linear cannot be told from 0 with these courses."
        )  # fmt: skip
    elif of_rest:
        yield text("{begin} {rest} {bent}.", begin=begin, **reasons, rest=kroner(rest, currency, error))
    else:
        yield text("What is between them cannot be told from 0 with these courses.")


def _yearly(document: dict[str, Any], currency: str) -> Iterator[Part]:
    """The table by year; without its last column, where that is 0 in all years."""
    rows = _years(document)
    said = text("P5, P50, P95: in 5, 50, 95 of 100 courses the amount is lower.")
    if any(estimates.of(document["break_even"], "by_year")):
        yield Table(_heads(document), rows, currency=currency)
        yield said + " " + text("The last column is of the accumulated provenu.")
    else:
        yield Table(_heads(document)[:-1], [Row(one.cells[:-1], one.mark) for one in rows], currency=currency)
        yield said + " " + text("The accumulated provenu is below 0 at the end of every year in all courses.")


def _heads(document: dict[str, Any]) -> list[str]:
    point = point_column(is_of_paper(document))
    return ["", point, text("Expected"), *(f"P{p}" for p in BANDS), text("Accumulated >= 0")]


def _years(document: dict[str, Any]) -> list[Row]:
    provenu, point = document["provenu"], document["point"]["provenu"]
    provenu, chance = provenu | provenu.get("without_luck", {}), estimates.luckless(document["break_even"])
    rows: list[Row] = []
    yearly = estimates.luckless(provenu["by_year"])
    for i, period in enumerate(document["scenario"]["periods"]):
        among = (Figure(yearly["percentiles"][p][i], error=yearly["percentile_errors"][p][i]) for p in BANDS)
        expected = Figure(yearly["expected"][i], error=yearly["expected_error"][i])
        reached = Figure(chance["by_year"][i], "share", chance["by_year_errors"][i])
        rows.append(row(period, Figure(point["by_year"][i]), expected, *among, reached))
    expected = Figure(document["bridge"]["expected"], error=document["bridge"]["error"])
    reached = Figure(chance["probability"], "share", chance["error"])
    return [*rows, total(text("Total"), Figure(point["total"]), expected, *bands(provenu), reached)]


def _shares(document: dict[str, Any]) -> Iterator[Sentence]:
    if "luck" not in document["variance"]["shares"]:
        yield text("Luck is left out here; the spread is that of the assumptions alone.")
    else:
        yield split(document)
    if "with_luck" in document:
        yield text(
            "Luck is not drawn here: its mean, sd and skewness are exact, and a gamma distribution with these stands for it."
        )


def _targets(document: dict[str, Any]) -> Iterator[Sentence]:
    for target in document["targets"]:
        yield text(
            "Target “{label}”: reached {in_courses}.",
            label=target["label"],
            in_courses=in_courses(estimates.of(target, "probability")),
        )


def _cashable(document: dict[str, Any], scenario: Scenario) -> Iterator[Sentence]:
    cashable = document["cashable"]
    if abs(cashable["expected"] - document["bridge"]["expected"]) < ALMOST:
        return
    yield text(
        "Without savings that somebody must decide to take out (not cashable): expected provenu {mean}, break-even {in_courses}.",
        mean=kroner(cashable["expected"], scenario.money.currency, cashable["mean_error"]),
        in_courses=in_courses(estimates.of(cashable, "probability")),
    )  # fmt: skip


def _state(document: dict[str, Any], scenario: Scenario) -> Iterator[Sentence]:
    state = document["payers"]["stat"]
    if abs(state["expected"]) >= ALMOST:
        mean = kroner(abs(state["expected"]), scenario.money.currency, state["mean_error"])
        yield (
            text("Beside it the state saves (refusion): expected {mean}.", mean=mean)
            if state["expected"] > 0
            else text("Beside it the state pays more (refusion): expected {mean}.", mean=mean)
        )


def _present_value(document: dict[str, Any], scenario: Scenario) -> Iterator[Sentence]:
    if "present_value" in document:
        value = document["present_value"]
        yield text(
            "Discounted ({rate} a year): expected present value {mean}, at least 0 {in_courses}.",
            rate=percent(value["rate"]),
            mean=kroner(value["expected"], scenario.money.currency, value["mean_error"]),
            in_courses=in_courses(estimates.of(value, "probability")),
        )
