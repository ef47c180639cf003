"""What a spreadsheet knows of a cell beside its value: the formula it came from, and that it is crossed out."""

from dataclasses import replace

import pytest
from edited import Template


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return Template(tmp_path_factory.mktemp("template"), "da")


def place_of(cell):
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :]) - 1, ord(letters) - 65


def with_cells(book, sheet, **known):
    """The workbook with what is known of cells of a sheet: formulas by cell, or cells."""
    own = {
        key: {place_of(cell): said for cell, said in of.items()} if key == "formulas" else frozenset(map(place_of, of))
        for key, of in known.items()
    }
    return replace(book, sheets=tuple(replace(one, **own) if one.name == sheet else one for one in book.sheets))


def new_warnings(template, book, monkeypatch):
    before = template.said(template.book, monkeypatch)
    found = template.said(book, monkeypatch)
    assert not found.problems
    return [one for one in found.warnings if one not in before.warnings]


def cell_of(template, sheet, name):
    """Where the value of an assumption stands."""
    head, *rows = template.rows(sheet)
    i = next(i for i, row in enumerate(rows) if name in row)
    return f"{chr(65 + head.index('Værdi'))}{i + 2}"


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        ("=Forudsætninger!{cell}*12", "anbringelsespris * 12 (uden =)"),
        ("='forudsætninger'!${cell}*(1+0.025)", "anbringelsespris * (1 + 0,025) (uden =)"),
        ("=ROUND(Forudsætninger!{cell}*12,-3)", "beregningen med navnet"),
        ("=SUM(Forudsætninger!E2:{cell})", "beregningen med navnet"),
        ("=Noter!A1*12", "beregningen med navnet"),
        ("=C3*Forudsætninger!G2", None),
        ("=12*1000", None),
    ],
)
def test_a_formula_that_copies_an_assumption(formula, written, template, monkeypatch):
    cell = cell_of(template, "Forudsætninger", "anbringelsespris")
    book = with_cells(template.book, "Udgifter", formulas={"C3": formula.format(cell=cell)})
    notes = replace(book.sheets[0], name="Noter", rows=[[1.0]], formulas={(0, 0): f"=Forudsætninger!{cell}"})
    found = new_warnings(template, replace(book, sheets=(*book.sheets, notes)), monkeypatch)
    assert [place for place, _ in found] == ([] if written is None else ["Udgifter!C3"])
    for _, said in found:
        assert "anbringelsespris" in said
        assert said.endswith(written)


def test_a_row_of_years_says_it_once(template, monkeypatch):
    cell = cell_of(template, "Forudsætninger", "anbringelsespris")
    row = next(i for i, row in enumerate(template.rows("Udgifter"), 1) if "Kompetenceudvikling" in row)
    own = {f"{column}{row}": f"=Forudsætninger!{cell}" for column in "DEF"}
    ((place, said),) = new_warnings(template, with_cells(template.book, "Udgifter", formulas=own), monkeypatch)
    assert place == f"Udgifter!D{row}"
    assert said.endswith(f"(også E{row}, F{row})")


def test_an_assumption_that_copies_another(template, monkeypatch):
    own, other = (cell_of(template, "Forudsætninger", name) for name in ("tilbagefald", "anbringelsespris"))
    low = f"{chr(65 + template.rows('Forudsætninger')[0].index('Lavest'))}{own[1:]}"
    book = with_cells(template.book, "Forudsætninger", formulas={own: f"={other}/400000", low: f"={own}*0.9"})
    ((place, said),) = new_warnings(template, book, monkeypatch)
    assert place == f"Forudsætninger!{own}"
    assert said.endswith("skriv i stedet anbringelsespris / 400000 (uden =)")


def test_formulas_that_give_an_empty_text(template, monkeypatch):
    number = f"{chr(65 + template.rows('Udgifter')[0].index('Antal'))}3"
    emptied = template.put(f"Udgifter!{number}", None)
    book = with_cells(emptied, "Udgifter", blanks={number, "A90"})
    ((place, said),) = [one for one in new_warnings(template, book, monkeypatch) if "tom tekst" in one[1]]
    assert place == f"Udgifter!{number}"
    assert "0 eller et tal" in said
    book = with_cells(emptied, "Udgifter", blanks={number, f"{number[0]}4"})
    assert any(f"(også {number[0]}4)" in said for _, said in new_warnings(template, book, monkeypatch))


def test_what_is_crossed_out_is_read_and_told(template, monkeypatch):
    ((place, said),) = new_warnings(template, with_cells(template.book, "Udgifter", struck={"A3", "B3"}), monkeypatch)  # fmt: skip
    assert place == "Udgifter!A3"
    assert "i række 3 er noget streget over" in said
    assert not new_warnings(template, with_cells(template.book, "Udgifter", struck={"A1"}), monkeypatch)
