"""The language of what is printed: gettext catalogues (English in the code, Danish beside it) and CLDR numbers.

The language in force is that of the process, or what a call asks for meanwhile: a context variable, so that threads and nested calls do
not disturb each other.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from os import PathLike
from pathlib import Path
from string import Formatter
from typing import get_args

from simulate.content import Language as Language
from simulate.content import Sentence, figures_of
from simulate.locale.catalogue import Catalogue
from simulate.locale.visible import escaped

LANGUAGES: tuple[Language, ...] = get_args(Language)
DOMAIN = "simulate"
SWAPPED = str.maketrans(",.", ".,")  # Python's signs of thousands and decimals in Danish
LARGE, EXACT = (
    1e4,
    1e15,
)  # of a number in a sentence: from here on thousands are marked off, up to where all its digits are
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set counts

_of_process: Language = "da"
_language: ContextVar[Language | None] = ContextVar("language", default=None)
_wording: ContextVar[str] = ContextVar("wording", default="")


def of_user() -> Language:
    """The language that the user's environment asks for, read as gettext does; Danish where it says neither that nor English."""
    set_up = next((value for name in VARIABLES if (value := os.environ.get(name))), "")
    wanted = (one[:2].lower() for one in set_up.split(":"))
    return next((known for one in wanted for known in LANGUAGES if one == known), "da")


def use(language: Language) -> None:
    """Print in this language from now on, in threads and the cells of a notebook too."""
    global _of_process
    _of_process = language
    _language.set(language)


def language() -> Language:
    return _language.get() or _of_process


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Say what is said meanwhile in this language."""
    before = _language.set(language)
    try:
        yield
    finally:
        _language.reset(before)


@contextmanager
def worded(wording: str) -> Iterator[None]:
    """Say what this catalogue has in its words: what a case is like may change how a thing is called. "": as ever."""
    before = _wording.set(wording)
    try:
        yield
    finally:
        _wording.reset(before)


@cache
def _catalogue(name: Language, wording: str) -> Catalogue:
    # The code's own words are English: a missing catalogue is right for it and a defect for any other language.
    folder = Path(__file__).parent / name / "LC_MESSAGES"
    if not wording:
        return Catalogue(b"" if name == "en" else (folder / f"{DOMAIN}.mo").read_bytes())
    return Catalogue((folder / f"{wording}.mo").read_bytes(), _catalogue(name, ""))


def text(message: str, /, **values: object) -> Sentence:
    """Translate, then put the values in (str.format); what is hidden in a quoted text is written out, so that no terminal obeys it."""
    filled = _filled(_catalogue(language(), _wording.get()).gettext(message), _quoted(values))
    return Sentence(filled, figures_of(values.values()))


def later(message: str) -> str:
    """Marks a message that is translated where it is shown, by text()."""
    return message


def plural(one: str, many: str, n: int, /, **values: object) -> Sentence:
    """As text(), for a message that depends on a number, which it may name {n}."""
    message = _catalogue(language(), _wording.get()).ngettext(one, many, n)
    return Sentence(_filled(message, {"n": n, **_quoted(values)}), figures_of(values.values()))


def spoken(value: float, how: str = "") -> str:
    """A number as format() writes it, with the decimal mark of the language in force. how: as format() reads it."""
    said = format(float(value), how)
    return said.translate(SWAPPED) if language() == "da" else said


class _Spoken(float):
    """A number in a message: whoever formats it has the language's decimal mark."""

    def __format__(self, how: str) -> str:
        if how.endswith("g") and LARGE <= abs(self) < EXACT:  # 600.000, not 600000 or 6e+05
            how = ",.15g" if self.is_integer() else f",{how}"
        return spoken(self, how)


def _filled(message: str, values: dict[str, object]) -> str:
    """The message with its values; where a value ends in the dot of an abbreviation, that dot ends the sentence, too. Between grave accents stands
    what a file has, whose decimal mark is a point in every language."""
    if "`" not in message and ".." not in (whole := message.format(**_told(values))):
        return whole
    said, told = "", _told(values)
    for words, field, how, _ in Formatter().parse(message):
        twice = re.search(r"[^.]\.$", said) and re.match(r"\.(?!\.)", words)
        said += words[1:] if twice else words
        given = values if said.count("`") % 2 else told
        said += "" if field is None else f"{{{field}:{how}}}".format(**given)
    return said


def _told(values: dict[str, object]) -> dict[str, object]:
    return {key: _told_one(value) for key, value in values.items()}


def _told_one(value: object) -> object:
    if isinstance(value, float):
        return _Spoken(value)
    if isinstance(value, list | tuple) and language() == "da":  # a comma is within its numbers
        listed = "; ".join(f"{_told_one(one)}" for one in value)
        return f"[{listed}]" if isinstance(value, list) else f"({listed})"
    return value


def _quoted(values: dict[str, object]) -> dict[str, object]:
    """Values as a message may hold them: of texts, paths and other programs' words nothing but letters."""
    texts = (str, PathLike, Exception)
    return {key: escaped(str(value)) if isinstance(value, texts) else value for key, value in values.items()}
