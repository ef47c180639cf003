"""The cells of one sheet, as its XML has them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from math import isfinite

from simulate.grid.addresses import COLUMNS, address, column_of
from simulate.grid.book import Flaw, GridProblem, Place, Sheet, Value
from simulate.grid.looks import Style
from simulate.grid.moments import duration, moment
from simulate.grid.package import MOST_DEEP, Package, damaged
from simulate.grid.references import shifted
from simulate.grid.strings import plain
from simulate.locale import text

MOST_ROWS = 100_000
LAST_ROW = 1_048_576  # of a spreadsheet
MOST_CELLS = 500_000  # of a book, that have something in them
MOST_PLACES = 2_000_000  # of a book, filled and empty ones up to the last of each row
MOST_MERGED = 100_000
MOST_DIGITS = 9  # of the number of a text or a style
MOST_SHOWN = 200  # letters of a formula
MOST_FORMULAS = 50_000  # of a book, that are kept
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
WEB = "WEBSERVICE("
TRUE = ("1", "true")


@lru_cache(100)
def _error(shown: str) -> Flaw:
    """The same one for each cell that has it."""
    return Flaw("error", shown)


@dataclass(slots=True)
class Context:
    """What the sheets of a book have in common.  is_stale: the program that wrote the file left its formulas to be calculated when it is opened."""

    shared: Sequence[str | None] = ()
    looks: Sequence[Style] = ()
    since_1904: bool = False
    is_stale: bool = False
    cells: int = 0
    places: int = 0
    asks_the_web: bool = False
    formulas: int = 0


def sheet(package: Package, part: str, name: str, hidden: bool, context: Context) -> Sheet:
    """Raises GridProblem."""
    reader = _Cells(part, name, context)
    package.parse(part, reader)
    return Sheet(
        name,
        reader.rows,
        reader.faults,
        reader.merged,
        frozenset(row for row in reader.hidden_rows if row < len(reader.rows)),
        frozenset(reader.hidden_columns),
        hidden,
        frozenset(reader.percents),
        reader.formulas,
        frozenset(reader.blanks),
        frozenset(reader.struck),
    )


class _Cells:
    """Told of each element once and in order; a cell is made where it ends."""

    def __init__(self, part: str, name: str, context: Context) -> None:
        self.part, self.name, self.context = part, name, context
        self.chars: list[str] = []
        self.rows: list[Sequence[Value]] = []
        self.faults: dict[Place, Flaw] = {}
        self.percents: list[Place] = []
        self.formulas: dict[Place, str] = {}
        self.blanks: list[Place] = []
        self.struck: list[Place] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: set[int] = set()
        self.depth = 0
        self.row: list[Value] = []
        self.number = -1  # of the row
        self.digits = ""  # of the row, as addresses end
        self.column = -1
        self.last_hidden = 0
        self.is_row, self.is_spoken = False, True
        self.cell: dict[str, str] = {}
        self.said: str | None = None  # what the cell holds
        self.formula: str | None = None
        self.shared_by: str | None = None  # the number of a formula that cells share
        self.first_of: dict[str, tuple[Place, str]] = {}  # where it stands, and how

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MOST_DEEP:
            raise damaged(self.part)
        if name == "c":
            self.cell, self.said, self.formula = attributes, None, None
        elif name != "v":
            self._around(name, attributes)
        if self.chars:
            self.chars.clear()

    def _around(self, name: str, attributes: dict[str, str]) -> None:
        """What is rarer than cells and their values."""
        if name == "row":
            self._row(attributes)
        elif name == "rPh":
            self.is_spoken = False
        elif name == "mergeCell":
            self._merge(attributes)
        elif name == "f":
            self.shared_by = attributes.get("si") if attributes.get("t") == "shared" else None
        elif name == "col":
            self._columns(attributes)
        elif self.depth == 1 and name != "worksheet":
            raise damaged(self.part)

    def end(self, name: str) -> None:
        self.depth -= 1
        if name == "v":
            self.said = "".join(self.chars)
        elif name == "c":
            if self.is_row:
                self._cell()
        elif name == "f":
            self._formula()
        elif name == "t" and self.is_spoken:
            self.said = (self.said or "") + "".join(self.chars)
        elif name == "rPh":
            self.is_spoken = True
        elif name == "row":
            self.is_row = False
        if self.chars:
            self.chars.clear()

    # Cells ------------------------------------------------------------------------------------------------------------

    def _cell(self) -> None:
        """Find the cell's column; then what it holds, if anything."""
        at = self.cell.get("r")
        if at is None:
            column: int | None = self.column + 1
        elif at.endswith(self.digits):
            column = column_of(at[: -len(self.digits)])
        else:
            column = None
        if column is None or not self.column < column < COLUMNS:  # cells stand in order, each once
            raise damaged(f"{self.part}, {at or address(self.number, self.column + 1, self.name)}")
        self.column = column
        if self.said or self.formula is not None or self.cell.get("t") == "e":
            value = self._value(self.said or "")
            if self.formula is not None:
                self._keep(self.formula, value)
            self._put(value)

    def _keep(self, formula: str, value: Value | Flaw) -> None:
        """How a cell's value came about."""
        place = (self.number, self.column)
        if value is None:
            self.blanks.append(place)
        if self.shared_by is not None:
            (row, column), said = self.first_of.setdefault(self.shared_by, (place, formula))
            formula = shifted(said, self.number - row, self.column - column)
        if len(formula) <= MOST_SHOWN and self.context.formulas < MOST_FORMULAS:
            self.context.formulas += 1
            self.formulas[place] = formula

    def _value(self, said: str) -> Value | Flaw:
        kind = self.cell.get("t", "n")
        if self.formula is not None and kind != "e" and self._is_uncalculated(kind, said):
            return Flaw("uncalculated", self.formula)
        if kind == "n":
            return self._number(said)
        if kind == "s":
            return self._shared(said)
        if kind in ("str", "inlineStr"):
            return plain(said)
        if kind == "e":
            return _error(said or "#N/A")
        if kind == "b" and said in ("0", "1", "true", "false"):
            return said in TRUE
        if kind == "d":
            return self._written(said)
        raise damaged(f"{self.part}, {self._place()}")

    def _is_uncalculated(self, kind: str, said: str) -> bool:
        """A text may be empty, a number may not. Programs that leave formulas to be calculated write a 0 meanwhile."""
        return kind not in ("str", "inlineStr") and (
            not said.strip() or (self.context.is_stale and said in ("0", "0.0"))
        )

    def _number(self, said: str) -> Value | Flaw:
        try:
            value = float(said)
        except ValueError:
            value = float("nan")
        if not isfinite(value) or "_" in said:
            raise damaged(f"{self.part}, {self._place()}")
        style = self.cell.get("s")
        return value if style is None else self._shown(value, style)

    def _shown(self, value: float, style: str) -> Value | Flaw:
        """A number under the cell's format."""
        look = self._style(style).look
        if look == "date":
            return moment(value, self.context.since_1904)
        if look == "time":
            return Flaw("time", duration(value))
        if look == "percent":
            self.percents.append((self.number, self.column))
        return value

    def _style(self, style: str) -> Style:
        known = self.context.looks
        is_known = style.isdecimal() and len(style) <= MOST_DIGITS and int(style) < len(known)
        return known[int(style)] if is_known else Style("")

    def _shared(self, said: str) -> str | None:
        said, known = said.strip(), self.context.shared
        if not said.isdecimal() or len(said) > MOST_DIGITS or int(said) >= len(known):
            raise damaged(f"{self.part}, {self._place()}")
        return known[int(said)]

    def _written(self, said: str) -> Value | Flaw:
        """A date as ISO 8601 has it."""
        try:
            if "T" not in said and ":" in said:
                return Flaw("time", time.fromisoformat(said).isoformat("seconds"))
            found = datetime.fromisoformat(said).replace(tzinfo=None)
        except ValueError:
            raise damaged(f"{self.part}, {self._place()}") from None
        return found.date() if found.time() == time() else found

    def _put(self, value: Value | Flaw) -> None:
        if value is None:
            return
        style = self.cell.get("s")
        if style is not None and self._style(style).struck:
            self.struck.append((self.number, self.column))
        if not self.row:
            self._begin()
        self.row += [None] * (self.column - len(self.row))
        if isinstance(value, Flaw):
            self.faults[self.number, self.column] = value
            self.row.append(None)
        else:
            self.row.append(value)
        self.context.cells += 1
        if self.context.cells > MOST_CELLS:
            raise GridProblem(text("the workbook has more than {n} cells that are filled in; copy the sheet that matters into a new workbook", n=MOST_CELLS))  # fmt: skip

    def _begin(self) -> None:
        """A row that has something in it."""
        if self.number >= MOST_ROWS:
            raise GridProblem(text("there is something in {cell}; a sheet is read to row {n}. Delete what is left over below, or copy what matters into a new workbook", cell=self._place(), n=MOST_ROWS))  # fmt: skip
        self.context.places += self.number - len(self.rows) + (len(self.rows[-1]) if self.rows else 0)
        if self.context.places > MOST_PLACES:
            raise GridProblem(text("the workbook has more than {n} cells, most of them empty; copy the sheet that matters into a new workbook", n=MOST_PLACES))  # fmt: skip
        self.rows += [()] * (self.number - len(self.rows))
        self.rows.append(self.row)

    def _formula(self) -> None:
        said = "".join(self.chars)
        self.formula = "=" + said[:MOST_SHOWN]
        self.context.asks_the_web |= WEB in said.upper()

    def _place(self) -> str:
        return address(self.number, self.column, self.name)

    # What is around them ----------------------------------------------------------------------------------------------

    def _row(self, attributes: dict[str, str]) -> None:
        said = attributes.get("r")
        number = self.number + 1 if said is None else int(said) - 1 if said.isdecimal() and len(said) < 8 else -1
        if not self.number < number < LAST_ROW or self.is_row:
            raise damaged(f"{self.part}, {said}")
        self.number, self.digits, self.column = number, str(number + 1), -1
        self.row, self.is_row = [], True
        if attributes.get("hidden") in TRUE and number < MOST_ROWS:
            self.hidden_rows.append(number)

    def _merge(self, attributes: dict[str, str]) -> None:
        found = _RANGE.fullmatch(attributes.get("ref", ""))
        if found is None or len(self.merged) >= MOST_MERGED:
            raise damaged(self.part)
        first, top, last, bottom = found.groups()
        left, right = column_of(first), column_of(last or first)
        if left is None or right is None:
            raise damaged(self.part)
        self.merged.append((int(top) - 1, left, int(bottom or top) - 1, right))

    def _columns(self, attributes: dict[str, str]) -> None:
        """Columns that are alike; their spans follow each other."""
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if not (first.isdecimal() and last.isdecimal()) or attributes.get("hidden") not in TRUE:
            return
        if int(first) <= self.last_hidden:
            raise damaged(self.part)
        self.last_hidden = min(int(last), COLUMNS)
        self.hidden_columns.update(range(int(first) - 1, self.last_hidden))
