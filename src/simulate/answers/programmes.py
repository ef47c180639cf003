"""A portfolio's programmes one by one, and what they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simulate import measures
from simulate.analysis import precision
from simulate.analysis.breakeven import reached
from simulate.analysis.draws import Draws
from simulate.answers.base import Chance, Estimate, Section, Spread, either, estimate, exact, spread, twin
from simulate.engine import Result
from simulate.engine.financed import Financed, is_financed
from simulate.scenario import Scenario

PERCENTILES = (5, 25, 50, 75, 95)
NOT_DRAWN = dict.fromkeys(
    f"{name}{end}" for name in ("sd", "percentiles", "probability") for end in ("", "_without_luck")
)


@dataclass(frozen=True, repr=False)
class Worth(Section):
    """point: the business case's own number."""

    point: float


@dataclass(frozen=True, repr=False)
class Programme(Chance, Spread, Worth):
    """Its own lines' provenu over the horizon; under `--engine point` all but `point` and `financing` is null. financing: what others pay for it, in none of the
    other figures; null where the file has none."""

    financing: Estimate | None


@dataclass(frozen=True, repr=False)
class Together(Section):
    """What the programmes have in common. share: of the total's variance that is there only because they go well or badly together."""

    share: Estimate | None
    share_without_luck: Estimate | None

    @property
    def common(self) -> Estimate:
        return either(self.share, self.share_without_luck)


@dataclass(frozen=True, repr=False)
class Programmes(Section):
    """Of a portfolio; `each` has the key "" for the portfolio's own lines. financing_in_common: what others pay for it as a whole, null where the file has none.

    shared: assumptions that are one number for all; alike: equal in several programmes and yet drawn for each.
    """

    each: dict[str, Programme]
    shared: list[str]
    alike: list[str]
    financing_in_common: Estimate | None
    together: Together | None


def of(result: Result) -> Programmes | None:
    """None of a scenario that is no portfolio."""
    scenario, accounts = result.scenario, result.accounts
    if not scenario.parts:
        return None
    each = {name: _programme(result, name, own.tolist()) for name, own in accounts.of_part.items()}
    together = None if result.draws is None else _together(result, result.draws, list(each))
    return Programmes(each, shared(scenario), alike(scenario), _financing(result, ""), together)


def shared(scenario: Scenario) -> list[str]:
    """The assumptions that are one number for all programmes that have them."""
    return [name for name, one in scenario.assumptions.items() if one.part is None]


def alike(scenario: Scenario) -> list[str]:
    """Uncertain assumptions that several programmes have under one name and as one number, but drawn for each."""
    found: dict[str, list[Any]] = {}
    for name, one in scenario.assumptions.items():
        if one.part is not None and one.uncertainty is not None:
            meant = (one.value, one.uncertainty, one.each_year, one.persistence)
            found.setdefault(name.removeprefix(f"{one.part}: "), []).append(meant)
    return [name for name, each in found.items() if any(each.count(one) > 1 for one in each)]


def _programme(result: Result, name: str, own: list[bool]) -> Programme:
    point = float(result.point.kroner[0, own].sum())
    if result.draws is None:
        return Programme(point=point, mean=None, financing=_financing(result, name), **NOT_DRAWN)
    key, luckless = (measures.PROGRAMME, name), result.leaves_out_luck
    column = result.draws.columns[key]
    found = result.spread(result.mean_of(key, own), column, PERCENTILES)
    hit = estimate(result.counted(reached(column)))
    given = _financing(result, name)
    return Programme(point=point, financing=given, **spread(found, luckless), **twin("probability", hit, luckless))


def _financing(result: Result, name: str) -> Estimate | None:
    """Expected, of a programme's own lines; at one set of values without payment by results."""
    accounts = result.accounts
    own = np.array([line.part == name for line in accounts.financing], np.bool_)
    if not len(own):
        return None
    if not is_financed(result):
        return exact(float(result.point.financing[own & ~accounts.of_results].sum()))
    found = Financed(result)
    blocks = found.blocks[:, own].sum(axis=(1, 2))
    least = abs(float(found.off[own].sum())) + float(found.rough[own].sum())
    return estimate(precision.Estimate(float(blocks.mean()), precision.error_of(blocks)).at_least(least))


def _together(result: Result, draws: Draws, names: list[str]) -> Together:
    """What the programmes' own variances do not add up to."""
    columns = np.stack(
        [precision.in_blocks(draws.columns[measures.PROGRAMME, name]) for name in names]
    )  # (programme, block, draw)
    off = columns - columns.mean(axis=(1, 2), keepdims=True)
    total = (off.sum(axis=0) ** 2).mean(axis=1)  # (block,)
    apart = (off**2).sum(axis=0).mean(axis=1)
    whole = float(total.mean())
    share = (total - apart) / whole if whole > 0 else np.zeros(len(total))
    found = precision.Estimate(float(share.mean()), precision.error_of(share))
    found = found.unless(columns.shape[2] == 1 or bool(result.undrawn.rare))
    return Together(**twin("share", estimate(found), result.leaves_out_luck))
