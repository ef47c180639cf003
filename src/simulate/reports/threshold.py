"""How far a number must move: as JSON, and in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from simulate.analysis.precision import STUDENT
from simulate.content import BREAK, Part, Row, Sentence, Table, joined, row
from simulate.locale import text
from simulate.reports import summary
from simulate.reports.figures import chance as chance_shown
from simulate.reports.figures import in_courses, kroner, number, per_cent_sign, percent, plain, unit
from simulate.reports.words import BADLY, changes, heading, name_of, place
from simulate.scenario import Loaded, Scenario
from simulate.scenario.adjustable import Movable
from simulate.studies.curve import Evaluation, Threshold
from simulate.studies.threshold import Thresholds

DECIMALS = 4

# The document ---------------------------------------------------------------------------------------------------------


def document(
    found: Thresholds, loaded: Loaded, target: str | None = None, path: str | None = None, stands: str | None = None
) -> dict[str, Any]:
    """Everything that `simulate threshold --json` prints. Chances and shares as such, amounts in kroner, nothing rounded.

    path: of the number, where it is no assumption; stands: the assumption that the file names there.
    """
    moved = found.moved
    written = summary.head(found.as_it_is, loaded) | {
        "assumption": None if path else moved.name,
        "path": path,
        "stands_there": stands,
        **_described(moved),
        "target": target,
        "as_it_is": _chance(found.chance),
        "searched": {
            "low": moved.low,
            "high": moved.high,
            "low_is_limit": moved.low_is_limit,
            "high_is_limit": moved.high_is_limit,
        },
        "switching_value": found.switching.value,
        "switching_jump": found.switching.jump,
        "thresholds": [_threshold(one, moved, path) for one in found.thresholds],
        "correlated": [
            other for pair in loaded.scenario.correlations if moved.name in pair.between for other in pair.between
            if other != moved.name
        ],
    }  # fmt: skip
    if found.frontier is not None:
        against = found.frontier.moved
        written["frontier"] = {
            "assumption": against.name,
            **_described(against),
            "rows": [
                {
                    "percentile": 100 * row.share,
                    "value": row.value,
                    "thresholds": [_threshold(one, moved, path) for one in row.thresholds],
                }
                for row in found.frontier.rows
            ],
        }
    return written | {"warnings": summary.warnings([], loaded)}


def _described(moved: Movable) -> dict[str, Any]:
    one, distribution = moved.assumption, moved.distribution
    percentiles = None
    if distribution is not None:
        values = distribution.ppf(np.array([0.05, 0.5, 0.95]))
        percentiles = {key: float(value) for key, value in zip(("5", "50", "95"), values, strict=True)}
    return {
        "label": one.label or "",
        "unit": one.unit or "",
        "usage": moved.usage,
        "factor": moved.is_factor,
        "each_year": one.each_year,
        "assumed": [float(item) for item in one.value] if isinstance(one.value, tuple) else float(one.value),
        "percentiles": percentiles,
    }


def _chance(known: Evaluation) -> dict[str, Any]:
    return {"probability": known.chance.value, "error": known.chance.error, "interval": [known.low, known.high]}


def _threshold(one: Threshold, moved: Movable, path: str | None) -> dict[str, Any]:
    crossing = one.crossing
    return {
        "probability": one.probability,
        "value": None if crossing is None else crossing.value,
        "error": None if crossing is None else (crossing.interval[1] - crossing.interval[0]) / (2 * STUDENT),
        "interval": None if crossing is None else list(crossing.interval),
        "reached": one.reached,
        "stretches": [list(stretch) for stretch in one.stretches],
        "assumed_probability": _assumed(one, moved),
        "best_probability": one.best_known.chance.value,
        "best_error": one.best_known.chance.error,
        "best_value": one.best,
        "set": None if crossing is None else moved.change(crossing.value, path),
        "clipped": {} if crossing is None else {key: n / crossing.known.draws for key, n in crossing.known.clipped.items()},
    }  # fmt: skip


def _assumed(one: Threshold, moved: Movable) -> float | None:
    """The chance that the number is as wanted, by its own distribution; None where it has none, or one for each year."""
    if moved.distribution is None or moved.assumption.each_year:
        return None
    found = 0.0
    for low, high in one.stretches:
        below = -math.inf if low == moved.low else float(np.nextafter(low, -math.inf))
        above = math.inf if high == moved.high else high
        ends = [0.0 if math.isinf(x) else float(moved.distribution.cdf(np.array([x]))[0]) for x in (below, above)]
        found += (1.0 if math.isinf(above) else ends[1]) - ends[0]
    return min(max(found, 0.0), 1.0)


# In words -------------------------------------------------------------------------------------------------------------


def lines(document: dict[str, Any], scenario: Scenario) -> Iterator[Part]:
    """The answer in words, and a table along a second number."""
    words = Words(document, scenario)
    yield from heading(scenario)
    yield from changes(document)
    yield from words.thresholds()
    yield BREAK
    yield words.assumed()
    yield from words.plausible()
    yield words.as_it_is()
    yield words.switching()
    if "frontier" in document:
        yield BREAK
        yield words.frontier_heading()
        yield BREAK
        yield words.frontier()
    yield BREAK
    yield from words.clipped()
    yield from words.correlated()
    yield text("Life without the programme is counted {how}.", how=name_of(document["run"]["counterfactual"]))
    yield words.searched()
    yield text(
        "In brackets: what the error of the simulation itself leaves (95 %); {draws} courses, seed {seed}.",
        draws=number(document["run"]["draws"]), seed=document["run"]["seed"],
    )  # fmt: skip


class Words:
    """What the document says, a sentence each."""

    def __init__(self, document: Mapping[str, Any], scenario: Scenario) -> None:
        self.document, self.scenario = document, scenario
        self.name = _named(document, document["path"] or document["assumption"])

    def value(self, value: float, error: float | None = None) -> Sentence:
        return written(value, error, self.document, self.scenario)

    def ends(self, one: Mapping[str, Any]) -> dict[str, Sentence]:
        return {key: self.value(end, one["error"]) for key, end in zip(("low", "high"), one["interval"], strict=True)}

    def goal(self, one: Mapping[str, Any]) -> Sentence:
        n = per_hundred(one["probability"])
        if self.document["target"] is not None:
            return text(
                "For the target “{label}” to be reached in {n} of 100 courses", label=self.document["target"], n=n
            )
        return text("For the programme to break even in {n} of 100 courses", n=n)

    def thresholds(self) -> Iterator[Sentence]:
        never = False
        for one in self.document["thresholds"]:
            if never and one["reached"] == "never":
                yield text("{goal}, no value of it is enough either.", goal=self.goal(one))
            else:
                yield self.threshold(one)
            never = never or one["reached"] == "never"

    def threshold(self, one: Mapping[str, Any]) -> Sentence:
        said = {"goal": self.goal(one), "name": self.name}
        searched = {end: self.value(self.document["searched"][end]) for end in ("low", "high")}
        if one["reached"] == "always":
            return text("{goal}, any value of {name} between {low} and {high} will do.", **said, **searched)
        if one["reached"] == "never":
            return text(
                "{goal}, no value of {name} between {low} and {high} is enough: the most is {chance} of the courses, at {value}.",
                **said, **searched,
                chance=chance_shown(one["best_probability"], one["best_error"]), value=self.value(one["best_value"]),
            )  # fmt: skip
        value = self.value(one["value"], one["error"])
        if one["reached"] == "at-least":
            return text(
                "{goal}, {name} must be at least {value} ({low} to {high}).", **said, value=value, **self.ends(one)
            )
        if one["reached"] == "at-most":
            return text(
                "{goal}, {name} must be at most {value} ({low} to {high}).", **said, value=value, **self.ends(one)
            )
        stretches = (
            text("between {low} and {high}", low=self.value(low, one["error"]), high=self.value(high, one["error"]))
            for low, high in one["stretches"]
        )
        return text(
            "{goal}, {name} must lie {stretches}; nearest to what is assumed is {value} ({low} to {high}).", **said,
            stretches=text(", or ").join(stretches), value=value, **self.ends(one),
        )  # fmt: skip

    def assumed(self) -> Sentence:
        assumed, bands, stands = (self.document[key] for key in ("assumed", "percentiles", "stands_there"))
        if self.document["factor"]:
            listed = joined(map(plain, assumed), ", ")
            said = text(
                "In the file it is a list by year: {listed}. The values here are factors on all of it.", listed=listed
            )
        elif stands:
            other = _named({"label": self.scenario.assumptions[stands].label}, stands)
            said = text("In the file {other} stands there, whose value is {value}; here it is one certain number.",
                        other=other, value=self.value(assumed))  # fmt: skip
        elif bands is None:
            return text("It is taken as known: {value}.", value=self.value(assumed))
        else:
            said = text("It is assumed to be {value}.", value=self.value(assumed))
        if bands is None:
            return said
        low, high = (self.value(bands[key], _about(bands)) for key in ("5", "95"))
        among = (
            text("Each year has its own, in 90 of 100 courses between {low} and {high}; here it is the same in all.", low=low, high=high)
            if self.document["each_year"]
            else text("In 90 of 100 courses it lies between {low} and {high}.", low=low, high=high)
        )  # fmt: skip
        return joined([said, among])

    def plausible(self) -> Iterator[Sentence]:
        """How likely it is, by its own distribution, to be as wanted."""
        known = [
            one
            for one in self.document["thresholds"]
            if one["assumed_probability"] is not None and one["value"] is not None
        ]
        if known:
            chances = joined((_small(one["assumed_probability"]) for one in known), ", ")
            said = text("By its own distribution, the chance that it is as needed: {chances}", chances=chances)
            yield said + (text(" (in the order above).") if len(known) > 1 else ".")

    def as_it_is(self) -> Sentence:
        now = self.document["as_it_is"]
        said = {"in_courses": in_courses(now["probability"]), "chance": chance_shown(now["probability"], now["error"])}
        if self.document["target"] is not None:
            return text("As it is, the target is reached {in_courses} ({chance}).", **said)
        return text("As it is, the programme breaks even {in_courses} ({chance}).", **said)

    def switching(self) -> Sentence:
        value, jump = self.document["switching_value"], self.document["switching_jump"]
        if value is not None:
            return text(
                "With every other number at its value and no luck, the provenu is 0 when it is {value}.",
                value=self.value(value),
            )
        if jump is not None:
            return text(
                "With every other number at its value and no luck, the provenu changes its sign at {value}, "
                "without being 0 there.",
                value=self.value(jump),
            )  # fmt: skip
        return text("With every other number at its value and no luck, no value of it makes the provenu 0.")

    def clipped(self) -> Iterator[Sentence]:
        for one in self.document["thresholds"]:
            for path, share in one["clipped"].items():
                if share >= BADLY:
                    yield text(
                        "At {value}, {path} had to be clipped to what is possible in {share} of the courses: too many to trust that answer.",
                        value=self.value(one["value"], one["error"]), path=place(path, self.scenario), share=percent(share),
                    )  # fmt: skip

    def correlated(self) -> Iterator[Sentence]:
        others = self.document["correlated"]
        if others:
            names = ", ".join(_named({"label": self.scenario.assumptions[name].label}, name) for name in others)
            yield text(
                "It is set here, not observed; what is correlated with it keeps its own distribution: {names}.",
                names=names,
            )

    def searched(self) -> Sentence:
        place = self.document["searched"]
        low, high = self.value(place["low"]), self.value(place["high"])
        if place["low_is_limit"] and place["high_is_limit"]:
            return text("Searched from {low} to {high}; no other value is possible.", low=low, high=high)
        return text("Searched from {low} to {high}; values beyond that were not looked at.", low=low, high=high)

    def frontier_heading(self) -> Sentence:
        other = self.document["frontier"]
        return text(
            "What {name} must be, where {other} is held at a point of its distribution:",
            name=self.name, other=_named(other, other["assumption"]),
        )  # fmt: skip

    def frontier(self) -> Table:
        other = self.document["frontier"]
        heads = [text("{n} of 100", n=per_hundred(one["probability"])) for one in self.document["thresholds"]]
        rows: list[Row] = []
        for held in other["rows"]:
            value = written(held["value"], _about(other["percentiles"]), other, self.scenario)
            point = "P" + plain(held["percentile"]) + ": " + value
            rows.append(row(point, *(self.cell(one) for one in held["thresholds"])))
        return Table([other["assumption"], *heads], rows)

    def cell(self, one: Mapping[str, Any]) -> Sentence:
        if one["reached"] in ("always", "never"):
            return text("any") if one["reached"] == "always" else text("none")
        value = self.value(one["value"], one["error"])
        signs = {"at-least": ">= ", "at-most": "<= "}
        if one["reached"] in signs:
            return signs[one["reached"]] + value
        ends = ([self.value(end, one["error"]) for end in stretch] for stretch in one["stretches"])
        return joined((joined(each, " - ") for each in ends), ", ")


def _named(described: Mapping[str, Any], name: str) -> Sentence:
    label = described.get("label")
    return text("“{label}” ({name})", label=label, name=name) if label else text("“{name}”", name=name)


def _about(percentiles: Mapping[str, float]) -> float:
    """As if a hundredth of a distribution's width were an error: its percentiles are judged, and deserve no more digits."""
    return abs(percentiles["95"] - percentiles["5"]) / 100 / STUDENT


def per_hundred(share: float) -> Sentence:
    """What was asked for, as it was asked."""
    return Sentence(plain(100 * share), (share,))


def _small(chance: float) -> Sentence:
    return percent(chance) if chance == 0 or chance >= 0.0005 else text("under {share}", share=percent(0.001))


def written(value: float, error: float | None, described: Mapping[str, Any], scenario: Scenario) -> Sentence:
    """A value of the number in its own unit, with no more digits than its standard error leaves it; two more than whole where it is exact."""
    usage = described["usage"]
    if usage == "money":
        return kroner(value, scenario.money.currency, error if error is not None else 0.0)
    scale = 100 if usage == "share" else 1
    step = unit(error) * scale if error else _step(value * scale)
    decimals = min(max(-math.floor(math.log10(step) + 1e-9), 0), DECIMALS)
    shown = round(value * scale / step) * step if step > 1 else value * scale
    figure: str = number(shown, decimals)
    if not error and decimals:
        figure = figure.rstrip("0").rstrip(",.")
    if described["factor"]:
        figure = f"×{figure}"
    elif usage == "share":
        figure += per_cent_sign()
    return Sentence(figure, (value,))


def _step(value: float) -> float:
    """Four digits of an exact figure."""
    return 10.0 ** min(math.floor(math.log10(abs(value))) - 3, 0) if value else 1.0
