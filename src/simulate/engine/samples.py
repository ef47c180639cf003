"""What runs have in common is done once: numbers drawn alike, lives alike, the life without the programme alike."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import fields, is_dataclass, replace
from threading import Lock
from typing import Any

import numpy as np

from simulate import machine, measures
from simulate.engine import sample
from simulate.engine.along import Along
from simulate.engine.sample import Sample
from simulate.model import Model
from simulate.options import Options
from simulate.sampling import Chunk, Sampler
from simulate.scenario import queries

PART = 4  # of the memory that is free: what is kept takes no more
MOST = 2  # samples of the same draws: the first one, and the last one that is not lived as the first


class Samples:
    """Of runs of any cases. That two are alike is seen by the numbers themselves, and so holds to the last bit.

    What does not fit into memory is done again: the figures are the same.
    """

    def __init__(self, room: int | None = None) -> None:
        """room: bytes; without it nothing is kept, and as much as may be where None is given."""
        self._numbers: dict[Hashable, np.ndarray] = {}
        self._kept: dict[Hashable, list[Sample]] = {}
        self._along: dict[Hashable, tuple[Model, Along]] = {}  # kept with its model, so that nothing else gets its id
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
        alike = next((one for one in kept if one.given.is_same(drawn.given)), None)
        if alike is not None:
            return replace(alike, **drawn._asdict())
        without = next((one for one in kept if one.given.is_same_baseline(drawn.given)), None)
        expects = bool(sampler.uncertain) or options.engine == "expected"
        found = sample.live(one, drawn, options, period, chunk, luck_of, expects, without)
        if self._has_room(bytes_of(found) - sum(bytes_of(one) for one in kept[MOST - 1 :])):
            self._kept[place] = [*kept[: MOST - 1], found]
        return found

    def along(self, one: Model, sampler: Sampler, options: Options) -> Along | None:
        """The runs with other values of what was held last; None where lives hang on it, or nothing is held."""
        *others, last = [*sampler.fixed] or [""]
        if not self._room or last in ("", *queries.driving_lives(one.scenario)):
            return None
        place = (id(one), options, last, *((name, sampler.fixed[name].tobytes()) for name in others))
        highest = measures.LUCK_THIRD if options.adds_luck else measures.LUCK_VARIANCE
        assert highest.degree is not None
        _, along = self._along.setdefault(place, (one, Along(highest.degree + 1, self._has_room)))
        return along

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
