"""The workbook of a sweep: what was asked, the grid that sweep-show has, a table with heads in words; nothing is a formula, and it can be printed."""

import re
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import synthetic
import xarray as xr
from books import Book

from simulate import locale
from simulate.answers.sweep_table import Asked, show
from simulate.engine import Case
from simulate.errors import StoreError
from simulate.reports.sweep_words import what
from simulate.sweeps import columns, exports, run, workbook
from simulate.sweeps.cells import Sweep
from simulate.sweeps.grid import Grid

LENGTHS = (2, 4, 3)


def made(one: Sweep, folder: Path, **about: str) -> tuple[xr.Dataset, Book]:
    found = run.sweep(one, folder / "s.xlsx", synthetic.about(one) | about, executor=synthetic.Synthetic())
    return found, Book(folder / "s.xlsx")


def test_the_first_sheet_says_what_was_asked(tmp_path: Path) -> None:
    _, book = made(synthetic.sweep_of(*LENGTHS), tmp_path, command="simulate sweep a.toml --vary relapse=5%")
    assert list(book.sheets) == ["About", "Grid", "Cells", "Columns"]
    words = book.words("About")
    for said in ("Sweep: Vi Vil Mere", "Silkeborg", "silkeborg.toml", "relapse: 0.02; ", "benefit*: ×0.5", "24", "64 courses, seed 2017",
                 "Life without the programme is counted", "expected, sobol", "Provenu ", "simulate sweep a.toml --vary relapse=5%", "The scenario as it stands:"):  # fmt: skip
        assert said in words, said


def test_what_was_changed_is_said_of_its_scenario(tmp_path: Path) -> None:
    case = Case.of(replace(synthetic.silkeborg().loaded, changes=("benefit=14000",)))
    one = synthetic.sweep_of(2, 2)
    both = Sweep((case, synthetic.silkeborg()), Grid(2, one.grid.axes), one.options * 2)
    _, book = made(both, tmp_path)
    assert book.column("About", "A").count("Changed") == 1
    assert book.words("About").count("The scenario with the changes:") == 1
    assert book.words("About").count("The scenario as it stands:") == 1
    assert "benefit=14000" in book.column("About", "B")


@pytest.mark.parametrize("language", locale.LANGUAGES)
def test_the_grid_is_that_of_the_screen_for_each_value_of_the_others(language: locale.Language, tmp_path: Path) -> None:
    locale.use(language)
    found, book = made(synthetic.sweep_of(*LENGTHS), tmp_path)
    answer = show(found, "", Asked())
    one, sheet = answer.grid, [*book.sheets][1]
    assert (one.rows, one.columns) == ("relapse", "benefit")
    cells = book.sheets[sheet]
    assert str(cells["A1"]).startswith(what(one, answer))
    at = [row for row in range(1, 60) if str(cells.get(f"A{row}", "")).startswith("relapse (")]
    assert len(at) == LENGTHS[0]
    for place, row in enumerate(at):
        assert "job_baseline" in str(cells[f"A{row - 2}"])
        assert str(cells[f"B{row - 1}"]) == f"benefit* ({'hen ad' if language == 'da' else 'across'})"
        heads = [cells[f"{letter}{row}"] for letter in "BCD"]
        assert heads == pytest.approx(found.benefit.values, rel=1e-15)
        block = found.probability[0, place].values
        for i, j in product(range(4), range(3)):
            assert cells[f"A{row + 1 + i}"] == pytest.approx(found.relapse.values[i], rel=1e-15)
            told = cells["BCD"[j] + str(row + 1 + i)]
            assert told == ({"da": "tomt", "en": "empty"}[language] if np.isnan(block[i, j]) else pytest.approx(block[i, j], rel=1e-15))  # fmt: skip
    assert book.xml[sheet].count("<colorScale>") == len(at)
    assert [cells[f"{letter}2"] for letter in "BCD"] == [0, 0.5, 1]  # what the colours are
    breaks = re.findall(r'<brk id="(\d+)"', book.xml[sheet])
    assert all(
        int(each) + 2 < row or int(each) + 2 >= row + 4 for each, row in product(breaks, at)
    )  # none within a grid


def test_the_table_has_heads_in_words_and_every_number(tmp_path: Path) -> None:
    found, book = made(synthetic.sweep_of(*LENGTHS), tmp_path)
    every = columns.for_reading(found)
    cells = book.sheets["Cells"]
    assert [cells[f"{letter}1"] for letter in "DEFG"] == ["Chance of break-even", "Chance of break-even, standard error", "Expected provenu (kr.)", "Expected provenu, standard error (kr.)"]  # fmt: skip
    rows = list(columns.rows(found, every))
    for i, row in enumerate(rows, 2):
        for letter, value in zip("ABCDEFG", row, strict=False):
            assert cells.get(f"{letter}{i}") == (None if value != value else pytest.approx(value, rel=1e-14))
    (table,) = (xml for name, xml in book.files.items() if name.startswith("xl/tables/"))
    assert table.count("<tableColumn ") == len(every)
    assert f'ref="A1:{_last(len(every))}{len(rows) + 1}"' in table
    assert book.column("Columns", "C")[1:] == [one.name for one in every]


def _last(count: int) -> str:
    high, low = divmod(count - 1, 26)
    return (chr(64 + high) if high else "") + chr(65 + low)


def test_a_large_table_is_written_row_by_row_and_reads_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, small = made(synthetic.sweep_of(*LENGTHS), tmp_path)
    monkeypatch.setattr(workbook, "MOST_AT_ONCE", 10)
    workbook.write(found, tmp_path / "large.xlsx")
    large = Book(tmp_path / "large.xlsx")
    assert large.sheets == small.sheets
    assert "<autoFilter " in large.xml["Cells"]
    assert not any(name.startswith("xl/tables/") for name in large.files)


def test_it_prints_on_few_pages_with_its_heads_on_each(tmp_path: Path) -> None:
    _, book = made(synthetic.sweep_of(*LENGTHS), tmp_path)
    whole = book.files["xl/workbook.xml"]
    for name in ("Grid", "Cells"):
        assert 'paperSize="9"' in book.xml[name]
        assert 'orientation="landscape"' in book.xml[name]
        assert 'state="frozen"' in book.xml[name]
    for name in ("About", "Cells", "Columns"):
        assert '<pageSetUpPr fitToPage="1"/>' in book.xml[name]
        assert 'fitToHeight="0"' in book.xml[name]
    assert {"Grid!$1:$2", "Cells!$1:$1", "Columns!$1:$1"} <= set(re.findall(r"\w+!\$1:\$\d", whole))
    (printed,) = re.findall(r"Cells!\$A\$1:\$([A-Z]+)\$25", whole)
    assert len(printed) == 1  # of more than a hundred columns


def test_too_many_grids_are_told_and_the_cells_are_all_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_BLOCKS", 1)
    _, book = made(synthetic.sweep_of(*LENGTHS), tmp_path)
    assert "1 more grid is not here; all cells are in the sheet Cells." in book.words("Grid")
    assert book.xml["Grid"].count("<colorScale>") == 1
    monkeypatch.setattr(workbook, "MOST_ROWS", 23)
    with pytest.raises(StoreError, match="24 cells are more than a sheet"):
        workbook.write(exports.read(tmp_path / "s.journal"), tmp_path / "o.xlsx")


def test_a_sweep_of_which_nothing_could_be_made_has_a_workbook(tmp_path: Path) -> None:
    found, _ = made(synthetic.sweep_of(2), tmp_path)
    nothing = found[["reason", "base_reason"]].assign(reason=xr.full_like(found.reason, "refused"))
    workbook.write(nothing, tmp_path / "o.xlsx")
    book = Book(tmp_path / "o.xlsx")
    assert list(book.sheets) == ["About", "Cells", "Columns"]
    assert "2; why stands in the sheet Cells" in book.words("About")


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@pytest.mark.parametrize("words", ["=1+1", "@SUM(1)", "+1", " -1+2", '=HYPERLINK("http://x")', "{=1}"])
def test_no_text_becomes_a_formula(words: str, ending: str, tmp_path: Path) -> None:
    text = synthetic.silkeborg().loaded
    case = Case.of(replace(text, scenario=text.scenario.model_copy(update={"title": words}), file=f"{words[:5]}.toml"))
    one = replace(synthetic.sweep_of(2), cases=(case,))
    one = replace(one, grid=Grid(1, (replace(one.grid.axes[0], label=words, units=words),)))
    out = tmp_path / f"s{ending}"
    run.sweep(one, out, synthetic.about(one) | {"command": words}, executor=synthetic.Synthetic())
    if ending == ".csv":
        cells = [cell for row in out.read_text("utf-8-sig").splitlines() for cell in row.split(",")]
        assert not any(re.match(r'"? *[=+@]|"? *-\D|"? *-\d+\+', cell) for cell in cells)
        return
    book = Book(out)
    assert not any("<f>" in xml or "<f " in xml for xml in book.xml.values())
    assert words in book.words("About")
    assert words in book.words("Cells")
    assert ('quotePrefix="1"' in book.files["xl/styles.xml"]) == (words[0] != "{")
