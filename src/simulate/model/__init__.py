"""Scenario and assumptions → flat arrays → kernel → quantities."""

from simulate.model.engines import (
    LivedDraws,
    Quantities,
    coming,
    cumulated,
    entered_families,
    entry_chances,
    expected,
    family_numbers,
    lived,
    people,
    period_labels,
    start_states,
)
from simulate.model.inputs import Numbers, Parameters, draws_clipped, draws_with_clipped, families, of_draws, parameters
from simulate.model.structure import PERIODS, Ending, Hits, Model, Origins, project_months, summed

__all__ = [
    "PERIODS",
    "Ending",
    "Hits",
    "LivedDraws",
    "Model",
    "Numbers",
    "Origins",
    "Parameters",
    "Quantities",
    "coming",
    "cumulated",
    "draws_clipped",
    "draws_with_clipped",
    "entered_families",
    "entry_chances",
    "expected",
    "families",
    "family_numbers",
    "lived",
    "of_draws",
    "parameters",
    "people",
    "period_labels",
    "project_months",
    "start_states",
    "summed",
]
