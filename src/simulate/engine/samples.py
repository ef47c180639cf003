"""What runs have in common is done once: numbers drawn alike, lives alike, the life without the programme alike."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, fields, is_dataclass
from threading import Lock
from typing import Any

import numpy as np

from simulate import machine
from simulate.engine import sample
from simulate.engine.sample import Sample
from simulate.model import Model, Parameters
from simulate.options import Options
from simulate.sampling import Chunk, Sampler

PART = 4  # of the memory that is free: what is kept takes no more
YEAR = 24  # half-months
MOST = 2  # samples of the same draws: the first one, and the last one that is not lived as the first


@dataclass(frozen=True, slots=True)
class _Kept:
    """A model's sample."""

    model: Model
    sample: Sample

    def is_same(self, one: Model, given: Parameters) -> bool:
        """Whether the model's lives are these as far as its horizon. Within it, lives do not hang on what is beyond, nor do the last bits of
        what is expected of them where no effect ends or changes with the time since entry."""
        own, number = self.sample.given, len(one.cohorts)
        if self.model.years > one.years:
            window = own.rates.window
            too_early = any(half < YEAR * one.years for _, half, _ in self.model.cohorts[number:])
            if too_early or one.classes > 1 or ((window > 0) & (window < YEAR * self.model.years)).any():
                return False
            own = own.until(one.years, number)
        return self.model.cohorts[:number] == one.cohorts and own.is_same(given)

    def is_same_baseline(self, one: Model, given: Parameters) -> bool:
        return self.model.cohorts == one.cohorts and self.sample.given.is_same_baseline(given)


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
        self._all_room = self._room

    def begin(self, sampler: Sampler, options: Options, chunk: Chunk) -> None:
        """Make beforehand what the draws of a block have in common, where any are to be made."""
        if len(self._known(sampler, options, chunk)) < len(sampler.free):
            sampler.begin(options.design, options.seed, chunk)

    def of(self, one: Model, sampler: Sampler, options: Options, period: int, chunk: Chunk, luck_of: int) -> Sample:
        """As sample.live()."""
        numbers = self.numbers(sampler, options, chunk)
        drawn = sample.draw(one, sampler, numbers)
        expects = bool(sampler.uncertain) or options.engine == "expected"
        place = (chunk, luck_of, period, one.mark, options.seed, options.design, options.engine, expects)
        kept = self._kept.get(place, [])
        able = [each for each in kept if each.sample.baselines.keys() >= set(options.counterfactuals)]
        alike = next((each for each in able if each.is_same(one, drawn.given)), None)
        if alike is None:
            without = next((each.sample for each in able if each.is_same_baseline(one, drawn.given)), None)
            alike = _Kept(one, sample.live(one, drawn, options, period, chunk, luck_of, expects, without))
            if not self.has_room(bytes_of(alike.sample) - sum(bytes_of(each.sample) for each in kept[MOST - 1 :])):
                return alike.sample
            self._kept[place] = [*kept[: MOST - 1], alike]
        return alike.sample.until(YEAR * one.years // period, options.counterfactuals, drawn)

    def numbers(self, sampler: Sampler, options: Options, chunk: Chunk) -> dict[str, np.ndarray]:
        """As Sampler.numbers()."""
        known = self._known(sampler, options, chunk)
        numbers = sampler.numbers(options.design, options.seed, chunk, known)
        new = {name: array for name, array in numbers.items() if name not in known}
        if new and self.has_room(bytes_of(new)):
            marks = sampler.marks
            self._numbers |= {(chunk, options.seed, options.design, marks[name]): array for name, array in new.items()}
        return numbers

    def _known(self, sampler: Sampler, options: Options, chunk: Chunk) -> dict[str, np.ndarray]:
        known, marks = {}, sampler.marks
        for one in sampler.free:
            found = self._numbers.get((chunk, options.seed, options.design, marks[one.name]))
            if found is not None and found.shape[1] >= one.width:
                known[one.name] = found[:, : one.width]
        return known

    @property
    def is_half_full(self) -> bool:
        """Whether little of what is still to be done may find room."""
        return 2 * self._room < self._all_room

    def has_room(self, more: int) -> bool:
        """Whether there is room for so many bytes more, which is then taken."""
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
