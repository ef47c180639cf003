"""What a budget comes to where all that is uncertain in it goes well together, and ill together: the other end from each for itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulate import point
from simulate.engine import Result
from simulate.sampling import Values

STEPS = 1024  # equally likely courses: the chance is known to a tenth of a per cent
ENDS = (0.05, 0.95)


def together(result: Result) -> NDArray[np.float64] | None:
    """(course,) DKK provenu over the horizon in equally likely courses, the worst first; each has every uncertain assumption at the same point of its
    distribution, counted from what is worst for the provenu.

    None where lives differ as well, where the file says itself how its assumptions go together, and where fewer than two of them act.
    """
    scenario, sampler = result.scenario, result.sampler
    if sampler is None or scenario.families or scenario.correlations or len(sampler.free) < 2:
        return None
    own, low, high = sampler.point(), *(sampler.at(end) for end in ENDS)
    names = [one.name for one in sampler.free]
    ends = _provenus(result, [dict(own) | {name: end[name]} for name in names for end in (low, high)])
    gains = {name: up - down for name, down, up in zip(names, ends[::2], ends[1::2], strict=True)}
    acting = {name: gain for name, gain in gains.items() if gain != 0}
    if len(acting) < 2:
        return None
    places = (np.arange(STEPS) + 0.5) / STEPS
    rising = [sampler.at(float(place)) for place in places]
    courses = [
        dict(own) | {name: (up if gain > 0 else down)[name] for name, gain in acting.items()}
        for up, down in zip(rising, reversed(rising), strict=True)
    ]
    return np.sort(_provenus(result, courses))


def _provenus(result: Result, sets: Sequence[Values]) -> NDArray[np.float64]:
    return np.array([float(one.provenu.sum()) for one in point.compute_each(result.point.accounts, sets)])
