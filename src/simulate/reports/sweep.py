"""Sweeps in words: what one comes to, what was made, and a table of it with the frontier and a heat map."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from simulate.answers.base import Estimate
from simulate.answers.sweep import Crossing, Dimension, Grid, Head, Sweep, SweepPlan, SweepShow, Value
from simulate.content import (
    BREAK,
    Cell,
    Figure,
    Heading,
    HeatMap,
    Part,
    Row,
    Sentence,
    Several,
    Table,
    Unit,
    joined,
    note,
    row,
)
from simulate.figures import chance as chance_shown
from simulate.figures import (
    half_width,
    margin,
    margin_points,
    number,
    percent,
    plain,
    short,
    unit,
)
from simulate.locale import plural, text
from simulate.reports.run import FEWEST
from simulate.reports.sweep_words import (
    dimension_of,
    held_at,
    is_chance,
    labels_of,
    named,
    short_name,
    side_of,
    unit_of,
    value,
    value_of,
    variable,
    what,
)
from simulate.reports.words import ALMOST, changes, name_of

SHADES = "·░▒▓█"
EMPTY = "x"
MOST_REFUSED = 5
MOST_SCENARIOS = 10  # whose values are told


def plan(answer: SweepPlan) -> Iterator[Part]:
    """Before anything is made."""
    yield from heading(answer)
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
    yield from heading(answer)
    yield plural("{cells} cell, in {file}.", "{cells} cells, in {file}.", answer.cells, cells=number(answer.cells), file=answer.out)  # fmt: skip
    if answer.empty:
        yield plural("{n} of them is empty.", "{n} of them are empty.", answer.empty, n=number(answer.empty))
    if answer.grid is not None:
        yield BREAK
        yield from grid(answer.grid, answer)


def show(answer: SweepShow, drawn: bool = False) -> Iterator[Part]:
    """A table of a sweep that was made. drawn: with its map as a picture, and not in letters."""
    yield from heading(answer)
    yield from refused(answer)
    yield from grid(answer.grid, answer)
    yield BREAK
    if drawn:
        yield picture(answer)
    else:
        yield from heat_map(answer.grid, answer)


def heading(answer: Head) -> Iterator[Part]:
    """What it is of, and what was changed before."""
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
    rows = [row(named(one), number(len(set(one.values))), values(one)) for one in answer.varied]
    return Table([text("Varied"), text("Values"), ""], rows)


def values(one: Dimension) -> Sentence:
    """All of a few, else the first and the last."""
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
            (text("{name} {value}", name=name, value=value_of(answer, name, each)) for name, each in one.first.items()),
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
    yield from warned(one, answer)
    yield _beside(one, answer)
    yield what(one, answer)
    yield from held_at(one, answer)
    yield from _apart(answer)
    yield BREAK
    yield _table(one, answer)
    if one.of == "probability_by_year" and answer.engine == "expected":
        yield BREAK
        yield text("With --engine expected, luck is known of the whole horizon alone: the years before the last have a chance in probability_by_year_without_luck, or with --engine lives.")  # fmt: skip
    if one.as_it_stands is not None:
        yield BREAK
        yield from stands(one, answer)
    if one.frontier or one.signs or is_chance(one):
        yield from _frontier(one, answer)
    yield BREAK
    yield kept(answer)
    yield from own_error(one, answer)


def _beside(one: Grid, answer: Head) -> Table:
    """What the sentences round the table say: what it is of, the values that are held, what the scenario itself has, and the draws."""
    rows = [row(side_of(name, answer), _cell(answer, name, each)) for name, each in one.at.items()]
    if one.as_it_stands is not None:
        said = (
            text("The scenario with the changes") if _is_of_changed(one, answer) else text("The scenario as it stands")
        )
        rows.append(row(said, _figure(one, one.as_it_stands)))
    for each in answer.scenarios:
        behind = f" ({each.name})" if len(answer.scenarios) > 1 else ""
        rows += [row(text("Changed") + behind, "; ".join(each.set))] if each.set else []
        rows.append(row(text("Courses") + behind, Figure(each.draws, "count")))
        rows.append(row(text("Seed") + behind, Figure(each.seed, "number")))
    return Table(["", text("Value")], rows, currency=answer.currency, title=what(one, answer), reader="spreadsheet")


def _cell(answer: Head, name: str, each: Value, exact: float | None = None) -> Cell:
    """A value of what is varied: as people write it, and its figure. exact: what it is before it was rounded."""
    said, dimension = value_of(answer, name, each, exact), dimension_of(answer, name)
    if isinstance(each, str):
        return said
    usage = "count" if dimension is None else dimension.usage
    units: dict[str, Unit] = {"share": "share", "money": "kr"}
    figure = Figure(each if exact is None else exact, units.get(usage, "number"))
    return Several(said, (figure,), (), "" if dimension is None else dimension.units)


def _is_of_changed(one: Grid, answer: Head) -> bool:
    return any(each.set for each in answer.scenarios if each.name == one.at.get("scenario"))


def stands(one: Grid, answer: Head) -> Iterator[Sentence]:
    """What the scenario has without what is varied, where that is one number."""
    if one.as_it_stands is None:
        return
    shown = _shown(one, one.as_it_stands, answer)
    if _is_of_changed(one, answer):
        yield text("The scenario with the changes: {value}.", value=shown)
    else:
        yield text("The scenario as it stands: {value}.", value=shown)


def warned(one: Grid, answer: Head) -> Iterator[Sentence]:
    """What must be read before the table is relied on."""
    said = []
    if one.clipped is not None:
        at = joined((text("{name} {value}", name=name, value=value_of(answer, name, each)) for name, each in one.clipped.at.items()), ", ")  # fmt: skip
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


def kept(answer: Head) -> Sentence:
    """What cells have in common: what is not varied, how lives were made, how many and from which seed."""
    said = text("What is varied stands at its value, or is multiplied; all else is as uncertain as in the scenario.")
    told = [said, text("Life without the programme is counted {how}.", how=_counted(answer))]
    if answer.engine == "expected":
        told.append(text("Lives are not drawn, but counted as expected (--engine expected)."))
    return joined(told)


def own_error(one: Grid, answer: Head) -> Iterator[Sentence]:
    """The largest of the table's errors, in how many courses; and whether these are few."""
    draws, seeds = ([*{getattr(each, name): None for each in answer.scenarios}] for name in ("draws", "seed"))
    said = {
        "draws": joined((number(each) for each in draws), " / "),
        "seed": joined((Sentence(str(each), (each,)) for each in seeds), " / "),
    }
    largest = max((each.error or 0.0 for line in one.values for each in line if each is not None), default=0.0)
    has_money = unit_of(one) == "kr"
    if largest > 0 and unit_of(one) == "share":
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
        labels_of(answer, one, one.columns) if one.columns else [text("Chance") if is_chance(one) else variable(one.of)]
    )
    cells = [[_figure(one, each) for each in line] for line in one.values]
    corner = short_name(one.rows, answer) + (f" \\ {short_name(one.columns, answer)}" if one.columns else "")
    labels = labels_of(answer, one, one.rows)
    money = unit_of(one) == "kr"
    rows = [Row([label, *line]) for label, line in zip(labels, cells, strict=True)]
    return Table([corner, *heads], rows, 1000 if money else 1, answer.currency if money else "")


def _figure(one: Grid, each: Estimate | None) -> Cell:
    return None if each is None else Figure(each.value, unit_of(one), each.error)


def _shown(one: Grid, each: Estimate, answer: Head) -> Sentence:
    if unit_of(one) == "share":
        return chance_shown(each.value, each.error)
    return short(each.value, answer.currency, each.error) if unit_of(one) == "kr" else number(each.value)


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
        cells = [_crossed(one, answer, percent(level, 0), [each for each in one.frontier if (each.column, each.level) == (column, level)], chances, level) for level in levels]  # fmt: skip
        if one.signs:
            cells.append(_crossed(one, answer, heads[-1], [each for each in one.signs if each.column == column], [line[j] for line in one.means], 0.0))  # fmt: skip
        label = short_name(one.rows, answer) if column is None or one.columns is None else value_of(answer, one.columns, column)  # fmt: skip
        rows.append(Row([label, *cells]))
    corner = short_name(one.columns, answer) if one.columns else ""
    side = side_of(one.rows, answer)
    title = text(
        "Where {rows} must be for the expected provenu to be 0, on a straight line between two values:", rows=side
    )
    if levels:
        title = text(
            "Where {rows} must be for the chance to be just so, on a straight line between two values:", rows=side
        )
    yield Table([corner, *heads], rows, currency=answer.currency, title=title)


def _levels(one: Grid) -> Sentence:
    return joined((percent(level, 0) for level in one.levels), ", ")


def _crossed(
    one: Grid, answer: Head, head: str, found: Sequence[Crossing], values: Sequence[float | None], level: float
) -> Cell:
    """Where; or on which side all values are."""
    if found:
        each_at = [_cell(answer, one.rows, _near(one, each), each.at) for each in found]
        several = [each for each in each_at if isinstance(each, Several)]
        names = tuple(f"{head} ({i})" for i in range(1, len(found) + 1)) if len(found) > 1 else ()
        words = joined((each.words for each in several), ", ")
        return Several(words, tuple(each.figures[0] for each in several), names, several[0].unit)
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
    rows = [row(label, "".join(2 * _shade(each, bounds) for each in line)) for label, line in zip(labels_of(answer, one, one.rows), one.values, strict=True)]  # fmt: skip
    ends = labels_of(answer, one, one.columns)
    yield Table([short_name(one.rows, answer), text("{name} from {first} to {last}", name=short_name(one.columns, answer), first=ends[0], last=ends[-1])], rows, reader="person")  # fmt: skip
    told = [text("{shade} under {bound}", shade=SHADES[0], bound=_bound(one, bounds[0], answer))]
    told += [text("{shade} {bound} or more", shade=shade, bound=_bound(one, bound, answer)) for shade, bound in zip(SHADES[1:], bounds, strict=True)]  # fmt: skip
    if any(each is None for line in one.values for each in line):
        told.append(text("{shade} empty", shade=EMPTY))
    yield joined(told, ", ") + "."


def picture(answer: SweepShow) -> HeatMap:
    """The table as a heat map, with every number."""
    one = answer.grid
    values = [each.value for line in one.values for each in line if each is not None]
    of = variable(one.of)
    title = of
    if values:
        ends = (min(values), max(values))
        low, high = (_shown(one, Estimate(end, None, None), answer) for end in ends)
        title = text("{what} lies between {low} and {high}", what=of, low=low, high=high) if low != high else text("{what} is {value} everywhere", what=of, value=low)  # fmt: skip
    others = {name: each for name, each in one.at.items() if name != "scenario" or len(answer.scenarios) > 1}
    subtitle = joined(text("{name} is {value}.", name=side_of(name, answer), value=value_of(answer, name, each)) for name, each in others.items())  # fmt: skip
    heads = labels_of(answer, one, one.columns) if one.columns else [Sentence("")]
    kind = text("A table in colours: {what}", what=what(one, answer))
    return HeatMap(
        side_of(one.rows, answer),
        side_of(one.columns, answer) if one.columns else "",
        labels_of(answer, one, one.rows),
        heads,
        [
            [None if each is None else Figure(each.value, unit_of(one), each.error) for each in line]
            for line in one.values
        ],
        of,
        answer.currency,
        title=title,
        subtitle=subtitle,
        alt=joined([kind, title + "."]),
    )


def _bound(one: Grid, bound: float, answer: Head) -> Sentence:
    return percent(bound, 0) if is_chance(one) else _shown(one, Estimate(bound, 0.0, None), answer)


def _shade(each: Estimate | None, bounds: Sequence[float]) -> str:
    return EMPTY if each is None else SHADES[sum(each.value >= bound for bound in bounds)]


def _numeric(values: Sequence[Value]) -> bool:
    return len(values) > 1 and not any(isinstance(one, str) for one in values)
