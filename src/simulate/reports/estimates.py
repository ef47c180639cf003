"""Estimates as they stand in the JSON documents."""

from __future__ import annotations

import math
from typing import Any

from simulate.analysis.precision import Estimate, Spread


def known(error: float) -> float | None:
    """None for an error that these draws cannot tell."""
    return None if math.isnan(error) else error


def by_percentile(found: dict[int, Estimate], field: int = 0) -> dict[str, float | None]:
    """field: 0 for the values, 1 for their errors."""
    return {str(p): known((estimate.value, estimate.error)[field]) for p, estimate in found.items()}


def intervals(found: dict[int, Estimate]) -> dict[str, list[float] | None]:
    return {str(p): None if math.isnan(one.error) else list(one.interval) for p, one in found.items()}


def spread(one: Spread) -> dict[str, Any]:
    return {
        "mean": one.mean.value,
        "mean_error": known(one.mean.error),
        "sd": known(one.sd.value),
        "sd_error": known(one.sd.error),
        "percentiles": by_percentile(one.percentiles),
        "percentile_errors": by_percentile(one.percentiles, field=1),
    }
