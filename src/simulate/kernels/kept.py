"""Compiled kernels on disk: a file for each kernel, signature and processor, which tells by itself whether it is whole.

In place of numba's own cache, whose index is a pickle that any damage turns into an error, or worse. A file here that is cut off,
changed, foreign or of another version is none: the kernel is compiled again and the file replaced, at once and whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BEGINS = b"provenu kernel 1\n"  # then the sha256 of what follows, 32 bytes
ENDING = ".kernel"
PASSING = ".tmp"
ABANDONED = 3600.0  # seconds, after which nobody writes any more what takes a moment


def whole(file: Path) -> bytes | None:
    """What a file holds; None where it is missing, or not as it was written."""
    try:
        data = file.read_bytes()
    except OSError:
        return None
    begin = len(BEGINS) + hashlib.sha256().digest_size
    content = memoryview(data)[begin:]
    return bytes(content) if data[:begin] == BEGINS + hashlib.sha256(content).digest() else None


def write(file: Path, content: bytes) -> None:
    """Put a file there, whole or not at all, whatever is in its place. Raises OSError."""
    folder = file.parent
    if os.path.lexists(folder) and not folder.is_dir():
        folder.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.{os.getpid()}{PASSING}")
    try:
        beside.write_bytes(BEGINS + hashlib.sha256(content).digest() + content)
        if file.is_dir():
            shutil.rmtree(file)
        beside.replace(file)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    _clear(folder)


def _clear(folder: Path) -> None:
    """Throw away what processes that were killed have left."""
    with contextlib.suppress(OSError):
        for file in folder.glob(f"*{PASSING}"):
            if time.time() - file.stat().st_mtime > ABANDONED:
                file.unlink()


def any_whole(folders: Sequence[Path]) -> bool:
    """Whether there is a kernel in one of the folders, as far as one can know without numba."""
    return any(whole(file) is not None for folder in folders for file in folder.glob(f"*{ENDING}"))


@dataclass(frozen=True, slots=True)
class KeptKernel:
    """The cache of one function, as numba's dispatcher asks for it.

    folders: of this source and these versions alone; all are read, the first that can be is written to. compiling: called before the
    compiler begins. lost: called where no folder takes what it made.
    """

    function: str
    folders: Sequence[Path]
    compiling: Callable[[], object]
    lost: Callable[[OSError], object]

    @property
    def cache_path(self) -> str:
        return str(self.folders[0])

    def load_overload(self, signature: Any, target: Any) -> Any:
        """What was compiled, or None: then numba compiles."""
        from numba.core.compiler import CompileResult

        target.refresh()
        name = self._name(signature, target.codegen())
        for folder in self.folders:
            content = whole(folder / name)
            if content is not None:
                with contextlib.suppress(Exception):  # whole, and yet of no use: names that have moved, for example
                    return CompileResult._rebuild(target, *pickle.loads(content))  # type: ignore[no-untyped-call]
        self.compiling()
        return None

    def save_overload(self, signature: Any, compiled: Any) -> None:
        from numba.core.serialize import dumps

        name = self._name(signature, compiled.codegen)
        content = dumps(compiled._reduce())  # type: ignore[no-untyped-call]
        failed: OSError | None = None
        for folder in self.folders:
            try:
                write(folder / name, content)
            except OSError as error:
                failed = failed or error
            else:
                return
        if failed is not None:
            self.lost(failed)

    def flush(self) -> None:
        """Nothing is held back."""

    enable = disable = flush

    def _name(self, signature: Any, codegen: Any) -> str:
        key = repr(
            (signature, codegen.magic_tuple())
        ).encode()  # types in full; the system, the processor and what it can do
        return f"{self.function}-{hashlib.sha256(key).hexdigest()[:32]}{ENDING}"
