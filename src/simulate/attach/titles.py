"""What the case is called: by a caption above the table, else by the sheet or the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from simulate.attach import heads, units
from simulate.attach import words as vocabulary
from simulate.attach.cells import is_blank, numeric, words
from simulate.attach.heads import Heads
from simulate.attach.tables import Asked
from simulate.attach.years import head as year
from simulate.grid import Sheet, Value

FEWEST = 4  # letters of a caption that calls the table something
FEWEST_BESIDE = 7  # of one in the row of years, where the heading of the names stands as well
_UNNAMED = re.compile(r"(ark|sheet|tabel|table|worksheet) ?[0-9]*", re.I)
_BRACKETS = re.compile(r" *\([^()]*\) *$")
_FILLER = re.compile(
    r"\b(alle|beløb(ene)?|tal(lene)?|er|i|in|opgjort|angivet|vist|hele|all|the|amounts?|figures|are|shown|faste|fixed|løbende|niveau|afrundet|rounded|til|to)\b|[\W\d_]+",
    re.I,
)


def title(asked: Asked, cells: Sequence[Sequence[Value]], head: Heads, sheet: Sheet, file: str) -> str:
    """As it is asked for, or as the first caption says it; of a sheet that nobody has named by its file."""
    if asked.title is not None:
        return asked.title
    name = words(sheet.name)
    stem = words(PurePath(file).stem)
    return next(_captions(cells, head), stem if _UNNAMED.fullmatch(name) else name or stem)


def _captions(cells: Sequence[Sequence[Value]], head: Heads) -> Iterator[str]:
    first = head.rows[0]
    for i, j in heads.caption(cells, first - 1) if first else ():
        beside = any(numeric(one) and not units.said(words(one)) for one in cells[i] if not is_blank(one))
        said = _plain(words(cells[i][j]))
        if not beside and len(said) >= FEWEST and year(cells[i][j], j) is None:
            yield said
    said = words(cells[first][head.label]) if head.label < len(cells[first]) else ""
    if units.said(said) is not None and vocabulary.kind(said, heading=True) is None and len(_plain(said)) >= FEWEST_BESIDE:  # fmt: skip
        yield _plain(said)


def _plain(said: str) -> str:
    """A caption without what its amounts are in, and how their signs are meant; empty where it says nothing else."""
    bracketed = _BRACKETS.search(said)
    if bracketed and (vocabulary.signs(bracketed[0]) or vocabulary.price_levels(bracketed[0])):
        said = said[: bracketed.start()]
    if vocabulary.signs(said) is not None:
        return ""
    before, after = units.parted(said)
    return next((one for one in (before, after) if _FILLER.sub("", vocabulary.without_price_level(one))), "")
