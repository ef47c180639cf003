"""Estimates as they stand in the JSON documents."""

from __future__ import annotations

import math
from typing import Any

from simulate.analysis.precision import Estimate, Spread
from simulate.content import Figure

WITHOUT_LUCK = {
    "probability": "probability_without_luck",
    "error": "probability_without_luck_error",
    "interval": "probability_without_luck_interval",
    "sd": "sd_without_luck",
    "sd_error": "sd_without_luck_error",
    "percentiles": "percentiles_without_luck",
    "percentile_errors": "percentile_errors_without_luck",
    "by_year": "by_year_without_luck",
    "by_year_errors": "by_year_errors_without_luck",
    "first_year": "first_year_without_luck",
    "expected_shortfall": "expected_shortfall_without_luck",
    "losses": "losses_without_luck",
    "lowest_point": "lowest_point_without_luck",
    "payback": "payback_without_luck",
    "probability_best": "probability_best_without_luck",
    "probability_best_error": "probability_best_without_luck_error",
    "probability_positive": "probability_positive_without_luck",
    "probability_positive_error": "probability_positive_without_luck_error",
    "probability_negative": "probability_negative_without_luck",
    "probability_negative_error": "probability_negative_without_luck_error",
    "expected_loss": "expected_loss_without_luck",
    "expected_loss_error": "expected_loss_without_luck_error",
}  # names of a section: of the same figures where they have no luck in them


def without_luck(section: dict[str, Any]) -> dict[str, Any]:
    """The same figures under names that say that there is no luck in them."""
    return {WITHOUT_LUCK.get(key, key): value for key, value in section.items()}


def _of(section: dict[str, Any], key: str) -> Any:
    """A figure of a section, with luck or, where it has none of it, without."""
    return section[key] if key in section else section[WITHOUT_LUCK[key]]


def luckless(section: dict[str, Any]) -> dict[str, Any]:
    """The figures without luck under their plain names: where only these are shown together."""
    return section | {key: section[name] for key, name in WITHOUT_LUCK.items() if name in section}


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


def bands(found: dict[str, Any], of: tuple[str, ...] = ("5", "50", "95")) -> list[Figure]:
    """Cells of the percentiles of an amount: with luck or, where it has none of it, without."""
    values, errors = (_of(found, key) for key in ("percentiles", "percentile_errors"))
    return [Figure(values[p], error=errors[p]) for p in of]
