"""Lives that are lived once, and valued as often as money alone moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulate import machine
from simulate.engine.along import MORE, Along
from simulate.engine.sample import Sample
from simulate.options import Options
from simulate.sampling import Chunk, Sampler
from simulate.scenario import Scenario

PART = 4  # of the memory that is free: what is kept takes no more


class Samples:
    """Of runs with the same options whose assumptions differ in nothing that lives hang on: else their lives would be others'.

    What does not fit into memory is lived again: the figures are the same.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[Chunk, int], Sample] = {}
        self._along: dict[frozenset[str], tuple[Scenario, Along]] = {}
        self._lock = Lock()
        self._room = machine.memory() // PART

    def of(self, chunk: Chunk, luck_of: int, sampler: Sampler, options: Options, live: Callable[[], Sample]) -> Sample:
        """A chunk's draws with the luck of the run's draws from `luck_of` on: lived, or as they were lived before, with the sampler's own values."""
        kept = self._kept.get((chunk, luck_of))
        if kept is None:
            kept = live()
            if not self.has_room(bytes_of(kept)):
                return kept
            self._kept[chunk, luck_of] = kept
        same = kept.numbers.keys() == {one.name for one in sampler.free}
        numbers = kept.numbers if same else sampler.numbers(options.design, options.seed, chunk)
        return replace(kept, numbers=numbers, values=sampler.placed(numbers))

    def along(self, sampler: Sampler, needed: int, run_bytes: int) -> Along | None:
        """The runs of the sampler's scenario in which the same assumptions are held; None where none is, or there is no room for them.

        needed: as Along has it. run_bytes: of what is kept of one run, its prices included.
        """
        held = frozenset(sampler.fixed)
        scenario, along = self._along.get(held, (None, None))
        if along is not None and scenario is sampler.scenario:
            return along
        if not held or not self.has_room((needed + MORE) * run_bytes):
            return None
        along = Along(needed)
        self._along[held] = sampler.scenario, along
        return along

    def has_room(self, amount: int) -> bool:
        """Whether there is room for so many bytes more, which is then taken."""
        with self._lock:
            enough = amount < self._room
            self._room -= amount * enough
        return enough


def place(sampler: Sampler) -> NDArray[np.float64]:
    """What the assumptions are held at, one after the other."""
    return np.concatenate([np.ravel(sampler.fixed[name]) for name in sorted(sampler.fixed)])


def bytes_of(one: Any) -> int:
    """Of all arrays in it."""
    if isinstance(one, np.ndarray):
        return one.nbytes
    if is_dataclass(one):
        return sum(bytes_of(getattr(one, item.name)) for item in fields(one))
    items = one.values() if isinstance(one, Mapping) else one if isinstance(one, tuple | list) else ()
    return sum(map(bytes_of, items))
