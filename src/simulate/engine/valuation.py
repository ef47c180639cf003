"""Lives x prices → kroner. Nothing is drawn or lived here: the same sample can be valued again at other prices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulate import ledger
from simulate.engine.sample import Sample
from simulate.ledger import Accounts, Prices
from simulate.names import Counterfactual
from simulate.point import Point

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Valuation:
    """What lives bring, DKK (draw, payer or the first alone, line, period), under each counterfactual, and what they bring on average over luck (one row for all
    draws where nothing is uncertain)."""

    prices: Prices
    kroner: dict[Counterfactual, Array]
    expected: Array

    def total(self, counterfactual: Counterfactual) -> Array:
        """(draw,) in the municipality's purse."""
        return np.asarray(self.kroner[counterfactual][:, 0].sum(axis=1).sum(axis=1))


def value(accounts: Accounts, sample: Sample, at_point: Point, whole: Counterfactual | None = None) -> Valuation:
    """A sample under its own values of the assumptions. at_point: the business case, which expected lives are where nothing is uncertain.

    whole: the counterfactual of which the state's kroner are asked for, too; of the others the municipality's are enough. None: all.
    """
    prices = ledger.prices(accounts, sample.values)
    stated = ledger.stated(accounts, prices, sample.families)
    kroner = {}
    for name, baseline in sample.baselines.items():
        less, payers = baseline.months - sample.programme.months, 2 if whole in (None, name) else 1
        kroner[name] = ledger.with_states(accounts, prices, less, stated, payers)
    if sample.expected is None:
        return Valuation(prices, kroner, at_point.kroner[None])
    if sample.programme is sample.expected.programme:  # there is no luck, and so no other
        return Valuation(prices, kroner, kroner["expected"])
    one = sample.expected
    less = one.baseline.months - one.programme.months
    return Valuation(prices, kroner, ledger.kroner(accounts, prices, less, one.families))
