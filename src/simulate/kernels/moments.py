"""First and second moments of what a life costs, and the third where there is room for it: a backward recursion over the half-months, exact.

What lies ahead of a person depends on state and time alone, once a stay begins or a new month of one without a length does. Every stay, and
every such month, is followed from its end back to its beginning: the moments at the place `out`, those of whoever is still there, take in
at each moment those who leave then. Costs count from the beginning.

The month of entry matters only through the half-month in which the programme's effect ends, so there is a column for each such end, and
all columns are worked out side by side. Where its effect ends a column takes over what the baseline has; it serves an earlier entry from
there on, as the later one has been reached by then.

The third moments have loops of their own: nothing else is done in another order for them, so that the first two have the same bits either way.
"""

from simulate.kernels.jit import inner, kernel

YEAR_HALVES = 24
NOISE = 1e-8  # of a mean square: below it the variance is too near to the rounding for a third central moment
INDEX = (1 << 24) - 1  # x & INDEX is x, but the compiler then knows that x does not count from an array's end


@inner
def year_of(t):
    """t // 24 for 0 <= t < 43690, without the division."""
    return ((t * 43691) >> 20) & INDEX


@inner
def starts_year(t):
    """Whether t is a 1 January."""
    return t == year_of(t) * YEAR_HALVES


@inner
def place(arm, row, t, costs):
    """Where in costs.ahead the moments of a half-month stand; where no stay has a length, those of the next few alone are kept."""
    return ((arm * len(costs.state) + row) * costs.kept + (t & (costs.kept - 1))) & INDEX


@inner
def third_of(ahead, of, column, cost):
    """The third moment of a cost that is certain and what lies ahead at `of`."""
    first, second = ahead[of, 0, column], ahead[of, 1, column]
    return cost * (cost * (cost + 3.0 * first) + 3.0 * second) + ahead[of, 2, column]


@inner
def put(ahead, out, columns, chance, cost, of):
    """At `out` the moments of this: with this chance a cost that is certain, and what lies ahead at `of`."""
    mean, square, twice = chance * cost, chance * cost * cost, 2.0 * chance * cost
    for column in range(columns if ahead.shape[1] > 2 else 0):
        ahead[out, 2, column] = chance * third_of(ahead, of, column, cost)
    for column in range(columns):
        first, second = ahead[of, 0, column], ahead[of, 1, column]
        ahead[out, 0, column] = mean + chance * first
        ahead[out, 1, column] = square + twice * first + chance * second


@inner
def mix(ahead, out, columns, keep, chance, cost, of):
    """Weigh the moments at `out` by `keep`, and add those of this: with this chance a cost, and what lies ahead at `of`."""
    mean, square, twice = chance * cost, chance * cost * cost, 2.0 * chance * cost
    for column in range(columns if ahead.shape[1] > 2 else 0):
        ahead[out, 2, column] = keep * ahead[out, 2, column] + chance * third_of(ahead, of, column, cost)
    for column in range(columns):
        first, second = ahead[of, 0, column], ahead[of, 1, column]
        ahead[out, 0, column] = keep * ahead[out, 0, column] + (mean + chance * first)
        ahead[out, 1, column] = keep * ahead[out, 1, column] + (square + twice * first + chance * second)


@inner
def put_and_mix(ahead, out, columns, whole, on, keep, chance, cost, of):
    """Both at once: a cost `whole` and what lies ahead at `on`, weighed by `keep`, and the same with this chance at `of`."""
    mean = keep * whole + chance * cost
    square = keep * whole * whole + chance * cost * cost
    twice_on, twice_of = 2.0 * keep * whole, 2.0 * chance * cost
    for column in range(columns if ahead.shape[1] > 2 else 0):
        third_on, third_at = third_of(ahead, on, column, whole), third_of(ahead, of, column, cost)
        ahead[out, 2, column] = keep * third_on + chance * third_at
    for column in range(columns):
        first_on, first_of = ahead[on, 0, column], ahead[of, 0, column]
        crossed = twice_on * first_on + twice_of * first_of
        ahead[out, 1, column] = square + crossed + (keep * ahead[on, 1, column] + chance * ahead[of, 1, column])
        ahead[out, 0, column] = mean + (keep * first_on + chance * first_of)


@inner
def new_year(out, columns, weight, cost, state, t, draw, arm, costs, structure, rates):
    """The year-start moves at t, of a share `weight` of all who began with `out`."""
    begin, end, year = structure.january_first[state], structure.january_first[state + 1], year_of(t)
    keep, taken = 1.0 - rates.january[draw, arm, end - 1, year] if begin < end else 1.0, 0.0
    for j in range(begin, end):
        cumulated = rates.january[draw, arm, j, year]
        of = place(arm, structure.january_to[j], t, costs)
        mix(costs.ahead, out, columns, keep, weight * (cumulated - taken), cost, of)
        keep, taken = 1.0, cumulated


@inner
def clocks(out, columns, weight, cost, state, t, draw, arm, costs, structure):
    """The any-month moves, of the month with its middle at t, of a share `weight` of all who began with `out`."""
    year = year_of(t)
    keep = costs.staying[draw, arm, state, year]
    for j in range(structure.clock_first[state], structure.clock_first[state + 1]):
        of = place(arm, costs.arrival[structure.clock_to[j]], t, costs)
        mix(costs.ahead, out, columns, keep, weight * costs.leaving[draw, arm, j, year], cost, of)
        keep = 1.0


@inner
def month(state, t, draw, arm, costs, structure):
    """What lies ahead of whoever begins a month at t, in a state without a length, unless year-start moves come in its middle."""
    paid, horizon, columns = (
        costs.paid[state],
        costs.paid.shape[1] - 1,
        costs.width[costs.role[state]] if arm == 1 else 1,
    )
    end, out, begun = min(t + 2, horizon), place(arm, state, t, costs), False
    whole, on = paid[end] - paid[t], place(arm, costs.arrival[state] if starts_year(end) else state, end, costs)
    if t + 1 < horizon:
        cost, year, keep = paid[t + 1] - paid[t], year_of(t + 1), costs.staying[draw, arm, state, year_of(t + 1)]
        for j in range(structure.clock_first[state], structure.clock_first[state + 1]):
            of = place(arm, costs.arrival[structure.clock_to[j]], t + 1, costs)
            if begun:
                mix(costs.ahead, out, columns, 1.0, costs.leaving[draw, arm, j, year], cost, of)
            else:
                put_and_mix(costs.ahead, out, columns, whole, on, keep, costs.leaving[draw, arm, j, year], cost, of)
            begun = True
    if not begun:
        put(costs.ahead, out, columns, 1.0, whole, on)
    if arm == 1:  # an effect that ends in the middle of this month changes nothing in it
        take_over(state, out, place(0, state, t, costs), t + 1, costs)


@inner
def at_most(months, ending, arrival, draw, law, rates):
    """The chance that a length drawn on arrival is at most so many months."""
    return rates.length[draw, law, ending, year_of(arrival), months - 1] if months > 0 else 0.0


@inner
def stay(state, t, draw, law, costs, structure, rates):
    """What lies ahead of whoever begins a stay at t, or a month that `month` cannot: without the effect (law 0), with it (law 1).

    An effect may end during the stay, whose length remains the programme's: `after` is for the time without it.
    """
    paid, horizon, ending = costs.paid[state], costs.paid.shape[1] - 1, structure.ending[state]
    ticks = structure.clock_first[state] < structure.clock_first[state + 1]
    january = costs.arrival[state] != state
    drawn, changes = False, law == 1 and costs.moving[costs.role[state]]
    if ending < 0:
        end, to = min(t + 2, horizon), state
    else:
        given = rates.months[draw, law, ending, year_of(t)]
        drawn = given == 0
        end = horizon if drawn else min(t + 2 * given, horizon)  # at the horizon nothing lies ahead
        to = costs.arrival[structure.ending_to[ending]]
    first_arm = 0 if changes else law
    after = place(2, 0, 0, costs) if changes else place(0, state, t, costs)
    weight = 1.0 - at_most((end - 1 - t) // 2, ending, t, draw, law, rates) if drawn else 1.0
    for arm in range(first_arm, law + 1):
        out, columns = (place(1, state, t, costs), costs.width[costs.role[state]]) if arm == 1 else (after, 1)
        put(costs.ahead, out, columns, weight, paid[end] - paid[t], place(arm, to, end, costs))
    moment, step = end - 1, 1
    if not (ticks or drawn or changes):  # nothing but a new year can come between
        moment, step = year_of(moment) * YEAR_HALVES if january else t, YEAR_HALVES
    while moment > t:
        months, middle, cost = (moment - t) // 2, (moment - t) % 2 == 1, paid[moment] - paid[t]
        weight = 1.0 - at_most(months, ending, t, draw, law, rates) if drawn else 1.0
        for arm in range(first_arm, law + 1):
            out, columns = (place(1, state, t, costs), costs.width[costs.role[state]]) if arm == 1 else (after, 1)
            if january and starts_year(moment):
                new_year(out, columns, weight, cost, state, moment, draw, arm, costs, structure, rates)
            if ticks and middle:
                clocks(out, columns, weight, cost, state, moment, draw, arm, costs, structure)
            if drawn and not middle:
                over = 1.0 - at_most(months - 1, ending, t, draw, law, rates) - weight
                mix(costs.ahead, out, columns, 1.0, over, cost, place(arm, to, moment, costs))
        if changes:
            take_over(state, place(1, state, t, costs), after, moment, costs)
        moment -= step


@inner
def take_over(state, out, after, t, costs):
    """Where the effect ends at t, things go on as they do without."""
    role = costs.role[state]
    for i in range(costs.role_first[role], costs.role_first[role + 1]):
        column = costs.ends[i, t]
        if column >= 0:
            for moment in range(costs.ahead.shape[1]):
                costs.ahead[out, moment, column] = costs.ahead[after, moment, 0]


@inner
def central(first, second, third):
    """The third central moment, from the moments about 0; 0 where all that is left of it is rounding."""
    return third - first * (3.0 * second - 2.0 * first * first) if second - first * first > NOISE * second else 0.0


@inner
def enter(moments, state, column, t, draw, costs, structure, rates):
    """Mean and variance from entry in a state at t on, moves at entry included, and the third central moment where there is room for it; column:
    of the programme's, -1 the baseline."""
    ahead, arm, thirds = costs.ahead, 1 if column >= 0 else 0, costs.ahead.shape[1] > 2
    after_entry = arm if costs.differs[draw, state] else 0
    column = column & INDEX if after_entry == 1 else 0
    first, second, third, taken = 0.0, 0.0, 0.0, 0.0
    for j in range(structure.entry_first[state], structure.entry_first[state + 1]):
        to = place(after_entry, costs.arrival[structure.entry_to[j]], t, costs)
        cumulated = rates.entry[draw, arm, j, year_of(t)]
        first += (cumulated - taken) * ahead[to, 0, column]
        second += (cumulated - taken) * ahead[to, 1, column]
        if thirds:
            third += (cumulated - taken) * ahead[to, 2, column]
        taken = cumulated
    here = place(after_entry, state, t, costs)
    first += (1.0 - taken) * ahead[here, 0, column]
    second += (1.0 - taken) * ahead[here, 1, column]
    moments[0] = first
    moments[1] = max(second - first * first, 0.0)
    if thirds:
        third += (1.0 - taken) * ahead[here, 2, column]
        moments[2] = central(first, second, third)


@inner
def enter_all(found, t, draw, pairs, costs, structure, rates):
    """Whoever may enter at t: in every state without the programme, in every row of the pairs with it."""
    entry, states = (t + 1) // 2, len(structure.ending)
    for i in range(found.shape[0]):
        if i < states:
            state, column = i, -1
        else:
            state, column = pairs.row_state[i - states], costs.columns[costs.row_pair[i - states], entry]
        enter(found[i, entry], state, column, t, draw, costs, structure, rates)


@inner
def back(found, draw, pairs, costs, structure, rates):
    """From the horizon back to 0: what lies ahead of people at each half-month, and of those who enter then."""
    horizon = costs.paid.shape[1] - 1
    for row in range(len(costs.state)):
        costs.ahead[place(0, row, horizon, costs)] = 0.0
        costs.ahead[place(1, row, horizon, costs)] = 0.0
    for t in range(horizon - 1, -1, -1):
        for state in range(len(structure.ending)):
            for arm in range(2 if costs.differs[draw, state] else 1):
                if structure.ending[state] < 0 and not (starts_year(t + 1) and costs.arrival[state] != state):
                    month(state, t, draw, arm, costs, structure)
                else:
                    stay(state, t, draw, arm, costs, structure, rates)
        for row in range(len(structure.ending), len(costs.state)):
            state = costs.state[row]
            for arm in range(2 if costs.differs[draw, state] else 1):
                out, columns = place(arm, row, t, costs), costs.width[costs.role[state]] if arm == 1 else 1
                put(costs.ahead, out, columns, 1.0, 0.0, place(arm, state, t, costs))
                new_year(out, columns, 1.0, 0.0, state, t, draw, arm, costs, structure, rates)
        for row in range(len(costs.state)):
            if costs.moving[costs.role[costs.state[row]]]:
                take_over(costs.state[row], place(1, row, t, costs), place(0, row, t, costs), t, costs)
        if t == 0 or t % 2 == 1:
            enter_all(found, t, draw, pairs, costs, structure, rates)


@inner
def lay_out(draw, pairs, costs, rates):
    """The column of each entry of families with an effect, and which columns take over at a half-month; each role has columns of its own."""
    horizon = costs.paid.shape[1] - 1
    costs.ends[:] = -1
    costs.columns[:] = -1
    for role in range(len(costs.width)):
        used = 0
        costs.moving[role] = False
        for i in range(costs.role_first[role], costs.role_first[role + 1]):
            window = rates.window[draw, pairs.kind[costs.pair[i]]]
            if window <= 0:
                continue
            same = costs.role_first[role]
            while rates.window[draw, pairs.kind[costs.pair[same]]] != window:
                same += 1
            first = costs.columns[costs.pair[same], 0] if same < i else used
            last = first if window >= horizon else first + (window + 1) // 2
            column = first
            for entry in range(horizon // 2 + 1):
                costs.columns[costs.pair[i], entry] = column
                end = window + (2 * entry - 1 if entry > 0 else 0)
                if end < horizon:
                    costs.ends[i, end] = column
                    costs.moving[role] = True
                column = column + 1 if column < last else first
            used = max(used, last + 1)
        costs.width[role] = used


@inner
def add_up(price, period, costs):
    """What the half-months before each one cost, in each state."""
    for state in range(price.shape[0]):
        paid = 0.0
        for t in range(costs.paid.shape[1] - 1):
            costs.paid[state, t] = paid
            paid += price[state, t // period]
        costs.paid[state, -1] = paid


@kernel
def moments_of_draws(rows, price, period, found, pairs, costs, structure, rates):
    """Fill found (draw, state + row, entry, 2 or 3) with mean, variance and, where costs.ahead has room for it, the third central moment: the
    baseline's for each state, then the programme's for each row of the pairs.

    price: (draw or 1, state, period) of a half-month; period: half-months.
    """
    for d in range(found.shape[0]):
        draw = d * rows
        if d == 0 or rows > 0:
            lay_out(draw, pairs, costs, rates)
        if d == 0 or price.shape[0] > 1:
            add_up(price[d if price.shape[0] > 1 else 0], period, costs)
        back(found[d], draw, pairs, costs, structure, rates)
