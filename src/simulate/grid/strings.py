"""Texts of a workbook: those that its cells share, and the letters that XML cannot hold."""

from __future__ import annotations

import re

from simulate.grid.package import MOST_DEEP, Package, damaged

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def plain(said: str) -> str | None:
    """The text that a cell shows, lines parted by \\n; None where nothing is seen of it."""
    if "_x" in said:
        said = _ESCAPED.sub(_letter, said)
    if "\r" in said:
        said = said.replace("\r\n", "\n").replace("\r", "\n")
    return said if said.strip() else None


def _letter(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if 0xD800 <= code < 0xE000 else chr(code)  # half a letter is none


def shared(package: Package, part: str) -> list[str | None]:
    """The texts that cells name by number; of those with several looks the whole text, without how it is pronounced."""
    reader = _Strings(part)
    package.parse(part, reader)
    return reader.found


class _Strings:
    def __init__(self, part: str) -> None:
        self.part, self.depth = part, 0
        self.chars: list[str] = []
        self.pieces: list[str] = []
        self.found: list[str | None] = []
        self.is_spoken = True

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MOST_DEEP:
            raise damaged(self.part)
        if name == "si":
            self.pieces.clear()
        elif name == "rPh":
            self.is_spoken = False
        self.chars.clear()

    def end(self, name: str) -> None:
        self.depth -= 1
        if name == "t" and self.is_spoken:
            self.pieces += self.chars
        elif name == "rPh":
            self.is_spoken = True
        elif name == "si":
            self.found.append(plain("".join(self.pieces)))
        self.chars.clear()
