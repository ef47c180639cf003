"""What is kept of the draws: some numbers of each, and sums of the rest over each of the 16 blocks.

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

from simulate.names import BLOCKS

Array = NDArray[np.float64]

MOST_BYTES_A_DRAW = 104  # kept in memory, so that with sorting a column it is at most 150; the rest stands in a file


class Columns:
    """One float64 for each draw and name: in memory, or in a temporary file where that would be too much of it."""

    def __init__(self, names: Sequence[str], draws: int) -> None:
        self.names = list(names)
        self.draws = draws
        self._memory: Array | None = None
        self._file: BinaryIO | None = None
        if 8 * len(self.names) <= MOST_BYTES_A_DRAW:
            self._memory = np.empty((len(self.names), draws))
        else:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115
            weakref.finalize(self, self._file.close)  # it goes with this object

    def write(self, first: int, values: Mapping[str, Array]) -> None:
        """values: (draw,) for each name, of the draws from `first` on."""
        for row, name in enumerate(self.names):
            column = np.ascontiguousarray(values[name], dtype=np.float64)
            if self._memory is not None:
                self._memory[row, first : first + len(column)] = column
            else:
                assert self._file is not None
                self._file.seek(8 * (row * self.draws + first), os.SEEK_SET)
                self._file.write(column.tobytes())

    def __getitem__(self, name: str) -> Array:
        """(draw,) values."""
        row = self.names.index(name)
        if self._memory is not None:
            return np.asarray(self._memory[row])
        assert self._file is not None
        self._file.seek(8 * row * self.draws, os.SEEK_SET)
        return np.frombuffer(self._file.read(8 * self.draws), dtype=np.float64)

    def __contains__(self, name: str) -> bool:
        return name in self.names


@dataclass
class Sums:
    """Sums over the draws of each block: name → (block, ...)."""

    draws: int
    blocks: dict[str, Array] = field(default_factory=dict)

    def add(self, block: int, values: Mapping[str, Array], blocks: int = 1) -> None:
        """values: (draw, ...) for each name, of the next draws of the block, or of so many whole ones from it on."""
        own = slice(block, block + blocks)
        for name, value in values.items():
            if name not in self.blocks:
                self.blocks[name] = np.zeros((BLOCKS, *value.shape[1:]))
            before = self.blocks[name][own, None]
            by_block = value.reshape(blocks, len(value) // blocks, *value.shape[1:])
            # cumsum, unlike sum, adds one after the other whatever the shape
            self.blocks[name][own] = np.cumsum(np.concatenate([before, by_block], axis=1), axis=1)[:, -1]

    def mean(self, name: str) -> Array:
        """Mean over all draws."""
        return np.asarray(np.cumsum(self.blocks[name], axis=0)[-1] / self.draws)

    def block_means(self, name: str) -> Array:
        """(block, ...) mean over the draws of each block."""
        return self.blocks[name] / (self.draws // BLOCKS)


@dataclass(frozen=True)
class Draws:
    """All that a run leaves for the analyses."""

    columns: Columns
    sums: Sums

    @property
    def number(self) -> int:
        return self.sums.draws
