"""The parts of a workbook, a zip file: which of them are sheets, what belongs to each, and what a copy could not keep."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from simulate.errors import InputError
from simulate.figures import today
from simulate.locale import text
from simulate.writers.write_back.xml import Element, NotXml, appended, attribute, elements, rewritten, spliced

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "[Content_Types].xml"
TYPES_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/content-types"
STRICT = "http://purl.oclc.org/ooxml/"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
KINDS = {
    "worksheet": f"{SPREADSHEET}.worksheet+xml",
    "drawing": "application/vnd.openxmlformats-officedocument.drawing+xml",
    "chart": "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
}
UNREADABLE = (
    zipfile.BadZipFile,
    NotXml,
    LookupError,
    ValueError,
    StopIteration,
    NotImplementedError,
    RuntimeError,
    OSError,
)
"""What comes of parts that are not as those of a workbook are."""
MOST_BYTES = 400_000_000
SIGNATURES = "_xmlsignatures/"
SHARED = "xl/revisions/"


@dataclass(frozen=True, slots=True)
class Relation:
    key: str
    kind: str  # the last word of its type
    target: str  # the part's name


@dataclass(frozen=True, slots=True)
class SheetPart:
    name: str
    part: str


@dataclass
class Parts:
    """Of a workbook, in their order; changed in place. looks: of each how it stands in the zip file."""

    data: dict[str, bytes]
    looks: dict[str, zipfile.ZipInfo] = field(default_factory=dict)

    @classmethod
    def of(cls, file: bytes) -> Parts:
        """Raises InputError for what is no workbook that could be copied."""
        try:
            with zipfile.ZipFile(io.BytesIO(file)) as found:
                infos = {one.filename: one for one in found.infolist()}
                if (
                    sum(one.file_size for one in infos.values()) > MOST_BYTES
                ):  # more than that is not unpacked, whatever is in it
                    raise InputError(
                        text(
                            "it has more than {n} MB of parts; save it without its pictures", n=MOST_BYTES // 1_000_000
                        )
                    )
                parts = cls({name: found.read(one) for name, one in infos.items()}, infos)
            parts.check()
        except UNREADABLE as error:
            raise unreadable(error) from None
        return parts

    def check(self) -> None:
        """Raises InputError for kinds of workbooks that nothing can be written into."""
        root = elements(self.data[self.workbook], ("workbook", "sheet"))
        if STRICT in self.data[self.workbook].decode("utf-8", "replace"):
            raise InputError(text("it is saved as “Strict Open XML”; save it in Excel as an ordinary workbook (.xlsx)"))
        if any(name.startswith(SHARED) for name in self.data):
            raise InputError(
                text(
                    "it is shared in the old way (several write in it, and Excel keeps a list of changes); end the sharing in Excel, and save it"
                )
            )
        assert root

    @property
    def losses(self) -> list[str]:
        """In words, what the copy cannot keep."""
        signed = any(name.startswith(SIGNATURES) and name.endswith(".xml") for name in self.data)
        return [text("its digital signature, which holds for the original alone")] if signed else []

    def unsigned(self) -> None:
        """Without a signature, which a changed workbook would break."""
        gone = [name for name in self.data if name.startswith(SIGNATURES)]
        for name in gone:
            self.drop(name)
        if gone:
            kept = _without("Type", "digital-signature/origin")
            self.data["_rels/.rels"] = rewritten(self.data["_rels/.rels"], ("Relationship",), kept)

    # What belongs to what ---------------------------------------------------------------------------------------------

    @property
    def workbook(self) -> str:
        return next(one.target for one in self.relations("") if one.kind == "officeDocument")

    def relations(self, part: str) -> list[Relation]:
        """Of a part to others in the file."""
        data = self.data.get(relations_of(part))
        if data is None:
            return []
        folder = posixpath.dirname(part)
        return [
            Relation(
                one.attributes["Id"],
                one.attributes["Type"].rpartition("/")[2],
                _joined(folder, one.attributes["Target"]),
            )
            for one in elements(data, ("Relationship",))
            if one.attributes.get("TargetMode") != "External"
        ]

    def related(self, part: str, kind: str) -> Iterator[str]:
        """Parts of a kind that a part has."""
        yield from (one.target for one in self.relations(part) if one.kind == kind and one.target in self.data)

    def sheets(self) -> list[SheetPart]:
        """Those of cells."""
        targets = {one.key: one.target for one in self.relations(self.workbook) if one.kind == "worksheet"}
        found = (
            (one.attributes["name"], targets.get(attribute(one.attributes, "id"))) for one in self._sheet_elements()
        )
        return [SheetPart(name, part) for name, part in found if part is not None and part in self.data]

    def _sheet_elements(self) -> list[Element]:
        return [one for one in elements(self.data[self.workbook], ("sheet",)) if one.path[-2:] == ("sheets", "sheet")]

    # Parts that come and go -------------------------------------------------------------------------------------------

    def put(self, name: str, data: bytes, kind: str = "") -> None:
        """kind: of KINDS, of a new part."""
        self.data[name] = data
        if kind:
            self._typed(name, kind)

    def _typed(self, name: str, kind: str) -> None:
        types = self.data[TYPES]
        found = elements(types, ("Types", "Override"))
        if any(one.attributes.get("PartName") == f"/{name}" for one in found):
            return
        new = f'<Override xmlns="{TYPES_NAMESPACE}" PartName={quoteattr("/" + name)} ContentType="{KINDS[kind]}"/>'
        self.data[TYPES] = spliced(types, appended(types, found[0], [new.encode()]))

    def drop(self, name: str) -> None:
        self.data.pop(name, None)
        self.data.pop(relations_of(name), None)
        gone = _without("PartName", f"/{name}")
        self.data[TYPES] = rewritten(self.data[TYPES], ("Override",), gone)

    def free(self, pattern: str) -> str:
        """A name that no part has: the pattern with a number in place of {}."""
        known = {name.casefold() for name in self.data}
        return next(name for n in range(1, len(known) + 2) if (name := pattern.format(n)).casefold() not in known)

    def add_sheet(self, name: str, data: bytes) -> str:
        """A sheet after all others; gives its part's name."""
        book = self.workbook
        part = self.free(posixpath.join(posixpath.dirname(book), "worksheets/sheet{}.xml"))
        self.put(part, data, "worksheet")
        key = self._relate(book, part, "worksheet")
        known = self._sheet_elements()
        number = max((int(one.attributes["sheetId"]) for one in known), default=0) + 1
        parent = next(one for one in elements(self.data[book], ("sheets",)) if len(one.path) == 2)
        new = f'<sheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" name={quoteattr(name)} sheetId="{number}" xmlns:r="{RELATIONS}" r:id="{key}"/>'
        self.data[book] = spliced(self.data[book], appended(self.data[book], parent, [new.encode()]))
        return part

    def _relate(self, part: str, target: str, kind: str) -> str:
        """From a part that has relations to another one; gives the key."""
        where = relations_of(part)
        data = self.data[where]
        found = elements(data, ("Relationships", "Relationship"))
        known = {one.attributes.get("Id") for one in found}
        key = next(name for n in range(1, len(known) + 2) if (name := f"rId{n}") not in known)
        new = f'<Relationship xmlns="{PACKAGE}" Id="{key}" Type="{RELATIONS}/{kind}" Target={quoteattr("/" + target)}/>'
        self.data[where] = spliced(data, appended(data, found[0], [new.encode()]))
        return key

    def written(self) -> bytes:
        """The file; parts of the original as they stood in it, new ones of the day."""
        day = (*today().timetuple()[:3], 0, 0, 0)
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
            for name, data in self.data.items():
                known = self.looks.get(name)
                info = zipfile.ZipInfo(name, known.date_time if known else day)
                info.external_attr = known.external_attr if known else 0o600 << 16
                stored = known is not None and known.compress_type == zipfile.ZIP_STORED
                made.writestr(info, data, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
        return stream.getvalue()


def unreadable(error: Exception) -> InputError:
    """In words."""
    said = str(error) or type(error).__name__
    return InputError(text("its parts cannot be read as those of a workbook ({reason})", reason=said))


def _without(name: str, ending: str) -> Callable[[Element, bytes], bytes | None]:
    """Takes out the elements of which an attribute ends so."""
    return lambda one, tag: b"" if attribute(one.attributes, name).endswith(ending) else None


def relations_of(part: str) -> str:
    """The part that has the relations of a part; of the file itself for an empty name."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _joined(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
