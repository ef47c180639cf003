"""Of which kind a row is: by its heading, by the total below it, by its own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from simulate.attach import words as vocabulary
from simulate.attach.rows import Row
from simulate.attach.tables import Kind, Remark
from simulate.attach.totals import Decided, Where
from simulate.locale import text


def assigned(found: Decided) -> Decided:
    """By heading, by the total below, by the row's own words."""
    section: Kind | None = None
    number, pending, since = 0, list[Row](), list[Row]()
    for one in found.rows:
        if one.sort == "heading":
            kind = _of_heading(one.label, _is_behind_others(found, one))
            if kind or vocabulary.is_net(one.label) or one.block or vocabulary.OTHER.search(one.label):
                section, pending = kind, []
            since = []
            number += 1
        elif one.sort == "own":
            found.sections[one.row] = number
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


def _is_behind_others(found: Decided, heading: Row) -> bool:
    """Whether what a heading calls an effect can be one of the rows above, and not what the whole table shows: costs, or rows that nothing says the kind of."""
    above = [one.row for one in found.lines if one.row < heading.row]
    return any(found.kinds.get(row) in ("cost", None) for row in above)


def _of_heading(label: str, is_behind_costs: bool) -> Kind | None:
    if is_behind_costs and vocabulary.GAINS_HEADING.fullmatch(label):
        return "saving"
    return None if vocabulary.is_net(label) else vocabulary.kind(label, heading=True)


def headings(found: Decided, where: Where) -> None:
    """Headings that say no kind, behind rows of one: what stands below is of that kind, or of none that the sheet says."""
    heading: Row | None = None
    before: Row | None = None
    whole = ("costs", "savings", "financing", "provenu", "with_financing")
    proved = {row for total in found.totals if total.what in whole and not total.wrong for row in total.rows}
    for one in found.rows:
        if one.sort == "heading":
            says = one.block or vocabulary.is_net(one.label) or _of_heading(one.label, _is_behind_others(found, one))
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


def own_apart(rows: Sequence[Row]) -> list[Row]:
    """The municipality's own money among what others pay: no financing, and no saving either. Where nothing says a kind, a row must call itself so."""
    kinds = assigned(Decided(list(rows))).kinds
    found, below_own = [], False
    for one in rows:
        if one.sort == "heading":
            below_own = vocabulary.is_own(one.label, True)
        kind = kinds.get(one.row)
        is_own = below_own or vocabulary.is_own(one.label, kind == "financing")
        apart = one.sort == "line" and not one.asked and kind in ("financing", None) and is_own
        found.append(replace(one, sort="own") if apart else one)
    return found


def own_told(found: Decided, where: Where) -> list[Remark]:
    """What was set apart so; and what may be, as no word says which municipality pays."""
    return [
        Remark(where(one), text("“{label}” was counted among what others pay; where that is your own municipality, write --rows {row}=skip", label=one.label, row=one.row + 1))
        for one in found.of("financing")
        if not one.asked and any(one.values) and vocabulary.A_MUNICIPALITY.search(one.label)
    ] + [
        Remark(where(one), text("“{label}” is the municipality's own money and nobody else's, and was not counted; where others pay it, write --rows {row}={financing}", label=one.label, row=one.row + 1, financing=role("financing")))
        for one in found.rows
        if one.sort == "own" and any(one.values)
    ]  # fmt: skip


def discounted_alone(counted: Sequence[Row], where: Where) -> list[Remark]:
    """Costs or savings that stand in the sheet as discounted alone: left out they would be missing."""
    as_lines = [replace(one, sort="line") if one.sort == "discounted" else one for one in counted]
    of = assigned(Decided(as_lines)).kinds
    there = {of.get(one.row) or vocabulary.kind(one.label) for one in counted if one.sort in ("line", "total")}
    return [
        Remark(where(one), text("“{label}” is discounted, and the sheet has no other {kind}: write the amounts of the years; --rows {row}={one} counts it as it stands, --rows {row}=skip leaves it out",
                                label=one.label, kind=kinds_name(kind), row=one.row + 1, one=role(kind)))
        for one in counted
        if one.sort == "discounted" and (kind := vocabulary.kind(one.label) or of.get(one.row)) and kind not in there
    ]  # fmt: skip


def alone(rows: Sequence[Row]) -> list[Row]:
    """A total of a kind that has no line is a line itself."""
    kinds = assigned(Decided(list(rows))).kinds
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


def contradictions(found: Decided, where: Where) -> None:
    """A row under one heading that calls itself another kind; and a saving that calls itself money of others or of the municipality."""
    for one in found.lines:
        kind, own = found.kinds.get(one.row), vocabulary.kind(one.label)
        if one.asked or not any(one.values):
            continue
        if kind == "saving" and vocabulary.OTHERS_MONEY.search(one.label) and not vocabulary.SAVING.search(one.label):
            own = "financing"
        if kind in ("cost", "saving") and vocabulary.OWN_FUNDS.match(one.label.strip()):
            message = text("“{label}” stands among the {kind} and is the municipality's own money by its name; --rows {row}=skip leaves it out, --rows {row}={one} counts it",
                           label=one.label, kind=kinds_name(kind), row=one.row + 1, one=role(kind))  # fmt: skip
            found.problems.append(Remark(where(one), message))
            continue
        if kind is None or own is None or own == kind:
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


def kinds_name(kind: Kind) -> str:
    return {"cost": text("costs"), "saving": text("savings"), "financing": text("financing")}[kind]


def role(kind: Kind | Literal["skip"]) -> str:
    """As --rows has it."""
    return {"cost": text("cost"), "saving": text("saving"), "financing": text("financing"), "skip": text("skip")}[kind]
