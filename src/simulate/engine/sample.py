"""Draws of the assumptions, and the lives that are lived under them: all of a run but money."""

from __future__ import annotations

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
    """Expected lives of some draws, or one row for all of them, and the families that enter (draw, type, period)."""

    programme: Quantities
    baseline: Quantities
    families: Array


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
    expected: Expected | None

    def luck(self, accounts: Accounts, prices: Prices, third: Counterfactual | None = None) -> Luck:
        """As luck.compute()."""
        return luck.compute(accounts, self.given, prices, third)


def live(one: Model, sampler: Sampler, options: Options, period: int, chunk: Chunk, luck_of: int) -> Sample:
    """The draws of a chunk, counted by periods (half-months); their luck is that of the run's draws from `luck_of` on."""
    numbers = sampler.numbers(options.design, options.seed, chunk)
    values = sampler.placed(numbers)
    given = model.parameters(one, values)
    expected = None
    if sampler.uncertain or options.engine == "expected":
        programme, baseline = model.expected(one, given, chunk.draws, period, kernels.load("expected"))
        expected = Expected(programme, baseline, model.entered_families(one, given, period))
    if options.engine == "expected":
        assert expected is not None
        return Sample(
            chunk.draws, numbers, values, given, expected.programme, {"expected": expected.baseline}, expected.families, expected
        )  # fmt: skip
    lived = model.lived(one, given, options.seed, luck_of, chunk.draws, period)
    families = lived.entered.astype(np.float64)
    return Sample(chunk.draws, numbers, values, given, lived.programme, lived.baselines, families, expected)
