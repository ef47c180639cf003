"""What has been seen so far changes the assumptions and the years to come."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from simulate.analysis import precision
from simulate.answers.base import (
    Estimate,
    Head,
    Labelled,
    Percentiles,
    Probability,
    Section,
    estimate,
    head,
    known,
    percentiles,
)
from simulate.answers.paper import warnings
from simulate.locale import text
from simulate.scenario import Loaded
from simulate.scenario.schema import Arm, Observed
from simulate.studies import update as study

RARE = 0.001  # what comes less often is practically impossible

Verdict = Literal["possible", "hardly possible", "impossible", "too few"]


@dataclass(frozen=True, repr=False)
class AsSeen(Section):
    """The courses that are just as seen in everything. probability: their share; courses: how many they are."""

    probability: Estimate
    courses: int


@dataclass(frozen=True, repr=False)
class Sample(Section):
    """A quantity over some courses; sd is null of one alone."""

    mean: Estimate
    sd: Estimate | None
    percentiles: Percentiles


@dataclass(frozen=True, repr=False)
class Seen(Section):
    """One row of what was seen. what: in words; role, arm, counted, to, until, than: as the file has it; seen: how many, with at_least its bound; at_least:
    whether it is one; probability: of just that; or_more: of at least so many; or_fewer: of at most so many; tail: the smaller of or_more and or_fewer; allowed: persons that a kept course
    may be off."""

    what: str
    role: str
    arm: Arm
    counted: Literal["moved", "in"]
    to: str
    until: str
    than: Arm | None
    seen: int
    at_least: bool
    expected: Sample
    probability: Estimate
    or_more: Estimate
    or_fewer: Estimate
    tail: Estimate
    allowed: int
    kept: Sample | None


@dataclass(frozen=True, repr=False)
class Judged(Sample, Labelled):
    """An assumption. By year: the mean of the horizon's years."""


@dataclass(frozen=True, repr=False)
class Met(Probability, Labelled):
    """A target. probability: the chance that it is met."""


@dataclass(frozen=True, repr=False)
class View(Section):
    """What some courses say. targets: how likely each is met."""

    courses: int
    assumptions: dict[str, Judged]
    provenu: Sample
    break_even: Probability
    targets: list[Met]


@dataclass(frozen=True, repr=False)
class Update(Head):
    """draws: courses drawn; kept: of them; keep: wanted; unusual: chance of counts that are, held together, at least as far from what is expected;
    verdict: what that says; before: on the courses of the first round; after: null where nothing is kept; uncorrected: of the kept as they are.

    tolerance: how far off the kept may be in the count that means most, in its standard deviations; moved: assumption → by how many of its
    standard deviations its mean has moved.
    """

    answer: Literal["update"] = field(default="update", kw_only=True)
    draws: int
    kept: int
    keep: int
    exact: AsSeen
    tolerance: float | None
    unusual: Estimate | None
    verdict: Verdict
    observed: list[Seen]
    before: View
    after: View | None
    uncorrected: View | None
    moved: dict[str, float]
    warnings: list[str]


def of(found: study.Update, loaded: Loaded) -> Update:
    return Update(
        *head(found.result, loaded),
        draws=found.draws,
        kept=found.kept,
        keep=found.keep,
        exact=AsSeen(estimate(found.exact), round(found.exact.value * found.draws)),
        tolerance=found.tolerance if math.isfinite(found.tolerance) else None,
        unusual=None if found.unusual is None else estimate(found.unusual),
        verdict=_verdict(found),
        observed=[_seen(one) for one in found.seen],
        before=_view(found.before, loaded),
        after=None if found.after is None else _view(found.after, loaded),
        uncorrected=None if found.uncorrected is None else _view(found.uncorrected, loaded),
        moved={} if found.after is None else dict(study.moved(found.before, found.after)),
        warnings=warnings(loaded),
    )


def _verdict(found: study.Update) -> Verdict:
    """`impossible`: no course is like it; `hardly possible`: fewer than one in a thousand are as far out; `possible`.

    `too few`: courses, to tell that or anything else.
    """
    if found.seen and found.after is None:
        return "too few" if found.too_few else "impossible"
    tails = [one.tail.value for one in found.seen] + ([found.unusual.value] if found.unusual else [])
    return "hardly possible" if min(tails, default=1.0) < RARE else "possible"


def _seen(one: study.Seen) -> Seen:
    row = one.row
    return Seen(
        what=row.label or _words(row),
        role=row.role,
        arm=row.arm,
        counted=row.what,
        to=row.to,
        until=row.until,
        than=row.than,
        seen=one.value,
        at_least=row.at_least is not None,
        expected=_sample(one.expected),
        probability=estimate(one.probability),
        or_more=estimate(one.or_more),
        or_fewer=estimate(one.or_fewer),
        tail=estimate(one.tail),
        allowed=one.allowed,
        kept=None if one.kept is None else _sample(one.kept),
    )


def _sample(one: precision.Spread) -> Sample:
    return Sample(estimate(one.mean), known(one.sd), percentiles(one.percentiles))


def _view(one: study.View, loaded: Loaded) -> View:
    named = loaded.scenario.assumptions
    targets = zip(loaded.scenario.targets, one.targets, strict=True)
    return View(
        courses=one.courses,
        assumptions={
            name: Judged(label=named[name].label or name, **vars(_sample(found)))
            for name, found in one.assumptions.items()
        },
        provenu=_sample(one.provenu),
        break_even=Probability(estimate(one.break_even)),
        targets=[Met(target.label, estimate(found)) for target, found in targets],
    )


def _words(row: Observed) -> str:
    """What is counted, where the row has no label."""
    said = {"role": row.role, "state": row.to, "month": row.until}
    if row.what == "moved":
        what = text("{role} moved to {state} by {month}", **said)
    else:
        what = text("{role} in {state} in {month}", **said)
    if row.than is not None:
        more = text("more with the programme") if row.arm == "programme" else text("more in the control group")
        return f"{what}, {more}"
    return text("{what}, control group", what=what) if row.arm == "baseline" else what
