"""What Python's keywords may be: whatever cannot be meant is refused in words before any work, and options are called as Python calls them."""

from __future__ import annotations

import inspect
import operator
import os
import re
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from numbers import Real
from typing import ParamSpec, TypeVar, get_args

from simulate import locale
from simulate.asking.common import RANGES, in_range
from simulate.errors import InputError, ScenarioError
from simulate.locale import text
from simulate.names import COUNTERFACTUALS
from simulate.options import Engine, Period
from simulate.scenario.schema import Design
from simulate.scenario.values import suggestion
from simulate.studies.annualise import Measure
from simulate.studies.sensitivity import Method

P = ParamSpec("P")
T = TypeVar("T")
Check = Callable[[str, object], None]

CHOICES: dict[str, Sequence[str]] = {
    "engine": get_args(Engine),
    "counterfactual": COUNTERFACTUALS,
    "design": get_args(Design),
    "period": get_args(Period),
    "measure": get_args(Measure),
    "method": get_args(Method),
    "language": locale.LANGUAGES,
}
OPTION = re.compile(r"--([a-z]+(?:-[a-z]+)*)")


def asked(function: Callable[P, T]) -> Callable[P, T]:
    """With keywords that are known and can be meant, and errors that call options as Python does."""
    parameters = inspect.signature(function).parameters

    @wraps(function)
    def checked(*args: P.args, **given: P.kwargs) -> T:
        try:
            _check(function.__name__, parameters, args, given)
            return function(*args, **given)
        except ScenarioError:
            raise
        except InputError as error:
            said = OPTION.sub(lambda found: called(found[0], parameters), str(error))
            if said == str(error):
                raise
            raise error.in_words(said) from None

    return checked


def called(option: str, known: Sequence[str] | Mapping[str, object]) -> str:
    """An option as Python calls it, where it has it."""
    name = option.removeprefix("--").replace("-", "_")
    return name if name in known else option


def _check(
    function: str, parameters: Mapping[str, inspect.Parameter], args: tuple[object, ...], given: Mapping[str, object]
) -> None:
    for name in given:
        if name not in parameters:
            raise InputError(text("there is no option {name}", name=name) + suggestion(name, parameters))
    placed = [name for name, one in parameters.items() if one.kind is not one.KEYWORD_ONLY]
    if len(args) > len(placed):
        message = text("{function}(): only {names} may stand without a name; write the others like draws=1024",
                       function=function, names=", ".join(placed))  # fmt: skip
        raise InputError(message)
    all_of_it = {**dict(zip(placed, args, strict=False)), **given}
    for name, one in parameters.items():
        if name not in all_of_it and one.default is one.empty:
            raise InputError(text("{function}(): {name} is missing", function=function, name=name))
    for name, value in all_of_it.items():
        if name in CHECKS and not (value is None and parameters[name].default is None):
            CHECKS[name](name, value)


def check_choice(name: str, choice: object, known: Sequence[str] | None = None) -> None:
    known = known or CHOICES[name]
    if choice not in known:
        message = text(
            "--{name} {given}: write one of {choices}", name=name, given=repr(choice), choices=", ".join(known)
        )
        raise InputError(message)


def check_whole(name: str, number: object) -> None:
    """A whole number, in range where it has one."""
    try:
        whole = operator.index(number)  # type: ignore[arg-type]
    except TypeError:
        whole = None
    option = name.replace("_", "-")
    if whole is None or isinstance(number, bool):
        raise InputError(text("--{name} {given}: write a whole number", name=option, given=repr(number)))
    if option in RANGES:
        in_range(**{name: whole})


def _check_text(name: str, words: object) -> None:
    if not isinstance(words, str):
        raise InputError(text("--{name} {given}: write a text", name=name.replace("_", "-"), given=repr(words)))


def _check_file(name: str, file: object) -> None:
    _check_text(name, os.fspath(file) if isinstance(file, os.PathLike) else file)


def _check_texts(name: str, words: object) -> None:
    """One, or several."""
    for one in words if isinstance(words, list | tuple) else [words]:
        _check_text(name, one)


def _check_number(name: str, number: object) -> None:
    """As such, or as a text has it with its unit."""
    if not isinstance(number, Real) or isinstance(number, bool):
        _check_text(name, number)


def _check_truth(name: str, value: object) -> None:
    if not isinstance(value, bool):
        raise InputError(text("--{name} {given}: write True or False", name=name, given=repr(value)))


def _check_function(name: str, given: object) -> None:
    if not callable(given):
        message = text(
            "{name} {given}: give a function of two numbers, like lambda done, of: print(done, of)",
            name=name, given=repr(given),
        )  # fmt: skip
        raise InputError(message)


CHECKS: dict[str, Check] = {
    **dict.fromkeys(CHOICES, check_choice),
    **dict.fromkeys(("draws", "seed", "threads", "max_draws", "review", "notice"), check_whole),
    **dict.fromkeys(("path", "target", "quarter", "stop_if", "tolerance", "title"), _check_text),
    **dict.fromkeys(("assumption", "changes", "sections"), _check_texts),
    **dict.fromkeys(("file", "out", "since", "template"), _check_file),
    **dict.fromkeys(("plain", "details", "interactive"), _check_truth),
    "precision": _check_number,
    "progress": _check_function,
}
"""Of each keyword, wherever it has one meaning. None may be given where it is the default."""
