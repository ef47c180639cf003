"""scipy.special's compiled functions, without the package around them: `from simulate.special import ndtr`.

`import scipy.special` takes twice as long as numpy: it loads the dialects of every array library, f2py and the test tools. The
functions stand in one of its extension modules, which needs none of that; it is loaded into a package that is empty for as long as
that takes. Who imports scipy.special afterwards gets it whole, with these very functions. What is not found there comes from the
whole package, as does everything where a version of scipy is laid out in another way.
"""

from __future__ import annotations

import importlib
import sys
from functools import cache
from importlib.util import find_spec
from threading import RLock
from types import ModuleType
from typing import Any

PACKAGE = "scipy.special"
_loading = RLock()  # chunks are worked on by several threads, and the first of them loads


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    with _loading:
        compiled = _compiled()
    found = getattr(compiled if hasattr(compiled, name) else importlib.import_module(PACKAGE), name)
    globals()[name] = found  # it is asked for once
    return found


@cache
def _compiled() -> ModuleType:
    spec = find_spec(PACKAGE)
    if PACKAGE in sys.modules or spec is None:
        return importlib.import_module(PACKAGE)
    empty = ModuleType(PACKAGE)
    empty.__path__ = list(spec.submodule_search_locations or ())
    sys.modules[PACKAGE] = empty
    try:
        return importlib.import_module(f"{PACKAGE}._ufuncs")
    except (ImportError, AttributeError):
        return empty
    finally:
        del sys.modules[PACKAGE]
