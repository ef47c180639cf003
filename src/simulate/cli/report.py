"""`simulate report` and `simulate chart`, as plain functions."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate import locale
from simulate.cli.common import CommonOptions, aside, working
from simulate.errors import InputError
from simulate.files import named, replace
from simulate.locale import text

if TYPE_CHECKING:
    from simulate.content import Document


@dataclass(frozen=True, slots=True)
class Request:
    """What a report is asked for. None: not said."""

    out: str
    engine: Any = "lives"
    title: str | None = None
    sections: Sequence[str] = ()
    unit: str | None = None
    tolerance: str | None = None


def _page(document: Document) -> bytes:
    from simulate.writers import page

    return page.written(document).encode()


WRITERS: dict[str, Callable[[Document], bytes]] = {".html": _page}


def report(scenario: str, common: CommonOptions, request: Request) -> None:
    """`simulate report`."""
    common.check()
    from simulate.asking import report as asking
    from simulate.reports import report as reports

    tolerated = asking.tolerated(request.tolerance)
    suffix = Path(request.out).suffix.lower()
    if suffix not in WRITERS:
        raise InputError(
            text("--out {file}: write one of {endings}", file=named(request.out), endings=", ".join(WRITERS))
        )
    loaded = common.load(scenario)
    if common.lang is None:
        locale.use("da")
    with working(request.engine) as shown:
        from simulate.engine import Case

        options = common.options(loaded, engine=request.engine)
        _, answer = asking.report(Case.of(loaded), options, tolerated=tolerated)(shown, aside)
    command = " ".join(["simulate", *map(named, sys.argv[1:])])
    document = reports.document(
        answer,
        loaded.scenario,
        command,
        title=request.title,
        sections=request.sections or reports.SECTIONS,
        unit=request.unit,
    )
    replace(Path(request.out), WRITERS[suffix](document))
    aside(text("Written: {file}", file=named(request.out)))
