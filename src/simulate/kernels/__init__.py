"""The loops: numpy arrays in, arrays filled. Each file is a kernel with all that it calls.

`load(file)` gives the compiled functions, `load(file, compiled=False)` the same source as plain Python: equal to the last
bit, without the start-up of numba (`simulate check`) and visible to a coverage tool.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType

from simulate.kernels import jit

SOURCES = ("arrays.py", "jit.py")  # that change what is compiled, beside the kernel's own file


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


@cache
def _compiled(file: str) -> ModuleType:
    if file in _elsewhere:
        _elsewhere.pop(file)()
    folder = _folder()
    if folder is not None:
        os.environ["NUMBA_CACHE_DIR"] = str(folder)  # read by numba as it is imported
        _refresh(folder, file)
    if _alone:
        jit.without_linear_algebra()
    name = _name(file)
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{file}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # the cache on disk names the module
    with jit.compiling(keep=folder is not None):
        spec.loader.exec_module(module)
    return module


def is_kept() -> bool:
    """Whether what is compiled has a place on disk, where other processes find it."""
    return _folder() is not None and os.environ.get("NUMBA_DISABLE_JIT", "0") == "0"


def is_compiled(file: str) -> bool:
    """Whether the disk has the compiled kernel, as far as one can know without numba."""
    folder = _folder()
    return folder is not None and _stamp(folder, file).exists() and any(_kept(folder, file, "nbc"))


@cache
def _folder() -> Path | None:
    """Where compiled kernels are kept: where the user says, else beside the source, else in the user's own cache, if anywhere."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    own = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    places = [Path(given)] if given else [Path(__file__).with_name("__pycache__"), Path(own) / "provenu"]
    return next((place for place in places if _can_write(place)), None)


def _can_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _kept(folder: Path, file: str, kind: str) -> list[Path]:
    """What numba has put there for a kernel file of ours: in a folder that it names after the source's."""
    return list(folder.glob(f"{Path(__file__).parent.name}_*/{file}.*.{kind}"))


def _stamp(folder: Path, file: str) -> Path:
    here = Path(__file__).parent
    digest = hashlib.sha256(b"".join((here / name).read_bytes() for name in (f"{file}.py", *SOURCES)))
    return folder / f"{file}.{digest.hexdigest()[:16]}.stamp"


def _refresh(folder: Path, file: str) -> None:
    """Forget what was compiled from other sources: numba's cache looks at the kernel's own file only, and breaks on classes
    that are gone."""
    stamp = _stamp(folder, file)
    if stamp.exists():
        return
    with contextlib.suppress(OSError):
        for old in (*_kept(folder, file, "nb?"), *folder.glob(f"{file}.*.stamp")):
            old.unlink()
        stamp.touch()
