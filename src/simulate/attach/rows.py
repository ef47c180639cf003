"""The rows below the years: which are amounts, totals, headings, notes, and which are none of these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from simulate.attach import units
from simulate.attach import words as vocabulary
from simulate.attach.cells import NOTHING, NoNumber, flaw, is_blank, number, numeric, place, words
from simulate.attach.heads import Heads
from simulate.attach.tables import KINDS, Amounts, Asked, Kind, Remark
from simulate.content import Sentence
from simulate.grid import Sheet, Value
from simulate.locale import text

Sort = Literal[
    "line", "total", "net", "accumulated", "of which", "percent", "count", "own", "discounted", "heading", "end", "skip"
]
BULLETS = ("-", "–", "•", "*", "·")
CHECKED: tuple[Sort, ...] = ("line", "total", "net", "accumulated")  # rows whose every number must be read
NOTE = 60  # letters from which on a text without numbers is a note, and no heading


@dataclass(slots=True)
class Row:
    """A row of the sheet. values: by year as it has them; stated: in the column of totals; kind: as --rows says it; block: it repeats the years."""

    row: int
    label: str
    sort: Sort
    values: Amounts = ()
    stated: float | None = None
    kind: Kind | None = None
    asked: bool = False
    block: bool = False
    unnamed: bool = False
    blank_before: bool = False


@dataclass(slots=True)
class Read:
    """What reading the rows gives."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Remark] = field(default_factory=list)
    left_out: list[Remark] = field(default_factory=list)
    guesses: list[Remark] = field(default_factory=list)


def read(sheet: Sheet, rows: Sequence[Sequence[Value]], heads: Heads, asked: Asked, scale: int) -> Read:
    """Every row below the first row of years, in its order."""
    found = Read()
    counting, of_which, discounted, blank = False, False, False, False
    grouped = ""
    for i in range(heads.rows[0], len(rows)):
        label = _label(sheet, rows, heads, i)
        if i in heads.rows:
            counting, of_which, discounted = _counts(label), False, False
            if vocabulary.kind(label, heading=True) is None and not vocabulary.is_net(label):
                label = vocabulary.caption(_caption(rows, heads, i), len(heads.rows) > 1) or label
            found.rows.append(Row(i, label, "heading", block=True))
            continue
        for group in _group(rows, heads, i):
            if group in (label, grouped):  # the row's own name, or said of each row
                continue
            counting, of_which, grouped = False, False, group
            found.rows.append(Row(i, group, "heading"))
        one = _row(sheet, rows, heads, asked, scale, i, label, found)
        if one is None:
            blank = blank or not label
            of_which = of_which and bool(label)
            continue
        if one.sort == "heading":
            of_which = vocabulary.OF_WHICH.search(label) is not None
            discounted = vocabulary.DISCOUNTED.search(label) is not None and vocabulary.kind(label, True) is None
            counting = counting if vocabulary.kind(label, True) is None else False
            counting = counting or _counts(label)
            if of_which:
                continue
        elif of_which and one.sort == "line" and not one.asked:
            one.sort = "of which"
        elif one.sort in ("total", "net"):
            of_which = False
        if discounted and one.sort in CHECKED and not one.asked:
            one.sort = "discounted"
        if one.sort in ("line", "total") and vocabulary.kind(label):
            counting = False  # the heading names an area, such as children, and counts none
        if counting and one.sort in ("line", "total") and not one.asked:
            one.sort = "count"
        one.blank_before, blank = blank, False
        found.rows.append(one)
    return found


def _counts(label: str) -> bool:
    """Whether what stands under a heading are persons, and no money."""
    return bool(vocabulary.COUNT.search(label)) or (
        "antal" in label.lower() and vocabulary.kind(label, True) is None and units.said(label) is None
    )


def _label(sheet: Sheet, rows: Sequence[Sequence[Value]], heads: Heads, i: int) -> str:
    """What a row is called; of merged cells what stands in the first."""
    own = _at(rows, i, heads.label)
    for top, left, bottom, right in sheet.merged:
        if is_blank(own) and top <= i <= bottom and left <= heads.label <= right:
            own = _at(rows, top, left)
    if isinstance(own, float) and not isinstance(own, bool):
        return f"{own:g}"
    said = words(own)
    if said or all(is_blank(_at(rows, i, j)) for j in heads.columns):
        return said
    return next((group for group in _group(rows, heads, i) if vocabulary.TOTAL.search(group) or vocabulary.is_net(group)), "")  # fmt: skip


def _caption(rows: Sequence[Sequence[Value]], heads: Heads, i: int) -> str:
    """The text right above a row of years, beside its names; a unit alone is none."""
    for above in range(i - 1, -1, -1):
        if any(numeric(_at(rows, above, j)) for j in heads.columns):
            return ""
        texts = (words(one) for one in rows[above][: heads.columns[0]])
        if found := next((one for one in texts if one and not units.IS_UNIT.fullmatch(one)), ""):
            return found
    return ""


def _at(rows: Sequence[Sequence[Value]], i: int, j: int) -> Value:
    return rows[i][j] if 0 <= i < len(rows) and 0 <= j < len(rows[i]) else None


def _group(rows: Sequence[Sequence[Value]], heads: Heads, i: int) -> Iterator[str]:
    for j in heads.groups:
        if words(_at(rows, i, j)) and not numeric(_at(rows, i, j)):
            yield words(_at(rows, i, j))


def _row(
    sheet: Sheet,
    rows: Sequence[Sequence[Value]],
    heads: Heads,
    asked: Asked,
    scale: int,
    i: int,
    label: str,
    found: Read,
) -> Row | None:
    """One row; None for one that is empty or a note."""
    cells = [_at(rows, i, j) for j in heads.columns]
    flawed = [one for j in heads.columns if (one := flaw(sheet, i, j))]
    told = (asked.rows or {}).get(i + 1)
    if told == "skip":
        found.left_out.append(
            Remark(place(sheet, i, heads.label), text("left out, as --rows says: “{label}”", label=label))
        )
        return None
    if all(is_blank(one) for one in cells) and not flawed:
        return _without_numbers(sheet, rows, heads, i, label, found)
    if not flawed and _says_units(cells):
        return None
    if not flawed and _is_words(cells):
        _left(sheet, heads, i, label, found)
        return None
    made = Row(i, label, "line", asked=told is not None, unnamed=not label)
    made.sort = _sort(sheet, rows, heads, i, label, told)
    made.kind = next((kind for kind in KINDS if kind == told), None)
    _numbers(sheet, rows, heads, scale, made, found)
    return made


def _says_units(cells: Sequence[Value]) -> bool:
    """Whether it is a row of units under the years."""
    texts = [one for one in cells if not is_blank(one)]
    return all(isinstance(one, str) and units.IS_UNIT.fullmatch(words(one)) for one in texts)


def _is_words(cells: Sequence[Value]) -> bool:
    """Whether the cells are words, without a number in any of them."""
    texts = [words(one) for one in cells if not is_blank(one)]
    return all(one and one not in NOTHING and not any(letter.isdigit() for letter in one) for one in texts)


def _left(sheet: Sheet, heads: Heads, i: int, label: str, found: Read) -> None:
    if label:
        found.left_out.append(Remark(place(sheet, i, heads.label), text("no numbers: “{label}”", label=label)))


def _without_numbers(
    sheet: Sheet, rows: Sequence[Sequence[Value]], heads: Heads, i: int, label: str, found: Read
) -> Row | None:
    """A heading, a note, or a row that has only a total."""
    if not label:
        return None
    total = heads.named.get("total")
    if total is not None and not is_blank(_at(rows, i, total)) and numeric(_at(rows, i, total)):
        message = text("“{label}” has a total and no amounts by year; write them, or leave the row out with --rows {row}=skip", label=label, row=i + 1)  # fmt: skip
        found.problems.append(Remark(place(sheet, i, total), message))
        return None
    if (
        len(label) > NOTE
        or label[0] in "*¹²³"
        or label[:5].lower().startswith(("note", "kilde", "anm.", "anm:", "bem.", "sourc"))
    ):
        found.left_out.append(Remark(place(sheet, i, heads.label), text("a note: “{label}”", label=label[:NOTE])))
        return None
    return Row(i, label, "heading")


def _sort(sheet: Sheet, rows: Sequence[Sequence[Value]], heads: Heads, i: int, label: str, told: str | None) -> Sort:
    if told == "total":  # of the sort that it would be by its name
        return "accumulated" if vocabulary.ACCUMULATED.search(label) else "net" if vocabulary.is_net(label) else "total"
    if told is not None:
        return "line"
    unit = words(_at(rows, i, heads.named["unit"])) if "unit" in heads.named else ""
    cells = [(j, _at(rows, i, j)) for j in heads.columns if not is_blank(_at(rows, i, j))]
    shares = [(i, j) in sheet.percents or (isinstance(one, str) and "%" in one) for j, one in cells]
    if (shares and all(shares)) or vocabulary.PERCENT.search(unit) or vocabulary.PERCENT.search(label):
        return "percent"
    if vocabulary.SHARE.search(label) and all(isinstance(one, float) and 0 <= one <= 1 for _, one in cells):
        return "percent"
    if vocabulary.DISCOUNTED.search(label):
        return "discounted"
    if vocabulary.OF_WHICH.search(label):
        return "of which"
    if vocabulary.ACCUMULATED.search(label):
        return "accumulated"
    if vocabulary.is_net(label):
        return "net"
    if vocabulary.COUNT.search(label) or (unit and units.said(unit) is None and "kr" not in unit.lower()):
        return "count"
    return "total" if vocabulary.TOTAL.search(label) else "line"


def _numbers(sheet: Sheet, rows: Sequence[Sequence[Value]], heads: Heads, scale: int, one: Row, found: Read) -> None:
    """The row's numbers, and what is wrong with them where they count."""
    values, wrong = [], []
    for j in heads.columns:
        value = _at(rows, one.row, j)
        if told := flaw(sheet, one.row, j):
            wrong.append(told)
            values.append(0.0)
        elif (one.row, j) in sheet.percents and one.sort in CHECKED:
            wrong.append(Remark(place(sheet, one.row, j), text("the cell is a percentage, where an amount belongs")))
            values.append(0.0)
        else:
            values.append(_number(sheet, one, j, value, 1 if one.sort == "count" else scale, wrong))
    one.values = tuple(values)
    total = heads.named.get("total")
    if total is not None and not is_blank(_at(rows, one.row, total)) and one.sort in CHECKED:
        if told := flaw(sheet, one.row, total):
            wrong.append(told)
        else:
            one.stated = _number(sheet, one, total, _at(rows, one.row, total), scale, wrong)
    if one.sort in CHECKED:
        found.problems += wrong
        blank = [j for j in heads.columns if is_blank(_at(rows, one.row, j)) and (one.row, j) not in sheet.faults]
        if blank and one.sort == "line":
            cells = ", ".join(place(sheet, one.row, j).rpartition("!")[2] for j in blank)
            found.guesses.append(Remark(place(sheet, one.row, heads.label), text("“{label}”: empty cells count as 0: {cells}", label=one.label, cells=cells)))  # fmt: skip


def _number(sheet: Sheet, one: Row, j: int, value: Value, scale: int, wrong: list[Remark]) -> float:
    if is_blank(value):
        return 0.0
    try:
        return number(value, scale)
    except NoNumber as problem:
        wrong.append(
            Remark(
                place(sheet, one.row, j),
                text(
                    "{problem} (or leave the row out: --rows {row}=skip)",
                    problem=Sentence(problem.message.rstrip(".")),
                    row=one.row + 1,
                ),
            )
        )
        return 0.0
