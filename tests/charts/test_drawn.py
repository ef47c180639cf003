"""Pictures: by their size, their text, and that they are the same wherever they are drawn."""

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from examples import ALL, BARS, FAN, HARMFUL, hostile

from simulate import locale
from simulate.charts import drawn
from simulate.charts.lettering import FAMILY, FOLDER
from simulate.charts.picture import LOOKS
from simulate.content import Chart, Sentence, Sketch
from simulate.errors import InputError

SVG = "{http://www.w3.org/2000/svg}"
MINUS = "\u2212"


def texts(picture: str) -> list[str]:
    return ["".join(one.itertext()) for one in ElementTree.fromstring(picture).iter(f"{SVG}text")]


def size(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("language", ["da", "en"])
def test_numbers_are_of_the_language_with_one_minus_sign(name: str, language: Any) -> None:
    locale.use(language)
    said = texts(drawn.svg(ALL[name]))
    assert not [one for one in said if MINUS in one or "NaN" in one or "undefined" in one]
    assert "-0" not in said
    decimal = {"da": ",", "en": "."}[language]
    other = {"da": r"\d\.\d(?!\d\d)", "en": r"\d,\d(?!\d\d)"}[language]
    own = [one for one in said if one.replace("\u00a0", " ") not in (FAN.title, FAN.subtitle)]
    given = [*BARS.labels, *(one for row in BARS.at for one in row)]
    assert not [one for one in own if re.search(other, one) and one not in given]
    if name in ("fan", "bars"):
        assert any(f"4{decimal}4" in one for one in own)


def test_amounts_below_0_stand_at_the_left_edge_of_a_picture_of_losses() -> None:
    picture = ElementTree.fromstring(drawn.svg(FAN))
    labels = [one for one in picture.iter(f"{SVG}text") if one.text and re.fullmatch(r"-\d+", one.text)]
    assert labels
    assert all(one.get("text-anchor") == "end" for one in labels)


@pytest.mark.parametrize("name", ALL)
def test_a_picture_names_the_font_of_the_package_alone_and_nothing_outside(name: str) -> None:
    picture = drawn.svg(ALL[name])
    assert set(re.findall(r'font-family="([^"]*)"', picture)) == {f"{FAMILY}, sans-serif"}
    assert not re.search(r"(href|src)=\"(?!#)|@import|https?://(?!www\.w3\.org/)", picture)
    assert "aria-" not in picture
    assert "role=" not in picture


def test_the_fonts_are_in_the_package_with_their_licence_and_small() -> None:
    files = {one.name: one.stat().st_size for one in FOLDER.iterdir()}
    assert {"ProvenuSans-Regular.ttf", "ProvenuSans-Bold.ttf", "LICENSE", "widths.json"} <= files.keys()
    assert sum(files.values()) < 300_000
    assert "Apache License" in (FOLDER / "LICENSE").read_text()


def test_a_file_alone_has_its_font_and_says_what_it_shows() -> None:
    picture = drawn.alone(replace(FAN, alt=Sentence('A "fan" <of> & more')))
    root = ElementTree.fromstring(picture)
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'A "fan" <of> & more'
    assert root.findtext(f"{SVG}title") == 'A "fan" <of> & more'
    assert picture.count("src:url(data:font/woff;base64,") == 2
    assert not re.search(r"https?://(?!www\.w3\.org/)", picture)


@pytest.mark.parametrize("name", ALL)
def test_a_png_is_as_large_as_its_place(name: str) -> None:
    for shape, look in LOOKS.items():
        wide, high = size(drawn.png(ALL[name], shape, ppi=96))
        assert wide == pytest.approx(look.width, abs=1)
        if look.is_full:
            assert high == pytest.approx(look.height, abs=1)
    assert size(drawn.png(ALL[name], ppi=192))[0] == pytest.approx(2 * LOOKS["column"].width, abs=2)


def test_a_pdf_is_as_large_as_its_place() -> None:
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", drawn.pdf(FAN))
    assert box is not None
    assert float(box[1]) == pytest.approx(LOOKS["column"].width * 72 / 96, abs=1)


@pytest.mark.parametrize("name", ALL)
def test_a_picture_is_the_same_twice(name: str) -> None:
    svg, png, pdf = drawn.svg(ALL[name]), drawn.png(ALL[name]), drawn.pdf(ALL[name])
    for kept in (drawn._svg, drawn._png, drawn._pdf):
        kept.cache_clear()
    assert (drawn.svg(ALL[name]), drawn.png(ALL[name])) == (svg, png)
    assert pdf[:5] == b"%PDF-"


def test_a_picture_is_drawn_once_for_all_formats(monkeypatch: pytest.MonkeyPatch) -> None:
    import vl_convert

    calls = []
    own = vl_convert.vegalite_to_svg
    monkeypatch.setattr(vl_convert, "vegalite_to_svg", lambda *given, **how: calls.append(1) or own(*given, **how))
    drawn._svg.cache_clear()
    drawn.svg(FAN), drawn.png(FAN), drawn.pdf(FAN), drawn.alone(FAN), drawn.png(FAN, ppi=300)
    assert len(calls) == 1
    drawn.svg(FAN, "slide")
    assert len(calls) == 2
    with locale.speaking("da"):
        drawn.svg(FAN)
    assert len(calls) == 3


def test_names_within_pictures_are_their_own() -> None:
    clipped = '<svg><clipPath id="clip0"/><g clip-path="url(#clip0)" href="#clip0">id="clip0"</g></svg>'
    one, other = (drawn._own_names(clipped, made) for made in ("a", "b"))
    assert one != other
    [name] = re.findall(r'<clipPath id="([^"]+)"', one)
    assert f'url(#{name})" href="#{name}">id="clip0"<' in one
    found = [re.findall(r'\bid="([^"]+)"', drawn.svg(chart)) for chart in ALL.values()]
    assert len({name for names in found for name in names}) == sum(len({*names}) for names in found)


@pytest.mark.parametrize("words", HARMFUL)
def test_a_text_of_a_user_is_a_text(words: str) -> None:
    for chart in hostile(words):
        picture = ElementTree.fromstring(drawn.svg(chart))
        assert not [one for one in picture.iter() if one.tag.lower().endswith("script")]
        assert size(drawn.png(chart, ppi=96))[0] == LOOKS["column"].width


def test_a_distribution_in_a_cell() -> None:
    one = Sketch((0.0, 0.1, 0.4, 0.4, 0.1), Sentence("5 % to 15 %"))
    root = ElementTree.fromstring(drawn.sketch(one))
    bars = root.findall(f"{SVG}g/{SVG}rect")
    heights = [float(bar.get("height", 0)) for bar in bars]
    assert len(bars) == 4
    assert heights[1] == pytest.approx(4 * heights[0], rel=0.01)
    assert size(drawn.sketch_png(one, ppi=96)) == (96, 22)
    assert drawn.sketch(Sketch((), Sentence(""))).startswith("<svg")


def test_the_script_for_interactive_pictures_fetches_nothing_itself() -> None:
    script = drawn.bundle()
    assert "vegaEmbed" in script
    assert len(script) < 2_000_000


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    drawn._library.cache_clear()
    drawn._svg.cache_clear()
    try:
        with pytest.raises(InputError, match=r"pip install .provenu\[report\]."):
            drawn.svg(FAN)
    finally:
        drawn._library.cache_clear()


def test_what_is_shipped_is_shipped_in_the_wheel() -> None:
    """Everything below the package is."""
    import tomllib

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"] == {"packages": ["src/simulate"]}


def test_every_kind_of_chart_is_drawn() -> None:
    assert {type(one).__name__ for one in ALL.values()} == {one.__name__ for one in Chart.__subclasses__()}


def test_the_example_of_the_docs_runs(capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "charts.md").read_text("utf-8")
    [example] = re.findall(r"```python\n(.*?)```", page, re.S)
    exec(example, {})
    assert capsys.readouterr().out == "True\n"


def test_the_docs_name_every_kind() -> None:
    from simulate.cli.app import Picture

    page = (Path(__file__).parents[2] / "docs" / "charts.md").read_text("utf-8")

    assert {one.value for one in Picture} == set(re.findall(r"^\| `(\w+)` \|", page, re.M))
