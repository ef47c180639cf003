"""A sheet → its table, understood; or all that is not clear in it, with cells."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from simulate.attach import blocks, decide, heads, kinds, numerals, products, rows, spreads, titles, totals, units
from simulate.attach import words as vocabulary
from simulate.attach.cells import NoNumber, cropped, is_blank, marked, number, numeric, place, width, words
from simulate.attach.heads import Heads
from simulate.attach.rows import Row
from simulate.attach.tables import Asked, Found, Line, Product, Remark, Spread, Total, Unclear, Wrong
from simulate.attach.totals import Decided, Where
from simulate.content import Sentence
from simulate.errors import InputError
from simulate.grid import Book, Sheet, Value, address
from simulate.grid.addresses import letters, number_of
from simulate.locale import text
from simulate.workbook.answered import without_answers

MOST_LETTERS = 150  # of a label or title; the file allows 200
MOST_PLACES = 4  # decimals that a table of amounts is rounded to
MOST_LINES = 500
_BOX = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6}):\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})", re.I)
Rows = Sequence[Sequence[Value]]


def recognised(book: Book, asked: Asked) -> Found:
    """The table of a book's sheet. Raises Unclear with every cell that is not clear, InputError for a sheet or a range that there is not."""
    book = without_answers(book)
    sheet = _sheet(book, asked.sheet, asked.cells)
    cells, beside = _cells(sheet, asked.cells)
    head = heads.found(sheet, cells, asked)
    if not isinstance(head, Heads):
        raise Unclear(book.file, head)
    unit, guesses, problems = units.chosen(
        asked.unit, units.found(sheet, cells, _captions(cells, head)), _largest(cells, head), sheet, head.rows[0],
        units.all_have_one(cells[head.rows[0] + 1 :], head.columns),
    )  # fmt: skip
    cells, decimal, two_ways = numerals.settled(sheet, cells, head, units.SCALES[unit])
    if two_ways:
        raise Unclear(book.file, [*problems, *two_ways])
    guesses += [*decimal, *_merged(sheet, cells, head)]
    asked, said = _with_signs(sheet, cells, head, asked)
    level, priced = _price_level(sheet, cells, head)
    said += priced
    read = rows.read(sheet, cells, head, asked, units.SCALES[unit])
    again, unclear = blocks.again(read.rows, lambda one: place(sheet, one.row, head.label))
    read.guesses += again
    problems += [*read.problems, *unclear, *_in_two_tables(sheet, head, read.rows)]
    if problems:
        raise Unclear(book.file, problems)
    found, more = _lines(sheet, cells, head, asked, units.SCALES[unit], read)
    if more:
        raise Unclear(book.file, more)
    lines, sums, wrong, told, warnings = found
    return Found(
        file=words(PurePath(book.file).name),
        sheet=words(sheet.name),
        title=titles.title(asked, cells, head, sheet, book.file)[:MOST_LETTERS],
        unit=unit,
        scale=units.SCALES[unit],
        price_level=level,
        first_year=head.first_year,
        years=len(head.columns),
        lines=lines,
        totals=sums,
        wrong=wrong,
        guesses=[
            *(Remark("", Sentence(one)) for one in book.remarks),
            *beside,
            *_onward(sheet, cells, head),
            *guesses,
            *said,
            *read.guesses,
            *told,
            *_hidden(sheet, head, lines),
        ],
        left_out=[
            *read.left_out,
            *_columns(sheet, cells, head),
            *_sorted_out(sheet, head, read.rows),
            *_unused(sheet, cells, head, lines),
        ],
        warnings=warnings,
    )


# The sheet ------------------------------------------------------------------------------------------------------------


def _sheet(book: Book, name: str | None, box: str | None) -> Sheet:
    """The one that is named, or the only one with a table; where none has one as it stands, the one that has it in the cells that are asked for."""
    names = ", ".join(marked(one.name) for one in book.sheets)
    if name is not None:
        wanted = [one for one in book.sheets if one.name.strip().casefold() == name.strip().casefold()]
        if not wanted and [one.name for one in book.sheets] == [""]:
            raise InputError(text("{file}: a text file has no sheets; leave --sheet out", file=book.file))
        if not wanted:
            raise InputError(text("{file}: there is no sheet “{name}” (there are: {names})", file=book.file, name=name, names=names))  # fmt: skip
        return wanted[0]
    shown = [one for one in book.sheets if not one.hidden]
    tables = [one for one in shown if heads.has_table(one.rows)]
    if not tables and box is not None:
        tables = [one for one in shown if heads.has_table(_cells(one, box)[0])]
    if len(tables) == 1:
        return tables[0]
    if not tables:
        for one in book.sheets:
            if why := heads.turned(one, one.rows) or heads.no_years(one, one.rows):
                raise Unclear(book.file, [why])
        raise InputError(text("{file}: no sheet has a table with years across, such as 2027 and 2028, and amounts below them (sheets: {names})", file=book.file, names=names))  # fmt: skip
    names = ", ".join(marked(one.name) for one in tables)
    raise InputError(text("{file}: several sheets have a table: {names}; --sheet says which one is meant", file=book.file, names=names))  # fmt: skip


def _cells(sheet: Sheet, box: str | None) -> tuple[Rows, list[Remark]]:
    """The cells that are asked for, with what belongs to them: the captions above, and the names of rows; and what of that stands elsewhere."""
    if box is None:
        return sheet.rows, []
    found = _BOX.fullmatch(box.strip().rpartition("!")[2])
    if found is None:
        raise InputError(
            text("--cells {given}: write the first and the last cell of the table, like A3:H20", given=box)
        )
    first, top, last, bottom = found.groups()
    columns = sorted((number_of(first), number_of(last)))
    lines = sorted((int(top) - 1, int(bottom) - 1))
    cells, told = cropped(sheet, (lines[0], columns[0], lines[1], columns[1])), list[Remark]()
    names = heads.names_beside(cells, sheet.rows[: lines[1] + 1])
    beside = [] if names is None else [(i, names) for i in range(lines[0], min(lines[1] + 1, len(cells)))]
    if names is not None:
        told.append(Remark(place(sheet, lines[0], names), text("the cells that were given have no names of rows; those of column {column} were taken", column=letters(names))))  # fmt: skip
    above = heads.captions_above(sheet.rows, lines[0], range(columns[0], columns[1] + 1))
    if not any(units.said(words(sheet.at(i, j))) for i, j in above):
        of_all = heads.captions_above(sheet.rows, lines[0], range(width(sheet.rows)))
        wide = [(i, j) for i, j in of_all if units.said(words(sheet.at(i, j)))]
        told += [Remark(place(sheet, i, j), text("what the amounts are in stands above another table beside this one, and was taken for both")) for i, j in wide]  # fmt: skip
        above += wide
    for i, j in (*beside, *above):
        cells[i] += [None] * (j + 1 - len(cells[i]))
        cells[i][j] = sheet.at(i, j)
    return cells, told


def _in_two_tables(sheet: Sheet, head: Heads, read: Sequence[Row]) -> list[Remark]:
    """A line that stands below two rows of years, so that there are two tables, such as of two models, which do not add up to one."""
    seen: dict[str, list[Row]] = {}
    said = blocks.said(read)
    for one in read:
        if one.sort != "line" or one.asked:
            continue
        others = seen.setdefault(one.label.casefold(), [])
        before = next((row for row in others if {said[row.row][1], said[one.row][1]} not in blocks.APART), one)
        others.append(one)
        years = [year for year in head.rows if before.row < year < one.row]
        if years:
            after = next((year for year in head.rows if year > one.row), math.inf)
            last = max(row.row for row in read if row.sort != "heading" and row.row < after)
            message = text("“{label}” stands below two rows of years, here and in {other}: these are two tables; --cells says which one is meant, like --cells {cells}",
                           label=one.label, other=place(sheet, before.row, head.label), cells=f"A{years[-1] + 1}:{address(last, max(head.columns))}")  # fmt: skip
            return [Remark(place(sheet, one.row, head.label), message)]
    return []


def _captions(cells: Rows, head: Heads) -> list[tuple[int, int]]:
    """Cells that may say what amounts are in: above the years, in their rows, and texts without numbers below."""
    first = head.rows[0]
    found = list(heads.caption(cells, min(first + 1, len(cells) - 1)))
    for i in range(first + 1, len(cells)):
        row = cells[i]
        has_numbers = any(j < len(row) and not is_blank(row[j]) and numeric(row[j]) for j in head.columns)
        if i in head.rows or not has_numbers:
            found += [(i, j) for j, value in enumerate(row) if isinstance(value, str)]
        elif "unit" in head.named and head.named["unit"] < len(row):
            found.append((i, head.named["unit"]))
    return found


def _with_signs(sheet: Sheet, cells: Rows, head: Heads, asked: Asked) -> tuple[Asked, list[Remark]]:
    """What a caption says of signs, where nothing else was asked for."""
    for i, j in _captions(cells, head):
        if asked.signs is None and (signs := vocabulary.signs(words(cells[i][j]))):
            said = text("as the sheet says, a plus is a cost, and a saving has a minus") if signs == "budget" else text("as the sheet says, a plus is a gain, and a cost has a minus")  # fmt: skip
            return replace(asked, signs=signs), [Remark(place(sheet, i, j), said)]
    return asked, []


def _price_level(sheet: Sheet, cells: Rows, head: Heads) -> tuple[int | None, list[Remark]]:
    """The year whose prices the amounts are in, as captions say it; none where these say several."""
    found: dict[int, str] = {}
    for i, j in _captions(cells, head):
        for year in vocabulary.price_levels(words(cells[i][j])):
            found.setdefault(year, place(sheet, i, j))
    if len(found) > 1:
        message = text("the sheet says prices of several years ({years}), so that none was taken as the price level", years=", ".join(f"{where}: {year}" for year, where in found.items()))  # fmt: skip
        return None, [Remark(next(iter(found.values())), message)]
    for year, where in found.items():
        return year, [Remark(where, text("the amounts are in prices of {year}, as the sheet says", year=str(year)))]
    return None, []


def _merged(sheet: Sheet, cells: Rows, head: Heads) -> list[Remark]:
    """Amounts in one cell across several years, which count in the first."""
    found = []
    for top, left, _, right in sheet.merged:
        years = [n for n, j in enumerate(head.columns) if left <= j <= right]
        if top > head.rows[0] and len(years) > 1 and left < len(cells[top]) and numeric(cells[top][left]):
            message = text("the amount stands in one cell across {first}-{last}, and was counted in {first} alone; where it is the amount of each year, or is paid in others, write it for each of them",
                           first=str(head.first_year + years[0]), last=str(head.first_year + years[-1]))  # fmt: skip
            found.append(Remark(place(sheet, top, left, right), message))
    return found


def _largest(cells: Rows, head: Heads) -> float:
    largest = 0.0
    for row in cells[head.rows[0] + 1 :]:
        for j in head.columns:
            if j < len(row) and not is_blank(row[j]) and not isinstance(row[j], bool):
                try:
                    found = abs(number(row[j], 1))
                except NoNumber:
                    continue
                largest = max(largest, 0.0 if cells[head.rows[0]][j] == row[j] else found)
    return largest


# Lines ----------------------------------------------------------------------------------------------------------------

_Lines = tuple[list[Line], list[Total], list[Wrong], list[Remark], list[Remark]]


def _lines(
    sheet: Sheet, cells: Rows, head: Heads, asked: Asked, scale: int, read: rows.Read
) -> tuple[_Lines, list[Remark]]:
    """Lines and totals; what is wrong in them; what was guessed; what is warned of; and what is not clear."""

    def where(one: Row) -> str:
        return place(sheet, one.row, head.label)

    def cell(one: Row, year: int) -> str:
        return place(
            sheet,
            one.row,
            head.named["total"] if year == totals.TOTAL and "total" in head.named else head.columns[year],
        )

    pairs = products.products(read.rows)
    for _, price in pairs.values():
        price.sort = "skip"
    nameless = _nameless(read.rows, where)
    counted = [one for one in read.rows if one.sort != "skip"]
    if alone := kinds.discounted_alone(counted, where):
        return ([], [], [], [], []), alone
    if not any(one.sort in ("line", "total") for one in counted):
        return ([], [], [], [], []), [
            Remark(place(sheet, head.rows[0], head.label), text("there are no amounts below the years"))
        ]
    many = [one for one in counted if one.sort in rows.CHECKED]
    if len(many) > MOST_LINES:
        message = text(
            "there are {n} rows with amounts; at most {most} can be lines of a budget", n=len(many), most=MOST_LINES
        )
        return ([], [], [], [], []), [Remark(where(many[0]), message)]
    are_left_out = "skip" in (asked.rows or {}).values()
    found = decide.decided(counted, asked.signs, where, _resolution(counted), cell, are_left_out)
    problems = [*nameless, *_asked_for_nothing(sheet, cells, head, asked, counted), *found.problems]
    if problems:
        return ([], [], [], [], []), problems
    lines, wrong, more = _made(sheet, cells, head, asked, scale, found, pairs)
    lines, unnamed = spreads.names(sheet, cells, head, lines)
    return (lines, found.totals, wrong, [*_turned(found, where), *found.guesses], found.warnings), more + unnamed


def _asked_for_nothing(sheet: Sheet, cells: Rows, head: Heads, asked: Asked, counted: Sequence[Row]) -> list[Remark]:
    """Rows that --rows decides of, and that have no amounts in the table. Blank ones among others do no harm."""
    known = {one.row + 1 for one in counted if one.sort != "heading"}
    found = []
    for row, what in (asked.rows or {}).items():
        if row in known or (what == "skip" and row - 1 in range(head.rows[0], len(cells))):
            continue
        label = words(cells[row - 1][head.label]) if row <= len(cells) and head.label < len(cells[row - 1]) else ""
        if label or row - 1 not in range(head.rows[0], len(cells)):
            message = text("--rows says what row {row} is, and there are no amounts of the table in it", row=row)
            found.append(Remark(place(sheet, row - 1, head.label), message))
    return found[:1]


def _turned(found: Decided, where: Where) -> list[Remark]:
    """Which kinds stand with a minus in the sheet."""
    firsts = {found.kinds[one.row]: one for one in reversed(found.lines)}
    return [
        Remark(where(firsts[kind]), text("the {kind} stand with a minus in the sheet, and were read as amounts of their kind", kind=kinds.kinds_name(kind)))
        for kind, sign in found.signs.items()
        if sign < 0 and kind in firsts
    ]  # fmt: skip


def _nameless(found: Sequence[Row], where: Where) -> list[Remark]:
    """Rows of amounts without a name: a sum of those above is their total, anything else is not clear."""
    problems = []
    for i, one in enumerate(found):
        if one.unnamed and one.sort == "line":
            run = totals.run(found[:i][::-1])
            if len(run) > 1 and totals.sums(one, run, 2):
                one.sort, one.label = "total", str(text("Total"))
            else:
                problems.append(Remark(where(one), text("the row has numbers and no name; write what it is, or leave it out with --rows {row}=skip", row=one.row + 1)))  # fmt: skip
    return problems


def _resolution(found: Sequence[Row]) -> float:
    """The last place in which the table's numbers are written."""
    values = [value for one in found if one.sort == "line" for value in one.values]
    for places in range(MOST_PLACES):
        if all(
            math.isclose(value, round(value, places), rel_tol=0, abs_tol=1e-9 * max(1.0, abs(value)))
            for value in values
        ):
            return 10.0**-places
    return 1e-9


def _made(
    sheet: Sheet, cells: Rows, head: Heads, asked: Asked, scale: int, found: Decided, pairs: dict[int, tuple[Row, Row]]
) -> tuple[list[Line], list[Wrong], list[Remark]]:
    lines, wrong, problems = list[Line](), list[Wrong](), list[Remark]()
    labels: set[str] = set()
    for one in found.lines:
        kind = found.kinds[one.row]
        if not any(one.values):
            found.guesses.append(Remark(place(sheet, one.row, head.label), text("“{label}” is 0 in every year, and makes no line", label=one.label)))  # fmt: skip
            continue
        line = Line(
            kind,
            _label(one, labels),
            one.row,
            place(sheet, one.row, head.columns[0], head.columns[-1]),
            found.amounts(one),
        )
        if one.stated is not None:
            line = replace(
                line,
                stated=found.signs.get(kind, 1) * one.stated,
                stated_place=place(sheet, one.row, head.named["total"]),
            )
            own = sum(line.amounts)
            if abs((line.stated or 0.0) - own) > 0.5 * _resolution(found.lines) * (len(line.amounts) + 1) + 1e-9 * abs(
                own
            ):
                wrong.append(Wrong(line.stated_place, line.label, line.stated or 0.0, own, "years"))
        told = spreads.spread(sheet, cells, head, asked, scale, line, one.values)
        if isinstance(told, Remark):
            problems.append(told)
        elif isinstance(told, Spread):
            line = replace(line, spread=told)
            found.warnings += [remark] if (remark := spreads.outside(line)) else []
        made = _product(sheet, cells, head, scale, line, pairs)
        if isinstance(made, Wrong):
            wrong.append(made)
        lines.append(replace(line, product=made) if isinstance(made, Product) else line)
    return lines, wrong + [each for total in found.totals for each in total.wrong], problems


def _product(
    sheet: Sheet, cells: Rows, head: Heads, scale: int, line: Line, pairs: dict[int, tuple[Row, Row]]
) -> Product | Wrong | None:
    if line.row not in pairs:
        return products.product(sheet, cells, head, scale, line)
    counts, price = pairs[line.row]
    sign = 1 if sum(line.amounts) * sum(price.values) >= 0 else -1
    where = f"{place(sheet, counts.row, head.columns[0], head.columns[-1])}; {place(sheet, price.row, head.columns[0], head.columns[-1])}"
    return Product(counts.values, tuple(sign * value for value in price.values), where)


def _label(one: Row, taken: set[str]) -> str:
    """What a line is called: as the sheet has it, with its row where two are called the same."""
    label = one.label[:MOST_LETTERS].strip(" *:") or one.label[:MOST_LETTERS]
    if label in taken:
        label = str(text("{label} (row {row})", label=label, row=one.row + 1))
    taken.add(label)
    return label


# What was left out ----------------------------------------------------------------------------------------------------


def _sorted_out(sheet: Sheet, head: Heads, found: Sequence[Row]) -> list[Remark]:
    """Rows with numbers that are no amounts of their own."""
    said = {
        "of which": text("a part of the row above, not counted twice"),
        "percent": text("percentages, no amounts"),
        "count": text("numbers of persons or things, no amounts"),
        "discounted": text("discounted, and the totals are held against amounts that are not; not counted"),
        "skip": text("prices, counted in the row that is their product"),
    }
    return [
        Remark(place(sheet, one.row, head.label), text("“{label}”: {why}", label=one.label, why=said[one.sort]))
        for one in found
        if one.sort in said
    ]


def _unused(sheet: Sheet, cells: Rows, head: Heads, lines: Sequence[Line]) -> list[Remark]:
    """Ranges of rows that are no line."""
    named = [head.named[end] for end in (*vocabulary.RANGES, "half") if end in head.named]
    ends = {line.row for line in lines} | set(head.rows)
    return [
        Remark(place(sheet, i, min(named), max(named)), text("a range beside a row that is no line of its own is not used; give it to the rows that the total sums"))
        for i in range(head.rows[0] + 2, len(cells))
        if named and i not in ends and any(j < len(cells[i]) and numeric(cells[i][j]) for j in named)
    ]  # fmt: skip


def _columns(sheet: Sheet, cells: Rows, head: Heads) -> list[Remark]:
    """Columns with numbers that are neither years nor anything that is known."""
    row = cells[head.rows[0]]
    found = []
    for j in dict.fromkeys((*head.left_out, *head.dropped, *head.like_ranges)):
        name = words(row[j]) if j < len(row) and isinstance(row[j], str) else address(head.rows[0], j)
        message = text("the column “{name}” was not read: it is none of the years, no total and no range", name=name)
        if j in head.like_ranges and vocabulary.is_of_courses(name):
            message = text("the column “{name}” was not read, so that nothing is uncertain by it: it says what some of the outcomes are below, and a range has the lowest and the highest that can be; head those lowest and highest", name=name)  # fmt: skip
        elif j in head.like_ranges:
            message = text("the column “{name}” was not read, so that nothing is uncertain by it: for a range put the two numbers into columns headed lowest and highest, or write ± 10 % below Uncertainty", name=name)  # fmt: skip
        found.append(Remark(place(sheet, head.rows[0], j), message))
    return found


def _onward(sheet: Sheet, cells: Rows, head: Heads) -> list[Remark]:
    """A last year that stands for those after it as well."""
    if head.onward is None:
        return []
    i, year = head.rows[0], head.first_year + len(head.columns) - 1
    message = text("the column “{name}” was read as {year}, which is the last year; where later years are to have the same amounts, add a column for each of them", name=words(cells[i][head.onward]), year=str(year))  # fmt: skip
    return [Remark(place(sheet, i, head.onward), message)]


def _hidden(sheet: Sheet, head: Heads, lines: Sequence[Line]) -> list[Remark]:
    """Hidden rows and columns that count all the same."""
    found = [Remark(one.place, text("“{label}” stands in a hidden row, and was counted", label=one.label)) for one in lines if one.row in sheet.hidden_rows]  # fmt: skip
    for year, j in enumerate(head.columns):
        if j in sheet.hidden_columns:
            found.append(Remark(place(sheet, head.rows[0], j), text("the year {year} stands in a hidden column, and was counted", year=head.first_year + year)))  # fmt: skip
    return found
