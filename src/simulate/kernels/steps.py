"""Expected lives of a role whose refund goes by the weeks on benefit: the recursion of `expected`, with people told apart by where their clock
stands, exact.

What happens to people does not hang on their clock; so a row of numbers, one for each position, is moved by one share. On benefit all positions go up
by one each half-month: not the numbers are moved, but the place where they begin. Stays that a length may end are rows of their own, and
looked at together: as sums from each to the last where they end in the order in which they began, else added up each time.

In self-support the clocks stand still, and what counts is when it began, as 24 half-months restart them: whoever began it at one moment, in one state, is a
spell, and a row has a number for each. Who leaves a spell has the positions with which it began. Whoever is left after 24 half-months has
a clock that was restarted, and needs none.

Moments look back in time, and follow one spell after the other.
"""

import math
from typing import NamedTuple

import numpy as np

from simulate.kernels.arrays import (
    BENEFIT,
    BEYOND,
    FRESH,
    GOING,
    LANES,
    MANY,
    NUMBERS,
    RESTART,
    ROWS,
    SETTLED,
    STAYING,
    STOCK,
    SUPPORT,
    Clock,
    Period,
)
from simulate.kernels.jit import inner, kernel, part

YEAR_HALVES = 24
NOISE = 1e-8  # of a mean square: below it the variance is too near to the rounding for a third central moment
INDEX = (1 << 24) - 1  # x & INDEX is x, but the compiler then knows that x does not count from an array's end


class Now(NamedTuple):
    """A moment."""

    t: int
    arm: int  # whose values hold
    year: int
    period: int
    january: bool  # the 1st
    begin: int  # where in a row of people on benefit their positions begin: it moves, so that people need not


class Place(NamedTuple):
    """Where the recursion reads and counts: a role, the draw's row, the arm and until when its values hold."""

    first: int  # state of the role
    last: int
    base: int  # position
    positions: int
    width: int  # numbers that positions within the steps take of a row
    cycle: int  # half-months after which these have come to the front of a row
    waits: bool  # whether a year-start move leads anywhere
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
def padded(numbers):
    """The next whole number of the processor's: what is left over of a row takes as long as the rest of it."""
    return (numbers + LANES - 1) // LANES * LANES


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
def spend_half(state, t, numbers, place):
    """People are in a state of self-support from t to t + 1."""
    row, period = place.clock.row[state], period_of(t, place.period)
    if place.price[row, period] != 0.0:
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
def add_row(rows, to, at, origin, begin, share, width):
    """A share of the people of one row come into another. at, begin: where what they are told apart by begins in each."""
    into, numbers, at, begin = rows[to], rows[origin], at & INDEX, begin & INDEX
    into[MANY] += share * numbers[MANY]
    into[BEYOND] += share * numbers[BEYOND]
    for c in range(width):
        into[at + c] += share * numbers[begin + c]


@part
def add_rows(rows, to, at, first, begin, width, shares, start, stop, young):
    """The same of every second row, from first + start to before first + stop, each by its share. young: as many numbers of the last row are known
    to be 0, and two more of each one before."""
    into, at, begin, n = rows[to], at & INDEX, begin & INDEX, start
    while n < stop:
        if n + 6 < stop:
            a, b, c, d = shares[n], shares[n + 2], shares[n + 4], shares[n + 6]
            if a + b + c + d > 0.0:
                one, two, three, four = rows[first + n], rows[first + n + 2], rows[first + n + 4], rows[first + n + 6]
                for i in range(2):
                    into[i] += a * one[i] + b * two[i] + c * three[i] + d * four[i]
                empty = min(young + (stop - 1 - n - 6), width) & ~(LANES - 1) if young > 0 else 0
                for i in range(empty & INDEX, width):
                    into[at + i] += a * one[begin + i] + b * two[begin + i] + c * three[begin + i] + d * four[begin + i]
            n += 8
        else:
            a, one = shares[n], rows[first + n]
            if a > 0.0:
                for i in range(2):
                    into[i] += a * one[i]
                empty = min(young + (stop - 1 - n), width) & ~(LANES - 1) if young > 0 else 0
                for i in range(empty & INDEX, width):
                    into[at + i] += a * one[begin + i]
            n += 2


@part
def keep_row(rows, row, at, stays, spent, width):
    """A share of the people of a row stays; where they are on benefit, they spend a half-month. spent: that row, -1 elsewhere."""
    numbers, at = rows[row], at & INDEX
    numbers[MANY] *= stays
    numbers[BEYOND] *= stays
    if spent < 0:
        for c in range(width):
            numbers[at + c] *= stays
        return
    into = rows[spent]
    into[BEYOND] += numbers[BEYOND]
    for c in range(width):
        some = stays * numbers[at + c]
        numbers[at + c] = some
        into[NUMBERS + c] += some


@part
def part_row(rows, row, at, stays, spent, to, begin, share, width):
    """The same, and another share comes into a row."""
    numbers, into, at, begin = rows[row], rows[to], at & INDEX, begin & INDEX
    into[MANY] += share * numbers[MANY]
    into[BEYOND] += share * numbers[BEYOND]
    numbers[MANY] *= stays
    numbers[BEYOND] *= stays
    if spent < 0:
        for c in range(width):
            one = numbers[at + c]
            numbers[at + c] = stays * one
            into[begin + c] += share * one
        return
    still = rows[spent]
    still[BEYOND] += numbers[BEYOND]
    for c in range(width):
        one = numbers[at + c]
        some = stays * one
        numbers[at + c] = some
        still[NUMBERS + c] += some
        into[begin + c] += share * one


@part
def clear_row(rows, row, width):
    numbers = rows[row]
    numbers[MANY] = numbers[BEYOND] = 0.0
    for c in range(width):
        numbers[NUMBERS + c] = 0.0


@part
def hand_row(rows, to, at, origin, share, width):
    """People of one row leave it, by a share, for an empty one."""
    into, numbers, at = rows[to], rows[origin], at & INDEX
    into[MANY], into[BEYOND] = share * numbers[MANY], share * numbers[BEYOND]
    numbers[MANY] = numbers[BEYOND] = 0.0
    for c in range(width):
        into[at + c] = share * numbers[NUMBERS + c]
        numbers[NUMBERS + c] = 0.0


@part
def sum_row(rows, to, later, at, origin, share, width):
    """Put down in a row the sum of a later one, if there is one (-1), and a share of the people of a third."""
    into, numbers, at = rows[to], rows[origin], at & INDEX
    if later < 0:
        into[MANY], into[BEYOND] = share * numbers[MANY], share * numbers[BEYOND]
        for c in range(width):
            into[at + c] = share * numbers[at + c]
        return
    others = rows[later]
    for i in range(2):
        into[i] = share * numbers[i] + others[i]
    for c in range(width):
        into[at + c] = share * numbers[at + c] + others[at + c]


@part
def pass_row(rows, row, begin, last, again, number):
    """The clocks of the people of a row have moved on by so many half-months on benefit. begin: where the row begins now; last: position beyond all
    steps; again: position from where those after a restart begin."""
    numbers = rows[row]
    for at in range(begin, begin + number):
        numbers[BEYOND] += numbers[(at + again) & INDEX] + numbers[(at + last) & INDEX]
        numbers[(at + again) & INDEX] = numbers[(at + last) & INDEX] = 0.0


@inner
def restart_row(rows, row, t, spells):
    """The clocks of those of a row who have been in self-support for 24 half-months now are restarted."""
    for spell in range(spells):
        at = NUMBERS + spell * RESTART + t % RESTART
        rows[row, BEYOND] += rows[row, at]
        rows[row, at] = 0.0


@inner
def now_of(t, place):
    begin = NUMBERS + place.cycle - 1 - t % place.cycle
    return Now(t, arm_at(t, place), year_of(t), period_of(t, place.period), starts_year(t), begin)


@inner
def row_for(own, spells, kind):
    """Of people who arrive. kind: FRESH, SETTLED. spells: whether they are told apart by spells of self-support."""
    return own * ROWS + 2 * spells + kind


@inner
def row_of_stock(own, k):
    return own * ROWS + STOCK + k


@inner
def row_of_stay(own, begun, steps, place):
    return steps.stays + steps.line[own] * place.horizon + begun


@inner
def row_of_sum(own, begun, steps, place):
    return steps.sums + steps.line[own] * place.horizon + begun


@inner
def row_of_spent(own, now, steps, place):
    return steps.spent + own * place.halves.shape[1] + now.period


@inner
def begin_of(state, now, place):
    """Where in a row what people in a state are told apart by begins."""
    return now.begin if place.clock.kind[state] == BENEFIT else NUMBERS


@inner
def width_of(spells, place):
    return place.spells * RESTART if spells else place.width


@inner
def has_january(state, structure):
    return structure.january_first[state] < structure.january_first[state + 1]


@inner
def room_for(kind, to, now, spells, place, structure):
    """The row for people who arrive in a state, and where what they are told apart by begins there. kind: FRESH, SETTLED, or STAYING where the moves
    of this moment are over; spells: as in row_for()."""
    own, waits = to - place.first, has_january(to, structure)
    ready = not waits or kind == STAYING or (kind == SETTLED and not now.january)  # nothing more can happen to them now
    if ready and structure.ending[to] < 0 and supports(to, place) == spells:
        return row_of_stock(own, now.t & 1), begin_of(to, now, place)
    return row_for(own, spells, FRESH if kind == FRESH and waits else SETTLED), NUMBERS


@inner
def come(kind, to, now, share, origin, begin, spells, steps, place, structure):
    """A share of the people of a row come into a state."""
    row, at = room_for(kind, to, now, spells, place, structure)
    add_row(steps.rows, row, at, origin, begin, share, width_of(spells, place))


@inner
def go_by_new_year(state, now, share, origin, begin, spells, steps, place, structure, rates):
    """As new_year(), of a share of the people of a row."""
    before = 0.0
    for j in range(structure.january_first[state], structure.january_first[state + 1]):
        cumulated = rates.january[place.draw, now.arm, j, now.year]
        if cumulated > before:
            to, some = structure.january_to[j], share * (cumulated - before)
            place.arrivals[to, now.period] += some * steps.rows[origin, MANY]
            come(SETTLED, to, now, some, origin, begin, spells, steps, place, structure)
        before = cumulated
    return 1.0 - before


@inner
def pass_half(now, steps, place, structure):
    """The clocks of everyone who has been somewhere since the last moment move on; those of stays do where they are looked at."""
    for state in range(place.first, place.last):
        own, kind, alone = state - place.first, place.clock.kind[state], structure.ending[state] >= 0
        if kind == BENEFIT and (not alone or steps.pooled[own]):
            for k in range(2):
                row = row_of_stock(own, k)
                if steps.rows[row, MANY] > 0.0:
                    begin = begin_of(state, now, place)
                    pass_row(steps.rows, row, begin, place.positions - 1, place.again, 1)
        elif kind == SUPPORT and not alone:
            for k in range(2):
                restart_row(steps.rows, row_of_stock(own, k), now.t, place.spells)
        elif kind == SUPPORT:
            for begun in range(min(steps.front[own, 0], steps.front[own, 1]), now.t):
                restart_row(steps.rows, row_of_stay(own, begun, steps, place), now.t, place.spells)


@inner
def leave(now, steps, place, structure, rates):
    """1. A stay's own end, and the year-start moves. Whoever is in the middle of a month is counted at once, and so are stays that a length may end."""
    rows, t = steps.rows, now.t
    for state in range(place.first, place.last):
        if structure.ending[state] >= 0:
            end_stays(state, now, steps, place, structure, rates)
            look_at_stays(state, now, steps, place)
    if now.january:
        leave_at_new_year(now, steps, place, structure, rates)
    for state in range(place.first, place.last):
        own, spells, alone = state - place.first, supports(state, place), structure.ending[state] >= 0
        benefit, width = place.clock.kind[state] == BENEFIT, width_of(spells, place)
        first, last = structure.clock_first[state], structure.clock_first[state + 1]
        for k in range(2):
            odd = k != t & 1
            counts = alone or odd
            if not counts and not now.january:
                continue
            row, sums, at = where(own, k, state, alone, now, steps, place)
            if rows[row, MANY] <= 0.0 and sums < 0:
                continue
            weight = steps.weight[own, k] if sums >= 0 else 0.0
            spent = row_of_spent(own, now, steps, place) if benefit and counts else -1
            stays = steps.beyond_january[own]
            if odd:
                stays *= place.staying[now.arm, state, now.year]
                many = rows[row, MANY]
                if sums >= 0:
                    many += weight * rows[sums, MANY]
                for j in range(first, last):
                    share, to = place.leaving[now.arm, j, now.year], structure.clock_to[j]
                    into, into_at = room_for(FRESH, to, now, spells, place, structure)
                    place.arrivals[to, now.period] += share * many
                    if sums >= 0:
                        add_row(rows, into, into_at, sums, at, share * weight, width)
                    if j < last - 1:
                        add_row(rows, into, into_at, row, at, share, width)
                    else:
                        part_row(rows, row, at, stays, spent, into, into_at, share, width)
            if not odd or first == last:
                if stays < 1.0:
                    keep_row(rows, row, at, stays, spent, width)
                elif spent >= 0:
                    add_row(rows, spent, NUMBERS, row, at, 1.0, width)
            if sums >= 0 and spent >= 0:
                add_row(rows, spent, NUMBERS, sums, at, stays * weight, width)
            if not benefit and counts:
                many = rows[row, MANY]
                if sums >= 0:
                    many += stays * weight * rows[sums, MANY]
                place.halves[place.clock.row[state], now.period] += many
            if alone and not steps.pooled[own]:
                clear_row(rows, row, width)
            if alone and stays < 1.0:
                steps.weight[own, k] *= stays
                kept = steps.kept[own]
                for begun in range(steps.front[own, k], t, 2):
                    kept[begun] *= stays
        steps.beyond_january[own] = 1.0


@part
def leave_at_new_year(now, steps, place, structure, rates):
    """The year-start moves, of those whom an any-month move at the same moment does not take."""
    for state in range(place.first, place.last):
        own, spells, alone = state - place.first, supports(state, place), structure.ending[state] >= 0
        if not has_january(state, structure):
            continue
        for k in range(2):
            row, sums, at = where(own, k, state, alone, now, steps, place)
            stays = place.staying[now.arm, state, now.year] if k != now.t & 1 else 1.0
            for which in range(2):
                one, share = (row, stays) if which == 0 else (sums, stays * steps.weight[own, k])
                if one >= 0 and steps.rows[one, MANY] > 0.0:
                    remain = go_by_new_year(state, now, share, one, at, spells, steps, place, structure, rates)
                    steps.beyond_january[own] = remain


@inner
def where(own, k, state, alone, now, steps, place):
    """Of the people in a state who came in one half of a month: their row, that of the sums of older stays (-1 without), and where what they are
    told apart by begins."""
    if not alone:
        return row_of_stock(own, k), -1, begin_of(state, now, place)
    if not steps.pooled[own]:
        return own * ROWS + GOING + k, -1, NUMBERS
    front = steps.front[own, k]
    return (
        row_of_stock(own, k),
        row_of_sum(own, front, steps, place) if front < steps.back[own, k] else -1,
        begin_of(state, now, place),
    )


@inner
def look_at_stays(state, now, steps, place):
    """The clocks of the oldest pooled stays move on; those that are not pooled are summed up."""
    own, benefit, begin, t = state - place.first, place.clock.kind[state] == BENEFIT, begin_of(state, now, place), now.t
    for k in range(2):
        if not steps.pooled[own]:
            width = width_of(supports(state, place), place)
            gather(state, k, t, own * ROWS + GOING + k, begin, benefit, width, steps, place)
        elif steps.front[own, k] < steps.back[own, k]:
            row, number = row_of_sum(own, steps.front[own, k], steps, place), t - steps.seen[own, k]
            if benefit and number > 0:
                pass_row(steps.rows, row, begin, place.positions - 1, place.again, number)
            steps.seen[own, k] = t


@inner
def pass_stay(own, begun, t, begin, benefit, steps, place):
    """The clocks of the people of a stay move on until t."""
    number = t - steps.passed[own, begun]
    if benefit and number > 0:
        row = row_of_stay(own, begun, steps, place)
        pass_row(steps.rows, row, begin, place.positions - 1, place.again, number)
        steps.passed[own, begun] = t


@inner
def gather(state, k, t, row, begin, benefit, width, steps, place):
    """Sum up the stays that are in the same half of a month, each by the share that is left of it."""
    own = state - place.first
    start, last = next_front(own, k, t, steps), t - 1 if (t - 1) & 1 == k else t - 2
    if start > last:
        return
    for begun in range(start, t, 2):
        if steps.kept[own, begun] > 0.0:
            pass_stay(own, begun, t, begin, benefit, steps, place)
    stays, young = (
        row_of_stay(own, 0, steps, place),
        t - last if benefit else 0,
    )  # a clock that runs has moved on by as much
    add_rows(steps.rows, row, NUMBERS, stays, begin, width, steps.kept[own], start, last + 1, young)


@inner
def next_front(own, k, t, steps):
    """The oldest stay of which anybody is left comes to the front; returns it."""
    front, kept = steps.front[own, k], steps.kept[own]
    while front < t and kept[front] <= 0.0:
        front += 2
    if front > steps.front[own, k]:
        steps.front[own, k], steps.seen[own, k] = front, steps.summed[own, k]
    return front


@inner
def end_stays(state, now, steps, place, structure, rates):
    """Stays end by their length.

    Those that end in the order in which they began are pooled: the older ones by sums from each of them to the last, and all that are younger
    together; so nothing need be taken off again.
    """
    own, t, ending, spells = state - place.first, now.t, structure.ending[state], supports(state, place)
    k, begin, benefit = t & 1, begin_of(state, now, place), place.clock.kind[state] == BENEFIT
    begun = next_front(own, k, t, steps)
    while begun < t:
        over, kept, ends = steps.over[own, begun], steps.kept[own, begun], 0.0
        if over == t:
            ends = 1.0
        elif over == 0 and kept > 0.0:
            ends = ends_now((t - begun) // 2, ending, begun, place, rates)
        if ends > 0.0 and kept > 0.0:
            if steps.pooled[own] and begun >= steps.back[own, k]:
                sum_up(own, k, t, begin, benefit, steps, place)
            pass_stay(own, begun, t, begin, benefit, steps, place)
            row, to, moves = (
                row_of_stay(own, begun, steps, place),
                structure.ending_to[ending],
                structure.phase[ending] == 0,
            )
            if moves:
                place.arrivals[to, now.period] += kept * ends * steps.rows[row, MANY]
            kind = (
                FRESH if moves or now.january else SETTLED
            )  # who does not move meets the year-start moves on 1 January
            come(kind, to, now, kept * ends, row, begin, spells, steps, place, structure)
            steps.kept[own, begun] = kept * (1.0 - ends)
        if not steps.pooled[own]:
            begun += 2
        elif ends > 0.0:
            begun = next_front(own, k, t, steps)
        else:
            return


@part
def sum_up(own, k, t, begin, benefit, steps, place):
    """All stays of one half of a month that have begun are older ones now."""
    later, latest = -1, min(steps.latest[own], place.horizon)
    for i in range((t - steps.front[own, k]) // 2):
        begun = t - 2 * (i + 1)
        if steps.kept[own, begun] <= 0.0:
            continue
        pass_stay(own, begun, t, begin, benefit, steps, place)
        row, origin = row_of_sum(own, begun, steps, place), row_of_stay(own, begun, steps, place)
        sum_row(steps.rows, row, later, begin, origin, steps.kept[own, begun], place.width)
        if benefit:
            steps.rows[row, max(begin - max(latest - t, 0), NUMBERS) : begin] = 0.0  # where their clocks will stand
        later = row
    steps.back[own, k], steps.weight[own, k], steps.seen[own, k], steps.summed[own, k] = t, 1.0, t, t
    steps.rows[row_of_stock(own, k)] = 0.0


@inner
def part_stays(own, steps):
    """From now on stays are followed by themselves, as a later one ends before an earlier one, or nobody knows when."""
    steps.pooled[own] = False
    for k in range(2):
        steps.rows[row_of_stock(own, k)] = 0.0


@inner
def stay_half(state, now, row, begin, steps, place):
    """The people of a row are in a state until the next moment. On benefit, that is booked in the end."""
    if place.clock.kind[state] == BENEFIT:
        spent = row_of_spent(state - place.first, now, steps, place)
        add_row(steps.rows, spent, NUMBERS, row, begin, 1.0, place.width)
    else:
        place.halves[place.clock.row[state], now.period] += steps.rows[row, MANY]


@inner
def come_in(now, steps, place, structure):
    """Those who enter now."""
    for own in range(place.last - place.first):
        for kind in range(2):
            many = steps.enters[kind, own, now.t]
            if many > 0.0:
                waits = kind == FRESH and has_january(place.first + own, structure)
                row, start = (
                    row_for(own, 0, FRESH if waits else SETTLED),
                    place.clock.start[place.first + own] - place.base,
                )
                steps.rows[row, MANY] += many
                steps.rows[row, BEYOND if start == place.positions - 1 else NUMBERS + start] += many
                steps.enters[kind, own, now.t] = 0.0


@part
def arrive(now, steps, place, structure, rates):
    """2. The year-start moves of those who just arrived. Whoever such a move takes on at once has spent no time there, so that self-support is unbroken
    if it leads back."""
    for state in range(place.first, place.last):
        for spells in range(2):
            row = row_for(state - place.first, spells, FRESH)
            if steps.rows[row, MANY] <= 0.0:
                continue
            stays = go_by_new_year(state, now, 1.0, row, NUMBERS, spells, steps, place, structure, rates)
            come(SETTLED, state, now, stays, row, NUMBERS, spells, steps, place, structure)
            clear_row(steps.rows, row, width_of(spells, place))


@inner
def leave_spells(now, steps, place, structure):
    """People leave self-support: with the positions with which their spell began, or, where their clocks were restarted, with clocks that begin."""
    rows, tags = steps.rows, place.spells * RESTART
    for state in range(place.first, place.last):
        left = row_for(state - place.first, 1, SETTLED)
        if supports(state, place) or rows[left, MANY] <= 0.0:
            continue
        row, at = room_for(STAYING, state, now, 0, place, structure)
        rows[row, MANY] += rows[left, BEYOND]
        rows[row, at + place.again] += rows[left, BEYOND]
        shares = rows[left, NUMBERS:]
        for half in range(2):
            add_rows(rows, row, at, steps.began, NUMBERS, place.width, shares, half, tags, 0)
        clear_row(rows, left, tags)


@inner
def begin_spells(now, steps, place, structure):
    """People begin a spell of self-support: with which positions is kept for when they leave it."""
    rows, spell = steps.rows, 0
    for state in range(place.first, place.last):
        if not supports(state, place):
            continue
        row, many = row_for(state - place.first, 0, SETTLED), rows[row_for(state - place.first, 0, SETTLED), MANY]
        if many > 0.0:
            into, _ = room_for(STAYING, state, now, 1, place, structure)
            at = spell * RESTART + now.t % RESTART
            rows[into, MANY] += many
            rows[into, NUMBERS + at] += many
            hand_row(rows, steps.began + at, NUMBERS, row, 1.0 / many, place.width)
        spell += 1


@inner
def begin(now, steps, place, structure, rates):
    """3. Stays begin, and whoever begins a month is counted until the next moment."""
    for state in range(place.first, place.last):
        own, spells, at = state - place.first, supports(state, place), begin_of(state, now, place)
        row, width, stock = row_for(own, spells, SETTLED), width_of(spells, place), row_of_stock(own, now.t & 1)
        some = steps.rows[row, MANY] > 0.0
        if structure.ending[state] >= 0:
            if some:
                stay_half(state, now, row, NUMBERS, steps, place)
                begin_stay(state, now, row, at, width, steps, place, structure, rates)
            continue
        if some:
            add_row(steps.rows, stock, at, row, NUMBERS, 1.0, width)
            clear_row(steps.rows, row, width)
        if steps.rows[stock, MANY] > 0.0:
            stay_half(state, now, stock, at, steps, place)


@inner
def begin_stay(state, now, row, at, width, steps, place, structure, rates):
    """Stays that a length may end begin together, as a row."""
    own, t = state - place.first, now.t
    months = rates.months[place.draw, now.arm, structure.ending[state], now.year]
    over = t + 2 * months if months > 0 else 0
    if steps.pooled[own] and over < steps.latest[own]:
        part_stays(own, steps)
    if steps.pooled[own]:
        add_row(steps.rows, row_of_stock(own, t & 1), at, row, NUMBERS, 1.0, width)
    hand_row(steps.rows, row_of_stay(own, t, steps, place), at, row, 1.0, width)
    steps.kept[own, t], steps.over[own, t], steps.passed[own, t], steps.latest[own] = 1.0, over, t, over


@inner
def turn_row(rows, row, place):
    """The positions of a row have come to its front, and go on from its end."""
    for at in range(NUMBERS, NUMBERS + place.width):
        rows[row, at + place.cycle] = rows[row, at]
    rows[row, NUMBERS : NUMBERS + place.cycle] = 0.0


@part
def turn(t, steps, place, structure):
    """The same of all rows of people on benefit, whose clocks stand as they did at the moment before t."""
    last, t = place.positions - 1, t - 1
    for state in range(place.first, place.last):
        own = state - place.first
        if place.clock.kind[state] != BENEFIT:
            continue
        for k in range(2):
            turn_row(steps.rows, row_of_stock(own, k), place)
            if structure.ending[state] < 0:
                continue
            front, back = steps.front[own, k], steps.back[own, k] if steps.pooled[own] else 0
            for begun in range(front, t + 1, 2):
                if steps.kept[own, begun] <= 0.0:
                    continue
                pass_stay(own, begun, t, NUMBERS, True, steps, place)
                turn_row(steps.rows, row_of_stay(own, begun, steps, place), place)
                if begun < back:
                    row = row_of_sum(own, begun, steps, place)
                    number = t - (steps.seen[own, k] if begun == front else steps.summed[own, k])
                    pass_row(steps.rows, row, NUMBERS, last, place.again, number)
                    turn_row(steps.rows, row, place)
            steps.seen[own, k] = steps.summed[own, k] = t


@inner
def step(now, steps, place, structure, rates):
    """What happens at one moment."""
    if now.begin == NUMBERS + place.cycle - 1 and now.t > 0:
        turn(now.t, steps, place, structure)
    pass_half(now, steps, place, structure)
    leave(now, steps, place, structure, rates)
    come_in(now, steps, place, structure)
    if place.waits:
        arrive(now, steps, place, structure, rates)
    leave_spells(now, steps, place, structure)
    begin_spells(now, steps, place, structure)
    begin(now, steps, place, structure, rates)


@part
def book(first, last, base, positions, steps, clock, halves):
    """Book the half-months on benefit of a role, by rows."""
    for state in range(first, last):
        if clock.kind[state] != BENEFIT:
            continue
        for period in range(halves.shape[1]):
            spent = steps.rows[steps.spent + (state - first) * halves.shape[1] + period]
            for c in range(positions):
                at = NUMBERS + c if c < positions - 1 else BEYOND
                halves[clock.row[state] + clock.column[base + c], period] += spent[at]
                spent[at] = 0.0
            spent[MANY] = 0.0


@inner
def enter(state, t, many, steps, place, structure, rates):
    """The moves at entry; who is not taken begins a stay, unmoved."""
    before = 0.0
    for j in range(structure.entry_first[state], structure.entry_first[state + 1]):
        cumulated = rates.entry[place.draw, arm_at(t, place), j, year_of(t)]
        to, some = structure.entry_to[j], many * (cumulated - before)
        steps.enters[FRESH, to - place.first, t] += some
        place.arrivals[to, period_of(t, place.period)] += some
        before = cumulated
    steps.enters[SETTLED, state - place.first, t] += many * (1.0 - before)


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
def empty(steps, began, place, structure):
    """Nobody is left, and nobody was there before."""
    line = 0
    for own in range(place.last - place.first):
        for k in range(2):
            steps.rows[row_of_stock(own, k)] = 0.0
            steps.front[own, k] = steps.back[own, k] = began + ((began + k) & 1)
        steps.kept[own, :] = 0.0
        steps.pooled[own] = not supports(place.first + own, place)
        steps.beyond_january[own] = 1.0
        steps.line[own] = line
        line += structure.ending[place.first + own] >= 0
        steps.latest[own] = 1  # stays whose lengths are drawn are over at 0


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
        horizon = len(steps.ends) - 1
        for i in range(len(clock.role)):
            role, base = clock.role[i], clock.position_first[i]
            first, last = structure.role_first[role], structure.role_first[role + 1]
            positions, spells = clock.position_first[i + 1] - base, 0
            for state in range(first, last):
                spells += clock.kind[state] == SUPPORT
            waits = structure.january_first[first] < structure.january_first[last]
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
                        positions,
                        padded(positions - 1),
                        steps.cycle,
                        waits,
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
                    if began < horizon:
                        empty(steps, began, place, structure)
                    for t in range(began, horizon):
                        step(now_of(t, place), steps, place, structure, rates)
            book(first, last, base, positions, steps, clock, halves[d])


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
                        0,
                        False,
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
