"""A run's tables in the form that papers have: years across, one unit for all amounts."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.answers.budget import Amounts, Budget
from simulate.answers.run import BusinessCase, Run
from simulate.content import BREAK, Cell, Figure, Mark, Part, Row, Sentence, Table, row
from simulate.figures import MILLION
from simulate.locale import text
from simulate.reports.words import figure

THOUSANDS, MILLIONS = MILLION, 1000 * MILLION  # kr.: the largest amount from which on a table counts in these
BAND = (5, 95)  # between them lie 90 of 100 courses


def lines(answer: Run | BusinessCase, currency: str) -> Iterator[Part]:
    """The provenu with its band, and then each line of the budget, all amounts in the same unit."""
    heads = ["", *answer.scenario.periods, text("Total")]
    has_courses = isinstance(answer, Run)
    first = list(_provenu(answer) if isinstance(answer, Run) else _at_point(answer.budget))
    posts = list(_posts(answer))
    scale = _scale([*first, *posts])
    yield Table(heads, first, scale, currency)
    if isinstance(answer, Run):
        yield from _remark(answer)
    yield BREAK
    title = text("Lines of the budget, expected") if has_courses else text("Lines of the budget")
    yield Table(heads, posts, scale, currency, title)


def _scale(rows: list[Row]) -> int:
    """Kroner in one of what amounts are counted in: the largest of them decides."""
    cells = [cell for one in rows for cell in one.cells if isinstance(cell, Figure) and cell.unit == "kr"]
    largest = max((abs(cell.value) for cell in cells), default=0.0)
    return MILLION if largest >= MILLIONS else 1000 if largest >= THOUSANDS else 1


def _at_point(found: Budget) -> Iterator[Row]:
    yield _amounts(text("The business case"), found.provenu)
    yield row(text("Accumulated"), *map(figure, found.accumulated), None)


def _provenu(answer: Run) -> Iterator[Row]:
    point = answer.point.provenu
    yield row(text("The business case"), *map(Figure, point.by_year), Figure(point.total))
    yield row(text("Expected"), *map(figure, answer.provenu.by_year.expected), figure(answer.bridge.expected))
    for name, p in zip(_band_names(answer.provenu.percentiles is None), BAND, strict=True):
        yield row(name, *_ends(answer, p))
    by_year = answer.run.period == "year"
    said = text("Broken even at the end of the year") if by_year else text("Broken even at the end of the period")
    yield row(said, *_chances(answer), None)


def _band_names(luckless: bool) -> tuple[Sentence, Sentence]:
    if luckless:
        return text("Without luck, in 90 of 100 courses from"), text("Without luck, in 90 of 100 courses to")
    return text("In 90 of 100 courses from"), text("In 90 of 100 courses to")


def _ends(answer: Run, p: int) -> Iterator[Cell]:
    """A percentile of each period and of the total; where only the total has luck, of that alone."""
    if answer.with_luck is not None:
        yield from [None] * len(answer.scenario.periods)
    else:
        yield from map(figure, answer.provenu.by_year.bands[p])
    yield figure(answer.provenu.bands[p])


def _chances(answer: Run) -> Iterator[Cell]:
    """That the accumulated provenu is at least 0 at the end of each period; where only the last of them has luck, of that alone."""
    if answer.with_luck is not None:
        yield from [None] * (len(answer.scenario.periods) - 1)
        yield figure(answer.break_even.chance, "share")
    else:
        yield from (figure(one, "share") for one in answer.break_even.chances)


def _remark(answer: Run) -> Iterator[Sentence]:
    """Of the band: that it belongs to a column, and cannot be added up."""
    if answer.with_luck is not None:
        yield text("Luck is known of the total alone; --details tells the years without luck.")
    elif len(answer.scenario.periods) > 1:
        yield text("The 90 of 100 courses are of each column by itself; the years do not add up to the total.")


def _posts(answer: Run | BusinessCase) -> Iterator[Row]:
    found, periods = answer.budget, len(answer.scenario.periods)
    kinds = (("costs", text("Costs, total"), found.costs), ("savings", text("Savings, total"), found.savings))
    for kind, said, whole in kinds:
        named = [(name, one) for name, one in found.lines.items() if one.kind == kind]
        yield from (_amounts(name, one) for name, one in named)
        if named:
            yield _amounts(said, whole, "total")
    yield _amounts(text("Provenu"), found.provenu)
    yield row(text("Accumulated"), *map(figure, found.accumulated), None)
    if len(found.areas) > 1:
        yield from _areas(answer)
    if found.stat.total.value or found.stat.total.error:
        yield from _payers(found, periods)


def _amounts(name: str, one: Amounts, mark: Mark = "") -> Row:
    assert one.by_year is not None
    return row(name, *map(figure, one.by_year), figure(one.total), mark=mark)


def _areas(answer: Run | BusinessCase) -> Iterator[Row]:
    """Where the provenu comes from, and within which bounds, which are of the total."""
    for i, (name, one) in enumerate(answer.budget.areas.items()):
        area = name[:1].upper() + name[1:] if name else text("Without an area")
        yield _amounts(text("{area}, total", area=area), one, "" if i else "group")
        if isinstance(answer, Run):
            found = answer.areas[name]
            for end, p in zip(_bands_of(area, found.percentiles is None), BAND, strict=True):
                yield _of_total(end, len(answer.scenario.periods), figure(found.bands[p]))


def _bands_of(area: str, luckless: bool) -> tuple[Sentence, Sentence]:
    if luckless:
        return (
            text("{area} without luck, in 90 of 100 courses from", area=area),
            text("{area} without luck, in 90 of 100 courses to", area=area),
        )
    return text("{area}, in 90 of 100 courses from", area=area), text("{area}, in 90 of 100 courses to", area=area)


def _payers(found: Budget, periods: int) -> Iterator[Row]:
    """What the state has of it: its part of the benefits (refusion), which the provenu is without."""
    yield _of_total(text("Municipality and state"), periods, figure(found.gross.total), "group")
    yield _of_total(text("Of it the state's (refusion)"), periods, figure(found.stat.total))
    yield _of_total(text("The municipality's: provenu"), periods, figure(found.provenu.total))


def _of_total(name: str, periods: int, cell: Cell, mark: Mark = "") -> Row:
    """A row of which only the total is known."""
    return row(name, *[None] * periods, cell, mark=mark)
