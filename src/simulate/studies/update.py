"""What has been seen on the way: of all simulated courses, those that look like it.

Approximate Bayesian computation by rejection (Rubin 1984; Tavaré, Balding, Griffiths, Donnelly 1997). Courses are drawn as in a run, assumptions and
luck; kept are those in which every count is exactly what was seen. So both the assumptions and the luck so far are what the
observation allows, and the years to come follow from there. Where too few courses are exact, the nearest are kept, how near they are is told,
and what they say is read off at what was seen by linear regression on the counts (Beaumont, Zhang, Balding 2002).

The first round of courses is that of the run itself; each further one has points and luck of its own, in 16 blocks again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from time import thread_time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulate import ledger, limits, model
from simulate.analysis.breakeven import reached
from simulate.analysis.draws import width
from simulate.analysis.precision import Estimate, Spread
from simulate.analysis.subset import Subset
from simulate.engine import Case, Result, Work
from simulate.engine.measuring import hit, series_of
from simulate.errors import ResourceError
from simulate.locale import text
from simulate.names import BLOCKS
from simulate.options import Options, Progress
from simulate.pace import Notify, Pace, Sounding
from simulate.plan import Plan, in_order
from simulate.sampling import Chunk, Sampler, Values, rounded_up
from simulate.scenario import queries
from simulate.scenario.schema import Observed

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

YEAR = 24  # half-months
CHUNK = 256  # draws that are counted at a time
FEWEST = 16  # courses that can be told anything from
LEAST = 0.5  # of the strictest: how strictly a count is held to that means nothing for the provenu
GAP = 48  # draws that are lived in vain rather than begun anew after them
PROOF = 3000  # courses none of which is like it: by the rule of three then fewer than 1 in 1,000 are
ENOUGH = 200  # courses that are exact: rather these than more that are only near
ARMS = {"programme": 0, "baseline": 2}  # of the lives; what others do has luck of its own
PERCENTILES = (5, 50, 95)
SINGULAR = 1e-9  # a part of counts' correlation that is so small is none
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class View:
    """What some courses say; provenu in DKK, assumptions in their own unit, those by year as the mean of the horizon's years."""

    courses: int
    assumptions: dict[str, Spread]
    provenu: Spread
    break_even: Estimate
    targets: list[Estimate]


@dataclass(frozen=True, slots=True)
class Seen:
    """One row of what was seen, and what the courses that were drawn have in its place."""

    row: Observed
    value: int  # persons; with at_least its bound
    expected: Spread
    probability: Estimate  # of just that: so many, or at least so many more than the other arm
    or_more: Estimate
    or_fewer: Estimate
    allowed: int  # persons that a kept course may be off
    kept: Spread | None

    @property
    def tail(self) -> Estimate:
        """The chance of that or something further out on the same side."""
        return self.probability if self.row.at_least is not None else min(self.or_more, self.or_fewer)


@dataclass(frozen=True, slots=True)
class Update:
    """draws: made; exact: of them just as seen; kept: 0 where what was seen cannot be.

    possible: of them those in which every comparison with the other arm holds, and so could be kept.
    tolerance: how far off a kept course may be in the count that means most, in its standard deviations; 0 where all are exact.
    unusual: chance of counts that are together at least as unusual as those seen; None where no number was seen.
    """

    draws: int
    keep: int
    exact: Estimate
    possible: int
    kept: int
    tolerance: float
    unusual: Estimate | None
    seen: list[Seen]
    before: View
    after: View | None
    uncorrected: View | None  # what the kept courses say as they are; the same where all are exact
    result: Result

    @property
    def too_few(self) -> bool:
        """Whether nothing is kept although it is not shown that what was seen cannot be."""
        if self.kept:
            return False
        never = _never(self.seen, self.unusual)
        return self.exact.value > 0 or (self.possible > 0 and not never) or self.draws < PROOF


def update(
    case: Case,
    options: Options,
    keep: int,
    most: int,
    progress: Progress | None = None,
    notify: Notify = lambda words: None,
) -> Update:
    """What the scenario's [[observed]] change. keep: courses wanted; most: courses drawn for them.

    Raises ResourceError, before it starts, where this machine could not.
    """
    draws = rounded_up(min(options.draws, most), options.design)
    options = replace(options, engine="lives", plain=True, period="year", draws=draws)
    study = Study(case, options)
    rounds = max(most // draws, 1) if case.scenario.observed else 1
    threads, pace = study.check(rounds, notify), Pace(notify)
    study.work.load()
    for which in (draws, min(keep, rounds * draws)):  # lived anew for what they say: the first round, and what is kept
        pace.further(1, partial(Study(case, options).sound, which, rounds))
    pace.begin(rounds * draws, threads)
    study = replace(study, threads=threads)
    return study.answer(study.draw(keep, rounds, progress, pace), keep)


class Gathered(NamedTuple):
    """Of some draws."""

    provenu: Array  # (draw, year) DKK
    targeted: dict[str, Array]  # what targets are of → (draw, year) DKK
    values: dict[str, Array]  # assumption → (draw,)


@dataclass(frozen=True)
class Study:
    case: Case
    options: Options
    threads: int = 1

    @property
    def rows(self) -> list[Observed]:
        return self.case.scenario.observed

    @cached_property
    def work(self) -> Work:
        return self.case.work(self.options)

    @cached_property
    def sampler(self) -> Sampler:
        """Of the assumptions that lives hang on: prices matter for the courses that are kept, and for no other."""
        driving, still = queries.driving_lives(self.case.scenario), self.case.sampler.point()
        return self.case.held({name: value for name, value in still.items() if name not in driving}).sampler

    @property
    def each(self) -> int:
        """Draws of a block of a round."""
        return self.options.draws // BLOCKS

    @cached_property
    def period(self) -> int:
        """Half-months that counts are by: who is in a state is known of a half-month, moves need only the ends to fit."""
        if any(row.what == "in" for row in self.rows):
            return 1
        return math.gcd(YEAR, *(self.until(row) for row in self.rows))

    def until(self, row: Observed) -> int:
        """The half-month after the month at whose end is counted."""
        year, month = (int(part) for part in row.until.split("-"))
        return YEAR * (year - self.case.scenario.time.first_year) + 2 * month

    def check(self, rounds: int, notify: Notify) -> int:
        """How many threads all rounds may have. Raises ResourceError."""
        most = replace(self.options, draws=rounds * self.options.draws)
        work = self.work
        size = min(self.options.draws, CHUNK)
        parts = limits.Chunks(
            rounds * Plan(self.options.draws, CHUNK).number, size * work.chunk_bytes + work.room_bytes
        )
        try:
            return limits.check(
                most, work.accounts, work.sampler, len(self.rows) + width(work.measured.layout), parts, notify
            )
        except ResourceError:
            if rounds == 1:
                raise
            self.check(1, notify)
            message = text("{draws} courses are too many for this machine; take fewer --max-draws", draws=most.draws)
            raise ResourceError(message) from None

    def sound(self, number: int, rounds: int) -> Sounding:
        """How long it takes to live so many draws anew: those of a round together, fewer one by one, or all of the rounds at most."""
        whole = next(self._picked(np.arange(self.each)))
        together, alone = self._seconds(whole), self._seconds(whole[:1])
        parts = self.options.draws / len(whole)
        if number == self.options.draws:
            return Sounding(0.0, 0.0, together, math.ceil(parts))
        return Sounding(0.0, 0.0, min(alone, together * parts * rounds / number), number)

    def _seconds(self, which: Counts) -> float:
        """Of the processor, to live some draws."""
        began = thread_time()
        self._live(which)
        return thread_time() - began

    # What was seen -------------------------------------------------------------------------------------------------

    def draw(self, keep: int, rounds: int, progress: Progress | None, pace: Pace) -> Counts:
        """(draw, row) counts of round after round, until enough are exact."""
        found, exact = list[Counts](), 0
        for first in range(0, rounds * self.options.draws, self.options.draws):
            chunks = Plan(self.options.draws, CHUNK, first)
            for counted in in_order(self.count, chunks, self.threads, pace):
                found.append(counted)
                exact += int((self.off(counted) == 0).all(axis=1).sum())
                done = sum(len(one) for one in found)
                enough = math.ceil(keep * done / max(exact, 1) / self.options.draws)  # rounds, as it looks by now
                pace.draws = self.options.draws * min(max(enough, 1 + first // self.options.draws), rounds)
                if progress:
                    progress(done, rounds * self.options.draws)
            if exact >= keep:
                break
        return np.concatenate(found)

    def count(self, chunk: Chunk) -> Counts:
        """(draw, row) of a chunk's draws."""
        found = np.zeros((chunk.draws, len(self.rows)), np.int64)
        if not self.rows:
            return found
        options, one = self.options, self.work.accounts.model
        given = model.parameters(one, self.sampler.draw(options.design, options.seed, chunk))
        lived = model.lived(one, given, options.seed, chunk.first, chunk.draws, self.period, ("own-luck",))
        arms = {"programme": lived.programme, "baseline": lived.baselines["own-luck"]}
        for i, row in enumerate(self.rows):
            found[:, i] = self._counted(row, arms[row.arm])
            if row.than is not None:
                found[:, i] -= self._counted(row, arms[row.than])
        return found

    def _counted(self, row: Observed, arm: model.Quantities) -> Counts:
        state = self.work.accounts.model.states.index((row.role, row.to))
        until = self.until(row) // self.period
        if row.what == "moved":
            return np.asarray(arm.arrivals[:, state, :until].sum(axis=1), np.int64)
        return np.asarray(2 * arm.months[:, state, until - 1], np.int64)  # the month's last half

    def above(self, counts: Counts) -> Counts:
        """(draw, row) persons by which the counts are above what was seen.

        What is held against another arm whose own count was seen is held against that count, not the course's: the same in an exact
        course, and in one that is only near no reason to have that count too low.
        """
        found = counts - [_value(row) for row in self.rows] if self.rows else counts
        for i, row in enumerate(self.rows):
            for j, other in enumerate(self.rows):
                if row.than == other.arm and other.than is None and _place(row) == _place(other):
                    found[:, i] += found[:, j]
                    break
        return np.asarray(found)

    def off(self, counts: Counts) -> Counts:
        """(draw, row) persons by which the counts are not as seen."""
        found = self.above(counts)
        for i, row in enumerate(self.rows):
            above = found[:, i]
            found[:, i] = np.abs(above) if row.count is not None else np.maximum(-above, 0)
        return found

    def distance(self, counts: Counts, weights: Array) -> Array:
        """(draw,) the largest of the counts' distances, each in its standard deviations and weighed.

        Infinite where another arm did not do so much worse, or a count is off that never varies.
        """
        off, sd = self.off(counts).astype(np.float64), counts.std(axis=0)
        sd[[row.at_least is not None for row in self.rows]] = 0.0
        with np.errstate(divide="ignore", invalid="ignore"):
            scaled = np.where(off == 0, 0.0, off / sd * weights)
        return np.asarray(scaled.max(axis=1, initial=0.0))

    def weights(self, counts: Counts, total: Array) -> Array:
        """(row,) how strictly each count is held to: 1 for the one that means most for the provenu, less for the others.

        By the slopes of the provenu's regression on the counts, each in its standard deviation: so an error in any count is worth about as
        many kroner (the weights that keep a given share of courses with the least error). total: (draw,) provenu of the first draws.
        """
        own = counts[: len(total)]
        sd = own.std(axis=0)
        slopes = np.abs(np.linalg.lstsq((own - own.mean(axis=0)) / np.where(sd > 0, sd, 1.0), total - total.mean())[0])
        most = slopes.max(initial=0.0)
        return np.maximum(slopes / most, LEAST) if most > 0 else np.ones(len(self.rows))

    def signed(self, counts: Counts) -> Array:
        """(draw, number seen) persons above what was seen."""
        return self.above(counts)[:, [row.count is not None for row in self.rows]].astype(np.float64)

    # What it changes -----------------------------------------------------------------------------------------------

    def answer(self, counts: Counts, keep: int) -> Update:
        draws = len(counts)
        own = np.arange(self.options.draws)
        at_first = self.gather(own)
        before, after, uncorrected = self.view(at_first, own), None, None
        weights = self.weights(counts, at_first.provenu.sum(axis=1))
        distance = self.distance(counts, weights)
        exact = distance == 0
        possible = int(np.count_nonzero(np.isfinite(distance)))
        tolerance = 0.0
        if np.count_nonzero(exact) < min(keep, ENOUGH):
            last = min(keep, possible) - 1
            tolerance = float(np.partition(distance, last)[last]) if possible >= FEWEST else math.inf
        whole = Subset(self.blocks(np.arange(draws)))
        unusual = self.unusual(counts, whole)
        kept = np.flatnonzero(distance <= tolerance + ROUNDING)
        seen = self.seen(counts, kept, tolerance / weights, whole)
        if math.isinf(tolerance) or (_never(seen, unusual) and not exact.any()):
            kept, tolerance, seen = kept[:0], math.inf, [replace(one, kept=None, allowed=0) for one in seen]
        if len(kept) and np.array_equal(kept, own):
            after = uncorrected = before
        elif len(kept):
            found = self.gather(kept)
            after = uncorrected = self.view(found, kept)
            if tolerance:
                after = self.view(found, kept, self.signed(counts[kept]))
        return Update(
            draws,
            keep,
            whole.chance(exact),
            possible,
            len(kept),
            tolerance,
            unusual,
            seen,
            before,
            after,
            uncorrected,
            self._result(),
        )

    def _result(self) -> Result:
        work = self.work
        return Result(self.case.scenario, self.options, work.accounts, work.at_point, work.at_point, None)

    def blocks(self, which: Counts) -> Counts:
        """(draw,) the block of each draw, the same number in every round."""
        return np.asarray(which // self.each % BLOCKS)

    def seen(self, counts: Counts, kept: Counts, tolerance: Array, whole: Subset) -> list[Seen]:
        """tolerance: (row,) standard deviations that a kept course may be off."""
        found = []
        part = Subset(self.blocks(kept))
        for i, row in enumerate(self.rows):
            own = counts[:, i].astype(np.float64)
            value = _value(row)
            more, fewer = whole.chance(own >= value), whole.chance(own <= value)
            found.append(
                Seen(
                    row=row,
                    value=value,
                    expected=_spread(own, whole),
                    probability=more if row.count is None else whole.chance(own == value),
                    or_more=more,
                    or_fewer=fewer,
                    allowed=int(tolerance[i] * own.std() + ROUNDING) if np.isfinite(tolerance[i]) else 0,
                    kept=_spread(own[kept], part) if len(kept) else None,
                )
            )
        return found

    def unusual(self, counts: Counts, whole: Subset) -> Estimate | None:
        """The chance of numbers as far from what is expected as those seen, by Mahalanobis' distance (a prior predictive check: Box 1980)."""
        numbers = [i for i, row in enumerate(self.rows) if row.count is not None]
        if not numbers:
            return None
        own = counts[:, numbers].astype(np.float64)
        seen = np.array([self.rows[i].count for i in numbers], np.float64)
        mean, sd = own.mean(axis=0), own.std(axis=0)
        sd = np.where(sd > 0, sd, 1.0)
        scaled, at = (own - mean) / sd, (seen - mean) / sd
        values, vectors = np.linalg.eigh(scaled.T @ scaled / len(scaled))
        real = values > SINGULAR
        if np.abs(at @ vectors[:, ~real]).max(initial=0.0) > np.sqrt(SINGULAR):
            # counts that hang together in every course, and do not in what was seen
            return whole.chance(np.zeros(len(counts), bool))
        root = vectors[:, real] / np.sqrt(values[real])
        far = ((scaled @ root) ** 2).sum(axis=1)
        return whole.chance(far >= ((at @ root) ** 2).sum() * (1 - ROUNDING))

    def gather(self, which: Counts) -> Gathered:
        """What these draws, in rising order, have."""
        chunks = list(in_order(self._live, self._picked(which), self.threads))
        return Gathered(
            np.concatenate([chunk.provenu for chunk in chunks]),
            {of: np.concatenate([chunk.targeted[of] for chunk in chunks]) for of in chunks[0].targeted},
            {name: np.concatenate([chunk.values[name] for chunk in chunks]) for name in chunks[0].values},
        )

    def view(self, found: Gathered, which: Counts, off: Array | None = None) -> View:
        """What these draws say. off: (draw, number) by which they are not as seen, where that is to be put right."""
        part = Subset(self.blocks(which))
        hits = [reached(found.provenu.sum(axis=1))]
        hits += [hit(self.work.accounts, one, found.targeted[one.of]) > 0 for one in self.case.scenario.targets]
        chances = [part.chance(one) for one in hits]
        if off is not None:
            regression = Regression(off)
            found, part = regression.all_corrected(found), replace(part, factor=regression.factor)
            # not from the amounts that were moved: their spread need not be the same everywhere
            moved = [part.mean(regression.corrected(one.astype(np.float64))) for one in hits]
            chances = [part.chance_of(min(max(one.value, 0.0), 1.0), one.error) for one in moved]
        return View(
            courses=len(which),
            assumptions={name: _spread(own, part) for name, own in found.values.items()},
            provenu=_spread(found.provenu.sum(axis=1), part),
            break_even=chances[0],
            targets=chances[1:],
        )

    def _picked(self, which: Counts) -> Iterator[Counts]:
        """The draws in runs that are lived together: of one block, with small gaps, no more than a chunk."""
        longest = self.work.chunk_draws
        begin = 0
        for i in range(1, len(which) + 1):
            if (
                i == len(which)
                or which[i] - which[i - 1] > GAP
                or which[i] // self.each != which[begin] // self.each
                or which[i] - which[begin] >= longest
            ):
                yield which[begin:i]
                begin = i

    def _live(self, which: Counts) -> Gathered:
        """Some draws of a block, lived with those between them."""
        begin, number = int(which[0]), int(which[-1] - which[0]) + 1
        rows, chunk = which - begin, Chunk(begin, begin + number, self.each)
        options, accounts = self.options, self.work.accounts
        values = self.work.sampler.draw(options.design, options.seed, chunk)
        given = model.parameters(accounts.model, values)
        lived = model.lived(
            accounts.model, given, options.seed, begin, number, accounts.period, (options.counterfactual,)
        )
        less = lived.baselines[options.counterfactual].rows - lived.programme.rows
        prices = ledger.prices(accounts, values)
        families, present = (one.astype(np.float64) for one in (lived.entered, lived.present))
        kroner = ledger.kroner(accounts, prices, less, families, present=present)[rows]
        targeted = {one.of: series_of(accounts, one, kroner) for one in self.case.scenario.targets}
        assumptions = {one.name: self._by_draw(values, one.name, number)[rows] for one in self.work.sampler.uncertain}
        return Gathered(kroner[:, 0].sum(axis=1), targeted, assumptions)

    def _by_draw(self, values: Values, name: str, draws: int) -> Array:
        """(draw,) an assumption, the mean of the horizon's years where it has several."""
        own = values[name]
        years = np.minimum(np.arange(self.case.model.years), own.shape[1] - 1)
        mean = own[:, years].mean(axis=1) if own.shape[1] > 1 else own[:, 0]
        return np.broadcast_to(mean, (draws,))


def _never(seen: list[Seen], unusual: Estimate | None) -> bool:
    """Whether no course is as far out, in one count or in all together."""
    return any(one.tail.value == 0 for one in seen) or (unusual is not None and unusual.value == 0)


def _value(row: Observed) -> int:
    value = row.count if row.count is not None else row.at_least
    assert value is not None
    return value


def _place(row: Observed) -> tuple[str, str, str, str]:
    """What is counted, whichever arm it is."""
    return row.role, row.what, row.to, row.until


class Regression:
    """Linear regression on how far off the courses are, read off where they are not."""

    def __init__(self, off: Array) -> None:
        """off: (draw, number) persons."""
        self.off = off
        self.around = np.column_stack([np.ones(len(off)), off])
        inverse = np.linalg.pinv(self.around.T @ self.around)
        self.solve = inverse @ self.around.T
        # the standard error of a regression read off away from its middle is larger than that of a mean
        self.factor = math.sqrt(max(len(off) * float(inverse[0, 0]), 1.0))

    def corrected(self, values: Array) -> Array:
        """(draw, ...) values moved along the regression to where nothing is off."""
        slopes = (self.solve @ values)[1:]
        return np.asarray(values - self.off @ slopes)

    def all_corrected(self, found: Gathered) -> Gathered:
        """Assumptions stay within what was drawn."""
        values = {name: np.clip(self.corrected(own), own.min(), own.max()) for name, own in found.values.items()}
        targeted = {of: self.corrected(own) for of, own in found.targeted.items()}
        return Gathered(self.corrected(found.provenu), targeted, values)


def _spread(values: Array, part: Subset) -> Spread:
    return Spread(part.mean(values), part.sd(values), part.percentiles(values, PERCENTILES))


def moved(before: View, after: View) -> list[tuple[str, float]]:
    """Assumption and by how many of its standard deviations its mean has moved, the furthest first."""
    found = []
    for name, one in before.assumptions.items():
        sd = one.sd.value
        found.append((name, (after.assumptions[name].mean.value - one.mean.value) / sd if sd > 0 else 0.0))
    return sorted(found, key=lambda pair: -abs(pair[1]))
