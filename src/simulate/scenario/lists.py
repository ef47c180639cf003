"""Lists of numbers as people write them on a command line, where a comma parts two numbers or is one number's decimal mark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any, NamedTuple

from simulate import locale
from simulate.locale import text
from simulate.scenario.numbers import NumberProblem, Usage, parse

Fits = Callable[[float], bool]

_PARTS = re.compile(r"(?<![0-9]),|,(?![0-9])")  # a comma that stands between two digits may be a mark in one number
_THREE = re.compile(r"([^0-9]*)([0-9]{1,3})[.,]([0-9]{3})([^0-9.,][^0-9]*)?")
_MARKS = re.compile(r"[0-9][0-9.,]*[0-9]")
_UNIT = re.compile(r"[^0-9]*$")
_LONGEST = 4  # parts that may be one number: 1,000,000,000


class Read(NamedTuple):
    """A number, and a way to write it that has no other reading."""

    value: float
    written: str


Chain = tuple[()] | tuple[Read, Any]  # a number and those that follow it, in turn


def several(given: str, usage: Usage, fits: Fits) -> list[float]:
    """The numbers of a list; none where they can be read and do not fit.

    Parted by semicolons, by commas with a space, or by commas alone. All readings are looked at: with each comma as a mark or between two
    numbers, and with a unit at the end as that of all before it (`50,80 %`). fits: whether a number can be meant.
    Raises NumberProblem where something is no number, and where more than one reading fits: its message shows two.
    """
    found = _found(given, usage, fits)
    if len(found) > 1:
        first, second = (_offered(reading, usage, fits) for reading in found)
        message = text(
            "“{given}” can be read two ways: as {one} or as {other}. Write the one that is meant.",
            given=given, one=first, other=second,
        )  # fmt: skip
        raise NumberProblem(message)
    return [read.value for read in found[0]] if found else []


def _offered(reading: list[Read], usage: Usage, fits: Fits) -> str:
    """The numbers of a reading so that they can be read in no other way; a single one with a point where its comma could part two."""
    plain = "; ".join(read.written for read in reading)
    values = [read.value for read in reading]
    for form in (plain, plain.replace(",", ".")):
        if [[read.value for read in each] for each in _found(form, usage, fits)] == [values]:
            return form
    return plain


def _found(given: str, usage: Usage, fits: Fits) -> list[list[Read]]:
    """Two readings at most of a list; none where no reading fits. Raises NumberProblem for what is no number."""
    sure = ";" in given
    found: list[list[Read]] = [[]]
    for part in given.split(";") if sure else _PARTS.split(given):
        readings = list(islice(_readings(part.strip(), usage, fits), 2))
        if sure or re.search(r",\s", given):  # then a comma without a space is a mark, if it can be
            readings = list(_groupings([part.strip()], usage, fits, "")) or ([] if sure else readings)
        if not readings:
            _refuse([part] if sure else part.split(","), usage)
            return []
        if len(readings) > 1:
            found = [before + reading for before in found for reading in readings][:2]
        else:
            for before in found:
                before += readings[0]
    return found


def single(given: str, usage: Usage, fits: Fits) -> list[Read]:
    """The readings of a text as one number that fit; none where it can be read and does not fit. Raises NumberProblem for what is no number."""
    found = [reading for (reading,) in _groupings([given.strip()], usage, fits, "")]
    if not found:
        _refuse([given], usage)
    return found


def _refuse(items: list[str], usage: Usage) -> None:
    """Say what is wrong with the first that is no number at all."""
    for item in items:
        if not list(_values(item.strip(), usage)):
            parse(item, usage)


def _readings(part: str, usage: Usage, fits: Fits) -> Iterator[list[Read]]:
    """The different ways to read what no certain separator parts."""
    items = part.split(",")
    unit = _UNIT.search(part)
    seen = []
    for ending in dict.fromkeys(("", unit[0] if unit and len(items) > 1 else "")):
        for reading in _groupings(items, usage, fits, ending):
            values = [read.value for read in reading]
            if values not in seen:
                seen.append(values)
                yield reading


def _groupings(items: list[str], usage: Usage, fits: Fits, ending: str) -> Iterator[list[Read]]:
    """Each item a number, or some that follow each other one number; ending: what is put after all but the last.

    Two readings at most that differ: from the last item to the first, those of what follows are kept, so that no list takes long.
    """
    after: list[list[Chain]] = [[()]]  # of what follows, the shortest last
    for i in range(len(items) - 1, -1, -1):
        found: dict[tuple[int, float, int], Chain] = {}
        for n in range(1, min(len(items) - i, _LONGEST) + 1):
            last = i + n == len(items)
            for first in _values(",".join(items[i : i + n]) + ("" if last else ending), usage):
                if fits(first.value):
                    found |= {(n, first.value, j): (first, rest) for j, rest in enumerate(after[-n])}
        after.append(list(found.values())[:2])
    for chain in after[-1]:
        yield list(_linked(chain))


def _linked(chain: Chain) -> Iterator[Read]:
    while chain:
        first, chain = chain
        yield first


def _values(piece: str, usage: Usage) -> Iterator[Read]:
    """What one number may be: with three digits after its mark decimals or thousands, of kroner only these."""
    spelt = _THREE.fullmatch(piece)
    if spelt is not None:
        before, whole, decimals, unit = spelt.groups("")
        kroner = usage == "money" and not unit.strip(" .").casefold().removeprefix("kr")
        spellings = [f"{before}{whole}{decimals}{unit}"] if whole[0] != "0" else []
        spellings += [] if kroner else [f"{before}{whole}.{decimals}0{unit}"]
    else:
        spellings = [f"0{piece}" if re.fullmatch("[.][0-9]+", piece) else piece]
    for spelling in spellings:
        # an amount has two decimals or none, so that 1500,2000 are two
        if not (usage == "money" and re.fullmatch(r"[0-9.]+,([0-9]|[0-9]{3,})", spelling)):
            with suppress(NumberProblem):
                yield Read(parse(spelling, usage).value, _MARKS.sub(_plain, spelling))


def _plain(marks: re.Match[str]) -> str:
    """The digits of a number with at most the language's decimal mark, and never three decimals."""
    body = marks[0]
    last = max(body.rfind(","), body.rfind("."))
    if last < 0 or body.count(body[last]) > 1:
        return re.sub("[.,]", "", body)
    decimals = body[last + 1 :]
    mark = "," if locale.language() == "da" else "."
    return f"{re.sub('[.,]', '', body[:last])}{mark}{decimals}{'0' * (len(decimals) == 3)}"
