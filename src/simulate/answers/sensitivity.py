"""Which assumptions decide: in kroner, in chance, and in shares of the uncertainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from simulate.analysis import precision
from simulate.answers.base import Estimate, Head, Mean, Probability, Section, estimate, head
from simulate.answers.paper import warnings
from simulate.answers.run import Undrawn, Variance, undrawn, variance
from simulate.scenario import Loaded, Scenario

NORMAL = 1.96  # half of a bootstrapped 95 % interval, in standard errors

if TYPE_CHECKING:
    from simulate.studies import sensitivity as study

Value = float | list[float]
"""A number, or one for each year."""


@dataclass(frozen=True, repr=False)
class Numbers(Section):
    """How many draws. run: the case as it is; at_values: luck alone; tornado: each end of a bar; sobol: each run of the design for indices, 0 where none."""

    run: int
    at_values: int
    tornado: int
    sobol: int


@dataclass(frozen=True, repr=False)
class Outcome(Section):
    """provenu: expected; probability: of break-even."""

    provenu: Estimate
    probability: Estimate


@dataclass(frozen=True, repr=False)
class Held(Section):
    """value: that the assumption is held at."""

    value: Value


@dataclass(frozen=True, repr=False)
class End(Outcome, Held):
    """With one assumption held at a value. clipped: path → share of the draws."""

    clipped: dict[str, float]


@dataclass(frozen=True, repr=False)
class Bar(Section):
    """An assumption at P5 and at P95. value: its own; low: held at P5; high: held at P95; swing: of the provenu from low to high."""

    assumption: str
    value: Value
    low: End
    high: End
    swing: Estimate


@dataclass(frozen=True, repr=False)
class Share(Section):
    """Shares of the variance of the expected provenu. assumption, assumptions: one, or correlated ones together; first: by itself; total: with all that it has a part
    in, null where there is no design for it; first_from_draws: the first one from the run's own draws."""

    assumption: str
    assumptions: list[str]
    first: Estimate
    total: Estimate | None
    first_from_draws: Estimate


@dataclass(frozen=True, repr=False)
class Sensitivity(Head):
    """method: as asked for; provenu: expected, of the case as it is; at_values: every assumption at its value, where luck alone is left; tornado: the widest
    swing first, the others as uncertain as they are; tornado_at_values: the same, the others at their value; rank: assumption → rank
    correlation with the expected provenu."""

    answer: Literal["sensitivity"] = field(default="sensitivity", kw_only=True)
    method: Literal["saltelli", "draws"]
    draws: Numbers
    provenu: Mean
    break_even: Probability
    at_values: Outcome
    tornado: list[Bar]
    tornado_at_values: list[Bar]
    sobol: list[Share]
    rank: dict[str, Estimate]
    undrawn: Undrawn
    variance: Variance
    clipped: dict[str, int]
    warnings: list[str]


def of(found: study.Sensitivity, loaded: Loaded) -> Sensitivity:
    result, base = found.result, found.tornado.base
    draws, rare = result.options.draws, bool(result.undrawn.rare)
    return Sensitivity(
        *head(result, loaded),
        method=found.method,
        draws=Numbers(draws, found.at_values.base_draws, found.tornado.draws, found.sobol_draws),
        provenu=Mean(estimate(base.provenu)),
        break_even=Probability(estimate(base.chance)),
        at_values=Outcome(**_outcome(found.at_values.base)),
        tornado=[_bar(bar, loaded.scenario) for bar in found.tornado.bars],
        tornado_at_values=[_bar(bar, loaded.scenario) for bar in found.at_values.bars],
        sobol=[_share(share, rare) for share in found.shares],
        rank={name: estimate(one.unless(rare)) for name, one in found.rank.items()},
        undrawn=undrawn(result.undrawn),
        variance=variance(result),
        clipped=dict(sorted(result.clipped.items())),
        warnings=warnings(loaded),
    )


def _outcome(case: study.Estimates) -> dict[str, Estimate]:
    return {"provenu": estimate(case.provenu), "probability": estimate(case.chance)}


def _bar(bar: study.Bar, scenario: Scenario) -> Bar:
    value = scenario.assumptions[bar.assumption].value
    low, high = (
        End(value=by_year(one), clipped=dict(sorted(case.clipped.items())), **_outcome(case))
        for one, case in ((bar.low, bar.at_low), (bar.high, bar.at_high))
    )
    own = by_year(value) if isinstance(value, tuple) else float(value)
    return Bar(bar.assumption, own, low, high, estimate(bar.swing))


def by_year(values: Sequence[Any] | Any) -> Value:
    """A number, or a list where the years differ."""
    return float(values[0]) if len(values) == 1 else [float(value) for value in values]


def _share(share: study.Share, rare: bool) -> Share:
    """Where there is no design of its own, the index is the one from the draws, and the total is not known; nor are errors where rare values
    are hardly drawn."""
    own = estimate(share.from_draws.unless(rare))
    first, total = own, None
    if share.sobol is not None:
        first = _bootstrapped(share.sobol.first, share.sobol.first_interval, rare)
        total = _bootstrapped(share.sobol.total, share.sobol.total_interval, rare)
    return Share(" + ".join(share.assumptions), list(share.assumptions), first, total, own)


def _bootstrapped(value: float, interval: tuple[float, float], rare: bool) -> Estimate:
    low, high = (float(end) for end in interval)
    return estimate(precision.Bounded(float(value), (high - low) / 2 / NORMAL, (low, high)).unless(rare))
