"""Sentences and tables on standard output."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 100
GAP = 2  # between columns
NARROWEST = 24  # first column
INDENT = "  "  # of what does not fit on its first line


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first is the heading, and the last one a total where it is said to be."""

    rows: Sequence[Sequence[str]]
    total: bool = False

    def lines(self, width: int = WIDTH) -> list[str]:
        """Right-aligned columns but the first, whose longer cells go on below; a line under the heading and above the total.

        In a narrow terminal, columns that have no room stand below the others, beside the first column again.
        """
        first, *rest = self._parts(width) if width < WIDTH else [self]
        return [*first._lines(width), *(line for part in rest for line in ["", *part._lines(width)])]

    def _wide(self) -> list[int]:
        return [max(len(cell) for cell in column) for column in zip(*self.rows, strict=True)]

    def _parts(self, width: int) -> list[Table]:
        first, *others = self._wide()
        used = min(first, NARROWEST)
        parts: list[list[int]] = [[]]
        for column, wide in enumerate(others, 1):
            taken = used + sum(GAP + others[other - 1] for other in parts[-1])
            if parts[-1] and taken + GAP + wide > width:
                parts.append([])
            parts[-1].append(column)
        return [Table([[row[0], *(row[i] for i in part)] for row in self.rows], self.total) for part in parts]

    def _lines(self, width: int) -> list[str]:
        import textwrap

        wide = self._wide()
        room = width - sum(GAP + column for column in wide[1:])
        wide[0] = min(wide[0], max(room, NARROWEST))
        rule = (GAP * " ").join("-" * column for column in wide)
        lines = []
        for i, row in enumerate(self.rows):
            if i == 1 or (self.total and i == len(self.rows) - 1):
                lines.append(rule)
            first, *below = textwrap.wrap(row[0], wide[0], subsequent_indent=INDENT) or [""]
            cells = [first.ljust(wide[0]), *(cell.rjust(w) for cell, w in zip(row[1:], wide[1:], strict=True))]
            lines += [(GAP * " ").join(cells).rstrip(), *below]
        return lines


def show(parts: Iterable[str | Table]) -> None:
    """Print sentences, wrapped to the terminal, and tables."""
    for part in parts:
        for line in paragraph(part) if isinstance(part, str) else part.lines(_width()):
            print(line)


def _width() -> int:
    """Of the terminal, where it is narrow."""
    import shutil

    return min(max(shutil.get_terminal_size((WIDTH, 24)).columns, 40), WIDTH)


def paragraph(sentence: str) -> list[str]:
    """A sentence in lines, never broken between an amount and its unit; further lines are indented as the first."""
    import textwrap

    if not sentence:
        return [""]
    indent = " " * (len(sentence) - len(sentence.lstrip()))
    tied = sentence.replace(" kr.", "\u00a0kr.").replace(" %", "\u00a0%")
    wrapped = textwrap.wrap(tied, _width(), subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)
    return [line.replace("\u00a0", " ") for line in wrapped]
