"""What changed since a case was reported, and what each change does, one after the other on the same draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simulate import measures
from simulate.analysis import precision
from simulate.analysis.precision import Estimate
from simulate.engine import Case, Result
from simulate.errors import InputError, ScenarioError
from simulate.locale import text
from simulate.options import Progress
from simulate.pace import Notify
from simulate.scenario import Loaded, Scenario, of_tree, queries, tree_of, unit
from simulate.scenario.differences import Part, Tree, alike, between, differences, renamed
from simulate.studies.runs import Runs

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Standing:
    """The case with some of the changes. chance: of break-even; mean: expected provenu, DKK."""

    chance: Estimate
    mean: Estimate


@dataclass(frozen=True, slots=True)
class Step:
    """Changes that make a case only together, and the case with them. difference: what they do to the mean, DKK."""

    parts: tuple[Part, ...]
    after: Standing
    difference: Estimate


@dataclass(frozen=True, slots=True)
class Since:
    """before: the old case, with the draws of the new one. old: its tree, by the names of the new one."""

    before: Standing
    steps: list[Step]
    old: Tree


@dataclass(frozen=True, slots=True)
class _Run:
    """What is kept of a run. blocks: (block,) mean provenu, DKK; off: what the mean is off at least, signed; horizon: first year and years."""

    standing: Standing
    blocks: Array
    off: float
    horizon: tuple[int, int]


def check(old: Loaded, new: Loaded) -> None:
    """Raises InputError where they are no versions of one case, or their amounts are of different currencies."""
    currencies = [one.scenario.money.currency for one in (old, new)]
    if currencies[0] != currencies[1]:
        raise InputError(
            text(
                "--since {file}: its amounts are in {old}, and those of this case in {new}; convert one of them",
                file=old.file, old=currencies[0], new=currencies[1],
            )
        )  # fmt: skip
    if queries.is_tied(old.scenario) and not queries.is_tied(new.scenario):
        raise InputError(
            text(
                "--since {file}: there a move hangs on another member of the family (`when`), and in this case none does: that one is told by lives alone, "
                "and this one by what is expected of them. Keep `when` here with `times = 1`, which changes nothing",
                file=old.file,
            )
        )  # fmt: skip
    if not (_names(old.scenario) & _names(new.scenario) or _same(_plain(old), _plain(new))):
        raise InputError(
            text(
                "--since {file}: this is no earlier version of the case; they have no assumption and no line in common",
                file=old.file,
            )
        )


def _names(scenario: Scenario) -> set[tuple[str, ...]]:
    """Of lines, and of assumptions with what these are called: cases that have nothing to do with each other may both have a `relapse`."""
    lines = ((one.label,) for one in queries.lines(scenario))
    return {*((name, one.label) for name, one in scenario.assumptions.items() if one.label), *lines}


def _same(old: Tree, new: Tree) -> bool:
    """Whether an assumption of the same name, or of another, is the same number."""
    before, after = (tree.get("assumptions", {}) for tree in (renamed(old, new), new))
    return any(name in after and alike(one, after[name]) for name, one in before.items())


def since(
    old: Loaded,
    case: Case,
    result: Result,
    progress: Progress | None = None,
    notify: Notify = lambda words: None,
) -> Since:
    """From the old scenario to the case, part after part in the order of its file. result: the run of the case, which is the last step.

    Every assumption has the random numbers that it has there, by its name: what did not change is drawn alike before and after.
    Raises InputError as check().
    """
    check(old, case.loaded)
    now = unit.plain(case.tree, case.scenario)
    tree = renamed(_plain(old), now)
    steps, stages = _stages(old, tree, now, case.loaded)
    last = _kept(result)
    if not steps:
        return Since(last.standing, [], tree)
    first = _made(old, between(tree, now, [])) or old
    found = [*_runs([first, *stages[:-1]], case, result, progress, notify), last]
    pairs = pairwise(found)
    made = [
        Step(parts, after.standing, _difference(before, after))
        for parts, (before, after) in zip(steps, pairs, strict=True)
    ]
    return Since(found[0].standing, made, tree)


def _plain(loaded: Loaded) -> Tree:
    """With its amounts in kroner, so that another unit alone is no change."""
    return unit.plain(tree_of(loaded), loaded.scenario)


def _stages(old: Loaded, before: Tree, now: Tree, new: Loaded) -> tuple[list[tuple[Part, ...]], list[Loaded]]:
    """The changes, and the scenario after each; those after which it would be none are taken together with the next."""
    steps: list[tuple[Part, ...]] = []
    stages: list[Loaded] = []
    done: list[Part] = []
    waiting: list[Part] = []
    parts = differences(before, now)
    for i, part in enumerate(parts):
        waiting.append(part)
        is_last = i + 1 == len(parts)
        stage = new if is_last else _made(old, between(before, now, [*done, *waiting]))
        if stage is None:
            continue
        steps.append(tuple(waiting))
        stages.append(stage)
        done, waiting = [*done, *waiting], []
    return steps, stages


def _made(old: Loaded, tree: Tree) -> Loaded | None:
    """The scenario of a tree; None where it is none."""
    try:
        return of_tree(old, tree)
    except ScenarioError:
        return None


def _runs(
    stages: Sequence[Loaded], case: Case, result: Result, progress: Progress | None, notify: Notify
) -> list[_Run]:
    """Each with the options of the result, and the columns of the case."""
    columns = queries.columns(case.scenario)
    cases = [Case.of(replace(one, scenario=queries.with_columns(one.scenario, columns))) for one in stages]
    options = replace(result.options, alone=True)
    runs = Runs(options, len(cases) * options.draws, progress, notify)
    for one in cases[1:]:
        runs.foresee(1, one)
    return [_kept(runs.run(one)) for one in cases]


def _kept(result: Result) -> _Run:
    assert result.draws is not None
    is_luckless = result.leaves_out_luck and not result.adds_luck
    chance = result.chance_without_luck() if is_luckless else result.chance()
    time = result.scenario.time
    return _Run(
        Standing(chance, result.expected()),
        float(result.point.provenu.sum()) + result.draws.sums.block_means(measures.EXPECTED_OFF),
        float(result.change[0].sum()),
        (time.first_year, time.years),
    )


def _difference(before: _Run, after: _Run) -> Estimate:
    """Of means on the same draws; where they count other years these have none in common, and their errors add up."""
    ours, theirs = after.standing.mean, before.standing.mean
    change = ours.value - theirs.value
    if before.horizon != after.horizon:
        return Estimate(change, float((ours.error**2 + theirs.error**2) ** 0.5))
    return Estimate(change, precision.error_of(after.blocks - before.blocks)).at_least(abs(after.off - before.off))
