"""What is decided of the rows, and each total of the sheet held against what it may be the sum of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from simulate.attach import words as vocabulary
from simulate.attach.rows import Row
from simulate.attach.tables import Amounts, Kind, Remark, Total, Wrong

Where = Callable[[Row], str]
CellOf = Callable[[Row, int], str]
TOTAL = -1  # in place of a year: the column of totals
SAID = {"cost": "costs", "saving": "savings", "financing": "financing"}
NEAR = 1e-9
BESIDE = ("of which", "percent", "count", "own", "discounted")  # rows between others that end no run of lines


@dataclass(slots=True)
class Decided:
    """kinds: row → kind of each line; signs: kind → what its raw numbers are multiplied by."""

    rows: Sequence[Row]
    kinds: dict[int, Kind] = field(default_factory=dict)
    signs: dict[Kind, int] = field(default_factory=dict)
    sections: dict[int, int] = field(default_factory=dict)
    totals: list[Total] = field(default_factory=list)
    problems: list[Remark] = field(default_factory=list)
    guesses: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    unknown: list[Row] = field(default_factory=list)
    summing: list[Remark] = field(default_factory=list)

    @property
    def lines(self) -> list[Row]:
        return [one for one in self.rows if one.sort == "line"]

    def amounts(self, one: Row) -> Amounts:
        """Of the sign of its kind."""
        sign = self.signs.get(self.kinds.get(one.row, "cost"), 1)
        return tuple(sign * value + 0.0 for value in one.values)  # no -0

    def of(self, kind: Kind) -> list[Row]:
        return [one for one in self.lines if self.kinds.get(one.row) == kind]


@dataclass(frozen=True, slots=True)
class Sum:
    """What a total may be of. what: as of a Total; rows: those that are summed; terms: how many numbers; own_sign: it has the sheet's signs already."""

    what: str
    values: Amounts
    rows: tuple[int, ...]
    terms: int
    own_sign: bool = False


@dataclass(frozen=True, slots=True)
class _Possible:
    """natural: what the total's name and place say; further: what is reasonable besides; chance: what counts where it fits alone."""

    natural: list[Sum]
    further: list[Sum] = field(default_factory=list)
    chance: list[Sum] = field(default_factory=list)


def alike(one: Sequence[float], other: Sequence[float], tolerance: float) -> bool:
    return all(abs(a - b) <= tolerance + NEAR * max(1.0, abs(a), abs(b)) for a, b in zip(one, other, strict=True))


def run(rows: Sequence[Row]) -> list[Row]:
    """Lines from the first on, until a heading or a total."""
    return [one for one in takewhile(lambda one: one.sort == "line" or one.sort in BESIDE, rows) if one.sort == "line"]


def sums(one: Row, beside: Sequence[Row], fewest: int) -> bool:
    """Whether a row is the sum of the first ones of these, at least so many."""
    total = [0.0] * len(one.values)
    for n, other in enumerate(beside, 1):
        if not any(other.values):
            return False
        total = [a + b for a, b in zip(total, other.values, strict=True)]
        if n >= fewest and alike(one.values, total, 0):
            return True
    return False


def held(found: Decided, one: Row, where: Where, resolution: float, cell: CellOf) -> list[Total]:
    """A total, held against what it fits, else against what it is nearest to; nothing where there is nothing to sum."""
    if not found.lines or not (possible := _possible(found, one)).natural:
        return []
    of, sign, tolerance = _chosen(one, possible, resolution, natural_signs(found, one))
    if of.what in ("part_net", "part_financed") and sign < 0:  # some rows are told as the sheet has them
        of, sign = replace(of, values=tuple(-value + 0.0 for value in of.values)), 1
    values = tuple(sign * value + 0.0 for value in one.values)
    wrong = tuple(
        Wrong(cell(one, i), one.label, stated, computed, of.what, of.rows)
        for i, (stated, computed) in enumerate(zip(values, of.values, strict=True))
        if not alike([stated], [computed], tolerance)
    )
    stated = None if one.stated is None else sign * one.stated + 0.0
    rounded = not wrong and not alike(values, of.values, 0)
    if stated is not None and of.what != "accumulated":
        own = sum(values)
        if not alike([stated], [own], 0.5 * resolution * (len(values) + 1)):
            wrong = (*wrong, Wrong(cell(one, TOTAL), one.label, stated, own, "years"))
    places = tuple(cell(one, i) for i in range(len(values)))
    return [Total(of.what, one.label, where(one), values, of.values, stated, cell(one, TOTAL), rounded, wrong, places, of.rows)]  # fmt: skip


def off_by(found: Decided, one: Row) -> list[Amounts]:
    """What a total differs by from each of the sums that it may be, with either sign."""
    possible = _possible(found, one)
    return [
        tuple(sign * value - sum_ for value, sum_ in zip(one.values, of.values, strict=True))
        for of in (*possible.natural, *possible.further)
        for sign in (1, -1)
    ]


def net(found: Decided, financed: bool, rows: Sequence[Row] | None = None) -> Sum:
    """Savings less costs, without or with what others pay. rows: of these alone."""
    counted = [one for one in (found.lines if rows is None else rows) if financed or found.kinds.get(one.row) != "financing"]  # fmt: skip
    values = [0.0] * _years(found)
    for one in counted:
        sign = -1 if found.kinds.get(one.row) == "cost" else 1
        values = [value + sign * own for value, own in zip(values, found.amounts(one), strict=True)]
    whole = ("with_financing", "provenu") if rows is None else ("part_financed", "part_net")
    return Sum(whole[0] if financed else whole[1], tuple(values), _numbers(counted), len(counted))


def _years(found: Decided) -> int:
    return len(next(one.values for one in found.rows if one.values))


def _numbers(rows: Sequence[Row]) -> tuple[int, ...]:
    return tuple(one.row for one in rows)


def summed_of(found: Decided, rows: Sequence[Row], what: str) -> Sum:
    """Rows of one kind together. what: as of a Sum."""
    values = tuple(sum(each) for each in zip(*(found.amounts(one) for one in rows), strict=True))
    return Sum(what, values, _numbers(rows), len(rows))


def natural_signs(found: Decided, one: Row) -> tuple[int, ...]:
    """The signs that a total may have: of a gain a plus, and a minus of what calls itself a net cost, where the sheet has no budget's signs."""
    is_budget = found.signs.get("saving") == -1 and found.signs.get("cost") != -1
    if one.sort != "net" or is_budget:
        return (1, -1)
    is_cost = vocabulary.is_net_cost(one.label)
    if vocabulary.GAIN.search(one.label) and not is_cost:
        return (1,)
    return (-1, 1) if is_cost else (1, -1)


# What it may sum ------------------------------------------------------------------------------------------------------


def _possible(found: Decided, one: Row) -> _Possible:
    """Of the rows that are counted; and of these with the municipality's own money, which a total of the financing may have in it."""
    alone = _possible_of(found, one)
    own = [row for row in found.rows if row.sort == "own"]
    if not own:
        return alone
    numbers = {row.row for row in own}
    with_own = replace(
        found,
        rows=[replace(row, sort="line") if row.row in numbers else row for row in found.rows],
        kinds=found.kinds | dict.fromkeys(numbers, "financing"),
    )
    sign: dict[Kind, int] = {"financing": 1 if sum(map(sum, (row.values for row in own))) >= 0 else -1}
    with_own.signs = sign | found.signs
    parts = {"financing": "part", "with_financing": "part_financed"}

    def told(each: Sequence[Sum]) -> list[Sum]:
        return [replace(of, what=parts.get(of.what, of.what)) for of in each if numbers & {*of.rows}]

    more = _possible_of(with_own, one)
    beside = [
        of for of in told(more.natural) if of.what == "part"
    ]  # before results, which the whole financing often is as large as
    others = [of for of in told(more.natural) if of.what != "part"]
    return _Possible(beside + alone.natural + others, alone.further + told(more.further), alone.chance + told(more.chance))  # fmt: skip


def _possible_of(found: Decided, one: Row) -> _Possible:
    nets = [net(found, False), *([net(found, True)] if found.of("financing") else [])]
    if one.sort == "accumulated":
        return _Possible([_accumulated(net(found, financed)) for financed in (False, True)])
    at = next(i for i, row in enumerate(found.rows) if row.row == one.row)
    stretches = [rows for rows in _stretches(found.rows, at) if len(rows) < len(found.lines)]
    nets_of = [net(found, financed, rows) for rows in stretches if _is_mixed(found, rows) for financed in _ways(found, rows)]  # fmt: skip
    if one.sort == "net":
        return _Possible(nets, nets_of)
    kind = vocabulary.kind(one.label)
    of_place, own = _of_place(found, one, at, kind)
    further = [part for rows in stretches for part in _of_one_kind(found, rows, kind)]
    chance = [part for rows in _parts_of_runs(found.rows, at, one) for part in _of_one_kind(found, rows, kind)]
    totals = _of_totals(found.rows[:at])
    if kind:
        return _Possible(of_place, [*further, *nets_of, *totals, *nets], chance)
    natural = of_place + nets if own else nets + of_place
    return _Possible(natural, [*further, *nets_of, *totals], chance)


def _of_place(found: Decided, one: Row, at: int, kind: Kind | None) -> tuple[list[Sum], Kind | None]:
    """What a total's name and place say that it sums; and of which kind it is."""
    above, below = run(found.rows[:at][::-1])[::-1], run(found.rows[at + 1 :])
    kinds = {found.kinds[row.row] for row in above or below if row.row in found.kinds}
    own = kind or (kinds.pop() if len(kinds) == 1 else None)
    section = [
        row
        for row in found.rows[:at]
        if row.sort == "line" and above and found.sections[row.row] == found.sections[above[-1].row]
    ]
    of_kind = found.of(own) if own else []
    sets: list[tuple[list[Row], str]] = [(of_kind, SAID[kind])] if kind else []
    sets += [
        (rows, SAID[own] if own and len(rows) == len(of_kind) else "part")
        for rows in (above, section, below)
        if rows and (all(found.kinds.get(row.row) == own for row in rows) if own else not _is_mixed(found, rows))
    ]
    if own and not kind:
        sets.append((of_kind, SAID[own]))
    return [summed_of(found, rows, what) for rows, what in sets if rows], own


def _stretches(rows: Sequence[Row], at: int) -> Iterator[list[Row]]:
    """Lines from a heading or another total on down to this one, and from this one down to a later one: the nearest first, whatever their level."""
    for beside in (rows[:at][::-1], rows[at + 1 :]):
        lines, size = list[Row](), 0
        for one in beside:
            if one.sort == "line":
                lines.append(one)
            elif one.sort not in BESIDE and len(lines) > size:
                size = len(lines)
                yield sorted(lines, key=lambda line: line.row)
        if len(lines) > size:
            yield sorted(lines, key=lambda line: line.row)


def _parts_of_runs(rows: Sequence[Row], at: int, one: Row) -> Iterator[list[Row]]:
    """The nearest lines above, or below, some of those that nothing parts; of a row that is called by a kind alone a single one."""
    fewest = 1 if vocabulary.is_kind_alone(one.label) else 2
    for beside in (run(rows[:at][::-1]), run(rows[at + 1 :])):
        for n in range(fewest, len(beside)):
            yield sorted(beside[:n], key=lambda line: line.row)


def _is_mixed(found: Decided, rows: Sequence[Row]) -> bool:
    return len({found.kinds.get(one.row) for one in rows}) > 1


def _ways(found: Decided, rows: Sequence[Row]) -> tuple[bool, ...]:
    """Without and with what others pay, where rows have some."""
    financed = [one for one in rows if found.kinds.get(one.row) == "financing"]
    return (False, True) if financed else (False,)


def _of_one_kind(found: Decided, rows: Sequence[Row], kind: Kind | None) -> Iterator[Sum]:
    """Rows of one kind; of several those of the kind that the total says."""
    own = [one for one in rows if kind is None or found.kinds.get(one.row) == kind]
    if own and not _is_mixed(found, own):
        whole = found.kinds.get(own[0].row)
        yield summed_of(found, own, SAID[whole] if whole and len(own) == len(found.of(whole)) else "part")


def _of_totals(above: Sequence[Row]) -> list[Sum]:
    """The last totals above, two and more, in the signs of the sheet: a total of totals is right where one of these is wrong by itself."""
    totals = [one for one in above if one.sort == "total"]
    parts = [totals[-n:] for n in range(2, len(totals) + 1)]
    return [
        Sum("totals", tuple(sum(values) for values in zip(*(one.values for one in part), strict=True)), _numbers(part), len(part), own_sign=True)
        for part in parts
    ]  # fmt: skip


def _accumulated(of: Sum) -> Sum:
    values, sum_ = [], 0.0
    for value in of.values:
        sum_ += value
        values.append(sum_)
    return Sum("accumulated", tuple(values), of.rows, of.terms * len(values))


def _chosen(one: Row, possible: _Possible, resolution: float, signs: tuple[int, ...]) -> tuple[Sum, int, float]:
    """The sum that fits, exactly or but for rounding, with the sign that the sheet has it in; else the one that most years fit, and of these the nearest."""

    def ways(each: Sequence[Sum]) -> Iterator[tuple[Sum, int]]:
        return ((of, sign) for of in each for sign in ((1,) if of.own_sign else signs))

    for exact in (True, False):
        for of, sign in ways([*possible.natural, *possible.further, *possible.chance]):
            tolerance = 0.0 if exact else 0.5 * resolution * (of.terms + 1)
            if alike([sign * value for value in one.values], of.values, tolerance):
                return of, sign, tolerance
    named = vocabulary.kind(one.label) is not None or one.sort == "net"

    def far(way: tuple[Sum, int]) -> tuple[int, bool, float]:
        of, sign = way
        off = [abs(sign * a - b) for a, b in zip(one.values, of.values, strict=True)]
        fitting = sum(alike([sign * a], [b], 0) for a, b in zip(one.values, of.values, strict=True) if a or b)
        return -fitting, named and of not in possible.natural, sum(off)

    of, sign = min(ways([*possible.natural, *possible.further]), key=far)
    return of, sign, 0.5 * resolution * (of.terms + 1)
