"""A document for Word: native headings, tables and captions, in the look of the document that it is pasted into."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from simulate.charts import drawn
from simulate.content import Chart, Document, Figure, Heading, Note, Row, Sketch, Table
from simulate.figures import cell, corner
from simulate.locale import Language, text
from simulate.writers.blocks import Block, Listed, Paragraph, blocks

TAGS: dict[Language, str] = {"da": "da-DK", "en": "en-GB"}
OURS = "provenu"
MOMENT = datetime(2000, 1, 1, tzinfo=UTC)  # of making it: the same document has the same bytes
PPI = 220


def written(document: Document, template: Path | None = None) -> bytes:
    """template: a document whose look is taken; its own content goes."""
    import docx

    made = docx.Document(None if template is None else str(template))
    _empty(made)
    _speak(made, document)
    made.add_heading(document.title, 1)
    for one in blocks(document.parts):
        _add(made, one)
    for line in document.footer:
        made.add_paragraph(line)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _empty(made: Any) -> None:
    """Its sections stay: paper, margins, headers."""
    body = made.element.body
    for child in list(body):
        if not child.tag.endswith("}sectPr"):
            body.remove(child)


def _speak(made: Any, document: Document) -> None:
    """Which language it is in, what it is called, and who wrote it last."""
    from docx.oxml.ns import qn

    about = made.core_properties
    about.title, about.language, about.author = document.title, TAGS[document.language], ""
    about.last_modified_by, about.created, about.modified = OURS, MOMENT, MOMENT
    run = made.styles["Normal"].element.get_or_add_rPr()
    language = run.find(qn("w:lang"))
    if language is None:
        language = run.makeelement(qn("w:lang"), {})
        run.append(language)
    language.set(qn("w:val"), TAGS[document.language])


def _add(made: Any, one: Block) -> None:
    if isinstance(one, Heading):
        made.add_heading(one.words, one.level)
    elif isinstance(one, Paragraph):
        said = made.add_paragraph()
        for i, line in enumerate(one.lines):
            said.add_run(line)
            if i + 1 < len(one.lines):
                said.runs[-1].add_break()
    elif isinstance(one, Listed):
        for item in one.items:
            made.add_paragraph(item, _style(made, "List Bullet"))
    elif isinstance(one, Note):
        made.add_paragraph().add_run(text("NOTE: {caveat}", caveat=one)).bold = True
    elif isinstance(one, Chart):
        _picture(made, one)
    else:
        _table(made, one)


def _style(made: Any, name: str) -> str | None:
    """A template need not have it."""
    return name if name in [one.name for one in made.styles] else None


def _picture(made: Any, one: Chart) -> None:
    section = made.sections[-1]
    width = section.page_width - section.left_margin - section.right_margin
    made.add_picture(io.BytesIO(drawn.png(one, ppi=PPI)), width=width)
    _describe(made.paragraphs[-1], one.alt)
    if one.title:
        made.add_paragraph(one.title, _style(made, "Caption"))


def _describe(paragraph: Any, words: str) -> None:
    for drawing in paragraph._p.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"):
        drawing.set("descr", words)


def _table(made: Any, one: Table) -> None:
    if one.title:
        caption = made.add_paragraph(one.title, _style(made, "Caption"))
        caption.paragraph_format.keep_with_next = True
    rows = list(_rows(one))
    table = made.add_table(len(rows), max(len(row) for row in rows))
    for row, cells in zip(table.rows, rows, strict=True):
        for place, (words, right, bold) in zip(row.cells, cells, strict=True):
            said = place.paragraphs[0]
            said.add_run(words).bold = bold or None
            if right:
                said.alignment = 2
    made.add_paragraph()


def _rows(one: Table) -> Iterator[list[tuple[str, bool, bool]]]:
    """Words, whether they stand to the right, and whether they are bold."""
    if one.columns:
        yield [(words, i > 0, True) for i, words in enumerate([corner(one), *one.columns[1:]])]
    yield from (_row(row, one) for row in one.rows)


def _row(row: Row, one: Table) -> list[tuple[str, bool, bool]]:
    return [
        (cell(item, one.scale), i > 0 and (bool(one.columns) or isinstance(item, Figure | Sketch)), row.mark == "total")
        for i, item in enumerate(row.cells)
    ]
