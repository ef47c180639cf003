"""Draws of the assumptions, and the lives that are lived under them: all of a run but money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate import kernels, luck, model
from simulate.ledger import Accounts, Prices
from simulate.luck import Luck
from simulate.model import Model, Parameters, Quantities
from simulate.names import Counterfactual
from simulate.options import Options
from simulate.sampling import Chunk, Sampler, Values

Array = NDArray[np.float64]


class Expected(NamedTuple):
    """Expected lives of some draws, or one row for all of them, the families that enter (draw, type, period) and those present at the start
    (draw, type)."""

    programme: Quantities
    baseline: Quantities
    families: Array
    present: Array


@dataclass(frozen=True, slots=True)
class Sample:
    """Some draws, lived. expected: None where no assumption is uncertain, and it is that of the business case itself."""

    draws: int
    numbers: dict[str, Array]  # drawn of each assumption that is free
    values: Values
    given: Parameters
    programme: Quantities
    baselines: dict[Counterfactual, Quantities]
    families: Array  # (draw, type, period) that entered
    present: Array  # (draw, type) that are there at the start
    expected: Expected | None

    def luck(self, accounts: Accounts, prices: Prices, third: Counterfactual | None = None) -> Luck:
        """As luck.compute()."""
        return luck.compute(accounts, self.given, prices, third, self.baselines.keys() != {"expected"})

    def until(self, periods: int, counterfactuals: Sequence[Counterfactual], drawn: Drawn) -> Sample:
        """The same lives in the first periods alone, under other numbers that they do not hang on."""
        lived, one = self.programme.until(periods), self.expected
        baselines = {name: self.baselines[name].until(periods) for name in counterfactuals}
        if one is not None:
            programme = lived if one.programme is self.programme else one.programme.until(periods)
            one = Expected(programme, one.baseline.until(periods), one.families[..., :periods], one.present)
        return Sample(self.draws, *drawn, lived, baselines, self.families[..., :periods], self.present, one)


class Drawn(NamedTuple):
    """The assumptions of some draws, as Sample has them."""

    numbers: dict[str, Array]
    values: Values
    given: Parameters


def draw(one: Model, sampler: Sampler, numbers: dict[str, Array]) -> Drawn:
    """numbers: as the sampler draws them."""
    values = sampler.placed(numbers)
    return Drawn(numbers, values, model.parameters(one, values))


def live(
    one: Model,
    drawn: Drawn,
    options: Options,
    period: int,
    chunk: Chunk,
    luck_of: int,
    expects: bool,
    without: Sample | None = None,
) -> Sample:
    """The draws of a chunk, counted by periods (half-months); their luck is that of the run's draws from `luck_of` on.

    expects: whether the expected lives are not the business case's. without: a sample of the same draws and luck whose baseline is this one's, so that the programme alone is lived.
    """
    draws, given, expected = chunk.draws, drawn.given, None
    if expects and not options.tied:
        kernel, known = kernels.load("expected"), without and without.expected
        arms = model.expected(one, given, draws, period, kernel, (1,) if known else (1, 0))
        baseline = known.baseline if known else arms[1]
        families = model.entered_families(one, given, period)
        expected = Expected(arms[0], baseline, families, model.present_families(one, given.numbers))
    if options.engine == "expected":
        assert expected is not None
        alone: dict[Counterfactual, Quantities] = {"expected": expected.baseline}
        return Sample(draws, *drawn, expected.programme, alone, expected.families, expected.present, expected)
    counted = () if without else options.counterfactuals
    lived = model.lived(one, given, options.seed, luck_of, draws, period, counted)
    baselines = without.baselines if without else lived.baselines
    families, present = (one.astype(np.float64) for one in (lived.entered, lived.present))
    if options.tied:  # lives are all that there is
        expected = Expected(lived.programme, baselines[options.counterfactual], families, present)
    return Sample(draws, *drawn, lived.programme, baselines, families, present, expected)
