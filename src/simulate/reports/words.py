"""Sentences and limits that more than one report uses."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from simulate.locale import text
from simulate.reports.figures import chance as shown
from simulate.reports.figures import percent, plain
from simulate.scenario import Scenario

BADLY = 0.05  # of the draws: so many clipped ones change the answer
BANDS = ("5", "50", "95")
ALMOST = 0.5  # kr.: amounts that print as the same


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


def named(name: str, scenario: Scenario) -> str:
    """An assumption by its label and its name in the file."""
    label = scenario.assumptions[name].label
    return text("“{label}” ({name})", label=label, name=name) if label else name


def clipped(document: dict[str, Any], low: float, high: float = math.inf) -> Iterator[str]:
    """Of what had to be clipped, that in a share of the draws from `low` to below `high`."""
    shares = {path: n / document["run"]["draws"] for path, n in document["clipped"].items()}
    for path, share in shares.items():
        if low <= share < high:
            told = percent(share) if share >= 0.0005 else text("under {share}", share=percent(0.001))
            yield text("{path} had to be clipped to what is possible in {share} of the courses.", path=path, share=told)
    if low == BADLY and any(share >= BADLY for share in shares.values()):
        yield text("That is too many to trust the answer below: mend the uncertainty first.")
        yield ""


def split(variance: Mapping[str, Any]) -> str:
    """What is due to the assumptions and what to luck. variance: as in the JSON of a run that has luck."""
    shares = variance["shares"]
    if shares["assumptions"] + shares["luck"] == 0:
        return text("Nothing varies: neither assumptions nor luck play a part.")
    return text(
        "Of the uncertainty (variance), {assumptions} is due to the assumptions and {luck} to luck: whom it goes well for.",
        assumptions=shown(shares["assumptions"], variance["share_error"]),
        luck=shown(shares["luck"], variance["share_error"]),
    )
