"""`simulate compare`, as a plain function."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simulate import locale
from simulate.cli.common import CommonOptions, aside, working


def compare(files: Sequence[str], common: CommonOptions, *, engine: Any) -> None:
    """`simulate compare`."""
    common.check()
    loaded = [common.load_beside_others(file) for file in files]
    if common.lang is None:
        locale.use(loaded[0].scenario.language)  # each file is read in its own; the answer is in the first one's
    options = common.options(loaded[0], engine=engine)
    with working(engine) as shown:
        from simulate.asking import studies
        from simulate.engine import Case

        answer = studies.compare([Case.of(one) for one in loaded], options)(shown, aside)
    from simulate.reports import compare as report

    parts = report.lines(answer, loaded[0].scenario)
    common.answer(answer, parts, answer.warnings, any(one.scenario.costs for one in loaded))
