"""`check`, `schema` and `new`: nothing here needs numba, xarray or scipy.stats."""

from __future__ import annotations

import json
import os
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from simulate import locale
from simulate.content import Figure, Part, Row, Table, row
from simulate.errors import InputError, Problem, ScenarioError
from simulate.files import as_json, expanded, named, reason
from simulate.locale import text
from simulate.locale.visible import BREAKS, escaped
from simulate.scenario import Loaded, json_schema, load, paths


def check(files: list[str], lang: Any, show: bool, in_json: bool) -> None:
    """`simulate check`: every file's problems, warnings, and the paper's figures beside ours. Exit code 2 for a problem."""
    if lang is not None:
        locale.use(lang)
    user = locale.language()
    found = []
    for file in files:
        locale.use(user)  # until the file's own language is known
        found.append(_check(file, lang, show))
    if in_json:
        print(as_json({"format": 1, "files": found}))
    else:
        for one in found:
            _show(one)
    if any(one["problems"] for one in found):
        sys.exit(2)


def _check(file: str, lang: Any, show: bool) -> dict[str, Any]:
    try:
        loaded = load(file, language=lang)
    except ScenarioError as error:
        return {"file": named(file), "problems": [_plain(p) for p in error.problems], "warnings": [], "reported": []}
    warnings, reported = _against_paper(loaded)
    found = {
        "file": named(file),
        "problems": [],
        "warnings": [_plain(problem) for problem in loaded.warnings] + warnings,
        "reported": reported,
    }
    return found | _details(loaded) if show else found


def _details(loaded: Loaded) -> dict[str, Any]:
    from simulate.reports import assumptions

    tree = tomllib.loads(loaded.source)
    return {
        "currency": loaded.scenario.money.currency,
        "assumptions": assumptions.described(loaded.scenario),
        "numbers": assumptions.numbers_read(loaded.scenario, tree),
    }


def _plain(problem: Problem) -> dict[str, Any]:
    found = {"line": problem.line, "path": problem.path, "message": problem.message}
    return found | {"file": problem.file} if problem.file else found


def _against_paper(loaded: Loaded) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    from simulate import point
    from simulate.ledger import Accounts
    from simulate.model import PERIODS, Model
    from simulate.reports.words import not_reproduced
    from simulate.sampling import Sampler

    accounts = Accounts(Model(loaded.scenario), PERIODS["year"])
    rows = point.reported(point.compute(accounts, Sampler(loaded.scenario).point()))
    lines = paths.lines(loaded.source)
    warnings = [
        {"line": lines.get(("reported", i), 0), "path": f"reported[{i}]", "message": not_reproduced(row)}
        for i, row in enumerate(rows)
        if not row["reproduced"]
    ]
    return warnings, rows


def _show(one: dict[str, Any]) -> None:
    from simulate.writers import terminal

    for kind, stream in (("problems", sys.stdout), ("warnings", sys.stderr)):
        for problem in one[kind]:
            print(escaped(Problem(**problem).at(one["file"]), BREAKS), file=stream)
    if one["problems"]:
        return
    terminal.show(_sound(one))


def _sound(one: dict[str, Any]) -> Iterator[Part]:
    """What is said of a file without problems."""
    yield text("{file}: no problems", file=one["file"])
    if "assumptions" in one:
        from simulate.reports import assumptions

        yield from assumptions.lines(one["assumptions"], one["numbers"], one["currency"])
    if one["reported"]:
        heads = [text("The paper's figure"), text("Year"), text("Paper"), text("We get"), ""]
        yield Table(heads, [_against(figure) for figure in one["reported"]])


def _against(figure: dict[str, Any]) -> Row:
    """A figure of the paper beside ours."""
    mark = "=" if figure["reproduced"] else text("differs")
    year = str(figure["year"]) if figure["year"] else text("total")
    return row(figure["what"], year, Figure(figure["value"], "number"), Figure(figure["ours"], "number"), mark)


def schema() -> None:
    """`simulate schema`."""
    print(json.dumps(json_schema(), ensure_ascii=False, indent=1))


def new(file: Path, lang: Any) -> None:
    """`simulate new`: raises InputError where the file exists or cannot be written."""
    if lang is not None:
        locale.use(lang)
    template = (
        Path(__file__).parent.parent.joinpath("scenario", f"template.{locale.language()}.toml").read_text("utf-8")
    )
    try:
        with open(expanded(os.fspath(file)), "x", encoding="utf-8") as stream:
            stream.write(template)
    except FileExistsError:
        raise InputError(text("{file} exists already; name another file", file=named(file))) from None
    except (OSError, ValueError) as error:
        raise InputError(text("{file}: {reason}", file=named(file), reason=reason(error))) from None
    print(text("{file} is written. Fill in your own numbers, then: simulate check {file}", file=named(file)))
