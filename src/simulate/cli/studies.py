"""The commands that ask one question about a case, as a plain function."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from simulate.cli.common import CommonOptions, aside, working

SHARING = ("structure", "sensitivity", "update")  # a module of `simulate.asking`
HOW: dict[str, dict[str, Any]] = {"sensitivity": {"engine": "lives"}, "update": {"plain": True}}


def ask(question: str, scenario: str, common: CommonOptions, **asked: Any) -> None:
    """Ask it about the scenario, and print what the report of the same name says of the answer. asked: the question's own options."""
    common.check()
    loaded = common.load(scenario)
    from simulate.engine import Case

    asking = import_module(f"simulate.asking.{'studies' if question in SHARING else question}")
    options = common.options(loaded, **HOW.get(question, {}))
    work = getattr(asking, question)(Case.of(loaded), options, **asked)
    with working("lives") as shown:
        answer = work(shown, aside)
    report = import_module(f"simulate.reports.{question}")
    from simulate.reports import paper

    parts = paper.in_unit(report.lines(answer, loaded.scenario), loaded.scenario)
    common.answer(answer, parts, answer.warnings, bool(loaded.scenario.costs))
