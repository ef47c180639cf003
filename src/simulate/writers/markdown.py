"""Sentences and tables in Markdown, for a note or a mail: tables with pipes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from simulate.content import BREAK, Heading, Part, Table
from simulate.figures import cell, corner

SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")


def show(parts: Iterable[Part]) -> None:
    """Print it."""
    print(written(parts), end="")


def written(parts: Iterable[Part]) -> str:
    """One paragraph for the sentences that stand together, an empty line around everything else."""
    blocks: list[list[str]] = [[]]
    for part in parts:
        if isinstance(part, Table):
            blocks += [list(table(part)), []]
        elif isinstance(part, Heading):
            blocks += [[f"{'#' * part.level} {_plain(part.words)}"], []]
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
    width = len(one.columns) or max((len(row.cells) for row in one.rows), default=0)
    yield _line([corner(one), *one.columns[1:]] if one.columns else [""] * width)
    yield _line([":--", *["--:" for _ in range(width - 1)]], escape=False)
    for row in one.rows:
        cells = [cell(item, one.scale) for item in row.cells]
        yield _line(cells, bold=row.mark == "total")


def _line(cells: Iterable[str], bold: bool = False, escape: bool = True) -> str:
    told = (_plain(_fixed(item)) if escape else item for item in cells)
    return "| " + " | ".join(f"**{item}**" if bold and item else item for item in told) + " |"


def _plain(words: str) -> str:
    """In one line, so that nothing in it is a mark."""
    return SPECIAL.sub(r"\\\1", re.sub(r"[ \n\t\r]+", " ", words).strip(" "))


def _fixed(words: str) -> str:
    """A picture made of letters keeps its blanks."""
    return words.replace(" ", "\u00a0") if words.startswith(" ") else words
