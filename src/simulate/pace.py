"""How long the work takes, from parts of it that this very process has timed: told once it is known, or refused while little is lost.

A run is timed chunk by chunk. Of the runs that a study makes beside the one at work, those that are like it are counted in its draws; of every
other kind one chunk is done beforehand and timed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from simulate.errors import ResourceError
from simulate.locale import text
from simulate.names import BLOCKS

Notify = Callable[[str], None]
Clock = Callable[[], float]

PATIENCE = 120  # seconds, after which the work says how long it takes
LONGEST = 2  # hours
AGAIN = 2  # times as long as was told: told anew
LITTLE = 100  # of the whole is the most that may be lost to a refusal
WORTH_IT = 10  # seconds of work, at a guess, from which on other kinds of run are timed beforehand
COLD = 1.0  # seconds: the first chunk of a thread brings the machine up to speed; a longer one tells all the same


class Timed(NamedTuple):
    """A chunk that is done."""

    draws: int
    seconds: float  # from its beginning to its end, in its thread
    processor: float  # of them, the thread's own; 0 where they are not asked for
    shared: float = 0.0  # seconds before, for what a block's chunks have in common


class Sounding(NamedTuple):
    """A run of some kind, from one chunk of it: seconds of the processor."""

    once: float
    block: float
    chunk: float
    chunks: int


@dataclass
class _Kind:
    """Runs of one kind, so many of them."""

    times: float
    sound: Callable[[], Sounding]
    sounded: Sounding | None = None

    def seconds(self, threads: int) -> float:
        if self.sounded is None:
            self.sounded = self.sound()
        one = self.sounded
        return self.times * (one.once + BLOCKS * one.block + one.chunk * one.chunks / min(threads, one.chunks))


@dataclass
class _Following:
    """What follows a run: draws like its own, and runs of other kinds."""

    draws: float = 0.0
    kinds: list[_Kind] = field(default_factory=list)


@dataclass
class _Sum:
    draws: int = 0
    seconds: float = 0.0
    processor: float = 0.0

    def __bool__(self) -> bool:
        return self.draws > 0


@dataclass
class _Known:
    """Of the chunks that are done: apart those that brought the machine up to speed, the first of each thread."""

    cold: _Sum = field(default_factory=_Sum)
    warm: _Sum = field(default_factory=_Sum)
    chunks: int = 0
    shared: float = 0.0  # the longest of a block

    @property
    def draws(self) -> int:
        return self.cold.draws + self.warm.draws

    def add(self, chunk: Timed, threads: int) -> None:
        into = self.cold if self.chunks < threads else self.warm
        self.chunks += 1
        into.draws += chunk.draws
        into.seconds += chunk.seconds
        into.processor += chunk.processor
        self.shared = max(self.shared, chunk.shared)


@dataclass
class Pace:
    """One for a whole command: begin() with each run, done() with each chunk.

    notify: hears in words how long it takes. clock, thread: seconds that have passed, and the thread's own of the processor.
    """

    notify: Notify = lambda words: None
    clock: Clock = time.perf_counter
    thread: Clock = time.thread_time
    hint: str = ""  # what to say beside
    draws: int = 0  # of the run at work
    threads: int = 1
    expected: float = 0.0  # seconds of all the work, by now
    _following: _Following = field(default_factory=_Following)
    _planned: _Following = field(default_factory=_Following)
    _known: _Known = field(default_factory=_Known)
    _began: float | None = None
    _said: float = 0.0

    def follow(self, draws: float) -> None:
        """So many more draws follow the next run that begins, each like one of its own."""
        self._planned.draws += draws

    def further(self, times: float, sound: Callable[[], Sounding]) -> None:
        """So many runs of another kind follow the next run that begins. sound: times one of them."""
        if times > 0:
            self._planned.kinds.append(_Kind(times, sound))

    def begin(self, draws: int, threads: int) -> None:
        """A run of so many draws begins."""
        if self._began is None:
            self._began = self.clock()
        self.draws, self.threads, self._known = draws, threads, _Known()
        self._following, self._planned = self._planned, _Following()

    def processor(self) -> float:
        """Seconds of the processor that the thread has had; 0 where no other kind of run follows, for which alone they count: it takes a
        while to tell them."""
        return self.thread() if self._following.kinds else 0.0

    def done(self, chunk: Timed) -> None:
        """A chunk of the run is done. Raises ResourceError where all of the work would take hours."""
        self._known.add(chunk, self.threads)
        self._judge()

    def _judge(self) -> None:
        assert self._began is not None
        spent = self.clock() - self._began
        left = self._left()
        if left is None:
            return
        self.expected = spent + left
        if self.expected > 3600 * LONGEST and LITTLE * spent <= self.expected:
            raise ResourceError(refusal(self.expected))
        if self.expected >= max(PATIENCE, AGAIN * self._said):
            self._said = self.expected
            said = text("This will take about {minutes} minutes.", minutes=f"{self.expected / 60:.0f}")
            self.notify(f"{said} {self.hint}".strip())

    def _left(self) -> float | None:
        """Seconds that the work still takes; None while nobody knows."""
        known, warm = self._known, self._known.warm or self._known.cold
        if not known.warm and known.draws < self.draws and warm.seconds / known.chunks < COLD:
            return None
        more, kinds = self._following.draws, self._following.kinds
        a_draw = warm.seconds / warm.draws
        to_do = self.draws - known.draws + more
        left = to_do * (a_draw / self.threads + BLOCKS * known.shared / self.draws)
        if kinds and a_draw * self.draws * (1 + sum(kind.times for kind in kinds)) > WORTH_IT:
            slowed = warm.seconds / warm.processor if warm.processor > 0 else 1.0
            left += max(1.0, slowed) * sum(kind.seconds(self.threads) for kind in kinds)
        return left


def refusal(seconds: float) -> str:
    return text(
        "this would take about {hours} hours; take fewer --draws or --engine expected", hours=f"{seconds / 3600:.0f}"
    )
