"""Every cell of the template, emptied: it is told with its cell, or it is the same case, or what an empty cell means stands in its heading's note."""

import pytest
from edited import Template

from simulate import grid
from simulate.workbook import layout, tables
from simulate.workbook.contents import is_empty

LABELS = ("source", "note", "label", "unit", "municipality")
"""Keys of what is printed, and reckoned with nowhere."""
EMPTY = {"da": "Tom", "en": "Empty"}


@pytest.fixture(scope="module", params=["da", "en"])
def template(request, tmp_path_factory):
    return Template(tmp_path_factory.mktemp("template"), request.param)


def filled(template):
    """(cell, its column) of all that can be filled in and is."""
    for given in template.book.sheets:
        sheet = layout.sheet_called(given.name)
        for i, row in enumerate(given.rows[1:] if sheet else (), 1):
            for j, cell in enumerate(row):
                head = given.rows[0][j]
                column = tables.column_called(sheet, head)
                if sheet is layout.CASE:
                    column = next(one for one in sheet.columns if one.is_called(row[0])) if j == 1 else None
                if not is_empty(cell) and column is not None and column.kind is not layout.Kind.UNREAD:
                    yield grid.address(i, j, given.name), column


def test_nothing_is_emptied_in_silence(template, monkeypatch):
    whole = template.said(template.book, monkeypatch)
    assert (whole.problems, whole.warnings) == ([], [])
    silent = set()
    for cell, column in filled(template):
        said = template.said(template.put(cell, None), monkeypatch)
        is_same = said.scenario is not None and said.scenario == whole.scenario and column is not layout.ORDER
        if not (said.all or is_same or column.key[-1] in LABELS):
            silent.add((cell, column))
    unexplained = [
        cell for cell, column in silent
        if EMPTY[template.language] not in column.note.said(template.language) and column is not layout.ORDER
    ]  # fmt: skip
    assert unexplained == []
    assert [cell for cell, column in silent if column is layout.ORDER] == [
        last_number(template)
    ]  # that row comes last with a number, too


def last_number(template):
    sheet = layout.ASSUMPTIONS.title.said(template.language)
    return grid.address(len(template.rows(sheet)) - 1, 0, sheet)


WHERE = {
    "Roller og tilstande!D7": ("'Roller og tilstande'!D7", "uden pris, så de koster ikke noget: barn: anbragt; skriv 0, hvis det er meningen"),
    "Roller og tilstande!D3": ("'Roller og tilstande'!D3", 'her står ingen pris, så tilstanden koster ikke noget, og "Statsrefusion" er uden betydning'),
    "Roller og tilstande!C3": ("'Roller og tilstande'!C3", "Andel fra start: her står ikke noget"),
    "Familier!B2": ("Familier!B2", 'her står ikke noget, så ingen familie af typen "familier" begynder'),
    "Udgifter!F4": ("Udgifter!F4", "der står ikke noget under 2029, og det regnes som 0; skriv 0, hvis det er meningen"),
    "Udgifter!D4": ("Udgifter!D4", "der står ikke noget under 2027"),
    "Forudsætninger!G8": ("Forudsætninger!F8", 'kun 2027 har et tal, og det gælder i alle år; skriv det i kolonnen "Værdi"'),
    "Forudsætninger!A3": ("Forudsætninger!A3", "denne række har intet nummer"),
    "Sagen!B3": ("Sagen!B3", "Titel: her står ikke noget"),
    "Udgifter!C2": ("Udgifter!C2", "Beløb pr. år: her står ikke noget"),
}  # fmt: skip


@pytest.mark.parametrize("emptied", WHERE)
def test_an_emptied_cell_is_told_where_it_is(emptied, tmp_path_factory, monkeypatch):
    template = Template(tmp_path_factory.mktemp("emptied"), "da")
    cell, words = WHERE[emptied]
    found = template.said(template.put(emptied, None), monkeypatch)
    assert [message for place, message in found.all if place == cell and words in message], found


def test_a_price_of_0_is_meant(tmp_path, monkeypatch):
    template = Template(tmp_path, "da")
    assert (
        template.said(template.put("Roller og tilstande!D3", 0.0), monkeypatch).warnings[0][1].startswith("prisen er 0")
    )
    assert not any("uden pris" in said for _, said in template.said(template.put("Roller og tilstande!D7", 0.0), monkeypatch).all)  # fmt: skip


@pytest.mark.parametrize("name", ["Rolle", "Tilstand"])
def test_what_lost_its_name_is_told_once(name, tmp_path, monkeypatch):
    template = Template(tmp_path, "da")
    rows = template.rows("Roller og tilstande")
    column = rows[0].index(name)
    for i in range(1, len(rows)):
        if rows[i][column] is not None:
            found = template.said(template.put(f"Roller og tilstande!{'AB'[column]}{i + 1}", None), monkeypatch)
            assert len(found.problems) <= 2, found
            assert found.problems[0][0].endswith(f"!A{i + 1}") or rows[i][1] is None
