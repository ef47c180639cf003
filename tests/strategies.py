"""Hypothesis strategies of small scenarios that are right by the rules of the file, and a writer of TOML.

Chances lie on a grid of hundredths, so that what is found shrinks to what can be read. Every effect is drawn
within the room that its baseline leaves: no chance leaves [0, 1] and no alternatives sum above 1, in either
arm or any year, unless a climate makes them.
"""

import json
import math
import tomllib
from itertools import pairwise

from hypothesis import strategies as st

ROLES = {
    "voksen": ("kontanthjælp", "i job", "syg", "uddannelse"),
    "barn": ("hjemme", "anbragt", "pleje m.v.", "efterværn"),
    "ung": ("skole", "praktik", "ledig", "18+"),
}
CAPS = {"chance": 1.0, "year-start": 0.95, "yearly": 0.9, "quarterly": 0.6, "monthly": 0.4}
SHAPES = "gamma", "weibull", "lognormal"
RARE = "", "", "", "weeks", "over_time", "drop_out"
KINDS = "entry", "any-month", "year-start", "after_months", "since_arrival"
CALCULATIONS = {
    "{0} * 1": lambda x: x,
    "2 * {0}": lambda x: x / 2,
    "({0} + {0}) / 4": lambda x: 2 * x,
    "-{0}": lambda x: -x,
    "max({0}; {0} - 1)": lambda x: x,
    "min(3 - -{0}; {0}; {0} / 1)": lambda x: x,
}  # what makes a number exactly of another, and that other


@st.composite
def scenarios(
    draw,
    years=4,
    roles=2,
    states=4,
    moves=6,
    types=2,
    families=2.5,
    kinds=KINDS,
    drawn=True,
    money=True,
    least=1,
    ties=False,
    rare=RARE,
):
    """A scenario as `tomllib` gives it.

    years, roles, states and moves of a role, types of family, families of a number: the most of each.
    least: years. ties: whether moves of later roles hang on a member of the first one; then nothing is expected of a life. kinds: of moves; drawn: whether
    the length of a stay may be drawn; money: whether anything costs anything. rare: of what costs many passes over a
    life (refunds by weeks on benefit, effects that change with time, families that drop out), one of these; in
    "all" of them every one. Each alone is quick enough to be found in any test, together they are not.
    """
    years = draw(st.integers(least, years))
    maker = Maker(draw, years, drawn, draw(st.sampled_from(rare)))
    names = list(ROLES)[: draw(st.integers(1, roles))]
    tree = {"format": 1, "title": 'En "lille" sag: æøå', "time": {"first_year": 2019, "years": years}}
    tree["assumptions"] = maker.assumptions
    numbered = [f"type {i + 1}" for i in range(draw(st.integers(1, types)))]
    tree["families"] = {name: maker.family_type(names, families) for name in numbered}
    own = {name: ROLES[name][: draw(st.integers(2, min(states, 4)))] for name in names}
    tree["roles"] = {name: maker.role(own[name], moves, kinds) for name in names}
    if money:
        maker.add_money(tree)
    if maker.may("weeks"):
        for role in tree["roles"].values():
            if maker.sometimes(2):
                maker.add_weeks(role)
    if ties:
        maker.add_ties(tree)
    maker.add_implementation(tree)
    if not maker.assumptions:
        del tree["assumptions"]
    return tree


def _of_each(way, x):
    return [way(item) for item in x] if isinstance(x, list) else way(x)


def hundredths(low, high):
    first, last = math.ceil(round(100 * low, 6)), math.floor(round(100 * high, 6))
    return st.integers(first, last).map(lambda i: i / 100)


def quarters(low, high):
    return st.integers(math.ceil(4 * low), math.floor(4 * high)).map(lambda i: i / 4)


class Maker:
    """Draws the parts of one scenario and gathers the assumptions that they name."""

    def __init__(self, draw, years, drawn, rare):
        self.draw, self.years, self.drawn, self.rare = draw, years, drawn, rare
        self.assumptions, self.plain = {}, False

    def sometimes(self, one_in=3):
        return self.draw(st.integers(1, one_in)) == one_in

    def may(self, rare):
        return self.rare in (rare, "all")

    def named(self, x):
        """x, or the name of an assumption that has this value, or what is calculated with one and comes to exactly this."""
        if not self.sometimes():
            return x
        if self.plain or not self.sometimes():
            return self.assumption(x)
        way = self.draw(st.sampled_from(list(CALCULATIONS)))
        calculation = way.format(f"'{self.assumption(_of_each(CALCULATIONS[way], x))}'")
        return self.assumption(calculation) if self.sometimes() else calculation

    def assumption(self, value):
        name = f"forudsætning {len(self.assumptions) + 1}"
        self.assumptions[name] = {"value": value}
        return name

    def values(self, numbers):
        """(one number or a list by year, the least, the largest)."""
        if self.sometimes():
            xs = self.draw(st.lists(numbers, min_size=1, max_size=self.years))
            return xs, min(xs), max(xs)
        x = self.draw(numbers)
        return x, x, x

    def number(self, numbers):
        return self.named(self.values(numbers)[0])

    def armed(self, numbers, least, most, ways):
        """A number for both arms, one for each, or an effect that keeps the programme's in [least, most]."""
        baseline, low, high = self.values(numbers)
        way = self.draw(st.sampled_from(ways))
        if way == "both":
            return self.named(baseline)
        if way == "programme":
            other = self.number(numbers)
        elif way == "plus":
            other = self.number(hundredths(least - low, most - high))
        elif way == "minus":
            other = self.number(hundredths(high - most, low - least))
        elif way == "times":
            other = self.number(quarters(least / low if low else 0, min(most / high, 3) if high else 3))
        else:
            other = self.number(quarters(0, 3))
        return {"baseline": self.named(baseline), way: other}

    def over_time(self):
        """How an effect changes with the time since entry; all weights are between 0 and 1, so that no effect grows."""
        draw, table = self.draw, {}
        months = st.sampled_from((0.25, 1, 3, 4.5, 6, 12, 17.3))
        begins = 0
        if self.sometimes(2):
            table["lock_in"] = {"months": draw(months), "weight": self.named(draw(quarters(0, 1)))}
            begins = table["lock_in"]["months"]
        if self.sometimes(2):
            begins += draw(months)
            table["begins_after_months"] = begins
        if self.sometimes(2):
            table["half_life_months"] = self.named(draw(st.sampled_from((3, 12, 20, 240))))
        if self.sometimes(2) or not table:
            table["ends_after_months"] = begins + draw(st.sampled_from((1, 5, 12.5, 24)))
        return table

    def changing(self, arms, one_in=3):
        """An effect, which may change with time."""
        if (
            not isinstance(arms, dict)
            or "baseline" not in arms
            or not self.may("over_time")
            or not self.sometimes(one_in)
        ):
            return arms
        return arms | {"over_time": self.over_time()}

    def role(self, states, most_moves, kinds):
        draw = self.draw
        start = self.shares(states) if self.sometimes() else states[0]
        role = {"start": start, "states": {s: {} for s in states}}
        bones = []
        for _ in range(draw(st.integers(0, most_moves))):
            origin, to = draw(st.permutations(states))[:2]
            ends = any(bone[::2] == (origin, "after_months") for bone in bones)
            aged = any(bone[::2] == (origin, "since_arrival") for bone in bones)
            barred = {"after_months": ends or aged, "since_arrival": ends}
            left = [kind for kind in kinds if not barred.get(kind)]
            if left:
                bones.append((origin, to, draw(st.sampled_from(left))))
        if bones:
            role["moves"] = [self.move(*bone, [b[::2] for b in bones].count(bone[::2])) for bone in bones]
        return role

    def shares(self, states):
        """Start shares in eighths: their sum is exact."""
        cuts = sorted(self.draw(st.integers(0, 8)) for _ in states[1:])
        parts = [(b - a) / 8 for a, b in pairwise([0, *cuts, 8])]
        order = self.draw(st.permutations(range(len(states))))
        return {states[i]: parts[i] for i in order if parts[i] > 0}

    def add_weeks(self, role):
        """Refunds by the weeks on benefit: some states are benefits, some self-support."""
        draw = self.draw
        weeks = draw(st.lists(st.sampled_from((2, 4, 10.5, 22, 26, 40)), min_size=1, max_size=3))
        kinds = draw(
            st.lists(
                st.sampled_from(("benefit", "support", "")), min_size=len(role["states"]), max_size=len(role["states"])
            )
        )
        for state, kind in zip(role["states"].values(), ["benefit", *kinds[1:]], strict=True):
            if kind == "benefit":
                state["refusion"] = {
                    "weeks": weeks,
                    "share": [self.number(hundredths(0, 1)) for _ in range(len(weeks) + 1)],
                }
            elif kind == "support":
                state["self_support"] = True
        role["weeks_on_benefit"] = draw(st.sampled_from((0, 3, 17.5, 60)))

    def move(self, origin, to, kind, alternatives):
        move = {"from": origin, "to": to}
        if kind == "after_months":
            return move | {"after_months": self.after_months()}
        ways = ["both", "programme", "plus", "minus", "times"]
        if kind == "since_arrival":
            return self.climate_of(move | {kind: self.since_arrival()})
        if kind == "entry":
            move["at"], key, cap = "entry", "chance", CAPS["chance"]
        elif kind == "year-start":
            move["timing"], key, cap = "year-start", "yearly", CAPS["year-start"]
        else:
            key = self.draw(st.sampled_from(("yearly", "quarterly", "monthly")))
            cap, alternatives, ways = CAPS[key], 1, [*ways, "hazard_ratio"]
            if key == "yearly" and self.sometimes():
                move["timing"] = "any-month"
        cap = math.floor(100 * cap / alternatives) / 100
        move[key] = self.armed(hundredths(0, cap), 0, cap, ways)
        if kind != "entry":
            move[key] = self.changing(move[key])
        return self.climate_of(move)

    def since_arrival(self):
        """Chances one after the other, each for so many months; the last holds on."""
        rows = []
        for _ in range(self.draw(st.integers(1, 3))):
            key = self.draw(st.sampled_from(("yearly", "quarterly", "monthly")))
            numbers = hundredths(0, CAPS[key])
            ways = ("both", "programme", "plus", "minus", "times", "hazard_ratio")
            number = self.changing(self.armed(numbers, 0, CAPS[key], ways))
            rows.append({"months": self.draw(st.integers(1, 14)), key: number})
        del rows[-1]["months"]
        return rows

    def climate_of(self, move):
        """The move, now and then with a climate."""
        if self.sometimes():
            value = self.values(quarters(0, 3))[0]
            name = f"klima {len(self.assumptions) + 1}"
            self.assumptions[name] = {"value": value}
            move["climate"] = f"max(0; '{name}' / 2)" if self.sometimes() else name
        return move

    def after_months(self):
        halves = st.integers(2, 60).map(lambda i: i / 2)
        if not self.drawn or self.sometimes(2):
            return self.changing(self.armed(halves, 1, 60, ["both", "programme", "plus", "minus", "times"]))
        way = self.draw(st.sampled_from(("both", "times", "programme", "programme only", "baseline only")))
        if way == "both":
            return self.length()
        if way == "times":
            return self.changing({"baseline": self.length(), "times": self.number(quarters(0.25, 3))})
        baseline = self.number(halves) if way == "programme only" else self.length()
        programme = self.number(halves) if way == "baseline only" else self.length()
        return {"baseline": baseline, "programme": programme}

    def length(self):
        """A distribution of a stay's length; coefficients of variation are between 0.1 and 2."""
        mean, low, high = self.values(st.integers(2, 30))
        sd = self.draw(st.integers(math.ceil(0.1 * high), 2 * low))
        return {"mean": self.named(mean), "sd": self.named(sd), "shape": self.draw(st.sampled_from(SHAPES))}

    def family_type(self, roles, most):
        draw = self.draw
        members = {role: self.named(draw(hundredths(0, 2))) for role in roles if not self.sometimes(6)}
        table = {"members": members or {roles[0]: 1}}
        numbers = st.one_of(st.integers(0, math.floor(most)), hundredths(0, most))
        if not self.sometimes(4):
            table["enter"] = self.number(numbers)
            if self.sometimes(6):
                table["enter"] = {str(2019 + year): draw(numbers) for year in range(self.years)}
        if self.sometimes(2):
            table["present"] = self.named(draw(numbers))
        if self.sometimes():
            table["arrivals"] = draw(st.sampled_from(("fixed", "poisson")))
        if self.sometimes(2):
            months = st.sampled_from((0, 0.25, 1, 2.5, 6, 7.3, 12, 17.75, 24, 1000))
            table["effect_lasts_months"] = self.named(draw(months))
        if self.sometimes():
            table["entering"] = [self.entering(numbers) for _ in range(draw(st.integers(1, 2)))]
        return table

    def entering(self, numbers):
        year, month = 2019 + self.draw(st.integers(0, self.years - 1)), self.draw(st.integers(1, 12))
        return {"month": f"{year}-{month:02}", "number": self.named(self.draw(numbers))}

    def add_ties(self, tree):
        """Moves of all roles but the first hang on its one member now and then."""
        first, *others = tree["roles"]
        for family in tree["families"].values():
            if first in family["members"]:
                family["members"][first] = self.named(self.draw(hundredths(0, 1)))
        both = [
            role for role in others if any({first, role} <= one["members"].keys() for one in tree["families"].values())
        ]
        for role in both:
            for move in tree["roles"][role].get("moves", []):
                ordinary = move.get("timing") != "year-start" and "at" not in move and "after_months" not in move
                if ordinary and not self.sometimes(4):
                    state = self.draw(st.sampled_from(sorted(tree["roles"][first]["states"])))
                    move["when"] = {"role": first, "state": state, "times": self.number(quarters(0, 4))}

    def add_money(self, tree):
        draw = self.draw
        if self.sometimes():
            rates = {"discount_rate": draw(hundredths(0, 0.06)), "indexation": draw(hundredths(-0.02, 0.05))}
            tree["money"] = {"currency": "DKK", "price_level": 2019} | rates
        if self.sometimes():
            tree["payers"] = ["region", "a-kasse"][: draw(st.integers(1, 2))]
        self.has_index = self.sometimes(2)
        if self.has_index:
            numbers = {"2015": 91.5, "2017": draw(st.integers(80, 120)), "2019": 104.25}
            tree["money"] = tree.get("money", {}) | {"price_level": 2019, "index": numbers}
        if self.sometimes(4):
            tree["money"] = tree.get("money", {}) | {"unit": draw(st.sampled_from(("kr.", "1.000 kr.")))}
            self.plain = True  # of a calculation it must then be known what in it is counted so
        for role in tree["roles"].values():
            role["area"] = "velfærd"  # states of several roles may share a line, and a line has one area
            if self.sometimes():
                role["line"] = draw(st.sampled_from(("ydelser", "fælles linje")))
            for state in role["states"].values():
                if not self.sometimes(4):
                    unit = draw(st.sampled_from(("monthly", "yearly")))
                    state[unit] = self.number(st.integers(0, 50000))
                self.add_prices(state)
                left = 1.0
                if self.sometimes():
                    refusion, _, most = self.values(hundredths(0, 1))
                    state["refusion"], left = self.named(refusion), 1 - most
                for payer in tree.get("payers", []):
                    if self.sometimes(2):
                        share, _, most = self.values(hundredths(0, left))
                        state.setdefault("shares", {})[payer] = self.named(share)
                        left = max(left - most, 0)
                if self.sometimes(5):
                    state["line"] = "fælles linje"
                if self.sometimes(6):
                    state["cashable"] = False
        rows = [self.person_years(tree["roles"], i) for i in range(draw(st.sampled_from((0, 0, 1, 2))))]
        if rows:
            tree["person_years"] = rows
        for section in ("costs", "savings"):
            rows = [self.budget_line(f"{section} {i + 1}") for i in range(draw(st.integers(0, 2)))]
            if rows:
                tree[section] = rows
        if self.sometimes():
            tree["targets"] = [self.target(tree, f"mål {i + 1}") for i in range(draw(st.integers(1, 2)))]
        if self.sometimes():
            tree["financing"] = [self.financing(tree, i) for i in range(draw(st.integers(1, 2)))]

    def target(self, tree, label):
        """Of anything that there is: a total, a line that is no cost, an area, a payer."""
        own = {
            state.get("line", role.get("line", name))
            for name, role in tree["roles"].items()
            for state in role["states"].values()
        }
        own |= {row["label"] for row in tree.get("savings", [])}
        others = [f"payer:{payer}" for payer in ("kommune", "stat", *tree.get("payers", []))]
        known = ["provenu", "savings", "cashable", "area:velfærd", *others, *(f"line:{line}" for line in sorted(own))]
        amount = self.draw(st.integers(-200000, 900000))
        when = self.draw(st.sampled_from(({"total": amount}, {"yearly": amount}, {"year": 2019, "amount": amount})))
        return {"label": label, "of": self.draw(st.sampled_from(known))} | when

    def financing(self, tree, i):
        row = self.budget_line(f"financing {i + 1}")
        row.pop("cashable", None)
        if tree.get("targets") and self.sometimes(2):
            row["when_target"] = self.draw(st.sampled_from(tree["targets"]))["label"]
        return row

    def add_implementation(self, tree):
        """How the programme is carried out; lines for its places among those of the budget."""
        if not self.may("drop_out") and not self.sometimes():
            return
        draw, found = self.draw, {}
        if not self.sometimes(3):
            months = st.sampled_from((0, 0.25, 0.5, 0.7, 1, 3, 5.5, 12, 17.3, 40, 1000))
            found["start_months_later"] = self.named(draw(months))
        if self.sometimes(2):
            found["reached"] = self.number(quarters(0, 1.5))
        if self.may("drop_out") and self.sometimes(2):
            months = st.sampled_from((0, 0.25, 2.5, 6, 12, 1000))
            found["drop_out"] = {
                "share": self.named(draw(quarters(0, 1))),
                "after_months": self.named(draw(months)),
            }
        if self.sometimes(3):
            found["filled"] = self.number(quarters(0.5, 1.25))
        if self.sometimes(2):
            found["costs_wait"] = True
        if self.sometimes(3):
            found["programme_years"] = draw(st.sampled_from((0.25, 0.5, 1, 1.5, 2, 8)))
        lines = [row for key in ("costs", "savings") for row in tree.get(key, []) if "per_family" not in row]
        if lines and self.sometimes(2):
            found["places"] = self.number(st.integers(0, 20))
            lines[0]["per_place"] = True
        tree["implementation"] = found
        if "start_months_later" in found:  # those present come later, and cannot be paid for as such
            for key in ("costs", "savings", "financing"):
                for row in tree.get(key, []):
                    row.pop("counts", None)

    def person_years(self, roles, i):
        role = self.draw(st.sampled_from(list(roles)))
        state = self.draw(st.sampled_from(list(roles[role]["states"])))
        row = {"label": f"årsværk {i + 1}", "role": role, "state": state}
        row["yearly"] = self.number(st.integers(-60000, 60000))
        if self.sometimes(2):
            row["lag_years"] = self.draw(st.integers(0, self.years + 1))
        if self.sometimes():
            row["area"] = "skat"
        if self.sometimes(5):
            row["cashable"] = False
        return row

    def budget_line(self, label):
        row = {"label": label, "yearly": self.number(st.integers(-5000, 900000))}
        if self.sometimes():
            row["number"] = self.number(hundredths(0, 5))
        if self.sometimes():
            row["per_family"] = True
            if self.sometimes(2):
                row["counts"] = "all"
        self.add_prices(row)
        self.add_years(row)
        if self.sometimes():
            row["area"] = "service"
        if self.sometimes(5):
            row["cashable"] = False
        return row

    def add_prices(self, table):
        """Prices of another year, an indexation of its own."""
        if self.has_index and self.sometimes():
            table["price_level"] = self.draw(st.sampled_from((2015, 2017)))
        if self.sometimes(4):
            table["indexation"] = self.named(self.draw(hundredths(-0.02, 0.05)))

    def add_years(self, row):
        """When a line is paid: in all years, mostly."""
        years = st.integers(2019, 2018 + self.years)
        way = self.draw(st.sampled_from(("all", "all", "all", "from", "to", "once", "month", "table")))
        if way == "table":
            chosen = self.draw(st.sets(years, min_size=1))
            row["yearly"] = {str(year): self.draw(st.integers(-5000, 900000)) for year in sorted(chosen)}
        elif way == "to":
            row["to"] = self.draw(years)
        elif way != "all" and not isinstance(row["yearly"], list):
            if way == "from":
                row["from"] = self.draw(years)
            elif "per_family" not in row:
                year = self.draw(years)
                row["once"] = f"{year}-{self.draw(st.integers(1, 12)):02}" if way == "month" else year


# ---- TOML


def to_toml(tree):
    """The text of a tree: every key in quotes, tables deeper than `families.NAME` inline, but `states`."""
    text = "\n".join(_table(tree, ())) + "\n"
    assert tomllib.loads(text) == tree
    return text


def _table(table, path):
    deeper = {key: x for key, x in table.items() if _has_header(x, (*path, key))}
    yield from (f"{_text(key)} = {_inline(x)}" for key, x in table.items() if key not in deeper)
    for key, x in deeper.items():
        header = ".".join(map(_text, (*path, key)))
        for row in x if isinstance(x, list) else [x]:
            yield f"\n[[{header}]]" if isinstance(x, list) else f"\n[{header}]"
            yield from _table(row, (*path, key))


def _has_header(x, path):
    if isinstance(x, list):
        return bool(x) and all(isinstance(row, dict) for row in x)
    return isinstance(x, dict) and (len(path) <= 2 or path[-1] == "states") and path[-1] != "uncertainty"


def _inline(x):
    if isinstance(x, dict):
        return "{ " + ", ".join(f"{_text(key)} = {_inline(y)}" for key, y in x.items()) + " }"
    if isinstance(x, list):
        return "[" + ", ".join(map(_inline, x)) + "]"
    if isinstance(x, bool):
        return str(x).lower()
    return _text(x) if isinstance(x, str) else repr(x)


def _text(x):
    return json.dumps(x, ensure_ascii=False)
