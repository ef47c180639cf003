"""Tables below each other, each with its caption and its years: rows that a later one, or that of the net, says again are totals."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Literal

from simulate.attach import words as vocabulary
from simulate.attach.kinds import kinds_name, role
from simulate.attach.rows import Row
from simulate.attach.tables import KINDS, Kind, Remark
from simulate.attach.totals import Where, alike
from simulate.locale import text

Says = Kind | Literal["net"] | None
APART = [{a, b} for a, b in combinations(KINDS, 2)]  # kinds of tables that may well have rows of one name


def said(rows: Sequence[Row]) -> dict[int, tuple[int, Says]]:
    """Row → which of the tables it stands in, and of which kind this and the headings in it say that it is."""
    found: dict[int, tuple[int, Says]] = {}
    block = 0
    says: Says = None
    for one in rows:
        if one.sort == "heading":
            own: Says = "net" if vocabulary.is_net(one.label) else vocabulary.kind(one.label, heading=True)
            block += one.block
            says = own if one.block else own or says
        found[one.row] = block, says
    return found


def again(rows: Sequence[Row], where: Where) -> tuple[list[Remark], list[Remark]]:
    """Makes totals of lines that sum what stands in other tables; what was guessed, and what is not clear."""
    guesses, problems = list[Remark](), list[Remark]()
    blocks = said(rows)
    lines = [one for one in rows if one.sort == "line"]
    for one in lines:
        block, says = blocks[one.row]
        kind = vocabulary.kind(one.label)
        if one.asked or not (says == "net" or (kind and vocabulary.is_kind_alone(one.label))):
            continue
        others = [row for row in lines if blocks[row.row][1] not in ("net", None) and (blocks[row.row][0] < block or (says == "net" and blocks[row.row][0] != block))]  # fmt: skip
        summed = [row for row in others if blocks[row.row][1] == kind]
        total = [sum(values) for values in zip(*(row.values for row in summed), strict=True)]
        if not others or (not summed and says != "net"):
            continue
        if summed and (
            any(alike([sign * value for value in one.values], total, 0) for sign in (1, -1))
            or (says == "net" and vocabulary.is_kind_alone(one.label))
        ):
            one.sort = "total"
            guesses.append(Remark(where(one), text("“{label}” sums rows of another table of the sheet, and was not counted a second time", label=one.label)))  # fmt: skip
        else:
            own = kind or "cost"
            message = text("“{label}” stands in a table below or above that of the {kind}, and is not their sum: as a total it is not counted, as a line of its own it is; --rows {row}=total or --rows {row}={own} decides",
                           label=one.label, kind=kinds_name(own), row=one.row + 1, own=role(own))  # fmt: skip
            problems.append(Remark(where(one), message))
    return [*guesses, *_together(lines, blocks, where)], problems


def _together(lines: Sequence[Row], blocks: dict[int, tuple[int, Says]], where: Where) -> list[Remark]:
    """Tables of the same kind: parts of one budget, or several ways to do the same."""
    first: dict[Says, Row] = {}
    found = []
    told = set[int]()
    for one in lines:
        block, says = blocks[one.row]
        before = first.setdefault(says, one)
        if one.sort == "line" and says in KINDS and blocks[before.row][0] != block and block not in told:
            told.add(block)
            message = text("the {kind} of two tables are counted together, from row {one} and from row {other} on; where they are two ways to do it, --cells says which one is meant",
                           kind=kinds_name(says), one=before.row + 1, other=one.row + 1)  # fmt: skip
            found.append(Remark(where(one), message))
    return found
