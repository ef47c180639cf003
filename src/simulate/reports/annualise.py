"""`simulate annualise`: the answer as a document and in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulate.analysis.precision import Estimate
from simulate.content import BREAK, Cell, Figure, Part, Row, Sentence, Table, row
from simulate.locale import text
from simulate.reports import estimates, summary
from simulate.reports.figures import (
    chance,
    currency_sign,
    in_courses,
    kroner,
    margin,
    margin_points,
    number,
    of_100,
    percent,
)
from simulate.reports.words import ALMOST, BADLY, BANDS, bands, changes, clipped, heading
from simulate.scenario import Loaded, Scenario
from simulate.studies.annualise import LARGEST, NEAR, OFTEN, Annualised, Group

SELDOM = 0.005  # a chance below it is not worth a sentence
LITTLE = 0.1  # of what the year saves: about right


def document(found: Annualised, loaded: Loaded) -> dict[str, Any]:
    """What `simulate annualise --json` prints. Amounts in kroner, chances as such, nothing rounded."""
    following, smallest = found.group.following.mean, found.smallest
    return (
        summary.head(found.result, loaded)
        | {"quarter": str(found.quarter), "measure": found.measure}
        | _group(found.group)
        | {
            "ordinary": found.ordinary.value,
            "ordinary_error": found.ordinary.error,
            "within_quarter": found.within.value,
            "within_quarter_error": found.within.error,
            "bias": found.bias.value,
            "bias_error": found.bias.error,
            "bias_share": found.bias.value / abs(following.value) if following.value else None,
            "bias_percentiles": estimates.by_percentile(found.biases),
            "bias_percentile_errors": estimates.by_percentile(found.biases, field=1),
            "tolerance": {"share": NEAR, "courses": OFTEN, "largest": LARGEST},
            "smallest_group": smallest.size,
            "smallest_group_near": None if smallest.near is None else smallest.near.value,
            "smallest_group_near_error": None if smallest.near is None else smallest.near.error,
            "smallest_group_draws": smallest.draws,
            "near_without_luck": smallest.at_any_size.value,
            "near_without_luck_error": smallest.at_any_size.error,
            "groups": [_group(one) for one in found.groups],
            "clipped": dict(sorted(found.clipped.items())),
            "warnings": summary.warnings([], loaded),
        }
    )


def _group(one: Group) -> dict[str, Any]:
    return {
        "persons": one.persons,
        "draws": one.draws,
        "annualised": estimates.spread(one.annualised),
        "following_year": estimates.spread(one.following),
        "deviation": estimates.spread(one.deviation),
        **_chance("wrong_sign", one.wrong_sign),
        **_chance("no_change", one.no_change),
        **_chance("near", one.near),
        **_chance("explained", one.explained),
        "luck_sd": one.luck.value,
        "luck_sd_error": one.luck.error,
    }


def _chance(name: str, one: Estimate) -> dict[str, float]:
    return {name: one.value, f"{name}_error": one.error}


def lines(document: dict[str, Any], scenario: Scenario) -> Iterator[Part]:
    """In words: what the quarter seems to promise, what comes, how often they do not even agree on the sign, and whom it would do for."""
    yield from heading(scenario)
    yield from changes(document)
    yield from clipped(document, scenario, BADLY)
    yield from _answer(document, scenario.money.currency)
    yield BREAK
    heads = ["", text("Expected"), *(f"P{p}" for p in BANDS)]
    yield Table(heads, list(_compared(document)), currency=scenario.money.currency)
    yield text("P5, P50, P95: in 5, 50, 95 of 100 courses the amount is lower.")
    yield BREAK
    yield from _mistakes(document)
    yield text(
        "Who knows the quarter's figure knows {share} of what the four quarters after it vary by (their variance).",
        share=chance(document["explained"], document["explained_error"]),
    )
    yield from _bias(document, scenario.money.currency)
    yield from _smallest(document)
    if document["groups"]:
        yield BREAK
        yield text(
            "The same programme with groups of other sizes (persons of whom the quarter is told), amounts in {currency}:",
            currency=currency_sign(scenario.money.currency),
        )
        heads = [text("Persons"), text("Times four"), "P5", "P95", text("Year after"), "P5", "P95"]
        heads += [text("Opposite"), text("Near")]
        yield Table(heads, list(_groups(document)))
        yield text(
            "Opposite: one shows a saving and the other a loss. Near: the quarter times four lies within {share} of what the four quarters after it are expected to save.",
            share=percent(document["tolerance"]["share"], 0),
        )
    yield BREAK
    if scenario.costs or scenario.savings:
        yield text(
            "Counted is what people's lives cost. The programme's own costs, and posts saved, are in neither figure."
        )
    yield _own_error(document, scenario.money.currency)


def _quarter(document: dict[str, Any]) -> Sentence:
    year, n = document["quarter"].split("Q")
    return text("quarter {n} of {year}", n=n, year=year)


def _answer(document: dict[str, Any], currency: str) -> Iterator[Sentence]:
    seen, comes = document["annualised"], document["following_year"]
    said = {
        "quarter": _quarter(document),
        "persons": number(document["persons"]),
        "seen": kroner(seen["mean"], currency, seen["mean_error"]),
        "comes": kroner(comes["mean"], currency, comes["mean_error"]),
    }
    if document["measure"] == "additional":
        yield text(
            "What {persons} persons cost less a quarter at the end of {quarter} than at its beginning, beyond what they would have cost less without the programme, "
            "times four: {seen} is to be expected. The four quarters after it save {comes}.",
            **said,
        )
        return
    yield text(
        "What {persons} persons cost less a quarter at the end of {quarter} than at its beginning, times four: {seen} is to be expected. "
        "The four quarters after it save {comes}.",
        **said,
    )
    yield text(
        "All moves of the quarter are counted, also those that would have come without the programme: without it the figure would have been {ordinary}.",
        ordinary=kroner(document["ordinary"], currency, document["ordinary_error"]),
    )


def _compared(document: dict[str, Any]) -> Iterator[Row]:
    names = {
        "annualised": text("The quarter times four"),
        "following_year": text("Saved in the four quarters after it"),
        "deviation": text("The quarter times four is off by"),
    }
    for name, label in names.items():
        one = document[name]
        yield row(label, Figure(one["mean"], error=one["mean_error"]), *bands(one))


def _mistakes(document: dict[str, Any]) -> Iterator[Sentence]:
    if document["wrong_sign"] == 0:
        yield text("The sign is not wrong in any course.")
    else:
        yield text(
            "The sign is wrong {in_courses}: the quarter shows a saving where the four quarters after it bring a loss, or a loss where they save.",
            in_courses=in_courses(document["wrong_sign"]),
        )
    if document["no_change"] >= SELDOM:
        yield text("The quarter shows nothing at all {in_courses}.", in_courses=in_courses(document["no_change"]))


def _bias(document: dict[str, Any], currency: str) -> Iterator[Sentence]:
    bias, error = document["bias"], document["bias_error"]
    among, errors = document["bias_percentiles"], document["bias_percentile_errors"]
    low, high = (kroner(among[p], currency, errors[p]) for p in ("5", "95"))
    said = {"bias": kroner(abs(bias), currency, error), "low": low, "high": high}
    if abs(bias) <= max(2 * error, LITTLE * abs(document["following_year"]["mean"]), ALMOST):
        yield text("Without luck the quarter times four is about right on average.")
    elif bias > 0:
        yield text(
            "Also without any luck the quarter times four is {bias} too high on average; a larger group does not mend that.",
            **said,
        )
    else:
        yield text(
            "Also without any luck the quarter times four is {bias} too low on average; a larger group does not mend that.",
            **said,
        )
    if abs(among["95"] - among["5"]) >= 1:
        yield text(
            "Without luck it is off by what the assumptions make of it: between {low} and {high} in 90 of 100 courses.",
            **said,
        )


def _smallest(document: dict[str, Any]) -> Iterator[Sentence]:
    tolerance = document["tolerance"]
    near = {
        "share": percent(tolerance["share"], 0),
        "often": of_100(tolerance["courses"]),
    }
    yield text(
        "The quarter times four lies within {share} of what the four quarters after it are expected to save {in_courses}.",
        in_courses=in_courses(document["near"]),
        **near,
    )
    if document["smallest_group"] is not None:
        yield text(
            "For that to be so in {often} of 100, the group must have about {size} persons.",
            size=_rounded(document["smallest_group"]), **near,
        )  # fmt: skip
        return
    yield text(
        "No size of the group will do for that to be so in {often} of 100: without any luck it is so {in_courses}.",
        in_courses=in_courses(document["near_without_luck"]), **near,
    )  # fmt: skip


def _rounded(size: int) -> Sentence:
    """To two digits: between neighbouring sizes nothing can be told apart."""
    step: int = 10 ** max(len(str(size)) - 2, 0)
    return Sentence(number(-(-size // step) * step), (size,))


def _groups(document: dict[str, Any]) -> Iterator[Row]:
    for group in document["groups"]:
        cells: list[Cell] = []
        for name in ("annualised", "following_year"):
            one = group[name]
            cells += [Figure(one["mean"], error=one["mean_error"]), *bands(one, ("5", "95"))]
        chances = (Figure(group[name], "share", group[f"{name}_error"]) for name in ("wrong_sign", "near"))
        yield row(Figure(group["persons"], "count"), *cells, *chances)


def _own_error(document: dict[str, Any], currency: str) -> Sentence:
    return text(
        "Error of the simulation itself (95 %): expected difference ± {error}, chance of the wrong sign ± {points} points; {draws} courses, seed {seed}.",
        error=margin(document["deviation"]["mean_error"], currency),
        points=margin_points(document["wrong_sign_error"]),
        draws=number(document["run"]["draws"]), seed=document["run"]["seed"],
    )  # fmt: skip
