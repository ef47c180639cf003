"""The answer beside that of a budget whose rows vary each for itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulate.answers.base import Section
from simulate.engine import Result
from simulate.studies.together import together

TOLD = (5, 50, 95)


@dataclass(frozen=True, repr=False)
class AllTogether(Section):
    """Where all that is uncertain goes well together and ill together, counted exactly and not drawn. probability: of a provenu of at least 0; mean, percentiles: of the
    provenu over the horizon, kroner."""

    probability: float
    mean: float
    percentiles: dict[int, float]


def of(result: Result) -> AllTogether | None:
    """None where lives differ as well, where the file says how its assumptions go together, and where fewer than two act."""
    found = together(result)
    if found is None:
        return None
    return AllTogether(
        probability=float(np.mean(found >= 0)),
        mean=float(found.mean()),
        percentiles={p: float(np.quantile(found, p / 100)) for p in TOLD},
    )
