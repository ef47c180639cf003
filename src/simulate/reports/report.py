"""A report: its sections, in their order, each a module of `sections` with `lines(report, scenario)`; what every file of it ends with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from importlib import import_module
from pathlib import PurePath
from typing import Any

from simulate import locale
from simulate.answers.base import Head
from simulate.answers.report import Report
from simulate.content import BREAK, Document, Heading, Part, Sentence, Table
from simulate.errors import InputError
from simulate.figures import day, number, today, unbroken
from simulate.locale import text
from simulate.places import by_label
from simulate.reports import paper
from simulate.reports.words import years_and_prices
from simulate.scenario import Scenario
from simulate.scenario.values import suggestion

SECTIONS = (
    "answer",
    "since",
    "years",
    "payback",
    "areas",
    "cashable",
    "payers",
    "financing",
    "programmes",
    "ranges",
    "uncertainty",
    "thresholds",
    "risk",
    "spread",
    "targets",
    "assumptions",
    "paper",
    "counting",
    "method",
    "limits",
)
"""In the order in which they are printed; `--sections` names them."""
SCALES = {"kr": 1, "tkr": 1000, "mio": 1_000_000}


def chosen(names: str | None) -> tuple[str, ...]:
    """The sections of these names, with commas between them; all where none are named. Raises InputError for one that there is not."""
    if names is None:
        return SECTIONS
    found = [name.strip().lower() for name in names.split(",")]
    for name in found:
        if name not in SECTIONS:
            said = text("--sections: there is no section “{name}”", name=name) + suggestion(name, SECTIONS)
            raise InputError(said + " " + text("(there are: {sections})", sections=", ".join(SECTIONS)))
    return tuple(found)


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
    scale = None if unit is None else SCALES[unit]
    with locale.worded("" if scenario.costs else "costless"), by_label(), paper.counted_in(scale):
        parts = [held_together(counted(part, unit)) for part in lines(report, scenario, sections)]
        below = [held_together(one) for one in footer(report, command, made or today())]
    place = f"{scenario.municipality} · " if scenario.municipality else ""
    parts[:0] = [Sentence(f"{place}{years_and_prices(scenario)}"), BREAK]
    return Document(title or scenario.title, locale.language(), parts, below)


def lines(report: Report, scenario: Scenario, sections: Sequence[str] = SECTIONS) -> Iterator[Part]:
    """The sections that were asked for, in the order of all; without those that have nothing to tell of this case."""
    for name in SECTIONS:
        if name in sections:
            found: list[Part] = list(import_module(f"simulate.reports.sections.{name}").lines(report, scenario))
            if any(not isinstance(part, Heading) and part != BREAK for part in found):
                yield from found
                yield BREAK


def heading(words: str) -> Heading:
    """Of a section."""
    return Heading(words, 2)


def by_drawn_lives(report: Report) -> Iterator[Sentence]:
    """To stand at what is told by other courses than the answer, so that nobody looks for the same chance twice."""
    if report.run.engine == "expected":
        yield text(
            "This is told by courses in which the luck of each family is drawn; its figures may differ a little from those of the answer."
        )


def counted(part: Part, unit: str | None) -> Part:
    """A table whose amounts are counted in what was asked for."""
    is_counted = unit is not None and isinstance(part, Table) and bool(part.currency)
    return replace(part, scale=SCALES[unit or "kr"]) if is_counted and isinstance(part, Table) else part


def held_together(found: Any) -> Any:
    """All words in a part with blanks that keep a number and its unit on one line."""
    if isinstance(found, Sentence):
        return type(found)(unbroken(found), found.figures)
    if isinstance(found, str):
        return unbroken(found)
    if is_dataclass(found) and not isinstance(found, type):
        return replace(found, **{one.name: held_together(getattr(found, one.name)) for one in fields(found)})
    if isinstance(found, Mapping):
        return {held_together(key): held_together(one) for key, one in found.items()}
    return type(found)(map(held_together, found)) if isinstance(found, list | tuple) else found


def origin(file: str, sha256: str) -> Sentence:
    """Which scenario it is of."""
    return text("Scenario: {file}, sha256 {hash}.", file=PurePath(file).name, hash=sha256)


def footer(report: Head, command: str, made: date) -> Iterator[Sentence]:
    """How it was made."""
    run = report.run
    yield text(
        "{draws} simulated courses, seed {seed}, provenu {version}, {date}.",
        draws=number(run.draws), seed=run.seed, version=run.version, date=day(made),
    )  # fmt: skip
    yield origin(report.scenario.file, report.scenario.sha256)
    if run.set:
        yield text("Changed: {changes}", changes="; ".join(run.set))
    yield text("This report is made again by: {command}", command=command)
