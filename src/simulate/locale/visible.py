"""Letters that are not seen where they stand: control characters, marks that turn the direction of a text, invisible ones.

A terminal obeys some of them, and a text that holds them may read otherwise than it is.
"""

import re
from functools import cache

_HIDDEN = (
    "[\x00-\x1f\x7f-\x9f"  # control characters: escape sequences begin with one
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u180e"  # of no width
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # and those that turn the direction, or end a line; joiners make one picture of several, and are seen
    "\ud800-\udfff\U000e0000-\U000e007f]"  # halves of letters; tags
)
BREAKS = "\n\t"  # that a text of several lines is laid out with
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


@cache
def hidden() -> re.Pattern[str]:
    """One such letter. Texts that are printable to the last letter have none, and most commands meet no other."""
    return re.compile(_HIDDEN)


def escaped(given: str, allowed: str = "") -> str:
    """The text with every such letter written out: `\\u001b` for the escape character. allowed: letters that stay."""

    def written(match: re.Match[str]) -> str:
        letter = match[0]
        return letter if letter in allowed else _SHORT.get(letter) or _code(letter)

    return given if given.isprintable() else hidden().sub(written, given)


def _code(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"


def first_hidden(given: str, allowed: str = "") -> tuple[int, str] | None:
    """The first such letter of a text that is not allowed there: its place from 0 and its name, like U+001B."""
    if given.isprintable():
        return None
    found = next((match for match in hidden().finditer(given) if match[0] not in allowed), None)
    return None if found is None else (found.start(), f"U+{ord(found[0]):04X}")
