"""Where a place of a scenario stands in the file that it came from: on a line of a text, or in a cell of a workbook."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulate.errors import Problem
from simulate.locale import text
from simulate.scenario import paths
from simulate.scenario.paths import Path
from simulate.scenario.values import Missing, Unnamed

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
    """Of a workbook. cells: of all that it says, and of what it could say, in the order of its sheets; whatever text it comes to.

    lost: places of which a row or a sheet could not be read, so that not all is known which has a name there.
    """

    cells: Mapping[Path, str]
    lost: frozenset[Path] = frozenset()

    def in_order(self, problems: Iterable[Problem]) -> list[Problem]:
        """By sheets, rows and columns."""
        sheets = {_sheet(cell): i for i, cell in reversed([*enumerate(self.cells.values())])}
        return sorted(problems, key=lambda one: (sheets.get(_sheet(one.cell), -1), _row_and_column(one.cell), one))

    def beside(self, unread: Sequence[Problem], found: Iterable[Unplaced], tree: Any) -> list[Unplaced]:
        """What is wrong beside cells that could not be read, and does not follow from that.

        Where a sheet or its headings are wrong, it is not known what it says, of which others may speak: that is to be mended first.
        """
        cells, rows = {problem.cell for problem in unread}, {_row(problem.cell) for problem in unread}
        headings = self._headings()
        known = {_sheet(cell) for cell in headings.values()}
        if not {_sheet(cell) for cell in cells} <= known or rows & {_row(cell) for cell in headings.values()}:
            return []
        lost = [path for path, cell in self.cells.items() if path and cell in cells]
        holed = {path[:n] for path in lost for n in range(1, len(path) + 1)}
        return [
            (path, message)
            for path, message in found
            if path not in holed
            and (_is_told(path, tree) or _row(self._cell(path)) not in rows)
            and not self._follows(path, message)
            and not (isinstance(message, Unnamed) and ("assumptions", message.name) in holed)
        ]

    def _follows(self, path: Path, message: str) -> bool:
        """Whether it is of what is lost, or speaks of a name that may be among it."""
        if isinstance(message, Unnamed):
            return any(place[0] in ("assumptions", "families", "roles") for place in self.lost)
        return any(path[: len(place)] == place for place in self.lost)

    def _headings(self) -> dict[str, str]:
        """The cell where the headings of each sheet begin, by its key."""
        from simulate.workbook import layout  # which nothing but a workbook needs

        first = {sheet.key: self.cells.get((sheet.key,) if sheet.key else (), "") for sheet in layout.SHEETS}
        first[""] = self.cells.get(("",), "") or first[""]
        return {key: cell for key, cell in first.items() if cell}

    def _placed(self, found: list[Unplaced], tree: Any, elsewhere: int) -> list[Problem]:
        pointing = any(_PATH.search(message) for _, message in found)
        cells = (
            {paths.written(path, tree): cell for path, cell in self.cells.items() if path and cell} if pointing else {}
        )
        placed = {
            (paths.written(path, tree), *self._said(path, _pointed(message, cells), tree)) for path, message in found
        }
        return self.in_order(Problem(0, path, message, cell=cell) for path, cell, message in placed)

    def _cell(self, path: Path) -> str:
        """The nearest; in the first sheet where nothing is near."""
        return self.cells.get(_near(path, self.cells), "") or self.cells.get((), "") or self.cells.get(("title",), "")

    def _said(self, path: Path, message: str, tree: Any) -> tuple[str, str]:
        """The cell, and the message in the words of its sheet; it names what has no column of its own."""
        from simulate.workbook import layout, naming  # which nothing but a workbook needs

        cell, near, said = self._cell(path), _near(path, self.cells), naming.said(message, path)
        named = not (near == path or not cell or naming.title(near))
        if isinstance(message, Missing) and _is_text_alone(path, tree):
            said += text("; a remark of your own belongs in a sheet named {name}", name=layout.NEVER_READ[0].spoken)
        if named or isinstance(message, Missing):
            return cell, f"{naming.title(path) or paths.written(path, tree)}: {said}"
        return cell, said


_PATH = re.compile(
    r"\b(?:assumptions|families|roles|costs|savings|financing|person_years|targets|reported|observed|correlations)[.\[]"
)

_ASSUMPTION = re.compile(r"(?<![\w.`])assumptions\.(?P<name>\w+)(?![\w.\[])")


def _in_cell(found: re.Match[str], cells: Mapping[str, str]) -> str:
    """The name of an assumption, with where its number stands."""
    cell = cells.get(f"{found[0]}.value", "")
    return text("{name} in {cell}", name=found["name"], cell=cell) if cell else found[0]


def _pointed(message: str, cells: Mapping[str, str]) -> str:
    """A message whose paths are the cells that they lead to. cells: by paths as they are written."""
    found = _ASSUMPTION.sub(lambda one: _in_cell(one, cells), str(message))
    for path in sorted(cells, key=len, reverse=True) if _PATH.search(found) else ():
        found = re.sub(rf"(?<![\w.]){re.escape(path)}(?![\w.\[])", lambda _, cell=cells[path]: cell, found)  # type: ignore[misc]
    return message if found == message else Missing(found) if isinstance(message, Missing) else found


@dataclass(frozen=True, slots=True)
class Sources(Whereabouts):
    """Of a text that was made of a sheet with rows of its own. cells: of what is from there; of all else the sheet's name."""

    cells: Mapping[Path, str]

    def _placed(self, found: list[Unplaced], tree: Any, elsewhere: int) -> list[Problem]:
        return [
            Problem(0, "", message, cell=self.cells.get(_near(path, self.cells), ""))
            for path, message in dict.fromkeys(found)
        ]


def _sheet(cell: str) -> str:
    return cell.rpartition("!")[0]


def _row(cell: str) -> tuple[str, int]:
    """The sheet, and the row in it."""
    return _sheet(cell), _row_and_column(cell)[0]


def _is_told(path: Path, tree: Any) -> bool:
    """Whether a number or a text stands there: not a whole row, nor what is missing."""
    node = tree
    try:
        for step in path:
            node = paths.child(node, step)
    except KeyError:
        return False
    return not isinstance(node, Mapping | list)


def _is_text_alone(path: Path, tree: Any) -> bool:
    """Whether the row in which something is missing has nothing but one text: a name, or a remark under the rows."""
    if len(path) != 3 or paths.existing(path[:2], tree) != path[:2]:
        return False
    node = paths.child(paths.child(tree, path[0]), path[1])
    if not isinstance(node, Mapping):
        return False
    return not node if isinstance(path[1], str) else len(node) == 1 and isinstance(next(iter(node.values())), str)


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
