"""How a study is asked about a case, and answered; and the commands that do no more, as plain functions."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from simulate.cli.common import CommonOptions, aside, working
from simulate.scenario import Loaded, Scenario

KEEP = 1000  # courses: a chance of one half is then known within some 3 points
MOST = 1 << 18


def ask(
    name: str,
    common: CommonOptions,
    loaded: Loaded,
    *asked: Any,
    scenario: Scenario | None = None,
    told: Sequence[Any] = (),
    **more: Any,
) -> None:
    """Ask the study of this name about the case of the scenario, and print what the report of the same name says of the answer.

    asked, more: what the study is told beside the case; scenario: where it is not the one that was loaded; told: to the answer.
    """
    with working("lives") as shown:
        from simulate.engine import Case

        module = import_module(f"simulate.studies.{name}")
        study = module.study if name == "sensitivity" else getattr(module, name)
        found = study(Case.of(scenario or loaded.scenario), *asked, progress=shown, notify=aside, **more)
    answers, report = (import_module(f"simulate.{package}.{name}") for package in ("answers", "reports"))
    answer = answers.of(found, loaded, *told)
    common.answer(answer, report.lines(answer, loaded.scenario), answer.warnings, [loaded.scenario])


def structure(scenario: str, common: CommonOptions) -> None:
    """The same case counted in other ways, and what luck alone would leave."""
    common.check()
    loaded = common.load(scenario)
    ask("structure", common, loaded, common.options(loaded))


def sensitivity(scenario: str, common: CommonOptions, *, method: Any) -> None:
    """`simulate sensitivity`."""
    common.check()
    loaded = common.load(scenario)
    ask("sensitivity", common, loaded, common.options(loaded, engine="lives"), method)


def update(scenario: str, common: CommonOptions, *, keep: int | None, max_draws: int | None) -> None:
    """What has been seen so far changes the assumptions and the years to come."""
    common.check(keep=keep, max_draws=max_draws)
    loaded = common.load(scenario)
    ask("update", common, loaded, common.options(loaded, plain=True), keep or KEEP, max_draws or MOST)
