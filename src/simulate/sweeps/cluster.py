"""A sweep's cells made on a Dask cluster: the same bits as on one machine, or the worker is refused.

A worker is sent the scenarios' texts, the grid and the options, once; tasks are numbers of cells, and only what is kept of these comes back.
Before its first cell it makes a probe, a cell that the parent made as well.
"""

from __future__ import annotations

import hashlib
import logging
import pickle
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from simulate import store
from simulate.errors import InputError, ResourceError
from simulate.locale import text
from simulate.pace import Notify
from simulate.sweeps.cells import Made, Sweep

if TYPE_CHECKING:
    from distributed import Client, Future

AHEAD = 2  # batches for each thread of a worker: one that is made, and one that waits
PATIENCE = 10  # seconds that a scheduler has to answer, and that a cluster may be without workers before that is said
LONGEST = 600  # seconds without any worker, after which the sweep ends, with what is done


class Order(NamedTuple):
    """What a worker is sent. probe: number of a cell, and what is to come of it."""

    versions: dict[str, str]
    sweep: bytes
    probe: int
    expected: bytes


class Refused(NamedTuple):
    """Why a worker may make no cells, in words."""

    worker: str
    why: str


class Failed(NamedTuple):
    """A cell that could not be made, and why; there is no figure for it, and the sweep is not whole."""

    number: int
    why: str


def order(sweep: Sweep) -> Order:
    """With the first scenario as it stands as the probe, which is made here."""
    number = len(sweep.grid) - sweep.grid.scenarios
    return Order(store.versions(), pickle.dumps(sweep.recipe), number, _bits(next(iter(sweep.make([number])))))


@contextmanager
def connected(address: str | None, workers: int = 1) -> Iterator[Client]:
    """A scheduler's client; without an address, that of so many workers on this machine, which end with it.

    Raises InputError where none answers, or the libraries are missing.
    """
    try:
        import distributed
    except ImportError:
        message = text("a cluster needs libraries that are not installed: pip install provenu[cluster]")
        raise InputError(message) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL + 1)  # what its own threads say of lost workers is no word to a user
    if address is None:
        with distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            silence_logs=logging.CRITICAL + 1,
        ) as own, distributed.Client(own, set_as_default=False) as client:
            yield client
        return
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        message = text("no scheduler answers at {address}: {reason}", address=address, reason=str(error))
        raise InputError(message) from None
    with client:
        yield client


@dataclass
class Cluster:
    """Makes cells on a scheduler's workers. seconds: until a batch is expected, for the words alone."""

    client: Client
    order: Order
    notify: Notify = lambda words: None
    refused: dict[str, str] = field(default_factory=dict)

    def made(self, batches: Iterator[Sequence[int]]) -> Iterator[list[Made | Failed]]:
        """As they come. A batch is asked for when a worker has room for it. Raises ResourceError where no worker is left."""
        from distributed import as_completed

        sent = self.client.scatter(self.order, broadcast=True, hash=False)
        coming = as_completed(loop=self.client.loop, raise_errors=False)
        under_way: dict[Future, Sequence[int]] = {}
        again: deque[Sequence[int]] = deque()
        more = True
        try:
            while True:
                while len(under_way) < AHEAD * self._threads():
                    batch = again.popleft() if again else next(batches, None) if more else None
                    if batch is None:
                        more = False
                        break
                    future = self.client.submit(_task, sent, list(batch), pure=False, workers=self._able())
                    under_way[future] = batch
                    coming.add(future)
                if not under_way:
                    return
                future = next(coming)
                yield from self._taken(future, under_way.pop(future), again)
        finally:
            self.client.cancel(list(under_way), force=True)

    def _taken(self, future: Future, batch: Sequence[int], again: deque[Sequence[int]]) -> Iterator[list[Made | Failed]]:
        """What has come of a batch; what is to be made again goes into `again`."""
        if future.status == "finished":
            found = future.result()
            if not isinstance(found, Refused):
                yield found
                return
            self._refuse(found)
            again.append(batch)
        elif len(batch) > 1:  # which of its cells it was is found one by one
            again.extend([number] for number in batch)
        else:
            yield [Failed(batch[0], _why(future))]

    def _refuse(self, found: Refused) -> None:
        if found.worker not in self.refused:
            self.refused[found.worker] = found.why
            self.notify(text("the worker at {address} makes no cells: {reason}", address=found.worker, reason=found.why))

    def _able(self) -> list[str] | None:
        """Addresses of workers that may make cells; None where all may."""
        if not self.refused:
            return None
        return [one for one in self.client.nthreads() if one not in self.refused]

    def _threads(self) -> int:
        """Of the workers that may make cells. Waits for one."""
        began, told = time.monotonic(), False
        while True:
            found = sum(n for worker, n in self.client.nthreads().items() if worker not in self.refused)
            waited = time.monotonic() - began
            if found:
                return found
            if waited > LONGEST or self.refused:
                raise ResourceError(text("no worker is left that can make cells"))
            if waited > PATIENCE and not told:
                self.notify(text("there is no worker; waiting for one, for {seconds} seconds", seconds=LONGEST))
                told = True
            time.sleep(0.1)


def _why(future: Future) -> str:
    with suppress(Exception):
        return str(future.exception())
    return future.status


def _task(sent: Order, numbers: Sequence[int]) -> list[Made] | Refused:
    """A worker's: the cells of a batch."""
    found = _accepted(*sent)
    return found if isinstance(found, Refused) else list(found.make(numbers))


@lru_cache(maxsize=1)
def _accepted_of(versions: tuple[tuple[str, str], ...], sweep: bytes, probe: int, expected: bytes) -> Sweep | str:
    """The sweep, made ready once in a process; why not, in words."""
    own = store.versions()
    differing = [f"{name} {own.get(name)} ({version})" for name, version in versions if own.get(name) != version]
    if differing:
        return text("other versions than here (in brackets): {versions}", versions=", ".join(differing))
    ready = Sweep.of(pickle.loads(sweep))
    if _bits(next(iter(ready.make([probe])))) != expected:
        return text("its figures differ from those of this machine in the last digits")
    return ready


def _accepted(versions: dict[str, str], sweep: bytes, probe: int, expected: bytes) -> Sweep | Refused:
    from distributed import get_worker

    found = _accepted_of(tuple(sorted(versions.items())), sweep, probe, expected)
    return Refused(get_worker().address, found) if isinstance(found, str) else found


def _bits(made: Made) -> bytes:
    """A digest of a cell's figures."""
    numbers = b"" if made.numbers is None else made.numbers.tobytes()
    return hashlib.sha256(repr((made.number, made.reason)).encode() + numbers).digest()
