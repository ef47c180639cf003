"""Numbers of a scenario: written in it, listed by year, or an assumption's name."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from simulate.locale import text
from simulate.scenario import numbers
from simulate.scenario.numbers import NumberProblem, Usage

FEW = 8
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


class Name(str):
    """The name of an assumption, where a number may stand."""

    __slots__ = ()


Number = float | Name
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


def read(given: Any, usage: Usage, names: Collection[str]) -> Number:
    """One number of the file. Raises a PydanticCustomError."""
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise refuse(text("{given} is no number", given=shown(given)))
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


def _from_text(given: str, usage: Usage, names: Collection[str]) -> Number:
    if given.strip() and not numbers.looks_like_number(given):
        if not names:
            raise refuse(text("{given} is no number", given=shown(given)))
        raise refuse(text("no assumption is called {name}", name=shown(given)) + suggestion(given, names))
    try:
        written = numbers.parse(given, usage)
    except NumberProblem as problem:
        raise refuse(str(problem)) from None
    number = Text(_bounded(written.value))
    number.raw, number.resolution = given, written.resolution
    return number


def shown(given: Any) -> str:
    """Something of the file as a message may quote it."""
    if isinstance(given, dict):
        return text("a table")
    if isinstance(given, list):
        return text("a list")
    if isinstance(given, bool):
        return str(given).lower()
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
    """

    usage: Usage
    series: bool = True
    named: bool = True
    limits: Limits = Limits()
    term: bool = False

    @property
    def clips(self) -> Limits:
        """What a draw of the number by itself is clipped to."""
        return Limits() if self.term else self.limits

    def _one(self, given: Any, info: core_schema.ValidationInfo) -> Number:
        return read(given, self.usage, info.context["assumptions"] if self.named and info.context else ())

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
    """Of a text that names an assumption (pydantic metadata): what the assumption's number is used as there."""

    rule: Numeric
