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

MOST_SAID = 5  # figures of the paper that are not reproduced


def run(
    scenario: str,
    *,
    simulation: dict[str, Any],
    engine: Any,
    period: Any,
    changes: list[str],
    threads: int | None,
    lang: Any,
    out: Path | None,
    as_json: bool,
) -> None:
    """`simulate run`."""
    speak(lang)
    _check_options(simulation, threads)
    loaded = load(scenario, changes, simulation, lang)
    _make_folder(out)
    document = _run(loaded, engine, period, threads, out)
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
    limits = {"draws": (1, MOST_DRAWS), "seed": (0, MOST_SEED), "threads": (1, 1024)}
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


def _run(loaded: Loaded, engine: Any, period: Any, threads: int | None, out: Path | None) -> dict[str, Any]:
    from simulate.cli.progress import announce_compiling, progress

    if engine != "point":
        announce_compiling(engine)
    from simulate import run as runs
    from simulate.reports.summary import summary

    options = runs.Options.of(loaded.scenario, engine=engine, period=period, threads=threads)
    with progress() as shown:
        result = runs.run(loaded.scenario, options, shown)
    document = summary(result, loaded)
    if out is not None:
        from simulate import store

        store.write(out, result, loaded.source, document)
    return document
