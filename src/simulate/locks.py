"""Locks that end with the process: a file that one process at a time holds."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path


class Taken(Exception):
    """Another process holds it."""


def hold(file: Path) -> contextlib.AbstractContextManager[None]:
    """Take the lock at once. Raises OSError where its file cannot be made, Taken where another process has it."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    while True:
        descriptor = os.open(file, flags, 0o666)
        if not _lock(descriptor):
            os.close(descriptor)
            raise Taken
        if _is_at(descriptor, file):
            return _held(descriptor, file)
        os.close(descriptor)  # it was the last holder's, which took it away


def _is_at(descriptor: int, file: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(file))
    except FileNotFoundError:
        return False


@contextlib.contextmanager
def _held(descriptor: int, file: Path) -> Iterator[None]:
    try:
        yield
    finally:
        if sys.platform == "win32":  # where an open file keeps its name
            os.close(descriptor)
        with contextlib.suppress(OSError):  # one that stays is no obstacle
            file.unlink()
        if sys.platform != "win32":
            os.close(descriptor)


if sys.platform == "win32":

    def _lock(descriptor: int) -> bool:
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:

    def _lock(descriptor: int) -> bool:
        """False where another process has it. A disk that knows no locks is taken for one that nobody else writes to."""
        import fcntl

        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            pass
        return True
