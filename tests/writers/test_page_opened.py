"""The page in a real browser, Chromium, with the network blocked: what it asks for, whether it fits, reads, prints and can be asked."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from charts.examples import hostile
from writers.papers import HOSTILE, LONG, YEARS, by_year, fan, whole

from simulate.content import Document, Heading, Sentence
from simulate.writers.page import written

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
POPPLER = shutil.which("pdftotext")
WIDTHS = (320, 390, 768, 1280)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
needs_poppler = pytest.mark.skipif(POPPLER is None, reason="pdftotext (poppler-utils) is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        found = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


Opener = Callable[..., Any]


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Opener]:
    """Open a page from a file, as from a mail; whatever it asks for beside itself, or complains of, fails the test."""
    context = browser.new_context(offline=True)
    heard: list[str] = []

    def open_(source: str, width: int = 1280) -> Any:
        file = tmp_path / "report.html"
        file.write_text(source, "utf-8")
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.on("request", lambda one: one.url == file.as_uri() or heard.append(f"request: {one.url}"))
        page.on("console", lambda one: heard.append(f"console: {one.text}"))
        page.on("pageerror", lambda one: heard.append(f"error: {one}"))
        page.on("dialog", lambda one: heard.append(f"dialog: {one.message}"))
        page.goto(file.as_uri())
        if "<script>" in source:
            page.wait_for_selector("main:not(:has(figure:not(.is-live)))")
        return page

    yield open_
    context.close()
    assert heard == []


def violations(page: Any) -> list[str]:
    """What axe finds that somebody could not read or use, by all of its rules, those of good practice among them."""
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run(document)")
    assert len(found["passes"]) > 20
    return [f"{one['id']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]]


OUTSIDE = """[...document.querySelectorAll('body *')].filter(one => {
    if (one.closest('.skip, thead') || (one.closest('svg') && one.localName !== 'svg')) return false;
    const box = one.getBoundingClientRect();
    return box.width > 0 && (box.right > innerWidth + 0.5 || box.left < -0.5 || one.scrollWidth > one.clientWidth + 1 && one.matches('.table'));
}).map(one => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_leaves_the_page(opened: Opener, width: int) -> None:
    page = opened(written(whole(" ".join(HOSTILE), title=LONG)), width)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    assert page.evaluate(OUTSIDE) == []


def test_a_table_on_a_telephone_is_read_row_by_row_and_on_a_screen_as_a_table(opened: Opener) -> None:
    source = written(Document("One", "en", [by_year(YEARS)]))
    row = "[...document.querySelectorAll('tbody tr:first-child > *')].map(one => Math.round(one.getBoundingClientRect().top))"
    said = "getComputedStyle(document.querySelector('td'), '::before').content.split(' / ')[0]"
    wide, narrow = opened(source, 1280), opened(source, 320)
    assert len(set(wide.evaluate(row))) == 1
    assert len(set(narrow.evaluate(row))) > 1
    assert (wide.evaluate(said), narrow.evaluate(said)) == ("none", '"2017"')


def test_a_table_stays_one_for_who_hears_it(opened: Opener) -> None:
    page = opened(written(Document("One", "en", [Heading("Year by year", 2), by_year(YEARS)])), 320)
    assert page.get_by_role("table", name="Year by year").count() == 1
    assert page.get_by_role("rowheader", name="In all").count() == 1
    assert page.get_by_role("columnheader", name="2019").count() == 1
    assert page.get_by_role("cell").count() == 5 * 6 - 1  # nothing is not read out


@pytest.mark.parametrize("interactive", [False, True], ids=["static", "interactive"])
@pytest.mark.parametrize("width", [320, 1280])
def test_everybody_can_read_it(opened: Opener, interactive: bool, width: int) -> None:
    assert violations(opened(written(whole(), interactive), width)) == []


@pytest.mark.parametrize("interactive", [False, True], ids=["static", "interactive"])
def test_words_of_a_user_do_nothing(opened: Opener, interactive: bool) -> None:
    words = " ".join(HOSTILE)
    page = opened(written(whole(words, words, words), interactive))
    for one in HOSTILE:
        assert one in page.inner_text("h1")
    assert page.title() == " ".join(words.split())
    assert page.locator("img, iframe, link, body script:not([type])").count() == (2 if interactive else 0)
    assert violations(page) == []


def test_a_year_is_chosen_with_the_keyboard(opened: Opener) -> None:
    page = opened(written(whole(), interactive=True))
    assert page.locator("[data-period]:visible").count() == 0
    page.get_by_label("Choose a year").first.focus()
    page.keyboard.type("2019")
    shown = page.locator("[data-period]:visible")
    assert shown.count() == 2  # of both pictures: a year is chosen for the page
    assert "The paper's\n-700,000\xa0kr." in shown.first.inner_text()
    assert re.search(r"P95\n800,000\skr\.", shown.first.inner_text())
    cells = page.locator("td.chosen")
    assert {cells.nth(i).get_attribute("data-title") for i in range(cells.count())} == {"2019"}
    assert violations(page) == []
    page.get_by_label("Choose a year").first.select_option("")
    assert (page.locator("[data-period]:visible").count(), cells.count()) == (0, 0)


def test_a_picture_that_can_be_asked_says_what_is_under_the_pointer(opened: Opener) -> None:
    page = opened(written(Document("One", "en", [fan()]), interactive=True))
    periods = page.locator('.live svg line[opacity="0.001"]')  # as wide as there is place
    assert periods.count() == 1 + len(YEARS)  # the start, too
    for place, year, last in ((3, "2019", "-1.0"), (5, "2021", "1.1")):
        periods.nth(place).hover(force=True)
        told = page.wait_for_selector(f"#vg-tooltip-element.visible:has-text('{year}')").inner_text()
        assert re.search(rf"Expected\s+{last}\b", told), told


@pytest.mark.parametrize("words", ["\\", '\\" + missing("x") + "\\', "'\\' || alert(1)"])
def test_pictures_of_every_kind_are_drawn_whatever_things_are_called(opened: Opener, words: str) -> None:
    """What is told under the pointer goes by way of an expression: words must not become part of it."""
    every = hostile(words)
    page = opened(written(Document("One", "en", [Heading("Pictures", 2), *every]), interactive=True))
    assert page.locator(".is-live .live svg").count() == len(every)


def test_on_a_telephone_pictures_are_drawn_for_it_and_again_for_a_wider_window(opened: Opener) -> None:
    page = opened(written(whole(), interactive=True), 390)
    box = "document.querySelector('.live svg').getAttribute('viewBox')"
    shown = "[...document.querySelectorAll('.drawn svg')].filter(one => getComputedStyle(one).display !== 'none').map(one => one.className.baseVal)"
    narrow = page.evaluate(box).split()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_selector(f".live svg:not([viewBox='{' '.join(narrow)}'])")
    assert float(narrow[2]) < 400 < float(page.evaluate(box).split()[2])
    assert set(page.evaluate(shown)) == {"of-column"}
    assert set(opened(written(whole()), 390).evaluate(shown)) == {"of-phone"}


def test_a_telephone_says_what_amounts_are_counted_in(opened: Opener) -> None:
    page = opened(written(Document("One", "en", [by_year(YEARS)])), 320)
    box = page.get_by_text("1,000 kr.").bounding_box()
    assert (box["width"] > 40, box["height"] > 10) == (True, True)


def test_where_no_script_runs_the_picture_is_there_and_no_control(browser: Any, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(written(whole(), interactive=True), "utf-8")
    context = browser.new_context(offline=True, java_script_enabled=False)
    page = context.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    assert page.locator(".drawn svg:visible").count() >= 2
    assert page.locator("select:visible, .live:visible").count() == 0
    context.close()


def test_the_keyboard_goes_from_the_top_to_the_content(opened: Opener) -> None:
    page = opened(written(whole()))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def printed(page: Any, folder: Path) -> list[str]:
    """The text of each page that comes out of a printer, as one who reads row by row has it, without its blanks."""
    page.pdf(path=folder / "printed.pdf", prefer_css_page_size=True)
    text = subprocess.run(["pdftotext", "-layout", folder / "printed.pdf", "-"], capture_output=True, check=True).stdout
    return ["".join(one.split()) for one in text.decode().split("\f")[:-1]]


@needs_poppler
@pytest.mark.parametrize("interactive", [False, True], ids=["static", "interactive"])
def test_everything_is_printed(opened: Opener, tmp_path: Path, interactive: bool) -> None:
    page = opened(written(whole(), interactive))
    cells = page.evaluate("[...document.querySelectorAll('th, td, figcaption strong, .lead p, .note, footer p')].map(one => one.textContent)")  # fmt: skip
    sheets = printed(page, tmp_path)
    assert 2 <= len(sheets) <= 5
    assert [one for one in cells if "".join(one.split()) not in "".join(sheets)] == []
    assert all(f"Aprogramme{n}/{len(sheets)}" in sheet for n, sheet in enumerate(sheets, 1))
    assert "Chooseayear" not in "".join(sheets)


@needs_poppler
def test_a_long_table_has_its_head_on_every_sheet(opened: Opener, tmp_path: Path) -> None:
    sheets = printed(opened(written(Document("One", "en", [Heading("Years", 2), by_year(YEARS, rows=120)]))), tmp_path)
    assert 3 <= len(sheets) <= 6
    assert all("1,000kr.20172018201920202021Total" in sheet for sheet in sheets)


@needs_poppler
def test_a_heading_is_not_left_alone_at_the_foot(opened: Opener, tmp_path: Path) -> None:
    """Wherever it falls: with more and more before it."""
    for n in range(30, 46, 3):
        before = [Sentence(f"Sentence {i}.") for i in range(n)]
        parts = [Heading("First", 2), *before, Heading("Lonely", 2), by_year(YEARS[:2], rows=2)]
        (sheet,) = (one for one in printed(opened(written(Document("One", "en", parts))), tmp_path) if "Lonely" in one)
        assert "Lonely1,000kr." in sheet
