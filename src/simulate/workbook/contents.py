"""What a cell says of a case, and how the case is said in a cell: each kind of column both ways.

Decoding gives what a case's text file has in the place; what only looks wrong there (a text that is no number) is left to the rules of the
case, which know the cell. Encoding gives None for what a cell cannot say so that decoding gives the same again.
"""

from __future__ import annotations

import re
import struct
import tomllib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from simulate import locale
from simulate.grid import Value
from simulate.locale import Language, text
from simulate.scenario import danish, numbers, toml_writer
from simulate.scenario.validation import month_meant
from simulate.scenario.values import YEAR, Literal, shown, suggestion
from simulate.workbook.layout import ASSUMPTIONS, COSTS, Column, Kind

Content = bool | int | float | str  # of a cell that is written
YES, NO = (*danish.YES, "true", "x", "y", "1"), (*danish.NO, "false", "falsch", "n", "0")
MOST_LETTERS = 30_000  # of a cell; Excel takes 32,767
MOST_DIGITS = 16  # from so many on, a text of digits is a number that a cell of numbers does not hold
KEPT_DIGITS = 15  # of a number, whichever program saves it: LibreOffice writes no more
EXACT = 2**53  # whole numbers above it are no number cells
_PLAIN = re.compile(r"(?P<whole>-?(?:0|[1-9][0-9]*))(?:[.,](?P<decimals>[0-9]+))?(?P<power>e[-+]?[0-9]+)?")
_OF_A_YEAR = re.compile(r"([12][0-9]{3})\s*[:=]\s*(.*)", re.DOTALL)
_MONTH = re.compile(
    r"(?P<year>[12][0-9]{3})[-./](?P<month>0?[1-9]|1[0-2])(?:[-./]0?1)?|(?P<m>0?[1-9]|1[0-2])[-./](?P<y>[12][0-9]{3})"
)
_QUOTES = "\"'"
_BLANKS = re.compile("[\u00a0\u2007\u202f]")  # that no line is broken at, and that look like any other


class CellProblem(ValueError):
    """What is wrong with a cell; its text says so in a sentence."""


def is_empty(cell: Value) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


# What a cell says ----------------------------------------------------------------------------------------------------------


def decoded(column: Column, cell: Value) -> Any:
    """What the case has for it. cell: not empty. Raises CellProblem."""
    return _DECODED[column.kind](column, cell)


def number_of(cell: float) -> int | Literal:
    """A number cell, exactly. One with three decimals gets a fourth, without which it could be thousands."""
    if float(cell).is_integer() and abs(cell) < EXACT:
        return int(cell)
    raw = repr(float(cell))
    return Literal(raw + "0" * bool(re.search(r"\.[0-9]{3}$", raw)))


def _text(column: Column, cell: Value) -> str:
    """A number or a date that a spreadsheet made of a text is that text again."""
    if isinstance(cell, bool):
        raise CellProblem(
            text(
                "{given} is TRUE or FALSE, where a text belongs; write it with an apostrophe in front",
                given=shown(cell),
            )
        )
    if isinstance(cell, float | int):
        number = number_of(cell)
        return str(number) if isinstance(number, int) else number.raw
    if isinstance(cell, datetime | date):
        if column.key[-1] not in ("source", "note"):
            raise CellProblem(_of_a_date(cell, text("a text belongs; write it with an apostrophe in front")))
        return _day(cell)
    return name_of(str(cell)) if column.is_name else str(cell)


def name_of(said: str) -> str:
    """A name as others write it: without blanks around it, which nobody sees, with ordinary ones within, and its letters each in one piece."""
    return _whole_letters(_BLANKS.sub(" ", said)).strip()


def _whole_letters(said: str) -> str:
    """A letter with its ring or accent as one, which some programs write as two that look the same."""
    return said if said.isascii() else unicodedata.normalize("NFC", said)


ENDS = ("low", "high")


def _number(column: Column, cell: Value) -> Any:
    if isinstance(cell, bool):
        raise CellProblem(text("TRUE or FALSE stands where a number belongs"))
    if isinstance(cell, datetime | date):
        raise CellProblem(
            _of_a_date(cell, text("a number belongs; write the number again and give the cell the format of a number"))
        )
    if isinstance(cell, float | int):
        return number_of(cell)
    if column.key[0] == "uncertainty" and column.key[-1] in ENDS:
        _one_end(str(cell).strip())
    return _of_text(str(cell))


def _one_end(said: str) -> None:
    """Refuse both ends of a range in the column of one of them."""
    found = re.fullmatch(r"([0-9.,]*[0-9]) *(%|kr\.?)? *(?:[-–—]|til|to) *([0-9.,]*[0-9]) *(%|kr\.?)?", said, re.I)
    if found is None:
        return
    unit = found[4] or found[2] or ""
    low, high = (f"{number} {unit}".strip() for number in (found[1], found[3]))
    under = {key: shown(ASSUMPTIONS.column("uncertainty", key).title.spoken) for key in ENDS}
    raise CellProblem(text("{given} is two numbers; write {first} under {begin} and {last} under {end}", given=shown(said), first=low, last=high, begin=under["low"], end=under["high"]))  # fmt: skip


def _of_text(said: str) -> Any:
    """Numbers by year, several with ; between them, or one as typed."""
    said = _whole_letters(said.strip())
    parts = _split(said)
    by_year = [_OF_A_YEAR.fullmatch(part) for part in parts]
    if all(by_year) and any(parts):
        table = {match[1]: plain(match[2]) for match in by_year if match}
        if len(table) < len(parts):
            raise CellProblem(text("a year stands twice in {given}", given=shown(said)))
        return table
    if len(parts) > 1:
        return [plain(part) for part in (parts if parts[-1] else parts[:-1])]
    found = _exact(said)
    return said if found is None else found


def _exact(said: str) -> int | Literal | None:
    """A number that the cell of a number cannot hold: more digits than are written, or minus zero; None of any other text."""
    if re.fullmatch("-?[0-9]+", said) and (abs(int(said[:40])) >= EXACT):
        return int(said) if len(said) < 40 else None
    digits = re.sub("e.*|[^0-9]", "", said).lstrip("0")
    if said != "-0.0" and len(digits) < MOST_DIGITS:
        return None
    try:
        return Literal(said) if repr(float(said)) == said else None
    except ValueError:
        return None


def plain(said: Any) -> Any:
    """A text that is a number in one way only, as the number; whatever else as it is."""
    found = _PLAIN.fullmatch(said) if isinstance(said, str) else None
    if found is None or len(said) > 40:
        return said
    whole, decimals, power = found["whole"], found["decimals"], found["power"] or ""
    if decimals is None and not power:
        return int(whole)
    if decimals is not None and len(decimals) == 3 and not power:
        return said
    return Literal(whole + (f".{decimals}" if decimals else "") + power)


def _split(said: str) -> list[str]:
    """At each ; that is in no brackets and no quotes."""
    parts, depth, quote, begun = [], 0, "", 0
    for i, letter in enumerate(said):
        if quote:
            quote = "" if letter == quote else quote
        elif (letter in _QUOTES and not said[begun:i].strip()) or (letter == "'" and depth):
            quote = letter
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == ";" and depth <= 0:
            parts.append(said[begun:i].strip())
            begun = i + 1
    return [*parts, said[begun:].strip()]


def _whole(column: Column, cell: Value) -> Any:
    if isinstance(cell, datetime | date):
        raise CellProblem(
            _of_a_date(
                cell, text("a whole number belongs; write the number again and give the cell the format of a number")
            )
        )
    if isinstance(cell, bool):
        raise CellProblem(text("TRUE or FALSE stands where a number belongs"))
    if isinstance(cell, float | int):
        if not float(cell).is_integer():
            raise CellProblem(text("{given} is no whole number", given=shown(float(cell))))
        return int(cell)
    said = str(cell).strip()
    if re.fullmatch(r"[1-9][0-9]{0,2}([. \u00a0][0-9]{3})+", said):  # which of a whole number can be thousands alone
        said = re.sub("[^0-9]", "", said)
    if not re.fullmatch(r"-?[0-9]{1,30}", said):
        found = re.findall(r"[0-9]+", said)
        alone: str = text("; write {number}", number=found[0]) if len(found) == 1 and len(found[0]) <= 30 else ""
        years = [one for one in found if re.fullmatch("(19|20|21)[0-9]{2}", one)]
        if len(years) == 1 < len(found):
            alone = text("; write the year alone, {year}", year=years[0])
        elif len(years) > 1:
            alone = text("; write one year")
        raise CellProblem(text("{given} is no whole number", given=shown(said)) + alone)
    return int(said)


def _truth(column: Column, cell: Value) -> bool:
    if isinstance(cell, bool):
        return cell
    said = (
        str(int(cell)) if isinstance(cell, float | int) and float(cell).is_integer() else str(cell).strip().casefold()
    )
    if said in YES or said in NO:
        return said in YES
    raise CellProblem(text("{given} is neither yes nor no", given=shown(cell if isinstance(cell, str) else str(cell))))


def _choice(column: Column, cell: Value) -> str:
    said = name_of(_text(column, cell))
    for one in column.choices:
        for word in (one.words.da, one.words.en, one.value):
            if one.value.endswith(":") and said[: len(word)].casefold() == word.casefold():
                return one.value + said[len(word) :].removeprefix(" ")
            if danish.folded(said) == danish.folded(word):
                return one.value
    known = [one.value for one in column.choices]
    found = danish.meant(said, danish.VALUES, known)
    if found is None:
        words = [one.words.said(locale.language()) for one in column.choices]
        raise CellProblem(
            text("{given} cannot be chosen here; write one of {known}", given=shown(said), known=", ".join(words))
            + near(said, words)
        )
    return found


def near(said: str, words: Sequence[str]) -> str:
    """`; did you mean ...?`, where one is near."""
    found = suggestion(said, words)
    return found if "?" in found else ""


def _month(column: Column, cell: Value) -> str:
    if isinstance(cell, datetime | date):
        if cell.day != 1:
            raise CellProblem(
                text(
                    "{given} is a day within a month; write the month, like {example}",
                    given=_day(cell),
                    example=f"{cell:%Y-%m}",
                )
            )
        return f"{cell:%Y-%m}"
    found = _MONTH.fullmatch(str(cell).strip()) if isinstance(cell, str) else None
    if found is None:
        raise CellProblem(
            text(
                "{given} is no month; write it like {example}",
                given=shown(_text(column, cell)),
                example=month_meant(cell, "2027-03"),
            )
        )
    return f"{found['year'] or found['y']}-{int(found['month'] or found['m']):02}"


def _once(column: Column, cell: Value) -> Any:
    if isinstance(cell, float | int) or (isinstance(cell, str) and re.fullmatch(r"\s*[0-9]{4}\s*", cell)):
        return _whole(column, cell)
    span = re.fullmatch(r"\s*((?:19|20|21)[0-9]{2}) *(?:[-–—/]|til|to) *((?:19|20|21)[0-9]{2})\s*", str(cell))
    if span is not None:
        raise CellProblem(text("{given} is several years; write {first} under {begin} and {last} under {end}", given=shown(str(cell).strip()), first=span[1], last=span[2], begin=shown(COSTS.column("from").title.spoken), end=shown(COSTS.column("to").title.spoken)))  # fmt: skip
    return _month(column, cell)


def _names(column: Column, cell: Value) -> list[str]:
    return [part for part in map(name_of, _text(column, cell).split(";")) if part]


def _by_name(column: Column, cell: Value) -> Any:
    table: dict[str, Any] = {}
    for part in _split(_text(column, cell)):
        name, colon, said = part.rpartition(":")
        if not part:
            continue
        if not colon or not name.strip() or not said.strip():
            raise CellProblem(
                text(
                    "{given} has no name and number with a colon between them, like {example}",
                    given=shown(part),
                    example="region: 10 %",
                )
            )
        if name.strip() in table:
            raise CellProblem(text("{name} stands twice", name=shown(name.strip())))
        table[name.strip()] = plain(said.strip())
    return table


def _toml(column: Column, cell: Value) -> Any:
    """As in a case's text file where it begins with a bracket or a quote; else the number, truth or text that stands there."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, str) and cell.lstrip()[:1] in ("{", "[", '"') and cell.strip():
        try:
            return tomllib.loads(f"value = {cell.strip()}", parse_float=Literal)["value"]
        except (tomllib.TOMLDecodeError, RecursionError, ValueError):
            raise CellProblem(
                text(
                    "{given} is not written as in a text file, like {example}",
                    given=shown(cell),
                    example='{ share = "20 %", after_months = 9 }',
                )
            ) from None
    if isinstance(cell, str):
        found = _exact(cell)
        return cell if found is None else found
    return _number(column, cell)


def _unread(column: Column, cell: Value) -> None:
    return None


def _day(cell: date) -> str:
    return (
        f"{cell.day:02}.{cell.month:02}.{cell.year}"
        if locale.language() == "da"
        else f"{cell.year}-{cell.month:02}-{cell.day:02}"
    )


def _of_a_date(cell: date, belongs: str) -> str:
    said: str = text("the spreadsheet has made a date of this, {day}, where {belongs}", day=_day(cell), belongs=belongs)
    return said


_DECODED: Mapping[Kind, Callable[[Column, Value], Any]] = {
    Kind.TEXT: _text, Kind.NUMBER: _number, Kind.WHOLE: _whole, Kind.TRUTH: _truth, Kind.CHOICE: _choice, Kind.MONTH: _month, Kind.ONCE: _once,
    Kind.NAMES: _names, Kind.BY_NAME: _by_name, Kind.TOML: _toml, Kind.UNREAD: _unread,
}  # fmt: skip


# How it is said in a cell --------------------------------------------------------------------------------------------------


def encoded(column: Column, value: Any, language: Language) -> Content | None:
    """The cell that says it, from which decoding gives the same, bit by bit; None where none does."""
    cell = _ENCODED[column.kind](column, value, language)
    if cell is None or (isinstance(cell, str) and (len(cell) > MOST_LETTERS or not cell.strip())):
        return None
    try:
        again = decoded(column, float(cell) if type(cell) is int else cell)
    except CellProblem:
        return None
    return cell if is_same(again, value) or (column.as_written and is_same(plain(again), plain(value))) else None


def is_same(one: Any, other: Any) -> bool:
    """Whether a case is the same with either: numbers to the last bit, tables in their order, a plain number in a list with or without quotes."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return list(one) == list(other) and all(is_same(plain(one[key]), plain(other[key])) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, map(plain, one), map(plain, other)))
    if isinstance(one, bool) or isinstance(other, bool) or isinstance(one, str) or isinstance(other, str):
        return type(one) is type(other) and one == other
    if isinstance(one, int) and isinstance(other, int):
        return one == other
    return _is_number(one) and _is_number(other) and _bits(one) == _bits(other)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)


def _bits(value: float) -> bytes:
    return struct.pack("d", value) if abs(value) < 1e300 else repr(value).encode()


def _of_number(column: Column, value: Any, language: Language) -> Content | None:
    if isinstance(value, bool):
        return None
    if (
        column.as_written
        and isinstance(value, Literal)
        and numbers.resolution(value.raw) != numbers.resolution(repr(float(value)))
    ):
        return _said(value.raw, language)
    if isinstance(value, int | float):
        return _cell(value)
    if isinstance(value, list):
        parts = [_part(item, language) for item in value]
        return None if None in parts or len(parts) < 1 else "; ".join(map(str, parts)) + ";" * (len(parts) == 1)
    if isinstance(value, Mapping) and value and all(re.match(YEAR, str(key)) for key in value):
        parts = [_part(item, language) for item in value.values()]
        return None if None in parts else "; ".join(f"{key}: {part}" for key, part in zip(value, parts, strict=True))
    return value if isinstance(value, str) else None


def _cell(value: float) -> Content:
    """A number cell where it holds the number exactly, else its digits as text."""
    if isinstance(value, int):
        return value if abs(value) < EXACT else str(value)
    exact = float(f"{value:.{KEPT_DIGITS}G}") == value and repr(value + 0.0) == repr(float(value))
    return float(value) if exact and repr(float(value)) != "-0.0" else repr(float(value))


def _part(item: Any, language: Language) -> str | None:
    """One of several numbers in a text."""
    if isinstance(item, str):
        return item if _split(item) == [item] else None
    if isinstance(item, bool) or not isinstance(item, int | float):
        return None
    return str(item) if isinstance(item, int) else _said(repr(float(item)), language)


def _said(raw: str, language: Language) -> str:
    """With the language's decimal mark, and never three decimals."""
    raw = raw.replace("_", "")
    longer = raw + "0" * bool(re.search(r"\.[0-9]{3}$", raw))
    return longer.replace(".", ",") if language == "da" and "e" not in raw.lower() else longer


def _of_text_cell(column: Column, value: Any, language: Language) -> Content | None:
    return value if isinstance(value, str) else None


def _of_whole(column: Column, value: Any, language: Language) -> Content | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if abs(value) < EXACT else str(value)


def _of_truth(column: Column, value: Any, language: Language) -> Content | None:
    if not isinstance(value, bool):
        return None
    return ("ja" if value else "nej") if language == "da" else ("yes" if value else "no")


def _of_choice(column: Column, value: Any, language: Language) -> Content | None:
    if not isinstance(value, str):
        return None
    for one in column.choices:
        if value == one.value:
            return one.words.said(language)
        if one.value.endswith(":") and value.startswith(one.value):
            return f"{one.words.said(language)} {value.removeprefix(one.value)}"
    return None


def _of_month(column: Column, value: Any, language: Language) -> Content | None:
    return value if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)) else None


def _of_names(column: Column, value: Any, language: Language) -> Content | None:
    return (
        "; ".join(value) if isinstance(value, list) and value and all(isinstance(one, str) for one in value) else None
    )


def _of_by_name(column: Column, value: Any, language: Language) -> Content | None:
    if not isinstance(value, Mapping) or not value:
        return None
    parts = [_part(item, language) for item in value.values()]
    return None if None in parts else "; ".join(f"{name}: {part}" for name, part in zip(value, parts, strict=True))


def _of_toml(column: Column, value: Any, language: Language) -> Content | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _cell(value)
    if isinstance(value, str):
        is_plain = value.strip() and value.lstrip()[:1] not in ("{", "[", '"') and _exact(value) is None
        return value if is_plain else toml_writer.value(value)
    return toml_writer.value(value)


_ENCODED: Mapping[Kind, Callable[[Column, Any, Language], Content | None]] = {
    Kind.TEXT: _of_text_cell, Kind.NUMBER: _of_number, Kind.WHOLE: _of_whole, Kind.TRUTH: _of_truth, Kind.CHOICE: _of_choice, Kind.MONTH: _of_month,
    Kind.ONCE: _of_month, Kind.NAMES: _of_names, Kind.BY_NAME: _of_by_name, Kind.TOML: _of_toml, Kind.UNREAD: lambda *_: None,
}  # fmt: skip
