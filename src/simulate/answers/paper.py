"""A paper's own figures beside ours, and what an answer warns of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from simulate import point
from simulate.answers.base import Section
from simulate.content import Sentence
from simulate.figures import plain
from simulate.ledger import Accounts
from simulate.locale import text
from simulate.model import Model
from simulate.places import paper_figure
from simulate.point import Point, reproduced
from simulate.sampling import Sampler
from simulate.scenario import Loaded, queries

NEARLY = 1e-3  # relative: a figure of the other sign that is ours but for how it is rounded


@dataclass(frozen=True, repr=False)
class Reported(Section):
    """A figure of the paper. what: as the file names it; label: in words; year: null for the total; value: the paper's; ours: what we get; source: where it stands; reproduced: whether ours rounds to it, as the paper has written it."""

    what: str
    label: str
    year: int | None
    value: float
    ours: float
    source: str
    reproduced: bool


def as_planned(one: Point, sampler: Sampler | None = None) -> Point:
    """The business case carried out as planned, which is what a paper's figures are of; the same where it is. sampler: whose values it was computed at."""
    scenario = one.accounts.model.scenario
    plan = queries.as_planned(scenario)
    if plan is scenario:
        return one
    return point.compute(Accounts(Model(plan), one.accounts.period), (sampler or Sampler(scenario)).point())


def reported(one: Point) -> list[Reported]:
    """Of the years of the horizon; none where lives alone tell our own, as they are not exact."""
    scenario = one.accounts.model.scenario
    if queries.is_tied(scenario):
        return []
    years = {None, *(scenario.time.first_year + year for year in queries.years(scenario))}
    return [
        Reported(
            row.what,
            paper_figure(row.what, scenario),
            row.year,
            float(row.value),
            ours,
            row.source or "",
            reproduced(row, ours),
        )
        for row in scenario.reported
        if row.year in years
        for ours in [one.reported(row)]
    ]


def not_reproduced(row: Reported) -> Sentence:
    said = text(
        "the paper's figure of “{what}” ({year}) is {value}, and we get {ours}",
        what=row.label,
        year=row.year or text("total"),
        value=plain(row.value),
        ours=plain(row.ours),
    )
    if not (row.value and abs(row.value + row.ours) <= NEARLY * abs(row.value)):
        return said
    return Sentence(said + (text("; the sign alone differs, so write it without a minus") if row.value < 0 else text("; the sign alone differs")))  # fmt: skip


def warnings(loaded: Loaded, rows: Iterable[Reported] = ()) -> list[str]:
    """The file's own, and of the paper's figures those that are not reproduced."""
    said = [problem.at(loaded.file) for problem in loaded.warnings]
    return said + [not_reproduced(row) for row in rows if not row.reproduced]
