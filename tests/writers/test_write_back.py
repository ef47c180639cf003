"""An answer in a copy of the workbook that it is of: what is in it, what stays as it was, where it goes, and what is refused."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
import warnings
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from officers_book import COSTS, FIRST, HEADER, PROVENU, SAVING, SAVINGS, SHEET, book, changed, parts

from simulate import locale
from simulate.answers import run as answers
from simulate.answers.run import Run
from simulate.asking import attach
from simulate.cli import checks
from simulate.engine import Case
from simulate.errors import DefectError, InputError
from simulate.options import Options
from simulate.scenario import Loaded, load, made
from simulate.scenario.values import Literal
from simulate.workbook import output
from simulate.workbook.answered import HEADINGS, SHEETS, is_own_heading
from simulate.writers.write_back import copy
from simulate.writers.write_back.scanned import Area, references, scanned

calamine = pytest.importorskip("python_calamine", reason="python-calamine is not installed")
openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
pytest.importorskip("xlsxwriter", reason="XlsxWriter is not installed")

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
RICH = Path(__file__).parents[2] / "scenarios" / "silkeborg.toml"
UNCERTAIN = """
[assumptions.drift]
value = [250, 255.5, 260]
uncertainty = { kind = "pert", low = 0.8, mode = 1, high = 1.6 }
"""
FIRST_COLUMN = 7  # H: the table's own last one is E, and F is taken
LOOKS = ("font", "fill", "border", "alignment", "protection")
COLUMNS = ["expected", "5", "50", "95", "chance", "about"]


def spread(loaded: Loaded) -> Loaded:
    """With an uncertain line, that counts in the file's unit."""
    text = loaded.source.replace("yearly = [250, 255.5, 260]", 'yearly = "drift"')
    return made(loaded.file, text.replace("[[costs]]", UNCERTAIN + "\n[[costs]]", 1))


def of_own(file: Path) -> Loaded:
    """The case that an officer's workbook becomes."""
    return spread(attach.attached(attach.read(str(file), attach.asked()), str(file.with_suffix(".toml"))))


@cache
def _run(text: str, name: str) -> Run:
    loaded = made(name, text)
    return answers.of_draws(Case.of(loaded).result(Options.of(loaded.scenario, draws=256, lines=True)), loaded)


def asked(loaded: Loaded) -> Run:
    return _run(loaded.source, loaded.file)


def write(loaded: Loaded, to: Path, force: bool = False) -> copy.Plan:
    plan = copy.planned(loaded, str(to), force)
    to.write_bytes(copy.written(plan, asked(loaded), loaded.scenario))
    return plan


def opened(file: Path, **how: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl itself would lose
        return openpyxl.load_workbook(file, **how)


def row_of(file: Path, row: int, sheet: str = SHEET, first: int = FIRST_COLUMN) -> dict[str, Any]:
    cells = next(
        opened(file)[sheet].iter_rows(
            min_row=row + 1, max_row=row + 1, min_col=first + 1, max_col=first + len(COLUMNS), values_only=True
        )
    )
    return dict(zip(COLUMNS, cells, strict=True))


@pytest.fixture(autouse=True)
def danish() -> Iterator[None]:
    with locale.speaking("da"):
        yield


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return book(tmp_path / "budget.xlsx")


# What stays as it was ---------------------------------------------------------------------------------------------------


def test_every_other_part_is_the_same_byte_for_byte(own: Path, tmp_path: Path) -> None:
    """Pictures, charts, comments, the hidden sheet, and the sheet of the table but for its new cells."""
    write(of_own(own), tmp_path / "copy.xlsx")
    before, after = parts(own), parts(tmp_path / "copy.xlsx")
    touched = {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
    }
    assert {name for name in before if before[name] != after[name]} == touched
    assert set(after) - set(before) == {
        "xl/worksheets/sheet3.xml", "xl/worksheets/_rels/sheet3.xml.rels", "xl/drawings/drawing2.xml", "xl/drawings/_rels/drawing2.xml.rels",
        "xl/charts/chart2.xml",
    }  # fmt: skip
    old, new = before["xl/worksheets/sheet1.xml"], after["xl/worksheets/sheet1.xml"]
    ours = re.sub(rb'<c r="[H-M]\d+"[^>]*?(/>|>.*?</c>)', b"", new)
    for part in (re.search(rb"<sheetViews>.*?</sheetViews>", old), re.search(rb"</sheetData>.*", old, re.DOTALL)):
        assert part is not None
        assert part[0] in ours
    for row in re.findall(rb"<row [^>]*>(.*?)</row>", old):
        assert row in ours


def test_it_is_all_there_to_who_opens_it(own: Path, tmp_path: Path) -> None:
    write(of_own(own), tmp_path / "copy.xlsx")
    before, after = opened(own), opened(tmp_path / "copy.xlsx")
    assert after.sheetnames == [SHEET, "Skjult", SHEETS["da"]]
    assert after["Skjult"].sheet_state == "hidden"
    assert after.active.title == SHEET
    assert [one for one in after.sheetnames if after[one].sheet_view.tabSelected] == [SHEET]
    assert after.defined_names["Netto"].attr_text == before.defined_names["Netto"].attr_text
    old, new = before[SHEET], after[SHEET]
    for cells in old.iter_rows(max_col=FIRST_COLUMN):
        for cell in cells:
            other = new[cell.coordinate]
            assert (other.value, other.number_format) == (cell.value, cell.number_format)
            assert [repr(getattr(other, one)) for one in LOOKS] == [repr(getattr(cell, one)) for one in LOOKS]
            assert (other.comment and other.comment.text) == (cell.comment and cell.comment.text)
    assert new.freeze_panes == old.freeze_panes == "B4"
    assert [str(one) for one in new.merged_cells.ranges] == [str(one) for one in old.merged_cells.ranges]
    assert [(str(one.sqref), one.formula1) for one in new.data_validations.dataValidation] == [("G5", '"ja,nej"')]
    assert new.auto_filter.ref == old.auto_filter.ref
    assert new.column_dimensions["A"].width == old.column_dimensions["A"].width
    widths = {name: one.width for name, one in new.column_dimensions.items()}
    assert widths["G"] == pytest.approx(old.column_dimensions["G"].width)
    assert widths["H"] > widths["G"]
    assert (len(new._charts), len(new._images)) == (1, 1)


def test_formulas_keep_the_values_that_they_had(own: Path, tmp_path: Path) -> None:
    write(of_own(own), tmp_path / "copy.xlsx")
    before, after = (
        calamine.load_workbook(str(one)).get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
        for one in (own, tmp_path / "copy.xlsx")
    )
    for old, new in zip(before, after, strict=True):
        assert new[: len(old)] == old or new[:6] == old[:6]
    assert after[COSTS][4] == 2565.5
    assert opened(tmp_path / "copy.xlsx")[SHEET]["E7"].value == "=SUM(E5:E6)"


def test_macros_stay_and_the_name_says_so(own: Path, tmp_path: Path) -> None:
    def macros(found: dict[str, bytes]) -> None:
        found["xl/vbaProject.bin"] = b"not run"
        found["[Content_Types].xml"] = (
            found["[Content_Types].xml"]
            .replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")
            .replace(
                b"</Types>",
                b'<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
            )
        )
        found["xl/_rels/workbook.xml.rels"] = found["xl/_rels/workbook.xml.rels"].replace(
            b"</Relationships>",
            b'<Relationship Id="rId99" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/></Relationships>',
        )

    loaded = of_own(changed(own, macros, tmp_path / "macros.xlsm"))
    with pytest.raises(InputError, match=r"\.xlsm"):
        copy.planned(loaded, str(tmp_path / "copy.xlsx"))
    write(loaded, tmp_path / "copy.xlsm")
    assert parts(tmp_path / "copy.xlsm")["xl/vbaProject.bin"] == b"not run"


# What is in it ----------------------------------------------------------------------------------------------------------


def test_rows_and_totals_are_in_the_sheets_unit_and_sign(own: Path, tmp_path: Path) -> None:
    """Costs stand as amounts here: what 5 of 100 courses cost less than is what 95 of 100 provenus of the line are below."""
    loaded = of_own(own)
    write(loaded, tmp_path / "copy.xlsx")
    run, file = asked(loaded), tmp_path / "copy.xlsx"
    drift, bands = row_of(file, FIRST + 1), run.lines["Drift"].bands
    assert bands is not None
    assert drift["expected"] == -run.budget.lines["Drift"].total.value / 1000
    assert [drift[p] for p in ("5", "50", "95")] == [-bands[p].value / 1000 for p in (95, 50, 5)]
    assert drift["5"] < drift["50"] < drift["95"]
    assert drift["chance"] is None
    assert row_of(file, COSTS)["expected"] == -run.budget.costs.total.value / 1000
    assert run.kinds is not None
    assert row_of(file, COSTS)["95"] == -run.kinds["costs"].bands[5].value / 1000
    assert row_of(file, SAVING)["expected"] == row_of(file, SAVINGS)["expected"] == 1700.0
    whole = row_of(file, PROVENU)
    assert whole["expected"] == run.bridge.expected.value / 1000
    assert [whole[p] for p in ("5", "50", "95")] == [run.provenu.bands[int(p)].value / 1000 for p in ("5", "50", "95")]
    assert whole["chance"] == run.break_even.chance.value


def test_where_savings_stand_with_a_minus_so_do_ours(tmp_path: Path) -> None:
    loaded = of_own(book(tmp_path / "budget.xlsx", minus=True, unit="kr."))
    write(loaded, tmp_path / "copy.xlsx")
    run, file = asked(loaded), tmp_path / "copy.xlsx"
    assert row_of(file, SAVING)["expected"] == -1700.0
    assert row_of(file, FIRST)["expected"] == 1800.0
    assert row_of(file, PROVENU)["expected"] == -run.bridge.expected.value
    assert row_of(file, PROVENU)["5"] == -run.provenu.bands[95].value
    assert row_of(file, PROVENU)["chance"] == run.break_even.chance.value


def own_sheet(file: Path, rows: list[list[Any]]) -> Path:
    """A workbook of plain cells."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    made.save(file)
    return file


def written_beside(file: Path, rows: list[list[Any]]) -> tuple[Loaded, dict[str, dict[str, Any]], tuple[str, ...]]:
    """What stands beside each row of a sheet, by its name; and what is told."""
    loaded = attach.attached(attach.read(str(own_sheet(file, rows)), attach.asked()), str(file.with_suffix(".toml")))
    plan = write(loaded, file.with_name("copy.xlsx"))
    [page, *_] = opened(file.with_name("copy.xlsx")).worksheets
    heads = {cell.value: cell.column for row in page.iter_rows() for cell in row if is_own_heading(cell.value)}
    parts_ = {words: part for part, words in HEADINGS["da"].items()}
    beside = {
        str(row[0].value): {parts_[name]: page.cell(row[0].row, column).value for name, column in heads.items()}
        for row in page.iter_rows()
    }
    return loaded, beside, plan.told


OTHER_SIGN: list[list[Any]] = [
    ["t.kr.", 2026, 2027, "Lav", "Høj"],
    ["Udgifter"],
    ["Mentorer", 1000, 1000, 1900, 2300],
    ["Statsrefusion 50 %", -500, -500, -1150, -950],
    ["Udgifter i alt, netto", 500, 500],
    ["Besparelser"],
    ["Kontanthjælp", 400, 700, 800, 1300],
    ["Mere netværkspleje", -100, -100, -250, -180],
    ["Besparelser i alt", 300, 600],
    ["Resultat", -200, 100],
]
BUDGET_SIGNS: list[list[Any]] = [
    ["t.kr.", 2026, 2027, 2028, "Lav", "Høj"],
    ["Udgifter"],
    ["Løn", 500, 500, 500, 1400, 1700],
    ["Statsrefusion", -100, -50, 0, None, None],
    ["Besparelser"],
    ["Anbringelser", -300, -800, -1000, -2600, -1500],
    ["Øget netværkspleje", 50, 100, 100, 200, 350],
    ["Netto", 150, -250, -400],
]


@pytest.mark.parametrize("rows", [OTHER_SIGN, BUDGET_SIGNS])
def test_a_row_of_the_other_sign_keeps_it(tmp_path: Path, rows: list[list[Any]]) -> None:
    """A refund among costs and more costs among savings: beside each amount stands one of its own sign, and the column adds up as the sheet's does."""
    loaded, beside, _ = written_beside(tmp_path / "budget.xlsx", rows)
    run = asked(loaded)
    for row in rows[1:]:
        if len(row) > 1 and row[0] in run.lines:
            own = beside[row[0]]
            assert own["expected"] * sum(row[1 : rows[0].index("Lav")]) > 0
            assert own["5"] <= own["50"] <= own["95"]
            bands = run.lines[row[0]].bands
            assert bands is not None
            assert {abs(own[p]) for p in ("5", "95")} == {abs(bands[p].value / 1000) for p in (5, 95)}
    if "Besparelser i alt" in beside:
        for total, parts_ in (("Udgifter i alt, netto", rows[2:4]), ("Besparelser i alt", rows[6:8])):
            assert beside[total]["expected"] == pytest.approx(sum(beside[row[0]]["expected"] for row in parts_))
        assert beside["Resultat"]["expected"] == run.bridge.expected.value / 1000
    else:
        assert beside["Netto"]["expected"] == pytest.approx(
            sum(beside[row[0]]["expected"] for row in rows[2:4] + rows[5:7])
        )
        assert beside["Netto"]["expected"] == -run.bridge.expected.value / 1000


def test_a_net_with_what_others_pay_has_its_own_number(tmp_path: Path) -> None:
    """It is known by its amounts; a total that the answer has no figure of is told."""
    rows: list[list[Any]] = [
        ["t.kr.", 2026, 2027, 2028, "Lav", "Høj"],
        ["Udgifter"],
        ["Løn", 800, 800, 800, 2200, 2600],
        ["Finansiering"],
        ["Tilskud fra STAR", 400, 200, 0],
        ["Besparelser"],
        ["Uddannelseshjælp", 300, 800, 1200, 1800, 2600],
        ["Netto", -100, 200, 400],
        ["Netto, akkumuleret", -100, 100, 500],
    ]
    loaded, beside, told = written_beside(tmp_path / "budget.xlsx", rows)
    whole = asked(loaded).with_financing
    assert whole is not None
    assert whole.mean is not None
    assert beside["Netto"]["expected"] == whole.mean.value / 1000
    assert beside["Netto"]["chance"] == whole.chance.value
    assert beside["Netto, akkumuleret"]["expected"] is None
    assert any("B9 ”Netto, akkumuleret”" in one for one in told)
    assert any("Række 8: provenuet med det, andre betaler" in str(one["about"]) for one in beside.values())


def test_totals_that_are_said_again_and_amounts_as_text(tmp_path: Path) -> None:
    """A table of the result below repeats totals; texts such as 1,125 are the decimals that the case has of them; a part of a row is no total."""
    rows: list[list[Any]] = [
        ["Mio. kr.", "2026", "2027", "Lav (%)", "Høj (%)"],
        ["Udgifter"],
        ["Løn", "1,125", "1,125", 90, 120],
        ["- heraf netværkspleje", "0,150", "0,150"],
        ["Drift", "0,250", "0,250"],
        ["Udgifter i alt", "1,375", "1,375"],
        ["Besparelser"],
        ["Anbringelser", "1,000", "2,105"],
        ["Provenu"],
        ["Udgifter i alt", "1,375", "1,375"],
        ["Provenu", "-0,375", "0,730"],
    ]
    loaded, beside, told = written_beside(tmp_path / "budget.xlsx", rows)
    run = asked(loaded)
    assert beside["Løn"]["expected"] == -run.budget.lines["Løn"].total.value / 1e6
    assert beside["Provenu"]["expected"] == run.bridge.expected.value / 1e6
    assert (
        beside["Udgifter i alt"]["expected"] == -run.budget.costs.total.value / 1e6
    )  # of the second, which stands later
    assert all("Svarets kolonner" in one for one in told)


def test_figures_in_kroner_are_those_of_the_json_to_the_last_bit(tmp_path: Path) -> None:
    """Of a case that is a workbook itself: more digits than XlsxWriter writes."""
    tree = tomllib.loads(RICH.read_text("utf-8"), parse_float=Literal)
    (tmp_path / "case.xlsx").write_bytes(output.written(tree, "da"))
    loaded = load(tmp_path / "case.xlsx")
    run = answers.of_draws(Case.of(loaded).result(Options.of(loaded.scenario, draws=128, lines=True)), loaded)
    plan = copy.planned(loaded, str(tmp_path / "copy.xlsx"))
    (tmp_path / "copy.xlsx").write_bytes(copy.written(plan, run, loaded.scenario))
    document, found = run.to_dict(), opened(tmp_path / "copy.xlsx")
    for name, section, sign in (("Udgifter", "costs", -1), ("Besparelser", "savings", 1)):
        sheet = found[name]
        heads = {cell.value: cell.column for cell in sheet[1] if is_own_heading(cell.value)}
        assert list(heads) == [HEADINGS["da"][part] for part in ("expected", "5", "50", "95", "about")]
        for i, line in enumerate(tree[section], 2):
            own = document["lines"][line["label"]]["percentiles"]
            assert (
                sheet.cell(i, heads["Simuleret: forventet"]).value
                == sign * document["budget"]["lines"][line["label"]]["total"]["value"]
            )
            assert sheet.cell(i, heads["Simuleret: P5"]).value == sign * own["5" if sign > 0 else "95"]["value"]
    numbers = {cell.value for row in found[SHEETS["da"]].iter_rows() for cell in row if isinstance(cell.value, float)}
    assert {one["value"] for one in document["provenu"]["by_year"]["expected"]} <= numbers
    assert {one["value"] for one in document["cumulative"]["percentiles"]["5"]} <= numbers
    assert {one["value"] for one in document["break_even"]["by_year"]} <= numbers | {0}
    assert document["bridge"]["expected"]["value"] in numbers


def test_the_sheet_says_what_it_is_of_and_has_a_native_picture(own: Path, tmp_path: Path) -> None:
    loaded = of_own(own)
    write(loaded, tmp_path / "copy.xlsx")
    sheet = opened(tmp_path / "copy.xlsx")[SHEETS["da"]]
    said = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert said[0] == loaded.scenario.title
    assert "256" in said[1]
    assert "seed" in said[1]
    assert "provenu" in said[1]
    assert any(loaded.sha256 in one for one in said)
    [chart] = sheet._charts
    assert len(chart.ser) == 4
    drawn = parts(tmp_path / "copy.xlsx")["xl/charts/chart2.xml"]
    assert drawn.count(b'<c:smooth val="0"/>') == 4
    assert drawn.count(b'<c:minorTickMark val="none"/>') == 2
    for one in chart.ser:
        name, cells = one.val.numRef.f.split("!")
        assert name.strip("'") == SHEETS["da"]
        assert all(isinstance(cell.value, float | int) for row in sheet[cells.replace("$", "")] for cell in row)


def test_beside_the_table_stands_which_run_it_is(own: Path, tmp_path: Path) -> None:
    write(of_own(own), tmp_path / "copy.xlsx")
    about = [row_of(tmp_path / "copy.xlsx", row)["about"] for row in (FIRST, FIRST + 1, COSTS)]
    assert "256" in about[0]
    assert "seed" in about[0]
    assert "1.000 kr." in about[1]
    assert "P5" in about[2]


def test_what_is_said_beside_a_table_of_one_row_is_wrapped(tmp_path: Path) -> None:
    """Printed to the page's width, one long line would make the whole sheet tiny."""
    checks.new(tmp_path / "case.xlsx", None)
    write(load(tmp_path / "case.xlsx"), tmp_path / "copy.xlsx")
    sheet = opened(tmp_path / "copy.xlsx")["Besparelser"]
    [said] = [cell for row in sheet.iter_rows(min_row=2) for cell in row if len(str(cell.value)) > 150]
    assert said.alignment.wrap_text
    width = sheet.column_dimensions[said.column_letter].width
    assert sheet.row_dimensions[said.row].height >= 15 * len(said.value) / width
    others = opened(tmp_path / "copy.xlsx")["Udgifter"]
    before = opened(tmp_path / "case.xlsx")["Udgifter"]
    assert [others.row_dimensions[i].height for i in range(2, 6)] == [before.row_dimensions[i].height for i in range(2, 6)]  # fmt: skip


@pytest.mark.parametrize("words", ["=1+1", "+45", "-2", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_no_text_becomes_a_formula(own: Path, tmp_path: Path, words: str) -> None:
    loaded = of_own(own)
    loaded = made(loaded.file, re.sub(r'title = "[^"]*"', f"title = '{words}'", loaded.source))
    write(loaded, tmp_path / "copy.xlsx")
    data = parts(tmp_path / "copy.xlsx")["xl/worksheets/sheet3.xml"]
    assert b"<f>" not in data
    assert opened(tmp_path / "copy.xlsx")[SHEETS["da"]]["A1"].data_type != "f" or b"inlineStr" in data


def test_a_run_without_luck_says_so(own: Path, tmp_path: Path) -> None:
    loaded = of_own(own)
    result = Case.of(loaded).result(Options.of(loaded.scenario, draws=256, lines=True, engine="expected"))
    run = answers.of_draws(result, loaded)
    plan = copy.planned(loaded, str(tmp_path / "copy.xlsx"))
    (tmp_path / "copy.xlsx").write_bytes(copy.written(plan, run, loaded.scenario))
    said = " ".join(str(row_of(tmp_path / "copy.xlsx", row)["about"]) for row in range(FIRST, PROVENU + 1))
    assert "--engine expected" in said


# Again ------------------------------------------------------------------------------------------------------------------


def test_a_copy_of_the_copy_has_the_answer_once(own: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    write(of_own(own), first)
    again = of_own(first)
    assert again.scenario.costs == of_own(own).scenario.costs or len(again.scenario.costs) == len(
        of_own(own).scenario.costs
    )
    write(again, second)
    assert opened(second).sheetnames == opened(first).sheetnames
    old, new = opened(first)[SHEET], opened(second)[SHEET]
    assert [cell.value for cell in new[HEADER + 1]] == [cell.value for cell in old[HEADER + 1]]
    assert sorted(name for name in parts(second) if "chart" in name or "drawing" in name) == sorted(
        name for name in parts(first) if "chart" in name or "drawing" in name
    )
    assert row_of(second, PROVENU)["expected"] == row_of(first, PROVENU)["expected"]
    with zipfile.ZipFile(second) as found:
        assert len(found.namelist()) == len(set(found.namelist()))


def test_in_another_language_it_takes_the_place_of_the_first(own: Path, tmp_path: Path) -> None:
    write(of_own(own), tmp_path / "one.xlsx")
    with locale.speaking("en"):
        write(of_own(tmp_path / "one.xlsx"), tmp_path / "two.xlsx")
    found = opened(tmp_path / "two.xlsx")
    assert len(found.sheetnames) == 3
    heads = [cell.value for cell in found[SHEET][HEADER + 1] if is_own_heading(cell.value)]
    assert heads == [HEADINGS["en"][part] for part in ("expected", "5", "50", "95", "chance", "about")]


def test_a_case_is_read_the_same_from_its_copy(tmp_path: Path) -> None:
    tree = tomllib.loads(RICH.read_text("utf-8"), parse_float=Literal)
    (tmp_path / "case.xlsx").write_bytes(output.written(tree, "da"))
    loaded = load(tmp_path / "case.xlsx")
    run = answers.of_draws(Case.of(loaded).result(Options.of(loaded.scenario, draws=32, lines=True)), loaded)
    plan = copy.planned(loaded, str(tmp_path / "copy.xlsx"))
    (tmp_path / "copy.xlsx").write_bytes(copy.written(plan, run, loaded.scenario))
    assert load(tmp_path / "copy.xlsx").source == loaded.source


# Where there is room ----------------------------------------------------------------------------------------------------


def where(file: Path, tmp_path: Path) -> tuple[list[int], tuple[str, ...]]:
    plan = copy.planned(of_own(file), str(tmp_path / "copy.xlsx"))
    return [one.first for one in plan.beside], plan.told


@pytest.mark.parametrize(
    ("cell", "formula", "first"),
    [
        ("A30", "=SUM(B5:L5)", 12),  # to L
        ("A30", "=SUM($B$5:$P$6)*2", 16),
        ("A30", f"=COUNT('{SHEET}'!H4:I20)", 9),
        ("A30", '=IF(A1="SUM(B5:Z5)",1,2)', 7),  # a text
        ("A30", "=SUM(B50:Z60)", 7),  # other rows
        ("A30", "=SUM(H:J)", 10),
        ("A30", "=Skjult!A1+SUM(Skjult!A1:Z99)", 7),  # another sheet
        ("Q5", "taken", 7),
        ("J6", "taken", 11),
        ("J12", "below", 7),
    ],
)
def test_columns_go_where_nothing_stands_and_nothing_is_counted(
    tmp_path: Path, cell: str, formula: str, first: int
) -> None:
    found, told = where(book(tmp_path / "budget.xlsx", more=lambda _, sheet: sheet.write(cell, formula)), tmp_path)
    assert found == [first]
    assert told


@pytest.mark.parametrize(
    "more",
    [
        lambda made, _: made.define_name("Alt", f"='{SHEET}'!$B$5:$N$5"),
        lambda made, _: made.get_worksheet_by_name("Skjult").write_formula("B2", f"=SUM('{SHEET}'!B5:N5)"),
        lambda _, sheet: sheet.merge_range("I5:N5", ""),
        lambda _, sheet: sheet.set_column(9, 13, None, None, {"hidden": True}),
        lambda made, sheet: sheet.insert_chart("J4", _chart(made), {"x_scale": 0.5}),
    ],
)
def test_names_sheets_merged_and_hidden_cells_and_pictures_are_in_the_way(tmp_path: Path, more: Any) -> None:
    [first], _ = where(book(tmp_path / "budget.xlsx", more=more), tmp_path)
    assert first >= 13


def _chart(made: Any) -> Any:
    chart = made.add_chart({"type": "line"})
    chart.add_series({"values": [SHEET, PROVENU, 1, PROVENU, 3]})
    return chart


def test_where_whole_rows_are_counted_only_the_sheet_is_written(tmp_path: Path) -> None:
    file = book(tmp_path / "budget.xlsx", more=lambda _, sheet: sheet.write_formula("A30", "=SUM(5:6)"))
    loaded = of_own(file)
    plan = write(loaded, tmp_path / "copy.xlsx")
    assert plan.beside == ()
    assert any(SHEET in one for one in plan.told)
    assert parts(tmp_path / "copy.xlsx")["xl/worksheets/sheet1.xml"] == parts(file)["xl/worksheets/sheet1.xml"]
    assert SHEETS["da"] in opened(tmp_path / "copy.xlsx").sheetnames


def test_a_row_that_is_called_otherwise_now_gets_nothing(own: Path, tmp_path: Path) -> None:
    loaded = of_own(own)
    own.unlink()
    file = book(own, more=lambda _, sheet: sheet.write(FIRST, 0, "Konsulenter"))
    plan = write(loaded, tmp_path / "copy.xlsx")
    assert any("Projektleder" in one for one in plan.told)
    assert row_of(tmp_path / "copy.xlsx", FIRST)["expected"] is None
    assert row_of(tmp_path / "copy.xlsx", FIRST + 1)["expected"] is not None
    assert file.is_file()


def test_references_of_formulas() -> None:
    assert list(references("SUM(B3:$D$5,Ark2!A1)", "Ark1")) == [("ark1", Area(2, 1, 4, 3)), ("ark2", Area(0, 0, 0, 0))]
    assert list(references("'It''s'!C3", "x")) == [("it's", Area(2, 2, 2, 2))]
    assert list(references("SUM(B3:D3)", "x", high=4)) == [("x", Area(2, 1, 5, 3))]
    assert list(references("LOG10(A1)+Total2020", "x")) == [("x", Area(0, 0, 0, 0))]
    assert [name for name, _ in references("SUM(Jan:Dec!B2)", "x")] == ["*"]


def test_rows_and_cells_that_do_not_say_which_they_are() -> None:
    data = b'<worksheet xmlns="m"><sheetData><row><c><v>1</v></c><c/></row><row r="5"><c r="B5"><f>A1</f></c><c><v>2</v></c></row></sheetData></worksheet>'
    found = scanned(data, range(9))
    assert {row: [(cell.column, cell.filled) for cell in one.cells] for row, one in found.rows.items()} == {
        0: [(0, True), (1, False)],
        4: [(1, True), (2, True)],
    }


# Other programs' workbooks ----------------------------------------------------------------------------------------------


def test_parts_with_a_prefix_are_written_into_as_well(own: Path, tmp_path: Path) -> None:
    """As the Open XML SDK writes them."""

    def prefixed(found: dict[str, bytes]) -> None:
        for name in ("xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"):
            own = re.sub(rb"<(/?)(?=[a-zA-Z])(?![A-Za-z0-9]+:)", rb"<\1x:", found[name])
            found[name] = own.replace(b'xmlns="http', b'xmlns:x="http', 1)
        for part in (rb"<x:conditionalFormatting.*?</x:conditionalFormatting>", rb"<x:extLst>.*</x:extLst>"):
            found["xl/worksheets/sheet1.xml"] = re.sub(part, b"", found["xl/worksheets/sheet1.xml"], flags=re.DOTALL)

    file = changed(own, prefixed, tmp_path / "sdk.xlsx")
    write(of_own(file), tmp_path / "copy.xlsx")
    assert row_of(tmp_path / "copy.xlsx", SAVING)["expected"] == 1700.0
    assert opened(tmp_path / "copy.xlsx").sheetnames[-1] == SHEETS["da"]


# What is refused --------------------------------------------------------------------------------------------------------


def refused(loaded: Loaded, name: Path | str, force: bool = False) -> str:
    with pytest.raises(InputError) as error:
        copy.planned(loaded, str(name), force)
    return str(error.value)


def test_the_original_is_never_written_under_whatever_name(own: Path, tmp_path: Path) -> None:
    loaded, before = of_own(own), own.read_bytes()
    os.link(own, tmp_path / "hard.xlsx")
    (tmp_path / "soft.xlsx").symlink_to(own)
    said = {
        refused(loaded, name, force=True)
        for name in (own, tmp_path / "hard.xlsx", tmp_path / "soft.xlsx", tmp_path / "." / own.name)
    }
    with locale.speaking("en"):
        assert "never written to" in refused(loaded, own, force=True)
    assert len({one.split(": ", 1)[1] for one in said}) == 1
    assert own.read_bytes() == before


def test_a_file_that_is_there_stays_unless_force(own: Path, tmp_path: Path) -> None:
    loaded = of_own(own)
    (tmp_path / "copy.xlsx").write_bytes(b"mine")
    assert "--force" in refused(loaded, tmp_path / "copy.xlsx")
    assert (tmp_path / "copy.xlsx").read_bytes() == b"mine"
    write(loaded, tmp_path / "copy.xlsx", force=True)
    assert zipfile.is_zipfile(tmp_path / "copy.xlsx")


@pytest.mark.parametrize("name", ["", " ", "copy.xls", "copy", ".xlsx", "nowhere/copy.xlsx", "copy.csv"])
def test_names_that_cannot_be(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    assert refused(of_own(own), name).startswith("--write-back")


def test_what_a_spreadsheet_has_open_is_not_replaced(own: Path, tmp_path: Path) -> None:
    loaded = of_own(own)
    (tmp_path / "copy.xlsx").write_bytes(b"")
    (tmp_path / "~$copy.xlsx").write_bytes(b"")
    with locale.speaking("en"):
        assert "open in another program" in refused(loaded, tmp_path / "copy.xlsx", force=True)
        (tmp_path / "~$budget.xlsx").write_bytes(b"")
        plan = copy.planned(loaded, str(tmp_path / "other.xlsx"))
    assert "not saved" in plan.told[0]


def test_a_signature_is_lost_and_that_is_told_first(own: Path, tmp_path: Path) -> None:
    def signed(found: dict[str, bytes]) -> None:
        found["_xmlsignatures/origin.sigs"] = b""
        found["_xmlsignatures/sig1.xml"] = b"<Signature/>"
        origin = b'<Relationship Id="rId77" Type="http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin" Target="_xmlsignatures/origin.sigs"/>'
        found["_rels/.rels"] = found["_rels/.rels"].replace(b"</Relationships>", origin + b"</Relationships>")

    loaded = of_own(changed(own, signed))
    with locale.speaking("en"):
        said = refused(loaded, tmp_path / "copy.xlsx")
    assert "signature" in said
    assert "--force" in said
    write(loaded, tmp_path / "copy.xlsx", force=True)
    after = parts(tmp_path / "copy.xlsx")
    assert not [name for name in after if name.startswith("_xmlsignatures")]
    assert b"digital-signature" not in after["_rels/.rels"]


def test_workbooks_that_nothing_can_be_written_into(own: Path, tmp_path: Path) -> None:
    loaded = of_own(own)
    changed(own, lambda found: found.__setitem__("xl/revisions/revisionHeaders.xml", b"<headers/>"))
    with locale.speaking("en"):
        assert "shared in the old way" in refused(loaded, tmp_path / "copy.xlsx", force=True)


def test_a_sheet_of_that_name_that_is_not_ours_stays(tmp_path: Path) -> None:
    file = book(
        tmp_path / "budget.xlsx", more=lambda made, _: made.add_worksheet(SHEETS["da"]).write(0, 0, "Mine egne noter")
    )
    with locale.speaking("en"):
        assert "would be replaced" in refused(of_own(file), tmp_path / "copy.xlsx", force=True)


def test_a_copy_that_would_say_something_else_is_not_made(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever went wrong in it."""
    loaded, grafted = of_own(own), copy.grafted
    monkeypatch.setattr(copy, "grafted", lambda *given: grafted(*given).replace(b"<v>255.5</v>", b"<v>255</v>"))
    plan = copy.planned(loaded, str(tmp_path / "copy.xlsx"))
    with pytest.raises(DefectError):
        copy.written(plan, asked(loaded), loaded.scenario)


def test_a_case_that_was_changed_since_it_was_read_is_told(tmp_path: Path) -> None:
    tree = tomllib.loads(RICH.read_text("utf-8"), parse_float=Literal)
    (tmp_path / "case.xlsx").write_bytes(output.written(tree, "da"))
    loaded = load(tmp_path / "case.xlsx")
    (tmp_path / "case.xlsx").write_bytes(output.written(tree | {"title": "En anden"}, "da"))
    with locale.speaking("en"):
        assert "changed while" in refused(loaded, tmp_path / "copy.xlsx")


def test_a_case_of_no_workbook_has_nothing_to_be_written_into(tmp_path: Path) -> None:
    with locale.speaking("en"):
        assert "no workbook" in refused(load(RICH), tmp_path / "copy.xlsx")


def test_sources_in_two_workbooks_or_one_that_is_gone(own: Path, tmp_path: Path) -> None:
    loaded = of_own(own)
    other = loaded.source.replace("budget.xlsx, 'Business case'!B9", "other.xlsx, 'Business case'!B9")
    with locale.speaking("en"):
        assert "several workbooks" in refused(made(loaded.file, other), tmp_path / "copy.xlsx")
        own.unlink()
        assert "is not there" in refused(loaded, tmp_path / "copy.xlsx")


# Another program --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_copy_and_works_it_out_the_same(own: Path, tmp_path: Path) -> None:
    write(of_own(own), tmp_path / "copy.xlsx")
    folder, profile = tmp_path / "again", tmp_path / "profile"
    assert OFFICE is not None
    command = [
        OFFICE,
        "--headless",
        f"-env:UserInstallation={profile.as_uri()}",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(folder),
    ]
    done = subprocess.run([*command, str(tmp_path / "copy.xlsx")], capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    before, after = (calamine.load_workbook(str(one)) for one in (tmp_path / "copy.xlsx", folder / "copy.xlsx"))
    assert after.sheet_names == before.sheet_names
    old, new = (one.get_sheet_by_name(SHEET).to_python(skip_empty_area=False) for one in (before, after))
    for row in range(HEADER, PROVENU + 1):
        for a, b in zip(old[row], new[row], strict=False):
            assert b == (pytest.approx(a, rel=1e-13) if isinstance(a, float) else a)
    assert len(opened(folder / "copy.xlsx")[SHEETS["da"]]._charts) == 1
