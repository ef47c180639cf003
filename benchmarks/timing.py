"""Programs take turns; what is told of two of them is the median, over the rounds, of their ratio in the same round."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

LEAST_ROUNDS = 7


def nothing() -> None:
    pass


@dataclass
class Contestant:
    """Something to be timed, after `ready`, which is not."""

    work: Callable[[], object]
    ready: Callable[[], object] = nothing
    clock: Callable[[], float] = time.perf_counter
    amount: Callable[[], float] = field(default=lambda: 1.0)  # of what was done, asked after `work`


@dataclass(frozen=True)
class Times:
    """Seconds for each unit of what was done, by contestant and round."""

    seconds: dict[str, list[float]]

    def ratio(self, ours: str, theirs: str) -> float:
        """How many times as fast `ours` is."""
        pairs = zip(self.seconds[ours], self.seconds[theirs], strict=True)
        return statistics.median(their / our for our, their in pairs)

    def median(self, name: str) -> float:
        return statistics.median(self.seconds[name])


def rounds(contestants: dict[str, Contestant], number: int) -> Times:
    """Time all of them in each round, a different one first each time, after one round that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for each in contestants.values():
        _once(each)
    for turn in range(number):
        for name in _rotated(list(contestants), turn):
            seconds[name].append(_once(contestants[name]))
    return Times(seconds)


def _rotated(names: list[str], turn: int) -> Iterator[str]:
    turn %= len(names)
    yield from names[turn:] + names[:turn]


def _once(one: Contestant) -> float:
    one.ready()
    begin = one.clock()
    one.work()
    return (one.clock() - begin) / one.amount()
