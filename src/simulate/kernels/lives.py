"""Families lived one by one.

Every random number is addressed, not queued: it is the hash of its coordinates, so that no order of work can change it. The
hash is SplitMix64 (Steele, Lea, Flood 2014): a key is made by putting one coordinate after the other through it, and the
numbers of one life are outputs of the generator that begins at the life's key, the address saying which.
"""

import math
from typing import NamedTuple

import numpy as np

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


class Member(NamedTuple):
    """One member's life in one arm."""

    draw: int  # row of the rates
    arm: int  # whose values hold while the effect lasts
    entry: int  # half-month
    window: int  # half-months of effect from entry
    key: np.uint64  # of its random numbers


@inner
def year_of(t):
    """t // 24 for 0 <= t < 43690, without the division: it stands in every step of a life."""
    return (t * 43691) >> 20


@inner
def period_of(t, period):
    """t // period.halves."""
    return (t * period.scale) >> 24


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
def months_at_one_rate(middle, year, member):
    """How many months of a stay, from the one with this middle on, lie in the same year and on the same side of the window."""
    bound = YEAR_HALVES * (year + 1) - middle
    left = member.window - (middle - member.entry)
    if 0 < left < bound:
        bound = left
    return (bound + 1) >> 1


@inner
def arm_at(t, member):
    """The arm whose values hold at t: the programme's while the effect lasts."""
    return member.arm if t - member.entry < member.window else 0


@inner
def run_out(clock, state, visit, arrival, stop, member, rates):
    """The month of the stay (from 0) in which this clock runs out, and how far into it; NEVER where no middle before stop."""
    left = -math.log(1.0 - in_life(member.key, CLOCK, state, visit, clock))
    month = 0
    middle = arrival + 1
    while middle < stop:
        year = year_of(middle)
        hazard = rates.hazard[member.draw, arm_at(middle, member), clock, year]
        months = months_at_one_rate(middle, year, member)
        if left < hazard * months:
            into = left / hazard
            whole = min(int(into), months - 1)  # the division may round up to the next month
            if middle + 2 * whole >= stop:
                return NEVER, 0.0
            return month + whole, into - whole
        left -= hazard * months
        month += months
        middle += 2 * months
    return NEVER, 0.0


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
def own_end(state, visit, arrival, horizon, member, structure, rates):
    """The end of a stay by its any-month and after-months moves: (half-month, state that follows); `horizon` if beyond it."""
    end, follows = horizon, -1
    ending = structure.ending[state]
    if ending >= 0:
        by_length = arrival + 2 * stay_months(ending, state, visit, arrival, member, rates)
        if by_length < end:
            end, follows = by_length, structure.ending_to[ending]
    soonest, soonest_into = NEVER, 0.0
    for clock in range(structure.clock_first[state], structure.clock_first[state + 1]):
        stop = min(end + 1, horizon)  # another clock may run out earlier in the month in which the first one does
        month, into = run_out(clock, state, visit, arrival, stop, member, rates)
        if month < soonest or (month == soonest and into < soonest_into):
            soonest, soonest_into = month, into
            end, follows = arrival + 2 * month + 1, structure.clock_to[clock]
    return end, follows


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
def live(state, member, structure, rates, visits, halves, arrivals, horizon, period):
    """One life, from entry to the horizon.

    At one moment: 1. the moves at entry; 2. the stay's own end; 3. the year-start moves, which an arrival by 1 or 2 meets at
    once and one by 3 does not.
    """
    visits[:] = 0
    t = member.entry
    follows = enter(state, member, structure, rates)
    fresh = follows >= 0  # arrived by a move other than a year-start one
    if fresh:
        visits[state] += 1
        state = follows
        arrivals[state, period_of(t, period)] += 1
    while t < horizon:
        visit = visits[state]
        visits[state] += 1
        follows = new_year(state, visit, t, member, structure, rates) if fresh else -1
        fresh = False
        if follows < 0:
            end, follows = own_end(state, visit, t, horizon, member, structure, rates)
            fresh = True
            if structure.january_first[state] < structure.january_first[state + 1]:
                january = YEAR_HALVES * (year_of(t) + 1)
                while january < end:
                    moved = new_year(state, visit, january, member, structure, rates)
                    if moved >= 0:
                        end, follows, fresh = january, moved, False
                    january += YEAR_HALVES
            book(halves, state, t, end, period)
            t = end
        if t < horizon:
            state = follows
            arrivals[state, period_of(t, period)] += 1


@inner
def live_family(key, kind, entry, window, draw, d, families, structure, rates, visits, lived, period):
    """Every member of one family, in the three arms. draw: row of the rates; d: row of what is counted."""
    horizon = (lived.members.shape[2] - 1) * 2
    for role in range(len(structure.role_first) - 1):
        role_key = numbered(key, ROLE, role)
        mean = families.members[draw, kind, role]
        whole = math.floor(mean)
        number = int(whole)
        if mean > whole and unit(numbered(role_key, ROUND, 0)) < mean - whole:
            number += 1
        for i in range(number):
            own = numbered(role_key, MEMBER, i)
            state = structure.role_first[role]
            if families.start[draw, state] < 1.0:
                u = unit(numbered(own, START, 0))
                while state + 1 < structure.role_first[role + 1] and u >= families.start[draw, state]:
                    state += 1
            lived.members[d, state, (entry + 1) // 2] += 1
            for a in range(3):
                life_key = numbered(own, OWN if a == 2 else SHARED, 0)
                member = Member(draw, 1 if a == 0 else 0, entry, window, life_key)
                halves, arrivals = lived.halves[d, a], lived.arrivals[d, a]
                live(state, member, structure, rates, visits, halves, arrivals, horizon, period)


@inner
def sum_up(differences):
    """Turn differences between periods into the periods' own numbers, in place."""
    for state in range(differences.shape[0]):
        for p in range(1, differences.shape[1]):
            differences[state, p] += differences[state, p - 1]


@kernel
def live_draws(seed, first_draw, rows, families, structure, rates, lived, visits, period):
    """Fill `lived` for the draws first_draw, first_draw + 1, ...; rows: 1 where every draw has its own rates, else 0.

    visits: (state,) room for counting. period: length of what the counts are by.
    """
    for d in range(lived.halves.shape[0]):
        draw = d * rows
        draw_key = numbered(seed, DRAW, first_draw + d)
        for cohort in range(len(families.cohort_type)):
            cohort_key = numbered(draw_key, COHORT, cohort)
            kind = families.cohort_type[cohort]
            window = rates.window[draw, kind]
            for family in range(families.number[d, cohort]):
                key = numbered(cohort_key, FAMILY, family)
                entry = families.cohort_half[cohort]
                months = families.cohort_months[cohort]
                if months > 1:
                    entry += 2 * int(unit(numbered(key, MONTH, 0)) * months)
                if entry > 0:
                    lived.entered[d, period_of(entry, period)] += 1
                live_family(key, kind, entry, window, draw, d, families, structure, rates, visits, lived, period)
        for a in range(3):
            sum_up(lived.halves[d, a])


def cohort_uniforms(seed, draws, cohorts):
    """One number in [0, 1) for each draw and cohort, that their numbers of families are rounded or drawn with.

    seed: uint64; draws: (draw,) uint64; cohorts: how many. Returns (draw, cohort). Works on whole arrays, so it is not compiled.
    """
    keys = numbered(seed, DRAW, draws)[:, None]
    keys = numbered(keys, COHORT, np.arange(cohorts, dtype=np.uint64)[None, :])
    return unit(numbered(keys, NUMBER, 0))
