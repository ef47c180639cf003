"""Sentences that more than one form of a report uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulate.locale import text
from simulate.reports.figures import plain
from simulate.scenario import Scenario


def not_reproduced(row: Mapping[str, Any]) -> str:
    """row: a figure of the paper, as in the JSON."""
    return text(
        "the paper's {what} ({year}) is {value}, and we get {ours}",
        what=row["what"],
        year=row["year"] or text("total"),
        value=plain(row["value"]),
        ours=plain(row["ours"]),
    )


def heading(scenario: Scenario) -> Iterator[str]:
    """Which case this is."""
    last = scenario.time.first_year + scenario.time.years - 1
    place = f", {scenario.municipality}" if scenario.municipality else ""
    level = scenario.money.price_level
    prices = text(" · prices of {year}", year=level) if level else ""
    years = f"{scenario.time.first_year}-{last}" if scenario.time.years > 1 else str(last)
    yield f"{scenario.title}{place} · {years}{prices}"
    yield ""


def changes(document: dict[str, Any]) -> Iterator[str]:
    """What `--set` made different."""
    if document["run"]["set"]:
        yield text("Changed: {changes}", changes="; ".join(document["run"]["set"]))
        yield ""
