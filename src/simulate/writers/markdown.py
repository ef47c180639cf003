"""Sentences and tables in Markdown, for a note or a mail: tables with pipes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from simulate.content import BREAK, Chart, Heading, Note, Part, Table, for_reader
from simulate.figures import cell, corner
from simulate.locale import text
from simulate.writers import letters

NBSP = "\u00a0"
SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")


def show(parts: Iterable[Part]) -> None:
    """Print it."""
    print(written(parts), end="")


def written(parts: Iterable[Part]) -> str:
    """One paragraph for the sentences that stand together, an empty line around everything else."""
    blocks: list[list[str]] = [[]]
    for part in for_reader(parts, "spreadsheet"):
        if isinstance(part, Table):
            blocks += [list(table(part)), []]
        elif isinstance(part, Heading):
            blocks += [[f"{'#' * part.level} {_plain(part.words)}"], []]
        elif isinstance(part, Chart):
            continue
        elif isinstance(part, Note):
            blocks += [["> " + _plain(text("NOTE: {caveat}", caveat=part))], []]
        elif part == BREAK:
            blocks.append([])
        else:
            item = f"- {_plain(part)}" if part.startswith(" ") else _plain(part)  # an item of a list
            if blocks[-1] and blocks[-1][-1].startswith("- ") != item.startswith("- "):
                blocks.append([])
            blocks[-1].append(item)
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def table(one: Table) -> Iterator[str]:
    """Numbers to the right; totals bold."""
    if one.title:
        yield f"**{_plain(one.title)}**"
        yield ""
    chart, one = one.chart, letters.drawn(one)
    width = len(one.columns) or max((len(row.cells) for row in one.rows), default=0)
    yield _line([_plain(title) for title in [corner(one), *one.columns[1:]]] if one.columns else [""] * width)
    yield _line([":--", *["--:" for _ in range(width - 1)]])
    for row in one.rows:
        cells = [cell(item, one.scale) for item in row.cells]
        picture = [f"`{cells.pop()}`".replace(" ", NBSP)] if chart else []  # letters that are all as wide
        yield _line([*map(_plain, cells), *picture], bold=row.mark == "total")
    if chart:
        yield ""
        yield _plain(letters.legend(chart))


def _line(cells: Iterable[str], bold: bool = False) -> str:
    return "| " + " | ".join(f"**{item}**" if bold and item else item for item in cells) + " |"


def _plain(words: str) -> str:
    """In one line, so that nothing in it is a mark."""
    return SPECIAL.sub(r"\\\1", re.sub(r"[ \n\t\r]+", " ", words).strip(" "))
