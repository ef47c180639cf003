"""A workbook of Excel's (.xlsx, .xlsm; ISO/IEC 29500): its parts, and of each sheet the cells. Values that are stored are read; nothing is
calculated, run or fetched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from simulate.grid.book import Book, GridProblem, Sheet
from simulate.grid.cells import TRUE, Context, sheet
from simulate.grid.looks import looks
from simulate.grid.package import Package, damaged, relations
from simulate.grid.strings import shared
from simulate.locale import later, text

MOST_SHEETS = 500
TABLES = "application/vnd.oasis.opendocument.spreadsheet"


@dataclass(slots=True)
class _Contents:
    """What the workbook's own part says: (name, id of what holds it, whether it is hidden) of each sheet."""

    sheets: list[tuple[str, str, bool]] = field(default_factory=list)
    since_1904: bool = False
    is_stale: bool = False
    by_hand: bool = False  # it calculates only when asked to

    def tag(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            held = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            self.sheets.append((attributes.get("name", ""), held, attributes.get("state", "visible") != "visible"))
            if len(self.sheets) > MOST_SHEETS:
                raise GridProblem(text("the workbook has more than {n} sheets; copy those that matter into a new workbook", n=MOST_SHEETS))  # fmt: skip
        elif name == "workbookPr":
            self.since_1904 = attributes.get("date1904") in TRUE
        elif name == "calcPr":
            self.is_stale = attributes.get("fullCalcOnLoad") in TRUE
            self.by_hand = attributes.get("calcMode") == "manual"


def workbook(file: str, data: bytes) -> Book:
    """data: the file's bytes.  Raises GridProblem."""
    package = Package(data)
    part = _main(package)
    contents = _Contents()
    package.tags_of(part, contents.tag)
    related = relations(package, part)
    context = Context(since_1904=contents.since_1904, is_stale=contents.is_stale)
    for kind, target in related.values():
        if kind == "sharedStrings":
            context.shared = shared(package, target)
        elif kind == "styles" and target in package:
            context.looks = looks(package, target)
    sheets = tuple(
        sheet(package, target, name, hidden, context)
        for name, held, hidden in contents.sheets
        for kind, target in [related.get(held, ("", ""))]
        if kind == "worksheet"
    )
    _check(contents, sheets)
    return Book(file, sheets, tuple(_notes(contents, related, context)))


def _main(package: Package) -> str:
    """The part that all others hang on."""
    found = next((target for kind, target in relations(package, "").values() if kind == "officeDocument"), "")
    if "xl/workbook.bin" in package:
        raise GridProblem(text("this is a binary workbook (.xlsb); save it in Excel as .xlsx"))
    if "word/document.xml" in package:
        raise GridProblem(text("this is a Word document; copy its table into a workbook, or as text into a .txt file"))
    if "mimetype" in package and "content.xml" in package:
        raise GridProblem(text("this is a document of LibreOffice or OpenOffice (.ods); save it as .xlsx"))
    if "index/document.iwa" in package or "index.zip" in package:
        raise GridProblem(text("this is a document of Apple Numbers; export it to Excel (.xlsx)"))
    if not found or found not in package:
        raise GridProblem(text("this is an archive (zip), and no workbook; take the workbook out of it"))
    return found


def _check(contents: _Contents, sheets: tuple[Sheet, ...]) -> None:
    if not contents.sheets:
        raise damaged("workbook.xml")
    if not sheets:
        raise GridProblem(text("the workbook has no sheet with cells, only charts or dialogs"))
    if not any(each.rows for each in sheets):
        raise GridProblem(text("the workbook is empty: there is nothing in any cell of its sheets"))


def _notes(contents: _Contents, related: dict[str, tuple[str, str]], context: Context) -> Iterator[str]:
    kinds = {kind for kind, _ in related.values()}
    if kinds & {"vbaProject", "xlMacrosheet", "xlIntlMacrosheet"}:
        yield later("the workbook has macros; they are not run, the values stored in the file are read")
    if kinds & {"externalLink", "connections"}:
        yield later("the workbook fetches values from other files or databases; nothing is fetched, the values stored in the file are read")  # fmt: skip
    if context.asks_the_web:
        yield later("a formula of the workbook fetches from the web (WEBSERVICE); nothing is fetched, the value stored in the file is read")  # fmt: skip
    if contents.by_hand:
        yield later("the workbook calculates only when it is told to; press F9 in Excel and save, if its figures may be old")  # fmt: skip
