"""Which rows are costs, savings and financing, of which sign, and what each total sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from simulate.attach import words as vocabulary
from simulate.attach.rows import Row
from simulate.attach.tables import KINDS, Amounts, Kind, Remark, Signs, Total, Wrong
from simulate.content import Sentence
from simulate.figures import plain
from simulate.locale import text

Where = Callable[[Row], str]
CellOf = Callable[[Row, int], str]
TOTAL = -1  # in place of a year: the column of totals
SAID = {"cost": "costs", "saving": "savings", "financing": "financing"}
FEW = 0.5  # of the larger part: amounts of the other sign that are an exception
NEAR = 1e-9


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
    unknown: list[Row] = field(default_factory=list)
    summing: list[Remark] = field(default_factory=list)

    @property
    def lines(self) -> list[Row]:
        return [one for one in self.rows if one.sort == "line"]

    def amounts(self, one: Row) -> Amounts:
        """Of the sign of its kind."""
        sign = self.signs.get(self.kinds.get(one.row, "cost"), 1)
        return tuple(sign * value + 0.0 for value in one.values)  # no -0


def decided(rows: Sequence[Row], signs: Signs | None, where: Where, resolution: float, cell: CellOf) -> Decided:
    """All of it. where: the cell of a row's name; cell: that of a year's number, or of its total; resolution: the last place in which the table's numbers are written."""

    def tried(of: Decided, taken: Sequence[Row], sort: Literal["total", "net"] = "total") -> Decided:
        """With lines taken for totals."""
        numbers = {one.row for one in taken}
        others = [replace(row, sort=sort) if row.row in numbers and row.sort == "line" else row for row in of.rows]
        made = _with(others, signs, where, resolution, cell)
        made.summing = [*of.summing, *(Remark(where(one), _taken_for(sort, one)) for one in taken)]
        return made

    found = _with(rows, signs, where, resolution, cell)
    unclear = []
    candidates = _candidates(rows)
    alone = [one for one in candidates if vocabulary.is_kind_alone(one.label) and not one.asked]
    if alone and _misses(together := tried(found, alone)) <= _misses(found):
        found = together
    for one in (one for one in candidates if any(row.row == one.row and row.sort == "line" for row in found.rows)):
        summed = tried(found, [one])
        if _misses(summed) < _misses(found):
            found = summed
        elif _misses(summed) == _misses(found) and not one.asked:
            message = text("“{label}” is the sum of rows beside it: as a total it is not counted, as a line of its own it is; --rows {row}=total or --rows {row}=cost (saving) decides",
                           label=one.label, row=one.row + 1)  # fmt: skip
            unclear.append(Remark(where(one), message))
    net = _net_row(found)
    if net is not None and _misses(made := tried(found, [net], "net")) <= _misses(found):
        if vocabulary.NETTED.search(net.label) or net in found.unknown:
            found = made
        else:
            message = text("“{label}” is savings less costs in every year: --rows {row}=total or --rows {row}=cost (saving) decides", label=net.label, row=net.row + 1)  # fmt: skip
            unclear.append(Remark(where(net), message))
    found.problems += unclear
    found.guesses += found.summing
    return found


def _taken_for(sort: Literal["total", "net"], one: Row) -> Sentence:
    if sort == "net":
        return text(
            "“{label}” is savings less costs in every year: it is a total, and was not counted", label=one.label
        )
    return text("“{label}” is the sum of rows beside it, and was not counted a second time", label=one.label)


def _misses(found: Decided) -> int:
    return sum(len(one.wrong) for one in found.totals) + len(found.problems)


def _with(rows: Sequence[Row], signs: Signs | None, where: Where, resolution: float, cell: CellOf) -> Decided:
    found = Decided(_alone(rows))
    _kinds(found)
    _signs(found, signs, where)
    _contradictions(found, where)
    _exceptions(found, where, signs)
    found.totals = [one for row in found.rows if row.sort in ("total", "net", "accumulated") for one in _total(found, row, where, resolution, cell)]  # fmt: skip
    return found


def _alone(rows: Sequence[Row]) -> list[Row]:
    """A total of a kind that has no line is a line itself."""
    kinds = _kinds(Decided(list(rows))).kinds
    having = set(kinds.values())
    found, seen = [], set()
    undecided = any(one.sort == "line" and one.row not in kinds for one in rows)
    for one in rows:
        kind = vocabulary.kind(one.label)
        if one.sort == "total" and kind and kind not in having and not undecided and not one.asked and kind not in seen:
            seen.add(kind)
            found.append(replace(one, sort="line"))
        else:
            found.append(one)
    return found


# Kinds ----------------------------------------------------------------------------------------------------------------


def _kinds(found: Decided) -> Decided:
    """By heading, by the total below, by the row's own words."""
    section: Kind | None = None
    number, pending, since = 0, list[Row](), list[Row]()
    for one in found.rows:
        if one.sort == "heading":
            kind = None if vocabulary.is_net(one.label) else vocabulary.kind(one.label, heading=True)
            if kind or vocabulary.is_net(one.label) or one.block or vocabulary.OTHER.search(one.label):
                section, pending = kind, []
            since = []
            number += 1
        elif one.sort == "line":
            found.sections[one.row] = number
            said = vocabulary.kind(one.label)
            own = one.kind or (said if vocabulary.is_kind_alone(one.label) else None) or section or said
            since.append(one)
            if own:
                found.kinds[one.row] = own
            else:
                pending.append(one)
        elif one.sort == "total":
            kind = vocabulary.kind(one.label)
            if kind:
                found.kinds |= {row.row: kind for row in pending}
                pending = []
                on_top = all(found.kinds.get(row.row) != kind for row in since)
                section = kind if on_top else None
            elif section and not since:
                continue
            since = []
            number += 1
        elif one.sort == "net":
            section, since = None, []
            number += 1
    found.unknown = [one for one in found.lines if one.row not in found.kinds]
    return found


# Signs ----------------------------------------------------------------------------------------------------------------


def _parts(rows: Sequence[Row]) -> tuple[float, float]:
    """What is above 0 and what is below it, together."""
    values = [value for one in rows for value in one.values]
    return sum(max(value, 0.0) for value in values), sum(max(-value, 0.0) for value in values)


def _of(found: Decided, kind: Kind) -> list[Row]:
    return [one for one in found.lines if found.kinds.get(one.row) == kind]


def _signs(found: Decided, signs: Signs | None, where: Where) -> None:
    fixed: dict[Signs, dict[Kind, int]] = {
        "budget": {"cost": 1, "saving": -1, "financing": -1},
        "result": {"cost": -1, "saving": 1, "financing": 1},
    }
    if signs is not None and signs in fixed:
        found.signs = dict(fixed[signs])
    elif signs == "headings":
        found.signs = dict.fromkeys(KINDS, 1)
    else:
        for kind in KINDS:
            rows = _of(found, kind)
            if rows:
                found.signs[kind] = _sign(found, kind, rows, where)
    if found.unknown:
        _undecided(found, signs, where)


def _sign(found: Decided, kind: Kind, rows: Sequence[Row], where: Where) -> int:
    """The sign that a kind's numbers have in the sheet."""
    above, below = _parts(rows)
    if min(above, below) > FEW * max(above, below):
        found.problems.append(
            Remark(
                where(rows[0]),
                text(
                    "the {kind} have numbers of both signs, {above} above 0 and {below} below: --signs headings takes a plus as what the heading says, --signs budget takes costs with plus and savings with minus, --signs result the other way round",
                    kind=kinds_name(kind),
                    above=plain(above),
                    below=plain(below),
                ),
            )
        )
    return 1 if above >= below else -1


def kinds_name(kind: Kind) -> str:
    return {"cost": text("costs"), "saving": text("savings"), "financing": text("financing")}[kind]


def _undecided(found: Decided, signs: Signs | None, where: Where) -> None:
    """Lines of which nothing says what they are: by their signs, where it is known how the sheet has these."""
    if not any(value for one in found.unknown for value in one.values):
        found.kinds |= {one.row: "cost" for one in found.unknown}
        found.signs.setdefault("cost", 1)
        return
    way = signs if signs in ("budget", "result") else _way(found)
    if way is None:
        above, below = _parts(found.unknown)
        names = ", ".join(f"“{one.label}”" for one in found.unknown[:3])
        if above and below:
            message = text("nothing says which rows are costs and which savings ({names}, ...): --signs budget takes a plus as a cost and a minus as a saving, --signs result the other way round, and --rows {row}=cost says it of a row",
                           names=names, row=found.unknown[0].row + 1)  # fmt: skip
        else:
            message = text("nothing says whether {names} are costs or savings; --rows {row}=cost or --rows {row}=saving says it of a row (several: 5=cost,7=saving)",
                           names=names, row=found.unknown[0].row + 1)  # fmt: skip
        found.problems.append(Remark(where(found.unknown[0]), message))
        way = "budget"
    elif signs is None:
        said = text("rows without a heading were taken by their signs: plus a cost, minus a saving, as in a budget") if way == "budget" else text("rows without a heading were taken by their signs: plus a saving, minus a cost")  # fmt: skip
        found.guesses.append(Remark(where(found.unknown[0]), said))
    one = 1 if way == "budget" else -1
    for row in found.unknown:
        found.kinds[row.row] = "cost" if one * sum(row.values) >= 0 else "saving"
    for kind, sign in (("cost", one), ("saving", -one)):
        found.signs.setdefault(kind, sign)  # type: ignore[arg-type]


def _way(found: Decided) -> Signs | None:
    """How the sheet has its signs, as the rows whose kind is known and the net rows tell it; None where they do not, or not alike."""
    above, below = _parts(found.unknown)
    signs = {kind: sign for kind, sign in found.signs.items() if min(_parts(_of(found, kind))) == 0}
    cost, saving = signs.get("cost"), signs.get("saving")
    ways: set[Signs] = set()
    if saving == -1 or (cost == 1 and saving is None and below):
        ways.add("budget")
    if cost == -1 or (saving == 1 and cost is None and below):
        ways.add("result")
    if above and below and not (cost == 1 and saving == 1):
        raw = [sum(values) for values in zip(*(one.values for one in found.lines), strict=True)]
        for one in found.rows:
            if one.sort == "net" and any(raw):
                ways |= _by_net(one, raw)
    return ways.pop() if len(ways) == 1 else None


def _by_net(one: Row, raw: Sequence[float]) -> set[Signs]:
    """What a net row tells: a net cost is above 0 where the costs are larger."""
    said = vocabulary.plain(one.label).lower()
    if said in ("netto", "net", "balance", "resultat", "result", "saldo", "forskel", "i alt"):
        return set()
    is_cost = vocabulary.NET_COST.search(said) is not None and not vocabulary.SAVING.search(said)
    same, other = _alike(one.values, raw, 0), _alike(one.values, [-value for value in raw], 0)
    if same == other:
        return set()
    return {"budget" if same == is_cost else "result"}


def _contradictions(found: Decided, where: Where) -> None:
    """A row under one heading that calls itself another kind."""
    for one in found.lines:
        kind, own = found.kinds.get(one.row), vocabulary.kind(one.label)
        if one.asked or kind is None or own is None or own == kind or not any(one.values):
            continue
        as_others = found.signs.get(kind, 1) * sum(one.values) > 0
        if own != "financing" and (not as_others or kind == "financing" or own == "cost"):
            continue  # a smaller saving among costs has the other sign already; "udgift" stands in many names of savings
        found.problems.append(
            Remark(
                where(one),
                text(
                    "“{label}” stands among the {kind} and calls itself something else ({own}); --rows {row}={one} or --rows {row}={other} decides",
                    label=one.label, kind=kinds_name(kind), own=kinds_name(own), row=one.row + 1, one=kind, other=own,
                ),
            )
        )  # fmt: skip


def _exceptions(found: Decided, where: Where, signs: Signs | None) -> None:
    """Lines of the other sign than their kind's are told."""
    for one in found.lines:
        if any(value < 0 for value in found.amounts(one)) and one not in found.unknown:
            kind = found.kinds[one.row]
            message = text("“{label}” has the other sign than the {kind}: it was taken off them", label=one.label, kind=kinds_name(kind))  # fmt: skip
            found.guesses.append(Remark(where(one), message))


def _net_row(found: Decided) -> Row | None:
    """The last line that in every year is what the savings of the others come to, less their costs, without or with what others pay."""
    if not {"cost", "saving"} <= {*found.kinds.values()}:
        return None
    for one in reversed(found.lines):
        if any(one.values) and not one.asked and one.kind is None:
            others = replace(found, rows=[row for row in found.rows if row is not one])
            if any(_is_net_of(one, _net(others, financed)) for financed in (False, True)):
                return one
    return None


def _is_net_of(one: Row, net: _Sum) -> bool:
    return any(net.values) and any(_alike(one.values, [sign * value for value in net.values], 0) for sign in (1, -1))


# Totals ---------------------------------------------------------------------------------------------------------------


def _candidates(rows: Sequence[Row]) -> list[Row]:
    """Lines that are the sum of at least two lines right below or above, or, where they are called by a kind alone, of one."""
    found = list[Row]()
    for i, one in enumerate(rows):
        if one.sort != "line" or not any(one.values):
            continue
        fewest = 1 if vocabulary.is_kind_alone(one.label) else 2
        below = run(rows[i + 1 :])
        above = run(rows[:i][::-1])
        if any(sums(one, beside, fewest) for beside in (below, above)) and len(found) < 20:
            found.append(one)
    return found


def run(rows: Sequence[Row]) -> list[Row]:
    """Lines from the first on, until a heading or a total."""
    found = list[Row]()
    for one in rows:
        if one.sort != "line":
            if one.sort in ("of which", "percent", "count"):
                continue
            break
        found.append(one)
    return found


def sums(one: Row, beside: Sequence[Row], fewest: int) -> bool:
    """Whether a row is the sum of the first ones of these, at least so many."""
    total = [0.0] * len(one.values)
    for n, other in enumerate(beside, 1):
        if not any(other.values):
            return False
        total = [a + b for a, b in zip(total, other.values, strict=True)]
        if n >= fewest and _alike(one.values, total, 0):
            return True
    return False


def _alike(one: Sequence[float], other: Sequence[float], tolerance: float) -> bool:
    return all(abs(a - b) <= tolerance + NEAR * max(1.0, abs(a), abs(b)) for a, b in zip(one, other, strict=True))


@dataclass(frozen=True, slots=True)
class _Sum:
    """What a total may be of. terms: how many numbers."""

    what: str
    values: Amounts
    terms: int


def _summed(found: Decided, rows: Sequence[Row], what: str) -> _Sum:
    years = len(found.rows[0].values or next(one.values for one in found.rows if one.values))
    each = [found.amounts(one) for one in rows] or [(0.0,) * years]
    return _Sum(what, tuple(sum(values) for values in zip(*each, strict=True)), len(rows))


def _net(found: Decided, financed: bool) -> _Sum:
    each = {kind: _summed(found, _of(found, kind), "") for kind in KINDS}
    terms = sum(one.terms for one in each.values())
    values = tuple(
        saving - cost + (financing if financed else 0.0)
        for cost, saving, financing in zip(*(each[kind].values for kind in KINDS), strict=True)
    )
    return _Sum("with_financing" if financed else "provenu", values, terms)


def _total(found: Decided, one: Row, where: Where, resolution: float, cell: CellOf) -> list[Total]:
    if not found.lines:
        return []
    possible = _possible(found, one)
    if not possible:
        return []
    of, sign, tolerance = _chosen(one, possible, resolution, _natural(found, one))
    values = tuple(sign * value for value in one.values)
    wrong = tuple(
        Wrong(cell(one, i), one.label, stated, computed)
        for i, (stated, computed) in enumerate(zip(values, of.values, strict=True))
        if not _alike([stated], [computed], tolerance)
    )
    stated = None if one.stated is None else sign * one.stated
    rounded = not wrong and not _alike(values, of.values, 0)
    if stated is not None and of.what != "accumulated":
        own = sum(values)
        if not _alike([stated], [own], 0.5 * resolution * (len(values) + 1)):
            wrong = (*wrong, Wrong(cell(one, TOTAL), one.label, stated, own))
    return [
        Total(
            of.what,
            one.label,
            where(one),
            values,
            of.values,
            stated,
            cell(one, TOTAL),
            rounded,
            wrong,
            tuple(cell(one, i) for i in range(len(values))),
        )
    ]


def _natural(found: Decided, one: Row) -> tuple[int, ...]:
    """The signs that a total may have: of a gain a plus, and a minus of what calls itself a net cost, where the sheet has no budget's signs."""
    is_budget = found.signs.get("saving") == -1 and found.signs.get("cost") != -1
    if one.sort != "net" or is_budget:
        return (1, -1)
    is_cost = vocabulary.NET_COST.search(one.label) is not None
    if vocabulary.GAIN.search(one.label) and not is_cost:
        return (1,)
    return (-1, 1) if is_cost else (1, -1)


def _possible(found: Decided, one: Row) -> list[_Sum]:
    """What a total may sum; the first is what it is of where none fits."""
    if one.sort == "net":
        return [_net(found, False), *([_net(found, True)] if _of(found, "financing") else [])]
    if one.sort == "accumulated":
        return [_accumulated(_net(found, financed)) for financed in (False, True)]
    at = next(i for i, row in enumerate(found.rows) if row.row == one.row and row.sort == "total")
    above, below = run(found.rows[:at][::-1])[::-1], run(found.rows[at + 1 :])
    kind = vocabulary.kind(one.label)
    near = above or below
    kinds = {found.kinds[row.row] for row in near if row.row in found.kinds}
    own = kind or (kinds.pop() if len(kinds) == 1 else None)
    section = [
        row
        for row in found.rows[:at]
        if row.sort == "line" and above and found.sections[row.row] == found.sections[above[-1].row]
    ]
    of_kind = _of(found, own) if own else []
    sets: list[tuple[list[Row], str]] = []
    if kind:
        sets.append((of_kind, SAID[kind]))
    sets += [
        (rows, SAID[own] if own and len(rows) == len(of_kind) else "part")
        for rows in (above, section, below)
        if rows and (own is None or all(found.kinds.get(row.row) == own for row in rows))
    ]
    if own and not kind:
        sets.append((of_kind, SAID[own]))
    found_sums = [_summed(found, rows, what) for rows, what in sets if rows]
    if kind is None:
        nets = [_net(found, False), *([_net(found, True)] if _of(found, "financing") else [])]
        found_sums = found_sums + nets if own else nets + found_sums
    return found_sums


def _accumulated(net: _Sum) -> _Sum:
    values, sum_ = [], 0.0
    for value in net.values:
        sum_ += value
        values.append(sum_)
    return _Sum("accumulated", tuple(values), net.terms * len(values))


def _chosen(one: Row, possible: Sequence[_Sum], resolution: float, signs: tuple[int, ...]) -> tuple[_Sum, int, float]:
    """The sum that fits, exactly or but for rounding, with the sign that the sheet has it in; else the first, with the sign that is nearer."""
    for exact in (True, False):
        for of in possible:
            tolerance = 0.0 if exact else 0.5 * resolution * (of.terms + 1)
            for sign in signs:
                if _alike([sign * value for value in one.values], of.values, tolerance):
                    return of, sign, tolerance
    of = possible[0]
    off = {sign: sum(abs(sign * a - b) for a, b in zip(one.values, of.values, strict=True)) for sign in signs}
    return of, min(signs, key=lambda sign: off[sign]), 0.5 * resolution * (of.terms + 1)
