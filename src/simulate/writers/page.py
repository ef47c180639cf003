"""A document as one page of HTML: nothing in it is fetched from outside, and nothing of a user's words is a mark.

parts → Leaf (html.Form, with classes) → blocks → templates/page.html, page.css (and page.js with the Vega bundle, where it is interactive)
"""

from __future__ import annotations

import json
import math
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from itertools import chain, count
from typing import TYPE_CHECKING, Any

from simulate.charts import drawn
from simulate.charts.spec import Shape, spec
from simulate.content import (
    NOTHING,
    Cell,
    Chart,
    Document,
    Fan,
    Figure,
    Heading,
    Note,
    Part,
    Sentence,
    Several,
    Sketch,
    Table,
)
from simulate.figures import cell, corner, short, unbroken
from simulate.locale import text
from simulate.writers import html
from simulate.writers.blocks import Paragraph

if TYPE_CHECKING:
    from markupsafe import Markup

SIZE = re.compile(
    r' (?:width|height|class|version|xmlns:xlink)="[^"]*"'
)  # of a drawing, that the page gives it, or needs not
TAG = re.compile(r"<[^>]*>")
NOISE = re.compile(
    r' (?:class="[^"]*"|pointer-events="none"|font-family="[^"]*"|opacity="1")'
)  # of its parts, that changes nothing to see
NOWHERE = '<path d="" display="none"/>'
SHAPES: tuple[Shape, ...] = ("column", "phone")
LONG = re.compile(r"(?:&[#\w]+;|[^\s&]){25,}")  # a word that may be broken anywhere, where some signs are written out
SIGN, GAP, SKETCH = (
    0.64,
    0.9,
    6.0,
)  # width of a figure, between columns, and of a small picture, in em, in the widest of usual types
LONGEST = 24  # letters of a word that is kept whole
SMALLEST = 0.7  # type of a table, in rem
STEP = 2  # rem; widths at which a table's columns go below each other
MOST = 76  # rem, of the page
FEW_COLUMNS = 3
KEPT = 12  # rows of a table that is printed on one sheet
FEW = 3  # sections that need no list of them
VEGA = """/* Vega, Vega-Lite, Vega-Embed, Vega-Tooltip: Copyright (c) 2013-2026, University of Washington Interactive Data Lab, and contributors.
All rights reserved. BSD 3-Clause License: redistribution and use in source and binary forms, with or without modification, are permitted provided that
this notice, this list of conditions and the following disclaimer are kept; neither the name of the copyright holder nor the names of its contributors
may be used to endorse or promote products derived from this software without specific prior written permission. THIS SOFTWARE IS PROVIDED BY THE
COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES ARE DISCLAIMED; IN NO EVENT SHALL THEY BE LIABLE FOR ANY DAMAGES
ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE. */
"""  # what its licence asks to stand beside it


def written(document: Document, interactive: bool = False) -> str:
    """The whole page. interactive: with tooltips, and a choice of the year; each picture stays as it is for who prints it or lets nothing run."""
    leaf = Leaf(interactive)
    about, parts = opening(document.parts)
    body = _marked("\n".join(leaf.blocks(parts)))
    footer = _marked("\n".join(leaf.blocks(document.footer)))
    scripts = [_marked(one) for one in (_bundle(), _template("page.js").render())] if leaf.specs else []
    page: str = _template("page.html").render(
        language=document.language,
        title=document.title,
        running=_marked(_quoted(document.title)),
        about=_marked("".join(f"<p>{leaf.words(one)}</p>" for one in about)),
        body=body,
        footer=footer,
        contents=leaf.contents if len(leaf.contents) > FEW else [],
        skip=text("To the content"),
        contents_title=text("Contents"),
        widest=min(max([46.0, *(need * 0.85 for need in leaf.needs)]), MOST),
        smallest=SMALLEST,
        faces=_marked(drawn.font_faces() if leaf.charts else ""),
        steps=sorted({stacked(need) for need in leaf.needs}),
        scripts=scripts,
        hashes=[f"'sha256-{b64encode(sha256(one.encode()).digest()).decode()}'" for one in scripts],
        data=_marked(_embedded(leaf.specs)),
    )
    return page


def opening(parts: Sequence[Part]) -> tuple[Sequence[Sentence], Sequence[Part]]:
    """What is said of the whole, before the first section, and the rest. Where there are no sections, all of it is the rest."""
    first = next((i for i, part in enumerate(parts) if isinstance(part, Heading)), 0)
    about = [part for part in parts[:first] if isinstance(part, Sentence) and not isinstance(part, Note)]
    return ([one for one in about if one], parts[first:]) if len(about) == first else ([], parts)


@dataclass
class Leaf(html.Form):
    """Each part with classes for page.css; it numbers what it meets.

    contents: name and words of each section; needs: width of each table, in em of its type; specs: of charts that can be asked, by their names.
    """

    interactive: bool = False
    contents: list[tuple[str, str]] = field(default_factory=list)
    needs: list[float] = field(default_factory=list)
    specs: dict[str, dict[str, Any]] = field(default_factory=dict)
    level: int = 1
    last: str = "title"  # name of the heading that stands above
    charts: int = 0
    is_begun: bool = False  # whether something was said under a heading
    taken: set[str] = field(default_factory=lambda: {"title", "contents", "content", "data"})  # names in the page

    of_words = ""
    of_figures = ' class="figure"'
    of_words_there = ' class="figure words"'
    above = ' class="above"'

    def paragraph(self, one: Paragraph) -> str:
        """What is said first under a heading is the answer."""
        name = "lead" if self.contents and not self.is_begun else "said"
        self.is_begun = self.is_begun or bool(self.contents)
        return f'<div class="{name}">' + "".join(f"<p>{self.words(line)}</p>" for line in one.lines) + "</div>"

    def note(self, said: str) -> str:
        return f'<p class="note" role="note">{self.words(said)}</p>'

    def heading(self, one: Heading) -> str:
        """None is more than one level below that before it; the page's own is the first."""
        self.level = min(max(one.level, 2), self.level + 1, html.LEVELS)
        self.last = self.name(one.words)
        if self.level == 2:
            self.contents.append((self.last, one.words))
        return f'<h{self.level} id="{self.last}">{self.words(one.words)}</h{self.level}>'

    def name(self, words: str) -> str:
        """Of a place in the page, that no other has."""
        plain = re.sub(r"\W+", "-", words.lower()).strip("-")[:40].strip("-") or "part"
        found = next(one for one in chain([plain], (f"{plain}-{n}" for n in count(2))) if one not in self.taken)
        self.taken.add(found)
        return found

    def table(self, one: Table) -> Iterator[str]:
        """In a box that knows how wide the table is: its type becomes smaller with the page, and in the end its columns go below each other."""
        need = width(one)
        self.needs.append(need)
        kept = " kept" if len(one.rows) <= KEPT else ""
        yield f'<div class="table{kept} below-{stacked(need)}" style="--need:{need:.1f};--widest:{widest(one):.1f}em">'
        yield from super().table(one)
        yield "</div>"

    def named(self, one: Table) -> str:
        """By its own title, or by the heading above it; with a class where it has so few columns that they would stand far apart."""
        few = ' class="few"' if max((len(row.cells) for row in one.rows), default=0) <= FEW_COLUMNS else ""
        return few if one.title else f'{few} aria-labelledby="{self.last}"'

    def titled(self, title: str) -> str:
        return f' data-title="{self.plain(title)}"' if title else ""

    def sketch(self, one: Sketch) -> str:
        return inlined(drawn.sketch(one), "sketch", self.plain(one.words))

    def chart(self, one: Chart) -> Iterator[str]:
        """The picture, its title above it as text: as wide as a column, and as a telephone."""
        self.charts += 1
        name, alt = self.name("chart"), self.plain(one.alt or joined_title(one))
        bare = replace(one, title=NOTHING, subtitle=NOTHING)
        yield f'<figure id="{name}">'
        yield self.caption(one)
        if isinstance(one, Fan) and self.interactive:
            yield self.years(one, name)
        pictures = (inlined(drawn.svg(bare, shape), f"of-{shape}", alt) for shape in SHAPES)
        yield f'<div class="drawn">{"".join(pictures)}</div>'
        if self.interactive:
            self.specs[name] = {shape: asked(bare, shape) for shape in SHAPES}
            yield f'<div class="live" role="img" aria-label="{alt}" hidden><div aria-hidden="true"></div></div>'
        yield "</figure>"

    def caption(self, one: Chart) -> str:
        subtitle = f" <span>{self.words(one.subtitle)}</span>" if one.subtitle else ""
        return f"<figcaption><strong>{self.words(one.title)}</strong>{subtitle}</figcaption>" if one.title else ""

    def years(self, one: Fan, name: str) -> str:
        """A choice of one of them, and what the picture has there; nothing of it is seen where no script runs."""
        options = "".join(f"<option>{self.words(period)}</option>" for period in one.periods)
        told = []
        for i, period in enumerate(one.periods):
            lines = {**one.lines, **{f"P{p}": band for p, band in sorted(one.bands.items())}}
            figures = ((line, short(values[i].value, one.currency, values[i].error)) for line, values in lines.items())
            items = "".join(
                f"<div><dt>{self.words(line)}</dt><dd>{self.words(said)}</dd></div>" for line, said in figures
            )
            told.append(f'<dl data-period="{self.plain(period)}" hidden>{items}</dl>')
        year = self.name(f"{name}-year")
        choose, none = self.words(text("Choose a year")), self.words(text("no year"))
        return (
            f'<div class="years" hidden><label for="{year}">{choose}</label>'
            f'<select id="{year}"><option value="">{none}</option>{options}</select>'
            f'<div aria-live="polite">{"".join(told)}</div></div>'
        )

    def words(self, words: str) -> str:
        """An amount stays with its unit; a word that no line can hold may be broken."""
        safe = super().words(unbroken(words))
        return LONG.sub(lambda found: f'<span class="long">{found[0]}</span>', safe)

    def plain(self, words: str) -> str:
        """In an attribute."""
        return super().words(unbroken(words))


def joined_title(one: Chart) -> str:
    return " ".join(filter(None, (one.title, one.subtitle)))


def width(one: Table) -> float:
    """What a table needs at least, in em of its type: each column its widest figure, or its longest word."""
    columns: dict[int, float] = {}
    rows: list[Sequence[Cell]] = [[corner(one), *one.columns[1:]]] if one.columns else []
    for cells in (*rows, *(row.cells for row in one.rows)):
        for i, item in enumerate(cells):
            columns[i] = max(columns.get(i, 0.0), _least(item, one.scale))
    return sum(GAP + found for found in columns.values())


def widest(one: Table) -> float:
    """Of its figures, as they may be broken, in em."""
    cells = (cell(item, one.scale) for row in one.rows for item in row.cells[1:] if isinstance(item, Figure | Several))
    return SIGN * max(map(_longest, cells), default=0)


def _least(item: Cell, scale: int) -> float:
    """Of a cell: figures are not broken."""
    if isinstance(item, Sketch):
        return SKETCH
    words = cell(item, scale)
    return SIGN * (_longest(words) if html.is_broken(item) else len(words))


def _longest(words: str) -> int:
    """Letters of a word, as far as it is kept whole."""
    return min(max(map(len, unbroken(words).split(" ")), default=0), LONGEST)


def stacked(need: float) -> int:
    """Up to how many rem of page a table's columns go below each other."""
    return min(math.ceil(need * SMALLEST / STEP) * STEP, MOST)


def inlined(svg: str, kind: str, alt: str) -> str:
    """A drawing as a picture in the page: one thing with a name, as wide as there is room. alt: as it stands in an attribute."""
    head, rest = svg.split(">", 1)
    plain = TAG.sub(lambda tag: NOISE.sub("", tag[0]), rest).replace(NOWHERE, "")
    return f'{SIZE.sub("", head)} class="{kind}" role="img" aria-label="{alt}">{plain}'


def asked(chart: Chart, shape: Shape) -> dict[str, Any]:
    """What the page draws itself; it has a control of its own."""
    found = spec(chart, shape, interactive=True)
    params = [{key: value for key, value in one.items() if key != "bind"} for one in found.get("params", ())]
    return {**{key: value for key, value in found.items() if key != "$schema"}, "params": params}


@cache
def _bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, about 900 kB."""
    script: str = drawn.bundle().replace("</script", r"<\/script").replace("<!--", r"<\!--")
    return VEGA + script


def _embedded(data: Any) -> str:
    """JSON in which nothing ends the script that it stands in."""
    found = json.dumps(data, separators=(",", ":"))  # ASCII alone
    return found.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")


def _quoted(words: str) -> str:
    """A string of a stylesheet: every sign but letters and digits as its number."""
    plain = "".join(one if one.isascii() and one.isalnum() else f"\\{ord(one):x} " for one in words)
    return f'"{plain}"'


def _marked(markup: str) -> Markup:
    """Words that were made safe."""
    from markupsafe import Markup

    return Markup(markup)


@cache
def _template(name: str) -> Any:
    import jinja2

    loader = jinja2.PackageLoader("simulate.writers", "templates")
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined).get_template(name)
