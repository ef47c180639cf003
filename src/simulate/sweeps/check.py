"""Values that the rules refuse in every cell: told before any work. One that they refuse in some cells leaves those empty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product

from simulate.engine import Case
from simulate.errors import InputError, ScenarioError
from simulate.figures import per_cent_sign, plain
from simulate.locale import text
from simulate.scenario import overrides, paths
from simulate.scenario.paths import Path
from simulate.sweeps.cells import Sweep
from simulate.sweeps.grid import Axis, Cell, Grid
from simulate.sweeps.standing import standing

MOST_TRIED = 100  # cells with a value that is refused alone
MOST_REFUSED = 20  # values of an axis that are tried so


def check(sweep: Sweep) -> None:
    """Raises InputError, with the value and why."""
    if sweep.grid.rows is not None:
        return
    problems = [said for i in range(len(sweep.grid.axes)) for said in _refused(sweep, i)]
    if problems:
        raise InputError("\n".join(problems))


def check_changes(sweep: Sweep) -> None:
    """That nothing which was changed before has its value from what is varied: only the scenario beside the cells would have it.

    Raises InputError.
    """
    problems: dict[str, None] = {}
    for case in sweep.cases:
        for axis in (one for one in sweep.grid.axes if one.sign == "="):
            found = standing(case, axis.path, axis.sign)
            for change in case.loaded.changes:
                if any(_overlap(place, _changed(case, change)) for place in (found.place, found.owner)):
                    problems[text("--set {change}: {path} is varied, and its values count in every cell; take one of them out", change=change, path=axis.written)] = None  # fmt: skip
    if problems:
        raise InputError("\n".join(problems))


def _changed(case: Case, change: str) -> Path:
    """Where a change is written; nowhere, if that cannot be told."""
    parts = overrides.split(change, case.scenario.assumptions)
    if parts is None:
        return ()
    try:
        return overrides.written_to(paths.resolved(parts[0], case.tree), case.tree, parts[1])
    except InputError:
        return ()


def _overlap(one: Path, other: Path) -> bool:
    shorter = min(len(one), len(other))
    return shorter > 0 and one[:shorter] == other[:shorter]


def _refused(sweep: Sweep, i: int) -> Iterator[str]:
    """What is wrong with the values of an axis that no cell can have."""
    axis = sweep.grid.axes[i]
    alone = Sweep(sweep.cases, Grid(len(sweep.cases), (axis,)), sweep.options)
    for place in islice(_ends(alone, axis), MOST_REFUSED):
        why = _why(alone, range(len(sweep.cases)), [(place,)])
        if why and len(sweep.grid.axes) > 1:
            why = _why(sweep, range(len(sweep.cases)), _with(sweep.grid.axes, i, place))
        if why:
            yield text("{path}: the value {value} is refused in every cell: {reason}", path=axis.written, value=_shown(axis, place), reason=why)  # fmt: skip


def _ends(alone: Sweep, axis: Axis) -> Iterator[int]:
    """The values that are refused where nothing else is varied. What is allowed lies between two limits, so they are at the ends."""
    order = sorted(range(len(axis.values)), key=lambda place: axis.values[place])
    for one in (order, order[::-1]):
        for place in one:
            if not _why(alone, range(len(alone.cases)), [(place,)]):
                break
            yield place
        else:
            return  # all of them


def _with(axes: Sequence[Axis], i: int, place: int) -> list[tuple[int, ...]]:
    """The cells with this value; nothing where they are too many to be tried."""
    others = [[place] if j == i else range(len(one.values)) for j, one in enumerate(axes)]
    cells = list(islice(product(*others), MOST_TRIED + 1))
    return cells if len(cells) <= MOST_TRIED else []


def _why(sweep: Sweep, scenarios: Sequence[int], cells: Sequence[tuple[int, ...]]) -> str:
    """Why the rules refuse all of them; nothing where they let one pass, or none was tried."""
    why = ""
    for at in cells:
        for scenario in scenarios:
            try:
                sweep.case(Cell(0, scenario, at))
            except ScenarioError as error:
                first = error.problems[0]
                why = why or (f"{first.path}: {first.message}" if first.path else first.message)
            except InputError as error:
                why = why or str(error)
            else:
                return ""
    return why


def _shown(axis: Axis, place: int) -> str:
    value = axis.values[place]
    assert not isinstance(value, tuple)
    return plain(100 * value) + per_cent_sign() if axis.usage == "share" else plain(value)
