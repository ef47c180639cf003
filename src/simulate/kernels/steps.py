"""Expected lives of a role whose refund goes by the weeks on benefit: the recursion of `expected`, with people told apart by where their clock
stands, exact.

What happens to people does not hang on their clock; so a stay is followed for all of them at once, a row of numbers by positions, which moves on by
one in every half-month on benefit. Self-support is followed from the moment at which it begins, as a spell of 24 half-months over all such
states of the role, in which the clocks stand still: how many leave it when is found once, and holds for each position. Whoever is left after that has
a clock that was restarted, and needs none.
"""

import math
from typing import NamedTuple

import numpy as np

from simulate.kernels.arrays import BENEFIT, RESTART, SUPPORT, Clock, Period
from simulate.kernels.jit import inner, kernel, part

YEAR_HALVES = 24
INDEX = (1 << 24) - 1  # x & INDEX is x, but the compiler then knows that x does not count from an array's end


class Place(NamedTuple):
    """Where the recursion reads and counts: a role, the draw's row, the arm and until when its values hold."""

    first: int  # state of the role
    last: int
    base: int  # position
    positions: int
    again: int  # of them, where those after a restart begin
    draw: int
    arm: int
    until: int  # half-month from which on the baseline's values hold
    horizon: int
    period: Period
    clock: Clock
    halves: np.ndarray  # (row, period) person-half-months so far
    arrivals: np.ndarray  # (state, period) moves into a state so far
    price: np.ndarray  # (row, period) of a half-month, DKK
    staying: np.ndarray  # as in Steps
    leaving: np.ndarray


@inner
def year_of(t):
    """t // 24 for 0 <= t < 43690, without the division."""
    return ((t * 43691) >> 20) & INDEX


@inner
def period_of(t, period):
    """t // period.halves."""
    return ((t * period.scale) >> 24) & INDEX


@inner
def starts_year(t):
    """Whether t is a 1 January."""
    return t == year_of(t) * YEAR_HALVES


@inner
def arm_at(t, place):
    return place.arm if t < place.until else 0


@inner
def supports(state, place):
    return place.clock.kind[state] == SUPPORT


@inner
def fill_clocks(draw, staying, leaving, structure, rates):
    """Once for a draw what every month asks for: the chances that no any-month move comes, and that each one does."""
    for arm in range(staying.shape[0]):
        for state in range(staying.shape[1]):
            first, last = structure.clock_first[state], structure.clock_first[state + 1]
            for year in range(staying.shape[2]):
                total = 0.0
                for j in range(first, last):
                    total += rates.hazard[draw, arm, j, year]
                share = -math.expm1(-total) / total if total > 0.0 else 0.0
                staying[arm, state, year] = math.exp(-total)
                for j in range(first, last):
                    leaving[arm, j, year] = rates.hazard[draw, arm, j, year] * share


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


# ---- Self-support: how many, and the moments of what they cost -----------------------------------------------------


@part
def add(into, share, numbers):
    for n in range(len(numbers)):
        into[n] += share * numbers[n]


@part
def spend(numbers, cost):
    """The moments about 0 of what people cost, after something certain more."""
    if len(numbers) > 3:
        numbers[3] += cost * (3.0 * numbers[2] + cost * (3.0 * numbers[1] + cost * numbers[0]))
    if len(numbers) > 2:
        numbers[2] += cost * (2.0 * numbers[1] + cost * numbers[0])
    if len(numbers) > 1:
        numbers[1] += cost * numbers[0]


@inner
def settle(to, t, share, numbers, spells, place):
    """A share of people begins a stay in a state, which may lie outside of self-support."""
    if share > 0.0:
        add((spells.settled if supports(to, place) else spells.out)[to - place.first, t], share, numbers)


@part
def send(to, t, share, numbers, spells, place, structure, rates):
    """A share of people moves by a move that is not a year-start one. Whoever a year-start move takes on at once has spent no time there, so that
    self-support is unbroken if it leads back."""
    to &= INDEX
    if t >= place.horizon or share <= 0.0:
        return
    place.arrivals[to, period_of(t, place.period)] += share * numbers[0]
    if supports(to, place):
        add(spells.fresh[to - place.first, t], share, numbers)
        return
    settle(to, t, share * new_year(to, t, share, numbers, spells, place, structure, rates), numbers, spells, place)


@part
def new_year(state, t, share, numbers, spells, place, structure, rates):
    """Send off those of a share whom a year-start move takes; returns which part of it stays."""
    before = 0.0
    for j in range(structure.january_first[state], structure.january_first[state + 1]):
        cumulated = rates.january[place.draw, arm_at(t, place), j, year_of(t)]
        to, some = structure.january_to[j] & INDEX, share * (cumulated - before)
        place.arrivals[to, period_of(t, place.period)] += some * numbers[0]
        settle(to, t, some, numbers, spells, place)
        before = cumulated
    return 1.0 - before


@part
def clocks(state, t, numbers, spells, place, structure, rates):
    """Send off those whose any-month moves come in the month with its middle at t; returns which part stays."""
    arm, year = arm_at(t, place), year_of(t)
    for j in range(structure.clock_first[state], structure.clock_first[state + 1]):
        send(structure.clock_to[j], t, place.leaving[arm, j, year], numbers, spells, place, structure, rates)
    return place.staying[arm, state, year]


@inner
def scale(numbers, share):
    for n in range(len(numbers)):
        numbers[n] *= share


@inner
def spend_half(state, t, numbers, place):
    """People are in a state of self-support from t to t + 1."""
    row, period = place.clock.row[state], period_of(t, place.period)
    place.halves[row, period] += numbers[0]
    if len(numbers) > 1 and place.price[row, period] != 0.0:
        spend(numbers, place.price[row, period])


@part
def follow(state, arrival, spells, place, structure, rates):
    """A stay of spells.going that may end by its length, from arrival to end."""
    ending, numbers = structure.ending[state], spells.going
    for t in range(arrival, place.horizon):
        if t > arrival:
            if (t - arrival) % 2 == 1:
                scale(numbers, clocks(state, t, numbers, spells, place, structure, rates))
            else:
                over = ends_now((t - arrival) // 2, ending, arrival, place, rates)
                send(structure.ending_to[ending], t, over, numbers, spells, place, structure, rates)
                scale(numbers, 1.0 - over)
            if starts_year(t):
                scale(numbers, new_year(state, t, 1.0, numbers, spells, place, structure, rates))
            if numbers[0] <= 0.0:
                return
        spend_half(state, t, numbers, place)


@part
def leave_support(t, spells, place, structure, rates):
    """1. The own end of stays without a length, and the year-start moves, in all states of self-support."""
    for state in range(place.first, place.last):
        if not supports(state, place) or structure.ending[state] >= 0:
            continue
        for k in range(2):
            numbers = spells.stock[state - place.first, k]
            if numbers[0] <= 0.0:
                continue
            if k != t & 1:
                scale(numbers, clocks(state, t, numbers, spells, place, structure, rates))
            if starts_year(t):
                scale(numbers, new_year(state, t, 1.0, numbers, spells, place, structure, rates))


@part
def arrive_in_support(t, spells, place, structure, rates):
    """2. The year-start moves of those who just arrived in one."""
    for state in range(place.first, place.last):
        numbers = spells.fresh[state - place.first, t]
        if supports(state, place) and numbers[0] > 0.0:
            stays = new_year(state, t, 1.0, numbers, spells, place, structure, rates)
            settle(state, t, stays, numbers, spells, place)
            numbers[:] = 0.0


@part
def begin_support(t, spells, place, structure, rates):
    """3. Stays begin, and everyone is counted until the next moment."""
    for state in range(place.first, place.last):
        if not supports(state, place):
            continue
        own = state - place.first
        numbers = spells.settled[own, t]
        if numbers[0] > 0.0:
            if structure.ending[state] < 0:
                add(spells.stock[own, t & 1], 1.0, numbers)
            else:
                spells.going[:] = 0.0
                add(spells.going, 1.0, numbers)
                follow(state, t, spells, place, structure, rates)
            numbers[:] = 0.0
        for k in range(2):
            if spells.stock[own, k, 0] > 0.0:
                spend_half(state, t, spells.stock[own, k], place)


@inner
def has_lengths(place, structure):
    """Whether a stay in self-support may have a length, and so end long after it began."""
    some = False
    for state in range(place.first, place.last):
        some |= supports(state, place) and structure.ending[state] >= 0
    return some


# ---- Expected lives ------------------------------------------------------------------------------------------------


@part
def go(into, which, to, t, share, numbers, steps, place):
    """A share of people, by positions, moves into a state: 0 fresh, 1 settled."""
    if t >= place.horizon:
        return
    some, own = 0.0, (to - place.first) & INDEX
    room = into[own, t]
    for c in range(place.positions):
        room[c] += share * numbers[c]
        some += numbers[c]
    steps.come[which, own, t] += share * some
    place.arrivals[to, period_of(t, place.period)] += share * some


@part
def go_by_new_year(state, t, numbers, steps, place, structure, rates):
    """As new_year(), of people by positions."""
    before = 0.0
    for j in range(structure.january_first[state], structure.january_first[state + 1]):
        cumulated = rates.january[place.draw, arm_at(t, place), j, year_of(t)]
        if cumulated > before:
            go(steps.settled, 1, structure.january_to[j], t, cumulated - before, numbers, steps, place)
        before = cumulated
    return 1.0 - before


@inner
def go_by_clocks(state, t, numbers, steps, place, structure):
    """As clocks(), of people by positions."""
    arm, year = arm_at(t, place), year_of(t)
    for j in range(structure.clock_first[state], structure.clock_first[state + 1]):
        if place.leaving[arm, j, year] > 0.0:
            go(steps.fresh, 0, structure.clock_to[j], t, place.leaving[arm, j, year], numbers, steps, place)
    return place.staying[arm, state, year]


@part
def pass_half(numbers, last, again):
    """The clocks of people, by positions, move on by a half-month on benefit. last: beyond all steps; again: where those after a restart begin."""
    beyond = numbers[last] + (numbers[again - 1] if again > 0 else 0.0)
    for c in range(last, 0, -1):
        numbers[c] = numbers[c - 1]
    numbers[0] = numbers[again] = 0.0
    numbers[last] += beyond


@inner
def stay_half(state, t, numbers, place):
    """People, by positions, are in a state other than self-support from t to t + 1."""
    row, period, clock = place.clock.row[state], period_of(t, place.period), place.clock
    if clock.kind[state] != BENEFIT:
        some = 0.0
        for c in range(place.positions):
            some += numbers[c]
        place.halves[row, period] += some
        return
    column, some = clock.column[place.base], 0.0
    for c in range(place.positions):
        here = clock.column[place.base + c]
        if here != column:
            place.halves[row + column, period] += some
            column, some = here, 0.0
        some += numbers[c]
    place.halves[row + column, period] += some
    pass_half(numbers, place.positions - 1, place.again)


@part
def follow_stay(state, arrival, steps, place, structure, rates):
    """As follow(), of a stay of steps.going in another state."""
    ending, numbers = structure.ending[state], steps.going
    for t in range(arrival, place.horizon):
        if t > arrival:
            if (t - arrival) % 2 == 1:
                scale(numbers, go_by_clocks(state, t, numbers, steps, place, structure))
            else:
                over = ends_now((t - arrival) // 2, ending, arrival, place, rates)
                if over > 0.0:
                    go(steps.fresh, 0, structure.ending_to[ending], t, over, numbers, steps, place)
                scale(numbers, 1.0 - over)
                if over >= 1.0:
                    return
            if starts_year(t):
                scale(numbers, go_by_new_year(state, t, numbers, steps, place, structure, rates))
        stay_half(state, t, numbers, place)


@inner
def leave(t, steps, place, structure, rates):
    """As leave_support(), of other states."""
    for state in range(place.first, place.last):
        if supports(state, place) or structure.ending[state] >= 0:
            continue
        for k in range(2):
            if not steps.there[state - place.first, k]:
                continue
            numbers = steps.stock[state - place.first, k]
            if k != t & 1:
                scale(numbers, go_by_clocks(state, t, numbers, steps, place, structure))
            if starts_year(t):
                scale(numbers, go_by_new_year(state, t, numbers, steps, place, structure, rates))


@inner
def arrive(t, steps, place, structure, rates):
    """As arrive_in_support(), of people by positions, in any state."""
    for state in range(place.first, place.last):
        own = state - place.first
        if steps.come[0, own, t] > 0.0:
            numbers, room = steps.fresh[own, t], steps.settled[own, t]
            stays = go_by_new_year(state, t, numbers, steps, place, structure, rates)
            for c in range(place.positions):
                room[c] += stays * numbers[c]
                numbers[c] = 0.0
            steps.come[1, own, t] += stays * steps.come[0, own, t]
            steps.come[0, own, t] = 0.0


@inner
def begin(t, steps, place, structure, rates):
    """As begin_support(): stays in other states, and spells of self-support."""
    for state in range(place.first, place.last):
        own = state - place.first
        numbers, many = steps.settled[own, t], steps.come[1, own, t]
        if many > 0.0:
            if supports(state, place):
                spell_of_expected(state, t, many, numbers, steps, place, structure, rates)
            elif structure.ending[state] < 0:
                steps.there[own, t & 1] = True
                add(steps.stock[own, t & 1], 1.0, numbers)
            else:
                steps.going[:] = 0.0
                add(steps.going, 1.0, numbers)
                follow_stay(state, t, steps, place, structure, rates)
            numbers[:] = 0.0
            steps.come[1, own, t] = 0.0
        for k in range(2):
            if steps.there[own, k]:
                stay_half(state, t, steps.stock[own, k], place)


@part
def spell_of_expected(state, begun, many, numbers, steps, place, structure, rates):
    """Self-support that begins now, for people by positions, to the restart of their clocks."""
    spell, over = steps.spell, min(begun + RESTART, place.horizon)
    spell.settled[state - place.first, begun, 0] = many
    for t in range(begun, over):
        leave_support(t, spell, place, structure, rates)
        arrive_in_support(t, spell, place, structure, rates)
        begin_support(t, spell, place, structure, rates)
    end = place.horizon if has_lengths(place, structure) else min(over + 1, place.horizon)
    for of in range(place.last - place.first):
        for t in range(begun + 1, end):
            left = spell.out[of, t, 0]
            if left > 0.0:
                spell.out[of, t, 0] = 0.0
                if t < begun + RESTART:
                    for c in range(place.positions):
                        steps.settled[of, t, c] += left / many * numbers[c]
                    steps.come[1, of, t] += left
                else:
                    steps.free.out[of, t, 0] += left
        for t in range(over, end):
            steps.free.fresh[of, t, 0] += spell.fresh[of, t, 0]
            steps.free.settled[of, t, 0] += spell.settled[of, t, 0]
            spell.fresh[of, t, 0] = spell.settled[of, t, 0] = 0.0
        for k in range(2):
            steps.joining[of, over, k] += spell.stock[of, k, 0]
            spell.stock[of, k, 0] = 0.0


@inner
def join(t, steps, place):
    """Those whose clocks were restarted now go on, wherever they are in their month."""
    for of in range(place.last - place.first):
        for k in range(2):
            steps.free.stock[of, k, 0] += steps.joining[of, t, k]
            steps.joining[of, t, k] = 0.0


@inner
def leave_freely(t, steps, place):
    """Those whose clocks were restarted leave self-support, with clocks that begin."""
    for of in range(place.last - place.first):
        left = steps.free.out[of, t, 0]
        if left > 0.0:
            steps.free.out[of, t, 0] = 0.0
            steps.settled[of, t, place.again] += left
            steps.come[1, of, t] += left


@inner
def step(t, steps, place, structure, rates):
    """What happens at one moment: 1. a stay's own end, and the year-start moves; 2. those of who just arrived; 3. stays begin, and everyone is
    counted until the next moment."""
    join(t, steps, place)
    leave(t, steps, place, structure, rates)
    leave_support(t, steps.free, place, structure, rates)
    arrive(t, steps, place, structure, rates)
    arrive_in_support(t, steps.free, place, structure, rates)
    leave_freely(t, steps, place)
    begin(t, steps, place, structure, rates)
    begin_support(t, steps.free, place, structure, rates)


@inner
def enter(state, t, many, steps, place, structure, rates):
    """The moves at entry; who is not taken begins a stay, unmoved."""
    before, start = 0.0, place.clock.start[state] - place.base
    for j in range(structure.entry_first[state], structure.entry_first[state + 1]):
        cumulated = rates.entry[place.draw, arm_at(t, place), j, year_of(t)]
        to, some = structure.entry_to[j], many * (cumulated - before)
        steps.fresh[to - place.first, t, start] += some
        steps.come[0, to - place.first, t] += some
        place.arrivals[to, period_of(t, place.period)] += some
        before = cumulated
    steps.settled[state - place.first, t, start] += many * (1.0 - before)
    steps.come[1, state - place.first, t] += many * (1.0 - before)


@inner
def until_of(kind, t, arm, draw, horizon, rates):
    """Until when the programme's values hold for who enters at t: 0 without an effect, no later than the horizon."""
    window = rates.window[draw, kind] if arm == 1 else 0
    return 0 if window <= 0 else horizon if window >= horizon - t else t + window


@inner
def enter_all(role, members, pairs, steps, place, structure, rates):
    """Those of a role whose effect ends when that of the place does. members: (row, entry). Returns when the first of them enters."""
    began = place.horizon
    for pair in range(len(pairs.role)):
        if pairs.role[pair] != role:
            continue
        for entry in range(members.shape[1]):
            t = 2 * entry - 1 if entry > 0 else 0
            if until_of(pairs.kind[pair], t, place.arm, place.draw, place.horizon, rates) != place.until:
                continue
            for row in range(pairs.row_first[pair], pairs.row_first[pair + 1]):
                if members[row, entry] > 0.0:
                    began = min(began, t)
                    enter(pairs.row_state[row], t, members[row, entry], steps, place, structure, rates)
    return began


@inner
def find_ends(role, arm, draw, pairs, ends, rates):
    """Mark the moments at which an effect ends for people of a role, as until_of() has them."""
    horizon = len(ends) - 1
    ends[:] = False
    for pair in range(len(pairs.role)):
        if pairs.role[pair] == role:
            for entry in range(horizon // 2 + 1):
                ends[until_of(pairs.kind[pair], 2 * entry - 1 if entry > 0 else 0, arm, draw, horizon, rates)] = True


@inner
def empty(steps):
    """Nobody is left."""
    steps.stock[:] = 0.0
    steps.there[:] = False
    steps.free.stock[:] = 0.0
    steps.joining[:, -1] = 0.0


@kernel
def expect_steps(arm, rows, members, pairs, halves, arrivals, steps, structure, rates, period, clock, price):
    """Fill halves (draw, booking row, period) and arrivals (draw, state, period) with expectations of the roles with a clock, in one arm.

    members and rows as in expect_draws. steps: zeros, and zeros again afterwards. price: of no use.
    """
    for d in range(halves.shape[0]):
        draw = d * rows
        if d == 0 or rows:
            fill_clocks(draw, steps.staying, steps.leaving, structure, rates)
        who = members[d if members.shape[0] > 1 else 0]
        horizon = steps.fresh.shape[1] - 1
        for i in range(len(clock.role)):
            role, base = clock.role[i], clock.position_first[i]
            first, last = structure.role_first[role], structure.role_first[role + 1]
            find_ends(role, arm, draw, pairs, steps.ends, rates)
            for until in range(horizon + 1):
                if not steps.ends[until]:
                    continue
                place = Place(
                    first,
                    last,
                    base,
                    clock.position_first[i + 1] - base,
                    clock.again[first] - base,
                    draw,
                    arm,
                    until,
                    horizon,
                    period,
                    clock,
                    halves[d],
                    arrivals[d],
                    price,
                    steps.staying,
                    steps.leaving,
                )
                began = enter_all(role, who, pairs, steps, place, structure, rates)
                for t in range(began, horizon):
                    step(t, steps, place, structure, rates)
                if began < horizon:
                    empty(steps)
