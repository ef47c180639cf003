"""The number of a cell: as the reader has it, or a text as finance people write it, brackets and a minus behind it included."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from simulate.attach.tables import Remark
from simulate.content import Sentence
from simulate.grid import Sheet, Value, address
from simulate.locale import text
from simulate.scenario import numbers
from simulate.scenario.numbers import NumberProblem
from simulate.scenario.values import LARGEST

NOTHING = ("-", "–", "—", "−", ".", "..", "...")  # what stands for 0 in a table
MILLION = 1_000_000
_BRACKETS = re.compile(r"\( *([^()]+?) *\)")
_BEHIND = re.compile(r"(?P<number>.*[0-9](?: *(?:kr\.?|mio\. kr\.?|t\.?kr\.?))?) *[-−–]", re.I)
_DANISH_MINUS = re.compile(r"^÷ *(?=[0-9])")
_OF_KRONER = re.compile(r".*,[-−–]")
Cell = tuple[int, int]


class NoNumber(Exception):
    """A cell that is no number; the message is a sentence. percent: it is one of another kind."""

    def __init__(self, message: str, percent: bool = False) -> None:
        super().__init__(message)
        self.message, self.percent = message, percent


def is_blank(value: Value) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def words(value: Value) -> str:
    """A cell's text on one line, without letters that nobody sees; empty where it is none."""
    if not isinstance(value, str):
        return ""
    return " ".join("".join(one if one.isprintable() else " " for one in value).split())


def marked(said: str) -> str:
    """A name between the marks of the language."""
    return text("“{name}”", name=said)


def number(value: Value, scale: int) -> float:
    """What a cell has, in units of so many kroner. Raises NoNumber."""
    found = _number(value, scale)
    if abs(found) * scale > LARGEST:
        raise NoNumber(text("a number this large cannot be meant; at most 10^15"))
    return found


def _number(value: Value, scale: int) -> float:
    if isinstance(value, float) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _of_text(value, scale)
    if isinstance(value, bool):
        raise NoNumber(text("the cell has a truth, where an amount belongs"))
    raise NoNumber(text("the cell has a date, where an amount belongs; Excel may have made it of a number with a dot"))


def _of_text(value: str, scale: int) -> float:
    said = words(value)
    if said in NOTHING:
        return 0.0
    plain, negative = _without_sign(_DANISH_MINUS.sub("-", said))
    try:
        read = numbers.parse(plain, "number" if "%" in plain else "money")
        if scale >= MILLION and read.bare:
            numbers.parse(plain, "number")  # 7.328 is hardly seven thousand millions
    except NumberProblem as problem:
        raise NoNumber(
            _words_there(said)
            if any(one.isalpha() or one in "?~" for one in plain) or _RANGE.fullmatch(said) or _NOTED.fullmatch(said)
            else problem.message
        ) from None
    if read.share:
        raise NoNumber(text("“{given}” is a share, where an amount belongs.", given=said), percent=True)
    if _DOTTED.fullmatch(plain):
        raise NoNumber(text("“{given}” has a dot that parts no thousands; write {whole} or {decimal}", given=said, whole=plain.replace(".", ""), decimal=plain.replace(".", ",")))  # fmt: skip
    found = -read.value if negative else read.value
    return found + 0.0 if read.bare or scale == 1 else float(Decimal(repr(found)) / scale)


_DOTTED = re.compile(r"-?[1-9][0-9]*\.[0-9]{4,}")  # hardly a number with four decimals, among amounts: a slip of 1.000


def _words_there(said: str) -> Sentence:
    """Words where an amount belongs, or two of them."""
    if (ends := _RANGE.fullmatch(said)) and ends["low"]:
        return text("“{given}” is two numbers, where one amount belongs; write the most likely one, and {low} and {high} into columns headed lowest and highest, behind the years", given=said, low=ends["low"].strip(), high=ends["high"].strip())  # fmt: skip
    if noted := _NOTED.fullmatch(said):
        return text("“{given}” has the mark of a note behind the amount; write {number}, and put the mark behind the name of the row", given=said, number=noted["number"].strip())  # fmt: skip
    behind = _WORDS_BEHIND.fullmatch(said)
    if number := numbers.about(said) or (behind["number"].strip() if behind else ""):
        return text("“{given}” is no amount alone; write {number} if that is meant, and put the words into a note", given=said, number=number)  # fmt: skip
    return text("“{given}” is no amount; write the amount, or 0 where there is none", given=said)


def _without_sign(said: str) -> tuple[str, bool]:
    """`(500)` and `500-` as 500, and that they are negative."""
    if inner := _BRACKETS.fullmatch(said):
        return inner[1] if not inner[1].startswith(("-", "−", "–")) else said, True
    behind = _BEHIND.fullmatch(said)
    if behind and not _OF_KRONER.fullmatch(said) and not said.startswith(("-", "−", "–")):
        return behind["number"], True
    return said, False


_AMOUNT = r"[0-9][0-9. ]*(?:,[0-9]+)?(?: ?(?:kr\.?|t\.? ?kr\.?|mio\.?(?: ?kr\.?)?|%|pct\.?))?"
_RANGE = re.compile(rf"(?:ca\. ?)?(?:mellem )?(?P<low>{_AMOUNT}) *(?:[-–—−]+|til|og|to) *(?P<high>{_AMOUNT})|.*(?:±|\+ ?/ ?[-−–]) ?[0-9].*", re.I)  # fmt: skip


_WORDS_BEHIND = re.compile(rf"(?P<number>[-−–]?{_AMOUNT}) ?\([^()]*[^\W\d_][^()]*\)")
_TWO_WAYS = re.compile(r"[-−–]? ?[0-9]{1,3}[,.][0-9]{3}")
_NOTED = re.compile(rf"(?P<number>[-−–]?{_AMOUNT}) ?(?:\*+|[¹²³⁴⁵]+|(?<= )[0-9]\)|\([0-9*]\)|(?<=[0-9])[†‡])")
_YEAR = re.compile(r" *(?:19|20|21)?[0-9]{2} *")


def is_range(said: str) -> bool:
    """Whether a text is two numbers, or more and less: `1.400-1.700`, `± 100`."""
    found = _RANGE.fullmatch(said)
    return found is not None and not (found["low"] and _YEAR.fullmatch(found["low"]) and _YEAR.fullmatch(found["high"]))


def numeric(value: Value) -> bool:
    """Whether a cell is a number, or nothing but one, also where that can be read in two ways."""
    if _TWO_WAYS.fullmatch(words(value)):
        return True
    try:
        number(value, 1)
    except NoNumber as problem:
        return problem.percent
    return not (isinstance(value, str) and words(value) in NOTHING)


def flaw(sheet: Sheet, row: int, column: int) -> Remark | None:
    """What the file itself has wrong in a cell."""
    found = sheet.faults.get((row, column))
    return None if found is None else Remark(place(sheet, row, column), Sentence(found.words()))


def place(sheet: Sheet, row: int, first: int, last: int | None = None) -> str:
    """`'Business case'!C7`, or the cells from one column to another."""
    cell = address(row, first, words(sheet.name))
    return cell if last is None or last == first else f"{cell}:{address(row, last)}"


def cropped(sheet: Sheet, box: tuple[int, int, int, int]) -> list[list[Value]]:
    """Rows in which only the cells of a box are filled in: first row, first column, last row, last column."""
    first_row, first_column, last_row, last_column = box
    return [
        [one if first_row <= i <= last_row and first_column <= j <= last_column else None for j, one in enumerate(row)]
        for i, row in enumerate(sheet.rows)
    ]


def width(rows: Sequence[Sequence[Value]]) -> int:
    return max(map(len, rows), default=0)
