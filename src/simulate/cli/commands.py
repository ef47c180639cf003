"""What the commands do, as plain functions."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from simulate import locale
from simulate.errors import InputError
from simulate.locale import Language, text
from simulate.scenario import Loaded, load
from simulate.scenario.schema import MOST_DRAWS, MOST_SEED

FIRST_DRAWS = 1024  # on the way to a precision: the fewest whose error can be relied on
MOST_TAKEN = 1 << 20
MOST_SAID = 5  # figures of the paper that are not reproduced


def run(
    scenario: str,
    *,
    simulation: dict[str, Any],
    engine: Any,
    period: Any,
    changes: list[str],
    precision: str | None,
    max_draws: int | None,
    plain: bool,
    threads: int | None,
    lang: Any,
    out: Path | None,
    as_json: bool,
) -> None:
    """`simulate run`."""
    speak(lang)
    _check_options(simulation | {"max-draws": max_draws}, threads)
    goal = _goal(precision, max_draws, engine)
    loaded = load(scenario, changes, simulation, lang)
    _make_folder(out)
    how = {"engine": engine, "period": period, "threads": threads, "plain": plain}
    if goal is not None and simulation["draws"] is None:
        how["draws"] = FIRST_DRAWS
    document = _run(loaded, how, goal, max_draws or MOST_TAKEN, out)
    for warning in _worth_saying(document, loaded):
        print(warning, file=sys.stderr)
    if as_json:
        print(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False))
    else:
        from simulate.reports import terminal

        terminal.show(document, loaded.scenario)


def _worth_saying(document: dict[str, Any], loaded: Loaded) -> list[str]:
    """The warnings for the screen: a changed case is not the paper's, and a long list helps nobody."""
    own = len(loaded.warnings)
    rest = [] if loaded.changes else document["warnings"][own:]
    more = (
        [text("... and {n} more; `simulate check` shows all.", n=len(rest) - MOST_SAID)]
        if len(rest) > MOST_SAID
        else []
    )
    return [*document["warnings"][:own], *rest[:MOST_SAID], *more]


def speak(lang: Language | None) -> None:
    """The language of what is said before the scenario's own is known."""
    if lang is not None:
        locale.use(lang)


def _check_options(simulation: dict[str, Any], threads: int | None) -> None:
    limits = {"draws": (1, MOST_DRAWS), "max-draws": (16, MOST_DRAWS), "seed": (0, MOST_SEED), "threads": (1, 1024)}
    for name, (low, high) in limits.items():
        value = threads if name == "threads" else simulation.get(name)
        if value is not None and not low <= value <= high:
            message = text("--{name} {value} is out of range: it must lie between {low} and {high}", name=name, value=value,
                           low=low, high=high)  # fmt: skip
            raise InputError(message)


def _make_folder(out: Path | None) -> None:
    """Before the work: a folder that cannot be made or written to."""
    if out is None:
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(text("--out {folder}: {reason}", folder=out, reason=error.strerror or error)) from None
    if not os.access(out, os.W_OK):
        raise InputError(text("--out {folder}: nothing can be written there", folder=out))


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

    try:
        read = parse(precision)
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


def _run(loaded: Loaded, how: dict[str, Any], goal: Any, most: int, out: Path | None) -> dict[str, Any]:
    from simulate.cli.progress import announce_compiling, progress

    if how["engine"] != "point":
        announce_compiling(how["engine"])
    from simulate import run as runs
    from simulate.reports.summary import summary

    options = runs.Options.of(loaded.scenario, **how)
    with progress() as shown:
        if goal is None:
            result, convergence = runs.run(loaded.scenario, options, shown, _aside), None
        else:
            from simulate.studies.precise import precise

            result, convergence = precise(loaded.scenario, options, goal, most, shown, _aside)
    document = summary(result, loaded, convergence.document() if convergence else None)
    if out is not None:
        from simulate import store

        store.write(out, result, loaded.source, document)
    return document


def _aside(words: str) -> None:
    """Say something beside the answer."""
    print(words, file=sys.stderr, flush=True)
