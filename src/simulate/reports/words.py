"""Sentences and limits that more than one report uses."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from simulate.content import BREAK, Figure, Heading, Part, Sentence
from simulate.locale import text
from simulate.reports import estimates
from simulate.reports.figures import chance as shown
from simulate.reports.figures import in_courses, number, percent, plain, plain_percent, two_digits
from simulate.scenario import Scenario, paths, queries

BADLY = 0.05  # of the draws: so many clipped ones change the answer
BANDS = ("5", "50", "95")
ALMOST = 0.5  # kr.: amounts that print as the same
MOST_LABELS = 3  # of the assumptions that one number is made of


def not_reproduced(row: Mapping[str, Any]) -> Sentence:
    """row: a figure of the paper, as in the JSON."""
    return text(
        "the paper's {what} ({year}) is {value}, and we get {ours}",
        what=row["what"],
        year=row["year"] or text("total"),
        value=plain(row["value"]),
        ours=plain(row["ours"]),
    )


def heading(scenario: Scenario) -> Iterator[Part]:
    """Which case this is."""
    last = scenario.time.first_year + scenario.time.years - 1
    place = f", {scenario.municipality}" if scenario.municipality else ""
    level = scenario.money.price_level
    prices = text(" · prices of {year}", year=level) if level else ""
    years = f"{scenario.time.first_year}-{last}" if scenario.time.years > 1 else str(last)
    yield Heading(f"{scenario.title}{place} · {years}{prices}")
    yield BREAK


def changes(document: dict[str, Any]) -> Iterator[Sentence]:
    """What `--set` made different."""
    if document["run"]["set"]:
        yield text("Changed: {changes}", changes="; ".join(document["run"]["set"]))
        yield BREAK


def is_of_paper(document: dict[str, Any]) -> bool:
    """Whether the values are those of a paper with figures; a changed case is not the paper's."""
    return bool(document["reported"]) and not document["run"]["set"]


def point_row(document: dict[str, Any]) -> Sentence:
    """What a row of the point estimate is called: the business case's only where it is."""
    return text("The business case") if is_of_paper(document) else text("Every assumption at its value")


def point_column(from_paper: bool) -> Sentence:
    """The same above a column, which is narrow."""
    return text("Business case") if from_paper else text("At the values")


def is_certain(scenario: Scenario) -> bool:
    """Whether nothing uncertain is used."""
    return all(scenario.assumptions[name].uncertainty is None for name in queries.used(scenario))


def named(name: str, scenario: Scenario) -> str:
    """An assumption by its label and its name in the file."""
    label = scenario.assumptions[name].label
    return text("“{label}” ({name})", label=label, name=name) if label else name


def place(path: str, scenario: Scenario) -> str:
    """A number of the file by what it is: the labels of the assumptions that it is made of, or the move that it is of; and its path."""
    rows = {key: [{"label": row.label} for row in getattr(scenario, key)] for key in ("costs", "savings")}
    found: dict[str, None] = {}
    for use in queries.uses(scenario):
        if use.path[-1] != "climate" and _is_part(paths.written(use.path, rows), path):
            found |= dict.fromkeys(scenario.assumptions[name].label or "" for name in queries.names_in(use.value))
    labels = [label for label in found if label] or _labels(path, scenario)
    said = text(" and ").join(text("“{name}”", name=label) for label in labels[:MOST_LABELS])
    return text("{labels} ({path})", labels=said, path=path) if labels else path


def _is_part(inner: str, outer: str) -> bool:
    return inner.startswith(outer) and inner[len(outer) :][:1] in ("", ".", "[")


def _labels(path: str, scenario: Scenario) -> list[str]:
    """Of what no assumption stands in: an assumption's own, or a move by its states."""
    for name, one in scenario.assumptions.items():
        if path == paths.written(("assumptions", name), {}):
            return [one.label] if one.label else []
    for name, role in scenario.roles.items():
        for i, move in enumerate(role.moves):
            if _is_part(path, paths.written(("roles", name, "moves", i), {})):
                return [f"{move.origin} → {move.to}"]
    return []


def clipped(document: dict[str, Any], scenario: Scenario, low: float, high: float = math.inf) -> Iterator[Sentence]:
    """Of what had to be clipped, that in a share of the draws from `low` to below `high`."""
    shares = {path: n / document["run"]["draws"] for path, n in document["clipped"].items()}
    for path, share in shares.items():
        if low <= share < high:
            told: str = percent(share) if share >= 0.0005 else text("under {share}", share=percent(0.001))
            yield text(
                "{path} had to be clipped to what is possible in {share} of the courses.",
                path=place(path, scenario), share=Sentence(told, (document["clipped"][path],)),
            )  # fmt: skip
    if low == BADLY and any(share >= BADLY for share in shares.values()):
        yield text("That is too many to trust the answer below: mend the uncertainty first.")
        yield BREAK


def bands(found: dict[str, Any], of: Sequence[str] = BANDS) -> list[Figure]:
    """Cells of the percentiles of an amount: with luck or, where it has none of it, without."""
    values, errors = (estimates.of(found, key) for key in ("percentiles", "percentile_errors"))
    return [Figure(values[p], error=errors[p]) for p in of]


def rare(document: dict[str, Any], scenario: Scenario) -> Iterator[Sentence]:
    """Values and tails of the assumptions that too few courses have."""
    rows = document["undrawn"]["rare"]
    for row in rows:
        said = {"name": named(row["assumption"], scenario), "draws": number(document["run"]["draws"])}
        if row["value"] is None:
            yield text(
                "{name}: what is far out in its distribution weighs much, and {draws} courses hold too little of it.",
                **said,
            )
            continue
        yield text(
            "{name}: the value {value} has a probability of {chance}; {n} of {draws} courses are expected to have it.",
            value=plain(row["value"]), chance=plain_percent(row["probability"]), n=plain(two_digits(row["expected"])), **said,
        )  # fmt: skip
    if rows:
        yield (
            text("What hangs on that is not known from these courses.") + " " + _enough([row["needed"] for row in rows])
        )
        yield BREAK


def _enough(needed: list[float | None]) -> Sentence:
    if None in needed:
        return text("No number of courses will do: state the uncertainty in another way.")
    return text("Take at least --draws {n}.", n=math.ceil(max(draws for draws in needed if draws is not None)))


def split(document: Mapping[str, Any]) -> Sentence:
    """What is due to the assumptions and what to luck. document: with the `variance` and `undrawn` of a run that has luck."""
    variance = document["variance"]
    shares = variance["shares"]
    if document["undrawn"]["rare"]:
        return text(
            "How much of the uncertainty is due to the assumptions and how much to luck is not known from these courses."
        )
    if shares["assumptions"] + shares["luck"] == 0:
        return text("Nothing varies: neither assumptions nor luck play a part.")
    if shares["assumptions"] == 0:
        return text("All of the uncertainty (variance) is due to luck: whom it goes well for.")
    if shares["luck"] == 0:
        return text("All of the uncertainty (variance) is due to the assumptions, and none of it to luck.")
    return text(
        "Of the uncertainty (variance), {assumptions} is due to the assumptions and {luck} to luck: whom it goes well for.",
        assumptions=shown(shares["assumptions"], variance["share_error"]),
        luck=shown(shares["luck"], variance["share_error"]),
    )


def name_of(counterfactual: str) -> Sentence:
    """How the life without the programme is counted, in words."""
    return {
        "expected": text("as its expectation (a budget without the programme)"),
        "same-luck": text("with the same luck (only what the programme changes differs)"),
        "own-luck": text("with luck of its own (another, similar group)"),
    }[counterfactual]


def however_counted(chance: float) -> Sentence:
    """Where it is 0 or 1 under every counterfactual."""
    return text(
        "However life without the programme is counted, the programme breaks even {in_courses}.",
        in_courses=in_courses(chance),
    )
