"""A run's tables in the form that papers have: years across, one unit for all amounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from itertools import accumulate

from simulate.answers.budget import Amounts, Budget, Financing, Kind
from simulate.answers.run import Area, BusinessCase, Run
from simulate.content import BREAK, Cell, Figure, Mark, Part, Row, Sentence, Table, joined, row
from simulate.figures import MILLION, kroner, rounded
from simulate.locale import text
from simulate.reports import financing
from simulate.reports.words import ALMOST, figure, point_row
from simulate.scenario import Scenario

THOUSANDS, MILLIONS = MILLION, 1000 * MILLION  # kr.: the largest amount from which on a table counts in these
BAND = (5, 95)  # between them lie 90 of 100 courses


_asked: ContextVar[int | None] = ContextVar("asked", default=None)


@contextmanager
def counted_in(scale: int | None) -> Iterator[None]:
    """Amounts are counted in so many kroner meanwhile, so that what is said of their sums is of what is printed; None: as each table needs."""
    before = _asked.set(scale)
    try:
        yield
    finally:
        _asked.reset(before)


def in_unit(parts: Iterable[Part], *scenarios: Scenario) -> Iterator[Part]:
    """The same, but tables count their amounts in the unit of the file, where it says one, and others the same."""
    units = {printed_in(one) for one in scenarios}
    scale = units.pop() if len(units) == 1 else None
    following = iter(parts)
    while True:
        with counted_in(scale or _asked.get()):
            part = next(following, None)
        if part is None:
            return
        yield counted(part, scale)


def counted(part: Part, scale: int | None) -> Part:
    """A table whose amounts are counted in so many kroner; None: as it is."""
    if scale is None or not isinstance(part, Table) or not part.currency:
        return part
    return replace(part, scale=scale)


def printed_in(scenario: Scenario) -> int | None:
    """How many kroner the tables of a case count in; None where its file does not say."""
    return None if scenario.money.unit is None else scenario.money.in_kroner


def lines(answer: Run | BusinessCase, currency: str) -> Iterator[Part]:
    """The provenu with its band, and then each line of the budget, all amounts in the same unit."""
    heads = ["", *answer.scenario.periods, text("Total")]
    has_courses = isinstance(answer, Run)
    first = list(_provenu(answer) if isinstance(answer, Run) else _at_point(answer))
    rows = list(_posts(answer))
    scale = scale_of([*first, *rows])
    yield Table(heads, first, scale, currency)
    if isinstance(answer, Run):
        yield from remark(answer)
    yield BREAK
    title = text("Lines of the budget, expected") if has_courses else text("Lines of the budget")
    yield Table(heads, rows, scale, currency, title)
    yield from after_horizon(answer.budget, currency)
    yield from rounding(answer.budget, scale)
    yield from financing.lines(answer, amounts("", answer.budget.provenu), scale, currency)


def rounding(budget: Budget, scale: int) -> Iterator[Sentence]:
    """What is said where sums of what is printed are not what is printed."""
    if not _adds_up(budget, scale):
        yield (
            text("Every number is rounded by itself: sums may differ a little from the numbers printed.")
            if _is_exact(budget)
            else text(
                "Every number is rounded by itself, as its own error allows: sums may differ a little from the numbers printed."
            )
        )


def _is_exact(budget: Budget) -> bool:
    return not any(one.error for each in (budget.provenu, budget.stat) for one in (*each.by_year, each.total))


def _adds_up(budget: Budget, scale: int) -> bool:
    """Whether what is printed is the sum of what is printed above it and before it, everywhere in the table of lines."""
    lines = {name: _printed(one, scale) for name, one in budget.lines.items()}
    provenu, stat, gross = (_printed(one, scale) for one in (budget.provenu, budget.stat, budget.gross))
    kinds = {kind: _printed(whole, scale) for kind, _, whole in totals(budget)}
    of_kind = {kind: [lines[name] for name, one in budget.lines.items() if one.kind == kind] for kind in kinds}
    areas, others = ([_printed(one, scale) for one in each.values()] for each in (budget.areas, budget.others))
    below = [(whole, of_kind[kind]) for kind, whole in kinds.items()]
    below += [(provenu, list(kinds.values())), (provenu, areas), (gross, [provenu, stat, *others])]
    across = [*lines.values(), *areas, *others, *kinds.values(), provenu, stat, gross]
    if budget.financing is not None:
        *counted, paid, with_it = _of_financing(budget.financing, scale)
        below += [(paid, counted), (with_it, [provenu, paid])]
        across += [*counted, paid, with_it]
    through = [rounded(one.value, one.error, scale) for one in budget.accumulated]
    sums = [(whole, [sum(column) for column in zip(*parts, strict=True)]) for whole, parts in below if parts]
    sums += [([one[-1]], [sum(one[:-1])]) for one in across]
    sums.append((through, list(accumulate(provenu[:-1]))))
    return all(abs(a - b) < scale / 100 for whole, parts in sums for a, b in zip(whole, parts, strict=True))


def _of_financing(given: Financing, scale: int) -> list[list[float]]:
    """Each line that is counted, their sum, and the provenu with it."""
    rows = (one for one in given.lines.values() if one.by_year is not None and one.total is not None)
    counted = [
        [rounded(each.value, each.error, scale) for each in (*(one.by_year or ()), one.total) if each] for one in rows
    ]
    return [*counted, _printed(given.total, scale), _printed(given.provenu, scale)]


def _printed(one: Amounts, scale: int) -> list[float]:
    """Each period, and the total, in kroner."""
    return [rounded(each.value, each.error, scale) for each in (*one.by_year, one.total)]


def scale_of(rows: list[Row]) -> int:
    """Kroner in one of what amounts are counted in: the largest of them decides, where nobody asked for another."""
    if (asked := _asked.get()) is not None:
        return asked
    cells = [cell for one in rows for cell in one.cells if isinstance(cell, Figure) and cell.unit == "kr"]
    largest = max((abs(cell.value) for cell in cells), default=0.0)
    return MILLION if largest >= MILLIONS else 1000 if largest >= THOUSANDS else 1


def _at_point(answer: BusinessCase) -> Iterator[Row]:
    yield amounts(point_row(answer), answer.budget.provenu)
    yield row(text("Accumulated"), *map(figure, answer.budget.accumulated), None)


def _provenu(answer: Run) -> Iterator[Row]:
    point = answer.point.provenu
    yield row(point_row(answer), *map(Figure, point.by_year), Figure(point.total))
    yield row(text("Expected"), *map(figure, answer.provenu.by_year.expected), figure(answer.bridge.expected))
    for name, p in zip(band_names(answer.provenu.percentiles is None), BAND, strict=True):
        yield row(name, *ends(answer, p))
    by_year = answer.run.period == "year"
    said = text("Broken even at the end of the year") if by_year else text("Broken even at the end of the period")
    yield row(said, *chances(answer), None)


def band_names(luckless: bool) -> tuple[Sentence, Sentence]:
    if luckless:
        return text("Without luck, in 90 of 100 courses from"), text("Without luck, in 90 of 100 courses to")
    return text("In 90 of 100 courses from"), text("In 90 of 100 courses to")


def ends(answer: Run, p: int) -> Iterator[Cell]:
    """A percentile of each period and of the total; where only the total has luck, of that alone."""
    if answer.with_luck is not None:
        yield from [None] * len(answer.scenario.periods)
    else:
        yield from map(figure, answer.provenu.by_year.bands[p])
    yield figure(answer.provenu.bands[p])


def chances(answer: Run) -> Iterator[Cell]:
    """That the accumulated provenu is at least 0 at the end of each period; where only the last of them has luck, of that alone."""
    if answer.with_luck is not None:
        yield from [None] * (len(answer.scenario.periods) - 1)
        yield figure(answer.break_even.chance, "share")
    else:
        yield from (figure(one, "share") for one in answer.break_even.chances)


def remark(answer: Run, hints: bool = True) -> Iterator[Sentence]:
    """Of the band: that it belongs to a column, and cannot be added up. hints: what to ask for to see more."""
    if answer.with_luck is not None:
        known = text("Luck is known of the total alone.")
        yield joined([known, text("The years without luck: --details.")]) if hints else known
    elif len(answer.scenario.periods) > 1 and answer.run.period == "year":
        yield text("The 90 of 100 courses are of each column by itself; the years do not add up to the total.")
    elif len(answer.scenario.periods) > 1:
        yield text("The 90 of 100 courses are of each column by itself; the periods do not add up to the total.")


def _posts(answer: Run | BusinessCase) -> Iterator[Row]:
    found = answer.budget
    yield from posts(found)
    if len(found.areas) > 1:
        yield from areas(answer)
    if has_others(found):
        yield from payers(found)


def posts(found: Budget) -> Iterator[Row]:
    """Each line, what they sum to, and the provenu."""
    for kind, said, whole in totals(found):
        named = [(name, one) for name, one in found.lines.items() if one.kind == kind]
        yield from (amounts(name, one) for name, one in named)
        if named:
            yield amounts(said, whole, "total")
    yield amounts(text("Provenu"), found.provenu)
    yield row(text("Accumulated"), *map(figure, found.accumulated), None)


def totals(found: Budget) -> list[tuple[Kind, Sentence, Amounts]]:
    """Of each kind of line what it is called in total, and what that is; the provenu is their sum."""
    return [
        ("costs", text("Costs, total"), found.costs),
        ("savings", text("Savings, total"), found.savings),
        ("person_years", text("For each person-year, total"), found.person_years),
    ]


def after_horizon(found: Budget, currency: str) -> Iterator[Sentence]:
    """What lines of person-years lose after the horizon, in words."""
    for name, one in found.lines.items():
        lost = one.after_horizon
        if lost is None or abs(lost.value) < ALMOST:
            continue
        yield text(
            "“{line}” comes later than the person-years that it is for: {within} within the horizon, and {lost} after it, in no figure here.",
            line=name,
            within=kroner(one.total.value, currency, one.total.error),
            lost=kroner(lost.value, currency, lost.error),
        )


def has_others(found: Budget) -> bool:
    """Whether another payer than the municipality has a part in it."""
    return any(one.total.value or one.total.error for one in (found.stat, *found.others.values()))


def amounts(name: str, one: Amounts, mark: Mark = "") -> Row:
    return row(name, *map(figure, one.by_year), figure(one.total), mark=mark)


def areas(answer: Run | BusinessCase) -> Iterator[Row]:
    """Where the provenu comes from, and within which bounds, which are of the total."""
    for i, (name, one) in enumerate(answer.budget.areas.items()):
        area = name[:1].upper() + name[1:] if name else text("Without an area")
        yield amounts(text("{area}, total", area=area), one, "" if i else "group")
        if isinstance(answer, Run) and _varies(answer.areas[name]):
            found = answer.areas[name]
            for end, p in zip(_bands_of(area, found.percentiles is None), BAND, strict=True):
                yield _of_total(end, len(answer.scenario.periods), figure(found.bands[p]))


def _varies(area: Area) -> bool:
    """Whether its band is more than its total."""
    low, high = (area.bands[p].value for p in BAND)
    return high - low >= ALMOST


def _bands_of(area: str, luckless: bool) -> tuple[Sentence, Sentence]:
    if luckless:
        return (
            text("{area} without luck, in 90 of 100 courses from", area=area),
            text("{area} without luck, in 90 of 100 courses to", area=area),
        )
    return text("{area}, in 90 of 100 courses from", area=area), text("{area}, in 90 of 100 courses to", area=area)


def payers(found: Budget) -> Iterator[Row]:
    """What the state has of it, its part of the benefits (refusion), and what others have: the provenu is without."""
    together = text("All payers together") if found.others else text("Municipality and state")
    yield amounts(together, found.gross, "group")
    yield amounts(text("Of it the state's (refusion)"), found.stat)
    for name, one in found.others.items():
        yield amounts(text("Of it: {payer}", payer=name), one)
    yield amounts(text("The municipality's: provenu"), found.provenu)


def _of_total(name: str, periods: int, cell: Cell, mark: Mark = "") -> Row:
    """A row of which only the total is known."""
    return row(name, *[None] * periods, cell, mark=mark)
