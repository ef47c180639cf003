"""`simulate run`, as a plain function."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate.asking import losses
from simulate.asking import run as asking
from simulate.asking.report import Watch
from simulate.cli import write_back as back
from simulate.cli.common import CommonOptions, aside, working
from simulate.errors import InputError, SimulateError
from simulate.locale import text
from simulate.scenario import Loaded

if TYPE_CHECKING:
    from simulate.answers.report import Report, Tolerated
    from simulate.answers.run import BusinessCase, Run
    from simulate.asking.report import Earlier
    from simulate.engine import Result
    from simulate.options import Options
    from simulate.studies.precise import Goal


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
    full: bool = False,
    tolerance: str | None = None,
    since: str | None = None,
    write_back: str | None = None,
    force: bool = False,
) -> None:
    """`simulate run`. write_back: a copy of the workbook, in which the answer goes."""
    common.check(out=out, max_draws=max_draws)
    back.check(write_back, force, engine)
    goal = asking.goal_of(precision, max_draws, engine)
    lost = losses.read(loss, engine)
    tolerated, earlier = _asked_in_full(full, tolerance, since, out, engine)
    loaded = common.load(scenario)
    if earlier is not None:
        from simulate.asking import report as reported

        reported.check_since(earlier, loaded)
    plan = None if write_back is None else back.planned(loaded, write_back, force, out)
    with _claimed(out, loaded) as folder:
        how = {"engine": engine, "period": period, "plain": plain, "lines": plan is not None}
        if goal is not None and common.simulation["draws"] is None:
            how["draws"] = asking.FIRST_DRAWS
        most = max_draws or asking.MOST_TAKEN
        watch = Watch()
        result, answer = _run(loaded, common.options(loaded, **how), goal, most, lost, watch)
        if folder is not None:
            from simulate import store

            more: dict[str, object] = {"losses": lost, "precision": goal and [precision, most]}
            more |= {"lines": True} if plan is not None else {}
            run_id = store.run_id(loaded.source, answer.run.to_dict() | more)
            answer = replace(answer, run=replace(answer.run, id=run_id))
        whole, failed = None, None
        try:
            whole = _beside(loaded, result, answer, watch, tolerated, earlier) if full else None
        except SimulateError as error:  # the run itself is not lost with it
            failed = error
        from simulate.reports import paper
        from simulate.reports import run as report
        from simulate.reports.words import worth_saying

        try:
            common.answer(
                answer,
                paper.in_unit(report.lines(answer, loaded.scenario, details or loss is not None), loaded.scenario),
                worth_saying(answer.warnings, loaded),
                bool(loaded.scenario.costs),
            )
        finally:  # whoever reads the answer may go away before its end
            if folder is not None:
                store.write(folder, result, loaded.source, answer.to_dict(), None if whole is None else whole.to_dict())
            if plan is not None:
                back.write(plan, answer, loaded)
        if failed is not None:
            raise failed


def _asked_in_full(
    full: bool, tolerance: str | None, since: str | None, out: str | None, engine: Any
) -> tuple[Tolerated | None, Earlier | None]:
    """Raises InputError for what --full cannot be."""
    from simulate.asking import report

    if full and (out is None or engine == "point"):
        raise InputError(text("--full stores what a report shows: it needs --out, and an engine that has courses"))
    for name, given in (("tolerance", tolerance), ("since", since)):
        if given is not None and not full:
            raise InputError(text("--{name} is for reports: give it with --full, or to simulate report", name=name))
    return report.tolerated(tolerance), None if since is None else report.earlier(since)


def _beside(
    loaded: Loaded,
    result: Result,
    answer: Run | BusinessCase,
    watch: Watch,
    tolerated: Tolerated | None,
    earlier: Earlier | None,
) -> Report:
    """What a report shows beside the run."""
    from simulate.answers.run import Run
    from simulate.asking import report
    from simulate.engine import Case

    assert isinstance(answer, Run)
    with working(result.options.engine) as shown:
        return report.beside(Case.of(loaded), result, answer, watch, tolerated=tolerated, earlier=earlier)(shown, aside)


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


def _run(
    loaded: Loaded, options: Options, goal: Goal | None, most: int, lost: list[float] | None, watch: Watch
) -> tuple[Result, Run | BusinessCase]:
    with working(options.engine) as shown:
        from simulate.engine import Case

        return asking.run(Case.of(loaded), options, goal=goal, most=most, losses=lost)(watch.over(shown), aside)
