"""What stands in a journal: what sweep it is of, and rows of cells, each with a checksum, so that each is found good by itself.

A checksum covers a digest of what the sweep's bits hang on beside the cell's own numbers, so that a cell of another sweep is none of this one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from simulate.errors import StoreError
from simulate.files import named
from simulate.locale import text
from simulate.sweeps.cells import Made
from simulate.sweeps.kept import Layout

FORMAT = 1
MARK = b"provenu_sweep"  # the table that no other file has
HEADER = 1  # its row; those behind it are digests of what was made of the journal
MOST_OUTPUTS = 10_000
SCHEMA = """
create table provenu_sweep (number integer primary key, value blob, checksum blob);
create table layouts (number integer primary key, value blob, checksum blob);
create table cells (number integer primary key, layout integer, value blob, reason blob, checksum blob);
"""


@dataclass(frozen=True)
class Header:
    """What a journal says of itself. made_of: what the cells' bits hang on. about: what else belongs to the table."""

    made_of: dict[str, Any]
    about: dict[str, Any]

    @cached_property
    def digest(self) -> bytes:
        return digest(self.made_of)

    def written(self) -> bytes:
        whole = {"program": "provenu sweep", "format": FORMAT, "made_of": self.made_of, "about": self.about}
        return json.dumps(whole, ensure_ascii=False).encode("utf-8", "surrogateescape")


def digest(made_of: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).digest()


def checksum_of(*of: bytes | str | int | None) -> bytes:
    """Of parts, none of which can take from its neighbour: each has its length before it."""
    found = hashlib.sha256()
    for one in of:
        part = one if isinstance(one, bytes) else str(one).encode()
        found.update(b"%d:" % len(part) + part)
    return found.digest()


@dataclass
class Journal:
    """An open one. done: numbers of the cells in it. damaged: how many rows were found to be. was_damaged: and is mended. held: by this process."""

    path: Path
    header: Header
    file: sqlite3.Connection
    done: set[int] = field(default_factory=set)
    damaged: int = 0
    was_damaged: bool = False
    layouts: dict[int, Layout] = field(default_factory=dict)
    held: bool = True

    def write(self, cells: Iterable[Made]) -> None:
        """Together or not at all; on the disk as this returns. Raises StoreError."""
        rows = list(cells)
        layouts = dict(self.layouts)
        try:
            self.file.execute("begin immediate")
            for cell in rows:
                self._insert(cell, layouts)
            self.file.execute("commit")
        except sqlite3.Error as error:
            with contextlib.suppress(sqlite3.Error):
                self.file.execute("rollback")
            raise StoreError(not_written(self.path, error)) from error
        self.layouts = layouts
        self.done.update(cell.number for cell in rows)

    def _insert(self, cell: Made, layouts: dict[int, Layout]) -> None:
        layout = None
        if cell.layout is not None:
            layout = next((number for number, one in layouts.items() if one.written == cell.layout.written), None)
            if layout is None:
                layout = max(layouts, default=0) + 1
                layouts[layout] = cell.layout
                value = cell.layout.written.encode()
                self.file.execute("insert into layouts values (?, ?, ?)", (layout, value, checksum_of(layout, value)))
        value = b"" if cell.numbers is None else cell.numbers.tobytes()
        row = (cell.number, layout, value, cell.reason.encode("utf-8", "replace"))
        self.file.execute("insert or replace into cells values (?, ?, ?, ?, ?)", (*row, self._checksum(row, layouts)))

    def _checksum(self, row: tuple[int, int | None, bytes, bytes], layouts: Mapping[int, Layout]) -> bytes:
        number, layout, value, why = row
        labels = None if layout is None else layouts[layout].written.encode()
        return checksum_of(self.header.digest, number, labels, value, why)

    def outputs(self) -> set[str]:
        """Digests of what was made of it."""
        rows = list(_rows(self.file, MARK.decode(), HEADER + MOST_OUTPUTS))
        return {
            value.decode()
            for number, value, checksum in rows
            if number != HEADER and checksum == self._of_output(value)
        }

    def note(self, output: str) -> None:
        """That a table with this digest is made of it. Raises StoreError, but not of one that is only read: that table will not be replaced then."""
        if output in self.outputs():
            return
        value = output.encode()
        row = (None, value, self._of_output(value))
        try:
            self.file.execute("pragma query_only=0")
            self.file.execute("insert into provenu_sweep values (?, ?, ?)", row)
        except sqlite3.Error as error:
            if self.held:
                raise StoreError(not_written(self.path, error)) from error
        finally:
            self.file.execute(f"pragma query_only={int(not self.held)}")

    def _of_output(self, value: bytes) -> bytes:
        return checksum_of("output", self.header.digest, value)

    def cells(self) -> Iterator[Made]:
        """Those that are whole, in the order of their numbers."""
        for row in _rows(self.file, "cells", self.most):
            cell = self._good(row)
            if cell is None:
                self.damaged += 1
            else:
                yield cell

    def proof(self, wanted: Iterable[int]) -> Made | None:
        """One of its cells that has numbers: of these, if there is one."""
        found = "select * from cells where layout is not null"
        rows = chain(
            *(self.file.execute(f"{found} and number = ?", (number,)) for number in wanted),
            self.file.execute(f"{found} order by number"),
        )
        return next((cell for cell in map(self._good, rows) if cell is not None), None)

    def ordered_layouts(self) -> list[Layout]:
        """Those of its cells, in the order of the first cell of each."""
        found = self.file.execute("select layout, min(number) from cells group by layout order by 2").fetchall()
        return [self.layouts[layout] for layout, _ in found if layout in self.layouts]

    def refused(self) -> list[tuple[int, str]]:
        """Numbers of the cells that the rules refuse, and why."""
        found = self.file.execute("select number, reason from cells where length(reason) > 0 order by number")
        return [(number, why.decode()) for number, why in found]

    @property
    def most(self) -> int:
        """One more than the largest number of a cell."""
        return int(self.header.about["cells"])

    def _good(self, row: tuple[Any, ...]) -> Made | None:
        number, layout, value, why, checksum = row
        right = isinstance(value, bytes) and isinstance(why, bytes) and (layout is None or layout in self.layouts)
        if not right or checksum != self._checksum((number, layout, value, why), self.layouts):
            return None
        numbers = None if layout is None else np.frombuffer(value)
        return Made(number, None if layout is None else self.layouts[layout], numbers, why.decode())

    def read_layouts(self) -> None:
        for number, value, checksum in _rows(self.file, "layouts", 1000):
            if isinstance(value, bytes) and checksum == checksum_of(number, value):
                self.layouts[number] = Layout.read(value.decode())
            else:
                self.damaged += 1

    def survey(self) -> bool:
        """Read everything; whether all of it is good."""
        self.read_layouts()
        self.done = {cell.number for cell in self.cells()}
        return not self.damaged and is_sound(self.file)

    def close(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self.file.close()


def _rows(file: sqlite3.Connection, table: str, most: int) -> Iterator[tuple[Any, ...]]:
    """All rows that can be read: one after the other, and where that ends at damage, each by its number."""
    last = -1
    try:
        for row in file.execute(f"select * from {table} order by number"):
            if not isinstance(row[0], int) or row[0] <= last:
                break
            last = row[0]
            yield row
        else:
            return
    except sqlite3.Error:
        pass
    for number in range(last + 1, most):
        with contextlib.suppress(sqlite3.Error):
            row = file.execute(f"select * from {table} where number = ?", (number,)).fetchone()
            if row is not None and row[0] == number:
                yield row


def is_sound(file: sqlite3.Connection) -> bool:
    """Whether SQLite finds nothing wrong with its pages."""
    try:
        return bool(file.execute("pragma quick_check(1)").fetchone() == (b"ok",))
    except sqlite3.Error:
        return False


def why_not(error: Exception) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return text("there is no room left, or the disk failed")
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return text("this account may not write there")
    return str(error)


def not_written(path: Path, error: sqlite3.Error) -> str:
    return text(
        "{journal}: {reason}; what was done before is kept in it: mend that and give the same command again, which goes on there",
        journal=named(path), reason=why_not(error),
    )  # fmt: skip
