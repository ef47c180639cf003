"""Numbers reckoned from assumptions: `anbringes * inst_andel`, `1 - relapse`, `max(a; 0,5 * 'b c')`.

A text is read by rules of its own into a program of steps that follow each other, and no code of anybody is ever run: what is read is at most
LONGEST letters long, names in quotes not counted, and DEEPEST deep, and reckoning goes from step to step.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from difflib import get_close_matches
from functools import cached_property
from typing import Any, NamedTuple

from simulate.locale import text
from simulate.scenario import numbers
from simulate.scenario.numbers import NumberProblem

LONGEST = 1000
DEEPEST = 50  # parentheses and signs within each other
HUGE = 1e150  # no step comes to more: products of two such numbers are numbers still
MOST_HELD_AGAINST = 300  # names: each costs time

FUNCTIONS = ("min", "max")
NEGATIVE = "negative"
SIGNS = "-−–+*/×·⋅()=÷^'\"“”;"
_ADDED = {"+": "+", "-": "-", "−": "-", "–": "-"}
_TIMES = {"*": "*", "×": "*", "·": "*", "⋅": "*", "/": "/"}
_QUOTES = {"'": "'", '"': '"', "“": "”", "”": "”"}
_WORD = re.compile(r"[^\W\d]\w*")
_IN_QUOTES = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*\"""")
_PIECE = re.compile(rf"{_IN_QUOTES.pattern}|\w+")
_SCALES = r"tusinde?|thousand|mio|mill|millioner|million|mia|milliarder|milliard"
_KRONER = r"kroner|krone|kr|dkk"
_NUMBER = re.compile(
    rf"(?:(?:kr\.?|dkk) ?)?\d+(?:e[-+]?\d+|(?:[.,\ \u00a0]\d{{3}}(?!\d))*(?:[.,]\d+)*)"
    rf"(?: *(?:%|(?:pct|procent|percent|per\ cent)\b\.?|(?:tkr|tdkk|{_KRONER})\b\.?"
    rf"|(?:{_SCALES}|t)\b\.?(?:\ *(?:{_KRONER})\b\.?)|(?:{_SCALES})\b\.?))?",
    re.I,
)


class Done(NamedTuple):
    """What is done with the last so many results."""

    sign: str
    takes: int


class ExpressionProblem(ValueError):
    """A calculation that cannot be read; `message` says it in a sentence. unnamed: a name in it that is nobody's."""

    def __init__(self, message: str, unnamed: str = "") -> None:
        super().__init__(message)
        self.message, self.unnamed = message, unnamed


class Name(str):
    """The name of an assumption, where a number may stand."""

    __slots__ = ()


class Constant(float):
    """A number that a calculation holds. kroner: whether its unit says that it is money; None where it has no unit."""

    kroner: bool | None

    def __new__(cls, value: float, kroner: bool | None = None) -> Constant:
        found = super().__new__(cls, value)
        found.kroner = kroner
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        return Constant, (float(self), self.kroner)


Step = Constant | Name | Done


class Expression(str):
    """A calculation with assumptions, as it was written. program: its steps, each after those whose results it takes."""

    program: tuple[Step, ...]

    def __new__(cls, given: str, program: tuple[Step, ...]) -> Expression:
        found = super().__new__(cls, given)
        found.program = program
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        return Expression, (str(self), self.program)

    @property
    def names(self) -> dict[Name, None]:
        """The assumptions that it names, in their order."""
        return dict.fromkeys(step for step in self.program if isinstance(step, Name))

    def reckoned(self, get: Callable[[Name | Constant], Any], operations: Mapping[str, Callable[..., Any]]) -> Any:
        """What it comes to. get: what a number or an assumption stands for; operations: what is done at each other step."""
        stack: list[Any] = []
        for step in self.program:
            if isinstance(step, Done):
                taken = stack[-step.takes :]
                del stack[-step.takes :]
                stack.append(operations[step.sign](*taken))
            else:
                stack.append(get(step))
        return stack.pop()


def bounded(number: float) -> float:
    return min(max(number, -HUGE), HUGE) if number == number else number  # NaN stays


def _quotient(number: float, by: float) -> float:
    """Raises ZeroDivisionError."""
    if by != by or number != number:
        return number * by
    return bounded(number / by)


def _least(*given: float) -> float:
    return math.nan if any(one != one for one in given) else min(given)


def _most(*given: float) -> float:
    return math.nan if any(one != one for one in given) else max(given)


OF_NUMBERS: Mapping[str, Callable[..., float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": lambda one, other: bounded(one * other),
    "/": _quotient,
    NEGATIVE: operator.neg,
    "min": _least,
    "max": _most,
}


class Known(Collection[str]):
    """The names of assumptions, found where they stand in a calculation."""

    def __init__(self, names: Collection[str]) -> None:
        self.names = names

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self.names), default=0)

    def at(self, given: str, place: int) -> list[str]:
        """Those that stand at a place, the longest one last; a name that begins with a sign stands in quotes."""
        if _WORD.match(given, place) is None:
            return []
        ends = range(place + 1, min(place + self._longest, len(given)) + 1)
        return [given[place:end] for end in ends if given[place:end] in self.names and not _goes_on(given, end)]

    def near(self, wrong: str) -> str | None:
        """The one that may be meant."""
        few = [name for _, name in zip(range(MOST_HELD_AGAINST), self.names, strict=False)]
        return next(iter(get_close_matches(wrong[:60], few, n=1, cutoff=0.6)), None)


def _goes_on(given: str, end: int) -> bool:
    """Whether a word does, beyond a place."""
    return _is_of_word(given[end - 1]) and _is_of_word(given[end : end + 1])


def _is_of_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def is_meant(given: str, known: Known) -> bool:
    """Whether a text that is no number, nor a name, is a calculation: it has a sign, and an assumption stands in it, or nearly."""
    if not any(sign in given for sign in SIGNS):
        return False
    if _is_long(given):
        return not numbers.looks_like_number(given)
    pieces = list(_PIECE.finditer(given))
    if any(known.at(given, piece.start()) or _inside(piece[0]) in known for piece in pieces):
        return True
    words = [piece[0] for piece in pieces if _WORD.match(piece[0])]
    if numbers.looks_like_number(given):
        return any(known.near(word) for word in words if len(word) > 3)
    return bool(words) and any(sign in given for sign in "*×·⋅/(") and known.near(given) is None


def length(given: str) -> int:
    """Letters of a calculation but for those of names in quotes."""
    return len(given) if len(given) <= LONGEST else len(_IN_QUOTES.sub("''", given))


def _is_long(given: str) -> bool:
    return length(given) > LONGEST


def _inside(quoted: str) -> str:
    mark = quoted[0]
    return quoted[1:-1].replace(mark * 2, mark) if mark in "'\"" else quoted


def parse(given: str, known: Known) -> Expression:
    """Read a calculation. Raises ExpressionProblem."""
    if _is_long(given):
        raise ExpressionProblem(text("a calculation has at most {n} characters, and this one {given}", n=LONGEST, given=len(given)))  # fmt: skip
    reader = _Reader(given, known)
    program = reader.whole()
    return Expression(given, tuple(program))


class _Reader:
    """Reads from left to right; what is read comes out as steps, each after those whose results it takes."""

    def __init__(self, given: str, known: Known) -> None:
        self.given, self.known = given, known
        self.place = self.deep = 0
        self.steps: list[Step] = []
        self.named: list[tuple[int, int, str]] = []  # where each name begins and ends

    def whole(self) -> list[Step]:
        self._sum()
        rest = self._next()
        if rest:
            raise self._unexpected(rest)
        return self.steps

    def _next(self) -> str:
        """The letter that comes, past blanks; nothing at the end."""
        while self.given[self.place : self.place + 1].isspace():
            self.place += 1
        return self.given[self.place : self.place + 1]

    def _take(self, sign: str) -> bool:
        found = self._next() == sign
        self.place += found
        return found

    def _sum(self) -> None:
        self._product()
        while (sign := _ADDED.get(self._next())) is not None:
            self.place += 1
            self._product()
            self.steps.append(Done(sign, 2))

    def _product(self) -> None:
        self._signed()
        while (sign := _TIMES.get(self._next())) is not None:
            self.place += 1
            if sign == "*" and self._next() == "*":
                raise self._unexpected("**")
            self._signed()
            self.steps.append(Done(sign, 2))

    def _signed(self) -> None:
        sign = _ADDED.get(self._next())
        if sign is None:
            self._one()
            return
        self.place += 1
        self._deeper(self._signed)
        if sign == "-":
            self.steps.append(Done(NEGATIVE, 1))

    def _deeper(self, read: Callable[[], None]) -> None:
        self.deep += 1
        if self.deep > DEEPEST:
            raise ExpressionProblem(text("parentheses and signs stand too deep in each other here; at most {n}", n=DEEPEST))  # fmt: skip
        read()
        self.deep -= 1

    def _one(self) -> None:
        """A number, a name, what stands in parentheses, or the least or the most of several."""
        letter = self._next()
        if letter == "(":
            self.place += 1
            self._deeper(self._sum)
            self._close()
        elif letter in _QUOTES:
            self._named(*self._quoted(_QUOTES[letter]))
        elif found := self._name():
            self._named(found, self.place + len(found))
        elif number := _NUMBER.match(self.given, self.place):
            self.steps.append(self._number(number))
        elif word := _WORD.match(self.given, self.place):
            self._function(word[0])
        else:
            raise self._unexpected(letter)

    def _named(self, name: str, end: int) -> None:
        self.named.append((self.place, end, name))
        self.steps.append(Name(name))
        self.place = end

    def _close(self) -> None:
        if not self._take(")"):
            letter = self._next()
            if letter:
                raise self._unexpected(letter)
            raise ExpressionProblem(text("a parenthesis is not closed in {given}", given=_quoted(self.given)))

    def _quoted(self, mark: str) -> tuple[str, int]:
        """The name, and where it ends."""
        end = self.place + 1
        while True:
            end = self.given.find(mark, end)
            if end < 0:
                raise ExpressionProblem(text("a name in quotes is not closed in {given}", given=_quoted(self.given)))
            if self.given[end + 1 : end + 2] != mark:
                break
            end += 2
        name = self.given[self.place + 1 : end].replace(mark * 2, mark)
        if name not in self.known:
            raise self._no_such(name)
        return name, end + 1

    def _name(self) -> str | None:
        """The longest name that stands here. A shorter one that a sign follows within it would make it a calculation, and nobody knows which is meant."""
        *shorter, longest = self.known.at(self.given, self.place) or [""]
        if longest in FUNCTIONS and self.given[self.place + len(longest) :].lstrip()[:1] == "(":
            return None
        for one in shorter:
            rest = longest[len(one) :].lstrip()
            if rest[0] in _ADDED or rest[0] in _TIMES:
                raise ExpressionProblem(
                    text(
                        "{name} is the name of an assumption, and a calculation with {other} as well; put the names that are meant in quotes: '{name}', or '{other}' {rest}",
                        name=longest, other=one, rest=rest,
                    )
                )  # fmt: skip
        return longest or None

    def _number(self, found: re.Match[str]) -> Constant:
        try:
            written = numbers.parse(found[0], "number")
        except NumberProblem as problem:
            raise ExpressionProblem(problem.message) from None
        self.place = found.end()
        letter = self.given[self.place : self.place + 1]
        if letter.isalnum() or letter == "_":
            word = re.match(r"[\w.]+", self.given[found.start() :])
            raise self._unexpected(word[0] if word else letter)
        return Constant(written.value, True if written.money else False if written.share else None)

    def _function(self, word: str) -> None:
        after = self.given[self.place + len(word) :].lstrip()
        if not after.startswith("("):
            raise self._no_such(word)
        if word.casefold() not in FUNCTIONS:
            raise ExpressionProblem(text("no function is called {name}; there are min and max", name=_quoted(word)))
        self.place += len(word)
        self._take("(")
        self._deeper(self._sum)
        takes = 1
        while self._take(";"):
            takes += 1
            self._deeper(self._sum)
        self.steps.append(Done(word.casefold(), takes))
        self._close()
        if takes == 1:
            raise ExpressionProblem(text("{name} takes two numbers or more, with ; between them: {name}(a; b)", name=word.casefold()))  # fmt: skip

    def _no_such(self, name: str) -> ExpressionProblem:
        near = self.known.near(name)
        hint = text("; did you mean `{key}`?", key=near) if near else ""
        return ExpressionProblem(text("no assumption is called {name}", name=_quoted(name)) + hint, name)

    def _unexpected(self, found: str) -> ExpressionProblem:
        """A letter or more that nothing can be made of here."""
        given = _quoted(self.given)
        if not found:
            return ExpressionProblem(text("{given} ends where a number or the name of an assumption should follow", given=given))  # fmt: skip
        if found == ",":
            return ExpressionProblem(text("{given} has a comma where none can stand; the parts of min and max have ; between them", given=given))  # fmt: skip
        if found == "÷":
            return ExpressionProblem(text("÷ is a minus to some and a division to others; write - or /"))
        return ExpressionProblem(
            text("{given} cannot be read at “{found}”; a calculation has numbers, names of assumptions, + - * / ( ), min(a; b) and max(a; b)",
                 given=given, found=found)
        )  # fmt: skip


def _quoted(given: str) -> str:
    return f'"{given}"' if len(given) <= 58 else f'"{given[:56]}...'


def renamed(given: str, known: Known, called: Callable[[str], str]) -> str:
    """A calculation with other names, and else as it was written. called: what each is called now. Raises as parse()."""
    reader = _Reader(given, known)
    reader.whole()
    found, last = "", 0
    for begin, end, name in reader.named:
        other = called(name)
        found += given[last:begin] + (given[begin:end] if other == name else quoted(other))
        last = end
    return found + given[last:]


def quoted(name: str) -> str:
    """A name as it stands in a calculation, whatever else is called how."""
    return "'" + name.replace("'", "''") + "'"


Part = tuple[str, int]
"""Of a spreadsheet's formula, and how tightly it holds together."""
_TIGHTLY = {"+": 1, "-": 1, "*": 2, "/": 2}


def formula(expression: Expression, cell: Callable[[str], str]) -> str:
    """As a spreadsheet has it, without its `=`. cell: where each assumption stands."""

    def of(step: Name | Constant) -> Part:
        return (cell(step) if isinstance(step, Name) else digits(step)), 4

    def two(sign: str) -> Callable[[Part, Part], Part]:
        own = _TIGHTLY[sign]
        return lambda one, other: (f"{_held(one, own)}{sign}{_held(other, own + 1)}", own)

    def several(sign: str) -> Callable[..., Part]:
        return lambda *parts: (f"{sign.upper()}({','.join(part for part, _ in parts)})", 4)

    operations = {sign: two(sign) for sign in _TIGHTLY} | {sign: several(sign) for sign in FUNCTIONS}
    made: Part = expression.reckoned(of, operations | {NEGATIVE: lambda one: (f"-{_held(one, 4)}", 0)})
    return made[0]


def digits(number: float) -> str:
    """A number in a spreadsheet's formula; below 0 in parentheses."""
    raw = repr(float(number)).upper()
    return f"({raw})" if number < 0 else raw


def _held(part: Part, tightly: int) -> str:
    return part[0] if part[1] >= tightly else f"({part[0]})"
