"""Documents of what is no report of a case: the content of the answer, with a title and a footer."""

from __future__ import annotations

from collections.abc import Sequence

from simulate import locale
from simulate.answers.compare import Compare
from simulate.answers.sweep import SweepShow
from simulate.content import Document, Heading, Part, Sentence
from simulate.figures import day, today
from simulate.locale import text
from simulate.reports import paper
from simulate.reports import report as reports
from simulate.scenario import Scenario


def of_comparison(
    answer: Compare, scenarios: Sequence[Scenario], command: str, *, title: str | None = None, unit: str | None = None
) -> Document:
    from simulate.reports import compare

    with locale.worded("" if any(one.costs for one in scenarios) else "costless"):
        parts = list(paper.in_unit(compare.lines(answer, scenarios[0]), *scenarios))
        first, _, *rest = reports.footer(answer, command, today())
        footer = [first, *(reports.origin(one.file, one.sha256) for one in answer.scenarios), *rest]
    return _titled(title, parts, footer, unit)


def of_sweep(answer: SweepShow, command: str, *, title: str | None = None, unit: str | None = None) -> Document:
    from simulate.reports import sweep

    with locale.worded("" if answer.costs else "costless"):
        parts = list(sweep.show(answer, drawn=True))
    files = ", ".join(one.file for one in answer.scenarios)
    footer = [
        text("Sweep: {file}, of {scenarios}; {date}.", file=answer.file, scenarios=files, date=day(today())),
        text("This report is made again by: {command}", command=command),
    ]
    return _titled(title, parts, footer, unit)


def _titled(title: str | None, parts: Sequence[Part], footer: Sequence[Sentence], unit: str | None) -> Document:
    """Named by its first heading, which then is not repeated."""
    [first, *rest] = parts
    assert isinstance(first, Heading)
    shown = [paper.counted(part, None if unit is None else reports.SCALES[unit]) for part in rest]
    return Document(title or str(first.words), locale.language(), shown, footer)
