"""What runs have in common is done once: numbers drawn alike, lives alike, the life without the programme alike."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, fields, is_dataclass, replace
from threading import Lock
from typing import Any

import numpy as np

from simulate import machine
from simulate.engine import sample
from simulate.engine.along import Along
from simulate.engine.sample import Sample
from simulate.model import Model
from simulate.options import Options
from simulate.sampling import Chunk, Sampler

PART = 4  # of the memory that is free: what is kept takes no more
MOST = 2  # samples of the same draws: the first one, and the last one that is not lived as the first


@dataclass(frozen=True, slots=True)
class _Kept:
    """A sample, and the lines of prices that it was valued along."""

    sample: Sample
    lines: dict[Hashable, Along] = field(default_factory=dict)


class Samples:
    """Of runs of any cases. That two are alike is seen by the numbers themselves, and so holds to the last bit.

    What does not fit into memory is done again: the figures are the same.
    """

    def __init__(self, room: int | None = None) -> None:
        """room: bytes; without it nothing is kept, and as much as may be where None is given."""
        self._numbers: dict[Hashable, np.ndarray] = {}
        self._kept: dict[Hashable, list[_Kept]] = {}
        self._lock = Lock()
        self._room = machine.memory() // PART if room is None else room

    def begin(self, sampler: Sampler, options: Options, chunk: Chunk) -> None:
        """Make beforehand what the draws of a block have in common, where any are to be made."""
        if len(self._known(sampler, options, chunk)) < len(sampler.free):
            sampler.begin(options.design, options.seed, chunk)

    def of(self, one: Model, sampler: Sampler, options: Options, period: int, chunk: Chunk, luck_of: int) -> Sample:
        """As sample.live()."""
        numbers = self._drawn(sampler, options, chunk)
        drawn = sample.draw(one, sampler, numbers)
        how = (options.seed, options.design, options.engine, options.counterfactuals, bool(sampler.uncertain))
        place = (chunk, luck_of, period, one.mark, how)
        kept = self._kept.get(place, [])
        alike = next((one for one in kept if one.sample.given.is_same(drawn.given)), None)
        if alike is None:
            without = next((one.sample for one in kept if one.sample.given.is_same_baseline(drawn.given)), None)
            expects = bool(sampler.uncertain) or options.engine == "expected"
            alike = _Kept(sample.live(one, drawn, options, period, chunk, luck_of, expects, without))
            if not self._has_room(bytes_of(alike.sample) - sum(bytes_of(one.sample) for one in kept[MOST - 1 :])):
                return alike.sample
            self._kept[place] = [*kept[: MOST - 1], alike]
        *others, last = [(name, value.tobytes()) for name, value in sampler.fixed.items()] or [("", b"")]
        line = alike.lines.setdefault((*others, last[0]), Along())  # what was held last is what moves
        return replace(alike.sample, **drawn._asdict(), along=line)

    def _drawn(self, sampler: Sampler, options: Options, chunk: Chunk) -> dict[str, np.ndarray]:
        known = self._known(sampler, options, chunk)
        numbers = sampler.numbers(options.design, options.seed, chunk, known)
        new = {name: array for name, array in numbers.items() if name not in known}
        if new and self._has_room(bytes_of(new)):
            marks = sampler.marks
            self._numbers |= {(chunk, options.seed, options.design, marks[name]): array for name, array in new.items()}
        return numbers

    def _known(self, sampler: Sampler, options: Options, chunk: Chunk) -> dict[str, np.ndarray]:
        marks = sampler.marks
        places = {one.name: (chunk, options.seed, options.design, marks[one.name]) for one in sampler.free}
        return {name: self._numbers[place] for name, place in places.items() if place in self._numbers}

    def _has_room(self, more: int) -> bool:
        with self._lock:
            if more >= self._room:
                return False
            self._room -= more
            return True


def bytes_of(one: Any) -> int:
    """Of all arrays in it."""
    if isinstance(one, np.ndarray):
        return one.nbytes
    if is_dataclass(one):
        return sum(bytes_of(getattr(one, item.name)) for item in fields(one))
    items = one.values() if isinstance(one, dict) else one if isinstance(one, tuple | list) else ()
    return sum(map(bytes_of, items))
