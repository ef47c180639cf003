"""`simulate sweep`, as a plain function."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from simulate.cli.common import CommonOptions, aside, working
from simulate.errors import InputError
from simulate.locale import text


def sweep(
    scenarios: Sequence[str],
    common: CommonOptions,
    *,
    vary: Sequence[str],
    engine: Any,
    out: str | None,
) -> None:
    common.check()
    if not vary:
        raise InputError(text("--vary is missing: say what is varied, like {example}", example="--vary relapse=5%,10%,15%"))  # fmt: skip
    loaded = [common.load(file) for file in scenarios]
    from simulate.engine import Case
    from simulate.sweeps import run
    from simulate.sweeps.cells import Sweep
    from simulate.sweeps.grid import Grid
    from simulate.sweeps.vary import axes

    cases = tuple(Case.of(one) for one in loaded)
    options = tuple(common.options(one, engine=engine) for one in loaded)
    grid = Grid(len(cases), axes(vary, cases))
    with working(engine) as shown:
        found = run.sweep(Sweep(cases, grid, options), Path(out), {"scenarios": [Path(one.file).stem for one in loaded]}, progress=shown, notify=aside)
    print(found)
