"""The loops: numpy arrays in, arrays filled. Each file is a kernel with all that it calls.

`load(file)` gives the compiled functions, `load(file, compiled=False)` the same source as plain Python: equal to the last
bit, without the start-up of numba (`simulate check`) and visible to a coverage tool.
"""

import contextlib
import hashlib
import importlib.util
import os
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

from simulate.kernels import jit

SOURCES = ("arrays.py", "jit.py")  # that change what is compiled, beside the kernel's own file


@cache
def load(file: str, compiled: bool = True) -> ModuleType:
    """The kernel file as a module, compiled or plain."""
    full = f"{__name__}.{file}"
    if not compiled or os.environ.get("NUMBA_DISABLE_JIT", "0") != "0":
        return importlib.import_module(full)
    _refresh(file)
    name = f"{full}__compiled"
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{file}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # the cache on disk names the module
    with jit.compiling():
        spec.loader.exec_module(module)
    return module


def is_compiled(file: str) -> bool:
    """Whether the disk has the compiled kernel, as far as one can know without numba."""
    return _stamp(file).exists() and any(_folder().glob(f"{file}.*.nbc"))


def _folder() -> Path:
    """Where numba keeps what it compiled: beside the source if it may write there."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    return Path(given) if given else Path(__file__).with_name("__pycache__")


def _stamp(file: str) -> Path:
    folder = Path(__file__).parent
    digest = hashlib.sha256(b"".join((folder / name).read_bytes() for name in (f"{file}.py", *SOURCES)))
    return _folder() / f"{file}.{digest.hexdigest()[:16]}.stamp"


def _refresh(file: str) -> None:
    """Forget what was compiled from other sources: numba's cache looks at the kernel's own file only, and breaks on classes
    that are gone."""
    stamp = _stamp(file)
    if stamp.exists():
        return
    with contextlib.suppress(OSError):
        stamp.parent.mkdir(parents=True, exist_ok=True)
        for old in (*stamp.parent.rglob(f"{file}.*.nb?"), *stamp.parent.glob(f"{file}.*.stamp")):
            old.unlink()
        stamp.touch()
