"""What is asked of a run: how precise it must be, and which losses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulate.asking.common import Work
from simulate.errors import InputError
from simulate.locale import text
from simulate.scenario import queries

if TYPE_CHECKING:
    from simulate.answers.run import BusinessCase, Run
    from simulate.engine import Case, Result
    from simulate.options import Options, Progress
    from simulate.pace import Notify
    from simulate.scenario import Scenario
    from simulate.studies.precise import Goal

FIRST_DRAWS = 1024  # on the way to a precision: the fewest whose error can be relied on
MOST_TAKEN = 1 << 20


def run(
    case: Case,
    options: Options,
    *,
    goal: Goal | None = None,
    most: int = MOST_TAKEN,
    losses: Sequence[float] | None = None,
) -> Work[tuple[Result, Run | BusinessCase]]:
    """goal: the precision that draws are taken for, `most` of them. losses: as losses.read() has them."""

    check_financing(case.scenario, options.engine)

    def work(progress: Progress | None, notify: Notify) -> tuple[Result, Run | BusinessCase]:
        if goal is None:
            from simulate import limits
            from simulate.pace import Pace

            pace = Pace(notify, hint=limits.hint(case.scenario, options.engine))
            result, convergence = case.result(options, progress, pace), None
        else:
            from simulate.studies.precise import precise

            result, convergence = precise(case, options, goal, most, progress, notify)
        from simulate.answers import risk
        from simulate.answers import run as answers

        return result, answers.of(result, case.loaded, convergence, losses or risk.LOSSES)

    return work


def check_financing(scenario: Scenario, engine: str) -> None:
    """Raises InputError where payment by results would have to be known of expected lives: they reach no target and miss none."""
    if engine == "expected" and queries.paid_by_results(scenario):
        line = next(one for one in scenario.financing if one.when_target is not None)
        raise InputError(
            text(
                "--engine expected: “{line}” is paid only in courses in which “{target}” is reached, and expected lives are no courses; use --engine lives",
                line=line.label, target=line.when_target,
            )
        )  # fmt: skip


def goal_of(precision: str | None, max_draws: int | None, engine: str) -> Goal | None:
    """The goal that --precision states: percentage points of the chance, or kroner of the mean. Raises InputError."""
    if precision is None:
        if max_draws is not None:
            message = text(
                "--max-draws is the limit of --precision, which is missing; --draws sets the number of courses"
            )
            raise InputError(message)
        return None
    if engine == "point":
        raise InputError(text("--engine point has no courses, and so no --precision"))
    from simulate.scenario.numbers import NumberProblem, parse
    from simulate.studies.precise import Goal

    no_thousands = re.fullmatch(r"\s*0[.][0-9]{3}\s*", precision)  # nobody marks thousands of nothing
    try:
        read = parse(precision.strip() + "0" if no_thousands else precision)
    except NumberProblem as error:
        raise InputError(f"--precision {precision}: {error.message}") from None
    share = read.value if read.share else read.value / 100
    if read.value <= 0 or (not read.money and share > 1):
        message = text(
            "--precision {given}: write percentage points of the chance like 0.5, or kroner of the mean like 50000kr",
            given=precision,
        )
        raise InputError(message)
    return Goal("mean", read.value) if read.money else Goal("probability", share)
