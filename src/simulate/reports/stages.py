"""`simulate stages`: the answer as a document and in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulate.analysis.precision import STUDENT, Estimate
from simulate.content import BREAK, Figure, Part, Row, Sentence, Table, joined, row
from simulate.locale import plural, text
from simulate.reports import summary
from simulate.reports.figures import amount, chance, currency_sign, in_courses, kroner, number, unit
from simulate.reports.words import ALMOST, BANDS, bands, changes, heading
from simulate.scenario import Loaded, Scenario
from simulate.studies.stages import Bound, Stages, Summary

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


def _outcome(one: Summary) -> dict[str, Any]:
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


def lines(document: dict[str, Any], scenario: Scenario) -> Iterator[Part]:
    """In words: how often the programme stops, what the rule is worth, what it gets wrong, and the best bound."""
    yield from heading(scenario)
    yield from changes(document)
    yield from _answer(document, scenario.money.currency)
    yield BREAK
    heads = [text("Expected"), *(f"P{p}" for p in BANDS), text("Breaks even")]
    yield Table(["", *heads], list(_compared(document)), currency=scenario.money.currency)
    yield BREAK
    yield text(
        "What other bounds would do, their worth in {currency}:", currency=currency_sign(scenario.money.currency)
    )
    bounds = [text("Bound"), text("Stops"), text("Worth")]
    yield Table(bounds, list(_bounds(document)))
    yield BREAK
    yield plural(
        "Stopped: nobody enters after the review, what is stated outright is paid for {n} month more, and those helped before keep their lives.",
        "Stopped: nobody enters after the review, what is stated outright is paid for {n} months more, and those helped before keep their lives.",
        document["notice_months"],
    )
    if len(scenario.parts) > 1:
        yield text("The rule stops all {n} programmes of the portfolio at once.", n=len(scenario.parts))


def _answer(document: dict[str, Any], currency: str) -> Iterator[Sentence]:
    stop, seen = document["stop"], document["seen"]["percentiles"]
    often = (
        text(
            "That happens {in_courses} ({chance}).",
            in_courses=in_courses(stop["probability"]), chance=chance(stop["probability"], stop["error"]),
        )
        if stop["probability"] > 0
        else text("The rule never stops the programme; it changes nothing.")
    )  # fmt: skip
    rule = text(
        "Reviewed at the end of {year}, the programme is stopped if {rule}.",
        year=document["review"], rule=_in_words(document["rule"]),
    )  # fmt: skip
    yield joined([rule, often])
    low, middle, high = (number(seen[p]) for p in BANDS)
    if low == high:
        yield text("At the review the count is {low} in at least 90 of 100 courses.", low=low)
    else:
        yield text(
            "At the review the count lies between {low} and {high} in 90 of 100 courses, {middle} in the middle.",
            low=low, high=high, middle=middle,
        )  # fmt: skip
    if stop["probability"] > 0:
        yield _worth(document, currency)
    if _idle(document):
        yield text(
            "To stop changes nothing here: nobody enters after the review, and nothing that is paid or saved outright would end."
        )
        return
    yield from _mistakes(document)
    yield from _best(document, currency)


def _adding_up(document: dict[str, Any]) -> tuple[float, float, float]:
    """Expected provenu without the rule, with it, and what it is worth: all to the same digit, so that they add up."""
    before, after, worth = document["without_rule"]["provenu"], document["with_rule"]["provenu"], document["worth"]
    step = max(unit(after["mean_error"]), unit(worth["error"]), 1.0)
    without, added = (round(one / step) * step for one in (before["mean"], worth["value"]))
    return without, without + added, added


def _worth(document: dict[str, Any], currency: str) -> Sentence:
    without, with_rule, worth = _adding_up(document)
    own = [document[key]["provenu"]["mean"] for key in ("without_rule", "with_rule")]
    said = text(
        "Expected provenu without the rule: {without}; with it: {with_rule}.",
        without=Sentence(kroner(without, currency), own[:1]), with_rule=Sentence(kroner(with_rule, currency), own[1:]),
    ) + " "  # fmt: skip
    if _is_nothing(document["worth"]):
        return said + text("What the rule is worth cannot be told from 0 with these courses.")
    exactly = (document["worth"]["value"],)
    if worth < 0:
        return said + text("The rule costs {cost}.", cost=Sentence(kroner(-worth, currency), exactly))
    return said + text("The rule is worth {worth}.", worth=Sentence(kroner(worth, currency), exactly))


def _is_nothing(worth: dict[str, float]) -> bool:
    """Whether it cannot be told from 0."""
    return abs(worth["value"]) <= max(STUDENT * worth["error"], ALMOST)


def _in_words(rule: dict[str, Any]) -> Sentence:
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


def _mistakes(document: dict[str, Any]) -> Iterator[Sentence]:
    stop, wrongly = document["stop"]["probability"], document["stopped_would_have_paid"]
    kept = in_courses(document["kept_does_not_pay"]["probability"])
    if stop == 0:
        return
    if wrongly["probability"] == 0:
        yield text(
            "In none of these courses it stops a programme that would have broken even; it lets one go on that does not {kept}.",
            kept=kept,
        )
        return
    yield text(
        "It stops a programme that would have broken even {in_courses} ({share} of those it stops), and lets one go on that does not {kept}.",
        in_courses=in_courses(wrongly["probability"]), kept=kept,
        share=Sentence(chance(wrongly["probability"] / stop, wrongly["error"] / stop), (wrongly["probability"], stop)),
    )  # fmt: skip


def _best(document: dict[str, Any], currency: str) -> Iterator[Sentence]:
    best = document["best"]
    stop = best["stop"]["probability"]
    if best["worth"]["value"] <= 0:
        yield text("No bound makes it worth while to stop: going on is better on average, whatever is seen.")
        return
    if _is_nothing(best["worth"]):
        yield text("Not even what the best bound is worth can be told from 0 with these courses.")
        return
    yield text(
        "The best bound: stop if {rule}. That is worth {worth} on average, and the programme is stopped {in_courses}.",
        rule=_in_words(document["rule"] | {"bound": best["bound"]}),
        worth=kroner(best["worth"]["value"], currency, best["worth"]["error"]), in_courses=in_courses(stop),
    )  # fmt: skip
    if stop == 1:
        yield text("On average it pays to stop after the review, whatever is seen.")
    elif stop > 0.95:
        yield text("That is nearly always: on average it pays to stop after the review, whatever is seen.")


def _compared(document: dict[str, Any]) -> Iterator[Row]:
    without, with_rule, _ = _adding_up(document)
    views = (text("Without the rule"), "without_rule", without), (text("With the rule"), "with_rule", with_rule)
    for name, key, mean in views:
        one = document[key]
        reached = Figure(one["break_even"]["probability"], "share", one["break_even"]["error"])
        yield row(name, Sentence(amount(mean), (one["provenu"]["mean"],)), *bands(one["provenu"]), reached)


def _bounds(document: dict[str, Any]) -> Iterator[Row]:
    """Some bounds, evenly spread, with the asked one and the best."""
    every = document["bounds"]
    step = max(1, (len(every) - 1) // (SHOWN - 1))
    marked = {document["rule"]["bound"], document["best"]["bound"]}
    for i, one in enumerate(every):
        if i % step == 0 or one["bound"] in marked:
            bound = document["rule"]["sign"] + " " + number(one["bound"])
            stops = Figure(one["stop"]["probability"], "share", one["stop"]["error"])
            yield row(bound, stops, Figure(one["worth"]["value"], error=one["worth"]["error"]))
