"""`simulate compare`, as a plain function."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simulate import locale
from simulate.cli.asked import Asked, aside, working
from simulate.errors import InputError, ScenarioError
from simulate.scenario import Loaded


def compare(files: Sequence[str], asked: Asked, *, engine: Any) -> None:
    """`simulate compare`."""
    asked.check()
    loaded = [_load(asked, file) for file in files]
    if asked.lang is None:
        locale.use(loaded[0].scenario.language)  # each file is read in its own; the answer is in the first one's
    options = asked.options(loaded[0], engine=engine)
    with working(engine) as shown:
        from simulate.studies import compare as studies

        found = studies.compare(loaded, options, shown, aside)
    from simulate.reports import compare as reports

    document = reports.document(found, loaded)
    asked.answer(
        document, reports.lines(document, loaded[0].scenario), document["warnings"], [one.scenario for one in loaded]
    )


def _load(asked: Asked, file: str) -> Loaded:
    try:
        return asked.load(file)
    except ScenarioError:
        raise  # names its file
    except InputError as error:
        raise InputError(f"{file}  {error}") from None
