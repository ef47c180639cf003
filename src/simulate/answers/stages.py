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
)
from simulate.answers.paper import warnings
from simulate.scenario import Loaded
from simulate.studies.stages import Sign

if TYPE_CHECKING:
    from simulate.studies import stages as study


@dataclass(frozen=True, repr=False)
class Rule(Section):
    """When the programme stops. what: persons in the state at the review, or moved to it so far; role: theirs; state: the state; sign: how they are
    compared; bound: with what."""

    what: Literal["in", "moved"]
    role: str
    state: str
    sign: Sign
    bound: float


@dataclass(frozen=True, repr=False)
class AtReview(Section):
    """The count at the review."""

    percentiles: Percentiles


@dataclass(frozen=True, repr=False)
class MeanAndBands(Section):
    """The provenu over the courses."""

    mean: Estimate
    percentiles: Percentiles


@dataclass(frozen=True, repr=False)
class Choice(Section):
    """A programme that goes on whatever is seen, or keeps to the rule."""

    provenu: MeanAndBands
    break_even: Probability


@dataclass(frozen=True, repr=False)
class Bound(Section):
    """bound: persons; stop: the chance that this bound stops the programme; worth: the mean provenu with it less without."""

    bound: float
    stop: Estimate
    worth: Estimate


@dataclass(frozen=True, repr=False)
class Stages(Head):
    """review: the year at whose end it is; notice_months: that costs go on for; stop: the chance that the rule stops the programme; worth: the mean provenu
    with the rule less without; stopped_would_have_paid: chance to stop one that would have broken even; kept_does_not_pay: chance to go on with one
    that does not; best: the best bound; bounds: all that make a difference."""

    answer: Literal["stages"] = field(default="stages", kw_only=True)
    review: int
    notice_months: int
    rule: Rule
    seen: AtReview
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
        seen=AtReview(percentiles(found.seen)),
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
    return Choice(MeanAndBands(estimate(one.mean), percentiles(one.percentiles)), Probability(estimate(one.chance)))


def _bound(one: study.Bound) -> Bound:
    return Bound(one.bound, estimate(one.stop), estimate(one.worth))
