"""What is varied, as people write it, read into axes: `relapse=5%,10%,15%`, `finishing*0,5:2:7`, `time.years=3:10:8`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from simulate.engine import Case
from simulate.errors import InputError, ScenarioError
from simulate.figures import number
from simulate.locale import text
from simulate.scenario import lists, overrides
from simulate.scenario.numbers import NumberProblem
from simulate.sweeps.grid import Axis, Number, Sign
from simulate.sweeps.kept import VARIABLES
from simulate.sweeps.standing import Standing, standing

MOST = 1_000_000  # cells of a sweep
TAKEN = ("scenario", "row", "year", "percentile", "arm", "state", "part", "reason", "draw", "base")
_UNIT = re.compile(r"[^0-9]*$")
_COUNT = re.compile(r"[1-9][0-9]*(,[1-9][0-9]*){2,}")


def axes(given: Sequence[str], cases: Sequence[Case], option: str = "--vary") -> tuple[Axis, ...]:
    """Of `PATH=VALUES` and `PATH*FACTORS`, in their order. Raises InputError with all that is wrong with them."""
    found: list[Axis] = []
    owners: dict[object, str] = {}
    problems = []
    for one in given:
        try:
            axis, stands = _axis(one, cases, [axis.name for axis in found])
            for place in {each.owner for each in stands}:
                _check_once(place, one, owners)
            found.append(axis)
        except (InputError, NumberProblem) as error:
            problems.append(f"{option} {one}: {error}")
    if problems:
        raise InputError("\n".join(problems))
    return tuple(found)


def _check_once(place: tuple[str | int, ...], given: str, owners: dict[object, str]) -> None:
    for other, before in owners.items():
        assert isinstance(other, tuple)
        if other[: len(place)] == place or place[: len(other)] == other:
            raise InputError(text("this is varied already, by {other}; in a cell only one of them would count", other=before))  # fmt: skip
    owners[place] = given


def _axis(given: str, cases: Sequence[Case], names: Iterable[str]) -> tuple[Axis, list[Standing]]:
    name, sign, values = _split(given, cases)
    stands = [_stands(case, name, sign, len(cases) > 1) for case in cases]
    first = stands[0]
    if not values:
        raise InputError(text("there are no values; write them like {examples}", examples="0,10:0,20:11; 5%,10%,15%"))
    read = _whole(_read(values, stands))
    twice = [value for i, value in enumerate(read) if value in read[:i]]
    if twice:
        raise InputError(text("the value {value} stands there twice", value=shown(twice[0], first)))
    axis = Axis(_named(name, sign, names), name, sign, read, first.label, first.units, first.usage, first.now)
    return axis, stands


def _split(given: str, cases: Sequence[Case]) -> tuple[str, Sign, str]:
    assumptions = {name for case in cases for name in case.scenario.assumptions}
    parts = overrides.split(given, assumptions)
    if parts is None:
        raise InputError(text("write what is varied like relapse=5%,10%,15% or finishing*0.5:2:7"))
    name, sign, values = parts
    return name, "=" if sign == "=" else "*", values


def _stands(case: Case, name: str, sign: Sign, several: bool) -> Standing:
    try:
        return standing(case, name, sign)
    except InputError as error:
        raise InputError(f"{case.loaded.file}  {error}") if several else error from None


def _named(name: str, sign: Sign, others: Iterable[str]) -> str:
    """A name for a dimension, which is also one for a file, wherever that is."""
    found = re.sub(r"[^\w.-]+", "_", name.replace('"', "").replace("'", "")).strip("._") or "varied"
    found += "_factor" if sign == "*" else ""
    taken = {*TAKEN, *others, *(one.name for one in VARIABLES), *(f"{one.name}_error" for one in VARIABLES)}
    while found in taken:
        found += "_"
    return found


# Values ---------------------------------------------------------------------------------------------------------------


def _read(given: str, stands: Sequence[Standing]) -> list[float]:
    usage = stands[0].usage

    def fits(value: float) -> bool:
        return all(one.fits(value) for one in stands)

    if "[" in given:
        raise InputError(text("a list by year cannot be varied; vary a factor on it, like {example}", example="finishing*0.8;1;1.2"))  # fmt: skip
    if ":" in given:
        return _range(given, stands)
    if _COUNT.fullmatch(given):
        counted = [float(one) for one in given.split(",")]
        if len({b - a for a, b in zip(counted, counted[1:], strict=False)}) == 1 and all(map(fits, counted)):
            return counted  # whole numbers with equal steps are counted, and no decimals
    found = lists.several(given, usage, fits)
    if not found:
        raise InputError(_no_fit(stands))
    return found


def _range(given: str, stands: Sequence[Standing]) -> list[float]:
    """`from:to:count`, both ends included; exact, so that each value is the number that a person would write."""
    parts = [part.strip() for part in given.split(":")]
    if len(parts) != 3 or not all(parts):
        raise InputError(text("a range is written from:to:count, like {example}", example="0,10:0,20:11"))
    if not re.fullmatch("[0-9]{1,30}", parts[2]) or int(parts[2]) < 1:
        raise InputError(text("{given} is no number of values; write how many there are, both ends included, like {example}", given=parts[2], example="0,10:0,20:11"))  # fmt: skip
    count = int(parts[2])
    low, high = _ends(parts[0], parts[1], stands)
    if count > MOST:
        raise InputError(text("{n} values are too many; at most {most}", n=number(count), most=number(MOST)))
    if (low == high) != (count == 1):
        raise InputError(text("{n} values from {low} to {high}: a range has two or more that differ; write a single value alone", n=count, low=parts[0], high=parts[1]))  # fmt: skip
    steps = max(count - 1, 1)
    first, last = Fraction(repr(low)), Fraction(repr(high))
    found = [float(first + (last - first) * i / steps) for i in range(count)]
    if stands[0].whole and any(value != int(value) for value in found):
        raise InputError(text("this has to be whole, and {n} steps from {low} to {high} are not", n=steps, low=parts[0], high=parts[1]))  # fmt: skip
    return found


def _ends(low: str, high: str, stands: Sequence[Standing]) -> tuple[float, float]:
    """A unit behind the second may be that of both."""
    usage = stands[0].usage

    def fits(value: float) -> bool:
        return all(one.fits(value) for one in stands)

    unit = _UNIT.search(high)
    shared = low + unit[0] if unit and unit[0].strip() and not _UNIT.search(low)[0].strip() else ""  # type: ignore[index]
    ends = {}
    for first in (low, shared) if shared else (low,):
        for a in lists.single(first, usage, fits):
            for b in lists.single(high, usage, fits):
                ends.setdefault((a.value, b.value), f"{a.written}:{b.written}")
    if not ends:
        raise InputError(_no_fit(stands))
    if len(ends) > 1:
        one, other, *_ = ends.values()
        raise InputError(text("“{given}” can be read two ways: as {one} or as {other}. Write the one that is meant.", given=f"{low}:{high}", one=one, other=other))  # fmt: skip
    return next(iter(ends))


def _no_fit(stands: Sequence[Standing]) -> str:
    usage = stands[0].usage
    limits = [limit for one in stands for limit in one.limits]
    low, high = max((one.low for one in limits), default=-math.inf), min((one.high for one in limits), default=math.inf)
    if stands[0].whole:
        return text("only whole numbers can stand here; write them with semicolons between them, like 3; 4; 5")
    if usage == "share":
        low, high = max(low, -1.0), min(high, 1.0)
        return text("no reading of this fits: the number is a share between {low} and {high}; write 15 % or 0.15", low=shown(low, stands[0]), high=shown(high, stands[0]))  # fmt: skip
    if high >= 1e15:
        return text("no reading of this fits: the number must be {low} or more", low=shown(low, stands[0]))
    return text("no reading of this fits: the number must lie between {low} and {high}", low=shown(low, stands[0]), high=shown(high, stands[0]))  # fmt: skip


def _whole(values: Sequence[float]) -> tuple[Number, ...]:
    """Whole numbers as such, where all are."""
    whole = all(value == int(value) for value in values)
    return tuple(int(value) if whole else value for value in values)


def shown(value: float, stands: Standing) -> str:
    from simulate.figures import per_cent_sign, plain

    return plain(100 * value) + per_cent_sign() if stands.usage == "share" else plain(value)
