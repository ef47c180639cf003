"""How the numbers of a table are written, where one alone can be read in two ways: `1,125` beside `0,150`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from simulate.attach.cells import MILLION, Cell, place, words
from simulate.attach.columns import Rows
from simulate.attach.heads import Heads
from simulate.attach.tables import Remark
from simulate.grid import Sheet, address
from simulate.locale import text

FEWEST = 2  # cells that one sentence tells together
_TWO_WAYS = {mark: re.compile(rf"(?P<sign>[-−–]? ?)[1-9][0-9]{{0,2}}{re.escape(mark)}[0-9]{{3}}") for mark in ",."}
_DECIMAL = {
    mark: re.compile(rf"[-−–]? ?(?:0{re.escape(mark)}[0-9]+|[0-9]+{re.escape(mark)}(?:[0-9]{{1,2}}|[0-9]{{4,}}))")
    for mark in ",."
}


def settled(sheet: Sheet, rows: Rows, heads: Heads, scale: int) -> tuple[Rows, list[Remark], list[Remark]]:
    """The rows with `1,125` as the decimal that it is, where others of the table show what their comma means; what was taken so; and what stays unclear, in one sentence."""
    guesses, problems = list[Remark](), list[Remark]()
    found = [list(row) for row in rows]
    texts = list(_texts(rows, heads))
    for mark in ",." if scale >= MILLION else ",":  # below millions a dot marks thousands
        unclear = [(at, said) for at, said in texts if _TWO_WAYS[mark].fullmatch(said)]
        zeros = [(at, said) for at, said in texts if re.fullmatch(rf"[-−–]? ?0{re.escape(mark)}[0-9]{{3}}", said)]
        decimals = ((at, said) for at, said in texts if _DECIMAL[mark].fullmatch(said))
        shown = next(decimals, None) if scale > 1 else None  # thousandths of a krone are hardly meant
        if shown is not None:
            for (i, j), said in (*unclear, *zeros):
                found[i][j] = f"{said}0"
        if not unclear:
            continue
        first, name = unclear[0]
        where = place(sheet, *first)
        if shown is not None:
            guesses.append(Remark(where, text("“{name}” was read as a number with decimals, as “{other}” in {cell} is one", name=name, other=shown[1], cell=address(*shown[0]))))  # fmt: skip
        elif len(unclear) >= FEWEST:
            problems.append(Remark(where, text("“{name}” and other cells up to {last} can be read two ways, as thousands or with decimals: mark them in Excel and make them numbers, or write {whole} or {decimal}",
                                               name=name, last=address(*unclear[-1][0]), whole=name.replace(mark, ""), decimal=f"{name}0")))  # fmt: skip
    return found, guesses, problems


def _texts(rows: Rows, heads: Heads) -> Iterator[tuple[Cell, str]]:
    """The cells below the years, from the first of these on, that are texts."""
    first = min(heads.columns)
    for i, row in enumerate(rows):
        if i > heads.rows[0] and i not in heads.rows:
            yield from (((i, j), words(one)) for j, one in enumerate(row) if j >= first and words(one))
