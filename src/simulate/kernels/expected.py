"""Expected lives: a Markov renewal recursion over the half-months, exact.

A state without an after-months move forgets when its people came, except which half of a month their months begin in: two
stocks, by the parity of the arrival, hold them. A stay that ends by its length is followed from its arrival to its end.
"""

import math
from typing import NamedTuple

import numpy as np

from simulate.kernels.arrays import Period, Workspace
from simulate.kernels.jit import inner, kernel

YEAR_HALVES = 24
INDEX = (1 << 24) - 1  # x & INDEX is x, but the compiler then knows that x does not count from an array's end


class Flow(NamedTuple):
    """People on their way, in one draw and arm, as the recursion goes forward in time."""

    fresh: np.ndarray  # (state, half) arrive by a move that is not a year-start one, or wait for one
    settled: np.ndarray  # (state, half) begin a stay without meeting the year-start moves
    stock: np.ndarray  # (state, parity of arrival) in a state without a length
    halves: np.ndarray  # (state, period) person-half-months so far
    arrivals: np.ndarray  # (state, period) moves into a state so far


class Place(NamedTuple):
    """Where the recursion reads: the draw's row, until when the programme's values hold and which, and the length of a period."""

    draw: int
    until: int  # half-month from which on the baseline's values hold
    arm: int  # before it, at entry
    entry: int  # half-month
    ages: (
        np.ndarray
    )  # (class,) half-months from entry at which the programme's arms begin; none where there is no change
    period: Period
    work: Workspace


@inner
def year_of(t):
    """t // 24 for 0 <= t < 43690, without the division: it stands in every step."""
    return ((t * 43691) >> 20) & INDEX


@inner
def period_of(t, period):
    """t // period.halves."""
    return ((t * period.scale) >> 24) & INDEX


@inner
def arm_at(t, place):
    """The arm whose values hold at t."""
    if t >= place.until:
        return 0
    arm = place.arm
    while arm < len(place.ages) and t >= place.entry + place.ages[arm]:
        arm += 1
    return arm


@inner
def move(flow, arrivals_at, state, t, mass, place):
    """Book an arrival and put the people among those who arrive then."""
    state &= INDEX
    if t < flow.fresh.shape[1]:
        arrivals_at[state, t] += mass
        flow.arrivals[state, period_of(t, place.period)] += mass


@inner
def end_stays(flow, ending, t, mass, place, structure):
    """Stays end by their length. Whoever comes into another phase of the state is there still: the year-start moves come on 1 January."""
    to = structure.ending_to[ending] & INDEX
    if structure.phase[ending] == 0:
        move(flow, flow.fresh, to, t, mass, place)
    elif t < flow.fresh.shape[1]:
        if t == year_of(t) * YEAR_HALVES:
            flow.fresh[to, t] += mass
        else:
            flow.settled[to, t] += mass


@inner
def leave_by_new_year(state, t, mass, flow, place, structure, rates):
    """Send off those whom a year-start move takes at t; returns who stays."""
    first, last = structure.january_first[state], structure.january_first[state + 1]
    if first == last:
        return mass
    chances = rates.january[place.draw, arm_at(t, place)]
    before = 0.0
    for j in range(first, last):
        cumulated = chances[j, year_of(t)]
        move(flow, flow.settled, structure.january_to[j], t, mass * (cumulated - before), place)
        before = cumulated
    return mass * (1.0 - before)


@inner
def leave_by_clocks(state, t, mass, flow, place, structure, rates):
    """Send off those whose clocks run out in the month with its middle at t; returns who stays."""
    first, last = structure.clock_first[state], structure.clock_first[state + 1]
    if first == last:
        return mass
    arm, year = arm_at(t, place), year_of(t)
    for j in range(first, last):
        move(flow, flow.fresh, structure.clock_to[j], t, mass * place.work.leaving[arm, j, year], place)
    return mass * place.work.staying[arm, state, year]


@inner
def fill_clocks(draw, work, structure, rates):
    """Once for a draw what every month asks for: the chances that no any-month move comes, and that each one does."""
    for arm in range(work.staying.shape[0]):
        for state in range(work.staying.shape[1]):
            first, last = structure.clock_first[state], structure.clock_first[state + 1]
            for year in range(work.staying.shape[2]):
                total = 0.0
                for j in range(first, last):
                    total += rates.hazard[draw, arm, j, year]
                share = -math.expm1(-total) / total if total > 0.0 else 0.0
                work.staying[arm, state, year] = math.exp(-total)
                for j in range(first, last):
                    work.leaving[arm, j, year] = rates.hazard[draw, arm, j, year] * share


@inner
def ends_now(months, ending, arrival, place, rates):
    """The share, of those who stayed longer than months - 1, of stays that end after exactly so many months."""
    arm, year = arm_at(arrival, place), year_of(arrival)
    given = rates.months[place.draw, arm, ending, year]
    if given > 0:
        return 1.0 if months == given else 0.0
    chance = rates.length[place.draw, arm, ending, year]
    before = chance[months - 2] if months > 1 else 0.0
    return (chance[months - 1] - before) / (1.0 - before) if before < 1.0 else 1.0


@inner
def follow_stay(state, arrival, mass, flow, place, structure, rates):
    """A stay that may end by its length, from arrival to end, half-month by half-month."""
    horizon = flow.fresh.shape[1]
    ending = structure.ending[state]
    for t in range(arrival, horizon):
        if t > arrival:
            age = t - arrival
            if age % 2 == 1:
                mass = leave_by_clocks(state, t, mass, flow, place, structure, rates)
            else:
                over = mass * ends_now(age // 2, ending, arrival, place, rates)
                end_stays(flow, ending, t, over, place, structure)
                mass -= over
            if t % YEAR_HALVES == 0:
                mass = leave_by_new_year(state, t, mass, flow, place, structure, rates)
            if mass <= 0.0:
                return
        flow.halves[state, period_of(t, place.period)] += mass


@inner
def follow_given_stay(state, arrival, mass, flow, place, structure, rates):
    """A stay that nothing but its given length can end."""
    ending = structure.ending[state]
    months = rates.months[place.draw, arm_at(arrival, place), ending, year_of(arrival)]
    end = min(arrival + 2 * months, flow.fresh.shape[1])
    end_stays(flow, ending, end, mass, place, structure)
    while arrival < end:
        p = period_of(arrival, place.period)
        until = min(end, (p + 1) * place.period.halves)
        flow.halves[state, p] += mass * (until - arrival)
        arrival = until


@inner
def only_length(state, arrival, place, structure, rates):
    """Whether nothing but a given length can end a stay that begins now."""
    if structure.clock_first[state] < structure.clock_first[state + 1]:
        return False
    if structure.january_first[state] < structure.january_first[state + 1]:
        return False
    arm = arm_at(arrival, place)
    return rates.months[place.draw, arm, structure.ending[state], year_of(arrival)] > 0


@inner
def begin_stays(state, t, flow, place, structure, rates):
    """Those who settle in the state at t."""
    mass = flow.settled[state, t]
    if mass == 0.0:
        return
    flow.settled[state, t] = 0.0
    if structure.ending[state] < 0:
        flow.stock[state, t & 1] += mass
    elif only_length(state, t, place, structure, rates):
        follow_given_stay(state, t, mass, flow, place, structure, rates)
    else:
        follow_stay(state, t, mass, flow, place, structure, rates)


@inner
def step(t, states, flow, place, structure, rates):
    """What happens at one moment in some states: 1. a stay's own end; 2. the year-start moves, of those who stay and of those who just arrived;
    3. stays begin, and everyone is counted until the next moment."""
    parity, january = (
        (t & 1) ^ 1,
        t == year_of(t) * YEAR_HALVES,
    )  # who arrived an odd number of half-months ago is in the middle of a month
    for i in range(len(states)):
        state = states[i] & INDEX
        if structure.ending[state] >= 0:
            continue
        mass = flow.stock[state, parity]
        if mass > 0.0:
            flow.stock[state, parity] = leave_by_clocks(state, t, mass, flow, place, structure, rates)
        if january:
            for k in range(2):
                mass = flow.stock[state, k]
                flow.stock[state, k] = leave_by_new_year(state, t, mass, flow, place, structure, rates)
    for i in range(len(states)):
        state = states[i] & INDEX
        mass = flow.fresh[state, t]
        if mass > 0.0:
            flow.fresh[state, t] = 0.0
            flow.settled[state, t] += leave_by_new_year(state, t, mass, flow, place, structure, rates)
    for i in range(len(states)):
        state = states[i] & INDEX
        begin_stays(state, t, flow, place, structure, rates)
        flow.halves[state, period_of(t, place.period)] += flow.stock[state, 0] + flow.stock[state, 1]


@inner
def enter(state, t, mass, flow, place, structure, rates):
    """The moves at entry; who is not taken begins a stay, unmoved."""
    before = 0.0
    for j in range(structure.entry_first[state], structure.entry_first[state + 1]):
        cumulated = rates.entry[place.draw, arm_at(t, place), j, year_of(t)]
        move(flow, flow.fresh, structure.entry_to[j], t, mass * (cumulated - before), place)
        before = cumulated
    flow.settled[state, t] += mass * (1.0 - before)


@inner
def enter_all(members, pair, pairs, entry, t, flow, place, structure, rates):
    """Those of one pair and entry enter. members: (row, entry). Returns whether there were any."""
    some = False
    for row in range(pairs.row_first[pair], pairs.row_first[pair + 1]):
        mass = members[row, entry]
        if mass > 0.0:
            some = True
            enter(pairs.row_state[row], t, mass, flow, place, structure, rates)
    return some


@inner
def join(alone, into, joining, t, states, structure):
    """Hand the people of one flow in some states over to another at t, with all that they have under way."""
    lengths = False  # without them nobody has
    for i in range(len(states)):
        state = states[i] & INDEX
        lengths |= structure.ending[state] >= 0
        for k in range(2):
            if t < joining.shape[1]:
                joining[state, t, k] += alone.stock[state, k]
            alone.stock[state, k] = 0.0
    for i in range(len(states) if lengths else 0):
        state = states[i] & INDEX
        for later in range(t, alone.fresh.shape[1]):
            into.fresh[state, later] += alone.fresh[state, later]
            into.settled[state, later] += alone.settled[state, later]
            alone.fresh[state, later] = 0.0
            alone.settled[state, later] = 0.0


@inner
def go_together(first_moment, joining_from, joining, flow, place, work, structure, rates):
    """A flow whose people have one law, to the horizon, with those who join it on the way."""
    for moment in range(first_moment, flow.fresh.shape[1]):
        for state in range(joining.shape[0] if moment >= joining_from else 0):
            for k in range(2):
                flow.stock[state, k] += joining[state, moment, k]
                joining[state, moment, k] = 0.0
        step(moment, work.states, flow, place, structure, rates)
    for state in range(joining.shape[0]):
        for k in range(2):
            flow.stock[state, k] = 0.0


@inner
def expect_draw(arm, draw, members, pairs, lasting, alone, pool, work, structure, rates, period):
    """Expected lives of one draw. members: (row, entry) as the pairs have them.

    Families whose effect outlasts the horizon go together, under the programme's values all along. Those of one entry whose effect ends before, or
    changes with the time since entry, go alone while it lasts, or changes, type by type and role by role; then they join the families without
    effect, or those with a lasting one. Neither goes on before there is anybody.
    """
    horizon = pool.fresh.shape[1]
    lasting_from = pool_from = lasting_joined_from = pool_joined_from = horizon
    for pair in range(len(pairs.kind)):
        window = rates.window[draw, pairs.kind[pair]] if arm == 1 else 0
        role = pairs.role[pair]
        ages = structure.ages[structure.age_first[role] : structure.age_first[role + 1]]
        states = pairs.row_state[pairs.row_first[pair] : pairs.row_first[pair + 1]]
        for entry in range(members.shape[1]):
            t = 2 * entry - 1 if entry > 0 else 0
            lasts = window >= horizon - t
            together = lasts and len(ages) == 1
            flow = pool if window <= 0 else lasting if together else alone
            place = Place(draw, t + window, 1, t, ages, period, work)
            if not enter_all(members, pair, pairs, entry, t, flow, place, structure, rates):
                continue
            if window > 0 and together:
                lasting_from = min(lasting_from, t)
                continue
            if window <= 0:
                pool_from = min(pool_from, t)
                continue
            until = min(t + ages[len(ages) - 1], horizon) if lasts else t + window
            for moment in range(t, until):
                step(moment, states, alone, place, structure, rates)
            if lasts:
                lasting_from, lasting_joined_from = min(lasting_from, until), min(lasting_joined_from, until)
                join(alone, lasting, work.joining[0], until, states, structure)
            else:
                pool_from, pool_joined_from = min(pool_from, until), min(pool_joined_from, until)
                join(alone, pool, work.joining[1], until, states, structure)
    no_change = structure.ages[:0]
    place = Place(draw, horizon, work.staying.shape[0] - 1, 0, no_change, period, work)
    go_together(lasting_from, lasting_joined_from, work.joining[0], lasting, place, work, structure, rates)
    place = Place(draw, 0, 0, 0, no_change, period, work)
    go_together(pool_from, pool_joined_from, work.joining[1], pool, place, work, structure, rates)


@kernel
def expect_draws(arm, rows, members, pairs, halves, arrivals, work, structure, rates, period):
    """Fill halves and arrivals (draw, state, period) with expectations in one arm (0 baseline, 1 programme).

    members: (draw, row, entry) people by the rows of the pairs and entry (0: present, 1.. months of the horizon); its first
    axis, as that of the rates, has one row for all draws where rows is 0. work: its flows are zeros, and zeros again afterwards.
    """
    for d in range(halves.shape[0]):
        lasting = Flow(work.fresh[0], work.settled[0], work.stock[0], halves[d], arrivals[d])
        alone = Flow(work.fresh[1], work.settled[1], work.stock[1], halves[d], arrivals[d])
        pool = Flow(work.fresh[2], work.settled[2], work.stock[2], halves[d], arrivals[d])
        if d == 0 or rows:
            fill_clocks(d * rows, work, structure, rates)
        who = members[d if members.shape[0] > 1 else 0]
        expect_draw(arm, d * rows, who, pairs, lasting, alone, pool, work, structure, rates, period)
