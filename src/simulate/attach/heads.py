"""Where the table is: the row of years, its repetitions further down, and what the columns beside the years are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from simulate.attach import units
from simulate.attach import words as vocabulary
from simulate.attach.cells import Cell, is_blank, marked, numeric, place, width, words
from simulate.attach.columns import Rows, at, headings, key_of, labels, like_ranges, named_of, texts
from simulate.attach.tables import Asked, Basis, Remark
from simulate.attach.years import Head, begins, follows, head, is_like, is_part, year_in
from simulate.content import Sentence
from simulate.grid import Sheet, Value, address
from simulate.grid.addresses import letters
from simulate.locale import text


@dataclass(frozen=True, slots=True)
class Heads:
    """rows: those of years, the first one and where it is said again; columns: of the years; named: what other columns are → which;
    label: the column of names; groups: other columns of text before the years; left_out: columns that are none of these."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    first_year: int
    label: int
    groups: tuple[int, ...]
    named: dict[str, int]
    left_out: tuple[int, ...]
    dropped: tuple[int, ...]  # years that were not asked for
    in_percent: tuple[int, ...] = ()  # columns of ranges whose heading says percent
    deviating: tuple[int, ...] = ()  # columns of ranges whose heading says more or less: `Min (-)`
    ranges_of: Basis | None = None  # what the headings of ranges say that they are of
    like_ranges: tuple[int, ...] = ()  # columns that are not read and may well be meant as a range
    onward: int | None = None  # the column of a last year that stands for those after it as well: `2030 og frem`


def candidates(rows: Rows) -> Iterator[tuple[int, list[Head]]]:
    """Rows in which at least two years stand side by side."""
    for i, heads in _rows_of_years(rows):
        if all(a.number < b.number for a, b in pairwise(heads)):
            yield i, heads


def beside(rows: Rows) -> tuple[int, list[list[Head]]] | None:
    """The first row in which the years begin anew, so that tables stand side by side; and the years of each."""
    for i, heads in _rows_of_years(rows):
        tables: list[list[Head]] = [[]]
        for one in heads:
            if tables[-1] and one.number <= tables[-1][-1].number:
                tables.append([])
            tables[-1].append(one)
        if len(tables) > 1 and all(len(one) > 1 for one in tables):
            return i, tables
    return None


def _rows_of_years(rows: Rows) -> Iterator[tuple[int, list[Head]]]:
    for i, row in enumerate(rows):
        heads = [one for j, value in enumerate(row) if (one := head(value, j)) is not None]
        if len(heads) < 2 or len({one.numbered for one in heads}) > 1:
            continue
        columns = {one.column for one in heads}
        others = [value for j, value in enumerate(row) if j not in columns and not is_blank(value)]
        if not any(numeric(value) and not units.said(words(value)) for value in others):
            yield i, heads


def _ranges(rows: Rows, first: int, tables: list[list[Head]]) -> list[str]:
    """The cells of each of the tables side by side: from its names to what stands behind its years."""
    lefts = [0]
    for before, after in pairwise(tables):
        between = range(before[-1].column + 1, after[0].column)
        blank = [j for j in between if texts(rows, first, j) == 0 and not any(numeric(at(row, j)) for row in rows[first + 1 :] if not is_blank(at(row, j)))]  # fmt: skip
        named = [j for j in between if texts(rows, first, j)]
        lefts.append(blank[-1] + 1 if blank else named[-1] if named else after[0].column)
    found = []
    for left, end in zip(lefts, [*(one - 1 for one in lefts[1:]), width(rows) - 1], strict=True):
        filled = [(i, j) for i in range(first, len(rows)) for j in range(left, end + 1) if not is_blank(at(rows[i], j))]
        found.append(f"{address(first, left)}:{address(max(i for i, _ in filled), max(j for _, j in filled))}")
    return found


def names_beside(cells: Rows, rows: Rows) -> int | None:
    """Of cells without names of rows, such as of a table that shares them with the one to its left, the column that has them; None where it is not needed, or not there.
    rows: of the whole sheet."""
    first, heads = next(candidates(cells), (0, []))
    if not heads or any(texts(cells, first, j) for j in range(heads[0].column)):
        return None
    counts = {j: texts(rows[: len(cells)], first, j) for j in range(heads[0].column)}
    return max(counts, key=lambda j: (counts[j], j)) if any(counts.values()) else None


def captions_above(rows: Rows, top: int, columns: range) -> list[Cell]:
    """Texts above a table, in some columns, up to where another table is."""
    found = list[Cell]()
    for i in range(min(top, len(rows)) - 1, -1, -1):
        filled = [(j, rows[i][j]) for j in columns if j < len(rows[i]) and not is_blank(rows[i][j])]
        if any((numeric(one) and not units.said(words(one))) or head(one, j) for j, one in filled):
            break
        found = [(i, j) for j, one in filled if isinstance(one, str)] + found
    return found


def turned(sheet: Sheet, rows: Rows) -> Remark | None:
    """What is told of a table whose years stand below each other."""
    columns = [[at(row, j) for row in rows] for j in range(width(rows))]
    for j, heads in candidates(columns):
        last = heads[-1].column
        if follows(heads) and any(numeric(one) for row in rows[heads[0].column : last + 1] for one in row[j + 1 :]):
            return Remark(f"{place(sheet, heads[0].column, j)}:{address(last, j)}", text("the years stand below each other in column {column}, and are to stand across: copy the table in Excel, choose Paste Special, Transpose in an empty sheet, and attach that", column=letters(j)))  # fmt: skip
    return None


def _box(sheet: Sheet, cells: str) -> str:
    """The cells that were asked for, with their sheet."""
    name, mark, _ = place(sheet, 0, 0).rpartition("!")
    return f"{name}{mark}{cells.rpartition('!')[2].strip().upper()}"


def no_years(sheet: Sheet, rows: Rows) -> Remark | None:
    """Why a row that has years is no heading of a table: a year twice, years that fall, no amounts below them; None where no row has years."""
    for i, heads in _rows_of_years(rows):
        where = f"{place(sheet, i, heads[0].column)}:{address(i, heads[-1].column)}"
        numbers = [one.number for one in heads]
        if (
            any(a.number >= b.number for a, b in pairwise(heads))
            and any(one.account for one in heads)
            and not all(one.account for one in heads)
        ):
            return Remark(where, text("accounts and budgets of the same years stand in turn; keep one column for each year, such as the budget, in a sheet of their own"))  # fmt: skip
        twice = next((b for n, b in enumerate(heads) if b.number in numbers[:n]), None)
        if twice is not None:
            before = next(one for one in heads if one.number == twice.number)
            return Remark(place(sheet, i, twice.column), text("{year} stands here and in {cell} as well: each year is to have one column; mend the heading that is wrong, or leave the column outside of --cells",
                                                              year=str(twice.number), cell=address(i, before.column)))  # fmt: skip
        if numbers[0] > numbers[-1]:
            return Remark(where, text("the years fall from left to right ({first} to {last}) and are to rise; turn the columns round", first=str(numbers[0]), last=str(numbers[-1])))  # fmt: skip
        if numbers != sorted(numbers):
            years = ", ".join(str(one) for one in numbers)
            return Remark(where, text("the years of the columns do not follow each other: {years}; --cells or --years says which of them are meant", years=years))  # fmt: skip
        if not any(
            numeric(at(row, one.column)) for row in rows[i + 1 :] for one in heads if not is_blank(at(row, one.column))
        ):
            return Remark(where, text("there are no amounts below these years; fill them in, as numbers"))
    return _hardly_years(sheet, rows)


def _part(name: str) -> Sentence:
    return text("“{name}” is a part of a year: halves, quarters and months cannot be read; add them up, to one column for each whole year", name=name)  # fmt: skip


def _hardly_years(sheet: Sheet, rows: Rows) -> Remark | None:
    """A row of headings that look like years, or are of parts of them, above numbers."""
    for i, row in enumerate(rows):
        filled = [j for j, one in enumerate(row) if not is_blank(one)]
        parts = [j for j in filled if is_part(row[j])]
        like = [j for j in filled if is_like(row[j]) is not None]
        read = [j for j in filled if head(row[j], j) is not None]
        columns = parts if len(parts) > 1 else like if like and len({*like, *read}) > 1 else []
        most = 2 * len({*columns, *read}) >= len(filled) - 1  # beside the heading of the names
        if not (most and any(numeric(at(below, j)) for below in rows[i + 1 :] for j in columns if not is_blank(at(below, j)))):  # fmt: skip
            continue
        where, name = place(sheet, i, columns[0]), words(row[columns[0]])
        if columns is parts:
            return Remark(where, _part(name))
        if year := is_like(row[columns[0]]):
            return Remark(where, text("“{name}” looks like a year and says more: write {year} alone, where the column has the amounts of that year", name=name, year=year))  # fmt: skip
        return Remark(where, text("“{name}” looks like a year and cannot be read as one: write the year alone, such as 2027", name=name))  # fmt: skip
    return None


def _is_other(first: list[Head], other: list[Head], row: Sequence[Value]) -> bool:
    """Whether a row of years is that of another table, and no row of amounts that look like years."""
    columns = [one.column for one in first] == [one.column for one in other]
    written = any(any(letter.isalpha() for letter in words(row[one.column])) for one in other)
    return written or (not columns and follows(other))


def has_table(rows: Rows) -> bool:
    """Whether there is a row of years with numbers below it."""
    side = beside(rows)
    return any(
        numeric(one)
        for i, heads in [*candidates(rows), *([(side[0], side[1][0])] if side else [])]
        for row in rows[i + 1 :]
        for at in heads
        for one in [row[at.column] if at.column < len(row) else None]
        if not is_blank(one)
    )


def found(sheet: Sheet, rows: Rows, asked: Asked) -> Heads | list[Remark]:
    """The heads of the table, or what is not clear about them."""
    each, side = list(candidates(rows)), beside(rows)
    if side is not None and (not each or side[0] <= each[0][0]):
        ranges = _ranges(rows, *side)
        message = text("{n} tables stand side by side; --cells says which one is meant: {ranges}. To have them in one case, put them below each other, each with its caption and its years",
                       n=len(ranges), ranges=", ".join(f"--cells {one}" for one in ranges))  # fmt: skip
        return [Remark(place(sheet, side[0], side[1][0][0].column), message)]
    if not each and (cause := no_years(sheet, rows)) is not None:
        return [cause]
    each, numbered = _without_numbers(each)
    if not each and asked.cells is not None:
        message = text("the cells {cells} have no row of years, such as 2027 and 2028; begin with the row that has them", cells=asked.cells)  # fmt: skip
        return [Remark(_box(sheet, asked.cells), message)]
    if not each and (down := turned(sheet, rows)):
        return [down]
    if not each:
        message = text("there is no table here: no row has two years side by side, such as 2027 and 2028")
        return [Remark(place(sheet, 0, 0), message)]
    first, heads = each[0]
    if (unread := _unread(sheet, rows, first, heads, asked)) is not None:
        return [unread]
    wanted = _wanted(sheet, first, heads, asked)
    if isinstance(wanted, Remark):
        return [wanted]
    kept, year = wanted
    same = [(one.column, one.number) for one in heads]
    each = [
        (i, other)
        for i, other in each
        if [(one.column, one.number) for one in other] == same or _is_other(heads, other, rows[i])
    ]
    unlike = next(((i, other) for i, other in each if [(one.column, one.number) for one in other] != same), None)
    if unlike is not None:
        cells = place(sheet, unlike[0], unlike[1][0].column)
        message = text("there are several tables with other years or columns ({first} and {second}); --cells says which one is meant, like --cells A1:H20",
                       first=place(sheet, first, heads[0].column), second=cells)  # fmt: skip
        return [Remark(cells, message)]
    columns = tuple(one.column for one in kept)
    if (between := _between(sheet, rows, first, [one.column for one in heads])) is not None:
        left = max(one.column for one in heads if one.column <= between)
        below = [words(at(row, j)) for row in rows[first + 1 : first + 2] for j in (left, between)]
        seen = ", ".join(marked(one) for one in below if one)
        told = {"columns": f"{letters(left)}, {letters(between)}", "names": f": {seen}" if seen else ""}
        if key_of(rows, first, between) in vocabulary.RANGES:
            message = text("there are several columns with numbers under one year ({columns}{names}); keep the most likely amount of each year, and put lowest and highest of all years together into columns behind the last year", **told)  # fmt: skip
        else:
            message = text("there are several columns with numbers under one year ({columns}{names}); keep one for each year, such as their sum, in a sheet of their own", **told)  # fmt: skip
        return [Remark(place(sheet, first, between), message)]
    repeated = tuple(sorted([*(i for i, _ in each), *(i for i in numbered if i > first)]))
    named, unknown = named_of(rows, repeated, tuple(one.column for one in heads))
    label, groups = labels(rows, repeated, min(one.column for one in heads), named)
    if label is None:
        message = text("there is no column of names to the left of the years")
        return [Remark(place(sheet, first, heads[0].column), message)]
    left_out = tuple(j for j in unknown if j != label and j not in groups)
    dropped = tuple(one.column for one in heads if one.column not in columns)
    onward = next((one.column for one in kept[-1:] if one.onward), None)
    said_of = {j: list(headings(rows, first, j)) for key, j in named.items() if key in (*vocabulary.RANGES, "half")}
    percent = tuple(j for j, said in said_of.items() if any(map(vocabulary.is_in_percent, said)))
    deviating = tuple(j for j, said in said_of.items() if any(map(vocabulary.deviates, said)))
    of = {basis for said in said_of.values() for basis in map(vocabulary.range_of, said) if basis}
    more_and_less = [*deviating, *([named["half"]] if "half" in named else [])]
    if more_and_less and not of and min(more_and_less) - 1 == named.get("total"):
        of = {"total"}  # beside the sum of the years it is of that
    like = like_ranges(
        rows, first, [one.column for one in heads], {*named.values(), *groups, label, *(one.column for one in heads)}
    )
    return Heads(
        repeated, columns, year, label, groups, named, left_out, dropped, percent, deviating, of.pop() if len(of) == 1 else None, like, onward,
    )  # fmt: skip


def _without_numbers(each: list[tuple[int, list[Head]]]) -> tuple[list[tuple[int, list[Head]]], list[int]]:
    """Rows of years without those that number years which stand in the row above or below; and these rows."""
    known = {(i, tuple(one.column for one in heads)) for i, heads in each if not heads[0].numbered}
    doubled = [
        i
        for i, heads in each
        for columns in [tuple(one.column for one in heads)]
        if heads[0].numbered and {(i - 1, columns), (i + 1, columns)} & known
    ]
    return [(i, heads) for i, heads in each if i not in doubled], doubled


def _unread(sheet: Sheet, rows: Rows, first: int, heads: list[Head], asked: Asked) -> Remark | None:
    """A column of numbers whose heading begins with a year that is missing, or that comes next, and says something else as well."""
    taken, has = {one.column for one in heads}, {one.number for one in heads}
    low, high = asked.years or (0, 0)
    for j, value in enumerate(rows[first]):
        said = year_in(value)
        if is_part(value) and said and int(said) not in has and any(numeric(at(row, j)) for row in rows[first + 1 :] if not is_blank(at(row, j))):  # fmt: skip
            return Remark(place(sheet, first, j), _part(words(value)))
        year = begins(value)
        if j in taken or year is None or year in has or vocabulary.column(words(value)) is not None:
            continue
        is_next = heads[0].number - 1 <= year <= heads[-1].number + 1 and (not low or low <= year <= (high or year))
        if is_next and any(numeric(at(row, j)) for row in rows[first + 1 :] if not is_blank(at(row, j))):
            return Remark(place(sheet, first, j), text("the heading “{name}” begins with a year and says more: write {year} where it is the amounts of that year, or leave the column outside of --cells", name=words(value), year=str(year)))  # fmt: skip
    return None


def _wanted(sheet: Sheet, row: int, heads: list[Head], asked: Asked) -> tuple[list[Head], int] | Remark:
    """The columns of the years that are meant, and the first year; or what is not clear."""
    first, last = asked.years or (0, 0)
    cell = place(sheet, row, heads[0].column, heads[-1].column)
    if heads[0].numbered:
        if not follows(heads):
            return Remark(
                cell, text("the years of the columns do not follow each other; --cells says which of them are meant")
            )
        if not first:
            return Remark(
                cell,
                text(
                    "the years are numbered, and the sheet does not say which year the first is; --years 2027 says it"
                ),
            )
        kept = [one for one in heads if not last or one.number - heads[0].number <= last - first]
        return kept, first
    if any(one.span for one in heads) and not first:
        one = heads[0].number
        return Remark(cell, text("the columns span two years: {a} may be meant as {first} or as {second}; --years {first} or --years {second} says which year the first is",
                                 a=f"{one}-{one + 1}", first=one, second=one + 1))  # fmt: skip
    if any(one.span for one in heads) and follows(heads):
        return heads, first
    kept = [one for one in heads if not first or (one.number >= first and (not last or one.number <= last))]
    if not kept:
        return Remark(cell, text("--years: none of these years is in the sheet, which has {first} to {last}", first=heads[0].number, last=heads[-1].number))  # fmt: skip
    if any(one.account for one in kept) and not all(one.account for one in kept) and not first:
        budget = next(one.number for one in kept if not one.account)
        return Remark(cell, text("some columns are accounts of past years and others a budget; --years {first}-{last} takes the budget alone, --years {all}-{last} takes all",
                                 first=budget, last=kept[-1].number, all=kept[0].number))  # fmt: skip
    if not follows(kept):
        years = ", ".join(str(one.number) for one in kept)
        return Remark(cell, text("the years of the columns do not follow each other: {years}; --cells or --years says which of them are meant", years=years))  # fmt: skip
    if len(kept) > 0 and first and kept[0].number != first:
        return Remark(cell, text("--years: {first} is not in the sheet, which has {low} to {high}", first=first, low=heads[0].number, high=heads[-1].number))  # fmt: skip
    return kept, kept[0].number


def _between(sheet: Sheet, rows: Rows, first: int, columns: list[int]) -> int | None:
    """A column with numbers that stands under a year beside the year's own."""
    under = {j for j in range(columns[0], columns[-1]) if j not in columns}
    under |= {
        j
        for top, left, bottom, right in sheet.merged
        if top <= first <= bottom and left in columns
        for j in range(left + 1, right + 1)
    }
    keys = {j: key_of(rows, first, j) for j in range(width(rows))}
    once = [key for key in keys.values() if [*keys.values()].count(key) == 1]
    under -= {j for j in under if keys[j] in once and keys[j] not in (None, "number", "price")}
    return next((j for j in sorted(under) if any(j < len(row) and numeric(row[j]) for row in rows[first + 1 :])), None)


def caption(rows: Rows, first: int) -> Iterator[Cell]:
    """Cells that may say what the table is, and what its amounts are in: above the years and beside them."""
    for i in range(first + 1):
        for j, value in enumerate(rows[i]):
            if isinstance(value, str):
                yield i, j
