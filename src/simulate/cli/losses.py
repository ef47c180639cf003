"""The losses that `run --loss` names."""

from __future__ import annotations

from simulate.errors import InputError
from simulate.locale import text
from simulate.scenario.numbers import NumberProblem, parse
from simulate.scenario.values import LARGEST

LEAST = 1000.0  # kr.; less is half of an amount with a decimal comma
MOST = 1e9  # kr. that somebody may mean by two parts read as one


def read(given: str | None, engine: str) -> list[float] | None:
    """Amounts, DKK, with commas between them; None where none are given.

    Raises InputError for what is no amount, and where a comma may be a decimal mark: 1,5mio is not 1 kr. and 5 mio. kr.
    """
    if given is None:
        return None
    if engine == "point":
        raise InputError(text("--engine point has no courses, and so no --loss"))
    parts = [part.strip() for part in given.split(",")]
    found = [_amount(given, part) for part in parts]
    for part, amount, following in zip(parts, found, parts[1:], strict=False):
        bare = not any(letter.isalpha() for letter in part)
        if bare and 100 * amount <= _as_one(part, following) <= MOST:  # 1500,5 t.kr.
            raise InputError(_wrong(given))
    return found


def _amount(given: str, part: str) -> float:
    try:
        value = parse(part, "money").value
    except NumberProblem as error:
        raise InputError(f"--loss {given}: {error.message}") from None
    if not LEAST <= value <= LARGEST:
        raise InputError(_wrong(given))
    return value


def _as_one(part: str, following: str) -> float:
    try:
        return parse(f"{part},{following}", "money").value
    except NumberProblem:
        return 0.0


def _wrong(given: str) -> str:
    return text(
        "--loss {given}: write amounts of at least 1000 kr. with commas between them and a point as decimal mark, like 500000,1.5mio",
        given=given,
    )
