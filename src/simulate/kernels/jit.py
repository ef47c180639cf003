"""One place for every option of the compiler, and its off switch."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

_compile: ContextVar[bool] = ContextVar("compile", default=False)
_keep: ContextVar[Callable[[str], Any] | None] = ContextVar("keep", default=None)


@contextmanager
def compiling(keep: Callable[[str], Any] | None = None) -> Iterator[None]:
    """Functions decorated within are compiled; elsewhere they stay plain Python. keep: makes the cache of a kernel of this name."""
    tokens = _compile.set(True), _keep.set(keep)
    try:
        yield
    finally:
        _compile.reset(tokens[0])
        _keep.reset(tokens[1])


def without_linear_algebra() -> None:
    """Keep numba from importing scipy's linear algebra: a tenth of a small run, and no kernel multiplies matrices.

    For a process that is ours alone, as its other jitted functions could not multiply matrices either. Nothing is changed where
    the one or the other is imported already.
    """
    package = "scipy.linalg"
    if package in sys.modules or "numba.np.arraymath" in sys.modules:
        return
    sys.modules[package] = None  # type: ignore[assignment]  # an import of it, or from it, is an ImportError
    try:
        import numba.np.arraymath  # noqa: F401  # looks once whether there is linear algebra
    finally:
        del sys.modules[package]


def _compiled(function: F, **options: bool) -> F:
    if not _compile.get():
        return function
    import numba

    # No fastmath: results would differ between machines. No parallel=True: it doubles the time to compile, and threads
    # over chunks of draws give the same speed. _nrt=False: kernels make no arrays, so nothing need count references to
    # them (counting made them 20 to 60 times slower); an allocation inside a kernel fails to compile.
    every: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False, **options}
    return cast(F, numba.njit(**every)(function))


def kernel(function: F) -> F:
    """Compile, releasing the lock so that threads share the work, and keep it on disk where there is a place."""
    compiled: Any = _compiled(function)
    keep = _keep.get()
    if compiled is not function and keep is not None:
        compiled._cache = keep(function.__qualname__)  # where `cache=True` would put numba's own
    return cast(F, compiled)


# What only kernels call needs no way in from Python, which costs a third of the time to compile. Calling it from there would crash.
WITHIN = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def inner(function: F) -> F:
    """A part of a kernel, merged into it (calls with structures of arrays cost 3 to 8 times the work). Only kernels may call it."""
    return _compiled(function, forceinline=True, **WITHIN)


def part(function: F) -> F:
    """A part of a kernel that stays a function of its own: for loops that take longer than a call with a few arrays. Only kernels may call it."""
    return _compiled(function, **WITHIN)
