"""A document for Word: native headings, tables and captions, in the look of the document that it is pasted into, or of a template."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from pathlib import Path
from typing import Any

from simulate.charts import drawn
from simulate.content import NOTHING, Chart, Document, Heading, Note, Sketch, Table
from simulate.errors import InputError
from simulate.figures import cell, corner, today
from simulate.files import named
from simulate.locale import Language, text
from simulate.writers.blocks import Block, Column, Listed, Paragraph, blocks, columns, parted, tied

TAGS: dict[Language, str] = {"da": "da-DK", "en": "en-GB"}
PPI = 220
SMALL = 8.5  # points, of tables and of what stands below
LETTER = 0.7  # width of a figure in the widest of usual types, bold, in sizes of type
USUAL = 0.56  # the same in usual types
INSET = 57  # twentieths of a point, beside what stands in a cell
A4 = 210, 297  # mm
MARGIN = 20  # mm
LEAST_SHARE = 0.45  # of what words would have
WHOLE = 16  # rows of a table that stays on one page
HEADINGS = 3  # levels that a document has
DEEPEST = 9  # of Word's headings
MINUS = re.compile(r"(?<![\w.,)])-(?=\d)")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def written(document: Document, template: Path | None = None) -> bytes:
    """template: a document whose look is taken, and whose own text is not. Raises InputError for one that is none."""
    made = _emptied(template)
    paper = Paper(made, _styles(made), _width(made))
    _speak(made, document)
    made.add_heading(tied(document.title), 1)
    for one in blocks(document.parts):
        paper.add(one)
    for line in document.footer:
        made.add_paragraph(tied(line), paper.styles["small"])
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def opened(template: Path | None) -> Any:
    """Raises InputError for what is no Word document."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import XMLSyntaxError

    try:
        return docx.Document(None if template is None else _as_document(template))
    except (PackageNotFoundError, zipfile.BadZipFile, XMLSyntaxError, ValueError, KeyError, OSError):
        raise InputError(
            text("--template {file}: this is no Word document that can be read", file=named(str(template)))
        ) from None


def _as_document(template: Path) -> io.BytesIO:
    """A template (.dotx) is a document that says another kind of itself."""
    stream = io.BytesIO()
    with zipfile.ZipFile(template) as parts, zipfile.ZipFile(stream, "w") as made:
        for one in parts.infolist():
            part = parts.read(one)
            if one.filename == "[Content_Types].xml":
                part = part.replace(b"wordprocessingml.template.main+xml", b"wordprocessingml.document.main+xml")
            made.writestr(one.filename, part)
    return stream


def _emptied(template: Path | None) -> Any:
    """The document without its text: styles, paper, margins, headers and footers stay."""
    made = opened(template)
    if template is None:
        from docx.shared import Mm

        [section] = made.sections
        section.page_width, section.page_height = map(Mm, A4)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN)
    body = made.element.body
    for child in list(body):
        if not child.tag.endswith("}sectPr"):
            body.remove(child)
    return made


def _run(said: Any, words: str) -> Any:
    """Words, with the hyphen before a figure as Word's own that no line ends at: a loss must not read as a gain."""
    first, *others = MINUS.split(tied(words))
    run = said.add_run(first)
    for rest in others:
        run._r.append(run._r.makeelement(f"{W}noBreakHyphen", {}))
        run.add_text(rest)
    return run


def _today() -> datetime:
    """Its beginning: two documents of one day that say the same have the same bytes."""
    return datetime.combine(today(), time())


def _styles(made: Any) -> dict[str, Any]:
    """Of tables, captions, lists and what is small: the document's own where it has them, and made from its usual text where not; the same size
    as that in proportion, and never a font."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt

    there = {one.name: one for one in made.styles if one.type == WD_STYLE_TYPE.PARAGRAPH}

    def style(name: str, **about: Any) -> Any:
        if name not in there:
            there[name] = made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            there[name].base_style = made.styles.default(WD_STYLE_TYPE.PARAGRAPH)
        for key, value in about.items():
            setattr(there[name].paragraph_format, key, value)
        return there[name]

    for level in range(1, HEADINGS + 1):
        if f"Heading {level}" not in there:
            style(f"Heading {level}", keep_with_next=True).font.bold = True
    cells = style(text("Provenu table"), space_before=Pt(1), space_after=Pt(1), line_spacing=1.0)
    small = style(text("Provenu small"), space_before=Pt(0), space_after=Pt(2), line_spacing=1.0)
    cells.font.size = small.font.size = Pt(SMALL)
    return {
        "cell": cells,
        "small": small,
        "caption": style("Caption", keep_with_next=True),
        "list": style("List Bullet"),
    }


def _speak(made: Any, document: Document) -> None:
    """Which language it is in, what it is called, and who wrote it last."""
    about = made.core_properties
    about.title, about.language, about.author, about.comments = document.title[:255], TAGS[document.language], "", ""
    about.last_modified_by, about.created, about.modified = "", _today(), _today()
    for one in made.styles.element.iter(f"{W}lang"):
        one.set(f"{W}val", TAGS[document.language])
    from docx.enum.style import WD_STYLE_TYPE

    usual = made.styles.default(WD_STYLE_TYPE.PARAGRAPH)
    if usual is None:
        return
    properties = usual.element.get_or_add_rPr()
    if properties.find(f"{W}lang") is None:
        language = properties.makeelement(f"{W}lang", {f"{W}val": TAGS[document.language]})
        properties.append(language)


@dataclass(frozen=True, slots=True)
class Paper:
    """A document while it is written. width: of the text, in Word's units."""

    made: Any
    styles: dict[str, Any]
    width: int

    @property
    def room(self) -> int:
        """Letters of a table."""
        from docx.shared import Pt

        return int(self.width / (Pt(SMALL) * USUAL))

    def add(self, one: Block) -> None:
        if isinstance(one, Heading):
            self.made.add_heading(tied(one.words), min(one.level, DEEPEST))
        elif isinstance(one, Paragraph):
            self.lines(self.made.add_paragraph(), one.lines)
        elif isinstance(one, Listed):
            for item in one.items:
                _run(self.made.add_paragraph(style=self.styles["list"]), item)
        elif isinstance(one, Note):
            _run(self.made.add_paragraph(), text("NOTE: {caveat}", caveat=one)).bold = True
        elif isinstance(one, Chart):
            self.picture(one)
        else:
            for part in parted(one, self.room):
                self.table(part)

    def lines(self, said: Any, lines: Sequence[str]) -> None:
        for i, line in enumerate(lines):
            run = _run(said, line)
            if i + 1 < len(lines):
                run.add_break()

    def picture(self, one: Chart) -> None:
        """Its title above it, as words that a screen reader and a search find."""
        if one.title:
            self.caption(*filter(None, (one.title, one.subtitle)))
        bare = replace(one, title=NOTHING, subtitle=NOTHING)
        self.made.add_picture(io.BytesIO(drawn.png(bare, ppi=PPI)), width=self.width)
        self.describe(one.alt or one.title)

    def describe(self, words: str) -> None:
        for drawing in self.made.paragraphs[-1]._p.iter(
            "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
        ):
            drawing.set("descr", words)

    def caption(self, *lines: str) -> None:
        self.lines(self.made.add_paragraph(style=self.styles["caption"]), lines)

    def table(self, one: Table) -> None:
        """Header rows repeat on every page, and no row is broken between two."""
        if one.title:
            self.caption(one.title)
        shape, rows = columns(one), list(_rows(one))
        table = self.made._body.add_table(len(rows), len(shape), self.width)
        table.style = None
        table.autofit = False
        _inset(table)
        _widths(table, shape, self.width)
        is_whole = len(rows) <= WHOLE
        style = self.styles["cell"].style_id
        for i, (row, (cells, mark)) in enumerate(zip(table._tbl.tr_lst, rows, strict=True)):
            _property(row.get_or_add_trPr(), "cantSplit")
            is_head, is_last = bool(one.columns) and i == 0, i + 1 == len(rows)
            if is_head:
                _property(row.get_or_add_trPr(), "tblHeader")
            for place, item, column in zip(row.tc_lst, cells, shape, strict=False):
                _line(place, top=mark != "" and not is_head, bottom=is_head or is_last)
                is_kept, is_right = (
                    (is_whole and not is_last) or is_head,
                    not (column.is_words or isinstance(item, Sketch)),
                )
                said = _said(table, place, style, is_kept=is_kept, is_right=is_right)
                self.cell(said, item, one.scale, is_head or mark == "total")
                if is_right:
                    _property(place.tcPr, "noWrap")  # not between a sign and its figure
        _alternative(table, one.title)
        self.made.add_paragraph("", self.styles["small"])

    def cell(self, said: Any, item: Any, scale: int, bold: bool) -> None:
        """said: its paragraph."""
        from docx.shared import Pt

        if isinstance(item, Sketch):
            said.add_run().add_picture(io.BytesIO(drawn.sketch_png(item)), height=Pt(SMALL * 1.6))
            for drawing in said._p.iter(
                "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
            ):
                drawing.set("descr", item.words)
        else:
            run = _run(said, item if isinstance(item, str) else cell(item, scale))
            if bold:
                run.bold = True


def _said(table: Any, place: Any, style: str, *, is_kept: bool, is_right: bool) -> Any:
    """The paragraph of a cell. Its properties are written as they stand in the file: the library would look through all styles, and through
    the whole table, for each. is_kept: on the page of the next row."""
    from docx.text.paragraph import Paragraph as Said

    [paragraph] = place.p_lst
    properties = paragraph.get_or_add_pPr()
    _property(properties, "pStyle", style)
    if is_kept:
        _property(properties, "keepNext")
    if is_right:
        _property(properties, "jc", "right")
    return Said(paragraph, table)


def _width(made: Any) -> int:
    """Of the text on a page, in Word's units."""
    section = made.sections[-1]
    return int(section.page_width - section.left_margin - section.right_margin)


def _rows(one: Table) -> Iterator[tuple[list[Any], str]]:
    """Cells of each row, and its mark; titles first."""
    if one.columns:
        yield [corner(one), *one.columns[1:]], ""
    for row in one.rows:
        yield list(row.cells), row.mark


def _widths(table: Any, shape: list[Column], width: int) -> None:
    """Figures have what they need; words share the rest by how long they are."""
    from docx.shared import Emu, Pt, Twips

    need = [int(one.letters * Pt(SMALL) * LETTER + 3 * Twips(INSET)) for one in shape]
    fixed = sum(wide for wide, one in zip(need, shape, strict=True) if not one.is_words)
    words = sum(wide for wide, one in zip(need, shape, strict=True) if one.is_words)
    share = max((width - fixed) / words, LEAST_SHARE) if words else 1.0
    if fixed + words * share > width:  # figures give way a little: usual types are narrower
        need = [
            int(wide if one.is_words else wide * (width - words * share) / fixed)
            for wide, one in zip(need, shape, strict=True)
        ]
    found = [Emu(int(wide * share) if one.is_words else wide) for wide, one in zip(need, shape, strict=True)]
    for column, wide in zip(table._tbl.tblGrid.gridCol_lst, found, strict=True):
        column.w = wide
    for row in table._tbl.tr_lst:
        for place, wide in zip(row.tc_lst, found, strict=True):
            place.width = wide


def _inset(table: Any) -> None:
    properties = table._tbl.tblPr
    margins = properties.makeelement(f"{W}tblCellMar", {})
    for side in ("left", "right"):
        margins.append(margins.makeelement(f"{W}{side}", {f"{W}w": str(INSET), f"{W}type": "dxa"}))
    properties.append(margins)


def _property(of: Any, name: str, value: str = "") -> None:
    of.append(of.makeelement(f"{W}{name}", {f"{W}val": value} if value else {}))


def _line(place: Any, *, top: bool, bottom: bool) -> None:
    """Thin ones: the look of the rest is the document's."""
    properties = place.tcPr
    borders = properties.makeelement(f"{W}tcBorders", {})
    for side, is_drawn in (("top", top), ("bottom", bottom)):
        if is_drawn:
            line = {f"{W}val": "single", f"{W}sz": "4", f"{W}space": "0", f"{W}color": "auto"}
            borders.append(borders.makeelement(f"{W}{side}", line))
    properties.append(borders)


def _alternative(table: Any, words: str) -> None:
    """What a screen reader says before it reads the table."""
    if words:
        properties = table._tbl.tblPr
        properties.append(properties.makeelement(f"{W}tblCaption", {f"{W}val": words[:255]}))
