"""Amounts that are so many times a price: of columns or rows beside them, or as the row's own name says it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from simulate.attach import words as vocabulary
from simulate.attach.cells import NoNumber, is_blank, number, place
from simulate.attach.heads import Heads
from simulate.attach.rows import Row
from simulate.attach.tables import Line, Product, Wrong
from simulate.grid import Sheet, Value

NEAR = 1e-9
_SAID = re.compile(r"(?P<number>[0-9]+(?:,[0-9]+)?) .*\b[aáà] (?P<price>[0-9].*kr\.?|kr\.? ?[0-9].*)", re.I)


def _said(line: Line, scale: int) -> Product | None:
    """As the row's own name says it: `5 casemanagers a 465.000 kr.`"""
    found = _SAID.fullmatch(line.label)
    if found is None:
        return None
    try:
        count, price = number(found["number"], 1), number(found["price"], scale)
    except NoNumber:
        return None
    paid = [value for value in line.amounts if value]
    if all(abs(value - count * price) <= NEAR * abs(value) for value in paid):
        return Product(tuple(count if value else 0.0 for value in line.amounts), (price,) * len(line.amounts), "")
    return None


def product(
    sheet: Sheet, rows: Sequence[Sequence[Value]], heads: Heads, scale: int, line: Line
) -> Product | Wrong | None:
    """The amounts as a number times a price, of columns that are called so; where they are not, what is wrong."""
    if not {"number", "price"} <= heads.named.keys():
        return _said(line, scale)
    row = rows[line.row]
    cells = [row[heads.named[key]] if heads.named[key] < len(row) else None for key in ("number", "price")]
    if any(is_blank(one) for one in cells):
        return None
    try:
        count, price = number(cells[0], 1), number(cells[1], scale)
    except NoNumber:
        return None
    where = place(sheet, line.row, *sorted((heads.named["number"], heads.named["price"])))
    for factor in {1, scale}:
        each = price / factor
        product = count * each
        paid = [abs(value) for value in line.amounts if value]
        if paid and product > 0 and all(abs(value - product) <= NEAR * product for value in paid):
            sign = 1 if next(value for value in line.amounts if value) > 0 else -1
            return Product(
                tuple(count if value else 0.0 for value in line.amounts), (sign * each,) * len(line.amounts), where
            )
    if count and price and any(line.amounts):
        return Wrong(
            place(sheet, line.row, heads.named["number"]),
            line.label,
            next(v for v in line.amounts if v),
            count * price,
            "product",
        )
    return None


def products(found: Sequence[Row]) -> dict[int, tuple[Row, Row]]:
    """Row of amounts → the row of numbers and the row of prices beside it, whose product it is in every year."""
    pairs: dict[int, tuple[Row, Row]] = {}
    for i in range(len(found) - 2):
        three = found[i : i + 3]
        counts = [one for one in three if one.sort == "count"]
        others = [one for one in three if one.sort in ("line", "total") and not one.asked]
        if len(counts) != 1 or len(others) != 2 or not any(counts[0].values):
            continue
        for price, amount in (others, others[::-1]):
            if price.sort == "total":
                continue
            made = [a * b for a, b in zip(counts[0].values, price.values, strict=True)]
            if (
                any(amount.values)
                and all(abs(a - b) <= NEAR * max(1.0, abs(a)) for a, b in zip(made, amount.values, strict=True))
                and vocabulary.PRICE_ROW.search(price.label)
            ):
                amount.sort = "line"  # what calls itself a total of its own number and price is an amount
                pairs[amount.row] = (counts[0], price)
    return pairs
