"""The page as text: what a reader, a screen reader and a printer find in it. Browsers are asked in test_page_opened."""

import itertools
import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from writers.papers import HOSTILE, LONG, YEARS, by_year, fan, whole

from simulate import locale
from simulate.content import BREAK, Document, Figure, Heading, Sentence, Sketch, Table, note, row
from simulate.writers import page
from simulate.writers.page import SIGN, inlined, stacked, width, written

VOID = {"meta", "br", "img", "link", "input", "hr"}


class Page(HTMLParser):
    """tags: (name, attributes, text within) of each element, in their order; words: all that is read, scripts and styles left out."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.open: list[int] = []
        self.words = ""
        self.feed(source)
        self.close()
        assert self.open == []  # every element has its end

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs), []))
        if tag not in VOID:
            self.open.append(len(self.tags) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs), []))

    def handle_endtag(self, tag: str) -> None:
        assert self.tags[self.open.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        for one in self.open:
            self.tags[one][2].append(data)
        if not any(self.tags[one][0] in ("script", "style") for one in self.open):
            self.words += data

    def all(self, *names: str) -> list[tuple[str, dict[str, str | None], str]]:
        return [(tag, attributes, "".join(words)) for tag, attributes, words in self.tags if tag in names]


def test_headings_are_in_order_and_the_title_is_the_first() -> None:
    levels = [int(tag[1]) for tag, _, _ in Page(written(whole())).all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in itertools.pairwise(levels))


def test_a_long_report_has_a_list_of_its_sections_and_a_short_one_has_none() -> None:
    found = Page(written(whole()))
    names = {attributes["id"]: words for _, attributes, words in found.all("h2")}
    links = {str(attributes["href"]): words for _, attributes, words in found.all("a")}
    sections = {f"#{name}": words for name, words in names.items() if name != "contents"}
    assert sections.items() <= links.items()
    assert len(sections) == 5
    assert "<nav" not in written(Document("One", "en", [Heading("The answer", 2), Sentence("Yes.")]))


def test_every_name_is_that_of_one_thing_and_every_reference_leads_to_one() -> None:
    same = [
        Heading("Title", 2),
        by_year(YEARS),
        Heading("Title", 2),
        Heading("Chart 2", 2),
        fan(),
        fan(),
        Heading("!", 2),
        Heading("?", 2),
    ]
    found = Page(written(Document("Title", "en", same)))
    names = [attributes["id"] for _, attributes, _ in found.tags if "id" in attributes]
    assert len(names) == len(set(names))
    asked = [
        str(attributes[key])
        for _, attributes, _ in found.tags
        for key in ("aria-labelledby", "for")
        if key in attributes
    ]
    asked += [str(attributes["href"])[1:] for _, attributes, _ in found.all("a")]
    assert asked
    assert set(asked) <= set(names)
    drawn = re.findall(r"url\(#([^)]+)\)", written(Document("Title", "en", same)))
    assert set(drawn) <= set(map(str, names))


def test_every_table_has_a_name() -> None:
    for _, attributes, words in Page(written(whole())).all("table"):
        assert "aria-labelledby" in attributes or words.strip().startswith(("By year", "Assumptions"))


def test_cells_have_heads_in_both_directions() -> None:
    found = Page(written(Document("One", "en", [by_year(YEARS)])))
    heads = found.all("th")
    assert [words for _, attributes, words in heads if attributes["scope"] == "col"] == [
        "1,000\u00a0kr.",
        *YEARS,
        "Total",
    ]
    assert [words for _, attributes, words in heads if attributes["scope"] == "row"] == [
        "Staff 1", "Staff 2", "Staff 3", "Ahead", "In all",
    ]  # fmt: skip
    cells = found.all("td")
    assert [attributes.get("data-title") for _, attributes, _ in cells[:6]] == [*YEARS, "Total"]
    assert {attributes["class"] for _, attributes, _ in cells} == {"figure"}


def test_columns_of_words_stand_to_the_left() -> None:
    table = Table(["", "Share", "Source"], [row("a", Figure(0.25, "share"), "a count"), row("b", "none", None)])
    cells = Page(written(Document("One", "en", [table]))).all("td")
    assert [(words, attributes.get("class")) for _, attributes, words in cells] == [
        ("", None), ("25.0%", "figure"), ("a count", None), ("none", "figure words"), ("", None),
    ]  # fmt: skip


def test_a_note_says_what_it_is_and_stands_for_itself() -> None:
    parts = [Sentence("Before."), note(Sentence("A caveat.")), note(Sentence("Another.")), Sentence("After.")]
    found = Page(written(Document("One", "en", parts))).all("p")
    notes = [words for _, attributes, words in found if attributes.get("role") == "note"]
    assert notes == ["NOTE: A caveat.", "NOTE: Another."]
    assert [words for _, _, words in found] == ["Before.", *notes, "After."]


def test_what_is_said_first_is_set_apart() -> None:
    found = Page(written(whole()))
    lead = [words for _, attributes, words in found.all("div") if attributes.get("class") == "lead"]
    assert len(lead) == 1
    assert lead[0].startswith("It has paid by 2021")


def test_what_is_said_of_the_whole_stands_with_the_title_unless_it_must_not_be_missed() -> None:
    place, answer, caveat = (
        Sentence("Odense, 2019"),
        [Heading("The answer", 2), Sentence("Yes.")],
        note(Sentence("Mind.")),
    )
    assert page.opening([place, BREAK, *answer]) == ([place], answer)
    for parts in ([place, caveat, *answer], [place, by_year(YEARS), *answer], [place, place], answer, []):
        assert page.opening(parts) == ([], parts)
    assert "Odense, 2019" in Page(written(Document("One", "en", [place, *answer]))).all("header")[0][2]


def test_a_picture_has_a_name_and_its_title_is_text() -> None:
    found = Page(written(Document("One", "en", [fan(alt="What it shows & how")])))
    assert [words.split(" mio")[0] for _, _, words in found.all("figcaption")] == ["It pays from 2020"]
    pictures = found.all("svg")
    assert [(attributes["role"], attributes["aria-label"]) for _, attributes, _ in pictures] == [("img", "What it shows & how")] * len(pictures)  # fmt: skip
    assert len(pictures) >= 1
    assert all("role" not in attributes for tag, attributes, _ in found.tags if tag in ("g", "path", "text"))


def test_a_drawing_is_as_wide_as_there_is_room() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" class="marks" width="9" height="3" viewBox="0 0 9 3"><rect width="9" class="x"/></svg>'
    found = ElementTree.fromstring(inlined(svg, "sketch", "a &lt;b&gt;"))
    assert found.attrib == {"viewBox": "0 0 9 3", "class": "sketch", "role": "img", "aria-label": "a <b>"}
    assert [one.attrib for one in found] == [{"width": "9"}]  # what it is called changes nothing to see


def test_a_sketch_is_a_picture_that_is_told() -> None:
    table = Table(
        ["", "How"], [row("a", Sketch((0.0, 0.5, 0.25), Sentence("about <1>"))), row("b", Sketch((), Sentence("none")))]
    )
    found = Page(written(Document("One", "en", [table]))).all("svg")
    assert [(attributes["role"], attributes["aria-label"]) for _, attributes, _ in found] == [
        ("img", "about <1>"),
        ("img", "none"),
    ]


def test_what_a_table_needs_grows_with_its_figures_and_words_but_not_beyond_what_may_be_broken() -> None:
    assert width(by_year(YEARS)) > width(by_year(YEARS[:2]))
    large = [width(Table(["", "x"], [row("a", Figure(10.0**n))])) for n in (2, 4, 6)]
    assert large[2] - large[1] == pytest.approx(3 * SIGN)  # 10,000 and 1,000,000
    assert large[1] > large[0]
    long = [Table((), [row(LONG[:n], Figure(1.0))]) for n in (10, 24, 100, 144)]
    assert width(long[0]) < width(long[1]) == width(long[2]) == width(long[3])
    assert [stacked(one) for one in (10, 20, 21, 1000)] == [8, 14, 16, 76]


def kinds(one: Page) -> list[str]:
    """Of its elements, but for what words are put into so that they break, and what pictures are drawn of."""
    return [tag for tag, _, _ in one.tags if tag not in ("span", "text", "g", "path", "line", "rect", "tspan")]


@pytest.mark.parametrize("words", HOSTILE, ids=lambda one: one[:12])
@pytest.mark.parametrize("interactive", [False, True], ids=["static", "interactive"])
def test_words_of_a_user_are_words(words: str, interactive: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "_bundle", lambda: "window.vega = 1;")
    found = Page(written(whole(words, words, words), interactive))
    assert kinds(found) == kinds(Page(written(whole(), interactive)))  # no element more, and none less
    assert found.words.count(words) >= 8
    assert [attributes for _, attributes, _ in found.tags if any(key.startswith("on") for key in attributes)] == []
    assert all(str(attributes["href"]).startswith("#") for _, attributes, _ in found.tags if "href" in attributes)
    assert "49" not in found.words
    titles = [inner for _, _, inner in found.all("title")]
    assert titles == [words]


def test_what_a_script_reads_ends_no_script(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "_bundle", lambda: "window.vega = 1;")
    found = Page(written(whole("</script><!--"), interactive=True))
    kinds = [attributes.get("type") for _, attributes, _ in found.all("script")]
    assert kinds == ["application/json", None, None]
    data = json.loads(found.all("script")[0][2])
    assert set(data) == {"chart", "chart-2"}
    assert "</script><!--" in json.dumps(data["chart"])


def test_nothing_is_fetched_and_a_static_page_may_run_nothing() -> None:
    source = written(whole())
    found = Page(source)
    assert not found.all("script", "link", "img", "iframe", "object", "base")
    (policy,) = (
        str(at["content"]) for _, at, _ in found.all("meta") if at.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri")
    assert set(re.findall(r"https?://[^\s\"'<)]+", source)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert "@import" not in source


def test_the_language_is_that_of_the_document() -> None:
    locale.use("da")
    found = written(Document("Et", "da", [by_year(YEARS), note(Sentence("Husk."))]))
    assert '<html lang="da">' in found
    assert "BEMÆRK: Husk." in found
    assert "Til indholdet" in found
    assert "-1.235" in found


def test_an_amount_stays_with_its_unit() -> None:
    found = written(Document("One", "en", [Sentence("It costs 1,092,118 kr. and 1.1 mio. kr. in all.")]))
    assert "1,092,118\u00a0kr. and 1.1\u00a0mio.\u00a0kr. in all" in found


def test_the_same_document_has_the_same_bytes() -> None:
    assert written(whole()) == written(whole())


def test_a_page_is_small() -> None:
    assert len(written(whole()).encode()) < 150_000
