"""Which rows are costs, savings and financing, of which sign, and which are totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from simulate.attach import words as vocabulary
from simulate.attach.estimates import before_and_after, estimates
from simulate.attach.kinds import alone, assigned, contradictions, headings, own_apart, own_told, role
from simulate.attach.readings import offered
from simulate.attach.rows import Row
from simulate.attach.signs import exceptions, signed
from simulate.attach.tables import Remark, Signs
from simulate.attach.totals import CellOf, Decided, Sum, Where, alike, held, net, run, summed_of, sums
from simulate.content import Sentence
from simulate.locale import text


def decided(
    rows: Sequence[Row],
    signs: Signs | None,
    where: Where,
    resolution: float,
    cell: CellOf,
    are_left_out: bool = False,
    again: bool = False,
) -> Decided:
    """All of it. where: the cell of a row's name; cell: that of a year's number, or of its total; resolution: the last place in which the table's numbers are written;
    are_left_out: whether rows were, as --rows says, so that a total may have none of its rows;
    again: this is another reading of the sheet, of which none further is sought."""

    def tried(of: Decided, taken: Sequence[Row], sort: Literal["total", "net"] = "total") -> Decided:
        """With lines taken for totals."""
        numbers = {one.row for one in taken}
        others = [replace(row, sort=sort) if row.row in numbers and row.sort == "line" else row for row in of.rows]
        made = _with(others, signs, where, resolution, cell, are_left_out)
        made.summing = [*of.summing, *(Remark(where(one), _taken_for(made, sort, one)) for one in taken)]
        return made

    found = _with(rows, signs, where, resolution, cell, are_left_out)
    unclear = []
    two_states = {} if again else before_and_after(found, where)
    candidates = _candidates(rows)
    by_kind = [one for one in candidates if vocabulary.is_kind_alone(one.label) and not one.asked]
    for each in (_summaries(found), by_kind):
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
    nets = _nets_beside(found)
    if nets and _misses(made := tried(found, nets, "net")) <= _misses(found):
        found = made
    last = _net_row(found)
    if last is not None and _misses(made := tried(found, [last], "net")) <= _misses(found):
        if last in found.unknown or _is_called_the_rest(found, last):
            found = made
        else:
            message = text("“{label}” is savings less costs in every year: --rows {row}=total or --rows {row}=cost (saving) decides", label=last.label, row=last.row + 1)  # fmt: skip
            unclear.append(Remark(where(last), message))
    rest = _rest_row(found)
    if rest is not None and _misses(made := tried(found, [rest], "net")) <= _misses(found):
        if _is_called_the_rest(found, rest):
            found = made
        else:
            message = text("“{label}” is costs less financing in every year: --rows {row}=total takes it for the net cost, --rows {row}=cost or --rows {row}=financing counts it",
                           label=rest.label, row=rest.row + 1)  # fmt: skip
            unclear.append(Remark(where(rest), message))
    of_states = {where(one) for one in found.rows if one.row in two_states}
    found.problems += [one for one in unclear if one.place not in of_states]
    found.guesses += [*found.summing, *own_told(found, where)]
    found.problems += [] if again else [*estimates(found, where), *_no_totals(found, where)]
    _of_a_part_alone(found, where)
    if not again:
        ways = offered(found, lambda rows, left_out: decided(rows, signs, where, resolution, cell, are_left_out or left_out, True), where, resolution)  # fmt: skip
        found.warnings[:0] = ways
        found.problems += [] if ways else list(two_states.values())[:1]
    return found


def _still_lines(found: Decided, rows: Sequence[Row]) -> list[Row]:
    lines = {one.row for one in found.lines}
    return [one for one in rows if one.row in lines]


def _taken_for(made: Decided, sort: Literal["total", "net"], one: Row) -> Sentence:
    if sort == "net" and not made.of("saving"):
        return text(
            "“{label}” is costs less financing in every year: it is a total, and was not counted", label=one.label
        )
    if sort == "net":
        return text(
            "“{label}” is savings less costs in every year: it is a total, and was not counted", label=one.label
        )
    return text("“{label}” is the sum of rows beside it, and was not counted a second time", label=one.label)


def _signed_totals(rows: Sequence[Row]) -> list[Row]:
    """A total that calls itself a gain or a cost, and is what all rows come to with the signs that they stand with, above 0 and below: a result."""
    lines = [one for one in rows if one.sort == "line"]
    kinds = assigned(Decided([one for one in rows if one.sort not in ("total", "net")])).kinds
    one_kind = len(lines) == len(kinds) and len({*kinds.values()}) == 1
    sums = [sum(one.values) for one in lines]
    if one_kind or len(lines) < 2 or not min(sums) < 0 < max(sums):
        return list(rows)
    raw = [sum(values) for values in zip(*(one.values for one in lines), strict=True)]
    return [
        replace(one, sort="net") if one.sort == "total" and not one.asked and vocabulary.kind(one.label) and alike(one.values, raw, 0) else one
        for one in rows
    ]  # fmt: skip


def _misses(found: Decided) -> int:
    return sum(len(one.wrong) for one in found.totals) + len(found.problems)


def _with(
    rows: Sequence[Row], signs: Signs | None, where: Where, resolution: float, cell: CellOf, are_left_out: bool
) -> Decided:
    found = Decided(own_apart(_signed_totals(list(rows) if are_left_out else alone(rows))))
    assigned(found)
    signed(found, signs, where)
    contradictions(found, where)
    exceptions(found, cell)
    found.totals = [one for row in found.rows if row.sort in ("total", "net", "accumulated") for one in held(found, row, where, resolution, cell)]  # fmt: skip
    headings(found, where)
    return found


def _no_totals(found: Decided, where: Where) -> list[Remark]:
    """Totals that are called what is left over and that no rows come to: a line of their own, or a sum of rows that the sheet does not show."""
    off = {total.place for total in found.totals if any(wrong.what != "years" for wrong in total.wrong)}
    told = []
    for one in found.rows:
        kind = vocabulary.kind(one.label)
        if (
            one.sort == "total"
            and kind
            and not one.asked
            and where(one) in off
            and vocabulary.THE_REST.search(one.label)
        ):
            message = text("“{label}” is called a total, and no rows come to it: --rows {row}={kind} counts it, --rows {row}=total does not and holds it against the rows",
                           label=one.label, row=one.row + 1, kind=role(kind))  # fmt: skip
            told.append(Remark(where(one), message))
    return told


def _nets_beside(found: Decided) -> list[Row]:
    """Lines called net that in every year are what the savings right above or below come to, less the costs there: results of a part of the table."""
    unknown = {one.row for one in found.unknown}
    nets = []
    for i, one in enumerate(found.rows):
        if one.sort != "line" or one.asked or one.kind or not vocabulary.NETTED.search(one.label):
            continue
        for beside in (run(found.rows[:i][::-1]), run(found.rows[i + 1 :])):
            known = {found.kinds[row.row] for row in beside if row.row not in unknown}
            is_mixed = {"cost", "saving"} <= known and not unknown & {row.row for row in beside}
            if is_mixed and any(_is_net_of(one, net(found, financed, beside)) for financed in (False, True)):
                nets.append(one)
                break
    return nets


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


def _rest_row(found: Decided) -> Row | None:
    """The last line of a sheet without other savings that in every year is what the costs of the others come to, less what others pay: what is left for the municipality.

    The costs must be the larger part, as of a project that others pay in full each cost is the financing less the other costs, and each grant what is left of the costs.
    """
    for one in reversed(found.lines):
        is_named = vocabulary.NETTED.search(one.label) or vocabulary.MUNICIPAL.search(one.label)
        kind = "financing" if one not in found.unknown and found.kinds[one.row] == "financing" else None
        is_grant = kind == "financing" and not is_named and vocabulary.kind(one.label) != "cost"
        is_others = not is_named and vocabulary.OTHERS_MONEY.search(one.label)
        if one.asked or one.kind or is_grant or is_others or not any(one.values):
            continue
        others = [row for row in found.lines if row is not one]
        costs, paid = ([row for row in others if found.kinds[row.row] == of] for of in ("cost", "financing"))
        if not costs or not paid or len(costs) + len(paid) < len(others):
            continue
        cost, financing = (summed_of(replace(found, signs={}), rows, "part").values for rows in (costs, paid))
        left = [cost_ - less for cost_, less in zip(_upright(cost), _upright(financing), strict=True)]
        if sum(left) > 0 and any(alike(one.values, [sign * value for value in left], 0) for sign in (1, -1)):
            return one
    return None


def _upright(values: Sequence[float]) -> list[float]:
    """Amounts with a plus, whatever sign the sheet has them in."""
    return [value if sum(values) >= 0 else -value for value in values]


def _is_called_the_rest(found: Decided, one: Row) -> bool:
    """Whether a row that is costs less financing says that it is, or says nothing and stands below a total, where it is no line of a list."""
    at = next(i for i, row in enumerate(found.rows) if row.row == one.row)
    is_below = at > 0 and found.rows[at - 1].sort in ("total", "net")
    if vocabulary.NETTED.search(one.label):
        return True
    if vocabulary.MUNICIPAL.search(one.label):
        said = vocabulary.kind(one.label)
        return said != "financing" and (is_below or (said == "cost" and at == len(found.rows) - 1))
    return is_below and one in found.unknown


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
