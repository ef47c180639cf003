"""Where the lines of a case stand in a workbook: in the sheets of the case itself, or in the officer's own that it was made from."""

from __future__ import annotations

import math
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from simulate import grid
from simulate.attach import words as vocabulary
from simulate.attach.cells import NoNumber, marked, number, words
from simulate.attach.years import head
from simulate.errors import InputError
from simulate.files import expanded, named
from simulate.locale import text
from simulate.scenario import Loaded, Scenario
from simulate.scenario.amounts import each_year
from simulate.scenario.schema import LABELLED
from simulate.workbook.answered import is_own_heading
from simulate.writers.write_back.scanned import Area, area_of
from simulate.writers.write_back.tables import Of, Row, Table

WORKBOOKS = (".xlsx", ".xlsm")
_SOURCE = re.compile(
    r"(?P<file>.+?), (?P<sheet>'(?:[^']|'')+'|[^'!;]+)!(?P<cells>\$?[A-Z]{1,3}\$?[0-9]{1,7}(?::[A-Z]{1,3}[0-9]{1,7})?)(?:;.*)?",
    re.DOTALL,
)
OF_TOTAL: dict[str, tuple[Of, str, int]] = {
    "costs": ("kind", "costs", -1),
    "savings": ("kind", "savings", 1),
    "financing": ("financing", "", 1),
    "provenu": ("provenu", "", 1),
}
"""What of the answer a total of the sheet is; -1 where the scenario has it positive and the answer negative."""
OF_LINE: dict[str, tuple[Of, int]] = {
    "costs": ("line", -1),
    "savings": ("line", 1),
    "person_years": ("line", 1),
    "financing": ("financing line", 1),
}


@dataclass(frozen=True, slots=True)
class Found:
    """file: the workbook; book: its sheets; told: rows that nothing is written beside, and why."""

    file: Path
    book: Mapping[str, grid.Sheet]
    tables: tuple[Table, ...]
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number of the scenario comes from."""

    file: str
    sheet: str
    cells: Area


def of_case(loaded: Loaded, workbook: str | None = None) -> Found:
    """workbook: that its lines are from, where it does not stand in the folder of the case. Raises InputError for a scenario that no workbook is known of."""
    if loaded.cells is not None:
        return _of_own_sheets(loaded, loaded.cells)
    return _of_sources(loaded, workbook)


# A case that is a workbook ----------------------------------------------------------------------------------------------


def _of_own_sheets(loaded: Loaded, cells: Mapping[Any, str]) -> Found:
    file, tree = Path(expanded(loaded.file)), tomllib.loads(loaded.source)
    book = {one.name: one for one in grid.read(str(file)).sheets}
    scale = loaded.scenario.money.in_kroner
    tables = (_own_sheet(kind, tree, cells, book, scale) for kind in LABELLED)
    return Found(file, book, tuple(one for one in tables if one is not None))


def _own_sheet(
    kind: str, tree: Mapping[str, Any], cells: Mapping[Any, str], book: Mapping[str, grid.Sheet], scale: int
) -> Table | None:
    of, sign = OF_LINE[kind]
    if (kind,) not in cells or not tree.get(kind):
        return None
    sheet, heading = _apart(cells[kind,])
    rows = [
        Row(_apart(cells[kind, i])[1].top, of, str(line.get("label", "")), sign)
        for i, line in enumerate(tree[kind])
        if (kind, i) in cells
    ]
    given = book[sheet]
    width = len(given.rows[heading.top]) if heading.top < len(given.rows) else 0
    own = [
        j for j in range(width) if given.at(heading.top, j) is not None and not is_own_heading(given.at(heading.top, j))
    ]
    return Table(sheet, heading.top, max(own, default=0), tuple(rows), scale)


def _apart(address: str) -> tuple[str, Area]:
    """Sheet and cells of `'My sheet'!C3`."""
    sheet, _, cells = address.rpartition("!")
    name = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
    return name, area_of(cells.replace("$", ""))


# A case that was made from the officer's own sheet ----------------------------------------------------------------------


def source_of(said: object) -> Source | None:
    """Of `budget.xlsx, 'Business case'!C7:G7`."""
    found = _SOURCE.fullmatch(said) if isinstance(said, str) else None
    if found is None or Path(found["file"]).suffix.lower() not in WORKBOOKS:
        return None
    sheet, cells = _apart(f"{found['sheet']}!{found['cells']}")
    return Source(found["file"], sheet, cells)


def _of_sources(loaded: Loaded, workbook: str | None) -> Found:
    tree = tomllib.loads(loaded.source)
    lines = [
        (kind, line, source)
        for kind in LABELLED
        for line in tree.get(kind, ())
        if (source := source_of(line.get("source")))
    ]
    if not lines:
        raise InputError(
            text(
                "--write-back: this case is no workbook, and no source of its lines names a workbook, a sheet and cells, as simulate attach writes them"
            )
        )
    files = {source.file for _, _, source in lines}
    if len(files) > 1:
        raise InputError(
            text("--write-back: the lines are from several workbooks: {files}", files=", ".join(sorted(files)))
        )
    file = Path(expanded(loaded.file)).parent / files.pop() if workbook is None else Path(expanded(workbook))
    if not file.is_file():
        raise InputError(
            text(
                "--write-back: the lines are from {file}, which is not there; it must stand in the folder of the scenario",
                file=named(file),
            )
        )
    book = {one.name: one for one in grid.read(os.fspath(file)).sheets}
    found = _Sources(book, loaded.scenario)
    for kind, line, source in lines:
        found.line(kind, line, source)
    for figure in tree.get("reported", ()):
        found.total(figure)
    return found.done(file)


class _Sources:
    """Rows of sheets, as sources name them, held against what stands there now."""

    def __init__(self, book: Mapping[str, grid.Sheet], scenario: Scenario) -> None:
        self.book, self.scale = book, scenario.money.in_kroner
        stated = (*scenario.costs, *scenario.savings, *scenario.financing)
        self.own = {line.label: each_year(line, scenario) for line in stated}
        self.rows: dict[str, dict[int, Row]] = {}
        self.columns: dict[str, list[Area]] = {}
        self.stand: dict[str, dict[int, list[float]]] = {}
        self.told: list[str] = []

    def line(self, kind: str, line: Mapping[str, Any], source: Source) -> None:
        label, row, sheet = str(line.get("label", "")), source.cells.top, self.book.get(source.sheet)
        if sheet is None or not _is_called(sheet, row, source.cells.left, label):
            self.told.append(_changed(source, label))
            return
        of, sign = OF_LINE[kind]
        stand = [_amount(sheet, row, j) for j in range(source.cells.left, source.cells.right + 1)]
        self.stand.setdefault(source.sheet, {})[row] = stand
        self._put(source, Row(row, of, label, sign if _is_same_way(stand, self.own.get(label, ())) else -sign))

    def total(self, figure: Mapping[str, Any]) -> None:
        source, what = source_of(figure.get("source")), figure.get("what")
        if source is None or what not in OF_TOTAL or source.sheet not in self.rows:
            return
        value, stands = figure.get("value"), _amount(self.book[source.sheet], source.cells.top, source.cells.left)
        if not isinstance(value, int | float) or not _is_alike(abs(value), abs(stands)):
            self.told.append(_changed(source, str(value)))
            return
        of, name, sign = OF_TOTAL[what]
        if stands or source.cells.top not in self.rows[source.sheet]:
            self._put(source, Row(source.cells.top, of, name, sign if value * stands >= 0 else -sign))

    def _put(self, source: Source, row: Row) -> None:
        self.rows.setdefault(source.sheet, {})[row.row] = row
        self.columns.setdefault(source.sheet, []).append(source.cells)

    def done(self, file: Path) -> Found:
        if not self.rows:
            raise InputError("\n".join(self.told))
        tables = []
        for sheet, rows in self.rows.items():
            heading, right = self._heading(sheet, min(rows)), max(one.right for one in self.columns[sheet])
            self._others(sheet, heading)
            tables.append(Table(sheet, heading, right, tuple(rows.values()), self.scale))
        return Found(file, self.book, tuple(tables), tuple(dict.fromkeys(self.told)))

    def _others(self, sheet: str, heading: int) -> None:
        """Totals that no figure of the case is of: the net with what others pay is known by its amounts, and others are told."""
        given, rows, stand = self.book[sheet], self.rows[sheet], self.stand.get(sheet, {})
        columns = {(one.left, one.right) for one in self.columns[sheet] if one.top in stand}
        if len(columns) != 1:
            return
        [(left, right)] = columns
        financed = any(one.of == "financing line" for one in rows.values())
        whole = [sum(rows[row].sign * values[i] for row, values in stand.items()) for i in range(right + 1 - left)]
        totals = {
            i: [_amount(given, i, j) for j in range(left, right + 1)] for i, one in rows.items() if "line" not in one.of
        }
        nothing = list[str]()
        for i in range(heading + 1, len(given.rows)):
            values = [_amount(given, i, j) for j in range(left, right + 1)]
            said = next((words(given.at(i, j)) for j in range(left) if words(given.at(i, j))), "")
            if i in rows or not any(values) or not _is_total(said) or head(given.at(i, left), left) is not None:
                continue
            same = next((rows[j] for j, total in totals.items() if _are_alike(values, total)), None)
            sign = next((sign for sign in (1, -1) if financed and _are_alike([sign * one for one in values], whole)), 0)
            if same is not None:  # said again
                rows[i] = replace(same, row=i)
            elif sign:
                rows[i] = Row(i, "with_financing", "", sign)
            else:
                nothing.append(f"{grid.address(i, left, sheet)} {marked(said)}")
        if nothing:
            self.told.append(text("Nothing is written beside {rows}: the answer has lines, all costs, all savings, the provenu and the provenu with what others pay, and no other totals", rows=", ".join(nothing)))  # fmt: skip

    def _heading(self, sheet: str, first: int) -> int:
        """The nearest row above the first one that has years in the columns of amounts."""
        given, columns = self.book[sheet], {j for one in self.columns[sheet] for j in range(one.left, one.right + 1)}
        above = (
            i
            for i in range(first - 1, -1, -1)
            if sum(head(given.at(i, j), j) is not None for j in columns) >= min(2, len(columns))
        )
        return next(above, max(first - 1, 0))


_NET = re.compile(r"\bnetto|netto\b|\bnet\b", re.I)


def _is_total(said: str) -> bool:
    label = vocabulary.plain(said)
    named = any(one.search(label) for one in (vocabulary.TOTAL, vocabulary.ACCUMULATED, _NET))
    return (named or vocabulary.is_net(said)) and not vocabulary.OF_WHICH.search(said)


def _are_alike(some: Sequence[float], others: Sequence[float]) -> bool:
    return all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-6) for a, b in zip(some, others, strict=True))


def _changed(source: Source, label: str) -> str:
    return str(
        text("{file} {cell}: “{label}” does not stand there any more, so nothing is written beside it; attach the sheet again", file=source.file,
             cell=grid.address(source.cells.top, source.cells.left, source.sheet), label=label)
    )  # fmt: skip


def _is_called(sheet: grid.Sheet, row: int, before: int, label: str) -> bool:
    """Whether a row has that name left of its amounts; those that are called alike have their row behind it."""
    said = [words(sheet.at(row, j)) for j in range(before)]
    return any(
        _plain(one)
        and (_plain(label) == _plain(one) or _plain(label).startswith((f"{_plain(one)} (", f"{_plain(one)[:150]} (")))
        for one in said
    ) or any(len(one) > len(label) > 100 and one.startswith(label) for one in said)


def _is_same_way(stand: Sequence[float], own: Sequence[float]) -> bool:
    """Whether the sheet has amounts with the sign that the case has them with: a refund among costs has a minus in both, a saving in a budget's signs in the sheet alone."""
    each = sum(a * b for a, b in zip(stand, own, strict=False) if not math.isnan(b))
    return (each or sum(stand)) >= 0


def _plain(said: str) -> str:
    return said.strip(" *:").casefold()


_DECIMAL = re.compile(r"[-−–]? ?[0-9]{1,3},[0-9]{3}")  # which attach reads in no other way than as decimals


def _amount(sheet: grid.Sheet, row: int, column: int) -> float:
    given = sheet.at(row, column)
    try:
        return number(f"{given}0" if _DECIMAL.fullmatch(words(given)) else given, 1)
    except NoNumber:
        return 0.0


def _is_alike(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-9 * max(one, other, 1e-9)
