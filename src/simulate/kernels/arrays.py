"""What goes into the kernels and comes out: tuples of arrays, shared by the compiled and the plain form of each."""

from typing import NamedTuple

import numpy as np


class Structure(NamedTuple):
    """Which state leads where; the states of all roles stand in one row. `first` arrays have one more entry: [i]..[i+1]."""

    role_first: np.ndarray  # (role+1,) states of a role
    entry_first: np.ndarray  # (state+1,) moves at entry out of a state
    entry_to: np.ndarray  # (entry move,)
    clock_first: np.ndarray  # (state+1,) any-month moves
    clock_to: np.ndarray  # (clock,)
    january_first: np.ndarray  # (state+1,) year-start moves
    january_to: np.ndarray  # (january move,)
    ending: np.ndarray  # (state,) row of its after-months move, -1 without
    ending_to: np.ndarray  # (ending,)
    phase: np.ndarray  # (ending,) 1 where it leads to the next phase of the same state: no move, so nothing arrives
    age_first: np.ndarray  # (role+1,) classes of the time since entry, one at least
    ages: np.ndarray  # (class,) half-months from entry at which it begins; a role's first one at 0


class Pairs(NamedTuple):
    """Each type of family with each role that its members have: what belongs to no pair is nobody's, and nothing is done for it. Where families may
    drop out, those of each type who do are a kind of their own, after all types.

    A pair has a row for every state of its role, pair after pair. `first` arrays as in Structure.
    """

    kind_first: np.ndarray  # (type+1,) pairs of a type, in the order of the roles
    kind: np.ndarray  # (pair,) type of family
    role: np.ndarray  # (pair,)
    row_first: np.ndarray  # (pair+1,)
    row_state: np.ndarray  # (row,)


class Rates(NamedTuple):
    """How likely, for each draw (or one for all); arms are 0 baseline, 1.. programme by the role's classes of the time since entry; years those
    of the horizon."""

    entry: np.ndarray  # (draw, arm, entry move, year) chances, cumulated over a state's alternatives
    hazard: np.ndarray  # (draw, arm, clock, year) a month
    january: np.ndarray  # (draw, arm, january move, year) chances, cumulated over a state's alternatives
    months: np.ndarray  # (draw, arm, ending, year) whole months; 0: the length is drawn
    length: np.ndarray  # (draw, arm, ending, year, month) chance of at most 1, 2, ... months, where drawn
    times: np.ndarray  # (draw, 1, tie, year) factor on a hazard while another member is in a state; one for both arms
    window: np.ndarray  # (draw, kind) half-months from entry in which the effect lasts


class Families(NamedTuple):
    """Who comes when; cohorts are numbered as in the scenario."""

    number: np.ndarray  # (draw, cohort) families
    cohort_type: np.ndarray  # (cohort,)
    cohort_half: np.ndarray  # (cohort,) half-month of entry; of its first month where months are drawn
    cohort_months: np.ndarray  # (cohort,) 12: the month is drawn; 1: it is given
    members: np.ndarray  # (draw, kind, role) mean number in a family
    pairs: Pairs
    start: np.ndarray  # (draw, state) start shares, cumulated over a role's states
    later: np.ndarray  # (draw, type) months that families come later than planned
    dropping: np.ndarray  # (draw, type) chance that a family drops out
    ends: np.ndarray  # (type,) half-month from which on nobody enters


class Clock(NamedTuple):
    """What half-months are booked as: a row for each state, and several for one on benefit, whose refund goes by the weeks on it.

    The clock of a role counts half-months on benefit; a position is where it stands when one begins. A role's positions follow each other: those
    from its start on, where that is not 0; those from 0 on; one for all that is beyond the steps. Roles without a clock have none.
    """

    row: np.ndarray  # (state+1,) rows
    kind: np.ndarray  # (state,) NO_CLOCK, BENEFIT, SUPPORT or NEITHER
    start: np.ndarray  # (state,) position at the start of a life
    again: np.ndarray  # (state,) position after an unbroken stay in self-support that restarts the clock
    column: np.ndarray  # (position,) which of the rows of a state on benefit
    alike: np.ndarray  # (position,) half-months from here on that are booked alike
    after: np.ndarray  # (position,) position after them
    role: np.ndarray  # (role with a clock,)
    position_first: np.ndarray  # (role with a clock+1,) positions


NO_CLOCK, BENEFIT, SUPPORT, NEITHER = range(4)
RESTART = 24  # half-months of self-support


class Lived(NamedTuple):
    """What is counted, for each draw; arms are programme, baseline with the same luck, baseline with its own."""

    halves: np.ndarray  # (draw, arm, row of the clock, period) person-half-months
    arrivals: np.ndarray  # (draw, arm, state, period) moves into a state
    entered: np.ndarray  # (draw, type, period) families that entered during it, without those present at the start
    members: np.ndarray  # (draw, state, entry) members by start state and entry: 0 present, 1.. months of the horizon
    clock: Clock


class Ties(NamedTuple):
    """Which any-month moves hang on another member of the family, while it is in a state; and room for where that member has been."""

    state: np.ndarray  # (tie,)
    of_clock: np.ndarray  # (clock,) tie, -1 without
    of_inner: np.ndarray  # (state,) what it is told apart by
    turn: np.ndarray  # (role,) 0: hangs on nobody and is lived first; 1
    there: np.ndarray  # (arm, tie, half) whether the member of one family was in the tie's state


class Room(NamedTuple):
    """What is noted while families are lived."""

    lives: np.ndarray  # (1,) lives so far
    visits: np.ndarray  # (state,) of the last life that was there, and its number
    staying: np.ndarray  # (arm, clock, half) chances of one draw


class Workspace(NamedTuple):
    """Room for three flows (families with a lasting effect, alone, without effect) and for those who change over."""

    fresh: np.ndarray  # (flow, state, half)
    settled: np.ndarray  # (flow, state, half)
    stock: np.ndarray  # (flow, state, parity)
    joining: np.ndarray  # (flow that is joined: lasting effect or without, state, half, parity)
    states: np.ndarray  # (state,) all of them
    staying: np.ndarray  # (arm, state, year) chance of a draw that no any-month move is made in a month
    leaving: np.ndarray  # (arm, clock, year) chance that it is


def workspace(structure: Structure, months: int) -> Workspace:
    """Room for a horizon of so many months."""
    states, clocks = len(structure.ending), len(structure.clock_to)
    arms = 1 + int(np.diff(structure.age_first).max(initial=1))
    shape = (3, states, 2 * months)
    return Workspace(
        fresh=np.zeros(shape),
        settled=np.zeros(shape),
        stock=np.zeros((3, states, 2)),
        joining=np.zeros((2, states, 2 * months, 2)),
        states=np.arange(states),
        staying=np.zeros((arms, states, months // 12)),
        leaving=np.zeros((arms, clocks, months // 12)),
    )


class OfMonth(NamedTuple):
    """What any-month moves come to in a month."""

    staying: np.ndarray  # (draw, arm, state, year) chance that none is made
    leaving: np.ndarray  # (draw, arm, clock, year) chance that it is


class Ring(NamedTuple):
    """How the moments lie in Costs.ahead."""

    rows: int  # states, then those with year-start moves again
    kept: int  # half-months for which there are places
    size: int  # numbers of a place: moments and lanes


class Costs(NamedTuple):
    """What the moments of some draws are made from, and room for some of them side by side. Rows: the states, then those with year-start moves
    again, for who arrives in them by another kind of move. A side: the baseline, then the programme in each role."""

    ahead: np.ndarray  # (place, moment, lane), flat: DKK, DKK², DKK³ of arm, row, half; one place is spare
    moments: int  # 2 or 3
    step: int  # lanes that there is room for
    ring: Ring
    state: np.ndarray  # (row,)
    arrival: np.ndarray  # (state,) row of who arrives by other than a year-start move
    of_month: OfMonth
    differs: np.ndarray  # (draw, state) whether the programme changes anything after entry
    side: np.ndarray  # (arm, state)
    role_first: np.ndarray  # (role+1,) which of `pair` have the role
    pair: np.ndarray  # (pair,) role by role, of those that are worked on
    enters: np.ndarray  # (whoever enters,) state
    enters_pair: np.ndarray  # (whoever enters,) pair, -1 without the programme
    entries: np.ndarray  # (entry,) those that are followed one after the other; a single -1: all together
    active: np.ndarray  # (state,) whether it is worked on
    ones: np.ndarray  # (draw,)
    # of the draws side by side
    draw: np.ndarray  # (draw,) row of the rates
    first: np.ndarray  # (side, draw+1) lane
    columns: np.ndarray  # (pair, entry, draw) lane of the programme's; -1 without effect
    ends: np.ndarray  # (as in `pair`, half, draw) lane of the families whose effect ends then, -1 without
    moving: np.ndarray  # (role,) whether any effect ends before the horizon
    differing: np.ndarray  # (state,) whether the programme changes anything in any of them
    arms: np.ndarray  # (state, 2) first arm that is worked out, and the one behind the last
    follows: np.ndarray  # (1,) half-month of the entry that is followed; -1: all together
    paid: np.ndarray  # (state, half, draw) DKK that the half-months before cost
    staying: np.ndarray  # (arm of the rates, state, year, draw) as in OfMonth
    leaving: np.ndarray  # (arm, clock, year, draw) as in OfMonth
    january: np.ndarray  # (arm, january move, year, draw) as in Rates
    entry: np.ndarray  # (arm, entry move, year, draw) as in Rates
    # of what is worked on
    until: np.ndarray  # (draw,) end of the stay
    weight: np.ndarray  # (draw,) share that is followed
    keep: np.ndarray  # (draw,) chance that no move is made
    chance: np.ndarray  # (draw,) chance of one


class Period(NamedTuple):
    """What counts are by: its length, and the whole number that makes a product and a shift of the division by it."""

    halves: int
    scale: int

    @classmethod
    def of(cls, halves: int) -> "Period":
        """Exact for times below 2^24 / halves half-months."""
        return cls(halves, (1 << 24) // halves + 1)


class Spells(NamedTuple):
    """People in self-support, on their way, by the state of their role. Numbers (number): how many, and moments of what they cost so far."""

    fresh: np.ndarray  # (state, half, number) arrive by a move that is not a year-start one
    settled: np.ndarray  # (state, half, number) begin a stay without meeting the year-start moves
    stock: np.ndarray  # (state, parity of arrival, number) in a state without a length
    out: np.ndarray  # (state, half, number) leave self-support for a state, and stay there
    going: np.ndarray  # (number,) a stay that is followed
    left: np.ndarray  # (number,) of whom such a stay outlasts the horizon


class Steps(NamedTuple):
    """Room for the lives of a role with a clock.

    A row is people who are told apart by their positions within the steps, or, in self-support, by the spells that had no restart: how many, how many
    of them beyond all steps, or restarted, and from NUMBERS on how many of each. Of each state there are ROWS: of who arrives, fresh or
    settled, by positions and by spells; of who is there, by the parity of the arrival; and one for the stays that are looked at.
    """

    rows: np.ndarray  # (row, number)
    cycle: int  # half-months after which the positions of people on benefit have come to the front of a row
    began: int  # the first of the rows with which spells began, as shares
    stays: int  # the first of (state with lengths, half) rows of stays, as they began
    spent: int  # the first of (state, period) rows of half-months on benefit that are yet to be booked
    sums: int  # the first of (state with lengths, half) rows of all pooled stays from one on
    kept: np.ndarray  # (state, half) share that is left of a stay
    over: np.ndarray  # (state, half) when it ends by its length; 0 where that is drawn
    passed: np.ndarray  # (state, half) until when the clocks of its row have moved on
    pooled: np.ndarray  # (state,) whether stays end in the order in which they began
    line: np.ndarray  # (state,) which of those with a length it is
    latest: np.ndarray  # (state,) when the one that began last ends
    front: np.ndarray  # (state, parity of arrival) no stay that began before is left
    back: np.ndarray  # (state, parity of arrival) stays from the front to before this one have sums
    weight: np.ndarray  # (state, parity of arrival) share that is left of the sums
    summed: np.ndarray  # (state, parity of arrival) when they were made
    seen: np.ndarray  # (state, parity of arrival) until when the clocks of the sum at the front have moved on
    beyond_january: np.ndarray  # (state,) share that the year-start moves of this moment leave
    enters: np.ndarray  # (fresh or settled, state, half) people who enter
    ends: np.ndarray  # (half,) whether anybody's effect ends then
    staying: np.ndarray  # (arm, state of all, year) chance of a draw that no any-month move is made in a month
    leaving: np.ndarray  # (arm, clock, year) chance that it is


MANY, BEYOND, NUMBERS = 0, 1, 8  # in a row
FRESH, SETTLED, STOCK, GOING, ROWS = 0, 1, 4, 6, 8  # rows of a state
STAYING = 2  # how people arrive, as FRESH and SETTLED are: no move can take them any more
LANES = 8  # numbers that the processor takes at once
CYCLE = 240  # half-months: longer rows take more memory, shorter ones are moved more often


def spells(states: int, halves: int, numbers: int) -> Spells:
    """Room for so many states of a role and half-months of the horizon."""
    shape = (states, halves + 1, numbers)
    return Spells(
        fresh=np.zeros(shape),
        settled=np.zeros(shape),
        stock=np.zeros((states, 2, numbers)),
        out=np.zeros(shape),
        going=np.zeros(numbers),
        left=np.zeros(numbers),
    )


class Rows(NamedTuple):
    """How many rows there are in Steps, of each kind, and how many numbers in one."""

    arriving: int
    began: int
    stays: int
    spent: int
    cycle: int
    numbers: int

    @classmethod
    def of(cls, structure: Structure, clock: Clock, halves: int, periods: int) -> "Rows":
        """A spell can begin in each state of self-support of a role, and lasts for 24 half-months."""

        def most(some: np.ndarray) -> int:
            return int(np.add.reduceat(some.astype(np.int64), structure.role_first[:-1])[clock.role].max(initial=0))

        states, positions, _ = _sizes(structure, clock, halves // 2)
        spells, cycle = RESTART * most(clock.kind == SUPPORT), max(min(halves, CYCLE), positions + LANES)
        numbers = NUMBERS + max(cycle + positions + LANES, spells)
        return cls(ROWS * states, spells, most(structure.ending >= 0) * halves, states * periods, cycle, numbers)

    @property
    def size(self) -> int:
        return (self.arriving + self.began + 2 * self.stays + self.spent) * self.numbers


def steps_room(structure: Structure, clock: Clock, months: int, periods: int) -> Steps:
    """Room for a horizon of so many months."""
    states, _, halves = _sizes(structure, clock, months)
    rows = Rows.of(structure, clock, halves, periods)
    stays = rows.arriving + rows.began
    return Steps(
        rows=np.zeros((rows.size // rows.numbers, rows.numbers)),
        cycle=rows.cycle,
        began=rows.arriving,
        stays=stays,
        sums=stays + rows.stays,
        spent=stays + 2 * rows.stays,
        kept=np.zeros((states, halves)),
        over=np.zeros((states, halves), np.int64),
        passed=np.zeros((states, halves), np.int64),
        pooled=np.zeros(states, np.bool_),
        line=np.zeros(states, np.int64),
        latest=np.zeros(states, np.int64),
        front=np.zeros((states, 2), np.int64),
        back=np.zeros((states, 2), np.int64),
        weight=np.zeros((states, 2)),
        summed=np.zeros((states, 2), np.int64),
        seen=np.zeros((states, 2), np.int64),
        beyond_january=np.zeros(states),
        enters=np.zeros((2, states, halves)),
        ends=np.zeros(halves + 1, np.bool_),
        staying=np.zeros((_arms(structure), len(structure.ending), months // 12)),
        leaving=np.zeros((_arms(structure), len(structure.clock_to), months // 12)),
    )


class Ahead(NamedTuple):
    """Room for the moments of what lies ahead of people of a role with a clock, about 0, by the state of their role."""

    ahead: np.ndarray  # (row, moment, position) by kind, state and half: 0 of who begins a stay, 1 of who arrives by a move that is not a
    # year-start one, 2 and 3 the same without an effect
    nothing: int  # a row of zeros
    total: np.ndarray  # (moment,)
    paid: np.ndarray  # (position,) by those who began there
    places: np.ndarray  # (position,) where their clocks stand
    spell: Spells
    ends: np.ndarray  # (half,) whether anybody's effect ends then
    staying: np.ndarray  # as in Steps
    leaving: np.ndarray
    halves: np.ndarray  # (row, period) of no use, as the moments ask for none
    arrivals: np.ndarray  # (state, period)


def ahead_room(structure: Structure, clock: Clock, months: int, periods: int, moments: int) -> Ahead:
    """Room for a horizon of so many months."""
    states, positions, halves = _sizes(structure, clock, months)
    rows = 4 * states * (halves + 1)
    return Ahead(
        ahead=np.zeros((rows + 1, moments, positions)),
        nothing=rows,
        total=np.zeros(moments),
        paid=np.zeros(positions),
        places=np.zeros(positions, np.int64),
        spell=spells(states, halves, moments + 1),
        ends=np.zeros(halves + 1, np.bool_),
        staying=np.zeros((_arms(structure), len(structure.ending), months // 12)),
        leaving=np.zeros((_arms(structure), len(structure.clock_to), months // 12)),
        halves=np.zeros((clock.row[-1], periods)),
        arrivals=np.zeros((len(structure.ending), periods)),
    )


def _arms(structure: Structure) -> int:
    """The baseline's, and the most classes of the programme."""
    return 1 + int(np.diff(structure.age_first).max(initial=1))


def _sizes(structure: Structure, clock: Clock, months: int) -> tuple[int, int, int]:
    """The most states and positions of a role with a clock, and half-months."""
    states = int(np.diff(structure.role_first)[clock.role].max(initial=0))
    return states, int(np.diff(clock.position_first).max(initial=0)), 2 * months
