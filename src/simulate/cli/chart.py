"""`simulate chart`, as a plain function: one picture of a scenario, a stored result or a sweep. It computes only what the picture shows."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate import locale
from simulate.cli.common import OF_SWEEPS, CommonOptions, aside, check_is_whole, danish_by_default, only_shown, working
from simulate.errors import InputError
from simulate.files import expanded, named, replace
from simulate.folder import RECORD
from simulate.locale import text
from simulate.options import check_is_known

if TYPE_CHECKING:
    from simulate.answers.report import Bin, RiskTolerance, Tolerated
    from simulate.answers.risk import Loss
    from simulate.answers.run import Run
    from simulate.charts.spec import Shape
    from simulate.content import Chart
    from simulate.engine import Case
    from simulate.options import Options, Progress
    from simulate.scenario import Scenario

ENDINGS = (".svg", ".png", ".pdf")


@dataclass(frozen=True, slots=True)
class Request:
    """What a picture is asked for. None: not said."""

    kind: str
    out: str
    shape: Shape = "column"
    engine: Any = None
    tolerance: str | None = None


def chart(what: str, common: CommonOptions, request: Request) -> None:
    """`simulate chart`."""
    common.check()
    check_is_whole(what)
    place = _place(request.out, what)
    if request.tolerance is not None and request.kind != "exceedance":
        raise InputError(text("--tolerance belongs to --kind exceedance"))
    made = _of(what, request.kind)(what, common, request)
    replace(place, _drawn(made, place.suffix.lower(), request.shape))
    aside(text("Written: {file}", file=named(request.out)))


def _drawn(made: Chart, ending: str, shape: Shape) -> bytes:
    from simulate.charts import drawn

    if ending == ".svg":
        return drawn.alone(made, shape).encode()
    return drawn.png(made, shape) if ending == ".png" else drawn.pdf(made, shape)


def _place(name: str, what: str) -> Path:
    """Where --out says. Raises InputError, before any work, for what cannot be written."""
    path = Path(os.path.realpath(expanded(name)))
    if why := _why_not(name, path, what):
        raise InputError(f"--out {named(name)}: {why}")
    return path


def _why_not(name: str, path: Path, what: str) -> str:
    from simulate.charts.drawn import EXTRA

    if not name.strip():
        return text("the name is empty")
    if path.suffix.lower() not in ENDINGS or not path.stem:
        return text("the name must end in one of {endings}", endings=", ".join(ENDINGS))
    if path.is_dir():
        return text("there is a folder in the place of the file")
    if not path.parent.is_dir():
        return text("there is no such folder")
    if (path.parent / RECORD).exists():
        return text("the folder of a stored run holds its own files alone; name another place")
    if not os.access(path.parent, os.W_OK):
        return text("this account may not write there")
    if path.exists() and os.path.exists(what) and os.path.samefile(path, what):
        return text("this run reads it")
    if find_spec("vl_convert") is None:
        return text("this needs libraries that are not installed: {install}", install=EXTRA)
    return ""


# What it is of --------------------------------------------------------------------------------------------------------


def _of(what: str, kind: str) -> Callable[[str, CommonOptions, Request], Chart]:
    """Raises InputError where such a thing has no such picture."""
    path = Path(expanded(what))
    of_sweep = path.suffix.lower() in OF_SWEEPS
    if of_sweep and kind != "heatmap":
        raise InputError(text("--kind {kind}: a sweep has a heatmap alone; the others are of a scenario", kind=kind))
    if of_sweep:
        return _sweep
    if kind == "heatmap":
        message = text(
            "--kind heatmap: it is of what a sweep has written; make one with: simulate sweep SCENARIO --vary A=... --vary B=... --out sweep.nc"
        )
        raise InputError(message)
    return _stored if path.is_dir() else _case


def _sweep(what: str, common: CommonOptions, request: Request) -> Chart:
    from simulate.answers import sweep_table as answers
    from simulate.reports import pictures
    from simulate.sweeps import exports

    only_shown(
        common, text("what a sweep has written is shown as it is"), engine=request.engine, tolerance=request.tolerance
    )
    data = exports.read(what)
    danish_by_default(common)
    answer = answers.show(data, named(what), answers.Asked(None, None, None, {}))
    with locale.worded("" if answer.costs else "costless"):
        return pictures.heatmap(answer)


def _stored(what: str, common: CommonOptions, request: Request) -> Chart:
    from simulate.asking.report import stored

    only_shown(
        common,
        text("the figures of a stored result are as the run left them"),
        engine=request.engine,
        tolerance=request.tolerance,
    )
    report, scenario = stored(what)
    danish_by_default(common)
    if request.kind == "tornado":
        decisive = report.sensitivity
        if decisive is None:
            check_is_known([scenario], "--kind tornado")
            raise InputError(_nothing_varies())
        return _shown(lambda pictures: pictures.tornado(decisive, scenario), scenario)
    return _of_answer(request.kind, report.case, report.exceedance, report.histogram, report.tolerance, scenario)


def _case(what: str, common: CommonOptions, request: Request) -> Chart:
    from simulate.asking import report as asking

    borne = asking.tolerated(request.tolerance)
    loaded = common.load(what)
    scenario = loaded.scenario
    if request.kind == "tornado":
        check_is_known([scenario], "--kind tornado")
    if request.kind == "tornado" and all(one.uncertainty is None for one in scenario.assumptions.values()):
        raise InputError(_nothing_varies())
    danish_by_default(common)
    with working(request.engine or "lives") as shown:
        from simulate.engine import Case

        case, options = Case.of(loaded), common.options(loaded, engine=request.engine or "lives")
        if request.kind == "tornado":
            from simulate.asking import studies

            found = studies.sensitivity(case, options, method="draws")(shown, aside)
            return _shown(lambda pictures: pictures.tornado(found, scenario), scenario)
        return _of_run(case, options, request, borne, shown)


def _of_run(case: Case, options: Options, request: Request, borne: Tolerated | None, shown: Progress | None) -> Chart:
    from simulate.answers import report as answers
    from simulate.answers.run import Run
    from simulate.asking import run

    result, answer = run.run(case, options)(shown, aside)
    assert isinstance(answer, Run)
    losses, bins = answers.spread(result, answer) if request.kind in ("exceedance", "distribution") else ([], [])
    return _of_answer(request.kind, answer, losses, bins, answers.tolerance(result, borne), case.scenario)


def _of_answer(
    kind: str,
    run: Run,
    losses: Sequence[Loss],
    bins: Sequence[Bin],
    tolerance: RiskTolerance | None,
    scenario: Scenario,
) -> Chart:
    made: dict[str, Callable[[Any], Chart]] = {
        "fan": lambda pictures: pictures.fan(run, scenario),
        "dots": lambda pictures: pictures.dots(run, scenario),
        "exceedance": lambda pictures: pictures.exceedance(losses, tolerance, run, scenario),
        "distribution": lambda pictures: pictures.distribution(bins, losses, run, scenario),
    }
    return _shown(made[kind], scenario)


def _shown(made: Callable[[Any], Chart], scenario: Scenario) -> Chart:
    """In the words that the case needs."""
    from simulate.reports import pictures

    with locale.worded("" if scenario.costs else "costless"):
        return made(pictures)


def _nothing_varies() -> str:
    return text("--kind tornado: no assumption of this case is uncertain, so there is nothing to compare")
