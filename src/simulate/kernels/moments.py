"""First and second moments of what a life costs: a backward recursion over the half-months, exact.

What lies ahead of a person depends on state and time alone, once a month of the stay begins or a new stay does: U[state, t] are the
moments of the cost from t on of whoever begins a month in the state at t without meeting the year-start moves, F[state, t] of whoever
arrives by another move and meets them. A stay that may end by its length is followed from its arrival.
"""

import math

from simulate.kernels.arrays import Costs
from simulate.kernels.jit import inner, kernel

YEAR_HALVES = 24


@inner
def arm_at(t, arm, until):
    """The arm whose values hold at t."""
    return arm if t < until else 0


@inner
def add(out, chance, cost, first, second):
    """Add to the moments `out` those of a cost that is certain and a remainder with given moments, with this chance."""
    out[0] += chance * (cost + first)
    out[1] += chance * (cost * cost + 2.0 * cost * first + second)


@inner
def ahead(values, later, state, t, until):
    """(first, second) moments: in the effect's window or beyond it."""
    if t < until:
        return values[state, t, 0], values[state, t, 1]
    return later[state, t, 0], later[state, t, 1]


@inner
def new_year(out, state, t, chance, cost, draw, arm, until, costs, structure, rates):
    """The year-start moves at t; returns the chance of whoever stays."""
    before = 0.0
    for j in range(structure.january_first[state], structure.january_first[state + 1]):
        cumulated = rates.january[draw, arm_at(t, arm, until), j, t // YEAR_HALVES]
        first, second = ahead(costs.settled, costs.settled_later, structure.january_to[j], t, until)
        add(out, chance * (cumulated - before), cost, first, second)
        before = cumulated
    return chance * (1.0 - before)


@inner
def clocks(out, state, t, chance, cost, draw, arm, until, costs, structure, rates):
    """The any-month moves of the month with its middle at t; returns the chance of whoever stays."""
    begin, end = structure.clock_first[state], structure.clock_first[state + 1]
    if begin == end:
        return chance
    hazards = rates.hazard[draw, arm_at(t, arm, until)]
    total = 0.0
    for j in range(begin, end):
        total += hazards[j, t // YEAR_HALVES]
    if total <= 0.0:
        return chance
    gone = -math.expm1(-total) * chance
    for j in range(begin, end):
        first, second = ahead(costs.fresh, costs.fresh_later, structure.clock_to[j], t, until)
        add(out, gone * hazards[j, t // YEAR_HALVES] / total, cost, first, second)
    return chance * math.exp(-total)


@inner
def begin_month(out, state, t, horizon, draw, arm, until, costs, structure, rates):
    """Moments from t on, in a state without a length."""
    cost = costs.price[state, t]
    chance = 1.0
    for moment in range(t + 1, t + 3):
        if moment >= horizon:
            add(out, chance, cost, 0.0, 0.0)
            return
        if moment == t + 1:
            chance = clocks(out, state, moment, chance, cost, draw, arm, until, costs, structure, rates)
        if moment % YEAR_HALVES == 0:
            chance = new_year(out, state, moment, chance, cost, draw, arm, until, costs, structure, rates)
        if moment == t + 1:
            cost += costs.price[state, moment]
    first, second = ahead(costs.settled, costs.settled_later, state, t + 2, until)
    add(out, chance, cost, first, second)


@inner
def ends_now(months, ending, arrival, draw, arm, until, rates):
    """The share, of those who stayed longer than months - 1, of stays that end after exactly so many months."""
    which, year = arm_at(arrival, arm, until), arrival // YEAR_HALVES
    given = rates.months[draw, which, ending, year]
    if given > 0:
        return 1.0 if months == given else 0.0
    chance = rates.length[draw, which, ending, year]
    before = chance[months - 2] if months > 1 else 0.0
    return (chance[months - 1] - before) / (1.0 - before) if before < 1.0 else 1.0


@inner
def whole_stay(out, state, arrival, horizon, draw, arm, until, costs, structure, rates):
    """Moments from arrival on, in a state with a length: its cost so far is certain at each moment of leaving."""
    ending = structure.ending[state]
    cost, chance = costs.price[state, arrival], 1.0
    for t in range(arrival + 1, horizon):
        age = t - arrival
        if age % 2 == 1:
            chance = clocks(out, state, t, chance, cost, draw, arm, until, costs, structure, rates)
        else:
            over = chance * ends_now(age // 2, ending, arrival, draw, arm, until, rates)
            first, second = ahead(costs.fresh, costs.fresh_later, structure.ending_to[ending], t, until)
            add(out, over, cost, first, second)
            chance -= over
        if t % YEAR_HALVES == 0:
            chance = new_year(out, state, t, chance, cost, draw, arm, until, costs, structure, rates)
        if chance <= 0.0:
            return
        cost += costs.price[state, t]
    add(out, chance, cost, 0.0, 0.0)


@inner
def back(begin, end, horizon, draw, arm, until, costs, structure, rates):
    """Fill costs.settled and costs.fresh for end-1 down to begin."""
    for t in range(end - 1, begin - 1, -1):
        for state in range(len(structure.ending)):
            out = costs.settled[state, t]
            out[:] = 0.0
            if structure.ending[state] < 0:
                begin_month(out, state, t, horizon, draw, arm, until, costs, structure, rates)
            else:
                whole_stay(out, state, t, horizon, draw, arm, until, costs, structure, rates)
        for state in range(len(structure.ending)):
            out = costs.fresh[state, t]
            out[:] = 0.0
            stays = new_year(out, state, t, 1.0, 0.0, draw, arm, until, costs, structure, rates)
            add(out, stays, 0.0, costs.settled[state, t, 0], costs.settled[state, t, 1])


@inner
def at_entry(out, state, t, draw, arm, settled, fresh, structure, rates):
    """Moments from entry on, moves at entry included."""
    out[:] = 0.0
    before = 0.0
    for j in range(structure.entry_first[state], structure.entry_first[state + 1]):
        cumulated = rates.entry[draw, arm, j, t // YEAR_HALVES]
        to = structure.entry_to[j]
        add(out, cumulated - before, 0.0, fresh[to, t, 0], fresh[to, t, 1])
        before = cumulated
    add(out, 1.0 - before, 0.0, settled[state, t, 0], settled[state, t, 1])


@inner
def enter_all(out, entry, t, draw, arm, settled, fresh, structure, rates):
    for state in range(len(structure.ending)):
        at_entry(out[state, entry], state, t, draw, arm, settled, fresh, structure, rates)


@kernel
def moments_of_draws(rows, price, out, room, structure, rates):
    """Fill out (draw, 1 + type, state, entry, moment): row 0 the baseline's, then the programme's for each type of family.

    price: (draw or 1, state, half) a half-month. room: (3, 2, state, half, moment) for the baseline, the programme whose effect
    lasts, and one that ends; settled, then fresh.
    """
    horizon = price.shape[2]
    for d in range(out.shape[0]):
        draw = d * rows
        of = price[d if price.shape[0] > 1 else 0]
        baseline = Costs(of, room[0, 0], room[0, 1], room[0, 0], room[0, 1])
        lasting = Costs(of, room[1, 0], room[1, 1], room[0, 0], room[0, 1])
        ending = Costs(of, room[2, 0], room[2, 1], room[0, 0], room[0, 1])
        back(0, horizon, horizon, draw, 0, horizon, baseline, structure, rates)
        back(0, horizon, horizon, draw, 1, horizon, lasting, structure, rates)
        for entry in range(out.shape[3]):
            t = 2 * entry - 1 if entry > 0 else 0
            enter_all(out[d, 0], entry, t, draw, 0, baseline.settled, baseline.fresh, structure, rates)
            for kind in range(out.shape[1] - 1):
                window = rates.window[draw, kind]
                of_kind = out[d, 1 + kind]
                if window <= 0:
                    enter_all(of_kind, entry, t, draw, 0, baseline.settled, baseline.fresh, structure, rates)
                elif window >= horizon - t:
                    enter_all(of_kind, entry, t, draw, 1, lasting.settled, lasting.fresh, structure, rates)
                else:
                    back(t, t + window, horizon, draw, 1, t + window, ending, structure, rates)
                    enter_all(of_kind, entry, t, draw, 1, ending.settled, ending.fresh, structure, rates)
