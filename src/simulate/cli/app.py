"""Commands and options; the work is in the functions that they call, imported when they are."""

from __future__ import annotations

from enum import Enum, StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from simulate.cli.asked import Asked

app = typer.Typer(
    name="simulate",
    help="How likely is it that a social programme breaks even? (Hvor sandsynligt er det, at indsatsen tjener sig hjem?)",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _whole(given: str) -> int:
    """A whole number without marks: 16.000 is 16 to a computer, and 16,000 to a Dane."""
    if not given.lstrip("-").isdecimal() or given.count("-") > given.startswith("-"):
        from simulate.locale import text

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


class Language(StrEnum):
    da = "da"
    en = "en"


Draws = Annotated[int | None, typer.Option(help="Number of courses.", metavar="N", parser=_whole)]
Seed = Annotated[int | None, typer.Option(help="Of all random numbers.", metavar="S", parser=_whole)]
Counterfactuals = Annotated[Counterfactual | None, typer.Option(help="How life without the programme is counted.")]
Designs = Annotated[Design | None, typer.Option(help="How assumptions are spread over the draws.")]
Threads = Annotated[int | None, typer.Option(help="Default: all cores.", metavar="N", parser=_whole)]
ScenarioFile = Annotated[str, typer.Argument(metavar="SCENARIO", help="The scenario file, TOML.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Lang = Annotated[Language | None, typer.Option("--lang", help="Language, instead of the scenario's own.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a number; PATH*FACTOR multiplies. Repeatable."),
]


@app.command()
def run(
    scenario: ScenarioFile,
    draws: Draws = None,
    seed: Seed = None,
    engine: Annotated[Engine, typer.Option(help="How lives are computed.")] = Engine.lives,
    counterfactual: Counterfactuals = None,
    design: Designs = None,
    period: Annotated[Period, typer.Option(help="Of tables and JSON.")] = Period.year,
    changes: Set = None,
    precision: Annotated[
        str | None,
        typer.Option(
            help="Take courses until the chance is known within so many percentage points (0.5), or the mean within so many kroner (50000kr); 95 %.",
            metavar="P",
        ),
    ] = None,
    max_draws: Annotated[
        int | None, typer.Option(help="The most courses that --precision may take.", metavar="N", parser=_whole)
    ] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="Chance and mean from the courses alone, without what is known exactly.")
    ] = False,
    loss: Annotated[
        str | None,
        typer.Option(help="Losses of which the chance is told, with commas between them: 500000,1mio.", metavar="KR"),
    ] = None,
    threads: Threads = None,
    lang: Lang = None,
    out: Annotated[
        str | None, typer.Option(help="Folder for results.nc, summary.json, scenario.toml.", metavar="DIR")
    ] = None,
    json: Json = False,
) -> None:
    """How likely is break-even, and what are the bands."""
    from simulate.cli import commands

    commands.run(
        scenario,
        _asked(draws, seed, counterfactual, design, changes, threads, lang, json),
        engine=engine.value,
        period=period.value,
        precision=precision,
        max_draws=max_draws,
        plain=plain,
        loss=loss,
        out=out,
    )


@app.command()
def stages(
    scenario: ScenarioFile,
    review: Annotated[int, typer.Option(help="The year at whose end is decided.", metavar="YEAR", parser=_whole)],
    stop_if: Annotated[
        str,
        typer.Option(
            help="When it stops: 'self-support < 4' (persons in a state then), or 'moved self-support < 4'.",
            metavar="RULE",
        ),
    ],
    notice: Annotated[
        int | None, typer.Option(help="Months that costs go on after it (3).", metavar="MONTHS", parser=_whole)
    ] = None,
    draws: Draws = None,
    seed: Seed = None,
    counterfactual: Counterfactuals = None,
    design: Designs = None,
    changes: Set = None,
    threads: Threads = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Stop or go on: what a review with a rule is worth."""
    from simulate.cli import stages as command

    asked = _asked(draws, seed, counterfactual, design, changes, threads, lang, json)
    command.stages(scenario, asked, review=review, stop_if=stop_if, notice=3 if notice is None else notice)


@app.command()
def annualise(
    scenario: ScenarioFile,
    quarter: Annotated[str, typer.Option(help="The quarter that is multiplied by four: 2019Q1.", metavar="QUARTER")],
    measure: Annotated[
        Measure,
        typer.Option(help="The fall of everybody's benefits, or what of it would not have come without the programme."),
    ] = Measure.before_after,
    groups: Annotated[
        str | None,
        typer.Option(
            help="The same for groups of these sizes, persons, with commas between them: 19,29,55.", metavar="N"
        ),
    ] = None,
    draws: Draws = None,
    seed: Seed = None,
    counterfactual: Counterfactuals = None,
    design: Designs = None,
    changes: Set = None,
    threads: Threads = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """What one quarter's moves, times four, tell of the year that follows."""
    from simulate.cli import annualise as command

    asked = _asked(draws, seed, counterfactual, design, changes, threads, lang, json)
    command.annualise(scenario, asked, quarter=quarter, measure=measure.value, groups=groups)


@app.command()
def compare(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO...", help="Scenario files, two or more.")],
    draws: Draws = None,
    seed: Seed = None,
    engine: Annotated[Drawn, typer.Option(help="How lives are computed.")] = Drawn.lives,
    counterfactual: Counterfactuals = None,
    design: Designs = None,
    changes: Set = None,
    threads: Threads = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Which scenario is best, how surely, and what a wrong choice costs."""
    from simulate.cli import compare as comparing

    asked = _asked(draws, seed, counterfactual, design, changes, threads, lang, json)
    comparing.compare(scenarios, asked, engine=engine.value)


@app.command()
def threshold(
    scenario: ScenarioFile,
    assumption: Annotated[
        str | None,
        typer.Option(
            help="The number that is moved; with a second one after a comma, a table along that.", metavar="NAME"
        ),
    ] = None,
    path: Annotated[
        str | None, typer.Option(help="In place of an assumption, any number of the scenario.", metavar="PATH")
    ] = None,
    probability: Annotated[
        str | None,
        typer.Option(help="How high the chance must be, with commas between several (0.5,0.8,0.9).", metavar="P"),
    ] = None,
    target: Annotated[
        str | None, typer.Option(help="Label of a target, in place of break-even.", metavar="LABEL")
    ] = None,
    draws: Draws = None,
    seed: Seed = None,
    counterfactual: Counterfactuals = None,
    design: Designs = None,
    changes: Set = None,
    threads: Threads = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """How far one number must move for the chance to be as high as wanted."""
    from simulate.cli import threshold as command

    asked = _asked(draws, seed, counterfactual, design, changes, threads, lang, json)
    command.threshold(scenario, asked, assumption=assumption, path=path, probability=probability, target=target)


@app.command()
def structure(
    scenario: ScenarioFile,
    draws: Draws = None,
    seed: Seed = None,
    counterfactual: Counterfactuals = None,
    design: Designs = None,
    changes: Set = None,
    threads: Threads = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """The same case counted in other ways, and what luck alone would leave."""
    from simulate.cli import structure as command

    command.structure(scenario, _asked(draws, seed, counterfactual, design, changes, threads, lang, json))


@app.command()
def sensitivity(
    scenario: ScenarioFile,
    method: Annotated[
        Indices,
        typer.Option(help="Of the shares of the variance: by a design of their own, or from the run's draws alone."),
    ] = Indices.saltelli,
    draws: Draws = None,
    seed: Seed = None,
    counterfactual: Counterfactuals = None,
    design: Designs = None,
    changes: Set = None,
    threads: Threads = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Which assumptions decide, in kroner and in chance."""
    from simulate.cli import sensitivity as command

    asked = _asked(draws, seed, counterfactual, design, changes, threads, lang, json)
    command.sensitivity(scenario, asked, method=method.value)


@app.command()
def update(
    scenario: ScenarioFile,
    keep: Annotated[
        int | None, typer.Option(help="Courses that look like what was seen (1000).", metavar="N", parser=_whole)
    ] = None,
    max_draws: Annotated[
        int | None, typer.Option(help="The most courses drawn for them (262144).", metavar="N", parser=_whole)
    ] = None,
    draws: Draws = None,
    seed: Seed = None,
    counterfactual: Counterfactuals = None,
    design: Designs = None,
    changes: Set = None,
    threads: Threads = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """What has been seen so far, and what is to be expected after it."""
    from simulate.cli import update as command

    asked = _asked(draws, seed, counterfactual, design, changes, threads, lang, json)
    command.update(scenario, asked, keep=keep, max_draws=max_draws)


@app.command()
def check(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO...", help="Scenario files.")],
    show: Annotated[
        bool, typer.Option("--show", help="Each assumption's distribution, and how each number was read.")
    ] = False,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Is the file right; what does its paper say and what do we get."""
    from simulate.cli import checks

    checks.check(scenarios, _value(lang), show, json)


@app.command()
def schema() -> None:
    """The JSON Schema of the scenario file, for editors."""
    from simulate.cli import checks

    checks.schema()


@app.command()
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; it must not exist.", parser=Path)],
    lang: Lang = None,
) -> None:
    """A commented scenario to begin from."""
    from simulate.cli import checks

    checks.new(file, _value(lang))


def _version(value: bool) -> None:
    if value:
        from simulate import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def _asked(
    draws: int | None,
    seed: int | None,
    counterfactual: Counterfactual | None,
    design: Design | None,
    changes: list[str] | None,
    threads: int | None,
    lang: Language | None,
    as_json: bool,
) -> Asked:
    """The options that commands have in common."""
    from simulate.cli.asked import Asked

    simulation = {"draws": draws, "seed": seed, "counterfactual": _value(counterfactual), "design": _value(design)}
    return Asked(simulation, changes or [], threads, _value(lang), as_json)  # type: ignore[arg-type]


def _value(choice: Enum | None) -> str | None:
    return None if choice is None else str(choice.value)


def main() -> None:
    """The console command."""
    from simulate.cli.exits import tidy

    with tidy():
        app(prog_name="simulate")
