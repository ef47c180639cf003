"""Families lived one by one.

Every random number is addressed, not queued: it is the hash of its coordinates, so that no order of work can change it. The
hash is SplitMix64 (Steele, Lea, Flood 2014): a key is made by putting one coordinate after the other through it, and the
numbers of one life are outputs of the generator that begins at the life's key, the address saying which.
"""

import math
from typing import NamedTuple

import numpy as np

from simulate.kernels.arrays import BENEFIT, NO_CLOCK, RESTART, SUPPORT, Room
from simulate.kernels.jit import inner, kernel

U = np.uint64
GOLDEN = U(0x9E3779B97F4A7C15)
MIX_A = U(0xBF58476D1CE4E5B9)
MIX_B = U(0x94D049BB133111EB)
S27, S30, S31, S11 = U(27), U(30), U(31), U(11)
TO_UNIT = 2.0**-53

# What a random number, or a key, is for. Append, never renumber: else every seed means something else.
DRAW, COHORT, NUMBER, FAMILY, MONTH, ROLE, ROUND, MEMBER, START = (U(i) for i in range(9))
SHARED, OWN = (
    U(9),
    U(10),
)  # the keys of a member's lives: the one that both arms share, and the baseline's own
ENTRY, CLOCK, LENGTH, JANUARY = (U(i) for i in range(11, 15))

PURPOSE_SHIFT, VISIT_SHIFT, STATE_SHIFT = U(60), U(36), U(18)
YEAR_HALVES = 24
NEVER = 1 << 60
LEAST = 1e-120  # chances below it are taken as 0
ONE_LIFE = 1 << 24  # more than the visits of a life
INDEX = (1 << 24) - 1  # x & INDEX is x, but the compiler then knows that x does not count from an array's end


class Member(NamedTuple):
    """One member's life in one arm."""

    draw: int  # row of the rates
    entry: int  # half-month
    until: int  # half-month from which on the baseline's values hold; before it, the programme's
    key: np.uint64  # of its random numbers
    ages: np.ndarray  # (class,) half-months from entry at which the programme's values change; the first is 0


def _logarithms() -> tuple[np.ndarray, np.ndarray]:
    """For each 128th part of [1, 2): a number near 1/x, and its logarithm; the first is 1, so that -log(1) is 0."""
    near = [1.0] + [float(np.float32(256 / (257 + 2 * i))) for i in range(1, 128)]
    return np.array(near), np.array([math.log(x) for x in near])


NEAR, LOG_NEAR = _logarithms()
LOG_2 = math.log(2.0)
EXPONENT, MANTISSA = 1023 << 52, (1 << 52) - 1


@inner
def year_of(t):
    """t // 24 for 0 <= t < 43690, without the division: it stands in every step of a life."""
    return ((t * 43691) >> 20) & INDEX


@inner
def period_of(t, period):
    """t // period.halves."""
    return ((t * period.scale) >> 24) & INDEX


@inner
def mix(z):
    """SplitMix64's output function."""
    z = (z ^ (z >> S30)) * MIX_A
    z = (z ^ (z >> S27)) * MIX_B
    return z ^ (z >> S31)


@inner
def output(key, n):
    """Number n (from 0) of the SplitMix64 generator that was seeded with key."""
    return mix(key + (n + U(1)) * GOLDEN)


@inner
def unit(bits):
    """A number in [0, 1) on a grid of 2^-53."""
    return (bits >> S11) * TO_UNIT


@inner
def numbered(key, purpose, index):
    """The random number or key with this purpose and index under a key."""
    return output(key, (purpose << PURPOSE_SHIFT) | U(index))


@inner
def in_life(key, purpose, state, visit, index):
    """A number in [0, 1) of one stay in a life."""
    place = (purpose << PURPOSE_SHIFT) | (U(visit) << VISIT_SHIFT) | (U(state) << STATE_SHIFT) | U(index)
    return unit(output(key, place))


@inner
def pick(cumulated, first, last, year, u):
    """The first of the alternatives first..last-1 whose cumulated chance exceeds u, or -1."""
    for j in range(first, last):
        if u < cumulated[j, year]:
            return j
    return -1


@inner
def minus_log(x):
    """-log(x) for 2^-53 <= x <= 1, within 1e-15 or the last digit: a call of the library's costs as much as the rest of a stay."""
    bits = np.float64(x).view(np.int64)
    mantissa = np.int64((bits & MANTISSA) | EXPONENT).view(np.float64)
    i = (bits >> 45) & 127
    r = mantissa * NEAR[i] - 1.0  # below 2^-7
    square = r * r
    series = r - square * (0.5 - r * (1 / 3)) - square * square * (0.25 - r * 0.2 + square * (1 / 6))
    return LOG_NEAR[i] - ((bits >> 52) - 1023) * LOG_2 - series


@inner
def arm_at(t, member):
    """The arm whose values hold at t: the programme's while the effect lasts, by the time since entry."""
    if t >= member.until:
        return 0
    arm = 1
    while arm < len(member.ages) and t >= member.entry + member.ages[arm]:
        arm += 1
    return arm


@inner
def fill_staying(draw, rates, staying):
    """For a draw, the chance that a clock outlasts the months that end at t, t - 2, ... and begin at 0 or later."""
    for arm in range(staying.shape[0]):
        for clock in range(staying.shape[1]):
            chance = staying[arm, clock]
            chance[0] = chance[1] = 1.0
            for year in range(rates.hazard.shape[3]):
                month = math.exp(-rates.hazard[draw, arm, clock, year])
                for middle in range(max(YEAR_HALVES * year, 1), YEAR_HALVES * (year + 1)):
                    after = chance[middle - 1] * month
                    chance[middle + 1] = after if after > LEAST else 0.0


@inner
def outlasts(x, clock, arrival, stop, until, member, staying):
    """Whether a clock with -log(x) on it is sure not to run out in a month of the stay with its middle before stop.

    x is held against the chance of that, so that most clocks need no logarithm. Chances too small to tell are not sure.
    """
    baseline = staying[0, clock]
    arrival &= INDEX
    last = (stop - ((stop - arrival) & 1)) & INDEX
    turn = min(until - ((until - arrival) & 1), last)
    if turn <= arrival:
        return x * baseline[arrival] <= baseline[last] and baseline[last] > 0.0
    if len(member.ages) > 1:
        return outlasts_all(x, clock, arrival, turn, last, member, staying)
    programme = staying[1, clock]
    after = programme[turn] * baseline[last]
    return x * programme[arrival] * baseline[turn] <= after and after > 0.0


@inner
def outlasts_all(x, clock, arrival, turn, last, member, staying):
    """The same where the programme's values, which hold until `turn`, change on the way."""
    before, after, at = x, 1.0, arrival
    for arm in range(1, len(member.ages) + 1):
        end = turn
        if arm < len(member.ages):
            change = member.entry + member.ages[arm]
            end = min(change - ((change - arrival) & 1), turn)
        if end > at:
            before *= staying[arm, clock, at & INDEX]
            after *= staying[arm, clock, end & INDEX]
            at = end
    before *= staying[0, clock, turn & INDEX]
    after *= staying[0, clock, last & INDEX]
    return before <= after and after > LEAST


@inner
def months_at_one_rate(middle, year, arm, member):
    """How many months of a stay, from the one with this middle on, lie in the same year and have the values of this arm."""
    bound = YEAR_HALVES * (year + 1) - middle
    left = member.until - middle
    if 0 < left < bound:
        bound = left
    if 0 < arm < len(member.ages):
        bound = min(bound, member.entry + member.ages[arm] - middle)
    return (bound + 1) >> 1


@inner
def run_out(left, clock, arrival, stop, member, rates):
    """The half-month in which a clock runs out, and how far into its month; NEVER where no middle before stop."""
    middle = arrival + 1
    while middle < stop:
        arm, year = arm_at(middle, member), year_of(middle)
        hazard = rates.hazard[member.draw, arm, clock, year]
        months = months_at_one_rate(middle, year, arm, member)
        if left < hazard * months:
            into = left / hazard
            whole = min(int(into), months - 1)  # the division may round up to the next month
            if middle + 2 * whole >= stop:
                return NEVER, 0.0
            return middle + 2 * whole, into - whole
        left -= hazard * months
        middle += 2 * months
    return NEVER, 0.0


@inner
def run_out_tied(left, clock, arrival, stop, member, rates, ties, arm):
    """As run_out(), month by month: the hazard is another while the member that it hangs on is in the state, in this arm of the family."""
    tie = ties.of_clock[clock]
    for middle in range(arrival + 1, stop, 2):
        year = year_of(middle)
        hazard = rates.hazard[member.draw, arm_at(middle, member), clock, year]
        if tie >= 0 and ties.there[arm, tie, middle]:
            hazard *= rates.times[member.draw, 0, tie, year]
        if left < hazard:
            return middle, left / hazard
        left -= hazard
    return NEVER, 0.0


@inner
def note(state, begin, end, ties, arm):
    """Where a member is from begin to end, for those who hang on it."""
    for tie in range(len(ties.state)):
        if ties.state[tie] == ties.of_inner[state]:
            for t in range(begin, end):
                ties.there[arm, tie, t] = True


@inner
def stay_months(ending, state, visit, arrival, member, rates):
    """Length of a stay that ends by itself; both its year and its arm are those of the arrival."""
    arm, year = arm_at(arrival, member), year_of(arrival)
    months = rates.months[member.draw, arm, ending, year]
    if months > 0:
        return months
    u = in_life(member.key, LENGTH, state, visit, 0)
    chance = rates.length[member.draw, arm, ending, year]
    low, high = 0, len(chance)
    while low < high:
        half = (low + high) // 2
        if u < chance[half]:
            high = half
        else:
            low = half + 1
    return low + 1


@inner
def book(halves, state, begin, end, period):
    """Person-half-months from begin to end, as differences: sums over periods are taken once for a draw."""
    first, last = period_of(begin, period), period_of(end - 1, period)
    if first == last:
        halves[state, first] += end - begin
        halves[state, first + 1] -= end - begin
        return
    head = period.halves * (first + 1) - begin
    halves[state, first] += head
    halves[state, first + 1] += period.halves - head
    tail = end - period.halves * last
    halves[state, last] += tail - period.halves
    halves[state, last + 1] -= tail


@inner
def book_benefit(halves, first, position, begin, end, period, clock):
    """A stay on benefit, in the rows of its steps from `first` on; returns where the clock stands at its end."""
    while begin < end:
        position &= INDEX
        whole = clock.alike[position]
        months = min(whole, end - begin)
        book(halves, first + clock.column[position], begin, begin + months, period)
        begin += months
        if months == whole:
            position = clock.after[position]
        elif clock.after[position] != position:  # else beyond all steps
            position += months
    return position


@inner
def book_stay(halves, state, begin, end, position, support, period, clock):
    """A stay where it is booked; returns where the clock stands at its end, and how long self-support has been unbroken."""
    kind, first = clock.kind[state], clock.row[state]
    if kind == BENEFIT:
        return book_benefit(halves, first, position, begin, end, period, clock), 0
    book(halves, first, begin, end, period)
    if kind != SUPPORT:
        return position, 0
    support += end - begin
    return clock.again[state] if support >= RESTART else position, support


@inner
def own_end(state, visit, arrival, horizon, member, structure, rates, staying, ties, arm):
    """The end of a stay by its any-month and after-months moves: (half-month, state that follows); `horizon` if beyond it. ties: None where no
    move hangs on another member."""
    end, follows = horizon, -1
    ending = structure.ending[state]
    if ending >= 0:
        by_length = arrival + 2 * stay_months(ending, state, visit, arrival, member, rates)
        if by_length < end:
            end, follows = by_length, structure.ending_to[ending]
    end_into = 0.0
    for j in range(structure.clock_first[state], structure.clock_first[state + 1]):
        clock = j & INDEX
        stop = min(end + 1, horizon)  # another clock may run out earlier in the month in which the first one does
        x = 1.0 - in_life(member.key, CLOCK, state, visit, clock)
        if ties is None:
            if outlasts(x, clock, arrival, stop, member.until, member, staying):
                continue
            at, into = run_out(minus_log(x), clock, arrival, stop, member, rates)
        else:
            at, into = run_out_tied(minus_log(x), clock, arrival, stop, member, rates, ties, arm)
        if at < end or (at == end and into < end_into):
            end, follows, end_into = at, structure.clock_to[clock], into
    return end, follows


@inner
def only_phase(state, begin, end, structure):
    """Whether a stay that was ended by its length or an any-month move is but a phase that is over: no move is made."""
    ending = structure.ending[state]
    return ending >= 0 and structure.phase[ending] > 0 and ((end - begin) & 1) == 0


@inner
def new_year(state, visit, t, member, structure, rates):
    """The state after the year-start moves at t, or -1: the person stays."""
    first, last = structure.january_first[state], structure.january_first[state + 1]
    if first == last:
        return -1
    year = year_of(t)
    u = in_life(member.key, JANUARY, state, visit, year)
    j = pick(rates.january[member.draw, arm_at(t, member)], first, last, year, u)
    return structure.january_to[j] if j >= 0 else -1


@inner
def enter(state, member, structure, rates):
    """The state after the moves at entry, or -1."""
    first, last = structure.entry_first[state], structure.entry_first[state + 1]
    if first == last:
        return -1
    u = unit(numbered(member.key, ENTRY, 0))
    year = year_of(member.entry)
    j = pick(rates.entry[member.draw, arm_at(member.entry, member)], first, last, year, u)
    return structure.entry_to[j] if j >= 0 else -1


@inner
def count_visit(visits, state, life):
    """How many times this life was in the state before; counts this visit. Lives are numbered, so none clears what another left."""
    none = life * ONE_LIFE
    before = max(visits[state], none)
    visits[state] = before + 1
    return before - none


@inner
def stays(state, member, structure, staying, horizon):
    """Whether a member in the state from the entry on is sure to stay to the horizon, in either arm with this luck."""
    if structure.ending[state] >= 0 or structure.january_first[state] < structure.january_first[state + 1]:
        return False
    for j in range(structure.clock_first[state], structure.clock_first[state + 1]):
        clock = j & INDEX
        x = 1.0 - in_life(member.key, CLOCK, state, 0, clock)
        if not outlasts(x, clock, member.entry, horizon, member.until, member, staying):
            return False
        if not outlasts(x, clock, member.entry, horizon, 0, member, staying):
            return False
    return True


@inner
def live(state, t, fresh, life, member, structure, rates, room, halves, arrivals, horizon, period, clock, ties, arm):
    """One life, from the entry, after the moves at entry, to the horizon. fresh: arrived by a move other than a year-start one.

    At one moment: 1. the moves at entry; 2. the stay's own end; 3. the year-start moves, which an arrival by 1 or 2 meets at
    once and one by 3 does not. Whoever comes into another phase of the state is there still: the year-start moves come on 1 January.
    """
    position, support = clock.start[state], 0
    while t < horizon:
        state &= INDEX
        visit = count_visit(room.visits, state, life)
        follows = new_year(state, visit, t, member, structure, rates) if fresh else -1
        fresh, arrives = False, True
        if follows < 0:
            end, follows = own_end(state, visit, t, horizon, member, structure, rates, room.staying, ties, arm)
            arrives = not only_phase(state, t, end, structure)
            fresh = arrives or end == YEAR_HALVES * year_of(end)
            if structure.january_first[state] < structure.january_first[state + 1]:
                january = YEAR_HALVES * (year_of(t) + 1)
                while january < end:
                    moved = new_year(state, visit, january, member, structure, rates)
                    if moved >= 0:
                        end, follows, fresh, arrives = january, moved, False, True
                    january += YEAR_HALVES
            if clock.kind[state] == NO_CLOCK:
                book(halves, clock.row[state], t, end, period)
            else:
                position, support = book_stay(halves, state, t, end, position, support, period, clock)
            if ties is not None:
                note(state, t, end, ties, arm)
            t = end
        if t < horizon:
            state = follows
            if arrives:
                arrivals[state, period_of(t, period)] += 1


@inner
def live_family(key, kind, entry, window, draw, d, families, structure, rates, room, lived, period, ties):
    """Every member of one family, in each arm. draw: row of the rates; d: row of what is counted."""
    if ties is None:
        live_members(key, kind, entry, window, draw, d, families, structure, rates, room, lived, period, ties, 0)
    else:  # those first on whom others hang
        ties.there[:] = False
        for turn in range(2):
            live_members(key, kind, entry, window, draw, d, families, structure, rates, room, lived, period, ties, turn)


@inner
def live_members(key, kind, entry, window, draw, d, families, structure, rates, room, lived, period, ties, turn):
    """Every member of one family, in each arm; where moves hang on another member, those whose turn it is."""
    horizon = (lived.members.shape[2] - 1) * 2
    for pair in range(families.pairs.kind_first[kind], families.pairs.kind_first[kind + 1]):
        if ties is not None:  # noqa: SIM102  # the compiler leaves out what hangs on this alone
            if ties.turn[families.pairs.role[pair]] != turn:
                continue
        role = families.pairs.role[pair]
        ages = structure.ages[structure.age_first[role] : structure.age_first[role + 1]]
        role_key = numbered(key, ROLE, role)
        mean = families.members[draw, kind, role]
        whole = math.floor(mean)
        number = int(whole)
        if mean > whole and unit(numbered(role_key, ROUND, 0)) < mean - whole:
            number += 1
        for i in range(number):
            own = numbered(role_key, MEMBER, i)
            start = structure.role_first[role]
            if families.start[draw, start] < 1.0:
                u = unit(numbered(own, START, 0))
                while start + 1 < structure.role_first[role + 1] and u >= families.start[draw, start]:
                    start += 1
            lived.members[d, start, (entry + 1) // 2] += 1
            shared = numbered(own, SHARED, 0)
            at_first, sure = -1, False
            for a in range(lived.halves.shape[1]):
                until, luck = entry + window if a == 0 else 0, numbered(own, OWN, 0) if a == 2 else shared
                member = Member(draw, entry, until, luck, ages)
                halves, arrivals = lived.halves[d, a], lived.arrivals[d, a]
                room.lives[0] += 1
                life = room.lives[0]
                state, follows = start, enter(start, member, structure, rates)
                if follows >= 0:
                    count_visit(room.visits, start, life)
                    state = follows
                    arrivals[state, period_of(entry, period)] += 1
                if a == 0:  # most of those who stay where they are do so in both arms with this luck
                    at_first = state
                    if ties is None:
                        sure = stays(state, member, structure, room.staying, horizon)
                if sure and a < 2 and state == at_first:
                    book_stay(halves, state, entry, horizon, lived.clock.start[state], 0, period, lived.clock)
                else:
                    live(
                        state,
                        entry,
                        follows >= 0,
                        life,
                        member,
                        structure,
                        rates,
                        room,
                        halves,
                        arrivals,
                        horizon,
                        period,
                        lived.clock,
                        ties,
                        a,
                    )


@inner
def entry_of(half, within, later):
    """When a family comes that was planned for a moment so many months (a part of one among them) into its cohort, and comes so much later.

    half: the cohort's first moment; 0: those present at the start, whose next moment, the middle of the first month, is half a month off.
    """
    if half > 0:
        return half + 2 * int(within + later)
    place = within + later + min(later, 0.5)
    return 2 * int(place) - 1 if place >= 1.0 else 0


@inner
def sum_up(differences):
    """Turn differences between periods into the periods' own numbers, in place."""
    for state in range(differences.shape[0]):
        for p in range(1, differences.shape[1]):
            differences[state, p] += differences[state, p - 1]


def live_draws(seed, first_draw, rows, families, structure, rates, lived, visits, period, ties=None):
    """Fill `lived` for the draws first_draw, first_draw + 1, ...; rows: 1 where every draw has its own rates, else 0.

    visits: (state,) room for counting. period: length of what the counts are by. Makes the room that the kernel cannot make.
    """
    _, arms, clocks, years = rates.hazard.shape
    visits[:] = 0
    room = Room(np.zeros(1, np.int64), visits, np.zeros((arms, clocks, YEAR_HALVES * years + 2)))
    live_each(seed, first_draw, rows, families, structure, rates, lived, room, period, ties)


@kernel
def live_each(seed, first_draw, rows, families, structure, rates, lived, room, period, ties):
    """The loop of `live_draws`."""
    for d in range(lived.halves.shape[0]):
        draw = d * rows
        if d == 0 or rows:
            fill_staying(draw, rates, room.staying)
        draw_key = numbered(seed, DRAW, first_draw + d)
        for cohort in range(len(families.cohort_type)):
            cohort_key = numbered(draw_key, COHORT, cohort)
            kind = families.cohort_type[cohort]
            later, dropping = families.later[draw, kind], families.dropping[draw, kind]
            for family in range(families.number[d, cohort]):
                key = numbered(cohort_key, FAMILY, family)
                entry = families.cohort_half[cohort]
                months = families.cohort_months[cohort]
                if months > 1 or later > 0.0:
                    entry = entry_of(entry, unit(numbered(key, MONTH, 0)) * months, later)
                if entry >= families.ends[kind]:
                    continue
                window = rates.window[draw, kind]
                if dropping > 0.0 and unit(numbered(key, MONTH, 1)) < dropping:
                    window = rates.window[draw, kind + len(families.ends)]
                if families.cohort_half[cohort] > 0:
                    lived.entered[d, kind, period_of(entry, period)] += 1
                live_family(key, kind, entry, window, draw, d, families, structure, rates, room, lived, period, ties)
        for a in range(lived.halves.shape[1]):
            sum_up(lived.halves[d, a])


def cohort_uniforms(seed, draws, cohorts):
    """One number in [0, 1) for each draw and cohort, that their numbers of families are rounded or drawn with.

    seed: uint64; draws: (draw,) uint64; cohorts: how many. Returns (draw, cohort). Works on whole arrays, so it is not compiled.
    """
    keys = numbered(seed, DRAW, draws)[:, None]
    keys = numbered(keys, COHORT, np.arange(cohorts, dtype=np.uint64)[None, :])
    return unit(numbered(keys, NUMBER, 0))
