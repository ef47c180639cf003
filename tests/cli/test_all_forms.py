"""One stored run as a page, a Word document, a workbook, a PDF, Markdown and JSON: every figure and every word of it is the same in each."""

import math
import re
import shlex
import shutil
import subprocess
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from command import RICH, ROOT, simulate

from simulate import locale
from simulate.asking.report import stored
from simulate.content import Chart, Document, Figure, Heading, Note, Sketch, Table, figures
from simulate.figures import cell, corner
from simulate.locale import text
from simulate.reports import report as reports
from simulate.writers import letters
from simulate.writers.blocks import parted
from simulate.writers.pdf import ROOM

pytest.importorskip("docx", reason="the extra `report` is not installed")
POPPLER = shutil.which("pdftotext")
SILKEBORG = ROOT / "scenarios" / "silkeborg.toml"
CASES = {"rich": 128, "silkeborg": 64}  # draws
FORMS = (".html", ".docx", ".pdf", ".xlsx", ".md")


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored result, and its report in one language: as content, as JSON, and as files. scale, cells: language as the report's."""

    document: Document
    json: dict[str, Any]
    folder: Path


@pytest.fixture(
    scope="module", params=[(name, engine) for name in CASES for engine in ("lives", "expected")], ids="-".join
)
def result(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    name, engine = request.param
    folder = tmp_path_factory.mktemp("kept")
    file = SILKEBORG
    if name == "rich":
        file = folder / "rich.toml"
        file.write_text(RICH, "utf-8")
    how = ["--engine", engine, "--draws", str(CASES[name]), "--tolerance", "1 mio. kr. i 10 %", "--lang", "da"]
    done = simulate("run", file, *how, "--out", folder / "run", "--full")
    assert done.code == 0, done.err
    return folder / "run"


@pytest.fixture(scope="module", params=locale.LANGUAGES)
def kept(request: pytest.FixtureRequest, result: Path) -> Kept:
    language: locale.Language = request.param
    folder = result.parent / language
    command = ["report", str(result), "--out", str(folder), "--lang", language]
    done = simulate(*command)
    assert done.code == 0, done.err
    found = simulate("report", result, "--lang", language, "--json").json
    report, scenario = stored(str(result))
    locale.use(language)
    return Kept(reports.document(report, scenario, shlex.join(["simulate", *command])), found, folder)


@pytest.fixture(autouse=True)
def spoken(kept: Kept, english: None) -> Iterator[None]:
    before = locale.language()
    locale.use(kept.document.language)
    yield
    locale.use(before)


# What is to be found ------------------------------------------------------------------------------------------------------


def plain(words: str) -> str:
    """One blank between words, whatever kind it is, and no sign that only says where a line may end."""
    return " ".join(words.replace("\u200b", "").split())


def said(document: Document) -> list[str]:
    """Everything that is no table, in its order."""
    found = [document.title]
    for part in document.parts:
        if isinstance(part, Heading):
            found.append(part.words)
        elif isinstance(part, Note):
            found.append(text("NOTE: {caveat}", caveat=part))
        elif isinstance(part, str):
            found.append(part)
    return [plain(one) for one in (*found, *document.footer) if one]


def tables(document: Document, least: int = 10) -> list[Table]:
    found = [part for part in document.parts if isinstance(part, Table) and part.reader != "spreadsheet"]
    assert len(found) >= least
    return found


def charts(document: Document) -> list[Chart]:
    return [part for part in document.parts if isinstance(part, Chart)]


def heads(one: Table) -> list[str]:
    return [plain(words) for words in (corner(one), *one.columns[1:])] if one.columns else []


def rows(one: Table, sketch: str | None = None) -> list[list[str]]:
    """As they are written. sketch: what stands where a distribution is drawn; None: its words."""
    return [
        [plain(item.words if isinstance(item, Sketch) and sketch is None else sketch if isinstance(item, Sketch) else cell(item, one.scale)) for item in row.cells]  # type: ignore[arg-type]
        for row in one.rows
    ]  # fmt: skip


def in_order(wanted: Iterable[str], there: str) -> list[str]:
    """What of it is not there, each looked for behind the one before it."""
    at, lost = 0, []
    for one in wanted:
        found = there.find(one, at)
        if found < 0:
            lost.append(one)
        else:
            at = found + len(one)
    return lost


def test_every_figure_is_in_the_json(kept: Kept) -> None:
    known = sorted({abs(value) for value in numbers(kept.json)})
    shown = [value for part in kept.document.parts for value in figures(part)]
    assert len(shown) > 400
    assert [value for value in shown if not is_among(value, known, 1e-12)] == []


def numbers(value: Any) -> Iterator[float]:
    """All of a document; the names of percentiles and years are numbers, too."""
    if isinstance(value, dict):
        yield from (float(key) for key in value if key.isdecimal())
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from numbers(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


def is_among(value: float, known: Sequence[float], near: float) -> bool:
    at = bisect_left(known, abs(value))
    return any(math.isclose(abs(value), one, rel_tol=near, abs_tol=1e-6) for one in known[max(at - 1, 0) : at + 1])


# The page -------------------------------------------------------------------------------------------------------------------


@dataclass
class Page(HTMLParser):
    """Words as they follow each other, each table's rows, and what pictures are called. A drawing's own letters are none of the page's."""

    words: list[str] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    is_cell: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        about = dict(attributes)
        if tag in ("style", "script", "svg", "nav"):
            self.silent.append(tag)
        if tag == "svg":
            self.pictures.append(plain(about["aria-label"]))
            if self.is_cell:
                self.tables[-1][-1][-1] += about["aria-label"]
        elif tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            self.tables[-1][-1].append("")
            self.is_cell = True

    def handle_endtag(self, tag: str) -> None:
        if self.silent and tag == self.silent[-1]:
            self.silent.pop()
        if tag in ("th", "td"):
            self.is_cell = False
        if tag in ("p", "li", "h1", "h2", "h3", "figcaption", "caption", "td", "th"):
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        self.words.append(data)
        if self.is_cell:
            self.tables[-1][-1][-1] += data


def test_a_page_has_all_of_it(kept: Kept) -> None:
    page = Page()
    page.feed((kept.folder / "report.html").read_text("utf-8"))
    assert in_order(said(kept.document), plain("".join(page.words))) == []
    wanted = tables(kept.document)
    assert [[[plain(item) for item in row] for row in one] for one in page.tables] == [
        [*([heads(one)] if one.columns else []), *rows(one)] for one in wanted
    ]
    whole = plain("".join(page.words))
    assert in_order([plain(one.title) for one in wanted if one.title], whole) == []
    drawn = charts(kept.document)
    assert in_order([plain(f"{one.title} {one.subtitle}") for one in drawn], whole) == []
    assert {plain(one.alt) for one in drawn} <= set(page.pictures)


# Word -----------------------------------------------------------------------------------------------------------------------

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def lines_of(element: Any) -> str:
    """Its words; of a picture, what is told in its place."""
    found = []
    for one in element.iter():
        if one.tag == f"{W}t":
            found.append(one.text or "")
        elif one.tag == f"{W}br":
            found.append(" ")
        elif one.tag == f"{W}noBreakHyphen":
            found.append("-")
        elif one.tag.endswith("}docPr"):
            found.append(one.get("descr"))
    return plain("".join(found))


def test_word_has_all_of_it(kept: Kept) -> None:
    import docx

    body = docx.Document(str(kept.folder / "report.docx")).element.body
    paragraphs = " ".join(lines_of(one) for one in body if one.tag == f"{W}p")
    assert in_order(said(kept.document), paragraphs) == []
    found = [
        [[lines_of(place) for place in row.iter(f"{W}tc")] for row in one.iter(f"{W}tr")]
        for one in body
        if one.tag == f"{W}tbl"
    ]
    for one in tables(kept.document):
        title = heads(one)
        parts = [found.pop(0)]
        while sum(len(part[0]) - 1 for part in parts) < len(one.rows[0].cells) - 1:
            parts.append(found.pop(0))
        if title:
            assert [title[0], *(name for part in parts for name in part.pop(0)[1:])] == title
        at = 1
        for part in parts:  # rows that have nothing in these columns are left out, but where all would be
            width = len(part[0])
            wanted = [[row[0], *row[at : at + width - 1]] for row in rows(one)]
            told = [row for row in wanted if any(row[1:])] if len(parts) > 1 else wanted
            assert part == (told or wanted)
            at += width - 1
    assert found == []
    drawn = charts(kept.document)
    assert in_order([plain(f"{one.title} {one.subtitle}") for one in drawn], paragraphs) == []
    assert in_order([plain(one.alt) for one in drawn], paragraphs) == []
    assert in_order([plain(one.title) for one in tables(kept.document) if one.title], paragraphs) == []


# PDF ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(POPPLER is None, reason="pdftotext (poppler-utils) is not installed")
def test_a_pdf_has_all_of_it(kept: Kept) -> None:
    """As one reads it who sees no page, without its blanks: a row is one after the other, whatever has no room in one line."""
    run = subprocess.run(["pdftotext", "-raw", kept.folder / "report.pdf", "-"], capture_output=True, check=True)
    lines = [line for line in run.stdout.decode().splitlines() if not re.fullmatch(r"\f?\w+ \d+ / \d+", line)]
    there = squeezed("".join(lines))
    assert in_order(map(squeezed, said(kept.document)), there) == []
    for one in tables(kept.document):
        parts = parted(one, ROOM)
        assert [name for part in parts for name in part.columns[1:]] == [*one.columns[1:]]
        at = max(there.find(squeezed("".join([one.title, *heads(parts[0])]))), 0) if one.columns else 0
        for part in parts:
            assert in_order(map(squeezed, map("".join, rows(part, ""))), there[at:]) == []
    drawn = charts(kept.document)
    assert in_order([squeezed(f"{one.title}{one.subtitle}") for one in drawn], there) == []


def squeezed(words: str) -> str:
    return "".join(words.replace("\u200b", "").split())


# Markdown ---------------------------------------------------------------------------------------------------------------------


def test_markdown_has_all_of_it(kept: Kept) -> None:
    lines = (kept.folder / "report.md").read_text("utf-8").splitlines()
    own = re.compile(r"\\([\\`*_\[\]<>|#~])")
    spoken_ = plain(
        " ".join(
            own.sub(r"\1", re.sub(r"^(#+|-|>) |^\*\*|\*\*$", "", line)) for line in lines if not line.startswith("|")
        )
    )
    assert in_order(said(kept.document), spoken_) == []
    assert in_order([plain(one.title) for one in tables(kept.document) if one.title], spoken_) == []
    piped = [line for line in lines if line.startswith("| ")]
    for one in tables(kept.document):
        shown = letters.drawn(one)  # a distribution is a picture of letters
        wanted = rows(shown)
        head, rule, *body = piped[: 2 + len(wanted)]
        del piped[: 2 + len(wanted)]
        assert set(rule) <= set("|:- ")
        assert [plain(own.sub(r"\1", item)) for item in re.split(r"(?<!\\)\|", head)[1:-1]][: len(heads(one))] == heads(
            one
        )
        read = [
            [
                plain(own.sub(r"\1", item.strip().removeprefix("**").removesuffix("**")))
                for item in re.split(r"(?<!\\)\|", line)[1:-1]
            ]
            for line in body
        ]
        assert read == wanted
    assert piped == []


# Workbook -----------------------------------------------------------------------------------------------------------------------

AS_ROWS, AS_FIGURES = ("answer", "years", "cashable", "limits"), ("paper",)
"""Sections of which the workbook has every figure, in rows as the section has or each in one of its own; the first sheet says what it leaves out."""


def test_a_workbook_has_the_figures_that_it_is_made_of(kept: Kept, result: Path) -> None:
    """As numbers, so that a spreadsheet writes them as all the others do."""
    lines = sheets(kept.folder / "report.xlsx")
    known = [[float(item) for item in line if isinstance(item, int | float)] for line in lines]
    report, scenario = stored(str(result))
    for sections in (AS_ROWS, AS_FIGURES):
        made = reports.document(report, scenario, "", sections=sections)
        wanted = [
            [one.value for one in row.cells if isinstance(one, Figure)] for part in tables(made, 1) for row in part.rows
        ]
        if sections == AS_FIGURES:
            wanted = [[one] for row in wanted for one in row]
        assert wanted
        assert [row for row in wanted if not any(follow(row, line) for line in known)] == []


def test_a_workbook_says_what_it_is_made_of_and_what_it_leaves_out(kept: Kept, result: Path) -> None:
    words = plain(
        " ".join(item for line in sheets(kept.folder / "report.xlsx") for item in line if isinstance(item, str))
    )
    report, scenario = stored(str(result))
    made = reports.document(report, scenario, "", sections=("answer", "limits"))
    assert [
        one for one in [kept.document.title, *said(made)[2:], *map(plain, kept.document.footer)] if one not in words
    ] == []
    left_out = text(
        "In the report alone (page, Word, PDF): what decides, what it takes, the risk, and the other ways of counting."
    )
    assert left_out in words


def follow(wanted: Sequence[float], line: Sequence[float]) -> bool:
    """Whether the one stands in the other, in its order."""
    rest = iter(line)
    return all(any(math.isclose(one, value, rel_tol=1e-9, abs_tol=1e-5) for one in rest) for value in wanted)


@cache
def sheets(file: Path) -> list[list[Any]]:
    """Rows of all sheets."""
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(str(file))
    return [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
