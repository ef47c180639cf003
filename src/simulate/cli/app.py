"""Commands and options; the work is in the functions that they call, imported when they are."""

from __future__ import annotations

import copy
import inspect
import sys
from collections.abc import Callable, Sequence
from enum import Enum, StrEnum
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command_name, get_group
from typer.models import CommandInfo

from simulate.cli.spoken import Command, Group, one_of
from simulate.locale import later, text

if TYPE_CHECKING:
    from simulate.cli.common import CommonOptions

app = typer.Typer(
    name="simulate",
    cls=Group,
    help=later("How likely is it that a social programme breaks even?"),
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
_command = partial(app.command, cls=Command)


def _whole(given: str) -> int:
    """A whole number without marks: 16.000 is 16 to a computer, and 16,000 to a Dane."""
    if not given.lstrip("-").isdecimal() or given.count("-") > given.startswith("-"):
        message = text("{given} is no whole number; write it without dots, commas and spaces, like 16384", given=given)
        raise typer.BadParameter(message)
    return int(given[:20])


class Engine(StrEnum):
    lives = "lives"
    expected = "expected"
    point = "point"


class Drawn(StrEnum):
    """The engines that have courses."""

    lives = "lives"
    expected = "expected"


class Counterfactual(StrEnum):
    expected = "expected"
    same_luck = "same-luck"
    own_luck = "own-luck"


class Design(StrEnum):
    sobol = "sobol"
    lhs = "lhs"
    random = "random"


class Keep(StrEnum):
    """What a sweep may keep beside the usual."""

    draws = "draws"


class Measure(StrEnum):
    """What of a quarter is multiplied by four."""

    before_after = "before-after"
    additional = "additional"


class Indices(StrEnum):
    """How first-order and total indices are found."""

    saltelli = "saltelli"
    draws = "draws"


class Period(StrEnum):
    year = "year"
    quarter = "quarter"
    month = "month"


class Scale(StrEnum):
    """What amounts are counted in: kroner, thousands, millions."""

    kr = "kr"
    tkr = "tkr"
    mio = "mio"


class Picture(StrEnum):
    """Kinds of pictures."""

    fan = "fan"
    exceedance = "exceedance"
    distribution = "distribution"
    tornado = "tornado"
    dots = "dots"
    heatmap = "heatmap"


class Shape(StrEnum):
    """Where a picture goes: a column of text, or a slide."""

    column = "column"
    slide = "slide"


class Signs(StrEnum):
    """What a plus means in a sheet."""

    headings = "headings"
    budget = "budget"
    result = "result"


class Ranges(StrEnum):
    """What lowest and highest in a sheet are of."""

    year = "year"
    total = "total"
    factor = "factor"


class Language(StrEnum):
    da = "da"
    en = "en"


Draws = Annotated[int | None, typer.Option(help=later("Number of courses."), metavar=later("N"), parser=_whole)]
Seed = Annotated[int | None, typer.Option(help=later("Of all random numbers."), metavar=later("S"), parser=_whole)]
Counterfactuals = Annotated[
    Counterfactual | None,
    typer.Option(**one_of(Counterfactual), help=later("How life without the programme is counted.")),
]
Designs = Annotated[
    Design | None, typer.Option(**one_of(Design), help=later("How assumptions are spread over the draws."))
]
Threads = Annotated[int | None, typer.Option(help=later("Default: all cores."), metavar=later("N"), parser=_whole)]
Tolerance = Annotated[
    str | None,
    typer.Option(
        help=later("A loss that can be borne, and in how many of the courses more may be lost: '2 mio. kr. in 10 %'."),
        metavar=later("LOSS"),
    ),
]
Since = Annotated[
    str | None,
    typer.Option(
        help=later("What was reported before: each changed number is told, and what it does."), metavar=later("OLD")
    ),
]
ScenarioFile = Annotated[
    str, typer.Argument(metavar=later("SCENARIO"), help=later("The scenario file: TOML, or a workbook, .xlsx."))
]
WriteBack = Annotated[
    str | None,
    typer.Option(
        "--write-back",
        help=later("A copy of the workbook, with the answer beside its tables and in a sheet of its own."),
        metavar=later("COPY"),
    ),
]
Json = Annotated[bool, typer.Option("--json", help=later("One JSON document on standard output."))]
Markdown = Annotated[bool, typer.Option("--markdown", help=later("The answer in Markdown, on standard output."))]
Csv = Annotated[
    str | None,
    typer.Option(
        "--csv", help=later("File for the tables, as a spreadsheet reads them: FILE.csv."), metavar=later("FILE")
    ),
]
Lang = Annotated[
    Language | None, typer.Option("--lang", **one_of(Language), help=later("Language, instead of the scenario's own."))
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar=later("PATH=VALUE"), help=later("Change a number; PATH*FACTOR multiplies. Repeatable.")
    ),
]


def _common(
    draws: Draws = None,
    seed: Seed = None,
    counterfactual: Counterfactuals = None,
    design: Designs = None,
    changes: Set = None,
    threads: Threads = None,
    lang: Lang = None,
    csv: Csv = None,
    markdown: Markdown = False,
    json: Json = False,
) -> CommonOptions:
    """The options that commands have in common."""
    from simulate.cli.common import CommonOptions

    simulation = {"draws": draws, "seed": seed, "counterfactual": _value(counterfactual), "design": _value(design)}
    return CommonOptions(simulation, changes or [], threads, _value(lang), json, markdown, csv)  # type: ignore[arg-type]


def _asking(**how: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A command that has, in place of its parameter `common`, the options that commands have in common, after all of its own."""

    def registered(function: Callable[..., None]) -> Callable[..., None]:
        own, shared = (
            inspect.signature(one, eval_str=True, locals={"CommonOptions": object}).parameters
            for one in (function, _common)
        )

        @wraps(function)
        def command(**given: Any) -> None:
            common = _common(**{name: given.pop(name) for name in shared})
            function(common=common, **given)

        parameters = [one for name, one in own.items() if name != "common"] + list(shared.values())
        command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        command.__annotations__ = {one.name: one.annotation for one in parameters}
        return _command(**how)(command)

    return registered


@_command(help=later("How likely is break-even, and what are the bands."))
def run(
    scenario: ScenarioFile,
    draws: Draws = None,
    seed: Seed = None,
    engine: Annotated[Engine, typer.Option(**one_of(Engine), help=later("How lives are computed."))] = Engine.lives,
    counterfactual: Counterfactuals = None,
    design: Designs = None,
    period: Annotated[Period, typer.Option(**one_of(Period), help=later("Of tables and JSON."))] = Period.year,
    changes: Set = None,
    precision: Annotated[
        str | None,
        typer.Option(
            help=later(
                "Take courses until the chance is known within so many percentage points (0.5), or the mean within so many kroner (50000kr); 95 %."
            ),
            metavar=later("P"),
        ),
    ] = None,
    max_draws: Annotated[
        int | None,
        typer.Option(help=later("The most courses that --precision may take."), metavar=later("N"), parser=_whole),
    ] = None,
    plain: Annotated[
        bool,
        typer.Option("--plain", help=later("Chance and mean from the courses alone, without what is known exactly.")),
    ] = False,
    loss: Annotated[
        str | None,
        typer.Option(
            help=later("Losses of which the chance is told, with semicolons between them: 500000; 1,5 mio."),
            metavar=later("KR"),
        ),
    ] = None,
    threads: Threads = None,
    lang: Lang = None,
    out: Annotated[
        str | None,
        typer.Option(help=later("Folder for results.nc, summary.json, scenario.toml."), metavar=later("DIR")),
    ] = None,
    full: Annotated[
        bool,
        typer.Option(
            "--full", help=later("With --out, and all that a report shows: report DIR then computes nothing.")
        ),
    ] = False,
    tolerance: Tolerance = None,
    since: Since = None,
    write_back: WriteBack = None,
    force: Annotated[bool, typer.Option("--force", help=later("Replace what is there."))] = False,
    csv: Csv = None,
    details: Annotated[
        bool,
        typer.Option("--details", help=later("Also what can go wrong, targets, and the years in kroner.")),
    ] = False,
    markdown: Markdown = False,
    json: Json = False,
) -> None:
    from simulate.cli import commands

    commands.run(
        scenario,
        _common(draws, seed, counterfactual, design, changes, threads, lang, csv, markdown, json),
        engine=engine.value,
        period=period.value,
        precision=precision,
        max_draws=max_draws,
        plain=plain,
        loss=loss,
        out=out,
        details=details,
        full=full,
        tolerance=tolerance,
        since=since,
        write_back=write_back,
        force=force,
    )


@_asking(help=later("Stop or go on: what a review with a rule is worth."))
def stages(
    scenario: ScenarioFile,
    common: CommonOptions,
    review: Annotated[
        int, typer.Option(help=later("The year at whose end is decided."), metavar=later("YEAR"), parser=_whole)
    ],
    stop_if: Annotated[
        str,
        typer.Option(
            help=later("When it stops: 'self-support < 4' (persons in a state then), or 'moved self-support < 4'."),
            metavar=later("RULE"),
        ),
    ],
    notice: Annotated[
        int | None,
        typer.Option(help=later("Months that costs go on after it (3)."), metavar=later("MONTHS"), parser=_whole),
    ] = None,
) -> None:
    from simulate.cli import studies

    studies.ask("stages", scenario, common, review=review, stop_if=stop_if, notice=notice)


@_asking(help=later("What one quarter's moves, times four, tell of the year that follows."))
def annualise(
    scenario: ScenarioFile,
    common: CommonOptions,
    quarter: Annotated[
        str, typer.Option(help=later("The quarter that is multiplied by four: 2019Q1."), metavar=later("QUARTER"))
    ],
    measure: Annotated[
        Measure,
        typer.Option(
            **one_of(Measure),
            help=later("The fall of everybody's benefits, or what of it would not have come without the programme."),
        ),
    ] = Measure.before_after,
    groups: Annotated[
        str | None,
        typer.Option(
            help=later("The same for groups of these sizes, persons, with semicolons between them: 19; 29; 55."),
            metavar=later("N"),
        ),
    ] = None,
) -> None:
    from simulate.cli import studies

    studies.ask("annualise", scenario, common, quarter=quarter, measure=measure.value, groups=groups)


@_asking(help=later("Which scenario is best, how surely, and what a wrong choice costs."))
def compare(
    scenarios: Annotated[
        list[str], typer.Argument(metavar=later("SCENARIO..."), help=later("Scenario files, two or more."))
    ],
    common: CommonOptions,
    engine: Annotated[Drawn, typer.Option(**one_of(Drawn), help=later("How lives are computed."))] = Drawn.lives,
) -> None:
    from simulate.cli import compare as comparing

    comparing.compare(scenarios, common, engine=engine.value)


@_asking(help=later("Many variants at once: every combination of the values of what is varied."))
def sweep(
    scenarios: Annotated[
        list[str],
        typer.Argument(metavar=later("SCENARIO..."), help=later("Scenario files, or the file of a sweep, TOML.")),
    ],
    common: CommonOptions,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            "--vary",
            metavar=later("PATH=VALUES"),
            help=later(
                "What is varied: relapse=5%,10%,15%; job_baseline=0:0.20:11 (from:to:how many); PATH*FACTORS multiplies. Repeatable."
            ),
        ),
    ] = None,
    cases: Annotated[
        str | None,
        typer.Option(
            help=later("In place of it a CSV file: the header names what is varied, each row is a cell."),
            metavar=later("FILE"),
        ),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            help=later("Where the table goes: FILE.zarr, .nc, .csv, .xlsx or .parquet."), metavar=later("FILE")
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=later("Only how many cells, how long and how much disk, as measured."))
    ] = False,
    engine: Annotated[Drawn | None, typer.Option(**one_of(Drawn), help=later("How lives are computed."))] = None,
    keep: Annotated[
        list[Keep] | None,
        typer.Option(**one_of(Keep), help=later("Beside the usual, the provenu of each draw.")),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(help=later("Processes on this machine that make cells."), metavar=later("N"), parser=_whole),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            help=later("A Dask scheduler, whose workers make the cells: tcp://host:8786."), metavar=later("ADDRESS")
        ),
    ] = None,
) -> None:
    from simulate.cli import sweep as command

    kept = [one.value for one in keep or []]
    request = command.Request(vary or [], cases, _value(engine), kept, out, dry_run, workers, scheduler)
    command.sweep(scenarios, common, request)


@_command("sweep-show", help=later("A table of a sweep: the chance, where it crosses 50, 80 and 90 %, and a map."))
def sweep_show(
    file: Annotated[
        str, typer.Argument(metavar=later("FILE"), help=later("What a sweep has written, or its journal."))
    ],
    of: Annotated[
        str | None,
        typer.Option(
            help=later(
                "The variable (probability): provenu_mean, provenu_sd, provenu_percentile, probability_by_year, expected_shortfall, ...; "
                "one that there is not lists them all."
            ),
            metavar=later("VARIABLE"),
        ),
    ] = None,
    rows: Annotated[str | None, typer.Option(help=later("What goes down."), metavar=later("NAME"))] = None,
    columns: Annotated[str | None, typer.Option(help=later("What goes across."), metavar=later("NAME"))] = None,
    at: Annotated[
        list[str] | None,
        typer.Option(
            help=later("The value of something else that is varied. Repeatable."), metavar=later("NAME=VALUE")
        ),
    ] = None,
    lang: Lang = None,
    csv: Csv = None,
    markdown: Markdown = False,
    json: Json = False,
) -> None:
    from simulate.cli import sweep as command

    common = _common(lang=lang, csv=csv, markdown=markdown, json=json)
    command.show(file, common, of=of, rows=rows, columns=columns, at=at or [])


@_command("sweep-export", help=later("What a sweep has so far, in another form."))
def sweep_export(
    file: Annotated[
        str, typer.Argument(metavar=later("FILE"), help=later("A sweep's journal, or what it has written."))
    ],
    out: Annotated[
        str,
        typer.Option(
            help=later("Where the table goes: FILE.zarr, .nc, .csv, .xlsx or .parquet."), metavar=later("FILE")
        ),
    ],
    lang: Lang = None,
) -> None:
    from simulate.cli import sweep as command

    command.export(file, out, _common(lang=lang))


@_asking(help=later("How far one number must move for the chance to be as high as wanted."))
def threshold(
    scenario: ScenarioFile,
    common: CommonOptions,
    assumption: Annotated[
        str | None,
        typer.Option(
            help=later("The number that is moved; with a second one after a comma, a table along that."),
            metavar=later("NAME"),
        ),
    ] = None,
    path: Annotated[
        str | None,
        typer.Option(help=later("In place of an assumption, any number of the scenario."), metavar=later("PATH")),
    ] = None,
    probability: Annotated[
        str | None,
        typer.Option(
            help=later("How high the chance must be, with semicolons between several (0.5; 0.8; 0.9)."),
            metavar=later("P"),
        ),
    ] = None,
    target: Annotated[
        str | None, typer.Option(help=later("Label of a target, in place of break-even."), metavar=later("LABEL"))
    ] = None,
) -> None:
    from simulate.cli import studies

    levels = {"probability": probability} if probability else {}
    studies.ask("threshold", scenario, common, assumption=assumption, path=path, target=target, **levels)


@_asking(help=later("The same case counted in other ways, and what luck alone would leave."))
def structure(
    scenario: ScenarioFile,
    common: CommonOptions,
) -> None:
    from simulate.cli import studies

    studies.ask("structure", scenario, common)


@_asking(help=later("Which assumptions decide, in kroner and in chance."))
def sensitivity(
    scenario: ScenarioFile,
    common: CommonOptions,
    method: Annotated[
        Indices,
        typer.Option(
            **one_of(Indices),
            help=later("Of the shares of the variance: by a design of their own, or from the run's draws alone."),
        ),
    ] = Indices.saltelli,
) -> None:
    from simulate.cli import studies

    studies.ask("sensitivity", scenario, common, method=method.value)


@_asking(help=later("What has been seen so far, and what is to be expected after it."))
def update(
    scenario: ScenarioFile,
    common: CommonOptions,
    keep: Annotated[
        int | None,
        typer.Option(help=later("Courses that look like what was seen (1000)."), metavar=later("N"), parser=_whole),
    ] = None,
    max_draws: Annotated[
        int | None,
        typer.Option(help=later("The most courses drawn for them (262144)."), metavar=later("N"), parser=_whole),
    ] = None,
) -> None:
    from simulate.cli import studies

    studies.ask("update", scenario, common, keep=keep, max_draws=max_draws)


@_asking(help=later("A report to read, print and paste: page, Word, workbook, PDF, pictures."))
def report(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar=later("WHAT..."),
            help=later("A scenario, or several to compare; the folder of a run with --full; what a sweep has written."),
        ),
    ],
    common: CommonOptions,
    out: Annotated[
        str | None,
        typer.Option(
            help=later("FILE.html, .docx, .xlsx, .pdf, .md or .csv; or a folder, for all of them and the pictures."),
            metavar=later("FILE"),
        ),
    ] = None,
    engine: Annotated[Drawn | None, typer.Option(**one_of(Drawn), help=later("How lives are computed."))] = None,
    title: Annotated[
        str | None, typer.Option(help=later("In place of the scenario's."), metavar=later("TITLE"))
    ] = None,
    sections: Annotated[
        str | None, typer.Option(help=later("Only these, with commas between them."), metavar=later("NAMES"))
    ] = None,
    unit: Annotated[
        Scale | None, typer.Option(**one_of(Scale), help=later("What amounts in tables are counted in."))
    ] = None,
    tolerance: Tolerance = None,
    since: Since = None,
    interactive: Annotated[
        bool, typer.Option("--interactive", help=later("A page whose pictures tell their figures, and take a year."))
    ] = False,
    template: Annotated[
        str | None,
        typer.Option(help=later("A Word document whose look is taken: FILE.docx."), metavar=later("FILE")),
    ] = None,
) -> None:
    from simulate.cli import report as command

    request = command.Request(
        out, _value(engine), title, sections, _value(unit), tolerance, since, interactive, template
    )
    command.report(what, common, request)


@_command(help=later("One picture of a case, for a page of text or for a slide."))
def chart(
    what: Annotated[
        str,
        typer.Argument(
            metavar=later("WHAT"),
            help=later("A scenario; the folder of a run with --full; for a heatmap what a sweep has written."),
        ),
    ],
    kind: Annotated[Picture, typer.Option(**one_of(Picture), help=later("What is shown."))],
    out: Annotated[str, typer.Option(help=later("FILE.svg, .png or .pdf."), metavar=later("FILE"))],
    shape: Annotated[
        Shape, typer.Option(**one_of(Shape), help=later("For a column of text, or a slide."))
    ] = Shape.column,
    engine: Annotated[Drawn | None, typer.Option(**one_of(Drawn), help=later("How lives are computed."))] = None,
    tolerance: Tolerance = None,
    draws: Draws = None,
    seed: Seed = None,
    counterfactual: Counterfactuals = None,
    design: Designs = None,
    changes: Set = None,
    threads: Threads = None,
    lang: Lang = None,
) -> None:
    from simulate.cli import chart as command

    common = _common(draws, seed, counterfactual, design, changes, threads, lang)
    command.chart(what, common, command.Request(kind.value, out, shape.value, _value(engine), tolerance))


@_command(help=later("Is the file right; what does its paper say and what do we get."))
def check(
    scenarios: Annotated[list[str], typer.Argument(metavar=later("SCENARIO..."), help=later("Scenario files."))],
    show: Annotated[
        bool, typer.Option("--show", help=later("Each assumption's distribution, and how each number was read."))
    ] = False,
    lang: Lang = None,
    json: Json = False,
) -> None:
    from simulate.cli import checks

    checks.check(scenarios, _value(lang), show, json)


@_command(help=later("The JSON Schema of the scenario file, for editors, or of what --json prints."))
def schema(
    output: Annotated[
        bool, typer.Option("--output", help=later("Of what --json prints, in place of the scenario file's."))
    ] = False,
) -> None:
    from simulate.cli import checks

    checks.schema(output)


@_command(help=later("The same case as a workbook, or as a text file."))
def convert(
    source: Annotated[
        str,
        typer.Argument(metavar=later("FROM"), help=later("The scenario file: FILE.toml, or the workbook FILE.xlsx.")),
    ],
    target: Annotated[str, typer.Argument(metavar=later("TO"), help=later("The file to write, of the other kind."))],
    force: Annotated[bool, typer.Option("--force", help=later("Replace the file if it is there."))] = False,
    lang: Annotated[
        Language | None,
        typer.Option(
            "--lang", **one_of(Language), help=later("Language of the sheets, instead of the scenario's own.")
        ),
    ] = None,
) -> None:
    from simulate.cli import convert as command

    command.convert(source, target, _value(lang), force)  # type: ignore[arg-type]


@_command(help=later("A commented scenario to begin from."))
def new(
    file: Annotated[
        Path,
        typer.Argument(
            metavar=later("FILE"), help=later("The file to write, .toml or .xlsx; it must not exist."), parser=Path
        ),
    ],
    first_year: Annotated[
        int | None,
        typer.Option(help=later("The first year of the case; the example's years follow."), metavar=later("YEAR")),
    ] = None,
    years: Annotated[
        int | None,
        typer.Option(help=later("How many years the case covers."), metavar=later("N")),
    ] = None,
    lang: Lang = None,
) -> None:
    from simulate.cli import checks

    checks.new(file, _value(lang), first_year, years)


@_command(help=later("A sheet of your own, labels down and years across, as a scenario that runs."))
def attach(
    file: Annotated[
        str,
        typer.Argument(
            metavar=later("SHEET"), help=later("A workbook, a CSV file, or a table pasted as text. It is only read.")
        ),
    ],
    sheet: Annotated[
        str | None,
        typer.Option(help=later("The sheet of the workbook, where several have a table."), metavar=later("NAME")),
    ] = None,
    out: Annotated[
        str | None, typer.Option(help=later("Where the scenario goes: FILE.toml."), metavar=later("FILE"))
    ] = None,
    write_back: WriteBack = None,
    force: Annotated[bool, typer.Option("--force", help=later("Replace what is there."))] = False,
    cells: Annotated[
        str | None,
        typer.Option(help=later("Where the table stands, if the sheet has more: A3:H20."), metavar=later("CELLS")),
    ] = None,
    unit: Annotated[
        str | None,
        typer.Option(
            help=later("What amounts are in, where the sheet does not say: kr., '1.000 kr.', 'mio. kr.'."),
            metavar=later("UNIT"),
        ),
    ] = None,
    years: Annotated[
        str | None,
        typer.Option(
            help=later(
                "The first year, or the first and the last: 2027-2031. For numbered years, or fewer than there are."
            ),
            metavar=later("YEARS"),
        ),
    ] = None,
    signs: Annotated[
        Signs | None,
        typer.Option(
            **one_of(Signs),
            help=later("What a plus is: what the heading says; a cost, as in a budget; or a gain, as in a result."),
        ),
    ] = None,
    ranges: Annotated[
        Ranges | None,
        typer.Option(**one_of(Ranges), help=later("What lowest and highest are of, where it is not plain.")),
    ] = None,
    rows: Annotated[
        str | None,
        typer.Option(
            help=later("What rows are, where it is not plain: 5=total,7-9=cost,10=saving,11=financing,12=skip."),
            metavar=later("ROWS"),
        ),
    ] = None,
    title: Annotated[
        str | None, typer.Option(help=later("In place of what stands above the table."), metavar=later("TITLE"))
    ] = None,
    draws: Draws = None,
    seed: Seed = None,
    threads: Threads = None,
    lang: Lang = None,
    csv: Csv = None,
    markdown: Markdown = False,
    json: Json = False,
) -> None:
    from simulate.cli import attach as command

    common = _common(draws, seed, threads=threads, lang=lang, csv=csv, markdown=markdown, json=json)
    how = {"sheet": sheet, "cells": cells, "unit": unit, "years": years, "rows": rows, "title": title}
    request = command.Request(out, force, write_back)
    command.attach(file, common, request, signs=_value(signs), ranges=_value(ranges), **how)


def _version(value: bool) -> None:
    if value:
        from simulate import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=later("Print the version."))
    ] = False,
) -> None:
    pass


def _value(choice: Enum | None) -> str | None:
    return None if choice is None else str(choice.value)


def main() -> None:
    """The console command."""
    from simulate.cli.exits import tidy

    with tidy():
        needed(sys.argv[1:])(prog_name="simulate")


def needed(args: Sequence[str]) -> typer.Typer | TyperGroup:
    """The parser of this command line: of the one command that it names, or of their names alone where it asks for these.

    To make the options of all commands takes longer than most of them take to be read.
    """
    made = copy.copy(app)
    if list(args) == ["--help"]:
        made.registered_commands = [_bare(one) for one in app.registered_commands]
    else:
        made.registered_commands = [one for one in app.registered_commands if args[:1] == [_name(one)]]
    return get_group(made) if made.registered_commands else app


def _bare(one: CommandInfo) -> CommandInfo:
    bare = copy.copy(one)
    bare.name, bare.callback = _name(one), lambda: None
    return bare


def _name(one: CommandInfo) -> str:
    return one.name or get_command_name(getattr(one.callback, "__name__", ""))
