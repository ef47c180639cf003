"""How the programme's number follows from the baseline's: written once, for plain numbers and for arrays of draws.

The effect has a weight in each class of the time since entry, None where it is the same all along: so much of it there is, on the scale on
which it is stated.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from simulate.scenario.schema import Arms, StayArms

Get = Callable[[str], Any]
"""The number under a key of the table of arms; `both` where the table is a single number."""

ALL_ALONG: Sequence[Any] = (None,)


def chances(arms: Arms, get: Get, weights: Sequence[Any] = ALL_ALONG) -> list[Any]:
    """The baseline's chance and the programme's in each class, before clipping; a hazard ratio acts on the hazard and leaves them equal here."""
    if arms.both is not None:
        return [get("both")] * (1 + len(weights))
    baseline = get("baseline")
    return [baseline, *(_with_effect(arms, baseline, get, weight) for weight in weights)]


def months(arms: StayArms, get: Get, weight: Any = None) -> Any:
    """Whole months' mean of a given length with the programme, before rounding."""
    if arms.both is not None:
        return get("both")
    if arms.programme is not None and weight is None:
        return get("programme")  # the baseline's may be drawn
    return _with_effect(arms, get("baseline"), get, weight)


def months_without(arms: StayArms, get: Get) -> Any:
    """The same without it."""
    return get("both" if arms.both is not None else "baseline")


def _with_effect(arms: Arms | StayArms, baseline: Any, get: Get, weight: Any) -> Any:
    if arms.programme is not None:
        programme = get("programme")
        return programme if weight is None else baseline + weight * (programme - baseline)
    if arms.plus is not None:
        added = get("plus")
        return baseline + (added if weight is None else weight * added)
    if arms.minus is not None:
        taken = get("minus")
        return baseline - (taken if weight is None else weight * taken)
    if arms.times is not None:
        return baseline * factor(get("times"), weight)
    return baseline


def factor(times: Any, weight: Any) -> Any:
    """What a factor comes to."""
    return times if weight is None else 1 + weight * (times - 1)


def ratio(hazard_ratio: Any, weight: Any) -> Any:
    """What a hazard ratio comes to, whose logarithm is weighed; infinite where none is left and the weight is negative."""
    if weight is None:
        return hazard_ratio
    with np.errstate(divide="ignore"):
        return np.power(np.asarray(hazard_ratio, float), weight)
