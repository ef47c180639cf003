"""`--write-back COPY`: what is asked of it, and where it goes, found out before any work; and written when the answer is printed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from simulate.cli.common import aside
from simulate.errors import InputError, StoreError
from simulate.files import named, reason, replace
from simulate.locale import text

if TYPE_CHECKING:
    from simulate.answers.run import BusinessCase, Run
    from simulate.scenario import Loaded
    from simulate.writers.write_back.copy import Plan

NEEDED = "xlsxwriter"
WORKBOOKS = (".xlsx", ".xlsm")


def check(name: str | None, force: bool, engine: str) -> None:
    """Raises InputError for options that do not go together."""
    if name is None:
        if force:
            raise InputError(text("--force is for --write-back, which is missing"))
        return
    if engine == "point":
        raise InputError(text("--write-back writes what courses tell, and --engine point has none"))
    if find_spec(NEEDED) is None:
        from simulate.workbook.output import EXTRA

        raise InputError(
            text(
                "--write-back: this needs libraries that are not installed: {install}",
                install=EXTRA,
            )
        )


def planned(loaded: Loaded, name: str, force: bool, out: str | None = None, workbook: str | None = None) -> Plan:
    """workbook: where it is not known from the case. Raises InputError for what is in its way."""
    from simulate.writers.write_back import copy

    return copy.planned(loaded, name, force, out, workbook)


def write(plan: Plan, answer: Run | BusinessCase, loaded: Loaded) -> None:
    """Whole or not at all. Raises StoreError."""
    from simulate.answers.run import Run
    from simulate.writers.write_back import copy

    assert isinstance(answer, Run)
    data = copy.written(plan, answer, loaded.scenario)
    try:
        copy.check_again(plan)
        replace(plan.target, data)
    except OSError as error:
        raise StoreError(
            text("--write-back {file}: {reason}", file=named(plan.target), reason=_reason(plan, error))
        ) from None
    for sentence in plan.told:
        aside(text("--write-back: {sentence}.", sentence=sentence))


def _reason(plan: Plan, error: OSError) -> str:
    """Windows lets nobody replace a file that a program has open."""
    if isinstance(error, PermissionError) and plan.target.exists():
        return text("it is open in another program such as Excel, or this account may not write there")
    return reason(error)
