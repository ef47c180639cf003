"""`simulate sweep`, `sweep-show` and `sweep-export`, as plain functions."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from simulate import locale
from simulate.cli import tables
from simulate.cli.common import CommonOptions, aside, working
from simulate.errors import InputError
from simulate.files import named
from simulate.locale import text
from simulate.scenario import Loaded

if TYPE_CHECKING:
    import xarray as xr

    from simulate.answers.sweep import Dimension
    from simulate.sweeps.cells import Sweep
    from simulate.sweeps.file import Described
    from simulate.sweeps.grid import Axis, Grid
    from simulate.sweeps.local import Executor

MOST_WORKERS = 1024


@dataclass(frozen=True, slots=True)
class Request:
    """What a sweep is asked for. None, nothing: not said."""

    vary: Sequence[str] = ()
    cases: str | None = None
    engine: Any = None
    keep: Sequence[str] = ()
    out: str | None = None
    dry_run: bool = False
    workers: int | None = None
    scheduler: str | None = None


def sweep(scenarios: Sequence[str], common: CommonOptions, request: Request) -> None:
    """`simulate sweep`."""
    common.check()
    _check_workers(request.workers)
    described = _described(scenarios, common)
    scenarios, common, request = _merged(scenarios, common, request, described)
    _check_asked(request, described)
    tables.check_apart(common.csv, request.out)
    tables.check_inputs(common.csv, _inputs(request, described))
    loaded = _loaded(scenarios, common)
    language: locale.Language = common.lang or (described and described.file.language) or loaded[0].scenario.language
    locale.use(language)
    made = _sweep(loaded, common, request, described)
    from simulate.sweeps.about import attributes

    about = attributes(
        made, described.file.title if described else "", language, " ".join(["simulate", *map(named, sys.argv[1:])])
    )
    if request.dry_run:
        _plan(common, made, request, about, loaded)
        return
    data = _made(made, request, about, described, common.threads)
    from simulate.answers import sweep_table as answers
    from simulate.reports import sweep as report

    answer = answers.made(data, named(request.out or ""), _warnings(loaded))
    common.answer(answer, report.made(answer), answer.warnings, answer.costs)


def _made(
    sweep: Sweep, request: Request, about: dict[str, Any], described: Described | None, threads: int | None
) -> xr.Dataset:
    """What is left of it, made; while it is, a line says how far it is."""
    from simulate.cli.progress import announce_compiling, line
    from simulate.sweeps import run

    announce_compiling(request.engine)
    elsewhere = request.scheduler is not None or request.workers is not None
    inputs = _inputs(request, described)
    with _executor(request) if elsewhere else nullcontext() as executor, line() as shown:
        return run.sweep(
            sweep, request.out or "", about, keep=tuple(request.keep), workers=threads, executor=executor, notify=aside, inputs=inputs,
            show=None if shown is None else lambda state: shown(state.words()),
        )  # fmt: skip


def _inputs(request: Request, described: Described | None) -> list[str]:
    """Files that are read, beside the scenarios."""
    return [*([request.cases] if request.cases else []), *([described.path] if described else [])]


def _executor(request: Request) -> AbstractContextManager[Executor]:
    """Workers of a scheduler, or some that are started on this machine."""
    from simulate.sweeps import schedulers

    return schedulers.connected(request.scheduler, request.workers, aside)


def show(
    file: str, common: CommonOptions, *, of: str | None, rows: str | None, columns: str | None, at: Sequence[str]
) -> None:
    """`simulate sweep-show`."""
    common.check()
    tables.check_inputs(common.csv, [file])
    from simulate.sweeps import exports

    data = exports.read(file)
    from simulate.answers import sweep_table as answers
    from simulate.reports import sweep as report

    if common.lang is None:
        locale.use(answers.head(data)["language"])
    answer = answers.show(data, named(file), answers.Asked(of, rows, columns, _at(at)))
    common.answer(answer, report.show(answer), answer.warnings, answer.costs)


def export(file: str, out: str, common: CommonOptions) -> None:
    """`simulate sweep-export`; in the sweep's own language where none was asked for."""
    common.check()
    from simulate.sweeps import exports

    exports.export(file, out, common.lang)
    aside(text("Written: {file}", file=named(out)))


def _at(given: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in given:
        name, sign, value = one.rpartition("=")
        if not sign or not name.strip() or not value.strip():
            raise InputError(text("--at {given}: write NAME=VALUE, like relapse=10%", given=one))
        if name.strip() in found:
            raise InputError(text("--at {given}: this has a value already", given=one))
        found[name.strip()] = value.strip()
    return found


# What is asked --------------------------------------------------------------------------------------------------------


def _check_workers(workers: int | None) -> None:
    if workers is not None and not 1 <= workers <= MOST_WORKERS:
        message = text("--{name} {value} is out of range: it must lie between {low} and {high}",
                       name="workers", value=workers, low=1, high=MOST_WORKERS)  # fmt: skip
        raise InputError(message)


def _described(files: Sequence[str], common: CommonOptions) -> Described | None:
    """The file of a sweep, where that is what was given."""
    from simulate.sweeps import file

    of_sweeps = [one for one in files if file.is_one(one)]
    if of_sweeps and len(files) > 1:
        raise InputError(text("{file} is the file of a sweep, and names its scenarios itself: give it alone", file=of_sweeps[0]))  # fmt: skip
    return file.read(of_sweeps[0], common.lang) if of_sweeps else None


def _merged(
    scenarios: Sequence[str], common: CommonOptions, request: Request, described: Described | None
) -> tuple[Sequence[str], CommonOptions, Request]:
    """What the command line says goes before what the file says."""
    if described is None:
        return scenarios, common, replace(request, engine=request.engine or "lives")
    from simulate.sweeps.file import check_changes

    file, how = described.file, described.file.simulation
    check_changes(file.set, described)
    own = {name: getattr(how, name) for name in common.simulation}
    common = replace(common, changes=[*file.set, *common.changes], simulation=own | common.given)
    request = replace(
        request,
        cases=request.cases or (described.beside(file.cases) if file.cases and not request.vary else None),
        engine=request.engine or how.engine or "lives",
        keep=request.keep or file.keep,
        out=request.out or file.out or f"{PurePath(described.name).stem}.nc",
    )
    return described.scenarios, common, request


def _check_asked(request: Request, described: Described | None) -> None:
    varied = bool(request.vary) or (described is not None and bool(described.file.vary))
    if request.cases is not None and request.vary:
        raise InputError(text("--vary and --cases: a sweep is a grid or has rows, and not both"))
    if not varied and request.cases is None:
        raise InputError(text("--vary is missing: say what is varied, like {example}", example="--vary relapse=5%,10%,15%"))  # fmt: skip
    if request.out is None and not request.dry_run:
        raise InputError(text("--out is missing: say where the table goes, like {example}", example="--out sweep.nc"))


def _loaded(files: Sequence[str], common: CommonOptions) -> list[Loaded]:
    twice = [one for i, one in enumerate(files) if one in files[:i]]
    if twice:
        raise InputError(text("{file} is given twice", file=named(twice[0])))
    return [common.load_beside_others(file) for file in files]


def _sweep(loaded: Sequence[Loaded], common: CommonOptions, request: Request, described: Described | None) -> Sweep:
    from simulate.engine import Case
    from simulate.sweeps.cells import Sweep
    from simulate.sweeps.check import check, check_changes
    from simulate.sweeps.vary import check_size

    cases = tuple(Case.of(one) for one in loaded)
    grid = _grid(cases, request, described)
    check_size(grid)
    options = tuple(common.options(one, *loaded, engine=request.engine) for one in loaded)
    found = Sweep(cases, grid, options, tuple(request.keep))
    check_changes(found)
    check(found)
    return found


def _grid(cases: tuple[Any, ...], request: Request, described: Described | None) -> Grid:
    """Axes of the file, then those of the command line; one of the latter takes the place of its own in the file."""
    from simulate.sweeps import rows, vary
    from simulate.sweeps.grid import Grid

    if request.cases is not None:
        axes, each = rows.read(request.cases, cases)
        return Grid(len(cases), axes, each)
    given = [vary.written(one, cases) for one in request.vary]
    assumptions = {name for case in cases for name in case.scenario.assumptions}
    own = described.varied(assumptions) if described is not None else []
    places = {(one.name, one.sign): one for one in own} | {(one.name, one.sign): one for one in given} if own else {}
    return Grid(len(cases), vary.axes(list(places.values()) if own else given, cases))


# What is told ---------------------------------------------------------------------------------------------------------


def _warnings(loaded: Sequence[Loaded]) -> list[str]:
    said = [problem.at(one.file) for one in loaded for problem in one.warnings]
    financed = [one.file for one in loaded if one.scenario.financing]
    return said + [text("{file}: what others pay is in no figure of a sweep", file=file) for file in financed]


def _plan(
    common: CommonOptions, made: Sweep, request: Request, about: dict[str, Any], loaded: Sequence[Loaded]
) -> None:
    from simulate.answers import sweep as answers
    from simulate.reports import sweep as report
    from simulate.sweeps import local
    from simulate.sweeps.estimate import estimate

    with working(made.options[0].engine):
        found = estimate(made, request.workers or local.workers(made, common.threads, len(made.grid)))
    varied = [_dimension(one) for one in made.grid.axes]
    answer = answers.plan(
        about["sweep"], varied, None if made.grid.rows is None else len(made.grid.rows), found, _warnings(loaded)
    )
    common.answer(answer, report.plan(answer), answer.warnings, answer.costs)


def _dimension(one: Axis) -> Dimension:
    from simulate.answers.sweep import Dimension

    values = [value for value in one.values if not isinstance(value, tuple)]
    return Dimension(one.name, one.written, one.label or one.written, one.units, one.usage, [*values], one.now)
