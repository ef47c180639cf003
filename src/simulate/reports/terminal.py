"""A run in words and a table, for the terminal: printed from the JSON document, so that the two cannot differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulate.locale import text
from simulate.names import COUNTERFACTUALS
from simulate.reports import programmes, risk
from simulate.reports.figures import amount, half_width, kroner, number, of_100, percent, plain, two_digits, unit
from simulate.reports.figures import chance as shown
from simulate.reports.layout import Table
from simulate.reports.words import ALMOST, BADLY, BANDS, changes, clipped, heading, split
from simulate.scenario import Scenario, reading


def lines(document: dict[str, Any], scenario: Scenario) -> Iterator[str | Table]:
    """The answers of a run."""
    if document["run"]["engine"] == "point":
        yield from _point(document, scenario)
        return
    yield from heading(scenario)
    yield from changes(document)
    yield from clipped(document, BADLY)
    yield from _answer(document, scenario)
    yield ""
    yield Table(_years(document), total=True)
    yield text(
        "P5, P50, P95: in 5, 50, 95 of 100 courses the amount is lower. The last column is of the accumulated provenu."
    )
    yield ""
    yield from programmes.lines(document, scenario)
    yield from risk.lines(document, scenario)
    yield ""
    yield from _shares(document, scenario)
    yield from _targets(document)
    yield from _cashable(document, scenario)
    yield from _state(document, scenario)
    yield from _present_value(document, scenario)
    yield from _paper(document)
    yield from clipped(document, 0.0, BADLY)
    yield _own_error(document, scenario)
    yield from _convergence(document, scenario)


def _point(document: dict[str, Any], scenario: Scenario) -> Iterator[str | Table]:
    total = document["point"]["provenu"]["total"]
    yield from heading(scenario)
    yield text(
        "The business case's own number, every assumption at its value, no luck: {total}.",
        total=kroner(total, scenario.money.currency),
    )
    yield ""
    rows = [[text("Year"), text("Provenu"), text("Accumulated")]]
    accumulated = 0.0
    for period, saved in zip(document["scenario"]["periods"], document["point"]["provenu"]["by_year"], strict=True):
        accumulated += saved
        rows.append([period, number(saved), number(accumulated)])
    yield Table([*rows, [text("Total"), number(total), ""]], total=True)
    yield ""
    yield from programmes.lines(document, scenario)
    yield from _paper(document)


def _answer(document: dict[str, Any], scenario: Scenario) -> Iterator[str]:
    chance = document["break_even"]
    last = scenario.time.first_year + scenario.time.years - 1
    currency = scenario.money.currency
    said = {
        "n": of_100(chance["probability"]),
        "year": last,
        "chance": shown(chance["probability"], chance["error"]),
    }
    if document["run"]["engine"] == "expected":
        yield text("Without luck, {n} of 100 courses break even by the end of {year} ({chance}).", **said)
    else:
        yield text("Of 100 courses, {n} break even by the end of {year} ({chance}).", **said)
    if "counterfactuals" in chance:
        yield from _counterfactuals(chance, document["run"]["counterfactual"])
    bands, errors = document["provenu"]["percentiles"], document["provenu"]["percentile_errors"]
    yield from _bridge(document["bridge"], currency, bool(document["reported"]))
    yield text(
        "In 90 of 100 courses the provenu lies between {low} and {high}.",
        low=kroner(bands["5"], currency, errors["5"]), high=kroner(bands["95"], currency, errors["95"]),
    )  # fmt: skip


def name_of(counterfactual: str) -> str:
    """How the life without the programme is counted, in words."""
    return {
        "expected": text("as its expectation (a budget without the programme)"),
        "same-luck": text("with the same luck (only what the programme changes differs)"),
        "own-luck": text("with luck of its own (another, similar group)"),
    }[counterfactual]


def _counterfactuals(found: dict[str, Any], chosen: str) -> Iterator[str]:
    chances, errors = found["counterfactuals"], found["counterfactual_errors"]
    low, high = (of_100(of(chances.values())) for of in (min, max))
    if low == high:
        yield text("However life without the programme is counted, it is {n} of 100 (* is used here):", n=low)
    else:
        yield text(
            "Depending on how life without the programme is counted, it is between {low} and {high} of 100 (* is used here):",
            low=low, high=high,
        )  # fmt: skip
    for name in COUNTERFACTUALS:
        mark = "*" if name == chosen else " "
        yield f"  {mark} {shown(chances[name], errors[name]):>7}  {name_of(name)}"


def _bridge(bridge: dict[str, float], currency: str, from_paper: bool) -> Iterator[str]:
    """From the point estimate, which is the business case's own number where the paper has figures, to the expected provenu."""
    point, at_means, expected, error = (bridge[key] for key in ("point", "at_means", "expected", "error"))
    numbers = {"expected": kroner(expected, currency, error), "point": kroner(point, currency)}
    if from_paper:
        said = text("Expected provenu: {expected}. The business case's own number: {point}.", **numbers)
    else:
        said = text("Expected provenu: {expected}. With every assumption at its value and no luck: {point}.", **numbers)
    if abs(expected - point) < ALMOST:
        yield said + " " + text("They are the same, since no uncertain assumption acts on it.")
        return
    yield said
    step = max(unit(error), 1.0)  # both parts to the same digit, so that what is printed adds up
    means, all_of_it = (round(part / step) * step for part in (at_means - point, expected - point))
    parts = {"means": kroner(means, currency), "rest": kroner(all_of_it - means, currency)}
    if from_paper:
        yield text(
            "From the business case's number to the expected one: {means} because the assumptions' means differ from the values in the paper, "
            "and {rest} because the model is not linear.",
            **parts,
        )
    else:
        yield text(
            "From the latter to the expected one: {means} because the assumptions' means differ from their values, and {rest} because the model is "
            "not linear.",
            **parts,
        )


def _years(document: dict[str, Any]) -> list[list[str]]:
    provenu, point = document["provenu"], document["point"]["provenu"]
    rows = [
        [text("Year"), text("Business case"), text("Expected"), *(f"P{p}" for p in BANDS), text("Accumulated >= 0")]
    ]
    yearly, chance = provenu["by_year"], document["break_even"]
    for i, period in enumerate(document["scenario"]["periods"]):
        bands = (amount(yearly["percentiles"][p][i], yearly["percentile_errors"][p][i]) for p in BANDS)
        expected = amount(yearly["expected"][i], yearly["expected_error"][i])
        reached = shown(chance["by_year"][i], chance["by_year_errors"][i])
        rows.append([period, number(point["by_year"][i]), expected, *bands, reached])
    bands = (amount(provenu["percentiles"][p], provenu["percentile_errors"][p]) for p in BANDS)
    expected = amount(document["bridge"]["expected"], document["bridge"]["error"])
    return [
        *rows,
        [text("Total"), number(point["total"]), expected, *bands, shown(chance["probability"], chance["error"])],
    ]


def _shares(document: dict[str, Any], scenario: Scenario) -> Iterator[str]:
    shares = document["variance"]["shares"]
    if "luck" not in shares:
        yield text("Luck is left out here; the spread is that of the assumptions alone.")
        luck = document.get("with_luck")
        if luck is None:
            return
        low, high = luck["interval"]
        yield text(
            "Luck would add an sd of {sd}; with it {n} of 100 courses break even ({low} to {high}; by a gamma distribution with luck's own mean, "
            "sd and skewness).",
            sd=kroner(luck["variance"] ** 0.5, scenario.money.currency),
            n=of_100(luck["probability"]), low=percent(low), high=percent(high),
        )  # fmt: skip
        if luck["few_events"]:
            yield text(
                "So few effects are expected that luck is far from a normal distribution, and this chance is rough; use --engine lives."
            )
    else:
        yield split(document["variance"])


def _targets(document: dict[str, Any]) -> Iterator[str]:
    for target in document["targets"]:
        yield text(
            "Target “{label}”: reached in {n} of 100 courses.",
            label=target["label"],
            n=of_100(target["probability"]),
        )


def _cashable(document: dict[str, Any], scenario: Scenario) -> Iterator[str]:
    cashable = document["cashable"]
    if abs(cashable["expected"] - document["bridge"]["expected"]) < ALMOST:
        return
    yield text(
        "Without savings that somebody must decide to take out (not cashable): expected provenu {mean}, break-even in {n} of 100 courses.",
        mean=kroner(cashable["expected"], scenario.money.currency, cashable["mean_error"]), n=of_100(cashable["probability"]),
    )  # fmt: skip


def _state(document: dict[str, Any], scenario: Scenario) -> Iterator[str]:
    state = document["payers"]["stat"]
    if abs(state["expected"]) >= ALMOST:
        mean = kroner(state["expected"], scenario.money.currency, state["mean_error"])
        yield text("Beside it the state saves (refusion): expected {mean}.", mean=mean)


def _present_value(document: dict[str, Any], scenario: Scenario) -> Iterator[str]:
    if "present_value" in document:
        value = document["present_value"]
        yield text(
            "Discounted ({rate} a year): expected present value {mean}, at least 0 in {n} of 100 courses.",
            rate=percent(reading.at_year(scenario.money.discount_rate, 0, scenario)),
            mean=kroner(value["expected"], scenario.money.currency, value["mean_error"]),
            n=of_100(value["probability"]),
        )


def _paper(document: dict[str, Any]) -> Iterator[str]:
    rows = document["reported"]
    if not rows or document["run"]["set"]:  # a changed case is not the paper's
        return
    yield text(
        "The paper's own figures: {right} of {all} are reproduced by the business case's arithmetic.",
        right=sum(row["reproduced"] for row in rows), all=len(rows),
    )  # fmt: skip


def _own_error(document: dict[str, Any], scenario: Scenario) -> str:
    said = {"draws": number(document["run"]["draws"]), "seed": document["run"]["seed"]}
    if document["provenu"]["sd"] == 0:
        return text("Every course gives the same; {draws} courses, seed {seed}.", **said)
    low, high = document["break_even"]["interval"]
    return text(
        "Error of the simulation itself (95 %): chance of break-even {low} to {high}, expected provenu ± {error}; {draws} courses, "
        "seed {seed}.",
        low=percent(low),
        high=percent(high),
        error=kroner(half_width(document["bridge"]["error"]), scenario.money.currency),
        **said,
    )


def _convergence(document: dict[str, Any], scenario: Scenario) -> Iterator[str]:
    """How the number of courses was found, where a precision was asked for."""
    if "convergence" not in document:
        return
    found = document["convergence"]
    of_chance = found["of"] == "probability"

    def written(half_width: float) -> str:
        short = two_digits(half_width)
        return (
            text("{points} points", points=plain(100 * short)) if of_chance else kroner(short, scenario.money.currency)
        )

    steps = [
        text("{draws} courses ± {error}", draws=number(step["draws"]), error=written(step["half_width"]))
        for step in found["steps"]
    ]
    yield text("Precision: {steps}.", steps=", ".join(steps))
    if not found["reached"]:
        reason = {
            "max-draws": text("no more courses were allowed (--max-draws)"),
            "machine": text("this machine cannot hold or finish more of them"),
        }[found["stopped_by"]]
        yield text(
            "The precision asked for, ± {asked}, is NOT reached: {reason}.",
            asked=written(found["asked"]), reason=reason,
        )  # fmt: skip
