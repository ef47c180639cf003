"""Where a place of a scenario stands in the file that it came from: on a line of a text, or in a cell of a workbook."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulate.errors import Problem
from simulate.scenario import paths
from simulate.scenario.paths import Path

NAMING = {"", "programmes", "assumptions", "families", "roles"}
"""Sheets that say what there is: the years, and all that other sheets name."""
Unplaced = tuple[Path, str]
"""What is wrong, of which the place in the file is not known yet."""


class Whereabouts(ABC):
    """Of a file, of which things may be wrong."""

    def problems(self, found: Iterable[Unplaced], tree: Any, elsewhere: int = 1) -> list[Problem]:
        """Each with its place, that of the nearest thing in the file, in the order of their places.

        tree: what paths are written by. elsewhere: the line of what nothing in the file is near.
        """
        listed = list(found)
        return self._placed(listed, tree, elsewhere) if listed else []

    @abstractmethod
    def _placed(self, found: list[Unplaced], tree: Any, elsewhere: int) -> list[Problem]: ...


@dataclass(frozen=True, slots=True)
class Lines(Whereabouts):
    """Of a text."""

    source: str

    def _placed(self, found: list[Unplaced], tree: Any, elsewhere: int) -> list[Problem]:
        lines = paths.lines(self.source)
        placed = {(paths.written(path, tree), message): lines.get(_near(path, lines), elsewhere) for path, message in found}  # fmt: skip
        return sorted(Problem(line, path, message) for (path, message), line in placed.items())


@dataclass(frozen=True, slots=True)
class Cells(Whereabouts):
    """Of a workbook. cells: of all that it says, and of what it could say, in the order of its sheets; whatever text it comes to."""

    cells: Mapping[Path, str]

    def in_order(self, problems: Iterable[Problem]) -> list[Problem]:
        """By sheets, rows and columns."""
        sheets = {_sheet(cell): i for i, cell in reversed([*enumerate(self.cells.values())])}
        return sorted(problems, key=lambda one: (sheets.get(_sheet(one.cell), -1), _row_and_column(one.cell), one))

    def beside(self, unread: Sequence[Problem], found: Iterable[Unplaced]) -> list[Unplaced]:
        """What is wrong beside cells that could not be read, and does not follow from that.

        Where headings are wrong, nothing is known of a sheet; where these are of a sheet that names things, nothing of the others.
        """
        cells = {problem.cell for problem in unread}
        lost = [path for path, cell in self.cells.items() if path and cell in cells]
        holed = {path[:n] for path in lost for n in range(1, len(path) + 1)}
        headings = self._headings()
        headless = {sheet for sheet, heading in headings.items() if any(_are_beside(heading, cell) for cell in cells)}
        if headless & NAMING or "" not in headings:
            return []
        names = {_sheet(headings[sheet]) for sheet in headless}
        return [one for one in found if one[0] not in holed and _sheet(self._cell(one[0])) not in names]

    def _headings(self) -> dict[str, str]:
        """The cell where the headings of each sheet begin, by its key."""
        from simulate.workbook import layout  # which nothing but a workbook needs

        first = {sheet.key: self.cells.get((sheet.key,) if sheet.key else (), "") for sheet in layout.SHEETS}
        first[""] = first[""] or self.cells.get(("title",), "")
        return {key: cell for key, cell in first.items() if cell}

    def _placed(self, found: list[Unplaced], tree: Any, elsewhere: int) -> list[Problem]:
        placed = {(paths.written(path, tree), *self._said(path, message, tree)) for path, message in found}
        return self.in_order(Problem(0, path, message, cell=cell) for path, cell, message in placed)

    def _cell(self, path: Path) -> str:
        """The nearest; in the first sheet where nothing is near."""
        return self.cells.get(_near(path, self.cells), "") or self.cells.get((), "") or self.cells.get(("title",), "")

    def _said(self, path: Path, message: str, tree: Any) -> tuple[str, str]:
        """The cell, and the message in the words of its sheet; it names what has no cell of its own."""
        from simulate.workbook import naming  # which nothing but a workbook needs

        cell, said = self._cell(path), naming.said(message, path)
        if path in self.cells or not cell:
            return cell, said
        return cell, f"{naming.title(path) or paths.written(path, tree)}: {said}"


def _sheet(cell: str) -> str:
    return cell.rpartition("!")[0]


def _are_beside(one: str, other: str) -> bool:
    """Whether two cells are in one row of one sheet."""
    return _sheet(one) == _sheet(other) and _row_and_column(one)[0] == _row_and_column(other)[0]


def _row_and_column(cell: str) -> tuple[int, str]:
    found = re.search(r"([A-Z]+)([0-9]+)$", cell)
    return (int(found[2]), found[1].rjust(3)) if found else (0, "")


def within(source: str, cells: Mapping[Path, str] | None) -> Whereabouts:
    """Of a text, or where cells are given of the workbook that the text was made of."""
    return Lines(source) if cells is None else Cells(cells)


def _near(path: Path, known: Mapping[Path, Any]) -> Path:
    while path and path not in known:
        path = path[:-1]
    return path
