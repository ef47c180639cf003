"""Which rows are costs, savings and financing, of which sign, and which are totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from simulate.attach import words as vocabulary
from simulate.attach.cells import marked
from simulate.attach.rows import Row
from simulate.attach.tables import KINDS, Kind, Remark, Signs
from simulate.attach.totals import CellOf, Decided, Sum, Where, alike, held, net, run, summed_of, sums
from simulate.content import Sentence
from simulate.figures import plain
from simulate.locale import text

FEW = 0.5  # of the larger part: amounts of the other sign that are an exception


def decided(
    rows: Sequence[Row], signs: Signs | None, where: Where, resolution: float, cell: CellOf, are_left_out: bool = False
) -> Decided:
    """All of it. where: the cell of a row's name; cell: that of a year's number, or of its total; resolution: the last place in which the table's numbers are written;
    are_left_out: whether rows were, as --rows says, so that a total may have none of its rows."""

    def tried(of: Decided, taken: Sequence[Row], sort: Literal["total", "net"] = "total") -> Decided:
        """With lines taken for totals."""
        numbers = {one.row for one in taken}
        others = [replace(row, sort=sort) if row.row in numbers and row.sort == "line" else row for row in of.rows]
        made = _with(others, signs, where, resolution, cell, are_left_out)
        made.summing = [*of.summing, *(Remark(where(one), _taken_for(sort, one)) for one in taken)]
        return made

    found = _with(rows, signs, where, resolution, cell, are_left_out)
    unclear = []
    candidates = _candidates(rows)
    alone = [one for one in candidates if vocabulary.is_kind_alone(one.label) and not one.asked]
    for each in (_summaries(found), alone):
        taken = _still_lines(found, each)
        if taken and _misses(together := tried(found, taken)) <= _misses(found):
            found = together
    for one in _still_lines(found, candidates):
        summed = tried(found, [one])
        if _misses(summed) < _misses(found):
            found = summed
        elif _misses(summed) == _misses(found) and not one.asked:
            message = text("“{label}” is the sum of rows beside it: as a total it is not counted, as a line of its own it is; --rows {row}=total or --rows {row}=cost (saving) decides",
                           label=one.label, row=one.row + 1)  # fmt: skip
            unclear.append(Remark(where(one), message))
    last = _net_row(found)
    if last is not None and _misses(made := tried(found, [last], "net")) <= _misses(found):
        if vocabulary.NETTED.search(last.label) or last in found.unknown:
            found = made
        else:
            message = text("“{label}” is savings less costs in every year: --rows {row}=total or --rows {row}=cost (saving) decides", label=last.label, row=last.row + 1)  # fmt: skip
            unclear.append(Remark(where(last), message))
    found.problems += unclear
    found.guesses += found.summing
    _of_a_part_alone(found, where)
    return found


def _still_lines(found: Decided, rows: Sequence[Row]) -> list[Row]:
    lines = {one.row for one in found.lines}
    return [one for one in rows if one.row in lines]


def _taken_for(sort: Literal["total", "net"], one: Row) -> Sentence:
    if sort == "net":
        return text(
            "“{label}” is savings less costs in every year: it is a total, and was not counted", label=one.label
        )
    return text("“{label}” is the sum of rows beside it, and was not counted a second time", label=one.label)


def _misses(found: Decided) -> int:
    return sum(len(one.wrong) for one in found.totals) + len(found.problems)


def _with(
    rows: Sequence[Row], signs: Signs | None, where: Where, resolution: float, cell: CellOf, are_left_out: bool
) -> Decided:
    found = Decided(list(rows) if are_left_out else _alone(rows))
    _kinds(found)
    _signs(found, signs, where)
    _contradictions(found, where)
    _exceptions(found, cell)
    found.totals = [one for row in found.rows if row.sort in ("total", "net", "accumulated") for one in held(found, row, where, resolution, cell)]  # fmt: skip
    _headings(found, where)
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


def _headings(found: Decided, where: Where) -> None:
    """Headings that say no kind, behind rows of one: what stands below is of that kind, or of none that the sheet says."""
    heading: Row | None = None
    before: Row | None = None
    whole = ("costs", "savings", "financing", "provenu", "with_financing")
    proved = {row for total in found.totals if total.what in whole and not total.wrong for row in total.rows}
    for one in found.rows:
        if one.sort == "heading":
            says = one.block or vocabulary.is_net(one.label) or vocabulary.kind(one.label, heading=True)
            heading = None if says else one
            before = None if says else before
        elif one.sort == "line":
            kind, said = found.kinds.get(one.row), vocabulary.kind(one.label)
            as_above = before is not None and found.kinds.get(before.row) == kind
            if heading and as_above and kind and said is None and one.kind is None and one.row not in proved:
                message = text("“{heading}” says no kind, so the rows below it were taken for {kind}, as those above it; --rows {row}={one} or --rows {row}={other} decides of each",
                               heading=heading.label, kind=kinds_name(kind), row=one.row + 1, one=role("cost"), other=role("saving"))  # fmt: skip
                found.guesses.append(Remark(where(one), message))
            heading, before = None, one
        elif one.sort in ("total", "net"):
            before = None


# Signs ----------------------------------------------------------------------------------------------------------------


def _parts(rows: Sequence[Row]) -> tuple[float, float]:
    """What is above 0 and what is below it, together."""
    values = [value for one in rows for value in one.values]
    return sum(max(value, 0.0) for value in values), sum(max(-value, 0.0) for value in values)


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
            rows = found.of(kind)
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


def role(kind: Kind) -> str:
    """As --rows has it."""
    return {"cost": text("cost"), "saving": text("saving"), "financing": text("financing")}[kind]


def _undecided(found: Decided, signs: Signs | None, where: Where) -> None:
    """Lines of which nothing says what they are: by their signs, where it is known how the sheet has these."""
    if not any(value for one in found.unknown for value in one.values):
        found.kinds |= {one.row: "cost" for one in found.unknown}
        found.signs.setdefault("cost", 1)
        return
    way = signs if signs in ("budget", "result") else _way(found)
    if way is None:
        above, below = _parts(found.unknown)
        names = ", ".join(marked(one.label) for one in found.unknown[:3])
        if len(found.unknown) < len(found.lines) and found.unknown[0].row > max(found.kinds):
            message = text("nothing says what {names} are, behind rows that are known: --rows {row}=skip leaves a row out, --rows {row}=total takes it for a sum, --rows {row}=cost or --rows {row}=saving counts it (several: 5=skip,7=saving)",
                           names=names, row=found.unknown[0].row + 1)  # fmt: skip
        elif above and below:
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
    signs = {kind: sign for kind, sign in found.signs.items() if min(_parts(found.of(kind))) == 0}
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
    same, other = alike(one.values, raw, 0), alike(one.values, [-value for value in raw], 0)
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
                    label=one.label, kind=kinds_name(kind), own=kinds_name(own), row=one.row + 1, one=role(kind), other=role(own),
                ),
            )
        )  # fmt: skip


def _exceptions(found: Decided, cell: CellOf) -> None:
    """Amounts of the other sign than their kind's, or than their row's, are warned of: a credit, or a slip that no total need show."""
    for one in found.lines:
        other = [year for year, value in enumerate(found.amounts(one)) if value < 0]
        if not other:
            continue
        cells = ", ".join(cell(one, year).rpartition("!")[2] for year in other)
        kind = kinds_name(found.kinds[one.row])
        if any(value > 0 for value in found.amounts(one)):
            message = text("“{label}” has another sign in {cells} than in its other years, and was taken off the {kind} there: right where money comes back; a slip is to be mended in the sheet",
                           label=one.label, cells=cells, kind=kind)  # fmt: skip
        else:
            message = text("“{label}” ({cells}) has another sign than the other {kind}, and was taken off them: right where money comes back; a slip is to be mended in the sheet",
                           label=one.label, cells=cells, kind=kind)  # fmt: skip
        found.warnings.append(Remark(cell(one, other[0]), message))


def _net_row(found: Decided) -> Row | None:
    """The last line that in every year is what the savings of the others come to, less their costs, without or with what others pay."""
    if not {"cost", "saving"} <= {*found.kinds.values()}:
        return None
    for one in reversed(found.lines):
        if any(one.values) and not one.asked and one.kind is None:
            others = replace(found, rows=[row for row in found.rows if row is not one])
            if any(_is_net_of(one, net(others, financed)) for financed in (False, True)):
                return one
    return None


def _is_net_of(one: Row, total: Sum) -> bool:
    return any(total.values) and any(alike(one.values, [sign * value for value in total.values], 0) for sign in (1, -1))


# Sums ------------------------------------------------------------------------------------------------------------------


def _summaries(found: Decided) -> list[Row]:
    """Lines that are called by a kind alone and are what all others of the kind come to, wherever they stand: a summary of the table."""
    named = [one for one in found.lines if vocabulary.is_kind_alone(one.label) and not one.asked]
    summed = []
    for one in named:
        others = [row for row in found.of(found.kinds.get(one.row, "cost")) if row not in named]
        if others and any(one.values):
            total = summed_of(found, others, "part").values
            if alike([abs(value) for value in found.amounts(one)], [abs(value) for value in total], 0):
                summed.append(one)
    return summed


def _of_a_part_alone(found: Decided, where: Where) -> None:
    """The sheet's own results, where none of them is that of all rows that are counted: something may be counted twice, or too much."""
    nets = {where(one): one for one in found.rows if one.sort == "net"}
    held = [one for one in found.totals if one.place in nets]
    counted = {one.row for one in found.lines if found.kinds.get(one.row) != "financing"}
    if (
        held
        and not any(one.what in ("provenu", "with_financing") for one in held)
        and counted - {row for one in held for row in one.rows}
    ):
        message = text("“{label}” is not the result of all rows that are counted, but of a part of them: see whether a row is counted twice, or is no part of the case (--rows {row}=skip leaves it out)",
                       label=held[-1].label, row=min(counted - {*held[-1].rows}) + 1)  # fmt: skip
        found.warnings.append(Remark(held[-1].place, message))


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
