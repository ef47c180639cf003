"""The way to a Dask scheduler: one that there is, by its address, or one of this process with workers on this machine (`crew.py`)."""

from __future__ import annotations

import asyncio
import logging
import socket
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from simulate.errors import InputError
from simulate.files import reason
from simulate.locale import text
from simulate.pace import Notify
from simulate.sweeps import crew, worker
from simulate.sweeps.cluster import Cluster

if TYPE_CHECKING:
    from distributed import Client

PATIENCE = 10  # seconds that a scheduler has to answer
LOGS = ("distributed", "tornado", "asyncio")


@contextmanager
def connected(
    address: str | None = None, workers: int | None = None, notify: Notify = lambda words: None
) -> Iterator[Cluster]:
    """What makes cells on the workers of the scheduler at this address, or, without one, on so many that are started on this machine.

    When it ends, nothing is left running that it started. Raises InputError, before any cell is made, where that cannot be.
    """
    if address is not None and workers is not None:
        message = text(
            "--scheduler has workers of its own, and --workers starts some on this machine: give one of them"
        )
        raise InputError(message)
    if workers is not None and workers < 1:
        raise InputError(text("--workers {n}: at least 1 is needed", n=workers))
    _library()
    with _quiet(), ExitStack() as ends:
        if address is not None:
            yield Cluster(ends.enter_context(_client(_Place.of(address))), notify)
            return
        own = ends.enter_context(crew.hired(workers or 1))
        yield Cluster(ends.enter_context(_own_client(own)), notify, own.tend)


def _library() -> None:
    try:
        import cryptography  # noqa: F401
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


class _Place(NamedTuple):
    """Where a scheduler is said to be. said: as a person wrote it."""

    said: str
    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, said: str) -> _Place:
        """Raises InputError for what is no address."""
        scheme, found, place = said.strip().rpartition("://")
        host, _, port = place.rpartition(":")
        right = host and port.isascii() and port.isdigit() and 0 < int(port) < 1 << 16
        if not right or (found and scheme not in ("tcp", "tls")) or any(letter in host for letter in "/@ "):
            message = text("--scheduler {address}: write its address like tcp://host:8786", address=said)
            raise InputError(message)
        return cls(said, scheme or "tcp", host, int(port))

    @property
    def address(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    def wrong(self, why: str) -> InputError:
        return InputError(text("--scheduler {address}: {reason}", address=self.said, reason=why))


@contextmanager
def _client(place: _Place) -> Iterator[Client]:
    """Raises InputError where no scheduler answers, or one that does not go with what is installed here."""
    import distributed

    _check_is_there(place)
    _check_is_scheduler(place)
    try:
        client = distributed.Client(place.address, timeout=PATIENCE, set_as_default=False)
    except Exception as error:  # the network's, and Dask's
        raise place.wrong(_no_scheduler(error)) from None
    try:
        _check_has_provenu(client, place)
        yield client
    finally:
        with suppress(Exception):
            client.close(timeout=1)


@contextmanager
def _own_client(own: crew.Crew) -> Iterator[Client]:
    import distributed

    client = distributed.Client(own.address, security=own.security, timeout=PATIENCE, set_as_default=False)
    try:
        yield client
    finally:
        with suppress(Exception):
            client.close(timeout=1)


def _check_is_there(place: _Place) -> None:
    """Dask itself tries again and again, and tells no name that is misspelt from a machine that is off."""
    try:
        socket.create_connection((place.host.strip("[]"), place.port), timeout=PATIENCE).close()
    except (socket.gaierror, UnicodeError):
        raise place.wrong(text("there is no machine of this name")) from None
    except ConnectionRefusedError:
        why = text("nothing listens there; is `dask scheduler` running on that machine, and with this port?")
        raise place.wrong(why) from None
    except OSError as error:
        why = text("that machine cannot be reached ({reason}); is a firewall between?", reason=reason(error))
        raise place.wrong(why) from None


def _check_is_scheduler(place: _Place) -> None:
    """Whoever listens is asked what it is, in a thread with a loop of its own: Dask's client would wait for ever for a server that says nothing."""
    with ThreadPoolExecutor(1) as thread:
        try:
            found, version = thread.submit(lambda: asyncio.run(_asked(place.address))).result()
        except Exception as error:
            raise place.wrong(_no_scheduler(error)) from None
    if found != "Scheduler":
        raise place.wrong(text("that is a worker's address; give the scheduler's"))
    own = worker.dask_version()
    if version != own:
        why = text(
            "it has version {found} of the library distributed, and here is {own}; install the same",
            found=version,
            own=own,
        )
        raise place.wrong(why)


async def _asked(address: str) -> tuple[str, str | None]:
    """What kind of server it is, and its version of Dask."""
    from distributed.core import rpc
    from distributed.security import Security

    async def ask() -> tuple[str, str | None]:
        async with rpc(address, connection_args=Security().get_connection_args("client")) as server:
            identity, versions = await server.identity(), await server.versions()
        return str(identity["type"]), versions["packages"].get("distributed")

    return await asyncio.wait_for(ask(), PATIENCE)


def _no_scheduler(error: Exception) -> str:
    if isinstance(error, TypeError):  # which is how Dask says it
        return text(
            "TLS needs certificates; Dask's own configuration says where they are (distributed.comm.tls, see docs/cluster.md)"
        )
    first = error.__cause__ if isinstance(error.__cause__, Exception) else error
    said = str(first) or type(error).__name__
    return text(
        "what listens there is no Dask scheduler (its port is 8786, its page for browsers is another one), or one that needs tls://, or wants other certificates ({reason})",
        reason=said,
    )


def _check_has_provenu(client: Client, place: _Place) -> None:
    try:
        client.run_on_scheduler(worker.dask_version)
    except ImportError:
        raise place.wrong(worker.not_installed()) from None
    except Exception as error:
        raise place.wrong(_no_scheduler(error)) from None
