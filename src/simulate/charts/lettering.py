"""How wide texts are in the font of the charts, and what of them fits where."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from unicodedata import east_asian_width

from simulate.figures import unbroken
from simulate.locale.visible import escaped

FOLDER = Path(__file__).parent / "fonts"
FAMILY = "Provenu Sans"
UNKNOWN = {
    "W": 1.4,
    "F": 1.4,
}  # of the font's size, what a letter that the font has not may take: a picture, a sign of Chinese
OTHER = 0.8  # a letter of another script
MORE = "…"


@cache
def _widths(bold: bool) -> dict[str, float]:
    found: dict[str, dict[str, float]] = json.loads((FOLDER / "widths.json").read_text("utf-8"))
    return found["Bold" if bold else "Regular"]


def width(words: str, size: float, bold: bool = False) -> float:
    """In pixels, without kerning; never too little."""
    known = _widths(bold)
    return size * sum(known[letter] if letter in known else _unknown(letter) for letter in words)


def _unknown(letter: str) -> float:
    return UNKNOWN.get(east_asian_width(letter), OTHER)


def widest(texts: Sequence[str], size: float, bold: bool = False) -> float:
    return max((width(one, size, bold) for one in texts), default=0.0)


def cut(words: str, size: float, room: float, bold: bool = False) -> str:
    """In one line, with dots for what has no room. What is hidden is written out."""
    shown = escaped(str(words))
    if width(shown, size, bold) <= room:
        return shown
    while shown and width(shown + MORE, size, bold) > room:
        shown = shown[:-1].rstrip()
    return shown + MORE


def wrapped(words: str, size: float, room: float, lines: int = 3, bold: bool = False) -> list[str]:
    """In so many lines at most, broken between words; a word that is too long by itself within it."""
    rows = list(_rows(unbroken(escaped(str(words))).split(" "), size, room, bold))
    if len(rows) > lines:
        rows = [*rows[: lines - 1], cut(" ".join(rows[lines - 1 :]), size, room, bold)]
    return rows


def _rows(words: Sequence[str], size: float, room: float, bold: bool) -> Iterator[str]:
    row = ""
    for word in words:
        longer = f"{row} {word}" if row else word
        if width(longer, size, bold) <= room:
            row = longer
            continue
        if row:
            yield row
        *full, row = _broken(word, size, room, bold)
        yield from full
    if row:
        yield row


def _broken(word: str, size: float, room: float, bold: bool) -> Iterator[str]:
    part = ""
    for letter in word:
        if part and width(part + letter, size, bold) > room:
            yield part
            part = ""
        part += letter
    yield part
