"""PDF: what can be read in it, by eyes and by programs that read it out."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from effort import HANG
from sheets import HOSTILE, STRANGE, document, hostile, ordinary, wide

from simulate import locale
from simulate.content import Sentence
from simulate.writers.pdf import written

POPPLER = shutil.which("pdftotext")
reading = pytest.mark.skipif(POPPLER is None, reason="pdftotext (poppler) is not there")


@pytest.fixture(autouse=True)
def danish() -> Any:
    with locale.speaking("da"):
        yield


def words(data: bytes, folder: Path, *options: str) -> str:
    assert POPPLER is not None
    (folder / "paper.pdf").write_bytes(data)
    asked = [POPPLER, *options, str(folder / "paper.pdf"), "-"]
    return subprocess.run(asked, capture_output=True, check=True, timeout=HANG).stdout.decode()


def test_it_is_one_that_can_be_read_out() -> None:
    """PDF/UA-1: tagged, with a title and a language; typst refuses to write one that is not."""
    data = written(ordinary())
    assert data.startswith(b"%PDF-")
    for mark in (b"/StructTreeRoot", b"/Lang(da)", b"/DisplayDocTitle true", b"pdfuaid:part"):
        assert mark in data


def test_the_same_document_has_the_same_bytes() -> None:
    assert written(ordinary()) == written(ordinary())


@reading
def test_every_word_and_figure_is_in_it(tmp_path: Path) -> None:
    said = words(written(ordinary()), tmp_path, "-layout").replace("\u00a0", " ")
    for each in ("Vi Vil Mere", "Svaret", "I 23 af 100 forløb.", "Forventet: -4,4 mio. kr.", "første", "BEMÆRK: Ikke til at stole på.", "Poster", "1.000 kr.", "16.384 beregnede forløb."):  # fmt: skip
        assert each in said
    assert re.search(r"Casemanagers +-2\.325 +-2\.325 +-2\.325", said)


@reading
def test_words_of_a_user_are_words_and_stay_on_the_page(tmp_path: Path) -> None:
    data = written(hostile())
    said = re.sub(r"[\s\u200b]", "", words(data, tmp_path))
    for one in HOSTILE:
        assert re.sub(r"\s", "", one) in said
    (tmp_path / "paper.pdf").write_bytes(data)
    boxes = words(data, tmp_path, "-bbox")
    right = [float(x) for x in re.findall(r'xMax="([\d.]+)"', boxes)]
    [width] = set(re.findall(r'<page width="([\d.]+)"', boxes))
    assert max(right) <= float(width) - 50


@reading
def test_a_sign_that_no_font_has_is_written_by_its_number(tmp_path: Path) -> None:
    said = words(written(document(*[Sentence(one) for one in (*STRANGE, "\U000f0000")])), tmp_path)
    assert "[U+F0000]" in said
    assert "\\u000b" in said


@reading
def test_a_wide_and_long_table_stands_in_parts_with_its_titles_on_every_page(tmp_path: Path) -> None:
    data = written(wide())
    pages = [page for page in words(data, tmp_path, "-layout").split("\f") if "En post" in page]
    assert len(pages) > 2
    for page in pages:
        assert re.search(r"\b20[234]\d\b +20[234]\d\b", page)
    right = [float(x) for x in re.findall(r'xMax="([\d.]+)"', words(data, tmp_path, "-bbox"))]
    assert max(right) <= 595.3 - 50


@reading
def test_signs_that_are_joined_are_written_by_their_numbers(tmp_path: Path) -> None:
    said = words(written(document(Sentence("👩\u200d👩\u200d👧 en familie"), title="🏳️\u200d🌈")), tmp_path)
    assert "en familie" in said
