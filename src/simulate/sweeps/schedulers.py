"""The way to a Dask scheduler: one that there is, by its address, or one of this process with workers on this machine."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from simulate.errors import ClusterError, InputError
from simulate.locale import text
from simulate.pace import Notify
from simulate.sweeps import worker
from simulate.sweeps.cluster import Cluster

if TYPE_CHECKING:
    from distributed import Client

PATIENCE = 10  # seconds that a scheduler has to answer
LOGS = ("distributed", "tornado", "asyncio")
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")  # for libraries, as Dask sets them for its workers
ENDS = 5  # of a worker on this machine, one after the other, before any can make cells


@contextmanager
def connected(
    address: str | None = None, workers: int | None = None, notify: Notify = lambda words: None
) -> Iterator[Cluster]:
    """What makes cells on the workers of the scheduler at this address, or, without one, on so many that are started on this machine.

    When it ends, nothing is left running that it started. Raises InputError, before any cell is made, where that cannot be.
    """
    if address is not None and workers is not None:
        message = text("--scheduler has workers of its own, and --workers starts some on this machine: give one of them")
        raise InputError(message)
    if workers is not None and workers < 1:
        raise InputError(text("--workers {n}: at least 1 is needed", n=workers))
    _library()
    with _quiet(), ExitStack() as ends:
        if address is not None:
            yield Cluster(ends.enter_context(_client(_checked(address), address)), notify)
            return
        own = ends.enter_context(_scheduler())
        crew = ends.enter_context(_crew(workers or 1, own))
        yield Cluster(ends.enter_context(_client(own, own)), notify, crew.tend)


def _library() -> None:
    try:
        import distributed  # noqa: F401
    except ImportError:
        message = text('several machines need libraries that are not installed: pip install "provenu[cluster]"')
        raise InputError(message) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what Dask's threads write of lost workers and connections: it is no word to a user, who is told what it means."""
    names = [name for name in logging.root.manager.loggerDict if name.split(".")[0] in LOGS]
    loggers = [logging.getLogger(name) for name in {*names, *LOGS}]
    before = [one.level for one in loggers]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="distributed")
        for one in loggers:
            one.setLevel(logging.CRITICAL + 1)
        try:
            yield
        finally:
            for one, level in zip(loggers, before, strict=True):
                one.setLevel(level)


def _checked(address: str) -> str:
    """As Dask writes it. Raises InputError for what is no address."""
    scheme, found, place = address.strip().rpartition("://")
    host, colon, port = place.rpartition(":")
    right = colon and host and port.isascii() and port.isdigit() and 0 < int(port) < 1 << 16
    if not right or (found and scheme not in ("tcp", "tls")) or any(letter in host for letter in "/ @"):
        message = text("--scheduler {address}: write its address like tcp://host:8786", address=address)
        raise InputError(message)
    return f"{scheme or 'tcp'}://{place}"


@contextmanager
def _client(address: str, said: str) -> Iterator[Client]:
    """Raises InputError where no scheduler answers, or one that does not go with what is installed here."""
    import distributed

    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except Exception as error:  # the network's, Dask's, and what comes of talking to something else
        raise InputError(_no_answer(address, said, error)) from None
    try:
        _check_version(client, said)
        yield client
    finally:
        with suppress(Exception):
            client.close(timeout=1)


def _no_answer(address: str, said: str, error: Exception) -> str:
    reason = f"{type(error).__name__}: {error}"
    return text("--scheduler {address}: no scheduler answers there ({reason})", address=said, reason=reason)


def _check_version(client: Client, said: str) -> None:
    own = worker.dask_version()
    try:
        found = client.run_on_scheduler(worker.dask_version)
    except ImportError:
        message = text(
            '--scheduler {address}: provenu is not installed there, or another version: pip install "provenu[cluster]"',
            address=said,
        )
        raise InputError(message) from None
    except Exception as error:
        raise InputError(_no_answer(said, said, error)) from None
    if found != own:
        message = text(
            "--scheduler {address}: it has version {found} of the library distributed, and here is {own}; install the same",
            address=said,
            found=found,
            own=own,
        )
        raise InputError(message)


# On this machine ------------------------------------------------------------------------------------------------------------


@contextmanager
def _scheduler() -> Iterator[str]:
    """One in this process, and its address."""
    import distributed

    own = distributed.LocalCluster(
        n_workers=0, host="127.0.0.1", dashboard_address=None, silence_logs=logging.CRITICAL + 1
    )
    try:
        yield own.scheduler_address
    finally:
        with suppress(Exception):
            own.close(timeout=1)


@dataclass
class Crew:
    """Workers' processes, each with one thread. They end when the scheduler does, however that ends; one that ends before is started again.

    Their own session, so that a Ctrl-C at the terminal is this process's alone; they need no time to end, for they hold nothing.
    """

    count: int
    address: str
    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    ends: int = 0

    def tend(self, able: bool) -> None:
        """able: whether any can make cells. Raises ClusterError where they end as soon as they begin."""
        self.ends = 0 if able else self.ends
        living = [one for one in self.processes if one.poll() is None]
        self.ends += len(self.processes) - len(living)
        self.processes = living
        if self.ends > ENDS * self.count:
            raise ClusterError(text("the workers on this machine end as soon as they begin: {reason}", reason=self._last()))
        while len(self.processes) < self.count:
            self.processes.append(self._start())

    def _start(self) -> subprocess.Popen[bytes]:
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--memory-limit", "0", "--host", "127.0.0.1"]
        program = [sys.executable, "-m", "distributed.cli.dask_worker", self.address, *options]
        path = os.pathsep.join(place for place in sys.path if place)
        with (self.folder / "log").open("wb") as log:
            return subprocess.Popen(
                [*program, "--local-directory", str(self.folder)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                env={**os.environ, "PYTHONPATH": path, **dict.fromkeys(ONE_THREAD, "1")},
                start_new_session=True,
            )

    def _last(self) -> str:
        lines = (self.folder / "log").read_text(encoding="utf-8", errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "?")

    def end(self) -> None:
        for one in self.processes:
            one.kill()
        for one in self.processes:
            one.wait()


@contextmanager
def _crew(count: int, address: str) -> Iterator[Crew]:
    with tempfile.TemporaryDirectory(prefix="provenu-", ignore_cleanup_errors=True) as folder:
        crew = Crew(count, address, Path(folder))
        try:
            crew.tend(False)
            yield crew
        finally:
            crew.end()
