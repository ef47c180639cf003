"""Executors: whatever makes cells. The one here is threads of this process: kernels let each other work, and so do cells."""

from __future__ import annotations

import contextvars
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from simulate import machine
from simulate.errors import interrupts
from simulate.sweeps.cells import Made, Sweep

TOGETHER = 0.1  # seconds in which cells that are finished are gathered, to be written at once
PART = 4  # of the memory that is free, which lives that cells share may take


class Executor(Protocol):
    """Makes cells; the bits do not hang on which one does."""

    def made(self, sweep: Sweep, batches: Iterator[Sequence[int]]) -> Iterator[list[Made]]:
        """Each cell once, in any order, those that are finished together as soon as they are; whoever stops asking stops the work.

        batches: numbers of cells that are well made together by one worker, to be taken one by one as there is room: later ones are sized by how
        long those that have come back took.
        """
        ...


class _Stopped(BaseException):
    """Nobody waits for the cell any more."""


@dataclass(frozen=True)
class Local:
    """So many threads, a cell each. The thread that asks does no work of its own, so that it can be interrupted at any time."""

    workers: int

    def made(self, sweep: Sweep, batches: Iterator[Sequence[int]]) -> Iterator[list[Made]]:
        sweep = replace(sweep, options=tuple(replace(one, threads=1) for one in sweep.options))
        finished: queue.SimpleQueue[Made | BaseException | None] = queue.SimpleQueue()
        stop, taking = threading.Event(), threading.Lock()
        room = machine.memory() // PART // self.workers

        def progress(done: int, of: int) -> None:
            if stop.is_set():
                raise _Stopped

        def work() -> None:
            try:
                while not stop.is_set():
                    with taking:
                        batch = next(batches, None)
                    if batch is None:
                        break
                    for cell in sweep.make(batch, progress, room):
                        finished.put(cell)
            except _Stopped:
                pass
            except BaseException as error:
                finished.put(error)
            finally:
                finished.put(None)

        try:
            for _ in range(self.workers):
                own = contextvars.copy_context()  # the language
                thread = threading.Thread(
                    target=own.run, args=(work,), daemon=True
                )  # none holds up the end of the process
                with interrupts():
                    thread.start()
            yield from _gathered(finished, self.workers)
        finally:
            stop.set()


def _gathered(finished: queue.SimpleQueue[Made | BaseException | None], workers: int) -> Iterator[list[Made]]:
    """What has come in the time that is worth waiting for it, until all workers have ended."""
    while workers:
        found: list[Made] = []
        until = None
        while workers:
            try:
                one = finished.get(timeout=None if until is None else max(0.0, until - time.monotonic()))
            except queue.Empty:
                break
            if isinstance(one, BaseException):
                raise one
            if one is None:
                workers -= 1
                continue
            until = until or time.monotonic() + TOGETHER
            found.append(one)
        if found:
            yield found


def workers(sweep: Sweep, asked: int | None, cells: int) -> int:
    """How many threads: those asked for, or the processors, but no more than there are cells, and memory for."""
    room = min(case.work(one).at_once() for case, one in zip(sweep.cases, sweep.options, strict=True))
    return max(1, min(asked or machine.processors(), cells, room))
