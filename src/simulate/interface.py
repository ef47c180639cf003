"""What Python sees as `simulate.load`, `simulate.run`, ...: a case, what is asked of it by keywords, and its answer.

Options have the names and defaults of the command line, with `_` for `-`. Whatever is wrong raises InputError, in words.
"""

from __future__ import annotations

import logging
import os
import shlex
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib import import_module
from numbers import Real
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar, overload

from simulate import engine as engines
from simulate import kernels, locale
from simulate.answers.annualise import Annualise
from simulate.answers.base import Head
from simulate.answers.compare import Compare
from simulate.answers.report import Report
from simulate.answers.run import BusinessCase, Run
from simulate.answers.sensitivity import Sensitivity
from simulate.answers.stages import Stages
from simulate.answers.structure import Structure
from simulate.answers.threshold import Threshold
from simulate.answers.update import Update
from simulate.asking import annualise as _annualise
from simulate.asking import losses as _losses
from simulate.asking import report as _report
from simulate.asking import run as _run
from simulate.asking import stages as _stages
from simulate.asking import studies as _studies
from simulate.asking import threshold as _threshold
from simulate.asking.common import Work
from simulate.content import Document, Sentence
from simulate.errors import InputError
from simulate.files import named, reason
from simulate.keywords import OPTION, asked, called, check_choice, check_whole
from simulate.locale import Language, text
from simulate.names import Counterfactual
from simulate.options import Engine, Options, Period, Progress
from simulate.reports.words import worth_saying
from simulate.scenario import load as _load
from simulate.scenario import revised
from simulate.scenario.adjustable import written
from simulate.scenario.schema import Design
from simulate.studies.annualise import Measure
from simulate.studies.sensitivity import Method

if TYPE_CHECKING:
    import xarray as xr

P = ParamSpec("P")
T = TypeVar("T")
AnyAnswer = TypeVar("AnyAnswer", bound=Head)

Drawn = Literal["lives", "expected"]
KEPT = ("draws",)  # what a sweep may keep of each cell
KEYWORDS = ("draws", "seed", "engine", "counterfactual", "precision", "max_draws", "loss", "keep")
"""Options that sentences of answers name."""
_log = logging.getLogger("simulate")


@overload
def run(
    case: engines.Case,
    *,
    engine: Literal["point"],
    draws: int | None = None,
    seed: int | None = None,
    counterfactual: Counterfactual | None = None,
    design: Design | None = None,
    period: Period = "year",
    precision: float | str | None = None,
    max_draws: int | None = None,
    plain: bool = False,
    loss: float | str | Sequence[float] | None = None,
    details: bool = False,
    threads: int | None = None,
    progress: Progress | None = None,
) -> BusinessCase: ...
@overload
def run(
    case: engines.Case,
    *,
    engine: Drawn = "lives",
    draws: int | None = None,
    seed: int | None = None,
    counterfactual: Counterfactual | None = None,
    design: Design | None = None,
    period: Period = "year",
    precision: float | str | None = None,
    max_draws: int | None = None,
    plain: bool = False,
    loss: float | str | Sequence[float] | None = None,
    details: bool = False,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Run: ...
@asked
def run(
    case: engines.Case,
    *,
    engine: Engine = "lives",
    draws: int | None = None,
    seed: int | None = None,
    counterfactual: Counterfactual | None = None,
    design: Design | None = None,
    period: Period = "year",
    precision: float | str | None = None,
    max_draws: int | None = None,
    plain: bool = False,
    loss: float | str | Sequence[float] | None = None,
    details: bool = False,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Run | BusinessCase:
    """How likely is break-even, and what are the bands.

    draws, seed, counterfactual, design: the scenario's own where they are not given. precision: percentage points of the chance, or kroner
    of the mean ("50000kr"). loss: DKK. details: what a notebook shows of the answer, which has them all the same. progress: called with how
    many draws are done, and of how many.

    >>> answer = run(load("scenarios/silkeborg.toml"), draws=1024, engine="expected")
    >>> round(answer.break_even.chance.value, 2)
    0.22
    """
    said = precision if precision is None or isinstance(precision, str) else written(float(precision))
    goal, lost = _run.goal_of(said, max_draws, engine), _losses.read(_several(loss), engine)
    if goal is not None and draws is None:
        draws = _run.FIRST_DRAWS
    one = _ready(case)
    options = _options(
        one, engine=engine, draws=draws, seed=seed, counterfactual=counterfactual, design=design, period=period, plain=plain, threads=threads
    )  # fmt: skip
    work = _run.run(one, options, goal=goal, most=max_draws or _run.MOST_TAKEN, losses=lost)
    return _answered(lambda *watched: work(*watched)[1], [one], progress, with_details=details or loss is not None)


@dataclass(frozen=True, slots=True, repr=False)
class Case(engines.Case):
    """A checked scenario, ready to be asked: what `load` gives.

    `with_` gives the case with other numbers, by the names of assumptions and by paths; an uncertain one is then held at its number.

    >>> import simulate
    >>> case = simulate.load("scenarios/silkeborg.toml")
    >>> case
    <Case: Vi Vil Mere, scenarios/silkeborg.toml>
    >>> case.with_({"relapse": 0.1, "costs[0].yearly": 500_000})
    <Case: Vi Vil Mere, scenarios/silkeborg.toml, relapse=0.1, costs[0].yearly=500000>
    """

    def __repr__(self) -> str:
        return f"<Case: {', '.join([self.scenario.title, self.loaded.file, *self.loaded.changes])}>"

    run = run

    def sweep(self, vary: Mapping[str, str | Sequence[float]], **how: Any) -> xr.Dataset:
        """As sweep(), of this case."""
        return sweep(self, vary, **how)

    @property
    def warnings(self) -> list[str]:
        """What `simulate check` warns of, with file and line."""
        return [problem.at(self.loaded.file) for problem in _ready(self).loaded.warnings]


@asked
def load(file: str | os.PathLike[str], changes: Sequence[str] = (), *, language: Language | None = None) -> Case:
    """Read and check the file of a scenario or of a portfolio.

    changes: as `--set` takes them: `PATH=VALUE` or `PATH*FACTOR`. language: of its problems and warnings, "da" or "en"; the file's own
    where it is not given. Raises ScenarioError with every problem of the file.

    >>> load("scenarios/silkeborg.toml", ["relapse*0.8"])
    <Case: Vi Vil Mere, scenarios/silkeborg.toml, relapse*0.8>
    """
    told = [changes] if isinstance(changes, str) else list(changes)
    return Case.of(_load(os.fspath(file), told, language=language))


@asked
def compare(
    cases: Sequence[engines.Case],
    *,
    engine: Drawn = "lives",
    draws: int | None = None,
    seed: int | None = None,
    counterfactual: Counterfactual | None = None,
    design: Design | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Compare:
    """Which case is best, how surely, and what a wrong choice costs; draws, seed, ... of the first hold for all.

    >>> case = load("scenarios/silkeborg.toml")
    >>> answer = compare([case, case.with_({"relapse": 0.1})], draws=256, engine="expected")
    >>> [one.name for one in answer.scenarios]
    ['silkeborg', 'relapse=0.1']
    >>> answer.best.by_mean
    1
    """
    _check_drawn(engine)
    each = _each(cases)
    if not each:
        raise InputError(text("one scenario alone cannot be compared; name two or more files"))
    options = _options(
        *each, engine=engine, draws=draws, seed=seed, counterfactual=counterfactual, design=design, threads=threads
    )
    return _answered(_studies.compare(each, options), each, progress)


@asked
def threshold(
    case: engines.Case,
    assumption: str | Sequence[str] | None = None,
    *,
    path: str | None = None,
    probability: float | str | Sequence[float] = (0.5, 0.8, 0.9),
    target: str | None = None,
    draws: int | None = None,
    seed: int | None = None,
    counterfactual: Counterfactual | None = None,
    design: Design | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Threshold:
    """How far one number must move for the chance to be as high as wanted.

    assumption: its name, or two: with a table along the second. path: in its place, any number of the scenario. target: the label of one,
    in place of break-even.

    >>> answer = threshold(load("scenarios/silkeborg.toml"), "additional_effect", probability=0.5, draws=256)
    >>> answer.thresholds[0].reached
    'at-least'
    """
    one = _ready(case)
    options = _options(one, draws=draws, seed=seed, counterfactual=counterfactual, design=design, threads=threads)
    levels = _several(probability)
    asked = _threshold.threshold(
        one, options, assumption=assumption, path=path, probability=() if levels is None else levels, target=target
    )
    return _answered(asked, [one], progress)


@asked
def sensitivity(
    case: engines.Case,
    *,
    method: Method = "saltelli",
    draws: int | None = None,
    seed: int | None = None,
    counterfactual: Counterfactual | None = None,
    design: Design | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """Which assumptions decide, in kroner and in chance; the widest swing of `tornado` first.

    >>> answer = sensitivity(load("scenarios/silkeborg.toml"), draws=64, method="draws")
    >>> answer.tornado[0].assumption
    'additional_effect'
    """
    one = _ready(case)
    options = _options(one, draws=draws, seed=seed, counterfactual=counterfactual, design=design, threads=threads)
    return _answered(_studies.sensitivity(one, options, method=method), [one], progress)


@asked
def structure(
    case: engines.Case,
    *,
    draws: int | None = None,
    seed: int | None = None,
    counterfactual: Counterfactual | None = None,
    design: Design | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Structure:
    """The same case counted in other ways, and what luck alone would leave.

    >>> answer = structure(load("scenarios/silkeborg.toml"), draws=64)
    >>> [way.name for way in answer.structure][:3]
    ['base', 'same-luck', 'own-luck']
    """
    one = _ready(case)
    options = _options(one, draws=draws, seed=seed, counterfactual=counterfactual, design=design, threads=threads)
    return _answered(_studies.structure(one, options), [one], progress)


@asked
def stages(
    case: engines.Case,
    *,
    review: int,
    stop_if: str,
    notice: int = _stages.NOTICE,
    draws: int | None = None,
    seed: int | None = None,
    counterfactual: Counterfactual | None = None,
    design: Design | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Stages:
    """Stop or go on: what a review with a rule is worth.

    review: the year at whose end is decided. stop_if: `self-support < 4`. notice: months that costs go on after it.

    >>> answer = stages(load("scenarios/silkeborg.toml"), review=2018, stop_if="selvforsørgelse < 12", draws=256)
    >>> 0 < answer.stop.value < 1
    True
    """
    one = _ready(case)
    options = _options(one, draws=draws, seed=seed, counterfactual=counterfactual, design=design, threads=threads)
    return _answered(_stages.stages(one, options, review=review, stop_if=stop_if, notice=notice), [one], progress)


@asked
def annualise(
    case: engines.Case,
    *,
    quarter: str,
    measure: Measure = "before-after",
    groups: float | str | Sequence[float] | None = None,
    draws: int | None = None,
    seed: int | None = None,
    counterfactual: Counterfactual | None = None,
    design: Design | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Annualise:
    """What one quarter's moves, times four, tell of the year that follows.

    >>> answer = annualise(load("scenarios/silkeborg.toml"), quarter="2019Q1", draws=256)
    >>> answer.annualised.mean.value < answer.following_year.mean.value
    True
    """
    one = _ready(case)
    options = _options(one, draws=draws, seed=seed, counterfactual=counterfactual, design=design, threads=threads)
    asked = _annualise.annualise(one, options, quarter=quarter, measure=measure, groups=_several(groups))
    return _answered(asked, [one], progress)


@asked
def update(
    case: engines.Case,
    *,
    keep: int | None = None,
    max_draws: int | None = None,
    draws: int | None = None,
    seed: int | None = None,
    counterfactual: Counterfactual | None = None,
    design: Design | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Update:
    """What has been seen so far, and what is to be expected after it. keep: courses that look like what was seen, 1000.

    >>> case = load("scenarios/silkeborg.toml")
    >>> update(case, draws=256, keep=64).verdict
    'possible'
    """
    if keep is not None:
        check_whole("keep", keep)
    one = _ready(case)
    options = _options(
        one, plain=True, draws=draws, seed=seed, counterfactual=counterfactual, design=design, threads=threads
    )
    return _answered(_studies.update(one, options, keep=keep, max_draws=max_draws), [one], progress)


@asked
def report(
    case: engines.Case,
    *,
    tolerance: str | None = None,
    since: str | os.PathLike[str] | None = None,
    engine: Drawn = "lives",
    draws: int | None = None,
    seed: int | None = None,
    counterfactual: Counterfactual | None = None,
    design: Design | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """A run, and what is asked beside it: all that a report shows. `write` makes a document of it.

    tolerance: a loss that can be borne, and in how many of the courses more may be lost: "2 mio. kr. in 10 %". since: the folder or file of an
    earlier report's case.

    >>> answer = report(load("scenarios/silkeborg.toml"), draws=64, engine="expected", tolerance="2 mio. kr. in 10 %")
    >>> answer.tolerance.kept
    False
    """
    _check_drawn(engine)
    tolerated, one = _report.tolerated(tolerance), _ready(case)
    earlier = None if since is None else _report.earlier(os.fspath(since))
    options = _options(
        one, engine=engine, draws=draws, seed=seed, counterfactual=counterfactual, design=design, threads=threads
    )
    work = _report.report(one, options, tolerated=tolerated, earlier=earlier)
    answer = _answered(lambda *watched: work(*watched)[1], [one], progress)
    given = [*_given("tolerance", tolerance), *_given("since", since if since is None else os.fspath(since))]
    return answer.keeping(scenario=one.scenario, command=given, html=_html_of_report)


@asked
def write(
    answer: Report,
    out: str | os.PathLike[str],
    *,
    language: Language | None = None,
    title: str | None = None,
    sections: str | Sequence[str] | None = None,
    unit: Literal["kr", "tkr", "mio"] | None = None,
    interactive: bool = False,
    template: str | os.PathLike[str] | None = None,
) -> list[Path]:
    """A report as a file (`.html`, `.docx`, `.xlsx`, `.pdf`, `.md`, `.csv`), or in a folder as all of them and the pictures; gives what was written.

    language: the one in force where it is not given. title: in place of the scenario's. sections: only these. unit: what amounts in tables are counted in.
    interactive: of the page. template: a Word document whose look is taken.

    >>> import tempfile
    >>> answer = report(load("scenarios/silkeborg.toml"), draws=64, engine="expected")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [file.name for file in write(answer, f"{folder}/report.md", language="en", sections=["answer", "years"])]
    ['report.md']
    """
    from simulate.reports.report import SCALES, chosen
    from simulate.writers import files

    if not isinstance(answer, Report) or answer._scenario is None:
        raise InputError(text("{given} is no report that was asked here; write simulate.report(CASE), which gives one",
                              given=type(answer).__name__))  # fmt: skip
    if unit is not None:
        check_choice("unit", unit, [*SCALES])
    names = sections if sections is None or isinstance(sections, str) else ",".join(sections)
    where, look = files.place(os.fspath(out), [answer.scenario.file]), files.template(template)
    with locale.speaking(language or locale.language()):
        document = _document(answer, title=title, sections=chosen(names), unit=unit)
        one = files.Rendering(document, answer, answer._scenario, interactive, look)
        return list(files.write(where, one))


@asked
def sweep(
    cases: engines.Case | Sequence[engines.Case],
    vary: Mapping[str, str | Sequence[float]],
    *,
    out: str | os.PathLike[str] | None = None,
    engine: Drawn = "lives",
    draws: int | None = None,
    seed: int | None = None,
    counterfactual: Counterfactual | None = None,
    design: Design | None = None,
    keep: Literal["draws"] | Sequence[Literal["draws"]] = (),
    threads: int | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """A case with every combination of other numbers, as a Dataset with a dimension for each thing that is varied.

    vary: values (a list, an array, a text as on the command line) by the names of assumptions and by paths; `name*` multiplies, and what is uncertain stays uncertain. Several cases are a dimension
    `scenario`. out: a table like `sweep.nc`, with a journal beside it, so that the same call goes on where it was stopped; without it nothing is
    kept. keep: "draws", the provenu of each draw. progress: called with how many cells are done, and of how many.

    >>> found = sweep(load("scenarios/silkeborg.toml"), {"relapse": [0.05, 0.1]}, draws=64, engine="expected")
    >>> found.probability.dims
    ('scenario', 'relapse')
    """
    from simulate.sweeps import about, check, grid, run
    from simulate.sweeps import vary as varying
    from simulate.sweeps.cells import Sweep

    _check_drawn(engine)
    kept = tuple(keep) if isinstance(keep, list | tuple) else () if keep is None else (keep,)
    for one in kept:
        check_choice("keep", one, KEPT)
    each = _each(cases)
    if not each:
        raise InputError(text("there is no case; write simulate.load(FILE), which gives one"))
    axes = varying.of(vary, each)
    if not axes:
        raise InputError(text("there is nothing to vary; write it like {example}", example='{"relapse": [0.05, 0.1]}'))
    cells = grid.Grid(len(each), axes)
    varying.check_size(cells)
    how = {"engine": engine, "draws": draws, "seed": seed, "counterfactual": counterfactual, "design": design}
    whole = Sweep(tuple(each), cells, tuple(_options(case, *each, **how) for case in each), kept)
    check.check(whole)
    _tell_of_compiling()
    attributes = about.attributes(whole, "", locale.language(), "")
    with ExitStack() as stack:
        place = (
            os.fspath(out) if out is not None else os.path.join(stack.enter_context(TemporaryDirectory()), "sweep.nc")
        )
        return run.sweep(whole, place, attributes, workers=threads, progress=progress, notify=_told)


# How all of them are asked ----------------------------------------------------------------------------------------------


def _ready(case: object) -> engines.Case:
    """What is held and what was changed stands in the scenario and in what is said of it. Raises InputError for what is no case."""
    if not isinstance(case, engines.Case):
        shown = repr(case) if isinstance(case, str) else type(case).__name__
        raise InputError(text("{given} is no case; write simulate.load(FILE), which gives one", given=shown))
    one = case.written() if case.sampler.held() else case
    if one.scenario is one.loaded.scenario:
        return one
    return replace(one, loaded=revised(one.loaded, one.scenario, one.tree))


def _each(cases: object) -> list[engines.Case]:
    """One, or several in a list, or in whatever else gives them one by one."""
    several = isinstance(cases, Iterable) and not isinstance(cases, str)
    return [_ready(case) for case in (cases if several else [cases])]  # type: ignore[attr-defined]


def _options(case: engines.Case, *beside: engines.Case, **given: Any) -> Options:
    return Options.of(case.scenario, [one.scenario for one in beside], **given)


def _check_drawn(engine: str) -> None:
    if engine == "point":
        raise InputError(text("--engine point has no courses, and so nothing to compare"))


@cache
def _tell_of_compiling() -> None:
    """Whoever waits for the compiler is told why, and where what it made cannot be kept: once in a process."""
    said: list[str] = []

    def tell(words: str) -> None:
        if words not in said:
            said.append(words)
            _log.warning("%s", words)

    def lost(error: OSError) -> None:
        tell(text("What was compiled could not be kept for the next run, which will compile again: {file}: {reason}",
                  file=named(error.filename or ""), reason=reason(error)))  # fmt: skip

    kernels.tell(lambda: tell(text("Compiling the engine (about 10 seconds, once) ...")), lost)


def _told(words: str) -> None:
    """What the work says while it goes on."""
    _log.warning("%s", words)


def _several(given: float | str | Sequence[float] | None) -> str | Sequence[float] | None:
    """One number stands for a list of it."""
    return [float(given)] if isinstance(given, Real) else given  # type: ignore[return-value]


def _answered(
    work: Work[AnyAnswer], cases: Sequence[engines.Case], progress: Progress | None, **shown: Any
) -> AnyAnswer:
    """The answer, which can show itself in a notebook. shown: how its report is asked for it."""
    _tell_of_compiling()
    answer = work(progress, _told)
    return answer.keeping(currency=cases[0].scenario.money.currency, html=partial(_html, cases=cases, shown=shown))


def _html(answer: Any, cases: Sequence[engines.Case], shown: dict[str, Any]) -> str:
    """What the command prints, what it warns of first, in the language in force; options are called as they are here."""
    from simulate.reports import paper
    from simulate.writers import html

    name = "run" if answer.answer == "point" else answer.answer
    report = import_module(f"simulate.reports.{name}")
    warned = worth_saying(answer.warnings, cases[0].loaded) if name == "run" else answer.warnings
    with locale.worded("" if any(case.scenario.costs for case in cases) else "costless"):
        told = paper.in_unit(report.lines(answer, cases[0].scenario, **shown), *(case.scenario for case in cases))
        parts = [*(Sentence(f" {one}") for one in warned), *told]
    return html.written(_as_here(part) if isinstance(part, Sentence) and "--" in part else part for part in parts)


def _html_of_report(answer: Report) -> str:
    """All of it but the pictures, in the language in force."""
    from simulate.writers import files, html

    return html.written(files.whole(_document(answer)))


def _document(answer: Report, **how: Any) -> Document:
    """With the command that makes it again."""
    from simulate.reports.report import document

    run = answer.run
    given = {
        "engine": run.engine,
        "draws": run.draws,
        "seed": run.seed,
        "counterfactual": run.counterfactual,
        "design": run.design,
    }
    options = [one for name, value in given.items() for one in _given(name, value)]
    changes = [one for change in run.set for one in _given("set", change)]
    command = ["simulate", "report", answer.scenario.file, *changes, *options, *answer._command]
    return document(answer, answer._scenario, shlex.join(command), **how)


def _given(name: str, value: object) -> list[str]:
    """An option of the command line."""
    return [] if value is None else [f"--{name}", str(value)]


def _as_here(said: Sentence) -> Sentence:
    words = said.replace("--details", "details=True")
    return Sentence(OPTION.sub(lambda found: called(found[0], KEYWORDS), words), said.figures)
