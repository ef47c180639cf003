"""A document as PDF, by typst, which sees to PDF/UA-1: that people who do not see it can have it read to them."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any, Literal

from simulate.charts import drawn
from simulate.content import Chart, Document, Figure, Heading, Note, Row, Sketch, Table
from simulate.figures import cell, corner
from simulate.locale import text
from simulate.writers.blocks import Block, Listed, Paragraph, blocks

STANDARD: Literal["ua-1"] = "ua-1"


def written(document: Document) -> bytes:
    """The file."""
    import typst

    data = {
        "title": document.title,
        "language": document.language,
        "parts": [_part(one) for one in blocks(document.parts)],
        "footer": list(document.footer),
    }
    template = resources.files("simulate.writers").joinpath("report.typ").read_bytes()
    made: bytes = typst.compile(
        template, sys_inputs={"document": json.dumps(data, ensure_ascii=False)}, pdf_standards=[STANDARD]
    )
    return made


def _part(one: Block) -> dict[str, Any]:
    if isinstance(one, Paragraph):
        return {"kind": "paragraph", "lines": list(one.lines)}
    if isinstance(one, Listed):
        return {"kind": "list", "items": one.items}
    if isinstance(one, Heading):
        return {"kind": "heading", "level": one.level, "words": one.words}
    if isinstance(one, Note):
        return {"kind": "note", "words": text("NOTE: {caveat}", caveat=one)}
    if isinstance(one, Chart):
        return {"kind": "picture", "svg": drawn.svg(one), "alt": one.alt}
    return _table(one)


def _table(one: Table) -> dict[str, Any]:
    """The first column takes what room is left."""
    width = len(one.columns) or max(len(row.cells) for row in one.rows)
    heads = [corner(one), *one.columns[1:]] if one.columns else []
    return {
        "kind": "table",
        "title": one.title,
        "widths": ["1fr", *["auto"] * (width - 1)],
        "head": [_cell(words, i > 0, True, False) for i, words in enumerate(heads)],
        "rows": [_row(row, one) for row in one.rows],
    }


def _row(row: Row, one: Table) -> list[dict[str, Any]]:
    bold, rule = row.mark == "total", bool(row.mark)
    return [
        _cell(cell(item, one.scale), i > 0 and (bool(one.columns) or isinstance(item, Figure)), bold, rule)
        | ({"picture": drawn.sketch(item)} if isinstance(item, Sketch) else {})
        for i, item in enumerate(row.cells)
    ]


def _cell(words: str, right: bool, bold: bool, rule: bool) -> dict[str, Any]:
    return {"words": words, "right": right, "bold": bold, "rule": rule, "picture": None}
