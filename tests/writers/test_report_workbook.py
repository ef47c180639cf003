"""Reports as workbooks: what is in the cells, and what LibreOffice, which works every formula out anew, makes of them."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from effort import HANG

from simulate import locale
from simulate.answers import report as answers
from simulate.answers.report import Report
from simulate.answers.run import Run
from simulate.asking import report as asking
from simulate.asking import run, studies
from simulate.content import BREAK, Bars, Document, Figure, Heading, Note, Sentence, Table, row, total
from simulate.engine import Case
from simulate.errors import InputError
from simulate.figures import number
from simulate.options import Options
from simulate.reports import report as reports
from simulate.scenario import Loaded, load
from simulate.writers import files, seal, workbook

calamine = pytest.importorskip("python_calamine", reason="python-calamine is not installed")
pytest.importorskip("xlsxwriter", reason="XlsxWriter is not installed")

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
PDFTOTEXT = shutil.which("pdftotext")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
SCENARIOS = Path(__file__).parents[2] / "scenarios"
CASES = Path(__file__).parents[1] / "cases"
SHEETS = {
    "da": ("Svar", "År for år", "Poster", "Forudsætninger", "Percentiler", "Forløb", "Kontrol"),
    "en": ("Answer", "By year", "Lines", "Assumptions", "Percentiles", "Draws", "Checks"),
}
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>da-DK</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
Cells = list[list[Any]]


@dataclass(frozen=True)
class Book:
    """A workbook that was written, and what it is of. cells: of each sheet, as they are stored."""

    data: bytes
    report: Report
    loaded: Loaded
    language: str

    def sheet(self, place: int) -> Cells:
        return read(self.data)[SHEETS[self.language][place]]


def read(data: bytes) -> dict[str, Cells]:
    found = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: found.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in found.sheet_names}


def book(loaded: Loaded, language: Any = "da", whole: bool = False, **how: Any) -> Book:
    """whole: with what decides the result, which takes longer."""
    case, options = Case.of(loaded), Options.of(loaded.scenario, **{"draws": 64, **how})
    with locale.speaking(language):
        report = _whole(case, options) if whole else _brief(case, options)
        document = reports.document(report, loaded.scenario, "simulate report x.toml --out x.xlsx")
        return Book(workbook.written(document, report, loaded.scenario), report, loaded, language)


def _whole(case: Case, options: Options) -> Report:
    _, report = asking.report(case, options)(None, lambda *_: None)
    return report


def _brief(case: Case, options: Options) -> Report:
    result, found = run.run(case, options)(None, lambda *_: None)
    assert isinstance(found, Run)
    ways = studies.structure(case, options)(None, lambda *_: None)
    return answers.of(result, case.loaded, found, None, [], ways)


KINDS: dict[str, Callable[[], Book]] = {
    "silkeborg": lambda: book(load(SCENARIOS / "silkeborg.toml"), whole=True),
    "silkeborg, luck added, English": lambda: book(load(SCENARIOS / "silkeborg.toml"), "en", engine="expected"),
    "silkeborg, the paper, quarters": lambda: book(load(SCENARIOS / "silkeborg-paper.toml"), period="quarter"),
    "silkeborg, sceptical, months": lambda: book(load(SCENARIOS / "silkeborg-sceptical.toml"), "en", period="month"),
    "familien": lambda: book(load(SCENARIOS / "familien-paa-vej.toml")),
    "job": lambda: book(load(SCENARIOS / "job-og-familie.toml"), "en", engine="expected", period="quarter"),
    "københavn": lambda: book(load(SCENARIOS / "koebenhavn-faellesborgere.toml"), engine="expected"),
    "kik": lambda: book(load(SCENARIOS / "odense-kik.toml"), "en"),
    "udsatte": lambda: book(load(SCENARIOS / "odense-udsatte-familier.toml")),
    "a portfolio": lambda: book(load(SCENARIOS / "odense.toml")),
    "a portfolio, luck added": lambda: book(load(SCENARIOS / "odense.toml"), "en", engine="expected", period="quarter"),
    "indexation": lambda: book(load(CASES / "indexation.toml")),
    "refusion": lambda: book(load(CASES / "refusion.toml"), "en"),
    "per family": lambda: book(load(CASES / "per-family.toml")),
    "shared line": lambda: book(load(CASES / "shared-line.toml"), "en", period="quarter"),
    "negative amounts": lambda: book(load(CASES / "negative-amounts.toml")),
    "half of a year": lambda: book(load(CASES / "half-of-the-first-year.toml"), "en"),
    "prices a year": lambda: book(load(CASES / "monthly-and-yearly.toml")),
    "person-years": lambda: book(load(CASES / "person-years.toml"), "en"),
    "person-years, quarters": lambda: book(load(CASES / "person-years.toml"), period="quarter"),
    "no costs": lambda: book(costless()),
    "calculations": lambda: book(of_text(CALCULATED)),
    "calculations, quarters": lambda: book(of_text(CALCULATED), "en", period="quarter"),
    "hostile": lambda: book(hostile()),
}


@cache
def made(kind: str) -> Book:
    return KINDS[kind]()


def costless() -> Loaded:
    return of_text("""
format = 1
title = "Only savings"
[time]
first_year = 2020
years = 2
[assumptions.price]
value = [1000, 1200]
uncertainty = { kind = "pert", low = 0.8, mode = 1, high = 1.1 }
[families.one]
enter = [3, 0]
members = { adult = 2 }
[roles.adult]
start = "benefit"
[roles.adult.states]
benefit = { monthly = "price" }
job = {}
[[roles.adult.moves]]
from = "benefit"
to = "job"
at = "entry"
chance = { baseline = 0.1, programme = 0.3 }
""")


CALCULATED = """
format = 1
title = "Regnet ud"
[time]
first_year = 2020
years = 4
[money]
indexation = "rate / 2"
[assumptions.rate]
value = "3 %"
[assumptions.placed]
value = 0.2
uncertainty = { kind = "pert", low = 0.1, mode = 0.2, high = 0.3 }
[assumptions."price of a place"]
value = [900000, 950000]
label = "Pris, =døgn"
uncertainty = { kind = "pert", low = 0.8, mode = 1, high = 1.1 }
[assumptions.refund]
value = 0.2
[assumptions.rest]
value = "1 - refund - placed"
[assumptions.foster]
value = "'price of a place' * rest - 1.000 kr."
[assumptions.wage]
value = "500 t.kr."
[assumptions.team]
value = ["wage * 2", "max(wage; 'price of a place' / 2; 0,1) * -(1 - 3)", "wage - -wage"]
[families.one]
enter = "30 * placed"
members = { child = 2 }
[roles.child]
start = "home"
[roles.child.states]
home = {}
placed = { yearly = "price of a place", refusion = "min(refund * 2; 50 %; 1)" }
foster = { monthly = "foster / 12 + 0 * placed", refusion = "placed / 4" }
[[roles.child.moves]]
from = "home"
to = "placed"
at = "entry"
chance = { baseline = "placed", minus = "placed / 2" }
[[roles.child.moves]]
from = "home"
to = "foster"
yearly = { baseline = "placed * refund", plus = 0.1 }
[[costs]]
label = "Hold"
number = ["1 + refund", "2"]
yearly = "team"
[[costs]]
label = "Tilskud"
yearly = ["-(wage / 10 - 2 * (wage / 100 - 7))", "wage / wage * 5.000 kr."]
"""


DUST = 1e-6  # kr., which sums are off by: it stands as 0

HOSTILE = (
    "=1+1", "+1", "-1", "@SUM(1)", "http://example.org/", "2017-01", "<script>alert(1)</script>", "{{ 7 }}", "'quoted'", "a" * 144, "שלום",
    "👪 & familie", "=cmd|' /C calc'!A0", "1.234,50", "=HYPERLINK(1)", '"&L&R', "#let x = 1",
)  # fmt: skip


def hostile() -> Loaded:
    """A case in which every text that a user writes would be something else to a spreadsheet."""
    one = [item.replace("\\", "\\\\").replace('"', '\\"') for item in HOSTILE]
    return of_text(f"""
format = 1
title = "{one[0]}"
[time]
first_year = 2020
years = 2
[assumptions.price]
value = 1000
label = "{one[1]}"
unit = "{one[2]}"
source = "{one[3]}"
note = "{one[9]}"
uncertainty = {{ kind = "pert", low = 800, mode = 1000, high = 1100 }}
[assumptions.chance]
value = 0.3
label = "{one[5]}"
unit = "{one[4]}"
source = "{one[12]}"
note = "{one[14]}"
uncertainty = {{ kind = "pert", low = 0.1, mode = 0.3, high = 0.4 }}
[families.one]
enter = 3
members = {{ "{one[6]}" = 1 }}
[roles."{one[6]}"]
start = "{one[8]}"
line = "{one[11]}"
area = "{one[13]}"
[roles."{one[6]}".states]
"{one[8]}" = {{ monthly = "price" }}
job = {{}}
[[roles."{one[6]}".moves]]
from = "{one[8]}"
to = "job"
at = "entry"
chance = {{ baseline = 0.1, programme = "chance" }}
[[costs]]
label = "{one[7]}"
yearly = 1000
[[costs]]
label = "{one[10]}"
yearly = 1000
area = "{one[15]}"
[[reported]]
what = "provenu"
value = 5
source = "{one[16]}"
""")


def of_text(text: str) -> Loaded:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.toml"
        path.write_text(text, "utf-8")
        return load(path)


# What LibreOffice makes of them -----------------------------------------------------------------------------------------


def converted(files: dict[str, bytes], kind: str, folder: Path) -> dict[str, bytes]:
    """Name → the file in another form, its formulas worked out anew in a Danish LibreOffice; all in one start."""
    assert OFFICE is not None
    profile = folder / "profile" / "user" / "registrymodifications.xcu"
    profile.parent.mkdir(parents=True, exist_ok=True)
    profile.write_text(PROFILE, "utf-8")
    given, out = folder / f"{kind}-in", folder / f"{kind}-out"
    given.mkdir()
    for name, data in files.items():
        (given / f"{name}.xlsx").write_bytes(data)
    command = [OFFICE, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", kind]
    command += ["--outdir", str(out), *(str(given / f"{name}.xlsx") for name in files)]
    subprocess.run(command, check=True, capture_output=True, timeout=HANG)
    return {name: (out / f"{name}.{kind.partition(':')[0]}").read_bytes() for name in files}


WRONG = 123_456.0
PRICE = 15_000.0  # of 14,575
WAGE = 400_000.0  # of 500,000


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """One with a wrong stored value, and one in which a price was changed, worked out anew."""
    one = made("silkeborg")
    given = {
        "wrong": patched(one, 1, place(one, 1, "Provenu"), WRONG),
        "price": patched(one, 3, place(one, 3, "Kontanthjælp pr. måned", 2), PRICE),
        "wage": patched(made("calculations"), 3, place(made("calculations"), 3, "wage", 2), WAGE),
    }
    return converted(given, "xlsx", tmp_path_factory.mktemp("office"))


def place(one: Book, sheet: int, first: str, column: int = -1) -> tuple[int, int]:
    """The cell of a row by what stands first in it; the last column that has something where none is named."""
    rows = one.sheet(sheet)
    found = next(i for i, cells in enumerate(rows) if cells[0] == first)
    return found, column if column >= 0 else max(i for i, cell in enumerate(rows[found]) if cell != "")


def patched(one: Book, sheet: int, cell: tuple[int, int], value: float) -> bytes:
    """The workbook with another value stored in a cell, whose formula stays."""
    name, out = _cell_name(cell), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(one.data)) as given, zipfile.ZipFile(out, "w") as taken:
        for item in given.namelist():
            data = given.read(item)
            if item == f"xl/worksheets/sheet{sheet + 1}.xml":
                found = rf'(<c r="{name}"[^>]*>(?:<f>[^<]*</f>)?<v>)[^<]*(</v>)'
                data, times = re.subn(found.encode(), rf"\g<1>{value}\g<2>".encode(), data)
                assert times == 1, name
            taken.writestr(item, data)
    return out.getvalue()


def _cell_name(cell: tuple[int, int]) -> str:
    letters, column = "", cell[1] + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{cell[0] + 1}"


@needs_office
def test_formulas_give_the_values_written_beside_them(tmp_path: Path) -> None:
    """Of all of them, in one start of LibreOffice."""
    anew = converted({kind: made(kind).data for kind in KINDS}, "xlsx", tmp_path)
    for kind in KINDS:
        assert formulas(made(kind).data) > 50
        found = read(anew[kind])
        assert list(found) == list(SHEETS[made(kind).language])
        for name, rows in read(made(kind).data).items():
            assert_same(rows, found[name], f"{kind}, {name}")


def assert_same(stored: Cells, anew: Cells, where: str) -> None:
    for i, cells in enumerate(stored):
        for j, cell in enumerate(cells):
            found = anew[i][j] if i < len(anew) and j < len(anew[i]) else ""
            if isinstance(cell, float):  # to a hundredth of an øre: person-years are rounded
                assert found == pytest.approx(cell, rel=1e-9, abs=1e-4), (where, i, j)
            else:
                assert found == cell, (where, i, j)


def formulas(data: bytes) -> int:
    return sum(len(re.findall(rb"<f>", part)) for part in _sheets(data))


def _sheets(data: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]


@needs_office
def test_a_wrong_stored_value_comes_out_mended(changed: dict[str, bytes]) -> None:
    """Otherwise nothing was worked out anew, and the test above proves nothing."""
    one = made("silkeborg")
    at, name = place(one, 1, "Provenu"), SHEETS["da"][1]
    stored = patched(one, 1, at, WRONG)
    assert read(stored)[name][at[0]][at[1]] == WRONG
    assert read(changed["wrong"])[name][at[0]][at[1]] == pytest.approx(one.report.case.point.provenu.total)


@needs_office
def test_what_calculations_are_made_of_changes_them_as_in_the_program(changed: dict[str, bytes]) -> None:
    one = made("calculations")
    case = Case.of(of_text(CALCULATED)).with_({"wage": WAGE})
    point, _ = run.run(case, Options.of(case.scenario, engine="point"))(None, lambda *_: None)
    at, sheet = place(one, 1, "Provenu"), SHEETS["da"][1]
    found = read(changed["wage"])[sheet][at[0]][at[1]]
    assert found == pytest.approx(point.point.provenu.sum(), rel=1e-9)
    assert found != pytest.approx(one.report.case.point.provenu.total, rel=1e-3)


@needs_office
def test_a_price_that_is_changed_changes_the_provenu_as_the_program_does(changed: dict[str, bytes]) -> None:
    one = made("silkeborg")
    case = Case.of(load(SCENARIOS / "silkeborg.toml", [f"benefit={PRICE:.0f}"]))
    point, _ = run.run(case, Options.of(case.scenario, engine="point"))(None, lambda *_: None)
    expected = point.point.provenu.tolist()
    found = read(changed["price"])
    cells = found[SHEETS["da"][1]][place(one, 1, "Provenu")[0]]
    assert [*expected, sum(expected)] == pytest.approx(cells[1:], abs=0.01)
    assert sum(expected) != pytest.approx(one.report.case.point.provenu.total, abs=1000)
    words = {cell for cells in found["Kontrol"] for cell in cells if isinstance(cell, str)}
    assert "afviger" in words  # from the program's number, and the paper's
    sums = [cells[5] for cells in found["Kontrol"] if str(cells[0]).startswith(("Businesscasen: ", "Forventet: "))]
    assert set(sums) == {"OK"}


@needs_office
@pytest.mark.skipif(PDFTOTEXT is None, reason="pdftotext (poppler) is not installed")
def test_every_column_is_wide_enough_and_signs_are_the_readers(tmp_path: Path) -> None:
    """A column that is too narrow shows #; in Danish thousands have points, and a loss a hyphen."""
    names = ("silkeborg", "silkeborg, the paper, quarters", "hostile")
    for name, data in converted({name: made(name).data for name in names}, "pdf", tmp_path).items():
        (tmp_path / "one.pdf").write_bytes(data)
        told = subprocess.run(
            [str(PDFTOTEXT), "-layout", tmp_path / "one.pdf", "-"], check=True, capture_output=True, timeout=HANG
        ).stdout.decode()
        assert "##" not in told, name
        expected = made(name).report.case.bridge.expected.value
        with locale.speaking("da"):
            assert number(round(expected)) in told, name


# What is in the cells ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_business_case_by_year_is_the_programs(kind: str) -> None:
    one = made(kind)
    point, budget, cells = one.report.case.point, one.report.case.budget, one.sheet(1)
    rows = [row for row in cells if row[0]]
    names = [row[0] for row in rows]
    for name, line in point.lines.items():
        first, second = (rows[i] for i, found in enumerate(names) if found == name)
        assert first[1:] == pytest.approx([*line.by_year, line.total], abs=DUST)
        expected = [*budget.lines[name].by_year, budget.lines[name].total]
        assert second[1:] == pytest.approx([one.value for one in expected], abs=DUST)
    at, later = (i for i, found in enumerate(names) if found == "Provenu")
    assert rows[at][1:] == pytest.approx([*point.provenu.by_year, point.provenu.total])
    assert rows[at + 1][1:-1] == pytest.approx(list(accumulate(point.provenu.by_year)))
    assert rows[later][1:] == pytest.approx(
        [*(one.value for one in budget.provenu.by_year), budget.provenu.total.value]
    )
    assert rows[later + 1][1:-1] == pytest.approx([one.value for one in budget.accumulated])


@pytest.mark.parametrize("kind", KINDS)
def test_the_workbooks_own_checks_hold(kind: str) -> None:
    checks = made(kind).sheet(6)
    assert checks[2][1] == "OK"
    own = [cells[5] for cells in checks[5:] if cells[5]]
    reported = made(kind).report.case.reported
    differs = "afviger" if made(kind).language == "da" else "differs"
    assert own.count(differs) == sum(not one.reproduced for one in reported)
    assert own.count("OK") + own.count(differs) > len(reported) + len(made(kind).report.case.point.lines)


def test_the_papers_figures_are_held_against_ours() -> None:
    checks = made("silkeborg").sheet(6)
    found = {cells[0]: cells[1:6] for cells in checks}
    assert found["Provenu, i alt"] == [
        pytest.approx(1092117.6, abs=0.1),
        1092118.0,
        pytest.approx(-0.4, abs=0.1),
        0.5,
        "OK",
    ]
    hostile = made("hostile").sheet(6)
    [row] = [cells for cells in hostile if cells[6] == "#let x = 1"]
    assert row[2] == 5
    assert row[5] == "afviger"


def test_what_is_not_meant_to_add_up_is_said_to_be() -> None:
    one = made("silkeborg")
    run, found = one.report.case, {cells[0]: cells for cells in one.sheet(6)}
    of_p5 = found["P5: summen af perioderne, og det samlede beløbs P5"]
    assert of_p5[1:3] == pytest.approx([sum(y.value for y in run.provenu.by_year.bands[5]), run.provenu.bands[5].value])
    assert of_p5[5] == "skal ikke være ens"
    of_means = found["Provenu med hver forudsætning i sin middelværdi, og det forventede provenu"]
    assert of_means[1:3] == pytest.approx([run.bridge.at_means, run.bridge.expected.value])


def test_a_line_can_be_followed_from_person_years_to_kroner() -> None:
    one = made("silkeborg")
    cells = one.sheet(2)
    begin = next(i for i, row in enumerate(cells) if row[0] == "adult: kontanthjælp")
    own = {row[0]: row[2:] for row in cells[begin : begin + 8]}
    without, within = own["Personår uden indsatsen"], own["Personår med indsatsen"]
    for year in range(5):
        kroner = (without[year] - within[year]) * 12 * own["Pris pr. måned"][year] * own["Kommunens andel"][year]
        assert own["Sparet"][year] == pytest.approx(kroner)
    assert own["Sparet"][-1] == pytest.approx(7_589_618, abs=1)
    assert own["Statens refusion"][:5] == [0.2] * 5


def test_prices_lead_back_to_the_assumptions_and_chances_do_not() -> None:
    one = made("silkeborg")
    [lines] = [part for i, part in enumerate(_sheets(one.data)) if i == 2]
    row, column = place(one, 3, "Kontanthjælp pr. måned", 2)
    assert f"'Forudsætninger'!$C${row + 1}".encode() in lines
    inputs = _filled(one.data, 3)
    assert (row, column) in inputs
    assert place(one, 3, "Tilbagefald til kontanthjælp", 2) not in inputs  # lives hang on it


def _filled(data: bytes, sheet: int) -> set[tuple[int, int]]:
    """The cells of a sheet that say that they may be changed: they are yellow."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
        cells = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{sheet + 1}.xml"))
    fills = [one.find(f"{MAIN}patternFill/{MAIN}fgColor") for one in styles.iter(f"{MAIN}fill")]
    yellow = {i for i, one in enumerate(fills) if one is not None and one.get("rgb") == "FFFFF2CC"}
    formats = styles.find(f"{MAIN}cellXfs")
    assert formats is not None
    marked = {i for i, one in enumerate(formats) if int(one.get("fillId", "0")) in yellow}
    found = set()
    for cell in cells.iter(f"{MAIN}c"):
        if int(cell.get("s", "0")) in marked:
            letters, digits = re.match(r"([A-Z]+)(\d+)", cell.get("r", "")).groups()  # type: ignore[union-attr]
            column = 0
            for letter in letters:
                column = 26 * column + ord(letter) - 64
            found.add((int(digits) - 1, column - 1))
    return found


def test_assumptions_stand_with_their_distribution_source_and_note() -> None:
    one = made("silkeborg")
    cells = one.sheet(3)
    at = place(one, 3, "Kontanthjælp pr. måned")[0]
    given = one.loaded.scenario.assumptions["benefit"]
    [found] = [item for item in one.report.assumptions if item.name == "benefit"]
    assert found.distribution is not None
    assert cells[at][2] == 14575
    assert cells[at][4] == "PERT-fordeling"
    assert cells[at][6:9] == pytest.approx([found.distribution.percentiles[p] for p in (5, 50, 95)])
    assert cells[at][9:12] == [given.source, given.note, "benefit"]
    finishing = cells[place(one, 3, "Familier, der afslutter forløbet")[0]]
    assert finishing[2:4] == pytest.approx([100 / 3, 40])


def test_an_assumption_that_is_held_stands_with_the_value_that_counts() -> None:
    one = book(load(SCENARIOS / "silkeborg.toml", ["benefit=12345"]), engine="expected")
    cells = one.sheet(3)[place(one, 3, "Kontanthjælp pr. måned")[0]]
    assert cells[2] == 12345
    assert cells[4] == "regnet for kendt"
    assert one.sheet(6)[2][1] == "OK"


def test_what_decides_the_result_stands_below_the_assumptions() -> None:
    one = made("silkeborg")
    assert one.report.sensitivity is not None
    cells, bars = one.sheet(3), one.report.sensitivity.tornado
    first = place(one, 3, "Én forudsætning ad gangen")[0] + 1
    base = one.report.sensitivity.provenu.mean.value
    for i, bar in enumerate(bars):
        ends = [bar.low.provenu.value, bar.high.provenu.value]
        row = [cell for cell in cells[first + i] if isinstance(cell, float)]
        assert row == pytest.approx([*ends, *(end - base for end in ends)])


def test_a_sample_of_the_draws() -> None:
    one = made("silkeborg")
    sample, cells = one.report.sample, one.sheet(5)[4:]
    assert [row[0] for row in cells] == sample.draws
    assert [row[1] for row in cells] == pytest.approx(sample.provenu)
    assert [sum(row[2:7]) for row in cells] == pytest.approx(sample.provenu, abs=0.01)
    assert len(cells) == 64  # all that there are
    assert sample.luck
    added = made("silkeborg, luck added, English")
    assert not added.report.sample.luck
    assert "without luck" in added.sheet(5)[1][0]


def test_percentiles_are_the_answers() -> None:
    one = made("silkeborg, luck added, English")
    cells = {row[0]: row for row in one.sheet(4)}
    provenu = one.report.case.provenu
    assert provenu.percentiles is not None
    assert provenu.percentiles_without_luck is not None
    for name, bands in (("Provenu", provenu.percentiles), ("Provenu, without luck", provenu.percentiles_without_luck)):
        assert cells[name][3:] == pytest.approx([found.value for found in bands.values()])
    losses = [row for row in one.sheet(4) if row[0] == one.report.exceedance[3].loss]
    assert losses[0][1] == pytest.approx(one.report.exceedance[3].probability.value)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_user_wrote_is_text_and_nothing_else(text: str) -> None:
    cells = [cell for rows in read(made("hostile").data).values() for row in rows for cell in row]
    assert any(isinstance(cell, str) and text in cell for cell in cells)


def test_nothing_that_a_user_wrote_becomes_a_formula_a_link_or_a_name() -> None:
    data = made("hostile").data
    for part in _sheets(data):
        for formula in re.findall(r"<f>([^<]*)</f>", part.decode()):
            assert not any(text in formula for text in HOSTILE if len(text) > 3)
        assert b"<hyperlink" not in part
        assert b'<c r="A1"' in part
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        known = archive.read("xl/workbook.xml").decode()
        assert not any(
            "hyperlink" in archive.read(name).decode() for name in archive.namelist() if name.endswith(".rels")
        )
    names = re.findall(r'<definedName name="([^"]+)"', known)
    assert {name for name in names if not name.startswith("_xlnm")} == {"Chance", "Forventet", "Måneder", "Provenu"}


@pytest.mark.parametrize("kind", KINDS)
def test_sheets_can_be_read_and_printed(kind: str) -> None:
    for part in _sheets(made(kind).data):
        sheet = ElementTree.fromstring(part)
        set_up = sheet.find(f"{MAIN}pageSetup")
        assert set_up is not None
        assert (set_up.get("paperSize"), set_up.get("orientation")) == ("9", "landscape")
        assert sheet.find(f"{MAIN}sheetPr/{MAIN}pageSetUpPr").get("fitToPage") == "1"  # type: ignore[union-attr]
        footer = sheet.findtext(f"{MAIN}headerFooter/{MAIN}oddFooter") or ""
        assert "&P" in footer
        assert len(footer) <= 255
    frozen = [b'state="frozen"' in part for part in _sheets(made(kind).data)]
    assert frozen == [False, True, True, True, True, True, True]


def test_pictures_are_native_and_told_to_who_does_not_see_them() -> None:
    with zipfile.ZipFile(io.BytesIO(made("silkeborg").data)) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")]
        drawings = [
            archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/drawings/drawing")
        ]
    assert len(charts) == 3  # fan, what decides, exceedance
    assert all('<c:tickLblPos val="low"/>' in chart for chart in charts)
    assert all(re.search(r'descr="[^"]{40,}"', drawing) for drawing in drawings)
    assert all("<c:f>" in chart for chart in charts)  # of cells


def test_title_language_and_who_wrote_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(made("silkeborg").data)) as archive:
        core, custom = archive.read("docProps/core.xml").decode(), archive.read("docProps/custom.xml").decode()
    assert "<dc:title>Vi Vil Mere</dc:title>" in core
    assert "da-DK" in custom
    (tmp_path / "ours.xlsx").write_bytes(seal.sealed(made("silkeborg").data))
    assert files.place(str(tmp_path / "ours.xlsx")).path.name == "ours.xlsx"  # may be replaced


def test_what_is_no_case_is_a_sheet_of_its_sentences_and_tables() -> None:
    picture = Bars(names=("P5",), rows=[[Figure(1.0)]], base=Figure(0.0), base_name="Base")
    table = Table(
        ["", "2020", "Chance"],
        [row("Staff", Figure(-1234567.0), Figure(0.25, "share")), total("All", None, "=1")],
        1000,
        "DKK",
    )
    parts = [Heading("Two cases"), BREAK, Sentence("=A is better."), Note("Mind this."), BREAK, table, picture]
    data = workbook.written(Document("=Title", "en", parts, [Sentence("Made so.")]))
    [cells] = read(data).values()
    found = [[cell for cell in row if cell != ""] for row in cells]
    assert [one for one in found if one] == [
        ["=Title"], ["Two cases"], ["=A is better."], ["Mind this."],
        ["kr.", "2020", "Chance"], ["Staff", -1234567.0, 0.25], ["All", "=1"], ["Made so."],
    ]  # fmt: skip


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(InputError, match=re.escape('pip install "provenu[report]"')):
        workbook.written(Document("Title", "en", []))
