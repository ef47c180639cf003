"""Scenarios side by side: the same draws, and the same luck of the families that they have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, permutations, takewhile

import numpy as np
from numpy.typing import NDArray

from simulate import measures
from simulate.analysis import choice, precision
from simulate.analysis.choice import Difference
from simulate.analysis.mixture import Mixture
from simulate.analysis.precision import Estimate
from simulate.analysis.undrawn import Undrawn
from simulate.engine import Case, Result
from simulate.errors import InputError
from simulate.locale import text
from simulate.options import Options, Progress
from simulate.pace import Notify
from simulate.sampling import rounded_up
from simulate.scenario import Loaded
from simulate.studies.common import Common, common
from simulate.studies.runs import Runs

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Alternative:
    """What is kept of one scenario's run."""

    provenu: Array  # (draw,), DKK
    expected: (
        Array  # (draw,), DKK: what the draw brings on average over luck; the same as provenu where lives alone tell it
    )
    point: float
    result: Result  # without its draws
    is_told: bool  # every draw has the same
    mean: Estimate
    sd: Estimate
    chance: Estimate  # of break-even
    clipped: dict[str, int]
    with_luck: Mixture | None = None  # the provenu with luck, where the draws have none


@dataclass(frozen=True, slots=True)
class Comparison:
    """Alternatives in the order of the files, and in that order the chance that each is best and its expected loss.

    losses: against the one that is best in the draw, luck and all.  losses_without_luck: against the one that is best on average over luck; the
    least of them is what it would be worth to know every assumption exactly before the choice; None where lives alone tell what a draw brings.
    """

    first: Result  # of the first scenario, without its draws
    common: Common
    alternatives: list[Alternative]
    chances: list[Estimate]
    losses: list[Estimate]
    losses_without_luck: list[Estimate] | None

    @property
    def by_mean(self) -> int:
        """The one with the highest expected provenu."""
        return int(np.argmax([one.mean.value for one in self.alternatives]))

    @property
    def by_chance(self) -> int:
        """The one that is best most often; of several the one with the highest expected provenu."""
        return max(range(len(self.chances)), key=lambda i: (self.chances[i].value, self.alternatives[i].mean.value))

    @property
    def pairs(self) -> list[tuple[int, int]]:
        return list(combinations(range(len(self.alternatives)), 2))

    def difference(self, a: int, b: int) -> Difference:
        pair = ours, theirs = self.alternatives[a], self.alternatives[b]
        blocks, off = (
            (_by_block(ours), _by_block(theirs)),
            float(ours.result.change[0].sum() - theirs.result.change[0].sum()),
        )
        found = choice.difference(ours.provenu, theirs.provenu, blocks, undrawn(pair).mass)
        return found._replace(
            mean=found.mean.at_least(abs(off)),
            positive=_as_told(found.positive, pair),
            negative=_as_told(found.negative, pair),
        )


def compare(
    cases: Sequence[Case],
    options: Options,
    progress: Progress | None = None,
    notify: Notify = lambda words: None,
) -> Comparison:
    """Run the cases on common draws and luck (common random numbers: Glasserman 2003, section 4.1; L'Ecuyer 1994).

    Raises InputError where their provenus are not of the same years or the same currency, and so cannot be compared.
    """
    check([case.loaded for case in cases])
    together = common([case.scenario for case in cases])
    cases = [replace(case, sampler=sampler) for case, sampler in zip(cases, together.samplers, strict=True)]
    draws = rounded_up(options.draws, options.design)
    runs = Runs(replace(options, keep_expected=True, alone=True), len(cases) * draws, progress, notify)
    for case in cases[1:]:
        runs.foresee(1, case)
    first, alternatives = None, []
    for case in cases:
        result = runs.run(case)
        alternatives.append(_kept(result))
        first = first or replace(result, draws=None)  # a run's draws are let go before the next one
    assert first is not None
    provenu = np.stack([one.provenu for one in alternatives])
    losses = choice.expected_losses(provenu, np.stack([_by_block(one) for one in alternatives]))
    without_luck = None if options.tied else choice.expected_losses(np.stack([one.expected for one in alternatives]))
    left_out = undrawn(alternatives)
    return Comparison(
        first,
        together,
        alternatives,
        [_as_told(one, alternatives) for one in choice.chances_of_best(provenu, left_out.mass)],
        [one.at_least(off) for one, off in zip(losses, _off(alternatives), strict=True)],
        without_luck and [one.at_least(off) for one, off in zip(without_luck, _off(alternatives), strict=True)],
    )


def undrawn(alternatives: Sequence[Alternative]) -> Undrawn:
    """What the draws of several scenarios leave out together."""
    found = [one.result.undrawn for one in alternatives]
    return Undrawn(max(one.mass for one in found), rare=tuple(rare for one in found for rare in one.rare))


def _off(alternatives: Sequence[Alternative]) -> list[float]:
    """What the loss of each may be off at least, DKK: what its mean is off against that of any other."""
    each = [float(one.result.change[0].sum()) for one in alternatives]
    return [max(abs(own - other) for other in each) for own in each]


def _as_told(counted: Estimate, alternatives: Sequence[Alternative]) -> Estimate:
    """As Result.as_told(), of several; what one scenario brings is told from itself."""
    one = all(other.result.scenario == alternatives[0].result.scenario for other in alternatives)
    return precision.certain(counted.value) if one or all(other.is_told for other in alternatives) else counted


def _kept(result: Result) -> Alternative:
    assert result.draws is not None
    columns = result.draws.columns
    point = float(result.point.provenu.sum())
    total, mixture = columns[measures.TOTAL].copy(), None
    if result.adds_luck:
        own = result.mixture
        mixture = replace(own, mean=total, sd=own.sd.copy(), skewness=own.skewness.copy())
    return Alternative(
        provenu=total,
        expected=columns[measures.EXPECTED].copy(),
        point=point,
        result=replace(result, draws=None),
        is_told=result.is_told,
        mean=result.mean(),
        sd=result.sd(),
        chance=result.chance(),
        clipped=result.clipped,
        with_luck=mixture,
    )


def _by_block(one: Alternative) -> Array:
    """(block,) mean provenu without luck's noise, DKK."""
    return np.asarray(precision.in_blocks(one.expected).mean(axis=1))


def check(loaded: Sequence[Loaded]) -> None:
    """Whether the scenarios can be compared. Raises InputError with what would make them so."""
    if len(loaded) < 2:
        raise InputError(text("one scenario alone cannot be compared; name two or more files"))
    _check_portfolios(loaded)
    first, years = loaded[0], loaded[0].scenario.time
    currency = first.scenario.money.currency
    for one in loaded[1:]:
        time = one.scenario.time
        if time.years != years.years:
            raise InputError(
                text(
                    "{file} counts {years} years and {first} {first_years}: what is saved over different horizons cannot be compared. "
                    "Give all the same, for example with --set time.years={least}",
                    file=one.file, years=time.years, first=first.file, first_years=years.years, least=min(time.years, years.years),
                )
            )  # fmt: skip
        if time.first_year != years.first_year:
            raise InputError(
                text(
                    "{file} begins in {year} and {first} in {first_year}: the years differ, and so do prices and economy. Give all the same "
                    "horizon; a programme that starts later has nobody in its first years",
                    file=one.file, year=time.first_year, first=first.file, first_year=years.first_year,
                )
            )  # fmt: skip
        if one.scenario.money.currency != currency:
            raise InputError(
                text(
                    "{file} is in {currency} and {first} in {first_currency}: convert one of them",
                    file=one.file, currency=one.scenario.money.currency, first=first.file, first_currency=currency,
                )
            )  # fmt: skip


def _check_portfolios(loaded: Sequence[Loaded]) -> None:
    """A programme that two of them have must have the same name and place in both: its numbers and luck go by these."""
    for one, other in permutations(loaded, 2):
        parts, others = one.scenario.parts, other.scenario.parts
        alone = next((part for part in parts if not others and part.sha256 == other.sha256), None)
        if alone is not None:
            raise InputError(
                text(
                    "{file} is also a programme of {portfolio}, but there with other draws and luck. Write a portfolio with it alone, under the "
                    "name {name} and as the first programme of both",
                    file=other.file, portfolio=one.file, name=f'"{alone.name}"',
                )
            )  # fmt: skip
        if parts and others:
            _check_common(one, other)


def _check_common(one: Loaded, other: Loaded) -> None:
    parts, others = one.scenario.parts, other.scenario.parts
    alike = takewhile(
        lambda pair: (pair[0].name, pair[0].sha256) == (pair[1].name, pair[1].sha256), zip(parts, others, strict=False)
    )
    in_both = Counter(part.sha256 for part in parts) & Counter(part.sha256 for part in others)
    elsewhere = in_both - Counter(part.sha256 for part, _ in alike)
    if elsewhere:
        raise InputError(
            text(
                "{programme} is in {a} and in {b}, but there with other draws and luck: what two portfolios have in common must come first in both, "
                "in the same order and under the same names",
                programme=next(part.file for part in parts if part.sha256 in elsewhere), a=one.file, b=other.file,
            )
        )  # fmt: skip
