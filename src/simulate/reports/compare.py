"""Scenarios compared: the JSON document, and what it says in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import PurePath
from typing import Any

from simulate.analysis import precision
from simulate.analysis.precision import STUDENT, Estimate, Spread
from simulate.content import BREAK, Cell, Figure, Heading, Part, Row, Sentence, Table, joined, row
from simulate.locale import plural, text
from simulate.reports import estimates
from simulate.reports.figures import in_courses, kroner, margin, margin_points, number, percent
from simulate.reports.summary import PERCENTILES, head
from simulate.reports.words import ALMOST, BADLY, BANDS, bands, changes, place, point_column
from simulate.scenario import Loaded, Scenario
from simulate.studies.compare import Alternative, Comparison

WIDEST = 30  # letters of a name in a table


def document(found: Comparison, loaded: Sequence[Loaded]) -> dict[str, Any]:
    """What `simulate compare --json` prints. Amounts in kroner, chances as shares, nothing rounded."""
    labels = names(loaded)
    losses = zip(found.losses, found.losses_without_luck, strict=True)
    rows = zip(loaded, labels, found.alternatives, found.chances, losses, strict=True)
    return head(found.first, loaded[0]) | {
        "scenarios": [_scenario(*row) for row in rows],
        "best": {"by_mean": found.by_mean, "by_probability": found.by_chance},
        "differences": [_difference(found, a, b, loaded) for a, b in found.pairs],
        "shared": found.common.shared,
        "differing": [
            {
                "name": one.name,
                "groups": [[loaded[i].file for i in group] for group in one.groups],
                "reasons": list(one.reasons),
            }
            for one in found.common.differing
        ],
        "caveats": caveats(found, loaded, labels),
        "warnings": warnings(loaded),
    }


def names(loaded: Sequence[Loaded]) -> list[str]:
    """The shortest that tell the scenarios apart: titles, names of the files, their paths, or these with a number."""
    for candidates in (
        [one.scenario.title for one in loaded],
        [PurePath(one.file).stem for one in loaded],
        [one.file for one in loaded],
    ):
        if len(set(candidates)) == len(loaded) and max(map(len, candidates)) <= WIDEST:
            return candidates
    return [f"{PurePath(one.file).stem} ({i})" for i, one in enumerate(loaded, 1)]


def _scenario(
    one: Loaded, name: str, found: Alternative, best: Estimate, losses: tuple[Estimate, Estimate]
) -> dict[str, Any]:
    loss, without_luck = losses
    choice = {
        "probability_best": best.value,
        "probability_best_error": best.error,
        "expected_loss": loss.value,
        "expected_loss_error": loss.error,
    }
    return {
        "file": one.file,
        "title": one.scenario.title,
        "name": name,
        "sha256": one.sha256,
        "point": found.point,
        "provenu": estimates.spread(_of_one(found)),
        "break_even": {
            "probability": found.chance.value,
            "error": found.chance.error,
            "interval": list(precision.chance_interval(found.chance, len(found.provenu))),
        },
        **(estimates.without_luck(choice) if found.with_luck else choice),
        "expected_loss_without_luck": without_luck.value,
        "expected_loss_without_luck_error": without_luck.error,
        "clipped": dict(sorted(found.clipped.items())),
    }


def _difference(found: Comparison, a: int, b: int, loaded: Sequence[Loaded]) -> dict[str, Any]:
    difference = found.difference(a, b)
    figures = {
        **estimates.spread(precision.spread(difference.mean, difference.values, PERCENTILES)),
        "probability_positive": difference.positive.value,
        "probability_positive_error": difference.positive.error,
        "probability_negative": difference.negative.value,
        "probability_negative_error": difference.negative.error,
    }
    if found.alternatives[a].with_luck:
        figures = estimates.without_luck(figures)
    return {"a": loaded[a].file, "b": loaded[b].file, **figures}


def _of_one(found: Alternative) -> Spread:
    """Its provenu, luck and all where that is known."""
    if found.with_luck is None:
        return precision.spread(found.mean, found.provenu, PERCENTILES)
    return Spread(found.mean, found.with_luck.spread(), found.with_luck.percentiles(PERCENTILES))


# What to warn of ------------------------------------------------------------------------------------------------------


def caveats(found: Comparison, loaded: Sequence[Loaded], labels: Sequence[str]) -> list[str]:
    """What makes the figures less comparable than they look: part of the answer."""
    said: list[str] = [*_prices(loaded), *_certain(found, labels)]
    for one, name, each in zip(loaded, labels, found.alternatives, strict=True):
        for path, n in sorted(each.clipped.items()):
            if n / len(each.provenu) >= BADLY:
                said.append(
                    text(
                        "“{name}”: {path} had to be clipped to what is possible in {share} of the courses. That is too many to trust its figures: "
                        "mend the uncertainty first.",
                        name=name, path=place(path, one.scenario), share=percent(n / len(each.provenu)),
                    )
                )  # fmt: skip
    return said


def warnings(loaded: Sequence[Loaded]) -> list[str]:
    """The files' own, and what of them is not used."""
    said = [problem.at(one.file) for one in loaded for problem in one.warnings]
    return list(dict.fromkeys([*said, *_simulation(loaded)]))


def _prices(loaded: Sequence[Loaded]) -> Iterator[Sentence]:
    first = loaded[0]
    for one in loaded[1:]:
        ours, theirs = one.scenario.money, first.scenario.money
        if ours.price_level != theirs.price_level:
            yield text(
                "{file} is in prices of {level} and {first} in prices of {first_level}: part of every difference below is the price level. "
                "Bring the prices of one to the level of the other before you decide.",
                file=one.file, level=ours.price_level or text("an unknown year"),
                first=first.file, first_level=theirs.price_level or text("an unknown year"),
            )  # fmt: skip
        if ours.indexation != theirs.indexation:
            yield text(
                "{file} and {first} index prices differently (`money.indexation`): part of every difference below is that. "
                "Give both the same, for example with --set money.indexation=0",
                file=one.file, first=first.file,
            )  # fmt: skip


def _certain(found: Comparison, labels: Sequence[str]) -> Iterator[Sentence]:
    uncertain = [bool(sampler.uncertain) for sampler in found.common.samplers]
    for name, has in zip(labels, uncertain, strict=True):
        if any(uncertain) and not has:
            yield text(
                "“{name}” has no uncertain assumptions: it looks surer than the others only because nobody has said how unsure its numbers are.",
                name=name,
            )


def _simulation(loaded: Sequence[Loaded]) -> Iterator[Sentence]:
    """Where a file asks for other draws than the first one's, which hold for all."""
    first = loaded[0]
    for one in loaded[1:]:
        for key in ("draws", "seed", "design", "counterfactual"):
            own, used = (getattr(each.scenario.simulation, key) for each in (one, first))
            if own != used:
                yield text(
                    "{file} has {key} = {own} under [simulation]; that of the first file, {used}, is used for all.",
                    file=one.file, key=key, own=own, used=used,
                )  # fmt: skip


# In words -------------------------------------------------------------------------------------------------------------


def lines(document: dict[str, Any], scenario: Scenario) -> Iterator[Part]:
    """The answers of a comparison; scenario: the first."""
    apart = document["run"]["engine"] == "expected"  # luck is in each scenario's own figures, and in no comparison
    if apart:
        document = document | {
            key: [estimates.luckless(one) for one in document[key]] for key in ("scenarios", "differences")
        }
    yield from _heading(document, scenario)
    yield from changes(document)
    for caveat in document["caveats"]:
        yield text("NOTE: {caveat}", caveat=caveat)
    if document["caveats"]:
        yield BREAK
    yield from _answer(document, scenario)
    yield BREAK
    yield from _tables(document, apart, scenario.money.currency)
    yield BREAK
    yield from _same(document)
    yield _own_error(document, scenario)


def _heading(document: dict[str, Any], scenario: Scenario) -> Iterator[Part]:
    last = scenario.time.first_year + scenario.time.years - 1
    years = f"{scenario.time.first_year}-{last}" if scenario.time.years > 1 else str(last)
    level = scenario.money.price_level
    prices = text(" · prices of {year}", year=level) if level else ""
    named = ", ".join(_quoted(one["name"]) for one in document["scenarios"])
    yield Heading(text("Compared: {names}", names=named) + f" · {years}{prices}")
    yield BREAK


def _answer(document: dict[str, Any], scenario: Scenario) -> Iterator[Sentence]:
    if all(one["sd"] == 0 and one["mean"] == 0 for one in document["differences"]):
        yield text("They give the same provenu in every course: there is nothing to choose between.")
        return
    order = _ranked(document)
    best, other = (document["scenarios"][i] for i in order[:2])
    gap = _between(document, order[0], order[1])
    currency = scenario.money.currency
    told_apart = abs(gap["mean"]) > STUDENT * gap["mean_error"]
    mean = kroner(best["provenu"]["mean"], currency, best["provenu"]["mean_error"])
    if told_apart:
        yield text(
            "Best by expected provenu: “{name}”, with {mean}. That is {gap} more than “{other}”.",
            name=best["name"], mean=mean, gap=kroner(gap["mean"], currency, gap["mean_error"]), other=other["name"],
        )  # fmt: skip
    else:
        yield text(
            "By expected provenu “{name}” and “{other}” cannot be told apart: both give about {mean}, and what is between them is within the error "
            "of the simulation itself.",
            name=best["name"], other=other["name"], mean=mean,
        )  # fmt: skip
    if document["run"]["engine"] == "expected":
        yield text("Luck is left out of what is said of choices and differences: --engine lives tells them with luck.")
    low, high = (kroner(gap["percentiles"][p], currency, gap["percentile_errors"][p]) for p in ("5", "95"))
    most = text(
        "“{name}” gives the most {in_courses}.", name=best["name"], in_courses=in_courses(best["probability_best"])
    )
    apart = (
        text("In 90 of 100 courses the difference to “{other}” lies between {low} and {high}.",
             other=other["name"], low=low, high=high)
        if low != high
        else text("In at least 90 of 100 courses the difference to “{other}” is {value}.", other=other["name"], value=low)
    )  # fmt: skip
    yield joined([most, apart])
    yield from _most_often(document, best, told_apart)
    yield text(
        "What each choice costs on average, against the one that turns out best in each course: {losses}.",
        losses=joined((_loss(document["scenarios"][i], currency) for i in order), "; "),
    )
    yield from _knowledge(document, scenario)
    if best["provenu"]["mean"] + STUDENT * best["provenu"]["mean_error"] < 0:
        yield text("None of them is expected to break even: without any of them the provenu is 0.")


def _loss(one: dict[str, Any], currency: str) -> Sentence:
    return joined([_quoted(one["name"]), kroner(one["expected_loss"], currency, one["expected_loss_error"])])


def _quoted(name: str) -> Sentence:
    """So that a comma in it parts nothing."""
    return text("“{name}”", name=name)


def _ranked(document: dict[str, Any]) -> list[int]:
    """The scenarios' places, the highest expected provenu first."""
    return sorted(range(len(document["scenarios"])), key=lambda i: -document["scenarios"][i]["provenu"]["mean"])


def _knowledge(document: dict[str, Any], scenario: Scenario) -> Iterator[Sentence]:
    """The part of a wrong choice's cost that somebody could do something about: the expected value of perfect information."""
    least = min(document["scenarios"], key=lambda one: one["expected_loss_without_luck"])
    worth = kroner(
        least["expected_loss_without_luck"], scenario.money.currency, least["expected_loss_without_luck_error"]
    )
    if least["expected_loss"] - least["expected_loss_without_luck"] < ALMOST:
        yield text("To know the assumptions better before the choice is worth at most {worth}.", worth=worth)
    else:
        yield text(
            "To know the assumptions better before the choice is worth at most {worth}; the rest is luck, which nobody can know beforehand.",
            worth=worth,
        )


def _between(document: dict[str, Any], a: int, b: int) -> dict[str, Any]:
    """The difference a - b of two scenarios by their places, whichever way round the document has it."""
    pairs = list(combinations(range(len(document["scenarios"])), 2))
    found: dict[str, Any] = document["differences"][pairs.index((min(a, b), max(a, b)))]
    if a < b:
        return found
    other_way = {str(100 - int(p)): -value for p, value in found["percentiles"].items()}
    errors = {str(100 - int(p)): error for p, error in found["percentile_errors"].items()}
    return found | {
        "mean": -found["mean"],
        "percentiles": other_way,
        "percentile_errors": errors,
        "probability_positive": found["probability_negative"],
        "probability_positive_error": found["probability_negative_error"],
    }


def _most_often(document: dict[str, Any], best: dict[str, Any], told_apart: bool) -> Iterator[Sentence]:
    """Where the best by mean is not the one that is best most often, by more than the simulation's own error."""
    often = document["scenarios"][document["best"]["by_probability"]]
    error = math.hypot(often["probability_best_error"], best["probability_best_error"])
    if often["probability_best"] - best["probability_best"] <= STUDENT * error:
        return
    said = {"name": often["name"], "in_courses": in_courses(often["probability_best"])}
    if told_apart and len(document["scenarios"]) == 2:
        yield text(
            "BUT most often best is “{name}”, {in_courses}: it wins more often, and loses by more when it loses.",
            **said,
        )
    else:
        yield text("BUT most often best is “{name}”, {in_courses}.", **said)


def _tables(document: dict[str, Any], apart: bool, currency: str) -> Iterator[Part]:
    """apart: whether break-even has luck and the choice has none, so that they must not stand in one table."""
    heads = [point_column(from_paper=False), text("Expected"), *(f"P{p}" for p in BANDS)]
    reached, rest = [text("Breaks even")], [text("Best"), text("Expected loss")]
    provenus: list[Row] = []
    choices: list[Row] = []
    for one in document["scenarios"]:
        provenu, chance = one["provenu"], one["break_even"]
        own = [Figure(chance["probability"], "share", chance["error"])]
        provenus.append(row(one["name"], Figure(one["point"]), *_spread_cells(provenu), *(own if apart else [])))
        best = Figure(one["probability_best"], "share", one["probability_best_error"])
        loss = Figure(one["expected_loss"], error=one["expected_loss_error"])
        choices.append(row(one["name"], *([] if apart else own), best, loss))
    differences: list[Row] = []
    for a, b in combinations(_ranked(document), 2):
        one = _between(document, a, b)
        named = text("{a} less {b}", a=document["scenarios"][a]["name"], b=document["scenarios"][b]["name"])
        positive = Figure(one["probability_positive"], "share", one["probability_positive_error"])
        differences.append(row(named, *_spread_cells(one), positive))
    tables = (
        Table([text("Provenu"), *heads, *(reached if apart else [])], provenus, currency=currency),
        Table([text("Difference"), *heads[1:], "> 0"], differences, currency=currency),
        Table([text("Choice"), *([] if apart else reached), *rest], choices, currency=currency),
    )
    for i, table in enumerate(tables):
        if i:
            yield BREAK
        if i == 1 and apart:
            yield text("By the assumptions alone, without luck:")
        yield table
    yield text(
        "P5, P50, P95: in 5, 50, 95 of 100 courses the amount is lower. Best: the share of courses in which it gives the most. Expected loss: what "
        "it gives less than the best one, on average over the courses."
    )  # fmt: skip


def _spread_cells(found: dict[str, Any]) -> list[Cell]:
    return [Figure(found["mean"], error=found["mean_error"]), *bands(found)]


def _same(document: dict[str, Any]) -> Iterator[Sentence]:
    """What is one number in all scenarios, and what is not although it is called the same."""
    shared, differing = document["shared"], document["differing"]
    together = [one for one in differing if {"held", "scale"}.issuperset(one["reasons"])]
    if shared:
        yield plural(
            "Uncertain assumption that is one and the same number, course by course, wherever it stands: {names}.",
            "Uncertain assumptions that are one and the same number, course by course, wherever they stand ({n}): {names}.",
            len(shared), names=", ".join(shared),
        )  # fmt: skip
    elif not together and any(one["provenu"]["sd"] for one in document["scenarios"]):
        yield text("No uncertain assumption is the same in several of them: only luck is shared.")
    apart = [one for one in differing if one not in together]
    if apart:
        named = "; ".join(f"{one['name']} ({', '.join(_reason(key) for key in one['reasons'])})" for one in apart)
        yield text("The same name, but not the same number, and so not drawn together: {names}.", names=named)
    if together:
        named = ", ".join(one["name"] for one in together)
        yield text("Drawn together, but held at a value or scaled in some of them: {names}.", names=named)
    if document["run"]["engine"] == "expected":
        yield text("Luck is left out of differences and choices; the first table has it.")
    else:
        yield text("The differences hold for the same participants with the same luck in each.")


def _reason(key: str) -> str:
    return {
        "value": text("its value differs"),
        "uncertainty": text("its uncertainty differs"),
        "each_year": text("its course over the years differs"),
        "held": text("what it is held at differs"),
        "scale": text("its scale differs"),
        "correlation": text("its correlations differ"),
    }[key]


def _own_error(document: dict[str, Any], scenario: Scenario) -> Sentence:
    said = {"draws": number(document["run"]["draws"]), "seed": document["run"]["seed"]}
    if not any(one["provenu"]["sd"] for one in document["scenarios"]):
        return text("Every course gives the same; {draws} courses, seed {seed}.", **said)
    best = max(one["probability_best_error"] for one in document["scenarios"])
    mean = max(one["mean_error"] for one in document["differences"])
    if mean == best == 0:
        return text("{draws} courses, seed {seed}.", **said)
    return text(
        "Error of the simulation itself (95 %): differences in expected provenu at most ± {mean}, the chance of being best ± {points} points; "
        "{draws} courses, seed {seed}.",
        mean=margin(mean, scenario.money.currency), points=margin_points(best), **said,
    )  # fmt: skip
