"""`check`, `schema` and `new`: nothing here needs numba, xarray or scipy.stats."""

from __future__ import annotations

import json
import os
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate import locale
from simulate.content import Figure, Part, Row, Table, row
from simulate.errors import InputError, Problem, ScenarioError
from simulate.files import as_json, expanded, named, reason
from simulate.locale import text
from simulate.locale.visible import BREAKS, escaped
from simulate.scenario import Loaded, documents, json_schema, load, queries, template

if TYPE_CHECKING:
    from simulate.answers.check import Carried, File
    from simulate.answers.paper import Reported


def check(files: list[str], lang: Any, show: bool, in_json: bool) -> None:
    """`simulate check`: every file's problems, warnings, and the paper's figures beside ours. Exit code 2 for a problem."""
    if lang is not None:
        locale.use(lang)
    from simulate.answers.check import Check

    user = locale.language()
    found = []
    for file in files:
        locale.use(user)  # until the file's own language is known
        found.append(_check(file, lang, show))
    if in_json:
        print(as_json(Check(found).to_dict()))
    else:
        for one in found:
            _show(one)
    if any(one.problems for one in found):
        sys.exit(2)


def _check(file: str, lang: Any, show: bool) -> File:
    from simulate.answers import check as answers

    try:
        loaded = load(file, language=lang)
    except ScenarioError as error:
        return answers.File(named(file), answers.problems(error.problems), [], [])
    if lang is None:
        locale.use(loaded.scenario.language)
    rows, carried = ([], None) if queries.is_tied(loaded.scenario) else _reported(loaded)
    warnings = answers.problems(loaded.warnings) + answers.against_paper(rows, loaded)
    ends = [answers.NeverLeft(*one) for one in queries.never_left(loaded.scenario)]
    found = answers.File(named(file), [], warnings, rows, carried, ends)
    if carried is not None:
        found = replace(found, currency=loaded.scenario.money.currency)
    if not show:
        return found
    scenario, tree = loaded.scenario, tomllib.loads(loaded.source)
    return replace(
        found,
        currency=scenario.money.currency,
        assumptions=answers.assumptions(scenario),
        effects=answers.effects(scenario, tree),
        numbers=answers.numbers(scenario, tree),
        calculations=answers.calculations(scenario, tree),
    )


def _reported(loaded: Loaded) -> tuple[list[Reported], Carried | None]:
    from simulate import point
    from simulate.answers.check import Carried
    from simulate.answers.paper import as_planned, reported
    from simulate.ledger import Accounts
    from simulate.model import PERIODS, Model
    from simulate.sampling import Sampler

    accounts = Accounts(Model(loaded.scenario), PERIODS["year"])
    one = point.compute(accounts, Sampler(loaded.scenario).point())
    plan = as_planned(one)
    return reported(plan), None if plan is one else Carried(float(plan.provenu.sum()), float(one.provenu.sum()))


def _show(one: File) -> None:
    from simulate.writers import terminal

    for each, stream in ((one.problems, sys.stdout), (one.warnings, sys.stderr)):
        for found in each:
            problem = Problem(found.line, found.path, found.message, found.file or "", found.cell or "")
            print(escaped(problem.at(one.file), BREAKS), file=stream)
    if not one.problems:
        terminal.show(_sound(one))


def _sound(one: File) -> Iterator[Part]:
    """What is said of a file without problems."""
    yield text("{file}: no problems", file=one.file)
    if one.assumptions is not None:
        from simulate.reports import assumptions

        yield from assumptions.lines(one)
    if one.reported:
        heads = [text("The paper's figure"), text("Year"), text("Paper"), text("We get"), ""]
        yield Table(heads, [_against(figure) for figure in one.reported])
    if one.carried_out is not None:
        from simulate.reports.words import carried_out

        yield carried_out(one.carried_out.planned, one.carried_out.carried_out, one.currency or "")
    if one.never_left:
        states = ", ".join(f"{end.state} ({end.role})" for end in one.never_left)
        yield text("No move leads out of {states}: whoever comes there stays to the end of the horizon.", states=states)


def _against(figure: Reported) -> Row:
    """A figure of the paper beside ours."""
    mark = "=" if figure.reproduced else text("differs")
    year = str(figure.year) if figure.year else text("total")
    return row(figure.label, year, Figure(figure.value, "number"), Figure(figure.ours, "number"), mark)


def schema(output: bool) -> None:
    """`simulate schema`: of the scenario file, or of the answers."""
    found = json_schema
    if output:
        from simulate.answers.schema import json_schema as found
    print(json.dumps(found(), ensure_ascii=False, indent=1))


def new(file: Path, lang: Any, first_year: int | None = None, years: int | None = None) -> None:
    """`simulate new`: raises InputError where the file exists or cannot be written, and for years that no case can have."""
    if lang is not None:
        locale.use(lang)
    source = template.written(locale.language(), first_year, years)
    content = _content(file, source)
    try:
        with open(expanded(os.fspath(file)), "xb") as stream:
            stream.write(content)
    except FileExistsError:
        raise InputError(text("{file} exists already; name another file", file=named(file))) from None
    except (OSError, ValueError) as error:
        raise InputError(text("{file}: {reason}", file=named(file), reason=reason(error))) from None
    print(text("{file} is written. Fill in your own numbers, then: simulate check {file}", file=named(file)))


def _content(file: Path, source: str) -> bytes:
    """What a new file holds: a text, or a workbook of the same case. Raises InputError for the name of another kind of spreadsheet."""
    if not documents.is_workbook(file):
        return source.encode()
    if file.suffix.lower() != ".xlsx":
        raise InputError(text("{file}: the name of a workbook must end in .xlsx", file=named(file)))
    from simulate.workbook import output

    return output.written(documents.parse(named(file), source), locale.language(), file.name, is_example=True)
