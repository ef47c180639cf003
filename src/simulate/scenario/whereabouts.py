"""Where a place of a scenario stands in the file that it came from: on a line of a text, or in a cell of a workbook."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from simulate.errors import Problem
from simulate.scenario import paths
from simulate.scenario.paths import Path


class Whereabouts(ABC):
    """Of a file, of which things may be wrong."""

    def problems(self, found: Iterable[tuple[Path, str]], tree: Any, elsewhere: int = 1) -> list[Problem]:
        """Each with its place, that of the nearest thing in the file, in the order of their places.

        tree: what paths are written by. elsewhere: the line of what nothing in the file is near.
        """
        listed = list(found)
        return self._placed(listed, tree, elsewhere) if listed else []

    @abstractmethod
    def _placed(self, found: list[tuple[Path, str]], tree: Any, elsewhere: int) -> list[Problem]: ...


@dataclass(frozen=True, slots=True)
class Lines(Whereabouts):
    """Of a text."""

    source: str

    def _placed(self, found: list[tuple[Path, str]], tree: Any, elsewhere: int) -> list[Problem]:
        lines = paths.lines(self.source)
        placed = {(paths.written(path, tree), message): lines.get(_near(path, lines), elsewhere) for path, message in found}  # fmt: skip
        return sorted(Problem(line, path, message) for (path, message), line in placed.items())


@dataclass(frozen=True, slots=True)
class Cells(Whereabouts):
    """Of a workbook. cells: of all that it says, in the order of its sheets, rows and columns; whatever text it comes to."""

    cells: Mapping[Path, str]

    def _placed(self, found: list[tuple[Path, str]], tree: Any, elsewhere: int) -> list[Problem]:
        order = {cell: i for i, cell in enumerate(dict.fromkeys(self.cells.values()))}
        placed = {(paths.written(path, tree), message): self.cells.get(_near(path, self.cells), "") for path, message in found}  # fmt: skip
        problems = [Problem(0, path, message, cell=cell) for (path, message), cell in placed.items()]
        return sorted(problems, key=lambda one: (order.get(one.cell, -1), one))


def within(source: str, cells: Mapping[Path, str] | None) -> Whereabouts:
    """Of a text, or where cells are given of the workbook that the text was made of."""
    return Lines(source) if cells is None else Cells(cells)


def _near(path: Path, known: Mapping[Path, Any]) -> Path:
    while path and path not in known:
        path = path[:-1]
    return path
