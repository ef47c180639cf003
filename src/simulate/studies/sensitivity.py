"""Which assumptions the provenu and the chance of break-even hang on.

Three views of the same case. A tornado moves one assumption to its P5 and P95, in the two ways that people know: while the others keep their
distribution, and while they stand at their value. Rank correlations say which way and how steadily the expected provenu goes. Sobol'
indices share out its variance, each assumption by itself and with all that it has a part in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from simulate import measures
from simulate.analysis import corrected, precision, sensitivity
from simulate.analysis.precision import Estimate
from simulate.analysis.sensitivity import Sobol
from simulate.engine import Case, Result
from simulate.names import BLOCKS
from simulate.options import Options, Progress
from simulate.pace import Notify
from simulate.plan import Plan
from simulate.sampling import NOTHING_KNOWN, Chunk, Layout, Sampler, Uncertain, rounded_up
from simulate.scenario import Scenario
from simulate.studies.runs import Runs

Array = NDArray[np.float64]
T = TypeVar("T")
Method = Literal["saltelli", "draws"]

ENDS = (0.05, 0.95)
CHUNK = 1024  # draws that are made at a time

# Draws of the runs beside the first one: enough where a control run takes off their common error, see _Blocks.case()
TORNADO_SHARE, CERTAIN_SHARE, SOBOL_SHARE = 16, 4, 8
LEAST = 1024

# About what a draw takes, of each kind of run, for the bar that is shown
LIVES, LUCK_ALONE, EXPECTED = 4, 2, 1


@dataclass(frozen=True, slots=True)
class Estimates:
    """Of the case with one assumption held at a value, or as it is. provenu: expected, DKK; clipped: path → share of the draws."""

    provenu: Estimate
    chance: Estimate
    clipped: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Bar:
    """One assumption of a tornado: at P5 and at P95. low, high: (year or 1,) its values; swing: DKK, of the provenu from one to the other."""

    assumption: str
    low: Array
    high: Array
    at_low: Estimates
    at_high: Estimates
    swing: Estimate


@dataclass(frozen=True, slots=True)
class Tornado:
    """Bars, the widest first, and the case that they are held against."""

    base: Estimates
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

    @cached_property
    def marks(self) -> dict[str, Hashable]:
        """As Sampler.marks."""
        return self._exchanged(super().marks, lambda: self.other.marks)

    def numbers(
        self, design: str, seed: int, chunk: Chunk, known: Mapping[str, Array] = NOTHING_KNOWN
    ) -> dict[str, Array]:
        """As Sampler.numbers."""
        found = super().numbers(design, seed, chunk, known)
        return self._exchanged(found, lambda: self.other.numbers(design, seed, chunk, known))

    def _exchanged(self, found: dict[str, T], others: Callable[[], dict[str, T]]) -> dict[str, T]:
        return found | ({name: one for name, one in others().items() if name in self.names} if self.names else {})


def drawn(case: Case, options: Options) -> dict[str, Array]:
    """What a run draws of each uncertain assumption, in their order: (draw,), or (draw, year) where each year has its own.

    Of a list by year that has one factor in common, the values of the year in which they are largest. options: their draws rounded up.
    """
    sampler = case.sampler
    chunks = [sampler.draw(options.design, options.seed, chunk) for chunk in Plan(options.draws, CHUNK)]
    return {
        one.name: np.concatenate([_largest(one, values[one.name]) for values in chunks]) for one in sampler.uncertain
    }


def _largest(one: Uncertain, values: Array) -> Array:
    if values.shape[1] == 1:
        return values[:, 0]
    if one.assumption.each_year:
        return values
    return values[:, int(np.abs(np.array(one.assumption.value, dtype=np.float64)).argmax())]


def study(
    case: Case,
    options: Options,
    method: Method = "saltelli",
    progress: Progress | None = None,
    notify: Notify = lambda words: None,
) -> Sensitivity:
    """Run the case, and with each uncertain assumption held at P5 and at P95; share out the variance of the expected provenu.

    options: of the first run, with the engine `lives`; the others have as many draws as their part in the answer needs. method: "saltelli" for first-order
    and total indices by a design of their own, "draws" for first-order ones from the run's draws alone. Raises ResourceError as run().
    """
    return _Study(case, replace(options, engine="lives", plain=False), method, progress, notify).all()


def indices(case: Case, options: Options, method: Method = "saltelli") -> tuple[list[Share], dict[str, Estimate]]:
    """The part of study() that shares out the variance of the expected provenu, and the rank correlations, without any lives."""
    one = _Study(case, options, method)
    return one.indices(one.expected(one.draws, case))


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
    case: Case
    options: Options
    method: Method
    progress: Progress | None = None
    notify: Notify = lambda words: None

    @cached_property
    def runs(self) -> Runs:
        return Runs(replace(self.options, alone=True), self.work, self.progress, self.notify)

    @cached_property
    def names(self) -> list[str]:
        return [one.name for one in self.case.sampler.uncertain]

    @cached_property
    def groups(self) -> list[tuple[str, ...]]:
        return groups(self.case.scenario, self.names)

    @cached_property
    def draws(self) -> int:
        return rounded_up(self.options.draws, self.options.design)

    @property
    def tornado_draws(self) -> int:
        return self.part_of_draws(TORNADO_SHARE)

    @property
    def certain_draws(self) -> int:
        """Of the case with every assumption at its value: luck alone needs fewer."""
        return self.part_of_draws(CERTAIN_SHARE)

    def part_of_draws(self, part: int) -> int:
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
        self.foresee()
        result = self.runs.run(self.case, LIVES, keep=False, alone=False, keep_expected=True)
        if not self.names:
            nothing = Tornado(
                Estimates(result.mean(), result.chance(), result.clipped_shares), result.options.draws, [], 0
            )
            return Sensitivity(result, self.method, nothing, nothing, [], {}, 0)
        assert result.draws is not None
        tornado, at_values = self.tornado(result), self.tornado(None)
        shares, rank = self.indices(result.draws.columns[measures.EXPECTED])
        return Sensitivity(
            result, self.method, tornado, at_values, shares, rank, self.sobol_draws if self.designs else 0
        )

    def indices(self, outcome: Array) -> tuple[list[Share], dict[str, Estimate]]:
        """outcome: (draw,) expected provenu, DKK, of a run."""
        values = drawn(self.case, replace(self.options, draws=len(outcome)))
        return self.shares(values, outcome), sensitivity.rank_correlations(values, outcome)

    def foresee(self) -> None:
        """Tell what follows the first run."""
        if not self.names:
            return
        one = {self.names[0]: self.case.sampler.point()[self.names[0]]}
        ends = len(ENDS) * len(self.names)
        for case in (self.case, self.case.certain()):
            self.runs.foresee(ends + 1, case.held(one), draws=self.tornado_draws)
        self.runs.foresee(1, self.case.certain(), draws=self.certain_draws)
        self.runs.foresee(self.designs, self.exchanging(self.groups[0]), **self.expecting(self.sobol_draws))

    def exchanging(self, names: Collection[str]) -> Case:
        return replace(self.case, sampler=Exchanged(self.case.scenario, names))

    def expecting(self, draws: int) -> dict[str, Any]:
        """Options of a run without luck."""
        return {"engine": "expected", "plain": True, "draws": draws}

    def expected(self, draws: int, case: Case) -> Array:
        """(draw,) expected provenu, DKK: without luck."""
        result = self.runs.run(case, EXPECTED, **self.expecting(draws))
        assert result.draws is not None
        return result.draws.columns[measures.TOTAL]

    # Tornado ----------------------------------------------------------------------------------------------------------

    def tornado(self, result: Result | None) -> Tornado:
        """Each assumption at P5 and at P95. result: the case as it is, its assumptions uncertain; without one the others are at their value."""
        case, weight = (self.case.certain(), LUCK_ALONE) if result is None else (self.case, LIVES)
        known = result or self.runs.run(case, weight, draws=self.certain_draws)
        base = Estimates(known.mean(), known.chance(), known.clipped_shares)
        control = _Blocks.of(self.runs.run(case, weight, draws=self.tornado_draws), float(known.change[0].sum()))
        bars = list(self.bars(case, weight, base, control))
        bars.sort(key=lambda bar: -abs(bar.swing.value))
        return Tornado(base, known.options.draws, bars, self.tornado_draws)

    def bars(self, case: Case, weight: int, base: Estimates, control: _Blocks) -> Iterator[Bar]:
        at = [self.case.sampler.at(probability) for probability in ENDS]
        for name in self.names:
            blocks = [
                _Blocks.of(self.runs.run(case.held({name: values[name]}), weight, draws=self.tornado_draws))
                for values in at
            ]
            low, high = (one.case(control, base) for one in blocks)
            swing = precision.controlled(blocks[1].provenu - blocks[0].provenu, control.provenu, base.provenu)
            swing = swing.at_least(abs(blocks[1].off - blocks[0].off))
            yield Bar(name, at[0][name][0], at[1][name][0], low, high, swing)

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
        f_a, f_b, *f_ab = (self.expected(self.sobol_draws, self.exchanging(names)) for names in everything)
        return sensitivity.sobol(f_a, f_b, np.stack(f_ab), self.options.seed)


@dataclass(frozen=True, slots=True)
class _Blocks:
    """What the 16 blocks of a run give: (block,) expected provenu, DKK, and chance of break-even. off: what the provenu's mean is off, DKK; of a control,
    by how much more than what it is known to be."""

    result: Result
    provenu: Array
    chance: Array
    off: float

    @classmethod
    def of(cls, result: Result, known: float = 0.0) -> _Blocks:
        assert result.draws is not None
        sums = result.draws.sums
        provenu = result.point.provenu.sum() + sums.block_means(measures.EXPECTED_OFF)
        chance = corrected.block_chances(result.break_even(result.options.counterfactual), result.draws.number)
        return cls(result, provenu, chance, float(result.change[0].sum()) - known)

    def case(self, control: _Blocks, known: Estimates) -> Estimates:
        """The estimates, with the error taken out that they share with the case as it is, which is known from more draws."""
        provenu = precision.controlled(self.provenu, control.provenu, known.provenu)
        provenu = provenu.at_least(abs(self.off - control.off))
        value, error = precision.controlled(self.chance, control.chance, known.chance)
        chance = self.result.chance_of(min(max(value, 0.0), 1.0), error)
        return Estimates(provenu, chance, self.result.clipped_shares)
