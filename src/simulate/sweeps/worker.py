"""A Dask worker's side of a sweep: it is sent the sweep once, proves that it makes the same bits, and makes cells.

Everything here is found by its name in the worker's own installation, so the worker and its scheduler need one.
"""

from __future__ import annotations

import hashlib
import pickle
import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from simulate import locale, machine, store
from simulate.locale import text
from simulate.sweeps.cells import Made, Sweep, forget
from simulate.sweeps.local import PART

if TYPE_CHECKING:
    from distributed import Scheduler

MOST = 4  # sweeps that a worker keeps ready: several people may have work on it


class Probe(NamedTuple):
    """A cell, and a digest of what is to come of it."""

    number: int
    digest: bytes


class Order(NamedTuple):
    """What a worker is sent before its first cell. sweep: pickled, and opened by equal versions alone. probe: of its first scenario."""

    id: str
    versions: dict[str, str]
    language: locale.Language
    sweep: bytes
    probe: Probe


class Refused(NamedTuple):
    """Why this worker may make no cells, in words."""

    why: str


@dataclass
class _Ready:
    """A sweep that was sent. sharing: threads that share this machine's memory. proven: probes that came out as they were to."""

    sweep: Sweep
    language: locale.Language
    sharing: int
    proven: set[Probe] = field(default_factory=set)

    @property
    def room(self) -> int:
        """Bytes for what the cells of a thread have in common."""
        return machine.memory() // PART // self.sharing


_ready: OrderedDict[str, _Ready] = OrderedDict()
_lock = Lock()  # a worker may have several threads


def order(id_: str, sweep: Sweep, probe: Probe) -> Order:
    """For workers, each thread of which makes one cell at a time."""
    alone = replace(sweep, options=tuple(replace(one, threads=1) for one in sweep.options))
    return Order(id_, versions(), locale.language(), pickle.dumps(alone), probe)


def probe(sweep: Sweep, number: int, room: int | None = None) -> Probe:
    return Probe(number, digest(_only(sweep, number, room)))


def prepare(order: Order, sharing: int) -> Refused | None:
    """On a worker, with so many threads on its machine: have the sweep ready; or why not."""
    locale.use(order.language)
    if differing := _differing(order.versions):
        return Refused(text("its versions are others than here (in brackets): {versions}", versions=differing))
    ready = _Ready(pickle.loads(order.sweep), order.language, sharing)
    refused = _disproved(ready, [order.probe])
    if refused is None:
        with _lock:
            _ready[order.id] = ready
            while len(_ready) > MOST:
                _ready.popitem(last=False)
    return refused


def make(id_: str, numbers: Sequence[int], probes: Iterable[Probe]) -> list[Made] | Refused | None:
    """On a worker: the cells with these numbers, once the probes have come out; None where it does not know the sweep."""
    with _lock:
        ready = _ready.get(id_)
        if ready is None:
            return None
        _ready.move_to_end(id_)
    locale.use(ready.language)
    return _disproved(ready, probes) or list(ready.sweep.make(numbers, room=ready.room))


def present(dask_scheduler: Scheduler) -> dict[str, tuple[str, int, bool, float]]:
    """On the scheduler: of each worker's process, by its id, the address, its threads, whether it takes work, and seconds since it was heard of."""
    now = time.time()
    return {
        one.server_id: (one.address, one.nthreads, one.status.name == "running", now - one.last_seen)
        for one in dask_scheduler.workers.values()
    }


def not_installed() -> str:
    """What it means that a scheduler or a worker finds nothing of this module."""
    return text('provenu is not installed there, or another version: pip install "provenu[cluster]"')


def dask_version() -> str:
    from importlib.metadata import version

    return version("distributed")


@cache
def versions() -> dict[str, str]:
    """Of everything that the figures and their way hang on; of this program's own code also a digest, as its number may stand for several."""
    return store.versions() | {"distributed": dask_version(), "source": store.source()}


def _differing(wanted: dict[str, str]) -> str:
    own, said = versions(), {"source": text("this program's own code")}
    differing = {name: one for name, one in wanted.items() if own.get(name) != one}
    return ", ".join(f"{said.get(name, name)} {own.get(name, '–')} ({one})" for name, one in differing.items())


def _disproved(ready: _Ready, probes: Iterable[Probe]) -> Refused | None:
    """Make the probes that have not been made here."""
    for one in probes:
        if one not in ready.proven:
            if probe(ready.sweep, one.number, ready.room) != one:
                return Refused(text("its figures differ from those of this machine in their last digits"))
            ready.proven.add(one)
    return None


def _only(sweep: Sweep, number: int, room: int | None = None) -> Made:
    try:
        (made,) = sweep.make([number], room=room)
        return made
    finally:
        forget()


def digest(made: Made) -> bytes:
    """Of what a cell is, to the last bit; how long it took is left out, and the words of a failure, which name places on the disk."""
    labels = "" if made.layout is None else made.layout.written
    numbers = b"" if made.numbers is None else made.numbers.tobytes()
    return hashlib.sha256(repr((made.number, labels, made.reason, bool(made.failure))).encode() + numbers).digest()
