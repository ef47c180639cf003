"""What people do to a sheet in a spreadsheet: it is the same case, or a sentence says what to mend."""

from dataclasses import replace

import pytest
from edited import Template

from simulate import grid

SHEETS = ("Sagen", "Forudsætninger", "Familier", "Roller og tilstande", "Overgange", "Udgifter", "Besparelser", "Mål", "Oplæggets tal")  # fmt: skip
EDITS = {
    "a blank row in the middle": lambda rows: [*rows[:2], [], *rows[2:]],
    "a column inserted on the left": lambda rows: [[None, *row] for row in rows],
    "headings moved down": lambda rows: [[], *rows],
}


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return Template(tmp_path_factory.mktemp("template"), "da")


@pytest.mark.parametrize("sheet", SHEETS)
def test_the_same_case(sheet, template, monkeypatch):
    whole = template.said(template.book, monkeypatch)
    for name, edit in EDITS.items():
        assert template.said(template.with_rows(sheet, edit(template.rows(sheet))), monkeypatch) == whole, name
    renamed = template.with_rows(sheet, template.rows(sheet), name=f"{sheet} ")
    assert template.said(renamed, monkeypatch) == whole


@pytest.mark.parametrize("sheet", ["Forudsætninger", "Mål"])
def test_sorted_by_another_column(sheet, template, monkeypatch):
    head, *rows = template.rows(sheet)
    rows = sorted(rows, key=lambda row: str(row[1:]), reverse=True)
    found = template.said(template.with_rows(sheet, [head, *rows]), monkeypatch)
    assert found == template.said(template.book, monkeypatch)
    assert list(found.scenario.assumptions) == list(template.said(template.book, monkeypatch).scenario.assumptions)


@pytest.mark.parametrize("amount", ["620.000", "620.000 kr.", "620 000", "0,62 mio. kr."])
def test_amounts_as_people_type_them(amount, template, monkeypatch):
    found = template.said(template.put("Udgifter!C2", amount), monkeypatch)
    assert found.problems == []
    assert found.scenario.costs[0].yearly == 620000


def test_a_copy_of_a_sheet_and_a_pivot_are_told(template, monkeypatch):
    costs = next(one for one in template.book.sheets if one.name == "Udgifter")
    for name, words in (
        ("Udgifter (2)", 'dette er en kopi af arket "Udgifter"; slet det, eller kald det Noter'),
        ("Pivot", "kan stå i et ark med navnet Noter"),
    ):
        other = replace(template.book, sheets=(*template.book.sheets, replace(costs, name=name)))
        [(cell, said)] = template.said(other, monkeypatch).problems
        assert cell == grid.address(0, 0, name)
        assert words in said
