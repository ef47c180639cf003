"""A sweep's cells made on a Dask cluster: the same bits as on one machine, or the worker is refused.

Each worker is sent the sweep once, and makes a probe, a cell that is made here as well, before its first batch. From then on batches go to a worker by
name, so that it is known what is lost with it, and what killed it; only what is kept of their cells comes back. Dask carries all this, and tells who is
there.
"""

from __future__ import annotations

import contextlib
import pkgutil
import queue
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from simulate import machine
from simulate.errors import ClusterError
from simulate.locale import text
from simulate.pace import Notify
from simulate.sweeps import worker
from simulate.sweeps.cells import Made, Sweep

if TYPE_CHECKING:
    from distributed import Client, Future

AHEAD = 2  # batches for each thread of a worker: one that is made, and one that waits
BATCH = 1.0  # seconds that a batch is to take, beside which what Dask does for it is little
TOGETHER = 0.1  # seconds in which batches that have come are taken together
LOOK = 0.5  # seconds, after which it is seen again which workers are there
SILENCE = 10  # seconds without a worker, after which that is said
LONGEST = 600  # seconds without a worker, after which the sweep ends with what is done
LATE = 60  # seconds that a worker may be silent, or over its time, before its cells are given to others as well
TIMES = 10  # as long as it is to take, that what a worker has may take before it is late
PAUSED = 60  # seconds that a worker may be paused, for want of memory, with batches of ours
TRIES = 2  # workers that may be lost with a batch; then each of its cells has as many, alone
FRUITLESS = 8  # workers that may be lost one after the other before any has made a cell


class Present(NamedTuple):
    """A worker as the scheduler sees it. quiet: seconds since it was heard of."""

    address: str
    threads: int
    runs: bool
    quiet: float

    @property
    def machine(self) -> str:
        return self.address.rpartition(":")[0]


@dataclass(eq=False)
class _Batch:
    """alone: nothing else is on the worker meanwhile, so that it is known what killed it. lost: workers, with it. is_done: one has made it."""

    numbers: list[int]
    alone: bool = False
    lost: int = 0
    is_done: bool = False


@dataclass
class _Worker:
    """A process that there is. state: whether it is yet to prove itself, may make cells, or may not."""

    id: str
    present: Present
    state: str = "asked"
    tasks: set[str] = field(default_factory=set)
    alone: bool = False
    paused: float | None = None  # since when
    is_late: bool = False  # others have its cells as well
    sharing: int = 1  # threads on its machine
    is_met: bool = False  # whether it has this program

    @property
    def room(self) -> int:
        if self.state != "able" or not self.present.runs or self.alone or self.is_late:
            return 0
        return AHEAD * self.present.threads - len(self.tasks)


class _Task(NamedTuple):
    """Something on its way to a worker: a batch, or what prepares it. since: when it was sent."""

    future: Future[Any]
    worker: _Worker
    batch: _Batch | None
    since: float


@dataclass
class Cluster:
    """Makes cells on a scheduler's workers.

    notify: hears of workers that are refused, and of none being there. tend: is told now and then how many workers have been
    there, and has them run. silence, longest: seconds
    without any that are borne before that is said, and in all. late: seconds that one may be silent before its cells are given to others, too.
    """

    client: Client
    notify: Notify = lambda words: None
    tend: Callable[[int], None] = lambda seen: None
    silence: float = SILENCE
    longest: float = LONGEST
    late: float = LATE
    seen: set[str] = field(default_factory=set)  # ids of workers

    def made(self, sweep: Sweep, batches: Iterator[Sequence[int]]) -> Iterator[list[Made]]:
        """Each cell once, as they come; those that could not be made last. Raises ClusterError where the scheduler, or every worker, is lost."""
        work = _Work(self, sweep, batches)
        try:
            yield from work.made()
        finally:
            work.cancel()


@dataclass
class _Work:
    """One sweep's way through the cluster."""

    cluster: Cluster
    sweep: Sweep
    batches: Iterator[Sequence[int]]
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    workers: dict[str, _Worker] = field(default_factory=dict)
    tasks: dict[str, _Task] = field(default_factory=dict)
    arrived: queue.SimpleQueue[str] = field(default_factory=queue.SimpleQueue)
    again: deque[_Batch] = field(default_factory=deque)
    suspects: deque[_Batch] = field(default_factory=deque)
    failed: list[Made] = field(default_factory=list)
    probes: dict[int, worker.Probe] = field(default_factory=dict)
    order: worker.Order | None = None
    is_out: bool = False  # of batches
    sent: int = 0
    seconds: float = 0.0  # of a cell, by those that came last
    slowest: float = 0.0  # seconds of a single cell
    looked: float = -1.0
    alone_since: float = field(default_factory=time.monotonic)  # without a worker that may make cells
    has_said: bool = False
    fruitless: int = 0
    refused: dict[str, str] = field(default_factory=dict)  # address → why

    def made(self) -> Iterator[list[Made]]:
        while True:
            self._look()
            self._send()
            if self._is_done():
                break
            if found := self._come():
                yield found
        if self.failed:
            yield self.failed

    def _is_done(self) -> bool:
        if any(task.batch is not None and not task.batch.is_done for task in self.tasks.values()):
            return False
        if not self.is_out and not self.again:
            self._take()
        return self.is_out and not self.again and not self.suspects

    def cancel(self) -> None:
        """What is under way, whether or not there is still a scheduler to hear of it."""
        with contextlib.suppress(Exception):
            if self.cluster.client.status == "running":
                self.cluster.client.cancel([task.future for task in self.tasks.values()], force=True)
        self.tasks.clear()

    # Workers ----------------------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Who is there, now and then."""
        if time.monotonic() - self.looked < LOOK:
            return
        self.cluster.tend(len(self.cluster.seen))
        present = self._present()
        self.looked = time.monotonic()
        self.cluster.seen.update(present)
        for id_ in self.workers.keys() - present.keys():
            self._part(self.workers.pop(id_))
        for id_, one in present.items():
            if id_ in self.workers:
                self.workers[id_].present = one
            else:
                beside = sum(each.threads for each in present.values() if each.machine == one.machine)
                self.workers[id_] = self._greet(_Worker(id_, one), beside)
        for known in self.workers.values():
            self._bear(known)
            self._time_out(known)
        self._wait()

    def _present(self) -> Mapping[str, Present]:
        """By the ids of their processes, as one that is started anew may have the address of the one before."""
        client = self.cluster.client
        if client.status != "running":  # it has lost all that was under way, even where it finds the scheduler again
            raise _scheduler_lost(client)
        try:
            found = client.run_on_scheduler(worker.present)
        except Exception:  # Dask's own, the network's, and what a scheduler that ends sends
            raise _scheduler_lost(client) from None
        return {id_: Present(*one) for id_, one in found.items()}

    def _greet(self, one: _Worker, sharing: int) -> _Worker:
        """Send it the sweep, and see what it makes of it. sharing: threads on its machine."""
        if self.order is None:
            base = len(self.sweep.grid) - self.sweep.grid.scenarios
            self.order = worker.order(self.id, self.sweep, self._probe(base))
        one.sharing = sharing
        # a worker that has nothing of ours could not even read what is sent to it, and would say nothing
        self._submit(one, None, pkgutil.resolve_name, f"{worker.__name__}:MOST")
        return one

    def _part(self, gone: _Worker) -> None:
        """From a worker that is lost: what was on it goes elsewhere."""
        self.fruitless += gone.state == "asked"
        if self.fruitless > FRUITLESS and not self._is_able:
            raise ClusterError(_kept(text("every worker ends before it has made a cell")))
        for key in [*gone.tasks]:
            task = self._taken(key)
            if task.batch is not None:
                self._lost(task.batch, text("its worker was lost, each time that it was tried"))
        self.refused.pop(gone.present.address, None)

    def _bear(self, one: _Worker) -> None:
        """With a worker that is paused, for a while."""
        if one.present.runs:
            one.paused = None
        elif one.paused is None:
            one.paused = time.monotonic()
        elif time.monotonic() - one.paused > PAUSED and one.tasks:
            for key in [*one.tasks]:
                task = self._taken(key)
                if task.batch is not None:
                    self._lost(task.batch, text("its worker had no memory left"))

    def _time_out(self, one: _Worker) -> None:
        """Where a worker is silent, or takes too long, others get its cells as well; whoever has them first has made them."""
        waited = max((time.monotonic() - self.tasks[key].since for key in one.tasks), default=0.0)
        is_silent = one.present.quiet > self.cluster.late
        if one.is_late and not one.tasks and not is_silent:
            self._hear(one)
        is_over = waited > max(self.cluster.late, TIMES * self._expected(one))
        if one.is_late or one.state != "able" or not (is_silent or is_over):
            return
        one.is_late = True
        self.cluster.notify(
            text(
                "The worker at {address} is late: nothing has come from it for {seconds} seconds. Others make its cells, where there are any.",
                address=one.present.address, seconds=f"{max(waited, one.present.quiet):.0f}",
            )
        )  # fmt: skip
        for key in one.tasks:
            self._queue(self.tasks[key].batch)

    def _expected(self, one: _Worker) -> float:
        """Seconds in which all that a worker has is made, by what cells took so far."""
        batches = [task.batch for task in map(self.tasks.__getitem__, one.tasks) if task.batch is not None]
        return sum(max(len(batch.numbers) * self.seconds, self.slowest) for batch in batches)

    @property
    def _is_able(self) -> bool:
        return any(one.state == "able" and not one.is_late for one in self.workers.values())

    def _wait(self) -> None:
        """For a worker; not for ever."""
        if self._is_able:
            self.alone_since, self.has_said = time.monotonic(), False
            return
        waited = time.monotonic() - self.alone_since
        if any(one.state != "refused" for one in self.workers.values()):
            if waited > max(self.cluster.longest, TIMES * self.slowest):
                why = text("no worker has answered for {seconds} seconds", seconds=f"{waited:.0f}")
                raise ClusterError(_kept(why))
            return
        if self.workers and waited > self.cluster.silence:
            told = "; ".join(f"{address}: {why}" for address, why in self.refused.items())
            raise ClusterError(_kept(text("no worker may make cells: {workers}", workers=told)))
        if waited > self.cluster.longest:
            raise ClusterError(_kept(text("there has been no worker for {seconds} seconds", seconds=f"{waited:.0f}")))
        if waited > self.cluster.silence and not self.has_said:
            self.has_said = True
            self.cluster.notify(
                text(
                    "The scheduler has no worker; waiting for one, {minutes} minutes at most.",
                    minutes=f"{self.cluster.longest / 60:.0f}",
                )
            )

    def _refuse(self, one: _Worker, why: str) -> None:
        one.state = "refused"
        address = one.present.address
        if self.refused.get(address) != why:
            self.refused[address] = why
            self.cluster.notify(text("The worker at {address} makes no cells: {reason}", address=address, reason=why))

    # Batches ----------------------------------------------------------------------------------------------------------------

    def _send(self) -> None:
        """What workers have room for, to the one with the least to do first; cells under suspicion once all others are on their way."""
        while able := [one for one in self.workers.values() if one.room > 0]:
            least = min(able, key=lambda one: len(one.tasks) / one.present.threads)
            batch = self._next()
            if batch is None:
                break
            self._assign(least, batch)
        for one in self.workers.values():
            if self.suspects and one.room > 0 and not one.tasks and self.is_out and not self.again:
                self._assign(one, self.suspects.popleft())

    def _next(self) -> _Batch | None:
        if not self.again and not self.is_out:
            self._take()
        return self.again.popleft() if self.again else None

    def _take(self) -> None:
        """So many batches from the sweep as make one that is worth sending."""
        found: list[int] = []
        while not found or 0 < len(found) * self.seconds < BATCH:
            batch = next(self.batches, None)
            if batch is None:
                self.is_out = True
                break
            if found and (len(found) + len(batch)) * self.seconds > 2 * BATCH:
                self.again.append(_Batch([*batch]))
                break
            found += batch
        if found:
            self.again.append(_Batch(found))

    def _assign(self, one: _Worker, batch: _Batch) -> None:
        one.alone = batch.alone
        scenarios = {self.sweep.grid.cell(number).scenario for number in batch.numbers}
        base = len(self.sweep.grid) - self.sweep.grid.scenarios
        probes = [self._probe(base + scenario) for scenario in sorted(scenarios)]
        self._submit(one, batch, worker.make, self.id, batch.numbers, probes)

    def _probe(self, number: int) -> worker.Probe:
        """Of a scenario as it stands, made here once."""
        if number not in self.probes:
            began = time.monotonic()
            self.probes[number] = worker.probe(self.sweep, number)
            seconds = (time.monotonic() - began) * machine.processors()  # which a worker's thread has not
            self.slowest = max(self.slowest, seconds)
        return self.probes[number]

    def _submit(self, to: _Worker, batch: _Batch | None, work: Callable[..., Any], *given: Any) -> None:
        self.sent += 1
        key = f"provenu-{self.id}-{self.sent}"
        try:
            future = self.cluster.client.submit(
                work, *given, key=key, workers=[to.present.address], allow_other_workers=False, pure=False
            )
        except Exception:
            raise _scheduler_lost(self.cluster.client) from None
        self.tasks[key] = _Task(future, to, batch, time.monotonic())
        to.tasks.add(key)
        future.add_done_callback(lambda done: self.arrived.put(key))

    def _taken(self, key: str) -> _Task:
        """A task that is no longer under way."""
        task = self.tasks.pop(key)
        task.worker.tasks.discard(key)
        if task.batch is not None and task.batch.alone:
            task.worker.alone = False
        task.future.release()
        return task

    def _lost(self, batch: _Batch, why: str) -> None:
        """Have it made again, elsewhere if possible; each cell alone where that has happened before; never where a cell alone has it."""
        if batch.is_done or self._is_under_way(batch):
            return
        batch.lost += 1
        if batch.lost < TRIES:
            self._queue(batch)
        elif batch.alone:
            self.failed.append(Made(batch.numbers[0], None, None, failure=why))
        else:
            self.suspects.extend(_Batch([number], alone=True) for number in batch.numbers)

    def _queue(self, batch: _Batch | None) -> None:
        """For whoever has room."""
        if batch is not None and not batch.is_done:
            (self.suspects if batch.alone else self.again).append(batch)

    def _is_under_way(self, batch: _Batch) -> bool:
        """Elsewhere, or soon."""
        waiting = [*self.again, *self.suspects, *(task.batch for task in self.tasks.values())]
        return any(one is batch for one in waiting)

    # What comes back --------------------------------------------------------------------------------------------------------

    def _come(self) -> list[Made]:
        """What comes before it is time to look again; with what has come beside it, to be written at once."""
        found: list[Made] = []
        with contextlib.suppress(queue.Empty):
            key = self.arrived.get(timeout=max(0.01, LOOK - (time.monotonic() - self.looked)))
            until = time.monotonic() + TOGETHER
            while time.monotonic() < until and self.cluster.client.status == "running":
                if key in self.tasks:
                    result, why = _result(self.tasks[key].future)
                    task = self._taken(key)
                    self._hear(task.worker)
                    found += self._judged(task, result, why)
                key = self.arrived.get_nowait()
            self.arrived.put(key)
        return found

    def _judged(self, task: _Task, found: Any, why: str) -> list[Made]:
        """The finished cells of what has come back."""
        if isinstance(found, worker.Refused):
            self._refuse(task.worker, found.why)
            if task.batch is not None and not self._is_under_way(task.batch):
                self._queue(task.batch)
        elif task.batch is None:
            self._prepared(task.worker, why)
        elif found is None:
            self._lost(task.batch, why or text("its worker was started anew, each time that it was tried"))
        elif not task.batch.is_done:
            self._finish(task.batch)
            self.fruitless = 0
            self._time(found)
            self.failed += [cell for cell in found if cell.failure]
            return [cell for cell in found if not cell.failure]
        return []

    def _hear(self, one: _Worker) -> None:
        """Of a worker that was late, and is not lost: what others have made meanwhile it need not make."""
        if one.is_late:
            one.is_late = False
            self.cluster.notify(text("The worker at {address} answers again.", address=one.present.address))
            for key in [key for key in one.tasks if (batch := self.tasks[key].batch) is not None and batch.is_done]:
                self._taken(key)

    def _finish(self, batch: _Batch) -> None:
        """Nobody else need make it; of one that is late is waited for an answer all the same, which tells that it is back."""
        batch.is_done = True
        for waiting in (self.again, self.suspects):
            if any(one is batch for one in waiting):
                waiting.remove(batch)
        for key in [key for key, task in self.tasks.items() if task.batch is batch and not task.worker.is_late]:
            self._taken(key)

    def _prepared(self, one: _Worker, why: str) -> None:
        if why:
            self._refuse(one, why)
        elif one.is_met:
            one.state = "able"
        else:
            one.is_met = True
            self._submit(one, None, worker.prepare, self.order, one.sharing)

    def _time(self, found: Sequence[Made]) -> None:
        seconds = [cell.seconds for cell in found if cell.layout is not None]
        if seconds:
            self.seconds = sum(seconds) / len(seconds)
            self.slowest = max(self.slowest, *seconds)


def _result(future: Future[Any]) -> tuple[Any, str]:
    """What a task came to, and why to nothing."""
    try:
        return future.result(timeout=30), ""
    except ModuleNotFoundError as error:
        known = (error.name or "simulate").split(".")[0] == "simulate"
        return None, worker.not_installed() if known else str(error)
    except Exception as error:  # whatever went wrong there, on the way, or with Dask
        return None, f"{type(error).__name__}: {error}"


def _scheduler_lost(client: Client) -> ClusterError:
    address = client.scheduler.address if client.scheduler is not None else "?"
    return ClusterError(_kept(text("the scheduler at {address} answers no more", address=address)))


def _kept(message: str) -> str:
    return text("{what}. The cells that are done are kept; the same command goes on with the others.", what=message)
