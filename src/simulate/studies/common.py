"""What scenarios have in common: assumptions that are one and the same number in all of them, and so are drawn once.

An assumption of the same name, value and uncertainty is the same number. Those that are correlated must also be mixed of the same scores; so the
columns of what more scenarios share come first, and what is left over of different correlations is taken apart. Where one is held or scaled it
keeps the column that it has elsewhere, so that the others' draws are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from simulate.sampling import Layout, Sampler
from simulate.scenario import Scenario, queries
from simulate.scenario.queries import width
from simulate.scenario.schema import Assumption

Reason = Literal["value", "uncertainty", "each_year", "held", "scale", "correlation"]
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
    """An uncertain assumption and the scenarios in which it is drawn as one number, whatever it is held at or scaled by."""

    name: str
    members: Members


def common(scenarios: Sequence[Scenario]) -> Common:
    """One cube for all scenarios: what they share has one set of columns, the rest of each its own."""
    groups = [
        _Group(name, members)
        for name, among in _users(scenarios, queries.columns).items()
        for members in _classes(among, _same(_drawn, name, scenarios))
    ]
    while True:
        samplers = _samplers(scenarios, groups)
        parted = [part for group in groups for part in _parted(group, samplers)]
        if parted == groups:
            break
        groups = parted
    users = _users(scenarios, queries.used)
    numbers = [_differing(name, among, scenarios, groups) for name, among in users.items()]
    return Common(
        samplers,
        [one.name for one in numbers if len(one.groups) == 1 and _is_shared(one, scenarios)],
        [one for one in numbers if len(one.groups) > 1],
    )


def _users(scenarios: Sequence[Scenario], using: Callable[[Scenario], Container[str]]) -> dict[str, Members]:
    """Assumption → the scenarios that use it, in the order of the files."""
    found: dict[str, Members] = {}
    for i, scenario in enumerate(scenarios):
        used = using(scenario)
        for name in scenario.assumptions:
            if name in used:
                found[name] = (*found.get(name, ()), i)
    return found


def _is_shared(one: Differing, scenarios: Sequence[Scenario]) -> bool:
    members = one.groups[0]
    return len(members) > 1 and scenarios[members[0]].assumptions[one.name].uncertainty is not None


Traits = dict[Reason, object]


def _drawn(one: Assumption) -> Traits:
    """What makes it the number that is drawn; labels and sources do not."""
    written = one.written
    uncertain = written.uncertainty
    return {
        "value": written.value,
        "uncertainty": None if uncertain is None else (uncertain.kind, uncertain.parameters),
        "each_year": (written.each_year, written.each_year and written.persistence),
    }


def _counted(one: Assumption) -> Traits:
    """What makes it the number that it is."""
    return {"value": one.value} if one.uncertainty is None else _drawn(one) | {"scale": one.scale}


def _same(
    traits: Callable[[Assumption], Traits], name: str, scenarios: Sequence[Scenario]
) -> Callable[[int, int], bool]:
    """Whether an assumption is the same in two scenarios."""
    return lambda i, j: traits(scenarios[i].assumptions[name]) == traits(scenarios[j].assumptions[name])


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
    """The first scenario's own columns, then the others' in the order of the files: a first one that has all there is draws what it draws alone."""
    of = {(group.name, i): group for group in groups for i in group.members}
    own = Layout.of(scenarios[0])
    first = {of[name, 0]: column for name, column in own.first.items()}
    scores = own.scores
    for i, scenario in enumerate(scenarios):
        for name in scenario.assumptions:
            group = of.get((name, i))
            if group is not None and group not in first:
                first[group] = scores
                scores += width(scenario, name)
    moved = scores - own.scores  # by so much the first scenario's further columns begin later
    first |= {of[name, 0]: column + moved for name, column in own.first.items() if column >= own.scores}
    further = {of[name, 0]: slice(one.start + moved, one.stop + moved) for name, one in own.further.items()}
    # a score is mixed of those before it: what more scenarios have must not be mixed of what fewer do
    order = sorted(first, key=lambda group: (-len(group.members), first[group]))
    return [
        Sampler(
            scenario,
            Layout(
                {group.name: first[group] for group in order if i in group.members},
                scores,
                {group.name: one for group, one in further.items() if i in group.members},
                own.more,
            ),
        )
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
    given = [scenarios[i].assumptions[name] for i in among]
    traits: list[Traits] = [
        _drawn(one) | {"held": one.written.held, "scale": None if one.uncertainty is None else one.scale}
        for one in given
    ]
    reasons: list[Reason] = [key for key in traits[0] if any(one[key] != traits[0][key] for one in traits)]
    certain = tuple(i for i, one in zip(among, given, strict=True) if one.uncertainty is None)
    together = [
        tuple(i for i in group.members if i in among and i not in certain) for group in groups if group.name == name
    ]
    apart = [members for part in [*together, certain] for members in _classes(part, _same(_counted, name, scenarios))]
    if not reasons and len(apart) > 1:
        reasons.append("correlation")
    return Differing(name, tuple(apart), tuple(reasons))
