"""`simulate chart`: the numbers of the answer, each kind, where it goes, and what it refuses."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from command import RICH, ROOT, Done, simulate

from simulate.reports import pictures
from simulate.scenario import load

FEW = ("--draws", "64")
SVG = "{http://www.w3.org/2000/svg}"
SILKEBORG = ROOT / "scenarios" / "silkeborg.toml"
CERTAIN = ROOT / "scenarios" / "silkeborg-paper.toml"


def chart(*arguments: str | Path) -> Done:
    return simulate("chart", *arguments)


def texts(file: Path) -> list[str]:
    found = ["".join(one.itertext()) for one in ElementTree.fromstring(file.read_text("utf-8")).iter(f"{SVG}text")]
    return [one.replace("\u00a0", " ") for one in found]


@pytest.fixture(scope="module")
def swept(rich: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("swept") / "sweep.nc"
    done = simulate("sweep", rich, "--vary", "relapse*1;2", "--vary", "wage=400000;465000;500000", *FEW, "--out", file)
    assert done.code == 0, done.err
    return file


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("fan", "Forventet"),
        ("exceedance", "Tab på mere end"),
        ("distribution", "Provenu, "),
        ("tornado", "Mest afgørende er"),
        ("dots", "Hver prik er 1 af 20 beregnede forløb."),
    ],
)
def test_each_kind_is_drawn_in_danish_where_no_language_is_asked_for(
    rich: Path, tmp_path: Path, kind: str, says: str
) -> None:
    done = chart(rich, "--kind", kind, *FEW, "--out", tmp_path / "x.svg")
    assert done.code == 0, done.err
    assert done.out == ""
    assert "Skrevet" in done.err
    said = texts(tmp_path / "x.svg")
    assert any(one.startswith(says) for one in said), said
    assert not any("\u2212" in one for one in said)


@pytest.mark.parametrize(("ending", "begins"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_each_form_is_written(rich: Path, tmp_path: Path, ending: str, begins: bytes) -> None:
    file = tmp_path / f"en fil æøå.{ending.upper()}"
    assert chart(rich, "--kind", "dots", *FEW, "--shape", "slide", "--out", file).code == 0
    assert file.read_bytes().startswith(begins)


def test_a_picture_has_the_numbers_of_the_run(rich: Path, tmp_path: Path) -> None:
    assert chart(rich, "--kind", "fan", *FEW, "--lang", "en", "--out", tmp_path / "x.svg").code == 0
    run = simulate("run", rich, *FEW, "--lang", "en", "--json").json
    n = round(100 * run["break_even"]["probability"]["value"])
    assert f"in {n} of 100 simulated courses" in " ".join(texts(tmp_path / "x.svg"))


def test_a_heatmap_is_of_a_sweep(swept: Path, tmp_path: Path) -> None:
    done = chart(swept, "--kind", "heatmap", "--lang", "en", "--out", tmp_path / "x.svg")
    assert done.code == 0, done.err
    said = texts(tmp_path / "x.svg")
    grid = simulate("sweep-show", swept, "--lang", "en", "--json").json["grid"]
    chances = [one["value"] for line in grid["values"] for one in line]
    assert len(chances) == 6
    assert sum(bool(re.fullmatch(r"[\d.]+", one)) for one in said) >= 6
    assert any("×2" in one for one in said)


def test_a_stored_result_is_drawn_and_not_computed(rich: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    assert simulate("run", rich, *FEW, "--out", folder, "--full", "--tolerance", "1 mio. kr. in 10 %").code == 0
    for kind in ("fan", "exceedance", "distribution", "tornado", "dots"):
        stored, asked = tmp_path / f"{kind}-a.svg", tmp_path / f"{kind}-b.svg"
        assert chart(folder, "--kind", kind, "--out", stored).code == 0
        more = ("--tolerance", "1 mio. kr. in 10 %") if kind == "exceedance" else ()
        assert chart(rich, "--kind", kind, *FEW, *more, "--out", asked).code == 0
        assert texts(stored) == texts(asked)


@pytest.mark.parametrize("kind", ["fan", "exceedance", "distribution", "dots"])
@pytest.mark.parametrize("how", [("--engine", "expected"), ("--set", "time.years=1"), ("--set", "time.years=12")])
def test_what_a_case_may_be_like(tmp_path: Path, kind: str, how: tuple[str, str]) -> None:
    done = chart(SILKEBORG, "--kind", kind, *FEW, *how, "--out", tmp_path / "x.png")
    assert done.code == 0, done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["--kind", "fan", "--out", "x.gif"], "the name must end in one of .svg, .png, .pdf"),
        (["--kind", "fan", "--out", ""], "the name is empty"),
        (["--kind", "fan", "--out", ".svg"], "the name must end in one of"),
        (["--kind", "fan", "--out", "missing/x.svg"], "there is no such folder"),
        (["--kind", "pie", "--out", "x.svg"], "pie is none of fan, exceedance, distribution, tornado, dots, heatmap"),
        (["--kind", "fan", "--shape", "poster", "--out", "x.svg"], "poster is none of column, slide"),
        (["--kind", "heatmap", "--out", "x.svg"], "it is of what a sweep has written"),
        (["--kind", "fan", "--tolerance", "2 mio. kr. in 10 %", "--out", "x.svg"], "--tolerance belongs to --kind exceedance"),
        (["--kind", "exceedance", "--tolerance", "much", "--out", "x.svg"], "write a loss and in how many of the courses"),
        (["--kind", "fan", "--draws", "0", "--out", "x.svg"], "--draws"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_before_any_work(
    rich: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("simulate.engine.Case.of", lambda *_: pytest.fail("worked"))
    done = chart(rich, *given, "--lang", "en")
    assert done.code not in (0, None)
    assert says in done.err
    assert list(tmp_path.iterdir()) == []


def test_labels_of_a_case_are_texts_and_stay_within(tmp_path: Path) -> None:
    case = RICH.replace(
        "[assumptions.job]\n", '[assumptions.job]\nlabel = "<script>alert(1)</script> {{ x }} שלום 😀"\n'
    )
    case = case.replace("[assumptions.wage]\n", f'[assumptions.wage]\nlabel = "{"overenskomst" * 12}"\n')
    file = tmp_path / "hostile.toml"
    file.write_text(case, encoding="utf-8")
    for shape in ("column", "slide"):
        done = chart(file, "--kind", "tornado", *FEW, "--shape", shape, "--out", tmp_path / "x.svg")
        assert done.code == 0, done.err
        root = ElementTree.fromstring((tmp_path / "x.svg").read_text("utf-8"))
        assert not [one for one in root.iter() if one.tag.endswith("script")]
        assert any("<script>" in one for one in texts(tmp_path / "x.svg"))
        assert max(len(one) for one in texts(tmp_path / "x.svg")) < 144


def test_a_case_without_uncertainty_has_no_tornado(rich: Path, tmp_path: Path) -> None:
    certain = tmp_path / "certain.toml"
    lines = [line for line in CERTAIN.read_text("utf-8").splitlines() if "uncertainty" not in line]
    certain.write_text("\n".join(lines), "utf-8")
    done = chart(certain, "--kind", "tornado", "--lang", "en", "--out", tmp_path / "x.svg")
    assert done.code != 0
    assert "no assumption of this case is uncertain" in done.err


def test_a_sweep_has_no_fan_and_takes_no_draws(swept: Path, tmp_path: Path) -> None:
    assert "a sweep has a heatmap alone" in chart(swept, "--kind", "fan", "--lang", "en", "--out", tmp_path / "x.svg").err  # fmt: skip
    done = chart(swept, "--kind", "heatmap", "--draws", "64", "--lang", "en", "--out", tmp_path / "x.svg")
    assert "--draws does nothing here" in done.err


def test_a_folder_and_the_scenario_itself_are_not_replaced(rich: Path, tmp_path: Path) -> None:
    (tmp_path / "there.svg").mkdir()
    done = chart(rich, "--kind", "fan", "--lang", "en", "--out", tmp_path / "there.svg")
    assert "there is a folder in the place of the file" in done.err
    own = tmp_path / "case.svg"
    own.write_bytes(rich.read_bytes())
    assert "this run reads it" in chart(own, "--kind", "fan", "--lang", "en", "--out", own).err
    assert own.read_bytes() == rich.read_bytes()


def test_without_the_extra_it_says_what_to_install(rich: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulate.cli.chart.find_spec", lambda _: None)
    done = chart(rich, "--kind", "fan", "--lang", "en", "--out", tmp_path / "x.svg")
    assert 'pip install "provenu[report]"' in done.err


# Content --------------------------------------------------------------------------------------------------------------


def numbers(found: Any) -> set[float]:
    if isinstance(found, dict):
        return {one for value in found.values() for one in numbers(value)}
    if isinstance(found, list):
        return {one for value in found for one in numbers(value)}
    return {float(found)} if isinstance(found, int | float) else set()


@pytest.mark.parametrize("case", ["silkeborg", "koebenhavn-faellesborgere", "odense", "odense-kik"])
def test_every_number_of_a_picture_is_in_the_answer(case: str) -> None:
    from simulate.content import figures

    file = ROOT / "scenarios" / f"{case}.toml"
    done, scenario = simulate("run", file, *FEW, "--json"), load(file).scenario
    document, run = done.json, done.answer
    known = numbers(document) | {0.0, 100.0, 20.0}
    total, accumulated = 0.0, []
    for amount in document["point"]["provenu"]["by_year"]:
        total += amount
        accumulated.append(total)
    for made in (pictures.fan(run, scenario), pictures.dots(run, scenario)):
        missing = [one for one in figures(made) if one not in known and one not in accumulated]
        assert not missing, missing
        assert made.title
        assert made.alt.endswith(".")


def test_a_tornado_has_the_ends_of_the_sensitivity() -> None:
    file = ROOT / "scenarios" / "silkeborg.toml"
    done = simulate("sensitivity", file, *FEW, "--method", "draws", "--json")
    document = done.json
    made = pictures.tornado(done.answer, load(file).scenario)
    assert [[end.value for end in row] for row in made.rows] == [
        [bar["low"]["provenu"]["value"], bar["high"]["provenu"]["value"]] for bar in document["tornado"][: len(made.rows)]
    ]  # fmt: skip
    assert made.base.value == document["provenu"]["mean"]["value"]
    assert len(made.labels) == len(made.at) == len(made.rows)


def test_the_report_of_a_sweep_has_the_map_as_a_picture(swept: Path, tmp_path: Path) -> None:
    done = simulate("report", swept, "--lang", "en", "--out", tmp_path / "x.html")
    assert done.code == 0, done.err
    page = (tmp_path / "x.html").read_text("utf-8")
    assert "A table in colours" in page
    assert "▓" not in page


def test_a_distribution_says_what_it_does_not_show() -> None:
    from simulate.answers.base import exact
    from simulate.answers.report import Bin
    from simulate.answers.risk import Loss

    done, scenario = simulate("run", SILKEBORG, *FEW, "--json"), load(SILKEBORG).scenario

    def said(below: float, above: float) -> str:
        bins = [Bin(-1e6, 0.0, exact(0.6 - below)), Bin(0.0, 2e6, exact(0.4 - above))]
        losses = [Loss(-2e6, exact(1 - above)), Loss(0.0, exact(0.6)), Loss(1e6, exact(below))]
        return pictures.distribution(bins, losses, done.answer, scenario).subtitle

    assert "lie 2.0% of the courses to the left, and 1.0% to the right" in said(0.02, 0.01)
    assert "lie 0.5% of the courses, to the right" in said(0.0, 0.005)
    assert "lie 1.2% of the courses, to the left" in said(0.012, 0.0)
    assert "Beyond" not in said(0.0, 0.0)


def test_no_course_loses_more_than_what_all_of_them_lose() -> None:
    from dataclasses import replace

    done, scenario = simulate("run", SILKEBORG, *FEW, "--json"), load(SILKEBORG).scenario
    run = done.answer
    assert "in 5 of 100 more than" in pictures.exceedance([], None, run, scenario).title
    for same in ((1, 5), (5, 10)):
        bands = dict(run.provenu.percentiles)
        bands[same[0]] = bands[same[1]] = bands[5]
        alike = replace(run, provenu=replace(run.provenu, percentiles=bands))
        title = pictures.exceedance([], None, alike, scenario).title
        assert title.startswith("Money is lost in ")
        assert "more than" not in title
