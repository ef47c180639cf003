"""The only loop over chunks, and the only pool of threads: what is done comes back in order, a few at a time are under way, each is timed.

Whoever stops asking stops the work. Threads share the chunks; what they return is put together in the order of the draws, so that neither
threads nor the size of chunks change a bit of any result.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeVar

from simulate.errors import interrupts
from simulate.names import BLOCKS
from simulate.pace import Pace, Timed
from simulate.sampling import Chunk

Item = TypeVar("Item")
Found = TypeVar("Found")

TOGETHER = 256  # draws of several blocks that are done at a time
BY_ONE = 512  # likewise, where one thread does them all: fewer parts would leave others nothing to do


@dataclass(frozen=True, slots=True)
class Plan:
    """Draws from `begin` on, 16 blocks of them, in their order, no more than `most` at a time; whole blocks where these have `together` at most."""

    draws: int
    most: int
    begin: int = 0
    together: int = TOGETHER

    @property
    def each(self) -> int:
        """Draws of a block."""
        return self.draws // BLOCKS

    @property
    def blocks(self) -> int:
        """That are done at a time."""
        return min(max(1, min(self.most, self.together) // self.each), BLOCKS)

    @property
    def largest(self) -> int:
        """Draws of the largest chunk."""
        return min(self.most, self.blocks * self.each)

    @property
    def number(self) -> int:
        """Of chunks."""
        return -(-BLOCKS // self.blocks) * -(-self.each // self.most)

    def __iter__(self) -> Iterator[Chunk]:
        step = self.blocks * self.each
        for block in range(0, self.draws, step):
            until = min(block + step, self.draws)
            for first in range(block, until, self.largest):
                yield Chunk(self.begin + first, self.begin + min(first + self.largest, until), self.each)


def in_order(
    work: Callable[[Item], Found],
    items: Iterable[Item],
    threads: int,
    pace: Pace | None = None,
    shared: Callable[[Item], None] | None = None,
    draws: Callable[[Item], int] = attrgetter("draws"),
) -> Iterator[Found]:
    """What work makes of each item, in their order.

    pace: hears of each that is done. shared: makes beforehand what several items have in common, which is timed apart. draws: of an item, where
    there is a pace.
    """

    def one(item: Item) -> tuple[Found, Timed | None]:
        if pace is None:
            return work(item), None
        waiting = time.perf_counter()
        if shared is not None:
            shared(item)
        began, processor = time.perf_counter(), pace.processor()
        found = work(item)
        seconds, own = time.perf_counter() - began, pace.processor() - processor
        return found, Timed(draws(item), seconds, own, began - waiting)

    def told(done: tuple[Found, Timed | None]) -> Found:
        found, timed = done
        if pace is not None and timed is not None:
            pace.done(timed)
        return found

    if threads == 1:  # a thread of its own would take longer than a small run
        for item in items:
            yield told(one(item))
        return
    waiting: deque[Future[tuple[Found, Timed | None]]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for item in items:
                with interrupts():
                    waiting.append(pool.submit(one, item))
                if len(waiting) > threads + 1:
                    yield told(waiting.popleft().result())
            while waiting:
                yield told(waiting.popleft().result())
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
