"""Where finished cells are kept: a SQLite file in WAL mode, synchronous=FULL, with a checksum for each cell. What is in it is done."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from simulate.sweeps.cells import Made
from simulate.sweeps.kept import Layout

FORMAT = 1
SCHEMA = """
create table if not exists about (key text primary key, value text not null);
create table if not exists layouts (id integer primary key, labels text not null unique);
create table if not exists cells (number integer primary key, layout integer, numbers blob, reason text not null, checksum blob not null);
"""


class Journal:
    """Of one sweep."""

    def __init__(self, path: Path, about: Mapping[str, Any] | None = None) -> None:
        """about: what makes the cells what they are; held against what an existing journal says."""
        self.path = path
        self._file = sqlite3.connect(path, isolation_level=None)
        self._file.execute("pragma journal_mode=wal")
        self._file.execute("pragma synchronous=full")
        self._file.executescript(SCHEMA)
        for key, value in (about or {}).items():
            self._file.execute("insert or ignore into about values (?, ?)", (key, json.dumps(value)))

    @property
    def about(self) -> dict[str, Any]:
        return {key: json.loads(value) for key, value in self._file.execute("select key, value from about")}

    def write(self, cells: Iterable[Made]) -> None:
        """Together or not at all."""
        self._file.execute("begin immediate")
        for cell in cells:
            layout = None if cell.layout is None else self._layout(cell.layout)
            numbers = b"" if cell.numbers is None else cell.numbers.tobytes()
            row = (cell.number, layout, numbers, cell.reason, _checksum(cell.number, layout, numbers, cell.reason))
            self._file.execute("insert or replace into cells values (?, ?, ?, ?, ?)", row)
        self._file.execute("commit")

    def cells(self) -> Iterator[Made]:
        """Those that are whole, in the order of their numbers."""
        layouts = {id_: Layout.read(labels) for id_, labels in self._file.execute("select id, labels from layouts")}
        for number, layout, numbers, reason, checksum in self._file.execute("select * from cells order by number"):
            if checksum == _checksum(number, layout, numbers, reason):
                kept = None if layout is None else np.frombuffer(numbers)
                yield Made(number, layouts.get(layout), kept, reason)

    def close(self) -> None:
        self._file.close()

    def _layout(self, layout: Layout) -> int:
        labels = layout.written()
        self._file.execute("insert or ignore into layouts (labels) values (?)", (labels,))
        (id_,) = self._file.execute("select id from layouts where labels = ?", (labels,)).fetchone()
        return int(id_)


def _checksum(*of: Any) -> bytes:
    return hashlib.sha256(repr(of).encode()).digest()
