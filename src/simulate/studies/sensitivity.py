"""Which assumptions the provenu and the chance of break-even hang on.

Three views of the same case. A tornado moves one assumption to its P5 and P95, in the two ways that people know: while the others keep their
distribution, and while they stand at their value. Rank correlations say which way and how steadily the expected provenu goes. Sobol'
indices share out its variance, each assumption by itself and with all that it has a part in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulate import measures
from simulate.analysis import corrected, precision, sensitivity
from simulate.analysis.precision import Estimate
from simulate.analysis.sensitivity import Sobol
from simulate.engine import Result, Samples, Work, run
from simulate.names import BLOCKS
from simulate.options import Options, Progress
from simulate.pace import Notify, Pace
from simulate.sampling import Chunk, Layout, Sampler, Uncertain, Values, rounded_up
from simulate.scenario import Scenario, queries

Array = NDArray[np.float64]
Method = Literal["saltelli", "draws"]

ENDS = (0.05, 0.95)

# Draws of the runs beside the first one: enough where a control run takes off their common error, see _Blocks.case()
TORNADO_SHARE, CERTAIN_SHARE, SOBOL_SHARE = 16, 4, 8
LEAST = 1024

# About what a draw takes, of each kind of run, for the bar that is shown
LIVES, LUCK_ALONE, EXPECTED = 4, 2, 1


@dataclass(frozen=True, slots=True)
class Case:
    """The case with one assumption held at a value, or as it is. provenu: expected, DKK; clipped: path → share of the draws."""

    provenu: Estimate
    chance: Estimate
    clipped: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Bar:
    """One assumption of a tornado: at P5 and at P95. low, high: (year or 1,) its values; swing: DKK, of the provenu from one to the other."""

    assumption: str
    low: Array
    high: Array
    at_low: Case
    at_high: Case
    swing: Estimate


@dataclass(frozen=True, slots=True)
class Tornado:
    """Bars, the widest first, and the case that they are held against."""

    base: Case
    base_draws: int
    bars: list[Bar]
    draws: int


@dataclass(frozen=True, slots=True)
class Share:
    """What a group of assumptions has in the variance of the expected provenu: an assumption alone, or several that are correlated.

    from_draws: the first-order index from the run's own draws; sobol: from a design made for it, None where there was none.
    """

    assumptions: tuple[str, ...]
    from_draws: Estimate
    sobol: Sobol | None


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What `sensitivity` finds. at_values: the others at their value; shares: in the order of the first-order index."""

    result: Result
    method: Method
    tornado: Tornado
    at_values: Tornado
    shares: list[Share]
    rank: dict[str, Estimate]
    sobol_draws: int


class Exchanged(Sampler):
    """The assumptions of one sample, but for some that are another sample's: the AB matrices of Saltelli's scheme.

    The cube has twice the columns of a run: the first sample has the first half, the second the other, so that they are independent. What is
    exchanged are values and not columns, since a copula may mix the columns of a pair into another's.
    """

    def __init__(self, scenario: Scenario, names: Collection[str]) -> None:
        own = Layout.of(scenario)
        super().__init__(scenario, own.doubled(second=False))
        self.names = names
        self.other = Sampler(scenario, own.doubled(second=True)) if names else self

    def numbers(self, design: str, seed: int, chunk: Chunk) -> dict[str, Array]:
        """As Sampler.numbers."""
        found = super().numbers(design, seed, chunk)
        if self.names:
            others = self.other.numbers(design, seed, chunk)
            found |= {name: others[name] for name in self.names}
        return found


class Remembered(Sampler):
    """A scenario's assumptions, whose values are kept as they are drawn: a run forgets them."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(scenario)
        self._drawn: dict[int, dict[str, Array]] = {}

    def numbers(self, design: str, seed: int, chunk: Chunk) -> dict[str, Array]:
        """As Sampler.numbers."""
        found = super().numbers(design, seed, chunk)
        values = self.placed(found)
        self._drawn[chunk.first] = {one.name: self._number(one, values[one.name]) for one in self.uncertain}
        return found

    def drawn(self, draws: int) -> dict[str, Array]:
        """What a run of so many draws drew of each uncertain assumption, in its order: (draw,), or (draw, year) where each year has its own.

        Of a list by year that has one factor in common, the values of the year in which they are largest.
        """
        chunks = [self._drawn[first] for first in sorted(self._drawn)]
        found = {one.name: np.concatenate([chunk[one.name] for chunk in chunks]) for one in self.uncertain}
        assert all(len(values) == draws for values in found.values())
        return found

    def _number(self, one: Uncertain, values: Array) -> Array:
        if values.shape[1] == 1:
            return values[:, 0]
        if one.assumption.each_year:
            return values
        listed = np.abs(np.array(one.assumption.value, dtype=np.float64))
        return values[:, int(listed.argmax())].copy()  # so that the rest of them can go


def study(
    scenario: Scenario,
    options: Options,
    method: Method = "saltelli",
    progress: Progress | None = None,
    notify: Notify = lambda words: None,
) -> Sensitivity:
    """Run the case, and with each uncertain assumption held at P5 and at P95; share out the variance of the expected provenu.

    options: of the first run, with the engine `lives`; the others have as many draws as their part in the answer needs. method: "saltelli" for first-order
    and total indices by a design of their own, "draws" for first-order ones from the run's draws alone. Raises ResourceError as run().
    """
    return _Study(scenario, replace(options, engine="lives", plain=False), method, progress, Pace(notify)).all()


def indices(
    scenario: Scenario, options: Options, method: Method = "saltelli"
) -> tuple[list[Share], dict[str, Estimate]]:
    """The part of study() that shares out the variance of the expected provenu, and the rank correlations, without any lives."""
    one, remembered = _Study(scenario, options, method), Remembered(scenario)
    return one.indices(remembered, one.expected(one.draws, remembered))


def groups(scenario: Scenario, names: Sequence[str]) -> list[tuple[str, ...]]:
    """The assumptions that depend on each other, directly or through others, in the order of the names."""
    found: dict[str, tuple[str, ...]] = {name: (name,) for name in names}
    for one in scenario.correlations:
        a, b = one.between
        if one.rank and a in found and b in found and found[a] != found[b]:
            joined = tuple(name for name in names if name in found[a] + found[b])
            found |= dict.fromkeys(joined, joined)
    return list(dict.fromkeys(found.values()))


@dataclass
class _Study:
    scenario: Scenario
    options: Options
    method: Method
    progress: Progress | None = None
    pace: Pace = field(default_factory=Pace)
    done: float = field(default=0.0, init=False)

    @cached_property
    def sampler(self) -> Sampler:
        return Sampler(self.scenario)

    @cached_property
    def names(self) -> list[str]:
        return [one.name for one in self.sampler.uncertain]

    @cached_property
    def groups(self) -> list[tuple[str, ...]]:
        return groups(self.scenario, self.names)

    @cached_property
    def draws(self) -> int:
        return rounded_up(self.options.draws, self.options.design)

    @cached_property
    def tornado_draws(self) -> int:
        return self.share(TORNADO_SHARE)

    @cached_property
    def certain_draws(self) -> int:
        """Of the case with every assumption at its value: luck alone needs fewer."""
        return self.share(CERTAIN_SHARE)

    def share(self, part: int) -> int:
        return rounded_up(max(self.draws // part, min(LEAST, self.draws)), self.options.design)

    @cached_property
    def sobol_draws(self) -> int:
        """A power of two, as the estimator and its points want it."""
        wanted = max(self.draws // SOBOL_SHARE, min(LEAST, self.draws), BLOCKS)
        return 1 << (wanted.bit_length() - 1)

    @cached_property
    def designs(self) -> int:
        """Runs of Saltelli's scheme; a group that is the only one has all of the variance without any."""
        return len(self.groups) + 2 if self.method == "saltelli" and len(self.groups) > 1 else 0

    @cached_property
    def work(self) -> float:
        """What all the runs take."""
        found = float(LIVES * self.draws)
        if self.names:
            ends = len(ENDS) * len(self.names)
            found += LUCK_ALONE * self.certain_draws
            found += (ends + 1) * (LIVES + LUCK_ALONE) * self.tornado_draws
            found += self.designs * EXPECTED * self.sobol_draws
        return found

    def all(self) -> Sensitivity:
        remembered = Remembered(self.scenario)
        self.foresee()
        result = self.run(LIVES, sampler=remembered, keep_expected=True)
        if not self.names:
            nothing = Tornado(Case(result.mean(), result.chance(), result.clipped_shares), result.options.draws, [], 0)
            return Sensitivity(result, self.method, nothing, nothing, [], {}, 0)
        assert result.draws is not None
        tornado, at_values = self.tornado(result), self.tornado(None)
        shares, rank = self.indices(remembered, result.draws.columns[measures.EXPECTED])
        return Sensitivity(
            result, self.method, tornado, at_values, shares, rank, self.sobol_draws if self.designs else 0
        )

    def indices(self, remembered: Remembered, outcome: Array) -> tuple[list[Share], dict[str, Estimate]]:
        """outcome: (draw,) expected provenu, DKK, of the draws remembered."""
        values = remembered.drawn(len(outcome))
        return self.shares(values, outcome), sensitivity.rank_correlations(values, outcome)

    def foresee(self) -> None:
        """Tell what follows the first run."""
        if not self.names:
            return
        one = {self.names[0]: self.sampler.point()[self.names[0]]}
        ends = len(ENDS) * len(self.names)

        def like(times: float, sampler: Callable[[], Sampler], **how: object) -> None:
            options = replace(self.options, **how)  # type: ignore[arg-type]
            self.pace.further(times, lambda: Work.of(self.scenario, options, sampler()).sound())

        like(ends + 1, lambda: self.holding(one, False), draws=self.tornado_draws)
        like(ends + 1, lambda: self.holding(one, True), draws=self.tornado_draws)
        like(1, lambda: self.holding({}, True), draws=self.certain_draws)
        exchanged = partial(Exchanged, self.scenario, self.groups[0])
        like(self.designs, exchanged, engine="expected", plain=True, draws=self.sobol_draws)

    def run(self, weight: int, sampler: Sampler | None = None, samples: Samples | None = None, **how: object) -> Result:
        """A run, and its part of the progress. weight: of a draw. samples: as engine.run() has them."""
        options = replace(self.options, **how)  # type: ignore[arg-type]
        before = self.done

        def shown(done: int, of: int) -> None:
            if self.progress:
                self.progress(int(before + weight * done), int(self.work))

        result = run(self.scenario, options, shown, self.pace, sampler, samples=samples)
        self.done = before + weight * result.options.draws
        return result

    def expected(self, draws: int, sampler: Sampler) -> Array:
        """(draw,) expected provenu, DKK: without luck."""
        result = self.run(EXPECTED, sampler=sampler, engine="expected", plain=True, draws=draws)
        assert result.draws is not None
        return result.draws.columns[measures.TOTAL]

    # Tornado ----------------------------------------------------------------------------------------------------------

    def tornado(self, result: Result | None) -> Tornado:
        """Each assumption at P5 and at P95. result: the case as it is, its assumptions uncertain; without one the others are at their value."""
        certain = result is None
        weight = LUCK_ALONE if certain else LIVES
        known = result or self.run(weight, sampler=self.holding({}, certain), draws=self.certain_draws)
        base = Case(known.mean(), known.chance(), known.clipped_shares)
        samples = Samples()
        control = _Blocks.of(self.run(weight, self.holding({}, certain), samples, draws=self.tornado_draws))
        bars = list(self.bars(weight, certain, base, control, samples))
        bars.sort(key=lambda bar: -abs(bar.swing.value))
        return Tornado(base, known.options.draws, bars, self.tornado_draws)

    def bars(self, weight: int, certain: bool, base: Case, control: _Blocks, samples: Samples) -> Iterator[Bar]:
        """samples: of the control run, whose lives are those of a case in which only a price is held."""
        driving = queries.driving_lives(self.scenario)
        at = [self.sampler.at(probability) for probability in ENDS]
        for name in self.names:
            same = None if name in driving else samples
            blocks = [
                _Blocks.of(
                    self.run(weight, self.holding({name: values[name]}, certain), same, draws=self.tornado_draws)
                )
                for values in at
            ]
            low, high = (one.case(control, base) for one in blocks)
            swing = precision.controlled(blocks[1].provenu - blocks[0].provenu, control.provenu, base.provenu)
            yield Bar(name, at[0][name][0], at[1][name][0], low, high, swing)

    def holding(self, fixed: Values, certain: bool) -> Sampler:
        """Assumptions with some of them held at a value, the others as they are or, if `certain`, at theirs."""
        return Sampler(self.scenario, Layout({}, 0) if certain else None, fixed)

    # Sobol' indices ---------------------------------------------------------------------------------------------------

    def shares(self, values: Mapping[str, Array], outcome: Array) -> list[Share]:
        columns = {group: np.column_stack([values[name] for name in group]) for group in self.groups}
        named = {str(i): columns[group] for i, group in enumerate(self.groups)}
        from_draws = sensitivity.first_orders(named, outcome)
        sobol = self.sobol(outcome)
        found = [Share(group, from_draws[str(i)], sobol[i]) for i, group in enumerate(self.groups)]
        return sorted(found, key=lambda share: -(share.sobol.total if share.sobol else share.from_draws.value))

    def sobol(self, outcome: Array) -> Sequence[Sobol | None]:
        if self.method == "draws":
            return [None] * len(self.groups)
        if len(self.groups) == 1:
            all_of_it = 0.0 if sensitivity.constant(outcome) else 1.0
            return [Sobol(all_of_it, (all_of_it, all_of_it), all_of_it, (all_of_it, all_of_it))]
        everything = [(), tuple(self.names), *self.groups]
        f_a, f_b, *f_ab = (self.expected(self.sobol_draws, Exchanged(self.scenario, names)) for names in everything)
        return sensitivity.sobol(f_a, f_b, np.stack(f_ab), self.options.seed)


@dataclass(frozen=True, slots=True)
class _Blocks:
    """What the 16 blocks of a run give: (block,) expected provenu, DKK, and chance of break-even."""

    provenu: Array
    chance: Array
    clipped: Mapping[str, float]

    @classmethod
    def of(cls, result: Result) -> _Blocks:
        assert result.draws is not None
        sums = result.draws.sums
        provenu = result.point.provenu.sum() + sums.block_means(measures.EXPECTED_OFF)
        chance = corrected.block_chances(result.break_even(result.options.counterfactual), result.draws.number)
        return cls(provenu, chance, result.clipped_shares)

    def case(self, control: _Blocks, known: Case) -> Case:
        """The estimates, with the error taken out that they share with the case as it is, which is known from more draws."""
        chance = precision.controlled(self.chance, control.chance, known.chance)
        return Case(
            precision.controlled(self.provenu, control.provenu, known.provenu),
            Estimate(min(max(chance.value, 0.0), 1.0), chance.error),
            self.clipped,
        )
