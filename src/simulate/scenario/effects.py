"""How the programme's number follows from the baseline's: written once, for plain numbers and for arrays of draws."""

from collections.abc import Callable
from typing import Any

from simulate.scenario.schema import Arms, StayArms

Get = Callable[[str], Any]
"""The number under a key of the table of arms; `both` where the table is a single number."""


def chances(arms: Arms, get: Get) -> tuple[Any, Any]:
    """(baseline, programme) chances before clipping; a hazard ratio acts on the hazard and leaves them equal here."""
    if arms.both is not None:
        both = get("both")
        return both, both
    baseline = get("baseline")
    if arms.programme is not None:
        return baseline, get("programme")
    if arms.plus is not None:
        return baseline, baseline + get("plus")
    if arms.minus is not None:
        return baseline, baseline - get("minus")
    if arms.times is not None:
        return baseline, baseline * get("times")
    return baseline, baseline


def months(arms: StayArms, arm: int, get: Get) -> Any:
    """Whole months' mean of a given length in an arm (0 baseline, 1 programme), before rounding."""
    if arms.both is not None:
        return get("both")
    if arm == 1 and arms.programme is not None:
        return get("programme")
    length = get("baseline")
    if arm == 1 and arms.plus is not None:
        return length + get("plus")
    if arm == 1 and arms.minus is not None:
        return length - get("minus")
    if arm == 1 and arms.times is not None:
        return length * get("times")
    return length
