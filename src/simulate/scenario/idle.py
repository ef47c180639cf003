"""What of a scenario can change no figure, and why: decided by its structure, not by computing it.

A number *can be* something where it is not 0 in every year of the horizon, or is uncertain. Who can be where follows from that: which
families come, who is in them, which states they reach, and what the programme can change there. What is left over does nothing.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from simulate.content import Sentence
from simulate.locale import text
from simulate.scenario import over_time, paths, queries
from simulate.scenario.expressions import Expression, Name
from simulate.scenario.paths import Path
from simulate.scenario.queries import EFFECTS, STATED, Use, implementations, rates_of, roots, uses
from simulate.scenario.schema import (
    Arms,
    BudgetLine,
    Family,
    Implementation,
    Move,
    OverTime,
    PersonYearLine,
    Role,
    Scenario,
    StayArms,
    When,
)
from simulate.scenario.values import Value

Found = Iterator[tuple[Path, str]]

MOST_PLACES = 3  # that a message names
OF_LIVES = ("assumptions", "correlations", "roles")
"""Where all that is said follows from it, if nobody is in any state; so does what is said of how long an effect lasts."""


def warnings(scenario: Scenario) -> Found:
    """What does nothing, and what is written as if it did something and says that nothing happens."""
    reachable = Reachable(scenario)
    nobody = list(_nobody(reachable))
    yield from nobody
    for path, why in nothing(scenario):
        if not nobody or (path[0] not in OF_LIVES and path[-1] != "effect_lasts_months"):
            yield _to_mend(path), why
    yield from _hollow(reachable)


def nothing(scenario: Scenario) -> Found:
    """The places whose numbers change no figure, whatever they are, and why."""
    idle = list(_places_idle(Reachable(scenario)))
    yield from idle
    yield from _assumptions(scenario, {path for path, _ in idle})


def _to_mend(path: Path) -> Path:
    """Where it is told: of a line that is 0 at the 0 itself, and not at what it is multiplied by."""
    other = {"number": "yearly", "yearly": "number"}.get(str(path[-1])) if path[0] in STATED else None
    return path if other is None else (*path[:-1], other)


def _nobody(reachable: "Reachable") -> Found:
    """Roles of which nobody has any: one cause, which is told in place of all that follows from it."""
    families = reachable.scenario.families
    if not reachable.scenario.roles or reachable.roles or not all(map(reachable.is_reached, families.values())):
        return
    coming = [name for name, one in families.items() if reachable.comes(one)]
    if not families:
        yield ("families",), text("there is no type of family, so nobody is in any state, and nothing of roles, moves and what they are made of changes a figure")  # fmt: skip
    elif not coming:
        yield ("families", next(iter(families)), "enter"), text("nobody of any type is present or enters, so nobody is in any state, and nothing of roles, moves and what they are made of changes a figure")  # fmt: skip
    else:
        yield ("families", coming[0], "members"), text("no type that comes has members, so nobody is in any state, and nothing of roles, moves and what they are made of changes a figure")  # fmt: skip


class Reachable:
    """Who and what of a scenario can be there at all."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def can_be(self, value: Value | None) -> bool:
        """Whether a number may be something else than 0 within the horizon."""
        return value is not None and not self.always(value, 0.0)

    def always(self, value: Value, number: float) -> bool:
        """Whether a number is certain to be this one in every year."""
        items = value[: self.scenario.time.years] if isinstance(value, tuple) else (value,)
        return all(self._is(item, number) for item in items)

    def _is(self, item: Value, number: float) -> bool:
        if isinstance(item, Expression):
            years = queries.years(self.scenario)
            same = all(queries.at_year(item, year, self.scenario) == number for year in years)
            return same and queries.is_certain(item, self.scenario)
        if not isinstance(item, Name):
            return item == number
        one = self.scenario.assumptions[item]
        return queries.is_certain(item, self.scenario) and self.always(one.value, number)

    def enters(self, family: Family) -> bool:
        """Whether such families enter during the horizon; those present at its start do not."""
        planned = self.can_be(family.enter) or any(self.can_be(row.number) for row in family.entering)
        return planned and self.is_reached(family)

    def comes(self, family: Family) -> bool:
        return (self.can_be(family.present) and self.is_reached(family)) or self.enters(family)

    def is_reached(self, family: Family) -> bool:
        """Whether any of the planned families come, as the programme is carried out."""
        one = implementations(self.scenario).get(family.part or "")
        shares = () if one is None else (one[1].reached, one[1].filled)
        return all(share is None or self.can_be(share) for share in shares)

    def has_members(self, family: Family) -> bool:
        return any(self.can_be(number) for number in family.members.values())

    def of_role(self, role: str) -> list[Family]:
        """The families that come and have members of the role."""
        families = self.scenario.families.values()
        return [one for one in families if self.comes(one) and self.can_be(one.members.get(role))]

    @cached_property
    def roles(self) -> "dict[str, Whereabouts]":
        """Of the roles that somebody has."""
        found = {}
        for name, role in self.scenario.roles.items():
            families = self.of_role(name)
            if families:
                lasting = any(
                    one.effect_lasts_months is None or self.can_be(one.effect_lasts_months) for one in families
                )
                found[name] = Whereabouts(self, role, lasting, self.longest(families))
        return found

    def longest(self, families: Iterable[Family]) -> float:
        """Months after entry for which somebody is followed and may have an effect."""
        lasts = [one.effect_lasts_months for one in families]
        return min(
            12.0 * self.scenario.time.years,
            max(float(months) if isinstance(months, float) else math.inf for months in lasts),
        )

    def counted_types(self, line: BudgetLine) -> list[str]:
        """The types of family of which any is counted on a line: that enters, or is there at the start, in a year in which it is paid."""
        of = self.scenario.families if line.families is None else line.families
        families = {name: self.scenario.families[name] for name in of if name in self.scenario.families}
        paid = queries.paid_years(self.scenario, line)
        return [name for name, one in families.items() if self._is_counted(one, line, paid)]

    def _is_counted(self, family: Family, line: BudgetLine, paid: Sequence[bool]) -> bool:
        first = self.scenario.time.first_year
        enter = any(self._is_in(family.enter, year) for year, is_paid in enumerate(paid) if is_paid)
        rows = (row for row in family.entering if self.can_be(row.number))
        present = line.counts == "all" and paid[0] and self.can_be(family.present)
        return enter or present or any(paid[int(row.month[:4]) - first] for row in rows)

    def _is_in(self, value: Value, year: int) -> bool:
        """Whether a number may be something else than 0 in a year."""
        item = value[min(year, len(value) - 1)] if isinstance(value, tuple) else value
        if not isinstance(item, Name):
            return item != 0
        one = self.scenario.assumptions[item]
        return one.uncertainty is not None or self._is_in(one.value, year)


class Whereabouts:
    """Where the people of one role can be. lasting: whether an effect lasts for any of them; longest: for how many months at most."""

    def __init__(self, reachable: Reachable, role: Role, lasting: bool, longest: float) -> None:
        self.reachable, self.role, self.lasting, self.longest = reachable, role, lasting, longest

    @cached_property
    def starts(self) -> set[str]:
        return {state for state, share in self.role.start.items() if self.reachable.can_be(share)}

    @cached_property
    def states(self) -> set[str]:
        """Where somebody can be."""
        entry = [move for move in self.role.moves if move.at == "entry" and self.can_happen(move)]
        return self._onward(self.starts | {move.to for move in entry if move.origin in self.starts})

    def _onward(self, states: set[str]) -> set[str]:
        """These states and all that moves after entry lead to from them."""
        found, rows = set(states), [move for move in self.role.moves if move.at is None and self.can_happen(move)]
        while True:
            further = {move.to for move in rows if move.origin in found} - found
            if not further:
                return found
            found |= further

    def can_happen(self, move: Move) -> bool:
        """Whether a move has a chance in either arm, wherever its state is."""
        stilled = move.climate is not None and not self.reachable.can_be(move.climate)
        return not stilled and self.has_chance(move)

    def has_chance(self, move: Move) -> bool:
        """The same in a climate that lets it happen."""
        numbers = [
            (arms.both, arms.baseline, arms.programme, arms.plus, arms.minus)
            for _, arms in self.armed(move)
            if isinstance(arms, Arms)
        ]
        return move.after_months is not None or any(self.reachable.can_be(one) for each in numbers for one in each)

    def armed(self, move: Move) -> list[tuple[Path, Arms | StayArms]]:
        """Every number of a move that may be another in each arm, and where it stands under it; not what holds beyond the horizon alone."""
        if move.after_months is not None:
            return [(("after_months",), move.after_months)]
        months = 12 * self.reachable.scenario.time.years
        return [(rate.path, rate.arms) for rate in rates_of(move) if rate.begin < months]

    def met(self, move: Move) -> bool:
        """Whether somebody meets it."""
        if move.at == "entry":
            return move.origin in self.starts
        if move.timing == "year-start" and self.reachable.scenario.time.years == 1:  # there is no later 1 January
            return any(
                other.to == move.origin and other.timing is None and self.lived(other) for other in self.role.moves
            )
        return move.origin in self.states

    def lived(self, move: Move) -> bool:
        return self.can_happen(move) and (
            move.origin in self.starts if move.at == "entry" else move.origin in self.states
        )

    def has_effect(self, move: Move) -> bool:
        """Whether the programme can change it."""
        if not (self.lived(move) and self.met(move)):
            return False
        if move.when is not None and self.follows(move.when):
            return True
        return self.lasting and not all(_says_no_effect(arms, self.reachable) for _, arms in self.armed(move))

    def follows(self, when: When) -> bool:
        """Whether the programme changes it by what it does to another member of the family."""
        other = self.reachable.roles.get(when.role)
        return other is not None and when.state in other.changed and not self.reachable.always(when.times, 1.0)

    @cached_property
    def changed(self) -> set[str]:
        """The states in which the programme can make more or fewer."""
        found: set[str] = set()
        for move in self.role.moves:
            if self.has_effect(move):
                found |= {move.origin, move.to}
                if move.at == "entry":  # alternatives that together would pass 1 are cut back together
                    found |= {
                        other.to for other in self.role.moves if other.at == "entry" and other.origin == move.origin
                    }
        return self._onward(found)

    def at_entry_only(self, move: Move) -> bool:
        """Whether its number is asked at the moment of entry alone."""
        if move.after_months is None:
            return move.at == "entry"
        return not any(
            other.to == move.origin and other.at is None and self.lived(other) for other in self.role.moves
        )  # the length of a stay is that of its first day


def _says_no_effect(arms: Arms | StayArms, reachable: Reachable) -> bool:
    """Whether both arms have one number, whatever comes."""
    if arms.both is not None:
        return True
    if arms.programme is not None:
        return bool(arms.programme == arms.baseline)
    if arms.plus is not None:
        return not reachable.can_be(arms.plus)
    if arms.minus is not None:
        return not reachable.can_be(arms.minus)
    if isinstance(arms, Arms) and not reachable.can_be(arms.baseline):
        return True
    factor = arms.times if arms.times is not None else getattr(arms, "hazard_ratio", None)
    return factor is None or reachable.always(factor, 1.0)


# What changes no figure ----------------------------------------------------------------------------------------------


def _places_idle(reachable: Reachable) -> Found:
    for name, family in reachable.scenario.families.items():
        yield from _family(reachable, ("families", name), family)
    for name, role in reachable.scenario.roles.items():
        lives = reachable.roles.get(name)
        if lives is None:
            yield ("roles", name), text("none of those who come have members of this role, so nothing in it counts")
        else:
            yield from _role(lives, ("roles", name), role)
    for key in STATED:
        for i, line in enumerate(getattr(reachable.scenario, key)):
            yield from _line(reachable, (key, i), line)
    for part, (path, carried) in implementations(reachable.scenario).items():
        yield from _implementation(reachable, path, part, carried)
    for i, one in enumerate(reachable.scenario.person_years):
        yield from _person_years(reachable, ("person_years", i), one)
    yield from _rates(reachable)
    for i, payer in enumerate(reachable.scenario.payers):
        if not any(
            payer in state.shares for role in reachable.scenario.roles.values() for state in role.states.values()
        ):
            yield (
                ("payers", i),
                text("{payer} bears a share of no price: no state has it in `shares`", payer=f'"{payer}"'),
            )


def _implementation(reachable: Reachable, path: Path, part: str, one: Implementation) -> Found:
    """What of how a programme is carried out is as planned, or cannot be seen."""
    scenario = reachable.scenario
    lines = [line for line in (*scenario.costs, *scenario.savings) if (line.part or "") == part]
    waits = one.start_months_later is not None and reachable.can_be(one.start_months_later)
    for key in ("reached", "filled"):
        share = getattr(one, key)
        if share is not None and reachable.always(share, 1.0):
            yield (*path, key), text("1 times the planned families are the planned families")
    if one.start_months_later is not None and not waits:
        yield (*path, "start_months_later"), text("0 months later is as planned")
    if one.costs_wait and not waits:
        yield (*path, "costs_wait"), text("the programme begins as planned, so no cost has to wait")
    elif one.costs_wait and all(line.per_family for line in lines):
        yield (*path, "costs_wait"), text("no line of the budget is paid by the month, so none has to wait")
    if one.places is not None and not any(line.per_place for line in lines):
        yield (*path, "places"), text("no line of the budget has `per_place = true`, so no cost follows the places")
    if one.programme_years is not None and one.programme_years >= scenario.time.years:
        yield (*path, "programme_years"), text("the horizon ends before the project does")
    if one.drop_out is not None:
        yield from _drop_out(reachable, path, part, one)


def _drop_out(reachable: Reachable, path: Path, part: str, one: Implementation) -> Found:
    assert one.drop_out is not None
    if not reachable.can_be(one.drop_out.share):
        yield (*path, "drop_out"), text("a share of 0: nobody drops out")
        return
    families = [one for one in reachable.scenario.families.values() if (one.part or "") == part]
    roles = {role for family in families if reachable.comes(family) for role in family.members}
    lives = [reachable.roles[role] for role in roles if role in reachable.roles]
    acting = [(lived, move) for lived in lives for move in lived.role.moves if lived.has_effect(move)]
    if not acting:
        yield (*path, "drop_out"), text("the programme has no effect that those who drop out could lose")
    elif reachable.can_be(one.drop_out.after_months) and all(lived.at_entry_only(move) for lived, move in acting):
        said = text(
            "every effect comes at the moment of entry, so it changes nothing that families drop out later: nothing is taken back. With "
            "`after_months = 0` they never have the effect"
        )
        yield (*path, "drop_out"), said


def _family(reachable: Reachable, path: Path, family: Family) -> Found:
    lasts = family.effect_lasts_months
    for i, row in enumerate(family.entering):
        year, month = map(int, row.month.split("-"))
        months = 12 * (year - reachable.scenario.time.first_year) + month - 1
        if months >= queries.planned_months(reachable.scenario, family.part):
            yield (
                (*path, "entering", i),
                text("the project has ended by then (`programme_years`), so these families never come"),
            )
    if not reachable.comes(family):
        told = text("nobody of this type is present or enters, so this counts for nothing")
        yield from (((*path, key), told) for key in ("members", "effect_lasts_months") if getattr(family, key))
        return
    if not reachable.has_members(family):
        yield from _without_members(reachable, path, family)
    elif lasts is not None and reachable.can_be(lasts):
        lives = [reachable.roles[role] for role in family.members if role in reachable.roles]
        acting = [(one, move) for one in lives for move in one.role.moves if one.has_effect(move)]
        if not acting:
            said = text("the programme has no effect on those of this type that could last")
            yield (*path, "effect_lasts_months"), said
        elif all(one.at_entry_only(move) for one, move in acting):
            said = text(
                "every effect on those of this type comes at the moment of entry, so it changes nothing how long an effect lasts: "
                "nothing is taken back when it ends"
            )
            yield (*path, "effect_lasts_months"), said


def _without_members(reachable: Reachable, path: Path, family: Family) -> Found:
    """Families in which nobody is: an amount for each of them may count those who enter."""
    rows = [row for key in STATED for row in getattr(reachable.scenario, key)]
    counted = [row for row in rows if row.per_family and (row.families is None or path[1] in row.families)]
    told = text("this type has no members, and no line of the budget has an amount for each of them that enters")
    if family.effect_lasts_months is not None:
        yield (*path, "effect_lasts_months"), text("this type has no members on whom an effect could last")
    paying = [row for row in counted if reachable.can_be(row.yearly) and reachable.can_be(row.number)]
    if reachable.can_be(family.present) and not any(row.counts == "all" for row in paying):
        yield (*path, "present"), told
    if paying:
        return
    if reachable.can_be(family.enter):
        yield (*path, "enter"), told
    yield from (((*path, "entering", i), told) for i in range(len(family.entering)))


def _role(lives: Whereabouts, path: Path, role: Role) -> Found:
    mentioned = {state for move in role.moves for state in (move.origin, move.to)} | role.start.keys()
    for name in role.states:
        if name not in mentioned:
            yield (*path, "states", name), text("no move mentions this state, and nobody starts in it")
        elif name not in lives.states:
            yield (*path, "states", name), text("nobody comes into this state: nobody starts in it, and no move that can happen leads to it")  # fmt: skip
    for i, move in enumerate(role.moves):
        yield from _move(lives, (*path, "moves", i), move)
    yield from _prices(lives, path, role)


def _move(lives: Whereabouts, path: Path, move: Move) -> Found:
    if move.at == "entry" and move.origin not in lives.starts:
        yield path, text("a move at entry is for those who start in {state}, and nobody does", state=move.origin)
    elif move.origin not in lives.states:
        yield path, text("nobody is ever in {state}, so this move does nothing", state=move.origin)
    elif not lives.met(move):
        yield path, text("nobody is in {state} on a later 1 January of the horizon, so this move does nothing", state=move.origin)  # fmt: skip
    else:
        yield from _effect(lives, path, move)
        yield from _rows(lives, path, move)
        yield from _when(lives, path, move)
        if move.climate is not None and not lives.has_chance(move):
            yield (
                (*path, "climate"),
                text("the chance is 0 with and without the programme, and so it is in any climate"),
            )


def _effect(lives: Whereabouts, path: Path, move: Move) -> Found:
    """An effect that has nothing to act on."""
    for steps, arms in lives.armed(move):
        given = next((one for one in EFFECTS if getattr(arms, one, None) is not None), None)
        if given is None:
            continue
        if not lives.lasting:
            yield (*path, *steps, given), text("the effect lasts 0 months for all who could have it")
        elif (
            given in ("times", "hazard_ratio") and isinstance(arms, Arms) and not lives.reachable.can_be(arms.baseline)
        ):
            yield (
                (*path, *steps, given),
                text("`baseline` is 0, and so is the programme's number, whatever stands here"),
            )


def _when(lives: Whereabouts, path: Path, move: Move) -> Found:
    """What hangs on a member who is nowhere, or makes no difference."""
    if move.when is None:
        return
    other = lives.reachable.roles.get(move.when.role)
    if other is None or move.when.state not in other.states:
        said = text("no {role} is ever in {state}, so nothing hangs on it", role=move.when.role, state=move.when.state)
        yield (*path, "when"), said
    elif lives.reachable.always(move.when.times, 1.0):
        yield (*path, "when"), text("a factor of 1 changes nothing")


def _rows(lives: Whereabouts, path: Path, move: Move) -> Found:
    """Chances by the time since arrival that nobody meets."""
    begin, months = 0, 12 * lives.reachable.scenario.time.years
    for i, row in enumerate(move.since_arrival or ()):
        if begin >= months:
            yield (
                (*path, "since_arrival", i),
                text("no stay lasts so long within the horizon, so this row does nothing"),
            )
        begin += row.months or 0


def _prices(lives: Whereabouts, path: Path, role: Role) -> Found:
    """Prices of states in which the programme makes neither more nor fewer."""
    can_be = lives.reachable.can_be
    priced = [name for name, one in role.states.items() if can_be(one.monthly) or can_be(one.yearly)]
    same = [name for name in priced if name in lives.states and name not in lives.changed]
    if same and not lives.changed:
        yield (*path, "states"), text(
            "the programme changes nothing for this role: no move that can happen has another number with it than without, so the prices "
            "save and cost nothing but by luck"
        )  # fmt: skip
    else:
        said = text("the programme makes neither more nor fewer in this state, so its price saves and costs nothing but by luck")  # fmt: skip
        yield from (((*path, "states", name), said) for name in same)
    for name, state in role.states.items():
        if name in lives.states and name not in priced and any(map(can_be, state.refusion.by_steps)):
            yield (*path, "states", name, "refusion"), text("the price is 0, so there is nothing that the state refunds")  # fmt: skip
        for payer, share in state.shares.items():
            if name in lives.states and name not in priced and can_be(share):
                yield (
                    (*path, "states", name, "shares", payer),
                    text("the price is 0, so there is nothing of it to bear"),
                )


def _line(reachable: Reachable, path: Path, line: BudgetLine) -> Found:
    if line.cashable is False and path[0] == "costs":
        yield (*path, "cashable"), text("`cashable` is of savings; a cost always counts")
    if queries.first_month(reachable.scenario, line) >= queries.planned_months(reachable.scenario, line.part):
        yield path, text("the project has ended by then (`programme_years`), so nothing of this is ever paid")
        return
    if line.per_family and not reachable.counted_types(line):
        if reachable.can_be(line.yearly) and reachable.can_be(line.number):
            yield path, _hits_nobody(reachable, line)
        return
    if line.counts == "all" and line.per_family:
        yield from _counts_all(reachable, (*path, "counts"), line)
    first = [year for year, is_paid in enumerate(queries.paid_years(reachable.scenario, line)) if is_paid] == [0]
    if first and line.indexation is not None and reachable.can_be(line.indexation):
        yield (
            (*path, "indexation"),
            text("it counts from the second year on, and this amount is paid in the first alone"),
        )
    if not reachable.can_be(line.number) and reachable.can_be(line.yearly):
        yield (*path, "yearly"), text("`number` is 0 in every year, so this line is 0")
    if not reachable.can_be(line.yearly) and not reachable.always(line.number, 1.0) and reachable.can_be(line.number):
        yield (*path, "number"), text("`yearly` is 0 in every year, so this line is 0")


def _hits_nobody(reachable: Reachable, line: BudgetLine) -> Sentence:
    if line.counts == "entering":
        all_of_them = line.model_copy(update={"counts": "all"})
        if reachable.counted_types(all_of_them):
            return text(
                "the amount is for each family that enters during the horizon, and none does, so this line is 0: those present at its start are "
                'counted with `counts = "all"`'
            )  # fmt: skip
    return text("the amount is for each family, and none comes in the years in which it is paid, so this line is 0")


def _counts_all(reachable: Reachable, path: Path, line: BudgetLine) -> Found:
    """Those present at the start are counted, where there are any and they are paid for."""
    of = reachable.scenario.families if line.families is None else line.families
    present = [name for name in of if reachable.can_be(reachable.scenario.families[name].present)]
    if not present:
        yield path, text("no family is present at the start, so only those are counted that enter")
    elif not queries.paid_years(reachable.scenario, line)[0]:
        yield path, text("those present at the start are paid for in the first year, and this line pays nothing in it")


def _person_years(reachable: Reachable, path: Path, line: PersonYearLine) -> Found:
    scenario, lives = reachable.scenario, reachable.roles.get(line.role)
    if line.role not in scenario.roles or line.state not in scenario.roles[line.role].states:
        return  # which is an error
    if lives is None or line.state not in lives.states:
        yield path, text("nobody is ever in {state}, so this line is 0", state=line.state)
    elif line.lag_years >= scenario.time.years:
        yield path, text(
            "{lag} years later is after the horizon of {years} years, whenever a person-year is, so nothing of this line is counted",
            lag=line.lag_years, years=scenario.time.years,
        )  # fmt: skip
    elif line.state not in lives.changed:
        yield path, text("the programme makes neither more nor fewer in this state, so this line is 0 but by luck")


def _rates(reachable: Reachable) -> Found:
    for key in ("indexation", "discount_rate"):
        if reachable.scenario.time.years == 1 and reachable.can_be(getattr(reachable.scenario.money, key)):
            yield ("money", key), text("it counts from the second year on, and the horizon has one")


# Assumptions that only such places use -------------------------------------------------------------------------------


def _assumptions(scenario: Scenario, idle: set[Path]) -> Found:
    places = _places(scenario)
    dead = set()
    for name, one in scenario.assumptions.items():
        used = places.get(name, [])
        if not any(_is_live(path, idle) for path in used):
            dead.add(name)
            yield ("assumptions", name), _only_there(used, scenario)
        elif one.persistence and one.each_year and scenario.time.years == 1:
            yield ("assumptions", name, "persistence"), text("the horizon has one year, and no year before it to be tied to")  # fmt: skip
    for i, pair in enumerate(scenario.correlations):
        for name in dict.fromkeys(pair.between):
            if name in dead:
                yield ("correlations", i), text("{name} changes nothing, so it changes nothing that another goes with it", name=name)  # fmt: skip


def _places(scenario: Scenario) -> dict[str, list[Path]]:
    """Where each assumption is used within the horizon."""
    found: dict[str, list[Path]] = {}
    for use in uses(scenario):
        for name in roots(_within(use, scenario), scenario):
            found.setdefault(name, []).append(use.path)
    return found


def _within(use: Use, scenario: Scenario) -> Value:
    value: Value = use.value
    return value[: scenario.time.years] if isinstance(value, tuple) else value


def _is_live(path: Path, idle: set[Path]) -> bool:
    return not any(path[:n] in idle for n in range(1, len(path) + 1))


def _only_there(used: list[Path], scenario: Scenario) -> str:
    if not used:
        return text("nothing uses this assumption")
    written = [paths.written(path, scenario.model_dump(by_alias=True)) for path in used[:MOST_PLACES]]
    return text(
        "it is used only where it changes nothing: {places}",
        places=", ".join(written) + (", ..." if len(used) > MOST_PLACES else ""),
    )


# What says that nothing happens --------------------------------------------------------------------------------------


def _hollow(reachable: Reachable) -> Found:
    for path, one in implementations(reachable.scenario).values():
        if not one.model_fields_set - {"source", "note"}:
            yield path, text("nothing is said here: the programme is carried out as planned")
    for name, family in reachable.scenario.families.items():
        for i, row in enumerate(family.entering):
            if not reachable.can_be(row.number):
                yield ("families", name, "entering", i), text("this row adds nobody")
    for name, lives in reachable.roles.items():
        for i, move in enumerate(lives.role.moves):
            yield from _no_effect(lives, ("roles", name, "moves", i), move)
            yield from _over_time(lives, ("roles", name, "moves", i), move)
    for key in STATED:
        for i, line in enumerate(getattr(reachable.scenario, key)):
            yield from _types(reachable, (key, i, "families"), line)
    for i, pair in enumerate(reachable.scenario.correlations):
        if pair.rank == 0:
            yield ("correlations", i, "rank"), text("0 is what two assumptions have that are not named together")


def _no_effect(lives: Whereabouts, path: Path, move: Move) -> Found:
    """Two arms that are written out and alike."""
    if not (lives.can_happen(move) and lives.met(move)):
        return
    for steps, arms in lives.armed(move):
        nothing_to_act_on = isinstance(arms, Arms) and not lives.reachable.can_be(arms.baseline)
        if (
            arms.both is None
            and _says_no_effect(arms, lives.reachable)
            and not (nothing_to_act_on and arms.programme is None and arms.plus is None and arms.minus is None)
        ):
            yield (*path, *steps), text("the number is the same with and without the programme: this is no effect")


def _over_time(lives: Whereabouts, path: Path, move: Move) -> Found:
    """Of an effect that changes with the time since entry, what never comes or is over at once."""
    for steps, shape in over_time.shapes(move) if lives.has_effect(move) else ():
        yield from _changes(lives, (*path, *steps), move, shape)


def _changes(lives: Whereabouts, here: Path, move: Move, shape: OverTime) -> Found:
    if move.after_months is not None and lives.at_entry_only(move):
        yield here, text("every stay here begins at entry and has the length of that day, so nothing changes with time")
        return
    begin, lock_in = over_time.begins(shape) / 2, over_time.lock_in_ends(shape) / 2
    if shape.begins_after_months is not None and begin == 0:
        yield (*here, "begins_after_months"), text("0 months after entry is at once, as it is without this")
    if shape.lock_in is not None and lock_in == 0:
        yield (*here, "lock_in"), text("it lasts 0 months and changes nothing")
    if begin >= lives.longest:
        yield here, text("the effect never begins: nobody has it, or is followed, for more than {months:g} months after entry", months=lives.longest)  # fmt: skip
    elif shape.ends_after_months is not None and over_time.halves(shape.ends_after_months) / 2 >= lives.longest:
        yield (*here, "ends_after_months"), text(
            "nobody has the effect, or is followed, for more than {months:g} months after entry, so this changes nothing",
            months=lives.longest,
        )  # fmt: skip


def _types(reachable: Reachable, path: Path, line: BudgetLine) -> Found:
    """Types of family that a line names and never counts, where it counts others."""
    counted = reachable.counted_types(line) if line.per_family and line.families is not None else []
    if counted:
        for i, name in enumerate(line.families or ()):
            if name not in counted:
                yield (*path, i), text("nobody of the type {name} enters during the horizon", name=name)
