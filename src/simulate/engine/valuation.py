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
    draws where nothing is uncertain). financing, expected_financing: (draw or 1, financing line, period) what others pay or, by results, promise."""

    prices: Prices
    kroner: dict[Counterfactual, Array]
    expected: Array
    financing: Array
    expected_financing: Array

    def total(self, counterfactual: Counterfactual) -> Array:
        """(draw,) in the municipality's purse."""
        return np.asarray(self.kroner[counterfactual][:, 0].sum(axis=1).sum(axis=1))


def value(accounts: Accounts, sample: Sample, at_point: Point, chosen: Counterfactual, of_payers: bool) -> Valuation:
    """A sample under its own values of the assumptions. at_point: the business case, which expected lives are where nothing is uncertain.

    chosen: the counterfactual that is told. of_payers: whether the other payers' kroner of it are asked for, and those of expected lives; else the
    municipality's are enough.
    """
    prices, one = ledger.prices(accounts, sample.values), sample.expected
    stated = ledger.stated(accounts, prices, sample.families, sample.present)
    kroner = {}
    for name, baseline in sample.baselines.items():
        less, payers = baseline.rows - sample.programme.rows, None if of_payers and name == chosen else 1
        kroner[name] = ledger.with_states(accounts, prices, less, stated, payers)
    others = ledger.financing(accounts, stated)
    if one is None:
        return Valuation(prices, kroner, at_point.kroner[None], others, at_point.financing[None])
    if sample.programme is one.programme:  # there is no luck, and so no other, or nothing else is known
        return Valuation(prices, kroner, kroner[chosen], others, others)
    less, payers = one.baseline.rows - one.programme.rows, None if of_payers else 1
    outright = ledger.stated(accounts, prices, one.families, one.present)
    expected = ledger.with_states(accounts, prices, less, outright, payers)
    return Valuation(prices, kroner, expected, others, ledger.financing(accounts, outright))
