"""A Dask scheduler in this process, with workers beside it on this machine, whom nobody else can speak to.

They listen on 127.0.0.1, and to those alone who have a certificate that is made for this sweep, and kept in memory: any other user of the machine
could send them programs otherwise, or answers to this process that are some.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from simulate.errors import ClusterError
from simulate.locale import text

if TYPE_CHECKING:
    from distributed.security import Security

    from simulate.sweeps.members import Entry

ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
)  # for libraries, as Dask sets them for its workers
WORKER = "simulate.sweeps.members"
ENDS = 5  # of each worker before the scheduler has seen it, after which it is not started again


@dataclass
class Crew:
    """Workers' processes, each with one thread. They end when this one does, however that ends; one that ends before is started again.

    Their own session, so that a Ctrl-C at the terminal is this process's alone; they need no time to end, for they hold nothing.
    """

    count: int
    entry: Entry
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    ends: int = 0

    @property
    def address(self) -> str:
        return self.entry.address

    @property
    def security(self) -> Security:
        return self.entry.security

    @property
    def log(self) -> Path:
        return Path(self.entry.folder, "log")

    def tend(self, seen: int) -> None:
        """seen: how many the scheduler has had so far. Raises ClusterError where they end before it has."""
        ended = [one for one in self.processes if one.poll() is not None]
        self.ends += len(ended)
        for one in ended:
            self.processes.remove(one)
            _release(one)
        if self.ends - seen > ENDS * self.count:
            raise ClusterError(
                text("the workers on this machine end as soon as they begin: {reason}", reason=self._last())
            )
        while len(self.processes) < self.count:
            self.processes.append(self._start())

    def _start(self) -> subprocess.Popen[bytes]:
        path = os.pathsep.join(place for place in sys.path if place)
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", WORKER],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log,
                env={**os.environ, "PYTHONPATH": path, **dict.fromkeys(ONE_THREAD, "1")},
                start_new_session=True,
                bufsize=0,
            )
        assert process.stdin is not None
        with suppress(BrokenPipeError):  # it may have ended already
            process.stdin.write(json.dumps(self.entry).encode() + b"\n")
        return process

    def _last(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "?")

    def end(self) -> None:
        for one in self.processes:
            one.kill()
        for one in self.processes:
            _release(one)


def _release(process: subprocess.Popen[bytes]) -> None:
    process.wait()
    if process.stdin is not None:
        process.stdin.close()


@contextmanager
def hired(count: int) -> Iterator[Crew]:
    """When it ends, nothing of it is left running."""
    folder = tempfile.TemporaryDirectory(prefix="provenu-", ignore_cleanup_errors=True)
    with folder as place, _scheduler(place) as entry:
        crew = Crew(count, entry)
        try:
            crew.tend(0)
            yield crew
        finally:
            crew.end()


@contextmanager
def _scheduler(folder: str) -> Iterator[Entry]:
    from distributed import SpecCluster
    from distributed.security import Security

    from simulate.sweeps.members import Entry, Scheduler

    own = Security.temporary()
    how = {"host": "127.0.0.1", "protocol": "tls://", "port": 0, "dashboard": False, "security": own}
    cluster = SpecCluster({}, {"cls": Scheduler, "options": how}, security=own, silence_logs=logging.CRITICAL + 1)
    try:
        yield Entry(cluster.scheduler_address, folder, own.tls_ca_file, own.tls_worker_key)
    finally:
        with suppress(Exception):
            cluster.close(timeout=1)
