"""Numbers of a scenario: written in it, listed by year, or an assumption's name."""

import math
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from simulate import locale
from simulate.content import Sentence
from simulate.locale import text
from simulate.scenario import expressions, numbers
from simulate.scenario.expressions import Expression, ExpressionProblem, Known, Name
from simulate.scenario.numbers import NumberProblem, Usage

FEW = 8
MOST_LISTED = 12  # numbers of a list that a message writes out
MOST_CELLS = 100  # of a row that are read
MOST_SUGGESTED = 300  # keys that a misspelt one is held against: each costs time
YEAR = r"^[12]\d{3}$"  # a key of numbers by year
MILLION = 1_000_000
NOTHING = ("ingen", "ingenting", "intet", "gratis", "none", "nothing", "free", "—")
IN_WORDS = ("nul", "en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti", "elleve", "tolv")  # 0, 1, ...
LONGEST = 400  # letters in which a product of names is looked for
LARGEST = 1e15  # no number of a municipality is larger, and sums of such numbers stay exact enough


class Literal(float):
    """A TOML float that remembers how it was written. unit: of the file, that it is multiplied by."""

    raw: str
    bare = True
    unit: int = 1

    def __new__(cls, raw: str, unit: int = 1) -> "Literal":
        number = super().__new__(cls, raw if unit == 1 else scaled(float(raw), unit))
        number.raw, number.unit = raw, unit
        return number

    def __getnewargs__(self) -> tuple[str, int]:  # type: ignore[override]
        return self.raw, self.unit


class Text(float):
    """A number that was written as text. bare: without a unit of its own; unit: of the file, that it is multiplied by."""

    raw: str
    resolution: float
    bare: bool = False
    unit: int = 1


class Kroner(float):
    """An amount that the program itself puts into a file's tree: it is in kroner, whatever the unit of the file is."""

    @property
    def text(self) -> str:
        """As a file has it. Exactly three decimals could be thousands."""
        raw = format(Decimal(repr(float(self))), "f").removesuffix(".0")
        return f"{raw}{'0' * bool(re.search(r'[.][0-9]{3}$', raw))} kr."


Number = float | Name | Expression
Value = Number | tuple[Number, ...]


class ByYear(tuple[Number, ...]):
    """Numbers of the horizon's years that are written as a table. table: as it is; gaps: a year that is not in it is 0."""

    table: Mapping[int, Number]
    gaps: bool

    @classmethod
    def of(cls, table: Mapping[int, Number], first_year: int, years: int, gaps: bool) -> "ByYear":
        """Raises a PydanticCustomError for years that are missing and may not be."""
        horizon = range(first_year, first_year + years)
        missing = [str(year) for year in horizon if year not in table]
        if missing and not gaps:
            raise refuse(
                text(
                    "the table has no number for {years}; give one for every year of the horizon",
                    years=", ".join(missing),
                )
            )
        found = cls(table.get(year, 0.0) for year in horizon)
        found.table, found.gaps = table, gaps
        return found

    @property
    def first(self) -> int:
        """The first year of the horizon, from 0, of which the table says a number."""
        return next((year for year, number in enumerate(self) if isinstance(number, str) or number), 0)

    def over(self, first_year: int, years: int) -> "tuple[Number, ...]":
        """Of another horizon: what no year says is 0, or as in the year before."""
        if self.gaps:
            return ByYear.of(self.table, first_year, years, True)
        last = self[-1]
        return tuple(self.table.get(year, last) for year in range(first_year, first_year + years))


def scaled(number: float, unit: int) -> float:
    """The product as it would be written: 4.35 and 1000 make 4350."""
    return float(Decimal(repr(float(number))) * unit)


def in_unit(number: Number, unit: int) -> Number:
    """An amount of a file that counts in so many kroner; what has a unit of its own, or is made by the program, is what it is."""
    if unit == 1 or isinstance(number, Name | Expression | Kroner):
        return number
    if isinstance(number, Literal | Text) and (number.unit != 1 or not number.bare):
        return number
    _bounded(number * unit)
    if isinstance(number, Literal) or (type(number) is float and number.is_integer()):
        return Literal(number.raw if isinstance(number, Literal) else str(int(number)), unit)
    found = Text(scaled(number, unit))
    found.raw = number.raw if isinstance(number, Text) else f"{number:.15g}"
    found.resolution, found.bare, found.unit = resolution(number) * unit, True, unit
    return found


def each_in_unit(value: Value, unit: int) -> Value:
    """The same of a number or a list."""
    if not isinstance(value, tuple):
        return in_unit(value, unit)
    found = tuple(in_unit(item, unit) for item in value)
    if not isinstance(value, ByYear):
        return found
    table = ByYear(found)
    table.table, table.gaps = {year: in_unit(item, unit) for year, item in value.table.items()}, value.gaps
    return table


def refuse(message: str) -> PydanticCustomError:
    named = {"unnamed": message.name} if isinstance(message, Unnamed) else {}
    return PydanticCustomError("provenu", "{message}", {"message": message, **named})


class Missing(Sentence):
    """That something must stand where nothing does."""


class Unnamed(Sentence):
    """That a name is nobody's. name: as it is written; what lost its name itself may be what is meant."""

    name: str

    @classmethod
    def of(cls, said: str, name: str, right: Collection[str]) -> "Unnamed":
        """said: that there is none; right: those that there are."""
        return cls.named(said + suggestion(name, right), name)

    @classmethod
    def named(cls, said: str, name: str) -> "Unnamed":
        made = cls(said)
        made.name = name
        return made


def suggestion(wrong: str, right: Collection[str]) -> str:
    """`; did you mean ...?`, or what there is where nothing is near and it is little. A portfolio's names are found without the programme's."""
    known = list(right)[:MOST_SUGGESTED]
    same = [name for name in known if name.casefold().split() == wrong[:LONGEST].casefold().split()][:1]
    near = same or get_close_matches(wrong[:60], known, n=1, cutoff=0.6)
    near = [name for name in known if name.endswith(f": {wrong}")][:1] or near
    if near:
        return text("; did you mean `{key}`?", key=near[0])
    few = len(right) <= FEW and sum(map(len, right)) <= 200
    return text("; there are: {keys}", keys=", ".join(right)) if right and few else ""


def is_by_year(given: Any) -> bool:
    """Whether these are numbers by year that are written as a table, as years are keys of nothing else."""
    return isinstance(given, dict) and bool(given) and all(re.match(YEAR, str(key)) for key in given)


def _list(entries: Sequence[str | None]) -> str:
    most = entries[:MOST_LISTED]
    return "[" + ", ".join(map(str, most)) + (", ...]" if len(entries) > len(most) else "]")


def row(given: str, usage: Usage) -> str | None:
    """Words for several numbers in one text: a row of a spreadsheet, or with semicolons or blanks between."""
    for mark in (r"\s*[\t\n;]\s*", r"\s{2,}", r"(?<=[%.a-z])\s+(?=[-−\d])", r"\s"):
        cells = [cell for cell in re.split(mark, given.strip()) if cell]
        if len(cells) > 1:
            entries = [_cell(cell, usage) for cell in cells[:MOST_CELLS]]
            if None not in entries:
                return text("{given} are {n} numbers; a list by year is written {list}", given=shown(given), n=len(cells), list=_list(entries))  # fmt: skip
    return None


def _cell(cell: str, usage: Usage) -> str | None:
    """A cell as it may stand in a list: plain where it has no unit."""
    try:
        written = numbers.parse(cell, usage)
    except NumberProblem:
        return None
    whole = written.value == int(written.value) and not (written.money or written.share)
    return str(int(written.value)) if whole else f'"{cell.strip()}"'


def read(given: Any, usage: Usage, names: Known, unit: int = 1) -> Number:
    """One number of the file, whose amounts are in so many kroner. Raises a PydanticCustomError."""
    number = _read(given, usage, names)
    if unit == 1 or usage != "money" or isinstance(number, Name | Expression):
        return number
    if unit >= MILLION and isinstance(number, Text) and number.bare:
        _from_text(number.raw, "number", names)  # 7.328 is hardly seven thousand millions
    return in_unit(number, unit)


def _read(given: Any, usage: Usage, names: Known) -> Number:
    if is_by_year(given):
        raise refuse(text("numbers by year cannot stand here; give one number"))
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        said = text("{given} is no number", given=shown(given))
        nearly = isinstance(given, dict) and any(re.match(YEAR[:-1], str(key)) for key in given)
        raise refuse(said + (text("; one by year has years alone as its keys, such as 2027") if nearly else ""))
    if isinstance(given, str):
        if given in names:
            return Name(given)
        return _from_text(given, usage, names)
    if isinstance(given, Literal):
        try:
            numbers.check_literal(given.raw, usage)
        except NumberProblem as problem:
            raise refuse(str(problem)) from None
    number = given if isinstance(given, float) else float(given) if abs(given) < 2 * LARGEST else math.inf
    return _bounded(number)


def _bounded(number: float) -> float:
    if math.isnan(number):
        raise refuse(text("NaN is no number"))
    if abs(number) > LARGEST:
        raise refuse(text("a number this large cannot be meant; at most 10^15"))
    return number


def _from_text(given: str, usage: Usage, names: Known) -> Number:
    is_number = not given.strip() or numbers.looks_like_number(given)
    problem = None
    if is_number:
        try:
            written = numbers.parse(given, usage)
        except NumberProblem as found:
            problem = found
        else:
            number = Text(_bounded(written.value))
            number.raw, number.resolution, number.bare = given, written.resolution, written.bare
            return number
    if names and expressions.is_meant(given, names):
        return _calculation(given, names)
    if is_number:
        raise refuse(row(given, usage) or str(problem))
    if not names:
        raise refuse(text("{given} is no number", given=shown(given)))
    if said := _in_other_words(given):
        raise refuse(said)
    factors = re.split(r"\s+[xX]\s+", given.strip()[:LONGEST])
    times = text("; a product is written with *") if len(factors) > 1 and any(one in names for one in factors) else ""
    near = suggestion(given, names)
    if not times and "?" not in near:
        near = text("; a number belongs here, 0 where it is nothing, or the name of an assumption") + near
    raise refuse(
        Unnamed.named(text("no assumption is called {name}", name=shown(given)) + (times or near), given.strip())
    )


def _in_other_words(given: str) -> str:
    """Of a text that begins like no number and means one, or nothing: what to write."""
    if alone := numbers.about(given):
        return text("“{given}” is no number alone; write it alone, like {number}, and put the words into a note", given=given, number=alone)  # fmt: skip
    word = given.strip().casefold()
    sign = unicodedata.numeric(word, -1.0) if len(word) == 1 else -1.0  # ½ and the like
    number = 0.0 if word in NOTHING else IN_WORDS.index(word) if word in IN_WORDS else sign
    if number >= 0:
        return text("{given} is no number; write {number}", given=shown(given), number=locale.spoken(number, ".4g"))
    if re.fullmatch(r"#[\w/]+[!?]?", word):
        return text(
            "{given} is an error of the spreadsheet, and no number; mend the formula that gave it", given=shown(given)
        )
    if re.fullmatch(r"=?('[^']+'|[^\s'!]+)!\$?[a-z]{1,3}\$?[0-9]+", word):
        return text(
            "{given} is a cell; write the name of the assumption in that row, and not the cell", given=shown(given)
        )
    return ""


def _calculation(given: str, names: Known) -> Expression:
    try:
        return expressions.parse(given, names)
    except ExpressionProblem as problem:
        raise refuse(Unnamed.named(problem.message, problem.unnamed) if problem.unnamed else problem.message) from None


def shown(given: Any) -> str:
    """Something of the file as a message may quote it."""
    if isinstance(given, dict):
        return text("a table")
    if isinstance(given, list):
        return text("a list")
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, float):
        return locale.spoken(given)
    quoted = '"' + given + '"' if isinstance(given, str) else str(given)
    return quoted if len(quoted) <= 60 else quoted[:57] + "..."


def resolution(number: float) -> float:
    """Half a unit in the last place in which a number was written."""
    if isinstance(number, Text):
        return number.resolution
    if isinstance(number, Literal):
        return numbers.resolution(number.raw) * number.unit
    return 0.5


@dataclass(frozen=True, slots=True)
class Limits:
    """What a number can be: a file beyond it is refused, a draw beyond it is clipped.

    open_low, open_high: the limit itself can stand in no file; it is what a draw beyond it is clipped to all the same.
    """

    low: float = -LARGEST
    high: float = LARGEST
    open_low: bool = False
    open_high: bool = False

    def hold(self, number: float) -> bool:
        """Whether a file may say so; NaN, which is no number yet, passes."""
        below = number <= self.low if self.open_low else number < self.low
        above = number >= self.high if self.open_high else number > self.high
        return not (below or above)


@dataclass(frozen=True, slots=True)
class Numeric:
    """What may stand in a place (pydantic metadata): used as money, share, ...; a list by year or not; names or not; within limits.

    term: the limits are those of what an effect makes of it with others, and hold there. gaps: a year that a table leaves out is 0.
    own: it is an assumption's own value, which may be reckoned from others.
    """

    usage: Usage
    series: bool = True
    named: bool = True
    limits: Limits = Limits()
    term: bool = False
    gaps: bool = False
    own: bool = False

    @property
    def clips(self) -> Limits:
        """What a draw of the number by itself is clipped to."""
        return Limits() if self.term else self.limits

    def _one(self, given: Any, info: core_schema.ValidationInfo) -> Number:
        names, unit = known(info.context) if self.named or self.own else NOBODY, (info.context or {}).get("unit", 1)
        found = read(given, self.usage, names, unit)
        return (
            expressions.parse(expressions.quoted(found), Known([found]))
            if self.own and isinstance(found, Name)
            else found
        )

    def _series(
        self, given: Any, each: core_schema.ValidatorFunctionWrapHandler, info: core_schema.ValidationInfo
    ) -> Value:
        if self.series and is_by_year(given):
            return self._by_year(given, info)
        if not isinstance(given, list):
            return self._one(given, info)
        if not self.series:
            raise refuse(text("a list by year cannot stand here; give one number"))
        if not given:
            raise refuse(text("the list is empty; give a number for each year, the last one holds on"))
        return tuple(each(given))

    def _by_year(self, given: Mapping[str, Any], info: core_schema.ValidationInfo) -> Value:
        """Of a file whose horizon is known; else only whether each is a number."""
        table = {}
        for year in sorted(given, key=int):
            try:
                table[int(year)] = self._one(given[year], info)
            except PydanticCustomError as problem:
                raise refuse(f"{year}: {problem.message()}") from None
        horizon = (info.context or {}).get("horizon")
        return tuple(table.values()) if horizon is None else ByYear.of(table, horizon[0], horizon[1], self.gaps)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        # a list's own schema finds every item that is wrong, and its place
        items = core_schema.list_schema(core_schema.with_info_plain_validator_function(self._one))
        as_it_is = core_schema.plain_serializer_function_ser_schema(lambda value: value)
        return core_schema.with_info_wrap_validator_function(self._series, items, serialization=as_it_is)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        one = {"type": ["number", "string"]}
        if not self.series:
            return dict(one)
        by_year = {
            "type": "object",
            "patternProperties": {YEAR: one},
            "additionalProperties": False,
            "minProperties": 1,
        }
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}, by_year]}


@dataclass(frozen=True, slots=True)
class Assumed:
    """Of a text that names an assumption, or reckons with some (pydantic metadata): what the number is used as there."""

    rule: Numeric

    def _read(self, given: Any, info: core_schema.ValidationInfo) -> Name | Expression:
        names = known(info.context)
        is_calculation = given not in names and expressions.is_meant(given, names)
        return _calculation(given, names) if is_calculation else Name(given)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.with_info_after_validator_function(self._read, core_schema.str_schema())


NOBODY = Known(())


def known(context: dict[str, Any] | None) -> Known:
    """The assumptions that may stand for a number, made ready once for all numbers of a file."""
    if not context:
        return NOBODY
    found = context.get("known")
    if found is None:
        found = context["known"] = Known(context["assumptions"])
    return found
