"""How the programme's number follows from the baseline's: written once, for plain numbers and for arrays of draws."""

from collections.abc import Callable
from typing import Any

from simulate.scenario.schema import Arms, StayArms
from simulate.scenario.values import Value

Get = Callable[[Value], Any]


def chances(arms: Arms, get: Get) -> tuple[Any, Any]:
    """(baseline, programme) chances before clipping; a hazard ratio acts on the hazard and leaves them equal here.

    get: the number that stands for a value of the file.
    """
    if arms.both is not None:
        both = get(arms.both)
        return both, both
    baseline = get(arms.baseline)
    if arms.programme is not None:
        return baseline, get(arms.programme)
    if arms.plus is not None:
        return baseline, baseline + get(arms.plus)
    if arms.times is not None:
        return baseline, baseline * get(arms.times)
    return baseline, baseline


def months(arms: StayArms, arm: int, get: Get) -> Any:
    """Whole months' mean of a given length in an arm (0 baseline, 1 programme), before rounding."""
    if arms.both is not None:
        return get(arms.both.months)
    if arm == 1 and arms.programme is not None:
        return get(arms.programme.months)
    assert arms.baseline is not None
    length = get(arms.baseline.months)
    if arm == 1 and arms.plus is not None:
        return length + get(arms.plus)
    if arm == 1 and arms.times is not None:
        return length * get(arms.times)
    return length
