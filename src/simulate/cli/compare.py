"""`simulate compare`, as a plain function."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from simulate import locale
from simulate.cli.common import CommonOptions, aside, working

if TYPE_CHECKING:
    from simulate.answers.compare import Compare
    from simulate.scenario import Scenario


def compare(files: Sequence[str], common: CommonOptions, *, engine: Any) -> None:
    """`simulate compare`."""
    common.check()
    answer, scenarios = compared(files, common, engine)
    from simulate.reports import compare as report
    from simulate.reports import paper

    parts = paper.in_unit(report.lines(answer, scenarios[0]), *scenarios)
    common.answer(answer, parts, answer.warnings, any(one.costs for one in scenarios))


def compared(
    files: Sequence[str], common: CommonOptions, engine: Any, language: locale.Language | None = None
) -> tuple[Compare, list[Scenario]]:
    """language: of the answer, where none was asked for; None: the first scenario's."""
    loaded = [common.load_beside_others(file) for file in files]
    if common.lang is None:  # each file is read in its own
        locale.use(language or loaded[0].scenario.language)
    options = common.options(*loaded, engine=engine)
    with working(engine) as shown:
        from simulate.asking import studies
        from simulate.engine import Case

        answer = studies.compare([Case.of(one) for one in loaded], options)(shown, aside)
    return answer, [one.scenario for one in loaded]
