"""Expected lives of a role whose refund goes by the weeks on benefit: the recursion of `expected`, with people told apart by where their clock
stands, exact.

What happens to people does not hang on their clock; so a stay is followed for all of them at once: one number says which share is left of it, and
positions are looked at only where somebody leaves, moved on by the half-months on benefit since it began. In self-support the clocks stand still, and
what counts is when it began, as 24 half-months restart them: whoever began it at one moment, in one state, is a spell, and all spells go through the states
of self-support side by side, a number each. Who leaves a spell has the positions with which it began. Whoever is left after 24 half-months has a clock
that was restarted, and needs none.

Moments look back in time, and follow one spell after the other.
"""

import math
from typing import NamedTuple

import numpy as np

from simulate.kernels.arrays import AGAIN, ALL, BENEFIT, RESTART, SPELLS, SUPPORT, Clock, Period
from simulate.kernels.jit import inner, kernel, part

YEAR_HALVES = 24
NOISE = 1e-8  # of a mean square: below it the variance is too near to the rounding for a third central moment
INDEX = (1 << 24) - 1  # x & INDEX is x, but the compiler then knows that x does not count from an array's end


class Place(NamedTuple):
    """Where the recursion reads and counts: a role, the draw's row, the arm and until when its values hold."""

    first: int  # state of the role
    last: int
    base: int  # position
    positions: int
    spells: int  # states in which a spell can begin; 0 where moments are asked for
    again: int  # of them, where those after a restart begin
    draw: int
    until: int  # half-month from which on the baseline's values hold; before it, the programme's
    entry: int  # half-month of those who are followed alone; -1: all together
    ages: (
        np.ndarray
    )  # (class,) half-months from entry at which the programme's arms begin; none where there is no change
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
    """The arm whose values hold at t."""
    if t >= place.until:
        return 0
    arm = 1
    while arm < len(place.ages) and t >= place.entry + place.ages[arm]:
        arm += 1
    return arm


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
def place_of(spell, t):
    """Where the spells that began at t in one of the states have their number; those that began 24 half-months before had it until now."""
    return SPELLS + spell * RESTART + t % RESTART


@inner
def restart(numbers, t, place):
    """The clocks of whoever has been in self-support for 24 half-months now are restarted."""
    for spell in range(place.spells):
        at = place_of(spell, t)
        numbers[AGAIN] += numbers[at]
        numbers[at] = 0.0


@inner
def spend_half(state, t, numbers, place):
    """People are in a state of self-support from t to t + 1."""
    row, period = place.clock.row[state], period_of(t, place.period)
    place.halves[row, period] += numbers[ALL]
    if place.spells == 0 and place.price[row, period] != 0.0:
        spend(numbers, place.price[row, period])


@part
def follow(state, arrival, spells, place, structure, rates):
    """A stay of spells.going that may end by its length, from arrival to end."""
    ending, numbers = structure.ending[state], spells.going
    for t in range(arrival, place.horizon):
        if t > arrival:
            restart(numbers, t, place)
            if (t - arrival) % 2 == 1:
                scale(numbers, clocks(state, t, numbers, spells, place, structure, rates))
            else:
                over = ends_now((t - arrival) // 2, ending, arrival, place, rates)
                if structure.phase[ending] == 0:
                    send(structure.ending_to[ending], t, over, numbers, spells, place, structure, rates)
                else:  # no move: the year-start moves come on 1 January
                    later = spells.fresh if starts_year(t) else spells.settled
                    add(later[structure.ending_to[ending] - place.first, t], over, numbers)
                scale(numbers, 1.0 - over)
            if starts_year(t):
                scale(numbers, new_year(state, t, 1.0, numbers, spells, place, structure, rates))
            if numbers[0] <= 0.0:
                return
        spend_half(state, t, numbers, place)
    add(spells.left, 1.0, numbers)


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


@part
def rest(t, spells, place):
    """Nothing can happen at t, and everyone is counted until the next moment."""
    for own in range(place.last - place.first):
        for k in range(2):
            if spells.stock[own, k, 0] > 0.0:
                spend_half(place.first + own, t, spells.stock[own, k], place)


@inner
def is_quiet(place, structure):
    """Whether self-support is left on 1 January alone: no stay has a length, and no any-month move leads out of one."""
    some = has_lengths(place, structure)
    for state in range(place.first, place.last):
        some |= supports(state, place) and structure.clock_first[state] < structure.clock_first[state + 1]
    return not some


@inner
def has_lengths(place, structure):
    """Whether a stay in self-support may have a length, and so end long after it began."""
    some = False
    for state in range(place.first, place.last):
        some |= supports(state, place) and structure.ending[state] >= 0
    return some


# ---- Expected lives ------------------------------------------------------------------------------------------------


@part
def add_moved(into, share, numbers, moved, beyond, again):
    """Add a share of people, by positions, whose clocks have moved on by so many half-months. beyond: of these, beyond all steps; again: where
    those after a restart begin."""
    last, moved, again = (len(numbers) - 1) & INDEX, moved & INDEX, again & INDEX
    for c in range(again - moved):
        into[c + moved] += share * numbers[c]
    for c in range(again, last - moved):
        into[c + moved] += share * numbers[c]
    into[last] += share * beyond


@inner
def come_beyond(numbers, moved, again):
    """How many of people, by positions, come beyond all steps in the half-month with which their clocks have moved on by so many."""
    last, some = len(numbers) - 1, 0.0
    if moved <= again:
        some += numbers[again - moved]
    if again + moved <= last:
        some += numbers[last - moved]
    return some


@inner
def go(which, to, t, share, many, numbers, moved, beyond, steps, place):
    """A share of people, by positions, moves into a state: 0 fresh, 1 settled."""
    if t < place.horizon:
        come(which, to, t, share, many, numbers, moved, beyond, steps, place)
        place.arrivals[to, period_of(t, place.period)] += share * many


@inner
def come(which, to, t, share, many, numbers, moved, beyond, steps, place):
    """The same where it is no move."""
    own = (to - place.first) & INDEX
    add_moved((steps.fresh if which == 0 else steps.settled)[own, t], share, numbers, moved, beyond, place.again)
    steps.come[which, own, t] += share * many


@part
def go_by_new_year(state, t, share, many, numbers, moved, beyond, steps, place, structure, rates):
    """As new_year(), of people by positions."""
    before = 0.0
    for j in range(structure.january_first[state], structure.january_first[state + 1]):
        cumulated = rates.january[place.draw, arm_at(t, place), j, year_of(t)]
        if cumulated > before:
            some = share * (cumulated - before)
            go(1, structure.january_to[j], t, some, many, numbers, moved, beyond, steps, place)
        before = cumulated
    return 1.0 - before


@inner
def go_by_clocks(state, t, share, many, numbers, moved, beyond, steps, place, structure):
    """As clocks(), of people by positions."""
    arm, year = arm_at(t, place), year_of(t)
    for j in range(structure.clock_first[state], structure.clock_first[state + 1]):
        some = share * place.leaving[arm, j, year]
        if some > 0.0:
            go(0, structure.clock_to[j], t, some, many, numbers, moved, beyond, steps, place)
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
def stay_half(state, t, share, many, numbers, moved, beyond, steps, place):
    """A share of people, by positions, is in a state other than self-support from t to t + 1. On benefit, that is booked in the end."""
    period = period_of(t, place.period)
    if place.clock.kind[state] == BENEFIT:
        add_moved(steps.spent[state - place.first, period], share, numbers, moved, beyond, place.again)
    else:
        place.halves[place.clock.row[state], period] += share * many


@part
def book(first, last, base, positions, steps, clock, halves):
    """Book the half-months on benefit of a role, by rows."""
    for state in range(first, last):
        if clock.kind[state] != BENEFIT:
            continue
        for period in range(halves.shape[1]):
            spent = steps.spent[state - first, period]
            for c in range(positions):
                halves[clock.row[state] + clock.column[base + c], period] += spent[c]
                spent[c] = 0.0


@part
def follow_stay(state, arrival, many, numbers, steps, place, structure, rates):
    """As follow(), of a stay of people, by positions, in another state."""
    ending, moves_on = structure.ending[state], place.clock.kind[state] == BENEFIT
    share, moved, beyond = 1.0, 0, numbers[place.positions - 1]
    for t in range(arrival, place.horizon):
        if t > arrival:
            if moves_on:
                moved += 1
                beyond += come_beyond(numbers, moved, place.again)
            if (t - arrival) % 2 == 1:
                share *= go_by_clocks(state, t, share, many, numbers, moved, beyond, steps, place, structure)
            else:
                over = ends_now((t - arrival) // 2, ending, arrival, place, rates)
                to, some = structure.ending_to[ending], share * over
                if over > 0.0 and structure.phase[ending] > 0:  # the year-start moves come on 1 January
                    which = 0 if starts_year(t) else 1
                    come(which, to, t, some, many, numbers, moved, beyond, steps, place)
                elif over > 0.0:
                    go(0, to, t, some, many, numbers, moved, beyond, steps, place)
                share *= 1.0 - over
            if starts_year(t):
                share *= go_by_new_year(state, t, share, many, numbers, moved, beyond, steps, place, structure, rates)
            if share <= 0.0:
                return
        stay_half(state, t, share, many, numbers, moved, beyond, steps, place)


@inner
def leave(t, steps, place, structure, rates):
    """As leave_support(), of other states."""
    last = place.positions - 1
    for state in range(place.first, place.last):
        if supports(state, place) or structure.ending[state] >= 0:
            continue
        for k in range(2):
            own = state - place.first
            numbers, many, stays = steps.stock[own, k, : place.positions], steps.there[own, k], 1.0
            if many <= 0.0:
                continue
            if k != t & 1:
                stays = go_by_clocks(state, t, 1.0, many, numbers, 0, numbers[last], steps, place, structure)
            if starts_year(t):
                beyond = numbers[last]
                stays *= go_by_new_year(state, t, stays, many, numbers, 0, beyond, steps, place, structure, rates)
            scale(numbers, stays)
            steps.there[own, k] *= stays


@inner
def arrive(t, steps, place, structure, rates):
    """As arrive_in_support(), of people by positions, in any state."""
    for state in range(place.first, place.last):
        own = state - place.first
        many = steps.come[0, own, t]
        if many > 0.0:
            numbers = steps.fresh[own, t, : place.positions]
            beyond = numbers[place.positions - 1]
            stays = go_by_new_year(state, t, 1.0, many, numbers, 0, beyond, steps, place, structure, rates)
            come(1, state, t, stays, many, numbers, 0, beyond, steps, place)
            numbers[:] = 0.0
            steps.come[0, own, t] = 0.0


@inner
def begin(t, steps, place, structure, rates):
    """As begin_support(): stays in other states, and spells of self-support."""
    spell = 0
    for state in range(place.first, place.last):
        own = state - place.first
        numbers, many = steps.settled[own, t, : place.positions], steps.come[1, own, t]
        if many > 0.0:
            if supports(state, place):
                begin_spell(own, t, many, numbers, place_of(spell, t), steps)
            elif structure.ending[state] < 0:
                steps.there[own, t & 1] += many
                add(steps.stock[own, t & 1, : place.positions], 1.0, numbers)
            else:
                follow_stay(state, t, many, numbers, steps, place, structure, rates)
            numbers[:] = 0.0
            steps.come[1, own, t] = 0.0
        for k in range(2):
            if steps.there[own, k] > 0.0:
                here = steps.stock[own, k, : place.positions]
                beyond = here[place.positions - 1]
                stay_half(state, t, 1.0, steps.there[own, k], here, 0, beyond, steps, place)
                if place.clock.kind[state] == BENEFIT:
                    pass_half(here, place.positions - 1, place.again)
        spell += supports(state, place)


@inner
def begin_spell(own, t, many, numbers, at, steps):
    """A spell of self-support begins, and what is asked when people leave it is kept."""
    for n in (ALL, at):
        steps.spells.settled[own, t, n] += many
    for c in range(len(numbers)):
        steps.began[at, c] = numbers[c] / many


@inner
def leave_spells(t, steps, place):
    """People leave self-support: with the positions with which their spell began, or, where their clocks were restarted, with clocks that begin."""
    for own in range(place.last - place.first):
        left = steps.spells.out[own, t]
        if left[ALL] <= 0.0:
            continue
        room = steps.settled[own, t, : place.positions]
        for at in range(SPELLS, place_of(place.spells, 0)):
            if left[at] > 0.0:
                add(room, left[at], steps.began[at, : place.positions])
        room[place.again] += left[AGAIN]
        steps.come[1, own, t] += left[ALL]
        left[:] = 0.0


@inner
def restart_clocks(t, steps, place):
    """Of those who are in self-support, or arrive there now."""
    for own in range(place.last - place.first):
        for k in range(2):
            restart(steps.spells.stock[own, k], t, place)


@inner
def step(t, steps, place, structure, rates):
    """What happens at one moment: 1. a stay's own end, and the year-start moves; 2. those of who just arrived; 3. stays begin, and everyone is
    counted until the next moment."""
    restart_clocks(t, steps, place)
    leave(t, steps, place, structure, rates)
    leave_support(t, steps.spells, place, structure, rates)
    arrive(t, steps, place, structure, rates)
    arrive_in_support(t, steps.spells, place, structure, rates)
    leave_spells(t, steps, place)
    begin(t, steps, place, structure, rates)
    begin_support(t, steps.spells, place, structure, rates)


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
def enter_all(role, arm, members, pairs, steps, place, structure, rates):
    """Those of a role whose effect ends when that of the place does. members: (row, entry). Returns when the first of them enters."""
    began = place.horizon
    for pair in range(len(pairs.role)):
        if pairs.role[pair] != role:
            continue
        for entry in range(members.shape[1]):
            t = 2 * entry - 1 if entry > 0 else 0
            if place.entry >= 0 and place.entry != t:
                continue
            if until_of(pairs.kind[pair], t, arm, place.draw, place.horizon, rates) != place.until:
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
    steps.there[:] = 0.0
    steps.spells.stock[:] = 0.0


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
            spells = 0
            for state in range(first, last):
                spells += clock.kind[state] == SUPPORT
            find_ends(role, arm, draw, pairs, steps.ends, rates)
            for until in range(horizon + 1):
                if not steps.ends[until]:
                    continue
                alone = until > 0 and structure.age_first[role + 1] - structure.age_first[role] > 1
                for entry in range(horizon // 2 + 1 if alone else 1):
                    place = Place(
                        first,
                        last,
                        base,
                        clock.position_first[i + 1] - base,
                        spells,
                        clock.again[first] - base,
                        draw,
                        until,
                        max(2 * entry - 1, 0) if alone else -1,
                        structure.ages[structure.age_first[role] : structure.age_first[role + 1 if alone else role]],
                        horizon,
                        period,
                        clock,
                        halves[d],
                        arrivals[d],
                        price,
                        steps.staying,
                        steps.leaving,
                    )
                    began = enter_all(role, arm, who, pairs, steps, place, structure, rates)
                    for t in range(began, horizon):
                        step(t, steps, place, structure, rates)
                    if began < horizon:
                        empty(steps)
            book(first, last, base, clock.position_first[i + 1] - base, steps, clock, halves[d])


# ---- The moments of what a life costs ------------------------------------------------------------------------------


@inner
def meet(out, share, paid, places, all_ahead, row):
    """A share of people, by positions, meets what lies ahead. out: (moment, position) about 0; all_ahead: such rows; paid: what they cost until then;
    places: where their clocks stand by then."""
    thirds, ahead = out.shape[0] > 2, all_ahead[row]
    for c in range(len(paid)):
        cost, at = paid[c], places[c]
        mean, square = ahead[0, at], ahead[1, at]
        out[0, c] += share * (cost + mean)
        out[1, c] += share * (cost * (cost + 2.0 * mean) + square)
        if thirds:
            out[2, c] += share * (cost * (cost * (cost + 3.0 * mean) + 3.0 * square) + ahead[2, at])


@inner
def meet_all(out, numbers, all_ahead, row, positions):
    """The same of people whose moments of what they cost are known, at whatever position."""
    thirds, ahead = out.shape[0] > 2, all_ahead[row]
    many, mean, square = numbers[0], numbers[1], numbers[2]
    for c in range(positions):
        out[0, c] += mean + many * ahead[0, c]
        out[1, c] += square + 2.0 * mean * ahead[0, c] + many * ahead[1, c]
        if thirds:
            out[2, c] += numbers[3] + 3.0 * (square * ahead[0, c] + mean * ahead[1, c]) + many * ahead[2, c]


@inner
def meet_one(total, numbers, all_ahead, row, at):
    """The same where all clocks stand at one position. total: (moment,)"""
    many, mean, square, ahead = numbers[0], numbers[1], numbers[2], all_ahead[row]
    total[0] += mean + many * ahead[0, at]
    total[1] += square + 2.0 * mean * ahead[0, at] + many * ahead[1, at]
    if len(total) > 2:
        total[2] += numbers[3] + 3.0 * (square * ahead[0, at] + mean * ahead[1, at]) + many * ahead[2, at]


@inner
def row_of(kind, state, t, place):
    """Where in value.ahead a half-month is. kind: as there."""
    return (kind * (place.last - place.first) + state - place.first) * (place.horizon + 1) + t


@inner
def settled_ahead(state, t, place):
    """The row of whoever begins a stay at t; where the effect has ended, as without it."""
    return row_of(0 if t < place.until else 2, state, t, place)


@inner
def ahead_of(state, t, place, structure):
    """The same of whoever arrives by a move that is not a year-start one."""
    if structure.january_first[state] == structure.january_first[state + 1]:
        return settled_ahead(state, t, place)
    return row_of(1 if t < place.until else 3, state, t, place)


@inner
def goes_on(state, t, place, structure):
    """The same of whoever begins a month of a stay."""
    if starts_year(t):
        return ahead_of(state, t, place, structure)
    return settled_ahead(state, t, place)


@inner
def pay_half(state, t, value, place):
    """A half-month in a state other than self-support, from t on, at whatever position."""
    row, period, clock = place.clock.row[state], period_of(t, place.period), place.clock
    benefit = clock.kind[state] == BENEFIT
    for c in range(place.positions):
        at = value.places[c]
        value.paid[c] += place.price[row + (clock.column[place.base + at] if benefit else 0), period]
        if benefit:
            value.places[c] = place.positions - 1 if at + 1 == place.again or at + 1 == place.positions else at + 1


@part
def stay(state, begun, out, value, place, structure, rates):
    """What lies ahead of whoever begins a stay in another state than self-support."""
    ending, share = structure.ending[state], 1.0
    paid, places = value.paid[: place.positions], value.places[: place.positions]
    for c in range(place.positions):
        paid[c], places[c] = 0.0, c
    for t in range(begun + 1, place.horizon):
        pay_half(state, t - 1, value, place)
        year, arm = year_of(t), arm_at(t, place)
        if (t - begun) % 2 == 1:
            for j in range(structure.clock_first[state], structure.clock_first[state + 1]):
                some = share * place.leaving[arm, j, year]
                if some > 0.0:
                    meet(out, some, paid, places, value.ahead, ahead_of(structure.clock_to[j], t, place, structure))
            share *= place.staying[arm, state, year]
        elif ending < 0:
            meet(out, share, paid, places, value.ahead, goes_on(state, t, place, structure))
            return
        else:
            over = share * ends_now((t - begun) // 2, ending, begun, place, rates)
            if over > 0.0:
                to, still = structure.ending_to[ending], structure.phase[ending] > 0
                row = goes_on(to, t, place, structure) if still else ahead_of(to, t, place, structure)
                meet(out, over, paid, places, value.ahead, row)
            share -= over
        if starts_year(t):
            before = 0.0
            for j in range(structure.january_first[state], structure.january_first[state + 1]):
                cumulated = rates.january[place.draw, arm, j, year]
                if cumulated > before:
                    to = structure.january_to[j]
                    meet(out, share * (cumulated - before), paid, places, value.ahead, settled_ahead(to, t, place))
                before = cumulated
            share *= 1.0 - before
        if share <= 0.0:
            return
    pay_half(state, place.horizon - 1, value, place)
    meet(out, share, paid, places, value.ahead, value.nothing)


@part
def spell_ahead(state, begun, out, value, place, structure, rates):
    """What lies ahead of whoever begins self-support: its own moments, up to the restart of the clock, and what comes after it."""
    spell, over = value.spell, min(begun + RESTART, place.horizon)
    value.total[:] = 0.0
    spell.left[:] = 0.0
    spell.settled[state - place.first, begun, 0] = 1.0
    quiet = is_quiet(place, structure)
    for t in range(begun, over):
        if quiet and t > begun and not starts_year(t):
            rest(t, spell, place)
            continue
        leave_support(t, spell, place, structure, rates)
        arrive_in_support(t, spell, place, structure, rates)
        begin_support(t, spell, place, structure, rates)
    end = place.horizon if has_lengths(place, structure) else min(over + 1, place.horizon)
    hand_over(over, value, place, structure, rates)
    for other in range(place.first, place.last):
        own = other - place.first
        for t in range(begun + 1, end):
            for kind in range(3):
                numbers = (spell.out if kind == 0 else spell.settled if kind == 1 else spell.fresh)[own, t]
                if numbers[0] <= 0.0:
                    continue
                if kind == 2:
                    meet_one(value.total, numbers, value.ahead, ahead_of(other, t, place, structure), place.again)
                elif kind == 0 and t < begun + RESTART:
                    meet_all(out, numbers, value.ahead, settled_ahead(other, t, place), place.positions)
                else:
                    meet_one(value.total, numbers, value.ahead, settled_ahead(other, t, place), place.again)
                numbers[:] = 0.0
    meet_one(value.total, spell.left, value.ahead, value.nothing, 0)
    for n in range(len(value.total)):
        for c in range(place.positions):
            out[n, c] += value.total[n]


@part
def hand_over(over, value, place, structure, rates):
    """Those who are still in self-support as the clock restarts: as their month ends."""
    spell = value.spell
    for state in range(place.first, place.last):
        for k in range(2):
            numbers, t = spell.stock[state - place.first, k], over
            if numbers[0] > 0.0 and over < place.horizon and k != over & 1:  # in the middle of a month
                scale(numbers, clocks(state, over, numbers, spell, place, structure, rates))
                if starts_year(over):
                    scale(numbers, new_year(state, over, 1.0, numbers, spell, place, structure, rates))
                spend_half(state, over, numbers, place)
                t = over + 1
            if numbers[0] > 0.0 and t < place.horizon:
                meet_one(value.total, numbers, value.ahead, goes_on(state, t, place, structure), place.again)
            else:
                meet_one(value.total, numbers, value.ahead, value.nothing, 0)
            numbers[:] = 0.0


@part
def look_ahead(t, value, place, structure, rates):
    """What lies ahead at t, in every state of the role."""
    kind = 0 if place.until > 0 else 2
    for state in range(place.first, place.last):
        out = value.ahead[row_of(kind, state, t, place)]
        out[:] = 0.0
        if supports(state, place):
            spell_ahead(state, t, out, value, place, structure, rates)
        else:
            stay(state, t, out, value, place, structure, rates)
    for state in range(place.first, place.last):
        first, last, before = structure.january_first[state], structure.january_first[state + 1], 0.0
        if first == last:
            continue
        out = value.ahead[row_of(kind + 1, state, t, place)]
        out[:] = 0.0
        for j in range(first, last):
            cumulated = rates.january[place.draw, arm_at(t, place), j, year_of(t)]
            mix(out, cumulated - before, value.ahead[row_of(kind, structure.january_to[j], t, place)])
            before = cumulated
        mix(out, 1.0 - before, value.ahead[row_of(kind, state, t, place)])


@part
def mix(out, share, ahead):
    """Add a share of what lies ahead."""
    for n in range(out.shape[0]):
        for c in range(out.shape[1]):
            out[n, c] += share * ahead[n, c]


@inner
def central(first, second, third):
    """The third central moment, from the moments about 0; 0 where all that is left of it is rounding."""
    return third - first * (3.0 * second - 2.0 * first * first) if second - first * first > NOISE * second else 0.0


@part
def enter_ahead(found, d, row, state, entry, t, arm, value, place, structure, rates):
    """Mean and variance from entry at t on, moves at entry included, and the third central moment where there is room for it."""
    total, start, taken = value.total, place.clock.start[state] - place.base, 0.0
    total[:] = 0.0
    for j in range(structure.entry_first[state], structure.entry_first[state + 1]):
        cumulated = rates.entry[place.draw, arm, j, year_of(t)]
        ahead = value.ahead[ahead_of(structure.entry_to[j], t, place, structure)]
        for n in range(len(total)):
            total[n] += (cumulated - taken) * ahead[n, start]
        taken = cumulated
    ahead = value.ahead[settled_ahead(state, t, place)]
    for n in range(len(total)):
        total[n] += (1.0 - taken) * ahead[n, start]
    found[0, d, row, entry] = total[0]
    found[1, d, row, entry] = max(total[1] - total[0] * total[0], 0.0)
    if len(total) > 2:
        found[2, d, row, entry] = central(total[0], total[1], total[2])


@inner
def look_back(found, d, until, differs, enters, enters_pair, pairs, value, place, structure, rates):
    """Work out what lies ahead of a role under an effect that ends at `until`, and put down whoever enters then; place.until is 0 where the
    programme changes nothing after entry."""
    began = place.horizon
    for goes in range(2):  # first the earliest entry is looked for
        for row in range(len(enters)):
            state, pair = enters[row], enters_pair[row]
            if not place.first <= state < place.last or (pair < 0 and until > 0):
                continue
            for entry in range(found.shape[3]):
                t, arm = 2 * entry - 1 if entry > 0 else 0, 1 if until > 0 else 0
                if place.entry >= 0 and place.entry != t:
                    continue
                if pair >= 0 and until_of(pairs.kind[pair], t, 1, place.draw, place.horizon, rates) != until:
                    continue
                if goes == 1:
                    enter_ahead(found, d, row, state, entry, t, arm, value, place, structure, rates)
                began = min(began, t)
        if goes == 0 and (until == 0 or differs):
            for t in range(min(until if until > 0 else place.horizon, place.horizon) - 1, began - 1, -1):
                look_ahead(t, value, place, structure, rates)


@kernel
def moments_of_steps(rows, price, found, enters, enters_pair, differs, pairs, value, structure, rates, period, clock):
    """Fill found, as moments_of_draws() does, of the rows of roles with a clock.

    price: (draw or 1, booking row, period) of a half-month. differs: (draw, state) whether the programme changes anything after entry. value:
    room for what lies ahead.
    """
    horizon = len(value.ends) - 1
    for d in range(found.shape[1]):
        draw = d * rows
        if d == 0 or rows:
            fill_clocks(draw, value.staying, value.leaving, structure, rates)
        for i in range(len(clock.role)):
            role, base = clock.role[i], clock.position_first[i]
            first, last = structure.role_first[role], structure.role_first[role + 1]
            find_ends(role, 1, draw, pairs, value.ends, rates)
            value.ends[0] = True
            changes = differs[draw, first]
            for until in range(horizon + 1):
                if not value.ends[until]:
                    continue
                lasts = until if changes else 0
                alone = lasts > 0 and structure.age_first[role + 1] - structure.age_first[role] > 1
                for entry in range(horizon // 2 + 1 if alone else 1):
                    place = Place(
                        first,
                        last,
                        base,
                        clock.position_first[i + 1] - base,
                        0,
                        clock.again[first] - base,
                        draw,
                        lasts,
                        max(2 * entry - 1, 0) if alone else -1,
                        structure.ages[structure.age_first[role] : structure.age_first[role + 1 if alone else role]],
                        horizon,
                        period,
                        clock,
                        value.halves,
                        value.arrivals,
                        price[min(d, price.shape[0] - 1)],
                        value.staying,
                        value.leaving,
                    )
                    look_back(found, d, until, changes, enters, enters_pair, pairs, value, place, structure, rates)
