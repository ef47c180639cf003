"""What is varied, as people write it, read into axes: `relapse=5%,10%,15%`, `finishing*0,5:2:7`, `time.years=3:10:8`."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from simulate import files, locale
from simulate.engine import Case
from simulate.errors import InputError
from simulate.figures import number, per_cent_sign, plain
from simulate.files import is_text
from simulate.locale import text
from simulate.scenario import adjustable, lists, overrides, paths
from simulate.scenario.numbers import NumberProblem, Usage, check_literal
from simulate.scenario.paths import Path
from simulate.scenario.schema import LABELLED
from simulate.scenario.values import LARGEST, Literal
from simulate.scenario.values import shown as quoted
from simulate.sweeps.grid import Axis, Grid, Number, Sign
from simulate.sweeps.kept import VARIABLES
from simulate.sweeps.standing import Standing, standing

MOST = 1_000_000  # cells of a sweep
TAKEN = ("scenario", "row", "year", "percentile", "arm", "state", "part", "reason", "draw", "base")
MOST_VAGUE = 4  # letters, from which on a part of a label is looked for
MOST_MEANT = 4
_UNIT = re.compile(r"[^0-9]*$")
_COUNT = re.compile(r"[1-9][0-9]*(,[1-9][0-9]*){2,}")


@dataclass(frozen=True, slots=True)
class Varied:
    """What is varied, as it was written. what: name and sign. values: a text as on the command line, or a list. place: where, for a message."""

    name: str
    sign: Sign
    values: str | Sequence[Any]
    place: str


def written(given: str, cases: Sequence[Case], option: str = "--vary") -> Varied:
    """Of `PATH=VALUES` or `PATH*FACTORS`. Raises InputError."""
    place = f"{option} {given}"
    if not is_text(given):
        raise InputError(f"{option} {files.named(given)}: " + text("this is no UTF-8 text"))
    parts = overrides.split(given, {name for case in cases for name in case.scenario.assumptions})
    if parts is None:
        raise InputError(f"{place}: " + text("write what is varied like {example} or {other}", example="relapse=5%,10%,15%", other="finishing*0.5:2:7"))  # fmt: skip
    name, sign, values = parts
    return Varied(name, "=" if sign == "=" else "*", values, place)


def signed(given: str, assumptions: Collection[str]) -> tuple[str, Sign]:
    """Name and sign of what stands alone, as a key or a title: `relapse`, `finishing*`. A name may end in a star itself."""
    if given.endswith("*") and given not in assumptions:
        return given[:-1].strip(), "*"
    return given, "="


def of(values: Mapping[str, str | Sequence[Any]], cases: Sequence[Case]) -> tuple[Axis, ...]:
    """Axes from Python: `{"relapse": [0.05, 0.1], "finishing*": "0.5:2:7"}`. Raises InputError."""
    assumptions = {name for case in cases for name in case.scenario.assumptions}
    given = adjustable.by_name(values, '{"relapse": [0.05, 0.1]}')
    return axes([Varied(*signed(name, assumptions), _listed(one), name) for name, one in given.items()], cases)


def _listed(values: Any) -> str | list[Any]:
    """A text, or a list, whatever holds the values; one stands for a list of it."""
    if isinstance(values, range | Iterator):
        values = list(values)
    plain = adjustable.as_written(values)
    if isinstance(plain, str):
        return plain
    return [adjustable.as_written(one) for one in plain] if isinstance(plain, list | tuple) else [plain]


def axes(given: Sequence[Varied], cases: Sequence[Case]) -> tuple[Axis, ...]:
    """In their order. Raises InputError with all that is wrong with them."""
    found: list[Axis] = []
    owners: dict[Path, str] = {}
    problems = []
    for one in given:
        try:
            stands = stood(one.name, one.sign, cases)
            check_once(stands, one.place, owners)
            values = read(one.values, stands)
            found.append(axis(one.name, one.sign, values, stands, [axis.name for axis in found]))
        except (InputError, NumberProblem) as error:
            problems.append(f"{one.place}: {error}")
    if problems:
        raise InputError("\n".join(problems))
    return tuple(found)


def stood(name: str, sign: Sign, cases: Sequence[Case]) -> list[Standing]:
    """What stands there in each scenario. Raises InputError, which names the scenario where there are several."""
    found = [_stands(case, name, sign, len(cases) > 1) for case in cases]
    if sign == "=":
        _check_alike(found, cases)
    return found


def _check_alike(stands: Sequence[Standing], cases: Sequence[Case]) -> None:
    """That the name is one and the same kind of number everywhere. Raises InputError, with what it is in two files."""
    first, own = stands[0], cases[0]
    for other, case in zip(stands[1:], cases[1:], strict=True):
        if (first.usage, first.kinds) == (other.usage, other.kinds):
            continue
        raise InputError(text(
            "this is not the same kind of number in the scenarios: in {a} {kind_a}, in {b} {kind_b}; sweep them one by one",
            a=files.named(own.loaded.file), kind_a=_kind(first), b=files.named(case.loaded.file), kind_b=_kind(other),
        ))  # fmt: skip


def _kind(one: Standing) -> str:
    """What a number is, in words: its label, unit, and what it does."""
    usages = {
        "share": text("a share"),
        "money": text("an amount"),
        "count": text("a count"),
        "number": text("a number"),
    }
    effects = {
        "plus": text("is added"), "minus": text("is taken off"), "times": text("multiplies"), "hazard_ratio": text("multiplies"),
        "programme": text("takes the place of what is without"),
    }  # fmt: skip
    told = [
        str(usages[one.usage]),
        *([one.units] if one.units else []),
        *(str(effects[each]) for each in sorted(one.kinds)),
    ]
    label = f"{text('“{name}”', name=one.label)} " if one.label else ""
    return f"{label}({', '.join(told)})"


def _stands(case: Case, name: str, sign: Sign, several: bool) -> Standing:
    try:
        return standing(case, name, sign)
    except InputError as error:
        said = str(error).removeprefix(f"{name}: ") + _meant(case, name)  # which stands in its place already
        raise InputError(f"{case.loaded.file}  {said}" if several else said) from None


def _meant(case: Case, name: str) -> str:
    """For a name that leads nowhere: the assumption whose label has it, or where all names are listed."""
    try:
        paths.resolved(name, case.tree)
        return ""
    except InputError as error:
        found = _labelled(case, re.sub("[\"'“”]", "", name).strip().casefold())
        if 0 < len(found) <= MOST_MEANT:
            told = (f"{path} ({label})" for path, label in found.items())
            return text("; by its label it may be {names}", names=text(" or ").join(told))
        if "`" in str(error):
            return ""
        return text("; `simulate check {file} --show` lists the names", file=files.named(case.loaded.file))


def _labelled(case: Case, sought: str) -> dict[str, str]:
    """Path → label of what is called so; where nothing is, of what has that in its label."""
    labels = {paths.key(name): one.label or "" for name, one in case.scenario.assumptions.items()}
    for key in LABELLED:
        labels |= {f"{key}.{paths.key(one.label)}": one.label for one in getattr(case.scenario, key)}
    whole = {path: label for path, label in labels.items() if label.casefold() == sought}
    return whole or {
        path: label for path, label in labels.items() if len(sought) >= MOST_VAGUE and sought in label.casefold()
    }


def check_once(stands: Sequence[Standing], given: str, owners: dict[Path, str]) -> None:
    """owners: what is varied so far, and where. Raises InputError for what is varied twice."""
    for place in {one.owner for one in stands}:
        for other, before in owners.items():
            if other[: len(place)] == place or place[: len(other)] == other:
                raise InputError(text("this is varied already, by {other}; in a cell only one of them would count", other=before))  # fmt: skip
        owners[place] = given


def _labels(stands: Sequence[Standing]) -> Iterable[str]:
    """What each scenario calls it, with its unit where that is another one."""
    units = {each.units for each in stands}
    told = (f"{each.label} ({each.units})" if len(units) > 1 and each.units else each.label for each in stands)
    return dict.fromkeys(one for one in told if one)


def axis(name: str, sign: Sign, values: Sequence[float], stands: Sequence[Standing], others: Iterable[str]) -> Axis:
    """others: the names of the axes before it. Raises InputError for a value that is there twice."""
    first = stands[0]
    twice = [value for value, n in Counter(values).items() if n > 1]
    if twice:
        raise InputError(text("the value {value} stands there twice", value=shown(twice[0], first)))
    label = " / ".join(_labels(stands))
    now = first.now if all(each.now == first.now for each in stands) else None
    return Axis(_named(first.name, sign, others), name, sign, _whole(values), label, first.units, first.usage, now)


def _named(name: str, sign: Sign, others: Iterable[str]) -> str:
    """A name for a dimension, which is also one for a file, wherever that is."""
    found = re.sub(r"[^\w.-]+", "_", re.sub("[\"']", "", name)).strip("._") or "varied"
    found += "_factor" if sign == "*" else ""
    taken = {*TAKEN, *others, *(one.name for one in VARIABLES), *(f"{one.name}_error" for one in VARIABLES)}
    while found in taken:
        found += "_"
    return found


def check_size(grid: Grid) -> None:
    """Raises InputError for more cells than a sweep makes, with what would fit."""
    n = len(grid) - grid.scenarios
    if n <= MOST:
        return
    lengths = " × ".join(number(len(one.values)) for one in grid.axes)
    most = max(grid.axes, key=lambda one: len(one.values))
    fit = MOST // (n // len(most.values))
    said = text("{lengths} values make {n} cells; a sweep makes {most} at most.", lengths=lengths, n=number(n), most=number(MOST))  # fmt: skip
    if fit >= 1:
        said += " " + text("With {fit} values of {name} it would be {m}.", fit=number(fit), name=most.written, m=number(n // len(most.values) * fit))  # fmt: skip
    else:
        fit = math.floor((MOST / grid.scenarios) ** (1 / len(grid.axes)) + 1e-9)
        said += " " + text("With {fit} values of each it would fit.", fit=number(fit))
    raise InputError(said)


# Values ---------------------------------------------------------------------------------------------------------------


def read(given: str | Sequence[Any], stands: Sequence[Standing]) -> list[float]:
    """The values of a text as on the command line, or of a list. Raises InputError and NumberProblem."""
    if not given:
        raise InputError(
            text("there are no values; write them like {examples}", examples=f"{_range_example()}; 5%,10%,15%")
        )
    if not isinstance(given, str):
        return [one(item, stands) for item in given]
    usage, fits = stands[0].usage, _fits(stands)
    if "[" in given:
        raise InputError(text("a list by year cannot be varied; vary a factor on it, like {example}", example="finishing*80%;100%;120%"))  # fmt: skip
    if ":" in given:
        return _range(given, stands)
    if _COUNT.fullmatch(given) and all(map(fits, counted := [float(each) for each in given.split(",")])):
        steps = {b - a for a, b in pairwise(counted)}
        if len(steps) == 1 and (steps == {1.0} or len(counted) > 3):
            return counted  # 3,4,5 and 10,20,30,40 are counted; nobody takes their commas for decimal marks
    found = lists.several(given, usage, fits)
    if not found:
        raise InputError(_no_fit(stands))
    if usage == "money" and given.count(";") + 1 == len(found):
        _check_thousands(given.split(";"), found, "; ")
    return found


def _check_thousands(written: Sequence[str], values: Sequence[float], between: str, after: str = "") -> None:
    """That an amount without a unit is not one in thousands beside others in kroner: 37.500:75. Raises InputError."""
    largest = max(map(abs, values))
    doubted = [not re.search("[^0-9., -]", each) and 100 <= largest / abs(value) <= 10_000 for each, value in zip(written, values, strict=True) if value]  # fmt: skip
    if len(doubted) < len(values) or not any(doubted):
        return
    one = between.join(
        f"{each.strip()} kr." if is_in else each.strip() for each, is_in in zip(written, doubted, strict=True)
    )
    other = between.join(f"{each.strip()} t.kr." if is_in else _with_unit(each.strip()) for each, is_in in zip(written, doubted, strict=True))  # fmt: skip
    raise InputError(text("“{given}” can be read two ways: as {one} or as {other}. Write the one that is meant.", given=between.join(map(str.strip, written)) + after, one=one + after, other=other + after))  # fmt: skip


def _with_unit(amount: str) -> str:
    return amount if re.search("[^0-9., -]", amount) else f"{amount} kr."


def one(given: Any, stands: Sequence[Standing], plain: bool = False) -> float:
    """A single value. plain: a number is written as programs do, with a point. Raises InputError and NumberProblem."""
    usage, fits = stands[0].usage, _fits(stands)
    if plain and re.fullmatch(r"[-+]?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?", given):
        check_literal(given, usage)
        given = float(given)
    if isinstance(given, Literal):
        check_literal(given.raw, usage)
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise InputError(text("{given} is no number", given=quoted(given)))
    if not isinstance(given, str):
        found = [float(given)] if fits(given) else []
    else:
        found = list(dict.fromkeys(reading.value for reading in lists.single(given, usage, fits)))
    if len(found) > 1:
        lists.several(f"{given};{given}", usage, fits)  # says so
    if not found:
        raise InputError(_no_fit(stands))
    return found[0]


def _fits(stands: Sequence[Standing]) -> Callable[[float], bool]:
    return lambda value: all(each.fits(value) for each in stands)


def _range_example() -> str:
    return "0,10:0,20:11" if locale.language() == "da" else "0.10:0.20:11"


def _range(given: str, stands: Sequence[Standing]) -> list[float]:
    """`from:to:count`, both ends included; exact, so that each value is the number that a person would write."""
    parts = [part.strip() for part in given.split(":")]
    if len(parts) != 3 or not all(parts):
        raise InputError(text("a range is written from:to:count, like {example}", example=_range_example()))
    if not re.fullmatch("[0-9]{1,30}", parts[2]) or int(parts[2]) < 1:
        raise InputError(text("{given} is no number of values; write how many there are, both ends included, like {example}", given=parts[2], example=_range_example()))  # fmt: skip
    count = int(parts[2])
    low, high = _ends(parts[0], parts[1], stands, parts[2])
    if stands[0].usage == "money":
        _check_thousands(parts[:2], (low, high), ":", f":{parts[2]}")
    if count > MOST:
        raise InputError(text("{n} values are too many; at most {most}", n=number(count), most=number(MOST)))
    if low == high or count == 1:
        raise InputError(text("a range has two ends that differ, and two values or more; write a single value alone, like {example}", example=parts[0]))  # fmt: skip
    steps = count - 1
    first, last = Fraction(repr(low)), Fraction(repr(high))
    found = [float(first + (last - first) * i / steps) for i in range(count)]
    if stands[0].whole and any(value != int(value) for value in found):
        raise InputError(text("this has to be whole, and {n} steps from {low} to {high} are not", n=steps, low=parts[0], high=parts[1]))  # fmt: skip
    return found


def _ends(low: str, high: str, stands: Sequence[Standing], count: str) -> tuple[float, float]:
    """A unit behind the second may be that of both."""
    usage, fits = stands[0].usage, _fits(stands)
    unit = _UNIT.search(high)
    shared = low + unit[0] if unit and unit[0].strip() and not _UNIT.search(low)[0].strip() else ""  # type: ignore[index]
    ends: dict[tuple[float, float], str] = {}
    for first in (low, shared) if shared else (low,):
        for a in lists.single(first, usage, fits):
            for b in lists.single(high, usage, fits):
                ends.setdefault((a.value, b.value), f"{_end(a, usage)}:{_end(b, usage)}:{count}")
    if not ends:
        raise InputError(_no_fit(stands))
    if len(ends) > 1:
        one, other, *_ = ends.values()
        raise InputError(text("“{given}” can be read two ways: as {one} or as {other}. Write the one that is meant.", given=f"{low}:{high}:{count}", one=one, other=other))  # fmt: skip
    return next(iter(ends))


def _end(read: lists.Read, usage: Usage) -> str:
    """With a unit of its own, so that it has none of the other's."""
    if re.search("[^0-9., -]", read.written):
        return read.written
    if usage == "share":
        return f"{plain(100 * read.value)}%"
    return f"{read.written} kr." if usage == "money" else read.written


def _no_fit(stands: Sequence[Standing]) -> str:
    usage = stands[0].usage
    limits = [limit for one in stands for limit in one.limits]
    low, high = max((one.low for one in limits), default=-math.inf), min((one.high for one in limits), default=math.inf)
    if stands[0].whole:
        return text("only whole numbers can stand here; write them with semicolons between them, like 3; 4; 5")
    if usage == "share":
        low, high = max(low, -1.0), min(high, 1.0)
        return text("no reading of this fits: the number is a share between {low} and {high}; write it like {one} or {other}", one="15 %", other="0,15" if locale.language() == "da" else "0.15", low=shown(low, stands[0]), high=shown(high, stands[0]))  # fmt: skip
    if high >= LARGEST and any(one.open_low for one in limits):
        return text("no reading of this fits: the number must be above {low}", low=shown(low, stands[0]))
    if high >= LARGEST:
        return text("no reading of this fits: the number must be {low} or more", low=shown(low, stands[0]))
    return text("no reading of this fits: the number must lie between {low} and {high}", low=shown(low, stands[0]), high=shown(high, stands[0]))  # fmt: skip


def _whole(values: Sequence[float]) -> tuple[Number, ...]:
    """Whole numbers as such, where all are."""
    whole = all(value == int(value) for value in values)
    return tuple(int(value) if whole else value for value in values)


def shown(value: float, stands: Standing) -> str:
    return plain(100 * value) + per_cent_sign() if stands.usage == "share" else plain(value)
