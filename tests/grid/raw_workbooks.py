"""Workbooks written by hand, part by part: what no program writes, and what only hostile ones do."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def relations(*listed: tuple[str, str, str]) -> str:
    """(id, last word of the type, target) of each; a target with :// is outside."""
    rows = "".join(
        f'<Relationship Id="{one}" Type="{OFFICE}/{kind}" Target={quoteattr(target)}{outside(target)}/>'
        for one, kind, target in listed
    )
    return f'{HEAD}<Relationships xmlns="{RELATIONS}">{rows}</Relationships>'


def outside(target: str) -> str:
    return ' TargetMode="External"' if "://" in target else ""


def sheet(rows: str, before: str = "", after: str = "") -> str:
    return f'{HEAD}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def strings(*items: str) -> str:
    return f'{HEAD}<sst xmlns="{MAIN}">{"".join(f"<si>{item}</si>" for item in items)}</sst>'


def styles(*codes: str) -> str:
    """A style for each format, from 0 on; a number is one that is built in."""
    own = "".join(f'<numFmt numFmtId="{164 + i}" formatCode={quoteattr(code)}/>' for i, code in enumerate(codes))
    used = "".join(f'<xf numFmtId="{code if code.isdecimal() else 164 + i}"/>' for i, code in enumerate(codes))
    hidden = '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
    return f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts>{own}</numFmts>{hidden}<cellXfs>{used}</cellXfs><cellStyles/></styleSheet>'


def parts(rows: str, before: str = "", after: str = "", more: Mapping[str, str] | None = None, book: str = "") -> dict[str, str]:  # fmt: skip
    """Of a workbook with one sheet, S; book: what its own part has beside that."""
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("r1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>{book}</workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("r1", "worksheet", "worksheets/sheet1.xml"),
            ("r2", "sharedStrings", "sharedStrings.xml"),
            ("r3", "styles", "styles.xml"),
        ),
        "xl/sharedStrings.xml": strings(),
        "xl/styles.xml": styles("General"),
        "xl/worksheets/sheet1.xml": sheet(rows, before, after),
    } | dict(more or {})


def packed(of: Mapping[str, str | bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in of.items():
            archive.writestr(name, content)
    return held.getvalue()


def written(folder: Path, of: Mapping[str, str | bytes] | bytes, name: str = "case.xlsx") -> str:
    path = folder / name
    path.write_bytes(of if isinstance(of, bytes) else packed(of))
    return str(path)
