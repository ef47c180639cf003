"""Numbers of a scenario: written in it, listed by year, or an assumption's name."""

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from simulate import locale
from simulate.locale import text
from simulate.scenario import expressions, numbers
from simulate.scenario.expressions import Expression, ExpressionProblem, Known, Name
from simulate.scenario.numbers import NumberProblem, Usage

FEW = 8
MOST_LISTED = 12  # numbers of a list that a message writes out
MOST_CELLS = 100  # of a row that are read
MOST_SUGGESTED = 300  # keys that a misspelt one is held against: each costs time
LARGEST = 1e15  # no number of a municipality is larger, and sums of such numbers stay exact enough


class Literal(float):
    """A TOML float that remembers how it was written."""

    raw: str

    def __new__(cls, raw: str) -> "Literal":
        number = super().__new__(cls, raw)
        number.raw = raw
        return number


class Text(float):
    """A number that was written as text."""

    raw: str
    resolution: float


Number = float | Name | Expression
Value = Number | tuple[Number, ...]


def refuse(message: str) -> PydanticCustomError:
    return PydanticCustomError("provenu", "{message}", {"message": message})


def suggestion(wrong: str, right: Collection[str]) -> str:
    """`; did you mean ...?`, or what there is where nothing is near and it is little. A portfolio's names are found without the programme's."""
    known = list(right)[:MOST_SUGGESTED]
    near = get_close_matches(wrong[:60], known, n=1, cutoff=0.6)
    near = [name for name in known if name.endswith(f": {wrong}")][:1] or near
    if near:
        return text("; did you mean `{key}`?", key=near[0])
    few = len(right) <= FEW and sum(map(len, right)) <= 200
    return text("; there are: {keys}", keys=", ".join(right)) if right and few else ""


def by_year(given: Any) -> str | None:
    """Words for numbers by year that are written as a table, as years are keys of nothing else."""
    if not isinstance(given, dict) or not given or not all(re.fullmatch(r"[12]\d{3}", str(key)) for key in given):
        return None
    years = sorted(given, key=int)
    entries = [_entry(given[year]) for year in years]
    if None in entries:
        return text("numbers by year are written as a list in the order of the years, like [14, 18]")
    return text(
        "numbers by year are written as a list that begins in the horizon's first year: {list} for {years}",
        list=_list(entries), years=", ".join(map(str, years)),
    )  # fmt: skip


def _entry(given: Any) -> str | None:
    """A number of the file as it may stand in a list."""
    if isinstance(given, Literal):
        return given.raw
    if isinstance(given, str):
        return f'"{given.strip()}"'
    return str(given) if isinstance(given, int) and not isinstance(given, bool) else None


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


def read(given: Any, usage: Usage, names: Known) -> Number:
    """One number of the file. Raises a PydanticCustomError."""
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise refuse(by_year(given) or text("{given} is no number", given=shown(given)))
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
            number.raw, number.resolution = given, written.resolution
            return number
    if names and expressions.is_meant(given, names):
        return _calculation(given, names)
    if is_number:
        raise refuse(row(given, usage) or str(problem))
    if not names:
        raise refuse(text("{given} is no number", given=shown(given)))
    raise refuse(text("no assumption is called {name}", name=shown(given)) + suggestion(given, names))


def _calculation(given: str, names: Known) -> Expression:
    try:
        return expressions.parse(given, names)
    except ExpressionProblem as problem:
        raise refuse(problem.message) from None


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
        return numbers.resolution(number.raw)
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

    term: the limits are those of what an effect makes of it with others, and hold there.
    own: it is an assumption's own value, which may be reckoned from others.
    """

    usage: Usage
    series: bool = True
    named: bool = True
    limits: Limits = Limits()
    term: bool = False
    own: bool = False

    @property
    def clips(self) -> Limits:
        """What a draw of the number by itself is clipped to."""
        return Limits() if self.term else self.limits

    def _one(self, given: Any, info: core_schema.ValidationInfo) -> Number:
        found = read(given, self.usage, known(info.context) if self.named or self.own else NOBODY)
        return (
            expressions.parse(expressions.quoted(found), Known([found]))
            if self.own and isinstance(found, Name)
            else found
        )

    def _series(
        self, given: Any, each: core_schema.ValidatorFunctionWrapHandler, info: core_schema.ValidationInfo
    ) -> Value:
        if not isinstance(given, list):
            return self._one(given, info)
        if not self.series:
            raise refuse(text("a list by year cannot stand here; give one number"))
        if not given:
            raise refuse(text("the list is empty; give a number for each year, the last one holds on"))
        return tuple(each(given))

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
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


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
