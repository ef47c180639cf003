"""The loops: numpy arrays in, arrays filled. Each file is a kernel with all that it calls.

`load(file)` gives the compiled functions, `load(file, compiled=False)` the same source as plain Python: equal to the last
bit, without the start-up of numba (`simulate check`) and visible to a coverage tool.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType

from simulate.kernels import jit, kept

SOURCES = ("arrays.py", "jit.py")  # that change what is compiled, beside the kernel's own file
INDIFFERENT = {"NUMBA_CACHE_DIR", "NUMBA_NUM_THREADS", "NUMBA_DISABLE_JIT"}  # of numba's settings


def load(file: str, compiled: bool = True) -> ModuleType:
    """The kernel file as a module, compiled or plain."""
    if not compiled or os.environ.get("NUMBA_DISABLE_JIT", "0") != "0":
        return importlib.import_module(f"{__name__}.{file}")
    return _compiled(file)


def is_loaded(file: str) -> bool:
    """Whether this process has the compiled kernel already, so that it costs nothing to use it."""
    return _name(file) in sys.modules


def _name(file: str) -> str:
    return f"{__name__}.{file}__compiled"


def alone() -> None:
    """This process is ours and does nothing else: `jit.without_linear_algebra` holds from now on."""
    _alone.append(True)


_alone: list[bool] = []


def elsewhere(file: str, finish: Callable[[], object]) -> None:
    """Somebody else compiles this kernel to disk; `finish` waits for that, and `load` calls it first."""
    _elsewhere[file] = finish


_elsewhere: dict[str, Callable[[], object]] = {}


def tell(compiling: Callable[[], object], lost: Callable[[OSError], object]) -> None:
    """From now on, call `compiling` whenever the compiler begins, and `lost` where what it made cannot be kept."""
    _told[:] = [(compiling, lost)]


_told: list[tuple[Callable[[], object], Callable[[OSError], object]]] = []


def _compiling() -> None:
    for compiling, _ in _told:
        compiling()


def _lost(error: OSError) -> None:
    for _, lost in _told:
        lost(error)


@cache
def _compiled(file: str) -> ModuleType:
    if file in _elsewhere:
        _elsewhere.pop(file)()
    if _alone:
        jit.without_linear_algebra()
    return compiled(Path(__file__).with_name(f"{file}.py"), _name(file), _folders(file))


def compiled(source: Path, name: str, folders: Sequence[Path]) -> ModuleType:
    """A kernel file as a module of this name, compiled. folders: where its kernels are kept, see `kept.KeptKernel`."""
    spec = importlib.util.spec_from_file_location(name, source)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # the cache on disk names the module
    with jit.compiling(lambda function: kept.KeptKernel(function, folders, _compiling, _lost)):
        spec.loader.exec_module(module)
    return module


def is_kept() -> bool:
    """Whether what is compiled has a place on disk, where other processes find it."""
    return os.environ.get("NUMBA_DISABLE_JIT", "0") == "0" and any(_can_write(place) for place in places())


def is_compiled(file: str) -> bool:
    """Whether the disk has the compiled kernel, as far as one can know without numba."""
    return kept.any_whole(_folders(file))


def places() -> list[Path]:
    """Where compiled kernels are kept: where the user says, else beside the source and in the user's own cache, if there is one."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    if given:
        return [Path(os.path.expanduser(given))]
    own = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    beside = [Path(__file__).with_name("__pycache__")]
    return [*beside, Path(own) / "provenu"] if os.path.isabs(own) else beside  # an account may have no home


def _can_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


@cache
def _folders(file: str) -> list[Path]:
    """In each place, the folder of this kernel file alone: other versions that share the place have others."""
    here = Path(__file__).parent
    sources = [(here / name).read_bytes() for name in (f"{file}.py", *SOURCES)]
    return [place / f"provenu-{file}-{digest(sources)}" for place in places()]


def digest(sources: Sequence[bytes]) -> str:
    """Of the sources of a kernel and all else that decides on its machine code, but for the processor, which numba knows."""
    from importlib.metadata import PackageNotFoundError, version

    found = [sys.version, sys.implementation.cache_tag or ""]
    for library in ("numba", "llvmlite", "numpy"):
        try:
            found.append(version(library))
        except PackageNotFoundError:
            found.append("")
    found += [
        f"{key}={os.environ[key]}" for key in sorted(os.environ) if key.startswith("NUMBA_") and key not in INDIFFERENT
    ]
    parts = [hashlib.sha256(part).digest() for part in (*sources, *(one.encode("utf-8", "replace") for one in found))]
    return hashlib.sha256(b"".join(parts)).hexdigest()[:24]
