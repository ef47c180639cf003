"""What an answer says, in the language in force: content without a form, a module for each answer."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from simulate import locale
from simulate.answers.base import Section
from simulate.content import Part
from simulate.scenario import Scenario

ALSO = {"point": "run"}  # answers that the report of another tells


def content(answer: Section, *scenarios: Scenario, **how: Any) -> list[Part]:
    """All that is told of an answer. scenarios: those that it is of; where none has costs, none are spoken of. how: what its report is asked."""
    name = str(getattr(answer, "answer"))  # noqa: B009 - every answer has its name
    paper = import_module("simulate.reports.paper")
    report = import_module(f"simulate.reports.{ALSO.get(name, name)}")
    with locale.worded("" if any(scenario.costs for scenario in scenarios) else "costless"):
        return list(paper.in_unit(report.lines(answer, scenarios[0], **how), *scenarios))
