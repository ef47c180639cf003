"""From what went wrong to an exit code and words: 0 done, 2 wrong input, 1 anything else, 130 interrupted."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from simulate.errors import InputError, SimulateError
from simulate.files import named, reason
from simulate.locale import text
from simulate.locale.visible import BREAKS, escaped


@contextmanager
def tidy() -> Iterator[None]:
    """End the process in words for what a user can cause; a defect of ours keeps its traceback."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(encoding="utf-8", errors="replace")  # consoles that know no æ must not stop a run
        yield  # typer itself ends an interrupted command with 130, and one whose reader has gone
    except InputError as error:
        end(2, str(error))
    except SimulateError as error:
        end(1, str(error))
    except MemoryError:
        end(1, text("there is not enough memory; take fewer --draws"))
    except OSError as error:
        where = error.filename
        end(
            1,
            text("{file}: {reason}", file=named(where), reason=reason(error))
            if isinstance(where, str)
            else reason(error),
        )


def end(code: int, message: str) -> None:
    print(escaped(message, BREAKS), file=sys.stderr)
    sys.exit(code)
