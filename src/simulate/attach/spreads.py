"""Lowest, most likely and highest of a line, from columns beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from simulate.attach.cells import NoNumber, flaw, is_blank, is_range, marked, number, place, words
from simulate.attach.heads import Heads
from simulate.attach.tables import Amounts, Asked, Basis, Line, Remark, Spread
from simulate.content import Sentence
from simulate.figures import plain
from simulate.grid import Sheet, Value
from simulate.locale import text

NEAR = 1e-9
OF_ALL = 0.5  # percentages up to this are hardly of the whole amount
TWICE = 2.0  # a most likely number within a half and twice of what it can only be meant of
ENDS = ("low", "mode", "high")
SIDES = ("bad", "good")  # the ends as what is ill and well, which of them is the lowest hangs on the kind
SMALL = 2.0  # percentages up to this, of an amount, can hardly be meant


def spread(
    sheet: Sheet, rows: Sequence[Sequence[Value]], heads: Heads, asked: Asked, scale: int, line: Line, raw: Amounts
) -> Spread | Remark | None:
    """What the columns say of a line; None where they say nothing; a remark where that is not clear. raw: as the sheet has the row."""
    if (beside := _half(sheet, rows, heads, asked, scale, line, raw)) is not None:
        return beside
    if not any(end in heads.named for end in (*ENDS, *SIDES)):
        return _more_or_less(sheet, rows, heads, line)
    sided = all(side in heads.named for side in SIDES) and not {"low", "high"} & heads.named.keys()
    named = {end: heads.named[end] for end in ENDS if end in heads.named}
    if sided:
        is_cost = line.kind == "cost"
        named |= {"low": heads.named["good" if is_cost else "bad"], "high": heads.named["bad" if is_cost else "good"]}
    cells = {end: rows[line.row][j] if j < len(rows[line.row]) else None for end, j in named.items()}
    for j in named.values():
        if told := flaw(sheet, line.row, j):
            return told
    aside = [heads.named[side] for side in SIDES if side in heads.named and not sided]
    if any(j < len(rows[line.row]) and not is_blank(rows[line.row][j]) for j in aside):
        return Remark(place(sheet, line.row, aside[0]), text("“{label}”: a range has a lowest and a highest, or a pessimistic and an optimistic end; the columns are headed {names}", label=line.label, names=_headings(rows, heads)))  # fmt: skip
    if all(is_blank(one) for one in cells.values()):
        return _more_or_less(sheet, rows, heads, line)
    first = place(sheet, line.row, min(named.values()), max(named.values()))
    if "low" not in named or "high" not in named:
        return Remark(first, text("“{label}” has no lowest and highest: head the columns that have them lowest and highest (there is: {names})", label=line.label, names=_headings(rows, heads)))  # fmt: skip
    if is_blank(cells["low"]) or is_blank(cells["high"]):
        return Remark(first, text("“{label}” has one end of its range alone; fill in lowest and highest, or neither", label=line.label))  # fmt: skip
    given = dict[str, tuple[float, bool]]()
    for end, one in cells.items():
        try:
            given |= (
                {}
                if is_blank(one)
                else {end: _end(sheet, line.row, named[end], one, scale, named[end] in heads.in_percent)}
            )
        except NoNumber as problem:
            return Remark(place(sheet, line.row, named[end]), Sentence(problem.message))
    if (unclear := _hardly_percent(sheet, line, heads, named, cells, first)) is not None:
        return unclear
    if any(named[end] in heads.deviating for end in given):
        return _deviating(sheet, heads, asked, line, raw, named, given, first)
    shares = {end: share for end, (_, share) in given.items()}
    ends = Ends({end: value for end, (value, _) in given.items()}, {end: f"{place(sheet, line.row, named[end]).rpartition('!')[2]}: {_shown(*one)}" for end, one in given.items()}, first)  # fmt: skip
    if sided and _turned(ends.given):
        message = text("“{label}”: the pessimistic end of a cost is the higher one, of a saving the lower one, and here it is the other way round ({low} and {high})", label=line.label, low=ends.said["low"], high=ends.said["high"])  # fmt: skip
        return Remark(first, message)
    if any(shares.values()):
        return _of_shares(line, ends, shares)
    return _of_amounts(asked, line, raw, ends, heads.ranges_of)


# So much more and less ---------------------------------------------------------------------------------------------------


def _half(
    sheet: Sheet, rows: Sequence[Sequence[Value]], heads: Heads, asked: Asked, scale: int, line: Line, raw: Amounts
) -> Spread | Remark | None:
    """A column that says how much more and less: `± t.kr.`, `Usikkerhed (%)`."""
    column = heads.named.get("half")
    value = rows[line.row][column] if column is not None and column < len(rows[line.row]) else None
    if column is None or is_blank(value):
        return None
    where = place(sheet, line.row, column)
    if told := flaw(sheet, line.row, column):
        return told
    said = words(value)
    ends = [heads.named[end] for end in (*ENDS, *SIDES) if end in heads.named]
    if any(j < len(rows[line.row]) and not is_blank(rows[line.row][j]) for j in ends):
        return Remark(where, text("“{label}” has a range here and another in the columns {names}; keep one of them", label=line.label, names=_headings(rows, heads)))  # fmt: skip
    if (known := _own_range(said, where)) is not None:
        return known
    try:
        size, share = _end(
            sheet, line.row, column, _unsigned(said) if said else value, scale, column in heads.in_percent
        )
    except NoNumber:
        return _no_range(line, where, said)
    shown = said or _shown(size, share)
    if share and 0 < abs(size) <= 0.01 and (line.row, column) not in sheet.percents and "%" not in said:
        return Remark(where, text("“{label}”: {value} stands below a heading in percent: write {share} if that is meant, or {hundredfold}", label=line.label, value=plain(100 * size), share=f"{plain(100 * size)} %", hundredfold=plain(10_000 * size)))  # fmt: skip
    return _by_so_much(asked, heads, line, raw, (-abs(size), abs(size)), share, where, f"± {shown}")


def _unsigned(said: str) -> str:
    return said.lstrip("±+-−–/ ")


def _deviating(
    sheet: Sheet, heads: Heads, asked: Asked, line: Line, raw: Amounts, named: Mapping[str, int], given: Mapping[str, tuple[float, bool]], where: str,
) -> Spread | Remark | None:  # fmt: skip
    """`Min (-)` and `Maks (+)`: so much less, and so much more."""
    shares = {given[end][1] for end in ("low", "high")}
    if "mode" in given or len(shares) > 1 or not {named["low"], named["high"]} <= set(heads.deviating):
        return Remark(where, text("“{label}”: so much less and so much more are both to be percentages or both amounts, without a most likely one: write lowest and highest themselves, in columns headed lowest and highest", label=line.label))  # fmt: skip
    sizes = -abs(given["low"][0]), abs(given["high"][0])
    shown = ", ".join(_shown(*given[end]) for end in ("low", "high"))
    return _by_so_much(asked, heads, line, raw, sizes, shares.pop(), where, shown)


def _by_so_much(
    asked: Asked,
    heads: Heads,
    line: Line,
    raw: Amounts,
    sizes: tuple[float, float],
    share: bool,
    where: str,
    shown: str,
) -> Spread | Remark | None:
    """The range of a row that goes so much below its amount, and so much above: shares of it, or amounts of a year or of all years together."""
    if not any(sizes):
        return None
    if share:
        if sizes[0] < -1:
            return Remark(where, text("“{label}”: {given} is more than all of the amount; at most {most} less can be meant", label=line.label, most="100 %", given=marked(shown)))  # fmt: skip
        return Spread(1 + sizes[0], 1.0, 1 + sizes[1], "factor", where)
    bases = {name: abs(base) for name, base in _bases(raw).items() if name != "factor"}
    chosen = asked.ranges or heads.ranges_of
    if [*bases] == ["year"]:
        chosen = "year"  # a single one, which all years together are as well
    if chosen is not None and chosen in bases:
        low, high = (size / bases[chosen] for size in sizes)
        return Spread(1 + low, 1.0, 1 + high, chosen, where)
    readings = ", ".join(f"{_basis(name)} ({plain(base)})" for name, base in bases.items())
    return Remark(where, text("“{label}”: {given} may be of {readings}; --ranges year or --ranges total decides, or lowest and highest in columns of their own", label=line.label, given=marked(shown), readings=readings))  # fmt: skip


def _own_range(said: str, where: str) -> Spread | None:
    """What says its range itself: `± 5 %`, `-60 % / +25 %`; None for all else, and for one that cannot be."""
    share, sides = more_or_less(said), _SIDES.fullmatch(said)
    if share is not None and 0 < share <= 1:
        return Spread(1 - share, 1.0, 1 + share, "factor", where)
    if sides is not None:
        low, high = (float(sides[end].replace(",", ".")) / 100 for end in ("low", "high"))
        return Spread(1 - low, 1.0, 1 + high, "factor", where) if low <= 1 and low + high > 0 else None
    return None


def _turned(given: Mapping[str, float]) -> bool:
    """Whether the lowest is above the highest; of amounts with a minus by their size."""
    low, high = given["low"], given["high"]
    return abs(low) > abs(high) if low <= 0 and high <= 0 and _one_sign(given) else low > high


def _headings(rows: Sequence[Sequence[Value]], heads: Heads) -> str:
    """What the columns of ranges, and those that were not read, are headed."""
    columns = sorted({*heads.left_out, *(j for key, j in heads.named.items() if key in (*ENDS, *SIDES))})
    near = rows[max(heads.rows[0] - 1, 0) : heads.rows[0] + 2]
    said = (next((words(row[j]) for row in near if j < len(row) and words(row[j])), "") for j in columns)
    return ", ".join(marked(one) for one in said if one)


def _hardly_percent(
    sheet: Sheet, line: Line, heads: Heads, named: Mapping[str, int], cells: Mapping[str, Value], where: str
) -> Remark | None:
    """Numbers such as 0,9 and 1,1 below a heading in percent."""
    plain_ = [
        value
        for end, value in cells.items()
        if isinstance(value, float) and named[end] in heads.in_percent and (line.row, named[end]) not in sheet.percents
    ]
    if not plain_ or any(abs(value) > SMALL for value in plain_):
        return None
    value = plain(max(plain_, key=abs))
    return Remark(where, text("“{label}”: {value} stands below a heading in percent: write {share} if that is meant, or 90 for nine tenths", share=f"{value} %", label=line.label, value=value))  # fmt: skip


_MORE_OR_LESS = re.compile(
    r"(?:±|\+ ?/ ?[-−–]|\+[-−–]|plus/minus) *(?P<share>[0-9]+(?:,[0-9]+)?) *(?:%|pct\.?|procent|percent)", re.I
)


_PLAIN_SHARE = re.compile(r"[1-9][0-9]?(?:,[0-9]+)? ?%")
_SIDES = re.compile(
    r"[-−–] ?(?P<low>[0-9]+(?:,[0-9]+)?) ?(?:%|pct\.?)? *(?:/|;|,|og|til|to|and)? *\+ ?(?P<high>[0-9]+(?:,[0-9]+)?) ?(?:%|pct\.?|procent|percent)", re.I
)  # fmt: skip
_LEVEL = re.compile(
    r"(?:meget |ret |very )?(?:lav|lille|begrænset|moderat|middel|mellem|medium|høj|stor|low|small|high|large)(?:t|e)?\b.*",
    re.I,
)


def more_or_less(said: str) -> float | None:
    """`± 5 %` as a share."""
    found = _MORE_OR_LESS.fullmatch(said)
    return None if found is None else float(found["share"].replace(",", ".")) / 100


def _more_or_less(sheet: Sheet, rows: Sequence[Sequence[Value]], heads: Heads, line: Line) -> Spread | Remark | None:
    """A range that stands in the column of uncertainty itself."""
    column = heads.named.get("name")
    value = rows[line.row][column] if column is not None and column < len(rows[line.row]) else None
    if column is None or is_blank(value):
        return None
    where, said = place(sheet, line.row, column), words(value)
    if more_or_less(said) == 0:
        return None
    if (own := _own_range(said, where)) is not None:
        return own
    if not is_name(value):
        return _no_range(line, where, said or (plain(value) if isinstance(value, float) else str(value)))
    return None


def _no_range(line: Line, where: str, said: str) -> Remark:
    inner = _MORE_OR_LESS.search(said)
    meant = inner[0] if inner else f"± {said}" if _PLAIN_SHARE.fullmatch(said) else "± 5 %"
    return Remark(where, text("“{label}”: {given} says no range; write it like {range}, or lowest and highest into columns of their own", label=line.label, given=marked(said), range=meant))  # fmt: skip


def is_name(value: Value) -> bool:
    """Whether a cell of the column of assumptions is the name of one, and no range or number in whatever form."""
    said = words(value)
    has_letters = any(
        letter.isalpha() for letter in re.sub(r"\b(pct|procent|percent|kr|mio|t)\b", "", said, flags=re.I)
    )
    return has_letters and not is_range(said)


@dataclass(frozen=True, slots=True)
class Ends:
    """What stands in the columns. said: `E7: 80 %`; where: all of their cells."""

    given: Mapping[str, float]
    said: Mapping[str, str]
    where: str


def _shown(value: float, share: bool) -> str:
    return f"{plain(round(100 * value, 6))} %" if share else plain(value)


def _end(sheet: Sheet, row: int, column: int, value: Value, scale: int, in_percent: bool) -> tuple[float, bool]:
    """A number, and whether it is a percentage."""
    if (row, column) in sheet.percents and isinstance(value, float):
        return value, True
    said = words(value)
    if "%" in said or "pct" in said.lower():
        from simulate.scenario import numbers

        try:
            return numbers.parse(said.lstrip("+ "), "share").value, True
        except numbers.NumberProblem as problem:
            raise NoNumber(problem.message) from None
    return (number(value, 1) / 100, True) if in_percent else (number(value, scale), False)


def _of_shares(line: Line, ends: Ends, shares: Mapping[str, bool]) -> Spread | Remark | None:
    """Percentages: of the amount, or more and less than it."""
    given, where = ends.given, ends.where
    if not all(shares.values()) and given.get("mode", 1.0) != 1.0:
        return Remark(where, text("“{label}”: lowest, most likely and highest must all be percentages, or none of them", label=line.label))  # fmt: skip
    low, high = given["low"], given["high"]
    if min(low, high) < 0 or low == 0 < high:  # a minus, or none, says that it is more and less
        mode = given.get("mode", 0.0)
        return _checked(line, 1 + low, 1 + mode if mode < OF_ALL else mode, 1 + high, "factor", ends)
    if low <= high and (high <= OF_ALL or (not low <= 1 <= high and "mode" not in given)):
        return Remark(where, text("“{label}”: {low} and {high} may be shares of the amount, or more or less than it: shares stand on either side of 100 %, such as 90 % and 130 %, or have a most likely one between them; more and less have a sign, such as -10 % and +30 %",
                                  label=line.label, low=ends.said["low"], high=ends.said["high"]))  # fmt: skip
    return _checked(line, low, given.get("mode", 1.0), high, "factor", ends)


def _of_amounts(asked: Asked, line: Line, raw: Amounts, ends: Ends, headed: Basis | None) -> Spread | Remark | None:
    """Amounts: of a year, of the whole period, or factors. headed: what the headings say that they are of."""
    given, where = ends.given, ends.where
    if not any(raw):
        return Remark(
            where, text("“{label}” is 0 in every year, so that nothing of it can be uncertain", label=line.label)
        )
    if given["low"] > given["high"] and all(value >= 0 for value in (*given.values(), sum(raw))):
        return _checked(line, given["low"], given["low"], given["high"], "factor", ends)
    bases = _bases(raw)
    fitting = {name: base for name, base in bases.items() if _fits(base, given)}
    if asked.ranges is not None:
        if asked.ranges not in bases:
            return Remark(where, text("“{label}” has different amounts by year, so that its range is not one of a year; --ranges total or --ranges factor", label=line.label))  # fmt: skip
        fitting = {asked.ranges: bases[asked.ranges]}
    elif headed in fitting:
        fitting = {headed: fitting[headed]}
    if not fitting:
        fitting = {name: base for name, base in bases.items() if _is_near(base, given)}
    if len(fitting) != 1:
        readings = ", ".join(f"{_basis(name)} ({plain(base)})" for name, base in (fitting or bases).items())
        said = text("“{label}”: lowest and highest may be of {readings}; --ranges year, --ranges total or --ranges factor decides", label=line.label, readings=readings) if fitting else text("“{label}”: lowest and highest fit none of {readings}; write lowest and highest as of all years together, below and above {total}", label=line.label, readings=readings, total=plain(sum(raw)))  # fmt: skip
        return Remark(where, said)
    [(name, base)] = fitting.items()
    each = {
        end: abs(value) / abs(base) if value * base < 0 and _one_sign(given) else value / base
        for end, value in given.items()
    }
    low, high = each["low"], each["high"]
    if low > high and sum(raw) < 0:
        low, high = high, low
    return _checked(line, low, each.get("mode", 1.0), high, name, ends)


def _one_sign(given: Mapping[str, float]) -> bool:
    return all(value >= 0 for value in given.values()) or all(value <= 0 for value in given.values())


def _basis(name: Basis) -> str:
    return {"year": text("the amount of a year"), "total": text("all years together"), "factor": text("a factor on the amounts")}[name]  # fmt: skip


def _bases(raw: Amounts) -> dict[Basis, float]:
    """What a range may be of."""
    found: dict[Basis, float] = {"total": sum(raw), "factor": 1.0}
    paid = {value for value in raw if value}
    if len(paid) == 1:
        found["year"] = paid.pop()
        if found["year"] == found["total"]:
            del found["total"]
    if not found.get("total", 1.0):
        del found["total"]
    return {name: found[name] for name in ("year", "total", "factor") if name in found}


def _fits(base: float, given: Mapping[str, float]) -> bool:
    """Whether the amount itself lies in its range."""
    low, high = (
        sorted((abs(given["low"]), abs(given["high"]))) if _one_sign(given) else sorted((given["low"], given["high"]))
    )
    own = abs(base) if _one_sign(given) else base
    return low * (1 - NEAR) <= own <= high * (1 + NEAR)


def _is_near(base: float, given: Mapping[str, float]) -> bool:
    middle = abs(given.get("mode", (given["low"] + given["high"]) / 2))
    return abs(base) / TWICE < middle < abs(base) * TWICE


def _checked(line: Line, low: float, mode: float, high: float, basis: Basis, ends: Ends) -> Spread | Remark | None:
    if low == high == mode:
        return None
    if low <= mode <= high and low != high:
        return Spread(low, mode, high, basis, ends.where)
    told = {"label": line.label, **ends.said}
    if low > high:
        message = text("“{label}”: the lowest ({low}) is above the highest ({high}); swap the two, or mend the one that is wrong", **told)  # fmt: skip
    elif low == high:
        message = text("“{label}”: lowest and highest are the same ({low}; {high}); leave both out where the row is certain", **told)  # fmt: skip
    elif "mode" in ends.said:
        message = text("“{label}”: the most likely ({mode}) lies outside the lowest ({low}) and the highest ({high}); mend the one that is wrong", **told)  # fmt: skip
    else:
        message = text("“{label}”: the row's own amount lies outside the lowest ({low}) and the highest ({high}); mend them, or say what is most likely in a column of its own", **told)  # fmt: skip
    return Remark(ends.where, message)


def outside(line: Line) -> Remark | None:
    """That the row's own amounts lie outside of its range, so that all courses have others."""
    if line.spread is None or line.spread.low <= 1 <= line.spread.high:
        return None
    message = text("“{label}”: the row's own amounts lie outside of its range, so that the expected provenu is another than the sheet's: right where the range is a correction of them", label=line.label)  # fmt: skip
    return Remark(line.spread.place, message)


def names(
    sheet: Sheet, rows: Sequence[Sequence[Value]], heads: Heads, lines: Sequence[Line]
) -> tuple[list[Line], list[Remark]]:
    """Lines with the assumption that a column names: those of one name have one range, which stands at one of them."""
    column = heads.named.get("name")
    if column is None:
        return list(lines), []
    said = {one.row: words(rows[one.row][column]) if column < len(rows[one.row]) else "" for one in lines}
    said |= {one.row: "" for one in lines if not is_name(said[one.row])}
    known: dict[str, Spread] = {}
    problems = []
    for one in lines:
        name = said[one.row]
        if name and one.spread:
            own = known.setdefault(name, one.spread)
            if (own.low, own.mode, own.high) != (one.spread.low, one.spread.mode, one.spread.high):
                problems.append(Remark(one.spread.place, text("“{name}” has another range in {place}; rows of one name share one range: write it at one of them alone, or give them names of their own", name=name, place=own.place)))  # fmt: skip
    found = []
    for one in lines:
        name = said[one.row]
        if name and name not in known and _LEVEL.fullmatch(name):
            problems.append(Remark(place(sheet, one.row, column), text("“{name}” is a word and no range; write it like ± 10 %, or lowest and highest into columns of their own", name=name)))  # fmt: skip
        elif name and name not in known:
            unread = ", ".join(
                marked(words(rows[heads.rows[0]][j])) for j in heads.like_ranges if j < len(rows[heads.rows[0]])
            )
            message = text("no row of “{name}” has a lowest and a highest; the columns {names} were not read: head them lowest and highest", name=name, names=unread) if unread else text("no row of “{name}” has a lowest and a highest", name=name)  # fmt: skip
            problems.append(Remark(place(sheet, one.row, column), message))
        elif name:
            one = replace(one, spread=replace(known[name], name=name))
        found.append(one)
    return found, problems
