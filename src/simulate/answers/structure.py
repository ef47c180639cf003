"""The same case counted in other ways, and what luck alone would leave."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from simulate.answers import ranges
from simulate.answers.base import Estimate, Head, Section, estimate, head
from simulate.answers.paper import warnings
from simulate.content import Sentence
from simulate.figures import percent
from simulate.locale import plural, text
from simulate.places import BADLY, place
from simulate.scenario import Loaded, Scenario, queries
from simulate.studies import structure as study


@dataclass(frozen=True, repr=False)
class Way(Section):
    """A way of counting. name: of it; label: in the language of the answer; probability: of break-even; expected: mean provenu, both null where the case
    cannot be counted so; alike: whether there is nothing in the case that would be counted otherwise; note: why, or what to know of it; null where there is
    nothing to remark; clipped: number → share of the courses in which it was clipped, counted so."""

    name: str
    label: str
    probability: Estimate | None
    expected: Estimate | None
    alike: bool
    note: str | None
    clipped: dict[str, float]


@dataclass(frozen=True, repr=False)
class KnownRates(Section):
    """Every assumption certain. at: what they are at; expected: mean provenu; families_a_year: that enter, mean over the horizon; families: all, those present at the start included; uncertain: whether any assumption was."""

    at: Literal["value"]
    probability: Estimate
    expected: Estimate
    families_a_year: float
    families: float
    uncertain: bool


@dataclass(frozen=True, repr=False)
class Structure(Head):
    """The same case counted in other ways. structure: the ways; ranges: result, minimum and maximum, one assumption at a time."""

    answer: Literal["structure"] = field(default="structure", kw_only=True)
    structure: list[Way]
    known_rates: KnownRates
    ranges: ranges.Ranges
    warnings: list[str]


def of(found: study.Structure, loaded: Loaded) -> Structure:
    mean, chance = found.luck_alone.outcome
    return Structure(
        *head(found.result, loaded),
        structure=[_way(way, loaded.scenario) for way in found.ways],
        known_rates=KnownRates(
            "value",
            estimate(chance),
            estimate(mean),
            found.luck_alone.families_a_year,
            found.luck_alone.families,
            found.is_uncertain,
        ),
        ranges=ranges.of(found.ranges),
        warnings=warnings(loaded),
    )


def _way(way: study.Way, scenario: Scenario) -> Way:
    chance, mean = (None, None) if way.outcome is None else (estimate(way.outcome.chance), estimate(way.outcome.mean))
    found = Way(
        way.name,
        label(way.name, scenario),
        chance,
        mean,
        way.alike,
        note=None if not way.missing else _cannot(way.missing),
        clipped=dict(sorted((way.clipped or {}).items())),
    )
    return found if way.missing else replace(found, note=note(found, scenario))


def label(name: str, scenario: Scenario) -> str:
    """What is counted otherwise, in the language in force: a name, no answer, so that no number in it is told of the case."""
    kind, _, number = name.partition("-")
    if kind == "years":
        years = int(number)
        last = scenario.time.first_year + years - 1
        return str(plural("over {n} year, to {last}", "over {n} years, to {last}", years, last=last))
    if kind == "followed":
        last = scenario.time.first_year + int(number) - 1
        return str(text("ended after {end}, and those helped followed to {last}", end=scenario.time.first_year + scenario.time.years - 1, last=last))  # fmt: skip
    if name == "discounted":
        rate = (
            queries.at_year(scenario.money.discount_rate, 0, scenario) if scenario.money.discount_rate else study.RATE
        )
        return str(text("discounted by {rate} a year", rate=percent(rate)))
    return {
        "base": text("as the case is written"),
        "planned": text("carried out as planned"),
        "expected": text("life without the programme as its expectation"),
        "same-luck": text("life without the programme with the same luck"),
        "own-luck": text("life without the programme with luck of its own"),
        "any-month": text("moves on 1 January spread over the year"),
        "cashable": text("without savings that are not cashable"),
    }[name]


def alike(name: str) -> str:
    """What the case does not have that would be counted otherwise, in the language in force."""
    return {
        "any-month": text("no move takes place on 1 January"),
        "cashable": text("all savings are cashable"),
    }[name]


def note(way: Way, scenario: Scenario) -> Sentence | None:
    """Why a way of counting is missing, or what to know of it, in the language in force."""
    if way.alike:
        return Sentence(alike(way.name))
    if way.probability is None:
        return _missing(way, scenario)
    path, share = max(way.clipped.items(), key=lambda item: item[1], default=("", 0.0))
    if share < BADLY:
        return None
    return text(
        "not to be trusted: {path} had to be clipped to what is possible in {share} of the courses",
        path=place(path, scenario), share=percent(share),
    )  # fmt: skip


def _missing(way: Way, scenario: Scenario) -> Sentence:
    """As the rules say it of the case counted so; what no rule forbids is too much for the machine that it was asked of."""
    if way.name == "expected":
        return _cannot(study.lived_alone())
    if wrong := study.problem(study.counted(way.name, scenario)):
        return _cannot(wrong)
    said = Sentence(way.note or "")
    return said if said.startswith(_cannot("")) else _cannot(text("it takes more memory or time than there was"))


def _cannot(why: str) -> Sentence:
    return text("cannot be counted so: {reason}", reason=why)
