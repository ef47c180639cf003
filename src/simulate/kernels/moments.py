"""First and second moments of what a life costs, and the third where there is room for it: a backward recursion over the half-months, exact.

What lies ahead of a person depends on state and time alone, once a stay begins or a new month of one without a length does. Every stay, and
every such month, is followed from its end back to its beginning: the moments at the place `out`, those of whoever is still there, take in
at each moment those who leave then. Costs count from the beginning.

The month of entry matters only through the half-month in which the programme's effect ends, so there is a column for each such end, and
all columns are worked out side by side. Where its effect ends a column takes over what the baseline has; it serves an earlier entry from
there on, as the later one has been reached by then. Where effects change with the time since entry, one entry is followed after the other: of each, the
programme's values hang on the calendar's time alone, as they do elsewhere.

Several draws go side by side through all of it, as what is done next is the same in each: the time that it takes to find out is shared, and the
innermost loops have many numbers at a time. What differs between the draws is a row of numbers, one for each. A column of a draw is a lane.
"""

import math

from simulate.kernels.jit import inner, kernel, part

YEAR_HALVES = 24
NOISE = 1e-8  # of a mean square: below it the variance is too near to the rounding for a third central moment
INDEX = (1 << 24) - 1  # x & INDEX is x, but the compiler then knows that x does not count from an array's end
FAR = (1 << 44) - 1  # the same for places, which are many
NEVER = 1 << 40


@inner
def year_of(t):
    """t // 24 for 0 <= t < 43690, without the division."""
    return ((t * 43691) >> 20) & INDEX


@inner
def starts_year(t):
    """Whether t is a 1 January."""
    return t == year_of(t) * YEAR_HALVES


@inner
def law_of(arm, state, t, costs, structure):
    """Whose rates hold at t: the arm's, or those of the class in which the followed entry is by then."""
    if arm == 0 or costs.follows[0] < 0:
        return arm
    role, age, law = costs.side[1, state] - 1, t - costs.follows[0], 1
    first, last = structure.age_first[role], structure.age_first[role + 1]
    while first + law < last and age >= structure.ages[first + law]:
        law += 1
    return law


@inner
def place(arm, row, t, ring):
    """Where in costs.ahead the first lane of a half-month is; where no stay has a length, those of the next few alone are kept."""
    return (((arm * ring.rows + row) * ring.kept + (t & (ring.kept - 1))) * ring.size) & FAR


@inner
def third_of(cost, first, second, third):
    """The third moment of a cost that is certain and what lies ahead."""
    return cost * (cost * (cost + 3.0 * first) + 3.0 * second) + third


@part
def carry(ahead, out, of, first, step, thirds, begin, end):
    """At `out` the moments of this: a cost, `end` less `begin`, and what lies ahead at `of`. first: lane of each draw, one more at the end."""
    draws = len(first) - 1
    if first[draws] == draws:  # one lane each: all draws at once
        o, o2, o3 = out & FAR, (out + step) & FAR, (out + 2 * step) & FAR
        f, f2, f3 = of & FAR, (of + step) & FAR, (of + 2 * step) & FAR
        for i in range(draws if thirds else 0):
            ahead[o3 + i] = third_of(end[i] - begin[i], ahead[f + i], ahead[f2 + i], ahead[f3 + i])
        for i in range(draws):
            cost, mean, square = end[i] - begin[i], ahead[f + i], ahead[f2 + i]
            ahead[o + i] = cost + mean
            ahead[o2 + i] = cost * cost + 2.0 * cost * mean + square
        return
    for draw in range(draws):
        cost, lane, lanes = end[draw] - begin[draw], first[draw], first[draw + 1] - first[draw]
        once, twice = cost * cost, 2.0 * cost
        o, o2, o3 = (out + lane) & FAR, (out + step + lane) & FAR, (out + 2 * step + lane) & FAR
        f, f2, f3 = (of + lane) & FAR, (of + step + lane) & FAR, (of + 2 * step + lane) & FAR
        for i in range(lanes if thirds else 0):
            ahead[o3 + i] = third_of(cost, ahead[f + i], ahead[f2 + i], ahead[f3 + i])
        for i in range(lanes):
            mean, square = ahead[f + i], ahead[f2 + i]
            ahead[o + i] = cost + mean
            ahead[o2 + i] = once + twice * mean + square


@part
def mix(ahead, out, of, first, step, thirds, begin, now, keeps, chances):
    """Weigh the moments at `out` by `keeps`, and add those of this: with `chances` the cost, `now` less `begin`, and what lies ahead at `of`."""
    draws = len(first) - 1
    if first[draws] == draws:
        o, o2, o3 = out & FAR, (out + step) & FAR, (out + 2 * step) & FAR
        f, f2, f3 = of & FAR, (of + step) & FAR, (of + 2 * step) & FAR
        for i in range(draws if thirds else 0):
            third = third_of(now[i] - begin[i], ahead[f + i], ahead[f2 + i], ahead[f3 + i])
            ahead[o3 + i] = keeps[i] * ahead[o3 + i] + chances[i] * third
        for i in range(draws):
            cost, keep, chance, mean, square = now[i] - begin[i], keeps[i], chances[i], ahead[f + i], ahead[f2 + i]
            ahead[o + i] = keep * ahead[o + i] + (chance * cost + chance * mean)
            added = chance * cost * cost + 2.0 * chance * cost * mean + chance * square
            ahead[o2 + i] = keep * ahead[o2 + i] + added
        return
    for draw in range(draws):
        cost, keep, chance = now[draw] - begin[draw], keeps[draw], chances[draw]
        lane, lanes = first[draw], first[draw + 1] - first[draw]
        sure, once, twice = chance * cost, chance * cost * cost, 2.0 * chance * cost
        o, o2, o3 = (out + lane) & FAR, (out + step + lane) & FAR, (out + 2 * step + lane) & FAR
        f, f2, f3 = (of + lane) & FAR, (of + step + lane) & FAR, (of + 2 * step + lane) & FAR
        for i in range(lanes if thirds else 0):
            third = third_of(cost, ahead[f + i], ahead[f2 + i], ahead[f3 + i])
            ahead[o3 + i] = keep * ahead[o3 + i] + chance * third
        for i in range(lanes):
            mean, square = ahead[f + i], ahead[f2 + i]
            ahead[o + i] = keep * ahead[o + i] + (sure + chance * mean)
            ahead[o2 + i] = keep * ahead[o2 + i] + (once + twice * mean + chance * square)


@part
def carry_and_mix(ahead, out, on, of, first, step, thirds, begin, now, end, keeps, chances):
    """Both at once: with `keeps` the cost `end` less `begin` and what lies ahead at `on`, with `chances` that `now` and what is at `of`."""
    draws = len(first) - 1
    if first[draws] == draws:
        o, o2, o3 = out & FAR, (out + step) & FAR, (out + 2 * step) & FAR
        n, n2, n3 = on & FAR, (on + step) & FAR, (on + 2 * step) & FAR
        f, f2, f3 = of & FAR, (of + step) & FAR, (of + 2 * step) & FAR
        for i in range(draws if thirds else 0):
            third_on = third_of(end[i] - begin[i], ahead[n + i], ahead[n2 + i], ahead[n3 + i])
            third_of_those = third_of(now[i] - begin[i], ahead[f + i], ahead[f2 + i], ahead[f3 + i])
            ahead[o3 + i] = keeps[i] * third_on + chances[i] * third_of_those
        for i in range(draws):
            whole, cost, keep, chance = end[i] - begin[i], now[i] - begin[i], keeps[i], chances[i]
            mean_on, mean_of = ahead[n + i], ahead[f + i]
            once = keep * whole * whole + chance * cost * cost
            crossed = 2.0 * keep * whole * mean_on + 2.0 * chance * cost * mean_of
            ahead[o2 + i] = once + crossed + (keep * ahead[n2 + i] + chance * ahead[f2 + i])
            ahead[o + i] = keep * whole + chance * cost + (keep * mean_on + chance * mean_of)
        return
    for draw in range(draws):
        whole, cost, keep, chance = end[draw] - begin[draw], now[draw] - begin[draw], keeps[draw], chances[draw]
        lane, lanes = first[draw], first[draw + 1] - first[draw]
        sure, once = keep * whole + chance * cost, keep * whole * whole + chance * cost * cost
        twice_on, twice_of = 2.0 * keep * whole, 2.0 * chance * cost
        o, o2, o3 = (out + lane) & FAR, (out + step + lane) & FAR, (out + 2 * step + lane) & FAR
        n, n2, n3 = (on + lane) & FAR, (on + step + lane) & FAR, (on + 2 * step + lane) & FAR
        f, f2, f3 = (of + lane) & FAR, (of + step + lane) & FAR, (of + 2 * step + lane) & FAR
        for i in range(lanes if thirds else 0):
            third_on = third_of(whole, ahead[n + i], ahead[n2 + i], ahead[n3 + i])
            third_of_those = third_of(cost, ahead[f + i], ahead[f2 + i], ahead[f3 + i])
            ahead[o3 + i] = keep * third_on + chance * third_of_those
        for i in range(lanes):
            mean_on, mean_of = ahead[n + i], ahead[f + i]
            crossed = twice_on * mean_on + twice_of * mean_of
            ahead[o2 + i] = once + crossed + (keep * ahead[n2 + i] + chance * ahead[f2 + i])
            ahead[o + i] = sure + (keep * mean_on + chance * mean_of)


@inner
def mix_in(out, to, state, moment, t, arm, costs):
    """Those who leave a state at a moment, of those who began with `out` at t, by costs.keep and costs.chance."""
    paid, first = costs.paid[state], costs.first[costs.side[arm, state]]
    keep, chance, thirds, of = costs.keep, costs.chance, costs.moments > 2, place(arm, to, moment, costs.ring)
    mix(costs.ahead, out, of, first, costs.step, thirds, paid[t], paid[moment], keep, chance)


@inner
def new_year(out, state, moment, t, arm, costs, structure):
    """The year-start moves at a moment, of a share costs.weight of all who began with `out` at t."""
    first, last, year = structure.january_first[state], structure.january_first[state + 1], year_of(moment)
    law = law_of(arm, state, moment, costs, structure)
    for j in range(first, last):
        for draw in range(len(costs.draw)):
            on = 1.0 if moment < costs.until[draw] else 0.0  # else its stay has ended
            taken = costs.january[law, j - 1, year, draw] if j > first else 0.0
            costs.keep[draw] = 1.0 - on * costs.january[law, last - 1, year, draw] if j == first else 1.0
            costs.chance[draw] = on * costs.weight[draw] * (costs.january[law, j, year, draw] - taken)
        mix_in(out, structure.january_to[j], state, moment, t, arm, costs)


@inner
def clocks(out, state, moment, t, arm, costs, structure):
    """The any-month moves, of the month with its middle at a moment, of a share costs.weight of all who began with `out` at t."""
    first, year, law = structure.clock_first[state], year_of(moment), law_of(arm, state, moment, costs, structure)
    for j in range(first, structure.clock_first[state + 1]):
        for draw in range(len(costs.draw)):
            goes_on = moment < costs.until[draw]
            stays = goes_on and j == first
            costs.keep[draw] = costs.staying[law, state, year, draw] if stays else 1.0
            costs.chance[draw] = costs.weight[draw] * costs.leaving[law, j, year, draw] if goes_on else 0.0
        mix_in(out, costs.arrival[structure.clock_to[j]], state, moment, t, arm, costs)


@inner
def month(state, t, arm, costs, structure):
    """What lies ahead of whoever begins a month at t, in a state without a length, unless year-start moves come in its middle."""
    ahead, paid, horizon = costs.ahead, costs.paid[state], costs.paid.shape[1] - 1
    first, step, thirds = costs.first[costs.side[arm, state]], costs.step, costs.moments > 2
    end, out, begin = min(t + 2, horizon), place(arm, state, t, costs.ring), structure.clock_first[state]
    on, year = place(arm, costs.arrival[state] if starts_year(end) else state, end, costs.ring), year_of(t + 1)
    law = law_of(arm, state, t + 1, costs, structure)
    if t + 1 < horizon and begin < structure.clock_first[state + 1]:
        for j in range(begin, structure.clock_first[state + 1]):
            of = place(arm, costs.arrival[structure.clock_to[j]], t + 1, costs.ring)
            chance = costs.leaving[law, j, year]
            if j > begin:
                mix(ahead, out, of, first, step, thirds, paid[t], paid[t + 1], costs.ones, chance)
            else:
                keep = costs.staying[law, state, year]
                carry_and_mix(ahead, out, on, of, first, step, thirds, paid[t], paid[t + 1], paid[end], keep, chance)
    else:
        carry(ahead, out, on, first, step, thirds, paid[t], paid[end])
    if arm == 1:  # an effect that ends in the middle of this month changes nothing in it
        costs.until[:] = NEVER
        take_over(state, out, place(0, state, t, costs.ring), t + 1, costs)


@inner
def at_most(months, ending, arrival, draw, law, rates):
    """The chance that a length drawn on arrival is at most so many months."""
    return rates.length[draw, law, ending, year_of(arrival), months - 1] if months > 0 else 0.0


@inner
def weigh(months, ending, t, law, drawn, costs, rates):
    """Fill costs.weight with the share that is still there after so many months, but for other moves."""
    for draw in range(len(costs.draw)):
        costs.weight[draw] = 1.0 - at_most(months, ending, t, costs.draw[draw], law, rates) if drawn else 1.0


@inner
def last_end(ending, t, law, drawn, horizon, costs, rates):
    """Fill costs.until with the ends of stays that begin at t; returns the last of them."""
    latest = t
    for draw in range(len(costs.draw)):
        months = rates.months[costs.draw[draw], law, ending, year_of(t)] if ending >= 0 else 1
        end = horizon if drawn else min(t + 2 * months, horizon)  # at the horizon nothing lies ahead
        costs.until[draw] = end
        latest = max(latest, end)
    return latest


@inner
def after_length(state, ending, end, costs, structure):
    """The row of whoever's stay has ended by its length. A phase is as long in all draws, and who comes into the next one is there still: the
    year-start moves come on 1 January."""
    to = structure.ending_to[ending] if ending >= 0 else state
    still = ending >= 0 and structure.phase[ending] > 0 and not starts_year(end)
    return to if still or ending < 0 else costs.arrival[to]


@inner
def put(out, to, state, t, arm, costs):
    """At `out` what a stay to costs.until costs and what lies ahead from there on, of a share costs.weight."""
    ahead, step, paid, first = costs.ahead, costs.step, costs.paid[state], costs.first[costs.side[arm, state]]
    for draw in range(len(costs.draw)):
        end, chance = costs.until[draw], costs.weight[draw]
        cost, of = paid[end, draw] - paid[t, draw], place(arm, to, end, costs.ring)
        for i in range(first[draw], first[draw + 1]):
            at, by = (out + i) & FAR, (of + i) & FAR
            mean, square = ahead[by], ahead[by + step]
            ahead[at] = chance * cost + chance * mean
            ahead[at + step] = chance * cost * cost + 2.0 * chance * cost * mean + chance * square
            if costs.moments > 2:
                ahead[at + 2 * step] = chance * third_of(cost, mean, square, ahead[by + 2 * step])


@inner
def end_by_length(out, months, to, state, moment, t, arm, law, costs, structure, rates):
    """Stays whose drawn length is so many months."""
    for draw in range(len(costs.draw)):
        shorter = at_most(months - 1, structure.ending[state], t, costs.draw[draw], law, rates)
        costs.keep[draw], costs.chance[draw] = 1.0, 1.0 - shorter - costs.weight[draw]
    mix_in(out, to, state, moment, t, arm, costs)


@inner
def stay(state, t, last_arm, costs, structure, rates):
    """What lies ahead of whoever begins a stay at t, or a month that `month` cannot: without the effect (arm 0), with it (arm 1).

    An effect may end during the stay, whose length remains the programme's: `after` is for the time without it.
    """
    law = law_of(last_arm, state, t, costs, structure)
    ending, ticks = structure.ending[state], structure.clock_first[state] < structure.clock_first[state + 1]
    january, changes = costs.arrival[state] != state, last_arm == 1 and costs.moving[costs.side[1, state] - 1]
    drawn = ending >= 0 and rates.months[costs.draw[0], law, ending, year_of(t)] == 0  # in all draws or none
    after = place(2, 0, 0, costs.ring) if changes else place(0, state, t, costs.ring)
    end = last_end(ending, t, law, drawn, costs.paid.shape[1] - 1, costs, rates)
    to = after_length(state, ending, end, costs, structure)
    weigh((end - 1 - t) // 2, ending, t, law, drawn, costs, rates)
    first_arm = 0 if changes else last_arm
    for arm in range(first_arm, last_arm + 1):
        put(place(1, state, t, costs.ring) if arm == 1 else after, to, state, t, arm, costs)
    moment, step = end - 1, 1
    if not (ticks or drawn or changes):  # nothing but a new year can come between
        moment, step = year_of(moment) * YEAR_HALVES if january else t, YEAR_HALVES
    while moment > t:
        months, middle = (moment - t) // 2, (moment - t) % 2 == 1
        weigh(months, ending, t, law, drawn, costs, rates)
        for arm in range(first_arm, last_arm + 1):
            out = place(1, state, t, costs.ring) if arm == 1 else after
            if january and starts_year(moment):
                new_year(out, state, moment, t, arm, costs, structure)
            if ticks and middle:
                clocks(out, state, moment, t, arm, costs, structure)
            if drawn and not middle:
                end_by_length(out, months, to, state, moment, t, arm, law, costs, structure, rates)
        if changes:
            take_over(state, place(1, state, t, costs.ring), after, moment, costs)
        moment -= step


@inner
def take_over(state, out, after, t, costs):
    """Where the effect ends at t, things go on as they do without, in stays that go on beyond it."""
    role = costs.side[1, state] - 1
    if not costs.moving[role]:
        return
    for i in range(costs.role_first[role], costs.role_first[role + 1]):
        for draw in range(len(costs.draw)):
            lane = costs.ends[i, t, draw]
            if lane >= 0 and t < costs.until[draw]:
                for moment in range(0, costs.ring.size, costs.step):
                    costs.ahead[(out + moment + lane) & FAR] = costs.ahead[(after + moment + draw) & FAR]


@inner
def central(first, second, third):
    """The third central moment, from the moments about 0; 0 where all that is left of it is rounding."""
    return third - first * (3.0 * second - 2.0 * first * first) if second - first * first > NOISE * second else 0.0


@inner
def enter(found, d, row, draw, lane, entry, t, costs, structure):
    """Mean and variance from entry at t on, moves at entry included, and the third central moment where there is room for it. draw: which of
    those side by side; lane: the programme's, -1 the baseline."""
    ahead, step, arm, state = costs.ahead, costs.step, 1 if lane >= 0 else 0, costs.enters[row]
    after_entry = arm if costs.differs[costs.draw[draw], state] else 0
    at = lane if after_entry == 1 else draw
    first, second, third, taken = 0.0, 0.0, 0.0, 0.0
    for j in range(structure.entry_first[state], structure.entry_first[state + 1]):
        to = (place(after_entry, costs.arrival[structure.entry_to[j]], t, costs.ring) + at) & FAR
        cumulated = costs.entry[arm, j, year_of(t), draw]
        first += (cumulated - taken) * ahead[to]
        second += (cumulated - taken) * ahead[to + step]
        if costs.moments > 2:
            third += (cumulated - taken) * ahead[to + 2 * step]
        taken = cumulated
    here = (place(after_entry, state, t, costs.ring) + at) & FAR
    first += (1.0 - taken) * ahead[here]
    second += (1.0 - taken) * ahead[here + step]
    found[0, d, row, entry] = first
    found[1, d, row, entry] = max(second - first * first, 0.0)
    if costs.moments > 2:
        third += (1.0 - taken) * ahead[here + 2 * step]
        found[2, d, row, entry] = central(first, second, third)


@inner
def enter_all(found, begin, t, costs, structure):
    """Whoever may enter at t."""
    entry = (t + 1) // 2
    for row in range(found.shape[2]):
        pair = costs.enters_pair[row]
        for draw in range(min(len(costs.draw), found.shape[1] - begin)):
            lane = costs.columns[pair, entry, draw] if pair >= 0 else -1
            enter(found, begin + draw, row, draw, lane, entry, t, costs, structure)


@inner
def clear(t, costs):
    """Nothing lies ahead at t."""
    for row in range(2 * costs.ring.rows):
        at = place(0, row, t, costs.ring)
        costs.ahead[at : at + costs.ring.size] = 0.0


@inner
def arrive(t, costs, structure):
    """What lies ahead of whoever arrives at t in a state with year-start moves, and where an effect ends then."""
    costs.until[:] = NEVER
    costs.weight[:] = 1.0
    for row in range(len(structure.ending), costs.ring.rows):
        state = costs.state[row]
        for arm in range(costs.arms[state, 0], costs.arms[state, 1]):
            out, of, at = place(arm, row, t, costs.ring), place(arm, state, t, costs.ring), costs.paid[state, t]
            carry(costs.ahead, out, of, costs.first[costs.side[arm, state]], costs.step, costs.moments > 2, at, at)
            new_year(out, state, t, t, arm, costs, structure)
    for row in range(costs.ring.rows):
        take_over(costs.state[row], place(1, row, t, costs.ring), place(0, row, t, costs.ring), t, costs)


@inner
def half_of(entry):
    """The half-month of an entry: 0 present, 1.. months of the horizon."""
    return 2 * entry - 1 if entry > 0 else 0


@inner
def lay_out(draw, role, pairs, costs, rates):
    """The lane of each entry of families with an effect, of one of the draws side by side, and which lanes take over at a half-month."""
    horizon, used, alone = costs.paid.shape[1] - 1, costs.first[role + 1, draw], costs.follows[0] >= 0
    for i in range(costs.role_first[role], costs.role_first[role + 1]):
        window = rates.window[costs.draw[draw], pairs.kind[costs.pair[i]]]
        if window <= 0:
            costs.moving[role] |= alone  # what the baseline has is asked for
            continue
        same = costs.role_first[role]
        while rates.window[costs.draw[draw], pairs.kind[costs.pair[same]]] != window:
            same += 1
        first = costs.columns[costs.pair[same], 0, draw] if same < i else used
        last = first if window >= horizon or alone else first + (window + 1) // 2
        column = first
        for entry in range(horizon // 2 + 1):
            costs.columns[costs.pair[i], entry, draw] = column
            begin = half_of(entry)
            end = window + begin
            if end < horizon and (not alone or begin == costs.follows[0]):
                costs.ends[i, end, draw] = column
                costs.moving[role] = True
            column = column + 1 if column < last else first
        used = max(used, last + 1)
    costs.first[role + 1, draw + 1] = max(
        used, costs.first[role + 1, draw] + 1
    )  # one at least, so that lanes may be the draws


@inner
def add_up(price, period, begin, costs):
    """What the half-months before each one cost, in each state."""
    for state in range(price.shape[1]):
        for t in range(costs.paid.shape[1] - 1):
            for draw in range(len(costs.draw)):
                each = price[min(begin + draw, price.shape[0] - 1), state, t // period]
                costs.paid[state, t + 1, draw] = costs.paid[state, t, draw] + each


@inner
def side_by_side(into, of, draw):
    """Numbers (arm, which, year, draw) of those (draw, arm, which, year)."""
    for arm in range(of.shape[1]):
        for i in range(of.shape[2]):
            for year in range(of.shape[3]):
                for d in range(len(draw)):
                    into[arm, i, year, d] = of[draw[d], arm, i, year]


@inner
def set_out(begin, last, rows, costs, rates):
    """The draws from `begin` on side by side, and their rates. After the last one it is repeated."""
    costs.differing[:] = False
    for draw in range(len(costs.draw)):
        costs.draw[draw] = min(begin + draw, last) * rows
        for state in range(len(costs.differing)):
            costs.differing[state] |= costs.differs[costs.draw[draw], state]
    side_by_side(costs.staying, costs.of_month.staying, costs.draw)
    side_by_side(costs.leaving, costs.of_month.leaving, costs.draw)
    side_by_side(costs.january, rates.january, costs.draw)
    side_by_side(costs.entry, rates.entry, costs.draw)


@inner
def lay_all_out(pairs, costs, rates):
    """Which lanes the draws side by side need, and which arms of each state are worked out."""
    costs.ends[:] = -1
    costs.columns[:] = -1
    costs.moving[:] = False
    for draw in range(len(costs.draw)):
        for role in range(len(costs.moving)):
            lay_out(draw, role, pairs, costs, rates)
    for state in range(len(costs.differing)):
        without = costs.follows[0] < 0 or costs.moving[costs.side[1, state] - 1]  # else other entries have shown it
        costs.arms[state, 0] = 0 if without else 1
        costs.arms[state, 1] = 2 if costs.differing[state] else 1
        if not costs.active[state]:
            costs.arms[state] = 0


@kernel
def moments_of_draws(rows, price, period, found, pairs, costs, structure, rates):
    """Fill found (2 or 3, draw, whoever enters, entry) with mean, variance and, where there is room for it, the third central moment of each row
    of costs.enters.

    price: (draw or 1, state, period) of a half-month; period: half-months.
    """
    horizon = costs.paid.shape[1] - 1
    for begin in range(0, found.shape[1], len(costs.draw)):
        if begin == 0 or rows > 0:
            set_out(begin, found.shape[1] - 1, rows, costs, rates)
        if begin == 0 or price.shape[0] > 1:
            add_up(price, period, begin, costs)
        for i in range(len(costs.entries)):
            alone = costs.entries[i] >= 0
            costs.follows[0] = half_of(costs.entries[i]) if alone else -1
            if alone or begin == 0 or rows > 0:
                lay_all_out(pairs, costs, rates)
            clear(horizon, costs)
            for t in range(horizon - 1, max(costs.follows[0], 0) - 1, -1):
                for state in range(len(structure.ending)):
                    for arm in range(costs.arms[state, 0], costs.arms[state, 1]):
                        if structure.ending[state] < 0 and not (starts_year(t + 1) and costs.arrival[state] != state):
                            month(state, t, arm, costs, structure)
                        else:
                            stay(state, t, arm, costs, structure, rates)
                arrive(t, costs, structure)
                if t == costs.follows[0] or (not alone and (t == 0 or t % 2 == 1)):
                    enter_all(found, begin, t, costs, structure)


@inner
def off_whole(turn):
    """1 - cos(2 pi turn), to 1e-13, in a part of a call's time: 2 sin(pi x)² of what x is off a whole number, by the sine's series."""
    x = math.pi * (turn - math.floor(turn + 0.5))
    y = x * x
    series = 1 / 362880 - y * (
        1 / 39916800 - y * (1 / 6227020800 - y * (1 / 1307674368000 - y * (1 / 355687428096000)))
    )
    sine = x * (1.0 - y * (1 / 6 - y * (1 / 120 - y * (1 / 5040 - y * series))))
    return 2.0 * sine * sine


@kernel
def largest_gaps(events, amount, order, step, share, left):
    """Fills left (draw,) with the largest share of a step that is left once it is multiplied by what the parts lose of it; no more than what
    stands there already is looked for.

    events, amount: (draw, part); order: parts, those that lose most first, as far as one can know; share: falling, of step (draw,).
    """
    for draw in range(len(left)):
        for i in range(len(share)):
            if share[i] <= left[draw]:
                break
            lost, most, per_step = 0.0, math.log(share[i] / left[draw]), 1.0 / (share[i] * step[draw])
            for own in order:
                if events[draw, own] > 0.0:
                    lost += events[draw, own] * off_whole(amount[draw, own] * per_step)
                    if lost >= most:
                        break
            if lost < most:
                left[draw] = share[i] * math.exp(-lost)
