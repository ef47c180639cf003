"""A quarter times four: what the moves of one quarter tell of the year that follows.

Before-after is the rule as it is used: what the group costs a month at the quarter's end, against its beginning, by the prices of the
quarter; times the three months of a quarter, times four. Everybody who left counts, also those who would have left anyway. Additional is
the same less the same of the life without the programme. Both are held against what the programme saves in the four quarters that follow.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from time import thread_time
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulate import kernels, ledger, limits, luck, model
from simulate.analysis import precision
from simulate.analysis.precision import Estimate, Spread
from simulate.engine import Case, Result
from simulate.errors import InputError
from simulate.ledger import Accounts, Prices
from simulate.locale import text
from simulate.model import LivedDraws, Model, Parameters, Quantities, summed
from simulate.options import Options, Progress
from simulate.pace import Notify, Pace, Sounding
from simulate.plan import Plan, in_order
from simulate.sampling import Chunk, rounded_up
from simulate.scenario import Scenario

Array = NDArray[np.float64]
Measure = Literal["before-after", "additional"]

QUARTER, YEAR = 6, 24  # half-months
A_YEAR = 12  # months: what a month's fall is worth in a quarter, times four
NEAR = 0.25  # of the expected year: so far off the rule is still of use
OFTEN = 0.9  # of the courses it shall be so near
LARGEST = 1_000_000  # persons of the largest group that is tried
NOTHING = 0.5  # kr.: what prints as none
PERCENTILES = (1, 5, 10, 25, 50, 75, 90, 95, 99)
CHUNK = 256  # draws
PART = 4  # of the courses one is lived with groups of other sizes, of which less is told
LIVES = 4_000_000  # persons that such a group is lived with, in all its courses; a large one has fewer courses
FEWEST = 256  # courses
SIZES_A_DECADE = 10
TRIED = 6  # sizes that are lived before one is given up to be the smallest
TENTH = 1.1


@dataclass(frozen=True, slots=True)
class Quarter:
    year: int
    number: int  # 1-4

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    def begin(self, scenario: Scenario) -> int:
        """The half-month with which it begins."""
        return YEAR * (self.year - scenario.time.first_year) + QUARTER * (self.number - 1)


@dataclass(frozen=True, slots=True)
class Group:
    """What the rule of four does with a group of some size. Amounts in DKK."""

    persons: float  # expected, of whom the quarter is told
    draws: int
    annualised: Spread
    following: Spread
    deviation: Spread  # annualised less following
    wrong_sign: Estimate  # chance that one is a saving and the other a loss
    no_change: Estimate  # chance that the quarter shows nothing at all
    near: Estimate  # chance that the rule lies within NEAR of the year that is expected
    luck: Estimate  # standard deviation of annualised that luck alone gives, DKK
    explained: Estimate  # share of the variance of following that goes with annualised: the square of their correlation


@dataclass(frozen=True, slots=True)
class Smallest:
    """The smallest group for which the rule is near often enough; None: no size will do."""

    size: int | None
    near: Estimate | None  # of that group
    draws: int  # that it was lived in; 0: it is so large that the normal distribution tells it
    at_any_size: Estimate  # chance that it is near where there is no luck at all


@dataclass(frozen=True, slots=True)
class Annualised:
    quarter: Quarter
    measure: Measure
    group: Group  # as the scenario has it
    ordinary: Estimate  # the rule of four without the programme, DKK: ordinary exits
    within: Estimate  # four times what is saved within the quarter, DKK: not yet a quarter's worth of what has moved
    bias: Estimate  # mean deviation without luck, DKK
    biases: dict[int, Estimate]  # percentiles over the assumptions of that deviation
    smallest: Smallest
    groups: list[Group]  # of the sizes that were asked for
    clipped: dict[str, int]  # path → draws
    result: Result  # options as run, and the business case's own number


def annualise(
    case: Case,
    options: Options,
    quarter: Quarter,
    measure: Measure = "before-after",
    sizes: Sequence[int] = (),
    progress: Progress | None = None,
    notify: Notify = lambda words: None,
) -> Annualised:
    """What four times the quarter's moves tell of the four quarters that follow. quarter: with four more of the horizon after it.

    sizes: persons of further groups. Raises InputError where nobody has come by the end of the quarter, and ResourceError as a run does.
    """
    options, pace = replace(options, engine="lives", draws=rounded_up(options.draws, options.design)), Pace(notify)
    work = _Simulation(case, options, quarter, measure)
    work = replace(work, threads=work.check(notify))
    own = float(work.persons(model.parameters(work.model, case.sampler.point()))[0])
    for size in [*sizes, own]:  # the smallest that will do: one try of a size that is not known yet
        pace.further(1, partial(work.sound, size))
    steps = 2 + len(sizes)

    def done(step: int, share: float) -> None:
        if progress:
            progress(int(1000 * (step + share)), 1000 * steps)

    whole = work.courses(work.options.draws, None, pace, partial(done, 0))
    groups = [
        _group(work.courses(work.draws_for(size), size, pace, partial(done, 1 + i)), size)
        for i, size in enumerate(sizes)
    ]
    smallest = _smallest(work, whole, pace)
    done(steps - 1, 1.0)
    off = whole.expected - whole.expected_following
    return Annualised(
        quarter=quarter,
        measure=measure,
        group=_group(whole, float(whole.persons.mean())),
        ordinary=precision.mean(whole.ordinary),
        within=precision.mean(whole.within),
        bias=precision.mean(off),
        biases=precision.percentiles(off, PERCENTILES),
        smallest=smallest,
        groups=groups,
        clipped=whole.clipped,
        result=work.result,
    )


@dataclass(frozen=True, slots=True)
class _Courses:
    """Of each course (draw,), DKK unless said otherwise."""

    annualised: Array
    following: Array
    expected: Array  # annualised, given the assumptions, without luck
    expected_following: Array
    ordinary: Array  # expected without the programme
    within: Array  # expected, four times what is saved within the quarter
    variance: Array  # DKK², of annualised, given the assumptions; 0 for a group of another size
    persons: Array  # expected, of whom the quarter is told
    clipped: dict[str, int]

    @property
    def near(self) -> NDArray[np.bool_]:
        """Whether the rule lies near the year that is expected under the course's own assumptions; nothing is near to a year of nothing."""
        room = NEAR * np.abs(self.expected_following)
        return np.asarray((np.abs(self.annualised - self.expected_following) <= room * (1 + 1e-9)) & (room > 0))


COLUMNS = ("annualised", "following", "expected", "expected_following", "ordinary", "within", "variance", "persons")


@dataclass(frozen=True)
class _Simulation:
    """How the courses of a group are made."""

    case: Case
    options: Options
    quarter: Quarter
    measure: Measure
    threads: int = 1

    @property
    def model(self) -> Model:
        return self.case.model

    @cached_property
    def accounts(self) -> Accounts:
        """By half-months: who is where at a moment."""
        return Accounts(self.model, 1)

    @cached_property
    def result(self) -> Result:
        return replace(self.case.result(replace(self.options, engine="point", period="year")), options=self.options)

    @property
    def begin(self) -> int:
        return self.quarter.begin(self.case.scenario)

    @property
    def end(self) -> int:
        return self.begin + QUARTER

    @cached_property
    def entries(self) -> NDArray[np.int64]:
        """(entry,) the half-month of each: those present, then a month each."""
        return np.concatenate([[0], 2 * np.arange(self.model.months) + 1])

    @property
    def known(self) -> NDArray[np.bool_]:
        """(entry,) who has come before the quarter's end."""
        return self.entries < self.end

    @property
    def newly(self) -> NDArray[np.bool_]:
        """(entry,) who is not there before the quarter and comes in it: held against the state that they come with."""
        return np.asarray(self.known & (self.entries >= self.begin))

    def check(self, notify: Notify) -> int:
        """How many threads it may have. Raises InputError where the quarter has nobody in it, ResourceError where this machine could not."""
        at_point = model.parameters(self.model, self.case.sampler.point())
        if self.persons(at_point)[0] <= 0:
            raise InputError(
                text("nobody has come by the end of {quarter}: there is nothing to measure", quarter=self.quarter)
            )
        states, rows = len(self.model.inner), len(self.model.pairs.row_state)
        size = 8 * min(CHUNK, self.options.draws) * self.model.months * (16 * states + 6 * rows)
        chunks = limits.Chunks(Plan(self.options.draws, CHUNK).number, size + 8 * luck.room(self.model))
        return limits.check(self.options, self.result.accounts, self.case.sampler, len(COLUMNS), chunks, notify)

    def persons(self, given: Parameters) -> Array:
        """(draw,) expected persons who have come before the quarter's end."""
        return np.asarray(model.people(self.model, given)[..., self.known].sum(axis=(1, 2)))

    def draws_for(self, size: float) -> int:
        """As many courses as there is time for with a group of this size."""
        draws = max(self.options.draws // PART, min(FEWEST, self.options.draws))
        while draws * size > LIVES and draws > FEWEST:
            draws //= 2
        return rounded_up(draws, self.options.design)

    def sound(self, size: float) -> Sounding:
        """How long courses of a group of this size take, from one chunk of them."""
        chunks = Plan(self.draws_for(size), CHUNK)
        began = thread_time()
        self._live(next(iter(chunks)), size)
        return Sounding(0.0, 0.0, thread_time() - began, chunks.number)

    def courses(
        self, draws: int, size: float | None, pace: Pace, done: Callable[[float], None] = lambda share: None
    ) -> _Courses:
        """size: expected persons of whom the quarter is told, in every draw; None: as many as the scenario has."""
        by_weeks = () if self.model.refunds.is_plain else ("steps",)
        for kernel in ("expected", "lives", "moments", *by_weeks):
            kernels.load(kernel)
        chunks = Plan(draws, CHUNK)
        found: dict[str, list[Array]] = {name: [] for name in COLUMNS}
        clipped = Counter[str]()
        pace.begin(draws, self.threads)
        live = partial(self._live, size=size)
        for i, (columns, hits) in enumerate(in_order(live, chunks, self.threads, pace)):
            for name, column in columns.items():
                found[name].append(column)
            clipped.update(hits)
            done((i + 1) / chunks.number)
        return _Courses(**{name: np.concatenate(parts) for name, parts in found.items()}, clipped=dict(clipped))

    def _live(self, chunk: Chunk, size: float | None) -> tuple[dict[str, Array], dict[str, int]]:
        """Columns (draw,) of a chunk's courses, and in how many a number had to be clipped."""
        draws, options = chunk.draws, self.options
        values = self.case.sampler.draw(options.design, options.seed, chunk)
        given = model.parameters(self.model, values)
        prices = ledger.prices(self.accounts, values)
        if size is not None:
            persons = self.persons(given)
            factor = np.divide(size, persons, out=np.zeros_like(persons), where=persons > 0)
            given = replace(given, numbers=given.numbers * factor[:, None])
        lived = model.lived(self.model, given, options.seed, chunk.first, draws, 1, (options.counterfactual,))
        columns = self._lived(lived, prices) | self._expected(given, prices)
        known = np.zeros(1) if size is not None else self._variance(given, prices)
        columns |= {"variance": known, "persons": self.persons(given)}
        clipped = model.draws_clipped(given.clipped | prices.clipped, draws)
        return {name: np.array(np.broadcast_to(column, draws)) for name, column in columns.items()}, clipped

    def _lived(self, lived: LivedDraws, prices: Prices) -> dict[str, Array]:
        came = self._by_row(lived.members.astype(np.float64))
        baseline = lived.baselines[self.options.counterfactual]
        annualised = self._fall(lived.programme, came, prices)
        if self.measure == "additional":
            annualised = annualised - self._fall(baseline, came, prices)
        return {"annualised": annualised, "following": self._following(lived.programme, baseline, prices)}

    def _expected(self, given: Parameters, prices: Prices) -> dict[str, Array]:
        draws = max(given.rows, len(prices.state))
        programme, baseline = model.expected(self.model, given, draws, 1, kernels.load("expected"))
        came = self._by_row(
            summed(model.people(self.model, given), model.start_states(self.model), len(self.model.states))
        )
        whole, ordinary = (self._fall(one, came, prices) for one in (programme, baseline))
        within, without = (self._within(one, came, prices) for one in (programme, baseline))
        additional = self.measure == "additional"
        return {
            "expected": whole - ordinary if additional else whole,
            "expected_following": self._following(programme, baseline, prices),
            "ordinary": ordinary,
            "within": within - without if additional else within,
        }

    def _by_row(self, came: Array) -> Array:
        """(draw, row, entry) of people (draw, state, entry) who come, by the rows of prices."""
        refunds = self.model.refunds
        return came if refunds.is_plain else np.einsum("sr,dse->dre", refunds.at_start, came)

    def _price(self, prices: Prices) -> Array:
        """(draw, row) DKK a person-month in the quarter, the municipality's."""
        return prices.state[:, 0, :, self.begin]

    def _before(self, counted: Quantities, came: Array) -> Array:
        """(draw, row) persons in the last half-month before the quarter, and those who come in it, by the state that they come with."""
        there = 2 * counted.rows[:, :, self.begin - 1] if self.begin > 0 else 0.0
        return np.asarray(there + came[:, :, self.newly].sum(axis=2))

    def _fall(self, counted: Quantities, came: Array, prices: Prices) -> Array:
        """(draw,) DKK a year that the group costs less in the quarter's last half-month. came: (draw, row, entry)."""
        after = 2 * counted.rows[:, :, self.end - 1]
        return np.asarray(A_YEAR * ((self._before(counted, came) - after) * self._price(prices)).sum(axis=1))

    def _within(self, counted: Quantities, came: Array, prices: Prices) -> Array:
        """(draw,) DKK: four times what the group has cost less within the quarter than had nobody moved."""
        there = self._before(counted, came * (self.entries < self.begin))[..., None] * QUARTER / 2
        stay = (came * self.newly * (self.end - self.entries) / 2).sum(axis=2)[..., None]
        spent = counted.rows[:, :, self.begin : self.end].sum(axis=2)
        return np.asarray(4 * (((there + stay)[..., 0] - spent) * self._price(prices)).sum(axis=1))

    def _following(self, programme: Quantities, baseline: Quantities, prices: Prices) -> Array:
        """(draw,) DKK that the four quarters after the quarter save."""
        after = slice(self.end, self.end + YEAR)
        less = baseline.rows[:, :, after] - programme.rows[:, :, after]
        return np.asarray((less * prices.state[:, 0, :, after]).sum(axis=(1, 2)))

    def _variance(self, given: Parameters, prices: Prices) -> Array:
        """(draw or 1,) DKK² that luck alone gives the rule of four, exactly; with the same luck in both arms, as if each had its own.

        A life that costs, in the quarter's last half-month, what it costs a year then, and before the quarter the same with the sign turned.
        """
        price = self._price(prices)
        at = np.zeros((len(price), len(prices.state[0]), price.shape[1], YEAR * self.model.years))
        at[:, 0, :, self.end - 1] += 2 * A_YEAR * price  # prices are of a month
        if self.begin > 0:
            at[:, 0, :, self.begin - 1] -= 2 * A_YEAR * price
        costs = replace(
            prices,
            state=at,
            budget=prices.budget * 0.0,
            per_family=prices.per_family * 0.0,
            person_years=prices.person_years * 0.0,
        )
        if self.measure == "additional":
            own_luck = self.options.counterfactual != "expected"
            return luck.compute(self.accounts, given, costs, own_luck=own_luck).own_luck
        of_state = price if self.model.refunds.is_plain else price @ self.model.refunds.at_start.T
        at_entry = A_YEAR * of_state[:, :, None] * self.newly
        return luck.of_programme(self.accounts, given, costs, at_entry).expected


def _group(courses: _Courses, persons: float) -> Group:
    off = courses.expected - courses.expected_following
    shows = np.abs(courses.annualised) >= NOTHING
    opposed = shows & (np.abs(courses.following) >= NOTHING)
    opposed &= np.sign(courses.annualised) != np.sign(courses.following)
    squares = precision.mean((courses.annualised - courses.expected) ** 2)
    return Group(
        persons=persons,
        draws=len(courses.annualised),
        annualised=_spread(courses.expected, courses.annualised),
        following=_spread(courses.expected_following, courses.following),
        deviation=_spread(off, courses.annualised - courses.following),
        wrong_sign=precision.chance(opposed),
        no_change=precision.chance(~shows),
        near=precision.chance(courses.near),
        luck=precision.root(math.sqrt(squares.value), squares),
        explained=_explained(courses.annualised, courses.following),
    )


def _explained(one: Array, other: Array) -> Estimate:
    """The square of their correlation; 0 where one of them does not vary. Blocks of one course have none."""
    blocks = [_square(*pair) for pair in zip(precision.in_blocks(one), precision.in_blocks(other), strict=True)]
    found = Estimate(_square(one, other), precision.error_of(np.array(blocks)))
    return found.unless(len(one) == len(blocks)).within(0.0, 1.0)


def _square(one: Array, other: Array) -> float:
    a, b = one - one.mean(), other - other.mean()
    both = float((a @ a) * (b @ b))
    return float(a @ b) ** 2 / both if both > 0 else 0.0


def _spread(expected: Array, lived: Array) -> Spread:
    """The mean is from expected lives, the rest from lives."""
    return precision.spread(precision.mean(expected), lived, PERCENTILES)


def _smallest(work: _Simulation, whole: _Courses, pace: Pace) -> Smallest:
    """By luck's exact variance and the normal distribution first; then lived, a tenth larger where lives do not bear it out."""
    chance = _Chance.of(whole, work.options.counterfactual == "same-luck")
    at_any_size = precision.chance(chance.without_luck)
    size = chance.smallest()
    for _ in range(TRIED if size is not None else 0):
        assert size is not None
        if size * FEWEST > LIVES:  # so many that the normal distribution needs no proof
            return Smallest(size, precision.mean(chance.of_size(size)), 0, at_any_size)
        draws = work.draws_for(size)
        near = precision.chance(work.courses(draws, size, pace).near)
        if near.value >= OFTEN - 2 * near.error:
            return Smallest(size, near, draws, at_any_size)
        size = math.ceil(TENTH * size)
    return Smallest(None, None, 0, at_any_size)


@dataclass(frozen=True, slots=True)
class _Chance:
    """How often the rule is near, by the normal distribution: (draw,) of one person."""

    off: Array  # mean of the rule less the expected year, DKK
    room: Array  # within which it must lie
    variance: Array  # DKK²

    @classmethod
    def of(cls, courses: _Courses, same_luck: bool) -> _Chance:
        off = courses.expected - courses.expected_following
        known = courses.variance
        if same_luck and known.sum() > 0:  # which no recursion knows: as much of luck of its own as the courses show
            known = known * (((courses.annualised - courses.expected) ** 2).sum() / known.sum())
        persons = np.where(courses.persons > 0, courses.persons, 1.0)
        room = NEAR * np.abs(courses.expected_following) * (1 + 1e-9)
        return cls(off / persons, room / persons, known / persons)

    @property
    def without_luck(self) -> NDArray[np.bool_]:
        return np.asarray((np.abs(self.off) <= self.room) & (self.room > 0))

    def __call__(self, size: float) -> float:
        """Mean over the assumptions."""
        return float(self.of_size(size).mean())

    def of_size(self, size: float) -> Array:
        """(draw,)"""
        from simulate.special import ndtr

        sd = np.sqrt(self.variance / size)
        varies = sd > 1e-12 * np.maximum(np.abs(self.off), self.room)
        scale = np.where(varies, sd, 1.0)
        chance = ndtr((self.room - self.off) / scale) - ndtr((-self.room - self.off) / scale)
        return np.where(varies, chance, self.without_luck)

    def smallest(self) -> int | None:
        """The first size, of ten a decade, for which the chance is high enough; then by halves."""
        decades = math.log10(LARGEST)
        below = 0
        for i in range(int(SIZES_A_DECADE * decades) + 1):
            size = round(10 ** (i / SIZES_A_DECADE))
            if self(size) >= OFTEN:
                break
            below = size
        else:
            return None
        while size - below > 1:
            middle = (size + below) // 2
            below, size = (below, middle) if self(middle) >= OFTEN else (middle, size)
        return size
