"""Lives that are lived once, and valued as often as money alone moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from threading import Lock
from typing import Any

import numpy as np

from simulate import machine
from simulate.engine.along import Along
from simulate.engine.sample import Sample
from simulate.options import Options
from simulate.sampling import Chunk, Sampler

PART = 4  # of the memory that is free: what is kept takes no more


class Samples:
    """Of runs with the same options whose assumptions differ in nothing that lives hang on: else their lives would be others'.

    What does not fit into memory is lived again: the figures are the same.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[Chunk, int], Sample] = {}
        self._lines: dict[tuple[Chunk, int, frozenset[str]], Along] = {}
        self._lock = Lock()
        self._room = machine.memory() // PART

    def of(self, chunk: Chunk, luck_of: int, sampler: Sampler, options: Options, live: Callable[[], Sample]) -> Sample:
        """A chunk's draws with the luck of the run's draws from `luck_of` on: lived, or as they were lived before, with the sampler's own values."""
        kept = self._kept.get((chunk, luck_of))
        if kept is None:
            kept = live()
            with self._lock:
                self._room -= bytes_of(kept)
                if self._room <= 0:
                    return kept
                self._kept[chunk, luck_of] = kept
        same = kept.numbers.keys() == {one.name for one in sampler.free}
        numbers = kept.numbers if same else sampler.numbers(options.design, options.seed, chunk)
        held = frozenset(sampler.fixed)  # at other values, along one line of prices
        line = self._lines.setdefault((chunk, luck_of, held), Along())
        return replace(kept, numbers=numbers, values=sampler.placed(numbers), along=line)


def bytes_of(one: Any) -> int:
    """Of all arrays in it."""
    if isinstance(one, np.ndarray):
        return one.nbytes
    if is_dataclass(one):
        return sum(bytes_of(getattr(one, item.name)) for item in fields(one))
    items = one.values() if isinstance(one, dict) else one if isinstance(one, tuple | list) else ()
    return sum(map(bytes_of, items))
