"""The zip archive that a workbook is: its parts, unpacked bit by bit and counted meanwhile, and their XML, of which nothing is ever fetched.

A file of a few kilobytes can unpack to gigabytes, declare one size and have another, or hold XML that grows when it is read. So no part is
unpacked that is not asked for, and what is, is counted in bytes, in tags and in depth.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn, Protocol
from xml.parsers.expat import ExpatError, ParserCreate

from simulate.grid.book import GridProblem
from simulate.locale import text

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

MOST_PARTS = 10_000
MOST_UNPACKED = 64_000_000  # bytes of all parts that are read: half a million cells have some 25 million
MOST_TAGS = 3_000_000
MOST_DEEP = 100  # a workbook has some ten elements inside each other
MOST_OPEN = 1_000_000  # bytes of one tag, comment or the like; a cell has 32767 letters at most
MOST_NAMES = 20_000  # of elements and attributes, which the parser keeps; a workbook has some hundred
CHUNK = 1 << 16
SIGNATURE = b"PK\x01\x02"  # what each file of an archive has in its directory
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    OverflowError,
)
Tag = Callable[[str, dict[str, str]], None]


class Reader(Protocol):
    """What is told of a part's elements; chars gets the text between them, in pieces."""

    chars: list[str]

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...


def damaged(what: str) -> GridProblem:
    return GridProblem(text("the workbook is damaged ({what}); open it in Excel, which can repair it, and save it anew", what=what))  # fmt: skip


def too_large() -> GridProblem:
    return GridProblem(text("the workbook is too large to be read: unpacked it has more than {n} million bytes, or {tags} million elements; copy the sheet that matters into a new workbook", n=MOST_UNPACKED // 1_000_000, tags=MOST_TAGS // 1_000_000))  # fmt: skip


class Package:
    """unpacked, tags: what was read so far of all parts.  Raises GridProblem, as every method does."""

    def __init__(self, data: bytes) -> None:
        if data.count(SIGNATURE) > MOST_PARTS:
            raise GridProblem(text("the file is an archive of more than {n} files, and no workbook", n=MOST_PARTS))
        self.unpacked = 0
        self.tags = 0
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except BROKEN:
            raise GridProblem(text("the file begins as a workbook does, but is cut off or damaged; fetch it anew, or open it in Excel, which can repair it, and save it anew")) from None  # fmt: skip
        self._parts: dict[str, zipfile.ZipInfo] = {}
        for info in self._archive.infolist():
            name = _folded(info.filename)
            if name in self._parts:
                raise damaged(info.filename)
            self._parts[name] = info

    def __contains__(self, part: str) -> bool:
        return _folded(part) in self._parts

    def chunks(self, part: str) -> Iterator[bytes]:
        """The part's bytes, counted before they are unpacked (as it declares them) and after."""
        info = self._parts.get(_folded(part))
        if info is None:
            raise damaged(part)
        if info.flag_bits & 1:
            raise GridProblem(text("the file is protected by a password; open it in Excel, remove the password (File, Info, Protect Workbook), and save a copy"))  # fmt: skip
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # the others may take any memory
            raise damaged(part)
        if self.unpacked + info.file_size > MOST_UNPACKED:
            raise too_large()
        try:
            with self._archive.open(info) as stream:
                while chunk := stream.read(CHUNK):
                    self._count(chunk)
                    yield chunk
        except BROKEN:
            raise damaged(part) from None

    def _count(self, chunk: bytes) -> None:
        self.unpacked += len(chunk)
        self.tags += chunk.count(b"<")
        if self.unpacked > MOST_UNPACKED or self.tags > MOST_TAGS:
            raise too_large()

    def parse(self, part: str, reader: Reader) -> None:
        """Have a part's elements told, without the prefix that they bear where the root bears one."""
        names: dict[str, str] = {}
        parser = _parser(part, reader, names)
        fed = 0
        try:
            for chunk in self.chunks(part):
                parser.Parse(chunk)
                fed += len(chunk)
                if fed - parser.CurrentByteIndex > MOST_OPEN or len(names) > MOST_NAMES:
                    raise damaged(part)
            parser.Parse(b"", True)
        except ExpatError:
            raise damaged(part) from None

    def tags_of(self, part: str, tag: Tag) -> None:
        """Have the beginnings of a part's elements told."""
        self.parse(part, _Tags(part, tag))


class _Tags:
    def __init__(self, part: str, tag: Tag) -> None:
        self.chars: list[str] = []
        self.part, self.tag, self.depth = part, tag, 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MOST_DEEP:
            raise damaged(self.part)
        self.tag(name, attributes)

    def end(self, name: str) -> None:
        self.depth -= 1
        self.chars.clear()


def _parser(part: str, reader: Reader, names: dict[str, str]) -> XMLParserType:
    parser = ParserCreate(intern=names)
    parser.buffer_text = True

    def refuse(
        *_: Any,
    ) -> NoReturn:  # where a part declares a type, it can declare texts that grow, or that stand elsewhere
        raise damaged(part)

    def root(name: str, attributes: dict[str, str]) -> None:
        prefix, colon, _ = name.rpartition(":")
        start, end = (_without(prefix + colon, reader.start, reader.end)) if colon else (reader.start, reader.end)
        parser.StartElementHandler, parser.EndElementHandler = start, end
        start(name, attributes)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = root
    parser.CharacterDataHandler = reader.chars.append
    return parser


def _without(prefix: str, start: Tag, end: Callable[[str], None]) -> tuple[Tag, Callable[[str], None]]:
    return (lambda name, attributes: start(name.removeprefix(prefix), attributes)), lambda name: end(name.removeprefix(prefix))  # fmt: skip


def _folded(name: str) -> str:
    """Names of parts differ by more than large and small letters; some programs write folders as Windows does."""
    return name.replace("\\", "/").lstrip("/").lower()


def relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """What a part refers to: by its id the last word of its type, and the other part's name, "" for what is outside. {} where it refers to nothing."""
    folder, name = posixpath.split(part)
    listed = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, tuple[str, str]] = {}

    def tag(name: str, attributes: dict[str, str]) -> None:
        if name != "Relationship":
            return
        if len(found) > MOST_PARTS or attributes.get("Id", "") in found:
            raise damaged(listed)
        kind = attributes.get("Type", "").rpartition("/")[2]
        inside = attributes.get("TargetMode") != "External"
        target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))[1:] if inside else ""
        found[attributes.get("Id", "")] = (kind, target)

    if listed in package:
        package.tags_of(listed, tag)
    return found
