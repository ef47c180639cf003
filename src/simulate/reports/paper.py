"""A run's tables in the form that papers have: years across, one unit for all amounts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from simulate.content import BREAK, Cell, Figure, Mark, Part, Row, Sentence, Table, row
from simulate.locale import text
from simulate.reports import estimates
from simulate.reports.figures import MILLION, rounded
from simulate.reports.words import point_row

THOUSANDS, MILLIONS = MILLION, 1000 * MILLION  # kr.: the largest amount from which on a table counts in these
BAND = ("5", "95")  # between them lie 90 of 100 courses


def lines(document: dict[str, Any], currency: str) -> Iterator[Part]:
    """The provenu with its band, and then each line of the budget, all amounts in the same unit."""
    heads = ["", *document["scenario"]["periods"], text("Total")]
    answer = list(_provenu(document) if "provenu" in document else _at_point(document))
    posts = list(_posts(document))
    scale = _scale([*answer, *posts])
    yield Table(heads, answer, scale, currency)
    yield from _remark(document)
    yield BREAK
    title = text("Lines of the budget, expected") if "provenu" in document else text("Lines of the budget")
    yield Table(heads, posts, scale, currency, title)
    if not _adds_up(document["budget"], scale):
        yield text(
            "Every number is rounded by itself, as its own error allows: sums may differ a little from the numbers printed."
        )


def _adds_up(budget: dict[str, Any], scale: int) -> bool:
    """Whether what is printed is the sum of what is printed above it and before it, everywhere in the table of lines."""
    lines = {name: _printed(one, scale) for name, one in budget["lines"].items()}
    costs, savings, provenu, stat, gross = (
        _printed(budget[key], scale) for key in ("costs", "savings", "provenu", "stat", "gross")
    )
    of_kind = {
        kind: [lines[name] for name, one in budget["lines"].items() if one["kind"] == kind]
        for kind in ("costs", "savings")
    }
    areas = [_printed(one, scale) for one in budget["areas"].values()]
    below = [(costs, of_kind["costs"]), (savings, of_kind["savings"]), (provenu, [costs, savings])]
    below += [(provenu, areas), (gross, [provenu, stat])]
    accumulated = budget["accumulated"]
    through = [rounded(*one, scale) for one in zip(accumulated["by_year"], accumulated["by_year_errors"], strict=True)]
    sums = [(whole, [sum(column) for column in zip(*parts, strict=True)]) for whole, parts in below if parts]
    sums += [([one[-1]], [sum(one[:-1])]) for one in (*lines.values(), *areas, costs, savings, provenu, stat, gross)]
    sums.append((through, list(accumulate(provenu[:-1]))))
    return all(abs(a - b) < scale / 100 for whole, parts in sums for a, b in zip(whole, parts, strict=True))


def _printed(one: dict[str, Any], scale: int) -> list[float]:
    """Each period, and the total, in kroner."""
    values, errors = [*one["by_year"], one["total"]], [*one["by_year_errors"], one["total_error"]]
    return [rounded(value, error, scale) for value, error in zip(values, errors, strict=True)]


def _scale(rows: list[Row]) -> int:
    """Kroner in one of what amounts are counted in: the largest of them decides."""
    cells = [cell for one in rows for cell in one.cells if isinstance(cell, Figure) and cell.unit == "kr"]
    largest = max((abs(cell.value) for cell in cells), default=0.0)
    return MILLION if largest >= MILLIONS else 1000 if largest >= THOUSANDS else 1


def _at_point(document: dict[str, Any]) -> Iterator[Row]:
    found = document["budget"]
    yield _amounts(point_row(document), found["provenu"])
    yield row(text("Accumulated"), *map(Figure, found["accumulated"]["by_year"]), None)


def _provenu(document: dict[str, Any]) -> Iterator[Row]:
    point, yearly, bridge = document["point"]["provenu"], document["provenu"]["by_year"], document["bridge"]
    yield row(point_row(document), *map(Figure, point["by_year"]), Figure(point["total"]))
    expected = map(_estimate, yearly["expected"], yearly["expected_error"])
    yield row(text("Expected"), *expected, _estimate(bridge["expected"], bridge["error"]))
    for name, p in zip(_band_names("percentiles" not in document["provenu"]), BAND, strict=True):
        yield row(name, *_ends(document, p))
    by_year = document["run"]["period"] == "year"
    said = text("Broken even at the end of the year") if by_year else text("Broken even at the end of the period")
    yield row(said, *_chances(document), None)


def _estimate(value: float, error: float | None) -> Figure:
    return Figure(value, error=error)


def _band_names(luckless: bool) -> tuple[Sentence, Sentence]:
    if luckless:
        return text("Without luck, in 90 of 100 courses from"), text("Without luck, in 90 of 100 courses to")
    return text("In 90 of 100 courses from"), text("In 90 of 100 courses to")


def _ends(document: dict[str, Any], p: str) -> Iterator[Cell]:
    """A percentile of each period and of the total; where only the total has luck, of that alone."""
    provenu = document["provenu"]
    if "with_luck" in document:
        yield from [None] * len(document["scenario"]["periods"])
    else:
        values, errors = (estimates.of(provenu["by_year"], key)[p] for key in ("percentiles", "percentile_errors"))
        yield from map(_estimate, values, errors)
    whole = provenu if "percentiles" in provenu else provenu["without_luck"]
    yield _estimate(whole["percentiles"][p], whole["percentile_errors"][p])


def _chances(document: dict[str, Any]) -> Iterator[Cell]:
    """That the accumulated provenu is at least 0 at the end of each period; where only the last of them has luck, of that alone."""
    chance = document["break_even"]
    if "with_luck" in document:
        yield from [None] * (len(document["scenario"]["periods"]) - 1)
        yield Figure(chance["probability"], "share", chance["error"])
    else:
        values, errors = (estimates.of(chance, key) for key in ("by_year", "by_year_errors"))
        yield from (Figure(value, "share", error) for value, error in zip(values, errors, strict=True))


def _remark(document: dict[str, Any]) -> Iterator[Sentence]:
    """Of the band: that it belongs to a column, and cannot be added up."""
    if "with_luck" in document:
        yield text("Luck is known of the total alone; --details tells the years without luck.")
    elif "provenu" in document and len(document["scenario"]["periods"]) > 1:
        yield text("The 90 of 100 courses are of each column by itself; the years do not add up to the total.")


def _posts(document: dict[str, Any]) -> Iterator[Row]:
    found = document["budget"]
    for kind, said in (("costs", text("Costs, total")), ("savings", text("Savings, total"))):
        named = [(name, one) for name, one in found["lines"].items() if one["kind"] == kind]
        yield from (_amounts(name, one) for name, one in named)
        if named:
            yield _amounts(said, found[kind], "total")
    yield _amounts(text("Provenu"), found["provenu"])
    accumulated = found["accumulated"]
    yield row(text("Accumulated"), *map(_estimate, accumulated["by_year"], accumulated["by_year_errors"]), None)
    if len(found["areas"]) > 1:
        yield from _areas(document)
    if found["stat"]["total"] or found["stat"]["total_error"]:
        yield from _payers(document)


def _amounts(name: str, one: dict[str, Any], mark: Mark = "") -> Row:
    cells = [*map(_estimate, one["by_year"], one["by_year_errors"]), _estimate(one["total"], one["total_error"])]
    return row(name, *cells, mark=mark)


def _areas(document: dict[str, Any]) -> Iterator[Row]:
    """Where the provenu comes from, and within which bounds, which are of the total."""
    for i, (name, one) in enumerate(document["budget"]["areas"].items()):
        area = name[:1].upper() + name[1:] if name else text("Without an area")
        yield _amounts(text("{area}, total", area=area), one, "" if i else "group")
        if "areas" in document:
            values, errors = (
                estimates.of(document["areas"][name], key) for key in ("percentiles", "percentile_errors")
            )
            luckless = "percentiles" not in document["areas"][name]
            for end, p in zip(_bands_of(area, luckless), BAND, strict=True):
                yield _of_total(document, end, _estimate(values[p], errors[p]))


def _bands_of(area: str, luckless: bool) -> tuple[Sentence, Sentence]:
    if luckless:
        return (
            text("{area} without luck, in 90 of 100 courses from", area=area),
            text("{area} without luck, in 90 of 100 courses to", area=area),
        )
    return text("{area}, in 90 of 100 courses from", area=area), text("{area}, in 90 of 100 courses to", area=area)


def _payers(document: dict[str, Any]) -> Iterator[Row]:
    """What the state has of it: its part of the benefits (refusion), which the provenu is without."""
    gross, stat, net = (document["budget"][key] for key in ("gross", "stat", "provenu"))
    yield _amounts(text("Municipality and state"), gross, "group")
    yield _amounts(text("Of it the state's (refusion)"), stat)
    yield _amounts(text("The municipality's: provenu"), net)


def _of_total(document: dict[str, Any], name: str, cell: Cell, mark: Mark = "") -> Row:
    """A row of which only the total is known."""
    return row(name, *[None] * len(document["scenario"]["periods"]), cell, mark=mark)
