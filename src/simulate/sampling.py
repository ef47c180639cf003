"""A design → one value of every uncertain number for each draw.

Every design makes a unit cube and every distribution is an inverse distribution function, so that designs differ in one line.
The draws are 16 blocks, each randomised for itself. Luck never uses the cube.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from threading import Lock
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate.designs import DESIGNS
from simulate.distributions import Distribution
from simulate.names import BLOCKS
from simulate.scenario import Scenario, queries
from simulate.scenario.queries import width
from simulate.scenario.schema import Assumption

Array = NDArray[np.float64]
Values = Mapping[str, Array]
"""(draw or 1, year or 1) values of each assumption; of one that is made of others only where it is held at a value."""

NOTHING_KNOWN: Mapping[str, Array] = MappingProxyType({})
SMALLEST = 2.0**-53
SMALL = 1 << 14  # numbers of a block
NOTHING = 1e-13  # an eigenvalue of a correlation matrix so small is a rounding error


def rounded_up(draws: int, design: str) -> int:
    """The number of draws that the design's 16 equal blocks have room for."""
    each = -(-draws // BLOCKS)
    if design == "sobol":
        each = 1 << (each - 1).bit_length()
    return BLOCKS * each


class Chunk(NamedTuple):
    """Draws first..last-1 of all, of one block or of several whole ones. Rounds of 16 blocks follow each other."""

    first: int
    last: int
    each: int  # draws of a block

    @property
    def draws(self) -> int:
        return self.last - self.first

    @property
    def block(self) -> int:
        """The first one."""
        return self.first // self.each

    @property
    def blocks(self) -> int:
        """How many."""
        return -(-self.last // self.each) - self.block

    def of_blocks(self) -> Iterator[tuple[int, int, int]]:
        """The number that each block's points are randomised by, and which draws of it."""
        for block in range(self.block, self.block + self.blocks):
            begin = block * self.each
            number = 2 * BLOCKS * (block // BLOCKS) + block % BLOCKS
            yield number, max(self.first - begin, 0), min(self.last - begin, self.each)


def cube(design: str, seed: int, block: int, draws: int, scores: int, further: int = 0) -> Array:
    """As _cube(), made once however many threads want it."""
    with _making:
        made = _small if draws * (scores + further) <= SMALL else _large
        return made(design, seed, block, draws, scores, further)


_making = Lock()


def _cube(design: str, seed: int, block: int, draws: int, scores: int, further: int) -> Array:
    """(draw, score) points in the open unit cube of one block, randomised by (seed, block).

    further: columns of a cube of its own beside it, since more columns would change all of them.
    """
    points = _inside(DESIGNS[design](np.random.default_rng([seed, block]), draws, scores))
    if not further:
        return points
    beside = _inside(DESIGNS[design](np.random.default_rng([seed, BLOCKS + block]), draws, further))
    return np.concatenate([points, beside], axis=1)


_small = lru_cache(maxsize=2 * BLOCKS)(_cube)  # for the runs that follow, too
_large = lru_cache(maxsize=2)(_cube)  # blocks are worked on in their order


def _inside(points: Array) -> Array:
    """Kept off 0 and 1, where inverse distribution functions are infinite."""
    return np.asarray(np.clip(points, SMALLEST, 1 - SMALLEST))


@dataclass(frozen=True, slots=True)
class Uncertain:
    """An assumption's distribution and the columns of the cube that are its own."""

    name: str
    distribution: Distribution
    assumption: Assumption
    columns: slice
    further: slice | None = None  # of its years beyond the layout's own

    @property
    def width(self) -> int:
        """The number of its columns."""
        return sum(part.stop - part.start for part in (self.columns, self.further) if part)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns of a cube of `scores` columns belong to which uncertain assumption.

    further: columns after them, in a cube beside it, of an `each_year` assumption's years beyond those that it has columns for.
    more: columns of the cube beside it, those included of what became uncertain after the columns were recorded.
    """

    first: Mapping[str, int]  # column of each
    scores: int
    further: Mapping[str, slice] = field(default_factory=dict)
    more: int = 0

    @classmethod
    def of(cls, scenario: Scenario) -> Layout:
        """One after the other, in the file's order; what nothing uses takes no column.

        A changed file keeps the columns that it had: what is held or no longer used keeps its own, what is new gets others beside them.
        """
        kept, used = queries.columns(scenario), queries.used(scenario)
        uncertain = [name for name, one in scenario.assumptions.items() if one.written.uncertainty is not None]
        scores, column, more = sum(kept.values()), 0, 0
        first, further = {}, {}
        for name, own in kept.items():
            if name in uncertain:
                first[name] = column
                beyond = width(scenario, name) - own
                if beyond > 0:
                    further[name] = slice(scores + more, scores + more + beyond)
                    more += beyond
            column += own
        for name in uncertain:
            if name not in kept and name in used:
                first[name] = scores + more
                more += width(scenario, name)
        return cls(first, scores, further, more)

    @classmethod
    def over(cls, scenario: Scenario, years: int) -> Layout:
        """For the scenario with another horizon: the same numbers are drawn in the years that both have."""
        time = scenario.time.model_copy(update={"years": years})
        kept = queries.with_columns(scenario, queries.columns(scenario))
        return cls.of(kept.model_copy(update={"time": time}))

    def doubled(self, second: bool) -> Layout:
        """The same columns in a cube of twice as many: its first half, or its second."""

        def at(column: int) -> int:
            if column < self.scores:
                return column + self.scores * second
            return column + self.scores + self.more * second

        first = {name: at(column) for name, column in self.first.items()}
        further = {
            name: slice(at(one.start), at(one.start) + one.stop - one.start) for name, one in self.further.items()
        }
        return Layout(first, 2 * self.scores, further, 2 * self.more)


class Sampler:
    """The joint distribution of a scenario's assumptions.

    layout: columns of the cube, where they are not the scenario's own (scenarios that share assumptions; two independent samples of them).
    fixed: assumptions that are held at a value (1, year or 1). They keep their columns, so that the others' draws stay what they are.
    like: another one, whose distributions are taken where the assumptions are its own.
    """

    def __init__(
        self,
        scenario: Scenario,
        layout: Layout | None = None,
        fixed: Values | None = None,
        like: Sampler | None = None,
    ) -> None:
        self.scenario = scenario
        self.layout = layout = layout or Layout.of(scenario)
        used, known = queries.used(scenario), {one.name: one for one in like._with_columns} if like else {}
        self.uncertain: list[Uncertain] = []
        self._with_columns: list[Uncertain] = []  # those included that are held or that nothing uses any more
        for name, column in layout.first.items():
            one = scenario.assumptions[name]
            further = layout.further.get(name)
            own = width(scenario, name) - (further.stop - further.start if further else 0)
            columns = slice(column, column + own)
            same = name in known and known[name].assumption is one
            distribution = known[name].distribution if same else queries.uncertain(one)
            self._with_columns.append(Uncertain(name, distribution, one, columns, further))
            if one.uncertainty is not None and name in used:
                self.uncertain.append(self._with_columns[-1])
        self.scores = layout.scores
        self.further = layout.more
        self.fixed = dict(fixed or {})
        self._mixing = _mixing(scenario, self._with_columns)

    def point(self) -> Values:
        """Every assumption at its value."""
        return self._listed | self.fixed

    @cached_property
    def _listed(self) -> dict[str, Array]:
        named = self.scenario.assumptions.items()
        return {name: _listed(one)[None, :] for name, one in named if one.formula is None}

    def means(self) -> Values:
        """Every assumption at its mean."""
        values = dict(self.point())
        for one in self.uncertain:
            values[one.name] = _placed(one, np.array([[one.distribution.mean]]))
        return values | self.fixed

    def at(self, probability: float) -> Values:
        """Every uncertain assumption at this point of its distribution function."""
        values = dict(self.point())
        for one in self.uncertain:
            values[one.name] = _placed(one, _quantile(one.distribution, probability))
        return values | self.fixed

    def holding(self, values: Values) -> Sampler:
        """With assumptions held at these values, too."""
        found = copy(self)
        found.__dict__.pop("units", None)
        found.fixed = self.fixed | dict(values)
        return found

    def held(self) -> Values:
        """(1, year or 1) values of assumptions that are not drawn here, but stand otherwise in the scenario."""
        if self._with_columns:
            return self.fixed
        certain = (name for name, one in self.scenario.assumptions.items() if one.uncertainty is not None)
        return {name: self._listed[name][None, :] for name in certain} | self.fixed

    @cached_property
    def units(self) -> Sampler:
        """The same, but what is scaled is drawn as it would be without its factor."""
        if not any(one.distribution.of for one in self._with_columns):
            return self
        found = copy(self)
        found.__dict__.pop("marks", None)
        found.uncertain = [_unit(one) for one in self.uncertain]
        found._with_columns = [_unit(one) for one in self._with_columns]
        return found

    def scaled(self, units: Values) -> dict[str, Array]:
        """Of what `units` draws of the assumptions that are free what is drawn here, to the last bit."""
        found = dict(units)
        for one in self.free:
            if one.distribution.of:
                found[one.name] = units[one.name] * one.distribution.factor
        return found

    @property
    def free(self) -> list[Uncertain]:
        """The uncertain assumptions that are not held at a value."""
        return [one for one in self.uncertain if one.name not in self.fixed]

    def begin(self, design: str, seed: int, chunk: Chunk) -> None:
        """Make beforehand what the draws of a block have in common."""
        if self.uncertain:
            for block, _, _ in chunk.of_blocks():
                cube(design, seed, block, chunk.each, self.scores, self.further)

    def draw(self, design: str, seed: int, chunk: Chunk) -> Values:
        """The values of a chunk's draws; certain assumptions have one row."""
        return self.placed(self.numbers(design, seed, chunk))

    @cached_property
    def marks(self) -> dict[str, Hashable]:
        """What the numbers of an uncertain assumption are drawn by: where two have the same, they are the same numbers in the same draws, as far
        as they are as wide."""
        loadings = self.loadings()

        def mark(one: Uncertain) -> Hashable:
            columns = [part.start for part in (one.columns, one.further) if part]
            last = 1 + max(*columns, *loadings[one.name])
            beside = self.further if last > self.scores else 0
            return (
                one.distribution,
                one.assumption.persistence,
                *columns,
                *loadings[one.name].items(),
                self.scores,
                beside,
            )

        return {one.name: mark(one) for one in self.uncertain}

    def numbers(
        self, design: str, seed: int, chunk: Chunk, known: Mapping[str, Array] = NOTHING_KNOWN
    ) -> dict[str, Array]:
        """(draw, year or 1) what is drawn of each assumption that is free: its values, or factors on its list by year; known: of some of them."""
        if all(one.name in known for one in self.free):
            return {one.name: known[one.name] for one in self.free}
        cubes = [
            cube(design, seed, block, chunk.each, self.scores, self.further)[first:last]
            for block, first, last in chunk.of_blocks()
        ]
        points = self._correlated(np.concatenate(cubes))
        found = {}
        for one in self.free:
            if one.name in known:
                found[one.name] = known[one.name]
                continue
            own = points[:, one.columns]
            if one.further is not None:
                own = np.concatenate([own, points[:, one.further]], axis=1)
            found[one.name] = one.distribution.ppf(_tied(own, one.assumption.persistence))
        return found

    def placed(self, numbers: Values) -> Values:
        """The values of all assumptions, of numbers drawn of those that are free."""
        values = dict(self.point())
        for one in self.free:
            values[one.name] = _placed(one, numbers[one.name])
        return values | self.fixed

    def loadings(self) -> dict[str, dict[int, float]]:
        """Of each uncertain assumption the columns whose scores its own (first) score is a sum of, with their weights."""
        found = {one.name: {one.columns.start: 1.0} for one in self._with_columns}
        if self._mixing is not None:
            columns, mixing = self._mixing
            names = {one.columns.start: one.name for one in self._with_columns}
            for column, row in zip(columns, mixing, strict=True):
                found[names[column]] = {of: float(weight) for of, weight in zip(columns, row, strict=True)}
        return found

    def _correlated(self, points: Array) -> Array:
        """A Gaussian copula over the columns of correlated assumptions."""
        if self._mixing is None:
            return points
        from simulate.special import ndtr, ndtri

        columns, mixing = self._mixing
        mixed = points.copy()
        # einsum, unlike a matrix product, sums in one order whatever the number of rows: chunks change no bit
        mixed[:, columns] = ndtr(np.einsum("dj,ij->di", ndtri(points[:, columns]), mixing))
        return _inside(mixed)


def _unit(one: Uncertain) -> Uncertain:
    return replace(one, distribution=one.distribution.unit)


@lru_cache(maxsize=1024)  # most distributions of a case are those of the case before
def _quantile(one: Distribution, probability: float) -> Array:
    found = one.ppf(np.array([[probability]]))
    found.flags.writeable = False
    return found


def _mixing(scenario: Scenario, uncertain: list[Uncertain]) -> tuple[list[int], Array] | None:
    named = {name for one in scenario.correlations for name in one.between}
    columns = [one.columns.start for one in uncertain if one.name in named]
    order = tuple(one.name for one in uncertain if one.name in named)
    if not order:
        return None
    return columns, _root(order, tuple((*one.between, one.rank) for one in scenario.correlations))


@lru_cache(maxsize=64)  # those of a case are mostly those of the case before
def _root(order: tuple[str, ...], correlations: tuple[tuple[str, str, float], ...]) -> Array:
    """(score, column) of the correlated ones, which mixes independent scores. correlations: the two, and their rank correlation."""
    matrix = np.eye(len(order))
    for one, other, rank in correlations:
        if not {one, other} <= set(order):
            continue  # nothing uses the two
        a, b = order.index(one), order.index(other)
        matrix[a, b] = matrix[b, a] = queries.score_correlation(rank)
    # a root that also singular matrices (rank 1) have; triangular, so that the first columns keep their own points.
    # The root of a rounding error of 1e-16 would be 1e-8: two shares that are each other's rest would not sum to 1.
    values, vectors = np.linalg.eigh(matrix)
    root = np.linalg.qr((vectors * np.sqrt(np.where(values > NOTHING, values, 0.0))).T)[1].T
    found = np.asarray(root * np.where(np.diag(root) < 0, -1.0, 1.0))
    found.flags.writeable = False
    return found


def _tied(points: Array, persistence: float) -> Array:
    """(draw, year) points of a stationary AR(1) process of Gaussian scores; one column stays as it is."""
    if points.shape[1] == 1 or persistence == 0:
        return points
    from simulate.special import ndtr, ndtri

    scores = ndtri(points)
    for year in range(1, scores.shape[1]):
        scores[:, year] = persistence * scores[:, year - 1] + np.sqrt(1 - persistence**2) * scores[:, year]
    return _inside(ndtr(scores))


def _listed(one: Assumption) -> Array:
    return np.atleast_1d(np.array(one.value, dtype=np.float64))


def _placed(one: Uncertain, drawn: Array) -> Array:
    """Drawn numbers, or factors on a list by year, as values (draw, year)."""
    if not isinstance(one.assumption.value, tuple):
        return drawn
    listed = _listed(one.assumption)
    years = max(drawn.shape[1], len(listed)) if drawn.shape[1] == 1 else drawn.shape[1]
    return np.asarray(drawn * listed[np.minimum(np.arange(years), len(listed) - 1)])
