"""Draws → lives → kroner → what is kept → estimates."""

from simulate.engine.case import Case, run
from simulate.engine.prices import Priced
from simulate.engine.result import Outcome, Result
from simulate.engine.samples import Samples
from simulate.engine.work import Work

__all__ = ["Case", "Outcome", "Priced", "Result", "Samples", "Work", "run"]
