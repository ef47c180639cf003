"""A document as PDF, by typst, which sees to PDF/UA-1: that people who do not see it can have it read to them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import resources
from typing import Any, Literal

from simulate.charts import drawn
from simulate.charts.lettering import FAMILY, FOLDER
from simulate.content import NOTHING, Chart, Document, Heading, Note, Sketch, Table
from simulate.figures import cell, corner
from simulate.locale import text
from simulate.writers.blocks import Block, Column, Listed, Paragraph, blocks, columns, parted, tied

STANDARD: Literal["ua-1"] = "ua-1"
UNSEEN = re.compile(r"the text `\"(.+)\"` could not be displayed", re.DOTALL)
JOINING = ("Cf", "Mn", "Me")
ROOM = 112  # letters of a table across the page


def written(document: Document) -> bytes:
    """The file: the same bytes for the same document."""
    data = {
        "title": tied(document.title),
        "language": document.language,
        "font": FAMILY,
        "page": text("Page"),
        "parts": [part for one in blocks(document.parts) for part in _parts(one)],
        "footer": [tied(line) for line in document.footer],
    }
    return _compiled(data)


def _compiled(data: Any) -> bytes:
    """What no font here has a sign for is written by its number: the standard has no place for a sign that cannot be read."""
    import typst

    template = resources.files("simulate.writers").joinpath("report.typ").read_bytes()
    unread: set[str] = set()
    while True:
        try:
            made: bytes = typst.compile(  # type: ignore[misc]
                template,
                sys_inputs={"document": json.dumps(_numbered(data, unread), ensure_ascii=False)},
                pdf_standards=[STANDARD],
                font_paths=[str(FOLDER)],
                timestamp=0,
            )
            return made
        except typst.TypstError as error:
            found = UNSEEN.search(str(error))
            signs = {sign for sign in _unescaped(found[1]) if not sign.isascii()} if found else set()
            if found and signs <= unread:  # what joins signs is not named by the library
                signs = {sign for sign in json.dumps(data, ensure_ascii=False) if unicodedata.category(sign) in JOINING}
            if signs <= unread:
                raise
            unread |= signs


def _numbered(data: Any, unread: set[str]) -> Any:
    """The data with these signs written by their numbers."""
    if isinstance(data, str):
        return "".join(f"[U+{ord(sign):04X}]" if sign in unread else sign for sign in data)
    if isinstance(data, dict):
        return {key: _numbered(one, unread) for key, one in data.items()}
    return [_numbered(one, unread) for one in data] if isinstance(data, list) else data


def _unescaped(written: str) -> set[str]:
    """As the library writes it: `\\u{200d}`."""
    return {chr(int(code, 16)) for code in re.findall(r"\\u\{([0-9a-f]+)\}", written)} | set(
        re.sub(r"\\u\{[0-9a-f]+\}", "", written)
    )


def _parts(one: Block) -> Iterator[dict[str, Any]]:
    """What the template knows."""
    if isinstance(one, Paragraph):
        yield {"kind": "paragraph", "lines": [tied(line) for line in one.lines]}
    elif isinstance(one, Listed):
        yield {"kind": "list", "items": [tied(item) for item in one.items]}
    elif isinstance(one, Heading):
        yield {"kind": "heading", "level": one.level, "words": tied(one.words)}
    elif isinstance(one, Note):
        yield {"kind": "note", "words": tied(text("NOTE: {caveat}", caveat=one))}
    elif isinstance(one, Chart):
        yield _picture(one)
    else:
        yield from map(_table, parted(one, ROOM))


def _picture(one: Chart) -> dict[str, Any]:
    bare = replace(one, title=NOTHING, subtitle=NOTHING)
    alt = str(one.alt or one.title)
    return {
        "kind": "picture", "svg": drawn.svg(bare), "alt": alt, "title": tied(one.title), "subtitle": tied(one.subtitle),
    }  # fmt: skip


def _table(one: Table) -> dict[str, Any]:
    shape = columns(one)
    heads = [corner(one), *one.columns[1:]] if one.columns else []
    return {
        "kind": "table",
        "title": tied(one.title),
        "alt": one.title or (one.columns[0] if one.columns else "") or text("Table"),
        "widths": [_width(column) for column in shape],
        "head": [_cell(words, column, bold=True) for words, column in zip(heads, shape, strict=True)],
        "rows": [_row(row.cells, row.mark, one.scale, shape) for row in one.rows],
    }


def _width(column: Column) -> int:
    """Of words: which share of the room that figures leave; 0: as wide as the figures."""
    return column.letters if column.is_words else 0


def _row(cells: Sequence[Any], mark: str, scale: int, shape: Sequence[Column]) -> list[dict[str, Any]]:
    found = []
    for item, column in zip(cells, shape, strict=False):
        made = _cell(cell(item, scale), column, bold=mark == "total", rule=bool(mark))
        found.append(made | {"picture": drawn.sketch(item) if isinstance(item, Sketch) else None})
    return found


def _cell(words: str, column: Column, *, bold: bool = False, rule: bool = False) -> dict[str, Any]:
    return {"words": tied(words), "right": not column.is_words, "bold": bold, "rule": rule, "picture": None}
