"""What a question may be asked with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from simulate.errors import InputError
from simulate.locale import spoken, text
from simulate.options import Progress
from simulate.pace import Notify
from simulate.scenario.numbers import NumberProblem, Usage
from simulate.scenario.schema import MOST_DRAWS, MOST_SEED

Answer = TypeVar("Answer")
Work = Callable[[Progress | None, Notify], Answer]
"""What is left to do once all that was asked is checked: it gives the answer."""

RANGES = {
    "draws": (1, MOST_DRAWS),
    "seed": (0, MOST_SEED),
    "threads": (1, 1024),
    "max-draws": (16, MOST_DRAWS),
    "keep": (16, MOST_DRAWS),
}


def in_range(**given: int | None) -> None:
    """Whether numbers of these names can be meant; None: not given. Raises InputError."""
    for name, value in given.items():
        option = name.replace("_", "-")
        low, high = RANGES[option]
        if value is not None and not low <= value <= high:
            message = text("--{name} {value} is out of range: it must lie between {low} and {high}",
                           name=option, value=value, low=low, high=high)  # fmt: skip
            raise InputError(message)


def listed(option: str, given: str | Iterable[float], usage: Usage, fits: Callable[[float], bool]) -> list[float]:
    """The numbers of an option, as people write them or as such; none where they do not fit.

    Raises InputError for what cannot be read, or can be read two ways.
    """
    from simulate.scenario import lists

    if not isinstance(given, str):
        try:
            numbers = [float(number) for number in given]
        except (TypeError, ValueError):
            raise InputError(text("--{name} {given}: write numbers", name=option, given=repr(given))) from None
        return numbers if all(map(fits, numbers)) else []
    try:
        return lists.several(given, usage, fits)
    except NumberProblem as problem:
        raise InputError(f"--{option} {given}: {problem.message}") from None


def as_written(given: str | Sequence[float]) -> str:
    """What was given, for a message."""
    return given if isinstance(given, str) else "; ".join(spoken(number, "g") for number in given)
