"""A sheet of a workbook as its bytes have it: where its rows and cells stand, which are filled, and what its formulas are of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from simulate.grid.addresses import number_of
from simulate.writers.write_back.xml import Element, local, parsed, parser, tag_end

LAST_ROW, LAST_COLUMN = 1 << 20, 1 << 14
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})", re.IGNORECASE)
_SHEET = r"(?:(?P<quoted>'(?:[^']|'')+')|(?P<plain>[^\W\d][\w.]*(?::[^\W\d][\w.]*)?))!"
_REFERENCE = re.compile(
    rf"(?:{_SHEET})?(?<![\w.])(?:"
    r"(?P<first>\$?[A-Z]{1,3}\$?[0-9]{1,7})(?::(?P<last>\$?[A-Z]{1,3}\$?[0-9]{1,7}))?"
    r"|(?P<columns>\$?[A-Z]{1,3}:\$?[A-Z]{1,3})|(?P<rows>\$?[0-9]{1,7}:\$?[0-9]{1,7}))(?![\w.(])",
    re.IGNORECASE,
)
_TEXT = re.compile(r'"(?:[^"]|"")*"')
WHOLE = frozenset(
    ("dimension", "cols", "col", "sheetData", "mergeCell", "drawing", "tablePart", "sheetFormatPr", "worksheet")
)
FORMULAS = frozenset(("f", "formula", "formula1", "formula2", "definedName"))


@dataclass(frozen=True, slots=True)
class Area:
    """Cells of a sheet, from 0, ends included."""

    top: int
    left: int
    bottom: int
    right: int

    def meets(self, other: Area) -> bool:
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )


def place_of(reference: str) -> tuple[int, int]:
    """Row and column of `C3`, from 0."""
    found = _CELL.fullmatch(reference)
    if found is None:
        raise ValueError(reference)
    return int(found[2]) - 1, number_of(found[1])


def area_of(reference: str) -> Area:
    """Of `C3:H20` or `C3`."""
    first, _, last = reference.partition(":")
    (top, left), (bottom, right) = place_of(first), place_of(last or first)
    return Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def references(formula: str, sheet: str, high: int = 1, wide: int = 1) -> Iterator[tuple[str, Area]]:
    """Which cells a formula of a sheet names, and of which sheet (casefolded; "*": of several). high, wide: over how many cells it is filled."""
    for found in _REFERENCE.finditer(_TEXT.sub('""', formula)):
        name = (found["quoted"] or "")[1:-1].replace("''", "'") or found["plain"] or sheet
        if found["columns"]:
            left, right = sorted(number_of(one.strip("$")) for one in found["columns"].split(":"))
            area = Area(0, left, LAST_ROW, right)
        elif found["rows"]:
            top, bottom = sorted(int(one.strip("$")) - 1 for one in found["rows"].split(":"))
            area = Area(top, 0, bottom, LAST_COLUMN)
        else:
            area = area_of(found["first"] + (f":{found['last']}" if found["last"] else ""))
        yield (
            "*" if ":" in name else name.casefold(),
            Area(area.top, area.left, area.bottom + high - 1, area.right + wide - 1),
        )


@dataclass(slots=True)
class Cell:
    """filled: whether anything stands in it, and not its looks alone."""

    column: int
    start: int
    end: int
    filled: bool


@dataclass(slots=True)
class Row:
    """start, inner: of its start tag; inner_end, end: of the rest. cells: of a row that was asked for."""

    number: int
    start: int
    inner: int
    inner_end: int = 0
    end: int = 0
    cells: list[Cell] = field(default_factory=list)

    @property
    def is_single(self) -> bool:
        return self.inner == self.end


@dataclass(slots=True)
class Scanned:
    """rows: that were asked for, those that are there; next_rows: where each begins, by which a new one finds its place; formulas: with how many cells
    each is filled over, high and wide."""

    data: bytes
    namespace: str = ""
    prefixed: bool = False
    rows: dict[int, Row] = field(default_factory=dict)
    starts: list[tuple[int, int]] = field(default_factory=list)
    formulas: list[tuple[str, int, int]] = field(default_factory=list)
    parts: list[Element] = field(default_factory=list)
    last_column: int = 0
    last_row: int = 0

    def named(self, name: str) -> list[Element]:
        return [one for one in self.parts if one.name == name]

    @property
    def merged(self) -> list[Area]:
        return [area_of(one.attributes["ref"]) for one in self.named("mergeCell") if "ref" in one.attributes]

    def hidden(self, column: int) -> bool:
        return any(
            int(one.attributes["min"]) <= column + 1 <= int(one.attributes["max"])
            for one in self.named("col")
            if one.attributes.get("hidden") in ("1", "true")
        )


class _Scan:
    def __init__(self, data: bytes, rows: Collection[int]) -> None:
        self.found, self.rows, self.parser = Scanned(data), rows, parser()
        self.open: list[tuple[str, dict[str, str], int]] = []
        self.row, self.column, self.filled, self.words = -1, -1, False, ""
        self.of_formula: dict[str, str] = {}
        self.parser.StartElementHandler, self.parser.EndElementHandler = self.begins, self.ends
        self.parser.CharacterDataHandler = self.said

    def begins(self, full: str, attributes: dict[str, str]) -> None:
        name, at = local(full), self.parser.CurrentByteIndex
        if not self.open:
            self.found.prefixed = ":" in full
            self.found.namespace = attributes.get("xmlns:" + full.rpartition(":")[0] if ":" in full else "xmlns", "")
        if name == "row":
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1
            self.found.starts.append((self.row, at))
            self.found.last_row = max(self.found.last_row, self.row)
            if self.row in self.rows:
                self.found.rows[self.row] = Row(self.row, at, tag_end(self.found.data, at))
        elif name == "c":
            self.column = place_of(attributes["r"])[1] if "r" in attributes else self.column + 1
            self.filled = False
            self.found.last_column = max(self.found.last_column, self.column)
        elif name in ("v", "is", "f"):
            self.filled = True
        if name in FORMULAS:
            self.words, self.of_formula = "", attributes
        self.open.append((name, attributes, at))

    def said(self, words: str) -> None:
        if self.open[-1][0] in FORMULAS:
            self.words += words

    def ends(self, full: str) -> None:
        name, attributes, start = self.open.pop()
        at, data = self.parser.CurrentByteIndex, self.found.data
        if name in FORMULAS and self.words:
            filled = (
                area_of(self.of_formula["ref"])
                if self.of_formula.get("t") == "shared" and "ref" in self.of_formula
                else Area(0, 0, 0, 0)
            )
            self.found.formulas.append((self.words, filled.bottom - filled.top + 1, filled.right - filled.left + 1))
        if name == "c" and self.row in self.rows:
            self.found.rows[self.row].cells.append(Cell(self.column, start, self._end(start, at), self.filled))
        elif name == "row" and self.row in self.rows:
            row = self.found.rows[self.row]
            row.inner_end, row.end = (
                (at, tag_end(data, at)) if data[row.inner - 2 : row.inner] != b"/>" else (row.inner, row.inner)
            )
        elif name in WHOLE:
            inner = tag_end(data, start)
            single = data[inner - 2 : inner] == b"/>"
            path = (*(one[0] for one in self.open), name)
            self.found.parts.append(
                Element(path, attributes, start, inner, inner if single else at, self._end(start, at), "")
            )

    def _end(self, start: int, at: int) -> int:
        inner = tag_end(self.found.data, start)
        return inner if self.found.data[inner - 2 : inner] == b"/>" else tag_end(self.found.data, at)


def scanned(data: bytes, rows: Collection[int] = ()) -> Scanned:
    """rows: whose cells are asked for. Raises NotXml."""
    found = _Scan(data, rows)
    parsed(data, found.parser)
    return found.found
