"""A scenario whose words other programs take for commands: in every form of its report, and in its pictures, they are words, and stay on the page."""

import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from command import RICH, simulate

pytest.importorskip("docx", reason="the extra `report` is not installed")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed"
)

LONG = "sagsbehandlingstidsforkortelse" * 4 + "sagsbehandlingstidsforke"  # 144 letters
WORDS = {
    "Alt på én gang": "<script>alert(1)</script> {{ 7*7 }}",  # title
    "Prøveby": "@x</script><img src=x onerror=alert(2)>",  # municipality
    "Casemanagers": "=cmd()",  # lines, and what is reported of them
    "Licenser mv.": "+1",
    "Sagsbehandling, Jobcenter": "{{ 7*7 }} {% raw %} #let x = 1",
    "Forsørgelse": LONG,
    "Anbringelser": "[link](javascript:x)",
    "overførsler": "=1+1",
    "administration": "-2+3|cmd",
    "børn": "שלום עולם",
    "Sparekrav 2021": "مرحبا بالعالم",
    "Hvert år": "@SUM(A1)",
    "kontanthjælp": "=state()",
    "s. 4": "@source",
}
LABELS = {
    "job": "=HYPERLINK(1)",
    "relapse": "</style></script><script>alert(3)</script>",
    "wage": LONG[::-1],
    "placed": "\\\" onmouseover=alert(4) '",
    "economy": "#let y = 2; \\input{x} \\u{41} $a$ *b* _c_ `d` ]]> <!-- [e]: http://example.com",
    '"additional effect"': "🙂 <b>æøå</b> €",
}
RIGHT_TO_LEFT = (WORDS["børn"], WORDS["Sparekrav 2021"])
UNSAID = ("kontanthjælp", "s. 4")
"""States of roles, and where a figure of the paper stands: the report of this case does not name them."""
EVERY = [*(words for old, words in WORDS.items() if old not in UNSAID), *LABELS.values()]


def hostile() -> str:
    """Each of its words in the place of one of the usual ones; assumptions have a label, a source and a note."""
    made = RICH
    for old, new in WORDS.items():
        assert old in made
        made = made.replace(old, quoted(new))
    for name, label in LABELS.items():
        said = quoted(label)
        about = f'label = "{said}"\nsource = "{said}"\nnote = "{said}"\n'
        made = made.replace(f"[assumptions.{name}]\n", f"[assumptions.{name}]\n{about}")
    return made


def quoted(words: str) -> str:
    return words.replace("\\", "\\\\").replace('"', '\\"')


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("hostile") / "case.toml"
    file.write_text(hostile(), "utf-8")
    return file


@pytest.fixture(scope="module")
def folder(scenario: Path) -> Path:
    done = simulate("report", scenario, "--draws", "64", "--out", scenario.parent / "report", "--lang", "da")
    assert done.code == 0, done.err
    return scenario.parent / "report"


def squeezed(words: str) -> str:
    return "".join(words.replace("\u200b", "").replace("\u2060", "").split())


def lost(text: str, wanted: list[str] = EVERY) -> list[str]:
    there = squeezed(text).lower()  # an area begins with a capital in a sentence
    return [one for one in wanted if squeezed(one).lower() not in there]


class Page(HTMLParser):
    """Words, and what could do something: what is run, fetched or followed, but for the page's own list of sections."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.active: list[str] = []

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        about = dict(attributes)
        if tag in ("script", "img", "iframe", "object", "embed", "link", "form", "base"):
            self.active.append(tag)
        self.active += [f"{tag} {name}" for name in about if name.startswith("on")]
        self.active += [
            about[name] for name in ("href", "src", "xlink:href") if not about.get(name, "#").startswith("#")
        ]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_a_page_has_them_as_words(folder: Path) -> None:
    page = Page()
    page.feed((folder / "report.html").read_text("utf-8"))
    assert page.active == []
    assert lost("".join(page.words)) == []


@needs_chromium
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("interactive", [False, True], ids=["static", "interactive"])
def test_a_page_runs_nothing_and_stays_in_the_window(
    scenario: Path, tmp_path: Path, width: int, interactive: bool
) -> None:
    from playwright.sync_api import sync_playwright

    file, heard = tmp_path / "report.html", []
    how = ["--interactive"] if interactive else []
    assert simulate("report", scenario, "--draws", "64", "--out", file, *how).code == 0
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(offline=True).new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.on("request", lambda one: one.url == file.as_uri() or heard.append(one.url))
        page.on("console", lambda one: heard.append(one.text))
        page.on("pageerror", lambda one: heard.append(str(one)))
        page.on("dialog", lambda one: heard.append(one.message))
        page.goto(file.as_uri())
        if interactive:
            page.wait_for_selector("main:not(:has(figure:not(.is-live)))")
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
        assert lost(page.evaluate("document.body.textContent")) == []
        browser.close()
    assert heard == []


def parts_of(file: Path) -> Iterator[tuple[str, ElementTree.Element]]:
    with zipfile.ZipFile(file) as parts:
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                yield name, ElementTree.fromstring(parts.read(name))


def test_word_has_them_as_words(folder: Path) -> None:
    found = dict(parts_of(folder / "report.docx"))
    written = [
        "-" if one.tag.endswith("}noBreakHyphen") else one.text or "" for one in found["word/document.xml"].iter()
    ]
    assert lost("".join(written)) == []
    tags = {one.tag.rpartition("}")[2] for part in found.values() for one in part.iter()}
    assert not tags & {"hyperlink", "fldSimple", "instrText", "object", "altChunk"}
    assert not any(one.get("TargetMode") == "External" for part in found.values() for one in part.iter())


def test_a_workbook_has_no_formula_and_no_link_of_them(folder: Path) -> None:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(str(folder / "report.xlsx"))
    cells = [str(item) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for item in row]
    own = [one for one in EVERY if one not in (WORDS["Sparekrav 2021"], WORDS["Hvert år"])]  # targets
    assert lost("\n".join(cells), own) == []
    found = dict(parts_of(folder / "report.xlsx"))
    formulas = [one.text or "" for part in found.values() for one in part.iter() if one.tag.endswith("}f")]
    assert len(formulas) > 20
    words = [squeezed(one) for one in EVERY if len(one) > 4]
    assert [one for one in formulas if any(word in squeezed(one) for word in words)] == []
    assert [one for one in formulas if re.search(r"HYPERLINK|cmd|SUM\(A1\)$|^1\+1$", one)] == []
    assert not any(
        one.tag.endswith("}hyperlink") or one.get("TargetMode") == "External"
        for part in found.values()
        for one in part.iter()
    )


@needs_poppler
def test_a_pdf_has_them_as_words_on_its_pages(folder: Path) -> None:
    run = subprocess.run(["pdftotext", "-raw", folder / "report.pdf", "-"], capture_output=True, check=True)
    shown = run.stdout.decode()
    wanted = [one for one in EVERY if one not in RIGHT_TO_LEFT] + [
        word for one in RIGHT_TO_LEFT for word in one.split()
    ]
    assert lost(shown.replace("[U+1F642]", "🙂"), wanted) == []  # a sign that no font here has is told by its number
    boxes = subprocess.run(
        ["pdftotext", "-bbox", folder / "report.pdf", "-"], capture_output=True, check=True
    ).stdout.decode()
    outside = []
    for page in boxes.split("<page ")[1:]:
        width, height = (float(found) for found in re.findall(r'(?:width|height)="([\d.]+)"', page)[:2])
        for box in re.findall(r'xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)<', page):
            left, top, right, bottom = map(float, box[:4])
            if left < 0 or top < 0 or right > width or bottom > height:
                outside.append(box)
    assert outside == []
    assert not re.search(rb"/(URI|JavaScript|Launch)\b", (folder / "report.pdf").read_bytes())


def test_markdown_and_csv_have_them_as_words(folder: Path) -> None:
    from simulate.writers.csv import FORMULA

    written = (folder / "report.md").read_text("utf-8")
    assert lost(re.sub(r"\\([\\`*_\[\]<>|#~])", r"\1", written)) == []
    assert not re.search(r"(?<!\\)<|(?<!\\)\[", written)
    cells = [
        one.strip('"')
        for line in (folder / "report.csv").read_text("utf-8-sig").splitlines()
        for one in line.split(";")
    ]
    assert [one for one in cells if one.startswith(FORMULA) and not re.fullmatch(r"-\d+(,\d+)?|-", one)] == []


@pytest.mark.parametrize("kind", ["fan", "exceedance", "distribution", "tornado", "dots"])
@pytest.mark.parametrize("shape", ["column", "slide"])
def test_a_picture_has_them_as_letters(scenario: Path, tmp_path: Path, kind: str, shape: str) -> None:
    done = simulate("chart", scenario, "--kind", kind, "--shape", shape, "--draws", "64", "--out", tmp_path / "x.svg")
    assert done.code == 0, done.err
    drawn = ElementTree.fromstring((tmp_path / "x.svg").read_text("utf-8"))
    tags = {one.tag.rpartition("}")[2] for one in drawn.iter()}
    assert not tags & {"script", "a", "image", "foreignObject"}
    assert not any(
        name.startswith("on") or (name.endswith("href") and not value.startswith("#"))
        for one in drawn.iter()
        for name, value in one.attrib.items()
    )
    if kind == "tornado":
        assert "=HYPERLINK(1)" in squeezed("".join(drawn.itertext()))
