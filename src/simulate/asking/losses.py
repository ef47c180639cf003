"""The losses that `run --loss` names."""

from __future__ import annotations

from collections.abc import Sequence

from simulate.asking.common import as_written, listed
from simulate.errors import InputError
from simulate.locale import text

LEAST = 1000.0  # kr.; less is half of an amount with a decimal comma
MOST = 1e10  # kr.; more is no loss of a social programme


def read(given: str | Sequence[float] | None, engine: str) -> list[float] | None:
    """Amounts, DKK; None where none are given. Raises InputError for what is no amount, and for what can be read two ways: 1,5mio."""
    if given is None:
        return None
    if engine == "point":
        raise InputError(text("--engine point has no courses, and so no --loss"))
    found = listed("loss", given, "money", lambda loss: LEAST <= loss <= MOST)
    if not found:
        message = text(
            "--loss {given}: write amounts of at least 1000 kr. and at most 10 mia. kr. with semicolons between them, like 500000; 1,5 mio.",
            given=as_written(given),
        )
        raise InputError(message)
    return found
