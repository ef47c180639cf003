"""What is kept of the draws: some numbers of each, and sums of the rest over each of the 16 blocks. `simulate.measures` has a row for each.

Sums are taken in the order of the draws, so that neither threads nor the size of chunks can change a bit of them.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from simulate.measures import Measure
from simulate.names import BLOCKS

Array = NDArray[np.float64]
MOST_BYTES_A_DRAW = 104  # kept in memory, so that with sorting a column it is at most 150; the rest stands in a file
Key = Measure | tuple[Measure, str]
"""A measure, and its label where it has several."""
Layout = Mapping[Measure, Sequence[str] | None]
"""Of each measure that is kept of the draws its labels along its dimension; None where it has none."""


def width(layout: Layout) -> int:
    """How many numbers are kept of each draw."""
    return sum(1 if labels is None else len(labels) for labels in layout.values())


class Columns:
    """One float64 for each draw, measure and label: in memory, or in a temporary file where that would be too much of it."""

    def __init__(self, layout: Layout, draws: int, values: Array | None = None) -> None:
        """values: (row, draw), where there are some already."""
        self.layout = {measure: None if labels is None else list(labels) for measure, labels in layout.items()}
        self.draws = draws
        rows = [
            (measure, label) for measure, labels in layout.items() for label in ([""] if labels is None else labels)
        ]
        self._row = {of: row for row, of in enumerate(rows)}
        self._memory = values
        self._file: BinaryIO | None = None
        if values is None and 8 * len(self) <= MOST_BYTES_A_DRAW:
            self._memory = np.empty((len(self), draws))
        elif values is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115
            weakref.finalize(self, self._file.close)  # it goes with this object

    def __len__(self) -> int:
        return len(self._row)

    @property
    def keys(self) -> list[Key]:
        """Of every column."""
        return list(self._row)

    def write(self, first: int, values: Mapping[Measure, Array]) -> None:
        """values: (draw, label) or (draw,) for each measure, of the draws from `first` on."""
        for measure, labels in self.layout.items():
            own = np.asarray(values[measure], dtype=np.float64)
            if labels is None:
                self._write(self._row[measure, ""], first, own)
            for i, label in enumerate(labels or []):
                self._write(self._row[measure, label], first, own[:, i])

    def _write(self, row: int, first: int, column: Array) -> None:
        if self._memory is not None:
            self._memory[row, first : first + len(column)] = column
            return
        assert self._file is not None
        self._file.seek(8 * (row * self.draws + first), os.SEEK_SET)
        self._file.write(np.ascontiguousarray(column).tobytes())

    def __getitem__(self, of: Key) -> Array:
        """(draw,) values."""
        row = self._row[of if isinstance(of, tuple) else (of, "")]
        if self._memory is not None:
            return np.asarray(self._memory[row])
        assert self._file is not None
        self._file.seek(8 * row * self.draws, os.SEEK_SET)
        return np.frombuffer(self._file.read(8 * self.draws), dtype=np.float64)

    def _rows(self, measure: Measure) -> slice:
        """Where a measure's values are."""
        labels = self.layout[measure]
        first = self._row[measure, "" if labels is None else labels[0]]
        return slice(first, first + (1 if labels is None else len(labels)))

    def of_draws(self, measure: Measure, draws: slice = slice(None)) -> Array:
        """(draw, label) or (draw,) values of some draws."""
        labels = self.layout[measure]
        if labels is None:
            return self[measure][draws]
        if self._memory is not None:
            return self._memory[self._rows(measure), draws].T
        return np.stack([self[measure, label][draws] for label in labels], axis=1)

    def __contains__(self, measure: Measure) -> bool:
        return measure in self.layout


@dataclass
class Sums:
    """Sums over the draws of each block: measure → (block, ...)."""

    draws: int
    blocks: dict[Measure, Array] = field(default_factory=dict)

    def add(self, block: int, values: Mapping[Measure, Array], blocks: int = 1) -> None:
        """values: (draw, ...) for each measure, of the next draws of the block, or of so many whole ones from it on."""
        own = slice(block, block + blocks)
        for measure, value in values.items():
            if measure not in self.blocks:
                self.blocks[measure] = np.zeros((BLOCKS, *value.shape[1:]))
            before = self.blocks[measure][own, None]
            by_block = value.reshape(blocks, len(value) // blocks, *value.shape[1:])
            # cumsum, unlike sum, adds one after the other whatever the shape
            self.blocks[measure][own] = np.cumsum(np.concatenate([before, by_block], axis=1), axis=1)[:, -1]

    def add_at_once(self, block: int, values: Mapping[Measure, Array], blocks: int = 1) -> None:
        """The same, three times as fast; the last bits are of another order."""
        for measure, value in values.items():
            sums = self.blocks.setdefault(measure, np.zeros((BLOCKS, *value.shape[1:])))
            sums[block : block + blocks] += value.reshape(blocks, len(value) // blocks, *value.shape[1:]).sum(axis=1)

    def mean(self, measure: Measure) -> Array:
        """Mean over all draws."""
        return np.asarray(np.cumsum(self.blocks[measure], axis=0)[-1] / self.draws)

    def block_means(self, measure: Measure) -> Array:
        """(block, ...) mean over the draws of each block."""
        return self.blocks[measure] / (self.draws // BLOCKS)


@dataclass(frozen=True)
class Draws:
    """All that a run leaves for the analyses."""

    columns: Columns
    sums: Sums

    @property
    def number(self) -> int:
        return self.sums.draws
