"""What scenarios have in common: assumptions that are one and the same number in all of them, and so are drawn once.

An assumption of the same name, value and uncertainty is the same number. Those that are correlated must also be mixed of the same scores; so the
columns of what more scenarios share come first, and what is left over of different correlations is taken apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from simulate.sampling import Layout, Sampler
from simulate.scenario import Scenario, reading
from simulate.scenario.reading import width
from simulate.scenario.schema import Assumption

Reason = Literal["value", "uncertainty", "each_year", "correlation"]
Members = tuple[int, ...]  # scenarios, by their place

SAME = 1e-6  # of weights: what a root of the same singular matrix may differ by, and what nobody could notice


@dataclass(frozen=True, slots=True)
class Differing:
    """An assumption whose name several scenarios have and whose number differs: where it is the same, and why it is not everywhere."""

    name: str
    groups: tuple[Members, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Common:
    """Samplers of scenarios whose draws are the same points; shared: uncertain assumptions that are one number in all that use them."""

    samplers: list[Sampler]
    shared: list[str]
    differing: list[Differing]


@dataclass(frozen=True, slots=True)
class _Group:
    """An uncertain assumption and the scenarios in which it is one number."""

    name: str
    members: Members


def common(scenarios: Sequence[Scenario]) -> Common:
    """One cube for all scenarios: what they share has one set of columns, the rest of each its own."""
    users = _users(scenarios)
    groups = [
        _Group(name, members)
        for name, among in users.items()
        for members in _alike(name, among, scenarios)
        if scenarios[members[0]].assumptions[name].uncertainty is not None
    ]
    while True:
        samplers = _samplers(scenarios, groups)
        parted = [part for group in groups for part in _parted(group, samplers)]
        if parted == groups:
            break
        groups = parted
    differing = [_differing(name, among, scenarios, groups) for name, among in users.items()]
    return Common(
        samplers,
        [group.name for group in groups if len(group.members) > 1 and group.members == users[group.name]],
        [one for one in differing if len(one.groups) > 1],
    )


def _users(scenarios: Sequence[Scenario]) -> dict[str, Members]:
    """Assumption → the scenarios that use it, in the order of the files."""
    found: dict[str, Members] = {}
    for i, scenario in enumerate(scenarios):
        used = reading.used(scenario)
        for name in scenario.assumptions:
            if name in used:
                found[name] = (*found.get(name, ()), i)
    return found


def _traits(one: Assumption) -> dict[Reason, object]:
    """What makes it the number that it is; labels and sources do not."""
    uncertain = one.uncertainty
    return {
        "value": one.value,
        "uncertainty": None if uncertain is None else (uncertain.kind, uncertain.parameters),
        "each_year": (one.each_year, one.each_year and one.persistence),
    }


def _alike(name: str, among: Members, scenarios: Sequence[Scenario]) -> list[Members]:
    return _classes(
        among, lambda i, j: _traits(scenarios[i].assumptions[name]) == _traits(scenarios[j].assumptions[name])
    )


def _classes(members: Members, same: Callable[[int, int], bool]) -> list[Members]:
    """Members parted into those that are the same as the first of theirs."""
    found: list[Members] = []
    for i in members:
        place = next((k for k, group in enumerate(found) if same(group[0], i)), None)
        if place is None:
            found.append((i,))
        else:
            found[place] = (*found[place], i)
    return found


def _samplers(scenarios: Sequence[Scenario], groups: Iterable[_Group]) -> list[Sampler]:
    """Columns in the order of the files, so that a first scenario that has all there is draws what it draws alone."""
    of = {(group.name, i): group for group in groups for i in group.members}
    first: dict[_Group, int] = {}
    scores = 0
    for i, scenario in enumerate(scenarios):
        for name in scenario.assumptions:
            group = of.get((name, i))
            if group is not None and group not in first:
                first[group] = scores
                scores += width(scenario, name)
    # a score is mixed of those before it: what more scenarios have must not be mixed of what fewer do
    order = sorted(first, key=lambda group: (-len(group.members), first[group]))
    return [
        Sampler(scenario, Layout({group.name: first[group] for group in order if i in group.members}, scores))
        for i, scenario in enumerate(scenarios)
    ]


def _parted(group: _Group, samplers: Sequence[Sampler]) -> list[_Group]:
    """The group, or its parts that are mixed of the same scores."""
    loadings = {i: samplers[i].loadings()[group.name] for i in group.members}
    return [
        _Group(group.name, members)
        for members in _classes(group.members, lambda i, j: _mixed_alike(loadings[i], loadings[j]))
    ]


def _mixed_alike(a: dict[int, float], b: dict[int, float]) -> bool:
    return all(abs(a.get(column, 0.0) - b.get(column, 0.0)) < SAME for column in a.keys() | b.keys())


def _differing(name: str, among: Members, scenarios: Sequence[Scenario], groups: Sequence[_Group]) -> Differing:
    traits = [_traits(scenarios[i].assumptions[name]) for i in among]
    reasons: list[Reason] = [key for key in traits[0] if any(one[key] != traits[0][key] for one in traits)]
    apart = [group.members for group in groups if group.name == name]
    certain = tuple(i for i in among if not any(i in members for members in apart))
    apart += _alike(name, certain, scenarios)
    if not reasons and len(apart) > 1:
        reasons.append("correlation")
    return Differing(name, tuple(sorted(apart)), tuple(reasons))
