"""What one quarter's moves, times four, tell of the year that follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from simulate.answers.base import (
    Amount,
    Estimate,
    Head,
    Percentiles,
    Section,
    amount,
    estimate,
    head,
    percentiles,
)
from simulate.answers.paper import warnings
from simulate.scenario import Loaded
from simulate.studies import annualise as study


@dataclass(frozen=True, repr=False)
class Group(Section):
    """A group of some size. persons: expected, of whom the quarter is told; draws: courses that it was lived in.

    annualised: the quarter times four; following_year: what the four quarters after it save; deviation: the first less the second.
    wrong_sign: chance that one is a saving and the other a loss; no_change: chance that the quarter shows nothing; near: chance that it lies
    near the expected year; explained: share of the variance of the year after that goes with the quarter's figure; luck_sd: the
    standard deviation that luck alone gives the quarter times four.
    """

    persons: float
    draws: int
    annualised: Amount
    following_year: Amount
    deviation: Amount
    wrong_sign: Estimate
    no_change: Estimate
    near: Estimate
    explained: Estimate
    luck_sd: Estimate


@dataclass(frozen=True, repr=False)
class Bias(Section):
    """Mean deviation without luck. share: of the expected year, null where that is 0; percentiles: over the assumptions."""

    mean: Estimate
    share: float | None
    percentiles: Percentiles


@dataclass(frozen=True, repr=False)
class Tolerance(Section):
    """When the quarter is near. share: of the expected year, within which it must lie; courses: in which share of them; largest: group tried."""

    share: float
    courses: float
    largest: int


@dataclass(frozen=True, repr=False)
class Smallest(Section):
    """The smallest group that is near often enough. persons: its size; near: how often it is near, both null where no size will do; draws: courses that it was
    lived in, 0 where the normal distribution tells it."""

    persons: int | None
    near: Estimate | None
    draws: int


@dataclass(frozen=True, repr=False)
class Asked(Head):
    """quarter, measure: as asked."""

    answer: Literal["annualise"] = field(default="annualise", kw_only=True)
    quarter: str
    measure: Literal["before-after", "additional"]


@dataclass(frozen=True, repr=False)
class Annualise(Group, Asked):
    """ordinary: expected, what the measure would show without the programme; within_quarter: expected, four times what was saved within the
    quarter; near_without_luck: chance to be near without any luck, as in a group without end."""

    ordinary: Estimate
    within_quarter: Estimate
    bias: Bias
    tolerance: Tolerance
    smallest_group: Smallest
    near_without_luck: Estimate
    groups: list[Group]
    clipped: dict[str, int]
    warnings: list[str]


def of(found: study.Annualised, loaded: Loaded) -> Annualise:
    case, options = head(found.result, loaded)
    following, smallest = found.group.following.mean.value, found.smallest
    share = found.bias.value / abs(following) if following else None
    return Annualise(
        scenario=case,
        run=options,
        quarter=str(found.quarter),
        measure=found.measure,
        **_group(found.group),
        ordinary=estimate(found.ordinary),
        within_quarter=estimate(found.within),
        bias=Bias(estimate(found.bias), share, percentiles(found.biases)),
        tolerance=Tolerance(study.NEAR, study.OFTEN, study.LARGEST),
        smallest_group=Smallest(
            smallest.size, None if smallest.near is None else estimate(smallest.near), smallest.draws
        ),
        near_without_luck=estimate(smallest.at_any_size),
        groups=[Group(**_group(one)) for one in found.groups],
        clipped=dict(sorted(found.clipped.items())),
        warnings=warnings(loaded),
    )


def _group(one: study.Group) -> dict[str, Any]:
    return {
        "persons": one.persons,
        "draws": one.draws,
        "annualised": amount(one.annualised),
        "following_year": amount(one.following),
        "deviation": amount(one.deviation),
        "wrong_sign": estimate(one.wrong_sign),
        "no_change": estimate(one.no_change),
        "near": estimate(one.near),
        "explained": estimate(one.explained),
        "luck_sd": estimate(one.luck),
    }
