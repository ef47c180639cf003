"""Dask's scheduler and worker as they are started on this machine: with nothing that listens but the port for those who have the certificate.

Dask's own open a second port beside it, for browsers, which knows no certificate; a worker's is open to the whole network.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from typing import Any, NamedTuple

import distributed
from distributed.security import Security

PIPE = 0  # standard input


class Entry(NamedTuple):
    """What a worker is started with: where its scheduler is, where its files go, and who may speak to it (PEM)."""

    address: str
    folder: str
    certificate: str
    key: str

    @property
    def security(self) -> Security:
        """Whoever has the key is one of us, in any part."""
        parts = ("client", "scheduler", "worker")
        own = {f"tls_{part}_{name}": text for part in parts for name, text in (("cert", self.certificate), ("key", self.key))}  # fmt: skip
        return Security(require_encryption=True, tls_ca_file=self.certificate, **own)


class Scheduler(distributed.Scheduler):
    def start_http_server(self, *given: Any, **how: Any) -> None:
        """None."""


class Worker(distributed.Worker):
    def start_http_server(self, *given: Any, **how: Any) -> None:
        """None."""


async def _work(entry: Entry) -> None:
    """Until the scheduler ends."""
    worker = await Worker(
        entry.address, security=entry.security, nthreads=1, host="127.0.0.1", memory_limit=0, dashboard=False, local_directory=entry.folder
    )  # fmt: skip
    await worker.finished()


def _read() -> Entry:
    """By a pipe, for the arguments of a process and its environment can be read by others."""
    found = b""
    while not found.endswith(b"\n"):
        part = os.read(PIPE, 1 << 16)
        if not part:
            sys.exit(1)
        found += part
    return Entry(*json.loads(found))


def _end() -> None:
    """As soon as the program has ended that holds the other end of the pipe, however that was."""
    os.read(PIPE, 1)
    os._exit(0)


if __name__ == "__main__":
    entry = _read()
    threading.Thread(target=_end, daemon=True).start()
    asyncio.run(_work(entry))
