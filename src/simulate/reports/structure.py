"""The same case counted in other ways, as a document and in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulate.analysis.breakeven import reached
from simulate.analysis.precision import STUDENT
from simulate.content import BREAK, Figure, Part, Row, Sentence, Table, joined, row
from simulate.engine import Outcome
from simulate.locale import plural, text
from simulate.names import COUNTERFACTUALS
from simulate.reports import summary
from simulate.reports.figures import chance as shown
from simulate.reports.figures import (
    half_width,
    in_courses,
    kroner,
    margin,
    margin_points,
    number,
    of_100,
    percent,
    plain,
    range_of_100,
)
from simulate.reports.words import ALMOST, BADLY, changes, heading, place
from simulate.scenario import Loaded, Scenario, queries
from simulate.studies.structure import RATE, Structure, Way

SURE = 0.0005  # chances that print as 0 or 100 %
EVEN = 0.05  # from a half: what is expected is an eighth of luck's sd at most, so that it takes hundreds of times as many to decide


def document(found: Structure, loaded: Loaded) -> dict[str, Any]:
    """Everything that `simulate structure --json` prints."""
    known = found.luck_alone
    return summary.head(found.result, loaded) | {
        "structure": [_row(way, loaded.scenario) for way in found.ways],
        "known_rates": {
            "at": "value",
            **_figures(known.outcome),
            "families_a_year": known.families_a_year,
            "families": known.families,
            "uncertain": found.is_uncertain,
        },
        "warnings": summary.warnings([], loaded),
    }


def _row(way: Way, scenario: Scenario) -> dict[str, Any]:
    empty = dict.fromkeys(("probability", "error", "expected", "expected_error"))
    figures = empty if way.outcome is None else _figures(way.outcome)
    return {"name": way.name, "label": _label(way, scenario), **figures, "note": _note(way, scenario)}


def _figures(outcome: Outcome) -> dict[str, float]:
    mean, chance = outcome
    return {
        "probability": chance.value,
        "error": chance.error,
        "expected": mean.value,
        "expected_error": mean.error,
    }


def _label(way: Way, scenario: Scenario) -> str:
    """What is counted otherwise."""
    if way.years:
        last = scenario.time.first_year + way.years - 1
        return plural("over {n} year, to {last}", "over {n} years, to {last}", way.years, last=last)
    if way.name == "discounted":
        rate = queries.at_year(scenario.money.discount_rate, 0, scenario) if scenario.money.discount_rate else RATE
        return text("discounted by {rate} a year", rate=percent(rate))
    return {
        "base": text("as the case is written"),
        "expected": text("life without the programme as its expectation"),
        "same-luck": text("life without the programme with the same luck"),
        "own-luck": text("life without the programme with luck of its own"),
        "any-month": text("moves on 1 January spread over the year"),
        "cashable": text("without savings that are not cashable"),
    }[way.name]


def _note(way: Way, scenario: Scenario) -> str | None:
    """Why a way of counting is missing, or what to know of it."""
    if way.missing:
        return text("cannot be counted so: {reason}", reason=way.missing)
    if way.alike:
        return {
            "any-month": text("no move takes place on 1 January"),
            "cashable": text("all savings are cashable"),
        }[way.name]
    worst = max((way.clipped or {}).items(), key=lambda item: item[1], default=("", 0.0))
    if worst[1] < BADLY:
        return None
    return text(
        "not to be trusted: {path} had to be clipped to what is possible in {share} of the courses",
        path=place(worst[0], scenario), share=percent(worst[1]),
    )  # fmt: skip


def lines(document: dict[str, Any], scenario: Scenario) -> Iterator[Part]:
    """The table in words first."""
    yield from heading(scenario)
    yield from changes(document)
    yield from _span(document["structure"])
    yield BREAK
    heads = [text("Way of counting"), text("Break-even"), text("Expected provenu")]
    yield Table(heads, list(_rows(document["structure"])), currency=scenario.money.currency)
    for way in document["structure"]:
        if way["note"]:
            yield text("{label}: {note}.", label=way["label"], note=way["note"])
    yield from _reading(document)
    yield BREAK
    yield _known(document["known_rates"], scenario.money.currency)
    yield _own_error(document, scenario)


def _span(rows: list[dict[str, Any]]) -> Iterator[Sentence]:
    """Over the same years: a longer horizon is another question, not another way to count."""
    counted = [row for row in rows if row["probability"] is not None and not row["name"].startswith("years-")]
    low, high = (of(counted, key=lambda row: row["probability"]) for of in (min, max))
    said = in_courses(counted[0]["probability"])
    if of_100(low["probability"]) == of_100(high["probability"]):
        yield text(
            "However the case is counted over the same years, the programme breaks even {in_courses}.", in_courses=said
        )
        return
    yield text(
        "As the case is written, the programme breaks even {in_courses}; counted otherwise over the same years it is {range} of 100.",
        in_courses=said, range=range_of_100(low["probability"], high["probability"]),
    )  # fmt: skip
    yield text("Fewest: {low}. Most: {high}.", low=low["label"], high=high["label"])


def _rows(ways: list[dict[str, Any]]) -> Iterator[Row]:
    for way in ways:
        if way["probability"] is None:
            yield row(way["label"], "-", "-")
        else:
            expected = Figure(way["expected"], error=way["expected_error"])
            yield row(way["label"], Figure(way["probability"], "share", way["error"]), expected)


def _reading(document: dict[str, Any]) -> Iterator[Sentence]:
    chosen = document["run"]["counterfactual"]
    counted = {
        "expected": text("Each row changes that one thing; life without the programme is counted as its expectation."),
        "same-luck": text("Each row changes that one thing; life without the programme is counted with the same luck."),
        "own-luck": text(
            "Each row changes that one thing; life without the programme is counted with luck of its own."
        ),
    }
    assert counted.keys() == set(COUNTERFACTUALS)
    yield counted[chosen]
    if any(row["name"].startswith("years-") and row["probability"] is not None for row in document["structure"]):
        yield text(
            "Another number of years: the programme itself goes on so long, and every number keeps its last year's value. "
            "What would be saved after that is not counted in any row."
        )


def _known(known: dict[str, Any], currency: str) -> Sentence:
    """What luck alone decides: with very many families the chance would be 0 or 100 %, unless nothing is expected of them."""
    if _is_about_even(known):
        return _even(known, currency)
    chance, families = shown(known["probability"], known["error"]), _families(known)
    without_luck = percent(float(reached(known["expected"])), 0)
    if SURE <= known["probability"] <= 1 - SURE:
        if known["uncertain"]:
            return text(
                "Even if every assumption were known exactly, each at its value, the chance would be {chance} and not "
                "{without_luck}, because {families}. The rest is luck.",
                chance=chance, without_luck=without_luck, families=families,
            )  # fmt: skip
        return text(
            "No assumption is uncertain in this case. The chance is {chance} and not {without_luck}, because {families}. The rest is luck.",
            chance=chance, without_luck=without_luck, families=families,
        )  # fmt: skip
    if known["uncertain"]:
        return text(
            "Were every assumption known exactly, each at its value, the chance would be {chance}: luck alone does not "
            "decide it.",
            chance=chance,
        )
    return text("No assumption is uncertain in this case, and luck alone does not decide it.")


def _is_about_even(known: dict[str, Any]) -> bool:
    """Whether luck falls to either side however many take part: the provenu is 0, or far smaller than what luck makes of it."""
    is_nothing: bool = abs(known["expected"]) <= max(STUDENT * known["expected_error"], ALMOST)
    is_open: bool = SURE <= known["probability"] <= 1 - SURE
    return is_open and bool(is_nothing or abs(known["probability"] - 0.5) <= EVEN)


def _even(known: dict[str, Any], currency: str) -> Sentence:
    said = {
        "chance": shown(known["probability"], known["error"]),
        "expected": kroner(known["expected"], currency, known["expected_error"]),
    }
    first = (
        text("Even if every assumption were known exactly, each at its value, the chance would be {chance}.", **said)
        if known["uncertain"]
        else text("No assumption is uncertain in this case, and the chance is {chance}.", **said)
    )
    return joined([first, text("The provenu is then expected to be {expected}: so near to 0 that luck decides, which it would still do if many more took part.", **said)])  # fmt: skip


def _families(known: dict[str, Any]) -> Sentence:
    yearly = known["families_a_year"]
    if yearly > 0:
        return text("so few take part, {n} a year", n=_few(yearly))
    return text("so few take part, {n} in all", n=_few(known["families"]))


def _few(families: float) -> Sentence:
    return number(families) if families >= 10 else plain(round(families, 1))


def _own_error(document: dict[str, Any], scenario: Scenario) -> Sentence:
    counted = [row for row in [*document["structure"], document["known_rates"]] if row["probability"] is not None]
    chance, mean = (max(row[key] for row in counted) for key in ("error", "expected_error"))
    said = {
        "points": margin_points(chance),
        "draws": number(document["run"]["draws"]),
        "seed": document["run"]["seed"],
    }
    if half_width(mean) < ALMOST:
        return text(
            "Error of the simulation itself (95 %): at most ± {points} points of a chance; expected provenus have none; {draws} courses, seed {seed}.",
            **said,
        )
    return text(
        "Error of the simulation itself (95 %): at most ± {points} points of a chance, and ± {amount} of an expected provenu; {draws} courses, "
        "seed {seed}.",
        amount=margin(mean, scenario.money.currency), **said,
    )  # fmt: skip
