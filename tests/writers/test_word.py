"""Word: what a reader, a screen reader and another document find in the file."""

import cProfile
import io
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.shared import RGBColor
from sheets import HOSTILE, STRANGE, document, hostile, ordinary, table, wide

from simulate import locale
from simulate.content import Figure, Row, Sentence, Table
from simulate.errors import InputError
from simulate.writers.seal import sealed
from simulate.writers.word import written

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(autouse=True)
def danish() -> Any:
    with locale.speaking("da"):
        yield


def opened(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return parts.read(name).decode()


def test_headings_sentences_lists_and_notes_are_words_own() -> None:
    made = opened(written(ordinary()))
    styles = [(one.style.name, one.text) for one in made.paragraphs if one.text]
    assert styles[:2] == [("Heading 1", "Vi Vil Mere"), ("Heading 2", "Svaret")]
    assert ("List Bullet", "første") in styles
    assert any(text == "BEMÆRK: Ikke til at stole på." for _, text in styles)
    assert "I 23 af 100 forløb.\nForventet: -4,4\u00a0mio.\u00a0kr." in [text for _, text in styles]


def test_a_table_reads_as_one() -> None:
    """Its titles repeat, no row is broken, figures stand to the right and are not broken after their sign."""
    [made, _] = opened(written(ordinary())).tables
    cells = [[cell.text for cell in row.cells] for row in made.rows]
    assert cells[0] == ["1.000\u00a0kr.", "2027", "2028", "2029"]
    assert cells[1] == ["Casemanagers", "-2.325", "-2.325", "-2.325"]
    assert made.rows[0]._tr.find(f".//{W}tblHeader") is not None
    assert all(row._tr.find(f".//{W}cantSplit") is not None for row in made.rows)
    for row in made.rows:
        assert [cell.paragraphs[0].alignment for cell in row.cells] == [None, 2, 2, 2]
        assert all(cell._tc.find(f".//{W}noWrap") is not None for cell in row.cells[1:])
    assert made._tbl.tblPr.find(f"{W}tblCaption").get(f"{W}val") == "Poster"
    assert made.rows[2].cells[0].paragraphs[0].runs[0].bold


def test_pictures_are_described_and_named() -> None:
    data = written(ordinary())
    xml = part(data, "word/document.xml")
    assert 'descr="Falder fra 0 til -1,2' in xml
    assert 'descr="mellem 5' in xml
    captions = [one.text for one in opened(data).paragraphs if one.style.name == "Caption"]
    assert captions == ["Poster", "Akkumuleret\nmio.\u00a0kr.", "Forudsætninger"]


def test_it_has_a_language_a_title_and_no_fonts_of_its_own() -> None:
    data = written(ordinary())
    made = opened(data)
    assert made.core_properties.title == "Vi Vil Mere"
    assert made.core_properties.language == "da-DK"
    assert 'w:lang w:val="da-DK"' in part(data, "word/styles.xml")
    assert "rFonts" not in part(data, "word/document.xml")
    with locale.speaking("en"):
        assert 'w:lang w:val="en-GB"' in part(written(ordinary().__class__("Case", "en", [])), "word/styles.xml")


def test_the_same_document_has_the_same_bytes() -> None:
    assert sealed(written(ordinary())) == sealed(written(ordinary()))


def test_words_of_a_user_are_words() -> None:
    made = opened(written(hostile()))
    said = [one.text for one in made.paragraphs]
    for words in HOSTILE:
        assert said.count(words) >= 1
    assert [row.cells[1].text for row in made.tables[0].rows[1:]] == HOSTILE
    strange = opened(written(document(*[Sentence(words) for words in STRANGE])))
    assert "\\u000b" in strange.paragraphs[1].text


def test_columns_that_have_no_room_stand_below() -> None:
    data = written(wide())
    made = opened(data)
    tables = made.tables
    assert len(tables) > 1
    years = [cell.text for one in tables for cell in one.rows[0].cells[1:]]
    assert years == [str(year) for year in range(2027, 2047)]
    [section] = made.sections
    room = section.page_width - section.left_margin - section.right_margin
    for one in tables:
        assert sum(cell.width for cell in one.rows[1].cells) <= room * 1.001


def many(periods: int, rows: int) -> Any:
    heads = ["", *(f"{2020 + i // 12}-{i % 12 + 1:02}" for i in range(periods))]
    figures = [Row([f"Post {n}", *(Figure(-1_000_000.0 * n - i) for i in range(periods))]) for n in range(1, rows + 1)]
    return document(Table(heads, figures, 1000, "DKK", "Poster"))


def calls(work: Callable[[], object]) -> int:
    """Of functions: a measure of work that hangs on no machine."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return int(sum(one.callcount for one in profile.getstats()))


def test_a_table_of_many_periods_is_written_in_time_that_grows_with_its_cells() -> None:
    """40 years by month: four times the columns take four times the work, and four times the rows, too; no cell looks through all styles."""
    written(many(4, 2))  # the library reads its own files once
    least, wide, long = (calls(partial(written, many(*shape))) for shape in ((60, 8), (240, 8), (60, 32)))
    assert wide < 4.2 * least
    assert long < 4.2 * least
    assert wide < 700 * 240 * 9


def test_no_period_of_many_is_lost() -> None:
    made = opened(written(many(480, 2)))
    assert [cell.text for one in made.tables for cell in one.rows[0].cells[1:]] == [
        f"{2020 + i // 12}-{i % 12 + 1:02}" for i in range(480)
    ]
    assert [cell.text for one in made.tables for cell in one.rows[2].cells[1:]] == ["-2.000"] * 480


def test_a_template_gives_its_look_and_none_of_its_text(tmp_path: Path) -> None:
    municipal = docx.Document()
    municipal.add_paragraph("Skabelonens egen tekst")
    municipal.styles["Heading 1"].font.color.rgb = RGBColor(0x12, 0x34, 0x56)
    municipal.sections[0].header.paragraphs[0].text = "Silkeborg Kommune"
    municipal.save(tmp_path / "skabelon.docx")
    made = opened(written(ordinary(), tmp_path / "skabelon.docx"))
    assert "Skabelonens egen tekst" not in [one.text for one in made.paragraphs]
    assert made.styles["Heading 1"].font.color.rgb == RGBColor(0x12, 0x34, 0x56)
    assert made.sections[0].header.paragraphs[0].text == "Silkeborg Kommune"
    assert len(made.tables) == 2


def test_a_template_without_our_styles_gets_them(tmp_path: Path) -> None:
    bare = docx.Document()
    for name in ("List Bullet", "Caption"):
        bare.styles[name].delete()
    bare.save(tmp_path / "bare.docx")
    made = opened(written(ordinary(), tmp_path / "bare.docx"))
    assert "første" in [one.text for one in made.paragraphs]


def test_a_template_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "skabelon.docx").write_text("hej")
    with pytest.raises(InputError, match=r"skabelon\.docx: det er intet Word-dokument"):
        written(ordinary(), tmp_path / "skabelon.docx")


def test_a_table_without_a_title_has_no_caption() -> None:
    made = opened(written(document(table(""))))
    assert [one.text for one in made.paragraphs if one.style.name == "Caption"] == []


def test_a_minus_stays_with_its_figure() -> None:
    """Word's own hyphen at which no line ends: `-` alone at the end of a line would make a gain of a loss."""
    data = written(document(Sentence("Efter 2021: -4.380.000 kr., mellem -14,2 og 5,4 mio. kr., 2017-2021.")))
    xml = part(data, "word/document.xml")
    assert xml.count("<w:noBreakHyphen/>") == 2
    assert (
        opened(data).paragraphs[1].text.replace("\u00a0", " ")
        == "Efter 2021: -4.380.000 kr., mellem -14,2 og 5,4 mio. kr., 2017-2021."
    )


def test_a_template_without_headings_gets_some(tmp_path: Path) -> None:
    bare = docx.Document()
    for name in ("Heading 1", "Heading 2", "Heading 3"):
        bare.styles[name].delete()
    bare.save(tmp_path / "bare.docx")
    styles = [one.style.name for one in opened(written(ordinary(), tmp_path / "bare.docx")).paragraphs]
    assert styles[0] == "Heading 1"


def test_a_template_of_words_own_kind_is_one(tmp_path: Path) -> None:
    docx.Document().save(tmp_path / "a.docx")
    with zipfile.ZipFile(tmp_path / "a.docx") as old, zipfile.ZipFile(tmp_path / "a.dotx", "w") as new:
        for name in old.namelist():
            part_of = old.read(name).replace(b"document.main+xml", b"template.main+xml")
            new.writestr(name, part_of)
    assert len(opened(written(ordinary(), tmp_path / "a.dotx")).tables) == 2


def test_a_template_that_is_cut_off_is_told(tmp_path: Path) -> None:
    docx.Document().save(tmp_path / "a.docx")
    whole = (tmp_path / "a.docx").read_bytes()
    (tmp_path / "cut.docx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"cut\.docx"):
        written(ordinary(), tmp_path / "cut.docx")
