"""What the columns beside the years are: ranges, sums, numbers and prices, names of rows; by their headings, and by what stands below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulate.attach import words as vocabulary
from simulate.attach.cells import is_blank, is_range, numeric, width, words
from simulate.attach.years import head
from simulate.grid import Value

Rows = Sequence[Sequence[Value]]
ABOVE = 2  # rows above the years that belong to the heading


def at(row: Sequence[Value], column: int) -> Value:
    return row[column] if column < len(row) else None


def texts(rows: Rows, first: int, column: int) -> int:
    """How many words stand in a column below the years."""
    return sum(1 for row in rows[first + 1 :] if words(at(row, column)) and not numeric(at(row, column)))


def headings(rows: Rows, first: int, column: int) -> Iterator[str]:
    """What stands above a column, and in the row below the years."""
    for row in rows[max(first - ABOVE, 0) : first + 2]:
        if said := words(at(row, column)):
            yield said


def like_ranges(rows: Rows, first: int, years: list[int], known: set[int]) -> tuple[int, ...]:
    """Columns that are none of those known, whose heading or cells look like a range: `P10`, `Interval`, `1.400-1.700`; or two that the row's own amount lies between."""
    found = set[int]()
    others = [j for j in range(years[-1] + 1, width(rows)) if j not in known]
    for j in others:
        cells = [at(row, j) for row in rows[first + 1 :] if not is_blank(at(row, j))]
        headed = any(map(vocabulary.is_like_a_range, (words(at(row, j)) for row in rows[first : first + 2])))
        if any(is_range(words(one)) for one in cells) or (headed and any(map(numeric, cells))):
            found.add(j)
        if j + 1 in others and _are_ends(rows[first + 1 :], years, j):
            found |= {j, j + 1}
    return tuple(sorted(found))


def _are_ends(below: Rows, years: list[int], column: int) -> bool:
    """Whether the amounts of all rows, of a year or of all, lie between what stands in a column and in the next."""
    seen = False
    for row in below:
        low, high = (at(row, j) for j in (column, column + 1))
        amounts = [one for j in years if isinstance(one := at(row, j), float)]
        if not isinstance(low, float) or not isinstance(high, float) or not amounts:
            continue
        bases = {sum(amounts), *(amounts if len(set(amounts)) == 1 else [])}
        if not any(min(low, high) < base < max(low, high) for base in bases):
            return False
        seen = True
    return seen


def key_of(rows: Rows, first: int, column: int) -> str | None:
    """What a column is by the row of years or the one below it."""
    heads = [words(at(row, column)) for row in rows[first : first + 2]]
    return next((key for one in heads if one and (key := vocabulary.column(one))), None)


def named_of(rows: Rows, repeated: tuple[int, ...], years: tuple[int, ...]) -> tuple[dict[str, int], list[int]]:
    """What the columns beside the years say that they are; and those with numbers that say nothing known."""
    named: dict[str, int] = {}
    unknown = list[int]()
    first = repeated[0]
    below = [] if _is_data(rows, first + 1, years) else [first + 1]
    near = (*repeated, *range(first - 1, max(first - 1 - ABOVE, -1), -1), *below)
    for j in range(width(rows)):
        if j in years:
            continue
        heads = [words(rows[i][j]) for i in near if 0 <= i < len(rows) and j < len(rows[i])]
        key = next((found for one in heads if one and (found := vocabulary.column(one))), None)
        if key == "note":
            continue
        if key in (*vocabulary.RANGES, "half", "from", "to") and j < years[0] and texts(rows, first, j):
            key = None  # the name of a scenario above the names of rows
        if key is not None and key not in named and not (key == "name" and j < years[0]):
            named[key] = j
        elif any(numeric(row[j]) for i, row in enumerate(rows) if i > first and j < len(row) and not is_blank(row[j])):
            unknown.append(j)
    _from_to(rows, first, years, named, unknown)
    return named, unknown


def _from_to(rows: Rows, first: int, years: tuple[int, ...], named: dict[str, int], unknown: list[int]) -> None:
    """`Fra` and `Til` behind the years are a range where both are there and have other numbers than years."""
    ends = [named.pop(key) for key in ("from", "to") if key in named]
    cells = [at(row, j) for row in rows[first + 1 :] for j in ends]
    if (
        len(ends) == 2
        and ends[0] > years[-1]
        and not {"low", "high"} & named.keys()
        and any(numeric(one) and head(one, 0) is None for one in cells if not is_blank(one))
    ):
        named |= {"low": ends[0], "high": ends[1]}
    else:
        unknown += [
            j for j in ends if any(numeric(at(row, j)) for row in rows[first + 1 :] if not is_blank(at(row, j)))
        ]


def _is_data(rows: Rows, i: int, years: tuple[int, ...]) -> bool:
    return i >= len(rows) or any(j < len(rows[i]) and numeric(rows[i][j]) for j in years)


def labels(
    rows: Rows, repeated: tuple[int, ...], years: int, named: dict[str, int]
) -> tuple[int | None, tuple[int, ...]]:
    """The column of names: the one with the most different texts before the years; and others with text before it, whose names hold for the rows below."""
    taken, first = set(named.values()), repeated[0]
    notes = {j for j in range(years) if _is_note(rows, first, j)}
    below = rows[repeated[0] + 1 :]
    counts = {
        j: len({words(row[j]) for row in below if j < len(row) and words(row[j]) and not numeric(row[j])})
        for j in range(years)
        if j not in taken
    }
    counts = {j: n for j, n in counts.items() if j not in notes} or counts
    if not counts or not max(counts.values()):
        return None, ()
    label = max(counts, key=lambda j: (counts[j], -j))
    return label, tuple(j for j in counts if j < label and counts[j])


def _is_note(rows: Rows, first: int, column: int) -> bool:
    said = words(rows[first][column]) if column < len(rows[first]) else ""
    return vocabulary.column(said) == "note"
