"""What a case's workbook is like to whoever fills it in: notes, lists, locks, pages; and that another program's copy of it is the same case."""

import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

from simulate import grid
from simulate.cli import checks
from simulate.scenario import documents, load
from simulate.workbook import contents, layout, look, output, reading

ROOT = Path(__file__).parents[2]
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
SCENARIOS = sorted((ROOT / "scenarios").glob("*.toml"))
LANGUAGES = ("da", "en")


@pytest.fixture(scope="module", params=LANGUAGES)
def made(request, tmp_path_factory):
    """The template in each language, and what it is as a book."""
    path = tmp_path_factory.mktemp("template") / "sag.xlsx"
    checks.new(path, request.param)
    return SimpleNamespace(language=request.param, path=path, book=openpyxl.load_workbook(path))


def columns(made):
    """(sheet as openpyxl has it, its layout) of each sheet of the case."""
    return [(one, layout.sheet_called(one.title)) for one in made.book.worksheets[1:]]


def test_the_first_sheet_explains_and_is_never_read(made):
    first = made.book.worksheets[0]
    said = "\n".join(str(cell.value) for row in first.iter_rows() for cell in row if cell.value)
    assert layout.is_never_read(first.title)
    assert {"simulate check sag.xlsx", "simulate run sag.xlsx", "simulate report sag.xlsx --out sag.docx"} <= set(said.split("\n"))  # fmt: skip
    assert look.IS_EXAMPLE.said(made.language) in said
    assert all(one.title in said for one in made.book.worksheets[1:])
    assert reading.read(grid.read(str(made.path))).problems == []


def test_a_converted_case_is_no_example(tmp_path):
    path = tmp_path / "own.xlsx"
    path.write_bytes(output.written(documents.parse("a", SCENARIOS[0].read_text("utf-8")), "da", path.name))
    first = openpyxl.load_workbook(path).worksheets[0]
    assert look.IS_EXAMPLE.da not in [first.cell(i, 1).value for i in range(1, 30)]


def test_headings_alone_are_locked_and_without_a_password(made):
    for sheet, _ in columns(made):
        protection = sheet.protection
        assert protection.sheet
        assert not protection.password
        free = ("insertRows", "deleteRows", "insertColumns", "deleteColumns", "sort", "formatCells", "formatColumns", "formatRows", "autoFilter")  # fmt: skip
        assert not any(getattr(protection, each) for each in free)  # of the file: False is allowed
        heads = [cell for cell in sheet[1] if cell.value is not None]
        is_own = [cell.value.isdigit() or cell.value[0] == "p" or ":" in cell.value for cell in heads]
        if sheet.title not in ("Sagen", "Case", "Overgange", "Moves", "Roller og tilstande", "Roles and states"):
            assert [cell.protection.locked for cell in heads] == [not own for own in is_own]
        assert not any(cell.protection.locked for row in sheet.iter_rows(min_row=2) for cell in row)
        assert all(not one.protection.locked for one in sheet.column_dimensions.values())


def test_each_heading_that_can_be_explained_has_a_note(made):
    for sheet, own in columns(made):
        for cell in sheet[1]:
            column = next((one for one in own.columns if isinstance(cell.value, str) and one.is_called(cell.value)), None)  # fmt: skip
            if column is not None and column.note.da:
                assert column.note.said(made.language) in cell.comment.text


def test_lists_to_choose_from_warn_and_are_read_back(made):
    told = {word.said(made.language) for one in layout.HOW for word in [one.words]}
    for sheet, own in columns(made):
        for one in sheet.data_validations.dataValidation:
            assert one.errorStyle == "warning"
            assert len(one.promptTitle or "") <= 32
            assert len(one.prompt or "") <= 255
            assert len(one.formula1) <= 257
        if own is layout.MOVES:
            assert told in [set(one.formula1.strip('"').split(",")) for one in sheet.data_validations.dataValidation]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_can_be_chosen_fits_into_a_list(language):
    for sheet in layout.SHEETS:
        for column in sheet.columns:
            found = look.validation(column, language, {})
            assert (found is not None) == bool(column.choices or column.kind is layout.Kind.TRUTH), column
            assert found is None or all("," not in word for word in found["source"])


def test_months_stay_text_and_small_numbers_keep_the_general_format(made):
    """Where a number has a format of its own, a spreadsheet hides that it has made a date of what was typed."""
    month = look.number_format(layout.ENTRIES.column("month"), None)
    share = layout.ASSUMPTIONS.column("value")
    assert (month, look.number_format(share, None), look.number_format(share, 0.15)) == ("@", "General", "General")
    assert (look.number_format(share, 465000), look.number_format(share, -1234.5)) == ("#,##0", "#,##0.00")


def test_pages(made):
    for sheet, own in columns(made):
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.freeze_panes is not None
        assert own is layout.ASSUMPTIONS or (sheet.page_setup.fitToWidth or 1) <= 2, sheet.title


def sheets(*left_out, headings=("Line", "Amount a year", "2027", "2029")):
    """A small case, hand made, without these."""
    told = {
        "Case": [("Field", "Value"), ("Format", 1.0), ("Title", "x"), ("First year", 2027.0), ("Number of years", 3.0)],
        "Costs": [headings, ("Post", None, *[100.0] * (len(headings) - 2))],
    }  # fmt: skip
    return grid.Book("", tuple(grid.Sheet(name, rows) for name, rows in told.items() if name not in left_out))


@pytest.mark.parametrize(
    ("headings", "wrong"),
    [(("2027", "2029"), ["Costs!D1"]), (("2027", "2028"), []), (("2028", "2029"), []), (("2027", "2028", "2029", "2040"), [])],
)  # fmt: skip
def test_a_year_left_out_between_others(headings, wrong):
    found = reading.read(sheets(headings=("Line", "Amount a year", *headings)))
    assert [one.cell for one in found.problems] == wrong


def test_a_deleted_sheet_is_told(made, tmp_path):
    assert [one.message for one in reading.read(sheets("Costs"), "en").remarks] == [
        'there is no sheet "Costs", so nothing of it is in the case; one that is empty says that this is meant'
    ]
    assert reading.read(sheets(headings=("Line", "Amount a year"))).remarks == []
    del made.book[layout.FAMILIES.title.said(made.language)]
    made.book.save(tmp_path / "less.xlsx")
    [told] = reading.read(grid.read(str(tmp_path / "less.xlsx")), "en").remarks
    assert '"Families"' in told.message


@pytest.mark.parametrize("number", [2 / 3, 1 / 3, 0.1 + 0.2, 14.575, 1e-7, 123456.789012345])
def test_numbers_have_no_more_digits_than_every_spreadsheet_keeps(number):
    cell = contents.encoded(layout.ASSUMPTIONS.column("value"), number, "da")
    assert isinstance(cell, str) or float(f"{cell:.15G}") == number
    assert isinstance(cell, str) == (float(f"{number:.15G}") != number)


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="there is no LibreOffice")
@pytest.mark.parametrize("language", LANGUAGES)
def test_saved_by_libreoffice_it_is_the_same_case(language, tmp_path):
    """The template and every shipped case, all at once: starting the program takes longest."""
    sources = [*SCENARIOS, ROOT / "src/simulate/scenario" / f"template.{language}.toml"]
    for source in sources:
        name = f"{source.stem}.xlsx"
        (tmp_path / name).write_bytes(output.written(documents.parse("a", source.read_text("utf-8")), language, name))
    names = [f"{source.stem}.xlsx" for source in sources]
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        OFFICE,
        profile,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        "saved",
        *names,
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    for name in names:
        before, after = (reading.read(grid.read(str(folder / name))) for folder in (tmp_path, tmp_path / "saved"))
        assert after.problems == []
        assert after.remarks == []
        assert after.tree == before.tree
        if "programmes" not in before.tree:
            assert load(str(tmp_path / "saved" / name)).scenario == load(str(tmp_path / name)).scenario


def test_the_page_has_every_sheet_and_column():
    """`python tests/workbook/test_case_look.py` prints the table anew."""
    assert table() in (ROOT / "docs" / "spreadsheet.md").read_text("utf-8")


def table() -> str:
    """The sheets of a case and their columns, as docs/spreadsheet.md has them."""
    rows = ["| sheet | in Danish | has | columns |", "| --- | --- | --- | --- |"]
    for one in layout.SHEETS:
        heads = [f"**{column.title.en}**" if column.needed else column.title.en for column in one.columns]
        own = ["*years*"] * bool(one.years) + ["Members: *role*"] * bool(one.members) + ["p5, p50, *others*"] * one.percentiles  # fmt: skip
        rows.append(f"| {one.title.en} | {one.title.da} | {one.about.en} | {', '.join(heads + own)} |")
    return "\n".join(rows)


if __name__ == "__main__":
    print(table())
