"""Which sign a kind's numbers have in the sheet, and what rows are by their signs where nothing else says it."""

from __future__ import annotations

from collections.abc import Sequence

from simulate.attach import words as vocabulary
from simulate.attach.cells import marked
from simulate.attach.kinds import kinds_name
from simulate.attach.rows import Row
from simulate.attach.tables import KINDS, Kind, Remark, Signs
from simulate.attach.totals import CellOf, Decided, Where, alike
from simulate.content import Sentence
from simulate.figures import plain
from simulate.locale import text

FEW = 0.5  # of the larger part: amounts of the other sign that are an exception


def _parts(rows: Sequence[Row]) -> tuple[float, float]:
    """What is above 0 and what is below it, together."""
    values = [value for one in rows for value in one.values]
    return sum(max(value, 0.0) for value in values), sum(max(-value, 0.0) for value in values)


def signed(found: Decided, signs: Signs | None, where: Where) -> None:
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


def _undecided(found: Decided, signs: Signs | None, where: Where) -> None:
    """Lines of which nothing says what they are: by their signs, where it is known how the sheet has these."""
    if not any(value for one in found.unknown for value in one.values):
        found.kinds |= {one.row: "cost" for one in found.unknown}
        found.signs.setdefault("cost", 1)
        return
    way = signs if signs in ("budget", "result") else _way(found)
    if way is not None and (money := _money_in(found, way)):
        found.problems += [Remark(where(one), _nothing_says([one], marked(one.label))) for one in money]
    if way is None:
        above, below = _parts(found.unknown)
        names = ", ".join(marked(one.label) for one in found.unknown[:3])
        behind = len(found.unknown) < len(found.lines) and found.unknown[0].row > max(found.kinds)
        if above and below and not behind:
            message = text("nothing says which rows are costs and which savings ({names}, ...): --signs budget takes a plus as a cost and a minus as a saving, --signs result the other way round, and --rows {row}=cost (or saving, financing, total, skip) says it of a row",
                           names=names, row=found.unknown[0].row + 1)  # fmt: skip
        else:
            message = _nothing_says(found.unknown, names)
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


def _nothing_says(rows: Sequence[Row], names: str) -> Sentence:
    """names: of the rows. Those right below the first are answered with it."""
    first = last = rows[0].row + 1
    for one in rows[1:]:
        last += one.row == last
    span = str(first) if first == last else f"{first}-{last}"
    return text("nothing says what these rows are: {names}; --rows {row}=cost, saving or financing counts a row, --rows {row}=total takes it for a sum, and --rows {row}=skip leaves it out (several: 5=cost,7=skip)",
                names=names, row=span)  # fmt: skip


def _money_in(found: Decided, way: Signs) -> list[Row]:
    """What the signs alone would make savings, and may as well be what others or the municipality itself pay."""
    saves = -1 if way == "budget" else 1
    return [
        one
        for one in found.unknown
        if saves * sum(one.values) > 0
        and (vocabulary.OTHERS_MONEY.search(one.label) or vocabulary.is_own(one.label, True))
    ]


def _way(found: Decided) -> Signs | None:
    """How the sheet has its signs, as the rows whose kind is known and the net rows tell it; None where they do not, or not alike."""
    above, below = _parts(found.unknown)
    signs = {kind: sign for kind, sign in found.signs.items() if min(_parts(found.of(kind))) == 0}
    cost, saving, financing = (signs.get(kind) for kind in KINDS)
    ways: set[Signs] = set()
    if saving == -1 or financing == -1 or (cost == 1 and saving is None and below):
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
    if said in ("netto", "net", "balance", "resultat", "result", "saldo", "forskel", "i alt", "nettovirkning", "nettoeffekt", "nettoresultat", "net result", "net effect"):  # fmt: skip
        return set()
    is_cost = vocabulary.NET_COST.search(said) is not None and not vocabulary.SAVING.search(said)
    same, other = alike(one.values, raw, 0), alike(one.values, [-value for value in raw], 0)
    if same == other:
        return set()
    return {"budget" if same == is_cost else "result"}


def exceptions(found: Decided, cell: CellOf) -> None:
    """Amounts of the other sign than their kind's, or than their row's, are warned of: a credit, or a slip that no total need show."""
    for one in found.lines:
        other = [year for year, value in enumerate(found.amounts(one)) if value < 0]
        if not other:
            continue
        cells = ", ".join(cell(one, year).rpartition("!")[2] for year in other)
        kind = kinds_name(found.kinds[one.row])
        is_saving = found.kinds[one.row] == "saving"
        right = text("right where the savings become so much smaller, as by a refund that is lost") if is_saving else text("right where money comes back")  # fmt: skip
        if any(value > 0 for value in found.amounts(one)):
            message = text("“{label}” has another sign in {cells} than in its other years, and was taken off the {kind} there: {right}; a slip is to be mended in the sheet",
                           label=one.label, cells=cells, kind=kind, right=right)  # fmt: skip
        else:
            message = text("“{label}” ({cells}) has another sign than the other {kind}, and was taken off them: {right}; a slip is to be mended in the sheet",
                           label=one.label, cells=cells, kind=kind, right=right)  # fmt: skip
        found.warnings.append(Remark(cell(one, other[0]), message))
