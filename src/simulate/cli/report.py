"""`simulate report`, as a plain function: of a scenario, a stored result, several scenarios, or a sweep."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate.answers.base import Section
from simulate.cli.common import OF_SWEEPS, CommonOptions, aside, check_is_whole, danish_by_default, only_shown, working
from simulate.errors import InputError
from simulate.files import expanded, named
from simulate.locale import text
from simulate.locale.visible import first_hidden

if TYPE_CHECKING:
    from simulate.answers.report import Report
    from simulate.content import Document
    from simulate.scenario import Scenario
    from simulate.writers.files import Place, Rendering


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
    from simulate.reports.report import chosen
    from simulate.writers import files

    figures.today()  # what is wrong with it is told before the work
    if request.title is not None:
        _check_title(request.title)
    chosen(request.sections)
    for name in what:
        check_is_whole(name)
    read = [*what, *filter(None, (request.since, request.template))]
    where = None if request.out is None else files.place(request.out, read)
    _check_of_use(where, request)
    template = files.template(request.template)
    asked = _kind(what)(what, common, request)
    if where is None or common.as_json or common.as_markdown or common.csv is not None:
        common.answer(asked.answer, files.whole(asked.document), asked.warnings, asked.costs)
    if where is not None:
        _write(where, _rendering(asked, request, template))


def _check_title(title: str) -> None:
    if not title.strip():
        raise InputError(text("--title: the title is empty"))
    if hidden := first_hidden(title):
        raise InputError(text("--title: it has a sign that nobody sees ({sign})", sign=hidden[1]))


def _check_of_use(where: Place | None, request: Request) -> None:
    """Raises InputError for options of forms that are not written."""
    endings = [] if where is None else [file.suffix.lower() for file, _ in where.files()]
    for name, given, ending in (("interactive", request.interactive, ".html"), ("template", request.template, ".docx")):
        if given and ending not in endings:
            why = text("it is for {ending} alone", ending=ending)
            raise InputError(text("--{name} does nothing here: {why}", name=name, why=why))


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
    danish_by_default(common)
    with working(request.engine or "lives") as shown:
        from simulate.engine import Case

        options = common.options(loaded, engine=request.engine)
        _, answer = asking.report(Case.of(loaded), options, tolerated=tolerated, earlier=before)(shown, aside)
    from simulate.reports.words import worth_saying

    return _of_report(answer, loaded.scenario, request, worth_saying(answer.warnings, loaded))


def _stored(what: Sequence[str], common: CommonOptions, request: Request) -> Asked:
    from simulate.asking.report import stored

    why = text("the figures of a stored result are as the run left them; give it to simulate run --full")
    only_shown(common, why, engine=request.engine, tolerance=request.tolerance, since=request.since)
    answer, scenario = stored(what[0])
    danish_by_default(common)
    return _of_report(answer, scenario, request)


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
    only_shown(common, text("what a sweep has written is shown as it is"), engine=request.engine)
    from simulate.answers import sweep_table as answers
    from simulate.reports import documents
    from simulate.sweeps import exports

    data = exports.read(what[0])
    danish_by_default(common)
    answer = answers.show(data, named(what[0]), answers.Asked(None, None, None, {}))
    document = documents.of_sweep(answer, _command(), title=request.title, unit=request.unit)
    return Asked(answer, document, None, answer.warnings, answer.costs)
