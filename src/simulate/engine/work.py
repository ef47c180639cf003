"""The path from a scenario to its draws: assumptions → lives → kroner → what is kept, chunk by chunk of the draws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from time import thread_time
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate import kernels, ledger, limits, luck, measures, model, point
from simulate.analysis.draws import Columns, Draws, Sums, width
from simulate.analysis.undrawn import DrawnSoFar, Undrawn, rare, variance_left_out
from simulate.engine import measuring, valuation
from simulate.engine.kept import KeptRun
from simulate.engine.measuring import Measuring, Values
from simulate.engine.result import Result
from simulate.engine.sample import Sample
from simulate.engine.samples import Samples
from simulate.engine.valuation import Valuation
from simulate.ledger import Accounts
from simulate.model import Model
from simulate.names import BLOCKS
from simulate.options import Options, Progress
from simulate.pace import Notify, Pace, Sounding
from simulate.plan import BY_ONE, TOGETHER, Plan, in_order
from simulate.point import Point
from simulate.sampling import Chunk, Sampler, rounded_up
from simulate.scenario import Scenario

Array = NDArray[np.float64]
PILOT = 64  # draws that tell what the same luck leaves
POINTS_LIVED = (
    3  # at the values, at the means and at those of the draws: little beside a run, but where each is the mean of lives
)
FEWEST = 8  # of them, however large a draw; and those that tell in which steps luck comes


class Done(NamedTuple):
    """Of a chunk's draws: what is kept of each, and what is summed, in how many a number had to be clipped (each by its path, and any), and what
    of the assumptions was drawn, as DrawnSoFar has it."""

    chunk: Chunk
    columns: Values
    sums: Values
    clipped: dict[str, int]
    with_clipped: int
    seen: dict[str, Array]


def left(same: float, own: float) -> float:
    """About what share of the variance with luck of its own is left with the same luck."""
    return same / own if own > 0 else 1.0


def spreads(sampler: Sampler) -> Array:
    """(column,) the exact sd of all that is drawn."""
    free = sampler.free
    return np.repeat([one.distribution.sd for one in free], [one.width for one in free])


def factors(sampler: Sampler) -> Array:
    """(column,) what multiplies all that is drawn, where it is scaled."""
    free = sampler.free
    return np.repeat([one.distribution.factor for one in free], [one.width for one in free])


@dataclass(frozen=True)
class Work:
    """The chunks of a run and how each is done."""

    options: Options
    accounts: Accounts
    sampler: Sampler
    at_point: Point
    samples: Samples = field(default_factory=lambda: Samples(room=0))
    at_means: Point | None = None  # where something is uncertain
    again: bool = False  # whether the same lives are valued at other prices, too, and what is kept tells that

    @classmethod
    def of(
        cls,
        one: Model,
        options: Options,
        sampler: Sampler,
        samples: Samples | None = None,
        again: bool = False,
    ) -> Work:
        """options: its draws are rounded up to what the design has room for."""
        accounts = Accounts(one, model.PERIODS[options.period])
        if options.engine != "point":
            options = replace(options, draws=rounded_up(options.draws, options.design))
        if options.engine == "expected":
            options = replace(options, counterfactual="expected")  # there is no luck to count otherwise
        values = [sampler.point(), *([sampler.means()] if sampler.uncertain and options.engine != "point" else [])]
        points = point.compute_each(accounts, values)
        return cls(options, accounts, sampler, points[0], samples or Samples(room=0), points[-1], again)

    def run(self, progress: Progress | None, pace: Pace) -> Result:
        """Raises ResourceError, before it starts or soon after, where this machine could not. pace: of the work that this run is a part of."""
        if self.options.engine == "point":
            return Result(self.scenario, self.options, self.accounts, self.at_point, self.at_point, None)
        return self.result(self.done(progress, pace))

    @property
    def scenario(self) -> Scenario:
        return self.accounts.model.scenario

    def result(self, kept: KeptRun) -> Result:
        """Of what is kept of all draws."""
        at_means = self.at_means or self.at_point
        draws, steps = Draws(kept.columns, kept.sums), self.steps if self.options.adds_luck else None
        found = Result(
            self.scenario,
            self.options,
            self.accounts,
            self.at_point,
            at_means,
            draws,
            dict(kept.clipped),
            kept.with_clipped,
            steps=steps,
        )
        found = replace(found, sampler=self.sampler)
        return replace(found, **self.left_out(kept, at_means)) if self.sampler.free else found

    def done(self, progress: Progress | None, pace: Pace) -> KeptRun:
        """What is kept of all chunks."""
        threads, columns = self.threads(pace.notify), self.columns()
        sums, clipped, drawn, any_clipped = Sums(self.options.draws), Counter[str](), self.drawn_so_far, 0
        for done in self.chunks(threads, pace):
            columns.write(done.chunk.first, done.columns)
            sums.add(done.chunk.block, done.sums, done.chunk.blocks)
            drawn.add(done.seen)
            clipped.update(done.clipped)
            any_clipped += done.with_clipped
            if progress:
                progress(done.chunk.last, self.options.draws)
        return KeptRun(columns, sums, dict(clipped), any_clipped, drawn.seen, self.same_luck)

    def columns(self) -> Columns:
        """For what is kept of each draw; in memory where other prices are found from it and there is room."""
        layout, draws = self.measured.layout, self.options.draws
        if self.again and self.samples.has_room(8 * width(layout) * draws):
            return Columns(layout, draws, np.empty((width(layout), draws)))
        return Columns(layout, draws)

    @cached_property
    def measured(self) -> Measuring:
        return Measuring(self.options, self.accounts, self.at_point, self.again)

    @property
    def chunk_bytes(self) -> int:
        """About what one draw takes while its chunk is worked on."""
        one = self.accounts.model
        booked = 0 if one.refunds.is_plain else len(one.rows) + int(one.clock.row[-1])
        cells = (len(one.inner) + booked) * len(self.measured.periods)
        kroner = len(self.accounts.payers) * len(self.accounts.lines) * len(self.measured.periods)
        arms = 1 + one.classes
        rates = arms * one.years * len(one.clocks + one.januaries + one.origins.entry)
        drawn = arms * one.years * one.months * len(one.structure.ending_to)
        uncertain = bool(self.sampler.uncertain)
        states, rows, more = len(one.inner), int(one.pairs.row_first[-1]), 2 * self.options.adds_luck
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
        moments = luck.room(one, 3 if self.options.adds_luck else 2)
        rooms = halves * (8 * len(one.inner) + (1 + one.classes) * len(one.clocks))
        return 8 * (rooms + moments + one.refunds.room(one.structure, halves))

    @cached_property
    def chunk_draws(self) -> int:
        """The most draws of a chunk."""
        if self.options.chunk:
            return self.options.chunk
        lives = (
            limits.lives_a_draw(self.accounts.model, self.sampler.point()) if self.options.engine == "lives" else 0.0
        )
        return max(1, min(self.room, int(limits.LIVES_A_CHUNK / max(lives, 1.0))))

    @property
    def room(self) -> int:
        """Draws that are worked on at a time, for their memory."""
        room = limits.CHUNK_BYTES / self.chunk_bytes
        return int(max(room, min(limits.ENOUGH_DRAWS, limits.TIMES * room)))

    @cached_property
    def plan(self) -> Plan:
        together = BY_ONE if self.options.threads == 1 else TOGETHER
        return Plan(self.options.draws, self.chunk_draws, together=together)

    def threads(self, notify: Notify) -> int:
        """How many there may be. Raises ResourceError where this machine could not."""
        return limits.check(self.options, self.accounts, self.sampler, width(self.measured.layout), self.parts, notify)

    @property
    def parts(self) -> limits.Chunks:
        return limits.Chunks(self.plan.number, self.plan.largest * self.chunk_bytes + self.room_bytes)

    def at_once(self) -> int:
        """How many runs like this one, of one thread each, there is memory for."""
        return limits.at_once(self.options, self.sampler, width(self.measured.layout), self.parts)

    def chunks(self, threads: int, pace: Pace) -> Iterator[Done]:
        """Every chunk, in the order of the draws."""
        self.load()
        pace.begin(self.options.draws, threads)
        self.prepare()
        return in_order(self.chunk_done, self.plan, threads, pace, self.begin)

    def begin(self, chunk: Chunk) -> None:
        """What the chunks of a block have in common."""
        self.samples.begin(self.sampler, self.options, chunk)

    def sound(self) -> Sounding:
        """How long it all takes, from one chunk. To be asked of a work made for this alone: a sampler may remember what it draws."""
        self.load()  # which is done once, whatever follows
        began = thread_time()
        for _ in range(POINTS_LIVED if self.options.tied else 1):
            point.compute(self.accounts, self.sampler.means())
        self.prepare()
        ready = thread_time()
        first = next(iter(self.plan))
        self.begin(first)
        shared = thread_time()
        self.chunk_done(first)
        done = thread_time()
        return Sounding(ready - began, (shared - ready) / first.blocks, done - shared, self.plan.number)

    def load(self) -> None:
        """Import and compile before there are threads, and before anything is timed; the moments last: another process may compile them."""
        kernels.load("expected")
        if not self.accounts.model.refunds.is_plain:
            kernels.load("steps")
        if self.options.engine == "lives":
            kernels.load("lives")
        if not self.options.plain:
            kernels.load("moments")
        if self.options.adds_luck:
            kernels.load("gammas")
            _ = self.steps

    @cached_property
    def luck_parts(self) -> luck.Parts:
        """What luck comes in, of the run's first draws."""
        options, each = self.options, self.options.draws // BLOCKS
        values = self.sampler.draw(options.design, options.seed, Chunk(0, min(FEWEST, each), each))
        given = model.parameters(self.accounts.model, values)
        return luck.parts(self.accounts, given, ledger.prices(self.accounts, values))

    @cached_property
    def steps(self) -> luck.Steps:
        """The steps in which luck comes."""
        return luck.steps(self.luck_parts)

    def prepare(self) -> None:
        """Have what all chunks build on, before there are threads."""
        self.load()
        _ = self.same_luck

    @cached_property
    def same_luck(self) -> tuple[float, float]:
        """As measuring.same_luck(), of a few draws beside the run's; nothing of either where it is not asked for."""
        if not self.options.is_corrected or "same-luck" not in self.options.counterfactuals:
            return 0.0, 0.0
        each = self.options.draws // BLOCKS
        pilot = self.valued(Chunk(0, min(PILOT, each, max(self.room, FEWEST)), each), self.options.draws)
        return measuring.same_luck(self.accounts, self.at_point, *pilot)

    def valued(self, chunk: Chunk, luck_of: int) -> tuple[Sample, Valuation]:
        """The draws of a chunk, from the assumptions to kroner; their luck is that of the run's draws from `luck_of` on."""
        one, period = self.accounts.model, self.accounts.period
        lived = self.samples.of(one, self.sampler, self.options, period, chunk, luck_of)
        measured = self.measured
        return lived, valuation.value(self.accounts, lived, self.at_point, measured.baseline, measured.of_payers)

    def chunk_done(self, chunk: Chunk) -> Done:
        """A chunk's draws, from the assumptions to what is kept."""
        lived, valued = self.valued(chunk, chunk.first)
        columns, sums = self.measured.of(lived, valued, left(*self.same_luck))
        hits = lived.given.clipped | valued.prices.clipped
        clipped, any_clipped = model.draws_clipped(hits, chunk.draws), model.draws_with_clipped(hits, chunk.draws)
        return Done(chunk, columns, sums, clipped, any_clipped, self.drawn_so_far.of(lived.numbers))

    @property
    def drawn_so_far(self) -> DrawnSoFar:
        """What of the assumptions is drawn."""
        return DrawnSoFar({one.name: one.distribution for one in self.sampler.free})

    def left_out(self, kept: KeptRun, at_means: Point) -> dict[str, Any]:
        """What the draws of the assumptions leave open, for the Result."""
        free = self.sampler.free
        widths = [one.width for one in free]
        means = np.split(kept.sums.mean(measures.DRAWN), np.cumsum(widths)[:-1])
        values = self.sampler.placed({one.name: mean[None] for one, mean in zip(free, means, strict=True)})
        at_drawn = point.compute(self.accounts, values)
        worth = [float((one.provenu * one.discount).sum()) for one in (at_drawn, at_means)]
        drawn = self.drawn_so_far
        drawn.add(kept.seen)
        missing = rare(drawn.distributions, self.options.draws)
        undrawn = Undrawn(drawn.mass, variance_left_out(kept.sums, spreads(self.sampler)), missing)
        return {"at_drawn": at_drawn, "off_discounted": abs(worth[0] - worth[1]), "undrawn": undrawn}
