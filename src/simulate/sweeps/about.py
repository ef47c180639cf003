"""What a sweep's cells hang on, as plain values that a journal can hold, and how two of these differ."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import PurePath
from typing import Any

from simulate import locale, store
from simulate.engine import Case
from simulate.files import named
from simulate.locale import text
from simulate.options import Options
from simulate.sweeps.cells import Sweep
from simulate.sweeps.grid import Axis, Grid
from simulate.sweeps.standing import standing

MOST_LINES = 3  # of a scenario that are shown
MOST_VALUES = 8
NOT_OF_BITS = ("threads", "chunk")


def made_of(sweep: Sweep) -> dict[str, Any]:
    """Everything that a cell's bits hang on."""
    return {
        "versions": store.versions() | {"source": store.source()},
        "scenarios": [_scenario(case) for case in sweep.cases],
        "axes": [{"name": one.name, "path": one.path, "sign": one.sign, "values": one.values} for one in sweep.grid.axes],
        "rows": sweep.grid.rows,
        "options": [_options(one) for one in sweep.options],
        "keep": sweep.keep,
    }  # fmt: skip


def _scenario(case: Case) -> dict[str, Any]:
    """Its text, and what stands: numbers may have been changed, and assumptions held, since the text was read."""
    whole = json.dumps(case.tree or case.scenario.model_dump(mode="json"), sort_keys=True, default=str)
    held = {name: value.tolist() for name, value in case.sampler.fixed.items()}
    return {"text": case.loaded.source, "sha256": hashlib.sha256(whole.encode()).hexdigest(), "held": held}


def _options(options: Options) -> dict[str, Any]:
    return {name: value for name, value in asdict(options).items() if name not in NOT_OF_BITS}


def of_table(sweep: Sweep) -> dict[str, Any]:
    """What else the table is made of."""
    currencies = {case.scenario.money.currency for case in sweep.cases}
    return {
        "cells": len(sweep.grid),
        "axes": [asdict(one) for one in sweep.grid.axes],
        "scenarios": names(sweep.cases),
        "titles": [case.scenario.title for case in sweep.cases],
        "files": [named(case.loaded.file) for case in sweep.cases],
        "currency": currencies.pop() if len(currencies) == 1 else "currency",
    }


def attributes(sweep: Sweep, title: str, language: str, command: str) -> dict[str, str]:
    """What a table says of the sweep that it is of: `sweep`, as JSON, and `command`, how it was asked for."""
    scenarios = [
        {
            "name": name,
            "title": case.scenario.title,
            "municipality": case.scenario.municipality,
            "file": case.loaded.file,
            "sha256": case.loaded.sha256,
            "set": list(case.loaded.changes),
            "draws": options.draws,
            "seed": options.seed,
            "design": options.design,
            "counterfactual": options.counterfactual,
            "untied": untied(case, sweep.grid.axes),
            "now": {one.name: standing(case, one.path, one.sign).now for one in sweep.grid.axes},
        }
        for name, case, options in zip(names(sweep.cases), sweep.cases, sweep.options, strict=True)
    ]
    about = {
        "title": title,
        "language": language,
        "currency": sweep.cases[0].scenario.money.currency,
        "engine": sweep.options[0].engine,
        "costs": any(case.scenario.costs for case in sweep.cases),
        "scenarios": scenarios,
        "order": [one.name for one in sweep.grid.axes],
    }
    return {"sweep": json.dumps(about, ensure_ascii=False), "command": command}


def untied(case: Case, axes: Sequence[Axis]) -> list[tuple[str, str]]:
    """Assumptions that are held in the cells, each with one that goes with it in the scenario and is as uncertain as it was."""
    places = [standing(case, one.path, one.sign).place for one in axes if one.sign == "="]
    held = {str(place[1]) for place in places if place[0] == "assumptions" and place[2:] in (("value",), ("held",))}
    found = []
    for pair in case.scenario.correlations:
        a, b = (str(name) for name in pair.between)
        other = b if a in held else a
        if (a in held) != (b in held) and case.scenario.assumptions[other].uncertainty is not None:
            found.append((b if other == a else a, other))
    return found


def names(cases: Sequence[Case]) -> list[str]:
    """Of the dimension `scenario`: the file's, with a number behind it where several have the same."""
    stems = [PurePath(named(case.loaded.file)).stem or case.scenario.title for case in cases]
    return [one if stems.count(one) == 1 else f"{one}-{stems[: i + 1].count(one)}" for i, one in enumerate(stems)]


def grid_of(made: Mapping[str, Any], table: Mapping[str, Any]) -> Grid:
    """The grid of a journal."""
    axes = tuple(Axis(**{name: _frozen(value) for name, value in one.items()}) for one in table["axes"])
    rows = None if made["rows"] is None else tuple(tuple(row) for row in made["rows"])
    return Grid(len(table["scenarios"]), axes, rows)


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


# How they differ ------------------------------------------------------------------------------------------------------------


def differences(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """In words, a line for each."""
    was, now = (json.loads(json.dumps(one)) for one in (was, now))
    return list(_differences(was, now))


def _differences(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    said = {"source": text("this program's own code")}
    yield from _changed(*({said.get(name, name): one for name, one in each["versions"].items()} for each in (was, now)))
    if len(was["scenarios"]) != len(now["scenarios"]):
        yield _line(text("number of scenarios"), len(was["scenarios"]), len(now["scenarios"]))
    else:
        for before, after in zip(was["scenarios"], now["scenarios"], strict=True):
            yield from _of_scenario(before, after)
    yield from _changed(*({one["name"]: _axis(one) for one in each["axes"]} for each in (was, now)))
    if was["rows"] != now["rows"]:
        yield text("the rows of the cells are others")
    if was["axes"] != now["axes"] and sorted(map(_axis, was["axes"])) == sorted(map(_axis, now["axes"])):
        yield text("what is varied stands in another order")
    for before, after in zip(was["options"], now["options"], strict=False):
        yield from _changed(before, after)
    if was["keep"] != now["keep"]:
        yield _line("--keep", ", ".join(was["keep"]), ", ".join(now["keep"]))


def _changed(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name in dict.fromkeys([*was, *now]):
        if was.get(name) != now.get(name):
            yield _line(name, was.get(name, text("nothing")), now.get(name, text("nothing")))


def _line(name: str, was: object, now: object) -> str:
    return text("{name}: it was {was}, and is {now}", name=name, was=was, now=now)


def _axis(one: Mapping[str, Any]) -> str:
    """How it is varied; two that differ where nothing shows it have another mark behind them."""
    values, path = one["values"], "" if one["path"] == one["name"] else f"{one['path']} "
    told = "; ".join(map(_value, values[:MOST_VALUES]))
    if len(values) > MOST_VALUES:
        told += f"; ... ({len(values)}, {hashlib.sha256(json.dumps(values).encode()).hexdigest()[:8]})"
    return f"{path}{one['sign']} {told}"


def _value(value: object) -> str:
    """With the language's decimal mark, and all digits."""
    return locale.spoken(value) if isinstance(value, float) else str(value)


def _of_scenario(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    if was == now:
        return
    before, after = was["text"].splitlines(), now["text"].splitlines()
    found = [line for line in difflib.unified_diff(before, after, lineterm="", n=0) if line[:3] not in ("---", "+++")]
    if not found:
        yield text("numbers of the scenario, or what is held, are others")
        return
    yield text("the scenario has other lines:")
    yield from (f"  {line}" for line in found[: 3 * MOST_LINES])
    if len(found) > 3 * MOST_LINES:
        yield "  ..."
