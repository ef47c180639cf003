"""`simulate run`, as a plain function."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate.cli import losses
from simulate.cli.common import CommonOptions, aside, working
from simulate.errors import InputError
from simulate.locale import text
from simulate.scenario import Loaded

if TYPE_CHECKING:
    from simulate.answers.run import BusinessCase, Run
    from simulate.engine import Result
    from simulate.options import Options

FIRST_DRAWS = 1024  # on the way to a precision: the fewest whose error can be relied on
MOST_TAKEN = 1 << 20
MOST_SAID = 5  # figures of the paper that are not reproduced


def run(
    scenario: str,
    common: CommonOptions,
    *,
    engine: Any,
    period: Any,
    precision: str | None,
    max_draws: int | None,
    plain: bool,
    loss: str | None,
    out: str | None,
    details: bool,
) -> None:
    """`simulate run`."""
    common.check(out=out, max_draws=max_draws)
    goal = _goal(precision, max_draws, engine)
    lost = losses.read(loss, engine)
    loaded = common.load(scenario)
    with _claimed(out, loaded) as folder:
        how = {"engine": engine, "period": period, "plain": plain}
        if goal is not None and common.simulation["draws"] is None:
            how["draws"] = FIRST_DRAWS
        most = max_draws or MOST_TAKEN
        result, answer = _run(loaded, common.options(loaded, **how), goal, most, lost)
        if folder is not None:
            from simulate import store

            more = {"losses": lost, "precision": goal and [precision, most]}
            run_id = store.run_id(loaded.source, answer.run.to_dict() | more)
            answer = replace(answer, run=replace(answer.run, id=run_id))
        from simulate.reports import run as report

        try:
            common.answer(
                answer,
                report.lines(answer, loaded.scenario, details or loss is not None),
                _worth_saying(answer.warnings, loaded),
                [loaded.scenario],
            )
        finally:  # whoever reads the answer may go away before its end
            if folder is not None:
                store.write(folder, result, loaded.source, answer.to_dict())


def _worth_saying(warnings: list[str], loaded: Loaded) -> list[str]:
    """The warnings for the screen: a changed case is not the paper's, and a long list helps nobody."""
    own = len(loaded.warnings)
    rest = [] if loaded.changes else warnings[own:]
    more = (
        [text("... and {n} more; `simulate check` shows all.", n=len(rest) - MOST_SAID)]
        if len(rest) > MOST_SAID
        else []
    )
    return [*warnings[:own], *rest[:MOST_SAID], *more]


@contextmanager
def _claimed(out: str | None, loaded: Loaded) -> Iterator[Path | None]:
    """The folder of --out, held from before the work until the results are in it."""
    if out is None:
        yield None
        return
    from simulate.folder import FolderError, claimed

    with ExitStack() as stack:
        try:
            folder = stack.enter_context(claimed(out, loaded.files))
        except FolderError as error:
            raise InputError(f"--out {error}") from None
        yield folder


def _goal(precision: str | None, max_draws: int | None, engine: str) -> Any:
    """The goal that --precision states: percentage points of the chance, or kroner of the mean."""
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


def _run(
    loaded: Loaded, options: Options, goal: Any, most: int, lost: list[float] | None
) -> tuple[Result, Run | BusinessCase]:
    with working(options.engine) as shown:
        from simulate import limits
        from simulate.engine import Case
        from simulate.pace import Pace

        case = Case.of(loaded.scenario)
        if goal is None:
            pace = Pace(aside, hint=limits.hint(loaded.scenario, options.engine))
            result, convergence = case.run(options, shown, pace), None
        else:
            from simulate.studies.precise import precise

            result, convergence = precise(case, options, goal, most, shown, aside)
    from simulate.answers import risk
    from simulate.answers import run as answers

    return result, answers.of(result, loaded, convergence, lost or risk.LOSSES)
