"""Stop or go on: what a review with a rule is worth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from simulate.answers.base import (
    Estimate,
    Head,
    Percentiles,
    Probability,
    Section,
    estimate,
    head,
    percentiles,
    share_of,
)
from simulate.answers.paper import warnings
from simulate.scenario import Loaded

if TYPE_CHECKING:
    from simulate.studies import stages as study


@dataclass(frozen=True)
class Rule(Section):
    """When the programme stops: persons in a state at the review, or moved to it so far, held against a bound."""

    what: Literal["in", "moved"]
    role: str
    state: str
    sign: str
    bound: float


@dataclass(frozen=True)
class Seen(Section):
    """The count at the review."""

    percentiles: Percentiles


@dataclass(frozen=True)
class MeanAndBands(Section):
    """The provenu over the courses."""

    mean: Estimate
    percentiles: Percentiles


@dataclass(frozen=True)
class Choice(Section):
    """Of a programme that goes on whatever is seen, or keeps to the rule."""

    provenu: MeanAndBands
    break_even: Probability


@dataclass(frozen=True)
class Bound(Section):
    """stop: the chance that this bound stops the programme; worth: the mean provenu with it less without."""

    bound: float
    stop: Estimate
    worth: Estimate


@dataclass(frozen=True)
class Stages(Head):
    """stop and worth are those of the rule; the two mistakes are chances of all courses."""

    answer: Literal["stages"] = field(default="stages", kw_only=True)
    review: int
    notice_months: int
    rule: Rule
    seen: Seen
    stop: Estimate
    worth: Estimate
    without_rule: Choice
    with_rule: Choice
    stopped_would_have_paid: Estimate
    kept_does_not_pay: Estimate
    best: Bound
    bounds: list[Bound]
    warnings: list[str]


def of(found: study.Stages, loaded: Loaded) -> Stages:
    rule = found.rule
    return Stages(
        *head(found.result, loaded),
        review=found.review,
        notice_months=found.notice,
        rule=Rule(rule.what, rule.role, rule.state, rule.sign, rule.bound),
        seen=Seen(percentiles(found.seen)),
        stop=estimate(found.chosen.stop),
        worth=estimate(found.chosen.worth),
        without_rule=_outcome(found.without),
        with_rule=_outcome(found.with_rule),
        stopped_would_have_paid=estimate(found.would_have_paid),
        kept_does_not_pay=estimate(found.would_not_have_paid),
        best=_bound(found.best),
        bounds=[_bound(one) for one in found.bounds],
        warnings=warnings(loaded),
    )


def _outcome(one: study.Summary) -> Choice:
    return Choice(MeanAndBands(estimate(one.mean), percentiles(one.percentiles)), Probability(share_of(one.chance)))


def _bound(one: study.Bound) -> Bound:
    return Bound(one.bound, estimate(one.stop), estimate(one.worth))
