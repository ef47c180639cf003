"""The language of what is printed: gettext catalogues (English in the code, Danish beside it) and CLDR numbers.

The language in force is a context variable, so that threads and nested calls do not disturb each other.
"""

import os
from contextvars import ContextVar
from functools import cache
from os import PathLike
from pathlib import Path
from typing import Literal, get_args

from simulate.locale.catalogue import Catalogue
from simulate.locale.visible import escaped

Language = Literal["da", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DOMAIN = "simulate"
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set counts

_language: ContextVar[Language] = ContextVar("language", default="da")


def of_user() -> Language:
    """The language that the user's environment asks for, read as gettext does; Danish where it says neither that nor English."""
    set_up = next((value for name in VARIABLES if (value := os.environ.get(name))), "")
    wanted = (one[:2].lower() for one in set_up.split(":"))
    return next((known for one in wanted for known in LANGUAGES if one == known), "da")


def use(language: Language) -> None:
    """Print in this language from now on."""
    _language.set(language)


def language() -> Language:
    return _language.get()


@cache
def _catalogue(name: Language) -> Catalogue:
    # The code's own words are English: a missing catalogue is right for it and a defect for any other language.
    file = Path(__file__).parent / name / "LC_MESSAGES" / f"{DOMAIN}.mo"
    return Catalogue(b"" if name == "en" else file.read_bytes())


def text(message: str, /, **values: object) -> str:
    """Translate, then put the values in (str.format); what is hidden in a quoted text is written out, so that no terminal obeys it."""
    return _catalogue(_language.get()).gettext(message).format(**_quoted(values))


def later(message: str) -> str:
    """Marks a message that is translated where it is shown, by text()."""
    return message


def plural(one: str, many: str, n: int, /, **values: object) -> str:
    """As text(), for a message that depends on a number, which it may name {n}."""
    return _catalogue(_language.get()).ngettext(one, many, n).format(n=n, **_quoted(values))


def _quoted(values: dict[str, object]) -> dict[str, object]:
    """Values as a message may hold them: of texts, paths and other programs' words nothing but letters."""
    texts = (str, PathLike, Exception)
    return {key: escaped(str(value)) if isinstance(value, texts) else value for key, value in values.items()}
