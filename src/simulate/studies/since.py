"""What changed since a case was reported, and what each change does, one after the other on common draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from simulate.analysis import precision
from simulate.analysis.precision import Estimate
from simulate.engine import Case
from simulate.errors import ScenarioError
from simulate.options import Options, Progress
from simulate.pace import Notify
from simulate.scenario import Loaded, of_tree, tree_of
from simulate.scenario.differences import Part, between, differences
from simulate.studies import compare


@dataclass(frozen=True, slots=True)
class Standing:
    """The case with some of the changes. chance: of break-even; mean: provenu, DKK."""

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
    """before: the old case, with the draws of the new one."""

    before: Standing
    steps: list[Step]


def since(
    old: Loaded,
    case: Case,
    options: Options,
    progress: Progress | None = None,
    notify: Notify = lambda words: None,
) -> Since:
    """From the old scenario to the case, part after part in the order of its file. Raises InputError where they are no versions of one case."""
    steps, stages = _stages(old, case.loaded)
    found = _standings([Case.of(old), *(Case.of(one) for one in stages)], options, progress, notify)
    (before, _), *after = found
    return Since(before, [Step(parts, *one) for parts, one in zip(steps, after, strict=True)])


def _stages(old: Loaded, new: Loaded) -> tuple[list[tuple[Part, ...]], list[Loaded]]:
    """The changes, and the scenario after each; those after which it would be none are taken together with the next."""
    before, after = tree_of(old), tree_of(new)
    steps: list[tuple[Part, ...]] = []
    stages: list[Loaded] = []
    done: list[Part] = []
    waiting: list[Part] = []
    parts = differences(before, after)
    for i, part in enumerate(parts):
        waiting.append(part)
        if i + 1 == len(parts):
            stage = new
        else:
            try:
                stage = of_tree(old, between(before, after, [*done, *waiting]))
            except ScenarioError:
                continue
        steps.append(tuple(waiting))
        stages.append(stage)
        done, waiting = [*done, *waiting], []
    return steps, stages


def _standings(
    cases: Sequence[Case], options: Options, progress: Progress | None, notify: Notify
) -> list[tuple[Standing, Estimate]]:
    """Each case, and the difference of its mean from the one before: on common draws where they count the same years."""
    found: list[tuple[Standing, Estimate]] = []
    for _, group in groupby(cases, key=lambda one: (one.scenario.time.first_year, one.scenario.time.years)):
        for standing, change in _of_years(list(group), options, progress, notify):
            if change is None:
                change = _apart(found[-1][0].mean, standing.mean) if found else precision.certain(0.0)
            found.append((standing, change))
    return found


def _apart(before: Estimate, after: Estimate) -> Estimate:
    """Of means that have no draws in common: their errors add up."""
    return Estimate(after.value - before.value, float((before.error**2 + after.error**2) ** 0.5))


def _of_years(
    cases: Sequence[Case], options: Options, progress: Progress | None, notify: Notify
) -> list[tuple[Standing, Estimate | None]]:
    if len(cases) == 1:
        result = cases[0].result(options, progress)
        return [(Standing(result.chance(), result.mean()), None)]
    found = compare.compare(cases, options, progress, notify)
    each = [Standing(one.chance, one.mean) for one in found.alternatives]
    changes = [found.difference(i + 1, i).mean for i in range(len(cases) - 1)]
    return list(zip(each, [None, *changes], strict=True))
