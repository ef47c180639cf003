"""What is no workbook, what is a broken one, and what is meant to do harm: each gets words, before it could cost time or memory."""

import io
import os
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
import raw_workbooks as raw

from simulate import grid, locale
from simulate.grid import GridProblem
from simulate.grid import cells as limits
from simulate.grid import package as zipped
from simulate.grid.package import Package

ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
SHEET = "xl/worksheets/sheet1.xml"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


def words(path: str) -> tuple[str, str]:
    """What is said in both languages."""
    said = []
    for language in ("en", "da"):
        with locale.speaking(language), pytest.raises(GridProblem) as problem:  # type: ignore[arg-type]
            grid.read(path)
        said.append(str(problem.value))
    return said[0], said[1]


def expect(path: str, english: str, danish: str) -> None:
    said = words(path)
    assert english in said[0]
    assert danish in said[1]


# What is no workbook --------------------------------------------------------------------------------------------------


def test_no_such_file(tmp_path: Path):
    expect(str(tmp_path / "no.xlsx"), "there is no such file", "filen findes ikke")


def test_a_folder(tmp_path: Path):
    expect(str(tmp_path), "this is a folder, and no file", "det er en mappe og ikke en fil")


def test_a_name_that_no_file_can_have():
    expect("a\0b.xlsx", "the file cannot be read", "filen kan ikke læses")


def test_the_mark_that_excel_leaves_beside_an_open_file(tmp_path: Path):
    path = raw.written(tmp_path, b"\x05Anna", "~$case.xlsx")
    expect(path, "Excel's own mark that `case.xlsx` is open", "Excels eget mærke for, at `case.xlsx` er åben")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are not everywhere")
def test_a_pipe_lets_nobody_wait(tmp_path: Path):
    os.mkfifo(tmp_path / "case.xlsx")
    expect(str(tmp_path / "case.xlsx"), "the file cannot be read", "filen kan ikke læses")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refused(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    path = raw.written(tmp_path, raw.parts(ONE))
    monkeypatch.setattr("simulate.grid.reading._opened", refused)
    expect(path, "another program has it open", "Et andet program har den åben")


NONE = {
    "empty": (b"", "case.xlsx", "the file is empty", "filen er tom"),
    "blank lines": (b"\n \n;;\n", "a.csv", "the file is empty", "filen er tom"),
    "password": (OLE + "EncryptedPackage".encode("utf-16-le"), "case.xlsx", "protected by a password", "beskyttet med en adgangskode"),
    "xls": (OLE + "Workbook".encode("utf-16-le"), "case.xls", "Excel 2003 or older (.xls)", "Excel 2003 eller ældre (.xls)"),
    "xls named xlsx": (OLE + "Book".encode("utf-16-le"), "case.xlsx", "Excel 2003 or older (.xls)", "Excel 2003 eller ældre (.xls)"),
    "doc": (OLE + "WordDocument".encode("utf-16-le"), "case.doc", "an older Office file", "en ældre Office-fil"),
    "page": (b"\xef\xbb\xbf\r\n<HTML><table>", "budget.xls", "this is a web page", "det er en webside"),
    "xml of 2003": (b'<?xml version="1.0"?><Workbook>', "budget.xls", "this is a web page or XML", "det er en webside eller XML"),
    "text": (b"a;b\n1;2\n", "case.xlsx", "this is no workbook, whatever its name says", "det er ikke et regneark"),
    "pdf": (b"%PDF-1.7\n", "budget.pdf", "this is a PDF", "det er en PDF"),
    "picture": (b"\x89PNG\r\n", "budget.png", "this is a picture", "det er et billede"),
    "bytes": (b"a;b\0c", "budget.csv", "neither a workbook nor text", "hverken et regneark eller tekst"),
    "cut off": (raw.packed(raw.parts(ONE))[:-30], "case.xlsx", "cut off or damaged", "skåret over eller beskadiget"),
    "begins alone": (raw.packed(raw.parts(ONE))[:60], "case.xlsx", "cut off or damaged", "skåret over eller beskadiget"),
    "archive": (raw.packed({"case.xlsx": raw.packed(raw.parts(ONE))}), "case.zip", "this is an archive (zip)", "det er et arkiv (zip)"),
    "nothing in it": (raw.packed({}), "case.xlsx", "this is an archive (zip)", "det er et arkiv (zip)"),
    "docx": (raw.packed({"word/document.xml": "<w/>"}), "budget.docx", "this is a Word document", "det er et Word-dokument"),
    "xlsb": (raw.packed({"xl/workbook.bin": "."}), "budget.xlsb", "a binary workbook (.xlsb)", "et binært regneark (.xlsb)"),
    "ods": (raw.packed({"mimetype": ".", "content.xml": "<x/>"}), "budget.ods", "LibreOffice or OpenOffice", "LibreOffice eller OpenOffice"),
    "numbers": (raw.packed({"Index/Document.iwa": "."}), "budget.numbers", "Apple Numbers", "Apple Numbers"),
    "no cells": (raw.packed(raw.parts("")), "case.xlsx", "the workbook is empty", "regnearket er tomt"),
    "blank cells": (raw.packed(raw.parts('<row r="1"><c r="A1" t="inlineStr"><is><t> </t></is></c></row>')), "case.xlsx", "the workbook is empty", "regnearket er tomt"),
}  # fmt: skip


@pytest.mark.parametrize("name", NONE)
def test_what_is_no_workbook(tmp_path: Path, name: str):
    data, file, english, danish = NONE[name]
    expect(raw.written(tmp_path, data, file), english, danish)


def test_a_workbook_of_charts_alone(tmp_path: Path):
    of = raw.parts("") | {"xl/_rels/workbook.xml.rels": raw.relations(("r1", "chartsheet", "chartsheets/sheet1.xml"))}
    expect(raw.written(tmp_path, of), "no sheet with cells, only charts", "intet ark med celler, kun diagrammer")


# What is broken -------------------------------------------------------------------------------------------------------

ROWS = {
    "a number that is none": ('<row r="3"><c r="B3"><v>1,5</v></c></row>', "sheet1.xml, S!B3"),
    "a number that Python alone reads": ('<row r="3"><c r="B3"><v>1_5</v></c></row>', "S!B3"),
    "infinite": ('<row r="3"><c r="B3"><v>1e999</v></c></row>', "S!B3"),
    "not a number": ('<row r="3"><c r="B3"><v>nan</v></c></row>', "S!B3"),
    "a truth that is none": ('<row r="3"><c r="B3" t="b"><v>2</v></c></row>', "S!B3"),
    "a kind that is none": ('<row r="3"><c r="B3" t="x"><v>2</v></c></row>', "S!B3"),
    "a text that there is not": ('<row r="3"><c r="B3" t="s"><v>0</v></c></row>', "S!B3"),
    "a text counted from the end": ('<row r="3"><c r="B3" t="s"><v>-1</v></c></row>', "S!B3"),
    "a date that is none": ('<row r="3"><c r="B3" t="d"><v>2027-02-30</v></c></row>', "S!B3"),
    "beyond the last column": ('<row r="3"><c r="XFE3"><v>1</v></c></row>', "XFE3"),
    "beyond it without an address": ('<row r="3"><c r="XFD3"/><c><v>1</v></c></row>', "S!XFE3"),
    "an address that is none": ('<row r="3"><c r="33"><v>1</v></c></row>', "33"),
    "in another row": ('<row r="3"><c r="B4"><v>1</v></c></row>', "B4"),
    "twice": ('<row r="3"><c r="B3"><v>1</v></c><c r="B3"><v>2</v></c></row>', "B3"),
    "backwards": ('<row r="3"><c r="B3"><v>1</v></c><c r="A3"><v>2</v></c></row>', "A3"),
    "a row twice": ('<row r="3"/><row r="3"><c r="A3"><v>1</v></c></row>', "sheet1.xml, 3"),
    "row nought": ('<row r="0"><c r="A0"><v>1</v></c></row>', "sheet1.xml, 0"),
    "a row below the last": ('<row r="1048577"><c r="A1048577"/></row>', "sheet1.xml, 1048577"),
    "a row in a row": ('<row r="3"><row r="4"/></row>', "sheet1.xml, 4"),
    "tags that do not close": ('<row r="3"><c r="A3">', "sheet1.xml"),
    "an entity that is none": ('<row r="3"><c r="A3" t="str"><v>&xxe;</v></c></row>', "sheet1.xml"),
}


@pytest.mark.parametrize("name", ROWS)
def test_broken_cells_are_named(tmp_path: Path, name: str):
    rows, place = ROWS[name]
    english, danish = words(raw.written(tmp_path, raw.parts(rows)))
    assert english.startswith("the workbook is damaged (")
    assert danish.startswith("regnearket er beskadiget (")
    assert f"{place});" in english


@pytest.mark.parametrize(
    "more",
    [
        {"xl/workbook.xml": "<workbook><sheets/></workbook>"},
        {SHEET: "<html/>"},
        {SHEET: ""},
        {"xl/styles.xml": "<styleSheet><cellXfs><xf numFmtId='x'/></cellXfs></styleSheet>"},
        {"XL/workbook.xml": "<workbook/>"},
        {"xl/_rels/workbook.xml.rels": raw.relations(("r1", "worksheet", "worksheets/none.xml"))},
        {"xl/_rels/workbook.xml.rels": raw.relations(("r1", "worksheet", "../../../etc/passwd"))},
        {"xl/_rels/workbook.xml.rels": raw.relations(("r1", "worksheet", "http://localhost:1/sheet1.xml"))},
    ],
)
def test_broken_parts_are_named(tmp_path: Path, more: dict[str, str]):
    expect(raw.written(tmp_path, raw.parts(ONE, more=more)), "the workbook is damaged (", "regnearket er beskadiget (")


@pytest.mark.parametrize("after", ['<mergeCells><mergeCell ref="x"/></mergeCells>', '<mergeCells><mergeCell ref="A1:XFE2"/></mergeCells>'])  # fmt: skip
def test_ranges_that_are_none(tmp_path: Path, after: str):
    expect(raw.written(tmp_path, raw.parts(ONE, after=after)), "is damaged (xl/worksheets/sheet1.xml)", "er beskadiget")


def test_a_part_with_another_checksum(tmp_path: Path):
    data = raw.packed(raw.parts(ONE))
    crc = struct.pack("<I", zlib.crc32(raw.parts(ONE)[SHEET].encode()))
    expect(
        raw.written(tmp_path, data.replace(crc, b"\1\2\3\4")), "is damaged (xl/worksheets/sheet1.xml)", "er beskadiget"
    )


def test_a_part_with_a_password(tmp_path: Path):
    data = bytearray(raw.packed(raw.parts(ONE)))
    for signature, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = 0
        while (start := data.find(signature, start)) >= 0:
            data[start + place] |= 1
            start += 4
    expect(raw.written(tmp_path, bytes(data)), "protected by a password", "beskyttet med en adgangskode")


# What is meant to do harm ---------------------------------------------------------------------------------------------


class Counted(Package):
    """Keeps what was unpacked."""

    made: list["Counted"] = []  # noqa: RUF012

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        Counted.made.append(self)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[Counted]:
    Counted.made.clear()
    monkeypatch.setattr("simulate.grid.workbook.Package", Counted)
    return Counted.made


def test_a_bomb_that_says_its_size_is_not_unpacked(tmp_path: Path, counted: list[Counted]):
    path = raw.written(tmp_path, raw.parts(ONE, after="<x>" + " " * (zipped.MOST_UNPACKED + 1) + "</x>"))
    assert os.path.getsize(path) < 100_000
    expect(path, "unpacked it has more than 64 million bytes", "Pakket ud har det mere end 64 millioner byte")
    assert all(each.unpacked < 10_000 for each in counted)


def test_a_bomb_that_says_it_is_small_is_left_where_it_goes_on(tmp_path: Path, counted: list[Counted]):
    data, size = raw.parts(ONE, after="<x>" + " " * 5_000_000 + "</x>"), 900
    packed = raw.packed(data)
    true = struct.pack("<I", len(data[SHEET]))
    assert packed.count(true) == 2
    path = raw.written(tmp_path, packed.replace(true, struct.pack("<I", size)))
    expect(path, "is damaged (xl/worksheets/sheet1.xml)", "er beskadiget")
    assert all(each.unpacked < 10_000 for each in counted)


def test_many_small_parts_are_counted_together(tmp_path: Path, counted: list[Counted]):
    """Each of them once, and one that is named by many sheets as often as it is read."""
    sheets = "".join(f'<sheet name="S{i}" sheetId="{i}" r:id="r1"/>' for i in range(200))
    of = raw.parts("", after="<x>" + " " * 1_000_000 + "</x>")
    of["xl/workbook.xml"] = of["xl/workbook.xml"].replace("</sheets>", sheets + "</sheets>")
    expect(raw.written(tmp_path, of), "more than 64 million bytes", "mere end 64 millioner byte")
    assert all(zipped.MOST_UNPACKED - 1_100_000 < each.unpacked <= zipped.MOST_UNPACKED for each in counted)


def test_elements_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counted: list[Counted]):
    monkeypatch.setattr(zipped, "MOST_TAGS", 100_000)
    path = raw.written(tmp_path, raw.parts("<a/>" * 2_000_000))
    expect(path, "or 0 million elements", "eller 0 millioner elementer")
    assert all(each.unpacked < 400_000 + 2 * zipped.CHUNK for each in counted)


def test_files_of_an_archive_are_counted_before_it_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(zipped.zipfile, "ZipFile", None)
    data = b"PK\x03\x04" + zipped.SIGNATURE * (zipped.MOST_PARTS + 1)
    expect(raw.written(tmp_path, data), "an archive of more than 10000 files", "et arkiv med mere end 10000 filer")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_to_pack_that_take_any_memory_are_refused(tmp_path: Path, method: int):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in raw.parts(ONE).items():
            archive.writestr(name, content)
    expect(raw.written(tmp_path, held.getvalue()), "the workbook is damaged", "regnearket er beskadiget")


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)) + "]>"  # fmt: skip


@pytest.mark.parametrize("part", ["_rels/.rels", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", SHEET])
@pytest.mark.parametrize("kind", [LAUGHS, '<!DOCTYPE x SYSTEM "file:///etc/passwd">', '<!DOCTYPE x [<!ENTITY i SYSTEM "http://localhost:1/">]>'])  # fmt: skip
def test_no_part_declares_anything(tmp_path: Path, part: str, kind: str):
    of = raw.parts('<row r="1"><c r="A1" t="str"><v>&i;</v></c></row>')
    of[part] = of[part].replace(raw.HEAD, raw.HEAD + kind)
    expect(raw.written(tmp_path, of), f"is damaged ({part})", f"er beskadiget ({part})")


@pytest.mark.parametrize("part", ["_rels/.rels", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", SHEET])
def test_elements_inside_each_other_are_counted(tmp_path: Path, part: str):
    of = raw.parts(ONE)
    of[part] = of[part].replace("</", "<v>" * 200_000 + "</", 1)
    expect(raw.written(tmp_path, of), f"is damaged ({part})", f"er beskadiget ({part})")


@pytest.mark.parametrize("hidden", ["<!--{}-->", "<?x {}?>", '<x a="{}"/>', "<x {}/>"])
def test_one_tag_has_its_bounds(tmp_path: Path, hidden: str, counted: list[Counted]):
    inside = " ".join(f'a{i}=""' for i in range(1_000_000)) if hidden == "<x {}/>" else "x" * 20_000_000
    expect(raw.written(tmp_path, raw.parts(ONE, after=hidden.format(inside))), "is damaged (", "er beskadiget (")
    assert all(each.unpacked < 2 * zipped.MOST_OPEN for each in counted)


def test_names_are_counted(tmp_path: Path, counted: list[Counted]):
    """The parser keeps each that it meets, of elements and of attributes."""
    rows = "".join("<a " + " ".join(f'a{i}_{j}=""' for i in range(100)) + "/>" for j in range(10_000))
    expect(raw.written(tmp_path, raw.parts(rows)), "is damaged (xl/worksheets/sheet1.xml)", "er beskadiget")
    assert all(each.unpacked < 10 * zipped.MOST_NAMES + 2 * zipped.CHUNK for each in counted)


@pytest.mark.parametrize("listed", ['<Relationship Id="a"/>' * 2, "".join(f'<Relationship Id="{i}"/>' for i in range(20_000))])  # fmt: skip
def test_what_a_part_refers_to_is_counted_and_has_its_own_names(tmp_path: Path, listed: str):
    of = raw.parts(ONE, more={"_rels/.rels": f"<Relationships>{listed}</Relationships>"})
    expect(raw.written(tmp_path, of), "is damaged (_rels/.rels)", "er beskadiget (_rels/.rels)")


def test_a_cell_far_below_is_named(tmp_path: Path):
    path = raw.written(tmp_path, raw.parts('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'))
    expect(path, "there is something in S!A1048576; a sheet is read to row 100000", "der står noget i S!A1048576; et ark læses til række 100000")  # fmt: skip


def test_a_million_rows_are_left_where_there_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counted: list[Counted]):  # fmt: skip
    monkeypatch.setattr(limits, "MOST_ROWS", 1000)
    path = raw.written(tmp_path, raw.parts("<row><c><v>1</v></c></row>" * 1_000_000))
    expect(path, "there is something in S!A1001", "der står noget i S!A1001")
    assert all(each.unpacked < 2 * zipped.CHUNK for each in counted)


def test_cells_are_counted_over_all_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MOST_CELLS", 2500)
    of = raw.parts('<row><c><v>1</v></c><c t="e"/></row>' * 500)
    assert grid.read(raw.written(tmp_path, of)).sheets[0].rows == [[1.0, None]] * 500
    of["xl/workbook.xml"] = of["xl/workbook.xml"].replace("</sheets>", '<sheet name="A" r:id="r1"/><sheet name="B" r:id="r1"/></sheets>')  # fmt: skip
    expect(raw.written(tmp_path, of), "more than 2500 cells that are filled in", "mere end 2500 udfyldte celler")


def test_wide_rows_with_one_cell_are_counted(tmp_path: Path):
    """A few hundred kilobytes would else take 13 GB: a row is a list as long as its last cell stands far out."""
    rows = "".join(f'<row r="{i}"><c r="XFD{i}"><v>1</v></c></row>' for i in range(1, 100_001))
    path = raw.written(tmp_path, raw.parts(rows))
    expect(path, "more than 2000000 cells, most of them empty", "mere end 2000000 celler, de fleste tomme")


def test_sheets_are_counted(tmp_path: Path):
    of = raw.parts(ONE)
    of["xl/workbook.xml"] = of["xl/workbook.xml"].replace(
        "</sheets>", '<sheet name="S" r:id="r1"/>' * 500 + "</sheets>"
    )
    expect(raw.written(tmp_path, of), "more than 500 sheets", "mere end 500 ark")


def test_spans_of_columns_that_overlap_are_no_way_to_take_time(tmp_path: Path):
    before = "<cols>" + '<col min="1" max="16384" hidden="1"/>' * 2 + "</cols>"
    expect(
        raw.written(tmp_path, raw.parts(ONE, before=before)), "is damaged (xl/worksheets/sheet1.xml)", "er beskadiget"
    )


def test_a_large_file_is_left_before_it_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("simulate.grid.reading.MOST_BYTES", 1_000_000)
    path = tmp_path / "case.xlsx"
    with open(path, "wb") as stream:
        stream.truncate(10**11)  # of which the disk holds nothing
    expect(str(path), "the file is larger than 1 million bytes", "filen er større end 1 millioner byte")


# What is read with a remark -------------------------------------------------------------------------------------------


def remarks(path: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    with locale.speaking("en"):
        english = grid.read(path).remarks
    with locale.speaking("da"):
        return english, grid.read(path).remarks


def related(kind: str, target: str) -> dict[str, str]:
    return {"xl/_rels/workbook.xml.rels": raw.relations(("r1", "worksheet", "worksheets/sheet1.xml"), ("r2", kind, target))}  # fmt: skip


def test_an_ordinary_workbook_has_no_remark(tmp_path: Path):
    assert remarks(raw.written(tmp_path, raw.parts(ONE))) == ((), ())


@pytest.mark.parametrize(
    ("rows", "more", "book", "english", "danish"),
    [
        (ONE, related("vbaProject", "vbaProject.bin"), "", "has macros; they are not run", "har makroer; de køres ikke"),
        (ONE, related("externalLink", "externalLinks/externalLink1.xml"), "", "from other files or databases", "fra andre filer eller databaser"),
        (ONE, related("connections", "connections.xml"), "", "from other files or databases", "fra andre filer eller databaser"),
        ('<row r="1"><c r="A1"><f>_xlfn.WEBSERVICE("http://localhost:1/")</f><v>1</v></c></row>', {}, "", "(WEBSERVICE); nothing is fetched", "(WEBTJENESTE); der hentes intet"),
        (ONE, {}, '<calcPr calcMode="manual"/>', "press F9 in Excel", "tryk F9 i Excel"),
    ],
)  # fmt: skip
def test_what_is_never_followed_is_told(tmp_path: Path, rows: str, more: dict[str, str], book: str, english: str, danish: str):  # fmt: skip
    path = raw.written(tmp_path, raw.parts(rows, more=more, book=book), "case.xlsm")
    said = remarks(path)
    assert [len(each) for each in said] == [1, 1]
    assert english in said[0][0]
    assert danish in said[1][0]
    assert grid.read(path).sheets[0].rows == [[1.0]]
