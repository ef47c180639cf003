"""Where the sheet's own totals do not add up: the one other reading of its rows with which all of them do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product
from typing import Literal

from simulate.attach import words as vocabulary
from simulate.attach.cells import marked
from simulate.attach.kinds import role
from simulate.attach.rows import Row
from simulate.attach.tables import Amounts, Kind, Remark, Total
from simulate.attach.totals import Decided, Where, alike, natural_signs, net, off_by
from simulate.content import Sentence
from simulate.locale import text

Role = Kind | Literal["skip"]
Change = Mapping[int, Role]
TOTALS = ("total", "net", "accumulated")
MOST_SINGLE, MOST_PAIRED = 200, 40  # rows of amounts up to which one is changed, and two are
MOST_TOLD = 3
FEWEST = 2  # figures that must add up with a change and did not without: one may do so by chance


def offered(
    found: Decided, read: Callable[[Sequence[Row], bool], Decided], where: Where, resolution: float
) -> list[Remark]:
    """What --rows makes all totals add up. read: rows and whether some are left out → what is decided of them.

    Leaving one row out or counting it as another kind comes before two rows; among those with the fewest changes all must come to the same result, else nothing is told.
    """
    wrong = {total.place for total in found.totals if _is_wrong(total)}
    if not wrong or found.problems:
        return []
    differences = [each for one in found.rows if one.sort in TOTALS and where(one) in wrong for each in off_by(found, one)]  # fmt: skip
    tolerance = 0.5 * resolution * (len(found.lines) + 2)
    for tier in (_single(found), _pairs(found)):
        likely = [change for change in tier if _explains(found, change, differences, tolerance)]
        fitting = [change for change in likely if _fits(found, _changed(found, change, read), change, wrong, where)]
        skipping = [change for change in fitting if {*change.values()} == {"skip"}]
        fitting = skipping or fitting
        if fitting:
            results = {net(_changed(found, change, read), False).values for change in fitting}
            return [_told(found, fitting, where)] if len(results) == 1 and len(fitting) <= MOST_TOLD else []
    return []


def _is_wrong(total: Total) -> bool:
    """Whether it is not what its rows come to; what its own column of totals says is another matter."""
    return any(one.what != "years" for one in total.wrong)


def _explains(found: Decided, change: Change, differences: Sequence[Amounts], tolerance: float) -> bool:
    """Whether the amounts of the changed rows come to what some total is off by: once where they are counted now or no longer, twice where they change sides."""
    rows = {one.row: one for one in found.rows}
    ways = [
        [[times * value for value in rows[row].values] for times in ((1, -1) if role_ == "skip" or rows[row].sort != "line" else (1, -1, 2, -2))]
        for row, role_ in change.items()
    ]  # fmt: skip
    moved = [[sum(values) for values in zip(*each, strict=True)] for each in product(*ways)]
    return any(alike(one, other, tolerance) for one in moved for other in differences)


def _single(found: Decided) -> Iterator[Change]:
    rows = _amounts(found)
    for one in rows if len(rows) <= MOST_SINGLE else ():
        for role_ in _roles(found, one):
            yield {one.row: role_}


def _pairs(found: Decided) -> Iterator[Change]:
    rows = _amounts(found)
    if len(rows) > MOST_PAIRED:
        return
    lines = [one for one in rows if one.sort == "line"]
    for a, b in combinations(lines, 2):
        if found.kinds[a.row] == found.kinds[b.row]:
            yield {a.row: "skip", b.row: "skip"}
    for total in rows:
        if total.sort in TOTALS:
            for one in lines:
                for role_ in _roles(found, total):
                    yield {total.row: role_, one.row: "skip"}


def _amounts(found: Decided) -> list[Row]:
    return [one for one in found.rows if (one.sort == "line" or one.sort in TOTALS) and not one.asked and any(one.values)]  # fmt: skip


def _roles(found: Decided, one: Row) -> list[Role]:
    """What a row may be besides. A total is not left out, as nothing would be held against it; a result that is called so is no line."""
    if one.sort == "line":
        other: Role = "cost" if found.kinds[one.row] == "saving" else "saving"
        return ["skip", other]
    if one.sort == "net" and vocabulary.is_net(one.label):
        return []
    said = vocabulary.kind(one.label)
    return [said] if said else ["cost", "saving"]


def _changed(found: Decided, change: Change, read: Callable[[Sequence[Row], bool], Decided]) -> Decided:
    """The sheet as --rows would have it."""
    rows = []
    for one in found.rows:
        role_ = change.get(one.row)
        if role_ is None:
            rows.append(one)
        elif role_ != "skip":
            rows.append(replace(one, sort="line", kind=role_, asked=True))
    return read(rows, "skip" in change.values())


def _fits(before: Decided, after: Decided, change: Change, wrong: set[str], where: Where) -> bool:
    """Whether all totals add up now, with the sign that the sheet has them in, among them such as did not before, and these count each changed row, or did before."""
    if after.problems or any(_is_wrong(total) for total in after.totals) or _turns(after, wrong, where):
        return False
    mended = [total for total in after.totals if total.place in wrong]
    places = {total.place for total in mended}
    now = {row for total in mended for row in total.rows}
    then = {row for total in before.totals if total.place in places for row in total.rows}
    counted = all(row in (then if role_ == "skip" else now) for row, role_ in change.items())
    figures = sum(value != 0 for total in mended for value in total.values)
    return counted and figures >= FEWEST


def _turns(found: Decided, wrong: set[str], where: Where) -> bool:
    """Whether a result adds up only with the other sign than its name has it in: a loss read as a gain."""
    results = {where(one): one for one in found.rows if one.sort == "net" and where(one) in wrong}
    is_budget = found.signs.get("saving") == -1 and found.signs.get("cost") != -1
    return not is_budget and any(
        not alike([natural_signs(found, results[total.place])[0] * value for value in results[total.place].values], total.values, 0)
        for total in found.totals
        if total.place in results
    )  # fmt: skip


def _told(found: Decided, fitting: Sequence[Change], where: Where) -> Remark:
    rows = {one.row: one for one in found.rows}
    ways = text("; or ").join(str(_way(rows, change)) for change in fitting)
    message = text("the sheet's totals do not add up as its rows were read; all of them do {ways}", ways=ways)
    return Remark(where(rows[min(fitting[0])]), message)


def _way(rows: Mapping[int, Row], change: Change) -> Sentence:
    without = text(" and ").join(marked(rows[row].label) for row, role_ in sorted(change.items()) if role_ == "skip")
    parts = [text("with {name} as {role}", name=marked(rows[row].label), role=role(role_)) for row, role_ in sorted(change.items()) if role_ != "skip"]  # fmt: skip
    if without:
        parts.append(text("without {names} (if they belong to the case, the totals lack them)", names=without))
    return text("{changes}: --rows {rows}", changes=text(" and ").join(str(part) for part in parts),
                rows=",".join(f"{row + 1}={role(role_)}" for row, role_ in sorted(change.items())))  # fmt: skip
