"""The path from a scenario to its draws: sampling → model → ledger → what the analyses need, in chunks, on all cores."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from time import perf_counter, thread_time
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate import kernels, ledger, limits, luck, model, names, point
from simulate.analysis import corrected, precision, risk, skewed
from simulate.analysis.breakeven import BREAK_EVEN, reached
from simulate.analysis.draws import Columns, Draws, Sums
from simulate.analysis.mixture import Mixture
from simulate.analysis.precision import STUDENT, Estimate
from simulate.analysis.undrawn import Reach, Undrawn, rare, variance_left_out
from simulate.ledger import Accounts
from simulate.model import Model, Parameters, Quantities
from simulate.names import BLOCKS, COUNTERFACTUALS
from simulate.pace import Pace, Sounding, Timed, Told
from simulate.point import Point
from simulate.sampling import Sampler, Values, rounded_up
from simulate.scenario import Scenario
from simulate.scenario.schema import Counterfactual, Design, Target

Array = NDArray[np.float64]
Engine = Literal["lives", "expected", "point"]
Progress = Callable[[int, int], None]
PILOT = 64  # draws that tell what the same luck leaves
FEWEST = 8  # of them, however large a draw; and those that tell in which steps luck comes


@dataclass(frozen=True, slots=True)
class Options:
    """How a scenario is run. draws is rounded up to what the design has room for."""

    draws: int = 16384
    seed: int = 1
    engine: Engine = "lives"
    counterfactual: Counterfactual = "expected"
    design: Design = "sobol"
    period: Literal["year", "quarter", "month"] = "year"
    plain: bool = False  # means and chances of the lives alone
    keep_expected: bool = False  # the expected provenu of each draw, beside what its lives bring
    threads: int | None = None
    chunk: int | None = None  # draws; None: as many as keep a chunk small

    @classmethod
    def of(cls, scenario: Scenario, **given: object) -> Options:
        """The scenario's own [simulation], and what is given (None: not given)."""
        own = scenario.simulation
        base = {
            "draws": own.draws,
            "seed": own.seed,
            "design": own.design,
            "counterfactual": own.counterfactual,
        }
        return cls(**{**base, **{key: value for key, value in given.items() if value is not None}})  # type: ignore[arg-type]


class Outcome(NamedTuple):
    """The mean of an amount, DKK, and the chance that it is at least 0."""

    mean: Estimate
    chance: Estimate


@dataclass(frozen=True)
class Result:
    """What a run found: the business case's own numbers, and the draws."""

    scenario: Scenario
    options: Options
    accounts: Accounts
    point: Point
    at_means: Point
    draws: Draws | None  # None under the engine `point`
    clipped: dict[str, int] = field(default_factory=dict)
    undrawn: Undrawn = field(default_factory=Undrawn)
    at_drawn: Point | None = None  # every assumption at the mean of its draws
    off_discounted: float = 0.0  # of the present value, as `off`
    steps: luck.Steps | None = None  # in which luck would come, where it is not drawn

    @property
    def periods(self) -> list[str]:
        return model.period_labels(self.accounts.model, self.accounts.period)

    @property
    def clipped_shares(self) -> dict[str, float]:
        """Path → share of the draws in which a number had to be clipped to what is possible."""
        return {path: n / self.options.draws for path, n in self.clipped.items()}

    @property
    def is_corrected(self) -> bool:
        """Whether lives correct what is known exactly, and do not stand alone."""
        return self.options.engine == "lives" and not self.options.plain

    @property
    def adds_luck(self) -> bool:
        """Whether luck is not drawn, but added: of the total over the horizon, and of nothing else."""
        return _adds_luck(self.options)

    @property
    def leaves_out_luck(self) -> bool:
        """Whether what is counted on the draws has no luck in it."""
        return self.options.engine == "expected"

    @cached_property
    def mixture(self) -> Mixture:
        """The total with the luck that is not drawn."""
        assert self.draws is not None
        assert self.steps is not None
        mean, sd, skewness = (self.draws.columns[name] for name in ("total", "luck sd", "luck skewness"))
        return Mixture(mean, sd, skewness, self.steps.size, self.steps.left, self.undrawn.mass)

    @property
    def is_certain(self) -> bool:
        """Whether neither assumptions nor luck can change the provenu: nothing is left to be known."""
        if self.draws is None or self.at_drawn is not None or self.options.plain:
            return False
        sums = self.draws.sums.blocks
        return "luck variance" in sums and not sums["luck variance"].any() and not sums["luck square"].any()

    def off(
        self, lines: NDArray[np.bool_] | list[bool] | None = None, payer: int = 0, period: int | slice = slice(None)
    ) -> float:
        """What the mean of these lines is off at least, DKK: their change as each assumption goes from the mean of its draws to its own.

        lines: all where None; period: one, or several that are added up. Known, and the error of a mean is no smaller: evenly spread points may agree between
        blocks on what none of them has.
        """
        if self.at_drawn is None:
            return 0.0
        change = (self.at_means.kroner - self.at_drawn.kroner)[payer]
        change = change if lines is None else change[np.asarray(lines, np.bool_)]
        return abs(float(change[:, period].sum()))

    def counted(self, hits: NDArray[np.bool_]) -> Estimate:
        """The share of the draws that are hits."""
        return precision.certain(float(hits[0])) if self.is_certain else precision.chance(hits, self.undrawn.mass)

    def total(self, counterfactual: str) -> Array:
        """(draw,) provenu, DKK, when the life without the programme is counted so."""
        assert self.draws is not None
        own = counterfactual == self.options.counterfactual
        return self.draws.columns["total" if own else f"under {counterfactual}"]

    def chance(self, counterfactual: str | None = None) -> Estimate:
        """The chance of break-even within the horizon, luck and all where that is known, as well as these draws can tell it."""
        assert self.draws is not None
        if self.adds_luck and not self.is_certain:
            return self.mixture.chance().estimate
        name = self._first_alike(counterfactual or self.options.counterfactual)
        if self.is_certain:
            return precision.certain(float(reached(self.total(name))[0]))
        if self.is_corrected:
            means = self.draws.sums.block_means(f"break-even {name}")
            return corrected.chance(means, self.draws.number, self.undrawn.mass)
        return self.counted(reached(self.total(name)))

    def chance_without_luck(self) -> Estimate:
        """That the expected provenu of a draw is at least 0; only where the draws have no luck in them."""
        reach = reached(self.total(self.options.counterfactual))
        return precision.certain(float(reach[0])) if self.at_drawn is None else self.counted(reach)

    def _first_alike(self, counterfactual: str) -> str:
        """The first counterfactual whose courses are those of this one: the same courses have the same chance."""
        if self.options.engine != "lives":
            return counterfactual
        own = self.total(counterfactual)
        return next(name for name in COUNTERFACTUALS if np.abs(self.total(name) - own).max() <= -BREAK_EVEN)

    def is_range(self) -> bool:
        """Whether the counterfactuals' chances differ by more than the error of their differences (95 %)."""
        assert self.draws is not None
        if self.is_corrected:
            means = (self.draws.sums.block_means(f"break-even {self._first_alike(name)}") for name in COUNTERFACTUALS)
            blocks = [corrected.block_chances(one, self.draws.number) for one in means]
        else:
            blocks = [
                precision.in_blocks(reached(self.total(name)).astype(np.float64)).mean(axis=1)
                for name in COUNTERFACTUALS
            ]
        least = precision.unseen(self.draws.number)
        differences = (a - b for a, b in combinations(blocks, 2))
        return any(abs(one.mean()) > STUDENT * max(precision.error_of(one), least) for one in differences)

    def mean(self) -> Estimate:
        """The mean provenu, DKK."""
        assert self.draws is not None
        if not self.is_corrected:
            return precision.mean(self.draws.columns["total"]).at_least(self.off())
        deviations = self.draws.sums.block_means("expected total")
        found = Estimate(float(self.point.provenu.sum() + deviations.mean()), precision.error_of(deviations))
        return found.at_least(self.off())

    def mean_of(self, column: str, lines: list[bool], payer: int = 0) -> Estimate:
        """Mean of a column that is the sum of these lines, DKK: from expected lives, unless the lives stand alone."""
        assert self.draws is not None
        off = self.off(lines, payer)
        if not self.is_corrected:
            return precision.mean(self.draws.columns[column]).at_least(off)
        blocks = self.draws.sums.block_means("expected lines")[:, payer][:, lines].sum(axis=1)
        return Estimate(float(blocks.mean()), precision.error_of(blocks)).at_least(off)

    def counts(self, kind: str) -> tuple[Array, Array]:
        """Mean months or arrivals (state, period) of the programme and of the baseline: of expected lives, unless the lives stand alone."""
        assert self.draws is not None
        of = "expected " * self.is_corrected + kind
        return self.draws.sums.mean(f"{of} programme"), self.draws.sums.mean(f"{of} baseline")

    def sd(self) -> Estimate:
        """The standard deviation of the provenu, DKK, luck and all where that is known."""
        if not self.adds_luck:
            return self.sd_of_draws()
        found = self.mixture.spread().unless(bool(self.undrawn.rare))
        return found.at_least(abs(math.sqrt(max(found.value**2 + self.undrawn.variance, 0.0)) - found.value) / STUDENT)

    def sd_of_draws(self) -> Estimate:
        """Of the totals as they stand in the draws, DKK.

        Its error is at least what is known to be missing: the exact variance of luck, and that of each assumption by the provenu's slope.
        """
        assert self.draws is not None
        found, sums = precision.sd(self.draws.columns["total"]), self.draws.sums
        if self.undrawn.rare:
            return found.unless(True)
        known = found.value**2 + self.undrawn.variance
        if self.is_corrected and "luck variance" in sums.blocks:
            known = self.expected_variance + float(sums.mean("luck variance")) + self.undrawn.variance
        return found.at_least(abs(math.sqrt(max(known, 0.0)) - found.value) / STUDENT)

    @property
    def expected_variance(self) -> float:
        """Of the expected provenu over the draws, DKK²: what the assumptions alone bring about."""
        assert self.draws is not None
        sums, draws = self.draws.sums, self.draws.number
        return max(float(sums.mean("expected square") - sums.mean("expected total") ** 2), 0.0) * draws / (draws - 1)

    def percentiles(self, values: Array, at: tuple[int, ...]) -> dict[int, Estimate]:
        """Of (draw,) values."""
        return precision.percentiles(values, at, self.undrawn.mass)

    def bands(self, at: tuple[int, ...]) -> dict[int, Estimate]:
        """Percentiles of the provenu, luck and all where that is known."""
        assert self.draws is not None
        return self.mixture.percentiles(at) if self.adds_luck else self.percentiles(self.draws.columns["total"], at)

    def losses(self, losses: Sequence[float]) -> list[risk.Loss]:
        """As risk.chance_of_loss(), luck and all where that is known."""
        assert self.draws is not None
        if self.adds_luck:
            return self.mixture.losses(losses)
        return risk.chance_of_loss(self.draws.columns["total"], losses, self.undrawn.mass)

    def expected_shortfall(self, share: float) -> Estimate:
        """As risk.expected_shortfall(), luck and all where that is known."""
        assert self.draws is not None
        if self.adds_luck:
            return self.mixture.expected_shortfall(share)
        return risk.expected_shortfall(self.draws.columns["total"], share, self.undrawn.mass)

    def cashable(self) -> Outcome:
        """The provenu without the savings that are not cashable."""
        assert self.draws is not None
        counted = self.accounts.cashable
        mean, is_all = self.mean_of("cashable", counted), all(counted) and not self.leaves_out_luck
        return Outcome(mean, self.chance() if is_all else self.counted(reached(self.draws.columns["cashable"])))

    def present_value(self) -> Outcome:
        """The discounted provenu; only where the scenario has a discount rate."""
        assert self.draws is not None
        column = self.draws.columns["present value"]
        blocks = self.draws.sums.block_means("expected present value")
        expected = Estimate(float(blocks.mean()), precision.error_of(blocks))
        mean = (expected if self.is_corrected else precision.mean(column)).at_least(self.off_discounted)
        return Outcome(mean, self.counted(reached(column)))


@dataclass(frozen=True, slots=True)
class Chunk:
    block: int
    first: int  # draw, of all
    columns: dict[str, Array]
    sums: dict[str, Array]
    clipped: dict[str, int]
    seen: dict[str, Array]  # of the assumptions, as Reach has it
    timed: Timed


def run(
    scenario: Scenario,
    options: Options,
    progress: Progress | None = None,
    pace: Pace | None = None,
    sampler: Sampler | None = None,
    ending: model.Ending | None = None,
) -> Result:
    """Run a scenario. Raises ResourceError, before it starts or soon after, where this machine could not.

    pace: of the work that this run is a part of. sampler: of its assumptions, where they are not drawn as the scenario alone would.
    ending: of a programme that stops before the horizon.
    """
    work = Work.of(scenario, options, sampler, ending)
    options, accounts, sampler, at_point = work.options, work.accounts, work.sampler, work.at_point
    if options.engine == "point":
        return Result(scenario, options, accounts, at_point, at_point, None)
    at_means = point.compute(accounts, sampler.means()) if sampler.uncertain else at_point
    pace = pace or Pace()
    threads = work.threads(pace.told)
    columns, sums = Columns(work.names, options.draws), Sums(options.draws)
    clipped: dict[str, int] = {}
    for done in work.chunks(threads, pace):
        columns.write(done.first, done.columns)
        sums.add(done.block, done.sums)
        work.reach.add(done.seen)
        for path, n in done.clipped.items():
            clipped[path] = clipped.get(path, 0) + n
        if progress:
            progress(done.first + len(done.columns["total"]), options.draws)
    draws, steps = Draws(columns, sums), work.steps if work.adds_luck else None
    found = Result(scenario, options, accounts, at_point, at_means, draws, clipped, steps=steps)
    return replace(found, **work.left_out(sums, at_means)) if sampler.free else found


@dataclass(frozen=True, slots=True)
class Lived:
    """Some draws between the model and what is kept of them."""

    draws: int
    numbers: dict[str, Array]  # drawn of each assumption
    values: Values
    given: Parameters
    prices: ledger.Prices
    arms: dict[str, Quantities]
    expected: tuple[Quantities, Quantities] | None  # programme, baseline; None where no assumption is uncertain
    kroner: dict[str, Array]  # counterfactual → (draw, payer, line, period)


@dataclass(frozen=True)
class Work:
    """The chunks of a run and how each is done."""

    options: Options
    accounts: Accounts
    sampler: Sampler
    at_point: Point

    @classmethod
    def of(
        cls, scenario: Scenario, options: Options, sampler: Sampler | None = None, ending: model.Ending | None = None
    ) -> Work:
        """As run() does it."""
        accounts = Accounts(Model(scenario, ending), model.PERIODS[options.period])
        sampler = sampler or Sampler(scenario)
        if options.engine != "point":
            options = replace(options, draws=rounded_up(options.draws, options.design))
        if options.engine == "expected":
            options = replace(options, counterfactual="expected")  # there is no luck to count otherwise
        return cls(options, accounts, sampler, point.compute(accounts, sampler.point()))

    @property
    def periods(self) -> list[str]:
        return model.period_labels(self.accounts.model, self.accounts.period)

    @property
    def areas(self) -> list[str]:
        return sorted({line.area for line in self.accounts.lines})

    @property
    def discounted(self) -> bool:
        return bool(self.accounts.model.scenario.money.discount_rate)

    @property
    def names(self) -> list[str]:
        """The columns that are kept of each draw."""
        found = [f"provenu {period}" for period in self.periods] + [f"area {area}" for area in self.areas]
        found += [f"part {part}" for part in self.accounts.of_part]
        found += ["total", "cashable", "stat"] + ["present value"] * self.discounted
        if self.options.engine == "lives":
            found += [f"under {name}" for name in COUNTERFACTUALS if name != self.options.counterfactual]
        if self.adds_luck:
            found += ["luck sd", "luck skewness"]
        return found + ["expected"] * self.options.keep_expected

    @property
    def adds_luck(self) -> bool:
        """Whether luck is not drawn, but its moments are told."""
        return _adds_luck(self.options)

    @property
    def chunk_bytes(self) -> int:
        """About what one draw takes while its chunk is worked on."""
        one = self.accounts.model
        cells = len(one.states) * len(self.periods)
        kroner = 2 * len(self.accounts.lines) * len(self.periods)
        rates = 2 * one.years * len(one.origins.clock + one.origins.january + one.origins.entry)
        drawn = 2 * one.years * one.months * len(one.origins.ending)
        uncertain = bool(self.sampler.uncertain)
        states, rows, more = len(one.states), int(one.pairs.row_first[-1]), 2 * self.adds_luck
        people = (one.months + 1) * (
            3 * states + uncertain * (2 * states + (8 + more) * rows)
        )  # their moments of luck, too
        values = 6 * int(self.sampler.scores + self.sampler.further)
        found = 20 * cells + 6 * kroner + uncertain * (rates + drawn + 4 * cells) + people + values + 64
        return 8 * int(found)

    @property
    def room_bytes(self) -> int:
        """About what a chunk takes beside its draws: the kernels' room, which is as large for one draw as for many."""
        one = self.accounts.model
        halves = 24 * one.years
        moments = luck.room(one, 3 if self.adds_luck else 2)
        return 8 * (halves * (8 * len(one.states) + 2 * len(one.origins.clock)) + moments)

    @cached_property
    def chunk_draws(self) -> int:
        each = self.options.draws // BLOCKS
        if self.options.chunk:
            return min(each, self.options.chunk)
        lives = (
            limits.lives_a_draw(self.accounts.model, self.sampler.point()) if self.options.engine == "lives" else 0.0
        )
        return max(1, min(each, self.room, int(limits.LIVES_A_CHUNK / max(lives, 1.0))))

    @property
    def room(self) -> int:
        """Draws that are worked on at a time, for their memory."""
        return int(limits.CHUNK_BYTES / self.chunk_bytes)

    def threads(self, told: Told) -> int:
        """How many there may be. Raises ResourceError where this machine could not."""
        parts = limits.Chunks(self.number, self.chunk_draws * self.chunk_bytes + self.room_bytes)
        return limits.check(self.options, self.accounts, self.sampler, len(self.names), parts, told)

    @property
    def number(self) -> int:
        """Of chunks."""
        return BLOCKS * -(-(self.options.draws // BLOCKS) // self.chunk_draws)

    def chunks(self, threads: int, pace: Pace) -> Iterator[Chunk]:
        """Every chunk, in the order of the draws; only a few are under way at a time."""
        each, size = self.options.draws // BLOCKS, self.chunk_draws
        self.load()
        pace.begin(self.options.draws, threads)
        self.prepare()
        waiting: deque[Future[Chunk]] = deque()

        def next_one() -> Chunk:
            found = waiting.popleft().result()
            pace.done(found.timed)
            return found

        with ThreadPoolExecutor(threads) as pool:
            try:
                for block in range(BLOCKS):
                    for first in range(0, each, size):
                        waiting.append(pool.submit(self.one, block, first, min(first + size, each)))
                        if len(waiting) > threads + 1:
                            yield next_one()
                while waiting:
                    yield next_one()
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def sound(self) -> Sounding:
        """How long it all takes, from one chunk. To be asked of a work made for this alone: a sampler may remember what it draws."""
        began = thread_time()
        point.compute(self.accounts, self.sampler.means())
        self.prepare()
        ready, each = thread_time(), self.options.draws // BLOCKS
        timed = self.one(0, 0, min(each, self.chunk_draws)).timed
        shared = min(timed.shared, thread_time() - ready)  # waited for, or made
        return Sounding(ready - began, shared, timed.processor, self.number)

    def load(self) -> None:
        """Import and compile before there are threads, and before anything is timed; the moments last: another process may compile them."""
        kernels.load("expected")
        if self.options.engine == "lives":
            kernels.load("lives")
        if not self.options.plain:
            kernels.load("moments")
        if self.adds_luck:
            _ = self.steps

    @cached_property
    def steps(self) -> luck.Steps:
        """The steps in which luck comes, from the run's first draws."""
        options, each = self.options, self.options.draws // BLOCKS
        values = self.sampler.draw(options.design, options.seed, 0, 0, min(FEWEST, each), each)
        given = model.parameters(self.accounts.model, values)
        return luck.steps(self.accounts, given, ledger.prices(self.accounts, values))

    def prepare(self) -> None:
        """Have what all chunks build on, before there are threads."""
        self.load()
        if not self.options.plain:
            _ = self.same_luck

    @cached_property
    def same_luck(self) -> float:
        """About what share of the variance with luck of its own is left with the same luck, from a few draws beside the run's."""
        if self.options.engine != "lives":
            return 1.0
        each = self.options.draws // BLOCKS
        lived = self.live(0, 0, min(PILOT, each, max(self.room, FEWEST)), self.options.draws)
        own = luck.compute(self.accounts, lived.given, lived.prices).own_luck
        expected = self.expectation(lived)["expected total"] + self.at_point.provenu.sum()
        found = ((_total(lived.kroner["same-luck"]) - expected) ** 2).sum()
        known = np.broadcast_to(own, expected.shape).sum()
        return float(found / known) if known > 0 else 1.0

    def live(self, block: int, first: int, last: int, luck_of: int) -> Lived:
        """Draws first..last-1 of a block, from the assumptions to kroner; their luck is that of the run's draws from `luck_of` on."""
        options = self.options
        numbers = self.sampler.numbers(options.design, options.seed, block, first, last, options.draws // BLOCKS)
        values = self.sampler.placed(numbers)
        given = model.parameters(self.accounts.model, values)
        arms, entered, expected = self.count(given, luck_of, last - first)
        quantities = model.quantities(self.accounts.model, arms, entered, self.accounts.period)
        prices = ledger.prices(self.accounts, values)
        labelled = ledger.labelled(prices, self.accounts, self.periods)
        kroner = {
            name: ledger.price(quantities, labelled, self.accounts, name)["kroner"].values
            for name in arms
            if name != "programme"
        }
        return Lived(last - first, numbers, values, given, prices, arms, expected, kroner)

    def one(self, block: int, first: int, last: int) -> Chunk:
        """Draws first..last-1 of a block, from the assumptions to what is kept."""
        each = self.options.draws // BLOCKS
        place = block * each + first
        waiting = perf_counter()
        self.sampler.begin(self.options.design, self.options.seed, block, each)
        began, processor = perf_counter(), thread_time()
        lived = self.live(block, first, last, place)
        columns, sums = self.keep(lived)
        expected = self.expectation(lived)
        columns["expected"] = expected["expected total"] + self.at_point.provenu.sum()
        if self.adds_luck:
            columns["luck sd"], columns["luck skewness"], variance = self.luck_of(lived)
            sums["luck variance"] = variance
        sums |= expected | self.spread(lived, columns, expected) | self.drawn(lived, expected)
        clipped = {
            path: int(np.broadcast_to(hits, last - first).sum())
            for path, hits in (lived.given.clipped | lived.prices.clipped).items()
        }
        timed = Timed(last - first, perf_counter() - began, thread_time() - processor, began - waiting)
        return Chunk(block, place, columns, sums, clipped, self.reach.of(lived.numbers), timed)

    def count(
        self, given: Parameters, first: int, draws: int
    ) -> tuple[dict[str, Quantities], Array, tuple[Quantities, Quantities] | None]:
        """The arms of the engine, families entered, and expected lives where the draws differ in what is assumed."""
        one, period = self.accounts.model, self.accounts.period
        expectation = None
        if self.sampler.uncertain or self.options.engine == "expected":
            programme, baseline = model.expected(one, given, draws, period, kernels.load("expected"))
            expectation = programme, baseline
        if self.options.engine == "expected":
            assert expectation is not None
            entered = model.entered_families(one, given, period)
            entered = np.broadcast_to(entered, (draws, *entered.shape[1:]))
            return {"programme": expectation[0], "expected": expectation[1]}, entered, expectation
        lived = model.lived(one, given, self.options.seed, first, draws, period)
        arms = dict(zip(names.ARMS, (lived.programme, lived.expected, lived.same_luck, lived.own_luck), strict=True))
        return arms, lived.entered.astype(np.float64), expectation

    @property
    def baseline(self) -> str:
        return self.options.counterfactual if self.options.engine == "lives" else "expected"

    def keep(self, lived: Lived) -> tuple[dict[str, Array], dict[str, Array]]:
        """Columns (draw,) and what is summed (draw, ...) of a chunk."""
        chosen = lived.kroner[self.baseline]
        provenu = chosen[:, 0].sum(axis=1)
        lines = chosen[:, 0].sum(axis=2)
        columns = {f"provenu {name}": provenu[:, p] for p, name in enumerate(self.periods)}
        for area in self.areas:
            columns[f"area {area}"] = lines[:, [line.area == area for line in self.accounts.lines]].sum(axis=1)
        for part, own in self.accounts.of_part.items():
            columns[f"part {part}"] = lines[:, own].sum(axis=1)
        columns["total"] = provenu.sum(axis=1)
        columns["cashable"] = lines[:, self.accounts.cashable].sum(axis=1)
        columns["stat"] = chosen[:, 1].sum(axis=(1, 2))
        if self.discounted:
            columns["present value"] = (provenu * lived.prices.discount).sum(axis=1)
        for name in lived.kroner.keys() - {self.baseline}:
            columns[f"under {name}"] = _total(lived.kroner[name])
        off = lines - self.at_point.kroner[0].sum(axis=1)
        sums = {"lines": chosen[:, 0], "line deviation": off, "line square": off**2}
        for arm, one in (("programme", lived.arms["programme"]), ("baseline", lived.arms[self.baseline])):
            sums[f"months {arm}"], sums[f"arrivals {arm}"] = one.months, one.arrivals
        savings = chosen[:, 0, [line.kind != "costs" for line in self.accounts.lines]].sum(axis=1)
        hits = [self.target(target, provenu, savings) for target in self.accounts.model.scenario.targets]
        sums["targets"] = np.stack(hits, axis=1) if hits else np.zeros((len(lines), 0))
        return columns, sums

    def target(self, target: Target, provenu: Array, savings: Array) -> Array:
        """(draw,) 1.0 where a target is reached."""
        years = self.accounts.year_of_period
        of = provenu if target.of == "provenu" else savings
        by_year = np.stack([of[:, years == year].sum(axis=1) for year in range(years[-1] + 1)], axis=1)
        if target.total is not None:
            hit = reached(by_year.sum(axis=1), target.total)
        elif target.yearly is not None:
            hit = np.asarray(reached(by_year, target.yearly).all(axis=1))
        else:
            assert target.year is not None
            year = target.year - self.accounts.model.scenario.time.first_year
            hit = reached(by_year[:, year], target.amount)
        return np.asarray(hit, dtype=np.float64)

    def expectation(self, lived: Lived) -> dict[str, Array]:
        """What lives bring on average, without luck, to be summed over draws.

        expected (draw, period) and its total (draw,), as deviations from the business case's own number; expected lines (draw, payer, line)
        and (draw, line, period) of the municipality as they are; expected months and arrivals (draw, state, period) of both arms.
        """
        at_point, draws = self.at_point.provenu, lived.draws
        if lived.expected is None:
            programme, baseline = self.at_point.programme, self.at_point.baseline
            kroner = self.at_point.kroner[None]
        else:
            programme, baseline = lived.expected
            families = model.entered_families(self.accounts.model, lived.given, self.accounts.period)
            kroner = ledger.kroner(self.accounts, lived.prices, baseline.months - programme.months, families)
        by_period = kroner[:, 0].sum(axis=1)
        present_value = (by_period * lived.prices.discount).sum(axis=1)
        found = {
            "expected": by_period - at_point,
            "expected total": (by_period - at_point).sum(axis=1),
            "expected lines": kroner.sum(axis=3),
            "expected lines by period": kroner[:, 0],
            "expected present value": present_value,
        }
        for arm, one in (("programme", programme), ("baseline", baseline)):
            found |= {f"expected months {arm}": one.months, f"expected arrivals {arm}": one.arrivals}
        return {name: np.broadcast_to(value, (draws, *value.shape[1:])) for name, value in found.items()}

    @cached_property
    def reach(self) -> Reach:
        return Reach({one.name: one.distribution for one in self.sampler.free})

    def drawn(self, lived: Lived, expected: dict[str, Array]) -> dict[str, Array]:
        """Of all columns of numbers drawn (draw, column): themselves, their squares, and their products with the expected provenu."""
        if not lived.numbers:
            return {}
        numbers = np.concatenate(list(lived.numbers.values()), axis=1)
        by = numbers * expected["expected total"][:, None]
        return {"drawn": numbers, "drawn square": numbers**2, "drawn by expected": by}

    def left_out(self, sums: Sums, at_means: Point) -> dict[str, Any]:
        """What the draws of the assumptions leave open, for the Result."""
        free = self.sampler.free
        widths = [one.columns.stop - one.columns.start for one in free]
        widths = [
            n + (one.further.stop - one.further.start if one.further else 0)
            for n, one in zip(widths, free, strict=True)
        ]
        means = np.split(sums.mean("drawn"), np.cumsum(widths)[:-1])
        values = self.sampler.placed({one.name: mean[None] for one, mean in zip(free, means, strict=True)})
        at_drawn = point.compute(self.accounts, values)
        worth = [
            float((one.provenu * ledger.prices(self.accounts, each).discount[0]).sum())
            for one, each in ((at_drawn, values), (at_means, self.sampler.means()))
        ]
        spreads = np.repeat([one.distribution.sd for one in free], widths)
        distributions = self.reach.distributions
        undrawn = Undrawn(self.reach.mass, variance_left_out(sums, spreads), rare(distributions, self.options.draws))
        return {"at_drawn": at_drawn, "off_discounted": abs(worth[0] - worth[1]), "undrawn": undrawn}

    def spread(self, lived: Lived, columns: dict[str, Array], expected: dict[str, Array]) -> dict[str, Array]:
        """What the variance, its split into assumptions and luck, and the chance of break-even need (draw, ...)."""
        mean = expected["expected total"] + self.at_point.provenu.sum()
        provenu = np.stack([columns[f"provenu {name}"] for name in self.periods], axis=1)
        # 0 to the last bit where nothing varies
        beyond = (provenu - self.at_point.provenu - expected["expected"]).sum(axis=1)
        found = {"expected square": expected["expected total"] ** 2, "luck square": beyond**2}
        if self.options.plain or self.adds_luck:
            return found
        known = luck.compute(self.accounts, lived.given, lived.prices)
        variance = {
            "expected": known.expected,
            "own-luck": known.own_luck,
            "same-luck": known.own_luck * self.same_luck,
        }
        if self.baseline != "same-luck":
            found["luck variance"] = np.broadcast_to(variance[self.baseline], mean.shape)
        for name, kroner in lived.kroner.items():
            of = np.broadcast_to(variance[name], mean.shape)
            found[f"break-even {name}"] = corrected.terms(_total(kroner), mean, of, exact=name != "same-luck")
        return found

    def luck_of(self, lived: Lived) -> tuple[Array, Array, Array]:
        """What luck would add to expected lives: (draw,) sd, DKK, and skewness, 0 where it has no part, and variance, DKK²."""
        known = luck.compute(self.accounts, lived.given, lived.prices, third="expected")
        assert known.third is not None
        variance, third = (np.broadcast_to(one, lived.draws) for one in (known.expected, known.third))
        return *skewed.shape(variance, third), variance


def _adds_luck(options: Options) -> bool:
    return options.engine == "expected" and not options.plain


def _total(kroner: Array) -> Array:
    """(draw,) the municipality's provenu of kroner (draw, payer, line, period)."""
    return np.asarray(kroner[:, 0].sum(axis=1).sum(axis=1))
