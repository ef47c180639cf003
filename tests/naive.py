"""The model a second time: slow, obvious Python that a reader believes, written from the design.

`Case` says what holds when; `live` lives families one by one, half-month by half-month; `expected` pushes
probabilities through the same moments; `ledger` multiplies by prices. Only the addresses of the random
numbers are the kernels', so that `live` must give the very same lives. Time is counted in half-months (24 a
year), states are numbered over all roles in the file's order, and what comes out is labelled (arm, role,
state, period).
"""

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from scipy import optimize, special, stats

YEAR = 24
WEEKS = 365.25 / 7 / 24  # of a half-month
UNIT_MONTHS = {"yearly": 12, "quarterly": 3, "monthly": 1}


# ---- What holds when


@dataclass(eq=False)
class Move:
    kind: str  # "entry", "clock" (any-month), "january" (year-start) or "ending" (after_months)
    unit: str  # the key that its number stands under
    number: Any  # as in the file
    origin: int
    to: int
    climate: str | None
    clock: int = -1  # an any-month move's place among all of them
    when: Any = None  # (state of another member of the family, what the hazard is multiplied by while it is there)
    rows: Any = ()  # of one by time since arrival: (the month of a stay from which on it holds, unit, number), the first from 0


class Cohort(NamedTuple):
    kind: str  # family type
    number: float  # of families, on average
    first: int  # half-month of entry; of its first possible one where the month is drawn
    months: int  # 12: the month is drawn; 1: it is known
    present: bool


class Family(NamedTuple):
    cohort: int
    kind: str
    entry: int
    members: list[tuple[str, str]]  # (role, start state)
    drops: bool = False  # out of the programme on the way


class Lived(NamedTuple):
    """Arms are "programme", "same-luck" and "own-luck" (the baseline twice)."""

    halves: Counter  # (arm, role, state, period): person-half-months
    arrivals: Counter  # (arm, role, state, period): moves into the state
    families: list[Family]
    entered: list[int]  # families, by year; those present at the start are not among them
    present: list[int]  # their number
    steps: Counter  # (arm, role, state, step, period): person-half-months of benefit by the steps of its refund


class Case:
    """A scenario as `tomllib` loads it, every assumption at its `value`, or at the one given in `values`."""

    def __init__(self, tree, values=None):
        self.tree = tree
        self.first_year, self.years = tree["time"]["first_year"], tree["time"]["years"]
        self.horizon = YEAR * self.years
        self.assumptions = {name: table["value"] for name, table in tree.get("assumptions", {}).items()}
        self.assumptions |= values or {}
        self.roles = list(tree["roles"])
        self.states = [(role, state) for role in self.roles for state in tree["roles"][role]["states"]]
        moves_of = {role: tree["roles"][role].get("moves", []) for role in self.roles}
        self.moves = [self._move(role, table) for role in self.roles for table in moves_of[role]]
        self.moves.sort(key=lambda move: move.origin)  # stable: the file's order within a state
        for i, move in enumerate(self.out_of(None, "clock")):
            move.clock = i
        self.families = tree["families"]
        self.how = tree.get("implementation", {})
        self.later = self.number(self.how.get("start_months_later", 0), 0)
        self.project = round(12 * self.how.get("programme_years", 1000))  # months that are planned
        self.closed = self.horizon if self.how.get("costs_wait") else min(self.horizon, 2 * self.project)
        self.cohorts = [cohort for kind in self.families for cohort in self._cohorts(kind)]
        self.parts = [(state, begin) for state in range(len(self.states)) for begin in self._begins(state)]
        for slow in ("out_of", "alternatives", "hazards", "at_most", "clock_place"):
            setattr(self, slow, cache(getattr(self, slow)))

    def _begins(self, state):
        """The months of a stay from which on any of the state's chances is another."""
        return sorted({0, *(begin for move in self.out_of(state, "clock") for begin, _, _ in move.rows)})

    def part(self, state, month):
        """The place of a part of a state's stays, among those of all states: in the addresses of random numbers it stands for the state."""
        return max(i for i, (of, begin) in enumerate(self.parts) if of == state and begin <= month)

    def clock_place(self, part, move):
        """The number of an any-month move's clock in a part: the clocks are numbered over all parts."""
        clocks = [(i, other) for i, (of, _) in enumerate(self.parts) for other in self.out_of(of, "clock")]
        return clocks.index((part, move))

    def _move(self, role, table):
        if "since_arrival" in table:
            return self._aged(role, table)
        unit = next(key for key in ("chance", *UNIT_MONTHS, "after_months") if key in table)
        kind = {"chance": "entry", "after_months": "ending"}.get(unit, "clock")
        if table.get("timing") == "year-start":
            kind = "january"
        origin, to = (self.states.index((role, table[key])) for key in ("from", "to"))
        return Move(kind, unit, table[unit], origin, to, table.get("climate"), when=self._when(table))

    def _aged(self, role, table):
        rows, begin = [], 0
        for row in table["since_arrival"]:
            unit = next(key for key in UNIT_MONTHS if key in row)
            rows.append((begin, unit, row[unit]))
            begin += row.get("months", 0)
        origin, to = (self.states.index((role, table[key])) for key in ("from", "to"))
        return Move("clock", None, None, origin, to, table.get("climate"), when=self._when(table), rows=tuple(rows))

    def _when(self, table):
        when = table.get("when")
        return when and (self.states.index((when["role"], when["state"])), when["times"])

    def _cohorts(self, kind):
        table = self.families[kind]

        def come(planned, year):
            return (
                planned * self.number(self.how.get("reached", 1), year) * self.number(self.how.get("filled", 1), year)
            )

        yield Cohort(kind, come(self.number(table.get("present", 0), 0), 0), 0, 1, True)
        for y in range(self.years):  # nobody where there is no `enter`: the cohorts' numbers do not shift
            months = min(12, max(0, self.project - 12 * y))
            planned = self.number(table.get("enter", 0), y) * months / 12
            yield Cohort(kind, come(planned, y), YEAR * y + 1, months or 12, False)
        for row in table.get("entering", []):
            year, month = map(int, row["month"].split("-"))
            months = 12 * (year - self.first_year) + month - 1
            planned = self.number(row["number"], 0) if months < self.project else 0
            yield Cohort(kind, come(planned, year - self.first_year), 2 * months + 1, 1, False)

    def entries(self, cohort):
        """{half-month: chance} of when a family of the cohort comes; what is missing from 1 comes too late."""
        found = Counter()
        if cohort.present:  # where they are planned for, moved on between the moments 0, 1, 3, 5, ...
            place = 2 * self.later
            before = 0 if place <= 1 else 2 * math.floor((place - 1) / 2) + 1
            after = before + (2 if before else 1)
            found[after] = (place - before) / (after - before)
            found[before] = 1 - found[after]
        else:
            begin, months = (cohort.first - 1) / 2 + self.later, cohort.months
            for month in range(math.floor(begin), math.floor(begin + months) + 1):
                found[2 * month + 1] = max(0, min(month + 1, begin + months) - max(month, begin)) / months
        return {entry: chance for entry, chance in found.items() if entry < self.closed and chance > 0}

    def dropping(self):
        """Chance that a family drops out, and half-months after entry from which it has the baseline's chances then."""
        table = self.how.get("drop_out", {"share": 0, "after_months": 0})
        return self.number(table["share"], 0), 2 * self.number(table["after_months"], 0)

    def number(self, x, year):
        """A number, an assumption's name, a calculation, a list by year whose last one holds on, or a table by year: what is missing is 0."""
        if isinstance(x, str):
            return self.number(self.assumptions[x], year) if x in self.assumptions else self.calculated(x, year)
        if isinstance(x, dict):
            return self.number(x.get(str(self.first_year + year), 0), year)
        return self.number(x[min(year, len(x) - 1)], year) if isinstance(x, list) else float(x)

    def calculated(self, x, year):
        """What a calculation comes to, of parts between quotes, numbers, signs and parentheses: sums of products of such parts."""
        pieces = re.findall(r"'[^']*'|[0-9][0-9.]*|max|min|[-+*/();]", x)
        found, rest = self._sum(pieces, year)
        assert not rest, x
        return found

    def _sum(self, pieces, year):
        total, pieces = self._product(pieces, year)
        while pieces and pieces[0] in "+-":
            sign, (part, pieces) = pieces[0], self._product(pieces[1:], year)
            total = total + part if sign == "+" else total - part
        return total, pieces

    def _product(self, pieces, year):
        total, pieces = self._part(pieces, year)
        while pieces and pieces[0] in "*/":
            sign, (part, pieces) = pieces[0], self._part(pieces[1:], year)
            total = total * part if sign == "*" else total / part
        return total, pieces

    def _part(self, pieces, year):
        first, *rest = pieces
        if first == "-":
            part, rest = self._part(rest, year)
            return -part, rest
        if first in ("max", "min", "("):
            parts, rest = [], rest if first == "(" else rest[1:]
            while not parts or rest[0] == ";":
                part, rest = self._sum(rest[1:] if parts else rest, year)
                parts.append(part)
            return {"max": max, "min": min, "(": sum}[first](parts), rest[1:]
        return (self.number(self.assumptions[first[1:-1]], year) if first[0] == "'" else float(first)), rest

    def amount(self, x, year):
        """A number that is money: without a unit of its own it is in the file's."""
        unit = self.tree.get("money", {}).get("unit", "kr.")
        return self.number(x, year) * {"kr.": 1, "1.000 kr.": 1000, "mio. kr.": 1_000_000}[unit]

    def price_index(self, table, year):
        """What a price or an amount has come to: by its own indexation or the file's, from its own prices to the file's."""
        money = self.tree.get("money", {})
        rate = self.number(table.get("indexation", money.get("indexation", 0)), 0)
        index, level = money.get("index", {}), money.get("price_level")
        own = table.get("price_level", level)
        moved = index[str(level)] / index[str(own)] if own != level else 1
        return (1 + rate) ** year * moved

    def is_paid(self, row, year):
        """Whether a line of the budget is paid in a year."""
        calendar = self.first_year + year
        if "once" in row:
            return str(row["once"])[:4] == str(calendar)
        return row.get("from", calendar) <= calendar <= row.get("to", calendar)

    def mean_members(self, kind, role):
        return self.number(self.families[kind].get("members", {}).get(role, 0), 0)

    def start_shares(self, role):
        """(state, share) of a role, in the states' order."""
        start = self.tree["roles"][role]["start"]
        shares = {start: 1.0} if isinstance(start, str) else start
        return [(i, self.number(shares.get(s, 0), 0)) for i, (r, s) in enumerate(self.states) if r == role]

    def window(self, kind, drops=False):
        """Half-months from entry in which the effect lasts."""
        lasts = self.families[kind].get("effect_lasts_months")
        own = math.inf if lasts is None else 2 * self.number(lasts, 0)
        return min(own, self.dropping()[1]) if drops else own

    # Weeks on benefit

    def refusion(self, state):
        """The table of a refund that goes by weeks on benefit, or None."""
        role, name = self.states[state]
        given = self.tree["roles"][role]["states"][name].get("refusion", 0)
        return given if isinstance(given, dict) else None

    def is_self_support(self, state):
        role, name = self.states[state]
        return self.tree["roles"][role]["states"][name].get("self_support", False)

    def weeks_at_start(self, role):
        return float(self.tree["roles"][role].get("weeks_on_benefit", 0))

    def steps(self, state, weeks):
        """(step, share) of the half-month that begins after so many weeks on benefit."""
        found, begin = [], 0.0
        lengths = [float(length) for length in self.refusion(state)["weeks"]]
        for step, length in enumerate([*lengths, math.inf]):
            overlap = min(weeks + WEEKS, begin + length) - max(weeks, begin)
            if overlap > 1e-9:
                found.append((step, overlap / WEEKS))
            begin += length
        return found

    def out_of(self, state, kind):
        return [move for move in self.moves if move.kind == kind and state in (None, move.origin)]

    # An arm is "baseline", or the half-months since entry of someone on whom the programme has an effect.

    def programme(self, age):
        """The arm so long after entry; ages are not told apart where no effect changes with them."""
        numbers = [number for m in self.moves for number in (m.number, *(number for _, _, number in m.rows))]
        return age if any(isinstance(number, dict) and "over_time" in number for number in numbers) else 0

    def weight(self, number, arm):
        """How much of an effect there is, by the months since entry."""
        over_time = number.get("over_time", {})
        half_months = {key: math.ceil(2 * over_time[key]) for key in over_time if key.endswith("after_months")}
        lock_in = over_time.get("lock_in", {"months": 0, "weight": 0})
        lock_in_ends = math.ceil(2 * lock_in["months"])
        begins = half_months.get("begins_after_months", lock_in_ends)
        if arm >= half_months.get("ends_after_months", math.inf):
            return 0.0
        if arm < lock_in_ends:
            return self.number(lock_in["weight"], 0)
        if arm < begins:
            return 0.0
        if "half_life_months" not in over_time:
            return 1.0
        full_years = (arm - begins) // YEAR
        return 0.5 ** ((12 * full_years + 6) / self.number(over_time["half_life_months"], 0))

    # A move's number: effect, clipping, climate, sums.

    def after_effect(self, x, arm, year):
        if not has_arms(x):
            return self.number(x, year)
        if arm != "baseline" and "programme" in x and "over_time" not in x:
            return self.number(x["programme"], year)
        baseline = self.number(x["baseline"], year)
        if arm == "baseline":
            return baseline
        weight = self.weight(x, arm)
        if "programme" in x:
            return baseline + weight * (self.number(x["programme"], year) - baseline)
        times, plus, minus = (
            self.number(x.get(key, none), year) for key, none in (("times", 1), ("plus", 0), ("minus", 0))
        )
        factor = times if weight == 1 else 1 + weight * (times - 1)
        return baseline * factor + weight * plus - weight * minus  # the file has one of them at most

    def hangs(self, role):
        """Whether any move of the role hangs on another member."""
        return any(move.when for move in self.moves if self.states[move.origin][0] == role)

    def times(self, move, t, been):
        """What a move's hazard is multiplied by, given the stays of those members who hang on nobody."""
        if move.when is None:
            return 1.0
        state, times = move.when
        return self.number(times, t // YEAR) if any(s == state and a <= t < e for s, a, e in been) else 1.0

    def climate(self, move, year):
        return 1.0 if move.climate is None else max(0.0, self.number(move.climate, year))

    def chance(self, move, arm, year):
        p = min(max(self.after_effect(move.number, arm, year), 0.0), 1.0)
        return p if move.climate is None else 1 - (1 - p) ** self.climate(move, year)

    def alternatives(self, state, kind, arm, year):
        """(next state, chance) of the moves at entry, or of the year-start moves."""
        chances = [(move.to, self.chance(move, arm, year)) for move in self.out_of(state, kind)]
        total = max(1.0, sum(p for _, p in chances))
        return [(to, p / total) for to, p in chances]

    def hazards(self, state, arm, year, month):
        """(any-month move, its hazard in a month of a stay, from 0)."""
        return [(move, self.hazard(move, arm, year, month)) for move in self.out_of(state, "clock")]

    def hazard(self, move, arm, year, month):
        unit, x = move.unit, move.number
        for begin, of_row, number in move.rows:
            if month >= begin:
                unit, x = of_row, number
        q = min(max(self.after_effect(x, arm, year), 0.0), 1 - 1e-9)
        hazard = -math.log(1 - q) / UNIT_MONTHS[unit]
        if arm != "baseline" and has_arms(x) and hazard > 0:
            ratio, weight = max(0.0, self.number(x.get("hazard_ratio", 1), year)), self.weight(x, arm)
            hazard *= ratio**weight if ratio > 0 or weight >= 0 else math.inf
            if "over_time" in x:
                hazard = min(hazard, -math.log(1e-9) / UNIT_MONTHS[unit])
        return hazard * self.climate(move, year)

    def at_most(self, move, arm, year):
        """Chances that a stay which this after_months move ends lasts at most 0, 1, 2, ... months."""
        x, times, months = move.number, 1.0, range(1, 12 * self.years + 1)
        if isinstance(x, dict) and "baseline" in x:
            if arm != "baseline":
                times = 1 + self.weight(move.number, arm) * (self.number(x.get("times", 1), year) - 1)
            x = x["programme"] if arm != "baseline" and "programme" in x else x["baseline"]
        if not isinstance(x, dict) or "mean" not in x:
            fixed = max(1, round(self.after_effect(move.number, arm, year)))
            return [0.0] + [float(n >= fixed) for n in months]
        length = length_distribution(self.number(x["mean"], year), self.number(x["sd"], year), x["shape"])
        return [0.0] + [float(length.cdf((n + 0.5) / times)) if times > 0 else 1.0 for n in months]


def has_arms(x):
    """Whether it is a table of arms, and no table by year."""
    return isinstance(x, dict) and "baseline" in x


def length_distribution(mean, sd, shape):
    """The drawn length of a stay before it is rounded."""
    cv2 = (sd / mean) ** 2
    if shape == "gamma":
        return stats.gamma(1 / cv2, scale=mean * cv2)
    if shape == "lognormal":
        return stats.lognorm(math.sqrt(math.log1p(cv2)), scale=mean / math.sqrt(1 + cv2))
    assert shape == "weibull"

    def too_wide(log_c):
        once, twice = special.gammaln(1 + math.exp(-log_c)), special.gammaln(1 + 2 * math.exp(-log_c))
        return twice - 2 * once - math.log1p(cv2)

    c = math.exp(optimize.brentq(too_wide, math.log(0.02), math.log(1e4), xtol=1e-14))
    return stats.weibull_min(c, scale=mean / special.gamma(1 + 1 / c))


def is_january(t):
    return t % YEAR == 0


# ---- Random numbers: SplitMix64, addressed as in the kernels

MASK = 2**64 - 1
DRAW, COHORT, NUMBER, FAMILY, MONTH, ROLE, ROUND, MEMBER, START = range(9)
SHARED, OWN, ENTRY, CLOCK, LENGTH, JANUARY = range(9, 15)


def output(key, n):
    """Number n, from 0, of the SplitMix64 generator seeded with key."""
    z = (key + (n + 1) * 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def unit(bits):
    return (bits >> 11) / 2**53


def numbered(key, purpose, index=0):
    return output(key, purpose << 60 | index)


def of_stay(key, purpose, state, visit, index=0):
    return unit(output(key, purpose << 60 | visit << 36 | state << 18 | index))


def pick(alternatives, u):
    """The one of [(what, chance), ...] in whose part of [0, 1) u lies, or None."""
    total = 0.0
    for what, chance in alternatives:
        total += chance
        if u < total:
            return what
    return None


def rounded(mean, u):
    return math.floor(mean) + (u < mean - math.floor(mean))


# ---- Lives


def stay_end(case, state, visits, visit, arrival, arm_at, key, been):
    """Follow one stay: (its end, the state that follows, whether by a year-start move).

    Where chances hang on the time since arrival its parts are addressed as if they were states: clocks are drawn anew as one begins.
    """
    arm, year = arm_at(arrival), arrival // YEAR
    lengths, part = {}, case.part(state, 0)
    for move in case.out_of(state, "ending"):
        u = of_stay(key, LENGTH, part, visit)
        n = next((n for n, chance in enumerate(case.at_most(move, arm, year)) if u < chance), math.inf)
        lengths[arrival + 2 * n] = move.to
    left = clocks(case, part, visit, key)
    for t in range(arrival + 1, case.horizon):
        arm, year, month = arm_at(t), t // YEAR, (t - arrival) // 2
        if case.part(state, month) != part:
            part = case.part(state, month)
            visit = visits[part]
            visits[part] += 1
            left = clocks(case, part, visit, key)
        if (t - arrival) % 2 == 1:  # the middle of a month of the stay
            into = []
            for move, hazard in case.hazards(state, arm, year, month):
                hazard *= case.times(move, t, been)
                if left[move] < hazard:
                    into.append((left[move] / hazard, move.clock, move.to))
                left[move] -= hazard
            if into:
                return t, min(into)[2], False
        elif t in lengths:
            return t, lengths[t], False
        if is_january(t):
            u = of_stay(key, JANUARY, part, visit, year)
            to = pick(case.alternatives(state, "january", arm, year), u)
            if to is not None:
                return t, to, True
    return case.horizon, None, False


def clocks(case, part, visit, key):
    """What is on the clock of each any-month move, as a part of a stay begins."""
    moves = case.out_of(case.parts[part][0], "clock")
    return {m: -math.log(1 - of_stay(key, CLOCK, part, visit, case.clock_place(part, m))) for m in moves}


def life(case, arm, kind, entry, start, key, drops=False, been=()):
    """One member's stays in one arm: [(state, arrival, end), ...]; those of no length are among them.

    been: the stays, in the same arm, of those members of the family on whom others hang.
    """
    window = case.window(kind, drops)

    def arm_at(t):
        return case.programme(t - entry) if arm == "programme" and t - entry < window else "baseline"

    stays, visits = [], Counter()
    state, t, came = start, entry, "start"
    while t < case.horizon:
        part = case.part(state, 0)
        visit = visits[part]
        visits[part] += 1
        to = None  # where a move takes the member at this very moment
        if came == "start":
            to = pick(case.alternatives(state, "entry", arm_at(t), t // YEAR), unit(numbered(key, ENTRY)))
            next_came = "move"
        elif came == "move":
            u = of_stay(key, JANUARY, part, visit, t // YEAR)
            to = pick(case.alternatives(state, "january", arm_at(t), t // YEAR), u)
            next_came = "year-start"
        end = t
        if to is None:
            end, to, by_january = stay_end(case, state, visits, visit, t, arm_at, key, been)
            next_came = "year-start" if by_january else "move"
        stays.append((state, t, end))
        state, t, came = to, end, next_came
    return stays


def families_of(case, seed, draw):
    """The families of a draw, each with its members' keys: (family, [key, ...])."""
    draw_key = numbered(seed & MASK, DRAW, draw)
    for c, cohort in enumerate(case.cohorts):
        cohort_key = numbered(draw_key, COHORT, c)
        u = unit(numbered(cohort_key, NUMBER))
        poisson = case.families[cohort.kind].get("arrivals") == "poisson"
        many = max(0, int(stats.poisson.ppf(u, cohort.number))) if poisson else rounded(cohort.number, u)
        for f in range(many):
            key = numbered(cohort_key, FAMILY, f)
            entry = cohort.first
            if cohort.months > 1 or case.later > 0:
                moment = unit(numbered(key, MONTH)) * cohort.months + case.later  # months after the cohort's first
                entry = 2 * math.floor(moment) + cohort.first
                if cohort.present:
                    place = math.floor(moment + min(case.later, 0.5))
                    entry = 2 * place - 1 if place else 0
            if entry >= case.closed:
                continue
            drops = unit(numbered(key, MONTH, 1)) < case.dropping()[0]
            family, keys = Family(c, cohort.kind, entry, [], drops), []
            for r, role in enumerate(case.roles):
                role_key = numbered(key, ROLE, r)
                mean = case.mean_members(cohort.kind, role)
                for i in range(rounded(mean, unit(numbered(role_key, ROUND)))):
                    keys.append(numbered(role_key, MEMBER, i))
                    shares = case.start_shares(role)
                    state = pick(shares, unit(numbered(keys[-1], START)))
                    family.members.append(case.states[shares[-1][0] if state is None else state])
            yield family, keys


class Clock:
    """How long one person has been on benefit: half-month by half-month."""

    def __init__(self, case, role):
        self.case = case
        self.begun = case.weeks_at_start(role)  # weeks before the first half-month that is counted
        self.count = 0  # half-months on benefit since
        self.support = 0  # half-months of self-support that nothing has broken

    def spend(self, state):
        """A half-month in a state: the steps of the refund that it belongs to, with their shares; none where it is no benefit."""
        if self.case.is_self_support(state):
            self.support += 1
            if self.support >= YEAR:
                self.begun, self.count = 0.0, 0
            return []
        self.support = 0
        if self.case.refusion(state) is None:
            return []
        self.count += 1
        return self.case.steps(state, self.begun + (self.count - 1) * WEEKS)


class ClockOfTheLaw(Clock):
    """By law 994/2015 §§ 5-6, which no kernel has: a year of self-support within three years restarts it, whatever lies between."""

    def __init__(self, case, role):
        super().__init__(case, role)
        self.lately = []  # of the last three years, whether each half-month was self-support, since the clock was restarted

    def spend(self, state):
        found = super().spend(state)
        self.lately = [*self.lately, self.case.is_self_support(state)][-3 * YEAR :]
        if sum(self.lately) >= YEAR:
            self.begun, self.count, self.lately = 0.0, 0, []
        return found


def live(case, seed, draw, period=YEAR, clock=Clock):
    """Live the families of one draw, in three arms. period: half-months that are counted together."""
    lived = Lived(Counter(), Counter(), [], [0] * case.years, [0], Counter())
    for family, keys in families_of(case, seed, draw):
        lived.families.append(family)
        if not case.cohorts[family.cohort].present:
            lived.entered[family.entry // YEAR] += 1
        else:
            lived.present[0] += 1
        members = sorted(zip(family.members, keys, strict=True), key=lambda member: case.hangs(member[0][0]))
        for arm, values, luck in (
            ("programme", "programme", SHARED),
            ("same-luck", "baseline", SHARED),
            ("own-luck", "baseline", OWN),
        ):
            been = []
            for start, key in members:
                state = case.states.index(start)
                stays = life(case, values, family.kind, family.entry, state, numbered(key, luck), family.drops, been)
                been += [] if case.hangs(start[0]) else stays
                weeks = clock(case, case.states[state][0])
                for i, (state, arrival, end) in enumerate(stays):
                    if i > 0:
                        lived.arrivals[arm, *case.states[state], arrival // period] += 1
                    for t in range(arrival, end):
                        lived.halves[arm, *case.states[state], t // period] += 1
                        for step, share in weeks.spend(state):
                            lived.steps[arm, *case.states[state], step, t // period] += share
    return lived


# ---- Expectations


def expected(case, families=None, period=YEAR):
    """Expected person-months, and moves into states, by (arm, role, state, period).

    Arms are "baseline" and "programme". families: those of a draw, as `live` gives them; without, their
    numbers, months, members and start states are expected too.
    """
    people = mean_people(case)
    if families is not None:
        people = Counter((f.kind, f.drops, f.entry, case.states.index(m)) for f in families for m in f.members)
    months, arrivals = Counter(), Counter()
    for arm in ("baseline", "programme"):
        together = {}  # by what a life's chances depend on: the window, and the entry if there is one
        for (kind, drops, entry, state), number in people.items():
            window = case.window(kind, drops) if arm == "programme" else math.inf
            law = (window, entry if window < math.inf or case.programme(1) else 0)
            together.setdefault(law, Counter())[entry, state] += number
        for (window, entry), entrants in together.items():
            flow = Flow(case, arm, window, entry, entrants)
            for (state, t), number in flow.present.items():
                months[arm, *case.states[state], t // period] += number / 2
            for (state, t), number in flow.arrivals.items():
                arrivals[arm, *case.states[state], t // period] += number
    return months, arrivals


def mean_people(case):
    """Expected members by (family type, whether they drop out, half-month of entry, start state)."""
    people, (share, _) = Counter(), case.dropping()
    for cohort in case.cohorts:
        for entry, chance in case.entries(cohort).items():
            for drops, part in ((False, 1 - share), (True, share)):
                for role in case.roles:
                    number = cohort.number * chance * part * case.mean_members(cohort.kind, role)
                    for state, start in case.start_shares(role):
                        if number * start > 0:
                            people[cohort.kind, drops, entry, state] += number * start
    return people


class Flow:
    """Where people are expected in one arm, given who starts where and when; all have one window."""

    def __init__(self, case, arm, window, entry, entrants):
        self.case, self.arm, self.window, self.entry = case, arm, window, entry
        self.present = Counter()  # (state, half-month): people in it
        self.arrivals = Counter()  # (state, moment): people who move into it
        self.come = Counter()  # of these, the people who meet the year-start moves there at that moment
        self.settle = Counter()  # (state, moment): people whose stay begins and who meet nothing more then
        for t in range(case.horizon):
            states = range(len(case.states))
            for state in states:
                people = self.split(entrants[t, state], state, "entry", t, self.come)
                self.settle[state, t] += people
            for state in states:
                people = self.split(self.come[state, t], state, "january", t, self.settle)
                self.settle[state, t] += people
            for state in states:
                if self.settle[state, t] > 0:
                    self.stay(state, t, self.settle[state, t])

    def arm_at(self, t):
        with_effect = self.arm == "programme" and t - self.entry < self.window
        return self.case.programme(t - self.entry) if with_effect else "baseline"

    def move(self, people, to, t, then):
        self.arrivals[to, t] += people
        then[to, t] += people

    def split(self, people, state, kind, t, then):
        """Move people by the alternatives that they meet at t; how many are left alone."""
        left = people
        if people > 0:
            for to, chance in self.case.alternatives(state, kind, self.arm_at(t), t // YEAR):
                self.move(people * chance, to, t, then)
                left -= people * chance
        return max(left, 0.0)

    def stay(self, state, arrival, people):
        """Follow the people whose stay begins at one moment, half-month by half-month."""
        ending = self.case.out_of(state, "ending")
        at_most = self.case.at_most(ending[0], self.arm_at(arrival), arrival // YEAR) if ending else None
        lasting = 1.0  # share whose own length is not reached; `people` are lessened by the other moves only
        self.present[state, arrival] += people
        for t in range(arrival + 1, self.case.horizon):
            month, second_half = divmod(t - arrival, 2)
            if second_half:
                hazards = self.case.hazards(state, self.arm_at(t), t // YEAR, month)
                total = sum(hazard for _, hazard in hazards)
                gone = people * (1 - math.exp(-total))
                for move, hazard in hazards:
                    if hazard > 0:
                        self.move(lasting * gone * hazard / total, move.to, t, self.come)
                people -= gone
            elif ending:
                self.move(people * (at_most[month] - at_most[month - 1]), ending[0].to, t, self.come)
                lasting = 1 - at_most[month]
            if lasting * people <= 0:
                return
            if is_january(t):
                people = self.split(lasting * people, state, "january", t, self.settle) / lasting
            self.present[state, t] += lasting * people


class Groups:
    """The same people as in a Flow, told apart by all that their refund hangs on: a group is (state, moment of arrival, weeks before the count,
    half-months on benefit, half-months of unbroken self-support)."""

    def __init__(self, case, arm, window, entry, entrants):
        self.case, self.arm, self.window, self.entry = case, arm, window, entry
        self.steps = Counter()  # (state, step, half-month): people in it
        staying = Counter()
        for t in range(case.horizon):
            come, settle = Counter(), Counter()
            for group, people in staying.items():
                self.leave(group, people, t, come, settle)
            for (moment, state), people in entrants.items():
                if moment == t:
                    group = state, t, case.weeks_at_start(case.states[state][0]), 0, 0
                    settle[group] += self.split(group, people, "entry", t, come)
            for group, people in come.items():
                settle[group] += self.split(group, people, "january", t, settle)
            staying = Counter()
            for (state, arrival, begun, count, support), people in settle.items():
                if case.is_self_support(state):
                    support += 1
                    if support >= YEAR:
                        begun, count = 0.0, 0
                else:
                    support = 0
                    if case.refusion(state) is not None:
                        for step, share in case.steps(state, begun + count * WEEKS):
                            self.steps[state, step, t] += share * people
                        count += 1
                staying[state, arrival, begun, count, support] += people

    def arm_at(self, t):
        with_effect = self.arm == "programme" and t - self.entry < self.window
        return self.case.programme(t - self.entry) if with_effect else "baseline"

    def split(self, group, people, kind, t, then):
        """As Flow.split(): whoever is moved arrives now."""
        left = people
        for to, chance in self.case.alternatives(group[0], kind, self.arm_at(t), t // YEAR):
            if people * chance > 0:
                then[to, t, *group[2:]] += people * chance
                left -= people * chance
        return max(left, 0.0)

    def leave(self, group, people, t, come, settle):
        """Who leaves a state at a moment in which nobody arrives there, by its own end or by a year-start move; the others stay."""
        state, arrival = group[:2]
        arm, year = self.arm_at(t), t // YEAR
        month, second_half = divmod(t - arrival, 2)
        ending = self.case.out_of(state, "ending")
        if second_half:
            hazards = self.case.hazards(state, arm, year, month)
            total = sum(hazard for _, hazard in hazards)
            gone = people * (1 - math.exp(-total))
            for move, hazard in hazards:
                if hazard > 0:
                    come[move.to, t, *group[2:]] += gone * hazard / total
            people -= gone
        elif ending:
            at_most = self.case.at_most(ending[0], self.arm_at(arrival), arrival // YEAR)
            left = 1 - at_most[month - 1]
            over = people * (at_most[month] - at_most[month - 1]) / left if left > 0 else people
            come[ending[0].to, t, *group[2:]] += over
            people -= over
        if people > 0 and is_january(t):
            people = self.split(group, people, "january", t, settle)
        if people > 0:
            settle[group] += people


def expected_steps(case, families=None, period=YEAR):
    """Expected person-months of benefit by the steps of its refund, (arm, role, state, step, period), as `expected` has the months."""
    people = mean_people(case)
    if families is not None:
        people = Counter((f.kind, f.drops, f.entry, case.states.index(m)) for f in families for m in f.members)
    with_clock = {role for i, (role, _) in enumerate(case.states) if case.refusion(i) is not None}
    months = Counter()
    for arm in ("baseline", "programme"):
        for (kind, drops, entry, state), number in people.items():
            if case.states[state][0] in with_clock:
                window = case.window(kind, drops) if arm == "programme" else math.inf
                groups = Groups(case, arm, window, entry, {(entry, state): number})
                for (at, step, t), those in groups.steps.items():
                    months[arm, *case.states[at], step, t // period] += those / 2
    return months


# ---- Money


def mean_entered(case):
    """Expected families that enter during each year."""
    coming = [
        (entry // YEAR, c.number * chance)
        for c in case.cohorts
        if not c.present
        for entry, chance in case.entries(c).items()
    ]
    return [sum(number for year, number in coming if year == y) for y in range(case.years)]


def mean_present(case):
    """Expected families that are there at the start."""
    return sum(c.number for c in case.cohorts if c.present)


def ledger(case, months, entered=None, present=None, steps=None):
    """Kroner: {payer: {line: [by year]}}, savings positive and costs negative.

    months: person-months by (arm, role, state, year), arms "baseline" and "programme"; entered: families by
    year, present: those there at the start, the expected ones if not given; steps: months of benefit by (arm, role, state, step, year).
    """
    entered = mean_entered(case) if entered is None else entered
    present = mean_present(case) if present is None else present
    others = case.tree.get("payers", [])
    books = {payer: {} for payer in ["kommune", "stat", *others]}

    def book(payer, line, year, kroner, table):
        books[payer].setdefault(line, [0.0] * case.years)[year] += kroner * case.price_index(table, year)

    for year in range(case.years):
        for role, state in case.states:
            owner = case.tree["roles"][role]
            table = owner["states"][state]
            monthly, yearly = (case.amount(table.get(key, 0), year) for key in ("monthly", "yearly"))
            price = monthly + yearly / 12
            refusion, line = table.get("refusion", 0), table.get("line", owner.get("line", role))
            of = [(refusion, months, ())]
            if isinstance(refusion, dict):
                of = [(share, steps, (step,)) for step, share in enumerate(refusion["share"])]
            for share, counted, step in of:
                refunded = case.number(share, year)
                saved = (counted[arm, role, state, *step, year] for arm in ("baseline", "programme"))
                less = next(saved) - next(saved)
                book("stat", line, year, less * price * refunded, table)
                shares = {payer: case.number(table.get("shares", {}).get(payer, 0), year) for payer in others}
                for payer, part in shares.items():
                    book(payer, line, year, less * price * part, table)
                book("kommune", line, year, less * price * (1 - refunded - sum(shares.values())), table)
        for row in case.tree.get("person_years", []):
            place, lived, more = (row["role"], row["state"]), year - row.get("lag_years", 0), 0.0
            if lived >= 0:
                more = months["programme", *place, lived] - months["baseline", *place, lived]
            book("kommune", row["label"], year, more / 12 * case.amount(row["yearly"], year), row)
        for section, sign in (("costs", -1), ("savings", 1)):
            for row in case.tree.get(section, []):
                book("kommune", row["label"], year, sign * stated(case, row, year, entered, present), row)
    return books


def stated(case, row, year, entered, present):
    """Of a line stated outright in a year, before indexation."""
    if not row.get("per_family", False):
        return sum(paid_in(case, row, month) for month in range(12 * year, 12 * year + 12))
    times = entered[year] + (present if row.get("counts") == "all" and year == 0 else 0)
    number = case.number(row.get("number", 1), year) * times * case.is_paid(row, year)
    return case.amount(row["yearly"], year) * number


def financing(case, reached=(), entered=None, present=None):
    """What others pay: {line: [by year]}, in no book of the ledger. reached: labels of the targets that the course reaches."""
    entered = mean_entered(case) if entered is None else entered
    present = mean_present(case) if present is None else present
    found = {}
    for row in case.tree.get("financing", []):
        hangs_on = row.get("when_target")
        is_paid = hangs_on is None or hangs_on in reached
        found[row["label"]] = []
        for year in range(case.years):
            amount = stated(case, row, year, entered, present) * case.price_index(row, year)
            found[row["label"]].append(amount if is_paid else 0.0)
    return found


def reached(case, books):
    """Labels of the targets that the kroner of one course reach. Nothing that others pay counts for a target."""
    no_savings = [row for section in ("costs", "person_years") for row in case.tree.get(section, [])]
    costs = {row["label"] for row in no_savings}
    stated = {row["label"]: row for row in case.tree.get("savings", [])}
    areas, cashable = {row["label"]: row.get("area", "") for row in [*no_savings, *stated.values()]}, {}
    for role, table in case.tree["roles"].items():
        for state in table["states"].values():
            line = state.get("line", table.get("line", role))
            areas[line] = areas.get(line) or state.get("area") or table.get("area", "")
            cashable[line] = state.get("cashable", True)
    cashable |= {label: row.get("cashable", True) for label, row in stated.items()}
    found = set()
    for target in case.tree.get("targets", []):
        kind, _, name = target.get("of", "provenu").partition(":")
        book = books[name if kind == "payer" else "kommune"]
        own = {
            "provenu": set(book),
            "payer": set(book),
            "savings": set(book) - costs,
            "cashable": {line for line in set(book) - costs if cashable[line]},
            "line": {name},
            "area": {line for line in book if areas[line] == name},
        }[kind]
        by_year = [sum(book[line][year] for line in own) for year in range(case.years)]
        wanted = case.amount(next(target[key] for key in ("total", "yearly", "amount") if key in target), 0) - 0.005
        if "total" in target:
            met = sum(by_year) >= wanted
        elif "yearly" in target:
            met = all(amount >= wanted for amount in by_year)
        else:
            met = by_year[target["year"] - case.tree["time"]["first_year"]] >= wanted
        found |= {target["label"]} if met else set()
    return found


def paid_in(case, row, month):
    """Of a budget line in a month, before indexation."""

    def planned(month):
        if not 0 <= month < case.project:
            return 0.0
        year, part = month // 12, case.is_paid(row, month // 12) / 12
        if "-" in str(row.get("once", "")):  # of that month alone
            part = float(row["once"] == f"{case.first_year + year}-{month % 12 + 1:02}")
        places = case.number(case.how["places"], year) if row.get("per_place") else 1
        return case.amount(row["yearly"], year) * case.number(row.get("number", 1), year) * places * part

    later = case.later if case.how.get("costs_wait") else 0
    part = later - math.floor(later)
    return (1 - part) * planned(month - math.floor(later)) + part * planned(month - math.floor(later) - 1)


def provenu(case, months, entered=None, steps=None):
    """The municipality's net saving by year."""
    return [
        sum(amounts) for amounts in zip(*ledger(case, months, entered, steps=steps)["kommune"].values(), strict=True)
    ]


def present_values(case, by_year):
    rate = case.number(case.tree.get("money", {}).get("discount_rate", 0), 0)
    return [amount / (1 + rate) ** k for k, amount in enumerate(by_year)]
