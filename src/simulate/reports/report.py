"""A report: its sections, in their order, each a module of `sections` with `lines(report, scenario)`; what every file of it ends with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from importlib import import_module

from simulate import locale
from simulate.answers.base import Head
from simulate.answers.report import Report
from simulate.content import BREAK, Document, Heading, Part, Sentence, Table
from simulate.errors import InputError
from simulate.figures import number
from simulate.locale import text
from simulate.scenario import Scenario
from simulate.scenario.values import suggestion

SECTIONS = ("answer", "since", "years")
"""In the order in which they are printed; `--sections` names them."""
SCALES = {"kr": 1, "tkr": 1000, "mio": 1_000_000}


def document(
    report: Report,
    scenario: Scenario,
    command: str,
    *,
    title: str | None = None,
    sections: Sequence[str] = SECTIONS,
    unit: str | None = None,
    made: date | None = None,
) -> Document:
    """command: that makes the report again. unit: of SCALES, what amounts in tables are counted in; None: as each table needs. made: when."""
    with locale.worded("" if scenario.costs else "costless"):
        parts = [counted(part, unit) for part in lines(report, scenario, sections)]
        below = list(footer(report, command, made or date.today()))
    return Document(title or scenario.title, locale.language(), parts, below)


def chosen(names: str | None) -> tuple[str, ...]:
    """The sections of these names, with commas between them; all where none are named. Raises InputError for one that there is not."""
    if names is None:
        return SECTIONS
    found = [name.strip() for name in names.split(",")]
    for name in found:
        if name not in SECTIONS:
            raise InputError(text("--sections: there is no section {name}", name=name) + suggestion(name, SECTIONS))
    return tuple(found)


def lines(report: Report, scenario: Scenario, sections: Sequence[str] = SECTIONS) -> Iterator[Part]:
    """The sections that were asked for, in the order of all."""
    for name in SECTIONS:
        if name in sections:
            yield from import_module(f"simulate.reports.sections.{name}").lines(report, scenario)
            yield BREAK


def counted(part: Part, unit: str | None) -> Part:
    """A table whose amounts are counted in what was asked for."""
    is_counted = unit is not None and isinstance(part, Table) and bool(part.currency)
    return replace(part, scale=SCALES[unit or "kr"]) if is_counted and isinstance(part, Table) else part


def footer(report: Head, command: str, made: date) -> Iterator[Sentence]:
    """How it was made."""
    run = report.run
    yield text(
        "{draws} simulated courses, seed {seed}, provenu {version}, {date}.",
        draws=number(run.draws), seed=run.seed, version=run.version, date=made.isoformat(),
    )  # fmt: skip
    yield text("Scenario: {file}, sha256 {hash}.", file=report.scenario.file, hash=report.scenario.sha256)
    yield text("This report is made again by: {command}", command=command)


def heading(words: str) -> Heading:
    """Of a section."""
    return Heading(words, 2)
