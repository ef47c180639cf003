"""Variants of a case that differ in numbers that only money hangs on: of the same lives, and most of them told by a few runs.

What a variant costs is told by its prices alone, whatever its numbers are called: prices of some draws, made by the ledger from the variant's own
numbers, clipped as those of every draw. Variants differ along as few directions as these prices do: one, where a price is the product of two
numbers that are varied; four, where five years are indexed. In these directions all that is kept of a run is a polynomial (simulate.measures),
and is told by as many runs as the polynomial has terms (nodes.py).

Nodes are variants of the family, chosen from what the family is and nothing else; so no bit of an answer hangs on which variants are asked
for, or when. A variant whose prices lie off what the nodes' span, or where something else is clipped, is valued itself, on the same lives.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from math import comb
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate import ledger, model
from simulate.engine import nodes
from simulate.engine.case import Case
from simulate.engine.nodes import Nodes
from simulate.engine.result import Result
from simulate.engine.samples import Samples
from simulate.engine.told import OF_DRAWN, Share, Shares, Telling, Told
from simulate.engine.work import Work
from simulate.errors import InputError
from simulate.ledger import Accounts, Prices
from simulate.names import BLOCKS
from simulate.options import Options, Progress
from simulate.pace import Pace
from simulate.plan import Plan
from simulate.sampling import Chunk, Sampler, rounded_up
from simulate.scenario import Scenario, queries
from simulate.scenario.expressions import Constant, Done, Expression
from simulate.scenario.queries import Use
from simulate.scenario.values import Limits

Array = NDArray[np.float64]
Numbers = Mapping[str, Any]
"""A variant's, by the names of assumptions and by paths, as Case.with_() takes them."""
Key = tuple[Any, ...]

LOOKED_AT = 40  # variants, about, that nodes are chosen from; as many as a cubic in all numbers has terms, at least
MOST_LOOKED_AT = 200
MOST_DIRECTIONS = 12  # of prices; more would take more runs than they save
ROUNDING = 1e-12  # of a price at its largest: what prices may be off those that nodes span
FAR = 20.0  # sum of all weights' sizes, by which errors of rounding grow
FINE = 13  # values that stand for a stretch of them
WITNESSES = 2  # variants that the nodes' prices tell in every draw, or nothing is told; more, where a number has values that no node has
MOST_COUNTED = 400  # variants of which the directions are counted
SAME = 1e-9  # of the range of a number: directions in which variants differ by less are none
MANY = 20  # nodes, which are worth it for twice as many cells
OWN_DRAWS = 32  # of the run's own, at which prices are looked at as well: there the assumptions differ from each other as they do in the run
# Degree → of what is told: rounding errors of larger amounts, which cancel, may be no more. Differences of what is quadratic are taken further on
LOST = {1: 1e-13, 2: 1e-12, 3: 1e-10}
# Points of each distribution at which prices are looked at: no draw's factor on a price is 0 at all of them, if it is not 0 always
POINTS = (0.03, 0.3, 0.5, 0.7, 0.97)
BENDING = {
    "min",
    "max",
    "/",
}  # steps of a calculation that may do otherwise in a few draws than in those that are looked at
ENDS = 2  # and the last two: the least and the most of what the run draws, so that what is clipped in any draw is clipped there


class Seen(NamedTuple):
    """A variant's case, its prices at POINTS and in some draws (price,), the largest of each (place,), each in two rows (row, place), what is clipped
    there, what its assumptions are drawn by, but for their factors, and, where the run clips any draw, by what that was multiplied."""

    case: Case
    prices: Array
    sizes: Array
    rows: Array
    clipped: Mapping[str, bytes]
    drawn: Mapping[str, Hashable]
    cut: Mapping[str, Any]

    def is_like(self, other: Seen) -> bool:
        return self.clipped == other.clipped and self.drawn == other.drawn and self.cut == other.cut


@dataclass(frozen=True)
class Span:
    """Nodes, by their keys, and how they tell of others: what is seen of them, where prices begin, what they are measured by, the directions in
    which they differ, how far; the nodes' polynomials, and which of the nodes tell those of each degree."""

    keys: list[Key]
    nodes: list[Seen]
    like: Seen
    scale: Array
    directions: Nodes
    far: float
    of: Mapping[int, tuple[list[int], Nodes]]
    witnesses: list[Key]

    def shares(self, seen: Seen) -> Shares | None:
        """None where the nodes do not tell of it."""
        if not seen.is_like(self.like):
            return None
        off = ((seen.prices - self.like.prices) / self.scale)[None]
        if float(self.directions.off(off)[0]) > ROUNDING:
            return None
        place = _along(off, self.directions) / self.far
        found = {}
        for degree, (own, polynomials) in self.of.items():
            rows = nodes.polynomials(place, degree)
            weights = polynomials.weights(rows)[0]
            if float(polynomials.off(rows)[0]) > ROUNDING * 10 or float(np.abs(weights).sum()) > FAR:
                return None
            if self._loses(seen, own, weights, degree):
                return None
            found[degree] = Share(own, weights.tolist())
        return found

    def _loses(self, seen: Seen, own: list[int], weights: Array, degree: int) -> bool:
        """Whether what comes of a small price would be lost in the rounding errors of the nodes' large ones, which cancel, or in those of their
        weights: powers of the prices themselves are told first."""
        there = seen.sizes > 0
        room = LOST[degree] * seen.sizes[there] ** degree
        sizes, rows = self._sizes[own][:, there] ** degree, self._rows[own][..., there] ** degree
        if (np.finfo(np.float64).eps * (np.abs(weights) @ sizes) > room).any():
            return True
        told = np.einsum("i,ijk->jk", weights, rows)
        return bool((np.abs(told - seen.rows[:, there] ** degree) > room).any())

    @cached_property
    def _sizes(self) -> Array:
        """(node, place)"""
        return np.stack([one.sizes for one in self.nodes])

    @cached_property
    def _rows(self) -> Array:
        """(node, row, place)"""
        return np.stack([one.rows for one in self.nodes])


@dataclass(frozen=True)
class Priced:
    """A family of variants. keys: of all of them, each once, in an order of their own; vary: what makes a case of a variant's numbers. all_asked:
    whether each of them will be asked for, so that nodes must be few beside them."""

    case: Case
    options: Options
    names: tuple[str, ...]
    keys: tuple[Key, ...]
    samples: Samples
    vary: Callable[[Numbers], Case]
    all_asked: bool = False
    _made: dict[Key, Told] = field(default_factory=dict)
    _looked: dict[Key, Seen] = field(default_factory=dict)
    _points: dict[Hashable, Array] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        case: Case,
        cells: Sequence[Numbers],
        options: Options,
        samples: Samples | None = None,
        vary: Callable[[Numbers], Case] | None = None,
        all_asked: bool = False,
    ) -> Priced:
        """cells: all variants of the family, each with the same names; their order says nothing. samples: lives of other runs, with the same options.
        vary: Case.with_, where not given. all_asked: whether each cell will be asked for: then nothing is told of a family that is small beside its
        nodes (is_worth()).

        Raises InputError for a path that leads nowhere, ValueError for a number that lives hang on.
        """
        names = tuple(sorted(cells[0])) if cells else ()
        for name in names:
            if case.drives_lives(name):
                raise ValueError(f"lives hang on {name}")
        keys = sorted({_key(cell, names) for cell in cells}, key=lambda key: (_place(key), repr(key)))
        return cls(
            case, options, names, tuple(keys), Samples() if samples is None else samples, vary or case.with_, all_asked
        )

    # What is asked -----------------------------------------------------------------------------------------------------

    @property
    def nodes(self) -> list[dict[str, Any]]:
        """The variants that are run, and tell of others."""
        return [self._numbers(key) for key in self._span.keys] if self._span else []

    @property
    def tells(self) -> bool:
        """Whether the nodes tell of anything; else each variant is better valued by itself."""
        return self._span is not None

    def is_told(self, cell: Numbers) -> bool:
        """Whether a variant is told by the nodes, or is one. Raises ScenarioError and InputError as Case.with_()."""
        key = _key(cell, self.names)
        return self._span is not None and (key in self._span.keys or self._span.shares(self._seen(key)) is not None)

    def run(self, cell: Numbers, progress: Progress | None = None, pace: Pace | None = None) -> Result:
        """The answer of a variant, one of the family or another with its names. progress: of it and the nodes that are run for it.

        Raises ScenarioError and InputError as Case.with_(), ResourceError as Work.run().
        """
        key, span, pace = _key(cell, self.names), self._span, pace or Pace()
        if span is not None and key in span.keys:
            return self._node(key, progress, pace).result
        seen = self._seen(key)
        shares = span.shares(seen) if span is not None else None
        if span is None or shares is None or not self._is_sound(progress, pace):
            return self._work(seen.case).run(progress, pace)
        if progress:
            progress(self.options.draws, self.options.draws)
        return Telling([self._made[one] for one in span.keys], shares, seen.case).result()

    # The nodes ---------------------------------------------------------------------------------------------------------

    @cached_property
    def _span(self) -> Span | None:
        """None where nothing is told: every variant is valued itself."""
        known = {} if self.options.engine == "point" or self._is_small else self._looked_at()
        if not known:
            return None
        among = [known[self._own]] if self._own is not None and self._own in known else list(known.values())
        like = max(among, key=lambda one: sum(map(one.is_like, known.values())))
        alike = {key: one for key, one in known.items() if one.is_like(like)}
        first = next(key for key, one in alike.items() if one is like)
        return self._spanned(list(alike), list(alike.values()), first)

    @property
    def _is_small(self) -> bool:
        """Whether the family is too small to be told, as far as its numbers tell before any of its prices are made: were prices linear in them."""
        degree, cells = self._degrees[-1], len(self.keys)
        if not self.all_asked:
            return False
        if not is_worth(cells, degree + 1):
            return True
        step = -(-cells // MOST_COUNTED)
        within = _within(self._places[::step])
        within = (within - within[0]) / 2
        directions = Nodes(within[nodes.farthest(within, SAME)])
        if is_worth(cells, comb(len(directions.rows) + degree, degree)):
            return False
        if len(directions.rows) > MOST_DIRECTIONS:
            return True
        rows = nodes.polynomials(_along(within, directions), degree)
        return not is_worth(cells, len(nodes.farthest(rows, nodes.nothing(rows))))

    @cached_property
    def _places(self) -> Array:
        """(variant, number) all of their numbers; of lists of other lengths which of the variants it is."""
        places = [_place(key) for key in self.keys]
        if len({len(place) for place in places}) > 1:
            places = [(float(i),) for i in range(len(places))]
        return np.array(places)

    def _spanned(self, keys: list[Key], seen: list[Seen], first: Key) -> Span | None:
        prices, like = np.stack([one.prices for one in seen]), seen[keys.index(first)]
        scale = np.abs(prices).max(axis=0)
        scale[scale == 0] = 1.0
        off = (prices - like.prices) / scale
        chosen = nodes.farthest(off, ROUNDING)
        if len(chosen) > MOST_DIRECTIONS:
            return None
        directions = Nodes(off[chosen])
        places = _along(off, directions)
        far = float(np.abs(places).max(initial=0.0)) or 1.0
        rows = {degree: nodes.polynomials(places / far, degree) for degree in self._degrees}
        if self.all_asked:
            independent = nodes.farthest(rows[self._degrees[-1]], nodes.nothing(rows[self._degrees[-1]]))
            if not is_worth(len(self.keys), len(independent)):
                return None
        highest = nodes.choose(rows[self._degrees[-1]], keys.index(first))
        of = {}
        for degree in self._degrees:
            own = highest if degree == self._degrees[-1] else nodes.choose(rows[degree], among=highest)
            of[degree] = [highest.index(one) for one in own], Nodes(rows[degree][own])
        size = np.abs(of[self._degrees[-1]][1].weights(rows[self._degrees[-1]])).sum(axis=1)
        others = [int(one) for one in np.argsort(-np.round(size, 6), kind="stable") if int(one) not in highest]
        witnesses = others[:WITNESSES]
        for place in range(len(self.names)):
            known = {keys[one][place] for one in highest + witnesses}
            witnesses += [one for one in others if keys[one][place] not in known][:1]
        found = [keys[one] for one in highest], [seen[one] for one in highest], like, scale, directions, far, of
        return Span(*found, [keys[one] for one in witnesses])

    @property
    def _degrees(self) -> list[int]:
        return [1, 2, 3] if self.options.adds_luck else [1, 2]

    def _looked_at(self) -> Mapping[Key, Seen]:
        """Variants that the rules allow: the case as it is, and about Fekete points of all of them."""
        own = [place for place, key in enumerate(self.keys) if key == self._own]
        chosen = sorted({*_spread(self._places), *own})
        for place in chosen:
            try:
                self._looked[self.keys[place]] = self._seen(self.keys[place])
            except InputError:  # a node must be something that can be run
                continue
        return self._looked

    @cached_property
    def _own(self) -> Key | None:
        """The case's own numbers; None where one is uncertain."""
        found = [self.case.certain_number(name) for name in self.names]
        return (
            None if any(one is None for one in found) else _key(dict(zip(self.names, found, strict=True)), self.names)
        )

    def _is_sound(self, progress: Progress | None, pace: Pace) -> bool:
        """Whether the nodes, which are run first, had the same lives, and their prices tell those of others in every draw."""
        missing = [key for key in self._nodes if key not in self._made]
        for i, key in enumerate(missing):
            done = _part(progress, i, len(missing))
            self._node(key, done, pace)
        return self._is_straight

    @property
    def _nodes(self) -> list[Key]:
        assert self._span is not None
        return self._span.keys

    def _node(self, key: Key, progress: Progress | None, pace: Pace) -> Told:
        if key not in self._made:
            work = self._work(self._seen(key).case)
            kept = work.done(progress, pace)
            self._made[key] = Told(work.result(kept), kept, work.luck_parts if self.options.adds_luck else None)
        return self._made[key]

    @cached_property
    def _is_straight(self) -> bool:
        """As it is found once the nodes are run."""
        assert self._span is not None
        first, *others = (self._made[key].kept for key in self._nodes)
        alike = all(
            np.array_equal(value, one.sums.blocks[measure])
            for one in others
            for measure, value in first.sums.blocks.items()
            if measure.degree == 0
            and measure not in OF_DRAWN  # which are the same but for their factors, as marks tell
        )
        same = all(
            (one.clipped, one.with_clipped) == (first.clipped, first.with_clipped)
            and one.columns.layout == first.columns.layout
            for one in others
        )
        return alike and same and all(map(self._is_told_in_every_draw, self._span.witnesses))

    def _is_told_in_every_draw(self, key: Key) -> bool:
        assert self._span is not None
        seen = self._seen(key)
        share = (self._span.shares(seen) or {}).get(1)
        if share is None:
            return False
        cases = [seen.case, *(self._seen(self._nodes[node]).case for node in share.nodes)]
        for chunk in self._work(seen.case).plan:
            own, *known = (self._prices_of(case, self._drawn(case, chunk))[0] for case in cases)
            told = Share(range(len(known)), share.weights).of(known)
            if np.abs(own - told).max() > FAR * ROUNDING * max(float(np.abs(one).max()) for one in (own, *known)):
                return False
        return True

    # A variant ---------------------------------------------------------------------------------------------------------

    def _numbers(self, key: Key) -> dict[str, Any]:
        return {name: list(one) if isinstance(one, tuple) else one for name, one in zip(self.names, key, strict=True)}

    def _work(self, case: Case) -> Work:
        return case.work(self.options, self.samples, again=True)

    def _seen(self, key: Key) -> Seen:
        if key in self._looked:
            return self._looked[key]
        case = self.vary(self._numbers(key))
        prices, found = self._prices_of(case, self._at_points(case))
        clipped = {path: hits.tobytes() for path, hits in found.clipped.items()}
        marks = case.sampler.units.marks
        drawn = {one.name: marks[one.name] for one in case.sampler.free}
        cut = _cut(case, [path for path, hits in found.clipped.items() if hits[-ENDS:].any()])
        return Seen(case, prices, _sizes(found), _rows(found), clipped, drawn, cut)

    def _drawn(self, case: Case, chunk: Chunk) -> Mapping[str, Array]:
        """As Sampler.numbers(), but what is scaled is drawn once for all its factors."""
        return case.sampler.scaled(self.samples.numbers(case.sampler.units, self.options, chunk))

    def _prices_of(self, case: Case, numbers: Mapping[str, Array]) -> tuple[Array, Prices]:
        accounts = Accounts(case.model, model.PERIODS[self.options.period])
        found = ledger.prices(accounts, case.sampler.placed(dict(numbers)))
        return np.concatenate([one.ravel() for one in _parts(found)]), found

    def _at_points(self, case: Case) -> Mapping[str, Array]:
        """(point, year or 1) what is drawn of each assumption that is free: in the first of the run's draws, at POINTS, its mean, and the least and
        the most that the run draws of it."""
        units = case.sampler.units
        if any(units.marks[one.name] not in self._points for one in units.free):
            each = rounded_up(self.options.draws, self.options.design) // BLOCKS
            drawn = self.samples.numbers(units, self.options, Chunk(0, min(OWN_DRAWS, each), each))
            points, ends = np.array(POINTS)[:, None], self._ends(units)
            for one in units.free:
                found = np.concatenate([one.distribution.ppf(points), [[one.distribution.mean]], ends[one.name]])
                wide = np.broadcast_to(found, (len(found), drawn[one.name].shape[1]))
                self._points[units.marks[one.name]] = np.concatenate([drawn[one.name], wide])
        return case.sampler.scaled({one.name: self._points[units.marks[one.name]] for one in units.free})

    def _ends(self, units: Sampler) -> dict[str, Array]:
        """(end, 1) the least and the most of all that the run draws of each assumption that is free."""
        found = {one.name: np.array([[np.inf], [-np.inf]]) for one in units.free}
        for chunk in self._plan:
            for name, drawn in self.samples.numbers(units, self.options, chunk).items():
                least, most = found[name]
                found[name] = np.array([np.minimum(least, drawn.min()), np.maximum(most, drawn.max())])
        return found

    @cached_property
    def _plan(self) -> Plan:
        return self._work(self.case).plan


def is_worth(cells: int, nodes: int) -> bool:
    """Whether so many nodes are few beside the cells that are asked for. Nodes are cells, too, but each process that makes some of the others, first
    of all or after a break, makes all the nodes; and many cells are shared by more of them."""
    return cells > nodes * (1 + nodes / MANY)


def _cut(case: Case, clipped: Collection[str]) -> dict[str, Any]:
    """Path → by what the numbers that are drawn there are multiplied, of numbers that the run clips in any draw; and of calculations that may bend
    in some draws only all that they are made of."""
    scenario, found = case.scenario, dict[str, Any]()
    bent = [use for use in queries.uses(scenario) if not queries.is_of_lives(use.path) and _bends(use, scenario)]
    for use in bent:
        found[case.model.path(*use.path)] = [_made_of(name, case) for name in queries.roots(use.value, scenario)]
    if not clipped:
        return found
    free = {one.name: one for one in case.sampler.free}
    for use in queries.uses(scenario):
        path = case.model.path(*use.path)
        if path in clipped and path not in found:
            own = [free[one] for one in queries.names_in(use.value) if one in free]
            found[path] = [(one.name, one.distribution.factor, one.assumption.value) for one in own]
    return found


def _bends(use: Use, scenario: Scenario) -> bool:
    """Whether it is a calculation that is clipped to limits, by whatever of its parts, or one with steps that are not smooth."""
    made = queries.formulas(scenario)
    values = [use.value, *(made[name] for name in queries.roots(use.value, scenario) if name in made)]
    calculated = [item for one in values for item in queries.items(one) if isinstance(item, Expression)]
    return bool(calculated) and (use.rule.clips != Limits() or any(map(_is_bent, calculated)))


def _is_bent(one: Expression) -> bool:
    """Whether a step of it is not smooth; what is divided by is the step before, where that is a number."""
    return any(
        isinstance(step, Done) and step.sign in BENDING and not (step.sign == "/" and isinstance(before, Constant))
        for before, step in pairwise(one.program)
    )


def _made_of(name: str, case: Case) -> tuple[Any, ...]:
    """What an assumption's numbers are in all draws, beside what they are drawn by."""
    one, fixed = case.scenario.assumptions[name], case.sampler.fixed.get(name)
    return name, one.value, one.scale, None if fixed is None else fixed.tobytes()


def _parts(found: Prices) -> tuple[Array, ...]:
    return found.state, found.budget, found.per_family, found.person_years, found.discount


def _sizes(found: Prices) -> Array:
    """(place,) the largest of each price over the draws."""
    return np.concatenate([np.abs(one).max(axis=0).ravel() for one in _parts(found)])


def _rows(found: Prices) -> Array:
    """(row, place) each price in the first draw, and at the mean."""
    rows = [one.reshape(len(one), -1)[[0, -1 - ENDS] if len(one) > 1 else [0, 0]] for one in _parts(found)]
    return np.concatenate(rows, axis=1)


def between(low: float, high: float) -> list[float]:
    """Values that stand for all of those between two: Chebyshev's points."""
    share = (1 - np.cos(np.linspace(0, np.pi, FINE))) / 2
    return [*(low + share[:-1] * (high - low)).tolist(), high]


def _along(off: Array, directions: Nodes) -> Array:
    """(variant, direction) of prices (variant, price)."""
    return np.asarray(np.einsum("ij,kj->ik", off, directions.directions))


def _key(cell: Numbers, names: Sequence[str]) -> Key:
    return tuple(_number(cell[name]) for name in names)


def _number(value: Any) -> Any:
    """Alike for what is read alike: a list as a tuple, whole numbers as others."""
    if isinstance(value, list | tuple | np.ndarray):
        return tuple(map(_number, value))
    is_number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    return float(value) if is_number else value


def _place(key: Key) -> tuple[float, ...]:
    """The numbers in it; those of lists that are not as long as each other's are no place, and all alike."""
    found = []
    for one in key:
        found += [
            float(item) if isinstance(item, float) else 0.0 for item in (one if isinstance(one, tuple) else (one,))
        ]
    return tuple(found)


def _within(places: Array) -> Array:
    """(place, number) between -1 and 1; numbers that are the same everywhere are left out."""
    sizes = np.abs(places).max(axis=0)
    places = places / np.where(sizes > 0, sizes, 1.0)  # so that no difference is too large for a number
    low, high = places.min(axis=0), places.max(axis=0)
    varies = high > low
    return np.asarray(2 * (places[:, varies] - low[varies]) / (high - low)[varies] - 1)


def _spread(places: Array) -> list[int]:
    """About Fekete points of places (place, number), as many as may be looked at: also where prices bend between them."""
    within = _within(places)
    numbers = within.shape[1]
    degree = max(
        d for d in range(13) if comb(numbers + d, d) <= LOOKED_AT or (d <= 3 and comb(numbers + d, d) <= MOST_LOOKED_AT)
    )
    if not degree and numbers:
        return list(range(0, len(places), -(-len(places) // LOOKED_AT)))
    return nodes.choose(nodes.polynomials(within, degree))


def _part(progress: Progress | None, i: int, of: int) -> Progress | None:
    """Of one of several runs that are shown as one."""
    return None if progress is None else lambda done, draws: progress((i * draws + done) // of, draws)
