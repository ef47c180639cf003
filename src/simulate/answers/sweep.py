"""Sweeps: what one comes to before it is made, what was made, and a table of what came out. `sweep_table` reads them off the sweep's Dataset."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from simulate.answers.base import FORMAT, Estimate, Section
from simulate.scenario.numbers import Usage

Value = int | float | str


@dataclass(frozen=True, repr=False)
class Swept(Section):
    """A scenario of a sweep. name: in the table; municipality: as the file has it; set: what was changed of it; seed: of all random numbers; design: how assumptions are spread over the draws; counterfactual: how life without the programme is counted; untied: correlations that what is varied has no more; now: what it has of what is varied, null where that is no single number."""

    name: str
    title: str
    municipality: str | None
    file: str
    sha256: str
    set: list[str]
    draws: int
    seed: int
    design: str
    counterfactual: str
    untied: list[Untied]
    now: dict[str, float | None]


@dataclass(frozen=True, repr=False)
class Untied(Section):
    """Two assumptions that go together, of which one is varied. held: the varied one; other: which does not follow it."""

    held: str
    other: str


@dataclass(frozen=True, repr=False)
class Dimension(Section):
    """Something that is varied. name: of the dimension; path: as a person writes it, with * where it is multiplied; label: in words; units: of its values; values: that it is given; now: what the scenarios have, null where they differ."""

    name: str
    path: str
    label: str
    units: str
    usage: Usage
    values: list[Value]
    now: float | None


@dataclass(frozen=True, repr=False)
class Head(Section):
    """What every answer of a sweep begins with. title: of the sweep; language: that its words are in; currency: of its amounts; engine: how lives were computed; costs: whether any scenario has some; scenarios: that are varied; varied: a dimension each; rows: how many, of a sweep that is no grid, else null."""

    format: Literal[2] = field(default=FORMAT, kw_only=True)
    answer: str = field(kw_only=True)
    title: str
    language: str
    currency: str
    engine: str
    costs: bool
    scenarios: list[Swept]
    varied: list[Dimension]
    rows: int | None


@dataclass(frozen=True, repr=False)
class Needs(Section):
    """What a sweep comes to. cells: with one for each scenario as it stands; lives: groups of cells that share lives; workers: cells at a time; seconds: that all of them take;
    cell_seconds: that one with lives of its own takes; money_seconds: that one more with the same lives takes, null where there is none; journal_bytes: on the disk while it is
    made; table_bytes: of the table."""

    cells: int
    lives: int
    workers: int
    seconds: float
    cell_seconds: float
    money_seconds: float | None
    journal_bytes: int
    table_bytes: int


@dataclass(frozen=True, repr=False)
class SweepPlan(Needs, Head):
    """Before it is made."""

    answer: Literal["sweep-plan"] = field(default="sweep-plan", kw_only=True)
    warnings: list[str]


@dataclass(frozen=True, repr=False)
class Refused(Section):
    """Cells that the rules refuse, for one reason. cells: how many; reason: in words; first: where the first of them is."""

    cells: int
    reason: str
    first: dict[str, Value]


@dataclass(frozen=True, repr=False)
class Crossing(Section):
    """Where the chance crosses a level along the rows, in one column: interpolated between two neighbours. level: that is crossed; column: its value, null where there are none; at: value of the rows; at_error: its standard error, as far as that of the simulation goes; rises: upwards along the rows."""

    level: float
    column: Value | None
    at: float
    at_error: float | None
    rises: bool


@dataclass(frozen=True, repr=False)
class Clipped(Section):
    """Cells in which too many draws of a number had to be clipped to what is possible. cells: how many of the table; share: of the draws, in the worst of them; at: where that is."""

    cells: int
    share: float
    at: dict[str, Value]


@dataclass(frozen=True, repr=False)
class Grid(Section):
    """A variable by one or two dimensions, the others at a value each.

    of: the variable; says: what it is; units: of its values; rows, columns: the dimensions. sides: the values of rows and columns. at: the values of the others. chosen: those of them that nobody asked for. levels: that the
    frontier is looked for at. values: a row for each value of `rows`, a column for each of `columns` (one where there is none); null where
    the cell is empty. as_it_stands: the same of the scenario itself. frontier: where a chance crosses levels. signs: where
    the expected provenu changes its sign; both along the rows, where these are numbers. means: the expected provenu, as values. shades: from where on a map has the next one. clipped: null where no cell of the table has too much of that.
    """

    of: str
    says: str
    units: str
    rows: str
    columns: str | None
    sides: dict[str, list[Value]]
    at: dict[str, Value]
    chosen: list[str]
    levels: list[float]
    values: list[list[Estimate | None]]
    as_it_stands: Estimate | None
    frontier: list[Crossing]
    signs: list[Crossing]
    means: list[list[float | None]]
    shades: list[float]
    clipped: Clipped | None


@dataclass(frozen=True, repr=False)
class Sweep(Head):
    """What was made. cells: without those of the scenarios as they stand; empty: of them; refused: why; out: where the table is; grid: the table by its first dimensions, null where there is none."""

    answer: Literal["sweep"] = field(default="sweep", kw_only=True)
    cells: int
    empty: int
    refused: list[Refused]
    out: str
    grid: Grid | None
    warnings: list[str]


@dataclass(frozen=True, repr=False)
class SweepShow(Head):
    """A table of a sweep. file: that it is read from; refused: cells that are empty, and why; grid: the table."""

    answer: Literal["sweep-show"] = field(default="sweep-show", kw_only=True)
    file: str
    refused: list[Refused]
    grid: Grid
    warnings: list[str]


def plan(about: str, varied: list[Dimension], rows: int | None, found: Needs, warnings: list[str]) -> SweepPlan:
    """about: as in the attribute of a table."""
    needs = {one.name: getattr(found, one.name) for one in fields(Needs)}
    return SweepPlan(**told(about), varied=varied, rows=rows, **needs, warnings=warnings)


def told(about: str) -> dict[str, Any]:
    """What the attribute `sweep` of a table says, as fields of a Head."""
    found = {name: value for name, value in json.loads(about).items() if name != "order"}
    return {"costs": True, **found, "scenarios": [_swept(row) for row in found["scenarios"]]}  # a table may be older


def _swept(row: dict[str, Any]) -> Swept:
    untied = [Untied(*pair) for pair in row.get("untied", [])]
    return Swept(**{"now": {}, **row, "untied": untied})
