"""Where elements stand in the bytes of an XML part, so that some are put in and everything else stays as it is, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TAG = re.compile(rb"<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
Splice = tuple[int, int, bytes]
"""From where to where, and what stands there instead."""


class NotXml(ValueError):
    """A part that is none, or of a kind that no workbook has."""


@dataclass(frozen=True, slots=True)
class Element:
    """path: local names of all above it, and its own last. start, end: of all of it; inner, inner_end: of what it holds."""

    path: tuple[str, ...]
    attributes: dict[str, str]
    start: int
    inner: int
    inner_end: int
    end: int
    words: str

    @property
    def name(self) -> str:
        return self.path[-1]

    @property
    def is_single(self) -> bool:
        """`<a/>`, which holds nothing."""
        return self.inner == self.end


def local(name: str) -> str:
    return name.rpartition(":")[2]


def attribute(attributes: dict[str, str], name: str) -> str:
    """By its name without a prefix; empty where there is none."""
    return next((value for key, value in attributes.items() if local(key) == name), "")


def parser() -> expat.XMLParserType:
    """That takes no entities: a workbook has none, and a few lines of them can fill any memory."""
    found = expat.ParserCreate()
    found.buffer_text = True

    def refused(*_: object) -> None:
        raise NotXml("a document type")

    found.StartDoctypeDeclHandler = refused
    return found


def parsed(data: bytes, one: expat.XMLParserType) -> None:
    """Raises NotXml."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:64]:
        raise NotXml("UTF-16")
    try:
        one.Parse(data, True)
    except expat.ExpatError as error:
        raise NotXml(str(error)) from None


def tag_end(data: bytes, start: int) -> int:
    """Where the tag that begins there ends."""
    found = _TAG.match(data, start)
    if found is None:
        raise NotXml("a tag without an end")
    return found.end()


def elements(data: bytes, names: Collection[str]) -> list[Element]:
    """Those of these names, in the order in which they begin. Raises NotXml."""
    found: list[Element] = []
    open_: list[tuple[str, dict[str, str], int, int, list[str]]] = []
    one = parser()

    def begins(name: str, attributes: dict[str, str]) -> None:
        open_.append((local(name), attributes, one.CurrentByteIndex, len(found), []))

    def said(words: str) -> None:
        if open_:
            open_[-1][4].append(words)

    def ends(name: str) -> None:
        if open_[-1][0] in names:
            path = tuple(each[0] for each in open_)
            _, attributes, start, before, words = open_[-1]
            found.insert(before, _element(data, path, attributes, start, one.CurrentByteIndex, "".join(words)))
        open_.pop()

    one.StartElementHandler, one.EndElementHandler, one.CharacterDataHandler = begins, ends, said
    parsed(data, one)
    return found


def _element(
    data: bytes, path: tuple[str, ...], attributes: dict[str, str], start: int, at: int, words: str
) -> Element:
    """at: where its end was seen: at its end tag, or behind it where it holds nothing."""
    inner = tag_end(data, start)
    if data[inner - 2 : inner] == b"/>":
        return Element(path, attributes, start, inner, inner, inner, words)
    return Element(path, attributes, start, inner, at, tag_end(data, at), words)


def spliced(data: bytes, splices: Iterable[Splice]) -> bytes:
    """With some places changed; none overlaps another, those at one place stand in their order."""
    pieces, at = [], 0
    for start, end, new in sorted(splices, key=lambda each: (each[0], each[1])):
        pieces += [data[at:start], new]
        at = end
    return b"".join([*pieces, data[at:]])


def appended(data: bytes, parent: Element, new: Sequence[bytes], count: bool = False) -> list[Splice]:
    """Splices that put children behind those that an element has. count: whether it has their number as an attribute."""
    tag = data[parent.start : parent.inner]
    total = int(parent.attributes.get("count", "0") or 0) + len(new)
    if count and "count" in parent.attributes:
        tag = re.sub(rb"(\scount=)(\"[^\"]*\"|'[^']*')", lambda m: m[1] + b'"%d"' % total, tag, count=1)
    if parent.is_single:
        name = re.match(rb"<([^\s/>]+)", tag)
        assert name is not None
        return [(parent.start, parent.end, tag[:-2].rstrip() + b">" + b"".join(new) + b"</" + name[1] + b">")]
    return [(parent.start, parent.inner, tag), (parent.inner_end, parent.inner_end, b"".join(new))]


def with_attributes(tag: bytes, changed: dict[str, str | None]) -> bytes:
    """A start tag with attributes that are changed, put in, or taken out (None)."""
    for name, value in changed.items():
        pattern = rb"\s" + name.encode() + rb"\s*=\s*(\"[^\"]*\"|'[^']*')"
        tag = re.sub(pattern, b"", tag, count=1)
        if value is not None:
            head = re.match(rb"<[^\s/>]+", tag)
            assert head is not None
            tag = head[0] + f" {name}={quoteattr(value)}".encode() + tag[head.end() :]
    return tag


def rewritten(data: bytes, wanted: Collection[str], change: Callable[[Element, bytes], bytes | None]) -> bytes:
    """With each element of these names as the function has it, which is given it and its start tag; None: as it is."""
    splices: list[Splice] = []
    for one in elements(data, wanted):
        new = change(one, data[one.start : one.inner])
        if new is not None:
            splices.append((one.start, one.end, new))
    return spliced(data, splices)


def said(words: str) -> str:
    """A text between tags."""
    return escape(words)
