"""Messages of a compiled gettext catalogue, found one by one.

A command shows some fifty of the thousand messages that there are: reading them all, as the standard library does, costs more than all of
these. The file has its messages in order, so that each is found by halving.
"""

from bisect import bisect_left

MAGIC = 0x950412DE  # https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html


class Catalogue:
    """data: of a `.mo` file in UTF-8, as pybabel writes it, little-endian; empty for the language of the code itself.

    otherwise: has the messages that are not in it.
    """

    def __init__(self, data: bytes, otherwise: "Catalogue | None" = None) -> None:
        self._otherwise = otherwise
        if data and int.from_bytes(data[:4], "little") != MAGIC:
            raise ValueError("no compiled catalogue of messages")
        self._data, self._shown = data, dict[str, str]()
        self._count, self._messages, self._translations = (self._number(at) for at in (8, 12, 16))

    def gettext(self, message: str) -> str:
        shown = self._shown.get(message)
        if shown is None:
            found = self._found(message.encode())
            if found is not None:
                shown = found.decode()
            else:
                shown = self._otherwise.gettext(message) if self._otherwise else message
            self._shown[message] = shown
        return shown

    def ngettext(self, one: str, many: str, n: int) -> str:
        """For two forms, the first for one alone: the rule of English and Danish."""
        found = self._found(f"{one}\0{many}".encode())
        if found is None and self._otherwise:
            return self._otherwise.ngettext(one, many, n)
        return (one, many)[n != 1] if found is None else found.decode().split("\0")[n != 1]

    def _found(self, message: bytes) -> bytes | None:
        at = bisect_left(range(self._count), message, key=lambda i: self._text(self._messages, i))
        known = at < self._count and self._text(self._messages, at) == message
        return self._text(self._translations, at) if known else None

    def _text(self, table: int, i: int) -> bytes:
        length, begin = self._number(table + 8 * i), self._number(table + 8 * i + 4)
        return self._data[begin : begin + length]

    def _number(self, at: int) -> int:
        return int.from_bytes(self._data[at : at + 4], "little")
