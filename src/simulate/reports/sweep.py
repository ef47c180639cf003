"""Sweeps in words: what one comes to, what was made, and a table of it with the frontier and a heat map."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from simulate.answers.base import Estimate
from simulate.answers.sweep import Crossing, Dimension, Grid, Head, Sweep, SweepPlan, SweepShow, Value
from simulate.content import BREAK, Cell, Figure, Heading, HeatMap, Part, Row, Sentence, Table, Unit, joined, note, row
from simulate.figures import chance as chance_shown
from simulate.figures import (
    currency_sign,
    half_width,
    kroner,
    margin,
    margin_points,
    number,
    per_cent_sign,
    percent,
    plain,
    short,
    unit,
)
from simulate.locale import plural, text
from simulate.reports.run import FEWEST
from simulate.reports.words import ALMOST, changes, name_of

SHADES = "·░▒▓█"
EMPTY = "x"
UNITS: dict[str, Unit] = {"1": "share", "person-years": "count"}
MOST_REFUSED = 5
CENTS = 2  # decimals that an amount has
MOST_DECIMALS = 6
MOST_SCENARIOS = 10  # whose values are told


def plan(answer: SweepPlan) -> Iterator[Part]:
    """Before anything is made."""
    yield from _heading(answer)
    yield _size(answer)
    yield _varied(answer)
    yield BREAK
    yield _lives(answer)
    yield plural(
        "It takes about {time}: {cell} for a cell, as measured, one at a time.",
        "It takes about {time}: {cell} for a cell, as measured, {workers} at a time.",
        answer.workers, time=duration(answer.seconds), cell=duration(answer.cell_seconds), workers=answer.workers,
    )  # fmt: skip
    if answer.money_seconds is not None:
        yield text("One more cell of the same lives takes {time}.", time=duration(answer.money_seconds))
    yield text(
        "On the disk: about {journal} while it is made, and {table} for the table.",
        journal=size(answer.journal_bytes), table=size(answer.table_bytes),
    )  # fmt: skip


def made(answer: Sweep) -> Iterator[Part]:
    """What was made."""
    yield from _heading(answer)
    yield plural("{cells} cell, in {file}.", "{cells} cells, in {file}.", answer.cells, cells=number(answer.cells), file=answer.out)  # fmt: skip
    if answer.empty:
        yield plural("{n} of them is empty.", "{n} of them are empty.", answer.empty, n=number(answer.empty))
    if answer.grid is not None:
        yield BREAK
        yield from grid(answer.grid, answer)


def show(answer: SweepShow) -> Iterator[Part]:
    """A table of a sweep that was made."""
    yield from _heading(answer)
    yield from refused(answer)
    yield from grid(answer.grid, answer)
    yield BREAK
    yield from heat_map(answer.grid, answer)


def _heading(answer: Head) -> Iterator[Part]:
    titles = list(dict.fromkeys(one.title for one in answer.scenarios))
    words = answer.title or ", ".join(titles[:3]) + (" ..." if len(titles) > 3 else "")
    yield Heading(text("Sweep: {title}", title=words))
    yield BREAK
    yield from _changes(answer)


def _changes(answer: Head) -> Iterator[Sentence]:
    """What was changed of the scenarios before anything was varied; of each by its name where they differ."""
    first = answer.scenarios[0].set
    if all(one.set == first for one in answer.scenarios):
        yield from changes(first)
        return
    for one in answer.scenarios:
        if one.set:
            yield text("Changed in {scenario}: {changes}", scenario=one.name, changes="; ".join(one.set))
    yield BREAK


def _is_changed(answer: Head) -> bool:
    return any(one.set for one in answer.scenarios)


# What it comes to -----------------------------------------------------------------------------------------------------


def _size(answer: SweepPlan) -> Sentence:
    scenarios = len(answer.scenarios)
    n = answer.cells - scenarios
    said = plural("{n} cell", "{n} cells", n, n=number(n))
    lengths = [*([scenarios] if scenarios > 1 else []), *(len(one.values) for one in answer.varied)]
    if answer.rows is not None:
        said = text("{n} (rows of the file)", n=said)
    elif len(lengths) > 1:
        said = text("{n} ({product})", n=said, product=joined((number(one) for one in lengths), " × "))
    if _is_changed(answer):
        return plural("{cells}, and the scenario with the changes.", "{cells}, and the {scenarios} scenarios with the changes.", scenarios, cells=said, scenarios=scenarios)  # fmt: skip
    return plural("{cells}, and the scenario as it stands.", "{cells}, and the {scenarios} scenarios as they stand.", scenarios, cells=said, scenarios=scenarios)  # fmt: skip


def _varied(answer: Head) -> Table:
    rows = [row(named(one), number(len(set(one.values))), _ends(one)) for one in answer.varied]
    return Table([text("Varied"), text("Values"), ""], rows)


def _ends(one: Dimension) -> Sentence:
    if len(one.values) <= 4:
        return joined((value(one, each) for each in one.values), "; ")
    return text("{first} to {last}", first=value(one, one.values[0]), last=value(one, one.values[-1]))


def _lives(answer: SweepPlan) -> Sentence:
    if answer.lives == answer.cells:
        return text("Each cell has lives of its own.")
    return text("Lives are lived {lives} times: cells that differ in money alone value the same ones.", lives=number(answer.lives))  # fmt: skip


def duration(seconds: float) -> Sentence:
    """As people say it."""
    said: str
    if seconds < 0.1:
        n = max(1.0, round(1000 * seconds))
        said = plural("{n} millisecond", "{n} milliseconds", _form(n), n=plain(n))
    elif seconds < 100:
        n = round(seconds, 1 if seconds < 10 else 0)
        said = plural("{n} second", "{n} seconds", _form(n), n=plain(n))
    elif seconds < 6000:
        n = round(seconds / 60)
        said = plural("{n} minute", "{n} minutes", _form(n), n=plain(n))
    else:
        n = round(seconds / 3600, 1)
        said = plural("{n} hour", "{n} hours", _form(n), n=plain(n))
    return Sentence(said, (seconds,))


def _form(n: float) -> int:
    """1 of one; what has decimals is several."""
    return 1 if n == 1 else 2


def size(n: int) -> Sentence:
    """Bytes, as people say it."""
    for name, power in (("GB", 9), ("MB", 6)):
        if n >= 0.95 * 10**power:
            return Sentence(f"{plain(round(n / 10**power, 1))} {name}", (n,))
    return Sentence(f"{number(max(1, round(n / 1000)))} kB", (n,))


# What was made --------------------------------------------------------------------------------------------------------


def refused(answer: SweepShow) -> Iterator[Part]:
    """Empty cells, by the reason."""
    for one in answer.refused[:MOST_REFUSED]:
        at = joined(
            (
                text("{name} {value}", name=name, value=_value_of(answer, name, each))
                for name, each in one.first.items()
            ),
            ", ",
        )
        yield plural(
            "{n} cell is empty: {reason} ({at}).", "{n} cells are empty: {reason} (the first: {at}).", one.cells,
            n=number(one.cells), reason=one.reason, at=at,
        )  # fmt: skip
    if len(answer.refused) > MOST_REFUSED:
        yield text("... and {n} other reasons.", n=len(answer.refused) - MOST_REFUSED)
    if answer.refused:
        yield BREAK


def grid(one: Grid, answer: Head) -> Iterator[Part]:
    """The table, and where along its rows something changes."""
    yield from _warned(one, answer)
    yield _what(one, answer)
    yield from _others(one, answer)
    yield from _apart(answer)
    yield BREAK
    yield _table(one, answer)
    if one.of == "probability_by_year" and answer.engine == "expected":
        yield BREAK
        yield text("With --engine expected, luck is known of the whole horizon alone: the years before the last have a chance in probability_by_year_without_luck, or with --engine lives.")  # fmt: skip
    if one.as_it_stands is not None:
        yield BREAK
        shown = _shown(one, one.as_it_stands, answer)
        is_changed = any(each.set for each in answer.scenarios if each.name == one.at.get("scenario"))
        yield (
            text("The scenario with the changes: {value}.", value=shown)
            if is_changed
            else text("The scenario as it stands: {value}.", value=shown)
        )
    if one.frontier or one.signs or _is_chance(one):
        yield from _frontier(one, answer)
    yield BREAK
    yield _kept(answer)
    yield from _own_error(one, answer)


def _warned(one: Grid, answer: Head) -> Iterator[Sentence]:
    """What must be read before the table is relied on."""
    said = []
    if one.clipped is not None:
        at = joined((text("{name} {value}", name=name, value=_value_of(answer, name, each)) for name, each in one.clipped.at.items()), ", ")  # fmt: skip
        share = percent(one.clipped.share)
        n = one.clipped.cells
        told = (
            plural(
                "In {n} cell of the table a number had to be clipped to what is possible in many of the courses: {share} ({at}).",
                "In {n} cells of the table a number had to be clipped to what is possible in many of the courses: up to {share} ({at}).",
                n, n=number(n), share=share, at=at,
            )
            if at
            else text("A number had to be clipped to what is possible in {share} of the courses.", share=share)
        )  # fmt: skip
        said += [told, text("That is too many to trust the answer below: mend the uncertainty first.")]
    for held, other in dict.fromkeys((each.held, each.other) for of in answer.scenarios for each in of.untied):
        said.append(text("{held} is held, and {other} does not follow it, but is as uncertain as it was", held=held, other=other) + ".")  # fmt: skip
    yield from map(note, said)
    if said:
        yield BREAK


def _kept(answer: Head) -> Sentence:
    """What cells have in common: what is not varied, how lives were made, how many and from which seed."""
    said = text("What is varied stands at its value, or is multiplied; all else is as uncertain as in the scenario.")
    told = [said, text("Life without the programme is counted {how}.", how=_counted(answer))]
    if answer.engine == "expected":
        told.append(text("Lives are not drawn, but counted as expected (--engine expected)."))
    return joined(told)


def _own_error(one: Grid, answer: Head) -> Iterator[Sentence]:
    """The largest of the table's errors, in how many courses; and whether these are few."""
    draws, seeds = ([*{getattr(each, name): None for each in answer.scenarios}] for name in ("draws", "seed"))
    said = {
        "draws": joined((number(each) for each in draws), " / "),
        "seed": joined((Sentence(str(each), (each,)) for each in seeds), " / "),
    }
    largest = max((each.error or 0.0 for line in one.values for each in line if each is not None), default=0.0)
    has_money = _unit(one) == "kr"
    if largest > 0 and _unit(one) == "share":
        told = text("Error of the simulation itself (95 %): at most ± {points} points in the table; {draws} courses, seed {seed}.", points=margin_points(largest), **said)  # fmt: skip
    elif has_money and half_width(largest) >= ALMOST:
        told = text("Error of the simulation itself (95 %): at most ± {amount} in the table; {draws} courses, seed {seed}.", amount=margin(largest, answer.currency), **said)  # fmt: skip
    else:
        told = text("{draws} courses, seed {seed}.", **said)
    yield told
    if min(draws) < FEWEST:
        yield text("With fewer than {n} courses, bands and the worst courses are rougher than they look.", n=str(number(FEWEST)))  # fmt: skip


def _counted(answer: Head) -> Sentence:
    """How the life without the programme is counted; of each scenario where they differ."""
    ways = {one.counterfactual for one in answer.scenarios}
    if len(ways) == 1:
        return name_of(*ways)
    return joined((joined([f"{one.name}:", name_of(one.counterfactual)]) for one in answer.scenarios), "; ")


def _is_chance(one: Grid) -> bool:
    return one.of.startswith("probability")


def _what(one: Grid, answer: Head) -> Sentence:
    of = _variable(one.of)
    if one.columns is None:
        return text("{what} by {rows}.", what=of, rows=_side(one.rows, answer))
    return text("{what} by {rows} (down) and {columns} (across).", what=of, rows=_side(one.rows, answer), columns=_side(one.columns, answer))  # fmt: skip


def _variable(name: str) -> Sentence:
    """In words, as the subject of a sentence."""
    plain_name = name.removesuffix("_without_luck")
    known = {
        "probability": text("The chance of break-even"),
        "probability_by_year": text("The chance of having broken even by the end of the year"),
        "provenu_mean": text("The expected provenu"),
        "provenu_sd": text("The standard deviation of the provenu"),
        "provenu_percentile": text("The percentile of the provenu"),
        "provenu_by_year_mean": text("The expected provenu of the year"),
        "expected_shortfall": text("The mean of the worst twentieth of the courses"),
        "person_years": text("Expected person-years"),
        "variance_share": text("The share of the uncertainty (variance)"),
        "clipped_share": text("The share of the courses with a number that had to be clipped"),
        "provenu": text("The provenu of each course"),
    }
    if plain_name not in known:
        return Sentence(name)
    if name == plain_name:
        return known[name]
    return text("{what}, luck left out", what=known[plain_name])


def _others(one: Grid, answer: Head) -> Iterator[Sentence]:
    for name, each in one.at.items():
        if name == "scenario" and len(answer.scenarios) == 1:
            continue
        told = {"name": _side(name, answer), "value": _value_of(answer, name, each)}
        dimension = _dimension(answer, name)
        if name not in one.chosen:
            yield text("{name} is {value}.", **told)
        elif name in ("year", "percentile"):
            yield text("{name} is {value}; another with --at {short}=...", **told, short=name)
        elif dimension is not None and dimension.now == each:
            yield text(
                "{name} is {value}, its value in the scenario; another with --at {short}=...", **told, short=name
            )
        else:
            yield text("{name} is {value}, the first of its values; another with --at {short}=...", **told, short=name)


def _apart(answer: Head) -> Iterator[Sentence]:
    """What each scenario has of what is varied, where they differ."""
    for one in answer.varied:
        now = {each.name: each.now.get(one.name) for each in answer.scenarios}
        if len(set(now.values())) > 1:
            told = (
                text("{value} in {scenario}", value=value(one, each), scenario=name)
                for name, each in [*now.items()][:MOST_SCENARIOS]
                if each is not None
            )
            yield text("As the scenarios stand, {name} is {values}.", name=one.path, values=joined(told, ", "))


def _table(one: Grid, answer: Head) -> Table:
    heads = (
        _labels(answer, one, one.columns) if one.columns else [text("Chance") if _is_chance(one) else _variable(one.of)]
    )
    cells = [[_figure(one, each) for each in line] for line in one.values]
    corner = _short(one.rows, answer) + (f" \\ {_short(one.columns, answer)}" if one.columns else "")
    labels = _labels(answer, one, one.rows)
    money = _unit(one) == "kr"
    rows = [Row([label, *line]) for label, line in zip(labels, cells, strict=True)]
    return Table([corner, *heads], rows, 1000 if money else 1, answer.currency if money else "")


def _unit(one: Grid) -> Unit:
    return UNITS.get(one.units, "kr")


def _figure(one: Grid, each: Estimate | None) -> Cell:
    return None if each is None else Figure(each.value, _unit(one), each.error)


def _shown(one: Grid, each: Estimate, answer: Head) -> Sentence:
    if _unit(one) == "share":
        return chance_shown(each.value, each.error)
    return short(each.value, answer.currency, each.error) if _unit(one) == "kr" else number(each.value)


def _labels(answer: Head, one: Grid, name: str) -> list[Sentence]:
    count = len(one.values) if name == one.rows else len(one.values[0])
    return [_value_of(answer, name, each) for each in one.sides[name]][:count]


# Frontier and map -----------------------------------------------------------------------------------------------------


def _frontier(one: Grid, answer: Head) -> Iterator[Part]:
    """For each column where along the rows the chance crosses its levels, and the expected provenu 0."""
    if one.rows == "row" or not _numeric(one.sides[one.rows]):
        return
    if all(each is None for line in one.values for each in line):
        return
    if not one.frontier and not one.signs:
        yield text(
            "Nowhere in the table does the chance cross {levels}, or the expected provenu change its sign.",
            levels=_levels(one),
        )
        return
    yield BREAK
    levels = sorted({each.level for each in one.frontier})
    heads = [percent(level, 0) for level in levels] + ([text("Expected provenu 0")] if one.signs else [])
    columns: Sequence[Value | None] = one.sides[one.columns] if one.columns else [None]
    rows = []
    for j, column in enumerate(columns):
        chances = [None if line[j] is None else line[j].value for line in one.values]  # type: ignore[union-attr]
        cells = [_crossed(one, answer, [each for each in one.frontier if (each.column, each.level) == (column, level)], chances, level) for level in levels]  # fmt: skip
        if one.signs:
            cells.append(_crossed(one, answer, [each for each in one.signs if each.column == column], [line[j] for line in one.means], 0.0))  # fmt: skip
        label = _short(one.rows, answer) if column is None or one.columns is None else _value_of(answer, one.columns, column)  # fmt: skip
        rows.append(Row([label, *cells]))
    corner = _short(one.columns, answer) if one.columns else ""
    side = _side(one.rows, answer)
    title = text(
        "Where {rows} must be for the expected provenu to be 0, on a straight line between two values:", rows=side
    )
    if levels:
        title = text(
            "Where {rows} must be for the chance to be just so, on a straight line between two values:", rows=side
        )
    yield Table([corner, *heads], rows, title=title)


def _levels(one: Grid) -> Sentence:
    return joined((percent(level, 0) for level in one.levels), ", ")


def _crossed(one: Grid, answer: Head, found: Sequence[Crossing], values: Sequence[float | None], level: float) -> Cell:
    """Where; or on which side all values are."""
    if found:
        return joined((_value_of(answer, one.rows, _near(one, each), each.at) for each in found), ", ")
    there = [each for each in values if each is not None]
    if all(each < level for each in there):
        return text("always under") if there else None
    return text("always over")


def _near(one: Grid, crossing: Crossing) -> float:
    """With a digit more than the rows' steps have, as what lies between them is not known better; and no more than the error leaves it."""
    along = sorted(float(each) for each in one.sides[one.rows])
    step = min(b - a for a, b in pairwise(along))
    power = 10.0 ** math.floor(math.log10(step) + 1e-9)
    digit = min(max(power / 10, unit(crossing.at_error)), power)
    return float(f"{round(crossing.at / digit) * digit:.12g}")


def heat_map(one: Grid, answer: Head) -> Iterator[Part]:
    """A shade for each cell."""
    if len(one.values) < 2 or not one.columns:
        return
    numbers = [each.value for line in one.values for each in line if each is not None]
    if not numbers:
        return
    bounds = one.shades
    rows = [row(label, "".join(2 * _shade(each, bounds) for each in line)) for label, line in zip(_labels(answer, one, one.rows), one.values, strict=True)]  # fmt: skip
    ends = _labels(answer, one, one.columns)
    yield Table([_short(one.rows, answer), text("{name} from {first} to {last}", name=_short(one.columns, answer), first=ends[0], last=ends[-1])], rows)  # fmt: skip
    told = [text("{shade} under {bound}", shade=SHADES[0], bound=_bound(one, bounds[0], answer))]
    told += [text("{shade} {bound} or more", shade=shade, bound=_bound(one, bound, answer)) for shade, bound in zip(SHADES[1:], bounds, strict=True)]  # fmt: skip
    if any(each is None for line in one.values for each in line):
        told.append(text("{shade} empty", shade=EMPTY))
    yield joined(told, ", ") + "."


def picture(answer: SweepShow) -> HeatMap:
    """The table as a heat map, with every number."""
    one = answer.grid
    values = [each.value for line in one.values for each in line if each is not None]
    what = _variable(one.of)
    title = what
    if values:
        ends = (min(values), max(values))
        low, high = (_shown(one, Estimate(end, None, None), answer) for end in ends)
        title = text("{what} lies between {low} and {high}", what=what, low=low, high=high) if low != high else text("{what} is {value} everywhere", what=what, value=low)  # fmt: skip
    others = {name: each for name, each in one.at.items() if name != "scenario" or len(answer.scenarios) > 1}
    subtitle = joined(text("{name} is {value}.", name=_side(name, answer), value=_value_of(answer, name, each)) for name, each in others.items())  # fmt: skip
    heads = _labels(answer, one, one.columns) if one.columns else [Sentence("")]
    kind = text("A table in colours: {what}", what=_what(one, answer))
    return HeatMap(
        _side(one.rows, answer),
        _side(one.columns, answer) if one.columns else "",
        _labels(answer, one, one.rows),
        heads,
        [
            [None if each is None else Figure(each.value, _unit(one), each.error) for each in line]
            for line in one.values
        ],
        what,
        answer.currency,
        title=title,
        subtitle=subtitle,
        alt=joined([kind, title + "."]),
    )


def _bound(one: Grid, bound: float, answer: Head) -> Sentence:
    return percent(bound, 0) if _is_chance(one) else _shown(one, Estimate(bound, 0.0, None), answer)


def _shade(each: Estimate | None, bounds: Sequence[float]) -> str:
    return EMPTY if each is None else SHADES[sum(each.value >= bound for bound in bounds)]


# Words ----------------------------------------------------------------------------------------------------------------


def _dimension(answer: Head, name: str) -> Dimension | None:
    return next((one for one in answer.varied if one.name == name), None)


def named(one: Dimension) -> Sentence:
    """By its label and its path."""
    return text("“{label}” ({name})", label=one.label, name=one.path) if one.label not in ("", one.path) else Sentence(one.path)  # fmt: skip


def _side(name: str, answer: Head) -> Sentence:
    one = _dimension(answer, name)
    return named(one) if one else _short(name, answer)


def _short(name: str | None, answer: Head) -> Sentence:
    one = _dimension(answer, name or "")
    words: Mapping[str, str] = {
        "scenario": text("Scenario"),
        "row": text("Row"),
        "year": text("Year"),
        "percentile": text("Percentile"),
        "state": text("State"),
        "arm": text("Life"),
        "part": text("Part"),
        "draw": text("Course"),
    }
    return Sentence(one.path if one else words.get(name or "", name or ""))


def _value_of(answer: Head, name: str, each: Value, exact: float | None = None) -> Sentence:
    """exact: what it is before it was rounded."""
    dimension = _dimension(answer, name)
    if dimension is not None:
        found = value(dimension, each)
        return found if exact is None else Sentence(str(found), (exact,))
    if name in ("arm", "part"):
        return {
            "programme": text("with the programme"), "baseline": text("without the programme"),
            "assumptions": text("the assumptions"), "luck": text("luck"),
        }.get(str(each), Sentence(str(each)))  # fmt: skip
    if name == "row" and answer.varied:
        place = int(each) - 1
        told = joined((value(one, one.values[place]) for one in answer.varied), "; ")
        return Sentence(f"{each}: ") + told
    return Sentence(str(each), () if isinstance(each, str) else (each,))


def value(one: Dimension, each: Value) -> Sentence:
    """As people write it, in the unit of what is varied."""
    if isinstance(each, str) or one.path == "time.first_year":
        return Sentence(str(each), () if isinstance(each, str) else (each,))
    if one.usage == "share":
        return Sentence(_digits(100 * each) + per_cent_sign(), (each,))
    if one.usage == "money":
        currency = "DKK" if one.units.lower().startswith(("kr", "dkk")) or not one.units else one.units
        if each == round(each):
            return kroner(each, currency)
        most = next((n for n in range(CENTS, MOST_DECIMALS) if _tells_apart(one.values, n)), MOST_DECIMALS)
        return Sentence(f"{_digits(each, most)} {currency_sign(currency)}", (each,))
    if one.path.endswith("*"):
        return Sentence("×" + _digits(each), (each,))
    return Sentence(_digits(each), (each,))


def _tells_apart(values: Sequence[Value], decimals: int) -> bool:
    rounded = [round(float(each), decimals) for each in values]
    return len(set(rounded)) == len(set(values))


def _digits(each: float, most: int = MOST_DECIMALS) -> str:
    """As many decimals as there are, up to so many."""
    rounded = round(each, most)
    decimals = len(f"{rounded:.6f}".rstrip("0").partition(".")[2])
    return str(number(rounded, decimals))


def _numeric(values: Sequence[Value]) -> bool:
    return len(values) > 1 and not any(isinstance(one, str) for one in values)
