"""A portfolio's programmes one by one: the section `programmes` of a run's document, and what it says in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from simulate import measures
from simulate.analysis import precision
from simulate.analysis.breakeven import reached
from simulate.analysis.draws import Draws
from simulate.content import BREAK, Figure, Part, Row, Sentence, Table, row, total
from simulate.engine import Result
from simulate.locale import text
from simulate.reports import estimates
from simulate.reports.figures import chance as shown
from simulate.reports.words import BANDS, bands, is_of_paper, named, point_column
from simulate.scenario import Scenario

PERCENTILES = (5, 25, 50, 75, 95)
SURE = 3  # standard errors
LITTLE = 0.005  # of the variance
MOST_NAMED = 8


def section(result: Result) -> dict[str, Any]:
    """Of each programme, over the horizon, DKK: the business case's number, and what the draws say; what they share."""
    scenario, accounts = result.scenario, result.accounts
    found: dict[str, Any] = {}
    for name, own in accounts.of_part.items():
        found[name] = {"point": float(result.point.kroner[0, own].sum())}
        if result.draws is not None:
            found[name] |= _of_draws(result, result.draws, name, own.tolist())
    answer: dict[str, Any] = {"each": found, "shared": shared(scenario), "alike": alike(scenario)}
    if result.draws is not None:
        answer["together"] = _together(result.draws, list(found), "_without_luck" * result.leaves_out_luck)
    return answer


def shared(scenario: Scenario) -> list[str]:
    """The assumptions that are one number for all programmes that have them."""
    return [name for name, one in scenario.assumptions.items() if one.part is None]


def alike(scenario: Scenario) -> list[str]:
    """Uncertain assumptions that several programmes have under one name and as one number, but drawn for each."""
    found: dict[str, list[Any]] = {}
    for name, one in scenario.assumptions.items():
        if one.part is not None and one.uncertainty is not None:
            meant = (one.value, one.uncertainty, one.each_year, one.persistence)
            found.setdefault(name.removeprefix(f"{one.part}: "), []).append(meant)
    return [name for name, each in found.items() if any(each.count(one) > 1 for one in each)]


def _of_draws(result: Result, draws: Draws, name: str, own: list[bool]) -> dict[str, Any]:
    column = draws.columns[measures.PROGRAMME, name]
    mean, hit = result.mean_of((measures.PROGRAMME, name), own), result.counted(reached(column))
    spread = estimates.spread(precision.spread(mean, column, PERCENTILES, result.undrawn.mass))
    found = spread | {"probability": hit.value, "error": hit.error}
    return estimates.without_luck(found) if result.leaves_out_luck else found


def _together(draws: Draws, names: list[str], without: str) -> dict[str, float | None]:
    """Share of the total's variance that comes of programmes going well or badly together: what their own do not add up to.

    without: what the share's name ends in, where luck is left out."""
    columns = np.stack(
        [precision.in_blocks(draws.columns[measures.PROGRAMME, name]) for name in names]
    )  # (programme, block, draw)
    off = columns - columns.mean(axis=(1, 2), keepdims=True)
    total = (off.sum(axis=0) ** 2).mean(axis=1)  # (block,)
    apart = (off**2).sum(axis=0).mean(axis=1)
    whole = float(total.mean())
    share = (total - apart) / whole if whole > 0 else np.zeros(len(total))
    error = precision.error_of(share)
    found = {"share": float(share.mean()), "error": None if columns.shape[2] == 1 else error}
    return {f"share{without}{'_error' * (key == 'error')}": value for key, value in found.items()} if without else found


# In words -------------------------------------------------------------------------------------------------------------


def lines(document: dict[str, Any], scenario: Scenario) -> Iterator[Part]:
    """The programmes one by one, and what they have in common; nothing where there are not two."""
    found = document.get("programmes", {"each": {}})
    if len(found["each"]) < 2:
        return
    if "provenu" not in document:
        rows = [row(name or text("In common"), Figure(one["point"])) for name, one in found["each"].items()]
        rows.append(total(text("Total"), Figure(document["point"]["provenu"]["total"])))
        yield Table([text("Programme"), point_column(is_of_paper(document))], rows, currency=scenario.money.currency)
        yield BREAK
        return
    yield text("Programme by programme, over all years:")
    heads = [point_column(is_of_paper(document)), text("Expected"), *(f"P{p}" for p in BANDS), text("Breaks even")]
    yield Table([text("Programme"), *heads], _rows(document), currency=scenario.money.currency)
    yield text(
        "The expected provenu of the programmes adds up to the total; their bands do not: what goes badly in one need not in the others."
    )
    yield _shared(found, scenario)
    if found["alike"]:
        names = ", ".join(found["alike"][:MOST_NAMED]) + (" ..." if len(found["alike"]) > MOST_NAMED else "")
        yield text("Equal in more than one, yet drawn for each, as they are not in `shared`: {names}.", names=names)
    share, error = found["together"].values()
    if found["shared"] and error is not None and share > max(SURE * error, LITTLE):
        yield text(
            "Of the total's uncertainty (variance), {share} is there only because the programmes go well or badly together.",
            share=shown(share, error),
        )
    yield BREAK


def _rows(document: dict[str, Any]) -> list[Row]:
    rows = [
        row(
            name or text("In common"),
            Figure(one["point"]),
            Figure(one["mean"], error=one["mean_error"]),
            *bands(one),
            Figure(estimates.of(one, "probability"), "share", estimates.of(one, "error")),
        )
        for name, one in document["programmes"]["each"].items()
    ]
    provenu, chance = document["provenu"], document["break_even"]
    if "without_luck" in provenu:  # as the programmes' own
        provenu, chance = provenu | provenu["without_luck"], estimates.luckless(chance)
    last = total(
        text("Total"),
        Figure(document["point"]["provenu"]["total"]),
        Figure(provenu["mean"], error=provenu["mean_error"]),
        *bands(provenu),
        Figure(chance["probability"], "share", chance["error"]),
    )
    return [*rows, last]


def _shared(found: dict[str, Any], scenario: Scenario) -> Sentence:
    names = [named(name, scenario) for name in found["shared"]]
    if not names:
        return text("They share no assumption: each has numbers and luck of its own.")
    return text(
        "One number for all: {names}. All other assumptions, and luck, are each programme's own.",
        names=", ".join(names),
    )
