"""`simulate stages`: the answer as a document and in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulate.analysis.precision import Estimate
from simulate.locale import plural, text
from simulate.reports import summary
from simulate.reports.figures import amount, chance, kroner, number, of_100, unit
from simulate.reports.layout import Table
from simulate.reports.words import BANDS, changes, heading
from simulate.scenario import Loaded, Scenario
from simulate.studies.stages import Bound, Outcome, Stages

SHOWN = 7  # bounds in the table


def document(found: Stages, loaded: Loaded) -> dict[str, Any]:
    rule = found.rule
    return summary.head(found.result, loaded) | {
        "review": found.review,
        "notice_months": found.notice,
        "rule": {"what": rule.what, "role": rule.role, "state": rule.state, "sign": rule.sign, "bound": rule.bound},
        "seen": {"percentiles": {str(p): one.value for p, one in found.seen.items()}},
        "stop": _estimate(found.chosen.stop, "probability"),
        "worth": _estimate(found.chosen.worth, "value"),
        "without_rule": _outcome(found.without),
        "with_rule": _outcome(found.with_rule),
        "stopped_would_have_paid": _estimate(found.would_have_paid, "probability"),
        "kept_does_not_pay": _estimate(found.would_not_have_paid, "probability"),
        "best": _bound(found.best),
        "bounds": [_bound(one) for one in found.bounds],
        "warnings": summary.warnings([], loaded),
    }


def _estimate(one: Estimate, name: str) -> dict[str, float]:
    return {name: one.value, "error": one.error}


def _outcome(one: Outcome) -> dict[str, Any]:
    return {
        "provenu": {
            "mean": one.mean.value,
            "mean_error": one.mean.error,
            "percentiles": {str(p): found.value for p, found in one.percentiles.items()},
            "percentile_errors": {str(p): found.error for p, found in one.percentiles.items()},
        },
        "break_even": _estimate(one.chance, "probability"),
    }


def _bound(one: Bound) -> dict[str, Any]:
    return {"bound": one.bound, "stop": _estimate(one.stop, "probability"), "worth": _estimate(one.worth, "value")}


def lines(document: dict[str, Any], scenario: Scenario) -> Iterator[str | Table]:
    """In words: how often the programme stops, what the rule is worth, what it gets wrong, and the best bound."""
    yield from heading(scenario)
    yield from changes(document)
    currency = scenario.money.currency
    stop, worth = document["stop"], document["worth"]
    seen = document["seen"]["percentiles"]
    yield text(
        "Reviewed at the end of {year}, the programme is stopped if {rule}. That happens in {n} of 100 courses ({chance}).",
        year=document["review"],
        rule=_in_words(document["rule"]),
        n=of_100(stop["probability"]),
        chance=chance(stop["probability"], stop["error"]),
    )
    yield text(
        "At the review the count lies between {low} and {high} in 90 of 100 courses, {middle} in the middle.",
        low=number(seen["5"]), high=number(seen["95"]), middle=number(seen["50"]),
    )  # fmt: skip
    before, after = document["without_rule"], document["with_rule"]
    step = max(
        unit(after["provenu"]["mean_error"]), unit(worth["error"]), 1.0
    )  # all to the same digit, so that they add up
    without, added = (round(one / step) * step for one in (before["provenu"]["mean"], worth["value"]))
    yield text(
        "Expected provenu without the rule: {without}; with it: {with_rule}. The rule is worth {worth}.",
        without=kroner(without, currency), with_rule=kroner(without + added, currency), worth=kroner(added, currency),
    )  # fmt: skip
    if _idle(document):
        yield text(
            "To stop changes nothing here: nobody enters after the review, and nothing that is paid or saved outright would end."
        )
    else:
        yield from _mistakes(document)
        yield from _best(document, currency)
    yield ""
    yield Table(_compared(before, after))
    yield ""
    yield text("What other bounds would do:")
    yield Table(_bounds(document))
    yield ""
    yield plural(
        "Stopped: nobody enters after the review, what is stated outright is paid for {n} month more, and those helped before keep their lives.",
        "Stopped: nobody enters after the review, what is stated outright is paid for {n} months more, and those helped before keep their lives.",
        document["notice_months"],
    )
    if len(scenario.parts) > 1:
        yield text("The rule stops all {n} programmes of the portfolio at once.", n=len(scenario.parts))


def _in_words(rule: dict[str, Any]) -> str:
    bound = rule["bound"]
    said = {"bound": number(bound, 0 if bound == round(bound) else 1), "state": rule["state"]}
    n = 1 if bound == 1 else 2
    if rule["what"] == "moved":
        return {
            "<": plural("fewer than {bound} person has moved to {state}", "fewer than {bound} persons have moved to {state}", n, **said),
            "<=": plural("at most {bound} person has moved to {state}", "at most {bound} persons have moved to {state}", n, **said),
            ">": plural("more than {bound} person has moved to {state}", "more than {bound} persons have moved to {state}", n, **said),
            ">=": plural("at least {bound} person has moved to {state}", "at least {bound} persons have moved to {state}", n, **said),
        }[rule["sign"]]  # fmt: skip
    return {
        "<": plural("fewer than {bound} person is in {state}", "fewer than {bound} persons are in {state}", n, **said),
        "<=": plural("at most {bound} person is in {state}", "at most {bound} persons are in {state}", n, **said),
        ">": plural("more than {bound} person is in {state}", "more than {bound} persons are in {state}", n, **said),
        ">=": plural("at least {bound} person is in {state}", "at least {bound} persons are in {state}", n, **said),
    }[rule["sign"]]  # fmt: skip


def _idle(document: dict[str, Any]) -> bool:
    """Whether a programme that is stopped goes on just the same, whatever the bound."""
    stopping = [one for one in document["bounds"] if one["stop"]["probability"] > 0]
    return bool(stopping) and all(one["worth"]["value"] == one["worth"]["error"] == 0 for one in stopping)


def _mistakes(document: dict[str, Any]) -> Iterator[str]:
    stop, wrongly = document["stop"]["probability"], document["stopped_would_have_paid"]
    if stop == 0:
        yield text("The rule never stops the programme; it changes nothing.")
        return
    yield text(
        "In {wrongly} of 100 courses it stops a programme that would have broken even, {share} of those it stops; in {kept} of 100 it lets one go on "
        "that does not.",
        wrongly=of_100(wrongly["probability"]), share=chance(wrongly["probability"] / stop, wrongly["error"] / stop),
        kept=of_100(document["kept_does_not_pay"]["probability"]),
    )  # fmt: skip


def _best(document: dict[str, Any], currency: str) -> Iterator[str]:
    best = document["best"]
    if best["worth"]["value"] <= 0:
        yield text("No bound makes it worth while to stop: going on is better on average, whatever is seen.")
        return
    yield text(
        "The best bound: stop if {rule}. That is worth {worth} on average and stops {n} of 100 courses.",
        rule=_in_words(document["rule"] | {"bound": best["bound"]}),
        worth=kroner(best["worth"]["value"], currency, best["worth"]["error"]),
        n=of_100(best["stop"]["probability"]),
    )
    if best["stop"]["probability"] > 0.95:
        yield text("That is nearly always: on average it pays to stop after the review, whatever is seen.")


def _compared(before: dict[str, Any], after: dict[str, Any]) -> list[list[str]]:
    rows = [["", text("Expected"), *(f"P{p}" for p in BANDS), text("Breaks even")]]
    for name, one in ((text("Without the rule"), before), (text("With the rule"), after)):
        provenu, reached = one["provenu"], one["break_even"]
        bands = (amount(provenu["percentiles"][p], provenu["percentile_errors"][p]) for p in BANDS)
        expected = amount(provenu["mean"], provenu["mean_error"])
        rows.append([name, expected, *bands, chance(reached["probability"], reached["error"])])
    return rows


def _bounds(document: dict[str, Any]) -> list[list[str]]:
    """Some bounds, evenly spread, with the asked one and the best."""
    every = document["bounds"]
    step = max(1, (len(every) - 1) // (SHOWN - 1))
    marked = {document["rule"]["bound"], document["best"]["bound"]}
    rows = [[text("Bound"), text("Stops"), text("Worth")]]
    for i, one in enumerate(every):
        if i % step == 0 or one["bound"] in marked:
            sign = f"{document['rule']['sign']} {number(one['bound'])}"
            stops = chance(one["stop"]["probability"], one["stop"]["error"])
            rows.append([sign, stops, amount(one["worth"]["value"], one["worth"]["error"])])
    return rows
