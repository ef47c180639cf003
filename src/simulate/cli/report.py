"""`simulate report`, as a plain function: of a scenario, a stored result, several scenarios, or a sweep."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate import locale
from simulate.answers.base import Section
from simulate.cli.common import CommonOptions, aside, check_is_whole, working
from simulate.errors import InputError
from simulate.files import expanded, named
from simulate.locale import text

if TYPE_CHECKING:
    from simulate.answers.report import Report
    from simulate.content import Document
    from simulate.scenario import Scenario
    from simulate.writers.files import Place, Rendering

OF_SWEEPS = (".nc", ".zarr", ".journal")


@dataclass(frozen=True, slots=True)
class Request:
    """What a report is asked for. None, nothing: not said."""

    out: str | None = None
    engine: Any = None
    title: str | None = None
    sections: str | None = None
    unit: str | None = None
    tolerance: str | None = None
    since: str | None = None
    interactive: bool = False
    template: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer, and the document that it becomes. report: of a case."""

    answer: Section
    document: Document
    scenario: Scenario | None
    warnings: Sequence[str]
    costs: bool


def report(what: Sequence[str], common: CommonOptions, request: Request) -> None:
    """`simulate report`."""
    common.check()
    from simulate import figures
    from simulate.writers import files

    figures.today()  # what is wrong with it is told before the work
    if request.title is not None and not request.title.strip():
        raise InputError(text("--title: the title is empty"))
    for name in what:
        check_is_whole(name)
    where = None if request.out is None else files.place(request.out, what)
    template = files.template(request.template)
    asked = _kind(what)(what, common, request)
    if where is None or common.as_json or common.as_markdown or common.csv is not None:
        common.answer(asked.answer, files.whole(asked.document), asked.warnings, asked.costs)
    if where is not None:
        _write(where, _rendering(asked, request, template))


def _rendering(asked: Asked, request: Request, template: Path | None) -> Rendering:
    from simulate.answers.report import Report
    from simulate.writers.files import Rendering

    of_case = asked.answer if isinstance(asked.answer, Report) else None
    return Rendering(asked.document, of_case, asked.scenario, request.interactive, template)


def _write(where: Place, one: Rendering) -> None:
    from simulate.writers import files

    for path in files.write(where, one):
        aside(text("Written: {file}", file=named(path)))


# What it is of --------------------------------------------------------------------------------------------------------


def _kind(what: Sequence[str]) -> Callable[[Sequence[str], CommonOptions, Request], Asked]:
    if len(what) > 1:
        return _comparison
    path = Path(expanded(what[0]))
    if path.suffix.lower() in OF_SWEEPS:
        return _sweep
    return _stored if path.is_dir() else _case


def _command() -> str:
    """That makes the report again."""
    return shlex.join(["simulate", *map(named, sys.argv[1:])])


def _speak(common: CommonOptions) -> None:
    """Danish, where no language was asked for."""
    if common.lang is None:
        locale.use("da")


def _only_cases(request: Request, of: str) -> None:
    """Raises InputError for what a document of something else than a case has not."""
    for name in ("sections", "tolerance", "since"):
        if getattr(request, name) is not None:
            raise InputError(text("--{name} is for the report of a case; this is one of {what}", name=name, what=of))


def _case(what: Sequence[str], common: CommonOptions, request: Request) -> Asked:
    from simulate.asking import report as asking

    tolerated = asking.tolerated(request.tolerance)
    loaded = common.load(what[0])
    before = None if request.since is None else asking.earlier(request.since)
    _speak(common)
    with working(request.engine or "lives") as shown:
        from simulate.engine import Case

        options = common.options(loaded, engine=request.engine)
        _, answer = asking.report(Case.of(loaded), options, tolerated=tolerated, earlier=before)(shown, aside)
    from simulate.reports.words import worth_saying

    return _of_report(answer, loaded.scenario, request, worth_saying(answer.warnings, loaded))


def _stored(what: Sequence[str], common: CommonOptions, request: Request) -> Asked:
    from simulate.asking.report import stored

    _check_stored(common, request)
    answer, scenario = stored(what[0])
    _speak(common)
    return _of_report(answer, scenario, request)


def _check_stored(common: CommonOptions, request: Request) -> None:
    """Nothing is computed anew: what would change the figures belongs to the run."""
    given = {
        **common.simulation,
        "set": common.changes or None,
        "engine": request.engine,
        "tolerance": request.tolerance,
        "since": request.since,
    }
    for name, value in given.items():
        if value is not None:
            message = text(
                "--{name} changes the figures, and those of a stored result are as the run left them; give it to simulate run --full",
                name=name,
            )
            raise InputError(message)


def _of_report(answer: Report, scenario: Scenario, request: Request, warnings: Sequence[str] = ()) -> Asked:
    from simulate.reports.report import chosen
    from simulate.reports.report import document as made

    document = made(
        answer, scenario, _command(), title=request.title, sections=chosen(request.sections), unit=request.unit
    )
    return Asked(answer, document, scenario, warnings, bool(scenario.costs))


def _comparison(what: Sequence[str], common: CommonOptions, request: Request) -> Asked:
    _only_cases(request, text("several scenarios"))
    from simulate.cli.compare import compared
    from simulate.reports import documents

    answer, scenarios = compared(what, common, request.engine or "lives", "da")
    document = documents.of_comparison(answer, scenarios, _command(), title=request.title, unit=request.unit)
    return Asked(answer, document, None, answer.warnings, any(one.costs for one in scenarios))


def _sweep(what: Sequence[str], common: CommonOptions, request: Request) -> Asked:
    _only_cases(request, text("a sweep"))
    from simulate.answers import sweep_table as answers
    from simulate.reports import documents
    from simulate.sweeps import exports

    data = exports.read(what[0])
    _speak(common)
    answer = answers.show(data, named(what[0]), answers.Asked(None, None, None, {}))
    document = documents.of_sweep(answer, _command(), title=request.title, unit=request.unit)
    return Asked(answer, document, None, answer.warnings, answer.costs)
